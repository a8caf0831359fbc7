//! A team's defaults: the environment variables that stand for options.

use std::fs;

use crate::util::{CODE, EXPLAINED, Outcome, finish, program};

const EN: &str = "code=871300 [Have not logged in.]";
const ROW: &str = "77777\tteam\tsure\tinfo\tours\t\tOurs\t我们的\n";
/// Weak evidence, which `--strict` does not accept.
const WEAK: &str = "I/Chat    ( 1702): 871300";

/// Runs the program with variables, each without `JM_ANNOTATE_`.
fn run(variables: &[(&str, &str)], arguments: &[&str], stdin: &str) -> Outcome {
    let mut command = program();
    for (name, value) in variables {
        command.env(format!("JM_ANNOTATE_{name}"), value);
    }
    finish(command.args(arguments), stdin.as_bytes())
}

/// The output of the filter with variables.
#[track_caller]
fn filter(variables: &[(&str, &str)], arguments: &[&str], stdin: &str) -> String {
    run(variables, arguments, stdin).expect(0).text().to_owned()
}

/// The sentence of a usage error that is caused by a variable.
#[track_caller]
fn error(variables: &[(&str, &str)], arguments: &[&str]) -> String {
    let outcome = run(variables, arguments, CODE).expect(2);
    assert_eq!(outcome.text(), "", "{variables:?}");
    outcome.stderr
}

#[test]
fn a_variable_gives_a_default_and_a_flag_replaces_it() {
    let server = "error code 871300, error code 898001";
    let explained = |variables: &[(&str, &str)], arguments: &[&str]| {
        let text = filter(variables, arguments, server);
        (text.contains("871300 ["), text.contains("898001 ["))
    };
    assert_eq!(filter(&[("LANG", "en")], &[], CODE), EN);
    assert_eq!(filter(&[("LANG", "en")], &["--lang=both"], CODE), EXPLAINED);
    assert_eq!(explained(&[("CODES", "server")], &[]), (false, true));
    assert_eq!(explained(&[("CODES", "server")], &["--codes=android"]), (true, false));
    assert_eq!(filter(&[("STRICT", "1")], &[], WEAK), WEAK);
    assert_eq!(filter(&[("STRICT", "0")], &["--strict"], WEAK), WEAK);
    let failed = run(&[("FAIL_ON", "any")], &[], CODE).expect(1);
    assert!(failed.stderr.contains("871300"), "{}", failed.stderr);
    run(&[("FAIL_ON", "any")], &["--fail-on=871301"], CODE).expect(0);
}

#[test]
fn the_color_is_decided_by_the_flag_then_the_variable_then_the_environment() {
    let is_colored = |color: &str, other: &str, arguments: &[&str]| {
        let mut command = program();
        command.args(arguments).env("JM_ANNOTATE_COLOR", color).env(other, "1");
        finish(&mut command, CODE.as_bytes()).expect(0).text().contains('\u{1b}')
    };
    for (color, other, arguments, want) in [
        ("always", "NO_COLOR", &[][..], true),
        ("never", "FORCE_COLOR", &[], false),
        ("auto", "NO_COLOR", &[], false),
        ("auto", "FORCE_COLOR", &[], true),
        ("auto", "CLICOLOR_FORCE", &[], true),
        ("always", "FORCE_COLOR", &["--color=never"], false),
        ("never", "NO_COLOR", &["--color=always"], true),
        ("always", "NO_COLOR", &["--color=auto"], false),
    ] {
        assert_eq!(is_colored(color, other, arguments), want, "{color} {other} {arguments:?}");
    }
}

#[test]
fn strict_is_a_word_or_a_number() {
    for (value, is_strict) in
        [("1", true), ("true", true), ("0", false), ("false", false), ("", false)]
    {
        let output = filter(&[("STRICT", value)], &[], WEAK);
        assert_eq!(output == WEAK, is_strict, "{value:?}");
    }
}

