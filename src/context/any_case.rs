//! Words at the beginning of a text or in it, in any case.
//!
//! Owns the comparison and the search. Knows nothing about what the words mean.

/// Whether `text` begins with `word` in any case.
#[must_use]
pub(super) fn begins_with(text: &[u8], word: &[u8]) -> bool {
    let first = |text: &[u8]| text.first().map(u8::to_ascii_lowercase);
    let is_first = || first(text) == first(word) || word.is_empty();
    text.get(..word.len()).is_some_and(|start| is_first() && start.eq_ignore_ascii_case(word))
}

/// Whether `text` contains `word`, both in any case. It is searched for by its rarest byte.
#[must_use]
pub(super) fn contains(text: &[u8], word: &[u8]) -> bool {
    let Some(rarest) = (0..word.len()).min_by_key(|at| FREQUENCY[usize::from(word[*at])]) else {
        return true;
    };
    let byte = word[rarest];
    let starts_with = |start: usize| text.get(start..).is_some_and(|text| begins_with(text, word));
    memchr::memchr2_iter(byte.to_ascii_lowercase(), byte.to_ascii_uppercase(), text)
        .any(|at| at.checked_sub(rarest).is_some_and(starts_with))
}

/// How frequent bytes are in logs and messages, about. All that is neither a letter nor part of a
/// Chinese character is taken for frequent: signs and digits are in time stamps and class names.
const FREQUENCY: [u8; 256] = {
    const LETTERS: &[u8] = b"zqxjkvbywgpfmhdulcnrosiate";
    let mut frequency = [u8::MAX; 256];
    let mut rank = 0;
    while rank < LETTERS.len() {
        frequency[LETTERS[rank] as usize] = rank as u8 + 1;
        frequency[LETTERS[rank].to_ascii_uppercase() as usize] = rank as u8 + 1;
        rank += 1;
    }
    let mut byte = 0x80;
    while byte < frequency.len() {
        // Most Chinese characters begin with one of these bytes.
        let begins_often = 0xe4 <= byte && byte <= 0xe9;
        frequency[byte] = if begins_often { u8::MAX } else { rank as u8 };
        byte += 1;
    }
    frequency
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_contained_in_any_case() {
        for (text, word, want) in [
            ("a SDK have", "SDK Have", true),
            ("sdK haVe", "SDK have", true),
            ("SSDK", "sdk", true),
            ("SD", "sdk", false),
            ("DK", "sdk", false),
            ("k, sdk", "sdk", true),
            ("s", "s", true),
            ("", "s", false),
            ("", "", true),
            ("s", "", true),
            ("sxdk", "sdk", false),
            ("我尚未登录", "尚未登录", true),
            ("未登录", "尚未登录", false),
            ("1 2 3", " 2 ", true),
        ] {
            assert_eq!(contains(text.as_bytes(), word.as_bytes()), want, "{text} {word}");
        }
    }
}
