//! Packed inputs: what was packed comes out however it is cut into reads, and what was damaged or
//! made up is an error or text, never a panic. In formats with a checksum, damaged data never comes
//! out as other text without an error.
#![no_main]

#[path = "../../../src/bin/jm-annotate/ahead.rs"]
mod ahead;
#[path = "../../../src/bin/jm-annotate/container.rs"]
mod container;
#[path = "../../../src/bin/jm-annotate/decode.rs"]
mod decode;
#[path = "../../../src/bin/jm-annotate/unpack/mod.rs"]
mod unpack;
#[path = "../../../src/bin/jm-annotate/zip/mod.rs"]
mod zip;

/// No signal comes.
mod interrupt {
    use std::io::{self, Read};

    pub(crate) struct Stopped;

    impl Stopped {
        pub(crate) fn of(_: &io::Error) -> Option<Stopped> {
            None
        }

        pub(crate) fn in_packed(error: io::Error) -> io::Error {
            error
        }
    }

    pub(crate) struct Part<R>(R);

    impl<R> Part<R> {
        pub(crate) fn new(reader: R) -> Self {
            Part(reader)
        }
    }

    impl<R: Read> Read for Part<R> {
        fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
            self.0.read(space)
        }
    }
}

use std::io::{self, Read, Write};
use std::ops::ControlFlow;

use container::{Container, guess};
use decode::TextEncoding;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Arbitrary)]
struct Input<'i> {
    kind: Kind,
    text: &'i [u8],
    second: &'i [u8],
    /// Bytes that are changed.
    damage: Vec<(u16, u8)>,
    cut: Option<u16>,
    step: u8,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Kind {
    /// The text itself.
    Raw,
    /// The text after the first bytes of a format.
    MadeUp(u8),
    Packed(Format),
    Zip(Method),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Arbitrary)]
enum Format {
    Gzip,
    Zstd,
    Xz,
    Bzip2,
}

/// How the files of a zip are packed.
#[derive(Debug, Clone, Copy, Arbitrary)]
enum Method {
    Stored,
    Deflated,
    Packed(Format),
}

/// How much of an unpacked text is compared: a few bytes may unpack to very many.
const TEXT_BYTES_MAX: u64 = 1 << 20;
const MAGICS: [&[u8]; 8] = [
    b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18", b"\xfd7zXZ\0", b"BZh91AY&SY",
    b"PK\x03\x04", b"PK\x05\x06", b"\xff\xfe",
];

fuzz_target!(|input: Input<'_>| {
    // What is in packed data is looked at, too: let it be plain text.
    let first = [b"x", input.text].concat();
    let text = [&first, input.second].concat();
    let mut packed = pack(&input, &first);
    let is_whole = input.damage.is_empty() && input.cut.is_none();
    for (at, change) in &input.damage {
        let length = packed.len().max(1);
        if let Some(byte) = packed.get_mut(usize::from(*at) % length) {
            *byte ^= change;
        }
    }
    if let Some(cut) = input.cut {
        packed.truncate(usize::from(cut));
    }
    let at_once = read(&packed, packed.len().max(1));
    let in_steps = read(&packed, usize::from(input.step).max(1));
    // How much comes before an error depends on how much the decoder is given at once.
    assert_eq!(at_once.error.is_some(), in_steps.error.is_some(), "{at_once:?} {in_steps:?}");
    let (one, two) = (&at_once.text, &in_steps.text);
    let is_same =
        one == two || at_once.error.is_some() && (one.starts_with(two) || two.starts_with(one));
    assert!(is_same, "the text depends on the reads: {at_once:?} {in_steps:?}");
    let is_packed = !matches!(input.kind, Kind::Raw | Kind::MadeUp(_));
    if is_packed && is_whole {
        assert_eq!(at_once.error, None);
        assert!(at_once.text == text[..text.len().min(TEXT_BYTES_MAX as usize)]);
    }
    let is_alone = matches!(input.kind, Kind::Packed(format) if format != Format::Zstd);
    if is_alone && at_once.error.is_none() && matches!(guess(&packed), Some(Container::Packed(_))) {
        assert!(text.starts_with(&at_once.text), "other text without an error");
    }
    if matches!(guess(&packed), Some(Container::Zip)) {
        from_file(&packed);
    }
});

fn pack(input: &Input<'_>, first: &[u8]) -> Vec<u8> {
    match input.kind {
        Kind::Zip(method) => zipped(&[first, input.second], method),
        Kind::Raw => [first, input.second].concat(),
        Kind::MadeUp(magic) => {
            [MAGICS[usize::from(magic) % MAGICS.len()], input.text, input.second].concat()
        }
        Kind::Packed(format) => [packed(first, format), packed(input.second, format)].concat(),
    }
}

