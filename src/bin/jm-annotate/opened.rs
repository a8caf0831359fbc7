//! A file that the caller has opened, by the name of its descriptor, such as `/dev/fd/3`.
//!
//! Owns that what is written there moves the caller's position. On Linux, such a name opens a
//! regular file once more: the next that the caller writes would go over what was written.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::path::Path;

use rustix::fs::{OFlags, fcntl_getfl};
use rustix::io::Errno;
use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

use crate::targets::{descriptor, number};
use crate::{interrupt, output};

/// Opens what a descriptor leads to, to write at its end.
///
/// # Errors
/// Those of [`check`].
pub(crate) fn append(path: &Path) -> io::Result<File> {
    match regular(path) {
        Some((number, found)) => {
            let mut file = open(path, number, &found)?;
            file.seek(SeekFrom::End(0))?;
            Ok(file)
        }
        None => {
            let path = path.to_owned();
            interrupt::open_report(move || reopen(&path))
        }
    }
}

/// Whether something can be written to what a descriptor leads to; `None` if that is no regular
/// file.
///
/// # Errors
/// The system's; and if what the caller writes later would go over it.
pub(crate) fn check(path: &Path) -> Option<io::Result<()>> {
    regular(path).map(|(number, found)| open(path, number, &found).map(drop))
}

/// The number of a descriptor of this process that leads to a regular file.
fn regular(path: &Path) -> Option<(i32, Metadata)> {
    let found = path.metadata().ok().filter(Metadata::is_file)?;
    let (folder, name) = descriptor(path)?;
    let process = Path::new("/proc/self").canonicalize().ok()?;
    folder.starts_with(process).then(|| Some((number(&name)?, found))).flatten()
}

fn open(path: &Path, number: i32, found: &Metadata) -> io::Result<File> {
    usable(share(number), path, number, found)
}

/// The descriptor, or the file opened once more.
fn usable(
    shared: io::Result<File>,
    path: &Path,
    number: i32,
    found: &Metadata,
) -> io::Result<File> {
    match shared {
        Ok(file) if is_written(&file)? => Ok(file),
        Ok(_) => Err(Errno::BADF.into()),
        Err(_) if found.len() == 0 || is_appended(number) => reopen(path),
        Err(_) => Err(io::Error::other(NOT_APPENDED)),
    }
}

/// The descriptor itself, which has the position. A container may not let us have it.
fn share(number: i32) -> io::Result<File> {
    match number {
        0 => output::file_of(&io::stdin()),
        1 => output::file_of(&io::stdout()),
        2 => output::file_of(&io::stderr()),
        _ => {
            let process = pidfd_open(getpid(), PidfdFlags::empty())?;
            Ok(pidfd_getfd(process, number, PidfdGetfdFlags::empty())?.into())
        }
    }
}

fn is_written(file: &File) -> io::Result<bool> {
    Ok(fcntl_getfl(file)?.intersects(OFlags::WRONLY | OFlags::RDWR))
}

/// Opens the file once more. Nothing of the report is lost if the caller appends, too, or has
/// written nothing, and so is likely to have opened it for the report.
fn reopen(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).open(path)
}

const NOT_APPENDED: &str = "what is written there later would replace the report; open it with >>";

/// Whether a descriptor was opened to append.
fn is_appended(number: i32) -> bool {
    let about = std::fs::read_to_string(format!("/proc/self/fdinfo/{number}")).unwrap_or_default();
    flags(&about).is_some_and(|flags| flags.contains(OFlags::APPEND))
}

/// The flags of a descriptor in what the system tells about it.
fn flags(about: &str) -> Option<OFlags> {
    let octal = about.lines().find_map(|line| line.strip_prefix("flags:"))?;
    Some(OFlags::from_bits_retain(u32::from_str_radix(octal.trim(), 8).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_of_a_descriptor_are_octal() {
        for (about, want) in [
            ("pos:\t7\nflags:\t0102001\nmnt_id:\t21\n", true),
            ("pos:\t7\nflags:\t0100001\nmnt_id:\t21\n", false),
        ] {
            let flags = flags(about).expect("they are there");
            assert_eq!(flags.contains(OFlags::from_bits_retain(0o2000)), want, "{about}");
        }
        assert_eq!(flags("pos:\t7\n"), None);
    }

    #[test]
    fn a_descriptor_that_cannot_be_shared_is_opened_again_if_nothing_can_be_lost() {
        use std::io::Write;
        use std::os::fd::AsRawFd;
        for (append, text, want) in [
            (true, "x", None),
            (true, "", None),
            (false, "", None),
            (false, "x", Some(NOT_APPENDED)),
        ] {
            let mut file = tempfile::NamedTempFile::new().expect("a file");
            file.write_all(text.as_bytes()).expect("there is room");
            let opened = OpenOptions::new().write(true).append(append).open(file.path());
            let opened = opened.expect("a file");
            let found = opened.metadata().expect("a file");
            let denied = Err(Errno::PERM.into());
            let again = usable(denied, file.path(), opened.as_raw_fd(), &found);
            let error = again.map(|mut again| again.write_all(b"y").expect("it is open")).err();
            assert_eq!(error.map(|error| error.to_string()).as_deref(), want, "{append} {text}");
            let read_only = Ok(File::open(file.path()).expect("a file"));
            let error = usable(read_only, file.path(), opened.as_raw_fd(), &found).err();
            let error = error.and_then(|error| error.raw_os_error());
            assert_eq!(error, Some(Errno::BADF.raw_os_error()));
        }
    }
}
