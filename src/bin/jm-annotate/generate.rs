//! `generate`: what shells and `man` read.
//!
//! Owns the scripts. Knows neither options nor codes.

use std::ffi::OsString;

use crate::Status;
use crate::args::{Generated, usage_error_of};
use crate::completion::Words;
use crate::output::print;
use crate::{completion, manual};

/// `generate WHAT`, or `generate SHELL -- WORD…`, which a script calls for candidates.
pub(crate) fn run(what: Generated, words: &[OsString]) -> anyhow::Result<Status> {
    let Some(script) = script(what) else {
        return match words {
            [] => Ok(print(&manual::page()?)),
            _ => Err(usage_error_of("generate", "`generate man` takes no words").into()),
        };
    };
    Ok(match words {
        // Git for Windows may have checked the scripts out with CR LF, which no shell reads.
        [] => print(&script.replace('\r', "")),
        _ => print(&completion::answer(words, form(what))),
    })
}

/// How the script of a shell passes words.
fn form(shell: Generated) -> Words {
    match shell {
        Generated::Bash | Generated::Fish | Generated::Zsh => Words::Posix,
        Generated::Powershell => Words::PowerShell,
        Generated::Elvish | Generated::Man => Words::Plain,
    }
}

/// The completion script of a shell.
fn script(what: Generated) -> Option<&'static str> {
    match what {
        Generated::Bash => Some(include_str!("completion/jm-annotate.bash")),
        Generated::Elvish => Some(include_str!("completion/jm-annotate.elv")),
        Generated::Fish => Some(include_str!("completion/jm-annotate.fish")),
        Generated::Powershell => Some(include_str!("completion/jm-annotate.ps1")),
        Generated::Zsh => Some(include_str!("completion/_jm-annotate.zsh")),
        Generated::Man => None,
    }
}
