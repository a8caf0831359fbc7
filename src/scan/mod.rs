//! Where in a block a number with the shape of a code stands.
//!
//! Owns the search for maximal runs of ASCII digits. Knows nothing of what the number means or of
//! what stands around it: a number that is returned may still be a frequency, an id or a piece of a
//! time stamp.
//!
//! Two scanners do the work. [`Prefix`] is for the 871xxx codes alone: a `memmem` prefilter, then a
//! regex. [`Runs`] is for all families at once, whose codes share no prefix: it keeps one bit a
//! byte (digit or not) in 64-byte words and finds runs by shifts and ands, whatever the number of
//! codes.

mod prefix;
mod runs;

use std::ops::Range;

use crate::catalog::Code;

pub use prefix::Prefix;
pub use runs::{PREFIXES, Runs};

/// A number with the shape of a code, as a place in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// Its digits, as a range of the block.
    pub range: Range<usize>,
    /// Its value.
    pub code: Code,
}

/// What to look for.
#[derive(Debug, Clone)]
pub enum Scanner {
    /// 871ddd only.
    Prefix(Box<Prefix>),
    /// Every run of digits of the given shape.
    Runs(Runs),
}

/// How many numbers one call yields, give or take a word: it bounds the memory for them, whatever
/// the block holds.
const NUMBERS_MAX: usize = 1024;

impl Scanner {
    /// Appends the numbers at or behind `from`, which must not lie within a run of digits, and
    /// returns where to go on: the end of the block, unless there were very many numbers.
    #[inline]
    pub fn fill(&self, block: &[u8], from: usize, numbers: &mut Vec<Number>) -> usize {
        match self {
            Scanner::Prefix(prefix) => prefix.fill(block, from, numbers),
            Scanner::Runs(runs) => runs.fill(block, from, numbers),
        }
    }

    /// Every number in a block, in order.
    #[must_use]
    pub fn numbers(&self, block: &[u8]) -> Vec<Number> {
        let (mut numbers, mut from) = (Vec::new(), 0);
        while from < block.len() {
            from = self.fill(block, from, &mut numbers);
        }
        numbers
    }
}

/// The end of the run of digits that begins at or goes through `at`.
fn run_end(block: &[u8], at: usize) -> usize {
    block[at..]
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .map_or(block.len(), |length| at + length)
}
