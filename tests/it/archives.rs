//! Zips: each file in them is an input of its own, from a file and through a pipe, and what is not
//! read is said.

use std::fs;

use serde_json::Value;

use crate::pack::{DEFLATE, Listing, Member, STORE, bzip2, gzip, member, utf_16, xz, zip, zstd};
use crate::util::{CODE, EXPLAINED, Outcome, finish, program, run};

pub(crate) const LINE: &str = "x\ncode=871300\n";

/// The outcome from a file, in a folder of its own.
fn from_file(arguments: &[&str], zip: &[u8]) -> Outcome {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.zip"), zip).expect("a file");
    let mut command = program();
    command.current_dir(folder.path()).args(arguments).arg("a.zip");
    finish(&mut command, b"")
}

/// The outcome through a pipe, with the names of a file.
fn from_pipe(arguments: &[&str], zip: &[u8]) -> Outcome {
    let mut outcome = run(arguments, zip);
    let renamed = |text: &str| {
        let text = text.replace("standard input:", "a.zip:").replace("-/", "a.zip/");
        text.replace("\"file\":null", "\"file\":\"a.zip\"").replace("stdin", "a.zip")
    };
    outcome.stderr = renamed(&outcome.stderr);
    if let Ok(text) = str::from_utf8(&outcome.stdout) {
        outcome.stdout = renamed(text).into_bytes();
    }
    outcome
}

/// The outcome both from a file and through a pipe, which must be the same.
#[track_caller]
pub(crate) fn both_ways(arguments: &[&str], zip: &[u8]) -> Outcome {
    let (file, pipe) = (from_file(arguments, zip), from_pipe(arguments, zip));
    assert_eq!(file, pipe);
    file
}

/// File, line, and offset of each code.
pub(crate) fn places(outcome: &Outcome) -> Vec<(String, u64, u64)> {
    let place = |line: &str| {
        let object: Value = serde_json::from_str(line).expect("JSON");
        let number = |name: &str| object[name].as_u64().expect("a number");
        let file = object["file"].as_str().expect("a name");
        (file.to_owned(), number("line"), number("offset"))
    };
    outcome.text().lines().map(place).collect()
}

#[test]
fn each_file_is_an_input_of_its_own() {
    for (method, has_descriptor) in
        [(STORE, false), (DEFLATE, false), (DEFLATE, true), (12, true), (93, true), (95, true)]
    {
        let file = |name, bytes| Member { method, has_descriptor, ..member(name, bytes) };
        let folder = member("sub/", b"");
        let files = [file("b.log", LINE.as_bytes()), folder, file("sub/a.txt", b"code=871300")];
        let zip = zip(&files);
        let text = both_ways(&[], &zip).expect(0);
        assert_eq!(
            text.text(),
            format!("x\n{0}\n{0}", "code=871300 [Have not logged in. | api调用发起者尚未登录]")
        );
        assert_eq!(text.stderr, "");
        let json = both_ways(&["--format=json"], &zip).expect(0);
        let want = [("a.zip/b.log", 2, 7), ("a.zip/sub/a.txt", 1, 5)];
        assert_eq!(places(&json), want.map(|(file, line, at)| (file.to_owned(), line, at)));
    }
}

#[test]
fn reports_and_messages_name_the_archive_and_the_file() {
    let zip = zip(&[member("a.log", LINE.as_bytes()), Member { method: 9, ..member("b", b"x") }]);
    let outcome = from_file(&["--summary", "--fail-on=any"], &zip).expect(2);
    for part in [
        "jm-annotate: a.zip/b: the compression method 9 (DEFLATE64) is not supported; ",
        "  a.zip/a.log:2  ",
        "--fail-on: 871300 not logged in (once, at a.zip/a.log:2)",
    ] {
        assert!(outcome.stderr.contains(part), "{part} in {}", outcome.stderr);
    }
}

#[test]
fn files_are_decoded_and_what_is_no_text_is_counted() {
    let inner = zip(&[member("deep.log", LINE.as_bytes()), member("deep.bin", b"\0")]);
    let (utf_16, gz) = (utf_16(LINE, u16::to_le_bytes), gzip(LINE.as_bytes()));
    let packed_utf_16 = xz(&utf_16);
    let late = ["x".repeat(8 * 1024 - 1).as_bytes(), b"\0"].concat();
    let later = [&late[1..], b"x\0\ncode=871300"].concat();
    let zip = zip(&[
        member("picture.png", b"\x89PNG\0"),
        member("u.log", &utf_16),
        member("a.log.gz", &gz),
        member("u.log.xz", &packed_utf_16),
        member("packed.bin.zst", &zstd(b"\0\0")),
        member("late.bin", &late),
        member("inner.zip", &inner),
        member("later.log", &later[1..]),
    ]);
    let outcome = both_ways(&["--format=json"], &zip).expect(0);
    let files: Vec<String> = places(&outcome).into_iter().map(|place| place.0).collect();
    let want = ["u.log", "a.log.gz", "u.log.xz", "inner.zip/deep.log"];
    assert_eq!(files[..4], want.map(|name| format!("a.zip/{name}")));
    assert_eq!(
        outcome.stderr,
        "jm-annotate: a.zip/inner.zip: 1 binary file was skipped\n\
         jm-annotate: a.zip: 4 binary files were skipped\n"
    );
}

