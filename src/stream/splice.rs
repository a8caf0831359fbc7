//! Linux: untouched spans go from descriptor to descriptor without being copied through the
//! program.
//!
//! Owns the system calls `splice` and `tee` and the decision when they pay. It works on descriptors
//! that somebody else has opened, and does the same job as [`Plain`](super::Plain): whenever a call
//! is refused it goes on by plain writes.
//!
//! A file's pages are read to be scanned, and then the same pages are handed to the pipe. A pipe's
//! pages are duplicated into a pipe of our own (`tee`), read from there to be scanned, and then
//! moved on. Measured against plain reads and writes: see `benches/README.md`.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};

use rustix::event::PollFlags;
use rustix::io::Errno;
use rustix::pipe::{SpliceFlags, fcntl_setpipe_size, pipe, splice, tee};

use super::blocking::{Blocking, wait};
use super::transport::{Transport, read_once, write_rendered};
use crate::annotate::Block;
use crate::render::{Piece, Rendered};

/// An input that may be asked to wait: a reader with its descriptor.
pub trait Source: Read + AsFd {
    /// Waits until there is something to read; false: the input is to be taken as ended.
    ///
    /// # Errors
    /// The system's.
    fn wait(&mut self) -> io::Result<bool>;
}

/// What a descriptor is, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file, read from this offset on, in bytes.
    File(u64),
    /// A pipe or FIFO.
    Pipe,
    /// Anything else: a terminal, a socket, a device.
    Other,
}

/// A reader and a writer, by descriptor.
#[derive(Debug)]
pub struct Spliced<S> {
    source: S,
    writer: File,
    input: Kind,
    /// Whether untouched spans may be spliced into the output; false for good once a call was
    /// refused.
    may_splice: bool,
    /// Our own pipe, for `tee`; made when a pipe is seen to deliver much.
    scratch: Option<(OwnedFd, OwnedFd)>,
    /// Whether the pipes were enlarged.
    is_enlarged: bool,
    /// Whether the next read peeks by `tee`.
    is_bulk: bool,
    /// Reads until the next try at `tee`.
    pause: usize,
    /// Bytes that were read and not written yet: those that only we have, then those that the pipe
    /// still has too.
    kept: usize,
    peeked: usize,
    /// Bytes that were written from our copy and that the pipe still has, before the peeked ones.
    owed: usize,
    /// Parts on their way to one write.
    gathered: Vec<u8>,
    /// Room for bytes that are taken out of the pipe and not looked at.
    waste: Vec<u8>,
}

/// A span shorter than this, in bytes, is copied: a call for it would cost more.
const SPAN_BYTES_MIN: usize = 16 * 1024;
/// A read that yields this much, in bytes, shows a pipe that delivers faster than we read: most of
/// the 64 KiB that a pipe holds by default.
const BULK_BYTES: usize = 48 * 1024;
/// What pipes are enlarged to, in bytes: the most that a user may ask for by default
/// (`/proc/sys/fs/pipe-max-size`).
const PIPE_BYTES: usize = 1024 * 1024;
/// How many bytes are thrown away by one read.
const WASTE_BYTES: usize = 64 * 1024;
/// After a block full of short spans, so many reads are plain ones: `tee` would only add a copy.
const PAUSE_READS: usize = 16;

impl<S: Source> Spliced<S> {
    /// From a source of a kind to a writer; `to_pipe`: the writer is a pipe.
    pub fn new(source: S, input: Kind, writer: File, to_pipe: bool) -> Self {
        let may_splice = to_pipe && input != Kind::Other;
        let (scratch, is_enlarged, is_bulk, pause) = (None, false, false, 0);
        let (gathered, waste) = (Vec::new(), Vec::new());
        let (kept, peeked, owed) = (0, 0, 0);
        Spliced {
            source,
            writer,
            input,
            may_splice,
            scratch,
            is_enlarged,
            is_bulk,
            pause,
            kept,
            peeked,
            owed,
            gathered,
            waste,
        }
    }

    /// A read that takes the bytes.
    fn read_plain(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let read = read_once(&mut self.source, space)?;
        if !matches!(self.input, Kind::File(_)) {
            self.kept += read;
        }
        if read >= BULK_BYTES && self.input != Kind::Other {
            if !self.is_enlarged {
                self.enlarge();
            }
            self.pause = self.pause.saturating_sub(1);
            self.is_bulk = self.scratch.is_some() && self.pause == 0 && self.may_splice;
        }
        Ok(read)
    }

    /// Enlarges the pipes and makes our own one. A refusal is no harm.
    fn enlarge(&mut self) {
        self.is_enlarged = true;
        let _ = fcntl_setpipe_size(&self.writer, PIPE_BYTES);
        if self.input != Kind::Pipe {
            return;
        }
        let _ = fcntl_setpipe_size(&self.source, PIPE_BYTES);
        if self.may_splice
            && let Ok(ends) = pipe()
        {
            let _ = fcntl_setpipe_size(&ends.1, PIPE_BYTES);
            self.scratch = Some(ends);
        }
    }

