//! Phase 7, the lines of an app that logs codes: a number in them that nothing names may be a code
//! by its place in the line, by the line's level, or because the same code was just logged.

use super::circumstantial::has_thing_tag;
use super::{Evidence, Grade, Rule, RulingBy, SURE, is_number};
use crate::context::calls;
use crate::context::header::{Format, Level};
use crate::context::lexicon::{self, Role};
use crate::context::names;
use crate::context::occurrence::{Occurrence, Separator};
use crate::context::origin::Origin;

/// The rules of this phase, in order.
pub(super) static PHASE: &[&Rule] = &[&OWN_LINE, &ARROW, &ERROR_LINE, &ECHO];

static OWN_LINE: Rule = Rule {
    name: "own-line",
    why: "the line names the SDK, or its process or tag has logged codes before, and nothing but \
          a call names the number",
    ruling: RulingBy::Graded(by_level),
    evidence: Evidence::Test(own_line),
    decides: &[
        "03-18 00:13:38.000  1702  2395 D JMessageDemo: sendTextMessage ‹871300› done",
        "D/JMessageDemo: login: ‹871300›, so",
        "second try, JMessage ‹871201›, so",
        "JMessageClient.login: ‹871310›",
        "D/JMessageDemo: 登录：‹871300›",
        "D/Konto: code = 871300\nD/Konto: sendText -> ‹871301› (main)",
        "D/Login( 1702): code = 871300\nD/Konto( 1702): sendText -> ‹871301› (main)",
        "改密码之后 user_id=857003 极光:‹898004›",
        "li4 is not on JMessage (‹899002›), so",
        "falling back after jmessage ‹898030›",
        "W/Konto: code = 871300\nW/Konto: acceptInvitation -> ‹805006›",
        "W/Konto: code = 871300\nW/Konto: 退群 ‹800019›",
        "E( 1702: 2395) code = 871300\nE( 1702: 2395) 退群 ‹800019›",
    ],
    passes: &[
        "03-18 00:13:38.000  1702  2395 D Sensors: sendTextMessage ‹871300› done",
        "second try, JMessage v ‹871201›, so",
        "AccountClient.login: ‹871310›",
        "JMessageClient.login(\"‹871310›\", password)",
        "D/Other: code = 871300\nD/Konto: sendText -> ‹871301› (main)",
        "D/Login( 1702): code = 871300\nD/Konto( 1703): sendText -> ‹871301› (main)",
        "D/JMessageDemo: ‹871301›群解散",
        "D/JMessageDemo: 订单 ‹871301› 已支付",
        "D/JMessageDemo: onSuccess: ‹871301› bekommen",
        "D/JMessageDemo: stock: ‹871301›",
        "D/JMessageDemo: login=‹871301›",
        "D/JMessageDemo: 'login': ‹871301›",
        "D/JMessageDemo: fooBar ‹871301› bekommen",
        "D/JMessageDemo: [0,Daemons,‹871301›,-,0]",
        "D/JMessageDemo: [orders] ‹871301› pickup",
        "D/JMessageDemo: 未读：‹871301›",
        "D/JMessageDemo: 库存是‹871301›",
        "D/JMessageDemo: 「‹871301›」群解散",
        "D/新好友: code = 871300\nD/新好友: ‹871301›",
        "改密码之后 user_id=857003 极光的群‹898004›",
    ],
};

/// The number is on its own in a line of the SDK or its app: `JMessageClient`, `极光IM`.
fn own_line(occurrence: &Occurrence<'_>) -> bool {
    (occurrence.is_free() || follows_call_in_chinese(occurrence))
        && !is_cell(occurrence)
        && !follows_things(occurrence)
        && !goes_on(occurrence.after)
        && occurrence.is_own()
        && !has_thing_tag(occurrence)
}

/// `[orders] 871301 pickup`: what a part of the app is about.
fn follows_things(occurrence: &Occurrence<'_>) -> bool {
    let thing = occurrence.key_text().strip_suffix(b"s").map(lexicon::word);
    thing.is_some_and(|roles| roles.has(Role::Other))
}

/// `Daemons.java,871301,-,0`: a list without blanks.
fn is_cell(occurrence: &Occurrence<'_>) -> bool {
    occurrence.before.ends_with(b",") && occurrence.after.starts_with(b",")
}

/// Calls in Chinese that are about nobody else: a number after `删除` may be what is deleted.
const CALLS_ZH: [&str; 5] = ["退群", "退出", "登出", "注销", "初始化"];

