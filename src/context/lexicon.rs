//! The words that say what a number is: `lexicon.tsv`, parsed once and looked up by binary search.
//!
//! Owns the table and the ways in which a term matches. Knows nothing of occurrences or rules;
//! `README.md` beside this file describes the columns and what each role is for.

use std::sync::LazyLock;

/// What a term says about a number near it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Before the number: it is a code. `code`, `errno`, `错误码`.
    Code,
    /// Before the number: something failed, and the number says why. `failed`, `失败`.
    Failure,
    /// Before the number: it is the outcome of a call, which may be a code. `status`, `返回`.
    Outcome,
    /// Before the number: it is something else. `size`, `uid`, `versionCode`, `耗时`.
    Other,
    /// Ends like another key, and says nothing: `valid` is no id.
    Neutral,
    /// Says nothing between a key and its number: `error code is 871300`.
    Filler,
    /// Part of the key before it: `error no. 871300`, but not `order no. 871300`.
    Ordinal,
    /// Joins a Chinese or English key and its value: `验证码是`, `错误码为`.
    Copula,
    /// Part of a compound name that makes it the name of a code: `ERROR_NO_SUCH_USER`.
    Compound,
    /// Ends a compound name that counts or measures errors: `error_count`.
    Measure,
    /// The name of a call, after which a callback's value may come.
    Call,
    /// What decompiled and hurried code calls a callback's value: `i`, `p0`.
    Parameter,
    /// Names a text that an app shows, which may be anything, a code too: `toast`.
    TextName,
    /// Names the message that comes with a code: `desc`, `描述`.
    MessageName,
    /// Declares a constant in source code.
    Declaration,
    /// Precedes the value that a failed test got.
    Got,
    /// After the number: it is the number of an error. `871300 error`.
    ErrorWord,
    /// Glued to the number's end: `871504错误`.
    ErrorSuffix,
    /// Begins the text of an error: `not`, `未`.
    ErrorText,
    /// After the number: a unit, or what is counted.
    Unit,
    /// Looks like a plural after the number, and counts nothing: `means`.
    Verb,
    /// Ends the name of a source or text file.
    FileEnding,
    /// Names the SDK, anywhere in a text.
    Sdk,
}

impl Role {
    const ALL: [(&'static str, Role); 23] = [
        ("code", Role::Code),
        ("failure", Role::Failure),
        ("outcome", Role::Outcome),
        ("other", Role::Other),
        ("neutral", Role::Neutral),
        ("filler", Role::Filler),
        ("ordinal", Role::Ordinal),
        ("copula", Role::Copula),
        ("compound", Role::Compound),
        ("measure", Role::Measure),
        ("call", Role::Call),
        ("parameter", Role::Parameter),
        ("text-name", Role::TextName),
        ("message-name", Role::MessageName),
        ("declaration", Role::Declaration),
        ("got", Role::Got),
        ("error-word", Role::ErrorWord),
        ("error-suffix", Role::ErrorSuffix),
        ("error-text", Role::ErrorText),
        ("unit", Role::Unit),
        ("verb", Role::Verb),
        ("file-ending", Role::FileEnding),
        ("sdk", Role::Sdk),
    ];
}

/// A set of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Roles(u32);

impl Roles {
    pub(super) fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u32) != 0
    }

    fn add(&mut self, role: Role) {
        self.0 |= 1 << role as u32;
    }

    /// What a key with these roles says; `None`: it is neutral.
    fn key(self) -> Option<Role> {
        [Role::Code, Role::Failure, Role::Outcome, Role::Other]
            .into_iter()
            .find(|role| self.has(*role))
    }
}

/// How a term matches in one of its roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    /// It is a whole name or its last word.
    Word,
    /// A name or text ends with it; of several, the longest counts.
    End,
    /// A text begins with it.
    Start,
    /// A text holds it.
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
    is_chinese: bool,
    uses: Vec<(Role, Match)>,
}

const TABLE: &str = include_str!("lexicon.tsv");

