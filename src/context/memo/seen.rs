//! Surroundings that were seen before.
//!
//! Owns which ones are kept, and which of them are the same.

use std::ops::Range;

use super::super::chunk;
use super::super::origin::Origin;
use super::super::surroundings::Surroundings;
use super::{WAYS, top};

/// The surroundings that are kept.
#[derive(Debug, Default)]
pub(super) struct Slots {
    slots: Vec<Option<Seen>>,
    /// How many different ones there were.
    pub(super) count: u64,
}

/// What is known of the surroundings of a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// Which ones they are; `None` if there is no slot for them.
    pub(super) id: Option<u64>,
    /// Whether no other line has had them.
    pub(super) is_new: bool,
}

/// The surroundings of a number, without the number itself.
#[derive(Debug)]
pub(super) struct Seen {
    /// The origin's tag, and whether it has one.
    tag: Vec<u8>,
    has_tag: bool,
    /// The rest of the origin.
    origin: Origin<'static>,
    text: Vec<u8>,
    /// Where the number is; `None` for any number of a message.
    place: Option<Range<usize>>,
    /// Where the last number was.
    last: usize,
    /// Which ones they are.
    id: u64,
    /// How many others have to come before they lose their slot.
    claim: u8,
}

/// The text around a number.
#[derive(Debug, Clone, Copy)]
pub(in crate::context) enum Text<'t> {
    /// Its own.
    Own,
    /// One that stands for it, as long as it, and for that around each number of the message, since
    /// the rules see all of that; with a hash.
    Message(&'t [u8], u64),
    /// One that stands for it, as long as it.
    Part(&'t [u8]),
}

/// How many surroundings with little text are kept, and how many others. One of these takes about
/// a kilobyte.
pub(super) const SHORT_SLOTS: usize = 512;
pub(super) const LONG_SLOTS: usize = 128;
/// The longest text that is short, in bytes: many messages are.
pub(super) const SHORT_BYTES_MAX: usize = 128;
/// The longest claim to a slot, which surroundings get by being seen again: where a piece of a line
/// begins and ends, many come that never come again, and so around a number that stays as it is,
/// for as many numbers as the rules look at.
pub(super) const CLAIM_MAX: u8 = 200;

impl Slots {
    /// Finds the surroundings of a number, or keeps them.
    #[inline]
    pub(super) fn find(&mut self, number: &Surroundings<'_>, text: Text<'_>) -> Found {
        if self.slots.is_empty() {
            self.slots.resize_with(SHORT_SLOTS + LONG_SLOTS, || None);
        }
        let start = number.place().start;
        let ways = &mut self.slots[slot(number, text)..][..WAYS];
        if let Some(seen) = ways.iter_mut().flatten().find(|seen| seen.is(number, text)) {
            // The numbers of a line come in order.
            seen.claim = CLAIM_MAX.min(seen.claim + u8::from(start <= seen.last));
            seen.last = start;
            return Found { id: Some(seen.id), is_new: seen.claim == 0 };
        }
        let claim = |way: &&mut Option<Seen>| way.as_ref().map(|seen| seen.claim);
        let weakest = ways.iter_mut().min_by_key(claim).expect("a hash has slots");
        if let Some(Seen { claim: claim @ 1.., .. }) = weakest {
            *claim -= 1;
            return Found { id: None, is_new: true };
        }
        self.count += 1;
        Seen::keep(weakest, number, text, self.count);
        Found { id: Some(self.count), is_new: true }
    }
}

/// The first of the slots for the surroundings of a number. If not all of a message counts, it is
/// chosen by eight bytes on each side, and the place of the number.
pub(super) fn slot(number: &Surroundings<'_>, text: Text<'_>) -> usize {
    let around = |text: &[u8]| {
        let Range { start, end } = number.place();
        let (before, after) = (chunk::last(&text[..start]), chunk::first(&text[end..]));
        chunk::hash([before, after, start as u64, end as u64, text.len() as u64])
    };
    let (hash, length) = match text {
        Text::Own => (around(number.text()), number.text().len()),
        Text::Message(text, hash) => (hash, text.len()),
        Text::Part(text) => (around(text), text.len()),
    };
    match length {
        ..=SHORT_BYTES_MAX => top(hash, SHORT_SLOTS),
        _ => SHORT_SLOTS + top(hash, LONG_SLOTS),
    }
}

impl Seen {
    fn is(&self, number: &Surroundings<'_>, text: Text<'_>) -> bool {
        let is_around = |text: &[u8]| {
            let place = number.place();
            self.place.as_ref() == Some(&place)
                && self.text.len() == text.len()
                && self.text[..place.start] == text[..place.start]
                && self.text[place.end..] == text[place.end..]
        };
        let is_text = match text {
            Text::Own => is_around(number.text()),
            Text::Message(text, _) => self.place.is_none() && self.text == text,
            Text::Part(text) => is_around(text),
        };
        is_text
            && self.has_tag == number.origin.tag.is_some()
            && number.origin.tag.is_none_or(|tag| self.tag == tag)
            && self.origin == number.origin.without_tag()
    }

    /// Keeps surroundings; the memory of those before is used again.
    fn keep(slot: &mut Option<Seen>, number: &Surroundings<'_>, around: Text<'_>, id: u64) {
        let (mut tag, mut text) = slot.take().map(|seen| (seen.tag, seen.text)).unwrap_or_default();
        let (origin, last) = (number.origin, number.place().start);
        tag.clear();
        tag.extend_from_slice(origin.tag.unwrap_or_default());
        text.clear();
        let place = Some(number.place());
        let (around, place) = match around {
            Text::Own => (number.text(), place),
            Text::Message(text, _) => (text, None),
            Text::Part(text) => (text, place),
        };
        text.extend_from_slice(around);
        let (has_tag, origin) = (origin.tag.is_some(), origin.without_tag());
        *slot = Some(Seen { tag, has_tag, origin, text, place, last, id, claim: 0 });
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::header::Format;
    use super::*;

    const ORIGIN: Origin<'static> = Origin {
        format: Format::Brief,
        level: None,
        tag: Some(b"Konto"),
        is_dated: false,
        is_known: false,
        follows_codes: false,
    };

    fn surroundings(message: &str) -> Surroundings<'_> {
        let start = message.find("871").expect("a number");
        let number = Surroundings::new(ORIGIN, message.as_bytes(), 0, &(start..start + 6));
        number.expect("it is inside")
    }

    /// Whether surroundings are found that have a slot.
    fn finds(slots: &mut Slots, number: &Surroundings<'_>, text: Text<'_>) -> bool {
        let before = slots.count;
        slots.find(number, text).id.is_some() && slots.count == before
    }

    #[test]
    fn those_that_are_seen_again_keep_their_slot_for_a_while() {
        let of = |message: &str| slot(&surroundings(message), Text::Own);
        let messages = (0..).map(|at| format!("text {at} 871300"));
        let mut same = messages.filter(|message| of(message) == of("x 871300"));
        let most = usize::from(CLAIM_MAX);
        for (times, others, keeps) in [
            (1, 1, false),
            (11, 10, true),
            (11, 11, false),
            (1000, most, true),
            (1000, most + 1, false),
        ] {
            let (mut slots, first) = (Slots::default(), surroundings("x 871300"));
            let mut find = |number: &Surroundings<'_>| finds(&mut slots, number, Text::Own);
            find(&first);
            for other in same.by_ref().take(WAYS - 1) {
                let other = surroundings(&other);
                (0..=CLAIM_MAX).for_each(|_| _ = find(&other));
            }
            (1..times).for_each(|_| _ = find(&first));
            for _ in 0..others {
                let other = same.next().expect("it has no end");
                assert!(!find(&surroundings(&other)));
            }
            assert_eq!(find(&first), keeps, "{times} {others}");
        }
    }

    /// The numbers of one line do not make it one that is seen often.
    #[test]
    fn a_message_that_comes_once_has_no_claim() {
        let message = "871000 ".repeat(10);
        let number = |at: usize| {
            let number = at..at + 6;
            Surroundings::new(ORIGIN, message.as_bytes(), 0, &number).expect("it is inside")
        };
        let mut slots = Slots::default();
        for line in 0..3 {
            for at in (0..message.len()).step_by(7) {
                let is_found = finds(&mut slots, &number(at), Text::Message(message.as_bytes(), 1));
                assert_eq!(is_found, line > 0 || at > 0);
            }
            let mut claims = slots.slots.iter().flatten().map(|seen| seen.claim);
            assert_eq!(claims.next(), Some(line));
        }
    }

    #[test]
    fn only_the_same_text_is_found() {
        let mut slots = Slots::default();
        let number = surroundings("code 871300 in 871301");
        let text = number.text().to_vec();
        let other = [&text[..20], b"9"].concat();
        for (text, want) in [
            (Text::Own, false),
            (Text::Part(&text), true),
            (Text::Message(&text, 1), false),
            (Text::Message(&text, 1), true),
            (Text::Message(&other, 1), false),
            (Text::Part(&other), false),
            (Text::Own, true),
        ] {
            assert_eq!(finds(&mut slots, &number, text), want, "{text:?}");
        }
    }
}
