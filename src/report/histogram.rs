//! Counts by position: buckets that merge as the range grows, so that there are never many.
//!
//! Owns the widths of buckets and what each remembers. Knows nothing of what a position is.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::ops::Range;

use crate::catalog::{Code, Severity};

/// The most buckets: on a phone, each still has a few pixels.
pub(super) const BUCKETS_MAX: i64 = 60;
/// The most codes that a bucket names.
pub(super) const BUCKET_CODES_MAX: usize = 12;
/// How many codes a bucket counts. If there are more, their counts are lower bounds, but no code
/// that is more than one in this many is missing.
const BUCKET_KEPT_MAX: usize = 48;

/// The widths that buckets may have. Each is a multiple of the one before it, so that whole buckets
/// merge, and is a number that people use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Widths {
    /// 1 ms, 5 ms … 1 s, 5 s, 15 s … 1 h, 2 h … 1 d, 2 d, 4 d …
    Millis,
    /// 1, 5, 10, 50 …
    Lines,
}

/// Counts by position.
#[derive(Debug, Clone)]
pub(super) struct Histogram {
    widths: Widths,
    /// The width of each bucket, by its place among the widths.
    level: u32,
    /// The position of the first bucket, in widths.
    first: i64,
    buckets: VecDeque<Bucket>,
}

/// What was found in a range of positions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bucket {
    /// How often, by severity: see [`Bucket::count`].
    counts: [u64; 3],
    /// The most frequent codes first, as soon as it is [`Bucket::sorted`].
    pub(super) codes: Vec<Counted>,
    /// How often a code that is not among them was found at most.
    missed_max: u64,
}

/// How often a code was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) code: Code,
    pub(super) at_least: u64,
    /// How often it may have been found besides, before it was counted.
    pub(super) missed_max: u64,
}

/// Milliseconds.
const MILLIS: [i64; 20] = [
    1, 5, 10, 50, 100, 500, 1_000, 5_000, 15_000, 30_000, 60_000, 300_000, 900_000, 1_800_000,
    3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000,
];

impl Widths {
    /// The width at a place, the smallest at 0.
    pub(super) fn at(self, level: u32) -> i64 {
        match self {
            Widths::Millis => match MILLIS.get(level as usize) {
                Some(width) => *width,
                None => MILLIS[MILLIS.len() - 1] << (level as usize + 1 - MILLIS.len()).min(30),
            },
            Widths::Lines => [1, 5][level as usize % 2] * 10_i64.pow((level / 2).min(17)),
        }
    }
}

/// How many buckets of a width a range of positions takes.
pub(super) fn buckets_in(first: i64, last: i64, width: i64) -> i64 {
    last.div_euclid(width) - first.div_euclid(width) + 1
}

impl Histogram {
    pub(super) fn new(widths: Widths) -> Self {
        Histogram { widths, level: 0, first: 0, buckets: VecDeque::new() }
    }

    pub(super) fn level(&self) -> u32 {
        self.level
    }

    /// The positions of the bucket that a position is in, as wide as buckets are now.
    pub(super) fn range(&self, position: i64) -> Range<i64> {
        let width = self.width();
        let start = position.div_euclid(width) * width;
        start..start + width
    }

    /// Counts a code `count` times at a position.
    pub(super) fn add(&mut self, position: i64, code: Code, severity: Severity, count: u64) {
        let mut at = position.div_euclid(self.width());
        if self.buckets.is_empty() {
            self.first = at;
        }
        while at.max(self.last()) - at.min(self.first) >= BUCKETS_MAX {
            self.widen(self.level + 1);
            at = position.div_euclid(self.width());
        }
        while at < self.first {
            self.buckets.push_front(Bucket::default());
            self.first -= 1;
        }
        let index = (at - self.first) as usize;
        if index >= self.buckets.len() {
            self.buckets.resize_with(index + 1, Bucket::default);
        }
        self.buckets[index].add(code, severity, count);
    }

