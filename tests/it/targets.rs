//! Where a report may go: its file is whole or untouched, and nothing else is ever replaced.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use crate::place::Place;
use crate::util::{CODE, EXPLAINED, finish, skip};

#[test]
fn a_report_to_standard_output_by_any_name_keeps_what_is_there() {
    for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "k.log", "link", "far", "hard"] {
        if name.starts_with("/proc") && !cfg!(target_os = "linux") {
            continue;
        }
        for redirection in [">> k.log", "1<> k.log"] {
            let place = Place::new();
            let before = "precious\n".repeat(100);
            place.put("k.log", &before);
            place.link("k.log", "link");
            place.link("link", "far");
            fs::hard_link(place.path("k.log"), place.path("hard")).expect("a link");
            let script = format!("\"$JM\" --report markdown={name} in.log {redirection}");
            let outcome = place.shell(&script);
            if name.starts_with('/') {
                assert_eq!((outcome.status, outcome.stderr.as_str()), (Some(0), ""), "{script}");
                assert!(place.get("k.log").contains("| 871300<br>"), "{script}");
                assert!(!place.get("k.log").contains(EXPLAINED), "the report is all: {script}");
            } else {
                assert_eq!(outcome.status, Some(2), "{script}: {}", outcome.stderr);
                assert!(outcome.stderr.contains("would replace standard output"), "{script}");
                assert_eq!(place.get("k.log"), before, "{script}");
            }
            let kept = place.get("k.log");
            assert!(redirection.starts_with('1') || kept.starts_with(&before), "{script}");
        }
    }
}

/// An input that cannot be opened keeps no report from being written.
#[test]
fn an_input_that_is_a_link_without_end_is_no_file() {
    let place = Place::new();
    place.link("loop", "loop");
    (0..40).for_each(|at| place.link(&format!("{}", at + 1), &format!("{at}")));
    place.put("40", "old");
    for report in ["r.xml", "r.xml", "0"] {
        let outcome =
            place.shell(&format!("\"$JM\" --report junit={report} loop in.log")).expect(2);
        assert!(outcome.stderr.starts_with("jm-annotate: loop: "), "{}", outcome.stderr);
        assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.stderr);
        assert!(place.get(report).contains("871300"), "{report}");
    }
}

#[test]
fn a_link_to_the_output_is_refused() {
    let place = Place::new();
    place.link("out.log", "latest.xml");
    let outcome = place.shell("\"$JM\" --report junit=latest.xml in.log > out.log").expect(2);
    assert!(outcome.stderr.starts_with("jm-annotate: latest.xml: the report would replace "));
    assert_eq!(place.get("out.log"), "");
}

#[test]
fn a_pipe_or_terminal_that_is_standard_output_is_written_in_order() {
    let place = Place::new();
    for name in ["/dev/stdout", "/dev/fd/1"] {
        let outcome = place.shell(&format!("\"$JM\" --report github={name} in.log | cat"));
        assert!(outcome.text().starts_with("::stop-commands::"), "the fence: {outcome:?}");
        assert!(outcome.text().contains(EXPLAINED) && outcome.text().contains("\n::error title="));
        let outcome = place.shell(&format!("\"$JM\" --report markdown={name} in.log | cat"));
        assert_eq!(outcome, place.shell("\"$JM\" --report markdown=- in.log"));
        let both = format!("\"$JM\" --report junit={name} --report junit=- in.log");
        place.shell(&both).expect(2);
    }
}

/// A link may name the pipe, too.
#[cfg(target_os = "linux")] // /proc
#[test]
fn a_link_to_a_pipe_that_is_standard_output_is_fenced() {
    let place = Place::new();
    place.link("/proc/self/fd/1", "link");
    for script in
        ["--report github=link in.log | cat", "--report github=/dev/stderr in.log 2>&1 | cat"]
    {
        let outcome = place.shell(&format!("\"$JM\" {script}"));
        assert!(outcome.text().starts_with("::stop-commands::"), "{outcome:?}");
    }
}

#[test]
fn the_null_device_takes_everything() {
    let place = Place::new();
    for arguments in [
        "--report junit=/dev/null --report markdown=/dev/null",
        "--report junit=/dev/null --format json",
        "--report github=/dev/null --catalog /dev/null",
    ] {
        let outcome = place.shell(&format!("\"$JM\" {arguments} in.log </dev/null >/dev/null"));
        assert_eq!(outcome.expect(0).stderr, "");
    }
}

