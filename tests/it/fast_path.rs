//! The fast path is invisible (I3): over whole streams, the filter explains exactly what the rules
//! call a code, whatever came before.

use jm_annotate::annotate::{Annotator, Block};
use jm_annotate::context::Strictness;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::invariants::log;
use crate::judged::{CATALOG, annotations};
use crate::layouts::{Columns, LAYOUTS_COUNT, Layout};
use crate::util::cases;

/// Messages whose verdict depends on what was learned from earlier lines, or that already have
/// explanations.
const MESSAGES: &[&str] = &[
    "responseCode = 871300 [Have not logged in. | api调用发起者尚未登录]",
    "responseCode = 871300, x [871300 Have not logged in.]",
    "sendText -> 871301 (main)",
    "relogin because of 871300",
    "try again (898001) -> 898001",
    "871303",
    "871999 (main)",
    "no code",
];

/// What the fast path may take, put together from what it looks at, and what it must not take.
const BEFORE: &[&str] = &[
    "",
    " ",
    "login(",
    "(",
    "{",
    "{ ",
    "x",
    ", ",
    "\t",
    "http://x.example/a(",
    "http://x/{",
    "https://api.weixin.qq.com/cgi-bin/message/custom/send?access_token=a1b2c3d4e5f6a7b8c9d0e1f2 {",
    "WeCom ",
    "Alipay: {",
    "JMessage Alipay ",
    "http://x/?",
    "size ",
    "0.",
    "[",
    "\"",
];
const KEYS: &[&str] =
    &["responseCode", "errorCode", "ErrCode", "error_code", "RESULTCODE", "requestCode"];
const SEPARATORS: &[&str] = &[" = ", "=", ":", " : ", ": \"", " ", "=="];
const AFTER: &[&str] = &[
    "", ", x", ",\"x\"", " , x", ";", ")", "}", "\"", ")1", " ms", ".5", "/", ", [x]",
    ", then 871301", "，", "\r",
];

fn message() -> impl Strategy<Value = String> {
    let code = select(vec!["871300", "871302", "898001", "871999"]);
    let parts = (select(BEFORE), select(KEYS), select(SEPARATORS), code, select(AFTER));
    let built = parts.prop_map(|(before, key, separator, code, after)| {
        format!("{before}{key}{separator}{code}{after}")
    });
    prop_oneof![2 => built, 1 => select(MESSAGES).prop_map(str::to_owned)]
}

/// Tags of apps, also of other vendors, and tags that contain what the fast path looks for.
const TAGS: &[&str] = &[
    "Konto", "Login", "A", "", "Some: tag", "errorCode:871300", "errorCode=871300, x", "JMessage",
    "WeCom", "Alipay",
];

fn line() -> impl Strategy<Value = String> {
    let layout = prop_oneof![4 => Just(6), 1 => 0..LAYOUTS_COUNT].prop_map(Layout::nth);
    let number = || select(vec![1702_u32, 871_301, 12]);
    let printed = (layout, message(), select(TAGS), number(), number()).prop_map(
        |(layout, message, tag, pid, tid)| {
            let (fraction, tag) = ("871305".to_owned(), tag.to_owned());
            layout.print(&Columns { fraction, pid, tid, uid: 871_306, tag, level: 'E' }, &message)
        },
    );
    let record = (message(), select(TAGS), number(), select(vec![", ", ",\n"])).prop_map(
        |(message, tag, pid, separator)| {
            let message = message.replace('"', "\\\"");
            format!(
                "{{\"header\": {{\"logLevel\": \"ERROR\", \"pid\": {pid}, \"tid\": 2, \"tag\": \"{tag}\"}}\
                 {separator}\"message\": \"{message}\"}},\n"
            )
        },
    );
    prop_oneof![2 => printed, 1 => record]
}

/// Where the filter explains numbers in a stream that arrives in blocks of a few lines.
pub fn explained(
    mut annotator: Annotator<'static>,
    lines: &[String],
    lines_per_block: usize,
) -> Vec<usize> {
    let (mut found, mut offset) = (Vec::new(), 0);
    for lines in lines.chunks(lines_per_block) {
        let bytes = lines.concat();
        let annotations = annotations(&mut annotator, bytes.as_bytes());
        let fresh = annotations.iter().filter(|annotation| !annotation.is_explained);
        found.extend(fresh.map(|annotation| offset + annotation.number.range.start));
        offset += bytes.len();
    }
    found
}

/// The numbers that the rules call a code, line by line, and that have no explanation yet.
pub fn judged(mut annotator: Annotator<'static>, text: &str) -> Vec<usize> {
    let (mut found, mut offset) = (Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        let bare = line.strip_suffix('\n').unwrap_or(line);
        let block = Block::lines(line.as_bytes());
        for explained in annotator.explain_line(block) {
            let after = &bare[explained.number.range.end..];
            let end = bare.trim_end_matches("\u{1b}[0m");
            let carries =
                after.starts_with(" [Have") || end.ends_with("[871300 Have not logged in.]");
            let carries = carries && explained.number.code.number() == 871_300;
            if explained.verdict.is_code() && !carries {
                found.push(offset + explained.number.range.start);
            }
        }
        offset += line.len();
    }
    found
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn it_is_invisible_over_whole_streams(
        lines in vec(line(), 1..40),
        lines_per_block in 1..8_usize,
    ) {
        for strictness in [Strictness::Weighed, Strictness::Strict] {
            let new = || Annotator::new(&CATALOG, strictness);
            let want = judged(new(), &lines.concat());
            let got = explained(new(), &lines, lines_per_block);
            prop_assert_eq!(&got, &want, "{}", lines.concat());
        }
    }
}

