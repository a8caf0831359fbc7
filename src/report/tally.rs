//! What a pass found, counted: how often each code was found, and where first and last.
//!
//! Owns what the reports know about a log. Memory is bounded by the number of codes, not by the
//! length of the log. Knows no format.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

use super::text::line_text;
use crate::catalog::{Code, Lookup};
use crate::stream::{Needs, Observed, Observer, Totals};

/// Counts the annotations of a pass.
#[derive(Debug, Default)]
pub struct Tally<'c> {
    counts: BTreeMap<Code, Count<'c>>,
    files: Vec<Option<Vec<u8>>>,
    /// The names of the inputs of zero bytes.
    empty_inputs: Vec<Option<Vec<u8>>>,
    totals: Totals,
    /// How many bytes of lines are kept for all codes together.
    kept_bytes: usize,
}

/// What was seen of one code.
#[derive(Debug)]
pub struct Count<'c> {
    /// The number.
    pub code: Code,
    /// What the catalog says about it.
    pub lookup: Lookup<'c>,
    /// How often it was annotated.
    pub count: u64,
    /// Where it was first.
    pub(super) first: Place,
    /// Where it was last.
    pub(super) last: Place,
    /// The first lines with it, safe to show, and cut to [`LINE_BYTES_MAX`].
    pub(super) lines: Vec<(Place, String)>,
}

/// A line of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Which input, 0-based.
    file: usize,
    /// 1-based.
    pub(super) line: u64,
}

/// How many lines are kept for each code: enough to recognize the situation.
const LINES_MAX: usize = 3;
/// How many bytes of a line are kept, as they are in the log. Bounds the memory for lines that
/// never end.
pub(super) const LINE_BYTES_MAX: usize = 500;
/// How many bytes of lines are kept for all codes together, as they are shown: a control character
/// takes three bytes then. Bounds the memory for a log that has every code there is: codes that
/// come late have no lines then.
const KEPT_BYTES_MAX: usize = 128 * 1024;

impl<'c> Tally<'c> {
    /// The counts, by code.
    pub(super) fn counts(&self) -> impl Iterator<Item = &Count<'c>> {
        self.counts.values()
    }

    /// The counts, the worst first, then the most frequent, then by code.
    pub(super) fn by_severity(&self) -> Vec<&Count<'c>> {
        let mut counts: Vec<_> = self.counts.values().collect();
        counts.sort_by_key(|count| {
            (Reverse(count.lookup.severity()), Reverse(count.count), count.code)
        });
        counts
    }

    /// The number of annotations.
    pub(super) fn annotations(&self) -> u64 {
        self.counts.values().map(|count| count.count).sum()
    }

    /// Adds what a pass has seen of its inputs.
    pub fn add_totals(&mut self, totals: Totals) {
        self.totals += totals;
    }

    /// Adds an input of zero bytes; `None` is standard input.
    pub fn add_empty_input(&mut self, name: Option<&[u8]>) {
        self.empty_inputs.push(name.map(<[u8]>::to_vec));
    }

    /// The names of the inputs of zero bytes.
    pub(super) fn empty_inputs(&self) -> &[Option<Vec<u8>>] {
        &self.empty_inputs
    }

    /// Lines and bytes of all inputs.
    pub(super) fn totals(&self) -> Totals {
        self.totals
    }

    /// The name of a place's input; `None` is standard input.
    pub(super) fn file(&self, place: Place) -> Option<&[u8]> {
        self.files.get(place.file).and_then(Option::as_deref)
    }

    fn file_index(&mut self, file: Option<&[u8]>) -> usize {
        if self.files.last().map(Option::as_deref) != Some(file) {
            self.files.push(file.map(<[u8]>::to_vec));
        }
        self.files.len() - 1
    }
}

impl<'c> Observer<'c> for Tally<'c> {
    fn needs(&self) -> Needs {
        Needs::Lines
    }

    fn observe(&mut self, observed: &Observed<'_, 'c>) -> io::Result<()> {
        if observed.annotations.is_empty() {
            return Ok(());
        }
        let file = self.file_index(observed.file);
        for (annotation, position) in observed.annotations.iter().zip(observed.positions) {
            let place = Place { file, line: position.line };
            let (code, lookup) = (annotation.number.code, annotation.lookup);
            let empty =
                || Count { code, lookup, count: 0, first: place, last: place, lines: Vec::new() };
            let count = self.counts.entry(code).or_insert_with(empty);
            count.count += 1;
            count.last = place;
            if count.lines.len() < LINES_MAX
                && self.kept_bytes < KEPT_BYTES_MAX
                && count.lines.last().is_none_or(|(last, _)| *last != place)
            {
                let line = observed.block.bytes[annotation.line.clone()].trim_ascii_end();
                let kept = line_text(&line[..line.len().min(LINE_BYTES_MAX)]);
                self.kept_bytes += kept.len();
                count.lines.push((place, kept));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{catalog, codes, tally};
    use super::*;

    #[test]
    fn the_lines_of_all_codes_together_have_a_limit() {
        let catalog = catalog();
        let all: Vec<u64> = (871_000..872_000).collect();
        let mut inputs = codes(&all);
        inputs[0].1 =
            all.iter().map(|code| format!("errno={code} {:600}x\n", "")).collect::<String>().into();
        let tally = tally(&catalog, &inputs);
        let lines = tally.counts().flat_map(|count| &count.lines);
        let kept: usize = lines.map(|(_, line)| line.len()).sum();
        assert!((KEPT_BYTES_MAX..KEPT_BYTES_MAX + LINE_BYTES_MAX).contains(&kept), "{kept}");
        assert_eq!(tally.counts().count(), 1000);
    }
}
