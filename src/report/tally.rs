//! What a pass found, counted: how often each code was found, and where first and last.
//!
//! Owns what the reports know about a log. Memory is bounded by the number of codes, not by the
//! length of the log. Knows no format.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;

use super::Kind;
use super::detail::Detail;
use super::text::{PLACE_CHARS_MAX, line_text};
use super::unread::UnreadInputs;
use crate::catalog::{Code, Lookup};
use crate::stream::{Needs, Observed, Observer, Totals};

/// Counts the annotations of a pass.
#[derive(Debug, Default)]
pub struct Tally<'c> {
    /// In the order in which they were found.
    counts: Vec<Count<'c>>,
    /// Where the count of a code is among them.
    indices: BTreeMap<Code, usize>,
    /// The input with the last annotation.
    input: Option<KnownInput>,
    empty_inputs: EmptyInputs,
    unread_inputs: UnreadInputs,
    totals: Totals,
    /// Whether the last line has no end.
    is_cut: bool,
    /// How many bytes of lines and names are kept for all codes together.
    kept_bytes: usize,
    /// Whether the first lines with each code are kept: only JUnit shows them.
    keeps_lines: bool,
    /// What a page shows besides.
    detail: Option<Box<Detail>>,
}

/// What was seen of one code.
#[derive(Debug)]
pub struct Count<'c> {
    /// The number.
    pub code: Code,
    /// What the catalog says about it.
    pub lookup: Lookup<'c>,
    /// How many other codes were found before it.
    pub(super) index: usize,
    /// How often it was annotated.
    pub count: u64,
    /// Where it was first.
    pub(super) first: Place,
    /// Where it was last.
    pub(super) last: Place,
    /// The first lines with it, safe to show; what [`line_text`] shows of them.
    pub(super) lines: Vec<(Place, String)>,
}

/// A line of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) input: InputName,
    /// 1-based.
    pub(super) line: u64,
}

/// The name of an input, or the end of a long one; `None` is standard input. An archive may have
/// many files with long names, so a name is kept only while something refers to it.
pub(super) type InputName = Option<Rc<[u8]>>;

/// The most bytes of a name that are kept: more than are shown.
const NAME_BYTES_MAX: usize = 4 * (PLACE_CHARS_MAX + 1);

pub(super) fn name_end(name: &[u8]) -> &[u8] {
    &name[name.len().saturating_sub(NAME_BYTES_MAX)..]
}

/// An input, to recognize it by.
#[derive(Debug)]
struct KnownInput {
    name: InputName,
    /// Whether the bytes of its name are counted among those that are kept for the lines.
    is_counted: bool,
}

/// The inputs without text: of zero bytes, or only a byte order mark.
#[derive(Debug, Default)]
pub struct EmptyInputs {
    count: u64,
    names: Vec<InputName>,
}

/// How many inputs without text are known by name.
const EMPTY_NAMED_MAX: usize = 100;

impl EmptyInputs {
    /// Adds one; `None` is standard input. The names of the first hundred are kept.
    pub fn add(&mut self, name: Option<&[u8]>) {
        self.count += 1;
        if self.names.len() < EMPTY_NAMED_MAX {
            self.names.push(name.map(|name| name_end(name).into()));
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The names of the first ones.
    pub(super) fn names(&self) -> &[InputName] {
        &self.names
    }
}

/// How many lines are kept for each code: enough to recognize the situation.
const LINES_MAX: usize = 3;
/// How many bytes are kept for all codes together: lines as they are shown, where a control
/// character takes three bytes, and the names of their inputs. Bounds the memory for a log with
/// every code there is; codes that come late have no lines.
const KEPT_BYTES_MAX: usize = 128 * 1024;

impl<'c> Tally<'c> {
    /// A tally for these reports, and for the summary. What only some reports show is collected
    /// only for them.
    pub fn for_reports(kinds: impl IntoIterator<Item = Kind>) -> Self {
        let kinds: Vec<Kind> = kinds.into_iter().collect();
        let detail = kinds.contains(&Kind::Html).then(Box::default);
        Tally { detail, keeps_lines: kinds.contains(&Kind::Junit), ..Tally::default() }
    }

    /// What a page shows besides the counts.
    pub(super) fn detail(&self) -> Option<&Detail> {
        self.detail.as_deref()
    }

    /// The counts, by code.
    pub(super) fn counts(&self) -> impl Iterator<Item = &Count<'c>> {
        self.indices.values().map(|index| &self.counts[*index])
    }

    /// The counts, the worst first, then the most frequent, then by code.
    #[must_use]
    pub fn by_severity(&self) -> Vec<&Count<'c>> {
        let mut counts: Vec<_> = self.counts.iter().collect();
        counts.sort_by_key(|count| {
            (Reverse(count.lookup.severity()), Reverse(count.count), count.code)
        });
        counts
    }

