//! Regular expressions over the bytes next to a number, anchored at it.
//!
//! Owns their compilation, and which byte next to a number rules a match out. Knows nothing about
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
    /// The bytes next to the number with which it may match.
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

    /// Whether the text matches. Most texts are refused by their first byte: a call of the regex
    /// takes ten times as long.
    #[inline]
    pub(super) fn matches(&self, text: &[u8]) -> bool {
        let Compiled { edge, side, .. } = self.compiled();
        let byte = match side {
            Side::Start => text.first(),
            Side::End => text.last(),
        };
        edge.allows(byte.copied()) && self.search(text)
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

/// The bytes that a match may have at one end.
#[derive(Clone)]
struct Edge {
    bytes: [bool; 256],
    /// Whether a match may be empty, so that any byte may be next to it.
    is_empty_allowed: bool,
}

impl Edge {
    const EMPTY: Edge = Edge { bytes: [false; 256], is_empty_allowed: true };

    #[inline]
    fn allows(&self, byte: Option<u8>) -> bool {
        self.is_empty_allowed || byte.is_some_and(|byte| self.bytes[usize::from(byte)])
    }

    fn of(hir: &Hir, side: Side) -> Self {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Edge::EMPTY,
            HirKind::Literal(literal) => match side {
                Side::Start => Edge::bytes(literal.0.first().map(|byte| (*byte, *byte))),
                Side::End => Edge::bytes(literal.0.last().map(|byte| (*byte, *byte))),
            },
            HirKind::Class(class) => Edge::of_class(class),
            HirKind::Repetition(repetition) => {
                let edge = Edge::of(&repetition.sub, side);
                let is_empty_allowed = edge.is_empty_allowed || repetition.min == 0;
                Edge { is_empty_allowed, ..edge }
            }
            HirKind::Capture(capture) => Edge::of(&capture.sub, side),
            HirKind::Concat(parts) => match side {
                Side::Start => Edge::concat(parts.iter(), side),
                Side::End => Edge::concat(parts.iter().rev(), side),
            },
            HirKind::Alternation(parts) => {
                let none = Edge { is_empty_allowed: false, ..Edge::EMPTY };
                parts.iter().fold(none, |edge, part| edge.or(&Edge::of(part, side)))
            }
        }
    }

    fn concat<'h>(parts: impl Iterator<Item = &'h Hir>, side: Side) -> Self {
        let mut edge = Edge::EMPTY;
        for part in parts {
            let of_part = Edge::of(part, side);
            edge = edge.or(&of_part);
            edge.is_empty_allowed = of_part.is_empty_allowed;
            if !edge.is_empty_allowed {
                break;
            }
        }
        edge
    }

    fn of_class(class: &Class) -> Self {
        match class {
            Class::Bytes(class) => {
                Edge::bytes(class.ranges().iter().map(|range| (range.start(), range.end())))
            }
            // Of a character beyond ASCII, no more is said than that.
            Class::Unicode(class) => Edge::bytes(class.ranges().iter().flat_map(|range| {
                let byte = |c: char| u8::try_from(c).unwrap_or(0xff);
                let (start, end) = (byte(range.start()), byte(range.end()));
                let ascii = (start < 0x80).then_some((start, end.min(0x7f)));
                ascii.into_iter().chain((end >= 0x80).then_some((0x80, 0xff)))
            })),
        }
    }

    fn bytes(ranges: impl IntoIterator<Item = (u8, u8)>) -> Self {
        let mut edge = Edge { is_empty_allowed: false, ..Edge::EMPTY };
        for (start, end) in ranges {
            edge.bytes[usize::from(start)..=usize::from(end)].fill(true);
        }
        edge
    }

    fn or(mut self, other: &Edge) -> Self {
        for (byte, of_other) in self.bytes.iter_mut().zip(other.bytes) {
            *byte |= of_other;
        }
        self.is_empty_allowed |= other.is_empty_allowed;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_byte_next_to_the_number_decides_where_it_can() {
        for (text, allowed, refused) in [
            (r"^(?:\.[0-9A-Za-z]|,[0-9]{3},)", &b".,"[..], &b"0 "[..]),
            (r"^[ \t]*(?i-u:ms)", b" \tmM", b"ns"),
            (r"^(?:[:;]|$)", b":;x", b""),
            (r"^ [a-z]{2,}s(?-u:\b)", b" ", b"s"),
            ("^[\u{ff10}-\u{ff19}]", b"\xef", b"0"),
            (r"(?:第|[#@])$", "#@第".as_bytes().split_at(2).0, b"a"),
            (r"(?:^|[0-9])\.$", b".", b"0"),
            (r"case[0-9]*[ \t]+$", b" \t", b"e1"),
        ] {
            let Compiled { edge, .. } = Compiled::new(text);
            assert!(allowed.iter().all(|byte| edge.allows(Some(*byte))), "{text}");
            assert!(!refused.iter().any(|byte| edge.allows(Some(*byte))), "{text}");
        }
        assert!(!Compiled::new("^x").edge.allows(None));
        assert!(Compiled::new("^x*").edge.allows(None));
    }
}
