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

/// Some surroundings of numbers, and verdicts on the numbers in them.
#[derive(Debug, Default)]
pub(super) struct Memo {
    surroundings: Vec<Option<Seen>>,
    verdicts: Vec<Option<Kept>>,
    /// How many different surroundings there were.
    count: u64,
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
    /// Its value, and whether the same code was logged shortly before.
    number: u64,
    /// Whether they are its own.
    is_own: bool,
    /// Whether the process had logged lines of the SDK; `None` if nobody asked.
    follows_sdk: Option<bool>,
    verdict: Verdict,
}

/// How many surroundings with little text are kept, and how many others. One of these takes about
/// a kilobyte.
const SHORT_SLOTS: usize = 512;
const LONG_SLOTS: usize = 64;
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
    /// number, or another that means the same for every number that `may_keep` allows.
    #[inline]
    pub(super) fn verdict(
        &mut self,
        number: &Surroundings<'_>,
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
        let code = value(&number.text()[place.clone()]) << 1 | u64::from(number.is_echo);
        let seen = &mut self.surroundings[slot(text, &place)];
        let id = match seen {
            Some(seen) if seen.is(number, text) => {
                seen.claim = CLAIM_MAX.min(seen.claim + 1);
                seen.id
            }
            other => {
                self.patience = self.patience.saturating_sub(1);
                if let Some(Seen { claim: claim @ 1.., .. }) = other {
                    *claim -= 1;
                    return ask();
                }
                self.count += 1;
                Seen::keep(other, number, text, self.count);
                self.count
            }
        };
        let kept = &mut self.verdicts[top(mixed([id, code]), VERDICTS)];
        if let Some(kept) = kept.as_ref().filter(|kept| kept.is(id, code, is_own, follows_sdk)) {
            self.patience = PATIENCE_MAX.min(self.patience + PATIENCE_BACK);
            return kept.verdict;
        }
        let verdict = ask();
        if is_own || may_keep() {
            let follows_sdk = follows_sdk.known();
            *kept = Some(Kept { surroundings: id, number: code, is_own, follows_sdk, verdict });
        }
        verdict
    }
}

/// The slot for the surroundings of a number: it is chosen by eight bytes on each side, and the
/// place of the number.
fn slot(text: &[u8], number: &Range<usize>) -> usize {
    let Range { start, end } = *number;
    let (before, after) = (chunk::last(&text[..start]), chunk::first(&text[end..]));
    let mixed = mixed([before, after, start as u64, end as u64, text.len() as u64]);
    match text.len() {
        ..=SHORT_BYTES_MAX => top(mixed, SHORT_SLOTS),
        _ => SHORT_SLOTS + top(mixed, LONG_SLOTS),
    }
}