/// The table, ready for lookups.
struct Lexicon {
    rows: Vec<Row<'static>>,
    /// Terms that match as words, sorted.
    words: Vec<(&'static str, Roles)>,
    /// Terms that match at the end of a text, sorted by their bytes from the last to the first.
    endings: Vec<Ending>,
}

struct Ending {
    /// The term's bytes, the last one first.
    reversed: Vec<u8>,
    roles: Roles,
    /// The longest other term that the reversed bytes begin with.
    shorter: Option<usize>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(TABLE));

impl Lexicon {
    fn new(table: &'static str) -> Self {
        let rows: Vec<_> = table.lines().skip(1).map(Row::parse).collect();
        let roles = |row: &Row<'_>, wanted: Match| {
            let mut roles = Roles::default();
            row.uses
                .iter()
                .filter(|(_, how)| *how == wanted)
                .for_each(|(role, _)| roles.add(*role));
            (roles != Roles::default()).then_some(roles)
        };
        let words =
            rows.iter().filter_map(|row| Some((row.term, roles(row, Match::Word)?))).collect();
        let endings = rows.iter().filter_map(|row| Some((row.term, roles(row, Match::End)?)));
        let endings = sorted_endings(endings.collect());
        Lexicon { rows, words, endings }
    }
}

impl<'t> Row<'t> {
    fn parse(line: &'t str) -> Self {
        let row = Row::try_parse(line);
        row.expect("a test holds each row of the table to its form")
    }

    fn try_parse(line: &'t str) -> Option<Self> {
        let mut cells = line.split('\t');
        let (term, language, roles, matches) =
            (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
        let role =
            |word: &str| Role::ALL.iter().find(|(name, _)| *name == word).map(|(_, role)| *role);
        let how =
            |word: &str| Match::ALL.iter().find(|(name, _)| *name == word).map(|(_, how)| *how);
        let uses = roles.split(' ').zip(matches.split(' '));
        let uses =
            uses.map(|(one, two)| Some((role(one)?, how(two)?))).collect::<Option<Vec<_>>>()?;
        Some(Row { term, is_chinese: language == "zh", uses })
    }
}

fn sorted_endings(terms: Vec<(&str, Roles)>) -> Vec<Ending> {
    let reversed = |term: &str| term.bytes().rev().collect::<Vec<u8>>();
    let mut sorted: Vec<_> = terms.iter().map(|(term, roles)| (reversed(term), *roles)).collect();
    sorted.sort_by(|(one, _), (two, _)| one.cmp(two));
    let mut endings: Vec<Ending> = Vec::new();
    for (reversed, roles) in sorted {
        let mut shorter = endings.len().checked_sub(1);
        while let Some(at) = shorter.filter(|at| !reversed.starts_with(&endings[*at].reversed)) {
            shorter = endings[at].shorter;
        }
        endings.push(Ending { reversed, roles, shorter });
    }
    endings
}

/// How a reversed term compares with a text that is read backward, as far as the term goes.
fn compare_backward(reversed: &[u8], text: &[u8]) -> std::cmp::Ordering {
    reversed.iter().cmp(text.iter().rev())
}

/// The roles of a word in lower case; none where it is not in the lexicon.
pub(super) fn word(lower: &[u8]) -> Roles {
    let words = &LEXICON.words;
    let found = words.binary_search_by(|(term, _)| term.as_bytes().cmp(lower));
    found.map_or(Roles::default(), |at| words[at].1)
}

/// The roles of a word in any case.
pub(super) fn word_in_any_case(text: &[u8]) -> Roles {
    let mut lower = [0; NAME_BYTES_MAX];
    let Some(lower) = lower.get_mut(..text.len()) else { return Roles::default() };
    lower.copy_from_slice(text);
    lower.make_ascii_lowercase();
    word(lower)
}

/// The longest term with which a text ends, and its roles.
fn ending(text: &[u8]) -> Option<(usize, Roles)> {
    let endings = &LEXICON.endings;
    let after = endings.partition_point(|ending| compare_backward(&ending.reversed, text).is_le());
    let mut found = after.checked_sub(1);
    while let Some(at) = found {
        let Ending { reversed, roles, shorter } = &endings[at];
        if reversed.len() <= text.len()
            && reversed.iter().eq(text.iter().rev().take(reversed.len()))
        {
            return Some((reversed.len(), *roles));
        }
        found = *shorter;
    }
    None
}

/// Whether a name ends with a term that has this role at the end of a name.
pub(super) fn ends_with(lower: &[u8], role: Role) -> bool {
    ending(lower).is_some_and(|(_, roles)| roles.has(role))
}

/// The longest term of a role with which a text begins, its length in bytes.
pub(super) fn starts_with(text: &[u8], role: Role) -> Option<usize> {
    let rows = &LEXICON.rows;
    let length = |row: &Row<'_>| {
        let fits =
            text.starts_with(row.term.as_bytes()) && row.uses.contains(&(role, Match::Start));
        fits.then_some(row.term.len())
    };
    let first = text.first().copied()?;
    let from = rows.partition_point(|row| row.term.as_bytes()[0] < first);
    let same = rows[from..].iter().take_while(|row| row.term.as_bytes()[0] == first);
    same.filter_map(length).max()
}

