//! The key of a number: the word that names it, and what separates the two.
//!
//! Owns how the key is found in the text before a number. What a name says is in `names.rs`.

use std::ops::Range;

use super::calls;
use super::lexicon::{self, Role, Roles};
use super::names;
use super::rules::is_name_byte;
use super::subject::{self, Subject};

/// The word that names a number, and what separates the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// What the word says; `None` if it says nothing or there is no word.
    pub(super) role: Option<Role>,
    /// What separates it from the number.
    pub(super) separator: Separator,
    /// The word in the text before the number; empty if no word precedes the number.
    pub(super) range: Range<usize>,
    /// The roles of the word as a whole.
    pub(super) roles: Roles,
    /// Whether it is the word `code` alone, which names many things.
    pub(super) is_bare_code: bool,
}

/// What separates a key and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Separator {
    /// Nothing at all.
    Glued,
    /// Blanks, brackets, or quotes only.
    Blank,
    /// Something else: commas, bars, rows of dashes.
    Loose,
    /// `=`, `:`, `：`, `->`: the number is the key's value.
    Value,
}

/// How many fillers may separate a key and its number.
const FILLERS_MAX: usize = 2;

impl Key {
    /// The key that a tag is, for the number that its message begins with: `D/错误码: 871300`. It
    /// counts for a code only; most tags are the names of classes, of whatever.
    pub(super) fn of_tag(tag: &[u8]) -> Option<Key> {
        let role = Key::at_end(tag).role.filter(|role| *role != Role::Other)?;
        let separator = if role == Role::Code { Separator::Value } else { Separator::Loose };
        let (range, roles) = (0..0, Roles::default());
        Some(Key { role: Some(role), separator, range, roles, is_bare_code: false })
    }

    /// The key at the end of the text before a number, or before the list that the number is in:
    /// `error codes: 801003, 801004`.
    pub(super) fn at_end(before: &[u8]) -> Key {
        let key = Key::before_number(before);
        if key.may_be_listed(before)
            && let Some(list) = before_list(before).map(Key::before_number)
            && list.role == Some(Role::Code)
            && list.separator != Separator::Loose
            && !list.is_bare_code
        {
            return list;
        }
        key.failure_of_user(before).unwrap_or(key)
    }

    /// Whether it is a number, or a word that joins two.
    fn may_be_listed(&self, before: &[u8]) -> bool {
        match &before[self.range.clone()] {
            [] => {
                ["和", "或"].iter().any(|word| before[..self.range.end].ends_with(word.as_bytes()))
            }
            b"and" | b"or" => true,
            name => name.len() == LISTED_DIGITS && name[0].is_ascii_digit(),
        }
    }

    /// The failure that the name of a user is between, for `login failed for user li4: 801006`.
    fn failure_of_user(&self, before: &[u8]) -> Option<Key> {
        let is_value = self.separator == Separator::Value && self.role.is_none();
        let ends_name = |separator: &[u8]| {
            separator.starts_with(b":") || separator.starts_with("：".as_bytes())
        };
        if !is_value || self.range.is_empty() || !ends_name(&before[self.range.end..]) {
            return None;
        }
        let named = before[..self.range.start].trim_ascii_end();
        let user = USERS.iter().find_map(|user| strip_word(named, user))?.trim_ascii_end();
        let failed = strip_word(user, "for").unwrap_or(user);
        let failure = Key::before_number(failed);
        let is_failure = failure.role == Some(Role::Failure);
        is_failure.then_some(Key { separator: Separator::Value, ..failure })
    }

    /// The key at the end of the text before a number.
    fn before_number(before: &[u8]) -> Key {
        let (mut end, mut separator) = separator(before);
        let mut start = word_start(&before[..end]);
        let mut roles = lexicon::word(&before[start..end]);
        for _ in 0..FILLERS_MAX {
            let (is_filler, is_ordinal) = (roles.has(Role::Filler), roles.has(Role::Ordinal));
            if !(is_filler || is_ordinal) || separator == Separator::Loose {
                break;
            }
            let (next_end, next_separator) = self::separator(&before[..start]);
            let next_start = word_start(&before[..next_end]);
            let names_code = || names::key_role(&before[next_start..next_end]) == Some(Role::Code);
            let is_apart = next_separator == Separator::Loose || next_end == start;
            if is_apart || (is_ordinal && !names_code()) {
                break;
            }
            if separator != Separator::Value {
                separator = next_separator;
            }
            (start, end) = (next_start, next_end);
            roles = lexicon::word(&before[start..end]);
        }
        let range = start..end;
        let role = match range.is_empty() {
            true => names::text_role(&before[..end]),
            false => role(before, &range, roles),
        };
        let is_bare_code = before[range.clone()].eq_ignore_ascii_case(b"code");
        Key { role, separator, range, roles, is_bare_code }
    }
}

