//! What would be easy to miss: an archive's empty files, hidden ones, leftovers; and that every
//! report says what could not be read.

use crate::archives::{LINE, both_ways, places};
use crate::pack::{Listing, Member, gzip, member, zip};
use crate::util::{finish, program, run};

#[test]
fn an_archive_without_text_is_empty() {
    let said = "jm-annotate: a.zip: the input is empty\n";
    let failed = "jm-annotate: --fail-on: 1 empty input: a.zip\n";
    assert_eq!(
        both_ways(&["--fail-on=empty"], &zip(&[])).expect(1).stderr,
        format!("{said}{failed}")
    );
    assert_eq!(both_ways(&[], &zip(&[])).expect(0).stderr, "");
    let binary = zip(&[member("a.bin", b"\0"), member("b/", b"")]);
    let skipped = "jm-annotate: a.zip: 1 binary file was skipped\n";
    assert_eq!(
        both_ways(&["--fail-on=empty"], &binary).expect(1).stderr,
        format!("{skipped}jm-annotate: a.zip: the archive has no text\n{failed}")
    );
}

/// A logcat that died is as empty in an archive.
#[test]
fn an_empty_file_in_an_archive_is_an_empty_input() {
    let line = |name: &str| format!("jm-annotate: a.zip/{name}: the input is empty\n");
    let one = zip(&[member("empty", b""), member("a.log", b"x\n")]);
    assert_eq!(both_ways(&[], &one).expect(0).stderr, "");
    assert_eq!(both_ways(&["--fail-on=any"], &one).expect(0).stderr, line("empty"));
    assert_eq!(
        both_ways(&["--fail-on=empty"], &one).expect(1).stderr,
        line("empty") + "jm-annotate: --fail-on: 1 empty input: a.zip/empty\n"
    );
    for (inner, want) in [(zip(&[member("x", b"")]), "in.zip/x"), (zip(&[]), "in.zip")] {
        let outcome = both_ways(&["--fail-on=any"], &zip(&[member("in.zip", &inner)])).expect(0);
        assert_eq!(outcome.stderr, line(want));
    }
    let names: Vec<String> = (0..150).map(|number| format!("{number}.log")).collect();
    let many: Vec<_> = names.iter().map(|name| member(name, b"")).collect();
    let outcome = both_ways(&["--fail-on=empty", "--report=junit=-"], &zip(&many)).expect(1);
    let want = ["0.log", "1.log", "2.log"].map(line).concat()
        + "jm-annotate: a.zip: 147 more files are empty\n"
        + "jm-annotate: --fail-on: 150 empty inputs: a.zip/0.log, a.zip/1.log, a.zip/2.log, …\n";
    assert_eq!(outcome.stderr, want);
    assert_eq!(outcome.text().matches("<testcase").count(), 101);
    assert!(outcome.text().contains("name=\"50 more inputs are not empty\""));
    let markdown = both_ways(&["--fail-on=empty", "--report=markdown=-"], &zip(&many)).expect(1);
    assert!(markdown.text().ends_with("\n\n**Fails:** 50 more inputs are empty.\n"));
}

/// Only the directory says so, and not all programs that write zips can be trusted.
#[test]
fn a_file_that_the_directory_hides_is_read_or_said() {
    let file = |name, listing| Member { listing, ..member(name, LINE.as_bytes()) };
    let (good, hidden) = (file("a.log", Listing::True), file("b.log", Listing::Missing));
    let lists = "the zip is corrupt (entries in its directory: 1; files and folders found: 2)";
    for files in [[good, hidden], [hidden, good]] {
        let outcome = both_ways(&["--format=json"], &zip(&files)).expect(2);
        assert_eq!(outcome.stderr, format!("jm-annotate: a.zip: {lists}\n"));
        assert_eq!(places(&outcome).len(), 2);
    }
    let other = "the zip is corrupt (its directory lists other files than there are)";
    for name in ["b/", "b.log"] {
        let outcome = both_ways(&["--format=json"], &zip(&[file(name, Listing::Empty)])).expect(2);
        assert_eq!(outcome.stderr, format!("jm-annotate: a.zip: {other}\n"));
        assert_eq!(places(&outcome).len(), 1, "{name}");
    }
    let mut commented = zip(&[member("a.log", b"x\n")]);
    let inner = zip(&[file("b.log", Listing::True)]);
    let length = commented.len();
    commented[length - 2..].copy_from_slice(&(inner.len() as u16).to_le_bytes());
    let outcome = both_ways(&[], &[commented, inner].concat()).expect(2);
    assert!(outcome.stderr.contains("its comment holds the end of another zip"));
}

