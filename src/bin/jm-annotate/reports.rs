//! Reports into files: whole or not at all. Knows paths and permissions, but no format.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use jm_annotate::report::{Tally, github};

use crate::{Status, output};

/// Writes a report to a path.
pub(crate) fn write(path: &Path, report: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Status {
    let is_replaceable = match path.symlink_metadata() {
        Ok(found) => found.is_file(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    let result = if is_replaceable { replace(path, report) } else { write_directly(path, report) };
    output::written(path.display(), result)
}

/// Writes to a temporary file in the same folder, which is renamed as soon as it is complete.
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

/// Writes to a FIFO, to a device or through a link.
fn write_directly(
    path: &Path,
    report: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    let mut writer = BufWriter::new(file);
    report(&mut writer)?;
    writer.flush()
}

/// Adds the table to the job's page, if GitHub Actions names a file for it.
pub(crate) fn append_step_summary(tally: &Tally<'_>) -> Status {
    match std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) {
        Some(path) => {
            let path = Path::new(&path);
            output::written(path.display(), append(path, tally))
        }
        None => Status::Success,
    }
}

fn append(path: &Path, tally: &Tally<'_>) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    let held_bytes = file.metadata()?.len();
    file.write_all(github::step_summary(tally, held_bytes).as_bytes())
}