#[test]
fn a_report_to_the_file_of_standard_error_is_refused() {
    for name in ["r.xml", "/dev/stderr", "/dev/fd/2"] {
        let place = Place::new();
        place.put("r.xml", "precious\n");
        let outcome = place.shell(&format!("\"$JM\" --report junit={name} in.log 2>> r.xml"));
        assert_eq!(outcome.status, Some(2));
        let want =
            format!("precious\njm-annotate: {name}: the report would replace standard error");
        assert!(place.get("r.xml").starts_with(&want), "{name}: {}", place.get("r.xml"));
        let outcome =
            place.shell("\"$JM\" --report markdown=/dev/stderr in.log 2>&1 >/dev/null | cat");
        assert!(outcome.expect(0).text().contains("871300"), "a pipe is written");
    }
}

#[test]
fn a_report_never_replaces_an_input_or_a_catalog() {
    let row = "50001\tteam\tsure\terror\tname\t\ta\tb\n";
    for (arguments, what) in [
        ("--report junit=in.log in.log", "in.log: the report would replace an input"),
        ("--report junit=link in.log", "link: the report would replace an input"),
        ("--report junit=in.log link", "in.log: the report would replace an input"),
        ("--report junit=in.log < in.log", "in.log: the report would replace an input"),
        ("--report junit=/dev/stdin < in.log", "/dev/stdin: the report would replace an input"),
        ("--report junit=new.log new.log", "new.log: the report would replace an input"),
        (
            "--report junit=c.tsv --catalog c.tsv in.log",
            "c.tsv: the report would replace a catalog",
        ),
        ("--report junit=./- - ./-", "./-: the report would replace an input"),
        ("--catalog c.tsv --report junit=c2 in.log", "c2: the report would replace a catalog"),
    ] {
        let place = Place::new();
        place.put("c.tsv", row);
        place.link("in.log", "link");
        place.link("c.tsv", "c2");
        let outcome = place.shell(&format!("\"$JM\" {arguments}")).expect(2);
        assert!(outcome.stderr.contains(what), "{arguments}: {}", outcome.stderr);
        assert_eq!(outcome.text(), "", "{arguments}");
        assert_eq!(
            (place.get("in.log"), place.get("c.tsv")),
            (format!("{CODE}\n"), row.to_owned())
        );
    }
}

/// The log is refused there, and so is what would be written without it. A file that the shell has
/// emptied has nothing to lose.
#[test]
fn a_report_on_standard_output_is_not_written_into_an_input() {
    let place = Place::new();
    for kind in ["github", "azure", "junit", "markdown", "html"] {
        for script in [
            "\"$JM\" --report KIND=- in.log >> in.log",
            "\"$JM\" --report KIND=- in.log 1<> in.log",
            "\"$JM\" --report KIND=- < in.log >> in.log",
            "\"$JM\" --report KIND=/dev/stdout - < in.log >> in.log",
        ] {
            let before = place.get("in.log");
            let outcome = place.shell(&script.replace("KIND", kind)).expect(2);
            let want = "the report would be written into an input; choose another name\n";
            assert!(outcome.stderr.ends_with(want), "{script} {kind}: {}", outcome.stderr);
            assert_eq!(place.get("in.log"), before, "{script} {kind}");
        }
    }
    place.shell("\"$JM\" --report junit=- in.log > in.log").expect(0);
}

/// `3>> file` keeps what the file has, as it does for every program.
#[test]
fn a_report_to_an_open_descriptor_is_added_to_its_file() {
    for name in ["/dev/fd/3", "/proc/self/fd/3", "link"] {
        if name.starts_with("/proc") && !cfg!(target_os = "linux") {
            continue;
        }
        let place = Place::new();
        place.put("k.log", "precious\n");
        place.link("/dev/fd/3", "link");
        place.shell(&format!("\"$JM\" --report markdown={name} in.log 3>> k.log")).expect(0);
        let kept = place.get("k.log");
        assert!(
            kept.starts_with("precious\n## ") && kept.contains("| 871300<br>"),
            "{name}: {kept}"
        );
        let to_shell = format!("\"$JM\" --report markdown={name} in.log 3>&1 >/dev/null | cat");
        assert!(place.shell(&to_shell).expect(0).text().contains("| 871300<br>"), "a pipe");
    }
}

