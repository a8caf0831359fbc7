//! The rules: one piece of evidence each, in the order in which they are asked.
//!
//! A rule looks at one number in its line and refuses it, accepts it, or has nothing to say. The
//! first one that decides wins. Each has a reason from the real world; `tests/it/rules.rs` holds
//! for each a line that it lets through and a line that it stops.

mod app;
mod keys;
mod shape;

use super::sight::Sight;
use app::*;
use keys::*;
use shape::*;

/// One piece of evidence.
#[derive(Debug)]
pub struct Rule {
    /// Its name, shown by `explain --line`.
    pub name: &'static str,
    /// What it has seen, when it decides, in words for a user.
    pub why: &'static str,
    look: fn(&Sight<'_>) -> Option<Say>,
}

/// What a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Say {
    /// The number is something else.
    Refuse,
    /// The number is a code.
    Accept(Grade),
}

/// How good the evidence for a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Enough for a distinctive number such as 871300, and not under `--strict`.
    Likely,
    /// Enough for a distinctive number, also under `--strict`, and for one that is in no list.
    Good,
    /// Enough for any number of the catalog.
    Sure,
}

impl Rule {
    /// What the rule says about a number; `None`: nothing.
    #[must_use]
    pub fn look(&self, sight: &Sight<'_>) -> Option<Say> {
        (self.look)(sight)
    }
}

/// The verdict of no rule, where nothing speaks for the number.
pub static NOTHING_FOR: Rule = Rule {
    name: "nothing-for",
    why: "nothing around it says that it is an error code",
    look: |_| None,
};
/// The verdict of no rule on a code that a catalog calls sure.
pub static NOTHING_AGAINST: Rule = Rule {
    name: "nothing-against",
    why: "the catalog calls it sure, and nothing speaks against it",
    look: |_| None,
};

/// Every rule, in order.
pub static RULES: &[Rule] = &[
    Rule { name: "header", why: "it stands in the columns of the line's header", look: in_header },
    Rule { name: "escape", why: "it is a parameter of an escape sequence", look: in_escape },
    Rule { name: "decimal", why: "it is part of a decimal, a time or a version", look: is_decimal },
    Rule {
        name: "own-message",
        why: "its own message stands directly beside it",
        look: beside_own_message,
    },
    Rule { name: "glued-key", why: "a word for an error is glued to it", look: is_glued_to_key },
    Rule {
        name: "error-glued",
        why: "a Chinese word for an error is glued to its end",
        look: is_before_glued_error,
    },
    Rule {
        name: "word-part",
        why: "it is part of a word, a hash or an identifier",
        look: is_word_part,
    },
    Rule {
        name: "symbol",
        why: "a sign beside it says that it is a sum, a path, a tag or a number with a sign",
        look: beside_symbol,
    },
    Rule {
        name: "place",
        why: "it is a line number, a process number or part of a path",
        look: is_place,
    },
    Rule { name: "unit", why: "a unit or a counted thing stands behind it", look: before_unit },
    Rule {
        name: "test-value",
        why: "a failed test shows it as the value it got",
        look: is_test_value,
    },
    Rule {
        name: "other-key",
        why: "the word before it announces something else",
        look: behind_other_key,
    },
    Rule { name: "code-key", why: "a word for an error code announces it", look: behind_code_key },
    Rule {
        name: "message-in-line",
        why: "its own message stands in the same line",
        look: in_line_with_message,
    },
    Rule {
        name: "message-alike",
        why: "the text behind it begins as its own message does",
        look: before_text_alike,
    },
    Rule { name: "table", why: "it stands in a list or table of numbers", look: in_table },
    Rule { name: "failure-key", why: "a word for a failure announces it", look: behind_failure },
    Rule {
        name: "outcome-key",
        why: "a word for the outcome of a call announces it",
        look: behind_outcome,
    },
    Rule { name: "error-behind", why: "a word for an error follows it", look: before_error_word },
    Rule { name: "error-text", why: "the text of an error follows it", look: before_error_text },
    Rule { name: "source", why: "source code compares or returns it", look: in_source },
    Rule {
        name: "sdk-line",
        why: "the line speaks of the SDK, and nothing announces something else",
        look: in_sdk_line,
    },
    Rule {
        name: "known-tag",
        why: "the same tag has logged sure codes before",
        look: behind_known_tag,
    },
    Rule {
        name: "callback",
        why: "an app's log shows it as a call's first value",
        look: is_callback_value,
    },
    Rule {
        name: "error-line",
        why: "an app's line of level E or W holds nothing but a name and it",
        look: is_error_line,
    },
    Rule {
        name: "ends-chinese",
        why: "a Chinese text of an app's log ends with it",
        look: ends_chinese,
    },
    Rule { name: "alone", why: "it is the whole message", look: is_alone },
];

fn refuse(when: bool) -> Option<Say> {
    when.then_some(Say::Refuse)
}

fn accept(when: bool, grade: Grade) -> Option<Say> {
    when.then_some(Say::Accept(grade))
}

fn is_number(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(u8::is_ascii_digit)
}

fn trailing_name(text: &[u8]) -> &[u8] {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    &text[text.len() - text.iter().rev().take_while(|byte| part(byte)).count()..]
}

fn leading_name(text: &[u8]) -> &[u8] {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    &text[..text.iter().take_while(|byte| part(byte)).count()]
}
