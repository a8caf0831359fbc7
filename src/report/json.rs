//! JSON lines: one object per annotation, each on its own line, in order.
//!
//! Owns the fields and their types, which are a contract. Opens no file.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use crate::annotate::Annotation;
use crate::catalog::Language;
use crate::context::header::{Header, Level};
use crate::stream::{Needs, Observed, Observer, Position};

/// Writes one object per annotation, each on its own line, always in both languages.
#[derive(Debug)]
pub struct JsonLines<W> {
    writer: W,
    /// The lines of the current block: one write per block.
    lines: Vec<u8>,
}

/// How many bytes of lines are written at once, give or take a line. This bounds the memory for a
/// block full of codes.
const WRITE_BYTES: usize = 64 * 1024;

/// One annotation as an object.
#[derive(Debug, Serialize)]
struct Record<'r> {
    file: Option<std::borrow::Cow<'r, str>>,
    line: u64,
    column: u64,
    offset: u64,
    code: u64,
    family: Option<&'r str>,
    severity: &'static str,
    message: Option<&'r str>,
    en: &'r str,
    zh: &'r str,
    header: Columns<'r>,
}

#[derive(Debug, Serialize)]
struct Columns<'r> {
    time: Option<std::borrow::Cow<'r, str>>,
    pid: Option<u32>,
    tid: Option<u32>,
    level: Option<char>,
    tag: Option<std::borrow::Cow<'r, str>>,
}

impl<W: Write> JsonLines<W> {
    /// Lines for a writer, which should not buffer: the lines of a block are one write.
    pub fn new(writer: W) -> Self {
        JsonLines { writer, lines: Vec::new() }
    }

    fn write(&mut self) -> io::Result<()> {
        if !self.lines.is_empty() {
            self.writer.write_all(&self.lines)?;
            self.writer.flush()?;
            self.lines.clear();
        }
        Ok(())
    }
}

impl<'c, W: Write> Observer<'c> for JsonLines<W> {
    fn needs(&self) -> Needs {
        Needs::Lines
    }

    fn observe(&mut self, observed: &Observed<'_, 'c>) -> io::Result<()> {
        for (annotation, position) in observed.annotations.iter().zip(observed.positions) {
            let header = observed.header(annotation);
            let record = record(observed.file, annotation, position, &header);
            write_line(&record, &mut self.lines)?;
            if self.lines.len() >= WRITE_BYTES {
                self.write()?;
            }
        }
        self.write()
    }
}

fn record<'r>(
    file: Option<&'r [u8]>,
    annotation: &Annotation<'r>,
    position: &Position,
    header: &Header<'r>,
) -> Record<'r> {
    let entry = annotation.lookup.entry();
    let meaning = |language| {
        entry.map_or(annotation.lookup.text(language), |entry| entry.meaning.get(language))
    };
    Record {
        file: file.map(String::from_utf8_lossy),
        line: position.line,
        column: position.column,
        offset: position.offset,
        code: annotation.number.code.number(),
        family: entry.map(|entry| entry.family.name()),
        severity: annotation.lookup.severity().word(),
        message: entry.and_then(|entry| entry.message),
        en: meaning(Language::English),
        zh: meaning(Language::Chinese),
        header: Columns {
            time: header.time.map(String::from_utf8_lossy),
            pid: header.pid,
            tid: header.tid,
            level: header.level.map(Level::letter),
            tag: header.tag.map(String::from_utf8_lossy),
        },
    }
}

/// Writes a value as one line: one to every reader, with nothing in it that a terminal or a CI
/// runner obeys.
///
/// # Errors
/// The writer's, and those of a value that is not JSON.
pub fn write_line(value: &impl Serialize, mut writer: impl Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut writer, OneLine))?;
    writer.write_all(b"\n")
}

/// JSON itself requires escapes only below U+0020. This leaves DEL, the C1 controls (U+0085 is a
/// line end, U+009B begins an escape sequence), Unicode's line and paragraph separators, and the
/// second `#` of `##[error]` and `##vso[…]`.
struct OneLine;

impl Formatter for OneLine {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + Write,
    {
        let (mut from, mut before) = (0, ' ');
        let is_special = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        for (at, c) in fragment.char_indices() {
            if is_special(c) || (before, c) == ('#', '#') {
                writer.write_all(&fragment.as_bytes()[from..at])?;
                write!(writer, "\\u{:04x}", u32::from(c))?;
                from = at + c.len_utf8();
            }
            before = c;
        }
        writer.write_all(&fragment.as_bytes()[from..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::Annotator;
    use crate::context::Strictness;
    use crate::report::testing::{catalog, codes};
    use crate::stream::{Output, Plain, Stream};

    /// How long each write was, in bytes.
    struct Lengths(Vec<usize>);

    impl Write for Lengths {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_block_full_of_codes_is_written_in_large_parts() {
        let catalog = catalog();
        let (_, log) = codes(&[871_300; 1000]).remove(0);
        let mut json = JsonLines::new(Lengths(Vec::new()));
        let annotator = Annotator::new(&catalog, Strictness::Weighed);
        let mut plain = Plain::new(&log[..], io::sink());
        Stream::new(annotator, Output::Nothing, vec![&mut json])
            .pass(None, &mut plain)
            .expect("memory does not fail");
        let (last, parts) = json.writer.0.split_last().expect("something is written");
        assert!(parts.len() > 2 && *last < 70_000, "{parts:?} {last}");
        assert!(parts.iter().all(|part| (64_000..70_000).contains(part)), "{parts:?}");
    }
}
