//! Which text around a number the rules see.
//!
//! Owns how far it goes. Knows nothing about what is in it.

use std::ops::Range;

use super::origin::Origin;
use super::terms::Terms;
use super::unquoted::{self, Window};

/// How far from a number to look for evidence that may be anywhere in its line, in bytes. This
/// bounds the time for a line with very many numbers.
pub(super) const VICINITY_BYTES: usize = 512;

/// All that the rules see of a number: where its line comes from, and the text around it.
#[derive(Debug, Clone)]
pub(super) struct Surroundings<'l> {
    pub(super) origin: Origin<'l>,
    message: &'l [u8],
    /// Which part of the message they see, and where in the message the number is.
    part: Range<usize>,
    number: Range<usize>,
    /// Whether the same code was logged shortly before: see [`History::has_said`].
    ///
    /// [`History::has_said`]: super::history::History::has_said
    pub(super) is_echo: bool,
}

impl<'l> Surroundings<'l> {
    /// The surroundings of a number of a line whose message begins at byte `from` of the line;
    /// `None` if the number is in the header's columns.
    #[must_use]
    #[inline]
    pub(super) fn new(
        origin: Origin<'l>,
        message: &'l [u8],
        from: usize,
        number: &Range<usize>,
    ) -> Option<Self> {
        let number = number.start.checked_sub(from)?..number.end - from;
        let end = message.len().min(number.end + VICINITY_BYTES);
        let part = number.start.saturating_sub(VICINITY_BYTES)..end;
        (number.end <= message.len()).then_some(Surroundings {
            origin,
            message,
            part,
            number,
            is_echo: false,
        })
    }

    /// Which part of the message the text around the number is.
    #[must_use]
    pub(super) fn part(&self) -> Range<usize> {
        self.part.clone()
    }

    /// Whether they see all of the message.
    #[must_use]
    pub(super) fn sees_all(&self) -> bool {
        self.part.len() == self.message.len()
    }

    /// The text around the number.
    #[must_use]
    pub(super) fn text(&self) -> &'l [u8] {
        &self.message[self.part.clone()]
    }

    /// The same part of a message that is as long; the number's digits are those of its own.
    pub(super) fn text_in<'m>(&self, message: &'m [u8]) -> &'m [u8] {
        &message[self.part.clone()]
    }

    /// The text before and after the number, as far as rules look at it word by word; `terms` are
    /// those of the message.
    #[must_use]
    pub(super) fn unquoted<'t>(&self, terms: &'t Terms<'_>) -> [Window<'t>; 2] {
        let before = unquoted::end(self.part.start..self.number.start);
        terms.unquoted([before, unquoted::start(self.number.end..self.part.end)])
    }

    /// Where in the text the number is.
    #[must_use]
    pub(super) fn place(&self) -> Range<usize> {
        self.number.start - self.part.start..self.number.end - self.part.start
    }
}
