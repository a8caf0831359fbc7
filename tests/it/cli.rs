//! The filter's options, each as a user sees it.

use std::fs;
#[cfg(unix)]
use std::process::Command;

use crate::util::{CODE, EXPLAINED, finish, program, run};

const EN: &str = "code=871300 [Have not logged in.]";
const ZH: &str = "code=871300 [api调用发起者尚未登录]";
const COLORED: &str = "code=871300 \u{1b}[38;5;163m[Have not logged in.\u{1b}[39m | \u{1b}[38;5;129mapi调用发起者尚未登录]\u{1b}[39m";

/// The filter's output for a text.
#[track_caller]
fn filter(arguments: &[&str], text: &str) -> String {
    let outcome = run(arguments, text.as_bytes()).expect(0);
    assert_eq!(outcome.stderr, "");
    outcome.text().to_owned()
}

#[test]
fn lang_chooses_the_languages() {
    assert_eq!(filter(&[], CODE), EXPLAINED);
    assert_eq!(filter(&["--lang=both"], CODE), EXPLAINED);
    assert_eq!(filter(&["--lang", "en"], CODE), EN);
    assert_eq!(filter(&["--lang", "zh"], CODE), ZH);
    run(&["--lang=de"], b"").expect(2);
}

#[test]
fn place_end_is_before_the_line_end_once_for_each_code() {
    let text = "code=871300, code=871301, again code=871300\r\nno code\ncode=871300";
    let one = "[871300 Have not logged in. | api调用发起者尚未登录]";
    let two = "[871301 Invalid parameters. | api调用传入的参数不合法]";
    let want = format!(
        "code=871300, code=871301, again code=871300 {one} {two}\r\nno code\ncode=871300 {one}"
    );
    assert_eq!(filter(&["--place=end"], text), want);
    assert_eq!(filter(&["--place=inline"], CODE), EXPLAINED);
}

#[test]
fn color_is_decided_by_the_flag_then_the_environment() {
    let colored = |arguments: &[&str], variables: &[(&str, &str)]| {
        let outcome =
            finish(program().args(arguments).envs(variables.iter().copied()), CODE.as_bytes())
                .expect(0);
        let is_colored = outcome.text() == COLORED;
        assert!(is_colored || outcome.text() == EXPLAINED, "{}", outcome.text());
        is_colored
    };
    let (no, force, clicolor) = (("NO_COLOR", "1"), ("FORCE_COLOR", "1"), ("CLICOLOR_FORCE", "1"));
    for (arguments, variables, want) in [
        (&[][..], &[][..], false),
        (&["--color=auto"], &[], false),
        (&["--color=always"], &[], true),
        (&["--color=always"], &[no], true),
        (&["--color=never"], &[force], false),
        (&[], &[force], true),
        (&[], &[clicolor], true),
        (&[], &[("FORCE_COLOR", "0")], false),
        (&[], &[("CLICOLOR_FORCE", "0")], false),
        (&[], &[("FORCE_COLOR", "")], false),
        (&[], &[no, force, clicolor], false),
        (&[], &[("NO_COLOR", ""), force], true),
        (&[], &[("CI", "true"), ("GITHUB_ACTIONS", "true")], false),
        (&[], &[("CLICOLOR", "1"), ("TERM", "xterm-256color")], false),
    ] {
        assert_eq!(colored(arguments, variables), want, "{arguments:?} {variables:?}");
    }
    run(&["--color=maybe"], b"").expect(2);
}

#[test]
fn a_lines_own_color_is_restored_after_an_explanation() {
    let text = "\u{1b}[1;38;5;196mcode=871300 rest\u{1b}[0m\n";
    let want = format!("\u{1b}[1;38;5;196m{COLORED}\u{1b}[1;38;5;196m rest\u{1b}[0m\n");
    assert_eq!(filter(&["--color=always"], text), want);
}

