//! Text that looks like a prefix but is not one: all of it is the message.

use super::show;

const TEXTS: [&str; 43] = [
    "[INFO:CODE(871300)] x",
    "",
    " ",
    "code: 871300",
    "E/x",
    "D/abc",
    "D/abc:871300",
    "D/",
    "D",
    "D(871300) failed",
    "E(12) failed",
    "A(1:2) x",
    "errorCode/871300: x",
    "E/871300: x",
    "X/Login   : x",
    "I/O error: 871300",
    "I/O       error: 871300",
    "S/N: 871300",
    "A/B test: 871300",
    "/D/Login: x",
    "871300 Invalid",
    "871300.5 x",
    "   871300.871 x",
    "871300-871301 x",
    "871300-871301/a x",
    "[871300] x",
    "[ 871300 ] x",
    "[BasicCallback] code = 871300",
    "[12:34] x",
    "[ 871300 ms] x",
    "[1702:2395] x",
    "<871300> x",
    "<7> 871300",
    "12:34 871300",
    "12:34:56x",
    "2024-01-01 871300",
    "| 871300 | Invalid |",
    "app | 871300",
    "a\tb\t871300",
    "Jul 871300",
    "I0717 871300] x",
    "--------- beginning of main",
    "\u{1b}[31m871300\u{1b}[0m",
];

#[test]
fn the_whole_text_is_the_message() {
    for text in TEXTS {
        assert_eq!(show(text.as_bytes()), format!("None|-|-|-|-|-|{text}"));
    }
}

/// After a stamp, only the stamp is a prefix.
#[test]
fn the_whole_text_after_a_stamp_is_the_message() {
    for text in TEXTS {
        let line = format!("2024-01-01T00:00:00.871Z {text}");
        assert_eq!(show(line.as_bytes()), format!("Stamp|2024-01-01T00:00:00.871Z|-|-|-|-|{text}"));
    }
}

/// A long line that reads like prose is not a cut prefix.
#[test]
fn prose_is_not_a_cut_prefix() {
    let text = format!("E/{}871300", "some words and more ".repeat(10));
    assert_eq!(show(text.as_bytes()), format!("None|-|-|-|-|-|{text}"));
}
