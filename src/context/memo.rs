//! Verdicts on numbers whose surroundings are the same as before: logs repeat their lines.
//!
//! An optimization with no visible effect, because the key is all that the rules see: the number,
//! the origin of the line, and the text around the number. It bounds the time for a log that is
//! made to be slow to judge, which always repeats something. Knows nothing about rules.

use std::ops::Range;

use super::Verdict;
use super::chunk;
use super::origin::Origin;
use super::sdk_lines::FollowsSdk;
use super::surroundings::Surroundings;
use crate::catalog::Code;

/// Some surroundings of numbers, and verdicts on the numbers in them.
#[derive(Debug, Default)]
pub(super) struct Memo {
    surroundings: Vec<Option<Seen>>,
    verdicts: Vec<Option<Kept>>,
    /// How many different surroundings there were.
    count: u64,
    /// How many verdicts were replaced by others.
    replaced: usize,
    /// How many numbers may have new surroundings until most of them are judged without this.
    patience: u32,
    /// How many numbers were judged without this since there was no patience.
    skipped: u32,
}

/// The surroundings of a number, without the number itself.
#[derive(Debug)]
struct Seen {
    /// The origin's tag, and whether it has one.
    tag: Vec<u8>,
    has_tag: bool,
    /// The rest of the origin.
    origin: Origin<'static>,
    text: Vec<u8>,
    number: Range<usize>,
    /// Which ones they are.
    id: u64,
    /// How many others have to come before they lose their slot.
    claim: u8,
}

/// The text that verdicts are kept for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Text<'t> {
    /// That around the number.
    Own,
    /// One that stands for it, as long as it.
    Other(&'t [u8]),
}

/// The verdict on a number in some surroundings.
#[derive(Debug)]
struct Kept {
    surroundings: u64,
    number: Number,
    /// Whether they are its own.
    is_own: bool,
    /// Whether the process had logged lines of the SDK; `None` if nobody asked.
    follows_sdk: Option<bool>,
    verdict: Verdict,
}

/// All that the rules know about a number besides its surroundings: its code, if that is listed,
/// and whether the same code was logged shortly before. They say the same about all unlisted ones,
/// which begin with the same three digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Number {
    code: Option<Code>,
    is_echo: bool,
}

/// How many surroundings with little text are kept, and how many others. One of these takes about
/// a kilobyte.
const SHORT_SLOTS: usize = 512;
const LONG_SLOTS: usize = 128;
/// How many slots may be taken: what is often seen has to share its first one with something.
const WAYS: usize = 4;
/// The longest text that is short, in bytes: many messages are.
const SHORT_BYTES_MAX: usize = 128;
/// The longest claim to a slot, which surroundings get by being seen again: where a piece of a line
/// begins and ends, many come that never come again, and so around a number that stays as it is,
/// for as many numbers as the rules look at.
const CLAIM_MAX: u8 = 200;
/// How many verdicts are kept. The vendor lists 350 codes.
const VERDICTS: usize = 4096;
/// The most patience, and how much of it a known verdict gives back: looking up a number
/// in vain costs about an eighth of judging it.
const PATIENCE_MAX: u32 = 128;
const PATIENCE_BACK: u32 = 8;
/// Without patience, how many numbers are judged without this, and how many of the next ones are
/// then looked up. They come in a row: what stands for a text is made once for all numbers in it.
const SKIPPED_MAX: u32 = 4096;
const PATIENCE_AGAIN: u32 = 64;

impl Memo {
    /// Whether it is worthwhile to look up the next number: what is always new is not kept.
    #[inline]
    pub(super) fn is_worthwhile(&mut self) -> bool {
        if self.patience > 0 || self.surroundings.is_empty() {
            return true;
        }
        self.skipped += 1;
        if self.skipped > SKIPPED_MAX {
            (self.skipped, self.patience) = (0, PATIENCE_AGAIN);
        }
        self.patience > 0
    }

