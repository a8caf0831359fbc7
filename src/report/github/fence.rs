//! The fence around an echoed log, which keeps the runner from obeying commands in the log.
//!
//! Owns its token and its two lines. Knows nothing about reports.

use std::io::{self, IoSlice, Write};

/// A writer of an echoed log with a fence around it: between its two lines the runner obeys no
/// command, so the log cannot control it.
///
/// The writer must be at the start of a line. Without [`Fence::close`] the commands after it are
/// not obeyed either.
#[derive(Debug)]
pub struct Fence<W> {
    writer: W,
    token: String,
    /// The last byte that was written between the two lines.
    last: Option<u8>,
}

/// How many random bytes the token has, two hexadecimal digits each: more than anyone can guess.
const TOKEN_BYTES: usize = 32;

impl<W: Write> Fence<W> {
    /// Writes the first line, with a token that no one can guess.
    ///
    /// # Errors
    /// The writer's, or the system's if it has no random bytes.
    pub fn open(mut writer: W) -> io::Result<Self> {
        let mut random = [0; TOKEN_BYTES];
        getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
        let token: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        writer.write_all(format!("::stop-commands::{token}\n").as_bytes())?;
        Ok(Fence { writer, token, last: None })
    }

    /// Writes the last line, on a line of its own, flushes and returns the writer.
    ///
    /// # Errors
    /// The writer's.
    pub fn close(mut self) -> io::Result<W> {
        let line_end = match self.last {
            None | Some(b'\n') => "",
            Some(_) => "\n",
        };
        self.writer.write_all(format!("{line_end}::{}::\n", self.token).as_bytes())?;
        self.writer.flush()?;
        Ok(self.writer)
    }
}

impl<W: Write> Write for Fence<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.writer.write(bytes)?;
        self.last = bytes[..count].last().copied().or(self.last);
        Ok(count)
    }

    fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        let count = self.writer.write_vectored(parts)?;
        self.last = last_of(parts, count).or(self.last);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The last of the first `count` bytes of some parts.
fn last_of(parts: &[IoSlice<'_>], count: usize) -> Option<u8> {
    let mut at = count.checked_sub(1)?;
    for part in parts {
        match part.get(at) {
            Some(byte) => return Some(*byte),
            None => at -= part.len(),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_closes_on_a_line_of_its_own() {
        for (log, want) in [
            ("", ""),
            ("a\n", "a\n"),
            ("a", "a\n"),
            ("a\r", "a\r\n"),
            ("\n", "\n"),
            ("a\n\n", "a\n\n"),
        ] {
            let mut fence = Fence::open(Vec::new()).expect("memory does not fail");
            fence.write_all(log.as_bytes()).expect("memory does not fail");
            fence.write_all(b"").expect("memory does not fail");
            let text = String::from_utf8(fence.close().expect("memory does not fail"))
                .expect("it is UTF-8");
            let (first, rest) = text.split_once('\n').expect("the first line");
            let token = first.strip_prefix("::stop-commands::").expect("it is a command");
            assert!(
                token.len() >= 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit()),
                "{token}"
            );
            assert_eq!(rest, format!("{want}::{token}::\n"), "{log:?}");
        }
    }

    #[test]
    fn two_fences_have_two_tokens() {
        let text = || Fence::open(Vec::new()).and_then(Fence::close).expect("memory does not fail");
        assert_ne!(text(), text());
    }

    /// Takes three bytes at a time, across parts.
    struct Slow(Vec<u8>);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.write_vectored(&[IoSlice::new(bytes)])
        }

        fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
            let before = self.0.len();
            self.0.extend(parts.iter().flat_map(|part| part.iter()).take(3));
            Ok(self.0.len() - before)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_last_byte_is_the_last_one_that_was_written() {
        let parts = [&b"a"[..], b"", b"b\n", b"", b"c", b"d"].map(IoSlice::new);
        let mut fence = Fence::open(Slow(Vec::new())).expect("memory does not fail");
        assert_eq!(fence.write_vectored(&parts).expect("memory does not fail"), 3);
        assert_eq!(fence.last, Some(b'\n'));
        assert_eq!(fence.write_vectored(&parts[3..]).expect("memory does not fail"), 2);
        assert_eq!(fence.last, Some(b'd'));
        assert_eq!(fence.write(b"\nxyz").expect("memory does not fail"), 3);
        assert_eq!(fence.last, Some(b'y'));
        assert_eq!(fence.write_vectored(&[]).expect("memory does not fail"), 0);
        assert_eq!(fence.last, Some(b'y'));
    }
}
