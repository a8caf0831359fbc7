//! The first Ctrl-C ends the input instead of the program, if something is to be written at the
//! end.
//!
//! Owns the signals, and the reading of an input that a signal may end. Knows nothing about what is
//! written.

use std::fs::File;
use std::io::{self, Read};

/// A file that is read until it ends or a signal comes, even if it is in non-blocking mode.
pub(crate) struct Interruptible {
    #[cfg(unix)]
    file: jm_annotate::stream::Blocking<File>,
    #[cfg(not(unix))]
    file: File,
    kind: Kind,
    /// The last byte that was read.
    last_byte: Option<u8>,
}

/// How an input ends after a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A regular file, at the end of the current line: half a line might end with half a number.
    Regular,
    /// A pipe, terminal or device, as soon as nothing is left to read.
    Live,
}

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, OnceLock};

    use jm_annotate::stream::Readiness;
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use signal_hook::consts::{SIGINT, SIGTERM};

    /// A flag that a signal sets, and a stream that it makes readable, so that `poll` wakes up.
    struct Interrupt {
        came: Arc<AtomicBool>,
        wake: UnixStream,
    }

    static INTERRUPT: OnceLock<Interrupt> = OnceLock::new();

    /// From now on, the first SIGINT or SIGTERM ends the input, and the second one ends the
    /// program.
    pub(crate) fn install() -> io::Result<()> {
        let came = Arc::new(AtomicBool::new(false));
        let (wake, writer) = UnixStream::pair()?;
        for signal in [SIGINT, SIGTERM] {
            signal_hook::flag::register_conditional_default(signal, Arc::clone(&came))?;
            signal_hook::low_level::pipe::register(signal, writer.try_clone()?)?;
            signal_hook::flag::register(signal, Arc::clone(&came))?;
        }
        let _ = INTERRUPT.set(Interrupt { came, wake });
        Ok(())
    }

    /// Whether a signal has come.
    pub(super) fn interrupted() -> bool {
        INTERRUPT.get().is_some_and(|interrupt| interrupt.came.load(Ordering::SeqCst))
    }

    /// Waits until there is something to read, or until a signal has come and nothing is left.
    pub(super) fn wait(input: &impl AsFd) -> io::Result<Readiness> {
        let Some(interrupt) = INTERRUPT.get() else { return Ok(Readiness::Readable) };
        loop {
            let came = interrupt.came.load(Ordering::SeqCst);
            let mut polled =
                [PollFd::new(input, PollFlags::IN), PollFd::new(&interrupt.wake, PollFlags::IN)];
            let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
            match poll(&mut polled, came.then_some(&at_once)) {
                Err(rustix::io::Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
                Ok(_) if !polled[0].revents().is_empty() => return Ok(Readiness::Readable),
                Ok(_) if came => return Ok(Readiness::Ended),
                Ok(_) => {}
            }
        }
    }
}

#[cfg(unix)]
pub(crate) use unix::install;
#[cfg(unix)]
use {jm_annotate::stream::Readiness, unix::interrupted};

/// On other systems, a signal ends the program.
#[cfg(not(unix))]
pub(crate) fn install() -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn interrupted() -> bool {
    false
}

impl Interruptible {
    pub(crate) fn new(file: File) -> io::Result<Self> {
        let kind = if file.metadata()?.is_file() { Kind::Regular } else { Kind::Live };
        #[cfg(unix)]
        let file = jm_annotate::stream::Blocking(file);
        Ok(Interruptible { file, kind, last_byte: None })
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn file(&self) -> &File {
        &self.file.0
    }

    /// Waits until there is something to read.
    #[cfg(unix)]
    pub(crate) fn wait(&self) -> io::Result<Readiness> {
        match self.kind {
            Kind::Live => unix::wait(&self.file.0),
            Kind::Regular if interrupted() && self.last_byte == Some(b'\n') => Ok(Readiness::Ended),
            Kind::Regular => Ok(Readiness::Readable),
        }
    }
}

impl Read for Interruptible {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        if self.wait()? == Readiness::Ended {
            return Ok(0);
        }
        let mut read = self.file.read(space)?;
        if self.kind == Kind::Regular
            && interrupted()
            && let Some(at) = memchr::memchr(b'\n', &space[..read])
        {
            read = at + 1;
        }
        self.last_byte = space[..read].last().copied();
        Ok(read)
    }
}

#[cfg(target_os = "linux")]
impl std::os::fd::AsFd for Interruptible {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.file.0.as_fd()
    }
}
