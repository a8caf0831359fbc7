//! What a code means: the vendor's lists as data, looked up by number.
//!
//! Owns the texts and the rules for their form. Knows nothing about logs, escapes, or files: the
//! caller reads the text of a table. `README.md` in this folder describes the data and its columns.
//!
//! ```
//! use jm_annotate::catalog::{Catalog, Code, Language, Selection, parse};
//!
//! let mut catalog = Catalog::new(Selection::All);
//! let entry = catalog.get(Code::new(871_300)).expect("the vendor lists it");
//! assert_eq!((entry.name, entry.family.name()), ("not logged in", "android"));
//! assert_eq!(entry.inline(Language::Chinese), "api调用发起者尚未登录");
//!
//! let own = "990001\tshop\tweighed\terror\tno such room\t\tNo such room\t没有这个房间\t\t\n";
//! catalog.overlay(parse(own)?);
//! assert!(catalog.get(Code::new(990_001)).is_some());
//! # Ok::<(), jm_annotate::catalog::TableError>(())
//! ```

mod code;
mod code_range;
mod entry;
mod family;
mod lookup;
mod table;

use std::collections::BTreeMap;
use std::sync::LazyLock;

pub use code::Code;
pub use code_range::{CodeRange, CodeRangeError};
pub use entry::{Bilingual, Entry, Evidence, Language, Severity, UNKNOWN};
pub use family::{FAMILIES, Family, Source};
pub use lookup::Lookup;
pub use table::{COLUMNS, TableError, parse, print};

/// The built-in lists and the entries that override them, by number.
///
/// The first lookup parses the built-in lists, in about 0.2 ms: a filter that never sees a
/// candidate never pays for them.
#[derive(Debug, Default)]
pub struct Catalog<'t> {
    overlay: BTreeMap<Code, Entry<'t>>,
    selection: Selection,
}

/// The built-in lists, by number.
#[derive(Debug)]
struct BuiltIn {
    /// The codes of the entries. A search among entries would touch new memory with each step.
    codes: Vec<Code>,
    entries: Vec<Entry<'static>>,
}

static BUILT_IN: LazyLock<BuiltIn> = LazyLock::new(BuiltIn::read);

/// Whether a built-in list has a code.
pub(crate) fn is_built_in(code: Code) -> bool {
    BUILT_IN.get(code).is_some()
}

/// The selected families; codes of other families are not explained.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Selection {
    /// Every family, including a catalog's own.
    #[default]
    All,
    /// The families with these names.
    Only(Vec<String>),
}

impl Selection {
    /// Whether the family with this name is selected.
    fn has(&self, family: &str) -> bool {
        match self {
            Selection::All => true,
            Selection::Only(names) => names.iter().any(|name| name == family),
        }
    }
}

impl<'t> Catalog<'t> {
    /// The built-in lists, with the selected families.
    #[must_use]
    pub fn new(selection: Selection) -> Self {
        Catalog { selection, ..Catalog::default() }
    }

    /// Adds entries; of two for one code, the later one wins.
    pub fn overlay(&mut self, entries: impl IntoIterator<Item = Entry<'t>>) {
        self.overlay.extend(entries.into_iter().map(|entry| (entry.code, entry)));
    }

