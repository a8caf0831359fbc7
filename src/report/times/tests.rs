//! Which times are seen, and which one a code has.

use super::super::axis::Axis;
use super::super::batch::Found;
use super::super::clock::Scale;
use super::*;
use crate::catalog::{Code, Severity};

const CODE: Found = Found { code: Code::new(871_300), severity: Severity::Error, index: 0 };

/// What the timeline shows of a log in blocks of `block_lines` lines, with a code in each line
/// that has a `!`.
fn timeline(log: &str, block_lines: usize) -> Timeline {
    let (mut times, mut timeline, mut number) = (Times::default(), Timeline::default(), 0);
    let lines: Vec<&str> = log.split_inclusive('\n').collect();
    for bytes in lines.chunks(block_lines).map(<[&str]>::concat) {
        let block = Block::lines(bytes.as_bytes());
        let mut start = 0;
        for line in bytes.split_inclusive('\n') {
            number += 1;
            let range = start..start + line.len();
            start = range.end;
            if line.contains('!') {
                let header = Header::parse_time(line.as_bytes());
                let when = times.of_code(block, &range, header, &mut timeline);
                timeline.add(CODE, number, when);
            }
        }
        times.end_block(block, &mut timeline);
    }
    times.end_input(&mut timeline);
    timeline.end_input(number, &None);
    timeline
}

fn line(seconds: u64, text: &str) -> String {
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("03-17 {clock}.000  1702  2395 D Chat    : {text}\n")
}

#[test]
fn a_jump_is_seen_between_two_codes() {
    // Of `count` lines, the first one and the last one have a code; from the middle on, the
    // clock is back for `back` lines.
    let log = |count: u64, back: u64| -> String {
        let is_back = |at: u64| (count.div_ceil(2)..count.div_ceil(2) + back).contains(&at);
        let clock = |at: u64| if is_back(at) { 100 } else { 36_000 } + at;
        let code = |at: u64| if at == 1 || at == count { "!" } else { "" };
        (1..=count).map(|at| line(clock(at), code(at))).collect()
    };
    let few = STRIDE_BYTES / line(0, "").len() as u64 + 1;
    for (count, back) in [(3, 1), (100, 1), (20_000, few), (20_000, 5_000)] {
        for block_lines in [1, 3, 100, 100_000] {
            let chart = timeline(&log(count, back), block_lines).chart();
            assert_eq!(chart.parts.len(), 2, "{count} {back} {block_lines}");
        }
    }
}

#[test]
fn where_a_block_ends_makes_no_difference() {
    let trace = "\tat a.b(C.java:7)\n".repeat(30);
    let mut state = 1_u64;
    let mut below = |end: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % end
    };
    for _ in 0..20 {
        let mut log = String::new();
        for _ in 0..3_000 {
            let text = ["x", "x", "x", "!"][below(4) as usize];
            match below(30) {
                0 => log += &trace,
                1 => log += "cause !\n",
                2 => log += &line(below(80_000), text),
                _ => log += &line(40_000, text),
            }
        }
        let shown = |block_lines: usize| {
            let timeline = timeline(&log, block_lines);
            format!("{:?} {:?}", timeline.chart(), timeline.begin_and_end())
        };
        let whole = shown(100_000);
        for block_lines in [1, 2, 17, 1_000] {
            assert!(shown(block_lines) == whole, "{block_lines}");
        }
    }
}

#[test]
fn a_code_without_a_time_has_that_of_the_line_before_it() {
    let trace = "\tat a.b.c(D.java:7)\n";
    let before: String = (0..2_000).map(|at| line(36_000 + at, "connected")).collect();
    let log = [&before, &line(50_000, "!"), &line(60_000, "failed"), trace, "cause !\n"];
    let far = [&log.concat()[..], &trace.repeat(2_000), "cause !\n"].concat();
    for block_lines in [1, 7, 1_000, 100_000] {
        let chart = timeline(&log.concat(), block_lines).chart();
        let last = chart.parts[0].buckets.last().expect("there are buckets");
        assert_eq!(last.1.total(), 1, "{block_lines} {chart:?}");
        let chart = timeline(&far, block_lines).chart();
        assert!(matches!(chart.axis, Axis::Lines(_)), "{chart:?}");
    }
}

#[test]
fn a_time_in_a_message_is_no_header_where_headers_are_lines_of_their_own() {
    let record =
        |clock: &str, body: &str| format!("[ 03-17 {clock}.000  1702: 2395 D/Chat ]\n{body}\n\n");
    let log = [
        record("10:00:00", "hello"),
        record("10:30:00", "03-17 09:00:00.000 !\n2024-03-17 09:00:00 x\n01-01 08:00:00 y"),
        record("11:00:00", "!\n03-17 08:00:00 x\n03-17 23:00:00.000 y"),
    ];
    for block_lines in [1, 2, 3, 100] {
        let timeline = timeline(&log.concat(), block_lines);
        let want = ["03-17 10:00:00.000", "03-17 11:00:00.000"].map(str::as_bytes);
        let ends = timeline.begin_and_end().expect("it has times");
        assert_eq!(ends.map(|(text, _)| text), want, "{block_lines}");
    }
}

