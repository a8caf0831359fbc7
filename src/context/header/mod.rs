//! What comes before a line's message: logcat's prefix in each of its formats, the prefixes of
//! other logs, and the time stamps that CI systems and servers add before them. It reads one line
//! and knows nothing about codes or other lines.
//!
//! When in doubt, a byte belongs to the message: a prefix counts only where its layout leaves
//! little room for another reading. The layouts of logcat are those of AOSP's liblog
//! (`logprint.cpp`, `android_log_formatLogLine`).
//!
//! To add a format, write a parser in its file, add a variant to [`Format`], classify it in
//! [`Format::is_logcat`], and call the parser from `prefix`.
//!
//! ```
//! use jm_annotate::context::header::{Format, Header, Level};
//!
//! let line = b"03-17 10:00:00.123   500   512 E JMessage: code = 871300";
//! let header = Header::parse(line);
//! assert_eq!((header.format, header.level), (Format::Threadtime, Some(Level::Error)));
//! assert_eq!(header.time, Some(&b"03-17 10:00:00.123"[..]));
//! assert_eq!((header.tag, header.pid), (Some(&b"JMessage"[..]), Some(500)));
//! assert_eq!(&line[header.message..header.message_end], b"code = 871300");
//! ```

mod chromium;
mod columns;
mod cursor;
mod kernel;
mod level;
mod logcat;
mod outer_prefix;
mod server;
mod shown;
mod stamp;
mod studio;
mod tag;
#[cfg(test)]
mod tests;

use crate::ansi;
use cursor::{BYTE_ORDER_MARK, Cursor};
use outer_prefix::OuterPrefix;

pub use level::Level;

/// The most outer prefixes that one line has: a byte order mark, a CI system's stamp, a color, a
/// container's name, and a server's own stamp, with some to spare. This bounds the search in a line
/// full of stamps.
const OUTER_PREFIXES_MAX: usize = 8;

/// The layout of a prefix.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// No known prefix; logcat's `raw` too.
    #[default]
    None,
    /// `I/Tag     ( 1702): message`
    Brief,
    /// `I( 1702) message  (Tag)`
    Process,
    /// `I/Tag     : message`
    Tag,
    /// `I( 1702: 2395) message`
    Thread,
    /// `03-18 00:13:38.871 I/Tag     ( 1702): message`
    Time,
    /// `03-18 00:13:38.871  1702  2395 I Tag     : message`, logcat's default.
    Threadtime,
    /// `[ 03-18 00:13:38.871  1702: 2395 I/Tag      ]`, with the message on the lines below.
    Long,
    /// Android Studio up to 2021: `06-07 14:34:38.638 598-739/com.app W/Tag: message`
    Studio,
    /// Android Studio's later panel:
    /// `2024-01-15 14:22:01.500  4242-5678  Tag  com.app  E  message`
    StudioPanel,
    /// `[ +123 ms] message` of `flutter -v`; `I/flutter ( 7080): ` is `Brief`.
    Flutter,
    /// `[0717/075046.871050:INFO:file.cc(234)] message`
    Chromium,
    /// `I0717 07:50:46.871050  1234 file.cc:234] message` of glog and klog.
    Glog,
    /// `2017-07-30 09:09:07.733883+0800 App[4175:2783036] message`
    NsLog,
    /// `<7>[ 1498.871705] message`
    Kernel,
    /// `Jul  1 09:19:13 host proc[258]: message`
    Syslog,
    /// A time stamp alone, before a message or an unknown prefix.
    Stamp,
}

impl Format {
    /// Whether its process is that of an app, and not of whatever else runs on a system.
    #[must_use]
    pub(crate) fn names_app(self) -> bool {
        self.is_logcat() || self == Format::NsLog
    }

    /// Whether the line was printed by logcat or copied from Android Studio's view of it.
    #[must_use]
    pub fn is_logcat(self) -> bool {
        match self {
            Format::Brief
            | Format::Process
            | Format::Tag
            | Format::Thread
            | Format::Time
            | Format::Threadtime
            | Format::Long
            | Format::Studio
            | Format::StudioPanel => true,
            Format::None
            | Format::Flutter
            | Format::Chromium
            | Format::Glog
            | Format::NsLog
            | Format::Kernel
            | Format::Syslog
            | Format::Stamp => false,
        }
    }
}

