//! gzip and zstd: packed data is a sequence of parts (members, frames), and is unpacked as it
//! arrives.
//!
//! Owns where a part begins and what may follow the last one. Knows nothing about files or text.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use flate2::{Decompress, FlushDecompress, Status};
use zstd::stream::raw::{DParameter, Decoder, Operation};

use crate::decode::{Container, guess};

/// A format's decoder.
pub(crate) trait Format {
    const NAME: &'static str;
    const CONTAINER: Container;
    /// What may follow a part without a meaning.
    const PADDING: Option<u8>;

    /// Prepares for the next part.
    fn begin_part(&mut self) -> io::Result<()>;

    /// Unpacks some bytes into some space.
    ///
    /// # Errors
    /// Why the data cannot be unpacked.
    fn unpack(&mut self, packed: &[u8], space: &mut [u8]) -> Result<Step, Failure>;
}

/// What one call of a decoder did.
pub(crate) struct Step {
    /// Packed bytes that were used.
    used: usize,
    /// Bytes that were written.
    written: usize,
    progress: Progress,
}

/// Why a decoder cannot go on.
pub(crate) struct Failure {
    /// Bytes that were written before.
    written: usize,
    what: String,
}

/// How far a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Continues,
    Ended,
}

/// A reader of the unpacked bytes. Everything that can be unpacked is returned before more is read,
/// so a live log is not delayed.
pub(crate) struct Unpacked<R, F> {
    reader: BufReader<R>,
    format: F,
    place: Place,
    /// The first bytes of the next part, while they are compared with the format's magic number and
    /// until the decoder has used them.
    magic: Vec<u8>,
    /// Why the decoder cannot go on after what was returned last.
    failure: Option<String>,
}

/// Where in the packed data the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before a part or the end.
    Between,
    /// In a part.
    Inside,
    /// In a part. The last space was filled, so the decoder may have more without more input.
    InsideAndFull,
}

/// How much is read at once, in bytes: a whole block of zstd with its header, so that the decoder
/// need not collect it. For gzip, 32 to 256 KiB made no difference.
const PACKED_BYTES: usize = 128 * 1024 + 3;

impl<R: Read, F: Format> Unpacked<R, F> {
    pub(crate) fn new(reader: R, format: F) -> Self {
        let reader = BufReader::with_capacity(PACKED_BYTES, reader);
        Unpacked { reader, format, place: Place::Between, magic: Vec::new(), failure: None }
    }

    /// Reads if nothing is left, and returns what there is; nothing at the end.
    fn fill(&mut self) -> io::Result<&[u8]> {
        while let Err(error) = self.reader.fill_buf() {
            if error.kind() != ErrorKind::Interrupted {
                return Err(error);
            }
        }
        Ok(self.reader.buffer())
    }

    /// Goes to the beginning of the next part; `Ended` if there is none.
    fn begin_part(&mut self) -> io::Result<Progress> {
        while guess(&self.magic) != Some(F::CONTAINER) {
            let Some(byte) = self.fill()?.first().copied() else {
                return if self.magic.is_empty() { Ok(Progress::Ended) } else { self.end_badly() };
            };
            let is_padding = self.magic.is_empty() && F::PADDING == Some(byte);
            if !is_padding {
                self.magic.push(byte);
                if guess(&self.magic).is_some_and(|container| container != F::CONTAINER) {
                    self.magic.pop();
                    return self.end_badly();
                }
            }
            self.reader.consume(1);
        }
        self.format.begin_part()?;
        self.place = Place::Inside;
        Ok(Progress::Continues)
    }

    /// Counts what follows the last part, for the message.
    fn end_badly(&mut self) -> io::Result<Progress> {
        let mut count = self.magic.len() as u64;
        loop {
            let length = self.fill()?.len();
            if length == 0 {
                break;
            }
            count += length as u64;
            self.reader.consume(length);
        }
        let (bytes, are) = if count == 1 { ("byte", "is") } else { ("bytes", "are") };
        let (name, were) = (F::NAME, if count == 1 { "was" } else { "were" });
        Err(invalid(format!(
            "{count} {bytes} after the end of the {name} data {are} not {name} and {were} ignored"
        )))
    }

