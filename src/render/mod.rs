//! Block and annotations → untouched spans and insertions.
//!
//! Owns the form of an explanation and its place. Makes no decision about numbers and does no
//! output: a writer may send the untouched spans on without copying them.

mod palette;
mod sgr;

use std::ops::Range;

pub use crate::explanation::Languages;
pub use palette::Palette;

use crate::annotate::{Annotation, Block};
use crate::catalog::Code;
use crate::catalog::Lookup;
use crate::explanation::{self, Form};
use sgr::Active;

/// Where an explanation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// Directly behind the code.
    #[default]
    Inline,
    /// Before the line's end, each code once, with its number: ` [871300 English | Chinese]`
    End,
}

/// One part of a rendered block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A range of the block, as it is.
    Untouched(Range<usize>),
    /// A range of [`Rendered::text`].
    Inserted(Range<usize>),
}

/// A block as it is to be written. Empty `pieces`: as it came.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    /// The parts, in order; none of them is empty.
    pub pieces: Vec<Piece>,
    /// What is inserted.
    pub text: Vec<u8>,
}

/// Renders the blocks of a stream, one after the other.
#[derive(Debug)]
pub struct Renderer<'c> {
    languages: Languages,
    place: Place,
    palette: Palette,
    /// The log's own colors, where the last block ended.
    active: Active,
    /// How much of the present block `active` has seen.
    seen: usize,
    /// Explanations for the end of a line that is not there yet.
    pending: Vec<(Code, Lookup<'c>)>,
    /// Texts that were put together before, each at its code modulo the length.
    texts: Vec<Option<(Code, Vec<u8>)>>,
}

/// How many explanations are kept ready.
const TEXTS_MAX: usize = 64;

impl Rendered {
    /// Forgets the last block.
    pub fn clear(&mut self) {
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
        let texts = vec![None; TEXTS_MAX];
        Renderer {
            languages,
            place,
            palette,
            active: Active::default(),
            seen: 0,
            pending: Vec::new(),
            texts,
        }
    }

    /// Renders the next block into `rendered`, which is emptied first.
    pub fn render(
        &mut self,
        block: Block<'_>,
        annotations: &[Annotation<'c>],
        rendered: &mut Rendered,
    ) {
        rendered.clear();
        self.seen = 0;
        match self.place {
            Place::Inline => self.render_inline(block.bytes, annotations, rendered),
            Place::End => self.render_ends(block.bytes, annotations, rendered),
        }
        if self.palette != Palette::Plain {
            self.active.feed(&block.bytes[self.seen..]);
        }
    }

    /// What is left at the end of an input: explanations for the end of a line that has no line end
    /// and came in pieces.
    pub fn end_input(&mut self, rendered: &mut Rendered) {
        rendered.clear();
        self.insert_pending(rendered);
    }

    fn render_inline(
        &mut self,
        block: &[u8],
        annotations: &[Annotation<'c>],
        rendered: &mut Rendered,
    ) {
        let mut from = 0;
        for annotation in annotations.iter().filter(|annotation| !annotation.is_explained) {
            rendered.untouched(from..annotation.number.range.end);
            from = annotation.number.range.end;
            self.see(block, from);
            self.insert(annotation.number.code, annotation.lookup, rendered);
        }
        if from > 0 {
            rendered.untouched(from..block.len());
        }
    }

    fn render_ends(
        &mut self,
        block: &[u8],
        annotations: &[Annotation<'c>],
        rendered: &mut Rendered,
    ) {
        let (mut from, mut rest) = (0, annotations);
        if !self.pending.is_empty()
            && rest.first().is_none_or(|annotation| annotation.line.start > 0)
        {
            let end = memchr::memchr(b'\n', block).map_or(block.len(), |at| at + 1);
            self.end_line(block, end, &mut from, rendered);
        }
        while let Some(first) = rest.first() {
            let line = first.line.clone();
            let (here, behind) =
                rest.split_at(rest.iter().take_while(|annotation| annotation.line == line).count());
            for annotation in here {
                self.pend(annotation, here);
            }
            self.end_line(block, line.end, &mut from, rendered);
            rest = behind;
        }
        if from > 0 {
            rendered.untouched(from..block.len());
        }
    }

    /// Keeps an annotation for the end of its line, unless its code is kept already or explained
    /// there.
    fn pend(&mut self, annotation: &Annotation<'c>, line: &[Annotation<'c>]) {
        let code = annotation.number.code;
        let is_explained = line.iter().any(|other| other.number.code == code && other.is_explained);
        if !is_explained && !self.pending.iter().any(|(kept, _)| *kept == code) {
            self.pending.push((code, annotation.lookup));
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
        self.see(block, before);
        self.insert_pending(rendered);
    }

    fn insert_pending(&mut self, rendered: &mut Rendered) {
        for (code, known) in std::mem::take(&mut self.pending) {
            self.insert(code, known, rendered);
        }
    }

    /// Follows the log's own colors up to a place.
    fn see(&mut self, block: &[u8], to: usize) {
        if self.palette != Palette::Plain && to > self.seen {
            self.active.feed(&block[self.seen..to]);
            self.seen = to;
        }
    }

    /// Adds one explanation, and the line's own colors again.
    fn insert(&mut self, code: Code, known: Lookup<'c>, rendered: &mut Rendered) {
        let start = rendered.text.len();
        let slot = (code.number() % TEXTS_MAX as u64) as usize;
        if self.texts[slot].as_ref().is_none_or(|(kept, _)| *kept != code) {
            self.texts[slot] = Some((code, self.explanation(code, known).into_bytes()));
        }
        if let Some((_, text)) = &self.texts[slot] {
            rendered.text.extend_from_slice(text);
        }
        if self.palette != Palette::Plain {
            self.active.write(&mut rendered.text);
        }
        rendered.pieces.push(Piece::Inserted(start..rendered.text.len()));
    }

    /// The text of one explanation.
    fn explanation(&self, code: Code, lookup: Lookup<'c>) -> String {
        let code = match self.place {
            Place::Inline => None,
            Place::End => Some(code),
        };
        let (mut text, paint) = (String::new(), self.palette.paint());
        explanation::write(&mut text, lookup, Form { languages: self.languages, code, paint });
        text
    }
}
