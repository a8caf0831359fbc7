//! The parser of tables never panics, and a printed table is read back the same.
#![no_main]

use jm_annotate::catalog::{Catalog, Selection, parse, print};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match parse(text) {
        Ok(entries) => {
            let printed = print(&entries);
            assert_eq!(parse(&printed).as_ref(), Ok(&entries));
            assert_eq!(print(&parse(&printed).expect("it was read before")), printed);
            let count = entries.len();
            let mut catalog = Catalog::new(Selection::All);
            catalog.overlay(entries);
            assert!(catalog.entries().len() >= count);
        }
        Err(error) => {
            assert!((1..=text.split('\n').count()).contains(&error.line), "{error}");
            assert!(!error.what.is_empty());
        }
    }
});
