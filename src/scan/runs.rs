//! The scanner for all families: one bit per byte, runs of digits by shifts and ands. Knows what
//! built-in codes begin with, but not what they mean.
//!
//! `benches/README.md` lists what else was tried, with figures.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x64};

use super::prefixes::PREFIXES;
use super::{NUMBERS_MAX, Number, run_end};
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
/// if no code begins with them.
static NEXT_END: [u16; 1000] = {
    let mut ends = [0; 1000];
    let mut index = 0;
    while index < PREFIXES.len() {
        let (first, next) = PREFIXES[index];
        ends[first as usize] = next + 1;
        index += 1;
    }
    ends
};

/// How many bytes one window covers: a word has one bit for each.
const WINDOW: usize = 64;
/// How many windows are scanned before the runs in them are looked at: in a log full of numbers,
/// the processor cannot predict which window has one, and a wrong guess costs more than a window. A
/// word has one bit for each.
const BATCH: usize = 64;
/// How many bytes a batch looks at: its windows, and the one after them.
const BATCH_BYTES: usize = (BATCH + 1) * WINDOW;

/// What a search accepts.
trait Mode: Copy {
    /// The length, 5 or 6, from which a run counts.
    const RUN: u32;
    /// The bytes that a run may begin with: the first of them, and their number.
    const FIRSTS: (u8, u8);
    /// Whether a run may begin with these digits.
    fn begins(self, digits: &[u8]) -> bool;
}

#[derive(Clone, Copy)]
struct BuiltIn;

impl Mode for BuiltIn {
    const RUN: u32 = 6;
    const FIRSTS: (u8, u8) = (b'7', 2);

    /// Has no branch on the digits, which the processor cannot predict in a log full of numbers.
    #[inline(always)]
    fn begins(self, digits: &[u8]) -> bool {
        let mut padded = [0; 8];
        let bytes = digits.first_chunk::<8>().unwrap_or_else(|| {
            padded[..digits.len()].copy_from_slice(digits);
            &padded
        });
        let number = six_digits(u64::from_le_bytes(*bytes));
        number % 1000 < u32::from(NEXT_END[(number / 1000) as usize % NEXT_END.len()])
    }
}

/// The value of the first six of eight bytes, which are digits: multiplication joins pairs, then
/// fours, then all of them.
#[inline(always)]
fn six_digits(bytes: u64) -> u32 {
    let digits = (bytes << 16) & 0x0f0f_0f0f_0f0f_0000;
    let pairs = (digits.wrapping_mul(10).wrapping_add(digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100).wrapping_add(pairs >> 16)) & 0x0000_ffff_0000_ffff;
    (fours.wrapping_mul(10_000).wrapping_add(fours >> 32)) as u32
}

#[derive(Clone, Copy)]
struct Any;

impl Mode for Any {
    const RUN: u32 = 5;
    const FIRSTS: (u8, u8) = (b'1', 9);

