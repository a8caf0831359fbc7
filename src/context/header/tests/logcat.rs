//! Every format and modifier of logcat, one line each, and lines that were cut or trimmed.

use super::super::{Header, is_plain_threadtime};
use super::check;
use super::formatter::{Entry, Format, Layout, format};

#[test]
#[rustfmt::skip]
fn formats_are_recognized() {
    check(&[
        (b"I/Login   ( 1702): code 871300", "Brief|-|1702|-|I|Login|code 871300"),
        (b"W/NotificationX(123456): a: b", "Brief|-|123456|-|W|NotificationX|a: b"),
        (b"D/        (  871): x", "Brief|-|871|-|D||x"),
        (b"D/Login(12): x", "Brief|-|12|-|D|Login|x"),
        (b"E/Words: a/b[1](871301): x", "Brief|-|871301|-|E|Words: a/b[1]|x"),
        (b"I/ARc     (871301)", "Brief|-|871301|-|I|ARc|"),
        (b"I/ARc     (871301", "Brief|-|-|-|I|ARc|"),
        (b"I/ARc     (871301:", "Brief|-|-|-|I|ARc|"),
        (b"I/ARc     (871301:    1)", "Brief|-|-|-|I|ARc|"),
        (b"I/ARc     (root: 87", "Brief|-|-|-|I|ARc|"),
        (b"I( 1702) code 871300  (Login)", "Process|-|1702|-|I|Login|code 871300"),
        (b"I(871301) x  (y)  (a: b)", "Process|-|871301|-|I|a: b|x  (y)"),
        (b"I( 1702)   ()", "Process|-|1702|-|I||"),
        (b"I/Login   : code 871300", "Tag|-|-|-|I|Login|code 871300"),
        (b"I/        : code 871300", "Tag|-|-|-|I||code 871300"),
        (b"I/LongerThanEight: code", "Tag|-|-|-|I|LongerThanEight|code"),
        (b"I/A: b    : code", "Tag|-|-|-|I|A: b|code"),
        (b"I/With some blanks: a(123): b", "Tag|-|-|-|I|With some blanks|a(123): b"),
        (b"D( 1702: 2395) code 871300", "Thread|-|1702|2395|D|-|code 871300"),
        (b"D(871301:871302) x", "Thread|-|871301|871302|D|-|x"),
        (b"D( 1702:0x1f) x", "Thread|-|1702|31|D|-|x"),
        (b"D(1702:0x95b) x", "Thread|-|1702|2395|D|-|x"),
        (b"03-18 00:13:38.871 I/Login   ( 1702): x", "Time|03-18 00:13:38.871|1702|-|I|Login|x"),
        (b"03-18 00:13:38.871 I/Two: words(12345): x", "Time|03-18 00:13:38.871|12345|-|I|Two: words|x"),
        (b"03-18 00:13:38.871  1702  2395 D Login   : x", "Threadtime|03-18 00:13:38.871|1702|2395|D|Login|x"),
        (b"03-18 00:13:38.871 871301 871302 A A:B/c [d]: x", "Threadtime|03-18 00:13:38.871|871301|871302|A|A:B/c [d]|x"),
        (b"03-06 20:44:31.204     1     1 W         : (7)[1:swapper/0]x: y", "Threadtime|03-06 20:44:31.204|1|1|W||(7)[1:swapper/0]x: y"),
        (b"[ 03-18 00:13:38.871  1702: 2395 D/Login    ]", "Long|03-18 00:13:38.871|1702|2395|D|Login|"),
        (b"[ 03-18 00:13:38.871  1702:0x1f D/a ]b ]", "Long|03-18 00:13:38.871|1702|31|D|a ]b|"),
        (b"[ 03-18 00:13:38.871  1702: 2395 D/         ]", "Long|03-18 00:13:38.871|1702|2395|D||"),
    ]);
}

