//! A scanner that ignores speed: the oracle for the fast ones. Used by the tests and by the fuzz
//! target `scan`.

use jm_annotate::catalog::{Catalog, Code};
use jm_annotate::scan::Number;

/// Every maximal run of ASCII digits, from `from` on, that may be the number of a code.
pub(crate) fn numbers(block: &[u8], from: usize) -> Vec<Number> {
    let (mut numbers, mut at) = (Vec::new(), from);
    while at < block.len() {
        let mut end = at;
        while end < block.len() && block[end].is_ascii_digit() {
            end += 1;
        }
        if let Some(code) = Code::from_digits(&block[at..end]) {
            numbers.push(Number { range: at..end, code });
        }
        at = end + 1;
    }
    numbers
}

/// Whether a scanner for this catalog must find the number.
pub(crate) fn is_asked_for(catalog: &Catalog<'_>, number: &Number) -> bool {
    number.code != Code::SUCCESS && catalog.lookup(number.code).is_some()
}
