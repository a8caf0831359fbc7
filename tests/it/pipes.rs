//! The program between pipes, and on files that change or cannot be opened.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::process::Stdio;
use std::thread;
#[cfg(unix)]
use std::time::Duration;

#[cfg(unix)]
use rustix::fs::{OFlags, fcntl_setfl};

use crate::util::{CODE, EXPLAINED, PLAIN, annotated, ended, finish, program, run, start};

/// More than enough to fill every pipe.
fn much() -> Vec<u8> {
    format!("some words and {CODE}\nmore of them, without\n").repeat(40_000).into_bytes()
}

#[cfg(unix)] // non-blocking descriptors
#[test]
fn non_blocking_pipes_are_waited_for() {
    let log = much();
    let want = annotated(&log[..], PLAIN);
    let (stdin, mut feed) = std::io::pipe().expect("a pipe");
    let (mut drain, stdout) = std::io::pipe().expect("a pipe");
    fcntl_setfl(&stdin, OFlags::NONBLOCK).expect("a flag");
    fcntl_setfl(&stdout, OFlags::NONBLOCK).expect("a flag");
    let mut child =
        program().stdin(stdin).stdout(stdout).stderr(Stdio::piped()).spawn().expect("it starts");
    let feeder = thread::spawn(move || {
        for part in log.chunks(100_000) {
            feed.write_all(part).expect("it reads");
            thread::sleep(Duration::from_millis(5));
        }
    });
    let mut got = Vec::new();
    thread::sleep(Duration::from_millis(50));
    drain.read_to_end(&mut got).expect("it ends");
    assert!(got == want, "{} bytes of {}", got.len(), want.len());
    assert_eq!(ended(&mut child), 0);
    feeder.join().expect("all was fed");
}

#[test]
fn a_pipe_that_is_closed_at_any_byte_ends_it_quietly() {
    let log = much();
    for bytes in [0, 1, 30, 5000, 70_000, 300_000] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("log");
        fs::write(&file, &log).expect("a file");
        for stdin in [true, false] {
            let mut command = program();
            if !stdin {
                command.arg(&file);
            }
            let mut child = start(&mut command);
            let (mut input, mut output) =
                (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
            let log = log.clone();
            let feeder = thread::spawn(move || drop(stdin.then(|| input.write_all(&log))));
            output.read_exact(&mut vec![0; bytes]).expect("it writes");
            drop(output);
            let mut stderr = String::new();
            child.stderr.take().expect("piped").read_to_string(&mut stderr).expect("UTF-8");
            assert_eq!(
                (ended(&mut child), stderr.as_str()),
                (0, ""),
                "{bytes} bytes, standard input: {stdin}"
            );
            feeder.join().expect("the feeder ends with its pipe");
        }
    }
}

#[cfg(target_os = "linux")] // /dev/full
#[test]
fn a_full_disk_is_reported() {
    for arguments in
        [&[][..], &["--format=json"], &["--only"], &["--report=junit=-"], &["--report=github=-"]]
    {
        let full = OpenOptions::new().write(true).open("/dev/full").expect("a device");
        let mut child = program()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(full)
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        // A report that is longer than what is collected before a write.
        let log: String = (871_300..871_328).map(|code| format!("code={code}\n")).collect();
        let _ = child.stdin.take().expect("piped").write_all(log.as_bytes());
        let output = child.wait_with_output().expect("it ends");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            stderr.starts_with("jm-annotate: standard output: No space left on device\n"),
            "{arguments:?}: {stderr}"
        );
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

/// Whoever closes the pipe early has seen enough, whatever is written to it.
#[test]
fn a_report_into_a_closed_pipe_is_no_failure() {
    let log: String = (871_300..871_328).map(|code| format!("code={code}\n")).collect();
    for kind in ["junit", "markdown", "html", "github", "azure"] {
        let mut child = start(program().arg(format!("--report={kind}=-")));
        drop(child.stdout.take());
        let _ = child.stdin.take().expect("piped").write_all(log.as_bytes());
        let output = child.wait_with_output().expect("it ends");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*stderr), (Some(0), ""), "{kind}");
    }
}

#[test]
fn inputs_that_cannot_be_read_are_reported_and_the_others_are_passed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (good, missing) = (folder.path().join("good"), folder.path().join("missing"));
    fs::write(&good, CODE).expect("a file");
    let paths = [good.as_os_str(), missing.as_os_str(), folder.path().as_os_str(), OsStr::new("-")];
    let outcome = run(&paths, b"\nend").expect(2);
    assert_eq!(outcome.text(), format!("{EXPLAINED}\nend"));
    let (missing, folder) = (missing.display(), folder.path().display());
    // On Windows, the system says it in its own words.
    let first = match cfg!(unix) {
        true => format!("jm-annotate: {missing}: No such file or directory\n"),
        false => format!("jm-annotate: {missing}: "),
    };
    let second = format!("\njm-annotate: {folder}: Is a directory\n");
    let stderr = outcome.stderr;
    assert!(stderr.starts_with(&first) && stderr.ends_with(&second), "{stderr}");
    assert_eq!(stderr.lines().count(), 2, "{stderr}");
}

