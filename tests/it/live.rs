//! The program while its standard input stays open: a line is answered immediately.

use std::io::Write;
use std::process::{Child, ChildStdin};
use std::sync::mpsc::Receiver;

use crate::util::{CODE, EXPLAINED, ended, hear, listen, program, start};

/// The program with its standard input held open, and its output.
pub(crate) struct Open {
    pub(crate) child: Child,
    pub(crate) input: ChildStdin,
    output: Receiver<Vec<u8>>,
}

pub(crate) fn open(arguments: &[&str]) -> Open {
    let mut child = start(program().args(arguments));
    let input = child.stdin.take().expect("it is piped");
    let output = listen(child.stdout.take().expect("it is piped"));
    Open { child, input, output }
}

impl Open {
    /// Writes a line and waits for the answer.
    #[track_caller]
    pub(crate) fn ask(&mut self) {
        self.input.write_all(format!("{CODE}\n").as_bytes()).expect("it reads");
        let answer = hear(&self.output, EXPLAINED.len() + 1);
        assert_eq!(String::from_utf8_lossy(&answer), format!("{EXPLAINED}\n"));
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
