//! Opens an input, a file or standard input, as text.
//!
//! Owns the names of inputs. Knows no format.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read, Seek};

use crate::decode::{self, Container, Sniffed};
use crate::identity::Identity;
use crate::interrupt::{self, Interruptible, Text};
use crate::output::file_of;

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
    /// Plain bytes.
    Plain(Text<Head>),
    /// Bytes that come out of a decoder.
    Decoded(Text<Box<dyn Read>>),
}

/// A source of which the first bytes were read ahead.
pub(crate) type Head = Sniffed<Interruptible>;

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
            Name::File(path) => interrupt::open(path.as_ref())?,
        };
        let found = file.metadata()?;
        if found.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        let unread = if has_unread(&file, &found) { Identity::of(&file) } else { None };
        let source = Interruptible::new(file)?;
        let kind = source.kind();
        let (container, head) = decode::sniff(source)?;
        let content = match container {
            Container::Plain => Content::Plain(Text::new(head, kind)),
            _ => Content::Decoded(Text::new(decode::decoder(container, head)?, kind)),
        };
        Ok(Input { content, unread })
    }

    /// Whether it is the regular file that is written. We write more than we read, so we would
    /// never reach the end of the file.
    pub(crate) fn is_file(&self, output: &File) -> bool {
        self.unread.is_some() && self.unread == Identity::of(output)
    }
}

impl Content {
    pub(crate) fn into_reader(self) -> Box<dyn Read> {
        match self {
            Content::Plain(text) => Box::new(text),
            Content::Decoded(text) => Box::new(text),
        }
    }
}

/// The message for an input that is the output.
pub(crate) const INPUT_IS_OUTPUT: &str = "input file is output file";

/// Whether a regular file has bytes after the offset at which it is read.
fn has_unread(mut file: &File, found: &Metadata) -> bool {
    found.is_file() && file.stream_position().is_ok_and(|position| position < found.len())
}

#[cfg(target_os = "linux")]
impl std::os::fd::AsFd for Text<Head> {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.reader.reader.as_fd()
    }
}

#[cfg(target_os = "linux")]
impl jm_annotate::stream::splice::Source for Text<Head> {
    fn wait(&mut self) -> io::Result<jm_annotate::stream::Readiness> {
        self.reader.reader.wait()
    }
}

fn stdin_file() -> io::Result<File> {
    file_of(&io::stdin())
}