/// Whether a text, in any case, holds a term of a role.
pub(super) fn holds(text: &[u8], role: Role) -> bool {
    let rows = LEXICON.rows.iter().filter(|row| row.uses.contains(&(role, Match::Inside)));
    rows.into_iter().any(|row| contains(text, row.term.as_bytes()))
}

/// A regular expression for the terms of a role: English ones as whole words in any case, Chinese
/// ones as they are.
pub(super) fn alternation(role: &str) -> String {
    let role = Role::ALL.iter().find(|(name, _)| *name == role).map(|(_, role)| *role);
    let terms = |is_chinese: bool| {
        let has_role = move |row: &&Row<'_>| row.uses.iter().any(|(other, _)| Some(*other) == role);
        let rows =
            LEXICON.rows.iter().filter(has_role).filter(move |row| row.is_chinese == is_chinese);
        rows.map(|row| regex::escape(row.term)).collect::<Vec<_>>()
    };
    let english = match terms(false) {
        terms if terms.is_empty() => Vec::new(),
        terms => vec![format!(r"(?i-u:{})(?-u:\b)", terms.join("|"))],
    };
    format!("(?:{})", [english, terms(true)].concat().join("|"))
}

/// How many bytes of a name are looked at, from its end.
const NAME_BYTES_MAX: usize = 48;
/// The shortest name that ends in `id` and names an id by that alone, in bytes.
const ID_NAME_BYTES_MIN: usize = 4;
/// The shortest name of a code of something else, in bytes: `mcode`.
const OTHER_CODE_BYTES_MIN: usize = 5;

/// What an English name says about the number after it; `None` where it is neutral.
///
/// The name is an identifier, whose words are told apart by case (`responseCode`) or separators
/// (`error_code`).
#[must_use]
pub(super) fn key_role(name: &[u8]) -> Option<Role> {
    let name = &name[name.len().saturating_sub(NAME_BYTES_MAX)..];
    let (mut lower, mut plain) = ([0; NAME_BYTES_MAX], [0; NAME_BYTES_MAX]);
    let lower = &mut lower[..name.len()];
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    let plain = without_separators(lower, &mut plain);
    let (at_end, last) = (ending(plain), last_word(name, lower));
    let whole =
        if last.len() == plain.len() { word(last) } else { either(word(last), word(plain)) };
    match at_end.map(|(length, roles)| (length, roles.key())) {
        Some((length, Some(Role::Other))) if length >= OTHER_CODE_BYTES_MIN => {
            return Some(Role::Other);
        }
        Some((length, Some(Role::Code))) if lower.ends_with(&plain[plain.len() - length..]) => {
            return Some(Role::Code);
        }
        _ => {}
    }
    let compound = || lower.split(|byte| is_name_separator(*byte)).map(word);
    let begins_compound = || compound().next().is_some_and(|roles| roles.has(Role::Compound));
    let names_id =
        plain.len() >= ID_NAME_BYTES_MIN && at_end.is_some_and(|(_, roles)| roles.has(Role::Other));
    match () {
        () if word(last).has(Role::Code) => Some(Role::Code),
        () if whole.has(Role::Failure) => Some(Role::Failure),
        () if whole.has(Role::Outcome) => Some(Role::Outcome),
        () if begins_compound() && !word(last).has(Role::Measure) => Some(Role::Code),
        () if whole.has(Role::Other) || names_id => Some(Role::Other),
        () if compound().any(|roles| roles.has(Role::Compound)) => Some(Role::Code),
        () => None,
    }
}

