//! Logcat's `long` format among other lines: whether a time is that of a header or is in a message.
//!
//! Owns where a record ends, and when an input goes on in another format. Knows nothing of times.

use crate::context::header::Format;

/// Whether headers are lines of their own, as in logcat's `long`: a time in another line is then
/// part of a message.
#[derive(Debug, Default)]
pub(super) struct LongRecords {
    /// Whether there was such a header, and the input did not go on in another format.
    is_seen: bool,
    /// Whether a blank line has ended the record.
    is_ended: bool,
    /// How many times in other lines were seen since then.
    strays: u32,
}

/// After so many times in other lines, the input goes on in another format.
const STRAYS_MAX: u32 = 32;

impl LongRecords {
    /// Sees what a line has for a header, in the order of the log.
    pub(super) fn see(&mut self, format: Format, time: Option<&[u8]>) {
        if format == Format::Long {
            *self = LongRecords { is_seen: true, ..LongRecords::default() };
        } else if time.is_some() && self.is_seen && !format.is_logcat() {
            self.strays += 1;
            self.is_seen = self.strays <= STRAYS_MAX;
        }
    }

    /// Whether a time is that of a header.
    pub(super) fn allows(&self, format: Format) -> bool {
        !self.is_seen || self.is_ended || format.is_logcat()
    }

    /// The same for a line before those that were seen.
    pub(super) fn allows_before(&mut self, format: Format) -> bool {
        self.is_seen |= format == Format::Long;
        !self.is_seen || format.is_logcat()
    }

    /// Sees a whole line. A blank one ends a record.
    pub(super) fn see_blank(&mut self, line: &[u8]) {
        self.is_ended |= line.trim_ascii().is_empty();
    }

    /// The next lines are not seen: a record may begin in them.
    pub(super) fn skip(&mut self) {
        self.is_ended = false;
    }
}
