//! Scan, catalog and context together: from a block of lines to its annotations, in order.
//!
//! Owns the walk over the lines that hold a candidate. Knows nothing of output: an annotation says
//! that a number is a code and where, not what is written about it.

use std::ops::Range;

use crate::catalog::{Catalog, Code, Lookup};
use crate::context::header::{Format, Header};
use crate::context::{self, Sight, State, Strictness, Verdict};
use crate::scan::{Number, Runs, Scanner};

/// A number that stands for a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation<'c> {
    /// Where it stands in the block.
    pub number: Number,
    /// What the catalog says about it.
    pub lookup: Lookup<'c>,
    /// Where its line begins and ends in the block, with the line end.
    pub line: Range<usize>,
    /// Whether the line carries our explanation of it already.
    pub is_explained: bool,
}

/// Bytes of one or more whole lines, as they arrived; or a piece of a line that is too long to be
/// held.
#[derive(Debug, Clone, Copy)]
pub struct Block<'b> {
    /// The bytes.
    pub bytes: &'b [u8],
    /// What the first byte is.
    pub start: Start,
}

/// What the first byte of a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The first byte of a line.
    Line,
    /// A byte in the middle of a line that was cut.
    Piece,
    /// The same, within a run of digits that was too long to be held.
    PieceInDigits,
}

/// Finds the codes in a stream of blocks.
#[derive(Debug)]
pub struct Annotator<'c> {
    catalog: &'c Catalog<'c>,
    scanner: Scanner,
    strictness: Strictness,
    state: State,
    numbers: Vec<Number>,
    candidates: Vec<Candidate<'c>>,
    /// Lines that were judged at a glance.
    glances: usize,
    /// The catalog's last answers, each at its code modulo the length.
    answers: [Option<(Code, Option<Lookup<'c>>)>; ANSWERS_MAX],
}

/// How many answers of the catalog are kept.
const ANSWERS_MAX: usize = 64;

/// A number that the catalog knows, or might.
type Candidate<'c> = (Number, Lookup<'c>);

/// Of the lines that are judged at a glance so many are looked at for their tags, and then each of
/// so many.
const GLANCES_FIRST: usize = 256;
const GLANCES_EACH: usize = 64;

impl<'c> Annotator<'c> {
    /// An annotator for the families of a catalog that speak.
    #[must_use]
    pub fn new(catalog: &'c Catalog<'c>, strictness: Strictness) -> Self {
        let scanner = match catalog.overlay_digits() {
            Some((min, max)) => Scanner::Runs(Runs::with_digits(min, max)),
            None if catalog.is_android_only() => Scanner::Prefix(Box::default()),
            None => Scanner::Runs(Runs::default()),
        };
        let (numbers, candidates) = (Vec::new(), Vec::new());
        Annotator {
            catalog,
            scanner,
            strictness,
            state: State::default(),
            numbers,
            candidates,
            glances: 0,
            answers: [None; ANSWERS_MAX],
        }
    }

    /// Appends the annotations of the next block, in order of their places.
    /// [`Annotator::end_block`] has to follow.
    pub fn annotate(&mut self, block: Block<'_>, annotations: &mut Vec<Annotation<'c>>) {
        let mut from = match block.start {
            Start::PieceInDigits => {
                block.bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
            }
            Start::Line | Start::Piece => 0,
        };
        let (mut numbers, mut candidates) =
            (std::mem::take(&mut self.numbers), std::mem::take(&mut self.candidates));
        while from < block.bytes.len() {
            numbers.clear();
            candidates.clear();
            from = self.scanner.fill(block.bytes, from, &mut numbers);
            candidates.extend(
                numbers
                    .iter()
                    .filter_map(|number| Some((number.clone(), self.recall(number.code)?))),
            );
            self.judge_lines(block, &candidates, annotations);
        }
        (self.numbers, self.candidates) = (numbers, candidates);
    }

    /// Takes from a block what the lines of the next one need.
    pub fn end_block(&mut self, block: Block<'_>) {
        self.state.end_block(block.bytes);
    }

    /// Forgets what belongs to one input only.
    pub fn end_input(&mut self) {
        self.state.end_input();
    }

