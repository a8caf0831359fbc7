//! One code or a range of them, as a person types it: `871300`, `871300-871399`.

use std::ops::RangeInclusive;
use std::str::FromStr;

use super::Code;

/// One code, or all from one to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRange(RangeInclusive<Code>);

/// A text that is neither a code nor a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeRangeError;

impl CodeRange {
    /// Whether a code is in the range.
    #[must_use]
    pub fn contains(&self, code: Code) -> bool {
        self.0.contains(&code)
    }

    /// The smallest number of the range.
    #[must_use]
    pub fn first(&self) -> Code {
        *self.0.start()
    }

    /// The code, if the range has only one.
    #[must_use]
    pub fn single(&self) -> Option<Code> {
        (self.0.start() == self.0.end()).then_some(*self.0.start())
    }
}

impl FromStr for CodeRange {
    type Err = CodeRangeError;

    fn from_str(text: &str) -> Result<Self, CodeRangeError> {
        let code = |digits: &str| Code::from_digits(digits.as_bytes()).ok_or(CodeRangeError);
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let range = code(first)?..=code(last)?;
        if range.is_empty() { Err(CodeRangeError) } else { Ok(CodeRange(range)) }
    }
}

impl std::fmt::Display for CodeRangeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("expected a code (871300) or a range of codes (871300-871399)")
    }
}

impl std::error::Error for CodeRangeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_both_ends() {
        let range: CodeRange = "871300-871310".parse().expect("a range");
        assert_eq!((range.first(), range.single()), (Code::new(871_300), None));
        for (code, want) in [(871_299, false), (871_300, true), (871_310, true), (871_311, false)] {
            assert_eq!(range.contains(Code::new(code)), want, "{code}");
        }
        let one: CodeRange = "0".parse().expect("a code");
        assert_eq!(one.single(), Some(Code::SUCCESS));
    }

    #[test]
    fn anything_else_is_an_error() {
        for text in ["", "-", "871300-", "-871300", "871310-871300", "0871300", "8713x0", "a-b"] {
            assert_eq!(text.parse::<CodeRange>(), Err(CodeRangeError), "{text}");
        }
    }
}
