//! A reader of which the first bytes were read ahead, to see what they are. Does not know what they
//! mean.

use std::io::{self, Cursor, Read};

use jm_annotate::stream::read_once;

/// A reader of which the first bytes were read ahead.
pub(crate) struct Ahead<R> {
    pub(crate) bytes: Cursor<Vec<u8>>,
    pub(crate) reader: R,
    then: Then,
}

/// What comes after the bytes that were read ahead.
enum Then {
    /// What the reader still has.
    Rest,
    /// The end: it was already found, and a terminal is not asked for it again.
    End,
    /// A read has failed.
    Failure(io::Error),
}

impl<R: Read> Ahead<R> {
    /// Reads at most `bytes_max` bytes, until there are enough, or no more.
    ///
    /// # Errors
    /// The reader's, if nothing was read before.
    pub(crate) fn read(
        mut reader: R,
        bytes_max: usize,
        is_enough: impl Fn(&[u8]) -> bool,
    ) -> io::Result<Self> {
        let mut bytes = vec![0; bytes_max];
        let (mut filled, mut then) = (0, Then::Rest);
        while filled < bytes_max && !is_enough(&bytes[..filled]) && matches!(then, Then::Rest) {
            match read_once(&mut reader, &mut bytes[filled..]) {
                Ok(0) => then = Then::End,
                Ok(read) => filled += read,
                Err(error) if filled == 0 => return Err(error),
                Err(error) => then = Then::Failure(error),
            }
        }
        bytes.truncate(filled);
        Ok(Ahead { bytes: Cursor::new(bytes), reader, then })
    }

    /// The bytes that were read ahead.
    pub(crate) fn first_bytes(&self) -> &[u8] {
        self.bytes.get_ref()
    }
}

impl<R: Read> Read for Ahead<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        match (self.bytes.read(space)?, &self.then) {
            (0, Then::Rest) => self.reader.read(space),
            (0, Then::Failure(_)) => match std::mem::replace(&mut self.then, Then::End) {
                Then::Failure(error) => Err(error),
                Then::Rest | Then::End => Ok(0),
            },
            (count, _) => Ok(count),
        }
    }
}
