//! The loop: reader → blocks of whole lines → annotations → writer and observers.
//!
//! Owns the order of steps: a block is written as soon as it is read, and before the next read,
//! unless the transport holds back a part of it because no read has to wait.
//! Works on readers and writers only; knows no paths, no environment and no options.
//!
//! ```
//! use jm_annotate::annotate::Annotator;
//! use jm_annotate::catalog::{Catalog, Language, Selection};
//! use jm_annotate::context::Strictness;
//! use jm_annotate::render::{Languages, Palette, Place, Renderer};
//! use jm_annotate::stream::{Output, Plain, Stream};
//!
//! let catalog = Catalog::new(Selection::All);
//! let annotator = Annotator::new(&catalog, Strictness::Weighed);
//! let english = Languages::One(Language::English);
//! let renderer = Renderer::new(english, Place::Inline, Palette::Plain);
//! let mut stream = Stream::new(annotator, Output::Log(renderer), Vec::new());
//! let mut output = Vec::new();
//! for (name, log) in [("a.log", "code=871300\n"), ("b.log", "code=871201\n")] {
//!     stream.pass(Some(name.as_bytes()), &mut Plain::new(log.as_bytes(), &mut output))?;
//! }
//! assert_eq!(output.iter().filter(|byte| **byte == b'[').count(), 2);
//! # Ok::<(), jm_annotate::stream::StreamError>(())
//! ```

#[cfg(feature = "cli")]
mod aligned;
#[cfg(all(feature = "cli", unix))]
mod blocking;
mod blocks;
mod held;
mod lines;
mod observer;
mod only;
mod sink;
#[cfg(all(feature = "cli", target_os = "linux"))]
pub mod splice;
mod transport;

use std::io::{self, Read, Write};
use std::ops::AddAssign;
use std::{error, fmt};

#[cfg(feature = "cli")]
pub use aligned::{Aligned, Writers};
#[cfg(all(feature = "cli", unix))]
pub use blocking::{Blocking, Readiness};
pub use blocks::LINE_BYTES_MAX;
pub use lines::{End, PlacedLine, for_each_line};
pub use observer::{Needs, Observed, Observer, Position};
pub use only::{Around, Only};
pub use transport::{Plain, Transport, read_once};

use crate::annotate::{Annotation, Annotator, Block};
use crate::render::Renderer;
use blocks::Blocks;
use observer::{Counter, Observers};
use sink::Sink;

/// How the log itself is written.
#[derive(Debug)]
pub enum Output<'c> {
    /// All of it, with explanations.
    Log(Renderer<'c>),
    /// Only lines with an explanation, and lines around them.
    Only(Only<'c>),
    /// Not at all: an observer writes instead.
    Nothing,
}

/// What happens when the output, or an observer's own output, can no longer be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnWriteError {
    /// The pass ends.
    #[default]
    End,
    /// The rest is read for the other observers; [`Stream::write_error`] returns the error.
    ReadOn,
}

/// Why a pass ended early.
#[derive(Debug)]
pub enum StreamError {
    /// The input could not be read any further. Everything before that is written.
    Read(io::Error),
    /// The output could not be written.
    Write(io::Error),
    /// An observer could not write.
    Observe(io::Error),
}

/// What a pass has seen of an input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Bytes, as decoded.
    pub bytes: u64,
    /// The same, without those of inputs that are nothing but a byte order mark of UTF-8: programs
    /// on Windows leave one where they had nothing to write.
    pub text_bytes: u64,
    /// Lines, including a last one without a line end; 0 if no observer needs line numbers.
    pub lines: u64,
}

/// A pass over one or more inputs: create it once, then give it each input.
pub struct Stream<'c, 'o> {
    blocks: Blocks,
    steps: Steps<'c, 'o>,
    totals: Totals,
}

/// What is done to each block, in this order: annotate, observe, write, count.
struct Steps<'c, 'o> {
    annotator: Annotator<'c>,
    observers: Observers<'c, 'o>,
    sink: Sink<'c>,
    counter: Counter,
    /// The annotations of the current block.
    annotations: Vec<Annotation<'c>>,
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StreamError::Read(_) => "the input cannot be read",
            StreamError::Write(_) => "the output cannot be written",
            StreamError::Observe(_) => "a report cannot be written",
        })
    }
}

impl error::Error for StreamError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            StreamError::Read(error) | StreamError::Write(error) | StreamError::Observe(error) => {
                Some(error)
            }
        }
    }
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.bytes += other.bytes;
        self.text_bytes += other.text_bytes;
        self.lines += other.lines;
    }
}

impl fmt::Debug for Stream<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("counter", &self.steps.counter)
            .field("totals", &self.totals)
            .finish_non_exhaustive()
    }
}

impl<'c, 'o> Stream<'c, 'o> {
    /// A pass with these parts, which ends when the output fails.
    #[must_use]
    pub fn new(
        annotator: Annotator<'c>,
        output: Output<'c>,
        observers: Vec<&'o mut dyn Observer<'c>>,
    ) -> Self {
        let observers = Observers::new(observers);
        let counter = Counter::new(observers.needs());
        let sink = Sink::new(output);
        let steps = Steps { annotator, observers, sink, counter, annotations: Vec::new() };
        Stream { blocks: Blocks::default(), steps, totals: Totals::default() }
    }

    /// The same pass with another reaction to a failing output.
    #[must_use]
    pub fn on_write_error(mut self, on_write_error: OnWriteError) -> Self {
        self.steps.sink.on_error = on_write_error;
        self
    }

