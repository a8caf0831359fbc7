//! The log's own colors: what is set at a given byte, so that an insertion can set the text's color
//! again.
//!
//! Owns what the parameters of ECMA-48's "select graphic rendition" mean (`ESC[…m`), with 16, 256
//! and true colors, in both spellings (`38;5;75` and `38:5:75`). Ignores every other sequence.

use crate::ansi::{self, Sequence};

/// What the log's own sequences have set up to some byte.
#[derive(Debug, Clone, Default)]
pub(super) struct Active {
    /// The channels that are set.
    channels: u16,
    /// The sequence that sets the text's color; `None` if it is the terminal's own.
    foreground: Option<Vec<u8>>,
}

const FOREGROUND: u16 = 1;
const BACKGROUND: u16 = 1 << 1;
const WEIGHT: u16 = 1 << 2;
const ITALIC: u16 = 1 << 3;
const UNDERLINE: u16 = 1 << 4;
const BLINK: u16 = 1 << 5;
const INVERSE: u16 = 1 << 6;
const CONCEAL: u16 = 1 << 7;
const STRIKE: u16 = 1 << 8;
const FONT: u16 = 1 << 9;
const OVERLINE: u16 = 1 << 10;
const UNDERLINE_COLOR: u16 = 1 << 11;
const OTHER: u16 = 1 << 12;

impl Active {
    /// Follows the sequences of a text.
    pub(super) fn feed(&mut self, text: &[u8]) {
        for color in ansi::colors(text) {
            self.apply(color);
        }
    }

    /// Whether anything is set: a color, or bold or underlined text.
    pub(super) fn is_active(&self) -> bool {
        self.channels != 0
    }

    /// One sequence that sets the text's color again and changes nothing else; `None` if the text
    /// has the terminal's own color. It is the log's, as long as the log has no other one after it.
    pub(super) fn foreground(&self) -> Option<&[u8]> {
        self.foreground.as_deref()
    }

    fn apply(&mut self, color: Sequence<'_>) {
        let Effect { resets, sets, touches, foreground } = effect(color.parameters);
        self.channels = if resets { sets } else { self.channels & !touches | sets };
        self.foreground = match (foreground, self.foreground.take()) {
            (Some(_), _) => Some(color.bytes.to_vec()),
            (None, Some(before)) if self.channels & FOREGROUND != 0 => {
                // What else it sets may be reset by now.
                let before = Sequence::color_at_start(&before);
                before.and_then(|before| {
                    let foreground = effect(before.parameters).foreground?;
                    Some(before.with_parameters(foreground))
                })
            }
            (None, _) => None,
        };
    }
}

/// What a sequence does.
#[derive(Default)]
struct Effect<'p> {
    /// Whether it resets all.
    resets: bool,
    /// The channels that it sets.
    sets: u16,
    /// The channels that it sets or resets.
    touches: u16,
    /// The parameters that set the text's color.
    foreground: Option<&'p [u8]>,
}

fn effect(parameters: &[u8]) -> Effect<'_> {
    let (mut effect, mut rest) = (Effect::default(), Some(parameters));
    while let Some(text) = rest {
        let field = first_fields(text, 1);
        let code = field.split(|byte| *byte == b':').next().map_or(0, number);
        let count = match code {
            38 | 48 | 58 if !field.contains(&b':') => extended_fields(text),
            _ => 1,
        };
        let fields = first_fields(text, count);
        rest = text.get(fields.len() + 1..);
        if code == 0 {
            effect = Effect { resets: true, ..Effect::default() };
            continue;
        }
        if matches!(code, 38 | 48 | 58) && !is_color(fields) {
            continue; // Terminals ignore it.
        }
        let (channel, sets) = channel(code);
        effect.touches |= channel;
        effect.sets = if sets { effect.sets | channel } else { effect.sets & !channel };
        if channel == FOREGROUND {
            effect.foreground = sets.then_some(fields);
        }
    }
    effect
}

/// How many fields a color of 256 or a true color has, given the text from `38` on.
fn extended_fields(text: &[u8]) -> usize {
    match text.split(|byte| *byte == b';').nth(1).map(number) {
        Some(5) => 3,
        Some(2) => 5,
        Some(_) => 2,
        None => 1,
    }
}

/// Whether nothing is missing in a color of 256 (`38;5;75`) or a true color (`38;2;1;2;3`).
fn is_color(fields: &[u8]) -> bool {
    let mut parts = fields.split(|byte| b";:".contains(byte)).skip(1);
    match parts.next().map(number) {
        Some(5) => parts.next().is_some(),
        Some(2) => parts.nth(2).is_some(),
        _ => false,
    }
}

/// The first fields of a text, as many as there are, up to `count`.
fn first_fields(text: &[u8], count: usize) -> &[u8] {
    let end = memchr::memchr_iter(b';', text).nth(count - 1);
    &text[..end.unwrap_or(text.len())]
}

/// The channel that a code is about, and whether the code sets it (or resets it).
fn channel(code: u16) -> (u16, bool) {
    match code {
        1 | 2 => (WEIGHT, true),
        22 => (WEIGHT, false),
        3 | 20 => (ITALIC, true),
        23 => (ITALIC, false),
        4 | 21 => (UNDERLINE, true),
        24 => (UNDERLINE, false),
        5 | 6 => (BLINK, true),
        25 => (BLINK, false),
        7 => (INVERSE, true),
        27 => (INVERSE, false),
        8 => (CONCEAL, true),
        28 => (CONCEAL, false),
        9 => (STRIKE, true),
        29 => (STRIKE, false),
        11..=19 => (FONT, true),
        10 => (FONT, false),
        30..=38 | 90..=97 => (FOREGROUND, true),
        39 => (FOREGROUND, false),
        40..=48 | 100..=107 => (BACKGROUND, true),
        49 => (BACKGROUND, false),
        53 => (OVERLINE, true),
        55 => (OVERLINE, false),
        58 => (UNDERLINE_COLOR, true),
        59 => (UNDERLINE_COLOR, false),
        _ => (OTHER, true),
    }
}

