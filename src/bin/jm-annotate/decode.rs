//! The text in an input: unpacked, and decoded to UTF-8. All decoders stream.
//!
//! Owns the order of decoders, and encodings. Knows nothing about files or names.

use std::io::{self, Cursor, Read};
use std::ops::Range;
use std::str::FromStr;

use encoding_rs::{CoderResult, Decoder, Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};

use crate::ahead::Ahead;
use crate::container::{Bom, Container, guess, guess_whole};
use crate::unpack::{corrupt, invalid, unpacked};

/// What text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextEncoding {
    /// What a byte order mark says; bytes without one are left as they are.
    Auto,
    /// Bytes are left as they are.
    Unchanged,
    /// What a byte order mark says; bytes without one are in this encoding.
    Named(&'static Encoding),
}

/// A word that is not the label of an encoding.
#[derive(Debug)]
pub(crate) struct EncodingError;

impl FromStr for TextEncoding {
    type Err = EncodingError;

    /// Reads a label of the WHATWG, or `auto` or `none`, as in ripgrep.
    ///
    /// UTF-8 is what we write, so it is left as it is. The labels of the `replacement` encoding are
    /// refused: it stands for encodings that no one should decode.
    fn from_str(label: &str) -> Result<Self, EncodingError> {
        match label {
            "auto" => return Ok(TextEncoding::Auto),
            "none" => return Ok(TextEncoding::Unchanged),
            _ => {}
        }
        match Encoding::for_label(label.as_bytes()) {
            None => Err(EncodingError),
            Some(encoding) if encoding == REPLACEMENT => Err(EncodingError),
            Some(encoding) if encoding == UTF_8 => Ok(TextEncoding::Auto),
            Some(encoding) => Ok(TextEncoding::Named(encoding)),
        }
    }
}

impl std::fmt::Display for EncodingError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            "unknown encoding; expected a label of the WHATWG's Encoding Standard (gbk, gb18030, \
             big5, shift_jis, utf-16le, …), auto, or none",
        )
    }
}

impl std::error::Error for EncodingError {}

/// How much is read to see what is in an input, in bytes: what a pipe holds by default, so that a
/// live log's first lines come through in one read.
const HEAD_BYTES: usize = 64 * 1024;

/// Reads until the bytes hold a whole magic number, or can no longer begin one.
///
/// # Errors
/// The reader's, if nothing was read before, or only a part of a magic number, which is neither
/// broken nor text: a signal may have come.
pub(crate) fn sniff<R: Read>(reader: R) -> io::Result<(Container, Ahead<R>)> {
    let ahead = Ahead::read(reader, HEAD_BYTES, |bytes| guess(bytes).is_some())?;
    let bytes = ahead.first_bytes();
    match guess(bytes).unwrap_or_else(|| guess_whole(bytes)) {
        container @ Container::Cut(_) => Ok((container, ahead.or_failure()?)),
        container => Ok((container, ahead)),
    }
}

/// A reader of the text in an input that is not a zip. Packed data may contain UTF-16.
///
/// # Errors
/// The reader's, and those of data that cannot be unpacked.
pub(crate) fn text<'r>(
    container: Container,
    reader: Box<dyn Read + 'r>,
    encoding: TextEncoding,
) -> io::Result<Box<dyn Read + 'r>> {
    let Container::Packed(outer) = container else {
        return plain_text(container, reader, encoding);
    };
    let (inner, ahead) = sniff(unpacked(outer, reader)?)?;
    let inner_name = match inner {
        Container::Packed(packed) => packed.name(),
        Container::Zip => "zip",
        _ => return plain_text(inner, Box::new(ahead), encoding),
    };
    Err(invalid(format!(
        "there is {inner_name} data in the {} data, and only one level is unpacked; unpack the \
         outer one first",
        outer.name()
    )))
}

fn plain_text<'r>(
    container: Container,
    reader: Box<dyn Read + 'r>,
    encoding: TextEncoding,
) -> io::Result<Box<dyn Read + 'r>> {
    let decoder = match (container, encoding) {
        (Container::Unreadable(unreadable), _) => return Err(invalid(unreadable.to_string())),
        (Container::Cut(name), _) => return Err(invalid(corrupt(name, "unexpected end of file"))),
        (_, TextEncoding::Unchanged) | (Container::Encoded(Bom::Utf8), _) => None,
        (Container::Encoded(Bom::Utf32), _) => return Err(invalid(UTF_32.to_owned())),
        (Container::Encoded(Bom::Utf16Le), _) => Some(UTF_16LE.new_decoder_with_bom_removal()),
        (Container::Encoded(Bom::Utf16Be), _) => Some(UTF_16BE.new_decoder_with_bom_removal()),
        (_, TextEncoding::Auto) => None,
        (_, TextEncoding::Named(encoding)) => Some(encoding.new_decoder_without_bom_handling()),
    };
    Ok(match decoder {
        Some(decoder) => Box::new(Utf8::new(reader, decoder)),
        None => reader,
    })
}

