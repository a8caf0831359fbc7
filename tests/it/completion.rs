//! Completion: what the program answers, and what a user of bash, zsh, or fish gets for Tab.
//!
//! PowerShell needs .NET 10, which neither the system's packages nor those of PyPI and npm have,
//! and an elvish without a terminal has no completion. So only the texts of these two scripts, and
//! the answers to them, are checked.

use std::collections::BTreeSet;

use jm_annotate::catalog::{Catalog, Selection};

use crate::util::{CODE, EXPLAINED, finish, program, run};

/// The answer to a command line up to the cursor: values with their descriptions.
fn answer(line: &str) -> Vec<(String, String)> {
    let words = ["generate", "bash", "--"].into_iter().chain(line.split(' '));
    let outcome = run(&words.collect::<Vec<_>>(), b"").expect(0);
    assert_eq!(outcome.stderr, "", "{line}");
    let pair = |row: &str| {
        let (value, description) = row.split_once('\t').expect("a tab");
        (value.to_owned(), description.to_owned())
    };
    outcome.text().lines().map(pair).collect()
}

fn values(line: &str) -> String {
    let values: Vec<String> = answer(line).into_iter().map(|(value, _)| value).collect();
    values.join(" ")
}

/// Words, of which `8715…` is all codes that begin like this: the vendor may add some.
pub(crate) fn expanded(words: &str) -> String {
    let codes = |word: &str| -> Vec<String> {
        let Some(word) = word.strip_suffix('…') else { return vec![word.to_owned()] };
        let (before, digits) = word
            .rsplit_once(',')
            .map_or(("", word), |(items, digits)| (&word[..=items.len()], digits));
        let catalog = Catalog::new(Selection::All);
        let numbers = catalog.entries().into_iter().map(|entry| entry.code.to_string());
        let found = numbers.filter(|number| number.starts_with(digits));
        found.map(|number| format!("{before}{number}")).collect()
    };
    words.split(' ').flat_map(codes).collect::<Vec<_>>().join(" ")
}

/// A command line, and the values that may follow.
const ANSWERS: [(&str, &str); 37] = [
    ("jm-annotate ", "explain list generate :paths"),
    ("jm-annotate exp", "explain :paths"),
    ("jm-annotate gener", "generate :paths"),
    ("jm-annotate a.log l", ":paths"),
    ("jm-annotate --on", "--only"),
    ("jm-annotate --lang ", "both en zh"),
    ("jm-annotate --lang=", "--lang=both --lang=en --lang=zh"),
    ("jm-annotate --color a", "auto always"),
    ("jm-annotate --place ", "inline end"),
    ("jm-annotate --format ", "text json tsv"),
    ("jm-annotate --codes ", "android rtc ios server web all"),
    ("jm-annotate --codes android,r", "android,rtc"),
    (
        "jm-annotate --codes=ios,web,",
        "--codes=ios,web,android --codes=ios,web,rtc --codes=ios,web,server --codes=ios,web,all",
    ),
    ("jm-annotate --catalog ", ":paths"),
    ("jm-annotate --report ", "github= azure= junit= markdown= html="),
    ("jm-annotate --report ju", "junit="),
    ("jm-annotate --report junit=ou", ":paths"),
    ("jm-annotate --report=jun", "--report=junit="),
    ("jm-annotate --report nonsense=", ""),
    ("jm-annotate --fail-on ", "any empty unknown error warning info android rtc ios server web"),
    ("jm-annotate --fail-on error,!w", "error,!warning error,!web"),
    ("jm-annotate --fail-on !a", "!android"),
    ("jm-annotate --fail-on any,87150", "any,87150…"),
    ("jm-annotate -E gb", "gbk gb18030"),
    ("jm-annotate explain 87150", "87150…"),
    ("jm-annotate explain 871300 87150", "87150…"),
    ("jm-annotate explain --l", "--line --lang"),
    ("jm-annotate explain --codes r", "rtc"),
    ("jm-annotate explain --codes rtc 87100", "87100…"),
    ("jm-annotate explain --codes=server,web 8713", ""),
    ("jm-annotate --codes ios explain 8713", ""),
    ("jm-annotate --codes all explain 87150", "87150…"),
    (
        "jm-annotate --codes android,web --fail-on error,!",
        "error,!unknown error,!warning error,!info error,!android error,!web",
    ),
    ("jm-annotate --codes server --fail-on 8715", ""),
    ("jm-annotate --lang en list --fo", "--format"),
    ("jm-annotate generate ", "bash zsh fish powershell elvish man"),
    ("jm-annotate generate f", "fish"),
];

#[test]
fn every_position_has_its_candidates() {
    for (line, want) in ANSWERS {
        assert_eq!(values(line), expanded(want), "{line}");
    }
    assert!(expanded("any,87150…").starts_with("any,871501 any,871502 "));
}

#[test]
fn a_subcommand_has_only_its_own_and_the_shared_options() {
    let want = "--line --strict -E --lang --color --codes --catalog --format -h";
    assert_eq!(values("jm-annotate explain -"), want);
    assert_eq!(values("jm-annotate explain --enc"), "--encoding");
    assert_eq!(values("jm-annotate explain --fail"), "");
}

#[test]
fn a_code_is_described_by_its_name_and_an_option_by_its_help() {
    let about = |line: &str| answer(line).remove(0).1;
    assert_eq!(about("jm-annotate explain 871300"), "not logged in");
    assert_eq!(about("jm-annotate --codes ser"), "REST API and message server");
    assert_eq!(about("jm-annotate --onl"), "Write only lines with an explanation");
}

