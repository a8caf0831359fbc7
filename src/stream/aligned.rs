//! A writer to a regular file whose writes end where pages of the file end.
//!
//! Owns what is held back between two writes. A write that begins or ends within a page costs the
//! system about a third more, since it has to look up and lock the page twice. Holding bytes back
//! is only right if the next ones are there already: for an input that is a regular file.

use std::io::{self, IoSlice, Seek, Write};

use super::transport::{PARTS_MAX, write_parts};

/// Writes end at multiples of this many bytes. The system takes larger pages where it can, so more
/// than its smallest ones (4 KiB) pays off; with twice as much, its search for such pages took
/// longer than everything else at times.
const CHUNK_BYTES: u64 = 64 * 1024;
/// How many bytes are written through at first, to see whether the file has other writers. It is
/// what a program writes while a shell or `xargs -P` starts a few others.
const TRIAL_BYTES: u64 = 32 * 1024 * 1024;

/// Holds back what comes after the last boundary, until [`flush`](Write::flush). Like
/// [`BufWriter`](io::BufWriter), except that it knows its position and copies only what it holds
/// back.
///
/// What is held back is lost if it is dropped without a flush, and after an error: nothing else can
/// be written at its place then.
#[derive(Debug)]
pub struct Aligned<'w, W> {
    writer: W,
    writers: &'w mut Writers,
    /// Where the next write goes, in bytes from the beginning of the file.
    position: u64,
    /// What was accepted and not written yet: less than up to the next boundary.
    held: Vec<u8>,
}

/// Whether a file has other writers, as far as it was seen; for all that is written to it.
///
/// They should not come between two halves of a line. So nothing is held back of the first 32 MiB,
/// and nothing at all once the position has moved: each write then ends where the caller's does.
#[derive(Debug)]
pub struct Writers {
    /// How many bytes are still written through.
    trial: u64,
    /// Where our last write has ended.
    end: Option<u64>,
}

impl Default for Writers {
    fn default() -> Self {
        Writers { trial: TRIAL_BYTES, end: None }
    }
}

impl Writers {
    /// The position that the next write finds.
    fn before_write(&mut self, position: u64) {
        if self.end.is_some_and(|end| end != position) {
            self.trial = u64::MAX;
        }
    }

    /// Takes the position after a write of `bytes` bytes. The first one moves from the beginning to
    /// the end of a file that is appended to.
    fn after_write(&mut self, before: u64, bytes: u64, position: u64) {
        let is_alone = self.end.is_none() || position == before + bytes;
        self.trial = if is_alone { self.trial.saturating_sub(bytes) } else { u64::MAX };
        self.end = Some(position);
    }
}

impl<'w, W: Write + Seek> Aligned<'w, W> {
    /// Writes from where the file is now.
    ///
    /// # Errors
    /// The system's, if the file has no position.
    pub fn new(mut writer: W, writers: &'w mut Writers) -> io::Result<Self> {
        let position = writer.stream_position()?;
        writers.before_write(position);
        Ok(Aligned { writer, writers, position, held: Vec::new() })
    }

    /// How many of the next bytes are written now, after those that are held.
    fn count_through(&self, bytes: usize) -> usize {
        if self.writers.trial > 0 {
            return bytes;
        }
        let all = self.held.len() + bytes;
        let after_boundary = (self.position + all as u64) % CHUNK_BYTES;
        bytes.saturating_sub(after_boundary as usize)
    }

