//! Whether two names or descriptors mean the same file. Does not know why it matters.
//!
//! On Unix, files are compared by what `stat` says about them. That needs no permission and keeps
//! no descriptor open: with a thousand inputs there would be none left, and a file that cannot be
//! compared would be overwritten. On Windows, `same-file` holds a handle of each.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

#[cfg(unix)]
use crate::targets::is_unreachable;

/// Which regular file, FIFO, pipe, socket, or folder it is, whatever it is called.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Identity(system::Id);

impl Identity {
    /// The identity of an open file; `None` if it is not a regular file.
    ///
    /// # Errors
    /// The system's. Nobody knows then which file it is.
    pub(crate) fn of_regular(file: &File) -> io::Result<Option<Self>> {
        let is_regular = system::metadata(file)?.is_some_and(|found| found.is_file());
        is_regular.then(|| system::of(file).map(Identity)).transpose()
    }

    /// The identity of what is read or written as `file`; `None` if it is not a regular file, FIFO,
    /// pipe, or socket.
    ///
    /// # Errors
    /// The system's. Nobody knows then which file it is.
    pub(crate) fn of_stream(file: &File) -> io::Result<Option<Self>> {
        let found = system::metadata(file)?;
        let is_comparable = found.is_some_and(|found| system::is_comparable(&found));
        is_comparable.then(|| system::of(file).map(Identity)).transpose()
    }

    /// The identity of a file with this name; `None` if it is not a regular file, FIFO, or socket.
    ///
    /// # Errors
    /// The system's, such as that there is no such file.
    pub(crate) fn at(path: &Path) -> io::Result<Option<Self>> {
        let is_comparable = system::is_comparable(&path.metadata()?);
        is_comparable.then(|| system::at(path).map(Identity)).transpose()
    }

    /// The identity of a folder.
    ///
    /// # Errors
    /// The system's, such as that there is none.
    pub(crate) fn of_folder(path: &Path) -> io::Result<Self> {
        match path.metadata()?.is_dir() {
            true => system::at(path).map(Identity),
            false => Err(ErrorKind::NotADirectory.into()),
        }
    }
}

/// Refuses to read the regular file that is written; `what` is what it would be read as.
///
/// # Errors
/// If it is that file, or cannot be compared with it.
pub(crate) fn refuse_output(what: &str, read: Option<&Identity>, output: &File) -> io::Result<()> {
    match read.is_some() && read == Identity::of_regular(output)?.as_ref() {
        true => Err(io::Error::other(format!("{what} file is output file"))),
        false => Ok(()),
    }
}

/// Whether a path names the pipe, socket, or terminal that is open as `file`. Other devices are the
/// same for everyone who writes to them.
#[cfg(unix)]
pub(crate) fn is_stream(path: &Path, file: &File) -> io::Result<bool> {
    use std::io::IsTerminal;
    let is_comparable = system::is_pipe(&file.metadata()?) || file.is_terminal();
    let is_same = || match system::at(path) {
        Err(error) if is_unreachable(&error) => Ok::<_, io::Error>(false),
        at => Ok(at? == system::of(file)?),
    };
    Ok(is_comparable && is_same()? || system::is_tty(path, file)?)
}

/// A report to the name of a console or of a pipe is refused elsewhere.
#[cfg(windows)]
pub(crate) fn is_stream(_: &Path, _: &File) -> io::Result<bool> {
    Ok(false)
}

#[cfg(unix)]
mod system {
    use std::fs::{File, Metadata};
    use std::io::{self, IsTerminal};
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    use std::path::Path;

    use rustix::io::Errno;

    /// The numbers of the device, and of the file on it.
    pub(super) type Id = (u64, u64);

    pub(super) fn metadata(file: &File) -> io::Result<Option<Metadata>> {
        file.metadata().map(Some)
    }

    pub(super) fn of(file: &File) -> io::Result<Id> {
        file.metadata().map(|found| id(&found))
    }

    pub(super) fn at(path: &Path) -> io::Result<Id> {
        path.metadata().map(|found| id(&found))
    }

    fn id(found: &Metadata) -> Id {
        (found.dev(), found.ino())
    }

    pub(super) fn is_comparable(found: &Metadata) -> bool {
        found.is_file() || is_pipe(found)
    }

    pub(super) fn is_pipe(found: &Metadata) -> bool {
        found.file_type().is_fifo() || found.file_type().is_socket()
    }

    /// Whether a path names the terminal of this session, which has a name of its own, and `file`
    /// is that terminal.
    pub(super) fn is_tty(path: &Path, file: &File) -> io::Result<bool> {
        let device = |path: &Path| match path.metadata() {
            Err(error) if super::is_unreachable(&error) => Ok(None),
            found => Ok::<_, io::Error>(Some(found?.rdev()).filter(|id| *id > 0)),
        };
        // Only the terminal of its session tells a process who is in its foreground. Who leads the
        // session may have no number here, as in a container.
        let is_of_session =
            || !matches!(rustix::termios::tcgetpgrp(file), Err(error) if error == Errno::NOTTY);
        if !file.is_terminal() {
            return Ok(false);
        }
        let (named, tty) = (device(path)?, device(Path::new("/dev/tty"))?);
        Ok(named.is_some() && named == tty && is_of_session())
    }
}

#[cfg(windows)]
mod system {
    use std::fs::{File, Metadata};
    use std::io;
    use std::path::Path;

    use same_file::Handle;

    pub(super) type Id = Handle;

    /// Of a pipe or a console, the system says nothing.
    pub(super) fn metadata(file: &File) -> io::Result<Option<Metadata>> {
        Ok(file.metadata().ok())
    }

    pub(super) fn of(file: &File) -> io::Result<Id> {
        Handle::from_file(file.try_clone()?)
    }

    /// A folder is opened to be read; a file that may only be written to is opened for that.
    pub(super) fn at(path: &Path) -> io::Result<Id> {
        let to_append = |error| match File::options().append(true).open(path) {
            Ok(file) => Handle::from_file(file),
            Err(_) => Err(error),
        };
        Handle::from_path(path).or_else(to_append)
    }

    pub(super) fn is_comparable(found: &Metadata) -> bool {
        found.is_file()
    }
}
