//! Packed inputs: gzip, zstd, xz, bzip2, and UTF-16 come out as their text, all of it or as much as
//! can be read.

use std::fs;
use std::io::Write;
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::pack::{bzip2, gzip, utf_16, xz, xz_with_dictionary, zstd};
use crate::util::{CODE, EXPLAINED, Outcome, PLAIN, annotated, hear, listen, program, run, start};

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
    for pack in [xz, bzip2] {
        comes_out(&pack(log.as_bytes()));
        comes_out(&[pack(first), pack(b""), pack(second)].concat());
        comes_out(&pack(&utf_16(&log, u16::to_le_bytes)));
    }
    comes_out(&utf_16(&log, u16::to_le_bytes));
    comes_out(&utf_16(&log, u16::to_be_bytes));
    comes_out(&gzip(&utf_16(&log, u16::to_le_bytes)));
    comes_out(&zstd(&utf_16(&log, u16::to_be_bytes)));
}

/// What the gzip and zstd tools accept: members without content, zeros after the last member, as on
/// a tape, and frames that are to be skipped, as `pzstd` writes them.
#[test]
fn padding_and_skippable_frames_have_no_text() {
    let log = log();
    let (first, second) = log.as_bytes().split_at(log.len() / 2);
    let zeros = vec![0; 70_000];
    let skipped = |first: u8| [&[first, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"8\n8"].concat();
    comes_out(&[gzip(log.as_bytes()), vec![0]].concat());
    comes_out(&[gzip(log.as_bytes()), zeros.clone()].concat());
    comes_out(&[gzip(first), zeros, gzip(b""), gzip(second)].concat());
    comes_out(&[gzip(b""), gzip(b""), gzip(log.as_bytes())].concat());
    comes_out(&[skipped(0x50), zstd(log.as_bytes())].concat());
    comes_out(&[skipped(0x5f), zstd(first), skipped(0x57), zstd(b""), zstd(second)].concat());
    comes_out(&[zstd(log.as_bytes()), skipped(0x50)].concat());
    comes_out(&[xz(first), vec![0; 8], xz(second), vec![0; 4]].concat());
}

/// All of the archive is written; what follows may hold a log, so it is reported.
#[test]
fn what_follows_the_packed_data_is_counted_and_reported() {
    let line = format!("{CODE}\n");
    let (gz, zst) = (gzip(line.as_bytes()), zstd(line.as_bytes()));
    let (xz, bz2) = (xz(line.as_bytes()), bzip2(line.as_bytes()));
    for (packed, rest, want) in [
        (
            &gz,
            &b"garbage"[..],
            "7 bytes after the end of the gzip data are not gzip and were ignored",
        ),
        (&xz, b"garbage", "7 bytes after the end of the xz data are not xz and were ignored"),
        (&bz2, b"BZh", "3 bytes after the end of the bzip2 data are not bzip2 and were ignored"),
        (&gz, b"\x1f", "1 byte after the end of the gzip data is not gzip and was ignored"),
        (
            &gz,
            b"\x1f\x8b\x07\x00",
            "4 bytes after the end of the gzip data are not gzip and were ignored",
        ),
        (&gz, b"\0\0x\n", "2 bytes after the end of the gzip data are not gzip and were ignored"),
        (&zst, b"garbage", "7 bytes after the end of the zstd data are not zstd and were ignored"),
        (
            &zst,
            b"\0\0\0\0\0",
            "5 bytes after the end of the zstd data are not zstd and were ignored",
        ),
        (
            &zst,
            b"\x28\xb5",
            "the zstd data is corrupt or truncated (unexpected end of file); what could be decoded before that was written",
        ),
        (
            &gz,
            b"\x1f\x8b",
            "the gzip data is corrupt or truncated (unexpected end of file); what could be decoded before that was written",
        ),
        (
            &gz,
            &[b'x'; 200_000],
            "200000 bytes after the end of the gzip data are not gzip and were ignored",
        ),
    ] {
        let outcome = both_ways(&[packed, rest].concat()).expect(2);
        assert_eq!(outcome.text(), format!("{EXPLAINED}\n"));
        assert_eq!(outcome.stderr, format!("jm-annotate: standard input: {want}\n"));
    }
}

/// A decoder's reason is passed on only if it is one: zlib-rs names the state that it is in where
/// the text is long enough for its fast loop.
#[test]
fn data_that_is_broken_has_a_reason() {
    let header = b"\x1f\x8b\x08\0\0\0\0\0\0\xff";
    // A literal, then a copy from before the beginning, in the fixed code.
    let far = b"\x4b\x04\x2a\x00";
    for (rest, want) in [(0, "invalid distance too far back"), (400, "invalid data")] {
        let packed = [&header[..], far, &vec![b'x'; rest]].concat();
        let outcome = both_ways(&packed).expect(2);
        let reason = format!("the gzip data is corrupt or truncated ({want});");
        assert!(outcome.stderr.contains(&reason), "{}", outcome.stderr);
    }
}

/// Every cut is reported, whatever part of the format it is in, and what came before is written.
#[test]
fn an_archive_that_is_cut_anywhere_is_an_error() {
    let first = format!("{CODE}\n");
    for (one, two) in [
        (gzip(first.as_bytes()), gzip(b"second\n")),
        (zstd(first.as_bytes()), zstd(b"second\n")),
        (xz(first.as_bytes()), xz(b"second\n")),
        (bzip2(first.as_bytes()), bzip2(b"second\n")),
        (zstd(first.as_bytes()), b"\x50\x2a\x4d\x18\x04\0\0\0skip".to_vec()),
    ] {
        for cut in 1..two.len() {
            let outcome = run::<&str>(&[], &[&one[..], &two[..cut]].concat()).expect(2);
            assert!(outcome.text().starts_with(&format!("{EXPLAINED}\n")), "{}", outcome.text());
            let (kind, errors) =
                (outcome.stderr.contains(" data "), outcome.stderr.lines().count());
            assert!(kind && errors == 1, "cut at {cut}: {}", outcome.stderr);
        }
    }
}

/// The decoder would keep a whole window in memory, and we have no dictionary.
#[test]
fn what_a_zstd_frame_needs_is_named() {
    let frame = |header: &[u8]| [&[0x28, 0xb5, 0x2f, 0xfd], header, &[1, 0, 0]].concat();
    for (header, want) in [
        (
            &[0x00, 0x89][..],
            "a window of 144 MiB; the limit is 128 MiB; unpack it with `zstd -dc --long=28`",
        ),
        (
            &[0xe0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            "a window of 17592186044416 MiB; the limit is 128 MiB",
        ),
        (
            &[0x02, 0x00, 0x39, 0x30],
            "the dictionary 12345; unpack it with `zstd -dc -D DICTIONARY`",
        ),
    ] {
        let outcome = both_ways(&frame(header)).expect(2);
        let want = format!("jm-annotate: standard input: the zstd data needs {want}\n");
        assert_eq!((outcome.text(), outcome.stderr.as_str()), ("", want.as_str()));
    }
    assert_eq!(both_ways(&frame(&[0x00, 0x88])).expect(0).text(), "");
}

#[test]
fn an_xz_stream_may_need_a_dictionary_of_128_mebibytes() {
    let (allowed, large) = (30, 31);
    let text = xz_with_dictionary(CODE.as_bytes(), allowed);
    assert_eq!(both_ways(&text).expect(0).text(), EXPLAINED);
    let outcome = both_ways(&xz_with_dictionary(CODE.as_bytes(), large)).expect(2);
    let want = "the xz data needs more than 129 MiB of memory; unpack it with `xz -dc`";
    assert_eq!(outcome.stderr, format!("jm-annotate: standard input: {want}\n"));
}

#[test]
fn a_byte_order_mark_of_utf_8_stays() {
    let outcome = both_ways(format!("\u{feff}{CODE}\n").as_bytes()).expect(0);
    assert_eq!(outcome.text(), format!("\u{feff}{EXPLAINED}\n"));
}

#[test]
fn a_partial_magic_number_is_text_if_it_can_be() {
    for text in [
        &b"("[..],
        b"P",
        b"PK",
        b"P*M",
        b"BZh",
        b"P*M\x17 code=871300",
        b"\xff",
        b"\xfe",
        b"\x1f\x8b\x07code=871300",
        b"\xfd7zXZ\x01code=871300",
        b"BZh code=871300",
        b"PK code=871300",
        b"7z\xbc",
    ] {
        let outcome = both_ways(text).expect(0);
        assert_eq!(outcome.stdout, annotated(text, PLAIN));
    }
    for (cut, name) in [
        (&b"\x1f"[..], "gzip"),
        (b"\x1f\x8b", "gzip"),
        (b"\x28\xb5\x2f", "zstd"),
        (b"\xfd7zXZ", "xz"),
        (b"BZh9", "bzip2"),
        (b"BZh91AY&S", "bzip2"),
        (b"PK\x03", "zip"),
    ] {
        let outcome = both_ways(cut).expect(2);
        let want = format!("the {name} data is corrupt or truncated (unexpected end of file)");
        assert!(outcome.stderr.contains(&want), "{cut:?}: {}", outcome.stderr);
    }
}

#[test]
fn a_cut_archive_gives_its_beginning_and_an_error() {
    let log = log();
    for packed in [gzip, zstd, xz, bzip2].map(|pack| pack(log.as_bytes())) {
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
    for (name, pack) in
        [("a.gz", gzip as fn(&[u8]) -> Vec<u8>), ("a.zst", zstd), ("a.xz", xz), ("a.bz2", bzip2)]
    {
        let mut packed = pack(log().as_bytes());
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

/// A compressed log that is still being written: all that can be decompressed is written before
/// more arrives, little or a lot of it.
#[test]
fn a_live_compressed_log_is_not_delayed() {
    for count in [1, 2, 5000, 100_000] {
        let log = format!("{CODE}\n").repeat(count);
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(log.as_bytes()).expect("memory does not fail");
        gzip.flush().expect("memory does not fail");
        let mut zstd = zstd::Encoder::new(Vec::new(), 3).expect("memory does not fail");
        zstd.write_all(log.as_bytes()).expect("memory does not fail");
        zstd.flush().expect("memory does not fail");
        for packed in [gzip.get_ref(), zstd.get_ref()] {
            let mut child = start(&mut program());
            let mut input = child.stdin.take().expect("it is piped");
            let output = listen(child.stdout.take().expect("it is piped"));
            input.write_all(packed).expect("it reads");
            let want = format!("{EXPLAINED}\n").repeat(count);
            assert!(hear(&output, want.len()) == want.as_bytes());
            drop(input);
            assert_eq!(child.wait().expect("it ends").code(), Some(2), "the archive was cut");
        }
    }
}

/// What the decoder wrote in the call that failed is not lost: here, the whole log.
#[test]
fn what_came_before_a_wrong_checksum_is_written() {
    let log = format!("{CODE}\n").repeat(3000);
    let mut packed = gzip(log.as_bytes());
    let end = packed.len();
    packed[end - 8..].fill(0);
    let outcome = run(&[] as &[&str], &packed).expect(2);
    assert!(outcome.stdout == annotated(log.as_bytes(), PLAIN), "{} bytes", outcome.stdout.len());
    assert!(outcome.stderr.contains("the gzip data is corrupt"), "{}", outcome.stderr);
}

#[test]
fn what_a_later_zstd_frame_needs_is_named() {
    let large = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x89, 1, 0, 0];
    let outcome = run::<&str>(&[], &[&zstd(b"x\n")[..], &large].concat()).expect(2);
    assert!(
        outcome.stderr.contains("needs a window of 144 MiB; the limit is 128 MiB"),
        "{outcome:?}"
    );
}
