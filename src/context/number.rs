//! The judgment of one number: by the text that it is in, and the evidence that it needs.
//!
//! Owns which text that is: the line's message, a record, or the tag. Does not know what the
//! evidence is, or what other lines have taught.

use std::ops::Range;

use super::header::{Format, Header};
use super::history::{History, Source};
use super::judge::Effort;
use super::kind::Kind;
use super::memo::{Answer, Memo, Text, Wanted};
use super::occurrence::Occurrence;
use super::origin::Origin;
use super::own_message::{self, Lengths, OwnTexts};
use super::records::{Field, Record};
use super::rules::{self, Grade, Ruling, fallback, structure};
use super::sdk_lines::Nobody;
use super::surroundings::Surroundings;
use super::terms::Terms;
use super::{Line, Strictness, Verdict};
use crate::cache::CodeCache;
use crate::catalog::{Code, Entry, Evidence, Lookup};

/// A line with its header.
pub(super) struct Whole<'w> {
    pub(super) line: &'w Line<'w>,
    /// The line without our explanations.
    pub(super) text: &'w [u8],
    pub(super) header: &'w Header<'w>,
    pub(super) origin: Origin<'w>,
    pub(super) message: &'w [u8],
    pub(super) terms: &'w Terms<'w>,
}

/// Who logged a number.
pub(super) enum By {
    /// Whom the line's header names.
    Line,
    /// Whom the header of the number's record names.
    Record(Vec<u8>),
    /// Nobody that other lines name: the number is in the tag.
    Tag,
}

impl By {
    pub(super) fn source(&self, header: &Header<'_>) -> Source {
        match self {
            By::Line => Source::of(header),
            By::Record(columns) => Source::of(&Header::parse(columns)),
            By::Tag => Source::default(),
        }
    }
}

/// What is asked for a verdict.
pub(super) struct Asked<'j> {
    pub(super) strictness: Strictness,
    pub(super) effort: Effort,
    pub(super) history: &'j History,
    pub(super) memo: &'j mut Memo,
    pub(super) lengths: &'j mut CodeCache<Lengths>,
}

impl Asked<'_> {
    /// Judges a listed number: in its record, if it is in one, in the line's message, or in the
    /// line's tag.
    pub(super) fn judge(
        &mut self,
        whole: &Whole<'_>,
        code: Code,
        number: &Range<usize>,
        lookup: Lookup<'_>,
    ) -> (Verdict, By) {
        let known = &self.known(lookup);
        if whole.header.format == Format::None
            && whole.terms.may_be_records()
            && let Some(Record { header, field, text }) = self.record(whole, number.start)
        {
            let origin = Origin::new(&Header::parse(&header), self.history);
            let (from, text) = (text.start, &whole.text[text]);
            let terms = Terms::new(text, &Nobody);
            let verdict = match field {
                Field::Message => Surroundings::new(origin, text, from, number)
                    .map(|number| self.ask(&number, &terms, known)),
                Field::Tag => Surroundings::new(Origin { tag: None, ..origin }, text, from, number)
                    .map(|number| judge(&number, &terms, &known.in_tag(), None).verdict),
            };
            return (verdict.unwrap_or(IN_HEADER), By::Record(header));
        }
        if let Some(mut number) =
            Surroundings::new(whole.origin, whole.message, whole.header.message, number)
        {
            number.is_echo = self.history.has_said(code, whole.line, whole.header);
            return (self.ask(&number, whole.terms, known), By::Line);
        }
        (in_tag(whole, number, known).unwrap_or(IN_HEADER), By::Tag)
    }

    fn known<'c>(&mut self, lookup: Lookup<'c>) -> Known<'c> {
        let kind = Kind::of(lookup);
        let texts = |entry: &'c Entry<'c>| {
            let lengths = self.lengths.get_or_insert_with(entry.code, || Lengths::of(entry));
            OwnTexts::new(entry, *lengths)
        };
        let own_texts = lookup.entry().map(texts).unwrap_or_default();
        Known { lookup, kind, own_texts, needed: Needed::new(lookup, self.strictness) }
    }

    fn record(&self, whole: &Whole<'_>, at: usize) -> Option<Record> {
        self.history.record(whole.line, whole.text, at, &mut whole.terms.record_keys())
    }

    fn ask(&mut self, number: &Surroundings<'_>, terms: &Terms<'_>, known: &Known<'_>) -> Verdict {
        let ask = |of_kind| judge(number, terms, known, of_kind);
        if self.effort == Effort::Thorough || !self.memo.is_worthwhile() {
            return ask(None).verdict;
        }
        let text = match terms.canonical() {
            Some(message) if number.sees_all() => Text::Message(message.text(), message.hash()),
            Some(message) => Text::Part(number.text_in(message.text())),
            None => Text::Own,
        };
        let Known { lookup, kind, own_texts, .. } = known;
        let (code, follows_sdk) = (lookup.entry().map(|entry| entry.code), terms.follow_sdk());
        let wanted = Wanted { number, text, code, kind: *kind, follows_sdk };
        self.memo.verdict(&wanted, !own_texts.has_digits(), ask)
    }
}

