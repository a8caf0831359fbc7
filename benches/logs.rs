//! Synthetic logcat for the benchmarks and for `make-log`: the same bytes for the same arguments on
//! every machine.

use std::fmt::Write;

/// Tags of lines that hold no code.
const TAGS: [&str; 6] =
    ["ActivityManager", "WindowManager", "chromium", "OkHttp", "art", "SurfaceFlinger"];
/// Codes that the lines with one hold in turn.
const CODES: [u32; 8] = [871_101, 871_102, 871_201, 871_300, 871_301, 871_308, 871_310, 871_504];

/// At least `bytes` bytes of threadtime lines; one line in `lines_per_code` holds a code, none if
/// that is 0. Also returns how many codes there are.
#[must_use]
pub fn log(bytes: usize, lines_per_code: u64) -> (String, usize) {
    let (mut text, mut random, mut clock, mut codes) =
        (String::with_capacity(bytes + 200), Random(7), 0, 0);
    for line in 1_u64.. {
        if text.len() >= bytes {
            break;
        }
        clock += random.below(30);
        let (hour, minute, second) =
            (clock / 3_600_000 % 24, clock / 60_000 % 60, clock / 1000 % 60);
        let (pid, tid) = (500 + random.below(31_000), 500 + random.below(31_000));
        let _ = write!(
            text,
            "03-17 {hour:02}:{minute:02}:{second:02}.{:03} {pid:5} {tid:5} D ",
            clock % 1000
        );
        if lines_per_code > 0 && line.is_multiple_of(lines_per_code) {
            let code = CODES[codes % CODES.len()];
            codes += 1;
            let _ =
                writeln!(text, "JMessageClient: responseCode = {code}, responseMessage = failed");
        } else {
            ordinary(&mut text, &mut random);
        }
    }
    (text, codes)
}

/// A line of the system or of an app, with numbers of up to six digits as real ones have them.
fn ordinary(text: &mut String, random: &mut Random) {
    let tag = TAGS[random.below(TAGS.len() as u64) as usize];
    let (large, small) = (random.below(1_000_000), random.below(10_000));
    let _ = match random.below(5) {
        0 => writeln!(text, "{tag}: Start proc {large}:com.example.app/u0a{small} for activity"),
        1 => writeln!(text, "{tag}: onStateChanged: state={small} elapsed={large}ms"),
        2 => writeln!(
            text,
            "{tag}: concurrent GC freed {large}({small}KB) objects, 49% free, paused {small}us"
        ),
        3 => writeln!(
            text,
            "{tag}: dispatchMotionEvent - deviceId={small}, source=0x1002, action=DOWN x={large}.0"
        ),
        _ => writeln!(
            text,
            "{tag}: <-- 200 OK https://api.example.com/v1/users/{large} ({small}ms, unknown-length)"
        ),
    };
}

/// A small generator of pseudo-random numbers (splitmix64), so that no crate decides what the log
/// looks like.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}
