//! The words that say what a number is: `lexicon.tsv`, parsed once and looked up.
//!
//! Owns the table and the ways in which a term matches. Knows nothing about names, occurrences, or
//! rules; `README.md` next to this file describes the columns and the roles.

use std::ops::Range;
use std::sync::LazyLock;

pub(super) use super::any_case::{begins_with, contains};
use super::chunk;
use super::endings::Endings;
use super::insides::Insides;
pub(super) use super::role::{Role, Roles};
use super::words::Words;

/// How a term matches in one of its roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    /// It is a whole name or its last word.
    Word,
    /// A name or text ends with it; of several, the longest counts.
    End,
    /// A text begins with it.
    Start,
    /// A text contains it.
    Inside,
}

impl Match {
    const ALL: [(&'static str, Match); 4] = [
        ("word", Match::Word),
        ("end", Match::End),
        ("start", Match::Start),
        ("inside", Match::Inside),
    ];
}

/// A row of the table.
#[derive(Debug)]
struct Row<'t> {
    term: &'t str,
    uses: Vec<(Role, Match)>,
}

const TABLE: &str = include_str!("lexicon.tsv");

/// The table, ready for lookups.
struct Lexicon {
    /// Terms that match as words.
    words: Words,
    /// Terms that match at the end of a text.
    endings: Endings,
    /// Terms that match at the start of a text, by role.
    starts: ByRole,
    /// The letters that these begin with. Few texts begin with one of them.
    first_letters: Letters,
    /// Terms that match inside a text.
    insides: Insides,
    /// What terms have before a number: `phone ` of `phone 1`.
    before_numbers: Vec<&'static [u8]>,
    /// The terms that say what a test expects.
    expectations: Vec<&'static [u8]>,
}

/// Terms by the number of their role.
type ByRole = [Vec<&'static [u8]>; Role::ALL.len()];

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(TABLE));

impl Lexicon {
    fn new(table: &'static str) -> Self {
        let rows: Vec<Row<'_>> = table.lines().skip(1).map(Row::parse).collect();
        let (mut starts, mut insides) = (ByRole::default(), Vec::new());
        let (mut words, mut endings) = (Vec::new(), Vec::new());
        for Row { term, uses, .. } in &rows {
            let (mut as_word, mut as_ending) = (Roles::default(), Roles::default());
            for (role, how) in uses {
                match how {
                    Match::Word => as_word.add(*role),
                    Match::End => as_ending.add(*role),
                    Match::Start => starts[*role as usize].push(term.as_bytes()),
                    Match::Inside => insides.push((term.as_bytes(), *role)),
                }
            }
            if as_word != Roles::default() {
                words.push((term.as_bytes(), as_word));
            }
            if as_ending != Roles::default() {
                endings.push((term.as_bytes(), as_ending));
            }
        }
        let is_expectation = |(term, role)| (role == Role::Expectation).then_some(term);
        let expectations = insides.iter().copied().filter_map(is_expectation).collect();
        let insides = Insides::new(insides);
        let (words, endings) = (Words::new(words), Endings::new(endings));
        let mut before_numbers: Vec<_> = rows.iter().filter_map(Row::before_number).collect();
        before_numbers.sort_unstable();
        before_numbers.dedup();
        let first_letters = Letters::new(starts.iter().flatten());
        Lexicon { words, endings, starts, first_letters, insides, before_numbers, expectations }
    }
}

/// A set of letters of three bytes each, as Chinese ones have. It may seem to have a few others.
struct Letters([u64; 1 << (LETTER_BITS - u64::BITS.ilog2())]);

/// How many bits the set has, as a power of two.
const LETTER_BITS: u32 = 11;

impl Letters {
    /// Those that terms begin with.
    fn new<'t>(terms: impl Iterator<Item = &'t &'static [u8]>) -> Self {
        let mut letters = Letters([0; 1 << (LETTER_BITS - u64::BITS.ilog2())]);
        for letter in terms.filter_map(|term| term.first_chunk()) {
            let (word, bit) = Letters::place(letter);
            letters.0[word] |= bit;
        }
        letters
    }

    fn has(&self, letter: &[u8; 3]) -> bool {
        let (word, bit) = Letters::place(letter);
        self.0[word] & bit != 0
    }

    fn place([one, two, three]: &[u8; 3]) -> (usize, u64) {
        chunk::place(u32::from_le_bytes([*one, *two, *three, 0]), LETTER_BITS)
    }
}

impl<'t> Row<'t> {
    fn parse(line: &'t str) -> Self {
        let row = Row::try_parse(line);
        row.expect("a test checks the form of every row")
    }

