//! Where a tag ends and its message begins. Tags are free text, so the end is a guess from the
//! padding, the process column, and the size of AOSP's buffer. Knows nothing about the columns
//! before the tag.

use std::ops::Range;

use super::columns;
use super::cursor::Cursor;
use super::shown;

/// The longest prefix that AOSP prints, in bytes: its buffer has 128, one of them for the NUL. A
/// longer prefix is cut there, and the message follows without a separator.
const PREFIX_BYTES_MAX: usize = 127;

/// Columns that AOSP pads a tag to: `%-8.*s`.
const TAG_COLUMNS: usize = 8;

/// Columns that AOSP pads a process to: `%5d`.
const PROCESS_COLUMNS: usize = 5;

/// The longest `U%5d): ` after its `(`, in bytes: a user and a process of ten digits, and
/// separators.
const HALF_PROCESS_BYTES_MAX: usize = 24;

/// The most spaces in a tag so long that its prefix was cut. A hundred bytes of prose have more.
const CUT_TAG_SPACES_MAX: usize = 4;

/// A tag without its padding, and the byte where the message after it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tagged<'l> {
    pub(super) tag: &'l [u8],
    pub(super) message: usize,
}

/// How a tag after `level/` ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End<'l> {
    /// With its process: `( 1702): `.
    Process(Tagged<'l>, u32),
    /// With `: `.
    Colon(Tagged<'l>),
    /// With the last byte of a cut prefix.
    Cut(Tagged<'l>),
}

/// Which of two readings of `L/tag: call(12345): text` is likelier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likelier {
    /// A message after `tag: `.
    Colon,
    /// A tag that contains `: `, then its process.
    Process,
}

/// A tag that ends with `: `, with `:` at the line's end, or at the cut of a prefix that begins at
/// byte `start`.
#[inline]
pub(super) fn before_colon<'l>(cursor: Cursor<'l>, start: usize) -> Option<Tagged<'l>> {
    let (text, from) = (cursor.text(), cursor.at());
    let window = window(text, start);
    match colon(window, from, text.len()) {
        Some(at) => {
            let end = padded_colon(window, from, at);
            Some(tagged(text, from, end, end))
        }
        None => cut(cursor, start),
    }
}

/// A tag after `level/`: with a process, with a colon, or cut.
pub(super) fn after_slash<'l>(
    cursor: Cursor<'l>,
    start: usize,
    likelier: Likelier,
) -> Option<End<'l>> {
    let (text, from) = (cursor.text(), cursor.at());
    let window = window(text, start);
    let half = || half_process_at_end(window, from, text.len()).map(End::Cut);
    let Some(first) = colon(window, from, text.len()) else {
        let at_end = process_at_end(window, from, text.len()).or_else(half);
        return at_end.or_else(|| cut_in_process(cursor, start).map(End::Cut));
    };
    let mut next = Some(first);
    while let Some(at) = next {
        if let Some((open, pid)) = process_column(window, from, at)
            && (at == first || is_process(&window[open..at], open, from..first, likelier))
        {
            return Some(End::Process(tagged(text, from, open, at), pid));
        }
        next = colon(window, at + 1, text.len());
    }
    // The first colon may follow a user, in a column that was cut: `(root: 17`.
    if is_half_open(window, first)
        && let Some(cut) = cut_in_process(cursor, start)
        && from + cut.tag.len() < first
    {
        return Some(End::Cut(cut));
    }
    let end = padded_colon(window, from, first);
    half().or_else(|| Some(End::Colon(tagged(text, from, end, end))))
}

/// Whether `end` closes a tag that logcat's tag format may have printed or that a person shortened;
/// not that of `I/O error: …`, `S/N: …`, `A/B test: …`, `E/871300: …`.
pub(super) fn is_plausible_alone(cursor: Cursor<'_>, end: End<'_>) -> bool {
    let End::Colon(Tagged { tag, message }) = end else {
        return true;
    };
    let column = &cursor.text()[cursor.at()..message];
    let column = column.strip_suffix(b" ").unwrap_or(column);
    let padded = column.len() > TAG_COLUMNS;
    let spells_input_output = tag.starts_with(b"O ") || tag.starts_with(b"o ");
    let short = tag.len() > 1 && !tag.contains(&b' ');
    is_name(tag) && !spells_input_output && (padded || short)
}

/// Whether a tag is more than a number. An empty one counts, because AOSP prints it.
pub(super) fn is_name(tag: &[u8]) -> bool {
    tag.is_empty() || !tag.iter().all(u8::is_ascii_digit)
}

/// A tag that ends where the prefix from `start` was cut, if the line is that long.
pub(super) fn cut<'l>(cursor: Cursor<'l>, start: usize) -> Option<Tagged<'l>> {
    at_cut(cursor, start).filter(is_tag_of_cut)
}

/// `bytes` without the spaces at their end.
pub(super) fn trimmed(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|&byte| byte != b' ').map_or(0, |last| last + 1);
    &bytes[..end]
}

/// The part of a line that the prefix from `start` can reach.
#[inline]
pub(super) fn window(text: &[u8], start: usize) -> &[u8] {
    &text[..cut_at(text, start).unwrap_or(text.len())]
}

/// Where the prefix from `start` is cut, if the line is that long. Logcat's own color at `start` is
/// a part of the prefix; what another program has marked in it takes no room.
#[inline]
pub(super) fn cut_at(text: &[u8], start: usize) -> Option<usize> {
    shown::end_of(text, start + 1, PREFIX_BYTES_MAX - 1)
}

