//! From file to file: what is held back for whole pages comes out at the right place, and in time.
//! Nothing is held back of the first 32 MiB, so some of the logs are longer.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::util::{
    CODE, EXPLAINED, PATIENCE, PLAIN, annotated, ended, executable, program, without_environment,
};

/// Some hundred KiB of lines of many lengths, some of them with a code.
fn log(lines: usize) -> Vec<u8> {
    let line = |number: usize| {
        let code = if number.is_multiple_of(97) { CODE } else { "nothing" };
        format!("03-18 00:13:38.871  1702  2395 D Login: {number:0$} {code}\n", number % 131)
    };
    (0..lines).map(line).collect::<String>().into_bytes()
}

struct Logs {
    folder: tempfile::TempDir,
    log: Vec<u8>,
    want: Vec<u8>,
}

impl Logs {
    /// A log of some hundred KiB.
    fn short() -> Self {
        Logs::new(1)
    }

    /// A log of more than 32 MiB.
    fn long() -> Self {
        Logs::new(80)
    }

    fn new(times: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let part = log(4000);
        let log = part.repeat(times);
        fs::write(folder.path().join("a.log"), &log).expect("a file");
        let want = annotated(&part[..], PLAIN).repeat(times);
        Logs { folder, log, want }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a script of the shell in the folder; `$JM` is the program.
    fn shell(&self, script: &str) -> Option<i32> {
        let mut command = without_environment(Command::new("sh"));
        command.args(["-c", script]).env("JM", executable());
        command.current_dir(self.folder.path()).stdin(Stdio::null()).stderr(Stdio::null());
        command.status().expect("a shell").code()
    }

    #[track_caller]
    fn assert_out(&self, parts: &[&[u8]]) {
        let (got, want) = (fs::read(self.path("out")).expect("it is written"), parts.concat());
        let differs = got.iter().zip(&want).position(|(got, want)| got != want);
        assert!(
            got == want,
            "{} bytes of {}, different from {differs:?} on",
            got.len(),
            want.len()
        );
    }
}

#[test]
fn a_shell_can_write_before_and_after_it() {
    let logs = Logs::short();
    for (script, parts) in [
        ("$JM a.log >out", [&b""[..], &logs.want[..], b""]),
        ("$JM <a.log >out", [b"", &logs.want, b""]),
        ("{ echo first; $JM a.log; echo last; } >out", [b"first\n", &logs.want, b"last\n"]),
        ("echo first >out; $JM a.log >>out; echo last >>out", [b"first\n", &logs.want, b"last\n"]),
        ("$JM a.log - a.log <a.log >out", [&logs.want, &logs.want, &logs.want]),
        ("{ $JM a.log missing a.log || echo $?; } >out", [&logs.want, &logs.want, b"2\n"]),
    ] {
        assert_eq!(logs.shell(script), Some(0), "{script}");
        logs.assert_out(&parts);
    }
    assert!(logs.want.len() > logs.log.len() && logs.log.len() > 300_000);
}

#[test]
fn what_was_held_back_comes_before_what_follows() {
    let logs = Logs::long();
    let script = "{ echo first; $JM a.log missing - <a.log; echo last; } >out 2>/dev/null";
    assert_eq!(logs.shell(script), Some(0));
    logs.assert_out(&[b"first\n", &logs.want, &logs.want, b"last\n"]);
    assert!(logs.log.len() > 33 << 20);
}

#[test]
fn messages_come_where_they_belong_if_they_go_to_the_same_file() {
    let logs = Logs::short();
    assert_eq!(logs.shell("$JM a.log missing a.log >out 2>&1"), Some(2));
    let got = fs::read(logs.path("out")).expect("it is written");
    let message = &got[logs.want.len()..got.len() - logs.want.len()];
    assert!(got.starts_with(&logs.want) && got.ends_with(&logs.want));
    assert!(message.starts_with(b"jm-annotate: missing: "), "{}", message.escape_ascii());
}

/// A file is written as a whole before the next input, for which the program may have to wait.
#[test]
fn nothing_is_held_back_at_the_end_of_an_input() {
    let logs = Logs::long();
    let out = File::create(logs.path("out")).expect("a file");
    let mut child = program()
        .args([logs.path("a.log").as_path(), Path::new("-")])
        .stdin(Stdio::piped())
        .stdout(out)
        .spawn()
        .expect("it starts");
    assert_comes(&logs.path("out"), &logs.want);
    let mut stdin = child.stdin.take().expect("a pipe");
    writeln!(stdin, "{CODE}").expect("it reads");
    let want = [&logs.want[..], EXPLAINED.as_bytes(), b"\n"].concat();
    assert_comes(&logs.path("out"), &want);
    drop(stdin);
    assert_eq!(ended(&mut child), 0);
}

/// Also after the first 32 MiB, of which nothing is held back in any case.
#[test]
fn a_pipe_into_a_file_is_live() {
    let logs = Logs::long();
    let out = File::create(logs.path("out")).expect("a file");
    let mut child = program().stdin(Stdio::piped()).stdout(out).spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(&logs.log).expect("it reads");
    assert_comes(&logs.path("out"), &logs.want);
    drop(stdin);
    assert_eq!(ended(&mut child), 0);
}

/// Waits until a file has these bytes.
#[track_caller]
fn assert_comes(path: &Path, want: &[u8]) {
    let start = Instant::now();
    while fs::read(path).expect("a file") != want {
        assert!(start.elapsed() < PATIENCE, "it does not come");
        thread::sleep(Duration::from_millis(5));
    }
}

/// The file that is read is a part of a larger one, and so is the one that is written.
#[test]
fn from_and_to_the_middle_of_a_file() {
    let logs = Logs::short();
    for offset in [1, 4096, 65_536, 100_001] {
        let mut input = File::open(logs.path("a.log")).expect("a file");
        input.seek(SeekFrom::Start(offset)).expect("a place");
        let before = vec![b'x'; offset as usize];
        fs::write(logs.path("out"), &before).expect("a file");
        let mut out = File::options().read(true).write(true).open(logs.path("out")).expect("it");
        out.seek(SeekFrom::End(0)).expect("a place");
        let mut child = program()
            .stdin(input)
            .stdout(out.try_clone().expect("a file"))
            .spawn()
            .expect("it starts");
        assert_eq!(ended(&mut child), 0);
        let mut rest = Vec::new();
        out.read_to_end(&mut rest).expect("it can be read");
        assert!(rest.is_empty(), "the position is shared, and after all of it");
        logs.assert_out(&[&before, &annotated(&logs.log[offset as usize..], PLAIN)]);
    }
}

/// What fits is written, and the status says that the rest did not.
#[test]
fn a_full_disk_is_a_failure() {
    // Some shells count in units of 512 bytes, others in twice as many.
    for (logs, limit) in [(Logs::short(), 300), (Logs::long(), 35_400)] {
        for options in ["", "--summary"] {
            let script = format!("trap '' XFSZ; ulimit -f {limit}; $JM {options} a.log >out");
            assert_eq!(logs.shell(&script), Some(2), "{script}");
            let got = fs::read(logs.path("out")).expect("it is written");
            assert!(logs.want.starts_with(&got), "{} bytes", got.len());
            assert!([512, 1024].contains(&(got.len() / limit)), "{} bytes", got.len());
        }
    }
}

/// Several programs write to one file at the same time, each whole lines.
#[test]
fn lines_of_several_programs_are_not_mixed() {
    let logs = Logs::long();
    for script in [
        "{ $JM a.log & $JM a.log & wait; } >out",
        "rm out; $JM a.log >>out & $JM a.log >>out & wait",
    ] {
        assert_eq!(logs.shell(script), Some(0));
        let got = fs::read(logs.path("out")).expect("it is written");
        let sorted = |text: &[u8]| {
            let lines = text.split(|byte| *byte == b'\n');
            let mut lines: Vec<_> = lines.map(<[u8]>::to_vec).collect();
            lines.sort();
            lines
        };
        assert!(sorted(&got) == sorted(&logs.want.repeat(2)), "{script}");
    }
}
