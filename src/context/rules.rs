//! The rules: one piece of evidence each, in the order in which they are asked.
//!
//! A rule looks at one number in its line and refuses it, accepts it, or has nothing to say. The first one that decides
//! wins. Each has a reason from the real world; `tests/it/rules.rs` holds for each a line that it lets through and a
//! line that it stops.

use super::header::Format;
use super::sight::{Joint, Sight};
use super::words::{self, Role};
use super::{Known, own_message};

/// One piece of evidence.
#[derive(Debug)]
pub struct Rule {
    /// Its name, shown by `explain --line`.
    pub name: &'static str,
    /// What it has seen, when it decides, in words for a user.
    pub why: &'static str,
    look: fn(&Sight<'_>) -> Option<Say>,
}

/// What a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Say {
    /// The number is something else.
    Refuse,
    /// The number is a code.
    Accept(Grade),
}

/// How good the evidence for a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Enough for a distinctive number such as 871300, and not under `--strict`.
    Likely,
    /// Enough for a distinctive number, also under `--strict`, and for one that is in no list.
    Good,
    /// Enough for any number of the catalog.
    Sure,
}

impl Rule {
    /// What the rule says about a number; `None`: nothing.
    #[must_use]
    pub fn look(&self, sight: &Sight<'_>) -> Option<Say> {
        (self.look)(sight)
    }
}

/// The verdict of no rule, where nothing speaks for the number.
pub static NOTHING_FOR: Rule =
    Rule { name: "nothing-for", why: "nothing around it says that it is an error code", look: |_| None };
/// The verdict of no rule on a code that a catalog calls sure.
pub static NOTHING_AGAINST: Rule =
    Rule { name: "nothing-against", why: "the catalog calls it sure, and nothing speaks against it", look: |_| None };

/// Every rule, in order.
pub static RULES: &[Rule] = &[
    Rule { name: "header", why: "it stands in the columns of the line's header", look: in_header },
    Rule { name: "decimal", why: "it is part of a decimal, a time or a version", look: is_decimal },
    Rule { name: "own-message", why: "its own message stands directly beside it", look: beside_own_message },
    Rule { name: "glued-key", why: "a word for an error is glued to it", look: is_glued_to_key },
    Rule { name: "error-glued", why: "a Chinese word for an error is glued to its end", look: is_before_glued_error },
    Rule { name: "word-part", why: "it is part of a word, a hash or an identifier", look: is_word_part },
    Rule {
        name: "symbol",
        why: "a sign beside it says that it is a sum, a path, a tag or a number with a sign",
        look: beside_symbol,
    },
    Rule { name: "place", why: "it is a line number, a process number or part of a path", look: is_place },
    Rule { name: "unit", why: "a unit or a counted thing stands behind it", look: before_unit },
    Rule { name: "other-key", why: "the word before it announces something else", look: behind_other_key },
    Rule { name: "code-key", why: "a word for an error code announces it", look: behind_code_key },
    Rule { name: "message-in-line", why: "its own message stands in the same line", look: in_line_with_message },
    Rule { name: "message-alike", why: "the text behind it begins as its own message does", look: before_text_alike },
    Rule { name: "table", why: "it stands in a list or table of numbers", look: in_table },
    Rule { name: "failure-key", why: "a word for a failure announces it", look: behind_failure },
    Rule { name: "outcome-key", why: "a word for the outcome of a call announces it", look: behind_outcome },
    Rule { name: "error-behind", why: "a word for an error follows it", look: before_error_word },
    Rule { name: "source", why: "source code compares or returns it", look: in_source },
    Rule {
        name: "sdk-line",
        why: "the line speaks of the SDK, and nothing announces something else",
        look: in_sdk_line,
    },
    Rule { name: "known-tag", why: "the same tag has logged sure codes before", look: behind_known_tag },
    Rule { name: "ends-chinese", why: "a Chinese text of an app's log ends with it", look: ends_chinese },
    Rule { name: "alone", why: "it is the whole message", look: is_alone },
];

