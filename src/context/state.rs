//! What the stream has shown so far: a little memory from line to line, bounded, and the same
//! however the input was cut into reads.

use super::header::{Format, Header};

/// What the stream has shown so far.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// Hashes of tags under which sure codes were seen, the latest last.
    tags: Vec<u64>,
    /// The last bytes of the blocks before, up to [`LONG_BYTES`]: a message of `-v long` may have
    /// its header there.
    tail: Vec<u8>,
}

/// How many tags are remembered. An app logs under a few; a device runs a few apps.
const TAGS_MAX: usize = 32;
/// How far behind its header of `-v long` a message may reach, in bytes: logcat's payload limit
/// (4068) and a header.
const LONG_BYTES: usize = 4068 + 256;

impl State {
    /// Remembers a tag under which a sure code was seen.
    pub fn remember_tag(&mut self, tag: &[u8]) {
        let hash = hash(tag);
        if tag.is_empty() || self.tags.contains(&hash) {
            return;
        }
        if self.tags.len() == TAGS_MAX {
            self.tags.remove(0);
        }
        self.tags.push(hash);
    }

    /// Whether sure codes were seen under this tag.
    #[must_use]
    pub fn has_tag(&self, tag: &[u8]) -> bool {
        !self.tags.is_empty() && self.tags.contains(&hash(tag))
    }

    /// The header line of `-v long` that the line at `line_start` of a block belongs to.
    #[must_use]
    pub fn long_header<'s>(&'s self, block: &'s [u8], line_start: usize) -> Option<&'s [u8]> {
        let near = last_long_header(&block[line_start.saturating_sub(LONG_BYTES)..line_start]);
        let left = LONG_BYTES.saturating_sub(line_start).min(self.tail.len());
        near.or_else(|| last_long_header(&self.tail[self.tail.len() - left..]))
    }

    /// Keeps the end of a block, for the lines of the next one.
    pub fn end_block(&mut self, block: &[u8]) {
        let end = &block[block.len().saturating_sub(LONG_BYTES)..];
        let over = (self.tail.len() + end.len()).saturating_sub(LONG_BYTES);
        self.tail.drain(..over);
        self.tail.extend_from_slice(end);
    }

    /// Forgets what belongs to one input only.
    pub fn end_input(&mut self) {
        self.tail.clear();
    }
}

/// The last header line of `-v long` in a text that begins with a line, or within one.
fn last_long_header(text: &[u8]) -> Option<&[u8]> {
    let mut end = text.len();
    loop {
        let line_end = memchr::memrchr(b'\n', &text[..end])?;
        let start = memchr::memrchr(b'\n', &text[..line_end]).map_or(0, |at| at + 1);
        let line = &text[start..line_end];
        if line.starts_with(b"[ ") && Header::parse(line).format == Format::Long {
            return Some(line);
        }
        end = line_end;
    }
}

/// FNV-1a.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &[u8] = b"[ 03-17 16:13:38.811  1702: 2395 D/Login    ]\n";

    #[test]
    fn a_long_header_is_found_in_the_block_and_carried_into_the_next_one() {
        let mut state = State::default();
        let block = [HEADER, b"871300\n"].concat();
        assert_eq!(state.long_header(&block, HEADER.len()), Some(&HEADER[..HEADER.len() - 1]));
        state.end_block(&block);
        assert!(state.long_header(b"871301\n", 0).is_some());
        state.end_block(b"x\n");
        assert!(state.long_header(b"871301\n", 0).is_some(), "through a block without a header");
        state.end_block(&vec![b'\n'; LONG_BYTES]);
        assert!(state.long_header(b"871301\n", 0).is_none(), "too far behind");
    }

    #[test]
    fn tags_are_remembered_up_to_a_limit() {
        let mut state = State::default();
        for number in 0..=TAGS_MAX {
            state.remember_tag(format!("tag{number}").as_bytes());
        }
        assert!(!state.has_tag(b"tag0") && state.has_tag(b"tag1") && state.has_tag(b"tag32"));
        assert_eq!(state.tags.len(), TAGS_MAX);
    }
}
