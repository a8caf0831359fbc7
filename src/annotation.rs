//! What is known about a number in a block: that it is a code, or why not.
//!
//! Owns these types and nothing else.

use std::ops::Range;

use crate::catalog::Lookup;
use crate::context::{HeaderPlace, Verdict};
use crate::scan::Number;

/// A number that is a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation<'c> {
    /// Where it is in the block.
    pub number: Number,
    /// What the catalog says about it.
    pub lookup: Lookup<'c>,
    /// Its line in the block, with the line end.
    pub line: Range<usize>,
    /// Whether the line already has our explanation of it.
    pub is_explained: bool,
    pub(crate) header: HeaderPlace,
}

/// A number in a line with the verdict on it.
#[derive(Debug, Clone)]
pub struct Explained<'c> {
    /// Where it is in the line.
    pub number: Number,
    /// What the catalog says about it; `None` if it is in no list, and so not a code.
    pub lookup: Option<Lookup<'c>>,
    /// The verdict, with the rule that gave it.
    pub verdict: Verdict,
}

impl Annotation<'_> {
    /// Changes its places in a text to places in a piece of the text; `false` if it is not in the
    /// piece.
    pub(crate) fn move_into(&mut self, piece: &Range<usize>) -> bool {
        self.line = 0..piece.len();
        let moved = within(&self.number.range, piece);
        self.number.range = moved.clone().unwrap_or_default();
        moved.is_some()
    }
}

/// A place in a text as one in a piece of the text; `None` if it is not in the piece.
pub(crate) fn within(place: &Range<usize>, piece: &Range<usize>) -> Option<Range<usize>> {
    let is_inside = piece.start <= place.start && place.end <= piece.end;
    is_inside.then(|| place.start - piece.start..place.end - piece.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_in_a_piece_as_a_whole_or_not_at_all() {
        let piece = 10..20;
        for (place, want) in [
            (10..20, Some(0..10)),
            (12..15, Some(2..5)),
            (9..15, None),
            (15..21, None),
            (3..6, None),
            (22..25, None),
        ] {
            assert_eq!(within(&place, &piece), want, "{place:?}");
        }
    }
}
