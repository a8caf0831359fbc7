//! Codes that are in the same buckets, counted together: in a log full of codes, a search in the
//! buckets for each of them would take longer than anything else.
//!
//! Owns which buckets these are. Knows nothing of what a position is.

use std::ops::Range;

use crate::catalog::{Code, Severity};

/// Codes that are in the same buckets.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) cell: Cell,
    /// How often each code was found, by its index.
    counts: Vec<u64>,
    found: Vec<Found>,
}

/// The buckets that a code is in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) lines: Range<i64>,
    /// None, if the code has no time.
    pub(super) time: Option<TimeCell>,
}

/// A bucket of a part of a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TimeCell {
    pub(super) track: usize,
    pub(super) part: usize,
    pub(super) range: Range<i64>,
}

/// A code of the catalog or of none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) code: Code,
    pub(super) severity: Severity,
    /// How many other codes were found before it.
    pub(super) index: usize,
}

impl Batch {
    /// Counts a code in the cell.
    pub(super) fn add(&mut self, found: Found) {
        if found.index >= self.counts.len() {
            self.counts.resize(found.index + 1, 0);
        }
        let count = &mut self.counts[found.index];
        if *count == 0 {
            self.found.push(found);
        }
        *count += 1;
    }

    /// Takes the codes out, each with its count.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = (Found, u64)> {
        let counts = &mut self.counts;
        self.found.drain(..).map(|found| (found, std::mem::take(&mut counts[found.index])))
    }
}

impl Cell {
    /// Whether a code is in it: in a line and, if it has a time, at a moment of a part of a track.
    pub(super) fn contains(&self, line: i64, time: Option<(usize, usize, i64)>) -> bool {
        let is_time = match (&self.time, time) {
            (Some(cell), Some((track, part, at))) => {
                cell.track == track && cell.part == part && cell.range.contains(&at)
            }
            (None, None) => true,
            _ => false,
        };
        is_time && self.lines.contains(&line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_counts_each_code_once() {
        let mut batch = Batch::default();
        let found = |index: usize| Found {
            code: Code::new(871_300 + index as u64),
            severity: Severity::Error,
            index,
        };
        for _ in 0..2 {
            [7, 0, 7, 7].map(found).into_iter().for_each(|found| batch.add(found));
            let counts: Vec<_> = batch.drain().map(|(found, count)| (found.index, count)).collect();
            assert_eq!(counts, [(7, 3), (0, 1)]);
        }
        assert_eq!(batch.drain().count(), 0);
    }

    #[test]
    fn a_cell_has_a_line_and_a_moment() {
        let time = TimeCell { track: 0, part: 2, range: 100..200 };
        let cell = Cell { lines: 5..10, time: Some(time) };
        assert!(cell.contains(5, Some((0, 2, 199))) && !cell.contains(10, Some((0, 2, 199))));
        for other in [None, Some((1, 2, 150)), Some((0, 1, 150)), Some((0, 2, 200))] {
            assert!(!cell.contains(5, other), "{other:?}");
        }
        assert!(Cell { lines: 5..10, time: None }.contains(5, None));
    }
}
