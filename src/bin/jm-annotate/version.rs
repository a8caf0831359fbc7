//! What `--version` prints: the version, and where the codes come from.

use std::fmt::Write;
use std::sync::LazyLock;

use jm_annotate::catalog::FAMILIES;

/// The text of `--version`.
pub(crate) fn long_version() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let mut text = format!(
            "{}\n\nCodes, from the vendor's pages as of their last change:",
            env!("CARGO_PKG_VERSION")
        );
        for family in FAMILIES {
            let _ = write!(text, "\n  {:9}{}  {}", family.name, family.date, family.page);
        }
        text
    });
    &TEXT
}