/// A log that only its owner's program can write, not read, is a file like any other.
#[cfg(target_os = "linux")] // modes
#[test]
fn an_output_that_cannot_be_read_is_recognized() {
    use crate::place::{NOBODY, is_root};

    let place = Place::new();
    let out = fs::File::options().append(true).create(true).open(place.path("out.log"));
    let out = out.expect("a file");
    fs::set_permissions(place.path("out.log"), fs::Permissions::from_mode(0o200)).expect("a mode");
    place.mode("", 0o777);
    if is_root() {
        let owner = Some(NOBODY);
        std::os::unix::fs::chown(place.path("out.log"), owner, owner).expect("root may");
    }
    let script = "\"$JM\" --report=junit=out.log in.log";
    let Some(mut command) = place.command_of_nobody(script) else {
        return skip("nobody cannot run the program");
    };
    let output = command.stdout(out).output().expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("would replace standard output"), "{stderr}");
}

#[test]
fn two_reports_on_one_path_are_refused_before_anything_is_read() {
    for (one, two) in [
        ("r.xml", "r.xml"),
        ("r.xml", "./r.xml"),
        ("r.xml", "sub/../r.xml"),
        ("r.xml", "sublink/../sub/../r.xml"),
        ("old.xml", "link"),
        ("old.xml", "hard"),
        ("dangling", "missing.xml"),
        ("dangling", "far"),
        ("fifo", "fifo"),
        ("fifo", "to-fifo"),
    ] {
        let place = Place::new();
        place.fifo("fifo");
        place.link("fifo", "to-fifo");
        fs::create_dir(place.path("sub")).expect("a folder");
        place.put("old.xml", "old");
        place.link("sub", "sublink");
        place.link("old.xml", "link");
        place.link("missing.xml", "dangling");
        place.link("dangling", "far");
        fs::hard_link(place.path("old.xml"), place.path("hard")).expect("a link");
        let script = format!("\"$JM\" --report junit={one} --report markdown={two} in.log");
        let outcome = place.shell(&script).expect(2);
        let want = format!("jm-annotate: {two}: the report would replace the report {one};");
        assert!(outcome.stderr.starts_with(&want), "{script}: {}", outcome.stderr);
        assert_eq!((outcome.text(), place.get("old.xml")), ("", "old".to_owned()), "{script}");
        assert!(!place.path("r.xml").exists() && !place.path("missing.xml").exists());
    }
}

/// A folder may have two names that no link shows, and a bind mount two files that are one.
#[test]
#[cfg(target_os = "linux")] // bind mounts
fn reports_in_a_folder_with_two_names_are_compared() {
    let can_mount = finish(std::process::Command::new("unshare").args(["-rm", "true"]), b"");
    if can_mount.status != Some(0) {
        skip("no mounts here");
        return;
    }
    let place = Place::new();
    for folder in ["one", "two"] {
        fs::create_dir(place.path(folder)).expect("a folder");
    }
    for (report, status) in [("one/r.xml", 2), ("two/r.xml", 2), ("two/R.xml", 0), ("r.xml", 0)] {
        let _ = fs::remove_file(place.path("one/r.xml"));
        let script = format!(
            "unshare -rm sh -c 'mount --bind one two && \"$JM\" --report junit=one/r.xml \
             --report markdown={report} in.log'"
        );
        let outcome = place.shell(&script).expect(status);
        assert_eq!(outcome.stderr.contains("would replace the report one/r.xml;"), status == 2);
    }
    let old = "unshare -rm sh -c 'mount --bind k.log one/r.xml && \"$JM\" --report junit=one/r.xml in.log'";
    place.put("k.log", "old");
    place.put("one/r.xml", "");
    place.shell(old).expect(0);
    assert!(place.get("k.log").contains("<testsuite"), "it is written in place");
    assert_eq!(place.get("one/r.xml"), "");
}

#[test]
fn the_step_summary_is_no_input_and_no_other_report() {
    for (arguments, status) in [
        ("--report github=- in.log", 2),
        ("--report github=- --report markdown=in.log other.log", 2),
        ("--report junit=- in.log", 0),
        ("--report github=- other.log", 0),
        ("--report github=- other.log >> in.log", 0),
        ("--report junit=r.xml other.log 2>> in.log", 0),
    ] {
        let place = Place::new();
        place.put("other.log", CODE);
        let script = format!("GITHUB_STEP_SUMMARY=in.log \"$JM\" {arguments}");
        let outcome = place.shell(&script);
        assert_eq!(outcome.status, Some(status), "{script}: {}", outcome.stderr);
        assert!(place.get("in.log").starts_with(CODE), "{script}");
        assert!(status == 0 || place.get("in.log").lines().count() == 1, "{script}");
    }
}

