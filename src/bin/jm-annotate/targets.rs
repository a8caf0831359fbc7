//! Where reports go, checked before anything is read: a report replaces nothing but an older
//! report.
//!
//! Owns the comparison of paths with each other and with the standard streams. Writes nothing.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use jm_annotate::report::Kind;

use crate::identity::{Identity, is_stream};
use crate::input::Input;
use crate::interrupt::metadata;
use crate::messages::stderr_file;
use crate::output::{STDOUT, stdout_file};
use crate::settings::Settings;
use crate::values::{Report, Target};
use crate::{reason, writable};

/// The reports, with standard output for each path that names the pipe, socket, or terminal that it
/// is: a second writer to it would mix a report with the log, and break out of the fence.
pub(crate) fn with_stdout(mut reports: Vec<Report>) -> anyhow::Result<Vec<Report>> {
    for report in &mut reports {
        if let Some(path) = report.path()
            && named(path, is_stream(path, &named(STDOUT, stdout_file())?))?
        {
            report.target = Target::Stdout;
        }
    }
    Ok(reports)
}

/// A file that exists, or that would be created.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    Existing(Identity),
    /// The folder, and the name in it.
    New(Identity, OsString),
    /// The system does not say which file it is.
    Unknown,
}

impl Place {
    /// Whether both may be the same file. What is known to be there might be anything that is not
    /// known.
    fn may_be(&self, other: &Place) -> bool {
        match (self, other) {
            (Place::Unknown, Place::New(..)) | (Place::New(..), Place::Unknown) => false,
            (Place::Unknown, _) | (_, Place::Unknown) => true,
            (one, other) => one == other,
        }
    }
}

/// A place that a report must not take, and what is there.
type Taken = (String, Place);

/// A standard stream that is a regular file.
struct OutputFile {
    taken: Taken,
    is_appended: bool,
}

/// Refuses a report that would replace an input, a catalog, another report, or the file that is
/// standard output or standard error, and one that cannot be written.
pub(crate) fn check(settings: &Settings, stdout: &File) -> anyhow::Result<()> {
    if settings.reports.is_empty() {
        return Ok(());
    }
    let mut taken = inputs_and_catalogs(settings)?;
    let streams = streams(stdout)?;
    if settings.reports.iter().any(|report| report.path().is_none())
        && may_have_bytes(stdout)
        && let Some(identity) = named(STDOUT, Identity::of_regular(stdout))?
    {
        let place = Place::Existing(identity);
        refuse(STDOUT.as_ref(), WOULD_BE_WRITTEN, &place, taken.iter())?;
    }
    for path in settings.reports.iter().filter_map(Report::path) {
        if let Some(place) = named(path, place(path))? {
            let all = taken.iter().chain(streams.iter().map(|stream| &stream.taken));
            refuse(path, WOULD_REPLACE, &place, all)?;
            taken.push((name_of_report(path), place));
        }
        named(path, writable::report(path))?;
    }
    if let Some(path) = step_summary(&settings.reports) {
        if let Some(place) = named(&path, place(&path))? {
            let streams = streams.iter().filter(|stream| !stream.is_appended);
            let all = taken.iter().chain(streams.map(|stream| &stream.taken));
            refuse(&path, WOULD_BE_APPENDED, &place, all)?;
        }
        named(&path, writable::appended(&path))?;
    }
    Ok(())
}

fn inputs_and_catalogs(settings: &Settings) -> anyhow::Result<Vec<Taken>> {
    let stdin = Input::stdin_of(&settings.inputs);
    let stdin = stdin.and_then(|stdin| stdin.as_ref().map(Identity::of_stream).transpose());
    let stdin = named("standard input", stdin)?.flatten();
    let stdin = stdin.map(|identity| ("an input".to_owned(), Place::Existing(identity)));
    let files = settings.inputs.iter().filter(|name| *name != "-").map(Path::new);
    let files = files.filter_map(|path| taken_by("an input", path));
    let catalogs = settings.catalogs.iter().filter_map(|path| taken_by("a catalog", path));
    Ok(stdin.into_iter().chain(files).chain(catalogs).collect())
}

