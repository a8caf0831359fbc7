//! What the name or the text before a number says about it: `responseCode`, `login_status`, `错误码为`.
//!
//! Owns how a name is split into words. What the words mean is in the lexicon.

use super::copula;
use super::lexicon::{Role, Roles, contains, ending, ending_in_any_case, holds, word};

/// How many bytes of a name are looked at, from its end.
pub(super) const NAME_BYTES_MAX: usize = 48;
/// The shortest name whose ending `id` alone makes it the name of an id, in bytes.
const ID_NAME_BYTES_MIN: usize = 4;
/// The shortest name of a code of something else, in bytes: `adcode`.
const OTHER_CODE_BYTES_MIN: usize = 6;

/// What an English name says about the number after it; `None` if it is neutral.
///
/// The name is an identifier, whose words are separated by case (`responseCode`) or separators
/// (`error_code`).
#[must_use]
pub(super) fn key_role(name: &[u8]) -> Option<Role> {
    role_with(name, None)
}

/// The same for a name that has these roles as a word.
pub(super) fn role_of(name: &[u8], roles: Roles) -> Option<Role> {
    role_with(name, Some(roles))
}

fn role_with(name: &[u8], roles: Option<Roles>) -> Option<Role> {
    let length = name.len();
    let dots = name.iter().rev().take_while(|byte| **byte == b'.').count(); // `error...871300`
    let name = &name[..name.len() - dots];
    let name = &name[name.len().saturating_sub(NAME_BYTES_MAX)..];
    let kinds = name.iter().fold(0, |kinds, byte| kinds | kind(*byte));
    if kinds | LOWER == LOWER {
        // Most are.
        let roles = roles.filter(|_| name.len() == length).unwrap_or_else(|| word(name));
        return Name { kinds, lower: name, plain: name, last: name }.role(roles);
    }
    if kinds & (LOWER | UPPER) == 0 {
        return None; // no word is without a letter
    }
    let (mut lower, mut plain) = ([0; NAME_BYTES_MAX], [0; NAME_BYTES_MAX]);
    let lower = &mut lower[..name.len()];
    for (lower, byte) in lower.iter_mut().zip(name) {
        *lower = byte.to_ascii_lowercase();
    }
    let last = last_word(name, lower);
    let plain = match kinds & SEPARATOR {
        0 => &*lower,
        _ => without_separators(lower, &mut plain),
    };
    let name = Name { kinds, lower, plain, last };
    let last_roles = word(last);
    // The same word without its separators is the same if it has none.
    let plain_roles = roles.filter(|_| plain.len() == length);
    name.role_as(last_roles, || plain_roles.unwrap_or_else(|| word(plain)))
}

/// A name and what it is made of, in lower case.
struct Name<'n> {
    /// Which kinds of bytes it has.
    kinds: u8,
    /// All of it.
    lower: &'n [u8],
    /// Without separators.
    plain: &'n [u8],
    /// Its last word.
    last: &'n [u8],
}

