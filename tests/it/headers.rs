//! A column of a header never counts as a code, and a code in the message always does: in every
//! format of logcat with every modifier, and in damaged lines.
//!
//! The printer of lines follows logcat's manual page and its visible output, not the parser's own
//! tests, so that a mistake would have to be made twice.

use jm_annotate::annotate::{Annotator, Block};
use jm_annotate::context::Strictness;
use jm_annotate::context::header::Header;
use jm_annotate::render::{Palette, Place};
use proptest::prelude::*;

use crate::judged::{CATALOG, annotations, annotator, verdict};
use crate::layouts::{Columns, LAYOUTS_COUNT, Layout};
use crate::util::{PLAIN, Style, annotated, cases};

/// Any name, often one that ends like the key of a code.
const TAG: &str = "[A-Z][A-Za-z]{0,11}|[A-Z][a-z]{0,7}(Rc|Ret|Code)";

/// Letters that the names of vendors have whose codes are not ours.
const VENDORS: [&str; 4] = ["pay", "wecom", "wechat", "weixin"];

fn columns() -> impl Strategy<Value = Columns> {
    let number = || prop_oneof![871_000..872_000_u32, 1..99_999_u32];
    let is_own = |tag: &String| {
        let tag = tag.to_ascii_lowercase();
        !VENDORS.iter().any(|vendor| tag.contains(vendor))
    };
    let tag = TAG.prop_filter("a vendor", is_own);
    (871_000..872_000_u32, number(), number(), number(), tag, "[VDIWEF]").prop_map(
        |(fraction, pid, tid, uid, tag, level)| Columns {
            fraction: fraction.to_string(),
            pid,
            tid,
            uid,
            tag,
            level: level.chars().next().expect("the pattern has one"),
        },
    )
}

/// Messages without a number that is in a list.
const QUIET: [&str; 8] = [
    "",
    "connection lost, error",
    "Have not logged in.",
    "login failed: ",
    "responseCode =",
    "错误码：",
    "ViewRootImpl: enqueueInputEvent 42",
    "{\"code\":0,\"msg\":\"ok\"}",
];

/// Messages with a code, as the SDK and apps write them.
const LOUD: [&str; 10] = [
    "[BasicCallback] responseCode = CODE, responseMessage = x",
    "login failed, code:CODE",
    "{\"code\":CODE,\"message\":\"x\"}",
    "{\"error_code\":\"CODE\"}",
    "错误码：CODE",
    "登录失败CODE",
    "ErrCode-CODE",
    "gotResult CODE",
    "CODE",
    "'CODE'",
];

/// The codes of the Android list that a log line may contain.
fn android_codes() -> Vec<u64> {
    let android = CATALOG.entries().into_iter().filter(|entry| entry.family.name() == "android");
    android.map(|entry| entry.code.number()).filter(|code| *code > 0).collect()
}

/// The codes that were found in the lines, as text.
fn found(lines: &[u8]) -> Vec<String> {
    let text = |start: usize, end: usize| String::from_utf8_lossy(&lines[start..end]).into_owned();
    annotations(&mut annotator(), lines)
        .iter()
        .map(|one| text(one.number.range.start, one.number.range.end))
        .collect()
}

