//! Phase 4, other keys: the words that name something else, or whose value it is.

use super::beside::Beside;
use super::own_lines::is_outcome_of_call;
use super::{
    Evidence, GOOD, Grade, NOT_CODE, Rule, RulingBy, by_owner, coded_thing, counts, is_name_byte,
    trailing_name,
};
use crate::context::comparison::Compared;
use crate::context::lexicon::{self, Role};
use crate::context::names;
use crate::context::occurrence::{Occurrence, Separator};
use crate::context::own_message;
use crate::context::subject::Subject;

/// The rules of this phase, in order. The value of a failed test and the code of a request come
/// before a key for something else, because their words look like one.
pub(super) static PHASE: &[&Rule] =
    &[&TEST_VALUE, &REQUEST_CODE, &OTHER_KEY, &OTHER_CODE, &coded_thing::CODED_THING];

static TEST_VALUE: Rule = Rule {
    name: "test-value",
    why: "a failed test shows it as the actual value, or compares two codes",
    ruling: RulingBy::Graded(by_expectation),
    evidence: Evidence::Test(test_value),
    decides: &[
        "AssertionError: expected [0] but found [‹871300›]",
        "AssertionError: expected ‹880103› to equal 0",
        "im_test.go:33: got ‹899001›, want 0",
        "E       assert ‹899001› == 0",
        "Failed asserting that ‹899001› matches expected 0.",
        "junit.framework.ComparisonFailure: expected:<‹801004›> but was:<871310>",
        "errno=899003\nE       assert 899006 == ‹810007›",
        "errno=899003\nAssertionError: ‹899006› != 810007",
        "errno=899003\norg.opentest4j.AssertionFailedError: expected: <‹899002›> but was: <899008>",
    ],
    passes: &[
        "Library: asked for [0] but found [‹871300›]",
        "AssertionError: expected [5] but found [‹871300›]",
        "AssertionError: number of rows: expected [0] but found [‹871300›]",
        "junit.framework.ComparisonFailure: expected:<‹801004›> but was:<801310>",
        "junit.framework.ComparisonFailure: expected:<‹801004›> but was:<801003>",
        "AssertionError: expected user ‹801004› but got 899001",
        "AssertionError: digest mismatch: want 871647 got ‹805001›",
        "errno=899003\norg.opentest4j.AssertionFailedError: id expected: <‹899002›> but was: <899008>",
        "E       assert rows: 899006 == ‹810007›",
        "errno=899003\nAssertionError: ‹899006› != 899008",
    ],
};

/// `expected [0] but found [871300]`, `Expected: 0 Received: 871300`, `assert 871300 == 0`,
/// `expected:<801004> but was:<871310>`.
fn test_value(occurrence: &Occurrence<'_>) -> bool {
    let is_got = || occurrence.key().roles.has(Role::Got);
    let holds = match occurrence.compared() {
        Some(Compared::Zero | Compared::ListedCode) => true,
        Some(Compared::Other) => false,
        Some(Compared::Code) | None => is_got(),
    };
    holds && occurrence.is_near_expectation() && !occurrence.compares_counts()
}

/// A test that expected 0, or another code, tested a code.
fn by_expectation(occurrence: &Occurrence<'_>) -> Grade {
    match occurrence.compared() {
        Some(Compared::Zero | Compared::ListedCode) => Grade::Sure,
        _ => by_owner(occurrence),
    }
}

static OTHER_KEY: Rule = Rule {
    name: "other-key",
    why: "the word before it announces something else",
    ruling: NOT_CODE,
    evidence: Evidence::Test(other_key),
    decides: &[
        "E/Chat: login error, uid=‹871301›",
        "D/Install: versionCode ‹871301›",
        "D/Sms: 验证码：‹871301›",
        "D/Konto: order status: ‹871301›",
        "net_status ‹871301›",
        "D/Konto: 查询结果：‹871301›",
        "D/Konto: 部门代码：‹871301›",
        "D/Konto: wifi status=‹871301›",
        "D/Konto: voucher code ‹871301›",
        "V/Backup: getFuzzMilliseconds(...) returns ‹871301›",
    ],
    passes: &[
        "E/Chat: login uid=12, error=‹871301›",
        "D/Konto: login status: ‹871301›",
        "D/Konto: 发送消息结果：‹871301›",
        "D/Konto: 返回代码：‹871301›",
        "D/Install: errorCode ‹871301›",
        "D/Sms: 错误码：‹871301›",
        "D/Konto: net=wifi status=‹871301›",
        "D/Konto: u1002 status=‹871301›",
        "D/Konto: enterChatRoom code ‹871301›",
        "V/Backup: enterChatRoom(...) returned ‹871301›",
    ],
};

