//! Who may read and write a file that replaces another one.
//!
//! Owns what is kept, and that nobody gets more rights than before. Knows nothing about reports.

use std::fs::{File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;

/// Gives a new file the permissions of an old one, and its owner and group as far as the system
/// lets us. A group that is not the old one may do no more than everybody.
pub(crate) fn keep(target: &Path, old: &Metadata, file: &File) -> io::Result<()> {
    let has_group = fchown(file, Some(old.uid()), Some(old.gid())).is_ok()
        || fchown(file, None, Some(old.gid())).is_ok();
    let is_same = has_group && keep_list(target, file).is_ok();
    let mode = old.permissions().mode() & 0o777;
    let mode = if is_same { mode } else { mode & (0o707 | (mode & 0o007) << 3) };
    file.set_permissions(Permissions::from_mode(mode))
}

/// Gives a new file the access control list of an old one; none if that has none, although the
/// folder may give one to new files. The group's bits in the mode are the most that the list lets
/// anyone do.
#[cfg(target_os = "linux")]
fn keep_list(target: &Path, file: &File) -> io::Result<()> {
    use rustix::buffer::spare_capacity;
    use rustix::fs::{XattrFlags, fremovexattr, fsetxattr, getxattr};
    use rustix::io::Errno;

    const LIST: &str = "system.posix_acl_access";
    /// The most that the system keeps, in bytes.
    const LIST_BYTES_MAX: usize = 64 * 1024;

    let is_none = |error| matches!(error, Errno::NODATA | Errno::OPNOTSUPP);
    let mut list = Vec::with_capacity(LIST_BYTES_MAX);
    match getxattr(target, LIST, spare_capacity(&mut list)) {
        Ok(_) => Ok(fsetxattr(file, LIST, &list, XattrFlags::empty())?),
        Err(error) if is_none(error) => match fremovexattr(file, LIST) {
            Err(error) if !is_none(error) => Err(error.into()),
            _ => Ok(()),
        },
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn keep_list(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}
