//! The page as text: it is as large as it may be, and what is hostile in it is only text.

use base64::Engine as _;
use sha2::{Digest, Sha256};

use super::super::testing::{HOSTILE, Input, codes, hostile, twelve};
use super::super::{Extent, FailOn, Kind, Outcome, Tally, UnreadInputs};
use super::*;
use crate::annotate::Annotator;
use crate::catalog::{Bilingual, Catalog, Code, Entry, Evidence, Family, Selection, Severity};
use crate::context::Strictness;
use crate::stream::{Output, Plain, Stream};

/// The page on inputs.
fn page(catalog: &Catalog<'_>, inputs: &[Input], fail_on: Option<&str>) -> String {
    page_with(catalog, inputs, fail_on, UnreadInputs::default())
}

fn page_with(
    catalog: &Catalog<'_>,
    inputs: &[Input],
    fail_on: Option<&str>,
    unread: UnreadInputs,
) -> String {
    let mut tally = Tally::for_reports([Kind::Html]);
    let annotator = Annotator::new(catalog, Strictness::Weighed);
    let mut stream = Stream::new(annotator, Output::Nothing, vec![&mut tally]);
    for (file, bytes) in inputs {
        let mut transport = Plain::new(&bytes[..], std::io::sink());
        stream.pass(file.as_deref(), &mut transport).expect("memory does not fail");
    }
    let totals = stream.totals();
    drop(stream);
    tally.add_totals(totals);
    tally.set_unread_inputs(unread);
    let fail_on: Option<FailOn> = fail_on.map(|list| list.parse().expect("a list"));
    let mut text = Vec::new();
    let outcome = Outcome::new(&tally, fail_on.as_ref());
    write(&outcome, &mut text).expect("memory does not fail");
    String::from_utf8(text).expect("a page is UTF-8")
}

fn catalog() -> Catalog<'static> {
    Catalog::new(Selection::All)
}

/// What is between the body's tags without the script.
fn body(page: &str) -> &str {
    let body = page.split("<body>").nth(1).expect("a body");
    body.split("<script>").next().unwrap_or_default()
}

#[test]
fn the_policy_knows_the_style_and_the_script() {
    for (directive, text) in [("style-src", STYLE), ("script-src", SCRIPT)] {
        let text = text.replace("\r\n", "\n"); // as a browser reads it
        let hash = base64::prelude::BASE64_STANDARD.encode(Sha256::digest(text));
        let want = format!("{directive} 'sha256-{hash}'; ");
        assert!(POLICY.contains(&want), "POLICY must have {want}");
    }
}

#[test]
fn the_style_and_the_script_end_where_the_page_says_and_fetch_nothing() {
    for text in [STYLE, SCRIPT] {
        let bad = ["</", "<!--", "url(h", "@import", "http", "innerHTML", "eval("];
        assert!(bad.iter().all(|bad| !text.contains(bad)));
    }
}

#[test]
fn the_verdict_is_that_of_the_policy() {
    let catalog = catalog();
    for (fail_on, want) in [
        (Some("error"), "Fails: 6 codes"),
        (Some("871300"), "Fails: 1 code<"),
        (Some("871304:9"), "Passes: 12 codes found, none of which fails"),
        (None, "codes of severity error"),
    ] {
        let page = page(&catalog, &twelve(), fail_on);
        assert!(page.contains(want), "{want}: {}", body(&page));
    }
    let none = page(&catalog, &codes(&[]), None);
    assert!(none.contains("No error code found") && !none.contains("<table"), "{none}");
}

#[test]
fn a_code_has_a_row_with_everything() {
    let page = page(&catalog(), &codes(&[871_300, 871_300, 871_201]), Some("error"));
    for want in [
        "<b>871300</b> <span class=\"name\">not logged in</span>",
        "67%",
        "stdin:1",
        "stdin:2",
        "The API was called while no user was logged in",
        "api调用发起者尚未登录",
        "Call JMessageClient.login",
        "https://docs.jiguang.cn/jmessage/client/im_errorcode_android/",
        "JMessage: responseCode = <mark>871300</mark>",
    ] {
        assert!(body(&page).contains(want), "{want}: {}", body(&page));
    }
    assert_eq!(page.matches("<tbody class=").count(), 2);
}