/// `退群 800019`, `极光登录 801003`: at level E or W, what a call in Chinese has led to; after others, it
/// may be whom it is about.
fn follows_call_in_chinese(occurrence: &Occurrence<'_>) -> bool {
    let key = occurrence.key();
    let is_call = || {
        let text = &occurrence.before[..key.range.end];
        CALLS_ZH.iter().any(|call| text.ends_with(call.as_bytes()))
            || (lexicon::ends_with(text, Role::Call) && occurrence.is_near_sdk())
    };
    key.separator == Separator::Blank
        && is_unnamed(occurrence)
        && is_app_error(occurrence)
        && ends_clause(occurrence)
        && is_call()
}

/// Sure if the SDK's name is its key, and at level E or W after a call or if it is all of the
/// message: `极光: 898004`, `acceptInvitation -> 805006`.
fn by_level(occurrence: &Occurrence<'_>) -> Grade {
    let is_of_call = || {
        let key = occurrence.key();
        key.separator != Separator::Loose
            && !is_unnamed(occurrence)
            && calls::returns_nothing(occurrence.key_text())
    };
    let is_all = || {
        let says = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80;
        occurrence.ends_message() && !occurrence.before.iter().any(says)
    };
    let is_placed = || is_of_call() || is_all() || follows_call_in_chinese(occurrence);
    let is_error = || is_app_error(occurrence) && is_placed();
    if is_of_sdk(occurrence) || is_error() { Grade::Sure } else { Grade::Likely }
}

/// `极光: 898004`, `not on JMessage (898004)`, `failed: jmessage 898004`: the SDK's name, which is no
/// tag, right before the number.
fn is_of_sdk(occurrence: &Occurrence<'_>) -> bool {
    let key = occurrence.key();
    let begins_message = || occurrence.before[..key.range.start].trim_ascii().is_empty();
    let is_joined = || matches!(key.separator, Separator::Value | Separator::Blank);
    let names_sdk = || {
        let is_last = occurrence.before[..key.range.end].ends_with("极光".as_bytes());
        is_last || (lexicon::holds(occurrence.key_text(), Role::Sdk) && !begins_message())
    };
    is_joined() && names_sdk()
}

fn is_unnamed(occurrence: &Occurrence<'_>) -> bool {
    occurrence.key().range.is_empty()
}

/// An app's line at level E or W. In one of logcat's formats, it has no tag; elsewhere, a number in
/// the tag is judged as if it had none.
fn is_app_error(occurrence: &Occurrence<'_>) -> bool {
    let origin = occurrence.origin;
    matches!(origin.level, Some(Level::Error | Level::Warn))
        && origin.tag.map_or(origin.format == Format::Thread, |tag| !tag.is_empty())
}

fn is_bracketed(separator: &[u8]) -> bool {
    ["(", "[", "（", "【"].iter().any(|bracket| separator.ends_with(bracket.as_bytes()))
}

/// `871300极光登录`, `「871300」群公告`: a Chinese text goes on with the number as its subject.
fn goes_on(after: &[u8]) -> bool {
    let rest = ["」", "』", "】", "”", "］", "》"]
        .iter()
        .find_map(|closing| after.strip_prefix(closing.as_bytes()));
    rest.unwrap_or(after).first().is_some_and(|byte| (0xe4..=0xe9).contains(byte))
}

static ARROW: Rule = Rule {
    name: "arrow",
    why: "an arrow joins it to what an app or a server did",
    ruling: RulingBy::Graded(by_log),
    evidence: Evidence::Test(arrow),
    decides: &[
        "E/Konto: auto login as li4, for the second try => ‹871301›, so",
        "errno=899003\naddMembers gid=4120 of li4 → ‹899012› after 40 of 55",
    ],
    passes: &[
        "E/Konto: auto login as li4, for the second try = ‹871301›, so",
        "E/Konto: auto login as user => ‹871301›, so",
        "E/Konto: it jumped from 12044 -> ‹871301›, so",
        "errno=899003\n  'size of li4' => ‹899012›,",
        "errno=899003\nold size of li4 → ‹899012› after 40 of 55",
        "E/Konto: code = 871300\nE/Konto: getGroup -> ‹871301›, so",
        "D/Konto: code = 871300\nD/Konto: createGroup -> ‹871301›, so",
    ],
};

/// `kick li4 → 811005`: what comes before the arrow has no name for the number, and is no number
/// that becomes this one.
fn arrow(occurrence: &Occurrence<'_>) -> bool {
    let key = occurrence.key();
    let separator = &occurrence.before[key.range.end..];
    let is_quoted = || separator.first().is_some_and(|byte| matches!(byte, b'"' | b'\''));
    follows_arrow(occurrence)
        && (key.role.is_none() || is_outcome_of_call(occurrence))
        && key.range.end > 0
        && !is_number(occurrence.key_text())
        && !is_quoted()
        && match occurrence.origin.level {
            Some(_) => {
                occurrence.is_own()
                    || (is_app_error(occurrence) && calls::says_deed(occurrence.before_trimmed()))
            }
            None => {
                is_in_log_of_codes(occurrence) && calls::names_call(occurrence.before_trimmed())
            }
        }
}

