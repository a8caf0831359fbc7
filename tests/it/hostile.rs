//! Text that is not ours (names, paths, arguments, catalogs) on standard error and in tables:
//! nothing in it is obeyed by a terminal or a CI runner, and nothing is hidden.

#[cfg(unix)]
use std::ffi::OsStr;
use std::fs;

#[cfg(unix)]
use crate::util::{CODE, executable};
use crate::util::{finish, program, run};

/// A name with something for everyone: GitHub's and Azure's runners, a terminal, a reader's eyes.
const HOSTILE: &str = "x\n::error file=a.rs::y\r\u{1b}]0;z\u{7}\u{9b}31m\u{202e}\u{61c}\u{180e}\u{e0041}\u{3164}##vso[task.complete]##[error]w";

/// Fails the test if someone who reads this text would obey a part of it or not see it.
#[track_caller]
fn check(text: &str) {
    assert!(!text.is_empty() && text.ends_with('\n'), "{text:?}");
    for line in text.lines() {
        let hidden =
            ['\u{202e}', '\u{61c}', '\u{180e}', '\u{e0041}', '\u{3164}'].map(|c| line.contains(c));
        assert!(!line.trim_start().starts_with("::"), "{text:?}");
        assert!(!line.contains("##") && !line.contains(char::is_control), "{text:?}");
        assert_eq!(hidden, [false; 5], "{text:?}");
    }
}

#[test]
fn an_argument_is_quoted_as_visible_text() {
    let with = |prefix: &str| format!("{prefix}{HOSTILE}");
    for (arguments, status) in [
        (vec![with("no/such/")], 2),
        (vec![with("--catalog=no/such/")], 2),
        (vec![with("--report=junit=no/such/folder/")], 2),
        (vec![with("--report=")], 2),
        (vec![format!("--report={HOSTILE}=path")], 2),
        (vec![with("--codes=")], 2),
        (vec![with("--codes=android,")], 2),
        (vec![with("--fail-on=")], 2),
        (vec![with("--fail-on=any,871300:")], 2),
        (vec![with("--lang=")], 2),
        (vec!["--only".to_owned(), with("-A")], 2),
        (vec![with("--")], 2),
        (vec!["explain".to_owned(), HOSTILE.to_owned()], 2),
        (vec!["explain".to_owned(), with("871300-")], 2),
        (vec!["list".to_owned(), HOSTILE.to_owned()], 0),
        (vec!["list".to_owned(), "a".to_owned(), HOSTILE.to_owned()], 2),
        (vec!["generate".to_owned(), HOSTILE.to_owned()], 2),
    ] {
        let outcome = run(&arguments, b"").expect(status);
        check(&outcome.stderr);
        assert!(outcome.stderr.contains("x␊::error file"), "{arguments:?}: {}", outcome.stderr);
    }
}

#[test]
fn a_variable_is_quoted_as_visible_text() {
    for (name, prefix) in [
        ("LANG", ""),
        ("LANG", "a\n\n"),
        ("COLOR", ""),
        ("CODES", ""),
        ("CODES", "android,"),
        ("STRICT", ""),
        ("FAIL_ON", ""),
        ("FAIL_ON", "any,871300:"),
        ("CATALOG", "no/such/"),
    ] {
        let mut command = program();
        command.env(format!("JM_ANNOTATE_{name}"), format!("{prefix}{HOSTILE}"));
        let stderr = finish(&mut command, b"").expect(2).stderr;
        check(&stderr);
        assert!(stderr.contains(&format!("JM_ANNOTATE_{name}: ")), "{stderr}");
    }
}

/// clap ends its sentences with line breaks, and so do we if nothing speaks against it.
#[test]
fn a_usage_error_keeps_its_lines() {
    let stderr = run(&["--lang=中文"], b"").expect(2).stderr;
    assert!(stderr.starts_with("error: invalid value '中文' for '--lang <LANG>'\n"), "{stderr}");
    assert!(stderr.contains("\n\nFor more information, try '--help'.\n"), "{stderr}");
}

#[cfg(unix)] // a name has no control characters on Windows
#[test]
fn a_file_is_named_as_visible_text_in_the_summary() {
    let folder = tempfile::tempdir().expect("a folder");
    let names = [HOSTILE.to_owned(), "##[error]x".to_owned(), "::error::x".to_owned()];
    for name in names {
        fs::write(folder.path().join(&name), CODE).expect("a file");
        let mut command = program();
        command.args([OsStr::new("--summary"), name.as_ref()]).current_dir(folder.path());
        check(&finish(&mut command, b"").expect(0).stderr);
    }
}

