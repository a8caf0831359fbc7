//! Phase 5, keys and messages: the words that announce a code, and the words and numbers next to
//! it.

use super::beside::{Beside, JOINTS, QUOTES};
use super::{
    Evidence, GOOD, Grade, NOT_CODE, Rule, RulingBy, SURE, by_owner, by_separator, is_number,
    leading_name, trailing_name,
};
use crate::context::lexicon::{self, Role};
use crate::context::names;
use crate::context::occurrence::{Key, Occurrence};
use crate::context::own_message;
use crate::context::subject::{self, Subject};

/// The rules of this phase, in order. A table of numbers comes in between: `code: 871300, 3` is a
/// code, `failed 871300, 3` is not.
pub(super) static PHASE: &[&Rule] = &[
    &CODE_KEY, &MESSAGE_IN_LINE, &MESSAGE_ALIKE, &TABLE, &FAILURE_KEY, &OUTCOME_KEY, &OBJECT,
    &ERROR_AFTER,
];

/// `responseCode = 871300`, `"code":871300`, `错误码：871300`.
pub(super) static CODE_KEY: Rule = Rule {
    name: "code-key",
    why: "a word for an error code announces it",
    ruling: RulingBy::Graded(by_code_key),
    evidence: Evidence::Key(Role::Code),
    decides: &[
        "login done, responseCode = ‹871300›",
        "I/chat: 返回码 ‹898001›",
        "I/chat: error codes 898002 and ‹898001›",
        "I/chat: ErrorCode.USER_EXISTS = ‹898001›",
        "D/Konto: errno = 871300\nD/Konto: {\"code\": \"‹871634›\"}",
    ],
    passes: &[
        "login done, requestCode = ‹871300›",
        "I/chat: 会话 ‹898001›",
        "I/chat: rooms 898002 and ‹898001›",
        "I/chat: Theme.USER_EXISTS = ‹898001›",
        "I/chat: ErrorCode.firstSeen = ‹898001›",
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
    let name = occurrence.key_text();
    if !names::is_code(name) || occurrence.key_subject() != Subject::Thing {
        return by_separator(occurrence);
    }
    match names::qualifier(name).map_or(0, <[u8]>::len) {
        0 => by_owner(occurrence),
        length if length <= SHORT_BYTES => by_separator(occurrence),
        _ => Grade::Good,
    }
}

/// The longest name of a thing that says nothing in that of a code, in bytes: `resCode`.
const SHORT_BYTES: usize = 3;

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
        "why: have not logged in. - look up ‹871300› there",
        "why: SDK have not init yet - look up ‹871308› there",
        "E/Konto: user not exist ----i=‹801003›",
        "E/Konto: user not exist,i‹801003›",
    ],
    passes: &[
        "why: nobody is here - look up ‹871300› there",
        "addFriend(u‹805006›, u20) -> 805006 invitation event is not valid",
    ],
};

/// `{ [Error: Have not logged in.] code: '871300' }`, `reason Have not logged in. (… 871300)`.
fn message_in_line(occurrence: &Occurrence<'_>) -> bool {
    own_message::is_in_line(occurrence) && !occurrence.ends_value()
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
    decides: &[
        "    case 900000, ‹871301›:",
        "get avatar failed ‹871301›, 3",
        "get avatar failed ‹871301› | 3",
        "get avatar failed ‹871301› 3",
        "D/JMessageDemo: upload 0 / ‹871301›",
    ],
    passes: &[
        "    case 871300, ‹871301›:",
        "get avatar failed ‹871301›, 871302",
        "get avatar failed ‹871301›, then",
    ],
};

/// `[1,871301,3]`, `10 871301 20`, `871301 0 0`: columns and lists. A neighbor that is also a code
/// does not make a table.
fn table(occurrence: &Occurrence<'_>) -> bool {
    let is_code = |digits: &[u8]| digits.len() == 6 && digits.starts_with(b"871");
    number_before(occurrence.before).is_some_and(|digits| !is_code(digits))
        || number_after(occurrence.after).is_some_and(|digits| !is_code(digits))
}

/// What separates two numbers of a table, besides blanks.
const SEPARATORS: [&str; 3] = [",", "|", "/"];

/// The number before, separated by one of [`SEPARATORS`] or blanks only.
fn number_before(before: &[u8]) -> Option<&[u8]> {
    let text = before.trim_ascii_end();
    let separated = SEPARATORS.iter().find_map(|sign| text.strip_suffix(sign.as_bytes()));
    let text = separated.unwrap_or(text).trim_ascii_end();
    let may_be = text.len() < before.len() && text.last()?.is_ascii_digit();
    may_be.then(|| trailing_name(text)).filter(|name| is_number(name))
}

/// The number after, separated by one of [`SEPARATORS`] or blanks only.
fn number_after(after: &[u8]) -> Option<&[u8]> {
    let text = after.trim_ascii_start();
    let separated = SEPARATORS.iter().find_map(|sign| text.strip_prefix(sign.as_bytes()));
    let text = separated.unwrap_or(text).trim_ascii_start();
    let may_be = text.len() < after.len() && text.first()?.is_ascii_digit();
    may_be.then(|| leading_name(text)).filter(|name| is_number(name))
}

/// `login failed [871300]`, `登录失败: 871300`.
static FAILURE_KEY: Rule = Rule {
    name: "failure-key",
    why: "a word for a failure announces it",
    ruling: RulingBy::Graded(by_separator),
    evidence: Evidence::Key(Role::Failure),
    decides: &[
        "get avatar failed [‹871311›] again",
        "I/chat: 拉取资料失败 ‹898002› 重试",
        "login failed for user li4: ‹801006›",
        "login failed!! ‹801006›",
        "改备注失败, ‹899071›",
        "rx: ImThrowable(‹801006›)",
    ],
    passes: &[
        "get avatar ticket [‹871311›] again",
        "I/chat: 拉取资料成功 ‹898002› 重试",
        "login done for user li4: ‹801006›",
        "login failed for user id: ‹801006›",
        "login failed for enduser li4: ‹801006›",
        "login done!! ‹801006›",
        "rx: ImObservable(‹801006›)",
    ],
};

