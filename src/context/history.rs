//! What earlier lines of the stream have shown: tags that log codes, and the header of `-v long`
//! that the next lines belong to.
//!
//! Owns that memory and its limits; it does not depend on how the input was cut into reads. Knows
//! nothing about rules or verdicts.

use std::ops::Range;

use super::header::{Format, Header};
use super::{Line, LineStart};

/// What earlier lines have shown.
#[derive(Debug, Default)]
pub(super) struct History {
    tags: Tags,
    /// The end of the previous blocks, up to [`TAIL_BYTES`]: a message of `-v long` may have its
    /// header there.
    tail: Vec<u8>,
    /// The last header of `-v long` in `tail`; searched for when a line first needs it.
    in_tail: Search,
    /// The last header of `-v long` in the current block, and how far the block was searched.
    in_block: Option<Range<usize>>,
    searched: usize,
}

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
    /// Nowhere: the beginning of the line was already passed on.
    Lost,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Search {
    #[default]
    Open,
    Done(Option<Range<usize>>),
}

/// How far after the beginning of its header of `-v long` a line may begin, in bytes: logcat's
/// payload limit (4068) and a header.
const LONG_BYTES: usize = 4068 + 256;
/// One byte more shows whether the first of them begins a line.
const TAIL_BYTES: usize = LONG_BYTES + 1;

impl History {
    /// Where the header of a line of the current block is, given the header in the line itself.
    /// Lines must come in order.
    pub(super) fn find_header(&mut self, line: &Line<'_>, own: &Header<'_>) -> HeaderPlace {
        match line.start {
            LineStart::Piece => HeaderPlace::Lost,
            LineStart::Whole if own.format != Format::None => HeaderPlace::InLine,
            LineStart::Whole => self.find_long(line.block, line.range.start),
        }
    }

    /// The last header of `-v long` before a line. Each byte of a block is searched at most once.
    fn find_long(&mut self, block: &[u8], line_start: usize) -> HeaderPlace {
        let from = self.searched.max(line_start.saturating_sub(LONG_BYTES));
        if let Some(found) = last_long_header(block, from..line_start, Edge::LineStart) {
            self.in_block = Some(found);
        }
        self.searched = line_start;
        if let Some(found) = self.in_block.clone() {
            let is_near = line_start - found.start <= LONG_BYTES;
            return if is_near { HeaderPlace::InBlock(found) } else { HeaderPlace::InLine };
        }
        if line_start >= LONG_BYTES || self.tail.is_empty() {
            return HeaderPlace::InLine;
        }
        let tail = &self.tail;
        if self.in_tail == Search::Open {
            let edge = if tail.len() < TAIL_BYTES { Edge::LineStart } else { Edge::Unknown };
            self.in_tail = Search::Done(last_long_header(tail, 0..tail.len(), edge));
        }
        match &self.in_tail {
            Search::Done(Some(found)) if tail.len() - found.start + line_start <= LONG_BYTES => {
                HeaderPlace::InTail(found.clone())
            }
            _ => HeaderPlace::InLine,
        }
    }

    /// The header of a line, given where it is.
    #[must_use]
    pub(super) fn header<'h>(
        &'h self,
        block: &'h [u8],
        text: &'h [u8],
        place: &HeaderPlace,
    ) -> Header<'h> {
        let above = match place {
            HeaderPlace::InLine => return Header::parse(text),
            HeaderPlace::Lost => return Header::none(text),
            HeaderPlace::InBlock(range) => &block[range.clone()],
            HeaderPlace::InTail(range) => &self.tail[range.clone()],
        };
        let Header { message, message_end, .. } = Header::none(text);
        Header { message, message_end, ..Header::parse(above) }
    }

    /// Learns that a code was logged under a header.
    #[inline]
    pub(super) fn learn(&mut self, tag: Option<TagHash>) {
        if let Some(tag) = tag {
            self.tags.add(tag);
        }
    }

    /// Whether codes were logged under this tag.
    #[must_use]
    pub(super) fn has_tag(&self, tag: &[u8]) -> bool {
        !self.tags.0.is_empty() && TagHash::new(tag).is_some_and(|tag| self.tags.0.contains(&tag))
    }

    /// Keeps the end of a block for the lines of the next block.
    pub(super) fn end_block(&mut self, block: &[u8]) {
        let end = &block[block.len().saturating_sub(TAIL_BYTES)..];
        let excess = (self.tail.len() + end.len()).saturating_sub(TAIL_BYTES);
        self.tail.drain(..excess);
        self.tail.extend_from_slice(end);
        (self.in_tail, self.in_block, self.searched) = (Search::Open, None, 0);
    }

    /// Forgets what belongs only to the input that ends. Tags stay: an app uses the same ones in
    /// every file.
    pub(super) fn end_input(&mut self) {
        *self = History { tags: std::mem::take(&mut self.tags), ..History::default() };
    }
}

