//! `-h` and `--help`.

use crate::util::{finish, program};

/// A screen, in lines and columns.
const SCREEN: (usize, usize) = (40, 80);

/// What the program says on a terminal of a usual width.
fn said(arguments: &[&str]) -> String {
    let mut command = program();
    command.args(arguments).env("COLUMNS", SCREEN.1.to_string());
    finish(&mut command, b"").expect(0).text().to_owned()
}

#[test]
fn short_help_fits_on_a_screen() {
    for arguments in [&["-h"][..], &["explain", "-h"], &["list", "-h"]] {
        let help = said(arguments);
        assert!(help.lines().count() <= SCREEN.0, "{help}");
        for line in help.lines() {
            assert!(line.chars().count() <= SCREEN.1, "{line}");
        }
        // A description of two lines would be a paragraph, not a line.
        let options = help.lines().filter(|line| line.trim_start().starts_with('-'));
        assert!(options.clone().count() > 5);
        options.for_each(|line| assert!(line.trim().contains("  "), "{line}"));
    }
}

#[test]
fn long_help_ends_with_examples() {
    let help = said(&["--help"]);
    let (text, examples) = help.split_once("\nExamples:\n").expect("examples");
    assert!(text.contains("\nExit status:\n  0  success\n"), "{text}");
    assert!(examples.starts_with("  adb logcat | jm-annotate "), "{examples}");
    assert!(examples.lines().all(|line| line.starts_with("  ")), "{examples}");
    assert!(said(&["-h"]).ends_with(&format!("\nExamples:\n{examples}")));
}

#[test]
fn long_help_names_values_and_defaults() {
    let help = said(&["--help"]);
    for fact in [
        "[default: both] [possible values: both, en, zh]",
        "[env: JM_ANNOTATE_CODES] [default: all]",
        "github, azure, junit, markdown",
        "`X:N` requires at least N",
    ] {
        let words: Vec<&str> = help.split_whitespace().collect();
        assert!(words.join(" ").contains(fact), "{fact}: {help}");
    }
}
