//! Dates and clocks as bytes: where a time stamp begins and ends. It knows nothing about what
//! follows, and does not check whether a date exists.

use super::cursor::Cursor;

/// The most spaces before the seconds: those of logcat's `epoch` (`%19lld`) before one digit, and
/// one more.
const EPOCH_SPACES_MAX: usize = 19;

/// The most digits of the seconds, an `i64`.
const EPOCH_DIGITS_MAX: usize = 19;

/// Columns that logcat's `monotonic` pads to: `%6lld`.
const MONOTONIC_COLUMNS: usize = 6;

/// The most digits of a second's fraction: nanoseconds.
const FRACTION_DIGITS_MAX: usize = 9;

const MONTHS: [&[u8]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

const WEEKDAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];

/// Logcat's calendar time: `%m-%d %H:%M:%S`, with `year`'s `%Y-` before it, a fraction of 3, 6, or
/// 9 digits, and `zone`'s ` %z` (AOSP liblog, `android_log_formatLogLine`).
#[inline]
pub(super) fn logcat_date<'l>(cursor: &mut Cursor<'l>) -> Option<&'l [u8]> {
    let start = cursor.at();
    cursor.attempt(|cursor| {
        let short = cursor.shape(b"00-00 00:00:00.000");
        short.or_else(|| cursor.shape(b"0000-00-00 00:00:00.000"))?;
        cursor.digits(0..=FRACTION_DIGITS_MAX - 3)?;
        if cursor.shape(b" +0000").is_none() {
            let _ = cursor.shape(b" -0000");
        }
        Some(cursor.since(start))
    })
}

/// Logcat's `epoch` and `monotonic`: seconds padded to 19 or 6 columns, and a fraction.
pub(super) fn logcat_seconds<'l>(cursor: &mut Cursor<'l>) -> Option<&'l [u8]> {
    cursor.attempt(|cursor| {
        let spaces = cursor.spaces();
        let start = cursor.at();
        let seconds = cursor.digits(1..=EPOCH_DIGITS_MAX)?.len();
        let padded = spaces <= EPOCH_SPACES_MAX && spaces + seconds >= MONOTONIC_COLUMNS;
        padded.then(|| cursor.byte(b'.'))??;
        cursor.digits(3..=FRACTION_DIGITS_MAX)?;
        Some(cursor.since(start))
    })
}

/// A date with a clock as servers and CI systems write it: ISO 8601 with `T` or a space, `/`
/// instead of `-`, no year or a two-digit year, a fraction after `.` or `,`, and a zone.
pub(super) fn date_clock<'l>(cursor: &mut Cursor<'l>) -> Option<&'l [u8]> {
    let start = cursor.at();
    cursor
        .shape(b"0000-00-00T00:00:00")
        .or_else(|| cursor.shape(b"0000-00-00 00:00:00"))
        .or_else(|| cursor.shape(b"0000/00/00 00:00:00"))
        .or_else(|| cursor.shape(b"00/00/00 00:00:00"))
        .or_else(|| cursor.shape(b"00-00 00:00:00"))?;
    fraction(cursor);
    zone(cursor);
    Some(cursor.since(start))
}

/// Strict ISO 8601 (`2024-01-01T00:00:00.8713010Z`), as GitHub, GitLab, Azure, Docker, and
/// rsyslog write it.
pub(super) fn iso<'l>(cursor: &mut Cursor<'l>) -> Option<&'l [u8]> {
    let mut ahead = *cursor;
    ahead.shape(b"0000-00-00T")?;
    date_clock(cursor)
}

/// A clock alone: `12:34:56`, `12:34:56.871`.
pub(super) fn clock<'l>(cursor: &mut Cursor<'l>) -> Option<&'l [u8]> {
    let start = cursor.at();
    cursor.shape(b"00:00:00")?;
    fraction(cursor);
    Some(cursor.since(start))
}

/// The time of BSD's syslog (RFC 3164): `Jul  1 09:19:13`, with or without a fraction.
pub(super) fn syslog<'l>(cursor: &mut Cursor<'l>) -> Option<&'l [u8]> {
    let start = cursor.at();
    if !cursor.peek()?.is_ascii_uppercase() || cursor.rest().get(3) != Some(&b' ') {
        return None; // no month; most lines have none
    }
    cursor.attempt(|cursor| {
        MONTHS.iter().find_map(|month| cursor.literal(month))?;
        cursor.shape(b" 00 ").or_else(|| cursor.shape(b"  0 ")).or_else(|| cursor.shape(b" 0 "))?;
        cursor.shape(b"00:00:00")?;
        fraction(cursor);
        Some(cursor.since(start))
    })
}

/// The time of C's `ctime`, as Apache and `dmesg -T` write it: `Sat Jul  1 09:19:13 2017`.
pub(super) fn ctime<'l>(cursor: &mut Cursor<'l>) -> Option<&'l [u8]> {
    let start = cursor.at();
    cursor.attempt(|cursor| {
        WEEKDAYS.iter().find_map(|day| cursor.literal(day))?;
        cursor.byte(b' ')?;
        syslog(cursor)?;
        cursor.shape(b" 0000")?;
        Some(cursor.since(start))
    })
}

/// Moves over `.871`, `,871`, `.8713010`; does not move if there is none.
pub(super) fn fraction(cursor: &mut Cursor<'_>) {
    let _ = cursor.attempt(|cursor| {
        cursor.one_of(b".,")?;
        cursor.digits(1..=FRACTION_DIGITS_MAX)
    });
}

/// Moves over `Z`, `+08:00`, `+0800`, `+08`, the same after a space, ` UTC`, ` GMT`; does not move
/// if there is none, or if more digits or letters follow.
fn zone(cursor: &mut Cursor<'_>) {
    let _ = cursor.attempt(|cursor| {
        let spaced = cursor.byte(b' ').is_some();
        if cursor.one_of(b"+-").is_some() {
            cursor
                .shape(b"00:00")
                .or_else(|| cursor.shape(b"0000"))
                .or_else(|| cursor.shape(b"00").filter(|()| !spaced))?;
        } else if cursor.byte(b'Z').is_none() {
            spaced.then(|| cursor.literal(b"UTC").or_else(|| cursor.literal(b"GMT")))??;
        }
        let next = cursor.peek();
        (!next.is_some_and(|byte| byte.is_ascii_alphanumeric())).then_some(())
    });
}
