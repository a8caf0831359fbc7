//! The value that a number is compared with, as tests show it when they fail.
//!
//! Owns the signs between the two values, and what is counted; the words between them are in
//! `words.rs`. Knows nothing about rules.

mod words;

use std::sync::LazyLock;

use super::lexicon::{self, Role, Roles};
use super::names;
use super::occurrence::{Occurrence, Separator};
use super::rules::{is_name_byte, is_number, leading_name, trailing_name};
use crate::catalog::{self, Code};
use words::{FIRST_LETTERS, LAST_LETTERS, is_comparing, is_expecting};

/// How many signs may be between two words of a comparison.
const SIGNS_MAX: usize = 6;
/// How many words may be between the values of a comparison.
const WORDS_MAX: usize = 4;

/// How many words before a number may say what is compared.
const SUBJECT_WORDS_MAX: usize = 9;

/// What a number is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compared {
    /// With 0: the number is a code, in the line of a test.
    Zero,
    /// With what a test expected or got, which may be another code.
    Code,
    /// In the line of a test, with a code that begins with three other digits, or with any in a log
    /// of codes: no two counts or sizes are two such numbers by accident, if one of them is of the
    /// Android SDK, or the log has codes.
    ListedCode,
    /// With another number.
    Other,
}

impl Compared {
    /// What a number is compared with: `871301 == 12`, and in the line of a test also
    /// `expected <12> but was <871301>` and `871301 is not equal to 12`.
    pub(super) fn find(occurrence: &Occurrence<'_>) -> Option<Compared> {
        let after = Reader { text: occurrence.after, side: Side::After };
        let before = Reader { text: occurrence.before, side: Side::Before };
        after.find(occurrence).or_else(|| before.find(occurrence))
    }

    /// `first` is the text before the first of both.
    fn with(
        value: &[u8],
        first: &[u8],
        occurrence: &Occurrence<'_>,
        may_be_code: bool,
    ) -> Compared {
        match value {
            b"0" => Compared::Zero,
            _ if compares_codes(value, first, occurrence) && occurrence.is_near_expectation() => {
                Compared::ListedCode
            }
            [b'8', b'7', b'1', _, _, _] if may_be_code => Compared::Code,
            _ => Compared::Other,
        }
    }
}

/// What a test compares with a listed code, if nothing is named as what the numbers are: a code of
/// another range, or any code in a log that has codes.
fn compares_codes(value: &[u8], first: &[u8], occurrence: &Occurrence<'_>) -> bool {
    const ANDROID: u64 = 871;
    let Some((value, range)) = Code::from_digits(value).zip(occurrence.range()) else {
        return false;
    };
    let is_code = value.is_871() || catalog::is_built_in(value);
    let is_of_other_range = || value.range() != range;
    let is_in_log_of_codes = || occurrence.origin.follows_codes || occurrence.is_near_sdk();
    let is_distinctive = || value.is_871() || range == ANDROID;
    is_code
        && expectation(first).is_some_and(|[expects, subject]| {
            let may_be_ids = || is_test_error(expects) || !is_test_error(subject);
            match is_of_other_range() {
                true => is_distinctive() || (is_in_log_of_codes() && is_test_error(subject)),
                false => is_in_log_of_codes() && !may_be_ids(),
            }
        })
}

/// What says that a value is expected, and the word before it, if nothing but signs is between that
/// and the end of a text: what is named, as in `expected user 801003`, is no code.
fn expectation(text: &[u8]) -> Option<[&[u8]; 2]> {
    let mut before = Reader { text, side: Side::Before };
    let mut word = || before.signs().map(|_| before.word()).unwrap_or_default();
    let mut last = word();
    if last.eq_ignore_ascii_case(b"failed") {
        last = word(); // `XCTAssertEqual failed: (`
    }
    let expects = is_expecting(last) || lexicon::holds(last, Role::Expectation);
    expects.then(|| [last, word()])
}

/// `AssertionError`, the `96` of `UserTest.java:96`, the `E` of pytest, or nothing: it does not say
/// what is compared.
fn is_test_error(word: &[u8]) -> bool {
    word.len() <= 1
        || is_number(word)
        || ["Error", "Failure", "Exception"].iter().any(|end| word.ends_with(end.as_bytes()))
}

