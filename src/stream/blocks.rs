//! Bytes as they arrive → blocks of whole lines.
//!
//! Owns the buffer, and decides where to cut a line that is too long for it. Does at most one read
//! for a block: it never loops to fill the buffer, because that would delay a live log.

use std::io;

use super::transport::Transport;
use crate::annotate::{Block, Start};

/// How many bytes one read asks for. Larger reads were not faster (`cat` uses 128 KiB), and the
/// block should stay in the processor's second-level cache.
const READ_BYTES: usize = 128 * 1024;
/// The first read asks for less, in bytes, so that a short run touches little memory: a pipe holds
/// 64 KiB.
const FIRST_READ_BYTES: usize = 64 * 1024;
/// A partial line of at least this many bytes stays where it is as long as there is that much room
/// after it: moving it for each read would cost more than reading to the start of a page saves.
const MOVED_BYTES: usize = 16 * 1024;
/// The size of the system's pages, in bytes.
const PAGE_BYTES: usize = 4096;
/// A longer line is passed on in pieces of this many bytes, so that memory stays bounded on a line
/// that never ends.
pub const LINE_BYTES_MAX: usize = 1024 * 1024;
/// A run of digits at a cut is kept whole up to this length, in bytes. No code is that long; a
/// longer run may be cut, since neither part of it is a code.
const RUN_BYTES_MAX: usize = 64;

/// Cuts what a transport reads into blocks.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    buffer: Vec<u8>,
    /// Where reads go: the start of a page, because the system copies faster to there. The rest of
    /// a partial line is before it.
    boundary: usize,
    window: Window,
}

/// The part of the buffer that is not handed out yet: the bytes `start..end`.
#[derive(Debug, Default)]
struct Window {
    start: usize,
    end: usize,
    /// From `start` to here there is no line end.
    searched: usize,
    /// What the byte at `start` is.
    first: Start,
    /// Whether the last read found the end of the input.
    ended: bool,
}

/// The next block: the first `length` bytes of the window.
#[derive(Debug, Clone, Copy)]
struct Cut {
    length: usize,
    /// What the byte after it is.
    next: Start,
}

impl Blocks {
    /// Prepares for the next input; the buffer is reused.
    pub(super) fn begin_input(&mut self) {
        self.window = Window::default();
    }

    /// The next block; `None` at the end of the input. The transport must write the block before
    /// the next call.
    ///
    /// # Errors
    /// Those of the transport's read. What was read before is handed out first: whole lines by the
    /// earlier calls, and the rest by [`Blocks::rest`].
    pub(super) fn next<T: Transport + ?Sized>(
        &mut self,
        transport: &mut T,
    ) -> io::Result<Option<Block<'_>>> {
        let cut = loop {
            if let Some(cut) = self.window.cut(&self.buffer) {
                break cut;
            }
            if self.window.ended {
                return Ok(self.rest());
            }
            self.read(transport)?;
        };
        Ok(Some(self.hand_out(cut)))
    }

    /// What is left without a line end; `None` if nothing is.
    pub(super) fn rest(&mut self) -> Option<Block<'_>> {
        let length = self.window.length();
        (length > 0).then(|| self.hand_out(Cut { length, next: Start::Line }))
    }

    fn hand_out(&mut self, cut: Cut) -> Block<'_> {
        let window = &mut self.window;
        let start = window.first;
        let from = window.start;
        window.start += cut.length;
        window.searched = window.searched.max(window.start);
        window.first = cut.next;
        Block { bytes: &self.buffer[from..window.start], start }
    }

    /// One read. A partial line first moves to just before the boundary, so that the read goes to
    /// the boundary; a long one moves only when there is no room left after it.
    fn read<T: Transport + ?Sized>(&mut self, transport: &mut T) -> io::Result<()> {
        let partial = self.window.length();
        let room = self.buffer.len() - self.window.end;
        let grows = self.buffer.len() < self.boundary + READ_BYTES
            && (room == 0 || partial > self.boundary);
        if grows {
            self.grow();
        } else if partial < MOVED_BYTES || room < MOVED_BYTES {
            self.move_to_boundary();
        }
        let read = transport.read(&mut self.buffer[self.window.end..])?;
        self.window.end += read;
        self.window.ended = read == 0;
        Ok(())
    }

    fn move_to_boundary(&mut self) {
        let Window { start, end, .. } = self.window;
        if end != self.boundary {
            self.window.end_at(self.boundary);
            self.buffer.copy_within(start..end, self.window.start);
        }
    }

    /// First a small buffer, then, when a read has filled it, one with room for the longest line
    /// before its boundary. The system zeroes it page by page as it is touched, so unused room
    /// takes no memory.
    fn grow(&mut self) {
        let (before, read) = match self.buffer.len() {
            0 => (PAGE_BYTES, FIRST_READ_BYTES),
            _ => (LINE_BYTES_MAX + READ_BYTES, READ_BYTES),
        };
        let mut buffer = vec![0; before + read + PAGE_BYTES];
        let boundary = before + buffer[before..].as_ptr().align_offset(PAGE_BYTES).min(PAGE_BYTES);
        let Window { start, end, .. } = self.window;
        self.window.end_at(boundary);
        buffer[self.window.start..boundary].copy_from_slice(&self.buffer[start..end]);
        buffer.truncate(boundary + read);
        self.buffer = buffer;
        self.boundary = boundary;
    }
}

impl Window {
    fn length(&self) -> usize {
        self.end - self.start
    }

    /// Moves the window so that it ends at `end`.
    fn end_at(&mut self, end: usize) {
        let start = end - self.length();
        self.searched = start + (self.searched - self.start);
        self.start = start;
        self.end = end;
    }

    /// Everything up to the last line end, or a piece of a line that is too long.
    fn cut(&mut self, buffer: &[u8]) -> Option<Cut> {
        let fresh = &buffer[self.searched..self.end];
        match memchr::memrchr(b'\n', fresh) {
            Some(last) => {
                let first = memchr::memchr(b'\n', fresh).unwrap_or(last);
                if self.searched + first - self.start < LINE_BYTES_MAX {
                    let length = self.searched + last + 1 - self.start;
                    return Some(Cut { length, next: Start::Line });
                }
            }
            None => self.searched = self.end,
        }
        let line = &buffer[self.start..self.end];
        (line.len() > LINE_BYTES_MAX).then(|| cut_line(line))
    }
}

/// Where a line of more than [`LINE_BYTES_MAX`] bytes is cut: at a byte that depends only on the
/// line, and before a run of digits.
fn cut_line(line: &[u8]) -> Cut {
    let end = LINE_BYTES_MAX;
    if !(line[end - 1].is_ascii_digit() && line[end].is_ascii_digit()) {
        return Cut { length: end, next: Start::Piece };
    }
    let before = line[..end].iter().rev().take(RUN_BYTES_MAX);
    let run = before.take_while(|byte| byte.is_ascii_digit()).count();
    if run < RUN_BYTES_MAX {
        Cut { length: end - run, next: Start::Piece }
    } else {
        Cut { length: end, next: Start::PieceInDigits }
    }
}
