//! An archive that is read only once, from its beginning: each file has a header of its own, and
//! the directory at the end only confirms how many there were.
//!
//! Owns the records of the format (APPNOTE.TXT, 4.3). The crates for zip either need all of the
//! archive, or cannot read a file whose size follows it, which is how most programs write a zip
//! into a pipe.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Read, Take};
use std::ops::ControlFlow;

use super::fields::Fields;
use super::header::{Descriptor, Header, PackedSize, in_64_bits};
use super::member::{Checked, Extent, Sums, differs, unpacked};
use super::{Each, MEMBERS_MAX, Member, too_many};
use crate::interrupt::Stopped;
use crate::unpack::{PACKED_BYTES, corrupt, fill, ignored, invalid};

/// An archive, and how far it was read.
pub(super) struct Sequence<R> {
    reader: BufReader<R>,
    /// Files and folders of the current archive that were read.
    members: Checklist,
    /// Those that its directory lists so far.
    listed: Checklist,
    place: Place,
}

/// Which files there are, in whatever order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Checklist {
    count: u64,
    /// The sum of hashes: a file that is read and another one that is listed must not pass.
    hashes: u64,
}

impl Checklist {
    fn add(&mut self, name: &[u8], sums: Option<Sums>) {
        let mut hasher = DefaultHasher::new();
        (name, sums.map(|sums| (sums.crc, sums.size))).hash(&mut hasher);
        self.count += 1;
        self.hashes = self.hashes.wrapping_add(hasher.finish());
    }
}

/// What was read last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing.
    Start,
    /// Files of an archive.
    Files,
    /// What follows the files: the directory.
    Directory,
    /// A whole archive.
    End,
}

/// The signatures of records, as numbers.
pub(super) mod signature {
    pub(in crate::zip) const FILE: u32 = 0x0403_4b50;
    pub(in crate::zip) const DESCRIPTOR: u32 = 0x0807_4b50;
    /// An archive that could have been split into several files, and fit into one.
    pub(in crate::zip) const SPLIT_MARK: u32 = 0x3030_4b50;
    pub(in crate::zip) const LISTED_FILE: u32 = 0x0201_4b50;
    pub(in crate::zip) const END: u32 = 0x0605_4b50;
    pub(in crate::zip) const ZIP64_END: u32 = 0x0606_4b50;
    pub(in crate::zip) const ZIP64_LOCATOR: u32 = 0x0706_4b50;
    pub(in crate::zip) const EXTRA_DATA: u32 = 0x0806_4b50;
    pub(in crate::zip) const DIGITAL_SIGNATURE: u32 = 0x0505_4b50;
}

/// The length of a ZIP64 locator after its signature, in bytes.
const ZIP64_LOCATOR_BYTES: u64 = 16;

impl<R: Read> Sequence<R> {
    pub(super) fn new(reader: R) -> Self {
        let reader = BufReader::with_capacity(PACKED_BYTES, reader);
        let (members, listed) = (Checklist::default(), Checklist::default());
        Sequence { reader, members, listed, place: Place::Start }
    }

    pub(super) fn for_each(mut self, each: Each<'_>) -> io::Result<()> {
        let read = self.read_records(each);
        if self.place == Place::End { read } else { read.map_err(Stopped::in_packed) }
    }

    fn read_records(&mut self, each: Each<'_>) -> io::Result<()> {
        loop {
            let signature = match self.place {
                Place::End => match self.next_archive()? {
                    Some(signature) => signature,
                    None => return Ok(()),
                },
                _ => self.reader.u32().map_err(truncated)?,
            };
            let is_split_mark = self.place == Place::Start
                && matches!(signature, signature::DESCRIPTOR | signature::SPLIT_MARK);
            match signature {
                signature::FILE if self.place != Place::Directory => {
                    self.place = Place::Files;
                    if self.file(each)?.is_break() {
                        return Ok(());
                    }
                }
                _ if is_split_mark => self.place = Place::Files,
                signature => self.directory_record(signature).map_err(truncated)?,
            }
        }
    }

