//! What a signal leaves unread is said on standard error and in every report.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::pack::{Member, STORE, bzip2, gzip, member, xz, zip, zstd};
use crate::signals::{end, interrupt};
use crate::util::{CODE, EXPLAINED, hear, listen, program, start, wait_for_handler};

/// A result about all inputs says what it is not about.
#[test]
fn what_a_signal_leaves_unread_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let (large, next) = (folder.path().join("large"), folder.path().join("next"));
    fs::write(&large, format!("{}\n", "words ".repeat(9)).repeat(60_000)).expect("a file");
    let text = fs::read(&large).expect("a file");
    let packed = zip(&["a", "b"].map(|name| member(name, &text)));
    fs::write(folder.path().join("zip"), packed).expect("a file");
    fs::write(&next, format!("{CODE}\n")).expect("a file");
    let said = |arguments: &[&str], removed: Option<&str>| {
        let mut child = start(program().current_dir(folder.path()).args(arguments));
        let mut output = child.stdout.take().expect("piped");
        output.read_exact(&mut [0; 10]).expect("it writes");
        if let Some(name) = removed {
            fs::remove_file(folder.path().join(name)).expect("it is there");
        }
        interrupt(&child);
        thread::sleep(Duration::from_millis(20));
        let (status, _, messages) = end(child, &listen(output));
        assert_eq!(status, 0, "{messages}");
        messages
    };
    let begin = "jm-annotate: because of a signal, ";
    let (cut, more) = ("may not have been read to its end", "2 inputs were not read");
    let several = ["--fail-on=any", "large", "next", "next"];
    assert_eq!(said(&several, None), format!("{begin}large {cut}, and {more}"));
    assert_eq!(said(&["--summary", "large", "next"], None), "");
    // Also if somebody cleans up meanwhile.
    for name in ["large", "zip"] {
        let want = format!("{begin}{name} {cut}");
        for removed in [None, Some(name)] {
            assert_eq!(said(&["--fail-on=any", name], removed), want);
        }
    }
}

/// The page and the JUnit report of a log that a signal has cut, and of one that it left unopened.
fn reports_of_the_cut(folder: &Path, arguments: &[&str]) -> [String; 2] {
    let mut child = start(program().current_dir(folder).args(arguments));
    let mut output = child.stdout.take().expect("piped");
    output.read_exact(&mut [0; 10]).expect("it writes");
    interrupt(&child);
    let (status, ..) = end(child, &listen(output));
    assert_eq!(status, 0);
    ["page.html", "junit.xml"].map(|name| fs::read_to_string(folder.join(name)).expect("a file"))
}

/// A report that passes would say that there is no code in what nobody has read.
#[test]
fn no_report_passes_what_a_signal_has_left_unread() {
    let folder = tempfile::tempdir().expect("a folder");
    let (large, next) = (folder.path().join("large"), folder.path().join("next"));
    fs::write(&large, format!("{}\n", "words ".repeat(9)).repeat(60_000)).expect("a file");
    fs::write(&next, format!("{CODE}\n")).expect("a file");
    let reports = ["--report=html=page.html", "--report=junit=junit.xml", "large", "next"];
    for options in [&[][..], &["--fail-on=any"]] {
        let [page, junit] = reports_of_the_cut(folder.path(), &[options, &reports].concat());
        assert!(page.contains("\"verdict unread\"") && !page.contains("✔"), "{page}");
        assert!(junit.contains("errors=\"2\""), "{junit}");
        for want in ["a signal came before its end", "a signal came before it was opened"] {
            assert!(page.contains(want) && junit.contains(want), "{want}: {junit}");
        }
    }
}

/// Nobody knows what would have come, as from a device that is not connected yet.
#[test]
fn no_report_passes_an_input_that_a_signal_ended_before_its_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let fifo = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(fifo).status().expect("it runs").success());
    let archive = zip(&[member("a.log", CODE.as_bytes())]);
    let (before_text, before_end) =
        ("a signal came before it had any text", "a signal came before its end");
    for (input, name, begin, why) in [
        ("fifo", "fifo", &b""[..], before_text),
        ("-", "stdin", b"", before_text),
        ("-", "stdin", &archive[..20], before_end),
        ("-", "stdin", &gzip(CODE.as_bytes())[..10], before_end),
    ] {
        for options in [&[][..], &["--fail-on=error"]] {
            let mut command = program();
            command.args(["--report=html=page.html", "--report=junit=junit.xml", input]);
            let mut child = start(command.args(options).current_dir(&folder));
            let mut waiting = child.stdin.take().expect("piped");
            let output = child.stdout.take().expect("piped");
            waiting.write_all(begin).expect("the pipe has room");
            wait_for_handler(&child);
            thread::sleep(Duration::from_millis(100));
            interrupt(&child);
            let (status, ..) = end(child, &listen(output));
            assert_eq!(status, 0);
            drop(waiting);
            let report = |name| fs::read_to_string(folder.path().join(name)).expect("a report");
            let (page, junit) = (report("page.html"), report("junit.xml"));
            assert!(page.contains("\"verdict unread\"") && !page.contains("✔"), "{page}");
            assert!(junit.contains("errors=\"1\"") && junit.contains(name), "{junit}");
            assert!(junit.contains(why), "{junit}");
        }
    }
}