fn refuse(when: bool) -> Option<Say> {
    when.then_some(Say::Refuse)
}

fn accept(when: bool, grade: Grade) -> Option<Say> {
    when.then_some(Say::Accept(grade))
}

/// Time fractions, process numbers and user ids of six digits stand there in every format.
fn in_header(sight: &Sight<'_>) -> Option<Say> {
    refuse(sight.place.is_none())
}

/// `0.871301`, `10:02:03,871301`, `871301.5`, `871301E-5`; but a full stop ends the code's own message (`in.871300`), and
/// dots introduce (`...871300`).
fn is_decimal(sight: &Sight<'_>) -> Option<Say> {
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let (left, right) = (&sight.left, &sight.right);
    let before = match left.as_ref() {
        [rest @ .., b'.'] => {
            digit(rest.last()) || rest.is_empty() || rest.last().is_some_and(|byte| b" \t=:([-,".contains(byte))
        }
        [rest @ .., b','] => is_clock(rest),
        _ => false,
    };
    let behind = match right.as_ref() {
        [b'.', next, ..] => next.is_ascii_alphanumeric(),
        [b',', rest @ ..] => is_grouped(left, rest),
        _ => false,
    };
    refuse(before || behind)
}

/// `10:02:03`, before the comma of its fraction.
fn is_clock(text: &[u8]) -> bool {
    matches!(text, [.., b':', a, b, b':', c, d] if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()))
}

/// `,000` behind a number that is no list: thousands.
fn is_grouped(_left: &[u8], rest: &[u8]) -> bool {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits == 3 && rest.get(3) == Some(&b',')
}

/// `871300Have not logged in.`, `Have not logged in.871300`, `871300, 未登录`.
fn beside_own_message(sight: &Sight<'_>) -> Option<Say> {
    accept(own_message::is_beside(sight), Grade::Sure)
}

/// `errorCode871300`, `设置失败871300` is no word part; `sdk_87x_871300` names the SDK's resource for the code.
fn is_glued_to_key(sight: &Sight<'_>) -> Option<Say> {
    let name = trailing_name(&sight.left);
    if name.is_empty() || sight.behind().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return None;
    }
    let stem = name.strip_suffix(b"_").unwrap_or(name);
    if words::contains(name, b"sdk_8") && name.ends_with(b"x_") {
        return Some(Say::Accept(Grade::Good));
    }
    match words::role(stem) {
        Some(Role::Code) => Some(Say::Accept(Grade::Sure)),
        Some(Role::Failure | Role::Outcome) => Some(Say::Accept(Grade::Good)),
        None => accept(words::contains(stem, b"error") || words::contains(stem, b"errcode"), Grade::Good),
        Some(Role::Other) => None,
    }
}

/// `871504错误`.
fn is_before_glued_error(sight: &Sight<'_>) -> Option<Say> {
    let word = |text: &str| sight.right.starts_with(text.as_bytes());
    accept(
        sight.left.last().is_none_or(|byte| !byte.is_ascii_alphanumeric())
            && (word("错误") || word("异常") || word("报错")),
        Grade::Good,
    )
}

/// Hashes, UUIDs, hexadecimal numbers, generated symbols, `871301KB`, `v871301`.
fn is_word_part(sight: &Sight<'_>) -> Option<Say> {
    let part = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let wide =
        sight.right.starts_with("\u{ff10}".as_bytes().get(..2).unwrap_or_default()) && is_wide_digit(&sight.right);
    let is_lettered = sight.before().is_some_and(|byte| byte.is_ascii_lowercase()) && own_message::is_in(sight);
    let before = part(sight.before()) && !(is_lettered && trailing_name(&sight.left).len() == 1);
    refuse(before || part(sight.behind()) || wide || is_uuid_part(sight) || is_in_escape(sight))
}

