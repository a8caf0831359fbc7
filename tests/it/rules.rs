//! Each rule of `context` has a line that it decides and a near miss that it lets through to the
//! opposite verdict.
//!
//! The number that is meant stands between `‹` and `›`; lines before the last one are what the
//! stream has shown so far.

use jm_annotate::annotate::{Annotator, Block, Start};
use jm_annotate::catalog::{self, Catalog, Selection};
use jm_annotate::context::{NOTHING_AGAINST, NOTHING_FOR, RULES, Strictness};

use crate::judged::{annotations, annotator, verdict};

/// A rule, a text that it decides, and a near miss that goes the other way.
struct Case {
    rule: &'static str,
    decides: &'static str,
    passes: &'static str,
}

const fn case(rule: &'static str, decides: &'static str, passes: &'static str) -> Case {
    Case { rule, decides, passes }
}

/// Rules that say that a number is something else.
#[rustfmt::skip]
const REFUSING: &[Case] = &[
    case("header", "03-18 00:13:38.‹871301›  1702  2395 D Chat: connected",
                   "03-18 00:13:38.000  1702  2395 D Chat: ‹871301›"),
    case("header", "W/Chat    (‹871301›): message queue drained",
                   "W/Chat    ( 1702): error(‹871301›): message queue drained"),
    case("header", "E(‹871301›:871302) connect error",
                   "E( 1702: 1703) connect error ‹871301›"),
    case("escape", "E/Konto: code = \x1b[38;‹871301›m",
                   "E/Konto: code = \x1b[38m‹871301›"),
    case("decimal", "D/Gps: fix error 0.‹871301› of a metre",
                    "D/Gps: fix error...‹871301›"),
    case("decimal", "sync failed at 10:02:03,‹871301›",
                    "sync failed,‹871301›"),
    case("decimal", "D/Update: error in build ‹871301›.2.1",
                    "D/Update: error ‹871301›."),
    case("word-part", "D/Cache: error entry 9f‹871301›c0",
                      "D/Cache: entry 9f error ‹871301› c0"),
    case("word-part", "E/Image: decode error img_‹871301›",
                      "E/Image: decode error ‹871301›"),
    case("word-part", "E/Session: error 3b2f‹871301›-9c4e-4b1f-a1d0-5f0c2b1a9e77",
                      "E/Session: error ‹871301› - closed"),
    case("symbol", "E/Order: error in #‹871301›",
                   "E/Order: error in step, code ‹871301›"),
    case("symbol", "E/Wallet: error, balance -‹871301›",
                   "E/Wallet: error--‹871301›"),
    case("symbol", "E/Files: error /sdcard/‹871301›/a.jpg",
                   "E/Files: error ‹871301›"),
    case("place", "    at com.acme.chat.Login(Login.java:‹871301›)",
                  "    at com.acme.chat.Login, code:‹871301›)"),
    case("place", "sshd[‹871301›]: error: no host key",
                  "login failed[‹871301›]: no host key"),
    case("place", "GET http://acme.example/logs/error:‹871301›",
                  "GET http://acme.example/login?error=‹871301›"),
    case("unit", "E/Chat: error after ‹871301› ms",
                 "E/Chat: error ‹871301› after 20 ms"),
    case("unit", "D/Chat: 登录失败 ‹871301›毫秒",
                 "D/Chat: 登录失败 ‹871301›，毫秒级重试"),
    case("unit", "D/Cache: failed ‹871301› lookups",
                 "D/Cache: failed ‹871301› means that nobody is logged in"),
    case("other-key", "E/Chat: login error, uid=‹871301›",
                      "E/Chat: login uid=12, error=‹871301›"),
    case("other-key", "D/Install: versionCode ‹871301›",
                      "D/Install: errorCode ‹871301›"),
    case("other-key", "D/Sms: 验证码：‹871301›",
                      "D/Sms: 错误码：‹871301›"),
    case("table", "    case 900000, ‹871301›:",
                  "    case 871300, ‹871301›:"),
];

