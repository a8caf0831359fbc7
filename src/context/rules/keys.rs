//! Phase 4, keys and messages: the words that name the number, and the words and numbers next to
//! it.

use super::{
    Evidence, GOOD, NOT_CODE, Pattern, Rule, RulingBy, by_separator, is_number, leading_name,
    trailing_name,
};
use crate::context::lexicon::{self, Role};
use crate::context::occurrence::Occurrence;
use crate::context::own_message;

/// A key for something else comes first, except that the value of a failed test comes before it,
/// because its words look like such a key. A table of numbers comes in between:
/// `code: 871300, 3` is a code, `failed 871300, 3` is not.
pub(super) static PHASE: &[&Rule] = &[
    &TEST_VALUE, &OTHER_KEY, &CODE_KEY, &MESSAGE_IN_LINE, &MESSAGE_ALIKE, &TABLE, &FAILURE_KEY,
    &OUTCOME_KEY, &ERROR_AFTER,
];

static TEST_VALUE: Rule = Rule {
    name: "test-value",
    why: "a failed test shows it as the actual value",
    ruling: GOOD,
    evidence: Evidence::Test(test_value),
    decides: &["AssertionError: expected [0] but found [‹871300›]"],
    passes: &["Library: asked for [0] but found [‹871300›]"],
};

/// `expected [0] but found [871300]`, `Expected: 0 Received: 871300`.
fn test_value(occurrence: &Occurrence<'_>) -> bool {
    lexicon::word_in_any_case(occurrence.key_text()).has(Role::Got)
        && occurrence.is_near_expectation()
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

/// `responseCode = 871300`, `"code":871300`, `错误码：871300`.
pub(super) static CODE_KEY: Rule = Rule {
    name: "code-key",
    why: "a word for an error code announces it",
    ruling: RulingBy::Graded(by_separator),
    evidence: Evidence::Key(Role::Code),
    decides: &["login done, responseCode = ‹871300›", "I/chat: 返回码 ‹898001›"],
    passes: &["login done, requestCode = ‹871300›", "I/chat: 会话 ‹898001›"],
};

static MESSAGE_IN_LINE: Rule = Rule {
    name: "message-in-line",
    why: "its own message is in the same line",
    ruling: GOOD,
    evidence: Evidence::Test(message_in_line),
    decides: &["why: Have not logged in. - look up ‹871300› there"],
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
    ruling: GOOD,
    evidence: Evidence::Key(Role::Outcome),
    decides: &["enterRoom got result ‹871300› back"],
    passes: &["enterRoom got ticket ‹871300› back"],
};

/// `871300错误`, `871300 error`.
static ERROR_AFTER: Rule = Rule {
    name: "error-after",
    why: "a word for an error follows it",
    ruling: GOOD,
    evidence: Evidence::After(Pattern::new(r#"^[ \t:,(\[|"'-]*{error-word}"#)),
    decides: &["we met ‹871300› error in the field"],
    passes: &["we met ‹871300› people in the field"],
};
