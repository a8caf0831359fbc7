//! The records of Android Studio's `.logcat` export, one JSON document: the header of a record, and
//! the message or the tag that a number is in.
//!
//! Owns the layout of a record, compact and pretty-printed; the reference is the serialization of
//! `LogcatMessage` in Android Studio's sources. Knows nothing about rules.

use std::borrow::Cow;
use std::ops::Range;
use std::str::FromStr;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::block::PLAIN_AROUND_BYTES;

/// The record that a number is in.
#[derive(Debug)]
pub(super) struct Record {
    /// Its header, as `logcat -v epoch` would print it.
    pub(super) header: Vec<u8>,
    /// The field that the number is in, and its text as a range of the line.
    pub(super) field: Field,
    pub(super) text: Range<usize>,
}

/// A field of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Message,
    Tag,
}

/// How far before its number a record may begin, in bytes: what is known of a line in pieces.
const RECORD_BYTES: usize = PLAIN_AROUND_BYTES - 64;

/// How far after a number in a tag its record's time is looked for, in bytes.
const TIME_BYTES: usize = 128;

/// A key of a record, ready to be searched for: making a searcher takes longer than a short search.
static MESSAGE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"message\""));
static TAG: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"tag\""));
/// What a record's header begins with.
static HEADER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"header\""));
/// The other fields of a header.
static LEVEL: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"logLevel\""));
static PID: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"pid\""));
static TID: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"tid\""));
static SECONDS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"seconds\""));
static NANOS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"nanos\""));

/// Whether a text may have a record.
pub(super) fn may_be_in(text: &[u8]) -> bool {
    let Some(quote) = memchr::memchr(b'"', text) else { return false };
    [&MESSAGE, &TAG].into_iter().any(|key| key.find(&text[quote..]).is_some())
}

/// Where a line has the keys of records, as far as it was searched. Its numbers come in order, and
/// each would otherwise search the text before it again.
#[derive(Debug, Default)]
pub(super) struct Keys {
    message: LastPlace,
    tag: LastPlace,
    header: LastPlace,
}

/// The last place of a text in a line, as far as it was searched.
#[derive(Debug, Default)]
struct LastPlace {
    searched: Range<usize>,
    last: Option<usize>,
}

impl LastPlace {
    /// Where a key that is in this part of a line begins; of several, the last one.
    fn of(&mut self, key: &Finder<'_>, line: &[u8], part: Range<usize>) -> Option<usize> {
        let length = key.needle().len();
        let is_before = part.start < self.searched.start || part.end < self.searched.end;
        if is_before || part.start > self.searched.end {
            *self = LastPlace { searched: part.start..part.start, last: None };
        }
        // The beginning of a key may be the end of what was searched.
        let searched = (self.searched.end + 1).saturating_sub(length).max(self.searched.start);
        let mut from = self.last.map_or(0, |last| last + 1).max(searched);
        while let Some(found) = line.get(from..part.end).and_then(|rest| key.find(rest)) {
            self.last = Some(from + found);
            from += found + 1;
        }
        self.searched.end = part.end;
        self.last.filter(|last| *last >= part.start)
    }
}

impl Record {
    /// The record of a number that begins at byte `at` of a line; `above` returns the end of the
    /// text before the line, at least as many bytes as it is asked for, if there are that many.
    pub(super) fn find<'t>(
        line: &[u8],
        at: usize,
        keys: &mut Keys,
        above: impl FnOnce(usize) -> Cow<'t, [u8]>,
    ) -> Option<Record> {
        let from = at.saturating_sub(RECORD_BYTES);
        let string_of = |field, key: &Finder<'_>, places: &mut LastPlace| {
            let place = places.of(key, line, from..at)?;
            let start = string_start(line, place + key.needle().len())?;
            let end = start + string_end(&line[start..])?;
            (start..end).contains(&at).then_some((field, place, start..end))
        };
        let (field, key, range) = string_of(Field::Message, &MESSAGE, &mut keys.message)
            .or_else(|| string_of(Field::Tag, &TAG, &mut keys.tag))?;
        let header = keys.header.of(&HEADER, line, from..key);
        let missing = RECORD_BYTES.saturating_sub(at);
        if header.is_none() && missing == 0 {
            return None;
        }
        let above = if missing == 0 { Cow::Borrowed(&[][..]) } else { above(missing) };
        let above = &above[above.len().saturating_sub(missing)..];
        // The tag is before the time, which is in the same line of a compact document only.
        let end = match field {
            Field::Tag => line.len().min(at + TIME_BYTES),
            Field::Message => key,
        };
        let columns = match header {
            Some(header) => columns(&line[header..end]),
            None => {
                let header = HEADER.find_iter(above).last()?;
                columns(&[&above[header..], &line[from..end]].concat())
            }
        };
        Some(Record { header: columns?, field, text: range })
    }
}

