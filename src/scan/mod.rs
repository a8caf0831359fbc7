//! Where a block has numbers with the shape of a code.
//!
//! Owns the search for maximal runs of ASCII digits. Knows nothing about what a number means or the
//! text around it: a number may still be a frequency, an id, or a piece of a time stamp.
//!
//! [`Prefix`] is for the 871xxx codes alone: a `memmem` prefilter, then a regex. [`Runs`] is for
//! all families, whose codes share no prefix: it keeps one bit per byte (digit or not) in 64-bit
//! words and finds runs by shifts and ands, at the same cost for any number of codes.
//!
//! ```
//! use jm_annotate::scan::{Runs, Scanner};
//!
//! let found = Scanner::Runs(Runs::default()).numbers(b"code=871300, pid 42, uid 10123");
//! let codes: Vec<u64> = found.iter().map(|number| number.code.number()).collect();
//! assert_eq!((codes, found[0].range.clone()), (vec![871_300], 5..11));
//! ```

mod prefix;
mod prefixes;
mod runs;
mod windows;

use std::ops::Range;

use crate::catalog::Code;

pub use prefix::Prefix;
pub use runs::Runs;

/// A number with the shape of a code, and its place in a block.
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
    /// Every run of digits of a certain shape.
    Runs(Runs),
}

/// The most numbers that one call returns, except that a batch of windows is always finished. It
/// bounds their memory, whatever is in the block, and the work that is lost when a caller stops
/// before the last of them.
const NUMBERS_MAX: usize = 128;

impl Scanner {
    /// Appends the numbers from `from` on, which must not be inside a run of digits, and returns
    /// where to continue: the end of the block, unless it has very many numbers.
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
