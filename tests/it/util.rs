//! Runs the program without the developer's environment, and the library on readers and writers
//! that misbehave on purpose.

use std::ffi::OsStr;
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use jm_annotate::annotate::Annotator;
use jm_annotate::catalog::{Catalog, Selection};
use jm_annotate::context::Strictness;
use jm_annotate::render::{Languages, Palette, Place, Renderer};
use jm_annotate::stream::filter;
use proptest::prelude::ProptestConfig;

/// A code and its explanation, as the program writes it.
pub(crate) const CODE: &str = "code=871300";
pub(crate) const EXPLAINED: &str = "code=871300 [Have not logged in. | api调用发起者尚未登录]";
/// How long a test waits for what must come immediately.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// What a run of the program left behind.
#[derive(PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    /// The exit status; `None` if a signal killed it.
    pub(crate) status: Option<i32>,
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stdout = String::from_utf8_lossy(&self.stdout);
        write!(f, "status {:?}, stderr {:?}, stdout {stdout:?}", self.status, self.stderr)
    }
}

impl Outcome {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("standard output is UTF-8")
    }

    /// Fails the test unless the run ended with this status.
    #[track_caller]
    pub(crate) fn expect(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "standard error: {}", self.stderr);
        self
    }
}

/// The program, without the environment variables of the machine that the tests run on.
pub(crate) fn program() -> Command {
    without_environment(Command::new(executable()))
}

/// What starts the program: its file, or a script that gives this file to the emulator named by
/// `JM_ANNOTATE_TEST_RUNNER`, such as `qemu-aarch64-static`, if the program is for another machine.
/// Cargo has a runner of its own, which starts the tests; this is for what the tests start.
pub(crate) fn executable() -> &'static Path {
    static EXECUTABLE: OnceLock<PathBuf> = OnceLock::new();
    EXECUTABLE.get_or_init(|| {
        let program = env!("CARGO_BIN_EXE_jm-annotate");
        match std::env::var(RUNNER) {
            Ok(runner) => script(&format!("exec {runner} '{program}' \"$@\"")),
            Err(_) => program.into(),
        }
    })
}

/// Whether an emulator runs the program: its memory and its signals are those of the emulator.
#[cfg(unix)]
pub(crate) fn is_emulated() -> bool {
    std::env::var_os(RUNNER).is_some()
}

/// The name of the variable with the emulator.
const RUNNER: &str = "JM_ANNOTATE_TEST_RUNNER";

/// A script that can be started like a program. Only a system with a POSIX shell can start it.
fn script(text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("jm-annotate");
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("a script");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).expect("a mode");
    }
    path
}

/// A command that gets almost none of the environment variables of the machine.
pub(crate) fn without_environment(mut command: Command) -> Command {
    const KEPT: [&str; 6] = ["PATH", "HOME", "TMPDIR", "TEMP", "SystemRoot", "LLVM_PROFILE_FILE"];
    for (name, _) in std::env::vars_os().filter(|(name, _)| !KEPT.iter().any(|kept| name == kept)) {
        command.env_remove(name);
    }
    command
}

/// Runs the program on some bytes of standard input.
pub(crate) fn run<A: AsRef<OsStr>>(arguments: &[A], stdin: &[u8]) -> Outcome {
    finish(program().args(arguments), stdin)
}

/// Runs a prepared command on some bytes of standard input.
pub(crate) fn finish(command: &mut Command, stdin: &[u8]) -> Outcome {
    let mut child = start(command);
    let mut input = child.stdin.take().expect("it is piped");
    let stdin = stdin.to_vec();
    let feeder = thread::spawn(move || drop(input.write_all(&stdin)));
    let output = child.wait_with_output().expect("it can be waited for");
    feeder.join().expect("the feeder does not panic");
    Outcome {
        stdout: output.stdout,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        status: output.status.code(),
    }
}

