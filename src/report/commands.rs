//! What a CI system shows next to a log: annotations of three levels, a few of each.
//!
//! Owns what gets one, a code or a group of inputs, and their texts. Knows no system's syntax.

use std::borrow::Cow;

use super::text::{Row, counted};
use super::{Count, Outcome};
use crate::catalog::Severity;

/// How a CI system shows an annotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// Exactly what the policy fails, and inputs that could not be read.
    Error,
    /// Errors and warnings that the policy passes.
    Warning,
    Notice,
}

/// One message that a CI system shows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Annotation {
    pub(super) level: Level,
    /// The code, if it is about only one.
    pub(super) code: Option<String>,
    pub(super) title: String,
    /// Lines.
    pub(super) message: String,
}

/// How many annotations of one level are shown. GitHub and Azure keep ten for each step or task and
/// silently drop the rest, so the tenth says how many more there were.
pub(super) const LEVEL_MAX: usize = 10;

impl Level {
    pub(super) const ALL: [Level; 3] = [Level::Error, Level::Warning, Level::Notice];

    fn of(outcome: &Outcome<'_, '_>, count: &Count<'_>) -> Self {
        match count.lookup.severity() {
            _ if outcome.fails(count) => Level::Error,
            Severity::Error | Severity::Warning => Level::Warning,
            Severity::Info => Level::Notice,
        }
    }
}

/// The annotations of one level, at most [`LEVEL_MAX`]: the worst codes first, then the most
/// frequent.
pub(super) fn annotations(outcome: &Outcome<'_, '_>, level: Level) -> Vec<Annotation> {
    let mut all = Vec::new();
    if level == Level::Error {
        all.extend(unread_inputs(outcome));
        all.extend(empty_inputs(outcome));
    }
    let mut counts = outcome.tally.by_severity();
    counts.retain(|count| Level::of(outcome, count) == level);
    let room = LEVEL_MAX - all.len();
    let named = if counts.len() <= room { counts.len() } else { room - 1 };
    let (named, others) = counts.split_at(named);
    all.extend(named.iter().map(|count| about(level, &Row::new(outcome, count))));
    if !others.is_empty() {
        all.push(the_rest(level, others));
    }
    all
}

fn about(level: Level, row: &Row<'_>) -> Annotation {
    Annotation {
        level,
        code: Some(row.code.clone()),
        title: format!("JMessage {} {}", row.code, row.name),
        message: row.paragraphs().join("\n"),
    }
}

fn the_rest(level: Level, counts: &[&Count<'_>]) -> Annotation {
    let more = counted(counts.len() as u64, "more code");
    Annotation {
        level,
        code: None,
        title: format!("JMessage: {more}"),
        message: format!("{more}: {}", with_counts(counts)),
    }
}

/// Codes with how often each was found, as `871300 (2), 871301 (1)`.
fn with_counts(counts: &[&Count<'_>]) -> String {
    let codes = counts.iter().map(|count| format!("{} ({})", count.code, count.count));
    codes.collect::<Vec<_>>().join(", ")
}

fn unread_inputs(outcome: &Outcome<'_, '_>) -> Option<Annotation> {
    let unread = outcome.tally.unread_inputs();
    unread.text().map(|what| Annotation {
        level: Level::Error,
        code: None,
        message: std::iter::once(what.clone()).chain(unread.lines()).collect::<Vec<_>>().join("\n"),
        title: format!("JMessage: {what}"),
    })
}

fn empty_inputs(outcome: &Outcome<'_, '_>) -> Option<Annotation> {
    let count = outcome.failing_inputs();
    let title = counted(count, "empty input");
    let (mut names, more) = outcome.names_of_failing_inputs();
    names.extend((more > 0).then(|| counted(more, "more input")));
    (count > 0).then(|| Annotation {
        level: Level::Error,
        code: None,
        message: format!("{title}: {}", names.join(", ")),
        title: format!("JMessage: {title}"),
    })
}

/// A text with some characters replaced, at most `units_max` UTF-16 units long. A longer one is
/// cut, never within a replacement, and ends with `…`.
pub(super) fn fitted(
    text: &str,
    units_max: usize,
    replace: fn(char) -> Option<Cow<'static, str>>,
) -> String {
    let whole = escaped(text, replace);
    if units(&whole) <= units_max {
        return whole;
    }
    let (mut cut, mut left) = (String::new(), units_max.saturating_sub(1));
    for c in text.chars() {
        let piece = escaped(c.encode_utf8(&mut [0; 4]), replace);
        let Some(rest) = left.checked_sub(units(&piece)) else { break };
        left = rest;
        cut.push_str(&piece);
    }
    cut + "…"
}

/// A text with some characters replaced.
pub(super) fn escaped(text: &str, replace: fn(char) -> Option<Cow<'static, str>>) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match replace(c) {
            Some(replacement) => safe.push_str(&replacement),
            None => safe.push(c),
        }
    }
    safe
}

