//! Whatever a log, the name of a file, or a catalog contains, each report is what its reader
//! expects: it parses, it has one entry per code, and nothing in it is obeyed.
#![no_main]

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use jm_annotate::annotate::Annotator;
use jm_annotate::catalog::{
    Bilingual, Catalog, Code, Entry, Evidence, Family, Selection, Severity,
};
use jm_annotate::context::Strictness;
use jm_annotate::report::{JsonLines, Kind, Outcome, Tally, github, summary};
use jm_annotate::stream::{Output, Plain, Stream};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Arbitrary)]
struct Input<'i> {
    has_advice: bool,
    name: &'i str,
    en: &'i str,
    zh: &'i str,
    file: Option<&'i [u8]>,
    log: &'i [u8],
}

/// The codes that are in every log: one of the fuzzed catalog, one of the built-in one, one in no
/// list.
const CODES: &[u8] = b"\ncode=871300, code=871301, code=871999\n";

fuzz_target!(|input: Input<'_>| {
    let texts = Bilingual { en: input.en, zh: input.zh };
    let entry = Entry {
        code: Code::from_digits(b"871300").expect("it is a code"),
        family: Family::new("team").expect("it is a name"),
        evidence: Evidence::Sure,
        severity: Severity::Error,
        name: input.name,
        message: Some(input.en),
        meaning: texts,
        advice: input.has_advice.then_some(texts),
    };
    let mut catalog = Catalog::new(Selection::All);
    catalog.overlay([entry]);
    let (mut tally, mut json) = (Tally::for_reports([Kind::Html]), Vec::new());
    let mut lines = JsonLines::new(&mut json);
    let annotator = Annotator::new(&catalog, Strictness::Weighed);
    let log = [input.log, CODES].concat();
    let mut stream = Stream::new(annotator, Output::Nothing, vec![&mut tally, &mut lines]);
    let totals = stream
        .pass(input.file, &mut Plain::new(&log[..], std::io::sink()))
        .expect("memory does not fail");
    drop(stream);
    drop(lines);
    tally.add_totals(totals);
    let codes = check_json(&text(json));
    let any = "any".parse().expect("a list");
    let outcome = Outcome::new(&tally, Some(&any));
    check_github(&report(&outcome, Kind::Github), codes);
    check_azure(&report(&outcome, Kind::Azure), codes);
    check_junit(&report(&outcome, Kind::Junit), codes);
    let markdown = report(&outcome, Kind::Markdown);
    check_markdown(&markdown, codes);
    assert_eq!(github::step_summary(&outcome, 0), format!("\n{markdown}"));
    check_html(&report(&outcome, Kind::Html), codes);
    let mut table = Vec::new();
    summary::write(&outcome, Some(80), &mut table).expect("memory does not fail");
    check_summary(&text(table), codes);
});

fn report(outcome: &Outcome<'_, '_>, kind: Kind) -> String {
    let mut bytes = Vec::new();
    kind.write(outcome, &mut bytes).expect("memory does not fail");
    text(bytes)
}

/// A report is UTF-8, consists of whole lines, and has no control character.
fn text(bytes: Vec<u8>) -> String {
    let text = String::from_utf8(bytes).expect("it is UTF-8");
    assert!(text.ends_with('\n'), "{text}");
    let is_obeyed = |c: char| c.is_control() && c != '\n' || "\u{2028}\u{2029}".contains(c);
    assert!(!text.contains(is_obeyed), "{text:?}");
    text
}

/// Each line is an object. Returns how many codes there are.
fn check_json(text: &str) -> usize {
    let record = |line| serde_json::from_str::<serde_json::Value>(line).expect("it is JSON");
    let mut codes: Vec<u64> =
        text.lines().map(|line| record(line)["code"].as_u64().expect("a number")).collect();
    assert!(codes.len() >= 3, "{text}");
    codes.sort_unstable();
    codes.dedup();
    codes.len()
}

