//! The first and the last lines with each code, with the place of the number in them.
//!
//! Owns how much of a line is kept and how many lines: memory is bounded, however long lines are
//! and however many codes there are. Knows no format.

use std::ops::Range;

use super::tally::Place;
use crate::ansi;

/// The lines of all codes.
#[derive(Debug, Default)]
pub(super) struct Samples {
    /// In the order in which the codes were first found.
    codes: Vec<OfCode>,
    /// The codes whose last lines are in the current block.
    pending: Vec<usize>,
}

/// What is kept of one code.
#[derive(Debug, Default)]
pub(super) struct OfCode {
    /// The time of the first line, as it is there.
    pub(super) first_time: Vec<u8>,
    /// The time of the last line.
    pub(super) last_time: Vec<u8>,
    /// The first lines, in order.
    pub(super) first: Vec<Sample>,
    /// The last lines that are not among the first ones, in order.
    pub(super) last: Vec<Sample>,
    /// Whether the first line was seen.
    is_found: bool,
    /// The line that was seen last, in any block.
    newest: Option<u64>,
    /// The last lines in the current block, by their annotations: none is copied before it is known
    /// which ones are the last.
    pending: Vec<usize>,
}

/// What is around a number in its line, as it is in the log.
#[derive(Debug)]
pub(super) struct Sample {
    pub(super) place: Place,
    pub(super) bytes: Vec<u8>,
    /// Where the number is in `bytes`.
    pub(super) number: Range<usize>,
    /// Whether the line has more before it.
    pub(super) is_cut_before: bool,
    /// Whether the line has more after it.
    pub(super) is_cut_after: bool,
}

/// How many first lines of a code are kept, and how many last ones.
pub(super) const FIRST_MAX: usize = 2;
pub(super) const LAST_MAX: usize = 2;
/// How many bytes of a line are kept: whole lines of most logs.
pub(super) const WINDOW_BYTES: usize = 256;
/// How many bytes of a time are kept.
const TIME_BYTES_MAX: usize = 48;
/// How many bytes of lines are kept for all codes together. Codes that come later have only times.
const KEPT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How many codes have lines: each may take as much as its lines can have.
pub(super) const CODES_MAX: usize = KEPT_BYTES_MAX / ((FIRST_MAX + LAST_MAX) * WINDOW_BYTES);

impl Samples {
    /// Sees a code, the `index`th that was found, in a line: `at` is the place of its annotation in
    /// the block.
    pub(super) fn add(&mut self, index: usize, at: usize, line: u64) {
        if index >= self.codes.len() {
            self.codes.resize_with(index + 1, OfCode::default);
        }
        let of_code = &mut self.codes[index];
        if of_code.newest == Some(line) {
            return;
        }
        of_code.newest = Some(line);
        if of_code.pending.is_empty() {
            self.pending.push(index);
        }
        if of_code.pending.len() == FIRST_MAX + LAST_MAX {
            of_code.pending.remove(FIRST_MAX);
        }
        of_code.pending.push(at);
    }

    /// Keeps the lines of the block that are the last ones so far, given each annotation's line.
    pub(super) fn end_block<'b>(&mut self, line_of: impl Fn(usize) -> Seen<'b>) {
        for index in self.pending.drain(..) {
            let lines = if index < CODES_MAX { Lines::Kept } else { Lines::Dropped };
            self.codes[index].keep(lines, &line_of);
        }
    }

    /// The next input has lines of its own.
    pub(super) fn end_input(&mut self) {
        self.codes.iter_mut().for_each(|of_code| of_code.newest = None);
    }

    /// What is kept of the `index`th code that was found.
    pub(super) fn of(&self, index: usize) -> Option<&OfCode> {
        self.codes.get(index)
    }
}

/// A line with a code.
#[derive(Debug)]
pub(super) struct Seen<'b> {
    pub(super) place: Place,
    pub(super) time: Option<&'b [u8]>,
    pub(super) line: &'b [u8],
    /// Where the number is in the line.
    pub(super) number: Range<usize>,
    /// Whether the line has more before and after what is here of it: it may be a piece.
    pub(super) is_cut: [bool; 2],
}

/// Whether the lines of a code are kept, or only their times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    Kept,
    Dropped,
}

impl OfCode {
    fn keep<'b>(&mut self, lines: Lines, line_of: impl Fn(usize) -> Seen<'b>) {
        let mut pending = std::mem::take(&mut self.pending);
        let mut time = None;
        for at in pending.drain(..) {
            let seen = line_of(at);
            time = Some(seen.time.map_or(&b""[..], |time| &time[..time.len().min(TIME_BYTES_MAX)]));
            if !std::mem::replace(&mut self.is_found, true) {
                self.first_time = time.unwrap_or_default().to_vec();
            }
            if lines == Lines::Dropped {
                continue;
            }
            if self.first.len() < FIRST_MAX {
                self.first.reserve_exact(1);
                self.first.push(Sample::new(seen, Vec::new()));
            } else {
                let is_full = self.last.len() == LAST_MAX;
                let space = if is_full { self.last.remove(0).bytes } else { Vec::new() };
                self.last.reserve_exact(1);
                self.last.push(Sample::new(seen, space));
            }
        }
        self.pending = pending;
        if let Some(time) = time {
            self.last_time.clear();
            self.last_time.extend_from_slice(time);
        }
    }
}

