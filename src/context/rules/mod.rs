//! The rules: one piece of evidence each, in the order in which they are asked.
//!
//! A rule is one item with its reason and its own examples. A file holds one phase and its order;
//! only the longest rule has a file of its own. The first one that refuses the number, or accepts
//! it on evidence that is good enough, decides.

mod adjacent;
mod beside;
mod certain;
mod circumstantial;
mod coded_thing;
mod counts;
pub(super) mod fallback;
mod keys;
mod others;
mod own_lines;
pub(super) mod structure;

use super::Verdict;
use super::lexicon::Role;
use super::occurrence::{Occurrence, Separator};
pub(super) use certain::RESOURCE_END;
pub(super) use others::{OWN_KEY, VENDOR_BYTES, follows_vendor_address};
pub(super) use own_lines::ECHO;

/// One piece of evidence.
#[derive(Debug)]
pub struct Rule {
    /// Its name, as `explain --line` shows it.
    pub name: &'static str,
    /// What it has found when it decides, in words for a user.
    pub why: &'static str,
    ruling: RulingBy,
    evidence: Evidence,
    /// Lines that it decides, and lines that it passes to a rule with the opposite verdict. The
    /// number is between `‹` and `›`, and `␛` is an escape. Lines before the last one come first in
    /// the stream.
    pub decides: &'static [&'static str],
    /// See `decides`.
    pub passes: &'static [&'static str],
}

/// What a rule says about a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// It is something else.
    NotCode,
    /// It is a code.
    Code(Grade),
}

/// How good the evidence for a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Enough for a distinctive number such as 871300, but not under `--strict`.
    Likely,
    /// Enough for a distinctive number, also under `--strict`, and for an unlisted one.
    Good,
    /// Enough for any number of the catalog.
    Sure,
}

impl Grade {
    /// Its word in `explain --line`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Grade::Likely => "likely",
            Grade::Good => "good",
            Grade::Sure => "sure",
        }
    }
}

