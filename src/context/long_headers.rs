//! The header of `-v long` that a line belongs to, carried forward from line to line and block to
//! block. Nothing is searched before a line needs it, and no byte is searched twice. Explanations
//! of ours in the lines before are invisible, and take no distance. Knows nothing about rules or
//! tags.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::explanations::{Earlier, Explanations};
use super::header::{Format, Header};
use crate::ansi;

/// Where the header of a line is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum HeaderPlace {
    /// In the line itself, if it has one.
    #[default]
    InLine,
    /// In a line of `-v long` before it, in the same block.
    InBlock(Range<usize>),
    /// The same, in an earlier block.
    InTail(Range<usize>),
    /// At the beginning of the line, which was already passed on.
    Carried,
    /// It was kept: that of the record that the number is in, or a line that has our explanation.
    Kept(usize),
}

/// How far after the beginning of its header of `-v long` a line may begin, in bytes: logcat's
/// payload limit (4068) and a header.
const LONG_BYTES: usize = 4068 + 256;
/// One byte more shows whether the first of them begins a line.
const TAIL_BYTES: usize = LONG_BYTES + 1;

/// The headers of `-v long` that were found last.
#[derive(Debug)]
pub(super) struct LongHeaders {
    /// The end of the previous blocks without our explanations: at least [`TAIL_BYTES`], if there
    /// were that many bytes. Before the first block, it is a line end.
    tail: Vec<u8>,
    in_tail: Found,
    in_block: Found,
    /// Where the current block begins in the input, in bytes without our explanations.
    offset: u64,
    /// Our explanations in the current block, before the current line.
    explanations: Earlier,
    /// The headers that are kept until the block ends, as logcat prints them.
    kept: Vec<Vec<u8>>,
    /// Where in the block a header is that is kept because it has an explanation, and which one
    /// that is.
    explained: Option<(usize, usize)>,
}

/// What is known about the headers in a text.
#[derive(Debug, Default)]
struct Found {
    /// The text was searched up to here.
    searched: usize,
    /// The last header before that.
    last: Option<Range<usize>>,
}

impl Default for LongHeaders {
    fn default() -> Self {
        let (in_tail, in_block, explanations, kept, explained) = Default::default();
        let tail = b"\n".to_vec();
        let offset = tail.len() as u64;
        LongHeaders { tail, in_tail, in_block, offset, explanations, kept, explained }
    }
}

impl LongHeaders {
    /// Where a byte of the current block is in the input without our explanations, where the line
    /// end before the first byte counts. The byte is in none of these.
    pub(super) fn position(&self, at: usize) -> u64 {
        self.offset + self.explanations.plain_bytes(at) as u64
    }

    /// Our explanations in the current block, before the current line.
    pub(super) fn explanations(&self) -> &Earlier {
        &self.explanations
    }

    /// Keeps our explanations in a line of the current block; see [`Earlier::keep`].
    pub(super) fn keep_explanations(
        &mut self,
        start: usize,
        block: &Range<usize>,
        found: &Explanations<'_>,
    ) {
        self.explanations.keep(start, block, found);
    }

    /// The last header before a line of the current block. Lines must come in order.
    pub(super) fn find(&mut self, block: &[u8], line_start: usize) -> HeaderPlace {
        let place = self.find_line(block, line_start);
        let HeaderPlace::InBlock(range) = &place else { return place };
        let start = range.start;
        match (self.explanations.without(block, range.clone()), self.explained) {
            (Cow::Borrowed(_), _) => place,
            (_, Some((other, index))) if other == start => HeaderPlace::Kept(index),
            (Cow::Owned(plain), _) => {
                self.explained = Some((start, self.kept.len()));
                self.keep(plain)
            }
        }
    }

    fn find_line(&mut self, block: &[u8], line_start: usize) -> HeaderPlace {
        let explanations = &self.explanations;
        let in_reach = explanations.start_of(LONG_BYTES, line_start)..line_start;
        self.in_block.search(block, in_reach, |line| explanations.without(block, line));
        let before = explanations.plain_bytes(line_start);
        if let Some(found) = &self.in_block.last {
            let distance = before.checked_sub(explanations.plain_bytes(found.start));
            let is_near = distance.is_some_and(|distance| distance <= LONG_BYTES);
            return if is_near { HeaderPlace::InBlock(found.clone()) } else { HeaderPlace::InLine };
        }
        if before >= LONG_BYTES {
            return HeaderPlace::InLine;
        }
        let tail = &self.tail;
        self.in_tail.search(tail, 0..tail.len(), |line| Cow::Borrowed(&tail[line]));
        match &self.in_tail.last {
            Some(found) if tail.len() - found.start + before <= LONG_BYTES => {
                HeaderPlace::InTail(found.clone())
            }
            _ => HeaderPlace::InLine,
        }
    }