/// How far back the beginning of an escape sequence is looked for, in bytes; a color takes at most 17.
const ESCAPE_BYTES_MAX: usize = 24;

/// `ESC[38;871301`: a parameter of an escape sequence. An explanation there would break the terminal.
fn is_in_escape(sight: &Sight<'_>) -> bool {
    let before = &sight.message[..sight.place.as_ref().map_or(0, |place| place.start)];
    let parameters = before.iter().rev().take(ESCAPE_BYTES_MAX).take_while(|byte| (b'0'..=b'?').contains(byte)).count();
    before[..before.len() - parameters].ends_with(b"\x1b[")
}

/// A full-width digit, U+FF10 … U+FF19.
fn is_wide_digit(text: &[u8]) -> bool {
    matches!(text, [0xef, 0xbc, 0x90..=0x99, ..])
}

/// `-871301a00f34` is caught by its letter; `437ba7af-…-871301` and `871301-4f9a` by the groups around the hyphen.
fn is_uuid_part(sight: &Sight<'_>) -> bool {
    let hex =
        |text: &[u8]| text.len() >= 4 && text.iter().all(u8::is_ascii_hexdigit) && text.iter().any(u8::is_ascii_digit);
    let before = sight.left.strip_suffix(b"-").map(trailing_name).is_some_and(hex);
    let behind = sight.right.strip_prefix(b"-").map(leading_name).is_some_and(hex);
    before || behind
}

/// `-871301`, `+871301`, `#871301`, `@871301`, `$871301`, `/871301`, `871301%`, `871301/`.
fn beside_symbol(sight: &Sight<'_>) -> Option<Say> {
    let before = match sight.left.as_ref() {
        [.., b'#' | b'@' | b'$' | b'%' | b'^' | b'~' | b'/' | b'\\' | b'&'] => true,
        [rest @ .., sign @ (b'-' | b'+')] => !rest.ends_with(&[*sign]) && !is_key_before_hyphen(sight),
        left => ["￥", "¥", "€", "£", "≈", "第", "№"].iter().any(|sign| left.ends_with(sign.as_bytes())),
    };
    let behind = match sight.right.as_ref() {
        [b'@' | b'#' | b'$' | b'%' | b'^' | b'/' | b'\\' | b'~' | b'=', next, ..] => *next != b'=' && *next != b' ',
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

/// `Foo.java:871301`, `sshd[871301]:`, `Addres(871301)`, `12:871301`, `871301:12`, `http://host/871301`.
fn is_place(sight: &Sight<'_>) -> Option<Say> {
    let (left, right) = (&sight.left, &sight.right);
    let after_colon = match left.as_ref() {
        [rest @ .., b':'] => is_number(trailing_name(rest)) || is_file(trailing_file(rest)),
        _ => false,
    };
    let before_colon = matches!(right.as_ref(), [b':', next, ..] if next.is_ascii_digit());
    let in_brackets = match (left.as_ref(), sight.behind()) {
        ([rest @ .., b'['], Some(b']')) | ([rest @ .., b'('], Some(b')')) => is_process(sight, rest),
        _ => false,
    };
    refuse(after_colon || before_colon || in_brackets || is_in_link(sight))
}

/// A word glued to a bracket names a process or an object: `sshd[871301]`, `Listener(871301)`; not `error(871301)`.
fn is_process(sight: &Sight<'_>, before_bracket: &[u8]) -> bool {
    let name = trailing_name(before_bracket);
    let glued = !name.is_empty() || before_bracket.last().is_some_and(|byte| matches!(byte, b')' | b']' | b'>'));
    glued
        && !matches!(words::role(name), Some(Role::Code | Role::Failure | Role::Outcome))
        && sight.introducer().role != Some(Role::Code)
}

/// A token with `://` or a path before the number.
fn is_in_link(sight: &Sight<'_>) -> bool {
    let token = sight.left.rsplit(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b',')).next();
    token.is_some_and(|token| {
        memchr::memmem::find(token, b"://").is_some() && memchr::memchr2(b'?', b'#', token).is_none()
    })
}

/// The endings of names of source and text files.
const FILE_ENDINGS: &[&str] = &[
    "java", "kt", "kts", "js", "jsx", "ts", "tsx", "c", "cc", "cpp", "h", "hpp", "m", "mm", "swift", "py", "rb", "go",
    "rs", "dart", "php", "cs", "scala", "groovy", "gradle", "lua", "pl", "sh", "xml", "html", "css", "json", "log",
    "txt", "sql", "bundle", "map", "vue", "erl", "ex", "hs", "cu", "s", "asm", "yml", "yaml", "md", "proto", "aidl",
];

fn is_file(name: &[u8]) -> bool {
    let Some(dot) = memchr::memrchr(b'.', name) else { return false };
    FILE_ENDINGS.iter().any(|ending| name[dot + 1..].eq_ignore_ascii_case(ending.as_bytes()))
}

fn is_number(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(u8::is_ascii_digit)
}

fn trailing_file(text: &[u8]) -> &[u8] {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'$');
    &text[text.len() - text.iter().rev().take_while(|byte| part(byte)).count()..]
}

