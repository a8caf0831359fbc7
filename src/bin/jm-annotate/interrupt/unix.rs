//! SIGINT and SIGTERM, and waits that they end.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use jm_annotate::stream::Readiness;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::io::Errno;
use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;

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
    // Until everything is registered, the first one ends the program: it would be lost otherwise.
    let (came, which) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicUsize::new(0)));
    let ends = Arc::new(AtomicBool::new(true));
    let (wake, writer) = UnixStream::pair()?;
    let (first, first_writer) = UnixStream::pair()?;
    for signal in [SIGINT, SIGTERM] {
        match is_first_process() {
            true => flag::register_conditional_shutdown(signal, status(signal), Arc::clone(&ends))?,
            false => flag::register_conditional_default(signal, Arc::clone(&ends))?,
        };
        signal_hook::low_level::pipe::register(signal, writer.try_clone()?)?;
        signal_hook::low_level::pipe::register(signal, first_writer.try_clone()?)?;
        flag::register_usize(signal, Arc::clone(&which), signal as usize)?;
        flag::register(signal, Arc::clone(&came))?;
    }
    came.store(false, Ordering::SeqCst);
    ends.store(false, Ordering::SeqCst);
    let another = Arc::clone(&ends);
    if thread::Builder::new().spawn(move || let_another_end(&another, first)).is_err() {
        for signal in [SIGINT, SIGTERM] {
            flag::register(signal, Arc::clone(&ends))?; // another one ends it, even at once
        }
    }
    let _ = INTERRUPT.set(Interrupt { came, signal: which, wake });
    flag::register(SIGXFSZ, Arc::default())?;
    Ok(())
}

/// How long after the first signal another one is taken for the same: `timeout` sends it to the
/// program and then to the group that the program is in.
const SAME_SIGNAL: Duration = Duration::from_millis(20);

/// Waits for the first signal; another one ends the program then.
fn let_another_end(ends: &AtomicBool, mut first: UnixStream) {
    if first.read_exact(&mut [0]).is_ok() {
        thread::sleep(SAME_SIGNAL);
    }
    ends.store(true, Ordering::SeqCst);
}

/// Whether a signal has come.
pub(crate) fn came() -> bool {
    INTERRUPT.get().is_some_and(|interrupt| interrupt.came.load(Ordering::SeqCst))
}

/// Ends the program as a signal that has come would have done, so that a shell's loop ends, too.
/// Does nothing if none has come.
pub(crate) fn end_as_if_by_signal() {
    if let Some(interrupt) = INTERRUPT.get().filter(|_| came()) {
        let signal = interrupt.signal.load(Ordering::SeqCst) as i32;
        if is_first_process() {
            process::exit(status(signal));
        }
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
}

/// Whether this is the first process of a container. The system does not let that die of a signal.
fn is_first_process() -> bool {
    process::id() == 1
}

/// The status that a shell shows for a program that a signal has ended.
fn status(signal: i32) -> i32 {
    128 + signal
}

/// Waits until there is something to read, or a signal has come.
pub(super) fn wait(input: &impl AsFd) -> io::Result<Readiness> {
    let Some(interrupt) = INTERRUPT.get() else { return Ok(Readiness::Readable) };
    while !came() {
        let mut polled =
            [PollFd::new(input, PollFlags::IN), PollFd::new(&interrupt.wake, PollFlags::IN)];
        match poll(&mut polled, None) {
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
            Ok(_) if !polled[0].revents().is_empty() => return Ok(Readiness::Readable),
            Ok(_) => {}
        }
    }
    Ok(Readiness::Ending)
}

/// How many bytes can be read without waiting; none if the system cannot say.
pub(super) fn available(input: &impl AsFd) -> u64 {
    match is_readable(input) {
        true => rustix::io::ioctl_fionread(input).unwrap_or(0),
        false => 0,
    }
}

/// Whether a read need not wait.
pub(super) fn is_readable(input: &impl AsFd) -> bool {
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    matches!(poll(&mut [PollFd::new(input, PollFlags::IN)], Some(&at_once)), Ok(1..))
}

/// Opens a file. The system makes the opening of a FIFO wait for a writer and starts this wait
/// again after a signal, so a thread waits in our place. (Opening it in non-blocking mode would
/// not wait, but then systems differ in what `poll` says before the first writer.)
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    match may_wait(path) {
        true if came() => open_at_once(path, options),
        true => open_in_thread(path, options),
        false => options.open(path),
    }
}

/// Opens a report. A signal that came earlier ended only the inputs and does not end this; a second
/// one ends the program. If none has come yet, the first one ends the wait for a FIFO's reader.
pub(crate) fn open_report(path: &Path, options: &OpenOptions) -> io::Result<File> {
    if !may_wait(path) || came() {
        return options.open(path);
    }
    open_in_thread(path, options.clone()).map_err(|error| match Errno::from_io_error(&error) {
        Some(Errno::NXIO) if came() => Stopped::error(), // nobody reads a FIFO yet
        _ => error,
    })
}

/// Whether opening this may wait for somebody else. A regular file is not left to a thread: if that
/// truncates it, it must be written, too.
fn may_wait(path: &Path) -> bool {
    let waits = |found: fs::Metadata| !found.is_file() && !found.is_dir();
    INTERRUPT.get().is_some() && path.metadata().is_ok_and(waits)
}

/// Opens a file. A signal ends the wait for the other end of a FIFO, if that is not there yet.
fn open_in_thread(path: &Path, options: OpenOptions) -> io::Result<File> {
    let (opened, opens) = UnixStream::pair()?;
    let (its_path, its_options) = (path.to_owned(), options.clone());
    let opener = thread::Builder::new().spawn(move || {
        let file = its_options.open(its_path);
        drop(opens);
        file
    });
    // If there is no thread, only a second signal ends the wait.
    let Ok(opener) = opener else { return options.open(path) };
    match wait(&opened)? {
        Readiness::Ending if !is_readable(&opened) => open_at_once(path, options),
        _ => opener.join().unwrap_or_else(|_| Err(Stopped::error())),
    }
}

/// Opens a file after a signal: what is there now is read or written.
fn open_at_once(path: &Path, mut options: OpenOptions) -> io::Result<File> {
    options.custom_flags(OFlags::NONBLOCK.bits().cast_signed()).open(path)
}
