//! One number in its line, with everything that the rules look at, worked out once.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use super::header::Header;
use super::words::{self, Role};
use super::{Lookup, State, sides};

/// One number in its line.
pub struct Sight<'s> {
    /// The line's header.
    pub header: &'s Header<'s>,
    /// The line's message: without the header's columns and the line end.
    pub message: &'s [u8],
    /// Where the number stands in the message; `None`: it stands in the header's columns.
    pub place: Option<Range<usize>>,
    /// What the catalog says about the number.
    pub known: Lookup<'s>,
    /// What the stream has shown so far.
    pub state: &'s State,
    /// The message's end before the number, with quoting looked through.
    pub left: Cow<'s, [u8]>,
    /// The message's beginning behind the number, with quoting looked through.
    pub right: Cow<'s, [u8]>,
    introducer: OnceCell<Introducer>,
}

/// The word that introduces a number, and what stands between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Introducer {
    /// What the word says.
    pub role: Option<Role>,
    /// How it is joined to the number.
    pub joint: Joint,
    /// Where the word ends in [`Sight::left`].
    pub end: usize,
    /// Where the word begins there; equal to `end` where no word stands before the number.
    pub start: usize,
}

/// How a word is joined to the number that it introduces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// `=`, `:`, `：`, `->`: a value.
    Value,
    /// Blanks, brackets or quotes only.
    Blank,
    /// Nothing at all.
    Glued,
    /// Something else: commas, bars, rows of dashes.
    Loose,
}

impl<'s> Sight<'s> {
    /// The sight of the number that stands at `number` in `line`.
    #[must_use]
    pub fn new(
        line: &'s [u8],
        number: Range<usize>,
        header: &'s Header<'s>,
        known: Lookup<'s>,
        state: &'s State,
    ) -> Self {
        let message = &line[header.message..header.message_end];
        let inside = number.start >= header.message && number.end <= header.message_end;
        let place = inside.then(|| number.start - header.message..number.end - header.message);
        let (left, right) = match &place {
            Some(place) => (sides::left(message, place.start), sides::right(message, place.end)),
            None => (Cow::Borrowed(&[][..]), Cow::Borrowed(&[][..])),
        };
        Sight { header, message, place, known, state, left, right, introducer: OnceCell::new() }
    }

    /// The byte before the number.
    #[must_use]
    pub fn before(&self) -> Option<u8> {
        self.left.last().copied()
    }

    /// The byte behind the number.
    #[must_use]
    pub fn behind(&self) -> Option<u8> {
        self.right.first().copied()
    }

    /// The word that introduces the number.
    #[must_use]
    pub fn introducer(&self) -> Introducer {
        *self.introducer.get_or_init(|| introducer(&self.left))
    }

    /// The text of the word that introduces the number.
    #[must_use]
    pub fn word(&self) -> &[u8] {
        let introducer = self.introducer();
        &self.left[introducer.start..introducer.end]
    }

    /// The message around the number, as far as evidence is looked for.
    #[must_use]
    pub fn vicinity(&self) -> &[u8] {
        let place = self.place.clone().unwrap_or(0..0);
        let end = self.message.len().min(place.end + VICINITY_BYTES);
        &self.message[place.start.saturating_sub(VICINITY_BYTES)..end]
    }

    /// The message before the number, without the blanks at its end.
    #[must_use]
    pub fn left_trimmed(&self) -> &[u8] {
        self.left.trim_ascii_end()
    }
}

/// How far from a number evidence is looked for that may stand anywhere in its line, in bytes: it
/// bounds the time for a line of very many numbers.
const VICINITY_BYTES: usize = 512;

/// Words between a key and its number that say nothing themselves: `error code is 871300`.
const FILLERS: &[&[u8]] = &[
    b"is", b"are", b"with", b"value", b"got", b"as", b"equals", b"int", b"the", b"a", b"of",
    b"occurred", b"happened",
];
/// Words for a number that are part of a key behind a key: `error no. 871300`, but not `order no.
/// 871300`.
const NUMBER_WORDS: &[&[u8]] = &[b"no", b"no.", b"num", b"number", b"nr"];
/// How many of them may stand there.
const FILLERS_MAX: usize = 2;

fn introducer(left: &[u8]) -> Introducer {
    let (mut end, mut joint) = joint(left);
    let mut start = word_start(&left[..end]);
    for _ in 0..FILLERS_MAX {
        let among =
            |words: &[&[u8]]| words.iter().any(|word| left[start..end].eq_ignore_ascii_case(word));
        let (is_filler, is_number_word) = (among(FILLERS), among(NUMBER_WORDS));
        if !(is_filler || is_number_word) || joint == Joint::Loose {
            break;
        }
        let (next_end, next_joint) = self::joint(&left[..start]);
        let next_start = word_start(&left[..next_end]);
        let is_key = words::role(&left[next_start..next_end]) == Some(Role::Code);
        if next_joint == Joint::Loose || next_end == start || (is_number_word && !is_key) {
            break;
        }
        (end, joint) = (next_end, if joint == Joint::Value { joint } else { next_joint });
        start = next_start;
    }
    let role = if start < end { role_of(left, start, end) } else { words::role_zh(&left[..end]) };
    Introducer { role, joint, start, end }
}

