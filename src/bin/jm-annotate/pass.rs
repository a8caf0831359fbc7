//! Passes one input through: its text, or that of each file in it.
//!
//! Owns what it means that an input cannot be read, or has nothing in it. Knows no format, and
//! nothing about what comes after the inputs.

use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;

use jm_annotate::catalog::Catalog;
use jm_annotate::report::{EmptyInputs, Extent, UnreadInputs};
use jm_annotate::stream::{OnWriteError, Plain, Stream, StreamError, Totals, Writers};

use crate::ahead::Ahead;
use crate::container::Container;
use crate::decode;
use crate::input::{Archive, Content, Head, Input, Name};
use crate::interrupt::{self, Missing, Stopped, Text};
use crate::log_writer::LogWriter;
use crate::output::{STDOUT, written};
use crate::plain;
use crate::settings::{MainOutput, Settings};
use crate::zip::{self, Member};
use crate::{Status, complain, lookup, messages, reason};

/// A pass over inputs.
pub(crate) struct Pass<'p, 'c, 'o> {
    settings: &'p Settings,
    catalog: &'c Catalog<'c>,
    pub(crate) stream: Stream<'c, 'o>,
    pub(crate) log_writer: LogWriter,
    stdout: &'p File,
    writers: Writers,
    pub(crate) empty: EmptyInputs,
    pub(crate) unread: UnreadInputs,
    /// What a signal has left of the current input; `None` if it was read to its end.
    missing: Option<Missing>,
    /// A failure if something that a passing build depends on could not be said.
    pub(crate) said: Status,
}

/// What became of an input. `Break` means that nothing more can be written: the pass is over.
type Passed = ControlFlow<Status, Status>;

const PASSED: Passed = ControlFlow::Continue(Status::Success);
const FAILED: Passed = ControlFlow::Continue(Status::Failure);

impl<'p, 'c, 'o> Pass<'p, 'c, 'o> {
    /// A pass that has not begun.
    pub(crate) fn new(
        settings: &'p Settings,
        catalog: &'c Catalog<'c>,
        stream: Stream<'c, 'o>,
        stdout: &'p File,
    ) -> Self {
        Pass {
            settings,
            catalog,
            stream,
            log_writer: LogWriter::open(settings.main_output, stdout),
            stdout,
            writers: Writers::default(),
            empty: EmptyInputs::default(),
            unread: UnreadInputs::default(),
            missing: None,
            said: Status::Success,
        }
    }

    /// How much was read of the last input, which had `text_before` bytes of text before it, if a
    /// signal has cut it.
    pub(crate) fn cut(&self, text_before: u64) -> Option<Extent> {
        self.is_cut().then(|| self.extent(text_before))
    }

    fn is_cut(&self) -> bool {
        self.missing >= Some(Missing::End)
    }

    fn extent(&self, text_before: u64) -> Extent {
        let has_part = self.stream.totals().text_bytes > text_before;
        if has_part { Extent::Part } else { Extent::Nothing }
    }

    /// Passes one input. One that a signal has ended is no failure.
    pub(crate) fn input(&mut self, name: &Name) -> Passed {
        self.missing = None;
        let text_before = self.stream.totals().text_bytes;
        let input = match Input::open(name, self.settings.encoding) {
            Ok(input) => input,
            Err(error) => {
                let error = not_opened(name, error, self.catalog);
                let passed = self.failed(name, &error, text_before);
                return self.check_text(name, passed, text_before);
            }
        };
        if let Err(error) = input.check_is_not(self.stdout) {
            return self.failed(name, &error, text_before);
        }
        let passed = match input.content {
            Content::Zip(archive) => return self.archive(name, archive),
            Content::Plain(mut text) => match &self.log_writer {
                LogWriter::Bare(file) => {
                    let file = file.try_clone().map_err(StreamError::Write);
                    file.and_then(|file| self.plain(text, &file, name))
                }
                _ => self.text(&mut text, name),
            },
            Content::Decoded(mut text) => self.text(&mut text, name),
        };
        let passed = self.ended(name, passed, text_before);
        self.check_text(name, passed, text_before)
    }

    /// Complains of an input that had no text.
    fn check_text(&mut self, name: &Name, passed: Passed, text_before: u64) -> Passed {
        if self.was_empty(passed, text_before) {
            self.complain_of_empty(name, INPUT_IS_EMPTY);
        }
        self.check_wait(name, text_before);
        passed
    }

    /// Names an input in the reports if a signal ended the wait for its first text: nobody knows
    /// what would have come.
    fn check_wait(&mut self, name: &Name, text_before: u64) {
        if self.missing == Some(Missing::Nothing) && self.extent(text_before) == Extent::Nothing {
            self.unread.add(name.bytes(), Extent::Nothing, "a signal came before it had any text");
        }
    }

    /// Whether an input had no text, which matters if there is a policy. What a signal has left of
    /// it may have some.
    fn was_empty(&self, passed: Passed, text_before: u64) -> bool {
        let has_text = self.stream.totals().text_bytes > text_before;
        passed == PASSED && !has_text && !self.has_rest() && self.settings.fail_on.is_some()
    }