/// What comes before a line's message and, in the process format, after it.
///
/// `message <= message_end <= line.len()` holds for every line. All columns are before `message`,
/// except the tag of [`Format::Process`], which is after `message_end`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Header<'l> {
    /// The layout.
    pub format: Format,
    /// The time as it is in the line, with date, fraction, and zone: `03-18 00:13:38.871`,
    /// `1489767218.871301`; the innermost one if a line has several.
    pub time: Option<&'l [u8]>,
    /// The process.
    pub pid: Option<u32>,
    /// The thread; a hexadecimal one (`0x1f`) is converted.
    pub tid: Option<u32>,
    /// The level, of logcat's formats, Chromium, and glog.
    pub level: Option<Level>,
    /// The tag without its padding; it may contain spaces, `:`, `/`, `[]`. `Some(b"")` where logcat
    /// printed an empty one.
    pub tag: Option<&'l [u8]>,
    /// The byte of the line where the message begins; `message_end` if there is none, not even a
    /// color.
    pub message: usize,
    /// The byte of the line where the message ends: before ` (tag)` of the process format and
    /// before the line end `\r*\n`. Colors at the line's end are part of it unless the tag is last.
    pub message_end: usize,
}

/// The length of the time in a line of [`is_plain_threadtime`], in bytes.
const PLAIN_TIME_BYTES: usize = "03-18 00:13:38.871".len();

pub(in crate::context) use logcat::{
    PLAIN_THREADTIME_TAG, is_plain_threadtime, plain_threadtime_process,
};

impl Header<'_> {
    /// Parses the prefix of one line, with or without its line end. Logcat's default, threadtime,
    /// is tried first.
    #[must_use]
    pub fn parse(line: &[u8]) -> Header<'_> {
        let text = without_line_end(line);
        let shown = ansi::without_last_sequences(text);
        let mut header = match logcat::parse(0, Cursor::new(shown, 0)) {
            Some(header) => header,
            None => after_outer_prefixes(shown),
        };
        if header.message_end == shown.len() {
            header.message_end = text.len();
        }
        header
    }

    /// The layout and the time of the header that [`Header::parse`] finds. Most lines need no more
    /// than a look at their columns.
    #[must_use]
    pub fn parse_time(line: &[u8]) -> (Format, Option<&[u8]>) {
        if is_plain_threadtime(line) {
            return (Format::Threadtime, Some(&line[..PLAIN_TIME_BYTES]));
        }
        let header = Header::parse(line);
        (header.format, header.time)
    }

    /// The process, if it is that of an app.
    #[must_use]
    pub(crate) fn app(&self) -> Option<u32> {
        self.pid.filter(|_| self.format.names_app())
    }

    /// Where the tag is in the line that the header was parsed from.
    #[must_use]
    pub(crate) fn tag_range(&self, line: &[u8]) -> Option<std::ops::Range<usize>> {
        let tag = self.tag?;
        let start = tag.as_ptr().addr().checked_sub(line.as_ptr().addr())?;
        let range = start..start + tag.len();
        (line.get(range.clone())? == tag).then_some(range)
    }

    /// The header of a text that has none: everything except the line end is the message.
    #[must_use]
    pub fn none(line: &[u8]) -> Header<'_> {
        Header::new(Format::None, 0, without_line_end(line).len())
    }

    /// A header without columns.
    #[inline]
    fn new<'l>(format: Format, message: usize, message_end: usize) -> Header<'l> {
        Header { format, message: message.min(message_end), message_end, ..Header::default() }
    }
}

/// The innermost prefix of a line that may begin with outer prefixes.
fn after_outer_prefixes(text: &[u8]) -> Header<'_> {
    let mark = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let mut found = Header::new(Format::None, mark, text.len());
    let mut at = mark;
    for _ in 0..OUTER_PREFIXES_MAX {
        let mut cursor = Cursor::new(text, at);
        let color = cursor.escapes();
        let is_colored = cursor.at() > at;
        let header = if is_colored { logcat::parse(color, cursor) } else { prefix(cursor) };
        if let Some(header) = header {
            return Header { time: header.time.or(found.time), ..header };
        }
        if is_colored {
            at = cursor.at();
            continue;
        }
        match outer_prefix::parse(cursor) {
            Some(OuterPrefix::Stamp(header)) => {
                at = header.message;
                found = Header { time: header.time.or(found.time), ..header };
            }
            Some(OuterPrefix::Skip(end)) => at = end,
            None => break,
        }
    }
    found
}

/// The innermost prefix, if it begins at the cursor: only the message comes after it.
fn prefix(cursor: Cursor<'_>) -> Option<Header<'_>> {
    logcat::parse(cursor.at(), cursor)
        .or_else(|| studio::undated(cursor))
        .or_else(|| kernel::parse(cursor))
        .or_else(|| chromium::parse(cursor))
        .or_else(|| server::parse(cursor))
}

/// On old devices, `adb shell` ends lines with `\r\n`, or with `\r\r\n` through a second terminal.
fn without_line_end(line: &[u8]) -> &[u8] {
    let mut text = line.strip_suffix(b"\n").unwrap_or(line);
    while let Some(shorter) = text.strip_suffix(b"\r") {
        text = shorter;
    }
    text
}
