//! The words of an entry's texts around its number: an app says in its own words what happened,
//! `账号被禁用(801006)`.
//!
//! Owns which words are in so many entries that they say little about one. Knows nothing about
//! verdicts.

use std::ops::Range;
use std::sync::LazyLock;

use super::chunk;
use super::lexicon::{self, Role};
use super::occurrence::Occurrence;
use super::role::Roles;
use crate::catalog::{self, Entry};

/// How far from the number the words may be, in bytes.
const NEAR_BYTES: usize = 96;
/// The shortest English word that may be evidence, in bytes.
const WORD_BYTES_MIN: usize = 5;
/// How many entries may share a word or a pair of Chinese letters at most.
const ENTRIES_MAX: u8 = 8;
/// English words of the vendor's messages that are in any text.
const FUNCTION_WORDS: [&str; 23] = [
    "again", "already", "beyond", "check", "contains", "content", "empty", "enough", "event",
    "exists", "first", "format", "getting", "input", "later", "logged", "other", "please",
    "setting", "should", "state", "there", "while",
];

/// Whether the text around the number has two different words, or pairs of Chinese letters, that
/// few other entries share; one is enough for a number in parentheses, as apps show a code after a
/// text. Entries of a user's catalog have none: nobody knows how rare they are.
#[must_use]
pub(super) fn is_near(occurrence: &Occurrence<'_>) -> bool {
    let entry = occurrence.entry();
    let Some((entry, places)) = entry.and_then(|entry| Some((entry, RARE.of(entry)?))) else {
        return false;
    };
    let pairs = if occurrence.is_in_ascii() { &[] } else { places.pairs };
    let (mut first, mut left) = (None, pairs.len() + places.words.len());
    let needed = if is_in_parentheses(occurrence) { 1 } else { 2 };
    if left < needed {
        return false;
    }
    let (before, after) = (occurrence.before, occurrence.after);
    let before = &before[before.len().saturating_sub(NEAR_BYTES)..];
    let near = [before, &after[..after.len().min(NEAR_BYTES)]];
    let is_there = |word: &[u8]| near.iter().any(|text| lexicon::contains(text, word));
    let (zh, message) = (entry.meaning.zh, entry.message.unwrap_or_default());
    for (text, places) in [(zh, pairs), (message, places.words)] {
        for place in places {
            let word = &text.as_bytes()[place.range()];
            if left < needed && first.is_none() {
                return false;
            }
            left -= 1;
            if first != Some(word) && is_there(word) {
                if first.is_some() || needed == 1 {
                    return true;
                }
                first = Some(word);
            }
        }
    }
    false
}

/// `(871300)`, `（871300）`
fn is_in_parentheses(occurrence: &Occurrence<'_>) -> bool {
    let (before, after) = (occurrence.before, occurrence.after);
    let is_in = |open: &str, close: &str| {
        before.ends_with(open.as_bytes()) && after.starts_with(close.as_bytes())
    };
    is_in("(", ")") || is_in("（", "）")
}

/// The first bytes of Chinese letters, of which each has three.
const LETTERS: [u8; 6] = [0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9];
const LETTER_BYTES: usize = 3;

/// The pairs of Chinese letters in a text that are next to each other.
fn pairs(text: &str) -> impl Iterator<Item = &[u8]> {
    let is_pair =
        |pair: &&[u8]| LETTERS.contains(&pair[0]) && LETTERS.contains(&pair[LETTER_BYTES]);
    text.as_bytes().windows(2 * LETTER_BYTES).filter(is_pair)
}

/// The English words of a text that may be evidence.
fn words(text: &str) -> impl Iterator<Item = &[u8]> {
    let words = text.split(|letter: char| !letter.is_ascii_alphabetic());
    let says_little = |word: &str| {
        FUNCTION_WORDS.iter().any(|other| other.eq_ignore_ascii_case(word))
            || lexicon::word(word.as_bytes()) != Roles::default()
            || lexicon::holds(word.as_bytes(), Role::Sdk)
    };
    let long = words.filter(|word| word.len() >= WORD_BYTES_MIN);
    long.filter(move |word| !says_little(word)).map(str::as_bytes)
}

/// How many entries have a word, by its hash. Others with the same hash count too, so a rare one
/// may seem common.
struct Counts(Box<[u8; 1 << HASH_BITS]>);

const HASH_BITS: u32 = 14;

