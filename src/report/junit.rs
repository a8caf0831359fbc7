//! JUnit XML, which GitLab and Jenkins show as test results: one suite, one test case per code. The
//! policy decides which of them fail.
//!
//! Owns what these two need beyond the schema. The same tally gives the same bytes: there are no
//! times and no random identifiers.

use std::io;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::Outcome;
use super::text::{Row, counted, more_inputs, rows, totals};
use super::unread::Unread;

/// Writes the report.
///
/// A log without a code gives one passing test case, not an empty suite: for a report without a
/// test case, Jenkins fails the build ("None of the test reports contained any result"), and GitLab
/// shows no report at all.
///
/// # Errors
/// The writer's.
pub(super) fn write(outcome: &Outcome<'_, '_>, writer: &mut dyn io::Write) -> io::Result<()> {
    let rows = rows(outcome);
    let mut suite = TestSuite::new(TOOL);
    suite.add_test_cases(unread_inputs(outcome));
    let (names, more) = outcome.names_of_failing_inputs();
    suite.add_test_cases(names.iter().map(|name| empty_input(&format!("{name} is"), name)));
    if more > 0 {
        let inputs = counted(more, "more input");
        suite.add_test_case(empty_input(&more_inputs(more), &inputs));
    }
    if rows.len() == 0 && suite.test_cases.is_empty() {
        suite.add_test_case(nothing_found(outcome));
    }
    suite.add_test_cases(rows.map(|row| if row.fails { failed(&row) } else { passed(&row) }));
    let mut report = Report::new(TOOL);
    report.add_test_suite(suite);
    let mut harmless = Harmless::new(writer);
    let written = report.serialize(&mut harmless);
    if let Some(error) = harmless.error {
        return Err(error);
    }
    written.map_err(io::Error::other)?;
    harmless.writer.flush()
}

/// The name of the report and of its suite.
const TOOL: &str = "jm-annotate";

fn nothing_found(outcome: &Outcome<'_, '_>) -> TestCase {
    let mut case = TestCase::new("no JMessage error code found", TestCaseStatus::success());
    case.set_classname("jmessage").set_system_out(totals(outcome.tally));
    case
}

/// What could not be read is an error, which is no failure and no passed test.
fn unread_inputs(outcome: &Outcome<'_, '_>) -> Vec<TestCase> {
    let unread = outcome.tally.unread_inputs();
    let of_input = |input: &Unread| {
        unread_case(format!("{} is readable", input.name()), input.what(), input.reason())
    };
    let mut cases: Vec<TestCase> = unread.named().iter().map(of_input).collect();
    if let Some(more @ 1..) = unread.count().checked_sub(cases.len() as u64) {
        let name = format!("{} readable", more_inputs(more));
        cases.push(unread_case(name, "they could not be read", "see standard error"));
    }
    cases
}

fn unread_case(name: String, what: &str, reason: &str) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(format!("{what}: {reason}")).set_type("unread");
    status.set_description(format!("{name}: {what}: {reason}"));
    let mut case = TestCase::new(name, status);
    case.set_classname("jmessage.input");
    case
}

fn empty_input(input_is: &str, input: &str) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message("the input is empty").set_type("empty");
    status.set_description(format!("{input}: the input is empty; was its log written at all?"));
    let mut case = TestCase::new(format!("{input_is} not empty"), status);
    case.set_classname("jmessage.input");
    case
}

fn failed(row: &Row<'_>) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    // GitLab hides the message of a failure, and Jenkins shows it above the body, so the message
    // says no more than the body does.
    let message = format!("{} | {}", row.inline.en, row.inline.zh);
    status.set_message(message).set_type(row.severity.word()).set_description(body(row));
    case(row, status)
}

fn passed(row: &Row<'_>) -> TestCase {
    let mut case = case(row, TestCaseStatus::success());
    case.set_system_out(body(row));
    case
}

fn case(row: &Row<'_>, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(format!("{} {}", row.code, row.name), status);
    case.set_classname(format!("jmessage.{}", row.family.unwrap_or("unknown")));
    case
}

fn body(row: &Row<'_>) -> String {
    let mut lines = row.paragraphs();
    // The vendor's own words, where the meaning differs from the explanation.
    if row.inline.en != row.meaning.en {
        lines.insert(1, row.inline.en.to_string());
    }
    lines.push(String::new());
    lines.extend(row.log_lines());
    lines.join("\n")
}

/// The count of skipped cases, which quick-junit always writes on the outermost element, and which
/// the schema of Jenkins' xUnit plugin (`junit-10.xsd`) refuses there.
const SKIPPED: &[u8] = b" skipped=\"0\"";

