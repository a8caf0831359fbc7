//! The first Ctrl-C ends the inputs instead of the program, if something is to be written at the
//! end.
//!
//! Owns the signals, and the opening and reading of inputs that a signal may end: from then on, a
//! read fails with [`Stopped`]. Knows nothing about formats, or about what is written.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};

use jm_annotate::stream::LINE_BYTES_MAX;

/// Why a read fails after a signal. The input has not ended, so what was read of it may be half a
/// line or half an archive.
#[derive(Debug)]
pub(crate) struct Stopped;

/// A file that is read until it ends or a signal comes, even if it is in non-blocking mode.
pub(crate) struct Interruptible {
    #[cfg(unix)]
    file: jm_annotate::stream::Blocking<File>,
    #[cfg(not(unix))]
    file: File,
    kind: Kind,
    /// After a signal: how many bytes are still read.
    left: Option<u64>,
}

/// How an input ends after a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A regular file, at the end of the current line.
    Regular,
    /// A pipe, terminal, or device, after the bytes that it held at the signal.
    Live,
}

/// A reader of text from an input of some kind. After a signal, the text of a regular file ends at
/// a line end. This is above the decoders: in packed data, a byte only looks like a line end.
pub(crate) struct Text<R> {
    pub(crate) reader: R,
    kind: Kind,
    /// The last byte that was read.
    last_byte: Option<u8>,
    /// How many bytes of the current line are still read after a signal.
    left: usize,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a signal has ended the wait")
    }
}

impl std::error::Error for Stopped {}

impl Stopped {
    fn error() -> io::Error {
        io::Error::other(Stopped)
    }

    /// Whether this is why a read failed.
    pub(crate) fn is(error: &io::Error) -> bool {
        error.get_ref().is_some_and(|inner| inner.is::<Stopped>())
    }
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, File};
    use std::io;
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;
    use std::path::Path;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, OnceLock};
    use std::thread;

    use jm_annotate::stream::Readiness;
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use signal_hook::consts::{SIGINT, SIGTERM};

    use super::Stopped;

    /// A flag that a signal sets, and a stream that it makes readable, so that `poll` wakes up.
    struct Interrupt {
        came: Arc<AtomicBool>,
        wake: UnixStream,
    }

    static INTERRUPT: OnceLock<Interrupt> = OnceLock::new();

    /// From now on, the first SIGINT or SIGTERM ends the inputs, and the second one ends the
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
    pub(crate) fn came() -> bool {
        INTERRUPT.get().is_some_and(|interrupt| interrupt.came.load(Ordering::SeqCst))
    }

    /// Waits until there is something to read, or a signal has come.
    pub(super) fn wait(input: &impl AsFd) -> io::Result<Readiness> {
        let Some(interrupt) = INTERRUPT.get() else { return Ok(Readiness::Readable) };
        while !came() {
            let mut polled =
                [PollFd::new(input, PollFlags::IN), PollFd::new(&interrupt.wake, PollFlags::IN)];
            match poll(&mut polled, None) {
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
                Ok(_) if !polled[0].revents().is_empty() => return Ok(Readiness::Readable),
                Ok(_) => {}
            }
        }
        Ok(Readiness::Ending)
    }

    /// How many bytes can be read without waiting; none if the system cannot say.
    pub(super) fn available(input: &impl AsFd) -> u64 {
        let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
        match poll(&mut [PollFd::new(input, PollFlags::IN)], Some(&at_once)) {
            Ok(1..) => rustix::io::ioctl_fionread(input).unwrap_or(0),
            _ => 0,
        }
    }

    /// Opens a file. The system makes the opening of a FIFO wait for a writer and starts this wait
    /// again after a signal, so a thread waits in our place. (Opening it in non-blocking mode would
    /// not wait, but then systems differ in what `poll` says before the first writer.)
    pub(crate) fn open(path: &Path) -> io::Result<File> {
        let may_wait = fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
        if INTERRUPT.get().is_none() || !may_wait {
            return File::open(path);
        }
        let path = path.to_owned();
        open_in_thread(move || File::open(path))
    }

    /// Opens a file that a report goes to. The signal that has ended the inputs does not end this,
    /// a later one ends the program; if none has come yet, the first one ends this.
    pub(crate) fn open_report(
        open: impl FnOnce() -> io::Result<File> + Send + 'static,
    ) -> io::Result<File> {
        if INTERRUPT.get().is_none() || came() { open() } else { open_in_thread(open) }
    }

    fn open_in_thread(
        open: impl FnOnce() -> io::Result<File> + Send + 'static,
    ) -> io::Result<File> {
        let (opened, opens) = UnixStream::pair()?;
        let opener = thread::Builder::new().spawn(move || {
            let file = open();
            drop(opens);
            file
        })?;
        match wait(&opened)? {
            Readiness::Readable => opener.join().unwrap_or_else(|_| Err(Stopped::error())),
            Readiness::Ending => Err(Stopped::error()),
        }
    }
}

