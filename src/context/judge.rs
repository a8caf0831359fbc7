//! The judgment of one line: fast path, our earlier explanations, header, rules, history.
//!
//! Owns the order of these steps and how much evidence a number needs. Does not know what the
//! evidence is.

use std::ops::Range;

use super::explanations::{Explanations, Place, Walk, in_line};
use super::fast_path::{self, LastHeader};
use super::header::Header;
use super::history::{History, TagHash};
use super::memo::Memo;
use super::occurrence::{Occurrence, Surroundings};
use super::origin::Origin;
use super::rules::{self, Grade, Ruling, fallback, structure};
use super::terms::Terms;
use super::{HeaderPlace, Line, Strictness, Verdict};
use crate::block::{Block, Start};
use crate::catalog::{Code, Evidence, Lookup};

/// A number in a line that has the shape of a code.
#[derive(Debug, Clone)]
pub(crate) struct Candidate<'c> {
    /// Its value.
    pub(crate) code: Code,
    /// Its digits, as a range of the block.
    pub(crate) range: Range<usize>,
    /// What the catalog says about it; `None` if it is not listed.
    pub(crate) lookup: Option<Lookup<'c>>,
}

/// The result for a candidate.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Judgment {
    /// It was judged.
    Judged(Verdict),
    /// The line already has our explanation of it. It was judged as if that were not there.
    Explained(Verdict),
    /// It is part of an explanation of ours.
    PartOfExplanation,
}

impl Judgment {
    /// The verdict; `None` if the candidate is part of an explanation of ours.
    pub(crate) fn verdict(&self) -> Option<Verdict> {
        match self {
            Judgment::Judged(verdict) | Judgment::Explained(verdict) => Some(*verdict),
            Judgment::PartOfExplanation => None,
        }
    }
}

/// The judgments on the candidates of a line, in their order.
#[derive(Debug, Default)]
pub(crate) struct Verdicts {
    /// One for each candidate.
    pub(crate) judgments: Vec<Judgment>,
    /// Where the line's header is.
    pub(crate) header: HeaderPlace,
}

/// How much work a judgment may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Take the fast path where it applies, and repeat verdicts.
    Fast,
    /// Always ask the rules, which can say why.
    Thorough,
}

/// Judges the lines of a stream, in order.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    strictness: Strictness,
    history: History,
    memo: Memo,
    /// The header whose tag was learned last.
    last_header: LastHeader,
    /// The tag that the pieces of a line teach as soon as the line ends.
    of_pieces: Option<TagHash>,
}

impl Judge {
    /// A judge that has seen no line yet.
    pub(crate) fn new(strictness: Strictness) -> Self {
        Judge { strictness, ..Judge::default() }
    }

