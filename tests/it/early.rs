//! What would fail at the end is said before the first byte of the log is read, and to find it out
//! changes nothing.

use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};

use rustix::io::ioctl_fionread;

use crate::place::Place;
use crate::util::{CODE, EXPLAINED, PATIENCE, ended, finish, hear, listen, skip, start};

/// What the program says before it reads anything from a standard input that never ends.
#[track_caller]
fn refused(command: &mut Command, arguments: &str) -> String {
    let (stdin, mut feed) = std::io::pipe().expect("a pipe");
    feed.write_all(CODE.as_bytes()).expect("there is room");
    command.stdin(stdin.try_clone().expect("a descriptor"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a shell");
    assert_eq!(ended(&mut child), 2, "{arguments}");
    let output = child.wait_with_output().expect("it can be waited for");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{arguments}");
    assert_eq!(ioctl_fionread(&stdin), Ok(CODE.len() as u64), "{arguments}: bytes were read");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder with many things that are no place for a report.
fn obstacles() -> (Place, UnixListener) {
    let place = Place::new();
    fs::create_dir(place.path("folder")).expect("a folder");
    place.link("folder", "to-folder");
    place.link("missing/r.xml", "dangling");
    place.link("dangling", "far");
    place.link("loop", "loop");
    place.put("bad.tsv", "12\tteam\n");
    place.fifo("fifo");
    let socket = UnixListener::bind(place.path("socket")).expect("a socket");
    (place, socket)
}

#[test]
fn a_report_that_cannot_be_written_is_refused_before_anything_is_read() {
    let (place, _socket) = obstacles();
    let no_folder = "No such file or directory; the folder of a report must exist";
    let long = "x".repeat(300);
    let too_long =
        if cfg!(target_env = "musl") { "Filename too long" } else { "File name too long" };
    for (path, what) in [
        ("missing/r.xml", no_folder),
        ("missing/../r.xml", no_folder),
        ("dangling", no_folder),
        ("far", no_folder),
        ("folder", "Is a directory"),
        ("folder/", "Is a directory"),
        ("to-folder", "Is a directory"),
        (".", "Is a directory"),
        ("new/", "the path is that of a folder"),
        ("in.log/r.xml", "Not a directory"),
        ("loop", "Too many levels of symbolic links"),
        ("socket", "No such device or address"),
        (&long, too_long),
        #[cfg(target_os = "linux")]
        ("/proc/r.xml", "No such file or directory"),
        #[cfg(target_os = "linux")]
        ("/proc/self/fd/99", "Bad file descriptor"),
    ] {
        for script in [
            format!("\"$JM\" --report junit={path}"),
            format!("\"$JM\" --report junit=first.xml --report github={path} fifo"),
            format!("\"$JM\" --report github=- --report markdown={path} - fifo"),
            format!("GITHUB_STEP_SUMMARY={path} \"$JM\" --report github=-"),
            format!("GITHUB_STEP_SUMMARY={path} \"$JM\" --report github=first.xml fifo"),
        ] {
            let stderr = refused(&mut place.command(&script), &script);
            assert_eq!(stderr, format!("jm-annotate: {path}: {what}\n"), "{script}");
        }
    }
    assert!(!place.path("first.xml").exists());
}

#[test]
fn a_command_line_that_does_not_fit_together_is_refused_before_anything_is_read() {
    let (place, _socket) = obstacles();
    for (arguments, what) in [
        ("--report junit=- --report markdown=-", "two reports on `-`"),
        ("--report junit=- --report github=/dev/stdout", "two reports on `-`"),
        ("--format json --report junit=-", "both need standard output"),
        ("--only --report junit=-", "`--only` selects lines of the log"),
        ("--catalog bad.tsv", "bad.tsv: line 1: expected 10 columns"),
        ("--catalog missing.tsv", "missing.tsv: No such file or directory"),
        ("--catalog folder", "folder: Is a directory"),
        ("--codes anroid", "unknown family `anroid`"),
        ("--fail-on fatal", "unknown item `fatal`"),
        ("--codes android --fail-on server", "`server` would never fail a build"),
        ("--fail-on 971300", "`971300` would never fail a build"),
    ] {
        for files in ["", "-", "fifo", "fifo -"] {
            let script = format!("\"$JM\" {arguments} {files}");
            let stderr = refused(&mut place.command(&script), &script);
            assert!(stderr.contains(what), "{script}: {stderr}");
        }
    }
}

#[test]
fn what_permissions_forbid_is_refused_before_anything_is_read() {
    let place = Place::new();
    fs::create_dir(place.path("closed")).expect("a folder");
    fs::create_dir(place.path("open")).expect("a folder");
    place.fifo("fifo");
    for name in ["closed/old.xml", "open/old.xml", "summary.md"] {
        place.put(name, "old");
        place.mode(name, 0o444);
    }
    for (name, mode) in [("", 0o755), ("fifo", 0o444), ("closed", 0o555), ("open", 0o777)] {
        place.mode(name, mode);
    }
    for script in [
        "\"$JM\" --report junit=closed/new.xml",
        "\"$JM\" --report junit=closed/old.xml",
        "\"$JM\" --report junit=fifo",
        "GITHUB_STEP_SUMMARY=summary.md \"$JM\" --report github=-",
        "GITHUB_STEP_SUMMARY=closed/new.md \"$JM\" --report github=-",
        // Its folder would let it be replaced, but whoever protected it does not want that.
        "\"$JM\" --report junit=open/old.xml",
    ] {
        let Some(mut command) = place.command_of_nobody(script) else {
            return skip("nobody cannot run the program");
        };
        let stderr = refused(&mut command, script);
        let name = script.split(['=', ' ']).find(|word| {
            ["closed/", "open/", "fifo", "summary."].iter().any(|name| word.starts_with(name))
        });
        let name = name.expect("a path");
        assert_eq!(stderr, format!("jm-annotate: {name}: Permission denied\n"), "{script}");
    }
    place.mode("closed", 0o755);
}

#[test]
fn a_report_that_can_be_written_somehow_is_not_refused() {
    let place = Place::new();
    fs::create_dir(place.path("open")).expect("a folder");
    place.put("open/old.xml", "old");
    place.put("open/mine.xml", "old");
    for (name, mode) in [("", 0o755), ("open/old.xml", 0o666), ("open", 0o777)] {
        place.mode(name, mode);
    }
    place.link("open/linked.xml", "dangling");
    for name in ["open/old.xml", "open/new.xml", "dangling", "/dev/null"] {
        let script = format!("\"$JM\" --report junit={name} in.log");
        let Some(mut command) = place.command_of_nobody(&script) else {
            return skip("nobody cannot run the program");
        };
        assert_eq!(finish(&mut command, b"").expect(0).stderr, "", "{script}");
    }
    for name in ["open/old.xml", "open/new.xml", "open/linked.xml"] {
        assert!(place.get(name).contains("871300"), "{name}");
    }
}

/// The time in nanoseconds, and all else that would show a change.
fn state(place: &Place, name: &str) -> (String, u64, i64, i64, i64) {
    let found = fs::metadata(place.path(name)).expect("it is there");
    (place.get(name), found.ino(), found.mtime(), found.mtime_nsec(), found.ctime_nsec())
}

#[test]
fn to_ask_whether_a_report_can_be_written_changes_nothing() {
    let place = Place::new();
    place.put("old.xml", "old");
    place.put("summary.md", "old");
    place.mode("old.xml", 0o640);
    place.link("dangles.xml", "link");
    let reports = "--report junit=old.xml --report markdown=new.md --report github=link";
    let script = format!("GITHUB_STEP_SUMMARY=summary.md exec \"$JM\" {reports}");
    let before = (place.names(), state(&place, "old.xml"), state(&place, "summary.md"));
    let mut child = start(&mut place.command(&script));
    let mut input = child.stdin.take().expect("it is piped");
    let output = listen(child.stdout.take().expect("it is piped"));
    input.write_all(format!("{CODE}\n").as_bytes()).expect("it reads");
    hear(&output, EXPLAINED.len());
    let during = (place.names(), state(&place, "old.xml"), state(&place, "summary.md"));
    assert_eq!(during, before);
    drop(input);
    assert_eq!(ended(&mut child), 0);
    assert!(place.get("old.xml").contains("871300") && place.get("dangles.xml").contains("871300"));
    assert!(place.get("summary.md").starts_with("old"));
}

/// A FIFO that was opened and closed would show its reader an end.
#[test]
fn a_fifo_is_not_opened_before_the_report_is_written() {
    let place = Place::new();
    place.fifo("fifo");
    let mut reader = Command::new("cat");
    let mut reader = start(reader.arg(place.path("fifo")));
    let report = listen(reader.stdout.take().expect("it is piped"));
    let mut child = start(&mut place.command("exec \"$JM\" --report markdown=fifo"));
    let mut input = child.stdin.take().expect("it is piped");
    let output = listen(child.stdout.take().expect("it is piped"));
    input.write_all(format!("{CODE}\n").as_bytes()).expect("it reads");
    hear(&output, EXPLAINED.len());
    assert!(report.try_recv().is_err(), "the report is written at the end");
    drop(input);
    let report = report.recv_timeout(PATIENCE).expect("a report");
    assert!(String::from_utf8_lossy(&report).contains("871300"));
    assert_eq!((ended(&mut child), ended(&mut reader)), (0, 0));
}

/// The system lets it be written, but neither replaced nor overwritten.
#[cfg(target_os = "linux")] // chattr
#[test]
fn a_file_that_can_only_be_appended_to_is_refused() {
    let place = Place::new();
    place.put("r.xml", "old\n");
    let attribute = |change| {
        let changed = Command::new("chattr").arg(change).arg(place.path("r.xml")).output();
        changed.is_ok_and(|output| output.status.success())
    };
    if !attribute("+a") {
        return skip("chattr needs root, and a file system with attributes");
    }
    let said = refused(&mut place.command("\"$JM\" --report junit=r.xml"), "chattr +a");
    assert!(attribute("-a"));
    assert_eq!(said, "jm-annotate: r.xml: Operation not permitted\n");
    assert_eq!(place.get("r.xml"), "old\n");
}
