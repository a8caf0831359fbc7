//! Each rule decides its own examples and passes its near misses to the opposite verdict.

use jm_annotate::annotate::{Annotator, Block};
use jm_annotate::catalog::{self, Catalog, Selection};
use jm_annotate::context::{FALLBACKS, Rule, Strictness, rules};

use crate::generated::check_part;
use crate::judged::{CATALOG, annotations, annotator, verdict};

/// Passes the lines before the last one to the annotator. Returns the last line without its marks,
/// and where its number is.
fn read<'c>(annotator: &mut Annotator<'c>, example: &str) -> (Vec<u8>, usize) {
    let example = example.replace('␛', "\x1b");
    let (before, line) = example.split_at(example.rfind('\n').map_or(0, |at| at + 1));
    let before = Block::lines(before.as_bytes());
    annotator.annotate(before, &mut Vec::new());
    annotator.end_block(before);
    let offset = line.find('‹').expect("each line has a mark");
    (line.replace(['‹', '›'], "").into_bytes(), offset)
}

fn judge(example: &str) -> (bool, &'static str) {
    let mut annotator = annotator();
    let (line, offset) = read(&mut annotator, example);
    verdict(&mut annotator, &line, offset).unwrap_or_else(|| panic!("no listed number: {example}"))
}

#[test]
fn each_example_is_judged_as_its_rule_says() {
    let mut wrong = Vec::new();
    for Rule { name, decides, passes, .. } in rules() {
        let is_for = rules().any(|rule| rule.name == *name && rule.is_for());
        for example in *decides {
            let (is_code, by) = judge(example);
            if (is_code, by) != (is_for, *name) {
                wrong.push(format!("{name} does not decide, but {by} ({is_code}): {example}"));
            }
        }
        for example in *passes {
            let (is_code, by) = judge(example);
            if is_code == is_for || by == *name {
                wrong.push(format!("{name} does not pass, {by} says {is_code}: {example}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_examples_and_a_name_and_a_reason_of_its_own() {
    for (at, rule) in rules().enumerate() {
        assert!(!rule.decides.is_empty() && !rule.passes.is_empty(), "{}", rule.name);
        assert!(!rule.name.is_empty() && !rule.why.is_empty());
        let same = |other: &Rule| other.name == rule.name || other.why == rule.why;
        assert!(!rules().take(at).any(same), "{}", rule.name);
    }
}

/// A rule's slug, its item, and its function have the same name, and the item is in its phase.
#[test]
fn a_rule_has_one_name() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/context/rules");
    let mut items = 0;
    for entry in std::fs::read_dir(folder).expect("the rules") {
        let path = entry.expect("an entry").path();
        let source =
            std::fs::read_to_string(&path).expect("a source is UTF-8").replace("\r\n", "\n");
        for item in source.split("static ").filter(|item| item.contains(": Rule = Rule {")) {
            let (name, rest) = item.split_once(": Rule = Rule {\n    name: \"").expect("an item");
            let slug = rest.split('"').next().expect("a name");
            assert_eq!(name.to_lowercase().replace('_', "-"), slug);
            let is_listed = rules().chain(FALLBACKS.iter().copied()).any(|rule| rule.name == slug);
            assert!(is_listed, "{slug} is in no phase");
            let test = item.split("Evidence::Test(").nth(1).and_then(|rest| rest.split(')').next());
            let is_own = test.is_none_or(|test| test.replace('_', "-") == slug);
            assert!(is_own, "{slug}: {test:?}");
            items += 1;
        }
    }
    assert_eq!(items, rules().count() + FALLBACKS.len());
}

/// The examples of the verdicts that no evidence gives. One of them needs a catalog with a code
/// that needs no evidence.
#[test]
fn the_catalog_decides_if_no_rule_does() {
    let table = "77777\tteam\tsure\terror\tours\t\tOurs\t我们的\n";
    let mut catalog = Catalog::new(Selection::All);
    catalog.overlay(catalog::parse(table).expect("it is good"));
    let judge = |example: &str| {
        let mut annotator = Annotator::new(&catalog, Strictness::Weighed);
        let (line, offset) = read(&mut annotator, example);
        let block = Block::lines(&line);
        let mut explained = annotator.explain_line(block).into_iter();
        let found = explained.find(|explained| explained.number.range.start == offset);
        found.expect("a number").verdict
    };
    for Rule { name, decides, passes, .. } in FALLBACKS {
        let is_for = FALLBACKS.iter().any(|rule| rule.name == *name && rule.is_for());
        assert!(!decides.is_empty() && !passes.is_empty(), "{name}");
        for verdict in decides.iter().map(|example| judge(example)) {
            assert_eq!((verdict.rule().name, verdict.is_code()), (*name, is_for));
        }
        for verdict in passes.iter().map(|example| judge(example)) {
            assert_ne!((verdict.rule().name, verdict.is_code()), (*name, is_for));
            assert_ne!(verdict.is_code(), is_for, "{name}");
        }
    }
}

/// In the lines of an app that logs codes, what nothing names is enough for a code of the server at
/// level E or W only, and where its place says more.
#[test]
fn a_code_of_the_server_that_nothing_names_needs_its_level_or_its_place() {
    let before = "D/Konto: code = 871300\n";
    for (line, want) in [
        ("W/Konto: acceptInvitation -> ‹805006›", true),
        ("D/Konto: acceptInvitation -> ‹805006›", false),
        ("W/Other: acceptInvitation -> ‹805006›", false),
        ("W/Konto: updateMemo: ‹805004›, memo x", true),
        ("W/Konto: ‹810008›", true),
        ("W/Konto: (‹810008›)。", true),
        ("D/Konto: ‹810008›", false),
        ("W/Konto: 群满了! ‹810008›", false),
        ("W/Konto: onCreate: ‹803001›", false),
        ("W/Konto: onLoginResult -> ‹803001›", true),
        ("W/Konto: -> ‹803002›, so", false),
        ("W/Konto: getHp: ‹803002›", false),
        ("W/Konto: set the topic of g20 = ‹803002›", false),
        ("D/Konto: java: ‹803002›", false),
        ("W/Konto: createGroup -> ‹808006›, so", true),
        ("W/Konto: getGroup -> ‹808006›, so", false),
        ("D/Konto: createGroup -> ‹808006›, so", false),
        ("W/Konto: getGroupInfo: ‹898006›", true),
        ("W/Konto: 退群 ‹800019›", true),
        ("W/Konto: 退出 ‹852001›，不管了", true),
        ("W/Konto: 极光登录 ‹801003›", true),
        ("W/Konto: 登录 ‹801003›", false),
        ("W/Konto: 退群 ‹800019› 好", false),
        ("W/Konto: 观众数 ‹800019›", false),
        ("D/Konto: 退群 ‹800019›", false),
        ("W/Konto: java: ‹801003›", true),
        ("W/Konto: java: ‹801003›, so", false),
        ("W/Konto: set the topic of the whole app: ‹801003›", true),
        ("W/Konto: the second try of it: ‹801003›", true),
        ("W/Konto: 再次进房：‹851003›", true),
        ("W/Konto: boss hp: ‹850001›", false),
        ("W/Konto: 库存：‹850001›", false),
        ("D/Konto: the java of the whole app -> ‹801003›, so", false),
        ("W/Konto: kick li4 out of the whole app -> ‹801003›, so", true),
        ("W/Konto: kick li4 out of the whole app → ‹801003›, so", true),
        ("W/Konto: the sendText of the app => ‹801003›, so", true),
        ("W/Konto: 拉黑回去之后的 app => ‹801003›, so", true),
        ("W/Konto: current stop of the app -> ‹801003›, so", false),
        ("W/Konto: 当前站点 app -> ‹801003›, so", false),
        ("W/Konto: it jumped 12044 -> ‹801003›, so", false),
        ("li4 is not on JMessage (‹899002›), so", true),
        ("li4 is not on JMessage, ‹899002›, so", false),
        ("user_id=857003 极光（‹898004›）", true),
        ("改备注失败, ‹899071›", true),
        ("改备注失败, ‹899071›, so", false),
    ] {
        assert_eq!(judge(&format!("{before}{line}")).0, want, "{line}");
    }
}

/// `--strict` accepts only good evidence: what is merely likely is refused. (The first example of a
/// rule has the weakest evidence.)
#[test]
fn strict_needs_good_evidence() {
    let likely = ["source", "own-line", "alone", "error-text", "callback", "error-line", "arrow"];
    for rule in rules().filter(|rule| rule.is_for()) {
        let is_likely = likely.contains(&rule.name);
        for example in rule.decides.iter().take(if is_likely { 1 } else { usize::MAX }) {
            let mut strict = Annotator::new(&CATALOG, Strictness::Strict);
            let (line, offset) = read(&mut strict, example);
            let (is_code, by) = verdict(&mut strict, &line, offset).expect(example);
            assert_eq!(is_code, !is_likely, "{by}: {example}");
        }
    }
}

/// An unlisted number needs good evidence too; 871000 as a frequency is not explained.
#[test]
fn an_unlisted_code_needs_good_evidence() {
    for (example, wanted) in [
        ("D/chat: code = ‹871999›", true),
        ("D/chat: 错误码：‹871316›", true),
        ("D/chat: ‹871999›", false),
        ("D/cpu: scaling_cur_freq ‹871000›", false),
        ("            case ‹871999›:", false),
        ("code=‹871999›", true),
        ("  \"code\": \"‹871634›\",", false),
        ("  code: ‹871634›", false),
        ("  \"errno\": \"‹871634›\",", true),
        ("D/shop: errno = 871300\nD/stock: {\"code\": \"‹871634›\"}", true),
        ("D/JMessage: {\"code\": \"‹871634›\"}", true),
    ] {
        assert_eq!(judge(example).0, wanted, "{example}");
    }
}

/// Numbers get the same verdict one by one and in a stream.
#[test]
fn a_stream_and_a_single_line_agree() {
    for example in rules().flat_map(|rule| rule.decides.iter().chain(rule.passes)) {
        let mut annotator = annotator();
        let (line, offset) = read(&mut annotator, example);
        let alone = verdict(&mut annotator, &line, offset).is_some_and(|(is_code, _)| is_code);
        let mut annotator = self::annotator();
        let (line, offset) = read(&mut annotator, example);
        let found = annotations(&mut annotator, &line);
        let found = found.iter().any(|found| found.number.range.start == offset);
        assert_eq!(found, alone, "{example}");
    }
}

/// The two tables of "How it decides" are generated from the rules.
#[test]
fn the_page_shows_the_evidence() {
    for (mark, is_for) in [("EVIDENCE FOR", true), ("EVIDENCE AGAINST", false)] {
        let mut table = "| rule | it says | example |\n|---|---|---|\n".to_owned();
        for rule in rules().filter(|rule| rule.is_for() == is_for) {
            let example = rule.decides[0].rsplit('\n').next().unwrap_or_default();
            let example = example.replace(['‹', '›'], "").replace('|', "\\|");
            table.push_str(&format!("| `{}` | {} | `{}` |\n", rule.name, rule.why, example.trim()));
        }
        check_part("docs/decisions.md", mark, &table, "evidence");
    }
}

/// Links are long, and the parameter at their end is part of them however far away they begin.
#[test]
fn the_length_of_a_link_changes_nothing() {
    for (begin, separator) in [
        ("http://acme.example/login?token=", "&"),
        (r#"{"link":"http:\/\/acme.example\/login?token="#, r"\u0026"),
        ("/login?token=", "&"),
        ("http://acme.example/login?name=张三&token=", "&"),
    ] {
        for length in 0..700 {
            let link = format!("D/Konto: GET {begin}{}{separator}", "x".repeat(length));
            for number in ["code=‹871301›", "status=‹871301›"] {
                assert_eq!(judge(&format!("{link}{number}")), (false, "place"), "{link}");
            }
            for code in ["errorCode=‹871301›", "x, code=‹871301›"] {
                assert!(judge(&format!("{link}{code}")).0, "{link}{code}");
            }
        }
    }
}

/// A text without spaces is not taken for a link that begins out of sight.
#[test]
fn a_long_text_is_no_link() {
    let text = "请求失败。".repeat(20);
    for end in ["a/b&c：错误码：", "Q&A:code=", "&错误码=", "a/b/error:", "?错误码="] {
        for length in 0..200 {
            let line = format!("D/Konto: {}{text}{end}‹871301›", "x".repeat(length));
            assert!(judge(&line).0, "{line}");
        }
    }
    for length in 0..140 {
        let form = format!("D/Konto: body={}&code=‹871301›", "x".repeat(length));
        assert!(judge(&form).0, "{form}");
    }
}
