//! The judgment of one line: fast path, our earlier explanations, header, rules, history.
//!
//! Owns the order of these steps and how much evidence a number needs. Does not know what the
//! evidence is.

use std::ops::Range;

use super::explanations::{AtEnd, Explanations, Place, Walk, in_line};
use super::fast_path::{self, LastHeader};
use super::header::{Format, Header};
use super::history::{History, Source};
use super::judgment::{Candidate, Judgment, Verdicts};
use super::lexicon;
use super::memo::Memo;
use super::number::{Asked, By, Whole};
use super::origin::Origin;
use super::own_message::Lengths;
use super::recent;
use super::records::{self, Field, Keys, Record};
use super::rules::{self, Grade, fallback};
use super::sdk_lines::{self, SdkLines};
use super::terms::Terms;
use super::{HeaderPlace, Line, Strictness, Verdict};
use crate::block::{Block, Start};
use crate::cache::CodeCache;
use crate::catalog::Code;

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
    sdk_lines: SdkLines,
    memo: Memo,
    /// How much of a code's texts is evidence: it is worked out once for each code.
    lengths: CodeCache<Lengths>,
    /// The header that was learned last.
    last_header: LastHeader,
    /// What the pieces of a line teach as soon as the line ends.
    of_pieces: Option<Source>,
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
        verdicts.records.clear();
        let text = line.text();
        if let ([Candidate { code, range, lookup: Some(_) }], Effort::Fast) = (candidates, effort)
            && line.is_whole()
            && fast_path::is_code(text, &in_line(line, range))
            && self.take_fast_path(line, *code, &in_line(line, range), verdicts)
        {
            return;
        }
        match Explanations::find(line, candidates) {
            None => {
                let none = Explanations::default();
                self.ask_rules(line, text, candidates, &none, effort, verdicts);
            }
            Some(found) => {
                let plain = found.without(text);
                self.ask_rules(line, &plain, candidates, &found, effort, verdicts);
                self.history.keep_explanations(line, &found);
            }
        }
    }

    /// Accepts a number that the fast path has recognized as a code, and learns its source; `false`
    /// if the number turns out to be in the header's columns.
    #[inline]
    fn take_fast_path(
        &mut self,
        line: &Line<'_>,
        code: Code,
        number: &Range<usize>,
        verdicts: &mut Verdicts,
    ) -> bool {
        let text = line.text();
        let message = self.last_header.message_of(text);
        if message.is_some_and(|message| message <= number.start) {
            verdicts.header = HeaderPlace::InLine;
            self.history.learn_plain(code, line);
        } else if !self.learn_header(line, code, number, verdicts) {
            return false;
        }
        verdicts.judgments.push(Judgment::Judged(rules::PLAIN_CODE));
        true
    }

    /// Does the same for a line whose header is not like the last one that was learned; `false`
    /// also for a number in the tag of a record.
    #[inline(never)]
    fn learn_header(
        &mut self,
        line: &Line<'_>,
        code: Code,
        number: &Range<usize>,
        verdicts: &mut Verdicts,
    ) -> bool {
        let text = line.text();
        let own = Header::parse(text);
        if number.start < own.message || number.end > own.message_end {
            return false;
        }
        verdicts.header = self.history.find_header(line, &own);
        let header = self.history.header_or(line.block, text, &verdicts.header, || own);
        let (format, source) = (header.format, Source::of(&header));
        if format == Format::None
            && records::may_be_in(text)
            && let Some(Record { header, field, .. }) =
                self.history.record(line, text, number.start, &mut Keys::default())
        {
            return field == Field::Message && self.learn_record(header, verdicts);
        }
        self.history.learn(source);
        self.history.say(code, line, text.len(), source);
        match verdicts.header {
            HeaderPlace::InLine => self.last_header.keep(text, &own),
            _ => self.last_header.forget(),
        }
        true
    }

    /// Learns from the header of the record that a line's only candidate is in; `false` if another
    /// vendor is named in its tag, which is not in the line.
    fn learn_record(&mut self, record: Vec<u8>, verdicts: &mut Verdicts) -> bool {
        let header = Header::parse(&record);
        if header.tag.is_some_and(|tag| lexicon::vendors(tag).next().is_some()) {
            return false;
        }
        let source = Source::of(&header);
        self.learn(Some(source));
        verdicts.records.push((0, self.history.keep_header(record)));
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
        let own = (line.start() == Start::Line).then(|| Header::parse(text));
        let place = own.as_ref().map(|own| self.history.find_header(line, own));
        verdicts.header = place.unwrap_or(HeaderPlace::Carried);
        let Judge { strictness, history, memo, lengths, sdk_lines, .. } = self;
        let own = || own.unwrap_or_else(|| Header::parse(text));
        let header = history.header_or(line.block, text, &verdicts.header, own);
        let message = &text[header.message..header.message_end];
        let follows_sdk = sdk_lines::Asked::new(|| sdk_lines.precede(line, &header, history));
        let (origin, terms) = (Origin::new(&header, history), Terms::new(message, &follows_sdk));
        let whole = Whole { line, text, header: &header, origin, message, terms: &terms };
        let mut asked = Asked { strictness: *strictness, effort, history, memo, lengths };
        let (mut walk, mut at_end) = (Walk::new(explanations), AtEnd::new(explanations));
        let (mut learned, mut records) = (None, Vec::new());
        for (index, Candidate { code, range, lookup }) in candidates.iter().enumerate() {
            let place = walk.place(&in_line(line, range), line.text());
            let moved = match &place {
                Place::InText(moved) | Place::Explained(moved) | Place::AtEnd(moved, _) => moved,
                Place::InExplanation => {
                    verdicts.judgments.push(Judgment::PartOfExplanation);
                    continue;
                }
            };
            if line.has_around(range) {
                verdicts.judgments.push(Judgment::Elsewhere);
                continue;
            }
            let verdict = match *lookup {
                None => Verdict::NotCode { rule: &fallback::NOT_LISTED },
                Some(lookup) => {
                    let (verdict, by) = asked.judge(&whole, *code, moved, lookup);
                    let is_sure = matches!(verdict, Verdict::Code { grade: Grade::Sure, .. });
                    learned = learned.or_else(|| is_sure.then(|| by.source(&header)));
                    if let By::Record(columns) = by
                        && (verdict.is_code() || !matches!(place, Place::InText(_)))
                    {
                        records.push((index, columns));
                    }
                    verdict
                }
            };
            verdicts.judgments.push(match place {
                Place::Explained(_) => Judgment::Explained(verdict),
                Place::AtEnd(_, explanation) => {
                    at_end.add(explanation, index, verdict.is_code());
                    Judgment::at_end(verdict)
                }
                Place::InText(_) | Place::InExplanation => Judgment::Judged(verdict),
            });
        }
        let source = Source::of(&header);
        at_end.other_candidates().for_each(|index| verdicts.judgments[index].explain());
        if verdicts.header == HeaderPlace::InLine && hides_columns(line, text, &header) {
            verdicts.header = self.history.keep_header(text.to_vec());
        }
        for (index, columns) in records {
            verdicts.records.push((index, self.history.keep_header(columns)));
        }
        let news = verdicts.news(candidates);
        self.learn_line(line, text.len(), source, learned, news);
    }

    /// Learns what a line has shown, which has this many bytes without our explanations; what its
    /// pieces have shown, as soon as it ends.
    fn learn_line(
        &mut self,
        line: &Line<'_>,
        bytes: usize,
        source: Source,
        learned: Option<Source>,
        news: impl Iterator<Item = Code>,
    ) {
        if !line.is_whole() {
            self.of_pieces = self.of_pieces.or(learned);
        } else if learned.is_some() {
            for code in news.take(recent::CODES) {
                self.history.say(code, line, bytes, source);
            }
            self.learn(learned);
        }
    }

    fn learn(&mut self, source: Option<Source>) {
        if let Some(source) = source {
            self.history.learn(source);
            self.last_header.forget();
        }
    }

    /// The header of a line of the current block that was judged before.
    #[must_use]
    pub(crate) fn header<'h>(
        &'h self,
        block: &'h [u8],
        text: &'h [u8],
        place: &'h HeaderPlace,
    ) -> Header<'h> {
        self.history.header(block, text, place)
    }

    /// Keeps what the lines of the next block need from this one.
    pub(crate) fn end_block(&mut self, block: Block<'_>) {
        if block.is_cut() && block.start == Start::Line {
            let (line, plain) = (Line::whole(block.bytes), self.history.plain(block.bytes));
            let place = self.history.find_header(&line, &Header::parse(&plain));
            let header = self.history.header(block.bytes, &plain, &place);
            self.sdk_lines.carry(&line, &header, &self.history);
        }
        self.history.end_block(block);
        if !block.is_cut() {
            let source = self.of_pieces.take();
            self.learn(source);
        }
    }

    /// Forgets what belongs only to the input that ends.
    pub(crate) fn end_input(&mut self) {
        let (memo, lengths) = (std::mem::take(&mut self.memo), std::mem::take(&mut self.lengths));
        *self = Judge { memo, lengths, ..Judge::new(self.strictness) };
    }
}

/// Whether a line that has our explanations reads as if its header had other columns than without
/// them.
fn hides_columns(line: &Line<'_>, plain: &[u8], header: &Header<'_>) -> bool {
    fn columns<'h>(header: &Header<'h>) -> impl PartialEq + use<'h> {
        let Header { format, time, pid, tid, level, tag, .. } = *header;
        (format, time, pid, tid, level, tag)
    }
    let text = line.text();
    plain.len() < text.len() && columns(&Header::parse(text)) != columns(header)
}
