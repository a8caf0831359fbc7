//! Reports where a descriptor, a reader, or a permission is missing: nothing is overwritten, and a
//! build does not pass because nobody could look.

use std::fs;
use std::io::Write;

use crate::place::{NOBODY, Place, may_give_away};
use crate::util::{CODE, EXPLAINED, PLAIN, annotated, skip};

/// More inputs than a process may have open; each shell command is limited to that many.
fn many() -> Place {
    let place = Place::new();
    fs::create_dir(place.path("in")).expect("a folder");
    for number in 0..80 {
        place.put(&format!("in/{number}.log"), CODE);
    }
    place
}

#[test]
fn many_inputs_hide_nothing_from_the_comparison() {
    for (report, output, what) in [
        ("junit=out.log", "out.log", "standard output"),
        ("junit=in/7.log", "/dev/null", "an input"),
        ("junit=in/79.log", "/dev/null", "an input"),
        ("github=s.md", "/dev/null", "the report s.md"),
    ] {
        let place = many();
        let jm = format!("GITHUB_STEP_SUMMARY=s.md \"$JM\" --report {report} in/* >{output}");
        let script = format!("touch s.md; ulimit -Sn 64; {jm}");
        let outcome = place.shell(&script).expect(2);
        let end = format!("{what}; choose another name\n");
        assert!(outcome.stderr.ends_with(&end), "{script}: {}", outcome.stderr);
        assert_eq!(place.get("in/7.log"), CODE, "{script}");
    }
    let place = many();
    place.shell("ulimit -Sn 64; \"$JM\" --report junit=new.xml in/* >/dev/null").expect(0);
    assert!(place.get("new.xml").contains("80 times"), "all were read");
}

/// However few descriptors there are, nothing is overwritten, and no report says that all is well.
#[test]
fn too_few_descriptors_destroy_nothing_and_pass_no_build() {
    for limit in 3..24 {
        for report in ["link", "out.log", "r.xml"] {
            let place = Place::new();
            place.link("in.log", "link");
            place.put("out.log", "");
            let jm = format!("\"$JM\" --report junit={report} in.log");
            let script = format!("{{ ulimit -n {limit}; {jm}; }} >out.log </dev/null");
            let outcome = place.shell(&script);
            let is_fine = outcome.status == Some(0);
            assert!(!is_fine || report == "r.xml", "{script}: {outcome:?}");
            assert_eq!(outcome.stderr.is_empty(), is_fine, "{script}: {outcome:?}");
            assert_eq!(place.get("in.log"), format!("{CODE}\n"), "{script}");
            assert!(!place.get("out.log").contains("<?xml"), "{script}");
            if place.path("r.xml").exists() {
                let says = if is_fine { "871300" } else { "<error" };
                assert!(place.get("r.xml").contains(says), "{script}: {outcome:?}");
            }
        }
    }
}

/// A log that nobody reads is read all the same, for the policy and the other reports.
#[test]
fn a_log_whose_reader_has_gone_before_it_begins_is_still_judged() {
    for kind in ["github", "azure"] {
        for (name, want) in [("in.log", 1), ("missing.log", 2)] {
            let place = Place::new();
            let jm = format!("\"$JM\" --report {kind}=- --report junit=r.xml --fail-on any {name}");
            let script = format!(
                "(sleep 0.3; {jm}; echo $? > status) | true
                 while ! [ -s status ]; do sleep 0.1; done"
            );
            let outcome = place.shell(&script);
            assert_eq!(place.get("status"), format!("{want}\n"), "{script}: {outcome:?}");
            let said = if want == 1 { "871300" } else { "missing.log" };
            assert!(place.get("r.xml").contains(said), "{script}");
        }
    }
}

