//! `explain --line`: each number of a line that has the shape of a code, the verdict on it, and
//! why.
//!
//! Owns the form of this answer. Knows no rule.

use std::ffi::OsStr;
use std::io::{self, BufRead};

use jm_annotate::annotate::{Annotator, Block, Start};
use jm_annotate::catalog::{Catalog, Lookup};
use jm_annotate::context::{Strictness, Verdict};
use jm_annotate::scan::Number;
use serde::Serialize;

use crate::Status;
use crate::args::{Shared, TextOrJson};
use crate::lookup::json_lines;
use crate::output::{print, written};

/// Explains the verdicts on one line, or on each line of standard input.
pub(crate) fn run(
    line: &OsStr,
    strictness: Strictness,
    shared: &Shared,
    catalog: &Catalog<'_>,
) -> anyhow::Result<Status> {
    let format = shared.format.text_or_json()?;
    let mut annotator = Annotator::new(catalog, strictness);
    if line != OsStr::new("-") {
        let verdicts = verdicts(&mut annotator, line.as_encoded_bytes(), None);
        return Ok(print(&match (format, verdicts.is_empty()) {
            (TextOrJson::Text, true) => "no number with the shape of a code\n".to_owned(),
            (TextOrJson::Text, false) => rows(&verdicts),
            (TextOrJson::Json, _) => json_lines(verdicts)?,
        }));
    }
    let mut status = Status::Success;
    for (at, line) in io::stdin().lock().split(b'\n').enumerate() {
        let line = match line {
            Ok(line) => line,
            Err(error) => return Ok(written("standard input", Err(error))),
        };
        let verdicts = verdicts(&mut annotator, &line, Some(at + 1));
        status = status.max(print(&match format {
            TextOrJson::Text => rows(&verdicts),
            TextOrJson::Json => json_lines(verdicts)?,
        }));
    }
    Ok(status)
}

/// A number of a line with the verdict on it, for programs.
#[derive(Serialize)]
struct Judged {
    line: Option<usize>,
    column: usize,
    code: u64,
    is_code: bool,
    rule: &'static str,
    why: &'static str,
}

/// The verdicts on the numbers of a line, which has this number where it is one of several.
fn verdicts(annotator: &mut Annotator<'_>, line: &[u8], number: Option<usize>) -> Vec<Judged> {
    let judged = annotator.explain_line(line);
    let judged = judged
        .iter()
        .map(|(place, lookup, verdict)| judged_number(place, *lookup, *verdict, number))
        .collect();
    annotator.annotate(Block { bytes: line, start: Start::Line }, &mut Vec::new());
    annotator.end_block(Block { bytes: &[line, b"\n"].concat(), start: Start::Line });
    judged
}

fn judged_number(
    number: &Number,
    lookup: Option<Lookup<'_>>,
    verdict: Option<Verdict>,
    line: Option<usize>,
) -> Judged {
    let (is_code, rule, why) = match (lookup, verdict) {
        (Some(_), Some(verdict)) => (verdict.is_code, verdict.rule.name, verdict.rule.why),
        _ => (false, "not-listed", "it is in no list of the families that were asked for"),
    };
    let (column, code) = (number.range.start + 1, number.code.number());
    Judged { line, column, code, is_code, rule, why }
}

/// The verdicts for people, one per line.
fn rows(verdicts: &[Judged]) -> String {
    let row = |judged: &Judged| {
        let line = judged.line.map_or(String::new(), |line| format!("{line}:"));
        let verdict = if judged.is_code { "code" } else { "no code" };
        let Judged { column, code, rule, why, .. } = judged;
        format!("{line}{column}: {code}  {verdict:7}  {rule}: {why}\n")
    };
    verdicts.iter().map(row).collect()
}
