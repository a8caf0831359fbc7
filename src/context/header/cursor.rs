//! A position in a line that moves forward over what it finds. It knows bytes, digits, and colors,
//! but no format.

use std::ops::RangeInclusive;

use crate::ansi::Sequence;

/// The byte order mark of UTF-8, which Windows tools and GitHub's log archives put first.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The most color sequences skipped before a prefix: a reset, and one each for weight, foreground,
/// and background.
const ESCAPES_MAX: usize = 4;

/// A position in a line. A method that returns `None` has not moved it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'l> {
    text: &'l [u8],
    at: usize,
}

impl<'l> Cursor<'l> {
    /// A cursor at byte `at` of `text`, at its end when `text` is shorter.
    pub(super) fn new(text: &'l [u8], at: usize) -> Self {
        let at = at.min(text.len());
        Self { text, at }
    }

    pub(super) fn text(&self) -> &'l [u8] {
        self.text
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'l [u8] {
        &self.text[self.at..]
    }

    /// The bytes between `start` and the cursor.
    pub(super) fn since(&self, start: usize) -> &'l [u8] {
        &self.text[start.min(self.at)..self.at]
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    pub(super) fn byte(&mut self, wanted: u8) -> Option<()> {
        (self.peek()? == wanted).then(|| self.at += 1)
    }

    pub(super) fn one_of(&mut self, wanted: &[u8]) -> Option<u8> {
        let byte = self.peek()?;
        wanted.contains(&byte).then(|| self.at += 1)?;
        Some(byte)
    }

    pub(super) fn literal(&mut self, wanted: &[u8]) -> Option<()> {
        let found = self.rest().starts_with(wanted);
        found.then(|| self.at += wanted.len())
    }

    /// Bytes as in `pattern`, where `0` matches any digit.
    ///
    /// All bytes are compared, even after one that differs: with the length known, that becomes a
    /// few wide instructions and halves the time that a whole header takes.
    #[inline]
    pub(super) fn shape<const N: usize>(&mut self, pattern: &[u8; N]) -> Option<()> {
        let found = self.rest().first_chunk::<N>()?;
        let mut fits = true;
        for (&byte, &wanted) in found.iter().zip(pattern) {
            let digit = wanted == b'0' && byte.is_ascii_digit();
            fits &= digit || (wanted != b'0' && byte == wanted);
        }
        fits.then(|| self.at += N)
    }

    /// The bytes of one kind, up to the first of another; `None` if their count is not in
    /// `lengths`.
    #[inline]
    pub(super) fn run(
        &mut self,
        lengths: RangeInclusive<usize>,
        kind: impl Fn(u8) -> bool,
    ) -> Option<&'l [u8]> {
        let rest = self.rest();
        let window = &rest[..rest.len().min(lengths.end().saturating_add(1))];
        let length = window.iter().position(|&byte| !kind(byte)).unwrap_or(window.len());
        lengths.contains(&length).then(|| self.at += length)?;
        Some(&rest[..length])
    }

    #[inline]
    pub(super) fn digits(&mut self, lengths: RangeInclusive<usize>) -> Option<&'l [u8]> {
        self.run(lengths, |byte| byte.is_ascii_digit())
    }

    /// A decimal number that fits into a `u32`.
    #[inline]
    pub(super) fn number(&mut self) -> Option<u32> {
        let start = self.at;
        let mut value = 0u32;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            let next =
                value.checked_mul(10).and_then(|tens| tens.checked_add((digit - b'0').into()));
            let Some(next) = next else {
                self.at = start;
                return None;
            };
            value = next;
            self.at += 1;
        }
        (self.at > start).then_some(value)
    }

    /// Moves over spaces and returns their number.
    #[inline]
    pub(super) fn spaces(&mut self) -> usize {
        let start = self.at;
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
        self.at - start
    }

    /// One or more spaces.
    #[inline]
    pub(super) fn gap(&mut self) -> Option<()> {
        (self.spaces() > 0).then_some(())
    }

    /// Bytes up to this one; `None` if it is next, or more than `bytes_max` bytes away.
    pub(super) fn before(&mut self, wanted: u8, bytes_max: usize) -> Option<&'l [u8]> {
        let rest = self.rest();
        let window = &rest[..rest.len().min(bytes_max + 1)];
        let length = memchr::memchr(wanted, window).filter(|length| *length > 0)?;
        self.at += length;
        Some(&rest[..length])
    }

    /// Bytes up to the next space or tab.
    pub(super) fn word(&mut self, bytes_max: usize) -> Option<&'l [u8]> {
        self.run(1..=bytes_max, |byte| byte != b' ' && byte != b'\t')
    }

    /// Moves over color sequences and returns where the last of them begins; the cursor's position
    /// if there is none.
    pub(super) fn escapes(&mut self) -> usize {
        let mut last = self.at;
        for _ in 0..ESCAPES_MAX {
            let Some(color) = Sequence::color_at_start(self.rest()) else { break };
            last = self.at;
            self.at += color.bytes.len();
        }
        last
    }

    /// What `parse` finds; if it finds nothing, the cursor does not move.
    #[inline]
    pub(super) fn attempt<T>(&mut self, parse: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let start = self.at;
        let found = parse(self);
        if found.is_none() {
            self.at = start;
        }
        found
    }
}