/// What precedes the name of a user.
const USERS: [&str; 4] = ["user", "username", "account", "用户"];

/// A text without the word at its end.
fn strip_word<'t>(text: &'t [u8], word: &str) -> Option<&'t [u8]> {
    let (rest, last) = text.split_at_checked(text.len().checked_sub(word.len())?)?;
    let is_whole = !word.is_ascii() || !rest.last().copied().is_some_and(is_name_byte);
    (is_whole && last.eq_ignore_ascii_case(word.as_bytes())).then_some(rest)
}

/// How many numbers of a list may be before one.
const LISTED_MAX: usize = 8;
/// How many digits they have: as many as a code.
const LISTED_DIGITS: usize = 6;
/// What is between two of them.
const JOINTS: [&str; 8] = [",", "|", "、", "，", " and", " or", "和", "或"];

/// The text before the list that a number goes on: `codes 871300, 871308 and `.
fn before_list(before: &[u8]) -> Option<&[u8]> {
    let mut list = None;
    let mut text = before;
    for _ in 0..LISTED_MAX {
        let joined = text.trim_ascii_end();
        let joint = JOINTS.iter().find_map(|joint| joined.strip_suffix(joint.as_bytes()));
        let Some((rest, number)) = joint.and_then(|text| text.split_last_chunk()) else { break };
        let is_whole = !rest.last().copied().is_some_and(is_name_byte);
        let number: &[u8; LISTED_DIGITS] = number;
        if !is_whole || !number.iter().all(u8::is_ascii_digit) {
            break;
        }
        (list, text) = (Some(rest), rest);
    }
    list
}

/// What a word with these roles says; for `product code`, what the two words say together.
fn role(before: &[u8], word: &Range<usize>, roles: Roles) -> Option<Role> {
    let name = &before[word.clone()];
    let enumerator = || is_error_enumerator(name).then_some(Role::Code);
    let role = names::role_of(name, roles).or_else(enumerator)?;
    if role == Role::Outcome && roles.has(Role::Copula) {
        // `getDuration() returns 871300`, but `enterChatRoom returned 871300`
        let is_thing = calls::returns_thing(before[..word.start].trim_ascii_end());
        return Some(if is_thing { Role::Other } else { role });
    }
    if is_symbol(before, word) || is_state_of_thing(before, word) {
        return None;
    }
    if role == Role::Code
        && let Some(text) = before[..word.start].strip_suffix(b" ")
    {
        let first = &text[word_start(text)..];
        let singular = name.strip_suffix(b"s").unwrap_or(name);
        let is_other =
            || names::names_other_code(first, singular) && !calls::is_of_chat_room(first);
        if !first.is_empty() && is_other() {
            return Some(Role::Other);
        }
    }
    Some(role)
}

/// `the price was 871301`, but `it was 871300`, `the code was 871300`, and `but was:<871300>`; nor
/// after the word for an error, as in `failed, the number was 871300`.
fn is_state_of_thing(before: &[u8], word: &Range<usize>) -> bool {
    let is_thing = |text: &[u8]| {
        let name = &text[word_start(text)..];
        Subject::at_end(text) == Subject::Thing
            && !name.iter().any(u8::is_ascii_digit)
            && !NO_THINGS.iter().any(|word| name.eq_ignore_ascii_case(word.as_bytes()))
            && !names::says_error(text)
    };
    before[word.clone()].eq_ignore_ascii_case(b"was")
        && before[..word.start].strip_suffix(b" ").is_some_and(is_thing)
}

/// What comes before `was` and is an outcome, or no thing.
const NO_THINGS: [&str; 46] = [
    "actual", "actually", "again", "all", "also", "always", "another", "answer", "attempt",
    "before", "bug", "cause", "final", "first", "issue", "it", "just", "last", "latest", "mine",
    "nothing", "now", "one", "only", "originally", "other", "outcome", "output", "previous",
    "previously", "problem", "reason", "reply", "rest", "retry", "second", "still", "that",
    "there", "third", "this", "try", "usually", "what", "which", "who",
];

