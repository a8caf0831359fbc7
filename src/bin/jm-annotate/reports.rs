//! Writes reports to files.
//!
//! Owns the way to a file: a new file that replaces the old one as a whole, or, where that is
//! impossible, a write in place or after what is there. Knows permissions, but no format.

use std::fs::{File, Metadata};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use jm_annotate::report::{Outcome, github};
use tempfile::NamedTempFile;

use crate::identity::Identity;
use crate::targets::{WOULD_BE_APPENDED, WOULD_REPLACE, folder, follow_links, names_descriptor};
#[cfg(target_os = "linux")]
use crate::writable;
use crate::{Status, access, interrupt, output, reason, targets};

/// What writes a report; each call writes the whole of it.
type Report<'r> = &'r dyn Fn(&mut dyn Write) -> io::Result<()>;

/// The reports of a run that are written already. Two names may mean one file although nothing was
/// there when they were compared: only the file system knows what it takes for the same name.
#[derive(Default)]
pub(crate) struct Written(Vec<(String, Identity)>);

impl Written {
    /// Writes a report to a path.
    pub(crate) fn report(&mut self, path: &Path, report: Report<'_>) -> Status {
        let saved = self.check(path, WOULD_REPLACE).and_then(|()| save(path, report));
        if saved.is_ok()
            && let Ok(Some(identity)) = Identity::at(path)
        {
            self.0.push((targets::name_of_report(path), identity));
        }
        finished(path, saved)
    }

    /// Adds the table to the job's page.
    pub(crate) fn step_summary(&self, path: &Path, outcome: &Outcome<'_, '_>) -> Status {
        let checked = self.check(path, WOULD_BE_APPENDED);
        finished(path, checked.and_then(|()| append_table(path, outcome)))
    }

    fn check(&self, path: &Path, verb: &str) -> io::Result<()> {
        let found = match Identity::at(path) {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound || cfg!(windows) => None,
            Err(error) => return Err(error),
        };
        match self.0.iter().find(|(_, written)| Some(written) == found.as_ref()) {
            Some((what, _)) => Err(io::Error::other(targets::refusal(verb, what))),
            None => Ok(()),
        }
    }
}

/// The status after a report. One whose reader has gone is lost, too.
fn finished(path: &Path, result: io::Result<()>) -> Status {
    let result = result.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => io::Error::other(reason(&error)),
        _ => error,
    });
    output::written(path.display(), result)
}

/// How a report is written to a path.
pub(crate) enum Way {
    /// After what is in the file, pipe, or device that the caller has opened; to the null device.
    Append,
    /// As a new file, which a chain of links may lead to.
    New { target: PathBuf },
    /// Instead of a regular file; over it if it cannot be replaced.
    Replace { target: PathBuf, old: Metadata },
    /// To a FIFO or device.
    Overwrite,
}

impl Way {
    pub(crate) fn to(path: &Path) -> io::Result<Self> {
        if names_descriptor(path)? {
            return Ok(Way::Append);
        }
        #[cfg(windows)]
        if crate::device::is_null(path) {
            return Ok(Way::Append);
        }
        let target = follow_links(path)?;
        match path.metadata() {
            Ok(old) if old.is_file() => Ok(Way::Replace { target, old }),
            Ok(_) => Ok(Way::Overwrite),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Way::New { target }),
            Err(error) => Err(error),
        }
    }
}

/// Writes a whole report.
fn save(path: &Path, report: Report<'_>) -> io::Result<()> {
    match Way::to(path)? {
        Way::Append => append(path, report),
        Way::New { target } => replace(&target, None, report).map_err(NotReplaced::error),
        // A temporary file could be neither renamed nor removed there.
        #[cfg(target_os = "linux")]
        Way::Replace { target, .. } if writable::takes_only_more(folder(&target)) => {
            overwrite(path, report)
        }
        Way::Replace { target, old } => match replace(&target, Some(&old), report) {
            Err(NotReplaced::Irreplaceable(_)) => overwrite(path, report),
            result => result.map_err(NotReplaced::error),
        },
        Way::Overwrite => overwrite(path, report),
    }
}

