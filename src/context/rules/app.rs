//! Weaker evidence, for distinctive numbers only: what tells an app's own line from a server's, a
//! kernel's or a listing's.

use super::super::header::{Format, Level};
use super::super::own_message;
use super::super::sight::{Joint, Sight};
use super::super::words;
use super::{Grade, Say, accept, trailing_name};

/// `871300 not login`, `登录 871300 尚未登录`, `871300: '未登录',`: nothing but a call's name before it, an
/// error's text behind it.
pub(super) fn before_error_text(sight: &Sight<'_>) -> Option<Say> {
    let separator = |byte: &u8| !byte.is_ascii_alphanumeric() && *byte < 0x80;
    let skipped = sight.right.iter().take_while(|byte| separator(byte)).count();
    let closes = matches!(sight.behind(), Some(b']' | b')' | b'}'));
    accept(
        skipped > 0
            && !closes
            && words::is_error_text(&sight.right[skipped..])
            && stands_apart(sight),
        Grade::Likely,
    )
}

/// No word is joined to the number, or the name of a call, or a text that ends in punctuation.
fn stands_apart(sight: &Sight<'_>) -> bool {
    const CALLS: [&[u8]; 6] = [b"login", b"logout", b"register", b"callback", b"send", b"init"];
    let introducer = sight.introducer();
    let is_call =
        CALLS.iter().any(|call| sight.word().eq_ignore_ascii_case(call)) || is_call(sight.word());
    let is_wide = introducer.end > 0 && sight.left[introducer.end - 1] >= 0x80;
    match introducer.joint {
        Joint::Loose => sight.header.is_logcat() || introducer.end == 0,
        _ => introducer.end == 0 || (sight.header.is_logcat() && (is_call || is_wide)),
    }
}

/// `case 871300:`, `i == 871300`, `assertEquals(871300, i)`, `NOT_LOGIN = 871300;`.
pub(super) fn in_source(sight: &Sight<'_>) -> Option<Say> {
    let left = sight.left_trimmed();
    let compared = left.ends_with(b"==") || left.ends_with(b"!=");
    let ended = matches!(
        sight.right.trim_ascii_start().first(),
        Some(b':' | b';' | b')' | b',' | b'-') | None
    );
    let case =
        is_case(left) && left.len() < sight.left.len() && (ended || sight.right.starts_with(b" |"));
    let is_upper = sight.word().iter().all(|byte| !byte.is_ascii_lowercase());
    let declared = || {
        [&b"const "[..], b"final ", b"static "]
            .iter()
            .any(|word| words::contains(&sight.left, word))
    };
    let constant = left.ends_with(b"=")
        && sight.right.starts_with(b";")
        && (is_upper || (declared() && sight.word().iter().any(u8::is_ascii_uppercase)));
    let asserted = words::contains(
        trailing_name(left.strip_suffix(b"(").unwrap_or_default()),
        b"assertequals",
    );
    let named = own_message::names_constant(sight);
    accept(compared || case || asserted || constant || named, Grade::Likely)
}

/// `case`, or `case 871102 |`: the labels before.
fn is_case(left: &[u8]) -> bool {
    let labels = left
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'|' | b' ' | b','))
        .count();
    left[..left.len() - labels].ends_with(b"case")
}

/// The tag or the message names the SDK: `JMessageClient`, `极光IM`.
pub(super) fn in_sdk_line(sight: &Sight<'_>) -> Option<Say> {
    let named =
        sight.header.tag.is_some_and(words::names_sdk) || words::names_sdk(sight.vicinity());
    accept(named && is_free(sight), Grade::Likely)
}

/// The number stands for itself: no key names it (`x=`, `"x":`), nothing is joined to it by a blank
/// alone but a call.
fn is_free(sight: &Sight<'_>) -> bool {
    let introducer = sight.introducer();
    match introducer.joint {
        Joint::Value => ![&b"="[..], b"\":"].iter().any(|key| sight.left_trimmed().ends_with(key)),
        Joint::Blank | Joint::Glued => introducer.start == introducer.end || is_call(sight.word()),
        Joint::Loose => true,
    }
}

/// `enterChatRoom`: a name in camel case, as of a method.
fn is_call(word: &[u8]) -> bool {
    word.first().is_some_and(u8::is_ascii_lowercase) && word.iter().any(u8::is_ascii_uppercase)
}

