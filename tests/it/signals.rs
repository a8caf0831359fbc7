//! The first signal ends the inputs if something is to be written at the end: no more of them is
//! read than what was there, and no input is called broken because of it.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::ioctl_fionread;
use rustix::process::{Pid, Signal, kill_process};

use crate::pack::{gzip, member, utf_16, zip, zstd};
use crate::util::{
    CODE, EXPLAINED, PATIENCE, PLAIN, annotated, ended, hear, listen, program, start,
    wait_for_handler,
};

/// Waits until a pipe is empty.
fn wait_for_reader(pipe: &impl AsFd) {
    let begun = Instant::now();
    while ioctl_fionread(pipe).expect("a pipe") > 0 {
        assert!(begun.elapsed() < PATIENCE, "nobody reads");
        thread::sleep(Duration::from_millis(2));
    }
}

pub(crate) fn interrupt(child: &Child) {
    kill_process(Pid::from_child(child), Signal::INT).expect("it runs");
}

/// The status, what came after what was heard, and the messages without the summary.
pub(crate) fn end(
    mut child: Child,
    output: &std::sync::mpsc::Receiver<Vec<u8>>,
) -> (i32, String, String) {
    let status = ended(&mut child);
    let rest: Vec<u8> = output.iter().flatten().collect();
    let mut stderr = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut stderr).expect("UTF-8");
    let messages = stderr.lines().filter(|line| line.starts_with("jm-annotate:"));
    (status, String::from_utf8(rest).expect("UTF-8"), messages.collect())
}

/// Gives the program the beginning of an input, waits for its first line, and sends a signal while
/// the input is still open. Returns what came after that line.
#[track_caller]
fn interrupted(arguments: &[&Path], beginning: &[u8]) -> String {
    let mut child = start(program().arg("--summary").args(arguments));
    let mut input = child.stdin.take().expect("piped");
    let output = listen(child.stdout.take().expect("piped"));
    input.write_all(beginning).expect("it reads");
    let first = hear(&output, EXPLAINED.len() + 1);
    interrupt(&child);
    let (status, rest, messages) = end(child, &output);
    assert_eq!((status, messages.as_str()), (0, ""));
    let all = format!("{}{rest}", String::from_utf8_lossy(&first));
    all.strip_prefix(&format!("{EXPLAINED}\n")).expect("the first line").to_owned()
}

#[test]
fn no_further_input_is_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let next = folder.path().join("next");
    fs::write(&next, "the first line of the next input\n").expect("a file");
    let log = format!("{CODE}\n");
    assert_eq!(interrupted(&[Path::new("-"), &next, &next], log.as_bytes()), "");
    // Nobody would know of a missing one.
    let missing = folder.path().join("missing");
    assert_eq!(interrupted(&[Path::new("-"), &missing, &next], log.as_bytes()), "");
}

/// While many names are compared with those of reports, no input is open yet.
#[test]
fn a_signal_before_the_first_input_is_opened_does_not_pass_over_it() {
    if crate::util::is_emulated() {
        return crate::util::skip("an emulator is too slow for a signal before the first input");
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a"), "nothing\n").expect("a file");
    for (name, log, status, said) in [
        ("-", format!("{CODE}\n"), 1, "--fail-on: 871300"),
        ("/dev/stdin", format!("{CODE}\n"), 1, "--fail-on: 871300"),
        ("-", String::new(), 1, "a signal ended the input before it had any text"),
    ] {
        let mut command = program();
        command.current_dir(folder.path()).args(["--fail-on=any,empty", "--report=junit=r", name]);
        let mut child = start(command.args(vec!["a"; 30_000]));
        child.stdin.take().expect("piped").write_all(log.as_bytes()).expect("it reads");
        let output = listen(child.stdout.take().expect("piped"));
        wait_for_handler(&child);
        interrupt(&child);
        let (found, rest, messages) = end(child, &output);
        assert_eq!(found, status, "{messages}");
        assert!(messages.contains(said), "{messages}");
        assert_eq!(rest.is_empty(), log.is_empty(), "{rest}");
    }
}

#[cfg(target_os = "linux")] // elsewhere, the name of a socket's descriptor opens it
#[test]
fn a_signal_does_not_hide_that_an_input_cannot_be_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a"), "nothing\n").expect("a file");
    let (socket, _other) = std::os::unix::net::UnixStream::pair().expect("sockets");
    let mut command = program();
    command.current_dir(folder.path()).args(["--fail-on=any", "--report=junit=r", "/dev/stdin"]);
    command.args(vec!["a"; 30_000]).stdin(std::os::fd::OwnedFd::from(socket));
    let output = std::process::Stdio::piped;
    let child = command.stdout(output()).stderr(output()).spawn().expect("it starts");
    wait_for_handler(&child);
    interrupt(&child);
    let ended = child.wait_with_output().expect("it ends");
    let messages = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(2), "{messages}");
    assert!(messages.contains("/dev/stdin: No such device or address"), "{messages}");
}

