//! What a person sees: text that fits the terminal, colors, and the command to paste.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::fs::OFlags;
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{Winsize, tcsetwinsize};
use unicode_width::UnicodeWidthStr;

use crate::util::{CODE, EXPLAINED, ended, program, wait_for_handler};

/// A terminal with `columns` columns: the side of the person, and the side of the program.
pub(crate) fn open(columns: u16) -> (File, File) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use std::os::unix::fs::OpenOptionsExt;
    let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&person).expect("it is ours");
    unlockpt(&person).expect("it is ours");
    let name = ptsname(&person, Vec::new()).expect("a name").into_string().expect("UTF-8");
    let flags = i32::try_from(OFlags::NOCTTY.bits()).expect("a flag");
    let program =
        File::options().read(true).write(true).custom_flags(flags).open(name).expect("it opens");
    let size = Winsize { ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&program, size).expect("a size");
    (File::from(person), program)
}

/// What comes to a person, until no program has the terminal any more.
pub(crate) fn look(mut person: File) -> JoinHandle<String> {
    thread::spawn(move || {
        let (mut seen, mut space) = (Vec::new(), [0; 4096]);
        while let Ok(count @ 1..) = person.read(&mut space) {
            seen.extend_from_slice(&space[..count]);
        }
        String::from_utf8(seen).expect("UTF-8").replace("\r\n", "\n")
    })
}

/// Starts a command whose outputs are a terminal.
fn start_at(columns: u16, command: &mut Command) -> (Child, JoinHandle<String>) {
    let (person, terminal) = open(columns);
    let seen = look(person);
    let stdout = terminal.try_clone().expect("a descriptor");
    let child = command.stdin(Stdio::piped()).stdout(stdout).stderr(terminal).spawn();
    // The command keeps its side of the terminal open.
    *command = Command::new("true");
    (child.expect("it starts"), seen)
}

/// What a command shows on a terminal, and its status.
pub(crate) fn seen_at(columns: u16, mut command: Command, input: &str) -> (String, i32) {
    let (mut child, seen) = start_at(columns, &mut command);
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("it reads");
    let status = ended(&mut child);
    (seen.join().expect("no panic"), status)
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = program();
    command.args(arguments).env("TERM", "xterm-256color");
    command
}

const WIDTHS: [u16; 4] = [40, 60, 80, 120];

/// A line without color sequences.
fn without_colors(line: &str) -> String {
    let mut text = String::new();
    let mut parts = line.split("\u{1b}[");
    text.push_str(parts.next().unwrap_or_default());
    parts.for_each(|part| text.push_str(part.split_once('m').expect("a color").1));
    text
}

#[test]
fn answers_fit_a_terminal_and_only_an_address_is_wider() {
    for width in WIDTHS {
        for arguments in [
            &["list"][..],
            &["list", "--lang=zh"],
            &["explain", "700000-899999"],
            &["explain", "--lang=zh", "871506", "898007"],
            &["explain", "--line", "W/JMessage: code = 871300, uid=871301, code: 871302 871303"],
            &["explain", "871999"],
        ] {
            let (text, _) = seen_at(width, command(arguments), "");
            assert!(text.lines().count() > 1, "{arguments:?}: {text}");
            for line in text.lines().map(without_colors) {
                let fits = line.width() <= width.into();
                let is_address = line.trim().starts_with("https://") || line.contains("  https://");
                assert!(fits || is_address, "{width}: {arguments:?}: {line:?}");
            }
        }
    }
}

/// A row of a catalog with the longest name of a family, and a name of one long word.
const LONG_ROW: &str = "1234567890\tabcdefghij-abcdefghij-abcdefghij\tneeded\twarning\t\
     a-name-without-a-blank-that-is-longer-than-a-narrow-line\tA message\tA meaning\t含义\n";

