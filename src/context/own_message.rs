//! The entry's own message as evidence: the strongest there is, in both languages.

use super::sight::Sight;
use super::words;
use crate::catalog::Lookup;

/// How many separators may stand between a number and its message, in bytes.
const SEPARATORS_MAX: usize = 48;
/// The shortest message that is evidence without standing directly beside the number, in bytes.
const FAR_BYTES_MIN: usize = 12;
/// The shortest common beginning that is evidence, in bytes: `Network`, `Push register`.
const ALIKE_BYTES_MIN: usize = 7;
/// The shortest word of a constant's name that is evidence, in bytes: `NAME`.
const NAME_BYTES_MIN: usize = 4;
/// The shortest beginning of a message with a placeholder that is evidence, in bytes.
const LITERAL_BYTES_MIN: usize = 8;

/// Whether the number's own message stands directly beside it or behind a few separators.
#[must_use]
pub fn is_beside(sight: &Sight<'_>) -> bool {
    let Lookup::Listed(entry) = &sight.known else { return false };
    let left = &sight.left[..sight.left.len() - trailing_separators(&sight.left)];
    let rights = [&sight.right[skip_separators(&sight.right)..], behind_separators(&sight.right)];
    let message = entry.message.map(literal).filter(|text| !text.is_empty());
    let zh = first_clause(entry.meaning.zh).as_bytes();
    message.is_some_and(|text| {
        rights.iter().any(|right| words::starts_with(right, text)) || ends_with(left, text)
    }) || rights.iter().any(|right| right.starts_with(zh))
        || left.ends_with(zh)
}

/// Whether the number's own message stands anywhere in the line's message.
#[must_use]
pub fn is_in(sight: &Sight<'_>) -> bool {
    let Lookup::Listed(entry) = &sight.known else { return false };
    let far = |text: &&[u8]| text.len() >= FAR_BYTES_MIN && text.contains(&b' ');
    let message = entry.message.map(literal).filter(far);
    message.is_some_and(|text| words::contains(sight.vicinity(), text))
}

/// Whether the text behind the number begins as its own message does, in whole words: another
/// release of the SDK may word the end of it differently.
#[must_use]
pub fn begins_alike(sight: &Sight<'_>) -> bool {
    let Lookup::Listed(entry) = &sight.known else { return false };
    let Some(message) = entry.message.map(literal) else { return false };
    let right = behind_separators(&sight.right);
    let same =
        right.iter().zip(message).take_while(|(one, two)| one.eq_ignore_ascii_case(two)).count();
    let ends = |text: &[u8]| text.get(same).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let whole = if ends(right) && ends(message) {
        same
    } else {
        memchr::memrchr(b' ', &right[..same]).unwrap_or(0)
    };
    whole >= ALIKE_BYTES_MIN
}

/// Whether a constant is set to the number whose name ends in a word of its message:
/// `TCP_RESPONSE_TIMEOUT = 871201`. Apps name their constants so, and words such as `timeout` or
/// `username` then announce nothing else.
#[must_use]
pub fn names_constant(sight: &Sight<'_>) -> bool {
    let Lookup::Listed(entry) = &sight.known else { return false };
    let name = sight.word();
    let shouts = name.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_');
    let last = name.rsplit(|byte| *byte == b'_').next().unwrap_or_default();
    let set = sight
        .left_trimmed()
        .strip_suffix(b"=")
        .is_some_and(|left| left.trim_ascii_end().ends_with(name));
    let is_last = |word: &str| word.as_bytes().eq_ignore_ascii_case(last);
    let words = entry.message.unwrap_or("").split(|letter: char| !letter.is_ascii_alphanumeric());
    shouts
        && set
        && last.len() >= NAME_BYTES_MIN
        && name.len() > last.len()
        && words.into_iter().any(is_last)
}

/// The part of a message that is always the same: before its first placeholder, without the full
/// stop at its end.
fn literal(message: &str) -> &[u8] {
    let text = match message.find('%') {
        Some(at) if at < LITERAL_BYTES_MIN => "",
        Some(at) => &message[..at],
        None => message,
    };
    text.trim_end_matches(['.', '!', ' ']).as_bytes()
}

fn first_clause(meaning: &str) -> &str {
    meaning.split(['，', '。', '（']).next().unwrap_or(meaning)
}

/// The text behind the separators, among which may be one name of a message: `, desc = `.
fn behind_separators(right: &[u8]) -> &[u8] {
    let skipped = skip_separators(right);
    let rest = &right[skipped..];
    if let Some(name) = NAMES_ZH.iter().find(|name| rest.starts_with(name.as_bytes())) {
        let behind = &rest[name.len()..];
        let behind = behind.strip_prefix("：".as_bytes()).unwrap_or(behind);
        return &behind[skip_separators(behind)..];
    }
    let name =
        rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    if name > 0 && skip_separators(&rest[name..]) > 0 && is_message_name(&rest[..name]) {
        &rest[name + skip_separators(&rest[name..])..]
    } else {
        rest
    }
}

/// Chinese names of a message: `描述: …`.
const NAMES_ZH: &[&str] = &["描述", "信息", "错误信息", "原因", "消息", "提示", "说明", "内容"];

/// `msg`, `description`, `registerDesc`, `responseMessage`, `s`, `result`.
fn is_message_name(name: &[u8]) -> bool {
    const NAMES: &[&[u8]] = &[
        b"msg", b"message", b"desc", b"description", b"result", b"reason", b"error", b"info",
        b"text", b"detail",
    ];
    let lower = name.to_ascii_lowercase();
    name.len() == 1 || NAMES.iter().any(|known| lower.ends_with(known))
}

fn is_separator(byte: u8) -> bool {
    !byte.is_ascii_alphanumeric() && byte < 0x80 && byte != b'_'
}

fn skip_separators(text: &[u8]) -> usize {
    let mut at = 0;
    while at < SEPARATORS_MAX {
        at += match &text[at.min(text.len())..] {
            [byte, ..] if is_separator(*byte) => 1,
            rest if WIDE_SEPARATORS.iter().any(|wide| rest.starts_with(wide.as_bytes())) => {
                WIDE_SEPARATORS[0].len()
            }
            _ => break,
        };
    }
    at
}

/// Chinese punctuation, three bytes each.
const WIDE_SEPARATORS: [&str; 5] = ["：", "，", "。", "；", "、"];

fn trailing_separators(text: &[u8]) -> usize {
    text.iter().rev().take(SEPARATORS_MAX).take_while(|byte| is_separator(**byte)).count()
}

fn ends_with(text: &[u8], word: &[u8]) -> bool {
    text.len() >= word.len() && text[text.len() - word.len()..].eq_ignore_ascii_case(word)
}
