//! When codes were found: over the log's own time where its headers carry one, over its lines where
//! they do not.
//!
//! Owns the choice of the axis, and the parts of a time that jumps. Memory is bounded, however long
//! the log is. Knows no format.

use super::clock::{DAY, HOUR, MINUTE, Moment, Scale};
use super::histogram::{BUCKETS_MAX, Bucket, Histogram, Widths, buckets_in};
use crate::catalog::{Code, Severity};

/// Collects when codes were found.
#[derive(Debug)]
pub(super) struct Timeline {
    /// One for each scale that was seen.
    tracks: Vec<Track>,
    /// The track of the last line that had a time, in the current input.
    current: Option<usize>,
    lines: Histogram,
    lines_before: u64,
    /// How many codes had a time in their line.
    timed: u64,
    /// How many had none, nor had any line before it.
    untimed: u64,
}

/// A scale with the times that were seen on it.
#[derive(Debug)]
struct Track {
    scale: Scale,
    /// Of the first time.
    zone: i64,
    parts: Vec<Part>,
    /// The last moment of the current input, and its part.
    last: Option<(i64, usize)>,
    /// Periods of the scale that have passed: a New Year, a midnight.
    periods: i64,
    /// Whether there were more parts than are kept.
    is_torn: bool,
    /// How many codes are on it.
    codes: u64,
}

/// A stretch of time without a jump.
#[derive(Debug)]
struct Part {
    jump: Option<Jump>,
    first: i64,
    last: i64,
    /// The first time and the last one, as they are in the log.
    first_text: Vec<u8>,
    last_text: Vec<u8>,
    histogram: Histogram,
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

/// What to draw: all buckets of a range, also the empty ones.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) axis: Axis,
    /// Of each bucket, in milliseconds or lines.
    pub(super) width: i64,
    pub(super) parts: Vec<ChartPart>,
}

/// What the chart is drawn over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Time(Scale, i64),
    Lines(NoTime),
}

/// Why there is no time to draw over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoTime {
    /// Most lines with a code have none.
    Missing,
    /// They have times that cannot be compared.
    Mixed,
    /// It jumps too often.
    Torn,
}

/// A stretch of the axis without a jump.
#[derive(Debug)]
pub(super) struct ChartPart {
    pub(super) jump: Option<Jump>,
    /// The position of the first and the last line.
    pub(super) range: (i64, i64),
    /// The position at which each bucket begins.
    pub(super) buckets: Vec<(i64, Bucket)>,
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

impl Default for Timeline {
    fn default() -> Self {
        Timeline {
            tracks: Vec::new(),
            current: None,
            lines: Histogram::new(Widths::Lines),
            lines_before: 0,
            timed: 0,
            untimed: 0,
        }
    }
}

impl Timeline {
    /// Sees the time of a line. Returns whether it is one.
    pub(super) fn see(&mut self, time: &[u8]) -> bool {
        let Some(moment) = Moment::parse(time) else { return false };
        let known = self.tracks.iter().position(|track| track.scale == moment.scale);
        let index = known.unwrap_or_else(|| {
            self.tracks.push(Track::new(moment));
            self.tracks.len() - 1
        });
        self.tracks[index].see(moment.millis, time);
        self.current = Some(index);
        true
    }

    /// Counts a code. A line without a time has that of the line before it.
    pub(super) fn add(&mut self, code: Code, severity: Severity, line: u64, time: Option<&[u8]>) {
        self.lines.add((self.lines_before + line) as i64, code, severity);
        self.timed += u64::from(time.is_some_and(|time| self.see(time)));
        match self.current {
            Some(track) => self.tracks[track].add(code, severity),
            None => self.untimed += 1,
        }
    }

    /// The next input has its own order.
    pub(super) fn end_input(&mut self, lines: u64) {
        self.lines_before += lines;
        self.current = None;
        self.tracks.iter_mut().for_each(|track| track.last = None);
    }

    /// When the log begins and ends, as it says it.
    pub(super) fn begin_and_end(&self) -> Option<[&[u8]; 2]> {
        let parts = &self.main()?.parts;
        Some([&parts.first()?.first_text, &parts.last()?.last_text])
    }

