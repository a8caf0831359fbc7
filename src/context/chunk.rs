//! Up to eight bytes of a text as one number: comparing numbers is faster than comparing slices,
//! and a number has a hash.

/// The first eight bytes of a text, of which the first one is the highest. A shorter text is filled
/// with zeros.
#[inline]
pub(super) fn first(text: &[u8]) -> u64 {
    match (text.first_chunk(), text) {
        (Some(first), _) => u64::from_be_bytes(*first),
        (None, []) => 0,
        (None, _) => in_order(text) << (u64::BITS - 8 * text.len() as u32),
    }
}

/// The last eight bytes of a text, of which the last one is the highest. A shorter text is filled
/// with zeros.
#[inline]
pub(super) fn last(text: &[u8]) -> u64 {
    match (text.last_chunk(), text) {
        (Some(last), _) => u64::from_le_bytes(*last),
        (None, []) => 0,
        (None, _) => in_order(text).swap_bytes(),
    }
}

/// One to seven bytes, of which the last one is the lowest. Two reads may overlap.
#[inline]
fn in_order(text: &[u8]) -> u64 {
    let length = text.len();
    match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            let (first, last) = (u32::from_be_bytes(*first), u32::from_be_bytes(*last));
            u64::from(first) << (8 * (length - 4)) | u64::from(last)
        }
        _ => {
            let at = |index: usize| u64::from(text[index]) << (8 * (length - 1 - index));
            at(0) | at(length / 2) | at(length - 1)
        }
    }
}

/// Eight bytes with their ASCII letters in lower case.
#[inline]
pub(super) fn lowercase(bytes: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let low = bytes & (0x7f * EACH);
    // The highest bit of a byte says whether it is at least `A`, and whether it is beyond `Z`.
    let (at_least, beyond) = (low + (0x80 - b'A' as u64) * EACH, low + (0x7f - b'Z' as u64) * EACH);
    let is_upper = !bytes & (at_least ^ beyond) & (0x80 * EACH);
    bytes | is_upper >> 2
}

/// A hash of some numbers; the golden ratio spreads those that differ little (Knuth, volume 3,
/// 6.4).
#[inline]
pub(super) fn hash(numbers: impl IntoIterator<Item = u64>) -> u64 {
    numbers.into_iter().fold(0, |hash: u64, number| {
        (hash.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}

/// The place of four bytes in a filter of 2 to the power of `filter_bits` bits: a word, and a bit
/// in it. The golden ratio spreads numbers that differ little (Knuth, volume 3, 6.4).
#[inline]
pub(super) fn place(bytes: u32, filter_bits: u32) -> (usize, u64) {
    let hash = bytes.wrapping_mul(0x9e37_79b9) >> (u32::BITS - filter_bits);
    ((hash / u64::BITS) as usize, 1 << (hash % u64::BITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_any_length_are_filled_with_zeros() {
        let text = b"abcdefghij";
        for length in 0..=text.len() {
            let (start, end) = (&text[..length], &text[text.len() - length..]);
            let count = length.min(8);
            let mut bytes = [0; 8];
            bytes[..count].copy_from_slice(&start[..count]);
            assert_eq!(first(start), u64::from_be_bytes(bytes), "{length}");
            bytes = [0; 8];
            bytes[8 - count..].copy_from_slice(&end[length - count..]);
            assert_eq!(last(end), u64::from_le_bytes(bytes), "{length}");
        }
    }

    #[test]
    fn only_letters_change_their_case() {
        for byte in 0..=u8::MAX {
            for around in [0, b'@', b'Z', 0xff] {
                let bytes = [byte, around, byte, byte, around, b'[', byte, 0x80];
                let lower = u64::from_be_bytes(bytes.map(|byte| byte.to_ascii_lowercase()));
                assert_eq!(lowercase(u64::from_be_bytes(bytes)), lower, "{bytes:?}");
            }
        }
    }
}