/// `groupId:871301`, `size=871301`, `耗时871301`, `sent to 871301`, `order status 871301`; but
/// `NO_SUCH_USER = 898002`.
fn other_key(occurrence: &Occurrence<'_>) -> bool {
    match occurrence.key().role {
        Some(Role::Other) => {
            !own_message::names_constant(occurrence) && !is_outcome_of_call(occurrence)
        }
        Some(Role::Outcome) => {
            let name = match occurrence.key_text() {
                [] => &occurrence.before[..occurrence.key().range.end],
                name => name,
            };
            names::is_state(name) && occurrence.key_subject() == Subject::Thing
        }
        Some(Role::Code) => is_code_of_wide_thing(occurrence),
        _ => false,
    }
}

/// `部门代码：871301`, `部门代码为871301`; but `错误代码`, and `返回代码`.
fn is_code_of_wide_thing(occurrence: &Occurrence<'_>) -> bool {
    let key = &occurrence.key().range;
    let text = &occurrence.before[..key.end];
    let text = text.strip_suffix("为".as_bytes()).unwrap_or(text);
    let of_thing = |text: &[u8]| Subject::at_end(text) == Subject::Thing;
    key.is_empty() && text.strip_suffix(CODE_ZH).is_some_and(of_thing)
}

/// A word for a code of anything.
pub(super) const CODE_ZH: &[u8] = "代码".as_bytes();

static REQUEST_CODE: Rule = Rule {
    name: "request-code",
    why: "a request's code is what failed, and no screen's, which has at most 16 bits",
    ruling: GOOD,
    evidence: Evidence::Test(request_code),
    decides: &[
        "D/requestCode = ‹871300›: 发送失败",
        "E/Net: requestCode = ‹871300›, not logged in",
    ],
    passes: &["D/requestCode = ‹871300›: 发送", "E/Net: requestCode = ‹871300›, resultCode = 0"],
};

/// `requestCode = 871300: 发送失败`
fn request_code(occurrence: &Occurrence<'_>) -> bool {
    occurrence.key_text().eq_ignore_ascii_case(b"requestCode") && occurrence.precedes_error_text()
}

static OTHER_CODE: Rule = Rule {
    name: "other-code",
    why: "the code is of another vendor, of a program that ended, of the object that follows, one \
          side of a comparison, or a counter's",
    ruling: NOT_CODE,
    evidence: Evidence::Test(other_code),
    decides: &[
        "E/Pay: Alipay returned error code ‹871301›",
        "errno=899003\napp: {\"model\":\"OPPO A57\",\"err_code\":‹871505›}",
        "https://oapi.dingtalk.com/topapi/message/corpconversation/asyncsend_v2 -> {\"errcode\":‹871301›}",
        "installer: Return code: ‹871301›",
        "D/Konto: task exited with code ‹871301›",
        "E/MediaPlayer: error (‹871301›, 0)",
        "{\"‹871301›\": {\"code\": 0}}",
        "AssertionError: ‹871301› != 12",
        "AssertionError: expected ‹871301› to equal 12",
        "seq gap: expected 871300, got ‹871301›",
        "expect(received).toBe(expected) Expected: ‹871301› Received: 871299.5",
        "AssertionError: expected 100 rows, got ‹871301›",
        "XCTAssertLessThan failed: (‹871301›) is not less than (500)",
        "D/Jobs: failed=‹871301› passed=12",
        "D/Jobs: failed ‹871301›, passed 12",
        "‹871301› failed, 12 passed in 3.2s",
        "1 failed, ‹871301› passed in 3.2s",
        "ERROR ‹871301›  WARN 12  INFO 4410022",
        "summary = 900000 in 00:01:00 Max: 402 Err: ‹871301› (96.81%)",
        "{\"sent\":900000,\"failed\":‹871301›}",
        "stats: ok=900000 err=‹871301›",
        "E/Jobs: error (‹871301›, 5)",
        "http_fail ‹871301›",
        "SELECT * FROM t WHERE code = ‹871301›",
        "{\"code\":1,\"result\":\"‹871301›\"}",
    ],
    passes: &[
        "E/Pay: the bank returned error code ‹871301›",
        "errno=899003\napp: {\"model\":\"OPPO A57\",\"im_code\":‹871505›}",
        "https://im.example.com/topapi/message/corpconversation/asyncsend_v2 -> {\"errcode\":‹871301›}",
        "E/Konto: Return code: ‹871301›",
        "{\"error\": \"‹871301›\", \"x\": {\"code\": 0}}",
        "AssertionError: ‹871301› != 0",
        "AssertionError: error code: expected 871300, got ‹871301›",
        "AssertionError: 3 rows, error code: expected 871300, got ‹871301›",
        "XCTAssertNil failed: (‹871301›) is not nil",
        "E/Konto: errorCode = ‹871301› greater than 0",
        "D/Jobs: failed=‹871301› user=12",
        "‹871301› failed, 12 attempts left",
        "attempt 1 failed, ‹871301› is back",
        "ERROR ‹871301›  at 12  INFO 4410022",
        "Max: 402 Err: ‹871301› (37%)",
        "{\"sent\":1,\"error\":‹871301›,\"total\":3}",
        "D/JMessage: login error=‹871301› total=900000",
        "INFO 4567 error: ‹871301›",
        "login failed ‹871301›, success 0",
        "E/Jobs: error (‹871301›, so)",
        "http_fail: ‹871301›",
        "{\"ok\":1,\"result\":\"‹871301›\"}",
    ],
};

