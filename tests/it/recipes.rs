//! The recipes of `docs/ci.md`, and a machine to run them on: a folder with stand-ins for the
//! programs that they call. Knows how each CI system runs a script, not what must come out.

use std::env;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use saphyr::{LoadableYamlNode, YamlOwned};
use tempfile::TempDir;

use crate::util::{Outcome, executable, finish, without_environment};

/// A fenced block of a page.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) language: String,
    pub(crate) text: String,
    /// Whether nothing is between it and the block before it.
    pub(crate) is_next: bool,
}

/// A page of the project.
pub(crate) fn page(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

/// The fenced blocks of a page.
pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let parts: Vec<&str> = page.split("\n```").collect();
    let block = |pair: &[&str]| {
        let (language, text) = pair[1].split_once('\n').expect("a block has lines");
        let is_next = pair[0].trim().is_empty();
        Block { language: language.to_owned(), text: format!("{text}\n"), is_next }
    };
    parts.chunks_exact(2).map(block).collect()
}

/// The text of the recipe that has this comment in its first two lines.
pub(crate) fn recipe(name: &str) -> String {
    let is_named = |block: &Block| {
        let mut comments = block.text.lines().take(2);
        comments.any(|line| line.trim_start_matches(['#', '/', ' ']).starts_with(name))
    };
    let block = blocks(&page("docs/ci.md")).into_iter().find(is_named);
    block.unwrap_or_else(|| panic!("docs/ci.md has no recipe {name}")).text
}

pub(crate) fn yaml(text: &str) -> YamlOwned {
    let mut documents = YamlOwned::load_from_str(text).unwrap_or_else(|error| {
        panic!("{error} in {text}");
    });
    assert_eq!(documents.len(), 1, "{text}");
    documents.remove(0)
}

/// The strings of a list.
pub(crate) fn strings(list: &YamlOwned) -> Vec<String> {
    let items = list.as_sequence().expect("a list").iter();
    items.map(|item| item.as_str().expect("a string").to_owned()).collect()
}

/// What the build does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Build<'l> {
    pub(crate) status: i32,
    /// What it, or the device during it, logs.
    pub(crate) log: &'l str,
}

/// A folder in which a job runs.
pub(crate) struct Machine {
    folder: TempDir,
}

/// Programs that recipes call, as shell scripts. Each writes its name and arguments to `calls`.
const PROGRAMS: [(&str, &str); 10] = [
    (
        "adb",
        r#"case "$*" in
            "logcat -G 16M" | "logcat -c") ;;
            logcat*)
                cat job.log
                : > logcat.written
                if [ -e logcat.dies ]; then exit 1; fi
                exec /bin/sleep 60 ;;
        esac"#,
    ),
    ("sleep", ""),
    ("timeout", "shift; exec \"$@\""),
    ("sudo", "cat > sudo.in"),
    ("sdkmanager", ""),
    ("avdmanager", "cat > /dev/null"),
    ("emulator", ""),
    ("buildkite-agent", "cat > annotation.md"),
    ("curl", "cp slack.json sent.json"),
    (
        "gradlew",
        r#"case "$1" in
            connectedCheck)
                until [ -e logcat.written ]; do /bin/sleep 0.01; done
                if [ -e logcat.dies ]; then /bin/sleep 0.3; fi ;;
            *) cat job.log ;;
        esac
        exit "$(cat build.status)""#,
    ),
];

impl Machine {
    pub(crate) fn new(build: Build<'_>) -> Self {
        let machine = Machine { folder: tempfile::tempdir().expect("a folder") };
        machine.write("job.log", build.log);
        machine.write("build.status", &build.status.to_string());
        fs::create_dir_all(machine.path("bin")).expect("a folder");
        fs::create_dir_all(machine.path("ci")).expect("a folder");
        for (name, body) in PROGRAMS {
            let path = if name == "gradlew" { name.to_owned() } else { format!("bin/{name}") };
            machine.write(&path, &format!("#!/bin/sh\necho \"{name} $*\" >> calls\n{body}\n"));
            let mode = fs::Permissions::from_mode(0o755);
            fs::set_permissions(machine.path(&path), mode).expect("a mode");
        }
        symlink(executable(), machine.path("bin/jm-annotate")).expect("a link");
        for script in ["ci/device-tests.sh", "ci/buildkite-tests.sh"] {
            machine.write(script, &recipe(script));
        }
        machine
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect(name);
    }

    /// What a file holds; nothing if there is none.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Runs a script with a shell and its options.
    pub(crate) fn run(&self, shell: &[&str], script: &str) -> Outcome {
        self.run_with(shell, script, &[])
    }

    pub(crate) fn run_with(
        &self,
        shell: &[&str],
        script: &str,
        variables: &[(&str, &str)],
    ) -> Outcome {
        self.write("script", script);
        let mut command = without_environment(Command::new(shell[0]));
        let programs = env::join_paths(
            std::iter::once(self.path("bin"))
                .chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())),
        );
        command.args(&shell[1..]).arg("script").current_dir(self.folder.path());
        command.env("PATH", programs.expect("a path")).envs(variables.iter().copied());
        finish(&mut command, b"")
    }

    /// Runs the steps of a GitHub job. Returns the name and the outcome of each step that ran.
    pub(crate) fn github(&self, steps: &YamlOwned) -> Vec<(String, Outcome)> {
        let mut ran: Vec<(String, Outcome)> = Vec::new();
        for step in steps.as_sequence().expect("steps") {
            let text = |key: &str| step.as_mapping_get(key).and_then(YamlOwned::as_str);
            let is_after_failure =
                text("if").is_some_and(|when| ["always()", "!cancelled()"].contains(&bare(when)));
            let has_failed = ran.iter().any(|(_, outcome)| outcome.status != Some(0));
            if has_failed && !is_after_failure {
                continue;
            }
            let outcome = if let Some(script) = text("run") {
                match text("shell") {
                    Some("bash") => {
                        self.run(&["bash", "--noprofile", "--norc", "-eo", "pipefail"], script)
                    }
                    _ => self.run(&["bash", "-e"], script),
                }
            } else if text("uses").is_some_and(|uses| uses.contains("emulator-runner")) {
                self.run(&["sh"], step["with"]["script"].as_str().expect("a script"))
            } else {
                continue;
            };
            ran.push((text("name").expect("a step has a name").to_owned(), outcome));
        }
        ran
    }

    /// Runs the script of a GitLab job in the same frame as GitLab's runner.
    pub(crate) fn gitlab(&self, job: &YamlOwned) -> Outcome {
        let lines = strings(&job["script"]).join("\n").replace('\'', r"'\''");
        let script = format!("set -o pipefail; set -o errexit\n: | (eval '{lines}')\nexit 0\n");
        let variables = job.as_mapping_get("variables").and_then(YamlOwned::as_mapping);
        let variables: Vec<_> = variables
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_str().expect("a name"), value.as_str().expect("text")))
            .collect();
        self.run_with(&["bash"], &script, &variables)
    }
}

/// An expression of GitHub without `${{ }}`.
fn bare(expression: &str) -> &str {
    expression.trim_start_matches("${{").trim_end_matches("}}").trim()
}
