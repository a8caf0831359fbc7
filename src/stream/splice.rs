//! Linux: untouched spans go from descriptor to descriptor without being copied through the
//! program.
//!
//! Owns the system calls `splice` and `tee`, and decides when they pay off. It works on descriptors
//! that the caller has opened, and does the same job as [`Plain`](super::Plain): whenever a call is
//! refused, it continues with plain writes.
//!
//! A file's pages are read to be scanned, and then the same pages are handed to the pipe; if the
//! file is changed before they are read there, the change comes out (`docs/performance.md` says
//! when). A pipe's pages are duplicated into a pipe of our own (`tee`), read from there to be
//! scanned, and then moved on. `benches/README.md` shows what this saves compared with plain reads
//! and writes.
//!
//! ```
//! use std::fs::File;
//! use std::io::{self, Read};
//! use std::os::fd::{AsFd, BorrowedFd};
//!
//! use jm_annotate::stream::Readiness;
//! use jm_annotate::stream::splice::{Input, Source, Spans, Spliced};
//!
//! struct Log(File);
//!
//! impl Read for Log {
//!     fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
//!         self.0.read(space)
//!     }
//! }
//!
//! impl AsFd for Log {
//!     fn as_fd(&self) -> BorrowedFd<'_> {
//!         self.0.as_fd()
//!     }
//! }
//!
//! impl Source for Log {
//!     fn wait(&mut self) -> io::Result<Readiness> {
//!         Ok(Readiness::Readable)
//!     }
//! }
//!
//! let (log, output) = (File::open("/dev/null")?, File::create("/dev/null")?);
//! let transport = Spliced::new(Log(log), Input::File(0), output, Spans::Copied);
//! // Give it to `Stream::pass` as any other transport.
//! # drop(transport);
//! # Ok::<(), io::Error>(())
//! ```

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};

use rustix::event::PollFlags;
use rustix::io::{Errno, retry_on_intr};
use rustix::pipe::{SpliceFlags, fcntl_setpipe_size, pipe, splice, tee};

use super::blocking::{Blocking, Readiness, wait};
use super::transport::{Transport, read_once, write_rendered};
use crate::annotate::Block;
use crate::render::{Piece, Rendered};

/// An input that can be waited for: a reader with its descriptor.
pub trait Source: Read + AsFd {
    /// Waits until there is something to read, or the input is about to end.
    ///
    /// # Errors
    /// The system's.
    fn wait(&mut self) -> io::Result<Readiness>;
}

/// What the input is, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A regular file, read from this offset on, in bytes.
    File(u64),
    /// A pipe or FIFO.
    Pipe,
    /// Anything else: a terminal, a socket, a device.
    Other,
}

/// How spans without an explanation reach the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spans {
    /// By their pages, until the system refuses. The output should be a pipe.
    Spliced,
    /// From our copy.
    Copied,
}

/// A reader and a writer, by descriptor.
#[derive(Debug)]
pub struct Spliced<S> {
    source: S,
    writer: File,
    input: Input,
    spans: Spans,
    next_read: NextRead,
    pipes: Pipes,
    counts: Counts,
    buffers: Buffers,
}

/// How the next read from a pipe is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum NextRead {
    /// It takes the bytes out of the pipe.
    #[default]
    Plain,
    /// It leaves them in the pipe, by `tee`.
    Peek,
}

/// What has been done to the pipes.
#[derive(Debug, Default)]
enum Pipes {
    /// Nothing: little has come so far.
    #[default]
    AsFound,
    /// They were enlarged.
    Enlarged,
    /// They were enlarged, and this one is our own, for `tee`.
    WithScratch { out: OwnedFd, into: OwnedFd },
}

/// Counts of bytes on their way, and of reads.
#[derive(Debug, Default)]
struct Counts {
    /// Bytes that were read but not written yet: first those that only we have, then those that the
    /// pipe still has too.
    kept: usize,
    peeked: usize,
    /// Bytes that were written from our copy but are still in the pipe, before the peeked ones.
    owed: usize,
    /// Plain reads until the next try at `tee`.
    pause: usize,
}

/// Working space.
#[derive(Debug, Default)]
struct Buffers {
    /// Parts on their way to one write.
    gathered: Vec<u8>,
    /// For bytes that are taken out of the pipe and discarded.
    waste: Vec<u8>,
}