proptest! {
    #![proptest_config(cases(4096))]

    #[test]
    fn no_column_is_explained(
        layout in (0..LAYOUTS_COUNT).prop_map(Layout::nth),
        columns in columns(),
        message in proptest::sample::select(&QUIET[..]),
        known_tag: bool,
    ) {
        let mut annotator = annotator();
        if known_tag {
            annotations(&mut annotator, format!("I/{}: code = 871300\n", columns.tag).as_bytes());
        }
        let line = layout.print(&columns, message);
        let found = annotations(&mut annotator, line.as_bytes());
        prop_assert!(found.is_empty(), "{layout:?}: {line:?}");
    }

    #[test]
    fn a_code_in_the_message_is_explained_and_no_column_is(
        layout in (0..LAYOUTS_COUNT).prop_map(Layout::nth),
        columns in columns(),
        message in proptest::sample::select(&LOUD[..]),
        code in proptest::sample::select(android_codes()),
        line_end in proptest::sample::select(&["\n", "\r\n", "\r\r\n"][..]),
    ) {
        let message = message.replace("CODE", &code.to_string());
        let line = layout.print(&columns, &message).replace('\n', line_end);
        prop_assert_eq!(found(line.as_bytes()), [code.to_string()], "{:?}: {:?}", layout, line);
    }

    /// Wherever a line is cut, nothing before the message is explained.
    #[test]
    fn no_column_of_a_cut_line_is_explained(
        layout in (0..LAYOUTS_COUNT).prop_map(Layout::nth),
        columns in columns(),
        cut in 0.0..1.0_f64,
    ) {
        prop_assume!(layout.format != "raw");
        let line = layout.print(&columns, "");
        let half = &line.as_bytes()[..(line.len() as f64 * cut) as usize];
        prop_assert!(found(half).is_empty(), "{:?}", String::from_utf8_lossy(half));
    }

    /// The stamps of CI systems change nothing.
    #[test]
    fn a_stamp_before_the_line_is_a_column_too(
        layout in (0..LAYOUTS_COUNT).prop_map(Layout::nth),
        columns in columns(),
        stamp in proptest::sample::select(&STAMPS[..]),
        code in proptest::sample::select(android_codes()),
    ) {
        prop_assume!(layout.format != "long");
        let stamp = stamp.replace("FFFFFF", &columns.fraction);
        let quiet = stamp.clone() + &layout.print(&columns, "connection lost");
        prop_assert!(found(quiet.as_bytes()).is_empty(), "{quiet:?}");
        let loud = stamp + &layout.print(&columns, &format!("responseCode = {code}, x"));
        prop_assert_eq!(found(loud.as_bytes()), [code.to_string()], "{:?}", loud);
    }

    #[test]
    fn random_bytes_never_panic(
        parts in proptest::collection::vec(prop_oneof![
            3 => proptest::sample::select(&PIECES[..]).prop_map(<[u8]>::to_vec),
            1 => proptest::collection::vec(any::<u8>(), 0..6),
        ], 0..16),
    ) {
        let bytes = parts.concat();
        for strictness in [Strictness::Weighed, Strictness::Strict] {
            let mut annotator = Annotator::new(&CATALOG, strictness);
            for block in [
                Block::lines(&bytes),
                Block::piece(b"", &bytes, b"871"),
                Block::piece(b"code ", &bytes, b""),
            ] {
                let _ = annotator.explain_line(block);
                let mut found = Vec::new();
                annotator.annotate(block, &mut found);
                for one in &found {
                    let _ = annotator.header(block, one);
                    let (line, number) = (&one.line, &one.number.range);
                    prop_assert!(line.start <= number.start && number.end <= line.end);
                }
                prop_assert!(found.is_sorted_by(|a, b| a.number.range.end <= b.number.range.start));
                annotator.end_block(block);
            }
            annotator.end_input();
        }
    }
}

/// What GitHub, GitLab, Jenkins, Docker, and Flutter add before a line.
const STAMPS: [&str; 7] = [
    "2023-11-05T07:42:19.FFFFFF7Z ",
    "2023-11-05T07:42:19.FFFFFFZ 01O ",
    "test\tRun adb\t2023-11-05T07:42:19.FFFFFF1Z ",
    "[2023-11-05T07:42:19.FFFFFFZ] ",
    "07:42:19  ",
    "device-1  | ",
    "[ +871 ms] ",
];

/// Pieces of lines, whole and cut: escapes, quoting, Chinese in UTF-8 and GBK.
const PIECES: [&[u8]; 24] = [
    b"871300",
    b"871301",
    b"898001",
    b"7130001",
    b"code",
    b" = ",
    b"=",
    b"\xe9\x94\x99\xe8\xaf\xaf\xe7\xa0\x81",
    b"\xb4\xed\xce\xf3\xc2\xeb",
    b"\xe9\x94",
    b"\x1b[38;5;",
    b"\x1b[31m",
    b"\x1b",
    b"\\u00",
    b"\\\\\"",
    b"%3",
    b"&quot",
    b"03-18 00:13:38.871301  1702  2395 D T: ",
    b"[ 03-18 00:13:38.871  1702: 2395 D/T ]\n",
    b"E(871300",
    b" [Have not logged in. | api",
    b"Have not logged in.",
    b"\r\r\n",
    b"]",
];

#[test]
fn a_header_without_a_message_has_no_code() {
    for line in [
        "11-05 07:42:19.871301 871302 871303 E Login   : ",
        "11-05 07:42:19.871301 871302 871303 E Login   :",
        "11-05 07:42:19.871301 871302 871303 E",
        "11-05 07:42:19.871301 871302 871303",
        "11-05 07:42:19.871301",
        "E/Login(871301): ",
        "E/Login(871301):",
        "[ 11-05 07:42:19.871301 871302:871303 E/Login ]",
        "2023-11-05 07:42:19.871301 871302-871303/com.acme.chat E/Login: ",
    ] {
        assert!(found(line.as_bytes()).is_empty(), "{line}");
    }
}

/// ISO 8613-6 separates the parts of a color by colons.
#[test]
fn a_color_with_colons_may_precede_a_header() {
    let line = b"\x1b[38:5:75m03-18 00:13:38.871301 871302  2395 D jmessage: 871300\n";
    assert_eq!(found(line), ["871300"]);
    assert_eq!(Header::parse(line).tag, Some(&b"jmessage"[..]));
}

/// Invalid UTF-8 next to a number is neither part of a word nor a reason to panic.
#[test]
fn other_encodings_may_surround_a_code() {
    let cases: [(&[u8], bool); 6] = [
        (b"E/Login: code = 871300\xff\xfe", true),
        (b"E/Login: \xb4\xed\xce\xf3\xc2\xeb: code 871300", true),
        (b"E/Login: \xb5\xc7\xc2\xbc\xca\xa7\xb0\xdc code=871300\xa3\xac", true),
        (b"E/Login: \xff\xffcode:871300", true),
        (b"E/Login: size 871300\xff", false),
        (b"E/Login: code = \xef\xbc\x98871300\xe9\x94", false),
    ];
    for (line, wanted) in cases {
        assert_eq!(!found(line).is_empty(), wanted, "{}", String::from_utf8_lossy(line));
    }
}