#[test]
#[rustfmt::skip]
fn modifiers_are_recognized() {
    check(&[
        (b"2017-03-18 00:13:38.871  1702  2395 D T: x", "Threadtime|2017-03-18 00:13:38.871|1702|2395|D|T|x"),
        (b"03-18 00:13:38.871301  1702  2395 D T: x", "Threadtime|03-18 00:13:38.871301|1702|2395|D|T|x"),
        (b"03-18 00:13:38.871301123  1702  2395 D T: x", "Threadtime|03-18 00:13:38.871301123|1702|2395|D|T|x"),
        (b"2017-03-18 00:13:38.871301 +0800  1702  2395 D T: x", "Threadtime|2017-03-18 00:13:38.871301 +0800|1702|2395|D|T|x"),
        (b"03-18 00:13:38.871 -0330 D/T       ( 1702): x", "Time|03-18 00:13:38.871 -0330|1702|-|D|T|x"),
        (b"         1489767218.871301  1702  2395 D T: x", "Threadtime|1489767218.871301|1702|2395|D|T|x"),
        (b"                  0.871301  1702  2395 D T: x", "Threadtime|0.871301|1702|2395|D|T|x"),
        (b"  1498.871  1702  2395 D T: x", "Threadtime|1498.871|1702|2395|D|T|x"),
        (b"871301.871 D/T       ( 1702): x", "Time|871301.871|1702|-|D|T|x"),
        (b"03-18 00:13:38.871 10133  1702  2395 D T: x", "Threadtime|03-18 00:13:38.871|1702|2395|D|T|x"),
        (b"03-18 00:13:38.871  root  1702  2395 D T: x", "Threadtime|03-18 00:13:38.871|1702|2395|D|T|x"),
        (b"03-18 00:13:38.871 u0_a1  1702  2395 D T: x", "Threadtime|03-18 00:13:38.871|1702|2395|D|T|x"),
        (b"03-18 00:13:38.871        1702  2395 D T: x", "Threadtime|03-18 00:13:38.871|1702|2395|D|T|x"),
        (b"I/T       (871301: 1702): x", "Brief|-|1702|-|I|T|x"),
        (b"I/T       (shell: 1702): x", "Brief|-|1702|-|I|T|x"),
        (b"I( root: 1702) x  (T)", "Process|-|1702|-|I|T|x"),
        (b"I(10133: 1702) x  (T)", "Process|-|1702|-|I|T|x"),
        (b"I(10133: 1702) x  (871300)", "Thread|-|10133|1702|I|-|x  (871300)"),
        (b"I(10133: 1702: 2395) x", "Thread|-|1702|2395|I|-|x"),
        (b"[ 03-18 00:13:38.871 10133: 1702: 2395 D/T ]", "Long|03-18 00:13:38.871|1702|2395|D|T|"),
        (b"[          1489767218.871  1702: 2395 D/T ]", "Long|1489767218.871|1702|2395|D|T|"),
        (b"\x1b[34m[ 03-18 00:13:38.871  1702: 2395 D/T ]\x1b[0m", "Long|03-18 00:13:38.871|1702|2395|D|T|\x1b[0m"),
        (b"\x1b[38;5;75mD/T       ( 1702): x\x1b[0m", "Brief|-|1702|-|D|T|x\x1b[0m"),
        (b"\x1b[34m03-18 00:13:38.871  1702  2395 D T: x\x1b[0m", "Threadtime|03-18 00:13:38.871|1702|2395|D|T|x\x1b[0m"),
        (b"\x1b[38:5:75m03-18 00:13:38.871301  1702  2395 D T: x", "Threadtime|03-18 00:13:38.871301|1702|2395|D|T|x"),
        (b"\x1b[38;5;75mD( 1702) x\x1b[0m  (T)", "Process|-|1702|-|D|T|x\x1b[0m"),
        // Of programs that color each line, the last one before `\n` and after `\r`.
        (b"\x1b[31mD( 1702) x  (T)\x1b[0m", "Process|-|1702|-|D|T|x"),
        (b"\x1b[1mD( 1702) x  (T)\x1b[0m\x1b[K", "Process|-|1702|-|D|T|x"),
        (b"\x1b[31m[ 03-18 00:13:38.871  1702: 2395 D/T ]\r\x1b[0m", "Long|03-18 00:13:38.871|1702|2395|D|T|\r\x1b[0m"),
        (b"\x1b[31mD/Login   :\x1b[0m", "Tag|-|-|-|D|Login|\x1b[0m"),
        (b"\x1b[31mI/Login   ( 1702)\x1b[0m", "Brief|-|1702|-|I|Login|\x1b[0m"),
        (b"\x1b[31m03-18 00:13:38.871  1702  2395 D\x1b[0m", "Threadtime|03-18 00:13:38.871|1702|2395|D|-|\x1b[0m"),
        (b"\x1b[38;5;75mcode 871300\x1b[0m", "None|-|-|-|-|-|\x1b[38;5;75mcode 871300\x1b[0m"),
        (b"03-18 00:13:38.871  1702  2395 D T: \\xff \\\\", "Threadtime|03-18 00:13:38.871|1702|2395|D|T|\\xff \\\\"),
    ]);
}