    /// The number of annotations.
    pub(super) fn annotations(&self) -> u64 {
        self.counts.iter().map(|count| count.count).sum()
    }

    /// Adds what a pass has seen of its inputs.
    pub fn add_totals(&mut self, totals: Totals) {
        self.totals += totals;
    }

    /// Whether the last line that was seen has no end, so that what follows it on a terminal would
    /// be in the same line.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Says which inputs had no text.
    pub fn set_empty_inputs(&mut self, inputs: EmptyInputs) {
        self.empty_inputs = inputs;
    }

    /// The inputs without text.
    pub(super) fn empty_inputs(&self) -> &EmptyInputs {
        &self.empty_inputs
    }

    /// Says which inputs could not be read, or only in part.
    pub fn set_unread_inputs(&mut self, inputs: UnreadInputs) {
        self.unread_inputs = inputs;
    }

    /// The inputs that could not be read, or only in part.
    pub(super) fn unread_inputs(&self) -> &UnreadInputs {
        &self.unread_inputs
    }

    /// Lines and bytes of all inputs.
    pub(super) fn totals(&self) -> Totals {
        self.totals
    }
}

/// The input with the annotations that were observed.
fn known_input<'i>(known: &'i mut Option<KnownInput>, name: Option<&[u8]>) -> &'i mut KnownInput {
    let name = name.map(name_end);
    let is_same = known.as_ref().is_some_and(|known| known.name.as_deref() == name);
    if !is_same {
        *known = None;
    }
    known.get_or_insert_with(|| KnownInput { name: name.map(Rc::from), is_counted: false })
}

impl<'c> Observer<'c> for Tally<'c> {
    fn needs(&self) -> Needs {
        Needs::Lines
    }

    fn observe(&mut self, observed: &Observed<'_, 'c>) -> io::Result<()> {
        self.is_cut = observed.block.bytes.last().is_some_and(|byte| *byte != b'\n');
        self.count(observed);
        if let Some(detail) = &mut self.detail {
            let input = self.input.as_ref().and_then(|input| input.name.clone());
            detail.end_block(observed, &input);
        }
        Ok(())
    }

    fn end_input(&mut self, file: Option<&[u8]>, totals: Totals) {
        if let Some(detail) = &mut self.detail {
            detail.end_input(file, totals);
        }
    }
}

