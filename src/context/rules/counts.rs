//! Phase 4, part of `other-code`: the number says how many there were.

use super::beside::{Beside, JOINTS, QUOTES};
use crate::context::lexicon::Role;
use crate::context::occurrence::Occurrence;

/// ` failed, 12 passed`: the summary of a test run.
pub(super) fn begins_with_summary(after: &[u8]) -> bool {
    const FAILED: [&str; 5] = ["failed", "failures", "failure", "errors", "error"];
    // The beginning of a plural is enough.
    const ELSE: [&str; 5] = ["passed", "skipped", "warning", "failed", "error"];
    let mut after = Beside::after(after);
    after.literal(" ")
        && after.letter_is(b"fe")
        && after.one_of_any_case(&FAILED)
        && after.literal(", ")
        && after.digits(1..)
        && after.literal(" ")
        && after.one_of_any_case(&ELSE)
}

/// `1 failed, 871301 passed`: the same in the middle of a summary, or at its end; but a line of the
/// SDK's app may go on after the number of a try.
pub(super) fn is_in_summary(occurrence: &Occurrence<'_>) -> bool {
    begins_with_rest(occurrence.after) && ends_with_count(occurrence.before) && !occurrence.is_own()
}

/// `1 failed, `
fn ends_with_count(before: &[u8]) -> bool {
    const COUNTED: [&str; 6] = ["passed", "failed", "skipped", "failures", "errors", "warnings"];
    let mut before = Beside::before(before);
    before.literal(", ") && before.one_of(&COUNTED) && before.literal(" ") && before.digits(1..)
}

/// ` passed`, and what else a test run counts.
fn begins_with_rest(after: &[u8]) -> bool {
    const REST: [&str; 5] = ["passed", "skipped", "ignored", "succeeded", "total"];
    let mut after = Beside::after(after);
    after.literal(" ")
        && after.letter_is(b"psit")
        && after.word_of(&REST)
        && (after.is_at_end() || after.one_of(&[",", ";", ")", ".", " in ", " ="]))
}

/// ` (96.81%)`: a share in percent follows what was counted. A progress is whole.
fn begins_with_share(after: &[u8]) -> bool {
    let mut after = Beside::after(after);
    after.one_of(&["(", " ("])
        && after.digits(1..)
        && after.literal(".")
        && after.digits(1..)
        && after.one_of(&["%", " %"])
}

/// What else is counted.
const OTHERS: [&str; 6] = ["ok", "success", "successful", "sent", "delivered", "total"];
const WARNINGS: [&str; 4] = ["warn", "warns", "warning", "warnings"];
/// What is between a word and its count. Longer ones come first: the first that fits is taken.
const COUNT_JOINTS: [&str; 9] = [" : ", " = ", ": ", "= ", " :", " =", ":", "=", " "];

fn is_between_counts(byte: u8) -> bool {
    matches!(byte, b',' | b';' | b'|' | b' ')
}

/// `","total":900000`, `  WARN 12`: another large count comes next, or that of warnings.
fn begins_with_other_count(after: &[u8]) -> bool {
    let mut after = Beside::after(after);
    let begins = after.run(1.., is_between_counts).is_some() && after.maybe(&QUOTES);
    let counts = |words: &[&str], digits| {
        let mut after = after;
        after.word_of(words)
            && after.maybe(&QUOTES)
            && after.one_of(&COUNT_JOINTS)
            && after.digits(digits..)
    };
    begins && (counts(&OTHERS, 5) || counts(&WARNINGS, 1))
}

/// `total=900000 `: another large count comes before.
fn ends_with_other_count(before: &[u8]) -> bool {
    let mut before = Beside::before(before);
    before.maybe(&QUOTES)
        && before.run(1.., is_between_counts).is_some()
        && before.digits(5..)
        && before.one_of(&COUNT_JOINTS)
        && before.maybe(&QUOTES)
        && before.word_of(&OTHERS)
}

/// `error=871301 total=900000`: how many times it happened; but a line of the SDK's app has no
/// such counts.
pub(super) fn is_count(occurrence: &Occurrence<'_>) -> bool {
    const COUNTED: [&str; 7] = ["err", "error", "errors", "fail", "failed", "failure", "failures"];
    let name = occurrence.key_text();
    let is_counted = || COUNTED.iter().any(|word| name.eq_ignore_ascii_case(word.as_bytes()));
    let has_counts = || {
        begins_with_share(occurrence.after)
            || begins_with_other_count(occurrence.after)
            || ends_with_other_count(occurrence.before_key())
    };
    is_counted() && has_counts() && !occurrence.is_own()
}

