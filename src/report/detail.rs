//! What a page shows besides the counts: the inputs by name, when codes were found, and their
//! lines.
//!
//! Collected only if a page was asked for. Memory is bounded, however long the log is. Knows no
//! format.

use super::samples::Samples;
use super::tally::{InputName, Place, name_end};
use super::timeline::Timeline;
use crate::annotate::{Annotation, Block, Start};
use crate::context::header::Header;
use crate::stream::{Observed, Totals};

/// What a page needs of a pass.
#[derive(Debug, Default)]
pub(super) struct Detail {
    pub(super) samples: Samples,
    pub(super) timeline: Timeline,
    pub(super) inputs: Inputs,
}

/// The inputs.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    /// The first ones.
    pub(super) named: Vec<InputCount>,
    /// How many others there are.
    pub(super) others: u64,
    /// What is in the others together.
    pub(super) of_others: InputCount,
    /// How many codes the current one has so far.
    codes: u64,
}

/// What was seen of an input.
#[derive(Debug, Default)]
pub(super) struct InputCount {
    pub(super) name: InputName,
    pub(super) totals: Totals,
    /// How many annotations.
    pub(super) codes: u64,
}

/// How many inputs are known by name.
const INPUTS_NAMED_MAX: usize = 100;
/// How many lines at each end of a block are asked for a time: a stack trace has none.
const EDGE_LINES_MAX: usize = 256;

impl Detail {
    /// Sees the time at the beginning of a block, so that a jump between two codes is seen.
    pub(super) fn begin_block(&mut self, block: Block<'_>) {
        if block.start == Start::Line {
            self.see(block.bytes.split_inclusive(is_line_end));
        }
    }

    /// Sees the time at the end of a block, unless it is one line, which was seen.
    pub(super) fn end_block(&mut self, block: Block<'_>) {
        let is_one_line =
            memchr::memchr(b'\n', block.bytes).is_none_or(|end| end + 1 == block.bytes.len());
        if !block.is_cut() && !is_one_line {
            self.see(block.bytes.rsplit(is_line_end).skip(1));
        }
    }

    /// Sees a code.
    pub(super) fn add(
        &mut self,
        observed: &Observed<'_, '_>,
        annotation: &Annotation<'_>,
        place: &Place,
    ) {
        let time = observed.header(annotation).time;
        let (code, severity) = (annotation.number.code, annotation.lookup.severity());
        self.timeline.add(code, severity, place.line, time);
        let line = &observed.block.bytes[annotation.line.clone()];
        let start = annotation.line.start;
        let number = annotation.number.range.start - start..annotation.number.range.end - start;
        self.samples.add(code, place, time, line.trim_ascii_end(), number);
        self.inputs.codes += 1;
    }

    /// The next input begins.
    pub(super) fn end_input(&mut self, name: Option<&[u8]>, totals: Totals) {
        self.timeline.end_input(totals.lines);
        self.inputs.add(name, totals);
    }

    fn see<'l>(&mut self, lines: impl Iterator<Item = &'l [u8]>) {
        let mut times = lines.take(EDGE_LINES_MAX).filter_map(|line| Header::parse(line).time);
        times.any(|time| self.timeline.see(time));
    }
}

fn is_line_end(byte: &u8) -> bool {
    *byte == b'\n'
}

impl Inputs {
    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.named.len() as u64 + self.others
    }

    fn add(&mut self, name: Option<&[u8]>, totals: Totals) {
        let codes = std::mem::take(&mut self.codes);
        if self.named.len() < INPUTS_NAMED_MAX {
            let name = name.map(|name| name_end(name).into());
            self.named.push(InputCount { name, totals, codes });
        } else {
            self.others += 1;
            self.of_others.totals += totals;
            self.of_others.codes += codes;
        }
    }
}
