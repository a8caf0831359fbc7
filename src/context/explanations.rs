//! Our explanations that a line already has, where its numbers are without them, and the same for
//! the lines before it: no rule sees them.
//!
//! Owns this correspondence. What an explanation looks like is in [`crate::explanation`]. Knows
//! nothing about rules.

use std::borrow::Cow;
use std::ops::Range;

use super::Line;
use super::judgment::Candidate;
use crate::explanation;

/// Our explanations that a line already has.
#[derive(Debug, Default)]
pub(super) struct Explanations<'l> {
    /// Where they are in the line, in order.
    ranges: Vec<Range<usize>>,
    /// Where the numbers end whose explanation comes next, in order. (After other numbers come the
    /// explanations at the line's end.)
    explained: Vec<usize>,
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
        at_end.dedup();
        let after =
            |(number, lookup): (Range<usize>, _)| explanation::find_after(text, number.end, lookup);
        let mut ranges: Vec<_> = listed().filter_map(after).collect();
        let explained = ranges.iter().map(|range| range.start).collect();
        ranges.extend(found.into_iter().map(|one| one.range));
        ranges.sort_unstable_by_key(|range| (range.start, range.end));
        ranges.dedup();
        (!ranges.is_empty()).then_some(Explanations { ranges, explained, at_end })
    }

    #[cfg(test)]
    pub(super) fn at(ranges: impl IntoIterator<Item = Range<usize>>) -> Self {
        Explanations { ranges: ranges.into_iter().collect(), ..Explanations::default() }
    }

    /// The line without them.
    pub(super) fn without(&self, text: &[u8]) -> Vec<u8> {
        without(text, self.ranges.iter().cloned())
    }
}

/// A text without some ranges, which are in order.
fn without(text: &[u8], ranges: impl Iterator<Item = Range<usize>>) -> Vec<u8> {
    let (mut plain, mut from) = (Vec::with_capacity(text.len()), 0);
    for range in ranges {
        plain.extend_from_slice(&text[from..range.start.max(from)]);
        from = range.end.max(from);
    }
    plain.extend_from_slice(&text[from..]);
    plain
}

/// Our explanations in the lines of a block that come before one. Distances in the text before a
/// line are counted without them, or a second run would see less than the first.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    /// Where they are in the block, in order, and how many bytes all up to this one take.
    ranges: Vec<(Range<usize>, usize)>,
}

impl Earlier {
    /// Keeps those of a line that begins at `start` of a text, as far as they are in the block,
    /// which is a range of that text. Lines must come in order.
    pub(super) fn keep(
        &mut self,
        start: usize,
        block: &Range<usize>,
        explanations: &Explanations<'_>,
    ) {
        let in_block = |at: usize| (start + at).clamp(block.start, block.end) - block.start;
        for range in &explanations.ranges {
            let (last, removed) = self.ranges.last().map_or((0, 0), |(last, all)| (last.end, *all));
            let range = last.max(in_block(range.start))..in_block(range.end);
            if !range.is_empty() {
                let removed = removed + range.len();
                self.ranges.push((range, removed));
            }
        }
    }

    /// Forgets them: the block ends.
    pub(super) fn clear(&mut self) {
        self.ranges.clear();
    }

    /// How many bytes the block has before `at` without them.
    pub(super) fn plain_bytes(&self, at: usize) -> usize {
        let before = self.ranges.partition_point(|(range, _)| range.end <= at);
        at - before.checked_sub(1).map_or(0, |last| self.ranges[last].1)
    }

    /// Where the last `bytes` bytes before `at` begin, if explanations do not count; 0 if there are
    /// fewer.
    pub(super) fn start_of(&self, bytes: usize, at: usize) -> usize {
        let Some(start) = self.plain_bytes(at).checked_sub(bytes) else { return 0 };
        let before = self.ranges.partition_point(|(range, removed)| range.end - removed <= start);
        start + before.checked_sub(1).map_or(0, |last| self.ranges[last].1)
    }

    /// A range of the block without them.
    pub(super) fn without<'t>(&self, block: &'t [u8], part: Range<usize>) -> Cow<'t, [u8]> {
        let text = &block[part.clone()];
        let first = self.ranges.partition_point(|(range, _)| range.end <= part.start);
        let inside = self.ranges[first..].iter().map(|(range, _)| range);
        let inside = inside.take_while(|range| range.start < part.end);
        let mut inside = inside.map(|range| {
            range.start.max(part.start) - part.start..range.end.min(part.end) - part.start
        });
        match inside.next() {
            None => Cow::Borrowed(text),
            Some(first) => Cow::Owned(without(text, std::iter::once(first).chain(inside))),
        }
    }
}

