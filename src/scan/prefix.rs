//! The scanner for 871xxx alone: a prefilter over the block, and the regex where it hits.
//!
//! The prefilter for a short block, such as the lines of a live log, is `memmem`. On a long block,
//! three vector comparisons per byte are faster: `memmem` looks for a pair of bytes and then checks
//! the third, which in a log full of digits happens on every other line (30 ms against 12 ms for 1
//! GB of synthetic logcat; `benches/`, group `scan`). Knows nothing about the other families.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x64};
use memchr::memmem::Finder;
use regex::bytes::Regex;

use super::{NUMBERS_MAX, Number};
use crate::catalog::Code;

/// Finds maximal runs of six digits that begin with 871.
#[derive(Debug, Clone)]
pub struct Prefix {
    prefilter: Finder<'static>,
    shape: Regex,
    level: Level,
}

/// What every code of the Android SDK begins with.
const PREFIX: &[u8; 3] = b"871";
/// How many digits such a code has.
const DIGITS: usize = 6;
/// How many bytes are compared at once.
const LANES: usize = 64;
/// From this length on, in bytes, the vector comparison is worth a call.
const LONG_BYTES: usize = 2048;

impl Default for Prefix {
    fn default() -> Self {
        let shape = Regex::new(r"(?-u)\A871[0-9]{3}\z")
            .expect("a constant pattern, compiled by every test");
        Prefix { prefilter: Finder::new(PREFIX), shape, level: Level::new() }
    }
}

impl Prefix {
    /// See [`Scanner::fill`](super::Scanner::fill).
    pub(super) fn fill(&self, block: &[u8], from: usize, numbers: &mut Vec<Number>) -> usize {
        let mut at = from;
        while let Some(start) = self.hit(block, at) {
            at = start + PREFIX.len();
            let digit = |at: usize| block.get(at).is_some_and(u8::is_ascii_digit);
            let window = &block[start..block.len().min(start + DIGITS)];
            // Most that are no code are seen to be none without the regex, as the end of a time.
            if !digit(at)
                || (start > 0 && digit(start - 1))
                || digit(start + DIGITS)
                || !self.shape.is_match(window)
            {
                continue;
            }
            at = start + DIGITS;
            if let Some(code) = Code::from_digits(window) {
                numbers.push(Number { range: start..at, code });
            }
            if numbers.len() >= NUMBERS_MAX {
                return at;
            }
        }
        block.len()
    }

    /// The next occurrence of the prefix.
    fn hit(&self, block: &[u8], from: usize) -> Option<usize> {
        let mut at = from;
        if block.len() - from >= LONG_BYTES {
            match dispatch!(self.level, simd => compare(simd, block, from)) {
                Ok(start) => return Some(start),
                Err(rest) => at = rest,
            }
        }
        self.prefilter.find(&block[at..]).map(|hit| at + hit)
    }
}

/// The next occurrence of the prefix; `Err` has the byte where the search stopped, less than a
/// vector before the end.
#[inline(always)]
fn compare<S: Simd>(simd: S, block: &[u8], from: usize) -> Result<usize, usize> {
    let mut at = from;
    while let Some(window) = block.get(at..at + LANES + 2) {
        let lane = |offset: usize| {
            u8x64::from_slice(simd, &window[offset..offset + LANES]).simd_eq(PREFIX[offset])
        };
        let hits = (lane(0) & lane(1) & lane(2)).to_bitmask();
        if hits != 0 {
            return Ok(at + hits.trailing_zeros() as usize);
        }
        at += LANES;
    }
    Err(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_anywhere_in_short_and_long_blocks() {
        let prefix = Prefix::default();
        for length in [7, 100, LONG_BYTES - 1, LONG_BYTES, LONG_BYTES + 300] {
            for at in (0..length - 6).filter(|at| *at < 200 || length - at < 200) {
                let mut block = vec![b'x'; length];
                block[at..at + 6].copy_from_slice(b"871300");
                let mut numbers = Vec::new();
                assert_eq!(prefix.fill(&block, 0, &mut numbers), length);
                assert_eq!(
                    numbers.iter().map(|number| number.range.start).collect::<Vec<_>>(),
                    [at],
                    "{length}"
                );
            }
        }
    }
}