/// What the first byte of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    /// The first byte of a line.
    LineStart,
    /// Possibly one in the middle of a line.
    Unknown,
}

/// The last complete header line of `-v long` in a range of a text, without its line end.
fn last_long_header(text: &[u8], range: Range<usize>, edge: Edge) -> Option<Range<usize>> {
    let mut end = range.end;
    while end > range.start {
        let line_end = end - usize::from(text[..end].ends_with(b"\n"));
        let before = memchr::memrchr(b'\n', &text[range.start..line_end]);
        let start = before.map_or(range.start, |at| range.start + at + 1);
        let begins_line = match start.checked_sub(1) {
            Some(before) => text[before] == b'\n',
            None => edge == Edge::LineStart,
        };
        let line = &text[start..line_end];
        if begins_line && line.starts_with(b"[ ") && Header::parse(line).format == Format::Long {
            return Some(start..line_end);
        }
        end = start;
    }
    None
}

/// A tag's hash: it takes the same memory whatever the tag's length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TagHash(u64);

impl TagHash {
    /// The hash of a tag; `None` for an empty one, which says nothing about an app.
    #[must_use]
    #[inline]
    pub(super) fn new(tag: &[u8]) -> Option<Self> {
        (!tag.is_empty()).then(|| TagHash(hash(tag)))
    }
}

/// The tags under which codes were logged, the latest last.
#[derive(Debug, Default)]
struct Tags(Vec<TagHash>);

/// How many tags are remembered. An app uses a few; a device runs a few apps.
const TAGS_MAX: usize = 32;

impl Tags {
    #[inline]
    fn add(&mut self, tag: TagHash) {
        if self.0.last() == Some(&tag) || self.0.contains(&tag) {
            return;
        }
        if self.0.len() == TAGS_MAX {
            self.0.remove(0);
        }
        self.0.push(tag);
    }
}

/// Eight bytes at a time, mixed by multiplication (the finalizer of splitmix64).
fn hash(bytes: &[u8]) -> u64 {
    let mix = |hash: u64, word: u64| {
        let mixed = (hash ^ word).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb)
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let hash =
        words.iter().fold(bytes.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let mixed = mix(hash, u64::from_le_bytes(last));
    mixed ^ (mixed >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &[u8] = b"[ 03-17 16:13:38.811  1702: 2395 D/Login    ]\n";

    fn line(block: &[u8], start: usize) -> Line<'_> {
        Line { block, range: start..block.len(), start: LineStart::Whole }
    }

    fn tag(history: &mut History, block: &[u8], start: usize) -> Option<Vec<u8>> {
        let line = line(block, start);
        let place = history.find_header(&line, &Header::parse(line.text()));
        history.header(block, line.text(), &place).tag.map(<[u8]>::to_vec)
    }

    #[test]
    fn a_long_header_is_found_in_the_block_and_carried_into_the_next_one() {
        let mut history = History::default();
        let block = [HEADER, b"871300\n"].concat();
        assert_eq!(tag(&mut history, &block, HEADER.len()).as_deref(), Some(&b"Login"[..]));
        history.end_block(&block);
        assert!(tag(&mut history, b"871301\n", 0).is_some());
        history.end_block(b"x\n");
        assert!(tag(&mut history, b"871301\n", 0).is_some(), "through a block without a header");
        history.end_block(&vec![b'\n'; LONG_BYTES]);
        assert!(tag(&mut history, b"871301\n", 0).is_none(), "too far before");
    }

    /// The limit is the same in one block and across two.
    #[test]
    fn a_long_header_reaches_as_far_wherever_a_block_ends() {
        for distance in [LONG_BYTES - 1, LONG_BYTES, LONG_BYTES + 1] {
            let filler = vec![b'\n'; distance - HEADER.len()];
            let block = [b"x\n", HEADER, &filler, b"871300\n"].concat();
            let start = 2 + distance;
            let whole = tag(&mut History::default(), &block, start).is_some();
            assert_eq!(whole, distance <= LONG_BYTES, "{distance}");
            for cut in [2 + HEADER.len(), start - 1, start] {
                let mut history = History::default();
                history.end_block(&block[..cut]);
                let found = tag(&mut history, &block[cut..], start - cut).is_some();
                assert_eq!(found, whole, "{distance}, cut at {cut}");
            }
        }
    }

    #[test]
    fn tags_are_remembered_up_to_a_limit() {
        let mut history = History::default();
        for number in 0..=TAGS_MAX {
            history.learn(TagHash::new(format!("tag{number}").as_bytes()));
        }
        assert!(!history.has_tag(b"tag0") && history.has_tag(b"tag1") && history.has_tag(b"tag32"));
        assert_eq!(history.tags.0.len(), TAGS_MAX);
        history.end_input();
        assert!(history.has_tag(b"tag1"), "an app keeps its tag in the next file");
    }
}
