//! Prefixes of other logs and of Android Studio.

use super::super::{Format, Header};
use super::check;

#[test]
#[rustfmt::skip]
fn android_studio_lines_are_recognized() {
    check(&[
        (b"06-07 14:34:38.638 598-739/com.app W/Login: x: y", "Studio|06-07 14:34:38.638|598|739|W|Login|x: y"),
        (b"2018-06-07 14:34:38.638 871301-871302/? E/Login: x", "Studio|2018-06-07 14:34:38.638|871301|871302|E|Login|x"),
        (b"06-07 14:34:38.638 598-739/com.app:remote A/a b: x", "Studio|06-07 14:34:38.638|598|739|A|a b|x"),
        (b"06-07 14:34:38.638 598-739/com.app W/Login:", "Studio|06-07 14:34:38.638|598|739|W|Login|"),
        (b"06-07 14:34:38.638 598-739/com.app W/Log", "Studio|06-07 14:34:38.638|598|739|W|-|Log"),
        (b"598-739/com.app W/Login: x", "Studio|-|598|739|W|Login|x"),
        (b"06-07 14:34:38.638 W/Login: x", "Tag|06-07 14:34:38.638|-|-|W|Login|x"),
        (b"06-07 14:34:38.638: W/Login(598): x", "Time|06-07 14:34:38.638|598|-|W|Login|x"),
        (b"06-07 14:34:38.638: INFO/Login(598): x", "Time|06-07 14:34:38.638|598|-|I|Login|x"),
        (b"2024-01-15 14:22:01.500  4242-5678  Login                   com.app                             E  871300 x", "StudioPanel|2024-01-15 14:22:01.500|4242|5678|E|Login|871300 x"),
        (b"2024-01-15 14:22:01.500 14242-15678 Two words               com.example.app.with.a.long.name     D  x  E  y", "StudioPanel|2024-01-15 14:22:01.500|14242|15678|D|Two words|x  E  y"),
        (b"2024-01-15 14:22:01.500  4242-5678                          com.app                             I  x", "StudioPanel|2024-01-15 14:22:01.500|4242|5678|I||x"),
        (b"2024-01-15 14:22:01.500 871301-871308 Login com.app E 871300 x", "StudioPanel|2024-01-15 14:22:01.500|871301|871308|E|Login|871300 x"),
        (b"2024-01-15 14:22:01.500 871301-871308 Login failed E 871300 x", "Stamp|2024-01-15 14:22:01.500|-|-|-|-|871301-871308 Login failed E 871300 x"),
        (b"2024-01-15 14:22:01.500  4242-5678  Login                   com.app                             E", "StudioPanel|2024-01-15 14:22:01.500|4242|5678|E|Login|"),
    ]);
}

#[test]
fn the_level_in_the_panel_is_near_its_thread() {
    for (columns, want) in [(255, Format::StudioPanel), (256, Format::Stamp)] {
        let line = format!("2024-01-15 14:22:01.500  4242-5678{:columns$}E  871300 x", " Konto");
        assert_eq!(Header::parse(line.as_bytes()).format, want, "{columns}");
    }
}

#[test]
#[rustfmt::skip]
fn flutter_and_chromium_lines_are_recognized() {
    check(&[
        (b"I/flutter ( 7080): code 871300", "Brief|-|7080|-|I|flutter|code 871300"),
        (b"[ +123 ms] I/flutter ( 7080): x", "Brief|+123 ms|7080|-|I|flutter|x"),
        (b"[+1,234 ms] code 871300", "Flutter|+1,234 ms|-|-|-|-|code 871300"),
        (b"[        ] code 871300", "Flutter|-|-|-|-|-|code 871300"),
        (b"I/chromium( 598): [INFO:CONSOLE(28)] \"x\", source: file:///a (28)", "Brief|-|598|-|I|chromium|[INFO:CONSOLE(28)] \"x\", source: file:///a (28)"),
        (b"[0717/075046.871050:INFO:x.cc(234)] y", "Chromium|0717/075046.871050|-|-|I|x.cc|y"),
        (b"[4175:871301:0717/075046.871050:ERROR:x.cc(234)] y", "Chromium|0717/075046.871050|4175|871301|E|x.cc|y"),
        (b"[4175:4176:0717/075046:VERBOSE1:x.cc:234] y", "Chromium|0717/075046|4175|4176|V|x.cc|y"),
        (b"[ERROR:flutter/lib/x.cc(148)] y", "Chromium|-|-|-|E|flutter/lib/x.cc|y"),
        (b"I0717 07:50:46.871050  1234 x.cc:234] y", "Glog|0717 07:50:46.871050|-|1234|I|x.cc|y"),
        (b"I0717 07:50:46.871050  1234 c:x.cc] y", "Glog|0717 07:50:46.871050|-|1234|I|c:x.cc|y"),
    ]);
}

