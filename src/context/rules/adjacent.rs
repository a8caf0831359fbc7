//! Phase 3, adjacent bytes: what touches the number says that it is something else.

use super::beside::Beside;
use super::{Evidence, NOT_CODE, Rule, is_name_byte, is_number, leading_name, trailing_name};
use crate::context::lexicon::{self, Role};
use crate::context::names;
use crate::context::occurrence::{Occurrence, Separator};
use crate::context::own_message;
use crate::context::unquoted::WINDOW_BYTES;

/// The rules of this phase, in order.
pub(super) static PHASE: &[&Rule] = &[&WORD_PART, &SYMBOL, &PLACE, &UNIT];

static WORD_PART: Rule = Rule {
    name: "word-part",
    why: "it is part of a word, a hash, or an identifier",
    ruling: NOT_CODE,
    evidence: Evidence::Touching(word_part),
    decides: &[
        "D/Cache: error entry 9f‹871301›c0",
        "E/Image: decode error img_‹871301›",
        "E/Session: error 3b2f‹871301›-9c4e-4b1f-a1d0-5f0c2b1a9e77",
        "E/Session: code:‹871301›abc",
    ],
    passes: &[
        "D/Cache: entry 9f error ‹871301› c0",
        "E/Image: decode error ‹871301›",
        "E/Session: error ‹871301› - closed",
        "E/Session: code:‹871301›login:1",
        "E/Session: code: ‹871301›null",
        "D/Konto: iiiii‹871301›",
    ],
};

/// A full-width digit, `０` to `９`.
fn begins_with_wide_digit(after: &[u8]) -> bool {
    matches!(after, [0xef, 0xbc, 0x90..=0x99, ..])
}

/// Hashes, UUIDs, hexadecimal numbers, generated symbols, `871301KB`, `v871301`; but hasty code
/// glues one letter to a code and also logs its message: `s871300, Have not logged in.`
fn word_part(occurrence: &Occurrence<'_>) -> bool {
    let Occurrence { before, after, .. } = occurrence;
    let is_one_letter = || {
        let name = trailing_name(before);
        name.len() == 1 && name[0].is_ascii_lowercase() && own_message::is_in_line(occurrence)
    };
    let touches = |byte: Option<u8>| byte.is_some_and(is_name_byte);
    let is_glued = || precedes_key(occurrence) || precedes_null(occurrence);
    let follows_name = || is_one_letter() || names::is_marker(trailing_name(before));
    (touches(occurrence.byte_after()) && !is_glued())
        || (touches(occurrence.byte_before()) && !follows_name())
        || begins_with_wide_digit(after)
        || is_uuid_part(occurrence)
}

/// `code:871503login:1`: hasty code glues the next key to the value of this one.
fn precedes_key(occurrence: &Occurrence<'_>) -> bool {
    let (after, key) = (&occurrence.after, occurrence.key());
    let name = after.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let has_value = matches!(after.get(name), Some(b':' | b'='));
    let is_value = key.role == Some(Role::Code) && key.separator == Separator::Value;
    name > 1 && has_value && is_value
}

/// `gotResult: 871300null`: hasty code glues the message to the code, and there is none.
fn precedes_null(occurrence: &Occurrence<'_>) -> bool {
    let rest = occurrence.after.strip_prefix(b"null");
    rest.is_some_and(|rest| !rest.first().copied().is_some_and(is_name_byte))
}

/// `437ba7af-…-871301` and `871301-4f9a`: the groups next to the hyphen are hexadecimal.
fn is_uuid_part(occurrence: &Occurrence<'_>) -> bool {
    let is_group = |text: &[u8]| {
        text.len() >= 4
            && text.iter().all(u8::is_ascii_hexdigit)
            && text.iter().any(u8::is_ascii_digit)
    };
    let Occurrence { before, after, .. } = occurrence;
    before.strip_suffix(b"-").map(trailing_name).is_some_and(is_group)
        || after.strip_prefix(b"-").map(leading_name).is_some_and(is_group)
}

static SYMBOL: Rule = Rule {
    name: "symbol",
    why: "a symbol next to it marks it as an amount, a path, a tag, or a signed number",
    ruling: NOT_CODE,
    evidence: Evidence::Touching(symbol),
    decides: &[
        "E/Order: error in #‹871301›",
        "E/Wallet: error, balance -‹871301›",
        "E/Files: error /sdcard/‹871301›/a.jpg",
        "HEAD is now at hotfix/login-error-‹871301›",
        "branch 'fix-error-‹871301›'",
        "login.error:‹871301›|c|#env:prod",
    ],
    passes: &[
        "E/Order: error in step, code ‹871301›",
        "E/Wallet: error--‹871301›",
        "E/Files: error ‹871301›",
        "login.error:‹871301›|cause|#env:prod",
        "error:‹871301›|c|0",
    ],
};

