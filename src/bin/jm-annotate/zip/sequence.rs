//! An archive that is read only once, from its beginning: each file has a header of its own, and
//! the directory at the end only confirms how many there were.
//!
//! Owns the records of the format (APPNOTE.TXT, 4.3). The crates for zip either need all of the
//! archive, or cannot read a file whose size follows it, which is how most programs write a zip
//! into a pipe.

use std::io::{self, BufRead, BufReader, Read, Take};
use std::ops::ControlFlow;

use rawzip::CompressionMethod;

use super::fields::Fields;
use super::member::{Checked, Extent, Sums, differs, unpacked};
use super::{Each, MEMBERS_MAX, Member, too_many};
use crate::unpack::{PACKED_BYTES, corrupt, fill, invalid};

/// An archive, and how far it was read.
pub(super) struct Sequence<R> {
    reader: BufReader<R>,
    /// Files and folders of the current archive that were read.
    members: u64,
    /// Those that its directory lists so far.
    listed: u64,
    place: Place,
}

/// What was read last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing.
    Start,
    /// A part of an archive.
    Inside,
    /// A whole archive.
    End,
}

/// The signatures of records, as numbers.
mod signature {
    pub(super) const FILE: u32 = 0x0403_4b50;
    pub(super) const DESCRIPTOR: u32 = 0x0807_4b50;
    /// An archive that could have been split into several files, and fit into one.
    pub(super) const SPLIT_MARK: u32 = 0x3030_4b50;
    pub(super) const LISTED_FILE: u32 = 0x0201_4b50;
    pub(super) const END: u32 = 0x0605_4b50;
    pub(super) const ZIP64_END: u32 = 0x0606_4b50;
    pub(super) const ZIP64_LOCATOR: u32 = 0x0706_4b50;
    pub(super) const EXTRA_DATA: u32 = 0x0806_4b50;
    pub(super) const DIGITAL_SIGNATURE: u32 = 0x0505_4b50;
}

/// The length of a ZIP64 locator after its signature, in bytes.
const ZIP64_LOCATOR_BYTES: u64 = 16;

impl<R: Read> Sequence<R> {
    pub(super) fn new(reader: R) -> Self {
        let reader = BufReader::with_capacity(PACKED_BYTES, reader);
        Sequence { reader, members: 0, listed: 0, place: Place::Start }
    }

    pub(super) fn for_each(mut self, each: Each<'_>) -> io::Result<()> {
        loop {
            let length = fill(&mut self.reader)?.len();
            if self.place == Place::End && length == 0 {
                return Ok(());
            }
            let signature = match self.reader.u32() {
                Ok(signature) => signature,
                Err(_) if self.place == Place::End => return Err(self.trailing(length as u64)),
                Err(error) => return Err(truncated(error)),
            };
            let begins = matches!(signature, signature::FILE | signature::END);
            if !begins && self.place == Place::End {
                return Err(self.trailing(4));
            }
            let is_split_mark = self.place == Place::Start
                && matches!(signature, signature::DESCRIPTOR | signature::SPLIT_MARK);
            self.place = Place::Inside;
            match signature {
                signature::FILE => {
                    if self.file(each)?.is_break() {
                        return Ok(());
                    }
                }
                _ if is_split_mark => {}
                signature => self.directory_record(signature).map_err(truncated)?,
            }
        }
    }

    /// A record that is not about the content of a file.
    fn directory_record(&mut self, signature: u32) -> io::Result<()> {
        let reader = &mut self.reader;
        match signature {
            signature::LISTED_FILE => {
                self.listed += 1;
                reader.skip(24)?;
                let lengths = [reader.u16()?, reader.u16()?, reader.u16()?];
                reader.skip(12)?;
                reader.skip(lengths.into_iter().map(u64::from).sum())
            }
            signature::END => {
                reader.skip(16)?;
                let comment = reader.u16()?;
                reader.skip(comment.into())?;
                if self.listed != self.members {
                    return Err(invalid(format!(
                        "the zip is corrupt (its directory lists {} files and folders, but there \
                         are {})",
                        self.listed, self.members
                    )));
                }
                (self.members, self.listed, self.place) = (0, 0, Place::End);
                Ok(())
            }
            signature::ZIP64_END => {
                let length = reader.u64()?;
                reader.skip(length)
            }
            signature::ZIP64_LOCATOR => reader.skip(ZIP64_LOCATOR_BYTES),
            signature::EXTRA_DATA => {
                let length = reader.u32()?;
                reader.skip(length.into())
            }
            signature::DIGITAL_SIGNATURE => {
                let length = reader.u16()?;
                reader.skip(length.into())
            }
            _ => Err(invalid(corrupt("zip", "no record begins where one should"))),
        }
    }

