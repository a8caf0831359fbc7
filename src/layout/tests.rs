//! Tests of [`super`]: words, tables, and what may begin a line.

use proptest::prelude::*;

use super::*;

#[test]
fn words_are_wrapped_by_their_width() {
    let english = "The API was called while no user was logged in";
    assert_eq!(wrapped(english, 0, None), [english]);
    assert_eq!(
        wrapped(english, 2, Some(18)),
        ["The API was", "called while no", "user was logged", "in"].map(str::to_owned)
    );
    assert_eq!(
        hanging("871300  not logged in  (android, error)", 2, Some(24)),
        "871300  not logged in\n  (android, error)"
    );
}

#[test]
fn a_wrapped_line_begins_with_no_command() {
    let plain = "cannot open the file ::error file=a.rs::x";
    let wide = "cannot open the file\u{3000}::error\u{a0}::x \u{2003}::y \u{1680}\u{3000}::z";
    for (text, width) in [plain, wide].iter().flat_map(|text| (8..=40).map(move |at| (*text, at))) {
        assert_eq!(wrapped(text, 0, None), [text]);
        for lines in [
            wrapped(text, 2, Some(width)).join("\n"),
            hanging(text, 2, Some(width)),
            page(text, 2, Some(width)),
            page(&format!("  {text}  {text}"), 2, Some(width)),
            page(&format!("  --a-long-option-of-the-program  ::error::{text}"), 2, Some(width)),
        ] {
            let is_command = |line: &str| line.trim_start().starts_with("::");
            assert!(!lines.lines().any(is_command), "{lines}");
            let plain = |text: &str| {
                let text = text.replace('\u{2236}', ":");
                text.split_whitespace().collect::<String>()
            };
            assert!(plain(&lines).contains(&plain(text)), "{lines}");
        }
    }
    assert_eq!(wrapped("a ::b", 0, Some(8)), ["a ::b"]);
}

#[test]
fn a_command_in_backquotes_is_broken_only_if_it_fits_on_no_line() {
    let text = "Did you mean `jm-annotate explain 871300`? See `jm-annotate -h`.";
    let at = |width| wrapped(text, 0, Some(width)).join("\n");
    assert_eq!(at(40), "Did you mean\n`jm-annotate explain 871300`? See\n`jm-annotate -h`.");
    let want = "Did you mean\n`jm-annotate explain\n871300`? See\n`jm-annotate -h`.";
    assert_eq!(at(20), want);
}

#[test]
fn chinese_is_wrapped_between_characters_and_before_no_punctuation() {
    assert_eq!(
        wrapped("请先登录，再调用 login 接口（见文档）", 0, Some(10)),
        ["请先登录，", "再调用", "login 接口", "（见文档）"].map(str::to_owned)
    );
}

#[test]
fn an_address_is_never_broken() {
    let page = "https://docs.jiguang.cn/jmessage/client/im_errorcode_android (2026-11-23)";
    let lines = wrapped(page, 11, Some(40));
    assert_eq!(lines.join(" "), page);
    assert_eq!(lines.len(), 2);
}

#[test]
fn a_long_word_beside_an_address_is_broken() {
    let text = format!("see https://example.org/{0} and {0}", "w".repeat(30));
    let lines = wrapped(&text, 0, Some(20));
    let address = format!("https://example.org/{}", "w".repeat(30));
    let rest = ["see", &*address, "and", &"w".repeat(20), &"w".repeat(10)];
    assert_eq!(lines, rest.map(str::to_owned));
}

#[test]
fn a_page_goes_on_below_its_columns() {
    let text = "Usage: program [FILE]...\n\n      --lang <LANG>  What it is in, and more words\n";
    assert_eq!(page(text, 0, None), text);
    let want = "\
Usage: program [FILE]...

      --lang <LANG>  What it is in, and more
                     words
";
    assert_eq!(page(text, 0, Some(45)), want);
    let want = "\
Usage: program
  [FILE]...

      --lang <LANG>
          What it is
          in, and more
          words
";
    assert_eq!(page(text, 2, Some(23)), want);
    let colored = "  \u{1b}[1m--only\u{1b}[0m  Write only lines with an explanation";
    let want = "  \u{1b}[1m--only\u{1b}[0m  Write only lines with an\n          explanation\n";
    assert_eq!(page(colored, 0, Some(36)), want, "sequences take no columns");
}

const COLUMNS: [Column; 4] = [
    Column { screen_min: 0, fit: Fit::Number },
    Column { screen_min: 60, fit: Fit::Whole },
    Column { screen_min: 0, fit: Fit::CutFront },
    Column { screen_min: 0, fit: Fit::CutEnd },
];

#[test]
fn a_table_fits_and_a_pipe_gets_all_of_it() {
    let row = |cells: [&str; 4]| cells.map(Cell::plain);
    let rows = [
        row(["7", "error", "ci/very/long/name/of.log:12", "用户没有登录，请先登录再试"]),
        row(["12", "info", "a.log:1", "ok"]),
    ];
    assert_eq!(
        table(&COLUMNS, rows.iter().cloned(), None).collect::<String>(),
        " 7  error  ci/very/long/name/of.log:12  用户没有登录，请先登录再试\n\
         12  info   a.log:1                      ok\n"
    );
    assert_eq!(
        table(&COLUMNS, rows.iter().cloned(), Some(40)).collect::<String>(),
        " 7  …g/name/of.log:12  用户没有登录，请…\n\
         12  a.log:1            ok\n"
    );
}

proptest! {
    #[test]
    fn nothing_is_wider_than_the_screen_and_nothing_is_lost(
        text in "([a-z]{1,9}|[一-十]{1,9}[，。]?| |`){0,40}",
        width in 20_usize..90,
    ) {
        let lines = wrapped(&text, 0, Some(width));
        for line in &lines {
            prop_assert!(line.width() <= width, "{line:?}");
        }
        let columns = [Fit::Number, Fit::CutEnd, Fit::CutFront, Fit::CutEnd]
            .map(|fit| Column { screen_min: 0, fit });
        let cells = ["7", &*text, &*text, "an end"].map(Cell::plain);
        let table: String = table(&columns, std::iter::once(cells), Some(width)).collect();
        prop_assert!(table.trim_end_matches('\n').width() <= width, "{table:?}");
        let without_blanks = |text: &str| text.replace(' ', "");
        prop_assert_eq!(without_blanks(&lines.concat()), without_blanks(&text));
        let page = page(&format!("  {}", text.trim()), 2, Some(width));
        prop_assert!(page.lines().all(|line| line.width() <= width), "{page}");
        prop_assert_eq!(without_blanks(&page.replace('\n', "")), without_blanks(&text));
        for line in [cut(&text, width), cut_front(&text, width)] {
            prop_assert!(line.width() <= width, "{line:?}");
        }
    }
}