/// An app's own tag, under which sure codes have come before.
pub(super) fn behind_known_tag(sight: &Sight<'_>) -> Option<Say> {
    let known = sight.header.tag.is_some_and(|tag| sight.state.has_tag(tag));
    accept(known && is_free(sight), Grade::Likely)
}

/// `i>>>>>871300`, `register: i = 871300`, `871300<>…`, `871300--…`: what decompiled and hurried
/// code logs.
pub(super) fn is_callback_value(sight: &Sight<'_>) -> Option<Say> {
    const VALUES: [&[u8]; 8] = [b"i", b"i1", b"i2", b"p0", b"p1", b"arg0", b"arg1", b"var1"];
    let introducer = sight.introducer();
    let named = introducer.joint == Joint::Value
        && VALUES.iter().any(|value| sight.word().eq_ignore_ascii_case(value));
    let parted = [&b"--"[..], b"<>", b"++", b"==", b"**", b"||", b"::", b"?"]
        .iter()
        .any(|parting| sight.right.starts_with(parting));
    let first = introducer.end == 0 && parted;
    accept(
        (named || first) && sight.header.is_logcat() && numbers(sight.vicinity()) <= NUMBERS_MAX,
        Grade::Likely,
    )
}

/// `E/jLog: js :871300`: whoever logs an error and no more than a name and a number logs the
/// error's number.
pub(super) fn is_error_line(sight: &Sight<'_>) -> Option<Say> {
    let is_error = matches!(sight.header.level, Some(Level::Error | Level::Warn))
        && sight.header.tag.is_some_and(|tag| !tag.is_empty());
    let introducer = sight.introducer();
    let named = introducer.joint == Joint::Value && introducer.role.is_none() && introducer.end > 0;
    let short = sight.right.trim_ascii().is_empty() && sight.left.len() <= ERROR_LINE_BYTES_MAX;
    accept(is_error && named && short && !sight.left_trimmed().ends_with(b"="), Grade::Likely)
}

/// The longest name that says nothing more, in bytes.
const ERROR_LINE_BYTES_MAX: usize = 24;

/// How many numbers of more than one digit a line of a callback holds at most.
const NUMBERS_MAX: usize = 2;

fn numbers(text: &[u8]) -> usize {
    text.split(|byte| !byte.is_ascii_digit()).filter(|run| run.len() > 1).count()
}

/// `解除拉黑871300`: what a Chinese app shows its user, text and number glued.
pub(super) fn ends_chinese(sight: &Sight<'_>) -> Option<Say> {
    let glued =
        sight.before().is_some_and(|byte| byte >= 0x80) && sight.introducer().joint == Joint::Glued;
    let ended = !sight.right.iter().any(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
    accept(glued && ended && sight.header.is_logcat(), Grade::Likely)
}

/// `D/LoginActivity: 871300`, `'871300'`: the message is the number, quotes, and perhaps a name
/// before it.
pub(super) fn is_alone(sight: &Sight<'_>) -> Option<Say> {
    let speaks =
        |text: &[u8]| text.iter().any(|byte| byte.is_ascii_alphanumeric() || *byte >= 0xe3);
    let quiet =
        matches!(sight.header.format, Format::Kernel | Format::Syslog) || is_behind_date(sight);
    let introducer = sight.introducer();
    let named = introducer.joint == Joint::Value
        && !speaks(&sight.left[..introducer.start])
        && is_text_name(sight.word());
    let console = sight.left.ends_with(b")] \"") && sight.right.starts_with(b"\", source: ");
    accept(
        !quiet && (console || ((named || !speaks(&sight.left)) && !speaks(&sight.right))),
        Grade::Likely,
    )
}

/// `03-18 00:13:38.871  871301`: of logcat's columns cut short, the number would be the process.
fn is_behind_date(sight: &Sight<'_>) -> bool {
    sight.header.format == Format::Stamp
        && sight.header.time.is_some_and(|time| time.contains(&b' '))
}

/// Names of a text that an app shows: what stands behind them may be anything, a code too.
fn is_text_name(word: &[u8]) -> bool {
    [&b"msg"[..], b"message", b"info", b"text", b"tip", b"toast", b"desc"]
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name))
}
