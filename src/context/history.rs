//! What earlier lines of the input have shown: processes and tags that log codes, and the header of
//! `-v long` that the next lines belong to.
//!
//! Owns that memory and its limits; it does not depend on how the input was cut into reads. Knows
//! nothing about rules or verdicts.

use std::borrow::Cow;

use super::Line;
use super::explanations::Explanations;
use super::header::{self, Format, Header};
use super::long_headers::{HeaderPlace, LongHeaders};
use super::recent::{Recent, Speaker};
use super::records::{Keys, Record};
use crate::block::{Block, Start};
use crate::catalog::Code;

/// What earlier lines have shown.
#[derive(Debug, Default)]
pub(super) struct History {
    /// The tags under which codes were logged in lines without a process.
    tags: Tags,
    /// The processes that logged codes.
    processes: Processes,
    /// Whether the input has shown a code.
    has_codes: bool,
    recent: Recent,
    headers: LongHeaders,
    /// For the pieces of a line after the first: the beginning of the line, or of the line with its
    /// header.
    carried: Vec<u8>,
}

/// How many tags are remembered. An app uses a few; a device runs a few apps.
const TAGS_MAX: usize = 32;
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
        self.header_or(block, text, place, || Header::parse(text))
    }

    /// The same for a line whose own header was parsed.
    pub(super) fn header_or<'h>(
        &'h self,
        block: &'h [u8],
        text: &'h [u8],
        place: &'h HeaderPlace,
        own: impl FnOnce() -> Header<'h>,
    ) -> Header<'h> {
        let above = match (place, self.headers.line(block, place)) {
            (HeaderPlace::Carried, _) => self.carried.as_slice(),
            (_, None) => return own(),
            (_, Some(above)) => above,
        };
        let Header { message, message_end, .. } = Header::none(text);
        Header { message, message_end, ..Header::parse(above) }
    }

    /// Learns that a code was logged, and by whom: by a process, or under a tag if the line names
    /// no process. Many apps log under the same tag, such as `flutter` or `System.out`.
    #[inline]
    pub(super) fn learn(&mut self, source: Source) {
        self.has_codes = true;
        match source {
            Source { pid: Some(pid), .. } => self.processes.add(Processes::key(pid)),
            Source { pid: None, tag: Some(tag) } => self.tags.add(tag),
            Source { pid: None, tag: None } => {}
        }
    }

    /// Remembers a code in a whole line of the current block, which has this many bytes without our
    /// explanations.
    pub(super) fn say(&mut self, code: Code, line: &Line<'_>, bytes: usize, source: Source) {
        self.recent.say(code, source.speaker(), self.position(line.range.start), bytes);
    }

    /// Learns the process of a line of [`header::is_plain_threadtime`], and remembers its code.
    #[inline]
    pub(super) fn learn_plain(&mut self, code: Code, line: &Line<'_>) {
        if let Some(column) = header::plain_threadtime_process(line.text()) {
            let (process, at) =
                (Processes::key_of_column(*column), self.position(line.range.start));
            self.processes.add(process);
            self.recent.say(code, Speaker(process), at, line.range.len());
        }
    }

    /// Whether a code was logged by the same process shortly before a line of the current block, or
    /// under the same tag if the line names no process, or in the line before if it names neither.
    /// The line must be whole.
    #[must_use]
    pub(super) fn has_said(&self, code: Code, line: &Line<'_>, header: &Header<'_>) -> bool {
        let speaker = || Source::of(header).speaker();
        line.is_whole() && self.recent.has(code, speaker, || self.position(line.range.start))
    }

    /// Whether the input has shown a code.
    #[must_use]
    pub(super) fn has_codes(&self) -> bool {
        self.has_codes
    }

    /// Whether codes were logged by the process of a header, or under its tag if it names none.
    #[must_use]
    pub(super) fn knows(&self, header: &Header<'_>) -> bool {
        match (header.app(), header.tag) {
            (Some(pid), _) => self.processes.has(Processes::key(pid)),
            (None, Some(tag)) => self.tags.has(tag),
            (None, None) => false,
        }
    }

    /// See [`LongHeaders::keep`].
    pub(super) fn keep_header(&mut self, header: Vec<u8>) -> HeaderPlace {
        self.headers.keep(header)
    }

    /// Where in the input without our explanations a byte of the current block is.
    pub(super) fn position(&self, at: usize) -> u64 {
        self.headers.position(at)
    }

    /// Keeps our explanations in a line. Lines must come in order.
    pub(super) fn keep_explanations(&mut self, line: &Line<'_>, found: &Explanations<'_>) {
        self.headers.keep_explanations(line.range.start, &line.block_range(), found);
    }

    /// The end of the text before a line of the current block without our explanations, at least
    /// this many bytes of it if there are that many.
    pub(super) fn above<'h>(&'h self, line: &Line<'h>, bytes: usize) -> Cow<'h, [u8]> {
        match line.start() {
            Start::Line => self.headers.above(line.block, line.range.start, bytes),
            Start::Piece => Cow::Borrowed(&[]),
        }
    }

    /// The record of Android Studio's export that a number of a line is in; `at` is where in the
    /// text of the line it begins.
    #[must_use]
    pub(super) fn record(
        &self,
        line: &Line<'_>,
        text: &[u8],
        at: usize,
        keys: &mut Keys,
    ) -> Option<Record> {
        Record::find(text, at, keys, |bytes| self.above(line, bytes))
    }

    /// The text of the current block without our explanations.
    pub(super) fn plain<'t>(&self, block: &'t [u8]) -> Cow<'t, [u8]> {
        self.headers.explanations().without(block, 0..block.len())
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
        let plain = self.plain(piece);
        let own = Header::parse(&plain);
        let place = self.find_header(&Line::whole(piece), &own);
        let kept = &plain[..plain.len().min(own.message + MESSAGE_BYTES)];
        let above = self.headers.line(piece, &place);
        self.carried = above.unwrap_or(kept).to_vec();
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

    fn speaker(self) -> Speaker {
        match (self.pid, self.tag) {
            (Some(pid), _) => Speaker(Processes::key(pid)),
            (None, Some(TagHash(hash))) => Speaker(hash),
            (None, None) => Speaker::default(),
        }
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

/// The tags under which codes were logged, the latest last.
#[derive(Debug, Default)]
struct Tags(Vec<TagHash>);

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

    fn has(&self, tag: &[u8]) -> bool {
        !self.0.is_empty() && TagHash::new(tag).is_some_and(|tag| self.0.contains(&tag))
    }
}

