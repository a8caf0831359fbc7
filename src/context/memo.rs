//! Verdicts on numbers whose surroundings are the same as before: logs repeat their lines.
//!
//! An optimization with no visible effect, because the key is all that the rules see: the origin of
//! the line and the text around the number. It bounds the time for a log that is made to be slow to
//! judge, which always repeats something. Knows nothing about rules.

use std::ops::Range;

use super::Verdict;
use super::occurrence::Surroundings;
use super::origin::Origin;
use super::sdk_lines::FollowsSdk;

/// A few verdicts, each with what it depends on.
#[derive(Debug, Default)]
pub(super) struct Memo {
    slots: Vec<Option<Slot>>,
}

#[derive(Debug)]
struct Slot {
    /// The origin's tag, and whether it has one.
    tag: Vec<u8>,
    has_tag: bool,
    /// The rest of the origin.
    origin: Origin<'static>,
    text: Vec<u8>,
    number: Range<usize>,
    /// Whether the process had logged lines of the SDK; `None` if nobody asked.
    follows_sdk: Option<bool>,
    verdict: Verdict,
}

/// How many verdicts on numbers with little text around them are kept. The codes of a log that is
/// made of nothing else find room: the vendor lists 350.
const SHORT_SLOTS: usize = 1024;
/// How many verdicts on other numbers are kept. Each takes about a kilobyte.
const LONG_SLOTS: usize = 64;
/// The longest text that is short, in bytes: many messages are.
const SHORT_BYTES_MAX: usize = 128;
/// How many bytes on each side of a number, and of its digits, choose its slot.
const WORD_BYTES: usize = 8;

impl Memo {
    /// The verdict on a number; it is asked for if it is not known.
    #[inline]
    pub(super) fn verdict(
        &mut self,
        number: &Surroundings<'_>,
        follows_sdk: &dyn FollowsSdk,
        ask: impl FnOnce() -> Verdict,
    ) -> Verdict {
        if self.slots.is_empty() {
            self.slots.resize_with(SHORT_SLOTS + LONG_SLOTS, || None);
        }
        let slot = &mut self.slots[slot(number)];
        match slot {
            Some(slot) if slot.is(number, follows_sdk) => slot.verdict,
            _ => {
                let verdict = ask();
                Slot::keep(slot, number, follows_sdk.known(), verdict);
                verdict
            }
        }
    }
}

/// The slot for a number.
fn slot(number: &Surroundings<'_>) -> usize {
    let (text, Range { start, end }) = (number.text(), number.place());
    let before = word(&text[start.saturating_sub(WORD_BYTES)..start]);
    let digits = word(&text[start..end.min(start + WORD_BYTES)]);
    let after = word(&text[end..text.len().min(end + WORD_BYTES)]);
    let mixed = [before, digits, after].into_iter().fold(0, |mixed: u64, word| {
        (mixed.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    let top = |slots: usize| (mixed >> (u64::BITS - slots.ilog2())) as usize;
    match text.len() {
        ..=SHORT_BYTES_MAX => top(SHORT_SLOTS),
        _ => SHORT_SLOTS + top(LONG_SLOTS),
    }
}

/// At most eight bytes as one number.
fn word(bytes: &[u8]) -> u64 {
    let mut word = [0; WORD_BYTES];
    word[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(word)
}

impl Slot {
    fn is(&self, number: &Surroundings<'_>, follows_sdk: &dyn FollowsSdk) -> bool {
        self.number == number.place()
            && self.text == number.text()
            && self.has_tag == number.origin.tag.is_some()
            && number.origin.tag.is_none_or(|tag| self.tag == tag)
            && self.origin == number.origin.without_tag()
            && self.follows_sdk.is_none_or(|known| known == follows_sdk.get())
    }

    /// Keeps a verdict; the memory of the one before is used again.
    fn keep(
        slot: &mut Option<Slot>,
        number: &Surroundings<'_>,
        follows_sdk: Option<bool>,
        verdict: Verdict,
    ) {
        let (mut tag, mut text) = slot.take().map(|slot| (slot.tag, slot.text)).unwrap_or_default();
        let origin = number.origin;
        tag.clear();
        tag.extend_from_slice(origin.tag.unwrap_or_default());
        text.clear();
        text.extend_from_slice(number.text());
        let (has_tag, origin) = (origin.tag.is_some(), origin.without_tag());
        let number = number.place();
        *slot = Some(Slot { tag, has_tag, origin, text, number, follows_sdk, verdict });
    }
}
