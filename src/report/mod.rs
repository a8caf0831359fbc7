//! What else a pass writes: JSON lines, a summary, commands of GitHub and Azure, JUnit, Markdown,
//! HTML. One file per report, and a folder for the page.
//!
//! Every report is an [`Observer`](crate::stream::Observer) of the pass, or is written from the
//! [`Tally`], which is one. None of them opens a file or knows a terminal: it is handed a writer,
//! or returns its text. A new kind is one more file here and one more variant of [`Kind`].
//!
//! ```
//! use jm_annotate::annotate::Annotator;
//! use jm_annotate::catalog::{Catalog, Selection};
//! use jm_annotate::context::Strictness;
//! use jm_annotate::report::{FailOn, Kind, Outcome, Tally};
//! use jm_annotate::stream::{Output, Plain, Stream};
//!
//! let catalog = Catalog::new(Selection::All);
//! let annotator = Annotator::new(&catalog, Strictness::Weighed);
//! let mut tally = Tally::for_reports([Kind::Junit]);
//! let mut input = Plain::new(&b"E/Login: code = 871300\n"[..], std::io::sink());
//! Stream::new(annotator, Output::Nothing, vec![&mut tally]).pass(Some(b"ci.log"), &mut input)?;
//!
//! let policy: FailOn = "error".parse()?;
//! let outcome = Outcome::new(&tally, Some(&policy));
//! assert!(outcome.failure().is_some());
//! let mut page = Vec::new();
//! Kind::Junit.write(&outcome, &mut page)?;
//! assert!(String::from_utf8(page)?.contains("ci.log:1"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod axis;
pub mod azure;
mod batch;
mod clock;
mod commands;
mod detail;
mod fail_on;
pub mod github;
mod histogram;
mod html;
mod json;
mod junit;
mod long_records;
mod markdown;
mod outcome;
mod samples;
pub mod summary;
mod tally;
#[cfg(test)]
mod testing;
mod text;
mod timeline;
mod times;
mod track;
mod unread;

use std::fmt;
use std::io;
use std::str::FromStr;

pub use fail_on::{FailOn, FailOnError};
pub use json::{JsonLines, write_line};
pub use outcome::Outcome;
pub use tally::{Count, EmptyInputs, Tally};
pub use unread::{Extent, UnreadInputs};

/// The kinds of report that are written at the end of a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Workflow commands for GitHub Actions.
    Github,
    /// Logging commands for Azure Pipelines.
    Azure,
    /// JUnit XML.
    Junit,
    /// A Markdown table.
    Markdown,
    /// An HTML page.
    Html,
}

/// A word that is not the name of a kind of report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindError(String);

impl Kind {
    const ALL: [Kind; 5] = [Kind::Github, Kind::Azure, Kind::Junit, Kind::Markdown, Kind::Html];

    /// Its word on the command line.
    fn word(self) -> &'static str {
        match self {
            Kind::Github => "github",
            Kind::Azure => "azure",
            Kind::Junit => "junit",
            Kind::Markdown => "markdown",
            Kind::Html => "html",
        }
    }

    /// Writes the report on what was counted.
    ///
    /// # Errors
    /// The writer's.
    pub fn write(self, outcome: &Outcome<'_, '_>, writer: &mut dyn io::Write) -> io::Result<()> {
        match self {
            Kind::Github => github::write(outcome, writer),
            Kind::Azure => azure::write(outcome, writer),
            Kind::Junit => junit::write(outcome, writer),
            Kind::Markdown => markdown::write(outcome, writer),
            Kind::Html => html::write(outcome, writer),
        }
    }
}

impl Kind {
    /// The words of every kind, for help and messages.
    #[must_use]
    pub fn words() -> String {
        Kind::ALL.map(Kind::word).join(", ")
    }
}

impl FromStr for Kind {
    type Err = KindError;

    fn from_str(word: &str) -> Result<Self, KindError> {
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word);
        kind.ok_or_else(|| KindError(word.to_owned()))
    }
}

impl fmt::Display for KindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown report `{}`; expected one of: {}", self.0, Kind::words())
    }
}

impl std::error::Error for KindError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_by_its_word() {
        for kind in Kind::ALL {
            assert_eq!(kind.word().parse(), Ok(kind));
        }
        let error = "xml".parse::<Kind>().expect_err("no kind").to_string();
        assert!(error.starts_with("unknown report `xml`; expected one of: github, "), "{error}");
    }
}
