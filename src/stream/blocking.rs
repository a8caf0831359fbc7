//! Descriptors in non-blocking mode are waited for.
//!
//! Another program that shares a terminal or a pipe with us may have set `O_NONBLOCK` on it; a call
//! then answers `EAGAIN` where it would have waited, and a program that takes this for an error
//! loses output.

use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, poll};

/// A descriptor that may be in non-blocking mode, because another program that shares it wanted it
/// so: it is waited for.
#[derive(Debug)]
pub struct Blocking<F>(pub F);

impl<F: Write + AsFd> Write for Blocking<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match self.0.write(bytes) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    wait(&self.0, PollFlags::OUT)?
                }
                result => return result,
            }
        }
    }

    fn write_vectored(&mut self, parts: &[io::IoSlice<'_>]) -> io::Result<usize> {
        loop {
            match self.0.write_vectored(parts) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    wait(&self.0, PollFlags::OUT)?
                }
                result => return result,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<F: Read + AsFd> Read for Blocking<F> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(space) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    wait(&self.0, PollFlags::IN)?
                }
                result => return result,
            }
        }
    }
}

/// Waits until a descriptor is ready.
///
/// # Errors
/// The system's.
pub fn wait<F: AsFd>(descriptor: &F, flags: PollFlags) -> io::Result<()> {
    rustix::io::retry_on_intr(|| poll(&mut [PollFd::new(descriptor, flags)], None))?;
    Ok(())
}
