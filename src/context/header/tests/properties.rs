//! What holds for every line: no panic, positions in order, columns before the message. And for
//! every line that logcat prints: the message is where it was printed.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::cursor::BYTE_ORDER_MARK;
use super::super::{Format, Header};
use super::formatter::{self, Entry, LAYOUTS_COUNT, Layout};

/// Pieces of real prefixes, which random bytes would never form.
#[rustfmt::skip]
const FRAGMENTS: [&[u8]; 58] = [
    b"03-18 00:13:38.871", b"2017-03-18 00:13:38.871301", b"2024-01-01T00:00:00.8713010Z",
    b"         1489767218.871", b"12:34:56", b"Jul  1 09:19:13", b"Sat Jul  1 09:19:13 2017",
    b"0717/075046.871050", b"I0717 07:50:46.871050", b"1498.871705", b" +0800", b"+08:00", b"Z",
    b" 1702", b"2395", b"871301", b"4294967296", b"0x1f", b"1702-2395", b"/com.app", b"root",
    b"D", b" E ", b"  E  ", b"I/", b"W/Login", b"Login   ", b"D(", b"(", b")", b"( 1702)", b": ",
    b":", b"[", b"]", b"[ ", b" ]", b"] ", b" ", b"  ", b"        ", b"\t", b"| ", b"<7>",
    b"[ +123 ms] ", b"00O ", b"25746 INFO ", b" --- ", b"  (Login)", b"\x1b[38;5;75m", b"\x1b[0m",
    b"\xEF\xBB\xBF", b"host proc[258]: ", b"App[4175:2783036] ", b":INFO:x.cc(234)]", b"\r", b"\n",
    b"tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt",
];

/// The byte at which `part`, a slice of `line`, ends.
fn end_within(line: &[u8], part: &[u8]) -> usize {
    let start =
        part.as_ptr().addr().checked_sub(line.as_ptr().addr()).expect("a slice of the line");
    assert!(start + part.len() <= line.len(), "a slice of the line");
    start + part.len()
}

fn check_order(line: &[u8]) {
    let header = Header::parse(line);
    assert!(header.message <= header.message_end && header.message_end <= line.len());
    assert!(
        line[header.message_end..].iter().all(|byte| b"\r\n".contains(byte))
            || header.format == Format::Process
    );
    assert!(header.time.is_none_or(|time| end_within(line, time) <= header.message));
    if header.format == Format::Process {
        assert!(header.tag.is_none_or(|tag| end_within(line, tag) >= header.message_end));
    } else {
        assert!(
            header.tag.is_none_or(|tag| tag.is_empty() || end_within(line, tag) <= header.message)
        );
    }
    if header.format == Format::None {
        let mark = if line.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        assert_eq!(header, Header::new(Format::None, mark, header.message_end));
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4096,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes(line in vec(any::<u8>(), 0..300)) {
        check_order(&line);
    }

    #[test]
    fn any_fragments(
        parts in vec(prop_oneof![
            6 => select(&FRAGMENTS[..]).prop_map(<[u8]>::to_vec),
            1 => vec(any::<u8>(), 0..8),
        ], 0..14),
    ) {
        check_order(&parts.concat());
    }

    /// A real line that was cut or has one byte changed.
    #[test]
    fn damaged_lines(index in 0..LAYOUTS_COUNT, cut in 0..160usize, at in 0..160usize, byte: u8) {
        let mut line = formatter::format(Layout::from_index(index), &Entry::SAMPLE).line;
        line.truncate(cut);
        if let Some(changed) = line.get_mut(at) {
            *changed = byte;
        }
        check_order(&line);
    }

    /// Every column has six digits that look like a code, and all columns are before the message.
    /// Messages have no `)`: `(12345): ` and ` (x)` in them can be read in two ways; see the
    /// tables.
    #[test]
    fn columns_are_before_the_message(
        index in 0..LAYOUTS_COUNT,
        nanoseconds in 0..1_000_000_000u32,
        [pid, tid, uid] in [100_000..1_000_000u32, 100_000..1_000_000u32, 100_000..1_000_000u32],
        tag in "[A-Za-z][A-Za-z0-9_./-]{0,30}",
        message in "(871[0-9]{3}|code|: |[(]| |[0-9]|[a-z]){0,12}",
    ) {
        let layout = Layout::from_index(index);
        let (tag, message) = (tag.as_bytes(), message.as_bytes());
        let entry = Entry { level: 'E', tag, message, nanoseconds, pid, tid, uid };
        let printed = formatter::format(layout, &entry);
        let header = Header::parse(&printed.line);
        check_order(&printed.line);
        if layout.format != formatter::Format::Raw {
            prop_assert_eq!(header.message, printed.message);
            prop_assert_eq!(header.message_end, printed.message_end);
            prop_assert!(header.pid.is_none_or(|found| found == pid));
            prop_assert!(header.tid.is_none_or(|found| found == tid));
        }
    }
}