/// The place of an input or a catalog; `None` if it is none that a report could replace.
fn taken_by(what: &str, path: &Path) -> Option<Taken> {
    match place(path) {
        Ok(place) => place.map(|place| (what.to_owned(), place)),
        Err(error) if is_unreachable(&error) => None,
        Err(error) => {
            let what = format!("{what} ({}: {})", path.display(), reason(&error));
            Some((what, Place::Unknown))
        }
    }
}

/// Whether there may be something in a file to destroy.
fn may_have_bytes(file: &File) -> bool {
    metadata(file).is_none_or(|found| found.len() > 0)
}

/// The standard streams that are regular files.
fn streams(stdout: &File) -> anyhow::Result<Vec<OutputFile>> {
    const STDERR: &str = "standard error";
    let stderr = named(STDERR, stderr_file())?;
    let mut regular = Vec::new();
    for (name, file) in [(STDOUT, stdout), (STDERR, &stderr)] {
        if let Some(identity) = named(name, Identity::of_regular(file))? {
            let taken = (name.to_owned(), Place::Existing(identity));
            regular.push(OutputFile { taken, is_appended: is_appended(file) });
        }
    }
    Ok(regular)
}

/// Whether what is written to a file goes after what others write, and not over it.
#[cfg(unix)]
fn is_appended(file: &File) -> bool {
    rustix::fs::fcntl_getfl(file).is_ok_and(|flags| flags.contains(rustix::fs::OFlags::APPEND))
}

/// The system does not tell.
#[cfg(not(unix))]
fn is_appended(_: &File) -> bool {
    false
}

fn refuse<'t>(
    path: &Path,
    verb: &str,
    place: &Place,
    mut taken: impl Iterator<Item = &'t Taken>,
) -> anyhow::Result<()> {
    match taken.find(|(_, at)| at.may_be(place)) {
        Some((what, Place::Unknown)) => {
            Err(anyhow!("{}: it is not known whether {verb} {what}", path.display()))
        }
        Some((what, _)) => Err(anyhow!("{}: {}", path.display(), refusal(verb, what))),
        None => Ok(()),
    }
}

/// What a report is not to do with a file that is taken.
pub(crate) const WOULD_REPLACE: &str = "the report would replace";
const WOULD_BE_WRITTEN: &str = "the report would be written into";
pub(crate) const WOULD_BE_APPENDED: &str = "the step summary would be appended to";

/// Why a report is refused.
pub(crate) fn refusal(verb: &str, what: &str) -> String {
    format!("{verb} {what}; choose another name")
}

/// What a report is called where another one is refused.
pub(crate) fn name_of_report(path: &Path) -> String {
    format!("the report {}", path.display())
}

/// A result, its error with the path that it is about.
fn named<T>(path: impl AsRef<Path>, result: io::Result<T>) -> anyhow::Result<T> {
    result.map_err(|error| anyhow!("{}: {}", path.as_ref().display(), reason(&error)))
}

/// The place of a path; `None` for a device, and where no file can be.
///
/// # Errors
/// The system's: what is there cannot be compared, and must not be overwritten.
fn place(path: &Path) -> io::Result<Option<Place>> {
    match Identity::at(path) {
        Ok(identity) => return Ok(identity.map(Place::Existing)),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        // Devices have no metadata there. What else it may be, `writable` says.
        Err(_) if cfg!(windows) => return follow_links(path).map(|_| None),
        Err(error) => return Err(follow_links(path).err().unwrap_or(error)),
    }
    let target = follow_links(path)?;
    let Some(name) = target.file_name() else { return Ok(None) };
    match Identity::of_folder(folder(&target)) {
        Ok(folder) => Ok(Some(Place::New(folder, same_name(name)))),
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether an error says that there is no such file.
pub(crate) fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Whether an error says that no file can be opened by this name. Any other leaves it open which
/// file it is.
#[cfg(unix)]
pub(crate) fn is_unreachable(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let never = [Errno::NOENT, Errno::NOTDIR, Errno::ACCESS, Errno::LOOP, Errno::NAMETOOLONG];
    let is_loop = error.get_ref().is_some_and(|inner| inner.is::<TooManyLinks>());
    let is_invalid = error.kind() == ErrorKind::InvalidInput; // a NUL is in it
    is_loop || is_invalid || Errno::from_io_error(error).is_some_and(|errno| never.contains(&errno))
}

/// The system has other errors for devices and pipes.
#[cfg(not(unix))]
pub(crate) fn is_unreachable(_: &io::Error) -> bool {
    true
}

/// A name, or another that means the same file: where upper and lower case are the same, and on
/// Windows without the dots and blanks at its end, which the system drops.
fn same_name(name: &OsStr) -> OsString {
    match name.to_str() {
        Some(name) if cfg!(windows) => name.trim_end_matches(['.', ' ']).to_lowercase().into(),
        Some(name) if cfg!(target_vendor = "apple") => name.to_lowercase().into(),
        _ => name.to_owned(),
    }
}

/// How many links in a row are followed, as on Linux (`MAXSYMLINKS`).
const LINKS_MAX: usize = 40;

/// Where a chain of symbolic links ends; nothing need be there.
pub(crate) fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..=LINKS_MAX {
        match target.symlink_metadata() {
            Ok(found) if found.is_symlink() => target = link_target(&target)?,
            // Devices have no metadata there.
            Err(error) if !is_missing(&error) && !cfg!(windows) => return Err(error),
            _ => return Ok(target),
        }
    }
    Err(io::Error::other(TooManyLinks))
}

/// What the system would say, in the same words everywhere.
#[derive(Debug)]
struct TooManyLinks;

impl fmt::Display for TooManyLinks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Too many levels of symbolic links")
    }
}