    /// Merges buckets until they have the width at `level`.
    pub(super) fn widen(&mut self, level: u32) {
        let narrow = self.width();
        self.level = level.max(self.level);
        let factor = self.width() / narrow;
        let mut wide: VecDeque<Bucket> = VecDeque::new();
        let first = self.first.div_euclid(factor);
        for (at, bucket) in (self.first..).zip(self.buckets.drain(..)) {
            let index = (at.div_euclid(factor) - first) as usize;
            if index >= wide.len() {
                wide.resize_with(index + 1, Bucket::default);
            }
            wide[index].merge(bucket);
        }
        (self.first, self.buckets) = (first, wide);
    }

    /// The bucket that begins at `position`, a multiple of the width.
    pub(super) fn bucket(&self, position: i64) -> Option<&Bucket> {
        let at = position.div_euclid(self.width()) - self.first;
        self.buckets.get(usize::try_from(at).ok()?)
    }

    pub(super) fn width(&self) -> i64 {
        self.widths.at(self.level)
    }

    fn last(&self) -> i64 {
        self.first + (self.buckets.len() as i64 - 1).max(0)
    }
}

impl Bucket {
    /// How often codes of a severity were found.
    pub(super) fn count(&self, severity: Severity) -> u64 {
        self.counts[severity as usize]
    }

    /// How often any code was found.
    pub(super) fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The same with the most frequent codes first.
    pub(super) fn sorted(&self) -> Self {
        let mut sorted = self.clone();
        sorted.codes.sort_by_key(|known| (Reverse(known.at_least), known.code));
        sorted.codes.truncate(BUCKET_CODES_MAX);
        sorted
    }

    fn add(&mut self, code: Code, severity: Severity, count: u64) {
        self.counts[severity as usize] += count;
        self.add_code(code, count);
    }

    /// Counts a code as in "Space-Saving" (Metwally, Agrawal, El Abbadi, 2005): a new one takes the
    /// place of the one that is the least frequent.
    fn add_code(&mut self, code: Code, count: u64) {
        if let Some(known) = self.codes.iter_mut().find(|known| known.code == code) {
            known.at_least += count;
            return;
        }
        if self.codes.len() == BUCKET_KEPT_MAX
            && let Some(least) = (0..BUCKET_KEPT_MAX).min_by_key(|at| self.codes[*at].at_most())
        {
            let least = self.codes.swap_remove(least);
            self.missed_max = self.missed_max.max(least.at_most());
        }
        self.codes.push(Counted { code, at_least: count, missed_max: self.missed_max });
    }

    fn merge(&mut self, other: Bucket) {
        self.counts.iter_mut().zip(other.counts).for_each(|(to, from)| *to += from);
        let before = self.codes.len();
        let mut is_in_both = [false; BUCKET_KEPT_MAX];
        for mut from in other.codes {
            match self.codes[..before].iter().position(|known| known.code == from.code) {
                Some(at) => {
                    is_in_both[at] = true;
                    self.codes[at].at_least += from.at_least;
                    self.codes[at].missed_max += from.missed_max;
                }
                None => {
                    from.missed_max += self.missed_max;
                    self.codes.push(from);
                }
            }
        }
        let only_here = self.codes[..before].iter_mut().zip(is_in_both).filter(|(_, both)| !both);
        only_here.for_each(|(known, _)| known.missed_max += other.missed_max);
        self.missed_max += other.missed_max;
        if self.codes.len() > BUCKET_KEPT_MAX {
            self.codes.sort_by_key(|known| Reverse(known.at_most()));
            let most = self.codes.drain(BUCKET_KEPT_MAX..).map(|left_out| left_out.at_most()).max();
            self.missed_max = self.missed_max.max(most.unwrap_or(0));
        }
    }
}

