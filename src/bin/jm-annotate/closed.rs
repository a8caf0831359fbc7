//! Standard streams that were closed before the start, as the shell does with `>&-`, and other
//! descriptors that were never opened but are named, as `/dev/fd/3` without `3>&1`.
//!
//! Owns what happens with them: a read or a write fails, so that a log nobody could read or write
//! does not end with success. Rust's runtime opens `/dev/null` in the place of the streams before
//! `main`, and nothing would fail. Therefore they are looked at before the runtime starts.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsRawFd, IntoRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::io::{Errno, fcntl_dupfd_cloexec, fcntl_getfd};
use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout, stderr, stdin, stdout};

use crate::identity::Identity;
use crate::reason;
use crate::targets::{descriptor, number};

static STDIN: AtomicBool = AtomicBool::new(false);
static STDOUT: AtomicBool = AtomicBool::new(false);
static STDERR: AtomicBool = AtomicBool::new(false);
/// Whether the place of another descriptor was taken.
static PLACES: AtomicBool = AtomicBool::new(false);

/// Runs before the runtime starts, so that it only makes system calls.
#[ctor::ctor]
fn look() {
    for (was_closed, stream) in [(&STDIN, stdin()), (&STDOUT, stdout()), (&STDERR, stderr())] {
        was_closed.store(fcntl_getfd(stream) == Err(Errno::BADF), Ordering::Relaxed);
    }
}

/// Makes reads from, and writes to, a stream that was closed fail with "Bad file descriptor".
///
/// The descriptors stay open: otherwise the next file that is opened would take their place.
pub(crate) fn refuse() -> io::Result<()> {
    if STDIN.load(Ordering::Relaxed) {
        dup2_stdin(unusable(File::options().write(true))?)?;
    }
    if STDOUT.load(Ordering::Relaxed) {
        dup2_stdout(unusable(File::options().read(true))?)?;
    }
    if STDERR.load(Ordering::Relaxed) {
        dup2_stderr(unusable(File::options().read(true))?)?;
    }
    Ok(())
}

/// Takes the places of descriptors that these paths name but that are not open. Otherwise what the
/// program opens next would get their numbers, and the paths would lead to that. A folder is put
/// there, which is neither an input nor a report.
///
/// # Errors
/// The system's: what is opened next might be written in place of what a path names. A path that is
/// only read and that the system says nothing about is no error here; opening it will fail.
pub(crate) fn take_places<'p>(
    read: impl Iterator<Item = &'p Path>,
    written: impl Iterator<Item = PathBuf>,
) -> io::Result<()> {
    for path in read.filter(|path| !path.exists()) {
        take_place(named_number(path).unwrap_or_default())?;
    }
    for path in written.filter(|path| !path.exists()) {
        named_number(&path)
            .and_then(take_place)
            .map_err(|error| io::Error::other(format!("{}: {}", path.display(), reason(&error))))?;
    }
    Ok(())
}

/// The descriptor that a path names.
fn named_number(path: &Path) -> io::Result<Option<i32>> {
    Ok(descriptor(path)?.and_then(|(_, name)| number(&name)))
}

fn take_place(number: Option<i32>) -> io::Result<()> {
    let Some(number) = number else { return Ok(()) };
    let folder = OwnedFd::from(File::open("/")?);
    let taken = match folder.as_raw_fd() == number {
        true => folder,
        false => match fcntl_dupfd_cloexec(&folder, number) {
            // A number that is too large for a descriptor cannot be opened anyway.
            Err(Errno::INVAL | Errno::BADF) => return Ok(()),
            taken => taken?,
        },
    };
    let _ = taken.into_raw_fd(); // it stays open
    PLACES.store(true, Ordering::Relaxed);
    Ok(())
}

/// An error if standard input was closed: what was opened in its place looks like something else.
pub(crate) fn check_stdin() -> io::Result<()> {
    if STDIN.load(Ordering::Relaxed) { Err(error()) } else { Ok(()) }
}

/// The error of a closed stream.
pub(crate) fn error() -> io::Error {
    Errno::BADF.into()
}

/// The error for a folder that was opened as something else: it may be what was put in the place of
/// a closed stream or descriptor.
pub(crate) fn error_of_folder(path: &Path) -> io::Error {
    if is_named_by(path) { error() } else { io::ErrorKind::IsADirectory.into() }
}

/// Whether a folder is what was put there, and `path` is a name of it.
fn is_named_by(path: &Path) -> bool {
    let was_closed =
        [&STDIN, &STDOUT, &STDERR, &PLACES].into_iter().any(|it| it.load(Ordering::Relaxed));
    let is_root = || {
        let root = Identity::of_folder(Path::new("/"));
        root.is_ok_and(|root| Identity::of_folder(path).is_ok_and(|folder| folder == root))
    };
    was_closed && path.parent().is_some() && is_root()
}

/// A descriptor for neither reading nor writing. On Linux, `/dev/stdin` opens what is open there
/// once more, so that is a folder: it cannot be opened as an input or a report.
#[cfg(target_os = "linux")]
fn unusable(_: &OpenOptions) -> io::Result<OwnedFd> {
    use rustix::fs::{Mode, OFlags};
    Ok(rustix::fs::open("/", OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?)
}

/// A descriptor with these options, which are those of the other direction.
#[cfg(not(target_os = "linux"))]
fn unusable(other_direction: &OpenOptions) -> io::Result<OwnedFd> {
    Ok(other_direction.open("/dev/null")?.into())
}