#[test]
fn a_links_target_is_replaced_as_a_whole() {
    for (link, real) in [("near", "old.xml"), ("far", "old.xml"), ("dangling", "sub/new.xml")] {
        let place = Place::new();
        fs::create_dir(place.path("sub")).expect("a folder");
        place.put("old.xml", "old");
        place.link("old.xml", "near");
        place.link("../near", "sub/middle");
        place.link("sub/middle", "far");
        place.link("sub/new.xml", "dangling");
        let inode = |name| fs::metadata(place.path(name)).map(|found| found.ino()).ok();
        let before = inode(real);
        place.shell(&format!("\"$JM\" --report junit={link} in.log")).expect(0);
        assert!(fs::symlink_metadata(place.path(link)).expect("it is there").is_symlink());
        assert!(place.get(real).contains("871300"), "{link}");
        assert_ne!(inode(real), before, "{link}: it is another file with the same name");
        let leftovers = |name: &str| name.starts_with(".jm");
        assert!(!place.names().iter().any(|name| leftovers(name)), "{:?}", place.names());
    }
}

/// The limit of a file's size stands for a full disk.
#[test]
fn a_report_that_does_not_fit_leaves_the_old_one() {
    for name in ["r.xml", "link"] {
        let place = Place::new();
        place.put("r.xml", "old");
        place.link("r.xml", "link");
        let log: String = (871_300..871_328).map(|code| format!("code={code}\n")).collect();
        place.put("in.log", &log);
        let before = place.names();
        let script = format!("trap '' XFSZ; ulimit -f 1; \"$JM\" --report junit={name} in.log");
        let outcome = place.shell(&script).expect(2);
        assert_eq!(outcome.stderr, format!("jm-annotate: {name}: File too large\n"));
        assert_eq!((place.get("r.xml"), place.names()), ("old".to_owned(), before));
        assert!(outcome.text().contains(EXPLAINED), "the log is whole");
    }
}

/// A FIFO that is read and written by the same program would never end.
#[test]
fn a_report_to_a_fifo_that_is_an_input_is_refused() {
    let place = Place::new();
    place.fifo("fifo");
    let stderr = place.shell("\"$JM\" --report markdown=fifo fifo").expect(2).stderr;
    assert!(
        stderr.starts_with("jm-annotate: fifo: the report would replace an input;"),
        "{stderr}"
    );
}

#[test]
fn a_loop_of_links_is_an_error_before_anything_is_read() {
    let place = Place::new();
    place.link("two", "one");
    place.link("one", "two");
    let outcome = place.shell("\"$JM\" --report junit=one in.log").expect(2);
    assert_eq!(outcome.stderr, "jm-annotate: one: Too many levels of symbolic links\n");
    assert_eq!(outcome.text(), "");
}

#[test]
fn a_file_in_a_folder_that_takes_no_new_one_is_written_in_place() {
    let place = Place::new();
    fs::create_dir(place.path("sub")).expect("a folder");
    place.put("sub/r.xml", &"old".repeat(10_000));
    for (name, mode) in [("sub/r.xml", 0o666), ("sub", 0o555), ("", 0o755)] {
        fs::set_permissions(place.path(name), fs::Permissions::from_mode(mode)).expect("a mode");
    }
    let script = "! touch sub/probe 2>&- && \"$JM\" --report junit=sub/r.xml in.log";
    let Some(mut command) = place.command_of_nobody(script) else {
        return skip("nobody cannot run the program");
    };
    assert_eq!(finish(&mut command, b"").expect(0).stderr, "");
    let report = place.get("sub/r.xml");
    assert!(report.contains("871300") && !report.contains("old"), "{report}");
    fs::set_permissions(place.path("sub"), fs::Permissions::from_mode(0o755)).expect("a mode");
}

#[test]
fn new_reports_with_one_name_in_two_folders_are_two() {
    let place = Place::new();
    for folder in ["one", "two"] {
        fs::create_dir(place.path(folder)).expect("a folder");
    }
    let reports = "--report junit=one/r --report markdown=two/r --report github=r";
    place.shell(&format!("\"$JM\" {reports} in.log")).expect(0);
    assert!(["one/r", "two/r", "r"].iter().all(|name| place.get(name).contains("871300")));
}