#[test]
#[rustfmt::skip]
fn apple_kernel_and_syslog_lines_are_recognized() {
    check(&[
        (b"2017-07-30 09:09:07.733883+0800 App[4175:2783036] x", "NsLog|2017-07-30 09:09:07.733883+0800|4175|2783036|-|App|x"),
        (b"2017-07-30 09:09:07.733883+0800 My App[4175:871301] [c] x", "NsLog|2017-07-30 09:09:07.733883+0800|4175|871301|-|My App|[c] x"),
        (b"2016-07-05 17:37:21.692 [7606:871301] x", "NsLog|2016-07-05 17:37:21.692|7606|871301|-|-|x"),
        (b"2016-07-05 17:37:21.692 App[7606:1a03] x", "NsLog|2016-07-05 17:37:21.692|7606|-|-|App|x"),
        (b"<7>[ 1498.871705] x", "Kernel|1498.871705|-|-|-|-|x"),
        (b"[ 1498.871705] x", "Kernel|1498.871705|-|-|-|-|x"),
        (b"[    0.000000] x", "Kernel|0.000000|-|-|-|-|x"),
        (b"[ 1498.871705@3] x", "Kernel|1498.871705|-|-|-|-|x"),
        (b"[ 1498.871705][  T123] x", "Kernel|1498.871705|-|123|-|-|x"),
        (b"[ 1498.871705][    C0] x", "Kernel|1498.871705|-|-|-|-|x"),
        (b"[ 1498.871705] (7)[1:swapper/0]x", "Kernel|1498.871705|-|-|-|-|(7)[1:swapper/0]x"),
        (b"Jul  1 09:19:13 host proc[258]: x: y", "Syslog|Jul  1 09:19:13|258|-|-|proc|x: y"),
        (b"Jul 14 09:19:13 host kernel: x", "Syslog|Jul 14 09:19:13|-|-|-|kernel|x"),
        (b"Jul 14 09:19:13 host su(pam_unix)[871301]: x", "Syslog|Jul 14 09:19:13|871301|-|-|su(pam_unix)|x"),
        (b"Jul 14 09:19:13 host com.x.launchd[1] (com.x.a[533]): x", "Syslog|Jul 14 09:19:13|1|-|-|com.x.launchd|x"),
        (b"Jul 14 09:19:13 Phone App(Lib)[258] <Notice>: x", "Syslog|Jul 14 09:19:13|258|-|-|App(Lib)|x"),
        (b"<13>Jul  1 09:19:13 host proc[258]: x", "Syslog|Jul  1 09:19:13|258|-|-|proc|x"),
        (b"2024-01-01T00:00:00.871301+08:00 host proc[258]: x", "Syslog|2024-01-01T00:00:00.871301+08:00|258|-|-|proc|x"),
        (b"2024-01-01T00:00:00Z error code: x", "Stamp|2024-01-01T00:00:00Z|-|-|-|-|error code: x"),
        (b"Jul 14 09:19:13 host -- MARK --", "Stamp|Jul 14 09:19:13|-|-|-|-|host -- MARK --"),
    ]);
}

#[test]
#[rustfmt::skip]
fn server_lines_are_recognized() {
    check(&[
        (b"2017-05-16 00:00:45.080 25746 INFO name x", "Stamp|2017-05-16 00:00:45.080|25746|-|-|-|INFO name x"),
        (b"2017-05-16 00:00:45.080  INFO 25746 --- [main] a.B : x", "Stamp|2017-05-16 00:00:45.080|25746|-|-|-|--- [main] a.B : x"),
        (b"2017-05-16 00:00:45.080 871300 is the code", "Stamp|2017-05-16 00:00:45.080|-|-|-|-|871300 is the code"),
        (b"2024-01-01 00:00:00,871 x", "Stamp|2024-01-01 00:00:00,871|-|-|-|-|x"),
        (b"2024-01-01 00:00:00.871301 +0800 x", "Stamp|2024-01-01 00:00:00.871301 +0800|-|-|-|-|x"),
        (b"2024-01-01 00:00:00.871+08 x", "Stamp|2024-01-01 00:00:00.871+08|-|-|-|-|x"),
        (b"2024-01-01 00:00:00.871 UTC [258] x", "Stamp|2024-01-01 00:00:00.871 UTC|-|-|-|-|[258] x"),
        (b"2024-01-01 00:00:00: x", "Stamp|2024-01-01 00:00:00|-|-|-|-|x"),
        (b"2024/01/01 00:00:00 x", "Stamp|2024/01/01 00:00:00|-|-|-|-|x"),
        (b"17/06/09 20:10:40 INFO a.B: x", "Stamp|17/06/09 20:10:40|-|-|-|-|INFO a.B: x"),
        (b"[Sat Jul  1 09:19:13 2017] [error] x", "Stamp|Sat Jul  1 09:19:13 2017|-|-|-|-|[error] x"),
        (b"[2024-01-01T00:00:00Z INFO  a] x", "Stamp|2024-01-01T00:00:00Z|-|-|-|-|INFO  a] x"),
        (b"\x1b[2m2024-01-01T00:00:00.871301Z\x1b[0m x", "Stamp|2024-01-01T00:00:00.871301Z|-|-|-|-|x"),
    ]);
}
