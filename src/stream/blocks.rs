//! Bytes as they arrive → blocks of whole lines.
//!
//! Owns the buffer, and decides where a line longer than [`LINE_BYTES_MAX`] is cut. Hands out what
//! a read has brought before it reads again: to fill the buffer first would delay a live log.

use std::io;
use std::ops::Range;

use super::transport::Transport;
use crate::annotate::Block;
use crate::ansi;
use crate::block::AROUND_BYTES;

/// How many bytes one read asks for. Larger reads were not faster (`cat` uses 128 KiB), and the
/// block should stay in the processor's second-level cache.
const READ_BYTES: usize = 128 * 1024;
/// The first read asks for less, in bytes, so that a short run touches little memory: a pipe holds
/// 64 KiB.
const FIRST_READ_BYTES: usize = 64 * 1024;
/// The size of the system's pages, in bytes.
const PAGE_BYTES: usize = 4096;
/// A longer line is passed on in pieces of this many bytes, so that memory stays bounded on a line
/// that never ends or is full of codes. It is four times what logcat writes at once (4068 bytes);
/// [`Block`] keeps the cut invisible to the rules.
pub const LINE_BYTES_MAX: usize = 16 * 1024;
/// A run of digits at a cut is kept whole up to this length, in bytes. No code is that long; a
/// longer run may be cut, since neither part of it is a code.
const RUN_BYTES_MAX: usize = 64;
/// How many bytes of a partial line are kept before the boundary: the longest line that is not cut
/// yet, and what was before it.
const KEPT_BYTES_MAX: usize = LINE_BYTES_MAX + 2 * AROUND_BYTES;

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
    /// From here to `start`: what the line has before a piece that comes next.
    before: usize,
    start: usize,
    end: usize,
    /// From `start` to here there is no line end.
    searched: usize,
    /// Whether the last read found the end of the input.
    ended: bool,
}

/// The next block: the first `length` bytes of the window.
#[derive(Debug, Clone, Copy)]
struct Cut {
    length: usize,
    /// How many bytes of the same line come after it, as far as they are shown.
    after: usize,
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
        (length > 0).then(|| self.hand_out(Cut { length, after: 0 }))
    }

    fn hand_out(&mut self, cut: Cut) -> Block<'_> {
        let Window { before, start, .. } = self.window;
        let end = start + cut.length;
        self.window.advance(cut);
        let part = |range: Range<usize>| &self.buffer[range];
        Block::piece(part(before..start), part(start..end), part(end..end + cut.after))
    }

    /// One read. A partial line first moves to just before the boundary, so that the read goes to
    /// the boundary.
    fn read<T: Transport + ?Sized>(&mut self, transport: &mut T) -> io::Result<()> {
        let is_small = self.buffer.len() < self.boundary + READ_BYTES;
        let is_full = self.window.end == self.buffer.len();
        if is_small && (is_full || self.window.kept().len() > self.boundary) {
            self.grow();
        } else {
            self.move_to_boundary();
        }
        let read = transport.read(&mut self.buffer[self.window.end..])?;
        self.window.end += read;
        self.window.ended = read == 0;
        Ok(())
    }

    fn move_to_boundary(&mut self) {
        let kept = self.window.kept();
        if kept.end != self.boundary {
            self.window.end_at(self.boundary);
            self.buffer.copy_within(kept, self.window.before);
        }
    }

    /// First a small buffer, then, when a read has filled it, one with room for the longest line
    /// before its boundary. The system zeroes it page by page as it is touched, so unused room
    /// takes no memory.
    fn grow(&mut self) {
        let (before, read) = match self.buffer.len() {
            0 => (PAGE_BYTES, FIRST_READ_BYTES),
            _ => (KEPT_BYTES_MAX, READ_BYTES),
        };
        let mut buffer = vec![0; before + read + PAGE_BYTES];
        let boundary = before + buffer[before..].as_ptr().align_offset(PAGE_BYTES).min(PAGE_BYTES);
        let kept = self.window.kept();
        self.window.end_at(boundary);
        buffer[self.window.kept()].copy_from_slice(&self.buffer[kept]);
        buffer.truncate(boundary + read);
        self.buffer = buffer;
        self.boundary = boundary;
    }
}

impl Window {
    fn length(&self) -> usize {
        self.end - self.start
    }

    /// What must stay in the buffer.
    fn kept(&self) -> Range<usize> {
        self.before..self.end
    }

