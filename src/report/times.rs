//! Which lines of an input are asked for their time, so that a jump of the clock is seen between
//! codes too, at little cost.
//!
//! Owns how often a line is asked, and which line's time a code has; where a block ends makes no
//! difference. Knows nothing of what a time means.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::long_records::LongRecords;
use super::timeline::{Timeline, When};
use crate::annotate::{Block, Start};
use crate::context::header::{Format, Header};

/// The walk over the lines of an input. Positions are in bytes of the input.
#[derive(Debug)]
pub(super) struct Times {
    /// Where the block begins.
    offset: u64,
    /// The next line from here on is asked.
    next: u64,
    /// How many lines without a time were asked since then.
    asked: usize,
    /// Where the last line with a time ends, if all lines between it and `searched` were asked.
    last: Option<u64>,
    searched: u64,
    /// Its time, if it was in an earlier block and the timeline does not need it so far.
    unseen: Option<Vec<u8>>,
    /// How many lines without a time are asked, backward from a code or the end of a block.
    patience: usize,
    /// Whether a time is that of a header.
    long: LongRecords,
}

/// So many bytes of an input have each of their lines asked.
const DENSE_BYTES: u64 = 64 * 1024;
/// After them, a line is asked this many bytes after the one before it. A jump is missed only if
/// the clock goes back and catches up within that distance, about eighty lines.
const STRIDE_BYTES: u64 = 8 * 1024;
/// If it has no time, this many lines are asked at most.
const SAMPLE_LINES: usize = 4;
/// A line without a time has that of a line before it if it is so near, in bytes: a stack trace.
const NEAR_BYTES: u64 = 16 * 1024;
/// How many lines without a time are asked backward, where times are rare and where they are not:
/// a stack trace is long.
const PATIENCE: Range<usize> = 4..256;

impl Default for Times {
    fn default() -> Self {
        Times {
            offset: 0,
            next: 0,
            asked: 0,
            last: None,
            searched: 0,
            unseen: None,
            patience: PATIENCE.end,
            long: LongRecords::default(),
        }
    }
}

impl Times {
    /// The time of a line with a code, given what its header says. Shows the timeline the lines
    /// before it; calls must be in order.
    pub(super) fn of_code(
        &mut self,
        block: Block<'_>,
        line: &Range<usize>,
        (format, time): (Format, Option<&[u8]>),
        timeline: &mut Timeline,
    ) -> When {
        if block.start == Start::Line {
            self.sample(block.bytes, line.start, timeline);
        }
        let end = self.offset + line.end as u64;
        self.long.see(format, time);
        let header = time.filter(|_| self.long.allows(format));
        let is_in_record = time.is_some() && header.is_none();
        match header {
            Some(time) if timeline.see(time) => {
                self.found(end);
                When::Own
            }
            Some(_) => When::Unknown,
            None => {
                if let Some(time) = self.search_back(block.bytes, line.start) {
                    timeline.see(time);
                }
                self.searched = self.searched.max(end);
                if self.last.is_none() {
                    return When::Unknown;
                }
                if let Some(time) = self.unseen.take() {
                    timeline.see(&time);
                }
                if is_in_record { When::Record } else { When::Near }
            }
        }
    }

    /// Shows the timeline lines up to the end of the block.
    pub(super) fn end_block(&mut self, block: Block<'_>, timeline: &mut Timeline) {
        let bytes = block.bytes;
        let end = self.offset + bytes.len() as u64;
        if block.start == Start::Piece {
            self.next = self.next.max(end);
        } else {
            self.sample(bytes, bytes.len(), timeline);
            if !block.is_cut()
                && self.searched < end
                && let Some(time) = self.search_back(bytes, bytes.len())
            {
                self.unseen = Some(time.to_vec());
            }
        }
        self.searched = end;
        self.offset = end;
    }

    /// Shows the timeline the last line.
    pub(super) fn end_input(self, timeline: &mut Timeline) {
        if let Some(time) = self.unseen {
            timeline.see(&time);
        }
    }

    /// Asks the lines that it is time for, up to one that begins at `end`.
    fn sample(&mut self, bytes: &[u8], end: usize, timeline: &mut Timeline) {
        while self.next < self.offset + end as u64 {
            let at = self.next.saturating_sub(self.offset) as usize;
            let line = match at {
                0 => 0,
                _ => memchr::memchr(b'\n', &bytes[at - 1..end]).map_or(end, |found| at + found),
            };
            if line == end {
                self.next = self.offset + end as u64;
                return;
            }
            let next = line_end(bytes, line, end);
            let position = self.offset + next as u64;
            let (format, time) = Header::parse_time(&bytes[line..next]);
            self.long.see(format, time);
            self.long.see_blank(&bytes[line..next]);
            let time = time.filter(|_| self.long.allows(format));
            if time.is_some_and(|time| timeline.see(time)) {
                self.found(position);
                continue;
            }
            self.asked += 1;
            self.next = position;
            if position < DENSE_BYTES {
                self.searched = self.searched.max(position);
            } else if self.asked >= SAMPLE_LINES {
                self.asked = 0;
                self.next += STRIDE_BYTES;
                self.long.skip();
            }
        }
    }

    /// Asks the lines before `end` that were not asked yet, the nearest first, until one has a
    /// time, which is returned. There is none if the last line with a time is known and near.
    fn search_back<'b>(&mut self, bytes: &'b [u8], end: usize) -> Option<&'b [u8]> {
        let reach = end.saturating_sub(NEAR_BYTES as usize);
        let asked = self.searched.saturating_sub(self.offset) as usize;
        let (mut line, mut left) = (end, self.patience);
        self.searched = self.searched.max(self.offset + end as u64);
        while line > asked.max(reach) && left > 0 {
            let next = line_start(bytes, line);
            let (format, time) = Header::parse_time(&bytes[next..line]);
            let time = time.filter(|_| self.long.allows_before(format));
            if time.is_some_and(Timeline::is_time) {
                self.last = Some(self.offset + line as u64);
                self.unseen = None;
                self.patience = PATIENCE.end;
                return time;
            }
            line = next;
            left -= 1;
        }
        if left == 0 || line <= reach {
            self.patience = (self.patience / 2).max(PATIENCE.start);
        }
        let is_near = |last: &u64| last + NEAR_BYTES >= self.offset + end as u64;
        self.last = self.last.filter(|last| line <= asked && is_near(last));
        None
    }

    /// A line that ends at `end` has a time, and the timeline shows it.
    fn found(&mut self, end: u64) {
        self.last = Some(end);
        self.searched = end;
        self.unseen = None;
        self.asked = 0;
        self.patience = PATIENCE.end;
        let stride = if end < DENSE_BYTES { 0 } else { STRIDE_BYTES };
        self.next = self.next.max(end + stride);
        if stride > 0 {
            self.long.skip();
        }
    }
}

/// The end of the line at `start`, with its line end.
fn line_end(bytes: &[u8], start: usize, end: usize) -> usize {
    memchr::memchr(b'\n', &bytes[start..end]).map_or(end, |found| start + found + 1)
}

/// The start of the line that ends at `end`, with its line end.
fn line_start(bytes: &[u8], end: usize) -> usize {
    memchr::memrchr(b'\n', &bytes[..end - 1]).map_or(0, |found| found + 1)
}
