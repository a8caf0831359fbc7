//! An archive in a file: its directory at the end says what is in it, and where.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind};

use rawzip::{FileReader, RECOMMENDED_BUFFER_SIZE, ZipArchive, ZipLocator};

use super::member::{Checked, Sums, unpacked};
use super::{Each, MEMBERS_MAX, Member, too_many};
use crate::unpack::{PACKED_BYTES, invalid};

/// An archive whose directory describes all of its file.
pub(super) struct Directory {
    archive: ZipArchive<FileReader>,
    buffer: Vec<u8>,
}

/// Where the first file of a split archive begins, after a mark.
const AFTER_SPLIT_MARK: u64 = 4;

impl Directory {
    /// Reads the directory; `None` if there is none, or if something precedes or follows what it
    /// describes.
    pub(super) fn open(file: File) -> Option<Self> {
        let length = file.metadata().ok()?.len();
        let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
        let locator = ZipLocator::new();
        let archive = locator.locate_in_reader(FileReader::from(file), &mut buffer, length).ok()?;
        let (mut count, mut first) = (0, None);
        let mut entries = archive.entries(&mut buffer);
        while let Some(entry) = entries.next_entry().ok()? {
            count += 1;
            let offset = entry.local_header_offset();
            first = Some(first.map_or(offset, |first: u64| first.min(offset)));
        }
        let first = first.unwrap_or(archive.directory_offset());
        let is_whole = count == archive.entries_hint()
            && matches!(first, 0 | AFTER_SPLIT_MARK)
            && archive.end_offset() == length;
        is_whole.then_some(Directory { archive, buffer })
    }

    pub(super) fn for_each(mut self, each: Each<'_>) -> io::Result<()> {
        let mut entries = self.archive.entries(&mut self.buffer);
        let mut count = 0;
        while let Some(entry) = entries.next_entry().map_err(of_archive)? {
            count += 1;
            if count > MEMBERS_MAX {
                return Err(too_many());
            }
            // A folder has no bytes; what has any is a file, whatever it is called.
            if entry.is_dir() && entry.compressed_size_hint() == 0 {
                continue;
            }
            let want = Sums { crc: entry.crc32(), size: entry.uncompressed_size_hint() };
            let content = self.archive.get_entry(entry.wayfinder()).map_err(of_archive);
            let content = content.and_then(|stored| {
                let packed = BufReader::with_capacity(PACKED_BYTES, stored.reader());
                let bytes = unpacked(entry.compression_method(), entry.flags().bits(), packed)?;
                Ok(Box::new(Checked::new(bytes, Some(want))) as Box<_>)
            });
            if each(Member { name: entry.file_path().as_bytes(), content }).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// What is wrong with an archive; an error of the system stays one.
fn of_archive(error: rawzip::Error) -> io::Error {
    match error.into_kind() {
        rawzip::ErrorKind::IO(error) => error,
        rawzip::ErrorKind::Eof => ErrorKind::UnexpectedEof.into(),
        kind => invalid(format!("the zip is corrupt ({kind})")),
    }
}
