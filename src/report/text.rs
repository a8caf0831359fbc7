//! What the reports say, whatever their format: one row per code, the totals, and text that is safe
//! to show.
//!
//! Owns the wording that the formats share. What comes from a log, a name, or a catalog is made
//! visible here. Knows no format: each format escapes what is special in it.

use std::borrow::Cow;
use std::ops::Range;

use crate::ansi;
use crate::catalog::{Bilingual, Language, Severity, UNKNOWN};
use crate::visible::visible;

use super::Outcome;
use super::samples::window;
use super::tally::{Count, Place, Tally};

/// How many characters of a file's name and line number are shown: a path may have 4096 bytes
/// (`PATH_MAX`), and each row shows two. Files differ at the end of their paths, so the beginning
/// is cut.
pub(super) const PLACE_CHARS_MAX: usize = 200;

/// One code, as all reports show it. No text in it has a control character.
#[derive(Debug)]
pub(super) struct Row<'t> {
    /// The number, in decimal.
    pub(super) code: String,
    /// How often it was annotated.
    pub(super) count: u64,
    /// What it is, in a few words.
    pub(super) name: Cow<'t, str>,
    /// The list that it is from; `None` for an unknown code.
    pub(super) family: Option<&'t str>,
    /// How bad it is.
    pub(super) severity: Severity,
    /// Whether the policy fails it.
    pub(super) fails: bool,
    /// The texts of its explanation.
    pub(super) inline: Both<'t>,
    /// What it means.
    pub(super) meaning: Both<'t>,
    /// What to do about it.
    pub(super) advice: Option<Both<'t>>,
    /// Where it was first, as `NAME:LINE`.
    pub(super) first: String,
    /// Where it was last.
    pub(super) last: String,
    /// The first lines with it, each with its place.
    lines: Vec<(String, &'t str)>,
}

/// A text in both languages, safe to show.
#[derive(Debug)]
pub(super) struct Both<'t> {
    /// English.
    pub(super) en: Cow<'t, str>,
    /// Simplified Chinese.
    pub(super) zh: Cow<'t, str>,
}

/// The rows, the worst code first, then the most frequent. Each is made when it is asked for:
/// together, those of many codes are long.
pub(super) fn rows<'t>(
    outcome: &'t Outcome<'_, '_>,
) -> impl ExactSizeIterator<Item = Row<'t>> + Clone {
    outcome.tally.by_severity().into_iter().map(|count| Row::new(outcome, count))
}

/// How much was read and found, as one line without its end.
pub(super) fn totals(tally: &Tally<'_>) -> String {
    let totals = tally.totals();
    let input = format!("{}, {}", counted(totals.lines, "line"), counted(totals.bytes, "byte"));
    match tally.counts().count() as u64 {
        0 => format!("No JMessage error code in {input}."),
        codes => {
            format!(
                "{} of {} in {input}.",
                counted(tally.annotations(), "annotation"),
                counted(codes, "code")
            )
        }
    }
}

