//! When codes were found: over the log's own time where its headers carry one, over its lines where
//! they do not.
//!
//! Owns the choice of the axis. Memory is bounded, however long the
//! log is. Knows no format.

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
    /// How many codes had a time in their line.
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
        let known = self.tracks.iter().position(|track| track.scale == moment.scale);
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
        self.timed += u64::from(when == When::Own);
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
            Some(_) if self.timed < self.codes / 2 => NoTime::Missing,
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

#[cfg(test)]
mod tests {
    use super::super::axis::ChartPart;
    use super::super::clock::HOUR;
    use super::super::histogram::BUCKETS_MAX;
    use super::super::track::Jump;
    use super::*;
    use crate::catalog::{Code, Severity};

    const CODE: Found = Found { code: Code::new(871_300), severity: Severity::Error, index: 0 };

    /// The timeline of inputs with codes at these times; an empty one is a line without a time, `?`
    /// one that no line with a time is near.
    fn timeline(inputs: &[&[&str]]) -> Timeline {
        let mut timeline = Timeline::default();
        for times in inputs {
            for (line, time) in (1..).zip(*times) {
                let when = match *time {
                    "" => When::Near,
                    "?" => When::Unknown,
                    time if timeline.see(time.as_bytes()) => When::Own,
                    _ => When::Unknown,
                };
                timeline.add(CODE, line, when);
            }
            timeline.end_input(times.len() as u64, &None);
        }
        timeline
    }

    /// The jumps of the chart, and how many codes each part has.
    fn parts(inputs: &[&[&str]]) -> Vec<(Option<Jump>, u64)> {
        let chart = timeline(inputs).chart();
        let total = |part: &ChartPart| part.buckets.iter().map(|(_, bucket)| bucket.total()).sum();
        assert!(matches!(chart.axis, Axis::Time(..)), "{:?}", chart.axis);
        chart.parts.iter().map(|part| (part.jump, total(part))).collect()
    }

    fn axis(inputs: &[&[&str]]) -> Axis {
        timeline(inputs).chart().axis
    }

    /// Times, with the jump before each part and how many codes it has.
    type Case<'t> = (&'t [&'t str], &'t [(Option<Jump>, u64)]);

    #[test]
    fn a_jump_begins_a_part() {
        let (back, boot, set) = (Some(Jump::Back), Some(Jump::Boot), Some(Jump::Set));
        let cases: [Case<'_>; 16] = [
            (&["03-17 10:00:00", "03-17 09:59:30", "03-17 10:01:00"], &[(None, 3)]),
            (&["03-17 10:00:00", "03-17 09:58:00", "", "03-17 11:00:00"], &[(None, 1), (back, 3)]),
            (&["50.0", "55.0", "0.5", "70.0"], &[(None, 2), (boot, 2)]),
            (&["50.0", "45.0"], &[(None, 2)]),
            (&["01-01 08:00:10", "03-17 10:00:00"], &[(None, 1), (set, 1)]),
            (&["12-31 23:59:59", "01-01 00:00:01", "12-31 23:59:59.9"], &[(None, 3)]),
            (&["23:59:59", "00:00:01"], &[(None, 2)]),
            (&["08-17 10:00:00", "01-01 00:00:01"], &[(None, 1), (back, 1)]),
            (&["12-31 16:00:10", "03-17 10:00:00"], &[(None, 1), (set, 1)]),
            (&["12-31 16:00:10", "12-20 10:00:00"], &[(None, 1), (back, 1)]),
            (&["12-31 16:00:10", "11-10 10:00:00"], &[(None, 1), (set, 1)]),
            (&["01-01 08:00:10", "12-28 10:00:00"], &[(None, 1), (set, 1)]),
            (&["1969-12-31 16:00:10", "2024-03-17 10:00:00"], &[(None, 1), (set, 1)]),
            (&["1970-01-01 08:00:10", "2024-03-17 10:00:00"], &[(None, 1), (set, 1)]),
            (&["2024-01-01 08:00:10", "2024-03-17 10:00:00"], &[(None, 2)]),
            (&["2023-12-31 23:00:10", "2024-01-09 10:00:00"], &[(None, 2)]),
        ];
        for (times, want) in cases {
            assert_eq!(parts(&[times]), want, "{times:?}");
        }
    }

    #[test]
    fn inputs_that_cover_the_same_time_are_drawn_over_each_other() {
        let input: &[&str] = &["03-17 10:00:00", "03-17 12:00:00"];
        assert_eq!(parts(&[input, input, &["03-17 11:00:00"]]), [(None, 5)]);
        let set: &[&str] = &["01-01 08:00:00", "03-17 10:00:00", "03-17 09:00:00"];
        let (set_at, back) = (Some(Jump::Set), Some(Jump::Back));
        assert_eq!(parts(&[set, set]), [(None, 2), (set_at, 2), (back, 2)]);
        let far = ["05-17 10:00:00"];
        assert_eq!(parts(&[input, &far]), [(None, 2), (Some(Jump::Input), 1)]);
    }

    #[test]
    fn inputs_whose_boot_may_be_another_one_are_drawn_one_after_the_other() {
        let next = Some(Jump::Input);
        let booted: &[&str] = &["100.0", "900.0", "0.0"];
        let boot = (Some(Jump::Boot), 2);
        assert_eq!(parts(&[booted, &["800.0"]]), [(None, 2), boot]);
        assert_eq!(parts(&[&["1.0", "900.0"], &["0.5", "40.0"]]), [(None, 2), (next, 2)]);
        assert_eq!(parts(&[&["0.0", "900.0"], &["901.0"]]), [(None, 3)]);
        let many: Vec<&[&str]> = vec![&["5.0", "9.0"]; 40];
        assert_eq!(parts(&many).len(), 1);
        let many: Vec<&[&str]> = vec![&["5.0", "90.0"]; 40];
        assert_eq!(parts(&many).len(), 16);
    }

