//! The prefixes that logcat prints, in every format and with every modifier. The reference is
//! AOSP's `android_log_formatLogLine` (liblog, `logprint.cpp`). Knows nothing about outer prefixes.

use super::columns;
use super::cursor::Cursor;
use super::stamp;
use super::studio;
use super::tag::{self, End, Likelier, Tagged};
use super::{Format, Header, Level, shown};
use crate::ansi::RESET;

/// Columns of `%5d:%5d` in the thread format.
const THREAD_COLUMNS: usize = 11;

/// Columns of `%5d` in the process format.
const PROCESS_COLUMNS: usize = 5;

/// The longest ` (tag)` that AOSP prints, in bytes, including the color reset before it: its buffer
/// has 128, less the NUL and the line's end.
const SUFFIX_BYTES_MAX: usize = 126;

/// The prefix at the cursor. It begins at byte `start`, with the color before it.
#[inline]
pub(super) fn parse(start: usize, cursor: Cursor<'_>) -> Option<Header<'_>> {
    match cursor.peek()? {
        b'0'..=b'9' => dated(start, cursor).or_else(|| counted(start, cursor)),
        b' ' => counted(start, cursor),
        b'[' => long(start, cursor),
        _ => undated(start, cursor),
    }
}

/// Formats with a calendar time: threadtime, time, and the two of Android Studio.
#[inline]
fn dated(start: usize, mut cursor: Cursor<'_>) -> Option<Header<'_>> {
    let time = stamp::logcat_date(&mut cursor)?;
    // The DDMS of Eclipse: `03-18 00:13:38.871: I/Tag(1702): message`.
    let _ = cursor.byte(b':');
    cursor.gap()?;
    // Not a chain of `or_else`: each link would copy the header, which costs a third of the time.
    let header = threadtime(start, time, cursor);
    if header.is_some() {
        return header;
    }
    time_format(start, time, cursor)
        .or_else(|| studio::old(Some(time), cursor))
        .or_else(|| studio::panel(time, cursor))
}

/// Formats with seconds (`epoch`, `monotonic`). Such a number could be anything, so half a header
/// does not count here.
fn counted(start: usize, mut cursor: Cursor<'_>) -> Option<Header<'_>> {
    let time = stamp::logcat_seconds(&mut cursor)?;
    cursor.gap()?;
    threadtime(start, time, cursor)
        .filter(|header| header.tag.is_some())
        .or_else(|| time_format(start, time, cursor))
}

/// Whether a line begins as threadtime does without color, outer prefix, year, and user, up to its
/// tag, which then begins at byte [`PLAIN_THREADTIME_TAG`]. That is the layout of most logs; of
/// every other one this says no, and [`parse`] has to look.
#[inline]
pub(in crate::context) fn is_plain_threadtime(line: &[u8]) -> bool {
    /// `0`: a digit. `#`: a digit or a blank. `L`: any byte.
    const SHAPE: &[u8; PLAIN_THREADTIME_TAG] = b"00-00 00:00:00.000 ##### ##### L ";
    let Some(head) = line.first_chunk::<PLAIN_THREADTIME_TAG>() else { return false };
    // All bytes are compared, also after one that differs: that becomes a few wide instructions.
    let mut fits = true;
    for (&byte, &wanted) in head.iter().zip(SHAPE) {
        let (digit, blank) = (byte.is_ascii_digit(), byte == b' ');
        let column = (wanted == b'0' && digit) || (wanted == b'#' && (digit | blank));
        fits &= column || wanted == b'L' || byte == wanted;
    }
    let is_aligned = |column: &[u8]| {
        let gap = column.windows(2).any(|two| two[0] != b' ' && two[1] == b' ');
        !gap && column.last() != Some(&b' ')
    };
    fits && is_aligned(&head[19..24])
        && is_aligned(&head[25..30])
        && Level::from_letter(head[31]).is_some()
}

/// The column of the process in a line of [`is_plain_threadtime`], with the three bytes before it.
#[inline]
pub(in crate::context) fn plain_threadtime_process(line: &[u8]) -> Option<&[u8; 8]> {
    line.get(16..)?.first_chunk()
}

/// Where the tag begins in a line of [`is_plain_threadtime`].
pub(in crate::context) const PLAIN_THREADTIME_TAG: usize = 33;

/// `U%5d %5d %c %-8.*s: ` after the time. A header that ends early keeps the columns it has.
#[inline]
fn threadtime<'l>(start: usize, time: &'l [u8], mut cursor: Cursor<'l>) -> Option<Header<'l>> {
    let thread = columns::space_separated(&mut cursor)?;
    let level = columns::level(&mut cursor)?;
    if !cursor.is_at_end() {
        cursor.byte(b' ')?;
    }
    let tagged = tag::before_colon(cursor, start);
    let message = tagged.map_or(cursor.at(), |tagged| tagged.message);
    Some(Header {
        time: Some(time),
        pid: Some(thread.pid),
        tid: Some(thread.tid),
        level: Some(level),
        tag: tagged.map(|tagged| tagged.tag),
        ..Header::new(Format::Threadtime, message, cursor.text().len())
    })
}

/// `%c/%-8.*s(U%5d): ` after the time.
fn time_format<'l>(start: usize, time: &'l [u8], mut cursor: Cursor<'l>) -> Option<Header<'l>> {
    let level = columns::level_slash(&mut cursor)?;
    let (tagged, pid) = match tag::after_slash(cursor, start, Likelier::Process)? {
        End::Process(tagged, pid) => (tagged, Some(pid)),
        End::Cut(tagged) => (tagged, None),
        End::Colon(_) => return None,
    };
    let header = with_tag(Format::Time, level, tagged, cursor);
    Some(Header { time: Some(time), pid, ..header })
}

/// `[ T U%5d:%5d %c/%-8.*s ]`
fn long(start: usize, mut cursor: Cursor<'_>) -> Option<Header<'_>> {
    cursor.literal(b"[ ")?;
    let time = stamp::logcat_date(&mut cursor).or_else(|| stamp::logcat_seconds(&mut cursor))?;
    cursor.byte(b' ')?;
    let thread = columns::thread(&mut cursor)?;
    cursor.byte(b' ')?;
    let level = columns::level_slash(&mut cursor)?;
    let tagged = before_bracket(cursor, start);
    let message = tagged.map_or(cursor.at(), |tagged| tagged.message);
    Some(Header {
        time: Some(time),
        pid: Some(thread.pid),
        tid: Some(thread.tid),
        level: Some(level),
        tag: tagged.map(|tagged| tagged.tag),
        ..Header::new(Format::Long, message, cursor.text().len())
    })
}

/// A tag that ends with a ` ] ` where someone joined two lines, at the cut (AOSP counts the line
/// end that it prints), or with ` ]` at the line's end.
fn before_bracket<'l>(cursor: Cursor<'l>, start: usize) -> Option<Tagged<'l>> {
    let rest = cursor.rest();
    let window = tag::window(cursor.text(), start).get(cursor.at()..)?;
    if let Some(end) = window.windows(3).position(|bytes| bytes == b" ] ") {
        let message = cursor.at() + end + 3;
        return Some(Tagged { tag: tag::trimmed(&rest[..end]), message });
    }
    if tag::cut_at(cursor.text(), start).is_some() {
        let tagged = tag::cut(cursor, start)?;
        let tag = tag::trimmed(tagged.tag.strip_suffix(b" ]").unwrap_or(tagged.tag));
        return Some(Tagged { tag, ..tagged });
    }
    let tag = tag::trimmed(rest.strip_suffix(b" ]")?);
    Some(Tagged { tag, message: cursor.text().len() })
}

/// Formats without a time: brief and tag (`I/`), process and thread (`I(`).
fn undated(start: usize, mut cursor: Cursor<'_>) -> Option<Header<'_>> {
    let level = columns::level(&mut cursor)?;
    if cursor.byte(b'/').is_some() {
        return brief_or_tag(start, level, cursor);
    }
    cursor.byte(b'(')?;
    let header = thread_format(cursor).or_else(|| process_format(cursor))?;
    Some(Header { level: Some(level), ..header })
}

/// `%-8.*s(U%5d): ` and `%-8.*s: ` after `%c/`. A cut prefix may be in either format.
fn brief_or_tag(start: usize, level: Level, cursor: Cursor<'_>) -> Option<Header<'_>> {
    let end = tag::after_slash(cursor, start, Likelier::Colon)?;
    if !tag::is_plausible_alone(cursor, end) {
        return None;
    }
    Some(match end {
        End::Process(tagged, pid) => {
            let header = with_tag(Format::Brief, level, tagged, cursor);
            Header { pid: Some(pid), ..header }
        }
        End::Colon(tagged) => with_tag(Format::Tag, level, tagged, cursor),
        End::Cut(tagged) => with_tag(Format::Brief, level, tagged, cursor),
    })
}

/// `U%5d:%5d) ` after `%c(`. If a tag is at the line's end, the first number was a user, and the
/// line is in the process format.
fn thread_format(mut cursor: Cursor<'_>) -> Option<Header<'_>> {
    let open = cursor.at();
    let thread = columns::thread(&mut cursor)?;
    let inside = cursor.since(open);
    let hexadecimal = inside.windows(2).any(|bytes| bytes == b"0x");
    (hexadecimal || inside.len() >= THREAD_COLUMNS).then_some(())?;
    close(&mut cursor)?;
    let two_columns = inside.iter().filter(|&&byte| byte == b':').count() == 1;
    if two_columns && !hexadecimal && has_named_suffix(cursor) {
        return None;
    }
    Some(Header {
        pid: Some(thread.pid),
        tid: Some(thread.tid),
        ..Header::new(Format::Thread, cursor.at(), cursor.text().len())
    })
}

/// `U%5d) ` after `%c(`, and ` (tag)` at the line's end. Without that tag the column must be
/// padded: `E(871300) text` does not begin with a process.
fn process_format(mut cursor: Cursor<'_>) -> Option<Header<'_>> {
    let open = cursor.at();
    let pid = columns::process(&mut cursor)?;
    let inside = cursor.since(open);
    (inside.len() >= PROCESS_COLUMNS).then_some(())?;
    close(&mut cursor)?;
    let end = cursor.text().len();
    let suffix = suffix(cursor);
    (suffix.is_some() || inside.starts_with(b" ")).then_some(())?;
    Some(Header {
        pid: Some(pid),
        tag: suffix.map(|suffix| suffix.tag),
        ..Header::new(Format::Process, cursor.at(), suffix.map_or(end, |suffix| suffix.message_end))
    })
}

/// `) `, or `)` if the spaces at the line's end were lost.
fn close(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.byte(b')')?;
    if cursor.is_at_end() { Some(()) } else { cursor.byte(b' ') }
}

/// What the process format prints after a message.
#[derive(Debug, Clone, Copy)]
struct Suffix<'l> {
    tag: &'l [u8],
    message_end: usize,
}

/// ` (tag)` at the line's end, or without its `)` if it was cut.
fn suffix<'l>(cursor: Cursor<'l>) -> Option<Suffix<'l>> {
    let rest = cursor.rest();
    if let Some(open) = rest.strip_suffix(b")") {
        let first = shown::start_of(rest, SUFFIX_BYTES_MAX);
        let first = first.unwrap_or(rest.len().saturating_sub(SUFFIX_BYTES_MAX));
        let at = first + open.get(first..)?.windows(3).rposition(|b| b == b"  (")?;
        return Some(Suffix { tag: open.get(at + 3..)?, message_end: cursor.at() + at });
    }
    // If it was cut, it has exactly as many bytes as there may be.
    let full = |bytes: usize| {
        let at = shown::start_of(rest, bytes)?;
        Some((at, rest[at..].strip_prefix(b"  (")?))
    };
    let colored =
        || full(SUFFIX_BYTES_MAX - RESET.len()).filter(|(at, _)| rest[..*at].ends_with(RESET));
    let (at, tag) = full(SUFFIX_BYTES_MAX).or_else(colored)?;
    Some(Suffix { tag, message_end: cursor.at() + at })
}

/// Whether a tag follows the message, and not just a number in parentheses.
fn has_named_suffix(cursor: Cursor<'_>) -> bool {
    suffix(cursor).is_some_and(|suffix| tag::is_name(suffix.tag))
}

fn with_tag<'l>(
    format: Format,
    level: Level,
    tagged: Tagged<'l>,
    cursor: Cursor<'l>,
) -> Header<'l> {
    Header {
        level: Some(level),
        tag: Some(tagged.tag),
        ..Header::new(format, tagged.message, cursor.text().len())
    }
}
