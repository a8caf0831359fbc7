//! How an input is packed, recognized by its first bytes, and the decoders for it.
//!
//! Owns what first bytes mean, and UTF-16. All decoders stream. Knows nothing about files or names.

use std::io::{self, Cursor, Read};
use std::ops::{Range, RangeInclusive};

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};
use jm_annotate::stream::read_once;

use crate::unpack::{Gzip, Unpacked, Zstd};

/// What the first bytes of an input say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    Plain,
    Gzip,
    Zstd,
    Utf16Le,
    Utf16Be,
}

/// What a packed input begins with: one of some bytes, then these bytes.
type Magic = (RangeInclusive<u8>, &'static [u8], Container);

/// gzip (RFC 1952), a zstd frame, a skippable zstd frame (both RFC 8878), a byte order mark.
const MAGICS: [Magic; 5] = [
    (0x1f..=0x1f, &[0x8b, 0x08], Container::Gzip),
    (0x28..=0x28, &[0xb5, 0x2f, 0xfd], Container::Zstd),
    (0x50..=0x5f, &[0x2a, 0x4d, 0x18], Container::Zstd),
    (0xff..=0xff, &[0xfe], Container::Utf16Le),
    (0xfe..=0xfe, &[0xff], Container::Utf16Be),
];

/// What the first bytes say; `None` if there are too few of them.
pub(crate) fn guess(bytes: &[u8]) -> Option<Container> {
    let (first, rest) = bytes.split_first()?;
    let mut possible = MAGICS.iter().filter(|(range, _, _)| range.contains(first)).peekable();
    let found = possible.clone().find(|(_, magic, _)| rest.starts_with(magic));
    let may_become = possible.any(|(_, magic, _)| magic.starts_with(rest));
    match found {
        Some((_, _, container)) => Some(*container),
        None if may_become => None,
        None => Some(Container::Plain),
    }
}

/// A reader of which the first bytes were read ahead, to see what they are.
pub(crate) struct Sniffed<R> {
    pub(crate) bytes: Cursor<Vec<u8>>,
    pub(crate) reader: R,
    then: Then,
}

/// What comes after the bytes that were read ahead.
enum Then {
    /// What the reader still has.
    Rest,
    /// The end: it was already found, and a terminal is not asked for it again.
    End,
    /// A read has failed.
    Failure(io::Error),
}

/// How much is read to see what is in an input, in bytes: what a pipe holds by default, so that a
/// live log's first lines come through in one read.
const HEAD_BYTES: usize = 64 * 1024;

/// Reads until the bytes hold a whole magic number, or can no longer begin one.
///
/// # Errors
/// The reader's, if nothing was read before.
pub(crate) fn sniff<R: Read>(mut reader: R) -> io::Result<(Container, Sniffed<R>)> {
    let mut bytes = vec![0; HEAD_BYTES];
    let (mut filled, mut then) = (0, Then::Rest);
    let mut container = None;
    while container.is_none() && matches!(then, Then::Rest) {
        match read_once(&mut reader, &mut bytes[filled..]) {
            Ok(0) => then = Then::End,
            Ok(read) => filled += read,
            Err(error) if filled == 0 => return Err(error),
            Err(error) => then = Then::Failure(error),
        }
        container = guess(&bytes[..filled]);
    }
    bytes.truncate(filled);
    let sniffed = Sniffed { bytes: Cursor::new(bytes), reader, then };
    Ok((container.unwrap_or(Container::Plain), sniffed))
}

impl<R: Read> Read for Sniffed<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        match (self.bytes.read(space)?, &self.then) {
            (0, Then::Rest) => self.reader.read(space),
            (0, Then::Failure(_)) => match std::mem::replace(&mut self.then, Then::End) {
                Then::Failure(error) => Err(error),
                Then::Rest | Then::End => Ok(0),
            },
            (count, _) => Ok(count),
        }
    }
}

/// A reader of the text in an input. Compressed data may contain UTF-16.
///
/// # Errors
/// The reader's, and those of data that cannot be unpacked.
pub(crate) fn decoder(
    container: Container,
    reader: impl Read + 'static,
) -> io::Result<Box<dyn Read>> {
    match container {
        Container::Gzip => text(Unpacked::new(reader, Gzip::new())),
        Container::Zstd => text(Unpacked::new(reader, Zstd::new()?)),
        Container::Plain | Container::Utf16Le | Container::Utf16Be => Ok(utf_8(container, reader)),
    }
}

fn text(unpacked: impl Read + 'static) -> io::Result<Box<dyn Read>> {
    let (container, sniffed) = sniff(unpacked)?;
    Ok(utf_8(container, sniffed))
}

fn utf_8(container: Container, reader: impl Read + 'static) -> Box<dyn Read> {
    match container {
        Container::Utf16Le => Box::new(Utf8::new(reader, UTF_16LE.new_decoder_with_bom_removal())),
        Container::Utf16Be => Box::new(Utf8::new(reader, UTF_16BE.new_decoder_with_bom_removal())),
        Container::Plain | Container::Gzip | Container::Zstd => Box::new(reader),
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
        let cases: [(&[u8], Option<Container>); 18] = [
            (b"", None),
            (b"0", Some(Container::Plain)),
            (b"\x1f", None),
            (b"\x1f\x8b", None),
            (b"\x1f\x8b\x08", Some(Container::Gzip)),
            (b"\x1fx", Some(Container::Plain)),
            (b"(", None),
            (b"(x", Some(Container::Plain)),
            (b"\x28\xb5\x2f\xfd", Some(Container::Zstd)),
            (b"P", None),
            (b"_*M", None),
            (b"P*M\x18", Some(Container::Zstd)),
            (b"_*M\x18", Some(Container::Zstd)),
            (b"`", Some(Container::Plain)),
            (b"P*m", Some(Container::Plain)),
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
            let mut reader = decoder(Container::Utf16Le, pieces).expect("a decoder");
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