/// On other systems, a signal ends the program.
#[cfg(not(unix))]
mod other {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    pub(crate) fn install() -> io::Result<()> {
        Ok(())
    }

    pub(crate) fn came() -> bool {
        false
    }

    pub(crate) fn open(path: &Path) -> io::Result<File> {
        File::open(path)
    }

    pub(crate) fn open_report(open: impl FnOnce() -> io::Result<File>) -> io::Result<File> {
        open()
    }
}

#[cfg(unix)]
use jm_annotate::stream::Readiness;
#[cfg(not(unix))]
pub(crate) use other::{came, install, open, open_report};
#[cfg(unix)]
pub(crate) use unix::{came, install, open, open_report};

impl Interruptible {
    pub(crate) fn new(file: File) -> io::Result<Self> {
        let kind = if file.metadata()?.is_file() { Kind::Regular } else { Kind::Live };
        #[cfg(unix)]
        let file = jm_annotate::stream::Blocking(file);
        Ok(Interruptible { file, kind, left: None })
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    #[cfg(unix)]
    pub(crate) fn file(&self) -> &File {
        &self.file.0
    }

    #[cfg(not(unix))]
    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Waits until there is something to read, or a signal has come.
    #[cfg(unix)]
    pub(crate) fn wait(&mut self) -> io::Result<Readiness> {
        if self.kind == Kind::Regular {
            return Ok(Readiness::Readable);
        }
        let readiness = unix::wait(&self.file.0)?;
        if readiness == Readiness::Ending && self.left.is_none() {
            self.left = Some(unix::available(&self.file.0));
        }
        Ok(readiness)
    }

    /// How much of a space of this size may be filled, in bytes: after a signal, no more than was
    /// there when it came and is still there.
    #[cfg(unix)]
    fn room(&mut self, size: usize) -> io::Result<usize> {
        self.wait()?;
        let Some(left) = self.left else { return Ok(size) };
        let left = left.min(unix::available(&self.file.0));
        Ok(size.min(usize::try_from(left).unwrap_or(usize::MAX)))
    }

    #[cfg(not(unix))]
    fn room(&mut self, size: usize) -> io::Result<usize> {
        Ok(size)
    }
}

impl Read for Interruptible {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let room = self.room(space.len())?;
        if room == 0 && self.left.is_some() {
            return Err(Stopped::error());
        }
        let read = self.file.read(&mut space[..room])?;
        if read == 0 && self.kind == Kind::Live && came() {
            return Err(Stopped::error()); // the same signal may have ended who wrote it
        }
        if let Some(left) = &mut self.left {
            *left -= read as u64;
        }
        Ok(read)
    }
}

impl<R> Text<R> {
    pub(crate) fn new(reader: R, kind: Kind) -> Self {
        Text { reader, kind, last_byte: None, left: LINE_BYTES_MAX }
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let is_ending = self.kind == Kind::Regular && came();
        if is_ending && (self.left == 0 || self.last_byte.is_none_or(|byte| byte == b'\n')) {
            return Err(Stopped::error());
        }
        let mut read = self.reader.read(space)?;
        if is_ending {
            let line = memchr::memchr(b'\n', &space[..read]).map_or(read, |at| at + 1);
            read = line.min(self.left);
            self.left -= read;
        }
        if read > 0 {
            self.last_byte = Some(space[read - 1]);
        }
        Ok(read)
    }
}

#[cfg(target_os = "linux")]
impl std::os::fd::AsFd for Interruptible {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.file.0.as_fd()
    }
}
