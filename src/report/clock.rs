//! The time of a header as a moment on a scale, and a moment as text.
//!
//! Owns the forms of a time: with and without a year, with a zone, seconds since 1970 or since the
//! boot, a clock alone. Knows no lines and no logs.

/// How many milliseconds a minute has.
pub(super) const MINUTE: i64 = 60_000;
/// How many milliseconds an hour has.
pub(super) const HOUR: i64 = 60 * MINUTE;
/// How many milliseconds a day has.
pub(super) const DAY: i64 = 24 * HOUR;

/// What a time is counted from. Moments on different scales cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// A date with a year and a zone, in UTC.
    Zoned,
    /// A date with a year.
    Dated,
    /// A date without a year, as in logcat; every year has 366 days.
    Yearless,
    /// The same without February 29: a log that goes on in March without one.
    YearlessCommon,
    /// Seconds since 1970.
    Epoch,
    /// Seconds since the device was booted.
    Boot,
    /// A clock without a date.
    Clock,
}

/// A time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) scale: Scale,
    /// Milliseconds from the beginning of the scale.
    pub(super) millis: i64,
    /// How far the zone is ahead of UTC, in minutes.
    pub(super) zone: i64,
}

/// Layouts of a date and a clock: a letter is a digit of year, month, day, hour, minute, second.
const LAYOUTS: [&[u8]; 8] = [
    b"MM-DD hh:mm:ss", b"YYYY-MM-DD hh:mm:ss", b"YYYY-MM-DDThh:mm:ss", b"YYYY/MM/DD hh:mm:ss",
    b"hh:mm:ss", b"MMDD/hhmmss", b"MMDD hh:mm:ss", b"DD hh:mm:ss",
];

