//! Is this number a code? One door, `judge_line`: a line and its candidates go in, a
//! verdict on each comes out, with the rule that gave it.
//!
//! Owns the evidence: the header's columns, the words around a number, our own earlier
//! explanations, and what earlier lines have shown. Knows nothing of output or options but
//! `--strict`. It runs only on lines that hold a number which the catalog lists (or might), so it
//! may look closely.

mod fast_path;
pub mod header;
mod history;
mod judge;
mod lexicon;
mod names;
mod occurrence;
mod own_message;
mod role;
mod rules;
mod unquote;

use std::ops::Range;

pub(crate) use history::HeaderPlace;
use history::History;
pub(crate) use judge::{Candidate, Effort, Judge, Judgment, Verdicts};
pub use rules::{Grade, RULES, Rule, Ruling};

/// How much evidence is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// As much as each entry asks for.
    #[default]
    Weighed,
    /// Good evidence, always.
    Strict,
}

/// The judgment on a number. It always says why.
#[derive(Debug, Clone, Copy)]
pub enum Verdict {
    /// It is a code.
    Code {
        /// The rule that decided.
        rule: &'static Rule,
        /// How good the evidence is.
        grade: Grade,
    },
    /// It is something else.
    NotCode {
        /// The rule that decided.
        rule: &'static Rule,
    },
    /// Evidence says that it is a code, but it is not good enough for this number.
    TooWeak {
        /// The rule with the best evidence.
        rule: &'static Rule,
        /// How good the evidence is.
        grade: Grade,
        /// How good it would have to be.
        needed: Grade,
    },
}

impl Verdict {
    /// The rule that gave it.
    #[must_use]
    pub fn rule(&self) -> &'static Rule {
        match self {
            Verdict::Code { rule, .. }
            | Verdict::NotCode { rule }
            | Verdict::TooWeak { rule, .. } => rule,
        }
    }

    /// Whether the number is a code.
    #[must_use]
    pub fn is_code(&self) -> bool {
        matches!(self, Verdict::Code { .. })
    }
}

/// A line of a block, or a piece of one that is too long to be held.
#[derive(Debug, Clone)]
pub(crate) struct Line<'b> {
    /// The block that holds it.
    pub(crate) block: &'b [u8],
    /// Where in the block it is, with its line end.
    pub(crate) range: Range<usize>,
    /// What its first byte is.
    pub(crate) start: LineStart,
}

/// What the first byte of a [`Line`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineStart {
    /// The first byte of a line.
    Whole,
    /// A byte in the middle of a line that was cut.
    Piece,
}

impl<'b> Line<'b> {
    /// No line yet: the first one of a block follows.
    pub(crate) fn before(block: &'b [u8]) -> Self {
        Line { block, range: 0..0, start: LineStart::Whole }
    }

    /// The line around a byte of the block, not before the end of this line. `first` is what the
    /// first byte of the block is.
    #[inline]
    pub(crate) fn around(&self, at: usize, first: LineStart) -> Self {
        let from = self.range.end;
        let before = memchr::memrchr(b'\n', &self.block[from..at]);
        let start = before.map_or(from, |before| from + before + 1);
        let after = memchr::memchr(b'\n', &self.block[at..]);
        let end = after.map_or(self.block.len(), |after| at + after + 1);
        let is_first = start == 0;
        Line { range: start..end, start: if is_first { first } else { LineStart::Whole }, ..*self }
    }

    /// A line's bytes.
    pub(crate) fn text(&self) -> &'b [u8] {
        &self.block[self.range.clone()]
    }
}