    /// A file or folder, with what describes it.
    fn file(&mut self, each: Each<'_>) -> io::Result<ControlFlow<()>> {
        let header = Header::read(&mut self.reader).map_err(truncated)?;
        self.members += 1;
        if self.members > MEMBERS_MAX {
            return Err(too_many());
        }
        let mut packed = (&mut self.reader).take(header.packed_size_max());
        let passed = if header.is_folder() {
            pass(&header, &mut packed, &mut |_| ControlFlow::Continue(()))?
        } else {
            pass(&header, &mut packed, each)?
        };
        let rest = packed.limit();
        if passed.flow.is_break() {
            return Ok(passed.flow);
        }
        if header.size == PackedSize::Known(header.packed_size_max()) {
            self.reader.skip(rest).map_err(truncated)?;
        }
        if header.has_descriptor() {
            return self.descriptor(&header, header.packed_size_max() - rest, passed.sums, each);
        }
        Ok(passed.flow)
    }

    /// What follows a file whose header was written before its sums were known.
    fn descriptor(
        &mut self,
        header: &Header,
        packed_size: u64,
        sums: Option<Sums>,
        each: Each<'_>,
    ) -> io::Result<ControlFlow<()>> {
        let packed_size = match header.size {
            PackedSize::Known(size) => size,
            PackedSize::Unknown | PackedSize::Empty => packed_size,
        };
        let found = Descriptor::read(&mut self.reader, header, packed_size, sums);
        let found = found.map_err(truncated)?;
        if found.packed_size != packed_size {
            return Err(match header.size {
                PackedSize::Empty => unknown_size(&header.name),
                _ => lost(),
            });
        }
        if sums.is_some_and(|sums| sums != found.sums) {
            return Ok(each(Member { name: &header.name, content: Err(differs()) }));
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The error for bytes after an archive, of which some were read.
    fn trailing(&mut self, mut count: u64) -> io::Error {
        loop {
            match fill(&mut self.reader).map(<[u8]>::len) {
                Ok(0) => break,
                Ok(length) => {
                    count += length as u64;
                    self.reader.consume(length);
                }
                Err(error) => return error,
            }
        }
        let (bytes, are) = if count == 1 { ("byte", "is") } else { ("bytes", "are") };
        let were = if count == 1 { "was" } else { "were" };
        invalid(format!(
            "{count} {bytes} after the end of the zip data {are} not zip and {were} ignored"
        ))
    }
}

/// What became of a file.
struct Passed {
    flow: ControlFlow<()>,
    /// The sums of its bytes, if all of them were read.
    sums: Option<Sums>,
}

/// Gives a file to the function. If nothing says how long it is, it is read to its end.
fn pass<R: Read>(
    header: &Header,
    packed: &mut Take<&mut BufReader<R>>,
    each: Each<'_>,
) -> io::Result<Passed> {
    let is_known = header.size != PackedSize::Unknown;
    let extent = if is_known { Extent::Known } else { Extent::Unknown };
    let bytes = match unpacked(header.method, header.flags, packed, extent) {
        Ok(bytes) => bytes,
        Err(error) => {
            let flow = each(Member { name: &header.name, content: Err(error) });
            return if is_known { Ok(Passed { flow, sums: None }) } else { Err(lost()) };
        }
    };
    let mut checked = Checked::new(bytes, header.sums);
    let flow = each(Member { name: &header.name, content: Ok(Box::new(&mut checked)) });
    if flow.is_continue() && !is_known {
        io::copy(&mut checked, &mut io::sink()).map_err(|_| lost())?;
    }
    Ok(Passed { flow, sums: checked.sums() })
}

/// What precedes the bytes of a file.
struct Header {
    flags: u16,
    method: CompressionMethod,
    /// The sums of the file; `None` if they follow it.
    sums: Option<Sums>,
    size: PackedSize,
    is_zip64: bool,
    name: Vec<u8>,
}

/// How many bytes of the archive a file takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PackedSize {
    Known(u64),
    /// The bytes say where they end.
    Unknown,
    /// Nothing says where the bytes end, so that only an empty file can be read.
    Empty,
}

/// The flag of a file whose sums follow it.
const HAS_DESCRIPTOR: u16 = 1 << 3;
/// The identifier of the extra field with sizes of 64 bits.
const ZIP64: u16 = 1;

impl Header {
    fn read(reader: &mut impl BufRead) -> io::Result<Self> {
        reader.skip(2)?;
        let (flags, method) = (reader.u16()?, CompressionMethod::new(reader.u16()?));
        reader.skip(4)?;
        let crc = reader.u32()?;
        let (mut packed_size, mut size) = (u64::from(reader.u32()?), u64::from(reader.u32()?));
        let (name_length, extra_length) = (reader.u16()?, reader.u16()?);
        let name = reader.field(name_length)?;
        let extra = reader.field(extra_length)?;
        let zip64 = extra_field(&extra, ZIP64);
        let mut numbers = zip64.unwrap_or_default();
        for number in [&mut size, &mut packed_size] {
            if *number == u64::from(u32::MAX) {
                *number = numbers.u64().unwrap_or(*number);
            }
        }
        let has_descriptor = flags & HAS_DESCRIPTOR != 0;
        let size_of_packed = match packed_size {
            0 if has_descriptor && method == CompressionMethod::STORE => PackedSize::Empty,
            0 if has_descriptor => PackedSize::Unknown,
            size => PackedSize::Known(size),
        };
        let sums = (!has_descriptor).then_some(Sums { crc, size });
        let is_zip64 = zip64.is_some();
        Ok(Header { flags, method, sums, size: size_of_packed, is_zip64, name })
    }

