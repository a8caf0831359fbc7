//! The chart: when codes were found, as bars in SVG, and the same as a table.
//!
//! Owns the geometry of the chart and its words. A pattern tells the severity as well as a color
//! does, and each bar says its codes. Widths are in percent, so that the chart fits any screen and
//! its text keeps its size.

#[cfg(test)]
mod tests;

use maud::{Markup, PreEscaped, html};

use super::super::axis::{Axis, Chart, ChartPart, NoTime};
use super::super::clock::{DAY, HOUR, MINUTE, Scale};
use super::super::detail::Detail;
use super::super::histogram::{Bucket, Counted};
use super::super::tally::Tally;
use super::super::track::Jump;
use super::words::{grouped, name_text, words};
use crate::catalog::Severity;

/// The height of the highest bar, in pixels.
const BAR_HEIGHT: f64 = 140.0;
/// Where the bars begin, below the number at the top.
const TOP: f64 = 22.0;
/// The lowest part of a bar that can be seen.
const PART_HEIGHT_MIN: f64 = 2.0;
/// How much of the width of a bucket its bar takes.
const BAR_WIDTH: f64 = 0.8;
/// The widest bar, in percent of the chart: a wider one no longer looks like a bar.
const BAR_WIDTH_MAX: f64 = 8.0;
/// How many buckets' widths are between two parts.
const GAP: f64 = 1.0;
/// How many codes the text of a bar names.
const TITLE_CODES_MAX: usize = 6;

const SEVERITIES: [(Severity, &str); 3] =
    [(Severity::Error, "错误"), (Severity::Warning, "警告"), (Severity::Info, "信息")];

/// The patterns of the severities that are not one plain color. They do not depend on the width of
/// the chart.
const PATTERNS: &str = "<defs>\
    <pattern id=\"stripes\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
    patternTransform=\"rotate(45)\"><rect class=\"paper\" width=\"6\" height=\"6\"/>\
    <rect class=\"warning-ink\" width=\"4\" height=\"6\"/></pattern>\
    <pattern id=\"dots\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">\
    <rect class=\"paper\" width=\"5\" height=\"5\"/>\
    <circle class=\"info-ink\" cx=\"2.5\" cy=\"2.5\" r=\"1.6\"/></pattern></defs>";

/// The section with the chart, if there is anything to show.
pub(super) fn section(tally: &Tally<'_>, detail: &Detail) -> Markup {
    if tally.annotations() == 0 {
        return html! {};
    }
    let chart = detail.timeline.chart();
    let buckets = || chart.parts.iter().flat_map(|part| &part.buckets);
    let highest = buckets().map(|(_, bucket)| bucket.total()).max().unwrap_or(0);
    html! {
        section {
            h2 #chart-title { (title(&chart)) }
            p #chart-about { (about(&chart, highest)) }
            ul.legend {
                @for (severity, zh) in SEVERITIES {
                    @if buckets().any(|(_, bucket)| bucket.count(severity) > 0) {
                        li {
                            svg width="14" height="14" aria-hidden="true" {
                                rect class={ "bar " (severity.word()) } width="14" height="14" {}
                            }
                            " " (words(severity.word(), zh))
                        }
                    }
                }
            }
            (drawing(&chart, highest))
            (ends(&chart))
            (jumps(&chart, detail.inputs.count()))
            (table(&chart))
        }
    }
}

fn title(chart: &Chart) -> Markup {
    match chart.axis {
        Axis::Time(..) => words("Occurrences over time", "出现次数（按时间）"),
        Axis::Lines(_) => words("Occurrences over lines", "出现次数（按行号）"),
    }
}

