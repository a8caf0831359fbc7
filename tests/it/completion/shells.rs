//! Real shells. Each gets the script as a user would install it, and a program on its `PATH`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::expanded;
use crate::util::{executable, finish, run, skip, without_environment};

/// A folder with the program, a script, and some files to complete; `None` without the shell.
fn installed(shell: &str, script: &str) -> Option<TempDir> {
    let mut command = Command::new(shell);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    if command.status().is_err() {
        skip(format!("{shell} is not on the PATH"));
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    std::os::unix::fs::symlink(executable(), path.join("jm-annotate")).expect("a link");
    fs::write(path.join("build.log"), "").expect("a file");
    fs::write(path.join("my file.log"), "").expect("a file");
    fs::create_dir(path.join("shops")).expect("a folder");
    fs::write(path.join("shops/my shop.tsv"), super::SHOP).expect("a file");
    fs::create_dir(path.join("out")).expect("a folder");
    let text = run(&["generate", shell], b"").expect(0);
    fs::write(path.join(script), text.stdout).expect("a script");
    Some(folder)
}

/// A shell that starts in this folder and finds the program there.
fn shell(name: &str, folder: &Path) -> Command {
    let mut command = without_environment(Command::new(name));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(paths).expect("a PATH"));
    command.env("HOME", folder).env("TERM", "xterm").current_dir(folder);
    command
}

/// Command lines, and what a shell offers for the last word, or for what bash replaces of it.
const BASH: [(&str, &str); 20] = [
    ("jm-annotate explain 87150", "87150…"),
    ("jm-annotate explain --l", "--line --lang"),
    ("jm-annotate list --f", "--format"),
    ("jm-annotate --codes android,r", "android,rtc"),
    ("jm-annotate --codes=android,r", "android,rtc"),
    ("jm-annotate --lang=", "both en zh"),
    ("jm-annotate --report ju", "compopt -o nospace junit="),
    ("jm-annotate --report=ju", "compopt -o nospace junit="),
    ("jm-annotate --report junit=ou", "compopt -o default"),
    ("jm-annotate --report=junit=", "compopt -o default"),
    ("jm-annotate bu", "compopt -o default"),
    ("jm-annotate --fail-on '!unk", "!unknown"),
    ("jm-annotate l", "compopt -o filenames list"),
    ("jm-annotate gener", "compopt -o filenames generate"),
    ("jm-annotate --report junit=\"bu", "compopt -o default"),
    ("jm-annotate --fail-on any,!unk", "any,!unknown"),
    ("jm-annotate --report \"junit=my", "junit=my file.log"),
    ("jm-annotate \"--report=junit=ou", "compopt -o nospace --report=junit=out/"),
    ("jm-annotate --codes \"ios,r", "ios,rtc"),
    ("jm-annotate --codes rtc  explain 87100", "87100…"),
];

#[test]
fn bash_completes() {
    let Some(folder) = installed("bash", "script.bash") else { return };
    let harness = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/completion/bash.sh");
    for (line, want) in BASH {
        let mut command = shell("bash", folder.path());
        command.args(["--norc", "--noprofile"]).arg(&harness).args(["script.bash", line]);
        let outcome = finish(&mut command, b"").expect(0);
        let found: Vec<&str> = outcome.text().lines().filter(|row| !row.is_empty()).collect();
        assert_eq!((found.join(" "), &*outcome.stderr), (expanded(want), ""), "{line}");
    }
}

