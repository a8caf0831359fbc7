//! `explain --line`: each number in a line that has the shape of a code, the verdict on it, and the
//! reason.
//!
//! Owns the form of the answer; the verdicts are the library's.

use std::ffi::OsStr;
use std::io::BufRead;
use std::ops::ControlFlow;

use jm_annotate::annotate::{Annotator, Explained};
use jm_annotate::catalog::{Catalog, Lookup};
use jm_annotate::context::{Grade, Strictness, Verdict};
use serde::Serialize;

use crate::Status;
use crate::args::{Shared, TextOrJson};
use crate::input::stdin_lines;
use crate::lookup::json_lines;
use crate::output::{print, print_next, written};

/// Explains the verdicts on a text of one line or more, or on standard input.
pub(crate) fn run(
    text: &OsStr,
    strictness: Strictness,
    shared: &Shared,
    catalog: &Catalog<'_>,
) -> anyhow::Result<Status> {
    let format = shared.format.text_or_json()?;
    let mut annotator = Annotator::new(catalog, strictness);
    let text = text.as_encoded_bytes();
    if text == b"-" {
        return explain_stdin(&mut annotator, strictness, format);
    }
    let lines: Vec<&[u8]> =
        text.strip_suffix(b"\n").unwrap_or(text).split(|byte| *byte == b'\n').collect();
    let columns = if lines.len() == 1 { Columns::Only } else { Columns::AfterLines };
    let mut answer = String::new();
    for (index, line) in lines.iter().enumerate() {
        let judged = judged(&mut annotator, line, index + 1);
        answer.push_str(&self::text(&judged, columns, strictness, format)?);
    }
    if answer.is_empty() && format == TextOrJson::Text {
        answer.push_str("no number with the shape of a code\n");
    }
    Ok(print(&answer))
}

fn explain_stdin(
    annotator: &mut Annotator<'_>,
    strictness: Strictness,
    format: TextOrJson,
) -> anyhow::Result<Status> {
    let (mut stdin, mut line, mut number) = (stdin_lines()?, Vec::new(), 0);
    loop {
        line.clear();
        if let Err(error) = stdin.read_until(b'\n', &mut line) {
            return Ok(written("standard input", Err(error)));
        }
        // Without a line end it is the last one. A terminal would wait for another Ctrl-D.
        let is_last = line.pop_if(|byte| *byte == b'\n').is_none();
        number += 1;
        let judged = judged(annotator, &line, number);
        let answer = text(&judged, Columns::AfterLines, strictness, format)?;
        match print_next(&answer) {
            ControlFlow::Break(status) => return Ok(status),
            ControlFlow::Continue(()) if is_last => return Ok(Status::Success),
            ControlFlow::Continue(()) => {}
        }
    }
}

/// How a place is shown in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Columns {
    /// `8:`, if there is only one line.
    Only,
    /// `3:8:`, with the number of the line first.
    AfterLines,
}

/// A number in a line, judged.
struct Judged<'c> {
    line: usize,
    explained: Explained<'c>,
}

/// The same for programs. The fields and their types are a contract.
#[derive(Serialize)]
struct Record {
    line: usize,
    column: usize,
    number: u64,
    verdict: &'static str,
    rule: &'static str,
    why: &'static str,
    grade: Option<&'static str>,
    needed: Option<&'static str>,
}

fn judged<'c>(annotator: &mut Annotator<'c>, text: &[u8], line: usize) -> Vec<Judged<'c>> {
    let explained = annotator.explain_line(text).into_iter();
    explained.map(|explained| Judged { line, explained }).collect()
}

fn text(
    judged: &[Judged<'_>],
    columns: Columns,
    strictness: Strictness,
    format: TextOrJson,
) -> anyhow::Result<String> {
    match format {
        TextOrJson::Json => json_lines(judged.iter().map(Judged::record)),
        TextOrJson::Text => Ok(judged.iter().map(|one| one.row(columns, strictness)).collect()),
    }
}

impl Judged<'_> {
    fn record(&self) -> Record {
        let (verdict, grade, needed) = match self.explained.verdict {
            Verdict::Code { grade, .. } => ("code", Some(grade), None),
            Verdict::NotCode { .. } => ("no code", None, None),
            Verdict::TooWeak { grade, needed, .. } => ("too weak", Some(grade), Some(needed)),
        };
        let rule = self.explained.verdict.rule();
        Record {
            line: self.line,
            column: self.column(),
            number: self.explained.number.code.number(),
            verdict,
            rule: rule.name,
            why: rule.why,
            grade: grade.map(|grade| grade.word()),
            needed: needed.map(|grade| grade.word()),
        }
    }

    fn row(&self, columns: Columns, strictness: Strictness) -> String {
        let line = match columns {
            Columns::Only => String::new(),
            Columns::AfterLines => format!("{}:", self.line),
        };
        let (column, code, rule) =
            (self.column(), self.explained.number.code, self.explained.verdict.rule());
        let verdict = if self.explained.verdict.is_code() { "code" } else { "no code" };
        let weakness = self.weakness(strictness);
        format!("{line}{column}: {code}  {verdict:7}  {}: {}{weakness}\n", rule.name, rule.why)
    }

    /// The grade of evidence that is too weak, and the grade that would be enough.
    fn weakness(&self, strictness: Strictness) -> String {
        let Verdict::TooWeak { grade, needed, .. } = self.explained.verdict else {
            return String::new();
        };
        let who = match (self.explained.lookup.and_then(Lookup::entry), strictness) {
            (None, _) => "an unlisted code".to_owned(),
            (Some(_), Strictness::Strict) if needed < Grade::Sure => "--strict".to_owned(),
            (Some(entry), _) => {
                let family = entry.family.name();
                format!("{} {family} code", article(family))
            }
        };
        format!("; too weak: {}, {who} needs {}", grade.word(), needed.word())
    }

    fn column(&self) -> usize {
        self.explained.number.range.start + 1
    }
}

/// `a` or `an`, as a word is pronounced: `rtc` is read letter by letter.
fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) || word == "rtc" { "an" } else { "a" }
}