fn trailing_name(text: &[u8]) -> &[u8] {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    &text[text.len() - text.iter().rev().take_while(|byte| part(byte)).count()..]
}

fn leading_name(text: &[u8]) -> &[u8] {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    &text[..text.iter().take_while(|byte| part(byte)).count()]
}

/// Units, and nouns for what is counted.
const UNITS: &[&str] = &[
    "ms", "us", "ns", "s", "sec", "secs", "second", "min", "mins", "minute", "h", "hr", "hour", "day", "b", "byte",
    "kb", "mb", "gb", "tb", "kib", "mib", "gib", "k", "m", "g", "bit", "bps", "kbps", "mbps", "hz", "khz", "mhz",
    "ghz", "px", "dp", "sp", "pt", "mv", "uv", "ua", "ma", "mah", "uah", "v", "w", "mw", "a", "c", "f", "rpm", "fps",
    "page", "free", "used", "total", "op", "entry", "row", "line", "item", "record", "file", "block", "object",
    "frame", "cluster", "more", "times", "left", "remaining", "pid", "tid", "uid", "percent", "pct", "of", "out", "to",
    "microseconds", "node", "kbytes", "mbytes",
];

const UNITS_ZH: &[&str] = &[
    "毫秒", "微秒", "秒", "分钟", "小时", "天", "字节", "条", "个", "次", "行", "人", "位", "元", "块", "张", "页",
    "米", "步", "点", "名", "年", "月", "日", "号", "度", "帧", "像素", "公里", "卡", "分", "千",
];

