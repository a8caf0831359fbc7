//! The inputs that could not be read, or only in part: a report that kept silent about them would
//! let a build pass by accident.
//!
//! Owns how many of them are known by name, how long a reason may be, and the wording that the
//! reports share. Knows no format.

use std::rc::Rc;

use super::tally::{InputName, name_end};
use super::text::{counted, input_name};
use crate::visible::visible;

/// The inputs that could not be read, or only in part.
#[derive(Debug, Default)]
pub struct UnreadInputs {
    count: u64,
    named: Vec<Unread>,
}

/// How much of such an input was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Nothing.
    Nothing,
    /// What was before the error; the reports cover it.
    Part,
}

/// An input that could not be read.
#[derive(Debug)]
pub(super) struct Unread {
    name: InputName,
    reason: Rc<str>,
    pub(super) extent: Extent,
}

/// How many are known by name.
const NAMED_MAX: usize = 20;
/// How many characters of a reason are kept: enough for all of our own words. A name, which may be
/// long, comes last in it.
const REASON_CHARS_MAX: usize = 400;

impl UnreadInputs {
    /// Adds one, `None` for standard input, with the reason. The names of the first twenty are
    /// kept.
    pub fn add(&mut self, name: Option<&[u8]>, extent: Extent, reason: &str) {
        self.count += 1;
        if self.named.len() < NAMED_MAX {
            let reason = match reason.char_indices().nth(REASON_CHARS_MAX) {
                Some((end, _)) => format!("{}…", visible(&reason[..end])).into(),
                None => visible(reason).into(),
            };
            self.named.push(Unread {
                name: name.map(|name| name_end(name).into()),
                reason,
                extent,
            });
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The first ones.
    pub(super) fn named(&self) -> &[Unread] {
        &self.named
    }

    /// That there are some, as one sentence without its end; `None` if there are none.
    pub(super) fn text(&self) -> Option<String> {
        let inputs = counted(self.count, "input");
        (self.count > 0).then(|| format!("{inputs} could not be read completely"))
    }

    /// Each as `NAME: what: REASON`, safe to show. If there are too many, the last one says how
    /// many more there are.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        let more = self.count - self.named.len() as u64;
        let line =
            |unread: &Unread| format!("{}: {}: {}", unread.name(), unread.what(), unread.reason());
        self.named.iter().map(line).chain((more > 0).then(|| counted(more, "more input")))
    }
}

impl Unread {
    /// Its name, safe to show.
    pub(super) fn name(&self) -> String {
        input_name(self.name.as_deref())
    }

    /// Why, safe to show.
    pub(super) fn reason(&self) -> &str {
        &self.reason
    }

    /// What was read of it.
    pub(super) fn what(&self) -> &'static str {
        match self.extent {
            Extent::Nothing => "it could not be read",
            Extent::Part => "only a part of it could be read",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_ones_are_named_with_the_reason_and_the_rest_is_counted() {
        let mut unread = UnreadInputs::default();
        assert_eq!((unread.text(), unread.lines().count()), (None, 0));
        unread.add(Some(b"a\n.log"), Extent::Nothing, "No such\x1b file");
        unread.add(None, Extent::Part, &"x".repeat(5000));
        let lines: Vec<String> = unread.lines().collect();
        assert_eq!(lines[0], "a␊.log: it could not be read: No such␛ file");
        let part = format!("stdin: only a part of it could be read: {}…", "x".repeat(400));
        assert_eq!(lines[1..], [part]);
        (0..30).for_each(|_| unread.add(None, Extent::Part, "x"));
        assert_eq!(unread.text().as_deref(), Some("32 inputs could not be read completely"));
        let lines: Vec<String> = unread.lines().collect();
        assert_eq!((lines.len(), lines[20].as_str()), (21, "12 more inputs"));
    }
}
