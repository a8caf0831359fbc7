//! Our own earlier explanations: where in a line they stand, so that the tool may run twice.
//!
//! A number that already carries an explanation keeps it, in whatever language and color it was
//! written; and the rules see the line as it was before.

use std::ops::Range;

use crate::catalog::Language;
use crate::catalog::Lookup;

/// What a text of ours says: English and Chinese, or one of them.
fn forms(known: &Lookup<'_>) -> [String; 3] {
    let (en, zh) = (known.text(Language::English), known.text(Language::Chinese));
    [format!("{en} | {zh}"), en.to_owned(), zh.to_owned()]
}

/// Where the explanation ends that stands directly behind a number, whose last byte is at `end -
/// 1`.
#[must_use]
pub fn inline_end(line: &[u8], end: usize, known: &Lookup<'_>) -> Option<usize> {
    let opening = skip(line, end, b" ")?;
    let opening = skip(line, opening, b"[")?;
    forms(known).iter().find_map(|form| skip(line, skip(line, opening, form.as_bytes())?, b"]"))
}

/// Where in the line the explanation of a code stands that was put at the line's end: ` [871300
/// …]`.
#[must_use]
pub fn at_end(line: &[u8], digits: &[u8], known: &Lookup<'_>) -> Option<Range<usize>> {
    if !ends_with_bracket(line) {
        return None;
    }
    let mut needle = digits.to_vec();
    needle.push(b' ');
    let window = line.len().saturating_sub(END_BYTES_MAX);
    memchr::memmem::rfind_iter(&line[window..], &needle).map(|at| window + at).find_map(|at| {
        let start = opening(line, at)?;
        let end = forms(known).iter().find_map(|form| {
            let text = skip(line, at + needle.len(), form.as_bytes())?;
            skip(line, text, b"]")
        })?;
        is_chained(line, end).then_some(start..end)
    })
}

/// Where an explanation ends together with the escapes that were written behind it: its own end,
/// and the line's color again. One without color has none, and what stands behind it is the line's.
#[must_use]
pub fn colored_end(line: &[u8], explanation: &Range<usize>) -> usize {
    let is_colored = memchr::memchr(0x1b, &line[explanation.clone()]).is_some();
    if is_colored { skip_escapes(line, explanation.end) } else { explanation.end }
}

/// How far from the end of a line the explanations at its end are looked for, in bytes.
const END_BYTES_MAX: usize = 16 * 1024;

/// Whether the line ends behind an explanation, or the next one follows: one in the middle was no
/// work of ours.
fn is_chained(line: &[u8], end: usize) -> bool {
    let end = skip_escapes(line, end);
    let end = end + line[end..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let next = skip(line, end, b" ").and_then(|at| skip(line, at, b"["));
    end == line.len() || next.and_then(|at| line.get(at)).is_some_and(u8::is_ascii_digit)
}

/// Whether a line ends in `]`, its line end and the escapes before that looked through.
fn ends_with_bracket(line: &[u8]) -> bool {
    let Some(at) = memchr::memrchr(b']', line) else { return false };
    skip_escapes(line, at + 1) == line.len()
        || line[skip_escapes(line, at + 1)..].iter().all(|byte| matches!(byte, b'\r' | b'\n'))
}

/// Where ` [` begins, escapes looked through, that ends at `end`.
fn opening(line: &[u8], end: usize) -> Option<usize> {
    let window = end.saturating_sub(OPENING_BYTES_MAX);
    let start = window + memchr::memmem::rfind(&line[window..end], b" ")?;
    (skip(line, skip(line, start, b" ")?, b"[")? == end).then_some(start)
}

/// How many bytes ` [` takes at most with the escapes of our palette in it.
const OPENING_BYTES_MAX: usize = 16;

/// Where `text` ends in the line, if it begins at `from`, escapes looked through.
fn skip(line: &[u8], from: usize, text: &[u8]) -> Option<usize> {
    let mut at = from;
    for &byte in text {
        at = skip_escapes(line, at);
        if line.get(at) != Some(&byte) {
            return None;
        }
        at += 1;
    }
    Some(at)
}

fn skip_escapes(line: &[u8], from: usize) -> usize {
    let mut at = from;
    while line.get(at..).is_some_and(|rest| rest.starts_with(b"\x1b[")) {
        let parameters = line[at + 2..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b';' | b':'))
            .count();
        if line.get(at + 2 + parameters) != Some(&b'm') {
            break;
        }
        at += parameters + 3;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, Code, Selection};

    #[test]
    fn an_explanation_is_recognized_in_every_language_and_color() {
        let catalog = Catalog::new(Selection::All);
        let known = Lookup::Listed(catalog.get(Code::new(871_300)).expect("it is in the list"));
        for text in [
            "871300 [Have not logged in. | api调用发起者尚未登录]",
            "871300 [Have not logged in.]",
            "871300 [api调用发起者尚未登录]",
            "871300 \x1b[32m[Have not logged in.\x1b[39m | \x1b[36mapi调用发起者尚未登录]\x1b[39m",
        ] {
            let end = inline_end(text.as_bytes(), 6, &known).expect(text);
            assert!(text[..end].ends_with(']'), "{text}");
        }
        for text in [
            "871300 [Invalid parameters.]", "871300 [Have not logged in",
            "871300[Have not logged in.]", "871300",
        ] {
            assert_eq!(inline_end(text.as_bytes(), 6, &known), None, "{text}");
        }
    }

    #[test]
    fn an_explanation_at_the_end_is_recognized() {
        let catalog = Catalog::new(Selection::All);
        let known = Lookup::Listed(catalog.get(Code::new(871_300)).expect("it is in the list"));
        let line =
            "code 871300, x \x1b[32m[871300 Have not logged in.\x1b[39m | api调用发起者尚未登录]";
        let range = at_end(line.as_bytes(), b"871300", &known).expect("it is there");
        assert_eq!(&line[..range.start], "code 871300, x");
        assert_eq!(at_end(b"code 871300 x [871300 y]", b"871300", &known), None);
        let middle =
            b"871300 [871300 Have not logged in.] and code 871301 [871301 Invalid parameters.]";
        assert_eq!(at_end(middle, b"871300", &known), None, "not at the end");
        let chain = b"871300, 871301\r [871300 Have not logged in.]\x1b[0m [871301 Invalid parameters.]\r\n";
        assert_eq!(at_end(chain, b"871300", &known), Some(15..44));
    }
}
