//! Regular expressions over the bytes next to a number, anchored at it.
//!
//! Owns their compilation, and which bytes next to a number rule a match out. Knows nothing about
//! rules.

use std::sync::OnceLock;

use regex::bytes::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

/// A regular expression over the bytes next to a number, anchored at it: `^` in the text after the
/// number, `$` in the text before it. It is compiled when it is first used.
pub(super) struct Pattern {
    text: &'static str,
    compiled: OnceLock<Compiled>,
}

struct Compiled {
    regex: Regex,
    /// What the bytes next to the number must be.
    edge: Edge,
    side: Side,
}

/// Where the number is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Before the text: the pattern begins with `^`.
    Start,
    /// After the text: the pattern ends with `$`.
    End,
}

impl Pattern {
    pub(super) const fn new(text: &'static str) -> Self {
        Pattern { text, compiled: OnceLock::new() }
    }

    /// Whether the text matches. Most texts are refused by their first bytes: a call of the regex
    /// takes ten times as long.
    #[inline]
    pub(super) fn matches(&self, text: &[u8]) -> bool {
        let Compiled { edge, side, .. } = self.compiled();
        let may_match = match side {
            Side::Start => edge.allows(text.iter()),
            Side::End => edge.allows(text.iter().rev()),
        };
        may_match && self.search(text)
    }

    /// `shortest_match` stops as early as `is_match`, which is left to the scanner alone: called
    /// from one place, it is inlined there (a tenth of a dense log's time).
    #[inline(never)]
    fn search(&self, text: &[u8]) -> bool {
        self.compiled().regex.shortest_match(text).is_some()
    }

    #[inline]
    fn compiled(&self) -> &Compiled {
        self.compiled.get_or_init(|| Compiled::new(self.text))
    }
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.text.fmt(f)
    }
}

impl Compiled {
    fn new(text: &str) -> Self {
        const VALID: &str = "a constant pattern; the examples of its rule compile it";
        let regex = Regex::new(text).expect(VALID);
        let hir = regex_syntax::ParserBuilder::new().utf8(false).build().parse(text).expect(VALID);
        let side = if text.starts_with('^') { Side::Start } else { Side::End };
        Compiled { regex, edge: Edge::of(&hir, side), side }
    }
}

/// How many bytes next to the number are compared.
const EDGE_BYTES: usize = 6;

/// A bit for each of them.
const PLACES: u8 = (1 << EDGE_BYTES) - 1;

/// The bytes that a match may have at one end, one by one.
#[derive(Clone)]
struct Edge {
    /// For each byte, at which places from the end it may be, as bits.
    places: [u8; 256],
    /// How long a match may be, as bits; the last one is for [`EDGE_BYTES`] or more.
    lengths: u16,
}

impl Edge {
    const EMPTY: Edge = Edge { places: [0; 256], lengths: 1 };
    const NEVER: Edge = Edge { lengths: 0, ..Edge::EMPTY };

