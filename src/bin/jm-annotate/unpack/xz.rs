//! xz, with a limit on the memory that its data may need.

use std::io;

use liblzma::stream::{Action, Error, Status, Stream};

use super::{Failure, Format, Progress, Step, corrupt};
use crate::container::Packed;

/// xz.
pub(crate) struct Xz(Stream);

/// The most memory of a decoder, in bytes: the largest dictionary of the xz tool's own levels has
/// 64 MiB; this leaves room for 128 MiB, the window that zstd may have.
const MEMORY_BYTES_MAX: u64 = 129 * MIB;
const MIB: u64 = 1 << 20;

impl Xz {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Xz(Stream::new_stream_decoder(MEMORY_BYTES_MAX, 0)?))
    }
}

impl Format for Xz {
    const NAME: &'static str = "xz";
    const PACKED: Option<Packed> = Some(Packed::Xz);
    /// Stream padding, which is part of the format.
    const PADDING: Option<u8> = Some(0);

    fn begin_part(&mut self) -> io::Result<()> {
        *self = Xz::new()?;
        Ok(())
    }

    fn unpack(&mut self, packed: &[u8], space: &mut [u8]) -> Result<Step, Failure> {
        let (used, written) = (self.0.total_in(), self.0.total_out());
        let result = self.0.process(packed, space, Action::Run);
        let used = (self.0.total_in() - used) as usize;
        let written = (self.0.total_out() - written) as usize;
        match result {
            Ok(Status::StreamEnd) => Ok(Step { used, written, progress: Progress::Ended }),
            Ok(_) => Ok(Step { used, written, progress: Progress::Continues }),
            Err(error) => Err(Failure { written, what: why(error) }),
        }
    }
}

fn why(error: Error) -> String {
    let what = match error {
        Error::MemLimit => {
            let limit = MEMORY_BYTES_MAX / MIB;
            return format!(
                "the xz data needs more than {limit} MiB of memory; unpack it with `xz -dc`"
            );
        }
        Error::Mem => return "there is not enough memory to unpack the xz data".to_owned(),
        Error::Options => return "the xz data has unsupported options".to_owned(),
        Error::Data => "invalid data",
        Error::Format => "invalid header",
        _ => "the decoder failed",
    };
    corrupt(Xz::NAME, what)
}