    /// Moves the window so that it ends at `end`.
    fn end_at(&mut self, end: usize) {
        let moved = |at: usize| end - (self.end - at);
        *self = Window {
            before: moved(self.before),
            start: moved(self.start),
            searched: moved(self.searched),
            end,
            ..*self
        };
    }

    /// Moves the start to the end of a cut.
    fn advance(&mut self, cut: Cut) {
        self.start += cut.length;
        self.searched = self.searched.max(self.start);
        self.before = match cut.after {
            0 => self.start,
            _ => self.before.max(self.start.saturating_sub(AROUND_BYTES)),
        };
    }

    /// Everything up to the last line end, or a piece of a line that is too long. A piece is alone
    /// in its block.
    fn cut(&mut self, buffer: &[u8]) -> Option<Cut> {
        let is_piece = self.before < self.start;
        let end = if is_piece { self.end_of_line(buffer) } else { self.end_of_lines(buffer) };
        match end - self.start {
            0 => self.cut_line(&buffer[self.start..self.end]),
            length => Some(Cut { length, after: 0 }),
        }
    }

    /// The end of the line at `start`, unless it is too long; `start` if there is none.
    fn end_of_line(&mut self, buffer: &[u8]) -> usize {
        let reach = self.end.min(self.start + LINE_BYTES_MAX);
        let fresh = self.searched.min(reach);
        let found = memchr::memchr(b'\n', &buffer[fresh..reach]);
        if found.is_none() {
            self.searched = self.searched.max(reach);
        }
        found.map_or(self.start, |at| fresh + at + 1)
    }

    /// The end of the last line before the first one that is too long or has not come whole;
    /// `start` if there is none. A line that is too long is cut even if it was read at once.
    fn end_of_lines(&mut self, buffer: &[u8]) -> usize {
        let mut at = self.start;
        loop {
            let reach = self.end.min(at + LINE_BYTES_MAX);
            let fresh = self.searched.max(at).min(reach);
            let Some(last) = memchr::memrchr(b'\n', &buffer[fresh..reach]) else {
                self.searched = self.searched.max(reach);
                return at;
            };
            at = fresh + last + 1;
        }
    }

    /// A piece of a line, if the line is too long and enough of it has come to show what is after
    /// the cut.
    fn cut_line(&self, line: &[u8]) -> Option<Cut> {
        if line.len() <= LINE_BYTES_MAX {
            return None;
        }
        let length = piece_length(line);
        let after = &line[length..line.len().min(length + AROUND_BYTES)];
        let after = match memchr::memchr(b'\n', after) {
            Some(line_end) => line_end + 1,
            None if after.len() == AROUND_BYTES || self.ended => after.len(),
            None => return None,
        };
        Some(Cut { length, after })
    }
}

/// Where a line of more than [`LINE_BYTES_MAX`] bytes is cut. This depends only on the line. No
/// run of digits, color, or line end is cut in two.
fn piece_length(line: &[u8]) -> usize {
    let mut end = LINE_BYTES_MAX;
    if line[end].is_ascii_digit() {
        end -= run_before(&line[..end], |byte| byte.is_ascii_digit());
    }
    end -= run_before(&line[..end], |byte| byte == b'\r');
    ansi::before_sequence(line, end)
}

/// How many bytes of one kind are at the end of a text; 0 if there are very many.
fn run_before(text: &[u8], is_kind: fn(u8) -> bool) -> usize {
    let run = text.iter().rev().take(RUN_BYTES_MAX).take_while(|byte| is_kind(**byte)).count();
    if run < RUN_BYTES_MAX { run } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Rendered;

    /// An input of lines that fills every space, and what the spaces were.
    #[derive(Default)]
    struct Spaces(Vec<usize>);

    impl Transport for Spaces {
        fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
            assert_eq!(space.as_ptr().addr() % PAGE_BYTES, 0, "a page begins there");
            self.0.push(space.len());
            space.fill(b'x');
            space[space.len() - 9] = b'\n';
            Ok(space.len())
        }

        fn write(&mut self, _: Block<'_>, _: &Rendered) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_read_asks_for_whole_pages_and_the_first_one_for_fewer() {
        let (mut blocks, mut spaces) = (Blocks::default(), Spaces::default());
        while spaces.0.len() < 4 {
            blocks.next(&mut spaces).expect("it can be read");
        }
        assert_eq!(spaces.0, [FIRST_READ_BYTES, READ_BYTES, READ_BYTES, READ_BYTES]);
    }
}
