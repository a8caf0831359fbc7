//! Names of descriptors that the caller has not opened: never one of the program's own.

use crate::place::Place;
use crate::util::CODE;

const BAD: &str = ": Bad file descriptor\n";

/// `3>&1` was forgotten. The program opens files of its own, which get the lowest numbers.
#[test]
fn a_descriptor_that_is_not_open_is_an_error() {
    let place = Place::new();
    place.link("/dev/fd/5", "link");
    place.put("in.log", &format!("{CODE}\n::error::from the log\n"));
    for number in 3..10 {
        let fd = format!("/dev/fd/{number}");
        let names = if number == 5 { vec![fd, "link".to_owned()] } else { vec![fd] };
        for name in names {
            for output in ["| cat", "> out.log", "> /dev/null"] {
                for kind in ["github", "html", "junit"] {
                    let script = format!("\"$JM\" --report {kind}={name} in.log {number}>&-");
                    check(&place, &script, output, &name, "");
                }
                let script = format!("\"$JM\" --catalog {name} in.log {number}>&-");
                let outcome = place.shell(&ended_with(&script, output));
                assert!(outcome.text().ends_with("status 2\n"), "{script} {output}: {outcome:?}");
                assert_eq!(outcome.stderr, format!("jm-annotate: {name}{BAD}"), "{script}");
                let script = format!("\"$JM\" --fail-on any {name} {number}>&-");
                check(&place, &script, output, &name, "");
            }
        }
    }
}

#[test]
fn a_negative_number_is_no_descriptor() {
    let outcome = Place::new().shell("\"$JM\" /dev/fd/-1").expect(2);
    assert_eq!(outcome.stderr, "jm-annotate: /dev/fd/-1: No such file or directory\n");
}

/// An input that is read is not lost.
#[test]
fn other_inputs_are_read() {
    let place = Place::new();
    let script = "\"$JM\" --color=never in.log /dev/fd/3 in.log 3>&-";
    check(&place, script, "| cat", "/dev/fd/3", place.shell("\"$JM\" in.log in.log").text());
}

#[test]
fn a_descriptor_that_is_open_is_read() {
    let place = Place::new();
    for number in 3..10 {
        let script = format!("\"$JM\" /dev/fd/{number} {number}< in.log");
        assert_eq!(place.shell(&script).expect(0), place.shell("\"$JM\" in.log"), "{number}");
    }
}

/// The command with its status after its output.
fn ended_with(script: &str, output: &str) -> String {
    match output {
        "| cat" => format!("({script}; echo \"status $?\") | cat"),
        _ => format!("{script} {output}; echo \"status $?\""),
    }
}

fn check(place: &Place, script: &str, output: &str, name: &str, before: &str) {
    let outcome = place.shell(&ended_with(script, output));
    assert_eq!(outcome.text(), format!("{before}status 2\n"), "{script} {output}: {outcome:?}");
    assert_eq!(outcome.stderr, format!("jm-annotate: {name}{BAD}"), "{script} {output}");
}