/// The first `: ` in `window` from byte `from` on, or a `:` that ends the line.
#[inline]
fn colon(window: &[u8], from: usize, line_bytes: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += window.get(at..)?.iter().position(|&byte| byte == b':')?;
        match window.get(at + 1) {
            Some(b' ') => return Some(at),
            None if window.len() == line_bytes => return Some(at),
            _ => at += 1,
        }
    }
}

/// The colon after the padding of a short tag that itself contains `: `, as in `A: b : message`;
/// otherwise the one at `first`.
#[inline]
fn padded_colon(window: &[u8], from: usize, first: usize) -> usize {
    let padded = from + TAG_COLUMNS;
    let is_padded = first < padded && window.get(padded - 1..padded + 2) == Some(b" : ");
    if is_padded { padded } else { first }
}

/// A tag that ends at `end`, including its padding, and is separated by the `: ` at `colon`.
fn tagged(text: &[u8], from: usize, end: usize, colon: usize) -> Tagged<'_> {
    Tagged { tag: trimmed(&text[from..end]), message: text.len().min(colon + 2) }
}

/// `(U%5d)` before the colon at `colon`: the byte of its `(`, and the process.
fn process_column(window: &[u8], from: usize, colon: usize) -> Option<(usize, u32)> {
    let inside = window.get(from..colon)?.strip_suffix(b")")?;
    let open = from + inside.iter().rposition(|&byte| byte == b'(')?;
    let mut cursor = Cursor::new(&window[..colon - 1], open + 1);
    let pid = columns::process(&mut cursor)?;
    cursor.is_at_end().then_some((open, pid))
}

/// A tag with its process in a line that ends there, without the `: `: `I/Login   ( 1702)`.
fn process_at_end(text: &[u8], from: usize, line_bytes: usize) -> Option<End<'_>> {
    let (open, pid) = process_column(text, from, text.len())?;
    let is_whole = text.len() == line_bytes && text.len() - open >= PROCESS_COLUMNS + 2;
    is_whole.then(|| End::Process(tagged(text, from, open, text.len()), pid))
}

/// A padded tag in a line that ends in its process, at the end of a log that was cut:
/// `I/Login   ( 17`, `I/Login   (10123:`, `I/Login   (10123: 1702)`.
fn half_process_at_end(text: &[u8], from: usize, line_bytes: usize) -> Option<Tagged<'_>> {
    if text.len() != line_bytes {
        return None;
    }
    let open = from + memchr::memrchr(b'(', text.get(from..)?)?;
    let inside = &text[open + 1..];
    let colon_at = inside.iter().position(|&byte| byte == b':');
    let (user, number) = inside.split_at(colon_at.map_or(0, |at| at + 1));
    let is_number = |text: &[u8]| text.iter().all(|byte| byte.is_ascii_digit() || *byte == b' ');
    let is_user = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-: ".contains(byte);
    let is_column = match number.strip_suffix(b")") {
        // A call may end like this: `(code: 871300)`.
        Some(number) => is_number(number) && user.strip_suffix(b":").is_some_and(is_number),
        None => is_number(number) && user.iter().all(is_user),
    };
    let first_colon = colon(text, from, line_bytes);
    let is_tag = open >= from + TAG_COLUMNS && first_colon.is_none_or(|at| at > open);
    (is_column && is_tag).then(|| tagged(text, from, open, text.len()))
}

/// Whether `(U%5d)` after an earlier `: ` is logcat's and not the arguments of a call: the `: `
/// follows a user inside the parentheses, or the column is padded, or the tag would be too short to
/// be unpadded before that `: `.
fn is_process(column: &[u8], open: usize, tag: Range<usize>, likelier: Likelier) -> bool {
    let follows_user = open < tag.end;
    let surely = follows_user || column.starts_with(b"( ") || tag.len() < TAG_COLUMNS;
    column.len() >= PROCESS_COLUMNS + 2 && (surely || likelier == Likelier::Process)
}

fn cut_in_process<'l>(cursor: Cursor<'l>, start: usize) -> Option<Tagged<'l>> {
    at_cut(cursor, start).map(without_half_process).filter(is_tag_of_cut)
}

fn at_cut<'l>(cursor: Cursor<'l>, start: usize) -> Option<Tagged<'l>> {
    let message = cut_at(cursor.text(), start)?;
    let bytes = cursor.text().get(cursor.at()..message)?;
    Some(Tagged { tag: trimmed(bytes.strip_suffix(b":").unwrap_or(bytes)), message })
}

fn is_tag_of_cut(tagged: &Tagged<'_>) -> bool {
    tagged.tag.iter().filter(|&&byte| byte == b' ').count() <= CUT_TAG_SPACES_MAX
}

/// The tag without a process that was cut: `( 17`, `(root: 17`, `( 1702):`.
fn without_half_process(tagged: Tagged<'_>) -> Tagged<'_> {
    let open = memchr::memrchr(b'(', tagged.tag);
    let half = open.filter(|&open| is_half_process(&tagged.tag[open + 1..]));
    let tag = half.map_or(tagged.tag, |open| trimmed(&tagged.tag[..open]));
    Tagged { tag, ..tagged }
}

/// Whether the colon at `colon` is inside a process column that is still open at the window's end.
fn is_half_open(window: &[u8], colon: usize) -> bool {
    let open = memchr::memrchr(b'(', window);
    open.is_some_and(|open| open < colon && is_half_process(&window[open + 1..]))
}

fn is_half_process(inside: &[u8]) -> bool {
    let column = |byte: &u8| byte.is_ascii_alphanumeric() || b" _-:)".contains(byte);
    inside.len() <= HALF_PROCESS_BYTES_MAX && inside.iter().all(column)
}
