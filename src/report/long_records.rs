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

/// How many times in other lines show that the input goes on in another format.
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

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: Option<&[u8]> = Some(b"10:00:00");

    /// What is allowed in the next line and in a line before, for a stamp and for logcat.
    fn allowed(records: &mut LongRecords) -> [[bool; 2]; 2] {
        [Format::Stamp, Format::Threadtime]
            .map(|format| [records.allows(format), records.allows_before(format)])
    }

    #[test]
    fn only_a_record_of_its_own_lines_makes_a_stamp_a_part_of_a_message() {
        let mut records = LongRecords::default();
        records.see(Format::Stamp, TIME);
        assert_eq!(allowed(&mut records), [[true; 2], [true; 2]]);
        records.see(Format::Long, TIME);
        records.see_blank(b"text\n");
        assert_eq!(allowed(&mut records), [[false; 2], [true; 2]]);
        records.see_blank(b" \r\n");
        records.see_blank(b"text\n");
        assert_eq!(allowed(&mut records), [[true, false], [true; 2]]);
        records.skip();
        assert_eq!(allowed(&mut records), [[false; 2], [true; 2]]);
    }

    #[test]
    fn a_record_that_begins_before_counts_too() {
        let mut records = LongRecords::default();
        assert!(records.allows_before(Format::Stamp) && records.allows_before(Format::Long));
        assert_eq!(allowed(&mut records), [[false; 2], [true; 2]]);
    }

    #[test]
    fn after_many_stamps_in_a_row_there_are_no_records_until_the_next_one() {
        let mut records = LongRecords::default();
        for _ in 0..2 {
            records.see(Format::Long, TIME);
            for _ in 0..STRAYS_MAX {
                records.see(Format::Stamp, TIME);
                records.see(Format::Stamp, None);
                records.see(Format::Threadtime, TIME);
                assert!(!records.allows(Format::Stamp));
            }
            records.see(Format::Stamp, TIME);
            assert_eq!(allowed(&mut records), [[true; 2], [true; 2]]);
        }
    }
}