fn either(one: Roles, two: Roles) -> Roles {
    Roles(one.0 | two.0)
}

/// Whether two words together name a code of something else: `product code`.
pub(super) fn names_other_code(first: &[u8], second: &[u8]) -> bool {
    let name = [first, second].concat().to_ascii_lowercase();
    let found = ending(&name);
    found.is_some_and(|(length, roles)| length >= OTHER_CODE_BYTES_MIN && roles.has(Role::Other))
}

fn is_name_separator(byte: u8) -> bool {
    matches!(byte, b'_' | b'-' | b'.')
}

fn without_separators<'s>(lower: &[u8], space: &'s mut [u8; NAME_BYTES_MAX]) -> &'s [u8] {
    let mut length = 0;
    for byte in lower.iter().copied().filter(|byte| !is_name_separator(*byte)) {
        space[length] = byte;
        length += 1;
    }
    &space[..length]
}

/// The last word of a name in camel case or with separators, in lower case, without the digits
/// that number it.
fn last_word<'n>(name: &[u8], lower: &'n [u8]) -> &'n [u8] {
    let begins = |at: usize| {
        let (before, byte) = (name[at - 1], name[at]);
        is_name_separator(before)
            || before == b'$'
            || (byte.is_ascii_uppercase() && before.is_ascii_lowercase())
            || (byte.is_ascii_alphabetic() && before.is_ascii_digit())
    };
    let start = (1..name.len()).rev().find(|at| begins(*at)).unwrap_or(0);
    let word = &lower[start..];
    let digits = word.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    &word[..word.len() - digits]
}

/// What the end of a text without a name says about the number after it: `登录错误码`, and through a
/// copula `错误码为`, `code是`.
#[must_use]
pub(super) fn text_role(text: &[u8]) -> Option<Role> {
    let (length, roles) = ending(text)?;
    if roles.has(Role::Copula) {
        let named = &text[..text.len() - length];
        let word = named.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let role = match word {
            0 => ending(named).and_then(|(_, roles)| roles.key()),
            word => key_role(&named[named.len() - word..]),
        };
        return role.or(roles.key());
    }
    roles.key()
}

/// How far into a Chinese text it says that it is the text of an error, in bytes: five characters.
const ERROR_TEXT_ZH_BYTES: usize = 15;

/// Whether a text begins as the text of an error does: `not login`, `尚未登录`, `登录失败`.
#[must_use]
pub(super) fn is_error_text(text: &[u8]) -> bool {
    let length = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    if length > 0 {
        return word_in_any_case(&text[..length]).has(Role::ErrorText);
    }
    let start = &text[..text.len().min(ERROR_TEXT_ZH_BYTES)];
    start.first().is_some_and(|byte| *byte >= 0xe3) && holds(start, Role::ErrorText)
}

/// Whether `text` holds `word`, which is in lower case, in any case.
#[must_use]
pub(super) fn contains(text: &[u8], word: &[u8]) -> bool {
    let Some(&first) = word.first() else { return true };
    let upper = first.to_ascii_uppercase();
    memchr::memchr2_iter(first, upper, text).any(|at| begins_with(&text[at..], word))
}

