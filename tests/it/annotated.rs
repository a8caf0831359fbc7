//! A log that has our explanations already: a second run sees what the first one saw, however much
//! room the explanations take.

use jm_annotate::annotate::{Annotator, Block};
use jm_annotate::context::Strictness;
use proptest::{prop_assert_eq, proptest};

use crate::invariants::{counted_by, log, style};
use crate::util::{annotated, cases, catalog, finish, program};

/// What the program makes of a log.
fn run(log: &[u8], arguments: &[&str]) -> Vec<u8> {
    finish(program().args(arguments), log).expect(0).stdout
}

#[track_caller]
fn assert_same_twice(log: &str) {
    for arguments in [&["--color=never"][..], &["--color=never", "--place=end"]] {
        let first = run(log.as_bytes(), arguments);
        assert!(first.len() > log.len());
        assert!(run(&first, arguments) == first, "{arguments:?}");
    }
}

/// 1,800 bytes of lines, and more than 4,324 with their explanations: a message of `-v long` is not
/// so long.
#[test]
fn explanations_do_not_part_a_message_from_its_header() {
    let message = "sent 871300Have not logged in.\n".repeat(60);
    assert_same_twice(&format!("[ 03-17 16:13:38.811  1702: 2395 E/新好友 ]\n{message}871301\n"));
}

/// A line of 2,400 bytes that passes in pieces once it has its explanations.
#[test]
fn explanations_in_a_long_line_do_not_part_a_message_from_its_header() {
    let codes = "code=871504 ".repeat(200);
    assert_same_twice(&format!("[ 03-17 16:13:38.811  1702: 2395 E/新好友 ]\n{codes}\n871301\n"));
}

#[test]
fn explanations_do_not_hide_a_line_of_the_sdk() {
    let line = |pid, message| format!("03-18 00:13:38.000  {pid}  {pid} D {message}\n");
    let other = line(999, "Other: code = 871300").repeat(45);
    let log = [line(1702, "JMessage: init"), other, line(1702, "Konto: status = 801003")].concat();
    let json = ["--format=json"];
    let count = |log: &[u8]| run(log, &json).iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(count(log.as_bytes()), 46);
    assert_eq!(count(&run(log.as_bytes(), &["--codes=android"])), 46);
}

/// The line is cut where a number's surroundings are only explanations.
#[test]
fn explanations_in_a_long_line_are_recognized_on_both_sides_of_a_cut() {
    for log in [
        "case 900000, 871301: code=871503 code=871301 ".repeat(400),
        "JMessage 871504, 871301 [1, 871302] 871503 ".repeat(400),
    ] {
        assert_same_twice(&(log + "\n"));
    }
}

/// An earlier run has explained a number, perhaps without `--strict`, or after other lines. So it
/// counts, and the command that says why agrees.
#[test]
fn a_number_that_has_its_explanation_counts_and_is_said_to() {
    let explained = "[Have not logged in. | api调用发起者尚未登录]";
    for (log, weighed, strict) in [
        (format!("size 871300 {explained}\n"), "explained", "explained"),
        (format!("871300 {explained}\n"), "alone", "explained"),
        (format!("code 871300 {explained}\n"), "code-key", "code-key"),
    ] {
        for (options, by) in [(&[][..], weighed), (&["--strict"], strict)] {
            let json = run(log.as_bytes(), &[&["--format=json"][..], options].concat());
            assert_eq!(json.iter().filter(|byte| **byte == b'\n').count(), 1, "{log}");
            let explain = [&["explain", "--format=json", "--line=-"][..], options].concat();
            let verdict = String::from_utf8(run(log.as_bytes(), &explain)).expect("it is JSON");
            assert!(verdict.contains("\"verdict\":\"code\""), "{log}{verdict}");
            assert!(verdict.contains(&format!("\"rule\":\"{by}\"")), "{log}{verdict}");
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn what_counts_in_an_explained_log_is_said_to(log in log(), style in style()) {
        let once = annotated(&log[..], style);
        for strictness in [Strictness::Weighed, Strictness::Strict] {
            let (counted, said) = (counted_by(&once, strictness), said(&once, strictness));
            prop_assert_eq!(said, counted, "{:?}", String::from_utf8_lossy(&once));
        }
    }
}

/// The same as `explain --line` says.
fn said(log: &[u8], strictness: Strictness) -> Vec<(usize, u64)> {
    let (catalog, mut said) = (catalog(), Vec::new());
    let mut annotator = Annotator::new(&catalog, strictness);
    for (line, text) in log.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let explained = annotator.explain_line(Block::lines(text));
        let codes = explained.iter().filter(|explained| explained.verdict.is_code());
        said.extend(codes.map(|explained| (line, explained.number.code.number())));
    }
    said
}