/// Whether a name is that of one code among others, by the name of their type:
/// `ErrorCode.NOT_LOGIN`, and `kJMSGErrorSDKNotLogin` of the SDK for iOS.
fn is_error_enumerator(name: &[u8]) -> bool {
    let is_type = |name: &[u8]| {
        name.first().is_some_and(u8::is_ascii_uppercase)
            && names::key_role(name) == Some(Role::Code)
    };
    let is_constant = |name: &[u8]| {
        name.iter().any(u8::is_ascii_uppercase) && !name.iter().any(u8::is_ascii_lowercase)
    };
    let is_member = |dot: usize| is_constant(&name[dot + 1..]) && is_type(&name[..dot]);
    name.starts_with(b"kJMSGError") || memchr::memrchr(b'.', name).is_some_and(is_member)
}

/// `'onError' 871300`, `src/errorCode 871300`: a name in quotes, or in a path, without a sign that
/// gives it a value.
fn is_symbol(before: &[u8], word: &Range<usize>) -> bool {
    let (first, separator) = (before[..word.start].last(), &before[word.end..]);
    let joins = |byte: &u8| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'`');
    let is_quoted = || {
        let quote = separator.first().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
        quote.is_some() && quote == first
    };
    let is_path = || matches!(first, Some(b'/' | b'\\'));
    separator.iter().all(joins) && !separator.is_empty() && (is_quoted() || is_path())
}

/// Where the text before the separator ends, and the kind of the separator.
///
/// A row of signs, `-----`, joins as `=` does.
fn separator(before: &[u8]) -> (usize, Separator) {
    let (mut end, mut separator) = (before.len(), Separator::Glued);
    while let Some(&byte) = before[..end].last() {
        let (length, kind) = match byte {
            b' ' | b'\t' | b'"' | b'\'' | b'`' | b'(' | b'[' | b'{' => (1, Separator::Blank),
            b'=' | b':' | b'<' | b'>' => (1, Separator::Value),
            b'-' | b'*' | b'~' | b'+' if before[..end - 1].last() == Some(&byte) => (
                before[..end].iter().rev().take_while(|next| **next == byte).count(),
                Separator::Value,
            ),
            b',' | b';' | b'|' | b'-' | b'!' | b'?' | b'*' | b'+' | b'~' | b')' | b']' | b'}' => {
                (1, Separator::Loose)
            }
            b'.' if before[..end].ends_with(b"..") => (1, Separator::Loose),
            0x80.. => match wide_separator(&before[..end]) {
                Some(found) => found,
                None => break,
            },
            _ => break,
        };
        end -= length;
        separator = separator.max(kind);
    }
    (end, separator)
}

/// Chinese punctuation and wide blanks at the end of a text.
fn wide_separator(before: &[u8]) -> Option<(usize, Separator)> {
    const KINDS: [(&str, Separator); 21] = [
        ("：", Separator::Value),
        ("，", Separator::Loose),
        ("（", Separator::Blank),
        ("【", Separator::Blank),
        ("。", Separator::Loose),
        ("“", Separator::Blank),
        ("「", Separator::Blank),
        ("了", Separator::Blank),
        ("＝", Separator::Value),
        ("→", Separator::Value),
        ("、", Separator::Loose),
        ("；", Separator::Loose),
        ("！", Separator::Loose),
        ("…", Separator::Loose),
        ("—", Separator::Loose),
        ("［", Separator::Blank),
        ("〔", Separator::Blank),
        ("『", Separator::Blank),
        ("‘", Separator::Blank),
        ("\u{3000}", Separator::Blank),
        ("\u{feff}", Separator::Blank),
    ];
    const NO_BREAK_SPACE: &[u8] = "\u{a0}".as_bytes();
    const LETTER: &[u8] = "了".as_bytes();
    if subject::ends_in_letter(before) && !before.ends_with(LETTER) {
        return None; // most texts end so
    }
    if before.ends_with(NO_BREAK_SPACE) {
        return Some((NO_BREAK_SPACE.len(), Separator::Blank));
    }
    let last: &[u8; 3] = before.last_chunk()?;
    let found = KINDS.into_iter().find(|(text, _)| text.as_bytes() == last);
    found.map(|(text, kind)| (text.len(), kind))
}

