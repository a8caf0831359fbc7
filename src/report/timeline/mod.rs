//! When codes were found: over the log's own time where its headers carry one, over its lines where
//! they do not.
//!
//! Owns the choice of the axis. Memory is bounded, however long the log is. Knows no format.

#[cfg(test)]
mod tests;

use super::axis::{Axis, Chart, NoTime, Stretch, drawn};
use super::batch::{Batch, Cell, Found, TimeCell};
use super::clock::{Moment, Scale};
use super::histogram::{Histogram, Widths};
use super::tally::InputName;
use super::track::{Edge, Track};

/// Collects when codes were found.
#[derive(Debug)]
pub(super) struct Timeline {
    /// One for each scale that was seen.
    tracks: Vec<Track>,
    /// The track of the last line that had a time, in the current input.
    current: Option<usize>,
    /// Where the first input begins, and where the last one ends.
    begin: Option<End>,
    end: Option<End>,
    lines: Histogram,
    lines_before: u64,
    batch: Batch,
    codes: u64,
    /// How many codes had a time in their line or record.
    timed: u64,
}

/// The first or the last time of the log.
#[derive(Debug)]
struct End {
    track: usize,
    edge: Edge,
}

/// What is known of the time of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// That of its line.
    Own,
    /// That of its record, whose header is a line of its own.
    Record,
    /// That of the last line with a time, which is near.
    Near,
    Unknown,
}

/// How much of a hundred codes must have a time on the same scale, so that time is drawn. The chart
/// says how many others there are.
const PLACED_PERCENT_MIN: u64 = 90;

impl Default for Timeline {
    fn default() -> Self {
        Timeline {
            tracks: Vec::new(),
            current: None,
            begin: None,
            end: None,
            lines: Histogram::new(Widths::Lines),
            lines_before: 0,
            batch: Batch::default(),
            codes: 0,
            timed: 0,
        }
    }
}

impl Timeline {
    /// Whether this is a time that can be compared with others.
    pub(super) fn is_time(time: &[u8]) -> bool {
        Moment::parse(time).is_some()
    }

    /// Sees the time of a line. Returns whether it is one.
    pub(super) fn see(&mut self, time: &[u8]) -> bool {
        let Some(moment) = Moment::parse(time) else { return false };
        let known = self.tracks.iter().position(|track| track.is_on(moment.scale));
        let index = known.unwrap_or_else(|| {
            self.tracks.push(Track::new(moment));
            self.tracks.len() - 1
        });
        self.tracks[index].see(moment.millis, time);
        if self.current.replace(index).is_none() {
            self.begin_input(index);
        }
        true
    }

    /// The first time of an input was seen. Of several inputs, the earliest one begins the log, if
    /// they can be compared; if not, the first one does.
    fn begin_input(&mut self, track: usize) {
        let Some(edge) = self.tracks[track].edge() else { return };
        let is_first = match &self.begin {
            None => true,
            Some(begin) => begin.track == track && *edge < begin.edge,
        };
        if is_first {
            self.begin = Some(End { track, edge: edge.clone() });
        }
    }

    /// The last time of the current input, as it is in the log.
    pub(super) fn last_time(&self) -> Option<&[u8]> {
        self.tracks[self.current?].edge().map(|last| &last.text[..])
    }

    /// Counts a code. A time of its own was seen before.
    pub(super) fn add(&mut self, found: Found, line: u64, when: When) {
        self.timed += u64::from(matches!(when, When::Own | When::Record));
        let current = self.current.filter(|_| when != When::Unknown);
        let time = current.and_then(|track| {
            let (part, at) = self.tracks[track].last()?;
            Some((track, part, at))
        });
        self.codes += 1;
        let line = (self.lines_before + line) as i64;
        if !self.batch.cell.contains(line, time) {
            self.end_batch();
            let time = time.map(|(track, part, at)| {
                let range = self.tracks[track].parts[part].histogram.range(at);
                TimeCell { track, part, range }
            });
            self.batch.cell = Cell { lines: self.lines.range(line), time };
        }
        self.batch.add(found);
    }

    /// Moves the codes that were counted together into their buckets.
    fn end_batch(&mut self) {
        let Cell { lines, time } = std::mem::take(&mut self.batch.cell);
        for (Found { code, severity, .. }, count) in self.batch.drain() {
            self.lines.add(lines.start, code, severity, count);
            if let Some(TimeCell { track, part, range }) = &time {
                let track = &mut self.tracks[*track];
                track.parts[*part].histogram.add(range.start, code, severity, count);
                track.codes += count;
            }
        }
    }

    /// The next input has its own order.
    pub(super) fn end_input(&mut self, lines: u64, name: &InputName) {
        self.end_batch();
        self.lines_before += lines;
        if let Some(track) = self.current.take()
            && let Some(edge) = self.tracks[track].edge()
            && self.end.as_ref().is_none_or(|end| end.track != track || *edge > end.edge)
        {
            self.end = Some(End { track, edge: edge.clone() });
        }
        self.tracks.iter_mut().for_each(|track| track.end_input(name));
    }

    /// When the log begins and ends, as it says it: the times of its first line with a time and of
    /// its last one, whatever they are counted from. With the date, if it is only seconds.
    pub(super) fn begin_and_end(&self) -> Option<[(&[u8], Option<String>); 2]> {
        let [begin, end] = [self.begin.as_ref()?, self.end.as_ref()?];
        Some([begin, end].map(|end| end.text(&self.tracks)))
    }

    /// What to draw.
    pub(super) fn chart(&self) -> Chart {
        let no_time = match self.main() {
            None => NoTime::Missing,
            Some(track) if track.is_torn => NoTime::Torn,
            Some(_) if self.timed * 2 < self.codes => NoTime::Missing,
            Some(track) if self.is_enough(track.codes) => {
                let parts: Vec<_> = track.parts.iter().map(Stretch::of).collect();
                let (width, parts) = drawn(&parts);
                let axis = Axis::Time(track.scale, track.zone);
                return Chart { axis, width, parts, unplaced: self.codes - track.codes };
            }
            Some(_) => {
                let placed = self.tracks.iter().map(|track| track.codes).sum();
                if self.is_enough(placed) { NoTime::Mixed } else { NoTime::Missing }
            }
        };
        let range = (1, (self.lines_before as i64).max(1));
        let stretch = Stretch { jump: None, range, histogram: &self.lines, input: &None };
        let (width, parts) = drawn(&[stretch]);
        Chart { axis: Axis::Lines(no_time), width, parts, unplaced: 0 }
    }

    fn is_enough(&self, placed: u64) -> bool {
        placed * 100 >= self.codes * PLACED_PERCENT_MIN
    }

    /// The track with most codes, then with most times.
    fn main(&self) -> Option<&Track> {
        self.tracks.iter().rev().max_by_key(|track| (track.codes, track.seen))
    }
}

impl End {
    /// As it is in the log, and the date if it is only seconds.
    fn text(&self, tracks: &[Track]) -> (&[u8], Option<String>) {
        let scale = tracks[self.track].scale;
        let date = (scale == Scale::Epoch).then(|| scale.text(self.edge.at, 0, 1000));
        (&self.edge.text, date)
    }
}