#[test]
fn hostile_text_is_text() {
    let page = page(&catalog(), &hostile(), Some("any"));
    assert!(page.ends_with("</body></html>\n"));
    let body = body(&page);
    assert!(!body.contains(|c: char| c.is_control() && c != '\n'), "{body:?}");
    for bad in ["<script", "<!--", "##", "\u{202e}", "style=", "onerror"] {
        assert!(!body.contains(bad), "{bad}: {body}");
    }
    let escaped = std::str::from_utf8(HOSTILE[3]).expect("it is ASCII");
    let escaped = escaped.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    assert!(body.contains(&escaped), "{escaped}: {body}");
    assert!(body.contains("#＃[error]owned"), "{body}");
}

/// The largest page: every text is as long as it may be, and each character takes six bytes.
#[test]
fn the_page_has_a_limit_whatever_is_in_it() {
    const CODES: u64 = 2000;
    let text = "'\"&<>".replace('"', "&").repeat(100);
    let texts = Bilingual { en: &text, zh: &text };
    let entry = |number| Entry {
        code: Code::new(number),
        family: Family::new("abcdefghijklmnopqrstuvwxyzabcdef").expect("a name"),
        evidence: Evidence::Sure,
        severity: [Severity::Error, Severity::Warning, Severity::Info][number as usize % 3],
        name: &text,
        message: Some(&text),
        meaning: texts,
        advice: Some(texts),
    };
    let name = |at: u64| Some(format!("{}{at}", "\"".repeat(500)).into_bytes());
    for inputs in [1, 300] {
        let mut catalog = catalog();
        catalog.overlay((1_000_000..1_000_000 + CODES).map(entry));
        let line = |at: u64| {
            let code = 1_000_000 + at % CODES;
            format!(
                "03-17 10:{:02}:00.000  1  2 E {}: code={code} {}\n",
                at / 200,
                "\"".repeat(90),
                "\"".repeat(400)
            )
        };
        let log: String = (0..5 * CODES).map(line).collect();
        let inputs: Vec<Input> = (0..inputs)
            .map(|at| (name(at), if at == 0 { log.clone() } else { line(at) }.into()))
            .collect();
        let mut unread = UnreadInputs::default();
        (0..30).for_each(|at| unread.add(name(at).as_deref(), Extent::Part, &"&\"".repeat(500)));
        let page = page_with(&catalog, &inputs, Some("any"), unread);
        assert_eq!(page.matches("<tbody class=").count() as u64, CODES);
        let room = 100 * 1024 + 2048 * CODES as usize;
        assert!(page.len() <= room, "{} bytes, and {room} are the limit", page.len());
        let chart = page.split("<svg class=\"chart\"").nth(1).expect("a chart");
        let chart = chart.split("<table id=\"codes\">").next().unwrap_or_default();
        assert!(chart.len() < 56_000, "{}", chart.len());
    }
}

#[test]
fn of_what_could_be_read_the_page_says_what_was_found() {
    for (found, fail_on, en, zh) in [
        (&[][..], None, "No error code in the rest", "其余部分没有错误码"),
        (&[], Some("any"), "No error code in the rest", "其余部分没有错误码"),
        (
            &[871_201],
            None,
            "1 code in the rest, none of severity error",
            "其余部分有 1 个错误码，级别都不是 error",
        ),
        (
            &[871_201, 871_300],
            Some("unknown"),
            "2 codes in the rest, none of which fails",
            "其余部分有 2 个错误码，都在允许范围内",
        ),
        (
            &[871_201, 871_300],
            None,
            "1 code of severity error in the rest",
            "其余部分有 1 个级别为 error 的错误码",
        ),
    ] {
        let mut unread = UnreadInputs::default();
        unread.add(Some(b"a.log"), Extent::Nothing, "it is broken");
        let page = page_with(&catalog(), &codes(found), fail_on, unread);
        assert!(page.contains(&format!(">{en}<")) && page.contains(&format!(">{zh}<")), "{page}");
    }
}