#[test]
fn after_the_last_record_of_its_own_lines_a_time_is_a_header_again() {
    let log = |count: u64| -> String {
        let lines = (0..count).map(|at| {
            let clock = format!("{:02}:{:02}:{:02}", at / 3600, at / 60 % 60, at % 60);
            format!("2026-03-17T{clock}Z ERROR !\n")
        });
        let record = "[ 03-17 10:00:00.000  1:  2 D/x ]\nhi\n\n";
        std::iter::once(record.to_owned()).chain(lines).collect()
    };
    for (count, block_lines) in [(30, 1), (30, 7), (30, 100), (5_000, 100), (5_000, 10_000)] {
        let chart = timeline(&log(count), block_lines).chart();
        assert_eq!(chart.unplaced, 0, "{count} {block_lines}");
        assert!(matches!(chart.axis, Axis::Time(Scale::Zoned, _)), "{:?}", chart.axis);
    }
}

#[test]
fn stamps_around_records_are_no_headers_but_their_lines_have_the_time_of_the_record() {
    let record = |minute: u64| {
        let stamp = format!("2026-11-26T22:{minute:02}:00.0000000Z");
        let header = format!("[ 03-17 16:{minute:02}:00.000  1702: 2395 D/JMessage ]");
        format!("{stamp} {header}\n{stamp} !\n{stamp} \n")
    };
    let log: String = (0..40).map(record).collect();
    for block_lines in [1, 2, 7, 200] {
        let timeline = timeline(&log, block_lines);
        let chart = timeline.chart();
        assert_eq!((chart.axis, chart.unplaced), (Axis::Time(Scale::Yearless, 0), 0));
        let ends = timeline.begin_and_end().expect("it has times");
        let want = ["03-17 16:00:00.000", "03-17 16:39:00.000"].map(str::as_bytes);
        assert_eq!(ends.map(|(text, _)| text), want, "{block_lines}");
    }
}

#[test]
fn where_there_are_no_times_few_lines_are_asked() {
    let mut times = Times::default();
    let block = "code\n".repeat(20_000);
    for _ in 0..10 {
        times.end_block(Block::lines(block.as_bytes()), &mut Timeline::default());
    }
    assert_eq!(times.patience, PATIENCE.start);
}

/// The walk over a log after the bytes that have each of their lines asked, and after as many lines
/// without a time as it asks at once.
fn after_dense_lines() -> Times {
    Times {
        offset: DENSE_BYTES,
        next: DENSE_BYTES,
        searched: DENSE_BYTES,
        asked: SAMPLE_LINES,
        ..Times::default()
    }
}

/// What is known of the time of a code in the last line of a log.
fn when_of_last(mut times: Times, log: &str) -> When {
    let start = log.trim_end().rfind('\n').map_or(0, |found| found + 1);
    let header = Header::parse_time(&log.as_bytes()[start..]);
    let block = Block::lines(log.as_bytes());
    times.of_code(block, &(start..log.len()), header, &mut Timeline::default())
}

/// The first and the last time that are seen in the lines of one block.
fn ends(mut times: Times, log: &str) -> Option<[String; 2]> {
    let mut timeline = Timeline::default();
    times.end_block(Block::lines(log.as_bytes()), &mut timeline);
    times.end_input(&mut timeline);
    timeline.end_input(log.lines().count() as u64, &None);
    let ends = timeline.begin_and_end()?;
    Some(ends.map(|(text, _)| String::from_utf8_lossy(text).into_owned()))
}

#[test]
fn a_time_is_near_for_16_kib() {
    for (bytes, want) in [(2, When::Near), (16_384, When::Near), (16_385, When::Unknown)] {
        let trace = format!("{}\n", "x".repeat(bytes - 1));
        let log = [&line(0, "failed"), &trace[..], "cause !\n"].concat();
        assert_eq!(when_of_last(Times::default(), &log), want, "{bytes}");
    }
}

#[test]
fn a_time_is_searched_backward_in_256_lines() {
    for (lines, want) in [(0, When::Near), (255, When::Near), (256, When::Unknown)] {
        let log = ["x\n", &line(0, "failed"), &"y\n".repeat(lines), "cause !\n"].concat();
        assert_eq!(when_of_last(after_dense_lines(), &log), want, "{lines}");
    }
}

#[test]
fn each_line_of_the_first_64_kib_is_asked() {
    let filler = "x".repeat(63) + "\n";
    let (filler, far) = (filler.repeat(1024), "y\n".repeat(10_000));
    let [first, last] = ["03-17 00:00:00.000", "03-17 00:00:01.000"].map(str::to_owned);
    let (connected, failed) = (line(0, "connected"), line(1, "failed"));
    for (missing, want) in [(1, Some([&last, &last])), (0, None)] {
        let log = [&filler[missing..], &failed, &far].concat();
        assert_eq!(ends(Times::default(), &log), want.map(|ends| ends.map(String::clone)));
    }
    for (missing, want) in [(1, &last), (0, &first)] {
        let before = &filler[missing + connected.len()..];
        let log = [before, &connected, &failed, &far].concat();
        assert_eq!(ends(Times::default(), &log), Some([first.clone(), want.clone()]));
    }
}

#[test]
fn after_lines_that_were_not_asked_a_time_may_be_in_a_record() {
    let [first, second] = ["2026-11-26T22:00:00Z", "2026-11-26T23:00:00Z"];
    let (record, stride) = ("[ 03-17 10:00:00.000  1:  2 D/x ]\n", STRIDE_BYTES as usize);
    for (before, want) in [("", first), ("\n", second)] {
        let blank = "\n".repeat(stride + 1);
        let unasked = "y\n".repeat(stride / 2);
        let log = format!("{record}{blank}{first} a\n{unasked}{before}{second} b\n");
        let want = ["03-17 10:00:00.000", want].map(str::to_owned);
        assert_eq!(ends(after_dense_lines(), &log), Some(want), "{before:?}");
    }
}