#[test]
#[rustfmt::skip]
fn half_a_prefix_keeps_the_columns_it_has() {
    check(&[
        (b"03-18 00:13:38.871  1702  2395 D Login: ", "Threadtime|03-18 00:13:38.871|1702|2395|D|Login|"),
        (b"03-18 00:13:38.871  1702  2395 D Login:", "Threadtime|03-18 00:13:38.871|1702|2395|D|Login|"),
        (b"03-18 00:13:38.871  1702  2395 D Log", "Threadtime|03-18 00:13:38.871|1702|2395|D|-|Log"),
        (b"03-18 00:13:38.871  1702  2395 D", "Threadtime|03-18 00:13:38.871|1702|2395|D|-|"),
        (b"03-18 00:13:38.871  871301", "Stamp|03-18 00:13:38.871|-|-|-|-| 871301"),
        (b"03-18 00:13:38.871 D/Log", "Stamp|03-18 00:13:38.871|-|-|-|-|D/Log"),
        (b"03-18 00:13:38", "Stamp|03-18 00:13:38|-|-|-|-|"),
        (b"03-18 00:13", "None|-|-|-|-|-|03-18 00:13"),
        (b"I/Login   ( 1702): ", "Brief|-|1702|-|I|Login|"),
        (b"I/Login   ( 1702):", "Brief|-|1702|-|I|Login|"),
        (b"I/Login   ( 17", "Brief|-|-|-|I|Login|"),
        (b"I/Login   :", "Tag|-|-|-|I|Login|"),
        (b"D( 1702: 2395)", "Thread|-|1702|2395|D|-|"),
        (b"D( 1702) x", "Process|-|1702|-|D|-|x"),
        (b"[ 03-18 00:13:38.871  1702: 2395 D/Log", "Long|03-18 00:13:38.871|1702|2395|D|-|Log"),
        (b"[ 03-18 00:13:38.871  1702: 2395 D/Log ] x", "Long|03-18 00:13:38.871|1702|2395|D|Log|x"),
    ]);
}

/// What the quick look at the columns says; the parser has to look at every other layout.
#[test]
#[rustfmt::skip]
fn the_plain_layout_is_recognized_by_its_columns() {
    for (line, want) in [
        ("03-18 00:13:38.871  1702  2395 D T: x", true),
        ("03-18 00:13:38.871     1     1 W         : x", true),
        ("03-18 00:13:38.871 11702 12395 D T: x", true),
        ("03-18 00:13:38.871 1 702  2395 D T: x", false),
        ("03-18 00:13:38.871  1702 2 395 D T: x", false),
        ("03-18 00:13:38.871 1702   2395 D T: x", false),
        ("03-18 00:13:38.871  1702 2395  D T: x", false),
        ("03-18 00:13:38.871  1702  2395 X T: x", false),
        ("03-18 00:13:38.871  1702  2395 D/T: x", false),
        ("03-18_00:13:38.871  1702  2395 D T: x", false),
        ("x3-18 00:13:38.871  1702  2395 D T: x", false),
        (" 3-18 00:13:38.871  1702  2395 D T: x", false),
        ("03-18 00:13:38.871  17x2  2395 D T: x", false),
        ("03-18 00:13:38.871  1702  2395 D", false),
    ] {
        assert_eq!(is_plain_threadtime(line.as_bytes()), want, "{line}");
    }
}

