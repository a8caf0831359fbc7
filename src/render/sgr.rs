//! The log's own colors: which color sequences are in effect at a given byte, so that an insertion
//! can restore them.
//!
//! Owns what the parameters of ECMA-48's "select graphic rendition" mean (`ESC[…m`), with 16, 256
//! and true colors, in both spellings (`38;5;75` and `38:5:75`). Ignores every other sequence.

use crate::ansi;

/// The color sequences in effect, as they are in the log, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Active {
    sequences: Vec<Sequence>,
}

#[derive(Debug, Clone)]
struct Sequence {
    text: Vec<u8>,
    /// The channels that it sets.
    sets: u16,
    /// The channels that it sets or resets.
    touches: u16,
}

/// The most sequences that are restored: one for each channel, with room for odd ones.
const SEQUENCES_MAX: usize = 16;

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
            self.apply(color.bytes, color.parameters);
        }
    }

    /// Whether any sequence is in effect.
    pub(super) fn is_active(&self) -> bool {
        !self.sequences.is_empty()
    }

    /// Writes the sequences in effect.
    pub(super) fn write(&self, text: &mut Vec<u8>) {
        for sequence in &self.sequences {
            text.extend_from_slice(&sequence.text);
        }
    }

    fn apply(&mut self, text: &[u8], parameters: &[u8]) {
        let Effect { resets, sets, touches } = effect(parameters);
        if resets {
            self.sequences.clear();
        }
        self.sequences.retain(|sequence| sequence.sets & !touches != 0);
        let covers = self.sequences.iter().any(|sequence| sequence.sets & touches != 0);
        if sets != 0 || covers {
            self.sequences.push(Sequence { text: text.to_vec(), sets, touches });
        }
        if self.sequences.len() > SEQUENCES_MAX {
            self.sequences.remove(0);
        }
        debug_assert!(self.sequences.iter().all(|sequence| sequence.sets & !sequence.touches == 0));
    }
}

/// What a sequence does.
#[derive(Default)]
struct Effect {
    resets: bool,
    sets: u16,
    touches: u16,
}

fn effect(parameters: &[u8]) -> Effect {
    let mut effect = Effect::default();
    let mut fields = parameters.split(|byte| *byte == b';');
    while let Some(field) = fields.next() {
        let mut parts = field.split(|byte| *byte == b':').map(number);
        let code = parts.next().unwrap_or(0);
        if code == 0 {
            effect = Effect { resets: true, ..Effect::default() };
            continue;
        }
        if matches!(code, 38 | 48 | 58) && !field.contains(&b':') {
            let skipped = match fields.next().map(number) {
                Some(5) => 1,
                Some(2) => 3,
                _ => 0,
            };
            fields.by_ref().take(skipped).for_each(drop);
        }
        let (channel, sets) = channel(code);
        effect.touches |= channel;
        effect.sets = if sets { effect.sets | channel } else { effect.sets & !channel };
    }
    effect
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

    #[test]
    fn what_is_in_effect_is_restored() {
        let cases = [
            ("\x1b[31mred", "\x1b[31m"),
            ("\x1b[31mred\x1b[0m", ""),
            ("\x1b[31mred\x1b[m", ""),
            ("\x1b[31mred\x1b[39m", ""),
            ("\x1b[38;5;75mD", "\x1b[38;5;75m"),
            ("\x1b[38;2;1;2;3mx", "\x1b[38;2;1;2;3m"),
            ("\x1b[38:5:75mx", "\x1b[38:5:75m"),
            ("\x1b[1;31mbold red", "\x1b[1;31m"),
            ("\x1b[1m\x1b[31mx", "\x1b[1m\x1b[31m"),
            ("\x1b[31m\x1b[32mx", "\x1b[32m"),
            ("\x1b[1;31m\x1b[39mx", "\x1b[1;31m\x1b[39m"),
            ("\x1b[0;33mx", "\x1b[0;33m"),
            ("\x1b[1m\x1b[0;33mx", "\x1b[0;33m"),
            ("\x1b[41m\x1b[97m\x1b[4mx", "\x1b[41m\x1b[97m\x1b[4m"),
            ("\x1b[31mx\x1b[2K\x1b[1A", "\x1b[31m"),
            ("\x1b[48;5;1mx\x1b[38;5;0m", "\x1b[48;5;1m\x1b[38;5;0m"),
            ("cut \x1b[31", ""),
        ];
        for (text, want) in cases {
            let mut active = Active::default();
            active.feed(text.as_bytes());
            let mut got = Vec::new();
            active.write(&mut got);
            assert_eq!(String::from_utf8_lossy(&got), want, "{text:?}");
        }
    }

    /// What is in effect after some codes, each in a sequence of its own.
    fn after(codes: &[u16]) -> String {
        let (mut active, mut got) = (Active::default(), Vec::new());
        for code in codes {
            active.feed(format!("\x1b[{code}m").as_bytes());
        }
        active.write(&mut got);
        String::from_utf8(got).expect("it is ASCII")
    }

    /// ECMA-48, 8.3.117, and xterm's bright colors: what sets a property, and what resets it.
    #[test]
    fn each_property_is_reset_by_its_own_code_and_by_no_other() {
        let properties: [(&[u16], u16); 12] = [
            (&[1, 2], 22),
            (&[3, 20], 23),
            (&[4, 21], 24),
            (&[5, 6], 25),
            (&[7], 27),
            (&[8], 28),
            (&[9], 29),
            (&[11, 15, 19], 10),
            (&[30, 37, 90, 97], 39),
            (&[40, 47, 100, 107], 49),
            (&[53], 55),
            (&[58], 59),
        ];
        for (set, reset) in properties {
            for code in set {
                assert_eq!(after(&[*code]), format!("\x1b[{code}m"));
                assert_eq!(after(&[*code, *code]), format!("\x1b[{code}m"));
                for (others, other) in properties {
                    let is_same = other == reset;
                    let want = if is_same { String::new() } else { format!("\x1b[{code}m") };
                    assert_eq!(after(&[*code, other]), want, "{code} {other}");
                    let both = after(&[*code, others[0]]);
                    let want = if is_same { String::new() } else { format!("\x1b[{code}m") };
                    assert_eq!(both, format!("{want}\x1b[{}m", others[0]));
                }
            }
        }
    }

    #[test]
    fn a_stream_without_resets_does_not_pile_up() {
        let mut active = Active::default();
        for code in 0..10_000 {
            active.feed(format!("\x1b[{};3{};4{}m", code % 9 + 1, code % 8, code % 7).as_bytes());
        }
        assert!(active.sequences.len() <= SEQUENCES_MAX);
    }
}
