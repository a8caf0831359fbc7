//! Writes the verdict on every number of some logs, so that two versions can be compared.
//!
//! `cargo run --release --example verdicts -- lines 200000 > lines.log` writes lines to judge;
//! `cargo run --release --example verdicts -- LOG... > after.txt` writes a row for each number:
//! file, line, column, number, verdict, rule, and whether the filter explains it. `diff` shows what
//! a change did.

use std::io::{self, Write};
use std::process::ExitCode;

use jm_annotate::annotate::{Annotator, Block};
use jm_annotate::catalog::{Catalog, Selection};
use jm_annotate::context::{Strictness, Verdict};

#[path = "../it/layouts.rs"]
mod layouts;
mod lines;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    let written = match arguments.as_slice() {
        ["lines", count] => match count.parse() {
            Ok(count) => stdout.write_all(lines::lines(count).as_bytes()),
            Err(_) => return usage(),
        },
        [] => return usage(),
        paths => paths.iter().try_for_each(|path| dump(path, &mut stdout)),
    };
    match written.and_then(|()| stdout.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "verdicts: {error}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    let _ = writeln!(io::stderr(), "usage: verdicts lines COUNT | verdicts LOG...");
    ExitCode::from(2)
}

/// Writes a row for each number of a log, in a pass of its own.
fn dump(path: &str, output: &mut impl Write) -> io::Result<()> {
    let catalog = Catalog::new(Selection::All);
    let new = || Annotator::new(&catalog, Strictness::Weighed);
    let (mut judge, mut filter) = (new(), new());
    let log = std::fs::read(path)?;
    for (index, line) in log.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let (block, mut annotations) = (Block::lines(line), Vec::new());
        filter.annotate(block, &mut annotations);
        filter.end_block(block);
        for explained in judge.explain_line(block) {
            let start = explained.number.range.start;
            let is_found = annotations.iter().any(|found| found.number.range.start == start);
            let (verdict, rule) = match explained.verdict {
                Verdict::Code { rule, .. } => ("code", rule),
                Verdict::NotCode { rule } => ("no code", rule),
                Verdict::TooWeak { rule, .. } => ("too weak", rule),
            };
            let filtered = if is_found { "explained" } else { "-" };
            let (line, column, code) = (index + 1, start + 1, explained.number.code);
            writeln!(
                output,
                "{path}\t{line}\t{column}\t{code}\t{verdict}\t{}\t{filtered}",
                rule.name
            )?;
        }
    }
    Ok(())
}
