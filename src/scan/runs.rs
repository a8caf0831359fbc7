//! The scanner for all families: takes the runs of digits that have the length and the beginning of
//! a code. Knows what built-in codes begin with, but not what they mean.
//!
//! `benches/README.md` lists what else was tried, with figures.

use fearless_simd::{Level, Simd, dispatch};

use super::prefixes::PREFIXES;
use super::windows::{
    BATCH, BATCH_MIN, Batch, ByteRange, Shape, WINDOW, digits_at, padded_with_zeros, starts,
};
use super::{NUMBERS_MAX, Number};
use crate::catalog::Code;

/// Finds maximal runs of digits with a certain length and beginning.
#[derive(Debug, Clone)]
pub struct Runs {
    digits_min: usize,
    digits_max: usize,
    beginning: Beginning,
    level: Level,
}

/// What a run may begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beginning {
    /// One of [`PREFIXES`].
    BuiltIn,
    /// Any digit except `0`.
    Any,
}

/// For each value of the first three digits, one more than the largest value of the next three; 0
/// if no code begins with them. Both are in [`packed`] form.
static NEXT_END: [u16; 0x1000] = {
    let mut ends = [0; 0x1000];
    let mut index = 0;
    while index < PREFIXES.len() {
        let (first, next) = PREFIXES[index];
        ends[packed(first) as usize] = packed(next) + 1;
        index += 1;
    }
    ends
};

/// Three digits with four bits for each. These are in the order of the numbers.
const fn packed(number: u16) -> u16 {
    ((number / 100) << 8) | ((number / 10 % 10) << 4) | (number % 10)
}

/// What a search accepts.
trait Mode: Shape + Copy {
    /// Whether a run may begin with these digits.
    fn begins(self, digits: &[u8]) -> bool;
}

#[derive(Clone, Copy)]
struct BuiltIn;

impl Shape for BuiltIn {
    const RUN: u32 = 6;
    const FIRSTS: Option<ByteRange> = Some(ByteRange { first: b'7', count: 2 });
}

impl Mode for BuiltIn {
    /// Has no branch on the digits, which the processor cannot predict in a log full of numbers.
    #[inline(always)]
    fn begins(self, digits: &[u8]) -> bool {
        let bytes = digits.first_chunk().copied().unwrap_or_else(|| padded_with_zeros(digits));
        let bytes = u64::from_le_bytes(bytes);
        packed_digits(bytes >> 24) < NEXT_END[usize::from(packed_digits(bytes))]
    }
}

/// The first three of some bytes, which are digits, as [`packed`]: one multiplication moves all of
/// them to their places.
#[inline(always)]
fn packed_digits(bytes: u64) -> u16 {
    let digits = bytes as u32 & 0x000f_0f0f;
    ((u64::from(digits) * 0x0100_1001) >> 16) as u16 & 0xfff
}

#[derive(Clone, Copy)]
struct Any;

impl Shape for Any {
    const RUN: u32 = 5;
    const FIRSTS: Option<ByteRange> = None;
}

impl Mode for Any {
    #[inline(always)]
    fn begins(self, digits: &[u8]) -> bool {
        digits.first() != Some(&b'0')
    }
}

impl Default for Runs {
    /// The shape of every built-in code: six or seven digits, with one of the known beginnings.
    fn default() -> Self {
        Runs { digits_min: 6, digits_max: 7, beginning: Beginning::BuiltIn, level: Level::new() }
    }
}

impl Runs {
    /// The shape of the built-in codes and of others with `digits_min` to `digits_max` digits, both
    /// clamped to what a table allows, 5 to 10.
    #[must_use]
    pub fn with_digits(digits_min: usize, digits_max: usize) -> Self {
        let built_in = Runs::default();
        Runs {
            digits_min: digits_min.clamp(Code::DIGITS_MIN, built_in.digits_min),
            digits_max: digits_max.clamp(built_in.digits_max, Code::DIGITS_MAX),
            beginning: Beginning::Any,
            ..built_in
        }
    }

