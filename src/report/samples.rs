//! The first and the last lines with each code, with the place of the number in them.
//!
//! Owns how much of a line is kept and how many lines: memory is bounded, however long lines are
//! and however many codes there are. Knows no format.

use std::collections::BTreeMap;
use std::ops::Range;

use super::tally::Place;
use crate::catalog::Code;

/// The lines of all codes.
#[derive(Debug, Default)]
pub(super) struct Samples {
    codes: BTreeMap<Code, OfCode>,
    /// How many bytes of lines may have been kept for all codes together.
    kept_bytes: usize,
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
/// How many of them are before the number, if the line is longer.
const BEFORE_BYTES: usize = 128;
/// How many bytes of a time are kept.
const TIME_BYTES_MAX: usize = 48;
/// How many bytes of lines are kept for all codes together: those of about a thousand codes. Codes
/// that come later have no lines.
const KEPT_BYTES_MAX: usize = 1024 * 1024;
/// How many of these bytes a code takes, whatever its lines are.
const CODE_BYTES: usize = (FIRST_MAX + LAST_MAX) * WINDOW_BYTES;

impl Samples {
    /// Sees a code in a line.
    pub(super) fn add(
        &mut self,
        code: Code,
        place: &Place,
        time: Option<&[u8]>,
        line: &[u8],
        number: Range<usize>,
    ) {
        let of_code = match self.codes.get_mut(&code) {
            Some(of_code) => of_code,
            None if self.kept_bytes + CODE_BYTES > KEPT_BYTES_MAX => return,
            None => {
                self.kept_bytes += CODE_BYTES;
                self.codes.entry(code).or_default()
            }
        };
        let time = time.map_or(&b""[..], |time| &time[..time.len().min(TIME_BYTES_MAX)]);
        if of_code.first.is_empty() {
            of_code.first_time = time.to_vec();
        }
        of_code.last_time.clear();
        of_code.last_time.extend_from_slice(time);
        of_code.add(place, line, number);
    }

    /// What is kept of a code.
    pub(super) fn of(&self, code: Code) -> Option<&OfCode> {
        self.codes.get(&code)
    }
}

impl OfCode {
    fn add(&mut self, place: &Place, line: &[u8], number: Range<usize>) {
        let newest = self.last.last().or(self.first.last());
        if newest.is_some_and(|sample| sample.place == *place) {
            return;
        }
        if self.first.len() < FIRST_MAX {
            self.first.push(Sample::new(place, line, number, Vec::new()));
            return;
        }
        let space = if self.last.len() < LAST_MAX { Vec::new() } else { self.last.remove(0).bytes };
        self.last.push(Sample::new(place, line, number, space));
    }
}

impl Sample {
    /// The window of a line around a number; its memory is `space`.
    fn new(place: &Place, line: &[u8], number: Range<usize>, mut space: Vec<u8>) -> Self {
        let window = window(line, &number);
        space.clear();
        space.extend_from_slice(&line[window.clone()]);
        Sample {
            place: place.clone(),
            number: number.start - window.start..number.end - window.start,
            is_cut_before: window.start > 0,
            is_cut_after: window.end < line.len(),
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

/// What is kept of a line. It begins and ends with whole characters.
fn window(line: &[u8], number: &Range<usize>) -> Range<usize> {
    if line.len() <= WINDOW_BYTES {
        return 0..line.len();
    }
    let start = number.start.saturating_sub(BEFORE_BYTES).min(line.len() - WINDOW_BYTES);
    let mut window = start..start + WINDOW_BYTES;
    let is_inside = |at: usize| line.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
    for _ in 0..3 {
        window.start += usize::from(window.start > 0 && is_inside(window.start));
        window.end -= usize::from(is_inside(window.end));
    }
    window
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(line: u64) -> Place {
        Place { input: None, line }
    }

    #[test]
    fn the_first_and_the_last_lines_are_kept_once_each() {
        let mut samples = Samples::default();
        let code = Code::new(871_300);
        for line in [1, 1, 2, 3, 4, 5, 5] {
            samples.add(code, &place(line), Some(b"10.0"), b"code=871300", 5..11);
        }
        let of_code = samples.of(code).expect("it was seen");
        let lines =
            |samples: &[Sample]| samples.iter().map(|sample| sample.place.line).collect::<Vec<_>>();
        assert_eq!((lines(&of_code.first), lines(&of_code.last)), (vec![1, 2], vec![4, 5]));
        assert_eq!(of_code.first[0].parts(), [&b"code="[..], b"871300", b""]);
        assert_eq!(of_code.first_time, b"10.0");
    }

    #[test]
    fn a_long_line_is_cut_around_the_number_between_characters() {
        for before in [0, 1, 100, 127, 128, 129, 5000] {
            for after in [0, 1, 126, 127, 5000] {
                let line = format!("{}871300{}", "错".repeat(before), "误".repeat(after));
                let start = "错".len() * before;
                let sample = Sample::new(&place(1), line.as_bytes(), start..start + 6, Vec::new());
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
    fn codes_that_come_late_have_no_lines() {
        let mut samples = Samples::default();
        for number in 0..10_000 {
            samples.add(Code::new(number), &place(1), None, &[b'x'; 5000], 100..106);
        }
        assert_eq!(samples.codes.len(), KEPT_BYTES_MAX / CODE_BYTES);
    }
}
