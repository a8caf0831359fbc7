//! The observers of a pass, and where in its input an annotation is.
//!
//! Owns the count of lines and bytes. Knows nothing about reports.

use std::io;

use super::Totals;
use crate::annotate::{Annotation, Annotator, Block};
use crate::context::HeaderPlace;
use crate::context::header::{Format, Header};

/// Something else that a pass feeds: a report, a summary, a count.
pub trait Observer<'c> {
    /// What the observer needs from the pass.
    fn needs(&self) -> Needs {
        Needs::Nothing
    }

    /// The annotations of a block, in order. Called before the block is written.
    ///
    /// # Errors
    /// Those of its own writer. An observer that failed is not called again.
    fn observe(&mut self, observed: &Observed<'_, 'c>) -> io::Result<()>;

    /// An input has ended, even if it could not be read to its end; `file` is `None` for standard
    /// input.
    fn end_input(&mut self, _file: Option<&[u8]>, _totals: Totals) {}
}

/// What an observer needs from the pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Needs {
    /// Only the annotations.
    #[default]
    Nothing,
    /// Line numbers, for which line ends must be counted.
    Lines,
}

/// A block as observers see it.
#[derive(Debug)]
pub struct Observed<'o, 'c> {
    /// The block.
    pub block: Block<'o>,
    /// Its annotations.
    pub annotations: &'o [Annotation<'c>],
    /// The position of each annotation; empty if no observer needs line numbers.
    pub positions: &'o [Position],
    /// The name of the input; `None` for standard input.
    pub file: Option<&'o [u8]>,
    pub(super) annotator: &'o Annotator<'c>,
}

/// Where in its input an annotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// 1-based.
    pub line: u64,
    /// 1-based, in bytes of the line.
    pub column: u64,
    /// 0-based, in bytes of the input as decoded.
    pub offset: u64,
}

/// The observers of a pass.
pub(super) struct Observers<'c, 'o>(Vec<&'o mut dyn Observer<'c>>);

/// Counts the lines and bytes of an input.
#[derive(Debug, Default)]
pub(super) struct Counter {
    needs: Needs,
    /// Bytes of the input before the current block.
    offset: u64,
    /// Whether these are a byte order mark and nothing else.
    is_only_mark: bool,
    /// Line ends of the input before `counted`.
    line_ends: u64,
    /// How far line ends are counted in the current block.
    counted: usize,
    /// The bytes of the block's first line that came in earlier blocks.
    line_bytes: u64,
    /// Working space.
    positions: Vec<Position>,
}

/// The byte order mark of UTF-8.
const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

impl<'c> Observed<'_, 'c> {
    /// The header of an annotation's line.
    #[must_use]
    pub fn header<'h>(&'h self, annotation: &'h Annotation<'c>) -> Header<'h> {
        self.annotator.header(self.block, annotation)
    }

    /// The layout and the time of that header.
    pub fn time<'h>(&'h self, annotation: &'h Annotation<'c>) -> (Format, Option<&'h [u8]>) {
        if annotation.header == HeaderPlace::InLine {
            return Header::parse_time(&self.block.bytes[annotation.line.clone()]);
        }
        let header = self.header(annotation);
        (header.format, header.time)
    }
}

impl<'c, 'o> Observers<'c, 'o> {
    pub(super) fn new(observers: Vec<&'o mut dyn Observer<'c>>) -> Self {
        Observers(observers)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The most that any of them needs.
    pub(super) fn needs(&self) -> Needs {
        self.0.iter().map(|observer| observer.needs()).max().unwrap_or_default()
    }

    /// Shows all of them a block. Drops those that fail, and returns the first error.
    pub(super) fn observe(&mut self, observed: &Observed<'_, 'c>) -> io::Result<()> {
        let mut result = Ok(());
        self.0.retain_mut(|observer| match observer.observe(observed) {
            Ok(()) => true,
            Err(error) => {
                if result.is_ok() {
                    result = Err(error);
                }
                false
            }
        });
        result
    }

    /// Says to all of them that an input has ended.
    pub(super) fn end_input(&mut self, file: Option<&[u8]>, totals: Totals) {
        self.0.iter_mut().for_each(|observer| observer.end_input(file, totals));
    }
}

impl Counter {
    pub(super) fn new(needs: Needs) -> Self {
        Counter { needs, ..Counter::default() }
    }

    pub(super) fn begin_input(&mut self) {
        *self = Counter::new(self.needs);
    }

    /// The totals of the input so far.
    pub(super) fn totals(&self) -> Totals {
        let lines = match self.needs {
            Needs::Lines => self.line_ends + u64::from(self.line_bytes > 0),
            Needs::Nothing => 0,
        };
        let text_bytes = if self.is_only_mark { 0 } else { self.offset };
        Totals { bytes: self.offset, text_bytes, lines }
    }

    /// The positions of the current block's annotations; none if no observer needs line numbers.
    /// Each line end is counted once, here or by [`Counter::advance`].
    pub(super) fn positions(
        &mut self,
        block: &[u8],
        annotations: &[Annotation<'_>],
    ) -> &[Position] {
        self.positions.clear();
        if self.needs == Needs::Lines {
            for annotation in annotations {
                let (line, number) = (annotation.line.start, annotation.number.range.start);
                self.count_line_ends(&block[..line]);
                let before = if line == 0 { self.line_bytes } else { 0 };
                self.positions.push(Position {
                    line: self.line_ends + 1,
                    column: before + (number - line) as u64 + 1,
                    offset: self.offset + number as u64,
                });
            }
        }
        &self.positions
    }

    /// Moves on to the next block. A block that contains a line end also ends with one, or is the
    /// last of its input.
    pub(super) fn advance(&mut self, block: &[u8]) {
        if self.needs == Needs::Lines {
            self.count_line_ends(block);
        }
        self.counted = 0;
        self.is_only_mark = self.offset == 0 && block == UTF_8_MARK;
        self.offset += block.len() as u64;
        self.line_bytes = match memchr::memrchr(b'\n', block) {
            Some(at) => (block.len() - at - 1) as u64,
            None => self.line_bytes + block.len() as u64,
        };
    }

    fn count_line_ends(&mut self, block: &[u8]) {
        self.line_ends += memchr::memchr_iter(b'\n', &block[self.counted..]).count() as u64;
        self.counted = block.len();
    }
}
