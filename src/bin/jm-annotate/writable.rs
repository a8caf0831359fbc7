//! Whether a report can be written, asked before anything is read.
//!
//! Owns the questions to the system, none of which changes a file, leaves one, or waits. In doubt
//! the answer is yes: what can only be seen by writing fails at the end.

use std::fs::Metadata;
use std::io::{self, ErrorKind};
use std::path::Path;

use tempfile::Builder;

use crate::reports::{TEMPORARY, Way, is_irreplaceable};
use crate::targets::{folder, follow_links};

/// Whether a report can be written to a path, in the way that it will be written.
pub(crate) fn report(path: &Path) -> io::Result<()> {
    let way = Way::to(path);
    #[cfg(windows)]
    let way = way.map_err(|error| crate::device::named(path, error));
    match way? {
        #[cfg(target_os = "linux")]
        Way::New { target } if takes_only_more(folder(&target)) => {
            Err(rustix::io::Errno::PERM.into())
        }
        #[cfg(windows)]
        Way::New { target } => match crate::device::missing(&target) {
            Some(error) => Err(error),
            None => creatable(&target),
        },
        #[cfg(not(windows))]
        Way::New { target } => creatable(&target),
        Way::Replace { target, old } => replaceable(&target, &old),
        #[cfg(windows)]
        Way::Append => Ok(()),
        #[cfg(unix)]
        Way::Append => existing(path, &path.metadata()?),
        Way::Overwrite => writable(path, &path.metadata()?),
    }
}

/// Whether a text can be appended to a file, which may be new.
pub(crate) fn appended(path: &Path) -> io::Result<()> {
    #[cfg(windows)]
    if crate::device::is_null(path) {
        return Ok(());
    }
    match path.metadata() {
        Ok(found) => existing(path, &found),
        Err(error) if error.kind() == ErrorKind::NotFound => creatable(&follow_links(path)?),
        Err(error) => Err(error),
    }
}

/// Whether what is there can be appended to; it may be what the caller has opened.
fn existing(path: &Path, found: &Metadata) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if let Some(checked) = crate::opened::check(path) {
        return checked;
    }
    writable(path, found)
}

/// Whether a new file can be created there.
fn creatable(target: &Path) -> io::Result<()> {
    if !folder(target).is_dir() {
        let what = "No such file or directory; the folder of a report must exist";
        return Err(io::Error::new(ErrorKind::NotFound, what));
    }
    let name = target.file_name().unwrap_or_default().as_encoded_bytes();
    if !target.as_os_str().as_encoded_bytes().ends_with(name) {
        return Err(io::Error::new(ErrorKind::NotADirectory, "the path is that of a folder"));
    }
    takes_new_file(folder(target))
}

/// A file that may not be written is not replaced either, although its folder may allow that. One
/// in a folder that takes no new file is overwritten.
fn replaceable(target: &Path, old: &Metadata) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if takes_only_more(target) {
        return Err(rustix::io::Errno::PERM.into());
    }
    #[cfg(target_os = "linux")]
    if takes_only_more(folder(target)) {
        return writable(target, old);
    }
    match takes_new_file(folder(target)) {
        Err(error) if !is_irreplaceable(&error) => Err(error),
        _ => writable(target, old),
    }
}

/// Whether a file can only be appended to, or files of a folder be neither renamed nor removed
/// (`chattr +a`).
#[cfg(target_os = "linux")]
pub(crate) fn takes_only_more(target: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    let about = statx(CWD, target, AtFlags::empty(), StatxFlags::empty());
    about.is_ok_and(|about| about.stx_attributes.contains(StatxAttributes::APPEND))
}

/// Creates a file in a folder and drops it. A file without a name cannot be left behind, but not
/// every file system has such files.
fn takes_new_file(folder: &Path) -> io::Result<()> {
    let nameless = tempfile::tempfile_in(folder).map(drop);
    nameless.or_else(|_| Builder::new().prefix(TEMPORARY).tempfile_in(folder).map(drop))
}

/// Whether what is there can be opened for writing. A FIFO is not opened, because that would wait
/// for its reader and then show it an end.
#[cfg(unix)]
fn writable(path: &Path, found: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::FileTypeExt;
    if found.is_dir() {
        return Err(crate::closed::error_of_folder(path));
    }
    if found.file_type().is_socket() {
        return Err(rustix::io::Errno::NXIO.into());
    }
    match rustix::fs::access(path, rustix::fs::Access::WRITE_OK) {
        // The answer is about the user. A process may have more rights.
        Err(_) if found.is_file() => std::fs::OpenOptions::new().write(true).open(path).map(drop),
        answer => Ok(answer?),
    }
}

/// The same; another program may hold the file.
#[cfg(not(unix))]
fn writable(path: &Path, found: &Metadata) -> io::Result<()> {
    if found.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    match found.permissions().readonly() {
        true => Err(ErrorKind::PermissionDenied.into()),
        false => std::fs::OpenOptions::new().write(true).open(path).map(drop),
    }
}