#[cfg(target_os = "linux")] // a full device
#[test]
fn a_log_that_cannot_be_written_from_the_start_is_still_in_the_reports() {
    let place = Place::new();
    let script = "\"$JM\" --report github=- --report junit=r.xml --fail-on any in.log > /dev/full";
    let outcome = place.shell(script).expect(2);
    assert!(outcome.stderr.contains("standard output: No space left on device"), "{outcome:?}");
    assert!(outcome.stderr.contains("--fail-on: "), "{outcome:?}");
    assert!(place.get("r.xml").contains("871300"));
    let outcome = place.shell("\"$JM\" --report github=- /dev/null > /dev/full").expect(2);
    assert!(outcome.stderr.contains("standard output: No space left on device"), "{outcome:?}");
}

/// What another process writes to its descriptor goes over a report there, unless it appends.
#[cfg(target_os = "linux")] // elsewhere, no name leads to another process
#[test]
fn a_report_to_another_process_goes_only_to_a_file_that_is_appended_to() {
    for (open, status) in [(">", 2), ("<>", 2), (">>", 0)] {
        let place = Place::new();
        let script = format!(
            "exec 3{open} f; echo start >&3; \"$JM\" --report markdown=/proc/$$/fd/3 in.log >out.log
             status=$?; echo end >&3; exit $status"
        );
        let outcome = place.shell(&script).expect(status);
        let file = place.get("f");
        assert!(file.starts_with("start\n") && file.ends_with("end\n"), "{script}: {file}");
        assert_eq!(file.contains("871300"), status == 0, "{script}: {file}");
        assert_eq!(outcome.stderr.contains("open it with >>"), status == 2, "{outcome:?}");
    }
}

/// What is written into the end of a pipe that is read comes out of it again, to nobody.
#[cfg(target_os = "linux")] // elsewhere, such a name is the descriptor itself
#[test]
fn a_report_into_the_reading_end_of_a_pipe_is_refused() {
    for script in [
        "sleep 0.1 | \"$JM\" --report junit=/dev/stdin in.log",
        "sleep 0.1 | \"$JM\" --report junit=/dev/fd/3 in.log 3<&0 </dev/null",
        "sleep 0.1 | GITHUB_STEP_SUMMARY=/dev/stdin \"$JM\" --report github=g in.log",
    ] {
        let outcome = Place::new().shell(script).expect(2);
        assert!(outcome.stderr.ends_with(": Bad file descriptor\n"), "{script}: {outcome:?}");
        assert_eq!(outcome.text(), "", "{script}");
    }
}

