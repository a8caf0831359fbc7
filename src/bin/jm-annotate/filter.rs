//! The filter: every input through one pass, then what was asked for at the end.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Write};

use jm_annotate::annotate::Annotator;
use jm_annotate::catalog::Catalog;
use jm_annotate::catalog::Lookup;
use jm_annotate::render::Renderer;
use jm_annotate::report::json::JsonLines;
use jm_annotate::report::{Kind, Tally, github, summary};
use jm_annotate::stream::{
    Needs, Observed, Observer, OnWriteError, Only, Output, Plain, Stream, StreamError,
};

use crate::input::{Content, Input, Name};
use crate::settings::{MainOutput, Settings, Target};
use crate::{Status, complain, interrupt, reason, settings};

/// Passes the inputs through and writes what was asked for.
pub(crate) fn run(settings: &Settings, catalog: &Catalog<'_>) -> anyhow::Result<Status> {
    if settings.ends_with_something() {
        interrupt::install()?;
    }
    let stdout = settings::stdout_file()?;
    refuse_reports_on_inputs(settings, &stdout)?;
    let mut tally = Tally::default();
    let mut hint = Hint::new(settings);
    let status = pass_all(settings, catalog, &stdout, &mut tally, &mut hint)?;
    let status = status.max(write_ends(settings, &tally, &stdout));
    hint.show();
    Ok(status)
}

/// A report may not take the place of a log that it is about, nor of the annotated one.
fn refuse_reports_on_inputs(settings: &Settings, stdout: &File) -> anyhow::Result<()> {
    let stdin = Input::stdin_of(&settings.inputs)?;
    for path in settings.reports.iter().filter_map(|(_, target)| target.path()) {
        let is_stdin = stdin.as_ref().is_some_and(|stdin| settings::is_file(path, stdin));
        if is_stdin || settings.inputs.iter().any(|input| settings::same_file(path, input)) {
            anyhow::bail!("{}: the report would take the place of an input", path.display());
        }
        if !path.is_symlink() && settings::is_file(path, stdout) {
            anyhow::bail!(
                "{}: the report would take the place of standard output; give it another name",
                path.display()
            );
        }
    }
    Ok(())
}

/// Standard output, with what is added around a log that GitHub reads.
enum Out {
    Bare(File),
    Fenced(github::Fence<Writer>),
}

#[cfg(unix)]
type Writer = jm_annotate::stream::Blocking<File>;
#[cfg(not(unix))]
type Writer = File;

/// A writer for whole blocks to a descriptor, in whatever mode it is.
fn writer(file: &File) -> io::Result<Writer> {
    let file = file.try_clone()?;
    #[cfg(unix)]
    return Ok(jm_annotate::stream::Blocking(file));
    #[cfg(not(unix))]
    Ok(file)
}

fn pass_all<'c>(
    settings: &Settings,
    catalog: &'c Catalog<'c>,
    stdout: &File,
    tally: &mut Tally<'c>,
    hint: &mut Hint,
) -> anyhow::Result<Status> {
    let mut out = match settings.main_output {
        MainOutput::FencedLog(_) => match github::Fence::open(writer(stdout)?) {
            Ok(fence) => Out::Fenced(fence),
            Err(error) => return Ok(write_failed(&error)),
        },
        _ => Out::Bare(stdout.try_clone()?),
    };
    let mut json =
        JsonLines::new(Closable { writer: writer(stdout)?, reads_on: settings.reads_on() });
    let mut observers: Vec<&mut dyn Observer<'c>> = Vec::new();
    if settings.main_output == MainOutput::Json {
        observers.push(&mut json);
    }
    if settings.ends_with_something() {
        observers.push(&mut *tally);
    }
    if hint.is_wanted {
        observers.push(hint);
    }
    let on_write_error = if settings.reads_on() { OnWriteError::ReadOn } else { OnWriteError::End };
    let annotator = Annotator::new(catalog, settings.strictness);
    let mut stream =
        Stream::new(annotator, output(settings), observers).on_write_error(on_write_error);
    let mut status = Status::Success;
    for name in names(settings) {
        match pass_one(settings, &mut stream, &mut out, stdout, name) {
            Ok(passed) => status = status.max(passed),
            Err(ended) => {
                status = status.max(ended);
                break;
            }
        }
    }
    let (totals, failed) = (stream.totals(), stream.write_error());
    drop(stream);
    tally.add_totals(totals);
    if let Some(error) = failed {
        status = status.max(write_failed(&error));
    }
    if let Out::Fenced(fence) = out
        && let Err(error) = fence.close()
    {
        status = status.max(write_failed(&error));
    }
    Ok(status)
}