/// Processes that logged codes. Each has one slot, which it shares with others: to learn one is one
/// write, also in a log where each line has another process.
#[derive(Debug)]
struct Processes([ProcessKey; 1 << PROCESS_BITS]);

/// A process as logcat prints it, eight bytes padded with blanks on the left, as one number: the
/// fast path reads it from the line.
type ProcessKey = u64;

/// An app has one or two processes, and a device runs a few apps.
const PROCESS_BITS: u32 = 6;

impl Default for Processes {
    fn default() -> Self {
        Processes([0; 1 << PROCESS_BITS])
    }
}

impl Processes {
    fn key(pid: u32) -> ProcessKey {
        let (mut key, mut rest) = ([b' '; 8], pid);
        for column in key.iter_mut().rev() {
            *column = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        u64::from_le_bytes(key)
    }

    /// The key of a process in a column of five, with three other bytes before it.
    #[inline]
    fn key_of_column(column: [u8; 8]) -> ProcessKey {
        u64::from_le_bytes(column) & !0xff_ffff | 0x20_2020
    }

    #[inline]
    fn slot(key: ProcessKey) -> usize {
        let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> (u64::BITS - PROCESS_BITS)) as usize
    }

    #[inline]
    fn add(&mut self, key: ProcessKey) {
        self.0[Self::slot(key)] = key;
    }

    fn has(&self, key: ProcessKey) -> bool {
        self.0[Self::slot(key)] == key
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

    fn knows(history: &History, line: &str) -> bool {
        history.knows(&Header::parse(line.as_bytes()))
    }

    #[test]
    fn a_process_is_remembered_under_any_tag() {
        let mut history = History::default();
        for pid in [7, 99_999, 4_194_304] {
            history.learn(Source { tag: TagHash::new(b"Konto"), pid: Some(pid) });
            assert!(knows(&history, &format!("D/Other({pid:5}): x")), "{pid}");
            assert!(!knows(&history, &format!("D/Konto({:5}): x", pid + 1)), "{pid}");
        }
        let line = Line::whole(b"03-17 16:13:38.811  1702  2395 D Konto   : x 871300\n");
        history.learn_plain(Code::new(871_300), &line);
        assert!(history.has_said(Code::new(871_300), &line, &Header::parse(b"D/Other( 1702): x")));
        assert!(knows(&history, "D/Other( 1702): x") && !knows(&history, "D/Konto( 2395): x"));
        assert!(!knows(&history, "D/Konto: x"), "the tag alone says nothing");
    }

    #[test]
    fn processes_of_different_slots_are_remembered_together() {
        let mut history = History::default();
        let pids: [u32; 2] = [1702, 2395];
        assert_ne!(Processes::slot(Processes::key(1702)), Processes::slot(Processes::key(2395)));
        for pid in pids {
            history.learn(Source { tag: None, pid: Some(pid) });
        }
        for pid in pids {
            assert!(knows(&history, &format!("D/Konto({pid:5}): x")), "{pid}");
        }
    }

    #[test]
    fn tags_are_remembered_up_to_a_limit() {
        let mut history = History::default();
        for number in 0..=TAGS_MAX {
            history.learn(tag(format!("tag{number}").as_bytes()));
        }
        for (number, want) in [(0, false), (1, true), (TAGS_MAX, true)] {
            assert_eq!(knows(&history, &format!("D/tag{number}: x")), want, "{number}");
        }
        assert_eq!(history.tags.0.len(), TAGS_MAX);
    }

    #[test]
    fn a_tag_that_comes_again_takes_no_place_of_another() {
        let mut history = History::default();
        let again = [&b"a"[..], b"b"].repeat(TAGS_MAX);
        for name in [b"first".as_slice()].into_iter().chain(again) {
            history.learn(tag(name));
        }
        assert!(history.tags.has(b"first") && history.tags.0.len() == 3);
    }
}
