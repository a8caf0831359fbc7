//! The fast paths between files and pipes write what the plain reader and writer do, whatever the
//! timing (I3).

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use crate::util::{CODE, EXPLAINED, PLAIN, annotated, ended, program};

/// Pseudo-random numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// A few megabytes of lines, about one in `lines_per_code` with a code. The last one has no line
/// end.
fn log(megabytes: usize, lines_per_code: usize) -> Vec<u8> {
    let (mut log, mut random) = (Vec::new(), Random(lines_per_code as u64));
    while log.len() < megabytes << 20 {
        let words = "GC freed 3456K, 12% free 871000 ".repeat(random.below(6));
        let code = if random.below(lines_per_code) == 0 { CODE } else { "nothing" };
        let end = ["\n", "\r\n"][random.below(2)];
        log.extend_from_slice(
            format!("03-18 00:13:38.871  1702  2395 D Login: {words}{code}{end}").as_bytes(),
        );
    }
    log.extend_from_slice(CODE.as_bytes());
    log
}

/// A few lines that are longer than every buffer.
fn long_lines() -> Vec<u8> {
    let filler = "some words that are no code, ".repeat(90_000);
    format!("{CODE}\n{filler}{CODE}\n{CODE} {filler}").into_bytes()
}

fn logs() -> Vec<Vec<u8>> {
    vec![
        log(4, 20_000),
        log(2, 300),
        log(1, 1),
        long_lines(),
        [log(1, 5000), log(1, 4), log(2, 50_000)].concat(),
    ]
}

/// Runs the program on an input and compares what comes out of a pipe, read with pauses.
#[track_caller]
fn through_pipe(arguments: &[&Path], stdin: impl Into<Stdio>, want: &[u8], reads: &mut Random) {
    let (mut drain, stdout) = std::io::pipe().expect("a pipe");
    let mut child =
        program().args(arguments).stdin(stdin).stdout(stdout).spawn().expect("it starts");
    let (mut got, mut space) = (Vec::new(), vec![0; 300_000]);
    loop {
        let room = reads.below(space.len()) + 1;
        match drain.read(&mut space[..room]).expect("it can be read") {
            0 => break,
            count => got.extend_from_slice(&space[..count]),
        }
        if reads.below(8) == 0 {
            thread::sleep(Duration::from_micros(reads.below(3000) as u64));
        }
    }
    let differs = got.iter().zip(want).position(|(got, want)| got != want);
    assert!(got == want, "{} bytes of {}, different from {differs:?} on", got.len(), want.len());
    assert_eq!(ended(&mut child), 0);
}

#[test]
fn from_a_file_to_a_pipe() {
    let folder = tempfile::tempdir().expect("a folder");
    for (number, log) in logs().into_iter().enumerate() {
        let path = folder.path().join(number.to_string());
        fs::write(&path, &log).expect("a file");
        let want = annotated(&log[..], PLAIN);
        through_pipe(&[&path], Stdio::null(), &want, &mut Random(number as u64));
        through_pipe(&[], File::open(&path).expect("a file"), &want, &mut Random(number as u64));
    }
}

#[test]
fn from_a_pipe_to_a_pipe() {
    for (number, log) in logs().into_iter().enumerate() {
        // Each small write costs a call, so they are for the first part only.
        for (writes_max, length) in [(700, 300_000), ([70_000, 2_000_000][number % 2], log.len())] {
            let log = log[..length.min(log.len())].to_vec();
            let want = annotated(&log[..], PLAIN);
            let (stdin, feed) = std::io::pipe().expect("a pipe");
            let feeder = thread::spawn(move || write_in_parts(feed, &log, writes_max));
            through_pipe(&[], stdin, &want, &mut Random(number as u64 + 7));
            feeder.join().expect("all was fed");
        }
    }
}

