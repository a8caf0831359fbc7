//! The hint after a log that was shown on a terminal: how to learn more about a code.

use std::io;

use jm_annotate::catalog::{Code, Lookup};
use jm_annotate::stream::{Observed, Observer};

use crate::complain;

/// Remembers the first listed code of a pass.
#[derive(Debug, Default)]
pub(crate) struct Hint {
    code: Option<Code>,
}

impl Hint {
    pub(crate) fn show(&self) {
        if let Some(code) = self.code {
            complain(&format!("`jm-annotate explain {code}` says what to do about it"));
        }
    }
}

impl<'c> Observer<'c> for Hint {
    fn observe(&mut self, observed: &Observed<'_, 'c>) -> io::Result<()> {
        if self.code.is_none() {
            let mut annotations = observed.annotations.iter();
            let listed = annotations.find(|found| matches!(found.lookup, Lookup::Listed(_)));
            self.code = listed.map(|annotation| annotation.number.code);
        }
        Ok(())
    }
}
