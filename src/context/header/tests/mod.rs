//! Tests of the prefix parser: tables with one case a line, and properties of lines printed by a
//! copy of AOSP's formatter.

mod formatter;
mod logcat;
mod other_logs;
mod outer_prefixes;
mod properties;
mod refused;

use super::Header;

/// A line, and what `show` makes of it.
type Case<'c> = (&'c [u8], &'c str);

#[track_caller]
fn check(cases: &[Case<'_>]) {
    for &(line, expected) in cases {
        for line_end in [&b""[..], b"\n", b"\r\n", b"\r\r\n"] {
            let line = [line, line_end].concat();
            assert_eq!(show(&line), expected, "{:?}", String::from_utf8_lossy(&line));
        }
    }
}

/// `format|time|pid|tid|level|tag|message`, with `-` for what is absent.
fn show(line: &[u8]) -> String {
    let header = Header::parse(line);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let number = |number: Option<u32>| number.map_or("-".into(), |number| number.to_string());
    [
        format!("{:?}", header.format),
        header.time.map_or("-".into(), text),
        number(header.pid),
        number(header.tid),
        header.level.map_or("-".into(), |level| level.letter().to_string()),
        header.tag.map_or("-".into(), text),
        text(&line[header.message..header.message_end]),
    ]
    .join("|")
}
