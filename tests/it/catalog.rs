//! The built-in lists: canonical, complete, harmless when inserted, and known to the scanner.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jm_annotate::catalog::{Code, Entry, FAMILIES, Language, UNKNOWN, parse, print};
use jm_annotate::scan::{Runs, Scanner};

use crate::generated::{REWRITE, check_file};
use crate::judged::{CATALOG, annotations, annotator};

/// The fewest entries in all lists together, so that none is lost by accident.
const ENTRIES_MIN: usize = 350;

/// The Android table that the project began with: code, message, Chinese, without spaces at their
/// ends.
#[rustfmt::skip]
const SEED: [(u64, &str, &str); 32] = [
    (0, "Success", "成功"),
    (871101, "Invalid request parameters.", "请求参数不合法"),
    (871102, "Request failed.please check your network connection.", "请求失败，请检查网络"),
    (871103, "Server returned an unexpected error code.", "服务器内部错误"),
    (871104, "Server internal error.", "服务器内部错误"),
    (871201, "Get response timeout,please try again later.", "响应超时"),
    (871300, "Have not logged in.", "api调用发起者尚未登录"),
    (871301, "Invalid parameters.", "api调用传入的参数不合法"),
    (871302, "Message content exceeds its max length.", "发送消息的消息体过大，整个消息体大小不能超过4k"),
    (871303, "Invalid username.", "用户名不合法"),
    (871304, "Invalid password.", "密码不合法"),
    (871305, "Invalid name.", "名称不合法（包括nickname groupname notename）"),
    (871306, "Invalid input.", "其他输入不合法"),
    (871307, "Some user not exists,operate failed.", "添加或移除群成员时，传入的成员列表中有用户不存在"),
    (871308, "SDK have not init yet.", "SDK尚未初始化"),
    (871309, "Attached file not found.", "消息中包含的文件不存在"),
    (871310, "Network not available,please check your network connection.", "网络连接已断开，请检查网络"),
    (871311, "User avatar not specified. download avatar failed.", "用户未设定头像，下载头像失败"),
    (871312, "Create image content failed.", "创建ImageContent失败"),
    (871313, "Message parse error,version not match.", "消息解析出错，协议版本号不匹配"),
    (871314, "Message parse error,lack of key parameter.", "消息解析出错，缺少关键参数"),
    (871315, "Message parse error,check logcat for more information", "消息解析出错"),
    (871317, "Target user cannot be yourself.", "操作目标用户不能是自己"),
    (871402, "Upload file failed.auth error.", "文件上传失败"),
    (871403, "Upload file failed.", "文件上传失败"),
    (871404, "Download file failed.", "文件下载失败"),
    (871501, "Push register error,appkey and appid not match.", "appkey与包名不匹配或者token无效"),
    (871502, "Push register error,invalid appkey.", "appKey无效。请检查 AndroidManifest.xml 里的 appKey 配置，它必须是从 JPush 控制台创建应用得到的。"),
    (871503, "Push register error,appkey not matches platform", "appKey与平台不匹配。有可能在 JPush 控制台上，未配置此 appKey 支持 Android 平台。"),
    (871504, "Push register not finished.", "Push 注册未完成，请稍后重试。如果持续出现这个问题，可能你的 JPush 配置不正确。"),
    (871505, "Push register error,package not exists.", "Push 注册失败,对应包名在控制台上不存在。"),
    (871506, "Push register error,invalid IMEI.", "Push 注册失败，设备IMEI不合法"),
];

/// The entries whose codes are searched for in a log: all except 0.
fn searched() -> impl Iterator<Item = &'static Entry<'static>> {
    CATALOG.entries().into_iter().filter(|entry| entry.code != Code::SUCCESS)
}

fn texts<'e>(entry: &'e Entry<'e>) -> Vec<&'e str> {
    let advice = entry.advice.map(|advice| [advice.en, advice.zh]);
    let own = [entry.name, entry.message.unwrap_or(""), entry.meaning.en, entry.meaning.zh];
    own.into_iter().chain(advice.into_iter().flatten()).collect()
}