#[test]
fn an_input_that_a_signal_cuts_is_not_broken() {
    let line = format!("{CODE}\n");
    let half = |packed: Vec<u8>, other: Vec<u8>| [&packed[..], &other[..other.len() / 2]].concat();
    let more = "words that differ, 12, 345; ".repeat(9);
    let cases = [
        half(gzip(line.as_bytes()), gzip(more.as_bytes())),
        half(zstd(line.as_bytes()), zstd(more.as_bytes())),
        [&utf_16(&line, u16::to_le_bytes)[..], b"x"].concat(),
        [&gzip(&utf_16(&line, u16::to_be_bytes))[..], &gzip(b"x")[..5]].concat(),
    ];
    for beginning in cases {
        let rest = interrupted(&[], &beginning);
        assert!(more.starts_with(&rest), "{rest}");
    }
}

/// It may be the first half of a number.
#[test]
fn a_number_at_the_cut_is_not_explained() {
    let log = format!("{CODE}\n{CODE}");
    for packed in [log.as_bytes(), &utf_16(&log, u16::to_le_bytes)] {
        assert_eq!(interrupted(&[], packed), CODE);
    }
}

/// What the pipes hold at the signal comes out, and not much more: the producer never stops.
#[test]
fn an_endless_producer_is_not_read_on() {
    for to_file in [true, false] {
        let folder = tempfile::tempdir().expect("a folder");
        let copy = folder.path().join("copy");
        let mut command = program();
        command.arg("--summary").stdin(Stdio::piped()).stderr(Stdio::null());
        command.stdout(match to_file {
            true => Stdio::from(File::create(&copy).expect("a file")),
            false => Stdio::piped(),
        });
        let mut child = command.spawn().expect("it starts");
        let mut input = child.stdin.take().expect("piped");
        let producer = thread::spawn(move || {
            let lines = b"y\n".repeat(4096);
            while input.write_all(&lines).is_ok() {}
        });
        let mut output = child.stdout.take();
        wait_for_handler(&child);
        match &mut output {
            Some(output) => output.read_exact(&mut vec![0; 5_000_000]).expect("it begins"),
            None => thread::sleep(Duration::from_millis(100)),
        }
        interrupt(&child);
        let rest = output.map(|mut output| std::io::copy(&mut output, &mut std::io::sink()));
        assert_eq!(ended(&mut child), 0, "to a file: {to_file}");
        producer.join().expect("it ends with its pipe");
        // Two pipes of at most 1 MiB, and what was on its way.
        let rest = rest.map_or(0, |rest| rest.expect("a pipe"));
        assert!(rest < 4 << 20, "{rest} bytes");
    }
}

/// The output blocks while the input fills up; then comes the signal. The pipe's content is not
/// lost, whether it is read or passed on by its pages.
#[test]
fn what_the_pipe_holds_at_the_signal_is_read() {
    let line = format!("{} {CODE}\n", "words ".repeat(400));
    for lines in [30, 3000] {
        let mut child = start(program().arg("--summary"));
        let mut input = child.stdin.take().expect("piped");
        let mut output = child.stdout.take().expect("piped");
        let (written, count) = channel();
        let text = line.clone();
        let feeder = thread::spawn(move || {
            for number in 1..=lines {
                if input.write_all(text.as_bytes()).is_err() {
                    break;
                }
                written.send(number).expect("it is counted");
            }
            thread::park(); // the pipe stays open
        });
        let mut got = vec![0];
        output.read_exact(&mut got).expect("it has opened its input");
        // Until nothing moves any more: both pipes are full, or all was fed.
        let mut fed = 0;
        while let Ok(number) = count.recv_timeout(Duration::from_millis(300)) {
            fed = number;
        }
        interrupt(&child);
        output.read_to_end(&mut got).expect("it ends");
        assert_eq!(ended(&mut child), 0);
        let want = annotated(line.repeat(fed).as_bytes(), PLAIN);
        assert!(got.starts_with(&want), "{} bytes of {} for {fed} lines", got.len(), want.len());
        feeder.thread().unpark();
        feeder.join().expect("it ends");
    }
}

