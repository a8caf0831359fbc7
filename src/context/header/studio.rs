//! Lines copied from Android Studio's view of logcat: the list up to 2021 and the panel after it.
//! The panel's layout is that of its `MessageFormatter` (standard view); times are parsed before.

use super::columns;
use super::cursor::Cursor;
use super::{Format, Header};

/// Bytes of a package's name: Linux' limit for a file name.
const PACKAGE_BYTES_MAX: usize = 255;

/// Bytes of a tag: a tag of the list is not cut by logcat's buffer, but hardly ever longer.
const TAG_BYTES_MAX: usize = 256;

/// Bytes between the thread and the level in the panel: the tag (23 columns unless set
/// otherwise), the package (35) and what people set.
const PANEL_COLUMNS_BYTES_MAX: usize = 256;

/// Blanks in place of a hidden tag; fewer separate the thread from a tag.
const HIDDEN_TAG_BLANKS_MIN: usize = 10;

/// Behind a time: `598-739/com.app W/Tag: message`, the package `?` when unknown.
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

/// The same with date and time switched off. Half such a header is none.
pub(super) fn undated(cursor: Cursor<'_>) -> Option<Header<'_>> {
    old(None, cursor).filter(|header| header.tag.is_some())
}

/// Behind a time: `4242-5678  Tag  com.app  E  message`, tag and package padded.
pub(super) fn panel<'l>(time: &'l [u8], mut cursor: Cursor<'l>) -> Option<Header<'l>> {
    let pid = cursor.number()?;
    cursor.byte(b'-')?;
    let tid = cursor.number()?;
    let names = cursor.at();
    cursor.gap()?;
    let text = cursor.text();
    let level_at = panel_level(text, names).or_else(|| collapsed_level(cursor))?;
    let mut message = Cursor::new(text, level_at + 1);
    let _ = message.literal(b"  ").or_else(|| message.byte(b' '));
    Some(Header {
        time: Some(time),
        pid: Some(pid),
        tid: Some(tid),
        level: text.get(level_at).copied(),
        tag: Some(panel_tag(&text[names..level_at])),
        ..Header::new(Format::StudioPanel, message.at(), text.len())
    })
}

/// Bytes of a tag, padding included, up to `: ` or a `:` that ends the line.
fn before_colon<'l>(cursor: &Cursor<'l>) -> Option<&'l [u8]> {
    let rest = cursor.rest();
    let window = &rest[..rest.len().min(TAG_BYTES_MAX)];
    let length = window.windows(2).position(|pair| pair == b": ");
    length
        .map(|length| &rest[..length])
        .or_else(|| (window.len() == rest.len()).then(|| rest.strip_suffix(b":"))?)
}

/// The byte of the first level that stands alone: a blank before it, two behind or the line's end.
fn panel_level(text: &[u8], from: usize) -> Option<usize> {
    let end = text.len().min(from + PANEL_COLUMNS_BYTES_MAX);
    (from + 1..end).find(|&at| {
        let alone =
            text[at - 1] == b' ' && matches!(&text[at + 1..], [] | [b' '] | [b' ', b' ', ..]);
        alone && columns::level(&mut Cursor::new(text, at)).is_some()
    })
}

/// The level in a line whose blanks were collapsed by a web page or a chat:
/// `Tag com.app E message`. The package's full stop is all that vouches for it.
fn collapsed_level(mut cursor: Cursor<'_>) -> Option<usize> {
    cursor.word(TAG_BYTES_MAX)?;
    cursor.byte(b' ')?;
    let package = cursor.word(PACKAGE_BYTES_MAX)?;
    cursor.byte(b' ')?;
    let level_at = cursor.at();
    columns::level(&mut cursor)?;
    cursor.byte(b' ')?;
    package.contains(&b'.').then_some(level_at)
}

/// The tag out of `  Tag   com.app  `: all but the last word, which is the package, unless it is
/// the only one and stands where tags stand.
fn panel_tag(columns: &[u8]) -> &[u8] {
    let blanks = columns.iter().position(|&byte| byte != b' ').unwrap_or(columns.len());
    let names = super::tag::trimmed(&columns[blanks..]);
    match names.iter().rposition(|&byte| byte == b' ') {
        Some(package) => super::tag::trimmed(&names[..package]),
        None if blanks < HIDDEN_TAG_BLANKS_MIN => names,
        None => b"",
    }
}
