//! `--only`: of a rendered block the lines with an explanation, and lines around them as grep has
//! them.
//!
//! Owns the choice of lines and the bytes that are held for lines before the next hit. A line that
//! came in pieces is written from its first piece with an explanation on.

use std::ops::Range;

use crate::annotate::{Annotation, Block};
use crate::render::{Piece, Rendered, Renderer};

/// How many bytes of lines are held at most for the next hit; older lines are let go first.
pub const HELD_BYTES_MAX: usize = 1024 * 1024;
/// What stands between two groups of lines, as in grep.
const SEPARATOR: &[u8] = b"--\n";

/// Chooses lines of rendered blocks.
#[derive(Debug)]
pub struct Only<'c> {
    renderer: Renderer<'c>,
    inner: Rendered,
    before: usize,
    after: usize,
    is_separated: bool,
    /// Lines that were not written and may yet be, for `before`.
    held: Vec<u8>,
    /// How many more lines follow the last hit.
    after_left: usize,
    /// Whether something was written, and whether something was left out since then.
    wrote: bool,
    left_out: bool,
    /// Whether the last line that was written is not at its end, and whether it never got a line
    /// end.
    is_open: bool,
    lacks_end: bool,
}

impl<'c> Only<'c> {
    /// Lines with an explanation, with so many lines before and after each. Where a number of lines
    /// was asked for, also 0, groups are separated, as in grep.
    #[must_use]
    pub fn new(renderer: Renderer<'c>, around: Option<(usize, usize)>) -> Self {
        let ((before, after), is_separated) = (around.unwrap_or((0, 0)), around.is_some());
        let inner = Rendered::default();
        let (held, after_left, wrote, left_out, is_open, lacks_end) =
            (Vec::new(), 0, false, false, false, false);
        Only {
            renderer,
            inner,
            before,
            after,
            is_separated,
            held,
            after_left,
            wrote,
            left_out,
            is_open,
            lacks_end,
        }
    }

