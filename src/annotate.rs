//! Scan, catalog, and context together: from a block of lines to its annotations, in order.
//!
//! Owns the walk over the lines that have a candidate. Knows nothing about output: an annotation
//! says that a number is a code and where it is, not what is written about it.

use std::ops::Range;

pub use crate::block::{Block, Start};
use crate::cache::CodeCache;
use crate::catalog::{Catalog, Lookup};
use crate::context::header::Header;
use crate::context::{
    Candidate, Effort, HeaderPlace, Judge, Judgment, Line, Strictness, Verdict, Verdicts,
};
use crate::scan::{Number, Runs, Scanner};

/// A number that is a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation<'c> {
    /// Where it is in the block.
    pub number: Number,
    /// What the catalog says about it.
    pub lookup: Lookup<'c>,
    /// Its line in the block, with the line end.
    pub line: Range<usize>,
    /// Whether the line already has our explanation of it.
    pub is_explained: bool,
    header: HeaderPlace,
}

/// A number in a line with the verdict on it.
#[derive(Debug, Clone)]
pub struct Explained<'c> {
    /// Where it is in the line.
    pub number: Number,
    /// What the catalog says about it; `None` if it is in no list, and so not a code.
    pub lookup: Option<Lookup<'c>>,
    /// The verdict, with the rule that gave it.
    pub verdict: Verdict,
}

/// Finds the codes in a stream of blocks.
#[derive(Debug)]
pub struct Annotator<'c> {
    catalog: &'c Catalog<'c>,
    scanner: Scanner,
    numbers: Vec<Number>,
    lookups: CodeCache<Option<Lookup<'c>>>,
    current: CurrentLine<'c>,
}

/// The line whose candidates are being collected.
#[derive(Debug)]
struct CurrentLine<'c> {
    judge: Judge,
    candidates: Vec<Candidate<'c>>,
    verdicts: Verdicts,
}

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
        Annotator { catalog, scanner, numbers: Vec::new(), lookups: CodeCache::default(), current }
    }

    /// Appends the annotations of the next block, in order. Call [`Annotator::end_block`] after it.
    pub fn annotate(&mut self, block: Block<'_>, annotations: &mut Vec<Annotation<'c>>) {
        let Annotator { catalog, scanner, numbers, lookups, current } = self;
        let mut line = Line::before(block.bytes);
        let mut from = block.cut_digits();
        while from < block.bytes.len() {
            numbers.clear();
            from = scanner.fill(block.bytes, from, numbers);
            for Number { range, code } in numbers.drain(..) {
                let lookup = *lookups.get_or_insert_with(code, || catalog.lookup(code));
                if lookup.is_some() {
                    if range.start >= line.range.end {
                        current.judge(&line, annotations);
                        line = line.around(range.start, block.start);
                    }
                    current.candidates.push(Candidate { code, range, lookup });
                }
            }
        }
        current.judge(&line, annotations);
    }

    /// Keeps what the lines of the next block need from this one.
    pub fn end_block(&mut self, block: Block<'_>) {
        self.current.judge.end_block(block.bytes);
    }

    /// Forgets what belongs only to the input that ends.
    pub fn end_input(&mut self) {
        self.current.judge.end_input();
    }

    /// The header of an annotation of the current block; in `-v long`, it is in an earlier line.
    #[must_use]
    pub fn header<'h>(&'h self, block: Block<'h>, annotation: &Annotation<'c>) -> Header<'h> {
        let text = &block.bytes[annotation.line.clone()];
        self.current.judge.header(block.bytes, text, &annotation.header)
    }

    /// Every number in the next line, or piece of a line, that has the shape of a code, with the
    /// verdict on it and so the reason. Numbers in our own explanations are left out. The line has
    /// its line end, unless it is the last one.
    pub fn explain_line(&mut self, line: Block<'_>) -> Vec<Explained<'c>> {
        let Annotator { catalog, scanner, current: CurrentLine { judge, verdicts, .. }, .. } = self;
        let numbers = match scanner {
            // Those of every family.
            Scanner::Prefix(_) => Scanner::Runs(Runs::default()).numbers(line.bytes),
            Scanner::Runs(_) => scanner.numbers(line.bytes),
        };
        let candidates: Vec<Candidate<'c>> = numbers
            .into_iter()
            .filter(|number| number.range.start >= line.cut_digits())
            .map(|Number { range, code }| Candidate { code, range, lookup: catalog.lookup(code) })
            .collect();
        let whole = Line { block: line.bytes, range: 0..line.bytes.len(), start: line.start };
        judge.judge_line(&whole, &candidates, Effort::Thorough, verdicts);
        judge.end_block(line.bytes);
        let judged = candidates.into_iter().zip(&verdicts.judgments);
        let outside = judged.filter_map(|(Candidate { code, range, lookup }, judgment)| {
            Some(Explained { number: Number { range, code }, lookup, verdict: judgment.verdict()? })
        });
        outside.collect()
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
        for (candidate, judgment) in candidates.drain(..).zip(&verdicts.judgments) {
            let is_explained = matches!(judgment, Judgment::Explained(_));
            let is_code = judgment.verdict().is_some_and(|verdict| verdict.is_code());
            if let Candidate { code, range, lookup: Some(lookup) } = candidate
                && (is_code || is_explained)
            {
                let (line, header) = (line.range.clone(), verdicts.header.clone());
                let number = Number { range, code };
                annotations.push(Annotation { number, lookup, line, is_explained, header });
            }
        }
    }
}
