//! GitHub Actions: workflow commands that become annotations, and the step summary.
//!
//! Owns the commands' escapes and GitHub's limits. Opens no file and reads no environment variable.
//! The rules are those of the runner's own parser (`actions/runner`,
//! `src/Runner.Common/ActionCommand.cs`).
//!
//! ```
//! use std::io::Write;
//!
//! use jm_annotate::report::github::Fence;
//!
//! let mut log = Fence::open(Vec::new())?;
//! log.write_all(b"::error::not a command of ours\n")?;
//! let text = String::from_utf8(log.close()?)?;
//! assert!(text.starts_with("::stop-commands::"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod fence;

use std::borrow::Cow;
use std::io;

pub use fence::Fence;

use crate::visible::without_commands;

use super::commands::{Annotation, Level, annotations, escaped, fitted, units};
use super::{Outcome, markdown};

/// The longest command, in UTF-16 units as the runner counts them: it cuts a message at 4096, and
/// people read the step's log with the commands in it.
const COMMAND_UNITS_MAX: usize = 4095;
/// The longest title, in characters: the limit of GitHub's checks.
const TITLE_CHARS_MAX: usize = 255;
/// The longest step summary, in bytes: GitHub does not show a longer one at all.
const STEP_SUMMARY_BYTES_MAX: u64 = 1024 * 1024;

/// Writes one command per code, one for all inputs that could not be read, and one for empty inputs
/// that the policy fails; at most ten for each level: errors first, then warnings, then notices. No
/// command names a file: a code was found in a log, not in the sources.
///
/// # Errors
/// The writer's.
pub(super) fn write(outcome: &Outcome<'_, '_>, writer: &mut dyn io::Write) -> io::Result<()> {
    for level in Level::ALL {
        for annotation in annotations(outcome, level) {
            writer.write_all(command(&annotation).as_bytes())?;
        }
    }
    Ok(())
}

/// The Markdown to append to the file that `$GITHUB_STEP_SUMMARY` names, which already has
/// `held_bytes` bytes, so that both fit into GitHub's limit. Rows that do not fit are left out, and
/// a line says how many; empty if not even that line fits.
///
/// It begins with a line end, so that it may follow a text without one.
#[must_use]
pub fn step_summary(outcome: &Outcome<'_, '_>, held_bytes: u64) -> String {
    let room = STEP_SUMMARY_BYTES_MAX.saturating_sub(held_bytes).saturating_sub(1);
    match markdown::render(outcome, usize::try_from(room).unwrap_or(usize::MAX)) {
        text if text.is_empty() => text,
        text => format!("\n{text}"),
    }
}

/// One command with its line end. A message that is too long is cut.
fn command(annotation: &Annotation) -> String {
    let level = match annotation.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Notice => "notice",
    };
    // The older form of commands has no escape.
    let title: String = without_commands(&annotation.title).chars().take(TITLE_CHARS_MAX).collect();
    let start = format!("::{level} title={}::", escaped(&title, in_property));
    let room = COMMAND_UNITS_MAX.saturating_sub(units(&start));
    let message = fitted(&without_commands(&annotation.message), room, in_message);
    format!("{start}{message}\n")
}

fn in_message(c: char) -> Option<Cow<'static, str>> {
    matches!(c, '%' | '\r' | '\n').then(|| hexadecimal(c))
}

fn in_property(c: char) -> Option<Cow<'static, str>> {
    matches!(c, '%' | '\r' | '\n' | ':' | ',').then(|| hexadecimal(c))
}

/// `%` and two upper-case hexadecimal digits: the runner knows no other escapes.
fn hexadecimal(c: char) -> Cow<'static, str> {
    Cow::Owned(format!("%{:02X}", u32::from(c)))
}

#[cfg(test)]
mod tests {
    use super::super::commands::LEVEL_MAX;
    use super::super::testing::{Input, catalog, codes, hostile, tally, twelve};
    use super::*;

    /// A command as the runner reads it.
    #[derive(Debug, PartialEq)]
    struct Command {
        level: String,
        properties: Vec<(String, String)>,
        message: String,
    }

    /// Reads a line as `ActionCommand.TryParseV2` does, with its order of unescaping: `%25` last.
    fn parse(line: &str) -> Option<Command> {
        let (info, data) = line.trim_start().strip_prefix("::")?.split_once("::")?;
        let (level, properties) = info.split_once(' ').unwrap_or((info, ""));
        let is_level = ["error", "warning", "notice"].contains(&level);
        let property = |pair: &str| {
            let (name, value) = pair.split_once('=')?;
            let value = value
                .replace("%0D", "\r")
                .replace("%0A", "\n")
                .replace("%3A", ":")
                .replace("%2C", ",");
            Some((name.to_owned(), value.replace("%25", "%")))
        };
        let properties = properties.trim().split(',').filter_map(property).collect();
        let message = data.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
        is_level.then(|| Command { level: level.to_owned(), properties, message })
    }

