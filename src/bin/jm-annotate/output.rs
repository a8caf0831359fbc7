//! Standard output, and what a failed write means.
//!
//! Owns the policy for a closed pipe: whoever read it has seen enough, so it is not a failure.
//! Knows nothing about options.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::ops::ControlFlow;

use crate::{Status, complain, reason};

/// The name of standard output in messages.
pub(crate) const STDOUT: &str = "standard output";

/// A writer of whole blocks: on Unix to a descriptor in any mode, on Windows also to a console.
#[cfg(unix)]
pub(crate) type Writer = jm_annotate::stream::Blocking<File>;
#[cfg(windows)]
pub(crate) type Writer = crate::console::Writer;

/// The status after writing to something with this name. A failure is reported on standard error.
pub(crate) fn written(name: impl Display, result: io::Result<()>) -> Status {
    match result {
        Ok(()) => Status::Success,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Status::Success,
        Err(error) => {
            complain(&format!("{name}: {}", reason(&error)));
            Status::Failure
        }
    }
}

/// Writes a text to standard output.
pub(crate) fn print(text: &str) -> Status {
    match print_next(text) {
        ControlFlow::Continue(()) => Status::Success,
        ControlFlow::Break(status) => status,
    }
}

/// Writes a part of a text to standard output; `Break` when no further part can be written.
pub(crate) fn print_next(text: &str) -> ControlFlow<Status> {
    let result = stdout().and_then(|mut stdout| {
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    });
    match result {
        Ok(()) => ControlFlow::Continue(()),
        result => ControlFlow::Break(written(STDOUT, result)),
    }
}

/// Standard output for our own text.
fn stdout() -> io::Result<impl Write> {
    stdout_file().map(whole)
}

/// Standard output as a file, unbuffered: the library's writes are whole blocks, and `Stdout` would
/// look for line ends.
pub(crate) fn stdout_file() -> io::Result<File> {
    file_of(&io::stdout())
}

/// A standard stream as a file.
#[cfg(unix)]
pub(crate) fn file_of(stream: &impl std::os::fd::AsFd) -> io::Result<File> {
    Ok(File::from(stream.as_fd().try_clone_to_owned()?))
}

/// A standard stream as a file.
#[cfg(windows)]
pub(crate) fn file_of(stream: &impl std::os::windows::io::AsHandle) -> io::Result<File> {
    Ok(File::from(stream.as_handle().try_clone_to_owned()?))
}

/// A writer to the same descriptor.
pub(crate) fn writer(file: &File) -> io::Result<Writer> {
    file.try_clone().map(whole)
}

/// A writer to a descriptor, whatever mode it is in.
pub(crate) fn whole(file: File) -> Writer {
    #[cfg(unix)]
    return jm_annotate::stream::Blocking(file);
    #[cfg(windows)]
    crate::console::Writer::new(file)
}
