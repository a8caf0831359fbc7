//! Reports into files: whole or not at all, and never over something else. Knows permissions, but
//! no format.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use jm_annotate::report::{Tally, github};

use crate::identity::Identity;
use crate::targets::{follow_links, step_summary};
use crate::{Status, output};

/// Writes a report to a path.
pub(crate) fn write(path: &Path, report: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Status {
    let mut text = Vec::new();
    let result = report(&mut text).and_then(|()| save(path, &text));
    output::written(path.display(), result)
}

/// Writes a whole report: instead of a regular file, or to a FIFO or device.
fn save(path: &Path, text: &[u8]) -> io::Result<()> {
    let target = follow_links(path)?;
    let old = match path.metadata() {
        Ok(found) => Some(found),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let Some(old) = old else { return replace(&target, None, text) };
    // The links in /proc do not say where they lead.
    if !old.is_file() || Identity::at(path) != Identity::at(&target) {
        return overwrite(path, text);
    }
    match replace(&target, Some(&old), text) {
        Err(error) if is_irreplaceable(&error) => overwrite(path, text),
        result => result,
    }
}

/// Writes to a temporary file in the same folder, which is renamed as soon as it is complete. A
/// full disk leaves the old file.
fn replace(target: &Path, old: Option<&Metadata>, text: &[u8]) -> io::Result<()> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".jm-annotate-");
    #[cfg(unix)]
    if old.is_none() {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    file.as_file_mut().write_all(text)?;
    if let Some(old) = old {
        keep_access(file.as_file(), old)?;
    }
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}

/// Gives a new file the owner of an old one, as far as the system lets us, and its permissions.
#[cfg(unix)]
fn keep_access(file: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    if fchown(file, Some(old.uid()), Some(old.gid())).is_err() {
        let _ = fchown(file, None, Some(old.gid()));
    }
    file.set_permissions(std::fs::Permissions::from_mode(old.permissions().mode() & 0o777))
}

#[cfg(not(unix))]
fn keep_access(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// Whether a file cannot be replaced, although it may be writable: its folder takes no new file, it
/// is a mount point, or someone else's in a folder like /tmp.
fn is_irreplaceable(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::ResourceBusy
            | ErrorKind::CrossesDevices
    )
}

/// Writes to what is there: a FIFO, a device, or a file that cannot be replaced.
fn overwrite(path: &Path, text: &[u8]) -> io::Result<()> {
    OpenOptions::new().write(true).truncate(true).open(path)?.write_all(text)
}

/// Adds the table to the job's page, if GitHub Actions names a file for it.
pub(crate) fn append_step_summary(tally: &Tally<'_>) -> Status {
    match step_summary() {
        Some(path) => output::written(path.display(), append(&path, tally)),
        None => Status::Success,
    }
}

fn append(path: &Path, tally: &Tally<'_>) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    let held_bytes = file.metadata()?.len();
    file.write_all(github::step_summary(tally, held_bytes).as_bytes())
}