    /// One call of the decoder, after a read if it needs one. Returns how much it wrote.
    fn unpack(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let needs_more = self.magic.is_empty() && self.place == Place::Inside;
        if needs_more && self.fill()?.is_empty() {
            return Err(invalid(corrupt(F::NAME, "unexpected end of file")));
        }
        let is_magic = !self.magic.is_empty();
        let packed = if is_magic { &self.magic } else { self.reader.buffer() };
        let step = match self.format.unpack(packed, space) {
            Ok(step) => step,
            Err(Failure { written: 0, what }) => return Err(invalid(what)),
            Err(Failure { written, what }) => {
                self.failure = Some(what);
                return Ok(written);
            }
        };
        if step.used == 0 && step.written == 0 && !packed.is_empty() && self.place == Place::Inside
        {
            return Err(invalid(corrupt(F::NAME, "the decoder makes no progress")));
        }
        if is_magic {
            self.magic.drain(..step.used);
        } else {
            self.reader.consume(step.used);
        }
        self.place = match step.progress {
            Progress::Ended => Place::Between,
            Progress::Continues if step.written == space.len() => Place::InsideAndFull,
            Progress::Continues => Place::Inside,
        };
        Ok(step.written)
    }
}

impl<R: Read, F: Format> Read for Unpacked<R, F> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        if let Some(what) = self.failure.take() {
            return Err(invalid(what));
        }
        loop {
            if self.place == Place::Between && self.begin_part()? == Progress::Ended {
                return Ok(0);
            }
            let written = self.unpack(space)?;
            if written > 0 {
                return Ok(written);
            }
        }
    }
}

fn invalid(text: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, text)
}

fn corrupt(name: &str, why: &str) -> String {
    format!(
        "the {name} data is corrupt or truncated ({why}); what could be decoded before that was written"
    )
}

/// gzip (RFC 1952).
pub(crate) struct Gzip(Decompress);

/// The logarithm of the largest window that gzip has.
const GZIP_WINDOW_BITS: u8 = 15;

impl Gzip {
    pub(crate) fn new() -> Self {
        Gzip(Decompress::new_gzip(GZIP_WINDOW_BITS))
    }
}

impl Format for Gzip {
    const NAME: &'static str = "gzip";
    const CONTAINER: Container = Container::Gzip;
    /// Tapes and some downloads fill their last block with zeros, and the gzip tool accepts them.
    const PADDING: Option<u8> = Some(0);

    fn begin_part(&mut self) -> io::Result<()> {
        self.0 = Decompress::new_gzip(GZIP_WINDOW_BITS);
        Ok(())
    }

    fn unpack(&mut self, packed: &[u8], space: &mut [u8]) -> Result<Step, Failure> {
        let (used, written) = (self.0.total_in(), self.0.total_out());
        let result = self.0.decompress(packed, space, FlushDecompress::None);
        let used = (self.0.total_in() - used) as usize;
        let written = (self.0.total_out() - written) as usize;
        let progress = match result {
            Ok(Status::StreamEnd) => Progress::Ended,
            Ok(Status::Ok | Status::BufError) => Progress::Continues,
            Err(error) => {
                let what = corrupt(Self::NAME, error.message().unwrap_or("invalid data"));
                return Err(Failure { written, what });
            }
        };
        Ok(Step { used, written, progress })
    }
}

/// zstd (RFC 8878).
pub(crate) struct Zstd {
    decoder: Decoder<'static>,
    /// The beginning of the current frame.
    header: Vec<u8>,
}

/// The logarithm of the largest window that is accepted, in bytes: the limit of the zstd tool. The
/// decoder keeps the whole window in memory.
const ZSTD_WINDOW_LOG_MAX: u32 = 27;
/// The most bytes that the header of a frame has.
const ZSTD_HEADER_BYTES_MAX: usize = 18;
const ZSTD_FRAME_MAGIC: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

