//! The loop: reader → blocks of whole lines → annotations → writer and observers.
//!
//! Owns the order of things: a block is written as soon as it was read, and before the next read.
//! Works on readers and writers only; knows no paths, no environment and no options.

#[cfg(all(feature = "cli", unix))]
mod blocking;
mod blocks;
mod only;
#[cfg(all(feature = "cli", target_os = "linux"))]
pub mod splice;
mod transport;

use std::io::{self, Read, Write};

#[cfg(all(feature = "cli", unix))]
pub use blocking::{Blocking, wait};
pub use blocks::{LINE_BYTES_MAX, READ_BYTES};
pub use only::Only;
pub use transport::{Plain, Transport, read_once, write_rendered};

use crate::annotate::{Annotation, Annotator, Block, Start};
use crate::context::header::Header;
use crate::render::{Rendered, Renderer};
use blocks::Blocks;

/// What else one pass feeds: reports, a summary, a count.
pub trait Observer<'c> {
    /// What the observer asks of the pass.
    fn needs(&self) -> Needs {
        Needs::Nothing
    }

    /// The annotations of a block, in order. Called before the block is written.
    ///
    /// # Errors
    /// What its own writer answers.
    fn observe(&mut self, observed: &Observed<'_, 'c>) -> io::Result<()>;
}

/// What an observer asks of the pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Only the annotations.
    Nothing,
    /// Line numbers, which cost a count of the line ends.
    Lines,
}

/// A block as observers see it.
#[derive(Debug)]
pub struct Observed<'o, 'c> {
    /// The block.
    pub block: Block<'o>,
    /// Its annotations.
    pub annotations: &'o [Annotation<'c>],
    /// Where they stand; empty where nobody asked for line numbers.
    pub positions: &'o [Position],
    /// The name of the input; `None` for standard input.
    pub file: Option<&'o [u8]>,
    annotator: &'o Annotator<'c>,
}

/// One annotation's place in its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// 1-based.
    pub line: u64,
    /// 1-based, in bytes of the line.
    pub column: u64,
    /// 0-based, in bytes of the input as decoded.
    pub offset: u64,
}

impl<'c> Observed<'_, 'c> {
    /// The header of an annotation's line.
    #[must_use]
    pub fn header(&self, annotation: &Annotation<'c>) -> Header<'_> {
        self.annotator.header(self.block, annotation)
    }
}

/// Why a stream ended early.
#[derive(Debug)]
pub enum StreamError {
    /// The input could not be read further. What came before it is written.
    Read(io::Error),
    /// The output could not be written.
    Write(io::Error),
    /// An observer could not write.
    Observe(io::Error),
}

/// How the log itself is written.
#[derive(Debug)]
pub enum Output<'c> {
    /// All of it, with explanations.
    Log(Renderer<'c>),
    /// Only lines with an explanation, with lines around them.
    Only(Only<'c>),
    /// Not at all: an observer writes instead.
    Nothing,
}

/// What follows when the output can no longer be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnWriteError {
    /// The pass ends.
    #[default]
    End,
    /// The rest is read for the observers; [`Stream::write_error`] tells what happened.
    ReadOn,
}

/// What one pass over one or more inputs needs: create it once, give it each input.
pub struct Stream<'c, 'o> {
    annotator: Annotator<'c>,
    output: Output<'c>,
    on_write_error: OnWriteError,
    write_error: Option<io::Error>,
    totals: Totals,
    is_cut: bool,
    observers: Vec<&'o mut dyn Observer<'c>>,
    needs: Needs,
    blocks: Blocks,
    annotations: Vec<Annotation<'c>>,
    positions: Vec<Position>,
    rendered: Rendered,
    /// Bytes of the input before the present block.
    offset: u64,
    /// 1-based number of the line at the place up to which line ends are counted.
    line: u64,
    /// Up to there they are counted, in the present block.
    counted: usize,
    /// Bytes of the block's first line that came in blocks before.
    line_bytes: u64,
}

