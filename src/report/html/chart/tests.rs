//! The words of the chart, and where its lines and bars are.

use super::super::super::histogram::{Histogram, Widths};
use super::*;
use crate::catalog::Code;

fn bucket(counts: &[(Severity, u64)]) -> Bucket {
    let mut histogram = Histogram::new(Widths::Lines);
    for (severity, count) in counts {
        histogram.add(0, Code::new(871_300), *severity, *count);
    }
    histogram.bucket(0).map(Bucket::sorted).unwrap_or_default()
}

fn part(range: (i64, i64), buckets: Vec<(i64, Bucket)>) -> ChartPart {
    ChartPart { jump: None, input: None, range, buckets }
}

#[test]
fn a_width_is_in_the_largest_unit() {
    for (millis, en, zh) in [
        (1, "1 ms", "1 毫秒"),
        (500, "500 ms", "500 毫秒"),
        (1_000, "1 s", "1 秒"),
        (30_000, "30 s", "30 秒"),
        (60_000, "1 min", "1 分钟"),
        (1_800_000, "30 min", "30 分钟"),
        (3_600_000, "1 h", "1 小时"),
        (43_200_000, "12 h", "12 小时"),
        (86_400_000, "1 d", "1 天"),
        (172_800_000, "2 d", "2 天"),
    ] {
        assert_eq!(duration(millis), (en.to_owned(), zh.to_owned()));
    }
}

#[test]
fn the_range_of_a_bar_ends_before_the_next_one_and_with_the_log() {
    let lines = Axis::Lines(NoTime::Missing);
    let clock = Axis::Time(Scale::Clock, 0);
    let epoch = Axis::Time(Scale::Epoch, 0);
    for (axis, width, at, want) in [
        (lines, 1, 7, "7"),
        (lines, 5, 0, "1–4"),
        (lines, 5, 5, "5–9"),
        (lines, 500, 1_000, "1,000–1,499"),
        (lines, 500, 2_000, "2,000–2,002"),
        (lines, 1, 2_002, "2,002"),
        (clock, 60_000, 3_600_000, "01:00:00–01:01:00"),
        (clock, 500, 3_600_000, "01:00:00.000–01:00:00.500"),
        (epoch, 1_000, 0, "1970-01-01 00:00:00–00:00:01 UTC"),
        (epoch, DAY, 0, "1970-01-01 00:00:00–1970-01-02 00:00:00 UTC"),
    ] {
        let chart = Chart { axis, width, parts: Vec::new(), unplaced: 0 };
        assert_eq!(range(&chart, &part((1, 2_002), Vec::new()), at), want);
    }
}

#[test]
fn a_bar_is_as_high_as_its_share_and_in_the_middle_of_its_place() {
    let rect = |class: &str, x: &str, width: &str, y: &str, height: &str| {
        let place = format!("x=\"{x}%\" width=\"{width}%\" y=\"{y}\" height=\"{height}\"");
        format!("<rect class=\"{class}\" {place}></rect>")
    };
    let (error, warning) = (Severity::Error, Severity::Warning);
    let all = bar(&bucket(&[(error, 4)]), 4, 10.0, 5.0).into_string();
    let want = [
        rect("reach", "10.50", "4.00", "22", "140"),
        rect("bar error", "10.50", "4.00", "22.0", "140.0"),
    ];
    assert_eq!(all, want.concat());
    let wide = bar(&bucket(&[(warning, 1), (error, 2)]), 4, 50.0, 20.0).into_string();
    let want = [
        rect("reach", "56.00", "8.00", "22", "140"),
        rect("bar error", "56.00", "8.00", "92.0", "70.0"),
        rect("bar warning", "56.00", "8.00", "57.0", "35.0"),
    ];
    assert_eq!(wide, want.concat());
    let low = bar(&bucket(&[(error, 1)]), 1_000, 0.0, 5.0).into_string();
    assert!(low.ends_with(&rect("bar error", "0.50", "4.00", "160.0", "2.0")), "{low}");
}

#[test]
fn parts_are_side_by_side_with_a_line_between_them() {
    let found = || bucket(&[(Severity::Error, 1)]);
    let parts = vec![
        part((0, 1_999), vec![(0, found()), (1_000, found())]),
        part((0, 999), vec![(0, found())]),
    ];
    let chart = Chart { axis: Axis::Time(Scale::Clock, 0), width: 1_000, parts, unplaced: 0 };
    let drawing = drawing(&chart, 1_234).into_string();
    for want in [
        "<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"22\" y2=\"22\"></line>",
        "<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"92\" y2=\"92\"></line>",
        "<line class=\"base\" x1=\"0\" x2=\"100%\" y1=\"162\" y2=\"162\"></line>",
        "<text x=\"0\" y=\"15\">1,234</text>",
        "<line class=\"jump\" x1=\"62.50%\" x2=\"62.50%\" y1=\"4\" y2=\"162\"></line>",
        "<text class=\"jump\" x=\"62.50%\" y=\"15\" dx=\"4\">2</text>",
        "<title>1 · 00:00:01–00:00:02: 871300 ×1</title><rect class=\"reach\" x=\"33.50%\"",
        "<title>2 · 00:00:00–00:00:01: 871300 ×1</title><rect class=\"reach\" x=\"83.50%\"",
    ] {
        assert!(drawing.contains(want), "{want}: {drawing}");
    }
    assert_eq!(drawing.matches("<line class=\"jump\"").count(), 1, "{drawing}");
}
