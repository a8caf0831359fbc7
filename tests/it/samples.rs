//! The sample logs of `tests/logs`, which come out as the `.expected` files next to them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jm_annotate::context::header::{Format, Header};

use crate::util::{PLAIN, annotated, run};

/// How many lines of `sample.log` have a code.
const SAMPLE_CODES: usize = 6;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs")
}

/// The paths of the files with this ending, without the ending.
fn named(ending: &str) -> BTreeSet<PathBuf> {
    let paths = fs::read_dir(folder())
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path());
    let with_ending =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == ending));
    with_ending.map(|path| path.with_extension("")).collect()
}

fn bytes(path: &Path, ending: &str) -> Vec<u8> {
    fs::read(path.with_extension(ending)).expect("the file is there")
}

#[test]
fn every_sample_has_an_expectation_and_a_line_in_the_readme() {
    assert_eq!(named("log"), named("expected"));
    let readme = fs::read_to_string(folder().join("README.md")).expect("the file is there");
    for path in named("log") {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(readme.contains(&format!("`{name}.log`")), "{name}");
    }
}

#[test]
fn samples_come_out_as_expected() {
    assert!(named("log").len() >= 17);
    for path in named("log") {
        let want = bytes(&path, "expected");
        let shown = path.display();
        let outcome =
            run(&["--color=never".as_ref(), path.with_extension("log").as_os_str()], b"").expect(0);
        assert_eq!(
            String::from_utf8_lossy(&outcome.stdout),
            String::from_utf8_lossy(&want),
            "{shown}"
        );
        assert!(outcome.stdout == want, "{shown}");
        assert!(annotated(&bytes(&path, "log")[..], PLAIN) == want, "{shown}, by the library");
        assert!(annotated(&want[..], PLAIN) == want, "{shown}, a second time");
        assert!(want != bytes(&path, "log"), "{shown} shows nothing");
    }
}

/// Each format of logcat has a sample with its name.
#[test]
fn samples_are_in_the_format_of_their_name() {
    for (name, format) in [
        ("brief", Format::Brief),
        ("process", Format::Process),
        ("tag", Format::Tag),
        ("thread", Format::Thread),
        ("raw", Format::None),
        ("time", Format::Time),
        ("threadtime", Format::Threadtime),
        ("long", Format::Long),
        ("usec", Format::Threadtime),
        ("year-zone", Format::Threadtime),
        ("epoch", Format::Threadtime),
        ("monotonic", Format::Threadtime),
        ("uid", Format::Threadtime),
        ("color", Format::Threadtime),
        ("crlf", Format::Threadtime),
    ] {
        let log = bytes(&folder().join(name), "log");
        let lines = log.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let count = lines.filter(|line| Header::parse(line).format == format).count();
        assert!(count >= 8, "{name}: {count} lines");
    }
}

#[test]
fn the_sample_in_the_readme_is_short_and_has_a_few_codes() {
    let log = bytes(&folder().join("sample"), "log");
    assert_eq!(log.iter().filter(|byte| **byte == b'\n').count(), 25);
    let outcome = run(&["--only".as_ref(), folder().join("sample.log").as_os_str()], b"").expect(0);
    assert_eq!(outcome.text().lines().count(), SAMPLE_CODES);
}

/// The front pages show lines of the sample the way they come out.
#[test]
fn the_front_pages_show_the_sample_as_it_is() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(root.join(path)).expect(path);
    let expected = read("tests/logs/sample.expected");
    for page in ["README.md", "docs/README.zh.md"] {
        let page = read(page);
        let shown = page.split("<!-- SAMPLE -->").nth(1);
        let shown = shown.and_then(|rest| rest.split("<!-- /SAMPLE -->").next());
        let lines: Vec<&str> =
            shown.expect("the marks").lines().filter(|line| line.starts_with("05-")).collect();
        assert!(lines.len() > 3);
        for line in lines {
            assert!(expected.lines().any(|other| other == line), "{line}");
        }
    }
}
