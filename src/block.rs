//! A block: bytes as they arrived, and what is around them in their line. Every step of the pass
//! works on blocks.

use std::ops::Range;

/// Bytes of one or more whole lines, as they arrived; or a piece of a line that is too long to be
/// kept whole.
#[derive(Debug, Clone, Copy)]
pub struct Block<'b> {
    /// The bytes.
    pub bytes: &'b [u8],
    /// What the first byte is.
    pub start: Start,
    /// For a piece: what the same line has before and after it.
    pub(crate) around: Neighbors<'b>,
}

/// What the first byte of a block or a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// The first byte of a line.
    #[default]
    Line,
    /// A byte in the middle of a line that was cut.
    Piece,
}

/// The text around a piece, at most [`AROUND_BYTES`] on each side, so that a number next to a cut
/// is judged as if there were no cut.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Neighbors<'b> {
    pub(crate) before: &'b [u8],
    /// Empty if the line ends with the piece.
    pub(crate) after: &'b [u8],
}

/// How much of a line is known around a piece of it, in bytes: where nothing but explanations of
/// ours is between codes, it still has more text than the evidence for a number reaches
/// (`VICINITY_BYTES` in `context/surroundings.rs`).
pub(crate) const AROUND_BYTES: usize = 12 * 1024;
/// The same where there is no explanation.
pub(crate) const PLAIN_AROUND_BYTES: usize = 2048;

impl<'b> Block<'b> {
    /// Whole lines.
    #[must_use]
    pub fn lines(bytes: &'b [u8]) -> Self {
        Block { bytes, start: Start::Line, around: Neighbors::default() }
    }

    /// A piece of a line, with what the line has before and after it. An empty `before` says that
    /// the line begins with the piece, and an empty `after` that it ends with it.
    #[must_use]
    pub fn piece(before: &'b [u8], bytes: &'b [u8], after: &'b [u8]) -> Self {
        let start = if before.is_empty() { Start::Line } else { Start::Piece };
        let before = &before[before.len().saturating_sub(AROUND_BYTES)..];
        let after = &after[..after.len().min(AROUND_BYTES)];
        Block { bytes, start, around: Neighbors { before, after } }
    }

    /// Whole lines and the rest; or all of it and nothing, if nothing is left.
    pub(crate) fn split_at(self, end: usize) -> (Self, Self) {
        match self.bytes.split_at(end) {
            (_, []) => (self, Block::lines(&[])),
            (lines, rest) => (Block::lines(lines), Block::lines(rest)),
        }
    }

    /// Its lines, one by one; a piece is one.
    pub(crate) fn split_lines(self) -> impl Iterator<Item = Block<'b>> {
        let lines = self.bytes.split_inclusive(|byte| *byte == b'\n');
        lines.map(move |line| match self.is_piece() {
            true => Block { bytes: line, ..self },
            false => Block::lines(line),
        })
    }

    /// Whether it is a piece of a line.
    pub(crate) fn is_piece(&self) -> bool {
        self.start == Start::Piece || self.is_cut()
    }

    /// Replaces `text` by a piece between two texts, and returns where in it the piece is.
    pub(crate) fn write_between(&self, around: Neighbors<'_>, text: &mut Vec<u8>) -> Range<usize> {
        let Neighbors { before, after } = around;
        text.clear();
        [before, self.bytes, after].iter().for_each(|part| text.extend_from_slice(part));
        before.len()..before.len() + self.bytes.len()
    }

    /// What its line or a line below has from byte `at` on.
    pub(crate) fn from(&self, at: usize) -> &'b [u8] {
        if at == self.bytes.len() { self.around.after } else { &self.bytes[at..] }
    }

    /// Whether its line has more before and after it.
    #[cfg(feature = "cli")]
    pub(crate) fn cuts(&self) -> [bool; 2] {
        [self.start == Start::Piece, self.is_cut()]
    }

    /// Whether its line goes on in the next block.
    pub(crate) fn is_cut(&self) -> bool {
        !self.around.after.is_empty()
    }
}