    /// The totals of all inputs so far, including those that could not be read to the end.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// The first error after which the rest was only read, if there was one. A second call returns
    /// `None`.
    pub fn write_error(&mut self) -> Option<io::Error> {
        self.steps.sink.error.take()
    }

    /// Whether a color of the log is still active after what was written, so that the next text on
    /// the same terminal would have it. It is not known with [`Palette::Plain`].
    ///
    /// [`Palette::Plain`]: crate::render::Palette::Plain
    #[must_use]
    pub fn is_colored(&self) -> bool {
        self.steps.sink.is_colored()
    }

    /// Passes one input through to its end. The end of an input ends its last line.
    ///
    /// # Errors
    /// When reading, writing or an observer fails. After a failed read, the pass can continue with
    /// the next input.
    pub fn pass<T: Transport + ?Sized>(
        &mut self,
        file: Option<&[u8]>,
        transport: &mut T,
    ) -> Result<Totals, StreamError> {
        self.blocks.begin_input();
        self.steps.counter.begin_input();
        let mut passed = self.pass_blocks(file, transport);
        if matches!(passed, Ok(()) | Err(StreamError::Read(_))) {
            passed = self.steps.end_input(transport).and(passed);
        }
        let written = self.steps.sink.flush(transport);
        if matches!(passed, Ok(()) | Err(StreamError::Read(_))) {
            passed = written.and(passed);
        }
        let totals = self.steps.counter.totals();
        self.totals += totals;
        self.steps.observers.end_input(file, totals);
        passed.map(|()| totals)
    }

    fn pass_blocks<T: Transport + ?Sized>(
        &mut self,
        file: Option<&[u8]>,
        transport: &mut T,
    ) -> Result<(), StreamError> {
        let Stream { blocks, steps, .. } = self;
        let error = loop {
            match blocks.next(transport) {
                Ok(Some(block)) => steps.pass_block(file, block, transport)?,
                Ok(None) => return Ok(()),
                Err(error) => break error,
            }
        };
        if let Some(rest) = blocks.rest() {
            steps.pass_cut_block(file, rest, transport)?;
        }
        Err(StreamError::Read(error))
    }
}

impl<'c> Steps<'c, '_> {
    fn pass_block<T: Transport + ?Sized>(
        &mut self,
        file: Option<&[u8]>,
        block: Block<'_>,
        transport: &mut T,
    ) -> Result<(), StreamError> {
        self.pass_parts(file, block, |_, _| true, transport)
    }

    /// Passes on the part of a line that was read before a read failed. A number at its very end
    /// may be only the first half, and is not explained.
    fn pass_cut_block<T: Transport + ?Sized>(
        &mut self,
        file: Option<&[u8]>,
        block: Block<'_>,
        transport: &mut T,
    ) -> Result<(), StreamError> {
        let is_whole = |annotation: &Annotation<'_>, part: Block<'_>| {
            annotation.number.range.end < part.bytes.len()
        };
        self.pass_parts(file, block, is_whole, transport)
    }

    /// Passes on a block in as many parts as the annotator makes of it. `is_kept` says which of
    /// their annotations count.
    #[inline]
    fn pass_parts<T: Transport + ?Sized>(
        &mut self,
        file: Option<&[u8]>,
        mut block: Block<'_>,
        is_kept: impl Fn(&Annotation<'_>, Block<'_>) -> bool,
        transport: &mut T,
    ) -> Result<(), StreamError> {
        while !block.bytes.is_empty() {
            self.annotations.clear();
            let done = self.annotator.annotate(block, &mut self.annotations);
            let (part, rest) = block.split_at(done);
            self.annotations.retain(|annotation| is_kept(annotation, part));
            self.pass_annotated(file, part, transport)?;
            block = rest;
        }
        Ok(())
    }

    fn pass_annotated<T: Transport + ?Sized>(
        &mut self,
        file: Option<&[u8]>,
        block: Block<'_>,
        transport: &mut T,
    ) -> Result<(), StreamError> {
        let Steps { annotator, observers, sink, counter, annotations } = self;
        if !observers.is_empty() {
            let positions = counter.positions(block.bytes, annotations);
            let observed = Observed { block, annotations, positions, file, annotator };
            let result = observers.observe(&observed).map_err(StreamError::Observe);
            sink.keep_error(result)?;
        }
        let written = sink.write(block, annotations, transport);
        annotator.end_block(block);
        counter.advance(block.bytes);
        written
    }

    fn end_input<T: Transport + ?Sized>(&mut self, transport: &mut T) -> Result<(), StreamError> {
        self.annotator.end_input();
        self.sink.end_input(transport)
    }
}

/// The whole filter as one function: every byte of `reader` goes to `writer`, with explanations.
///
/// Each block of whole lines is written and flushed as soon as it is read, so a live log stays
/// live. The writer should not buffer.
///
/// # Errors
/// When the reader or the writer fails; everything read before that is written.
pub fn filter<R: Read, W: Write>(
    reader: R,
    writer: W,
    annotator: Annotator<'_>,
    renderer: Renderer<'_>,
) -> Result<Totals, StreamError> {
    Stream::new(annotator, Output::Log(renderer), Vec::new())
        .pass(None, &mut Plain::new(reader, writer))
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn an_error_names_its_source() {
        let error = StreamError::Read(io::ErrorKind::TimedOut.into());
        assert_eq!(error.to_string(), "the input cannot be read");
        assert_eq!(error.source().expect("it has one").to_string(), "timed out");
    }
}