/// What went well.
const WELL: [&str; 5] = ["success", "succeeded", "passed", "skipped", "成功"];

/// ` passed=12`: how much went well comes next.
fn begins_with_tally(after: &[u8]) -> bool {
    let mut after = Beside::after(after);
    let mut passed = after;
    let is_passed = passed.literal(", passed ") && passed.digits(1..);
    is_passed
        || (reads_separators(&mut after)
            && after.maybe(&QUOTES)
            && after.one_of_any_case(&WELL)
            && after.maybe(&QUOTES)
            && after.one_of(&JOINTS)
            && after.maybe(&[" "])
            && after.digits(1..))
}

/// `成功：3，`: how much went well comes before.
fn ends_with_tally(before: &[u8]) -> bool {
    let mut before = Beside::before(before);
    before.maybe(&QUOTES)
        && reads_separators(&mut before)
        && before.digits(1..)
        && before.maybe(&[" "])
        && before.one_of(&JOINTS)
        && before.maybe(&QUOTES)
        && before.one_of_any_case(&WELL)
}

/// What separates two counts.
fn reads_separators(text: &mut Beside<'_>) -> bool {
    const SEPARATORS: [&str; 5] = [",", ";", " ", "，", "；"];
    let found = text.one_of(&SEPARATORS);
    while text.one_of(&SEPARATORS) {}
    found
}

/// `failed=871301 passed=12`, `成功：3，失败：871301`
pub(super) fn is_tally(occurrence: &Occurrence<'_>) -> bool {
    occurrence.key().role == Some(Role::Failure)
        && (begins_with_tally(occurrence.after) || ends_with_tally(occurrence.before_key()))
}

/// `, 5)`
fn ends_tuple(after: &[u8]) -> bool {
    let mut after = Beside::after(after);
    after.literal(",")
        && after.maybe(&[" "])
        && after.maybe(&["-"])
        && after.digits(1..)
        && after.literal(")")
}

/// `error(871301, 5)`: an error that comes with numbers only, as a media player's.
pub(super) fn is_tuple(occurrence: &Occurrence<'_>) -> bool {
    occurrence.byte_before() == Some(b'(') && ends_tuple(occurrence.after)
}

#[cfg(test)]
mod tests {
    use super::super::beside::tests::assert_reads;
    use super::*;

    #[test]
    fn the_functions_read_what_these_patterns_match() {
        const OTHERS: &str = "(?i-u:ok|success|successful|sent|delivered|total)";
        const WELL: &str = "(?:(?i-u:success|succeeded|passed|skipped)|成功)";
        let summary =
            "^ (?i-u:failed|failures?|errors?), [0-9]+ (?i-u:passed|skipped|warning|failed|error)";
        assert_reads(summary, begins_with_summary);
        let counted = "[0-9] (?:passed|failed|skipped|failures|errors|warnings), $";
        assert_reads(counted, ends_with_count);
        let rest = r"^ (?i-u:passed|skipped|ignored|succeeded|total)(?:[,;).]| in | =|$)";
        assert_reads(rest, begins_with_rest);
        assert_reads(r"^ ?\([0-9]+\.[0-9]+ ?%", begins_with_share);
        let count = r#"["']?(?: ?[:=] ?| )"#;
        let after = format!(
            r#"^[,;| ]+["']?(?:{OTHERS}{count}[0-9]{{5}}|(?i-u:warn(?:ing)?s?){count}[0-9])"#
        );
        assert_reads(&after, begins_with_other_count);
        let before = format!(r#"(?-u:\b){OTHERS}{count}[0-9]{{5,}}[,;| ]+["']?$"#);
        assert_reads(&before, ends_with_other_count);
        let after =
            format!(r#"^(?:(?:[,; ]|，|；)+["']?{WELL}["']?(?: ?[:=]|：) ?[0-9]|, passed [0-9])"#);
        assert_reads(&after, begins_with_tally);
        let before = format!(r#"{WELL}["']?(?: ?[:=]|：) ?[0-9]+(?:[,; ]|，|；)+["']?$"#);
        assert_reads(&before, ends_with_tally);
        assert_reads(r"^, ?-?[0-9]+\)", ends_tuple);
    }
}