fn output<'c>(settings: &Settings) -> Output<'c> {
    let renderer = Renderer::new(settings.languages, settings.place, settings.palette);
    match (settings.main_output, settings.only) {
        (MainOutput::Json | MainOutput::Report(_), _) => Output::Nothing,
        (MainOutput::Log | MainOutput::FencedLog(_), Some(around)) => {
            Output::Only(Only::new(renderer, around))
        }
        (MainOutput::Log | MainOutput::FencedLog(_), None) => Output::Log(renderer),
    }
}

fn names(settings: &Settings) -> Vec<Name> {
    if settings.inputs.is_empty() {
        if settings.hints && io::stdin().is_terminal() {
            complain(
                "reading standard input, which is a terminal; usual is: adb logcat | jm-annotate (--help tells more)",
            );
        }
        return vec![Name::Stdin];
    }
    settings.inputs.iter().map(|input| Name::new(input)).collect()
}

/// One input. `Err`: nothing more can be written, the pass is over.
fn pass_one(
    settings: &Settings,
    stream: &mut Stream<'_, '_>,
    out: &mut Out,
    stdout: &File,
    name: Name,
) -> Result<Status, Status> {
    let failed = |name: &Name, error: &io::Error| {
        complain(&format!("{}: {}", name.display(), reason(error)));
        Status::Failure
    };
    let input = match Input::open(name.clone()) {
        Ok(input) => input,
        Err(error) => return Ok(failed(&name, &error)),
    };
    if is_output(&input, stdout) {
        complain(&format!("{}: input file is output file", name.display()));
        return Ok(Status::Failure);
    }
    let name = input.name.clone();
    let passed = match (input.content, out) {
        (Content::Plain(head), Out::Bare(file)) => pass_plain(settings, stream, head, file, &name),
        (Content::Plain(head), Out::Fenced(fence)) => {
            stream.pass(name.bytes(), &mut Plain::new(head, fence))
        }
        (Content::Decoded(reader), Out::Fenced(fence)) => {
            stream.pass(name.bytes(), &mut Plain::new(reader, fence))
        }
        (Content::Decoded(reader), Out::Bare(file)) => match writer(file) {
            Ok(writer) => stream.pass(name.bytes(), &mut Plain::new(reader, writer)),
            Err(error) => return Err(write_failed(&error)),
        },
    };
    match passed {
        Ok(_) => Ok(Status::Success),
        Err(StreamError::Read(error)) => Ok(failed(&name, &error)),
        Err(StreamError::Write(error) | StreamError::Observe(error)) => Err(write_failed(&error)),
    }
}

/// Bytes from a descriptor to a descriptor: on Linux by the fast way, where there is one.
#[cfg(target_os = "linux")]
fn pass_plain(
    settings: &Settings,
    stream: &mut Stream<'_, '_>,
    head: crate::input::Head,
    file: &File,
    name: &Name,
) -> Result<jm_annotate::stream::Totals, StreamError> {
    use jm_annotate::stream::splice::{Kind as Source, Spliced};
    use std::io::Seek;
    use std::os::unix::fs::FileTypeExt;
    let read_ahead = head.bytes.get_ref().len() as u64;
    let kind = match head.source.file().metadata().map(|data| data.file_type()) {
        Ok(kind) if kind.is_fifo() => Source::Pipe,
        Ok(kind) if kind.is_file() => match head.source.file().stream_position() {
            Ok(position) => Source::File(position.saturating_sub(read_ahead)),
            Err(_) => Source::Other,
        },
        _ => Source::Other,
    };
    let to_pipe = file.metadata().is_ok_and(|data| data.file_type().is_fifo());
    let to_pipe = to_pipe && settings.main_output == MainOutput::Log && settings.only.is_none();
    let file = file.try_clone().map_err(StreamError::Write)?;
    stream.pass(name.bytes(), &mut Spliced::new(head, kind, file, to_pipe))
}

