//! A console of Windows, which takes and gives UTF-16, whatever its code page is.
//!
//! Owns which inputs and outputs are a console. Bytes to and from anything else are left as they
//! are.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Stdin, Stdout, Write};
use std::sync::LazyLock;

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
    /// What is typed comes by standard input alone. `CON` is a console, too, but standard input may
    /// be a pipe.
    pub(crate) fn new(file: File) -> Self {
        let stdin = io::stdin();
        let typed = (file.is_terminal() && stdin.is_terminal()).then_some(stdin);
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

/// Whether the console obeys escape sequences: turned on when first asked, for the log's own
/// sequences as for ours.
static HAS_ESCAPES: LazyLock<bool> =
    LazyLock::new(|| enable_ansi_support::enable_ansi_support().is_ok());

/// Turns on escape sequences if anything is shown on a console, whoever wrote them: with `NO_COLOR`
/// a log may still be colored. The mode is that of the console, and stays.
pub(crate) fn enable_escapes() {
    if io::stdout().is_terminal() || io::stderr().is_terminal() {
        LazyLock::force(&HAS_ESCAPES);
    }
}

/// Whether a terminal obeys escape sequences. Consoles before Windows 10 do not; the terminals of
/// Git Bash and Cygwin are pipes, always do, and set `TERM`.
pub(crate) fn has_escapes() -> bool {
    *HAS_ESCAPES || std::env::var_os("TERM").is_some()
}
