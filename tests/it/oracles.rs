//! Two programs that do half of what this one does: without its explanations, the output is that of
//! `cat`, and with `--only` that of `grep`. For random inputs: files and standard input, odd shapes
//! and odd lines.
//!
//! What differs on purpose:
//!
//! - grep ends every line that it writes. We add a line end only where another line follows:
//!   otherwise a last line without one stays as it is.
//! - The exit status: grep has 1 for "no such line", cat has 1 for an error. Ours is 2 for an error.
//! - A line beyond `LINE_BYTES_MAX` comes in pieces, and the lines that are kept for `-B` have a
//!   limit in bytes. No line here is that long; `only.rs` and `pieces.rs` have such lines.

use std::fs;
use std::path::Path;
use std::process::Command;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::util::{CODE, EXPLAINED, cases, finish, program, skip};

/// One argument that names an input.
#[derive(Debug, Clone)]
enum Input {
    File(Vec<u8>),
    Stdin,
    Missing,
    Folder,
}

/// The inputs of a run.
#[derive(Debug, Clone)]
struct Inputs {
    inputs: Vec<Input>,
    stdin: Vec<u8>,
}

/// Lines without their ends. Every code in them is explained, wherever it is.
const LINES: [&[u8]; 12] = [
    b"",
    b"x",
    b"x",
    b"--",
    b" [--]",
    b"\0\0\xff\xfe",
    b"871300 B",
    b"code=871300",
    b"E/Login: code=871300, code=871300",
    b"\0 code=871300\0",
    b"code=871300\r",
    "错误 code=871300。".as_bytes(),
];
/// What may follow the last line end.
const UNENDED: &[&[u8]] = &[b"", b"", b"x", b"code=871300", b"\0"];
/// How long the long lines are, in bytes: longer than a piece of a line, and not too long for four
/// of them to be kept as context.
const LONG_BYTES: usize = 60_000;

fn lines() -> impl Strategy<Value = Vec<u8>> {
    let long = select(vec![&b" "[..], b" code=871300 "]).prop_map(|middle| {
        [&vec![b'a'; LONG_BYTES / 2][..], middle, &[b'b'; LONG_BYTES / 2]].concat()
    });
    let line = prop_oneof![60 => select(&LINES[..]).prop_map(<[u8]>::to_vec), 1 => long];
    let end = select(&["\n", "\n", "\n", "\r\n"][..]).prop_map(str::as_bytes);
    let line = (line, end).prop_map(|(line, end)| [&line, end].concat());
    let text = vec(line, 0..24).prop_map(|lines| lines.concat());
    (text, select(UNENDED)).prop_map(|(text, unended)| [&text, unended].concat())
}

fn inputs() -> impl Strategy<Value = Inputs> {
    let input = prop_oneof![
        6 => lines().prop_map(Input::File),
        2 => Just(Input::Stdin),
        1 => Just(Input::Missing),
        1 => Just(Input::Folder),
    ];
    (vec(input, 0..5), lines()).prop_map(|(inputs, stdin)| Inputs { inputs, stdin })
}

/// Options for the context that both programs understand, each at most once.
fn context() -> impl Strategy<Value = Vec<String>> {
    (subsequence(vec!["-A", "-B", "-C"], 0..3), vec(0..5_usize, 3)).prop_map(|(options, lines)| {
        options.iter().zip(lines).map(|(option, lines)| format!("{option}{lines}")).collect()
    })
}

impl Inputs {
    /// Puts the files into a folder, and adds them as arguments.
    fn name(&self, folder: &Path, command: &mut Command) {
        for (at, input) in self.inputs.iter().enumerate() {
            let path = folder.join(at.to_string());
            match input {
                Input::File(bytes) => fs::write(&path, bytes).expect("a file"),
                Input::Folder => fs::create_dir_all(&path).expect("a folder"),
                Input::Missing | Input::Stdin => {}
            }
            match input {
                Input::Stdin => command.arg("-"),
                _ => command.arg(path),
            };
        }
    }

    /// What a program writes for the inputs.
    fn output(&self, mut command: Command) -> Vec<u8> {
        let folder = tempfile::tempdir().expect("a folder");
        self.name(folder.path(), &mut command);
        finish(&mut command, &self.stdin).stdout
    }

    /// What we write for the inputs, without the explanations.
    fn our_output(&self, options: &[&str]) -> Vec<u8> {
        let mut command = program();
        command.args(options);
        let output = self.output(command);
        let explanation = EXPLAINED.strip_prefix(CODE).expect("it begins with the code");
        let at_end = explanation.replacen('[', "[871300 ", 1);
        let inline = count(&output, explanation.as_bytes());
        let kept = without(&without(&output, explanation.as_bytes()), at_end.as_bytes());
        assert!(inline == 0 || inline == count(&kept, CODE.as_bytes()), "all codes are explained");
        kept
    }
}

fn without(text: &[u8], part: &[u8]) -> Vec<u8> {
    let (mut kept, mut from) = (Vec::with_capacity(text.len()), 0);
    for at in memchr::memmem::find_iter(text, part) {
        kept.extend_from_slice(&text[from..at]);
        from = at + part.len();
    }
    kept.extend_from_slice(&text[from..]);
    kept
}

fn count(text: &[u8], part: &[u8]) -> usize {
    memchr::memmem::find_iter(text, part).count()
}

/// A program with the plain behavior that its manual describes; `None` where it is not GNU's.
fn gnu(name: &str) -> Option<Command> {
    let mut command = Command::new(name);
    command.env_clear().envs(std::env::vars_os().filter(|(name, _)| name == "PATH"));
    command.env("LC_ALL", "C");
    let version = Command::new(name).arg("--version").output();
    if version.is_ok_and(|version| version.stdout.windows(3).any(|word| word == b"GNU")) {
        return Some(command);
    }
    skip(format!("there is no GNU {name} on the PATH"));
    None
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn the_log_is_what_cat_writes(inputs in inputs(), place in select(&["inline", "end"][..])) {
        let Some(cat) = gnu("cat") else { return Ok(()) };
        let want = inputs.output(cat);
        let ours = inputs.our_output(&["--place", place]);
        prop_assert_eq!(String::from_utf8_lossy(&ours), String::from_utf8_lossy(&want));
    }

    #[test]
    fn only_is_what_grep_writes(
        inputs in inputs(),
        context in context(),
        place in select(&["inline", "end"][..]),
    ) {
        let Some(mut grep) = gnu("grep") else { return Ok(()) };
        grep.args(["--text", "--no-filename", "--fixed-strings", CODE]).args(&context);
        // grep without a name reads standard input, as we do.
        let want = inputs.output(grep);
        let options = ["--place", place, "--only"].into_iter();
        let options: Vec<&str> = options.chain(context.iter().map(String::as_str)).collect();
        let mut ours = inputs.our_output(&options);
        if !ours.is_empty() && !ours.ends_with(b"\n") {
            ours.push(b'\n');
        }
        prop_assert_eq!(String::from_utf8_lossy(&ours), String::from_utf8_lossy(&want));
    }
}
