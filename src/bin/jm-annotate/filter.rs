//! The filter: passes every input through, then writes what was asked for at the end.
//!
//! Owns the order of inputs, reports and messages. Knows nothing about formats or rules.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;

use jm_annotate::annotate::Annotator;
use jm_annotate::catalog::Catalog;
use jm_annotate::render::Renderer;
use jm_annotate::report::{JsonLines, Kind, Outcome, Tally, azure, github, summary};
use jm_annotate::stream::{Observer, Only, Output, Plain, Stream, StreamError, Totals};

use crate::hint::Hint;
use crate::input::{Content, Head, INPUT_IS_OUTPUT, Input, Name};
use crate::interrupt::{Stopped, Text};
use crate::output::{STDOUT, Writer, stdout_file, writer, written};
use crate::settings::{MainOutput, Settings};
use crate::values::Target;
use crate::{Status, complain, interrupt, messages, reason, reports, targets};

/// Passes the inputs through and writes what was asked for.
pub(crate) fn run(settings: &Settings, catalog: &Catalog<'_>) -> anyhow::Result<Status> {
    if settings.ends_with_something() {
        interrupt::install()?;
    }
    let stdout = stdout_file()?;
    targets::check(settings, &stdout)?;
    let mut tally = Tally::default();
    let mut hint = Hint::default();
    let passed = pass_all(settings, catalog, &stdout, &mut tally, &mut hint)?;
    let ended = write_ends(settings, &tally, &stdout);
    hint.show();
    Ok(passed.max(ended))
}

/// Standard output while the log goes there.
enum LogWriter {
    Bare(File),
    /// For GitHub's runner, which would obey what the log holds.
    Fenced(github::Fence<Writer>),
    /// For Azure's agent, which would too.
    Disarmed(azure::Disarmed<Writer>),
}

impl LogWriter {
    fn open(main_output: MainOutput, stdout: &File) -> io::Result<Self> {
        Ok(match main_output {
            MainOutput::EchoedLog(Kind::Github) => {
                LogWriter::Fenced(github::Fence::open(writer(stdout)?)?)
            }
            MainOutput::EchoedLog(_) => LogWriter::Disarmed(azure::Disarmed::new(writer(stdout)?)),
            _ => LogWriter::Bare(stdout.try_clone()?),
        })
    }

    fn writer(&mut self) -> io::Result<Box<dyn Write + '_>> {
        Ok(match self {
            LogWriter::Bare(file) => Box::new(writer(file)?),
            LogWriter::Fenced(fence) => Box::new(fence),
            LogWriter::Disarmed(disarmed) => Box::new(disarmed),
        })
    }

    fn close(self) -> io::Result<()> {
        match self {
            LogWriter::Bare(_) => Ok(()),
            LogWriter::Fenced(fence) => fence.close().map(drop),
            LogWriter::Disarmed(disarmed) => disarmed.close().map(drop),
        }
    }
}

fn pass_all<'c>(
    settings: &Settings,
    catalog: &'c Catalog<'c>,
    stdout: &File,
    tally: &mut Tally<'c>,
    hint: &mut Hint,
) -> anyhow::Result<Status> {
    let mut log_writer = match LogWriter::open(settings.main_output, stdout) {
        Ok(log_writer) => log_writer,
        Err(error) => return Ok(written(STDOUT, Err(error))),
    };
    let mut json = JsonLines::new(writer(stdout)?);
    let mut observers: Vec<&mut dyn Observer<'c>> = Vec::new();
    if settings.main_output == MainOutput::Json {
        observers.push(&mut json);
    }
    if settings.ends_with_something() {
        observers.push(&mut *tally);
    }
    if settings.hints && settings.main_output == MainOutput::Log && io::stdout().is_terminal() {
        observers.push(hint);
    }
    let annotator = Annotator::new(catalog, settings.strictness);
    let mut stream = Stream::new(annotator, output(settings), observers)
        .on_write_error(settings.on_write_error());
    let (mut status, mut empty) = (Status::Success, Vec::new());
    for name in names(settings) {
        if interrupt::came() {
            break;
        }
        let bytes_before = stream.totals().bytes;
        let passed = pass_one(settings, &mut stream, &mut log_writer, stdout, &name);
        let (ControlFlow::Continue(of_input) | ControlFlow::Break(of_input)) = passed;
        status = status.max(of_input);
        if passed.is_break() {
            break;
        }
        let is_empty = of_input == Status::Success && stream.totals().bytes == bytes_before;
        if is_empty && settings.fail_on.is_some() {
            complain(&format!("{}: the input is empty", name.display()));
            empty.push(name);
        }
    }
    let (totals, error) = (stream.totals(), stream.write_error());
    drop(stream);
    tally.add_totals(totals);
    empty.iter().for_each(|name| tally.add_empty_input(name.bytes()));
    status = status.max(written(STDOUT, error.map_or(Ok(()), Err)));
    Ok(status.max(written(STDOUT, log_writer.close())))
}

fn output<'c>(settings: &Settings) -> Output<'c> {
    let renderer = Renderer::new(settings.languages, settings.place, settings.palette);
    match (settings.main_output, settings.only) {
        (MainOutput::Json | MainOutput::Report(_), _) => Output::Nothing,
        (MainOutput::Log | MainOutput::EchoedLog(_), Some(around)) => {
            Output::Only(Only::new(renderer, around))
        }
        (MainOutput::Log | MainOutput::EchoedLog(_), None) => Output::Log(renderer),
    }
}

