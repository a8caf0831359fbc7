//! Ctrl-C and Ctrl-Break. Every program of a console gets them, so the one that writes our input
//! ends, too, and a read need not be ended by us.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

static CAME: AtomicBool = AtomicBool::new(false);

/// How Windows ends a program that does not handle Ctrl-C: `STATUS_CONTROL_C_EXIT`.
const CONTROL_C_EXIT: i32 = 0xc000_013a_u32.cast_signed();

/// From now on, the first Ctrl-C lets the inputs end, and the second one ends the program.
pub(crate) fn install() -> io::Result<()> {
    let handler = || {
        if CAME.swap(true, Ordering::SeqCst) {
            std::process::exit(CONTROL_C_EXIT);
        }
    };
    ctrlc::set_handler(handler).map_err(io::Error::other)
}

/// Whether Ctrl-C was typed.
pub(crate) fn came() -> bool {
    CAME.load(Ordering::SeqCst)
}

/// Ends the program as Ctrl-C would have done. Does nothing if it was not typed.
pub(crate) fn end_as_if_by_signal() {
    if came() {
        std::process::exit(CONTROL_C_EXIT);
    }
}

/// Opens a file. The system refuses a folder as if it were a question of permission, and a device
/// in several ways.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    match File::open(path) {
        Err(_) if path.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Err(error) => Err(crate::device::named(path, error)),
        opened => opened,
    }
}

pub(crate) fn open_report(path: &Path, options: &OpenOptions) -> io::Result<File> {
    options.open(path)
}