/// A file of the project, by its path from the root.
fn read(path: &str) -> String {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
    text.unwrap_or_else(|error| panic!("{path}: {error}")).replace("\r\n", "\n")
}

/// I9: parsed and printed, each table is the same text.
#[test]
fn each_table_is_canonical() {
    let mut seen = BTreeSet::new();
    for family in FAMILIES.iter().map(|source| source.name) {
        let table = read(&format!("src/catalog/data/{family}.tsv"));
        let entries = parse(&table).unwrap_or_else(|error| panic!("{family}.tsv, {error}"));
        let printed = print(&entries);
        let other = table.lines().zip(printed.lines()).find(|(found, wanted)| found != wanted);
        assert_eq!(other, None, "{family}.tsv: a row, and what it should be");
        assert!(printed == table, "{family}.tsv: a row is missing at the end");
        assert!(entries.is_sorted_by_key(|entry| entry.code), "{family}: the rows are not sorted");
        for entry in &entries {
            assert_eq!(entry.family.name(), family);
            assert!(seen.insert(entry.code), "{} is in two tables", entry.code);
        }
    }
    assert!(seen.len() >= ENTRIES_MIN, "{} entries", seen.len());
    assert!(seen.into_iter().eq(CATALOG.entries().iter().map(|entry| entry.code)));
}

#[test]
fn the_first_table_is_included_word_for_word() {
    for (code, message, zh) in SEED {
        let entry = CATALOG.get(Code::new(code)).unwrap_or_else(|| panic!("{code}"));
        let found = (entry.family.name(), entry.message, entry.meaning.zh);
        assert_eq!(found, ("android", Some(message), zh), "{code}");
        assert_eq!(entry.inline(Language::English), message, "{code}");
    }
}

#[test]
fn no_text_harms_the_text_around_it() {
    for entry in CATALOG.entries() {
        for text in texts(entry) {
            let bad = |c: char| matches!(c, '"' | '\\' | '[' | ']' | '|') || c.is_control();
            assert!(!text.contains(bad), "{}: {text}", entry.code);
            assert_eq!(text.trim(), text, "{}", entry.code);
        }
        for language in [Language::English, Language::Chinese] {
            let text = entry.inline(language);
            assert!(!text.is_empty() && !text.contains('%'), "{}: {text}", entry.code);
        }
    }
}

/// An explanation is never mistaken for a code itself.
#[test]
fn no_explanation_contains_a_number_with_the_shape_of_a_code() {
    let scanner = Scanner::Runs(Runs::default());
    for language in [Language::English, Language::Chinese] {
        let unknown = [UNKNOWN.get(language)];
        for text in CATALOG.entries().into_iter().map(|entry| entry.inline(language)).chain(unknown)
        {
            assert!(scanner.numbers(text.as_bytes()).is_empty(), "{text}");
        }
    }
}

/// `src/scan/prefixes.rs` as generated from the tables: the first three digits of every code, with
/// the largest next three. 871 has all of them, for codes in no list.
fn generated_prefixes() -> String {
    let mut prefixes = BTreeMap::from([("871".to_owned(), 999)]);
    for code in searched().map(|entry| entry.code.to_string()) {
        assert!(
            (6..=7).contains(&code.len()),
            "{code} has {} digits; the scanner `Runs` looks for 6 or 7 of them",
            code.len()
        );
        assert!(
            code.starts_with(['7', '8']),
            "{code} begins with another digit than `FIRSTS` in src/scan/runs.rs; widen it"
        );
        let largest = prefixes.entry(code[..3].to_owned()).or_insert(0);
        *largest = (*largest).max(code[3..6].parse::<u16>().expect("digits"));
    }
    let rows: String =
        prefixes.iter().map(|(first, next)| format!("    ({first}, {next}),\n")).collect();
    format!(
        "//! What built-in codes begin with, generated from `src/catalog/data`. To rewrite it, run\n\
         //! `{REWRITE}=1 cargo test prefixes`.\n\
         \n\
         /// The first three digits of every code, and the largest next three. 871 has all of\n\
         /// them, since a code of the Android SDK may be in no list.\n\
         pub(super) const PREFIXES: &[(u16, u16)] = &[\n{rows}];\n"
    )
}

