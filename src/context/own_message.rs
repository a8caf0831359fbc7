//! The entry's own message as evidence: the strongest there is, in both languages.
//!
//! Owns how a message is recognized next to a number, in its line, or by its beginning. Knows
//! nothing about verdicts.

use super::canonical;
use super::lexicon::{self, Role, Roles};
use super::occurrence::Occurrence;
use super::rules::is_name_byte;
use crate::catalog::Entry;

/// How many separators may be between a number and its message, in bytes.
const SEPARATORS_MAX: usize = 48;
/// The shortest message that is evidence without being directly next to the number, in bytes.
const FAR_BYTES_MIN: usize = 12;
/// The shortest common beginning that is evidence, in bytes: `Network`, `Push register`.
const ALIKE_BYTES_MIN: usize = 7;
/// The shortest word of a constant's name that is evidence, in bytes: `NAME`.
const NAME_BYTES_MIN: usize = 4;
/// The shortest message, or beginning of one with a placeholder, that is evidence, in bytes. The
/// vendor's have at least nine; one of a user's catalog may be `fail` or `ok`, which say nothing.
const LITERAL_BYTES_MIN: usize = 8;
/// The shortest first clause that is evidence, in bytes: four Chinese characters.
const CLAUSE_BYTES_MIN: usize = 12;

/// The parts of an entry's texts that are evidence.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct OwnTexts<'o> {
    /// The vendor's string; empty if there is none.
    message: &'o str,
    /// What is always the same of the vendor's string; empty if nothing is.
    literal: &'o [u8],
    /// The first clause of the Chinese meaning; empty for an unlisted code.
    clause: &'o [u8],
    /// Whether the literal is evidence anywhere in the line.
    is_far: bool,
    has_digits: bool,
}

/// How long these parts are, from the beginning of their texts, and what is in the texts: it is
/// worked out once for each code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lengths {
    literal: usize,
    clause: usize,
    is_far: bool,
    has_digits: bool,
}

impl Lengths {
    pub(super) fn of(entry: &Entry<'_>) -> Self {
        let literal = at_least(LITERAL_BYTES_MIN, entry.message.map(literal).unwrap_or_default());
        let is_far = literal.len() >= FAR_BYTES_MIN && literal.contains(&b' ');
        let clause = at_least(CLAUSE_BYTES_MIN, first_clause(entry.meaning.zh));
        let has_digits = canonical::may_have_digits_of(entry);
        Lengths { literal: literal.len(), clause: clause.len(), is_far, has_digits }
    }
}

impl<'o> OwnTexts<'o> {
    /// Those of an entry, given their lengths.
    pub(super) fn new(entry: &Entry<'o>, lengths: Lengths) -> Self {
        let Lengths { literal, clause, is_far, has_digits } = lengths;
        let (message, zh) = (entry.message.unwrap_or_default(), entry.meaning.zh);
        let (literal, clause) = (&message.as_bytes()[..literal], &zh.as_bytes()[..clause]);
        OwnTexts { message, literal, clause, is_far, has_digits }
    }

    /// Whether the texts have digits: numbers next to the code may be theirs.
    pub(super) fn has_digits(&self) -> bool {
        self.has_digits
    }

    /// Whether a text begins with one of them.
    fn begin(&self, text: &[u8]) -> bool {
        let OwnTexts { literal, clause, .. } = self;
        (!literal.is_empty() && lexicon::begins_with(text, literal))
            || (text.first() == clause.first() && !clause.is_empty() && text.starts_with(clause))
    }

    /// Whether a text ends with one of them.
    fn end(&self, text: &[u8]) -> bool {
        let OwnTexts { literal, clause, .. } = self;
        (!literal.is_empty() && ends_with(text, literal))
            || (text.last() == clause.last() && !clause.is_empty() && text.ends_with(clause))
    }
}

/// Whether none of the tests below finds a text of the code: then the verdict is that on any other
/// code of its kind for which none does.
#[must_use]
pub(super) fn say_nothing(occurrence: &Occurrence<'_>) -> bool {
    let tests = [is_beside, is_in_line, begins_alike, names_constant, begins_with_next_word];
    !tests.iter().any(|test| test(occurrence))
}

/// Whether the number's own message is directly next to it, or separated by a few separators.
#[must_use]
pub(super) fn is_beside(occurrence: &Occurrence<'_>) -> bool {
    let (own, before, after) = (occurrence.own_texts(), occurrence.before, occurrence.after);
    occurrence.found_in_own_texts(
        own.begin(occurrence.text_after())
            || own.begin(after_letter(after))
            || own.end(&before[..before.len() - trailing_separators(before)])
            || (own.begin(occurrence.text_after_word()) && own.begin(occurrence.message_text())),
    )
}

