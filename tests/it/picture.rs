//! The picture of a terminal in the README: what a person sees, drawn by the test.

use std::fs;

use anstyle_svg::Term;

use crate::generated::check_file;
use crate::terminal::{command, seen_at};

/// The lines of the sample log that are in the picture, by their times.
const TIMES: [&str; 9] = [
    "31:08.655", "31:08.871", "31:09.119", "31:15.483", "31:21.640", "31:28.871", "31:43.022",
    "32:19.871", "32:40.112",
];

/// The color of a level in `adb logcat -v color`.
fn colored(line: &str) -> String {
    let color = match line.as_bytes().get(31) {
        Some(b'E') => 196,
        Some(b'W') => 166,
        Some(b'I') => 40,
        _ => 75,
    };
    format!("\u{1b}[38;5;{color}m{line}\u{1b}[0m\n")
}

/// Dates, which are all the same, would only take room.
fn without_date(line: &str) -> &str {
    line.split_once(' ').map_or(line, |(_, rest)| rest)
}

#[test]
fn the_picture_shows_what_the_program_writes() {
    let log = fs::read_to_string("tests/logs/sample.log").expect("the sample");
    let shown = |line: &&str| TIMES.iter().any(|time| line.contains(time));
    let lines: String = log.lines().filter(shown).map(colored).collect();
    let (seen, status) = seen_at(200, command(&["--lang=both"]), &lines);
    assert_eq!((seen.lines().count(), status), (TIMES.len() + 1, 0), "the hint is the last line");
    let mut screen = "$ adb logcat -v color | jm-annotate\n".to_owned();
    for line in seen.lines() {
        match line.split_once('m').filter(|_| line.contains("38;5;")) {
            Some((color, text)) => screen.push_str(&format!("{color}m{}\n", without_date(text))),
            None => screen.push_str(&format!("{line}\n")),
        }
    }
    let svg = Term::new().min_width_px(720).render_svg(&screen);
    check_file("docs/terminal.svg", &svg, "picture");
}
