//! A printer of log lines in every format of logcat with every modifier, written from logcat's
//! manual page and its visible output. It knows nothing about the parser that reads them.

/// What is in the columns of a line.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    /// Six digits: microseconds.
    pub(crate) fraction: String,
    pub(crate) pid: u32,
    pub(crate) tid: u32,
    pub(crate) uid: u32,
    pub(crate) tag: String,
    pub(crate) level: char,
}

const FORMATS: [&str; 8] =
    ["brief", "process", "tag", "thread", "raw", "time", "threadtime", "long"];
const CLOCKS: [&str; 6] = ["calendar", "year", "zone", "year zone", "epoch", "monotonic"];
const FRACTIONS: [&str; 3] = ["", "usec", "nsec"];
const USERS: [&str; 3] = ["", "uid", "uid name"];
const COLORS: [&str; 2] = ["", "color"];

/// How many layouts there are.
pub(crate) const LAYOUTS_COUNT: usize =
    FORMATS.len() * CLOCKS.len() * FRACTIONS.len() * USERS.len() * COLORS.len();

/// One format with its modifiers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) format: &'static str,
    clock: &'static str,
    fraction: &'static str,
    user: &'static str,
    color: &'static str,
}

impl Layout {
    /// The layout at an index below [`LAYOUTS_COUNT`].
    pub(crate) fn nth(mut index: usize) -> Layout {
        let mut pick = |values: &[&'static str]| {
            let value = values[index % values.len()];
            index /= values.len();
            value
        };
        let (format, clock) = (pick(&FORMATS), pick(&CLOCKS));
        Layout {
            format,
            clock,
            fraction: pick(&FRACTIONS),
            user: pick(&USERS),
            color: pick(&COLORS),
        }
    }

    fn time(self, columns: &Columns) -> String {
        let fraction = match self.fraction {
            "usec" => columns.fraction.clone(),
            "nsec" => format!("{}017", columns.fraction),
            _ => columns.fraction[..3].to_owned(),
        };
        match self.clock {
            "year" => format!("2023-11-05 07:42:19.{fraction}"),
            "zone" => format!("11-05 07:42:19.{fraction} +0530"),
            "year zone" => format!("2023-11-05 07:42:19.{fraction} -0800"),
            "epoch" => format!("{:>19}.{fraction}", 1_699_152_139),
            "monotonic" => format!("{:>6}.{fraction}", 90_412),
            _ => format!("11-05 07:42:19.{fraction}"),
        }
    }

    /// The line with its line end; for `long`, both lines.
    pub(crate) fn print(self, columns: &Columns, message: &str) -> String {
        let Columns { pid, tid, uid, tag, level, .. } = columns;
        let (time, color) = (self.time(columns), self.color == "color");
        let user = match self.user {
            "uid" => format!("{uid:>5}:"),
            "uid name" => "radio:".to_owned(),
            _ => String::new(),
        };
        let (on, off) = if color { ("\x1b[38;5;208m", "\x1b[0m") } else { ("", "") };
        let spaced = user.replace(':', " ");
        let message = format!("{message}{off}");
        match self.format {
            "brief" => format!("{on}{level}/{tag:<8}({user}{pid:>5}): {message}\n"),
            "process" => format!("{on}{level}({user}{pid:>5}) {message}  ({tag})\n"),
            "tag" => format!("{on}{level}/{tag:<8}: {message}\n"),
            "thread" => format!("{on}{level}({user}{pid:>5}:{tid:>5}) {message}\n"),
            "time" => format!("{on}{time} {level}/{tag:<8}({user}{pid:>5}): {message}\n"),
            "threadtime" => {
                format!("{on}{time} {spaced}{pid:>5} {tid:>5} {level} {tag:<8}: {message}\n")
            }
            "long" => {
                format!("{on}[ {time} {user}{pid:>5}:{tid:>5} {level}/{tag:<8} ]\n{message}\n\n")
            }
            _ => format!("{on}{message}\n"),
        }
    }
}