    /// The verdict on a number; it is asked for if it is not known. `text` is the text around the
    /// number, or another that means the same for every number that `may_keep` allows; `code` is
    /// `None` for one that is in no list.
    #[inline]
    pub(super) fn verdict(
        &mut self,
        number: &Surroundings<'_>,
        code: Option<Code>,
        text: Text<'_>,
        follows_sdk: &dyn FollowsSdk,
        may_keep: impl FnOnce() -> bool,
        ask: impl FnOnce() -> Verdict,
    ) -> Verdict {
        let (place, is_own) = (number.place(), matches!(text, Text::Own));
        let text = match text {
            Text::Own => number.text(),
            Text::Other(text) => text,
        };
        if self.surroundings.is_empty() {
            self.surroundings.resize_with(SHORT_SLOTS + LONG_SLOTS, || None);
            self.verdicts.resize_with(VERDICTS, || None);
            self.patience = PATIENCE_MAX;
        }
        let ways = &mut self.surroundings[first_way(text, &place)..][..WAYS];
        let seen = ways.iter_mut().flatten().find(|seen| seen.is(number, text));
        let id = match seen {
            Some(seen) => {
                seen.claim = CLAIM_MAX.min(seen.claim + 1);
                seen.id
            }
            None => {
                self.patience = self.patience.saturating_sub(1);
                let claim = |way: &&mut Option<Seen>| way.as_ref().map(|seen| seen.claim);
                let weakest = ways.iter_mut().min_by_key(claim).expect("a set has ways");
                if let Some(Seen { claim: claim @ 1.., .. }) = weakest {
                    *claim -= 1;
                    return ask();
                }
                self.count += 1;
                Seen::keep(weakest, number, text, self.count);
                self.count
            }
        };
        let about = Number { code, is_echo: number.is_echo };
        let ways = &mut self.verdicts[about.first_way(id)..][..WAYS];
        let is_it = |kept: &&Kept| kept.is(id, about, is_own, follows_sdk);
        if let Some(kept) = ways.iter().flatten().find(is_it) {
            self.patience = PATIENCE_MAX.min(self.patience + PATIENCE_BACK);
            return kept.verdict;
        }
        let verdict = ask();
        if is_own || may_keep() {
            let follows_sdk = follows_sdk.known();
            let free = ways.iter().position(Option::is_none);
            let way = free.unwrap_or(self.replaced % WAYS);
            self.replaced += usize::from(free.is_none());
            let number = about;
            ways[way] = Some(Kept { surroundings: id, number, is_own, follows_sdk, verdict });
        }
        verdict
    }
}

/// The first of the slots for the surroundings of a number: it is chosen by eight bytes on each
/// side, and the place of the number.
fn first_way(text: &[u8], number: &Range<usize>) -> usize {
    let Range { start, end } = *number;
    let (before, after) = (chunk::last(&text[..start]), chunk::first(&text[end..]));
    let mixed = mixed([before, after, start as u64, end as u64, text.len() as u64]);
    match text.len() {
        ..=SHORT_BYTES_MAX => top(mixed, SHORT_SLOTS),
        _ => SHORT_SLOTS + top(mixed, LONG_SLOTS),
    }
}

impl Number {
    /// The first of the slots for its verdict.
    fn first_way(self, surroundings: u64) -> usize {
        let code = self.code.map_or(u64::MAX, Code::number);
        top(mixed([surroundings, code, u64::from(self.is_echo)]), VERDICTS)
    }
}

/// A hash of some words; the golden ratio spreads numbers that differ little (Knuth, volume 3,
/// 6.4).
fn mixed<const N: usize>(words: [u64; N]) -> u64 {
    words.into_iter().fold(0, |mixed: u64, word| {
        (mixed.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}

/// The highest bits of a hash, as the number of the first of [`WAYS`] of `slots` slots.
fn top(mixed: u64, slots: usize) -> usize {
    (mixed >> (u64::BITS - (slots / WAYS).ilog2())) as usize * WAYS
}

impl Seen {
    fn is(&self, number: &Surroundings<'_>, text: &[u8]) -> bool {
        let Range { start, end } = number.place();
        self.number == number.place()
            && self.text.len() == text.len()
            && self.text[..start] == text[..start]
            && self.text[end..] == text[end..]
            && self.has_tag == number.origin.tag.is_some()
            && number.origin.tag.is_none_or(|tag| self.tag == tag)
            && self.origin == number.origin.without_tag()
    }

    /// Keeps surroundings; the memory of those before is used again.
    fn keep(seen: &mut Option<Seen>, number: &Surroundings<'_>, around: &[u8], id: u64) {
        let (mut tag, mut text) = seen.take().map(|seen| (seen.tag, seen.text)).unwrap_or_default();
        let origin = number.origin;
        tag.clear();
        tag.extend_from_slice(origin.tag.unwrap_or_default());
        text.clear();
        text.extend_from_slice(around);
        let (has_tag, origin) = (origin.tag.is_some(), origin.without_tag());
        *seen = Some(Seen { tag, has_tag, origin, text, number: number.place(), id, claim: 0 });
    }
}

impl Kept {
    fn is(&self, id: u64, number: Number, is_own: bool, follows_sdk: &dyn FollowsSdk) -> bool {
        self.surroundings == id
            && self.number == number
            && self.is_own == is_own
            && self.follows_sdk.is_none_or(|known| known == follows_sdk.get())
    }
}

#[cfg(test)]
mod tests;
