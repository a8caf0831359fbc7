//! Where a message has the terms that are evidence for every number near them.
//!
//! Owns the search, which goes on where it ended for the number before: the text around each number
//! would otherwise be searched again for the next one. Knows nothing about rules.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use super::canonical;
use super::lexicon::{self, Role};
use super::records;
use super::sdk_lines::FollowsSdk;

/// The terms of a message.
pub(super) struct Terms<'l> {
    message: &'l [u8],
    sdk: Places,
    expectation: Places,
    vendor: Places,
    coded: Places,
    /// Whether it may have records of Android Studio's export.
    has_records: OnceCell<bool>,
    canonical: OnceCell<Option<Vec<u8>>>,
    follows_sdk: &'l dyn FollowsSdk,
}

/// Where the terms of a role are, as far as the message was searched.
type Places = RefCell<Searched>;

#[derive(Debug, Default)]
struct Searched {
    part: Range<usize>,
    /// The terms that begin in this part, sorted by where they begin.
    terms: Vec<Range<usize>>,
}

impl<'l> Terms<'l> {
    pub(super) fn new(message: &'l [u8], follows_sdk: &'l dyn FollowsSdk) -> Self {
        let (sdk, expectation, vendor, coded, has_records, canonical) = Default::default();
        Terms { message, sdk, expectation, vendor, coded, has_records, canonical, follows_sdk }
    }

    /// Whether the process of the line has logged lines of the SDK shortly before.
    pub(super) fn follow_sdk(&self) -> &dyn FollowsSdk {
        self.follows_sdk
    }

    /// Whether a part of the message names the SDK.
    pub(super) fn name_sdk(&self, part: &Range<usize>) -> bool {
        self.has(&self.sdk, Role::Sdk, part)
    }

    /// Whether a part of the message says what a test expects.
    pub(super) fn name_expectation(&self, part: &Range<usize>) -> bool {
        self.has(&self.expectation, Role::Expectation, part)
    }

    /// Whether a part of the message names another vendor.
    pub(super) fn name_vendor(&self, part: &Range<usize>) -> bool {
        self.has(&self.vendor, Role::Vendor, part)
    }

    /// Whether a part of the message names what has a code of its own.
    pub(super) fn name_coded(&self, part: &Range<usize>) -> bool {
        self.has(&self.coded, Role::Coded, part)
    }

    /// Whether the message may have records of Android Studio's export.
    pub(super) fn may_be_records(&self) -> bool {
        *self.has_records.get_or_init(|| records::may_be_in(self.message))
    }

    /// See [`canonical`](canonical::canonical).
    pub(super) fn canonical(&self) -> Option<&[u8]> {
        self.canonical.get_or_init(|| canonical::canonical(self.message)).as_deref()
    }

    fn has(&self, places: &Places, role: Role, part: &Range<usize>) -> bool {
        let mut places = places.borrow_mut();
        places.search(self.message, role, part);
        let terms = &places.terms;
        let first = terms.partition_point(|term| term.start < part.start);
        let near = terms[first..].iter().take_while(|term| term.start < part.end);
        near.into_iter().any(|term| term.end <= part.end)
    }
}

impl Searched {
    /// Searches a part of a message, as far as it was not searched before. The parts of the numbers
    /// of a line overlap, and each begins after the one before.
    fn search(&mut self, message: &[u8], role: Role, part: &Range<usize>) {
        if part.start < self.part.start || part.start > self.part.end {
            *self = Searched { part: part.start..part.start, terms: Vec::new() };
        }
        if part.end > self.part.end {
            let rest = self.part.end..part.end;
            self.terms.extend(match role {
                Role::Vendor => lexicon::names(message, rest, role),
                _ => lexicon::places(message, rest, role),
            });
            self.part.end = part.end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sdk_lines::Nobody;
    use super::*;

    #[test]
    fn a_term_counts_where_it_is_whole() {
        let message = b"a JMessage and jmrtc, expected";
        let terms = Terms::new(message, &Nobody);
        for (part, want) in
            [(0..30, true), (2..10, true), (3..10, false), (2..9, false), (10..20, true)]
        {
            assert_eq!(terms.name_sdk(&part), want, "{part:?}");
        }
        assert!(!terms.name_expectation(&(0..21)) && terms.name_expectation(&(20..30)));
    }

    /// Whatever was asked before, the answer is that of a search of the whole message.
    #[test]
    fn parts_are_searched_in_any_order() {
        let message = b"a jmrtc,jmessage";
        let all = lexicon::places(message, 0..message.len(), Role::Sdk);
        assert_eq!(all, [2..7, 8..16]);
        let part = |start| (start..=message.len()).map(move |end| start..end);
        let parts: Vec<_> = (0..message.len()).flat_map(part).collect();
        for before in &parts {
            for part in &parts {
                let terms = Terms::new(message, &Nobody);
                terms.name_sdk(before);
                let inside = |term: &Range<usize>| part.start <= term.start && term.end <= part.end;
                let want = all.iter().any(inside);
                assert_eq!(terms.name_sdk(part), want, "{before:?}, then {part:?}");
            }
        }
    }
}
