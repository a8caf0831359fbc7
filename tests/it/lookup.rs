//! `explain`, `list`, and `--version`.

use serde_json::Value;

use crate::util::run;

#[track_caller]
fn text(arguments: &[&str]) -> String {
    let outcome = run(arguments, b"").expect(0);
    assert_eq!(outcome.stderr, "");
    outcome.text().to_owned()
}

#[test]
fn explain_shows_a_card() {
    let card = text(&["explain", "871300"]);
    for part in [
        "871300  ",
        "(android, error)",
        "message  Have not logged in.",
        "api调用发起者尚未登录",
        "advice",
        "page",
        "https://",
    ] {
        assert!(card.contains(part), "{part}: {card}");
    }
    let english = text(&["explain", "871300", "--lang=en"]);
    assert!(english.contains("meaning  ") && !english.contains("尚未登录"), "{english}");
    let chinese = text(&["--lang=zh", "explain", "871300"]);
    assert!(
        chinese.contains("尚未登录") && !chinese.contains("Call JMessageClient.login and wait"),
        "{chinese}"
    );
    assert!(text(&["explain", "0"]).contains("Success"));
}

#[test]
fn explain_takes_several_codes_and_ranges() {
    let heads = |arguments: &[&str]| -> Vec<String> {
        let cards = text(&[&["explain"], arguments].concat());
        let heads =
            cards.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit()));
        heads.map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(heads(&["898001", "871300"]), ["898001", "871300"]);
    assert_eq!(heads(&["871300-871303"]), ["871300", "871301", "871302", "871303"]);
}

#[test]
fn explain_says_what_would_be_right() {
    for (argument, what) in [
        ("871399", "871399 is not in any list; the nearest codes are\n  871319  "),
        ("abc", "invalid code `abc`; expected a code (871300) or a range of codes (871300-871399)"),
        ("0871300", "invalid code `0871300`"),
        ("871310-871300", "invalid code `871310-871300`"),
        ("1-2", "no listed code is in the range `1-2`"),
    ] {
        let outcome = run(&["explain", argument, "871300"], b"").expect(2);
        assert!(
            outcome.stderr.starts_with("jm-annotate: ") && outcome.stderr.contains(what),
            "{}",
            outcome.stderr
        );
        assert!(outcome.text().contains("Have not logged in."), "the others are explained");
    }
    let outcome = run(&["--codes=ios", "explain", "871300"], b"").expect(2);
    assert!(
        outcome.stderr.contains("family android, which --codes excludes"),
        "{}",
        outcome.stderr
    );
    run(&["explain"], b"").expect(2);
}

/// What `explain` says about a number in no list.
fn unlisted(arguments: &[&str]) -> String {
    run(&[&["explain"], arguments].concat(), b"").expect(2).stderr
}

#[test]
fn explain_names_the_nearest_codes_with_their_meanings() {
    let want = "\
jm-annotate: 8713000 is not in any list; the nearest code is
  871300  The API was called while no user was logged in
          api调用发起者尚未登录
";
    assert_eq!(unlisted(&["8713000"]), want);
    let english = unlisted(&["--lang=en", "871999"]);
    let rows: Vec<&str> = english.lines().collect();
    assert_eq!(rows[0], "jm-annotate: 871999 is not in any list; the nearest codes are");
    assert!(rows[1].starts_with("  871506  ") && rows[3].starts_with("  871504  "), "{english}");
    assert!(rows[4].contains("newer codes may be on the vendor's page https://"), "{english}");
    assert!(rows[4].contains("android") && rows.len() == 5 && english.is_ascii(), "{english}");
}

#[test]
fn explain_names_only_selected_codes() {
    let page = "vendor's page";
    assert!(unlisted(&["891300"]).contains("  871300  "));
    for number in ["12", "8713", "123456"] {
        let text = unlisted(&[number]);
        assert!(text.contains("`jm-annotate list TEXT` searches"), "{text}");
        assert!(!text.contains("nearest") && !text.contains(page), "{text}");
    }
    let text = unlisted(&["--codes=server", "891300"]);
    assert!(!text.contains("871300"), "{text}");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.tsv");
    let row = "50001\tshop\tneeded\terror\tout of stock\t\tSold out\t商品已售罄\t\t\n";
    std::fs::write(&path, row).expect("a file");
    let text = unlisted(&["50010", "--catalog", path.to_str().expect("UTF-8")]);
    assert!(text.contains("\n  50001  Sold out\n") && !text.contains(page), "{text}");
}

#[test]
fn explain_json_is_one_object_a_line() {
    let lines = text(&["explain", "871300", "0", "--format=json"]);
    let records: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(records.len(), 2);
    assert_eq!(records[0]["code"], 871_300);
    assert_eq!(records[0]["severity"], "error");
    assert_eq!(records[0]["message"], "Have not logged in.");
    assert!(records[0]["page"].is_string() && records[1]["advice_en"].is_null());
    run(&["explain", "871300", "--format=tsv"], b"").expect(2);
}

