//! System calls that fail: whatever the system does not say or do, nothing is destroyed, and no log
//! commands a runner. strace makes them fail, one by one.

use std::fs;

use crate::pack::{member, zip};
use crate::place::Place;
use crate::util::{CODE, EXPLAINED, Outcome, is_emulated, skip};

/// The calls that ask about files.
const QUESTIONS: [&str; 7] =
    ["statx", "newfstatat", "fstat", "readlink", "statfs", "lseek", "fcntl"];

/// A folder in which calls fail.
struct Faults<'f> {
    /// Makes the files anew.
    files: &'f str,
    /// What is run: `$FAULT` comes before the program.
    command: &'static str,
}

impl Faults<'_> {
    /// Runs the command once, with these options of strace; `None` if that is not there.
    fn run(&self, fault: &str) -> Option<(Place, Outcome)> {
        let place = Place::new();
        if is_emulated() || place.shell("strace -o trace true").status != Some(0) {
            skip("this needs strace");
            return None;
        }
        place.shell(self.files).expect(0);
        let outcome = place.shell(&format!("FAULT='strace -o trace {fault}'; {}", self.command));
        Some((place, outcome))
    }

    /// Runs the command again and again; each time another one of these calls fails, alone or with
    /// all later ones. `check` looks at what is left, and at the messages and standard output.
    fn inject(&self, calls: &[&str], error: &str, check: impl Fn(&Place, &str)) {
        let place = Place::new();
        if is_emulated() || place.shell("strace -o trace true").status != Some(0) {
            return skip("this needs strace");
        }
        let run = |fault: &str| {
            place.shell(self.files).expect(0);
            place.shell(&format!("FAULT='strace -o trace {fault}'; {}", self.command))
        };
        // What is interrupted is tried again, and might be without an end.
        let thens = if error == "EINTR" { &[""][..] } else { &["", "+"] };
        let mut failed = 0;
        for call in calls {
            run(&format!("-e trace=?{call}"));
            let prefix = format!("{call}(");
            let count = place.get("trace").lines().filter(|line| line.starts_with(&prefix)).count();
            for number in 1..=count {
                for then in thens {
                    let fault = format!("-e inject=?{call}:error={error}:when={number}{then}");
                    let outcome = run(&fault);
                    if !outcome.stderr.contains("error while loading shared libraries") {
                        check(&place, &format!("{fault}\n{}\n{}", outcome.stderr, outcome.text()));
                        failed += 1;
                    }
                }
            }
        }
        assert!(failed > 0, "no call has failed");
    }
}

#[test]
fn a_report_does_not_replace_what_the_system_says_nothing_about() {
    let kept = |name: &'static str, want: &'static str| {
        move |place: &Place, run: &str| assert_eq!(place.get(name), want, "{run}")
    };
    let input = "printf 'code=871300\n' > in.log; ln -sf in.log link";
    for command in [
        "$FAULT \"$JM\" --report junit=in.log in.log > out",
        "$FAULT \"$JM\" --report junit=link in.log > out",
        "$FAULT \"$JM\" --report junit=in.log < in.log > out",
        "$FAULT \"$JM\" --report junit=- in.log >> in.log",
        "(ulimit -f 300; $FAULT \"$JM\" in.log >> in.log)",
        "(ulimit -f 300; $FAULT \"$JM\" < in.log >> in.log)",
    ] {
        let faults = Faults { files: input, command };
        faults.inject(&QUESTIONS, "EIO", kept("in.log", "code=871300\n"));
    }
    let catalog = Faults {
        files: "printf '50001\tshop\tneeded\terror\tx\t\tE\tC\t\t\n' > shop.tsv",
        command: "$FAULT \"$JM\" --catalog shop.tsv --report junit=shop.tsv in.log > out",
    };
    let want = "50001\tshop\tneeded\terror\tx\t\tE\tC\t\t\n";
    catalog.inject(&QUESTIONS, "EIO", kept("shop.tsv", want));
}

