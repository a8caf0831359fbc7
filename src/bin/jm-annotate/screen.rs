//! The terminals that standard output and standard error may be.
//!
//! Owns how wide they are. Knows nothing about what is shown.

use std::io::{self, IsTerminal};

use jm_annotate::layout::Width;
use terminal_size::terminal_size_of;

/// How many columns a terminal has that does not say so.
const COLUMNS: usize = 80;
/// Fewer columns are a terminal that is not set up.
const COLUMNS_MIN: usize = 20;

/// The columns of standard output; `None` if it is no terminal.
pub(crate) fn stdout_width() -> Width {
    width(&io::stdout(), terminal_size_of(io::stdout()))
}

/// The columns of standard error; `None` if it is no terminal.
pub(crate) fn stderr_width() -> Width {
    width(&io::stderr(), terminal_size_of(io::stderr()))
}

fn width(
    output: &impl IsTerminal,
    size: Option<(terminal_size::Width, terminal_size::Height)>,
) -> Width {
    let columns = size.map(|(width, _)| usize::from(width.0));
    let columns = columns.filter(|columns| *columns >= COLUMNS_MIN).unwrap_or(COLUMNS);
    output.is_terminal().then_some(columns)
}