/// What the chart shows, in words: how wide a bar is, the highest bar, and why there is no time.
fn about(chart: &Chart, highest: u64) -> Markup {
    let (en, zh) = match chart.axis {
        Axis::Time(..) => duration(chart.width),
        Axis::Lines(_) if chart.width == 1 => ("1 line".to_owned(), "1 行".to_owned()),
        Axis::Lines(_) => {
            let lines = grouped(chart.width as u64);
            (format!("{lines} lines"), format!("{lines} 行"))
        }
    };
    let of_part = |part| buckets_of(part).map(move |bucket| (part, bucket));
    let mut all = chart.parts.iter().flat_map(of_part);
    let peak = all.find(|(_, (_, bucket))| bucket.total() == highest);
    let at = peak.map_or(String::new(), |(part, (at, _))| range(chart, part, *at));
    let (part_en, part_zh) = match peak.and_then(|(part, _)| number_of(chart, part)) {
        Some(number) => (format!(" (part {number})"), format!("，第 {number} 段")),
        None => Default::default(),
    };
    let (at_en, at_zh) = match chart.axis {
        Axis::Time(..) => (at.clone(), at),
        Axis::Lines(_) => (format!("line {at}"), format!("第 {at} 行")),
    };
    let highest = grouped(highest);
    let (why_en, why_zh) = match chart.axis {
        Axis::Time(..) => unplaced(chart.unplaced),
        Axis::Lines(why) => no_time(why),
    };
    words(
        &format!("Each bar is {en}. Peak: {highest} in {at_en}{part_en}.{why_en}"),
        &format!("每条为 {zh}，最多 {highest} 次（{at_zh}{part_zh}）。{why_zh}"),
    )
}

/// The number of a part, if there are several.
fn number_of(chart: &Chart, part: &ChartPart) -> Option<usize> {
    let place = chart.parts.iter().position(|other| std::ptr::eq(other, part))?;
    (chart.parts.len() > 1).then_some(place + 1)
}

fn buckets_of(part: &ChartPart) -> std::slice::Iter<'_, (i64, Bucket)> {
    part.buckets.iter()
}

/// Why the axis is lines.
fn no_time(why: NoTime) -> (String, String) {
    let (en, zh) = match why {
        NoTime::Missing => (" Most of these lines have no time.", "这些行大多没有时间。"),
        NoTime::Mixed => {
            (" Their times are of different kinds.", "这些行的时间格式不同，无法比较。")
        }
        NoTime::Torn => {
            (" The times go back too often to be drawn.", "时间回退次数过多，故不按时间显示。")
        }
    };
    (en.to_owned(), zh.to_owned())
}

/// How many occurrences are not in the chart.
fn unplaced(count: u64) -> (String, String) {
    let (number, have, are) = match count {
        0 => return Default::default(),
        1 => ("1 occurrence".to_owned(), "has", "is"),
        _ => (format!("{} occurrences", grouped(count)), "have", "are"),
    };
    (
        format!(" {number} {have} no time that fits, and {are} not in the chart."),
        format!("另有 {} 次没有可用的时间，未计入图表。", grouped(count)),
    )
}

/// A width in words.
fn duration(millis: i64) -> (String, String) {
    let (number, en, zh) = match millis {
        ..1000 => (millis, "ms", "毫秒"),
        1000..MINUTE => (millis / 1000, "s", "秒"),
        MINUTE..HOUR => (millis / MINUTE, "min", "分钟"),
        HOUR..DAY => (millis / HOUR, "h", "小时"),
        _ => (millis / DAY, "d", "天"),
    };
    (format!("{number} {en}"), format!("{number} {zh}"))
}

/// The range of a bucket, as in the log.
fn range(chart: &Chart, part: &ChartPart, at: i64) -> String {
    let last = at + chart.width - 1;
    match chart.axis {
        Axis::Lines(_) => {
            let (first, last) = (at.max(part.range.0), last.min(part.range.1));
            if first == last {
                grouped(first as u64)
            } else {
                format!("{}–{}", grouped(first as u64), grouped(last as u64))
            }
        }
        Axis::Time(scale, zone) => {
            let [first, last] = [at, at + chart.width].map(|at| scale.text(at, zone, chart.width));
            let same = first
                .find(' ')
                .filter(|day| last.get(..=*day) == first.get(..=*day) && first.contains('-'));
            format!("{first}–{}{}", same.map_or(&last[..], |day| &last[day + 1..]), utc(scale))
        }
    }
}

