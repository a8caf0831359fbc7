//! Passes bytes from a descriptor to a descriptor, in the way that costs the system least.
//!
//! Owns the choice of a transport. Knows nothing about what is in the input.

use std::fs::File;

#[cfg(target_os = "linux")]
use jm_annotate::stream::Aligned;
use jm_annotate::stream::{Plain, Stream, StreamError, Totals, Writers};

use crate::input::{Head, Name};
use crate::interrupt::Text;
use crate::output::writer;

/// Whether all of the log goes to the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    Whole,
    Part,
}

/// Passes an input through: on Linux into a pipe by its pages, and from file to file in whole
/// pages.
#[cfg(target_os = "linux")]
pub(crate) fn pass(
    stream: &mut Stream<'_, '_>,
    name: &Name,
    text: Text<Head>,
    output: &File,
    writers: &mut Writers,
    extent: Extent,
) -> Result<Totals, StreamError> {
    use std::os::unix::fs::FileTypeExt;

    use jm_annotate::stream::splice::{Spans, Spliced};

    if is_from_file_to_file(&text, output) {
        let output = writer(output).and_then(|output| Aligned::new(output, writers));
        let output = output.map_err(StreamError::Write)?;
        return stream.pass(name.bytes(), &mut Plain::buffered(text, output));
    }
    let input = input_of(&text.reader);
    let output = output.try_clone().map_err(StreamError::Write)?;
    let is_pipe = output.metadata().is_ok_and(|found| found.file_type().is_fifo());
    let spans = if is_pipe && extent == Extent::Whole { Spans::Spliced } else { Spans::Copied };
    stream.pass(name.bytes(), &mut Spliced::new(text, input, output, spans))
}

/// Whether both are regular files, so that writes may be held back.
#[cfg(target_os = "linux")]
fn is_from_file_to_file(text: &Text<Head>, output: &File) -> bool {
    text.reader.reader.is_whole_file() && output.metadata().is_ok_and(|output| output.is_file())
}

#[cfg(target_os = "linux")]
fn input_of(head: &Head) -> jm_annotate::stream::splice::Input {
    use std::io::Seek;
    use std::os::unix::fs::FileTypeExt;

    use jm_annotate::stream::splice::Input;

    let read_ahead = head.first_bytes().len() as u64;
    let mut file = head.reader.file();
    match file.metadata().map(|found| found.file_type()) {
        Ok(kind) if kind.is_fifo() => Input::Pipe,
        Ok(kind) if kind.is_file() => match file.stream_position() {
            Ok(position) => Input::File(position.saturating_sub(read_ahead)),
            Err(_) => Input::Other,
        },
        _ => Input::Other,
    }
}

/// Passes an input through.
#[cfg(not(target_os = "linux"))]
pub(crate) fn pass(
    stream: &mut Stream<'_, '_>,
    name: &Name,
    text: Text<Head>,
    output: &File,
    _: &mut Writers,
    _: Extent,
) -> Result<Totals, StreamError> {
    let output = writer(output).map_err(StreamError::Write)?;
    stream.pass(name.bytes(), &mut Plain::new(text, output))
}