/// A file ends at a line end, as text: in packed data, any byte may look like one.
#[test]
fn a_file_ends_at_the_end_of_a_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let log: String = (0..60_000).map(|number| format!("{number} some words, {CODE}\n")).collect();
    let whole = annotated(log.as_bytes(), PLAIN);
    let utf_16 = |log: &str| utf_16(log, u16::to_le_bytes);
    let packed = [gzip(log.as_bytes()), zstd(log.as_bytes()), utf_16(&log), log.into_bytes()];
    let mut forms = packed.map(|form| (form, whole.clone())).to_vec();
    // Of such a line, the rest may take as many bytes as two of the longest that come whole.
    for first in [0, 4000, 8000, 12_000] {
        let line = format!("{CODE} {:15000}\n", "");
        let long = format!("{:first$}\n{}", "", line.repeat(60));
        forms.push((utf_16(&long), annotated(long.as_bytes(), PLAIN)));
    }
    for (number, (form, whole)) in forms.iter().enumerate() {
        let path = folder.path().join(number.to_string());
        fs::write(&path, form).expect("a file");
        let mut child = start(program().arg("--summary").args([&path, &path]));
        let mut output = child.stdout.take().expect("piped");
        let mut got = vec![0; 1000];
        output.read_exact(&mut got).expect("it writes");
        interrupt(&child);
        thread::sleep(Duration::from_millis(20));
        output.read_to_end(&mut got).expect("it ends");
        let mut stderr = String::new();
        child.stderr.take().expect("piped").read_to_string(&mut stderr).expect("UTF-8");
        assert_eq!(ended(&mut child), 0, "{stderr}");
        assert!(!stderr.contains("jm-annotate:"), "{stderr}");
        assert!(got.len() < whole.len() && got.ends_with(b"\n"), "form {number}: {}", got.len());
        assert!(whole.starts_with(&got), "form {number}");
    }
}

/// As the kernel's messages do. Only root may read them, and not in every container.
#[cfg(target_os = "linux")] // other systems have no such files
#[test]
fn a_regular_file_that_waits_for_news_ends_too() {
    let path = Path::new("/proc/kmsg");
    if !rustix::process::geteuid().is_root() || File::open(path).is_err() {
        return crate::util::skip(format!("{} cannot be opened", path.display()));
    }
    let mut child = start(program().arg("--summary").arg(path));
    let output = listen(child.stdout.take().expect("piped"));
    wait_for_handler(&child);
    thread::sleep(Duration::from_millis(300));
    interrupt(&child);
    let (status, _, messages) = end(child, &output);
    assert_eq!((status, messages.as_str()), (0, ""));
}

pub(crate) fn fifo(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("fifo");
    assert!(Command::new("mkfifo").arg(&path).status().expect("it runs").success());
    path
}

#[test]
fn a_signal_ends_the_wait_for_a_writer_of_a_fifo() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, next) = (fifo(folder.path()), folder.path().join("next"));
    fs::write(&next, "the next input\n").expect("a file");
    let mut child = start(program().arg("--summary").args([&path, &next]));
    let output = listen(child.stdout.take().expect("piped"));
    wait_for_handler(&child);
    thread::sleep(Duration::from_millis(100));
    assert!(child.try_wait().expect("a child").is_none(), "it waits for a writer");
    interrupt(&child);
    assert_eq!(end(child, &output), (0, String::new(), String::new()));
}

