//! Verdicts on numbers whose surroundings are the same as before: logs repeat their lines.
//!
//! An optimization with no visible effect, because the key is all that the rules see: the number,
//! the origin of the line, and the text around the number. It bounds the time for a log that is
//! made to be slow to judge, which always repeats something. Knows nothing about rules.

mod seen;

use super::Verdict;
use super::chunk;
use super::kind::Kind;
use super::sdk_lines::FollowsSdk;
use super::surroundings::Surroundings;
use crate::catalog::Code;
pub(super) use seen::Text;
use seen::{Found, Slots};

/// Some surroundings of numbers, and verdicts on the numbers in them.
#[derive(Debug, Default)]
pub(super) struct Memo {
    surroundings: Slots,
    verdicts: Vec<Option<Kept>>,
    /// How many verdicts were replaced by others.
    replaced: usize,
    /// How many numbers may have new surroundings until most of them are judged without this.
    patience: u32,
    /// How many numbers were judged without this since there was no patience.
    skipped: u32,
}

/// A number that a verdict is wanted for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'w, 'l> {
    pub(super) number: &'w Surroundings<'l>,
    /// The text around it.
    pub(super) text: Text<'w>,
    /// `None` for one that is in no list.
    pub(super) code: Option<Code>,
    pub(super) kind: Kind,
    pub(super) follows_sdk: &'w dyn FollowsSdk,
}

/// What the rules say about a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer {
    pub(super) verdict: Verdict,
    /// Whether they say the same about other codes of its kind, as far as none of their own texts
    /// is near them.
    pub(super) is_of_kind: bool,
}

/// The verdict on a number in some surroundings.
#[derive(Debug)]
struct Kept {
    surroundings: u64,
    number: Number,
    /// Whether the text around it is its own.
    is_own: bool,
    /// Whether the process had logged lines of the SDK; `None` if nobody asked.
    follows_sdk: Option<bool>,
    verdict: Verdict,
}

/// Which numbers a verdict is on. It is packed, so that many verdicts take little memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Number {
    /// A code, or the codes of a kind that have no text of their own near them.
    whose: u64,
    /// Where it is in the text, and in the lowest bit, whether the same code was logged shortly
    /// before.
    place: u32,
}

/// How many slots there are for one hash.
const WAYS: usize = 4;
/// How many verdicts are kept. The vendor lists 350 codes.
const VERDICTS: usize = 8192;
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
        if self.patience > 0 || self.verdicts.is_empty() {
            return true;
        }
        self.skipped += 1;
        if self.skipped > SKIPPED_MAX {
            (self.skipped, self.patience) = (0, PATIENCE_AGAIN);
        }
        self.patience > 0
    }

    /// The verdict on a number. If it is not known, `ask` is called with that on its kind.
    /// `may_keep` says whether the text around the number means the same for this code as every
    /// other text that it stands for.
    #[inline]
    pub(super) fn verdict(
        &mut self,
        wanted: &Wanted<'_, '_>,
        may_keep: bool,
        ask: impl FnOnce(Option<Verdict>) -> Answer,
    ) -> Verdict {
        if self.verdicts.is_empty() {
            self.verdicts.resize_with(VERDICTS, || None);
            self.patience = PATIENCE_MAX;
        }
        let Found { id, is_new } = self.surroundings.find(wanted.number, wanted.text);
        self.patience = self.patience.saturating_sub(u32::from(is_new));
        let Some(id) = id else { return ask(None).verdict };
        let of_kind = Number::of_kind(wanted);
        let number = wanted.code.map_or(of_kind, |code| of_kind.with(code));
        if let Some(verdict) = self.kept(id, number, wanted) {
            self.give_back_patience();
            return verdict;
        }
        let known = self.kept(id, of_kind, wanted);
        let Answer { verdict, is_of_kind } = ask(known);
        if is_of_kind && known.is_some() {
            self.give_back_patience();
        }
        let is_own = matches!(wanted.text, Text::Own);
        if is_own || may_keep {
            self.keep(id, number, wanted, verdict);
        }
        if is_of_kind && known.is_none() && number != of_kind {
            self.keep(id, of_kind, wanted, verdict);
        }
        verdict
    }

    fn give_back_patience(&mut self) {
        self.patience = PATIENCE_MAX.min(self.patience + PATIENCE_BACK);
    }

    fn kept(&self, id: u64, number: Number, wanted: &Wanted<'_, '_>) -> Option<Verdict> {
        let ways = self.verdicts[number.slot(id)..].iter().take(WAYS);
        let is_it = |kept: &&Kept| {
            kept.surroundings == id
                && kept.number == number
                && kept.is_own == matches!(wanted.text, Text::Own)
                && kept.follows_sdk.is_none_or(|known| known == wanted.follows_sdk.get())
        };
        ways.flatten().find(is_it).map(|kept| kept.verdict)
    }

    fn keep(&mut self, id: u64, number: Number, wanted: &Wanted<'_, '_>, verdict: Verdict) {
        let ways = &mut self.verdicts[number.slot(id)..][..WAYS];
        let free = ways.iter().position(Option::is_none);
        let way = free.unwrap_or(self.replaced % WAYS);
        self.replaced += usize::from(free.is_none());
        let (is_own, follows_sdk) = (matches!(wanted.text, Text::Own), wanted.follows_sdk.known());
        ways[way] = Some(Kept { surroundings: id, number, is_own, follows_sdk, verdict });
    }
}

impl Number {
    /// Those that are of the kind that is wanted.
    fn of_kind(wanted: &Wanted<'_, '_>) -> Self {
        const OF_KIND: u64 = 1 << (u64::BITS - 1); // no code has as many digits
        let whose = match wanted.kind {
            Kind::Listed { evidence, range } => (evidence as u64) << u32::BITS | range,
            Kind::Unlisted => !OF_KIND,
        };
        let start = wanted.number.place().start as u32; // as far as the rules look
        Number { whose: whose | OF_KIND, place: start << 1 | u32::from(wanted.number.is_echo) }
    }

    /// The one there that is a code.
    fn with(self, code: Code) -> Self {
        Number { whose: code.number(), ..self }
    }

    /// The first of the slots for its verdict.
    fn slot(self, surroundings: u64) -> usize {
        top(chunk::hash([surroundings, self.whose, u64::from(self.place)]), VERDICTS)
    }
}

/// The highest bits of a hash, as the number of the first of [`WAYS`] of `slots` slots.
fn top(hash: u64, slots: usize) -> usize {
    (hash >> (u64::BITS - (slots / WAYS).ilog2())) as usize * WAYS
}

#[cfg(test)]
mod tests;