#[test]
fn the_catalogs_are_separated_as_in_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("a file");
        folder.path().join(name)
    };
    let (one, two) = (put("one", ROW), put("two", &ROW.replace("Ours", "Later")));
    let list = |paths: &[&std::path::Path]| {
        std::env::join_paths(paths).expect("no separator").into_string().expect("UTF-8")
    };
    let empty = std::path::Path::new("");
    let (one_two, two_one) = (list(&[&one, &two]), list(&[empty, &two, empty, &one, empty]));
    let (one, two) = (one.to_str().expect("UTF-8"), two.to_str().expect("UTF-8"));
    for (variable, arguments, want) in [
        (one, &[][..], "got 77777 [Ours | 我们的]"),
        (&one_two, &[], "got 77777 [Later | 我们的]"),
        (&two_one, &[], "got 77777 [Ours | 我们的]"),
        ("", &[], "got 77777"),
        (&list(&[empty, empty]), &[], "got 77777"),
        (two, &["--catalog", one], "got 77777 [Ours | 我们的]"),
        ("no/such/file", &["--catalog", one], "got 77777 [Ours | 我们的]"),
    ] {
        assert_eq!(filter(&[("CATALOG", variable)], arguments, "got 77777"), want, "{variable}");
    }
    let flag = run(&[], &["--catalog", &one_two], "").expect(2);
    assert!(flag.stderr.starts_with(&format!("jm-annotate: {one_two}: ")), "{}", flag.stderr);
    let flag = run(&[("CATALOG", one)], &["--catalog="], "").expect(2);
    assert!(flag.stderr.contains("a value is required for '--catalog <FILE>'"), "{}", flag.stderr);
}

#[test]
fn an_invalid_variable_is_named() {
    for (name, value, what) in [
        ("LANG", "xx", "invalid value 'xx' for '--lang <LANG>'\n  [possible values: both, en, zh]"),
        ("LANG", "", "a value is required for '--lang <LANG>'"),
        ("LANG", "EN", "invalid value 'EN'"),
        ("COLOR", "yes", "invalid value 'yes' for '--color <WHEN>'\n  [possible values: auto, "),
        ("COLOR", "", "a value is required for '--color <WHEN>'"),
        ("CODES", "", "invalid value '' for '--codes <LIST>': the list is empty"),
        ("CODES", "anroid", "unknown family `anroid`; expected one of: android, rtc, "),
        ("STRICT", "yes", "invalid value 'yes' for '--strict'\n  [possible values: true, false]"),
        ("STRICT", "2", "invalid value '2'"),
        ("FAIL_ON", "", "invalid value '' for '--fail-on <LIST>': the list is empty"),
        ("FAIL_ON", " ,", "invalid value ' ,' for '--fail-on <LIST>': the list is empty"),
        ("FAIL_ON", "any:0", "invalid value 'any:0' for '--fail-on <LIST>': unknown item"),
        ("FAIL_ON", "fatal", "unknown item `fatal`; expected one of: any, "),
    ] {
        let stderr = error(&[(name, value)], &[]);
        let want = format!("error: JM_ANNOTATE_{name}: {what}");
        assert!(stderr.starts_with(&want), "{name}={value}: {stderr}");
        assert!(stderr.contains("For more information, try '--help'."), "{stderr}");
    }
    let both = [("LANG", "en"), ("FAIL_ON", "any:0"), ("STRICT", "1")];
    assert!(error(&both, &[]).starts_with("error: JM_ANNOTATE_FAIL_ON: "), "the invalid one");
    let stderr = error(&[("CODES", "server")], &["explain", "871300"]);
    assert!(stderr.contains("which JM_ANNOTATE_CODES excludes"), "{stderr}");
}

#[test]
fn a_mistake_in_a_catalog_is_reported_with_the_variable() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bad.tsv");
    fs::write(&path, "12\tteam\n").expect("a file");
    let path = path.to_str().expect("UTF-8");
    for (value, what) in [
        ("no/such/file", "no/such/file: ".to_owned()),
        (path, format!("{path}: line 1: expected 10 columns separated by tabs")),
    ] {
        let stderr = error(&[("CATALOG", value)], &[]);
        let want = format!("jm-annotate: JM_ANNOTATE_CATALOG: {what}");
        assert!(stderr.starts_with(&want), "{stderr}");
    }
}