/// The end of the part that is looked at for NULs is anywhere in a character.
#[test]
fn a_long_file_in_another_encoding_is_read() {
    for count in 2040..2060 {
        let text = format!("{}{CODE}\n", "字".repeat(count));
        let encoded = utf_16(&text, u16::to_le_bytes);
        let outcome = both_ways(&[], &zip(&[member("u.log", &encoded)])).expect(0);
        assert_eq!(outcome.text(), text.replace(CODE, EXPLAINED));
    }
}

#[test]
fn what_may_hold_a_log_and_is_not_read_is_an_error() {
    let innermost = zip(&[member("a.log", LINE.as_bytes())]);
    let inner = zip(&[member("b.zip", &innermost)]);
    let twice = gzip(&gzip(LINE.as_bytes()));
    let zipped = bzip2(&innermost);
    let files: [(Member<'_>, &str); 7] = [
        (
            Member { is_encrypted: true, ..member("f", b"x") },
            "a.zip/f: the file is encrypted; decrypt the zip first",
        ),
        (
            Member { method: 98, ..member("f", b"x") },
            "a.zip/f: the compression method 98 (PPMD) is not supported; unpack the zip first",
        ),
        (
            member("f", &inner),
            "a.zip/f/b.zip: a zip in a zip in a zip is not read; unpack the outer ones first",
        ),
        (
            member("f", &twice),
            "a.zip/f: there is gzip data in the gzip data, and only one level is unpacked; unpack \
             the outer one first",
        ),
        (
            member("f", &zipped),
            "a.zip/f: there is zip data in the bzip2 data, and only one level is unpacked; unpack \
             the outer one first",
        ),
        (
            member("f", b"7z\xbc\xaf\x27\x1c\0"),
            "a.zip/f: 7z data is not supported; unpack it with `7z e -so`",
        ),
        (
            member("f", b"Rar!\x1a\x07\x01\0"),
            "a.zip/f: rar data is not supported; unpack it with `unrar p -inul`",
        ),
    ];
    for (file, want) in files {
        let zip = zip(&[file, member("next", CODE.as_bytes())]);
        let outcome = both_ways(&[], &zip).expect(2);
        assert_eq!(outcome.text(), EXPLAINED, "the next file is read");
        assert_eq!(outcome.stderr, format!("jm-annotate: {want}\n"));
    }
}

/// Nothing says where a stored file ends whose size follows it, except the directory.
#[test]
fn what_only_the_directory_says_needs_a_file() {
    let stored =
        |name, bytes| Member { method: STORE, has_descriptor: true, ..member(name, bytes) };
    let zip = zip(&[stored("empty", b""), stored("a.log", CODE.as_bytes())]);
    assert_eq!(from_file(&[], &zip).expect(0).text(), EXPLAINED);
    let outcome = run::<&str>(&[], &zip).expect(2);
    assert_eq!(
        outcome.stderr,
        "jm-annotate: standard input: only the directory at the end of the zip says where its \
         files end, and the zip was read in one pass, or the directory does not describe it; give \
         it as a file of its own, not through a pipe or in another zip; not read from here on: \
         a.log\n"
    );
    // It is not called empty.
    let outcome = run(&["--fail-on=empty", "--report=junit=-"], &zip).expect(2);
    assert!(!outcome.text().contains("a.log: the input is empty"), "{}", outcome.text());
    assert!(outcome.text().contains("not read from here on: a.log"), "{}", outcome.text());
    // Standard input may be a file, too.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.zip");
    fs::write(&path, &zip).expect("a file");
    let mut command = program();
    command.stdin(fs::File::open(&path).expect("it is there"));
    let output = command.output().expect("it runs");
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), EXPLAINED.as_bytes()));
}

#[test]
fn an_archive_that_is_cut_anywhere_is_an_error() {
    for has_descriptor in [false, true] {
        let file = |name, bytes| Member { has_descriptor, ..member(name, bytes) };
        let zip = zip(&[file("a", b"code=871300\n"), file("b", b"code=871301\n")]);
        let whole = from_file(&[], &zip).expect(0);
        for cut in 4..zip.len() {
            let outcome = both_ways(&[], &zip[..cut]).expect(2);
            assert!(whole.stdout.starts_with(&outcome.stdout), "{cut}: {}", outcome.text());
            assert!(!outcome.stderr.is_empty(), "{cut}");
        }
    }
}

