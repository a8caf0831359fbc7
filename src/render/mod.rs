//! Block and annotations → untouched spans and insertions.
//!
//! Owns the place and the color of an explanation; its form is `explanation.rs`'s. Decides nothing
//! about numbers and writes nothing: a writer may send the untouched spans on without copying them.
//!
//! ```
//! use jm_annotate::Filter;
//! use jm_annotate::catalog::Language;
//! use jm_annotate::render::{Languages, Place};
//!
//! let filter = Filter::new()
//!     .languages(Languages::One(Language::English))
//!     .place(Place::End);
//! let annotated = filter.annotate("code=871300, retry\n");
//! assert_eq!(annotated, "code=871300, retry [871300 Have not logged in.]\n");
//! ```

mod palette;
mod pending;
mod sgr;

use std::ops::Range;

pub use crate::explanation::{Colors, Languages, Paint};
pub use palette::Palette;

use crate::annotate::{Annotation, Block, Start};
use crate::cache::CodeCache;
use crate::catalog::{Code, Lookup};
use crate::explanation::{self, Form};
use pending::Pending;
use sgr::Active;

/// Where an explanation is inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// Right after the code.
    #[default]
    Inline,
    /// Before the line's end, once for each code, with its number: ` [871300 English | Chinese]`
    End,
}

/// One part of a rendered block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A range of the block, unchanged.
    Untouched(Range<usize>),
    /// A range of [`Rendered::text`].
    Inserted(Range<usize>),
}

/// A block as it is to be written.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    /// The parts, in order, each at least one byte long. If there are none, the block is written
    /// unchanged.
    pub pieces: Vec<Piece>,
    /// The bytes of the insertions. Equal ones may be here once.
    pub text: Vec<u8>,
}

/// Renders the blocks of a stream, one after another.
#[derive(Debug)]
pub struct Renderer<'c> {
    style: Style,
    /// The log's own colors at byte `colors_at` of the current block.
    colors: Active,
    colors_at: usize,
    /// What closes the explanation that an input has ended with, if the next input must not begin
    /// with a sequence right after it.
    unclosed: Option<&'static str>,
    /// Explanations for the end of a line that has not come yet.
    pending: Pending<'c>,
    /// The explanations that were rendered before.
    texts: CodeCache<Text>,
    /// How many times something was rendered.
    turn: u64,
}

/// The text of an explanation, and where the text of the block that was rendered at `turn` has it.
#[derive(Debug)]
struct Text {
    text: String,
    turn: u64,
    start: usize,
}

/// How much room is made for an explanation, in bytes: most have less.
const EXPLANATION_BYTES: usize = 128;

/// What an explanation looks like.
#[derive(Debug, Clone, Copy)]
struct Style {
    languages: Languages,
    place: Place,
    palette: Palette,
}

impl Rendered {
    /// Forgets the last block.
    pub(crate) fn clear(&mut self) {
        self.pieces.clear();
        self.text.clear();
    }

    /// The parts as bytes, in order.
    pub fn slices<'r>(&'r self, block: &'r [u8]) -> impl Iterator<Item = &'r [u8]> {
        let whole = self.pieces.is_empty().then_some(block);
        whole.into_iter().chain(self.pieces.iter().map(|piece| match piece {
            Piece::Untouched(range) => &block[range.clone()],
            Piece::Inserted(range) => &self.text[range.clone()],
        }))
    }

    /// Adds a text before everything else of a block of `bytes` bytes.
    fn insert_first(&mut self, text: &str, bytes: usize) {
        if self.pieces.is_empty() {
            self.untouched(0..bytes);
        }
        let start = self.text.len();
        self.text.extend_from_slice(text.as_bytes());
        self.pieces.insert(0, Piece::Inserted(start..self.text.len()));
    }

    fn untouched(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.pieces.push(Piece::Untouched(range));
        }
    }
}

impl<'c> Renderer<'c> {
    /// A renderer for one stream.
    #[must_use]
    pub fn new(languages: Languages, place: Place, palette: Palette) -> Self {
        Renderer {
            style: Style { languages, place, palette },
            colors: Active::default(),
            colors_at: 0,
            unclosed: None,
            pending: Pending::default(),
            texts: CodeCache::default(),
            turn: 0,
        }
    }

