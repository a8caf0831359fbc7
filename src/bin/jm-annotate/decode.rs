//! How an input is packed, recognized by its first bytes, and the decoders for it.
//!
//! Owns the formats. All decoders stream. Knows nothing about files or names.

use std::io::{self, Cursor, Read};
use std::ops::Range;

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;

/// What the first bytes of an input say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    Plain,
    Gzip,
    Zstd,
    Utf16Le,
    Utf16Be,
}

/// What packed inputs begin with: gzip (RFC 1952), a zstd frame (RFC 8878), a byte order mark.
const MAGICS: [(&[u8], Container); 4] = [
    (&[0x1f, 0x8b, 0x08], Container::Gzip),
    (&[0x28, 0xb5, 0x2f, 0xfd], Container::Zstd),
    (&[0xff, 0xfe], Container::Utf16Le),
    (&[0xfe, 0xff], Container::Utf16Be),
];

/// What the first bytes say; `None` if there are too few of them.
pub(crate) fn guess(bytes: &[u8]) -> Option<Container> {
    let found = MAGICS.iter().find(|(magic, _)| bytes.starts_with(magic));
    let may_become = MAGICS.iter().any(|(magic, _)| magic.starts_with(bytes));
    match found {
        Some((_, container)) => Some(*container),
        None if may_become => None,
        None => Some(Container::Plain),
    }
}

/// A reader of the plain bytes. Compressed data may contain UTF-16.
pub(crate) fn decoder(container: Container, reader: Box<dyn Read>) -> io::Result<Box<dyn Read>> {
    Ok(match container {
        Container::Plain => reader,
        Container::Gzip => Box::new(MaybeUtf16::new(Named("gzip", MultiGzDecoder::new(reader)))),
        Container::Zstd => {
            Box::new(MaybeUtf16::new(Named("zstd", zstd::stream::read::Decoder::new(reader)?)))
        }
        Container::Utf16Le => Box::new(Utf8::new(reader, UTF_16LE.new_decoder_with_bom_removal())),
        Container::Utf16Be => Box::new(Utf8::new(reader, UTF_16BE.new_decoder_with_bom_removal())),
    })
}

/// A decoder whose errors name its format.
struct Named<R>(&'static str, R);

impl<R: Read> Read for Named<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        self.1.read(space).map_err(|error| {
            let name = self.0;
            let text = format!(
                "the {name} data is corrupt or truncated ({error}); everything before that point was \
                 written"
            );
            io::Error::new(error.kind(), text)
        })
    }
}

/// A reader that looks for a byte order mark of UTF-16 before it passes anything on. It reads as
/// much as it was asked for: a gzip decoder that has returned less than it could have waits for
/// more input before it returns the rest.
enum MaybeUtf16<R> {
    /// The reader, until it is moved, and what was read from it.
    Undecided(Option<R>, Vec<u8>),
    Decided(Box<dyn Read>),
}

impl<R: Read + 'static> MaybeUtf16<R> {
    fn new(reader: R) -> Self {
        MaybeUtf16::Undecided(Some(reader), Vec::new())
    }
}

impl<R: Read + 'static> Read for MaybeUtf16<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        while let MaybeUtf16::Undecided(reader, bytes) = self {
            let start = bytes.len();
            bytes.resize(start + space.len(), 0);
            let read = match reader {
                Some(reader) => reader.read(&mut bytes[start..]),
                None => Ok(0),
            };
            bytes.truncate(start + *read.as_ref().unwrap_or(&0));
            let container = match guess(bytes) {
                None if read? > 0 => continue,
                Some(container @ (Container::Utf16Le | Container::Utf16Be)) => container,
                _ => Container::Plain,
            };
            let Some(reader) = reader.take() else { return Ok(0) };
            let whole = Cursor::new(std::mem::take(bytes)).chain(reader);
            *self = MaybeUtf16::Decided(decoder(container, Box::new(whole))?);
        }
        match self {
            MaybeUtf16::Decided(reader) => reader.read(space),
            MaybeUtf16::Undecided(..) => Ok(0),
        }
    }
}