    /// See [`Scanner::fill`](super::Scanner::fill).
    pub(super) fn fill(&self, block: &[u8], from: usize, numbers: &mut Vec<Number>) -> usize {
        match self.beginning {
            Beginning::BuiltIn => {
                dispatch!(self.level, simd => self.walk(simd, BuiltIn, block, from, numbers))
            }
            Beginning::Any => {
                dispatch!(self.level, simd => self.walk(simd, Any, block, from, numbers))
            }
        }
    }

    /// Walks the windows, in batches as long as there are enough of them.
    #[inline(always)]
    fn walk<S: Simd, M: Mode>(
        &self,
        simd: S,
        mode: M,
        block: &[u8],
        from: usize,
        numbers: &mut Vec<Number>,
    ) -> usize {
        let (mut at, mut before, mut batch) = (from, 0, Batch::new());
        while let Some(rest) = block.get(at..).filter(|rest| rest.len() >= BATCH_MIN) {
            batch.scan::<S, M>(simd, before, rest);
            let mut with_run = batch.with_run();
            while with_run != 0 {
                let index = with_run.trailing_zeros() as usize;
                with_run &= with_run - 1;
                self.take(mode, batch.starts(index), at + index * WINDOW, block, numbers);
            }
            before = batch.last_digits();
            at += BATCH * WINDOW;
            if numbers.len() >= NUMBERS_MAX && !is_last(before) {
                return at.min(block.len());
            }
        }
        let mut now = digits_at(simd, block, at);
        while at < block.len() {
            let after = digits_at(simd, block, at + WINDOW);
            let starts = starts::<M>(before, now, after);
            if starts != 0 {
                self.take(mode, starts, at, block, numbers);
            }
            (before, now) = (now, after);
            at += WINDOW;
        }
        block.len()
    }

    /// Takes the numbers among the runs of one window, whose first byte is `block[origin]`.
    #[inline(always)]
    fn take<M: Mode>(
        &self,
        mode: M,
        mut starts: u64,
        origin: usize,
        block: &[u8],
        numbers: &mut Vec<Number>,
    ) {
        while starts != 0 {
            let start = origin + starts.trailing_zeros() as usize;
            starts &= starts - 1;
            if block.get(start..).is_some_and(|digits| mode.begins(digits)) {
                numbers.extend(self.number_at(block, start));
            }
        }
    }

    /// The number that begins at `start`, and not with `0`, if its length fits.
    #[inline(never)]
    fn number_at(&self, block: &[u8], start: usize) -> Option<Number> {
        let values = block[start..].iter().map(|byte| byte.wrapping_sub(b'0'));
        let digits = values.take(self.digits_max + 1).take_while(|value| *value < 10);
        let next = |(length, number), digit| (length + 1, number * 10 + u64::from(digit));
        let (length, number) = digits.fold((0, 0), next);
        let fits = (self.digits_min..=self.digits_max).contains(&length);
        fits.then(|| Number { range: start..start + length, code: Code::new(number) })
    }
}

