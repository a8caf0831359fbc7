//! The HTML report of the program: from files, pipes, and archives, with policies and languages.
//! What a browser makes of it is tested in `tests/browser`.

use std::fs;

use crate::pack::{member, zip};
use crate::util::{CODE, EXPLAINED, run};

/// The page on a log from standard input.
fn page(options: &[&str], log: &str) -> String {
    let outcome = run(&[&["--report=html=-"], options].concat(), log.as_bytes());
    assert!(outcome.status < Some(2), "{outcome:?}");
    let page = outcome.text().to_owned();
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"") && page.ends_with("</html>\n"));
    page
}

/// Whether the page has this text, in both languages.
#[track_caller]
fn has(page: &str, texts: [&str; 2]) {
    for text in texts {
        assert!(page.contains(text), "{text}: {page}");
    }
}

#[test]
fn a_page_is_written_while_the_log_passes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("page.html");
    let option = format!("--report=html={}", path.display());
    let log = format!("03-17 10:00:00.000  1  2 D Chat: connected\n{CODE}\n");
    let outcome = run(&[&option], log.as_bytes()).expect(0);
    assert!(outcome.text().contains(EXPLAINED));
    let page = fs::read_to_string(path).expect("it is written");
    has(&page, ["1 code of severity error", "1 个级别为 error 的错误码"]);
    has(&page, ["stdin:2", "No policy was given (--fail-on)"]);
}

#[test]
fn the_verdict_is_that_of_fail_on() {
    let log = format!("{CODE}\n{CODE}\ncode=871201\n");
    has(&page(&["--fail-on=error"], &log), ["Fails: 1 code<", "不通过：1 个错误码"]);
    has(&page(&["--fail-on=unknown"], &log), ["Passes: 2 codes found", "通过：发现 2 个错误码"]);
    has(&page(&["--fail-on=empty"], ""), ["Fails: an input is empty", "1 empty input: stdin"]);
    has(&page(&["--fail-on=any"], "x\n"), ["Passes: no error code found", "没有发现错误码"]);
    let sum = page(&["--fail-on=android:3"], &log);
    has(&sum, ["Fails: 2 codes", "android:3 counted 3"]);
}

#[test]
fn lang_picks_the_first_language() {
    for (options, language, checked) in
        [(&[][..], "en", "both"), (&["--lang=en"], "en", "en"), (&["--lang=zh"], "zh-Hans", "zh")]
    {
        let page = page(options, CODE);
        has(
            &page,
            [&format!("<html lang=\"{language}\">"), &format!("id=\"lang-{checked}\" checked>")],
        );
        assert_eq!(page.matches(" checked>").count(), 1 + 3, "one language and three severities");
        has(&page, ["The API was called while no user was logged in", "api调用发起者尚未登录"]);
    }
}

#[test]
fn the_axis_is_the_time_of_the_log() {
    let line = |time: &str, tag: &str| format!("{time} {tag} code=871300\n");
    let dated = |times: &[&str]| {
        times.iter().map(|time| line(time, " 1702  2395 E Chat:")).collect::<String>()
    };
    for (log, want) in [
        (dated(&["03-17 10:00:00.000", "03-17 11:00:00.000"]), ["03-17 10:00:00–", "over time"]),
        (dated(&["1679069618.811", "1679069700.000"]), ["2023-03-17 16:13:3", "over time"]),
        (dated(&["   900.000", "     1.000"]), ["The device rebooted.", "设备重新启动。"]),
        (
            dated(&["03-17 10:00:00.000", "03-17 09:00:00.000"]),
            ["The times go back here.", "时间在此处回退。"],
        ),
        (line("2024-03-17T10:00:00.000Z", "error"), ["2024-03-17 10:00:00", "over time"]),
        (line("Mar 17 16:13:38", "host app[12]:"), ["03-17 16:13:38", "over time"]),
        (CODE.to_owned(), ["over lines", "Most of these lines have no time."]),
    ] {
        has(&page(&[], &log), want);
    }
}

