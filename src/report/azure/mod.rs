//! Azure Pipelines: logging commands that become the issues of a task.
//!
//! Owns the commands' escapes. Opens no file. The rules are those of Microsoft's agent
//! (`microsoft/azure-pipelines-agent`, `Command.cs`, `CommandStringConvertor.cs`) and of its task
//! library.
//!
//! ```
//! use std::io::Write;
//!
//! use jm_annotate::report::azure::Disarmed;
//!
//! let mut log = Disarmed::new(Vec::new());
//! log.write_all(b"##vso[task.complete result=Failed;]\n")?;
//! assert!(log.close()?.starts_with(b"## vso["));
//! # Ok::<(), std::io::Error>(())
//! ```

mod disarm;

use std::borrow::Cow;
use std::io;

pub use disarm::Disarmed;

use crate::visible::without_commands;

use super::Outcome;
use super::commands::{Annotation, Level, annotations, escaped, fitted};

/// The longest message, in UTF-16 units: people read the task's log with the commands in it.
const MESSAGE_UNITS_MAX: usize = 4000;

/// Writes one command per code, one for all inputs that could not be read, and one for empty inputs
/// that the policy fails; at most ten errors and ten warnings. The agent knows no third level, so
/// codes of the severity `info` are lines of the log, not commands.
///
/// # Errors
/// The writer's.
pub(super) fn write(outcome: &Outcome<'_, '_>, writer: &mut dyn io::Write) -> io::Result<()> {
    for level in Level::ALL {
        for annotation in annotations(outcome, level) {
            writer.write_all(line(&annotation).as_bytes())?;
        }
    }
    Ok(())
}

/// One annotation as a line with its end.
fn line(annotation: &Annotation) -> String {
    let level = match annotation.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Notice => return notice(annotation),
    };
    let code = annotation
        .code
        .as_ref()
        .map_or(String::new(), |code| format!("code={};", escaped(code, in_property)));
    let message = without_commands(&annotation.message);
    let message = fitted(&message, MESSAGE_UNITS_MAX, in_message);
    format!("##vso[task.logissue type={level};{code}]{message}\n")
}

fn notice(annotation: &Annotation) -> String {
    let first = annotation.message.lines().next().unwrap_or_default();
    format!("JMessage: {}\n", without_commands(first))
}

fn in_message(c: char) -> Option<Cow<'static, str>> {
    Some(Cow::Borrowed(match c {
        '%' => "%AZP25",
        '\r' => "%0D",
        '\n' => "%0A",
        _ => return None,
    }))
}

fn in_property(c: char) -> Option<Cow<'static, str>> {
    match c {
        ']' => Some(Cow::Borrowed("%5D")),
        ';' => Some(Cow::Borrowed("%3B")),
        _ => in_message(c),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Input, catalog, codes, hostile, tally, twelve};
    use super::*;

    /// A command as the agent reads it: type, code, message.
    type Issue = (String, String, String);

    /// Reads a line as the agent does, which finds a command anywhere in it.
    fn parse(line: &str) -> Option<Issue> {
        let (_, command) = line.split_once("##vso[")?;
        let (info, data) = command.split_once(']')?;
        let properties = info.strip_prefix("task.logissue ")?;
        let property = |name: &str| {
            let pairs = properties.split(';').filter_map(|pair| pair.split_once('='));
            let value = pairs.clone().find(|(key, _)| *key == name).map(|(_, value)| value);
            unescape(value.unwrap_or_default())
        };
        Some((property("type"), property("code"), unescape(data)))
    }

    fn unescape(text: &str) -> String {
        let pairs = [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%")];
        pairs.iter().fold(text.to_owned(), |text, (escape, is)| text.replace(escape, is))
    }

    fn report(inputs: &[Input]) -> String {
        let catalog = catalog();
        let mut text = Vec::new();
        let tally = tally(&catalog, inputs);
        write(&Outcome::new(&tally, None), &mut text).expect("memory does not fail");
        String::from_utf8(text).expect("commands are UTF-8")
    }

    fn issues(inputs: &[Input]) -> Vec<Issue> {
        report(inputs).lines().filter_map(parse).collect()
    }

    #[test]
    fn nothing_found_is_no_command() {
        assert_eq!(report(&codes(&[])), "");
    }

    #[test]
    fn one_code_is_one_issue_with_everything_in_it() {
        let all = issues(&codes(&[871_300, 871_300]));
        let [(level, code, message)] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!((level.as_str(), code.as_str()), ("error", "871300"));
        assert!(message.starts_with("871300 not logged in (android): 2 times, first at stdin:1"));
        assert!(message.lines().nth(3).is_some_and(|line| line.starts_with("Advice: Call ")));
    }

    #[test]
    fn there_are_at_most_ten_errors_and_infos_are_no_issues() {
        let many = issues(&codes(&(871_900..871_950).collect::<Vec<u64>>()));
        assert_eq!((many.len(), many[9].1.as_str()), (10, ""));
        assert!(many[9].2.starts_with("41 more codes: "), "{many:?}");
        let levels: Vec<String> = issues(&twelve()).into_iter().map(|issue| issue.0).collect();
        assert!(levels.is_sorted() && levels.iter().all(|level| level != "info"), "{levels:?}");
    }

    #[test]
    fn a_code_of_severity_info_is_one_line_that_is_no_command() {
        let text = report(&twelve());
        let plain: Vec<&str> = text.lines().filter(|line| !line.starts_with("##")).collect();
        assert_eq!(plain, ["JMessage: 871311 avatar not set (android): once, at stdin:3"]);
    }

    #[test]
    fn hostile_names_stay_in_their_message() {
        let text = report(&hostile());
        assert_eq!(text.lines().count(), 2, "{text}");
        for line in text.lines() {
            let (before, command) = line.split_once("##").expect("a command");
            assert!(before.is_empty() && !command.contains("##"), "{line}");
            let (_, _, message) = parse(line).expect("a command");
            assert!(!message.contains(|c: char| c.is_control() && c != '\n'), "{line}");
        }
    }

    #[test]
    fn what_is_escaped_comes_back() {
        let nasty = "100%25 %AZP25 %0A\r\n a]b;c %5D%3B %";
        let (level, code) = (Level::Warning, Some(nasty.to_owned()));
        let annotation =
            Annotation { level, code, title: String::new(), message: nasty.to_owned() };
        let line = line(&annotation);
        assert_eq!(line.matches('\n').count(), 1);
        let want = ("warning".to_owned(), nasty.to_owned(), nasty.to_owned());
        assert_eq!(parse(line.trim_end_matches('\n')), Some(want));
    }
}