const UTF_32: &str = "UTF-32 is not supported; convert it with `iconv -f UTF-32 -t UTF-8`";

/// Whether the text of an input is its bytes.
pub(crate) fn is_unchanged(container: Container, encoding: TextEncoding) -> bool {
    match (container, encoding) {
        (Container::Plain, TextEncoding::Named(_)) => false,
        (Container::Encoded(_), TextEncoding::Unchanged) => true,
        (Container::Plain | Container::Encoded(Bom::Utf8), _) => true,
        _ => false,
    }
}

/// Text of another encoding as UTF-8. What is invalid becomes U+FFFD.
struct Utf8<'r> {
    reader: Box<dyn Read + 'r>,
    decoder: Decoder,
    /// What was read but is not decoded yet: `raw[undecoded]`.
    raw: Vec<u8>,
    undecoded: Range<usize>,
    /// What was decoded for a reader with too little room, and is not returned yet.
    decoded: Cursor<Vec<u8>>,
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

/// How many bytes are read at once.
const RAW_BYTES: usize = 64 * 1024;
/// The fewest bytes of room in which a decoder always makes progress.
const ROOM_BYTES_MIN: usize = 16;

impl<'r> Utf8<'r> {
    fn new(reader: Box<dyn Read + 'r>, decoder: Decoder) -> Self {
        let (raw, undecoded, progress) = (vec![0; RAW_BYTES], 0..0, Progress::Reading);
        Utf8 { reader, decoder, raw, undecoded, decoded: Cursor::default(), progress }
    }

    fn decode(&mut self, space: &mut [u8]) -> io::Result<usize> {
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

impl Read for Utf8<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        match self.decoded.read(space)? {
            0 if space.len() < ROOM_BYTES_MIN => {
                let mut room = [0; ROOM_BYTES_MIN];
                let count = self.decode(&mut room)?;
                self.decoded = Cursor::new(room[..count].to_vec());
                self.decoded.read(space)
            }
            0 => self.decode(space),
            count => Ok(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_utf_8_however_it_is_cut() {
        let text = "状态码 871300 \u{1f600}\r\n";
        let mut utf_16 = vec![0xff, 0xfe];
        utf_16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        utf_16.push(0x41);
        let gb18030 = TextEncoding::Named(encoding_rs::GB18030);
        let (mut encoded, ..) = encoding_rs::GB18030.encode(text);
        encoded.to_mut().push(0x81);
        for (container, encoding, raw) in [
            (Container::Encoded(Bom::Utf16Le), TextEncoding::Auto, utf_16.as_slice()),
            (Container::Encoded(Bom::Utf16Le), gb18030, utf_16.as_slice()),
            (Container::Plain, gb18030, &encoded),
        ] {
            for (step, room) in (1..7).flat_map(|step| [1, 3, 15, 16, 64].map(|room| (step, room)))
            {
                let pieces = InSteps { bytes: raw.to_owned(), at: 0, step };
                let mut reader =
                    super::text(container, Box::new(pieces), encoding).expect("a decoder");
                let mut got = Vec::new();
                let mut space = [0; 64];
                while let Ok(count @ 1..) = reader.read(&mut space[..room]) {
                    got.extend_from_slice(&space[..count]);
                }
                let got = String::from_utf8(got).expect("UTF-8");
                assert_eq!(
                    got,
                    format!("{text}\u{fffd}"),
                    "{container:?} {encoding:?} step {step}"
                );
            }
        }
    }

    #[test]
    fn a_label_is_read_and_what_would_lose_text_is_refused() {
        let read = |label: &str| label.parse().ok();
        assert_eq!(read("auto"), Some(TextEncoding::Auto));
        assert_eq!(read("none"), Some(TextEncoding::Unchanged));
        assert_eq!(read("UTF-8"), Some(TextEncoding::Auto));
        assert_eq!(read("gb2312"), Some(TextEncoding::Named(encoding_rs::GBK)));
        assert_eq!(read(" Shift_JIS "), Some(TextEncoding::Named(encoding_rs::SHIFT_JIS)));
        for bad in ["", "gbk2", "iso-2022-kr", "hz-gb-2312", "replacement", "utf-7"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    struct InSteps {
        bytes: Vec<u8>,
        at: usize,
        step: usize,
    }

    impl Read for InSteps {
        fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
            let rest = &self.bytes[self.at..];
            let count = rest.len().min(self.step).min(space.len());
            space[..count].copy_from_slice(&rest[..count]);
            self.at += count;
            Ok(count)
        }
    }
}