fn ends_with_symbol(before: &[u8]) -> bool {
    const SYMBOLS: [&str; 7] = ["￥", "¥", "€", "£", "≈", "第", "№"];
    match before {
        [.., b'#' | b'@' | b'$' | b'%' | b'^' | b'~' | b'/' | b'\\' | b'&'] => true,
        _ => Beside::before(before).one_of(&SYMBOLS) || before.ends_with(b" - 0x"),
    }
}

/// A single sign; two in a row are a separator.
fn ends_with_sign(before: &[u8]) -> bool {
    match before {
        [.., first, sign @ (b'-' | b'+')] => first != sign,
        _ => matches!(before, [b'-' | b'+']),
    }
}

fn begins_with_symbol(after: &[u8]) -> bool {
    match after {
        [b'%', ..] | [b'@' | b'#' | b'$' | b'^' | b'/' | b'~'] => true,
        [b'@' | b'#' | b'$' | b'^' | b'/' | b'~' | b'\\' | b'=', next, ..] => {
            !matches!(next, b'=' | b' ')
        }
        [b'-' | b'+', next, ..] => next.is_ascii_alphanumeric(),
        _ => Beside::after(after).one_of(&["°", "℃", "％"]),
    }
}

/// `-871301`, `+871301`, `#871301`, `@871301`, `$871301`, `/871301`, `871301%`, `871301/a`; but
/// `ErrCode-871300`.
fn symbol(occurrence: &Occurrence<'_>) -> bool {
    let Occurrence { before, after, .. } = occurrence;
    begins_with_symbol(after)
        || ends_with_symbol(before)
        || before.ends_with(b" + ")
        || before.ends_with(b" * ")
        || is_metric(occurrence)
        || (ends_with_sign(before) && (!occurrence.is_announced() || is_branch(before)))
}

/// The type of a value for StatsD.
fn begins_with_metric_type(after: &[u8]) -> bool {
    let mut after = Beside::after(after);
    after.literal("|")
        && after.one_of(&["c", "g", "h", "ms", "s"])
        && (after.is_at_end() || after.literal("|"))
}

/// `login.error:871301|c`: a value for StatsD, whose names have parts.
fn is_metric(occurrence: &Occurrence<'_>) -> bool {
    begins_with_metric_type(occurrence.after) && occurrence.key_text().contains(&b'.')
}

/// `hotfix/login-error-871300`: the name of a branch with the number of a bug.
fn is_branch(before: &[u8]) -> bool {
    let token = before.rsplit(u8::is_ascii_whitespace).next().unwrap_or_default();
    let quotes = token.iter().take_while(|byte| b"'\"`[(".contains(byte)).count();
    let (token, rest) = (&token[quotes..], &before[..before.len() - token.len()]);
    let name = token.iter().all(|byte| is_name_byte(*byte) || matches!(byte, b'/' | b'-' | b'.'));
    name && (token.contains(&b'/') || rest.trim_ascii_end().ends_with(b"branch"))
}

static PLACE: Rule = Rule {
    name: "place",
    why: "it is a line number, a process ID, or part of a path",
    ruling: NOT_CODE,
    evidence: Evidence::Test(place),
    decides: &[
        "    at com.acme.chat.Login(Login.java:‹871301›)",
        "sshd[‹871301›]: error: no host key",
        "I/chromium: error, source: https://acme.example/app (‹871301›)",
        "GET http://acme.example/logs/error:‹871301›",
        "GET http://acme.example/login?code=‹871301›&state=x",
        "GET /login?code=‹871301›&state=x",
        "E/Session: failed, code ‹871301›:12",
    ],
    passes: &[
        "    at com.acme.chat.Login, code:‹871301›)",
        "login failed[‹871301›]: no host key",
        "GET http://acme.example/login?error=‹871301›",
    ],
};

/// `Foo.java:871301`, `app.js (871301)`, `sshd[871301]:`, `Listener(871301)`, `12:871301`,
/// `871301:12`, `http://host/871301`.
fn place(occurrence: &Occurrence<'_>) -> bool {
    let Occurrence { before, after, .. } = occurrence;
    let follows_place = match before {
        [rest @ .., b':'] => is_number(trailing_name(rest)) || is_file(trailing_file(rest)),
        _ => false,
    };
    let precedes_place = matches!(after, [b':', next, ..] if next.is_ascii_digit());
    let is_in_brackets = match (before, occurrence.byte_after()) {
        ([rest @ .., b' ', b'('], Some(b')')) => {
            is_file(trailing_file(rest)) || has_scheme(trailing_token(rest))
        }
        ([rest @ .., b'['], Some(b']')) | ([rest @ .., b'('], Some(b')')) => {
            names_process(occurrence, rest)
        }
        _ => false,
    };
    follows_place || precedes_place || is_in_brackets || is_in_link(occurrence)
}