const MONTHS: [&[u8]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// Below this, seconds are since the boot: 1986, and 16 years of uptime.
const EPOCH_SECONDS_MIN: i64 = 500_000_000;

/// The numbers of a time; those that it does not have are 0.
#[derive(Debug, Default)]
struct Fields {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

impl Moment {
    /// Reads the time of a [`Header`](crate::context::header::Header); `None` for one in a form
    /// that cannot be compared, such as `+123 ms`.
    pub(super) fn parse(time: &[u8]) -> Option<Self> {
        logcat(time).or_else(|| seconds(time)).or_else(|| date(time))
    }
}

impl Scale {
    /// After how many milliseconds it begins again.
    pub(super) fn period(self) -> Option<i64> {
        match self {
            Scale::Yearless => Some(366 * DAY),
            Scale::YearlessCommon => Some(365 * DAY),
            Scale::Clock => Some(DAY),
            Scale::Zoned | Scale::Dated | Scale::Epoch | Scale::Boot => None,
        }
    }

    /// The year, month and day of a moment; month and day count from 1. `None` if it has no date.
    pub(super) fn date(self, millis: i64) -> Option<(i64, i64, i64)> {
        match self {
            Scale::Boot | Scale::Clock => None,
            Scale::Yearless
            | Scale::YearlessCommon
            | Scale::Zoned
            | Scale::Dated
            | Scale::Epoch => Some(self.calendar(millis)),
        }
    }

    /// A moment as the log would write it, with milliseconds only if `step` is below a second.
    pub(super) fn text(self, millis: i64, zone: i64, step: i64) -> String {
        let millis = if self == Scale::Zoned { millis + zone * MINUTE } else { millis };
        let fraction = match step {
            ..1000 => format!(".{:03}", millis.rem_euclid(1000)),
            _ => String::new(),
        };
        if self == Scale::Boot {
            return format!("{}{fraction} s", millis.div_euclid(1000));
        }
        let of_day = millis.rem_euclid(DAY) / 1000;
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        let clock = format!("{hour:02}:{minute:02}:{second:02}{fraction}");
        let (year, month, day) = self.calendar(millis);
        match self {
            Scale::Clock | Scale::Boot => clock,
            Scale::Yearless | Scale::YearlessCommon => format!("{month:02}-{day:02} {clock}"),
            Scale::Zoned | Scale::Dated | Scale::Epoch => {
                format!("{year:04}-{month:02}-{day:02} {clock}")
            }
        }
    }

    /// The year, month and day of a moment.
    fn calendar(self, millis: i64) -> (i64, i64, i64) {
        let days = millis.div_euclid(DAY);
        match self {
            Scale::Yearless => civil(days.rem_euclid(366) + days_before(LEAP_YEAR, 1, 1)),
            Scale::YearlessCommon => civil(days.rem_euclid(365) + days_before(LEAP_YEAR + 1, 1, 1)),
            _ => civil(days),
        }
    }
}

/// Some year that has a February 29.
const LEAP_YEAR: i64 = 2000;

/// `03-17 16:13:38.811`. A shortcut: most times have this form, and [`date`] takes five times as
/// long for it.
fn logcat(time: &[u8]) -> Option<Moment> {
    const SHAPE: &[u8; 18] = b"00-00 00:00:00.000";
    let time: &[u8; 18] = time.try_into().ok()?;
    let fits =
        |(byte, wanted): (&u8, &u8)| byte == wanted || (*wanted == b'0' && byte.is_ascii_digit());
    if !time.iter().zip(SHAPE).fold(true, |all, pair| all & fits(pair)) {
        return None;
    }
    let two = |at: usize| digits(&time[at..at + 2]);
    let (month, day) = (two(0), two(3));
    let fields = Fields { year: 0, month, day, hour: two(6), minute: two(9), second: two(12) };
    let millis = fields.millis(Scale::Yearless)? + digits(&time[15..]);
    Some(Moment { scale: Scale::Yearless, millis, zone: 0 })
}

/// `1489767218.871` or, since the boot, `1498.871705`.
fn seconds(time: &[u8]) -> Option<Moment> {
    let text = std::str::from_utf8(time).ok()?;
    let (whole, fraction) = text.split_once('.')?;
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let scale = if whole < EPOCH_SECONDS_MIN { Scale::Boot } else { Scale::Epoch };
    let millis = whole.checked_mul(1000)?.checked_add(thousandths(fraction.as_bytes()))?;
    // Later years have no date that anyone would read.
    (whole < 100_000_000_000).then_some(Moment { scale, millis, zone: 0 })
}

fn date(time: &[u8]) -> Option<Moment> {
    let mut rest = time;
    if rest.len() > 4 && rest[3] == b' ' && rest[0].is_ascii_alphabetic() && !is_month(rest) {
        rest = &rest[4..]; // the day of the week
    }
    let mut fields = Fields::default();
    if let Some(month) = MONTHS.iter().position(|month| rest.starts_with(month)) {
        fields.month = month as i64 + 1;
        rest = rest.get(4..)?;
    }
    let mut layouts = LAYOUTS.iter();
    let (layout, after) =
        layouts.find_map(|layout| Some((*layout, fill(&mut fields, rest, layout)?)))?;
    let (fraction, after) = split_fraction(after);
    let (year, after) = split_year(after);
    fields.year = year.unwrap_or(fields.year);
    let zone = zone(after)?;
    let scale = match (fields.year, fields.month, zone) {
        (0, 0, _) if layout == b"hh:mm:ss" => Scale::Clock,
        (_, 0, _) => return None,
        (0, _, _) => Scale::Yearless,
        (_, _, None) => Scale::Dated,
        (_, _, Some(_)) => Scale::Zoned,
    };
    let local = fields.millis(scale)? + thousandths(fraction);
    let zone = if scale == Scale::Zoned { zone.unwrap_or(0) } else { 0 };
    Some(Moment { scale, millis: local - zone * MINUTE, zone })
}

fn is_month(text: &[u8]) -> bool {
    MONTHS.iter().any(|month| text.starts_with(month))
}

/// Reads what a layout describes, and returns what follows it. A space before a digit may be the
/// padding of a day.
fn fill<'t>(fields: &mut Fields, text: &'t [u8], layout: &[u8]) -> Option<&'t [u8]> {
    let month = fields.month;
    let mut found = Fields { month, ..Fields::default() };
    if (month != 0) != layout.starts_with(b"DD") {
        return None;
    }
    let padded = layout.starts_with(b"DD") && text.first() == Some(&b' ');
    let unpadded = layout.starts_with(b"DD") && text.get(1) == Some(&b' ');
    let (text, layout) = match (padded, unpadded) {
        (true, _) => (&text[1..], &layout[1..]),
        (false, true) => (text, &layout[1..]),
        (false, false) => (text, layout),
    };
    for (place, byte) in layout.iter().zip(text) {
        let field = match place {
            b'Y' => &mut found.year,
            b'M' => &mut found.month,
            b'D' => &mut found.day,
            b'h' => &mut found.hour,
            b'm' => &mut found.minute,
            b's' => &mut found.second,
            _ if place == byte => continue,
            _ => return None,
        };
        *field = *field * 10 + i64::from(byte.is_ascii_digit().then(|| byte - b'0')?);
    }
    let rest = text.get(layout.len()..)?;
    *fields = found;
    Some(rest)
}

