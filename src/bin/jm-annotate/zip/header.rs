//! What an archive says about a file before its bytes and after them (APPNOTE.TXT, 4.3.7 to 4.3.9,
//! 4.5.3).

use std::io::{self, BufRead};

use rawzip::CompressionMethod;

use super::fields::Fields;
use super::member::Sums;
use super::sequence::signature;

/// What precedes the bytes of a file.
pub(super) struct Header {
    pub(super) flags: u16,
    pub(super) method: CompressionMethod,
    /// The sums of the file; `None` if they follow it.
    pub(super) sums: Option<Sums>,
    pub(super) size: PackedSize,
    pub(super) is_zip64: bool,
    pub(super) name: Vec<u8>,
}

/// How many bytes of the archive a file takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PackedSize {
    Known(u64),
    /// The bytes say where they end.
    Unknown,
    /// Nothing says where the bytes end, so that only an empty file can be read.
    Empty,
}

/// The flag of a file whose sums follow it.
pub(super) const HAS_DESCRIPTOR: u16 = 1 << 3;
/// The identifier of the extra field with sizes of 64 bits.
const ZIP64: u16 = 1;

impl Header {
    pub(super) fn read(reader: &mut impl BufRead) -> io::Result<Self> {
        reader.skip(2)?;
        let (flags, method) = (reader.u16()?, CompressionMethod::new(reader.u16()?));
        reader.skip(4)?;
        let crc = reader.u32()?;
        let (mut packed_size, mut size) = (u64::from(reader.u32()?), u64::from(reader.u32()?));
        let (name_length, extra_length) = (reader.u16()?, reader.u16()?);
        let name = reader.field(name_length)?;
        let extra = reader.field(extra_length)?;
        let is_zip64 = in_64_bits(&extra, [&mut size, &mut packed_size]);
        let has_descriptor = flags & HAS_DESCRIPTOR != 0;
        let size_of_packed = match packed_size {
            0 if has_descriptor && method == CompressionMethod::STORE => PackedSize::Empty,
            0 if has_descriptor => PackedSize::Unknown,
            size => PackedSize::Known(size),
        };
        let sums = (!has_descriptor).then_some(Sums { crc, size });
        Ok(Header { flags, method, sums, size: size_of_packed, is_zip64, name })
    }

    pub(super) fn has_descriptor(&self) -> bool {
        self.flags & HAS_DESCRIPTOR != 0
    }

    /// A folder has no bytes; what has any is a file, whatever it is called.
    pub(super) fn is_folder(&self) -> bool {
        self.name.ends_with(b"/") && self.packed_size_max() == 0
    }

    pub(super) fn packed_size_max(&self) -> u64 {
        match self.size {
            PackedSize::Known(size) => size,
            PackedSize::Unknown => u64::MAX,
            PackedSize::Empty => 0,
        }
    }
}

/// Replaces numbers that have no room in 32 bits by those of an extra field, which has them in this
/// order. Returns whether there is one.
pub(super) fn in_64_bits(extra: &[u8], numbers: [&mut u64; 2]) -> bool {
    let zip64 = extra_field(extra, ZIP64);
    let mut wide = zip64.unwrap_or_default();
    for number in numbers {
        if *number == u64::from(u32::MAX) {
            *number = wide.u64().unwrap_or(*number);
        }
    }
    zip64.is_some()
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
pub(super) struct Descriptor {
    pub(super) packed_size: u64,
    pub(super) sums: Sums,
}

impl Descriptor {
    /// Its numbers have 32 or 64 bits, and only what they must be says which.
    pub(super) fn read(
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
