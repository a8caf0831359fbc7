//! `--encoding`: what an input without a byte order mark is in.

use crate::pack::{gzip, member, utf_16, zip};
use crate::util::{EXPLAINED, run};

/// A line of a build on a Chinese Windows: the key is only recognized if it is decoded.
const CHINESE: &str = "登录失败，错误码：871303\r\n";
const CHINESE_EXPLAINED: &str = "登录失败，错误码：871303 [Invalid username. | 用户名不合法]\r\n";

fn encoded(text: &str, label: &str) -> Vec<u8> {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("a label");
    let (bytes, _, is_lossy) = encoding.encode(text);
    assert!(!is_lossy, "{label}");
    bytes.into_owned()
}

#[test]
fn a_label_decodes_what_has_no_byte_order_mark() {
    for label in ["gbk", "GB2312", "gb18030", "big5-hkscs"] {
        let text =
            if label.starts_with("big5") { "登入失敗 errorCode=871303\r\n" } else { CHINESE };
        let bytes = encoded(text, label);
        for arguments in [["-E", label], ["--encoding", label]] {
            let outcome = run(&arguments, &bytes).expect(0);
            assert!(outcome.text().starts_with(text.trim_end()), "{label}: {}", outcome.text());
            assert!(outcome.text().contains("[Invalid username. | 用户名不合法]"), "{label}");
        }
    }
    let le: Vec<u8> = CHINESE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(run(&["-E", "utf-16le"], &le).expect(0).text(), CHINESE_EXPLAINED);
}

#[test]
fn a_byte_order_mark_wins_and_packed_data_is_decoded() {
    let gbk = encoded(CHINESE, "gbk");
    let bom = utf_16(CHINESE, u16::to_be_bytes);
    let utf_8 = format!("\u{feff}{CHINESE}");
    let archive = zip(&[member("a.log", &gbk), member("b.log", &bom)]);
    for (bytes, want) in [
        (&gbk, CHINESE_EXPLAINED.to_owned()),
        (&bom, CHINESE_EXPLAINED.to_owned()),
        (&utf_8.into_bytes(), format!("\u{feff}{CHINESE_EXPLAINED}")),
        (&gzip(&gbk), CHINESE_EXPLAINED.to_owned()),
        (&gzip(&bom), CHINESE_EXPLAINED.to_owned()),
        (&archive, CHINESE_EXPLAINED.repeat(2)),
    ] {
        assert_eq!(run(&["--encoding=gbk"], bytes).expect(0).text(), want);
    }
}

/// UTF-8 is what we write, so nothing is decoded, and not even invalid bytes change.
#[test]
fn auto_none_and_utf_8_leave_bytes_as_they_are() {
    let gbk = encoded(CHINESE, "gbk");
    for label in ["auto", "none", "utf-8"] {
        let outcome = run(&["-E", label], &gbk).expect(0);
        assert!(outcome.stdout.starts_with(&gbk[..gbk.len() - 2]), "{label}");
    }
    let utf_16 = utf_16("code=871300", u16::to_le_bytes);
    assert_eq!(run(&["-E", "none"], &utf_16).expect(0).stdout, utf_16);
    let decoded = run(&["-E", "auto"], &utf_16).expect(0);
    assert_eq!(decoded.text(), EXPLAINED.replace("errno", "code"));
}

#[test]
fn a_wrong_label_is_a_usage_error() {
    for label in ["gbkk", "", "iso-2022-kr", "replacement"] {
        let outcome = run(&["--encoding", label], b"").expect(2);
        assert!(outcome.stderr.contains("--encoding <LABEL>"), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("expected a label of the WHATWG"), "{}", outcome.stderr);
    }
    // The last one counts, as with every option that has one value.
    run(&["-E", "gbkk", "-E", "gbk"], b"").expect(2);
    run(&["-E", "big5", "-E", "gbk"], b"").expect(0);
}

#[test]
fn a_question_about_a_log_has_the_encoding_too() {
    let gbk = encoded(CHINESE, "gbk");
    let ask = |arguments: &[&str]| run(&[&["explain"], arguments].concat(), &gbk);
    assert!(ask(&["--line", "-"]).expect(0).text().contains("no code"));
    let answer = ask(&["--line", "-", "-E", "gbk"]).expect(0);
    assert!(answer.text().contains("871303  code     code-key"), "{}", answer.text());
    for arguments in [&["-E", "gbk", "871303"][..], &["-E", "gbk", "--line", "code=871303"]] {
        let refused = ask(arguments).expect(2);
        assert!(refused.stderr.contains("`--encoding` of `explain` is for `--line -`"));
    }
}

/// Its byte order mark begins like that of UTF-16, of which it would be a text full of NULs.
#[test]
fn utf_32_is_an_error() {
    let le: Vec<u8> =
        "\u{feff}code=871300".chars().flat_map(|it| u32::from(it).to_le_bytes()).collect();
    let be: Vec<u8> =
        "\u{feff}code=871300".chars().flat_map(|it| u32::from(it).to_be_bytes()).collect();
    for bytes in [&le, &be] {
        for input in [bytes, &gzip(bytes), &zip(&[member("a.log", bytes)])] {
            let outcome = run(&["--fail-on", "any"], input).expect(2);
            let want = "UTF-32 is not supported; convert it with `iconv -f UTF-32 -t UTF-8`\n";
            assert!(outcome.stderr.ends_with(want), "{}", outcome.stderr);
        }
        assert_eq!(&run(&["-E", "none"], bytes).expect(0).stdout, bytes);
    }
    assert_eq!(run::<&str>(&[], &utf_16("", u16::to_le_bytes)).expect(0).text(), "");
}

/// A number that is the whole message is one also in the first line.
#[test]
fn a_byte_order_mark_is_no_part_of_the_message() {
    for line in ["871300\n", "toast:871300\r\n", "Have not logged in. 871300"] {
        let plain = run::<&str>(&[], line.as_bytes()).expect(0).text().to_owned();
        assert!(plain.contains(" [Have not logged in."), "{plain}");
        let marked = run::<&str>(&[], format!("\u{feff}{line}").as_bytes()).expect(0);
        assert_eq!(marked.text(), format!("\u{feff}{plain}"));
    }
}
