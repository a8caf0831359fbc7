//! A small cache by code: a log repeats a few codes many times.
//!
//! Owns which value replaces which. Knows nothing about the values.

use crate::catalog::Code;

/// Values by code, each in the slot of its code's number modulo the number of slots. A value is
/// replaced by the next one with the same slot.
#[derive(Debug)]
pub(crate) struct CodeCache<T> {
    /// Empty until the first value is made.
    slots: Vec<Option<(Code, T)>>,
}

/// How many values are kept: more than the distinct codes of a typical log. The Android SDK's codes
/// have a slot each.
const SLOTS: usize = 256;

impl<T> CodeCache<T> {
    /// The value of a code, made if it is not kept.
    pub(crate) fn get_or_insert_with(&mut self, code: Code, make: impl FnOnce() -> T) -> &mut T {
        if self.slots.is_empty() {
            self.slots.resize_with(SLOTS, || None);
        }
        let slot = &mut self.slots[(code.number() % SLOTS as u64) as usize];
        if slot.as_ref().is_some_and(|(kept, _)| *kept != code) {
            *slot = None;
        }
        &mut slot.get_or_insert_with(|| (code, make())).1
    }
}

impl<T> Default for CodeCache<T> {
    fn default() -> Self {
        CodeCache { slots: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, Selection};

    #[test]
    fn a_value_is_kept_until_its_slot_is_taken() {
        let mut cache = CodeCache::default();
        let (code, same_slot) = (Code::new(871_300), Code::new(871_300 + SLOTS as u64));
        assert_eq!(*cache.get_or_insert_with(code, || 1), 1);
        assert_eq!(*cache.get_or_insert_with(code, || 2), 1);
        assert_eq!(*cache.get_or_insert_with(Code::new(871_301), || 3), 3);
        assert_eq!(*cache.get_or_insert_with(same_slot, || 4), 4);
        assert_eq!(*cache.get_or_insert_with(code, || 5), 5);
    }

    #[test]
    fn no_two_codes_of_the_android_sdk_share_a_slot() {
        let catalog = Catalog::new(Selection::All);
        let entries = catalog.entries().into_iter();
        let codes = entries.map(|entry| entry.code).filter(|code| code.is_871());
        let mut cache = CodeCache::default();
        for code in codes.clone() {
            cache.get_or_insert_with(code, || code);
        }
        assert!(codes.clone().count() > 40);
        for code in codes {
            assert_eq!(*cache.get_or_insert_with(code, || Code::SUCCESS), code);
        }
    }
}
