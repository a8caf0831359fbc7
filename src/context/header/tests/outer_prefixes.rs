//! What CI systems and containers add before a line, alone and before another prefix.

use super::super::{Format, Header};
use super::{check, show};

/// Each outer prefix with the time that it alone gives the header.
const OUTER_PREFIXES: [(&[u8], &str); 15] = [
    (b"2024-01-01T00:00:00.8713010Z ", "2024-01-01T00:00:00.8713010Z"),
    (b"build\tRun tests\t2024-01-01T00:00:00.8713010Z ", "2024-01-01T00:00:00.8713010Z"),
    (b"build\tRun\t\xEF\xBB\xBF2024-01-01T00:00:00.8713010Z ", "2024-01-01T00:00:00.8713010Z"),
    (b"\xEF\xBB\xBF2024-01-01T00:00:00.8713010Z ", "2024-01-01T00:00:00.8713010Z"),
    (b"2024-01-01T00:00:00.871301Z 00O ", "2024-01-01T00:00:00.871301Z"),
    (b"2024-01-01T00:00:00.871301Z 01E+", "2024-01-01T00:00:00.871301Z"),
    (b"[2024-01-01T00:00:00.871Z] ", "2024-01-01T00:00:00.871Z"),
    (b"[12:34:56] ", "12:34:56"),
    (b"12:34:56  ", "12:34:56"),
    (b"12:34:56.871301 ", "12:34:56.871301"),
    (b"2024-01-01 00:00:00,871 ", "2024-01-01 00:00:00,871"),
    (b"2024-01-01T00:00:00.871301+08:00 ", "2024-01-01T00:00:00.871301+08:00"),
    (b"| 12:34:56 ", "12:34:56"),
    (b"app-1  | 2024-01-01T00:00:00Z ", "2024-01-01T00:00:00Z"),
    (b"2024-01-01T00:00:00Z [ +12 ms] ", "+12 ms"),
];

#[test]
fn an_outer_prefix_before_text_gives_its_time() {
    for (outer, time) in OUTER_PREFIXES {
        for message in ["code 871300", "871300", "", "871300 x: y"] {
            let shown = show(&[outer, message.as_bytes()].concat());
            let format = if time.ends_with("ms") { "Flutter" } else { "Stamp" };
            assert_eq!(shown, format!("{format}|{time}|-|-|-|-|{message}"));
        }
    }
}

#[test]
fn logcat_after_an_outer_prefix_is_recognized() {
    for (outer, time) in OUTER_PREFIXES {
        let after = |prefix: &[u8]| show(&[outer, prefix, b"code 871300\n"].concat());
        assert_eq!(
            after(b"03-18 00:13:38.871  1702  2395 D Login   : "),
            "Threadtime|03-18 00:13:38.871|1702|2395|D|Login|code 871300"
        );
        assert_eq!(
            after(b"         1489767218.871  1702  2395 D Login   : "),
            "Threadtime|1489767218.871|1702|2395|D|Login|code 871300"
        );
        assert_eq!(
            after(b"\x1b[34mD/Login   ( 1702): "),
            format!("Brief|{time}|1702|-|D|Login|code 871300")
        );
    }
}

#[test]
#[rustfmt::skip]
fn other_prefixes_after_an_outer_prefix_are_recognized() {
    check(&[
        (b"\xEF\xBB\xBF03-18 00:13:38.871  1702  2395 D T: x", "Threadtime|03-18 00:13:38.871|1702|2395|D|T|x"),
        (b"app | D/Login   ( 1702): x", "Brief|-|1702|-|D|Login|x"),
        (b"| D/Login   ( 1702): x", "Brief|-|1702|-|D|Login|x"),
        (b"2024-01-01T00:00:00Z [ 1498.871705] x", "Kernel|1498.871705|-|-|-|-|x"),
        (b"2024-01-01T00:00:00Z 2017-05-16 00:00:45.080 25746 INFO x", "Stamp|2017-05-16 00:00:45.080|25746|-|-|-|INFO x"),
    ]);
}

/// A name of more bytes is no job's, and neither is none.
#[test]
fn the_name_of_a_job_has_a_limit() {
    for (bytes, want) in
        [(0, Format::None), (1, Format::Stamp), (200, Format::Stamp), (201, Format::None)]
    {
        let name = "n".repeat(bytes);
        for names in [[&name, "step"], ["job", &name]] {
            let line = format!("{}\t{}\t2024-01-01T00:00:00.8713010Z x", names[0], names[1]);
            assert_eq!(Header::parse(line.as_bytes()).format, want, "{bytes}");
        }
    }
}