/// A record's header in the layout of `logcat -v epoch`, or without its time in that of `-v brief`.
/// Each number of a line has its record's, so it is put together from the bytes there.
fn columns(header: &[u8]) -> Option<Vec<u8>> {
    let (level, tag) = (*value(header, &LEVEL)?.first()?, value(header, &TAG)?);
    let (pid, tid) = (number::<u32>(header, &PID)?, number::<u32>(header, &TID)?);
    let time = number::<u64>(header, &SECONDS).zip(number::<u32>(header, &NANOS));
    let letters = tag.iter().filter(|byte| !matches!(byte, 0x80..0xc0)).count();
    let padding = &b"        "[letters.min(TAG_COLUMNS)..];
    let mut columns = Vec::with_capacity(tag.len() + COLUMN_BYTES);
    let mut push = |part: &[u8]| columns.extend_from_slice(part);
    if let Some((seconds, nanos)) = time {
        pad(seconds, b"                   ", &mut push);
        push(b".");
        pad(nanos, b"000000000", &mut push);
        for number in [pid, tid] {
            push(b" ");
            pad(number, b"     ", &mut push);
        }
        [b" ", &[level][..], b" ", tag, padding, b": "].into_iter().for_each(push);
    } else {
        [&[level][..], b"/", tag, padding, b"("].into_iter().for_each(&mut push);
        pad(pid, b"     ", &mut push);
        push(b"): ");
    }
    Some(columns)
}

/// The columns of a tag: logcat pads shorter ones.
const TAG_COLUMNS: usize = 8;
/// The columns before and after a tag, in bytes.
const COLUMN_BYTES: usize = 64;

/// Writes digits that are aligned to the right in a column of this filling.
fn pad(digits: &[u8], filling: &[u8], push: &mut impl FnMut(&[u8])) {
    push(&filling[digits.len().min(filling.len())..]);
    push(digits);
}

/// The digits of a field's value, a number that fits.
fn number<'t, N: FromStr>(header: &'t [u8], key: &Finder<'_>) -> Option<&'t [u8]> {
    let digits = value(header, key)?;
    let fits =
        digits.first()?.is_ascii_digit() && str::from_utf8(digits).ok()?.parse::<N>().is_ok();
    fits.then_some(digits)
}

