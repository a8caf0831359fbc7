//! Kept verdicts are invisible: a number has the verdict that the rules give it, even if the same
//! text was around another number, with other numbers in it.

use std::sync::LazyLock;

use jm_annotate::annotate::{Annotator, Block};
use jm_annotate::catalog::{self, Catalog, Selection};
use jm_annotate::context::Strictness;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::fast_path::{explained, judged};
use crate::judged::CATALOG;
use crate::util::cases;

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
    "error code N == N now",
    "expected:<N> but was:<N>",
    "XCTAssertEqual failed: (N) is not equal to (N)",
    "expected:<N> but was:<#N> in Nms",
    "E       assert N == N",
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
    "\\\"code\\\":N,\\\"n\\\":N}",
    "code%3DN&n=N",
    "&quot;code&quot;:N, &#N;",
    "code \\udN N \\u0N N",
    "\\uN code \\x{N} N",
    "code N in Nms",
    "xN code=N winN argN",
    "i1 = N, sN = N",
    "12:N:N.N N error",
    "N-N-N: error N",
    "v1.N code N-N",
    "#N error N",
    "码N条 错误 N",
    "\u{1b}(N error N",
    "N                                                                                            \
     N error",
    "phone N, code=N",
    "Mobile N: code=N N",
    "N: User list is bigger than N, N",
    "size N, Invalid username. N Invalid password",
    "count N, msg = Invalid username",
    "sent N N Have not logged in.",
    "uid N 用户名不合法 N 密码不合法",
    "sN Message parse error N",
    "N Message parse error, version N",
    "size N Message parse error,check logcat for more information",
    "USER_NAME = N; PASS_WORD = N, N",
    "INVALID_USERNAME_ID = N",
    "login N Invalid items N upload",
    "N message N Message",
    "string name jmessage_sdk_Nx_N",
    "sdk_NX_N, sdk_Nx_N",
];
const NUMBERS: &[&str] = &[
    "871300", "871303", "871304", "871313", "871315", "871403", "871999", "871777", "898001",
    "801003", "1000", "8713", "87130", "0", "5", "200", "87", "12", "000000", "900000", "111111",
    "871000", "1871300", "8713001", "10086", "95588", "899013", "500", "5000", "5001", "812345",
    "803006", "730042", "123456", "7132004",
];

/// The built-in lists, and codes of a team that are among the numbers.
static WITH_TEAM: LazyLock<Catalog<'static>> = LazyLock::new(|| {
    const TABLE: &str =
        "#code\tfamily\tevidence\tseverity\tname\tmessage\ten\tzh\tadvice_en\tadvice_zh
730042\tteam\tweighed\terror\tcart\tCart expired\tx\t过期\t\t
812345\tteam\tneeded\terror\tpack\tPack expired\tx\t过期\t\t
87130\tteam\tsure\terror\tlock\tLock expired\tx\t过期\t\t
";
    let mut catalog = Catalog::new(Selection::All);
    catalog.overlay(catalog::parse(TABLE).expect("a table"));
    catalog
});
const HEAD: &str =
    "#code\tfamily\tevidence\tseverity\tname\tmessage\ten\tzh\tadvice_en\tadvice_zh\n";

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
    #![proptest_config(cases(500))]

    #[test]
    fn other_numbers_do_not_change_a_verdict(lines in log()) {
        for strictness in [Strictness::Weighed, Strictness::Strict] {
            for catalog in [&*CATALOG, &*WITH_TEAM] {
                let new = || Annotator::new(catalog, strictness);
                let want = judged(new(), &lines.concat());
                let got = explained(new(), &lines, lines.len());
                prop_assert_eq!(&got, &want, "{}", lines.concat());
            }
        }
    }
}

