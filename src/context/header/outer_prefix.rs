//! What CI systems, containers, and servers add before a line: mostly time stamps. Does not know
//! which prefix may follow: a result only says where the search for it continues.

use super::cursor::{BYTE_ORDER_MARK, Cursor};
use super::{Format, Header, kernel, stamp};

/// The longest name of a job or a step in the lines of `gh run view --log`, in bytes.
const JOB_BYTES_MAX: usize = 200;

/// The longest name of a container before `|`, in bytes, and the most padding after it.
const CONTAINER_BYTES_MAX: usize = 80;

/// The most digits and commas in Flutter's `[ +123 ms]`.
const FLUTTER_COLUMNS_MAX: usize = 12;

/// One thing before a prefix.
pub(super) enum OuterPrefix<'l> {
    /// A time stamp, which is the header if the line has no other prefix.
    Stamp(Header<'l>),
    /// Something that is no header by itself, and the byte where it ends.
    Skip(usize),
}

pub(super) fn parse(cursor: Cursor<'_>) -> Option<OuterPrefix<'_>> {
    skip(cursor)
        .map(OuterPrefix::Skip)
        .or_else(|| bare(cursor).map(OuterPrefix::Stamp))
        .or_else(|| bracketed(cursor).map(OuterPrefix::Stamp))
        .or_else(|| flutter(cursor).map(OuterPrefix::Stamp))
        .or_else(|| job(cursor).map(OuterPrefix::Skip))
        .or_else(|| container(cursor).map(OuterPrefix::Skip))
}

/// A byte order mark, or colors.
fn skip(mut cursor: Cursor<'_>) -> Option<usize> {
    let start = cursor.at();
    let _ = cursor.literal(BYTE_ORDER_MARK);
    cursor.escapes();
    (cursor.at() > start).then(|| cursor.at())
}

/// A stamp without brackets: `2024-01-01T00:00:00.8713010Z `, `2024-01-01 00:00:00,871 `,
/// `12:34:56  `, `Jul  1 09:19:13 `.
fn bare(mut cursor: Cursor<'_>) -> Option<Header<'_>> {
    let _ = cursor.attempt(|cursor| {
        kernel::priority(cursor)?;
        cursor.peek().filter(u8::is_ascii_alphanumeric)
    });
    let start = cursor.at();
    let clock_only = cursor.shape(b"00:00:00").is_some();
    cursor = Cursor::new(cursor.text(), start);
    let time = match cursor.peek()? {
        b'0'..=b'9' => stamp::date_clock(&mut cursor).or_else(|| stamp::clock(&mut cursor)),
        _ => stamp::syslog(&mut cursor),
    }?;
    separator(&mut cursor)?;
    if clock_only {
        // Jenkins' Timestamper adds two spaces.
        let _ = cursor.byte(b' ');
    }
    if time.ends_with(b"Z") {
        let _ = cursor.attempt(gitlab_stream);
    }
    let pid = process(&mut cursor);
    Some(Header { time: Some(time), pid, ..header(cursor) })
}

/// `[2024-01-01T00:00:00.871Z] ` and `[12:34:56] ` of Jenkins, `[Sat Jul 1 09:19:13 2017] ` of
/// Apache, and `[2024-01-01T00:00:00Z INFO x] ` of env_logger, of which only the time is used.
fn bracketed(mut cursor: Cursor<'_>) -> Option<Header<'_>> {
    cursor.byte(b'[')?;
    let time = stamp::date_clock(&mut cursor)
        .or_else(|| stamp::clock(&mut cursor))
        .or_else(|| stamp::ctime(&mut cursor))
        .or_else(|| stamp::syslog(&mut cursor))?;
    if cursor.byte(b']').is_some() {
        let _ = cursor.byte(b' ');
    } else {
        cursor.byte(b' ')?;
    }
    Some(Header { time: Some(time), ..header(cursor) })
}

/// `[ +123 ms] ` of `flutter -v`, and the blank one on the lines below it.
fn flutter(mut cursor: Cursor<'_>) -> Option<Header<'_>> {
    cursor.byte(b'[')?;
    let spaces = cursor.spaces();
    let start = cursor.at();
    let time = cursor.attempt(|cursor| {
        cursor.byte(b'+')?;
        cursor.run(1..=FLUTTER_COLUMNS_MAX, |byte| byte.is_ascii_digit() || byte == b',')?;
        cursor.literal(b" ms")?;
        Some(cursor.since(start))
    });
    // `[        ] `: at least as many spaces as `+1234 ms` has bytes.
    (time.is_some() || spaces >= 8).then_some(())?;
    cursor.literal(b"] ")?;
    Some(Header { format: Format::Flutter, time, ..header(cursor) })
}

/// `job\tstep\t` of GitHub's command-line tool, only before an ISO stamp.
fn job(mut cursor: Cursor<'_>) -> Option<usize> {
    for _ in 0..2 {
        cursor.before(b'\t', JOB_BYTES_MAX)?;
        cursor.byte(b'\t')?;
    }
    let end = cursor.at();
    let _ = cursor.literal(BYTE_ORDER_MARK);
    stamp::iso(&mut cursor).map(|_| end)
}

/// `app-1 | ` of Docker Compose, and `| ` alone. It is not a header itself, so it counts only
/// before a prefix.
fn container(mut cursor: Cursor<'_>) -> Option<usize> {
    cursor.run(0..=CONTAINER_BYTES_MAX, |byte| {
        byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)
    })?;
    cursor.run(0..=CONTAINER_BYTES_MAX, |byte| byte == b' ')?;
    cursor.literal(b"| ")?;
    Some(cursor.at())
}

/// A space, a colon and a space, or the line's end; a color reset may come first.
fn separator(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.escapes();
    let _ = cursor.byte(b':');
    if cursor.is_at_end() { Some(()) } else { cursor.one_of(b" \t").map(drop) }
}

/// `00O `, which GitLab's runner adds after its time: the stream's number in hexadecimal, `O` for
/// output or `E` for errors, and `+` if the line continues the previous one.
fn gitlab_stream(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.run(2..=2, |byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))?;
    cursor.one_of(b"OE")?;
    cursor.one_of(b" +").map(drop)
}

/// The process in OpenStack's `25746 INFO ` or Spring Boot's `INFO 25746 --- `, and the space after
/// it.
fn process(cursor: &mut Cursor<'_>) -> Option<u32> {
    cursor
        .attempt(|cursor| {
            cursor.spaces();
            let pid = cursor.number()?;
            cursor.byte(b' ')?;
            let mut ahead = *cursor;
            severity(&mut ahead).map(|()| pid)
        })
        .or_else(|| {
            cursor.attempt(|cursor| {
                cursor.spaces();
                severity(cursor)?;
                cursor.spaces();
                let pid = cursor.number()?;
                cursor.byte(b' ')?;
                cursor.rest().starts_with(b"--- ").then_some(pid)
            })
        })
}

/// A level in upper case, and the space after it.
fn severity(cursor: &mut Cursor<'_>) -> Option<()> {
    const WORDS: [&[u8]; 9] = [
        b"TRACE ", b"DEBUG ", b"INFO ", b"NOTICE ", b"WARN ", b"WARNING ", b"ERROR ", b"CRITICAL ",
        b"FATAL ",
    ];
    WORDS.iter().find_map(|word| cursor.literal(word))
}

fn header(cursor: Cursor<'_>) -> Header<'_> {
    Header::new(Format::Stamp, cursor.at(), cursor.text().len())
}