/// JSON has an escape for everything, and the reports to the console of a CI job have their own.
#[cfg(unix)] // a name has no control characters on Windows
#[test]
fn what_a_program_reads_is_obeyed_by_no_terminal_or_runner() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(HOSTILE), CODE).expect("a file");
    for arguments in
        [&["--format=json"][..], &["--report=github=-", "--quiet"], &["--report=junit=-"]]
    {
        let mut command = program();
        command.args(arguments).arg(HOSTILE).current_dir(folder.path());
        let outcome = finish(&mut command, b"").expect(0);
        let ours =
            |line: &&str| !line.starts_with("::error title=") && !line.starts_with("::stop-");
        let is_fence =
            |line: &str| line.len() > 60 && line.starts_with("::") && line.ends_with("::");
        for line in outcome.text().lines().filter(ours).filter(|line| !is_fence(line)) {
            assert!(!line.trim_start().starts_with("::"), "{arguments:?}: {line}");
        }
        assert!(!outcome.text().contains("##"), "{arguments:?}: {}", outcome.text());
        assert!(!outcome.text().contains(['\u{1b}', '\u{9b}']), "{}", outcome.text());
    }
    let line = format!("code=871300 \u{9b}31m ##[error] {HOSTILE}");
    let text = run(&["explain", "--format=json", "--line", &line], b"").stdout;
    let text = String::from_utf8(text).expect("UTF-8");
    let is_obeyed = |c: char| c.is_control() && c != '\n';
    assert!(!text.contains("##") && !text.contains(is_obeyed), "{text}");
}

/// Whoever links to the program chooses the name that it is called by.
#[cfg(unix)] // a name has no control characters on Windows
#[test]
fn the_help_has_our_name_whatever_the_program_is_called() {
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("x\n::error::y\u{1b}]0;z\u{7}");
    std::os::unix::fs::symlink(executable(), &link).expect("a link");
    for argument in ["--help", "-h", "--version", "--nonsense"] {
        let output = std::process::Command::new(&link).arg(argument).output().expect("it runs");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).expect("UTF-8");
        assert!(!text.contains("::error") && !text.contains('\u{1b}'), "{text}");
    }
}

#[cfg(unix)] // a name is UTF-16 on Windows
#[test]
fn a_name_of_invalid_bytes_is_shown_too() {
    use std::os::unix::ffi::OsStrExt;
    let name = OsStr::from_bytes(b"no/\xff\x1b[31m\n::error::x");
    check(&run(&[name], b"").expect(2).stderr);
    check(&run(&[OsStr::from_bytes(b"--lang=\xff\n::error::x")], b"").expect(2).stderr);
}

#[test]
fn a_catalog_with_text_that_would_be_obeyed_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("team.tsv");
    for (cell, what) in [
        ("a\u{202e}b", "the column `en` holds U+202E"),
        ("a\u{61c}b", "the column `en` holds U+061C"),
        ("a\u{e0041}b", "the column `en` holds U+E0041"),
        ("a\u{1b}b", "the column `en` holds U+001B"),
        ("a\u{9b}b", "the column `en` holds U+009B"),
        ("a\u{2028}b", "the column `en` holds U+2028"),
        ("::error::x", "the column `en` begins with `::`"),
    ] {
        fs::write(&path, format!("50001\tteam\tsure\terror\tname\t\t{cell}\t文\n"))
            .expect("a file");
        let stderr = run(&["--catalog".as_ref(), path.as_os_str()], b"").expect(2).stderr;
        assert!(stderr.contains("line 1: ") && stderr.contains(what), "{cell:?}: {stderr}");
        check(&stderr);
    }
    let quoted = format!("50001\t{}\tsure\terror\tname\t\ta\tb\n", HOSTILE.replace('\n', ""));
    fs::write(&path, quoted).expect("a file");
    check(&run(&["--catalog".as_ref(), path.as_os_str()], b"").expect(2).stderr);
}

#[test]
fn a_hostile_name_is_no_command_to_azure() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = "a##[error]b##vso[task.complete]c";
    fs::write(folder.path().join(name), "code=871300\ncode = 805002\n").expect("a file");
    for lines in [&["--report=azure=-"][..], &["--report=azure=-", "--fail-on=empty"]] {
        let mut command = program();
        command.args(lines).arg(name).current_dir(folder.path());
        let outcome = finish(&mut command, b"").expect(0);
        assert!(outcome.text().contains("JMessage: 805002 "), "{}", outcome.text());
        for line in outcome.text().lines() {
            let rest = line.strip_prefix("##vso[task.logissue ").unwrap_or(line);
            assert!(!rest.contains("##"), "{line}");
        }
    }
}

#[cfg(target_os = "linux")] // a pseudo-terminal
#[test]
fn a_catalog_with_a_hostile_name_is_not_in_the_command_to_paste() {
    use crate::terminal;

    let folder = tempfile::tempdir().expect("a folder");
    for name in ["a\u{1b}]0;z\u{7}.tsv", "a\u{202e}b.tsv", "a\nb.tsv", "##[error]x.tsv"] {
        fs::write(folder.path().join(name), "50001\tteam\tsure\terror\tname\t\ta\tb\n")
            .expect("a file");
        let seen = |log| {
            let mut command = terminal::command(&["--color=never", &format!("--catalog={name}")]);
            command.current_dir(&folder);
            terminal::seen_at(80, command, log)
        };
        let (text, status) = seen("code=50001\ncode=871300\n");
        assert!(status == 0 && text.ends_with("\njm-annotate explain 871300\n"), "{text:?}");
        let (text, _) = seen("code=50001\n");
        assert!(text.contains("50001 [a | b]") && !text.contains("explain"), "{text:?}");
    }
}
