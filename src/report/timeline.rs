//! When codes were found: over the log's own time where its headers carry one, over its lines where
//! they do not.
//!
//! Owns the choice of the axis, and how many buckets there are. Memory is bounded, however long the
//! log is. Knows no format.

use super::clock::{Moment, Scale};
use super::histogram::{BUCKETS_MAX, Bucket, Histogram, Widths, buckets_in};
use super::track::{Jump, Part, Track};
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
            Some(track) => {
                let parts: Vec<_> = track.parts.iter().map(Stretch::of).collect();
                let (width, parts) = drawn(&parts);
                return Chart { axis: Axis::Time(track.scale, track.zone), width, parts };
            }
        };
        let range = (1, (self.lines_before as i64).max(1));
        let stretch = Stretch { jump: None, range, histogram: &self.lines };
        let (width, parts) = drawn(&[stretch]);
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

/// What is drawn without a jump.
struct Stretch<'t> {
    jump: Option<Jump>,
    range: (i64, i64),
    histogram: &'t Histogram,
}

impl<'t> Stretch<'t> {
    fn of(part: &'t Part) -> Self {
        Stretch { jump: part.jump, range: (part.first, part.last), histogram: &part.histogram }
    }

    fn buckets(&self, width: i64) -> i64 {
        buckets_in(self.range.0, self.range.1, width)
    }
}

/// The parts with buckets of the same width, as wide as it takes so that there are not too many.
fn drawn(stretches: &[Stretch<'_>]) -> (i64, Vec<ChartPart>) {
    let mut wide: Vec<Histogram> = stretches.iter().map(|part| part.histogram.clone()).collect();
    let mut level = wide.iter().map(Histogram::level).max().unwrap_or(0);
    let width = loop {
        wide.iter_mut().for_each(|part| part.widen(level));
        let width = wide.first().map_or(1, Histogram::width);
        if stretches.iter().map(|part| part.buckets(width)).sum::<i64>() <= BUCKETS_MAX {
            break width;
        }
        level += 1;
    };
    let part = |(stretch, histogram): (&Stretch<'_>, &Histogram)| {
        let begin = stretch.range.0.div_euclid(width);
        let bucket = |at: i64| {
            let found = histogram.bucket(at * width);
            (at * width, found.map(Bucket::sorted).unwrap_or_default())
        };
        let buckets = (begin..begin + stretch.buckets(width)).map(bucket).collect();
        ChartPart { jump: stretch.jump, range: stretch.range, buckets }
    };
    (width, stretches.iter().zip(&wide).map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::super::clock::HOUR;
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

    /// Times, with the jump before each part and how many codes it has.
    type Case<'t> = (&'t [&'t str], &'t [(Option<Jump>, u64)]);

    #[test]
    fn a_jump_begins_a_part() {
        let (back, boot, set) = (Some(Jump::Back), Some(Jump::Boot), Some(Jump::Set));
        let cases: [Case<'_>; 8] = [
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