#[test]
fn a_jump_is_seen_between_two_codes_of_a_block() {
    let line = |time: &str, text: &str| format!("{time}  1702  2395 E Chat    : {text}\n");
    let log = |times: [&str; 3]| {
        [line(times[0], "code=871300"), line(times[1], "hello"), line(times[2], "code=871300")]
            .concat()
    };
    for (times, want) in [
        (["   900.000", "     1.000", "   950.000"], "The device rebooted."),
        (
            ["03-17 10:00:00.000", "03-17 09:00:00.000", "03-17 11:00:00.000"],
            "The times go back here.",
        ),
        (
            ["12-31 16:00:09.000", "03-17 09:00:00.000", "03-17 11:00:00.000"],
            "The times leap ahead here",
        ),
    ] {
        has(&page(&[], &log(times)), [want, "<ol class=\"jumps\">"]);
    }
}

#[test]
fn an_input_of_the_next_boot_is_drawn_after_the_one_before_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = |time: &str| format!("   {time}.000  1702  2395 E Chat    : code=871300\n");
    let [one, two] = [("one.log", "900"), ("two.log", "  7")].map(|(name, time)| {
        let path = folder.path().join(name);
        fs::write(&path, log(time)).expect("a file");
        path.to_str().expect("UTF-8").to_owned()
    });
    let page = page(&[&one, &two], "");
    has(&page, ["The next input begins, from this boot or another.", "可能是另一次启动"]);
    has(&page, ["<dd>900.000</dd>", "<dd>7.000</dd>"]);
}

#[test]
fn a_few_codes_without_a_time_are_counted_below_the_chart() {
    let line = "03-17 10:00:00.000  1702  2395 E Chat    : code=871300\n".repeat(30);
    let log = format!("code=871301\n2024-03-17T10:00:00Z code=871302\n{line}");
    let text = ["2 occurrences have no time that fits, and are not", "另有 2 次没有可用的时间"];
    has(&page(&[], &log), text);
    has(&page(&[], &log[12..]), ["1 occurrence has no time that fits, and is not", "over time"]);
}

#[test]
fn inputs_and_members_of_a_zip_appear_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let (two, one) = (format!("{CODE}\n{CODE}\n"), format!("{CODE}\n"));
    let zip = zip(&[member("main.log", two.as_bytes()), member("logs/crash.log", one.as_bytes())]);
    let path = folder.path().join("all.zip");
    fs::write(&path, zip).expect("a file");
    let path = path.to_str().expect("UTF-8");
    let page = page(&[path, "-"], "x\n");
    for (name, cells) in [
        ("/main.log</th>", "<td>2</td><td>2</td><td>24</td>"),
        ("/logs/crash.log</th>", "<td>1</td><td>1</td><td>12</td>"),
        ("stdin</th>", "<td>0</td><td>1</td><td>2</td>"),
    ] {
        has(&page, [name, cells]);
    }
}

#[test]
fn a_page_has_nothing_that_a_browser_would_fetch_or_run() {
    let hostile =
        "<script src=//x></script> javascript:x ]]> ##[error] \u{202e} \0 responseCode = 871300";
    let page = page(&[], hostile);
    assert_eq!(page.matches("<script").count(), 1);
    for bad in [
        "<link", "<img", "<base", " src=", " style=", " onclick=", "##", "\u{202e}", "\0",
        "unsafe-inline",
    ] {
        assert!(!page.replace("&lt;script src=", "").contains(bad), "{bad}: {page}");
    }
    let links: Vec<&str> = page.split("href=\"").skip(1).collect();
    assert!(
        links.len() > 3 && links.iter().all(|link| link.starts_with("https://docs.jiguang.cn/"))
    );
    has(&page, ["default-src 'none'; style-src 'sha256-", "base-uri 'none'; form-action 'none'"]);
}
