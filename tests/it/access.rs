//! Who may read and write a report that replaces a file: nobody more than before.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};

use crate::place::{NOBODY, Place, may_give_away};
use crate::util::{finish, skip};

#[test]
fn a_replaced_file_keeps_its_permissions_whatever_the_umask() {
    for (mode, umask, want) in [
        (Some(0o666), "022", 0o666),
        (Some(0o640), "000", 0o640),
        (Some(0o600), "022", 0o600),
        (Some(0o775), "077", 0o775),
        (None, "022", 0o644),
        (None, "027", 0o640),
        (None, "000", 0o666),
    ] {
        let place = Place::new();
        if let Some(mode) = mode {
            place.put("r.xml", "old");
            place.mode("r.xml", mode);
        }
        place.shell(&format!("umask {umask}; \"$JM\" --report junit=r.xml in.log")).expect(0);
        assert_eq!(mode_of(&place), want, "{mode:?} {umask}");
    }
}

/// `NOBODY` may be whoever has no number in a container; a file of that is written in place.
#[test]
fn a_replaced_file_keeps_its_owner_and_its_group() {
    const OWNER: u32 = 1234;
    const GROUP: u32 = 4321;
    if !may_give_away() {
        return skip("only root may give a file away");
    }
    let place = Place::new();
    place.put("r.xml", "old");
    if chown(place.path("r.xml"), Some(OWNER), Some(GROUP)).is_err() {
        return skip("there is no such user in this container");
    }
    let old = fs::metadata(place.path("r.xml")).expect("it is there");
    place.shell("\"$JM\" --report junit=r.xml in.log").expect(0);
    let new = fs::metadata(place.path("r.xml")).expect("it is there");
    assert_ne!(new.ino(), old.ino(), "it is replaced");
    assert_eq!((new.uid(), new.gid()), (OWNER, GROUP));
}

/// Its owner would lose it, or its group's rights would be another group's.
#[test]
fn a_file_whose_owner_or_group_cannot_be_kept_is_written_in_place() {
    if !may_give_away() {
        return skip("only root may give a file away");
    }
    for (owner, group, is_replaced) in
        [(0, 0, false), (NOBODY, 0, false), (0, NOBODY, false), (NOBODY, NOBODY, true)]
    {
        let place = Place::new();
        place.mode("", 0o777);
        place.put("r.xml", "old");
        place.mode("r.xml", 0o662);
        chown(place.path("r.xml"), Some(owner), Some(group)).expect("a user");
        let old = fs::metadata(place.path("r.xml")).expect("it is there");
        let Some(mut command) = place.command_of_nobody("\"$JM\" --report junit=r.xml in.log")
        else {
            return skip("nobody cannot run the program");
        };
        assert_eq!(finish(&mut command, b"").expect(0).stderr, "");
        let new = fs::metadata(place.path("r.xml")).expect("it is there");
        assert_eq!((new.uid(), new.gid(), mode_of(&place)), (owner, group, 0o662));
        assert_eq!(new.ino() != old.ino(), is_replaced, "{owner} {group}");
        let report = place.get("r.xml");
        assert!(report.contains("871300") && !report.contains("old"), "{report}");
    }
}

fn mode_of(place: &Place) -> u32 {
    fs::metadata(place.path("r.xml")).expect("it is there").mode() & 0o7777
}

/// A container may have no number for an owner or a group.
#[cfg(target_os = "linux")] // unshare
#[test]
fn a_file_of_someone_outside_a_container_is_written_in_place() {
    const OUTSIDE: u32 = 1234;
    let place = Place::new();
    place.put("r.xml", "old");
    place.mode("r.xml", 0o666);
    let given = chown(place.path("r.xml"), Some(OUTSIDE), Some(OUTSIDE));
    let probe = place.shell("unshare -r true");
    if given.is_err() || probe.status != Some(0) {
        return skip("this needs root, and user namespaces");
    }
    let outcome = place.shell("unshare -r \"$JM\" --report junit=r.xml in.log").expect(0);
    assert_eq!(outcome.stderr, "");
    let found = fs::metadata(place.path("r.xml")).expect("it is there");
    assert_eq!((found.uid(), found.gid(), mode_of(&place)), (OUTSIDE, OUTSIDE, 0o666));
    assert!(place.get("r.xml").contains("871300"));
}

#[cfg(target_os = "linux")] // access control lists
mod lists {
    use rustix::buffer::spare_capacity;
    use rustix::fs::{XattrFlags, getxattr, setxattr};
    use rustix::io::Errno;

    use super::*;

    const OF_FILE: &str = "system.posix_acl_access";
    const FOR_NEW_FILES: &str = "system.posix_acl_default";

    /// An access control list as the system has it: the owner may read and write, `NOBODY` may do
    /// what is given, and the group and everybody nothing.
    fn list(of_nobody: u16) -> Vec<u8> {
        const NO_NUMBER: u32 = u32::MAX;
        let entries: [(u16, u16, u32); 5] = [
            (0x01, 6, NO_NUMBER),
            (0x02, of_nobody, NOBODY),
            (0x04, 0, NO_NUMBER),
            (0x10, of_nobody, NO_NUMBER),
            (0x20, 0, NO_NUMBER),
        ];
        let bytes = entries.map(|(kind, rights, number)| {
            [&kind.to_le_bytes()[..], &rights.to_le_bytes(), &number.to_le_bytes()].concat()
        });
        [&2_u32.to_le_bytes()[..], &bytes.concat()].concat()
    }

    fn list_of(place: &Place) -> Option<Vec<u8>> {
        let mut list = Vec::with_capacity(1024);
        match getxattr(place.path("r.xml"), OF_FILE, spare_capacity(&mut list)) {
            Ok(_) => Some(list),
            Err(error) => {
                assert_eq!(error, Errno::NODATA);
                None
            }
        }
    }

    /// A place with an old report, where a file has a list, or new files get one.
    fn place_with(name: &str, kind: &str) -> Option<Place> {
        let place = Place::new();
        place.put("r.xml", "old");
        place.mode("r.xml", 0o640);
        match setxattr(place.path(name), kind, &list(4), XattrFlags::empty()) {
            Err(Errno::OPNOTSUPP | Errno::INVAL) => {
                skip("there are no access control lists, or no nobody");
                None
            }
            set => {
                set.expect("a list");
                Some(place)
            }
        }
    }

    #[test]
    fn a_replaced_file_keeps_its_list() {
        let Some(place) = place_with("r.xml", OF_FILE) else { return };
        place.shell("\"$JM\" --report junit=r.xml in.log").expect(0);
        assert!(place.get("r.xml").contains("871300"));
        assert_eq!((list_of(&place), mode_of(&place)), (Some(list(4)), 0o640));
    }

    #[test]
    fn a_replaced_file_gets_no_list_of_new_files() {
        let Some(place) = place_with("", FOR_NEW_FILES) else { return };
        place.shell("\"$JM\" --report junit=r.xml in.log").expect(0);
        assert!(place.get("r.xml").contains("871300"));
        assert_eq!((list_of(&place), mode_of(&place)), (None, 0o640));
    }
}
