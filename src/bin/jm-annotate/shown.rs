//! A writer for a screen that only takes UTF-8: what is not UTF-8 is shown as U+FFFD, and never
//! ends the stream.

use std::io::{self, Write};

/// Bytes as text. A character may come in parts.
#[derive(Debug)]
pub(crate) struct Shown<W: Write> {
    writer: W,
    /// The beginning of a character whose end has not come yet: at most three bytes.
    part: Vec<u8>,
}

impl<W: Write> Shown<W> {
    pub(crate) fn new(writer: W) -> Self {
        Shown { writer, part: Vec::new() }
    }

    fn write_shown(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut chunks = bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            self.writer.write_all(chunk.valid().as_bytes())?;
            let invalid = chunk.invalid();
            if chunks.peek().is_none() && is_beginning(invalid) {
                self.part = invalid.to_vec();
            } else if !invalid.is_empty() {
                self.writer.write_all("\u{fffd}".as_bytes())?;
            }
        }
        Ok(())
    }
}

/// Whether more bytes could make a character of these.
fn is_beginning(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

impl<W: Write> Write for Shown<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.part.is_empty() {
            self.write_shown(bytes)?;
        } else {
            let mut whole = std::mem::take(&mut self.part);
            whole.extend_from_slice(bytes);
            self.write_shown(&whole)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl<W: Write> Drop for Shown<W> {
    /// The end of a character will not come any more.
    fn drop(&mut self) {
        if !self.part.is_empty() {
            let _ = self.writer.write_all("\u{fffd}".as_bytes());
            let _ = self.writer.flush();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bytes: &[u8], step: usize) -> String {
        let mut screen = Vec::new();
        let mut shown = Shown::new(&mut screen);
        bytes.chunks(step).for_each(|part| {
            shown.write_all(part).expect("memory does not fail");
            shown.flush().expect("memory does not fail");
        });
        drop(shown);
        String::from_utf8(screen).expect("only UTF-8 is written")
    }

    #[test]
    fn text_is_unchanged_and_the_rest_is_seen_however_it_comes() {
        for (bytes, want) in [
            ("状态码 871300 \u{1f600}\r\n".as_bytes(), "状态码 871300 \u{1f600}\r\n"),
            (b"a\xffb\n", "a\u{fffd}b\n"),
            (b"\xc7\xeb 871300\n", "\u{fffd}\u{fffd} 871300\n"),
            (b"end \xe7\x8a", "end \u{fffd}"),
            (b"\xe7\n\xe7\x8a\xb6", "\u{fffd}\n状"),
            (b"\xf0\x9f\x98", "\u{fffd}"),
            (b"", ""),
        ] {
            for step in 1..=bytes.len().max(1) {
                assert_eq!(shown(bytes, step), want, "{bytes:?} by {step}");
            }
        }
    }
}
