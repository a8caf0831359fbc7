//! How bytes come in and go out: a reader and a writer, or something faster that does the same.
//!
//! Owns the writing of a rendered block in as few calls as possible. Knows nothing about lines.

use std::io::{self, ErrorKind, IoSlice, Read, Write};

use crate::annotate::Block;
use crate::render::Rendered;

/// Where a stream's bytes come from and go to.
pub trait Transport {
    /// Reads once; 0 at the end of the input.
    ///
    /// # Errors
    /// The system's, except for an interrupted call, which is repeated.
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize>;

    /// Writes a block that was read before, as rendered. If the next read may have to wait, nothing
    /// of it is held back.
    ///
    /// # Errors
    /// The system's; [`ErrorKind::BrokenPipe`] when the output's reader has closed it.
    fn write(&mut self, block: Block<'_>, rendered: &Rendered) -> io::Result<()>;

    /// Writes what was held back. Called at the end of an input, and if nothing is written of a
    /// block.
    ///
    /// # Errors
    /// As for `write`.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A reader and a writer.
#[derive(Debug)]
pub struct Plain<R, W> {
    reader: R,
    writer: W,
    flushed: Flushed,
    /// Working space.
    assembled: Vec<u8>,
}

/// When a writer is flushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flushed {
    AfterEachBlock,
    /// By [`Transport::flush`].
    WhenAsked,
}

/// Parts that are shorter than this on average, in bytes, are copied together for one write; longer
/// ones are written from where they are. A copy costs less than the bookkeeping of many small
/// parts.
const PART_BYTES_MIN: usize = 1024;
/// How many bytes are copied together at most: what a pipe holds on Linux. A longer block takes
/// more than one write.
const ASSEMBLED_BYTES_MAX: usize = 64 * 1024;
/// How many parts one vectored write accepts on every system that we know of (`IOV_MAX`).
pub(super) const PARTS_MAX: usize = 1024;

impl<R: Read, W: Write> Plain<R, W> {
    /// A reader and a writer. The writer should not buffer: each block is one write, and is
    /// flushed.
    pub fn new(reader: R, writer: W) -> Self {
        Plain { reader, writer, flushed: Flushed::AfterEachBlock, assembled: Vec::new() }
    }