#[test]
fn the_first_inputs_that_could_not_be_read_are_named_and_the_others_counted() {
    for (count, more) in [(3, None), (4, Some("and 1 more")), (30, Some("and 27 more"))] {
        let mut unread = UnreadInputs::default();
        (0..count).for_each(|at| {
            let extent = if at == 0 { Extent::Part } else { Extent::Nothing };
            unread.add(Some(format!("{at}.log").as_bytes()), extent, "it is broken");
        });
        let page = page_with(&catalog(), &codes(&[]), None, unread);
        let list = page.split("<ul class=\"unread\">").nth(1).expect("a list");
        let list = list.split("</ul>").next().unwrap_or_default();
        assert_eq!(list.matches("</code>: ").count(), 3, "{list}");
        assert_eq!(list.matches("could not be read<").count(), 2, "{list}");
        assert_eq!(list.matches(">only a part could be read<").count(), 1, "{list}");
        assert_eq!(list.matches(" (it is broken)").count(), 3, "{list}");
        match more {
            Some(more) => assert!(list.contains(&format!(">{more}<")), "{list}"),
            None => assert!(!list.contains(" more"), "{list}"),
        }
    }
    assert!(!page(&catalog(), &codes(&[]), None).contains("<ul class=\"unread\">"));
}

#[test]
fn a_single_input_is_named_and_several_are_counted() {
    let totals = |inputs: &[&str]| {
        let input = |name: &&str| (Some(name.as_bytes().to_vec()), b"code=871300\n".to_vec());
        let inputs: Vec<Input> = inputs.iter().map(input).collect();
        let page = page(&catalog(), &inputs, None);
        let list = page.split("<dl class=\"totals\">").nth(1).expect("the totals");
        list.split("</dl>").next().unwrap_or_default().to_owned()
    };
    assert!(totals(&["phone.log"]).contains(">phone.log<"));
    let both = totals(&["phone.log", "tablet.log"]);
    assert!(both.contains("<dd>2</dd>") && !both.contains(".log"), "{both}");
}

#[test]
fn the_page_says_which_codes_have_no_lines() {
    let log: String = (0..5000)
        .map(|at| format!("03-17 10:00:00.000  1  2 E Chat: code={}\n", 1_000_000 + at))
        .collect();
    let mut catalog = catalog();
    let texts = Bilingual { en: "x", zh: "x" };
    catalog.overlay((1_000_000..1_005_000).map(|number| Entry {
        code: Code::new(number),
        family: Family::new("team").expect("a name"),
        evidence: Evidence::Sure,
        severity: Severity::Error,
        name: "x",
        message: None,
        meaning: texts,
        advice: None,
    }));
    let page = page(&catalog, &[(None, log.into_bytes())], None);
    assert_eq!(page.matches("<details><summary>").count(), 4096);
    assert_eq!(page.matches("<span>03-17 10:00:00.000</span></td>").count(), 2 * 5000);
    assert!(page.contains("Only the first 4,096 codes that were found have lines."));
    assert!(page.contains("仅最先出现的 4,096 个错误码附有日志。"));
}

#[test]
fn inputs_appear_by_name() {
    let inputs: Vec<Input> = (0..150)
        .map(|at| (Some(format!("logs.zip/{at}.log").into_bytes()), b"code=871300\n".to_vec()))
        .collect();
    let page = page(&catalog(), &inputs, None);
    assert!(page.contains("<th scope=\"row\">logs.zip/99.log</th><td>1</td><td>1</td><td>12</td>"));
    assert!(
        page.contains("50 more") && !page.contains("<th scope=\"row\">logs.zip/100.log"),
        "{page}"
    );
}

#[test]
fn of_many_inputs_those_with_codes_appear_by_name() {
    let log = |at: usize| if [120, 140].contains(&at) { "code=871300\n" } else { "x\n" };
    let inputs: Vec<Input> =
        (0..150).map(|at| (Some(format!("{at}.log").into()), log(at).into())).collect();
    let page = page(&catalog(), &inputs, None);
    for (name, want) in [("97", true), ("98", false), ("119", false), ("120", true), ("140", true)]
    {
        assert_eq!(page.contains(&format!("<th scope=\"row\">{name}.log</th>")), want, "{name}");
    }
    assert!(page.contains("50 more"));
}

/// Those without codes are left out first, also where names are too long for all of them.
#[test]
fn of_inputs_with_long_names_those_with_codes_appear_by_name() {
    let name = |at: usize| format!("{at:03}-{}.log", "x".repeat(112));
    let log = |at: usize| if at % 40 == 17 { "code=871300\n" } else { "x\n" };
    let inputs: Vec<Input> =
        (0..100).map(|at| (Some(name(at).into_bytes()), log(at).into())).collect();
    let page = page(&catalog(), &inputs, None);
    let inputs = page.split("<table class=\"inputs\">").nth(1).expect("a table");
    let is_named = |at: usize| inputs.contains(&name(at)[..50]);
    let named: Vec<usize> = (0..100).filter(|at| is_named(*at)).collect();
    assert!([17, 57, 97].iter().all(|at| named.contains(at)), "{named:?}");
    assert!((50..90).contains(&named.len()), "{named:?}");
    assert!(inputs.contains(&format!("{} more", 100 - named.len())));
}

