//! Evidence against: what the bytes beside a number, its place in the line and its neighbors say.

use super::super::sight::Sight;
use super::super::words::{self, Role};
use super::{Say, is_number, leading_name, refuse, trailing_name};
use crate::context::own_message;

/// Time fractions, process numbers and user ids of six digits stand there in every format.
pub(super) fn in_header(sight: &Sight<'_>) -> Option<Say> {
    refuse(sight.place.is_none())
}

/// `ESC[38;871301m`: an explanation there would break the terminal.
pub(super) fn in_escape(sight: &Sight<'_>) -> Option<Say> {
    let before = &sight.message[..sight.place.as_ref().map_or(0, |place| place.start)];
    let parameters = before
        .iter()
        .rev()
        .take(ESCAPE_BYTES_MAX)
        .take_while(|byte| (b'0'..=b'?').contains(byte))
        .count();
    refuse(before[..before.len() - parameters].ends_with(b"\x1b["))
}

/// How far back the beginning of an escape sequence is looked for, in bytes; a color takes at most
/// 17.
const ESCAPE_BYTES_MAX: usize = 24;

/// `0.871301`, `10:02:03,871301`, `871301.5`, `871301E-5`; but a full stop ends the code's own
/// message (`in.871300`), and dots introduce (`...871300`).
pub(super) fn is_decimal(sight: &Sight<'_>) -> Option<Say> {
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let (left, right) = (&sight.left, &sight.right);
    let before = match left.as_ref() {
        [rest @ .., b'.'] => {
            digit(rest.last())
                || rest.is_empty()
                || rest.last().is_some_and(|byte| b" \t=:([-,".contains(byte))
        }
        [rest @ .., b','] => is_clock(rest),
        _ => false,
    };
    let behind = match right.as_ref() {
        [b'.', next, ..] => next.is_ascii_alphanumeric(),
        [b',', rest @ ..] => is_grouped(rest),
        _ => false,
    };
    refuse(before || behind)
}

/// `10:02:03`, before the comma of its fraction.
fn is_clock(text: &[u8]) -> bool {
    matches!(text, [.., b':', a, b, b':', c, d] if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()))
}

/// `,000` behind a number that is no list: thousands.
fn is_grouped(rest: &[u8]) -> bool {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits == 3 && rest.get(3) == Some(&b',')
}

/// Hashes, UUIDs, hexadecimal numbers, generated symbols, `871301KB`, `v871301`.
pub(super) fn is_word_part(sight: &Sight<'_>) -> Option<Say> {
    let part =
        |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let wide = sight.right.starts_with("\u{ff10}".as_bytes().get(..2).unwrap_or_default())
        && is_wide_digit(&sight.right);
    let is_lettered =
        sight.before().is_some_and(|byte| byte.is_ascii_lowercase()) && own_message::is_in(sight);
    let before = part(sight.before()) && !(is_lettered && trailing_name(&sight.left).len() == 1);
    refuse(before || part(sight.behind()) || wide || is_uuid_part(sight))
}

/// A full-width digit, U+FF10 … U+FF19.
fn is_wide_digit(text: &[u8]) -> bool {
    matches!(text, [0xef, 0xbc, 0x90..=0x99, ..])
}

/// `-871301a00f34` is caught by its letter; `437ba7af-…-871301` and `871301-4f9a` by the groups
/// around the hyphen.
fn is_uuid_part(sight: &Sight<'_>) -> bool {
    let hex = |text: &[u8]| {
        text.len() >= 4
            && text.iter().all(u8::is_ascii_hexdigit)
            && text.iter().any(u8::is_ascii_digit)
    };
    let before = sight.left.strip_suffix(b"-").map(trailing_name).is_some_and(hex);
    let behind = sight.right.strip_prefix(b"-").map(leading_name).is_some_and(hex);
    before || behind
}

