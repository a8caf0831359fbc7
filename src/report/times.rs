//! Which lines of an input are asked for their time, so that a jump of the clock is seen between
//! codes too, at little cost.
//!
//! Owns how often a line is asked, and which line's time a code has; where a block ends makes no
//! difference. Knows nothing of what a time means.

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
/// the clock goes back and catches up within so many bytes, about eighty lines.
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

#[cfg(test)]
mod tests {
    use super::super::axis::Axis;
    use super::super::batch::Found;
    use super::super::clock::Scale;
    use super::*;
    use crate::catalog::{Code, Severity};

    const CODE: Found = Found { code: Code::new(871_300), severity: Severity::Error, index: 0 };

    /// What the timeline shows of a log in blocks of so many lines, with a code in each line that
    /// has a `!`.
    fn timeline(log: &str, block_lines: usize) -> Timeline {
        let (mut times, mut timeline, mut number) = (Times::default(), Timeline::default(), 0);
        let lines: Vec<&str> = log.split_inclusive('\n').collect();
        for bytes in lines.chunks(block_lines).map(<[&str]>::concat) {
            let block = Block::lines(bytes.as_bytes());
            let mut start = 0;
            for line in bytes.split_inclusive('\n') {
                number += 1;
                let range = start..start + line.len();
                start = range.end;
                if line.contains('!') {
                    let header = Header::parse_time(line.as_bytes());
                    let when = times.of_code(block, &range, header, &mut timeline);
                    timeline.add(CODE, number, when);
                }
            }
            times.end_block(block, &mut timeline);
        }
        times.end_input(&mut timeline);
        timeline.end_input(number, &None);
        timeline
    }

    fn line(seconds: u64, text: &str) -> String {
        let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("03-17 {clock}.000  1702  2395 D Chat    : {text}\n")
    }

    #[test]
    fn a_jump_is_seen_between_two_codes() {
        // Of `count` lines, the first one and the last one have a code; from the middle on, the
        // clock is back for `back` lines.
        let log = |count: u64, back: u64| -> String {
            let is_back = |at: u64| (count.div_ceil(2)..count.div_ceil(2) + back).contains(&at);
            let clock = |at: u64| if is_back(at) { 100 } else { 36_000 } + at;
            let code = |at: u64| if at == 1 || at == count { "!" } else { "" };
            (1..=count).map(|at| line(clock(at), code(at))).collect()
        };
        let few = STRIDE_BYTES / line(0, "").len() as u64 + 1;
        for (count, back) in [(3, 1), (100, 1), (20_000, few), (20_000, 5_000)] {
            for block_lines in [1, 3, 100, 100_000] {
                let chart = timeline(&log(count, back), block_lines).chart();
                assert_eq!(chart.parts.len(), 2, "{count} {back} {block_lines}");
            }
        }
    }

