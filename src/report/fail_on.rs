//! `--fail-on`: which codes fail a build, and whether those that were found do.

use std::ops::RangeInclusive;

use super::{Count, Tally};
use crate::catalog::Lookup;
use crate::catalog::{Code, Severity};

/// What fails a build, read from a list such as `any,!871201` or `error,871300-871399:10`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailOn {
    items: Vec<(What, u64)>,
    except: Vec<What>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Any,
    Codes(RangeInclusive<u64>),
    Family(String),
    Severity(Severity),
}

impl FailOn {
    /// Reads a list. `is_family` tells which names are families. A list of exceptions alone means
    /// any code but those.
    ///
    /// # Errors
    /// The item that is none, and what would be right.
    pub fn parse(list: &str, is_family: impl Fn(&str) -> bool) -> Result<Self, String> {
        let mut fail_on = FailOn { items: Vec::new(), except: Vec::new() };
        for item in list.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            match item.strip_prefix('!') {
                Some(rest) => {
                    fail_on.except.push(What::parse(rest, &is_family).ok_or_else(|| wrong(item))?)
                }
                None => {
                    let (what, times) = item.split_once(':').unwrap_or((item, "1"));
                    let is_number = times.bytes().all(|byte| byte.is_ascii_digit());
                    let times = times
                        .parse()
                        .ok()
                        .filter(|times| is_number && *times > 0)
                        .ok_or_else(|| wrong(item))?;
                    fail_on
                        .items
                        .push((What::parse(what, &is_family).ok_or_else(|| wrong(item))?, times));
                }
            }
        }
        if fail_on.items.is_empty() && fail_on.except.is_empty() {
            return Err(wrong(list));
        }
        if fail_on.items.is_empty() {
            fail_on.items.push((What::Any, 1));
        }
        Ok(fail_on)
    }

    /// The codes that fail the build, by number; none: it does not fail.
    ///
    /// An item with a number of times counts all codes that it names together.
    #[must_use]
    pub fn found<'t, 'c>(&self, tally: &'t Tally<'c>) -> Vec<&'t Count<'c>> {
        let named = |what: &What, count: &Count<'_>| {
            what.has(count) && !self.except.iter().any(|what| what.has(count))
        };
        let reached = |(what, times): &&(What, u64)| {
            let sum: u64 =
                tally.counts().filter(|count| named(what, count)).map(|count| count.count).sum();
            sum >= *times
        };
        let items: Vec<_> = self.items.iter().filter(reached).collect();
        tally.counts().filter(|count| items.iter().any(|(what, _)| named(what, count))).collect()
    }
}

impl What {
    fn parse(text: &str, is_family: &impl Fn(&str) -> bool) -> Option<What> {
        if let Some(severity) = Severity::parse(text) {
            return Some(What::Severity(severity));
        }
        if text == "any" {
            return Some(What::Any);
        }
        if is_family(text) {
            return Some(What::Family(text.to_owned()));
        }
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let code = |digits: &str| Code::from_digits(digits.as_bytes()).map(Code::number);
        let range = code(first)?..=code(last)?;
        (!range.is_empty()).then_some(What::Codes(range))
    }

    fn has(&self, count: &Count<'_>) -> bool {
        match (self, count.lookup) {
            (What::Any, _) => true,
            (What::Codes(range), _) => range.contains(&count.code.number()),
            (What::Family(name), Lookup::Listed(entry)) => entry.family.name() == name,
            (What::Severity(severity), Lookup::Listed(entry)) => entry.severity == *severity,
            (What::Family(_) | What::Severity(_), Lookup::Unlisted) => false,
        }
    }
}

fn wrong(item: &str) -> String {
    format!(
        "`{item}` is nothing to fail on; a list holds any, codes (871300), ranges (871300-871399), families (android), \
         severities (error, warning, info), each with `:N` for N times, or with `!` before it to take it out"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(list: &str) -> Result<FailOn, String> {
        FailOn::parse(list, |name| name == "android" || name == "server")
    }

    #[test]
    fn every_form_of_item_is_read() {
        for good in [
            "any", "871300", "871300-871399", "android", "error", "warning,info", "any,!871201",
            "!871201", "871201:10", " any , ",
        ] {
            assert!(parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_is_no_item_is_refused_with_its_name() {
        for bad in [
            "", ",", "fatal", "871300-", "871399-871300", "any:0", "any:x", "!any:2", "Android",
            "8713x0", "-5",
        ] {
            let error = parse(bad).expect_err(bad);
            assert!(error.contains("is nothing to fail on; a list holds any"), "{error}");
        }
    }
}
