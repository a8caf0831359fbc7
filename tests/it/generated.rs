//! Files and parts of files that are generated from others. A test compares them, or rewrites them
//! if [`REWRITE`] is set.

use std::fs;
use std::path::Path;

/// If this is set to any value, generated text is rewritten instead of compared.
pub(crate) const REWRITE: &str = "JM_ANNOTATE_REWRITE";

/// Checks a whole file; `test` is part of the test's name, for the message.
#[track_caller]
pub(crate) fn check_file(path: &str, wanted: &str, test: &str) {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os(REWRITE).is_some() {
        fs::write(&full, wanted).expect("it can be written");
    }
    let found = fs::read_to_string(&full).expect("a text").replace("\r\n", "\n");
    assert!(found == wanted, "{path} is stale; run `{REWRITE}=1 cargo test {test}`");
}

/// Checks the part of a file between `<!-- MARK -->` and `<!-- /MARK -->`.
#[track_caller]
pub(crate) fn check_part(path: &str, mark: &str, wanted: &str, test: &str) {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let found = fs::read_to_string(&full).expect("a text").replace("\r\n", "\n");
    let (open, close) = (format!("<!-- {mark} -->\n"), format!("<!-- /{mark} -->"));
    let (before, rest) = found.split_once(&open).unwrap_or_else(|| panic!("{path} lacks {open}"));
    let (_, after) = rest.split_once(&close).unwrap_or_else(|| panic!("{path} lacks {close}"));
    check_file(path, &format!("{before}{open}{wanted}{close}{after}"), test);
}