impl Zstd {
    pub(crate) fn new() -> io::Result<Self> {
        let mut decoder = Decoder::new()?;
        decoder.set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW_LOG_MAX))?;
        Ok(Zstd { decoder, header: Vec::new() })
    }

    /// Why the current frame cannot be unpacked: because it needs more than we give it, or because
    /// of what the decoder says.
    fn why(&self, error: &io::Error) -> String {
        const MIB: u64 = 1 << 20;
        let limit = 1 << ZSTD_WINDOW_LOG_MAX;
        match ZstdHeader::parse(&self.header) {
            Some(ZstdHeader { window, .. }) if window > limit => {
                let log = window.next_power_of_two().ilog2();
                format!(
                    "the zstd data needs a window of {} MiB; the limit is {} MiB; unpack it with \
                     `zstd -dc --long={log}`",
                    window.div_ceil(MIB),
                    limit / MIB
                )
            }
            Some(ZstdHeader { dictionary: id @ 1.., .. }) => format!(
                "the zstd data needs the dictionary {id}; unpack it with `zstd -dc -D DICTIONARY`"
            ),
            _ => corrupt(Self::NAME, &error.to_string()),
        }
    }
}

impl Format for Zstd {
    const NAME: &'static str = "zstd";
    const CONTAINER: Container = Container::Zstd;
    /// The zstd tool reports zeros as an error, too.
    const PADDING: Option<u8> = None;

    fn begin_part(&mut self) -> io::Result<()> {
        self.header.clear();
        self.decoder.reinit()
    }

    fn unpack(&mut self, packed: &[u8], space: &mut [u8]) -> Result<Step, Failure> {
        let missing = ZSTD_HEADER_BYTES_MAX - self.header.len();
        self.header.extend_from_slice(&packed[..packed.len().min(missing)]);
        let done = self
            .decoder
            .run_on_buffers(packed, space)
            .map_err(|error| Failure { written: 0, what: self.why(&error) })?;
        Ok(Step {
            used: done.bytes_read,
            written: done.bytes_written,
            progress: if done.remaining == 0 { Progress::Ended } else { Progress::Continues },
        })
    }
}

/// What a frame needs, from its header (RFC 8878, 3.1.1.1).
#[derive(Debug, PartialEq, Eq)]
struct ZstdHeader {
    /// The size of the window, in bytes.
    window: u64,
    /// The number of the dictionary; 0 for none.
    dictionary: u64,
}

impl ZstdHeader {
    fn parse(header: &[u8]) -> Option<Self> {
        let (descriptor, mut rest) = header.strip_prefix(ZSTD_FRAME_MAGIC)?.split_first()?;
        let is_single_segment = descriptor & 0x20 != 0;
        let window = if is_single_segment { None } else { Some(number(&mut rest, 1)?) };
        let dictionary = number(&mut rest, [0, 1, 2, 4][usize::from(descriptor & 3)])?;
        let window = match window {
            Some(byte) => {
                let base = 1_u64 << (10 + (byte >> 3));
                base + base / 8 * (byte & 7)
            }
            // The whole content is one segment, and here is its size.
            None => match 1 << (descriptor >> 6) {
                2 => number(&mut rest, 2)? + 256,
                width => number(&mut rest, width)?,
            },
        };
        Some(ZstdHeader { window, dictionary })
    }
}

/// Takes a number of this many bytes, the lowest first.
fn number(bytes: &mut &[u8], width: usize) -> Option<u64> {
    let (first, rest) = bytes.split_at_checked(width)?;
    *bytes = rest;
    Some(first.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_says_what_it_needs() {
        const MIB: u64 = 1 << 20;
        type Case = (&'static [u8], Option<(u64, u64)>);
        let cases: [Case; 9] = [
            (&[0x00, 0x00], Some((1024, 0))),
            (&[0x04, 0x88], Some((128 * MIB, 0))),
            (&[0x04, 0x89], Some((144 * MIB, 0))),
            (&[0x02, 0x00, 0x01, 0x02], Some((1024, 0x201))),
            (&[0x20, 0x07], Some((7, 0))),
            (&[0x61, 0xaa, 0x01, 0x01], Some((0x101 + 256, 0xaa))),
            (&[0xe0, 0, 0, 0, 0, 1, 0, 0, 0], Some((1 << 32, 0))),
            (&[0xe0, 0, 0], None),
            (&[], None),
        ];
        for (after_magic, want) in cases {
            let header = [ZSTD_FRAME_MAGIC, after_magic].concat();
            let want = want.map(|(window, dictionary)| ZstdHeader { window, dictionary });
            assert_eq!(ZstdHeader::parse(&header), want, "{after_magic:x?}");
        }
        assert_eq!(ZstdHeader::parse(&[0x50, 0x2a, 0x4d, 0x18, 0x88, 0]), None);
    }
}
