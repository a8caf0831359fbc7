//! Is this number a code? The only entry point is `judge_line`: it takes a line and its candidates,
//! and gives each of them a verdict with the rule that decided.
//!
//! Owns the evidence: the header's columns, the words around a number, our own earlier
//! explanations, and what earlier lines have shown. Knows nothing about output, and no option
//! except `--strict`. It runs only on lines with a number that the catalog lists (or might), so it
//! can afford to look closely.
//!
//! ```
//! use jm_annotate::annotate::{Annotator, Block};
//! use jm_annotate::catalog::{Catalog, Selection};
//! use jm_annotate::context::Strictness;
//!
//! let catalog = Catalog::new(Selection::All);
//! let mut annotator = Annotator::new(&catalog, Strictness::Weighed);
//! let line = b"I/cpufreq: freq = 871300\n";
//! let [found] = &annotator.explain_line(Block::lines(line))[..] else { panic!("one number") };
//! assert!(!found.verdict.is_code());
//! println!("{}: {}", found.verdict.rule().name, found.verdict.rule().why);
//! ```

mod any_case;
mod calls;
mod canonical;
mod chunk;
mod comparison;
mod copula;
mod endings;
mod explanations;
mod fast_path;
mod grams;
pub mod header;
mod history;
mod insides;
mod judge;
mod judgment;
mod key;
mod kind;
mod lexicon;
mod long_headers;
mod memo;
mod names;
mod number;
mod occurrence;
mod origin;
mod own_message;
mod recent;
mod records;
mod role;
mod rules;
mod sdk_lines;
mod subject;
mod surroundings;
mod terms;
mod touching;
mod unquote;
mod unquoted;
mod words;

use std::ops::Range;

use crate::block::{AROUND_BYTES, Block, Neighbors, PLAIN_AROUND_BYTES, Start};
use crate::explanation;
pub(crate) use judge::{Effort, Judge};
pub(crate) use judgment::{Candidate, Judgment, Verdicts};
pub(crate) use long_headers::HeaderPlace;
pub use rules::{FALLBACKS, Grade, Rule, Ruling, rules};

/// How much evidence is required.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// As much as each entry requires.
    #[default]
    Weighed,
    /// Always good evidence.
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
    /// There is evidence that it is a code, but it is not good enough for this number.
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

/// A line of a block, or a piece of a line that is too long, with the text around it.
#[derive(Debug, Clone)]
pub(crate) struct Line<'b> {
    /// The block that it is in.
    pub(crate) block: &'b [u8],
    /// Where in the block it is, including its line end.
    pub(crate) range: Range<usize>,
    extent: Extent,
}

/// How much of its lines a block has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// All of them.
    Whole,
    /// A part of one line; the piece itself is `from..to`, and the rest is around it.
    Piece { start: Start, end: End, from: usize, to: usize },
}

/// How much is looked at of what is around a piece of a line: more where it may have explanations.
pub(crate) fn seen_around(piece: Block<'_>) -> Neighbors<'_> {
    let Neighbors { before, after } = piece.around;
    if explanation::may_be_in(before) || explanation::may_be_in(after) {
        return piece.around;
    }
    Neighbors {
        before: &before[before.len().saturating_sub(PLAIN_AROUND_BYTES)..],
        after: &after[..after.len().min(PLAIN_AROUND_BYTES)],
    }
}

/// Where a piece ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// With its line.
    OfLine,
    /// Before the end of its line.
    Cut,
}

impl<'b> Line<'b> {
    /// The empty line before the first one of a block of whole lines.
    pub(crate) fn before(block: &'b [u8]) -> Self {
        Line { block, range: 0..0, extent: Extent::Whole }
    }

    /// The same before the first line of a block, or before a piece of a line. What is seen around
    /// the piece is also in `text`, which is replaced; returns where in it the block is, too.
    pub(crate) fn before_block(block: Block<'_>, text: &'b mut Vec<u8>) -> (Range<usize>, Self) {
        let seen = seen_around(block);
        let Range { start: from, end: to } = block.write_between(seen, text);
        if !block.is_piece() {
            return (from..to, Line::before(text));
        }
        let (after, all) = (seen.after, block.around.after);
        let is_all = after.len() == all.len() && after.len() < AROUND_BYTES;
        let end = if is_all || after.ends_with(b"\n") { End::OfLine } else { End::Cut };
        let extent = Extent::Piece { start: block.start, end, from, to };
        (from..to, Line { extent, ..Line::before(text) })
    }

    /// A line without its line end.
    pub(crate) fn whole(line: &'b [u8]) -> Self {
        Line { range: 0..line.len(), ..Line::before(line) }
    }

    /// All of the block as a line.
    pub(crate) fn all(self) -> Self {
        Line { range: 0..self.block.len(), ..self }
    }

    /// The line around a byte of the block, which must not be before the end of this line.
    #[inline]
    pub(crate) fn around(&self, at: usize) -> Self {
        let from = self.range.end;
        let before = memchr::memrchr(b'\n', &self.block[from..at]);
        let start = before.map_or(from, |before| from + before + 1);
        let after = memchr::memchr(b'\n', &self.block[at..]);
        let end = after.map_or(self.block.len(), |after| at + after + 1);
        Line { range: start..end, ..*self }
    }

    /// What its first byte is.
    pub(crate) fn start(&self) -> Start {
        match self.extent {
            Extent::Whole => Start::Line,
            Extent::Piece { start, .. } => start,
        }
    }

    /// Whether all of it is in the block.
    #[inline]
    pub(crate) fn is_whole(&self) -> bool {
        self.extent == Extent::Whole
    }

    /// Whether a number in the block is not in the piece, but in the text around it.
    #[inline]
    pub(crate) fn has_around(&self, number: &Range<usize>) -> bool {
        match self.extent {
            Extent::Whole => false,
            Extent::Piece { from, to, .. } => number.start < from || number.end > to,
        }
    }

    /// Where the bytes of the block are in its text, which may have more around a piece.
    pub(crate) fn block_range(&self) -> Range<usize> {
        match self.extent {
            Extent::Whole => 0..self.block.len(),
            Extent::Piece { from, to, .. } => from..to,
        }
    }

    /// Whether its end is in the block.
    pub(crate) fn has_end(&self) -> bool {
        !matches!(self.extent, Extent::Piece { end: End::Cut, .. })
    }

    /// A line's bytes.
    pub(crate) fn text(&self) -> &'b [u8] {
        &self.block[self.range.clone()]
    }
}
