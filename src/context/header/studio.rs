//! Lines copied from Android Studio's view of logcat: the list until 2021 and the panel since. The
//! panel's layout is that of its `MessageFormatter` (standard view). Knows nothing about the time
//! before them.

use super::columns;
use super::cursor::Cursor;
use super::{Format, Header, Level};

/// The longest name of a package, in bytes: the limit of Linux for a file name.
const PACKAGE_BYTES_MAX: usize = 255;

/// The longest tag, in bytes: logcat's buffer does not cut the list's tags, but few are longer.
const TAG_BYTES_MAX: usize = 256;

/// The most bytes between the thread and the level in the panel: the tag (23 columns by default)
/// and the package (35), and more for users who widened them.
const PANEL_COLUMNS_BYTES_MAX: usize = 256;

/// The fewest spaces in place of a hidden tag; fewer separate the thread from a tag.
const HIDDEN_TAG_SPACES_MIN: usize = 10;

/// After a time: `598-739/com.app W/Tag: message`; an unknown package is `?`.
pub(super) fn old<'l>(time: Option<&'l [u8]>, mut cursor: Cursor<'l>) -> Option<Header<'l>> {
    let pid = cursor.number()?;
    cursor.byte(b'-')?;
    let tid = cursor.number()?;
    cursor.byte(b'/')?;
    cursor.word(PACKAGE_BYTES_MAX)?;
    cursor.gap()?;
    let level = columns::level_slash(&mut cursor)?;
    let tag = before_colon(&cursor);
    let message = tag.map_or(cursor.at(), |tag| cursor.at() + tag.len() + 2);
    Some(Header {
        time,
        pid: Some(pid),
        tid: Some(tid),
        level: Some(level),
        tag: tag.map(super::tag::trimmed),
        ..Header::new(Format::Studio, message, cursor.text().len())
    })
}

/// The same with date and time turned off. Half such a header does not count.
pub(super) fn undated(cursor: Cursor<'_>) -> Option<Header<'_>> {
    old(None, cursor).filter(|header| header.tag.is_some())
}

/// After a time: `4242-5678  Tag  com.app  E  message`, tag and package padded.
pub(super) fn panel<'l>(time: &'l [u8], mut cursor: Cursor<'l>) -> Option<Header<'l>> {
    let pid = cursor.number()?;
    cursor.byte(b'-')?;
    let tid = cursor.number()?;
    let names = cursor.at();
    cursor.gap()?;
    let text = cursor.text();
    let (level_at, level) = panel_level(text, names).or_else(|| collapsed_level(cursor))?;
    let mut message = Cursor::new(text, level_at + 1);
    let _ = message.literal(b"  ").or_else(|| message.byte(b' '));
    Some(Header {
        time: Some(time),
        pid: Some(pid),
        tid: Some(tid),
        level: Some(level),
        tag: Some(panel_tag(&text[names..level_at])),
        ..Header::new(Format::StudioPanel, message.at(), text.len())
    })
}

/// A tag, including its padding, up to `: ` or a `:` that ends the line.
fn before_colon<'l>(cursor: &Cursor<'l>) -> Option<&'l [u8]> {
    let rest = cursor.rest();
    let window = &rest[..rest.len().min(TAG_BYTES_MAX)];
    let length = window.windows(2).position(|pair| pair == b": ");
    length
        .map(|length| &rest[..length])
        .or_else(|| (window.len() == rest.len()).then(|| rest.strip_suffix(b":"))?)
}

/// The first level that is a separate word, and its byte: a space comes before it, and two spaces
/// or the line's end after it.
fn panel_level(text: &[u8], from: usize) -> Option<(usize, Level)> {
    let end = text.len().min(from + PANEL_COLUMNS_BYTES_MAX);
    (from + 1..end).find_map(|at| {
        let alone =
            text[at - 1] == b' ' && matches!(&text[at + 1..], [] | [b' '] | [b' ', b' ', ..]);
        alone.then(|| Level::from_letter(text[at])).flatten().map(|level| (at, level))
    })
}

/// The level, and its byte, in a line whose spaces a web page or a chat collapsed:
/// `Tag com.app E message`. Only the dot in the package distinguishes such a line from a sentence.
fn collapsed_level(mut cursor: Cursor<'_>) -> Option<(usize, Level)> {
    cursor.word(TAG_BYTES_MAX)?;
    cursor.byte(b' ')?;
    let package = cursor.word(PACKAGE_BYTES_MAX)?;
    cursor.byte(b' ')?;
    let level_at = cursor.at();
    let level = columns::level(&mut cursor)?;
    cursor.byte(b' ')?;
    package.contains(&b'.').then_some((level_at, level))
}

/// The tag of ` Tag com.app `: all words except the last one, which is the package. A single word
/// is the tag if it begins in the tag's column.
fn panel_tag(columns: &[u8]) -> &[u8] {
    let spaces = columns.iter().position(|&byte| byte != b' ').unwrap_or(columns.len());
    let names = super::tag::trimmed(&columns[spaces..]);
    match names.iter().rposition(|&byte| byte == b' ') {
        Some(package) => super::tag::trimmed(&names[..package]),
        None if spaces < HIDDEN_TAG_SPACES_MIN => names,
        None => b"",
    }
}
