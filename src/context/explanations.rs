//! Our explanations that a line already has, and where its numbers are without them.
//!
//! Owns this correspondence. What an explanation looks like is in [`crate::explanation`]. Knows
//! nothing about rules.

use std::ops::Range;

use super::Line;
use super::judge::Candidate;
use crate::explanation;

/// Our explanations that a line already has.
#[derive(Debug, Default)]
pub(super) struct Explanations<'l> {
    /// Where they are in the line, in order.
    pub(super) ranges: Vec<Range<usize>>,
    /// The codes that are explained at the line's end, as digits, sorted.
    at_end: Vec<&'l [u8]>,
}

impl<'l> Explanations<'l> {
    /// The explanations in a line; `None` if there are none, as in nearly every line.
    #[inline(never)]
    pub(super) fn find(line: &Line<'l>, candidates: &[Candidate<'_>]) -> Option<Self> {
        let text = line.text();
        memchr::memchr(b']', text)?;
        let listed = || {
            let place = |one: &Candidate<'_>| in_line(line, &one.range);
            candidates.iter().filter_map(move |one| Some((place(one), one.lookup?)))
        };
        let found =
            if line.has_end() { explanation::find_at_end(text, listed()) } else { Vec::new() };
        let mut at_end: Vec<&[u8]> = found.iter().map(|one| &text[one.number.clone()]).collect();
        at_end.sort_unstable();
        let mut ranges: Vec<_> = found.into_iter().map(|one| one.range).collect();
        ranges.extend(
            listed()
                .filter_map(|(number, lookup)| explanation::find_after(text, number.end, lookup)),
        );
        ranges.sort_unstable_by_key(|range| (range.start, range.end));
        ranges.dedup();
        (!ranges.is_empty()).then_some(Explanations { ranges, at_end })
    }

    /// The line without them.
    pub(super) fn without(&self, text: &[u8]) -> Vec<u8> {
        let (mut plain, mut from) = (Vec::with_capacity(text.len()), 0);
        for range in &self.ranges {
            plain.extend_from_slice(&text[from..range.start.max(from)]);
            from = range.end;
        }
        plain.extend_from_slice(&text[from..]);
        plain
    }
}

/// Where a candidate is in the line without our explanations.
pub(super) enum Place {
    /// In the text, at this range.
    InText(Range<usize>),
    /// The same, and the line has our explanation of it.
    Explained(Range<usize>),
    /// In an explanation of ours.
    InExplanation,
}

/// Walks over the candidates of a line and its explanations together.
pub(super) struct Walk<'e> {
    explanations: &'e Explanations<'e>,
    /// How many explanations end before the current candidate, and how many bytes they take.
    passed: usize,
    removed: usize,
}

impl<'e> Walk<'e> {
    pub(super) fn new(explanations: &'e Explanations<'e>) -> Self {
        Walk { explanations, passed: 0, removed: 0 }
    }

    pub(super) fn place(&mut self, candidate: &Range<usize>, text: &[u8]) -> Place {
        let Explanations { ranges, at_end } = self.explanations;
        let passed = |range: &&Range<usize>| range.end <= candidate.start;
        while let Some(range) = ranges.get(self.passed).filter(passed) {
            self.removed += range.len();
            self.passed += 1;
        }
        let next = ranges.get(self.passed);
        let moved = candidate.start - self.removed..candidate.end - self.removed;
        let digits = &text[candidate.clone()];
        match next {
            Some(next) if next.contains(&candidate.start) => Place::InExplanation,
            Some(next) if next.start == candidate.end => Place::Explained(moved),
            _ if at_end.binary_search(&digits).is_ok() => Place::Explained(moved),
            _ => Place::InText(moved),
        }
    }
}

/// A range of the block as one of the line.
pub(super) fn in_line(line: &Line<'_>, range: &Range<usize>) -> Range<usize> {
    range.start - line.range.start..range.end - line.range.start
}
