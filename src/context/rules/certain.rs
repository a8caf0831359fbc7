//! Phase 2, certain evidence: the code's own message, or a word for an error, glued to the number.

use super::beside::{Beside, QUOTES};
use super::{Evidence, GOOD, Grade, Rule, RulingBy, SURE, is_name_byte, trailing_name};
use crate::context::lexicon::{self, Role};
use crate::context::names;
use crate::context::occurrence::Occurrence;
use crate::context::own_message::is_beside;
use crate::context::subject;

/// The rules of this phase, in order.
pub(super) static PHASE: &[&Rule] = &[&OWN_MESSAGE, &GLUED_KEY, &ERROR_GLUED, &ERROR_COUNT];

static OWN_MESSAGE: Rule = Rule {
    name: "own-message",
    why: "its own message is directly next to it",
    ruling: SURE,
    evidence: Evidence::Test(own_message),
    decides: &[
        "sent ‹871300›Have not logged in.",
        "I/chat: api调用发起者尚未登录 ‹871300›",
        "size ‹898002› no such user",
    ],
    passes: &[
        "sent ‹871300›Have a nice day.",
        "I/chat: api调用发起者 ‹871300›号",
        "size ‹898002› no such file",
    ],
};

/// `871300Have not logged in.`, `Have not logged in.871300`, `871300, 未登录`.
fn own_message(occurrence: &Occurrence<'_>) -> bool {
    is_beside(occurrence)
}

static GLUED_KEY: Rule = Rule {
    name: "glued-key",
    why: "a word for an error is glued to it",
    ruling: RulingBy::Graded(by_glued_key),
    evidence: Evidence::Touching(glued_key),
    decides: &[
        "I/chat: loginErrorCode‹871300›",
        "I/chat: loginErrorCode‹898001›",
        "string name jmessage_sdk_87x_‹871300›",
        "I/chat: iiiii‹871300›",
        "D/JMessage: iiiii‹898001›",
    ],
    passes: &[
        "I/chat: loginSession‹871300›",
        "I/chat: loginFailed‹898001›",
        "string name jmessage_icon_‹871300›",
        "I/chat: room iiiii‹871300›",
    ],
};

/// `errorCode871300` is not one word; `sdk_87x_871300` names the SDK's resource for the code;
/// `iiiii871300` is how hasty code marks the first argument of a callback, and all of its message.
fn glued_key(occurrence: &Occurrence<'_>) -> bool {
    let name = trailing_name(occurrence.before);
    if name.is_empty() || occurrence.byte_after().is_some_and(is_name_byte) {
        return false;
    }
    if names::is_marker(name) {
        return is_marked(occurrence);
    }
    let stem = stem(name);
    match names::key_role(stem) {
        Some(Role::Code | Role::Failure | Role::Outcome) => true,
        Some(Role::Other) => is_resource(name),
        _ => is_resource(name) || lexicon::holds(stem, Role::Glued),
    }
}

/// Only a marker precedes it, and nothing follows it.
fn is_marked(occurrence: &Occurrence<'_>) -> bool {
    let Occurrence { before, after, .. } = occurrence;
    before.trim_ascii_start().len() == trailing_name(before).len() && after.trim_ascii().is_empty()
}

/// Sure for the name of a code, good for one of a failure, an outcome, the SDK's resource, or a
/// marker, which is sure in a line of the SDK or its app.
fn by_glued_key(occurrence: &Occurrence<'_>) -> Grade {
    let name = trailing_name(occurrence.before);
    if names::is_marker(name) && occurrence.is_own() {
        return Grade::Sure;
    }
    let is_code = !is_resource(name) && names::key_role(stem(name)) == Some(Role::Code);
    if is_code { Grade::Sure } else { Grade::Good }
}

fn stem(name: &[u8]) -> &[u8] {
    name.strip_suffix(b"_").unwrap_or(name)
}

/// What is between the first digits of a code and all of it in the name of the SDK's text for it.
pub(in crate::context) const RESOURCE_END: &[u8] = b"x_";

