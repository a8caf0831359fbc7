//! A signal ends packed inputs, also where they give no text for long, or very much of it.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::process::Command;
use std::thread;
use std::time::Duration;

use rustix::fs::OFlags;

use crate::pack::{Member, bzip2, gzip, member, xz, zip, zstd};
use crate::signals::{end, interrupt};
use crate::util::{
    CODE, EXPLAINED, PLAIN, annotated, ended, is_emulated, listen, program, skip, start,
    wait_for_handler,
};

/// A zip with a binary file of `times` times 16 MiB of zeros, whose end is missing.
fn zip_of_zeros(times: usize) -> Vec<u8> {
    let mut compress = flate2::Compress::new(flate2::Compression::default(), false);
    let mut zeros = Vec::with_capacity(1 << 20);
    let full = flate2::FlushCompress::Full;
    compress.compress_vec(&[0; 1 << 24], &mut zeros, full).expect("there is room");
    let header = b"PK\x03\x04\x14\0\x08\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x04\0\0\0core";
    [&header[..], &zeros.repeat(times)].concat()
}

/// What a packed file has without any text is not read to its end after a signal either.
#[test]
fn a_file_without_text_ends_too() {
    const HOLE: u64 = 1 << 36;
    const FRAME_BYTES: u64 = 8 + u32::MAX as u64;
    let log = format!("{CODE}\n");
    let skipped = [0x50, 0x2a, 0x4d, 0x18, 0xff, 0xff, 0xff, 0xff];
    let folder = tempfile::tempdir().expect("a folder");
    let next = folder.path().join("next");
    fs::write(&next, &log).expect("a file");
    for (name, hole, beginning, want) in [
        ("gzip and padding", HOLE, gzip(log.as_bytes()), 0),
        ("gzip and other bytes", HOLE, [gzip(log.as_bytes()), b"x".to_vec()].concat(), 2),
        ("xz and padding", HOLE, xz(log.as_bytes()), 0),
        ("bzip2 and other bytes", HOLE, [bzip2(log.as_bytes()), b"x".to_vec()].concat(), 2),
        ("zstd and a frame to skip", HOLE, [zstd(log.as_bytes()), skipped.to_vec()].concat(), 0),
        ("a binary file in a zip", 0, zip_of_zeros(4000), 0),
    ] {
        let path = folder.path().join("packed");
        fs::write(&path, &beginning).expect("a file");
        let file = File::options().write(true).open(&path).expect("a file");
        if hole > 0 && file.set_len(hole).is_err() {
            return skip(format!("this file system has no file of {hole} bytes"));
        }
        if beginning.ends_with(&skipped) {
            // A frame has at most 4 GiB: more of them follow.
            for frame in 1..hole / FRAME_BYTES {
                let at = beginning.len() as u64 - skipped.len() as u64 + frame * FRAME_BYTES;
                file.write_all_at(&skipped, at).expect("it has a length");
            }
        }
        let mut child = start(program().arg("--summary").args([&path, &next]));
        let output = listen(child.stdout.take().expect("piped"));
        wait_for_handler(&child);
        thread::sleep(Duration::from_millis(100));
        interrupt(&child);
        let (status, rest, messages) = end(child, &output);
        assert_eq!((status, messages.is_empty()), (want, want == 0), "{name}: {messages}");
        assert!(rest.len() <= EXPLAINED.len() + 1, "{name}: {rest}");
    }
}

/// What follows packed data and is none is known to be unread, whatever ends the input after that.
/// The beginning of more packed data may be such, too, so the signal has cut it.
#[test]
fn what_was_ignored_before_a_signal_is_an_error() {
    let log = format!("{CODE}\n");
    let zipped = zip(&[member("a.log", log.as_bytes())]);
    for (name, packed, after, count) in [
        ("gzip", gzip(log.as_bytes()), &b"code=871301\n"[..], 12),
        ("gzip", gzip(log.as_bytes()), b"PK", 2),
        ("gzip", gzip(log.as_bytes()), b"\x1f\x8b", 0),
        ("xz", xz(log.as_bytes()), b"code=871301\n", 12),
        ("xz", xz(log.as_bytes()), b"\xfd7z", 0),
        ("bzip2", bzip2(log.as_bytes()), b"code=871301\n", 12),
        ("zstd", zstd(log.as_bytes()), b"code=871301\n", 12),
        ("zstd", zstd(log.as_bytes()), b"\x50", 0),
        ("zip", zipped.clone(), b"code=871301\n", 12),
        ("zip", zipped.clone(), b"ab\n", 3),
        ("zip", zipped.clone(), b"PK\x03", 0),
        ("zip", zipped.clone(), b"PK\x04", 3),
        ("zip", zipped.clone(), b"\0\0\0", 0),
        ("zip", [zipped, vec![0; 512]].concat(), b"code=871301\n", 524),
    ] {
        let mut child = start(program().args(["--fail-on=871301", "--report=junit=-"]));
        let mut feed = child.stdin.take().expect("piped");
        wait_for_handler(&child);
        feed.write_all(&packed).expect("it reads");
        for byte in after {
            feed.write_all(&[*byte]).expect("it reads");
            thread::sleep(Duration::from_millis(5));
        }
        thread::sleep(Duration::from_millis(200));
        interrupt(&child);
        let output = listen(child.stdout.take().expect("piped"));
        let (status, report, messages) = end(child, &output);
        let said =
            format!(": at least {count} bytes after the end of the {name} data are not {name}");
        let is_said = messages.contains(&said);
        let is_cut = messages.contains("may not have been read to its end");
        let is_padding = after.iter().all(|byte| *byte == 0);
        assert_eq!(
            (status, is_said, is_cut),
            match count {
                0 => (0, false, !is_padding),
                _ => (2, true, false),
            },
            "{name} {after:?}: {messages}"
        );
        assert!(report.contains("errors=\"1\"") == (is_said || is_cut), "{report}");
    }
}

