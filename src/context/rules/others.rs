//! Phase 4, other keys: the words that name something else, or whose value it is.

use super::{
    Evidence, GOOD, Grade, NOT_CODE, Pattern, Rule, RulingBy, by_owner, is_number, leading_name,
    trailing_name,
};
use crate::context::lexicon::{self, Role};
use crate::context::names;
use crate::context::occurrence::Occurrence;
use crate::context::own_message;
use crate::context::subject::Subject;

/// The rules of this phase, in order. The value of a failed test and the code of a request come
/// before a key for something else, because their words look like one.
pub(super) static PHASE: &[&Rule] = &[&TEST_VALUE, &REQUEST_CODE, &OTHER_KEY, &OTHER_CODE];

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
        "D/Konto: order status: ‹871301›",
        "net_status ‹871301›",
        "D/Konto: 查询结果：‹871301›",
    ],
    passes: &[
        "E/Chat: login uid=12, error=‹871301›",
        "D/Konto: login status: ‹871301›",
        "D/Konto: 发送消息结果：‹871301›",
        "D/Install: errorCode ‹871301›",
        "D/Sms: 错误码：‹871301›",
    ],
};

/// `groupId:871301`, `size=871301`, `耗时871301`, `sent to 871301`, `order status 871301`; but
/// `NO_SUCH_USER = 898002`.
fn other_key(occurrence: &Occurrence<'_>) -> bool {
    match occurrence.key().role {
        Some(Role::Other) => !own_message::names_constant(occurrence),
        Some(Role::Outcome) => {
            let name = match occurrence.key_text() {
                [] => &occurrence.before[..occurrence.key().range.end],
                name => name,
            };
            names::is_state(name) && occurrence.key_subject() == Subject::Thing
        }
        _ => false,
    }
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
        "AssertionError: ‹871301› != 12",
        "{\"code\":1,\"result\":\"‹871301›\"}",
    ],
    passes: &[
        "E/Pay: the bank returned error code ‹871301›",
        "E/Konto: Return code: ‹871301›",
        "{\"error\": \"‹871301›\", \"x\": {\"code\": 0}}",
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
    let is_foreign = is_announced && is_return_code(occurrence);
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

/// `{"code":0,"result":871300}`: an object that has a code has other fields for other things.
fn is_other_field(occurrence: &Occurrence<'_>) -> bool {
    let is_field = || occurrence.before.get(occurrence.key().range.end) == Some(&b'"');
    occurrence.key().role == Some(Role::Outcome)
        && is_field()
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
