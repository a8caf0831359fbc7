//! What the first and the second signal do: end the inputs, or the program.

use std::fs;
use std::io::Read;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::live::{Open, open};
use crate::signals::fifo;
use crate::util::{PATIENCE, ended};

fn send(open: &Open, signal: Signal) {
    kill_process(Pid::from_child(&open.child), signal).expect("it runs");
}

fn stderr(open: &mut Open) -> String {
    let mut text = String::new();
    let mut stderr = open.child.stderr.take().expect("it is piped");
    stderr.read_to_string(&mut text).expect("UTF-8");
    text
}

#[test]
fn the_first_signal_ends_the_input_if_something_is_written_at_the_end() {
    for signal in [Signal::INT, Signal::TERM] {
        let mut open = open(&["--summary"]);
        open.ask();
        send(&open, signal);
        assert_eq!(ended(&mut open.child), 0);
        assert!(stderr(&mut open).contains("871300"));
    }
    for (argument, status) in
        [("--fail-on=any", 1), ("--fail-on=unknown", 0), ("--report=junit=/dev/null", 0)]
    {
        let mut open = open(&[argument]);
        open.ask();
        send(&open, Signal::INT);
        assert_eq!(ended(&mut open.child), status, "{argument}");
    }
}

/// A signal that the caller ignores stays ignored. A shell may start what runs in the background
/// with SIGINT ignored.
#[test]
fn the_first_signal_kills_if_nothing_is_written_at_the_end() {
    for (signal, number) in [(Signal::INT, -2), (Signal::TERM, -15)] {
        let mut open = open(&[]);
        open.ask();
        send(&open, signal);
        if is_ignored(signal) {
            open.ask();
            send(&open, Signal::KILL);
            assert_eq!(ended(&mut open.child), -9);
        } else {
            assert_eq!(ended(&mut open.child), number);
        }
    }
}

/// Whether this process ignores a signal, and so what it starts. Where there is no `/proc`, it is
/// taken not to.
fn is_ignored(signal: Signal) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.map_or(0, |set| u64::from_str_radix(set.trim(), 16).expect("a set"));
    ignored >> (signal.as_raw() - 1) & 1 == 1
}

/// The output pipe is full, so the program can never end by itself, whatever it does with the first
/// signal.
#[cfg(target_os = "linux")] // /proc
#[test]
fn the_second_signal_kills() {
    use std::io::Write;
    use std::process::Stdio;
    use std::thread;
    use std::time::Duration;

    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    use rustix::io::ioctl_fionread;

    use crate::util::{program, wait_for_handler};

    for (signal, number) in [(Signal::INT, -2), (Signal::TERM, -15)] {
        let (_drain, mut stdout) = std::io::pipe().expect("a pipe");
        let flags = fcntl_getfl(&stdout).expect("flags");
        fcntl_setfl(&stdout, flags | OFlags::NONBLOCK).expect("a flag");
        while stdout.write(b"x").is_ok() {}
        fcntl_setfl(&stdout, flags).expect("a flag");
        let mut command = program();
        let mut child = command
            .arg("--summary")
            .stdin(Stdio::piped())
            .stdout(stdout)
            .spawn()
            .expect("it starts");
        let mut input = child.stdin.take().expect("it is piped");
        input.write_all(b"a line\n").expect("it is open");
        wait_for_handler(&child);
        // A signal before that would end the inputs before the first one is opened.
        while ioctl_fionread(&input).expect("a pipe") > 0 {
            thread::sleep(Duration::from_millis(2));
        }
        let pid = Pid::from_child(&child);
        kill_process(pid, signal).expect("it runs");
        thread::sleep(Duration::from_millis(300));
        assert!(child.try_wait().expect("a child").is_none(), "the first one does not kill");
        kill_process(pid, signal).expect("it runs");
        assert_eq!(ended(&mut child), number);
    }
}

/// `timeout` sends a signal to the program and at once to its group.
#[test]
fn a_signal_that_comes_twice_at_once_is_one() {
    for signal in [Signal::INT, Signal::TERM] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = fifo(folder.path());
        let mut open = open(&[&format!("--report=markdown={}", path.display())]);
        open.ask();
        send(&open, signal);
        thread::sleep(Duration::from_millis(2));
        send(&open, signal);
        let report = thread::spawn(move || fs::read_to_string(path));
        assert_eq!(ended(&mut open.child), 0);
        assert!(report.join().expect("no panic").expect("UTF-8").contains("871300"));
    }
}

/// The signal that has ended the inputs does not end the wait for the reader of a report.
#[test]
fn a_report_is_read_after_the_first_signal() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = fifo(folder.path());
    let mut open = open(&[&format!("--report=markdown={}", path.display())]);
    open.ask();
    send(&open, Signal::INT);
    thread::sleep(Duration::from_millis(100));
    let (sender, report) = channel();
    thread::spawn(move || sender.send(fs::read_to_string(path)));
    let report = report.recv_timeout(PATIENCE).expect("it is written").expect("UTF-8");
    assert!(report.contains("871300"), "{report}");
    assert_eq!(ended(&mut open.child), 0);
}

/// The system does not let the first process of a container die of a signal.
#[cfg(target_os = "linux")] // unshare
#[test]
fn the_second_signal_also_ends_the_first_process_of_a_container() {
    use crate::place::Place;
    use crate::util::skip;

    const CONTAINER: &str = "unshare --map-root-user --pid --fork";
    let place = Place::new();
    ["in", "out"].iter().for_each(|name| place.fifo(name));
    if place.shell(&format!("{CONTAINER} true")).status != Some(0) {
        return skip("this needs namespaces of processes");
    }
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        // Nobody writes the log, or reads the report.
        let kill = format!("sleep 0.5; kill -{signal} 1");
        let run = format!("({kill}; {kill}) & exec \"$JM\" --report=markdown=out in\n");
        place.put("run", &run);
        let outcome = place.shell(&format!("{CONTAINER} sh ./run")).expect(status);
        assert_eq!(outcome.stderr, "", "{signal}");
    }
}