/// What a word says; of `product code` the two together.
fn role_of(left: &[u8], start: usize, end: usize) -> Option<Role> {
    let role = words::role(&left[start..end]);
    let before = left[..start].strip_suffix(b" ").map(|text| &text[word_start(text)..]);
    match (role, before) {
        (Some(Role::Code), Some(before)) if !before.is_empty() => {
            let compound = [before, &left[start..end]].concat().to_ascii_lowercase();
            Some(if words::names_other_code(&compound) { Role::Other } else { Role::Code })
        }
        _ => role,
    }
}

/// Where the text before the joint ends, and of what kind the joint is.
fn joint(left: &[u8]) -> (usize, Joint) {
    let (mut end, mut joint) = (left.len(), Joint::Glued);
    while let Some(&byte) = left[..end].last() {
        let (length, kind) = match byte {
            b' ' | b'\t' | b'"' | b'\'' | b'`' | b'(' | b'[' | b'{' => (1, Joint::Blank),
            b'=' | b':' => (1, Joint::Value),
            b'<' | b'>' => (1, Joint::Value),
            b',' | b';' | b'|' | b'-' | b'!' | b'?' | b'*' | b'+' | b'~' | b')' | b']' | b'}' => {
                (1, Joint::Loose)
            }
            b'.' if left[..end].ends_with(b"..") => (1, Joint::Loose),
            _ => match wide_joint(&left[..end]) {
                Some((length, kind)) => (length, kind),
                None => break,
            },
        };
        end -= length;
        joint = stronger(joint, kind);
    }
    (end, joint)
}

/// Chinese punctuation and other blanks.
fn wide_joint(left: &[u8]) -> Option<(usize, Joint)> {
    let kinds = [
        ("：", Joint::Value),
        ("＝", Joint::Value),
        ("，", Joint::Loose),
        ("。", Joint::Loose),
        ("、", Joint::Loose),
        ("；", Joint::Loose),
        ("！", Joint::Loose),
        ("…", Joint::Loose),
        ("—", Joint::Loose),
        ("（", Joint::Blank),
        ("【", Joint::Blank),
        ("“", Joint::Blank),
        ("‘", Joint::Blank),
        ("「", Joint::Blank),
        ("\u{a0}", Joint::Blank),
        ("\u{3000}", Joint::Blank),
        ("\u{feff}", Joint::Blank),
        ("→", Joint::Value),
        ("了", Joint::Blank),
    ];
    kinds
        .into_iter()
        .find(|(text, _)| left.ends_with(text.as_bytes()))
        .map(|(text, kind)| (text.len(), kind))
}

/// Of two joints in a row the one that says more: a value is a value also behind a quote, `, ` is
/// loose.
fn stronger(one: Joint, two: Joint) -> Joint {
    let rank = |joint| match joint {
        Joint::Glued => 0,
        Joint::Blank => 1,
        Joint::Loose => 2,
        Joint::Value => 3,
    };
    if rank(two) > rank(one) { two } else { one }
}

/// Where the identifier begins with which a text ends.
fn word_start(text: &[u8]) -> usize {
    let part =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'$');
    let length = text.iter().rev().take_while(|byte| part(byte)).count();
    let word = &text[text.len() - length..];
    let leading =
        word.iter().take_while(|byte| !byte.is_ascii_alphanumeric() && **byte != b'_').count();
    text.len() - length + leading
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_introducing_word_is_found_behind_its_joint() {
        let cases: [(&str, &str, Option<Role>, Joint); 19] = [
            ("responseCode = ", "responseCode", Some(Role::Code), Joint::Value),
            ("{\"code\":", "code", Some(Role::Code), Joint::Value),
            ("login failed [", "failed", Some(Role::Failure), Joint::Blank),
            ("error code is ", "code", Some(Role::Code), Joint::Blank),
            ("failed with ", "failed", Some(Role::Failure), Joint::Blank),
            ("code", "code", Some(Role::Code), Joint::Glued),
            ("设置失败", "", Some(Role::Failure), Joint::Glued),
            ("错误码：", "", Some(Role::Code), Joint::Value),
            ("ErrCode-", "ErrCode", Some(Role::Code), Joint::Loose),
            ("error.code:", "error.code", Some(Role::Code), Joint::Value),
            ("product code: ", "code", Some(Role::Other), Joint::Value),
            ("error no. ", "error", Some(Role::Code), Joint::Blank),
            ("order no. ", "no.", Some(Role::Other), Joint::Blank),
            ("error occurred ", "error", Some(Role::Code), Joint::Blank),
            ("user ", "user", Some(Role::Other), Joint::Blank),
            ("max-age=", "max-age", Some(Role::Other), Joint::Value),
            ("login: ", "login", None, Joint::Value),
            ("-----", "", None, Joint::Loose),
            ("", "", None, Joint::Glued),
        ];
        for (left, word, role, joint) in cases {
            let found = introducer(left.as_bytes());
            let got = (&left[found.start..found.end], found.role, found.joint);
            assert_eq!(got, (word, role, joint), "{left:?}");
        }
    }
}
