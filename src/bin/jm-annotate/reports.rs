//! Reports into files: whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use jm_annotate::report::{Tally, github};

use crate::{Status, complain, reason};

/// How many bytes a step summary may have in all (GitHub's limit, 1024 KiB).
const STEP_SUMMARY_BYTES_MAX: u64 = 1024 * 1024;

/// Writes a report; a failure is told on standard error.
pub(crate) fn write(path: &Path, report: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Status {
    let is_replaceable = match path.symlink_metadata() {
        Ok(found) => found.is_file(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    let written = if is_replaceable { replace(path, report) } else { write_directly(path, report) };
    told(path, written)
}

/// A temporary file beside the report, which takes its place when it is whole.
fn replace(path: &Path, report: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".jm-annotate-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let kept = path.metadata().ok().map(|found| found.permissions());
        builder.permissions(kept.unwrap_or_else(|| std::fs::Permissions::from_mode(0o666)));
    }
    let mut file = builder.tempfile_in(folder)?;
    report(file.as_file_mut())?;
    file.as_file_mut().flush()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Into a FIFO, a device or behind a link.
fn write_directly(
    path: &Path,
    report: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    let mut writer = BufWriter::new(file);
    report(&mut writer)?;
    writer.flush()
}

/// Adds the table to the page of the job, where GitHub Actions names a file for it.
pub(crate) fn append_step_summary(tally: &Tally<'_>) -> Status {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Status::Success;
    };
    let path = Path::new(&path);
    told(path, append(path, tally))
}

fn append(path: &Path, tally: &Tally<'_>) -> io::Result<()> {
    let mut file: File = OpenOptions::new().append(true).create(true).open(path)?;
    let room = STEP_SUMMARY_BYTES_MAX.saturating_sub(file.metadata()?.len());
    file.write_all(
        github::step_summary(tally, usize::try_from(room).unwrap_or(usize::MAX)).as_bytes(),
    )
}

fn told(path: &Path, written: io::Result<()>) -> Status {
    match written {
        Ok(()) => Status::Success,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Status::Success,
        Err(error) => {
            complain(&format!("{}: {}", path.display(), reason(&error)));
            Status::Failure
        }
    }
}
