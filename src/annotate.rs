//! Scan, catalog, and context together: from a block of lines to its annotations, in order.
//!
//! Owns the walk over the lines that have a candidate. Knows nothing about output.
//!
//! ```
//! use jm_annotate::annotate::{Annotator, Block};
//! use jm_annotate::catalog::{Catalog, Selection};
//! use jm_annotate::context::Strictness;
//!
//! let catalog = Catalog::new(Selection::All);
//! let mut annotator = Annotator::new(&catalog, Strictness::Weighed);
//! let log = b"E/Login: code = 871300\nI/cpufreq: freq = 871300\n";
//! let mut found = Vec::new();
//! assert_eq!(annotator.annotate(Block::lines(log), &mut found), log.len());
//! let ranges: Vec<_> = found.iter().map(|annotation| annotation.number.range.clone()).collect();
//! assert_eq!(ranges, [16..22]);
//! ```

use crate::annotation::within;
pub use crate::annotation::{Annotation, Explained};
pub use crate::block::{Block, Start};
use crate::cache::CodeCache;
use crate::catalog::{Catalog, Lookup};
use crate::context::header::Header;
use crate::context::{Candidate, Effort, Judge, Judgment, Line, Strictness, Verdicts};
use crate::scan::{Number, Runs, Scanner};

/// Finds the codes in a stream of blocks.
#[derive(Debug)]
pub struct Annotator<'c> {
    search: Search<'c>,
    current: CurrentLine<'c>,
    /// Working space: a piece of a line with the text around it.
    text: Vec<u8>,
}

/// The search for candidates.
#[derive(Debug)]
struct Search<'c> {
    catalog: &'c Catalog<'c>,
    scanner: Scanner,
    numbers: Vec<Number>,
    lookups: CodeCache<Option<Lookup<'c>>>,
}

/// The line whose candidates are being collected.
#[derive(Debug)]
struct CurrentLine<'c> {
    judge: Judge,
    candidates: Vec<Candidate<'c>>,
    verdicts: Verdicts,
}

/// How many annotations are handed out at once, give or take a line, so that memory is bounded.
const ANNOTATIONS_MAX: usize = 1024;

impl<'c> Annotator<'c> {
    /// An annotator for the selected families of a catalog.
    #[must_use]
    pub fn new(catalog: &'c Catalog<'c>, strictness: Strictness) -> Self {
        let scanner = match catalog.overlay_digits() {
            Some((min, max)) => Scanner::Runs(Runs::with_digits(min, max)),
            None if catalog.is_android_only() => Scanner::Prefix(Box::default()),
            None => Scanner::Runs(Runs::default()),
        };
        let judge = Judge::new(strictness);
        let current = CurrentLine { judge, candidates: Vec::new(), verdicts: Verdicts::default() };
        let (numbers, lookups) = Default::default();
        let search = Search { catalog, scanner, numbers, lookups };
        Annotator { search, current, text: Vec::new() }
    }

    /// Appends the annotations of the next block, in order. Returns how many of its bytes are done:
    /// all, or lines with about 1,024 annotations. [`Annotator::end_block`] takes these bytes next.
    pub fn annotate(&mut self, block: Block<'_>, annotations: &mut Vec<Annotation<'c>>) -> usize {
        let Annotator { search, current, text } = self;
        if !block.is_piece() {
            return search.pass(Line::before(block.bytes), current, annotations);
        }
        let ((piece, line), known) = (Line::before_block(block, text), annotations.len());
        search.pass(line, current, annotations);
        let mut index = 0;
        annotations.retain_mut(|annotation| {
            index += 1;
            index <= known || annotation.move_into(&piece)
        });
        block.bytes.len()
    }

    /// Keeps what the lines of the next block need from this one.
    pub fn end_block(&mut self, block: Block<'_>) {
        self.current.judge.end_block(block);
    }

    /// Forgets what belongs only to the input that ends.
    pub fn end_input(&mut self) {
        self.current.judge.end_input();
    }

    /// The header of an annotation of the current block.
    #[must_use]
    pub fn header<'h>(&'h self, block: Block<'h>, found: &'h Annotation<'c>) -> Header<'h> {
        let text = &block.bytes[found.line.clone()];
        self.current.judge.header(block.bytes, text, &found.header)
    }

    /// Every number in the next line, or piece of one, that has the shape of a code, with the
    /// verdict on it; none in our own explanations. Only the last line may lack its line end.
    pub fn explain_line(&mut self, line: Block<'_>) -> Vec<Explained<'c>> {
        let Annotator { search: Search { catalog, scanner, .. }, current, text } = self;
        let (piece, before) = Line::before_block(line, text);
        let numbers = match scanner {
            Scanner::Prefix(_) => Scanner::Runs(Runs::default()).numbers(before.block), // of all
            Scanner::Runs(_) => scanner.numbers(before.block),
        };
        let candidate =
            |Number { range, code }| Candidate { code, range, lookup: catalog.lookup(code) };
        let candidates: Vec<Candidate<'c>> = numbers.into_iter().map(candidate).collect();
        let CurrentLine { judge, verdicts, .. } = current;
        judge.judge_line(&before.all(), &candidates, Effort::Thorough, verdicts);
        judge.end_block(line);
        let judged = candidates.into_iter().zip(&verdicts.judgments);
        let outside = |(Candidate { code, range, lookup }, judgment): (_, &Judgment)| {
            let (range, verdict) = (within(&range, &piece)?, judgment.shown(lookup.is_some())?);
            Some(Explained { number: Number { range, code }, lookup, verdict })
        };
        judged.filter_map(outside).collect()
    }
}

impl<'c> Search<'c> {
    /// Passes over the lines after `line` in its block. Returns where it stops.
    #[inline(always)]
    fn pass(
        &mut self,
        mut line: Line<'_>,
        current: &mut CurrentLine<'c>,
        annotations: &mut Vec<Annotation<'c>>,
    ) -> usize {
        let Search { catalog, scanner, numbers, lookups } = self;
        let (block, mut from) = (line.block, 0);
        while from < block.len() {
            numbers.clear();
            from = scanner.fill(block, from, numbers);
            for Number { range, code } in numbers.drain(..) {
                let lookup = *lookups.get_or_insert_with(code, || catalog.lookup(code));
                if lookup.is_some() {
                    if range.start >= line.range.end {
                        current.judge(&line, annotations);
                        if annotations.len() >= ANNOTATIONS_MAX {
                            return line.range.end;
                        }
                        line = line.around(range.start);
                    }
                    current.candidates.push(Candidate { code, range, lookup });
                }
            }
        }
        current.judge(&line, annotations);
        block.len()
    }
}

impl<'c> CurrentLine<'c> {
    /// Judges the candidates that were collected, and appends those that are codes.
    #[inline]
    fn judge(&mut self, line: &Line<'_>, annotations: &mut Vec<Annotation<'c>>) {
        let CurrentLine { judge, candidates, verdicts } = self;
        if candidates.is_empty() {
            return;
        }
        judge.judge_line(line, candidates, Effort::Fast, verdicts);
        for (index, candidate) in candidates.drain(..).enumerate() {
            let is_explained = matches!(verdicts.judgments[index], Judgment::Explained(_));
            if let Candidate { code, range, lookup: Some(lookup) } = candidate
                && (is_explained || verdicts.judgments[index].is_code())
            {
                let (line, header) = (line.range.clone(), verdicts.header(index));
                let number = Number { range, code };
                annotations.push(Annotation { number, lookup, line, is_explained, header });
            }
        }
    }
}
