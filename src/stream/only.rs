//! `--only`: the lines of a rendered block that have an explanation, with context as in grep.
//!
//! Owns the choice of lines. A line that comes in pieces is chosen as a whole, unless more of it
//! comes before its first explanation than is kept: then it is written from the piece on that has
//! the explanation.

use std::ops::Range;

use super::held::{Held, lines_before};
use crate::annotate::{Annotation, Block, Start};
use crate::render::{Piece, Rendered, Renderer};

/// What separates two groups of lines, as in grep.
const SEPARATOR: &[u8] = b"--\n";
/// Held lines of this many bytes are written on their own, so that they need not be copied.
const HELD_BYTES_COPIED_MAX: usize = 64 * 1024;

/// The context that is written with each line that has an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Around {
    /// No context, and no separator between groups of lines.
    #[default]
    Nothing,
    /// This many lines, possibly 0, and a separator between groups that are not adjacent, as in
    /// grep with `-A`, `-B` or `-C`.
    Lines {
        /// Lines before the line.
        before: usize,
        /// Lines after the line.
        after: usize,
    },
}

/// Renders only the lines that have an explanation, and their context.
#[derive(Debug)]
pub struct Only<'c> {
    renderer: Renderer<'c>,
    /// The whole block, rendered.
    inner: Rendered,
    groups: Groups,
}

/// The groups of lines that are written, and where the last one ended.
#[derive(Debug, Default)]
struct Groups {
    around: Around,
    held: Held,
    /// How many more lines follow the last hit.
    after_left: usize,
    /// Up to where the current block is written or left out.
    written: usize,
    last: Last,
}

/// The state after the last line that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Last {
    /// No line was written yet.
    #[default]
    None,
    /// Its line end has not come yet.
    Open,
    /// It was written whole. No line after it has been left out so far.
    Whole,
    /// It was written whole, and lines after it were left out.
    Apart,
    /// Its input ended without a line end.
    Unended,
}

impl<'c> Only<'c> {
    /// Chooses from what a renderer renders.
    #[must_use]
    pub fn new(renderer: Renderer<'c>, around: Around) -> Self {
        let groups = Groups { around, ..Groups::default() };
        Only { renderer, inner: Rendered::default(), groups }
    }

    /// Renders the chosen lines of the next block. `rendered` is emptied first; if it has no pieces
    /// after that, nothing of the block is written. Returns what is written before it, if that is
    /// long: lines of earlier blocks.
    pub(super) fn render(
        &mut self,
        block: Block<'_>,
        annotations: &[Annotation<'c>],
        rendered: &mut Rendered,
    ) -> Option<Rendered> {
        let Only { renderer, inner, groups } = self;
        // What was moved for the last block is moved back, so that only one of the two is large.
        std::mem::swap(&mut inner.text, &mut rendered.text);
        if inner.pieces.capacity() < rendered.pieces.capacity() {
            std::mem::swap(&mut inner.pieces, &mut rendered.pieces);
        }
        renderer.render(block, annotations, inner);
        let mut chosen = Chosen::new(block.bytes, inner, rendered);
        let mut at = match groups.last {
            Last::Open => groups.write_line(&mut chosen, 0),
            _ => 0,
        };
        for annotation in annotations {
            let line = annotation.line.start;
            at = groups.follow(&mut chosen, at, line);
            if line >= at {
                groups.begin_group(&mut chosen, at, line, block.start);
                at = groups.write_line(&mut chosen, line);
            }
            groups.after_left = groups.around.after();
        }
        groups.written = groups.follow(&mut chosen, at, block.bytes.len());
        chosen.before
    }

    /// Keeps what the next blocks may need of a block. Takes back the memory of `before`, which
    /// [`Only::render`] returned for that block and which is written now.
    pub(super) fn end_block(&mut self, block: Block<'_>, before: Option<Rendered>) {
        if let Some(before) = before {
            self.groups.held.give_back(before.text);
        }
        self.groups.hold(block);
    }

    /// Whether a color of the log is still active after all lines, also those that were left out.
    pub(super) fn is_colored(&self) -> bool {
        self.renderer.is_colored()
    }

    /// What is left at the end of an input.
    pub(super) fn end_input(&mut self, rendered: &mut Rendered) {
        self.renderer.end_input(rendered);
        self.groups.end_input();
    }
}

impl Around {
    fn before(self) -> usize {
        match self {
            Around::Nothing => 0,
            Around::Lines { before, .. } => before,
        }
    }