/// Rules that say that a number is a code.
#[rustfmt::skip]
const ACCEPTING: &[Case] = &[
    case("own-message", "sent ‹871300›Have not logged in.",
                        "sent ‹871300›Have a nice day."),
    case("own-message", "I/chat: api调用发起者尚未登录 ‹871300›",
                        "I/chat: api调用发起者 ‹871300›号"),
    case("own-message", "size ‹898002› no such user",
                        "size ‹898002› no such file"),
    case("glued-key", "I/chat: loginErrorCode‹871300›",
                      "I/chat: loginSession‹871300›"),
    case("glued-key", "string name jmessage_sdk_87x_‹871300›",
                      "string name jmessage_icon_‹871300›"),
    case("error-glued", "请问 ‹871504›错误怎么解决",
                        "请问 ‹871504›群怎么加入"),
    case("code-key", "login done, responseCode = ‹871300›",
                     "login done, requestCode = ‹871300›"),
    case("code-key", "I/chat: 返回码 ‹898001›",
                     "I/chat: 会话 ‹898001›"),
    case("message-in-line", "why: Have not logged in. - look up ‹871300› there",
                            "why: nobody is here - look up ‹871300› there"),
    case("message-alike", "docs say ‹871504› Push register error,please check your appkey",
                          "docs say ‹871504› Pushing it further, please check"),
    case("failure-key", "get avatar failed [‹871311›] again",
                        "get avatar ticket [‹871311›] again"),
    case("failure-key", "I/chat: 拉取资料失败 ‹898002› 重试",
                        "I/chat: 拉取资料成功 ‹898002› 重试"),
    case("outcome-key", "enterRoom got result ‹871300› back",
                        "enterRoom got ticket ‹871300› back"),
    case("error-behind", "we met ‹871300› error in the field",
                         "we met ‹871300› people in the field"),
    case("source", "            case ‹871300›:",
                   "            else ‹871300›:"),
    case("source", "if (i == ‹871300›) {",
                   "if (i - ‹871300›) {"),
    case("source", "    int NOT_LOGIN = ‹871300›;",
                   "    int width = ‹871300›;"),
    case("sdk-line", "03-18 00:13:38.000  1702  2395 D JMessageDemo: sendTextMessage ‹871300› done",
                     "03-18 00:13:38.000  1702  2395 D Sensors: sendTextMessage ‹871300› done"),
    case("known-tag", "D/Konto: code = 871300\nD/Konto: sendText -> ‹871301› (main)",
                      "D/Other: code = 871300\nD/Konto: sendText -> ‹871301› (main)"),
    case("ends-chinese", "D/Konto: 加入群聊‹871300›",
                         "D/Konto: 加入群聊‹871300›, 共 3 人"),
    case("alone", "E/Konto: ‹871300›",
                  "E/Konto: then ‹871300› went on"),
    case("alone", "D/Konto: toast:‹871300›",
                  "D/Konto: width:‹871300›"),
    case("test-value", "AssertionError: expected [0] but found [‹871300›]",
                       "Library: asked for [0] but found [‹871300›]"),
    case("error-text", "D/Konto: ‹871300› not signed in",
                       "D/Konto: ‹871300› rather late"),
    case("error-text", "    ‹871308›: '尚未初始化',",
                       "    ‹871308›: '北京市',"),
    case("callback", "D/Konto: i>>>>>‹871300›",
                     "D/Konto: k>>>>>‹871300›"),
    case("callback", "D/Konto: ‹871300›<>bitte<>ok",
                     "D/Konto: ‹871300›  bitte ok"),
    case("error-line", "E/jBridge: java :‹871300›",
                       "D/jBridge: java :‹871300›"),
];

/// What the lines before show to the annotator; the last line without its marks, and where its
/// number stands.
fn read<'c>(annotator: &mut Annotator<'c>, text: &str) -> (Vec<u8>, usize) {
    let (before, line) = text.rsplit_once('\n').unwrap_or(("", text));
    let mut shown = Vec::new();
    annotator.annotate(Block { bytes: before.as_bytes(), start: Start::Line }, &mut shown);
    let offset = line.find('‹').expect("each line has a mark");
    (line.replace(['‹', '›'], "").into_bytes(), offset)
}

