//! Where a message has the terms that are evidence for every number near them.
//!
//! Owns the search, which goes on where it ended for the number before: the text around each number
//! would otherwise be searched again for the next one. Knows nothing about rules.

use std::cell::{OnceCell, RefCell, RefMut};
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::canonical::{self, Canonical};
use super::comparison;
use super::grams::Grams;
use super::lexicon::{self, NEAR_ROLES, Role};
use super::records;
use super::sdk_lines::FollowsSdk;
use super::unquote;
use super::unquoted::{self, Unquoted, Window};

/// The terms of a message.
pub(super) struct Terms<'l> {
    message: &'l [u8],
    near: RefCell<Searched>,
    /// Whether it may have records of Android Studio's export.
    has_records: OnceCell<bool>,
    record_keys: RefCell<records::Keys>,
    canonical: OnceCell<Option<Canonical>>,
    has_quotes: OnceCell<bool>,
    has_address: OnceCell<bool>,
    may_name_count: OnceCell<bool>,
    unquoted: RefCell<Unquoted>,
    grams: RefCell<Grams>,
    follows_sdk: &'l dyn FollowsSdk,
}

/// Where the terms are, as far as the message was searched.
#[derive(Debug, Default)]
struct Searched {
    part: Range<usize>,
    /// The terms of each role that begin in this part, sorted by where they begin.
    terms: [Vec<Range<usize>>; NEAR_ROLES.len()],
}

impl<'l> Terms<'l> {
    pub(super) fn new(message: &'l [u8], follows_sdk: &'l dyn FollowsSdk) -> Self {
        let (near, has_records, record_keys, has_address) = Default::default();
        let (canonical, has_quotes, unquoted, grams) = Default::default();
        let may_name_count = OnceCell::new();
        Terms {
            message,
            near,
            has_records,
            record_keys,
            canonical,
            has_quotes,
            has_address,
            may_name_count,
            unquoted,
            grams,
            follows_sdk,
        }
    }

    /// Whether the process of the line has logged lines of the SDK shortly before.
    pub(super) fn follow_sdk(&self) -> &dyn FollowsSdk {
        self.follows_sdk
    }

    /// Whether a part of the message names the SDK.
    pub(super) fn name_sdk(&self, part: &Range<usize>) -> bool {
        self.has(Role::Sdk, part)
    }

    /// Whether a part of the message says what a test expects.
    pub(super) fn name_expectation(&self, part: &Range<usize>) -> bool {
        self.has(Role::Expectation, part)
    }

    /// Whether a part of the message names another vendor.
    pub(super) fn name_vendor(&self, part: &Range<usize>) -> bool {
        self.has(Role::Vendor, part)
    }

    /// Whether a part of the message names what has a code of its own.
    pub(super) fn name_coded(&self, part: &Range<usize>) -> bool {
        self.has(Role::Coded, part)
    }

    /// Whether the message may have records of Android Studio's export.
    pub(super) fn may_be_records(&self) -> bool {
        *self.has_records.get_or_init(|| records::may_be_in(self.message))
    }

    /// Whether the message may have the address of a server.
    pub(super) fn may_have_address(&self) -> bool {
        static SCHEME_END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"://"));
        let has_one = || SCHEME_END.find(self.message).is_some();
        *self.has_address.get_or_init(has_one)
    }

    /// Whether a name in the message may be one for what is counted or measured.
    pub(super) fn may_name_count(&self) -> bool {
        let may_name_count = || self.has_quotes() || comparison::may_name_count(self.message);
        *self.may_name_count.get_or_init(may_name_count)
    }

    /// Where it has the keys of such records, as far as it was searched.
    pub(super) fn record_keys(&self) -> RefMut<'_, records::Keys> {
        self.record_keys.borrow_mut()
    }

    /// A window of the message and one that comes soon after it, unquoted.
    pub(super) fn unquoted(&self, windows: [Range<usize>; 2]) -> [Window<'_>; 2] {
        match self.has_quotes() {
            true => unquoted::windows(&self.unquoted, self.message, windows),
            false => windows.map(|window| Window::Text(&self.message[window])),
        }
    }

    fn has_quotes(&self) -> bool {
        *self.has_quotes.get_or_init(|| unquote::may_be_quoted(self.message))
    }

    /// Whether a part of the message may contain a text, in any case.
    pub(super) fn may_contain(&self, part: &Range<usize>, text: &[u8]) -> bool {
        self.grams.borrow_mut().may_contain(self.message, part.clone(), text)
    }

    /// See [`canonical`](canonical::canonical). `None` also where a test may compare something
    /// with a code that is not like those of the Android SDK, since it matters which one.
    pub(super) fn canonical(&self) -> Option<&Canonical> {
        let canonical = || {
            let canonical = canonical::canonical(self.message)?;
            let may_compare = canonical.has_other_codes && lexicon::expects(self.message);
            (!may_compare).then_some(canonical)
        };
        self.canonical.get_or_init(canonical).as_ref()
    }

    fn has(&self, role: Role, part: &Range<usize>) -> bool {
        let mut near = self.near.borrow_mut();
        near.search(self.message, part);
        let Some(index) = NEAR_ROLES.iter().position(|other| *other == role) else { return false };
        let terms = &near.terms[index];
        if terms.is_empty() {
            return false;
        }
        let first = terms.partition_point(|term| term.start < part.start);
        let near = terms[first..].iter().take_while(|term| term.start < part.end);
        near.into_iter().any(|term| term.end <= part.end)
    }
}

impl Searched {
    /// Searches a part of a message, as far as it was not searched before. The parts of the numbers
    /// of a line overlap, and each begins after the one before.
    fn search(&mut self, message: &[u8], part: &Range<usize>) {
        if part.start < self.part.start || part.start > self.part.end {
            *self = Searched { part: part.start..part.start, ..Searched::default() };
        }
        if part.end > self.part.end {
            let rest = self.part.end..part.end;
            lexicon::near(message, rest, |index, term| self.terms[index].push(term));
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
        let all = lexicon::places(message, Role::Sdk);
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
