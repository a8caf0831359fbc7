//! `--fail-on`: which codes fail a build, and whether any of them were found.
//!
//! Owns the syntax of the list, and what each item counts. Knows no exit status.
//! [`FailOn::check`] compares the list with a catalog as soon as there is one.

use std::fmt;
use std::str::FromStr;

use super::{Count, Tally};
use crate::catalog::{Catalog, Code, CodeRange, Family, Lookup, Severity};

/// What fails a build, read from a list such as `any,!871201` or `error,871300-871399:10`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailOn {
    items: Vec<Item>,
    except: Vec<What>,
}

/// One thing that fails a build, and how often it must be found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    what: What,
    times: u64,
    /// As it was typed.
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Any,
    /// Codes that are in no list.
    Unknown,
    /// Inputs without text.
    Empty,
    Codes(CodeRange),
    Severity(Severity),
    /// Any other word that has the form of a family's name.
    Family(String),
}

/// What is wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FailOnError {
    /// There is nothing in it.
    Empty,
    /// An item that has no meaning.
    Unknown(String),
    /// An item that no code can match, so that it would let every build pass.
    NeverFound(String),
}

/// What a list fails.
#[derive(Debug, Default)]
pub(super) struct Found<'t, 'c> {
    /// The codes, in the order of [`Tally::by_severity`].
    pub(super) codes: Vec<&'t Count<'c>>,
    /// Whether inputs without text fail, and there are any.
    pub(super) empty: bool,
    /// The items with `:N` that name more than one thing, as typed, and what they counted.
    pub(super) sums: Vec<(String, u64)>,
}

impl FromStr for FailOn {
    type Err = FailOnError;

    /// Reads a list. A list with only exceptions means any code except those.
    fn from_str(list: &str) -> Result<Self, FailOnError> {
        let mut fail_on = FailOn { items: Vec::new(), except: Vec::new() };
        for item in list.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            let unknown = || FailOnError::Unknown(item.to_owned());
            match item.strip_prefix('!') {
                Some(what) => fail_on.except.push(What::parse(what).ok_or_else(unknown)?),
                None => fail_on.items.push(Item::parse(item).ok_or_else(unknown)?),
            }
        }
        match (fail_on.items.is_empty(), fail_on.except.is_empty()) {
            (true, true) => return Err(FailOnError::Empty),
            (true, false) => fail_on.items.extend(Item::parse("any")),
            (false, _) => {}
        }
        Ok(fail_on)
    }
}

impl FailOn {
    /// Checks that every word of the list that could be the name of a family is one, and that the
    /// catalog has a code for each item.
    ///
    /// # Errors
    /// The first word that is not the name of a family, or the first item that no code can match.
    pub fn check(&self, catalog: &Catalog<'_>) -> Result<(), FailOnError> {
        let entries = catalog.entries();
        for what in self.items.iter().map(|item| &item.what).chain(&self.except) {
            if let What::Family(name) = what
                && !catalog.knows_family(name)
            {
                return Err(FailOnError::Unknown(name.clone()));
            }
        }
        let listed = entries.iter().filter(|entry| entry.code != Code::SUCCESS);
        let listed = listed.map(|entry| (entry.code, Lookup::Listed(entry)));
        let unlisted = catalog.unlisted().map(|code| (code, Lookup::Unlisted));
        let all: Vec<_> = listed.chain(unlisted).collect();
        let can_be_found = |what: &What| match what {
            What::Empty => !self.except.contains(what),
            _ => all.iter().any(|(code, lookup)| self.names(what, *code, *lookup)),
        };
        match self.items.iter().find(|item| !can_be_found(&item.what)) {
            Some(item) => Err(FailOnError::NeverFound(item.text.clone())),
            None => Ok(()),
        }
    }

    /// Whether an item names a code that no exception excludes.
    fn names(&self, what: &What, code: Code, lookup: Lookup<'_>) -> bool {
        what.has(code, lookup) && !self.except.iter().any(|what| what.has(code, lookup))
    }

    /// What fails the build. An item with `:N` counts everything that it names together.
    pub(super) fn found<'t, 'c>(&self, tally: &'t Tally<'c>) -> Found<'t, 'c> {
        let counts = tally.by_severity();
        let named = |what: &What, count: &Count<'_>| self.names(what, count.code, count.lookup);
        let counted = |what: &What| match what {
            What::Empty if self.except.contains(what) => 0,
            What::Empty => tally.empty_inputs().count(),
            _ => counts.iter().filter(|count| named(what, count)).map(|count| count.count).sum(),
        };
        let reached: Vec<(&Item, u64)> = self
            .items
            .iter()
            .map(|item| (item, counted(&item.what)))
            .filter(|(item, sum)| *sum >= item.times)
            .collect();
        let sums = reached.iter().filter(|(item, _)| item.times > 1 && item.what.is_plural());
        let sums = sums.map(|(item, sum)| (item.text.clone(), *sum)).collect();
        let empty = reached.iter().any(|(item, _)| item.what == What::Empty);
        let is_found =
            |count: &&Count<'_>| reached.iter().any(|(item, _)| named(&item.what, count));
        let codes = counts.iter().copied().filter(is_found).collect();
        Found { codes, empty, sums }
    }
}

