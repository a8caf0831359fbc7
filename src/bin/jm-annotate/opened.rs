//! Reports to a descriptor that the caller has opened, such as `/dev/fd/3`.
//!
//! Owns the rule that such a report goes where the caller's own writes go. On Linux, opening the
//! name opens the file a second time, with a position of its own, and the caller's next write would
//! overwrite the report. It could also open the read end of a pipe for writing.

use std::fs::File;
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
    match shared(path)? {
        Some(mut file) => {
            if file.metadata()?.is_file() {
                file.seek(SeekFrom::End(0))?;
            }
            Ok(file)
        }
        None => interrupt::open_report(path, File::options().append(true)),
    }
}

/// Whether something can be written to what a descriptor leads to; `None` if it must be opened once
/// more, or is no descriptor.
///
/// # Errors
/// The system's; and if what the caller writes later would go over it.
pub(crate) fn check(path: &Path) -> Option<io::Result<()>> {
    shared(path).map(|shared| shared.map(drop)).transpose()
}

/// The descriptor itself; `None` if it must be opened once more.
fn shared(path: &Path) -> io::Result<Option<File>> {
    let Some((folder, name)) = descriptor(path)? else { return Ok(None) };
    let is_regular = path.metadata()?.is_file();
    let process = Path::new("/proc/self").canonicalize();
    let is_own = process.is_ok_and(|process| folder.starts_with(process));
    let file = match number(&name).filter(|_| is_own) {
        Some(number) => duplicate(number),
        None => Err(Errno::SRCH.into()),
    };
    let about = folder.with_file_name("fdinfo").join(name);
    usable(file, is_regular, || flags(&std::fs::read_to_string(about).ok()?))
}

/// The descriptor, or `None` if what is there can be opened once more. The flags are asked for only
/// if the descriptor could not be had.
fn usable(
    shared: io::Result<File>,
    is_regular: bool,
    flags: impl FnOnce() -> Option<OFlags>,
) -> io::Result<Option<File>> {
    match shared {
        Ok(file) if is_written(fcntl_getfl(&file)?) => return Ok(Some(file)),
        Ok(_) => return Err(Errno::BADF.into()),
        Err(error) if !is_denied(&error) => return Err(error),
        Err(_) => {}
    }
    match flags() {
        Some(flags) if !is_written(flags) => Err(Errno::BADF.into()),
        flags if is_regular && !flags.is_some_and(|flags| flags.contains(OFlags::APPEND)) => {
            Err(io::Error::other(NOT_APPENDED))
        }
        _ => Ok(None),
    }
}

/// The descriptor itself, which has the position. A container may not let us have it.
fn duplicate(number: i32) -> io::Result<File> {
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

/// Whether an error means that the descriptor is not for us: it is another process's, or the system
/// has no such call or does not permit it.
fn is_denied(error: &io::Error) -> bool {
    let denied = [Errno::SRCH, Errno::PERM, Errno::ACCESS, Errno::NOSYS];
    Errno::from_io_error(error).is_some_and(|errno| denied.contains(&errno))
}

fn is_written(flags: OFlags) -> bool {
    flags.intersects(OFlags::WRONLY | OFlags::RDWR)
}

const NOT_APPENDED: &str = "what is written there later would replace the report; open it with >>";

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
        let append = OFlags::WRONLY | OFlags::APPEND;
        for (is_regular, flags, want) in [
            (true, Some(append), Ok(())),
            (true, Some(OFlags::WRONLY), Err(NOT_APPENDED)),
            (true, Some(OFlags::RDWR), Err(NOT_APPENDED)),
            (true, None, Err(NOT_APPENDED)),
            (true, Some(OFlags::RDONLY), Err("Bad file descriptor")),
            (false, Some(OFlags::RDONLY), Err("Bad file descriptor")),
            (false, Some(OFlags::PATH), Err("Bad file descriptor")),
            (false, Some(OFlags::WRONLY), Ok(())),
            (false, None, Ok(())),
        ] {
            let got = usable(Err(Errno::PERM.into()), is_regular, || flags);
            let got = got.map(|file| assert!(file.is_none(), "it is opened again"));
            let got = got.map_err(|error| error.to_string());
            assert_eq!(got.is_ok(), want.is_ok(), "{is_regular} {flags:?}");
            assert!(got.err().unwrap_or_default().starts_with(want.err().unwrap_or_default()));
        }
    }

    #[test]
    fn a_descriptor_that_can_be_shared_must_be_open_for_writing() {
        let path = tempfile::NamedTempFile::new().expect("a file");
        for (mode, is_usable) in [
            (OFlags::RDONLY, false),
            (OFlags::PATH, false),
            (OFlags::WRONLY, true),
            (OFlags::RDWR, true),
        ] {
            let file = rustix::fs::open(path.path(), mode, rustix::fs::Mode::empty());
            let file = Ok(file.expect("a file").into());
            let got = usable(file, true, || unreachable!("nobody asks"));
            assert_eq!(got.is_ok_and(|file| file.is_some()), is_usable, "{mode:?}");
        }
    }
}