/// The rest of a live input is not there yet: it ends where the signal comes.
#[test]
fn nothing_is_said_of_a_pipe_that_a_signal_ends() {
    for (more, said) in [(&[][..], ""), (&["next"], "because of a signal, 1 input was not read")] {
        let mut child = start(program().args(["--fail-on=empty", "-"]).args(more));
        let mut input = child.stdin.take().expect("piped");
        let output = listen(child.stdout.take().expect("piped"));
        input.write_all(format!("{CODE}\n").as_bytes()).expect("it reads");
        hear(&output, EXPLAINED.len() + 1);
        interrupt(&child);
        let (status, _, messages) = end(child, &output);
        assert_eq!(status, 0);
        assert_eq!(messages.trim_start_matches("jm-annotate: "), said);
    }
}

/// The JUnit report and the messages of a run that a signal ends while it waits for more of these
/// bytes, after it has written some text.
fn after_a_wait(bytes: &[u8], text: &str) -> (String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = program();
    command.args(["--report=junit=junit.xml", "--fail-on=unknown"]).current_dir(&folder);
    let mut child = start(&mut command);
    let mut input = child.stdin.take().expect("piped");
    let output = listen(child.stdout.take().expect("piped"));
    input.write_all(bytes).expect("it reads");
    hear(&output, text.len() + 1);
    interrupt(&child);
    let (status, _, messages) = end(child, &output);
    assert_eq!(status, 0, "{messages}");
    (fs::read_to_string(folder.path().join("junit.xml")).expect("a report"), messages)
}

/// Packed data says where it ends, unlike a log. What it lacks may have codes, and its checksum.
#[test]
fn packed_data_in_a_pipe_that_lacks_its_end_is_cut() {
    let line = format!("{CODE}\n");
    let text = line.as_bytes();
    let deflated = member("a.log", text);
    let (stored, described) =
        (Member { method: STORE, ..deflated }, Member { has_descriptor: true, ..deflated });
    for (name, whole) in [
        ("gzip", gzip(text)),
        ("zstd", zstd(text)),
        ("xz", xz(text)),
        ("bzip2", bzip2(text)),
        ("zip", zip(&[deflated])),
        ("a zip that was written into a pipe", zip(&[described])),
        ("a zip with a stored file", zip(&[stored])),
    ] {
        for (more, is_cut) in [(0, false), (3, true), (whole.len() - 1, true)] {
            let (junit, messages) = after_a_wait(&[&whole, &whole[..more]].concat(), EXPLAINED);
            assert_eq!(junit.contains("only a part"), is_cut, "{name}, {more}: {junit}");
            assert_eq!(!messages.is_empty(), is_cut, "{name}, {more}: {messages}");
        }
    }
}

/// One that was not read is not empty, and nobody knows that another one is encrypted.
#[test]
fn no_further_file_of_a_zip_is_opened_after_a_signal() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.zip");
    let text = b"nothing\n".repeat(500_000);
    let more = Member { is_encrypted: true, ..member("c.log", b"code=871301\n") };
    fs::write(&path, zip(&[member("a.log", &text), member("b.log", b"x\n"), more]))
        .expect("a file");
    let mut child = start(program().arg("--fail-on=any,empty").arg(&path));
    let mut output = child.stdout.take().expect("piped");
    wait_for_handler(&child);
    output.read_exact(&mut [0]).expect("it begins");
    interrupt(&child);
    let output = listen(output);
    let (status, _, messages) = end(child, &output);
    let said = format!("because of a signal, {} may not have been read to its end", path.display());
    assert_eq!((status, messages), (0, format!("jm-annotate: {said}")));
}

/// Nothing is said of a FIFO that nobody has written to, whatever was read before it.
#[test]
fn a_file_before_a_fifo_is_not_cut() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a"), format!("{CODE}\n")).expect("a file");
    assert!(Command::new("mkfifo").arg(path("fifo")).status().expect("it runs").success());
    let mut command = program();
    let mut child = start(command.args(["--fail-on=empty:2", "a", "fifo"]).current_dir(&folder));
    let output = listen(child.stdout.take().expect("piped"));
    hear(&output, EXPLAINED.len() + 1);
    thread::sleep(Duration::from_millis(100));
    interrupt(&child);
    let (status, _, messages) = end(child, &output);
    let said = "jm-annotate: fifo: a signal ended the input before it had any text";
    assert_eq!((status, messages.as_str()), (0, said));
}

