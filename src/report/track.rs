//! A time that is followed through a log: where it jumps, and what was found between the jumps.
//!
//! Owns what a jump is. Several inputs may cover the same time, and lines of several threads are a
//! little out of order. Knows nothing about lines.

use super::clock::{DAY, HOUR, MINUTE, Moment, Scale};
use super::histogram::{Histogram, Widths};
use crate::catalog::{Code, Severity};

/// A scale with the times that were seen on it.
#[derive(Debug)]
pub(super) struct Track {
    pub(super) scale: Scale,
    /// Of the first time.
    pub(super) zone: i64,
    pub(super) parts: Vec<Part>,
    /// The last moment of the current input, and its part.
    pub(super) last: Option<(i64, usize)>,
    /// Periods of the scale that have passed: a New Year, a midnight.
    periods: i64,
    /// Whether there were more parts than are kept.
    pub(super) is_torn: bool,
    /// How many codes are on it.
    pub(super) codes: u64,
}

/// A stretch of time without a jump.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) jump: Option<Jump>,
    pub(super) first: i64,
    pub(super) last: i64,
    /// The first time and the last one, as they are in the log.
    pub(super) first_text: Vec<u8>,
    pub(super) last_text: Vec<u8>,
    pub(super) histogram: Histogram,
}

/// Why a part of the time begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Jump {
    /// The clock went back.
    Back,
    /// The device was booted again.
    Boot,
    /// The clock had not been set, and was.
    Set,
}

/// The most parts of a time. What jumps more often is drawn over lines.
const PARTS_MAX: usize = 16;
/// Lines of several threads or buffers may be out of order by so much, in milliseconds.
const DISORDER_MAX: i64 = MINUTE;
/// The same for the time since the boot, which is never set.
const BOOT_DISORDER_MAX: i64 = 10_000;
/// Until the last moment of the first days of a year, a clock may not have been set.
const UNSET_DAYS: i64 = 2;
/// So much later it was, in milliseconds.
const SET_MIN: i64 = 7 * DAY;
/// The most bytes of a time that are kept: more than any that [`Moment::parse`] reads.
const TEXT_BYTES_MAX: usize = 48;

impl Track {
    pub(super) fn new(moment: Moment) -> Self {
        Track {
            scale: moment.scale,
            zone: moment.zone,
            parts: Vec::new(),
            last: None,
            periods: 0,
            is_torn: false,
            codes: 0,
        }
    }

    pub(super) fn see(&mut self, millis: i64, time: &[u8]) {
        let at = self.unrolled(millis);
        let part = self.part_of(at);
        self.parts[part].see(at, time);
        self.last = Some((at, part));
    }

    pub(super) fn add(&mut self, code: Code, severity: Severity) {
        if let Some((at, part)) = self.last {
            self.parts[part].histogram.add(at, code, severity);
            self.codes += 1;
        }
    }

    /// A moment after all periods that have passed: 01-01 after 12-31 is the next year.
    fn unrolled(&mut self, millis: i64) -> i64 {
        let Some(period) = self.scale.period() else { return millis };
        let near = if period > DAY { 14 * DAY } else { HOUR };
        let reference = match (self.last, self.parts.last()) {
            (Some((last, _)), _) => last,
            (None, Some(part)) => part.last,
            (None, None) => return millis,
        };
        let is_near = |periods: &i64| (millis + periods * period - reference).abs() <= near;
        let around = [self.periods, self.periods + 1, self.periods - 1];
        self.periods = around.into_iter().find(is_near).unwrap_or(self.periods);
        millis + self.periods * period
    }

    /// The part that a moment belongs to: a new one after a jump. An input may cover the same time
    /// as another one, so its first moment belongs to the nearest part.
    fn part_of(&mut self, at: i64) -> usize {
        let distance = |part: &Part| (part.first - at).max(at - part.last).max(0);
        let nearest = (0..self.parts.len()).rev().min_by_key(|index| distance(&self.parts[*index]));
        let jump = match (self.last, nearest) {
            (None, Some(nearest)) => return nearest,
            (None, None) => None,
            (Some((last, part)), _) => match self.jump(last, at) {
                None => return part,
                jump => jump,
            },
        };
        if self.parts.len() == PARTS_MAX {
            self.is_torn = true;
            return PARTS_MAX - 1;
        }
        self.parts.push(Part::new(jump, at));
        self.parts.len() - 1
    }

    fn jump(&self, last: i64, at: i64) -> Option<Jump> {
        let is_unset = || {
            let date = self.scale.month_and_day(last);
            date.is_some_and(|(month, day)| month == 1 && day <= UNSET_DAYS)
        };
        match self.scale {
            Scale::Boot => (at < last - BOOT_DISORDER_MAX).then_some(Jump::Boot),
            _ if at < last - DISORDER_MAX => Some(Jump::Back),
            _ if at > last + SET_MIN && is_unset() => Some(Jump::Set),
            _ => None,
        }
    }
}

impl Part {
    fn new(jump: Option<Jump>, at: i64) -> Self {
        let histogram = Histogram::new(Widths::Millis);
        let (first_text, last_text) = Default::default();
        Part { jump, first: at, last: at, first_text, last_text, histogram }
    }

    fn see(&mut self, at: i64, time: &[u8]) {
        let time = &time[..time.len().min(TEXT_BYTES_MAX)];
        if at < self.first || self.first_text.is_empty() {
            self.first = at;
            self.first_text = time.to_vec();
        }
        if at >= self.last {
            self.last = at;
            self.last_text.clear();
            self.last_text.extend_from_slice(time);
        }
    }
}
