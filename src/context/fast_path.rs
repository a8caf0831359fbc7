//! The shape that most codes have in a log, recognized without the rules: `responseCode = 871300,`.
//!
//! An optimization with no visible effect: where it says yes, the rule `code-key` would decide with
//! the best grade. A property test compares whole streams with and without it. Where it says no,
//! the rules are asked.

use std::ops::Range;

use super::header::{Format, Header, PLAIN_THREADTIME_TAG, is_plain_threadtime};
use super::lexicon;
use super::rules::{OWN_KEY, VENDOR_BYTES, follows_vendor_address};
use super::surroundings::VICINITY_BYTES;

/// Keys, in lower case, whose meaning does not depend on the words before them.
const KEYS: [&[u8]; 4] = [b"errorcode", b"errcode", b"error_code", b"resultcode"];
/// The longest of them, in bytes.
const KEY_BYTES_MAX: usize = 10;

/// Whether a number in a line is the value of a key for an error code, followed by punctuation or
/// the line's end, but not by an explanation of ours.
#[must_use]
pub(super) fn is_code(line: &[u8], number: &Range<usize>) -> bool {
    let after = &line[number.end..];
    ends_plainly(after)
        && follows_key(&line[..number.start])
        && memchr::memchr(b']', after).is_none()
}

/// After the number: nothing, or punctuation that is part of no number, path, or unit.
fn ends_plainly(after: &[u8]) -> bool {
    match after {
        [] | [b'\r' | b'\n', ..] | [b',', b' ' | b'"', ..] | [b' ', b',' | b';', ..] => true,
        [b';' | b')' | b'}' | b'"', rest @ ..] => !rest.first().is_some_and(u8::is_ascii_digit),
        _ => false,
    }
}

fn follows_key(before: &[u8]) -> bool {
    let before = before.strip_suffix(b" ").unwrap_or(before);
    let Some(before) = before.strip_suffix(b"=").or_else(|| before.strip_suffix(b":")) else {
        return false;
    };
    let before = before.strip_suffix(b" ").unwrap_or(before);
    if let Some((start, name)) = before.split_last_chunk::<{ OWN_KEY.len() }>()
        && lower_words(name) == OWN_WORDS
    {
        return begins_word(start);
    }
    let mut lower = [0; KEY_BYTES_MAX];
    let is_key = |key: &&[u8]| {
        let Some(at) = before.len().checked_sub(key.len()) else { return false };
        let name = &mut lower[..key.len()];
        name.copy_from_slice(&before[at..]);
        name.make_ascii_lowercase();
        name == *key && begins_word(&before[..at])
    };
    KEYS.iter().any(is_key) && !follows_vendor(before)
}

/// [`OWN_KEY`] as two numbers.
const OWN_WORDS: (u64, u32) = lower_words(&OWN_KEY);

/// A name as two numbers, with the bit set that makes an ASCII letter lower-case. Only letters
/// become letters. Comparing arrays takes a detour through memory.
#[inline]
const fn lower_words(name: &[u8; 12]) -> (u64, u32) {
    let [a, b, c, d, e, f, g, h, i, j, k, l] = *name;
    let (first, rest) = ([a, b, c, d, e, f, g, h], [i, j, k, l]);
    (u64::from_le_bytes(first) | 0x2020_2020_2020_2020, u32::from_le_bytes(rest) | 0x2020_2020)
}

/// Whether another vendor is named shortly before a key, or by the last address before it.
fn follows_vendor(before: &[u8]) -> bool {
    let last = |bytes: usize| &before[before.len().saturating_sub(bytes)..];
    lexicon::vendors(last(VENDOR_BYTES)).next().is_some()
        || follows_vendor_address(last(VICINITY_BYTES))
}

/// Whether a key begins after this text: after a blank, a comma, or a bracket that is not part of a
/// link.
fn begins_word(before: &[u8]) -> bool {
    match before {
        [.., b' ' | b',' | b'\t'] | [] => true,
        [rest @ .., b'{' | b'('] => rest.last().is_none_or(|byte| matches!(byte, b' ' | b'\t')),
        _ => false,
    }
}

/// The last header that was parsed, so that the same tag is recognized without parsing it again.
#[derive(Debug, Default)]
pub(super) struct LastHeader {
    /// From the tag up to the message, `JMessageClient: `; empty: nothing is kept.
    tag: Vec<u8>,
}

/// The shortest tag that is kept, in bytes, with its padding, a colon, and a blank. Logcat pads to
/// eight; a shorter one may end elsewhere when other bytes follow it.
const TAG_BYTES_MIN: usize = 8 + 2;
/// The longest header that is kept, in bytes: one that logcat did not have to cut.
const HEADER_BYTES_MAX: usize = 120;

impl LastHeader {
    /// Keeps the header of a line, if it is plain enough to be recognized again.
    pub(super) fn keep(&mut self, line: &[u8], header: &Header<'_>) {
        self.tag.clear();
        let is_threadtime = header.format == Format::Threadtime && is_plain_threadtime(line);
        if is_threadtime && header.message <= HEADER_BYTES_MAX {
            let tag = line.get(PLAIN_THREADTIME_TAG..header.message).unwrap_or_default();
            if tag.len() >= TAG_BYTES_MIN {
                self.tag.extend_from_slice(tag);
            }
        }
    }

    /// Forgets it: another tag was learned.
    pub(super) fn forget(&mut self) {
        self.tag.clear();
    }

    /// Where the message begins, if the line has a header with the same tag.
    #[inline]
    pub(super) fn message_of(&self, line: &[u8]) -> Option<usize> {
        let tag = line.get(PLAIN_THREADTIME_TAG..)?;
        let is_same = !self.tag.is_empty() && tag.starts_with(&self.tag);
        (is_same && is_plain_threadtime(line)).then_some(PLAIN_THREADTIME_TAG + self.tag.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::lexicon::Role;
    use crate::context::names;

    #[test]
    fn the_keys_are_names_of_codes() {
        for key in KEYS {
            assert_eq!(names::key_role(key), Some(Role::Code));
            assert!(key.len() <= KEY_BYTES_MAX);
        }
        assert_eq!(names::key_role(&OWN_KEY), Some(Role::Code));
    }
}
