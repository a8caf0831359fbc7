//! The first Ctrl-C ends the inputs instead of the program, if something is to be written at the
//! end.
//!
//! Owns the signals, and the opening and reading of inputs that a signal may end: from then on, a
//! read fails with [`Stopped`]. Knows nothing about formats, or about what is written.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read};

#[cfg(unix)]
#[path = "unix.rs"]
mod system;
#[cfg(windows)]
#[path = "windows.rs"]
mod system;

use jm_annotate::stream::LINE_BYTES_MAX;
#[cfg(unix)]
use jm_annotate::stream::Readiness;
pub(crate) use system::{came, end_as_if_by_signal, install, open, open_report};

/// Why a read fails after a signal. The input has not ended, so what was read of it may be half a
/// line or half an archive.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopped(pub(crate) Missing);

/// What a signal has left of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Missing {
    /// Nothing: a pipe ends where the signal comes.
    Nothing,
    /// The end of packed data, which is not there yet.
    End,
    /// What was there: a file does not end where the signal comes.
    Rest,
}

/// A file that is read until it ends or a signal comes, even if it is in non-blocking mode.
pub(crate) struct Interruptible {
    file: Source,
    kind: Kind,
    /// Whether it is a regular file that may wait for news like a pipe, as some of `/proc` do: such
    /// files have no length.
    #[cfg(unix)]
    may_wait: bool,
    /// After a signal: how many bytes are still read.
    left: Option<u64>,
}

#[cfg(unix)]
type Source = jm_annotate::stream::Blocking<File>;
#[cfg(windows)]
type Source = crate::console::Source;

/// How an input ends after a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A regular file, at the end of the current line.
    Regular,
    /// A pipe, terminal, or device, after the bytes that it held at the signal; if these unpack to
    /// very much, at the end of a line in it.
    Live,
}

/// How much of a regular file is read after a signal, in bytes: more than a block of text and the
/// rest of its last line take in any encoding, packed or not (bzip2 packs up to 900 kB at once).
/// The signal may come while the block is read. Data without text, such as padding, is read no
/// further.
const REGULAR_BYTES: u64 = 128 * LINE_BYTES_MAX as u64;

/// The most bytes that a pipe holds: `CreatePipe` takes 4 KiB, adb and shells at most this.
#[cfg(not(unix))]
const PIPE_BYTES_MAX: u64 = 64 * 1024;

/// How much text is read of a live input after a signal, in bytes, before the end of a line ends
/// it: more than a log unpacks to from what a pipe and our buffer hold. What repeats itself without
/// end, as `yes | zstd`, would unpack to gigabytes.
const LIVE_TEXT_BYTES: usize = 16 * 1024 * 1024;

/// A part of a regular file, such as a file in an archive, that is read until it ends or a signal
/// comes.
pub(crate) struct Part<R> {
    reader: R,
    /// After a signal: how many bytes are still read.
    left: Option<u64>,
}

/// A reader of text from an input of some kind. After a signal, the text ends at a line end. This
/// is above the decoders: in packed data, a byte only looks like a line end.
pub(crate) struct Text<R> {
    pub(crate) reader: R,
    /// The last byte that was read.
    last_byte: Option<u8>,
    /// How many bytes are read after a signal before the end of a line ends the text.
    text_left: usize,
    /// How many bytes of that line are still read.
    line_left: usize,
    /// Whether more than that line was read: then the text has not ended with it.
    has_more: bool,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a signal has ended the wait")
    }
}

impl std::error::Error for Stopped {}

impl Stopped {
    /// The error of an input of which nothing more was there.
    pub(crate) fn error() -> io::Error {
        io::Error::other(Stopped(Missing::Nothing))
    }

    /// The error of an input of which more was there.
    fn cut() -> io::Error {
        io::Error::other(Stopped(Missing::Rest))
    }

    /// Why a read failed, if it is this.
    pub(crate) fn of(error: &io::Error) -> Option<Stopped> {
        error.get_ref()?.downcast_ref().copied()
    }

    /// An error of a read within packed data: after a signal, at least its end is missing.
    pub(crate) fn in_packed(error: io::Error) -> io::Error {
        match Stopped::of(&error) {
            Some(Stopped(missing)) => io::Error::other(Stopped(missing.max(Missing::End))),
            None => error,
        }
    }
}