    /// Writes what is held, and the first bytes of these parts.
    fn write_through(&mut self, parts: &[IoSlice<'_>], mut bytes: usize) -> io::Result<()> {
        let mut through = Vec::with_capacity(parts.len() + 1);
        through.push(IoSlice::new(&self.held));
        let count = (self.held.len() + bytes) as u64;
        for part in parts {
            let first = &part[..bytes.min(part.len())];
            through.push(IoSlice::new(first));
            bytes -= first.len();
        }
        let written = write_parts(&mut self.writer, &mut through);
        self.held.clear();
        written?;
        // What was written must not be written again.
        let position = self.writer.stream_position().map_err(io::Error::other)?;
        self.writers.after_write(self.position, count, position);
        self.position = position;
        Ok(())
    }
}

impl<W: Write + Seek> Write for Aligned<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        let parts = &parts[..parts.len().min(PARTS_MAX - 1)];
        let bytes = parts.iter().map(|part| part.len()).sum();
        let through = self.count_through(bytes);
        if through > 0 {
            self.write_through(parts, through)?;
        }
        let mut skipped = through;
        for part in parts {
            let rest = &part[skipped.min(part.len())..];
            skipped -= part.len() - rest.len();
            self.held.extend_from_slice(rest);
        }
        Ok(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.held.is_empty() {
            self.write_through(&[], 0)?;
        }
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, SeekFrom};

    use super::*;

    const CHUNK: usize = CHUNK_BYTES as usize;

    /// Records where each write ends, and takes no more than `room` bytes.
    struct Recorder {
        written: Vec<u8>,
        ends: Vec<usize>,
        room: usize,
        /// Its position in the file, if there were no other writers.
        start: u64,
        /// How many bytes others have written.
        others: u64,
    }

