//! Phase 1, structure: numbers that are part of something else, whatever the words around them say.

use super::{Evidence, NOT_CODE, Rule};
use crate::ansi;
use crate::context::occurrence::Occurrence;

/// The rules of this phase, in order.
pub(super) static PHASE: &[&Rule] = &[&HEADER, &ESCAPE, &DECIMAL];

/// Every format has time fractions, process numbers, or user ids that may have six digits.
pub(in crate::context) static HEADER: Rule = Rule {
    name: "header",
    why: "it is in the columns of the line's header",
    ruling: NOT_CODE,
    evidence: Evidence::Nothing,
    decides: &[
        "03-18 00:13:38.‹871301›  1702  2395 D Chat: connected",
        "W/Chat    (‹871301›): message queue drained",
        "E(‹871301›:871302) connect error",
    ],
    passes: &[
        "03-18 00:13:38.000  1702  2395 D Chat: ‹871301›",
        "W/Chat    ( 1702): error(‹871301›): message queue drained",
        "E( 1702: 1703) connect error ‹871301›",
    ],
};

static ESCAPE: Rule = Rule {
    name: "escape",
    why: "it is a parameter of an escape sequence",
    ruling: NOT_CODE,
    evidence: Evidence::Test(escape),
    decides: &["E/Konto: code = ␛[38;‹871301›m"],
    passes: &["E/Konto: code = ␛[38m‹871301›"],
};

/// `ESC[38;871301m`: an explanation there would break the terminal.
fn escape(occurrence: &Occurrence<'_>) -> bool {
    ansi::ends_in_parameters(&occurrence.vicinity[..occurrence.start])
}

static DECIMAL: Rule = Rule {
    name: "decimal",
    why: "it is part of a decimal, a time, or a version",
    ruling: NOT_CODE,
    evidence: Evidence::Touching(decimal),
    decides: &[
        "D/Gps: fix error 0.‹871301› of a meter",
        "sync failed at 10:02:03,‹871301›",
        "D/Update: error in build ‹871301›.2.1",
    ],
    passes: &["D/Gps: fix error...‹871301›", "sync failed,‹871301›", "D/Update: error ‹871301›."],
};

/// `0.871301`, `10:02:03,871301`, `871301.5`, `871301E-5`, `871301,000,`; but a period may end the
/// code's own message (`in.871300`), and an ellipsis may introduce the code (`...871300`).
fn decimal(occurrence: &Occurrence<'_>) -> bool {
    goes_on(occurrence.after) || follows_integer(occurrence.before)
}

/// `.5`, `.x`, `,000,`
fn goes_on(after: &[u8]) -> bool {
    match after {
        [b'.', next, ..] => next.is_ascii_alphanumeric(),
        [b',', digits @ ..] => {
            matches!(digits, [a, b, c, b',', ..] if [a, b, c].into_iter().all(u8::is_ascii_digit))
        }
        _ => false,
    }
}

/// `0.`, ` .`, `10:02:03,`
fn follows_integer(before: &[u8]) -> bool {
    match before {
        [b'.'] => true,
        [.., byte, b'.'] => byte.is_ascii_digit() || b" \t=:([,-".contains(byte),
        [.., b':', a, b, b':', c, d, b','] => [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}