impl std::error::Error for TooManyLinks {}

/// What a symbolic link names, from the folder that the link is in.
fn link_target(link: &Path) -> io::Result<PathBuf> {
    let next = link.read_link()?;
    Ok(link.parent().unwrap_or(Path::new("")).join(next))
}

/// The folder of a file.
pub(crate) fn folder(target: &Path) -> &Path {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Whether a path leads through the folder where the system shows the open descriptors of a
/// process: such a name is what its caller has opened, as `3>> file` does, and not a file to
/// replace.
///
/// # Errors
/// The system's. Nobody knows then what the name is.
pub(crate) fn names_descriptor(path: &Path) -> io::Result<bool> {
    Ok(descriptor(path)?.is_some())
}

/// The folder and the name of a descriptor that a path leads to; it need not be open.
///
/// # Errors
/// The system's. Nobody knows then what the path leads to.
pub(crate) fn descriptor(path: &Path) -> io::Result<Option<(PathBuf, OsString)>> {
    let known = |result: io::Result<PathBuf>| match result {
        Err(error) if is_unreachable(&error) => Ok(None),
        result => result.map(Some),
    };
    let mut target = path.to_owned();
    for _ in 0..=LINKS_MAX {
        let folder = known(folder(&target).canonicalize())?;
        if let Some(folder) = folder.filter(|folder| is_descriptors(folder)) {
            return Ok(target.file_name().map(|name| (folder, name.to_owned())));
        }
        match target.symlink_metadata() {
            Ok(found) if !found.is_symlink() => return Ok(None),
            Err(error) if is_unreachable(&error) => return Ok(None),
            found => found?,
        };
        target = link_target(&target)?;
    }
    Ok(None)
}

/// The number that a descriptor's name is.
#[cfg(unix)]
pub(crate) fn number(name: &OsStr) -> Option<i32> {
    name.to_str()?.parse::<u32>().ok()?.try_into().ok()
}

/// A folder `fd` of the file system of processes, wherever that is mounted; `/dev/fd` leads to one.
#[cfg(target_os = "linux")]
fn is_descriptors(folder: &Path) -> bool {
    use rustix::fs::{PROC_SUPER_MAGIC, statfs};
    // A sandbox may forbid the question; the usual place is known.
    let is_proc = || match statfs(folder) {
        Ok(about) => about.f_type == PROC_SUPER_MAGIC,
        Err(_) => folder.starts_with("/proc"),
    };
    folder.ends_with("fd") && is_proc()
}

#[cfg(not(target_os = "linux"))]
fn is_descriptors(folder: &Path) -> bool {
    folder == Path::new("/dev/fd") || folder.starts_with("/proc") && folder.ends_with("fd")
}

/// The file that GitHub Actions names for the job's page, if one of the reports adds to it.
pub(crate) fn step_summary(reports: &[Report]) -> Option<PathBuf> {
    let path = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
    let is_asked_for = reports.iter().any(|report| report.kind == Kind::Github);
    path.filter(|_| is_asked_for).map(PathBuf::from)
}
