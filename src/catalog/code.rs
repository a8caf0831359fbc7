//! A code: the number that the SDK reports. Owns its shape, and does not know its meaning.

use std::fmt;

/// An error code as a number; 0 is success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u64);

impl Code {
    /// The SDK's "no error". A lookup finds it, but a log is never searched for it.
    pub const SUCCESS: Code = Code(0);
    /// The fewest digits of a code in a table: shorter numbers are in every line of every log.
    pub(crate) const DIGITS_MIN: usize = 5;
    /// The most digits of a code in a table.
    pub(crate) const DIGITS_MAX: usize = 10;

    /// The code with this number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Code(number)
    }

    /// Reads 1 to 10 ASCII digits without a leading zero, except `0` itself.
    #[must_use]
    pub fn from_digits(digits: &[u8]) -> Option<Self> {
        let leading_zero = digits.first() == Some(&b'0') && digits.len() > 1;
        if digits.is_empty() || digits.len() > Code::DIGITS_MAX || leading_zero {
            return None;
        }
        let mut number = 0_u64;
        for &digit in digits {
            if !digit.is_ascii_digit() {
                return None;
            }
            number = number * 10 + u64::from(digit - b'0');
        }
        Some(Code(number))
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// How many decimal digits the number has.
    pub(super) fn digits(self) -> usize {
        self.0.checked_ilog10().map_or(1, |log| log as usize + 1)
    }

    /// The numbers of the Android SDK.
    #[cfg(feature = "cli")]
    pub(crate) fn all_871() -> impl Iterator<Item = Code> {
        (871_000..872_000).map(Code)
    }

    /// Whether it is one of 871000 to 871999, the range of the Android SDK.
    #[must_use]
    pub const fn is_871(self) -> bool {
        self.range() == 871
    }

    /// Its number without the last three digits: codes of one range are of one kind.
    pub(crate) const fn range(self) -> u64 {
        self.0 / 1000
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_completely_or_not_at_all() {
        let cases: [(&[u8], Option<u64>); 8] = [
            (b"871300", Some(871_300)),
            (b"0", Some(0)),
            (b"7130001", Some(7_130_001)),
            (b"9999999999", Some(9_999_999_999)),
            (b"10000000000", None),
            (b"0871300", None),
            (b"", None),
            (b"87130x", None),
        ];
        for (text, want) in cases {
            assert_eq!(Code::from_digits(text).map(Code::number), want, "{text:?}");
        }
    }

    #[test]
    fn a_code_knows_its_number_of_digits() {
        assert_eq!([0, 9, 10, 871_300, 7_130_001].map(|n| Code::new(n).digits()), [1, 1, 2, 6, 7]);
    }
}