    /// Renders the chosen lines of the next block. `rendered` is emptied first; no pieces: nothing
    /// of it is written.
    pub fn render(
        &mut self,
        block: Block<'_>,
        annotations: &[Annotation<'c>],
        rendered: &mut Rendered,
    ) {
        let mut inner = std::mem::take(&mut self.inner);
        self.renderer.render(block, annotations, &mut inner);
        let mut chosen = Chosen::new(block.bytes, &inner, rendered);
        let mut at = 0;
        if self.is_open {
            at = self.write_line(&mut chosen, 0);
        }
        for annotation in annotations {
            at = self.follow(&mut chosen, at, annotation.line.start);
            if annotation.line.start >= at {
                self.begin_group(&mut chosen, at, annotation.line.start);
                at = self.write_line(&mut chosen, annotation.line.start);
            }
            self.after_left = self.after;
        }
        at = self.follow(&mut chosen, at, block.bytes.len());
        self.hold(&block.bytes[at..]);
        self.inner = inner;
    }

    /// What is left at the end of an input.
    pub fn end_input(&mut self, rendered: &mut Rendered) {
        self.renderer.end_input(rendered);
        self.held.clear();
        self.left_out = true;
        self.after_left = 0;
        self.lacks_end |= self.is_open;
        self.is_open = false;
    }

    /// Writes lines that follow a hit, up to `to`.
    fn follow(&mut self, chosen: &mut Chosen<'_>, from: usize, to: usize) -> usize {
        let mut at = from;
        while self.after_left > 0 && at < to {
            at = self.write_line(chosen, at);
            self.after_left -= 1;
        }
        at
    }

    /// Writes the lines before a hit at `line`, none of them before `from`, and what separates them
    /// from the last group.
    fn begin_group(&mut self, chosen: &mut Chosen<'_>, from: usize, line: usize) {
        let (start, count) = lines_before(chosen.block, from, line, self.before);
        let (held_start, _) = lines_before(&self.held, 0, self.held.len(), self.before - count);
        self.left_out |= start > from || held_start > 0;
        if self.lacks_end {
            chosen.insert(b"\n");
            self.lacks_end = false;
        }
        if self.wrote && self.left_out && self.is_separated {
            chosen.insert(SEPARATOR);
        }
        if start == from {
            chosen.insert(&self.held[held_start..]);
        }
        chosen.take(start..line);
        self.held.clear();
        self.left_out = false;
    }

    fn write_line(&mut self, chosen: &mut Chosen<'_>, start: usize) -> usize {
        let end = memchr::memchr(b'\n', &chosen.block[start..])
            .map_or(chosen.block.len(), |at| start + at + 1);
        chosen.take(start..end);
        self.wrote = true;
        self.is_open = !chosen.block[..end].ends_with(b"\n");
        end
    }

    /// Keeps the last lines of what was not written.
    fn hold(&mut self, rest: &[u8]) {
        if rest.is_empty() {
            return;
        }
        if self.before == 0 {
            self.left_out = true;
            return;
        }
        let (start, count) = lines_before(rest, 0, rest.len(), self.before);
        let (held_start, _) = lines_before(&self.held, 0, self.held.len(), self.before - count);
        let keep = if start == 0 { held_start } else { self.held.len() };
        self.left_out |= start > 0 || keep > 0;
        self.held.drain(..keep);
        self.held.extend_from_slice(&rest[start..]);
        if self.held.len() > HELD_BYTES_MAX {
            let over = self.held.len() - HELD_BYTES_MAX;
            let cut = memchr::memchr(b'\n', &self.held[over..])
                .map_or(self.held.len(), |at| over + at + 1);
            self.held.drain(..cut);
            self.left_out = true;
        }
    }
}

/// Where the last `count` lines begin that end at `to`, not before `from`, and how many there are.
fn lines_before(text: &[u8], from: usize, to: usize, count: usize) -> (usize, usize) {
    let (mut start, mut found) = (to, 0);
    while found < count && start > from {
        start = memchr::memrchr(b'\n', &text[from..start - 1]).map_or(from, |at| from + at + 1);
        found += 1;
    }
    (start, found)
}

/// The chosen parts of a rendered block, in order.
struct Chosen<'b> {
    block: &'b [u8],
    pieces: &'b [Piece],
    /// Where the pieces that are left begin in the block.
    at: usize,
    rendered: &'b mut Rendered,
}

impl<'b> Chosen<'b> {
    fn new(block: &'b [u8], inner: &'b Rendered, rendered: &'b mut Rendered) -> Self {
        rendered.clear();
        rendered.text.extend_from_slice(&inner.text);
        Chosen { block, pieces: &inner.pieces, at: 0, rendered }
    }

    /// Adds bytes that are not of this block.
    fn insert(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            let start = self.rendered.text.len();
            self.rendered.text.extend_from_slice(bytes);
            self.rendered.pieces.push(Piece::Inserted(start..start + bytes.len()));
        }
    }

    /// Adds a range of the block with its insertions. Ranges are taken in order.
    fn take(&mut self, range: Range<usize>) {
        if self.pieces.is_empty() {
            return self.untouched(range.start.max(self.at)..range.end);
        }
        while let Some(piece) = self.pieces.first() {
            match piece {
                Piece::Untouched(part) => {
                    self.untouched(part.start.max(range.start)..part.end.min(range.end));
                    self.at = part.end.min(range.end);
                    if part.end > range.end {
                        return;
                    }
                }
                Piece::Inserted(_) if self.at < range.start => {}
                Piece::Inserted(text) => self.rendered.pieces.push(Piece::Inserted(text.clone())),
            }
            self.pieces = &self.pieces[1..];
        }
    }

    fn untouched(&mut self, range: Range<usize>) {
        if range.start < range.end {
            self.rendered.pieces.push(Piece::Untouched(range));
        }
    }
}
