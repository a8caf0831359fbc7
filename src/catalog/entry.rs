//! An entry: what the catalog says about one code.

use super::{Code, FAMILIES, Family, Source};

/// What the catalog says about one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'t> {
    /// The number.
    pub code: Code,
    /// The list that it is from.
    pub family: Family<'t>,
    /// How much the context of a number must say before it is taken for this code.
    pub evidence: Evidence,
    /// How bad it is.
    pub severity: Severity,
    /// What it is, in a few lower-case words: `not logged in`.
    pub name: &'t str,
    /// The vendor's string, word for word; `None` where the vendor gives none.
    pub message: Option<&'t str>,
    /// What it means.
    pub meaning: Bilingual<'t>,
    /// The usual cause and the step that mends it; `None` where no step is known.
    pub advice: Option<Bilingual<'t>>,
}

/// The same in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bilingual<'t> {
    /// In English.
    pub en: &'t str,
    /// In Simplified Chinese.
    pub zh: &'t str,
}

/// One of the two languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Simplified Chinese.
    Chinese,
}

/// How much the context of a number must say before the number is taken for the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// An ordinary number: only on evidence for.
    Needed,
    /// A distinctive number such as 871300: what stands around it is weighed.
    Weighed,
    /// A number that hardly means anything else: explained unless something speaks against it.
    Sure,
}

/// How bad a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is lost: what was asked for already holds, or the user cancelled.
    Info,
    /// What even a correct app meets: no network, a wrong password, a limit.
    Warning,
    /// Something that somebody has to mend: a bug, a wrong configuration, a failing server.
    Error,
}

impl<'t> Entry<'t> {
    /// The vendor's list that the entry stands in; `None` for a catalog's own family. The rtc codes
    /// of iOS, 871001–871008, stand on the page of iOS.
    #[must_use]
    pub fn source(&self) -> Option<&'static Source> {
        let family = match self.family.name() {
            "rtc" if self.code.is_871() => "ios",
            name => name,
        };
        FAMILIES.iter().find(|source| source.name == family)
    }

    /// The text that stands in an explanation: the vendor's message, but our meaning where the
    /// message is missing or has a placeholder (`%s`, `%@`).
    #[must_use]
    pub fn inline(&self, language: Language) -> &'t str {
        match (language, self.message) {
            (Language::English, Some(message)) if !message.contains('%') => message,
            (Language::English, _) => self.meaning.en,
            (Language::Chinese, _) => self.meaning.zh,
        }
    }
}

impl<'t> Bilingual<'t> {
    /// The text in one language.
    #[must_use]
    pub fn get(&self, language: Language) -> &'t str {
        match language {
            Language::English => self.en,
            Language::Chinese => self.zh,
        }
    }
}

impl Evidence {
    /// Every value, by its word in a table.
    pub const ALL: [(&'static str, Evidence); 3] =
        [("needed", Evidence::Needed), ("weighed", Evidence::Weighed), ("sure", Evidence::Sure)];

    /// Its word in a table.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Evidence::Needed => "needed",
            Evidence::Weighed => "weighed",
            Evidence::Sure => "sure",
        }
    }
}

impl Severity {
    /// Every value, by its word in a table and in JSON.
    pub const ALL: [(&'static str, Severity); 3] =
        [("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];

    /// Its word in a table and in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

/// What an explanation says about a number of the SDK's shape that is in no list.
pub const UNKNOWN: Bilingual<'static> = Bilingual {
    en: "unknown JMessage code, not in the vendor's list",
    zh: "未知错误码，不在官方列表中",
};