#[test]
fn codes_chooses_families() {
    let text = "error code 871300, error code 898001, error code 863004, error code 880001\n";
    let explained = |list: &str| {
        let output = filter(&["--codes", list], text);
        ["871300 [", "898001 [", "863004 [", "880001 ["].map(|code| output.contains(code))
    };
    assert_eq!(explained("all"), [true; 4]);
    assert_eq!(explained("android"), [true, false, false, false]);
    assert_eq!(explained("server, web"), [false, true, false, true]);
    assert_eq!(explained("ios,all"), [true; 4]);
    for (list, what) in [
        ("anroid", "unknown family `anroid`; expected one of: android, rtc, ios, server, web, all"),
        ("", "the list is empty; expected one or more of: android, rtc, ios, server, web, all"),
    ] {
        let outcome = run(&["--codes", list], b"").expect(2);
        assert!(outcome.stderr.contains(what), "{}", outcome.stderr);
    }
}

#[test]
fn strict_needs_more_evidence() {
    let text = "I/Chat    ( 1702): 871300\n";
    assert!(filter(&[], text).contains("[Have not"));
    assert_eq!(filter(&["--strict"], text), text);
    assert_eq!(filter(&["--strict"], CODE), EXPLAINED);
}

#[test]
fn an_unlisted_871_code_is_called_unknown() {
    let want = "code=871999 [unknown JMessage code, not in the vendor's list | 未知错误码，不在官方列表中]";
    assert_eq!(filter(&[], "code=871999"), want);
    assert_eq!(filter(&["--codes=ios"], "code=871999"), "code=871999");
}

const ROW: &str = "871300\tteam\tweighed\twarning\tours\tOur words\tOurs\t我们的\n77777\tteam\tsure\tinfo\tmore\t\tMore\t更多\n";

#[test]
fn a_catalog_adds_codes_and_the_later_one_wins() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two) = (folder.path().join("one.tsv"), folder.path().join("two.tsv"));
    fs::write(&one, ROW).expect("a file");
    fs::write(&two, "# ours\n\n77777\tteam\tsure\tinfo\tmore\t\tLater\t后来\t\t\n")
        .expect("a file");
    let (one, two) = (one.to_str().expect("UTF-8"), two.to_str().expect("UTF-8"));
    assert_eq!(filter(&["--catalog", one], CODE), "code=871300 [Our words | 我们的]");
    assert_eq!(filter(&["--catalog", one], "got 77777"), "got 77777 [More | 更多]");
    assert_eq!(
        filter(&["--catalog", one, "--catalog", two], "got 77777"),
        "got 77777 [Later | 后来]"
    );
    assert_eq!(
        filter(&["--catalog", two, "--catalog", one], "got 77777"),
        "got 77777 [More | 更多]"
    );
    assert_eq!(
        filter(&["--catalog", one, "--codes=team"], "code=871301 code=77777"),
        "code=871301 code=77777 [More | 更多]"
    );
    let listed = run(&["list", "--catalog", one, "--codes=team", "--format=tsv"], b"").expect(0);
    assert_eq!(listed.text().lines().count(), 3);
}

/// A text is inserted at every occurrence of its code, and the whole file stays in memory.
#[test]
fn a_catalog_may_have_a_family_in_each_row() {
    let row = |number| format!("{}\tf{number}\tneeded\tinfo\tx\t\ta\tb\n", 100_000 + number);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("families.tsv");
    fs::write(&path, (0..50_000).map(row).collect::<String>()).expect("a file");
    let with = |codes: &str| {
        run(
            &["--catalog".as_ref(), path.as_os_str(), "--codes".as_ref(), codes.as_ref()],
            b"code=149999\n",
        )
    };
    assert_eq!(with("f49999").expect(0).text(), "code=149999 [a | b]\n");
    assert!(
        with("f50000").expect(2).stderr.contains(": android, rtc, ios, server, web, f0, f1, f2")
    );
    assert!(with("f50000").stderr.contains(", f14, …, all\n"));
}