/// Whether the word that is nearest says that a test compares what is counted or measured:
/// `number of rows: want 871300, got 871301`, `expected 100 rows, got 871301`.
pub(super) fn compares_counts(occurrence: &Occurrence<'_>) -> bool {
    if !occurrence.may_be_near_count() {
        return false;
    }
    let mut before = Reader { text: occurrence.before, side: Side::Before };
    let (mut is_expected, mut is_of_number) = (false, false);
    for _ in 0..SUBJECT_WORDS_MAX {
        if before.signs().is_none() {
            return false;
        }
        let word = before.word();
        if word.is_empty() {
            return false;
        }
        if is_number(word) {
            // In `line 12: expected 871300`, the word is that of the first number.
            is_of_number = is_expected;
            continue;
        }
        if is_comparing(word) {
            is_expected |= is_expecting(word);
        } else {
            let roles = lexicon::word(word);
            match names::role_of(word, roles) {
                None | Some(Role::Other) if !is_of_number && is_counted(word, roles) => {
                    return occurrence.is_near_expectation();
                }
                Some(Role::Code | Role::Failure | Role::Outcome) => return false,
                _ => {}
            }
        }
        is_of_number = false;
    }
    false
}

/// Words for what is compared, and no code, besides those for what is counted.
const COMPARED: [&str; 10] = [
    "balance", "checksum", "crc", "digest", "etag", "hash", "nonce", "revision", "term", "version",
];

/// Whether a name in a text may be one for what is counted or measured, by its last two letters.
pub(super) fn may_name_count(text: &[u8]) -> bool {
    static ENDS: LazyLock<[u32; 32]> = LazyLock::new(|| {
        let compared = COMPARED.iter().map(|word| word.as_bytes());
        let mut ends = [0; 32];
        for word in compared.chain(lexicon::words(Role::Measure)) {
            let [.., before, last] = word else { return [u32::MAX; 32] };
            ends[usize::from(before & 0x1f)] |= 1 << (last & 0x1f);
        }
        ends
    });
    let may_end = |before: u8, last: u8| ENDS[usize::from(before & 0x1f)] >> (last & 0x1f) & 1 != 0;
    let ends_name = |next: u8| !is_name_byte(next) || next.is_ascii_digit(); // `size871301`
    let ends_in_text = |three: &[u8]| may_end(three[0], three[1]) && ends_name(three[2]);
    text.windows(3).any(ends_in_text)
        || matches!(text, [.., before, last] if may_end(*before, *last))
}

/// Whether a name that has these roles as a word is one for what is counted or measured: `rows`,
/// `rowCount`.
fn is_counted(name: &[u8], roles: Roles) -> bool {
    let last = &name[names::last_word_start(name)..];
    let last_roles = if last.len() == name.len() { roles } else { lexicon::word(last) };
    last_roles.has(Role::Measure)
        || COMPARED.iter().any(|word| last.eq_ignore_ascii_case(word.as_bytes()))
}

/// Reads away from the number, sign by sign and word by word.
struct Reader<'t> {
    text: &'t [u8],
    side: Side,
}

#[derive(Clone, Copy)]
enum Side {
    Before,
    After,
}

impl<'t> Reader<'t> {
    fn find(mut self, occurrence: &Occurrence<'_>) -> Option<Compared> {
        let (mut words, mut is_equality) = (0, false);
        let is_named = || {
            occurrence.key().separator == Separator::Value && names::is_code(occurrence.key_text())
        };
        loop {
            let signs = self.signs()?;
            if !self.may_go_on() {
                return None;
            }
            is_equality |= words == 0 && is_comparison(signs);
            let word = self.word();
            if is_number(word) {
                let is_decimal = || matches!(self.text, [b'.', next, ..] if next.is_ascii_digit());
                let is_compared = match words {
                    0 => is_equality,
                    _ => !is_named() && occurrence.is_near_expectation(),
                };
                let first = match self.side {
                    Side::After => occurrence.before,
                    Side::Before => self.text,
                };
                let with = || match self.side {
                    Side::After if is_decimal() => Compared::Other,
                    _ => Compared::with(word, first, occurrence, !is_equality),
                };
                return is_compared.then(with);
            }
            words += 1;
            if words > WORDS_MAX || !is_comparing(word) {
                return None;
            }
            is_equality |= word.eq_ignore_ascii_case(b"equal");
        }
    }

    /// The signs up to the next word; `None` if there are too many.
    fn signs(&mut self) -> Option<&'t [u8]> {
        let is_name = |byte: &u8| is_name_byte(*byte);
        let text = self.text;
        match self.side {
            Side::After => {
                let near = &text[..text.len().min(SIGNS_MAX + 1)];
                let signs = near.iter().position(is_name).unwrap_or(near.len());
                self.text = &text[signs..];
                (signs <= SIGNS_MAX).then(|| &text[..signs])
            }
            Side::Before => {
                let near = &text[text.len().saturating_sub(SIGNS_MAX + 1)..];
                let signs = near.iter().rev().position(is_name).unwrap_or(near.len());
                self.text = &text[..text.len() - signs];
                (signs <= SIGNS_MAX).then(|| &text[text.len() - signs..])
            }
        }
    }

    /// Whether the next word may be a number or one that compares, by the byte that is next.
    fn may_go_on(&self) -> bool {
        let (next, letters) = match self.side {
            Side::After => (self.text.first(), &FIRST_LETTERS),
            Side::Before => (self.text.last(), &LAST_LETTERS),
        };
        next.is_some_and(|byte| byte.is_ascii_digit() || letters[usize::from(byte | 0x20)])
    }

    /// The next word or number.
    fn word(&mut self) -> &'t [u8] {
        let text = self.text;
        match self.side {
            Side::After => {
                let word = leading_name(text);
                self.text = &text[word.len()..];
                word
            }
            Side::Before => {
                let word = trailing_name(text);
                self.text = &text[..text.len() - word.len()];
                word
            }
        }
    }
}