#[test]
fn a_line_without_a_time_has_that_of_the_line_before_it_in_the_table_too() {
    let log = "03-17 10:00:00.000  1  2 E Chat: failed\n\tat a.b(C.java:7)\ncause: code=871300\n";
    let page = page(&catalog(), &[(None, log.into())], None);
    assert_eq!(page.matches("<span>≈ 03-17 10:00:00.000</span>").count(), 3, "{}", body(&page));
}

#[test]
fn the_parts_of_the_time_have_numbers_everywhere_and_the_names_of_their_inputs() {
    let log = |clocks: &[&str]| -> Vec<u8> {
        let line = |clock: &&str| format!("03-17 {clock}:00.000  1  2 E Chat: code=871300\n");
        clocks.iter().map(line).collect::<String>().into()
    };
    let inputs = [
        (Some(b"<a>.log".to_vec()), log(&["10:00", "11:00"])),
        (Some(b"b.log".to_vec()), log(&["11:30", "10:10", "10:10"])),
    ];
    let page = page(&catalog(), &inputs, None);
    for want in [
        "Peak: 2 in 03-17 10:10:00–10:15:00 (part 2).",
        "最多 2 次（03-17 10:10:00–10:15:00，第 2 段）",
        "<title>2 · 03-17 10:10:00–10:15:00: 871300 ×2</title>",
        "The times go back here.",
        "始于</span> <span class=\"input\">&lt;a&gt;.log</span>)",
        "始于</span> <span class=\"input\">b.log</span>)",
        "colspan=\"5\"><span lang=\"en\">Part 2</span>",
    ] {
        assert!(page.contains(want), "{want}: {}", body(&page));
    }
}

#[test]
fn the_page_does_not_grow_with_the_log() {
    let catalog = catalog();
    let line = |at: usize| format!("{}.000  1  2 E Chat: code={}\n", 1000 + at, 871_300 + at % 9);
    let log = |lines: usize| vec![(None, (0..lines).map(line).collect::<String>().into_bytes())];
    let [short, long] = [2_000, 40_000].map(|lines| page(&catalog, &log(lines), None).len());
    assert!(long < short + 8_000, "{short} {long}");
}

/// The numbers that the page says in words.
#[test]
fn the_page_counts_what_it_does_not_name() {
    let log = "code=871300\ncode=871301\ncode=871303\ncode=871304\ncode=871305\n";
    let page = page(
        &catalog(),
        &[(Some(b"a.log".to_vec()), [log, "x\ncode=871300\n"].concat().into())],
        Some("any"),
    );
    assert!(
        page.contains("and 2 more, in the table below") && page.contains("另有 2 个，见下表"),
        "{}",
        body(&page)
    );
    let verdict =
        &page[page.find("<section class=\"verdict").expect("it")..page.find("<dl").expect("it")];
    assert!(verdict.contains("<code>a.log:1</code>") && !verdict.contains("a.log:7"), "{verdict}");
}

#[test]
fn the_inputs_that_are_not_named_are_added_up() {
    let inputs: Vec<Input> = (0..150)
        .map(|at| (Some(format!("{at}.log").into_bytes()), b"code=871300\ncode=871300\n".to_vec()))
        .collect();
    let page = page(&catalog(), &inputs, None);
    let rest = &page[page.find("50 more").expect("a row")..];
    let rest = &rest[..rest.find("</tr>").expect("its end")];
    assert!(rest.contains("<td>100</td><td>100</td><td>1,200</td>"), "{rest}");
    assert!(page.contains("<dd>150</dd>"), "{}", body(&page));
    let long: Vec<Input> = (0..99)
        .map(|at| {
            (Some(format!("{at}-{}.log", "x".repeat(500)).into_bytes()), b"code=871300\n".to_vec())
        })
        .collect();
    let page = super::tests::page(&catalog(), &long, None);
    let sum: u64 = page
        .split("<table class=\"inputs\">")
        .nth(1)
        .expect("a table")
        .split("<td>")
        .skip(1)
        .step_by(3)
        .map(|cell| cell.split('<').next().expect("a number").parse::<u64>().expect("a number"))
        .sum();
    assert_eq!(sum, 99);
}