/// The SDK's text for a code: `jmessage_sdk_87x_871300`.
fn is_resource(name: &[u8]) -> bool {
    name.strip_suffix(RESOURCE_END).is_some_and(|stem| lexicon::contains(stem, b"sdk_8"))
}

static ERROR_GLUED: Rule = Rule {
    name: "error-glued",
    why: "a Chinese word for an error is glued to its end",
    ruling: GOOD,
    evidence: Evidence::Touching(error_glued),
    decides: &["请问 ‹871504›错误怎么解决"],
    passes: &["请问 ‹871504›群怎么加入", "D/Konto: 订单‹871304›异常"],
};

/// `871504错误`; but `订单871304异常`, where it is glued to a thing, too.
fn error_glued(occurrence: &Occurrence<'_>) -> bool {
    lexicon::starts_with(occurrence.after, Role::ErrorSuffix).is_some()
        && occurrence.byte_before().is_none_or(|byte| !byte.is_ascii_alphanumeric())
        && (occurrence.is_announced() || !subject::ends_in_letter(occurrence.before))
}

static ERROR_COUNT: Rule = Rule {
    name: "error-count",
    why: "errors are counted by their codes, and it is one of these",
    ruling: SURE,
    evidence: Evidence::Test(error_count),
    decides: &[
        "D/Im: errors since start: {‹871310›=1, 898002=1}",
        "I/Im: errors this session: {871310=1, ‹898002›=1}",
        "{\"msg\":\"im errors last run\",\"by_code\":{\"‹898002›\":1,\"898003\":2}}",
        "errno=899003\n40% of calls failed; by code: 899030:118, ‹899000›:7",
        "kicked 6 of 8, errors: map[852001:1 ‹852004›:1]",
        "errorCodes={'‹899002›': 2}",
        "启动失败统计: ‹871502›×1 871300×1",
        "jmsg errors last 5s: 899001x1 ‹851006›x1 851007x12",
    ],
    passes: &[
        "D/Im: messages since start: {‹871310›=1, 898002=1}",
        "D/Im: errors by user: {‹871310›=1, 898002=1}",
        "D/Im: errors by session: {‹871310›=1, 898002=1}",
        "{\"errors\":2,\"session\":{\"‹871310›\":1}}",
        "errors={'‹899002›': {}}",
        "发货失败 {‹801003›=2}",
        "0 errors, loot {‹801003›=2}",
        "finished without errors {‹801003›=2}",
        "checkout failed, cart={‹801003›=2}",
        "I/Stock: watchlist by code: {‹832001›=118, 831001=7}",
        "2 failed at ‹899002›: 2",
        "启动失败用户: ‹871502›×1 871300×1",
        "errors: ‹871502›x1080",
    ],
};

/// What is between a code and its count.
fn joins_count(text: &mut Beside<'_>) -> bool {
    text.maybe(&QUOTES) && text.one_of(&["=", ": ", ":", "x", "×"])
}

/// The count of a code.
fn reads_count(text: &mut Beside<'_>) -> bool {
    joins_count(text) && text.digits(1..=5)
}

/// The count of a code, and what ends it or comes next.
fn begins_with_count(after: &[u8]) -> bool {
    let mut after = Beside::after(after);
    reads_count(&mut after) && (after.is_at_end() || after.one_of(&[",", "}", "]", ")", ";", " "]))
}

/// The count of a code, and the next code with its count.
fn begins_with_counts(after: &[u8]) -> bool {
    let mut after = Beside::after(after);
    reads_count(&mut after)
        && after.maybe(&[",", ";"])
        && after.maybe(&[" "])
        && after.maybe(&QUOTES)
        && after.digits(6..=7)
        && joins_count(&mut after)
        && after.digits(1..)
}

/// How much text is looked at for the counts before a number, and for what they count, in bytes.
const COUNTS_BYTES: usize = 128;