    fn has_rest(&self) -> bool {
        self.missing == Some(Missing::Rest)
    }

    /// Complains of an input without text; what is said is different if a signal has ended it.
    fn complain_of_empty(&mut self, name: &Name, what: &str) {
        self.say(name, if interrupt::came() { ENDED_BEFORE_TEXT } else { what });
        self.empty.add(name.bytes());
    }

    /// Says what an input lacks. Nothing else says so, and if it is lost, that is a failure.
    fn say(&mut self, name: &Name, what: &str) {
        self.said = self.said.max(messages::say(&format!("{}: {what}", name.display())));
    }

    /// Passes the files in a zip, and says how many were not text.
    fn archive(&mut self, name: &Name, archive: Archive) -> Passed {
        let text_before = self.stream.totals().text_bytes;
        let mut members = Members::new(archive.kind.text_after_signal(), 0);
        let read = archive.for_each(&mut |member| self.member(name, member, &mut members));
        let passed = self.end(name, members, read, text_before);
        self.check_wait(name, text_before);
        passed
    }

    /// The end of an archive: says what was not read, and what was empty.
    fn end(
        &mut self,
        name: &Name,
        mut members: Members,
        read: io::Result<()>,
        text_before: u64,
    ) -> Passed {
        if let Err(error) = read {
            members.add(self.failed(name, &error, text_before));
        }
        let Members { passed, binary, empty, has_text, .. } = members;
        if binary > 0 {
            let (files, were) = if binary == 1 { ("file", "was") } else { ("files", "were") };
            self.say(name, &format!("{binary} binary {files} {were} skipped"));
        }
        if let Some(more @ 1..) = empty.checked_sub(EMPTY_SAID_MAX) {
            let (files, are) = if more == 1 { ("file", "is") } else { ("files", "are") };
            self.say(name, &format!("{more} more {files} {are} empty"));
        }
        let is_empty = passed == PASSED && !has_text && empty == 0 && !self.has_rest();
        if is_empty && self.settings.fail_on.is_some() {
            let what = if binary == 0 { INPUT_IS_EMPTY } else { "the archive has no text" };
            self.complain_of_empty(name, what);
        }
        passed
    }