#[test]
fn what_follows_the_packed_bytes_of_a_file_is_an_error() {
    let slack = Member { slack: b"code=871300", ..member("a.log", b"x\n") };
    let outcome = both_ways(&[], &zip(&[slack])).expect(2);
    assert_eq!(
        outcome.stderr,
        "jm-annotate: a.zip/a.log: 11 bytes after the end of the deflate data are not deflate and \
         were ignored\n"
    );
}

/// The reports of these inputs, and one that is missing, in a folder.
fn reports_of(kind: &str, options: &[&str], files: &[(&str, &[u8])]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = program();
    command.current_dir(folder.path()).arg(format!("--report={kind}=-")).args(options);
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("a file");
        command.arg(name);
    }
    let outcome = finish(command.arg("gone.log"), b"").expect(2);
    assert!(outcome.stderr.contains("jm-annotate: gone.log: "), "{outcome:?}");
    outcome.text().to_owned()
}

/// A build must not look fine because its log could not be read.
#[test]
fn every_report_says_what_could_not_be_read_and_is_not_green() {
    let mut cut = gzip(format!("{LINE}{}", "0 1 2 x\n".repeat(9000)).as_bytes());
    cut.truncate(cut.len() - 9);
    for (kind, wants) in [
        ("html", ["\"verdict unread\"", "Not all of the input could be read", "未能全部读取"]),
        ("junit", ["errors=\"2\"", "name=\"gone.log is readable\"", "<error message=\""]),
        (
            "markdown",
            ["codes\n\n**2 inputs could not be read completely:**\n\n- `cut.gz", "\n- `gone", ""],
        ),
        ("github", ["\n::error title=JMessage%3A 2 inputs could not be read completely::", "", ""]),
        (
            "azure",
            ["\n##vso[task.logissue type=error;]2 inputs could not be read completely", "", ""],
        ),
    ] {
        for options in [&["--fail-on=unknown"][..], &[]] {
            let text = reports_of(kind, options, &[("cut.gz", &cut)]);
            let all = ["cut.gz", "only a part", "gone.log"];
            for want in [wants, all].concat().iter().filter(|want| !want.is_empty()) {
                assert!(text.contains(want), "{kind} {want}: {text}");
            }
            for green in ["✔", "verdict passes", "no JMessage error code found"] {
                assert!(!text.contains(green), "{kind} {green}: {text}");
            }
        }
        let fails = reports_of(kind, &["--fail-on=any"], &[("a.log", LINE.as_bytes())]);
        assert!(fails.contains("gone.log") && !fails.contains("only a part"), "{fails}");
        let read = run(&[&format!("--report={kind}=-"), "--fail-on=unknown"], LINE.as_bytes());
        assert!(!read.expect(0).text().contains("could not be read"), "{kind}");
    }
    let zip = zip(&[Member { slack: b"x", ..member("a.log", b"x\n") }]);
    assert!(reports_of("junit", &[], &[("a.zip", &zip)]).contains("a.zip/a.log is readable"));
    let outcome = run(&["--summary", "gone.log"], b"").expect(2);
    assert!(outcome.stderr.ends_with("\n1 input could not be read completely.\n"), "{outcome:?}");
}
