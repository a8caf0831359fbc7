//! What a pass writes besides the log: records, the summary, reports and the exit status.

use std::fs;
use std::path::Path;
#[cfg(unix)]
use std::thread;

use serde_json::{Value, json};

use crate::util::{CODE, EXPLAINED, Outcome, finish, program, run};

const LOG: &str =
    "03-18 00:13:38.871  1702  2395 D Login: code=871300\nx\nresponseCode = 871201,\ncode=871300";

/// The records of a log.
#[track_caller]
fn records(arguments: &[&str], log: &[u8]) -> Vec<Value> {
    let outcome = run(&[&["--format=json"], arguments].concat(), log).expect(0);
    outcome.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn json_has_the_fields_of_the_contract() {
    let log = "x\r\n03-18 00:13:38.871  1702  2395 D Login: 错误码=871300\r\ncode 871999";
    let want = json!({
        "file": null, "line": 2, "column": 51, "offset": 53, "code": 871_300, "family": "android", "severity": "error",
        "message": "Have not logged in.", "en": "The API was called while no user was logged in",
        "zh": "api调用发起者尚未登录",
        "header": {"time": "03-18 00:13:38.871", "pid": 1702, "tid": 2395, "level": "D", "tag": "Login"},
    });
    for language in ["--lang=en", "--lang=zh", "--color=always"] {
        let got = records(&[language], log.as_bytes());
        assert_eq!(got.len(), 2);
        assert_eq!(got[0], want, "{language}");
        assert_eq!(got[1]["code"], 871_999);
        assert_eq!(got[1]["severity"], "error");
        for field in ["file", "family", "message"] {
            assert!(got[1][field].is_null(), "{field}");
        }
        assert!(got[1]["en"].is_string() && got[1]["header"]["pid"].is_null());
    }
}

#[test]
fn json_has_the_header_of_every_format() {
    let time = "03-18 00:13:38.871";
    for (line, want) in [
        ("I/Login   ( 1702): code=871300", json!([null, 1702, null, "I", "Login"])),
        ("I( 1702) code=871300  (Login)", json!([null, 1702, null, "I", "Login"])),
        ("I/Login   : code=871300", json!([null, null, null, "I", "Login"])),
        ("I( 1702: 2395) code=871300", json!([null, 1702, 2395, "I", null])),
        ("I( 1702:0x1f) code=871300", json!([null, 1702, 31, "I", null])),
        ("code=871300", json!([null, null, null, null, null])),
        (
            "03-18 00:13:38.871 I/Login   ( 1702): code=871300",
            json!([time, 1702, null, "I", "Login"]),
        ),
        (
            "03-18 00:13:38.871  1702  2395 I Login   : code=871300",
            json!([time, 1702, 2395, "I", "Login"]),
        ),
        (
            "[ 03-18 00:13:38.871  1702: 2395 I/Login    ]\nx\ncode=871300",
            json!([time, 1702, 2395, "I", "Login"]),
        ),
    ] {
        let got = records(&[], line.as_bytes());
        let header = &got[0]["header"];
        assert_eq!(
            json!([header["time"], header["pid"], header["tid"], header["level"], header["tag"]]),
            want,
            "{line}"
        );
    }
    assert_eq!(
        records(&[], b"I/\xff\xfe( 1702): code=871300")[0]["header"]["tag"],
        "\u{fffd}\u{fffd}"
    );
}

#[test]
fn json_names_files_and_counts_from_one_in_each() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.log");
    fs::write(&path, format!("x\n{CODE}\n")).expect("a file");
    let path = path.to_str().expect("UTF-8");
    let places: Vec<_> = records(&[path, "-", path], b"code=871301")
        .iter()
        .map(|record| (record["file"].clone(), record["line"].clone(), record["offset"].clone()))
        .collect();
    let file = (json!(path), json!(2), json!(7));
    assert_eq!(places, [file.clone(), (Value::Null, json!(1), json!(5)), file]);
}

/// Some readers of lines know more line ends than `\n`, and a terminal obeys more than ESC.
#[cfg(unix)] // a name has no control characters on Windows
#[test]
fn json_has_no_control_character_and_no_other_line_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = "\u{7f}\u{85}\u{9b}31m\u{2028}\u{2029}文.log";
    fs::write(folder.path().join(name), CODE).expect("a file");
    let mut command = program();
    command.current_dir(folder.path()).args(["--format=json", name]);
    let outcome = finish(&mut command, b"").expect(0);
    let line = outcome.text().strip_suffix('\n').expect("a line");
    assert!(!line.contains(|c: char| c.is_control() || "\u{2028}\u{2029}".contains(c)), "{line:?}");
    let record: Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(record["file"], name);
}

