//! A console of Windows, which takes and gives UTF-16, whatever its code page is; and the names of
//! devices, which are reserved in every folder.
//!
//! Owns which inputs and outputs are a console. Bytes to and from anything else are left as they
//! are.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Stdin, Stdout, Write};
use std::path::Path;

use crate::shown::Shown;

/// An input: a file, pipe, or device, or what is typed.
pub(crate) struct Source {
    file: File,
    /// Standard input, if it is a console: the standard library reads it as UTF-16.
    typed: Option<Stdin>,
}

/// An output: a file, pipe, or device, or a console.
pub(crate) enum Writer {
    File(File),
    /// The standard library writes it as UTF-16, and refuses anything but UTF-8.
    Console(Shown<Stdout>),
}

impl Source {
    pub(crate) fn new(file: File) -> Self {
        let typed = file.is_terminal().then(io::stdin);
        Source { file, typed }
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }
}

impl Read for Source {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        match &mut self.typed {
            Some(typed) => typed.read(space),
            None => self.file.read(space),
        }
    }
}

impl Writer {
    /// A writer to standard output.
    pub(crate) fn new(file: File) -> Self {
        if file.is_terminal() {
            Writer::Console(Shown::new(io::stdout()))
        } else {
            Writer::File(file)
        }
    }
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Writer::File(file) => file.write(bytes),
            Writer::Console(console) => console.write(bytes),
        }
    }

    fn write_vectored(&mut self, parts: &[io::IoSlice<'_>]) -> io::Result<usize> {
        match self {
            Writer::File(file) => file.write_vectored(parts),
            Writer::Console(console) => console.write_vectored(parts),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Writer::File(file) => file.flush(),
            Writer::Console(console) => console.flush(),
        }
    }
}

/// Turns on escape sequences, and says whether they are on. Consoles before Windows 10 have none;
/// the terminals of Git Bash and Cygwin are pipes, have them always, and set `TERM`.
pub(crate) fn has_escapes() -> bool {
    enable_ansi_support::enable_ansi_support().is_ok() || std::env::var_os("TERM").is_some()
}

/// The names of devices, with or without an extension, before Windows 11.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "COM", "LPT"];

/// Whether a path is that of the null device.
pub(crate) fn is_null_device(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("nul"))
}

/// An error with what it means if the path has the name of a device.
pub(crate) fn of_device(path: &Path, error: io::Error) -> io::Error {
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    match DEVICES.iter().find(|device| device.eq_ignore_ascii_case(letters)) {
        Some(_) => {
            let what = format!("{}; {name} is the name of a device", crate::reason(&error));
            io::Error::new(error.kind(), what)
        }
        None => error,
    }
}
