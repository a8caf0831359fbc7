//! Verdicts on numbers whose surroundings are the same as before: logs repeat their lines.
//!
//! An optimization with no visible effect, because the key is all that the rules see: the origin of
//! the line and the text around the number. It bounds the time for a log that is made to be slow to
//! judge, which always repeats something. Knows nothing about rules.

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
    /// The origin's tag.
    tag: Option<Vec<u8>>,
    /// The rest of the origin.
    origin: Origin<'static>,
    text: Vec<u8>,
    start: usize,
    /// Whether the process had logged lines of the SDK; `None` if nobody asked.
    follows_sdk: Option<bool>,
    verdict: Verdict,
}

/// How many verdicts are kept. Each takes about a kilobyte.
const SLOTS: usize = 64;
/// How many bytes on each side of a number choose its slot.
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
            self.slots.resize_with(SLOTS, || None);
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
    let (before, after) = number.text().split_at(number.start());
    let before = word(&before[before.len().saturating_sub(WORD_BYTES)..]);
    let after = word(&after[..after.len().min(WORD_BYTES)]);
    let mixed = (before ^ after.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 58) as usize % SLOTS
}

/// At most eight bytes as one number.
fn word(bytes: &[u8]) -> u64 {
    let mut word = [0; WORD_BYTES];
    word[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(word)
}

impl Slot {
    fn is(&self, number: &Surroundings<'_>, follows_sdk: &dyn FollowsSdk) -> bool {
        self.start == number.start()
            && self.text == number.text()
            && self.tag.as_deref() == number.origin.tag
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
        let (origin, start) = (number.origin, number.start());
        let mut kept = slot.take().map_or_else(Vec::new, |slot| slot.text);
        kept.clear();
        kept.extend_from_slice(number.text());
        let tag = origin.tag.map(<[u8]>::to_vec);
        let origin = origin.without_tag();
        *slot = Some(Slot { tag, origin, text: kept, start, follows_sdk, verdict });
    }
}
