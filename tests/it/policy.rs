//! The policy: what `--fail-on` fails, and that every report and the exit status agree on it.

use std::fs;

use crate::util::{Outcome, finish, program, run};

const LOG: &str =
    "03-18 00:13:38.871  1702  2395 D Login: code=871300\nx\nresponseCode = 871201,\ncode=871300";

/// Errors, a warning, an info, and an unlisted code, from three families.
const MIXED: &str = "\
responseCode = 871300
responseCode = 871201
responseCode = 871300
responseCode = 871999
JMessage: error code: 800012
responseCode = 871311
";

#[test]
fn each_item_decides_the_exit_status() {
    for (list, status) in [
        ("any", 1),
        ("871300", 1),
        ("871301", 0),
        ("871200-871299", 1),
        ("871000-871199", 0),
        ("android", 1),
        ("server,ios", 0),
        ("error", 1),
        ("info", 0),
        ("!871300", 1),
        ("any,!871300,!871201", 0),
        ("!android", 0),
        ("871300:2", 1),
        ("871300:3", 0),
        ("any:3", 1),
        ("any:4", 0),
        ("error,!871300", 0),
        ("warning:1", 1),
        ("unknown", 0),
        ("empty", 0),
    ] {
        for arguments in [
            &["--fail-on", list][..],
            &["--only", "--fail-on", list],
            &["--format=json", "--fail-on", list],
        ] {
            let outcome = run(arguments, LOG.as_bytes()).expect(status);
            assert_eq!(
                outcome.stderr.lines().count(),
                usize::from(status == 1),
                "{}",
                outcome.stderr
            );
        }
    }
}

/// A code in no list may be anything, so it is an error, and has an item of its own.
#[test]
fn an_unlisted_code_is_an_error() {
    let log = b"code = 871999\n";
    for (list, status) in
        [("error", 1), ("unknown", 1), ("any", 1), ("error,!unknown", 0), ("warning,info", 0)]
    {
        run(&["--fail-on", list], log).expect(status);
    }
    let json = run(&["--format=json"], log).expect(0);
    assert!(json.text().contains(r#""family":null,"severity":"error""#), "{}", json.text());
    let summary = run(&["--summary"], log).expect(0).stderr;
    assert!(summary.contains("  871999  error     stdin:1"), "{summary}");
}

#[test]
fn the_message_names_code_name_count_and_first_place() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("ci.log"), MIXED).expect("a file");
    let message = |list: &str| {
        let mut command = program();
        command.current_dir(folder.path()).args(["--fail-on", list, "ci.log"]);
        finish(&mut command, b"").expect(1).stderr
    };
    assert_eq!(
        message("unknown,871300"),
        "jm-annotate: --fail-on: 871300 not logged in (2 times, first at ci.log:1), 871999 unknown \
         code (once, at ci.log:4)\n"
    );
    assert_eq!(
        message("871200-871299:1,871000-871499:3"),
        "jm-annotate: --fail-on: 871300 not logged in (2 times, first at ci.log:1), 871201 response \
         timeout (once, at ci.log:2), 871311 avatar not set (once, at ci.log:6); \
         871000-871499:3 counted 4\n"
    );
    assert!(message("server:1,android:3").ends_with("; android:3 counted 4\n"));
}

#[test]
fn a_wrong_list_is_a_usage_error() {
    for (list, what) in [
        ("fatal", "unknown item `fatal`; expected one of: any, unknown, empty, a code (871300)"),
        ("any:0", "unknown item `any:0`; expected one of: "),
        ("871300-", "unknown item `871300-`; expected one of: "),
        ("", "the list is empty; expected one of: "),
    ] {
        let stderr = run(&["--fail-on", list], b"").expect(2).stderr;
        assert!(stderr.contains("--fail-on") && stderr.contains(what), "{list}: {stderr}");
    }
    run(&["--fail-on=any", "/no/such/file", "-"], LOG.as_bytes()).expect(2);
}

/// A logcat that died leaves an empty file, and a build must not pass because of that.
#[test]
fn an_empty_input_is_said_and_can_fail() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("empty.log"), "").expect("a file");
    let outcome = |arguments: &[&str], stdin: &[u8]| {
        let mut command = program();
        command.current_dir(folder.path()).args(arguments);
        finish(&mut command, stdin)
    };
    let said = "jm-annotate: empty.log: the input is empty\n";
    let both = ["--fail-on", "empty", "empty.log"];
    assert_eq!(outcome(&["empty.log"], b"").expect(0).stderr, "");
    assert_eq!(outcome(&["--fail-on=any", "empty.log"], b"").expect(0).stderr, said);
    assert_eq!(
        outcome(&both, b"").expect(1).stderr,
        format!("{said}jm-annotate: --fail-on: 1 empty input: empty.log\n")
    );
    assert_eq!(
        outcome(&["--fail-on=empty"], b"").expect(1).stderr,
        "jm-annotate: standard input: the input is empty\n\
         jm-annotate: --fail-on: 1 empty input: stdin\n"
    );
    outcome(&["--fail-on=empty", "-"], b"\n").expect(0);
    outcome(&["--fail-on=empty:2", "empty.log"], b"").expect(0);
    outcome(&["--fail-on=empty:2", "empty.log", "empty.log"], b"").expect(1);
    // What Windows leaves where there was nothing to write.
    let mark = b"\xef\xbb\xbf";
    for input in [mark.to_vec(), crate::pack::gzip(mark), b"\xff\xfe".to_vec()] {
        let stderr = outcome(&["--fail-on=empty"], &input).expect(1).stderr;
        assert!(stderr.contains("--fail-on: 1 empty input: stdin"), "{stderr}");
    }
    for input in [[&mark[..], b"\n"].concat(), mark.repeat(2), mark[..2].to_vec()] {
        outcome(&["--fail-on=empty"], &input).expect(0);
    }
    // What could not be read is an error, not an empty input.
    let stderr = outcome(&["--fail-on=empty", "none.log"], b"").expect(2).stderr;
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    // Packed data may hold nothing, too.
    let gzip = crate::pack::gzip(b"");
    assert!(outcome(&["--fail-on=empty"], &gzip).expect(1).stderr.contains("1 empty input"));
}

