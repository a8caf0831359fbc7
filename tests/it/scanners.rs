//! The fast scanners find what a naive one finds (I3).

use jm_annotate::catalog::{Catalog, Selection};
use jm_annotate::scan::{Number, Runs, Scanner};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::naive;
use crate::util::{cases, catalog};

const CODES: &[&[u8]] = &[
    b"871300", b"871", b"8713", b"898002", b"7130001", b"710", b"800003", b"860015", b"0",
    b"871871300",
];

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn the_fast_scanners_find_what_a_naive_one_finds(block in digits(), from in any::<Index>()) {
        let from = [0, from.index(block.len() + 1)][usize::from(!block.is_empty())];
        let digit = |at: usize| block.get(at).is_some_and(u8::is_ascii_digit);
        let from = (from..).find(|at| *at == 0 || !digit(at - 1) || !digit(*at)).unwrap_or(0);
        check_scanners(&block, from)?;
    }
}

/// Text with runs of digits of every length, many of them codes, in words of every length.
fn digits() -> impl Strategy<Value = Vec<u8>> {
    let code = select(CODES);
    let filler = prop_oneof![vec(select(&b" x.,:-\n87130"[..]), 0..70), vec(any::<u8>(), 0..9)];
    vec((code.prop_map(<[u8]>::to_vec), filler), 0..60).prop_map(|parts| {
        parts.into_iter().flat_map(|(code, filler)| [code, filler]).flatten().collect()
    })
}

fn check_scanners(block: &[u8], from: usize) -> Result<(), TestCaseError> {
    let (all, android) = (catalog(), Catalog::new(Selection::Only(vec!["android".to_owned()])));
    let naive = naive::numbers(block, from);
    let asked_for = |numbers: &[Number], catalog: &Catalog<'_>| -> Vec<Number> {
        numbers.iter().filter(|number| naive::is_asked_for(catalog, number)).cloned().collect()
    };
    let wide = Scanner::Runs(Runs::with_digits(5, 10));
    let scanners = [
        (Scanner::Prefix(Box::default()), &android),
        (Scanner::Runs(Runs::default()), &all),
        (wide, &all),
    ];
    for (scanner, catalog) in scanners {
        let found = fill(&scanner, block, from);
        prop_assert!(
            found.iter().all(|number| naive.contains(number)),
            "{:?}: no whole run of digits",
            scanner
        );
        prop_assert_eq!(asked_for(&found, catalog), asked_for(&naive, catalog), "{:?}", scanner);
    }
    let wide = fill(&Scanner::Runs(Runs::with_digits(5, 10)), block, from);
    let of_width: Vec<Number> =
        naive.iter().filter(|number| number.range.len() >= 5).cloned().collect();
    prop_assert_eq!(wide, of_width);
    Ok(())
}

fn fill(scanner: &Scanner, block: &[u8], from: usize) -> Vec<Number> {
    let (mut numbers, mut at) = (Vec::new(), from);
    while at < block.len() {
        at = scanner.fill(block, at, &mut numbers);
    }
    numbers
}