fn follows_arrow(occurrence: &Occurrence<'_>) -> bool {
    let text = occurrence.before_trimmed();
    ["->", "=>", "→"].iter().any(|arrow| text.ends_with(arrow.as_bytes()))
}

/// `createGroup -> 871300`: at level E or W in a line of an app that logs codes, what the call led
/// to, and no group.
pub(super) fn is_outcome_of_call(occurrence: &Occurrence<'_>) -> bool {
    let (key, name) = (occurrence.key(), occurrence.key_text());
    follows_arrow(occurrence)
        && is_app_error(occurrence)
        && names::is_camel_case(name)
        && names::is_call(name, key.roles)
        && calls::returns_nothing(name)
        && occurrence.is_own()
}

/// Sure after what an app did, in a line of an app that logs codes, except at level D or I, where
/// an arrow leads to anything.
fn by_log(occurrence: &Occurrence<'_>) -> Grade {
    let is_sure = match occurrence.origin.level {
        Some(_) => {
            is_app_error(occurrence)
                && occurrence.is_own()
                && calls::says_deed(occurrence.before_trimmed())
        }
        None => true,
    };
    if is_sure { Grade::Sure } else { Grade::Likely }
}

/// The line's app has logged codes, or, in a log without levels, anybody has.
fn is_in_log_of_codes(occurrence: &Occurrence<'_>) -> bool {
    let Origin { level, follows_codes, .. } = occurrence.origin;
    (level.is_none() && follows_codes) || occurrence.is_own()
}

static ERROR_LINE: Rule = Rule {
    name: "error-line",
    why: "an app's line at level E or W has only where it comes from and this number, or what the \
          app did, if the app logs codes",
    ruling: RulingBy::Graded(by_end),
    evidence: Evidence::Test(error_line),
    decides: &[
        "E/jBridge: java :‹871300›",
        "E/Konto: code = 871300\nE/Konto: voice note 12, 2nd try: ‹871402›, so",
        "E/Konto: code = 871300\nE/Konto: set the topic of g20: ‹810009›",
    ],
    passes: &[
        "D/jBridge: java :‹871300›",
        "E/jBridge: stock :‹871300›",
        "E/jBridge: 留言内容：‹871300›",
        "E/Konto: voice note 12, the second try: ‹871402›",
        "E/Konto: code = 871300\nE/Konto: boss hp: ‹850001›",
        "E/Konto: code = 871300\nE/Konto: 库存：‹850001›",
        "E/Konto: code = 871300\nD/Konto: set the topic of g20: ‹810009›",
        "E/Konto: code = 871300\nE/Konto: voice note 12, 2nd try: ‹871402› it is",
    ],
};

/// Names of where a line comes from, and of what has called it.
const ORIGINS: [&str; 8] = ["callback", "cb", "java", "jni", "js", "native", "rn", "unity"];
/// The longest text before a number, in bytes.
const OWN_TEXT_BYTES_MAX: usize = 64;

/// `E/jLog: js :871300`: a line that logs an error with nothing but where it comes from and a
/// number logs the error's number. In an app that logs codes, it may say what the app did.
fn error_line(occurrence: &Occurrence<'_>) -> bool {
    let key = occurrence.key();
    let is_named = key.separator == Separator::Value
        && key.role.is_none()
        && key.range.end > 0
        && !is_number(occurrence.key_text());
    let is_alone = || {
        let is_first = occurrence.before[..key.range.start].trim_ascii().is_empty();
        let is_origin = |name: &&str| occurrence.key_text().eq_ignore_ascii_case(name.as_bytes());
        is_first && ORIGINS.iter().any(is_origin) && occurrence.ends_message()
    };
    let is_own = || {
        occurrence.before.len() <= OWN_TEXT_BYTES_MAX
            && ends_clause(occurrence)
            && calls::says_deed(occurrence.before_trimmed())
            && occurrence.is_own()
    };
    is_app_error(occurrence)
        && is_named
        && !occurrence.before_trimmed().ends_with(b"=")
        && (is_alone() || is_own())
}

/// Sure at the end of a line of an app that logs codes.
fn by_end(occurrence: &Occurrence<'_>) -> Grade {
    if occurrence.ends_message() && occurrence.is_own() { Grade::Sure } else { Grade::Likely }
}

