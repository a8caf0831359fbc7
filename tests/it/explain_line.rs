//! `explain --line`: the verdict on each number of a line, and the reason for it.

use serde_json::{Value, json};

use crate::pack::{gzip, utf_16};
use crate::util::{CODE, hear, listen, program, run, start};

/// What it says about a line, in text.
#[track_caller]
fn text(options: &[&str], line: &str) -> String {
    let arguments = [&["explain", "--line", line], options].concat();
    run(&arguments, b"").expect(0).text().to_owned()
}

/// What it says about some lines, as objects.
#[track_caller]
fn records(options: &[&str], lines: &str) -> Vec<Value> {
    let arguments = [&["explain", "--line", "-", "--format=json"], options].concat();
    let outcome = run(&arguments, lines.as_bytes()).expect(0);
    outcome.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn it_names_the_rule_that_decided() {
    let want = "\
16: 871300  code     code-key: a word for an error code announces it
28: 871301  no code  decimal: it is part of a decimal, a time, or a version
";
    assert_eq!(text(&[], "responseCode = 871300 at 0.871301"), want);
    assert_eq!(text(&[], "nothing"), "no number with the shape of a code\n");
    run(&["explain", "871300", "--line", "x"], b"").expect(2);
    run(&["explain", "--line", "871300", "--format=tsv"], b"").expect(2);
}

/// A number from a family that is not selected is listed too, whichever families are selected.
#[test]
fn the_selected_families_do_not_hide_a_number() {
    let want = "6: 898001  no code  not-listed: it is not in the lists of the selected families\n";
    for families in ["--codes=android", "--codes=android,ios", "--codes=web"] {
        assert_eq!(text(&[families], "code 898001"), want);
    }
}

/// A text of several lines is judged like a log.
#[test]
fn a_text_may_have_several_lines() {
    let lines = "D/Konto: x\nD/Konto: 871300\n";
    let want = "2:10: 871300  code     alone: it is the whole message\n";
    assert_eq!(text(&[], lines), want);
    let long = "[ 03-17 16:13:38.811  1702: 2395 D/JMessage ]\nsendText 871301";
    assert!(text(&[], long).starts_with("2:10: 871301  code     own-line: "));
}

#[test]
fn a_closed_pipe_ends_it() {
    use std::io::Write;
    let (drain, stdout) = std::io::pipe().expect("a pipe");
    drop(drain);
    let mut command = program();
    command.args(["explain", "--line", "-"]).stdin(std::process::Stdio::piped()).stdout(stdout);
    let mut child = command.spawn().expect("it starts");
    let mut input = child.stdin.take().expect("it is piped");
    while input.write_all(b"code 871300\n").is_ok() {}
    assert_eq!(crate::util::ended(&mut child), 0);
}

/// Evidence that is too weak is named, with what would be enough.
#[test]
fn it_says_when_evidence_is_too_weak_and_what_would_be_enough() {
    let outcome = "outcome-key: a word for the outcome of a call announces it";
    let alone = "alone: it is the whole message";
    let glued = "glued-key: a word for an error is glued to it";
    for (options, line, want) in [
        (
            &[][..],
            "status 898001",
            format!("8: 898001  no code  {outcome}; too weak: good, a server code needs sure\n"),
        ),
        (
            &[],
            "status 872001",
            format!("8: 872001  no code  {outcome}; too weak: good, an rtc code needs sure\n"),
        ),
        (
            &[],
            "status 860015",
            format!("8: 860015  no code  {outcome}; too weak: good, an ios code needs sure\n"),
        ),
        (
            &[],
            "D/Chat: iiiii898001",
            format!("14: 898001  no code  {glued}; too weak: good, a server code needs sure\n"),
        ),
        (
            &[],
            "D/Chat: 871999",
            format!("9: 871999  no code  {alone}; too weak: likely, an unlisted code needs good\n"),
        ),
        (
            &["--strict"],
            "D/Chat: 871300",
            format!("9: 871300  no code  {alone}; too weak: likely, --strict needs good\n"),
        ),
        (
            &["--strict"],
            "status 898001",
            format!("8: 898001  no code  {outcome}; too weak: good, a server code needs sure\n"),
        ),
        (&[], "D/Chat: 871300", format!("9: 871300  code     {alone}\n")),
        (
            &[],
            "we counted 871300 in all",
            "12: 871300  no code  nothing-for: nothing around it says that it is an error code\n"
                .to_owned(),
        ),
        (
            &["--codes=server"],
            "871300",
            "1: 871300  no code  not-listed: it is not in the lists of the selected families\n"
                .to_owned(),
        ),
    ] {
        assert_eq!(text(options, line), want);
    }
}

#[test]
fn json_has_the_fields_of_the_contract() {
    let lines = "x\nstatus 898001, responseCode = 871300, size 871301\nD/Chat: 871999\n";
    let record = |line: u64, column: u64, number: u64, verdict: &str, rule: &str| json!({"line": line, "column": column, "number": number, "verdict": verdict, "rule": rule});
    let mut want = [
        record(2, 8, 898_001, "too weak", "outcome-key"),
        record(2, 31, 871_300, "code", "code-key"),
        record(2, 44, 871_301, "no code", "other-key"),
        record(3, 9, 871_999, "too weak", "alone"),
    ];
    let reasons = [
        ("a word for the outcome of a call announces it", json!("good"), json!("sure")),
        ("a word for an error code announces it", json!("sure"), Value::Null),
        ("the word before it announces something else", Value::Null, Value::Null),
        ("it is the whole message", json!("likely"), json!("good")),
    ];
    for (record, (why, grade, needed)) in want.iter_mut().zip(reasons) {
        record["why"] = json!(why);
        record["grade"] = grade;
        record["needed"] = needed;
    }
    assert_eq!(records(&[], lines), want);
    let one = run(&["explain", "--format=json", "--line", "code 871300"], b"").expect(0);
    let one: Value = serde_json::from_str(one.text()).expect("JSON");
    assert_eq!((&one["line"], &one["column"]), (&json!(1), &json!(6)));
}

/// Our own explanations change nothing: each number is listed once, and none of those inside them.
#[test]
fn a_line_that_was_annotated_before_is_judged_as_if_it_had_not_been() {
    for line in [
        "status 898001, responseCode = 871300, size 871301",
        "D/Chat: 871300",
        "we counted 871300 in all, code 871300",
    ] {
        let rules = |records: Vec<Value>| -> Vec<(Value, Value, Value)> {
            let key = |record: Value| {
                (record["number"].clone(), record["verdict"].clone(), record["rule"].clone())
            };
            records.into_iter().map(key).collect()
        };
        let want = rules(records(&[], line));
        for options in [
            &[][..],
            &["--place=end"],
            &["--color=always"],
            &["--place=end", "--color=always"],
            &["--lang=zh"],
        ] {
            let annotated = run(options, line.as_bytes()).expect(0);
            assert_ne!(annotated.text(), line);
            assert_eq!(
                rules(records(&[], annotated.text())),
                want,
                "{options:?}: {}",
                annotated.text()
            );
        }
    }
}

/// A line is judged with what the lines before it have shown.
#[test]
fn lines_of_standard_input_are_a_stream() {
    let lines = "D/Konto: sendText -> 871301 (main)\nD/Konto: code = 871300\nD/Konto: sendText -> 871301 (main)\n";
    let rules: Vec<Value> =
        records(&[], lines).iter().map(|record| record["rule"].clone()).collect();
    assert_eq!(rules, ["nothing-for", "code-key", "own-line"]);
    let long = "[ 03-17 16:13:38.811  1702: 2395 D/JMessage ]\nsendText 871301\n";
    assert_eq!(records(&[], long)[0]["rule"], "own-line", "by the header above it");
}

/// Standard input is read as the filter reads it.
#[test]
fn lines_may_be_packed() {
    let line = format!("no code\n{CODE}");
    let want = "2:6: 871300  code     code-key: a word for an error code announces it\n";
    for input in [line.clone().into_bytes(), gzip(line.as_bytes()), utf_16(&line, u16::to_le_bytes)]
    {
        assert_eq!(run(&["explain", "--line", "-"], &input).expect(0).text(), want);
    }
    let packed = gzip(format!("{line}\n{CODE}").as_bytes());
    let outcome = run(&["explain", "--line", "-"], &packed[..packed.len() - 6]).expect(2);
    assert!(outcome.text().starts_with(want), "{}", outcome.text());
    let error = "jm-annotate: standard input: the gzip data is corrupt or truncated";
    assert!(outcome.stderr.starts_with(error), "{}", outcome.stderr);
}

/// The answer to a line comes before the next line.
#[test]
fn a_line_is_answered_while_standard_input_stays_open() {
    use std::io::Write;
    let mut child = start(program().args(["explain", "--line", "-"]));
    let mut input = child.stdin.take().expect("it is piped");
    let output = listen(child.stdout.take().expect("it is piped"));
    for number in 1..4 {
        input.write_all(format!("{CODE}\n").as_bytes()).expect("it reads");
        let want = format!("{number}:6: 871300  code     code-key: ");
        assert_eq!(String::from_utf8_lossy(&hear(&output, want.len())[..want.len()]), want);
    }
    drop(input);
    assert!(child.wait().expect("it ends").success());
}

/// A line that does not fit in memory is judged in pieces, and its columns go on.
#[cfg(target_os = "linux")] // /proc
#[test]
fn a_long_line_takes_little_memory() {
    use crate::util::peak_kilobytes;
    use std::io::Write;
    let mut child = start(program().args(["explain", "--line", "-"]));
    let mut input = child.stdin.take().expect("it is piped");
    let output = listen(child.stdout.take().expect("it is piped"));
    let words = " word".repeat(1 << 18);
    (0..48).for_each(|_| input.write_all(words.as_bytes()).expect("it reads"));
    let kilobytes = peak_kilobytes(&child).expect("it runs");
    input.write_all(format!(" {CODE}\n{CODE}").as_bytes()).expect("it reads");
    drop(input);
    let answer: Vec<u8> = output.iter().flatten().collect();
    assert!(child.wait().expect("it ends").success());
    let column = 48 * words.len() + 7;
    let want = format!(
        "1:{column}: 871300  code     code-key: a word for an error code announces it\n2:6: 871300  code"
    );
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with(&want), "{answer}");
    assert!(kilobytes < 16 * 1024, "{kilobytes} kB");
}