    #[test]
    fn without_a_time_that_can_be_compared_the_axis_is_lines() {
        assert_eq!(axis(&[&["", "", ""]]), Axis::Lines(NoTime::Missing));
        assert_eq!(axis(&[&["", "10.0", "11.0"]]), Axis::Lines(NoTime::Missing));
        assert_eq!(axis(&[&["10.0", "", ""]]), Axis::Time(Scale::Boot, 0));
        assert_eq!(axis(&[&["10.0", "", "", ""]]), Axis::Lines(NoTime::Missing));
        assert_eq!(axis(&[&["10.0", "03-17 10:00:00"]]), Axis::Lines(NoTime::Mixed));
        assert_eq!(axis(&[&["10.0", "11.0", "?"]]), Axis::Lines(NoTime::Missing));
        assert_eq!(axis(&[&["10.0", "+10 ms", "+20 ms"]]), Axis::Lines(NoTime::Missing));
        let torn: Vec<&str> = ["900.0", "1.0"].repeat(20);
        assert_eq!(axis(&[&torn]), Axis::Lines(NoTime::Torn));
        let chart = timeline(&[&[""; 70], &[""; 50]]).chart();
        assert_eq!(
            (chart.width, chart.parts[0].range, chart.parts[0].buckets.len()),
            (5, (1, 120), 25)
        );
    }

    #[test]
    fn a_few_codes_may_have_no_place() {
        let most = ["03-17 10:00:00"; 28];
        let few = ["2024-03-17 10:00:00", "?", "+10 ms"];
        let chart = timeline(&[&most, &few]).chart();
        assert_eq!((chart.axis, chart.unplaced), (Axis::Time(Scale::Yearless, 0), 3));
        let chart = timeline(&[&most, &few, &["?"; 2]]).chart();
        assert_eq!((chart.axis, chart.unplaced), (Axis::Lines(NoTime::Missing), 0));
    }

    #[test]
    fn there_are_never_many_buckets() {
        let mut timeline = Timeline::default();
        for line in 1..200_000 {
            let time = format!("{}.{:03}", line % 20_000, line % 1000);
            let index = line as usize % 40;
            let code = Code::new(871_000 + index as u64);
            let found = Found { code, severity: Severity::Warning, index };
            timeline.see(time.as_bytes());
            timeline.add(found, line, When::Own);
        }
        timeline.end_input(200_000, &None);
        let chart = timeline.chart();
        let buckets = chart.parts.iter().flat_map(|part| &part.buckets);
        assert_eq!(
            (chart.parts.len(), buckets.clone().map(|(_, bucket)| bucket.total()).sum()),
            (10, 199_999)
        );
        assert!((BUCKETS_MAX / 5..=BUCKETS_MAX).contains(&(buckets.count() as i64)));
    }

    #[test]
    fn the_log_begins_and_ends_with_its_lines_and_not_with_its_codes() {
        let mut timeline = Timeline::default();
        assert!(timeline.see(b"03-17 10:00:00.000") && !timeline.see(b"+10 ms"));
        timeline.see(b"03-17 10:30:00.000");
        timeline.add(CODE, 2, When::Own);
        timeline.see(b"03-17 11:00:00.000");
        timeline.end_input(3, &None);
        let ends = timeline.begin_and_end().expect("it has times");
        let want = ["03-17 10:00:00.000", "03-17 11:00:00.000"];
        assert_eq!(ends, want.map(|time| (time.as_bytes(), None)));
        let [part] = &timeline.chart().parts[..] else { panic!("one part") };
        assert_eq!(part.range.1 - part.range.0, HOUR);
    }

    #[test]
    fn the_first_line_is_the_begin_also_where_lines_are_out_of_order() {
        let torn: Vec<&str> = [&["900.0", "1.0"].repeat(20)[..], &["5.0"]].concat();
        let iso = ["2026-11-26T22:00:00Z", "2026-11-26T23:00:00Z"];
        let cases: [(&[&[&str]], [&str; 2]); 8] = [
            (&[&[iso[0], "11-27 06:00:00", "11-27 07:00:00", iso[1]]], iso),
            (&[&[iso[0]], &["11-27 06:00:00"]], [iso[0], "11-27 06:00:00"]),
            (&[&["10:00:05", "10:00:00", "10:00:09", "10:00:08"]], ["10:00:05", "10:00:08"]),
            (&[&["10:00:00", "12:00:00", "09:00:00", "09:30:00"]], ["10:00:00", "09:30:00"]),
            (&[&torn], ["900.0", "5.0"]),
            (&[&["10:00:00", "12:00:00"], &["09:00:00", "11:00:00"]], ["09:00:00", "12:00:00"]),
            (&[&["100.0", "900.0"], &["3.0", "7.0"]], ["100.0", "7.0"]),
            (&[&["10:00:00", "10:30:00"], &["?"]], ["10:00:00", "10:30:00"]),
        ];
        for (inputs, want) in cases {
            let timeline = timeline(inputs);
            let found = timeline.begin_and_end().expect("it has times").map(|(text, _)| text);
            assert_eq!(found, want.map(str::as_bytes), "{inputs:?}");
        }
    }
    #[test]
    fn seconds_since_1970_have_a_date() {
        let timeline = timeline(&[&["1764201600.000", "1764201660.500"]]);
        let [(begin, date), (_, last)] = timeline.begin_and_end().expect("it has times");
        assert_eq!((begin, date.as_deref()), (&b"1764201600.000"[..], Some("2025-11-27 00:00:00")));
        assert_eq!(last.as_deref(), Some("2025-11-27 00:01:00"));
    }
}