/// Whether `text` begins with `word` in any case.
#[must_use]
pub(super) fn begins_with(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I9: parsed and printed, the table is the same text; sorted, so no term is there twice.
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
            let language = if row.is_chinese { "zh" } else { "en" };
            let (roles, matches) = (column(|(role, _)| role), column(|(_, how)| how));
            text.push_str(&format!("{}\t{language}\t{roles}\t{matches}\n", row.term));
            assert_eq!(row.term.to_lowercase(), row.term, "terms are in lower case");
            assert_eq!(row.is_chinese, !row.term.is_ascii(), "{}", row.term);
        }
        assert_eq!(text, TABLE);
        assert!(LEXICON.rows.is_sorted_by(|one, two| one.term.as_bytes() < two.term.as_bytes()));
    }

    #[test]
    fn every_role_has_a_term() {
        for (name, role) in Role::ALL {
            let has = |row: &Row<'_>| row.uses.iter().any(|(other, _)| *other == role);
            assert!(LEXICON.rows.iter().any(has), "{name}");
        }
    }

    /// A search through all endings finds what the index finds.
    #[test]
    fn the_longest_ending_is_found() {
        let naive = |text: &[u8]| {
            let ends = |ending: &&Ending| {
                text.iter()
                    .rev()
                    .copied()
                    .take(ending.reversed.len())
                    .eq(ending.reversed.iter().copied())
            };
            LEXICON.endings.iter().filter(ends).map(|ending| ending.reversed.len()).max()
        };
        for row in &LEXICON.rows {
            for text in [
                row.term.to_owned(),
                format!("x{}", row.term),
                format!("短信{}", row.term),
                row.term.chars().skip(1).collect(),
            ] {
                assert_eq!(
                    ending(text.as_bytes()).map(|(length, _)| length),
                    naive(text.as_bytes()),
                    "{text}"
                );
            }
        }
    }

    fn name(role: Role) -> &'static str {
        Role::ALL.iter().find(|(_, other)| *other == role).expect("all are listed").0
    }

    fn spelled(how: Match) -> &'static str {
        Match::ALL.iter().find(|(_, other)| *other == how).expect("all are listed").0
    }

    #[test]
    fn names_say_what_follows_them() {
        let cases = [
            ("responseCode", Some(Role::Code)),
            ("error_code", Some(Role::Code)),
            ("ERRCODE", Some(Role::Code)),
            ("lastErrno", Some(Role::Code)),
            ("onError", Some(Role::Code)),
            ("code_", None),
            ("status", Some(Role::Outcome)),
            ("gotResult", Some(Role::Outcome)),
            ("versionCode", Some(Role::Other)),
            ("request_code", Some(Role::Other)),
            ("HASHCODE", Some(Role::Other)),
            ("loginFailed", Some(Role::Failure)),
            ("ERROR_NO_SUCH_USER", Some(Role::Code)),
            ("error_count", Some(Role::Other)),
            ("groupId", Some(Role::Other)),
            ("windowid", Some(Role::Other)),
            ("isvalid", None),
            ("aid", None),
            ("total_size", Some(Role::Other)),
            ("uid2", Some(Role::Other)),
            ("enterChatRoomNow", None),
            ("register", None),
            ("", None),
        ];
        for (name, want) in cases {
            assert_eq!(key_role(name.as_bytes()), want, "{name}");
        }
    }

    #[test]
    fn chinese_texts_say_what_follows_them() {
        let cases = [
            ("登录错误码", Some(Role::Code)),
            ("设置失败", Some(Role::Failure)),
            ("会报", Some(Role::Outcome)),
            ("短信验证码", Some(Role::Other)),
            ("短信验证码是", Some(Role::Other)),
            ("错误码为", Some(Role::Code)),
            ("errorCode是", Some(Role::Code)),
            ("versionCode是", Some(Role::Other)),
            ("得到的是", Some(Role::Outcome)),
            ("耗时", Some(Role::Other)),
            ("你好", None),
        ];
        for (text, want) in cases {
            assert_eq!(text_role(text.as_bytes()), want, "{text}");
        }
    }

    #[test]
    fn a_pattern_holds_the_words_of_a_role() {
        let pattern = alternation("error-word");
        assert!(
            pattern.starts_with(r"(?:(?i-u:err|errcode|error|") && pattern.ends_with("|错误)"),
            "{pattern}"
        );
    }
}
