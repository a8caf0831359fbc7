//! The program while its standard input stays open: a line is answered immediately, and signals end
//! the input or the program.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::ioctl_fionread;
use rustix::process::{Pid, Signal, kill_process};

use crate::util::{CODE, EXPLAINED, ended, hear, listen, program, start, wait_for_handler};

/// The program with its standard input held open, and its output.
struct Open {
    child: Child,
    input: ChildStdin,
    output: Receiver<Vec<u8>>,
}

fn open(arguments: &[&str]) -> Open {
    let mut child = start(program().args(arguments));
    let input = child.stdin.take().expect("it is piped");
    let output = listen(child.stdout.take().expect("it is piped"));
    Open { child, input, output }
}

impl Open {
    /// Writes a line and waits for the answer.
    #[track_caller]
    fn ask(&mut self) {
        self.input.write_all(format!("{CODE}\n").as_bytes()).expect("it reads");
        let answer = hear(&self.output, EXPLAINED.len() + 1);
        assert_eq!(String::from_utf8_lossy(&answer), format!("{EXPLAINED}\n"));
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
    }

    fn stderr(&mut self) -> String {
        let mut text = String::new();
        let mut stderr = self.child.stderr.take().expect("it is piped");
        stderr.read_to_string(&mut text).expect("UTF-8");
        text
    }
}

#[test]
fn a_line_is_answered_while_standard_input_stays_open() {
    for arguments in [&[][..], &["--summary"], &["--only"], &["--fail-on", "server"]] {
        let mut open = open(arguments);
        (0..5).for_each(|_| open.ask());
        drop(open.input);
        assert_eq!(ended(&mut open.child), 0, "{arguments:?}");
    }
}

#[test]
fn the_first_signal_ends_the_input_if_something_is_written_at_the_end() {
    for signal in [Signal::INT, Signal::TERM] {
        let mut open = open(&["--summary"]);
        open.ask();
        open.signal(signal);
        assert_eq!(ended(&mut open.child), 0);
        assert!(open.stderr().contains("871300"));
    }
    let mut open = open(&["--fail-on=any"]);
    open.ask();
    open.signal(Signal::INT);
    assert_eq!(ended(&mut open.child), 1);
}

#[test]
fn the_first_signal_kills_if_nothing_is_written_at_the_end() {
    for (signal, number) in [(Signal::INT, -2), (Signal::TERM, -15)] {
        let mut open = open(&[]);
        open.ask();
        open.signal(signal);
        assert_eq!(ended(&mut open.child), number);
    }
}

/// The output pipe is full, so the program can never end by itself, whatever it does with the first
/// signal.
#[cfg(target_os = "linux")]
#[test]
fn the_second_signal_kills() {
    let (_drain, mut stdout) = std::io::pipe().expect("a pipe");
    let flags = fcntl_getfl(&stdout).expect("flags");
    fcntl_setfl(&stdout, flags | OFlags::NONBLOCK).expect("a flag");
    while stdout.write(b"x").is_ok() {}
    fcntl_setfl(&stdout, flags).expect("a flag");
    let mut child =
        program().arg("--summary").stdin(Stdio::piped()).stdout(stdout).spawn().expect("it starts");
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(b"a line\n").expect("it is open");
    wait_for_handler(&child);
    // A signal before that would end the inputs before the first one is opened.
    while ioctl_fionread(&input).expect("a pipe") > 0 {
        thread::sleep(Duration::from_millis(2));
    }
    let pid = Pid::from_child(&child);
    kill_process(pid, Signal::INT).expect("it runs");
    thread::sleep(Duration::from_millis(100));
    assert!(child.try_wait().expect("a child").is_none(), "the first one does not kill");
    kill_process(pid, Signal::INT).expect("it runs");
    assert_eq!(ended(&mut child), -2);
}
