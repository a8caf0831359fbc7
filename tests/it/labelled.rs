//! The project's own labeled lines: how many codes are found, and how many other numbers are
//! mistaken for one.

use crate::judged::{annotations, annotator};

const TABLE: &str = include_str!("labelled.tsv");

/// The fewest codes that are found, of a hundred.
const RECALL_PERCENT_MIN: usize = 99;
/// The most other numbers that are explained, of a hundred.
const FALSE_PERCENT_MAX: usize = 1;
/// The fewest labeled numbers.
const NUMBERS_MIN: usize = 170;

struct Row {
    is_code: bool,
    offset: usize,
    class: &'static str,
    line: Vec<u8>,
}

fn rows() -> Vec<Row> {
    TABLE.lines().filter(|row| !row.starts_with('#')).map(read).collect()
}

fn read(row: &'static str) -> Row {
    let cells: Vec<&str> = row.splitn(4, '\t').collect();
    let &[label, offset, class, line] = &cells[..] else { panic!("four columns: {row}") };
    let is_code = match label {
        "1" => true,
        "0" => false,
        _ => panic!("a label is 0 or 1: {row}"),
    };
    Row { is_code, offset: offset.parse().expect("an offset"), class, line: unescape(line) }
}

/// Undoes `\t` `\e` `\r` `\\` and `\xNN`, as the table's heading says.
fn unescape(text: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((&byte, after)) = rest.split_first() {
        let (plain, length) = match (byte, after.first()) {
            (b'\\', Some(b't')) => (b'\t', 2),
            (b'\\', Some(b'e')) => (0x1b, 2),
            (b'\\', Some(b'r')) => (b'\r', 2),
            (b'\\', Some(b'\\')) => (b'\\', 2),
            (b'\\', Some(b'x')) => {
                let digits = std::str::from_utf8(&rest[2..4]).expect("two hexadecimal digits");
                (u8::from_str_radix(digits, 16).expect("two hexadecimal digits"), 4)
            }
            (b'\\', _) => panic!("no such escape: {text}"),
            _ => (byte, 1),
        };
        bytes.push(plain);
        rest = &rest[length..];
    }
    bytes
}

/// The rows that are misjudged. All lines are passed as one stream, like a log.
fn wrong(rows: &[Row]) -> Vec<&Row> {
    let mut annotator = annotator();
    let mut is_wrong = |row: &&Row| {
        let line = [&row.line[..], b"\n"].concat();
        let found = annotations(&mut annotator, &line)
            .iter()
            .any(|one| one.number.range.start == row.offset);
        found != row.is_code
    };
    rows.iter().filter(|row| is_wrong(row)).collect()
}

#[test]
fn recall_and_false_explanations_hold() {
    let rows = rows();
    let wrong = wrong(&rows);
    for row in &wrong {
        let what = if row.is_code { "missed" } else { "false" };
        eprintln!(
            "{what:6} {:18} {:4} {}",
            row.class,
            row.offset,
            String::from_utf8_lossy(&row.line)
        );
    }
    let count = |rows: &mut dyn Iterator<Item = &Row>, is_code: bool| {
        rows.filter(|row| row.is_code == is_code).count()
    };
    let (codes, others) = (count(&mut rows.iter(), true), count(&mut rows.iter(), false));
    let (missed, explained) =
        (count(&mut wrong.iter().copied(), true), count(&mut wrong.iter().copied(), false));
    eprintln!("missed {missed} of {codes} codes, explained {explained} of {others} other numbers");
    assert!((codes - missed) * 100 >= RECALL_PERCENT_MIN * codes, "recall");
    assert!(explained * 100 <= FALSE_PERCENT_MAX * others, "false explanations");
}

/// Each row says where a number of six digits begins, no number has two labels, and both labels
/// have enough rows.
#[test]
fn the_table_is_sound() {
    let rows = rows();
    assert!(rows.len() >= NUMBERS_MIN, "{} numbers", rows.len());
    let mut seen = std::collections::BTreeSet::new();
    for row in &rows {
        let shown = String::from_utf8_lossy(&row.line);
        let digits = &row.line[row.offset..row.offset + 6];
        assert!(digits.iter().all(u8::is_ascii_digit), "{shown}");
        assert!(seen.insert((&row.line, row.offset)), "twice: {shown}");
        assert!(!row.class.is_empty(), "{shown}");
    }
    let codes = rows.iter().filter(|row| row.is_code).count();
    assert!(codes * 3 > rows.len() && codes * 3 < rows.len() * 2, "{codes} of {}", rows.len());
}

/// Every format of logcat and every kind of line that the rules mention has rows.
#[test]
fn no_class_is_missing() {
    let rows = rows();
    for class in [
        "logcat-brief", "logcat-process", "logcat-tag", "logcat-thread", "logcat-raw",
        "logcat-time", "logcat-threadtime", "logcat-long", "logcat-year", "logcat-zone",
        "logcat-usec", "logcat-nsec", "logcat-epoch", "logcat-monotonic", "logcat-uid",
        "logcat-color", "studio-old", "studio-panel", "ci-github", "ci-gitlab", "ci-jenkins",
        "flutter", "react-native", "cordova", "json", "json-quoted", "source-java", "stack",
        "junit", "toast-zh", "listing", "server", "kernel", "build", "table", "id", "size", "hash",
        "url", "version", "decimal", "gbk", "rest-code", "sdk-unknown",
    ] {
        assert!(rows.iter().any(|row| row.class == class), "{class}");
    }
}