fn names(settings: &Settings) -> Vec<Name> {
    if settings.inputs.is_empty() {
        if settings.hints && io::stdin().is_terminal() {
            complain(
                "reading from standard input, which is a terminal; typical use: \
                 adb logcat | jm-annotate (see --help)",
            );
        }
        return vec![Name::Stdin];
    }
    settings.inputs.iter().map(|input| Name::new(input)).collect()
}

/// Passes one input. `Break` means that nothing more can be written: the pass is over. An input
/// that a signal has ended is no failure.
fn pass_one(
    settings: &Settings,
    stream: &mut Stream<'_, '_>,
    log_writer: &mut LogWriter,
    stdout: &File,
    name: &Name,
) -> ControlFlow<Status, Status> {
    let failed = |reason: &str| {
        complain(&format!("{}: {reason}", name.display()));
        ControlFlow::Continue(Status::Failure)
    };
    let input = match Input::open(name) {
        Ok(input) => input,
        Err(error) if Stopped::is(&error) => return ControlFlow::Continue(Status::Success),
        Err(error) => return failed(&reason(&error)),
    };
    if input.is_file(stdout) {
        return failed(INPUT_IS_OUTPUT);
    }
    let passed = match (input.content, log_writer) {
        (Content::Plain(text), LogWriter::Bare(file)) => {
            pass_plain(settings, stream, text, file, name)
        }
        (content, log_writer) => {
            log_writer.writer().map_err(StreamError::Write).and_then(|writer| {
                stream.pass(name.bytes(), &mut Plain::new(content.into_reader(), writer))
            })
        }
    };
    match passed {
        Ok(_) => ControlFlow::Continue(Status::Success),
        Err(StreamError::Read(error)) if Stopped::is(&error) => {
            ControlFlow::Continue(Status::Success)
        }
        Err(StreamError::Read(error)) => failed(&reason(&error)),
        Err(StreamError::Write(error) | StreamError::Observe(error)) => {
            ControlFlow::Break(written(STDOUT, Err(error)))
        }
    }
}

/// Bytes from a descriptor to a descriptor: on Linux by their pages, if possible.
#[cfg(target_os = "linux")]
fn pass_plain(
    settings: &Settings,
    stream: &mut Stream<'_, '_>,
    text: Text<Head>,
    file: &File,
    name: &Name,
) -> Result<Totals, StreamError> {
    use jm_annotate::stream::splice::{Spans, Spliced};
    use std::os::unix::fs::FileTypeExt;
    let is_pipe = file.metadata().is_ok_and(|found| found.file_type().is_fifo());
    let is_whole_log = settings.main_output == MainOutput::Log && settings.only.is_none();
    let spans = if is_pipe && is_whole_log { Spans::Spliced } else { Spans::Copied };
    let input = splice_input(&text.reader);
    let file = file.try_clone().map_err(StreamError::Write)?;
    stream.pass(name.bytes(), &mut Spliced::new(text, input, file, spans))
}

#[cfg(target_os = "linux")]
fn splice_input(head: &Head) -> jm_annotate::stream::splice::Input {
    use jm_annotate::stream::splice::Input;
    use std::io::Seek;
    use std::os::unix::fs::FileTypeExt;
    let read_ahead = head.bytes.get_ref().len() as u64;
    let mut file = head.reader.file();
    match file.metadata().map(|found| found.file_type()) {
        Ok(kind) if kind.is_fifo() => Input::Pipe,
        Ok(kind) if kind.is_file() => match file.stream_position() {
            Ok(position) => Input::File(position.saturating_sub(read_ahead)),
            Err(_) => Input::Other,
        },
        _ => Input::Other,
    }
}

#[cfg(not(target_os = "linux"))]
fn pass_plain(
    _: &Settings,
    stream: &mut Stream<'_, '_>,
    text: Text<Head>,
    file: &File,
    name: &Name,
) -> Result<Totals, StreamError> {
    let writer = writer(file).map_err(StreamError::Write)?;
    stream.pass(name.bytes(), &mut Plain::new(text, writer))
}

/// Writes what was asked for at the end: reports, the summary, the result of `--fail-on`.
fn write_ends(settings: &Settings, tally: &Tally<'_>, stdout: &File) -> Status {
    let outcome = Outcome::new(tally, settings.fail_on.as_ref());
    let mut status = Status::Success;
    if let MainOutput::EchoedLog(kind) | MainOutput::Report(kind) = settings.main_output {
        let result = writer(stdout).and_then(|writer| {
            let mut writer = io::BufWriter::new(writer);
            kind.write(&outcome, &mut writer)?;
            writer.flush()
        });
        status = status.max(written(STDOUT, result));
    }
    for report in &settings.reports {
        if let Target::Path(path) = &report.target {
            let write = |writer: &mut dyn Write| report.kind.write(&outcome, writer);
            status = status.max(reports::write(path, &write));
        }
        if report.kind == Kind::Github {
            status = status.max(reports::append_step_summary(&outcome));
        }
    }
    if settings.summary {
        status = status.max(messages::write(|writer| summary::write(&outcome, writer)));
    }
    match outcome.failure() {
        Some(failure) => {
            status.max(messages::say(&format!("--fail-on: {failure}")).max(Status::Found))
        }
        None => status,
    }
}