    fn after(self) -> usize {
        match self {
            Around::Nothing => 0,
            Around::Lines { after, .. } => after,
        }
    }

    fn separator(self) -> &'static [u8] {
        match self {
            Around::Nothing => b"",
            Around::Lines { .. } => SEPARATOR,
        }
    }
}

impl Groups {
    fn end_input(&mut self) {
        self.held.clear();
        self.after_left = 0;
        match self.last {
            Last::Open => self.last = Last::Unended,
            last => self.last = last.apart(),
        }
    }

    /// Writes the lines that follow a hit, up to `to`.
    fn follow(&mut self, chosen: &mut Chosen<'_>, from: usize, to: usize) -> usize {
        let mut at = from;
        while self.after_left > 0 && at < to {
            at = self.write_line(chosen, at);
            self.after_left -= 1;
        }
        at
    }

    /// Writes the separator from the last group, if there is one, and the lines before a hit at
    /// `line`, but none before `from`; if the line began in an earlier block, what is kept of it.
    fn begin_group(&mut self, chosen: &mut Chosen<'_>, from: usize, line: usize, start: Start) {
        let before = self.around.before();
        let (block_start, count) = lines_before(chosen.block, from, line, before);
        let own = usize::from(start == Start::Piece && self.held.is_open());
        let (held, is_all) = self.held.last_lines((before - count).saturating_add(own));
        let held = if block_start == from { held } else { b"" };
        if block_start > from || !is_all {
            self.last = self.last.apart();
        }
        let (line_end, separator) = match self.last {
            Last::Unended => (&b"\n"[..], self.around.separator()),
            Last::Apart => (&b""[..], self.around.separator()),
            Last::None | Last::Open | Last::Whole => Default::default(),
        };
        let separator = [line_end, separator].concat();
        if held.len() > HELD_BYTES_COPIED_MAX {
            let count = held.len();
            chosen.insert_before(&separator, self.held.take(), count);
        } else {
            chosen.insert(&separator);
            chosen.insert(held);
        }
        chosen.take(block_start..line);
        self.held.clear();
    }

    fn write_line(&mut self, chosen: &mut Chosen<'_>, start: usize) -> usize {
        let end = memchr::memchr(b'\n', &chosen.block[start..])
            .map_or(chosen.block.len(), |at| start + at + 1);
        chosen.take(start..end);
        let is_whole = chosen.block[..end].ends_with(b"\n");
        self.last = if is_whole { Last::Whole } else { Last::Open };
        end
    }

    /// Keeps the last lines of what was not written, and a line that goes on in the next block.
    fn hold(&mut self, block: Block<'_>) {
        let rest = &block.bytes[self.written..];
        let count = self.around.before().saturating_add(usize::from(block.is_cut()));
        if !rest.is_empty() && !self.held.keep(rest, count) {
            self.last = self.last.apart();
        }
    }
}

impl Last {
    /// The same after lines were left out.
    fn apart(self) -> Self {
        if self == Last::Whole { Last::Apart } else { self }
    }
}

/// The chosen parts of a rendered block, in order.
struct Chosen<'b> {
    block: &'b [u8],
    pieces: &'b mut Vec<Piece>,
    /// How many of them are done.
    done: usize,
    /// Where the pieces that are left begin in the block.
    at: usize,
    rendered: &'b mut Rendered,
    /// What is written before `rendered`.
    before: Option<Rendered>,
}

