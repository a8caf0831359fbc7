//! The columns that logcat's formats share: level, user, process, thread. It knows how they are
//! padded and joined, but not where in a line they are.

use super::Level;
use super::cursor::Cursor;

/// The longest name of a user, in bytes. AOSP prints names of up to 5 bytes and numbers otherwise;
/// `useradd` allows 32.
const USER_BYTES_MAX: usize = 32;

/// The most digits of a thread in hexadecimal: as many as fit into 32 bits.
const HEXADECIMAL_DIGITS_MAX: usize = 8;

/// The process and its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Thread {
    pub(super) pid: u32,
    pub(super) tid: u32,
}

#[inline]
pub(super) fn level(cursor: &mut Cursor<'_>) -> Option<Level> {
    let letter = cursor.peek()?;
    let level = Level::from_letter(letter)?;
    cursor.byte(letter)?;
    Some(level)
}

/// The level before a tag, `I/`, or as a word in the DDMS of Eclipse, `INFO/`.
pub(super) fn level_slash(cursor: &mut Cursor<'_>) -> Option<Level> {
    const WORDS: [&[u8]; 6] = [b"VERBOSE/", b"DEBUG/", b"INFO/", b"WARN/", b"ERROR/", b"ASSERT/"];
    let first = Level::from_letter(cursor.peek()?)?;
    if WORDS.iter().any(|word| cursor.literal(word).is_some()) {
        return Some(first);
    }
    cursor.attempt(|cursor| {
        let level = level(cursor)?;
        cursor.byte(b'/')?;
        Some(level)
    })
}

/// Threadtime's `U%5d %5d `, with the spaces at its end; an unknown user is six spaces.
#[inline]
pub(super) fn space_separated(cursor: &mut Cursor<'_>) -> Option<Thread> {
    let mut without_user = *cursor;
    if let Some(thread) = two_numbers(&mut without_user)
        && !without_user.peek().is_some_and(|byte| byte.is_ascii_digit())
    {
        *cursor = without_user;
        return Some(thread);
    }
    cursor.attempt(|cursor| {
        user(cursor)?;
        cursor.gap()?;
        two_numbers(cursor)
    })
}

/// `U%5d`, the user followed by `:`.
pub(super) fn process(cursor: &mut Cursor<'_>) -> Option<u32> {
    let mut with_user = *cursor;
    if let Some(pid) = user_colon(&mut with_user).and_then(|()| padded(&mut with_user)) {
        *cursor = with_user;
        return Some(pid);
    }
    padded(cursor)
}

/// `U%5d:%5d`, the user followed by `:`; the thread of old devices is `0x%x`.
pub(super) fn thread(cursor: &mut Cursor<'_>) -> Option<Thread> {
    let mut with_user = *cursor;
    let thread = user_colon(&mut with_user).and_then(|()| pid_colon_tid(&mut with_user));
    if thread.is_some() {
        *cursor = with_user;
        return thread;
    }
    cursor.attempt(pid_colon_tid)
}

fn two_numbers(cursor: &mut Cursor<'_>) -> Option<Thread> {
    let pid = cursor.number()?;
    cursor.gap()?;
    let tid = cursor.number()?;
    cursor.gap()?;
    Some(Thread { pid, tid })
}

fn pid_colon_tid(cursor: &mut Cursor<'_>) -> Option<Thread> {
    let pid = padded(cursor)?;
    cursor.byte(b':')?;
    let tid = cursor.attempt(hexadecimal).or_else(|| padded(cursor))?;
    Some(Thread { pid, tid })
}

fn padded(cursor: &mut Cursor<'_>) -> Option<u32> {
    cursor.attempt(|cursor| {
        cursor.spaces();
        cursor.number()
    })
}

fn hexadecimal(cursor: &mut Cursor<'_>) -> Option<u32> {
    cursor.literal(b"0x")?;
    let digits = cursor.run(1..=HEXADECIMAL_DIGITS_MAX, |byte| byte.is_ascii_hexdigit())?;
    std::str::from_utf8(digits).ok().and_then(|digits| u32::from_str_radix(digits, 16).ok())
}

fn user<'l>(cursor: &mut Cursor<'l>) -> Option<&'l [u8]> {
    cursor.run(1..=USER_BYTES_MAX, |byte| {
        byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
    })
}

fn user_colon(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.attempt(|cursor| {
        cursor.spaces();
        user(cursor)?;
        cursor.byte(b':')
    })
}
