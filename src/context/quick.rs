//! The shape that most codes have in a log, told at a glance: `responseCode = 871300,`.
//!
//! It only saves time: where it says yes, the rules would accept the number on the best evidence
//! too. A property test holds it to that. Where it says nothing, the rules are asked.

/// Names of the key, in lower case, that need no look at the words before them.
const KEYS: [&[u8]; 5] = [b"responsecode", b"errorcode", b"errcode", b"error_code", b"resultcode"];
/// The longest of them, in bytes.
const KEY_BYTES_MAX: usize = 12;

/// Whether the number at `start..end` of a line stands as a value behind a key for an error code,
/// with punctuation or the line's end behind it.
#[must_use]
pub fn is_code(line: &[u8], start: usize, end: usize) -> bool {
    ends_plainly(&line[end..]) && follows_key(&line[..start])
}

/// Behind the number: nothing, or punctuation that is part of no number, path or unit.
fn ends_plainly(right: &[u8]) -> bool {
    match right {
        []
        | [b'\r' | b'\n', ..]
        | [b',', b' ', ..]
        | [b',', b'"', ..]
        | [b' ', b',' | b';', ..] => true,
        [b';' | b')' | b'}' | b'"', rest @ ..] => !rest.first().is_some_and(u8::is_ascii_digit),
        _ => false,
    }
}

fn follows_key(left: &[u8]) -> bool {
    let left = left.strip_suffix(b" ").unwrap_or(left);
    let Some(left) = left.strip_suffix(b"=").or_else(|| left.strip_suffix(b":")) else {
        return false;
    };
    let left = left.strip_suffix(b" ").unwrap_or(left);
    let mut lower = [0; KEY_BYTES_MAX];
    KEYS.iter().any(|key| {
        let Some(at) = left.len().checked_sub(key.len()) else { return false };
        let name = &mut lower[..key.len()];
        name.copy_from_slice(&left[at..]);
        name.make_ascii_lowercase();
        name == *key
            && at
                .checked_sub(1)
                .is_none_or(|before| matches!(left[before], b' ' | b',' | b'{' | b'(' | b'\t'))
    })
}
