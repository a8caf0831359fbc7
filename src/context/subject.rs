//! What a word for an outcome or a code is of: `login status` and `发送结果` are of a call,
//! `order status`, `查询结果`, and `dept code` of a thing, whose value may be any number.
//!
//! Owns where this subject is: in the name, or right before it. Knows nothing about rules.

use std::ops::Range;

use super::key::word_start;
use super::lexicon::{self, Role};
use super::names;

/// What a word is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// Nothing that is named.
    None,
    /// A call, the SDK, or an error.
    Call,
    /// Anything else.
    Thing,
}

/// How far before a Chinese word for an outcome its call may be, in characters: `发送消息结果`.
const CALL_CHARS_MAX: usize = 4;
/// The longest name that says nothing, in bytes: `m`, `im`.
const NOTHING_BYTES_MAX: usize = 2;
/// How many digits a name has at least that is an id, and no word: `u1002`.
const ID_DIGITS_MIN: usize = 4;
/// Words that join a word to what comes before it, and name nothing.
const JOINING: [&str; 6] = ["and", "but", "for", "from", "then", "via"];

impl Subject {
    /// The subject of a key in the text before a number.
    pub(super) fn of_key(before: &[u8], key: &Range<usize>) -> Subject {
        let text = &before[..key.end];
        if key.is_empty() {
            let word = lexicon::ending(text).map_or(0, |(length, _)| length);
            return Subject::at_end(&text[..text.len() - word]);
        }
        match names::qualifier(&before[key.clone()]) {
            None => return Subject::None,
            Some([]) => {}
            Some(name) => return Subject::of_name(name),
        }
        let rest = &before[..key.start];
        let blanks = rest.iter().rev().take_while(|byte| **byte == b' ').count();
        Subject::at_end(&rest[..rest.len() - blanks])
    }

    /// The subject that a text ends with.
    pub(super) fn at_end(text: &[u8]) -> Subject {
        let text = text.strip_suffix("的".as_bytes()).unwrap_or(text);
        match text.last() {
            Some(0x80..) => Subject::of_wide(text),
            Some(_) => {
                let (before, name) = text.split_at(word_start(text));
                match Subject::of_name(name) {
                    Subject::Thing if before.ends_with(b"=") => Subject::None, // `net=wifi status`
                    subject => subject,
                }
            }
            None => Subject::None,
        }
    }

    fn of_name(name: &[u8]) -> Subject {
        let name = name.rsplit(|byte| *byte == b'.').next().unwrap_or(name);
        let joins = |word: &&str| name.eq_ignore_ascii_case(word.as_bytes());
        let digits = || name.iter().filter(|byte| byte.is_ascii_digit()).count();
        let says_nothing = name.len() <= NOTHING_BYTES_MAX
            || name[0].is_ascii_digit()
            || digits() >= ID_DIGITS_MIN
            || JOINING.iter().any(joins);
        let roles = lexicon::word(name);
        let is_call = || {
            const ROLES: [Role; 3] = [Role::Filler, Role::Got, Role::Compound];
            let role = names::role_of(name, roles);
            ROLES.into_iter().any(|role| roles.has(role))
                || matches!(role, Some(Role::Code | Role::Failure | Role::Outcome))
                || (roles.has(Role::Method) && role != Some(Role::Other))
                || names::is_call(name, roles)
                || lexicon::holds(name, Role::Sdk)
        };
        match () {
            () if says_nothing => Subject::None,
            () if is_call() => Subject::Call,
            () => Subject::Thing,
        }
    }

    fn of_wide(text: &[u8]) -> Subject {
        let is_call = |text: &[u8]| {
            let roles = lexicon::ending(text).map(|(_, roles)| roles);
            roles.is_some_and(|roles| {
                roles.has(Role::Call)
                    || roles.has(Role::Method)
                    || matches!(roles.key(), Some(Role::Code | Role::Failure | Role::Outcome))
            })
        };
        let mut rest = text;
        for _ in 0..=CALL_CHARS_MAX {
            if !ends_in_letter(rest) {
                break;
            }
            if is_call(rest) || lexicon::holds(&rest[rest.len() - 3..], Role::Sdk) {
                return Subject::Call;
            }
            rest = &rest[..rest.len() - 3];
        }
        if ends_in_letter(text) { Subject::Thing } else { Subject::None }
    }
}

/// Whether a text ends in a Chinese letter, which has three bytes, and not in a sign.
pub(super) fn ends_in_letter(text: &[u8]) -> bool {
    text.last_chunk().is_some_and(|[first, _, _]: &[u8; 3]| (0xe4..=0xe9).contains(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_told_from_a_thing() {
        use Subject::{Call, None, Thing};
        for (before, name, want) in [
            ("status", "status", None),
            ("[main] status", "status", None),
            ("Konto: status", "status", None),
            ("mStatus", "mStatus", None),
            ("then status", "status", None),
            ("Via status", "status", None),
            ("1702 status", "status", None),
            ("35ms status", "status", None),
            ("u1002 status", "status", None),
            ("h264 status", "status", Thing),
            ("net=wifi status", "status", None),
            ("do=login status", "status", Call),
            ("net= wifi status", "status", Thing),
            ("login status", "status", Call),
            ("e.getCode", "e.getCode", Call),
            ("loginStatus", "loginStatus", Call),
            ("send_msg_result", "send_msg_result", Call),
            ("got result status", "status", Call),
            ("JMessage status", "status", Call),
            ("order status", "status", Thing),
            ("net_status", "net_status", Thing),
            ("deptcode", "deptcode", Thing),
            ("errorcode", "errorcode", Call),
            ("user exist--code", "exist--code", None),
            ("onItemClick status", "status", Thing),
            ("onHandle status", "status", Call),
            ("doWork status", "status", Call),
            ("process status", "status", Thing),
            ("订单status", "status", Thing),
            ("结果", "", None),
            ("，结果", "", None),
            ("登录结果", "", Call),
            ("登录的结果", "", Call),
            ("发送消息结果", "", Call),
            ("login结果", "", Call),
            ("查询结果", "", Thing),
            ("订单状态", "", Thing),
        ] {
            let key = before.len() - name.len()..before.len();
            assert_eq!(Subject::of_key(before.as_bytes(), &key), want, "{before}");
        }
    }
}