#[test]
fn long_names_are_cut_or_broken() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.tsv");
    std::fs::write(&path, LONG_ROW).expect("a file");
    let catalog = format!("--catalog={}", path.display());
    let file = "no/such/file-".repeat(12);
    for width in WIDTHS {
        for arguments in [
            &["list", "--codes=abcdefghij-abcdefghij-abcdefghij", &catalog][..],
            &["explain", "1234567890", &catalog],
            &["explain", "1234567891", &catalog, "--codes=android"],
            &[&file],
        ] {
            let (text, _) = seen_at(width, command(arguments), "");
            assert!(!text.is_empty(), "{arguments:?}");
            for line in text.lines().map(without_colors).filter(|line| !line.contains("://")) {
                assert!(line.width() <= width.into(), "{width}: {arguments:?}: {line:?}");
            }
        }
    }
}

#[test]
fn usage_errors_fit_and_obey_the_choice_of_colors() {
    let word = "--a-word-without-a-blank".repeat(4);
    for width in WIDTHS {
        for arguments in [
            &["--format=json", "--report=junit=-"][..],
            &[&word],
            &["--lang", "de"],
            &["--fail-on", "error,anroid"],
            &["explain"],
            &["explain", "--help", "--color=never"],
        ] {
            let (text, _) = seen_at(width, command(arguments), "");
            for line in text.lines().map(without_colors) {
                assert!(line.width() <= width.into(), "{width}: {arguments:?}: {line:?}");
            }
        }
    }
    for (arguments, variable, is_colored) in [
        (&["--nonsense"][..], "", true),
        (&["--nonsense", "--color", "never"], "", false),
        (&["--color=never", "--color=always", "--nonsense"], "never", true),
        (&["--nonsense"], "never", false),
        (&["--nonsense", "--", "--color=always"], "never", false),
        (&["--help"], "never", false),
        (&["--help", "--color=never"], "always", false),
        (&["--help"], "", true),
    ] {
        let mut command = command(arguments);
        if !variable.is_empty() {
            command.env("JM_ANNOTATE_COLOR", variable);
        }
        let (text, _) = seen_at(80, command, "");
        assert_eq!(text.contains('\u{1b}'), is_colored, "{arguments:?} {variable}: {text}");
    }
}

#[test]
fn a_card_is_wrapped_between_words_and_its_texts_are_in_one_column() {
    let (text, _) = seen_at(40, command(&["explain", "871300", "--color=never"]), "");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "871300  not logged in  (android, error)");
    assert!(lines.len() > 6, "{text}");
    for line in &lines[1..] {
        let label = &line[..11];
        assert!(label.trim().is_empty() || label.ends_with(' '), "{line}");
        assert!(line.starts_with("  ") && !line[11..].starts_with(' '), "{line}");
    }
    let words = |text: &str| text.split_whitespace().collect::<String>();
    let whole = crate::util::run(&["explain", "871300"], b"").expect(0);
    assert_eq!(words(&text), words(whole.text()));
}

#[test]
fn a_list_shows_whole_texts_on_a_narrow_screen_and_a_table_on_a_wide_one() {
    let (narrow, _) = seen_at(40, command(&["list", "871300", "--color=never"]), "");
    let want = "\
871300  The API was called while no user
        was logged in
        api调用发起者尚未登录
";
    assert_eq!(narrow, want);
    let (narrow, _) = seen_at(60, command(&["list", "871300", "--color=never", "--lang=en"]), "");
    let want = "\
871300  error    The API was called while no user was logged
                 in
";
    assert_eq!(narrow, want);
    let (usual, _) = seen_at(80, command(&["list", "871300", "--color=never"]), "");
    let want = "\
871300  android  error    The API was called while no user was logged in
                          api调用发起者尚未登录
";
    assert_eq!(usual, want);
    let (wide, _) = seen_at(120, command(&["list", "871300", "--color=never"]), "");
    assert!(wide.contains("android  error") && !wide.contains('…'), "{wide}");
}

#[test]
fn the_summary_fits_a_terminal() {
    let log: String = (871_300..871_320).map(|code| format!("code={code}\n")).collect();
    for width in WIDTHS {
        let arguments = ["--summary", "--quiet", "--format=json"];
        let (text, status) = seen_at(width, command(&arguments), &log);
        assert_eq!(status, 0);
        let table = &text[text.find("count    code").expect("a table")..];
        assert!(table.contains("English") && table.contains("中文"), "{table}");
        assert!(table.lines().count() > 10, "{table}");
        for line in table.lines() {
            assert!(line.width() <= width.into(), "{width}: {line}");
        }
    }
}

