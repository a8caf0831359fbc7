//! A reader of which the first bytes were read ahead, to see what they are. Does not know what they
//! mean.

use std::io::{self, Cursor, Read};

use jm_annotate::stream::read_once;

/// A reader of which the first bytes were read ahead.
pub(crate) struct Ahead<R> {
    pub(crate) bytes: Cursor<Vec<u8>>,
    pub(crate) reader: R,
    then: Then,
    /// How much the next read of the reader asks for, at most.
    next_bytes_max: usize,
}

/// What comes after the bytes that were read ahead.
enum Then {
    /// What the reader still has.
    Rest,
    /// The end. A terminal is not asked for it again, nor is a FIFO, which may have another writer.
    End,
    /// A read has failed.
    Failure(io::Error),
}

impl<R: Read> Ahead<R> {
    /// Reads at most `bytes_max` bytes, until they are enough or there are no more. If it gets
    /// `bytes_max`, the next read asks for at most as many again. Reads of twice that size, which
    /// are those of a stream, then begin at multiples of their size in a file, where its larger
    /// pages may begin.
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
        let next_bytes_max = if filled == bytes_max { bytes_max } else { usize::MAX };
        Ok(Ahead { bytes: Cursor::new(bytes), reader, then, next_bytes_max })
    }

    /// The same, unless a read failed after the bytes that were read ahead.
    ///
    /// # Errors
    /// The reader's.
    pub(crate) fn or_failure(self) -> io::Result<Self> {
        match self.then {
            Then::Failure(error) => Err(error),
            then => Ok(Ahead { then, ..self }),
        }
    }

    /// The bytes that were read ahead. They are kept until something after them is read.
    pub(crate) fn first_bytes(&self) -> &[u8] {
        self.bytes.get_ref()
    }
}

impl<R: Read> Read for Ahead<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        match (self.bytes.read(space)?, &self.then) {
            (0, Then::Rest) if !space.is_empty() => {
                self.bytes = Cursor::default();
                let bytes_max = std::mem::replace(&mut self.next_bytes_max, usize::MAX);
                let bytes_max = space.len().min(bytes_max);
                let read = self.reader.read(&mut space[..bytes_max])?;
                if read == 0 {
                    self.then = Then::End;
                }
                Ok(read)
            }
            (0, Then::Failure(_)) => match std::mem::replace(&mut self.then, Then::End) {
                Then::Failure(error) => Err(error),
                Then::Rest | Then::End => Ok(0),
            },
            (count, _) => Ok(count),
        }
    }
}