/// A variable that is not needed is not read, wherever its option was typed.
#[test]
fn a_flag_replaces_even_an_invalid_variable() {
    for (name, value, flag) in [
        ("LANG", "xx", "--lang=en"),
        ("LANG", "", "--lang=en"),
        ("COLOR", "xx", "--color=never"),
        ("CODES", "anroid", "--codes=all"),
        ("CODES", "", "--codes=all"),
        ("STRICT", "yes", "--strict"),
        ("FAIL_ON", "", "--fail-on=871301"),
        ("FAIL_ON", "fatal", "--fail-on=871301"),
    ] {
        assert_eq!(run(&[(name, value)], &[flag], CODE).expect(0).stderr, "", "{name}");
        if ["LANG", "COLOR", "CODES"].contains(&name) {
            run(&[(name, value)], &[flag, "explain", "871300"], "").expect(0);
            run(&[(name, value)], &["explain", "871300", flag], "").expect(0);
        }
    }
    run(&[("STRICT", "yes")], &["explain", "--line", WEAK, "--strict"], "").expect(0);
    let both = [("LANG", "xx"), ("COLOR", "xx")];
    let stderr = error(&both, &["list", "--lang=en"]);
    assert!(stderr.starts_with("error: JM_ANNOTATE_COLOR: "), "{stderr}");
    assert_eq!(
        filter(&[("LANG", "xx"), ("STRICT", "1")], &["--lang=en"], &format!("{CODE}\n{WEAK}")),
        format!("{EN}\n{WEAK}"),
        "the other variables count"
    );
}

/// What was typed is wrong with any variables.
#[test]
fn an_error_in_what_was_typed_comes_first() {
    let variables = [("LANG", "xx"), ("FAIL_ON", "")];
    for arguments in [&["--place=middle"][..], &["--no-such"], &["--lang=de"], &["explain"]] {
        let want = run(&[], arguments, "").expect(2).stderr;
        assert_eq!(error(&variables, arguments), want, "{arguments:?}");
    }
    for arguments in [["--help"], ["--version"]] {
        assert_eq!(run(&variables, &arguments, ""), run(&[], &arguments, ""));
    }
}

const ALL: [(&str, &str); 6] = [
    ("LANG", "en"),
    ("COLOR", "never"),
    ("CODES", "all"),
    ("CATALOG", ""),
    ("STRICT", "true"),
    ("FAIL_ON", "any"),
];

#[test]
fn a_subcommand_takes_what_it_can_use_and_ignores_the_rest() {
    for arguments in [
        &["explain", "871300"][..],
        &["explain", "--line", CODE],
        &["list", "871300"],
        &["generate", "bash"],
    ] {
        let outcome = run(&ALL, arguments, "").expect(0);
        assert_eq!(outcome.stderr, "", "{arguments:?}");
        assert!(!outcome.text().contains("尚未登录"), "{arguments:?}: {}", outcome.text());
    }
    let verdict = |variables: &[(&str, &str)], arguments: &[&str]| {
        let outcome = run(variables, &[&["explain", "--line", WEAK], arguments].concat(), "");
        outcome.expect(0).text().contains("too weak: likely, --strict needs good")
    };
    assert!(!verdict(&[], &[]) && !verdict(&[("STRICT", "0")], &[]));
    assert!(verdict(&[("STRICT", "1")], &[]) && verdict(&[("STRICT", "0")], &["--strict"]));
}

#[test]
fn the_help_and_the_manual_name_variables_without_their_values() {
    let secret = [("CATALOG", "secret.tsv"), ("FAIL_ON", "secret")];
    let help = run(&secret, &["--help"], "").expect(0);
    let words: Vec<&str> = help.text().split_whitespace().collect();
    let help = words.join(" ");
    let manual = run(&[], &["generate", "man"], "").expect(0);
    for (name, _) in ALL {
        assert!(help.contains(&format!("[env: JM_ANNOTATE_{name}]")), "{name}: {help}");
        assert!(manual.text().contains(&format!("JM_ANNOTATE_{name}")), "{name}");
    }
    assert!(!help.contains("secret"), "{help}");
    let explain = run(&[], &["explain", "--help"], "").expect(0);
    assert!(explain.text().contains("JM_ANNOTATE_STRICT") && !explain.text().contains("FAIL_ON"));
}

#[cfg(unix)] // a variable of Windows is UTF-16
#[test]
fn a_variable_that_is_not_utf_8_is_named() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    for (name, _) in ALL {
        let mut command = program();
        command.env(format!("JM_ANNOTATE_{name}"), OsStr::from_bytes(b"no/such/\xff"));
        let stderr = finish(&mut command, b"").expect(2).stderr;
        assert!(stderr.contains(&format!(": JM_ANNOTATE_{name}: ")), "{stderr}");
    }
}
