//! What earlier lines of the stream have shown: tags and processes that log codes, and the header
//! of `-v long` that the next lines belong to.
//!
//! Owns that memory and its limits; it does not depend on how the input was cut into reads. Knows
//! nothing about rules or verdicts.

use std::borrow::Cow;

use super::Line;
use super::header::{Format, Header};
use super::long_headers::{HeaderPlace, LongHeaders};
use super::records::Record;
use crate::block::{Block, Start};

/// What earlier lines have shown.
#[derive(Debug, Default)]
pub(super) struct History {
    tags: Latest<TagHash, TAGS_MAX>,
    /// The processes that logged codes. They end with the input: in the next one, another process
    /// may have the number.
    processes: Latest<u32, PROCESSES_MAX>,
    /// Whether the stream has shown a code.
    has_codes: bool,
    headers: LongHeaders,
    /// For the pieces of a line after the first: the beginning of the line, or of the line with its
    /// header.
    carried: Vec<u8>,
}

/// How many tags are remembered. An app uses a few; a device runs a few apps.
const TAGS_MAX: usize = 32;
/// How many processes are remembered: an app has one or two, and a new one after each start.
const PROCESSES_MAX: usize = 16;

/// How much of a line's message is kept after its header, in bytes, so that the header is
/// recognized again.
const MESSAGE_BYTES: usize = 64;

impl History {
    /// Where the header of a line of the current block is, given the header in the line itself: the
    /// line must begin in the block. Lines must come in order.
    pub(super) fn find_header(&mut self, line: &Line<'_>, own: &Header<'_>) -> HeaderPlace {
        match own.format {
            Format::None => self.headers.find(line.block, line.range.start),
            _ => HeaderPlace::InLine,
        }
    }

    /// The header of a line, given where it is.
    #[must_use]
    pub(super) fn header<'h>(
        &'h self,
        block: &'h [u8],
        text: &'h [u8],
        place: &'h HeaderPlace,
    ) -> Header<'h> {
        let above = match (place, self.headers.line(block, place)) {
            (HeaderPlace::Carried, _) => self.carried.as_slice(),
            (_, None) => return Header::parse(text),
            (_, Some(above)) => above,
        };
        let Header { message, message_end, .. } = Header::none(text);
        Header { message, message_end, ..Header::parse(above) }
    }

    /// Learns that a code was logged, and by whom.
    #[inline]
    pub(super) fn learn(&mut self, source: Source) {
        self.has_codes = true;
        if let Some(tag) = source.tag {
            self.tags.add(tag);
        }
        if let Some(pid) = source.pid {
            self.processes.add(pid);
        }
    }

    /// Whether the stream has shown a code.
    #[must_use]
    pub(super) fn has_codes(&self) -> bool {
        self.has_codes
    }

    /// Whether codes were logged under this tag.
    #[must_use]
    pub(super) fn has_tag(&self, tag: &[u8]) -> bool {
        !self.tags.0.is_empty() && TagHash::new(tag).is_some_and(|tag| self.tags.0.contains(&tag))
    }

    /// Whether codes were logged by this process.
    #[must_use]
    pub(super) fn has_process(&self, pid: u32) -> bool {
        self.processes.0.contains(&pid)
    }

    /// The end of the text before a line of the current block, at least this many bytes of it if
    /// there are that many.
    pub(super) fn above<'h>(&'h self, line: &Line<'h>, bytes: usize) -> Cow<'h, [u8]> {
        match line.start() {
            Start::Line => self.headers.above(line.block, line.range.start, bytes),
            Start::Piece => Cow::Borrowed(&[]),
        }
    }

    /// The record of Android Studio's export that a number of a line is in; `at` is where in the
    /// text of the line it begins.
    #[must_use]
    pub(super) fn record(&self, line: &Line<'_>, text: &[u8], at: usize) -> Option<Record> {
        Record::find(text, at, |bytes| self.above(line, bytes))
    }

    /// Keeps the end of a block for the lines of the next block, and the header of a line that is
    /// cut for its other pieces.
    pub(super) fn end_block(&mut self, block: Block<'_>) {
        if block.is_cut() && block.start == Start::Line {
            self.carry_header(block.bytes);
        }
        self.headers.end_block(block.bytes);
    }

    fn carry_header(&mut self, piece: &[u8]) {
        let own = Header::parse(piece);
        let place = self.find_header(&Line::whole(piece), &own);
        let kept = &piece[..piece.len().min(own.message + MESSAGE_BYTES)];
        let above = self.headers.line(piece, &place);
        self.carried = above.unwrap_or(kept).to_vec();
    }

    /// Forgets what belongs only to the input that ends. Tags stay: an app uses the same ones in
    /// every file.
    pub(super) fn end_input(&mut self) {
        self.headers = LongHeaders::default();
        self.processes = Latest::default();
        self.has_codes = false;
    }
}

/// Who logged a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Source {
    tag: Option<TagHash>,
    pid: Option<u32>,
}

impl Source {
    #[must_use]
    #[inline]
    pub(super) fn of(header: &Header<'_>) -> Self {
        Source { tag: header.tag.and_then(TagHash::new), pid: header.app() }
    }
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

/// The first of each of the latest values, in order; at most `MAX`.
#[derive(Debug)]
struct Latest<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> Default for Latest<T, MAX> {
    fn default() -> Self {
        Latest(Vec::new())
    }
}

impl<T: PartialEq, const MAX: usize> Latest<T, MAX> {
    #[inline]
    fn add(&mut self, value: T) {
        if self.0.last() == Some(&value) || self.0.contains(&value) {
            return;
        }
        if self.0.len() == MAX {
            self.0.remove(0);
        }
        self.0.push(value);
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

    fn tag(name: &[u8]) -> Source {
        Source { tag: TagHash::new(name), pid: None }
    }

    #[test]
    fn processes_are_remembered_up_to_a_limit_and_to_the_end_of_the_input() {
        let mut history = History::default();
        for pid in 0..=PROCESSES_MAX {
            history.learn(Source { tag: None, pid: u32::try_from(pid).ok() });
        }
        assert!(!history.has_process(0) && history.has_process(1) && history.has_process(16));
        history.end_input();
        assert!(!history.has_process(16) && !history.has_codes());
    }

    #[test]
    fn tags_are_remembered_up_to_a_limit() {
        let mut history = History::default();
        for number in 0..=TAGS_MAX {
            history.learn(tag(format!("tag{number}").as_bytes()));
        }
        assert!(!history.has_tag(b"tag0") && history.has_tag(b"tag1") && history.has_tag(b"tag32"));
        assert_eq!(history.tags.0.len(), TAGS_MAX);
        history.end_input();
        assert!(history.has_tag(b"tag1"), "an app keeps its tag in the next file");
    }

    #[test]
    fn a_tag_that_comes_again_takes_no_place_of_another() {
        let mut history = History::default();
        let again = [&b"a"[..], b"b"].repeat(TAGS_MAX);
        for name in [b"first".as_slice()].into_iter().chain(again) {
            history.learn(tag(name));
        }
        assert!(history.has_tag(b"first") && history.tags.0.len() == 3);
    }
}
