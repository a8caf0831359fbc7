//! Packed data: a sequence of parts (members, frames, streams), which is unpacked as it arrives.
//! One file per format.
//!
//! Owns where a part begins and what may follow the last one. Knows nothing about files or text.

mod bzip2;
mod gzip;
mod xz;
mod zstd;

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Take};

pub(crate) use self::bzip2::Bzip2;
pub(crate) use self::gzip::{Deflate, Gzip};
pub(crate) use self::xz::Xz;
pub(crate) use self::zstd::Zstd;
use crate::container::{Container, Packed, guess, guess_whole, may_begin};
use crate::interrupt::Stopped;

/// A reader of the text of packed data.
///
/// # Errors
/// If a decoder cannot be made.
pub(crate) fn unpacked<'r>(
    packed: Packed,
    reader: Box<dyn Read + 'r>,
) -> io::Result<Box<dyn Read + 'r>> {
    let reader = Box::new(BufReader::with_capacity(PACKED_BYTES, reader));
    Ok(match packed {
        Packed::Gzip => Box::new(Unpacked::new(reader, Gzip::new(), Parts::Any)),
        Packed::Zstd => Box::new(Unpacked::new(reader, Zstd::new()?, Parts::Any)),
        Packed::Xz => Box::new(Unpacked::new(reader, Xz::new()?, Parts::Any)),
        Packed::Bzip2 => Box::new(Unpacked::new(reader, Bzip2::new(), Parts::Any)),
    })
}

/// A format's decoder.
pub(crate) trait Format {
    const NAME: &'static str;
    /// What a part begins with; `None` if nothing says so.
    const PACKED: Option<Packed>;
    /// What may follow a part without a meaning.
    const PADDING: Option<u8> = None;

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
pub(crate) struct Unpacked<'r, F> {
    /// Of any kind: one copy of the code for each kind would stay in memory.
    reader: Box<dyn Source + 'r>,
    format: F,
    parts: Parts,
    place: Place,
    /// The first bytes of the next part, while they are compared with the format's magic number and
    /// until the decoder has used them.
    magic: Vec<u8>,
    /// Why the decoder cannot go on after what was returned last. It must not be called again: the
    /// one for bzip2 panics then, and the zip reader reads on to find the end of damaged data.
    failure: Option<String>,
}

/// How many parts there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parts {
    /// Exactly one. What follows it is left in the reader.
    One,
    /// Exactly one, and nothing follows it.
    Only,
    /// As many as there are until the end.
    Any,
}

/// Where in the packed data the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// After the only part.
    End,
    /// Before a part or the end.
    Between,
    /// In a part.
    Inside,
    /// In a part. The last space was filled, so the decoder may have more without more input.
    InsideAndFull,
}

/// How much is read at once, in bytes: a whole block of zstd with its header, so that the decoder
/// need not collect it. For gzip, 32 to 256 KiB made no difference.
pub(crate) const PACKED_BYTES: usize = 128 * 1024 + 3;

impl<'r, F: Format> Unpacked<'r, F> {
    /// A reader of the parts. All but `Parts::Any` are at the beginning of a part.
    pub(crate) fn new(reader: Box<dyn Source + 'r>, format: F, parts: Parts) -> Self {
        let place = if parts == Parts::Any { Place::Between } else { Place::Inside };
        Unpacked { reader, format, parts, place, magic: Vec::new(), failure: None }
    }