/// Where the identifier at the end of a text begins.
pub(super) fn word_start(text: &[u8]) -> usize {
    let is_part = |byte: &u8| is_name_byte(*byte) || matches!(byte, b'.' | b'-' | b'$');
    let start = text.iter().rposition(|byte| !is_part(byte)).map_or(0, |before| before + 1);
    let word = &text[start..];
    start + word.iter().position(|byte| is_name_byte(*byte)).unwrap_or(word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_found_before_its_separator() {
        use Separator::{Blank, Glued, Loose, Value};
        let cases: [(&str, &str, Option<Role>, Separator); 56] = [
            ("responseCode = ", "responseCode", Some(Role::Code), Value),
            ("{\"code\":", "code", Some(Role::Code), Value),
            ("login failed [", "failed", Some(Role::Failure), Blank),
            ("error code is ", "code", Some(Role::Code), Blank),
            ("failed with ", "failed", Some(Role::Failure), Blank),
            ("code", "code", Some(Role::Code), Glued),
            ("设置失败", "", Some(Role::Failure), Glued),
            ("错误码：", "", Some(Role::Code), Value),
            ("error...", "error.", Some(Role::Code), Loose),
            ("ErrCode-", "ErrCode", Some(Role::Code), Loose),
            ("error.code:", "error.code", Some(Role::Code), Value),
            ("product code: ", "code", Some(Role::Other), Value),
            ("getDuration() returns ", "returns", Some(Role::Other), Blank),
            ("getFuzzMilliseconds(...) returns ", "returns", Some(Role::Other), Blank),
            ("getSize(li4, 2) returned ", "returned", Some(Role::Other), Blank),
            ("getHp(f(), 2) returned ", "returned", Some(Role::Other), Blank),
            ("JMessageClient.login(li4, pw) returned ", "returned", Some(Role::Outcome), Blank),
            ("getBlacklist() returned ", "returned", Some(Role::Outcome), Blank),
            ("createOrder returned ", "returned", Some(Role::Other), Blank),
            ("sendVerify code=", "code", Some(Role::Other), Value),
            ("joinRoom code=", "code", Some(Role::Other), Value),
            ("login failed, the number was ", "was", Some(Role::Outcome), Blank),
            ("li4 was ", "was", Some(Role::Outcome), Blank),
            ("server returned ", "returned", Some(Role::Outcome), Blank),
            ("enterChatRoom returned ", "returned", Some(Role::Outcome), Blank),
            ("the price was ", "was", None, Blank),
            ("the price was: ", "was", None, Value),
            ("expected:<0> was:<", "was", Some(Role::Outcome), Value),
            ("the code was ", "was", Some(Role::Outcome), Blank),
            ("I think it was ", "was", Some(Role::Outcome), Blank),
            ("price 12 but was <", "was", Some(Role::Outcome), Value),
            ("chatRoom code: ", "code", Some(Role::Other), Value),
            ("enterChatRoom code: ", "code", Some(Role::Code), Value),
            ("JMessageClient.leaveChatRoom code=", "code", Some(Role::Code), Value),
            ("zip codes: 100000, ", "100000", None, Loose),
            ("error no. ", "error", Some(Role::Code), Blank),
            ("order no. ", "no.", Some(Role::Other), Blank),
            ("error occurred ", "error", Some(Role::Code), Blank),
            ("user ", "user", Some(Role::Other), Blank),
            ("max-age=", "max-age", Some(Role::Other), Value),
            ("login: ", "login", None, Value),
            ("-----", "", None, Value),
            ("code-----", "code", Some(Role::Code), Value),
            ("code -", "code", Some(Role::Code), Loose),
            ("error codes 871300 and ", "codes", Some(Role::Code), Blank),
            ("error codes: 801003, 871300 or ", "codes", Some(Role::Code), Value),
            ("错误码：801003、", "", Some(Role::Code), Value),
            ("user 801003, ", "801003", None, Loose),
            ("error codes: 8010, ", "8010", None, Loose),
            ("code: 801003, ", "801003", None, Loose),
            ("login failed for user li4: ", "failed", Some(Role::Failure), Value),
            ("注册失败 用户li4：", "", Some(Role::Failure), Value),
            ("login failed for user li4 ", "li4", None, Blank),
            ("login for user li4: ", "li4", None, Value),
            ("ErrorCode.NOT_LOGIN=", "ErrorCode.NOT_LOGIN", Some(Role::Code), Value),
            ("", "", None, Glued),
        ];
        for (before, word, role, separator) in cases {
            let Key { role: found, separator: by, range, roles, .. } =
                Key::at_end(before.as_bytes());
            assert_eq!(roles, lexicon::word(&before.as_bytes()[range.clone()]), "{before:?}");
            assert_eq!((&before[range], found, by), (word, role, separator), "{before:?}");
        }
    }
}
