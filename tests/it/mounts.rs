//! Reports on file systems of their own: full ones, read-only ones, and two that number their files
//! alike.

use std::fs;

use crate::place::Place;
use crate::util::skip;

/// Two file systems number their files alike.
#[test]
fn files_with_one_number_on_two_file_systems_are_two_files() {
    let place = Place::new();
    for folder in ["one", "two"] {
        fs::create_dir(place.path(folder)).expect("a folder");
    }
    let mounts =
        "mount -t tmpfs t one && mount -t tmpfs t two && cp in.log one && touch two/r.xml &&
        test $(stat -c %i one/in.log) = $(stat -c %i two/r.xml)";
    if place.shell(&format!("unshare -rm sh -c '{mounts}'")).status != Some(0) {
        return skip("no mounts here");
    }
    let jm = "\"$JM\" --report junit=two/r.xml one/in.log && cat two/r.xml";
    let outcome = place.shell(&format!("unshare -rm sh -c '{mounts} && {jm}'")).expect(0);
    assert!(outcome.text().ends_with("</testsuites>\n"), "{outcome:?}");
}

#[test]
fn a_report_on_a_full_disk_leaves_the_old_one() {
    let place = Place::new();
    fs::create_dir(place.path("d")).expect("a folder");
    let mount = "mount -t tmpfs -o size=16k t d && echo old > d/r.xml";
    if place.shell(&format!("unshare -rm sh -c '{mount}'")).status != Some(0) {
        return skip("no mounts here");
    }
    let jm = "head -c 20000 /dev/zero > d/fill 2>/dev/null; \"$JM\" --report junit=d/r.xml in.log >/dev/null; echo $?; cat d/r.xml; ls -A d";
    let outcome = place.shell(&format!("unshare -rm sh -c '{mount}; {jm}'"));
    assert_eq!(outcome.text(), "2\nold\nfill\nr.xml\n", "{outcome:?}");
    assert_eq!(outcome.stderr, "jm-annotate: d/r.xml: No space left on device\n");
}

/// Its folder takes no new file.
#[test]
fn a_writable_file_on_a_read_only_file_system_is_written_in_place() {
    let place = Place::new();
    fs::create_dir(place.path("ro")).expect("a folder");
    place.put("ro/r.xml", "");
    place.put("k.log", &"old".repeat(10_000));
    let mounts = "mount --bind ro ro && mount --bind k.log ro/r.xml && mount -o remount,bind,ro ro";
    if place.shell(&format!("unshare -rm sh -c '{mounts}'")).status != Some(0) {
        return skip("no mounts here");
    }
    let jm = "! touch ro/x 2>/dev/null && \"$JM\" --report junit=ro/r.xml in.log";
    let outcome = place.shell(&format!("unshare -rm sh -c '{mounts} && {jm}'")).expect(0);
    assert_eq!(outcome.stderr, "");
    assert!(
        place.get("k.log").starts_with("<?xml") && place.get("k.log").ends_with("</testsuites>\n")
    );
}