    fn try_parse(line: &'t str) -> Option<Self> {
        let mut cells = line.split('\t');
        let (term, _language, roles, matches) =
            (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
        let role =
            |word: &str| Role::ALL.iter().find(|(name, _)| *name == word).map(|(_, role)| *role);
        let how =
            |word: &str| Match::ALL.iter().find(|(name, _)| *name == word).map(|(_, how)| *how);
        let uses = roles.split(' ').zip(matches.split(' '));
        let uses =
            uses.map(|(one, two)| Some((role(one)?, how(two)?))).collect::<Option<Vec<_>>>()?;
        Some(Row { term, uses })
    }

    /// What the term has before a number that is no part of a word.
    fn before_number(&self) -> Option<&'t [u8]> {
        let term = self.term.as_bytes();
        let number = term.windows(2).position(|two| two[0] == b' ' && two[1].is_ascii_digit())?;
        Some(&term[..=number])
    }
}

/// Whether a text ends with what a term has before a number.
pub(super) fn ends_before_number(text: &[u8]) -> bool {
    let ends = |before: &&[u8]| {
        let end = text.len().checked_sub(before.len()).map(|at| &text[at..]);
        end.is_some_and(|end| end.eq_ignore_ascii_case(before))
    };
    text.ends_with(b" ") && LEXICON.before_numbers.iter().any(ends)
}

/// Whether a text says what a test expects. For a long text, this is faster than [`holds`].
pub(super) fn expects(text: &[u8]) -> bool {
    LEXICON.expectations.iter().any(|term| contains(text, term))
}

/// The roles of a word in any case; none if it is not in the lexicon.
pub(super) fn word(text: &[u8]) -> Roles {
    if text.first().is_none_or(u8::is_ascii_digit) {
        return Roles::default(); // most names that are no words are numbers
    }
    LEXICON.words.get(text)
}

/// The terms that match as words and have a role.
pub(super) fn words(role: Role) -> impl Iterator<Item = &'static [u8]> {
    LEXICON.words.with(role)
}

/// The longest term that a text ends with: its length and its roles.
#[inline]
pub(super) fn ending(text: &[u8]) -> Option<(usize, Roles)> {
    LEXICON.endings.longest(text)
}

/// The same for a text in any case.
#[inline]
pub(super) fn ending_in_any_case(text: &[u8]) -> Option<(usize, Roles)> {
    LEXICON.endings.longest_in_any_case(text)
}

/// Whether a text ends with a term that has this role at the end of a name.
pub(super) fn ends_with(text: &[u8], role: Role) -> bool {
    ending(text).is_some_and(|(_, roles)| roles.has(role))
}

/// The length in bytes of the longest term of a role that a text begins with.
pub(super) fn starts_with(text: &[u8], role: Role) -> Option<usize> {
    let letter: &[u8; 3] = text.first_chunk()?;
    if letter[0].is_ascii() || !LEXICON.first_letters.has(letter) {
        return None;
    }
    let terms = &LEXICON.starts[role as usize];
    let first = terms.partition_point(|term| term[..letter.len()] < letter[..]);
    let same = terms[first..].iter().take_while(|term| term.starts_with(letter));
    same.filter(|term| text.starts_with(term)).map(|term| term.len()).max()
}

/// Whether a text, which is short, contains a term of a role, in any case.
pub(super) fn holds(text: &[u8], role: Role) -> bool {
    let mut holds = false;
    each(text, role, |_| holds = true);
    holds
}

/// The roles of terms that say something about every number near them.
pub(super) const NEAR_ROLES: [Role; 4] = [Role::Sdk, Role::Expectation, Role::Vendor, Role::Coded];

/// Calls `found` for each term of [`NEAR_ROLES`] that begins in a part of a text, in any case, with
/// the index of its role; sorted by where they begin.
pub(super) fn near(text: &[u8], part: Range<usize>, mut found: impl FnMut(usize, Range<usize>)) {
    LEXICON.insides.search(text, part, |role, place| {
        let index = NEAR_ROLES.iter().position(|near| *near == role);
        if let Some(index) = index.filter(|_| role != Role::Vendor || is_name(text, &place)) {
            found(index, place);
        }
    });
}

/// Calls `found` for each place where a text contains a term of a role, in any case; sorted by
/// where they begin.
pub(super) fn each(text: &[u8], role: Role, mut found: impl FnMut(Range<usize>)) {
    LEXICON.insides.search(text, 0..text.len(), |other, place| {
        if other == role {
            found(place);
        }
    });
}

/// The same for a text that is short.
pub(super) fn places(text: &[u8], role: Role) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    each(text, role, |place| places.push(place));
    places
}

/// Where a text names vendors, by themselves or as the first word of a name: `TIM login`,
/// `TIMManager`, but not `TIMEOUT` or `time`.
pub(super) fn vendors(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    places(text, Role::Vendor).into_iter().filter(|place| is_name(text, place))
}

