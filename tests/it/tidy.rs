//! The project's rules that a look at the sources can check: the fences between modules (I7),
//! sizes, the top level.

use std::fs;
use std::path::{Path, PathBuf};

use crate::util::run;

/// How long a file and a function may be, in lines.
const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;

/// A source file without its tests and comments.
struct Source {
    path: String,
    whole: String,
    code: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("target") {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
}

fn sources(folder: &str) -> Vec<Source> {
    let mut paths = Vec::new();
    files(&root().join(folder), "rs", &mut paths);
    assert!(!paths.is_empty(), "{folder}");
    paths.iter().map(|path| Source::read(path)).collect()
}

impl Source {
    fn read(path: &Path) -> Self {
        let whole = fs::read_to_string(path).expect("a source is UTF-8").replace("\r\n", "\n");
        let product = whole.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let code = product
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        let path = path.strip_prefix(root()).expect("inside").to_string_lossy().replace('\\', "/");
        Source { path, whole, code }
    }

    /// Whether it is part of the tests: its own file of them, or what only they use.
    fn is_test(&self) -> bool {
        self.path.contains("/tests/")
            || self.path.ends_with("/testing.rs")
            || self.path.ends_with("/tests.rs")
    }
}

/// The modules of the library that each may name, besides itself and the ones below it in this list
/// of arrows.
const ARROWS: [(&str, &[&str]); 7] = [
    ("src/catalog/", &[]),
    ("src/scan/", &["catalog"]),
    ("src/context/", &["catalog"]),
    ("src/annotate.rs", &["catalog", "scan", "context"]),
    ("src/render/", &["catalog", "context", "annotate"]),
    ("src/stream/", &["catalog", "scan", "context", "annotate", "render"]),
    ("src/report/", &["catalog", "scan", "context", "annotate", "render", "stream"]),
];
const MODULES: [&str; 7] = ["catalog", "scan", "context", "annotate", "render", "stream", "report"];

#[test]
fn arrows_between_modules_run_one_way() {
    for source in sources("src").iter().filter(|source| !source.is_test()) {
        let Some((place, allowed)) =
            ARROWS.iter().find(|(place, _)| source.path.starts_with(place))
        else {
            continue;
        };
        for module in MODULES.iter().filter(|module| !allowed.contains(module)) {
            let own =
                place.trim_start_matches("src/").trim_end_matches('/').trim_end_matches(".rs")
                    == *module;
            let named = source.code.contains(&format!("crate::{module}"));
            assert!(own || !named, "{} names {module}", source.path);
        }
    }
}

/// What a module may not contain.
const FENCES: [(&str, &[&str]); 7] = [
    ("src/catalog/", &["std::io", "std::fs", "std::env", "regex", "x1b", "File"]),
    ("src/scan/", &["std::io", "std::fs", "std::env", "x1b", "Entry"]),
    ("src/context/", &["std::io", "std::fs", "std::env", "regex"]),
    ("src/annotate.rs", &["std::io", "std::fs", "std::env", "x1b", "regex"]),
    ("src/render/", &["std::io", "std::fs", "std::env"]),
    ("src/report/", &["std::fs", "std::env", "IsTerminal", "stdout()", "stderr()", "std::path"]),
    (
        "src/stream/",
        &["std::path", "std::env", "std::process", "stdout()", "stderr()", "stdin()", "File::open"],
    ),
];

#[test]
fn modules_stay_inside_their_fences() {
    for source in sources("src").iter().filter(|source| !source.is_test()) {
        for (_, words) in FENCES.iter().filter(|(place, _)| source.path.starts_with(place)) {
            for word in *words {
                assert!(!source.code.contains(word), "{} contains {word}", source.path);
            }
        }
        let is_library = !source.path.starts_with("src/bin/");
        for word in ["println!", "eprintln!", "print!(", "dbg!", "IsTerminal", "std::env::"]
            .iter()
            .filter(|_| is_library)
        {
            assert!(!source.code.contains(word), "{} contains {word}", source.path);
        }
        assert!(
            !source.code.contains("unsafe {") && !source.code.contains("unsafe fn"),
            "{}",
            source.path
        );
    }
}

/// Only the palette makes escape sequences. These recognize the log's own.
const RECOGNIZE_ESCAPES: [&str; 7] = [
    "src/render/sgr.rs", "src/context/own.rs", "src/context/sides.rs",
    "src/context/header/cursor.rs", "src/context/header/logcat.rs", "src/context/rules/shape.rs",
    "src/report/text.rs",
];

#[test]
fn escapes_are_made_by_the_palette_only() {
    for source in sources("src").iter().filter(|source| !source.is_test()) {
        let has =
            ["\\x1b", "\\u{1b}", "0x1b", "\\e["].iter().any(|escape| source.code.contains(escape));
        let may = RECOGNIZE_ESCAPES.contains(&source.path.as_str())
            || source.path.ends_with("/palette.rs");
        assert!(may || !has, "{} has an escape", source.path);
    }
    let palette =
        sources("src/render").into_iter().find(|source| source.path.ends_with("palette.rs"));
    assert!(palette.expect("it is there").code.contains("owo_colors"));
}

#[test]
fn files_say_what_they_own_and_stay_short() {
    for source in sources("src").into_iter().chain(sources("tests/it")) {
        assert!(source.whole.starts_with("//!"), "{} does not begin with what it is", source.path);
        let lines = source.whole.lines().count();
        assert!(lines <= FILE_LINES_MAX, "{} has {lines} lines", source.path);
        check_functions(&source);
    }
}

/// A function ends at the first closing brace as far to the left as its beginning.
fn check_functions(source: &Source) {
    let lines: Vec<&str> = source.whole.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let words = line.trim_start();
        let begins = ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn "]
            .iter()
            .any(|start| words.starts_with(start));
        if !begins || words.ends_with(['}', ';']) {
            continue;
        }
        let end = format!("{}}}", " ".repeat(indent));
        let length =
            lines[at..].iter().position(|line| *line == end).map_or(0, |length| length + 1);
        assert!(length <= FUNCTION_LINES_MAX, "{}:{}: {length} lines", source.path, at + 1);
    }
}

#[test]
fn the_top_level_is_small() {
    const KNOWN: [&str; 7] =
        ["Cargo.toml", "Cargo.lock", "README.md", "CHANGELOG.md", "src", "benches", "tests"];
    for entry in fs::read_dir(root()).expect("the root") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let is_known =
            KNOWN.contains(&name.as_str()) || name.starts_with('.') || name.starts_with("LICENSE");
        assert!(is_known || name == "target", "{name} does not belong to the top level");
    }
}

#[test]
fn the_readme_names_every_option() {
    let Ok(readme) = fs::read_to_string(root().join("README.md")) else { return };
    let help =
        [run(&["--help"], b""), run(&["explain", "--help"], b""), run(&["list", "--help"], b"")];
    let mut count = 0;
    for text in help.iter().map(|outcome| outcome.text()) {
        for word in text.split_whitespace().filter(|word| word.starts_with("--")) {
            let option =
                word.split(|letter: char| !letter.is_ascii_lowercase() && letter != '-').next();
            let option = option.unwrap_or_default();
            assert!(readme.contains(option), "README.md does not name {option}");
            count += 1;
        }
    }
    assert!(count > 20, "{count} options");
}