    impl Seek for Recorder {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            assert_eq!(to, SeekFrom::Current(0));
            Ok(self.start + self.others + self.written.len() as u64)
        }
    }

    impl Write for Recorder {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.write_vectored(&[IoSlice::new(bytes)])
        }

        fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
            assert!(parts.len() <= PARTS_MAX);
            let bytes: Vec<u8> = parts.iter().flat_map(|part| part.iter().copied()).collect();
            let count = bytes.len().min(self.room - self.written.len());
            if count == 0 {
                return Err(ErrorKind::StorageFull.into());
            }
            self.written.extend_from_slice(&bytes[..count]);
            self.ends.push(self.written.len());
            Ok(count)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A file that we have begun to write; nothing more of it is written through.
    fn alone() -> Writers {
        Writers { trial: 0, end: None }
    }

    fn aligned(start: u64, room: usize, writers: &mut Writers) -> Aligned<'_, Recorder> {
        let recorder = Recorder { written: Vec::new(), ends: Vec::new(), room, start, others: 0 };
        Aligned::new(recorder, writers).expect("it has a position")
    }

    /// Bytes that are the same nowhere near.
    fn text(length: usize) -> Vec<u8> {
        (0..length).map(|at| (at / 7 + at / 301) as u8).collect()
    }

    #[test]
    fn writes_end_at_multiples_of_a_chunk_and_all_of_it_comes_out() {
        let text = text(7 * CHUNK + 5);
        for position in [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, 3 * CHUNK_BYTES + 77] {
            for step in [100, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, text.len()] {
                let mut writers = alone();
                let mut writer = aligned(position, usize::MAX, &mut writers);
                for bytes in text.chunks(step) {
                    let (first, last) = bytes.split_at(bytes.len() / 3);
                    let parts = [IoSlice::new(first), IoSlice::new(&[]), IoSlice::new(last)];
                    let accepted = writer.write_vectored(&parts).expect("there is room");
                    assert_eq!(accepted, bytes.len());
                }
                let ends = writer.writer.ends.clone();
                assert!(
                    ends.iter().all(|end| (position + *end as u64).is_multiple_of(CHUNK_BYTES)),
                    "{ends:?} from {position} on by {step}"
                );
                assert!(text.len() - ends.last().expect("some") < CHUNK, "no more is held back");
                writer.flush().expect("there is room");
                writer.flush().expect("there is nothing to do");
                assert!(writer.writer.written == text, "from {position} on by {step}");
                assert_eq!(writer.writer.ends.len(), ends.len() + 1);
            }
        }
    }

    #[test]
    fn writes_after_a_flush_are_aligned_too() {
        let (text, mut writers) = (text(3 * CHUNK), alone());
        let mut writer = aligned(0, usize::MAX, &mut writers);
        writer.write_all(&text[..100]).expect("there is room");
        writer.flush().expect("there is room");
        writer.write_all(&text[100..]).expect("there is room");
        assert_eq!(writer.writer.ends, [100, 3 * CHUNK]);
        assert!(writer.writer.written == text);
    }

    #[test]
    fn nothing_is_held_back_of_the_first_bytes() {
        let (text, mut writers) = (text(CHUNK + 7), Writers { trial: 3 * CHUNK_BYTES, end: None });
        let mut writer = aligned(5, usize::MAX, &mut writers);
        for _ in 0..3 {
            writer.write_all(&text).expect("there is room");
            assert!(writer.held.is_empty());
        }
        writer.write_all(&text).expect("there is room");
        assert_eq!(writer.writer.ends.last(), Some(&(4 * CHUNK - 5)));
    }

    #[test]
    fn nothing_is_held_back_if_there_are_other_writers() {
        let (text, mut writers) = (text(CHUNK + 7), alone());
        let mut writer = aligned(0, usize::MAX, &mut writers);
        writer.write_all(&text).expect("there is room");
        assert_eq!((writer.writer.written.len(), writer.held.len()), (CHUNK, 7));
        writer.writer.others = 100;
        writer.write_all(&text).expect("there is room");
        assert_eq!(writer.writer.written.len(), 2 * CHUNK, "it is not known yet");
        for _ in 0..4 {
            writer.write_all(&text).expect("there is room");
            assert!(writer.held.is_empty());
        }
        assert!(writer.writer.written == text.repeat(6));
        let next = aligned(writer.position, usize::MAX, &mut writers);
        assert!(next.count_through(9) == 9, "it is known for the next input too");
    }

    #[test]
    fn nothing_is_held_back_if_something_was_written_between_two_inputs() {
        for (start, want) in [(CHUNK_BYTES, 0), (CHUNK_BYTES + 1, 9)] {
            let mut writers = alone();
            let mut writer = aligned(0, usize::MAX, &mut writers);
            writer.write_all(&text(CHUNK)).expect("there is room");
            assert_eq!(aligned(start, usize::MAX, &mut writers).count_through(9), want);
        }
    }

    /// The position is the end of the file from the first write on.
    #[test]
    fn what_is_appended_is_aligned_too() {
        let (text, mut writers) = (text(2 * CHUNK), alone());
        let mut writer = aligned(0, usize::MAX, &mut writers);
        writer.writer.others = 100;
        writer.write_all(&text).expect("there is room");
        writer.write_all(&text).expect("there is room");
        assert_eq!(writer.writer.ends, [2 * CHUNK, 4 * CHUNK - 100]);
    }

    #[test]
    fn more_parts_than_one_write_takes_are_all_written() {
        let text = text(PARTS_MAX * 200);
        let mut parts: Vec<IoSlice<'_>> = text.chunks(100).map(IoSlice::new).collect();
        let mut writers = alone();
        let mut writer = aligned(0, usize::MAX, &mut writers);
        write_parts(&mut writer, &mut parts).expect("there is room");
        writer.flush().expect("there is room");
        assert!(writer.writer.written == text);
    }

    #[test]
    fn nothing_is_written_twice_after_an_error() {
        let text = text(4 * CHUNK);
        for room in [10, CHUNK, 2 * CHUNK + 9] {
            let mut writers = alone();
            let mut writer = aligned(0, room, &mut writers);
            writer.write_all(&text[..CHUNK - 1]).expect("it is held back");
            let error = writer.write_all(&text[CHUNK - 1..]).expect_err("no room");
            assert_eq!(error.kind(), ErrorKind::StorageFull);
            writer.flush().expect("nothing is left");
            assert!(writer.writer.written == text[..room]);
        }
    }
}
