//! The fields of a record: numbers, lengths, and what is skipped.

use std::io::{self, BufRead};

use crate::unpack::fill;

/// Numbers, the lowest byte first, and other fields of a record.
pub(super) trait Fields: BufRead {
    fn u16(&mut self) -> io::Result<u16> {
        let mut bytes = [0; 2];
        self.read_exact(&mut bytes)?;
        Ok(u16::from_le_bytes(bytes))
    }

    fn u32(&mut self) -> io::Result<u32> {
        let mut bytes = [0; 4];
        self.read_exact(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn u64(&mut self) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.read_exact(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn field(&mut self, count: u16) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; count.into()];
        self.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn skip(&mut self, count: u64) -> io::Result<()> {
        let mut left = count;
        while left > 0 {
            let length = fill(self)?.len() as u64;
            if length == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let skipped = length.min(left);
            self.consume(skipped as usize);
            left -= skipped;
        }
        Ok(())
    }
}

impl<R: BufRead + ?Sized> Fields for R {}
