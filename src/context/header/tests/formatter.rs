//! AOSP's `android_log_formatLogLine` (liblog, `logprint.cpp`) in Rust, with its two buffers of 128
//! bytes: what the parser undoes. Checked against the real output of android-liblog 29.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Brief,
    Process,
    Tag,
    Thread,
    OldThread,
    Raw,
    Time,
    Threadtime,
    Long,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    Calendar,
    Year,
    Zone,
    YearZone,
    Epoch,
    Monotonic,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fraction {
    Milli,
    Micro,
    Nano,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum User {
    Off,
    Name,
    Number,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Color {
    Off,
    Palette,
    Basic,
}

/// A format and its modifiers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) format: Format,
    pub(super) clock: Clock,
    pub(super) fraction: Fraction,
    pub(super) user: User,
    pub(super) color: Color,
}

/// The number of layouts, every format with every modifier: an index is a number in mixed radix.
pub(super) const LAYOUTS_COUNT: usize = 9 * 6 * 3 * 4 * 3;

pub(super) struct Entry<'e> {
    pub(super) level: char,
    pub(super) tag: &'e [u8],
    pub(super) message: &'e [u8],
    pub(super) nanoseconds: u32,
    pub(super) pid: u32,
    pub(super) tid: u32,
    pub(super) uid: u32,
}

/// A line without its line end, and where its message is.
pub(super) struct Printed {
    pub(super) line: Vec<u8>,
    pub(super) message: usize,
    pub(super) message_end: usize,
    /// Whether the format prints the tag.
    pub(super) tag: bool,
}

impl Entry<'static> {
    pub(super) const SAMPLE: Self = Entry {
        level: 'D',
        tag: b"Login",
        message: b"code 871300: text",
        nanoseconds: 871_301_002,
        pid: 1702,
        tid: 2395,
        uid: 10133,
    };
}

impl Layout {
    pub(super) fn all() -> impl Iterator<Item = Layout> {
        (0..LAYOUTS_COUNT).map(Self::from_index)
    }

    pub(super) fn from_index(index: usize) -> Layout {
        use Format::{Brief, Long, OldThread, Process, Raw, Tag, Thread, Threadtime, Time};
        let formats = [Brief, Process, Tag, Thread, OldThread, Raw, Time, Threadtime, Long];
        let clocks = [
            Clock::Calendar,
            Clock::Year,
            Clock::Zone,
            Clock::YearZone,
            Clock::Epoch,
            Clock::Monotonic,
        ];
        Layout {
            format: formats[index % 9],
            clock: clocks[index / 9 % 6],
            fraction: [Fraction::Milli, Fraction::Micro, Fraction::Nano][index / 54 % 3],
            user: [User::Off, User::Name, User::Number, User::Unknown][index / 162 % 4],
            color: [Color::Off, Color::Palette, Color::Basic][index / 648 % 3],
        }
    }
}

pub(super) fn format(layout: Layout, entry: &Entry<'_>) -> Printed {
    let (color, reset): (&[u8], &[u8]) = match layout.color {
        Color::Off => (b"", b""),
        Color::Palette => (b"\x1b[38;5;166m", b"\x1b[0m"),
        Color::Basic => (b"\x1b[34m", b"\x1b[0m"),
    };
    let mut prefix = [color, &prefix(layout, entry)].concat();
    prefix.truncate(127);
    let mut suffix = reset.to_vec();
    if layout.format == Format::Process {
        suffix.extend([b"  (", entry.tag, b")"].concat());
    }
    suffix.truncate(126);
    if prefix.ends_with(b"\n") {
        prefix.pop();
        let end = prefix.len();
        return Printed { line: prefix, message: end, message_end: end, tag: true };
    }
    let line = [&prefix, entry.message, &suffix].concat();
    let after = if layout.format == Format::Process { suffix.len() - reset.len() } else { 0 };
    let tag = !matches!(layout.format, Format::Thread | Format::OldThread | Format::Raw);
    Printed { message: prefix.len(), message_end: line.len() - after, line, tag }
}

fn prefix(layout: Layout, entry: &Entry<'_>) -> Vec<u8> {
    let (time, user) = (time(layout, entry), user(layout.user, entry.uid));
    let level = entry.level;
    let (pid, tid) = (format!("{:5}", entry.pid), format!("{:5}", entry.tid));
    let mut tag = entry.tag.to_vec();
    tag.resize(tag.len().max(8), b' ');
    let (before, after) = match layout.format {
        Format::Brief => (format!("{level}/"), format!("({user}{pid}): ")),
        Format::Process => return format!("{level}({user}{pid}) ").into(),
        Format::Tag => (format!("{level}/"), ": ".into()),
        Format::Thread => return format!("{level}({user}{pid}:{tid}) ").into(),
        Format::OldThread => return format!("{level}({pid}:0x{:x}) ", entry.tid).into(),
        Format::Raw => return Vec::new(),
        Format::Time => (format!("{time} {level}/"), format!("({user}{pid}): ")),
        Format::Threadtime => {
            (format!("{time} {}{pid} {tid} {level} ", user.replace(':', " ")), ": ".into())
        }
        Format::Long => (format!("[ {time} {user}{pid}:{tid} {level}/"), " ]\n".into()),
    };
    [before.as_bytes(), &tag, after.as_bytes()].concat()
}

fn time(layout: Layout, entry: &Entry<'_>) -> String {
    let fraction = match layout.fraction {
        Fraction::Milli => format!(".{:03}", entry.nanoseconds / 1_000_000),
        Fraction::Micro => format!(".{:06}", entry.nanoseconds / 1_000),
        Fraction::Nano => format!(".{:09}", entry.nanoseconds),
    };
    match layout.clock {
        Clock::Calendar => format!("03-18 00:13:38{fraction}"),
        Clock::Year => format!("2017-03-18 00:13:38{fraction}"),
        Clock::Zone => format!("03-18 00:13:38{fraction} +0800"),
        Clock::YearZone => format!("2017-03-18 00:13:38{fraction} -0330"),
        Clock::Epoch => format!("{:19}{fraction}", 1_489_767_218),
        Clock::Monotonic => format!("{:6}{fraction}", 1_498),
    }
}

fn user(user: User, uid: u32) -> String {
    match user {
        User::Off => String::new(),
        User::Name => format!("{:>5}:", "root"),
        User::Number => format!("{uid:5}:"),
        User::Unknown => "      ".into(),
    }
}