/// A changed byte changes the text only if that is reported.
#[test]
fn an_archive_with_a_wrong_byte_is_right_or_an_error() {
    for has_descriptor in [false, true] {
        let file = |name, bytes| Member { has_descriptor, ..member(name, bytes) };
        let zip = zip(&[file("a", b"code=871300\n"), file("b", b"code=871301\n")]);
        let whole = from_file(&[], &zip).expect(0).stdout;
        for at in 4..zip.len() {
            let mut wrong = zip.clone();
            wrong[at] ^= [1, 0x80, 0xff, 0x48][at % 4];
            for outcome in [from_file(&[], &wrong), from_pipe(&[], &wrong)] {
                let is_right = outcome.stdout == whole && outcome.status == Some(0);
                let is_reported = outcome.status == Some(2) && !outcome.stderr.is_empty();
                assert!(is_right || is_reported, "byte {at}: {outcome:?}");
            }
        }
    }
}

#[test]
fn what_follows_an_archive_is_read_if_it_is_a_zip_and_reported_if_not() {
    let (one, two) = (zip(&[member("a", b"code=871300\n")]), zip(&[member("b", LINE.as_bytes())]));
    let both = both_ways(&["--format=json"], &[&*one, &*two].concat()).expect(0);
    assert_eq!(places(&both).len(), 2);
    let empty = both_ways(&["--format=json"], &[&*one, &*zip(&[])].concat()).expect(0);
    assert_eq!(places(&empty).len(), 1);
    let padded = both_ways(&["--format=json"], &[&*one, &[0; 4096]].concat()).expect(0);
    assert_eq!(places(&padded).len(), 1);
    let marked = [b"PK00", &*one].concat();
    assert_eq!(places(&both_ways(&["--format=json"], &marked).expect(0)).len(), 1);
    for (rest, want) in [
        (&b"garbage"[..], "7 bytes after the end of the zip data are not zip and were ignored"),
        (b"P", "1 byte after the end of the zip data is not zip and was ignored"),
        (b"\0\0\0\0\0x", "6 bytes after the end of the zip data are not zip and were ignored"),
    ] {
        let outcome = both_ways(&[], &[&*one, rest].concat()).expect(2);
        assert_eq!(outcome.stderr, format!("jm-annotate: a.zip: {want}\n"));
        assert!(outcome.text().starts_with("code=871300 ["));
    }
}

#[test]
fn a_name_is_only_a_label() {
    let name = "../../x\u{1b}]0;t\u{7}\n::error::y ##[z";
    let zip = zip(&[Member { is_encrypted: true, ..member(name, b"") }]);
    let outcome = both_ways(&[], &zip).expect(2);
    assert_eq!(
        outcome.stderr,
        "jm-annotate: a.zip/../../x␛]0;t␇␊::error::y #＃[z: the file is encrypted; decrypt the zip \
         first\n"
    );
}

#[test]
fn an_archive_with_too_many_files_is_an_error() {
    for (count, status) in [(65_536, 0), (100_000, 2)] {
        let zip = zip(&vec![Member { method: STORE, ..member("f", b"x\n") }; count]);
        let outcome = both_ways(&[], &with_count(zip, count)).expect(status);
        assert_eq!(outcome.stdout.len(), 2 * count.min(65_536));
        let want = "jm-annotate: a.zip: the zip has more than 65536 files and folders; the rest was \
                    not read\n";
        assert_eq!(outcome.stderr, if status == 0 { "" } else { want });
    }
}