/// Whether the number's own message is anywhere near it in the line.
#[must_use]
pub(super) fn is_in_line(occurrence: &Occurrence<'_>) -> bool {
    let OwnTexts { literal, is_far, .. } = occurrence.own_texts();
    occurrence.found_in_own_texts(is_far && occurrence.is_near(literal))
}

/// Whether the text after the number begins like its own message, in whole words: another release
/// of the SDK may word the rest differently.
#[must_use]
pub(super) fn begins_alike(occurrence: &Occurrence<'_>) -> bool {
    let message = occurrence.own_texts().literal;
    let is_alike = |after: &[u8]| begins_with_words_of(after, message);
    // Most texts are refused before it is known whether their first word is a name of the message.
    let may_be_alike =
        || is_alike(occurrence.text_after()) || is_alike(occurrence.text_after_word());
    occurrence.found_in_own_texts(may_be_alike() && is_alike(occurrence.message_text()))
}

/// Whether the word after the number, or after one blank, is the first one of its own message.
#[must_use]
pub(super) fn begins_with_next_word(occurrence: &Occurrence<'_>) -> bool {
    let after = occurrence.after;
    let word = occurrence.name_after(after.strip_prefix(b" ").unwrap_or(after));
    let message = occurrence.own_texts().message.as_bytes();
    let begins = || !message.is_empty() && lexicon::begins_with(message, word);
    occurrence.found_in_own_texts(!word.is_empty() && begins())
}

/// Whether a text has a long enough beginning in common with a message, in whole words.
fn begins_with_words_of(after: &[u8], message: &[u8]) -> bool {
    let both = after.iter().zip(message);
    let same = both.take_while(|(one, two)| one.eq_ignore_ascii_case(two)).count();
    if same < ALIKE_BYTES_MIN {
        return false;
    }
    let ends = |text: &[u8]| text.get(same).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let whole = match ends(after) && ends(message) {
        true => same,
        false => memchr::memrchr(b' ', &after[..same]).unwrap_or(0),
    };
    whole >= ALIKE_BYTES_MIN
}

/// Whether the number is assigned to a constant whose name ends in a word of the number's message:
/// `TCP_RESPONSE_TIMEOUT = 871201`. Apps name their constants like this, and in such a name, words
/// like `timeout` or `username` do not announce anything else.
#[must_use]
pub(super) fn names_constant(occurrence: &Occurrence<'_>) -> bool {
    let Some(before) = occurrence.before_trimmed().strip_suffix(b"=") else { return false };
    let name = occurrence.key_text();
    let last = &name[memchr::memrchr(b'_', name).map_or(0, |at| at + 1)..];
    let is_compound = last.len() >= NAME_BYTES_MIN && name.len() > last.len();
    let is_upper = || name.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_');
    if !is_compound || !is_upper() || !before.trim_ascii_end().ends_with(name) {
        return false;
    }
    let is_last = |word: &str| word.as_bytes().eq_ignore_ascii_case(last);
    let message = occurrence.own_texts().message;
    let mut words = message.split(|letter: char| !letter.is_ascii_alphanumeric());
    occurrence.found_in_own_texts(words.any(is_last))
}

/// `871303sInvalid username.`: hasty code glues the name of the message between both.
fn after_letter(after: &[u8]) -> &[u8] {
    match after.split_first() {
        Some((letter, rest)) if letter.is_ascii_lowercase() => rest,
        _ => after,
    }
}

/// The part of a message that is always the same: before its first placeholder or what a colon
/// introduces, and without the period at its end.
fn literal(message: &str) -> &[u8] {
    let message = message.as_bytes();
    let ends = |at: &usize| message[*at] == b'%' || message[*at + 1..].first() == Some(&b' ');
    let text = match memchr::memchr2_iter(b'%', b':', message).find(ends) {
        Some(at) if message[at] == b'%' && at < LITERAL_BYTES_MIN => &[],
        Some(at) => &message[..at],
        None => message,
    };
    let end = text.iter().rposition(|byte| !matches!(byte, b'.' | b'!' | b' '));
    &text[..end.map_or(0, |last| last + 1)]
}

/// A text of at least `bytes` bytes; nothing if it is shorter.
fn at_least(bytes: usize, text: &[u8]) -> &[u8] {
    if text.len() < bytes { &[] } else { text }
}

/// The marks that end a clause.
const CLAUSE_ENDS: [&[u8]; 3] = ["，".as_bytes(), "。".as_bytes(), "（".as_bytes()];

fn first_clause(meaning: &str) -> &[u8] {
    let meaning = meaning.as_bytes();
    let [comma, period, _] = CLAUSE_ENDS;
    let ends = |at: &usize| CLAUSE_ENDS.iter().any(|mark| meaning[*at..].starts_with(mark));
    let end = memchr::memchr2_iter(comma[0], period[0], meaning).find(ends);
    &meaning[..end.unwrap_or(meaning.len())]
}

