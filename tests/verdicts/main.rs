//! Writes the verdict on every number of some logs, so that two versions can be compared.
//!
//! `cargo run --release --example verdicts -- lines 200000 > lines.log` writes lines to judge;
//! `cargo run --release --example verdicts -- LOG... > after.txt` writes a row for each number:
//! file, line, column, number, verdict, rule, and whether the filter explains it. `diff` shows what
//! a change did.

use std::io::{self, Write};
use std::process::ExitCode;

#[path = "../it/layouts.rs"]
mod layouts;
mod lines;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let written = match arguments.as_slice() {
        ["lines", count] => match count.parse() {
            Ok(count) => io::stdout().write_all(lines::lines(count).as_bytes()),
            Err(_) => return usage(),
        },
        _ => return usage(),
    };
    if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn usage() -> ExitCode {
    let _ = writeln!(io::stderr(), "usage: verdicts lines COUNT | verdicts LOG...");
    ExitCode::from(2)
}
