//! Names and texts that Markdown would turn into links, mentions or markup, as GitHub's own
//! renderer shows them.
//!
//! `cmark-gfm` is the renderer that GitHub publishes. It links addresses. Mentions, issues, commits
//! and emoji are found later, in the HTML, by a part of GitHub that is not published; it skips
//! `<code>`. So a test can show that there is no link, and that whatever GitHub could still link is
//! inside `<code>`.

use std::fs;
use std::process::{Command, Stdio};

use crate::util::{CODE, finish, program, skip};

/// Words that GitHub makes links, mentions or pictures of.
const LIVE: [&str; 16] = [
    "https://a.example/x",
    "http://a.example",
    "ftp://a.example",
    "www.a.example",
    "WWW.a.example",
    "a@b.example",
    "mailto:a@b.example",
    "xmpp:a@b.example/c",
    "@octocat",
    "@github/support",
    "#123",
    "GH-1",
    "octo-org/octo-repo#26",
    "a5c3785ed8d6a35868bc169f07e40e889087fd2e",
    "0dd5a3c",
    ":shipit:",
];

/// Words that are markup in Markdown or HTML.
const MARKUP: [&str; 11] = [
    "<https://a.example>", "[a](https://a.example)", "![a](https://a.example)", "a|b", "a\\|b",
    "`a` ``b` c\\", "**a** _b_ ~~c~~", "<b>&amp;&lt;</b><!--", "$a$", "- [ ] a", "$`a`$",
];

/// The HTML that `cmark-gfm` makes of a text; `None` where it is not installed.
fn html(markdown: &[u8]) -> Option<String> {
    let mut command = Command::new("cmark-gfm");
    command.args(["--unsafe", "--to", "html"]);
    for extension in ["autolink", "table", "strikethrough", "tagfilter", "tasklist"] {
        command.args(["--extension", extension]);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    if command.spawn().is_err() {
        skip("cmark-gfm is not on the PATH");
        return None;
    }
    Some(finish(&mut command, markdown).expect(0).text().to_owned())
}

/// The text of some HTML without its `<code>` elements.
fn outside_code(html: &str) -> String {
    let mut parts = html.split("<code>");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once("</code>").expect("it is closed").1)
}

/// The text of some HTML, without its elements.
fn text(html: &str) -> String {
    let mut parts = html.split('<');
    let first = parts.next().unwrap_or_default().to_owned();
    let text = parts.fold(first, |text, part| text + part.split_once('>').expect("a tag").1);
    let references = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    references.iter().fold(text, |text, (reference, sign)| text.replace(reference, sign))
}

/// The cells of the table's first row.
fn cells(html: &str) -> Vec<&str> {
    let body = html.split_once("<tbody>").expect("a table").1;
    let row = body.split_once("</tr>").expect("a row").0;
    row.split("<td").skip(1).map(|cell| cell.split_once('>').expect("a tag").1.trim()).collect()
}

/// That nothing is linked, and nothing is left that GitHub could link later.
#[track_caller]
fn check_is_inert(html: &str) {
    let html = &html.replace("<strong>error, fails</strong>", "");
    for element in ["<a ", "<img", "<b>", "<em>", "<strong>", "<del>", "<input", "<!--"] {
        assert!(!html.contains(element), "{element} in {html}");
    }
    let outside = outside_code(html);
    for live in
        ["@", "#1", "#2", "://", "www.", "WWW.", "GH-", ":shipit:", "a5c3785", "0dd5a3c", "$"]
    {
        assert!(!outside.contains(live), "{live} is outside of code: {html}");
    }
}

/// A file can have any of these names where `/` only separates folders.
#[cfg(unix)] // a name has no colon and no pipe on Windows
#[test]
fn the_name_of_a_file_stays_text() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in LIVE.iter().chain(&MARKUP) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
        fs::write(&path, CODE).expect("a file");
        let mut command = program();
        command.current_dir(folder.path()).args(["--report=markdown=-", "--", name]);
        let report = finish(&mut command, b"").expect(0);
        let Some(html) = html(&report.stdout) else { return };
        check_is_inert(&html);
        let want = format!("{name}:1");
        assert_eq!(
            cells(&html)[3..5].iter().map(|cell| text(cell)).collect::<Vec<_>>(),
            [&*want; 2]
        );
    }
}

#[test]
fn the_texts_of_a_catalog_stay_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("team.tsv");
    let is_allowed = |word: &&&str| !word.contains(['"', '\\', '[', ']', '|']);
    for word in LIVE.iter().chain(&MARKUP).filter(is_allowed) {
        for (before, after) in
            [("", ""), ("see (", ")."), ("见", "。"), ("a_", "_b"), ("x:", "//x")]
        {
            let text_in = format!("{before}{word}{after}");
            let [name, texts] = [&text_in, &[&*text_in; 4].join("\t")];
            let row = format!("871300\tteam\tsure\terror\t{name}\t\t{texts}\n");
            fs::write(&path, row).expect("a file");
            let mut command = program();
            command.arg("--catalog").arg(&path).arg("--report=markdown=-");
            let report = finish(&mut command, CODE.as_bytes()).expect(0);
            let Some(html) = html(&report.stdout) else { return };
            check_is_inert(&html);
            let cells = cells(&html);
            assert_eq!(text(cells[0]), format!("871300{text_in} (team)"));
            assert_eq!([text(cells[5]), text(cells[6])], [text_in.repeat(2), text_in.repeat(2)]);
        }
    }
}

/// `GH-1` is a link in any case, and may be the name of a family.
#[cfg(unix)] // a shell
#[test]
fn a_family_is_no_reference() {
    use crate::place::Place;

    let place = Place::new();
    place.put("c.tsv", "871300\tgh-1\tsure\terror\tname\t\ta\tb\n");
    let outcome = place.shell("\"$JM\" --catalog c.tsv --report markdown=- in.log").expect(0);
    assert!(outcome.text().contains("name (`gh-1`)"), "{}", outcome.text());
}