fn number(field: &[u8]) -> u16 {
    field.iter().fold(0, |value: u16, digit| {
        value.saturating_mul(10).saturating_add(u16::from(digit.wrapping_sub(b'0')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sequence that restores the color after a text.
    fn restored(text: &str) -> String {
        let mut active = Active::default();
        active.feed(text.as_bytes());
        String::from_utf8_lossy(active.foreground().unwrap_or_default()).into_owned()
    }

    #[test]
    fn the_color_of_a_text_is_restored() {
        let cases = [
            ("\x1b[31mred", "\x1b[31m"),
            ("\x1b[31mred\x1b[0m", ""),
            ("\x1b[31mred\x1b[m", ""),
            ("\x1b[31mred\x1b[39m", ""),
            ("\x1b[38;5;75mD", "\x1b[38;5;75m"),
            ("\x1b[38;2;1;2;3mx", "\x1b[38;2;1;2;3m"),
            ("\x1b[38:5:75mx", "\x1b[38:5:75m"),
            ("\x1b[1;31mbold red", "\x1b[1;31m"),
            ("\x1b[1;31mbold\x1b[22mred", "\x1b[31m"),
            ("\x1b[1;38;5;9;4mx\x1b[24m", "\x1b[38;5;9m"),
            ("\x1b[1;38;2;1;2;3;4mx\x1b[7m\x1b[27m", "\x1b[38;2;1;2;3m"),
            ("\x1b[48;5;31;97mx\x1b[49m", "\x1b[97m"),
            ("\x1b[1m\x1b[31mx", "\x1b[31m"),
            ("\x1b[31m\x1b[32mx", "\x1b[32m"),
            ("\x1b[1;31m\x1b[39mx", ""),
            ("\x1b[31;39mx", ""),
            ("\x1b[31;0mx", ""),
            ("\x1b[0;33mx", "\x1b[0;33m"),
            ("\x1b[1m\x1b[0;33mx", "\x1b[0;33m"),
            ("\x1b[0;33mx\x1b[1m", "\x1b[33m"),
            ("\x1b[41m\x1b[97m\x1b[4mx", "\x1b[97m"),
            ("\x1b[1mbold", ""),
            ("\x1b[31mx\x1b[2K\x1b[1A", "\x1b[31m"),
            ("\x1b[48;5;31mx", ""),
            ("\x1b[31mx\x1b[38;5mx\x1b[38mx", "\x1b[31m"),
            ("\x1b[31mx\x1b[38;2;1;2mx\x1b[38;7;1mx\x1b[38:5mx", "\x1b[31m"),
            ("\x1b[38:2:1:2:3mx\x1b[38:2:1:2mx", "\x1b[38:2:1:2:3m"),
            ("\x1b[38:5:75;39mx", ""),
            ("\x1b[38:5:75;4mx\x1b[24m", "\x1b[38:5:75m"),
            ("cut \x1b[31", ""),
        ];
        for (text, want) in cases {
            assert_eq!(restored(text), want, "{text:?}");
        }
    }

    /// The channels that are set after some codes, each in a sequence of its own.
    fn after(codes: &[&str]) -> u16 {
        let mut active = Active::default();
        for code in codes {
            active.feed(format!("\x1b[{code}m").as_bytes());
        }
        let has_foreground = active.foreground().is_some();
        assert_eq!(has_foreground, active.channels & FOREGROUND != 0, "{codes:?}");
        assert_eq!(active.is_active(), active.channels != 0);
        active.channels
    }

    /// ECMA-48, 8.3.117, and xterm's bright colors: what sets a property, and what resets it.
    #[test]
    fn each_property_is_reset_by_its_own_code_and_by_no_other() {
        let properties: [(&[&str], &str); 12] = [
            (&["1", "2"], "22"),
            (&["3", "20"], "23"),
            (&["4", "21"], "24"),
            (&["5", "6"], "25"),
            (&["7"], "27"),
            (&["8"], "28"),
            (&["9"], "29"),
            (&["11", "15", "19"], "10"),
            (&["30", "37", "90", "97"], "39"),
            (&["40", "47", "100", "107"], "49"),
            (&["53"], "55"),
            (&["58;5;1"], "59"),
        ];
        assert_eq!(after(&["51"]).count_ones(), 1, "framed, which may be anything");
        for (set, reset) in properties {
            for code in set {
                let one = after(&[*code]);
                assert_eq!(one.count_ones(), 1, "{code}");
                assert_eq!(after(&[*code, *code]), one);
                assert_eq!(after(&[*code, "0"]), 0);
                for (others, other) in properties {
                    let is_same = other == reset;
                    assert_eq!(
                        after(&[*code, other]),
                        if is_same { 0 } else { one },
                        "{code} {other}"
                    );
                    let both = if is_same { one } else { one | after(&others[..1]) };
                    assert_eq!(after(&[*code, others[0]]), both, "{code} {other}");
                }
            }
        }
    }
}