/// What follows a time that the log has only as seconds.
fn utc(scale: Scale) -> &'static str {
    if scale == Scale::Epoch { " UTC" } else { "" }
}

/// The codes of a bucket, the most frequent first, and how often others were found. `≥` is a lower
/// bound: of very many codes in a bucket, not each is counted from the beginning.
fn codes(bucket: &Bucket, codes_max: usize) -> String {
    let named = &bucket.codes[..bucket.codes.len().min(codes_max)];
    let text = |known: &Counted| {
        let sign = if known.missed_max == 0 { "×" } else { "≥" };
        format!("{} {sign}{}", known.code, known.at_least)
    };
    let mut parts: Vec<String> = named.iter().map(text).collect();
    let others = bucket.total() - named.iter().map(|known| known.at_least).sum::<u64>();
    if others > 0 {
        parts.push(format!("… ×{others}"));
    }
    parts.join(", ")
}

fn drawing(chart: &Chart, highest: u64) -> Markup {
    let (middle, base) = (TOP + BAR_HEIGHT / 2.0, TOP + BAR_HEIGHT);
    let count: usize = chart.parts.iter().map(|part| part.buckets.len()).sum();
    let unit = 100.0 / (count as f64 + GAP * (chart.parts.len() - 1) as f64);
    let lefts = chart.parts.iter().scan(0.0, |next, part| {
        let left = *next;
        *next += unit * (part.buckets.len() as f64 + GAP);
        Some(left)
    });
    let parts: Vec<(f64, &ChartPart)> = lefts.zip(&chart.parts).collect();
    html! {
        svg.chart role="img" aria-labelledby="chart-title chart-about" {
            (PreEscaped(PATTERNS))
            @for (class, y) in [("grid", TOP), ("grid", middle), ("base", base)] {
                line class=(class) x1="0" x2="100%" y1=(y) y2=(y) {}
            }
            text x="0" y=(TOP - 7.0) { (grouped(highest)) }
            @for (number, (left, _)) in (1..).zip(&parts).skip(1) {
                @let x = percent(left - unit * GAP / 2.0);
                line.jump x1=(x) x2=(x) y1="4" y2=(base) {}
                text.jump x=(x) y=(TOP - 7.0) dx="4" { (number) }
            }
            @for (left, part) in &parts {
                @for (index, (at, bucket)) in part.buckets.iter().enumerate() {
                    @if bucket.total() > 0 {
                        g {
                            title {
                                @if let Some(number) = number_of(chart, part) { (number) " · " }
                                (range(chart, part, *at)) ": " (codes(bucket, TITLE_CODES_MAX))
                            }
                            (bar(bucket, highest, left + unit * index as f64, unit))
                        }
                    }
                }
            }
        }
    }
}

/// A bar, and the whole height of the chart behind it for a pointer.
fn bar(bucket: &Bucket, highest: u64, left: f64, unit: f64) -> Markup {
    let wide = (unit * BAR_WIDTH).min(BAR_WIDTH_MAX);
    let (x, width) = (percent(left + (unit - wide) / 2.0), percent(wide));
    let found = SEVERITIES.iter().filter(|(severity, _)| bucket.count(*severity) > 0);
    let stacked = found.scan(TOP + BAR_HEIGHT, |base, (severity, _)| {
        let part = bucket.count(*severity) as f64 / highest as f64;
        let height = (BAR_HEIGHT * part).max(PART_HEIGHT_MIN);
        *base -= height;
        Some((severity.word(), rounded(*base), rounded(height)))
    });
    html! {
        rect.reach x=(x) width=(width) y=(TOP) height=(BAR_HEIGHT) {}
        @for (severity, y, height) in stacked {
            rect class={ "bar " (severity) } x=(x) width=(width) y=(y) height=(height) {}
        }
    }
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}

