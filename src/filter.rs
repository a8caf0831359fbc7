//! The shortest ways to annotate: one call, or a few settings and a run.
//!
//! Owns the defaults. Puts the other modules together and adds nothing to them.

use std::io::{Read, Write};

use crate::annotate::Annotator;
use crate::catalog::{Catalog, Entry, Selection};
use crate::context::Strictness;
use crate::render::{Languages, Palette, Place, Renderer};
use crate::stream::{StreamError, Totals, filter};

/// A log with explanations, in both languages.
///
/// ```
/// let log = "E/Login: code = 871300\nI/cpufreq: freq = 871300\n";
/// assert_eq!(
///     jm_annotate::annotate_str(log),
///     "E/Login: code = 871300 [Have not logged in. | api调用发起者尚未登录]\n\
///      I/cpufreq: freq = 871300\n"
/// );
/// ```
#[must_use]
pub fn annotate_str(log: &str) -> String {
    Filter::new().annotate(log)
}

/// What is explained, and how it looks. The defaults are those of the program when its output is a
/// file.
///
/// ```
/// use jm_annotate::Filter;
/// use jm_annotate::catalog::Language;
/// use jm_annotate::render::{Languages, Place};
///
/// let filter = Filter::new()
///     .families(["android", "server"])
///     .languages(Languages::One(Language::English))
///     .place(Place::End);
/// assert_eq!(
///     filter.annotate("code=871300, retry\n"),
///     "code=871300, retry [871300 Have not logged in.]\n"
/// );
///
/// let mut output = Vec::new();
/// let totals = filter.run("code=871300\n".as_bytes(), &mut output)?;
/// assert_eq!(totals.bytes, 12);
/// # Ok::<(), jm_annotate::stream::StreamError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Filter<'t> {
    selection: Selection,
    entries: Vec<Entry<'t>>,
    strictness: Strictness,
    languages: Languages,
    place: Place,
    palette: Palette,
}

impl Default for Filter<'_> {
    fn default() -> Self {
        Filter {
            selection: Selection::All,
            entries: Vec::new(),
            strictness: Strictness::Weighed,
            languages: Languages::Both,
            place: Place::Inline,
            palette: Palette::Plain,
        }
    }
}

impl<'t> Filter<'t> {
    /// The defaults: all families, both languages, directly after the code, without color.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Only the codes of these families: those of [`FAMILIES`](crate::catalog::FAMILIES), or those
    /// of added entries.
    #[must_use]
    pub fn families<F: Into<String>>(mut self, names: impl IntoIterator<Item = F>) -> Self {
        self.selection = Selection::Only(names.into_iter().map(Into::into).collect());
        self
    }

    /// More codes, such as those that [`parse`](crate::catalog::parse) reads from a table. Of two
    /// for one number, the later one wins.
    #[must_use]
    pub fn entries(mut self, entries: impl IntoIterator<Item = Entry<'t>>) -> Self {
        self.entries.extend(entries);
        self
    }

    /// How much evidence a code needs.
    #[must_use]
    pub fn strictness(mut self, strictness: Strictness) -> Self {
        self.strictness = strictness;
        self
    }

    /// The languages of the explanations.
    #[must_use]
    pub fn languages(mut self, languages: Languages) -> Self {
        self.languages = languages;
        self
    }

    /// Where an explanation is inserted.
    #[must_use]
    pub fn place(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// The colors.
    #[must_use]
    pub fn palette(mut self, palette: Palette) -> Self {
        self.palette = palette;
        self
    }

    /// A log with explanations.
    #[must_use]
    pub fn annotate(&self, log: &str) -> String {
        let mut output = Vec::with_capacity(log.len() + log.len() / 4);
        match self.run(log.as_bytes(), &mut output) {
            // Explanations are UTF-8, and are inserted between characters.
            Ok(_) => String::from_utf8_lossy(&output).into_owned(),
            // Memory can be read and written.
            Err(_) => log.to_owned(),
        }
    }

    /// Every byte of `reader` goes to `writer`, with explanations: see
    /// [`stream::filter`](crate::stream::filter).
    ///
    /// # Errors
    /// When the reader or the writer fails; everything read before that is written.
    pub fn run(&self, reader: impl Read, writer: impl Write) -> Result<Totals, StreamError> {
        let mut catalog = Catalog::new(self.selection.clone());
        catalog.overlay(self.entries.iter().cloned());
        let annotator = Annotator::new(&catalog, self.strictness);
        filter(reader, writer, annotator, Renderer::new(self.languages, self.place, self.palette))
    }
}
