//! Phase 4, keys and messages: the words that name the number, and the words and numbers next to
//! it.

use super::{
    Evidence, GOOD, Grade, NOT_CODE, Pattern, Rule, RulingBy, SURE, by_owner, by_separator,
    is_number, leading_name, trailing_name,
};
use crate::context::lexicon::{self, Role};
use crate::context::names;
use crate::context::occurrence::{Occurrence, Separator};
use crate::context::own_message;

/// A key for something else comes first, except that the value of a failed test comes before it,
/// because its words look like such a key. A table of numbers comes in between:
/// `code: 871300, 3` is a code, `failed 871300, 3` is not.
pub(super) static PHASE: &[&Rule] = &[
    &TEST_VALUE, &REQUEST_CODE, &OTHER_KEY, &OTHER_CODE, &CODE_KEY, &MESSAGE_IN_LINE,
    &MESSAGE_ALIKE, &TABLE, &FAILURE_KEY, &OUTCOME_KEY, &ERROR_AFTER,
];

static TEST_VALUE: Rule = Rule {
    name: "test-value",
    why: "a failed test shows it as the actual value",
    ruling: RulingBy::Graded(by_expectation),
    evidence: Evidence::Test(test_value),
    decides: &["AssertionError: expected [0] but found [‹871300›]"],
    passes: &["Library: asked for [0] but found [‹871300›]"],
};

/// `expected [0] but found [871300]`, `Expected: 0 Received: 871300`.
fn test_value(occurrence: &Occurrence<'_>) -> bool {
    lexicon::word_in_any_case(occurrence.key_text()).has(Role::Got)
        && occurrence.is_near_expectation()
}

/// A test that expected 0 tested a code.
static EXPECTED_ZERO: Pattern = Pattern::new(r"(?i-u:expected)[^0-9A-Za-z]{1,6}0[^0-9A-Za-z].*$");

fn by_expectation(occurrence: &Occurrence<'_>) -> Grade {
    if EXPECTED_ZERO.matches(&occurrence.before) { Grade::Sure } else { by_owner(occurrence) }
}

static OTHER_KEY: Rule = Rule {
    name: "other-key",
    why: "the word before it announces something else",
    ruling: NOT_CODE,
    evidence: Evidence::Test(other_key),
    decides: &[
        "E/Chat: login error, uid=‹871301›",
        "D/Install: versionCode ‹871301›",
        "D/Sms: 验证码：‹871301›",
    ],
    passes: &[
        "E/Chat: login uid=12, error=‹871301›",
        "D/Install: errorCode ‹871301›",
        "D/Sms: 错误码：‹871301›",
    ],
};

/// `groupId:871301`, `size=871301`, `耗时871301`, `sent to 871301`; but `NO_SUCH_USER = 898002`.
fn other_key(occurrence: &Occurrence<'_>) -> bool {
    occurrence.key().role == Some(Role::Other) && !own_message::names_constant(occurrence)
}

static REQUEST_CODE: Rule = Rule {
    name: "request-code",
    why: "a request's code is what failed, and no screen's, which has at most 16 bits",
    ruling: GOOD,
    evidence: Evidence::Test(request_code),
    decides: &[
        "D/requestCode = ‹871300›: 发送失败",
        "E/Net: requestCode = ‹871300›, not logged in",
    ],
    passes: &["D/requestCode = ‹871300›: 发送", "E/Net: requestCode = ‹871300›, resultCode = 0"],
};

/// `requestCode = 871300: 发送失败`
fn request_code(occurrence: &Occurrence<'_>) -> bool {
    occurrence.key_text().eq_ignore_ascii_case(b"requestCode") && occurrence.precedes_error_text()
}

static OTHER_CODE: Rule = Rule {
    name: "other-code",
    why: "the code is of another vendor, of a program that ended, of the object that follows, or \
          one side of a comparison",
    ruling: NOT_CODE,
    evidence: Evidence::Test(other_code),
    decides: &[
        "E/Pay: Alipay returned error code ‹871301›",
        "installer: Return code: ‹871301›",
        "{\"‹871301›\": {\"code\": 0}}",
        "net_status ‹871301›",
        "AssertionError: ‹871301› != 12",
        "{\"code\":1,\"result\":\"‹871301›\"}",
    ],
    passes: &[
        "E/Pay: the bank returned error code ‹871301›",
        "E/Konto: Return code: ‹871301›",
        "{\"error\": \"‹871301›\", \"x\": {\"code\": 0}}",
        "net_status: ‹871301›",
        "AssertionError: ‹871301› != 0",
        "{\"ok\":1,\"result\":\"‹871301›\"}",
    ],
};

/// How far before a number the name of another vendor says whose error it is, in bytes.
pub(in crate::context) const VENDOR_BYTES: usize = 64;
/// What the SDK calls its code: no other vendor's name counts against it.
pub(in crate::context) const OWN_KEY: [u8; 12] = *b"responsecode";