    fn has_descriptor(&self) -> bool {
        self.flags & HAS_DESCRIPTOR != 0
    }

    /// A folder has no bytes; what has any is a file, whatever it is called.
    fn is_folder(&self) -> bool {
        self.name.ends_with(b"/") && self.packed_size_max() == 0
    }

    fn packed_size_max(&self) -> u64 {
        match self.size {
            PackedSize::Known(size) => size,
            PackedSize::Unknown => u64::MAX,
            PackedSize::Empty => 0,
        }
    }
}

/// The value of an extra field.
fn extra_field(mut extra: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let (field, length) = (extra.u16().ok()?, extra.u16().ok()?);
        let (value, rest) = extra.split_at_checked(length.into())?;
        if field == wanted {
            return Some(value);
        }
        extra = rest;
    }
}

/// What follows the bytes of a file.
struct Descriptor {
    packed_size: u64,
    sums: Sums,
}

impl Descriptor {
    /// Its numbers have 32 or 64 bits, and only what they must be says which.
    fn read(
        reader: &mut impl BufRead,
        header: &Header,
        packed_size: u64,
        sums: Option<Sums>,
    ) -> io::Result<Self> {
        let first = reader.u32()?;
        let crc = if first == signature::DESCRIPTOR { reader.u32()? } else { first };
        let (low, high) = (u64::from(reader.u32()?), u64::from(reader.u32()?));
        let is_32 = low == packed_size && sums.is_none_or(|sums| sums.size == high);
        if is_32 && !header.is_zip64 {
            return Ok(Descriptor { packed_size: low, sums: Sums { crc, size: high } });
        }
        let size = reader.u64()?;
        Ok(Descriptor { packed_size: high << 32 | low, sums: Sums { crc, size } })
    }
}

/// The error for an archive that ends too early; others stay what they are.
fn truncated(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => invalid(corrupt("zip", "unexpected end of file")),
        _ => error,
    }
}

fn lost() -> io::Error {
    invalid(
        "the zip is corrupt or cannot be read in one pass; the files after this one were not read"
            .to_owned(),
    )
}

fn unknown_size(name: &[u8]) -> io::Error {
    invalid(format!(
        "only the directory at the end of the zip says where {} ends, and it was read in one pass; \
         give this zip as a file of its own, not through a pipe or in another zip; the files from \
         there on were not read",
        String::from_utf8_lossy(name)
    ))
}
