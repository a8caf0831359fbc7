//! What a pass found, and what the policy says about it: which codes fail.
//!
//! Owns the policy that every report follows: `--fail-on` decides, and without it the severity.
//! Knows no exit status.

use std::collections::BTreeSet;

use super::FailOn;
use super::tally::{Count, Tally};
use super::text::{counted, input_name, place_text};
use crate::catalog::{Code, Severity};
use crate::render::Languages;
use crate::visible::visible;

/// The counts of a pass with the judgment of the policy.
#[derive(Debug)]
pub struct Outcome<'t, 'c> {
    pub(super) tally: &'t Tally<'c>,
    /// The codes that fail.
    failing: BTreeSet<Code>,
    fails_empty: bool,
    /// Whether there is a list; without one, no build fails.
    has_policy: bool,
    /// Whether counts of several codes together fail, or empty inputs.
    fails_besides_codes: bool,
    /// Why the build fails; `None` if it does not, or if nothing was asked for.
    message: Option<String>,
    /// The languages of the summary; the page shows them first.
    pub(super) languages: Languages,
}

/// What the policy says about a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BuildResult<'o> {
    /// There is no `--fail-on`.
    NoPolicy,
    Passes,
    /// Nothing that was read fails, but not everything was read: no one knows.
    Unread,
    /// With the reason.
    Fails(&'o str),
}

impl<'t, 'c> Outcome<'t, 'c> {
    /// Judges what was counted: `fail_on` decides. Without it, codes of the severity `error` fail,
    /// but no build does.
    #[must_use]
    pub fn new(tally: &'t Tally<'c>, fail_on: Option<&FailOn>) -> Self {
        let Some(fail_on) = fail_on else {
            let errors = tally.counts().filter(|count| count.lookup.severity() == Severity::Error);
            let failing = errors.map(|count| count.code).collect();
            return Outcome {
                tally,
                failing,
                fails_empty: false,
                has_policy: false,
                fails_besides_codes: false,
                message: None,
                languages: Languages::Both,
            };
        };
        let found = fail_on.found(tally);
        let codes = found.codes.iter().copied().map(count_text).collect::<Vec<_>>();
        let sums = found.sums.iter().map(|(item, sum)| format!("{item} counted {sum}"));
        let sums: Vec<String> = sums.collect();
        let empty = if found.empty { empty_text(tally) } else { String::new() };
        let parts = [codes.join(", "), sums.join(", "), empty];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Outcome {
            tally,
            failing: found.codes.iter().map(|count| count.code).collect(),
            fails_empty: found.empty,
            has_policy: true,
            fails_besides_codes: found.empty || !sums.is_empty(),
            languages: Languages::Both,
            message: (!parts.is_empty()).then(|| parts.join("; ")),
        }
    }

    /// Why `--fail-on` fails the build, as one line: each code with its name, its count, and its
    /// first place. `None` if the build does not fail.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The same with the languages of the summary; the page shows them first.
    #[must_use]
    pub fn in_languages(mut self, languages: Languages) -> Self {
        self.languages = languages;
        self
    }

    /// What the policy says about the build.
    pub(super) fn verdict(&self) -> BuildResult<'_> {
        match &self.message {
            Some(message) => BuildResult::Fails(message),
            None if self.tally.unread_inputs().count() > 0 => BuildResult::Unread,
            None if self.has_policy => BuildResult::Passes,
            None => BuildResult::NoPolicy,
        }
    }

    /// Whether there is a policy; without one, the codes of severity error are those that fail.
    pub(super) fn has_policy(&self) -> bool {
        self.has_policy
    }

    /// Whether counts of several codes together fail, or empty inputs.
    pub(super) fn fails_besides_codes(&self) -> bool {
        self.fails_besides_codes
    }

    /// Whether a code fails.
    pub(super) fn fails(&self, count: &Count<'_>) -> bool {
        self.failing.contains(&count.code)
    }

    /// How many codes fail.
    pub(super) fn failing_codes(&self) -> usize {
        self.failing.len()
    }

    /// How many inputs fail because they are empty.
    pub(super) fn failing_inputs(&self) -> u64 {
        if self.fails_empty { self.tally.empty_inputs().count() } else { 0 }
    }

    /// The names of the inputs that fail because they are empty, safe to show, and how many more
    /// there are.
    pub(super) fn names_of_failing_inputs(&self) -> (Vec<String>, u64) {
        if !self.fails_empty {
            return (Vec::new(), 0);
        }
        let empty = self.tally.empty_inputs();
        let names = empty.names().iter().map(|name| input_name(name.as_deref()));
        (names.collect(), empty.count() - empty.names().len() as u64)
    }
}

