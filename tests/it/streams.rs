//! The three standard streams when they are full, slow, or a terminal: what must be seen is written
//! whole, or the status is 2.

#[cfg(target_os = "linux")]
use std::fs::{self, File};
use std::io::{ErrorKind, PipeReader, PipeWriter, Read, Write};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::fs::{OFlags, fcntl_setfl};

#[cfg(target_os = "linux")]
use crate::pack::{member, zip};
use crate::place::Place;
use crate::util::{CODE, EXPLAINED, ended, program, run};

#[cfg(target_os = "linux")]
fn full() -> File {
    File::options().write(true).open("/dev/full").expect("a device")
}

/// A command with an input of one line with a code.
fn on_a_code(arguments: &[&str]) -> Command {
    let (stdin, mut feed) = std::io::pipe().expect("a pipe");
    feed.write_all(format!("{CODE}\n").as_bytes()).expect("it is empty");
    let mut command = program();
    command.args(arguments).stdin(stdin).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[cfg(target_os = "linux")] // /dev/full
#[test]
fn a_message_that_cannot_be_written_is_a_failure() {
    for (arguments, status) in [
        (&["--summary"][..], 2),
        (&["--fail-on=any"], 2),
        (&["--fail-on=871301"], 0),
        (&["--lang=de"], 2),
        (&["no/such/file"], 2),
        (&["list", "no such text"], 2),
        (&["explain", "871399"], 2),
        (&["list"], 0),
        (&[], 0),
    ] {
        let status_of = on_a_code(arguments).stderr(full()).status().expect("it runs");
        assert_eq!(status_of.code(), Some(status), "{arguments:?}");
    }
}

/// What an input lacks is said nowhere else if the policy does not fail it.
#[cfg(target_os = "linux")] // /dev/full
#[test]
fn what_an_input_lacks_cannot_be_lost() {
    let place = Place::new();
    let (empty, line): (&[u8], &[u8]) = (b"", b"x\n");
    let empties: Vec<_> = ["a", "b", "c", "d"].map(|name| member(name, empty)).into();
    let packed = [
        ("binary.zip", zip(&[member("a.bin", b"\0"), member("a.log", line)])),
        ("empty.zip", zip(&empties)),
        ("text.zip", zip(&[member("a.log", line)])),
    ];
    for (name, bytes) in packed {
        fs::write(place.path(name), bytes).expect("a file");
    }
    for (arguments, status) in [
        ("--fail-on=any /dev/null", 2),
        ("--fail-on=any empty.zip", 2),
        ("--fail-on=any binary.zip", 2),
        ("binary.zip", 2),
        ("/dev/null", 0),
        ("empty.zip", 0),
        ("--fail-on=any text.zip", 0),
    ] {
        let outcome = place.shell(&format!("\"$JM\" {arguments} 2>/dev/full"));
        assert_eq!(outcome.status, Some(status), "{arguments}");
    }
}

#[cfg(target_os = "linux")] // /dev/full
#[test]
fn an_answer_that_cannot_be_written_is_a_failure() {
    for arguments in
        [&["--help"][..], &["-h"], &["--version"], &["-V"], &["list"], &["explain", "--help"]]
    {
        let output =
            on_a_code(arguments).stdout(full()).stderr(Stdio::piped()).output().expect("it runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            (output.status.code(), &*stderr),
            (Some(2), "jm-annotate: standard output: No space left on device\n"),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_closed_pipe_ends_a_message_quietly() {
    for (arguments, status) in
        [(&["--summary"][..], 0), (&["--fail-on=any"], 1), (&["--lang=de"], 2), (&["--help"], 0)]
    {
        let (drain, pipe) = std::io::pipe().expect("a pipe");
        drop(drain);
        let stdout = pipe.try_clone().expect("a pipe");
        let status_of = on_a_code(arguments).stderr(pipe).stdout(stdout).status().expect("it runs");
        assert_eq!(status_of.code(), Some(status), "{arguments:?}");
    }
}

#[test]
fn a_stream_that_is_closed_at_the_start_is_a_failure_if_it_is_needed() {
    let stdin = "jm-annotate: standard input: Bad file descriptor\n";
    let stdout = "jm-annotate: standard output: Bad file descriptor\n";
    let place = Place::new();
    for (script, status, stderr) in [
        ("\"$JM\" in.log >&-", 2, stdout),
        ("\"$JM\" --report junit=- in.log >&-", 2, stdout),
        ("\"$JM\" --format json in.log >&-", 2, stdout),
        ("\"$JM\" list >&-", 2, stdout),
        ("\"$JM\" --help >&-", 2, stdout),
        ("\"$JM\" generate man >&-", 2, stdout),
        ("\"$JM\" <&-", 2, stdin),
        ("\"$JM\" in.log - <&-", 2, stdin),
        ("\"$JM\" explain --line - <&-", 2, stdin),
        ("\"$JM\" in.log <&-", 0, ""),
        ("\"$JM\" in.log 2>&-", 0, ""),
        ("\"$JM\" --summary in.log 2>&-", 2, ""),
        ("\"$JM\" in.log <&- >&- 2>&-", 2, ""),
        ("\"$JM\" in.log 0<>/dev/null 1>&0", 0, ""),
    ] {
        let outcome = place.shell(script);
        assert_eq!((outcome.status, outcome.stderr.as_str()), (Some(status), stderr), "{script}");
    }
}

/// Where a stream was closed, its name is a name for nothing.
#[test]
fn a_stream_that_is_closed_cannot_be_opened_by_its_name() {
    let place = Place::new();
    for script in [
        "\"$JM\" /dev/stdin <&-",
        "\"$JM\" in.log /dev/stdin <&-",
        "\"$JM\" --catalog /dev/stdin in.log <&-",
        "\"$JM\" --report junit=/dev/stdout in.log >&-",
        "\"$JM\" --report junit=/dev/stderr in.log 2>&-",
        "\"$JM\" --report junit=/dev/fd/2 in.log 2>&-",
    ] {
        assert_eq!(place.shell(script).status, Some(2), "{script}");
    }
    if cfg!(target_os = "linux") {
        for (script, want) in [
            ("\"$JM\" /dev/stdin <&-", "/dev/stdin: Bad file descriptor\n"),
            ("\"$JM\" / <&-", "/: Is a directory\n"),
            ("\"$JM\" /dev <&-", "/dev: Is a directory\n"),
            ("\"$JM\" /dev/stdin < /", "/dev/stdin: Is a directory\n"),
        ] {
            let outcome = place.shell(script);
            assert_eq!(outcome.stderr, format!("jm-annotate: {want}"), "{script}");
        }
    }
}

/// A report is still written, and nothing of the log gets into a file that is opened later.
#[test]
fn nothing_takes_the_place_of_a_closed_stream() {
    let place = Place::new();
    let stream = "\"$JM\" --fail-on any --report junit=r.xml in.log";
    for closed in [">&-", "<&- >&-", "<&- >&- 2>&-", "- <&-"] {
        let outcome = place.shell(&format!("{stream} {closed}"));
        assert_eq!(outcome.status, Some(2), "{closed}");
        let report = place.get("r.xml");
        assert!(report.starts_with("<?xml") && report.ends_with("</testsuites>\n"), "{report}");
    }
}

/// A pipe in non-blocking mode in which nothing more fits, and how much is in it.
fn full_pipe() -> (PipeReader, PipeWriter, usize) {
    let (drain, mut pipe) = std::io::pipe().expect("a pipe");
    fcntl_setfl(&pipe, OFlags::NONBLOCK).expect("a flag");
    let mut held = 0;
    for size in [4096, 1] {
        loop {
            match pipe.write(&vec![b' '; size]) {
                Ok(count) => held += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => panic!("{error}"),
            }
        }
    }
    (drain, pipe, held)
}

/// What comes through a pipe that was full when the program began to write.
fn through_a_full_pipe(mut command: Command, is_stderr: bool) -> (String, i32) {
    let (mut drain, pipe, held) = full_pipe();
    if is_stderr {
        command.stderr(pipe);
    } else {
        command.stdout(pipe);
    }
    let mut child = command.spawn().expect("it starts");
    drop(command);
    thread::sleep(Duration::from_millis(200));
    let mut got = Vec::new();
    drain.read_to_end(&mut got).expect("it ends");
    (String::from_utf8(got.split_off(held)).expect("UTF-8"), ended(&mut child))
}

#[test]
fn a_non_blocking_standard_error_is_waited_for() {
    for arguments in
        [&["--summary"][..], &["--fail-on=any"], &["no/such/file"], &["--lang=de"], &["list", "~"]]
    {
        let want = on_a_code(arguments).stderr(Stdio::piped()).output().expect("it runs");
        let (got, status) = through_a_full_pipe(on_a_code(arguments), true);
        assert_eq!(got, String::from_utf8_lossy(&want.stderr), "{arguments:?}");
        assert!(!got.is_empty() && Some(status) == want.status.code(), "{arguments:?}");
    }
}

#[test]
fn a_non_blocking_standard_output_is_waited_for() {
    for arguments in [
        &["list", "--format=json"][..],
        &["explain", "871300-871399"],
        &["explain", "--line", "-"],
        &["generate", "man"],
        &["--help"],
        &["--version"],
    ] {
        let want = run(arguments, format!("{CODE}\n").as_bytes()).expect(0);
        let (got, status) = through_a_full_pipe(on_a_code(arguments), false);
        assert!(got == want.text() && !got.is_empty(), "{arguments:?}: {} bytes", got.len());
        assert_eq!(status, 0, "{arguments:?}");
    }
}

#[test]
fn a_non_blocking_standard_input_is_waited_for() {
    for (arguments, want) in
        [(&["explain", "--line", "-"][..], "1:6: 871300  code "), (&["--quiet"], EXPLAINED)]
    {
        let (stdin, mut feed) = std::io::pipe().expect("a pipe");
        fcntl_setfl(&stdin, OFlags::NONBLOCK).expect("a flag");
        let mut command = program();
        let child = command.args(arguments).stdin(stdin).stdout(Stdio::piped()).spawn();
        thread::sleep(Duration::from_millis(100));
        feed.write_all(CODE.as_bytes()).expect("it reads");
        drop((feed, command));
        let output = child.expect("it starts").wait_with_output().expect("it ends");
        let got = String::from_utf8_lossy(&output.stdout);
        assert!(got.starts_with(want) && output.status.success(), "{arguments:?}: {got}");
    }
}

#[cfg(target_os = "linux")] // a pseudo-terminal
#[test]
fn one_end_of_file_at_a_terminal_is_enough() {
    for (typed, want, status) in [
        ("\u{4}", "", 0),
        ("code=871300\n\u{4}", "871300", 0),
        ("(\u{4}\u{4}", "", 0),
        ("code=871300\u{4}\u{4}", "871300", 0),
        ("BZh91AY\u{4}\u{4}", "", 2), // the beginning of bzip2 data
    ] {
        for arguments in [
            &["--quiet"][..],
            &["--quiet", "--report=github=-"],
            &["--only"],
            &["explain", "--line", "-"],
        ] {
            let (mut person, stdin) = crate::terminal::open(80);
            let mut child = program()
                .args(arguments)
                .stdin(stdin)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("it starts");
            person.write_all(typed.as_bytes()).expect("it is typed");
            assert_eq!(ended(&mut child), status, "{typed:?} {arguments:?}");
            let mut got = String::new();
            child.stdout.take().expect("piped").read_to_string(&mut got).expect("UTF-8");
            assert!(got.contains(want), "{typed:?} {arguments:?}: {got}");
        }
    }
}

#[cfg(target_os = "linux")] // /dev/full
#[test]
fn no_answer_is_lost_in_silence() {
    let place = Place::new();
    for arguments in [
        "explain 871300", "explain 871300 --format=json", "explain 871399 871300",
        "explain --line code=871300", "explain --line - < in.log", "list --format=json",
        "list --format=tsv", "generate bash", "generate zsh", "generate fish",
        "generate powershell", "generate elvish", "generate man", "--format=json in.log",
    ] {
        let outcome = place.shell(&format!("\"$JM\" {arguments} > /dev/full")).expect(2);
        let line = "jm-annotate: standard output: No space left on device\n";
        assert!(outcome.stderr.ends_with(line), "{arguments}: {outcome:?}");
    }
}