/// How far before a number the name of another vendor says whose error it is, in bytes.
pub(in crate::context) const VENDOR_BYTES: usize = 64;
/// What the SDK calls its code: no other vendor's name counts against it.
pub(in crate::context) const OWN_KEY: [u8; 12] = *b"responsecode";

fn other_code(occurrence: &Occurrence<'_>) -> bool {
    let is_foreign = || {
        (is_return_code(occurrence) && !occurrence.is_own())
            || is_exit_code(occurrence)
            || is_of_vendor(occurrence)
            || is_counter(occurrence)
            || counts::is_tally(occurrence)
            || counts::is_count(occurrence)
            || counts::is_tuple(occurrence)
            || is_in_statement(occurrence)
    };
    is_object_key(occurrence)
        || is_other_field(occurrence)
        || occurrence.compared() == Some(Compared::Other)
        || counts::begins_with_summary(occurrence.after)
        || counts::is_in_summary(occurrence)
        || begins_with_order(occurrence.after)
        || is_compared_count(occurrence)
        || (occurrence.is_announced() && is_foreign())
}

/// `(871301) is not less than (500)`: codes have no order.
fn begins_with_order(after: &[u8]) -> bool {
    let mut after = Beside::after(after);
    let is_closing = |byte| matches!(byte, b'"' | b'\'' | b')' | b']' | b'>' | b'}');
    let is_opening = |byte| matches!(byte, b'"' | b'\'' | b'(' | b'[' | b'<' | b'{');
    after.run(..=3, is_closing).is_some()
        && after.literal(" ")
        && after.letter_is(b"iwnlg")
        && after.maybe_any_case(&["is ", "was "])
        && after.maybe_any_case(&["not "])
        && after.one_of_any_case(&["less than ", "greater than "])
        && after.run(..=3, is_opening).is_some()
        && after.digits(2..)
}

/// `number of rows: expected 871301, got 871302`
fn is_compared_count(occurrence: &Occurrence<'_>) -> bool {
    let key = occurrence.key();
    (key.role == Some(Role::Outcome) || key.roles.has(Role::Got)) && occurrence.compares_counts()
}

fn is_of_vendor(occurrence: &Occurrence<'_>) -> bool {
    let follows_address = || occurrence.text_with_address().is_some_and(follows_vendor_address);
    let names_im = || {
        let qualifier = names::qualifier(occurrence.key_text());
        qualifier.is_some_and(|name| name.eq_ignore_ascii_case(b"im"))
    };
    let is_own_key = || occurrence.key_text().eq_ignore_ascii_case(&OWN_KEY);
    let is_of_im = || occurrence.origin.follows_codes && names_im();
    !(is_own_key() || is_of_im())
        && (occurrence.follows_vendor(VENDOR_BYTES) || follows_address())
        && !occurrence.is_near_sdk()
}