#[test]
fn a_report_goes_where_its_link_or_descriptor_leads() {
    let link = Faults {
        files: "mkdir -p sub; ln -sf sub/r.md l.md; echo old > sub/r.md",
        command: "$FAULT \"$JM\" --report markdown=l.md in.log > out",
    };
    link.inject(&QUESTIONS, "EIO", |place, run| {
        assert!(fs::symlink_metadata(place.path("l.md")).is_ok_and(|it| it.is_symlink()), "{run}");
    });
    let descriptor = Faults {
        files: "echo start > k",
        command: "exec 3>>k; $FAULT \"$JM\" --report markdown=/dev/fd/3 in.log > out; echo end >&3",
    };
    for error in ["EIO", "EPERM"] {
        descriptor.inject(&QUESTIONS, error, |place, run| {
            let text = place.get("k");
            assert!(text.starts_with("start\n") && text.ends_with("end\n"), "{text}: {run}");
        });
    }
}

#[test]
fn a_report_that_cannot_be_written_leaves_the_old_one() {
    let faults = Faults {
        files: "echo old > r.xml",
        command: "$FAULT \"$JM\" --report junit=r.xml in.log > out",
    };
    for error in ["EACCES", "EIO", "EROFS"] {
        faults.inject(&["write", "rename", "fchmod"], error, |place, run| {
            let text = place.get("r.xml");
            assert!(text == "old\n" || text.ends_with("</testsuites>\n"), "{text}: {run}");
        });
    }
}

/// A file system may interrupt a read at a place. What it cannot read is called by its own name.
#[test]
fn a_zip_is_read_whole_or_the_reason_is_said() {
    let text = format!("{CODE}\n");
    let zip = zip(&["a.log", "b.log", "c.log"].map(|name| member(name, text.as_bytes())));
    let octal: String = zip.iter().map(|byte| format!("\\{byte:03o}")).collect();
    let files = format!("printf '{octal}' > a.zip");
    let faults = Faults { files: &files, command: "$FAULT \"$JM\" a.zip" };
    let want = format!("\n{}", format!("{EXPLAINED}\n").repeat(3));
    faults.inject(&["pread64"], "EINTR", |_, run| {
        assert!(run.ends_with(&want), "{run}");
    });
    faults.inject(&["pread64"], "EIO", |_, run| {
        let is_said = ["Input/output error", "I/O error"].iter().any(|why| run.contains(why));
        assert!(run.ends_with(&want) || is_said, "{run}");
    });
}

#[test]
fn a_log_does_not_command_a_runner_whatever_fails() {
    for command in [
        "GITHUB_ACTIONS=true $FAULT \"$JM\" --report github=./link in.log | cat",
        "exec 6>&-; GITHUB_ACTIONS=true $FAULT \"$JM\" --report github=/dev/fd/6 in.log | cat",
    ] {
        let files = "ln -sf /proc/self/fd/1 link; printf '::error::evil\ncode=871300\n' > in.log";
        Faults { files, command }.inject(&QUESTIONS, "EIO", |_, run| {
            let fence = run.find("::stop-commands::");
            let evil = run.find("\n::error::evil");
            assert!(evil.is_none() || fence.is_some_and(|fence| Some(fence) < evil), "{run}");
        });
    }
}