#[test]
fn the_summary_has_the_languages_of_the_explanations() {
    for (language, head) in [("en", "English"), ("zh", "中文"), ("both", "English")] {
        let arguments = ["--summary", "--quiet", "--format=json", "--lang", language];
        let (text, _) = seen_at(80, command(&arguments), "code=871300\n");
        let table = &text[text.find("count    code").expect("a table")..];
        assert!(table.lines().next().is_some_and(|line| line.contains(head)), "{table}");
        assert_eq!(table.contains("中文"), language != "en", "{table}");
        assert_eq!(table.contains("Have not"), language != "zh", "{table}");
    }
}

#[test]
fn the_color_tells_the_severity() {
    for (code, colors, few_colors) in [
        (871_300, [163, 129], [35, 39]),
        (871_201, [130, 64], [36, 39]),
        (805_002, [31, 63], [94, 39]),
    ] {
        let line = format!("responseCode = {code}\n");
        let (text, _) = seen_at(80, command(&["--quiet"]), &line);
        for color in colors {
            assert!(text.contains(&format!("\u{1b}[38;5;{color}m")), "{code}: {text:?}");
        }
        let mut few = command(&["--quiet"]);
        few.env("TERM", "xterm");
        let (text, _) = seen_at(80, few, &line);
        for color in few_colors {
            assert!(text.contains(&format!("\u{1b}[{color}m")), "{code}: {text:?}");
        }
        assert!(!text.contains("38;5"), "{text:?}");
        let mut chinese = command(&["--quiet", "--lang=zh"]);
        chinese.env("TERM", "");
        let (text, _) = seen_at(80, chinese, &line);
        assert!(text.contains(&format!("\u{1b}[{}m[", few_colors[0])), "{code}: {text:?}");
        let mut none = command(&["--quiet"]);
        none.env("TERM", "dumb");
        assert!(!seen_at(80, none, &line).0.contains('\u{1b}'));
    }
}

#[test]
fn after_a_look_the_command_can_be_pasted() {
    let log = "code=871201\ncode=871201\ncode=871300\ncode=871999\nuid=871301\n";
    let last = |text: &str| text.lines().last().expect("a line").to_owned();
    let (text, status) = seen_at(80, command(&[]), log);
    assert_eq!((last(&text).as_str(), status), ("jm-annotate explain 871300 871999 871201", 0));
    let (text, _) = seen_at(80, command(&["--quiet"]), log);
    assert!(!text.contains("jm-annotate"), "{text}");
    let (text, _) = seen_at(80, command(&[]), "code=871300");
    assert_eq!(last(&text), "jm-annotate explain 871300", "the log's last line has no end");
    let (text, _) = seen_at(80, command(&["--quiet", "--summary"]), "code=871300");
    assert!(text.contains("\ncount    code"), "{text}");
    assert!(!seen_at(80, command(&[]), "code=87\n").0.contains("jm-annotate"));
    let all: String = (871_300..871_320).map(|code| format!("code={code}\n")).collect();
    for (width, codes) in [(40, 3), (60, 5), (80, 8), (120, 10)] {
        let (text, _) = seen_at(width, command(&[]), &all);
        assert_eq!(last(&text).split(' ').count() - 2, codes, "{width}: {}", last(&text));
        assert!(last(&text).len() <= width.into());
    }
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.tsv"), LONG_ROW).expect("a file");
    for (name, codes, quoted) in [
        ("a.tsv", "871300 871301 871303", "a.tsv"),
        ("-x.tsv", "871300 871301 871303", "-x.tsv"),
        ("it's a shop.tsv", "871300", r"'it'\''s a shop.tsv'"),
        ("\"$x\".tsv", "871300 871301", "'\"$x\".tsv'"),
    ] {
        std::fs::write(folder.path().join(name), LONG_ROW).expect("a file");
        let mut with_catalog = command(&[&format!("--catalog={name}")]);
        with_catalog.current_dir(&folder);
        let (text, _) = seen_at(60, with_catalog, &all);
        assert_eq!(last(&text), format!("jm-annotate explain {codes} --catalog={quoted}"));
        let mut shell = Command::new("sh");
        let program = crate::util::executable().display();
        let pasted = last(&text).replacen("jm-annotate", &format!("'{program}'"), 1);
        shell.args(["-c", &pasted]).current_dir(&folder);
        assert!(shell.output().expect("it runs").status.success(), "{pasted}");
    }
}

