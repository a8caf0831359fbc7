//! What a chart shows: its axis, with all buckets of a range, also the empty ones.
//!
//! Owns how wide buckets are and how many there are, all parts of the time together. Knows nothing
//! of how it is drawn.

use super::clock::Scale;
use super::histogram::{BUCKETS_MAX, Bucket, Histogram, buckets_in};
use super::tally::InputName;
use super::track::{Jump, Part};

/// What to draw: all buckets of a range, also the empty ones.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) axis: Axis,
    /// Of each bucket, in milliseconds or lines.
    pub(super) width: i64,
    pub(super) parts: Vec<ChartPart>,
    /// How many codes have no place on the axis.
    pub(super) unplaced: u64,
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
    /// The input that it begins in, if that is known.
    pub(super) input: Option<InputName>,
    /// The position of the first and the last line.
    pub(super) range: (i64, i64),
    /// The position at which each bucket begins.
    pub(super) buckets: Vec<(i64, Bucket)>,
}

/// What is drawn without a jump.
pub(super) struct Stretch<'t> {
    pub(super) jump: Option<Jump>,
    pub(super) range: (i64, i64),
    pub(super) histogram: &'t Histogram,
    pub(super) input: &'t Option<InputName>,
}

impl<'t> Stretch<'t> {
    pub(super) fn of(part: &'t Part) -> Self {
        let Part { jump, first, last, histogram, input } = part;
        Stretch { jump: *jump, range: (*first, *last), histogram, input }
    }

    fn buckets(&self, width: i64) -> i64 {
        buckets_in(self.range.0, self.range.1, width)
    }
}

/// The parts with buckets of the same width, as wide as it takes so that there are not too many.
pub(super) fn drawn(stretches: &[Stretch<'_>]) -> (i64, Vec<ChartPart>) {
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
        let (jump, input) = (stretch.jump, stretch.input.clone());
        ChartPart { jump, input, range: stretch.range, buckets }
    };
    (width, stretches.iter().zip(&wide).map(part).collect())
}