    /// The line of a header, given where it is; `None` if it is not in an earlier line.
    pub(super) fn line<'h>(&'h self, block: &'h [u8], place: &'h HeaderPlace) -> Option<&'h [u8]> {
        match place {
            HeaderPlace::InLine | HeaderPlace::Carried => None,
            HeaderPlace::InBlock(range) => Some(&block[range.clone()]),
            HeaderPlace::InTail(range) => Some(&self.tail[range.clone()]),
            HeaderPlace::Kept(index) => self.kept.get(*index).map(Vec::as_slice),
        }
    }

    /// Keeps a header until the block ends. Many numbers may have the same one.
    pub(super) fn keep(&mut self, header: Vec<u8>) -> HeaderPlace {
        if self.kept.last() != Some(&header) {
            self.kept.push(header);
        }
        HeaderPlace::Kept(self.kept.len() - 1)
    }

    /// The end of the text before a line of the current block without our explanations, at least
    /// this many bytes of it if there are that many; at most [`TAIL_BYTES`].
    pub(super) fn above<'h>(
        &'h self,
        block: &'h [u8],
        line_start: usize,
        bytes: usize,
    ) -> Cow<'h, [u8]> {
        let start = self.explanations.start_of(bytes, line_start);
        let in_block = self.explanations.without(block, start..line_start);
        match in_block.len() >= bytes {
            true => in_block,
            false => Cow::Owned([&self.tail, &*in_block].concat()),
        }
    }

    /// Keeps the end of a block for the lines of the next block, and what is known about it.
    pub(super) fn end_block(&mut self, block: &[u8]) {
        self.kept.clear();
        self.explained = None;
        self.offset = self.position(block.len());
        let explanations = &self.explanations;
        let dropped = explanations.start_of(TAIL_BYTES, block.len());
        let end = explanations.without(block, dropped..block.len());
        let before = self.tail.len();
        if before + end.len() > 2 * TAIL_BYTES {
            let excess = (before + end.len() - TAIL_BYTES).min(before);
            self.tail.drain(..excess);
            self.in_tail.shift(excess);
        }
        let before = self.tail.len();
        let Found { searched, last } = std::mem::take(&mut self.in_block);
        let last = last.filter(|found| found.start >= dropped);
        let plain_bytes = |at: usize| explanations.plain_bytes(at);
        let moved = |at: usize| before + plain_bytes(at) - plain_bytes(dropped);
        match last {
            Some(found) => {
                self.in_tail.last = Some(moved(found.start)..moved(found.end));
                self.in_tail.searched = moved(searched);
            }
            None if self.in_tail.searched == before && searched > dropped => {
                self.in_tail.searched = moved(searched);
            }
            None => {}
        }
        self.tail.extend_from_slice(&end);
        self.explanations.clear();
    }
}

impl Found {
    /// Searches the part of a range of a text that was not searched before. `plain` returns a line
    /// without our explanations.
    fn search<'t>(
        &mut self,
        text: &'t [u8],
        range: Range<usize>,
        plain: impl Fn(Range<usize>) -> Cow<'t, [u8]>,
    ) {
        let from = self.searched.max(range.start);
        self.last = last_header(text, from..range.end, plain).or(self.last.take());
        self.searched = self.searched.max(range.end);
    }

    /// The first bytes of the text were dropped.
    fn shift(&mut self, count: usize) {
        self.searched = self.searched.saturating_sub(count);
        let last = self.last.take().filter(|found| found.start >= count);
        self.last = last.map(|found| found.start - count..found.end - count);
    }
}

/// Whether a line begins like a header of `-v long`, after sequences. There may be hundreds.
fn begins_like_header(line: &[u8]) -> bool {
    const BEGIN: &[u8] = b"[ ";
    static BEGINS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(BEGIN));
    if line.first() != Some(&ansi::ESCAPE) {
        return line.starts_with(BEGIN);
    }
    BEGINS.find(line).is_some() && line[ansi::skip_sequences(line, 0)..].starts_with(BEGIN)
}

