//! What carries the project on: the workflows and forms of `.github`, and the commands of
//! `docs/CONTRIBUTING.md`. They parse, they agree with each other, and they name what exists. Runs
//! none of them; the workflows' own parser is called by `.ci/check-workflows`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use saphyr::YamlOwned;

use crate::recipes::{blocks, page, strings, yaml};
use crate::util::skip;

const GUIDE: &str = "docs/CONTRIBUTING.md";
const CI: &str = ".github/workflows/ci.yml";
const RELEASE: &str = ".github/workflows/release.yml";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files in a folder and below it, from the root of the project, in order. A package of the
/// crate has no `.github` and no `.ci`, so it has no such files.
fn files(folder: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(root().join(folder)) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        let relative = path.strip_prefix(root()).expect("inside").to_path_buf();
        match path.is_dir() {
            true => found.extend(files(relative.to_str().expect("a name"))),
            false => found.push(relative),
        }
    }
    found.sort();
    found
}

/// Whether this is a clone of the repository. If not, the test that asks has nothing to read.
fn is_clone() -> bool {
    let is_clone = root().join(".github").exists();
    if !is_clone {
        skip("a package of the crate has no .github");
    }
    is_clone
}

/// Each YAML file of `.github`, by its path.
fn configurations() -> BTreeMap<String, YamlOwned> {
    let paths = files(".github").into_iter().map(|path| path.to_string_lossy().into_owned());
    let paths = paths.filter(|path| path.ends_with(".yml"));
    paths.map(|path| (path.clone(), yaml(&page(&path)))).collect()
}

/// The jobs of a workflow, by their names.
fn jobs(workflow: &YamlOwned) -> Vec<(&str, &YamlOwned)> {
    let jobs = workflow["jobs"].as_mapping().expect("jobs");
    jobs.iter().map(|(name, job)| (name.as_str().expect("a name"), job)).collect()
}

/// The targets that the release workflow packages.
fn released() -> Vec<String> {
    let release = yaml(&page(RELEASE));
    let rows = &release["jobs"]["package"]["strategy"]["matrix"]["include"];
    let rows = rows.as_sequence().expect("a list").iter();
    rows.map(|row| row["target"].as_str().expect("a target").to_owned()).collect()
}

#[test]
fn workflows_and_forms_parse() {
    if is_clone() {
        let found = configurations();
        assert!(found.contains_key(CI) && found.contains_key(RELEASE), "{:?}", found.keys());
        assert!(found.len() >= 7, "{:?}", found.keys());
    }
}