/// It would read its own answers, which are longer than what it has read.
#[test]
fn an_input_that_is_the_output_is_refused() {
    use std::fs::{File, read_to_string, write};
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log");
    write(&path, format!("{CODE}\n")).expect("a file");
    let output = program()
        .args(["explain", "--line", "-"])
        .stdin(File::open(&path).expect("a file"))
        .stdout(File::options().append(true).open(&path).expect("a file"))
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(read_to_string(&path).expect("UTF-8"), format!("{CODE}\n"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("input file is output file"));
}

/// A message such as `fail`, which a catalog may have, says nothing about the number next to it.
#[test]
fn a_short_text_of_a_catalog_is_no_evidence() {
    let catalog = tempfile::NamedTempFile::new().expect("a file");
    let path = catalog.path().to_str().expect("UTF-8");
    for (message, zh, line, is_code) in [
        ("fail", "商品", "uid 50001 failover done", false),
        ("Delete failed", "失败", "D/Konto: 删除 50001 失败", false),
        ("ms", "商品", "took 50001 ms", false),
        (")", "商品", "f(uid=50001)", false),
        ("Sold out.", "商品", "uid 50001 sold out", true),
        ("", "商品售罄", "uid 50001 商品售罄", true),
    ] {
        let row = format!("50001\tshop\tneeded\terror\tx\t{message}\tE\t{zh}\n");
        std::fs::write(path, row).expect("a file");
        let found = text(&["--strict", "--catalog", path], line);
        assert_eq!(found.contains("own-message"), is_code, "{line}: {found}");
        assert_eq!(!found.contains("no code"), is_code, "{line}: {found}");
    }
}
