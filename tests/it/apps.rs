//! Each kind of log that an app with the SDK leaves: what is a code, and what only has its digits.
//! `tests/apps/README.md` explains the marks.

use std::fs;
use std::path::Path;

use jm_annotate::annotate::Annotator;
use jm_annotate::context::Strictness;

use crate::judged::{CATALOG, annotations, annotator};

/// A log without its marks, and where its marked numbers begin.
struct Session {
    name: String,
    log: String,
    codes: Vec<usize>,
    others: Vec<usize>,
}

fn sessions() -> Vec<Session> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/apps");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension != "md"));
    paths.sort();
    paths.iter().map(|path| Session::read(path)).collect()
}

impl Session {
    fn read(path: &Path) -> Self {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let (mut log, mut codes, mut others) = (String::new(), Vec::new(), Vec::new());
        for c in fs::read_to_string(path).expect("a text").chars() {
            match c {
                '‹' => codes.push(log.len()),
                '«' => others.push(log.len()),
                '›' | '»' => {}
                _ => log.push(c),
            }
        }
        Session { name, log, codes, others }
    }

    /// The number and the line around a place.
    fn shown(&self, at: usize) -> String {
        let start = self.log[..at].rfind('\n').map_or(0, |before| before + 1);
        let end = self.log[at..].find('\n').map_or(self.log.len(), |length| at + length);
        format!("{}: {} in: {}", self.name, &self.log[at..at + 6], &self.log[start..end])
    }
}

/// Where the annotations of a log are.
fn places(annotator: &mut Annotator<'static>, log: &[u8]) -> Vec<usize> {
    annotations(annotator, log).iter().map(|found| found.number.range.start).collect()
}

#[test]
fn each_session_is_explained_as_its_marks_say() {
    let (mut wrong, mut marked) = (String::new(), 0);
    for session in sessions() {
        let found = places(&mut annotator(), session.log.as_bytes());
        for at in session.codes.iter().filter(|at| !found.contains(at)) {
            wrong += &format!("missed: {}\n", session.shown(*at));
        }
        for at in session.others.iter().filter(|at| found.contains(at)) {
            wrong += &format!("explained: {}\n", session.shown(*at));
        }
        marked += session.codes.len() + session.others.len();
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(marked >= 90, "{marked}");
}

/// What earlier lines teach makes nothing careless, and neither does their absence.
#[test]
fn what_is_refused_in_its_log_is_refused_alone_and_under_strict() {
    let mut wrong = String::new();
    for session in sessions() {
        let mut strict = Annotator::new(&CATALOG, Strictness::Strict);
        let found = places(&mut strict, session.log.as_bytes());
        for at in &session.others {
            let start = session.log[..*at].rfind('\n').map_or(0, |before| before + 1);
            let end = session.log[*at..].find('\n').map_or(session.log.len(), |end| at + end);
            let alone = places(&mut annotator(), &session.log.as_bytes()[start..end]);
            if found.contains(at) || alone.contains(&(at - start)) {
                wrong += &format!("{}\n", session.shown(*at));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The next file may be from another device, where other programs have these process numbers.
#[test]
fn what_an_input_has_taught_is_forgotten_at_its_end() {
    for (first, second) in [
        ("D/Login( 1702): code = 871300", "D/Konto( 1702): sendText -> 871301 (main)"),
        ("D/Konto: code = 871300", "D/Konto: sendText -> 871301 (main)"),
        ("E/Konto: code = 871300", "E/Konto: voice note 12, 2nd try: 871402, so"),
        ("errno=899003", "addMembers gid=4120 of li4 → 899012 after 40 of 55"),
        ("D/Konto: errorCode = 871300", "D/Konto: relogin because of 871300"),
        ("errno=899001", "ignore 899001 for li4"),
    ] {
        let [first, second] = [first, second].map(|line| format!("{line}\n"));
        let mut annotator = annotator();
        assert_eq!(places(&mut annotator, first.as_bytes()).len(), 1, "{first}");
        annotator.end_input();
        assert!(places(&mut annotator, second.as_bytes()).is_empty(), "{second}");
        annotator.end_input();
        assert_eq!(places(&mut annotator, (first + &second).as_bytes()).len(), 2, "{second}");
    }
}
