//! Prefixes of the Linux kernel's log: `<7>[ 1498.871705] `, as readers of `/dev/kmsg`, serial
//! consoles, and `dmesg` print them. The time of `dmesg -T` is for `outer_prefix`.

use super::cursor::Cursor;
use super::{Format, Header};

/// The most digits of a facility and severity: `<191>` is the highest.
const PRIORITY_DIGITS_MAX: usize = 3;

/// The most digits of the seconds since boot: nine last for thirty years.
const SECONDS_DIGITS_MAX: usize = 9;

/// The most digits of a processor after `@`.
const PROCESSOR_DIGITS_MAX: usize = 4;

pub(super) fn parse(mut cursor: Cursor<'_>) -> Option<Header<'_>> {
    let _ = cursor.attempt(priority);
    cursor.byte(b'[')?;
    cursor.spaces();
    let start = cursor.at();
    cursor.digits(1..=SECONDS_DIGITS_MAX)?;
    cursor.byte(b'.')?;
    cursor.digits(3..=9)?;
    let time = cursor.since(start);
    let _ = cursor.attempt(processor);
    cursor.byte(b']')?;
    let tid = match cursor.attempt(caller) {
        Some(Caller::Thread(tid)) => Some(tid),
        Some(Caller::Processor) | None => None,
    };
    let _ = cursor.byte(b' ');
    let header = Header::new(Format::Kernel, cursor.at(), cursor.text().len());
    Some(Header { time: Some(time), tid, ..header })
}

/// `<7>`, which syslog's lines have too.
pub(super) fn priority(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.byte(b'<')?;
    cursor.digits(1..=PRIORITY_DIGITS_MAX)?;
    cursor.byte(b'>')
}

/// `@3`, which some vendors add.
fn processor(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.byte(b'@')?;
    cursor.digits(1..=PROCESSOR_DIGITS_MAX).map(drop)
}

/// `CONFIG_PRINTK_CALLER`: `[  T123]` for a thread, `[    C0]` for a processor.
fn caller(cursor: &mut Cursor<'_>) -> Option<Caller> {
    cursor.byte(b'[')?;
    cursor.spaces();
    let kind = cursor.one_of(b"TC")?;
    let number = cursor.number()?;
    cursor.byte(b']')?;
    Some(if kind == b'T' { Caller::Thread(number) } else { Caller::Processor })
}

/// Who wrote a line of the kernel's log.
enum Caller {
    Thread(u32),
    Processor,
}