#[test]
fn the_prefixes_of_the_scanner_are_generated_from_the_tables() {
    check_file("src/scan/prefixes.rs", &generated_prefixes(), "prefixes");
}

#[test]
fn the_scanner_finds_every_code() {
    let scanner = Scanner::Runs(Runs::default());
    for entry in searched() {
        let text = format!(" {} ", entry.code);
        let found = scanner.numbers(text.as_bytes());
        assert_eq!(found.iter().map(|number| number.code).collect::<Vec<_>>(), [entry.code]);
    }
}

fn is_explained(line: &str) -> bool {
    !annotations(&mut annotator(), line.as_bytes()).is_empty()
}

#[test]
fn every_code_except_success_is_explained_after_a_key() {
    for entry in searched() {
        for line in
            [format!("error code: {}\n", entry.code), format!("E/Chat: 错误码：{}", entry.code)]
        {
            assert!(is_explained(&line), "{line}");
        }
    }
    assert!(!is_explained("error code: 0\n"));
}

/// The codes of other families are ordinary numbers.
#[test]
fn no_ordinary_number_is_explained_without_evidence() {
    for entry in searched().filter(|entry| !entry.code.is_871()) {
        let code = entry.code;
        for line in [
            format!("size {code}"),
            format!("id={code}"),
            format!("took {code} us"),
            format!("{code}"),
            format!("D/Chat: {code}"),
            format!("JMessage: {code}"),
            format!("order {code} was shipped"),
        ] {
            assert!(!is_explained(&line), "{line}");
        }
    }
}

#[test]
fn most_codes_have_advice() {
    for family in FAMILIES.iter().map(|source| source.name) {
        let of = |entry: &&Entry<'_>| entry.family.name() == family;
        let rows: Vec<_> = searched().filter(of).collect();
        let advised = rows.iter().filter(|entry| entry.advice.is_some()).count();
        assert!(advised * 6 >= rows.len() * 5, "{family}: {advised} of {}", rows.len());
        assert!(family != "android" || advised == rows.len(), "every Android code has advice");
    }
}

#[cfg(feature = "cli")] // no system: the library alone has no program
mod program {
    use std::process::Command;

    use super::*;

    /// The standard output of the program, which must succeed.
    fn run(arguments: impl IntoIterator<Item = String>) -> String {
        let mut command = Command::new(crate::util::executable());
        let output = command.env_clear().args(arguments).output().expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    #[test]
    fn every_code_is_explained() {
        let codes: Vec<String> =
            CATALOG.entries().iter().map(|entry| entry.code.to_string()).collect();
        let text = run(["explain".to_owned()].into_iter().chain(codes));
        let mut cards = text.split("\n\n");
        for entry in CATALOG.entries() {
            let card = cards.next().unwrap_or_else(|| panic!("no card for {}", entry.code));
            let heading = format!("{}  {}  (", entry.code, entry.name);
            assert!(card.trim_start().starts_with(&heading), "{card}");
            for part in texts(entry) {
                assert!(card.contains(part), "{}: {part}", entry.code);
            }
            assert!(card.contains("https://docs.jiguang.cn/"), "{card}");
        }
        assert_eq!(cards.next(), None);
    }

    /// Both spellings find the same codes, among them all those of chat rooms.
    #[test]
    fn a_word_finds_the_codes_of_its_subject() {
        let codes = |word: &str| -> BTreeSet<u64> {
            let text = run(["list", word].map(str::to_owned));
            text.lines()
                .map(|line| {
                    line.trim_start().split(' ').next().expect("a code").parse().expect("digits")
                })
                .collect()
        };
        assert_eq!(codes("chatroom"), codes("Chat Room"));
        for word in ["聊天室", "chatroom"] {
            let (found, wanted) =
                (codes(word), [847_001, 847_002, 850_001, 851_007, 852_004, 853_002, 881_502]);
            let missing: Vec<_> = wanted.iter().filter(|code| !found.contains(code)).collect();
            assert!(missing.is_empty() && !found.contains(&871_300), "{word}: {missing:?}");
        }
        assert_eq!(run(["list".to_owned()]).lines().count(), CATALOG.entries().len());
    }
}
