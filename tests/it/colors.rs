//! A log's own colors say nothing about its numbers: a color at the end of a line, or after a
//! number, changes no verdict.

use std::fs;
use std::ops::Range;

use jm_annotate::annotate::{Annotator, Block};
use jm_annotate::context::Strictness;
use jm_annotate::render::{Palette, Place};
use proptest::prelude::*;
use proptest::sample::select;

use crate::invariants::{counted, log, style};
use crate::util::{PLAIN, Style, annotated, cases, catalog, finish, program, run};

/// A log with a color after each of these places, which are in order.
fn colored(log: &[u8], places: &[usize], color: &str) -> Vec<u8> {
    let (mut colored, mut from) = (Vec::new(), 0);
    for at in places {
        colored.extend_from_slice(&log[from..*at]);
        colored.extend_from_slice(color.as_bytes());
        from = *at;
    }
    colored.extend_from_slice(&log[from..]);
    colored
}

/// Where the lines of a log end: before `\r*\n`.
fn line_ends(log: &[u8]) -> Vec<usize> {
    let mut start = 0;
    log.split_inclusive(|byte| *byte == b'\n')
        .map(|line| {
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            let ends = text.iter().rev().take_while(|byte| **byte == b'\r').count();
            let end = start + text.len() - ends;
            start += line.len();
            end
        })
        .collect()
}

/// How far from a number evidence may be: in a line that is longer, sequences may move it out of
/// reach (`VICINITY_BYTES` in `context/surroundings.rs`).
const REACH_BYTES: usize = 512;

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_color_at_the_end_of_each_line_changes_no_verdict(
        log in log(),
        color in select(&["\x1b[31m", "\x1b[m", "\x1b[0m\x1b[K"][..]),
    ) {
        let colored = colored(&log, &line_ends(&log), color);
        prop_assert_eq!(counted(&colored), counted(&log), "{:?}", String::from_utf8_lossy(&colored));
    }

    /// As `grep --color` does, and an explanation before which the color has to be restored.
    #[test]
    fn a_color_around_each_code_changes_no_verdict(
        log in log(),
        color in select(&["\x1b[31m", "\x1b[m", "\x1b[0m\x1b[K"][..]),
        sides in select(&[(true, false), (false, true), (true, true)][..]),
    ) {
        // A sequence may be cut.
        let log = String::from_utf8_lossy(&log).replace(['\x1b', '\u{fffd}'], "").into_bytes();
        let codes = places(&log);
        let of = |code: &Range<usize>| [sides.0.then_some(code.start), sides.1.then_some(code.end)];
        let places: Vec<usize> = codes.iter().flat_map(of).flatten().collect();
        let colored = colored(&log, &places, color);
        prop_assume!(colored.split(|byte| *byte == b'\n').all(|line| line.len() <= REACH_BYTES));
        prop_assert_eq!(counted(&colored), counted(&log), "{:?}", String::from_utf8_lossy(&colored));
    }

    /// The color in effect is restored after an explanation, also in a line that does not have it.
    #[test]
    fn a_second_run_changes_nothing_in_a_color_that_goes_on(
        log in log(),
        style in style(),
        color in select(&["\x1b[31m", "\x1b[1m\x1b[31;44m", "\x1b[31m\x1b[1m\x1b[22;4m"][..]),
    ) {
        let log = [color.as_bytes(), b"\n", &log].concat();
        let once = annotated(&log[..], style);
        let twice = annotated(&once[..], style);
        let [want, got] = [&once, &twice].map(|log| String::from_utf8_lossy(log));
        prop_assert_eq!(got, want, "{:?}", String::from_utf8_lossy(&log));
        prop_assert_eq!(counted(&once), counted(&log), "{:?}", String::from_utf8_lossy(&log));
    }
}

/// Random tests have found these: a color of one line goes on, and is restored after an explanation
/// in a line that ends with what looks like a tag if it is near enough.
#[test]
fn a_second_run_changes_nothing_where_a_color_of_an_earlier_line_goes_on() {
    let end = "D/Login( 1702)\nD( 1702: 2395) 871303(n";
    let start = "D( 1702: 2395)   (1702): code = 871300, Have not logged in.sendText -> 871303";
    for colors in
        ["\x1b[1m", "\x1b[31m", "\x1b[1;31m", "\x1b[1m\x1b[31m\x1b[44m", "\x1b[1;31m\x1b[22m"]
    {
        for bytes in 0..60 {
            let log = format!("{colors}\n{start}{} code=871999\r{end}", "x".repeat(bytes));
            for place in [Place::Inline, Place::End] {
                let style = Style { place, palette: Palette::Ansi256, ..PLAIN };
                let once = annotated(log.as_bytes(), style);
                let twice = annotated(&once[..], style);
                assert_eq!(String::from_utf8_lossy(&twice), String::from_utf8_lossy(&once));
                assert_eq!(counted(&once), counted(log.as_bytes()), "{log:?}");
            }
        }
    }
}