/// The last complete header line of `-v long` that begins in a range of a text, without its line
/// end. `plain` returns a line without our explanations.
fn last_header<'t>(
    text: &'t [u8],
    range: Range<usize>,
    plain: impl Fn(Range<usize>) -> Cow<'t, [u8]>,
) -> Option<Range<usize>> {
    let mut end = range.end;
    while end > range.start {
        let line_end = end - usize::from(text[..end].ends_with(b"\n"));
        let before = memchr::memrchr(b'\n', &text[range.start..line_end]);
        let start = before.map_or(range.start, |at| range.start + at + 1);
        let begins_line = start.checked_sub(1).is_none_or(|before| text[before] == b'\n');
        let line = start..line_end;
        if begins_line
            && begins_like_header(&text[line.clone()])
            && Header::parse(&plain(line.clone())).format == Format::Long
        {
            return Some(line);
        }
        end = start;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEADER: &[u8] = b"[ 03-17 16:13:38.811  1702: 2395 D/Login    ]\n";

    /// The header before each line of a text that arrives in blocks of some lines.
    fn found(text: &[u8], lines_per_block: usize) -> Vec<Option<Vec<u8>>> {
        let (mut headers, mut found) = (LongHeaders::default(), Vec::new());
        let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
        for lines in lines.chunks(lines_per_block) {
            let (block, mut start) = (lines.concat(), 0);
            for line in lines {
                if !line.starts_with(b"x") {
                    let place = headers.find(&block, start);
                    found.push(headers.line(&block, &place).map(<[u8]>::to_vec));
                }
                let of_line = |bracket| memchr::memchr(bracket, line);
                if let (Some(open), Some(close)) = (of_line(b'{'), of_line(b'}')) {
                    let explanation = std::iter::once(open..close + 1);
                    let found = Explanations::at(explanation);
                    headers.keep_explanations(start, &(0..block.len()), &found);
                }
                start += line.len();
            }
            headers.end_block(&block);
        }
        found
    }

    #[test]
    fn a_header_is_carried_forward_as_far_as_a_message_reaches() {
        for distance in [HEADER.len(), 1000, LONG_BYTES - 1, LONG_BYTES, LONG_BYTES + 1] {
            let filler = vec![b'\n'; distance - HEADER.len()];
            let text = [b"y\n", HEADER, &filler, b"871300\n"].concat();
            for lines_per_block in [1, 2, 7, 1000, 100_000] {
                let is_found = found(&text, lines_per_block).pop().expect("a line").is_some();
                assert_eq!(is_found, distance <= LONG_BYTES, "{distance}, {lines_per_block}");
            }
        }
    }

    #[test]
    fn a_header_may_have_a_color_and_any_line_end() {
        for color in ["", "\x1b[38;5;75m", "\x1b[1m\x1b[34m"] {
            for end in ["\n", "\r\n", "\r\r\n", "\x1b[0m\n"] {
                let header = [color.as_bytes(), &HEADER[..HEADER.len() - 1], end.as_bytes()];
                let text = [&header.concat()[..], b"871300\n"].concat();
                assert!(found(&text, 1)[1].is_some(), "{color:?} {end:?}");
            }
        }
    }

    /// What is in braces is an explanation.
    #[test]
    fn an_explanation_in_a_header_is_invisible() {
        let header = |tag: &str| format!("[ 03-17 16:13:38.811  1702: 2395 D/{tag}\n");
        for filler in [0, 1, 150, 400] {
            let filler = "x {}\n".repeat(filler);
            let headers = ["Login {a} ]", "Other{bc} ]", "Third ] {cde}", "Plain ]"].map(header);
            let [one, two, three, four] = &headers;
            let text = format!(
                "{filler}{one}{filler}871300\n871301\n{two}{filler}871300\n871301\n{filler}871302\n\
                 {three}{filler}871300\n{four}871300\n"
            );
            let plain = ["Login  ]", "Other ]", "Third ] ", "Plain ]"].map(header);
            let plain = plain.each_ref().map(|line| line.trim_end_matches('\n'));
            for lines_per_block in [1, 2, 3, 7, 100_000] {
                let found = found(text.as_bytes(), lines_per_block).into_iter();
                let found = found.map(|line| String::from_utf8(line.unwrap_or_default()));
                let found: Vec<String> = found.map(|line| line.expect("UTF-8")).collect();
                let [first, second, third, fourth] = plain;
                let want =
                    ["", first, first, first, second, second, second, second, third, third, fourth];
                assert_eq!(found, want, "{lines_per_block} {}", filler.len());
            }
        }
    }

    #[test]
    fn the_first_line_of_an_input_may_be_a_header() {
        assert!(found(&[HEADER, b"x\n", b"871300\n"].concat(), 1)[1].is_some());
    }

    #[test]
    fn each_record_of_a_block_has_its_own_header() {
        let mut headers = LongHeaders::default();
        let kept = [b"first", b"other"].map(|header| headers.keep(header.to_vec()));
        let found = kept.each_ref().map(|place| headers.line(b"", place));
        assert_eq!(found, [Some(&b"first"[..]), Some(b"other")]);
        assert_eq!(headers.keep(b"other".to_vec()), kept[1], "it is kept once");
        headers.end_block(b"x\n");
        assert_eq!(headers.line(b"", &kept[0]), None, "it is kept until the block ends");
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        /// How lines are cut into blocks, and which of them ask, is invisible.
        #[test]
        fn blocks_are_invisible(
            lines in proptest::collection::vec((0..6_usize, 1..900_usize), 1..60),
            lines_per_block in 1..9_usize,
        ) {
            let line = |(kind, length): (usize, usize)| match kind {
                0 => [&HEADER[..38], length.to_string().as_bytes(), &b" ]\n"[..]].concat(),
                1 | 2 => vec![b'x'; length].into_iter().chain(*b"\n").collect(),
                _ => b"871300\n".to_vec(),
            };
            let text = lines.into_iter().map(line).collect::<Vec<_>>().concat();
            prop_assert_eq!(found(&text, lines_per_block), found(&text, usize::MAX));
        }
    }
}
