//! What a page shows besides the counts: the inputs by name, when codes were found, and their
//! lines.
//!
//! Collected only if a page was asked for. Memory is bounded, however long the log is. Knows no
//! format.

use super::batch::Found;
use super::samples::{Samples, Seen};
use super::tally::{InputName, Place, name_end};
use super::timeline::{Timeline, When};
use super::times::Times;
use crate::stream::{Observed, Totals};

/// What a page needs of a pass.
#[derive(Debug, Default)]
pub(super) struct Detail {
    pub(super) samples: Samples,
    pub(super) timeline: Timeline,
    pub(super) inputs: Inputs,
    times: Times,
    /// The annotations of the current block that have the time of a line before theirs, with it as
    /// the page shows it.
    near: Vec<(usize, Vec<u8>)>,
}

/// The inputs.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    /// The first ones with codes, then, if there is room, the first ones without; in order.
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

/// What is before a time that is not that of the line itself.
const NEAR_SIGN: &str = "≈ ";
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
        let sign = if when == When::Near { NEAR_SIGN } else { "" };
        if matches!(when, When::Near | When::Record)
            && let Some(time) = timeline.last_time()
        {
            self.near.push((at, [sign.as_bytes(), time].concat()));
        }
        self.samples.add(index, at, line);
        self.inputs.codes += 1;
    }

    /// Sees a block, after its codes; `input` is the name of its input.
    pub(super) fn end_block(&mut self, observed: &Observed<'_, '_>, input: &InputName) {
        self.times.end_block(observed.block, &mut self.timeline);
        let near = std::mem::take(&mut self.near);
        self.samples.end_block(|at| {
            let near_time = near.binary_search_by_key(&at, |(at, _)| *at);
            let annotation = &observed.annotations[at];
            let (line, number) = (annotation.line.clone(), annotation.number.range.clone());
            Seen {
                place: Place { input: input.clone(), line: observed.positions[at].line },
                time: match near_time {
                    Ok(found) => Some(&near[found].1),
                    Err(_) => observed.time(annotation).1,
                },
                number: number.start - line.start..number.end - line.start,
                line: observed.block.bytes[line].trim_ascii_end(),
                is_cut: observed.block.cuts(),
            }
        });
    }

    /// The next input begins.
    pub(super) fn end_input(&mut self, name: Option<&[u8]>, totals: Totals) {
        std::mem::take(&mut self.times).end_input(&mut self.timeline);
        let name = name.map(|name| name_end(name).into());
        self.timeline.end_input(totals.lines, &name);
        self.samples.end_input();
        self.inputs.add(name, totals);
    }
}

impl Inputs {
    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.named.len() as u64 + self.others
    }

    fn add(&mut self, name: InputName, totals: Totals) {
        let codes = std::mem::take(&mut self.codes);
        if self.named.len() < INPUTS_NAMED_MAX {
            self.named.push(InputCount { name, totals, codes });
            return;
        }
        let has_none = |input: &InputCount| input.codes == 0;
        let place = self.named.iter().rposition(has_none).filter(|_| codes > 0);
        let left_out = match place {
            Some(place) => {
                self.named.push(InputCount { name, totals, codes });
                self.named.remove(place)
            }
            None => InputCount { name: None, totals, codes },
        };
        self.others += 1;
        self.of_others.totals += left_out.totals;
        self.of_others.codes += left_out.codes;
    }
}