/// A span shorter than this, in bytes, is copied: a call for it would cost more.
const SPAN_BYTES_MIN: usize = 16 * 1024;
/// A read that returns this much, in bytes, shows that the pipe fills faster than we read: most of
/// the 64 KiB that a pipe holds by default.
const BULK_BYTES: usize = 48 * 1024;
/// What pipes are enlarged to, in bytes: the most that a user may ask for by default
/// (`/proc/sys/fs/pipe-max-size`).
const PIPE_BYTES: usize = 1024 * 1024;
/// How many bytes one read takes out of the pipe to discard.
const WASTE_BYTES: usize = 64 * 1024;
/// How many plain reads follow a block full of short spans: `tee` would only add a copy.
const PAUSE_READS: usize = 16;

impl<S: Source> Spliced<S> {
    /// From a source to a writer. Spans are copied if the input is neither a file nor a pipe.
    pub fn new(source: S, input: Input, writer: File, spans: Spans) -> Self {
        Spliced {
            source,
            writer,
            input,
            spans: if input == Input::Other { Spans::Copied } else { spans },
            next_read: NextRead::default(),
            pipes: Pipes::default(),
            counts: Counts::default(),
            buffers: Buffers::default(),
        }
    }

    /// A read that takes the bytes.
    fn read_plain(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let read = read_once(&mut self.source, space)?;
        if !matches!(self.input, Input::File(_)) {
            self.counts.kept += read;
        }
        if read >= BULK_BYTES && self.input != Input::Other {
            if matches!(self.pipes, Pipes::AsFound) {
                self.enlarge();
            }
            self.counts.pause = self.counts.pause.saturating_sub(1);
            self.next_read = match self.pipes {
                Pipes::WithScratch { .. }
                    if self.counts.pause == 0 && self.spans == Spans::Spliced =>
                {
                    NextRead::Peek
                }
                _ => NextRead::Plain,
            };
        }
        Ok(read)
    }

    /// Enlarges the pipes and makes our own one. A refusal is harmless.
    fn enlarge(&mut self) {
        self.pipes = Pipes::Enlarged;
        let _ = fcntl_setpipe_size(&self.writer, PIPE_BYTES);
        if self.input != Input::Pipe {
            return;
        }
        let _ = fcntl_setpipe_size(&self.source, PIPE_BYTES);
        if self.spans == Spans::Spliced
            && let Ok((out, into)) = pipe()
        {
            let _ = fcntl_setpipe_size(&into, PIPE_BYTES);
            self.pipes = Pipes::WithScratch { out, into };
        }
    }

    /// A read that leaves the bytes in the pipe.
    fn peek(&mut self, space: &mut [u8]) -> io::Result<usize> {
        if self.source.wait()? == Readiness::Ending {
            return self.read_plain(space);
        }
        let Pipes::WithScratch { out, into } = &self.pipes else { return self.read_plain(space) };
        let (source, flags) = (&self.source, SpliceFlags::empty());
        let count = match retry_on_intr(|| tee(source, into, space.len(), flags)) {
            Ok(count) => count,
            Err(Errno::AGAIN) => return self.read_plain(space),
            Err(_) => {
                self.spans = Spans::Copied;
                self.next_read = NextRead::Plain;
                return self.read_plain(space);
            }
        };
        read_exactly(out, &mut space[..count])?;
        self.counts.peeked += count;
        self.next_read = if count >= BULK_BYTES { NextRead::Peek } else { NextRead::Plain };
        Ok(count)
    }