    /// A read that leaves the bytes in the pipe.
    fn peek(&mut self, space: &mut [u8]) -> io::Result<usize> {
        if !self.source.wait()? {
            return Ok(0);
        }
        let Some((out, into)) = &self.scratch else { return self.read_plain(space) };
        let count = match retry(|| tee(&self.source, into, space.len(), SpliceFlags::empty())) {
            Ok(count) => count,
            Err(Errno::AGAIN) => return self.read_plain(space),
            Err(_) => {
                (self.may_splice, self.is_bulk) = (false, false);
                return self.read_plain(space);
            }
        };
        read_exactly(out, &mut space[..count])?;
        self.peeked += count;
        self.is_bulk = count >= BULK_BYTES;
        Ok(count)
    }

    /// Takes out of the pipe what was written from our copy.
    fn pay(&mut self) -> io::Result<()> {
        self.waste.resize(self.owed.min(WASTE_BYTES).max(self.waste.len()), 0);
        while self.owed > 0 {
            let chunk = self.owed.min(self.waste.len());
            match read_once(&mut self.source, &mut self.waste[..chunk])? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                read => self.owed -= read,
            }
        }
        Ok(())
    }

    fn write_spliced(&mut self, block: &[u8], rendered: &Rendered) -> io::Result<()> {
        let whole = [Piece::Untouched(0..block.len())];
        let pieces = if rendered.pieces.is_empty() { &whole[..] } else { &rendered.pieces };
        self.gathered.clear();
        for piece in pieces {
            match piece {
                Piece::Inserted(range) => {
                    self.gathered.extend_from_slice(&rendered.text[range.clone()])
                }
                Piece::Untouched(range) => self.write_span(&block[range.clone()])?,
            }
        }
        self.write_gathered()
    }

    /// Writes the next span of what was read. The bytes that only we have come first.
    fn write_span(&mut self, span: &[u8]) -> io::Result<()> {
        let kept = match self.input {
            Kind::File(_) => 0,
            Kind::Pipe | Kind::Other => self.kept.min(span.len()),
        };
        self.gathered.extend_from_slice(&span[..kept]);
        self.kept -= kept;
        let rest = &span[kept..];
        let spliced = if rest.len() >= SPAN_BYTES_MIN && self.may_splice {
            self.write_gathered()?;
            self.splice_span(rest)?
        } else {
            0
        };
        self.gathered.extend_from_slice(&rest[spliced..]);
        self.pass_over(rest.len(), spliced);
        Ok(())
    }

    /// Moves on in the input behind bytes that are written, `spliced` of them by their pages.
    fn pass_over(&mut self, count: usize, spliced: usize) {
        match &mut self.input {
            Kind::File(offset) => *offset += count as u64,
            Kind::Pipe | Kind::Other => {
                self.peeked -= count;
                self.owed += count - spliced;
            }
        }
    }

    /// Hands a span to the output by its pages, as far as the system will, and returns how far.
    fn splice_span(&mut self, span: &[u8]) -> io::Result<usize> {
        self.pay()?;
        let mut done = 0;
        while done < span.len() {
            let mut at = match self.input {
                Kind::File(offset) => Some(offset + done as u64),
                Kind::Pipe | Kind::Other => None,
            };
            let (source, writer, flags) = (&self.source, &self.writer, SpliceFlags::empty());
            match retry(|| splice(source, at.as_mut(), writer, None, span.len() - done, flags)) {
                Ok(0) => break, // the file was cut short behind us: our copy is what it held
                Ok(count) => done += count,
                Err(Errno::AGAIN) => wait(&self.writer, PollFlags::OUT)?,
                Err(Errno::PIPE) => {
                    self.pass_over(done, done);
                    return Err(ErrorKind::BrokenPipe.into());
                }
                Err(_) => {
                    self.may_splice = false;
                    break;
                }
            }
        }
        Ok(done)
    }

    fn write_gathered(&mut self) -> io::Result<()> {
        Blocking(&mut self.writer).write_all(&self.gathered)?;
        self.gathered.clear();
        Ok(())
    }
}

impl<S: Source> Transport for Spliced<S> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        self.owed += self.peeked;
        self.kept += std::mem::take(&mut self.peeked);
        self.pay()?;
        if self.is_bulk { self.peek(space) } else { self.read_plain(space) }
    }

    fn write(&mut self, block: Block<'_>, rendered: &Rendered) -> io::Result<()> {
        let is_dense = block.bytes.len() / (rendered.pieces.len() / 2 + 1) < SPAN_BYTES_MIN;
        if is_dense {
            (self.is_bulk, self.pause) = (false, PAUSE_READS);
        }
        let is_peeked = self.peeked > 0 || matches!(self.input, Kind::File(_));
        if self.may_splice && is_peeked && !is_dense {
            return self.write_spliced(block.bytes, rendered);
        }
        match self.input {
            Kind::File(_) => self.pass_over(block.bytes.len(), 0),
            Kind::Pipe | Kind::Other => {
                let kept = self.kept.min(block.bytes.len());
                self.kept -= kept;
                self.pass_over(block.bytes.len() - kept, 0);
            }
        }
        write_rendered(&mut Blocking(&mut self.writer), block.bytes, rendered, &mut self.gathered)
    }
}

/// Fills a space from our own pipe, which holds as much.
fn read_exactly(pipe: &OwnedFd, mut space: &mut [u8]) -> io::Result<()> {
    while !space.is_empty() {
        let count = retry(|| rustix::io::read(pipe, &mut *space))?;
        space = &mut space[count..];
    }
    Ok(())
}

/// A call, done again while it is interrupted.
fn retry<T>(call: impl FnMut() -> Result<T, Errno>) -> Result<T, Errno> {
    rustix::io::retry_on_intr(call)
}
