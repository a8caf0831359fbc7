//! What earlier lines of the stream have shown: tags that log codes, and the header of `-v long`
//! that the next lines belong to.
//!
//! Owns that memory and its limits; it does not depend on how the input was cut into reads. Knows
//! nothing about rules or verdicts.

use super::Line;
use super::header::{Format, Header};
use super::long_headers::{HeaderPlace, LongHeaders};
use crate::block::{Block, Start};

/// What earlier lines have shown.
#[derive(Debug, Default)]
pub(super) struct History {
    tags: Tags,
    headers: LongHeaders,
    /// For the pieces of a line after the first: the beginning of the line, or of the line with its
    /// header.
    carried: Vec<u8>,
}

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
        place: &HeaderPlace,
    ) -> Header<'h> {
        let above = match (place, self.headers.line(block, place)) {
            (HeaderPlace::Carried, _) => self.carried.as_slice(),
            (_, None) => return Header::parse(text),
            (_, Some(above)) => above,
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

    #[test]
    fn a_tag_that_comes_again_takes_no_place_of_another() {
        let mut history = History::default();
        let again = [&b"a"[..], b"b"].repeat(TAGS_MAX);
        for tag in [b"first".as_slice()].into_iter().chain(again) {
            history.learn(TagHash::new(tag));
        }
        assert!(history.has_tag(b"first") && history.tags.0.len() == 3);
    }
}
