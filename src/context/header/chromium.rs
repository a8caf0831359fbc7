//! The prefixes of Google's C++ loggers: Chromium's (`base/logging.cc`, also in Electron and
//! WebView hosts) and glog's, which Kubernetes' klog writes too. Knows nothing about other loggers.

use super::cursor::Cursor;
use super::{Format, Header, Level};

/// The longest name of a source file, in bytes; `__FILE__` may be a path.
const FILE_BYTES_MAX: usize = 255;

/// The longest level, in bytes: `VERBOSE1`, `UNKNOWN`.
const LEVEL_BYTES_MAX: usize = 10;

/// The most digits of a line number.
const LINE_DIGITS_MAX: usize = 7;

pub(super) fn parse(cursor: Cursor<'_>) -> Option<Header<'_>> {
    match cursor.peek()? {
        b'[' => chromium(cursor),
        b'I' | b'W' | b'E' | b'F' => glog(cursor),
        _ => None,
    }
}

/// `[1234:5678:0717/075046.871050:INFO:x.cc(234)] `, process and thread optional. Flutter's
/// engine prints no time, `[ERROR:flutter/x.cc(148)] `; then a file and a line are required.
fn chromium(mut cursor: Cursor<'_>) -> Option<Header<'_>> {
    cursor.byte(b'[')?;
    let pid = cursor.attempt(number_colon);
    let tid = cursor.attempt(number_colon);
    let time = cursor.attempt(time_colon);
    let level = cursor
        .run(1..=LEVEL_BYTES_MAX, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())?;
    cursor.byte(b':')?;
    let file = cursor.run(1..=FILE_BYTES_MAX, |byte| byte != b'(' && byte != b']')?;
    let line = cursor.attempt(line_in_parentheses);
    (time.is_some() || (line.is_some() && file.contains(&b'.'))).then_some(())?;
    cursor.byte(b']')?;
    let _ = cursor.byte(b' ');
    Some(Header {
        time,
        pid,
        tid,
        level: level.first().copied().and_then(level_of_name),
        tag: Some(without_line(file)),
        ..Header::new(Format::Chromium, cursor.at(), cursor.text().len())
    })
}

/// `I0717 07:50:46.871050  1234 x.cc:234] `
fn glog(mut cursor: Cursor<'_>) -> Option<Header<'_>> {
    let level = cursor.one_of(b"IWEF").and_then(Level::from_letter)?;
    let start = cursor.at();
    cursor.shape(b"0000 00:00:00.000000")?;
    let time = cursor.since(start);
    cursor.gap()?;
    let tid = cursor.number()?;
    cursor.gap()?;
    let file = cursor.run(1..=FILE_BYTES_MAX, |byte| byte != b' ' && byte != b']')?;
    cursor.byte(b']')?;
    let _ = cursor.byte(b' ');
    Some(Header {
        time: Some(time),
        tid: Some(tid),
        level: Some(level),
        tag: Some(without_line(file)),
        ..Header::new(Format::Glog, cursor.at(), cursor.text().len())
    })
}

/// The level whose name begins with this letter: `VERBOSE1`, `INFO`; `UNKNOWN` is not a level.
fn level_of_name(first: u8) -> Option<Level> {
    Level::from_letter(first).filter(|_| b"VIWEF".contains(&first))
}

fn number_colon(cursor: &mut Cursor<'_>) -> Option<u32> {
    let number = cursor.number()?;
    cursor.byte(b':')?;
    Some(number)
}

fn time_colon<'l>(cursor: &mut Cursor<'l>) -> Option<&'l [u8]> {
    let start = cursor.at();
    cursor.shape(b"0000/000000")?;
    super::stamp::fraction(cursor);
    let time = cursor.since(start);
    cursor.byte(b':')?;
    Some(time)
}

fn line_in_parentheses(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.byte(b'(')?;
    cursor.digits(1..=LINE_DIGITS_MAX)?;
    cursor.byte(b')')
}

/// `x.cc` of `x.cc:234`.
fn without_line(file: &[u8]) -> &[u8] {
    let colon = file.iter().rposition(|&byte| byte == b':');
    match colon {
        Some(at) if file[at + 1..].iter().all(u8::is_ascii_digit) => &file[..at],
        _ => file,
    }
}
