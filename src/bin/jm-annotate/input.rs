//! Opens an input, a file or standard input, as plain bytes.
//!
//! Owns the names of inputs and the reading of the first bytes, which show what an input is. Knows
//! no format.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io::{self, BufRead, Cursor, ErrorKind, Read, Seek};

use crate::decode::{self, Container};
use crate::identity::Identity;
use crate::interrupt::Interruptible;

/// An opened input.
pub(crate) struct Input {
    pub(crate) content: Content,
    /// Which regular file it is, if there was something to read in it when it was opened.
    pub(crate) unread: Option<Identity>,
}

/// The name of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    Stdin,
    File(OsString),
}

/// What is in an input.
pub(crate) enum Content {
    /// Plain bytes: the first ones, which were already read, then the rest from the descriptor.
    Plain(Head),
    /// Bytes that come out of a decoder.
    Decoded(Box<dyn Read>),
}

/// A source with the bytes that were already read from it.
pub(crate) struct Head {
    pub(crate) bytes: Cursor<Vec<u8>>,
    pub(crate) source: Interruptible,
    /// Whether the source has ended: a terminal would wait for a second Ctrl-D.
    ended: bool,
}

/// How much is read to see what is in an input, in bytes: what a pipe holds by default, so that a
/// live log's first lines come through in one read.
const HEAD_BYTES: usize = 64 * 1024;

impl Name {
    pub(crate) fn new(argument: &OsStr) -> Self {
        if argument == OsStr::new("-") { Name::Stdin } else { Name::File(argument.to_owned()) }
    }

    /// The name in messages.
    pub(crate) fn display(&self) -> String {
        match self {
            Name::Stdin => "standard input".to_owned(),
            Name::File(name) => name.display().to_string(),
        }
    }

    /// The name in records: none for standard input.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        match self {
            Name::Stdin => None,
            Name::File(name) => Some(name.as_encoded_bytes()),
        }
    }
}

impl Input {
    /// Standard input, if it is among the inputs.
    pub(crate) fn stdin_of(inputs: &[OsString]) -> io::Result<Option<File>> {
        let is_read = inputs.is_empty() || inputs.iter().any(|input| input == "-");
        is_read.then(stdin_file).transpose()
    }

    /// Opens an input and reads enough of it to see what is in it.
    pub(crate) fn open(name: &Name) -> io::Result<Self> {
        let file = match name {
            Name::Stdin => stdin_file()?,
            Name::File(path) => File::open(path)?,
        };
        let kind = file.metadata()?;
        if kind.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        let unread = if has_unread(&file, &kind) { Identity::of(&file) } else { None };
        let mut source = Interruptible::new(file)?;
        let mut bytes = Vec::new();
        let (container, ended) = read_head(&mut source, &mut bytes)?;
        let head = Head { bytes: Cursor::new(bytes), source, ended };
        let content = match container {
            Container::Plain => Content::Plain(head),
            container => Content::Decoded(decode::decoder(container, Box::new(head))?),
        };
        Ok(Input { content, unread })
    }
}

/// Whether a regular file has bytes after the offset at which it is read.
fn has_unread(mut file: &File, found: &Metadata) -> bool {
    found.is_file() && file.stream_position().is_ok_and(|position| position < found.len())
}

/// Reads until the bytes hold a whole magic number, or can no longer begin one; also says whether
/// the source has ended.
fn read_head(source: &mut Interruptible, bytes: &mut Vec<u8>) -> io::Result<(Container, bool)> {
    bytes.resize(HEAD_BYTES, 0);
    let mut filled = 0;
    loop {
        let read = jm_annotate::stream::read_once(source, &mut bytes[filled..])?;
        filled += read;
        let guess = decode::guess(&bytes[..filled]);
        if read == 0 || guess.is_some() || filled == bytes.len() {
            bytes.truncate(filled);
            return Ok((guess.unwrap_or(Container::Plain), read == 0));
        }
    }
}

impl Read for Head {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        match self.bytes.read(space)? {
            0 if self.ended => Ok(0),
            0 => self.source.read(space),
            count => Ok(count),
        }
    }
}

#[cfg(target_os = "linux")]
impl std::os::fd::AsFd for Head {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.source.as_fd()
    }
}

#[cfg(target_os = "linux")]
impl jm_annotate::stream::splice::Source for Head {
    fn wait(&mut self) -> io::Result<jm_annotate::stream::Readiness> {
        self.source.wait()
    }
}

/// Standard input for our own reading of lines, in any mode.
#[cfg(unix)]
pub(crate) fn stdin_lines() -> io::Result<impl BufRead> {
    Ok(io::BufReader::new(jm_annotate::stream::Blocking(stdin_file()?)))
}

/// Standard input for our own reading of lines, which a console of Windows has in UTF-16.
#[cfg(not(unix))]
pub(crate) fn stdin_lines() -> io::Result<impl BufRead> {
    Ok(io::stdin().lock())
}

#[cfg(unix)]
fn stdin_file() -> io::Result<File> {
    use std::os::fd::AsFd;
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

#[cfg(windows)]
fn stdin_file() -> io::Result<File> {
    use std::os::windows::io::AsHandle;
    Ok(File::from(io::stdin().as_handle().try_clone_to_owned()?))
}