    /// Judges the candidates of a line, which are in order. `verdicts` is emptied first.
    pub(crate) fn judge_line(
        &mut self,
        line: &Line<'_>,
        candidates: &[Candidate<'_>],
        effort: Effort,
        verdicts: &mut Verdicts,
    ) {
        verdicts.judgments.clear();
        let text = line.text();
        if let ([Candidate { range, lookup: Some(_), .. }], Effort::Fast) = (candidates, effort)
            && line.is_whole()
            && fast_path::is_code(text, &in_line(line, range))
            && self.take_fast_path(line, &in_line(line, range), verdicts)
        {
            return;
        }
        match Explanations::find(line, candidates) {
            None => {
                let none = Explanations::default();
                self.ask_rules(line, text, candidates, &none, effort, verdicts);
            }
            Some(found) => {
                let text = found.without(text);
                self.ask_rules(line, &text, candidates, &found, effort, verdicts);
            }
        }
    }

    /// Accepts a number that the fast path has recognized as a code, and learns its tag; `false` if
    /// the number turns out to be in the header's columns.
    #[inline]
    fn take_fast_path(
        &mut self,
        line: &Line<'_>,
        number: &Range<usize>,
        verdicts: &mut Verdicts,
    ) -> bool {
        let text = line.text();
        let message = self.last_header.message_of(text);
        if message.is_some_and(|message| message <= number.start) {
            verdicts.header = HeaderPlace::InLine;
        } else if !self.learn_header(line, text, number, verdicts) {
            return false;
        }
        verdicts.judgments.push(Judgment::Judged(rules::PLAIN_CODE));
        true
    }

    /// Does the same for a line whose tag is not the last one that was learned.
    #[inline(never)]
    fn learn_header(
        &mut self,
        line: &Line<'_>,
        text: &[u8],
        number: &Range<usize>,
        verdicts: &mut Verdicts,
    ) -> bool {
        let own = Header::parse(text);
        if number.start < own.message || number.end > own.message_end {
            return false;
        }
        verdicts.header = self.history.find_header(line, &own);
        let tag = match &verdicts.header {
            HeaderPlace::InLine => own.tag,
            place => self.history.header(line.block, text, place).tag,
        };
        let tag = tag.and_then(TagHash::new);
        self.history.learn(tag);
        match verdicts.header {
            HeaderPlace::InLine => self.last_header.keep(text, &own),
            _ => self.last_header.forget(),
        }
        true
    }

    /// Judges a line by the rules; `text` is the line without our explanations.
    #[inline(never)]
    fn ask_rules(
        &mut self,
        line: &Line<'_>,
        text: &[u8],
        candidates: &[Candidate<'_>],
        explanations: &Explanations<'_>,
        effort: Effort,
        verdicts: &mut Verdicts,
    ) {
        verdicts.header = match line.start() {
            Start::Line => self.history.find_header(line, &Header::parse(text)),
            Start::Piece => HeaderPlace::Carried,
        };
        let header = self.history.header(line.block, text, &verdicts.header);
        let (mut walk, mut learned) = (Walk::new(explanations), None);
        let message = &text[header.message..header.message_end];
        let (origin, terms) = (Origin::new(&header, &self.history), Terms::new(message));
        for Candidate { range, lookup, .. } in candidates {
            let (moved, judgment): (_, fn(Verdict) -> Judgment) =
                match walk.place(&in_line(line, range), line.text()) {
                    Place::InText(moved) => (moved, Judgment::Judged),
                    Place::Explained(moved) => (moved, Judgment::Explained),
                    Place::InExplanation => {
                        verdicts.judgments.push(Judgment::PartOfExplanation);
                        continue;
                    }
                };
            let number = Surroundings::new(origin, message, header.message, &moved);
            let verdict = match (lookup, number) {
                (None, _) => Verdict::NotCode { rule: &fallback::NOT_LISTED },
                (_, None) => Verdict::NotCode { rule: &structure::HEADER },
                (Some(lookup), Some(number)) => {
                    let needed = Needed::new(*lookup, self.strictness);
                    let ask = || judge(&Occurrence::new(&number, &terms, *lookup), needed);
                    match effort {
                        Effort::Fast => self.memo.verdict(&number, ask),
                        Effort::Thorough => ask(),
                    }
                }
            };
            if matches!(verdict, Verdict::Code { grade, .. } if grade > Grade::Likely) {
                learned = learned.or(header.tag);
            }
            verdicts.judgments.push(judgment(verdict));
        }
        let learned = learned.and_then(TagHash::new);
        match line.is_whole() {
            true => self.learn(learned),
            false => self.of_pieces = learned.or(self.of_pieces),
        }
    }

    fn learn(&mut self, tag: Option<TagHash>) {
        if tag.is_some() {
            self.history.learn(tag);
            self.last_header.forget();
        }
    }

    /// The header of a line of the current block that was judged before.
    #[must_use]
    pub(crate) fn header<'h>(
        &'h self,
        block: &'h [u8],
        text: &'h [u8],
        place: &HeaderPlace,
    ) -> Header<'h> {
        self.history.header(block, text, place)
    }

    /// Keeps what the lines of the next block need from this one.
    pub(crate) fn end_block(&mut self, block: Block<'_>) {
        self.history.end_block(block);
        if !block.is_cut() {
            let tag = self.of_pieces.take();
            self.learn(tag);
        }
    }

    /// Forgets what belongs only to the input that ends.
    pub(crate) fn end_input(&mut self) {
        self.history.end_input();
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

/// Asks the rules in order. The first that refuses the number, or has evidence that is good enough,
/// decides.
fn judge(occurrence: &Occurrence<'_>, needed: Needed) -> Verdict {
    let mut best: Option<Verdict> = None;
    for rule in rules::rules() {
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