impl Item {
    fn parse(text: &str) -> Option<Self> {
        let (what, times) = text.split_once(':').unwrap_or((text, "1"));
        let is_number = times.bytes().all(|byte| byte.is_ascii_digit());
        let times = times.parse().ok().filter(|times| is_number && *times > 0)?;
        Some(Item { what: What::parse(what)?, times, text: text.to_owned() })
    }
}

impl What {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "any" => return Some(What::Any),
            "unknown" => return Some(What::Unknown),
            "empty" => return Some(What::Empty),
            _ => {}
        }
        if let Some(severity) = Severity::parse(text) {
            return Some(What::Severity(severity));
        }
        if Family::new(text).is_some() {
            return Some(What::Family(text.to_owned()));
        }
        text.parse().ok().map(What::Codes)
    }

    fn has(&self, code: Code, lookup: Lookup<'_>) -> bool {
        match (self, lookup) {
            (What::Any, _) | (What::Unknown, Lookup::Unlisted) => true,
            (What::Codes(range), _) => range.contains(code),
            (What::Severity(severity), lookup) => lookup.severity() == *severity,
            (What::Family(name), Lookup::Listed(entry)) => entry.family.name() == name,
            (What::Unknown, Lookup::Listed(_))
            | (What::Family(_), Lookup::Unlisted)
            | (What::Empty, _) => false,
        }
    }

    /// Whether it may name more than one code.
    fn is_plural(&self) -> bool {
        match self {
            What::Codes(range) => range.single().is_none(),
            What::Any | What::Unknown | What::Severity(_) | What::Family(_) => true,
            What::Empty => false,
        }
    }
}

impl fmt::Display for FailOnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FailOnError::Empty => f.write_str("the list is empty")?,
            FailOnError::Unknown(item) => write!(f, "unknown item `{item}`")?,
            FailOnError::NeverFound(item) => {
                return write!(
                    f,
                    "`{item}` would never fail a build: nothing that it names is looked for, or all \
                     of it is excluded; see `--codes` and `jm-annotate list`"
                );
            }
        }
        f.write_str(
            "; expected one of: any, unknown, empty, a code (871300), a range (871300-871399), a \
             family (android), a severity (error, warning, info), each optionally followed by `:N` \
             (at least N times) or preceded by `!` (excluded)",
        )
    }
}

impl std::error::Error for FailOnError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Selection;

    fn parse(list: &str) -> Result<FailOn, FailOnError> {
        let fail_on: FailOn = list.parse()?;
        fail_on.check(&Catalog::new(Selection::All))?;
        Ok(fail_on)
    }

    #[test]
    fn every_form_of_item_is_read() {
        for good in [
            "any", "871300", "871300-871399", "android", "error", "warning,info", "any,!871201",
            "!871201", "871201:10", " any , ", "!android", "unknown", "empty", "!unknown",
            "empty:2",
        ] {
            assert!(parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn an_unknown_item_is_named() {
        for (bad, item) in [
            ("any,fatal", "fatal"),
            ("!fatal", "fatal"),
            ("871300-", "871300-"),
            ("871399-871300", "871399-871300"),
            ("any:0", "any:0"),
            ("any:x", "any:x"),
            ("!any:2", "!any:2"),
            ("Android", "Android"),
            ("8713x0", "8713x0"),
            ("-5", "-5"),
        ] {
            let error = parse(bad).expect_err(bad).to_string();
            let start = format!("unknown item `{item}`; expected one of: any, ");
            assert!(error.starts_with(&start), "{error}");
        }
        for bad in ["", ","] {
            let error = parse(bad).expect_err(bad).to_string();
            assert!(error.starts_with("the list is empty; expected one of: any, "), "{error}");
        }
    }

    #[test]
    fn an_item_that_can_never_be_found_is_an_error() {
        let all = Catalog::new(Selection::All);
        let android = Catalog::new(Selection::Only(vec!["android".to_owned()]));
        let server = Catalog::new(Selection::Only(vec!["server".to_owned()]));
        let never = |item: &str| Err(FailOnError::NeverFound(item.to_owned()));
        let check =
            |list: &str, catalog: &Catalog<'_>| list.parse::<FailOn>().expect(list).check(catalog);
        for list in ["server", "898001", "871998", "871998-900000:3", "any", "unknown,empty"] {
            assert_eq!(check(list, &all), Ok(()), "{list}");
        }
        assert_eq!(check("any,971300", &all), never("971300"));
        assert_eq!(check("0", &all), never("0"));
        assert_eq!(check("server:2", &android), never("server:2"));
        assert_eq!(check("898001-899999", &android), never("898001-899999"));
        assert_eq!(check("871998", &server), never("871998"));
        assert_eq!(check("android,!server,!898001", &android), Ok(()));
        for dead in ["unknown", "871300,!871300", "android,!android"] {
            let item = dead.split(',').next().expect("an item");
            assert_eq!(check(dead, if dead == "unknown" { &server } else { &all }), never(item));
        }
        assert_eq!(check("any,!android,!unknown", &android), never("any"));
        assert_eq!(check("any,!shop", &all), Err(FailOnError::Unknown("shop".to_owned())));
        let mut android = android;
        let row = "50001\tshop\tneeded\terror\tx\t\tE\t中\t\t\n";
        android.overlay(crate::catalog::parse(row).expect("a row"));
        assert_eq!(check("any,!shop", &android), Ok(()));
        assert_eq!(check("shop", &android), never("shop"));
    }
}
