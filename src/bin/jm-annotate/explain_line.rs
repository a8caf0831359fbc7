//! `explain --line`: each number in a line that has the shape of a code, the verdict on it, and the
//! reason.
//!
//! Owns the form of the answer; the verdicts are the library's.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::ops::ControlFlow;

use jm_annotate::annotate::{Annotator, Explained};
use jm_annotate::catalog::{Catalog, Lookup};
use jm_annotate::context::{Grade, Strictness, Verdict};
use jm_annotate::layout;
use jm_annotate::stream::{End, PlacedLine, for_each_line};
use serde::Serialize;

use crate::args::{Shared, TextOrJson};
use crate::decode::TextEncoding;
use crate::input::{Content, Input, Name};
use crate::lookup::json_lines;
use crate::output::{print, print_next, stdout_file};
use crate::{Status, complain, reason, screen};

/// What `explain --line` is asked.
pub(crate) struct Question<'q> {
    /// One line or more; `-` is standard input.
    pub(crate) text: &'q OsStr,
    pub(crate) strictness: Strictness,
    /// What standard input is in.
    pub(crate) encoding: TextEncoding,
}

/// Explains the verdicts on a text, or on standard input.
pub(crate) fn run(
    question: &Question<'_>,
    shared: &Shared,
    catalog: &Catalog<'_>,
) -> anyhow::Result<Status> {
    let format = shared.format.text_or_json()?;
    let strictness = question.strictness;
    let mut annotator = Annotator::new(catalog, strictness);
    let text = question.text.as_encoded_bytes();
    if text == b"-" {
        return explain_stdin(&mut annotator, question, format);
    }
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let columns = if text.contains(&b'\n') { Columns::AfterLines } else { Columns::Only };
    let mut answer = String::new();
    explain(text, &mut annotator, |judged| {
        answer.push_str(&self::text(judged, columns, strictness, format)?);
        Ok(ControlFlow::Continue(()))
    })?;
    if answer.is_empty() && format == TextOrJson::Text {
        answer.push_str("no number with the shape of a code\n");
    }
    Ok(print(&answer))
}

/// The answer on each line leaves as soon as the line has come.
fn explain_stdin(
    annotator: &mut Annotator<'_>,
    question: &Question<'_>,
    format: TextOrJson,
) -> anyhow::Result<Status> {
    let stdout = stdout_file()?;
    let opened = Input::open(&Name::Stdin, question.encoding);
    let input = match opened.and_then(|input| input.check_is_not(&stdout).map(|()| input)) {
        Ok(input) => input,
        Err(error) => return Ok(unreadable(&error)),
    };
    let reader: Box<dyn Read> = match input.content {
        Content::Plain(text) => Box::new(text),
        Content::Decoded(text) => Box::new(text),
        Content::Zip(_) => {
            let what = "a zip holds more than one log; unpack one with `unzip -p`";
            return Ok(unreadable(&io::Error::other(what)));
        }
    };
    explain(reader, annotator, |judged| {
        Ok(print_next(&text(judged, Columns::AfterLines, question.strictness, format)?))
    })
}

/// Shows the verdicts on each line of an input, however long it is, to a function that may end it.
fn explain<'c>(
    reader: impl Read,
    annotator: &mut Annotator<'c>,
    mut show: impl FnMut(&[Judged<'c>]) -> anyhow::Result<ControlFlow<Status>>,
) -> anyhow::Result<Status> {
    let shown = for_each_line(reader, |line| match show(&judged(annotator, &line)) {
        Ok(flow) => flow.map_break(Ok),
        Err(error) => ControlFlow::Break(Err(error)),
    });
    match shown {
        Ok(ControlFlow::Continue(())) => Ok(Status::Success),
        Ok(ControlFlow::Break(status)) => status,
        Err(error) => Ok(unreadable(&error)),
    }
}

fn unreadable(error: &io::Error) -> Status {
    complain(&format!("{}: {}", Name::Stdin.display(), reason(error)));
    Status::Failure
}

fn judged<'c>(annotator: &mut Annotator<'c>, line: &PlacedLine<'_>) -> Vec<Judged<'c>> {
    let mut explained = annotator.explain_line(line.block);
    if line.end == End::Unknown {
        explained.retain(|explained| explained.number.range.end < line.block.bytes.len());
    }
    let judged = explained.into_iter().map(|explained| {
        let column = line.before + explained.number.range.start as u64 + 1;
        Judged { line: line.number, column, explained }
    });
    judged.collect()
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
    line: u64,
    column: u64,
    explained: Explained<'c>,
}

/// The same for programs. The fields and their types are a contract.
#[derive(Serialize)]
struct Record {
    line: u64,
    column: u64,
    number: u64,
    verdict: &'static str,
    rule: &'static str,
    why: &'static str,
    grade: Option<&'static str>,
    needed: Option<&'static str>,
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
            column: self.column,
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
            (self.column, self.explained.number.code, self.explained.verdict.rule());
        let verdict = if self.explained.verdict.is_code() { "code" } else { "no code" };
        let weakness = self.weakness(strictness);
        let row =
            format!("{line}{column}: {code}  {verdict:7}  {}: {}{weakness}", rule.name, rule.why);
        layout::hanging(&row, 4, screen::stdout_width()) + "\n"
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
}

/// `a` or `an`, as a word is pronounced: `rtc` is read letter by letter.
fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) || word == "rtc" { "an" } else { "a" }
}