/// A tag is learned no matter how many plain lines came before, in this input and in an earlier
/// one.
#[test]
fn every_plain_line_is_learned_from() {
    for count in [0, 1, 255, 256, 257, 300, 1000] {
        let mut annotator = Annotator::new(&CATALOG, Strictness::Weighed);
        let plain = "D/Other   : responseCode = 871300, x\n".repeat(count);
        let log = format!(
            "{plain}D/New     : responseCode = 871300, x\nD/New     : sendText -> 871301 (main)\n"
        );
        for _ in 0..2 {
            let found = annotations(&mut annotator, log.as_bytes());
            assert_eq!(found.len(), count + 2, "after {count} plain lines");
            annotator.end_input();
        }
    }
}

/// Text in the middle of a cut line that looks like a header is not one: only the next line that
/// has the header teaches its process.
#[test]
fn a_cut_line_teaches_no_process() {
    let header = "03-17 16:13:38.811  1702  2395 D Konto   : ";
    let mut annotator = Annotator::new(&CATALOG, Strictness::Weighed);
    let mut count = |before: &[u8], text: String| {
        let (block, mut annotations) = (Block::piece(before, text.as_bytes(), b""), Vec::new());
        annotator.annotate(block, &mut annotations);
        annotator.end_block(block);
        annotations.len()
    };
    assert_eq!(count(b"x", format!("{header}errorCode=871300\n")), 1);
    assert_eq!(count(b"", "D/Konto( 1702): sendText -> 871301 (main)\n".to_owned()), 0);
    assert_eq!(count(b"", format!("{header}errorCode=871300\n")), 1);
    assert_eq!(count(b"", "D/Konto( 1702): sendText -> 871301 (main)\n".to_owned()), 1);
}

/// A record of Android Studio's export names its process in its own header, also for a code in the
/// tag.
#[test]
fn a_record_teaches_its_process() {
    let record = |tag: &str, message: &str| {
        let header = format!("{{\"logLevel\":\"ERROR\",\"pid\":1702,\"tid\":2,\"tag\":\"{tag}\"}}");
        format!("{{\"header\":{header},\n\"message\":\"{message}\"}},\n")
    };
    let log = [
        record("Konto", "login, errorCode=871300"),
        record("Konto", "sendText -> 871301 (main)"),
        record("login, errorCode=871300", "failed"),
        // No code, but the line explains it.
        record("Konto", "bytes=871303").trim_end().to_owned(),
        " [871303 Invalid username.]\n".to_owned(),
    ];
    let log = log.concat();
    let mut annotator = Annotator::new(&CATALOG, Strictness::Weighed);
    let (block, mut found) = (Block::lines(log.as_bytes()), Vec::new());
    annotator.annotate(block, &mut found);
    let headers: Vec<_> = found.iter().map(|one| annotator.header(block, one)).collect();
    let tags = headers.iter().map(|header| header.tag.map(String::from_utf8_lossy));
    let tags: Vec<_> = tags.map(|tag| tag.unwrap_or_default()).collect();
    assert_eq!(tags, ["Konto", "Konto", "login, errorCode=871300", "Konto"]);
    assert!(headers.iter().all(|header| header.pid == Some(1702)));
}

/// A tag that is shorter than its column may go on in the next line, after the same bytes.
#[test]
fn a_short_tag_is_not_recognized_by_its_first_bytes() {
    let header = "03-17 16:13:38.811  1702  2395 D ";
    let log = format!(
        "{header}Abcd: responseCode = 871300, x\n\
         {header}Abcd: x : responseCode = 871300, x\n\
         {header}Abcd: x : sendText -> 871301 (main)\n"
    );
    let mut annotator = Annotator::new(&CATALOG, Strictness::Weighed);
    let mut annotations = Vec::new();
    annotator.annotate(Block::lines(log.as_bytes()), &mut annotations);
    assert_eq!(annotations.len(), 3);
}

proptest! {
    #![proptest_config(cases(400))]

    /// The same for texts that are put together at random, and without explanations.
    #[test]
    fn it_is_invisible_in_odd_logs(log in log()) {
        let log: Vec<u8> = log.into_iter().filter(|byte| *byte != b']').collect();
        let new = || Annotator::new(&CATALOG, Strictness::Weighed);
        let (mut fast, mut thorough) = (new(), new());
        for line in log.split_inclusive(|byte| *byte == b'\n') {
            let (block, mut found) = (Block::lines(line), Vec::new());
            fast.annotate(block, &mut found);
            let got: Vec<_> = found.into_iter().map(|one| one.number.range).collect();
            let judged = thorough.explain_line(block).into_iter();
            let codes = judged.filter(|one| one.verdict.is_code()).map(|one| one.number.range);
            prop_assert_eq!(got, codes.collect::<Vec<_>>(), "{:?}", String::from_utf8_lossy(&log));
            fast.end_block(block);
        }
    }
}
