//! Messages on standard error.
//!
//! Owns the policy for them: what is not our own text is made visible, a message is written whole,
//! even to a descriptor in non-blocking mode, and one that is lost costs the status. A closed pipe
//! is no loss: whoever read it has seen enough.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Write};

use jm_annotate::layout;
use jm_annotate::render::Palette;
use jm_annotate::visible::inert;

use crate::args::typed_is_inert;
use crate::{Status, environment, output, progress, screen, settings};

/// Writes a message that does not decide the status: a hint, or the reason for a failure.
pub(crate) fn complain(what: &str) {
    let _ = say(what);
}

/// Writes a message that does not decide the status, with details: lines that go below it and may
/// have columns.
pub(crate) fn complain_with(what: &str, details: &[String]) {
    let width = screen::stderr_width();
    let line = format!("jm-annotate: {}", inert(what));
    let details: Vec<_> = details.iter().map(|line| inert(line)).collect();
    let details = layout::page(&details.join("\n"), 0, width);
    let _ = write_text(&format!("{}\n{details}", layout::hanging(&line, 2, width)));
}

/// Writes a message as one line, which a terminal gets in pieces that fit. A failure if it is lost.
#[must_use]
pub(crate) fn say(what: &str) -> Status {
    let line = format!("jm-annotate: {}", inert(what));
    write_text(&format!("{}\n", layout::hanging(&line, 2, screen::stderr_width())))
}

/// Writes a usage error in clap's words.
///
/// clap quotes what was typed as it is, between its own line breaks and colors. If that is not
/// inert, only the first paragraph is written, which says what is wrong, as one line.
pub(crate) fn usage_error(error: &clap::Error) {
    let text = if typed_is_inert() {
        styled(error, &io::stderr())
    } else {
        let whole = error.render().ansi().to_string();
        inert(first_paragraph(&whole)).into_owned()
    };
    let _ = write_text(&layout::page(&text, 2, screen::stderr_width()));
}

/// Writes what clap returns as an error and is none: the help or the version.
#[must_use]
pub(crate) fn answer(answer: &clap::Error) -> Status {
    let text = styled(answer, &io::stdout());
    output::print(&layout::page(&text, 0, Some(screen::page_width())))
}

/// What a usage error says is wrong; the usage follows.
pub(crate) fn first_paragraph(error: &str) -> &str {
    error.split("\n\n").next().unwrap_or_default()
}

/// What clap says, in its colors if the output takes them.
fn styled(said: &clap::Error, output: &impl IsTerminal) -> String {
    match settings::palette(environment::color(), output) {
        Palette::Plain => said.render().to_string(),
        Palette::Ansi16 | Palette::Ansi256 => said.render().ansi().to_string(),
    }
}

fn write_text(text: &str) -> Status {
    write(|writer| writer.write_all(text.as_bytes()))
}

/// Writes a text that is safe to show. A failure if a part of it is lost.
#[must_use]
pub(crate) fn write(text: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Status {
    let written = || text(&mut stderr()?);
    match progress::suspend(written) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Status::Failure,
        _ => Status::Success,
    }
}

/// Standard error, written to without a second descriptor: there may be none left. The standard
/// library's own takes one that cannot be written for one that was closed on purpose.
#[cfg(unix)]
fn stderr() -> io::Result<impl Write> {
    use std::os::fd::{AsFd, BorrowedFd};

    struct Raw(io::Stderr);

    impl AsFd for Raw {
        fn as_fd(&self) -> BorrowedFd<'_> {
            self.0.as_fd()
        }
    }

    impl Write for Raw {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(rustix::io::write(&self.0, bytes)?)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    Ok(jm_annotate::stream::Blocking(Raw(io::stderr())))
}

/// Standard error. A console of Windows wants UTF-16, which the standard library writes; that takes
/// a stream that is not there for one that was closed on purpose, which a file does not.
#[cfg(not(unix))]
fn stderr() -> io::Result<Box<dyn Write>> {
    Ok(match io::stderr() {
        stderr if stderr.is_terminal() => Box::new(stderr),
        _ => Box::new(stderr_file()?),
    })
}

/// Standard error as a file.
pub(crate) fn stderr_file() -> io::Result<File> {
    output::file_of(&io::stderr())
}