/// What a rule says when its evidence holds.
#[derive(Debug, Clone, Copy)]
enum RulingBy {
    /// Always the same.
    Fixed(Ruling),
    /// That the number is a code, with a grade that depends on the occurrence.
    Graded(fn(&Occurrence<'_>) -> Grade),
}

const NOT_CODE: RulingBy = RulingBy::Fixed(Ruling::NotCode);
const LIKELY: RulingBy = RulingBy::Fixed(Ruling::Code(Grade::Likely));
const GOOD: RulingBy = RulingBy::Fixed(Ruling::Code(Grade::Good));
const SURE: RulingBy = RulingBy::Fixed(Ruling::Code(Grade::Sure));

/// What a rule looks for.
#[derive(Debug)]
enum Evidence {
    /// The key before the number has this role.
    Key(Role),
    /// What a function finds.
    Test(fn(&Occurrence<'_>) -> bool),
    /// What a function finds in the bytes that touch the number: nothing if these are blanks,
    /// quotes, brackets, or signs like them, which most are.
    Touching(fn(&Occurrence<'_>) -> bool),
    /// Nothing: the rule names a verdict that the judge gives without asking.
    Nothing,
}

impl Rule {
    /// Whether its evidence is for a code; otherwise it is against one.
    #[must_use]
    pub fn is_for(&self) -> bool {
        !matches!(self.ruling, RulingBy::Fixed(Ruling::NotCode))
    }

    const fn is_about_touching(&self) -> bool {
        matches!(self.evidence, Evidence::Touching(_))
    }

    /// What the rule says about a number; `None` if it says nothing.
    pub(super) fn ask(&self, occurrence: &Occurrence<'_>) -> Option<Ruling> {
        self.evidence.holds(occurrence).then(|| self.ruling.of(occurrence))
    }
}

impl Evidence {
    fn holds(&self, occurrence: &Occurrence<'_>) -> bool {
        match self {
            Evidence::Key(role) => occurrence.key().role == Some(*role),
            Evidence::Test(holds) | Evidence::Touching(holds) => holds(occurrence),
            Evidence::Nothing => false,
        }
    }
}

impl RulingBy {
    fn of(self, occurrence: &Occurrence<'_>) -> Ruling {
        match self {
            RulingBy::Fixed(ruling) => ruling,
            RulingBy::Graded(grade) => Ruling::Code(grade(occurrence)),
        }
    }
}

/// Sure in a line of the SDK or its app, otherwise good.
fn by_owner(occurrence: &Occurrence<'_>) -> Grade {
    if occurrence.is_own() { Grade::Sure } else { Grade::Good }
}

/// Sure if the key is next to the number or exclaimed, `failed! 801003`, or if a comma is between
/// them and the number ends the message: `改备注失败, 899071`. If another loose separator is between
/// them, it depends on the owner of the line.
fn by_separator(occurrence: &Occurrence<'_>) -> Grade {
    let is_exclaimed = || {
        let sign = occurrence.before[occurrence.key().range.end..].trim_ascii();
        let is_comma = || sign == b"," || sign == "，".as_bytes();
        sign.strip_prefix("！".as_bytes()).unwrap_or(sign).iter().all(|byte| *byte == b'!')
            || (is_comma() && occurrence.ends_message())
    };
    match occurrence.key().separator {
        Separator::Loose if !is_exclaimed() => by_owner(occurrence),
        Separator::Loose | Separator::Glued | Separator::Blank | Separator::Value => Grade::Sure,
    }
}

/// The verdict of the fast path.
pub(super) const PLAIN_CODE: Verdict = Verdict::Code { rule: &keys::CODE_KEY, grade: Grade::Sure };

/// What decides where none of [`rules`] does.
pub static FALLBACKS: &[&Rule] = &[
    &fallback::EXPLAINED,
    &fallback::NOTHING_FOR,
    &fallback::NOTHING_AGAINST,
    &fallback::NOT_LISTED,
];

/// The phases, in order; each lists its rules, in order.
static PHASES: [&[&Rule]; 7] = [
    // Whatever the words say: a column of the header, a parameter of a color, or a part of a
    // decimal is not a code.
    structure::PHASE,
    // It comes before the adjacent bytes, because apps glue a code to its message or to a word
    // without a blank, which would otherwise make it a part of that word.
    certain::PHASE,
    // A unit, a path, or a letter next to the number outweighs a key before it:
    // `error after 871301 ms`.
    adjacent::PHASE,
    // The key before a number decides before the rest of the line does, and a key for something
    // else before one for a code.
    others::PHASE,
    keys::PHASE,
    // For distinctive numbers only: whose line it is and what else it contains.
    circumstantial::PHASE,
    own_lines::PHASE,
];

/// How many rules there are, or how many of them are asked where nothing touches the number.
const fn count(is_touched: bool) -> usize {
    let (mut count, mut phase) = (0, 0);
    while phase < PHASES.len() {
        let mut index = 0;
        while index < PHASES[phase].len() {
            count += (is_touched || !PHASES[phase][index].is_about_touching()) as usize;
            index += 1;
        }
        phase += 1;
    }
    count
}

/// These rules of all phases: one list is walked faster than lists in a list.
const fn list<const COUNT: usize>(is_touched: bool) -> [&'static Rule; COUNT] {
    let mut rules = [&structure::HEADER; COUNT];
    let (mut count, mut phase) = (0, 0);
    while phase < PHASES.len() {
        let mut index = 0;
        while index < PHASES[phase].len() {
            let rule = PHASES[phase][index];
            if is_touched || !rule.is_about_touching() {
                (rules[count], count) = (rule, count + 1);
            }
            index += 1;
        }
        phase += 1;
    }
    rules
}

static RULES: [&Rule; count(true)] = list(true);
static RULES_APART: [&Rule; count(false)] = list(false);

/// The rules that may decide about a number, in order.
pub(super) fn rules_for(occurrence: &Occurrence<'_>) -> &'static [&'static Rule] {
    debug_assert!(
        occurrence.is_touched
            || RULES.iter().all(|rule| !rule.is_about_touching() || rule.ask(occurrence).is_none())
    );
    if occurrence.is_touched { &RULES } else { &RULES_APART }
}

/// Every rule, in order.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied()
}

pub(super) fn is_number(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(u8::is_ascii_digit)
}

#[inline]
pub(super) fn is_name_byte(byte: u8) -> bool {
    const NAME_BYTES: [bool; 256] = {
        let (mut is_name, mut byte) = ([false; 256], 0);
        while byte < is_name.len() {
            is_name[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
            byte += 1;
        }
        is_name
    };
    NAME_BYTES[usize::from(byte)]
}

/// The name at the end of a text.
pub(super) fn trailing_name(text: &[u8]) -> &[u8] {
    &text[text.len() - text.iter().rev().take_while(|byte| is_name_byte(**byte)).count()..]
}

/// The name at the beginning of a text.
pub(super) fn leading_name(text: &[u8]) -> &[u8] {
    &text[..text.iter().take_while(|byte| is_name_byte(**byte)).count()]
}

#[cfg(test)]
mod tests {
    use super::super::header::Format;
    use super::super::kind::Kind;
    use super::super::origin::Origin;
    use super::super::own_message::OwnTexts;
    use super::super::sdk_lines::Nobody;
    use super::super::surroundings::Surroundings;
    use super::super::terms::Terms;
    use super::*;

    const ORIGIN: Origin<'static> = Origin {
        format: Format::Brief,
        level: None,
        tag: None,
        is_dated: false,
        is_known: true,
        follows_codes: true,
    };

    /// Whether something touches a number between these texts; the rules about that are asked, too.
    fn is_touched(before: &[u8], after: &[u8]) -> bool {
        let message = [before, b"871301", after].concat();
        let number = before.len()..message.len() - after.len();
        let number = Surroundings::new(ORIGIN, &message, 0, &number).expect("inside");
        let terms = Terms::new(&message, &Nobody);
        let windows = number.unquoted(&terms);
        let own_texts = OwnTexts::default();
        let occurrence = &Occurrence::new(&number, &terms, &windows, Kind::Unlisted, own_texts);
        let says = |rule: &&Rule| rule.is_about_touching() && rule.ask(occurrence).is_some();
        let said = RULES.iter().copied().find(says);
        assert!(occurrence.is_touched || said.is_none(), "{}: {said:?}", message.escape_ascii());
        occurrence.is_touched
    }

    #[test]
    fn what_only_separates_says_nothing() {
        const NEXT: &[u8] = b" \t09azAZ_.,;:=-+*#/\\'\"(\xe5\xef\xbc\x9a\x85";
        for byte in 0..=u8::MAX {
            for next in NEXT {
                for rest in [&b""[..], b" ", b"000,", b"a1b2-", "错误".as_bytes()] {
                    is_touched(&[rest, &[*next, byte]].concat(), b"");
                    is_touched(b"", &[&[byte, *next], rest].concat());
                    is_touched(&[*next, byte], &[&[byte], rest].concat());
                }
            }
        }
        for (before, after) in [(": ", ","), ("=", "\r\n"), ("(", ")"), ("\"", "\""), ("：", "，")]
        {
            assert!(!is_touched(before.as_bytes(), after.as_bytes()), "{before}{after}");
        }
        for (before, after) in [("x", ""), ("", "x"), ("1,", ""), ("", ",0"), (" + ", "")] {
            assert!(is_touched(before.as_bytes(), after.as_bytes()), "{before}{after}");
        }
    }
}