#[test]
fn the_summary_is_a_table_on_standard_error() {
    let outcome = run(&["--summary"], LOG.as_bytes()).expect(0);
    assert!(outcome.text().contains(EXPLAINED));
    let rows: Vec<Vec<&str>> =
        outcome.stderr.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["count", "code", "severity", "first", "last", "English", "中文"]);
    assert_eq!(
        (&rows[1][..3], &rows[2][..3]),
        (&["2", "871300", "error"][..], &["1", "871201", "warning"][..])
    );
    assert_eq!(rows[1][3..5], ["stdin:1", "stdin:4"], "{}", outcome.stderr);
    assert!(
        outcome
            .stderr
            .ends_with(&format!("3 annotations of 2 codes in 4 lines, {} bytes.\n", LOG.len()))
    );
    assert_eq!(run(&["--summary"], b"x\n").expect(0).stderr.lines().count(), 1);
}

#[test]
fn fail_on_and_reports_read_the_rest_when_the_pipe_is_closed() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("report.md");
    let log = format!("{}{CODE}\n", "some words\n".repeat(200_000));
    let (drain, stdout) = std::io::pipe().expect("a pipe");
    drop(drain);
    let mut command = program();
    command.args(["--fail-on=871300", "--report"]).arg(format!("markdown={}", report.display()));
    let mut child =
        command.stdin(std::process::Stdio::piped()).stdout(stdout).spawn().expect("it starts");
    let mut input = child.stdin.take().expect("it is piped");
    std::io::Write::write_all(&mut input, log.as_bytes()).expect("it reads to the end");
    drop(input);
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    assert!(fs::read_to_string(report).expect("it is written").contains("871300"));
}

/// Runs the program with a report to a file.
fn with_report(kind: &str, path: &Path) -> Outcome {
    run(&["--report".to_owned(), format!("{kind}={}", path.display())], LOG.as_bytes())
}

const KINDS: [(&str, &str); 4] = [
    ("github", "::error title=JMessage 871300"),
    ("junit", "<testcase name=\"871300"),
    ("markdown", "| 871300<br>"),
    ("html", "<b>871300</b>"),
];

#[test]
fn reports_are_written_to_files_and_to_standard_output() {
    let folder = tempfile::tempdir().expect("a folder");
    for (kind, part) in KINDS {
        let path = folder.path().join(kind);
        fs::write(&path, "an older report, much longer than nothing").expect("a file");
        let outcome = with_report(kind, &path).expect(0);
        assert!(outcome.text().contains(EXPLAINED), "the log comes out too");
        let report = fs::read_to_string(&path).expect("it is written");
        assert!(report.contains(part) && !report.contains("older"), "{report}");
        let outcome = run(&["--report", &format!("{kind}=-")], LOG.as_bytes()).expect(0);
        assert!(outcome.text().ends_with(&report), "{}", outcome.text());
        assert_eq!(outcome.text().contains(EXPLAINED), kind == "github");
    }
    assert_eq!(
        fs::read_dir(folder.path()).expect("a folder").count(),
        KINDS.len(),
        "nothing else is left"
    );
    let all =
        KINDS.map(|(kind, _)| format!("--report={kind}={}", folder.path().join(kind).display()));
    run(&all, LOG.as_bytes()).expect(0);
    for arguments in
        [&["--report=junit=-", "--report=github=-"][..], &["--report=junit=-", "--format=json"]]
    {
        run(arguments, b"").expect(2);
    }
}

#[test]
fn the_log_is_fenced_before_github_commands() {
    let hostile = "::error::x\n::set-env name=A::b\n##[error]no code\nlast";
    let outcome = run(&["--report=github=-"], hostile.as_bytes()).expect(0);
    let text = outcome.text();
    let token = text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("::stop-commands::"))
        .expect("a fence");
    assert_eq!(text, format!("::stop-commands::{token}\n{hostile}\n::{token}::\n"));
    assert!(token.len() >= 32 && !run(&["--report=github=-"], b"").text().contains(token));
}

/// The one place where more than an explanation is added: Azure's agent has no fence.
#[test]
fn azure_commands_in_the_log_are_disarmed_on_standard_output_only() {
    let hostile = "##vso[task.complete result=Failed;]x\n## #[a ##[error] code=871300\nlast";
    let outcome = run(&["--report=azure=-"], hostile.as_bytes()).expect(0);
    let (log, commands) =
        outcome.text().split_once("##vso[task.logissue ").expect("a command follows the log");
    let explained = "code=871300 [Have not logged in. | api调用发起者尚未登录]";
    let want =
        format!("## vso[task.complete result=Failed;]x\n## #[a ## [error] {explained}\nlast\n");
    assert_eq!(log, want);
    assert!(commands.starts_with("type=error;code=871300;]871300 not logged in "), "{commands}");
    let folder = tempfile::tempdir().expect("a folder");
    let report = format!("azure={}", folder.path().join("r").display());
    let plain = run(&["--report", &report], hostile.as_bytes()).expect(0);
    assert_eq!(plain.text(), hostile.replace("code=871300", explained));
}

#[test]
fn the_step_summary_is_appended() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("summary");
    fs::write(&path, "before").expect("a file");
    let mut command = program();
    command
        .env("GITHUB_STEP_SUMMARY", &path)
        .arg("--report")
        .arg(format!("github={}", folder.path().join("r").display()));
    finish(&mut command, LOG.as_bytes()).expect(0);
    let summary = fs::read_to_string(&path).expect("it is there");
    assert!(
        summary.starts_with("before\n## JMessage error codes") && summary.contains("871300"),
        "{summary}"
    );
}