/// `871301 ms`, `871301 entries`, `871301条`.
fn before_unit(sight: &Sight<'_>) -> Option<Say> {
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

fn is_lower(word: &[u8]) -> bool {
    word.iter().all(u8::is_ascii_lowercase)
}

/// Words with an s at their end that count nothing.
fn is_verb(word: &[u8]) -> bool {
    const VERBS: &[&[u8]] = &[
        b"means", b"this", b"occurs", b"returns", b"happens", b"indicates", b"appears", b"comes", b"does", b"always",
        b"was", b"status",
    ];
    VERBS.contains(&word)
}

/// Whether a word is the first one of the code's own message: no unit then.
fn is_own_word(sight: &Sight<'_>, word: &[u8]) -> bool {
    !word.is_empty() && sight.known.message().is_some_and(|message| words::starts_with(message.as_bytes(), word))
}

/// `groupId:871301`, `size=871301`, `versionCode 871301`, `耗时871301`, `sent to 871301`.
fn behind_other_key(sight: &Sight<'_>) -> Option<Say> {
    refuse(sight.introducer().role == Some(Role::Other))
}

/// `responseCode = 871300`, `"code":871300`, `错误码：871300`.
fn behind_code_key(sight: &Sight<'_>) -> Option<Say> {
    let introducer = sight.introducer();
    if introducer.role != Some(Role::Code) {
        return None;
    }
    match introducer.joint {
        Joint::Value | Joint::Blank | Joint::Glued => Some(Say::Accept(Grade::Sure)),
        Joint::Loose => Some(Say::Accept(Grade::Good)),
    }
}

/// `{ [Error: Have not logged in.] code: '871300' }`, `reason Have not logged in. (… 871300)`.
fn in_line_with_message(sight: &Sight<'_>) -> Option<Say> {
    accept(own_message::is_in(sight), Grade::Good)
}

/// `[1,871301,3]`, `10 871301 20`, `871301  0  0`: columns and lists. A neighbor that is a code too makes no table.
fn in_table(sight: &Sight<'_>) -> Option<Say> {
    let before = number_before(&sight.left);
    let behind = number_behind(&sight.right);
    let code = |digits: &[u8]| digits.len() == 6 && digits.starts_with(b"871");
    refuse(before.is_some_and(|digits| !code(digits)) || behind.is_some_and(|digits| !code(digits)))
}

/// The number that stands before, with only a comma, a bar or blanks between.
fn number_before(left: &[u8]) -> Option<&[u8]> {
    let text = left.trim_ascii_end();
    let text = text.strip_suffix(b",").or_else(|| text.strip_suffix(b"|")).unwrap_or(text).trim_ascii_end();
    let name = trailing_name(text);
    (is_number(name) && text.len() < left.len()).then_some(name)
}

fn number_behind(right: &[u8]) -> Option<&[u8]> {
    let text = right.trim_ascii_start();
    let text = text.strip_prefix(b",").or_else(|| text.strip_prefix(b"|")).unwrap_or(text).trim_ascii_start();
    let name = leading_name(text);
    (is_number(name) && text.len() < right.len()).then_some(name)
}

/// `871504 Push register error, …`: the message of another release.
fn before_text_alike(sight: &Sight<'_>) -> Option<Say> {
    accept(own_message::begins_alike(sight), Grade::Good)
}

/// `login failed [871300]`, `登录失败: 871300`.
fn behind_failure(sight: &Sight<'_>) -> Option<Say> {
    let grade = if sight.introducer().joint == Joint::Loose { Grade::Good } else { Grade::Sure };
    accept(sight.introducer().role == Some(Role::Failure), grade)
}

/// `status 871300`, `返回871300`, `expected:<871300>`.
fn behind_outcome(sight: &Sight<'_>) -> Option<Say> {
    accept(sight.introducer().role == Some(Role::Outcome), Grade::Good)
}

/// `871300错误`, `871300 error`.
fn before_error_word(sight: &Sight<'_>) -> Option<Say> {
    let separator = |byte: u8| matches!(byte, b' ' | b'\t' | b':' | b',' | b'-' | b'(' | b'[' | b'|' | b'"' | b'\'');
    let skipped = sight.right.iter().take_while(|byte| separator(**byte)).count();
    let right = &sight.right[skipped..];
    let word = leading_name(right);
    let english = [&b"error"[..], b"err", b"failed", b"failure", b"exception", b"errcode"];
    let chinese = ["错误", "异常", "失败", "报错", "出错", "是什么"];
    let hit = english.iter().any(|known| word.eq_ignore_ascii_case(known))
        || chinese.iter().any(|known| right.starts_with(known.as_bytes()));
    accept(hit, Grade::Good)
}

/// `case 871300:`, `i == 871300`, `assertEquals(871300, i)`, `NOT_LOGIN = 871300;`.
fn in_source(sight: &Sight<'_>) -> Option<Say> {
    let left = sight.left_trimmed();
    let compared = left.ends_with(b"==") || left.ends_with(b"!=");
    let ended = matches!(sight.right.trim_ascii_start().first(), Some(b':' | b';' | b')' | b',' | b'-') | None);
    let case = is_case(left) && left.len() < sight.left.len() && (ended || sight.right.starts_with(b" |"));
    let is_upper = sight.word().iter().all(|byte| !byte.is_ascii_lowercase());
    let constant = left.ends_with(b"=") && sight.right.starts_with(b";") && is_upper;
    let asserted = words::contains(trailing_name(left.strip_suffix(b"(").unwrap_or_default()), b"assertequals");
    accept(compared || case || asserted || constant, Grade::Likely)
}

/// `case`, or `case 871102 |`: the labels before.
fn is_case(left: &[u8]) -> bool {
    let labels =
        left.iter().rev().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'|' | b' ' | b',')).count();
    left[..left.len() - labels].ends_with(b"case")
}