/// The next input begins with a color right after an explanation, which is not taken for a restored
/// one.
#[test]
fn a_color_of_the_next_input_is_not_that_of_an_explanation() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name| folder.path().join(name);
    fs::write(path("a"), "[ 03-18 00:13:38.871 1:2 D/code=871300").expect("a file");
    fs::write(path("b"), "\x1b[31mx ]\ncode=871303\n").expect("a file");
    fs::write(path("c"), "E/JMessage: code=871300").expect("a file");
    fs::write(path("d"), "x\n").expect("a file");
    for inputs in [["a", "b"], ["c", "b"], ["c", "d"]] {
        let headers = |color: &str| {
            let mut command = program();
            let log = finish(command.arg(color).args(inputs.map(path)), b"").expect(0).stdout;
            let is_closed_twice = String::from_utf8_lossy(&log).contains("\x1b[39m\x1b[39m");
            assert_eq!(is_closed_twice, color == "--color=always" && inputs[1] == "b");
            let json = run(&["--format=json"], &log).expect(0).text().to_owned();
            let header = |line: &str| line.split_once("\"header\":").expect("one").1.to_owned();
            json.lines().map(header).collect::<Vec<_>>()
        };
        assert_eq!(headers("--color=always"), headers("--color=never"), "{inputs:?}");
    }
}

/// A random test has found the first one: the color of its first line goes on, and is restored
/// after the explanation at the end of its second line, where a tag was no longer found. The others
/// are of programs that color matches or whole lines.
#[test]
fn a_second_run_changes_nothing_after_other_programs() {
    let header = "03-18 00:13:38.871 I/Login   ( 1702): ";
    let logs = [
        format!(
            "{header}responseCode = 871300, responseMessage = Have not logged in.\x1b[31m\n\
             W( 1702) login failed: 871301  (Login)sendText -> 871303 (main)\n"
        ),
        format!(
            "{header}code \x1b[01;31m\x1b[K871300\x1b[m\x1b[K, error \x1b[01;31m\x1b[K871301\x1b[m\x1b[K\n"
        ),
        format!("\x1b[1m{header}code 871300\x1b[0m\x1b[K\n\x1b[1m{header}code 871301\r\x1b[0m\n"),
    ];
    for log in logs {
        for place in [Place::Inline, Place::End] {
            for palette in [Palette::Plain, Palette::Ansi256] {
                let style = Style { place, palette, ..PLAIN };
                let once = annotated(log.as_bytes(), style);
                let twice = annotated(&once[..], style);
                assert_eq!(String::from_utf8_lossy(&twice), String::from_utf8_lossy(&once));
                assert_eq!(counted(&once), counted(log.as_bytes()), "{log:?}");
                assert_eq!(counted(&once).len(), 2, "{log:?}");
            }
        }
    }
}

/// `grep --color` marks the numbers of a log that has explanations already.
#[test]
fn marked_numbers_keep_their_explanations() {
    let log = b"E/Konto: code=871300, error 871301\n";
    for place in [Place::Inline, Place::End] {
        let once = String::from_utf8(annotated(&log[..], Style { place, ..PLAIN })).expect("UTF-8");
        let marked = once.replace("87130", "\x1b[01;31m\x1b[K87130");
        let marked = ["0", "1"].into_iter().fold(marked, |text, last| {
            let number = format!("87130{last}");
            text.replace(&number, &format!("{number}\x1b[m\x1b[K"))
        });
        let again = annotated(marked.as_bytes(), Style { place, ..PLAIN });
        assert_eq!(String::from_utf8_lossy(&again), marked);
    }
}

/// Where the numbers are that count as codes.
fn places(log: &[u8]) -> Vec<Range<usize>> {
    let (catalog, mut annotations) = (catalog(), Vec::new());
    let mut annotator = Annotator::new(&catalog, Strictness::Weighed);
    annotator.annotate(Block::lines(log), &mut annotations);
    annotations.into_iter().map(|one| one.number.range).collect()
}