impl Sample {
    /// The window of a line around a number; its memory is `space`.
    fn new(seen: Seen<'_>, mut space: Vec<u8>) -> Self {
        let Seen { place, line, number, is_cut: [is_cut_before, is_cut_after], .. } = seen;
        let window = window(line, &number, WINDOW_BYTES, WINDOW_BYTES / 2);
        space.clear();
        space.extend_from_slice(&line[window.clone()]);
        Sample {
            place,
            number: number.start - window.start..number.end - window.start,
            is_cut_before: is_cut_before || window.start > 0,
            is_cut_after: is_cut_after || window.end < line.len(),
            bytes: space,
        }
    }

    /// What is before the number, the number, and what is after it.
    pub(super) fn parts(&self) -> [&[u8]; 3] {
        let (before, rest) = self.bytes.split_at(self.number.start);
        let (number, after) = rest.split_at(self.number.len());
        [before, number, after]
    }
}

/// The part of a line around a number, of at most `bytes_max` bytes; if the line is longer, at most
/// `before_max` of them are before the number. It cuts no character and no escape sequence in two.
pub(super) fn window(
    line: &[u8],
    number: &Range<usize>,
    bytes_max: usize,
    before_max: usize,
) -> Range<usize> {
    if line.len() <= bytes_max {
        return 0..line.len();
    }
    let start = number.start.saturating_sub(before_max).min(line.len() - bytes_max);
    let mut end = ansi::before_sequence(line, start + bytes_max).max(number.end);
    let mut start = ansi::after_sequence(line, start).min(number.start);
    let is_inside = |at: usize| line.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
    for _ in 0..3 {
        start += usize::from(start > 0 && is_inside(start));
        end -= usize::from(end > number.end && is_inside(end));
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(line: u64) -> Place {
        Place { input: None, line }
    }

    /// A code in each of these lines, block by block.
    fn samples(blocks: &[&[u64]]) -> Samples {
        let mut samples = Samples::default();
        for lines in blocks {
            (0..).zip(*lines).for_each(|(at, line)| samples.add(0, at, *line));
            samples.end_block(|at| seen(lines[at], b"code=871300", 5..11));
        }
        samples
    }

    fn seen(line: u64, text: &[u8], number: Range<usize>) -> Seen<'_> {
        let (place, time, is_cut) = (place(line), Some(&b"10.0"[..]), [false; 2]);
        Seen { place, time, line: text, number, is_cut }
    }

    #[test]
    fn the_first_and_the_last_lines_are_kept_once_each() {
        let lines =
            |samples: &[Sample]| samples.iter().map(|sample| sample.place.line).collect::<Vec<_>>();
        let blocks: [&[&[u64]]; 5] = [
            &[&[1, 1, 2, 3, 4, 5, 5]],
            &[&[1], &[1, 2], &[3, 4, 5], &[5]],
            &[&[1, 2, 3], &[4], &[5]],
            &[&[1], &[2], &[3], &[4], &[5]],
            &[&[1, 2, 3, 3, 3, 4], &[4, 5]],
        ];
        for blocks in blocks {
            let samples = samples(blocks);
            let of_code = samples.of(0).expect("it was seen");
            let found = (lines(&of_code.first), lines(&of_code.last));
            assert_eq!(found, (vec![1, 2], vec![4, 5]), "{blocks:?}");
            assert_eq!(of_code.first[0].parts(), [&b"code="[..], b"871300", b""]);
            assert_eq!(
                (&of_code.first_time[..], &of_code.last_time[..]),
                (&b"10.0"[..], &b"10.0"[..])
            );
        }
    }

    #[test]
    fn a_long_line_is_cut_around_the_number_between_characters() {
        for before in [0, 1, 100, 127, 128, 129, 5000] {
            for after in [0, 1, 126, 127, 5000] {
                let line = format!("{}871300{}", "错".repeat(before), "误".repeat(after));
                let start = "错".len() * before;
                let sample = Sample::new(seen(1, line.as_bytes(), start..start + 6), Vec::new());
                let [left, number, right] = sample.parts();
                assert_eq!(number, b"871300", "{before} {after}");
                assert!(sample.bytes.len() <= WINDOW_BYTES);
                assert!(std::str::from_utf8(left).is_ok() && std::str::from_utf8(right).is_ok());
                assert_eq!(sample.is_cut_before, left.len() < start, "{before} {after}");
                assert_eq!(
                    sample.is_cut_after,
                    right.len() < "误".len() * after,
                    "{before} {after}"
                );
            }
        }
    }

    #[test]
    fn a_line_that_begins_within_a_character_is_not_cut_there() {
        for first in ["\u{7801}".as_bytes(), &[0x80; 5]] {
            let line = [&first[1..], b" 871300", &[b'x'; 500]].concat();
            let start = first.len();
            assert_eq!(window(&line, &(start..start + 6), 500, 250), 0..500);
        }
    }

    #[test]
    fn codes_that_come_late_have_only_times() {
        let mut samples = Samples::default();
        for index in 0..10_000 {
            samples.add(index, 0, 1);
            samples.end_block(|_| seen(1, &[b'x'; 5000], 100..106));
        }
        let lines = |index: usize| samples.of(index).map(|of_code| of_code.first.len());
        assert_eq!((lines(CODES_MAX - 1), lines(CODES_MAX)), (Some(1), Some(0)));
        assert_eq!(samples.of(9_999).map(|of_code| &of_code.last_time[..]), Some(&b"10.0"[..]));
    }
}
