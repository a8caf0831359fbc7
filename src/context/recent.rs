//! The codes that were logged last, and by whom: an app that logs a code often logs it once more
//! with what it does about it, `ignore 899001`.
//!
//! Owns how many are remembered, and how long. Knows nothing about rules.

use crate::catalog::Code;

/// How many codes are remembered.
pub(super) const CODES: usize = 4;
/// How far before a line the line of a code may begin, in bytes without our explanations: about
/// eight lines.
const REACH_BYTES: u64 = 1024;

/// Who logged a line: a process, or a tag where lines have no process, as one number. The default
/// is for lines that have neither: of many processes and requests, so only the next line counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Speaker(pub(super) u64);

/// The codes that were logged last, the latest first.
#[derive(Debug, Default)]
pub(super) struct Recent([Said; CODES]);

/// A code that was logged.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    /// `None` where none is remembered.
    code: Option<Code>,
    speaker: Speaker,
    /// Where the last line begins for which it is remembered.
    until: u64,
}

impl Recent {
    /// Remembers a code that was logged in the line at byte `at` of the input, which has this many
    /// bytes.
    #[inline]
    pub(super) fn say(&mut self, code: Code, speaker: Speaker, at: u64, bytes: usize) {
        let is_same = |said: &Said| said.code == Some(code) && said.speaker == speaker;
        let place = self.0.iter().position(is_same).unwrap_or(CODES - 1);
        self.0[..=place].rotate_right(1);
        let reach = if speaker == Speaker::default() { bytes as u64 } else { REACH_BYTES };
        self.0[0] = Said { code: Some(code), speaker, until: at + reach };
    }

    /// Whether the code was logged by the same speaker shortly before the line at byte `at`.
    #[inline]
    pub(super) fn has(
        &self,
        code: Code,
        speaker: impl FnOnce() -> Speaker,
        at: impl FnOnce() -> u64,
    ) -> bool {
        let mut same = self.0.iter().filter(|said| said.code == Some(code)).peekable();
        if same.peek().is_none() {
            return false;
        }
        let (speaker, at) = (speaker(), at());
        same.any(|said| said.speaker == speaker && at <= said.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Speaker = Speaker(1);
    const B: Speaker = Speaker(2);

    fn has(recent: &Recent, code: u64, speaker: Speaker, at: u64) -> bool {
        recent.has(Code::new(code), || speaker, || at)
    }

    #[test]
    fn a_code_is_remembered_with_its_speaker_and_place() {
        let mut recent = Recent::default();
        assert!(!has(&recent, 0, Speaker::default(), 0), "nothing was said");
        recent.say(Code::new(871_300), A, 50, 9);
        for (code, speaker, at, want) in [
            (871_300, A, 51, true),
            (871_300, A, 50 + REACH_BYTES, true),
            (871_300, A, 51 + REACH_BYTES, false),
            (871_300, B, 51, false),
            (871_301, A, 51, false),
        ] {
            assert_eq!(has(&recent, code, speaker, at), want, "{code} {speaker:?} {at}");
        }
    }

    #[test]
    fn where_nobody_is_named_only_the_next_line_counts() {
        let (mut recent, nobody) = (Recent::default(), Speaker::default());
        recent.say(Code::new(899_001), nobody, 50, 9);
        for (speaker, at, want) in [(nobody, 59, true), (nobody, 60, false), (A, 59, false)] {
            assert_eq!(has(&recent, 899_001, speaker, at), want, "{speaker:?} {at}");
        }
    }

    #[test]
    fn a_code_that_is_logged_again_takes_no_place_of_another() {
        let mut recent = Recent::default();
        recent.say(Code::new(1), A, 0, 9);
        for at in 1..20 {
            recent.say(Code::new(2 + at % 2), A, at, 9);
        }
        recent.say(Code::new(1), B, 20, 9);
        let known = |recent: &Recent, code, speaker| has(recent, code, speaker, 20);
        assert!([1, 2, 3].iter().all(|code| known(&recent, *code, A)) && known(&recent, 1, B));
        recent.say(Code::new(4), A, 20, 9);
        assert!(known(&recent, 4, A) && !known(&recent, 1, A), "four are remembered");
    }
}