/// The files of a zip that a pipe holds are read, as the parts of other packed data are.
#[test]
fn the_next_file_of_a_zip_in_a_pipe_is_read_after_a_signal() {
    let folder = tempfile::tempdir().expect("a folder");
    let nothing = "nothing\n".repeat(500_000);
    let clean = member("a.log", nothing.as_bytes());
    let found = member("b.log", b"code=871301\n");
    let nested = zip(&[clean, found]);
    for (packed, status, said) in [
        (zip(&[clean, found]), 1, "--fail-on: 871301"),
        (zip(&[member("c.zip", &nested)]), 1, "--fail-on: 871301"),
        (zip(&[clean, Member { is_encrypted: true, ..found }]), 2, "b.log"),
        (
            [zip(std::slice::from_ref(&clean)), b"code=871301".to_vec()].concat(),
            2,
            "11 bytes after the end",
        ),
        (zip(&[clean]), 0, ""),
    ] {
        let mut command = program();
        command.current_dir(folder.path()).args(["--fail-on=any,empty", "--report=junit=r"]);
        let mut child = start(&mut command);
        let mut feed = child.stdin.take().expect("piped");
        wait_for_handler(&child);
        feed.write_all(&packed).expect("a pipe has room for it");
        // Nobody reads what is written, so it waits within the first file.
        thread::sleep(Duration::from_millis(300));
        interrupt(&child);
        let output = listen(child.stdout.take().expect("piped"));
        let (found, _, messages) = end(child, &output);
        assert_eq!(found, status, "{messages}");
        assert!(messages.contains(said), "{messages}");
    }
}

/// How much comes out of a pipe that stays open and holds all of this, if a signal comes as soon as
/// the first byte is out.
fn bytes_after_signal(packed: &[u8]) -> usize {
    let mut child = start(program().arg("--summary"));
    let mut feed = child.stdin.take().expect("piped");
    let mut output = child.stdout.take().expect("piped");
    wait_for_handler(&child);
    feed.write_all(packed).expect("a pipe has room for it");
    output.read_exact(&mut [0]).expect("it begins");
    interrupt(&child);
    let rest = thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    assert_eq!(ended(&mut child), 0);
    1 + rest.join().expect("no panic").expect("a pipe") as usize
}

/// What a pipe holds at the signal may unpack to very much, also to one line; nobody waits for all
/// of it.
#[test]
fn a_packed_pipe_ends_within_some_megabytes() {
    const TEXT_BYTES: usize = 1 << 30;
    let line = [&b"x".repeat(4095)[..], b"\n"].concat();
    for part in [&line[..], &[b'x'; 4096]] {
        let frame = zstd(&part.repeat(TEXT_BYTES / 64 / part.len()));
        let bytes = bytes_after_signal(&frame.repeat(64));
        let ends_well = !part.contains(&b'\n') || bytes.is_multiple_of(line.len());
        assert!(bytes < TEXT_BYTES / 2 && ends_well, "{bytes}");
    }
}

/// The limit is that of the whole input, not of each file, nor of each archive in it.
#[test]
fn all_files_of_a_zip_in_a_pipe_share_the_limit() {
    const FILE_BYTES: usize = 12 << 20;
    let line = [&b"x".repeat(4095)[..], b"\n"].concat();
    let text = line.repeat(FILE_BYTES / line.len());
    for file in [&text, &zip(&[member("a", &text)])] {
        let bytes = bytes_after_signal(&zip(&["a", "b", "c", "d"].map(|name| member(name, file))));
        assert!((FILE_BYTES + 1..2 * FILE_BYTES).contains(&bytes), "{bytes}");
    }
}

/// A part of a magic number is no text, whatever ended the input after it.
#[test]
fn a_signal_within_a_magic_number_leaves_no_text() {
    for magic in [&b"\x1f\x8b"[..], b"\x1f", b"\xfd7zX", b"PK\x03", b"\x28\xb5\x2f", b"BZh"] {
        let mut child = start(program().arg("--fail-on=any,empty"));
        let mut feed = child.stdin.take().expect("piped");
        let output = listen(child.stdout.take().expect("piped"));
        wait_for_handler(&child);
        feed.write_all(magic).expect("a pipe has room for it");
        thread::sleep(Duration::from_millis(100));
        interrupt(&child);
        let status = ended(&mut child);
        let rest: Vec<u8> = output.iter().flatten().collect();
        let mut messages = String::new();
        child.stderr.take().expect("piped").read_to_string(&mut messages).expect("UTF-8");
        let (shown, is_text) = (magic.escape_ascii(), magic.iter().all(u8::is_ascii_graphic));
        assert_eq!(
            (status, &rest[..]),
            if is_text { (0, magic) } else { (1, &b""[..]) },
            "{shown}"
        );
        assert_eq!(messages.contains("before it had any text"), !is_text, "{shown}: {messages}");
    }
}