impl Interruptible {
    pub(crate) fn new(file: File) -> Self {
        let regular = metadata(&file).filter(Metadata::is_file);
        #[cfg(unix)]
        let may_wait = regular.as_ref().is_some_and(|found| found.len() == 0);
        let kind = if regular.is_some() { Kind::Regular } else { Kind::Live };
        #[cfg(unix)]
        let file = jm_annotate::stream::Blocking(file);
        #[cfg(windows)]
        let file = crate::console::Source::new(file);
        Interruptible {
            file,
            kind,
            #[cfg(unix)]
            may_wait,
            left: None,
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether all of it is there already.
    #[cfg(target_os = "linux")]
    pub(crate) fn is_whole_file(&self) -> bool {
        self.kind == Kind::Regular && !self.may_wait
    }

    pub(crate) fn file(&self) -> &File {
        #[cfg(unix)]
        return &self.file.0;
        #[cfg(windows)]
        return self.file.file();
    }

    /// Waits until there is something to read, or a signal has come.
    #[cfg(unix)]
    pub(crate) fn wait(&mut self) -> io::Result<Readiness> {
        if self.kind == Kind::Regular && !self.may_wait {
            if came() {
                self.left.get_or_insert(REGULAR_BYTES);
            }
            return Ok(Readiness::Readable);
        }
        let readiness = system::wait(&self.file.0)?;
        if readiness == Readiness::Ending && self.left.is_none() {
            self.left = Some(match self.kind {
                Kind::Regular => REGULAR_BYTES,
                Kind::Live => system::available(&self.file.0),
            });
        }
        Ok(readiness)
    }

    /// How much of a space of this size may be filled, in bytes: after a signal, no more than was
    /// there when it came and is still there.
    #[cfg(unix)]
    fn room(&mut self, size: usize) -> io::Result<usize> {
        self.wait()?;
        let Some(mut left) = self.left else { return Ok(size) };
        if self.kind == Kind::Live {
            left = left.min(system::available(&self.file.0));
        } else if self.may_wait && !system::is_readable(&self.file.0) {
            left = 0;
        }
        Ok(size.min(usize::try_from(left).unwrap_or(usize::MAX)))
    }

    /// The same where the system does not say how much is there: who writes it ends, too, and if
    /// not, a pipe has held no more than this.
    #[cfg(not(unix))]
    fn room(&mut self, size: usize) -> io::Result<usize> {
        if !came() {
            return Ok(size);
        }
        let most = if self.kind == Kind::Regular { REGULAR_BYTES } else { PIPE_BYTES_MAX };
        let left = *self.left.get_or_insert(most);
        Ok(size.min(usize::try_from(left).unwrap_or(usize::MAX)))
    }
}

impl Read for Interruptible {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let room = self.room(space.len())?;
        if room == 0 && self.left.is_some() {
            let is_cut = self.kind == Kind::Regular && self.left == Some(0);
            return Err(if is_cut { Stopped::cut() } else { Stopped::error() });
        }
        let read = self.file.read(&mut space[..room])?;
        if read == 0 && self.kind == Kind::Live && came() {
            return Err(Stopped::error()); // the same signal may have ended who wrote it
        }
        if let Some(left) = &mut self.left {
            *left -= read as u64;
        }
        Ok(read)
    }
}

impl<R> Part<R> {
    pub(crate) fn new(reader: R) -> Self {
        Part { reader, left: None }
    }

    /// How much of a space of this size may be filled, in bytes.
    fn room(&mut self, is_after_signal: bool, size: usize) -> io::Result<usize> {
        if !is_after_signal {
            return Ok(size);
        }
        match *self.left.get_or_insert(REGULAR_BYTES) {
            0 => Err(Stopped::cut()),
            left => Ok(size.min(usize::try_from(left).unwrap_or(usize::MAX))),
        }
    }
}

impl<R: Read> Read for Part<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let room = self.room(came(), space.len())?;
        let read = self.reader.read(&mut space[..room])?;
        if let Some(left) = &mut self.left {
            *left -= read as u64;
        }
        Ok(read)
    }
}

/// What the system says about an open file; `None` where it says nothing, as Windows does about
/// pipes and consoles.
pub(crate) fn metadata(file: &File) -> Option<Metadata> {
    file.metadata().ok()
}

