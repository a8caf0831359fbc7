//! The hint after a log that was shown on a terminal: the command that explains its codes.

use std::io::{self, IsTerminal};
use std::path::Path;

use jm_annotate::catalog::{Catalog, Code, Selection};
use jm_annotate::layout::Width;
use jm_annotate::report::Tally;
use jm_annotate::visible::inert;
use unicode_width::UnicodeWidthStr;

use crate::settings::{MainOutput, Settings};
use crate::targets::names_descriptor;
use crate::{messages, screen};

/// Whether a person looks at the log and has not asked for silence.
pub(crate) fn is_wanted(settings: &Settings) -> bool {
    settings.hints
        && settings.main_output == MainOutput::Log
        && io::stdout().is_terminal()
        && io::stderr().is_terminal()
}

/// Shows the command, alone on its line, so that it can be pasted. One code and the catalogs are
/// named however narrow the terminal is: half a command explains nothing. If a catalog cannot be
/// named, codes that only a catalog lists are left out.
pub(crate) fn show(tally: &Tally<'_>, settings: &Settings) {
    let options: Vec<_> = settings.catalogs.iter().map(|path| option(path)).collect();
    let are_all_named = options.iter().all(Option::is_some);
    let built_in = Catalog::new(Selection::All);
    let is_known = |code| are_all_named || built_in.lookup(code).is_some();
    let catalogs: String = options.into_iter().flatten().collect();
    let width = screen::stderr_width().map(|width| width.saturating_sub(catalogs.width()));
    if let Some(command) = command(tally, width, is_known) {
        let _ = messages::write(|writer| writeln!(writer, "{command}{catalogs}"));
    }
}

/// The option that adds a catalog, as a shell reads it; none if the name cannot be shown as it is,
/// or if what it names is gone when the program ends, as in `--catalog <(command)`.
fn option(path: &Path) -> Option<String> {
    let name = path.to_str().filter(|name| inert(name) == *name)?;
    if names_descriptor(path).unwrap_or(true) {
        return None;
    }
    let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    let quoted = match is_word {
        true => name.to_owned(),
        // No name has a double quote there. One of the shells reads more in such a string.
        false if cfg!(windows) && name.contains(['$', '`', '%', '“', '”', '„']) => {
            return None;
        }
        false if cfg!(windows) => format!("\"{name}\""),
        false => format!("'{}'", name.replace('\'', r"'\''")),
    };
    // After a blank, a name with a dash would be an option.
    Some(format!(" --catalog={quoted}"))
}

/// The most codes that are named.
const CODES_MAX: usize = 10;

/// The command for the worst known codes, as many as fit into a line; `None` if there are none. Of
/// an unlisted one, `explain` names the nearest codes and the vendor's page.
fn command(tally: &Tally<'_>, width: Width, is_known: impl Fn(Code) -> bool) -> Option<String> {
    let counts = tally.by_severity();
    let mut counts = counts.iter().filter(|count| is_known(count.code));
    let mut command = format!("jm-annotate explain {}", counts.next()?.code);
    for count in counts.take(CODES_MAX - 1) {
        let code = format!(" {}", count.code);
        if width.is_some_and(|width| command.len() + code.len() > width) {
            break;
        }
        command.push_str(&code);
    }
    Some(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_quoted_as_the_shells_of_the_system_read_it() {
        for (name, unix, windows) in [
            ("ci/shop.tsv", Some("ci/shop.tsv"), Some("ci/shop.tsv")),
            ("my shop.tsv", Some("'my shop.tsv'"), Some("\"my shop.tsv\"")),
            ("it's.tsv", Some(r"'it'\''s.tsv'"), Some("\"it's.tsv\"")),
            ("$(x).tsv", Some("'$(x).tsv'"), None),
            ("%PATH%.tsv", Some("'%PATH%.tsv'"), None),
            ("`x`.tsv", Some("'`x`.tsv'"), None),
            ("a\nb.tsv", None, None),
            ("/dev/fd/63", None, Some("/dev/fd/63")),
        ] {
            let want = if cfg!(windows) { windows } else { unix };
            let want = want.map(|quoted| format!(" --catalog={quoted}"));
            assert_eq!(option(Path::new(name)), want, "{name}");
        }
    }
}
