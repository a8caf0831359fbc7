//! SIGINT and SIGTERM, and waiting that they end.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

use jm_annotate::stream::Readiness;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};

use super::Stopped;

/// A flag that a signal sets, and a stream that it makes readable, so that `poll` wakes up.
struct Interrupt {
    came: Arc<AtomicBool>,
    /// Which signal it was.
    signal: Arc<AtomicUsize>,
    wake: UnixStream,
}

static INTERRUPT: OnceLock<Interrupt> = OnceLock::new();

/// From now on, the first SIGINT or SIGTERM ends the inputs, and the second one ends the program. A
/// write over a limit of the size of files fails like one to a full disk.
pub(crate) fn install() -> io::Result<()> {
    let (came, which) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let (wake, writer) = UnixStream::pair()?;
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register_conditional_default(signal, Arc::clone(&came))?;
        signal_hook::low_level::pipe::register(signal, writer.try_clone()?)?;
        signal_hook::flag::register_usize(signal, Arc::clone(&which), signal as usize)?;
        signal_hook::flag::register(signal, Arc::clone(&came))?;
    }
    signal_hook::flag::register(SIGXFSZ, Arc::default())?;
    let _ = INTERRUPT.set(Interrupt { came, signal: which, wake });
    Ok(())
}

/// Whether a signal has come.
pub(crate) fn came() -> bool {
    INTERRUPT.get().is_some_and(|interrupt| interrupt.came.load(Ordering::SeqCst))
}

/// Ends the program as a signal that has come would have done, so that a shell's loop ends, too.
/// Does nothing if none has come.
pub(crate) fn end_as_if_by_signal() {
    if let Some(interrupt) = INTERRUPT.get().filter(|_| came()) {
        let signal = interrupt.signal.load(Ordering::SeqCst);
        let _ = signal_hook::low_level::emulate_default_handler(signal as i32);
    }
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

fn open_in_thread(open: impl FnOnce() -> io::Result<File> + Send + 'static) -> io::Result<File> {
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
