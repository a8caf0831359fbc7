//! Waits for descriptors in non-blocking mode.
//!
//! Another program that shares a terminal or a pipe with us may have set `O_NONBLOCK` on it. A call
//! then returns `EAGAIN` instead of waiting, and a program that treats this as an error loses
//! output.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, poll};

/// A descriptor that blocks, whatever mode it is in.
#[derive(Debug)]
pub struct Blocking<F>(pub F);

/// The result of waiting for an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// There is something to read, or its end.
    Readable,
    /// The input is about to end although more may come. Only its `read` knows how much of it is
    /// still to be read.
    Ending,
}

impl<F: Write + AsFd> Write for Blocking<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.retry(PollFlags::OUT, |file| file.write(bytes))
    }

    fn write_vectored(&mut self, parts: &[io::IoSlice<'_>]) -> io::Result<usize> {
        self.retry(PollFlags::OUT, |file| file.write_vectored(parts))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<F: Read + AsFd> Read for Blocking<F> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        self.retry(PollFlags::IN, |file| file.read(space))
    }
}

impl<F: Seek> Seek for Blocking<F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

impl<F: AsFd> Blocking<F> {
    /// Repeats a call until it no longer returns `EAGAIN`.
    fn retry(
        &mut self,
        flags: PollFlags,
        mut call: impl FnMut(&mut F) -> io::Result<usize>,
    ) -> io::Result<usize> {
        loop {
            match call(&mut self.0) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => wait(&self.0, flags)?,
                result => return result,
            }
        }
    }
}

/// Waits until a descriptor is ready.
///
/// # Errors
/// The system's.
pub(super) fn wait<F: AsFd>(descriptor: &F, flags: PollFlags) -> io::Result<()> {
    rustix::io::retry_on_intr(|| poll(&mut [PollFd::new(descriptor, flags)], None))?;
    Ok(())
}
