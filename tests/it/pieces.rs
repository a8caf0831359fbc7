//! Lines beyond `LINE_BYTES_MAX`, which come in pieces: with `--place end`, explanations wait for
//! the end of the line, wherever the pieces are cut.

use jm_annotate::catalog::Language;
use jm_annotate::render::{Languages, Palette, Place};
use jm_annotate::stream::LINE_BYTES_MAX;

use crate::util::{PLAIN, Steps, Style, annotated, finish, program, run};

const ENDS: Style = Style {
    languages: Languages::One(Language::English),
    place: Place::End,
    palette: Palette::Plain,
};

/// What is written for a log in which `~` is a word longer than a piece. It is `~` in the result,
/// too.
fn ends(log: &str, style: Style) -> String {
    let filler = "x".repeat(LINE_BYTES_MAX + 9);
    let log = log.replace('~', &filler);
    let text = annotated(log.as_bytes(), style);
    let steps = Steps { bytes: log.as_bytes(), step: LINE_BYTES_MAX / 3 };
    assert!(text == annotated(steps, style), "reads are invisible");
    String::from_utf8(text).expect("it is UTF-8").replace(&filler, "~")
}

#[test]
fn explanations_wait_for_the_end_of_their_line() {
    const ONE: &str = " [871300 Have not logged in.]";
    const OTHER: &str = " [871301 Invalid parameters.]";
    let both = format!("{ONE}{OTHER}");
    // The explanations come where `^` is.
    for (log, added) in [
        ("code=871300 ~^\n", ONE),
        ("code=871300 ~~~^\n", ONE),
        ("~ code=871300 ~^\r\n", ONE),
        ("~ code=871300^", ONE),
        ("code=871300 ~^", ONE),
        ("code=871300 ~ code=871300 ~ code=871300^\n", ONE),
        ("code=871300 ~ code=871301 ~^\n", &both),
        ("code=871300 code=871301 ~ code=871300^\n", &both),
    ] {
        for (before, after) in [("", ""), ("a\n", "b\n"), ("a ~\n", "b ~\n")] {
            let after = if log.ends_with('\n') { after } else { "" };
            let [log, want] = [log.replace('^', ""), log.replace('^', added)];
            let [log, want] = [log, want].map(|line| format!("{before}{line}{after}"));
            assert_eq!(ends(&log, ENDS), want);
            assert_eq!(ends(&want, ENDS), want, "a second run adds nothing");
        }
    }
}

/// Wherever the explanations are cut into pieces.
#[test]
fn a_second_run_finds_the_explanations_at_the_end_of_a_line() {
    for palette in [Palette::Plain, Palette::Ansi256] {
        for end in ["", "\n", "\r\n"] {
            for length in 2 * LINE_BYTES_MAX - 160..2 * LINE_BYTES_MAX {
                let filler = "x".repeat(length);
                let log = format!("code=871300 code=871301 {filler}{end}");
                let once = annotated(log.as_bytes(), Style { palette, ..ENDS });
                let twice = annotated(once.as_slice(), Style { palette, ..ENDS });
                assert!(once == twice, "{}", String::from_utf8_lossy(&twice[length..]));
            }
        }
    }
}

/// The colors of a line are restored after an explanation, also those of its first piece.
/// What is seen after a piece may end with what looks like an explanation at the line's end. It
/// says nothing about a number in the piece.
#[test]
fn what_is_seen_after_a_piece_may_end_before_the_line_does() {
    const LOOKS_ALIKE: &str = " [871300 Have not logged in.]";
    let (seen, more) = (LINE_BYTES_MAX + 12 * 1024, "x".repeat(2 * LINE_BYTES_MAX));
    for end in seen - 2..seen + 3 {
        let start = "size=871300 ";
        let filler = "x".repeat(end - start.len() - LOOKS_ALIKE.len());
        let log = format!("{start}{filler}{LOOKS_ALIKE}{more}\n");
        let json = finish(program().arg("--format=json"), log.as_bytes()).expect(0).stdout;
        let columns = format!("\"column\":{},", end - LOOKS_ALIKE.len() + 3);
        let found = String::from_utf8(json).expect("it is UTF-8");
        assert!(found.lines().count() == 1 && found.contains(&columns), "{end}: {found}");
    }
}

