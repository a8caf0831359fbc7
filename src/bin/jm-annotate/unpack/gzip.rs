//! gzip (RFC 1952), and the deflate data in it (RFC 1951).

use std::io;

use flate2::{Decompress, FlushDecompress, Status};

use super::{Failure, Format, Progress, Step, corrupt};
use crate::container::Packed;

/// gzip.
pub(crate) struct Gzip(Decompress);

/// Deflate data without a header, as in a zip.
pub(crate) struct Deflate(Decompress);

/// The logarithm of the largest window that gzip has.
const GZIP_WINDOW_BITS: u8 = 15;

impl Gzip {
    pub(crate) fn new() -> Self {
        Gzip(Decompress::new_gzip(GZIP_WINDOW_BITS))
    }
}

impl Format for Gzip {
    const NAME: &'static str = "gzip";
    const PACKED: Option<Packed> = Some(Packed::Gzip);
    /// Tapes and some downloads fill their last block with zeros, and the gzip tool accepts them.
    const PADDING: Option<u8> = Some(0);

    fn begin_part(&mut self) -> io::Result<()> {
        self.0 = Decompress::new_gzip(GZIP_WINDOW_BITS);
        Ok(())
    }

    fn unpack(&mut self, packed: &[u8], space: &mut [u8]) -> Result<Step, Failure> {
        inflate(&mut self.0, packed, space, Self::NAME)
    }
}

impl Deflate {
    pub(crate) fn new() -> Self {
        Deflate(Decompress::new(false))
    }
}

impl Format for Deflate {
    const NAME: &'static str = "deflate";
    const PACKED: Option<Packed> = None;

    fn begin_part(&mut self) -> io::Result<()> {
        self.0.reset(false);
        Ok(())
    }

    fn unpack(&mut self, packed: &[u8], space: &mut [u8]) -> Result<Step, Failure> {
        inflate(&mut self.0, packed, space, Self::NAME)
    }
}

/// What zlib-rs says of damaged data instead of the reason, where its fast loop has found it.
const BAD_STATE: &str = "repeated call with bad state";

fn inflate(
    decoder: &mut Decompress,
    packed: &[u8],
    space: &mut [u8],
    name: &str,
) -> Result<Step, Failure> {
    let (used, written) = (decoder.total_in(), decoder.total_out());
    let result = decoder.decompress(packed, space, FlushDecompress::None);
    let used = (decoder.total_in() - used) as usize;
    let written = (decoder.total_out() - written) as usize;
    let progress = match result {
        Ok(Status::StreamEnd) => Progress::Ended,
        Ok(Status::Ok | Status::BufError) => Progress::Continues,
        Err(error) => {
            let reason = error.message().filter(|reason| *reason != BAD_STATE);
            let what = corrupt(name, reason.unwrap_or("invalid data"));
            return Err(Failure { written, what });
        }
    };
    Ok(Step { used, written, progress })
}