    fn member(
        &mut self,
        archive: &Name,
        member: Member<'_>,
        members: &mut Members,
    ) -> ControlFlow<()> {
        if interrupt::came() && members.text_left == 0 {
            self.missing = Some(Missing::Rest);
            return ControlFlow::Break(());
        }
        let name = archive.member(member.name);
        let passed = match member.content {
            Ok(bytes) => self.member_content(&name, bytes, members),
            Err(error) => self.failed(&name, &error, self.stream.totals().text_bytes),
        };
        members.add(passed);
        // What comes after a file that a signal has cut is found only by reading the file whole.
        self.missing = self.missing.map(|missing| missing.max(Missing::End));
        match passed.is_break() || self.missing.is_some() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    fn member_content(
        &mut self,
        name: &Name,
        bytes: Box<dyn Read + '_>,
        members: &mut Members,
    ) -> Passed {
        match decode::sniff(bytes) {
            Err(error) => self.failed(name, &error, self.stream.totals().text_bytes),
            Ok((Container::Zip, bytes)) => self.inner_archive(name, bytes, members),
            Ok((container, bytes)) => self.member_text(name, container, bytes, members),
        }
    }

    /// Passes the files in a zip that is in an archive.
    fn inner_archive(&mut self, name: &Name, bytes: impl Read, members: &mut Members) -> Passed {
        let text_before = self.stream.totals().text_bytes;
        if members.depth > 0 {
            let what = "a zip in a zip in a zip is not read; unpack the outer ones first";
            return self.failed(name, &io::Error::other(what), text_before);
        }
        let mut inner = Members::new(members.text_left, members.depth + 1);
        let read = zip::for_each(bytes, &mut |member| self.member(name, member, &mut inner));
        members.text_left = inner.text_left;
        // Whether there is text in it was said already.
        members.has_text = true;
        self.end(name, inner, read, text_before)
    }

    /// Passes a file in an archive, unless it is binary.
    fn member_text(
        &mut self,
        name: &Name,
        container: Container,
        bytes: impl Read,
        members: &mut Members,
    ) -> Passed {
        let text_before = self.stream.totals().text_bytes;
        let text = decode::text(container, Box::new(bytes), self.settings.encoding)
            .and_then(|text| Ahead::read(text, BINARY_BYTES, |_| false));
        let mut text = match text {
            Ok(text) => text,
            Err(error) => return self.failed(name, &error, text_before),
        };
        if is_binary(text.first_bytes()) {
            // A broken file may look like a binary one; its checksum is at its end.
            let mut text = Text::new(&mut text, members.text_left);
            let read = io::copy(&mut text, &mut io::sink());
            members.text_left = text.text_left();
            match read {
                Ok(_) => members.binary += 1,
                Err(error) => return self.failed(name, &error, text_before),
            }
            return PASSED;
        }
        let mut text = Text::new(text, members.text_left);
        let passed = self.text(&mut text, name);
        members.text_left = text.text_left();
        let passed = self.ended(name, passed, text_before);
        self.add_text(name, members, self.was_empty(passed, text_before));
        passed
    }

    /// Counts a file of an archive that is text, or a folder, which some programs pack too. If many
    /// are empty, the first ones are named.
    fn add_text(&mut self, name: &Name, members: &mut Members, is_empty: bool) {
        if is_empty && name.bytes().is_some_and(|name| name.ends_with(b"/")) {
            return;
        }
        members.has_text |= !is_empty;
        members.empty += u64::from(is_empty);
        match (is_empty, members.empty <= EMPTY_SAID_MAX) {
            (false, _) => {}
            (true, true) => self.complain_of_empty(name, INPUT_IS_EMPTY),
            (true, false) => self.empty.add(name.bytes()),
        }
    }

    fn ended(
        &mut self,
        name: &Name,
        passed: Result<Totals, StreamError>,
        text_before: u64,
    ) -> Passed {
        match passed {
            Ok(_) => PASSED,
            Err(StreamError::Read(error)) => self.failed(name, &error, text_before),
            Err(StreamError::Write(error) | StreamError::Observe(error)) => {
                if self.settings.on_write_error() == OnWriteError::End {
                    return ControlFlow::Break(written(STDOUT, Err(error)));
                }
                // The stream keeps the errors of writes. This one is from making the writer, as
                // where no descriptor is left, so nothing of the input was read.
                let error = io::Error::other(format!("{STDOUT}: {}", reason(&error)));
                self.failed(name, &error, text_before)
            }
        }
    }

    /// Says why an input cannot be read, here and in the reports, unless it is because of a signal.
    fn failed(&mut self, name: &Name, error: &io::Error, text_before: u64) -> Passed {
        if let Some(Stopped(missing)) = Stopped::of(error) {
            self.missing = self.missing.max(Some(missing));
            return PASSED;
        }
        let reason = reason(error);
        complain(&format!("{}: {reason}", name.display()));
        let extent = self.extent(text_before);
        self.unread.add(name.bytes(), extent, &reason);
        FAILED
    }

    /// Text from a decoder, or to a writer that is more than a descriptor.
    fn text(&mut self, text: &mut dyn Read, name: &Name) -> Result<Totals, StreamError> {
        let writer = self.log_writer.writer().map_err(StreamError::Write)?;
        self.stream.pass(name.bytes(), &mut Plain::new(text, writer))
    }

    fn plain(&mut self, text: Text<Head>, file: &File, name: &Name) -> Result<Totals, StreamError> {
        let is_whole = self.settings.main_output == MainOutput::Log && self.settings.only.is_none();
        let extent = if is_whole { plain::Extent::Whole } else { plain::Extent::Part };
        plain::pass(&mut self.stream, name, text, file, &mut self.writers, extent)
    }
}

/// What is said of an input without text.
const INPUT_IS_EMPTY: &str = "the input is empty";
/// What is said of one that a signal has ended; it may have been cut, or not opened yet.
const ENDED_BEFORE_TEXT: &str = "a signal ended the input before it had any text";

/// How many empty files of an archive are named on standard error: more lines would hide other
/// messages.
const EMPTY_SAID_MAX: u64 = 3;

/// How many bytes at the beginning of a file in an archive are searched for a NUL, which no text
/// has: about as many as Git searches.
const BINARY_BYTES: usize = 8 * 1024;

fn is_binary(first_bytes: &[u8]) -> bool {
    memchr::memchr(0, first_bytes).is_some()
}

/// The files of an archive so far.
struct Members {
    /// How much of their text is read after a signal.
    text_left: usize,
    /// How many archives this one is in.
    depth: u32,
    passed: Passed,
    binary: u64,
    /// How many have no text.
    empty: u64,
    has_text: bool,
}

impl Members {
    fn new(text_left: usize, depth: u32) -> Self {
        Members { text_left, depth, passed: PASSED, binary: 0, empty: 0, has_text: false }
    }

    fn add(&mut self, passed: Passed) {
        self.passed = match (self.passed, passed) {
            (ControlFlow::Break(status), _) => ControlFlow::Break(status),
            (ControlFlow::Continue(before), ControlFlow::Continue(status)) => {
                ControlFlow::Continue(before.max(status))
            }
            (ControlFlow::Continue(before), ControlFlow::Break(status)) => {
                ControlFlow::Break(before.max(status))
            }
        };
    }
}

/// Why an input cannot be opened. What a beginner types may be no name of a file.
fn not_opened(name: &Name, error: io::Error, catalog: &Catalog<'_>) -> io::Error {
    let is_missing = error.kind() == io::ErrorKind::NotFound;
    match name.command_meant(|range| lookup::helps(range, catalog)).filter(|_| is_missing) {
        Some(command) => io::Error::other(format!("{}; did you mean `{command}`?", reason(&error))),
        None => error,
    }
}
