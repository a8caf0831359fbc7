//! The pages: links lead somewhere, every command on them runs, and what is shown is what comes
//! out.
//!
//! The commands run in a folder with the files that they name, and with stand-ins for programs that
//! need a device or a network. `docs/ci.md` has tests of its own, and those of
//! `docs/CONTRIBUTING.md` build and test the project.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::pack::{gzip, member, zip};
use crate::place::Place;
use crate::recipes::{Block, blocks, page};
use crate::util::run;

/// The pages of the project with their paths.
fn pages() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = fs::read_dir(root.join("docs")).expect("a folder");
    let docs = docs.map(|entry| Path::new("docs").join(entry.expect("an entry").file_name()));
    let mut paths: Vec<PathBuf> =
        docs.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    paths.push("README.md".into());
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), page(path.to_str().expect("UTF-8")))).collect()
}

/// `tests/spark` runs the commands of this page.
fn spark() -> (PathBuf, String) {
    let path = "docs/spark/README.md";
    (path.into(), page(path))
}

/// The anchors of a page's headings, as GitHub makes them.
fn anchors(page: &str) -> Vec<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| -> String {
        let kept = |c: &char| c.is_alphanumeric() || "- ".contains(*c);
        let text = heading.trim_start_matches('#').trim().to_lowercase();
        text.chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}

/// The front pages say how many codes there are.
#[test]
fn the_front_pages_count_the_codes() {
    let listed = run(&["list", "--codes=all"], b"").expect(0);
    let count = listed.text().lines().count();
    for (path, words) in
        [("README.md", "It knows N codes"), ("docs/README.zh.md", "内置 N 个错误码")]
    {
        let words = words.replace('N', &count.to_string());
        assert!(page(path).contains(&words), "{path}: not `{words}`");
    }
}

#[test]
fn links_between_the_pages_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for (path, text) in pages().into_iter().chain([spark()]) {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("http") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => path.clone(),
                _ => path.parent().expect("a folder").join(file),
            };
            let found = root.join(&target);
            // A package of the crate does not have everything.
            if root.join("Cargo.toml.orig").exists() && !found.exists() {
                continue;
            }
            assert!(found.exists(), "{}: {link}", path.display());
            if !anchor.is_empty() {
                let text = fs::read_to_string(found).expect("a page");
                assert!(anchors(&text).contains(&anchor.to_owned()), "{}: {link}", path.display());
            }
            count += 1;
        }
    }
    assert!(count > 60, "{count} links");
}

/// What the commands read: logs, packed and not, a catalog, and programs that stand in for others.
fn place() -> Place {
    let place = Place::new();
    let log = "E/Login: code = 871300\nE/Cart: errorCode = 730042\n";
    for name in ["ci.log", "build.log", "other.log", "app.log"] {
        fs::write(place.path(name), log).expect(name);
    }
    fs::write(place.path("build.log.gz"), gzip(log.as_bytes())).expect("a file");
    let device = member("device.log", log.as_bytes());
    fs::write(place.path("bugreport.zip"), zip(&[device])).expect("a file");
    let catalog =
        blocks(&page("docs/catalog.md")).into_iter().find(|block| block.language == "tsv");
    fs::write(place.path("shop.tsv"), catalog.expect("a catalog").text).expect("a file");
    fs::create_dir_all(place.path("ci")).expect("a folder");
    fs::copy(place.path("shop.tsv"), place.path("ci/shop.tsv")).expect("a file");
    fs::create_dir_all(place.path("tests/logs")).expect("a folder");
    fs::write(place.path("tests/logs/sample.log"), log).expect("a file");
    place.program("adb", "exec cat ci.log");
    place.program("tail", "exec cat ci.log");
    place.program("curl", "exec cat build.log.gz");
    place.program("gradlew", "exec cat ci.log");
    place.program("jm-annotate", "exec \"$JM\" \"$@\"");
    place
}

/// Commands that build or measure, and what they begin with.
const LEFT_OUT: [&str; 2] = ["cargo ", "hyperfine "];