/// Whether the last address in a text is one of another vendor's: `https://oapi.dingtalk.com/`.
pub(in crate::context) fn follows_vendor_address(before: &[u8]) -> bool {
    const SCHEME_END: &[u8] = b"://";
    let is_of_host = |byte: &u8| is_name_byte(*byte) || matches!(byte, b'.' | b'-');
    memchr::memmem::rfind(before, SCHEME_END).is_some_and(|at| {
        let address = &before[at + SCHEME_END.len()..];
        let host = address.iter().take_while(|byte| is_of_host(byte)).count();
        lexicon::vendors(&address[..host]).next().is_some()
    })
}

/// `"871300": {`
fn is_object_key(occurrence: &Occurrence<'_>) -> bool {
    let Some(value) = occurrence.after.strip_prefix(b"\"") else { return false };
    let value = value.trim_ascii_start().strip_prefix(b":").unwrap_or_default();
    occurrence.byte_before() == Some(b'"') && matches!(value.trim_ascii_start(), [b'{' | b'[', ..])
}

/// `{"code":0,"result":871300}`: an object that has a code has other fields for other things.
fn is_other_field(occurrence: &Occurrence<'_>) -> bool {
    let is_field = || occurrence.before.get(occurrence.key().range.end) == Some(&b'"');
    occurrence.key().role == Some(Role::Outcome)
        && is_field()
        && memchr::memmem::find(occurrence.vicinity, b"\"code\"").is_some()
}

/// `Return code: 871300`: installers and shells print it; an app logs what its call returned in a
/// log of its own.
fn is_return_code(occurrence: &Occurrence<'_>) -> bool {
    let before = occurrence.before[..occurrence.key().range.start].strip_suffix(b" ");
    let is_return = |word: &[u8]| {
        ["return", "returned"].iter().any(|other| word.eq_ignore_ascii_case(other.as_bytes()))
    };
    !occurrence.origin.is_logcat()
        && occurrence.is_bare_code()
        && before.is_some_and(|before| is_return(trailing_name(before)))
}

/// `exited with an `, `exited, `
fn ends_with_exit(before: &[u8]) -> bool {
    let mut before = Beside::before(before);
    let is_separator = |byte| matches!(byte, b' ' | b'(' | b',');
    before.maybe_any_case(&["a ", "an "])
        && before.maybe_any_case(&["with "])
        && before.run(1.., is_separator).is_some()
        && before.word_of(&["exit", "exited", "terminated"])
}

/// `exited with code 871301`, `exit status 871301`, `code=exited, status=871301`
fn is_exit_code(occurrence: &Occurrence<'_>) -> bool {
    names_any_code(occurrence) && ends_with_exit(occurrence.before_key())
}

/// `WHERE code = 871301`, `SET status=871301`
fn is_in_statement(occurrence: &Occurrence<'_>) -> bool {
    names_any_code(occurrence) && ends_with_clause(occurrence.before_key())
}

/// `WHERE `
fn ends_with_clause(before: &[u8]) -> bool {
    matches!(before.strip_suffix(b" ").map(trailing_name), Some(b"WHERE" | b"SET"))
}

/// Whether the key is one for the code or the outcome of anything.
fn names_any_code(occurrence: &Occurrence<'_>) -> bool {
    occurrence.is_bare_code() || occurrence.key().role == Some(Role::Outcome)
}

/// `http_error 871301`: a name in lower case with `_` and a number, as counters are listed.
fn is_counter(occurrence: &Occurrence<'_>) -> bool {
    let name = occurrence.key_text();
    occurrence.key().separator == Separator::Blank
        && name.contains(&b'_')
        && !name.iter().any(u8::is_ascii_uppercase)
        && !names::is_code(name)
        && occurrence.key_subject() == Subject::Thing
}

#[cfg(test)]
mod tests {
    use super::super::beside::tests::assert_reads;
    use super::*;

    #[test]
    fn the_functions_read_what_these_patterns_match() {
        let less = "(?i-u:(?:is |was )?(?:not )?(?:less|greater) than)";
        assert_reads(
            &format!(r#"^["')\]>}}]{{0,3}} {less} ["'(\[<{{]{{0,3}}[0-9]{{2}}"#),
            begins_with_order,
        );
        assert_reads(
            r"(?-u:\b)(?i-u:exit|exited|terminated)[ (,]+(?i-u:(?:with )?(?:an? )?)$",
            ends_with_exit,
        );
        assert_reads(r"(?-u:\b)(?:WHERE|SET) $", ends_with_clause);
    }
}