/// `errors: {871310=1, 898002=1}`, `by code: 899030:118, 899000:7`: what is counted is errors, and
/// the number is in brackets or in a row with others.
fn error_count(occurrence: &Occurrence<'_>) -> bool {
    let (before, after) = (occurrence.before, occurrence.after);
    if !begins_with_count(after) {
        return false;
    }
    let before = &before[before.len().saturating_sub(COUNTS_BYTES)..];
    let is_of_count = |byte: &u8| {
        byte.is_ascii_digit()
            || matches!(byte, b'=' | b':' | b',' | b';' | b' ' | b'"' | b'\'')
            || matches!(byte, b'x' | 0xc3 | 0x97)
    };
    let counts = before.iter().rev().take_while(|byte| is_of_count(byte)).count();
    let (head, counts) = before.split_at(before.len() - counts);
    let is_in_brackets = matches!(head.last(), Some(b'{' | b'[' | b'('));
    let is_in_row = || counts.iter().any(u8::is_ascii_digit) || begins_with_counts(after);
    let is_log_of_codes = || occurrence.origin.follows_codes || occurrence.is_own();
    (is_in_brackets || is_in_row()) && counts_errors(head, is_log_of_codes)
}

/// Words that may be between what is counted and the counts.
const SINCE: [&str; 11] =
    ["boot", "by", "by_code", "code", "far", "last", "since", "so", "start", "this", "today"];
/// Spans of time, after `last` or `this`; `errors by session` has a count for each session.
const SPANS: [&str; 3] = ["hour", "run", "session"];
/// How many of these there may be.
const SINCE_MAX: usize = 4;

/// Whether what comes before counts says that they are of errors, and not of things that have
/// failed: the last word says it, as in `errors since start: {`, or `by code` and another one. In a
/// log of codes, `failed: {` says it, too.
fn counts_errors(head: &[u8], is_log_of_codes: impl Fn() -> bool) -> bool {
    const ERRORS: [&str; 4] = ["errors", "errorcodes", "errcodes", "errorcounts"];
    const ERRORS_ZH: [&str; 5] = ["失败统计", "错误统计", "错误码统计", "错误码", "错误"];
    let mut head = head.strip_suffix(b"map[").unwrap_or(head);
    let mut is_by_code = false;
    for _ in 0..=SINCE_MAX {
        let is_sign = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
        let signs = head.iter().rev().take_while(|byte| is_sign(byte)).count();
        head = &head[..head.len() - signs];
        let word = trailing_name(head);
        let is = |other: &&str| word.eq_ignore_ascii_case(other.as_bytes());
        let before = head[..head.len() - word.len()].trim_ascii_end();
        if ERRORS.iter().any(is) {
            return !is_negated(before);
        }
        if word.is_empty() {
            return ERRORS_ZH.iter().any(|other| head.ends_with(other.as_bytes()));
        }
        let is_failure = || lexicon::word(word).has(Role::Failure);
        if is_failure() && (is_by_code || is_log_of_codes()) {
            return !is_negated(before);
        }
        let is_time = word[0].is_ascii_digit();
        let is_span = || SPANS.iter().any(is) && matches!(trailing_name(before), b"last" | b"this");
        if !is_time && !SINCE.iter().any(is) && !is_span() {
            return false;
        }
        is_by_code |= is(&"code") || is(&"by_code");
        head = before;
    }
    false
}

/// `0 errors`, `without errors`.
fn is_negated(before: &[u8]) -> bool {
    let word = trailing_name(before);
    ["0", "no", "without"].iter().any(|other| word.eq_ignore_ascii_case(other.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::super::beside::tests::assert_reads;
    use super::*;

    #[test]
    fn the_functions_read_what_these_patterns_match() {
        assert_reads(r"(?i-u:sdk_8)[0-9A-Za-z_]*x_$", |text| is_resource(trailing_name(text)));
        let count = r#"["']?(?:=|: ?|x|×)"#;
        assert_reads(&format!(r"^{count}[0-9]{{1,5}}(?:[,}}\]); ]|$)"), begins_with_count);
        let next = r#"(?:[,;] ?["']?| ["']?|["'])[0-9]{6,7}"#;
        assert_reads(&format!("^{count}[0-9]{{1,5}}{next}{count}[0-9]"), begins_with_counts);
    }
}
