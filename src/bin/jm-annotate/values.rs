//! Values of options that are more than a word: their syntax, and what they become.
//!
//! Knows nothing about files or catalogs.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::builder::{OsStringValueParser, PathBufValueParser, TypedValueParser};
use clap::parser::ValueSource;
use clap::{Arg, Command};
use jm_annotate::catalog::FAMILIES;
use jm_annotate::report::{Kind, KindError};

/// The value of `--codes`: the names of families, and `all`.
#[derive(Debug, Clone)]
pub(crate) struct FamilyNames(pub(crate) Vec<String>);

impl FromStr for FamilyNames {
    type Err = String;

    fn from_str(list: &str) -> Result<Self, String> {
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        let names: Vec<String> = names.map(str::to_owned).collect();
        if names.is_empty() {
            let built_in: Vec<&str> = FAMILIES.iter().map(|family| family.name).collect();
            let built_in = built_in.join(", ");
            return Err(format!("the list is empty; expected one or more of: {built_in}, all"));
        }
        Ok(FamilyNames(names))
    }
}

/// The value of `--catalog`, or of its variable.
#[derive(Debug, Clone)]
pub(crate) struct Paths(pub(crate) Vec<PathBuf>);

/// Reads a flag as one path, and a variable as a list in the form of `PATH`.
#[derive(Clone)]
pub(crate) struct PathsParser;

impl TypedValueParser for PathsParser {
    type Value = Paths;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Paths, clap::Error> {
        let path = PathBufValueParser::new().parse_ref(command, arg, value)?;
        Ok(Paths(vec![path]))
    }

    fn parse_ref_(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
        source: ValueSource,
    ) -> Result<Paths, clap::Error> {
        if source != ValueSource::EnvVariable {
            return self.parse_ref(command, arg, value);
        }
        let paths = std::env::split_paths(value);
        Ok(Paths(paths.filter(|path| !path.as_os_str().is_empty()).collect()))
    }
}

/// The value of `--report`: a kind, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) kind: Kind,
    pub(crate) target: Target,
}

/// Where a report goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Stdout,
    Path(PathBuf),
}

/// What standard output is called, whatever it is. Opened by one of these names, a file would be
/// truncated.
const STDOUT_NAMES: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

impl Report {
    pub(crate) fn parser() -> impl TypedValueParser<Value = Report> {
        OsStringValueParser::new().try_map(|value| Report::parse(&value))
    }

    fn parse(value: &OsStr) -> Result<Self, String> {
        let (kind, path) = split(value)
            .ok_or_else(|| "expected KIND=PATH, such as junit=report.xml".to_owned())?;
        let kind = kind.parse().map_err(|error: KindError| error.to_string())?;
        let is_stdout = STDOUT_NAMES.iter().any(|name| path == OsStr::new(name));
        let target = if is_stdout { Target::Stdout } else { Target::Path(PathBuf::from(path)) };
        Ok(Report { kind, target })
    }

    /// The path, if the report has one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.target {
            Target::Path(path) => Some(path),
            Target::Stdout => None,
        }
    }
}

/// What is before and after the first `=`, both at least one byte long.
#[cfg(unix)]
pub(crate) fn split(value: &OsStr) -> Option<(String, OsString)> {
    use std::os::unix::ffi::OsStrExt;
    let bytes = value.as_bytes();
    let at = memchr::memchr(b'=', bytes)?;
    let (kind, path) = (&bytes[..at], OsStr::from_bytes(&bytes[at + 1..]));
    let is_whole = !kind.is_empty() && !path.is_empty();
    is_whole.then(|| (String::from_utf8_lossy(kind).into_owned(), path.to_owned()))
}

#[cfg(windows)]
pub(crate) fn split(value: &OsStr) -> Option<(String, OsString)> {
    use std::os::windows::ffi::{OsStrExt, OsStringExt};
    let units: Vec<u16> = value.encode_wide().collect();
    let at = units.iter().position(|unit| *unit == u16::from(b'='))?;
    let (kind, path) = (&units[..at], &units[at + 1..]);
    let is_whole = !kind.is_empty() && !path.is_empty();
    is_whole.then(|| (String::from_utf16_lossy(kind), OsString::from_wide(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_split_at_its_first_sign() {
        for (value, want) in [
            ("junit=a.xml", Some(("junit", "a.xml"))),
            ("junit=a=b.xml", Some(("junit", "a=b.xml"))),
            ("junit", None),
            ("=a.xml", None),
            ("junit=", None),
        ] {
            let want = want.map(|(kind, path)| (kind.to_owned(), OsString::from(path)));
            assert_eq!(split(OsStr::new(value)), want, "{value}");
        }
    }

    #[cfg(windows)] // Only there, half a surrogate pair may be in a file's name.
    #[test]
    fn a_path_that_is_not_unicode_is_kept() {
        use std::os::windows::ffi::OsStringExt;
        let wide = |units: &[u16]| OsString::from_wide(units);
        let (path, value) = (wide(&[0xd800, 0x61]), wide(&[0x78, 0x3d, 0xd800, 0x61]));
        assert_eq!(split(&value), Some(("x".to_owned(), path)));
    }
}