#[test]
fn every_command_on_the_pages_runs() {
    let has_jq = std::process::Command::new("jq").arg("--version").output().is_ok();
    let (mut count, mut shown_count) = (0, 0);
    for (path, text) in pages() {
        if path.ends_with("ci.md") || path.ends_with("CONTRIBUTING.md") {
            continue;
        }
        let blocks = blocks(&text);
        let runs = |block: &Block| block.language == "sh" || block.language == "bat";
        for (at, block) in blocks.iter().enumerate().filter(|(_, block)| runs(block)) {
            let needs_jq = block.text.contains("jq ");
            let is_left_out =
                block.text.lines().all(|line| LEFT_OUT.iter().any(|name| line.starts_with(name)));
            if is_left_out || (needs_jq && !has_jq) {
                continue;
            }
            let script = format!("set -e\nPATH=\"$PWD/bin:$PATH\"\n{}", block.text);
            let script = script.replace("./gradlew", "gradlew");
            let outcome = place().shell(&script);
            // The log has a code, so a policy fails the command.
            let want = i32::from(block.text.contains("fail-on") || block.text.contains("FAIL_ON"));
            let is_as_wanted = outcome.status == Some(want) && !outcome.stderr.contains("error:");
            assert!(is_as_wanted, "{}: {}\n{outcome:?}", path.display(), block.text);
            count += 1;
            // What is shown right after a command is what it writes.
            let is_output = |next: &&Block| next.language == "text" && next.is_next;
            if let Some(shown) = blocks.get(at + 1).filter(is_output) {
                assert_eq!(outcome.text(), shown.text, "{}: {}", path.display(), block.text);
                shown_count += 1;
            }
        }
    }
    assert!(count > 25 && shown_count > 3, "{count} blocks, {shown_count} with their output");
}

/// A session shows each command after `$ `, and then its output.
#[test]
fn sessions_on_the_pages_are_real() {
    let mut count = 0;
    for (path, text) in pages() {
        for block in blocks(&text).into_iter().filter(|block| block.language == "console") {
            for session in block.text.strip_prefix("$ ").expect("a command").split("\n$ ") {
                let (command, want) = session.split_once('\n').expect("an output");
                let outcome = place().shell(&format!("PATH=\"$PWD/bin:$PATH\"\n{command}"));
                assert_eq!(outcome.text().trim_end(), want.trim_end(), "{}", path.display());
                count += 1;
            }
        }
    }
    assert!(count > 1, "{count} sessions");
}

/// The front pages show a line before and after, and write the completion scripts.
#[test]
fn the_front_pages_show_what_happens() {
    for path in ["README.md", "docs/README.zh.md"] {
        let text = page(path);
        let first = blocks(&text).remove(0);
        let (before, after) = first.text.split_once('\n').expect("two lines");
        assert_eq!(jm_annotate::annotate_str(&format!("{before}\n")), after, "{path}");
        let words = text.split("jm-annotate generate ").skip(1);
        let words: BTreeSet<&str> =
            words.filter_map(|rest| rest.split(|c: char| !c.is_ascii_lowercase()).next()).collect();
        assert!(words.contains("zsh"), "{path}: {words:?}");
        words.into_iter().for_each(|word| drop(run(&["generate", word], b"").expect(0)));
    }
}

/// The front pages say the same, and nothing but what the other pages say.
#[test]
fn the_figures_of_the_front_pages_agree() {
    let figures = |text: &str| -> BTreeSet<String> {
        let before = text.split('%').rev().skip(1).map(str::trim_end);
        let number = |text: &str| {
            let digits = |c: char| !(c.is_ascii_digit() || c == '.');
            text.rsplit(digits).next().unwrap_or_default().to_owned()
        };
        before.map(number).filter(|number| number.contains('.')).collect()
    };
    let (english, chinese) = (page("README.md"), page("docs/README.zh.md"));
    assert_eq!(figures(&english), figures(&chinese));
    assert!(figures(&english).len() > 3, "{:?}", figures(&english));
    let decisions = page("docs/decisions.md");
    for figure in figures(&english) {
        let fraction = figure.parse::<f64>().expect("a number") / 100.0;
        let is_there = decisions.contains(&figure) || decisions.contains(&format!("{fraction:.3}"));
        assert!(is_there, "docs/decisions.md does not have {figure}");
    }
}
