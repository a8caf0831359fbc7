//! One number in its line, with everything that the rules look at, worked out once.
//!
//! Owns the key that names a number and the separator between the two. Knows nothing about the
//! rules.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use super::header::Format;
use super::lexicon::{self, Role};
use super::names;
use super::origin::Origin;
use super::terms::Terms;
use super::unquote;
use crate::catalog::{Entry, Lookup};

/// All that the rules see of a number: where its line comes from, and the text around it.
#[derive(Debug, Clone)]
pub(super) struct Surroundings<'l> {
    pub(super) origin: Origin<'l>,
    message: &'l [u8],
    /// Which part of the message they see, and where in the message the number is.
    part: Range<usize>,
    number: Range<usize>,
}

/// One number in its line.
pub(super) struct Occurrence<'o> {
    /// Where the line comes from.
    pub(super) origin: Origin<'o>,
    /// The line's message around the number: where to look for evidence that may be anywhere in the
    /// line.
    pub(super) vicinity: &'o [u8],
    /// Where in it the number begins.
    pub(super) start: usize,
    /// The end of the message before the number, unquoted.
    pub(super) before: Cow<'o, [u8]>,
    /// The beginning of the message after the number, unquoted.
    pub(super) after: Cow<'o, [u8]>,
    terms: &'o Terms<'o>,
    /// Where in the message [`Occurrence::vicinity`] is.
    part: Range<usize>,
    lookup: Lookup<'o>,
    key: OnceCell<Key>,
}

/// The word that names a number, and what separates the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// What the word says; `None` if it says nothing or there is no word.
    pub(super) role: Option<Role>,
    /// What separates it from the number.
    pub(super) separator: Separator,
    /// The word in [`Occurrence::before`]; empty if no word precedes the number.
    pub(super) range: Range<usize>,
}

/// What separates a key and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Separator {
    /// Nothing at all.
    Glued,
    /// Blanks, brackets, or quotes only.
    Blank,
    /// Something else: commas, bars, rows of dashes.
    Loose,
    /// `=`, `:`, `：`, `->`: the number is the key's value.
    Value,
}

/// How far from a number to look for evidence that may be anywhere in its line, in bytes. This
/// bounds the time for a line with very many numbers.
const VICINITY_BYTES: usize = 512;

impl<'l> Surroundings<'l> {
    /// The surroundings of a number of a line whose message begins at byte `from` of the line;
    /// `None` if the number is in the header's columns.
    #[must_use]
    #[inline]
    pub(super) fn new(
        origin: Origin<'l>,
        message: &'l [u8],
        from: usize,
        number: &Range<usize>,
    ) -> Option<Self> {
        let number = number.start.checked_sub(from)?..number.end - from;
        let end = message.len().min(number.end + VICINITY_BYTES);
        let part = number.start.saturating_sub(VICINITY_BYTES)..end;
        (number.end <= message.len()).then_some(Surroundings { origin, message, part, number })
    }

    /// The text around the number.
    #[must_use]
    pub(super) fn text(&self) -> &'l [u8] {
        &self.message[self.part.clone()]
    }

    /// Where in the text the number begins.
    #[must_use]
    pub(super) fn start(&self) -> usize {
        self.number.start - self.part.start
    }
}

impl<'o> Occurrence<'o> {
    /// A number in a message with these terms.
    #[must_use]
    pub(super) fn new(number: &Surroundings<'o>, terms: &'o Terms<'o>, lookup: Lookup<'o>) -> Self {
        let (vicinity, start) = (number.text(), number.start());
        let before = unquote::before(vicinity, start);
        let after = unquote::after(vicinity, start + number.number.len());
        let (origin, part, key) = (number.origin, number.part.clone(), OnceCell::new());
        Occurrence { origin, vicinity, start, before, after, terms, part, lookup, key }
    }

    /// Whether the text around it names the SDK.
    #[must_use]
    pub(super) fn is_near_sdk(&self) -> bool {
        self.terms.name_sdk(&self.part)
    }

    /// Whether the text shortly before it, of so many bytes, names another vendor.
    #[must_use]
    pub(super) fn follows_vendor(&self, bytes: usize) -> bool {
        let at = self.part.start + self.start;
        self.terms.name_vendor(&(at.saturating_sub(bytes).max(self.part.start)..at))
    }

    /// Whether the tag names the SDK.
    #[must_use]
    pub(super) fn has_sdk_tag(&self) -> bool {
        self.origin.tag.is_some_and(|tag| lexicon::holds(tag, Role::Sdk))
    }

    /// Whether the text of an error follows the number after a separator.
    #[must_use]
    pub(super) fn precedes_error_text(&self) -> bool {
        let separator = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
        let skipped = self.after.iter().take_while(|byte| separator(byte)).count();
        skipped > 0 && names::is_error_text(&self.after[skipped..])
    }

