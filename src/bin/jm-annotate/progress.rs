//! Progress: how far the files are read, on a terminal that shows nothing else.
//!
//! Owns one line of standard error while it is there. A message takes it away first, and nothing is
//! left of it at the end. Knows nothing about what is in a file.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Seek};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use console::Term;
use jm_annotate::layout;
use jm_annotate::stream::{Observed, Observer};
use unicode_width::UnicodeWidthStr;

use crate::settings::Settings;
use crate::{interrupt, output, screen};

/// What takes less time needs no progress.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long a figure stays.
const PAUSE: Duration = Duration::from_millis(100);

/// Shows the progress of a pass; there is at most one.
pub(crate) struct Progress;

static STATE: Mutex<Option<State>> = Mutex::new(None);

struct State {
    begun: Instant,
    next: Instant,
    /// The bytes of all files, as they are stored.
    total: u64,
    /// Those of the files that were read.
    before: u64,
    current: Option<Current>,
    codes: u64,
    /// Where the line is, while it is there.
    line: Option<Term>,
}

/// The file that is being read.
struct Current {
    /// Shares its position with the file that is read.
    file: File,
    size: u64,
    /// What has come out of it: if it is not packed, no more than it has.
    bytes: u64,
}

impl Progress {
    /// Begins, if it is wanted.
    pub(crate) fn begin(settings: &Settings) -> Option<Self> {
        if !is_wanted(settings) {
            return None;
        }
        // Nobody knows how much is in a pipe. What is missing is said when its turn comes.
        let found = settings.inputs.iter().filter_map(|input| fs::metadata(input).ok());
        let sizes = found.map(|found| found.is_file().then_some(found.len()));
        let total = sizes.sum::<Option<u64>>()?;
        if settings.inputs.iter().any(|input| input == "-") {
            return None;
        }
        let (begun, before, codes) = (Instant::now(), 0, 0);
        let next = begun + PATIENCE;
        *state() = Some(State { begun, next, total, before, current: None, codes, line: None });
        Some(Progress)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(mut state) = state().take() {
            state.clear();
        }
    }
}

impl<'c> Observer<'c> for &Progress {
    fn observe(&mut self, observed: &Observed<'_, 'c>) -> io::Result<()> {
        if let Some(state) = state().as_mut() {
            state.codes += observed.annotations.len() as u64;
            if let Some(current) = &mut state.current {
                current.bytes += observed.block.bytes.len() as u64;
            }
            let now = Instant::now();
            if now >= state.next {
                state.next = now + PAUSE;
                state.show();
            }
        }
        Ok(())
    }
}

/// Whether someone can see it, and it disturbs nobody: files are read, standard error is a
/// terminal, and standard output is neither one nor a pipe, whose reader (`less`, `grep`) may show
/// it there.
pub(crate) fn is_wanted(settings: &Settings) -> bool {
    let reaches_a_terminal = || {
        let kind = output::stdout_file().ok().and_then(|stdout| interrupt::metadata(&stdout));
        io::stdout().is_terminal() || kind.is_none_or(|found| is_pipe(&found))
    };
    settings.hints
        && !settings.inputs.is_empty()
        && io::stderr().is_terminal()
        && !reaches_a_terminal()
}

#[cfg(unix)]
fn is_pipe(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    found.file_type().is_fifo()
}

/// Windows says nothing about a pipe.
#[cfg(not(unix))]
fn is_pipe(_: &fs::Metadata) -> bool {
    false
}

/// From now on, this file is read.
pub(crate) fn begin_file(file: &File) {
    if let Some(state) = state().as_mut() {
        state.before += state.current.take().map_or(0, |current| current.size);
        let size = file.metadata().map_or(0, |found| found.len());
        let file = file.try_clone().ok();
        state.current = file.map(|file| Current { file, size, bytes: 0 });
    }
}

/// Does something with standard error while no progress is on it.
pub(crate) fn suspend<T>(act: impl FnOnce() -> T) -> T {
    if let Some(state) = state().as_mut() {
        state.clear();
    }
    act()
}

/// What a terminal shows at the cursor for Ctrl-C: `^C`. It must not wrap, because only one line is
/// taken away.
const ECHO_COLUMNS: usize = 2;

impl State {
    fn show(&mut self) {
        let position = self.before + self.current.as_mut().map_or(0, Current::position);
        let rate = position as f64 / self.begun.elapsed().as_secs_f64();
        let figures = Figures { done: position, total: self.total, rate, codes: self.codes };
        let columns = screen::stderr_width().map_or(0, |width| width - ECHO_COLUMNS);
        let line = figures.line(columns);
        self.clear();
        // Without it, only the progress is missing.
        let _ = self.line.get_or_insert_with(Term::stderr).write_str(&line);
    }

    /// Takes the line away.
    fn clear(&mut self) {
        if let Some(line) = self.line.take() {
            let _ = line.clear_line();
        }
    }
}

/// What a line of progress says.
struct Figures {
    /// Bytes that were read.
    done: u64,
    /// Bytes of all files.
    total: u64,
    /// Bytes per second.
    rate: f64,
    codes: u64,
}

impl Figures {
    /// All of it in at most `columns` columns; from 38 on, each figure is whole.
    fn line(&self, columns: usize) -> String {
        let codes = if self.codes == 1 { "code" } else { "codes" };
        let [done, total, rate] = [self.done as f64, self.total as f64, self.rate]
            .map(|bytes| layout::rounded(bytes, &BYTES, 1024.0));
        let percent = self.done.min(self.total) * 100 / self.total.max(1);
        let line = format!("{done} of {total} ({percent}%), {rate}/s, {} {codes}", self.codes);
        if line.width() <= columns {
            return line;
        }
        let count = layout::rounded(self.codes as f64, &COUNTS, 1000.0);
        layout::cut(&format!("{percent}%  {done}  {rate}/s  {count} {codes}"), columns)
    }
}

/// Bytes, in steps of 1024.
const BYTES: [&str; 6] = [" B", " KiB", " MiB", " GiB", " TiB", " PiB"];
/// Codes, in steps of 1000.
const COUNTS: [&str; 5] = ["", "k", "M", "G", "T"];

impl Current {
    /// How many of its stored bytes were read.
    fn position(&mut self) -> u64 {
        // A file that is not packed may be read without its position, by its pages.
        let read = self.file.stream_position().unwrap_or(0);
        if read == 0 { self.bytes.min(self.size) } else { read.min(self.size) }
    }
}

fn state() -> MutexGuard<'static, Option<State>> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_whole_even_on_a_narrow_screen() {
        let mut figures =
            Figures { done: 181_403_648, total: 725_614_592, rate: 363_855_872.0, codes: 663_421 };
        assert_eq!(figures.line(58), "173 MiB of 692 MiB (25%), 347 MiB/s, 663421 codes");
        assert_eq!(figures.line(38), "25%  173 MiB  347 MiB/s  663k codes");
        figures.done = figures.total;
        assert_eq!(figures.line(38), "100%  692 MiB  347 MiB/s  663k codes");
        assert_eq!(figures.line(18), "100%  692 MiB  34…");
    }
}