/// An escape may be cut by the end of a line or of a block.
#[test]
fn a_cut_escape_hides_no_code() {
    assert_eq!(found(b"E/Login: code = 871300\x1b[38;5"), ["871300"]);
    assert_eq!(found(b"E/Login: code = \x1b[1m\x1b[871300"), [""; 0]);
    assert_eq!(found(b"E/Login: code = \x1b[38;871300;1m0"), [""; 0]);
    assert_eq!(found(b"E/Login: code = \x1b[38;5;1m871300"), ["871300"]);
    assert_eq!(found(b"E/Login: code = 871300\x1b"), ["871300"]);
}

/// The text that the rules look at around each number is bounded.
#[test]
fn the_time_for_a_long_line_grows_with_its_numbers() {
    let unit = "x=1, uid 871301, code = 871300; ";
    let line = unit.repeat((1 << 20) / unit.len());
    let wanted = line.len() / unit.len();
    let began = std::time::Instant::now();
    assert_eq!(found(line.as_bytes()).len(), wanted);
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

/// Many tags have numbers, so weak evidence is not enough there.
#[test]
fn a_number_in_a_tag_needs_good_evidence() {
    for (line, offset, in_tag, in_message) in [
        (&b"D/code = 871300: so"[..], 9, true, true),
        (b"D/i = 871301: so", 6, false, true),
        (b"D/login 871300: not logged in", 8, false, true),
    ] {
        let text = String::from_utf8_lossy(line);
        let found = verdict(&mut annotator(), line, offset).expect("it is listed");
        assert_eq!(found.0, in_tag, "{text} {found:?}");
        let line = [b"D/Konto: ", &line[2..]].concat();
        let found = verdict(&mut annotator(), &line, offset + 7).expect("it is listed");
        assert_eq!(found.0, in_message, "{text} {found:?}");
    }
}

/// Logcat cuts what comes before a message at 127 bytes. How much of a tag is left then depends on
/// every byte before it, also on what a first run has written there.
#[test]
fn a_number_in_a_tag_that_logcat_has_cut_is_not_judged() {
    let tag = "Chat login failed code=871300 ";
    let columns = format!("05-09 07:31:09.119  4021  4055 W {tag}");
    let padded = format!("{columns:b<127}");
    assert_eq!(found(format!("{padded}cannot send\n").as_bytes()), [""; 0]);
    let short = format!("{}: cannot send\n", &padded[..100]);
    assert_eq!(found(short.as_bytes()).len(), 1);
}

/// A number that nothing but a call names is a code where the header has a tag of the SDK.
#[test]
fn a_tag_vouches_for_its_message_in_every_layout() {
    for index in 0..LAYOUTS_COUNT {
        let layout = Layout::nth(index);
        let columns = |tag: &str| Columns {
            fraction: "123456".to_owned(),
            pid: 1702,
            tid: 2395,
            uid: 10_133,
            tag: tag.to_owned(),
            level: 'D',
        };
        let count = |tag| {
            let log = layout.print(&columns(tag), "sendText 871301 done");
            annotations(&mut annotator(), log.as_bytes()).len()
        };
        let has_tag = !matches!(layout.format, "raw" | "thread");
        assert_eq!(count("JMessage"), usize::from(has_tag), "{layout:?}");
        assert_eq!(count("Konto"), 0, "{layout:?}");
    }
}

/// An explanation after or in the columns of a header hides none of them.
#[test]
fn the_header_of_an_explained_line_is_that_of_the_line() {
    let columns = |log: &[u8]| {
        let (mut annotator, mut found) = (annotator(), Vec::new());
        annotator.annotate(Block::lines(log), &mut found);
        let header = |one| annotator.header(Block::lines(log), one);
        let text = |tag: &[u8]| String::from_utf8_lossy(tag).into_owned();
        let columns = found.iter().map(header).map(|one| (one.pid, one.tid, one.tag.map(text)));
        columns.collect::<Vec<_>>()
    };
    let log = "W(10133: 1702) code=871300  (Konto)\nW(99999) code=871300  (Konto)\n\
               E/code 871303( 1702): 发送失败\nD/Konto   ( 1702): code=871300, code=871301\n\
               W( 1702) code=871300\nE/code 871303( 1702): code=871300\n";
    let want = columns(log.as_bytes());
    assert_eq!(want[0], (Some(1702), None, Some("Konto".to_owned())));
    assert_eq!(want.len(), 8);
    for place in [Place::Inline, Place::End] {
        for palette in [Palette::Plain, Palette::Ansi256] {
            let once = annotated(log.as_bytes(), Style { place, palette, ..PLAIN });
            assert_eq!(columns(&once), want, "{}", String::from_utf8_lossy(&once));
        }
    }
}