/// The status, the messages, and the JUnit report of a run in a folder that a signal ends once it
/// has begun to write, or at once.
fn interrupted(
    folder: &Path,
    input: Option<&[u8]>,
    begins_to_write: bool,
) -> (i32, String, String) {
    let mut command = program();
    command.current_dir(folder).args(["--report=junit=junit.xml", "--fail-on=unknown,empty"]);
    command.args(if input.is_some() { &["-"][..] } else { &["log"] });
    let mut child = start(&mut command);
    if let Some(bytes) = input {
        child.stdin.take().expect("piped").write_all(bytes).expect("the pipe has room");
    }
    let mut output = child.stdout.take().expect("piped");
    wait_for_handler(&child);
    match begins_to_write {
        true => output.read_exact(&mut [0; 10]).expect("it writes"),
        false => thread::sleep(Duration::from_millis(20)),
    }
    interrupt(&child);
    thread::sleep(Duration::from_millis(20));
    let (status, _, messages) = end(child, &listen(output));
    let junit = fs::read_to_string(folder.join("junit.xml")).expect("a report");
    (status, messages, junit)
}

/// A file that unpacks to nothing for long is cut, and so is a pipe that held more than is unpacked
/// after a signal.
#[test]
fn packed_data_of_which_more_was_there_is_cut() {
    let folder = tempfile::tempdir().expect("a folder");
    let code = gzip(format!("{CODE}\n").as_bytes());
    let empty = [gzip(b"").repeat(500_000), code].concat();
    fs::write(folder.path().join("log"), empty).expect("a file");
    let large = zstd(&b"words words words\n".repeat(1_500_000));
    for (input, extent) in [(None, "it could not be read"), (Some(&large[..]), "only a part")] {
        let (status, messages, junit) = interrupted(folder.path(), input, input.is_some());
        assert!(messages.contains("may not have been read to its end"), "{extent}: {messages}");
        assert!(junit.contains("errors=\"1\"") && junit.contains(extent), "{extent}: {junit}");
        assert_eq!(status, 0, "{messages}");
    }
}

/// What was read to its end before the signal, or ends where the signal came, lacks nothing.
#[cfg(target_os = "linux")] // the size of a pipe
#[test]
fn a_file_that_was_read_to_its_end_is_not_cut() {
    use std::process::Stdio;

    use rustix::pipe::fcntl_setpipe_size;

    use crate::pack::utf_16;

    const LINES: usize = 300;
    const PIPE_BYTES: usize = 4096;
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!("{CODE}\n").repeat(LINES);
    let (zipped, next) = (member("a.log", text.as_bytes()), member("b.log", b"x\n"));
    for (name, bytes, is_cut) in [
        ("plain", text.clone().into_bytes(), false),
        ("without an end", text.trim_end().into(), false),
        ("UTF-16", utf_16(&text, u16::to_le_bytes), false),
        ("gzip", gzip(text.as_bytes()), false),
        ("zip", zip(std::slice::from_ref(&zipped)), false),
        ("zip of two", zip(&[zipped, next]), true),
        ("longer", text.repeat(100).into_bytes(), true),
    ] {
        fs::write(folder.path().join("log"), bytes).expect("a file");
        let (mut output, stdout) = std::io::pipe().expect("a pipe");
        fcntl_setpipe_size(&stdout, PIPE_BYTES).expect("a size");
        let mut command = program();
        command.current_dir(&folder).args(["--report=junit=junit.xml", "--fail-on=unknown", "log"]);
        let child = command.stdout(stdout).stderr(Stdio::piped()).spawn().expect("it starts");
        drop(command); // the other end of the pipe
        let mut begin = [0; 10];
        output.read_exact(&mut begin).expect("it writes");
        thread::sleep(Duration::from_millis(100)); // until the pipe is full
        interrupt(&child);
        thread::sleep(Duration::from_millis(50));
        let (status, rest, messages) = end(child, &listen(output));
        let junit = fs::read_to_string(folder.path().join("junit.xml")).expect("a report");
        assert_eq!((status, !messages.is_empty()), (0, is_cut), "{name}: {messages}");
        assert_eq!(junit.contains("errors=\"1\""), is_cut, "{name}: {junit}");
        let missing = (LINES * (EXPLAINED.len() + 1)).checked_sub(begin.len() + rest.len());
        let want = Some(usize::from(name == "without an end"));
        assert!(is_cut || missing == want, "{name}: {missing:?}");
    }
}
