//! The scanner for 871xxx alone: `memmem` over the block, the regex where it hits.

use memchr::memmem::Finder;
use regex::bytes::Regex;

use super::{NUMBERS_MAX, Number};
use crate::catalog::Code;

/// Finds maximal runs of six digits that begin with 871.
#[derive(Debug, Clone)]
pub struct Prefix {
    prefilter: Finder<'static>,
    shape: Regex,
}

/// What every code of the Android SDK begins with.
const PREFIX: &[u8] = b"871";
/// How many digits such a code has.
const DIGITS: usize = 6;

impl Default for Prefix {
    fn default() -> Self {
        let shape = Regex::new(r"(?-u)\A871[0-9]{3}\z").expect("a constant pattern, compiled by every test");
        Prefix { prefilter: Finder::new(PREFIX), shape }
    }
}

impl Prefix {
    /// Appends the numbers at or behind `from`, which must not lie within a run of digits, and returns where to go on:
    /// the end of the block.
    pub fn fill(&self, block: &[u8], from: usize, numbers: &mut Vec<Number>) -> usize {
        let mut at = from;
        while let Some(hit) = self.prefilter.find(&block[at..]) {
            let start = at + hit;
            at = start + PREFIX.len();
            let digit = |at: usize| block.get(at).is_some_and(u8::is_ascii_digit);
            let window = &block[start..block.len().min(start + DIGITS)];
            if (start > 0 && digit(start - 1)) || digit(start + DIGITS) || !self.shape.is_match(window) {
                continue;
            }
            at = start + DIGITS;
            if let Some(code) = Code::from_digits(window) {
                numbers.push(Number { start, end: at, code });
            }
            if numbers.len() >= NUMBERS_MAX {
                return at;
            }
        }
        block.len()
    }
}
