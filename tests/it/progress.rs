//! Progress: what a person sees on a terminal while files are read.

use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use crate::terminal::{command, look, open};
use crate::util::{CODE, EXPLAINED, ended};

#[test]
fn long_work_shows_progress_and_leaves_nothing() {
    let seen = progress_at(80);
    assert!(seen.contains(" MiB of 4.6 MiB (") && seen.contains(" codes"), "{seen:?}");
    let messages = seen.split('\r').map(|line| line.rsplit("\u{1b}[").next().unwrap_or_default());
    assert_eq!(messages.filter(|line| line.contains("No such file")).count(), 1, "{seen:?}");
    assert!(seen.ends_with("\u{1b}[2K"), "{seen:?}");
}

/// Otherwise `^C` would wrap, and only its line would be taken away.
#[test]
fn progress_has_every_figure_and_room_for_ctrl_c() {
    for width in [40, 60] {
        let seen = progress_at(width);
        let lines: Vec<&str> = seen.split("\u{1b}[2K").filter(|line| line.contains('%')).collect();
        assert!(!lines.is_empty(), "{width}: {seen:?}");
        for line in lines {
            let line = line.trim_end_matches('\r').lines().last().unwrap_or_default();
            assert!(line.width() + "^C".len() <= width.into(), "{width}: {line:?}");
            assert!(line.contains("iB/s") && line.ends_with("codes"), "{width}: {line:?}");
        }
    }
}

/// What a person sees on standard error while files are read, one of which is missing. The output
/// is read slowly, so the program takes longer than it takes to become impatient.
fn progress_at(columns: u16) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.log");
    std::fs::write(&path, format!("{CODE}\n").repeat(200_000)).expect("a file");
    let (person, terminal) = open(columns);
    let seen = look(person);
    let mut command = command(&["--report=junit=/dev/null"]);
    command.args([&path, &folder.path().join("none"), &path]);
    // A pipe may lead to a program that shows its output on the terminal, a socket does not.
    let (mut output, stdout) = UnixStream::pair().expect("sockets");
    command.stdin(Stdio::null()).stdout(OwnedFd::from(stdout)).stderr(terminal);
    let mut child = command.spawn().expect("it starts");
    drop(command);
    thread::sleep(Duration::from_millis(700));
    let mut log = Vec::new();
    let mut space = vec![0; 1 << 20];
    while let Ok(count @ 1..) = output.read(&mut space) {
        log.extend_from_slice(&space[..count]);
        thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(ended(&mut child), 2, "one file is missing");
    assert_eq!(log, format!("{EXPLAINED}\n").repeat(400_000).into_bytes());
    seen.join().expect("no panic")
}
