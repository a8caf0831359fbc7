//! What an app did, by the names of calls and other words before a number.
//!
//! Owns which calls return nothing but an outcome: a number after others is what they return. Knows
//! nothing about rules.

use super::key::word_start;
use super::lexicon::{self, Role};
use super::names;
use super::rules::is_name_byte;

/// What the names of calls begin with that return what they are named after.
const GETTERS: [&[u8]; 6] = [b"get", b"find", b"load", b"has", b"is", b"count"];
/// What the SDK's own getters end with: they return no number.
const OBJECTS: [&[u8]; 3] = [b"Info", b"List", b"Members"];
/// What the names of callbacks end with that begin with `on` and are about outcomes.
const OUTCOMES: [&[u8]; 6] = [b"Result", b"Error", b"Fail", b"Failed", b"Complete", b"Response"];

/// Whether a call with this name returns nothing but an outcome, as `createGroup` and
/// `getUserInfo`; but `getHp`, `onCreate`.
pub(super) fn returns_nothing(name: &[u8]) -> bool {
    let ends = |ends: &[&[u8]]| ends.iter().any(|end| name.ends_with(end));
    let begins = |begin: &&[u8]| {
        let rest = name.strip_prefix(*begin);
        rest.is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_uppercase))
    };
    match () {
        () if GETTERS.iter().any(begins) => ends(&OBJECTS),
        () if begins(&&b"on"[..]) => ends(&OUTCOMES),
        () => true,
    }
}

/// Whether what a text ends with returns what it is named after: `getDuration(...)`, `session`.
/// Also if the arguments hide its name.
pub(super) fn returns_thing(text: &[u8]) -> bool {
    let text = without_arguments(text);
    let name = &text[word_start(text)..];
    let is_thing = names::key_role(name) == Some(Role::Other);
    text.ends_with(b")") || (is_thing && name != b"server" && !is_of_chat_room(name))
}

/// A text without the arguments of a call at its end: `getDuration(...)`, `getDuration(1, 2)`.
fn without_arguments(text: &[u8]) -> &[u8] {
    let call = text.strip_suffix(b")").and_then(|text| {
        let last = end(text);
        let open = memchr::memrchr2(b'(', b')', last).filter(|at| last[*at] == b'(')?;
        Some(&text[..text.len() - last.len() + open])
    });
    call.unwrap_or(text)
}

/// The SDK's calls about chat rooms, with their class or without: their code is no code of a room,
/// as that of `joinRoom` may be.
pub(super) fn is_of_chat_room(name: &[u8]) -> bool {
    let last = name.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    matches!(last, b"enterChatRoom" | b"leaveChatRoom")
}

/// What is tried once more.
const AGAIN: [&str; 5] = ["again", "attempt", "retried", "retry", "try"];
const AGAIN_ZH: [&str; 2] = ["再次", "重试"];

/// Whether the end of a text says what an app did, `kick li4 out of g20`, `2nd try`, `拉黑回去`, and
/// does not only name a thing, as `current stop` does.
pub(super) fn says_deed(text: &[u8]) -> bool {
    let text = end(text);
    let is_call_in_chinese = |end: usize| {
        let roles = lexicon::ending(&text[..end]).map(|(_, roles)| roles);
        roles.is_some_and(|roles| roles.has(Role::Call) || roles.has(Role::Method))
            || AGAIN_ZH.iter().any(|word| text[..end].ends_with(word.as_bytes()))
    };
    let ends_char = |end: &usize| {
        text[end - 1] >= 0x80 && text.get(*end).is_none_or(|next| *next < 0x80 || *next >= 0xc0)
    };
    let begins_clause = |word: &[u8]| {
        let start = word.as_ptr().addr() - text.as_ptr().addr();
        !text[..start].trim_ascii_end().last().is_some_and(|byte| is_name_byte(*byte))
    };
    let is_deed = |word: &[u8]| {
        is_plain_call(word)
            || AGAIN.iter().any(|again| word.eq_ignore_ascii_case(again.as_bytes()))
            || (lexicon::word(word).has(Role::Method) && begins_clause(word))
    };
    let does = words(text).any(is_deed);
    does || (1..=text.len()).filter(ends_char).any(is_call_in_chinese)
}

/// Whether the end of a text names a call that returns nothing but an outcome.
pub(super) fn names_call(text: &[u8]) -> bool {
    words(end(text)).any(is_plain_call)
}

fn is_plain_call(word: &[u8]) -> bool {
    names::is_call(word, lexicon::word(word)) && returns_nothing(word)
}

/// How much of a text is looked at, in bytes.
const BYTES_MAX: usize = 64;

fn end(text: &[u8]) -> &[u8] {
    &text[text.len().saturating_sub(BYTES_MAX)..]
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| !is_name_byte(*byte)).filter(|word| !word.is_empty())
}
