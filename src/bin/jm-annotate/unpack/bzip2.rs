//! bzip2.

use std::io;

use bzip2::{Decompress, Error, Status};

use super::{Failure, Format, Progress, Step, corrupt};
use crate::container::Packed;

/// bzip2.
pub(crate) struct Bzip2(Decompress);

impl Bzip2 {
    pub(crate) fn new() -> Self {
        let is_small = false;
        Bzip2(Decompress::new(is_small))
    }
}

impl Format for Bzip2 {
    const NAME: &'static str = "bzip2";
    const PACKED: Option<Packed> = Some(Packed::Bzip2);

    fn begin_part(&mut self) -> io::Result<()> {
        *self = Bzip2::new();
        Ok(())
    }

    fn unpack(&mut self, packed: &[u8], space: &mut [u8]) -> Result<Step, Failure> {
        let (used, written) = (self.0.total_in(), self.0.total_out());
        let result = self.0.decompress(packed, space);
        let used = (self.0.total_in() - used) as usize;
        let written = (self.0.total_out() - written) as usize;
        let what = match result {
            Ok(Status::StreamEnd) => return Ok(Step { used, written, progress: Progress::Ended }),
            Ok(Status::MemNeeded) => "there is not enough memory",
            Ok(_) => return Ok(Step { used, written, progress: Progress::Continues }),
            Err(Error::DataMagic) => "invalid header",
            Err(_) => "invalid data",
        };
        Err(Failure { written, what: corrupt(Self::NAME, what) })
    }
}
