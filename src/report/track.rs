//! A time that is followed through a log: where it jumps, and what was found between the jumps.
//!
//! Owns what a jump is. Several inputs may cover the same time, and lines of several threads are a
//! little out of order. Knows nothing about lines.

use super::clock::{DAY, HOUR, MINUTE, Moment, Scale};
use super::histogram::{Histogram, Widths};
use super::tally::InputName;

/// A scale with the times that were seen on it.
#[derive(Debug)]
pub(super) struct Track {
    pub(super) scale: Scale,
    /// Of the first time.
    pub(super) zone: i64,
    pub(super) parts: Vec<Part>,
    /// How many codes are on it, and how many times.
    pub(super) codes: u64,
    pub(super) seen: u64,
    /// Whether there were more parts than are kept.
    pub(super) is_torn: bool,
    /// The last time of the current input.
    last: Option<Edge>,
    /// The last time of the input before it.
    before: Option<Edge>,
    /// Periods of the scale that have passed: a New Year, a midnight.
    periods: i64,
}

/// A stretch of time without a jump.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) jump: Option<Jump>,
    /// The earliest time and the latest.
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) histogram: Histogram,
    /// The input that it begins in, as soon as the input is over.
    pub(super) input: Option<InputName>,
}

/// The first or the last time of an input. The later one is that of the later part, and in a part
/// the later moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    part: usize,
    pub(super) at: i64,
    /// As it is in the log.
    pub(super) text: Vec<u8>,
}

/// Why a part of the time begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Jump {
    /// The times go back: the clock was set, or the lines are those of another log.
    Back,
    /// The device rebooted.
    Boot,
    /// The times leap ahead from where a clock that is not set begins.
    Set,
    /// Another input begins, at a time that has nothing to do with those before it.
    Input,
}

/// Where February 29 begins in a year that has one.
const LEAP_DAY: i64 = 59 * DAY;
/// The most parts of a time. What jumps more often is drawn over lines.
const PARTS_MAX: usize = 16;
/// How far lines of several threads or buffers may be out of order, in milliseconds.
const DISORDER_MAX: i64 = MINUTE;
/// The same for the time since the boot, which is never set.
const BOOT_DISORDER_MAX: i64 = 10_000;
/// Until the last moment of the first days of a year, a clock may not have been set.
const UNSET_DAYS: i64 = 2;
/// So much later it was, in milliseconds. So far from all others, an input has a part of its own.
const FAR: i64 = 7 * DAY;
/// The most bytes of a time that are kept: more than any that [`Moment::parse`] reads.
const TEXT_BYTES_MAX: usize = 48;

impl Track {
    pub(super) fn new(moment: Moment) -> Self {
        Track {
            scale: moment.scale,
            zone: moment.zone,
            parts: Vec::new(),
            codes: 0,
            seen: 0,
            is_torn: false,
            last: None,
            before: None,
            periods: 0,
        }
    }

    /// Sees the next time of the input.
    pub(super) fn see(&mut self, millis: i64, text: &[u8]) {
        if self.skips_leap_day(millis) {
            self.scale = Scale::YearlessCommon;
        }
        let text = &text[..text.len().min(TEXT_BYTES_MAX)];
        self.seen += 1;
        let at = self.unrolled(self.without_leap_day(millis));
        let part = self.part_of(at);
        self.parts[part].see(at);
        match &mut self.last {
            Some(last) => {
                (last.part, last.at) = (part, at);
                last.text.clear();
                last.text.extend_from_slice(text);
            }
            last => *last = Some(Edge { part, at, text: text.to_vec() }),
        }
    }

    /// The part and the moment of the last time of the current input.
    pub(super) fn last(&self) -> Option<(usize, i64)> {
        self.last.as_ref().map(|last| (last.part, last.at))
    }

    /// The last time of the current input.
    pub(super) fn edge(&self) -> Option<&Edge> {
        self.last.as_ref()
    }

    /// The next input has its own order.
    pub(super) fn end_input(&mut self, name: &InputName) {
        for part in self.parts.iter_mut().rev().take_while(|part| part.input.is_none()) {
            part.input = Some(name.clone());
        }
        let Some(last) = self.last.take() else { return };
        self.before = Some(last);
    }

    /// Whether its moments are on this scale.
    pub(super) fn is_on(&self, scale: Scale) -> bool {
        self.scale == scale || self.scale == Scale::YearlessCommon && scale == Scale::Yearless
    }

    /// Whether the first time from March on follows some of January and February, but none of
    /// February 29: then an empty day would be in the middle of the chart.
    fn skips_leap_day(&self, millis: i64) -> bool {
        let is_before = |part: &Part| part.first >= 0 && part.last < LEAP_DAY;
        self.scale == Scale::Yearless
            && millis >= LEAP_DAY + DAY
            && !self.parts.is_empty()
            && self.parts.iter().all(is_before)
    }