    /// The header of a line of the block that was annotated last; of `-v long`, the one above the
    /// line.
    #[must_use]
    pub fn header<'h>(&'h self, block: Block<'h>, line: &Range<usize>) -> Header<'h> {
        self.header_of(&block.bytes[line.clone()], block, line.start)
    }

    /// The header of the line that begins at `start`, whose text is given: with or without our
    /// explanations.
    fn header_of<'h>(&'h self, text: &'h [u8], block: Block<'h>, start: usize) -> Header<'h> {
        if start == 0 && block.start != Start::Line {
            return Header::none(text);
        }
        let header = Header::parse(text);
        if header.format != Format::None {
            return header;
        }
        match self.state.long_header(block.bytes, start) {
            Some(above) => Header {
                message: header.message,
                message_end: header.message_end,
                ..Header::parse(above)
            },
            None => header,
        }
    }

    /// Each number of a line that has the shape of a code, with the verdict on it. For people: it
    /// tells why.
    pub fn explain_line(
        &mut self,
        line: &[u8],
    ) -> Vec<(Number, Option<Lookup<'c>>, Option<Verdict>)> {
        let block = Block { bytes: line, start: Start::Line };
        let header = self.header(block, &(0..line.len()));
        let judge = |number: Number| {
            let place = number.range.clone();
            let known = self.catalog.lookup(number.code);
            let sight = |known| Sight::new(line, place.clone(), &header, known, &self.state);
            (number, known, known.map(|known| context::judge(&sight(known), self.strictness)))
        };
        self.scanner.numbers(line).into_iter().map(judge).collect()
    }

    /// What the catalog says about a number, from the last answers where it was asked before.
    fn recall(&mut self, code: Code) -> Option<Lookup<'c>> {
        let slot = (code.number() % ANSWERS_MAX as u64) as usize;
        if let Some((asked, answer)) = self.answers[slot]
            && asked == code
        {
            return answer;
        }
        let answer = self.catalog.lookup(code);
        self.answers[slot] = Some((code, answer));
        answer
    }

    fn judge_lines(
        &mut self,
        block: Block<'_>,
        candidates: &[Candidate<'c>],
        annotations: &mut Vec<Annotation<'c>>,
    ) {
        let (mut rest, mut line) = (candidates, 0..0);
        while let Some((number, known)) = rest.first() {
            line = line_around(block.bytes, line.end, number.range.start);
            let count = rest.iter().take_while(|(number, _)| number.range.start < line.end).count();
            let (here, behind) = rest.split_at(count);
            if count == 1 && self.is_plain(block, &line, number) {
                annotations.push(Annotation {
                    number: number.clone(),
                    lookup: *known,
                    line: line.clone(),
                    is_explained: false,
                });
            } else {
                self.judge_line(block, line.clone(), here, annotations);
            }
            rest = behind;
        }
    }

    /// Whether the only candidate of a line is a code at a glance, and carries no explanation yet.
    fn is_plain(&mut self, block: Block<'_>, line: &Range<usize>, number: &Number) -> bool {
        let text = &block.bytes[line.clone()];
        self.is_code_at_a_glance(
            text,
            number.range.start - line.start..number.range.end - line.start,
            block,
            line.start,
        )
    }

    fn is_code_at_a_glance(
        &mut self,
        text: &[u8],
        place: Range<usize>,
        block: Block<'_>,
        start: usize,
    ) -> bool {
        let is_code = context::quick::is_code(text, place.start, place.end)
            && memchr::memchr(b']', &text[place.end..]).is_none();
        if is_code {
            self.glances += 1;
            if self.glances <= GLANCES_FIRST || self.glances.is_multiple_of(GLANCES_EACH) {
                let tag = self.header_of(text, block, start).tag.map(<[u8]>::to_vec);
                tag.iter().for_each(|tag| self.state.remember_tag(tag));
            }
        }
        is_code
    }

    fn judge_line(
        &mut self,
        block: Block<'_>,
        line: Range<usize>,
        candidates: &[Candidate<'c>],
        annotations: &mut Vec<Annotation<'c>>,
    ) {
        let text = &block.bytes[line.clone()];
        let place =
            |number: &Number| number.range.start - line.start..number.range.end - line.start;
        if memchr::memchr(b']', text).is_some() {
            let explanations =
                candidates.iter().map(|(number, known)| earlier(text, place(number), known));
            let explained: Vec<_> = candidates.iter().cloned().zip(explanations).collect();
            if explained.iter().any(|(_, explanation)| explanation.is_some()) {
                return self.judge_explained(block, line.clone(), &explained, annotations);
            }
        }
        let header = self.header(block, &line);
        let mut sure_tag = None;
        for (number, known) in candidates {
            let sight = Sight::new(text, place(number), &header, *known, &self.state);
            let verdict = context::judge(&sight, self.strictness);
            if verdict.is_code {
                annotations.push(Annotation {
                    number: number.clone(),
                    lookup: *known,
                    line: line.clone(),
                    is_explained: false,
                });
                sure_tag = sure_tag.or(header.tag.filter(|_| verdict.is_good));
            }
        }
        if let Some(tag) = sure_tag.filter(|tag| !self.state.has_tag(tag)) {
            let tag = tag.to_vec();
            self.state.remember_tag(&tag);
        }
    }

    /// Judges a line that carries explanations of ours, as if they were not there. A number that
    /// carries one is a code.
    fn judge_explained(
        &mut self,
        block: Block<'_>,
        line: Range<usize>,
        candidates: &[(Candidate<'c>, Option<Range<usize>>)],
        annotations: &mut Vec<Annotation<'c>>,
    ) {
        let text = &block.bytes[line.clone()];
        let mut cuts: Vec<Range<usize>> =
            candidates.iter().filter_map(|(_, explanation)| explanation.clone()).collect();
        cuts.sort_by_key(|cut| cut.start);
        cuts.dedup();
        let plain = without(text, &cuts);
        let cut_before =
            |at: usize| cuts.iter().filter(|cut| cut.end <= at).map(Range::len).sum::<usize>();
        let is_ours = |number: &Number| {
            cuts.iter().any(|cut| cut.contains(&(number.range.start - line.start)))
        };
        let moved = |number: &Number| {
            let start =
                number.range.start - line.start - cut_before(number.range.start - line.start);
            start..start + (number.range.end - number.range.start)
        };
        let left: Vec<_> = candidates.iter().filter(|((number, _), _)| !is_ours(number)).collect();
        let glance = match left.as_slice() {
            [((number, _), _)] => {
                self.is_code_at_a_glance(&plain, moved(number), block, line.start)
            }
            _ => false,
        };
        let header = self.header_of(&plain, block, line.start);
        let mut sure_tag = None;
        for ((number, known), explanation) in left {
            let verdict = context::judge(
                &Sight::new(&plain, moved(number), &header, *known, &self.state),
                self.strictness,
            );
            let is_explained = explanation.is_some();
            if verdict.is_code || is_explained {
                annotations.push(Annotation {
                    number: number.clone(),
                    lookup: *known,
                    line: line.clone(),
                    is_explained,
                });
                sure_tag = sure_tag.or(header.tag.filter(|_| verdict.is_good && !glance));
            }
        }
        if let Some(tag) = sure_tag.map(<[u8]>::to_vec) {
            self.state.remember_tag(&tag);
        }
    }
}

/// Where the explanation of a number stands that the line carries already.
fn earlier(text: &[u8], place: Range<usize>, known: &Lookup<'_>) -> Option<Range<usize>> {
    let inline = context::inline_end(text, place.end, known).map(|end| place.end..end);
    let explanation = inline.or_else(|| context::at_end(text, &text[place.clone()], known))?;
    Some(explanation.start..context::colored_end(text, &explanation))
}

/// A text without some of its ranges, which are in order and apart.
fn without(text: &[u8], cuts: &[Range<usize>]) -> Vec<u8> {
    let (mut plain, mut from) = (Vec::with_capacity(text.len()), 0);
    for cut in cuts {
        plain.extend_from_slice(&text[from..cut.start.max(from)]);
        from = cut.end;
    }
    plain.extend_from_slice(&text[from..]);
    plain
}

/// The line around a place of a block, with its line end; it does not begin before `from`.
fn line_around(block: &[u8], from: usize, place: usize) -> Range<usize> {
    let start = memchr::memrchr(b'\n', &block[from..place]).map_or(from, |at| from + at + 1);
    let end = memchr::memchr(b'\n', &block[place..]).map_or(block.len(), |at| place + at + 1);
    start..end
}