/// A hash of some words; the golden ratio spreads numbers that differ little (Knuth, volume 3,
/// 6.4).
fn mixed<const N: usize>(words: [u64; N]) -> u64 {
    words.into_iter().fold(0, |mixed: u64, word| {
        (mixed.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}

/// The highest bits of a hash, as the number of one of `slots` slots.
fn top(mixed: u64, slots: usize) -> usize {
    (mixed >> (u64::BITS - slots.ilog2())) as usize
}

/// The value of a number; a code has at most ten digits, so one more bit fits.
fn value(digits: &[u8]) -> u64 {
    let digit = |digit: &u8| u64::from(digit.wrapping_sub(b'0'));
    digits.iter().fold(0, |value: u64, byte| value.wrapping_mul(10).wrapping_add(digit(byte)))
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
    fn is(&self, id: u64, number: u64, is_own: bool, follows_sdk: &dyn FollowsSdk) -> bool {
        self.surroundings == id
            && self.number == number
            && self.is_own == is_own
            && self.follows_sdk.is_none_or(|known| known == follows_sdk.get())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::super::header::{Format, Level};
    use super::super::rules::PLAIN_CODE;
    use super::super::sdk_lines::Nobody;
    use super::*;

    const ORIGIN: Origin<'static> = Origin {
        format: Format::Brief,
        level: Some(Level::Error),
        tag: Some(b"Konto"),
        is_dated: false,
        is_known: false,
        follows_codes: false,
    };

    fn surroundings<'m>(origin: Origin<'m>, message: &'m str) -> Surroundings<'m> {
        let start = message.find("871").expect("a number");
        Surroundings::new(origin, message.as_bytes(), 0, &(start..start + 6)).expect("it is inside")
    }

    /// Whether the verdict is asked for.
    fn asks(memo: &mut Memo, origin: Origin<'_>, message: &str) -> bool {
        !memo.is_worthwhile() || is_new(memo, &surroundings(origin, message))
    }

    /// The same for a number that is looked up.
    fn is_new(memo: &mut Memo, number: &Surroundings<'_>) -> bool {
        let asked = Cell::new(false);
        let ask = || {
            asked.set(true);
            PLAIN_CODE
        };
        memo.verdict(number, Text::Own, &Nobody, || true, ask);
        asked.get()
    }

    #[test]
    fn a_verdict_is_asked_for_once_for_each_number_and_its_surroundings() {
        let mut memo = Memo::default();
        let mut origins = [ORIGIN; 6];
        origins[1].tag = Some(b"Login");
        origins[2].tag = None;
        origins[3].tag = Some(b"");
        origins[4].level = None;
        origins[5].is_known = true;
        let far = "a text of more than the few bytes that choose the slot ".repeat(8);
        let messages = ["x 871300", "x 871301", "y 871300", "x 871300 y", " x 871300"];
        let mut messages: Vec<String> = messages.map(str::to_owned).into();
        messages.extend([format!("1{far}871300{far}1"), format!("2{far}871300{far}1")]);
        for origin in origins {
            for message in &messages {
                assert!(asks(&mut memo, origin, message), "{origin:?} {message}");
                // Others that were seen before may have the slot for a while.
                let mut again = (0..=CLAIM_MAX + 1).map(|_| asks(&mut memo, origin, message));
                assert!(again.any(|asks| !asks), "{origin:?} {message}");
            }
        }
    }

    #[test]
    fn a_code_that_was_just_logged_has_a_verdict_of_its_own() {
        let (mut memo, mut number) = (Memo::default(), surroundings(ORIGIN, "x 871300"));
        for (is_echo, want) in [(false, true), (true, true), (true, false), (false, false)] {
            number.is_echo = is_echo;
            assert_eq!(is_new(&mut memo, &number), want);
        }
    }

    #[test]
    fn numbers_in_the_same_surroundings_are_kept_together() {
        let mut memo = Memo::default();
        let message = |number: u32| format!("code {number}");
        let mut asked = || {
            let numbers = (871_000..871_300).map(message);
            numbers.filter(|message| asks(&mut memo, ORIGIN, message)).count()
        };
        assert_eq!(asked(), 300);
        assert!(asked() < 30, "few of them have the same place");
    }

    #[test]
    fn different_surroundings_are_kept_side_by_side() {
        for (count, filler) in [(SHORT_SLOTS / 8, 0), (LONG_SLOTS / 8, SHORT_BYTES_MAX)] {
            let mut memo = Memo::default();
            let messages = (0..count).map(|at| format!("{}w{at} 871300", "x".repeat(filler)));
            let messages: Vec<String> = messages.collect();
            let mut asked = || messages.iter().filter(|text| asks(&mut memo, ORIGIN, text)).count();
            assert_eq!(asked(), count);
            assert!(asked() < count / 2, "few of them have the same place: {filler}");
        }
    }

    #[test]
    fn a_verdict_that_depends_on_the_process_is_kept_with_what_is_known_of_it() {
        struct Process(bool, Option<bool>);
        impl FollowsSdk for Process {
            fn get(&self) -> bool {
                self.0
            }
            fn known(&self) -> Option<bool> {
                self.1
            }
        }
        let number = surroundings(ORIGIN, "code 871300");
        let mut memo = Memo::default();
        let mut asks = |process: Process, text: Text<'_>, may_keep: bool| {
            let asked = Cell::new(false);
            let ask = || {
                asked.set(true);
                PLAIN_CODE
            };
            memo.verdict(&number, text, &process, || may_keep, ask);
            asked.get()
        };
        let (own, other) = (Text::Own, Text::Other(number.text()));
        for (process, text, may_keep, want) in [
            (Process(true, Some(true)), other, false, true),
            (Process(true, Some(true)), other, true, true),
            (Process(true, None), other, true, false),
            (Process(false, Some(false)), other, true, true),
            (Process(false, None), other, true, false),
            (Process(true, None), other, true, true),
            (Process(false, None), other, true, false),
            (Process(true, None), own, false, true),
            (Process(true, None), own, false, false),
            (Process(true, None), other, false, true),
        ] {
            let state = format!("{} {:?} {text:?}", process.0, process.1);
            assert_eq!(asks(process, text, may_keep), want, "{state}");
        }
    }

    /// In a log in which nothing comes again, few numbers are looked up.
    #[test]
    fn patience_ends_and_comes_back() {
        let mut memo = Memo::default();
        let mut new = (0..).map(|at| format!("text {at} 871300"));
        let mut looked_up = |memo: &mut Memo, count: usize| {
            let before = memo.count;
            new.by_ref().take(count).for_each(|message| assert!(asks(memo, ORIGIN, &message)));
            memo.count - before
        };
        assert_eq!(looked_up(&mut memo, PATIENCE_MAX as usize), u64::from(PATIENCE_MAX));
        let (skipped, again) = (SKIPPED_MAX as usize, u64::from(PATIENCE_AGAIN));
        assert_eq!(looked_up(&mut memo, skipped), 0);
        assert_eq!(looked_up(&mut memo, PATIENCE_AGAIN as usize), again);
        assert_eq!(looked_up(&mut memo, skipped + 10), 10);
        let same = (0..80).filter(|_| !asks(&mut memo, ORIGIN, "x 871300")).count();
        assert!(same > 60, "{same}");
        assert_eq!(looked_up(&mut memo, 100), 100);
    }

    #[test]
    fn surroundings_that_are_seen_again_keep_their_slot_for_a_while() {
        let of = |message: &str| {
            let number = surroundings(ORIGIN, message);
            slot(number.text(), &number.place())
        };
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
            let (mut memo, first) = (Memo::default(), surroundings(ORIGIN, "x 871300"));
            (0..times).for_each(|_| _ = is_new(&mut memo, &first));
            for _ in 0..others {
                let other = same.next().expect("it has no end");
                assert!(is_new(&mut memo, &surroundings(ORIGIN, &other)));
            }
            assert_eq!(!is_new(&mut memo, &first), keeps, "{times} {others}");
        }
    }
}
