//! Prefixes that name a program after a time: syslog's (RFC 3164, and rsyslog's with an ISO time)
//! and Apple's NSLog. A time without a program is for `outer_prefix`.

use super::cursor::Cursor;
use super::{Format, Header, kernel, stamp};

/// The longest name of a host, in bytes (RFC 1035).
const HOST_BYTES_MAX: usize = 255;

/// The longest name of a program, in bytes; launchd's services have long ones.
const PROGRAM_BYTES_MAX: usize = 128;

/// The longest remark that Apple's syslog puts between the program and the colon, in bytes:
/// `(com.apple.x[533])`, `<Notice>`.
const REMARK_BYTES_MAX: usize = 160;

pub(super) fn parse(cursor: Cursor<'_>) -> Option<Header<'_>> {
    match cursor.peek()? {
        b'<' | b'A'..=b'Z' => syslog(cursor),
        b'0'..=b'9' => rsyslog(cursor).or_else(|| nslog(cursor)),
        _ => None,
    }
}

/// `Jul  1 09:19:13 host proc[258]: `, the process optional.
fn syslog(mut cursor: Cursor<'_>) -> Option<Header<'_>> {
    let _ = cursor.attempt(kernel::priority);
    let time = stamp::syslog(&mut cursor)?;
    program(cursor, time)
}

/// `2024-01-01T00:00:00.871301+08:00 host proc[258]: `. Here the process is required: after an ISO
/// time, `error code: ` could be anything.
fn rsyslog(mut cursor: Cursor<'_>) -> Option<Header<'_>> {
    let time = stamp::iso(&mut cursor)?;
    program(cursor, time).filter(|header| header.pid.is_some())
}

fn program<'l>(mut cursor: Cursor<'l>, time: &'l [u8]) -> Option<Header<'l>> {
    cursor.byte(b' ')?;
    cursor.word(HOST_BYTES_MAX)?;
    cursor.byte(b' ')?;
    let name = cursor.run(1..=PROGRAM_BYTES_MAX, |byte| !b" :[\t".contains(&byte))?;
    let pid = cursor.attempt(|cursor| bracketed(cursor, Cursor::number));
    let _ = cursor.attempt(remark);
    cursor.byte(b':')?;
    if !cursor.is_at_end() {
        cursor.byte(b' ')?;
    }
    Some(Header {
        time: Some(time),
        pid,
        tag: Some(name),
        ..Header::new(Format::Syslog, cursor.at(), cursor.text().len())
    })
}

/// `2017-07-30 09:09:07.733883+0800 App[4175:2783036] `, or no program at all:
/// `2016-07-05 17:37:21.692 [7606:871301] `.
fn nslog(mut cursor: Cursor<'_>) -> Option<Header<'_>> {
    let mut ahead = cursor;
    ahead.shape(b"0000-00-00 00:00:00.")?;
    let time = stamp::date_clock(&mut cursor)?;
    cursor.byte(b' ')?;
    // A name with spaces could be a sentence, unless the time has a zone, as Apple's does.
    let zoned = time.len() > b"0000-00-00 00:00:00.000000".len();
    let name = cursor
        .run(0..=PROGRAM_BYTES_MAX, |byte| !b":[]\t".contains(&byte) && (zoned || byte != b' '))?;
    let (pid, tid) = bracketed(&mut cursor, pid_and_thread)?;
    if !cursor.is_at_end() {
        cursor.byte(b' ')?;
    }
    Some(Header {
        time: Some(time),
        pid: Some(pid),
        tid,
        tag: (!name.is_empty()).then_some(name),
        ..Header::new(Format::NsLog, cursor.at(), cursor.text().len())
    })
}

/// `4175:2783036`. Old systems print a port instead of a thread, in hexadecimal without `0x`
/// (`4175:1a03`); it is ignored.
fn pid_and_thread(cursor: &mut Cursor<'_>) -> Option<(u32, Option<u32>)> {
    let pid = cursor.number()?;
    cursor.byte(b':')?;
    let digits = cursor.run(1..=16, |byte| byte.is_ascii_hexdigit())?;
    Some((pid, Cursor::new(digits, 0).number().filter(|_| digits.iter().all(u8::is_ascii_digit))))
}

fn bracketed<'l, T>(
    cursor: &mut Cursor<'l>,
    inside: impl FnOnce(&mut Cursor<'l>) -> Option<T>,
) -> Option<T> {
    cursor.byte(b'[')?;
    let found = inside(cursor)?;
    cursor.byte(b']')?;
    Some(found)
}

/// ` (com.apple.x[533])` of launchd, ` <Notice>` of idevicesyslog.
fn remark(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.byte(b' ')?;
    let close = if cursor.one_of(b"(<")? == b'(' { b')' } else { b'>' };
    cursor.run(1..=REMARK_BYTES_MAX, |byte| byte != close && byte != b' ')?;
    cursor.byte(close)
}