/// zsh sorts all values if two have the same description.
#[test]
fn no_two_values_of_an_option_have_the_same_description() {
    for option in ["--fail-on", "--codes", "-E"] {
        let pairs = answer(&format!("jm-annotate {option} "));
        let texts: BTreeSet<&str> = pairs.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts.len(), pairs.len(), "{option}: {pairs:?}");
        assert!(!texts.contains(""), "{option}: {pairs:?}");
    }
}

/// A shell, the words as it passes them, and the candidates.
const QUOTED: [(&str, &[&str], &str); 9] = [
    ("bash", &["--lang", "'b"], "both\n"),
    ("bash", &["--codes", "ios,\"r"], "ios,rtc\n"),
    ("zsh", &["--fail-on", "any,\\!unk"], "any,!unknown\n"),
    ("zsh", &["--catalog", "my\\ shop.tsv", "explain", "5"], "50001\n"),
    ("bash", &["--catalog", "'my shop.tsv'", "explain", "5"], "50001\n"),
    ("fish", &["--catalog=\"my shop.tsv\"", "explain", "5"], "50001\n"),
    ("bash", &["--catalog", "~/my\\ shop.tsv", "explain", "5"], "50001\n"),
    // An empty word arrives as two quotes, and a backslash is one.
    ("powershell", &["--lang", "\"\""], "both\nen\nzh\n"),
    ("elvish", &["--catalog", "my shop.tsv", "explain", "5"], "50001\n"),
];

#[test]
fn words_are_read_as_their_shell_reads_them() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("my shop.tsv"), SHOP).expect("a file");
    for (shell, words, want) in QUOTED {
        let mut command = program();
        command.current_dir(&folder).env("HOME", folder.path());
        command.args(["generate", shell, "--", "jm-annotate"]).args(words);
        let outcome = finish(&mut command, b"").expect(0);
        let names = outcome.text().lines().map(|row| row.split('\t').next().unwrap_or_default());
        let names: String = names.map(|name| format!("{name}\n")).collect();
        assert_eq!(names, want, "{shell} {words:?}");
    }
}

const SHOP: &str = "50001\tshop\tneeded\terror\tout of stock\tOut of stock\tSold out\t商品已售罄\n";

#[test]
fn the_codes_of_a_catalog_are_candidates() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.tsv");
    std::fs::write(&path, SHOP).expect("a file");
    // A backslash is not a part of a name to bash.
    let path = path.to_str().expect("UTF-8").replace('\\', "/");
    let line = |rest: &str| format!("jm-annotate --catalog {path} {rest}");
    assert_eq!(answer(&line("explain 5000")), [("50001".to_owned(), "out of stock".to_owned())]);
    assert_eq!(values(&line("--codes sh")), "shop");
    assert_eq!(values(&line("--codes shop explain 5")), "50001");
    assert_eq!(values(&line("--codes ios explain 5")), "");
    assert_eq!(values(&format!("jm-annotate explain --codes shop --catalog {path} ")), "50001");
    let mut command = program();
    command.env("JM_ANNOTATE_CATALOG", &path).args(["generate", "fish", "--", "jm-annotate"]);
    let outcome = finish(command.args(["--fail-on", "sh"]), b"").expect(0);
    assert_eq!(outcome.text(), "shop\ta catalog's own family shop\n");
}

#[test]
fn a_catalog_that_cannot_be_read_costs_only_its_codes() {
    assert_eq!(values("jm-annotate --catalog no/such --codes se"), "server");
    let mut command = program();
    command.env("JM_ANNOTATE_CATALOG", "no/such").args(["generate", "bash", "--", "jm-annotate"]);
    let outcome = finish(command.args(["--codes", "se"]), b"").expect(0);
    assert_eq!((outcome.text(), &*outcome.stderr), ("server\tREST API and message server\n", ""));
}

/// Many programs answer completions if `COMPLETE` is set; a CI system may set anything.
#[test]
fn no_variable_turns_the_filter_into_completion() {
    let mut command = program();
    for (name, value) in [
        ("COMPLETE", "bash"),
        ("JM_ANNOTATE_COMPLETE", "bash"),
        ("_CLAP_COMPLETE_INDEX", "1"),
        ("_CLAP_IFS", "\n"),
        ("COMP_LINE", "jm-annotate "),
        ("COMP_POINT", "12"),
    ] {
        command.env(name, value);
    }
    let outcome = finish(&mut command, CODE.as_bytes()).expect(0);
    assert_eq!((outcome.text(), &*outcome.stderr), (EXPLAINED, ""));
}

#[test]
fn each_script_asks_the_program() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(&["generate", shell], b"").expect(0);
        let asks = script.text().contains("jm-annotate generate ") || shell == "powershell";
        assert!(asks && script.text().contains(shell), "{shell}");
    }
    let script = run(&["generate", "powershell"], b"").expect(0);
    for part in [
        "Register-ArgumentCompleter -Native -CommandName 'jm-annotate'",
        "@('generate', 'powershell', '--') + $words",
        "& jm-annotate @arguments 2>$null",
        "CompleteFilename($path)",
    ] {
        assert!(script.text().contains(part), "{part}");
    }
    let stderr = run(&["generate", "man", "--", "jm-annotate"], b"").expect(2).stderr;
    assert!(stderr.contains("takes no words"), "{stderr}");
}

#[cfg(unix)] // shells
mod shells;