impl Name<'_> {
    /// What it says if it is one word with these roles.
    fn role(&self, roles: Roles) -> Option<Role> {
        self.role_as(roles, || roles)
    }

    /// What it says if its last word and all of it without separators have these roles.
    fn role_as(&self, last_roles: Roles, plain_roles: impl Fn() -> Roles) -> Option<Role> {
        let Name { kinds, lower, plain, last } = *self;
        let at_end = ending(plain);
        let roles = match last.len() == plain.len() {
            true => last_roles,
            false => last_roles.or(plain_roles()),
        };
        match at_end.map(|(length, roles)| (length, roles.key())) {
            Some((length, Some(Role::Other))) if length >= OTHER_CODE_BYTES_MIN => {
                return Some(Role::Other);
            }
            Some((length, Some(Role::Code))) if lower.ends_with(&plain[plain.len() - length..]) => {
                return Some(Role::Code);
            }
            _ => {}
        }
        // Only a constant says in its other words what it is the code of.
        let is_constant = kinds & LOWER == 0;
        let is_one_word = last.len() == lower.len();
        let is_compound = |roles: Roles| roles.has(Role::Compound);
        let words = || lower.split(|byte| is_name_separator(*byte)).map(word);
        let begins_compound = || match is_one_word {
            true => is_constant && is_compound(last_roles),
            false => is_constant && words().next().is_some_and(is_compound),
        };
        let has_compound = || match is_one_word {
            true => begins_compound(),
            false => is_constant && words().any(is_compound),
        };
        let names_id = plain.len() >= ID_NAME_BYTES_MIN
            && at_end.is_some_and(|(_, roles)| roles.has(Role::Other));
        match () {
            () if roles.has(Role::Code) && lower.last() == plain.last() => Some(Role::Code),
            () if roles.has(Role::Failure) => Some(Role::Failure),
            () if roles.has(Role::Outcome) => Some(Role::Outcome),
            () if begins_compound() && !last_roles.has(Role::Measure) => Some(Role::Code),
            () if roles.has(Role::Other) || names_id => Some(Role::Other),
            () if has_compound() => Some(Role::Code),
            () => None,
        }
    }
}

/// How many times a marker repeats its letter.
const MARKER_BYTES_MIN: usize = 3;

/// `iiiii`: the name of a callback's first argument, repeated so that it is seen.
#[must_use]
pub(super) fn is_marker(name: &[u8]) -> bool {
    name.len() >= MARKER_BYTES_MIN && name.iter().all(|byte| *byte == b'i')
}

/// Whether a name that has these roles as a word is that of a call: `login`, `sendTextMessage`,
/// `on_result`.
pub(super) fn is_call(name: &[u8], roles: Roles) -> bool {
    let goes_on = |byte: &u8| byte.is_ascii_lowercase();
    let first = match name.first().is_some_and(u8::is_ascii_lowercase) {
        true => name.iter().take_while(|byte| goes_on(byte)).count(),
        false => name.len(),
    };
    let is_of_thing = |name: &[u8]| {
        role_of(name, roles) == Some(Role::Other) && !word(&name[2..]).has(Role::Method)
    };
    if name.starts_with(b"on") && is_of_thing(name) {
        return false; // `onItemClick`, but not `onHandle`
    }
    if name.starts_with(b"got") {
        return true; // `gotroomUsers`: the SDK's callbacks are named so, and others after them
    }
    let roles = if first == name.len() { roles } else { word(&name[..first]) };
    roles.has(Role::Call) || (first < name.len() && roles.has(Role::Method))
}

/// `enterChatRoom`: a name in camel case, like a method's.
pub(super) fn is_camel_case(name: &[u8]) -> bool {
    name.first().is_some_and(u8::is_ascii_lowercase) && name.iter().any(u8::is_ascii_uppercase)
}

/// Whether a text ends in a word that comes before an outcome and before anything else: `为`, `收到`.
pub(super) fn is_vague(text: &[u8]) -> bool {
    ending(text).is_some_and(|(_, roles)| roles.has(Role::Copula) || roles.has(Role::Vague))
}

/// Whether two words together name a code of something else: `product code`.
pub(super) fn names_other_code(first: &[u8], second: &[u8]) -> bool {
    let mut name = [0; NAME_BYTES_MAX];
    let second = &second[second.len().saturating_sub(NAME_BYTES_MAX)..];
    let first = &first[first.len().saturating_sub(NAME_BYTES_MAX - second.len())..];
    name[..first.len()].copy_from_slice(first);
    name[first.len()..][..second.len()].copy_from_slice(second);
    let found = ending_in_any_case(&name[..first.len() + second.len()]);
    found.is_some_and(|(length, roles)| length >= OTHER_CODE_BYTES_MIN && roles.has(Role::Other))
}

/// The kinds of bytes in a name, as bits.
const LOWER: u8 = 1;
const UPPER: u8 = 1 << 1;
const DIGIT: u8 = 1 << 2;
const SEPARATOR: u8 = 1 << 3;
const OTHER: u8 = 1 << 4;

