//! Where a line comes from: all that the rules see of its header and of earlier lines.
//!
//! Owns this choice. Knows nothing about rules.

use super::header::{Format, Header, Level};
use super::history::History;

/// Where a line comes from. Two lines with the same origin are the same to every rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin<'l> {
    /// The layout of its header.
    pub(super) format: Format,
    /// Its level.
    pub(super) level: Option<Level>,
    /// Its tag.
    pub(super) tag: Option<&'l [u8]>,
    /// Whether the time in its header has a date.
    pub(super) is_dated: bool,
    /// Whether its process has logged codes before, or its tag if it names no process.
    pub(super) is_known: bool,
    /// Whether codes were logged before.
    pub(super) follows_codes: bool,
}

impl<'l> Origin<'l> {
    pub(super) fn new(header: &Header<'l>, history: &History) -> Self {
        Origin {
            format: header.format,
            level: header.level,
            tag: header.tag,
            is_dated: header.time.is_some_and(|time| time.contains(&b' ')),
            is_known: history.knows(header),
            follows_codes: history.has_codes(),
        }
    }

    /// The same without its tag.
    pub(super) fn without_tag(&self) -> Origin<'static> {
        Origin { tag: None, ..*self }
    }

    /// The tag, if it is right before the message.
    pub(super) fn tag_before(&self) -> Option<&'l [u8]> {
        use Format::{Brief, Studio, Tag, Threadtime, Time};
        self.tag.filter(|_| matches!(self.format, Brief | Studio | Tag | Threadtime | Time))
    }

    /// See [`Format::is_logcat`].
    pub(super) fn is_logcat(&self) -> bool {
        self.format.is_logcat()
    }
}