fn judge(text: &str) -> (bool, &'static str) {
    let mut annotator = annotator();
    let (line, offset) = read(&mut annotator, text);
    verdict(&mut annotator, &line, offset).unwrap_or_else(|| panic!("no number of a list: {text}"))
}

#[test]
fn each_case_goes_as_it_says() {
    let mut wrong = Vec::new();
    for (cases, accepts) in [(REFUSING, false), (ACCEPTING, true)] {
        for Case { rule, decides, passes } in cases {
            let (is_code, by) = judge(decides);
            if (is_code, by) != (accepts, *rule) {
                wrong.push(format!("{rule} does not decide, but {by} ({is_code}): {decides}"));
            }
            let (is_code, by) = judge(passes);
            if is_code == accepts || by == *rule {
                wrong.push(format!("{rule} does not let through, {by} says {is_code}: {passes}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_rule_lacks_a_case() {
    let has = |cases: &[Case], name: &str| cases.iter().any(|case| case.rule == name);
    for rule in RULES {
        let sides = (has(REFUSING, rule.name), has(ACCEPTING, rule.name));
        assert!(sides == (true, false) || sides == (false, true), "{}: {sides:?}", rule.name);
    }
    for case in REFUSING.iter().chain(ACCEPTING) {
        assert!(RULES.iter().any(|rule| rule.name == case.rule), "no such rule: {}", case.rule);
    }
}

#[test]
fn rules_have_names_and_reasons_of_their_own() {
    for (at, rule) in RULES.iter().enumerate() {
        assert!(!rule.name.is_empty() && !rule.why.is_empty());
        assert!(
            RULES[..at].iter().all(|other| other.name != rule.name && other.why != rule.why),
            "{}",
            rule.name
        );
    }
}

#[test]
fn where_no_rule_decides_the_catalog_does() {
    let (is_code, by) = judge("we counted ‹871300› in all");
    assert_eq!((is_code, by), (false, NOTHING_FOR.name));
    let table = "871300\tteam\tsure\terror\tours\t\tOurs\t我们的\n";
    let mut catalog = Catalog::new(Selection::All);
    catalog.overlay(catalog::parse(table).expect("it is good"));
    let mut annotator = Annotator::new(&catalog, Strictness::Weighed);
    let line = b"we counted 871300 in all";
    assert_eq!(verdict(&mut annotator, line, 11), Some((true, NOTHING_AGAINST.name)));
    assert_eq!(verdict(&mut annotator, b"we counted 871300 ms", 11), Some((false, "unit")));
}

/// `--strict` takes good evidence only: what is merely likely is refused.
#[test]
fn strict_asks_for_evidence() {
    let mut strict = Annotator::new(&crate::judged::CATALOG, Strictness::Strict);
    let likely = [
        "source", "sdk-line", "known-tag", "ends-chinese", "alone", "error-text", "callback",
        "error-line",
    ];
    for case in ACCEPTING {
        let (line, offset) = read(&mut strict, case.decides);
        let (is_code, by) = verdict(&mut strict, &line, offset).expect(case.decides);
        assert_eq!(is_code, !likely.contains(&case.rule), "{by}: {}", case.decides);
    }
}

/// A number that is in no list needs good evidence too; 871000 as a frequency stays silent.
#[test]
fn an_unknown_code_needs_evidence() {
    for (text, wanted) in [
        ("D/chat: code = ‹871999›", true),
        ("D/chat: 错误码：‹871316›", true),
        ("D/chat: ‹871999›", false),
        ("D/cpu: scaling_cur_freq ‹871000›", false),
        ("            case ‹871999›:", false),
    ] {
        assert_eq!(judge(text).0, wanted, "{text}");
    }
}

/// What was judged one by one is what a stream shows.
#[test]
fn the_stream_and_the_single_look_agree() {
    for case in REFUSING.iter().chain(ACCEPTING) {
        for text in [case.decides, case.passes] {
            let mut annotator = annotator();
            let (line, offset) = read(&mut annotator, text);
            let alone = verdict(&mut annotator, &line, offset).is_some_and(|(is_code, _)| is_code);
            let found = annotations(&mut annotator, &line)
                .iter()
                .any(|found| found.number.range.start == offset);
            assert_eq!(found, alone, "{text}");
        }
    }
}
