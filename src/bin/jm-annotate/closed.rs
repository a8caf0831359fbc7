//! Standard streams that were closed before the start, as the shell does with `>&-`.
//!
//! Owns what happens with them: a read or a write fails, so that a log nobody could read or write
//! does not end with success. Rust's runtime opens `/dev/null` in their place before `main`, and
//! nothing would fail. Therefore they are looked at before the runtime starts.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::io::{Errno, fcntl_getfd};
use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout, stderr, stdin, stdout};

#[cfg(target_os = "linux")]
use crate::identity::Identity;

static STDIN: AtomicBool = AtomicBool::new(false);
static STDOUT: AtomicBool = AtomicBool::new(false);
static STDERR: AtomicBool = AtomicBool::new(false);

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

/// An error if standard input was closed: what was opened in its place looks like something else.
pub(crate) fn check_stdin() -> io::Result<()> {
    if STDIN.load(Ordering::Relaxed) { Err(error()) } else { Ok(()) }
}

/// The error of a closed stream.
pub(crate) fn error() -> io::Error {
    Errno::BADF.into()
}

/// Whether a folder is what was put in the place of a closed stream, and `path` is a name of the
/// stream.
#[cfg(target_os = "linux")]
pub(crate) fn is_named_by(path: &Path) -> bool {
    let was_closed = [&STDIN, &STDOUT, &STDERR].into_iter().any(|it| it.load(Ordering::Relaxed));
    let is_root = || Identity::of_folder(path) == Identity::of_folder(Path::new("/"));
    was_closed && path.parent().is_some() && is_root()
}

/// Elsewhere, no folder is put there.
#[cfg(not(target_os = "linux"))]
pub(crate) fn is_named_by(_: &Path) -> bool {
    false
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