/// A word glued to a bracket names a process or an object: `sshd[871301]`, `Listener(871301)`; but
/// not `error(871301)`.
fn names_process(occurrence: &Occurrence<'_>, before_bracket: &[u8]) -> bool {
    let name = trailing_name(before_bracket);
    let closes = || before_bracket.last().is_some_and(|byte| matches!(byte, b')' | b']' | b'>'));
    (!name.is_empty() || closes())
        && !matches!(names::key_role(name), Some(Role::Code | Role::Failure | Role::Outcome))
        && occurrence.key().role != Some(Role::Code)
}

/// Whether it is in a link, but not as an error in its query: `?error=871300`. Other sites call
/// many things a `code` or a `status`.
fn is_in_link(occurrence: &Occurrence<'_>) -> bool {
    if memchr::memchr2(b'/', b'&', occurrence.before).is_none() {
        return false;
    }
    let token = trailing_token(occurrence.before);
    let begins_unseen = token.len() == occurrence.before.len() && occurrence.start > WINDOW_BYTES;
    let is_unseen_query = begins_unseen && ends_in_parameter(token);
    let is_query = || is_unseen_query || memchr::memchr2(b'?', b'#', token).is_some();
    let is_error = || {
        let names_error = occurrence.key().role == Some(Role::Code) && !occurrence.is_bare_code();
        is_query() && (names_error || occurrence.is_near_sdk())
    };
    let is_link = has_scheme(token) || is_unseen_query || (token.starts_with(b"/") && is_query());
    is_link && !is_error()
}

/// The end of a text up to a blank, a quote, or a comma.
fn trailing_token(text: &[u8]) -> &[u8] {
    let ends_token = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b',');
    text.rsplit(ends_token).next().unwrap_or_default()
}

/// `&code=`, as in a link or in what a form sends.
fn ends_in_parameter(token: &[u8]) -> bool {
    let name = token.strip_suffix(b"=").map(trailing_name).unwrap_or_default();
    !name.is_empty() && token[..token.len() - 1 - name.len()].ends_with(b"&")
}

fn has_scheme(token: &[u8]) -> bool {
    memchr::memchr_iter(b':', token).any(|at| token[at..].starts_with(b"://"))
}

fn is_file(name: &[u8]) -> bool {
    let dot = memchr::memrchr(b'.', name);
    dot.is_some_and(|dot| lexicon::word(&name[dot + 1..]).has(Role::FileEnding))
}

fn trailing_file(text: &[u8]) -> &[u8] {
    let part =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'$');
    &text[text.len() - text.iter().rev().take_while(|byte| part(byte)).count()..]
}

static UNIT: Rule = Rule {
    name: "unit",
    why: "a unit or a counted noun follows it",
    ruling: NOT_CODE,
    evidence: Evidence::Test(unit),
    decides: &[
        "E/Chat: error after ‹871301› ms",
        "D/Chat: ping result ‹871301› (ms)",
        "D/Chat: 登录失败 ‹871301›毫秒",
        "D/Cache: failed ‹871301› lookups",
        "D/Chat: 发送失败 ‹871301› 条消息",
        "D/Chat: failed ‹871301› of 900000",
        "D/Cache: failed ‹871301› remaining",
        "D/Chat: login error ‹871301› in milliseconds",
    ],
    passes: &[
        "E/Chat: error ‹871301› after 20 ms",
        "D/Chat: 登录失败 ‹871301›，毫秒级重试",
        "D/Cache: failed ‹871301› means that nobody is logged in",
        "D/Konto: i=‹871303› s=bad name",
        "D/Konto: errorCode: ‹871301› retries left",
        "D/Konto: 登录失败 ‹871303› 名称错误",
        "D/Konto: 错误码：‹871310› 页面重新加载",
        "D/Konto: send failed ‹871300› to bob",
        "D/Konto: login failed ‹871303› uid 5",
        "D/Cache: failed ‹871301› ids",
    ],
};

/// Whether a word has four letters or more, in lower case, with one `s` at its end.
fn is_plural(word: &[u8]) -> bool {
    word.len() >= 4
        && word.iter().all(u8::is_ascii_lowercase)
        && matches!(word, [.., before, b's'] if *before != b's')
}

/// Units that follow in parentheses or after `in`.
const UNITS_APART: [&str; 12] = [
    "bytes", "kb", "mb", "millis", "milliseconds", "ms", "ns", "s", "sec", "seconds", "secs", "us",
];

