//! Who may read and write a file that replaces another one: whoever may the old one.
//!
//! Owns what is kept. Knows nothing about reports.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

/// Gives a new file the owner, the group, and the permissions of an old one.
///
/// # Errors
/// The system's, if it does not let us: someone would have more rights than before, or fewer.
#[cfg(unix)]
pub(crate) fn keep(target: &Path, old: &Metadata, file: &File) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        if old.uid() == UNMAPPED || old.gid() == UNMAPPED {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        fchown(file, Some(old.uid()), Some(old.gid()))?;
    }
    keep_list(target, file)?;
    file.set_permissions(Permissions::from_mode(old.permissions().mode() & 0o777))
}

/// What the system shows for a user or a group that has no number in a container.
#[cfg(unix)]
const UNMAPPED: u32 = 65534;

/// A new file has the permissions that its folder gives to its files.
#[cfg(not(unix))]
pub(crate) fn keep(_: &Path, _: &Metadata, _: &File) -> io::Result<()> {
    Ok(())
}

/// Gives a new file the access control list of an old one; none if that has none, although the
/// folder may give one to new files.
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
    let kept = match getxattr(target, LIST, spare_capacity(&mut list)) {
        Ok(_) => fsetxattr(file, LIST, &list, XattrFlags::empty()),
        Err(error) if is_none(error) => match fremovexattr(file, LIST) {
            Err(error) if is_none(error) => Ok(()),
            removed => removed,
        },
        Err(error) => Err(error),
    };
    Ok(kept?)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn keep_list(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}
