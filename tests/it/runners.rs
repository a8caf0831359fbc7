//! What CI runners obey in the program's output: their parsers, written from their published rules,
//! read what comes out for logs that try to command them.
//!
//! - GitHub: `actions/runner`, `ActionCommand.TryParseV2`, `TryParse`, and `ActionCommandManager`.
//! - Azure: `microsoft/azure-pipelines-agent`, `Command.TryParse`.

use std::fs;

use crate::util::{finish, program, run};

/// A command that a runner obeys.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Command {
    name: String,
    properties: Vec<(String, String)>,
    data: String,
}

/// The lines of a text as .NET's `StreamReader` reads them.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split("\r\n").flat_map(|part| part.split(['\r', '\n']))
}

/// The properties of a command, `name=value` each.
fn properties(text: &str, separator: char, escapes: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = text.split(separator).filter_map(|pair| pair.split_once('='));
    let pairs = pairs.filter(|(name, value)| !name.is_empty() && !value.is_empty());
    pairs.map(|(name, value)| (name.to_owned(), unescaped(value, escapes))).collect()
}

/// The escapes are undone in this order.
fn unescaped(text: &str, escapes: &[(&str, &str)]) -> String {
    escapes.iter().fold(text.to_owned(), |text, (escape, sign)| text.replace(escape, sign))
}

/// GitHub's runner.
#[derive(Default)]
struct Github {
    stop_token: Option<String>,
    obeyed: Vec<Command>,
}

