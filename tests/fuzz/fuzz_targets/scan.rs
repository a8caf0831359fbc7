//! The fast scanners find what the naive one finds.
#![no_main]

use std::sync::LazyLock;

use jm_annotate::catalog::{Catalog, Selection};
use jm_annotate::scan::{Number, Prefix, Runs, Scanner};
use libfuzzer_sys::fuzz_target;

#[path = "../../it/naive.rs"]
mod naive;

static ALL: LazyLock<Catalog<'static>> = LazyLock::new(|| Catalog::new(Selection::All));
static ANDROID: LazyLock<Catalog<'static>> =
    LazyLock::new(|| Catalog::new(Selection::Only(vec!["android".to_owned()])));
static SCANNERS: LazyLock<[(Scanner, &Catalog<'static>); 3]> = LazyLock::new(|| {
    [
        (Scanner::Prefix(Box::new(Prefix::default())), &ANDROID),
        (Scanner::Runs(Runs::default()), &ALL),
        (Scanner::Runs(Runs::with_digits(5, 10)), &ALL),
    ]
});

fuzz_target!(|block: &[u8]| {
    let naive = naive::numbers(block, 0);
    for (scanner, catalog) in SCANNERS.iter() {
        let asked_for = |numbers: &[Number]| -> Vec<Number> {
            numbers.iter().filter(|number| naive::is_asked_for(catalog, number)).cloned().collect()
        };
        let found = scanner.numbers(block);
        assert!(found.iter().all(|number| naive.contains(number)), "each is a whole run of digits");
        assert_eq!(asked_for(&found), asked_for(&naive));
    }
});
