//! Phase 4, its last rule: the code is of a thing that has a name, or was sent to a phone.

use super::beside::{Beside, QUOTES};
use super::others::CODE_ZH;
use super::{Evidence, NOT_CODE, Rule, trailing_name};
use crate::context::lexicon::{self, Role};
use crate::context::names;
use crate::context::occurrence::{Occurrence, Separator};
use crate::context::own_message;
use crate::context::subject::Subject;

pub(super) static CODED_THING: Rule = Rule {
    name: "coded-thing",
    why: "the code is of a thing, such as a share, or was sent to a phone",
    ruling: NOT_CODE,
    evidence: Evidence::Test(coded_thing),
    decides: &[
        "Your login code is ‹871301›. Do not share it.",
        "D/Login: {\"phone\":\"138\",\"code\":\"‹871301›\"}",
        "股票（代码：‹871301›）",
        "code is ‹871301›, valid for 10 minutes",
        "{\"code\":\"‹871301›\",\"name\":\"Nordhafen\"}",
        "D/Boerse: code=‹871642› name=Nordhafen",
        "I/Konto: version 2.4 (code ‹871301›)",
        "E/Konto: a wrong OTP was entered, expected ‹871650›",
    ],
    passes: &[
        "Your error code is ‹871301›. Do not share it.",
        "D/Login: {\"phone\":\"138\",\"code\":\"‹871301›\",\"msg\":\"no user\"}",
        "D/Login: phone=138, register failed, code=‹871301›",
        "{\"code\":\"‹871301›\",\"event\":\"login\"}",
        "code is ‹871301›, a valid one for 10 minutes",
        "code ‹871301› sent to client",
        "D/Login: code=‹871301› name=li4",
        "I/Konto: login failed (code ‹871301›)",
        "E/Konto: a wrong OTP was entered, expected ‹871301›",
    ],
};

/// What is done with a code that works once, and how long it works.
fn says_one_time(after: &[u8]) -> bool {
    const USES: [&str; 5] = ["we sent", "to log in", "to sign in", "on your", "will expire"];
    const ENDS: [&str; 3] = ["expires in ", "expires at ", "expires on "];
    let mut after = Beside::after(after);
    if !(after.maybe(&[",", "."]) && after.literal(" ") && after.letter_is(b"wstovie")) {
        return false;
    }
    let (mut to_address, mut for_time) = (after, after);
    after.one_of_any_case(&USES)
        || after.one_of_any_case(&ENDS)
        || (to_address.one_of_any_case(&["was sent to ", "sent to "])
            && to_address.run(1.., |byte| byte != b' ').is_some_and(|to| to.contains(&b'@')))
        || (for_time.one_of_any_case(&["is valid for ", "valid for "]) && for_time.digits(1..))
}

/// `code 871301 sent to b***@example.com`, `code is 871301, valid for 10 minutes`; but
/// `code=871301`, as programs log it.
fn is_one_time(occurrence: &Occurrence<'_>) -> bool {
    let key = occurrence.key();
    key.separator == Separator::Blank && says_one_time(occurrence.after)
}

/// `version 2.4 (`
fn ends_with_version(before: &[u8]) -> bool {
    let mut before = Beside::before(before);
    let is_of_version = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    before.literal(" (")
        && before.run(1.., is_of_version).is_some_and(|version| version[0] != b'.')
        && before.maybe(&[" ", ":", "="])
        && before.one_of_any_case(&["version", "v"])
}

/// How far from a number the thing may be that has it for a code, in bytes.
const THING_BYTES: usize = 64;

/// How many words may be between `your` and its code: `your SMS login code`.
const WORDS_AFTER_YOUR_MAX: usize = 2;

/// Whether a text ends in `your `, or in a few words after it.
fn follows_your(text: &[u8]) -> bool {
    let mut rest = text;
    for _ in 0..=WORDS_AFTER_YOUR_MAX {
        let Some(words) = rest.strip_suffix(b" ") else { return false };
        let word = trailing_name(words);
        if word.eq_ignore_ascii_case(b"your") {
            return true;
        }
        if word.is_empty() || word.contains(&b'_') {
            return false;
        }
        rest = &words[..words.len() - word.len()];
    }
    false
}

/// `your code is 871301`, `phone=138&code=871301`, `"code":"871301","name":…`; but not near a word
/// for an error, or with an error's message. An unlisted number may also be what was expected.
fn coded_thing(occurrence: &Occurrence<'_>) -> bool {
    let before = occurrence.before_key();
    let is_wide = || {
        let key = &occurrence.key().range;
        let is_code = key.is_empty() && occurrence.before[..key.end].ends_with(CODE_ZH);
        is_code && occurrence.key_subject() == Subject::None
    };
    let is_expected = || {
        let key = occurrence.key();
        occurrence.is_unlisted() && key.role == Some(Role::Outcome)
    };
    if occurrence.is_bare_code() && ends_with_version(before) {
        return true;
    }
    if !(occurrence.is_bare_code() || is_wide() || is_expected()) {
        return false;
    }
    let is_of_thing = if follows_your(before) {
        let word = trailing_name(before.trim_ascii_end());
        !matches!(names::key_role(word), Some(Role::Code | Role::Failure | Role::Outcome))
    } else {
        (occurrence.is_near_coded(THING_BYTES) || has_name(occurrence) || is_one_time(occurrence))
            && !own_message::precedes_message(occurrence)
            && !is_near_error(occurrence)
    };
    is_of_thing && !occurrence.is_near_sdk()
}

const NAMES: [&str; 5] = ["name", "title", "label", "price", "value"];