impl Github {
    const COMMANDS: [&str; 15] = [
        "stop-commands", "set-env", "set-output", "save-state", "add-mask", "add-path",
        "add-matcher", "remove-matcher", "debug", "warning", "error", "notice", "group",
        "endgroup", "echo",
    ];
    const IN_PROPERTIES: [(&str, &str); 5] =
        [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
    const IN_DATA: [(&str, &str); 3] = [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")];
    const IN_OLD: [(&str, &str); 5] =
        [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%25", "%")];

    fn obeyed(text: &str) -> Vec<Command> {
        let mut runner = Github::default();
        lines(text).for_each(|line| runner.read(line));
        assert_eq!(runner.stop_token, None, "commands after the log would not be obeyed");
        runner.obeyed
    }

    fn read(&mut self, line: &str) {
        let Some(command) = self.new_form(line).or_else(|| self.old_form(line)) else { return };
        match &self.stop_token {
            Some(token) if command.name.eq_ignore_ascii_case(token) => self.stop_token = None,
            Some(_) => {}
            None if command.name.eq_ignore_ascii_case("stop-commands") => {
                self.stop_token = Some(command.data);
            }
            None => self.obeyed.push(command),
        }
    }

    fn is_registered(&self, name: &str) -> bool {
        let mut names = Self::COMMANDS.iter().copied().chain(self.stop_token.as_deref());
        names.any(|known| known.eq_ignore_ascii_case(name))
    }

    /// `::name property=value,property=value::data` at the start of a line, after blanks.
    fn new_form(&self, line: &str) -> Option<Command> {
        let (info, data) = line.trim_start().strip_prefix("::")?.split_once("::")?;
        let (name, rest) = info.split_once(' ').unwrap_or((info, ""));
        self.is_registered(name).then(|| Command {
            name: name.to_owned(),
            properties: properties(rest.trim(), ',', &Self::IN_PROPERTIES),
            data: unescaped(data, &Self::IN_DATA),
        })
    }

    /// `##[name property=value;property=value]data` anywhere in a line.
    fn old_form(&self, line: &str) -> Option<Command> {
        let (info, data) = line.split_once("##[")?.1.split_once(']')?;
        let (name, rest) = info.split_once(' ').unwrap_or((info, ""));
        self.is_registered(name).then(|| Command {
            name: name.to_owned(),
            properties: properties(rest, ';', &Self::IN_OLD),
            data: unescaped(data, &Self::IN_OLD),
        })
    }
}

/// The commands that Azure's agent finds: `##vso[area.event property=value;…]data` anywhere in a
/// line.
fn azure(text: &str) -> Vec<Command> {
    const ESCAPES: [(&str, &str); 5] =
        [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%")];
    let command = |line: &str| {
        let (info, data) = line.split_once("##vso[")?.1.split_once(']')?;
        let (name, rest) = info.split_once(' ').unwrap_or((info, ""));
        let is_command = name.split('.').filter(|part| !part.is_empty()).count() == 2;
        is_command.then(|| Command {
            name: name.to_owned(),
            properties: properties(rest, ';', &ESCAPES),
            data: unescaped(data, &ESCAPES),
        })
    };
    lines(text).filter_map(command).collect()
}

/// What each line of the hostile log is made of.
const PIECES: [&str; 13] = [
    "::",
    "error",
    "stop-commands",
    "##[",
    "]",
    "##vso[",
    "task.complete result=Succeeded;",
    "#",
    " ",
    "\r",
    "\u{feff}",
    "%0A::error::",
    " code = 871300 ",
];

/// All lines of four pieces, some lines that are whole attacks, and no line end at the end.
fn hostile_log() -> String {
    let count = PIECES.len();
    let line = |number: usize| {
        let pieces = (0..4).map(|place| PIECES[number / count.pow(place) % count]);
        pieces.chain(["\n"]).collect::<String>()
    };
    let lines: String = (0..count.pow(4)).map(line).collect();
    let attacks = "\
::set-env name=PATH::/tmp\n\
\t ::add-path::/tmp\n\
::stop-commands::x\n\
::x::\n\
a ##[add-path]/tmp\n\
\u{1b}[31m##vso[task.setvariable variable=PATH]/tmp code = 871300\n\
####vso[task.complete result=Succeeded;]code = 871999\n\
##vso[##vso[task.prependpath]/tmp\n\
a\r##vso[task.prependpath]/tmp\r::error::x";
    lines + attacks
}

/// The commands are about the two codes of the hostile log, and nothing else.
#[track_caller]
fn check_are_ours(commands: &[Command], name: &str, key: &str) {
    let about = |command: &Command| {
        assert_eq!(command.name, name, "{command:?}");
        let is_key = |(found, _): &&(String, String)| found == key;
        let value = command.properties.iter().find(is_key).expect(key).1.clone();
        assert!(command.data.starts_with("871"), "{command:?}");
        assert!(command.data.contains("\n"), "the message has lines: {command:?}");
        value
    };
    let mut values: Vec<String> = commands.iter().map(about).collect();
    values.sort_unstable();
    assert!(
        values.len() == 2 && values[0].contains("871300") && values[1].contains("871999"),
        "{values:?}"
    );
}

#[test]
fn no_log_commands_githubs_runner() {
    let log = hostile_log();
    let runner = Github::default();
    let is_command = |line: &&str| runner.new_form(line).or(runner.old_form(line)).is_some();
    assert!(lines(&log).filter(is_command).count() > 50, "the log is hostile");
    let outcome = run(&["--report=github=-", "--fail-on=any"], log.as_bytes()).expect(1);
    check_are_ours(&Github::obeyed(outcome.text()), "error", "title");
    assert_eq!(Github::obeyed(&outcome.stderr), []);
    // On the runner, the step may have printed half a line before.
    let mut command = program();
    command.env("GITHUB_ACTIONS", "true").args(["--report=github=-", "--fail-on=any"]);
    let outcome = finish(&mut command, log.as_bytes()).expect(1);
    let text = format!("Running the tests … {}", outcome.text());
    check_are_ours(&Github::obeyed(&text), "error", "title");
}

#[test]
fn no_log_commands_azures_agent() {
    let log = hostile_log();
    assert!(azure(&log).len() > 20, "the log is hostile");
    let outcome = run(&["--report=azure=-", "--fail-on=any"], log.as_bytes()).expect(1);
    check_are_ours(&azure(outcome.text()), "task.logissue", "code");
    assert_eq!(azure(&outcome.stderr), []);
    assert!(!outcome.text().contains("##["), "the agent shows these as its own");
}

/// Commands in a report file are printed without the log.
#[test]
fn commands_in_a_file_are_the_same() {
    let log = hostile_log();
    let folder = tempfile::tempdir().expect("a folder");
    let report = |kind: &str| {
        let path = folder.path().join(kind);
        let option = format!("--report={kind}={}", path.display());
        run(&[&*option, "--fail-on=any"], log.as_bytes()).expect(1);
        fs::read_to_string(path).expect("a report")
    };
    check_are_ours(&Github::obeyed(&report("github")), "error", "title");
    check_are_ours(&azure(&report("azure")), "task.logissue", "code");
}

/// A file can have any name where `/` only separates folders.
#[cfg(unix)] // a name has no control characters on Windows
#[test]
fn no_name_of_a_file_commands_a_runner() {
    use crate::util::Outcome;
    let folder = tempfile::tempdir().expect("a folder");
    let name = "x\n::error::a\r##vso[task.complete]b ##[error]c %0A;]=,::.log";
    fs::write(folder.path().join(name), "code = 871300\ncode = 871999\n").expect("a file");
    let reported = |kind: &str| -> Outcome {
        let mut command = program();
        command.current_dir(folder.path()).args([&*format!("--report={kind}=-"), "--summary"]);
        finish(command.args(["--fail-on=any,empty", name]), b"").expect(1)
    };
    let outcome = reported("github");
    check_are_ours(&Github::obeyed(outcome.text()), "error", "title");
    assert_eq!((Github::obeyed(&outcome.stderr), azure(&outcome.stderr)), (vec![], vec![]));
    check_are_ours(&azure(reported("azure").text()), "task.logissue", "code");
    for kind in ["junit", "markdown"] {
        let text = reported(kind).text().to_owned();
        assert_eq!((Github::obeyed(&text), azure(&text)), (vec![], vec![]), "{kind}");
    }
}

/// Outside of the runner, the variable may be empty.
#[cfg(unix)] // a shell
#[test]
fn an_empty_name_of_a_step_summary_is_none() {
    use crate::place::Place;

    let place = Place::new();
    let script = "GITHUB_STEP_SUMMARY= \"$JM\" --report github=g.txt in.log";
    assert_eq!(place.shell(script).expect(0).stderr, "");
}

/// GitHub shows nothing of one that is longer.
#[cfg(unix)] // a shell
#[test]
fn the_step_summary_grows_to_the_limit_of_github_only() {
    use crate::place::Place;

    let place = Place::new();
    place.put("s.md", &"x".repeat(1024 * 1024 - 100));
    let script = "GITHUB_STEP_SUMMARY=s.md \"$JM\" --report github=g.txt in.log";
    place.shell(script).expect(0);
    assert!(place.get("s.md").len() <= 1024 * 1024);
}
