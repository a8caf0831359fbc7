//! Which axis a log has, where its time jumps, and where it begins and ends.

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
    let cases: [Case<'_>; 17] = [
        (&["03-17 10:00:00", "03-17 09:59:30", "03-17 10:01:00"], &[(None, 3)]),
        (&["03-17 10:00:00", "03-17 09:58:00", "", "03-17 11:00:00"], &[(None, 1), (back, 3)]),
        (
            &["03-17 10:00:00", "03-17 09:00:00", "03-17 11:00:00", "03-17 09:30:00"],
            &[(None, 1), (back, 2), (back, 1)],
        ),
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
    assert_eq!(axis(&[&["10.0", ""]]), Axis::Time(Scale::Boot, 0));
    assert_eq!(axis(&[&["10.0", "", ""]]), Axis::Lines(NoTime::Missing));
    assert_eq!(axis(&[&["10.0", "", "", "11.0"]]), Axis::Time(Scale::Boot, 0));
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
fn of_two_kinds_of_times_with_as_many_codes_the_one_with_more_times_counts() {
    let torn = ["900.0", "1.0"].repeat(20);
    let [few, many] = [1, 80].map(|count| vec!["03-17 10:00:00"; count]);
    for (times, why) in [
        ([&few, &torn], NoTime::Torn),
        ([&torn, &few], NoTime::Torn),
        ([&many, &torn], NoTime::Mixed),
        ([&torn, &many], NoTime::Mixed),
    ] {
        let mut timeline = Timeline::default();
        for times in times {
            assert!(times.iter().all(|time| timeline.see(time.as_bytes())));
            timeline.add(CODE, 1, When::Own);
        }
        timeline.end_input(1, &None);
        assert_eq!(timeline.chart().axis, Axis::Lines(why), "{times:?}");
    }
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
#[test]
fn an_empty_leap_day_takes_no_room() {
    let text = |times: &[&str]| {
        let chart = timeline(&[times]).chart();
        let Axis::Time(scale, _) = chart.axis else { panic!("{:?}", chart.axis) };
        let [part] = &chart.parts[..] else { panic!("one part") };
        (part.range.1 - part.range.0, scale.text(part.range.1, 0, 1000))
    };
    let march = "03-01 01:00:00".to_owned();
    assert_eq!(text(&["02-28 23:00:00", &march, "03-01 00:59:30"]), (2 * HOUR, march.clone()));
    assert_eq!(text(&["02-28 23:00:00", "02-29 09:00:00", &march]), (26 * HOUR, march.clone()));
    let (year, last) = text(&["12-31 23:00:00", "01-05 00:00:00", "02-29 09:00:00", &march]);
    assert_eq!((year, last), ((2 + 60 * 24) * HOUR, march));
}