fn kind(byte: u8) -> u8 {
    const KINDS: [u8; 256] = {
        let (mut kinds, mut byte) = ([OTHER; 256], 0);
        while byte < kinds.len() {
            match byte as u8 {
                b'a'..=b'z' => kinds[byte] = LOWER,
                b'A'..=b'Z' => kinds[byte] = UPPER,
                b'0'..=b'9' => kinds[byte] = DIGIT,
                b'_' | b'-' | b'.' => kinds[byte] = SEPARATOR,
                _ => {}
            }
            byte += 1;
        }
        kinds
    };
    KINDS[usize::from(byte)]
}

fn is_name_separator(byte: u8) -> bool {
    kind(byte) == SEPARATOR
}

fn without_separators<'s>(lower: &[u8], space: &'s mut [u8; NAME_BYTES_MAX]) -> &'s [u8] {
    let mut length = 0;
    for byte in lower.iter().copied().filter(|byte| !is_name_separator(*byte)) {
        space[length] = byte;
        length += 1;
    }
    &space[..length]
}

/// The last word of a name in camel case or with separators, in lower case, without the digits at
/// its end.
fn last_word<'n>(name: &[u8], lower: &'n [u8]) -> &'n [u8] {
    let word = &lower[last_word_start(name)..];
    let digits = word.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    &word[..word.len() - digits]
}

/// What a name has before its last word, or before `code` at its end; empty if there is nothing,
/// and `None` after a row of separators, which separates two texts: `exist--code`.
pub(super) fn qualifier(name: &[u8]) -> Option<&[u8]> {
    let end = if is_code(name) { name.len() - CODE.len() } else { last_word_start(name) };
    let separators = name[..end].iter().rev().take_while(|byte| is_name_separator(**byte)).count();
    (separators < 2).then(|| &name[..end - separators])
}

const CODE: &[u8] = b"code";

/// Whether a name ends in the word `code`.
pub(super) fn is_code(name: &[u8]) -> bool {
    let start = name.len().checked_sub(CODE.len());
    start.is_some_and(|start| name[start..].eq_ignore_ascii_case(CODE))
}

/// Whether a name or a text ends in an outcome that also things have: `order_status`, `查询结果`.
pub(super) fn is_state(text: &[u8]) -> bool {
    match text.last() {
        Some(0x80..) => ending(text).is_some_and(|(_, roles)| roles.has(Role::State)),
        _ => word(&text[last_word_start(text)..]).has(Role::State),
    }
}

/// Where the last word of a name begins.
pub(super) fn last_word_start(name: &[u8]) -> usize {
    let begins = |at: usize| {
        let (before, byte) = (kind(name[at - 1]), kind(name[at]));
        if before | byte == LOWER {
            return false; // most are
        }
        let ends_acronym =
            || before == UPPER && name.get(at + 1).is_some_and(|after| kind(*after) == LOWER);
        before == SEPARATOR
            || name[at - 1] == b'$'
            || (byte == UPPER && (before == LOWER || ends_acronym()))
            || (byte & (LOWER | UPPER) != 0 && before == DIGIT)
    };
    (1..name.len()).rev().find(|at| begins(*at)).unwrap_or(0)
}

/// What the end of a text without a name says about the number after it: `登录错误码`, and through a
/// copula `错误码为`, `code是`.
#[must_use]
pub(super) fn text_role(text: &[u8]) -> Option<Role> {
    let (length, roles) = ending(text)?;
    let (named, copula) = text.split_at(text.len() - length);
    match roles.has(Role::Copula) {
        true => copula::role(named, copula, roles.key()),
        false => roles.key(),
    }
}

/// Whether a text says anywhere that there was an error.
pub(super) fn says_error(text: &[u8]) -> bool {
    holds(text, Role::ErrorText)
        || ["error", "fail", "错"].iter().any(|word| contains(text, word.as_bytes()))
}

