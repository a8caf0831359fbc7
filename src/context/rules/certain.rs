//! Phase 2, certain evidence: the code's own message, or a word for an error, glued to the number.

use super::{Evidence, GOOD, Grade, Pattern, Rule, RulingBy, SURE, is_name_byte, trailing_name};
use crate::context::lexicon::{self, Role};
use crate::context::names;
use crate::context::occurrence::Occurrence;
use crate::context::own_message::is_beside;
use crate::context::subject;

/// The rules of this phase, in order.
pub(super) static PHASE: &[&Rule] = &[&OWN_MESSAGE, &GLUED_KEY, &ERROR_GLUED];

static OWN_MESSAGE: Rule = Rule {
    name: "own-message",
    why: "its own message is directly next to it",
    ruling: SURE,
    evidence: Evidence::Test(own_message),
    decides: &[
        "sent ‹871300›Have not logged in.",
        "I/chat: api调用发起者尚未登录 ‹871300›",
        "size ‹898002› no such user",
    ],
    passes: &[
        "sent ‹871300›Have a nice day.",
        "I/chat: api调用发起者 ‹871300›号",
        "size ‹898002› no such file",
    ],
};

/// `871300Have not logged in.`, `Have not logged in.871300`, `871300, 未登录`.
fn own_message(occurrence: &Occurrence<'_>) -> bool {
    is_beside(occurrence)
}

static GLUED_KEY: Rule = Rule {
    name: "glued-key",
    why: "a word for an error is glued to it",
    ruling: RulingBy::Graded(by_glued_key),
    evidence: Evidence::Touching(glued_key),
    decides: &[
        "I/chat: loginErrorCode‹871300›",
        "I/chat: loginErrorCode‹898001›",
        "string name jmessage_sdk_87x_‹871300›",
        "I/chat: iiiii‹871300›",
    ],
    passes: &[
        "I/chat: loginSession‹871300›",
        "I/chat: loginFailed‹898001›",
        "string name jmessage_icon_‹871300›",
        "I/chat: room iiiii‹871300›",
    ],
};

/// `errorCode871300` is not one word; `sdk_87x_871300` names the SDK's resource for the code;
/// `iiiii871300` is how hasty code marks the first argument of a callback, and all of its message.
fn glued_key(occurrence: &Occurrence<'_>) -> bool {
    let name = trailing_name(occurrence.before);
    if name.is_empty() || occurrence.byte_after().is_some_and(is_name_byte) {
        return false;
    }
    if names::is_marker(name) {
        return is_marked(occurrence);
    }
    let stem = stem(name);
    match names::key_role(stem) {
        Some(Role::Code | Role::Failure | Role::Outcome) => true,
        Some(Role::Other) => is_resource(name),
        _ => is_resource(name) || lexicon::holds(stem, Role::Glued),
    }
}

/// Only a marker precedes it, and nothing follows it.
fn is_marked(occurrence: &Occurrence<'_>) -> bool {
    let Occurrence { before, after, .. } = occurrence;
    before.trim_ascii_start().len() == trailing_name(before).len() && after.trim_ascii().is_empty()
}

/// Sure for the name of a code, good for one of a failure, an outcome, the SDK's resource, or a
/// marker, which is sure in a line of the SDK or its app.
fn by_glued_key(occurrence: &Occurrence<'_>) -> Grade {
    let name = trailing_name(occurrence.before);
    if names::is_marker(name) && occurrence.is_own() {
        return Grade::Sure;
    }
    let is_code = !is_resource(name) && names::key_role(stem(name)) == Some(Role::Code);
    if is_code { Grade::Sure } else { Grade::Good }
}

fn stem(name: &[u8]) -> &[u8] {
    name.strip_suffix(b"_").unwrap_or(name)
}

/// The SDK's text for a code: `jmessage_sdk_87x_871300`.
static RESOURCE: Pattern = Pattern::new(r"(?i-u:sdk_8)[0-9A-Za-z_]*x_$");

fn is_resource(name: &[u8]) -> bool {
    RESOURCE.matches(name)
}

static ERROR_GLUED: Rule = Rule {
    name: "error-glued",
    why: "a Chinese word for an error is glued to its end",
    ruling: GOOD,
    evidence: Evidence::Touching(error_glued),
    decides: &["请问 ‹871504›错误怎么解决"],
    passes: &["请问 ‹871504›群怎么加入", "D/Konto: 订单‹871304›异常"],
};

/// `871504错误`; but `订单871304异常`, where it is glued to a thing, too.
fn error_glued(occurrence: &Occurrence<'_>) -> bool {
    lexicon::starts_with(occurrence.after, Role::ErrorSuffix).is_some()
        && occurrence.byte_before().is_none_or(|byte| !byte.is_ascii_alphanumeric())
        && (occurrence.is_announced() || !subject::ends_in_letter(occurrence.before))
}
