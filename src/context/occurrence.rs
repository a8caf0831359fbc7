//! One number in its line, with everything that the rules look at, worked out once.
//!
//! Owns the key that names a number and the separator between the two. Knows nothing about the
//! rules.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use super::comparison::{self, Compared};
use super::header::Format;
pub(super) use super::key::{Key, Separator};
use super::kind::Kind;
use super::lexicon::{self, Role, Roles};
use super::names;
use super::origin::Origin;
use super::own_message::{self, OwnTexts};
use super::rules::{leading_name, trailing_name};
use super::subject::Subject;
use super::surroundings::Surroundings;
use super::terms::Terms;
use super::touching::is_touched;
use super::unquoted::Window;

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
    pub(super) before: &'o [u8],
    /// The beginning of the message after the number, unquoted.
    pub(super) after: &'o [u8],
    /// Whether the same code was logged by the same process shortly before.
    pub(super) is_echo: bool,
    /// Whether one of the bytes that touch the number may say something: a letter, a digit, a sign
    /// of an amount. What only separates says nothing.
    pub(super) is_touched: bool,
    terms: &'o Terms<'o>,
    /// Where in the message [`Occurrence::vicinity`] is.
    part: Range<usize>,
    kind: Kind,
    key: OnceCell<Key>,
    compared: OnceCell<Option<Compared>>,
    compares_counts: OnceCell<bool>,
    is_near_expectation: OnceCell<bool>,
    own_texts: OwnTexts<'o>,
    /// Whether one of them was found to be evidence.
    own_texts_say: Cell<bool>,
    /// Where the text begins after the separators, and after one more word, and whether that is the
    /// name of a message.
    text_after: OnceCell<usize>,
    text_after_word: OnceCell<usize>,
    has_name: OnceCell<bool>,
    /// The name after the number that was read last: where it is, and its length.
    name_after: Cell<(usize, usize)>,
    /// The word after the number that was looked up last: where it is, and its roles.
    word_after: Cell<(usize, usize, Roles)>,
}

/// How much of the line's columns may be between its tag and its message, in bytes.
const TAG_COLUMNS: usize = 24;