#[cfg(not(target_os = "linux"))]
fn pass_plain(
    _: &Settings,
    stream: &mut Stream<'_, '_>,
    head: crate::input::Head,
    file: &File,
    name: &Name,
) -> Result<jm_annotate::stream::Totals, StreamError> {
    let writer = writer(file).map_err(StreamError::Write)?;
    stream.pass(name.bytes(), &mut Plain::new(head, writer))
}

/// Whether what is read is the regular file that is written. Unlike `cat` we write more than we
/// read: wherever the two places stand, the end would run away from us as long as something is left
/// to read.
fn is_output(input: &Input, stdout: &File) -> bool {
    let written = stdout.metadata().ok().as_ref().and_then(settings::identity);
    written.is_some() && written == input.unread
}

/// Standard output failed: quietly if its reader has gone.
fn write_failed(error: &io::Error) -> Status {
    if error.kind() == ErrorKind::BrokenPipe {
        return Status::Success;
    }
    complain(&format!("standard output: {}", reason(error)));
    Status::Failure
}

/// A writer whose reader may go while the input is still to be read to its end.
struct Closable<W> {
    writer: W,
    reads_on: bool,
}

impl<W: Write> Write for Closable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.writer.write(bytes) {
            Err(error) if self.reads_on && error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            result => result,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// What was asked for at the end: reports, the summary, the verdict.
fn write_ends(settings: &Settings, tally: &Tally<'_>, stdout: &File) -> Status {
    let mut status = Status::Success;
    if let MainOutput::FencedLog(kind) | MainOutput::Report(kind) = settings.main_output {
        let written = writer(stdout).and_then(|mut writer| kind.write(tally, &mut writer));
        status =
            status.max(written.map_or_else(|error| write_failed(&error), |()| Status::Success));
    }
    for (kind, target) in &settings.reports {
        if let Target::Path(path) = target {
            status = status.max(crate::reports::write(path, |writer| kind.write(tally, writer)));
        }
        if *kind == Kind::Github {
            status = status.max(crate::reports::append_step_summary(tally));
        }
    }
    if settings.summary {
        let _ = summary::write(tally, &mut io::stderr().lock());
    }
    status.max(judge(settings, tally))
}

/// `--fail-on`: which codes fail the build, and how often they came, in one line.
fn judge(settings: &Settings, tally: &Tally<'_>) -> Status {
    let found = settings.fail_on.as_ref().map(|fail_on| fail_on.found(tally)).unwrap_or_default();
    if found.is_empty() {
        return Status::Success;
    }
    let times = |count: u64| if count == 1 { "once".to_owned() } else { format!("{count} times") };
    let codes: Vec<String> = found
        .iter()
        .map(|count| {
            let text = match count.lookup {
                Lookup::Listed(entry) => entry.name,
                Lookup::Unlisted => "unknown code",
            };
            format!("{} {text} ({})", count.code, times(count.count))
        })
        .collect();
    complain(&format!("--fail-on: {}", codes.join(", ")));
    Status::Found
}

/// At the end of a look at a terminal: how to see more.
struct Hint {
    is_wanted: bool,
    code: Option<u64>,
}

impl Hint {
    fn new(settings: &Settings) -> Self {
        let is_wanted =
            settings.hints && settings.main_output == MainOutput::Log && io::stdout().is_terminal();
        Hint { is_wanted, code: None }
    }

    fn show(&self) {
        if let Some(code) = self.code {
            complain(&format!("`jm-annotate explain {code}` tells what to do about it"));
        }
    }
}

impl<'c> Observer<'c> for Hint {
    fn needs(&self) -> Needs {
        Needs::Nothing
    }

    fn observe(&mut self, observed: &Observed<'_, 'c>) -> io::Result<()> {
        let known = observed
            .annotations
            .iter()
            .find(|annotation| matches!(annotation.lookup, Lookup::Listed(_)));
        self.code = self.code.or(known.map(|annotation| annotation.number.code.number()));
        Ok(())
    }
}