    /// What to draw.
    pub(super) fn chart(&self) -> Chart {
        let no_time = match self.main() {
            None => NoTime::Missing,
            Some(track) if track.is_torn => NoTime::Torn,
            Some(_) if self.untimed > 0 || self.timed < self.lines_total() / 2 => NoTime::Missing,
            Some(track) if track.codes < self.lines_total() => NoTime::Mixed,
            Some(track) => return track.chart(),
        };
        let range = (1, (self.lines_before as i64).max(1));
        let (width, parts) = drawn(&[(None, range, &self.lines)]);
        Chart { axis: Axis::Lines(no_time), width, parts }
    }

    /// The track with most codes.
    fn main(&self) -> Option<&Track> {
        self.tracks.iter().rev().max_by_key(|track| track.codes)
    }

    fn lines_total(&self) -> u64 {
        self.untimed + self.tracks.iter().map(|track| track.codes).sum::<u64>()
    }
}

impl Track {
    fn new(moment: Moment) -> Self {
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

    fn see(&mut self, millis: i64, time: &[u8]) {
        let at = self.unrolled(millis);
        let part = self.part_of(at);
        self.parts[part].see(at, time);
        self.last = Some((at, part));
    }

    fn add(&mut self, code: Code, severity: Severity) {
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

    fn chart(&self) -> Chart {
        let parts: Vec<_> = self
            .parts
            .iter()
            .map(|part| (part.jump, (part.first, part.last), &part.histogram))
            .collect();
        let (width, parts) = drawn(&parts);
        Chart { axis: Axis::Time(self.scale, self.zone), width, parts }
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

/// The parts with buckets of the same width, as wide as it takes so that there are not too many.
fn drawn(parts: &[(Option<Jump>, (i64, i64), &Histogram)]) -> (i64, Vec<ChartPart>) {
    let mut wide: Vec<Histogram> = parts.iter().map(|(_, _, part)| (*part).clone()).collect();
    let mut level = wide.iter().map(Histogram::level).max().unwrap_or(0);
    let width = loop {
        wide.iter_mut().for_each(|part| part.widen(level));
        let width = wide.first().map_or(1, Histogram::width);
        let counts = parts.iter().map(|(_, (first, last), _)| buckets_in(*first, *last, width));
        if counts.sum::<i64>() <= BUCKETS_MAX {
            break width;
        }
        level += 1;
    };
    let part = |((jump, range, _), histogram): (&(Option<Jump>, (i64, i64), _), &Histogram)| {
        let begin = range.0.div_euclid(width);
        let count = buckets_in(range.0, range.1, width);
        let bucket = |at: i64| {
            let found = histogram.bucket(at * width);
            (at * width, found.map(Bucket::sorted).unwrap_or_default())
        };
        let buckets = (begin..begin + count).map(bucket).collect();
        ChartPart { jump: *jump, range: *range, buckets }
    };
    (width, parts.iter().zip(&wide).map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The timeline of inputs with codes at these times; an empty one is a line without a time.
    fn timeline(inputs: &[&[&str]]) -> Timeline {
        let mut timeline = Timeline::default();
        for times in inputs {
            for (line, time) in (1..).zip(*times) {
                let time = (!time.is_empty()).then_some(time.as_bytes());
                timeline.add(Code::new(871_300), Severity::Error, line, time);
            }
            timeline.end_input(times.len() as u64);
        }
        timeline
    }

    /// The jumps of the chart, and how many codes each part has.
    fn parts(inputs: &[&[&str]]) -> Vec<(Option<Jump>, u64)> {
        let chart = timeline(inputs).chart();
        let total = |part: &ChartPart| part.buckets.iter().map(|(_, bucket)| bucket.total()).sum();
        assert!(matches!(chart.axis, Axis::Time(..)), "{:?}", chart.axis);
        chart.parts.iter().map(|part| (part.jump, total(part))).collect()
    }

    fn axis(inputs: &[&[&str]]) -> Axis {
        timeline(inputs).chart().axis
    }

    #[test]
    fn a_jump_begins_a_part() {
        let (back, boot, set) = (Some(Jump::Back), Some(Jump::Boot), Some(Jump::Set));
        let cases: [(&[&str], &[(Option<Jump>, u64)]); 8] = [
            (&["03-17 10:00:00", "03-17 09:59:30", "03-17 10:01:00"], &[(None, 3)]),
            (&["03-17 10:00:00", "03-17 09:58:00", "", "03-17 11:00:00"], &[(None, 1), (back, 3)]),
            (&["50.0", "55.0", "0.5", "70.0"], &[(None, 2), (boot, 2)]),
            (&["50.0", "45.0"], &[(None, 2)]),
            (&["01-01 08:00:10", "03-17 10:00:00"], &[(None, 1), (set, 1)]),
            (&["12-31 23:59:59", "01-01 00:00:01", "12-31 23:59:59.9"], &[(None, 3)]),
            (&["23:59:59", "00:00:01"], &[(None, 2)]),
            (&["08-17 10:00:00", "01-01 00:00:01"], &[(None, 1), (back, 1)]),
        ];
        for (times, want) in cases {
            assert_eq!(parts(&[times]), want, "{times:?}");
        }
    }

    #[test]
    fn inputs_that_cover_the_same_time_are_drawn_over_each_other() {
        let input: &[&str] = &["03-17 10:00:00", "03-17 12:00:00"];
        assert_eq!(parts(&[input, input, &["03-17 11:00:00"]]), [(None, 5)]);
        let booted: &[&str] = &["100.0", "900.0", "0.0"];
        assert_eq!(parts(&[booted, &["800.0"]]), [(None, 3), (Some(Jump::Boot), 1)]);
    }

    #[test]
    fn without_a_time_that_can_be_compared_the_axis_is_lines() {
        assert_eq!(axis(&[&["", "", ""]]), Axis::Lines(NoTime::Missing));
        assert_eq!(axis(&[&["", "10.0", "11.0"]]), Axis::Lines(NoTime::Missing));
        assert_eq!(axis(&[&["10.0", "", ""]]), Axis::Time(Scale::Boot, 0));
        assert_eq!(axis(&[&["10.0", "", "", ""]]), Axis::Lines(NoTime::Missing));
        assert_eq!(axis(&[&["10.0", "03-17 10:00:00"]]), Axis::Lines(NoTime::Mixed));
        let torn: Vec<&str> = ["900.0", "1.0"].repeat(20);
        assert_eq!(axis(&[&torn]), Axis::Lines(NoTime::Torn));
        let chart = timeline(&[&[""; 70], &[""; 50]]).chart();
        assert_eq!(
            (chart.width, chart.parts[0].range, chart.parts[0].buckets.len()),
            (5, (1, 120), 25)
        );
    }

    #[test]
    fn there_are_never_many_buckets() {
        let mut timeline = Timeline::default();
        for line in 1..200_000 {
            let time = format!("{}.{:03}", line % 20_000, line % 1000);
            timeline.add(
                Code::new(871_000 + line % 40),
                Severity::Warning,
                line,
                Some(time.as_bytes()),
            );
        }
        timeline.end_input(200_000);
        let chart = timeline.chart();
        let buckets = chart.parts.iter().flat_map(|part| &part.buckets);
        assert_eq!(
            (chart.parts.len(), buckets.clone().map(|(_, bucket)| bucket.total()).sum()),
            (10, 199_999)
        );
        assert!((BUCKETS_MAX / 5..=BUCKETS_MAX).contains(&(buckets.count() as i64)));
    }

    #[test]
    fn the_log_begins_and_ends_with_its_lines_and_not_with_its_codes() {
        let mut timeline = Timeline::default();
        assert!(timeline.see(b"03-17 10:00:00.000") && !timeline.see(b"+10 ms"));
        timeline.add(Code::new(871_300), Severity::Error, 2, Some(b"03-17 10:30:00.000"));
        timeline.see(b"03-17 11:00:00.000");
        timeline.end_input(3);
        assert_eq!(
            timeline.begin_and_end(),
            Some([&b"03-17 10:00:00.000"[..], b"03-17 11:00:00.000"])
        );
        let [part] = &timeline.chart().parts[..] else { panic!("one part") };
        assert_eq!(part.range.1 - part.range.0, HOUR);
    }
}