/// The inputs have ended, so the first signal may end what the program waits for then: the reader
/// of a report, or of the page of GitHub's job.
#[test]
fn a_signal_ends_the_wait_for_a_reader_of_a_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = fifo(folder.path());
    let [mut report, mut step_summary] = [program(), program()];
    report.arg(format!("--report=markdown={}", path.display()));
    step_summary.arg("--report=github=-").env("GITHUB_STEP_SUMMARY", &path);
    for command in [&mut report, &mut step_summary] {
        let mut child = start(command);
        drop(child.stdin.take());
        let output = listen(child.stdout.take().expect("piped"));
        wait_for_handler(&child);
        thread::sleep(Duration::from_millis(100));
        assert!(child.try_wait().expect("a child").is_none(), "it waits for a reader");
        interrupt(&child);
        let (status, _, stderr) = end(child, &output);
        let want = format!("jm-annotate: {}: a signal has ended the wait", path.display());
        assert_eq!((status, stderr), (2, want));
    }
}

#[test]
fn a_fifo_is_read_as_soon_as_it_has_a_writer() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = fifo(folder.path());
    for options in [&["--summary"][..], &[]] {
        let mut child = start(program().args(options).arg(&path));
        let output = listen(child.stdout.take().expect("piped"));
        thread::sleep(Duration::from_millis(50));
        let mut writer = File::options().write(true).open(&path).expect("it has a reader");
        for _ in 0..3 {
            writer.write_all(format!("{CODE}\n").as_bytes()).expect("it reads");
            let line = hear(&output, EXPLAINED.len() + 1);
            assert_eq!(String::from_utf8_lossy(&line), format!("{EXPLAINED}\n"));
        }
        drop(writer);
        assert_eq!(end(child, &output), (0, String::new(), String::new()));
    }
}

/// A producer that the same Ctrl-C has killed leaves half an archive.
#[test]
fn an_end_after_the_signal_is_not_broken_either() {
    let line = gzip(format!("{CODE}\n").as_bytes());
    for _ in 0..10 {
        let mut child = start(program().arg("--summary"));
        let mut input = child.stdin.take().expect("piped");
        let output = listen(child.stdout.take().expect("piped"));
        input.write_all(&[&line[..], &line[..line.len() / 2]].concat()).expect("it reads");
        hear(&output, EXPLAINED.len() + 1);
        interrupt(&child);
        drop(input);
        let (status, _, messages) = end(child, &output);
        assert_eq!((status, messages.as_str()), (0, ""));
    }
}

/// The first signal may come before there is anything to read.
#[test]
fn a_signal_before_the_first_byte_ends_the_input() {
    for beginning in [&b""[..], b"(", b"BZh", b"\xff"] {
        let mut child = start(program().arg("--summary"));
        let mut input = child.stdin.take().expect("piped");
        let output = listen(child.stdout.take().expect("piped"));
        input.write_all(beginning).expect("it reads");
        wait_for_handler(&child);
        wait_for_reader(&input);
        interrupt(&child);
        let status = ended(&mut child);
        let got: Vec<u8> = output.iter().flatten().collect();
        assert_eq!((status, &got[..]), (0, beginning), "what was read is written");
    }
}

/// A logcat that died before its first byte is an empty input, however the job ends. The message
/// does not claim that nothing was to come.
#[test]
fn a_signal_before_the_first_byte_leaves_an_empty_input() {
    let zip = zip(&[member("a.log", CODE.as_bytes())]);
    let in_header = &zip[..20];
    let in_data = &zip[..36];
    for beginning in [&b""[..], b"\x1f\x8b\x08\0\0\0\0\0\0\x03", in_header, in_data] {
        let mut child = start(program().arg("--fail-on=empty"));
        let mut input = child.stdin.take().expect("piped");
        let output = listen(child.stdout.take().expect("piped"));
        input.write_all(beginning).expect("it reads");
        wait_for_handler(&child);
        wait_for_reader(&input);
        interrupt(&child);
        let (status, _, said) = end(child, &output);
        let why = ": a signal ended the input before it had any text";
        assert_eq!((status, said.contains(why)), (1, true), "{beginning:?}: {said}");
        assert!(!said.contains("the input is empty"), "{beginning:?}: {said}");
    }
}