impl Fields {
    /// Milliseconds from the beginning of the scale, if there is such a time. Like the header's
    /// parser, it accepts February 31.
    fn millis(&self, scale: Scale) -> Option<i64> {
        let Fields { year, month, day, hour, minute, second } = *self;
        let is_clock = (0..24).contains(&hour) && minute < 60 && second <= 60;
        let is_date = (1..=12).contains(&month) && (1..=31).contains(&day);
        let days = match scale {
            Scale::Clock => 0,
            _ if !is_date => return None,
            Scale::Yearless => days_before(LEAP_YEAR, month, day) - days_before(LEAP_YEAR, 1, 1),
            _ => days_before(year, month, day),
        };
        is_clock.then_some(days * DAY + hour * HOUR + minute * MINUTE + second * 1000)
    }
}

/// A fraction after `.` or `,`, without it, and the rest.
fn split_fraction(text: &[u8]) -> (&[u8], &[u8]) {
    match text {
        [b'.' | b',', digits @ ..] => {
            let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
            digits.split_at(length)
        }
        _ => (b"", text),
    }
}

/// The year at the end of C's `ctime`.
fn split_year(text: &[u8]) -> (Option<i64>, &[u8]) {
    match text {
        [b' ', year @ ..] if year.len() == 4 && year.iter().all(u8::is_ascii_digit) => {
            (Some(digits(year)), b"")
        }
        _ => (None, text),
    }
}

