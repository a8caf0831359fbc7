//! zstd (RFC 8878), with a limit on its window, and messages that say what data needs.

use std::io;

use zstd::stream::raw::{DParameter, Decoder, Operation};

use super::{Failure, Format, Progress, Step, corrupt};
use crate::container::Packed;

/// zstd.
pub(crate) struct Zstd {
    decoder: Decoder<'static>,
    /// The beginning of the current frame.
    header: Vec<u8>,
    /// How many bytes of the current frame were unpacked.
    unpacked: u64,
}

/// The largest window that is accepted, as the base-2 logarithm of its bytes: the zstd tool's
/// default limit. The decoder keeps the whole window in memory.
const ZSTD_WINDOW_LOG_MAX: u32 = 27;
/// The same with the zstd tool's option `--long=31`, the most that it accepts.
const ZSTD_TOOL_WINDOW_LOG_MAX: u32 = 31;
/// The most bytes that the header of a frame has.
const ZSTD_HEADER_BYTES_MAX: usize = 18;
const ZSTD_FRAME_MAGIC: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

impl Zstd {
    pub(crate) fn new() -> io::Result<Self> {
        let mut decoder = Decoder::new()?;
        decoder.set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW_LOG_MAX))?;
        Ok(Zstd { decoder, header: Vec::new(), unpacked: 0 })
    }

    /// Whether a frame that has ended has as many bytes as its header says. libzstd compares them
    /// only where it is given all of the frame at once, or if the last block is not empty.
    fn is_complete(&self) -> bool {
        let content = ZstdHeader::parse(&self.header).and_then(|header| header.content);
        content.is_none_or(|content| content == self.unpacked)
    }

    /// Why the current frame cannot be unpacked: because it needs more than we give it, or because
    /// of what the decoder says.
    fn why(&self, error: &io::Error) -> String {
        const MIB: u64 = 1 << 20;
        let limit = 1 << ZSTD_WINDOW_LOG_MAX;
        match ZstdHeader::parse(&self.header) {
            Some(ZstdHeader { window, .. }) if window > limit => {
                // The smallest power of two that is large enough.
                let log = u64::BITS - (window - 1).leading_zeros();
                let how = match log {
                    ..=ZSTD_TOOL_WINDOW_LOG_MAX => {
                        format!("; unpack it with `zstd -dc --long={log}`")
                    }
                    _ => String::new(),
                };
                format!(
                    "the zstd data needs a window of {} MiB; the limit is {} MiB{how}",
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
    const PACKED: Option<Packed> = Some(Packed::Zstd);

    fn begin_part(&mut self) -> io::Result<()> {
        self.header.clear();
        self.unpacked = 0;
        self.decoder.reinit()
    }

    fn unpack(&mut self, packed: &[u8], space: &mut [u8]) -> Result<Step, Failure> {
        let missing = ZSTD_HEADER_BYTES_MAX - self.header.len();
        self.header.extend_from_slice(&packed[..packed.len().min(missing)]);
        let done = self
            .decoder
            .run_on_buffers(packed, space)
            .map_err(|error| Failure { written: 0, what: self.why(&error) })?;
        self.unpacked += done.bytes_written as u64;
        if done.remaining == 0 && !self.is_complete() {
            let what = corrupt(Self::NAME, "its size is not that in its header");
            return Err(Failure { written: done.bytes_written, what });
        }
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
    /// How many bytes were packed, if it says so.
    content: Option<u64>,
}

impl ZstdHeader {
    fn parse(header: &[u8]) -> Option<Self> {
        let (descriptor, mut rest) = header.strip_prefix(ZSTD_FRAME_MAGIC)?.split_first()?;
        let is_single_segment = descriptor & 0x20 != 0;
        let window = if is_single_segment { None } else { Some(number(&mut rest, 1)?) };
        let dictionary = number(&mut rest, [0, 1, 2, 4][usize::from(descriptor & 3)])?;
        let content = match (descriptor >> 6, is_single_segment) {
            (0, false) => None,
            (0, true) => Some(number(&mut rest, 1)?),
            (1, _) => Some(number(&mut rest, 2)? + 256),
            (width, _) => Some(number(&mut rest, 1 << width)?),
        };
        let window = match window {
            Some(byte) => {
                let base = 1_u64 << (10 + (byte >> 3));
                base + base / 8 * (byte & 7)
            }
            // The whole content is one segment.
            None => content?,
        };
        Some(ZstdHeader { window, dictionary, content })
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
        type Case = (&'static [u8], Option<(u64, u64, Option<u64>)>);
        let cases: [Case; 11] = [
            (&[0x00, 0x00], Some((1024, 0, None))),
            (&[0x04, 0x88], Some((128 * MIB, 0, None))),
            (&[0x04, 0x89], Some((144 * MIB, 0, None))),
            (&[0x02, 0x00, 0x01, 0x02], Some((1024, 0x201, None))),
            (&[0x20, 0x07], Some((7, 0, Some(7)))),
            (&[0x40, 0x00, 0x01, 0x01], Some((1024, 0, Some(0x101 + 256)))),
            (&[0x61, 0xaa, 0x01, 0x01], Some((0x101 + 256, 0xaa, Some(0x101 + 256)))),
            (&[0x80, 0x00, 1, 2, 0, 0], Some((1024, 0, Some(0x201)))),
            (&[0xe0, 0, 0, 0, 0, 1, 0, 0, 0], Some((1 << 32, 0, Some(1 << 32)))),
            (&[0xe0, 0, 0], None),
            (&[], None),
        ];
        for (after_magic, want) in cases {
            let header = [ZSTD_FRAME_MAGIC, after_magic].concat();
            let want = want.map(|(window, dictionary, content)| ZstdHeader {
                window,
                dictionary,
                content,
            });
            assert_eq!(ZstdHeader::parse(&header), want, "{after_magic:x?}");
        }
        assert_eq!(ZstdHeader::parse(&[0x50, 0x2a, 0x4d, 0x18, 0x88, 0]), None);
    }

    /// libzstd compares them only where it has all of a frame at once, or if the last block is not
    /// empty.
    #[test]
    fn a_frame_has_as_many_bytes_as_its_header_says() {
        let header = |size: u8| [ZSTD_FRAME_MAGIC, &[0x20, size]].concat();
        let (three, end) = (b"\x18\0\0abc", b"\x01\0\0");
        for (size, blocks, is_whole) in [
            (0, end.to_vec(), true),
            (7, end.to_vec(), false),
            (3, [&three[..], end].concat(), true),
            (2, [&three[..], end].concat(), false),
            (7, [&three[..], end].concat(), false),
        ] {
            let frame = [header(size), blocks].concat();
            for step in 1..=frame.len() {
                let mut zstd = Zstd::new().expect("a decoder");
                zstd.begin_part().expect("it begins");
                let read = frame.chunks(step).try_for_each(|mut packed| {
                    while !packed.is_empty() {
                        packed = &packed[zstd.unpack(packed, &mut [0; 64])?.used..];
                    }
                    Ok::<_, Failure>(())
                });
                assert_eq!(read.is_ok(), is_whole, "{size}, by {step}: {}", frame.escape_ascii());
            }
        }
    }
}
