//! A file that the caller has opened, by the name of its descriptor, such as `/dev/fd/3`.
//!
//! Owns that what is written there moves the caller's position. On Linux, such a name opens a
//! regular file once more: the next that the caller writes would go over what was written.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use rustix::fs::{OFlags, fcntl_getfl};
use rustix::io::Errno;
use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

use crate::targets::descriptor;

/// Opens a file to write after what the caller has written.
///
/// # Errors
/// The system's; and if another descriptor of the caller would write over what is written here.
pub(crate) fn append(path: &Path) -> io::Result<File> {
    match number(path).filter(|_| path.metadata().is_ok_and(|found| found.is_file())) {
        Some(number) => share(number).or_else(|error| reopen(path, number, error)),
        None => OpenOptions::new().append(true).open(path),
    }
}

/// The number of a descriptor of this process that a path names.
fn number(path: &Path) -> Option<i32> {
    let (folder, name) = descriptor(path)?;
    let is_ours = folder == Path::new(&format!("/proc/{}/fd", getpid()));
    is_ours.then(|| name.to_str()?.parse().ok()).flatten()
}

/// The descriptor itself, which has the position.
fn share(number: i32) -> rustix::io::Result<File> {
    let process = pidfd_open(getpid(), PidfdFlags::empty())?;
    let file = pidfd_getfd(process, number, PidfdGetfdFlags::empty())?;
    let is_written = fcntl_getfl(&file)?.intersects(OFlags::WRONLY | OFlags::RDWR);
    if is_written { Ok(file.into()) } else { Err(Errno::BADF) }
}

/// Opens the file once more, if a container does not let us share the descriptor. Nothing is lost
/// if the caller appends, too.
fn reopen(path: &Path, number: i32, error: Errno) -> io::Result<File> {
    let is_unknown = matches!(error, Errno::PERM | Errno::NOSYS);
    if is_unknown && is_appended(number) {
        return OpenOptions::new().append(true).open(path);
    }
    Err(if is_unknown { io::Error::other(NOT_APPENDED) } else { error.into() })
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
    fn a_descriptor_that_cannot_be_shared_is_opened_again_only_to_append() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        for (append, denied, want) in [
            (true, Errno::PERM, None),
            (true, Errno::NOSYS, None),
            (false, Errno::PERM, Some(NOT_APPENDED)),
            (true, Errno::BADF, Some("Bad file descriptor (os error 9)")),
        ] {
            use std::os::fd::AsRawFd;
            let opened = OpenOptions::new().write(true).append(append).open(file.path());
            let opened = opened.expect("a file");
            let path = format!("/dev/fd/{}", opened.as_raw_fd());
            let again = reopen(Path::new(&path), opened.as_raw_fd(), denied);
            assert_eq!(again.err().map(|error| error.to_string()).as_deref(), want);
        }
    }
}