    #[test]
    fn where_a_block_ends_makes_no_difference() {
        let trace = "\tat a.b(C.java:7)\n".repeat(30);
        let mut state = 1_u64;
        let mut below = |end: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % end
        };
        for _ in 0..20 {
            let mut log = String::new();
            for _ in 0..3_000 {
                let text = ["x", "x", "x", "!"][below(4) as usize];
                match below(30) {
                    0 => log += &trace,
                    1 => log += "cause !\n",
                    2 => log += &line(below(80_000), text),
                    _ => log += &line(40_000, text),
                }
            }
            let shown = |block_lines: usize| {
                let timeline = timeline(&log, block_lines);
                format!("{:?} {:?}", timeline.chart(), timeline.begin_and_end())
            };
            let whole = shown(100_000);
            for block_lines in [1, 2, 17, 1_000] {
                assert!(shown(block_lines) == whole, "{block_lines}");
            }
        }
    }

    #[test]
    fn a_code_without_a_time_has_that_of_the_line_before_it() {
        let trace = "\tat a.b.c(D.java:7)\n";
        let before: String = (0..2_000).map(|at| line(36_000 + at, "connected")).collect();
        let log = [&before, &line(50_000, "!"), &line(60_000, "failed"), trace, "cause !\n"];
        let far = [&log.concat()[..], &trace.repeat(2_000), "cause !\n"].concat();
        for block_lines in [1, 7, 1_000, 100_000] {
            let chart = timeline(&log.concat(), block_lines).chart();
            let last = chart.parts[0].buckets.last().expect("there are buckets");
            assert_eq!(last.1.total(), 1, "{block_lines} {chart:?}");
            let chart = timeline(&far, block_lines).chart();
            assert!(matches!(chart.axis, Axis::Lines(_)), "{chart:?}");
        }
    }

    #[test]
    fn a_time_in_a_message_is_no_header_where_headers_are_lines_of_their_own() {
        let record = |clock: &str, body: &str| {
            format!("[ 03-17 {clock}.000  1702: 2395 D/Chat ]\n{body}\n\n")
        };
        let log = [
            record("10:00:00", "hello"),
            record("10:30:00", "03-17 09:00:00.000 !\n2024-03-17 09:00:00 x\n01-01 08:00:00 y"),
            record("11:00:00", "!\n03-17 08:00:00 x\n03-17 23:00:00.000 y"),
        ];
        for block_lines in [1, 2, 3, 100] {
            let timeline = timeline(&log.concat(), block_lines);
            let want = ["03-17 10:00:00.000", "03-17 11:00:00.000"].map(str::as_bytes);
            let ends = timeline.begin_and_end().expect("it has times");
            assert_eq!(ends.map(|(text, _)| text), want, "{block_lines}");
        }
    }

    #[test]
    fn after_the_last_record_of_its_own_lines_a_time_is_a_header_again() {
        let log = |count: u64| -> String {
            let lines = (0..count).map(|at| {
                let clock = format!("{:02}:{:02}:{:02}", at / 3600, at / 60 % 60, at % 60);
                format!("2026-03-17T{clock}Z ERROR !\n")
            });
            let record = "[ 03-17 10:00:00.000  1:  2 D/x ]\nhi\n\n";
            std::iter::once(record.to_owned()).chain(lines).collect()
        };
        for (count, block_lines) in [(30, 1), (30, 7), (30, 100), (5_000, 100), (5_000, 10_000)] {
            let chart = timeline(&log(count), block_lines).chart();
            assert_eq!(chart.unplaced, 0, "{count} {block_lines}");
            assert!(matches!(chart.axis, Axis::Time(Scale::Zoned, _)), "{:?}", chart.axis);
        }
    }

    #[test]
    fn stamps_around_records_are_no_headers_but_their_lines_have_the_time_of_the_record() {
        let record = |minute: u64| {
            let stamp = format!("2026-11-26T22:{minute:02}:00.0000000Z");
            let header = format!("[ 03-17 16:{minute:02}:00.000  1702: 2395 D/JMessage ]");
            format!("{stamp} {header}\n{stamp} !\n{stamp} \n")
        };
        let log: String = (0..40).map(record).collect();
        for block_lines in [1, 2, 7, 200] {
            let timeline = timeline(&log, block_lines);
            let chart = timeline.chart();
            assert_eq!((chart.axis, chart.unplaced), (Axis::Time(Scale::Yearless, 0), 0));
            let ends = timeline.begin_and_end().expect("it has times");
            let want = ["03-17 16:00:00.000", "03-17 16:39:00.000"].map(str::as_bytes);
            assert_eq!(ends.map(|(text, _)| text), want, "{block_lines}");
        }
    }

    #[test]
    fn where_there_are_no_times_few_lines_are_asked() {
        let mut times = Times::default();
        let block = "code\n".repeat(20_000);
        for _ in 0..10 {
            times.end_block(Block::lines(block.as_bytes()), &mut Timeline::default());
        }
        assert_eq!(times.patience, PATIENCE.start);
    }
}