fn packed(text: &[u8], format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    match format {
        Format::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(&mut out, Default::default());
            encoder.write_all(text).and_then(|()| encoder.finish()).map(drop)
        }
        Format::Zstd => {
            let mut encoder = zstd::Encoder::new(&mut out, 1).expect("an encoder");
            encoder.include_checksum(true).expect("it is supported");
            encoder.write_all(text).and_then(|()| encoder.finish()).map(drop)
        }
        Format::Xz => {
            let mut encoder = liblzma::write::XzEncoder::new(&mut out, 0);
            encoder.write_all(text).and_then(|()| encoder.finish()).map(drop)
        }
        Format::Bzip2 => {
            let fast = bzip2::Compression::fast();
            let mut encoder = bzip2::write::BzEncoder::new(&mut out, fast);
            encoder.write_all(text).and_then(|()| encoder.finish()).map(drop)
        }
    }
    .expect("memory does not fail");
    out
}

fn deflated(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Default::default());
    encoder.write_all(text).and_then(|()| encoder.finish()).expect("memory does not fail")
}

/// An archive with these files, each with its sizes after it.
fn zipped(texts: &[&[u8]], method: Method) -> Vec<u8> {
    use rawzip::CompressionMethod;
    let mut out = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut out);
    for (name, text) in ["a.log", "b/c.log"].iter().zip(texts) {
        let (method, bytes) = match method {
            // A stored file whose size follows it has no end that could be seen in one pass.
            Method::Stored if text.is_empty() => (CompressionMethod::STORE, Vec::new()),
            Method::Stored | Method::Deflated => (CompressionMethod::DEFLATE, deflated(text)),
            Method::Packed(Format::Gzip) => (CompressionMethod::DEFLATE, deflated(text)),
            Method::Packed(format @ Format::Zstd) => {
                (CompressionMethod::ZSTD, packed(text, format))
            }
            Method::Packed(format @ Format::Xz) => (CompressionMethod::XZ, packed(text, format)),
            Method::Packed(format @ Format::Bzip2) => {
                (CompressionMethod::BZIP2, packed(text, format))
            }
        };
        let file = archive.new_file(name).compression_method(method);
        let (mut entry, config) = file.start().expect("a file");
        let mut sums = config.wrap(io::sink());
        sums.write_all(text).expect("nowhere");
        let (_, descriptor) = sums.finish().expect("nowhere");
        entry.write_all(&bytes).expect("memory does not fail");
        entry.finish(descriptor).expect("memory does not fail");
    }
    archive.finish().expect("memory does not fail");
    out
}

/// The text of an input, and the first error.
#[derive(Debug, PartialEq, Eq, Default)]
struct Text {
    text: Vec<u8>,
    names: Vec<Vec<u8>>,
    error: Option<String>,
}

impl Text {
    fn take(&mut self, reader: io::Result<impl Read>) {
        let left = TEXT_BYTES_MAX.saturating_sub(self.text.len() as u64);
        let read = reader.and_then(|reader| reader.take(left).read_to_end(&mut self.text));
        if let Err(error) = read {
            self.error.get_or_insert(error.to_string());
        }
    }
}

fn read(packed: &[u8], step: usize) -> Text {
    let mut text = Text::default();
    match decode::sniff(Steps { rest: packed, step }) {
        Ok((Container::Zip, reader)) => {
            let read = zip::for_each(reader, &mut |member| {
                text.names.push(member.name.to_vec());
                text.take(member.content);
                ControlFlow::Continue(())
            });
            if let Err(error) = read {
                text.error.get_or_insert(error.to_string());
            }
        }
        Ok((container, reader)) => {
            text.take(decode::text(container, Box::new(reader), TextEncoding::Auto));
            if decode::is_unchanged(container, TextEncoding::Auto) {
                assert!(packed.starts_with(&text.text) && text.error.is_none());
            }
        }
        Err(error) => text.error = Some(error.to_string()),
    }
    text
}

/// The directory must not make it panic either.
fn from_file(packed: &[u8]) {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(packed).expect("a disk");
    let mut text = Text::default();
    let _ = zip::for_each_in_file(file, packed, &mut |member| {
        text.take(member.content);
        ControlFlow::Continue(())
    });
}

/// A reader that returns a few bytes at a time.
struct Steps<'i> {
    rest: &'i [u8],
    step: usize,
}

impl Read for Steps<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let count = self.step.min(space.len()).min(self.rest.len());
        let (now, rest) = self.rest.split_at(count);
        space[..count].copy_from_slice(now);
        self.rest = rest;
        Ok(count)
    }
}