/// Whether the last byte of a window is a digit.
fn is_last(digits: u64) -> bool {
    digits >> (WINDOW - 1) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_found_anywhere_in_the_windows() {
        for at in 0..200 {
            for (digits, want) in [
                ("871300", true),
                ("7130001", true),
                ("7133011", false),
                ("87130", false),
                ("87130000", false),
                ("773300", false),
                ("801008", false),
            ] {
                let block = [vec![b' '; at], digits.as_bytes().to_vec(), vec![b'x'; 70]].concat();
                let want: Vec<_> = want.then_some((at, at + digits.len())).into_iter().collect();
                assert_eq!(places(&Runs::default(), &block), want, "{digits} at {at}");
                assert_eq!(
                    places(&Runs::default(), &block[..at + digits.len()]),
                    want,
                    "{digits} ends the block"
                );
            }
        }
    }

    /// Compared with a loop over the bytes, in blocks that end before, in and after a batch, with
    /// and without the instructions of this processor.
    #[test]
    fn what_is_found_is_what_a_loop_finds() {
        let levels = [Level::new(), Level::baseline()];
        let shapes = [Runs::default(), Runs::with_digits(5, 10)];
        let mut random = 1_u64;
        let mut found = [0; 2];
        for round in 0..300 {
            let length =
                [0, 63, 600, 1200, BATCH_MIN - 200, BATCH_MIN, BATCH * WINDOW, 9000][round % 8];
            let block: Vec<u8> = (0..length + round)
                .map(|_| {
                    random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    b"0000011377888 x"[(random >> 33) as usize % 15]
                })
                .collect();
            for (runs, found) in shapes.iter().zip(&mut found) {
                let want = by_a_loop(runs, &block);
                *found += want.len();
                for level in levels {
                    assert_eq!(places(&Runs { level, ..runs.clone() }, &block), want, "{round}");
                }
            }
        }
        assert!(found.iter().all(|found| *found > 300), "{found:?}");
    }

    #[test]
    fn other_shapes_are_found_only_if_asked_for() {
        let wide = Runs::with_digits(5, 10);
        for (text, want) in
            [("12345", 1), ("1234567890", 1), ("12345678901", 0), ("012345", 0), ("1234", 0)]
        {
            assert_eq!(places(&wide, text.as_bytes()).len(), want, "{text}");
            assert_eq!(places(&Runs::default(), text.as_bytes()).len(), 0, "{text}");
        }
    }

    #[test]
    fn three_digits_are_packed() {
        for (digits, want) in [
            (b"000xxxxx", 0),
            (b"871300\xff\0", 0x871),
            (b"09099999", 0x090),
            (b"999\xff\xff\xff\xff\xff", 0x999),
        ] {
            assert_eq!(packed_digits(u64::from_le_bytes(*digits)), want);
        }
        assert_eq!((packed(871), packed(7), packed(999)), (0x871, 7, 0x999));
    }

    #[test]
    fn very_many_numbers_come_in_several_calls() {
        let block = b"871300 ".repeat(5000);
        let (runs, mut numbers, mut from, mut calls) = (Runs::default(), Vec::new(), 0, 0);
        while from < block.len() {
            let mut some = Vec::new();
            from = runs.fill(&block, from, &mut some);
            assert!(some.len() <= NUMBERS_MAX + BATCH * WINDOW);
            numbers.extend(some);
            calls += 1;
        }
        assert_eq!((numbers.len(), calls > 1, from), (5000, true, block.len()));
        assert!(numbers.iter().enumerate().all(|(index, number)| number.range.start == index * 7));
    }

    fn by_a_loop(runs: &Runs, block: &[u8]) -> Vec<(usize, usize)> {
        let (mut places, mut at) = (Vec::new(), 0);
        while at < block.len() {
            let digits = block[at..].iter().take_while(|byte| byte.is_ascii_digit());
            let end = at + digits.count();
            let accepted = |digits: &str| match runs.beginning {
                Beginning::BuiltIn => {
                    let (first, next) = (digits[..3].parse(), digits[3..6].parse::<u16>());
                    let prefix = PREFIXES.iter().find(|(known, _)| Ok(*known) == first);
                    prefix.is_some_and(|(_, last)| next.is_ok_and(|next| next <= *last))
                }
                Beginning::Any => !digits.starts_with('0'),
            };
            let fits = (runs.digits_min..=runs.digits_max).contains(&(end - at));
            if fits && str::from_utf8(&block[at..end]).is_ok_and(accepted) {
                places.push((at, end));
            }
            at = end.max(at + 1);
        }
        places
    }

    fn places(runs: &Runs, block: &[u8]) -> Vec<(usize, usize)> {
        let (mut numbers, mut from) = (Vec::new(), 0);
        while from < block.len() {
            from = runs.fill(block, from, &mut numbers);
        }
        assert_eq!(from, block.len());
        numbers.iter().map(|number| (number.range.start, number.range.end)).collect()
    }
}