/// The tag or the message names the SDK: `JMessageClient`, `极光IM`.
fn in_sdk_line(sight: &Sight<'_>) -> Option<Say> {
    let named = sight.header.tag.is_some_and(words::names_sdk) || words::names_sdk(sight.vicinity());
    accept(named && is_free(sight), Grade::Likely)
}

/// The number stands for itself: nothing is joined to it by a blank alone but a call.
fn is_free(sight: &Sight<'_>) -> bool {
    let introducer = sight.introducer();
    match introducer.joint {
        Joint::Value => !sight.left_trimmed().ends_with(b"="),
        Joint::Blank | Joint::Glued => introducer.start == introducer.end || is_call(sight.word()),
        Joint::Loose => true,
    }
}

/// `enterChatRoom`: a name in camel case, as of a method.
fn is_call(word: &[u8]) -> bool {
    word.first().is_some_and(u8::is_ascii_lowercase) && word.iter().any(u8::is_ascii_uppercase)
}

/// An app's own tag, under which sure codes have come before.
fn behind_known_tag(sight: &Sight<'_>) -> Option<Say> {
    let known = sight.header.tag.is_some_and(|tag| sight.state.has_tag(tag));
    accept(known && is_free(sight), Grade::Likely)
}

/// `解除拉黑871300`: what a Chinese app shows its user, text and number glued.
fn ends_chinese(sight: &Sight<'_>) -> Option<Say> {
    let glued = sight.before().is_some_and(|byte| byte >= 0x80) && sight.introducer().joint == Joint::Glued;
    let ended = !sight.right.iter().any(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
    accept(glued && ended && sight.header.is_logcat(), Grade::Likely)
}

/// `D/LoginActivity: 871300`, `'871300'`: the message is the number, quotes, and perhaps a name before it.
fn is_alone(sight: &Sight<'_>) -> Option<Say> {
    let speaks = |text: &[u8]| text.iter().any(|byte| byte.is_ascii_alphanumeric() || *byte >= 0xe3);
    let quiet = matches!(sight.header.format, Format::Kernel | Format::Syslog) || is_behind_date(sight);
    let introducer = sight.introducer();
    let named =
        introducer.joint == Joint::Value && !speaks(&sight.left[..introducer.start]) && is_text_name(sight.word());
    accept(!quiet && (named || !speaks(&sight.left)) && !speaks(&sight.right), Grade::Likely)
}

/// `03-18 00:13:38.871  871301`: of logcat's columns cut short, the number would be the process.
fn is_behind_date(sight: &Sight<'_>) -> bool {
    sight.header.format == Format::Stamp && sight.header.time.is_some_and(|time| time.contains(&b' '))
}

/// Names of a text that an app shows: what stands behind them may be anything, a code too.
fn is_text_name(word: &[u8]) -> bool {
    [&b"msg"[..], b"message", b"info", b"text", b"tip", b"toast", b"desc"]
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name))
}

/// What a number is known as, for rules that need its text.
impl Known<'_> {
    /// The vendor's message.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match self {
            Known::Entry(entry) => entry.message,
            Known::Unknown => None,
        }
    }
}
