//! Phase 6, circumstantial evidence: what distinguishes an app's own line from a server's, a
//! kernel's, or a listing's. It is enough only for distinctive numbers.

use super::beside::Beside;
use super::{Evidence, Grade, LIKELY, Rule, RulingBy, trailing_name};
use crate::context::header::Format;
use crate::context::lexicon::{self, Role};
use crate::context::names;
use crate::context::occurrence::{Occurrence, Separator};
use crate::context::own_message;
use crate::context::subject::Subject;

/// The rules of this phase, in order.
pub(super) static PHASE: &[&Rule] = &[&ERROR_TEXT, &SOURCE, &CALLBACK, &ALONE];

static ERROR_TEXT: Rule = Rule {
    name: "error-text",
    why: "the text of an error follows it",
    ruling: LIKELY,
    evidence: Evidence::Test(error_text),
    decides: &[
        "D/Konto: ‹871300› not signed in",
        "    ‹871308›: '尚未初始化',",
        "D/Konto: 发送消息 ‹871300› 未登录",
    ],
    passes: &[
        "D/Konto: ‹871300› rather late",
        "    ‹871308›: '北京市',",
        "D/Konto: 消息 ‹871300› 发送失败",
    ],
};

/// `871300 not login`, `登录 871300 尚未登录`, `871300: '未登录',`: nothing but a call's name before it, and
/// an error's text after it.
fn error_text(occurrence: &Occurrence<'_>) -> bool {
    let closes = matches!(occurrence.byte_after(), Some(b']' | b')' | b'}'));
    !closes && occurrence.precedes_error_text() && is_apart(occurrence)
}

/// Nothing is joined to the number, or only the name of a call or a text that ends in punctuation.
fn is_apart(occurrence: &Occurrence<'_>) -> bool {
    let (key, text) = (occurrence.key(), occurrence.key_text());
    let is_first = key.range.end == 0;
    let names_call = key.roles.has(Role::Call) || names::is_camel_case(text);
    let is_wide = key.range.end.checked_sub(1).is_some_and(|at| occurrence.before[at] >= 0x80);
    let is_of_thing = || {
        key.separator == Separator::Blank
            && Subject::at_end(&occurrence.before[..key.range.end]) == Subject::Thing
    };
    let is_joined_well =
        key.separator == Separator::Loose || names_call || (is_wide && !is_of_thing());
    is_first || (occurrence.origin.is_logcat() && is_joined_well)
}

static SOURCE: Rule = Rule {
    name: "source",
    why: "source code compares or returns it",
    ruling: LIKELY,
    evidence: Evidence::Test(source),
    decides: &[
        "            case ‹871300›:",
        "            case 871301 | 871102, ‹871300›:",
        "if (i == ‹871300›) {",
        "    int NOT_LOGIN = ‹871300›;",
    ],
    passes: &[
        "            else ‹871300›:",
        "            case x, ‹871300›:",
        "if (i - ‹871300›) {",
        "    int width = ‹871300›;",
        "result: 2= 871005;3= ‹871300›;",
    ],
};

/// After `case `, or after `case 871102 | ` with other labels before.
fn follows_case(before: &[u8]) -> bool {
    let text = before.trim_ascii_end();
    let is_of_label = |byte: &u8| matches!(byte, b'0'..=b'9' | b'|' | b',' | b' ');
    let labels = text.iter().rev().take_while(|byte| is_of_label(byte)).count();
    text.len() < before.len() && text[..text.len() - labels].ends_with(b"case")
}

/// After the label of a case: `:`, `,`, ` |`, or the line's end.
fn ends_label(after: &[u8]) -> bool {
    let first = after.trim_ascii_start().first();
    first.is_none_or(|byte| b":;),-".contains(byte)) || after.starts_with(b" |")
}

/// `case 871300:`, `i == 871300`, `assertEquals(871300, i)`, `NOT_LOGIN = 871300;`.
fn source(occurrence: &Occurrence<'_>) -> bool {
    let Occurrence { before, after, .. } = occurrence;
    let compared = before.trim_ascii_end();
    compared.ends_with(b"==")
        || compared.ends_with(b"!=")
        || (ends_label(after) && follows_case(before))
        || is_constant(occurrence)
        || is_asserted(occurrence)
        || own_message::names_constant(occurrence)
}

/// `NOT_LOGIN = 871300;`, `static final int NotLogin = 871300;`.
fn is_constant(occurrence: &Occurrence<'_>) -> bool {
    if !occurrence.after.starts_with(b";") || !occurrence.before_trimmed().ends_with(b"=") {
        return false;
    }
    let name = occurrence.key_text();
    let is_upper = name.first().is_some_and(|byte| byte.is_ascii_uppercase() || *byte == b'_')
        && name.iter().all(|byte| !byte.is_ascii_lowercase());
    let is_declaration = |word: &[u8]| lexicon::word(word).has(Role::Declaration);
    let declares = || occurrence.before.split(u8::is_ascii_whitespace).any(is_declaration);
    is_upper || (name.iter().any(u8::is_ascii_uppercase) && declares())
}

/// `assertEquals(871300, i)`.
fn is_asserted(occurrence: &Occurrence<'_>) -> bool {
    let call = occurrence.before_trimmed().strip_suffix(b"(").map(trailing_name);
    call.is_some_and(|call| lexicon::holds(call, Role::Assertion))
}