    /// The entry of a code from any family, selected or not; `None` if it is in no list.
    #[must_use]
    pub fn get_any(&self, code: Code) -> Option<&Entry<'_>> {
        if let Some(entry) = self.overlay.get(&code) {
            return Some(entry);
        }
        BUILT_IN.get(code)
    }

    /// Whether a family has this name, selected or not.
    #[cfg(feature = "cli")]
    pub(crate) fn knows_family(&self, name: &str) -> bool {
        FAMILIES.iter().any(|family| family.name == name)
            || self.overlay.values().any(|entry| entry.family.name() == name)
    }

    /// The entry of a code from a selected family.
    #[must_use]
    pub fn get(&self, code: Code) -> Option<&Entry<'_>> {
        self.get_any(code).filter(|entry| self.selection.has(entry.family.name()))
    }

    /// What the catalog says about a number; `None` if it is not a code.
    #[must_use]
    pub fn lookup(&self, code: Code) -> Option<Lookup<'_>> {
        let unlisted = || self.may_be_unlisted(code).then_some(Lookup::Unlisted);
        self.get(code).map(Lookup::Listed).or_else(unlisted)
    }

    /// Every entry of the selected families, by number.
    #[must_use]
    pub fn entries(&self) -> Vec<&Entry<'_>> {
        let visible = |entry: &&Entry<'_>| !self.overlay.contains_key(&entry.code);
        let mut all: Vec<&Entry<'_>> = BUILT_IN.entries.iter().filter(visible).collect();
        all.extend(self.overlay.values());
        all.retain(|entry| self.selection.has(entry.family.name()));
        all.sort_by_key(|entry| entry.code);
        all
    }

    /// The fewest and the most digits of the added codes; `None` if none were added.
    pub(crate) fn overlay_digits(&self) -> Option<(usize, usize)> {
        let digits =
            || self.overlay.keys().filter(|code| **code != Code::SUCCESS).map(|code| code.digits());
        Some((digits().min()?, digits().max()?))
    }

    /// Whether only the android family is selected and no entries were added: then every code
    /// begins with 871.
    pub(crate) fn is_android_only(&self) -> bool {
        self.overlay.is_empty()
            && self.selection == Selection::Only(vec![Family::ANDROID.name().to_owned()])
    }

    /// Whether a number may be a code of the Android SDK that is in no list: 871ddd, with the
    /// android family selected.
    fn may_be_unlisted(&self, code: Code) -> bool {
        code.is_871() && self.selection.has(Family::ANDROID.name()) && self.get_any(code).is_none()
    }

    /// The numbers that may be codes of the Android SDK and are in no list.
    #[cfg(feature = "cli")]
    pub(crate) fn unlisted(&self) -> impl Iterator<Item = Code> {
        Code::all_871().filter(|code| self.may_be_unlisted(*code))
    }
}

impl BuiltIn {
    /// Reads the tables of all families.
    fn read() -> Self {
        let mut entries = Vec::with_capacity(400);
        for family in FAMILIES {
            let table = table::rows(family.table)
                .map(|row| row.expect("the built-in tables are canonical; a test checks them"));
            entries.extend(table);
        }
        entries.sort_unstable_by_key(|entry| entry.code);
        BuiltIn { codes: entries.iter().map(|entry| entry.code).collect(), entries }
    }

    fn get(&self, code: Code) -> Option<&Entry<'static>> {
        self.codes.binary_search(&code).ok().map(|at| &self.entries[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_entry_wins_with_its_family() {
        let mut catalog = Catalog::new(Selection::All);
        let row = "871300\tteam\tsure\twarning\tours\t\tOurs\t我们的\t\t\n";
        catalog.overlay(parse(row).expect("a good row"));
        let entry = catalog.get(Code::new(871_300)).expect("it is there");
        assert_eq!((entry.family.name(), entry.inline(Language::English)), ("team", "Ours"));
        assert_eq!(
            catalog.entries().iter().filter(|entry| entry.code == Code::new(871_300)).count(),
            1
        );
    }

    #[test]
    fn a_code_that_the_vendor_does_not_list_is_on_no_page() {
        let row = |code: u64, family: &str| {
            let row = format!("{code}\t{family}\tsure\twarning\tours\t\tOurs\t我们的\t\t\n");
            parse(&row).expect("a good row").remove(0).source().map(|source| source.name)
        };
        assert_eq!(row(871_999, "android"), None);
        assert_eq!(row(871_300, "team"), None);
        assert_eq!(row(871_300, "android"), Some("android"));
        let of = |code| Catalog::default().get(Code::new(code)).and_then(|entry| entry.source());
        let names = [871_300, 871_001, 872_102].map(|code| of(code).map(|source| source.name));
        assert_eq!(names, [Some("android"), Some("ios"), Some("rtc")]);
    }

    #[test]
    fn a_family_that_is_not_selected_is_silent_but_known() {
        let catalog = Catalog::new(Selection::Only(vec!["ios".to_owned()]));
        assert!(catalog.get(Code::new(871_300)).is_none());
        assert!(catalog.get_any(Code::new(871_300)).is_some());
        assert!(!catalog.may_be_unlisted(Code::new(871_999)));
    }

    #[test]
    fn only_871_may_be_unlisted() {
        let catalog = Catalog::new(Selection::All);
        assert!(catalog.may_be_unlisted(Code::new(871_999)));
        assert!(!catalog.may_be_unlisted(Code::new(871_300)));
        assert!(!catalog.may_be_unlisted(Code::new(898_999)));
    }
}
