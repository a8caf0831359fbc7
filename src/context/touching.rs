//! The bytes that touch a number.
//!
//! Owns which of them only separate. A test asks all rules about the others.

/// Whether the bytes next to a number may say something.
pub(super) fn is_touched(before: &[u8], after: &[u8]) -> bool {
    const SEPARATE: [bool; 256] = {
        let (mut separate, mut at) = ([false; 256], 0);
        let bytes = b" \t\r\n\"'`()[]{}<>:;!?|*";
        while at < bytes.len() {
            (separate[bytes[at] as usize], at) = (true, at + 1);
        }
        separate
    };
    let separates = |byte: &u8| SEPARATE[usize::from(*byte)];
    let is_apart_before = match before {
        [.., b'+' | b'*', b' '] => false,
        [.., byte, b','] => !byte.is_ascii_digit(),
        [.., b'=' | b','] | [.., 0xef, 0xbc, 0x8c | 0x9a] => true, // `，`, `：`
        [.., byte] => separates(byte),
        [] => true,
    };
    let is_apart_after = match after {
        [b',', next, ..] => !next.is_ascii_digit(),
        [b'|', next, ..] => !next.is_ascii_lowercase(),
        [b','] | [0xef, 0xbc, 0x8c | 0x9a, ..] => true,
        [byte, ..] => separates(byte),
        [] => true,
    };
    !(is_apart_before && is_apart_after)
}