/// A job may do only what it needs, ends, and names the code of its actions by commit.
#[test]
fn workflows_have_few_rights_and_end() {
    if !is_clone() {
        return;
    }
    let mut actions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in [CI, RELEASE] {
        let workflow = yaml(&page(path));
        assert_eq!(workflow["permissions"]["contents"].as_str(), Some("read"), "{path}");
        assert!(workflow["concurrency"]["group"].as_str().is_some(), "{path}");
        for (name, job) in jobs(&workflow) {
            let is_called = job.as_mapping_get("uses").is_some();
            let ends = job.as_mapping_get("timeout-minutes").is_some();
            assert!(is_called || ends, "{path}: {name} has no timeout-minutes");
            let may_write = job.as_mapping_get("permissions").is_some();
            assert_eq!(may_write, path == RELEASE && name == "release", "{path}: {name}");
        }
        for line in page(path).lines().filter_map(|line| line.split_once("uses: ")) {
            let Some((action, commit)) = line.1.split_once('@') else { continue };
            let (hash, version) = commit.split_once(" # v").expect("a comment with the version");
            assert!(hash.len() == 40 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{commit}");
            assert!(version.starts_with(|first: char| first.is_ascii_digit()), "{commit}");
            actions.entry(action.to_owned()).or_default().insert(commit.to_owned());
        }
    }
    assert!(actions.values().all(|commits| commits.len() == 1), "{actions:?}");
    assert!(actions.len() >= 3, "{actions:?}");
}

/// The oldest Rust is said in several places.
#[test]
fn the_oldest_rust_is_the_same_everywhere() {
    if !is_clone() {
        return;
    }
    let oldest = env!("CARGO_PKG_RUST_VERSION");
    let matrix = &yaml(&page(CI))["jobs"]["test"]["strategy"]["matrix"];
    assert_eq!(strings(&matrix["toolchain"]), [oldest, "stable"]);
    assert_eq!(strings(&matrix["os"]), ["ubuntu-latest", "macos-latest", "windows-latest"]);
    for path in ["README.md", GUIDE] {
        assert!(page(path).contains(&format!("Rust {oldest}")), "{path} does not name {oldest}");
    }
}

/// The fuzz crate has a lock file of its own, which a change of the dependencies makes stale.
#[test]
fn the_lock_file_of_the_fuzz_crate_is_current() {
    if !is_clone() {
        return;
    }
    let manifest = page("Cargo.toml");
    let sections = manifest.split("\n[").filter(|section| {
        let heading = section.lines().next().unwrap_or_default();
        heading.ends_with("dependencies]") && !heading.contains("dev-")
    });
    let names = sections.flat_map(|section| section.lines().skip(1));
    let names = names.filter_map(|line| line.split([' ', '=', '.']).next());
    let is_name = |name: &&str| name.starts_with(|first: char| first.is_ascii_lowercase());
    let want: BTreeSet<&str> = names.filter(is_name).collect();
    let lock = page("tests/fuzz/Cargo.lock");
    let own = lock.split("\n\n").find(|package| package.contains("\nname = \"jm-annotate\"\n"));
    let quoted = own.expect("the crate").split_once("dependencies = [").expect("a list").1;
    let found: BTreeSet<&str> =
        quoted.split('"').skip(1).step_by(2).filter_map(|name| name.split(' ').next()).collect();
    assert_eq!(found, want, "`cargo check --manifest-path tests/fuzz/Cargo.toml` mends it");
}

/// What is released is documented, can be packaged, has its dependencies checked, and is tested by
/// `.ci/targets` if it is for Linux.
#[test]
fn each_released_target_is_known_everywhere() {
    if !is_clone() {
        return;
    }
    let targets = released();
    assert_eq!(targets.len(), 5);
    for target in &targets {
        for path in [GUIDE, ".ci/package", ".cargo/deny.toml"] {
            assert!(page(path).contains(target.as_str()), "{path} does not name {target}");
        }
        let is_tested = page(".ci/targets").contains(target.as_str());
        assert!(is_tested || !target.contains("linux"), ".ci/targets does not test {target}");
    }
    let checked = page(".cargo/deny.toml").matches("\n    \"").count();
    assert_eq!(checked, targets.len(), "`targets` in .cargo/deny.toml");
}

#[test]
fn forms_ask_for_what_is_needed() {
    if !is_clone() {
        return;
    }
    for (path, form) in configurations() {
        if !path.contains("ISSUE_TEMPLATE") || path.ends_with("config.yml") {
            continue;
        }
        let fields = form["body"].as_sequence().expect("fields");
        let ids: Vec<&str> = fields
            .iter()
            .filter_map(|field| field.as_mapping_get("id"))
            .map(|id| id.as_str().expect("an id"))
            .collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{path}: {ids:?}");
        assert!(form["name"].as_str().is_some() && form["description"].as_str().is_some());
    }
    let verdict = page(".github/ISSUE_TEMPLATE/verdict.yml");
    assert!(verdict.contains("jm-annotate explain --line 'THE LINE'"));
    assert!(verdict.contains("something of the same kind"));
}

/// The paths that a text names: words that begin with a folder of the project.
fn named_paths(text: &str) -> BTreeSet<&str> {
    const FOLDERS: [&str; 7] =
        [".ci/", ".github/", ".cargo/", "src/", "tests/", "docs/", "benches/"];
    let is_part = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let words = text.split(|c: char| !is_part(c));
    let words = words.map(|word| word.trim_start_matches("../").trim_start_matches("./"));
    let words = words.filter(|word| FOLDERS.iter().any(|folder| word.starts_with(folder)));
    // NAME stands for a name.
    words.map(|word| word.trim_end_matches(['.', '/'])).filter(|w| !w.contains("NAME")).collect()
}

/// It names the files of recipes, which are in the repositories of those who copy them.
const NAMES_RECIPES: &str = ".ci/check-recipes";

#[test]
fn paths_that_are_named_exist() {
    if !is_clone() {
        return;
    }
    let scripts = files(".ci");
    assert!(scripts.len() > 6, "{scripts:?}");
    let pages = files(".github").into_iter().chain(scripts);
    let mut count = 0;
    for path in pages.chain([GUIDE.into()]).filter(|path| *path != Path::new(NAMES_RECIPES)) {
        let text = page(path.to_str().expect("a name"));
        for named in named_paths(&text) {
            assert!(root().join(named).exists(), "{} names {named}", path.display());
            count += 1;
        }
    }
    assert!(count > 60, "{count} paths");
}

/// A script that cannot be executed is only noticed by who calls it.
#[test]
fn scripts_can_be_executed() {
    for path in files(".ci") {
        let is_script = page(path.to_str().expect("a name")).starts_with("#!");
        let mode = fs::metadata(root().join(&path)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o111 != 0, is_script, "{}", path.display());
    }
}

/// The path of every test, as `cargo test` filters it, at least in parts: file and function.
fn tests() -> Vec<String> {
    let mut tests = Vec::new();
    for path in files("src").into_iter().chain(files("tests/it")) {
        let name = path.to_string_lossy().into_owned();
        if !name.ends_with(".rs") {
            continue;
        }
        let module = name.trim_end_matches(".rs").replace("/mod", "").replace('/', "::");
        let source = page(&name);
        let mut lines = source.lines().map(str::trim);
        while lines.any(|line| line == "#[test]") {
            let item = lines.find_map(|line| line.strip_prefix("fn ")).expect("a function");
            tests.push(format!("{module}::{}", item.split('(').next().unwrap_or_default()));
        }
    }
    tests
}

/// The words after `cargo test` that choose tests.
fn filters(command: &str) -> Vec<&str> {
    let Some((_, arguments)) = command.split_once("cargo test") else { return Vec::new() };
    let mut words = arguments.split_whitespace();
    let mut filters = Vec::new();
    while let Some(word) = words.next() {
        match word {
            "--test" | "--bin" => drop(words.next()),
            word if word.starts_with('-') => {}
            word => filters.push(word),
        }
    }
    filters
}

/// `cargo test` passes if no test has the name.
#[test]
fn the_guide_names_tests_that_exist() {
    let guide = page(GUIDE);
    let tests = tests();
    let is_code = |block: &crate::recipes::Block| block.language == "sh";
    let blocks = blocks(&guide.replace("\n   ```", "\n```"));
    let spans = guide.split('`').filter(|span| !span.contains('\n')).map(str::to_owned);
    let lines = blocks.iter().filter(|block| is_code(block)).flat_map(|block| block.text.lines());
    let mut count = 0;
    for command in lines.map(str::to_owned).chain(spans) {
        for filter in filters(&command).into_iter().filter(|filter| *filter != "NAME") {
            assert!(tests.iter().any(|test| test.contains(filter)), "{command}: {filter}");
            count += 1;
        }
    }
    assert!(count > 20, "{count} filters");
}

/// Each fence is in the guide, with its reason.
#[test]
fn the_guide_lists_every_fence() {
    let guide = page(GUIDE);
    let fences: Vec<String> =
        tests().into_iter().filter(|test| test.starts_with("tests::it::tidy::")).collect();
    assert!(fences.len() > 7, "{fences:?}");
    for fence in fences {
        let name = fence.rsplit("::").next().expect("a name");
        assert!(guide.contains(&format!("| `{name}` | ")), "{GUIDE} does not list {name}");
    }
}
