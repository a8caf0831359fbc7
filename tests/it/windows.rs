//! What only Windows has: its names, its devices, and its way to replace a file. Links, FIFOs, and
//! modes are in `targets`, for Unix.

use std::fs::{self, File, OpenOptions};
use std::os::windows::fs::OpenOptionsExt;
use std::process::Stdio;

use crate::pack::{member, zip};
use crate::util::{CODE, EXPLAINED, Outcome, finish, program, run};

/// Runs the program in a folder with a log, `in.log`.
fn in_folder(folder: &tempfile::TempDir, arguments: &[&str]) -> Outcome {
    fs::write(folder.path().join("in.log"), format!("{CODE}\r\n")).expect("a file");
    finish(program().current_dir(folder.path()).args(arguments), b"")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn a_report_replaces_an_older_one_as_a_whole() {
    let folder = folder();
    let path = folder.path().join("r.xml");
    fs::write(&path, "an older report, much longer than nothing").expect("a file");
    let outcome = in_folder(&folder, &["--report=junit=r.xml", "in.log"]).expect(0);
    assert_eq!(outcome.text(), format!("{EXPLAINED}\r\n"));
    assert!(fs::read_to_string(&path).expect("UTF-8").contains("<testcase name=\"871300"));
    let names = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(names, 2, "no other file is left");
}

#[test]
fn a_report_that_is_open_elsewhere_is_written_or_named() {
    let folder = folder();
    let path = folder.path().join("r.xml");
    fs::write(&path, "old").expect("a file");
    let held = File::open(&path).expect("a file");
    let outcome = in_folder(&folder, &["--report=junit=r.xml", "in.log"]);
    drop(held);
    let is_written = fs::read_to_string(&path).expect("UTF-8").contains("871300");
    assert!(is_written == (outcome.status == Some(0)), "{outcome:?}");
    assert!(is_written || outcome.stderr.starts_with("jm-annotate: r.xml: "), "{outcome:?}");
}

#[test]
fn a_report_that_nobody_else_may_write_is_refused_before_anything_is_read() {
    const FILE_SHARE_READ: u32 = 1;
    let folder = folder();
    let path = folder.path().join("r.xml");
    fs::write(&path, "old").expect("a file");
    let held = OpenOptions::new().read(true).share_mode(FILE_SHARE_READ).open(&path);
    let outcome = in_folder(&folder, &["--report=junit=r.xml", "in.log"]).expect(2);
    drop(held.expect("a file"));
    assert_eq!((outcome.text(), &*fs::read_to_string(&path).expect("UTF-8")), ("", "old"));
    assert!(outcome.stderr.starts_with("jm-annotate: r.xml: "), "{outcome:?}");
}

#[test]
fn a_read_only_report_is_refused_before_anything_is_read() {
    let folder = folder();
    let path = folder.path().join("r.xml");
    fs::write(&path, "old").expect("a file");
    let mut permissions = fs::metadata(&path).expect("a file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions.clone()).expect("permissions");
    let outcome = in_folder(&folder, &["--report=junit=r.xml", "in.log"]).expect(2);
    assert_eq!((outcome.text(), &*fs::read_to_string(&path).expect("UTF-8")), ("", "old"));
    #[expect(clippy::permissions_set_readonly_false, reason = "the folder is to be removed")]
    permissions.set_readonly(false);
    fs::set_permissions(&path, permissions).expect("permissions");
}

#[test]
fn a_file_has_one_identity_whatever_it_is_called() {
    let folder = folder();
    for (report, what) in [
        ("in.log", "an input"),
        ("IN.LOG", "an input"),
        (".\\in.log", "an input"),
        ("out.log", "standard output"),
        ("NEW.xml", "the report new.xml"),
        ("new.xml.", "the report new.xml"),
        ("New.xml . ", "the report new.xml"),
    ] {
        let out = File::create(folder.path().join("out.log")).expect("a file");
        fs::write(folder.path().join("in.log"), CODE).expect("a file");
        let mut command = program();
        command.current_dir(folder.path()).arg("--report=markdown=new.xml");
        command.arg(format!("--report=junit={report}")).arg("in.log");
        let output = command.stdout(out).stderr(Stdio::piped()).output().expect("it runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(&format!("the report would replace {what}")), "{stderr}");
        assert_eq!(fs::read_to_string(folder.path().join("in.log")).expect("UTF-8"), CODE);
    }
    let append = OpenOptions::new().append(true).open(folder.path().join("in.log"));
    let mut command = program();
    command.current_dir(folder.path()).arg("IN.log").stdout(append.expect("a file"));
    let output = command.stderr(Stdio::piped()).output().expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert_eq!(stderr, "jm-annotate: IN.log: input file is output file\n");
}

#[test]
fn the_null_device_takes_and_gives_nothing() {
    let folder = folder();
    for name in ["NUL", "nul", "NUL:", "\\\\.\\NUL"] {
        let report = format!("--report=junit={name}");
        let outcome = in_folder(&folder, &[&report, "in.log"]).expect(0);
        assert_eq!((outcome.text(), &*outcome.stderr), (&*format!("{EXPLAINED}\r\n"), ""));
    }
    let mut command = program();
    command.env("GITHUB_STEP_SUMMARY", "NUL").current_dir(folder.path());
    finish(command.args(["--report=github=g.txt", "in.log"]), b"").expect(0);
    let outcome = finish(program().stdin(File::open("NUL").expect("a device")), b"");
    assert_eq!((outcome.status, outcome.text()), (Some(0), ""));
    let mut command = program();
    let child = command.stdin(File::open("NUL").expect("a device")).output().expect("it runs");
    assert_eq!(child.status.code(), Some(0), "{}", String::from_utf8_lossy(&child.stderr));
}

#[test]
fn a_device_that_takes_no_report_or_gives_no_log_is_named() {
    let folder = folder();
    for name in ["CONOUT$", "com1", "Con", "LPT1", "com9", "\\\\.\\COM7"] {
        let outcome = in_folder(&folder, &[&format!("--report=junit={name}"), "in.log"]).expect(2);
        assert!(
            outcome.stderr.ends_with(&format!(
                "; {} is the name of a device\n",
                name.trim_start_matches("\\\\.\\")
            )),
            "{outcome:?}"
        );
        assert_eq!(outcome.text(), "", "it is refused before anything is read");
    }
    for name in ["com10", "con5"] {
        let outcome = in_folder(&folder, &[&format!("--report=junit={name}"), "in.log"]).expect(0);
        assert_eq!((outcome.text(), &*outcome.stderr), (&*format!("{EXPLAINED}\r\n"), ""));
        assert!(folder.path().join(name).is_file());
    }
}

#[test]
fn a_folder_is_named_as_one() {
    let folder = folder();
    let outcome = in_folder(&folder, &[".", "in.log"]).expect(2);
    assert_eq!(outcome.stderr, "jm-annotate: .: Is a directory\n");
    assert_eq!(outcome.text(), format!("{EXPLAINED}\r\n"));
}

/// The standard library makes an absolute path of more than 260 characters one that works.
#[test]
fn long_and_non_ascii_paths_are_read_and_written() {
    let folder = folder();
    let deep = ["日志", &"x".repeat(100), &"y".repeat(100), &"z".repeat(100)];
    let deep = deep.iter().fold(folder.path().to_owned(), |path, name| path.join(name));
    fs::create_dir_all(&deep).expect("folders");
    let (log, report) = (deep.join("登录.log"), deep.join("报告.xml"));
    fs::write(&log, CODE).expect("a file");
    let option = format!("--report=junit={}", report.display());
    let outcome = run(&[option.as_ref(), log.as_os_str()], b"").expect(0);
    assert_eq!(outcome.text(), EXPLAINED);
    assert!(fs::read_to_string(&report).expect("UTF-8").contains("登录.log:1"));
    let json = run(&["--format=json".as_ref(), log.as_os_str()], b"").expect(0);
    assert!(json.text().contains("登录.log\",\"line\":1"), "{}", json.text());
}

/// A zip whose directory does not describe all of its file is read from where it was read before.
#[test]
fn two_zips_in_a_file_are_read() {
    let folder = folder();
    let path = folder.path().join("two.zip");
    let one = zip(&[member("a.log", CODE.as_bytes())]);
    fs::write(&path, [&*one, &*one].concat()).expect("a file");
    let outcome = run(&["--format=json".as_ref(), path.as_os_str()], b"").expect(0);
    assert_eq!(outcome.text().lines().count(), 2);
}

/// Git Bash and PowerShell write logs like these.
#[test]
fn line_ends_of_windows_stay() {
    let log = "code=871300\r\n\r\nx\r\n";
    let outcome = run(&["--place=end"], log.as_bytes()).expect(0);
    let explained = "code=871300 [871300 Have not logged in. | api调用发起者尚未登录]";
    assert_eq!(outcome.text(), log.replace(CODE, explained));
}