/// A writer of the same XML without the first [`SKIPPED`], and without `##` and `::`, which begin
/// commands of GitHub (`##[error]` anywhere, `::error::` at the start of a line) and Azure
/// (`##vso[…]` anywhere): the report may be written to the console, and it contains file names and
/// lines of the log.
struct Harmless<'w> {
    writer: &'w mut dyn io::Write,
    /// What precedes the end of [`SKIPPED`], until it is there.
    start: Vec<u8>,
    is_started: bool,
    /// The last byte that was written; 0 if the next one cannot make a pair with it.
    last_byte: u8,
    /// Why the writer failed: the report's own error does not say.
    error: Option<io::Error>,
}

impl<'w> Harmless<'w> {
    fn new(writer: &'w mut dyn io::Write) -> Self {
        Harmless { writer, start: Vec::new(), is_started: false, last_byte: 0, error: None }
    }

    fn write_part(&mut self, xml: &[u8]) -> io::Result<()> {
        if self.is_started {
            return self.write_harmless(xml);
        }
        self.start.extend(xml);
        if let Some(at) = memchr::memmem::find(&self.start, SKIPPED) {
            let start = std::mem::take(&mut self.start);
            self.is_started = true;
            self.write_harmless(&start[..at])?;
            self.write_harmless(&start[at + SKIPPED.len()..])?;
        }
        Ok(())
    }

    fn write_harmless(&mut self, xml: &[u8]) -> io::Result<()> {
        let mut from = 0;
        for (at, byte) in xml.iter().enumerate() {
            let is_second = matches!(byte, b'#' | b':') && *byte == self.last_byte;
            self.last_byte = if is_second { 0 } else { *byte };
            if is_second {
                self.writer.write_all(&xml[from..at])?;
                write!(self.writer, "&#{byte};")?;
                from = at + 1;
            }
        }
        self.writer.write_all(&xml[from..])
    }
}

