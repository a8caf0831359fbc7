//! `-h`, `--help`, and the manual page.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::util::{finish, program, run, skip};

/// The lines of the smallest usual screen, without the one of the prompt.
const SCREEN_LINES: usize = 23;

/// What the program says on a terminal with `columns` columns.
fn said_at(columns: usize, arguments: &[&str]) -> String {
    let mut command = program();
    command.args(arguments).env("COLUMNS", columns.to_string());
    finish(&mut command, b"").expect(0).text().to_owned()
}

/// What the program says on a terminal of a usual width.
fn said(arguments: &[&str]) -> String {
    said_at(80, arguments)
}

/// The text of the manual page.
fn manual() -> String {
    run(&["generate", "man"], b"").expect(0).text().to_owned()
}

#[test]
fn short_help_fits_on_a_screen() {
    for arguments in [&["-h"][..], &["explain", "-h"], &["list", "-h"], &["generate", "-h"]] {
        let help = said(arguments);
        assert!(help.lines().count() <= SCREEN_LINES, "{help}");
        // A description of two lines would be a paragraph, not a line.
        let options = help.lines().filter(|line| line.trim_start().starts_with('-'));
        assert!(options.clone().count() > 5);
        options.for_each(|line| assert!(line.trim().contains("  "), "{line}"));
    }
}

#[test]
fn every_page_fits_and_goes_on_below_its_columns() {
    for page in ["-h", "--help", "--version"] {
        for arguments in [&[page][..], &["explain", page], &["list", page]] {
            if page == "--version" && arguments.len() > 1 {
                continue;
            }
            for width in [40, 60, 80, 120] {
                let text = said_at(width, arguments);
                for line in text.lines().filter(|line| !line.contains("://")) {
                    assert!(line.chars().count() <= width, "{width}: {line}");
                }
            }
        }
    }
    let narrow = said_at(60, &["-h"]);
    let want = "\n      --lang <LANG>         Language of the explanations:\n\
                \x20                           both, en, or zh\n";
    assert!(narrow.contains(want), "{narrow}");
    let narrow = said_at(40, &["--help"]);
    assert!(narrow.contains("\n  adb logcat | jm-annotate\n          explain the "), "{narrow}");
    let usage = "       jm-annotate explain [OPTIONS]\n         <CODE>... | --line <TEXT>\n";
    assert!(narrow.contains(usage), "{narrow}");
}

#[test]
fn long_help_ends_with_examples() {
    let help = said(&["--help"]);
    let (text, examples) = help.split_once("\nExamples:\n").expect("examples");
    assert!(text.contains("\nExit status:\n  0  success\n"), "{text}");
    assert!(text.contains("\nCommands:\n  explain   Explain what "), "{text}");
    assert!(text.contains("\n  generate  Write a completion script "), "{text}");
    assert!(examples.starts_with("  adb logcat | jm-annotate "), "{examples}");
    assert!(examples.lines().all(|line| line.starts_with("  ")), "{examples}");
    assert!(said(&["-h"]).contains("adb logcat | jm-annotate\n"));
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

/// clap's own line has options before a subcommand that are not for it.
#[test]
fn a_usage_error_shows_the_usage_of_help() {
    const FILTER: &str = "jm-annotate [OPTIONS] [FILE]...\n       \
        jm-annotate explain [OPTIONS] <CODE>... | --line <TEXT>\n       \
        jm-annotate list [OPTIONS] [TEXT]\n";
    const EXPLAIN: &str = "jm-annotate explain [OPTIONS] <CODE>...\n       \
        jm-annotate explain [OPTIONS] --line <TEXT>\n";
    const GENERATE: &str = "jm-annotate generate <bash|zsh|fish|powershell|elvish|man>\n";
    for (arguments, want) in [
        (&["--bogus"][..], FILTER),
        (&["-A1"], FILTER),
        (&["--fail-on=nonsense"], FILTER),
        (&["explain"], EXPLAIN),
        (&["explain", "--only", "871300"], EXPLAIN),
        (&["explain", "--strict", "871300"], EXPLAIN),
        (&["list", "--bogus"], "jm-annotate list [OPTIONS] [TEXT]\n"),
        (&["generate"], GENERATE),
        (&["generate", "man", "--", "word"], GENERATE),
    ] {
        let stderr = run(arguments, b"").expect(2).stderr;
        let usage = stderr.split_once("\nUsage: ").map(|(_, usage)| usage);
        assert!(usage.is_some_and(|usage| usage.starts_with(want)), "{arguments:?}: {stderr}");
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
    assert_eq!(commands, ["explain", "list", "generate"]);
    assert!(manual.contains("generate <bash|zsh|fish|powershell|elvish|man>"), "{manual}");
}

#[test]
fn the_manual_says_what_a_signal_does_to_the_status() {
    let manual = manual().replace('\n', " ");
    let (_, statuses) = manual.split_once("\"EXIT STATUS\"").expect("a section");
    assert!(statuses.contains("a shell shows as 130 or 143."), "{statuses}");
    assert!(manual.contains(".SH SYNOPSIS jm\\-annotate [OPTIONS] [FILE]... .br jm"), "{manual}");
}

/// In the source of the page, a hyphen is `\-`.
#[test]
fn the_manual_has_every_option() {
    let manual = manual().replace("\\-", "-");
    for arguments in [&["--help"][..], &["explain", "--help"], &["list", "--help"]] {
        for line in said(arguments).lines().filter(|line| line.trim_start().starts_with('-')) {
            let option = line.split_whitespace().find(|word| word.starts_with("--"));
            let option = option.expect("a long option");
            assert!(manual.contains(&format!("\\fB{option}\\fR")), "{option}");
        }
    }
}

#[test]
fn the_manual_says_what_each_term_means() {
    let manual = manual();
    let terms = manual.split("\n.TP\n").skip(1);
    assert!(terms.clone().count() > 30);
    for term in terms {
        let mut lines = term.lines();
        let (name, text) = (lines.next(), lines.next().unwrap_or_default());
        assert!(!text.is_empty() && !text.starts_with('.'), "{name:?}: {text:?}");
    }
}

/// The newest release, from its heading: `## [0.1.0] - 2026-11-23`.
#[test]
fn the_manual_has_the_date_and_the_version_of_the_newest_release() {
    let changes = include_str!("../../CHANGELOG.md");
    let date = changes.lines().filter(|line| line.starts_with("## [")).find_map(|line| {
        let (_, date) = line.split_once("] - ")?;
        Some(date.trim())
    });
    let date = date.expect("a release");
    let title = manual().lines().find(|line| line.starts_with(".TH ")).expect("a title").to_owned();
    assert!(title.contains(&format!(" {date} ")), "{date}: {title}");
    assert!(title.contains(env!("CARGO_PKG_VERSION")), "{title}");
}

#[test]
fn the_manual_is_clean() {
    let mut lint = Command::new("mandoc");
    lint.args(["-Tlint", "-Wall"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let Ok(mut lint) = lint.spawn() else {
        skip("mandoc is not on the PATH");
        return;
    };
    let mut page = lint.stdin.take().expect("it is piped");
    page.write_all(manual().as_bytes()).expect("it reads");
    drop(page);
    let output = lint.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert!(output.status.success());
}
