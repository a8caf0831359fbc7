//! A block: bytes as they arrived, and what the first of them is. Every step of the pass works on
//! blocks.

/// Bytes of one or more whole lines, as they arrived; or a piece of a line that is too long for the
/// buffer.
#[derive(Debug, Clone, Copy)]
pub struct Block<'b> {
    /// The bytes.
    pub bytes: &'b [u8],
    /// What the first byte is.
    pub start: Start,
}

impl Block<'_> {
    /// How many digits at the beginning belong to a run that was cut before them.
    pub(crate) fn cut_digits(&self) -> usize {
        match self.start {
            Start::PieceInDigits => self.bytes.iter().take_while(|b| b.is_ascii_digit()).count(),
            Start::Line | Start::Piece => 0,
        }
    }
}

/// What the first byte of a block or a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// The first byte of a line.
    #[default]
    Line,
    /// A byte in the middle of a line that was cut.
    Piece,
    /// The same, within a run of digits that was too long to keep whole.
    PieceInDigits,
}