/// The text after one word and its separators, if it begins with a word that may be the name of a
/// message: `desc = `. `name` is the English name that it begins with.
#[must_use]
pub(super) fn after_word<'t>(rest: &'t [u8], name: &[u8]) -> &'t [u8] {
    let length = match name {
        [] => lexicon::starts_with(rest, Role::MessageName).unwrap_or(0),
        name => name.len(),
    };
    let separators = skip_separators(&rest[length..]);
    let is_word = length > 0 && (separators > 0 || name.is_empty());
    if is_word { &rest[length + separators..] } else { rest }
}

/// Whether the word that a text begins with is the name of a message; `name` is as before, and
/// `roles` are those of it.
#[must_use]
pub(super) fn begins_with_name(
    rest: &[u8],
    name: &[u8],
    roles: impl FnOnce(&[u8]) -> Roles,
) -> bool {
    match name {
        [] => lexicon::starts_with(rest, Role::MessageName).is_some(),
        name => is_message_name(name, roles),
    }
}

/// `msg`, `description`, `registerDesc`, `responseMessage`, `s`, `p1`, `result`.
fn is_message_name(name: &[u8], roles: impl FnOnce(&[u8]) -> Roles) -> bool {
    name.len() == 1
        || roles(name).has(Role::Parameter)
        || lexicon::ending_in_any_case(name).is_some_and(|(_, roles)| roles.has(Role::MessageName))
}

/// Whether a message with its name follows the number, or an empty one: `, s = not found`, `,s=`.
#[must_use]
pub(super) fn precedes_message(occurrence: &Occurrence<'_>) -> bool {
    let (text, message) = (occurrence.text_after(), occurrence.message_text());
    message.len() < text.len() && message.first().is_none_or(|byte| !byte.is_ascii_digit())
}

fn is_separator(byte: u8) -> bool {
    byte.is_ascii() && !is_name_byte(byte)
}

/// How many bytes of separators a text begins with.
pub(super) fn skip_separators(text: &[u8]) -> usize {
    let is_wide = |at: usize| WIDE_SEPARATORS.iter().any(|wide| text[at..].starts_with(wide));
    let mut at = 0;
    while at < SEPARATORS_MAX {
        match text.get(at) {
            Some(byte) if is_separator(*byte) => at += 1,
            Some(0xe3 | 0xef) if is_wide(at) => at += WIDE_SEPARATORS[0].len(),
            _ => break,
        }
    }
    at
}

/// Chinese punctuation, three bytes each.
const WIDE_SEPARATORS: [&[u8]; 5] =
    ["：".as_bytes(), "，".as_bytes(), "。".as_bytes(), "；".as_bytes(), "、".as_bytes()];

fn trailing_separators(text: &[u8]) -> usize {
    text.iter().rev().take(SEPARATORS_MAX).take_while(|byte| is_separator(**byte)).count()
}

fn ends_with(text: &[u8], word: &[u8]) -> bool {
    let start = text.len().checked_sub(word.len());
    let is_last =
        || text.last().map(u8::to_ascii_lowercase) == word.last().map(u8::to_ascii_lowercase);
    start.is_some_and(|start| is_last() && text[start..].eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::super::rules::leading_name;
    use super::*;

    #[test]
    fn the_literal_part_of_a_message_ends_before_its_placeholder() {
        for (message, want) in [
            ("Have not logged in.", "Have not logged in"),
            ("Can not send %s signaling message.", "Can not send"),
            ("8 bytes %s", "8 bytes"),
            ("user %s is already in chat.", ""),
            ("Error: no such user %s", "Error"),
            ("12:30 is late, %s.", "12:30 is late,"),
            ("No more. !", "No more"),
            ("...", ""),
        ] {
            assert_eq!(String::from_utf8_lossy(literal(message)), want);
        }
    }

    #[test]
    fn a_clause_ends_at_its_mark() {
        for (meaning, want) in [
            ("尚未登录，请先登录", "尚未登录"),
            ("尚未登录。", "尚未登录"),
            ("未登录（或已登出）", "未登录"),
            ("用户名：无效）、", "用户名：无效）、"),
        ] {
            assert_eq!(String::from_utf8_lossy(first_clause(meaning)), want);
        }
    }

    #[test]
    fn one_name_of_a_message_may_precede_it() {
        for (after, want) in [
            (", desc = Have not", "Have not"),
            ("; registerDesc: Have not", "Have not"),
            ("} s=Have not", "Have not"),
            (",p1:Have not", "Have not"),
            (", user = Have not", "user = Have not"),
            ("：Have not", "Have not"),
            (" Have not", "Have not"),
        ] {
            let text = &after.as_bytes()[skip_separators(after.as_bytes())..];
            let name = leading_name(text);
            let is_name = begins_with_name(text, name, lexicon::word);
            let text = if is_name { after_word(text, name) } else { text };
            assert_eq!(String::from_utf8_lossy(text), want);
        }
    }
}