static CALLBACK: Rule = Rule {
    name: "callback",
    why: "an app logs it as the first argument of a callback",
    ruling: RulingBy::Graded(by_callback),
    evidence: Evidence::Test(callback),
    decides: &[
        "D/Konto: i>>>>>‹871300›",
        "D/Konto: ‹871300›<>bitte<>ok",
        "D/JMessageDemo: register: i = ‹810002›",
        "D/JMessageDemo: then: i = ‹810002›, s = so",
        "D/JMessageDemo: ‹810002›==so",
    ],
    passes: &[
        "D/Konto: k>>>>>‹871300›",
        "D/Konto: ‹871300›  bitte ok",
        "D/JMessageDemo: login: ‹801003›, so",
        "D/JMessageDemo: 登录‹801003›",
    ],
};

/// Sure in a line of the SDK or its app that shows a callback: its name, or its message.
fn by_callback(occurrence: &Occurrence<'_>) -> Grade {
    let is_shown = || {
        occurrence.is_near_sdk()
            || follows_call(occurrence)
            || own_message::precedes_message(occurrence)
            || (occurrence.key().range.end == 0 && precedes_text(occurrence))
    };
    if occurrence.is_own() && is_shown() { Grade::Sure } else { Grade::Likely }
}

/// `801003==so`, `801003====请重试`: a text follows the signs, or would if it were not empty.
fn precedes_text(occurrence: &Occurrence<'_>) -> bool {
    let sign = |byte: &&u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
    let text = occurrence.after.iter().find(|byte| !sign(byte));
    text.is_none_or(|byte| !byte.is_ascii_digit())
}

/// `register: i = 810002`, `登录i=801003`
fn follows_call(occurrence: &Occurrence<'_>) -> bool {
    let before = &occurrence.before[..occurrence.key().range.start];
    let sign = |byte: &&u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
    let signs = before.iter().rev().take_while(sign).count();
    Subject::at_end(&before[..before.len() - signs]) == Subject::Call
}

/// What separates a number from the next thing in hasty code.
fn begins_with_separator(after: &[u8]) -> bool {
    Beside::after(after).one_of(&["--", "<>", "++", "==", "**", "||", "::", "?"])
}

/// The most numbers of more than one digit in a callback's line.
const NUMBERS_MAX: usize = 2;

/// `i>>>>>871300`, `register: i = 871300`, `871300<>…`, `871300--…`: what decompiled or hasty code
/// logs.
fn callback(occurrence: &Occurrence<'_>) -> bool {
    let key = occurrence.key();
    let is_named = || key.separator == Separator::Value && key.roles.has(Role::Parameter);
    let is_first = || key.range.end == 0 && begins_with_separator(occurrence.after);
    occurrence.origin.is_logcat()
        && (is_named() || is_first())
        && numbers(occurrence.vicinity) <= NUMBERS_MAX
}

/// How many numbers a text has, counted up to one more than what matters.
fn numbers(text: &[u8]) -> usize {
    let runs = text.split(|byte| !byte.is_ascii_digit());
    runs.filter(|run| run.len() > 1).take(NUMBERS_MAX + 1).count()
}

static ALONE: Rule = Rule {
    name: "alone",
    why: "it is the whole message",
    ruling: RulingBy::Graded(by_tag),
    evidence: Evidence::Test(alone),
    decides: &["E/Konto: ‹871300›", "D/Konto: toast:‹871300›", "E/JMRtcListener: ‹872104›"],
    passes: &[
        "E/Konto: then ‹871300› went on",
        "D/Konto: width:‹871300›",
        "Время: ‹871300› мс",
        "E/新好友: ‹871300›",
        "[ 1498.871705] ‹871300›",
        "Jul  1 09:19:13 host proc[258]: ‹871300›",
        "03-18 00:13:38.871  ‹871300›",
    ],
};

/// Sure if the tag names the SDK, otherwise likely.
fn by_tag(occurrence: &Occurrence<'_>) -> Grade {
    if occurrence.has_sdk_tag() { Grade::Sure } else { Grade::Likely }
}

/// `D/LoginActivity: 871300`, `'871300'`: the message is the number, quotes, and perhaps a name
/// before it.
fn alone(occurrence: &Occurrence<'_>) -> bool {
    let Occurrence { before, after, .. } = occurrence;
    let is_letter =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, 0xc3..=0xdf | 0xe3..);
    let says = |text: &[u8]| text.iter().any(is_letter);
    let key = occurrence.key();
    let is_text = || {
        key.separator == Separator::Value
            && !says(&before[..key.range.start])
            && key.roles.has(Role::TextName)
    };
    let is_console = before.ends_with(b")] \"") && after.starts_with(b"\", source: ");
    let is_whole = !says(after) && (!says(before) || is_text());
    (is_console || is_whole) && !is_system_line(occurrence) && !has_thing_tag(occurrence)
}

/// `E/好友: 871301`: what the number is, if a text was logged as the tag. No class has a Chinese
/// name; tags like `User` are the names of classes, of whatever.
pub(super) fn has_thing_tag(occurrence: &Occurrence<'_>) -> bool {
    let is_thing = |tag: &[u8]| {
        tag.last().is_some_and(|byte| !byte.is_ascii())
            && lexicon::ending(tag).is_some_and(|(_, roles)| roles.has(Role::Other))
    };
    occurrence.origin.tag.is_some_and(is_thing)
}

/// The kernel's and syslog's lines, and logcat's columns cut short, where the number would be the
/// process: `03-18 00:13:38.871  871301`.
fn is_system_line(occurrence: &Occurrence<'_>) -> bool {
    match occurrence.origin.format {
        Format::Kernel | Format::Syslog => true,
        Format::Stamp => occurrence.origin.is_dated,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::beside::tests::assert_reads;
    use super::*;

    #[test]
    fn the_function_reads_what_this_pattern_matches() {
        assert_reads(r"^(?:--|<>|\+\+|==|\*\*|\|\||::|\?)", begins_with_separator);
    }
}
