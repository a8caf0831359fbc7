//! Reports into files: whole or not at all, and never over something else. Knows permissions, but
//! no format.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;

use jm_annotate::report::{Outcome, github};

use crate::targets::{follow_links, names_descriptor, step_summary};
use crate::{Status, interrupt, output};

/// What writes a report; each call writes the whole of it.
type Report<'r> = &'r dyn Fn(&mut dyn Write) -> io::Result<()>;

/// Writes a report to a path.
pub(crate) fn write(path: &Path, report: Report<'_>) -> Status {
    output::written(path.display(), save(path, report))
}

/// Writes a whole report: instead of a regular file, or to a descriptor, FIFO, or device.
fn save(path: &Path, report: Report<'_>) -> io::Result<()> {
    if names_descriptor(path) {
        return append(path, report);
    }
    let target = follow_links(path)?;
    let old = match path.metadata() {
        Ok(found) => Some(found),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let Some(old) = old else { return replace(&target, None, report) };
    if !old.is_file() {
        return overwrite(path, report);
    }
    match replace(&target, Some(&old), report) {
        Err(error) if is_irreplaceable(&error) => overwrite(path, report),
        result => result,
    }
}

/// Writes to a temporary file in the same folder, which is renamed as soon as it is complete. A
/// full disk leaves the old file.
fn replace(target: &Path, old: Option<&Metadata>, report: Report<'_>) -> io::Result<()> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".jm-annotate-");
    #[cfg(unix)]
    if old.is_none() {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    write_to(file.as_file(), report)?;
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
fn overwrite(path: &Path, report: Report<'_>) -> io::Result<()> {
    let path = path.to_owned();
    let file =
        interrupt::open_report(move || OpenOptions::new().write(true).truncate(true).open(path))?;
    write_to(&file, report)
}

/// Writes to what the caller has opened, after what is already there.
fn append(path: &Path, report: Report<'_>) -> io::Result<()> {
    write_to(&OpenOptions::new().append(true).open(path)?, report)
}

fn write_to(file: &File, report: Report<'_>) -> io::Result<()> {
    let mut writer = BufWriter::new(file);
    report(&mut writer)?;
    writer.flush()
}

/// Adds the table to the job's page, if GitHub Actions names a file for it.
pub(crate) fn append_step_summary(outcome: &Outcome<'_, '_>) -> Status {
    match step_summary() {
        Some(path) => output::written(path.display(), append_table(&path, outcome)),
        None => Status::Success,
    }
}

fn append_table(path: &Path, outcome: &Outcome<'_, '_>) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    let held_bytes = file.metadata()?.len();
    file.write_all(github::step_summary(outcome, held_bytes).as_bytes())
}
