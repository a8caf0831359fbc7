//! The level of a log line, which logcat and other loggers print as one letter. Does not know where
//! in a line it is.

/// The level of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// `V`
    Verbose,
    /// `D`
    Debug,
    /// `I`
    Info,
    /// `W`
    Warn,
    /// `E`
    Error,
    /// `F`
    Fatal,
    /// `S`
    Silent,
    /// `A`, in old tools and in Android Studio.
    Assert,
}

impl Level {
    /// The level that is printed as this letter.
    #[inline]
    pub(super) fn from_letter(letter: u8) -> Option<Self> {
        Some(match letter {
            b'V' => Level::Verbose,
            b'D' => Level::Debug,
            b'I' => Level::Info,
            b'W' => Level::Warn,
            b'E' => Level::Error,
            b'F' => Level::Fatal,
            b'S' => Level::Silent,
            b'A' => Level::Assert,
            _ => return None,
        })
    }

    /// Its letter in a log.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Level::Verbose => 'V',
            Level::Debug => 'D',
            Level::Info => 'I',
            Level::Warn => 'W',
            Level::Error => 'E',
            Level::Fatal => 'F',
            Level::Silent => 'S',
            Level::Assert => 'A',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_levels_are_one_to_one() {
        let levels = (0..=u8::MAX).filter_map(|byte| Level::from_letter(byte).map(|it| (byte, it)));
        assert_eq!(levels.clone().count(), 8);
        for (letter, level) in levels {
            assert_eq!(level.letter(), char::from(letter));
        }
    }
}