    /// A reader and a writer that buffers: it is flushed at the end of each input, and after each
    /// block of which nothing is written. The reader should never have to wait, like that of a
    /// regular file.
    pub fn buffered(reader: R, writer: W) -> Self {
        Plain { flushed: Flushed::WhenAsked, ..Plain::new(reader, writer) }
    }
}

impl<R: Read, W: Write> Transport for Plain<R, W> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        read_once(&mut self.reader, space)
    }

    fn write(&mut self, block: Block<'_>, rendered: &Rendered) -> io::Result<()> {
        write_rendered(&mut self.writer, block.bytes, rendered, &mut self.assembled)?;
        match self.flushed {
            Flushed::AfterEachBlock => self.writer.flush(),
            Flushed::WhenAsked => Ok(()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// One read, repeated when it is interrupted.
///
/// # Errors
/// The reader's.
pub fn read_once<R: Read + ?Sized>(reader: &mut R, space: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(space) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// Writes a rendered block, in one write unless it is very long. `assembled` is working space.
///
/// # Errors
/// The writer's.
pub(super) fn write_rendered<W: Write + ?Sized>(
    writer: &mut W,
    block: &[u8],
    rendered: &Rendered,
    assembled: &mut Vec<u8>,
) -> io::Result<()> {
    let (mut slices, count) = (rendered.slices(block), rendered.pieces.len().max(1));
    let bytes = block.len().max(rendered.text.len());
    match slices.next() {
        Some(all) if count == 1 => writer.write_all(all),
        _ if count > PARTS_MAX || bytes / count < PART_BYTES_MIN => {
            write_assembled(writer, block, rendered, assembled)
        }
        first => {
            let mut parts: Vec<_> = first.into_iter().chain(slices).map(IoSlice::new).collect();
            write_parts(writer, &mut parts)
        }
    }
}

fn write_assembled<W: Write + ?Sized>(
    writer: &mut W,
    block: &[u8],
    rendered: &Rendered,
    assembled: &mut Vec<u8>,
) -> io::Result<()> {
    assembled.clear();
    for part in rendered.slices(block) {
        if assembled.len() + part.len() > ASSEMBLED_BYTES_MAX && !assembled.is_empty() {
            writer.write_all(assembled)?;
            assembled.clear();
        }
        if part.len() > ASSEMBLED_BYTES_MAX {
            writer.write_all(part)?;
        } else {
            assembled.extend_from_slice(part);
        }
    }
    writer.write_all(assembled)
}

/// `write_all_vectored`, which the standard library does not have yet.
pub(super) fn write_parts<W: Write + ?Sized>(
    writer: &mut W,
    mut parts: &mut [IoSlice<'_>],
) -> io::Result<()> {
    IoSlice::advance_slices(&mut parts, 0); // empty ones would look like a write of nothing
    while !parts.is_empty() {
        match writer.write_vectored(parts) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(count) => IoSlice::advance_slices(&mut parts, count),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Piece;

    /// Records how many parts each write has. The first vectored write gives a result of its own.
    #[derive(Default)]
    struct Recorder {
        written: Vec<u8>,
        parts: Vec<usize>,
        first: Option<io::Result<usize>>,
    }

    impl Write for Recorder {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.parts.push(1);
            self.written.write(bytes)
        }

        fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
            if let Some(result) = self.first.take() {
                return result;
            }
            self.parts.push(parts.len());
            self.written.write_vectored(parts)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Writes parts of the same length.
    fn write(writer: &mut Recorder, count: usize, bytes: usize) -> io::Result<()> {
        let block = vec![b'x'; count * bytes];
        let piece = |at: usize| Piece::Untouched(at * bytes..(at + 1) * bytes);
        let pieces = (0..count).map(piece).collect();
        let rendered = Rendered { pieces, ..Rendered::default() };
        write_rendered(writer, &block, &rendered, &mut Vec::new())?;
        assert_eq!(writer.written, block);
        Ok(())
    }

    #[test]
    fn long_parts_are_written_from_where_they_are_unless_they_are_too_many() {
        for (count, bytes, want) in [
            (1, PART_BYTES_MIN, vec![1]),
            (2, PART_BYTES_MIN, vec![2]),
            (2, PART_BYTES_MIN - 1, vec![1]),
            (PARTS_MAX, PART_BYTES_MIN, vec![PARTS_MAX]),
            (PARTS_MAX + 1, PART_BYTES_MIN, vec![1; 17]),
        ] {
            let mut writer = Recorder::default();
            write(&mut writer, count, bytes).expect("it is written");
            assert_eq!(writer.parts, want, "{count} parts of {bytes} bytes");
        }
    }

    /// Held lines come without a block, and may be long.
    #[test]
    fn a_long_text_is_not_copied() {
        let text = vec![b'x'; 3 * PART_BYTES_MIN];
        for parts in [1, 2] {
            let pieces = [0..PART_BYTES_MIN, PART_BYTES_MIN..text.len()];
            let pieces = pieces.into_iter().take(parts).map(Piece::Inserted).collect();
            let rendered = Rendered { pieces, text: text.clone() };
            let (mut writer, mut assembled) = (Recorder::default(), Vec::new());
            write_rendered(&mut writer, b"", &rendered, &mut assembled).expect("it is written");
            assert_eq!((writer.parts, assembled.capacity()), (vec![parts], 0));
            assert_eq!(writer.written, rendered.slices(b"").collect::<Vec<_>>().concat());
        }
    }

    #[test]
    fn a_vectored_write_is_repeated_only_if_it_was_interrupted() {
        for (first, want) in [
            (Err(ErrorKind::Interrupted.into()), None),
            (Err(ErrorKind::TimedOut.into()), Some(ErrorKind::TimedOut)),
            (Ok(0), Some(ErrorKind::WriteZero)),
        ] {
            let mut writer = Recorder { first: Some(first), ..Recorder::default() };
            let result = write(&mut writer, 2, PART_BYTES_MIN);
            assert_eq!(result.err().map(|error| error.kind()), want);
        }
    }
}
