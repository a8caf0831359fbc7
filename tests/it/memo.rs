//! Kept verdicts are invisible: a number has the verdict that the rules give it, also if the same
//! text was around another number, with other numbers in it.

use jm_annotate::annotate::{Annotator, Block};
use jm_annotate::catalog::{self, Catalog, Selection};
use jm_annotate::context::Strictness;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::fast_path::{explained, judged};

/// Lines with places for numbers, which are next to what the rules look at.
const LINES: &[&str] = &[
    "code=N code=N code=N code=N",
    "N,N,N,N,N",
    "N N N N",
    "size N N",
    "error: N, N",
    "{\"code\":N,\"n\":N}",
    "{\"N\": {\"code\": N}}",
    "E/Konto: error N in N",
    "case N, N:",
    "AssertionError: expected N to equal N",
    "AssertionError: N != N",
    "if (N == N) N",
    "Expected: N Received: N",
    "failed=N passed=N",
    "error(N, N)",
    "Foo.java:N N",
    "N: N: N",
    "D/JMessage: login N N done",
    "[N] N",
    "N;N;N",
    "i = N s = N",
    "http://x/?a=N&code=N N",
    "\u{1b}[38;N;Nm N",
    "N%20N %N N",
    "code N \\u00N N",
    "N of N",
    "N ms N",
    "订单 N 失败 N",
    "0.N N,N,N",
];
const NUMBERS: &[&str] = &[
    "871300", "871304", "871999", "898001", "801003", "1000", "8713", "87130", "0", "5", "200",
    "000000", "900000", "111111", "871000", "1871300", "8713001",
];

/// A log of the same line, each time with other numbers in its places.
fn log() -> impl Strategy<Value = Vec<String>> {
    let numbers = vec(vec(select(NUMBERS), 8), 1..80);
    (select(LINES), prop_oneof![4 => Just(1_usize), 1 => Just(30)], numbers).prop_map(
        |(line, times, numbers)| {
            let line = format!("{line} ").repeat(times);
            let parts: Vec<&str> = line.trim_end().split('N').collect();
            numbers.iter().map(|numbers| filled(&parts, numbers)).collect()
        },
    )
}

fn filled(parts: &[&str], numbers: &[&str]) -> String {
    let (last, parts) = parts.split_last().expect("one part");
    let with = parts.iter().zip(numbers.iter().cycle());
    with.map(|(part, number)| format!("{part}{number}")).collect::<String>() + last + "\n"
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn other_numbers_do_not_change_a_verdict(lines in log()) {
        for strictness in [Strictness::Weighed, Strictness::Strict] {
            let want = judged(&lines.concat(), strictness);
            let got = explained(&lines, lines.len(), strictness);
            prop_assert_eq!(&got, &want, "{}", lines.concat());
        }
    }
}

/// A code's own message is evidence with the number that it has, and not with another.
#[test]
fn a_message_with_a_number_is_next_to_that_number() {
    let table = "#code\tfamily\tevidence\tseverity\tname\tmessage\ten\tzh\tadvice_en\tadvice_zh\n\
                 47110\tteam\tneeded\terror\tfull\tat most 1000 members\tx\tx\t\t\n";
    let mut catalog = Catalog::new(Selection::All);
    catalog.overlay(catalog::parse(table).expect("a table"));
    let mut annotator = Annotator::new(&catalog, Strictness::Weighed);
    let mut found = |line: &str| {
        let (block, mut annotations) = (Block::lines(line.as_bytes()), Vec::new());
        annotator.annotate(block, &mut annotations);
        annotator.end_block(block);
        annotations.len()
    };
    for _ in 0..3 {
        assert_eq!(found("size 47110 at most 1000 members, 2000\n"), 1);
        assert_eq!(found("size 47110 at most 1001 members, 2000\n"), 0);
    }
}