/// Says why a test does nothing here. libtest hides what a test prints that passes.
pub(crate) fn skip(why: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// Starts a command with all three streams piped.
pub(crate) fn start(command: &mut Command) -> Child {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// The most memory that a running program has taken so far, without that of its own file, which is
/// far larger in a build for tests. Nothing if it has ended.
#[cfg(target_os = "linux")]
pub(crate) fn peak_kilobytes(child: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let kilobytes = |name: &str| -> Option<u64> {
        let value = status.lines().find_map(|line| line.strip_prefix(name))?;
        value.trim().trim_end_matches(" kB").parse().ok()
    };
    Some(kilobytes("VmHWM:")? - kilobytes("RssFile:")?)
}

/// How a program ended: its exit status, or the negative number of the signal that killed it.
#[track_caller]
pub(crate) fn ended(child: &mut Child) -> i32 {
    #[cfg(unix)]
    let signal = |status: std::process::ExitStatus| {
        use std::os::unix::process::ExitStatusExt;
        status.signal().unwrap_or(0)
    };
    #[cfg(not(unix))]
    let signal = |_| 0;
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            return status.code().unwrap_or_else(|| -signal(status));
        }
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("it does not end");
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// Waits until the program catches signals: SIGXFSZ is the last one that it registers.
#[cfg(target_os = "linux")]
pub(crate) fn wait_for_handler(child: &Child) {
    if is_emulated() {
        return thread::sleep(Duration::from_secs(2));
    }
    let bit = 1_u64 << (rustix::process::Signal::XFSZ.as_raw() - 1);
    let begun = Instant::now();
    loop {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it runs");
        let caught =
            status.lines().find_map(|line| line.strip_prefix("SigCgt:")).expect("the signals");
        if u64::from_str_radix(caught.trim(), 16).expect("a mask") & bit != 0 {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "it does not catch the signal");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Other systems do not say it.
#[cfg(all(unix, not(target_os = "linux")))]
pub(crate) fn wait_for_handler(_: &Child) {
    thread::sleep(Duration::from_millis(500));
}

/// The bytes of a reader, read by read, so that a test can wait for them with a timeout.
pub(crate) fn listen(mut reader: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut space = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = reader.read(&mut space) {
            if sender.send(space[..count].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Waits until `count` bytes have come.
#[track_caller]
pub(crate) fn hear(receiver: &Receiver<Vec<u8>>, count: usize) -> Vec<u8> {
    let mut heard = Vec::new();
    while heard.len() < count {
        let some = receiver.recv_timeout(PATIENCE);
        heard.extend(
            some.unwrap_or_else(|_| panic!("only {:?} came", String::from_utf8_lossy(&heard))),
        );
    }
    heard
}

/// How the library writes explanations in a test.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) languages: Languages,
    pub(crate) place: Place,
    pub(crate) palette: Palette,
}

pub(crate) const PLAIN: Style =
    Style { languages: Languages::Both, place: Place::Inline, palette: Palette::Plain };

impl Style {
    pub(crate) fn renderer(self) -> Renderer<'static> {
        Renderer::new(self.languages, self.place, self.palette)
    }
}

pub(crate) fn catalog() -> Catalog<'static> {
    Catalog::new(Selection::All)
}

/// The library's output for a reader.
pub(crate) fn annotated(reader: impl Read, style: Style) -> Vec<u8> {
    let (catalog, mut output) = (catalog(), Vec::new());
    let annotator = Annotator::new(&catalog, Strictness::Weighed);
    filter(reader, &mut output, annotator, style.renderer()).expect("memory does not fail");
    output
}

/// A reader that returns at most `step` bytes per read.
pub(crate) struct Steps<'b> {
    pub(crate) bytes: &'b [u8],
    pub(crate) step: usize,
}

impl Read for Steps<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.len().min(self.step).min(space.len());
        space[..count].copy_from_slice(&self.bytes[..count]);
        self.bytes = &self.bytes[count..];
        Ok(count)
    }
}

/// A writer to a disk with `room` free bytes.
#[derive(Default)]
pub(crate) struct Narrow {
    pub(crate) written: Vec<u8>,
    pub(crate) room: usize,
}

impl Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(self.room);
        if count == 0 && !bytes.is_empty() {
            return Err(ErrorKind::StorageFull.into());
        }
        self.room -= count;
        self.written.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Random tests with `count` cases, which write no file.
pub(crate) fn cases(count: u32) -> ProptestConfig {
    ProptestConfig { cases: count, failure_persistence: None, ..ProptestConfig::default() }
}
