//! Our explanations that a line already has, where its numbers are without them, and the same for
//! the lines before it: no rule sees them.
//!
//! Owns this correspondence. What an explanation looks like is in [`crate::explanation`]. Knows
//! nothing about rules.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use super::Line;
use super::judge::Candidate;
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

/// Our explanations in the lines before one, as far as anything looks back.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    /// Where they are in the input, in order.
    ranges: VecDeque<Range<u64>>,
}

impl Earlier {
    /// How far before the end of a line they are kept, in bytes.
    pub(super) const REACH_BYTES: usize = 8 * 1024;

    /// Keeps those of a line, which is a range of the input. Lines must come in order.
    pub(super) fn keep(&mut self, line: Range<u64>, explanations: &Explanations<'_>) {
        let first = line.end.saturating_sub(Earlier::REACH_BYTES as u64);
        while self.ranges.front().is_some_and(|range| range.end <= first) {
            self.ranges.pop_front();
        }
        let all = explanations.ranges.iter();
        let all = all.map(|range| line.start + range.start as u64..line.start + range.end as u64);
        self.ranges.extend(all.filter(|range| range.end > first));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// A text of the input without them, given where it begins.
    pub(super) fn without<'t>(&self, text: &'t [u8], at: u64) -> Cow<'t, [u8]> {
        let end = at + text.len() as u64;
        let first = self.ranges.partition_point(|range| range.end <= at);
        let inside = self.ranges.range(first..).take_while(|range| range.start < end);
        let mut inside = inside.map(|range| {
            let (start, end) = (range.start.max(at), range.end.min(end));
            (start - at) as usize..(end - at) as usize
        });
        match inside.next() {
            None => Cow::Borrowed(text),
            Some(first) => Cow::Owned(without(text, std::iter::once(first).chain(inside))),
        }
    }

    /// Whether the byte at `at` is in one.
    pub(super) fn has(&self, at: u64) -> bool {
        let next = self.ranges.partition_point(|range| range.end <= at);
        self.ranges.get(next).is_some_and(|range| range.contains(&at))
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
        let lines = ["871300[a] 871301[bc] x\n", "none\n", "[d]871302\n"];
        let (mut earlier, mut at) = (Earlier::default(), 7);
        for line in lines {
            earlier.keep(at..at + line.len() as u64, &explanations(line));
            at += line.len() as u64;
        }
        let text = lines.concat();
        for start in 0..text.len() {
            for end in start..=text.len() {
                let mut want = String::new();
                for (at, byte) in (0..end).zip(text.chars()) {
                    let is_inside = earlier.has(7 + at as u64);
                    let (open, close) = (text[..=at].rfind('['), text[..at].rfind(']'));
                    assert_eq!(is_inside, open > close, "{at}");
                    want.extend((at >= start && !is_inside).then_some(byte));
                }
                let found = earlier.without(&text.as_bytes()[start..end], 7 + start as u64);
                assert_eq!(String::from_utf8_lossy(&found), want, "{start} {end}");
            }
        }
    }

    #[test]
    fn few_explanations_are_kept() {
        let (line, mut earlier) = ("871300 [x] ".repeat(1000), Earlier::default());
        for start in (0..3).map(|times| times * line.len() as u64) {
            earlier.keep(start..start + line.len() as u64, &explanations(&line));
            assert_eq!(earlier.ranges.len(), Earlier::REACH_BYTES.div_ceil(11));
        }
    }
}
