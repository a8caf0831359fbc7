//! An archive in a file: its directory at the end says what is in it, and where.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind};

use rawzip::{FileReader, RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipArchive, ZipLocator};

use super::header::HAS_DESCRIPTOR;
use super::member::{Checked, Extent, Sums, unpacked};
use super::{Each, MEMBERS_MAX, Member, too_many};
use crate::interrupt::Part;
use crate::unpack::{PACKED_BYTES, invalid};

/// An archive whose directory describes all of its file.
pub(super) struct Directory {
    archive: ZipArchive<Retrying>,
    buffer: Vec<u8>,
}

/// Where the first file of a split archive begins, after a mark.
const AFTER_SPLIT_MARK: u64 = 4;

/// How many bytes the sums take: of 32 or 64 bits, with or without a signature.
const DESCRIPTOR_BYTES: [u64; 4] = [12, 16, 20, 24];

/// What a file or folder takes in the archive.
struct Span {
    start: u64,
    /// Where its bytes end; `None` if it has no readable header, which is an error of its own.
    end: Option<u64>,
    has_descriptor: bool,
}

/// A file that is read at places: again if that is interrupted, as some file systems permit. After
/// its end is nothing, however far.
struct Retrying(FileReader);

impl ReaderAt for Retrying {
    fn read_at(&self, space: &mut [u8], offset: u64) -> io::Result<usize> {
        if offset > i64::MAX as u64 {
            return Ok(0); // the system would call it invalid
        }
        loop {
            match self.0.read_at(space, offset) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }
}

impl Directory {
    /// Reads the directory; `None` if there is none, or if it does not describe everything: another
    /// archive may precede or follow this one, or files may be in it that the directory leaves out.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(super) fn open(file: File) -> io::Result<Option<Self>> {
        let length = file.metadata()?.len();
        let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
        let locator = ZipLocator::new();
        let file = Retrying(FileReader::from(file));
        let located = locator.locate_in_reader(file, &mut buffer, length);
        let Some(archive) = if_well_formed(located.map_err(|(_, error)| error))? else {
            return Ok(None);
        };
        let (mut count, mut spans) = (0, Vec::new());
        let mut entries = archive.entries(&mut buffer);
        loop {
            let entry = match if_well_formed(entries.next_entry())? {
                None => return Ok(None),
                Some(None) => break,
                Some(Some(entry)) => entry,
            };
            count += 1;
            if count <= MEMBERS_MAX {
                let stored = if_well_formed(archive.get_entry(entry.wayfinder()))?;
                let end = stored.map(|stored| stored.compressed_data_range().1);
                let has_descriptor = entry.flags().bits() & HAS_DESCRIPTOR != 0;
                spans.push(Span { start: entry.local_header_offset(), end, has_descriptor });
            }
        }
        spans.sort_by_key(|span| span.start);
        let first = spans.first().map_or(archive.directory_offset(), |span| span.start);
        let is_whole = count == archive.entries_hint()
            && matches!(first, 0 | AFTER_SPLIT_MARK)
            && (count > MEMBERS_MAX || is_gapless(&spans, archive.directory_offset()))
            && archive.end_offset() == length;
        Ok(is_whole.then_some(Directory { archive, buffer }))
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
                let packed = BufReader::with_capacity(PACKED_BYTES, Part::new(stored.reader()));
                let (method, flags) = (entry.compression_method(), entry.flags().bits());
                let bytes = unpacked(method, flags, Box::new(packed), Extent::Known)?;
                Ok(Box::new(Checked::new(bytes, Some(want))) as Box<_>)
            });
            if each(Member { name: entry.file_path().as_bytes(), content }).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// Whether each file begins where the one before it ends, and the directory after the last one.
fn is_gapless(spans: &[Span], directory_offset: u64) -> bool {
    let next = spans.iter().skip(1).map(|span| span.start).chain([directory_offset]);
    spans.iter().zip(next).all(|(span, next)| match span.end {
        None => span.start < next,
        Some(end) => next.checked_sub(end).is_some_and(|gap| {
            gap == 0 || (span.has_descriptor && DESCRIPTOR_BYTES.contains(&gap))
        }),
    })
}

/// A part of an archive; `None` if there is something else in its place, or the end of the file.
///
/// # Errors
/// The system's.
fn if_well_formed<T>(part: Result<T, rawzip::Error>) -> io::Result<Option<T>> {
    match part.map_err(of_archive) {
        Ok(part) => Ok(Some(part)),
        Err(error) if error.raw_os_error().is_some() => Err(error),
        Err(_) => Ok(None),
    }
}

/// What is wrong with an archive; an error of the system stays one.
fn of_archive(error: rawzip::Error) -> io::Error {
    match error.into_kind() {
        rawzip::ErrorKind::IO(error) if error.raw_os_error().is_some() => error,
        rawzip::ErrorKind::IO(_) | rawzip::ErrorKind::Eof => ErrorKind::UnexpectedEof.into(),
        kind => invalid(format!("the zip is corrupt ({kind})")),
    }
}