/// Whether a term is a word, or the first word of a name.
fn is_name(text: &[u8], Range { start, end }: &Range<usize>) -> bool {
    let (first, after) = (text[*start], &text[*end..]);
    let before = start.checked_sub(1).map(|at| text[at]);
    let begins = before.is_none_or(|before| {
        !before.is_ascii_alphabetic() || (before.is_ascii_lowercase() && first.is_ascii_uppercase())
    });
    let ends = match after {
        [one, two, ..] if one.is_ascii_uppercase() => !two.is_ascii_uppercase(),
        [one, ..] => !one.is_ascii_lowercase(),
        [] => true,
    };
    !first.is_ascii_alphabetic() || (begins && (ends || end - start > SHORT_NAME_BYTES_MAX))
}

/// The longest name that many other words begin with, in bytes: `tim`, `oppo`.
pub(super) const SHORT_NAME_BYTES_MAX: usize = 4;

#[cfg(test)]
mod tests {
    use super::super::names;
    use super::*;

    fn rows() -> Vec<Row<'static>> {
        TABLE.lines().skip(1).map(Row::parse).collect()
    }

    /// I9: parsed and printed, the table is the same text. It is sorted, so no term appears twice.
    #[test]
    fn the_table_is_canonical() {
        let mut text = "#term\tlanguage\trole\tmatch\n".to_owned();
        for line in TABLE.lines().skip(1) {
            let row = Row::try_parse(line).unwrap_or_else(|| panic!("not a row: {line}"));
            let mut uses: Vec<_> =
                row.uses.iter().map(|(role, how)| (name(*role), spelled(*how))).collect();
            uses.sort_unstable();
            uses.dedup();
            let column = |pick: fn(&(&'static str, &'static str)) -> &'static str| {
                uses.iter().map(pick).collect::<Vec<_>>().join(" ")
            };
            let language = if row.term.is_ascii() { "en" } else { "zh" };
            let (roles, matches) = (column(|(role, _)| role), column(|(_, how)| how));
            text.push_str(&format!("{}\t{language}\t{roles}\t{matches}\n", row.term));
            assert_eq!(row.term.to_lowercase(), row.term, "terms are in lower case");
        }
        assert_eq!(text, TABLE);
        assert!(rows().is_sorted_by(|one, two| one.term.as_bytes() < two.term.as_bytes()));
    }

    #[test]
    fn every_role_has_a_term() {
        for (name, role) in Role::ALL {
            let has = |row: &Row<'_>| row.uses.iter().any(|(other, _)| *other == role);
            assert!(rows().iter().any(has), "{name}");
        }
    }

    /// A search through all endings finds what the table does.
    #[test]
    fn the_longest_ending_is_found() {
        let rows = rows();
        let is_ending = |row: &&Row<'_>| row.uses.iter().any(|(_, how)| *how == Match::End);
        let naive = |text: &str| {
            let ends = rows.iter().filter(is_ending).filter(|row| text.ends_with(row.term));
            ends.map(|row| row.term.len()).max()
        };
        for row in &rows {
            assert!(row.term.len() <= names::NAME_BYTES_MAX, "{}", row.term);
            // `canonical` leaves a short number after a letter, and a number that ends a term.
            let is_letter = |letter: char| !letter.is_ascii_digit();
            assert!(row.term.split(is_letter).all(|digits| digits.len() < 3), "{}", row.term);
            let numbers = row.term.split(|letter: char| !letter.is_alphanumeric());
            let is_number = |word: &&str| word.starts_with(|letter: char| letter.is_ascii_digit());
            let end = row.term.rfind(' ').map_or(0, |blank| blank + 1);
            for number in numbers.filter(is_number) {
                let is_last = number == &row.term[end..] && end > 0;
                assert!(is_last && ends_before_number(&row.term.as_bytes()[..end]), "{}", row.term);
            }
            let is_inside = row.uses.iter().any(|(_, how)| *how == Match::Inside);
            assert!(!(is_inside || is_ending(&row)) || row.term.len() > 1, "{}", row.term);
            for text in [
                row.term.to_owned(),
                format!("x{}", row.term),
                format!("短信{}", row.term),
                row.term.chars().skip(1).collect(),
            ] {
                let found = ending(text.as_bytes()).map(|(length, _)| length);
                assert_eq!(found, naive(&text), "{text}");
            }
        }
    }

    #[test]
    fn a_short_name_is_a_word_or_the_first_word_of_a_name() {
        for (text, want) in [
            ("tim", true),
            ("TIM login", true),
            ("tim OK", true),
            ("TIMManager", true),
            ("onTimLogin", true),
            ("tim_x", true),
            ("TIMEOUT", false),
            ("time", false),
            ("time x", false),
            ("Timer: x", false),
            ("victim x", false),
        ] {
            let found = vendors(text.as_bytes()).next();
            assert_eq!(found.is_some(), want, "{text}");
        }
    }

    fn name(role: Role) -> &'static str {
        Role::ALL.iter().find(|(_, other)| *other == role).expect("all are listed").0
    }

    fn spelled(how: Match) -> &'static str {
        Match::ALL.iter().find(|(_, other)| *other == how).expect("all are listed").0
    }
}
