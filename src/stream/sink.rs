//! The writing end of a pass: renders a block and hands it to the transport.
//!
//! Owns what happens when the output fails. Knows nothing about reading or observers.

use std::io;

use super::transport::Transport;
use super::{OnWriteError, Output, StreamError};
use crate::annotate::{Annotation, Block};
use crate::render::Rendered;

/// Writes the log of a pass.
#[derive(Debug)]
pub(super) struct Sink<'c> {
    output: Output<'c>,
    pub(super) on_error: OnWriteError,
    /// The first error after which the rest is only read.
    pub(super) error: Option<io::Error>,
    /// Working space.
    rendered: Rendered,
}

impl<'c> Sink<'c> {
    pub(super) fn new(output: Output<'c>) -> Self {
        let (on_error, rendered) = (OnWriteError::default(), Rendered::default());
        Sink { output, on_error, error: None, rendered }
    }

    /// Writes a block with its annotations.
    pub(super) fn write<T: Transport + ?Sized>(
        &mut self,
        block: Block<'_>,
        annotations: &[Annotation<'c>],
        transport: &mut T,
    ) -> Result<(), StreamError> {
        let rendered = &mut self.rendered;
        let written = match &mut self.output {
            Output::Log(renderer) => {
                renderer.render(block, annotations, rendered);
                transport.write(block, rendered)
            }
            Output::Only(only) => {
                let before = only.render(block, annotations, rendered);
                let nothing = Block::lines(&[]);
                let written = before.as_ref().map(|before| transport.write(nothing, before));
                only.end_block(block, before);
                written.unwrap_or(Ok(())).and_then(|()| match rendered.pieces.is_empty() {
                    true => transport.flush(),
                    false => transport.write(block, rendered),
                })
            }
            Output::Nothing => Ok(()),
        };
        self.take(written)
    }

    /// Writes what is left at the end of an input.
    pub(super) fn end_input<T: Transport + ?Sized>(
        &mut self,
        transport: &mut T,
    ) -> Result<(), StreamError> {
        match &mut self.output {
            Output::Log(renderer) => renderer.end_input(&mut self.rendered),
            Output::Only(only) => only.end_input(&mut self.rendered),
            Output::Nothing => return Ok(()),
        }
        if self.rendered.pieces.is_empty() {
            return Ok(());
        }
        let nothing = Block::lines(&[]);
        let written = transport.write(nothing, &self.rendered);
        self.take(written)
    }

    /// Writes what the transport has held back, unless nothing is written any more.
    pub(super) fn flush<T: Transport + ?Sized>(
        &mut self,
        transport: &mut T,
    ) -> Result<(), StreamError> {
        if matches!(self.output, Output::Nothing) {
            return Ok(());
        }
        let written = transport.flush();
        self.take(written)
    }

    /// Whether a color of the log is still active.
    pub(super) fn is_colored(&self) -> bool {
        match &self.output {
            Output::Log(renderer) => renderer.is_colored(),
            Output::Only(only) => only.is_colored(),
            Output::Nothing => false,
        }
    }

    /// If the rest is to be read, keeps an error instead of ending the pass with it.
    pub(super) fn keep_error(
        &mut self,
        result: Result<(), StreamError>,
    ) -> Result<(), StreamError> {
        match (result, self.on_error) {
            (
                Err(StreamError::Write(error) | StreamError::Observe(error)),
                OnWriteError::ReadOn,
            ) => {
                self.error.get_or_insert(error);
                Ok(())
            }
            (result, _) => result,
        }
    }

    /// After an error that does not end the pass, nothing more is written.
    fn take(&mut self, written: io::Result<()>) -> Result<(), StreamError> {
        let failed = written.is_err();
        self.keep_error(written.map_err(StreamError::Write))?;
        if failed {
            self.output = Output::Nothing;
        }
        Ok(())
    }
}