/// What a pass has seen of an input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Bytes, as decoded.
    pub bytes: u64,
    /// Lines, also a last one without a line end; 0 where nobody asked for line numbers.
    pub lines: u64,
}

impl std::fmt::Debug for Stream<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream")
            .field("offset", &self.offset)
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

impl<'c, 'o> Stream<'c, 'o> {
    /// A pass with these parts.
    #[must_use]
    pub fn new(
        annotator: Annotator<'c>,
        output: Output<'c>,
        observers: Vec<&'o mut dyn Observer<'c>>,
    ) -> Self {
        let needs =
            observers.iter().map(|observer| observer.needs()).max().unwrap_or(Needs::Nothing);
        let (annotations, positions, rendered) = (Vec::new(), Vec::new(), Rendered::default());
        let (on_write_error, write_error, totals) = (OnWriteError::End, None, Totals::default());
        let (blocks, offset, line, counted, line_bytes) = (Blocks::default(), 0, 1, 0, 0);
        Stream {
            annotator,
            output,
            on_write_error,
            write_error,
            totals,
            is_cut: false,
            observers,
            needs,
            blocks,
            annotations,
            positions,
            rendered,
            offset,
            line,
            counted,
            line_bytes,
        }
    }

    /// The same pass with another answer to a failing output.
    #[must_use]
    pub fn on_write_error(self, on_write_error: OnWriteError) -> Self {
        Stream { on_write_error, ..self }
    }

    /// What all inputs together held so far, also those that could not be read to their ends.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// The failure after which the rest was only read, if there was one.
    pub fn write_error(&mut self) -> Option<io::Error> {
        self.write_error.take()
    }

    /// Passes one input through, to its end. The end of an input ends its last line.
    ///
    /// # Errors
    /// When reading, writing or an observer fails; the pass may go on with the next input after a
    /// failed read.
    pub fn pass<T: Transport + ?Sized>(
        &mut self,
        file: Option<&[u8]>,
        transport: &mut T,
    ) -> Result<Totals, StreamError> {
        self.begin_input();
        loop {
            let mut blocks = std::mem::take(&mut self.blocks);
            let result = match blocks.next(transport) {
                Ok(Some(block)) => self.pass_block(file, block, transport).map(|()| true),
                Ok(None) => Ok(false),
                Err(error) => match blocks
                    .rest()
                    .map_or(Ok(()), |rest| self.pass_cut_block(file, rest, transport))
                {
                    Ok(()) => Err(StreamError::Read(error)),
                    Err(worse) => Err(worse),
                },
            };
            self.blocks = blocks;
            match result {
                Ok(true) => {}
                Ok(false) => return self.end_input(transport),
                Err(StreamError::Read(error)) => {
                    self.end_input(transport)?;
                    return Err(StreamError::Read(error));
                }
                Err(error) => {
                    self.add_totals();
                    return Err(error);
                }
            }
        }
    }

    fn begin_input(&mut self) {
        self.blocks.begin_input();
        (self.offset, self.line, self.line_bytes) = (0, 1, 0);
    }

    fn end_input<T: Transport + ?Sized>(
        &mut self,
        transport: &mut T,
    ) -> Result<Totals, StreamError> {
        self.annotator.end_input();
        match &mut self.output {
            Output::Log(renderer) => renderer.end_input(&mut self.rendered),
            Output::Only(only) => only.end_input(&mut self.rendered),
            Output::Nothing => self.rendered.clear(),
        }
        if !self.rendered.pieces.is_empty() {
            let nothing = Block { bytes: &[], start: Start::Piece };
            let written = transport.write(nothing, &self.rendered);
            self.take_write_error(written)?;
        }
        Ok(self.add_totals())
    }

    /// What was read of a line before a read failed: a number at its very end may be half of one.
    fn pass_cut_block<T: Transport + ?Sized>(
        &mut self,
        file: Option<&[u8]>,
        block: Block<'_>,
        transport: &mut T,
    ) -> Result<(), StreamError> {
        self.is_cut = true;
        let passed = self.pass_block(file, block, transport);
        self.is_cut = false;
        passed
    }

