//! An echoed log that the agent does not obey: a space is inserted into what would be a command.
//!
//! Owns the form of a command's beginning. This is the one place where more than an explanation is
//! added to a log: the agent has no way to stop commands, as GitHub's runner has.

use std::io::{self, Write};

/// A writer of an echoed log for Azure's agent, which obeys `##vso[…]` anywhere in a line and shows
/// `##[…]` as a command of its own. Inserts a space after the `##` of both.
///
/// Bytes are written when the writer is flushed, except for up to three at the end that may be the
/// beginning of a command: these wait for the next ones, or for [`Disarmed::close`].
#[derive(Debug)]
pub struct Disarmed<W> {
    writer: W,
    /// What is to be written.
    safe: Vec<u8>,
    state: State,
    /// The last byte of the log so far.
    last: Option<u8>,
}

/// How much of a command's beginning precedes the next byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Nothing,
    /// `#`
    Hash,
    /// `##`, and this many bytes of [`NAME`], which are not in `safe` yet.
    Hashes(usize),
}

/// What follows `##` in the agent's own commands.
const NAME: &[u8] = b"vso[";
/// How many bytes are collected at most before they are written.
const SAFE_BYTES_MAX: usize = 64 * 1024;

impl<W: Write> Disarmed<W> {
    /// A writer around another one.
    pub fn new(writer: W) -> Self {
        Disarmed { writer, safe: Vec::new(), state: State::Nothing, last: None }
    }

    /// Writes the rest and, if the last line has none, a line end. Returns the writer.
    ///
    /// # Errors
    /// The writer's.
    pub fn close(mut self) -> io::Result<W> {
        self.release();
        if self.last.is_some_and(|last| last != b'\n') {
            self.safe.push(b'\n');
        }
        self.flush()?;
        Ok(self.writer)
    }

    /// Gives up the beginning of a command that has not become one.
    fn release(&mut self) {
        if let State::Hashes(count) = self.state {
            self.safe.extend_from_slice(&NAME[..count]);
        }
        self.state = State::Nothing;
    }

    fn push(&mut self, byte: u8) {
        match self.state {
            State::Hashes(0) if byte == b'[' => self.safe.push(b' '),
            State::Hashes(0) if byte == b'#' => {
                self.safe.push(byte);
                return;
            }
            State::Hashes(count) if byte == NAME[count] => {
                if count + 1 < NAME.len() {
                    self.state = State::Hashes(count + 1);
                    return;
                }
                self.safe.push(b' ');
            }
            State::Hash if byte == b'#' => {
                self.safe.push(byte);
                self.state = State::Hashes(0);
                return;
            }
            State::Nothing | State::Hash | State::Hashes(_) => {}
        }
        self.release();
        self.safe.push(byte);
        if byte == b'#' {
            self.state = State::Hash;
        }
    }

    fn write_safe(&mut self) -> io::Result<()> {
        self.writer.write_all(&self.safe)?;
        self.safe.clear();
        Ok(())
    }
}

impl<W: Write> Write for Disarmed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some((byte, after)) = rest.split_first() {
            if self.safe.len() >= SAFE_BYTES_MAX {
                self.write_safe()?;
            }
            if self.state == State::Nothing {
                let near = &rest[..rest.len().min(SAFE_BYTES_MAX)];
                let plain = memchr::memchr(b'#', near).unwrap_or(near.len());
                self.safe.extend_from_slice(&rest[..plain]);
                rest = &rest[plain..];
                if plain > 0 {
                    continue;
                }
            }
            self.push(*byte);
            rest = after;
        }
        self.last = bytes.last().copied().or(self.last);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write_safe()?;
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disarmed(log: &[u8], step: usize) -> String {
        let mut writer = Disarmed::new(Vec::new());
        for part in log.chunks(step) {
            writer.write_all(part).expect("memory does not fail");
            writer.flush().expect("memory does not fail");
        }
        String::from_utf8(writer.close().expect("memory does not fail")).expect("it is UTF-8")
    }

    #[test]
    fn a_space_is_inserted_into_commands_and_nowhere_else() {
        for (log, want) in [
            ("", ""),
            ("a\n", "a\n"),
            ("a", "a\n"),
            ("##vso[task.complete result=Failed]x\n", "## vso[task.complete result=Failed]x\n"),
            ("a ##[error]b\n", "a ## [error]b\n"),
            ("###[a ####vso[b\n", "### [a #### vso[b\n"),
            ("##vs##vso[a\n", "##vs## vso[a\n"),
            ("##vsvso[ # #[ ##v[ ##VSO[ ##\n[\n", "##vsvso[ # #[ ##v[ ##VSO[ ##\n[\n"),
            ("##vs", "##vs\n"),
            ("##vso", "##vso\n"),
            ("##", "##\n"),
            ("#\n#[ ## [ ## vso[\n", "#\n#[ ## [ ## vso[\n"),
        ] {
            for step in 1..=log.len().max(1) {
                assert_eq!(disarmed(log.as_bytes(), step), want, "{log:?} by {step}");
            }
        }
    }

    #[test]
    fn a_long_text_is_written_in_parts() {
        for text in [&b"x"[..], b"#", b"##vso[x"] {
            let (log, mut parts) = (text.repeat(5 * SAFE_BYTES_MAX), Parts::default());
            Disarmed::new(&mut parts).write_all(&log).expect("memory does not fail");
            let longest = parts.0.iter().max().expect("it is written");
            assert!(*longest <= 2 * SAFE_BYTES_MAX && parts.0.len() >= 3, "{:?}", parts.0);
        }
    }

    /// How many bytes each write has.
    #[derive(Default)]
    struct Parts(Vec<usize>);

    impl Write for &mut Parts {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_text_is_a_command_and_only_spaces_are_added() {
        let signs = ["#", "##", "v", "vso[", "[", "x", " ", "\n"];
        for number in 0..signs.len().pow(5) {
            let places = (0..5).map(|place| signs[number / signs.len().pow(place) % signs.len()]);
            let log: String = places.chain(["\n"]).collect();
            let safe = disarmed(log.as_bytes(), 3);
            assert!(!safe.contains("##vso[") && !safe.contains("##["), "{log:?}");
            assert_eq!(safe.replace("## vso[", "##vso[").replace("## [", "##["), {
                log.replace("## vso[", "##vso[").replace("## [", "##[")
            });
        }
    }
}
