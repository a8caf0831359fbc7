//! The palette: the only code that makes escape sequences. They are constants of owo-colors,
//! because its `Style` would close with `ESC[0m` and end the line's own color. Knows nothing about
//! terminals.

use owo_colors::Color;
use owo_colors::colors::{Cyan, Default, Green};

use crate::catalog::Language;
use crate::explanation::Paint;

/// The escape sequences in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Palette {
    /// No color.
    Plain,
    /// English in green, Chinese in cyan: both are readable on light and dark backgrounds.
    Colored,
}

/// The sequences that open and close a text in each language.
#[derive(Debug, Clone, Copy)]
pub struct Colors {
    english: (&'static str, &'static str),
    chinese: (&'static str, &'static str),
}

impl Palette {
    /// The sequences.
    #[must_use]
    pub fn colors(self) -> Colors {
        match self {
            Palette::Plain => Colors { english: ("", ""), chinese: ("", "") },
            Palette::Colored => Colors {
                english: (Green::ANSI_FG, Default::ANSI_FG),
                chinese: (Cyan::ANSI_FG, Default::ANSI_FG),
            },
        }
    }
}

impl Palette {
    /// What opens and closes a text in a language.
    pub(crate) fn paint(self) -> fn(Language) -> Paint {
        match self {
            Palette::Plain => |language| Palette::Plain.colors().of(language),
            Palette::Colored => |language| Palette::Colored.colors().of(language),
        }
    }
}

impl Colors {
    /// The sequences that open and close a text in a language. The second one resets only the color
    /// that the first one set.
    #[must_use]
    pub fn of(self, language: Language) -> (&'static str, &'static str) {
        match language {
            Language::English => self.english,
            Language::Chinese => self.chinese,
        }
    }
}