/// A code's own message is evidence with the numbers that it has, and not with others.
#[test]
fn a_message_with_a_number_is_next_to_that_number() {
    let mut table = HEAD.to_owned();
    let rows = [
        ("needed", "at most 1000 members", "x", "at most 1000 members, 2000"),
        ("needed", "at most 1000.", "x", "at most 1000, 2000"),
        ("needed", "limit 1000%s", "x", "limit 1000 2000"),
        ("needed", "x", "最多有 1000，请", "最多有 1000, 2000"),
        ("needed", "x", "a room with 5", "a room with 5000, 2000"),
        ("needed", "max 1000/day", "x", "max 1000/day, 2000, 3000"),
    ];
    for (code, (evidence, message, zh, _)) in (47110..).zip(rows) {
        table += &format!("{code}\tteam\t{evidence}\terror\tfull\t{message}\tx\t{zh}\t\t\n");
    }
    let mut catalog = Catalog::new(Selection::All);
    catalog.overlay(catalog::parse(&table).expect("a table"));
    let far = "x".repeat(530);
    for (code, (.., text)) in (47110..).zip(rows) {
        let other = text.replacen("1000", "1001", 1).replacen("5000", "6000", 1);
        for more in ["", &format!(" {far} end of it and more of it")] {
            for order in [[text, &other], [&other, text]] {
                let mut annotator = Annotator::new(&catalog, Strictness::Weighed);
                let mut found = |text: &str| {
                    let line = format!("size {code} {text}{more}\n");
                    let (block, mut annotations) = (Block::lines(line.as_bytes()), Vec::new());
                    annotator.annotate(block, &mut annotations);
                    annotator.end_block(block);
                    annotations.len()
                };
                for _ in 0..3 {
                    for one in order {
                        assert_eq!(found(one), usize::from(one == text), "size {code} {one}{more}");
                    }
                }
            }
        }
    }
}

/// What the text of a code says about it in its line is not said about another code of its kind,
/// whichever of them was judged first.
#[test]
fn a_text_of_one_code_counts_for_that_code_only() {
    let catalog = Catalog::new(Selection::All);
    for (line, own, other, strictness) in [
        ("size: User exist @", "898001", "898003", Strictness::Weighed),
        ("D/Konto: no such user, then @ done", "898002", "898003", Strictness::Weighed),
        ("docs say @, Push register error, try", "871504", "871300", Strictness::Strict),
        ("D/JMessage: send failed @ file done", "880005", "880001", Strictness::Weighed),
        ("MY_USERNAME = @", "871303", "871304", Strictness::Weighed),
    ] {
        for more in ["", ", 4711 5000"] {
            let found = |codes: &[&str]| {
                let mut annotator = Annotator::new(&catalog, strictness);
                let count = |code: &&str| {
                    let line = format!("{}{more}\n", line.replace('@', code));
                    let (block, mut annotations) = (Block::lines(line.as_bytes()), Vec::new());
                    annotator.annotate(block, &mut annotations);
                    annotator.end_block(block);
                    annotations.len()
                };
                codes.iter().map(count).collect::<Vec<_>>()
            };
            let [with, without] = [own, other].map(|code| found(&[code])[0]);
            assert!((with, without) == (1, 0) || !more.is_empty(), "{line}{more}");
            let both = found(&[other, other, own, other, own, own, other]);
            let want = [without, without, with, without, with, with, without];
            assert_eq!(both, want, "{line}{more}");
            let both = found(&[own, own, other, own, other]);
            assert_eq!(both, [with, with, without, with, without], "{line}{more}");
        }
    }
}

/// Digits that a rule reads stay as they are: those in the SDK's name of a text for a code.
#[test]
fn the_name_of_a_text_of_the_sdk_has_its_own_digits() {
    let catalog = Catalog::new(Selection::All);
    let line = |name: &str| format!("string name jmessage_{name}\n");
    for names in [
        ["sdk_87x_871300", "sdk_12x_871301"],
        ["sdk_87x_871300", "sdk_12x_871300"],
        ["sdk_87x_871777", "sdk_123456x_871601"],
    ] {
        for order in [[0, 1, 0, 1], [1, 0, 1, 0]] {
            let mut annotator = Annotator::new(&catalog, Strictness::Weighed);
            let count = |at: usize| {
                let (line, mut annotations) = (line(names[at]), Vec::new());
                let block = Block::lines(line.as_bytes());
                annotator.annotate(block, &mut annotations);
                annotator.end_block(block);
                annotations.len()
            };
            assert_eq!(order.map(count), order.map(|at| 1 - at), "{names:?}");
        }
    }
}