/// The first signal ends the inputs. That these had ended already, and a report was just being
/// opened, makes no difference.
#[test]
fn a_signal_while_reports_are_written_loses_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let [page, file, fifo] = ["page", "file", "fifo"].map(|name| folder.path().join(name));
    assert!(Command::new("mkfifo").arg(&fifo).status().expect("it runs").success());
    // A reader that is there from the beginning: nobody has to wait for one.
    let nonblocking = OFlags::NONBLOCK.bits() as i32;
    let reader = File::options().read(true).custom_flags(nonblocking).open(&fifo);
    let _reader = reader.expect("a FIFO");
    let steps = if is_emulated() { 3 } else { 300 };
    for (step, report) in (0..steps).flat_map(|step| [(step, &file), (step, &fifo)]) {
        let pause = Duration::from_micros(10 * step % 1000);
        fs::write(&page, "old\n").expect("a file");
        let mut command = program();
        command.env("GITHUB_STEP_SUMMARY", &page);
        let mut child = start(command.arg("--report").arg(format!("github={}", report.display())));
        wait_for_handler(&child);
        drop(child.stdin.take());
        thread::sleep(pause);
        interrupt(&child);
        let output = listen(child.stdout.take().expect("piped"));
        let (status, _, messages) = end(child, &output);
        assert_eq!((status, messages.as_str()), (0, ""), "after {pause:?}");
        let page = fs::read_to_string(&page).expect("a file");
        assert!(page.starts_with("old\n") && page.len() > "old\n".len(), "{pause:?}: {page}");
    }
}

/// All that was fed is in the pipes, and nothing follows.
#[test]
fn nobody_waits_for_more_than_the_pipe_held_at_the_signal() {
    let line = format!("{} {CODE}\n", "words ".repeat(400));
    for lines in [60, 200, 400, 600, 700, 800] {
        for code in [CODE, "nothing"] {
            let text = line.replace(CODE, code);
            let mut child = start(program().arg("--summary"));
            let mut input = child.stdin.take().expect("piped");
            let mut output = child.stdout.take().expect("piped");
            let (fed, all) = std::sync::mpsc::channel();
            let all_text = text.repeat(lines);
            let feeder = thread::spawn(move || {
                let whole = input.write_all(all_text.as_bytes()).is_ok();
                let _ = fed.send(whole);
                thread::park(); // the pipe stays open
            });
            let mut got = vec![0; 1];
            output.read_exact(&mut got).expect("it has opened its input");
            let is_fed = all.recv_timeout(Duration::from_millis(500)).is_ok();
            interrupt(&child);
            let reader = thread::spawn(move || {
                let mut rest = Vec::new();
                output.read_to_end(&mut rest).map(|_| rest)
            });
            assert_eq!(ended(&mut child), 0, "{lines} {is_fed}");
            got.extend(reader.join().expect("no panic").expect("a pipe"));
            let want = annotated(text.repeat(lines).as_bytes(), PLAIN);
            assert!(!is_fed || got == want, "{lines}: {} of {}", got.len(), want.len());
            feeder.thread().unpark();
            feeder.join().expect("it ends");
        }
    }
}

/// The system may give a signal to any thread of the program, such as the one that opens a FIFO.
#[cfg(target_os = "linux")] // /proc
#[test]
fn a_signal_that_another_thread_gets_ends_the_wait_too() {
    use std::time::Instant;

    use rustix::process::{Pid, Signal, kill_process};

    use crate::signals::fifo;
    use crate::util::PATIENCE;

    let folder = tempfile::tempdir().expect("a folder");
    let mut child = start(program().arg("--summary").arg(fifo(folder.path())));
    let output = listen(child.stdout.take().expect("piped"));
    wait_for_handler(&child); // an emulator has other threads at once
    let (main, begun) = (child.id().to_string(), Instant::now());
    let other = loop {
        let tasks = fs::read_dir(format!("/proc/{main}/task")).expect("it runs").flatten();
        let mut names = tasks.map(|task| task.file_name().into_string().expect("digits"));
        match names.find(|name| *name != main) {
            Some(name) => break name,
            None => assert!(begun.elapsed() < PATIENCE, "it has no other thread"),
        }
    };
    thread::sleep(Duration::from_millis(100)); // until the first one waits for it
    let other = other.parse().ok().and_then(Pid::from_raw).expect("a number");
    kill_process(other, Signal::INT).expect("it runs");
    assert_eq!(end(child, &output), (0, String::new(), String::new()));
}