/// UTF-16 as UTF-8. Invalid UTF-16 becomes U+FFFD.
struct Utf8<R> {
    reader: R,
    decoder: Decoder,
    /// What was read but is not decoded yet: `raw[undecoded]`.
    raw: Vec<u8>,
    undecoded: Range<usize>,
    progress: Progress,
}

/// How far the reader and its decoder are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// There may be more to read.
    Reading,
    /// The reader has ended; the decoder may still have something.
    Draining,
    /// Everything was returned.
    Finished,
}

/// How many bytes of UTF-16 are read at once.
const RAW_BYTES: usize = 64 * 1024;
/// The fewest bytes of room in which a decoder always makes progress.
const ROOM_BYTES_MIN: usize = 16;

impl<R: Read> Utf8<R> {
    fn new(reader: R, decoder: Decoder) -> Self {
        let (raw, undecoded) = (vec![0; RAW_BYTES], 0..0);
        Utf8 { reader, decoder, raw, undecoded, progress: Progress::Reading }
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        debug_assert!(space.len() >= ROOM_BYTES_MIN);
        while self.progress != Progress::Finished {
            if self.undecoded.is_empty() && self.progress == Progress::Reading {
                self.undecoded = 0..self.reader.read(&mut self.raw)?;
                if self.undecoded.is_empty() {
                    self.progress = Progress::Draining;
                }
            }
            let is_last = self.progress == Progress::Draining;
            let raw = &self.raw[self.undecoded.clone()];
            let (result, read, written, _) = self.decoder.decode_to_utf8(raw, space, is_last);
            self.undecoded.start += read;
            if is_last && result == CoderResult::InputEmpty {
                self.progress = Progress::Finished;
            }
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_decide_or_there_are_too_few() {
        let cases: [(&[u8], Option<Container>); 12] = [
            (b"", None),
            (b"0", Some(Container::Plain)),
            (b"\x1f", None),
            (b"\x1f\x8b", None),
            (b"\x1f\x8b\x08", Some(Container::Gzip)),
            (b"\x1fx", Some(Container::Plain)),
            (b"(", None),
            (b"(x", Some(Container::Plain)),
            (b"\x28\xb5\x2f\xfd", Some(Container::Zstd)),
            (b"\xff\xfe", Some(Container::Utf16Le)),
            (b"\xfe\xff", Some(Container::Utf16Be)),
            (b"\xef\xbb\xbf", Some(Container::Plain)),
        ];
        for (bytes, want) in cases {
            assert_eq!(guess(bytes), want, "{bytes:?}");
        }
    }

    #[test]
    fn utf_16_becomes_utf_8_however_it_is_cut() {
        let text = "状态码 871300 \u{1f600}\r\n";
        let mut raw = vec![0xff, 0xfe];
        raw.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        raw.push(0x41);
        for step in 1..7 {
            let pieces = OneByOne { bytes: raw.clone(), at: 0, step };
            let mut reader = decoder(Container::Utf16Le, Box::new(pieces)).expect("a decoder");
            let mut got = String::new();
            let mut space = [0; 64];
            while let Ok(count @ 1..) = reader.read(&mut space) {
                got.push_str(std::str::from_utf8(&space[..count]).expect("whole characters"));
            }
            assert_eq!(got, format!("{text}\u{fffd}"), "step {step}");
        }
    }

    struct OneByOne {
        bytes: Vec<u8>,
        at: usize,
        step: usize,
    }

    impl Read for OneByOne {
        fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
            let rest = &self.bytes[self.at..];
            let count = rest.len().min(self.step).min(space.len());
            space[..count].copy_from_slice(&rest[..count]);
            self.at += count;
            Ok(count)
        }
    }
}