/// Nothing follows the number, or a sign that ends a clause or begins a remark.
fn ends_clause(occurrence: &Occurrence<'_>) -> bool {
    let goes_on = matches!(occurrence.after, [b',' | b';', ..] | [b' ', b'(', ..]);
    let goes_on_wide =
        || ["，", "；", "（"].iter().any(|sign| occurrence.after.starts_with(sign.as_bytes()));
    goes_on || goes_on_wide() || occurrence.ends_message()
}

pub(in crate::context) static ECHO: Rule = Rule {
    name: "echo",
    why: "this code was just logged, by the same process or in the line before, and nothing else is \
          named here",
    ruling: SURE,
    evidence: Evidence::Test(echo),
    decides: &[
        "D/Konto: errorCode = 801006\nD/Konto: 账号被禁用(‹801006›)，联系客服",
        "D/Konto: errorCode = 871300\nD/Konto: relogin because of ‹871300›",
        "D/Konto: errorCode = 851003\nD/Konto: ‹851003›当成功处理",
        "E( 1702: 2395) errorCode = 801006\nI( 1702: 2395) 账号被禁用（‹801006›），联系客服",
        "errno=899001\nignore ‹899001› for li4",
    ],
    passes: &[
        "D/Konto: errorCode = 801006\nD/Konto: 账号被禁用(‹801007›)，联系客服",
        "D/Konto: errorCode = 871300\nD/Login: relogin because of ‹871300›",
        "E( 1702: 2395) errorCode = 801006\nI( 1703: 2395) 账号被禁用（‹801006›），联系客服",
        "errno=899001\nwhat was that?\nignore ‹899001› for li4",
        "D/Konto: errorCode = 871300\nD/Konto: online=‹871300›",
        "D/Konto: errorCode = 871300\nD/Konto: 金币 ‹871300› 魅力",
        "D/Konto: errorCode = 871300\nD/Konto: 金币‹871300›魅力",
    ],
};

/// What apps do about a code, before it.
const HANDLING: [&str; 19] = [
    "because", "called", "get", "gets", "getting", "handled", "handling", "ignore", "ignored",
    "ignoring", "see", "skip", "skipped", "skipping", "swallow", "swallowed", "swallowing",
    "treating", "unhandled",
];
/// The same in Chinese.
const HANDLING_ZH: [&str; 2] = ["忽略", "由于"];

/// `ignore 899001 for u20`, `撤回超时啦 (855001)`, `851003当成功处理`: a number without a name, right
/// after its code was logged. Without a word for what is done about it, its line must say whose it
/// is.
fn echo(occurrence: &Occurrence<'_>) -> bool {
    if !occurrence.is_echo || occurrence.key().role.is_some() {
        return false;
    }
    let is_handled = is_handled(occurrence) && is_apart(occurrence.before, occurrence.after);
    let names_somebody = || occurrence.origin.is_logcat() || occurrence.origin.tag.is_some();
    is_handled || (names_somebody() && is_by_itself(occurrence))
}

fn is_handled(occurrence: &Occurrence<'_>) -> bool {
    let (key, name) = (occurrence.key(), occurrence.key_text());
    let text = &occurrence.before[..key.range.end];
    matches!(key.separator, Separator::Blank | Separator::Glued)
        && (HANDLING.iter().any(|word| name.eq_ignore_ascii_case(word.as_bytes()))
            || HANDLING_ZH.iter().any(|word| text.ends_with(word.as_bytes())))
}

/// Whether a number is in brackets, or begins the message or a sentence.
fn is_by_itself(occurrence: &Occurrence<'_>) -> bool {
    let end = occurrence.key().range.end;
    let separator = occurrence.before[end..].trim_ascii();
    let begins_clause = || {
        let ends_clause = ["，", "。", "！", "？", "!", "?", ".", "..."];
        (end == 0 && is_unnamed(occurrence))
            || ends_clause.iter().any(|sign| separator == sign.as_bytes())
    };
    match is_apart(&occurrence.before[end..], occurrence.after) {
        true => is_bracketed(separator) || begins_clause(),
        false => begins_clause() && goes_on(occurrence.after),
    }
}

/// Whether only signs touch the number, also those of Chinese: `（801006）`, `801006，`.
fn is_apart(before: &[u8], after: &[u8]) -> bool {
    let is_sign = |text: Option<&[u8; 3]>| {
        text.is_some_and(|[first, next, _]| {
            matches!((first, next), (0xe3, 0x80) | (0xef, 0xbc | 0xbd))
        })
    };
    let is_blank = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
    let is_apart_before = before.last().is_none_or(is_blank) || is_sign(before.last_chunk());
    is_apart_before && (after.first().is_none_or(is_blank) || is_sign(after.first_chunk()))
}
