//! A file that changes while it is read, copied to a socket and handed to a pipe by its pages: what
//! was read before the change comes out once, then what the file has at the same offset, as with
//! `cat`.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

use crate::util::{CODE, PLAIN, annotated, ended, program};

/// More than everything on the way: the pages in a pipe, a block, and the first read.
const LINES: usize = 1500;

/// How the output gets to its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// From our copy.
    Socket,
    /// By the file's pages.
    Pipe,
}

/// A log without a code in which every line has the same length and says which one it is.
fn log(word: &str, lines: usize) -> Vec<u8> {
    (0..lines)
        .flat_map(|number| format!("{word} {number:08} {:a<3980}\n", "").into_bytes())
        .collect()
}

/// Reads the beginning of what comes out of a log, changes the file, and reads the rest. The output
/// blocks at the change, so a part of the file was not read before.
fn read_and_change(way: Way, log: &[u8], change: impl Fn(&Path)) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log");
    fs::write(&path, log).expect("a file");
    let (mut drain, stdout): (Box<dyn Read>, OwnedFd) = match way {
        Way::Socket => {
            let (drain, stdout) = UnixStream::pair().expect("a socket");
            (Box::new(drain), stdout.into())
        }
        Way::Pipe => {
            let (drain, stdout) = std::io::pipe().expect("a pipe");
            (Box::new(drain), stdout.into())
        }
    };
    let mut child = program().arg(&path).stdout(stdout).spawn().expect("it starts");
    let mut got = vec![0; 500];
    drain.read_exact(&mut got).expect("it writes");
    // A change takes several calls; the program must not read in between.
    let pid = Pid::from_child(&child);
    kill_process(pid, Signal::STOP).expect("it runs");
    let stopped = waitpid(Some(pid), WaitOptions::UNTRACED).expect("it stops");
    assert!(stopped.is_some_and(|(_, status)| status.stopped()));
    change(&path);
    kill_process(pid, Signal::CONT).expect("it is there");
    drain.read_to_end(&mut got).expect("it ends");
    assert_eq!(ended(&mut child), 0);
    got
}

fn append(path: &Path, text: &[u8]) {
    OpenOptions::new()
        .append(true)
        .open(path)
        .and_then(|mut file| file.write_all(text))
        .expect("it grows");
}

fn cut(path: &Path, length: u64) {
    OpenOptions::new()
        .write(true)
        .open(path)
        .and_then(|file| file.set_len(length))
        .expect("it shrinks");
}

#[test]
fn what_is_appended_is_read_too() {
    for way in [Way::Socket, Way::Pipe] {
        let (old, more) = (log("old", LINES), format!("{CODE}\nmore"));
        let got = read_and_change(way, &old, |path| append(path, more.as_bytes()));
        let want = annotated(&[&old[..], more.as_bytes()].concat()[..], PLAIN);
        assert!(got == want, "{way:?}: {} bytes of {}", got.len(), want.len());
    }
}

/// What `logrotate` calls `copytruncate`, with less and with more written than was read before.
#[test]
fn a_file_that_is_emptied_and_written_again_goes_on_at_its_offset() {
    for way in [Way::Socket, Way::Pipe] {
        for lines in [0, 1, LINES * 2] {
            let (old, new) = (log("old", LINES), log("new", lines));
            let got = read_and_change(way, &old, |path| {
                cut(path, 0);
                append(path, &new);
            });
            let same = got.iter().zip(&old).take_while(|(got, old)| got == old).count();
            let rest = new.get(same..).unwrap_or_default();
            assert!(got[same..] == *rest, "{way:?}, {lines} lines: {same} old bytes");
            assert!(same > 500 && same < old.len(), "{way:?}, {lines} lines: {same} old bytes");
        }
    }
}

#[test]
fn a_file_that_is_replaced_is_read_to_its_end() {
    for way in [Way::Socket, Way::Pipe] {
        let old = log("old", LINES);
        let got = read_and_change(way, &old, |path| {
            fs::rename(path, path.with_extension("1")).expect("it is there");
            File::create(path).expect("a new file");
        });
        assert!(got == old, "{way:?}: {} bytes of {}", got.len(), old.len());
    }
}

/// `docs/performance.md` names what this does to pages that the reader of a pipe has not read yet:
/// the system fills them with zeros.
#[test]
fn a_file_that_is_cut_ends_there() {
    for way in [Way::Socket, Way::Pipe] {
        let old = log("old", LINES);
        for length in [10_001, old.len() as u64 - 5000] {
            let got = read_and_change(way, &old, |path| cut(path, length));
            let differs = got.iter().zip(&old).position(|(got, old)| got != old);
            let at = differs.unwrap_or(got.len());
            assert!(way == Way::Pipe || differs.is_none(), "{way:?}: {differs:?}");
            assert!(at == got.len() || at as u64 >= length && got[at] == 0, "{way:?}: {at}");
            assert!(got.len() < old.len(), "{way:?}, cut at {length}");
        }
    }
}

/// These are whole reads, even if the pipe was full.
#[test]
fn what_was_read_before_a_file_was_emptied_comes_out_of_a_pipe() {
    let log: Vec<u8> =
        (0..6000).flat_map(|n| format!("{n:08} {:a<990}\n", "").into_bytes()).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log");
    fs::write(&path, &log).expect("a file");
    let (mut drain, stdout) = std::io::pipe().expect("a pipe");
    let mut child = program().arg(&path).stdout(stdout).spawn().expect("it starts");
    let mut got = vec![0; 500];
    drain.read_exact(&mut got).expect("it writes");
    thread::sleep(Duration::from_millis(300));
    File::options().write(true).open(&path).and_then(|file| file.set_len(0)).expect("it shrinks");
    drain.read_to_end(&mut got).expect("it ends");
    assert_eq!(ended(&mut child), 0);
    assert!(log.starts_with(&got) && got.len() < log.len(), "{} bytes", got.len());
    assert!(got.len().is_multiple_of(64 * 1024), "{} bytes", got.len());
}
