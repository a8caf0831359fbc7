//! What else one pass writes: JSON lines, a summary, GitHub commands, JUnit, Markdown. One file a
//! report.
//!
//! Every report is an [`Observer`](crate::stream::Observer) of the same pass. None of them opens a
//! file or knows a terminal: it is handed a writer, or gives its text. A further kind (SARIF,
//! GitLab code quality, HTML) is one more file here and one more arm of [`Kind`].

pub mod fail_on;
pub mod github;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod summary;
mod tally;
#[cfg(test)]
mod testing;
mod text;

pub use tally::{Count, LINE_BYTES_MAX, LINES_MAX, Place, STDIN, Tally};

use std::io;

/// The kinds of report that are written at the end of a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Workflow commands for GitHub Actions.
    Github,
    /// JUnit XML.
    Junit,
    /// A Markdown table.
    Markdown,
}

impl Kind {
    /// Every kind, by its word on the command line.
    pub const ALL: [(&'static str, Kind); 3] =
        [("github", Kind::Github), ("junit", Kind::Junit), ("markdown", Kind::Markdown)];

    /// Writes the report on what was counted.
    ///
    /// # Errors
    /// The writer's.
    pub fn write(self, tally: &Tally<'_>, writer: &mut dyn io::Write) -> io::Result<()> {
        match self {
            Kind::Github => github::write(tally, writer),
            Kind::Junit => junit::write(tally, writer),
            Kind::Markdown => markdown::write(tally, writer),
        }
    }
}