/// Tags around the length where AOSP's buffer ends.
#[test]
fn the_message_of_a_cut_prefix_begins_where_it_was_printed() {
    for layout in Layout::all().filter(|layout| layout.format != Format::Raw) {
        for tag_bytes in (0..9).chain(20..150) {
            let tag = vec![b't'; tag_bytes];
            let printed = format(layout, &Entry { tag: &tag, ..Entry::SAMPLE });
            let header = Header::parse(&printed.line);
            let expected = (printed.message, printed.message_end);
            assert_eq!((header.message, header.message_end), expected, "{layout:?} {tag_bytes}");
            let parsed = header.tag.unwrap_or_default();
            assert!(tag.starts_with(parsed), "{layout:?} {tag_bytes} {:?}", header);
        }
    }
}

/// What was begun in the brackets may be a process, or not.
#[test]
fn a_bracket_at_the_end_of_a_cut_tag_may_be_a_process() {
    for (end, in_tag) in [("(17", ""), ("(root: 17", ""), ("(a/b", "(a/b"), ("(a.b: c", "(a.b")] {
        let tag = "t".repeat(125 - end.len());
        let line = format!("D/{tag}{end}code 871300");
        let found = Header::parse(line.as_bytes()).tag;
        assert_eq!(found, Some(format!("{tag}{in_tag}").as_bytes()), "{line}");
    }
}

/// As `grep --color` marks a match: in a long tag, and in the message.
#[test]
fn a_marked_tag_is_cut_where_it_was_printed() {
    let mark = b"\x1b[01;31m\x1b[K";
    for layout in Layout::all().filter(|layout| layout.format != Format::Raw) {
        for tag_bytes in (10..14).chain(60..150) {
            let tag = [&vec![b't'; tag_bytes - 5][..], b"=", b"tttt"].concat();
            let printed = format(layout, &Entry { tag: &tag, ..Entry::SAMPLE });
            let Some(at) = printed.line.iter().rposition(|byte| *byte == b'=') else { continue };
            let (before, after) = printed.line.split_at(at);
            let header = Header::parse(&printed.line);
            let line = [before, mark, after].concat();
            let marked = Header::parse(&line);
            let moved = |place: usize| if place > at { place + mark.len() } else { place };
            let expected = (moved(header.message), moved(header.message_end));
            let shown = String::from_utf8_lossy(&line);
            assert_eq!((marked.message, marked.message_end), expected, "{layout:?} {shown}");
        }
    }
}

/// Each format × modifier × kind of message.
#[test]
fn printed_lines_are_read_back() {
    let messages: [&[u8]; 6] = [
        b"[Login] code = 871300, text", b"871300 text: text", b"\tat a.b(C.java:871)", b"871300",
        b"", b"x: y  z",
    ];
    let tags: [&[u8]; 6] =
        [b"", b"T", b"Eight888", b"Tag-With.Dots", b"two words here", b"a:b/c[d]"];
    for layout in Layout::all() {
        for (message, tag) in messages.into_iter().flat_map(|m| tags.map(|tag| (m, tag))) {
            let printed = format(layout, &Entry { tag, message, ..Entry::SAMPLE });
            let header = Header::parse(&printed.line);
            let shown = String::from_utf8_lossy(&printed.line);
            assert_eq!(
                header.format.is_logcat(),
                layout.format != Format::Raw,
                "{layout:?} {shown}"
            );
            if header.format.is_logcat() {
                let expected = (printed.message, printed.message_end);
                assert_eq!((header.message, header.message_end), expected, "{layout:?} {shown}");
                assert_eq!(header.tag, printed.tag.then_some(tag), "{layout:?} {shown}");
            } else {
                assert_eq!(header.message, 0, "{shown}");
            }
        }
    }
}