    fn commands(inputs: &[Input]) -> Vec<Command> {
        let catalog = catalog();
        let mut text = Vec::new();
        write(&Outcome::new(&tally(&catalog, inputs), None), &mut text)
            .expect("memory does not fail");
        let text = String::from_utf8(text).expect("commands are UTF-8");
        assert!(text.is_empty() || text.ends_with('\n'));
        assert!(text.lines().all(|line| units(line) < 4096));
        text.lines().map(|line| parse(line).expect(line)).collect()
    }

    #[test]
    fn nothing_found_is_no_command() {
        assert_eq!(commands(&codes(&[])), []);
    }

    #[test]
    fn one_code_is_one_command_with_everything_in_it() {
        let all = commands(&codes(&[871_300, 871_300]));
        assert_eq!((all.len(), all[0].level.as_str()), (1, "error"));
        assert_eq!(
            all[0].properties,
            [("title".to_owned(), "JMessage 871300 not logged in".to_owned())]
        );
        let lines: Vec<_> = all[0].message.lines().collect();
        assert_eq!(
            lines[0],
            "871300 not logged in (android): 2 times, first at stdin:1, last at stdin:2"
        );
        assert_eq!(
            lines[1..3],
            ["The API was called while no user was logged in", "api调用发起者尚未登录"]
        );
        assert!(
            lines[3].starts_with("Advice: Call JMessageClient.login")
                && lines[4].starts_with("建议：先调用"),
            "{lines:?}"
        );
    }

    #[test]
    fn each_level_has_its_commands_and_the_worst_come_first() {
        let all = commands(&twelve());
        assert_eq!(all.len(), 12);
        let rank = |command: &Command| {
            ["error", "warning", "notice"].iter().position(|level| *level == command.level)
        };
        assert!(all.is_sorted_by_key(rank), "{all:?}");
        assert!(all[0].message.starts_with("871300 "), "{all:?}");
        let many = commands(&codes(&(871_900..871_950).collect::<Vec<u64>>()));
        assert_eq!(
            (many.len(), many[9].properties[0].1.as_str()),
            (LEVEL_MAX, "JMessage: 41 more codes")
        );
        assert!(many[9].message.ends_with("871949 (1)"), "{many:?}");
    }

    #[test]
    fn an_unknown_code_is_an_error() {
        let all = commands(&codes(&[871_999]));
        assert_eq!((all[0].level.as_str(), all[0].message.lines().count()), ("error", 3));
    }

    #[test]
    fn hostile_names_stay_in_their_message() {
        let all = commands(&hostile());
        assert_eq!(all.len(), 2);
        for command in &all {
            assert_eq!(command.properties.len(), 1);
            assert!(!command.message.contains(|c: char| c.is_control() && c != '\n'));
            assert!(command.message.lines().all(|line| !line.starts_with("::")));
        }
    }

    fn notice(title: &str, message: &str) -> String {
        let (title, message) = (title.to_owned(), message.to_owned());
        command(&Annotation { level: Level::Notice, code: None, title, message })
    }

    #[test]
    fn what_is_escaped_comes_back() {
        let nasty = "100%25 %0A\r\n a:b,c=d ::error::x %";
        let line = notice(nasty, nasty);
        assert_eq!(line.matches('\n').count(), 1);
        let read = parse(line.trim_end_matches('\n')).expect("it is a command");
        assert_eq!((read.properties[0].1.as_str(), read.message.as_str()), (nasty, nasty));
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        for text in ["%", "\n", "x", "字", "😀", "a%"] {
            let line = notice("t", &text.repeat(5000));
            let line = line.trim_end_matches('\n');
            let length = units(line);
            assert!(length < 4096 && length > 4096 - 8, "{text:?}: {length}");
            let message = parse(line).expect("it is a command").message;
            let kept = message.strip_suffix('…').expect("it says that it was cut");
            assert!(text.repeat(5000).starts_with(kept), "{text:?}");
        }
        let exact = notice("t", &"x".repeat(COMMAND_UNITS_MAX - "::notice title=t::".len()));
        assert!(units(exact.trim_end()) == COMMAND_UNITS_MAX && !exact.contains('…'));
        let title = notice(&"%".repeat(5000), "message");
        assert!(title.ends_with("::message\n") && units(&title) < 4096);
    }

    #[test]
    fn a_step_summary_fits_after_the_text_in_the_file() {
        let catalog = catalog();
        let unknown: Vec<u64> = (871_000..872_000).collect();
        let mut inputs = codes(&unknown);
        inputs[0].0 = Some(vec![b'|'; 4000]);
        let tally = tally(&catalog, &inputs);
        let (outcome, max) = (Outcome::new(&tally, None), STEP_SUMMARY_BYTES_MAX);
        let text = step_summary(&outcome, 0);
        assert!((max - 8000..=max).contains(&(text.len() as u64)), "{}", text.len());
        assert!(text.starts_with("\n## ") && text.ends_with("the table would be too long.\n"));
        assert!(step_summary(&outcome, max - 5000).len() <= 5000);
        for held_bytes in [max - 100, max, u64::MAX] {
            assert_eq!(step_summary(&outcome, held_bytes), "", "{held_bytes}");
        }
    }
}
