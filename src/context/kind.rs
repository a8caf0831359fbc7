//! What the rules know about a code besides its own texts: as much as many codes have in common.
//!
//! Owns what that is. Knows nothing about rules.

use crate::catalog::{Evidence, Lookup};

/// The kind of a code. The rules say the same about two codes of one kind as long as no text of
/// their own is near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// In a list, with the evidence that it needs, and its range.
    Listed { evidence: Evidence, range: u64 },
    /// In no list, but in the range of the Android SDK. Such codes have no texts.
    Unlisted,
}

impl Kind {
    pub(super) fn of(lookup: Lookup<'_>) -> Self {
        lookup.entry().map_or(Kind::Unlisted, |entry| Kind::Listed {
            evidence: entry.evidence,
            range: entry.code.range(),
        })
    }
}
