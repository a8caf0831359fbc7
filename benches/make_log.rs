//! Writes a synthetic log to standard output, for measurements from outside.
//!
//! `cargo run --release --example make-log -- 1000000000 1000 >big.log`: a GB with a code in one of
//! 1000 lines.

use std::io::Write;
use std::process::ExitCode;

mod logs;

/// So much is generated once; a larger log repeats it.
const PART_BYTES: usize = 50_000_000;

fn main() -> ExitCode {
    let numbers: Option<Vec<u64>> =
        std::env::args().skip(1).map(|word| word.parse().ok()).collect();
    let Some([bytes, lines_per_code]) = numbers.as_deref().and_then(<[u64]>::first_chunk::<2>)
    else {
        let _ = writeln!(
            std::io::stderr(),
            "usage: make-log BYTES LINES-PER-CODE     (0 lines per code: no codes)"
        );
        return ExitCode::from(2);
    };
    let (mut left, mut stdout) = (*bytes as usize, std::io::stdout().lock());
    let (part, _) = logs::log(left.min(PART_BYTES), *lines_per_code);
    while left > 0 {
        if stdout.write_all(part.as_bytes()).is_err() {
            return ExitCode::SUCCESS;
        }
        left = left.saturating_sub(part.len());
    }
    ExitCode::SUCCESS
}
