//! Lines that are not written yet, but may be: the context before the next hit, and the beginning
//! of a line that came only in part.
//!
//! Owns the limit of what is kept. Knows nothing about hits.

/// How many bytes are kept. The oldest lines are dropped first; a line that is longer than this is
/// not kept at all.
pub(super) const HELD_BYTES_MAX: usize = 256 * 1024;
/// How many dropped bytes may still take memory: removing them means moving all that are kept.
const DROPPED_BYTES_MAX: usize = 32 * 1024;
/// Above this many bytes, room for the whole limit is reserved at once: growing step by step would
/// leave gaps in memory.
const GRADUAL_BYTES_MAX: usize = 64 * 1024;

/// The lines that are kept. The last one may lack its end.
#[derive(Debug, Default)]
pub(super) struct Held {
    bytes: Vec<u8>,
    /// How many of them are dropped.
    dropped: usize,
    /// How many line ends the others have.
    line_ends: usize,
    /// Whether a line that was longer than the limit has not ended yet.
    is_in_long_line: bool,
}

impl Held {
    /// The last `count` lines, or fewer, and whether these are all.
    pub(super) fn last_lines(&self, count: usize) -> (&[u8], bool) {
        let text = self.text();
        let (start, _) = lines_before(text, 0, text.len(), count);
        (&text[start..], start == 0)
    }

    /// Whether the last line lacks its end.
    pub(super) fn is_open(&self) -> bool {
        !self.text().is_empty() && !self.text().ends_with(b"\n")
    }

    /// Hands out the bytes, at whose end the lines are, and keeps nothing.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(self).bytes
    }

    /// Takes bytes back that were handed out, as room for what is kept next.
    pub(super) fn give_back(&mut self, mut bytes: Vec<u8>) {
        bytes.clear();
        bytes.extend_from_slice(self.text());
        (self.bytes, self.dropped) = (bytes, 0);
    }

    pub(super) fn clear(&mut self) {
        *self = Held { bytes: std::mem::take(&mut self.bytes), ..Held::default() };
        self.bytes.clear();
    }

    /// Keeps the last `count` lines of what is kept and what follows it, where a line that goes on
    /// counts too. Returns whether everything is kept.
    pub(super) fn keep(&mut self, more: &[u8], count: usize) -> bool {
        let more = self.skip_long_line(more);
        let (start, found) = lines_before(more, 0, more.len(), count);
        let dropped = match start {
            0 => self.drop_lines((self.line_ends + found).saturating_sub(count)),
            _ => self.drop_first(self.text().len()),
        };
        let kept = &more[start..];
        let dropped = dropped + self.make_room(kept.len());
        if self.bytes.len() + kept.len() > GRADUAL_BYTES_MAX {
            let room = HELD_BYTES_MAX + DROPPED_BYTES_MAX + kept.len();
            self.bytes.reserve_exact(room.saturating_sub(self.bytes.len()));
        }
        self.bytes.extend_from_slice(kept);
        self.line_ends += memchr::memchr_iter(b'\n', kept).count();
        let is_whole = start == 0 && dropped == 0;
        self.limit() && is_whole
    }

    fn text(&self) -> &[u8] {
        &self.bytes[self.dropped..]
    }

    /// What comes after the rest of a line that is too long.
    fn skip_long_line<'m>(&mut self, more: &'m [u8]) -> &'m [u8] {
        if !self.is_in_long_line {
            return more;
        }
        let end = memchr::memchr(b'\n', more);
        self.is_in_long_line = end.is_none();
        &more[end.map_or(more.len(), |at| at + 1)..]
    }

    /// Drops whole lines to make room for `more` further bytes, and returns how many bytes were
    /// dropped.
    fn make_room(&mut self, more: usize) -> usize {
        let over = (self.text().len() + more).saturating_sub(HELD_BYTES_MAX);
        let text = over.checked_sub(1).and_then(|over| self.text().get(over..));
        let line_end = text.and_then(|text| memchr::memchr(b'\n', text));
        self.drop_first(line_end.map_or(0, |at| over + at))
    }

    /// Drops whole lines until the limit holds, and returns whether it did.
    fn limit(&mut self) -> bool {
        let over = self.text().len().saturating_sub(HELD_BYTES_MAX);
        if over > 0 {
            let line_end = memchr::memchr(b'\n', &self.text()[over - 1..]);
            self.is_in_long_line = line_end.is_none();
            self.drop_first(line_end.map_or(self.text().len(), |at| over + at));
        }
        over == 0
    }

    /// Drops the first `count` lines, and returns how many bytes that were.
    fn drop_lines(&mut self, count: usize) -> usize {
        let last = count.checked_sub(1);
        let line_end = last.and_then(|last| memchr::memchr_iter(b'\n', self.text()).nth(last));
        self.drop_first(line_end.map_or(0, |at| at + 1))
    }

    fn drop_first(&mut self, count: usize) -> usize {
        self.line_ends -= memchr::memchr_iter(b'\n', &self.text()[..count]).count();
        self.dropped += count;
        if self.dropped > DROPPED_BYTES_MAX || self.dropped == self.bytes.len() {
            self.bytes.drain(..self.dropped);
            self.dropped = 0;
        }
        count
    }
}