#[test]
fn a_catalog_and_its_texts_have_a_limit() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("team.tsv");
    let row = |text: &str| format!("77777\tteam\tsure\terror\tours\t\t{text}\t我们的\n");
    let error = |file: &str| {
        std::fs::write(&path, file).expect("a file");
        let outcome = run(&["--catalog".as_ref(), path.as_os_str()], b"got 77777").expect(2);
        assert_eq!(outcome.text(), "");
        outcome.stderr
    };
    let shown = path.display();
    assert_eq!(
        error(&row(&"x".repeat(100_000))),
        format!(
            "jm-annotate: {shown}: line 1: the column `en` has 100000 bytes; expected at most 500\n"
        )
    );
    assert_eq!(
        error(&"# a comment\n".repeat(1_500_000)),
        format!("jm-annotate: {shown}: the catalog has more than 16 MiB\n")
    );
    #[cfg(target_os = "linux")] // /dev/zero
    assert_eq!(
        run(&["--catalog", "/dev/zero"], b"").expect(2).stderr,
        "jm-annotate: /dev/zero: the catalog has more than 16 MiB\n"
    );
}

#[test]
fn a_mistake_in_a_catalog_is_reported_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bad.tsv");
    for (row, what) in [
        ("871300\tteam\n", "line 1: expected 10 columns separated by tabs"),
        ("#\n0871300\tteam\tsure\tinfo\tn\t\tE\tZ\n", "line 2: invalid code `0871300`"),
        ("12\tteam\tsure\tinfo\tn\t\tE\tZ\n", "invalid code `12`"),
        ("871300\tall\tsure\tinfo\tn\t\tE\tZ\n", "invalid family `all`"),
        ("871300\tteam\tmaybe\tinfo\tn\t\tE\tZ\n", "unknown evidence `maybe`"),
        ("871300\tteam\tsure\tfatal\tn\t\tE\tZ\n", "unknown severity `fatal`"),
        ("871300\tteam\tsure\tinfo\tn\t\t\tZ\n", "line 1: "),
        ("871300\tteam\tsure\tinfo\tn\t\tE [x]\tZ\n", "line 1: "),
        (
            "871300\tteam\tsure\tinfo\tn\t\tE\tZ\n871300\tteam\tsure\tinfo\tn\t\tE\tZ\n",
            "line 2: 871300 is already in line 1",
        ),
    ] {
        fs::write(&path, row).expect("a file");
        let outcome = run(&["--catalog".as_ref(), path.as_os_str()], b"text").expect(2);
        assert!(
            outcome.stderr.starts_with(&format!("jm-annotate: {}: ", path.display())),
            "{}",
            outcome.stderr
        );
        assert!(outcome.stderr.contains(what), "{what}: {}", outcome.stderr);
        assert_eq!(outcome.text(), "");
    }
    fs::write(&path, b"#\n\xff").expect("a file");
    assert!(
        run(&["--catalog".as_ref(), path.as_os_str()], b"")
            .expect(2)
            .stderr
            .contains("line 2: invalid UTF-8")
    );
    assert!(run(&["--catalog", "/no/such/file"], b"").expect(2).stderr.contains("/no/such/file: "));
}

/// The stated limit: of a line with very much before its first code, the pieces before the one with
/// the code are left out, and a longer line is never shown as context, not even its end.
#[test]
fn only_shows_no_part_of_a_line_as_if_it_were_a_line() {
    let long = "words without a code. ".repeat(50_000);
    let text = format!("a\n{long}{CODE}\nb\n{long}\n{CODE}\n");
    let outcome = run(&["--only", "-B2"], text.as_bytes()).expect(0);
    let lines: Vec<_> = outcome.text().lines().collect();
    let piece = lines[0].strip_suffix(EXPLAINED).expect("the code is at the end of its line");
    assert!(long.ends_with(piece) && piece.len() < long.len() / 2, "{}", piece.len());
    assert_eq!(lines[1..], ["--", EXPLAINED]);
}

