//! A folder in which tests run the program, from a shell and also as a user without rights.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::util::{CODE, Outcome, executable, finish, without_environment};

/// A folder with a log in it, in which the program runs.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        let place = Place(tempfile::tempdir().expect("a folder"));
        place.put("in.log", &format!("{CODE}\n"));
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn put(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a file");
    }

    pub(crate) fn get(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a text")
    }

    pub(crate) fn link(&self, target: &str, name: &str) {
        symlink(target, self.path(name)).expect("a link");
    }

    pub(crate) fn fifo(&self, name: &str) {
        let status = Command::new("mkfifo").arg(self.path(name)).status();
        assert!(status.expect("it runs").success());
    }

    pub(crate) fn mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), Permissions::from_mode(mode)).expect("a mode");
    }

    /// A program in `bin/`, as a script.
    pub(crate) fn program(&self, name: &str, script: &str) {
        fs::create_dir_all(self.path("bin")).expect("a folder");
        let name = format!("bin/{name}");
        self.put(&name, &format!("#!/bin/sh\n{script}\n"));
        self.mode(&name, 0o755);
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("a folder");
        let name = |entry: std::io::Result<fs::DirEntry>| {
            entry.expect("an entry").file_name().to_string_lossy().into_owned()
        };
        let mut names: Vec<_> = entries.map(name).collect();
        names.sort();
        names
    }

    /// A command in the folder, for a shell; `JM` is the program.
    pub(crate) fn command(&self, script: &str) -> Command {
        let mut command = without_environment(Command::new("sh"));
        command.arg("-c").arg(script).env("JM", executable());
        command.current_dir(self.0.path());
        command
    }

    /// The same for a user that no permission is waived for, if that user can run the program.
    pub(crate) fn command_of_nobody(&self, script: &str) -> Option<Command> {
        let of_nobody = |script: &str| {
            let mut command = self.command(script);
            if is_root() {
                command.uid(NOBODY).gid(NOBODY);
            }
            command
        };
        if !self.path(".secret").exists() {
            self.put(".secret", "");
            self.mode(".secret", 0o000);
        }
        let can_run = "\"$JM\" --version && ! cat .secret 2> /dev/null";
        let outcome = finish(&mut of_nobody(can_run), b"");
        (outcome.status == Some(0)).then(|| of_nobody(script))
    }

    pub(crate) fn shell(&self, script: &str) -> Outcome {
        finish(&mut self.command(script), b"")
    }
}

/// A user that owns nothing, if the tests run as root, to whom every folder is open.
pub(crate) const NOBODY: u32 = 65_534;

/// Whether files can be given to `NOBODY`; in a container, it may be nobody that there is.
pub(crate) fn may_give_away() -> bool {
    let file = tempfile::NamedTempFile::new().expect("a file");
    is_root() && std::os::unix::fs::chown(file.path(), Some(NOBODY), Some(NOBODY)).is_ok()
}

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