/// `-871301`, `+871301`, `#871301`, `@871301`, `$871301`, `/871301`, `871301%`, `871301/`.
pub(super) fn beside_symbol(sight: &Sight<'_>) -> Option<Say> {
    let before = match sight.left.as_ref() {
        [.., b'#' | b'@' | b'$' | b'%' | b'^' | b'~' | b'/' | b'\\' | b'&'] => true,
        [rest @ .., sign @ (b'-' | b'+')] => {
            !rest.ends_with(&[*sign]) && !is_key_before_hyphen(sight)
        }
        left => {
            ["￥", "¥", "€", "£", "≈", "第", "№"].iter().any(|sign| left.ends_with(sign.as_bytes()))
        }
    };
    let behind = match sight.right.as_ref() {
        [b'@' | b'#' | b'$' | b'%' | b'^' | b'/' | b'\\' | b'~' | b'=', next, ..] => {
            *next != b'=' && *next != b' '
        }
        [b'@' | b'#' | b'$' | b'%' | b'^' | b'/' | b'~'] => true,
        [b'-' | b'+', next, ..] => next.is_ascii_alphanumeric(),
        right => ["°", "℃", "％"].iter().any(|sign| right.starts_with(sign.as_bytes())),
    };
    let sum = [&b" + "[..], b" * ", b" - 0x"].iter().any(|sign| sight.left.ends_with(sign));
    refuse(before || behind || sum || sight.behind() == Some(b'%'))
}

/// `ErrCode-871300`.
fn is_key_before_hyphen(sight: &Sight<'_>) -> bool {
    matches!(sight.introducer().role, Some(Role::Code | Role::Failure | Role::Outcome))
}

/// `Foo.java:871301`, `sshd[871301]:`, `Addres(871301)`, `12:871301`, `871301:12`,
/// `http://host/871301`.
pub(super) fn is_place(sight: &Sight<'_>) -> Option<Say> {
    let (left, right) = (&sight.left, &sight.right);
    let after_colon = match left.as_ref() {
        [rest @ .., b':'] => is_number(trailing_name(rest)) || is_file(trailing_file(rest)),
        _ => false,
    };
    let before_colon = matches!(right.as_ref(), [b':', next, ..] if next.is_ascii_digit());
    let in_brackets = match (left.as_ref(), sight.behind()) {
        ([rest @ .., b'['], Some(b']')) | ([rest @ .., b'('], Some(b')')) => {
            is_process(sight, rest)
        }
        _ => false,
    };
    refuse(after_colon || before_colon || in_brackets || is_in_link(sight))
}

/// A word glued to a bracket names a process or an object: `sshd[871301]`, `Listener(871301)`; not
/// `error(871301)`.
fn is_process(sight: &Sight<'_>, before_bracket: &[u8]) -> bool {
    let name = trailing_name(before_bracket);
    let glued = !name.is_empty()
        || before_bracket.last().is_some_and(|byte| matches!(byte, b')' | b']' | b'>'));
    glued
        && !matches!(words::role(name), Some(Role::Code | Role::Failure | Role::Outcome))
        && sight.introducer().role != Some(Role::Code)
}

/// A token with `://` or a path before the number.
fn is_in_link(sight: &Sight<'_>) -> bool {
    let token = sight
        .left
        .rsplit(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b','))
        .next();
    token.is_some_and(|token| {
        memchr::memmem::find(token, b"://").is_some()
            && memchr::memchr2(b'?', b'#', token).is_none()
    })
}

/// The endings of names of source and text files.
const FILE_ENDINGS: &[&str] = &[
    "java", "kt", "kts", "js", "jsx", "ts", "tsx", "c", "cc", "cpp", "h", "hpp", "m", "mm",
    "swift", "py", "rb", "go", "rs", "dart", "php", "cs", "scala", "groovy", "gradle", "lua", "pl",
    "sh", "xml", "html", "css", "json", "log", "txt", "sql", "bundle", "map", "vue", "erl", "ex",
    "hs", "cu", "s", "asm", "yml", "yaml", "md", "proto", "aidl",
];

fn is_file(name: &[u8]) -> bool {
    let Some(dot) = memchr::memrchr(b'.', name) else { return false };
    FILE_ENDINGS.iter().any(|ending| name[dot + 1..].eq_ignore_ascii_case(ending.as_bytes()))
}

fn trailing_file(text: &[u8]) -> &[u8] {
    let part =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'$');
    &text[text.len() - text.iter().rev().take_while(|byte| part(byte)).count()..]
}

