//! Whether two names or descriptors mean the same file. Does not know why it matters.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::path::Path;

/// The device and inode of a regular file; `None` for anything else, and on systems without such
/// numbers.
pub(crate) type Identity = Option<(u64, u64)>;

#[cfg(unix)]
pub(crate) fn identity(found: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    found.is_file().then(|| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
pub(crate) fn identity(_: &Metadata) -> Identity {
    None
}

/// Whether two paths name the same regular file.
pub(crate) fn same_file(one: &Path, two: &OsStr) -> bool {
    #[cfg(unix)]
    {
        let identity = |path: &OsStr| std::fs::metadata(path).ok().as_ref().and_then(identity);
        identity(one.as_os_str()).is_some_and(|one| identity(two) == Some(one))
    }
    #[cfg(not(unix))]
    {
        one == Path::new(two)
    }
}

/// Whether a path names a regular file that is open as `file`.
pub(crate) fn is_file(path: &Path, file: &File) -> bool {
    let of = |found: std::io::Result<Metadata>| found.ok().as_ref().and_then(identity);
    of(path.metadata()).is_some_and(|named| of(file.metadata()) == Some(named))
}