#[test]
fn the_colors_of_a_line_that_comes_in_pieces_are_restored() {
    let colored = Style { palette: Palette::Ansi256, ..ENDS };
    let want = "\x1b[31mcode=871300 ~ \x1b[38;5;163m[871300 Have not logged in.]\x1b[39m\x1b[31m\n";
    assert_eq!(ends("\x1b[31mcode=871300 ~\n", colored), want);
    let want =
        "code=871300 ~\x1b[1;36m~ \x1b[38;5;163m[871300 Have not logged in.]\x1b[39m\x1b[1;36m\n";
    assert_eq!(ends("code=871300 ~\x1b[1;36m~\n", colored), want);
}

/// Wherever the limit is in the last words of a line, the explanation is before the line's end.
#[test]
fn a_line_that_ends_at_the_limit_gets_its_explanation_before_its_end() {
    for end in ["\n", "\r\n", "\r\r\n", ""] {
        for bytes in LINE_BYTES_MAX - 3..=LINE_BYTES_MAX + 3 {
            let line = format!("code=871300 {}", "x".repeat(bytes - 12));
            let log = format!("{line}{end}next\n");
            let log = if end.is_empty() { line.clone() } else { log };
            let text = annotated(log.as_bytes(), ENDS);
            let added = &text[bytes..text.len() - (log.len() - bytes)];
            assert_eq!(
                String::from_utf8_lossy(added),
                " [871300 Have not logged in.]",
                "{end:?} {bytes}"
            );
        }
    }
}

/// A color sequence is in one piece.
#[test]
fn a_color_at_the_limit_of_a_line_is_restored() {
    let style = Style { palette: Palette::Ansi256, ..PLAIN };
    for bytes in LINE_BYTES_MAX - 8..LINE_BYTES_MAX + 8 {
        let words = &"x ".repeat(LINE_BYTES_MAX)[..bytes];
        let log = format!("{words}\x1b[31m code=871300 {}\n", "y ".repeat(2000));
        let text = String::from_utf8(annotated(log.as_bytes(), style)).expect("UTF-8");
        assert_eq!(text.matches("\x1b[39m\x1b[31m").count(), 1, "{bytes}");
    }
}

/// A color right after a number is the log's, also if a piece ends between them.
#[test]
fn a_color_after_a_number_at_the_limit_of_a_line_remains_the_logs() {
    let style = Style { palette: Palette::Ansi256, ..PLAIN };
    for bytes in (0..3).chain(LINE_BYTES_MAX - 24..LINE_BYTES_MAX + 8) {
        let words = &"x ".repeat(LINE_BYTES_MAX)[..bytes];
        let log = format!("{words} code=871300\x1b[31m {}\n", "y ".repeat(bytes / 8));
        let text = String::from_utf8(annotated(log.as_bytes(), style)).expect("UTF-8");
        assert_eq!(text.matches("]\x1b[39m\x1b[39m\x1b[31m ").count(), 1, "{bytes}");
    }
}

/// A report shows the part of a long line that the code is in, with `…` where the line has more,
/// also if that is in another piece.
#[test]
fn a_report_shows_where_a_line_is_cut() {
    let filler = "x".repeat(LINE_BYTES_MAX);
    for (line, want) in [
        (format!("{filler}xxx code=871300 xxx"), [true, false]),
        (format!("xxx code=871300 {filler}"), [false, true]),
        (format!("{} code=871300 {filler}", &filler[20..]), [true, true]),
        (format!("{0} code=871300 {0}", &filler[..900]), [true, true]),
        ("xxx code=871300 xxx".to_owned(), [false, false]),
    ] {
        let log = format!("{}\n{line}\n", &filler[..900]);
        let report = |option| run(&[option], log.as_bytes()).expect(0).text().to_owned();
        let (junit, html) = (report("--report=junit=-"), report("--report=html=-"));
        for (report, begins, number, ends) in [
            (junit, "\nstdin:2: ", "871300", "</failure>"),
            (html, "<code>", "<mark>871300</mark>", "</code>"),
        ] {
            let shown = report.split(begins).skip(1).find_map(|part| part.split_once(number));
            let (start, rest) = shown.expect("it has the line");
            let (end, _) = rest.split_once(ends).expect("it ends");
            assert!(start.ends_with("xxx code=") && end.starts_with(" xxx"), "{start}871300{end}");
            assert_eq!([start, end].map(|text| text.contains('…')), want, "{start}871300{end}");
        }
    }
}