/// A report that nobody read is lost, which a build must not pass over.
#[test]
fn a_report_whose_reader_has_gone_is_a_failure() {
    let place = Place::new();
    place.fifo("fifo");
    for script in [
        "exec 3>&1
         (sleep 0.3; \"$JM\" --report junit=/dev/fd/4 in.log 4>&1 >&3; echo $? >&3) | true",
        "sleep 5 < fifo & reader=$!; exec 4> fifo; kill $reader; wait $reader
         \"$JM\" --report junit=/dev/fd/4 in.log; echo $?",
    ] {
        let outcome = place.shell(script);
        assert!(outcome.text().ends_with("\n2\n"), "{script}: {outcome:?}");
        assert!(outcome.stderr.ends_with("/dev/fd/4: Broken pipe\n"), "{script}: {outcome:?}");
    }
}

/// Whoever may write in a folder need not be allowed to read it.
#[test]
fn two_reports_on_one_path_are_refused_where_the_folder_cannot_be_read() {
    if !may_give_away() {
        return skip("files cannot be given away");
    }
    let place = Place::new();
    fs::create_dir(place.path("drop")).expect("a folder");
    std::os::unix::fs::chown(place.path("drop"), Some(NOBODY), Some(NOBODY)).expect("an owner");
    place.mode("drop", 0o300);
    for script in [
        "\"$JM\" --report junit=drop/r --report markdown=drop/r in.log",
        "GITHUB_STEP_SUMMARY=drop/r \"$JM\" --report github=drop/r in.log",
    ] {
        let Some(mut command) = place.command_of_nobody(script) else {
            return skip("nobody cannot run the program");
        };
        let outcome = crate::util::finish(&mut command, b"").expect(2);
        assert!(outcome.stderr.ends_with("; choose another name\n"), "{script}: {outcome:?}");
        assert!(!place.path("drop/r").exists(), "{script}");
    }
}

/// Files in a folder with `chattr +a` can be neither renamed nor removed.
#[cfg(target_os = "linux")] // chattr
#[test]
fn a_folder_that_only_takes_more_files_is_left_without_temporary_ones() {
    let place = Place::new();
    fs::create_dir(place.path("more")).expect("a folder");
    place.put("more/old.xml", "old");
    if place.shell("chattr +a more").status != Some(0) {
        return skip("the file system has no attributes, or they cannot be set");
    }
    let old = place.shell("\"$JM\" --report junit=more/old.xml in.log");
    let new = place.shell("\"$JM\" --report junit=more/new.xml in.log");
    let summary = "GITHUB_STEP_SUMMARY=more/s.md \"$JM\" --report github=g.txt in.log";
    let summary = place.shell(summary);
    let names = place.shell("ls -A more; chattr -a more");
    assert_eq!((old.status, new.status, summary.status), (Some(0), Some(2), Some(0)));
    assert_eq!(names.text(), "old.xml\ns.md\n");
    assert!(place.get("more/old.xml").contains("871300"), "it is written in place");
    assert_eq!(new.text(), "", "it is refused before anything is read");
    assert_eq!(new.stderr, "jm-annotate: more/new.xml: Operation not permitted\n");
}

/// Only the system's own folder of descriptors is one, wherever it is.
#[cfg(target_os = "linux")] // elsewhere, it has one name
#[test]
fn a_folder_with_the_name_of_the_one_for_descriptors_is_like_any_other() {
    let place = Place::new();
    fs::create_dir(place.path("fd")).expect("a folder");
    place.put("fd/3", "old");
    place.shell("\"$JM\" --report junit=fd/3 in.log").expect(0);
    assert!(place.get("fd/3").starts_with("<?xml"), "it is replaced");
    let elsewhere = "mount -t proc proc p && exec 3> f && echo start >&3 &&
        \"$JM\" --report markdown=p/self/fd/3 in.log; status=$?; echo end >&3; exit $status";
    let unshared = format!("unshare -m sh -c '{elsewhere}'");
    if place.shell("unshare -m sh -c 'mkdir p && mount -t proc proc p'").status != Some(0) {
        return skip("nothing can be mounted");
    }
    place.shell(&unshared).expect(2);
    assert_eq!(
        place.get("f"),
        "start\nend\n",
        "by another mount, it is not known as one of this process"
    );
}

/// The job's page shows the table once.
#[test]
fn two_reports_for_github_append_one_step_summary() {
    let place = Place::new();
    let reports = "--report github=one.txt --report github=two.txt";
    place.shell(&format!("GITHUB_STEP_SUMMARY=s.md \"$JM\" {reports} in.log")).expect(0);
    assert_eq!(place.get("s.md").matches("871300").count(), 1, "{}", place.get("s.md"));
    assert_eq!(place.get("one.txt"), place.get("two.txt"));
}

/// That two names mean one file may be seen only when the first report is written: where upper and
/// lower case are the same, or if somebody links one to the other.
#[test]
fn a_report_does_not_replace_one_that_was_just_written() {
    for (summary, options, verb) in [
        ("", "--report junit=one --report html=two", "the report would replace"),
        ("two", "--report github=g --report junit=one", "the step summary would be appended to"),
    ] {
        let place = Place::new();
        let until_it_writes = "for i in $(seq 900); do [ -s out ] && break; sleep 0.02; done";
        let feed = format!("(cat in.log; {until_it_writes}; ln -s one two)");
        let script = format!(
            "{feed} | GITHUB_STEP_SUMMARY={summary} \"$JM\" {options} > out; s=$?; cat out; exit $s"
        );
        let outcome = place.shell(&script).expect(2);
        let want = format!("jm-annotate: two: {verb} the report one; choose another name\n");
        assert_eq!(outcome.stderr, want);
        assert_eq!(outcome.text(), format!("{EXPLAINED}\n"));
        assert!(place.get("one").ends_with("</testsuites>\n"), "{}", place.get("one"));
    }
}

/// The log fits, and the end of the fence does not.
#[test]
fn a_fence_that_cannot_be_closed_is_a_failure() {
    let place = Place::new();
    place.shell("trap '' XFSZ; ulimit -f 2; head -c 9999 /dev/zero > probe");
    let room = fs::metadata(place.path("probe")).expect("a file").len() as usize;
    let fence = "::stop-commands::".len() + 64 + 1;
    place.put("in.log", &format!("{}\n", "x".repeat(room - fence - 20)));
    let script = "trap '' XFSZ; ulimit -f 2; \"$JM\" --report github=- in.log > out";
    let outcome = place.shell(script).expect(2);
    assert_eq!(outcome.stderr, "jm-annotate: standard output: File too large\n");
    assert_eq!(place.get("out").len(), room);
}

/// A log has no hole: the writer fails once, and the rest is only read.
#[test]
fn nothing_is_written_after_a_write_that_failed() {
    use jm_annotate::annotate::Annotator;
    use jm_annotate::context::Strictness;
    use jm_annotate::stream::{OnWriteError, Output, Plain, Stream};
    struct Once<'o>(&'o mut Vec<u8>, usize);
    impl Write for Once<'_> {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.1 = self.1.wrapping_sub(1);
            if self.1 == 0 {
                return Err(std::io::ErrorKind::StorageFull.into());
            }
            self.0.write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let log: String = (0..300).map(|number| format!("{number} {CODE}\nno code\n")).collect();
    let want = annotated(log.as_bytes(), PLAIN);
    for at in 1..9 {
        let (catalog, mut output) = (crate::util::catalog(), Vec::new());
        let annotator = Annotator::new(&catalog, Strictness::Weighed);
        let mut stream = Stream::new(annotator, Output::Log(PLAIN.renderer()), Vec::new())
            .on_write_error(OnWriteError::ReadOn);
        let reader = crate::util::Steps { bytes: log.as_bytes(), step: 500 };
        let mut transport = Plain::new(reader, Once(&mut output, at));
        let totals = stream.pass(None, &mut transport).expect("it is read on");
        assert_eq!(totals.bytes, log.len() as u64);
        assert_eq!(
            stream.write_error().expect("it is kept").kind(),
            std::io::ErrorKind::StorageFull
        );
        assert!(want.starts_with(&output) && output.len() < want.len(), "{at}");
    }
}