    fn add_totals(&mut self) -> Totals {
        let open_line = u64::from(self.line_bytes > 0);
        let totals = Totals { bytes: self.offset, lines: self.line - 1 + open_line };
        self.totals.bytes += totals.bytes;
        self.totals.lines += totals.lines;
        totals
    }

    fn pass_block<T: Transport + ?Sized>(
        &mut self,
        file: Option<&[u8]>,
        block: Block<'_>,
        transport: &mut T,
    ) -> Result<(), StreamError> {
        self.annotations.clear();
        self.annotator.annotate(block, &mut self.annotations);
        if self.is_cut {
            self.annotations.retain(|annotation| annotation.number.range.end < block.bytes.len());
        }
        if !self.observers.is_empty() {
            self.observe(file, block)?;
        }
        let written = match &mut self.output {
            Output::Log(renderer) => {
                renderer.render(block, &self.annotations, &mut self.rendered);
                transport.write(block, &self.rendered)
            }
            Output::Only(only) => {
                only.render(block, &self.annotations, &mut self.rendered);
                if self.rendered.pieces.is_empty() {
                    Ok(())
                } else {
                    transport.write(block, &self.rendered)
                }
            }
            Output::Nothing => Ok(()),
        };
        self.annotator.end_block(block);
        self.count(block.bytes);
        self.take_write_error(written)
    }

    fn take_write_error(&mut self, written: io::Result<()>) -> Result<(), StreamError> {
        match (written, self.on_write_error) {
            (Ok(()), _) => Ok(()),
            (Err(error), OnWriteError::End) => Err(StreamError::Write(error)),
            (Err(error), OnWriteError::ReadOn) => {
                self.output = Output::Nothing;
                self.write_error = Some(error);
                Ok(())
            }
        }
    }

    fn observe(&mut self, file: Option<&[u8]>, block: Block<'_>) -> Result<(), StreamError> {
        self.positions.clear();
        if self.needs == Needs::Lines {
            self.find_positions(block.bytes);
        }
        let (annotations, positions, annotator) =
            (&self.annotations, &self.positions, &self.annotator);
        let seen = Observed { block, annotations, positions, file, annotator };
        for observer in &mut self.observers {
            observer.observe(&seen).map_err(StreamError::Observe)?;
        }
        Ok(())
    }

    /// The places of the annotations. Each line end is counted once, here or behind the last
    /// annotation.
    fn find_positions(&mut self, bytes: &[u8]) {
        for annotation in &self.annotations {
            let start = annotation.line.start;
            self.line += memchr::memchr_iter(b'\n', &bytes[self.counted..start]).count() as u64;
            self.counted = start;
            let before = if start == 0 { self.line_bytes } else { 0 };
            let column = before + (annotation.number.range.start - start) as u64 + 1;
            let offset = self.offset + annotation.number.range.start as u64;
            self.positions.push(Position { line: self.line, column, offset });
        }
    }

    /// Moves on behind a block. A block with a line end in it ends with one, or is the last of its
    /// input.
    fn count(&mut self, bytes: &[u8]) {
        self.offset += bytes.len() as u64;
        if self.needs == Needs::Lines {
            self.line += memchr::memchr_iter(b'\n', &bytes[self.counted..]).count() as u64;
        }
        self.counted = 0;
        self.line_bytes = match memchr::memrchr(b'\n', bytes) {
            Some(at) => (bytes.len() - at - 1) as u64,
            None => self.line_bytes + bytes.len() as u64,
        };
    }
}

/// The whole filter as one function: every byte of `reader` goes to `writer`, with explanations.
///
/// Each block of whole lines is written and flushed as soon as it was read, so a live log stays
/// live. The writer should not buffer.
///
/// # Errors
/// When the reader or the writer fails; what was read before is written.
pub fn filter<R: Read, W: Write>(
    reader: R,
    writer: W,
    annotator: Annotator<'_>,
    renderer: Renderer<'_>,
) -> Result<Totals, StreamError> {
    Stream::new(annotator, Output::Log(renderer), Vec::new())
        .pass(None, &mut Plain::new(reader, writer))
}
