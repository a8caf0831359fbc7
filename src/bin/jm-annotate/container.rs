//! How an input is packed or encoded, recognized by its first bytes.
//!
//! Owns what first bytes mean. Decodes nothing, and knows nothing about files or names.

use std::fmt;

/// What the first bytes of an input say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    Plain,
    Packed(Packed),
    Zip,
    Encoded(Bom),
    Unreadable(Unreadable),
}

/// A format that holds one stream of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packed {
    Gzip,
    Zstd,
    Xz,
    Bzip2,
}

/// What a byte order mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bom {
    Utf8,
    Utf16Le,
    Utf16Be,
}

/// A format that may hold a log and that we cannot read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    SevenZip,
    Rar,
    Lz4,
    Lzip,
    Lzop,
    Compress,
}

/// What an input begins with. The byte at a place may be as large as the last one of a range.
struct Magic {
    bytes: &'static [u8],
    range: Option<(usize, u8)>,
    container: Container,
}

const fn magic(bytes: &'static [u8], container: Container) -> Magic {
    Magic { bytes, range: None, container }
}

const MAGICS: [Magic; 19] = [
    // RFC 1952.
    magic(b"\x1f\x8b\x08", Container::Packed(Packed::Gzip)),
    // RFC 8878: a frame, and a frame that is to be skipped.
    magic(b"\x28\xb5\x2f\xfd", Container::Packed(Packed::Zstd)),
    Magic {
        bytes: b"\x50\x2a\x4d\x18",
        range: Some((0, 0x5f)),
        container: Container::Packed(Packed::Zstd),
    },
    // The .xz file format, 2.1.1.1.
    magic(b"\xfd7zXZ\0", Container::Packed(Packed::Xz)),
    // bzip2: the level, then the magic number of a block, or that of the end of empty data.
    Magic {
        bytes: b"BZh1\x31\x41\x59\x26\x53\x59",
        range: Some((3, b'9')),
        container: Container::Packed(Packed::Bzip2),
    },
    Magic {
        bytes: b"BZh1\x17\x72\x45\x38\x50\x90",
        range: Some((3, b'9')),
        container: Container::Packed(Packed::Bzip2),
    },
    // PKWARE's APPNOTE.TXT, 4.3: a file, the end of an empty archive, the mark of a split one.
    magic(b"PK\x03\x04", Container::Zip),
    magic(b"PK\x05\x06", Container::Zip),
    magic(b"PK\x07\x08", Container::Zip),
    magic(b"\xef\xbb\xbf", Container::Encoded(Bom::Utf8)),
    magic(b"\xff\xfe", Container::Encoded(Bom::Utf16Le)),
    magic(b"\xfe\xff", Container::Encoded(Bom::Utf16Be)),
    magic(b"7z\xbc\xaf\x27\x1c", Container::Unreadable(Unreadable::SevenZip)),
    magic(b"Rar!\x1a\x07", Container::Unreadable(Unreadable::Rar)),
    // The LZ4 frame format, and its legacy form.
    magic(b"\x04\x22\x4d\x18", Container::Unreadable(Unreadable::Lz4)),
    magic(b"\x02\x21\x4c\x18", Container::Unreadable(Unreadable::Lz4)),
    magic(b"LZIP\x01", Container::Unreadable(Unreadable::Lzip)),
    magic(b"\x89LZO\0\r\n\x1a\n", Container::Unreadable(Unreadable::Lzop)),
    magic(b"\x1f\x9d", Container::Unreadable(Unreadable::Compress)),
];

/// What the first bytes say; `None` if there are too few of them.
pub(crate) fn guess(bytes: &[u8]) -> Option<Container> {
    if bytes.is_empty() {
        return None;
    }
    let mut possible = MAGICS.iter().filter(|magic| magic.agrees(bytes)).peekable();
    match possible.clone().find(|magic| magic.bytes.len() <= bytes.len()) {
        Some(magic) => Some(magic.container),
        None if possible.peek().is_some() => None,
        None => Some(Container::Plain),
    }
}

impl Magic {
    /// Whether some bytes begin with the magic number, or it with them.
    fn agrees(&self, bytes: &[u8]) -> bool {
        self.bytes.iter().zip(bytes).enumerate().all(|(at, (want, byte))| match self.range {
            Some((place, last)) if place == at => (*want..=last).contains(byte),
            _ => want == byte,
        })
    }
}

impl Packed {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Packed::Gzip => "gzip",
            Packed::Zstd => "zstd",
            Packed::Xz => "xz",
            Packed::Bzip2 => "bzip2",
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, tool) = match self {
            Unreadable::SevenZip => ("7z", "7z e -so"),
            Unreadable::Rar => ("rar", "unrar p -inul"),
            Unreadable::Lz4 => ("lz4", "lz4 -dc"),
            Unreadable::Lzip => ("lzip", "lzip -dc"),
            Unreadable::Lzop => ("lzop", "lzop -dc"),
            Unreadable::Compress => ("compress", "uncompress -c"),
        };
        write!(f, "{name} data is not supported; unpack it with `{tool}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_decide_or_there_are_too_few() {
        let packed = |packed| Some(Container::Packed(packed));
        let unreadable = |unreadable| Some(Container::Unreadable(unreadable));
        let plain = Some(Container::Plain);
        let cases: [(&[u8], Option<Container>); 38] = [
            (b"", None),
            (b"0", plain),
            (b"\x1f", None),
            (b"\x1f\x8b", None),
            (b"\x1f\x8b\x08", packed(Packed::Gzip)),
            (b"\x1f\x9d", unreadable(Unreadable::Compress)),
            (b"\x1fx", plain),
            (b"(", None),
            (b"(x", plain),
            (b"\x28\xb5\x2f\xfd", packed(Packed::Zstd)),
            (b"P", None),
            (b"_*M", None),
            (b"P*M\x18", packed(Packed::Zstd)),
            (b"_*M\x18", packed(Packed::Zstd)),
            (b"`", plain),
            (b"P*m", plain),
            (b"\xfd7zXZ", None),
            (b"\xfd7zXZ\0", packed(Packed::Xz)),
            (b"\xfd7zX.", plain),
            (b"B", None),
            (b"Be", plain),
            (b"BZh0", plain),
            (b"BZh91AY&S", None),
            (b"BZh11AY&SY", packed(Packed::Bzip2)),
            (b"BZh91AY&SY", packed(Packed::Bzip2)),
            (b"BZh9\x17\x72\x45\x38\x50\x90", packed(Packed::Bzip2)),
            (b"BZh91AY&s", plain),
            (b"PK", None),
            (b"PK\x03\x04", Some(Container::Zip)),
            (b"PK\x05\x06", Some(Container::Zip)),
            (b"PK\x01\x02", plain),
            (b"\xff\xfe", Some(Container::Encoded(Bom::Utf16Le))),
            (b"\xfe\xff", Some(Container::Encoded(Bom::Utf16Be))),
            (b"\xef\xbb\xbf", Some(Container::Encoded(Bom::Utf8))),
            (b"7z\xbc\xaf\x27\x1c", unreadable(Unreadable::SevenZip)),
            (b"Rar!\x1a\x07\x01\0", unreadable(Unreadable::Rar)),
            (b"\x04\x22\x4d\x18", unreadable(Unreadable::Lz4)),
            (b"LZIP!", plain),
        ];
        for (bytes, want) in cases {
            assert_eq!(guess(bytes), want, "{bytes:?}");
        }
    }
}