    /// Whether its line is of the SDK or of its app: the tag or the text names the SDK, or codes
    /// were logged before under the tag or by the process, or lines of the SDK by the process.
    #[must_use]
    pub(super) fn is_own(&self) -> bool {
        self.origin.is_known
            || self.has_sdk_tag()
            || self.is_near_sdk()
            || self.terms.follow_sdk().get()
    }

    /// Whether the text around it says what a test expects.
    #[must_use]
    pub(super) fn is_near_expectation(&self) -> bool {
        self.terms.name_expectation(&self.part)
    }

    /// The catalog's entry for the number.
    #[must_use]
    pub(super) fn entry(&self) -> Option<&'o Entry<'o>> {
        self.lookup.entry()
    }

    /// The last byte before the number.
    #[must_use]
    pub(super) fn byte_before(&self) -> Option<u8> {
        self.before.last().copied()
    }

    /// The first byte after the number.
    #[must_use]
    pub(super) fn byte_after(&self) -> Option<u8> {
        self.after.first().copied()
    }

    /// The key that names the number.
    #[must_use]
    pub(super) fn key(&self) -> &Key {
        self.key.get_or_init(|| match Key::at_end(&self.before) {
            key if key.range.end > 0 => key,
            // A line of `-v long` is no part of its header, which may have an explanation.
            key if self.origin.format == Format::Long => key,
            key => self.origin.tag.and_then(Key::of_tag).unwrap_or(key),
        })
    }

    /// The text of the key.
    #[must_use]
    pub(super) fn key_text(&self) -> &[u8] {
        &self.before[self.key().range.clone()]
    }

    /// Whether the key is the word `code` alone, which names many things.
    #[must_use]
    pub(super) fn is_bare_code(&self) -> bool {
        self.key_text().eq_ignore_ascii_case(b"code")
    }

    /// Whether the number is in no list, so that only its shape speaks for it.
    #[must_use]
    pub(super) fn is_unlisted(&self) -> bool {
        matches!(self.lookup, Lookup::Unlisted)
    }

    /// The text before the number, without the blanks at its end.
    #[must_use]
    pub(super) fn before_trimmed(&self) -> &[u8] {
        self.before.trim_ascii_end()
    }
}

/// How many fillers may separate a key and its number.
const FILLERS_MAX: usize = 2;

impl Key {
    /// The key that a tag is, for the number that its message begins with: `D/错误码: 871300`. It
    /// counts for a code only; most tags are the names of classes, of whatever.
    fn of_tag(tag: &[u8]) -> Option<Key> {
        let role = Key::at_end(tag).role.filter(|role| *role != Role::Other)?;
        let separator = if role == Role::Code { Separator::Value } else { Separator::Loose };
        Some(Key { role: Some(role), separator, range: 0..0 })
    }

    /// The key at the end of the text before a number.
    fn at_end(before: &[u8]) -> Key {
        let (mut end, mut separator) = separator(before);
        let mut start = word_start(&before[..end]);
        for _ in 0..FILLERS_MAX {
            let roles = lexicon::word_in_any_case(&before[start..end]);
            let (is_filler, is_ordinal) = (roles.has(Role::Filler), roles.has(Role::Ordinal));
            if !(is_filler || is_ordinal) || separator == Separator::Loose {
                break;
            }
            let (next_end, next_separator) = self::separator(&before[..start]);
            let next_start = word_start(&before[..next_end]);
            let names_code = || names::key_role(&before[next_start..next_end]) == Some(Role::Code);
            let is_apart = next_separator == Separator::Loose || next_end == start;
            if is_apart || (is_ordinal && !names_code()) {
                break;
            }
            if separator != Separator::Value {
                separator = next_separator;
            }
            (start, end) = (next_start, next_end);
        }
        let range = start..end;
        let role =
            if range.is_empty() { names::text_role(&before[..end]) } else { role(before, &range) };
        Key { role, separator, range }
    }
}

/// What a word says; for `product code`, what the two words say together.
fn role(before: &[u8], word: &Range<usize>) -> Option<Role> {
    let role = names::key_role(&before[word.clone()])?;
    let text = &before[word.clone()];
    if role == Role::Outcome && lexicon::word_in_any_case(text).has(Role::Copula) {
        // `getDuration() returns 871300`
        let call = before[..word.start].trim_ascii_end();
        let call = call.strip_suffix(b"()").unwrap_or(call);
        let named = names::key_role(&call[word_start(call)..]);
        return if named == Some(Role::Other) { named } else { Some(role) };
    }
    if is_symbol(before, word) {
        return None;
    }
    if role == Role::Code
        && let Some(text) = before[..word.start].strip_suffix(b" ")
    {
        let first = &text[word_start(text)..];
        if !first.is_empty() && names::names_other_code(first, &before[word.clone()]) {
            return Some(Role::Other);
        }
    }
    Some(role)
}