/// `871301 ms`, `871301 entries`, `871301条`.
pub(super) fn before_unit(sight: &Sight<'_>) -> Option<Say> {
    let right = sight.right.strip_prefix(b" ").unwrap_or(&sight.right);
    let word = leading_name(right);
    let known = UNITS.iter().any(|unit| word.eq_ignore_ascii_case(unit.as_bytes()));
    let spaced = right.len() < sight.right.len();
    let plural = spaced
        && word.len() >= 4
        && word.ends_with(b"s")
        && !word.ends_with(b"ss")
        && word.is_ascii()
        && is_lower(word)
        && !is_verb(word);
    let zh = UNITS_ZH.iter().any(|unit| right.starts_with(unit.as_bytes()));
    refuse((known && !is_own_word(sight, word)) || plural || zh)
}

/// Units, and nouns for what is counted.
const UNITS: &[&str] = &[
    "ms", "us", "ns", "s", "sec", "secs", "second", "min", "mins", "minute", "h", "hr", "hour",
    "day", "b", "byte", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "k", "m", "g", "bit", "bps",
    "kbps", "mbps", "hz", "khz", "mhz", "ghz", "px", "dp", "sp", "pt", "mv", "uv", "ua", "ma",
    "mah", "uah", "v", "w", "mw", "a", "c", "f", "rpm", "fps", "page", "free", "used", "total",
    "op", "entry", "row", "line", "item", "record", "file", "block", "object", "frame", "cluster",
    "more", "times", "left", "remaining", "pid", "tid", "uid", "percent", "pct", "of", "out", "to",
    "microseconds", "node", "kbytes", "mbytes",
];

const UNITS_ZH: &[&str] = &[
    "毫秒", "微秒", "秒", "分钟", "小时", "天", "字节", "条", "个", "次", "行", "人", "位", "元",
    "块", "张", "页", "米", "步", "点", "名", "年", "月", "日", "号", "度", "帧", "像素", "公里",
    "卡", "分", "千",
];

fn is_lower(word: &[u8]) -> bool {
    word.iter().all(u8::is_ascii_lowercase)
}

/// Words with an s at their end that count nothing.
fn is_verb(word: &[u8]) -> bool {
    const VERBS: &[&[u8]] = &[
        b"means", b"this", b"occurs", b"returns", b"happens", b"indicates", b"appears", b"comes",
        b"does", b"always", b"was", b"status",
    ];
    VERBS.contains(&word)
}

/// Whether a word is the first one of the code's own message: no unit then.
fn is_own_word(sight: &Sight<'_>, word: &[u8]) -> bool {
    !word.is_empty()
        && sight
            .known
            .entry()
            .and_then(|entry| entry.message)
            .is_some_and(|message| words::starts_with(message.as_bytes(), word))
}

/// `[1,871301,3]`, `10 871301 20`, `871301  0  0`: columns and lists. A neighbor that is a code too
/// makes no table.
pub(super) fn in_table(sight: &Sight<'_>) -> Option<Say> {
    let before = number_before(&sight.left);
    let behind = number_behind(&sight.right);
    let code = |digits: &[u8]| digits.len() == 6 && digits.starts_with(b"871");
    refuse(before.is_some_and(|digits| !code(digits)) || behind.is_some_and(|digits| !code(digits)))
}

/// The number that stands before, with only a comma, a bar or blanks between.
fn number_before(left: &[u8]) -> Option<&[u8]> {
    let text = left.trim_ascii_end();
    let text = text
        .strip_suffix(b",")
        .or_else(|| text.strip_suffix(b"|"))
        .unwrap_or(text)
        .trim_ascii_end();
    let name = trailing_name(text);
    (is_number(name) && text.len() < left.len()).then_some(name)
}

fn number_behind(right: &[u8]) -> Option<&[u8]> {
    let text = right.trim_ascii_start();
    let text = text
        .strip_prefix(b",")
        .or_else(|| text.strip_prefix(b"|"))
        .unwrap_or(text)
        .trim_ascii_start();
    let name = leading_name(text);
    (is_number(name) && text.len() < right.len()).then_some(name)
}
