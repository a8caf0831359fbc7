//! Zip (PKWARE's APPNOTE.TXT): the files in an archive, one after the other, as they are stored.
//!
//! Owns the order of files, and what is not read. Knows nothing about text, and unpacks nothing to
//! a disk, so the name of a file is only a label.

mod directory;
mod fields;
mod header;
mod member;
mod sequence;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use crate::unpack::invalid;

/// A file in an archive.
pub(crate) struct Member<'m> {
    pub(crate) name: &'m [u8],
    /// Its bytes, or why there are none.
    pub(crate) content: io::Result<Box<dyn Read + 'm>>,
}

/// What is done with each file. After a `Break`, no further file is read.
pub(crate) type Each<'e> = &'e mut dyn FnMut(Member<'_>) -> ControlFlow<()>;

/// How many files and folders an archive may have: what a zip without extensions can count.
const MEMBERS_MAX: u64 = 65_536;

/// Calls a function with each file of an archive, in the order of its directory, which is at the
/// end of the archive. If the directory does not describe all of `file`, as in an archive that was
/// cut off, or in two that follow each other, the files are read in the order of `reader`.
///
/// `file` must be the same file as `reader`, begin with the archive, and be at the byte where
/// `reader` goes on to read it.
///
/// # Errors
/// If the archive, or the rest of it, cannot be read.
pub(crate) fn for_each_in_file(
    mut file: File,
    reader: impl Read,
    each: Each<'_>,
) -> io::Result<()> {
    let position = file.stream_position()?;
    match directory::Directory::open(file.try_clone()?)? {
        Some(directory) => directory.for_each(each),
        None => {
            // On Windows, reading at a place moves the file to that place, for both.
            file.seek(SeekFrom::Start(position))?;
            for_each(reader, each)
        }
    }
}

/// Calls a function with each file of an archive that is read only once, in the order in which the
/// files are stored.
///
/// # Errors
/// If the archive, or the rest of it, cannot be read.
pub(crate) fn for_each(reader: impl Read, each: Each<'_>) -> io::Result<()> {
    sequence::Sequence::new(reader).for_each(each)
}

fn too_many() -> io::Error {
    invalid(format!("the zip has more than {MEMBERS_MAX} files and folders; the rest was not read"))
}