    fn without_leap_day(&self, millis: i64) -> i64 {
        let is_after = self.scale == Scale::YearlessCommon && millis >= LEAP_DAY + DAY;
        if is_after { millis - DAY } else { millis }
    }

    /// A moment after all periods that have passed: 01-01 after 12-31 is the next year.
    fn unrolled(&mut self, millis: i64) -> i64 {
        let Some(period) = self.scale.period() else { return millis };
        let near = if period > DAY { 14 * DAY } else { HOUR };
        let reference = match (&self.last, self.parts.last()) {
            (Some(last), _) => last.at,
            (None, Some(part)) => part.last,
            (None, None) => return millis,
        };
        // In one input, an earlier year is only a line out of order: a clock that was not set, on
        // 01-01, may have been set to Christmas.
        let near_before = if self.last.is_some() { near.min(DAY) } else { near };
        let is_near = |periods: &i64| {
            let distance = millis + periods * period - reference;
            let before = if *periods < self.periods { near_before } else { near };
            (-before..=near).contains(&distance)
        };
        let around = [self.periods, self.periods + 1, self.periods - 1];
        let is_eve = || matches!(self.scale.date(reference), Some((_, 12, 31)));
        self.periods = match around.into_iter().find(is_near) {
            Some(periods) => periods,
            // A clock that was not set is on the eve of 1970 where the zone is west of Greenwich.
            None if self.last.is_some() && is_eve() => self.periods + 1,
            None => self.periods,
        };
        millis + self.periods * period
    }

    /// The part that a moment belongs to: a new one after a jump.
    fn part_of(&mut self, at: i64) -> usize {
        let Some(last) = &self.last else { return self.part_of_first(at) };
        match self.jump(last.at, at) {
            None => last.part,
            Some(jump) => self.part_after(jump, last.part, at),
        }
    }

    /// The part that the first moment of an input belongs to. Inputs may cover the same time, as
    /// those of several buffers do: it is the nearest part, unless all are far away.
    ///
    /// The time since the boot cannot tell whether this boot is that of another input. So an input
    /// belongs to the part before it only where it goes on; if not, the chart says that it cannot
    /// tell.
    fn part_of_first(&mut self, at: i64) -> usize {
        let distance = |part: &Part| (part.first - at).max(at - part.last).max(0);
        let nearest = (0..self.parts.len()).rev().min_by_key(|index| distance(&self.parts[*index]));
        let Some(nearest) = nearest else { return self.begin_part(None, at) };
        let near = match (self.scale, &self.before) {
            (Scale::Boot, Some(before)) => {
                (at >= before.at - BOOT_DISORDER_MAX).then_some(before.part)
            }
            _ => (distance(&self.parts[nearest]) <= FAR).then_some(nearest),
        };
        match near {
            Some(near) => near,
            None if self.parts.len() == PARTS_MAX => nearest,
            None => self.begin_part(Some(Jump::Input), at),
        }
    }

    /// The part after a jump. If an input before this one covers the same time, it is there.
    fn part_after(&mut self, jump: Jump, part: usize, at: i64) -> usize {
        let is_there = |other: &Part| {
            let range = other.first - DISORDER_MAX..=other.last + DISORDER_MAX;
            other.jump == Some(jump) && range.contains(&at)
        };
        let known = (part + 1..self.parts.len()).find(|index| is_there(&self.parts[*index]));
        match known.filter(|_| self.scale != Scale::Boot) {
            Some(known) => known,
            None if self.parts.len() == PARTS_MAX => {
                self.is_torn = true;
                PARTS_MAX - 1
            }
            None => self.begin_part(Some(jump), at),
        }
    }

    fn begin_part(&mut self, jump: Option<Jump>, at: i64) -> usize {
        let histogram = Histogram::new(Widths::Millis);
        self.parts.push(Part { jump, first: at, last: at, histogram, input: None });
        self.parts.len() - 1
    }

    fn jump(&self, last: i64, at: i64) -> Option<Jump> {
        match self.scale {
            Scale::Boot => (at < last - BOOT_DISORDER_MAX).then_some(Jump::Boot),
            _ if at < last - DISORDER_MAX => Some(Jump::Back),
            _ if at > last + FAR && self.is_unset(last, at) => Some(Jump::Set),
            _ => None,
        }
    }

    /// Whether a clock had not been set: it begins on the first day of a year, or, west of
    /// Greenwich, on the day before 1970. With years, it then was set to a later one.
    fn is_unset(&self, last: i64, at: i64) -> bool {
        let (Some((then, month, day)), Some((now, ..))) =
            (self.scale.date(last), self.scale.date(at))
        else {
            return false;
        };
        let has_years = !self.is_on(Scale::Yearless);
        match (month, day) {
            (1, ..=UNSET_DAYS) => !has_years || now > then,
            (12, 31) => !has_years || now > then + 1,
            _ => false,
        }
    }
}

impl Part {
    fn see(&mut self, at: i64) {
        self.first = self.first.min(at);
        self.last = self.last.max(at);
    }
}