/// The zone at the end, in minutes; `Some(None)` if there is none.
fn zone(text: &[u8]) -> Option<Option<i64>> {
    let text = text.trim_ascii_start();
    let (sign, rest) = match text {
        b"" => return Some(None),
        b"Z" | b"UTC" | b"GMT" => return Some(Some(0)),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest {
        [_, _] => (rest, &b""[..]),
        [_, _, b':', minutes @ ..] | [_, _, minutes @ ..] => (&rest[..2], minutes),
        _ => return None,
    };
    let is_number = hours.iter().chain(minutes).all(u8::is_ascii_digit) && minutes.len() <= 2;
    is_number.then(|| Some(sign * (digits(hours) * 60 + digits(minutes))))
}

fn digits(text: &[u8]) -> i64 {
    text.iter().fold(0, |number, byte| number * 10 + i64::from(byte - b'0'))
}

/// The first three digits of a fraction.
fn thousandths(fraction: &[u8]) -> i64 {
    let digit = |at: usize| fraction.get(at).map_or(0, |byte| i64::from(byte - b'0'));
    digit(0) * 100 + digit(1) * 10 + digit(2)
}

/// The days from 1970-01-01 to a date of the Gregorian calendar (Howard Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`).
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date `days` days after 1970-01-01 (`civil_from_days` of the same source).
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_time_is_read_and_written() {
        let cases = [
            ("03-17 16:13:38.811", Scale::Yearless, "03-17 16:13:38.811"),
            ("02-29 00:00:00", Scale::Yearless, "02-29 00:00:00.000"),
            ("12-31 23:59:59.999", Scale::Yearless, "12-31 23:59:59.999"),
            ("2024-03-18 00:13:38.871301", Scale::Dated, "2024-03-18 00:13:38.871"),
            ("2017/07/30 09:09:07", Scale::Dated, "2017-07-30 09:09:07.000"),
            ("Sat Jul  1 09:19:13 2017", Scale::Dated, "2017-07-01 09:19:13.000"),
            ("2024-01-01T00:00:00.8713010Z", Scale::Zoned, "2024-01-01 00:00:00.871"),
            ("2024-03-18 00:13:38.871 +0800", Scale::Zoned, "2024-03-18 00:13:38.871"),
            ("2024-03-18T00:13:38,871+08:00", Scale::Zoned, "2024-03-18 00:13:38.871"),
            ("2024-03-18 00:13:38 UTC", Scale::Zoned, "2024-03-18 00:13:38.000"),
            ("Jul  1 09:19:13", Scale::Yearless, "07-01 09:19:13.000"),
            ("Mar 17 16:13:38.5", Scale::Yearless, "03-17 16:13:38.500"),
            ("Jul 1 09:19:13", Scale::Yearless, "07-01 09:19:13.000"),
            ("0717/075046.871050", Scale::Yearless, "07-17 07:50:46.871"),
            ("0717 07:50:46.871050", Scale::Yearless, "07-17 07:50:46.871"),
            ("1679069618.811", Scale::Epoch, "2023-03-17 16:13:38.811"),
            ("1498.871705", Scale::Boot, "1498.871 s"),
            ("0.000000", Scale::Boot, "0.000 s"),
            ("12:34:56,871", Scale::Clock, "12:34:56.871"),
        ];
        for (time, scale, text) in cases {
            let moment = Moment::parse(time.as_bytes()).unwrap_or_else(|| panic!("{time}"));
            assert_eq!(moment.scale, scale, "{time}");
            assert_eq!(scale.text(moment.millis, moment.zone, 1), text, "{time}");
        }
        assert_eq!(Scale::Clock.text(45_296_871, 0, 1000), "12:34:56");
    }

    #[test]
    fn a_zone_moves_the_moment() {
        let [utc, east] = ["2024-01-01T00:00:00Z", "2024-01-01T08:00:00+08:00"]
            .map(|time| Moment::parse(time.as_bytes()).expect("a time"));
        assert_eq!((utc.millis, utc.zone, east.zone), (east.millis, 0, 480));
        let west = Moment::parse(b"2023-12-31T18:30:00-0530").expect("a time");
        assert_eq!((west.millis, west.zone), (utc.millis, -330));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for time in [
            "", "+123 ms", "99-99 00:00:00", "03-17 24:13:38", "03-17", "17/03/17 10:00:00", "1.",
            ".5", "99999999999999999999.5", "2024-03-18 00:13:38 MEZ",
            "2024-03-18 00:13:38 +8:00x", "Jul", "Xyz 1", "\u{661}", "00-10 00:00:00",
            "Jul 99 09:19:13",
        ] {
            assert_eq!(Moment::parse(time.as_bytes()), None, "{time}");
        }
    }

    #[test]
    fn every_day_has_a_date_and_back() {
        for day in -800_000..800_000 {
            let (year, month, of_month) = civil(day);
            assert_eq!(days_before(year, month, of_month), day);
        }
        assert_eq!((civil(0), civil(11_016)), ((1970, 1, 1), (2000, 2, 29)));
    }
}
