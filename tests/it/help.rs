//! `-h`, `--help`, and the manual page.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use crate::util::{finish, program, run};

/// A screen, in lines and columns.
const SCREEN: (usize, usize) = (40, 80);

/// What the program says on a terminal of a usual width.
fn said(arguments: &[&str]) -> String {
    let mut command = program();
    command.args(arguments).env("COLUMNS", SCREEN.1.to_string());
    finish(&mut command, b"").expect(0).text().to_owned()
}

/// The text of the manual page.
fn manual() -> String {
    run(&["generate", "man"], b"").expect(0).text().to_owned()
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

#[test]
fn the_manual_has_every_section_in_order() {
    let manual = manual();
    let sections: Vec<&str> = manual.lines().filter_map(|line| line.strip_prefix(".SH ")).collect();
    let want = [
        "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXAMPLES", "ENVIRONMENT",
        "\"EXIT STATUS\"", "\"SEE ALSO\"",
    ];
    assert_eq!(sections, want);
    let commands: Vec<&str> = manual.lines().filter_map(|line| line.strip_prefix(".SS ")).collect();
    assert_eq!(commands, ["explain", "list"]);
}

/// In the source of the page, a hyphen is `\-`.
#[test]
fn the_manual_has_every_option() {
    let manual = manual().replace("\\-", "-");
    for arguments in [&["-h"][..], &["explain", "-h"], &["list", "-h"]] {
        for line in said(arguments).lines().filter(|line| line.trim_start().starts_with('-')) {
            let option = line.split_whitespace().find(|word| word.starts_with("--"));
            let option = option.expect("a long option");
            assert!(manual.contains(&format!("\\fB{option}\\fR")), "{option}");
        }
    }
}

#[test]
fn the_manual_is_clean() {
    let mut lint = Command::new("mandoc");
    lint.args(["-Tlint", "-Wall"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let Ok(mut lint) = lint.spawn() else {
        let _ = writeln!(io::stderr(), "skipped: mandoc is not on the PATH");
        return;
    };
    let mut page = lint.stdin.take().expect("it is piped");
    page.write_all(manual().as_bytes()).expect("it reads");
    drop(page);
    let output = lint.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert!(output.status.success());
}
