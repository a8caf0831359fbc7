//! Whether two names or descriptors mean the same file. Does not know why it matters.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::path::Path;

use same_file::Handle;

/// Which regular file, FIFO, or folder it is, whatever it is called.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Identity(Handle);

impl Identity {
    /// The identity of an open file; `None` if it is not a regular file.
    pub(crate) fn of(file: &File) -> Option<Self> {
        let is_regular = file.metadata().ok()?.is_file();
        is_regular.then(|| Self::new(file.try_clone().ok()?)).flatten()
    }

    /// The identity of what is read or written as `file`; `None` if it is not a regular file, FIFO,
    /// pipe, or socket.
    pub(crate) fn of_stream(file: &File) -> Option<Self> {
        let is_one = file.metadata().ok()?.is_file() || is_pipe(file);
        is_one.then(|| Self::new(file.try_clone().ok()?)).flatten()
    }

    /// The identity of a file with this name; `None` if there is no regular file, FIFO, or socket.
    /// On Linux only, a FIFO and a socket have one.
    pub(crate) fn at(path: &Path) -> Option<Self> {
        Self::of_stream(&open(path).ok()?)
    }

    /// The identity of a folder; `None` if there is none.
    pub(crate) fn of_folder(path: &Path) -> Option<Self> {
        let is_one = path.metadata().ok()?.is_dir();
        is_one.then(|| Handle::from_path(path).ok().map(Identity)).flatten()
    }

    fn new(file: File) -> Option<Self> {
        Handle::from_file(file).ok().map(Identity)
    }
}

/// Whether a path names the pipe, socket, or terminal that is open as `file`. Other devices are the
/// same for everyone who writes to them.
pub(crate) fn is_stream(path: &Path, file: &File) -> bool {
    let is_same = || {
        let named = Handle::from_file(open(path)?)?;
        Ok::<_, io::Error>(named == Handle::from_file(file.try_clone()?)?)
    };
    (is_pipe(file) || file.is_terminal()) && is_same().unwrap_or(false) || is_tty(path, file)
}

/// Whether a path names the terminal of this session, which has a name of its own, and `file` is
/// that terminal.
#[cfg(unix)]
fn is_tty(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| path.metadata().map(|found| found.rdev()).ok().filter(|id| *id > 0);
    let session = || rustix::termios::tcgetsid(file) == rustix::process::getsid(None);
    file.is_terminal()
        && device(path).is_some_and(|id| device(Path::new("/dev/tty")) == Some(id))
        && session()
}

#[cfg(not(unix))]
fn is_tty(_: &Path, _: &File) -> bool {
    false
}

#[cfg(unix)]
fn is_pipe(file: &File) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let kind = file.metadata().map(|found| found.file_type());
    kind.is_ok_and(|kind| kind.is_fifo() || kind.is_socket())
}

#[cfg(not(unix))]
fn is_pipe(_: &File) -> bool {
    false
}

/// Opens a file only to ask which one it is: needs no permission and waits for nobody.
/// `OpenOptions::custom_flags` would drop `O_PATH` with musl, which counts it as an access mode.
#[cfg(target_os = "linux")]
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    Ok(rustix::fs::open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?.into())
}

/// Opens a regular file to ask which one it is. To open a FIFO would be to wait for its other end.
#[cfg(not(target_os = "linux"))]
fn open(path: &Path) -> io::Result<File> {
    if !path.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    File::open(path).or_else(|_| File::options().append(true).open(path))
}