/// `==` or `!=`
fn is_comparison(signs: &[u8]) -> bool {
    matches!(signs.trim_ascii_start(), [b'=' | b'!', b'=', ..])
}

#[cfg(test)]
mod tests {
    use super::super::header::Format;
    use super::super::kind::Kind;
    use super::super::origin::Origin;
    use super::super::own_message::OwnTexts;
    use super::super::sdk_lines::Nobody;
    use super::super::surroundings::Surroundings;
    use super::super::terms::Terms;
    use super::*;

    /// What the last 871301 of a line is compared with.
    fn compared(line: &str) -> Option<Compared> {
        let origin = Origin {
            format: Format::None,
            level: None,
            tag: None,
            is_dated: false,
            is_known: false,
            follows_codes: false,
        };
        let at = line.rfind("871301").expect("it is there");
        let number = Surroundings::new(origin, line.as_bytes(), 0, &(at..at + 6)).expect("inside");
        let terms = Terms::new(line.as_bytes(), &Nobody);
        let windows = number.unquoted(&terms);
        let own_texts = OwnTexts::default();
        Compared::find(&Occurrence::new(&number, &terms, &windows, Kind::Unlisted, own_texts))
    }

    /// Only a digit, or a letter that some word between two values begins with, may come next.
    #[test]
    fn most_texts_are_refused_by_the_next_byte() {
        for (text, want) in [("0", true), ("871300", true), ("but", true), ("WAS", true)]
            .into_iter()
            .chain([("", false), ("zz", false), ("<", false)])
        {
            let text = text.as_bytes();
            for side in [Side::Before, Side::After] {
                assert_eq!(Reader { text, side }.may_go_on(), want, "{}", text.escape_ascii());
            }
        }
    }

    /// Whatever is counted is found by its last letters, in any case and wherever it is.
    #[test]
    fn no_count_is_refused_by_its_last_letters() {
        let words = COMPARED.iter().map(|word| word.as_bytes());
        for word in words.chain(lexicon::words(Role::Measure)) {
            let upper = word.to_ascii_uppercase();
            for name in [word, &upper, &[b"row_", word].concat(), &[b"max", &*upper].concat()] {
                assert!(is_counted(name, lexicon::word(name)), "{}", name.escape_ascii());
                for after in ["", " ", ": 871301", "871301", "\"", "的"] {
                    let text = [b"a ", name, after.as_bytes()].concat();
                    assert!(may_name_count(&text), "{}", text.escape_ascii());
                }
            }
        }
        assert!(!may_name_count(b"expected <871300> but was <871301>, a timeoutcase"));
    }

    #[test]
    fn both_sides_of_a_comparison_are_found() {
        use Compared::{Code, Other, Zero};
        for (line, want) in [
            ("871301 == 12", Some(Other)),
            ("12 != 871301", Some(Other)),
            ("871301 == 0", Some(Zero)),
            ("871301 == 871300", Some(Other)),
            ("871301 = 12", None),
            ("871301, 12", None),
            ("expected 12, 871301", None),
            ("expected 871301, 12", None),
            ("expected <12> but was <871301>", Some(Other)),
            ("expected: 871300, actual: 871301", Some(Code)),
            ("expected 871301 but was 0", Some(Zero)),
            ("expected 871301 to equal 871300", Some(Other)),
            ("expected 871301 to be 871300", Some(Code)),
            ("expected 871301 to be 871300.5", Some(Other)),
            ("expected 871301 to be 3.", Some(Other)),
            ("asked for 12 but was 871301", None),
            ("expected 12, got code 871301", None),
            ("rate: 871301, expected 12", Some(Other)),
            ("code: 871301, expected 12", None),
            ("code 871301, expected 12", Some(Other)),
            ("expected 12 but found: 871301", Some(Other)),
            ("expected 12 is not to be but was 871301", None),
            ("expected 12 ------- 871301", None),
        ] {
            assert_eq!(compared(line), want, "{line}");
        }
    }
}