/// The policies of this test, each with the codes of [`MIXED`] that it fails.
const POLICIES: [(&str, &[u64]); 21] = [
    ("any", &[800_012, 871_201, 871_300, 871_311, 871_999]),
    ("error", &[800_012, 871_300, 871_999]),
    ("warning", &[871_201]),
    ("info", &[871_311]),
    ("unknown", &[871_999]),
    ("empty", &[]),
    ("!unknown", &[800_012, 871_201, 871_300, 871_311]),
    ("error,!unknown", &[800_012, 871_300]),
    ("android", &[871_201, 871_300, 871_311]),
    ("server", &[800_012]),
    ("server,unknown", &[800_012, 871_999]),
    ("web", &[]),
    ("871300", &[871_300]),
    ("871300:2", &[871_300]),
    ("871300:3", &[]),
    ("871000-871299", &[871_201]),
    ("871000-871399:4", &[871_201, 871_300, 871_311]),
    ("871000-871399:5", &[]),
    ("any:6,!server", &[]),
    ("any:5,!server", &[871_201, 871_300, 871_311, 871_999]),
    ("any,!android,!server,!unknown", &[]),
];

#[test]
fn junit_github_azure_and_the_exit_status_agree() {
    for (list, want) in POLICIES {
        let status = i32::from(!want.is_empty());
        let report = |kind: &str| {
            let report = format!("--report={kind}=-");
            let outcome: Outcome = run(&[&*report, "--fail-on", list], MIXED.as_bytes());
            outcome.expect(status).text().to_owned()
        };
        let mut failed = failed_cases(&report("junit"));
        failed.sort_unstable();
        assert_eq!(failed, want, "{list}: JUnit");
        let mut errors = codes_after(&report("github"), "::error title=JMessage ");
        errors.sort_unstable();
        assert_eq!(errors, want, "{list}: GitHub");
        let mut issues = codes_after(&report("azure"), "##vso[task.logissue type=error;code=");
        issues.sort_unstable();
        assert_eq!(issues, want, "{list}: Azure");
        let marked = report("markdown").matches(", fails** |").count();
        assert_eq!(marked, want.len(), "{list}: Markdown");
        let marked = report("html").matches("<strong><span lang=\"en\">fails<").count();
        assert_eq!(marked, want.len(), "{list}: HTML");
    }
}

/// The codes of the test cases that fail.
fn failed_cases(junit: &str) -> Vec<u64> {
    let cases = junit.split("<testcase name=\"").skip(1);
    cases.filter(|case| case.contains("<failure")).map(first_code).collect()
}

/// The codes in the lines that begin like this.
fn codes_after(commands: &str, start: &str) -> Vec<u64> {
    commands.lines().filter_map(|line| line.strip_prefix(start)).map(first_code).collect()
}

fn first_code(text: &str) -> u64 {
    text[..6].parse().expect("a code")
}

/// Nothing fails without a policy but what is an error, and the exit status stays 0.
#[test]
fn without_a_policy_the_severity_decides_in_the_reports() {
    let junit = run(&["--report=junit=-"], MIXED.as_bytes()).expect(0);
    assert_eq!(failed_cases(junit.text()).len(), 3);
    assert_eq!(junit.text().matches("<system-out>").count(), 2);
    let github = run(&["--report=github=-"], MIXED.as_bytes()).expect(0);
    for (level, count) in [("error", 3), ("warning", 1), ("notice", 1)] {
        let start = format!("::{level} title=JMessage ");
        assert_eq!(codes_after(github.text(), &start).len(), count, "{level}");
    }
}

#[test]
fn what_is_empty_fails_in_every_report() {
    for (kind, what) in [
        ("junit", "<testcase name=\"stdin is not empty\""),
        ("github", "::error title=JMessage%3A 1 empty input::"),
        ("azure", "##vso[task.logissue type=error;]1 empty input: stdin"),
        ("markdown", "**Fails:** `stdin` is empty."),
        ("html", "--fail-on: 1 empty input: stdin"),
    ] {
        let report = format!("--report={kind}=-");
        let with = run(&[report.as_str(), "--fail-on=empty"], b"").expect(1);
        assert!(with.text().contains(what), "{}", with.text());
        let without = run(&[report.as_str(), "--fail-on=any"], b"").expect(0);
        assert!(!without.text().contains(what), "{}", without.text());
    }
}

#[cfg(unix)] // a shell
#[test]
fn an_empty_input_after_another_one_is_empty_too() {
    use crate::place::Place;

    let place = Place::new();
    place.put("e.log", "");
    for files in ["in.log e.log", "e.log in.log", "in.log e.log in.log"] {
        let outcome = place.shell(&format!("\"$JM\" --fail-on empty {files}")).expect(1);
        assert!(outcome.stderr.contains("1 empty input: e.log"), "{files}: {outcome:?}");
    }
}