    /// Takes the bytes that were written from our copy out of the pipe: from the descriptor, since
    /// the source may count as ended before them.
    fn pay(&mut self) -> io::Result<()> {
        let (waste, owed) = (&mut self.buffers.waste, &mut self.counts.owed);
        waste.resize(waste.len().max(WASTE_BYTES.min(*owed)), 0);
        while *owed > 0 {
            let chunk = waste.len().min(*owed);
            match retry_on_intr(|| rustix::io::read(&self.source, &mut waste[..chunk])) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(read) => *owed -= read,
                Err(Errno::AGAIN) => wait(&self.source, PollFlags::IN)?,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn write_spliced(&mut self, block: &[u8], rendered: &Rendered) -> io::Result<()> {
        let whole = [Piece::Untouched(0..block.len())];
        let pieces = if rendered.pieces.is_empty() { &whole[..] } else { &rendered.pieces };
        self.buffers.gathered.clear();
        for piece in pieces {
            match piece {
                Piece::Inserted(range) => {
                    self.buffers.gathered.extend_from_slice(&rendered.text[range.clone()])
                }
                Piece::Untouched(range) => self.write_span(&block[range.clone()])?,
            }
        }
        self.write_gathered()
    }

    /// Writes the next span of what was read. The bytes that only we have come first.
    fn write_span(&mut self, span: &[u8]) -> io::Result<()> {
        let kept = match self.input {
            Input::File(_) => 0,
            Input::Pipe | Input::Other => self.counts.kept.min(span.len()),
        };
        self.buffers.gathered.extend_from_slice(&span[..kept]);
        self.counts.kept -= kept;
        let rest = &span[kept..];
        let spliced = if rest.len() >= SPAN_BYTES_MIN && self.spans == Spans::Spliced {
            self.write_gathered()?;
            self.splice_span(rest)?
        } else {
            0
        };
        self.buffers.gathered.extend_from_slice(&rest[spliced..]);
        self.pass_over(rest.len(), spliced);
        Ok(())
    }

    /// Moves past bytes of the input that were written, `spliced` of them by their pages.
    fn pass_over(&mut self, count: usize, spliced: usize) {
        match &mut self.input {
            Input::File(offset) => *offset += count as u64,
            Input::Pipe | Input::Other => {
                self.counts.peeked -= count;
                self.counts.owed += count - spliced;
            }
        }
    }

    /// Hands a span to the output by its pages, as far as the system will, and returns how far.
    fn splice_span(&mut self, span: &[u8]) -> io::Result<usize> {
        self.pay()?;
        let mut done = 0;
        while done < span.len() {
            let mut at = match self.input {
                Input::File(offset) => Some(offset + done as u64),
                Input::Pipe | Input::Other => None,
            };
            let (source, writer, flags) = (&self.source, &self.writer, SpliceFlags::empty());
            let left = span.len() - done;
            match retry_on_intr(|| splice(source, at.as_mut(), writer, None, left, flags)) {
                Ok(0) => break, // the file was cut short: our copy has what was in it
                Ok(count) => done += count,
                Err(Errno::AGAIN) => wait(&self.writer, PollFlags::OUT)?,
                Err(Errno::PIPE) => {
                    self.pass_over(done, done);
                    return Err(ErrorKind::BrokenPipe.into());
                }
                Err(_) => {
                    self.spans = Spans::Copied;
                    break;
                }
            }
        }
        Ok(done)
    }

    fn write_gathered(&mut self) -> io::Result<()> {
        Blocking(&mut self.writer).write_all(&self.buffers.gathered)?;
        self.buffers.gathered.clear();
        Ok(())
    }

    /// Writes a block from our copy.
    fn write_copied(&mut self, block: &[u8], rendered: &Rendered) -> io::Result<()> {
        match self.input {
            Input::File(_) => self.pass_over(block.len(), 0),
            Input::Pipe | Input::Other => {
                let kept = self.counts.kept.min(block.len());
                self.counts.kept -= kept;
                self.pass_over(block.len() - kept, 0);
            }
        }
        let gathered = &mut self.buffers.gathered;
        write_rendered(&mut Blocking(&mut self.writer), block, rendered, gathered)
    }
}

impl<S: Source> Transport for Spliced<S> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let Counts { kept, peeked, owed, .. } = &mut self.counts;
        *owed += *peeked;
        *kept += std::mem::take(peeked);
        self.pay()?;
        match self.next_read {
            NextRead::Peek => self.peek(space),
            NextRead::Plain => self.read_plain(space),
        }
    }

    fn write(&mut self, block: Block<'_>, rendered: &Rendered) -> io::Result<()> {
        let is_dense = block.bytes.len() / (rendered.pieces.len() / 2 + 1) < SPAN_BYTES_MIN;
        if is_dense {
            self.next_read = NextRead::Plain;
            self.counts.pause = PAUSE_READS;
        }
        let is_readable_again = self.counts.peeked > 0 || matches!(self.input, Input::File(_));
        if is_readable_again && !is_dense && self.spans == Spans::Spliced {
            self.write_spliced(block.bytes, rendered)
        } else {
            self.write_copied(block.bytes, rendered)
        }
    }
}

/// Fills a space from our own pipe, which holds enough.
fn read_exactly(pipe: &OwnedFd, mut space: &mut [u8]) -> io::Result<()> {
    while !space.is_empty() {
        let count = retry_on_intr(|| rustix::io::read(pipe, &mut *space))?;
        space = &mut space[count..];
    }
    Ok(())
}