/// `871301 (ms)`, `871301 in milliseconds`.
fn is_unit_apart(text: &[u8]) -> bool {
    let word = text.strip_prefix(b"(").or_else(|| text.strip_prefix(b"in ")).map(leading_name);
    let is_unit =
        |word: &[u8]| UNITS_APART.iter().any(|unit| word.eq_ignore_ascii_case(unit.as_bytes()));
    word.is_some_and(is_unit)
}

/// `871301 ms`, `871301 entries`, `871301条`; but `871303 s=bad name`, where the word is the next
/// key, and `errorCode: 871303 retries left`, where the key leaves nothing to count.
fn unit(occurrence: &Occurrence<'_>) -> bool {
    let text = occurrence.after.strip_prefix(b" ").unwrap_or(occurrence.after);
    let is_apart = text.len() < occurrence.after.len();
    if is_unit_apart(text) {
        return true;
    }
    let word = occurrence.name_after(text);
    if word.is_empty() {
        return is_wide_unit(occurrence, text, is_apart);
    }
    let (roles, rest) = (occurrence.roles_after(word), &text[word.len()..]);
    if rest.trim_ascii_start().starts_with(b"=") || own_message::begins_with_next_word(occurrence) {
        return false;
    }
    let is_plural = is_apart && is_plural(word) && !roles.has(Role::Verb);
    let is_counted =
        is_plural || (roles.has(Role::Counted) && is_end_of_count(occurrence, word, rest));
    roles.has(Role::Unit) || (is_counted && !is_value_of_code(occurrence))
}

/// Whether a word after a number ends what is counted: it is no key with a value of its own, and no
/// preposition that goes on after an error, as in `failed 871301 to bob`.
fn is_end_of_count(occurrence: &Occurrence<'_>, word: &[u8], rest: &[u8]) -> bool {
    let is_value = rest.trim_ascii_start().first().is_some_and(u8::is_ascii_digit);
    let is_word = |other: &&str| word.eq_ignore_ascii_case(other.as_bytes());
    let is_preposition = ["of", "to"].iter().any(is_word);
    match is_preposition {
        true => is_value || !occurrence.is_announced(),
        false => !is_value && !rest.starts_with(b":"),
    }
}

/// Whether its key names a code, and is not a mere `error:`, `错误`, or `code ` before a count.
fn is_value_of_code(occurrence: &Occurrence<'_>) -> bool {
    let key = occurrence.key();
    let text = &occurrence.before[..key.range.end];
    let is_error = || match key.range.is_empty() {
        true => text.ends_with("错误".as_bytes()),
        false => occurrence.key_text().eq_ignore_ascii_case(b"error"),
    };
    let is_joined = || match key.separator {
        Separator::Value => true,
        Separator::Blank | Separator::Glued => !occurrence.is_bare_code(),
        Separator::Loose => false,
    };
    key.role == Some(Role::Code) && is_joined() && !is_error()
}

/// `871301条消息`, `871301 毫秒`; but not in `登录失败 871303 点击重试`, where a word begins like a unit.
fn is_wide_unit(occurrence: &Occurrence<'_>, text: &[u8], is_apart: bool) -> bool {
    let is_value = || is_value_of_code(occurrence);
    let is_other_word = || is_apart && lexicon::starts_with(text, Role::Neutral).is_some();
    let goes_on = |unit: usize| text.get(unit).is_some_and(|byte| (0xe4..=0xe9).contains(byte));
    match (lexicon::starts_with(text, Role::Unit), lexicon::starts_with(text, Role::Counted)) {
        (_, Some(_)) => !is_value() && !is_other_word(),
        (Some(unit), _) => {
            let is_text = || is_value() || (is_apart && occurrence.is_announced());
            !(goes_on(unit) && is_text())
        }
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::beside::tests::assert_reads;
    use super::*;

    #[test]
    fn the_functions_read_what_these_patterns_match() {
        assert_reads(r"^(?-u:\xef\xbc[\x90-\x99])", begins_with_wide_digit);
        assert_reads(r"(?:[#@$%^~/\\&]| - 0x|￥|¥|€|£|≈|第|№)$", ends_with_symbol);
        assert_reads(r"(?:(?:^|(?-u:[^-]))-|(?:^|(?-u:[^+]))\+)$", ends_with_sign);
        assert_reads(
            r"^(?:[@#$%^/\\~=](?s-u:[^= ])|[@#$%^/~]$|[-+][0-9A-Za-z]|%|°|℃|％)",
            begins_with_symbol,
        );
        assert_reads(r"^\|(?:c|g|h|ms|s)(?:\||$)", begins_with_metric_type);
    }
}
