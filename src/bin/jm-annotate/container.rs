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
    /// The whole input is the beginning of a magic number: what was cut off has this format.
    Cut(&'static str),
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
    /// In either order of bytes: we cannot read it.
    Utf32,
}

/// A format that may hold a log and that we cannot read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    SevenZip,
    Rar,
    Lz4,
    Lzip,
    Lzop,
    Lzma,
    Compress,
    Pack,
    OldZstd,
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

/// Of two that agree with the same bytes, the longer one comes first.
const MAGICS: [Magic; 25] = [
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
    // bzip2: the level, then the beginning of the magic number of a block, or of the end of empty
    // data. A decoder checks the rest of it.
    Magic {
        bytes: b"BZh1\x31\x41",
        range: Some((3, b'9')),
        container: Container::Packed(Packed::Bzip2),
    },
    Magic {
        bytes: b"BZh1\x17\x72",
        range: Some((3, b'9')),
        container: Container::Packed(Packed::Bzip2),
    },
    // PKWARE's APPNOTE.TXT, 4.3 and 8.5: a file, the end of an empty archive, the mark of a split
    // one, and that of one that was to be split and fit into one file.
    magic(b"PK\x03\x04", Container::Zip),
    magic(b"PK\x05\x06", Container::Zip),
    magic(b"PK\x07\x08", Container::Zip),
    magic(b"PK00PK\x03\x04", Container::Zip),
    magic(b"\xef\xbb\xbf", Container::Encoded(Bom::Utf8)),
    // No log in UTF-16 begins with a NUL.
    magic(b"\xff\xfe\0\0", Container::Encoded(Bom::Utf32)),
    magic(b"\0\0\xfe\xff", Container::Encoded(Bom::Utf32)),
    magic(b"\xff\xfe", Container::Encoded(Bom::Utf16Le)),
    magic(b"\xfe\xff", Container::Encoded(Bom::Utf16Be)),
    magic(b"7z\xbc\xaf\x27\x1c", Container::Unreadable(Unreadable::SevenZip)),
    magic(b"Rar!\x1a\x07", Container::Unreadable(Unreadable::Rar)),
    // The LZ4 frame format, and its legacy form.
    magic(b"\x04\x22\x4d\x18", Container::Unreadable(Unreadable::Lz4)),
    magic(b"\x02\x21\x4c\x18", Container::Unreadable(Unreadable::Lz4)),
    magic(b"LZIP\x01", Container::Unreadable(Unreadable::Lzip)),
    magic(b"\x89LZO\0\r\n\x1a\n", Container::Unreadable(Unreadable::Lzop)),
    // .lzma: the properties that all programs use, and a dictionary of at least 64 KiB.
    magic(b"\x5d\0\0", Container::Unreadable(Unreadable::Lzma)),
    magic(b"\x1f\x9d", Container::Unreadable(Unreadable::Compress)),
    magic(b"\x1f\x1e", Container::Unreadable(Unreadable::Pack)),
    // zstd 0.1 to 0.7, before the format was fixed.
    Magic {
        bytes: b"\x1e\xb5\x2f\xfd",
        range: Some((0, 0x27)),
        container: Container::Unreadable(Unreadable::OldZstd),
    },
];

/// What the first bytes say; `None` if there are too few of them.
pub(crate) fn guess(bytes: &[u8]) -> Option<Container> {
    if bytes.is_empty() {
        return None;
    }
    match MAGICS.iter().find(|magic| magic.agrees(bytes)) {
        Some(magic) => magic.is_whole(bytes).then_some(magic.container),
        None => Some(Container::Plain),
    }
}

/// Whether something in a container may begin with these bytes, or they with it.
pub(crate) fn may_begin(container: Container, bytes: &[u8]) -> bool {
    MAGICS.iter().any(|magic| magic.container == container && magic.agrees(bytes))
}

/// What an input is that ends after these bytes, which are too few for `guess`.
///
/// It was cut off if it is the beginning of a magic number and either has a byte that no text has,
/// or is at least [`CUT_BYTES_MIN`] bytes long: `P` alone is text.
pub(crate) fn guess_whole(bytes: &[u8]) -> Container {
    let is_text = |byte: &u8| byte.is_ascii() && !byte.is_ascii_control();
    let mut possible = MAGICS.iter().filter(|magic| magic.agrees(bytes));
    if let Some(shorter) = possible.clone().find(|magic| magic.is_whole(bytes)) {
        return shorter.container;
    }
    let name = possible.find_map(|magic| {
        let name = match magic.container {
            Container::Packed(packed) => packed.name(),
            Container::Zip => "zip",
            _ => return None,
        };
        (bytes.len() >= CUT_BYTES_MIN || !bytes.iter().all(is_text)).then_some(name)
    });
    name.filter(|_| !bytes.is_empty()).map_or(Container::Plain, Container::Cut)
}