    /// Renders the next block into `rendered`, which is emptied first.
    pub(crate) fn render(
        &mut self,
        block: Block<'_>,
        annotations: &[Annotation<'c>],
        rendered: &mut Rendered,
    ) {
        self.begin(rendered);
        self.colors_at = 0;
        let unclosed = self.unclosed.take();
        match self.style.place {
            Place::Inline => self.render_inline(block, annotations, rendered),
            Place::End => {
                self.forget_explained(block);
                self.render_ends(block.bytes, annotations, rendered);
            }
        }
        if let Some(closing) = unclosed
            && explanation::color_without_reset(block.bytes).is_some()
        {
            rendered.insert_first(closing, block.bytes.len());
        }
        self.follow_colors(block.bytes, block.bytes.len());
    }

    /// What is left at the end of an input: explanations for the end of a line that has no line end
    /// and came in pieces.
    pub(crate) fn end_input(&mut self, rendered: &mut Rendered) {
        self.begin(rendered);
        self.insert_pending(&[], rendered);
    }

    fn begin(&mut self, rendered: &mut Rendered) {
        rendered.clear();
        self.turn += 1;
    }

    /// Whether a color of the log is still active.
    pub(crate) fn is_colored(&self) -> bool {
        self.colors.is_active()
    }

    fn render_inline(
        &mut self,
        block: Block<'_>,
        annotations: &[Annotation<'c>],
        rendered: &mut Rendered,
    ) {
        let mut from = 0;
        for annotation in annotations.iter().filter(|annotation| !annotation.is_explained) {
            rendered.untouched(from..annotation.number.range.end);
            from = annotation.number.range.end;
            self.follow_colors(block.bytes, from);
            let follows = block.from(from);
            self.insert(annotation.number.code, annotation.lookup, follows, rendered);
        }
        if from > 0 {
            rendered.untouched(from..block.bytes.len());
        }
    }

    fn render_ends(
        &mut self,
        block: &[u8],
        annotations: &[Annotation<'c>],
        rendered: &mut Rendered,
    ) {
        let (mut from, mut rest) = (0, annotations);
        if rest.first().is_none_or(|annotation| annotation.line.start > 0) {
            let end = memchr::memchr(b'\n', block).map_or(block.len(), |at| at + 1);
            self.end_line(block, end, &mut from, rendered);
        }
        while let Some(first) = rest.first() {
            let end = first.line.end;
            let count = rest.iter().take_while(|annotation| annotation.line.end == end).count();
            let (of_line, after) = rest.split_at(count);
            self.pending.add(of_line);
            self.end_line(block, end, &mut from, rendered);
            rest = after;
        }
        if !rendered.pieces.is_empty() {
            rendered.untouched(from..block.len());
        }
    }

    /// Forgets the codes of earlier pieces that the line's end explains already.
    fn forget_explained(&mut self, block: Block<'_>) {
        let ends_line = block.start == Start::Piece && !block.is_cut();
        if ends_line && !self.pending.is_empty() {
            let mut text = Vec::new();
            block.write_between(block.around, &mut text);
            self.pending.forget_explained(&text);
        }
    }

    /// Writes what is kept before the line end at `end`, if a line ends there.
    fn end_line(&mut self, block: &[u8], end: usize, from: &mut usize, rendered: &mut Rendered) {
        if self.pending.is_empty() || !block[..end].ends_with(b"\n") {
            return;
        }
        let text = &block[..end - 1];
        let before = text.len() - text.iter().rev().take_while(|byte| **byte == b'\r').count();
        rendered.untouched(*from..before);
        *from = before;
        self.follow_colors(block, before);
        self.insert_pending(&block[before..], rendered);
    }

    fn insert_pending(&mut self, follows: &[u8], rendered: &mut Rendered) {
        for (code, lookup) in self.pending.end_line() {
            self.insert(code, lookup, follows, rendered);
        }
    }

    /// Follows the log's own colors up to a byte of the block.
    fn follow_colors(&mut self, block: &[u8], to: usize) {
        if self.style.palette != Palette::Plain && to > self.colors_at {
            self.colors.feed(&block[self.colors_at..to]);
            self.colors_at = to;
        }
    }

    /// Adds one explanation before what follows in the line, and restores the line's own color. An
    /// explanation that the block has already is not written again: one block may have thousands
    /// that are the same.
    fn insert(&mut self, code: Code, lookup: Lookup<'c>, follows: &[u8], rendered: &mut Rendered) {
        let (style, turn) = (self.style, self.turn);
        let kept = self.texts.get_or_insert_with(code, || Text {
            text: style.explanation(code, lookup),
            turn: 0,
            start: 0,
        });
        let colors = style.palette.colors(lookup.severity());
        let restored = explanation::restored(colors, self.colors.foreground(), follows);
        if kept.turn != turn || !restored.is_empty() {
            (kept.turn, kept.start) = (turn, rendered.text.len());
            rendered.text.extend_from_slice(kept.text.as_bytes());
            rendered.text.extend_from_slice(restored);
        }
        let is_unclosed = follows.is_empty() && restored.is_empty();
        let closing = Some(colors.second.1).filter(|closing| !closing.is_empty());
        self.unclosed = closing.filter(|_| is_unclosed);
        let end = kept.start + kept.text.len() + restored.len();
        rendered.pieces.push(Piece::Inserted(kept.start..end));
    }
}

impl Style {
    /// The text of one explanation.
    fn explanation(self, code: Code, lookup: Lookup<'_>) -> String {
        let code = match self.place {
            Place::Inline => None,
            Place::End => Some(code),
        };
        let colors = self.palette.colors(lookup.severity());
        let mut text = String::with_capacity(EXPLANATION_BYTES);
        explanation::write(&mut text, lookup, Form { languages: self.languages, code, colors });
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::Annotator;
    use crate::catalog::{Catalog, Language, Selection};
    use crate::context::Strictness;

    /// The next block as it is written, and how many bytes the texts of its insertions have.
    fn rendered<'c>(
        catalog: &'c Catalog<'c>,
        renderer: &mut Renderer<'c>,
        block: &str,
    ) -> (String, usize) {
        let (block, mut annotations) = (Block::lines(block.as_bytes()), Vec::new());
        Annotator::new(catalog, Strictness::Weighed).annotate(block, &mut annotations);
        let mut rendered = Rendered::default();
        renderer.render(block, &annotations, &mut rendered);
        let bytes = rendered.slices(block.bytes).collect::<Vec<_>>().concat();
        (String::from_utf8_lossy(&bytes).into_owned(), rendered.text.len())
    }

    #[test]
    fn a_block_is_rendered_as_its_lines_are_with_equal_insertions_once() {
        let catalog = Catalog::new(Selection::All);
        let english = Languages::One(Language::English);
        for (palette, block, distinct) in [
            (Palette::Plain, "code=871300\ncode=871301\ncode=871300\n", 2),
            (Palette::Plain, "\x1b[31mcode=871300\ncode=871300\n", 1),
            (Palette::Ansi256, "code=871300\ncode=871300\n\x1b[31mcode=871300\x1b[0m\n", 2),
            (Palette::Ansi256, "\x1b[31mcode=871300\x1b[0m\ncode=871300\ncode=871300\n", 1),
        ] {
            let [mut by_block, mut by_line] =
                std::array::from_fn(|_| Renderer::new(english, Place::Inline, palette));
            let (text, length) = rendered(&catalog, &mut by_block, block);
            let lines = block.split_inclusive('\n');
            let (of_lines, lengths): (String, Vec<usize>) =
                lines.map(|line| rendered(&catalog, &mut by_line, line)).unzip();
            assert_eq!(text, of_lines);
            let longest = lengths.iter().max().expect("it has lines");
            assert_eq!(length.div_ceil(*longest), distinct, "{text:?}: {length} of {lengths:?}");
            // Nothing of a block is in the text of the next one.
            assert_eq!(rendered(&catalog, &mut by_block, block), (text, length));
        }
    }
}