/// Where the last `count` lines before `to` begin, but not before `from`, and how many there are.
pub(super) fn lines_before(text: &[u8], from: usize, to: usize, count: usize) -> (usize, usize) {
    let (mut start, mut found) = (to, 0);
    while found < count && start > from {
        start = memchr::memrchr(b'\n', &text[from..start - 1]).map_or(from, |at| from + at + 1);
        found += 1;
    }
    (start, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(parts: &[&[u8]], count: usize) -> (Vec<u8>, Vec<bool>) {
        let mut held = Held::default();
        let kept = parts.iter().map(|part| held.keep(part, count)).collect();
        (held.last_lines(usize::MAX).0.to_vec(), kept)
    }

    #[test]
    fn no_later_part_of_a_line_beyond_the_limit_is_kept() {
        let part = vec![b'x'; HELD_BYTES_MAX / 2 + 1];
        let (text, kept) = held(&[b"a\n", &part, &part, b"y", b"z", b"end\nb\n"], 9);
        assert_eq!((&text[..], kept.last()), (&b"b\n"[..], Some(&true)));
    }

    #[test]
    fn the_last_lines_are_kept_however_they_come() {
        for (parts, count, want, kept) in [
            (&[&b"a\nb\n"[..], b"c\n"][..], 2, &b"b\nc\n"[..], &[true, false][..]),
            (&[b"a\n", b"b"], 2, b"a\nb", &[true, true]),
            (&[b"a\n", b"b", b"c"], 2, b"a\nbc", &[true, true, true]),
            (&[b"a\n", b"b", b"c\n"], 2, b"a\nbc\n", &[true, true, true]),
            (&[b"a\n", b"b", b"c\n"], 1, b"bc\n", &[true, false, true]),
            (&[b"a", b"b\nc\n"], 1, b"c\n", &[true, false]),
            (&[b"a", b"\n"], 0, b"", &[false, false]),
            (&[b"\n", b"\n\n"], 2, b"\n\n", &[true, false]),
        ] {
            assert_eq!(held(parts, count), (want.to_vec(), kept.to_vec()), "{parts:?}, {count}");
        }
    }

    #[test]
    fn the_oldest_lines_beyond_the_limit_are_dropped() {
        let line = [vec![b'x'; HELD_BYTES_MAX / 2], b"\n".to_vec()].concat();
        let exact = [vec![b'x'; HELD_BYTES_MAX / 2 - 2], b"\n".to_vec()].concat();
        assert_eq!(held(&[b"a\n", &line, &exact], 9).0, [&line[..], &exact].concat()[..]);
        assert_eq!(held(&[b"a\n", &line, &line], 9).0, line);
        assert_eq!(held(&[b"a\n", &line, &line, b"b\n"], 9).0, [&line[..], b"b\n"].concat());
    }

    #[test]
    fn no_part_of_a_line_beyond_the_limit_is_kept() {
        let part = vec![b'x'; HELD_BYTES_MAX / 2 + 1];
        for (ends, want) in
            [(&b"x"[..], &b""[..]), (b"\n", b""), (b"x\ny", b"y"), (b"\ny\n", b"y\n")]
        {
            assert_eq!(held(&[b"a\n", &part, &part, ends], 9).0, want, "{ends:?}");
        }
    }
}
