//! The pages: links lead somewhere, and every command on them runs.
//!
//! The commands run in a folder with the files that they name, and with stand-ins for programs that
//! need a device or a network. `docs/ci.md` has tests of its own, and those of
//! `docs/CONTRIBUTING.md` build and test the project.

use std::fs;
use std::path::{Path, PathBuf};

use crate::pack::{gzip, member, zip};
use crate::place::Place;
use crate::recipes::{blocks, page};
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
    let mut count = 0;
    for (path, text) in pages() {
        if path.ends_with("ci.md") || path.ends_with("CONTRIBUTING.md") {
            continue;
        }
        for block in blocks(&text).into_iter().filter(|block| block.language == "sh") {
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
        }
    }
    assert!(count > 25, "{count} blocks");
}