/// Command lines, and what zsh makes of them: matches, then the line.
const ZSH: [(&str, &str); 21] = [
    ("jm-annotate explain 87150", "87150… => jm-annotate explain 87150"),
    ("jm-annotate explain --l", "--line --lang => jm-annotate explain --l"),
    ("jm-annotate list --f", "--format => jm-annotate list --format "),
    ("jm-annotate --codes=android,r", "--codes=android,rtc => jm-annotate --codes=android,rtc "),
    ("jm-annotate --report ju", "junit= => jm-annotate --report junit="),
    ("jm-annotate --report=junit=ou", "out => jm-annotate --report=junit=out/"),
    ("jm-annotate --fail-on '!unk", "!unknown => jm-annotate --fail-on '!unknown' "),
    ("jm-annotate bu", "build.log => jm-annotate build.log "),
    ("jm-annotate my", "my\\ file.log => jm-annotate my\\ file.log "),
    ("jm-annotate exp", "explain => jm-annotate explain "),
    ("jm-annotate gener", "generate => jm-annotate generate "),
    (
        "jm-annotate --fail-on ",
        "any empty unknown error warning info android rtc ios server web => \
         jm-annotate --fail-on ",
    ),
    // As with a command of zsh's own, such as dd, the word is quoted anew.
    ("jm-annotate --report junit=\"bu", "build.log => jm-annotate --report junit=build.log "),
    ("jm-annotate --report 'junit=my", "my file.log => jm-annotate --report 'junit=my file.log' "),
    (
        "jm-annotate --report junit='my",
        "my\\ file.log => jm-annotate --report junit=my\\ file.log ",
    ),
    ("jm-annotate --report=junit=\"ou", "out => jm-annotate --report=junit=out/"),
    ("jm-annotate --codes ios,\"r", "ios,rtc => jm-annotate --codes ios,rtc "),
    ("jm-annotate --fail-on !unk", "!unknown => jm-annotate --fail-on \\!unknown "),
    ("jm-annotate --fail-on any,!unk", "any,!unknown => jm-annotate --fail-on any,\\!unknown "),
    ("jm-annotate --fail-on any,\\!unk", "any,!unknown => jm-annotate --fail-on any,\\!unknown "),
    (
        "jm-annotate --catalog shops/my\\ shop.tsv explain 5",
        "50001 => jm-annotate --catalog shops/my\\ shop.tsv explain 50001 ",
    ),
];

#[test]
fn zsh_completes() {
    let Some(folder) = installed("zsh", "_jm-annotate") else { return };
    let harness = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/completion/zsh.zsh");
    let mut command = shell("zsh", folder.path());
    command.args(["-f"]).arg(harness).arg(folder.path()).args(ZSH.map(|(line, _)| line));
    let outcome = finish(&mut command, b"").expect(0);
    let mut rows = outcome.text().lines();
    for (line, want) in ZSH {
        let mut found = Vec::new();
        for row in rows.by_ref().filter(|row| !row.is_empty()) {
            found.push(row);
            if row.starts_with("=> ") {
                break;
            }
        }
        assert_eq!(found.join(" "), expanded(want), "{line}: {outcome:?}");
    }
}

/// Command lines, and what fish offers for the last word.
const FISH: [(&str, &str); 11] = [
    ("jm-annotate explain 871300", "871300\tnot logged in"),
    ("jm-annotate explain --lin", "--line\tJudge each number in TEXT; `-` is standard input"),
    ("jm-annotate list --f", "--format\tOutput format: text, json, or tsv (only for list)"),
    (
        "jm-annotate --codes=android,r",
        "--codes=android,rtc\taudio and video calls (Android and iOS)",
    ),
    ("jm-annotate --report ju", "junit="),
    ("jm-annotate --report junit=ou", "junit=out/"),
    ("jm-annotate --report=junit=ou", "--report=junit=out/"),
    ("jm-annotate --fail-on '!unk", "!unknown\ta code in no list"),
    ("jm-annotate bu", "build.log"),
    ("jm-annotate 'my", "my file.log"),
    ("cat build.log | jm-annotate --on", "--only\tWrite only lines with an explanation"),
];

#[test]
fn fish_completes() {
    let Some(folder) = installed("fish", "script.fish") else { return };
    for (line, want) in FISH {
        let mut command = shell("fish", folder.path());
        command.args(["--no-config", "-c", "source script.fish; complete -C $argv[1]", line]);
        let outcome = finish(&mut command, b"").expect(0);
        assert_eq!((outcome.text().trim_end(), &*outcome.stderr), (want, ""), "{line}");
    }
}