/// What stands for other numbers may also be in a line that has no others.
#[test]
fn a_number_is_not_taken_for_one_that_stands_for_others() {
    let row = "47112\tteam\tneeded\terror\tfull\tat most 1000 members\tx\tx\t\t\n";
    let table = [HEAD, row].concat();
    let mut catalog = Catalog::new(Selection::All);
    catalog.overlay(catalog::parse(&table).expect("a table"));
    let mut annotator = Annotator::new(&catalog, Strictness::Weighed);
    let far = "x".repeat(530);
    for (line, want) in [
        (format!("size=47112/ at most 1111 members {far} end of it and more of it\n"), 0),
        (format!("size=47112/ at most 1000 members {far} 2000 3000 and more of it\n"), 1),
    ] {
        let (block, mut annotations) = (Block::lines(line.as_bytes()), Vec::new());
        annotator.annotate(block, &mut annotations);
        annotator.end_block(block);
        assert_eq!(annotations.len(), want, "{line}");
    }
}

/// With which number a test compares a code of a catalog matters, also if that is the only one of
/// the vendor's in the line, or if the digits of the other one are not replaced.
#[test]
fn a_code_is_compared_with_the_number_that_is_there() {
    for (with, other) in [("801003", "123456"), ("871300", "123456"), ("7132004", "1234567")] {
        for (number, sign) in [("730042", ""), ("898001", "#"), ("871301", "#")] {
            let found = |with: &[&str]| {
                let mut annotator = Annotator::new(&WITH_TEAM, Strictness::Weighed);
                let mut count = |line: &str| {
                    let (block, mut annotations) = (Block::lines(line.as_bytes()), Vec::new());
                    annotator.annotate(block, &mut annotations);
                    annotator.end_block(block);
                    annotations
                        .iter()
                        .filter(|found| line[..found.number.range.end].ends_with(number))
                        .count()
                };
                count("errno=899003\n");
                let line = |with: &&str| {
                    format!(
                        "E  AssertionError: expected:<{with}> but was:<{sign}{number}> in 93ms\n"
                    )
                };
                with.iter().map(|with| count(&line(with))).collect::<Vec<_>>()
            };
            let alone = [with, other].map(|with| found(&[with])[0]);
            assert_eq!(found(&[with, other]), alone, "{sign}{number} {with} {other}");
            assert_eq!(
                found(&[other, with]),
                [alone[1], alone[0]],
                "{sign}{number} {with} {other}"
            );
        }
    }
}

/// Around a number at the end of a link that is as long as the text that rules look at, nothing
/// depends on what is farther away, or on which line came first.
#[test]
fn a_quoted_character_far_away_changes_nothing() {
    let catalog = Catalog::new(Selection::All);
    for length in 150..=200 {
        let link = format!("http://a?b={}#code=", "x".repeat(length));
        let line = |end: &str| format!("E/App: {link}871300 {}{end}\n", "y ".repeat(260));
        let found = |lines: &[&str]| {
            let mut annotator = Annotator::new(&catalog, Strictness::Weighed);
            let count = |line: &&str| {
                let (block, mut annotations) = (Block::lines(line.as_bytes()), Vec::new());
                annotator.annotate(block, &mut annotations);
                annotator.end_block(block);
                annotations.len()
            };
            lines.iter().map(count).collect::<Vec<_>>()
        };
        let (plain, quoted) = (&*line(""), &*line("z %"));
        let alone = found(&[plain])[0];
        assert_eq!(found(&[quoted, plain, quoted]), [alone; 3], "{length}");
        assert_eq!(found(&[plain, quoted, plain]), [alone; 3], "{length}");
    }
}