    #[inline(always)]
    fn begins(self, _: &[u8]) -> bool {
        true
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
        let (mut at, mut before) = (from, 0);
        while let Some(bytes) = block.get(at..).and_then(|rest| rest.first_chunk::<BATCH_BYTES>()) {
            let batch = Batch::new::<S, M>(simd, bytes, before);
            for (index, starts) in batch.with_run() {
                self.take(mode, starts, at + index * WINDOW, block, numbers);
            }
            before = batch.last_digits;
            at += BATCH * WINDOW;
            if numbers.len() >= NUMBERS_MAX && !is_last(before) {
                return at;
            }
        }
        let mut window = Window::at::<S, M>(simd, block, at);
        while at < block.len() {
            let next = Window::at::<S, M>(simd, block, at + WINDOW);
            let starts = starts::<M>(before, window, next.digits);
            if starts != 0 {
                self.take(mode, starts, at, block, numbers);
            }
            (before, window) = (window.digits, next);
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

    /// The number that begins at `start`, if its length fits.
    #[inline]
    fn number_at(&self, block: &[u8], start: usize) -> Option<Number> {
        let limit = block.len().min(start + self.digits_max + 1);
        let end = run_end(&block[..limit], start);
        let fits = (self.digits_min..=self.digits_max).contains(&(end - start));
        let code = fits.then(|| Code::from_digits(&block[start..end])).flatten()?;
        Some(Number { range: start..end, code })
    }
}

/// A bit for each byte of a window.
#[derive(Debug, Clone, Copy)]
struct Window {
    /// Whether it is a digit.
    digits: u64,
    /// Whether a run may begin with it.
    firsts: u64,
}

impl Window {
    #[inline(always)]
    fn new<S: Simd, M: Mode>(simd: S, window: &[u8; WINDOW]) -> Self {
        let bytes = u8x64::from_slice(simd, window);
        let (first, count) = M::FIRSTS;
        Window {
            digits: (bytes - b'0').simd_lt(10).to_bitmask(),
            firsts: (bytes - first).simd_lt(count).to_bitmask(),
        }
    }

    /// The window from here on, which may reach over the end of a block, or be after it.
    #[inline(always)]
    fn at<S: Simd, M: Mode>(simd: S, block: &[u8], at: usize) -> Self {
        let rest = block.get(at..).unwrap_or_default();
        let mut padded = [0; WINDOW];
        let window = rest.first_chunk().unwrap_or_else(|| {
            padded[..rest.len()].copy_from_slice(rest);
            &padded
        });
        Window::new::<S, M>(simd, window)
    }
}

/// Windows that were scanned without a branch on their bytes.
struct Batch {
    /// See [`starts`].
    found: [u64; BATCH],
    last_digits: u64,
}

impl Batch {
    /// `before` is the digits of the window before it.
    #[inline(always)]
    fn new<S: Simd, M: Mode>(simd: S, bytes: &[u8; BATCH_BYTES], before: u64) -> Self {
        let mut digits = [before; BATCH + 2];
        let mut firsts = [0; BATCH + 1];
        for (index, window) in bytes.as_chunks::<WINDOW>().0.iter().enumerate() {
            let window = Window::new::<S, M>(simd, window);
            (digits[index + 1], firsts[index]) = (window.digits, window.firsts);
        }
        let mut found = [0; BATCH];
        for (index, found) in found.iter_mut().enumerate() {
            let window = Window { digits: digits[index + 1], firsts: firsts[index] };
            *found = starts::<M>(digits[index], window, digits[index + 2]);
        }
        Batch { found, last_digits: digits[BATCH] }
    }

    /// The windows in which a run begins: their index, and where.
    #[inline(always)]
    fn with_run(&self) -> impl Iterator<Item = (usize, u64)> {
        let with_run =
            |windows, (index, found): (usize, &u64)| windows | u64::from(*found != 0) << index;
        let mut windows: u64 = self.found.iter().enumerate().fold(0, with_run);
        std::iter::from_fn(move || {
            let index = (windows != 0).then(|| windows.trailing_zeros() as usize)?;
            windows &= windows - 1;
            Some((index, self.found[index]))
        })
    }
}

/// Whether the last byte of a window is a digit.
fn is_last(digits: u64) -> bool {
    digits >> (WINDOW - 1) != 0
}

/// A bit for each byte of a window that begins a maximal run with at least the accepted length and
/// with an accepted first digit, given the digits of the windows before and after it.
#[inline(always)]
fn starts<M: Mode>(before: u64, Window { digits, firsts }: Window, after: u64) -> u64 {
    let two = digits & (digits >> 1 | after << 63);
    let two_after = after & after >> 1;
    let four = two & (two >> 2 | two_after << 62);
    let long = four
        & match M::RUN {
            5 => digits >> 4 | after << 60,
            _ => two >> 4 | two_after << 60,
        };
    long & firsts & !(digits << 1 | before >> 63)
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
    fn six_digits_become_a_number() {
        for number in [0, 7, 871_300, 898_001, 999_999] {
            let text = format!("{number:06}x0");
            let bytes = text.as_bytes().first_chunk().expect("eight bytes");
            assert_eq!(six_digits(u64::from_le_bytes(*bytes)), number);
        }
    }

    #[test]
    fn very_many_numbers_come_in_several_calls() {
        let block = b"871300 ".repeat(5000);
        let (runs, mut numbers, mut from, mut calls) = (Runs::default(), Vec::new(), 0, 0);
        while from < block.len() {
            let mut some = Vec::new();
            from = runs.fill(&block, from, &mut some);
            assert!(some.len() <= NUMBERS_MAX + BATCH_BYTES);
            numbers.extend(some);
            calls += 1;
        }
        assert_eq!((numbers.len(), calls > 1), (5000, true));
        assert!(numbers.iter().enumerate().all(|(index, number)| number.range.start == index * 7));
    }

    fn places(runs: &Runs, block: &[u8]) -> Vec<(usize, usize)> {
        let mut numbers = Vec::new();
        assert_eq!(runs.fill(block, 0, &mut numbers), block.len());
        numbers.iter().map(|number| (number.range.start, number.range.end)).collect()
    }
}