/// As in a mounted folder whose server is gone.
#[test]
fn the_other_inputs_are_read_if_the_system_says_nothing_about_one() {
    let dead = |command: &'static str| Faults {
        files: "printf 'code=871300\n' > dead; rm -f new.xml",
        command,
    };
    let calls = "?statx,?newfstatat,?readlink,?open,?openat"; // musl: `open`
    for command in [
        "$FAULT \"$JM\" --report junit=new.xml --fail-on any dead in.log; echo $?",
        "$FAULT \"$JM\" --report junit=new.xml --fail-on any in.log dead; echo $?",
    ] {
        let fault = format!("-P dead -e inject={calls}:error=ENOTCONN");
        let Some((place, outcome)) = dead(command).run(&fault) else { return };
        assert_eq!(outcome.text(), format!("{EXPLAINED}\n2\n"), "{outcome:?}");
        assert!(outcome.stderr.contains("dead: ") && outcome.stderr.contains("--fail-on: "));
        assert!(place.get("new.xml").contains("errors=\"1\" failures=\"1\""), "{outcome:?}");
    }
    let fault = format!("-P dead -e inject={calls}:error=ENOTCONN");
    let command = "GITHUB_STEP_SUMMARY=dead $FAULT \"$JM\" in.log; echo $?";
    let (_, outcome) = dead(command).run(&fault).expect("strace");
    assert_eq!(outcome.text(), format!("{EXPLAINED}\n0\n"), "nobody asked for it: {outcome:?}");
}

/// Where the system gives no thread, two signals at once end the program.
#[test]
fn a_policy_needs_no_thread() {
    let faults = Faults { files: "", command: "$FAULT \"$JM\" --fail-on any in.log; echo $?" };
    let run = faults.run("-f -e inject=?clone3,?clone:error=EPERM");
    let Some((_, outcome)) = run else { return };
    assert_eq!(outcome.text(), format!("{EXPLAINED}\n1\n"), "{outcome:?}");
    // The first call is the runtime's, before the program has begun.
    let command = "(cat in.log; sleep 0.3) | $FAULT \"$JM\" --summary; echo $?";
    let signal = "-e inject=?poll,?ppoll:signal=SIGINT:when=2";
    let fault = format!("-f -e inject=?clone3,?clone:error=EPERM {signal}");
    let (_, outcome) = Faults { files: "", command }.run(&fault).expect("strace");
    assert_eq!(outcome.text(), format!("{EXPLAINED}\n0\n"), "{outcome:?}");
    assert!(outcome.stderr.contains("1 annotation of 1 code"), "{outcome:?}");
}

/// The first file of this archive ends within what gzip data begins with.
#[test]
fn a_signal_within_a_short_file_leaves_nothing_out_in_silence() {
    let text = format!("{CODE}\n");
    let zip = zip(&[member("a.log", b"\x1f"), member("b.log", text.as_bytes())]);
    let octal: String = zip.iter().map(|byte| format!("\\{byte:03o}")).collect();
    let files = format!("printf '{octal}' > a.zip; printf '\\037' > one.gz");
    for command in [
        "$FAULT \"$JM\" --fail-on any --report junit=r.xml a.zip; echo $?",
        "$FAULT \"$JM\" --fail-on any --report junit=r.xml one.gz; echo $?",
    ] {
        let faults = Faults { files: &files, command };
        for call in ["pread64", "read"] {
            for number in 1..20 {
                let fault =
                    format!("-e trace=?{call} -e inject=?{call}:signal=SIGINT:when={number}");
                let Some((place, outcome)) = faults.run(&fault) else { return };
                if outcome.text().lines().last() == Some("0") {
                    assert!(place.get("r.xml").contains("<error"), "{fault}: {outcome:?}");
                }
            }
        }
    }
}

#[test]
fn a_run_that_succeeds_has_written_everything_once() {
    let want = format!("{EXPLAINED}\n").repeat(2);
    for command in [
        "$FAULT \"$JM\" in.log in.log > out; echo $?",
        "($FAULT \"$JM\" in.log in.log; echo $? > status) | cat > out; cat status",
        "$FAULT \"$JM\" --report junit=r.xml in.log - < in.log > out; echo $?",
    ] {
        let faults = Faults { files: "printf 'code=871300\n' > in.log", command };
        for error in ["EIO", "EINTR"] {
            let calls = ["lseek", "fcntl", "read", "write", "writev", "splice"];
            faults.inject(&calls, error, |place, run| {
                let text = place.get("out");
                let is_right =
                    if run.ends_with("\n0\n") { text == want } else { want.starts_with(&text) };
                assert!(is_right, "{text}: {run}");
            });
        }
    }
}