#[test]
fn after_ctrl_c_the_command_can_be_pasted_too_and_the_signal_still_ends_the_program() {
    for (signal, status) in [(Signal::INT, -2), (Signal::TERM, -15)] {
        let (mut child, seen) = start_at(80, &mut command(&["--color=never"]));
        let mut input = child.stdin.take().expect("piped");
        writeln!(input, "{CODE}").expect("it reads");
        wait_for_handler(&child);
        thread::sleep(Duration::from_millis(300));
        kill_process(Pid::from_child(&child), signal).expect("it runs");
        assert_eq!(ended(&mut child), status, "a shell's loop ends, too");
        assert_eq!(
            seen.join().expect("no panic"),
            format!("{EXPLAINED}\n\njm-annotate explain 871300\n")
        );
    }
}

/// The terminal shows `^C` where its cursor is, even if the log goes elsewhere.
#[test]
fn after_ctrl_c_a_message_begins_a_line() {
    let (person, terminal) = open(80);
    let seen = look(person);
    let mut command = command(&["--fail-on=any"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(terminal);
    let mut child = command.spawn().expect("it starts");
    drop(command);
    let mut input = child.stdin.take().expect("piped");
    writeln!(input, "{CODE}").expect("it reads");
    wait_for_handler(&child);
    thread::sleep(Duration::from_millis(300));
    kill_process(Pid::from_child(&child), Signal::INT).expect("it runs");
    assert_eq!(ended(&mut child), 1);
    let seen = seen.join().expect("no panic");
    assert!(seen.starts_with("\njm-annotate: --fail-on: "), "{seen:?}");
}

#[test]
fn what_was_meant_is_said() {
    for (argument, command) in [
        ("871300", "jm-annotate explain 871300"),
        ("87130", "jm-annotate explain 87130"),
        ("871300-871310", "jm-annotate explain 871300-871310"),
        ("help", "jm-annotate --help"),
    ] {
        let outcome = crate::util::run(&[argument], b"").expect(2);
        let want = format!("No such file or directory; did you mean `{command}`?");
        assert!(outcome.stderr.contains(&want), "{}", outcome.stderr);
    }
}

#[test]
fn nothing_is_suggested_that_does_not_help() {
    for argument in ["12", "2026", "1-2"] {
        let stderr = crate::util::run(&[argument], b"").expect(2).stderr;
        assert!(stderr.ends_with("No such file or directory\n"), "{stderr}");
    }
}

#[test]
fn a_suggested_command_is_not_broken() {
    let (text, _) = seen_at(80, command(&["871300"]), "");
    assert!(text.contains("\n  `jm-annotate explain 871300`?\n"), "{text}");
}

/// Ctrl-C comes in the middle of a line, before the sequence that ends its color.
#[test]
fn the_hint_does_not_have_the_color_of_the_log() {
    const RESET: &str = "\u{1b}[0m";
    let hint = "jm-annotate explain 871300\n";
    for (log, options, before) in [
        ("\u{1b}[31mcode=871300\u{1b}[0m\n", "", "\u{1b}[0m\n"),
        ("\u{1b}[31mcode=871300\n", "", "\n\u{1b}[0m"),
        ("\u{1b}[31mcode=871300 x", "", " x\u{1b}[0m\n"),
        ("\u{1b}[31mcode=871300 x", "--only", " x\u{1b}[0m\n"),
        ("\u{1b}[31mcode=871300 x", "--color=never", " x\u{1b}[0m\n"),
        ("code=871300 x", "", " x\n"),
    ] {
        let options: Vec<&str> = options.split_whitespace().collect();
        let (text, _) = seen_at(80, command(&options), log);
        assert!(text.ends_with(&format!("{before}{hint}")), "{log:?} {options:?}: {text:?}");
    }
    let mut dumb = command(&[]);
    dumb.env("TERM", "dumb");
    assert!(!seen_at(80, dumb, "code=871300 x").0.contains(RESET));
}