impl Kind {
    /// How many bytes of text are read after a signal before the end of a line ends it.
    pub(crate) fn text_after_signal(self) -> usize {
        if self == Kind::Live { LIVE_TEXT_BYTES } else { 0 }
    }
}

impl<R> Text<R> {
    /// `text_left` is [`Kind::text_after_signal`], or what other texts of the same input have left
    /// of it.
    pub(crate) fn new(reader: R, text_left: usize) -> Self {
        Text { reader, text_left, line_left: LINE_BYTES_MAX, last_byte: None, has_more: false }
    }

    /// How many bytes are left for other texts.
    pub(crate) fn text_left(&self) -> usize {
        self.text_left
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        self.read_after(came(), space)
    }
}

impl<R: Read> Text<R> {
    /// Reads; `came` says whether a signal has come.
    fn read_after(&mut self, came: bool, space: &mut [u8]) -> io::Result<usize> {
        let is_ending = came && self.text_left == 0;
        if is_ending && (self.line_left == 0 || self.last_byte.is_none_or(|byte| byte == b'\n')) {
            // Only a read says whether more would have come.
            return match self.has_more || self.reader.read(&mut [0])? > 0 {
                true => Err(Stopped::cut()),
                false => Ok(0),
            };
        }
        let room = if came && !is_ending { space.len().min(self.text_left) } else { space.len() };
        let mut read = self.reader.read(&mut space[..room])?;
        if came && !is_ending {
            self.text_left -= read;
        } else if is_ending {
            let line_end = memchr::memchr(b'\n', &space[..read]).map_or(read, |at| at + 1);
            let taken = line_end.min(self.line_left);
            self.has_more = taken < read;
            self.line_left -= taken;
            read = taken;
        }
        if read > 0 {
            self.last_byte = Some(space[read - 1]);
        }
        Ok(read)
    }
}

#[cfg(target_os = "linux")]
impl std::os::fd::AsFd for Interruptible {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.file.0.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `trace_pipe`: what was there is read, and more comes only later.
    #[cfg(unix)] // such files
    #[test]
    fn a_file_that_waits_like_a_pipe_is_cut_only_by_the_limit() {
        for (left, is_cut) in [(REGULAR_BYTES, false), (0, true)] {
            let (reader, _writer) = io::pipe().expect("a pipe");
            let mut file = Interruptible::new(File::from(std::os::fd::OwnedFd::from(reader)));
            (file.kind, file.may_wait, file.left) = (Kind::Regular, true, Some(left));
            let error = file.read(&mut [0]).expect_err("nothing is there");
            let is_rest = |Stopped(missing)| missing == Missing::Rest;
            assert_eq!(Stopped::of(&error).map(is_rest), Some(is_cut));
        }
    }

    /// What the last read had after the line's end was in the input, too.
    #[test]
    fn a_text_is_cut_if_it_goes_on_after_the_line() {
        for (text, is_cut) in [("begun\n", false), ("begun\nmore", true), ("begun\n\n", true)] {
            for room in [6, 64] {
                let (mut reader, mut space) = (Text::new(text.as_bytes(), 0), [0; 64]);
                assert_eq!(reader.read_after(false, &mut space[..3]).expect("no signal"), 3);
                assert_eq!(reader.read_after(true, &mut space[..room]).expect("the line"), 3);
                match reader.read_after(true, &mut space) {
                    Ok(read) => assert_eq!((read, is_cut), (0, false), "{text:?}"),
                    Err(error) => {
                        let is_rest = |Stopped(missing)| missing == Missing::Rest;
                        assert_eq!(Stopped::of(&error).map(is_rest), Some(is_cut));
                    }
                }
            }
        }
    }

    #[test]
    fn little_of_a_part_is_read_after_a_signal() {
        const SIZE: u64 = 100_000;
        let mut part = Part::new(io::repeat(0));
        assert_eq!(part.room(false, usize::MAX).expect("no signal"), usize::MAX);
        let (mut read, mut space) = (0, vec![0; SIZE as usize]);
        while let Ok(room) = part.room(true, space.len()) {
            assert_eq!(room as u64, SIZE.min(REGULAR_BYTES - read));
            read += part.read(&mut space[..room]).expect("it has no end") as u64;
        }
        assert_eq!(read, REGULAR_BYTES);
        let error = part.room(true, 1).expect_err("nothing is left");
        assert!(matches!(Stopped::of(&error), Some(Stopped(Missing::Rest))));
    }
}