/// Why a file was not replaced.
enum NotReplaced {
    /// It cannot be, but may be writable.
    Irreplaceable(io::Error),
    /// The report could not be written, or the system has failed.
    Failed(io::Error),
}

impl NotReplaced {
    fn new(error: io::Error) -> Self {
        match is_irreplaceable(&error) {
            true => NotReplaced::Irreplaceable(error),
            false => NotReplaced::Failed(error),
        }
    }

    fn error(self) -> io::Error {
        let (NotReplaced::Irreplaceable(error) | NotReplaced::Failed(error)) = self;
        error
    }
}

/// Writes to a temporary file in the same folder, which is renamed as soon as it is complete. A
/// full disk leaves the old file.
fn replace(target: &Path, old: Option<&Metadata>, report: Report<'_>) -> Result<(), NotReplaced> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    if old.is_none() {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(windows))]
    let file = builder.tempfile_in(folder(target)).map_err(NotReplaced::new)?;
    #[cfg(windows)]
    let file =
        builder.make_in(folder(target), |path| File::create_new(path)).map_err(NotReplaced::new)?;
    // What a new file does not take, a write in place would lose, too.
    write_to(file.as_file(), report).map_err(NotReplaced::Failed)?;
    if let Some(old) = old {
        access::keep(target, old, file.as_file())
            .map_err(|_| NotReplaced::Irreplaceable(ErrorKind::PermissionDenied.into()))?;
    }
    rename(file, target).map_err(NotReplaced::new)
}

#[cfg(not(windows))]
fn rename(file: NamedTempFile, target: &Path) -> io::Result<()> {
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}

/// `persist` fails for paths of more than 260 characters, which the standard library permits.
#[cfg(windows)]
fn rename(file: NamedTempFile, target: &Path) -> io::Result<()> {
    std::fs::rename(file.into_temp_path(), target)
}

/// How the names of temporary files begin.
pub(crate) const TEMPORARY: &str = ".jm-annotate-";

/// Whether a file cannot be replaced, although it may be writable: its folder takes no new file, it
/// is a mount point, or a new file would not be for the same people, as where it is someone else's.
pub(crate) fn is_irreplaceable(error: &io::Error) -> bool {
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
    let file = interrupt::open_report(path, File::options().write(true).truncate(true))?;
    write_to(&file, report)
}

/// Writes to what the caller has opened, after what is already there.
fn append(path: &Path, report: Report<'_>) -> io::Result<()> {
    write_to(&open_to_append(path)?, report)
}

#[cfg(target_os = "linux")]
use crate::opened::append as open_to_append;

/// Elsewhere, the name of a descriptor opens the descriptor itself, where its position is. On
/// Windows, this is the null device, of which the system says nothing.
#[cfg(not(target_os = "linux"))]
fn open_to_append(path: &Path) -> io::Result<File> {
    use std::io::Seek;

    let mut file = interrupt::open_report(path, File::options().append(true))?;
    if file.metadata().is_ok_and(|found| found.is_file()) {
        file.seek(io::SeekFrom::End(0))?;
    }
    Ok(file)
}

/// Writes to a file in any mode: the caller may have opened it.
fn write_to(file: &File, report: Report<'_>) -> io::Result<()> {
    #[cfg(unix)]
    let file = jm_annotate::stream::Blocking(file);
    let mut writer = BufWriter::new(file);
    report(&mut writer)?;
    writer.flush()
}

fn append_table(path: &Path, outcome: &Outcome<'_, '_>) -> io::Result<()> {
    let file = if names_descriptor(path)? {
        open_to_append(path)?
    } else {
        interrupt::open_report(path, File::options().append(true).create(true))?
    };
    let held_bytes = match file.metadata() {
        Ok(found) => found.len(),
        Err(_) if cfg!(windows) => 0, // the null device, of which the system says nothing
        Err(error) => return Err(error),
    };
    let table = github::step_summary(outcome, held_bytes);
    write_to(&file, &|writer| writer.write_all(table.as_bytes()))
}
