//! Opens an input, a file or standard input, as text, or as a zip of files.
//!
//! Owns the names of inputs. Knows no format.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read, Seek};

use jm_annotate::catalog::CodeRange;

use crate::ahead::Ahead;
use crate::container::Container;
use crate::decode::{self, TextEncoding};
use crate::identity::{Identity, refuse_output};
use crate::interrupt::{self, Interruptible, Kind, Text};
use crate::output::file_of;
use crate::progress;
use crate::zip;

/// An opened input.
pub(crate) struct Input {
    pub(crate) content: Content,
    /// Which regular file it is; `None` for anything else, and where nothing is left to read.
    pub(crate) file: Option<Identity>,
}

/// The name of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    Stdin,
    File(OsString),
    /// A file in an archive, with the archive's name.
    Member(Vec<u8>),
}

/// What is in an input.
pub(crate) enum Content {
    /// Plain bytes.
    Plain(Text<Head>),
    /// Bytes that come out of a decoder.
    Decoded(Text<Box<dyn Read>>),
    Zip(Archive),
}

/// A source of which the first bytes were read ahead.
pub(crate) type Head = Ahead<Interruptible>;

/// A zip.
pub(crate) struct Archive {
    head: Head,
    pub(crate) kind: Kind,
}

impl Name {
    pub(crate) fn new(argument: &OsStr) -> Self {
        if argument == OsStr::new("-") { Name::Stdin } else { Name::File(argument.to_owned()) }
    }

    /// The name in messages.
    pub(crate) fn display(&self) -> String {
        match self {
            Name::Stdin => "standard input".to_owned(),
            Name::File(name) => name.display().to_string(),
            Name::Member(name) => String::from_utf8_lossy(name).into_owned(),
        }
    }

    /// The command that was meant, if there is no file with this name. `helps` says whether
    /// `explain` has something to say about codes.
    pub(crate) fn command_meant(&self, helps: impl FnOnce(&CodeRange) -> bool) -> Option<String> {
        let Name::File(name) = self else { return None };
        match name.to_str()? {
            "help" => Some("jm-annotate --help".to_owned()),
            "version" => Some("jm-annotate --version".to_owned()),
            text => {
                let range = text.parse().ok().filter(helps);
                range.map(|_| format!("jm-annotate explain {text}"))
            }
        }
    }

    /// The name of a file in an archive with this name. Standard input is `-`, as it is typed.
    pub(crate) fn member(&self, member: &[u8]) -> Name {
        Name::Member([self.bytes().unwrap_or(b"-"), b"/", member].concat())
    }

    /// The name in records: none for standard input.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        match self {
            Name::Stdin => None,
            Name::File(name) => Some(name.as_encoded_bytes()),
            Name::Member(name) => Some(name),
        }
    }
}

impl Input {
    /// Standard input, if it is among the inputs.
    pub(crate) fn stdin_of(inputs: &[OsString]) -> io::Result<Option<File>> {
        let is_read = inputs.is_empty() || inputs.iter().any(|input| input == "-");
        is_read.then(|| file_of(&io::stdin())).transpose()
    }

    /// Opens an input and reads enough of it to see what is in it.
    pub(crate) fn open(name: &Name, encoding: TextEncoding) -> io::Result<Self> {
        let file = match name {
            Name::Stdin => stdin_file()?,
            Name::File(path) => interrupt::open(path.as_ref())?,
            Name::Member(_) => return Err(ErrorKind::NotFound.into()),
        };
        let found = interrupt::metadata(&file);
        if found.as_ref().is_some_and(Metadata::is_dir) {
            return Err(match name {
                Name::File(path) => error_of_folder(path.as_ref()),
                _ => ErrorKind::IsADirectory.into(),
            });
        }
        progress::begin_file(&file);
        let has_unread = found.is_none_or(|found| may_have_unread(&file, &found));
        let identity = if has_unread { Identity::of_regular(&file)? } else { None };
        let source = Interruptible::new(file);
        let kind = source.kind();
        let (container, head) = decode::sniff(source)?;
        let content = match container {
            Container::Zip => Content::Zip(Archive { head, kind }),
            _ if decode::is_unchanged(container, encoding) => {
                Content::Plain(Text::new(head, kind.text_after_signal()))
            }
            _ => {
                let text = decode::text(container, Box::new(head), encoding)?;
                Content::Decoded(Text::new(text, kind.text_after_signal()))
            }
        };
        Ok(Input { content, file: identity })
    }

    /// Refuses the regular file that is written. We write more than we read, so we would never
    /// reach the end of the file.
    ///
    /// # Errors
    /// If it is that file, or cannot be compared with it.
    pub(crate) fn check_is_not(&self, output: &File) -> io::Result<()> {
        refuse_output("input", self.file.as_ref(), output)
    }
}

impl Archive {
    /// Calls a function with each file. Only an archive that begins where its file does can be read
    /// by its directory.
    ///
    /// # Errors
    /// If the archive, or the rest of it, cannot be read.
    pub(crate) fn for_each(self, each: zip::Each<'_>) -> io::Result<()> {
        match self.whole_file() {
            Some(file) => zip::for_each_in_file(file, self.head, each),
            None => zip::for_each(self.head, each),
        }
    }

    fn whole_file(&self) -> Option<File> {
        let mut file = self.head.reader.file();
        let read_ahead = self.head.first_bytes().len() as u64;
        let is_whole = self.kind == Kind::Regular && file.stream_position().ok()? == read_ahead;
        is_whole.then(|| file.try_clone().ok()).flatten()
    }
}

/// Whether a regular file may have bytes after the offset at which it is read.
fn may_have_unread(mut file: &File, found: &Metadata) -> bool {
    found.is_file() && !file.stream_position().is_ok_and(|position| position >= found.len())
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

/// The error for a folder that was opened as an input or a catalog.
#[cfg(unix)]
pub(crate) fn error_of_folder(path: &std::path::Path) -> io::Error {
    crate::closed::error_of_folder(path)
}

#[cfg(not(unix))]
pub(crate) fn error_of_folder(_: &std::path::Path) -> io::Error {
    ErrorKind::IsADirectory.into()
}

fn stdin_file() -> io::Result<File> {
    #[cfg(unix)]
    crate::closed::check_stdin()?;
    file_of(&io::stdin())
}
