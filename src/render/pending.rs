//! The explanations for the end of a line, each code once.
//!
//! Owns which codes of a line are explained there, in linear time. Knows nothing about the form of
//! text.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::annotate::Annotation;
use crate::catalog::{Code, Lookup};
use crate::explanation;

/// Explanations for the end of a line that has not come yet. Their number is bounded by that of
/// the codes there are.
#[derive(Debug, Default)]
pub(super) struct Pending<'c> {
    /// In the order in which the line has them; the line may explain some of them already.
    codes: Vec<(Code, Lookup<'c>)>,
    /// The same, for a fast search.
    kept: BTreeSet<Code>,
    /// The codes that the line explains already.
    explained: BTreeSet<Code>,
}

impl<'c> Pending<'c> {
    /// Whether the line has had no code so far.
    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty() && self.explained.is_empty()
    }

    /// Adds the codes of the line, or of a piece of it.
    pub(super) fn add(&mut self, annotations: &[Annotation<'c>]) {
        for annotation in annotations {
            let code = annotation.number.code;
            if annotation.is_explained {
                self.explained.insert(code);
            } else if self.kept.insert(code) {
                self.codes.push((code, annotation.lookup));
            }
        }
    }

    /// Forgets the codes that the end of a text explains, which is that of the line.
    pub(super) fn forget_explained(&mut self, text: &[u8]) {
        if self.codes.is_empty() {
            return;
        }
        let lookups: BTreeMap<Code, Lookup<'_>> = self.codes.iter().copied().collect();
        let known = |number: Range<usize>| {
            let code = Code::from_digits(&text[number.clone()])?;
            lookups.get(&code).map(|lookup| (number, *lookup))
        };
        let numbers: Vec<_> = explanation::numbers(text).filter_map(known).collect();
        for found in explanation::find_at_end(text, numbers.into_iter()) {
            self.explained.extend(Code::from_digits(&text[found.number]));
        }
    }

    /// Takes what is to be explained at the end of the line. The next line begins.
    pub(super) fn end_line(&mut self) -> Vec<(Code, Lookup<'c>)> {
        let Pending { mut codes, explained, .. } = std::mem::take(self);
        codes.retain(|(code, _)| !explained.contains(code));
        codes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::{Annotator, Block};
    use crate::catalog::{Catalog, Selection};
    use crate::context::Strictness;

    #[test]
    fn each_code_of_a_line_is_explained_once_unless_the_line_does() {
        let catalog = Catalog::new(Selection::All);
        let mut pending = Pending::default();
        for (pieces, want) in [
            (&["code=871301 code=871300 code=871301"][..], &[871_301, 871_300][..]),
            (&["code=871300 ", "code=871300 code=871302"], &[871_300, 871_302]),
            (&["code=871300 ", "code=871300 [Have not logged in.]"], &[]),
            (&["code=871300 [Have not logged in.]", " code=871300"], &[]),
            (&["code=871300"], &[871_300]),
        ] {
            assert!(pending.is_empty());
            for piece in pieces {
                let mut found = Vec::new();
                let mut annotator = Annotator::new(&catalog, Strictness::Weighed);
                annotator.annotate(Block::lines(piece.as_bytes()), &mut found);
                pending.add(&found);
            }
            let codes: Vec<u64> =
                pending.end_line().iter().map(|(code, _)| code.number()).collect();
            assert_eq!(codes, want, "{pieces:?}");
        }
    }
}
