//! Whether a text may contain a word, in any case, without a search for it: four bytes in a
//! row of the word are nowhere in the text.
//!
//! Owns the filter (Bloom's). Knows nothing about words.

use std::ops::Range;

use super::chunk;

/// The bytes of a text, four in a row at every fourth place, as far as it was read. The parts of a
/// text that are asked for overlap, and each would otherwise be searched for another word.
#[derive(Debug, Default)]
pub(super) struct Grams {
    part: Range<usize>,
    /// A bit for each hash; empty if nothing was read.
    bits: Vec<u64>,
    /// How many words were asked for.
    asked: u32,
}

/// How many bits the filter has for a short text and for a long one, as powers of two: that of a
/// short text must be cleared fast.
const SHORT_FILTER_BITS: u32 = 11;
const LONG_FILTER_BITS: u32 = 14;
/// The longest text that is short, in bytes.
const SHORT_BYTES_MAX: usize = 1024;
/// How many words are not looked up for a short text: searching it for these takes no longer than
/// reading it.
const NOT_LOOKED_UP: u32 = 2;
const GRAM_BYTES: usize = 4;

impl Grams {
    /// Whether a part of a text, which is always the same, may contain a word.
    pub(super) fn may_contain(&mut self, text: &[u8], part: Range<usize>, word: &[u8]) -> bool {
        let is_short = text.len() <= SHORT_BYTES_MAX;
        self.asked += 1;
        if is_short && self.asked <= NOT_LOOKED_UP {
            return true;
        }
        let filter_bits = if is_short { SHORT_FILTER_BITS } else { LONG_FILTER_BITS };
        self.read(text, part, filter_bits);
        let is_there = |gram: &[u8]| {
            let (index, bit) = place(gram, filter_bits);
            self.bits[index] & bit != 0
        };
        // One of the first four places of the word is one at which the text was read.
        let mut places = (0..GRAM_BYTES).filter_map(|place| word.get(place..));
        word.len() < 2 * GRAM_BYTES
            || places.any(|rest| rest.chunks_exact(GRAM_BYTES).all(is_there))
    }

    fn read(&mut self, text: &[u8], part: Range<usize>, filter_bits: u32) {
        if self.bits.is_empty() || part.start < self.part.start || part.start > self.part.end {
            self.bits.clear();
            self.bits.resize(1 << (filter_bits - u64::BITS.ilog2()), 0);
            self.part = part.start..part.start;
        }
        if part.end > self.part.end {
            // Four bytes may begin in what was read before.
            let from = self.part.start.max((self.part.end + 1).saturating_sub(GRAM_BYTES));
            let from = from.next_multiple_of(GRAM_BYTES).min(part.end);
            for gram in text[from..part.end].chunks_exact(GRAM_BYTES) {
                let (index, bit) = place(gram, filter_bits);
                self.bits[index] |= bit;
            }
            self.part.end = part.end;
        }
    }
}

/// The bit of four bytes, the same in any case.
#[inline]
fn place(gram: &[u8], filter_bits: u32) -> (usize, u64) {
    let bytes = gram.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
    chunk::place(bytes | 0x2020_2020, filter_bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_may_be_there() {
        let text = b"code = 871300, HAVE Not logged in. And much more, @[` 871301";
        for (times, step) in [(3, 1), (3, 3), (3, 50), (18, 7), (18, 200)] {
            let text = text.repeat(times);
            let mut grams = Grams::default();
            let starts = (0..text.len()).step_by(step);
            for start in starts.clone().chain(starts.rev()) {
                let part = start..text.len().min(start + 40);
                for end in part.clone() {
                    let word = text[start..end].to_ascii_lowercase();
                    assert!(grams.may_contain(&text, part.clone(), &word), "{start}..{end}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_there_is_rarely_taken_for_it() {
        for count in [10, 100, 2000] {
            let text: String = (0..count).map(|number| format!("word{number} ")).collect();
            let mut grams = Grams::default();
            let words = (0..1000).map(|number| format!("No {number} network"));
            let part = || 0..text.len();
            let found =
                words.filter(|word| grams.may_contain(text.as_bytes(), part(), word.as_bytes()));
            assert!(found.count() < 20, "{count}");
        }
    }
}