fn rounded(value: f64) -> String {
    format!("{value:.1}")
}

/// Where the axis begins and ends.
fn ends(chart: &Chart) -> Markup {
    let (Some(first), Some(last)) = (chart.parts.first(), chart.parts.last()) else {
        return html! {};
    };
    let text = |at: i64| match chart.axis {
        Axis::Time(scale, zone) => {
            html! { (scale.text(at, zone, chart.width)) (utc(scale)) }
        }
        Axis::Lines(_) => {
            let line = grouped(at as u64);
            words(&format!("line {line}"), &format!("第 {line} 行"))
        }
    };
    html! { p.ends { span { (text(first.range.0)) } span { (text(last.range.1)) } } }
}

/// The parts of the time by their numbers, each with the jump before it and, if there are several
/// inputs, the one that it begins in.
fn jumps(chart: &Chart, inputs: u64) -> Markup {
    let Axis::Time(scale, zone) = chart.axis else { return html! {} };
    if chart.parts.len() < 2 {
        return html! {};
    }
    html! {
        ol.jumps {
            @for part in &chart.parts {
                li {
                    @if let Some(jump) = part.jump { b { (jump_words(jump, scale)) } " " }
                    (scale.text(part.range.0, zone, chart.width)) " – "
                    (scale.text(part.range.1, zone, chart.width)) (utc(scale))
                    @if let Some(name) = part.input.as_ref().filter(|_| inputs > 1) {
                        " (" (words("begins in", "始于")) " " span.input { (name_text(name)) } ")"
                    }
                }
            }
        }
    }
}

/// What is known of a jump: the times say that they go back, and not why.
fn jump_words(jump: Jump, scale: Scale) -> Markup {
    match (jump, scale) {
        (Jump::Back, Scale::Clock) => {
            words("The times go back here, or midnight passed.", "时间在此处回退，或已过零点。")
        }
        (Jump::Back, _) => words("The times go back here.", "时间在此处回退。"),
        (Jump::Boot, _) => words("The device rebooted.", "设备重新启动。"),
        (Jump::Set, _) => words(
            "The times leap ahead here: the clock may have been set.",
            "时间在此处大幅前进，可能是校准了时钟。",
        ),
        (Jump::Input, Scale::Boot) => words(
            "The next input begins, from this boot or another.",
            "下一个输入开始（可能是另一次启动）。",
        ),
        (Jump::Input, _) => words("The next input begins.", "下一个输入开始。"),
    }
}

/// The same as a table.
fn table(chart: &Chart) -> Markup {
    html! {
        details.numbers {
            summary { (words("The chart as a table", "图表数据")) }
            div.scroll tabindex="0" {
                table {
                    thead {
                        tr {
                            th scope="col" {
                                @if let Axis::Lines(_) = chart.axis { (words("Lines", "行号")) }
                                @else { (words("Time", "时间")) }
                            }
                            @for (severity, zh) in SEVERITIES {
                                th scope="col" { (words(severity.word(), zh)) }
                            }
                            th scope="col" { (words("Codes", "错误码")) }
                        }
                    }
                    tbody {
                        @for part in &chart.parts {
                            @if let Some(number) = number_of(chart, part) {
                                tr {
                                    th scope="row" colspan="5" {
                                        (words(&format!("Part {number}"), &format!("第 {number} 段")))
                                    }
                                }
                            }
                            @for (at, bucket) in &part.buckets {
                                @if bucket.total() > 0 { (table_row(chart, part, *at, bucket)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn table_row(chart: &Chart, part: &ChartPart, at: i64, bucket: &Bucket) -> Markup {
    html! {
        tr {
            th scope="row" { (range(chart, part, at)) }
            @for (severity, _) in SEVERITIES { td { (grouped(bucket.count(severity))) } }
            td { (codes(bucket, usize::MAX)) }
        }
    }
}
