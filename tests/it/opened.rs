//! Reports and what others have open: a pipe, a file with a position.

use crate::place::Place;

/// What is written to the pipe that is read is read by nobody, or by the program itself.
#[cfg(target_os = "linux")] // elsewhere, the two ends of a pipe may look like two pipes
#[test]
fn a_report_into_the_pipe_that_is_the_input_is_refused() {
    let place = Place::new();
    place.fifo("fifo");
    for (script, what) in [
        ("cat in.log | \"$JM\" --report html=/dev/stdin", "report would replace"),
        ("cat in.log | \"$JM\" --report html=/dev/fd/0 -", "report would replace"),
        ("(cat in.log > fifo &); \"$JM\" --report html=fifo < fifo", "report would replace"),
        (
            "cat in.log | GITHUB_STEP_SUMMARY=/dev/stdin \"$JM\" --report github=g.txt",
            "step summary would be appended to",
        ),
    ] {
        let outcome = place.shell(script).expect(2);
        let want = format!(": the {what} an input; choose another name\n");
        assert!(outcome.stderr.ends_with(&want), "{script}: {}", outcome.stderr);
        assert_eq!(outcome.text(), "", "{script}");
    }
}

/// What the caller writes next goes after the report, and not over it.
#[cfg(target_os = "linux")] // elsewhere, such a name is the descriptor itself
#[test]
fn a_report_to_an_open_descriptor_moves_its_position() {
    for open in [">", ">>", "1<>"] {
        let place = Place::new();
        let jm = "\"$JM\" --report github=/dev/fd/3 in.log 3>&1 >annotated.log";
        place.shell(&format!("(echo start; {jm}; echo end) {open} build.log")).expect(0);
        let log = place.get("build.log");
        assert!(log.starts_with("start\n::"), "{open}: {log}");
        assert!(log.ends_with("end\n") && log.contains("871300"), "{open}: {log}");
    }
    for folder in ["/proc/self/fd", "/proc/thread-self/fd"] {
        let place = Place::new();
        let script = format!("\"$JM\" --report github={folder}/3 in.log 3>&1 >annotated.log");
        place.shell(&format!("(echo start; {script}; echo end) > build.log")).expect(0);
        let log = place.get("build.log");
        assert!(log.starts_with("start\n::") && log.ends_with("end\n"), "{folder}: {log}");
    }
    let place = Place::new();
    place.put("x", "x\n");
    let outcome = place.shell("\"$JM\" --report junit=/dev/fd/3 in.log 3< x").expect(2);
    assert_eq!((outcome.text(), place.get("x")), ("", "x\n".to_owned()));
    assert_eq!(outcome.stderr, "jm-annotate: /dev/fd/3: Bad file descriptor\n");
    let summary = "GITHUB_STEP_SUMMARY=/dev/fd/3 \"$JM\" --report github=g.txt in.log 3< x";
    assert_eq!(place.shell(summary).expect(2), outcome, "before anything is read");
}

/// Wherever the caller's position is, nothing that is there is lost.
#[cfg(target_os = "linux")] // elsewhere, such a name is the descriptor itself
#[test]
fn a_report_to_an_open_descriptor_goes_to_the_end_of_its_file() {
    let jm = "\"$JM\" --report github=/dev/fd/3 in.log >annotated.log";
    let summary = "GITHUB_STEP_SUMMARY=/dev/fd/3 \"$JM\" --report github=g.txt in.log";
    for (script, before, after) in [
        (format!("{jm} 3<> f"), "old\n::", "\n"),
        (format!("exec 3> f; echo other >> f; {jm}; echo end >&3"), "other\n::", "\nend\n"),
        (format!("exec 3> f; echo start >&3; {summary}; echo end >&3"), "start\n\n##", "\nend\n"),
    ] {
        let place = Place::new();
        place.put("f", "old\n");
        place.shell(&script).expect(0);
        let file = place.get("f");
        assert!(file.starts_with(before), "{script}: {file}");
        assert!(file.ends_with(after) && file.contains("871300"), "{script}: {file}");
    }
}