/// Where a candidate is in the line without our explanations.
pub(super) enum Place {
    /// In the text, at this range.
    InText(Range<usize>),
    /// The same, and our explanation of it comes next.
    Explained(Range<usize>),
    /// The same, and the line's end has an explanation of such a number, by index.
    AtEnd(Range<usize>, usize),
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
        let Explanations { ranges, explained, at_end } = self.explanations;
        let passed = |range: &&Range<usize>| range.end <= candidate.start;
        while let Some(range) = ranges.get(self.passed).filter(passed) {
            self.removed += range.len();
            self.passed += 1;
        }
        if ranges.get(self.passed).is_some_and(|next| next.contains(&candidate.start)) {
            return Place::InExplanation;
        }
        let moved = candidate.start - self.removed..candidate.end - self.removed;
        if explained.binary_search(&candidate.end).is_ok() {
            return Place::Explained(moved);
        }
        match at_end.binary_search(&&text[candidate.clone()]) {
            Ok(index) => Place::AtEnd(moved, index),
            Err(_) => Place::InText(moved),
        }
    }
}

/// Which numbers are explained at the line's end: all that are codes with these digits; if none is,
/// the first.
pub(super) struct AtEnd {
    /// For each of them: what was found so far.
    states: Vec<State>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Nothing,
    /// No code, but this candidate.
    First(usize),
    Code,
}

impl AtEnd {
    pub(super) fn new(explanations: &Explanations<'_>) -> Self {
        AtEnd { states: vec![State::Nothing; explanations.at_end.len()] }
    }

    /// Adds a candidate with the digits of an explanation.
    pub(super) fn add(&mut self, explanation: usize, candidate: usize, is_code: bool) {
        let state = &mut self.states[explanation];
        match state {
            _ if is_code => *state = State::Code,
            State::Nothing => *state = State::First(candidate),
            State::First(_) | State::Code => {}
        }
    }

    /// The candidates that are explained although they are no codes.
    pub(super) fn other_candidates(self) -> impl Iterator<Item = usize> {
        self.states.into_iter().filter_map(|state| match state {
            State::First(candidate) => Some(candidate),
            State::Nothing | State::Code => None,
        })
    }
}

/// A range of the block as one of the line.
pub(super) fn in_line(line: &Line<'_>, range: &Range<usize>) -> Range<usize> {
    range.start - line.range.start..range.end - line.range.start
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text with explanations in brackets, and their ranges.
    fn explanations(text: &str) -> Explanations<'_> {
        let at = |bracket| text.match_indices(bracket).map(|(at, _)| at);
        Explanations::at(at('[').zip(at(']')).map(|(start, end)| start..end + 1))
    }

    #[test]
    fn texts_of_earlier_lines_have_no_explanations() {
        let lines = ["871300[a] 871301[bc] x\n", "none\n", "[d]871302\n", "[e][f]\n"];
        let (mut earlier, mut at) = (Earlier::default(), 0);
        for line in lines {
            earlier.keep(at, &(0..usize::MAX), &explanations(line));
            at += line.len();
        }
        let text = lines.concat();
        let is_inside = &|at: usize| text[..=at].rfind('[') > text[..at].rfind(']');
        let plain = |part: Range<usize>| {
            let letters = text[part.clone()].char_indices();
            letters.filter(move |(at, _)| !is_inside(part.start + at)).map(|(_, byte)| byte)
        };
        for end in 0..=text.len() {
            for start in 0..=end {
                let found = earlier.without(text.as_bytes(), start..end);
                let want: String = plain(start..end).collect();
                assert_eq!(String::from_utf8_lossy(&found), want, "{start} {end}");
            }
            if end < text.len() && is_inside(end) {
                continue;
            }
            let before = plain(0..end).count();
            assert_eq!(earlier.plain_bytes(end), before, "{end}");
            for bytes in 0..text.len() {
                let start = earlier.start_of(bytes, end);
                assert_eq!(plain(start..end).count(), bytes.min(before), "{end} {bytes}");
                assert!(start == 0 || start == end || !is_inside(start), "{end} {bytes}");
            }
        }
    }

    /// A piece sees the text around it, too.
    #[test]
    fn explanations_are_kept_as_far_as_they_are_in_the_block() {
        let (text, mut earlier) = ("x [ab] [cd] [ef] y", Earlier::default());
        earlier.keep(0, &(4..14), &explanations(text));
        earlier.keep(0, &(4..14), &explanations(text));
        assert_eq!(earlier.without(&text.as_bytes()[4..14], 0..10)[..], b"  "[..]);
        assert_eq!(earlier.plain_bytes(10), 2);
    }
}
