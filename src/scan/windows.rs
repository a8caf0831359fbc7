//! One bit per byte in words of 64: which bytes are digits, and by shifts and ands of these words,
//! where runs of digits begin. Knows how long a run has to be and what it may begin with, but not
//! which runs are codes.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, i8x64, u8x64};

/// How many bytes one window covers: a word has one bit for each.
pub(super) const WINDOW: usize = 64;
/// How many windows are scanned before the runs in them are looked at: in a log full of numbers,
/// the processor cannot predict which window has one, and a wrong guess costs more than a window. A
/// word has one bit for each.
pub(super) const BATCH: usize = 64;
/// How many bytes a batch looks at: its windows, and the one after them.
const BATCH_BYTES: usize = (BATCH + 1) * WINDOW;
/// How many bytes are scanned as a batch even if the block ends before the batch. Fewer are scanned
/// window by window.
pub(super) const BATCH_MIN: usize = BATCH / 2 * WINDOW;

/// Which runs of digits are found.
pub(super) trait Shape {
    /// The length, 5 or 6, from which a run counts.
    const RUN: u32;
    /// The digits that a run may begin with, if these are few. Some runs with other beginnings are
    /// found, too.
    const FIRSTS: Option<ByteRange>;
}

/// The bytes from `first` on, as many as `count`.
#[derive(Clone, Copy)]
pub(super) struct ByteRange {
    pub(super) first: u8,
    pub(super) count: u8,
}

const DIGITS: ByteRange = ByteRange { first: b'0', count: 10 };

/// A bit for each byte of the window from here on that is a digit. The window may reach over the
/// end of a block, or be after it.
#[inline(always)]
pub(super) fn digits_at<S: Simd>(simd: S, block: &[u8], at: usize) -> u64 {
    let rest = block.get(at..).unwrap_or_default();
    let window: [u8; WINDOW] =
        rest.first_chunk().copied().unwrap_or_else(|| padded_with_zeros(rest));
    digits(u8x64::from_slice(simd, &window))
}

/// `rest`, which is shorter than `N`, and zeros.
pub(super) fn padded_with_zeros<const N: usize>(rest: &[u8]) -> [u8; N] {
    let mut padded = [0; N];
    padded[..rest.len()].copy_from_slice(rest);
    padded
}

/// A bit for each byte that is a digit.
#[inline(always)]
fn digits<S: Simd>(window: u8x64<S>) -> u64 {
    to_the_top(window, DIGITS).simd_gt(below(DIGITS)).to_bitmask()
}

/// A bit for each byte of two windows that may be a first digit. It is set if there is one at the
/// same place in any half of a window. This is cheaper than one bit for each byte, and few runs of
/// digits are at such a place by accident.
#[inline(always)]
fn firsts<S: Simd, M: Shape>(one: u8x64<S>, other: u8x64<S>) -> u64 {
    let Some(firsts) = M::FIRSTS else { return u64::MAX };
    let (one, other) = (to_the_top(one, firsts).split(), to_the_top(other, firsts).split());
    let greatest = one.0.max(one.1).max(other.0.max(other.1));
    let half = greatest.simd_gt(below(firsts)).to_bitmask();
    half | half << 32
}

/// Adds to all bytes what makes a range of them the greatest signed bytes, so that one comparison
/// with [`below`] finds them.
#[inline(always)]
fn to_the_top<S: Simd>(bytes: u8x64<S>, range: ByteRange) -> i8x64<S> {
    (bytes + 128_u8.wrapping_sub(range.first).wrapping_sub(range.count)).bitcast()
}

/// The greatest signed byte that is less than those of a range that was moved to the top.
const fn below(range: ByteRange) -> i8 {
    i8::MAX - range.count as i8
}

/// Windows that are scanned without a branch on their bytes.
pub(super) struct Batch {
    /// Of the window before the batch, of its windows, and of the one after it.
    digits: [u64; BATCH + 2],
    /// Where a run may begin: by [`firsts`], and then by [`starts`], too.
    found: [u64; BATCH],
}

impl Batch {
    /// Nothing is found yet.
    #[inline(always)]
    pub(super) fn new() -> Self {
        Batch { digits: [0; BATCH + 2], found: [0; BATCH] }
    }

    /// Looks at [`BATCH`] windows from the beginning of `rest`; after its end, they have no digits.
    /// `before` is the digits of the window before them.
    #[inline(always)]
    pub(super) fn scan<S: Simd, M: Shape>(&mut self, simd: S, before: u64, rest: &[u8]) {
        self.digits[0] = before;
        let padded;
        let bytes: &[u8; BATCH_BYTES] = if let Some(bytes) = rest.first_chunk() {
            bytes
        } else {
            padded = padded_with_zeros(rest);
            &padded
        };
        let window = |index: usize| u8x64::from_slice(simd, &bytes.as_chunks::<WINDOW>().0[index]);
        for index in (0..BATCH).step_by(2) {
            let (one, other) = (window(index), window(index + 1));
            self.digits[index + 1] = digits(one);
            self.digits[index + 2] = digits(other);
            self.found[index] = firsts::<S, M>(one, other);
            self.found[index + 1] = self.found[index];
        }
        self.digits[BATCH + 1] = digits(window(BATCH));
        for (found, digits) in self.found.iter_mut().zip(self.digits.windows(3)) {
            *found &= starts::<M>(digits[0], digits[1], digits[2]);
        }
    }

    /// The digits of the last window, not counting the one after the batch.
    #[inline(always)]
    pub(super) fn last_digits(&self) -> u64 {
        self.digits[BATCH]
    }

    /// A bit for each byte of a window that begins a run.
    #[inline(always)]
    pub(super) fn starts(&self, index: usize) -> u64 {
        self.found[index]
    }

    /// A bit for each window in which a run begins.
    #[inline(always)]
    pub(super) fn with_run(&self) -> u64 {
        let with_run =
            |windows, (index, found): (usize, &u64)| windows | u64::from(*found != 0) << index;
        self.found.iter().enumerate().fold(0, with_run)
    }
}

/// A bit for each byte of a window that begins a maximal run with at least the accepted length,
/// given the digits of the windows before and after it.
#[inline(always)]
pub(super) fn starts<M: Shape>(before: u64, digits: u64, after: u64) -> u64 {
    let two = digits & (digits >> 1 | after << 63);
    let two_after = after & after >> 1;
    let four = two & (two >> 2 | two_after << 62);
    let long = four
        & match M::RUN {
            5 => digits >> 4 | after << 60,
            _ => two >> 4 | two_after << 60,
        };
    long & !(digits << 1 | before >> 63)
}