impl<'c> Tally<'c> {
    fn count(&mut self, observed: &Observed<'_, 'c>) {
        if observed.annotations.is_empty() {
            return;
        }
        let input = known_input(&mut self.input, observed.file);
        let positions = observed.positions.iter();
        for (at, (annotation, position)) in observed.annotations.iter().zip(positions).enumerate() {
            let place = Place { input: input.name.clone(), line: position.line };
            let (code, lookup) = (annotation.number.code, annotation.lookup);
            let index = *self.indices.entry(code).or_insert(self.counts.len());
            if index == self.counts.len() {
                let (first, last) = (place.clone(), place.clone());
                let lines = Vec::new();
                self.counts.push(Count { code, lookup, index, count: 0, first, last, lines });
            }
            let count = &mut self.counts[index];
            count.count += 1;
            if self.keeps_lines
                && count.lines.len() < LINES_MAX
                && self.kept_bytes < KEPT_BYTES_MAX
                && count.lines.last().is_none_or(|(last, _)| *last != place)
            {
                let line = observed.block.bytes[annotation.line.clone()].trim_ascii_end();
                let number = &annotation.number.range;
                let number =
                    number.start - annotation.line.start..number.end - annotation.line.start;
                let kept = line_text(line, &number, observed.block.cuts());
                self.kept_bytes += kept.len();
                if !std::mem::replace(&mut input.is_counted, true) {
                    self.kept_bytes += place.input.as_ref().map_or(0, |name| name.len());
                }
                count.lines.push((place.clone(), kept));
            }
            if let Some(detail) = &mut self.detail {
                detail.add(observed, at, index);
            }
            count.last = place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{catalog, codes, tally, tally_for};
    use super::super::text::SHOWN_BYTES_MAX;
    use super::*;
    use crate::catalog::Severity;

    #[test]
    fn the_lines_of_all_codes_together_have_a_limit() {
        let catalog = catalog();
        let all: Vec<u64> = (871_000..872_000).collect();
        let mut inputs = codes(&all);
        inputs[0].1 =
            all.iter().map(|code| format!("errno={code} {:600}x\n", "")).collect::<String>().into();
        let tally = tally(&catalog, &inputs);
        let lines = tally.counts().flat_map(|count| &count.lines);
        let kept: usize = lines.map(|(_, line)| line.len()).sum();
        let shown = SHOWN_BYTES_MAX + 2 * "…".len();
        assert!((KEPT_BYTES_MAX..KEPT_BYTES_MAX + shown).contains(&kept), "{kept}");
        assert_eq!(tally.counts().count(), 1000);
    }

    #[test]
    fn the_worst_codes_are_first_then_the_most_frequent() {
        let catalog = catalog();
        let found =
            [871_300, 871_201, 871_999, 871_305, 871_305, 871_302, 871_302, 871_999, 871_999];
        let tally = tally(&catalog, &codes(&found));
        let order: Vec<_> = tally
            .by_severity()
            .iter()
            .map(|count| (count.lookup.severity(), count.count, count.code.number()))
            .collect();
        let (error, warning) = (Severity::Error, Severity::Warning);
        assert_eq!(
            order,
            [
                (error, 3, 871_999),
                (error, 2, 871_305),
                (error, 1, 871_300),
                (warning, 2, 871_302),
                (warning, 1, 871_201),
            ]
        );
    }

    #[test]
    fn lines_are_kept_for_the_report_that_shows_them() {
        let catalog = catalog();
        for (kinds, want) in [
            (&[Kind::Markdown, Kind::Junit][..], 1),
            (&[Kind::Junit], 1),
            (&[Kind::Html, Kind::Github, Kind::Azure, Kind::Markdown], 0),
            (&[], 0),
        ] {
            let tally = tally_for(kinds, &catalog, &codes(&[871_300]));
            let [count] = tally.by_severity()[..] else { panic!("one code") };
            assert_eq!(count.lines.len(), want, "{kinds:?}");
        }
    }

    #[test]
    fn a_line_is_kept_once_however_often_it_has_the_code() {
        let catalog = catalog();
        let log = "code=871300 code=871300 code=871300\ncode=871300\n".to_owned().into_bytes();
        let tally = tally(&catalog, &[(None, log)]);
        let [count] = tally.by_severity()[..] else { panic!("one code") };
        let lines: Vec<u64> = count.lines.iter().map(|(place, _)| place.line).collect();
        assert_eq!((count.count, lines), (4, vec![1, 2]));
    }

    /// An archive may have many files, each with a long name.
    #[test]
    fn a_long_name_keeps_its_end_and_counts_once() {
        let catalog = catalog();
        let input = |number: usize| {
            let name = format!("{}{number}.log", "x".repeat(60_000));
            (Some(name.into_bytes()), b"code=871300\ncode=871300\n".to_vec())
        };
        let inputs: Vec<_> = (0..200).map(input).collect();
        let tally = tally(&catalog, &inputs);
        let [count] = tally.by_severity()[..] else { panic!("one code") };
        let names =
            [&count.first, &count.last].map(|place| place.input.as_deref().expect("a name"));
        assert!(names.iter().all(|name| name.len() == NAME_BYTES_MAX));
        assert!(names[0].ends_with(b"x0.log") && names[1].ends_with(b"x199.log"));
        assert_eq!(count.lines.len(), LINES_MAX);
        // The third line is of the second input.
        let kept = LINES_MAX * "code=871300".len() + 2 * NAME_BYTES_MAX;
        assert_eq!(tally.kept_bytes, kept);
    }
}