impl<'o> Occurrence<'o> {
    /// A number in a message with these terms.
    #[must_use]
    pub(super) fn new(
        number: &Surroundings<'o>,
        terms: &'o Terms<'o>,
        [before, after]: &'o [Window<'o>; 2],
        kind: Kind,
        own_texts: OwnTexts<'o>,
    ) -> Self {
        let (vicinity, start) = (number.text(), number.place().start);
        let (origin, part) = (number.origin, number.part());
        let (key, compared, text_after, text_after_word, has_name) = Default::default();
        let (name_after, word_after) = Default::default();
        let (compares_counts, is_near_expectation, own_texts_say) = Default::default();
        Occurrence {
            origin,
            vicinity,
            start,
            before,
            after,
            is_echo: number.is_echo,
            is_touched: is_touched(before, after),
            terms,
            part,
            kind,
            key,
            compared,
            compares_counts,
            is_near_expectation,
            own_texts,
            own_texts_say,
            text_after,
            text_after_word,
            has_name,
            name_after,
            word_after,
        }
    }

    /// Whether the text around it names the SDK.
    #[must_use]
    pub(super) fn is_near_sdk(&self) -> bool {
        self.terms.name_sdk(&self.part)
    }

    /// Whether the `bytes` bytes before it, the tag among them, name another vendor.
    #[must_use]
    pub(super) fn follows_vendor(&self, bytes: usize) -> bool {
        let at = self.part.start + self.start;
        let tag = self.origin.tag_before().filter(|tag| at + tag.len() + TAG_COLUMNS <= bytes);
        self.terms.name_vendor(&(at.saturating_sub(bytes).max(self.part.start)..at))
            || tag.is_some_and(|tag| {
                // A tag has no words around a short name that would say whether it is one.
                let mut places = lexicon::vendors(tag);
                places.any(|place| place.len() > lexicon::SHORT_NAME_BYTES_MAX)
            })
    }

    /// The text before it, as far as anything is looked for there, if it may have an address.
    #[must_use]
    pub(super) fn text_with_address(&self) -> Option<&'o [u8]> {
        self.terms.may_have_address().then(|| &self.vicinity[..self.start])
    }

    /// Whether the text around it, `bytes` bytes on each side, names what has a code of its own.
    #[must_use]
    pub(super) fn is_near_coded(&self, bytes: usize) -> bool {
        let at = self.part.start + self.start;
        let end = self.part.end.min(at + bytes);
        self.terms.name_coded(&(at.saturating_sub(bytes).max(self.part.start)..end))
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
        skipped > 0 && names::is_error_text(&self.after[skipped..], |word| self.roles_after(word))
    }

    /// Whether its line is of the SDK or of its app: the tag or the text names the SDK, the process
    /// has logged codes or the SDK's lines before, or codes were logged under the tag of a line
    /// without a process.
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
        *self.is_near_expectation.get_or_init(|| self.terms.name_expectation(&self.part))
    }

    /// The code's range; `None` if it is in no list.
    #[must_use]
    pub(super) fn range(&self) -> Option<u64> {
        match self.kind {
            Kind::Listed { range, .. } => Some(range),
            Kind::Unlisted => None,
        }
    }

    /// The last byte before the number.
    #[must_use]
    pub(super) fn byte_before(&self) -> Option<u8> {
        self.before.last().copied()
    }

    /// Whether it ends a name that is a value: `"u871301"`, `(u871301`.
    #[must_use]
    pub(super) fn ends_value(&self) -> bool {
        let name = trailing_name(self.before);
        let before = self.before[..self.before.len() - name.len()].last();
        !name.is_empty() && matches!(before, Some(b'"' | b'\'' | b'('))
    }

    /// Whether nothing follows it, except what closes a bracket or a sentence.
    #[must_use]
    pub(super) fn ends_message(&self) -> bool {
        const CLOSING: [&str; 12] =
            [")", "]", ".", "!", " ", "\t", "\r", "。", "！", "）", "】", "」"];
        let mut rest = self.after;
        while let Some(closed) = CLOSING.iter().find_map(|sign| rest.strip_prefix(sign.as_bytes()))
        {
            rest = closed;
        }
        rest.is_empty()
    }

    /// The first byte after the number.
    #[must_use]
    pub(super) fn byte_after(&self) -> Option<u8> {
        self.after.first().copied()
    }

    /// The key that names the number.
    #[must_use]
    pub(super) fn key(&self) -> &Key {
        self.key.get_or_init(|| match Key::at_end(self.before) {
            key if key.range.end > 0 => key,
            // A line of `-v long` is no part of its header, which may have an explanation.
            key if self.origin.format == Format::Long => key,
            key => self.origin.tag.and_then(Key::of_tag).unwrap_or(key),
        })
    }

    /// Whether a name in the message may be one for what is counted or measured.
    #[must_use]
    pub(super) fn may_be_near_count(&self) -> bool {
        self.terms.may_name_count()
    }

    /// What the number is compared with.
    #[must_use]
    pub(super) fn compared(&self) -> Option<Compared> {
        *self.compared.get_or_init(|| Compared::find(self))
    }

    /// Whether it is compared as what is counted or measured.
    #[must_use]
    pub(super) fn compares_counts(&self) -> bool {
        *self.compares_counts.get_or_init(|| comparison::compares_counts(self))
    }

    /// The text after the number and its separators.
    #[must_use]
    pub(super) fn text_after(&self) -> &[u8] {
        let start = || own_message::skip_separators(self.after);
        &self.after[*self.text_after.get_or_init(start)..]
    }

    /// The same without one word, which may be the name of a message.
    #[must_use]
    pub(super) fn text_after_word(&self) -> &[u8] {
        let text = || self.text_after();
        let rest = || own_message::after_word(text(), self.name_after(text()));
        let start = || self.after.len() - rest().len();
        &self.after[*self.text_after_word.get_or_init(start)..]
    }

    /// The message, if the number has one with a name; otherwise the text after it.
    #[must_use]
    pub(super) fn message_text(&self) -> &[u8] {
        let (text, rest) = (self.text_after(), self.text_after_word());
        let name = self.name_after(text);
        let is_name = || own_message::begins_with_name(text, name, |name| self.roles_after(name));
        if rest.len() < text.len() && *self.has_name.get_or_init(is_name) { rest } else { text }
    }

    /// The name at the beginning of a text after the number. Several rules ask for the same one.
    #[must_use]
    pub(super) fn name_after<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let start = text.as_ptr().addr();
        let (known, length) = self.name_after.get();
        if known == start {
            return &text[..length];
        }
        let name = leading_name(text);
        self.name_after.set((start, name.len()));
        name
    }

    /// The roles of a word of the text after the number. Several rules ask for the same one.
    #[must_use]
    pub(super) fn roles_after(&self, word: &[u8]) -> Roles {
        let place = (word.as_ptr().addr(), word.len());
        let (start, length, roles) = self.word_after.get();
        if (start, length) == place {
            return roles;
        }
        let roles = lexicon::word(word);
        self.word_after.set((place.0, place.1, roles));
        roles
    }

    /// The parts of the code's own texts that are evidence; empty if it is in no list. Only for the
    /// tests in `own_message.rs`, since verdicts are kept for all codes for which none of these
    /// finds anything.
    #[must_use]
    pub(super) fn own_texts(&self) -> OwnTexts<'o> {
        self.own_texts
    }

    /// Returns what a test of the code's own texts has found, and remembers that one was evidence.
    pub(super) fn found_in_own_texts(&self, is_evidence: bool) -> bool {
        self.own_texts_say.set(self.own_texts_say.get() | is_evidence);
        is_evidence
    }

    /// Whether a test of the code's own texts has found that one is evidence.
    #[must_use]
    pub(super) fn own_texts_say(&self) -> bool {
        self.own_texts_say.get()
    }

    /// Whether the text around it contains a text, in any case.
    #[must_use]
    pub(super) fn is_near(&self, text: &[u8]) -> bool {
        self.terms.may_contain(&self.part, text) && lexicon::contains(self.vicinity, text)
    }

    /// The text of the key.
    #[must_use]
    pub(super) fn key_text(&self) -> &[u8] {
        &self.before[self.key().range.clone()]
    }

    /// Whether it is on its own: nothing names it (`x=`, `x:`, `字：`, `'x',`) except the SDK or a
    /// call, whose value it is, and no other word is before it with only a blank between.
    #[must_use]
    pub(super) fn is_free(&self) -> bool {
        let (key, name) = (self.key(), self.key_text());
        let text = &self.before[..key.range.end];
        let is_wide = text.last().is_some_and(|byte| *byte >= 0x80);
        let is_quoted = || matches!(self.before.get(key.range.end), Some(b'"' | b'\''));
        let is_argument = || self.before.get(key.range.end) == Some(&b'(');
        let names_sdk = || key.role.is_none() && !is_argument() && lexicon::holds(name, Role::Sdk);
        let is_of_sdk = is_wide && text.ends_with("极光".as_bytes());
        match key.separator {
            Separator::Value if is_wide => is_of_sdk || lexicon::ends_with(text, Role::Call),
            Separator::Value => {
                let is_set = || self.before_trimmed().ends_with(b"=") || is_quoted();
                let is_call = || names::is_call(name, key.roles) || names_sdk();
                name.is_empty() || (is_call() && !is_set())
            }
            // `订单 871300 已支付`: a Chinese word is about the number after a blank.
            Separator::Blank if name.is_empty() => !is_wide || is_of_sdk,
            Separator::Glued if name.is_empty() => !names::is_vague(text),
            Separator::Blank => {
                (names::is_camel_case(name) && names::is_call(name, key.roles)) || names_sdk()
            }
            Separator::Glued => names::is_camel_case(name) && names::is_call(name, key.roles),
            Separator::Loose => name.is_empty() || !is_quoted() || names::is_call(name, key.roles),
        }
    }

    /// What the key is of.
    #[must_use]
    pub(super) fn key_subject(&self) -> Subject {
        Subject::of_key(self.before, &self.key().range)
    }

    /// Whether the key may name a code.
    #[must_use]
    pub(super) fn is_announced(&self) -> bool {
        matches!(self.key().role, Some(Role::Code | Role::Failure | Role::Outcome))
    }

    /// The text before the key.
    #[must_use]
    pub(super) fn before_key(&self) -> &[u8] {
        let range = &self.key().range;
        let text = &self.before[..range.start];
        let word = || lexicon::ending(text).map_or(0, |(length, _)| length);
        if range.is_empty() { &text[..text.len() - word()] } else { text }
    }

    /// Whether the key is the word `code` alone, which names many things.
    #[must_use]
    pub(super) fn is_bare_code(&self) -> bool {
        self.key().is_bare_code
    }

    /// Whether the number is in no list, so that only its shape speaks for it.
    #[must_use]
    pub(super) fn is_unlisted(&self) -> bool {
        self.kind == Kind::Unlisted
    }

    /// The text before the number, without the blanks at its end.
    #[must_use]
    pub(super) fn before_trimmed(&self) -> &[u8] {
        self.before.trim_ascii_end()
    }
}
