//! What the judgment of a line is given and gives: its numbers, and a judgment on each of them.
//!
//! Owns what a judgment means for a number that already has an explanation. Does not know how it is
//! found.

use std::ops::Range;

use super::Verdict;
use super::long_headers::HeaderPlace;
use super::rules::{self, Grade, fallback};
use crate::catalog::{Code, Lookup};

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
    /// The line already has our explanation of it. It was judged as if that were not there, and
    /// counts whatever the verdict is.
    Explained(Verdict),
    /// It is part of an explanation of ours.
    PartOfExplanation,
    /// It was not judged: it is in the text around a piece of a line, and so in another piece.
    Elsewhere,
}

impl Judgment {
    /// The verdict; `None` if the candidate is part of an explanation of ours, or in another piece.
    pub(crate) fn verdict(&self) -> Option<Verdict> {
        match self {
            Judgment::Judged(verdict) | Judgment::Explained(verdict) => Some(*verdict),
            Judgment::PartOfExplanation | Judgment::Elsewhere => None,
        }
    }

    /// The verdict for a user: a number that has our explanation counts, if the catalog has it.
    pub(crate) fn shown(&self, is_listed: bool) -> Option<Verdict> {
        match self.verdict()? {
            verdict if verdict.is_code() => Some(verdict),
            _ if is_listed && matches!(self, Judgment::Explained(_)) => {
                Some(fallback::EXPLAINED_CODE)
            }
            verdict => Some(verdict),
        }
    }

    /// The judgment on one of the numbers that an explanation at the line's end may be about.
    pub(super) fn at_end(verdict: Verdict) -> Self {
        if verdict.is_code() { Judgment::Explained(verdict) } else { Judgment::Judged(verdict) }
    }

    /// Makes it that of a candidate that the line explains.
    pub(super) fn explain(&mut self) {
        if let Judgment::Judged(verdict) = *self {
            *self = Judgment::Explained(verdict);
        }
    }

    /// Whether it is a code on sure evidence, and not only because it was one shortly before.
    fn is_news(&self) -> bool {
        match self.verdict() {
            Some(Verdict::Code { rule, grade: Grade::Sure }) => !std::ptr::eq(rule, &rules::ECHO),
            _ => false,
        }
    }

    /// Whether the candidate is a code.
    pub(crate) fn is_code(&self) -> bool {
        self.verdict().is_some_and(|verdict| verdict.is_code())
    }
}

/// The judgments on the candidates of a line, in their order.
#[derive(Debug, Default)]
pub(crate) struct Verdicts {
    /// One for each candidate.
    pub(crate) judgments: Vec<Judgment>,
    /// Where the line's header is.
    pub(crate) header: HeaderPlace,
    /// Where the headers of other candidates are, by the index of the candidate, in order.
    pub(super) records: Vec<(usize, HeaderPlace)>,
}

impl Verdicts {
    /// The codes that a line shows on sure evidence, the last first; not those of a record, which
    /// has a source of its own.
    pub(super) fn news(&self, candidates: &[Candidate<'_>]) -> impl Iterator<Item = Code> {
        let is_of_record =
            |at: usize| self.records.binary_search_by_key(&at, |(index, _)| *index).is_ok();
        let judged = candidates.iter().zip(&self.judgments).enumerate().rev();
        let news = judged.filter(move |(at, (_, judged))| judged.is_news() && !is_of_record(*at));
        news.map(|(_, (candidate, _))| candidate.code)
    }

    /// Where the header of a candidate is.
    #[inline]
    pub(crate) fn header(&self, index: usize) -> HeaderPlace {
        if self.records.is_empty() {
            return self.header.clone();
        }
        match self.records.binary_search_by_key(&index, |(index, _)| *index) {
            Ok(at) => self.records[at].1.clone(),
            Err(_) => self.header.clone(),
        }
    }
}