/// Each line is a command, and there are no more than GitHub shows.
fn check_github(text: &str, codes: usize) {
    assert_eq!(text.lines().count(), codes.min(10), "{text}");
    for line in text.lines() {
        let (head, message) =
            line.strip_prefix("::").and_then(|rest| rest.split_once("::")).expect("a command");
        let (level, title) = head.split_once(" title=").expect("a title");
        assert!(["error", "warning", "notice"].contains(&level), "{line}");
        assert!(!title.is_empty() && !title.contains([':', ',']), "{line}");
        assert!(!message.is_empty() && line.encode_utf16().count() < 4096, "{line}");
    }
}

/// Each line is a command, and there are no more errors than Azure shows.
fn check_azure(text: &str, codes: usize) {
    assert_eq!(text.lines().count(), codes.min(10), "{text}");
    for line in text.lines() {
        let command = line.strip_prefix("##vso[task.logissue type=error;").expect("a command");
        let (code, message) = command.split_once(']').expect("an end");
        assert!(code.is_empty() || code.starts_with("code=") && code.ends_with(';'), "{line}");
        assert!(!message.is_empty() && !command.contains("##"), "{line}");
    }
}

/// It is well-formed XML with one failing case per code, and has no command for a console.
fn check_junit(text: &str, codes: usize) {
    let document = roxmltree::Document::parse(text).expect("it is XML");
    let count = |name| document.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((count("testcase"), count("failure")), (codes, codes), "{text}");
    assert!(!text.contains("##") && !text.contains("::"), "{text}");
}

/// It is a table with one row per code and seven cells in each. In the cells there are only words,
/// code and line breaks.
fn check_markdown(text: &str, codes: usize) {
    let rows = text.lines().filter(|line| line.starts_with('|'));
    assert!(rows.clone().all(|row| row.matches('|').count() == 8), "{text}");
    assert_eq!(rows.count(), codes + 2, "{text}");
    assert!(!text.contains("##[") && !text.contains("##v"), "{text}");
    let arena = Arena::new();
    let root = parse_document(&arena, text, &github_options());
    let mut rows = 0;
    for node in root.descendants() {
        let value = &node.data.borrow().value;
        rows += usize::from(matches!(value, NodeValue::TableRow(_)));
        let is_ours = matches!(value, NodeValue::Strong) && is_verdict(node);
        assert!(is_ours || is_expected(value), "{value:?} in {text}");
        assert!(!matches!(value, NodeValue::TableCell) || is_inert(node), "{text}");
    }
    assert_eq!(rows, codes + 1, "{text}");
}

/// Whether what is bold is what the report says of a code that fails, or of the inputs.
fn is_verdict<'a>(node: &'a AstNode<'a>) -> bool {
    let Some(text) = node.first_child() else { return false };
    let NodeValue::Text(text) = &text.data.borrow().value else { return false };
    text.ends_with(", fails") || text.ends_with(':')
}

fn is_expected(value: &NodeValue) -> bool {
    match value {
        NodeValue::Document
        | NodeValue::Heading(_)
        | NodeValue::Paragraph
        | NodeValue::Table(_)
        | NodeValue::TableRow(_)
        | NodeValue::TableCell
        | NodeValue::Text(_)
        | NodeValue::Code(_) => true,
        NodeValue::HtmlInline(element) => element == "<br>",
        _ => false,
    }
}

/// Whether no text outside of code has something that GitHub would link later.
fn is_inert<'a>(cell: &'a AstNode<'a>) -> bool {
    cell.children().all(|node| match &node.data.borrow().value {
        NodeValue::Text(text) => !["@", "://", "www."].iter().any(|part| text.contains(part)),
        _ => true,
    })
}

fn github_options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    options.extension.math_dollars = true;
    options.extension.math_code = true;
    options
}

/// It has one row per code, one script, and links only to the vendor.
fn check_html(text: &str, codes: usize) {
    assert_eq!(text.matches("<tbody class=").count(), codes, "{text}");
    assert_eq!(text.matches("<script").count(), 1, "{text}");
    assert!(text.len() <= 100 * 1024 + codes * 2048, "{text}");
    let mut links = text.split("href=\"").skip(1);
    assert!(links.all(|link| link.starts_with("https://docs.jiguang.cn/")), "{text}");
}

/// A heading, a line per code, and the totals.
fn check_summary(text: &str, codes: usize) {
    assert_eq!(text.lines().count(), codes + 2, "{text}");
    assert!(!text.contains("##"), "{text}");
}
