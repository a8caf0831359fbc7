//! The palette: the only code that makes escape sequences. They are constants of owo-colors,
//! because its `Style` would close with `ESC[0m` and end the line's own color. Knows nothing about
//! terminals.

use owo_colors::Color;
use owo_colors::colors::xterm::{
    BrightElectricViolet, DarkCornflowerBlue, DarkLimeade, DeepCerulean, HollywoodCerise,
    RoseofSharonOrange,
};
use owo_colors::colors::{BrightBlue, Cyan, Default, Magenta};

use crate::catalog::Severity;
use crate::explanation::Colors;

/// The escape sequences in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Palette {
    /// No color.
    Plain,
    /// The 16 colors of every terminal, which its user may have chosen. Red, green, and yellow are
    /// those of logcat's levels. Of the others, bright cyan cannot be read on white, and blue
    /// hardly on black. Three are left, one for each severity; a second language has the terminal's
    /// own color.
    Ansi16,
    /// Fixed ones of 256 colors: readable on black and on white.
    Ansi256,
}

impl Palette {
    /// The colors for a severity. None is the one that `adb logcat -v color` has for a level.
    #[must_use]
    pub fn colors(self, severity: Severity) -> Colors {
        let pair = |first, second| Colors {
            first: (first, Default::ANSI_FG),
            second: (second, Default::ANSI_FG),
        };
        match (self, severity) {
            (Palette::Plain, _) => Colors { first: ("", ""), second: ("", "") },
            (Palette::Ansi16, Severity::Error) => pair(Magenta::ANSI_FG, Default::ANSI_FG),
            (Palette::Ansi16, Severity::Warning) => pair(Cyan::ANSI_FG, Default::ANSI_FG),
            (Palette::Ansi16, Severity::Info) => pair(BrightBlue::ANSI_FG, Default::ANSI_FG),
            (Palette::Ansi256, Severity::Error) => {
                pair(HollywoodCerise::ANSI_FG, BrightElectricViolet::ANSI_FG)
            }
            (Palette::Ansi256, Severity::Warning) => {
                pair(RoseofSharonOrange::ANSI_FG, DarkLimeade::ANSI_FG)
            }
            (Palette::Ansi256, Severity::Info) => {
                pair(DeepCerulean::ANSI_FG, DarkCornflowerBlue::ANSI_FG)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::explanation::Paint;

    const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

    /// The red, green, and blue of one of xterm's colors 16 to 255: a cube, then shades of gray.
    fn fixed(color: u8) -> [u8; 3] {
        const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
        match color {
            16..=231 => {
                let place = usize::from(color - 16);
                [place / 36, place / 6 % 6, place % 6].map(|level| LEVELS[level])
            }
            232.. => [8 + 10 * (color - 232); 3],
            0..=15 => panic!("the user of the terminal chooses {color}"),
        }
    }

    /// WCAG 2.2, "relative luminance".
    fn luminance(color: [u8; 3]) -> f64 {
        let [red, green, blue] = color.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// WCAG 2.2, "contrast ratio".
    fn contrast(one: f64, other: f64) -> f64 {
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// The number between these parts of the sequence that sets a color.
    fn number(paint: Paint, before: &str) -> u8 {
        let number = paint.0.strip_prefix(before).and_then(|rest| rest.strip_suffix('m'));
        number.expect("a color").parse().expect("its number")
    }

    fn numbers(palette: Palette, severity: Severity) -> [u8; 2] {
        let before = if palette == Palette::Ansi256 { "\u{1b}[38;5;" } else { "\u{1b}[" };
        let Colors { first, second } = palette.colors(severity);
        [first, second].map(|paint| number(paint, before))
    }

    #[track_caller]
    fn check_contrast(color: u8, value: [u8; 3], at_least: f64) {
        for ground in [0.0, 1.0] {
            let contrast = contrast(luminance(value), ground);
            assert!(contrast >= at_least, "{color}, {value:?} on {ground}: {contrast:.2}");
        }
    }

    #[test]
    fn every_fixed_color_is_readable_on_black_and_on_white() {
        for severity in SEVERITIES {
            for color in numbers(Palette::Ansi256, severity) {
                check_contrast(color, fixed(color), 3.9);
            }
        }
    }

    /// What xterm, Linux' console, PuTTY, macOS' Terminal, Windows' consoles, VS Code, and Ubuntu
    /// have for magenta, cyan, and bright blue
    /// (<https://en.wikipedia.org/wiki/ANSI_escape_code#Colors>).
    const CHOSEN: [(u8, [u32; 7]); 3] = [
        (35, [0xcd_00cd, 0xaa_00aa, 0xbb_00bb, 0xb2_00b2, 0x88_1798, 0xbc_3fbc, 0x76_2671]),
        (36, [0x00_cdcd, 0x00_aaaa, 0x00_bbbb, 0x00_a6b2, 0x3a_96dd, 0x11_a8cd, 0x2c_b5e9]),
        (94, [0x5c_5cff, 0x55_55ff, 0x55_55ff, 0x00_00ff, 0x3b_78ff, 0x3b_8eea, 0x00_00ff]),
    ];

    /// The foreground color that a terminal has without any sequence.
    const TERMINALS_OWN: u8 = 39;

    /// Blue has 1.6 on black, and bright cyan 1.2 on white; cyan has 1.98 on xterm's white.
    #[test]
    fn every_chosen_color_is_the_best_that_terminals_have() {
        for severity in SEVERITIES {
            let [color, second] = numbers(Palette::Ansi16, severity);
            let (_, values) = CHOSEN.iter().find(|row| row.0 == color).expect("a row");
            for value in values {
                let [_, red, green, blue] = value.to_be_bytes();
                check_contrast(color, [red, green, blue], 1.9);
            }
            assert_eq!(second, TERMINALS_OWN);
        }
    }

    #[test]
    fn severities_and_languages_are_told_apart() {
        for palette in [Palette::Ansi16, Palette::Ansi256] {
            let pairs = SEVERITIES.map(|severity| numbers(palette, severity));
            let first: BTreeSet<u8> = pairs.iter().map(|[first, _]| *first).collect();
            assert_eq!(first.len(), SEVERITIES.len(), "{palette:?}");
            for [_, second] in pairs {
                assert!(!first.contains(&second), "{palette:?}: {second}");
            }
        }
    }

    /// `adb logcat -v color` has fixed colors; the 16 of a terminal are those of pidcat and others.
    #[test]
    fn no_color_is_the_one_of_a_level() {
        for (palette, levels) in [
            (Palette::Ansi256, [40, 75, 166, 196, 226, 231]),
            (Palette::Ansi16, [31, 32, 33, 91, 92, 93]),
        ] {
            for color in SEVERITIES.iter().flat_map(|severity| numbers(palette, *severity)) {
                assert!(!levels.contains(&color), "{palette:?}: {color}");
            }
        }
    }
}