#[cfg(unix)] // modes and FIFOs
#[test]
fn a_report_has_ordinary_permissions_and_goes_through_links_and_fifos() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let (plain, new, link, fifo) = (
        folder.path().join("plain"),
        folder.path().join("new"),
        folder.path().join("link"),
        folder.path().join("fifo"),
    );
    fs::write(&plain, "").expect("a file");
    fs::write(folder.path().join("old"), "").expect("a file");
    fs::set_permissions(folder.path().join("old"), fs::Permissions::from_mode(0o640))
        .expect("a mode");
    let mode = |path: &Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
    with_report("junit", &new).expect(0);
    with_report("junit", &folder.path().join("old")).expect(0);
    assert_eq!((mode(&new), mode(&folder.path().join("old"))), (mode(&plain), 0o640));
    symlink("plain", &link).expect("a link");
    with_report("junit", &link).expect(0);
    assert!(link.symlink_metadata().expect("it is there").is_symlink());
    assert!(fs::read_to_string(&plain).expect("text").contains("871300"));
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().expect("it runs").success());
    let path = fifo.clone();
    let reader = thread::spawn(move || fs::read_to_string(path).expect("text"));
    with_report("markdown", &fifo).expect(0);
    assert!(reader.join().expect("no panic").contains("871300"));
}

#[test]
fn a_report_into_a_missing_folder_or_over_a_folder_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, what) in [("no/such/folder", "No such file or directory; "), (".", "Is a directory")]
    {
        let path = folder.path().join(name);
        let outcome = with_report("junit", &path).expect(2);
        let want = format!("jm-annotate: {}: {what}", path.display());
        assert!(outcome.stderr.starts_with(&want), "{}", outcome.stderr);
        assert_eq!(outcome.text(), "", "{name}");
    }
}

#[cfg(target_os = "linux")] // /dev/full
/// The log is whole.
#[cfg(unix)] // a shell
#[test]
fn each_report_that_fails_at_the_end_is_an_error() {
    use crate::place::Place;

    let place = Place::new();
    for kind in ["github", "azure", "junit", "markdown", "html"] {
        let outcome = place.shell(&format!("\"$JM\" --report {kind}=/dev/full in.log")).expect(2);
        assert!(outcome.text().ends_with(&format!("{EXPLAINED}\n")), "{kind}");
        assert_eq!(outcome.stderr, "jm-annotate: /dev/full: No space left on device\n", "{kind}");
        let outcome =
            place.shell(&format!("\"$JM\" --report {kind}=- in.log > /dev/full")).expect(2);
        let line = "jm-annotate: standard output: No space left on device\n";
        assert!(outcome.stderr.starts_with(line), "{kind}: {outcome:?}");
    }
    let summary = "GITHUB_STEP_SUMMARY=/dev/full \"$JM\" --report github=g.txt in.log";
    place.shell(summary).expect(2);
}

#[test]
fn a_report_never_replaces_the_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    fs::write(&log, CODE).expect("a file");
    let report = format!("--report=junit={}", log.display());
    let outcome = run(&[report.as_ref(), log.as_os_str()], b"").expect(2);
    assert!(outcome.stderr.contains("the report would replace an input"), "{}", outcome.stderr);
    let stdin = fs::File::open(&log).expect("a file");
    let output = program().arg(&report).stdin(stdin).output().expect("it runs");
    assert_eq!(
        (output.status.code(), fs::read_to_string(&log).expect("text")),
        (Some(2), CODE.to_owned())
    );
    let out = folder.path().join("out");
    let stdout = fs::File::create(&out).expect("a file");
    let report = format!("--report=junit={}", out.display());
    let status = program().arg(&report).arg(&log).stdout(stdout).status().expect("it runs");
    assert_eq!((status.code(), fs::read_to_string(&out).expect("text")), (Some(2), String::new()));
}

/// A second run finds the codes that the first one found, even under the header of `-v long` or
/// under a tag that was learned before.
#[test]
fn an_annotated_log_keeps_its_codes() {
    let long = "[ 03-17 16:13:38.811  1702: 2395 D/JIGUANG-JMessage ]\n871504 and 871301 too\n\n";
    let learned = "D/Konto: login failed code = 871300 now\nD/Konto: 871301 xyz [a]\n";
    for log in [long, learned] {
        let records = |log: &[u8]| run(&["--format", "json"], log).expect(0).stdout;
        let count = |records: &[u8]| records.iter().filter(|byte| **byte == b'\n').count();
        let first = count(&records(log.as_bytes()));
        let annotated = run(&["--color=never"], log.as_bytes()).expect(0).stdout;
        assert!(first > 0 && annotated.len() > log.len(), "{log}");
        assert_eq!(count(&records(&annotated)), first, "{log}");
        run(&["--fail-on", "any"], &annotated).expect(1);
    }
}