impl Counted {
    fn at_most(self) -> u64 {
        self.at_least + self.missed_max
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(histogram: &mut Histogram, position: i64) {
        assert!(histogram.range(position).contains(&position));
        histogram.add(position, Code::new(871_300), Severity::Error, 1);
    }

    fn totals(histogram: &Histogram) -> Vec<u64> {
        histogram.buckets.iter().map(Bucket::total).collect()
    }

    #[test]
    fn every_width_is_a_multiple_of_the_one_before() {
        for widths in [Widths::Millis, Widths::Lines] {
            for level in 1..34 {
                let factor = widths.at(level) / widths.at(level - 1);
                assert_eq!(widths.at(level) % widths.at(level - 1), 0, "{widths:?} {level}");
                assert!((2..=5).contains(&factor), "{widths:?} {level}: {factor}");
            }
        }
    }

    #[test]
    fn buckets_merge_as_the_range_grows_and_nothing_is_lost() {
        let mut histogram = Histogram::new(Widths::Lines);
        for position in 1..=100_000 {
            add(&mut histogram, position);
            assert!(histogram.buckets.len() as i64 <= BUCKETS_MAX);
        }
        assert_eq!(histogram.width(), 5_000);
        assert_eq!(totals(&histogram).iter().sum::<u64>(), 100_000);
        assert_eq!(totals(&histogram)[1], 5_000);
        assert_eq!(histogram.bucket(0).map(Bucket::total), Some(4_999));
        assert_eq!(histogram.bucket(105_000), None);
        assert_eq!(histogram.bucket(-5_000), None);
    }

    #[test]
    fn a_position_may_be_before_all_others_and_very_far_away() {
        let mut histogram = Histogram::new(Widths::Millis);
        for position in [0, -3, i64::MAX / 4, i64::MIN / 4, 7] {
            add(&mut histogram, position);
            assert!(histogram.buckets.len() as i64 <= BUCKETS_MAX);
        }
        assert_eq!(totals(&histogram).iter().sum::<u64>(), 5);
    }

    /// The codes that a bucket names, each with its count and what it may have missed.
    fn named(bucket: &Bucket) -> Vec<(u64, u64, u64)> {
        let known = |known: &Counted| (known.code.number(), known.at_least, known.missed_max);
        bucket.sorted().codes.iter().map(known).collect()
    }

    #[test]
    fn the_most_frequent_codes_are_named_whenever_they_came() {
        let mut histogram = Histogram::new(Widths::Millis);
        for code in (871_300..871_325).chain(std::iter::repeat_n(871_505, 5000)) {
            histogram.add(0, Code::new(code), Severity::Error, 1);
        }
        let bucket = &histogram.buckets[0];
        assert_eq!((bucket.total(), bucket.count(Severity::Error)), (5025, 5025));
        let named = named(bucket);
        assert_eq!((named[0], named[1], named.len()), ((871_505, 5000, 0), (871_300, 1, 0), 12));
    }

    /// Against exact counts: what is said is true, and no frequent code is missing.
    #[test]
    fn counts_are_exact_or_lower_bounds_also_after_buckets_merge() {
        let mut state = 7_u64;
        let mut below = |end: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % end
        };
        for codes in [10, 40, 48, 60, 1000] {
            let mut histogram = Histogram::new(Widths::Lines);
            let mut exact = std::collections::BTreeMap::<u64, u64>::new();
            for position in 0..3000 {
                let range = codes >> below(10);
                let (code, count) = (below(range.max(1)), 1 + below(5));
                *exact.entry(code).or_default() += count;
                histogram.add(position, Code::new(code), Severity::Error, count);
            }
            histogram.widen(10);
            let bucket = &histogram.buckets[0];
            for known in &bucket.codes {
                let count = exact[&known.code.number()];
                assert!((known.at_least..=known.at_most()).contains(&count), "{codes} {known:?}");
                assert!(known.missed_max == 0 || codes > BUCKET_KEPT_MAX as u64);
            }
            let is_known = |code| bucket.codes.iter().any(|known| known.code == Code::new(code));
            for (code, count) in exact {
                assert!(is_known(code) || count <= bucket.missed_max, "{codes} {code}");
            }
            assert!(bucket.missed_max <= bucket.total() / 10, "{codes}: {}", bucket.missed_max);
        }
    }
}