/// `'onError' 871300`, `src/errorCode 871300`: a name in quotes, or in a path, without a sign that
/// gives it a value.
fn is_symbol(before: &[u8], word: &Range<usize>) -> bool {
    let (first, separator) = (before[..word.start].last(), &before[word.end..]);
    let joins = |byte: &u8| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'`');
    let is_quoted = || {
        let quote = separator.first().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
        quote.is_some() && quote == first
    };
    let is_path = || matches!(first, Some(b'/' | b'\\'));
    separator.iter().all(joins) && !separator.is_empty() && (is_quoted() || is_path())
}

/// Where the text before the separator ends, and the kind of the separator.
///
/// A row of signs, `-----`, joins as `=` does.
fn separator(before: &[u8]) -> (usize, Separator) {
    let (mut end, mut separator) = (before.len(), Separator::Glued);
    while let Some(&byte) = before[..end].last() {
        let (length, kind) = match byte {
            b' ' | b'\t' | b'"' | b'\'' | b'`' | b'(' | b'[' | b'{' => (1, Separator::Blank),
            b'=' | b':' | b'<' | b'>' => (1, Separator::Value),
            b'-' | b'*' | b'~' | b'+' if before[..end - 1].last() == Some(&byte) => {
                (1, Separator::Value)
            }
            b',' | b';' | b'|' | b'-' | b'!' | b'?' | b'*' | b'+' | b'~' | b')' | b']' | b'}' => {
                (1, Separator::Loose)
            }
            b'.' if before[..end].ends_with(b"..") => (1, Separator::Loose),
            0x80.. => match wide_separator(&before[..end]) {
                Some(found) => found,
                None => break,
            },
            _ => break,
        };
        end -= length;
        separator = separator.max(kind);
    }
    (end, separator)
}

/// Chinese punctuation and wide blanks at the end of a text.
fn wide_separator(before: &[u8]) -> Option<(usize, Separator)> {
    const KINDS: [(&str, Separator); 22] = [
        ("：", Separator::Value),
        ("＝", Separator::Value),
        ("→", Separator::Value),
        ("，", Separator::Loose),
        ("。", Separator::Loose),
        ("、", Separator::Loose),
        ("；", Separator::Loose),
        ("！", Separator::Loose),
        ("…", Separator::Loose),
        ("—", Separator::Loose),
        ("（", Separator::Blank),
        ("【", Separator::Blank),
        ("［", Separator::Blank),
        ("〔", Separator::Blank),
        ("『", Separator::Blank),
        ("“", Separator::Blank),
        ("‘", Separator::Blank),
        ("「", Separator::Blank),
        ("\u{a0}", Separator::Blank),
        ("\u{3000}", Separator::Blank),
        ("\u{feff}", Separator::Blank),
        ("了", Separator::Blank),
    ];
    let found = KINDS.into_iter().find(|(text, _)| before.ends_with(text.as_bytes()));
    found.map(|(text, kind)| (text.len(), kind))
}

/// Where the identifier at the end of a text begins.
fn word_start(text: &[u8]) -> usize {
    let part =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'$');
    let length = text.iter().rev().take_while(|byte| part(byte)).count();
    let word = &text[text.len() - length..];
    let begins = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    text.len() - length + word.iter().take_while(|byte| !begins(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_found_before_its_separator() {
        use Separator::{Blank, Glued, Loose, Value};
        let cases: [(&str, &str, Option<Role>, Separator); 22] = [
            ("responseCode = ", "responseCode", Some(Role::Code), Value),
            ("{\"code\":", "code", Some(Role::Code), Value),
            ("login failed [", "failed", Some(Role::Failure), Blank),
            ("error code is ", "code", Some(Role::Code), Blank),
            ("failed with ", "failed", Some(Role::Failure), Blank),
            ("code", "code", Some(Role::Code), Glued),
            ("设置失败", "", Some(Role::Failure), Glued),
            ("错误码：", "", Some(Role::Code), Value),
            ("error...", "error.", Some(Role::Code), Loose),
            ("ErrCode-", "ErrCode", Some(Role::Code), Loose),
            ("error.code:", "error.code", Some(Role::Code), Value),
            ("product code: ", "code", Some(Role::Other), Value),
            ("error no. ", "error", Some(Role::Code), Blank),
            ("order no. ", "no.", Some(Role::Other), Blank),
            ("error occurred ", "error", Some(Role::Code), Blank),
            ("user ", "user", Some(Role::Other), Blank),
            ("max-age=", "max-age", Some(Role::Other), Value),
            ("login: ", "login", None, Value),
            ("-----", "", None, Value),
            ("code-----", "code", Some(Role::Code), Value),
            ("code -", "code", Some(Role::Code), Loose),
            ("", "", None, Glued),
        ];
        for (before, word, role, separator) in cases {
            let Key { role: found, separator: by, range } = Key::at_end(before.as_bytes());
            assert_eq!((&before[range], found, by), (word, role, separator), "{before:?}");
        }
    }
}