#[test]
fn an_input_that_is_the_output_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    fs::write(&log, format!("{CODE}\n")).expect("a file");
    let append = || OpenOptions::new().append(true).open(&log).expect("a file");
    let child = program()
        .arg(&log)
        .stdin(Stdio::null())
        .stdout(append())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!("jm-annotate: {}: input file is output file\n", log.display())
    );
    assert_eq!(fs::read(&log).expect("it is there"), format!("{CODE}\n").as_bytes());
    let mut command = program();
    let child = command
        .stdin(File::open(&log).expect("a file"))
        .stdout(append())
        .stderr(Stdio::piped())
        .spawn();
    assert_eq!(ended(&mut child.expect("it starts")), 2);
    assert_eq!(fs::read(&log).expect("it is there").len(), CODE.len() + 1);
}

/// A file that shrinks or grows while it is read: what is in it at the time comes out, and nothing
/// hangs.
#[test]
fn a_file_that_changes_while_it_is_read_is_passed_as_far_as_it_goes() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    for grows in [true, false] {
        let line = format!("{:a<4000}{CODE}\n", "");
        fs::write(&log, line.repeat(1000)).expect("a file");
        let mut child = start(program().arg(&log));
        let mut output = child.stdout.take().expect("piped");
        let mut head = vec![0; 5000];
        output.read_exact(&mut head).expect("it writes");
        let file = OpenOptions::new().append(true).open(&log).expect("a file");
        if grows {
            (&file).write_all(b"more\n").expect("it grows");
        } else {
            file.set_len(2_000_000).expect("it shrinks");
        }
        let mut rest = Vec::new();
        output.read_to_end(&mut rest).expect("it ends");
        let whole = annotated(line.repeat(1000).as_bytes(), PLAIN);
        let got = [head, rest].concat();
        match got.strip_suffix(b"more\n") {
            Some(got) => assert!(grows && got == whole),
            None => assert!(!grows && whole.starts_with(&got) && got.len() >= 1_000_000),
        }
        assert_eq!(ended(&mut child), 0);
    }
}

#[cfg(target_os = "linux")] // /proc
#[test]
fn a_line_without_end_takes_little_memory() {
    for byte in [b'x', b'8'] {
        let mut child = start(&mut program());
        let (mut input, mut output) =
            (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
        let drain = thread::spawn(move || {
            std::io::copy(&mut output, &mut std::io::sink()).expect("it ends")
        });
        (0..64).for_each(|_| input.write_all(&vec![byte; 1 << 20]).expect("it reads"));
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it runs");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
        drop(input);
        assert_eq!((ended(&mut child), drain.join().expect("drained")), (0, 64 << 20));
        // A release build takes 5 MiB; a debug build is larger itself.
        assert!(kilobytes < 12 * 1024 || crate::util::is_emulated(), "{kilobytes} kB");
    }
}

#[test]
fn an_empty_input_gives_an_empty_output() {
    let outcome = finish(&mut program(), b"").expect(0);
    assert_eq!((outcome.text(), outcome.stderr.as_str()), ("", ""));
}

/// The output would overwrite what is still to be read, and each explanation would move the end
/// further away.
#[test]
fn an_output_over_the_input_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("over.log");
    std::fs::write(&path, "code = 871300\n").expect("a file");
    let output = std::fs::OpenOptions::new().write(true).open(&path).expect("it is there");
    let done = program()
        .arg(&path)
        .stdout(output)
        .stderr(std::process::Stdio::piped())
        .output()
        .expect("it starts");
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stderr).contains("input file is output file"));
    assert_eq!(std::fs::read(&path).expect("it is there"), b"code = 871300\n");
}

/// Nothing is written into a catalog, whatever the command writes.
#[test]
fn a_catalog_is_not_the_output() {
    let row = "50001\tteam\tsure\terror\tname\t\ta\tb\n";
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("own.tsv");
    fs::write(&own, row).expect("a file");
    fs::hard_link(&own, folder.path().join("other.tsv")).expect("a link");
    fs::write(folder.path().join("in.log"), CODE).expect("a file");
    let check = |arguments: &[&str], variable: Option<&str>, is_appended: bool| {
        let mut output = OpenOptions::new();
        let output = output.append(is_appended).write(true).open(&own).expect("it is there");
        let done = program()
            .current_dir(&folder)
            .args(arguments)
            .envs(variable.map(|path| ("JM_ANNOTATE_CATALOG", path)))
            .stdout(output)
            .stderr(Stdio::piped())
            .output()
            .expect("it starts");
        let stderr = String::from_utf8_lossy(&done.stderr);
        assert!(stderr.ends_with(".tsv: catalog file is output file\n"), "{arguments:?}: {stderr}");
        assert_eq!(done.status.code(), Some(2), "{arguments:?}");
        assert_eq!(fs::read_to_string(&own).expect("it is there"), row, "{arguments:?}");
    };
    let commands: [&[&str]; 5] = [
        &["in.log"],
        &["--only", "in.log"],
        &["--report=junit=-", "in.log"],
        &["list"],
        &["explain", "50001"],
    ];
    for command in commands {
        for catalog in ["--catalog=own.tsv", "--catalog=other.tsv"] {
            for is_appended in [true, false] {
                check(&[command, &[catalog]].concat(), None, is_appended);
            }
        }
    }
    check(&["in.log"], Some("own.tsv"), true);
}

/// As with `cat`, which refuses only what it would never finish.
#[cfg(unix)] // a shell
#[test]
fn an_empty_input_may_be_the_output() {
    use crate::place::Place;

    let place = Place::new();
    place.put("empty", "");
    assert_eq!(place.shell("\"$JM\" empty >> empty").expect(0).stderr, "");
}