/// The context of `--only` is the same as grep's: the same lines and the same separators, even
/// across the ends of blocks.
#[cfg(unix)] // grep
#[test]
fn only_chooses_the_lines_that_grep_chooses() {
    let pattern = [1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1];
    let line = |(at, hit): (usize, &i32)| {
        format!("line {at}{}\n", if *hit == 1 { " code=871300" } else { "" })
    };
    let short: String = pattern.iter().cycle().take(100).enumerate().map(line).collect();
    let filler = "words without a code in them\n".repeat(7000);
    let long = format!("{filler}{short}{filler}{short}code=871300");
    // Lines that come in pieces, with a code in the first, in the last, in several, or in none.
    let wide = |parts: &str| {
        let line = parts.replace('_', &"text without a code. ".repeat(2000));
        line.replace('!', "code=871300 ") + "\n"
    };
    let lines = ["a", "_", "_!", "b", "!_", "c", "d", "_", "e", "_!_!_", "f", "_", "_", "_!"];
    let wide: String = lines.map(wide).concat();
    for text in [short.as_str(), &long, &wide, "code=871300", "x\n", ""] {
        for options in [
            &[][..],
            &["-A2"],
            &["-B2"],
            &["-C1"],
            &["-A1", "-B3"],
            &["-C2", "-A0"],
            &["-C9", "-C2", "-B7", "-B1"],
            &["-B", "10", "-A", "10"],
        ] {
            let mut grep = Command::new("grep");
            let want = finish(grep.args(options).arg("code=871300"), text.as_bytes());
            let ours = run(&[&["--only"][..], options].concat(), text.as_bytes()).expect(0);
            let ours = ours.text().replace(EXPLAINED, CODE);
            let missing_end = !text.ends_with('\n') && want.text().ends_with("871300\n");
            let want = if missing_end { want.text().trim_end_matches('\n') } else { want.text() };
            assert!(ours == want, "{options:?}: {ours:.300} instead of {want:.300}");
        }
    }
    let most = format!("-B{}", usize::MAX);
    let all = run(&["--only", "-B9999"], wide.as_bytes()).expect(0);
    assert!(run(&["--only", &most], wide.as_bytes()).expect(0).stdout == all.stdout);
    for arguments in [&["-A1"][..], &["-B", "2"], &["-C3"]] {
        assert!(run(arguments, b"").expect(2).stderr.contains("--only"));
    }
    run(&["--only", "-A", "x"], b"").expect(2);
    run(&["--only", "--format=json"], b"").expect(2);
}

#[test]
fn quiet_and_the_hint_leave_the_output_alone() {
    assert_eq!(filter(&["--quiet"], CODE), EXPLAINED);
}

#[test]
fn usage_errors_are_reported_with_status_2() {
    for arguments in [
        &["--no-such"][..],
        &["--place=middle"],
        &["--format=tsv"],
        &["--report=junit"],
        &["--report=xml=x"],
        &["--report=junit=-", "--report=markdown=-"],
        &["--fail-on="],
        &["--fail-on=fatal"],
        &["--codes=anroid"],
        &["--only", "--format=json"],
        &["--summary", "list"],
        &["explain", "871300", "--format=tsv"],
        &["explain", "871300", "--strict"],
    ] {
        let outcome = run(arguments, b"").expect(2);
        assert!(outcome.stderr.starts_with("error: "), "{arguments:?}: {}", outcome.stderr);
        assert_eq!(outcome.text(), "");
    }
}

#[test]
fn a_file_with_the_name_of_a_subcommand_is_given_with_its_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("list"), CODE).expect("a file");
    let outcome = finish(program().arg("./list").current_dir(folder.path()), b"").expect(0);
    assert_eq!(outcome.text(), EXPLAINED);
}
