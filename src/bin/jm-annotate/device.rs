//! The names of devices, which Windows reserves in every folder.
//!
//! Owns what such a name looks like. Source: Microsoft, "Naming Files, Paths, and Namespaces". Knows
//! nothing about what a device does.

use std::io::{self, ErrorKind};
use std::path::Path;

/// The devices without a number.
const PLAIN: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
/// The ports, which are followed by one digit.
const PORTS: [&str; 2] = ["COM", "LPT"];
/// The digits of ports; the last three are those of Latin-1.
const DIGITS: &str = "123456789¹²³";

/// Whether a path is that of the null device. `nul.txt` is an ordinary file as of Windows 11.
pub(crate) fn is_null(path: &Path) -> bool {
    name(path).is_some_and(|name| name.eq_ignore_ascii_case("nul"))
}

/// An error for a path that nothing is at, if it has the name of a device. With an extension, it is
/// that of an ordinary file as of Windows 11.
pub(crate) fn missing(path: &Path) -> Option<io::Error> {
    let is_missing = name(path).is_some_and(is_device);
    is_missing.then(|| named(path, io::Error::new(ErrorKind::NotFound, "No such device")))
}

/// An error with what it means if the path has the name of a device. Before Windows 11, an
/// extension makes no difference.
pub(crate) fn named(path: &Path, error: io::Error) -> io::Error {
    let Some(name) = name(path) else { return error };
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(' ');
    if !is_device(stem) {
        return error;
    }
    let reason = crate::reason(&error);
    let what = format!("{}; {stem} is the name of a device", reason.trim_end_matches('.'));
    io::Error::new(error.kind(), what)
}

fn is_device(name: &str) -> bool {
    let is_port = |port: &&str| {
        let digit = name.get(port.len()..).unwrap_or_default();
        name.get(..port.len()).is_some_and(|letters| letters.eq_ignore_ascii_case(port))
            && digit.chars().count() == 1
            && DIGITS.contains(digit)
    };
    PLAIN.iter().any(|plain| plain.eq_ignore_ascii_case(name)) || PORTS.iter().any(is_port)
}

/// The last part of a path, without what Windows ignores at its end; `\\.\NUL` is `NUL`.
fn name(path: &Path) -> Option<&str> {
    let last = path.to_str()?.rsplit(['\\', '/']).next()?;
    Some(last.trim_end_matches(['.', ' ']).trim_end_matches(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_and_nothing_else() {
        for path in [
            "con", "CON", "Nul.txt", "aux.tar.gz", "logs\\prn", "logs/COM1", "lpt9.log", "com¹",
            "CONIN$", "conout$", "\\\\.\\NUL", "nul:", "con ", "COM3:", "lpt1. .",
        ] {
            let error = named(Path::new(path), io::Error::other("File not found."));
            let said = error.to_string();
            assert!(said.starts_with("File not found; "), "{path}: {said}");
            assert!(said.ends_with(" is the name of a device"), "{path}: {said}");
            let has_extension = ["Nul.txt", "aux.tar.gz", "lpt9.log"].contains(&path);
            assert_eq!(missing(Path::new(path)).is_some(), !has_extension, "{path}");
        }
        for path in [
            "com", "lpt", "com0", "COM10", "con5", "nul12", "console.log", "null", "a.con",
            "com\u{e9}", "nul\\a.log", "comx", "日志",
        ] {
            let error = named(Path::new(path), io::Error::other("File not found."));
            assert_eq!(error.to_string(), "File not found.", "{path}");
            assert!(missing(Path::new(path)).is_none(), "{path}");
        }
    }

    #[test]
    fn the_null_device_has_several_names() {
        for path in ["nul", "NUL", "NUL:", "\\\\.\\nul", "logs\\NUL", "nul ", "NUL."] {
            assert!(is_null(Path::new(path)), "{path}");
        }
        for path in ["nul.txt", "null", "con", "nul\\x", ""] {
            assert!(!is_null(Path::new(path)), "{path}");
        }
    }
}