fn other_code(occurrence: &Occurrence<'_>) -> bool {
    let is_announced = occurrence.is_announced();
    let is_foreign = is_announced && (is_return_code(occurrence) || is_counter(occurrence));
    is_object_key(occurrence)
        || is_other_field(occurrence)
        || is_compared(occurrence)
        || (is_foreign && !occurrence.is_own())
        || (is_announced && is_of_vendor(occurrence))
}

fn is_of_vendor(occurrence: &Occurrence<'_>) -> bool {
    !occurrence.key_text().eq_ignore_ascii_case(&OWN_KEY)
        && occurrence.follows_vendor(VENDOR_BYTES)
        && !occurrence.is_near_sdk()
}

/// `"871300": {`
fn is_object_key(occurrence: &Occurrence<'_>) -> bool {
    let Some(value) = occurrence.after.strip_prefix(b"\"") else { return false };
    let value = value.trim_ascii_start().strip_prefix(b":").unwrap_or_default();
    occurrence.byte_before() == Some(b'"') && matches!(value.trim_ascii_start(), [b'{' | b'[', ..])
}

/// `{"code":0,"result":"871300"}`: an object that has a code has other fields for other things.
fn is_other_field(occurrence: &Occurrence<'_>) -> bool {
    let is_string =
        || matches!(occurrence.before.as_ref(), [.., b':', b'"'] | [.., b':', b' ', b'"']);
    occurrence.key().role == Some(Role::Outcome)
        && is_string()
        && memchr::memmem::find(occurrence.vicinity, b"\"code\"").is_some()
}

/// `Return code: 871300`: installers and shells print it; an app logs what its call returned in a
/// log of its own.
fn is_return_code(occurrence: &Occurrence<'_>) -> bool {
    let before = occurrence.before[..occurrence.key().range.start].strip_suffix(b" ");
    let is_ending = |word: &[u8]| {
        ["return", "returned", "exit"]
            .iter()
            .any(|other| word.eq_ignore_ascii_case(other.as_bytes()))
    };
    !occurrence.origin.is_logcat()
        && occurrence.is_bare_code()
        && before.is_some_and(|before| is_ending(trailing_name(before)))
}

/// `net_status 871300`: a name in lower case with `_` and a number, as counters are listed.
fn is_counter(occurrence: &Occurrence<'_>) -> bool {
    let (key, name) = (occurrence.key(), occurrence.key_text());
    key.role == Some(Role::Outcome)
        && key.separator == Separator::Blank
        && name.contains(&b'_')
        && !name.iter().any(u8::is_ascii_uppercase)
}

/// `responseCode = 871300`, `"code":871300`, `错误码：871300`.
pub(super) static CODE_KEY: Rule = Rule {
    name: "code-key",
    why: "a word for an error code announces it",
    ruling: RulingBy::Graded(by_code_key),
    evidence: Evidence::Key(Role::Code),
    decides: &[
        "login done, responseCode = ‹871300›",
        "I/chat: 返回码 ‹898001›",
        "D/Konto: errno = 871300\nD/Konto: {\"code\": \"‹871634›\"}",
    ],
    passes: &[
        "login done, requestCode = ‹871300›",
        "I/chat: 会话 ‹898001›",
        "D/Boerse: {\"ticker\": \"‹871634›\"}",
    ],
};

/// A number that is in no list needs more than the word `code` in data: shares have codes like it.
fn by_code_key(occurrence: &Occurrence<'_>) -> Grade {
    let is_stranger = || !occurrence.is_own() && !occurrence.origin.follows_codes;
    if occurrence.is_unlisted() && occurrence.is_bare_code() && is_stranger() && is_data(occurrence)
    {
        return Grade::Likely;
    }
    match names::is_code_of_thing(occurrence.key_text()) {
        true => Grade::Good,
        false => by_separator(occurrence),
    }
}

/// `"code": "871634"`, and `code: 871634` outside an app's log.
fn is_data(occurrence: &Occurrence<'_>) -> bool {
    let before = &occurrence.before;
    let separator = &before[occurrence.key().range.end..];
    let has_quote = separator.iter().any(|byte| matches!(byte, b'"' | b'\''));
    has_quote || (separator.contains(&b':') && !occurrence.origin.is_logcat())
}

static MESSAGE_IN_LINE: Rule = Rule {
    name: "message-in-line",
    why: "its own message is in the same line",
    ruling: SURE,
    evidence: Evidence::Test(message_in_line),
    decides: &[
        "why: Have not logged in. - look up ‹871300› there",
        "E/Konto: user not exist ----i=‹801003›",
    ],
    passes: &["why: nobody is here - look up ‹871300› there"],
};

/// `{ [Error: Have not logged in.] code: '871300' }`, `reason Have not logged in. (… 871300)`.
fn message_in_line(occurrence: &Occurrence<'_>) -> bool {
    own_message::is_in_line(occurrence)
}

