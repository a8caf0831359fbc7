//! Text that came from outside, made safe to show: nothing in it is obeyed, and nothing is hidden.
//!
//! Owns the set of characters that a reader cannot see or that a terminal obeys, and what is shown
//! instead. Knows no format; each format escapes what is special in it.
//!
//! ```
//! use jm_annotate::visible::{inert, visible};
//!
//! assert_eq!(visible("a\u{1b}[31m.log"), "a␛[31m.log");
//! assert_eq!(inert("a##[error].log"), "a#＃[error].log");
//! assert_eq!(visible("登录.log"), "登录.log");
//! ```

use std::borrow::Cow;
use std::ops::RangeInclusive;

/// A text without anything that a terminal, an XML parser, or a reader of lines would obey or
/// refuse. A tab becomes a space, any other control character its picture (ESC `␛`, newline `␊`).
/// What has no picture, an invisible character or a noncharacter, becomes U+FFFD.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| shown(c) == c) {
        Cow::Borrowed(text)
    } else {
        text.chars().map(shown).collect()
    }
}

/// A [`visible`] text that is also safe in the middle of a line that a CI runner reads: see
/// [`without_commands`].
#[must_use]
pub fn inert(text: &str) -> Cow<'_, str> {
    match visible(text) {
        Cow::Borrowed(text) => without_commands(text),
        Cow::Owned(text) => Cow::Owned(without_commands(&text).into_owned()),
    }
}

/// A text without what a CI runner would obey in the middle of a line. `##[error]` and `##vso[…]`
/// are commands to Azure's agent and GitHub's runner anywhere in a line, so the second `#` becomes
/// a wide one. (GitHub's `::error` is a command only at the beginning of a line.)
#[must_use]
pub fn without_commands(text: &str) -> Cow<'_, str> {
    match text.contains("##") {
        true => Cow::Owned(text.replace("##", "#＃")),
        false => Cow::Borrowed(text),
    }
}

/// The first character that [`visible`] would replace.
#[must_use]
pub fn hidden(text: &str) -> Option<char> {
    text.chars().find(|c| shown(*c) != *c)
}

fn shown(c: char) -> char {
    match c {
        ' '..='~' => c,
        '\t' => ' ',
        '\0'..='\u{1f}' => {
            char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        '\u{7f}' => '\u{2421}',
        _ if is_unseen(c) => char::REPLACEMENT_CHARACTER,
        _ => c,
    }
}

fn is_unseen(c: char) -> bool {
    let is_last_of_plane = u32::from(c) & 0xfffe == 0xfffe;
    is_last_of_plane || UNSEEN.iter().any(|range| range.contains(&c))
}

/// Characters that nobody sees, or that change how other text is shown, such as its direction:
///
/// - C1 controls and noncharacters (the last two of each plane are left to [`is_unseen`]);
/// - the general categories Zl, Zp, and Cf, without the visible Arabic and Syriac signs in Cf
///   (`Prepended_Concatenation_Mark`);
/// - `Default_Ignorable_Code_Point`, without variation selectors, which choose the form of an emoji
///   or a Han character.
///
/// Source: Unicode 16, `UnicodeData.txt` and `DerivedCoreProperties.txt`.
const UNSEEN: [RangeInclusive<char>; 20] = [
    '\u{80}'..='\u{9f}',
    '\u{ad}'..='\u{ad}',
    '\u{34f}'..='\u{34f}',
    '\u{61c}'..='\u{61c}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{180e}'..='\u{180e}',
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{3164}'..='\u{3164}',
    '\u{fdd0}'..='\u{fdef}',
    '\u{feff}'..='\u{feff}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{fff0}'..='\u{fffb}',
    '\u{13430}'..='\u{1343f}',
    '\u{1bca0}'..='\u{1bca3}',
    '\u{1d173}'..='\u{1d17a}',
    '\u{e0000}'..='\u{e00ff}',
    '\u{e01f0}'..='\u{e0fff}',
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_a_reader_would_obey() {
        let cases = [
            ("plain 文字 é", "plain 文字 é"),
            ("a\tb", "a b"),
            ("\u{1b}[31mx\0\r\n\u{7f}", "␛[31mx␀␍␊␡"),
        ];
        for (text, want) in cases {
            assert_eq!(visible(text), want, "{text:?}");
        }
    }

    #[test]
    fn what_nobody_sees_is_replaced_and_what_people_write_is_not() {
        let unseen = [
            '\u{80}', '\u{9b}', '\u{ad}', '\u{34f}', '\u{61c}', '\u{1160}', '\u{17b5}', '\u{180e}',
            '\u{200b}', '\u{200d}', '\u{2028}', '\u{202e}', '\u{2066}', '\u{3164}', '\u{fdd0}',
            '\u{feff}', '\u{ffa0}', '\u{fff9}', '\u{fffe}', '\u{1343f}', '\u{1bca0}', '\u{1d173}',
            '\u{1ffff}', '\u{e0001}', '\u{e0041}', '\u{e007f}', '\u{e01f0}', '\u{10ffff}',
        ];
        for c in unseen {
            assert_eq!(visible(&format!("a{c}b")), "a\u{fffd}b", "{c:?}");
            assert_eq!(hidden(&format!("a{c}b")), Some(c));
        }
        for text in ["，。！？“”　", "❤\u{fe0f}", "葛\u{e0100}", "é e\u{301}", "🇨🇳 👍🏽", "\u{600}"]
        {
            assert_eq!((visible(text), hidden(text)), (Cow::Borrowed(text), None));
        }
    }

    /// The ranges that terminals and readers obey, and how many characters there are in all: none
    /// was lost if their sum is the same, too.
    #[test]
    fn the_set_of_unseen_characters_is_whole() {
        let known = [
            '\u{80}'..='\u{9f}',
            '\u{200b}'..='\u{200f}',
            '\u{2028}'..='\u{202e}',
            '\u{2060}'..='\u{206f}',
            '\u{e0000}'..='\u{e007f}',
        ];
        for c in known.into_iter().flatten() {
            assert_eq!(hidden(&c.to_string()), Some(c), "{c:?}");
        }
        let all = ('\0'..=char::MAX).filter(|c| is_unseen(*c));
        assert_eq!(
            all.fold((0, 0), |(n, sum), c| (n + 1, sum + u64::from(u32::from(c)))),
            (4033, 3572192016)
        );
    }

    #[test]
    fn a_runner_finds_no_command() {
        for (text, want) in [
            ("# a", "# a"),
            ("x ##[error]", "x #＃[error]"),
            ("###vso[a]##", "#＃#vso[a]#＃"),
            ("#\u{ad}#[error]", "#\u{fffd}#[error]"),
            ("\n::error::", "␊::error::"),
        ] {
            assert_eq!(inert(text), want);
        }
    }
}