/// How far into a Chinese text the words of an error are looked for, in bytes: five characters.
const ERROR_TEXT_ZH_BYTES: usize = 15;

/// Whether a text begins like the text of an error: `not login`, `尚未登录`, `登录失败`; `roles` are those
/// of an English word.
#[must_use]
pub(super) fn is_error_text(text: &[u8], roles: impl FnOnce(&[u8]) -> Roles) -> bool {
    let length = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    if length > 0 {
        return roles(&text[..length]).has(Role::ErrorText);
    }
    // `张三,0,失败`: a cell ends there.
    let ends_cell = |two: &[u8]| matches!(two, [b',' | b';' | b'|' | b'\t', 0..0x80]);
    let length = text.len().min(ERROR_TEXT_ZH_BYTES);
    let length = text[..length].windows(2).position(ends_cell).unwrap_or(length);
    let start = &text[..length];
    start.first().is_some_and(|byte| *byte >= 0xe3) && holds(start, Role::ErrorText)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_follows_them() {
        let cases = [
            ("responseCode", Some(Role::Code)),
            ("error_code", Some(Role::Code)),
            ("ERRCODE", Some(Role::Code)),
            ("lastErrno", Some(Role::Code)),
            ("is_my_lasterrno", Some(Role::Code)),
            ("onError", Some(Role::Code)),
            ("code_", None),
            ("status", Some(Role::Outcome)),
            ("gotResult", Some(Role::Code)),
            ("mCode", Some(Role::Code)),
            ("imCode", Some(Role::Code)),
            ("versionCode", Some(Role::Other)),
            ("request_code", Some(Role::Other)),
            ("HASHCODE", Some(Role::Other)),
            ("loginFailed", Some(Role::Failure)),
            ("ERROR_NO_SUCH_USER", Some(Role::Code)),
            ("IM_ERR_NO_NETWORK", Some(Role::Code)),
            ("error_count", Some(Role::Other)),
            ("error_room", Some(Role::Other)),
            ("error_coin", None),
            ("error_no", Some(Role::Code)),
            ("error_type", Some(Role::Code)),
            ("error.rs", None),
            ("IMException", Some(Role::Failure)),
            ("groupId", Some(Role::Other)),
            ("windowid", Some(Role::Other)),
            ("isvalid", None),
            ("aid", None),
            ("total_size", Some(Role::Other)),
            ("uid2", Some(Role::Other)),
            ("enterChatRoomNow", None),
            ("register", None),
            ("", None),
        ];
        for (name, want) in cases {
            assert_eq!(key_role(name.as_bytes()), want, "{name}");
        }
    }

    #[test]
    fn the_last_word_begins_after_a_separator_or_a_change_of_case() {
        for (name, want) in [
            ("ERROR", "ERROR"),
            ("error", "error"),
            ("Error", "Error"),
            ("onError", "Error"),
            ("HTTPError", "Error"),
            ("getURL", "URL"),
            ("getURLs", "Ls"),
            ("ERROR_NO", "NO"),
            ("error-no", "no"),
            ("error.no", "no"),
            ("this$no", "no"),
            ("error2no", "no"),
            ("error22", "error22"),
            ("aB", "B"),
            ("", ""),
        ] {
            assert_eq!(&name[last_word_start(name.as_bytes())..], want, "{name}");
        }
    }

    #[test]
    fn chinese_texts_say_what_follows_them() {
        let cases = [
            ("登录错误码", Some(Role::Code)),
            ("设置失败", Some(Role::Failure)),
            ("会报", Some(Role::Outcome)),
            ("短信验证码", Some(Role::Other)),
            ("短信验证码是", Some(Role::Other)),
            ("错误码为", Some(Role::Code)),
            ("errorCode是", Some(Role::Code)),
            ("versionCode是", Some(Role::Other)),
            ("得到的是", Some(Role::Outcome)),
            ("耗时", Some(Role::Other)),
            ("你好", None),
        ];
        for (text, want) in cases {
            assert_eq!(text_role(text.as_bytes()), want, "{text}");
        }
    }
}