    /// Goes to the beginning of the next part; `Ended` if there is none.
    fn begin_part(&mut self) -> io::Result<Progress> {
        while let Some(container) = F::PACKED.map(Container::Packed)
            && guess(&self.magic) != Some(container)
        {
            let Some(byte) = fill(&mut self.reader)?.first().copied() else {
                return match guess_whole(&self.magic) {
                    _ if self.magic.is_empty() => Ok(Progress::Ended),
                    Container::Cut(name) if name == F::NAME && self.magic.len() > 1 => {
                        Err(invalid(truncated::<F>()))
                    }
                    _ => self.end_badly(),
                };
            };
            let is_padding = self.magic.is_empty() && F::PADDING == Some(byte);
            if !is_padding {
                self.magic.push(byte);
                if !may_begin(container, &self.magic) {
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

    /// The end after the only part.
    fn end(&mut self) -> io::Result<Progress> {
        if fill(&mut self.reader)?.is_empty() { Ok(Progress::Ended) } else { self.end_badly() }
    }

    /// The error for what follows the last part.
    fn end_badly(&mut self) -> io::Result<Progress> {
        Err(ignored(&mut self.reader, self.magic.len() as u64, F::NAME))
    }

    /// One call of the decoder, after a read if it needs one. Returns how much it wrote.
    fn unpack(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let is_magic = !self.magic.is_empty();
        if !is_magic && self.place == Place::Inside && fill(&mut self.reader)?.is_empty() {
            return Err(invalid(truncated::<F>()));
        }
        let packed = if is_magic { &self.magic } else { self.reader.buffered() };
        let step = match self.format.unpack(packed, space) {
            Ok(step) => step,
            Err(Failure { written, what }) => {
                self.failure = Some(what);
                return Ok(written);
            }
        };
        if step.used == 0 && step.written == 0 && !packed.is_empty() && self.place == Place::Inside
        {
            self.failure = Some(corrupt(F::NAME, "the decoder makes no progress"));
            return Ok(0);
        }
        if is_magic {
            self.magic.drain(..step.used);
        } else {
            self.reader.consume(step.used);
        }
        self.place = match step.progress {
            Progress::Ended if self.parts == Parts::Any => Place::Between,
            Progress::Ended => Place::End,
            Progress::Continues if step.written == space.len() => Place::InsideAndFull,
            Progress::Continues => Place::Inside,
        };
        Ok(step.written)
    }

    /// Whether the data may end here.
    fn is_whole(&self) -> bool {
        match self.place {
            Place::End => true,
            Place::Between => self.magic.is_empty(),
            Place::Inside | Place::InsideAndFull => false,
        }
    }

    fn read_some(&mut self, space: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(what) = &self.failure {
                return Err(invalid(what.clone()));
            }
            let is_end = match self.place {
                Place::End if self.parts == Parts::Only => self.end()? == Progress::Ended,
                Place::End => true,
                Place::Between => self.begin_part()? == Progress::Ended,
                Place::Inside | Place::InsideAndFull => false,
            };
            if is_end {
                return Ok(0);
            }
            let written = self.unpack(space)?;
            if written > 0 {
                return Ok(written);
            }
        }
    }
}

impl<F: Format> Read for Unpacked<'_, F> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let read = self.read_some(space);
        if self.is_whole() { read } else { read.map_err(Stopped::in_packed) }
    }
}

/// A reader that can say what it has without reading.
pub(crate) trait Source: BufRead {
    /// What can be had without a read.
    fn buffered(&self) -> &[u8];
}

impl<R: Read> Source for BufReader<R> {
    fn buffered(&self) -> &[u8] {
        self.buffer()
    }
}

impl<S: Source> Source for &mut S {
    fn buffered(&self) -> &[u8] {
        (**self).buffered()
    }
}

impl<S: Source> Source for Take<S> {
    fn buffered(&self) -> &[u8] {
        let all = self.get_ref().buffered();
        let limit = usize::try_from(self.limit()).unwrap_or(usize::MAX);
        &all[..all.len().min(limit)]
    }
}

/// Reads if nothing is left, and returns what there is; nothing at the end.
pub(crate) fn fill<R: BufRead + ?Sized>(reader: &mut R) -> io::Result<&[u8]> {
    loop {
        match reader.fill_buf().map(<[u8]>::is_empty) {
            Ok(true) => return Ok(&[]),
            Ok(false) => return reader.fill_buf(),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The error for bytes that follow packed data, of which some were read: counts the rest. That they
/// are ignored is certain already, so an error, or a signal, only ends the count.
pub(crate) fn ignored<R: BufRead + ?Sized>(reader: &mut R, read: u64, name: &str) -> io::Error {
    let mut count = read;
    let least = loop {
        match fill(reader).map(<[u8]>::len) {
            Ok(0) => break "",
            Ok(length) => {
                count += length as u64;
                reader.consume(length);
            }
            Err(_) => break "at least ",
        }
    };
    let (bytes, are) = if count == 1 { ("byte", "is") } else { ("bytes", "are") };
    let were = if count == 1 { "was" } else { "were" };
    invalid(format!(
        "{least}{count} {bytes} after the end of the {name} data {are} not {name} and {were} ignored"
    ))
}

pub(crate) fn invalid(text: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, text)
}

fn truncated<F: Format>() -> String {
    corrupt(F::NAME, "unexpected end of file")
}

pub(crate) fn corrupt(name: &str, why: &str) -> String {
    format!(
        "the {name} data is corrupt or truncated ({why}); what could be decoded before that was written"
    )
}
