//! The palette: the only code that makes escape sequences. They are constants of owo-colors,
//! because its `Style` would close with `ESC[0m` and end the line's own color. Knows nothing about
//! terminals.

use owo_colors::Color;
use owo_colors::colors::xterm::{
    BrightElectricViolet, DarkLimeade, DeepCerulean, DeepSeaGreen, HollywoodCerise,
    RoseofSharonOrange,
};
use owo_colors::colors::{Blue, Cyan, Default, Green, Magenta, Red};

use crate::catalog::Severity;
use crate::explanation::Colors;

/// The escape sequences in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Palette {
    /// No color.
    Plain,
    /// The 16 colors of every terminal, which its user may have chosen. Yellow is left out: it
    /// cannot be read on white.
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
            (Palette::Ansi16, Severity::Error) => pair(Magenta::ANSI_FG, Red::ANSI_FG),
            (Palette::Ansi16, Severity::Warning) => pair(Cyan::ANSI_FG, Green::ANSI_FG),
            (Palette::Ansi16, Severity::Info) => pair(Blue::ANSI_FG, Green::ANSI_FG),
            (Palette::Ansi256, Severity::Error) => {
                pair(HollywoodCerise::ANSI_FG, BrightElectricViolet::ANSI_FG)
            }
            (Palette::Ansi256, Severity::Warning) => {
                pair(RoseofSharonOrange::ANSI_FG, DarkLimeade::ANSI_FG)
            }
            (Palette::Ansi256, Severity::Info) => {
                pair(DeepCerulean::ANSI_FG, DeepSeaGreen::ANSI_FG)
            }
        }
    }
}

#[cfg(test)]
mod tests {
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

    fn number(paint: Paint) -> u8 {
        let number = paint.0.strip_prefix("\u{1b}[38;5;").and_then(|rest| rest.strip_suffix('m'));
        number.expect("one of 256 colors").parse().expect("its number")
    }

    #[test]
    fn every_color_is_readable_on_black_and_on_white() {
        for severity in SEVERITIES {
            let Colors { first, second } = Palette::Ansi256.colors(severity);
            for color in [first, second].map(number) {
                let luminance = luminance(fixed(color));
                for ground in [0.0, 1.0] {
                    let contrast = contrast(luminance, ground);
                    assert!(contrast >= 3.9, "{color} on {ground}: {contrast:.2}");
                }
            }
        }
    }

    /// Red is the color of errors in `adb logcat -v color`; 40, 75, 166, and 226 are of others.
    #[test]
    fn severities_and_languages_are_told_apart_from_each_other_and_from_levels_of_logcat() {
        for palette in [Palette::Ansi16, Palette::Ansi256] {
            let colors = SEVERITIES.map(|severity| palette.colors(severity));
            let mut first: Vec<&str> = colors.iter().map(|colors| colors.first.0).collect();
            first.sort_unstable();
            first.dedup();
            assert_eq!(first.len(), SEVERITIES.len(), "{palette:?}");
            for Colors { first, second } in colors {
                assert_ne!(first, second, "{palette:?}");
                let levels =
                    [40, 75, 166, 196, 226, 231].map(|color| format!("\u{1b}[38;5;{color}m"));
                assert!(!levels.iter().any(|level| [first.0, second.0].contains(&level.as_str())));
            }
        }
    }
}
