//! What stands in front of a line's message: logcat's prefix in each of its formats, the prefixes
//! of other logs, and the time stamps that builders and servers put before them. It reads one
//! line; it knows nothing of codes and nothing of the lines around.
//!
//! In doubt a byte belongs to the message: a prefix is taken only where its layout leaves little
//! room for another reading. The layouts of logcat are those of AOSP's liblog
//! (`logprint.cpp`, `android_log_formatLogLine`).

mod chromium;
mod columns;
mod cursor;
mod front;
mod kernel;
mod logcat;
mod server;
mod stamp;
mod studio;
mod tag;
#[cfg(test)]
mod tests;

use cursor::Cursor;
use front::Front;

/// Fronts before one prefix: a byte order mark, a builder's stamp, a color, a container's name,
/// and a server's own stamp, with some to spare. A line of stamps alone ends the search here.
const FRONTS_MAX: usize = 8;

/// The layout of a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// No prefix that is known; logcat's `raw` too.
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
    /// `[ 03-18 00:13:38.871  1702: 2395 I/Tag      ]`, the message on the lines below.
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
    /// A time stamp and nothing else that is known.
    Stamp,
}

/// What stands in front of (and, in the process format, behind) a line's message.
///
/// `message <= message_end <= line.len()` holds for every line. All columns lie before `message`,
/// but for the tag of [`Format::Process`], which lies behind `message_end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header<'l> {
    /// The layout that was found.
    pub format: Format,
    /// As it stands in the line, with date, fraction and zone: `03-18 00:13:38.871`,
    /// `1489767218.871301`; the innermost, when a builder's stamp stands before another.
    pub time: Option<&'l [u8]>,
    /// The process.
    pub pid: Option<u32>,
    /// The thread; a hexadecimal one (`0x1f`) converted.
    pub tid: Option<u32>,
    /// One of `VDIWEFSA`, of logcat's formats, Chromium and glog.
    pub level: Option<u8>,
    /// Without padding blanks; may hold blanks, `:`, `/`, `[]`. `Some(b"")` when logcat printed
    /// an empty one.
    pub tag: Option<&'l [u8]>,
    /// Byte of the line where the message begins; `message_end` when there is none.
    pub message: usize,
    /// Byte of the line where the message ends: before `  (tag)` of the process format and before
    /// the line's end `\r*\n`. A color reset at the end is left inside.
    pub message_end: usize,
}

impl Header<'_> {
    /// Parses the prefix of one line, which may or may not have its line end. Logcat's default,
    /// threadtime, is tried first.
    #[must_use]
    pub fn parse(line: &[u8]) -> Header<'_> {
        let text = without_line_end(line);
        match logcat::parse(text, 0) {
            Some(header) => header,
            None => behind_fronts(text),
        }
    }

    /// The header of a text that has none: all of it, but for its line end, is message.
    #[must_use]
    pub fn none(line: &[u8]) -> Header<'_> {
        Header::new(Format::None, 0, without_line_end(line).len())
    }

    /// Whether the line was printed by logcat or copied from Android Studio's view of it.
    #[must_use]
    pub fn is_logcat(&self) -> bool {
        match self.format {
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

    /// A header without columns.
    #[inline]
    fn new<'l>(format: Format, message: usize, message_end: usize) -> Header<'l> {
        Header {
            format,
            time: None,
            pid: None,
            tid: None,
            level: None,
            tag: None,
            message: message.min(message_end),
            message_end,
        }
    }
}

/// The innermost prefix of a line with stamps and the like in front.
fn behind_fronts(text: &[u8]) -> Header<'_> {
    let mut found = Header::new(Format::None, 0, text.len());
    let mut at = 0;
    for _ in 0..FRONTS_MAX {
        if let Some(header) = prefix(text, at) {
            return Header { time: header.time.or(found.time), ..header };
        }
        match front::parse(text, at) {
            Some(Front::Stamp(header)) => {
                at = header.message;
                found = Header { time: header.time.or(found.time), ..header };
            }
            Some(Front::Skip(behind)) => at = behind,
            None => break,
        }
    }
    found
}

/// A prefix that nothing but the message follows.
fn prefix(text: &[u8], at: usize) -> Option<Header<'_>> {
    logcat::parse(text, at)
        .or_else(|| studio::undated(Cursor::new(text, at)))
        .or_else(|| kernel::parse(Cursor::new(text, at)))
        .or_else(|| chromium::parse(Cursor::new(text, at)))
        .or_else(|| server::parse(Cursor::new(text, at)))
}

/// `adb shell` of old devices ends lines in `\r\n`, and through a second terminal in `\r\r\n`.
fn without_line_end(line: &[u8]) -> &[u8] {
    let mut text = line.strip_suffix(b"\n").unwrap_or(line);
    while let Some(shorter) = text.strip_suffix(b"\r") {
        text = shorter;
    }
    text
}
