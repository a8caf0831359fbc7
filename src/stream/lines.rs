//! The lines of an input one by one, cut as a pass cuts them.
//!
//! Owns where a line is in its input. Knows nothing about codes.

use std::io::{self, Read};
use std::ops::ControlFlow;

use super::blocks::Blocks;
use super::transport::Plain;
use crate::annotate::Block;

/// A line, or a piece of a line longer than [`LINE_BYTES_MAX`](super::LINE_BYTES_MAX), and where it
/// is.
#[derive(Debug, Clone, Copy)]
pub struct PlacedLine<'b> {
    /// The bytes, with the line end.
    pub block: Block<'b>,
    /// The number of the line, 1-based.
    pub number: u64,
    /// How many bytes of the line came in earlier pieces.
    pub before: u64,
    /// What the end of the bytes is.
    pub end: End,
}

/// What the end of a line or a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A line end, the end of the input, or a place where a long line may be cut.
    Found,
    /// The place where a read failed. A number there may be only the first half.
    Unknown,
}

/// Where the next line is.
#[derive(Debug)]
struct Place {
    number: u64,
    before: u64,
}

/// Shows each line of an input to a function as soon as it is read, until the function breaks.
///
/// # Errors
/// The reader's. Everything that was read before is shown first.
pub fn for_each_line<R: Read, B>(
    reader: R,
    mut show: impl FnMut(PlacedLine<'_>) -> ControlFlow<B>,
) -> io::Result<ControlFlow<B>> {
    let (mut blocks, mut input) = (Blocks::default(), Plain::new(reader, io::sink()));
    let mut place = Place { number: 1, before: 0 };
    let error = loop {
        match blocks.next(&mut input) {
            Ok(Some(block)) => {
                if let ControlFlow::Break(value) = place.show(block, End::Found, &mut show) {
                    return Ok(ControlFlow::Break(value));
                }
            }
            Ok(None) => return Ok(ControlFlow::Continue(())),
            Err(error) => break error,
        }
    };
    match blocks.rest().map(|rest| place.show(rest, End::Unknown, &mut show)) {
        Some(ControlFlow::Break(value)) => Ok(ControlFlow::Break(value)),
        Some(ControlFlow::Continue(())) | None => Err(error),
    }
}

impl Place {
    fn show<B>(
        &mut self,
        block: Block<'_>,
        end: End,
        show: &mut impl FnMut(PlacedLine<'_>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        for line in block.split_lines() {
            let bytes = line.bytes;
            show(PlacedLine { block: line, number: self.number, before: self.before, end })?;
            if bytes.ends_with(b"\n") {
                (self.number, self.before) = (self.number + 1, 0);
            } else {
                self.before += bytes.len() as u64;
            }
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::Start;
    use crate::stream::LINE_BYTES_MAX;

    #[test]
    fn lines_and_pieces_know_their_place() {
        let long = "x".repeat(LINE_BYTES_MAX + 10);
        let input = format!("one\n{long}\n\nlast");
        let mut places = Vec::new();
        let all = for_each_line(input.as_bytes(), |line| -> ControlFlow<()> {
            places.push((line.number, line.before, line.block.bytes.len(), line.block.start));
            ControlFlow::Continue(())
        });
        assert!(all.expect("memory does not fail").is_continue());
        let want = [
            (1, 0, 4, Start::Line),
            (2, 0, LINE_BYTES_MAX, Start::Line),
            (2, LINE_BYTES_MAX as u64, 11, Start::Piece),
            (3, 0, 1, Start::Line),
            (4, 0, 4, Start::Line),
        ];
        assert_eq!(places, want);
    }
}