/// `status 871300`, `返回871300`, `expected:<871300>`.
static OUTCOME_KEY: Rule = Rule {
    name: "outcome-key",
    why: "a word for the outcome of a call announces it",
    ruling: RulingBy::Graded(by_outcome),
    evidence: Evidence::Key(Role::Outcome),
    decides: &[
        "enterRoom got result ‹871300› back",
        "E/极光登录: status = ‹801003›",
        "D/Konto: login failed! status: ‹801003›",
        "W/Konto: the server said ‹871404› again",
        "D/Konto: 一直是‹871300›",
        "D/Konto: the answer came, it was ‹871300›, so",
    ],
    passes: &[
        "enterRoom got ticket ‹871300› back",
        "E/极光登录: station = ‹801003›",
        "D/Konto: login failed! station: ‹801003›",
        "W/Konto: the server has ‹871404› again",
        "D/Konto: 库存是‹871300›",
        "D/Konto: the answer came, the price was ‹871300›, so",
    ],
};

/// `为`, `收到`, or `was` comes before anything, also in a line of the app; the outcome of what has
/// failed is as sure as the word for the failure.
fn by_outcome(occurrence: &Occurrence<'_>) -> Grade {
    let named = &occurrence.before[..occurrence.key().range.end];
    let is_vague = occurrence.key().roles.has(Role::Vague);
    let is_of_failure = || Key::at_end(occurrence.before_key()).role == Some(Role::Failure);
    match () {
        () if is_vague || names::is_vague(named) => Grade::Good,
        () if is_of_failure() => by_separator(occurrence),
        () => by_owner(occurrence),
    }
}

static OBJECT: Rule = Rule {
    name: "object",
    why: "it names what failed",
    ruling: NOT_CODE,
    evidence: Evidence::Test(object),
    decides: &[
        "D/Konto: 删除 ‹871301› 失败",
        "D/Konto: message ‹871301› failed",
        "D/Konto: errorCode = 801003\nD/Konto: send ‹803008› error 801003",
    ],
    passes: &[
        "D/Konto: 报 ‹871301› 错误",
        "D/Konto: ‹871301› failed",
        "D/Konto: we met ‹871301› error",
    ],
};

/// `删除 871301 失败`, `message 871301 failed`: a word that announces no error is before the number,
/// and one for an error is after it, with at most a blank between.
fn object(occurrence: &Occurrence<'_>) -> bool {
    let is_joined = || {
        let before = occurrence.before_trimmed();
        let word = trailing_name(before);
        let roles = lexicon::word(word);
        let introduces = || {
            [Role::Filler, Role::Got].into_iter().any(|role| roles.has(role))
                || lexicon::holds(word, Role::Sdk)
        };
        match before.last() {
            Some(0x80..) => subject::ends_in_letter(before) && !before.ends_with("极光".as_bytes()),
            Some(byte) if byte.is_ascii_alphanumeric() => !introduces(),
            _ => false,
        }
    };
    occurrence.key().role.is_none()
        && is_error(occurrence, occurrence.after.trim_ascii_start())
        && is_joined()
}

static ERROR_AFTER: Rule = Rule {
    name: "error-after",
    why: "a word for an error follows it",
    ruling: RulingBy::Graded(by_place),
    evidence: Evidence::Test(error_after),
    decides: &["we met ‹871300› error in the field", "ok: ‹871302›, error: so"],
    passes: &["we met ‹871300› people in the field", "ok: ‹871302›, error: 12"],
};

/// Sure in a line of the SDK or its app if it is on its own, or announced, too: `出现 801003 错误`.
fn by_place(occurrence: &Occurrence<'_>) -> Grade {
    if occurrence.is_free() || occurrence.is_announced() {
        by_owner(occurrence)
    } else {
        Grade::Good
    }
}

/// `871300错误`, `871300 error`.
fn error_after(occurrence: &Occurrence<'_>) -> bool {
    let separator = |byte: &&u8| {
        matches!(byte, b' ' | b'\t' | b':' | b',' | b'(' | b'[' | b'|' | b'"' | b'\'' | b'-')
    };
    let skipped = occurrence.after.iter().take_while(separator).count();
    let text = &occurrence.after[skipped..];
    is_error(occurrence, text) && !is_key_of_number(text)
}

/// `871301, err: 12`: the word is that of the next number.
fn is_key_of_number(text: &[u8]) -> bool {
    let mut text = Beside::after(text);
    text.run(1.., |byte| byte.is_ascii_alphabetic()).is_some()
        && text.maybe(&QUOTES)
        && text.one_of(&JOINTS)
        && text.maybe(&[" "])
        && text.maybe(&QUOTES)
        && text.digits(1..)
}

/// Whether a text after the number begins with a word for an error.
fn is_error(occurrence: &Occurrence<'_>, text: &[u8]) -> bool {
    match text.first() {
        Some(0x80..) => lexicon::starts_with(text, Role::ErrorWord).is_some(),
        _ => occurrence.roles_after(occurrence.name_after(text)).has(Role::ErrorWord),
    }
}

#[cfg(test)]
mod tests {
    use super::super::beside::tests::assert_reads;
    use super::*;

    #[test]
    fn the_functions_read_what_these_patterns_match() {
        assert_reads(r#"^[a-zA-Z]+["']?(?: ?[:=]|：) ?["']?[0-9]"#, is_key_of_number);
    }
}