fn count_text(count: &Count<'_>) -> String {
    let (code, name) = (count.code, visible(count.lookup.name()));
    let first = place_text(&count.first);
    match count.count {
        1 => format!("{code} {name} (once, at {first})"),
        times => format!("{code} {name} ({times} times, first at {first})"),
    }
}

/// How many empty inputs are named.
const NAMES_MAX: usize = 3;

fn empty_text(tally: &Tally<'_>) -> String {
    let empty = tally.empty_inputs();
    let names: Vec<String> =
        empty.names().iter().take(NAMES_MAX).map(|name| input_name(name.as_deref())).collect();
    let more = if empty.count() > NAMES_MAX as u64 { ", …" } else { "" };
    format!("{}: {}{more}", counted(empty.count(), "empty input"), names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{catalog, codes, empty_inputs, tally};
    use super::*;
    use crate::catalog::Entry;

    /// The failing codes and the message.
    fn judged(list: &str, empty: &[&str]) -> (Vec<u64>, Option<String>) {
        let catalog = catalog();
        let mut tally = tally(&catalog, &codes(&[871_201, 871_999, 871_300, 871_300, 871_102]));
        let empty = empty.iter().map(|name| Some(name.as_bytes()));
        tally.set_empty_inputs(empty_inputs(empty));
        let fail_on: FailOn = list.parse().expect("a list");
        let outcome = Outcome::new(&tally, Some(&fail_on));
        let failing = outcome.failing.iter().map(|code| code.number()).collect();
        (failing, outcome.failure().map(str::to_owned))
    }

    #[test]
    fn each_item_names_its_codes() {
        let cases: [(&str, &[u64]); 16] = [
            ("any", &[871_102, 871_201, 871_300, 871_999]),
            ("unknown", &[871_999]),
            ("error", &[871_300, 871_999]),
            ("error,!unknown", &[871_300]),
            ("!unknown", &[871_102, 871_201, 871_300]),
            ("warning", &[871_102, 871_201]),
            ("info", &[]),
            ("empty", &[]),
            ("android", &[871_102, 871_201, 871_300]),
            ("server", &[]),
            ("871300:2", &[871_300]),
            ("871300:3", &[]),
            ("871000-871299:2", &[871_102, 871_201]),
            ("871000-871299:3", &[]),
            ("unknown:2", &[]),
            ("error:3,!871201", &[871_300, 871_999]),
        ];
        for (list, want) in cases {
            let (failing, message) = judged(list, &[]);
            assert_eq!((failing.as_slice(), message.is_some()), (want, !want.is_empty()), "{list}");
        }
    }

    #[test]
    fn the_message_names_code_count_and_place() {
        assert_eq!(
            judged("unknown,871300", &[]).1.as_deref(),
            Some(
                "871300 not logged in (2 times, first at stdin:3), 871999 unknown code (once, at \
                 stdin:2)"
            )
        );
        let (_, message) = judged("android:3,871300:2", &[]);
        let message = message.expect("it fails");
        assert!(message.ends_with("; android:3 counted 4"), "{message}");
    }

    /// A page shows the message as it is.
    #[test]
    fn the_message_is_safe_to_show_whatever_a_catalog_calls_a_code() {
        let (listed, mut catalog) = (catalog(), catalog());
        let entry = listed.get(Code::new(871_300)).expect("listed").clone();
        catalog.overlay([Entry { name: "\x07\u{202e}no\x1b[2J", ..entry }]);
        let tally = tally(&catalog, &codes(&[871_300]));
        let any: FailOn = "any".parse().expect("a list");
        let outcome = Outcome::new(&tally, Some(&any));
        let message = outcome.failure().expect("it fails");
        assert_eq!(message, "871300 ␇�no␛[2J (once, at stdin:1)");
    }

    #[test]
    fn an_empty_input_fails_only_where_that_is_asked_for() {
        assert_eq!(judged("info", &["a.log"]), (vec![], None));
        assert_eq!(judged("any,!empty,!android,!unknown", &["a"]), (vec![], None));
        assert_eq!(judged("empty:2", &["a.log"]), (vec![], None));
        let (failing, message) = judged("empty", &["a\n.log", "b"]);
        assert_eq!((failing, message.as_deref()), (vec![], Some("2 empty inputs: a␊.log, b")));
        let (_, message) = judged("empty,unknown", &["a", "b", "c", "d"]);
        assert!(message.expect("it fails").ends_with("; 4 empty inputs: a, b, c, …"));
    }

    #[test]
    fn without_a_list_the_severity_decides_and_no_build_fails() {
        let catalog = catalog();
        let tally = tally(&catalog, &codes(&[871_300, 871_201, 871_999]));
        let outcome = Outcome::new(&tally, None);
        let failing: Vec<u64> = outcome.failing.iter().map(|code| code.number()).collect();
        assert_eq!((failing, outcome.failure()), (vec![871_300, 871_999], None));
    }
}
