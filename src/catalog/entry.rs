//! An entry: what a table says about one code. Does not know how a table is written or searched.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::{Code, FAMILIES, Family, Source, table};

/// What a table says about one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'t> {
    /// The number.
    pub code: Code,
    /// The list that has it.
    pub family: Family<'t>,
    /// The evidence that a number needs before it counts as this code.
    pub evidence: Evidence,
    /// How bad it is.
    pub severity: Severity,
    /// A few lower-case words for it: `not logged in`.
    pub name: &'t str,
    /// The vendor's string, unchanged; `None` if the vendor has none.
    pub message: Option<&'t str>,
    /// What it means.
    pub meaning: Bilingual<'t>,
    /// The usual cause and how to fix it; `None` if no fix is known.
    pub advice: Option<Bilingual<'t>>,
}

/// The same text in both languages.
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

/// The evidence that a number needs before it counts as a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// An ordinary number: a code only if there is sure evidence for it.
    Needed,
    /// A distinctive number such as 871300: the text around it decides.
    Weighed,
    /// A number that rarely means anything else: a code unless there is evidence against it.
    Sure,
}

/// How bad a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is lost: the request was already fulfilled, or the user canceled it.
    Info,
    /// Even a correct app gets it: no network, a wrong password, a limit.
    Warning,
    /// Somebody has to fix something: a bug, a wrong configuration, a failing server.
    Error,
}

impl<'t> Entry<'t> {
    /// The vendor's list that has the entry; `None` for one of a catalog, unless it is in place of
    /// the vendor's. The rtc codes of iOS, 871001–871008, are on the iOS page.
    #[must_use]
    pub fn source(&self) -> Option<&'static Source> {
        static LISTED: LazyLock<BTreeSet<(&str, Code)>> = LazyLock::new(|| {
            let codes = |family: &'static Source| {
                table::rows(family.table).flatten().map(|entry| (family.name, entry.code))
            };
            FAMILIES.iter().flat_map(codes).collect()
        });
        let name = self.family.name();
        let page = if name == "rtc" && self.code.is_871() { "ios" } else { name };
        let source = FAMILIES.iter().find(|source| source.name == page)?;
        LISTED.contains(&(name, self.code)).then_some(source)
    }

    /// The text of an explanation. In English, this is the vendor's message, or the meaning if the
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
    /// Every value.
    pub(super) const ALL: [Self; 3] = [Evidence::Needed, Evidence::Weighed, Evidence::Sure];

    /// Its word in a table.
    pub(super) fn word(self) -> &'static str {
        match self {
            Evidence::Needed => "needed",
            Evidence::Weighed => "weighed",
            Evidence::Sure => "sure",
        }
    }
}

impl Severity {
    /// Every value, the worst first.
    pub(super) const ALL: [Self; 3] = [Severity::Error, Severity::Warning, Severity::Info];

    /// Its word in a table, in JSON, and in `--fail-on`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }

    /// The severity with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Severity::ALL.into_iter().find(|severity| severity.word() == word)
    }
}

/// The explanation of a code of the Android SDK's range that is in no list.
pub const UNKNOWN: Bilingual<'static> = Bilingual {
    en: "unknown JMessage code, not in the vendor's list",
    zh: "未知错误码，不在官方列表中",
};
