//! Packs bytes, as the tools do that write packed logs.

use std::io::Write;

use flate2::Compression;

/// Bytes as a gzip member.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory does not fail");
    encoder.finish().expect("memory does not fail")
}

/// Bytes as a zstd frame.
pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).expect("memory does not fail");
    encoder.include_checksum(true).expect("the encoder supports it");
    encoder.write_all(bytes).expect("memory does not fail");
    encoder.finish().expect("memory does not fail")
}

/// A text as UTF-16 with a byte order mark.
pub(crate) fn utf_16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(unit).collect()
}

/// Bytes as an xz stream.
pub(crate) fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 6);
    encoder.write_all(bytes).expect("memory does not fail");
    encoder.finish().expect("memory does not fail")
}

/// An xz stream whose dictionary has the size that this property means (the .xz file format, 3.1
/// and 5.3.1).
pub(crate) fn xz_with_dictionary(bytes: &[u8], property: u8) -> Vec<u8> {
    let mut xz = xz(bytes);
    assert_eq!(xz[12..16], [2, 0, 0x21, 1], "a block header with LZMA2 alone");
    xz[16] = property;
    let mut crc = flate2::Crc::new();
    crc.update(&xz[12..20]);
    xz[20..24].copy_from_slice(&crc.sum().to_le_bytes());
    xz
}

/// Bytes as a bzip2 stream.
pub(crate) fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(bytes).expect("memory does not fail");
    encoder.finish().expect("memory does not fail")
}

/// Bytes as deflate data without a header.
pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory does not fail");
    encoder.finish().expect("memory does not fail")
}

/// A file for a zip.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member<'m> {
    pub(crate) name: &'m str,
    pub(crate) bytes: &'m [u8],
    pub(crate) method: u16,
    pub(crate) is_encrypted: bool,
    /// Whether its sizes follow it, as in an archive that was written into a pipe.
    pub(crate) has_descriptor: bool,
    /// What follows the packed bytes as if it belonged to them.
    pub(crate) slack: &'m [u8],
    pub(crate) listing: Listing,
}

/// What the directory of a zip says about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listing {
    True,
    /// That it has no bytes.
    Empty,
    /// Nothing.
    Missing,
}

pub(crate) const STORE: u16 = 0;
pub(crate) const DEFLATE: u16 = 8;

/// A deflated file whose sizes are in its header.
pub(crate) fn member<'m>(name: &'m str, bytes: &'m [u8]) -> Member<'m> {
    Member {
        name,
        bytes,
        method: DEFLATE,
        is_encrypted: false,
        has_descriptor: false,
        slack: b"",
        listing: Listing::True,
    }
}

/// Some files as a zip: PKWARE's APPNOTE.TXT, 4.3.
pub(crate) fn zip(members: &[Member<'_>]) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let mut packed = match member.method {
            DEFLATE => deflate(member.bytes),
            12 => bzip2(member.bytes),
            93 => zstd(member.bytes),
            95 => xz(member.bytes),
            _ => member.bytes.to_vec(),
        };
        packed.extend(member.slack);
        let flags = u16::from(member.is_encrypted) | u16::from(member.has_descriptor) << 3;
        let mut crc = flate2::Crc::new();
        crc.update(member.bytes);
        let sums = [crc.sum(), packed.len() as u32, member.bytes.len() as u32];
        let offset = zip.len() as u32;
        let known = if member.has_descriptor { [0; 3] } else { sums };
        zip.extend(b"PK\x03\x04\x14\0");
        fields(&mut zip, flags, member, known);
        zip.extend(0_u16.to_le_bytes());
        zip.extend(member.name.as_bytes());
        zip.extend(&packed);
        if member.has_descriptor {
            zip.extend(b"PK\x07\x08");
            zip.extend(sums.into_iter().flat_map(u32::to_le_bytes));
        }
        let sums = match member.listing {
            Listing::True => sums,
            Listing::Empty => [0; 3],
            Listing::Missing => continue,
        };
        directory.extend(b"PK\x01\x02\x14\x03\x14\0");
        fields(&mut directory, flags, member, sums);
        directory.extend([0; 12]);
        directory.extend(offset.to_le_bytes());
        directory.extend(member.name.as_bytes());
    }
    let (start, length) = (zip.len() as u32, directory.len() as u32);
    zip.extend(directory);
    zip.extend(b"PK\x05\x06\0\0\0\0");
    let listed = members.iter().filter(|member| member.listing != Listing::Missing).count();
    zip.extend([listed as u16; 2].into_iter().flat_map(u16::to_le_bytes));
    zip.extend([length, start].into_iter().flat_map(u32::to_le_bytes));
    zip.extend([0; 2]);
    zip
}

/// What a file's header and its row of the directory share.
fn fields(record: &mut Vec<u8>, flags: u16, member: &Member<'_>, sums: [u32; 3]) {
    record.extend([flags, member.method, 0, 0].into_iter().flat_map(u16::to_le_bytes));
    record.extend(sums.into_iter().flat_map(u32::to_le_bytes));
    record.extend((member.name.len() as u16).to_le_bytes());
}