/// This many bytes of a magic number are no coincidence.
const CUT_BYTES_MIN: usize = 4;

impl Magic {
    /// Whether some bytes begin with the magic number, or it with them.
    fn agrees(&self, bytes: &[u8]) -> bool {
        self.bytes.iter().zip(bytes).enumerate().all(|(at, (want, byte))| match self.range {
            Some((place, last)) if place == at => (*want..=last).contains(byte),
            _ => want == byte,
        })
    }

    /// Whether some bytes that it agrees with are enough of them.
    fn is_whole(&self, bytes: &[u8]) -> bool {
        self.bytes.len() <= bytes.len()
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
        let (name, how) = match self {
            Unreadable::SevenZip => ("7z", "`7z e -so`"),
            Unreadable::Rar => ("rar", "`unrar p -inul`"),
            Unreadable::Lz4 => ("lz4", "`lz4 -dc`"),
            Unreadable::Lzip => ("lzip", "`lzip -dc`"),
            Unreadable::Lzop => ("lzop", "`lzop -dc`"),
            Unreadable::Lzma => ("lzma", "`xz -dc`"),
            Unreadable::Compress => ("compress", "`uncompress -c`"),
            Unreadable::Pack => ("pack", "`gzip -dc`"),
            Unreadable::OldZstd => ("zstd (before version 0.8)", "an old `zstd -dc`"),
        };
        write!(f, "{name} data is not supported; unpack it with {how}")
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
        let cases: [(&[u8], Option<Container>); 48] = [
            (b"", None),
            (b"0", plain),
            (b"\x1f", None),
            (b"\x1f\x8b", None),
            (b"\x1f\x8b\x08", packed(Packed::Gzip)),
            (b"\x1f\x9d", unreadable(Unreadable::Compress)),
            (b"\x1f\x1e", unreadable(Unreadable::Pack)),
            (b"\x1fx", plain),
            (b"\x1e\xb5\x2f\xfd", unreadable(Unreadable::OldZstd)),
            (b"\x27\xb5\x2f\xfd", unreadable(Unreadable::OldZstd)),
            (b"\x27x", plain),
            (b"'", None),
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
            (b"BZh91", None),
            (b"BZh11A", packed(Packed::Bzip2)),
            (b"BZh91AY&SY", packed(Packed::Bzip2)),
            (b"BZh9\x17\x72", packed(Packed::Bzip2)),
            (b"BZh91a", plain),
            (b"PK", None),
            (b"PK\x03\x04", Some(Container::Zip)),
            (b"PK\x05\x06", Some(Container::Zip)),
            (b"PK00PK\x03\x04", Some(Container::Zip)),
            (b"PK\x01\x02", plain),
            (b"\xff\xfe", None),
            (b"\xff\xfe0\0", Some(Container::Encoded(Bom::Utf16Le))),
            (b"\xff\xfe\0\0", Some(Container::Encoded(Bom::Utf32))),
            (b"\0\0\xfe\xff", Some(Container::Encoded(Bom::Utf32))),
            (b"\xfe\xff", Some(Container::Encoded(Bom::Utf16Be))),
            (b"\xef\xbb\xbf", Some(Container::Encoded(Bom::Utf8))),
            (b"7z\xbc\xaf\x27\x1c", unreadable(Unreadable::SevenZip)),
            (b"Rar!\x1a\x07\x01\0", unreadable(Unreadable::Rar)),
            (b"\x04\x22\x4d\x18", unreadable(Unreadable::Lz4)),
            (b"]\0\0\x80\0", unreadable(Unreadable::Lzma)),
            (b"LZIP!", plain),
        ];
        for (bytes, want) in cases {
            assert_eq!(guess(bytes), want, "{bytes:?}");
        }
    }

    #[test]
    fn the_beginning_of_a_magic_number_is_text_if_it_can_be() {
        let cases: [(&[u8], Container); 17] = [
            (b"", Container::Plain),
            (b"\xff\xfe", Container::Encoded(Bom::Utf16Le)),
            (b"\xff\xfe\0", Container::Encoded(Bom::Utf16Le)),
            (b"\0\0\xfe", Container::Plain),
            (b"P", Container::Plain),
            (b"PK", Container::Plain),
            (b"PK0", Container::Plain),
            (b"PK\x03", Container::Cut("zip")),
            (b"\x1f\x8b", Container::Cut("gzip")),
            (b"\xfd7z", Container::Cut("xz")),
            (b"(\xb5", Container::Cut("zstd")),
            (b"BZh", Container::Plain),
            (b"BZh9", Container::Cut("bzip2")),
            (b"BZh91", Container::Cut("bzip2")),
            (b"Rar!", Container::Plain),
            (b"\xff", Container::Plain),
            (b"\xef\xbb", Container::Plain),
        ];
        for (bytes, want) in cases {
            assert_eq!(guess_whole(bytes), want, "{bytes:?}");
        }
    }
}