impl<'b> Chosen<'b> {
    fn new(block: &'b [u8], inner: &'b mut Rendered, rendered: &'b mut Rendered) -> Self {
        rendered.clear();
        std::mem::swap(&mut rendered.text, &mut inner.text);
        Chosen { block, pieces: &mut inner.pieces, done: 0, at: 0, rendered, before: None }
    }

    /// Adds bytes that are not from this block.
    fn insert(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            let start = self.rendered.text.len();
            self.rendered.text.extend_from_slice(bytes);
            self.rendered.pieces.push(Piece::Inserted(start..start + bytes.len()));
        }
    }

    /// Adds a separator and the last `count` of some bytes that are not from this block, before
    /// anything of it.
    fn insert_before(&mut self, separator: &[u8], mut held: Vec<u8>, count: usize) {
        debug_assert!(self.rendered.pieces.is_empty() && self.before.is_none());
        let end = held.len();
        held.extend_from_slice(separator);
        let ranges = [end..held.len(), end - count..end];
        let pieces = ranges.into_iter().filter(|range| !range.is_empty());
        let pieces = pieces.map(Piece::Inserted).collect();
        self.before = Some(Rendered { pieces, text: held });
    }

    /// Adds a range of the block with its insertions. Ranges are taken in order.
    fn take(&mut self, range: Range<usize>) {
        if self.pieces.is_empty() {
            return self.untouched(range.start.max(self.at)..range.end);
        }
        // A piece of a line is taken whole, and may have thousands.
        if range == (0..self.block.len()) && self.rendered.pieces.is_empty() {
            std::mem::swap(self.pieces, &mut self.rendered.pieces);
            self.at = range.end;
            return;
        }
        while let Some(piece) = self.pieces.get(self.done).cloned() {
            match piece {
                Piece::Untouched(part) => {
                    self.untouched(part.start.max(range.start)..part.end.min(range.end));
                    self.at = part.end.min(range.end);
                    if part.end > range.end {
                        return;
                    }
                }
                Piece::Inserted(_) if self.at < range.start => {}
                Piece::Inserted(_) => self.rendered.pieces.push(piece),
            }
            self.done += 1;
        }
    }

    /// Adds a part of the block. Lines that follow each other are one part: there may be as many
    /// as bytes.
    fn untouched(&mut self, range: Range<usize>) {
        match self.rendered.pieces.last_mut() {
            _ if range.is_empty() => {}
            Some(Piece::Untouched(last)) if last.end == range.start => last.end = range.end,
            _ => self.rendered.pieces.push(Piece::Untouched(range)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::Annotator;
    use crate::catalog::{Catalog, Selection};
    use crate::context::Strictness;
    use crate::render::{Languages, Palette, Place};

    /// A piece for each line would take 24 times the memory of short lines.
    #[test]
    fn lines_that_follow_each_other_are_one_piece() {
        let catalog = Catalog::new(Selection::All);
        let mut annotator = Annotator::new(&catalog, Strictness::Weighed);
        let renderer = Renderer::new(Languages::Both, Place::Inline, Palette::Plain);
        let mut only = Only::new(renderer, Around::Lines { before: 0, after: 9000 });
        let log = ["x\ncode=871300\n", &"\n".repeat(9001)].concat();
        let block = Block::lines(log.as_bytes());
        let (mut annotations, mut rendered) = (Vec::new(), Rendered::default());
        assert_eq!(annotator.annotate(block, &mut annotations), log.len());
        assert!(only.render(block, &annotations, &mut rendered).is_none());
        let text = Piece::Inserted(0..rendered.text.len());
        let [number, rest] = [2..13, 13..14 + 9000].map(Piece::Untouched);
        assert_eq!(rendered.pieces, [number, text, rest]);
    }
}