    /// A record that is not about the content of a file.
    fn directory_record(&mut self, signature: u32) -> io::Result<()> {
        self.place = Place::Directory;
        let reader = &mut self.reader;
        match signature {
            signature::LISTED_FILE => {
                reader.skip(12)?;
                let (crc, mut packed) = (reader.u32()?, u64::from(reader.u32()?));
                let mut size = u64::from(reader.u32()?);
                let [name, extra, comment] = [reader.u16()?, reader.u16()?, reader.u16()?];
                reader.skip(12)?;
                let (name, extra) = (reader.field(name)?, reader.field(extra)?);
                in_64_bits(&extra, [&mut size, &mut packed]);
                self.listed.add(&name, Some(Sums { crc, size }));
                reader.skip(comment.into())
            }
            signature::END => {
                reader.skip(16)?;
                let comment = reader.u16()?;
                let comment = reader.field(comment)?;
                self.end(&comment)
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

    /// The end of an archive, with its comment. Programs that search backward for the end of the
    /// archive would find one in there first.
    fn end(&mut self, comment: &[u8]) -> io::Result<()> {
        let (listed, members) = (self.listed, self.members);
        let what = if listed.count != members.count {
            let (listed, members) = (listed.count, members.count);
            format!("entries in its directory: {listed}; files and folders found: {members}")
        } else if listed != members {
            "its directory lists other files than there are".to_owned()
        } else if memchr::memmem::find(comment, &signature::END.to_le_bytes()).is_some() {
            "its comment holds the end of another zip".to_owned()
        } else {
            (self.members, self.listed) = Default::default();
            self.place = Place::End;
            return Ok(());
        };
        Err(invalid(format!("the zip is corrupt ({what})")))
    }

    /// A file or folder, with what describes it.
    fn file(&mut self, each: Each<'_>) -> io::Result<ControlFlow<()>> {
        let header = Header::read(&mut self.reader).map_err(truncated)?;
        if self.members.count == MEMBERS_MAX {
            return Err(too_many());
        }
        let empty = match header.size {
            // Nothing is said of a file that turns out to have bytes.
            PackedSize::Empty => Some(self.descriptor(&header, 0, Some(Sums::EMPTY))?),
            PackedSize::Known(_) | PackedSize::Unknown => None,
        };
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
        let described = match (header.has_descriptor(), empty) {
            (false, _) => header.sums,
            (true, Some(described)) => Some(described),
            (true, None) => {
                let packed_size = header.packed_size_max() - rest;
                Some(self.descriptor(&header, packed_size, passed.sums)?)
            }
        };
        self.members.add(&header.name, described);
        if header.has_descriptor() && passed.sums.is_some() && passed.sums != described {
            return Ok(each(Member { name: &header.name, content: Err(differs()) }));
        }
        Ok(passed.flow)
    }

    /// What follows a file whose header was written before its sums were known: these sums.
    fn descriptor(
        &mut self,
        header: &Header,
        packed_size: u64,
        sums: Option<Sums>,
    ) -> io::Result<Sums> {
        let packed_size = match header.size {
            PackedSize::Known(size) => size,
            PackedSize::Unknown | PackedSize::Empty => packed_size,
        };
        let found = Descriptor::read(&mut self.reader, header, packed_size, sums);
        let found = found.map_err(truncated)?;
        match header.size {
            _ if found.packed_size == packed_size => Ok(found.sums),
            PackedSize::Empty => Err(unknown_size(&header.name)),
            PackedSize::Known(_) | PackedSize::Unknown => Err(lost()),
        }
    }

    /// The signature that another archive begins with; `None` at the end. Any number of zeros may
    /// follow an archive: some media fill their last block with them.
    fn next_archive(&mut self) -> io::Result<Option<u32>> {
        let mut bytes = [0; 4];
        for read in 1..=bytes.len() {
            let Some(byte) = fill(&mut self.reader)?.first().copied() else {
                let is_padding = bytes[..read - 1].iter().all(|byte| *byte == 0);
                return if is_padding { Ok(None) } else { Err(self.trailing(read as u64 - 1)) };
            };
            bytes[read - 1] = byte;
            self.reader.consume(1);
            let mut possible =
                [signature::FILE, signature::END, 0].map(u32::to_le_bytes).into_iter();
            if !possible.any(|signature| signature.starts_with(&bytes[..read])) {
                return Err(self.trailing(read as u64));
            }
            if byte != 0 {
                self.place = Place::Start;
            }
        }
        match u32::from_le_bytes(bytes) {
            0 => self.padding().map(|()| None),
            signature => Ok(Some(signature)),
        }
    }

    /// The rest of the zeros after an archive.
    fn padding(&mut self) -> io::Result<()> {
        let mut count = 4;
        loop {
            let bytes = fill(&mut self.reader)?;
            let length = bytes.len();
            if length == 0 {
                return Ok(());
            }
            if bytes.iter().any(|byte| *byte != 0) {
                return Err(self.trailing(count));
            }
            count += length as u64;
            self.reader.consume(length);
        }
    }

    /// The error for bytes after an archive, of which some were read.
    fn trailing(&mut self, read: u64) -> io::Error {
        ignored(&mut self.reader, read, "zip")
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
    let bytes = match unpacked(header.method, header.flags, Box::new(packed), extent) {
        Ok(bytes) => bytes,
        Err(error) => {
            let flow = each(Member { name: &header.name, content: Err(error) });
            return if is_known { Ok(Passed { flow, sums: None }) } else { Err(lost()) };
        }
    };
    let mut checked = Checked::new(bytes, header.sums);
    let flow = each(Member { name: &header.name, content: Ok(Box::new(&mut checked)) });
    if flow.is_continue() && !is_known {
        io::copy(&mut checked, &mut io::sink()).map_err(unless_stopped(lost))?;
    }
    Ok(Passed { flow, sums: checked.sums() })
}

/// The error for an archive that ends too early; others stay what they are.
fn truncated(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => invalid(corrupt("zip", "unexpected end of file")),
        _ => error,
    }
}

/// Another error, unless a signal has ended the input.
fn unless_stopped(other: fn() -> io::Error) -> impl Fn(io::Error) -> io::Error {
    move |error| if Stopped::of(&error).is_some() { error } else { other() }
}

fn lost() -> io::Error {
    invalid(
        "the zip is corrupt or cannot be read in one pass; the files after this one were not read"
            .to_owned(),
    )
}

/// A report may cut the name, which comes last.
fn unknown_size(name: &[u8]) -> io::Error {
    invalid(format!(
        "only the directory at the end of the zip says where its files end, and the zip was read \
         in one pass, or the directory does not describe it; give it as a file of its own, not \
         through a pipe or in another zip; not read from here on: {}",
        String::from_utf8_lossy(name)
    ))
}