/// The step summary is appended to, and a stream that is not goes over it.
#[test]
fn a_step_summary_on_the_file_of_a_stream_is_refused() {
    for (redirection, what) in [
        ("> s.md", Some("standard output")),
        ("2> s.md", Some("standard error")),
        (">> s.md", None),
        ("2>> s.md", None),
    ] {
        let place = Place::new();
        let script = format!(
            "GITHUB_STEP_SUMMARY=s.md \"$JM\" --summary --report github=g.txt in.log {redirection}"
        );
        let outcome = place.shell(&script);
        match what {
            None => {
                assert_eq!(outcome.status, Some(0), "{script}");
                assert!(place.get("s.md").contains("| 871300"), "{script}");
            }
            Some(stream) => {
                let said = outcome.stderr + &place.get("s.md");
                assert_eq!(outcome.status, Some(2), "{script}");
                let want = format!("would be appended to {stream}; choose another name\n");
                assert!(said.ends_with(&want), "{script}: {said}");
            }
        }
    }
}

/// A limit on the size of files is a full disk, and not the end of the program.
#[test]
fn a_report_over_a_limit_of_size_leaves_the_old_one() {
    let place = Place::new();
    place.put("r.html", "old");
    let names = place.names();
    let script = "ulimit -f 2; \"$JM\" --report html=r.html in.log 2>&1";
    let outcome = place.shell(script).expect(2);
    assert!(outcome.text().ends_with("jm-annotate: r.html: File too large\n"), "{outcome:?}");
    assert_eq!((place.get("r.html"), place.names()), ("old".to_owned(), names));
}

/// `/dev/tty` is the session's terminal under another name.
#[cfg(target_os = "linux")] // pseudo-terminals
#[test]
fn a_report_to_the_sessions_terminal_is_one_to_standard_output() {
    use crate::terminal::seen_at;

    let setsid = std::process::Command::new("setsid").args(["-w", "true"]).status();
    if !setsid.is_ok_and(|status| status.success()) {
        return crate::util::skip("there is no setsid");
    }
    let place = Place::new();
    let seen_with = |start: &str, name: &str| {
        // The first terminal that the leader of a session opens is that of the session.
        let script = format!(": </proc/self/fd/1; {start} \"$JM\" --report junit={name} in.log");
        seen_at(80, place.command(&format!("setsid -w sh -c '{script}'")), "")
    };
    let (seen, status) = seen_with("", "/dev/tty");
    assert!(seen.starts_with("<?xml") && status == 0, "{status}: {seen}");
    assert_eq!(seen_with("", "/dev/stdout").0, seen);
    for name in ["/dev/null", "new.xml", "new.xml"] {
        let (seen, status) = seen_with("", name);
        assert!(seen.starts_with("code=871300 [") && status == 0, "{name}: {status}: {seen}");
    }
    assert!(place.get("new.xml").ends_with("</testsuites>\n"));
    // In a container, the leader of the session may have no number.
    let unshare = "unshare -rpf";
    match std::process::Command::new("unshare").args(["-rpf", "true"]).status() {
        Ok(status) if status.success() => assert_eq!(seen_with(unshare, "/dev/tty"), (seen, 0)),
        _ => crate::util::skip("there are no namespaces"),
    }
}

/// A link, since `/dev/stdout` and its other names are known by their letters.
#[cfg(target_os = "linux")] // /proc
#[test]
fn a_link_to_a_socket_that_is_standard_output_is_fenced() {
    use std::io::Read;
    use std::os::unix::net::UnixStream;
    use std::process::Stdio;

    let place = Place::new();
    place.link("/proc/self/fd/1", "link");
    let (mut drain, stdout) = UnixStream::pair().expect("sockets");
    let mut command = place.command("exec \"$JM\" --report github=link in.log");
    let child = command.stdout(std::os::fd::OwnedFd::from(stdout)).stderr(Stdio::piped()).spawn();
    drop(command);
    let mut text = String::new();
    drain.read_to_string(&mut text).expect("UTF-8");
    let output = child.expect("it starts").wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), &output.stderr[..]), (Some(0), &b""[..]));
    assert!(text.starts_with("::stop-commands::"), "{text}");
}
