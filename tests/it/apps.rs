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
