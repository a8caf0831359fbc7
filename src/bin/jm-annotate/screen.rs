//! The terminals that standard output and standard error may be.
//!
//! Owns how wide they are. Knows nothing about what is shown.

use std::io::{self, IsTerminal};

use jm_annotate::layout::Width;
use terminal_size::{terminal_size, terminal_size_of};

/// How many columns a terminal has that does not say so.
const COLUMNS: usize = 80;
/// Fewer columns are a terminal that is not set up.
const COLUMNS_MIN: usize = 20;

/// The most columns of a text for reading.
const PAGE_COLUMNS_MAX: usize = 100;

/// The columns of a page that may be shown by a pager, on any terminal of the program; without one,
/// what `COLUMNS` says.
pub(crate) fn page_width() -> usize {
    let of_terminal = terminal_size().map(|(width, _)| usize::from(width.0));
    let variable = || std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let columns = of_terminal.or_else(variable).filter(|columns| *columns >= COLUMNS_MIN);
    columns.map_or(PAGE_COLUMNS_MAX, |columns| columns.min(PAGE_COLUMNS_MAX))
}

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