/// `", "name":`, `，名称`
fn begins_with_name(after: &[u8]) -> bool {
    let mut after = Beside::after(after);
    after.maybe(&QUOTES);
    let mut chinese = after;
    let is_chinese = chinese.one_of(&[",", ";", " ", "，", "；"])
        && chinese.maybe(&[" "])
        && chinese.literal("名称");
    is_chinese
        || (after.one_of(&[",", ";"])
            && after.maybe(&[" "])
            && after.maybe(&QUOTES)
            && after.one_of(&NAMES)
            && after.maybe(&QUOTES)
            && after.maybe(&[" "])
            && after.one_of(&[":", "="]))
}

/// ` name=`
fn begins_with_name_apart(after: &[u8]) -> bool {
    let mut after = Beside::after(after);
    after.one_of(&["&", " "]) && after.one_of(&NAMES) && after.one_of(&[":", "="])
}

/// Whether the object or the list with the number also has a name for it. A user's name after a
/// blank may also follow a code: `code=801003 name=li4`.
fn has_name(occurrence: &Occurrence<'_>) -> bool {
    begins_with_name(occurrence.after)
        || (occurrence.is_unlisted() && begins_with_name_apart(occurrence.after))
        || ends_with_name(occurrence.before_key())
}

/// The longest name, in bytes: 32 Chinese characters.
const NAME_BYTES_MAX: usize = 96;

/// Whether a text ends with a name and what separates it from the next key: `"name":"Nordhafen",`.
fn ends_with_name(text: &[u8]) -> bool {
    let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'');
    let strip = |text: &mut &[u8], is_one: &dyn Fn(&u8) -> bool| {
        let stripped = text.split_last().filter(|(last, _)| is_one(last)).map(|(_, rest)| rest);
        stripped.map(|rest| *text = rest).is_some()
    };
    let text = &mut &*text;
    strip(text, &is_quote);
    strip(text, &|byte| *byte == b' ');
    if !strip(text, &|byte| matches!(byte, b',' | b';')) || !strip(text, &is_quote) {
        return false;
    }
    let near = &text[text.len().saturating_sub(NAME_BYTES_MAX + 1)..];
    let value = near.len() - memchr::memrchr2(b'"', b'\'', near).map_or(0, |at| at + 1);
    *text = &text[..text.len() - value];
    if !(1..=NAME_BYTES_MAX).contains(&value) || !strip(text, &is_quote) {
        return false;
    }
    strip(text, &|byte| *byte == b' ');
    if !strip(text, &|byte| matches!(byte, b':' | b'=')) {
        return false;
    }
    strip(text, &is_quote);
    let key = text.strip_suffix(b"name").or_else(|| text.strip_suffix(b"title"));
    key.is_some_and(|before| matches!(before.last(), Some(b'"' | b'\'' | b'{' | b',' | b' ')))
}

/// Whether the text around the number has a word for an error.
fn is_near_error(occurrence: &Occurrence<'_>) -> bool {
    let (text, at) = (occurrence.vicinity, occurrence.start);
    let near = &text[at.saturating_sub(THING_BYTES)..text.len().min(at + THING_BYTES)];
    lexicon::holds(near, Role::ErrorText)
        || ["error", "fail"].iter().any(|word| lexicon::contains(near, word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::super::beside::tests::assert_reads;
    use super::*;

    #[test]
    fn a_name_ends_before_the_next_key() {
        let long = |length: usize| format!("{{name='{}', ", "n".repeat(length));
        for (text, want) in [
            ("{\"name\":\"Nordhafen\",\"", true),
            ("{'title': 'Nordhafen'; ", true),
            (", name=\"N\",", true),
            ("{\"name\":\"\",\"", false),
            ("{\"name\" \"Nordhafen\",\"", false),
            ("{\"name\":Nordhafen\",\"", false),
            ("{\"name\":\"Nordhafen\"\"", false),
            ("{\"surname\":\"Nordhafen\",\"", false),
            ("name\":\"Nordhafen\",\"", false),
            ("Nordhafen\",\"", false),
            ("", false),
            (&long(NAME_BYTES_MAX), true),
            (&long(NAME_BYTES_MAX + 1), false),
        ] {
            assert_eq!(ends_with_name(text.as_bytes()), want, "{text}");
        }
    }

    #[test]
    fn your_is_followed_by_up_to_two_words() {
        for (text, want) in [
            ("your ", true),
            ("Your login ", true),
            ("it is your SMS login ", true),
            ("(your ", true),
            ("your new SMS login ", false),
            ("your", false),
            ("your login", false),
            ("yours ", false),
            ("my_your ", false),
            ("your  login ", false),
            ("your log_in ", false),
            ("", false),
            (" ", false),
        ] {
            assert_eq!(follows_your(text.as_bytes()), want, "{text:?}");
        }
    }

    #[test]
    fn the_functions_read_what_these_patterns_match() {
        let one_time = "(?i-u:(?:was )?sent to [^ ]*@|we sent|to (?:log|sign) in|on your|\
                        (?:is )?valid for [0-9]|expires (?:in|at|on) |will expire)";
        assert_reads(&format!("^[,.]? {one_time}"), says_one_time);
        assert_reads(r"(?i-u:version|v)[ :=]?[0-9][0-9.]* \($", ends_with_version);
        let name = r#"["']?(?:name|title|label|price|value)["']? ?[:=]"#;
        assert_reads(&format!(r#"^["']?(?:[,;] ?{name}|(?:[,; ]|，|；) ?名称)"#), begins_with_name);
        assert_reads("^[& ](?:name|title|label|price|value)[:=]", begins_with_name_apart);
    }
}