impl Counts {
    fn new(entries: &[Entry<'_>]) -> Self {
        let mut counts = Counts(Box::new([0; 1 << HASH_BITS]));
        for entry in entries {
            for word in pairs(entry.meaning.zh).chain(words(entry.message.unwrap_or_default())) {
                let count = &mut counts.0[Counts::place(word)];
                *count = count.saturating_add(1);
            }
        }
        counts
    }

    fn is_rare(&self, word: &[u8]) -> bool {
        self.0[Counts::place(word)] <= ENTRIES_MAX
    }

    fn place(word: &[u8]) -> usize {
        let [first, last] = [chunk::first(word), chunk::last(word)].map(chunk::lowercase);
        chunk::top(chunk::mixed([first, last]), 1 << HASH_BITS)
    }
}

/// Where the rare words of the built-in entries are in their texts.
struct Rare {
    places: Vec<Place>,
    /// Where the places of each entry end: those of its pairs, and those of its words after them.
    ends: Vec<[u16; 2]>,
}

/// A word's place in a text, whose first bytes are looked at.
#[derive(Clone, Copy)]
struct Place {
    start: u8,
    length: u8,
}

/// The places of an entry's rare pairs in its Chinese meaning, and of the rare words in its
/// message.
struct Places<'r> {
    pairs: &'r [Place],
    words: &'r [Place],
}

static RARE: LazyLock<Rare> = LazyLock::new(|| Rare::new(catalog::built_in()));

impl Rare {
    fn new(entries: &[Entry<'_>]) -> Self {
        let counts = Counts::new(entries);
        let mut rare = Rare { places: Vec::new(), ends: Vec::with_capacity(entries.len()) };
        for entry in entries {
            let (zh, message) = (entry.meaning.zh, entry.message.unwrap_or_default());
            let ends =
                [rare.add(&counts, zh, pairs(zh)), rare.add(&counts, message, words(message))];
            rare.ends.push(ends);
        }
        rare.places.shrink_to_fit();
        rare
    }

    /// Adds the rare ones among some words of a text. Returns where the places end then.
    fn add<'t>(
        &mut self,
        counts: &Counts,
        text: &str,
        words: impl Iterator<Item = &'t [u8]>,
    ) -> u16 {
        let place = |word: &[u8]| {
            let start = word.as_ptr().addr() - text.as_ptr().addr();
            Some(Place { start: start.try_into().ok()?, length: word.len().try_into().ok()? })
        };
        self.places.extend(words.filter(|word| counts.is_rare(word)).filter_map(place));
        self.places.len() as u16
    }

    /// Those of a built-in entry.
    fn of(&self, entry: &Entry<'_>) -> Option<Places<'_>> {
        let index = catalog::built_in_index(entry)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before][1]);
        let [middle, end] = self.ends[index];
        let part = |range: Range<u16>| &self.places[range.start.into()..range.end.into()];
        Some(Places { pairs: part(start..middle), words: part(middle..end) })
    }
}

impl Place {
    fn range(self) -> Range<usize> {
        usize::from(self.start)..usize::from(self.start) + usize::from(self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_entries_share_is_common() {
        let counts = Counts::new(catalog::built_in());
        for common in ["用户", "群组", "消息", "失败", "blacklist", "engine"] {
            assert!(!counts.is_rare(common.as_bytes()), "{common}");
        }
        for rare in ["敏感", "禁用", "试用", "granted", "GRANTED", "package"] {
            assert!(counts.is_rare(rare.as_bytes()), "{rare}");
        }
    }

    #[test]
    fn a_pair_is_of_letters_and_a_word_says_something() {
        let texts = |words: Vec<&[u8]>| {
            words.into_iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(texts(pairs("a用户，已存在b").collect()), "用户 已存 存在");
        assert_eq!(
            texts(words("Network of nobody, please check: JMRtc 12 ok").collect()),
            "Network nobody"
        );
    }

    /// The places fit into their numbers, and are those of rare words.
    #[test]
    fn the_rare_words_of_an_entry_are_in_its_texts() {
        let entries = catalog::built_in();
        let of = |code: u64| {
            let entry = entries.iter().find(|entry| entry.code.number() == code).expect("listed");
            let Places { pairs, words } = RARE.of(entry).expect("it is built in");
            let text = |text: &str, places: &[Place]| {
                let words = places.iter().map(|place| &text[place.range()]);
                words.collect::<Vec<_>>().join(" ")
            };
            let message = entry.message.unwrap_or_default();
            (text(entry.meaning.zh, pairs), text(message, words))
        };
        assert_eq!(of(871_300).1, "");
        assert_eq!(of(872_105).1, "required permission granted");
        assert!(of(801_006).0.contains("禁用"));
        let is_known = |entry: &Entry<'_>| RARE.of(entry).is_some();
        assert!(entries.iter().all(is_known) && !is_known(&entries[0].clone()));
        let longest = entries.iter().map(|entry| entry.meaning.zh.len()).max();
        assert!(longest < Some(256) && RARE.places.len() < usize::from(u16::MAX));
    }
}