/// A number with its noun: `1 line`, `2 lines`.
pub(super) fn counted(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A number of further inputs, as the subject of a sentence.
pub(super) fn more_inputs(number: u64) -> String {
    format!("{} {}", counted(number, "more input"), if number == 1 { "is" } else { "are" })
}

impl<'t> Row<'t> {
    pub(super) fn new<'c: 't>(outcome: &Outcome<'_, '_>, count: &'t Count<'c>) -> Self {
        let entry = count.lookup.entry();
        let [en, zh] =
            [Language::English, Language::Chinese].map(|language| count.lookup.text(language));
        let line = |(place, line): &'t (Place, String)| (place_text(place), line.as_str());
        Row {
            code: count.code.to_string(),
            count: count.count,
            name: visible(count.lookup.name()),
            family: entry.map(|entry| entry.family.name()),
            severity: count.lookup.severity(),
            fails: outcome.fails(count),
            inline: Both::new(Bilingual { en, zh }),
            meaning: Both::new(entry.map_or(UNKNOWN, |entry| entry.meaning)),
            advice: entry.and_then(|entry| entry.advice).map(Both::new),
            first: place_text(&count.first),
            last: place_text(&count.last),
            lines: count.lines.iter().map(line).collect(),
        }
    }

    /// What there is to say about it, in lines: what and where, the meaning, the advice.
    pub(super) fn paragraphs(&self) -> Vec<String> {
        let family = self.family.map_or(String::new(), |family| format!(" ({family})"));
        let mut lines = vec![format!("{} {}{family}: {}", self.code, self.name, self.places())];
        lines.extend([self.meaning.en.to_string(), self.meaning.zh.to_string()]);
        let advice =
            |advice: &Both<'_>| [format!("Advice: {}", advice.en), format!("建议：{}", advice.zh)];
        lines.extend(self.advice.iter().flat_map(advice));
        lines
    }

    /// The first lines with it, as `NAME:LINE: TEXT`.
    pub(super) fn log_lines(&self) -> impl Iterator<Item = String> {
        self.lines.iter().map(|(place, line)| format!("{place}: {line}"))
    }

    fn places(&self) -> String {
        match self.count {
            1 => format!("once, at {}", self.first),
            count => format!(
                "{}, first at {}, last at {}",
                counted(count, "time"),
                self.first,
                self.last
            ),
        }
    }
}

impl<'t> Both<'t> {
    fn new(text: Bilingual<'t>) -> Self {
        Both { en: visible(text.en), zh: visible(text.zh) }
    }
}

/// The name of standard input in reports.
const STDIN: &str = "stdin";

/// A place as `NAME:LINE`, safe to show; the beginning of a long one is cut.
pub(super) fn place_text(place: &Place) -> String {
    let name = place.input.as_deref().map_or(STDIN.into(), String::from_utf8_lossy);
    cut_front(&visible(&format!("{name}:{}", place.line)), PLACE_CHARS_MAX)
}

/// The name of an input, safe to show; the beginning of a long one is cut. Invalid UTF-8 becomes
/// U+FFFD.
pub(super) fn input_name(name: Option<&[u8]>) -> String {
    cut_front(&visible(&name.map_or(STDIN.into(), String::from_utf8_lossy)), PLACE_CHARS_MAX)
}

/// A text of at most `chars_max` characters; the beginning of a longer one is replaced by `…`.
pub(super) fn cut_front(text: &str, chars_max: usize) -> String {
    match text.char_indices().rev().nth(chars_max) {
        None => text.to_owned(),
        Some(_) => {
            let kept = text.char_indices().rev().nth(chars_max - 2).map_or(0, |(at, _)| at);
            format!("…{}", &text[kept..])
        }
    }
}

/// How many bytes of a line are shown. Bounds the memory for lines that never end.
pub(super) const SHOWN_BYTES_MAX: usize = 500;

/// A line of the log, safe to show and without its colors. If it is too long, its beginning is
/// shown, or if the number is not in that, the text around the number; `…` is where more was.
/// `is_cut` says whether the line has more before and after what is here of it.
pub(super) fn line_text(line: &[u8], number: &Range<usize>, is_cut: [bool; 2]) -> String {
    let is_in_beginning = number.end <= SHOWN_BYTES_MAX;
    let before_max = if is_in_beginning { SHOWN_BYTES_MAX } else { SHOWN_BYTES_MAX / 2 };
    let shown = window(line, number, SHOWN_BYTES_MAX, before_max);
    let more = [is_cut[0] || shown.start > 0, is_cut[1] || shown.end < line.len()];
    let [before, after] = more.map(|more| if more { "…" } else { "" });
    let text = String::from_utf8_lossy(&line[shown]);
    format!("{before}{}{after}", visible(&ansi::without_colors(&text)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{catalog, hostile, tally};
    use super::*;

    #[test]
    fn a_long_name_keeps_its_end() {
        assert_eq!(cut_front("äbcde", 5), "äbcde");
        assert_eq!(cut_front("äbcdé", 4), "…cdé");
    }

    #[test]
    fn a_long_line_is_cut_where_it_does_not_have_the_number() {
        let long = "错".repeat(SHOWN_BYTES_MAX);
        for (before, after, want) in [
            ("x", "y", "x871300y"),
            (&long[..492], "", &format!("{}871300", &long[..492])),
            (&long[..492], &long, &format!("{}871300…", &long[..492])),
            (&long[..498], "", &format!("…{}871300", &long[..492])),
            (&long, "y", &format!("…{}871300y", &long[..492])),
            (&long, &long, &format!("…{}871300{}…", &long[..249], &long[..243])),
        ] {
            let (line, start) = (format!("{before}871300{after}"), before.len());
            let text = |is_cut| line_text(line.as_bytes(), &(start..start + 6), is_cut);
            assert_eq!(text([false; 2]), want);
            let inner = want.trim_start_matches('…').trim_end_matches('…');
            assert_eq!(text([true; 2]), format!("…{inner}…"));
        }
    }

    /// Neither the number nor a color is cut, whatever is next to it.
    #[test]
    fn the_number_is_whole_in_a_long_line() {
        const COLOR: &str = "\u{1b}[38;5;208m";
        for before in (0..2 * SHOWN_BYTES_MAX).step_by(3).chain(SHOWN_BYTES_MAX - 12..505) {
            let gbk = [&vec![b'x'; before][..], b"871300\xa3\xac\xb5\xc7\xc2\xbc"].concat();
            let colors = COLOR.repeat(100);
            let colored = format!("{}{colors}871300{colors}", "x".repeat(before));
            let color_bytes = colors.len();
            for (line, start) in [(&gbk[..], before), (colored.as_bytes(), before + color_bytes)] {
                let line = [line, &[b'y'; SHOWN_BYTES_MAX]].concat();
                let text = line_text(&line, &(start..start + 6), [false; 2]);
                assert!(text.contains("871300"), "{before}: {text}");
                assert!(text.len() <= 3 * SHOWN_BYTES_MAX && !text.contains("8m"), "{text}");
                assert!(!text.contains('\u{241b}'), "{text}");
            }
        }
    }

    #[test]
    fn rows_and_totals_have_no_control_character() {
        let catalog = catalog();
        let tally = tally(&catalog, &hostile());
        for row in rows(&Outcome::new(&tally, None)) {
            let all = [row.paragraphs(), row.log_lines().collect()].concat().concat();
            assert!(!all.contains(char::is_control), "{all}");
        }
        assert_eq!(counted(1, "line"), "1 line");
        assert!(
            totals(&tally).starts_with("8 annotations of 2 codes in 8 lines, "),
            "{}",
            totals(&tally)
        );
    }
}
