//! Evidence in words: the code's own message, and the words that announce a number or follow it.

use super::super::sight::{Joint, Sight};
use super::super::words::{self, Role};
use super::{Grade, Say, accept, leading_name, refuse, trailing_name};
use crate::context::own_message;

/// `871300Have not logged in.`, `Have not logged in.871300`, `871300, 未登录`.
pub(super) fn beside_own_message(sight: &Sight<'_>) -> Option<Say> {
    accept(own_message::is_beside(sight), Grade::Sure)
}

/// `errorCode871300`, `设置失败871300` is no word part; `sdk_87x_871300` names the SDK's resource for
/// the code.
pub(super) fn is_glued_to_key(sight: &Sight<'_>) -> Option<Say> {
    let name = trailing_name(&sight.left);
    if name.is_empty()
        || sight.behind().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        return None;
    }
    let stem = name.strip_suffix(b"_").unwrap_or(name);
    if words::contains(name, b"sdk_8") && name.ends_with(b"x_") {
        return Some(Say::Accept(Grade::Good));
    }
    match words::role(stem) {
        Some(Role::Code) => Some(Say::Accept(Grade::Sure)),
        Some(Role::Failure | Role::Outcome) => Some(Say::Accept(Grade::Good)),
        None => accept(
            words::contains(stem, b"error") || words::contains(stem, b"errcode"),
            Grade::Good,
        ),
        Some(Role::Other) => None,
    }
}

/// `871504错误`.
pub(super) fn is_before_glued_error(sight: &Sight<'_>) -> Option<Say> {
    let word = |text: &str| sight.right.starts_with(text.as_bytes());
    accept(
        sight.left.last().is_none_or(|byte| !byte.is_ascii_alphanumeric())
            && (word("错误") || word("异常") || word("报错")),
        Grade::Good,
    )
}

/// `expected [0] but found [871300]`, `Expected: 0 Received: 871300`.
pub(super) fn is_test_value(sight: &Sight<'_>) -> Option<Say> {
    let got = [&b"found"[..], b"got", b"received", b"equal", b"be"]
        .iter()
        .any(|word| sight.word().eq_ignore_ascii_case(word));
    accept(got && words::contains(sight.vicinity(), b"expected"), Grade::Good)
}

/// `groupId:871301`, `size=871301`, `versionCode 871301`, `耗时871301`, `sent to 871301`.
pub(super) fn behind_other_key(sight: &Sight<'_>) -> Option<Say> {
    refuse(sight.introducer().role == Some(Role::Other) && !own_message::names_constant(sight))
}

/// `responseCode = 871300`, `"code":871300`, `错误码：871300`.
pub(super) fn behind_code_key(sight: &Sight<'_>) -> Option<Say> {
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
pub(super) fn in_line_with_message(sight: &Sight<'_>) -> Option<Say> {
    accept(own_message::is_in(sight), Grade::Good)
}

/// `871504 Push register error, …`: the message of another release.
pub(super) fn before_text_alike(sight: &Sight<'_>) -> Option<Say> {
    accept(own_message::begins_alike(sight), Grade::Good)
}

/// `login failed [871300]`, `登录失败: 871300`.
pub(super) fn behind_failure(sight: &Sight<'_>) -> Option<Say> {
    let grade = if sight.introducer().joint == Joint::Loose { Grade::Good } else { Grade::Sure };
    accept(sight.introducer().role == Some(Role::Failure), grade)
}

/// `status 871300`, `返回871300`, `expected:<871300>`.
pub(super) fn behind_outcome(sight: &Sight<'_>) -> Option<Say> {
    accept(sight.introducer().role == Some(Role::Outcome), Grade::Good)
}

/// `871300错误`, `871300 error`.
pub(super) fn before_error_word(sight: &Sight<'_>) -> Option<Say> {
    let separator = |byte: u8| {
        matches!(byte, b' ' | b'\t' | b':' | b',' | b'-' | b'(' | b'[' | b'|' | b'"' | b'\'')
    };
    let skipped = sight.right.iter().take_while(|byte| separator(**byte)).count();
    let right = &sight.right[skipped..];
    let word = leading_name(right);
    let english = [&b"error"[..], b"err", b"failed", b"failure", b"exception", b"errcode"];
    let chinese = ["错误", "异常", "失败", "报错", "出错", "是什么"];
    let hit = english.iter().any(|known| word.eq_ignore_ascii_case(known))
        || chinese.iter().any(|known| right.starts_with(known.as_bytes()));
    accept(hit, Grade::Good)
}