/// Writes a log in parts of random sizes, with pauses.
fn write_in_parts(mut feed: impl Write, log: &[u8], bytes_max: usize) {
    let mut random = Random(bytes_max as u64);
    let mut rest = log;
    while !rest.is_empty() {
        let (now, later) = rest.split_at(rest.len().min(random.below(bytes_max) + 1));
        feed.write_all(now).expect("it reads");
        rest = later;
        if random.below(10) == 0 {
            thread::sleep(Duration::from_micros(random.below(3000) as u64));
        }
    }
}

/// What a shell does with `exec <log; read line; jm-annotate`: the file is read from its current
/// offset.
#[test]
fn from_the_middle_of_a_file() {
    let mut file = tempfile::tempfile().expect("a file");
    let log = log(2, 3000);
    file.write_all(&log).expect("it is written");
    for offset in [1, 4095, 70_001, 1_900_000, log.len() as u64, log.len() as u64 + 9] {
        file.seek(SeekFrom::Start(offset)).expect("a place");
        let want = annotated(&log[log.len().min(offset as usize)..], PLAIN);
        through_pipe(&[], file.try_clone().expect("a file"), &want, &mut Random(offset));
    }
}

#[test]
fn several_inputs_are_passed_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, log) = (folder.path().join("log"), log(1, 2000));
    fs::write(&path, &log).expect("a file");
    let stdin = File::open(&path).expect("a file");
    let one = annotated(&log[..], PLAIN);
    through_pipe(
        &[&path, Path::new("-"), &path],
        stdin,
        &[&one[..], &one, &one].concat(),
        &mut Random(1),
    );
}

/// First a lot of data, so that the fast path is in use, then single lines: each is answered
/// immediately.
#[test]
fn a_live_line_after_a_lot_of_data_is_not_late() {
    let (stdin, mut feed) = std::io::pipe().expect("a pipe");
    let (drain, stdout) = std::io::pipe().expect("a pipe");
    let mut child = program().stdin(stdin).stdout(stdout).spawn().expect("it starts");
    let mut drain = BufReader::new(drain);
    let bulk = [log(3, 50_000), b"\n".to_vec()].concat();
    let want = annotated(&bulk[..], PLAIN);
    let feeder = thread::spawn(move || feed.write_all(&bulk).map(|()| feed));
    let mut got = vec![0; want.len()];
    drain.read_exact(&mut got).expect("it comes");
    assert!(got == want);
    let mut feed = feeder.join().expect("no panic").expect("it reads");
    for _ in 0..20 {
        feed.write_all(format!("{CODE}\n").as_bytes()).expect("it reads");
        let mut line = String::new();
        drain.read_line(&mut line).expect("it comes");
        assert_eq!(line, format!("{EXPLAINED}\n"));
    }
    drop(feed);
    assert_eq!(ended(&mut child), 0);
}

/// The reader goes away while pages are handed on.
#[test]
fn all_codes_count_after_the_reader_of_a_spliced_log_has_gone() {
    let quiet = format!("{}\n", "some words and no code ".repeat(40)).repeat(4000);
    for read in [1000, 300_000, 1_000_000] {
        let (stdin, mut feed) = std::io::pipe().expect("a pipe");
        let (mut drain, stdout) = std::io::pipe().expect("a pipe");
        let mut child = program()
            .args(["--fail-on=871300:1000", "--report=junit=/dev/null"])
            .stdin(stdin)
            .stdout(stdout)
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let log = [&quiet[..], &format!("{CODE}\n").repeat(1000)].concat();
        let feeder = thread::spawn(move || feed.write_all(log.as_bytes()).is_ok());
        drain.read_exact(&mut vec![0; read]).expect("it writes");
        thread::sleep(Duration::from_millis(100));
        drop(drain);
        let status = ended(&mut child);
        let mut stderr = String::new();
        child.stderr.take().expect("piped").read_to_string(&mut stderr).expect("UTF-8");
        assert!(feeder.join().expect("no panic"), "all is read");
        assert_eq!(status, 1, "{read}: {stderr}");
        assert!(stderr.contains("(1000 times, first at stdin:4001)"), "{read}: {stderr}");
    }
}