impl io::Write for Harmless<'_> {
    fn write(&mut self, xml: &[u8]) -> io::Result<usize> {
        match self.write_part(xml) {
            Ok(()) => Ok(xml.len()),
            Err(error) => {
                let kind = error.kind();
                self.error = Some(error);
                Err(kind.into())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::FailOn;
    use super::super::testing::{
        HOSTILE, Input, catalog, codes, empty_inputs, hostile, tally, twelve,
    };
    use super::*;

    fn xml(inputs: &[Input]) -> String {
        judged_xml(inputs, "any")
    }

    fn judged_xml(inputs: &[Input], fail_on: &str) -> String {
        let catalog = catalog();
        let mut tally = tally(&catalog, inputs);
        let empty = inputs.iter().filter(|(_, log)| log.is_empty());
        tally.set_empty_inputs(empty_inputs(empty.map(|(name, _)| name.as_deref())));
        let mut text = Vec::new();
        let fail_on: FailOn = fail_on.parse().expect("a list");
        let outcome = Outcome::new(&tally, Some(&fail_on));
        write(&outcome, &mut text).expect("memory does not fail");
        String::from_utf8(text).expect("a report is UTF-8")
    }

    /// The only suite, read back. Every XML parser reads numeric references, but quick-junit does
    /// not, so ours are undone first.
    fn suite(xml: &str) -> TestSuite {
        let xml = xml.replace("&#35;", "#").replace("&#58;", ":");
        let mut report = Report::deserialize_from_str(&xml).expect("it is JUnit XML");
        assert_eq!(report.test_suites.len(), 1);
        report.test_suites.remove(0)
    }

    /// A failure's message, type and body.
    fn failure(case: &TestCase) -> (&str, &str, &str) {
        match &case.status {
            TestCaseStatus::NonSuccess {
                kind: NonSuccessKind::Failure,
                message,
                ty,
                description,
                ..
            } => {
                let [message, ty, description] = [message, ty, description]
                    .map(|text| text.as_ref().map_or("", |text| text.as_str()));
                (message, ty, description)
            }
            other => panic!("no failure: {other:?}"),
        }
    }

    #[test]
    fn nothing_found_is_one_test_that_passes() {
        let suite = suite(&xml(&codes(&[])));
        assert_eq!((suite.tests, suite.failures, suite.errors), (1, 0, 0));
        assert!(matches!(suite.test_cases[0].status, TestCaseStatus::Success { .. }));
    }

    #[test]
    fn one_code_is_one_failure_with_everything_in_its_body() {
        let suite = suite(&xml(&codes(&[871_300, 871_300])));
        let case = &suite.test_cases[0];
        assert_eq!(
            (case.name.as_str(), case.classname.as_deref()),
            ("871300 not logged in", Some("jmessage.android"))
        );
        let (message, ty, body) = failure(case);
        assert_eq!((message, ty), ("Have not logged in. | api调用发起者尚未登录", "error"));
        let lines: Vec<_> = body.lines().collect();
        assert_eq!(
            lines[0],
            "871300 not logged in (android): 2 times, first at stdin:1, last at stdin:2"
        );
        assert_eq!(
            lines[1..3],
            ["Have not logged in.", "The API was called while no user was logged in"]
        );
        assert!(
            lines[4].starts_with("Advice: Call JMessageClient.login")
                && lines[5].starts_with("建议：先调用"),
            "{body}"
        );
        assert_eq!(lines[7], "stdin:1: JMessage: responseCode = 871300");
        assert_eq!(lines.len(), 9);
    }

    #[test]
    fn twelve_codes_are_twelve_failures_and_the_same_bytes_again() {
        let text = xml(&twelve());
        let suite = suite(&text);
        assert_eq!((suite.tests, suite.failures, suite.errors), (12, 12, 0));
        let unknown =
            suite.test_cases.iter().find(|case| case.name.as_str() == "871999 unknown code");
        let unknown = unknown.expect("an unknown code is a case");
        assert_eq!(
            (unknown.classname.as_deref(), failure(unknown).1),
            (Some("jmessage.unknown"), "error")
        );
        assert_eq!(text, xml(&twelve()));
    }

    #[test]
    fn exactly_what_the_policy_fails_fails() {
        let failing = |fail_on: &str| {
            let suite = suite(&judged_xml(&twelve(), fail_on));
            assert_eq!((suite.tests, suite.test_cases.len()), (12, 12));
            suite.failures
        };
        for (fail_on, want) in [("any", 12), ("unknown", 1), ("871102", 1), ("871102:2", 0)] {
            assert_eq!(failing(fail_on), want, "{fail_on}");
        }
        let suite = suite(&judged_xml(&codes(&[871_300]), "unknown"));
        let case = &suite.test_cases[0];
        assert!(matches!(case.status, TestCaseStatus::Success { .. }));
        let text = case.system_out.as_ref().map_or("", |text| text.as_str());
        assert!(text.starts_with("871300 not logged in (android): once, at stdin:1\n"), "{text}");
    }

    #[test]
    fn an_empty_input_is_a_failure_only_if_the_policy_says_so() {
        let suites = ["empty", "any"].map(|list| suite(&judged_xml(&codes(&[]), list)));
        assert_eq!(suites.each_ref().map(|suite| (suite.tests, suite.failures)), [(1, 1), (1, 0)]);
        assert_eq!(suites[0].test_cases[0].name.as_str(), "stdin is not empty");
    }

    #[test]
    fn hostile_text_is_text() {
        let text = xml(&hostile());
        let legal = [' '..='~', '\u{a0}'..='\u{fffd}', '\u{10000}'..='\u{10ffff}'];
        let is_legal = |c| c == '\n' || legal.iter().any(|range| range.contains(&c));
        assert!(text.chars().all(is_legal), "{text}");
        assert!(["<script", "]]>", "##", "::"].iter().all(|bad| !text.contains(bad)), "{text}");
        let suite = suite(&text);
        assert_eq!(suite.test_cases.len(), 2);
        let bodies: String = suite.test_cases.iter().map(|case| failure(case).2).collect();
        for kept in [HOSTILE[1], HOSTILE[2], HOSTILE[3]] {
            let kept = std::str::from_utf8(kept).expect("it is ASCII");
            assert!(bodies.contains(kept), "{kept} is not in {bodies}");
        }
    }

    #[test]
    fn unread_inputs_that_are_not_named_are_counted() {
        let catalog = catalog();
        let mut tally = tally(&catalog, &codes(&[]));
        let mut unread = super::super::UnreadInputs::default();
        (0..23).for_each(|_| unread.add(Some(b"a.log"), super::super::Extent::Nothing, "x"));
        tally.set_unread_inputs(unread);
        let mut text = Vec::new();
        write(&Outcome::new(&tally, None), &mut text).expect("memory does not fail");
        let suite = suite(&String::from_utf8(text).expect("UTF-8"));
        assert_eq!((suite.tests, suite.errors), (21, 21));
        assert_eq!(suite.test_cases[20].name.as_str(), "3 more inputs are readable");
    }

    #[test]
    fn no_number_of_signs_is_a_command() {
        for (count, at_once) in (1..9).flat_map(|count| (1..5).map(move |parts| (count, parts))) {
            let signs = "#".repeat(count) + &":".repeat(count) + "#:#:";
            let mut text = Vec::new();
            let mut harmless = Harmless::new(&mut text);
            for part in [SKIPPED, signs.as_bytes()].concat().chunks(at_once) {
                harmless.write_all(part).expect("memory does not fail");
            }
            let safe = String::from_utf8(text).expect("it is ASCII");
            assert!(!safe.contains("##") && !safe.contains("::"), "{safe}");
            assert_eq!(safe.replace("&#35;", "#").replace("&#58;", ":"), signs);
        }
    }
}