/// The value of a field: the inside of a string, or a number.
fn value<'t>(object: &'t [u8], key: &Finder<'_>) -> Option<&'t [u8]> {
    let after = key.find(object)? + key.needle().len();
    if let Some(start) = string_start(object, after) {
        return Some(&object[start..start + string_end(&object[start..])?]);
    }
    let start = after + object[after..].iter().position(u8::is_ascii_digit)?;
    let digits = object[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    Some(&object[start..start + digits])
}

/// Where the string begins that is the value of the key that ends at `from`.
fn string_start(text: &[u8], from: usize) -> Option<usize> {
    let rest = text[from..].trim_ascii_start().strip_prefix(b":")?;
    let rest = rest.trim_ascii_start().strip_prefix(b"\"")?;
    Some(text.len() - rest.len())
}

/// Where a string ends, before its quotation mark or with the text.
fn string_end(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        match memchr::memchr2(b'"', b'\\', &text[at..]) {
            None => return Some(text.len()),
            Some(found) if text[at + found] == b'"' => return Some(at + found),
            Some(found) => at = (at + found + 2).min(text.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use memchr::memmem::FinderRev;

    use super::*;

    const COMPACT: &str = r#"{"metadata":{"device":{"deviceId":"x"}},"logcatMessages":[{"header":{"logLevel":"ERROR","pid":1702,"tid":2395,"applicationId":"com.acme.chat","processName":"com.acme.chat","tag":"Konto","timestamp":{"seconds":1700000000,"nanos":871301}},"message":"say \"871300\""},{"header":{"logLevel":"DEBUG","pid":1,"tid":2,"applicationId":"a","processName":"a","tag":"B b","timestamp":{"seconds":1,"nanos":2}},"message":"then 871302"}]}"#;

    fn found(above: &str, line: &str, number: &str) -> Option<(String, String)> {
        let at = line.find(number).expect("it is there");
        let above = |_| Cow::Borrowed(above.as_bytes());
        let record = Record::find(line.as_bytes(), at, &mut Keys::default(), above)?;
        let header = String::from_utf8_lossy(&record.header).into_owned();
        Some((header, line[record.text].to_owned()))
    }

    /// What was searched for one number is remembered for the next one, which may also be in
    /// another part of the line, or before it.
    #[test]
    fn a_place_that_is_remembered_is_that_of_a_new_search() {
        let line = COMPACT.repeat(2);
        let line = line.as_bytes();
        for step in [1, 3, 7, 11, 100] {
            let mut places = LastPlace::default();
            let forward = (0..line.len()).step_by(step);
            for end in forward.clone().chain(forward.rev().step_by(5)) {
                let part = end.saturating_sub(150)..end;
                let expected = FinderRev::new(b"\"message\"").rfind(&line[part.clone()]);
                let expected = expected.map(|found| part.start + found);
                assert_eq!(places.of(&MESSAGE, line, part), expected, "{step} {end}");
            }
        }
    }

    #[test]
    fn each_number_of_a_compact_document_has_its_own_record() {
        let first = found("", COMPACT, "871300");
        let want = "         1700000000.000871301  1702  2395 E Konto   : ";
        assert_eq!(first, Some((want.to_owned(), r#"say \"871300\""#.to_owned())));
        let (header, message) = found("", COMPACT, "871302").expect("a record");
        assert!(header.ends_with("1.000000002     1     2 D B b     : "), "{header}");
        assert_eq!(message, "then 871302");
        assert_eq!(found("", COMPACT, "871301}"), None);
    }

    #[test]
    fn the_header_of_a_printed_document_is_above() {
        let printed = COMPACT.replace("{\"", "{\n  \"").replace(",\"", ",\n  \"");
        let at = printed.find("  \"message\"").expect("it is there");
        let (above, line) = printed.split_at(at);
        let line = line.lines().next().expect("a line");
        let (header, message) = found(above, line, "871300").expect("a record");
        assert!(header.ends_with(" 1702  2395 E Konto   : "), "{header}");
        assert_eq!(message, r#"say \"871300\""#);
        assert_eq!(found("", line, "871300"), None);
    }

    #[test]
    fn a_number_in_a_tag_has_the_header_with_it() {
        let compact = COMPACT.replace("B b", "code 871303");
        let (header, message) = found("", &compact, "871303").expect("a record");
        assert!(header.ends_with("1.000000002     1     2 D code 871303: "), "{header}");
        assert_eq!(message, "code 871303");
        let above = r#""header":{"logLevel":"WARN","pid":7,"tid":8,"#;
        let (header, _) = found(above, r#""tag": "code 871303","#, "871303").expect("a record");
        assert_eq!(header, "W/code 871303(    7): ");
    }

    #[test]
    fn what_only_looks_like_a_record_is_none() {
        for line in [
            r#"{"message":"871300"}"#,
            r#""header":{"logLevel":"ERROR"},"message":"871300""#,
            r#""header":{"logLevel":"ERROR","pid":"+1","tid":2,"tag":"a"},"message":"871300""#,
            r#""header":{"logLevel":"ERROR","pid":"1x","tid":2,"tag":"a"},"message":"871300""#,
            r#""header" "message" 871300"#,
            "871300",
        ] {
            assert_eq!(found("", line, "871300"), None, "{line}");
        }
    }
}
