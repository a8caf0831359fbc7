//! Bytes as they arrive → blocks of whole lines.
//!
//! Owns the buffer and where a line is cut that is too long for it. Does one read for one answer:
//! it never loops to fill the buffer, for that is what makes a live log late.

use std::io;

use super::transport::Transport;
use crate::annotate::{Block, Start};

/// How many bytes one read asks for. Larger reads were not faster (`cat` uses 128 KiB), and the
/// block should stay in the processor's second cache.
pub const READ_BYTES: usize = 128 * 1024;
/// The first read asks for less, so that a short run touches little memory: a pipe holds 64 KiB.
const FIRST_READ_BYTES: usize = 64 * 1024;
/// A partial line of at least this many bytes stays where it is while there is as much room behind
/// it: moving it for each read would cost more than reading to a page's beginning saves.
const MOVED_BYTES: usize = 16 * 1024;
/// The system's pages.
const PAGE_BYTES: usize = 4096;
/// A line that is longer is passed on in pieces of this many bytes.
pub const LINE_BYTES_MAX: usize = 1024 * 1024;
/// A run of digits at a cut is kept whole up to this length, in bytes. No code is as long; a longer
/// run may be cut, since neither part of it is a code.
pub const RUN_BYTES_MAX: usize = 64;

/// Cuts what a transport reads into blocks.
#[derive(Debug, Default)]
pub struct Blocks {
    buffer: Vec<u8>,
    /// Where reads go: a page's beginning, for the system copies faster to there. What is left of a
    /// line lies before it.
    boundary: usize,
    /// What is yet to be handed out: `buffer[start..end]`.
    start: usize,
    end: usize,
    /// Up to here no line end is left in it.
    searched: usize,
    /// What `buffer[start]` is.
    first: First,
    ended: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum First {
    #[default]
    Line,
    Piece,
    PieceInDigits,
}

/// A block as a range of the buffer.
#[derive(Debug, Clone, Copy)]
struct Cut {
    length: usize,
    next: First,
}

impl Blocks {
    /// Makes ready for the next input; the buffer is used again.
    pub fn begin_input(&mut self) {
        (self.start, self.end, self.searched) = (0, 0, 0);
        (self.first, self.ended) = (First::Line, false);
    }

    /// The next block; `None` at the end of the input. The block is the transport's to write before
    /// the next call.
    ///
    /// # Errors
    /// What the transport's read answers. What was read before is handed out first, by the calls
    /// before and, if it is no whole line, by [`Blocks::rest`].
    pub fn next<T: Transport + ?Sized>(
        &mut self,
        transport: &mut T,
    ) -> io::Result<Option<Block<'_>>> {
        let cut = loop {
            if let Some(cut) = self.cut() {
                break cut;
            }
            if self.ended {
                return Ok(self.rest());
            }
            self.read(transport)?;
        };
        Ok(Some(self.hand_out(cut)))
    }

    /// What is left without a line end; `None` if nothing is.
    pub fn rest(&mut self) -> Option<Block<'_>> {
        let length = self.end - self.start;
        (length > 0).then(|| self.hand_out(Cut { length, next: First::Line }))
    }

    fn hand_out(&mut self, cut: Cut) -> Block<'_> {
        let start = match self.first {
            First::Line => Start::Line,
            First::Piece => Start::Piece,
            First::PieceInDigits => Start::PieceInDigits,
        };
        let from = self.start;
        self.start += cut.length;
        self.searched = self.searched.max(self.start);
        self.first = cut.next;
        Block { bytes: &self.buffer[from..self.start], start }
    }

    /// Everything up to the last line end, or a piece of a line that is too long.
    fn cut(&mut self) -> Option<Cut> {
        let fresh = &self.buffer[self.searched..self.end];
        if let Some(at) = memchr::memrchr(b'\n', fresh) {
            let length = self.searched + at + 1 - self.start;
            let first_line =
                memchr::memchr(b'\n', &self.buffer[self.searched..self.end]).unwrap_or(at);
            if self.searched + first_line - self.start < LINE_BYTES_MAX {
                return Some(Cut { length, next: First::Line });
            }
        } else {
            self.searched = self.end;
        }
        let line = &self.buffer[self.start..self.end];
        (line.len() > LINE_BYTES_MAX).then(|| cut_line(line))
    }

    /// One read. A partial line moves before the boundary first, so that the read goes to the
    /// boundary; but a long one only when there is no more room behind it.
    fn read<T: Transport + ?Sized>(&mut self, transport: &mut T) -> io::Result<()> {
        let partial = self.end - self.start;
        let room = self.buffer.len() - self.end;
        let grows = self.buffer.len() < self.boundary + READ_BYTES
            && (room == 0 || partial > self.boundary);
        if grows {
            self.grow();
        } else if partial < MOVED_BYTES || room < MOVED_BYTES {
            self.move_to_boundary();
        }
        let read = transport.read(&mut self.buffer[self.end..])?;
        self.end += read;
        self.ended = read == 0;
        Ok(())
    }

    fn move_to_boundary(&mut self) {
        let start = self.boundary - (self.end - self.start);
        if start != self.start {
            self.buffer.copy_within(self.start..self.end, start);
            self.searched = start + (self.searched - self.start);
            (self.start, self.end) = (start, self.boundary);
        }
    }

    /// First a small buffer, then, when a read has filled it, one with room for the longest line
    /// before its boundary. The system zeroes it page by page as it is touched, so that room which
    /// is not used takes no memory.
    fn grow(&mut self) {
        let (before, read) = match self.buffer.len() {
            0 => (PAGE_BYTES, FIRST_READ_BYTES),
            _ => (LINE_BYTES_MAX + READ_BYTES, READ_BYTES),
        };
        let mut buffer = vec![0; before + read + PAGE_BYTES];
        let boundary = before + buffer[before..].as_ptr().align_offset(PAGE_BYTES).min(PAGE_BYTES);
        let start = boundary - (self.end - self.start);
        buffer[start..boundary].copy_from_slice(&self.buffer[self.start..self.end]);
        buffer.truncate(boundary + read);
        self.searched = start + (self.searched - self.start);
        (self.start, self.end, self.boundary, self.buffer) = (start, boundary, boundary, buffer);
    }
}

/// Where a line of more than [`LINE_BYTES_MAX`] bytes is cut: by its own length, before a run of
/// digits.
fn cut_line(line: &[u8]) -> Cut {
    let end = LINE_BYTES_MAX;
    if !(line[end - 1].is_ascii_digit() && line[end].is_ascii_digit()) {
        return Cut { length: end, next: First::Piece };
    }
    let run = line[..end]
        .iter()
        .rev()
        .take(RUN_BYTES_MAX)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if run < RUN_BYTES_MAX {
        Cut { length: end - run, next: First::Piece }
    } else {
        Cut { length: end, next: First::PieceInDigits }
    }
}
