//! What a page shows besides the counts: the inputs by name, when codes were found, and their
//! lines.
//!
//! Collected only if a page was asked for. Memory is bounded, however long the log is. Knows no
//! format.

use super::batch::Found;
use super::samples::{Samples, Seen};
use super::tally::{InputName, Place, name_end};
use super::timeline::Timeline;
use super::times::Times;
use crate::stream::{Observed, Totals};

/// What a page needs of a pass.
#[derive(Debug, Default)]
pub(super) struct Detail {
    pub(super) samples: Samples,
    pub(super) timeline: Timeline,
    pub(super) inputs: Inputs,
    times: Times,
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

impl Detail {
    /// Sees the code of the `at`th annotation of a block, the `index`th code that was found.
    pub(super) fn add(&mut self, observed: &Observed<'_, '_>, at: usize, index: usize) {
        let (annotation, line) = (&observed.annotations[at], observed.positions[at].line);
        let (code, severity) = (annotation.number.code, annotation.lookup.severity());
        let header = observed.time(annotation);
        let timeline = &mut self.timeline;
        let when = self.times.of_code(observed.block, &annotation.line, header, timeline);
        timeline.add(Found { code, severity, index }, line, when);
        self.samples.add(index, at, line);
        self.inputs.codes += 1;
    }

    /// Sees a block, after its codes; `input` is the name of its input.
    pub(super) fn end_block(&mut self, observed: &Observed<'_, '_>, input: &InputName) {
        self.times.end_block(observed.block, &mut self.timeline);
        self.samples.end_block(|at| {
            let annotation = &observed.annotations[at];
            let (line, number) = (annotation.line.clone(), annotation.number.range.clone());
            Seen {
                place: Place { input: input.clone(), line: observed.positions[at].line },
                time: observed.time(annotation).1,
                number: number.start - line.start..number.end - line.start,
                line: observed.block.bytes[line].trim_ascii_end(),
            }
        });
    }

    /// The next input begins.
    pub(super) fn end_input(&mut self, name: Option<&[u8]>, totals: Totals) {
        std::mem::take(&mut self.times).end_input(&mut self.timeline);
        self.timeline.end_input(totals.lines);
        self.samples.end_input();
        self.inputs.add(name, totals);
    }
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