    /// Whether a text may match, given its bytes from the number on.
    #[inline]
    fn allows<'t>(&self, bytes: impl Iterator<Item = &'t u8>) -> bool {
        let shortest = self.lengths.trailing_zeros() as usize;
        let mut allowed = 0;
        for (place, byte) in bytes.take(shortest).enumerate() {
            if self.places[usize::from(*byte)] & (1 << place) == 0 {
                return false;
            }
            allowed += 1;
        }
        allowed == shortest
    }

    fn of(hir: &Hir, side: Side) -> Self {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Edge::EMPTY,
            HirKind::Literal(literal) => {
                let byte = |byte: &u8| Edge::bytes([(*byte, *byte)]);
                match side {
                    Side::Start => Edge::concat(literal.0.iter().map(byte)),
                    Side::End => Edge::concat(literal.0.iter().rev().map(byte)),
                }
            }
            HirKind::Class(class) => Edge::of_class(class),
            HirKind::Repetition(repetition) => {
                let sub = Edge::of(&repetition.sub, side);
                let times = |times: u32| Edge::concat((0..times).map(|_| sub.clone()));
                let most =
                    repetition.max.unwrap_or(u32::MAX).min(repetition.min.max(EDGE_BYTES as u32));
                (repetition.min..=most).fold(Edge::NEVER, |edge, count| edge.or(&times(count)))
            }
            HirKind::Capture(capture) => Edge::of(&capture.sub, side),
            HirKind::Concat(parts) => match side {
                Side::Start => Edge::concat(parts.iter().map(|part| Edge::of(part, side))),
                Side::End => Edge::concat(parts.iter().rev().map(|part| Edge::of(part, side))),
            },
            HirKind::Alternation(parts) => {
                parts.iter().fold(Edge::NEVER, |edge, part| edge.or(&Edge::of(part, side)))
            }
        }
    }

    /// One after the other, from the number on.
    fn concat(parts: impl IntoIterator<Item = Edge>) -> Self {
        let mut whole = Edge::EMPTY;
        for part in parts {
            if whole.lengths == Edge::LONG {
                break;
            }
            let before = std::mem::replace(&mut whole.lengths, 0);
            for length in (0..=EDGE_BYTES).filter(|length| before & (1 << length) != 0) {
                for (place, of_part) in whole.places.iter_mut().zip(part.places) {
                    *place |= (of_part << length) & PLACES;
                }
                let lengths = part.lengths << length;
                let is_long = u16::from(lengths >= Edge::LONG) * Edge::LONG;
                whole.lengths |= (lengths & (Edge::LONG - 1)) | is_long;
            }
        }
        whole
    }

    /// The bit of a length for which all bytes are compared.
    const LONG: u16 = 1 << EDGE_BYTES;

    fn of_class(class: &Class) -> Self {
        match class {
            Class::Bytes(class) => {
                Edge::bytes(class.ranges().iter().map(|range| (range.start(), range.end())))
            }
            // Of a character beyond ASCII, no more is said than that.
            Class::Unicode(class) => class.ranges().iter().fold(Edge::NEVER, |edge, range| {
                let byte = |c: char| u8::try_from(c).unwrap_or(0xff);
                let (start, end) = (byte(range.start()), byte(range.end()));
                let ascii = (start < 0x80).then(|| Edge::bytes([(start, end.min(0x7f))]));
                let part = || Edge::bytes([(0x80, 0xff)]);
                let wide = (2..=4).map(|length| Edge::concat((0..length).map(|_| part())));
                let wide = wide.filter(|_| end >= 0x80);
                ascii.into_iter().chain(wide).fold(edge, |edge, part| edge.or(&part))
            }),
        }
    }

    /// One byte of these ranges.
    fn bytes(ranges: impl IntoIterator<Item = (u8, u8)>) -> Self {
        let mut edge = Edge { lengths: 1 << 1, ..Edge::EMPTY };
        for (start, end) in ranges {
            edge.places[usize::from(start)..=usize::from(end)].fill(1);
        }
        edge
    }

    fn or(mut self, other: &Edge) -> Self {
        for (places, of_other) in self.places.iter_mut().zip(other.places) {
            *places |= of_other;
        }
        self.lengths |= other.lengths;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_next_to_the_number_decide_where_they_can() {
        for (text, allowed, refused) in [
            (
                r"^(?:\.[0-9A-Za-z]|,[0-9]{3},)",
                &[".5", ".x", ",12", ",123"][..],
                &["", ".", "0.5"][..],
            ),
            (r"^[ \t]*(?i-u:ms)", &["ms", "MS", " ms", "\t ms"], &["", "m", "ss", "ns", " n"]),
            (r"^(?:[:;]|$)", &["", ":", ";x", "x"], &[]),
            (r"^ [a-z]{2,}s(?-u:\b)", &[" abs", " abz"], &["", "abs", " a", " ab1"]),
            ("^abcdefgh", &["abcdef", "abcdef00"], &["", "abcde", "abcde0gh"]),
            ("^[\u{ff10}-\u{ff19}]", &["\u{ff10}", "é"], &["", "0"]),
            (r"(?:第|[#@])$", &["第", "#", "x@"], &["", "a", "#a"]),
            (r"(?:^|[0-9])\.$", &[".", "0.", "x."], &["", "0"]),
            (
                r"case[0-9]*[ \t]+$",
                &["case ", "case1 ", "case\t ", "cas1 "],
                &["", "e", "case", "c ", "1  ", "cart "],
            ),
            (r"(?:WHERE|SET) $", &["WHERE ", "SET ", "ERT "], &["", " ", "0 ", "SET", "AT "]),
            (r"x{2,3}$", &["xx", "yxx"], &["", "x", "xy", "yx"]),
            (r"(?:ab|[a-c]{0,2})z$", &["z", "abz", "yz"], &["", "a", "zb"]),
        ] {
            let pattern = Pattern::new(text);
            let Compiled { edge, side, .. } = pattern.compiled();
            let allows = |text: &&str| match side {
                Side::Start => edge.allows(text.as_bytes().iter()),
                Side::End => edge.allows(text.as_bytes().iter().rev()),
            };
            for one in allowed {
                assert!(allows(one), "{text}: {one:?}");
            }
            for one in refused {
                assert!(!allows(one), "{text}: {one:?}");
                assert!(!pattern.search(one.as_bytes()), "{text}: {one:?}");
            }
        }
    }
}