/// Whoever has closed the pipe wants nothing more, as on standard output.
#[test]
fn a_reader_of_the_messages_may_go() {
    let place = Place::new();
    for (options, status) in [("--summary", "0"), ("--fail-on any", "1"), ("nowhere", "2")] {
        let run = format!("sleep 0.2; \"$JM\" {options} in.log 2>&1 > out; echo $? > status");
        place.shell(&format!("({run}) | true")).expect(0);
        assert_eq!(
            (place.get("out"), place.get("status")),
            (format!("{EXPLAINED}\n"), format!("{status}\n"))
        );
    }
}

/// The files after the first one of a zip are not tried, each with the same message.
#[cfg(target_os = "linux")] // /dev/full
#[test]
fn a_full_disk_ends_a_zip() {
    use crate::pack::{member, zip};
    let place = Place::new();
    let files = ["a", "b", "c"].map(|name| member(name, CODE.as_bytes()));
    fs::write(place.path("in.zip"), zip(&files)).expect("a file");
    for options in ["", "--format=json", "--only"] {
        let outcome = place.shell(&format!("\"$JM\" {options} in.zip > /dev/full")).expect(2);
        let full = "jm-annotate: standard output: No space left on device\n";
        assert_eq!(outcome.stderr, full, "{options}");
    }
}