/// A zip with more files than 16 bits can count: the count is in a ZIP64 record.
fn with_count(mut zip: Vec<u8>, count: usize) -> Vec<u8> {
    let end = zip.split_off(zip.len() - 22);
    let number =
        |at: usize| u64::from(u32::from_le_bytes(end[at..at + 4].try_into().expect("4 bytes")));
    let (length, start, at) = (number(12), number(16), zip.len() as u64);
    zip.extend(b"PK\x06\x06");
    zip.extend(44_u64.to_le_bytes());
    zip.extend([0x2d, 0, 0x2d, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let numbers = [count as u64, count as u64, length, start];
    zip.extend(numbers.into_iter().flat_map(u64::to_le_bytes));
    zip.extend(b"PK\x06\x07\0\0\0\0");
    zip.extend(at.to_le_bytes());
    zip.extend([1, 0, 0, 0]);
    zip.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0");
    zip
}

/// Every container, whole and broken, from a file and through a pipe: nothing that was not read
/// ends with 0.
#[test]
fn nothing_unread_ends_with_0() {
    let log = format!("{CODE}\n").repeat(14);
    let bytes = log.as_bytes();
    let packed: [(&str, Vec<u8>); 6] = [
        ("gzip", gzip(bytes)),
        ("zstd", zstd(bytes)),
        ("xz", xz(bytes)),
        ("bzip2", bzip2(bytes)),
        ("zip", zip(&[member("a.log", bytes)])),
        ("zip in one pass", zip(&[Member { has_descriptor: true, ..member("a.log", bytes) }])),
    ];
    for (name, whole) in &packed {
        let codes = both_ways(&["--format=json"], whole).expect(0);
        assert_eq!(codes.text().lines().count(), 14, "{name}");
        let cut = both_ways(&["--fail-on=any"], &whole[..whole.len() - 1]);
        assert_eq!(cut.status, Some(2), "{name}");
        let mut corrupt = whole.clone();
        let middle = if name.starts_with("zip") { 45 } else { whole.len() / 2 };
        corrupt[middle] ^= 0x55;
        for outcome in [from_file(&["--fail-on=any"], &corrupt), from_pipe(&[], &corrupt)] {
            assert_eq!(outcome.status, Some(2), "{name}: {outcome:?}");
        }
    }
    let unsupported: [&[u8]; 8] = [
        b"7z\xbc\xaf\x27\x1c\0\x04", b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\x01\0",
        b"\x04\x22\x4d\x18d@", b"\x02\x21\x4c\x18", b"LZIP\x01\x0c", b"\x89LZO\0\r\n\x1a\n",
        b"\x1f\x9d\x90",
    ];
    for bytes in unsupported {
        let outcome = both_ways(&["--fail-on=any"], bytes).expect(2);
        assert!(outcome.stderr.contains(" data is not supported; unpack it with `"), "{outcome:?}");
        assert_eq!(outcome.text(), "");
    }
    for encrypted in [false, true] {
        let file = Member {
            method: if encrypted { DEFLATE } else { 14 },
            is_encrypted: encrypted,
            ..member("a.log", bytes)
        };
        both_ways(&["--fail-on=any"], &zip(&[file])).expect(2);
    }
}

/// A shell has read the beginning of the file.
#[cfg(unix)] // a shell
#[test]
fn a_zip_in_the_middle_of_a_file_is_read_from_there() {
    use crate::place::Place;

    let place = Place::new();
    let packed = zip(&[member("a.log", b"code=871300\n"), member("b.log", b"x\n")]);
    fs::write(place.path("f"), [b"a line\n", &packed[..]].concat()).expect("a file");
    let outcome = place.shell("(read line; \"$JM\") < f").expect(0);
    assert_eq!(outcome.text(), format!("{EXPLAINED}\nx\n"));
}

/// As where a zip was split and joined again: each offset is one in its part.
#[test]
fn a_directory_that_names_no_place_in_the_file_is_not_used() {
    const OFFSET_AT: usize = 42;
    let mut zip = zip(&["a.log", "b.log"].map(|name| member(name, LINE.as_bytes())));
    let entries: Vec<usize> = memchr::memmem::find_iter(&zip, b"PK\x01\x02").collect();
    for (index, far) in [(1, 1000), (0, 0x7000_0000), (1, u32::MAX - 1)] {
        let at = entries[index] + OFFSET_AT;
        zip[at..at + 4].copy_from_slice(&far.to_le_bytes());
        let outcome = both_ways(&["--format=json"], &zip);
        assert_eq!(places(&outcome).len(), 2, "{far}: {outcome:?}");
    }
    let end = zip.len() - 22;
    let locator = [&b"PK\x06\x07\0\0\0\0"[..], &[0xff; 8], b"\x01\0\0\0"].concat();
    zip.splice(end..end, locator);
    assert_eq!(places(&both_ways(&["--format=json"], &zip)).len(), 2, "a locator of ZIP64");
}

/// To find the next file, the rest of one is skipped whose size is unknown, also if it is damaged.
#[test]
fn a_decoder_that_has_failed_is_not_asked_again() {
    let packed = [&b"BZh91AY&SY"[..], &[0; 40]].concat();
    let file = Member { method: STORE, has_descriptor: true, ..member("a.log", &packed) };
    let mut broken = zip(&[Member { listing: Listing::Missing, ..file }]);
    broken[8] = 12; // the method: bzip2
    let outer = zip(&[member("inner.zip", &broken), member("b.log", LINE.as_bytes())]);
    for (zip, codes) in [(&broken, 0), (&outer, 1)] {
        let outcome = both_ways(&["--format=json"], zip).expect(2);
        assert!(outcome.stderr.contains("a.log: the bzip2 data is corrupt"), "{outcome:?}");
        assert_eq!(places(&outcome).len(), codes, "{outcome:?}");
    }
}
