//! Packed inputs: gzip, zstd and UTF-16 come out as their text, all of it or as much as can be
//! read.

use std::fs;
use std::io::Write;
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::util::{
    CODE, EXPLAINED, Outcome, PLAIN, annotated, gzip, hear, listen, program, run, start, utf_16,
    zstd,
};

fn log() -> String {
    format!(
        "状态 \u{1f600} {CODE}\r\nno code {}\n{CODE}",
        "in words that differ, 12, 345; ".repeat(4000)
    )
}

/// The outcome from standard input, which must be the same as from a file.
fn both_ways(packed: &[u8]) -> Outcome {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log");
    fs::write(&path, packed).expect("a file");
    let (from_stdin, from_file) = (run::<&str>(&[], packed), run(&[&path], b""));
    assert!(from_stdin.stdout == from_file.stdout);
    assert_eq!(from_stdin.status, from_file.status);
    let renamed = from_file.stderr.replace(&path.display().to_string(), "standard input");
    assert_eq!(from_stdin.stderr, renamed);
    from_stdin
}

#[track_caller]
fn comes_out(packed: &[u8]) {
    let outcome = both_ways(packed).expect(0);
    assert!(outcome.stdout == annotated(log().as_bytes(), PLAIN));
    assert_eq!(outcome.stderr, "");
}

#[test]
fn packed_inputs_come_out_as_their_text() {
    let log = log();
    let (first, second) = log.as_bytes().split_at(log.len() / 2);
    comes_out(&gzip(log.as_bytes()));
    comes_out(&[gzip(first), gzip(second)].concat());
    comes_out(&[gzip(log.as_bytes()), gzip(b"")].concat());
    comes_out(&zstd(log.as_bytes()));
    comes_out(&[zstd(first), zstd(second)].concat());
    comes_out(&utf_16(&log, u16::to_le_bytes));
    comes_out(&utf_16(&log, u16::to_be_bytes));
    comes_out(&gzip(&utf_16(&log, u16::to_le_bytes)));
    comes_out(&zstd(&utf_16(&log, u16::to_be_bytes)));
}

#[test]
fn a_byte_order_mark_of_utf_8_stays() {
    let outcome = both_ways(format!("\u{feff}{CODE}\n").as_bytes()).expect(0);
    assert_eq!(outcome.text(), format!("\u{feff}{EXPLAINED}\n"));
}

#[test]
fn a_partial_magic_number_is_text() {
    for text in [
        &b"("[..],
        b"\x1f",
        b"\x1f\x8b",
        b"\x28\xb5\x2f",
        b"\xff",
        b"\xfe",
        b"\x1f\x8b\x07code=871300",
    ] {
        let outcome = both_ways(text).expect(0);
        assert_eq!(outcome.stdout, annotated(text, PLAIN));
    }
}

#[test]
fn a_cut_archive_gives_its_beginning_and_an_error() {
    let log = log();
    for packed in [gzip(log.as_bytes()), zstd(log.as_bytes())] {
        let cut = &packed[..packed.len() - 6];
        let outcome = both_ways(cut).expect(2);
        let want = annotated(log.as_bytes(), PLAIN);
        assert!(want.starts_with(&outcome.stdout), "a prefix of the right output");
        assert!(outcome.stderr.starts_with("jm-annotate: standard input: "), "{}", outcome.stderr);
        assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.stderr);
    }
    let first = gzip(format!("{CODE}\n").as_bytes());
    let outcome = both_ways(&[&first[..], &gzip(b"second")[..8]].concat()).expect(2);
    assert_eq!(outcome.text(), format!("{EXPLAINED}\n"));
}

#[test]
fn a_broken_archive_is_an_error_and_the_next_input_is_passed() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, mut packed) in [("a.gz", gzip(log().as_bytes())), ("a.zst", zstd(log().as_bytes()))]
    {
        let path = folder.path().join(name);
        let middle = packed.len() / 2;
        packed[middle..middle + 20].fill(0xff);
        fs::write(&path, &packed).expect("a file");
        let outcome = run(&[path.as_os_str(), "-".as_ref()], b"the next").expect(2);
        assert!(outcome.stdout.ends_with(b"the next"));
        assert!(
            outcome.stderr.starts_with(&format!("jm-annotate: {}: ", path.display())),
            "{}",
            outcome.stderr
        );
    }
}

/// A magic number that arrives byte by byte is still recognized, and a byte that might begin one is
/// held only until the next byte decides.
#[test]
fn the_first_bytes_may_come_one_by_one() {
    let packed = gzip(format!("{CODE}\n").as_bytes());
    for (bytes, want) in [
        (&packed[..], format!("{EXPLAINED}\n")),
        (b"(x\n", "(x\n".to_owned()),
        (b"\x1f8\n", "\x1f8\n".to_owned()),
    ] {
        let mut child = start(&mut program());
        let mut input = child.stdin.take().expect("it is piped");
        let output = listen(child.stdout.take().expect("it is piped"));
        for byte in bytes {
            input.write_all(&[*byte]).expect("it reads");
            thread::sleep(Duration::from_millis(1));
        }
        if !bytes.starts_with(b"\x1f\x8b") {
            assert_eq!(
                String::from_utf8_lossy(&hear(&output, want.len())),
                want,
                "while it is open"
            );
        }
        drop(input);
        let rest: Vec<u8> = output.iter().flatten().collect();
        assert!(rest.is_empty() || String::from_utf8_lossy(&rest) == want);
        assert!(child.wait().expect("it ends").success());
    }
}

/// A compressed log that is still being written: what can be decompressed is written before more
/// arrives.
#[test]
fn a_live_compressed_log_is_not_delayed() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(format!("{CODE}\n").as_bytes()).expect("memory does not fail");
    encoder.flush().expect("memory does not fail");
    let mut child = start(&mut program());
    let mut input = child.stdin.take().expect("it is piped");
    let output = listen(child.stdout.take().expect("it is piped"));
    input.write_all(encoder.get_ref()).expect("it reads");
    assert_eq!(
        String::from_utf8_lossy(&hear(&output, EXPLAINED.len() + 1)),
        format!("{EXPLAINED}\n")
    );
    drop(input);
    assert_eq!(child.wait().expect("it ends").code(), Some(2), "the archive was cut");
}
