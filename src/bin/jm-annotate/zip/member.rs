//! The bytes of one file: unpacked, and compared with what the archive says about them.

use std::io::{self, Read};

use flate2::Crc;
use rawzip::CompressionMethod;

use crate::unpack::{Bzip2, Deflate, Parts, Source, Unpacked, Xz, Zstd, invalid};

/// A checksum (CRC-32) and the number of bytes it is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) crc: u32,
    pub(super) size: u64,
}

impl Sums {
    /// Those of no bytes.
    pub(super) const EMPTY: Sums = Sums { crc: 0, size: 0 };
}

/// A reader that sums up what was read and compares it at the end.
pub(super) struct Checked<R> {
    reader: R,
    crc: Crc,
    size: u64,
    is_at_end: bool,
    want: Option<Sums>,
}

impl<R> Checked<R> {
    pub(super) fn new(reader: R, want: Option<Sums>) -> Self {
        Checked { reader, crc: Crc::new(), size: 0, is_at_end: false, want }
    }

    /// The sums, if everything was read.
    pub(super) fn sums(&self) -> Option<Sums> {
        self.is_at_end.then(|| Sums { crc: self.crc.sum(), size: self.size })
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        if self.is_at_end {
            return Ok(0);
        }
        let count = self.reader.read(space)?;
        self.crc.update(&space[..count]);
        self.size += count as u64;
        self.is_at_end = count == 0 && !space.is_empty();
        match (self.sums(), self.want) {
            (Some(sums), Some(want)) if sums != want => Err(differs()),
            _ => Ok(count),
        }
    }
}

/// The error for bytes that are not what the archive says.
pub(super) fn differs() -> io::Error {
    invalid(
        "the zip data is corrupt (its checksum or its size is wrong); what could be decoded was \
         written"
            .to_owned(),
    )
}

/// The flag of an encrypted file.
const IS_ENCRYPTED: u16 = 1;

/// What says where the packed bytes of a file end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// The archive: the packed bytes are the whole reader.
    Known,
    /// The packed bytes, as all but stored ones do. The reader goes on after them.
    Unknown,
}

/// A reader of a file's bytes.
///
/// # Errors
/// If the file is encrypted, or packed in a way that is not supported.
pub(super) fn unpacked<'r>(
    method: CompressionMethod,
    flags: u16,
    packed: Box<dyn Source + 'r>,
    extent: Extent,
) -> io::Result<Box<dyn Read + 'r>> {
    if flags & IS_ENCRYPTED != 0 {
        return Err(invalid("the file is encrypted; decrypt the zip first".to_owned()));
    }
    let parts = match extent {
        Extent::Known => Parts::Only,
        Extent::Unknown => Parts::One,
    };
    Ok(match method {
        CompressionMethod::STORE => packed,
        CompressionMethod::DEFLATE => Box::new(Unpacked::new(packed, Deflate::new(), parts)),
        CompressionMethod::BZIP2 => Box::new(Unpacked::new(packed, Bzip2::new(), parts)),
        CompressionMethod::ZSTD => Box::new(Unpacked::new(packed, Zstd::new()?, parts)),
        CompressionMethod::XZ => Box::new(Unpacked::new(packed, Xz::new()?, parts)),
        _ => {
            return Err(invalid(format!(
                "the compression method {method} is not supported; unpack the zip first"
            )));
        }
    })
}