#[test]
fn list_shows_the_catalog_or_a_part_of_it() {
    let all = text(&["list"]);
    assert!(all.lines().count() > 340);
    assert!(all.lines().any(|line| {
        line.contains("871300  android  error    The API was called while no user was logged in")
    }));
    let part = text(&["list", "LOGGED in"]);
    assert!(part.contains("871300") && part.lines().count() < 30, "{part}");
    assert_eq!(text(&["list", "871300"]).lines().count(), 1);
    assert!(text(&["list", "尚未登录"]).contains("871300"));
    let android = text(&["list", "--codes=android"]);
    assert!(android.lines().count() > 31 && android.lines().all(|row| row.contains("  android  ")));
    let outcome = run(&["list", "no such text"], b"").expect(0);
    assert!(
        outcome.stderr.contains("no code has `no such text` in its number")
            && outcome.text().is_empty()
    );
}

#[test]
fn list_json_has_every_entry() {
    let lines = text(&["list", "--format", "json"]);
    let records: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(records.len(), text(&["list"]).lines().count());
    for record in records {
        assert!(
            record["code"].is_u64() && record["en"].is_string() && record["zh"].is_string(),
            "{record}"
        );
    }
}

#[test]
fn list_tsv_is_read_back_by_catalog() {
    let tsv = text(&["list", "--format=tsv"]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("all.tsv");
    std::fs::write(&path, &tsv).expect("a file");
    let path = path.to_str().expect("UTF-8");
    assert_eq!(text(&["list", "--format=tsv", "--catalog", path]), tsv);
    assert_eq!(text(&["list", "--catalog", path]), text(&["list"]));
}

/// Also if some precede the subcommand and others follow it.
#[test]
fn each_catalog_counts_wherever_it_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    for (name, code) in [("a", 50001), ("b", 50002)] {
        let row = format!("{code}\tshop\tneeded\terror\t{name}\t\tE\t中\n");
        std::fs::write(path(name), row).expect("a file");
    }
    let (a, b) = (path("a"), path("b"));
    let whole = text(&["list", "--catalog", &a, "--catalog", &b, "5000"]);
    assert_eq!(whole.matches("shop").count(), 2, "{whole}");
    for arguments in [
        &["--catalog", &a, "list", "--catalog", &b, "5000"][..],
        &[&format!("--catalog={a}"), "list", "5000", &format!("--catalog={b}")],
        &["--catalog", &a, "--catalog", &b, "list", "5000"],
    ] {
        assert_eq!(text(arguments), whole, "{arguments:?}");
    }
    let line = "--catalog: code 50001, code 50002";
    let judged = text(&["--catalog", &a, "explain", "--line", line, "--catalog", &b]);
    assert_eq!(judged.matches("code-key").count(), 2, "{judged}");
}

#[test]
fn lists_and_cards_are_colored_if_asked_for() {
    for command in [&["list", "871300"][..], &["explain", "871300"]] {
        assert!(!text(command).contains('\u{1b}'));
        assert!(text(&[command, &["--color=always"]].concat()).contains("\u{1b}[38;5;163m"));
        assert!(text(&[&["--color=always"], command].concat()).contains("\u{1b}[38;5;129m"));
    }
}

#[test]
fn shared_options_precede_or_follow_a_subcommand() {
    for option in ["--lang=en", "--codes=android", "--color=never", "--format=json"] {
        assert_eq!(
            text(&[option, "list", "871300"]),
            text(&["list", "871300", option]),
            "{option}"
        );
    }
    for arguments in
        [&["--only", "list"][..], &["--strict", "explain", "871300"], &["--summary", "list"]]
    {
        assert!(
            run(arguments, b"").expect(2).stderr.contains("is for the filter"),
            "{arguments:?}"
        );
    }
}

#[test]
fn version_says_where_the_codes_are_from() {
    let version = text(&["--version"]);
    assert!(version.starts_with(concat!("jm-annotate ", env!("CARGO_PKG_VERSION"))));
    for family in ["android", "rtc", "ios", "server", "web"] {
        let row = version.lines().find(|line| line.trim_start().starts_with(family)).expect(family);
        assert!(row.contains("https://"), "{row}");
    }
    assert_eq!(text(&["-V"]), concat!("jm-annotate ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn every_code_of_the_catalog_is_explained_inline() {
    let tsv = text(&["list", "--format=tsv"]);
    let rows: Vec<Vec<&str>> = tsv.lines().skip(1).map(|row| row.split('\t').collect()).collect();
    let log: String = rows.iter().map(|row| format!("responseCode = {}, x\n", row[0])).collect();
    let outcome = run::<&str>(&[], log.as_bytes()).expect(0);
    for (row, line) in rows.iter().zip(outcome.text().lines()).filter(|(row, _)| row[0] != "0") {
        let english = if row[5].is_empty() || row[5].contains('%') { row[6] } else { row[5] };
        assert!(line.starts_with(&format!("responseCode = {} [", row[0])), "{line}");
        assert!(
            line.ends_with(&format!(" | {}], x", row[7]))
                && line.contains(english.split(['"', '[']).next().unwrap_or("")),
            "{line}"
        );
    }
}