const IN_HEADER: Verdict = Verdict::NotCode { rule: &structure::HEADER };

/// The verdict on a number in the line's tag, as if tag and message were one text, as an app means
/// it that logs `code = 871300` as the tag and `发送失败` as the message; `None` if the number is
/// elsewhere in the header.
fn in_tag(whole: &Whole<'_>, number: &Range<usize>, known: &Known<'_>) -> Option<Verdict> {
    let tag = whole.header.tag_range(whole.text)?;
    if is_cut(whole, &tag) {
        return None;
    }
    let number = number.start.checked_sub(tag.start)?..number.end - tag.start;
    let text = [&whole.text[tag.clone()], b": ", whole.message].concat();
    let is_inside = number.end <= tag.len();
    let origin = Origin { tag: None, ..whole.origin };
    let number = is_inside.then(|| Surroundings::new(origin, &text, 0, &number))??;
    let terms = Terms::new(&text, whole.terms.follow_sdk());
    Some(judge(&number, &terms, &known.in_tag(), None).verdict)
}

/// Whether nothing but blanks or half an end separates the tag from the message, because logcat has
/// cut a long prefix. Where it is cut, and so what is in the tag, depends on every byte before.
fn is_cut(whole: &Whole<'_>, tag: &Range<usize>) -> bool {
    let separator = whole.text.get(tag.end..whole.header.message);
    separator.is_some_and(|separator| separator.trim_ascii().is_empty() || separator.len() < 2)
}

/// What is known about a number before its surroundings are looked at.
#[derive(Debug, Clone, Copy)]
struct Known<'c> {
    lookup: Lookup<'c>,
    kind: Kind,
    own_texts: OwnTexts<'c>,
    needed: Needed,
}

impl Known<'_> {
    /// The same for a number in a tag, which needs at least good evidence: many tags have numbers.
    fn in_tag(&self) -> Self {
        let grade = self.needed.grade.max(Grade::Good);
        Known { needed: Needed { grade, ..self.needed }, ..*self }
    }
}

/// How much evidence a number needs, and the verdict if no rule decides.
#[derive(Debug, Clone, Copy)]
struct Needed {
    grade: Grade,
    fallback: Verdict,
}

impl Needed {
    fn new(lookup: Lookup<'_>, strictness: Strictness) -> Self {
        let nothing_for = Verdict::NotCode { rule: &fallback::NOTHING_FOR };
        let evidence = lookup.entry().map(|entry| entry.evidence);
        let (grade, fallback) = match (evidence, strictness) {
            (Some(Evidence::Needed), _) => (Grade::Sure, nothing_for),
            (None, _) | (_, Strictness::Strict) => (Grade::Good, nothing_for),
            (Some(Evidence::Weighed), _) => (Grade::Likely, nothing_for),
            (Some(Evidence::Sure), _) => (Grade::Likely, fallback::ASSUMED_CODE),
        };
        Needed { grade, fallback }
    }
}

/// Asks the rules about a number. `of_kind` is the verdict on another code of its kind in the same
/// surroundings, if one is known for which no text of its own was evidence.
fn judge(
    number: &Surroundings<'_>,
    terms: &Terms<'_>,
    known: &Known<'_>,
    of_kind: Option<Verdict>,
) -> Answer {
    let windows = number.unquoted(terms);
    let occurrence = &Occurrence::new(number, terms, &windows, known.kind, known.own_texts);
    let verdict = match of_kind.filter(|_| own_message::say_nothing(occurrence)) {
        Some(verdict) => verdict,
        None => ask_rules(occurrence, known.needed),
    };
    Answer { verdict, is_of_kind: !occurrence.own_texts_say() }
}

/// Asks the rules in order. The first that refuses the number, or has evidence that is good enough,
/// decides.
fn ask_rules(occurrence: &Occurrence<'_>, needed: Needed) -> Verdict {
    let mut best: Option<Verdict> = None;
    for &rule in rules::rules_for(occurrence) {
        match rule.ask(occurrence) {
            None => {}
            Some(Ruling::NotCode) => return Verdict::NotCode { rule },
            Some(Ruling::Code(grade)) if grade >= needed.grade => {
                return Verdict::Code { rule, grade };
            }
            Some(Ruling::Code(grade)) => {
                let is_better = match best {
                    Some(Verdict::TooWeak { grade: other, .. }) => grade > other,
                    _ => true,
                };
                if is_better {
                    best = Some(Verdict::TooWeak { rule, grade, needed: needed.grade });
                }
            }
        }
    }
    match needed.fallback {
        sure @ Verdict::Code { .. } => sure,
        nothing => best.unwrap_or(nothing),
    }
}