static MESSAGE_ALIKE: Rule = Rule {
    name: "message-alike",
    why: "the text after it begins like its own message",
    ruling: GOOD,
    evidence: Evidence::Test(message_alike),
    decides: &["docs say ‹871504› Push register error,please check your appkey"],
    passes: &[
        "docs say ‹871504› Pushing it further, please check",
        "docs say ‹871504› Push registered, please check",
    ],
};

/// `871504 Push register error, …`: the message of another release.
fn message_alike(occurrence: &Occurrence<'_>) -> bool {
    own_message::begins_alike(occurrence)
}

static TABLE: Rule = Rule {
    name: "table",
    why: "it is in a list or table of numbers",
    ruling: NOT_CODE,
    evidence: Evidence::Test(table),
    decides: &["    case 900000, ‹871301›:"],
    passes: &["    case 871300, ‹871301›:"],
};

/// `[1,871301,3]`, `10 871301 20`, `871301 0 0`: columns and lists. A neighbor that is also a code
/// does not make a table.
fn table(occurrence: &Occurrence<'_>) -> bool {
    let is_code = |digits: &[u8]| digits.len() == 6 && digits.starts_with(b"871");
    number_before(&occurrence.before).is_some_and(|digits| !is_code(digits))
        || number_after(&occurrence.after).is_some_and(|digits| !is_code(digits))
}

/// `5 != 871301`, `871301 == 12`: what a test compared; a code is compared with 0.
fn is_compared(occurrence: &Occurrence<'_>) -> bool {
    let is_other = |digits: &[u8]| is_number(digits) && !digits.starts_with(b"0");
    let after = occurrence.after.trim_ascii_start();
    let compared = after.strip_prefix(b"!=").or_else(|| after.strip_prefix(b"=="));
    let before = occurrence.before_trimmed();
    let compares = before.strip_suffix(b"!=").or_else(|| before.strip_suffix(b"=="));
    compared.is_some_and(|after| is_other(leading_name(after.trim_ascii_start())))
        || compares.is_some_and(|before| is_other(trailing_name(before.trim_ascii_end())))
}

/// The number before, separated by a comma, a bar, or blanks only.
fn number_before(before: &[u8]) -> Option<&[u8]> {
    let text = before.trim_ascii_end();
    let separated = text.strip_suffix(b",").or_else(|| text.strip_suffix(b"|"));
    let text = separated.unwrap_or(text).trim_ascii_end();
    let name = trailing_name(text);
    (is_number(name) && text.len() < before.len()).then_some(name)
}

/// The number after, separated by a comma, a bar, or blanks only.
fn number_after(after: &[u8]) -> Option<&[u8]> {
    let text = after.trim_ascii_start();
    let separated = text.strip_prefix(b",").or_else(|| text.strip_prefix(b"|"));
    let text = separated.unwrap_or(text).trim_ascii_start();
    let name = leading_name(text);
    (is_number(name) && text.len() < after.len()).then_some(name)
}

/// `login failed [871300]`, `登录失败: 871300`.
static FAILURE_KEY: Rule = Rule {
    name: "failure-key",
    why: "a word for a failure announces it",
    ruling: RulingBy::Graded(by_separator),
    evidence: Evidence::Key(Role::Failure),
    decides: &["get avatar failed [‹871311›] again", "I/chat: 拉取资料失败 ‹898002› 重试"],
    passes: &["get avatar ticket [‹871311›] again", "I/chat: 拉取资料成功 ‹898002› 重试"],
};

/// `status 871300`, `返回871300`, `expected:<871300>`.
static OUTCOME_KEY: Rule = Rule {
    name: "outcome-key",
    why: "a word for the outcome of a call announces it",
    ruling: RulingBy::Graded(by_outcome),
    evidence: Evidence::Key(Role::Outcome),
    decides: &["enterRoom got result ‹871300› back", "E/极光登录: status = ‹801003›"],
    passes: &["enterRoom got ticket ‹871300› back", "E/极光登录: station = ‹801003›"],
};

static ERROR_AFTER: Rule = Rule {
    name: "error-after",
    why: "a word for an error follows it",
    ruling: RulingBy::Graded(by_owner),
    evidence: Evidence::Test(error_after),
    decides: &["we met ‹871300› error in the field"],
    passes: &["we met ‹871300› people in the field"],
};

/// `为`, `收到`, or `was` comes before anything, also in a line of the app.
fn by_outcome(occurrence: &Occurrence<'_>) -> Grade {
    let named = &occurrence.before[..occurrence.key().range.end];
    let is_vague = lexicon::word_in_any_case(occurrence.key_text()).has(Role::Vague);
    if is_vague || names::is_vague(named) { Grade::Good } else { by_owner(occurrence) }
}

/// `871300错误`, `871300 error`.
fn error_after(occurrence: &Occurrence<'_>) -> bool {
    let separator = |byte: &&u8| b" \t:,([|\"'-".contains(byte);
    let skipped = occurrence.after.iter().take_while(separator).count();
    let text = &occurrence.after[skipped..];
    lexicon::starts_with(text, Role::ErrorWord).is_some()
        || lexicon::word_in_any_case(leading_name(text)).has(Role::ErrorWord)
}
