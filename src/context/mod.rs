//! Does this number stand for a code here? Judges one number in its line.
//!
//! Owns the evidence: the header's columns, the words around a number, and the little that the
//! stream carries from line to line. Knows nothing of blocks, output or options but `--strict`. It
//! runs only on lines that hold a number which the catalog knows (or might), so it may look
//! closely.

pub mod header;
mod own;
mod own_message;
pub mod quick;
mod rules;
mod sides;
mod sight;
mod state;
mod words;

pub use own::{at_end, colored_end, inline_end};
pub use rules::{Grade, NOTHING_AGAINST, NOTHING_FOR, RULES, Rule, Say};
pub use sight::{Introducer, Joint, Sight};
pub use state::State;
pub use words::Role;

use crate::catalog::{Evidence, Lookup};

/// How much evidence is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// As much as each entry asks for.
    #[default]
    Weighed,
    /// Evidence for, always.
    Strict,
}

/// What the context says about a number.
#[derive(Debug, Clone, Copy)]
pub struct Verdict {
    /// Whether the number stands for a code.
    pub is_code: bool,
    /// Whether the evidence was good: not merely likely.
    pub is_good: bool,
    /// The rule that decided.
    pub rule: &'static Rule,
}

/// Asks the rules in order.
#[must_use]
pub fn judge(sight: &Sight<'_>, strictness: Strictness) -> Verdict {
    let (needed, fallback) = match (&sight.known, strictness) {
        (Lookup::Unlisted, _) => (Grade::Good, false),
        (Lookup::Listed(entry), Strictness::Strict) if entry.evidence != Evidence::Needed => {
            (Grade::Good, false)
        }
        (Lookup::Listed(entry), _) => match entry.evidence {
            Evidence::Needed => (Grade::Sure, false),
            Evidence::Weighed => (Grade::Likely, false),
            Evidence::Sure => (Grade::Likely, true),
        },
    };
    for rule in RULES {
        match rule.look(sight) {
            Some(Say::Refuse) => return Verdict { is_code: false, is_good: false, rule },
            Some(Say::Accept(grade)) if grade >= needed => {
                return Verdict { is_code: true, is_good: grade > Grade::Likely, rule };
            }
            _ => {}
        }
    }
    let rule = if fallback { &NOTHING_AGAINST } else { &NOTHING_FOR };
    Verdict { is_code: fallback, is_good: false, rule }
}