/// The length of a text in UTF-16 units, as programs in .NET count it.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::super::FailOn;
    use super::super::testing::{catalog, codes, empty_inputs, tally};
    use super::*;

    /// The titles of each level.
    fn titles(found: &[u64], fail_on: Option<&str>, empty: usize) -> [Vec<String>; 3] {
        let catalog = catalog();
        let mut tally = tally(&catalog, &codes(found));
        tally.set_empty_inputs(empty_inputs((0..empty).map(|_| None)));
        let fail_on: Option<FailOn> = fail_on.map(|list| list.parse().expect("a list"));
        let outcome = Outcome::new(&tally, fail_on.as_ref());
        Level::ALL.map(|level| {
            let all = annotations(&outcome, level);
            assert!(all.iter().all(|annotation| annotation.level == level));
            all.into_iter().map(|annotation| annotation.title).collect()
        })
    }

    #[test]
    fn exactly_what_the_policy_fails_is_an_error() {
        let found = [871_300, 871_201, 871_999];
        let lengths = |fail_on, empty| titles(&found, fail_on, empty).map(|all| all.len());
        assert_eq!(lengths(None, 1), [2, 1, 0]);
        assert_eq!(lengths(Some("871201"), 1), [1, 2, 0]);
        assert_eq!(lengths(Some("unknown,empty"), 2), [2, 2, 0]);
        assert_eq!(lengths(Some("any"), 0), [3, 0, 0]);
        assert_eq!(lengths(Some("info"), 0), [0, 3, 0]);
    }

    #[test]
    fn ten_of_a_level_are_ten_and_eleven_are_nine_and_one_for_the_rest() {
        let unknown: Vec<u64> = (871_900..871_911).collect();
        let [ten, ..] = titles(&unknown[..10], None, 0);
        assert_eq!((ten.len(), ten[9].as_str()), (10, "JMessage 871909 unknown code"));
        let [eleven, ..] = titles(&unknown, None, 0);
        assert_eq!((eleven.len(), eleven[9].as_str()), (10, "JMessage: 2 more codes"));
        let [with_empty, ..] = titles(&unknown[..10], Some("any,empty"), 2);
        assert_eq!(with_empty[0], "JMessage: 2 empty inputs");
        assert_eq!((with_empty.len(), with_empty[9].as_str()), (10, "JMessage: 2 more codes"));
    }

    #[test]
    fn what_is_not_shown_is_counted() {
        let catalog = catalog();
        let unknown: Vec<u64> = (871_900..871_911).chain(871_909..871_911).collect();
        let mut tally = tally(&catalog, &codes(&unknown));
        tally.set_empty_inputs(empty_inputs((0..103).map(|_| None)));
        let fail_on: FailOn = "any,empty".parse().expect("a list");
        let outcome = Outcome::new(&tally, Some(&fail_on));
        let all = annotations(&outcome, Level::Error);
        assert!(
            all[0].message.starts_with("103 empty inputs: stdin, ")
                && all[0].message.ends_with("stdin, 3 more inputs")
        );
        let fail_on: FailOn = "any".parse().expect("a list");
        let all = annotations(&Outcome::new(&tally, Some(&fail_on)), Level::Error);
        assert!(
            all[9].message.starts_with("2 more codes: 871907 (1), 871908 (1)"),
            "{}",
            all[9].message
        );
        let none: FailOn = "871900:2,871909:3".parse().expect("a list");
        let all = annotations(&Outcome::new(&tally, Some(&none)), Level::Warning);
        assert_eq!(all[0].title, "JMessage 871909 unknown code");
        let more: Vec<u64> = (871_900..871_920).flat_map(|code| [code, code]).collect();
        let tally = super::super::testing::tally(&catalog, &codes(&more));
        let all = annotations(&Outcome::new(&tally, None), Level::Error);
        assert!(all[9].message.starts_with("11 more codes: 871909 (2), "), "{}", all[9].message);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let replace = |c| (c == '%').then_some(Cow::Borrowed("%25"));
        assert_eq!(fitted("a%b", 5, replace), "a%25b");
        assert_eq!(fitted("a%bc", 5, replace), "a%25…");
        assert_eq!(fitted("ab%cd", 5, replace), "ab…");
        assert_eq!(fitted("😀😀😀", 5, replace), "😀😀…");
    }
}
