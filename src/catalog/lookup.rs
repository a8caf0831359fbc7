//! The result of a lookup: an entry, or an unlisted code of the Android SDK's range. Does not know
//! how the catalog finds it.

use super::{Entry, Language, Severity, UNKNOWN};

/// What the catalog says about one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup<'c> {
    /// It is in a list.
    Listed(&'c Entry<'c>),
    /// It is in no list, but in the range of the Android SDK.
    Unlisted,
}

impl<'c> Lookup<'c> {
    /// The entry of a listed code.
    #[must_use]
    pub fn entry(self) -> Option<&'c Entry<'c>> {
        match self {
            Lookup::Listed(entry) => Some(entry),
            Lookup::Unlisted => None,
        }
    }

    /// How bad it is. An unlisted code is an error: nobody knows what it means, so somebody has to
    /// look.
    #[must_use]
    pub fn severity(self) -> Severity {
        self.entry().map_or(Severity::Error, |entry| entry.severity)
    }

    /// What it is, in a few words.
    #[must_use]
    pub fn name(self) -> &'c str {
        self.entry().map_or("unknown code", |entry| entry.name)
    }

    /// The text of an explanation, in one language.
    #[must_use]
    pub fn text(self, language: Language) -> &'c str {
        self.entry().map_or(UNKNOWN.get(language), |entry| entry.inline(language))
    }
}
