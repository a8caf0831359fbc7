//! The first Ctrl-C ends the input instead of the program, where something is to be written at the
//! end.

use std::fs::File;
use std::io::{self, Read};

/// A file that is waited for: in non-blocking mode, and for a signal while nothing comes.
pub(crate) struct Interruptible<F> {
    #[cfg_attr(not(unix), allow(dead_code))]
    is_regular: bool,
    /// Whether what was read of it last ends a line.
    is_at_line_end: bool,
    #[cfg(unix)]
    file: jm_annotate::stream::Blocking<F>,
    #[cfg(not(unix))]
    file: F,
}

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, OnceLock};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use signal_hook::consts::{SIGINT, SIGTERM};

    /// Tells that a signal came: a flag, and a stream that becomes readable, so that a poll wakes
    /// up.
    struct Interrupt {
        came: Arc<AtomicBool>,
        wake: UnixStream,
    }

    static INTERRUPT: OnceLock<Interrupt> = OnceLock::new();

    /// From now on the first SIGINT or SIGTERM ends the input; the second one ends the program.
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
    pub(crate) fn interrupted() -> bool {
        INTERRUPT.get().is_some_and(|interrupt| interrupt.came.load(Ordering::SeqCst))
    }

    /// Waits until there is something to read; false: a signal has come, and nothing is left in the
    /// pipe.
    pub(crate) fn wait(
        input: &impl AsFd,
        is_regular: bool,
        is_at_line_end: bool,
    ) -> io::Result<bool> {
        let Some(interrupt) = INTERRUPT.get() else { return Ok(true) };
        loop {
            let came = interrupt.came.load(Ordering::SeqCst);
            if is_regular {
                return Ok(!(came && is_at_line_end));
            }
            let mut polled =
                [PollFd::new(input, PollFlags::IN), PollFd::new(&interrupt.wake, PollFlags::IN)];
            let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
            match poll(&mut polled, came.then_some(&at_once)) {
                Err(rustix::io::Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
                Ok(_) if !polled[0].revents().is_empty() => return Ok(true),
                Ok(_) if came => return Ok(false),
                Ok(_) => {}
            }
        }
    }
}

#[cfg(unix)]
pub(crate) use unix::install;
#[cfg(unix)]
use unix::interrupted;

#[cfg(not(unix))]
fn interrupted() -> bool {
    false
}

/// On other systems a signal ends the program.
#[cfg(not(unix))]
pub(crate) fn install() -> io::Result<()> {
    Ok(())
}

impl Interruptible<File> {
    pub(crate) fn new(file: File, is_regular: bool) -> Self {
        #[cfg(unix)]
        let file = jm_annotate::stream::Blocking(file);
        Interruptible { is_regular, is_at_line_end: false, file }
    }

    #[cfg(unix)]
    pub(crate) fn file(&self) -> &File {
        &self.file.0
    }

    /// Waits until there is something to read; false: the input is to be taken as ended.
    pub(crate) fn wait(&mut self) -> io::Result<bool> {
        #[cfg(unix)]
        return unix::wait(&self.file.0, self.is_regular, self.is_at_line_end);
        #[cfg(not(unix))]
        Ok(true)
    }
}

impl Read for Interruptible<File> {
    /// After a signal a regular file is read to the end of the present line: half a line might hold
    /// half a number.
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        if !self.wait()? {
            return Ok(0);
        }
        let mut read = self.file.read(space)?;
        if self.is_regular
            && interrupted()
            && let Some(at) = memchr::memchr(b'\n', &space[..read])
        {
            read = at + 1;
        }
        self.is_at_line_end = space[..read].ends_with(b"\n");
        Ok(read)
    }
}

#[cfg(unix)]
impl std::os::fd::AsFd for Interruptible<File> {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.file.0.as_fd()
    }
}
