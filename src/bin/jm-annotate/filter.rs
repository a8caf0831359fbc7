//! The filter: passes every input through, then writes what was asked for at the end.
//!
//! Owns the order of inputs, reports and messages. Knows nothing about formats or rules.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;

use clap::builder::styling::Reset;
use jm_annotate::annotate::Annotator;
use jm_annotate::catalog::Catalog;
use jm_annotate::render::{Palette, Renderer};
use jm_annotate::report::{Extent, JsonLines, Outcome, Tally, UnreadInputs, summary};
use jm_annotate::stream::{Observer, Only, Output, Stream};

use crate::input::Name;
use crate::output::{STDOUT, stdout_file, writer, written};
use crate::pass::Pass;
use crate::progress::{self, Progress};
use crate::reports::Written;
use crate::settings::{MainOutput, Settings, obeys_escapes};
use crate::values::Target;
use crate::{Status, complain, hint, interrupt, messages, screen, targets};

/// How the pass over all inputs has ended.
struct Ended {
    status: Status,
    /// Whether a color of the log is still active.
    is_colored: bool,
}

/// Passes the inputs through and writes what was asked for.
pub(crate) fn run(settings: &Settings, catalog: &Catalog<'_>) -> anyhow::Result<Status> {
    let shows_hint = hint::is_wanted(settings);
    let shows_something = shows_hint || progress::is_wanted(settings);
    if settings.ends_with_something() || shows_something {
        interrupt::install()?;
    }
    let stdout = stdout_file()?;
    targets::check(settings, &stdout)?;
    let mut tally = Tally::for_reports(settings.reports.iter().map(|report| report.kind));
    let passed = pass_all(settings, catalog, &stdout, &mut tally)?;
    leave_log(settings, &tally, &passed);
    let ended = write_ends(settings, &tally, &stdout);
    if shows_hint {
        hint::show(&tally, settings);
    }
    if shows_something && !settings.ends_with_something() {
        interrupt::end_as_if_by_signal();
    }
    Ok(passed.status.max(ended))
}

/// Makes a terminal ready for what follows the log: it begins a line, and has no color of the log.
fn leave_log(settings: &Settings, tally: &Tally<'_>, passed: &Ended) {
    if !io::stderr().is_terminal() {
        return;
    }
    let is_cut = io::stdout().is_terminal() && tally.is_cut();
    let may_be_colored = match settings.palette {
        // Nothing follows the colors of the log. Only a cut line may have lost its last sequence.
        Palette::Plain => is_cut && obeys_escapes(),
        Palette::Ansi16 | Palette::Ansi256 => io::stdout().is_terminal() && passed.is_colored,
    };
    if may_be_colored {
        let _ = messages::write(|writer| write!(writer, "{Reset}"));
    }
    if is_cut || interrupt::came() {
        // The log's last line has no end, or the terminal shows `^C`.
        let _ = messages::write(|writer| writeln!(writer));
    }
}

fn pass_all<'c>(
    settings: &Settings,
    catalog: &'c Catalog<'c>,
    stdout: &File,
    tally: &mut Tally<'c>,
) -> anyhow::Result<Ended> {
    let is_json = settings.main_output == MainOutput::Json;
    let mut json = is_json.then(|| writer(stdout).map(JsonLines::new)).transpose()?;
    let mut observers: Vec<&mut dyn Observer<'c>> = Vec::new();
    if let Some(json) = &mut json {
        observers.push(json);
    }
    if settings.ends_with_something() || hint::is_wanted(settings) {
        observers.push(&mut *tally);
    }
    let progress = Progress::begin(settings);
    let mut watch = progress.as_ref();
    if let Some(watch) = &mut watch {
        observers.push(watch);
    }
    let annotator = Annotator::new(catalog, settings.strictness);
    let stream = Stream::new(annotator, output(settings), observers)
        .on_write_error(settings.on_write_error());
    let mut pass = Pass::new(settings, catalog, stream, stdout);
    let mut status = Status::Success;
    let mut names = names(settings).into_iter();
    // Even if a signal came before that, the first input is opened: a pipe may hold codes.
    while let Some(name) = names.next() {
        let text_before = pass.stream.totals().text_bytes;
        let passed = pass.input(&name);
        let (ControlFlow::Continue(of_input) | ControlFlow::Break(of_input)) = passed;
        status = status.max(of_input);
        if passed.is_break() {
            break;
        }
        if interrupt::came() {
            let cut = pass.cut(text_before).map(|extent| (&name, extent));
            add_missing(&mut pass.unread, cut, names.as_slice());
            status = status.max(say_what_is_missing(settings, cut, names.len()));
            break;
        }
    }
    let Pass { mut stream, log_writer, empty, unread, said, .. } = pass;
    status = status.max(said);
    let (totals, error, is_colored) = (stream.totals(), stream.write_error(), stream.is_colored());
    drop(stream);
    tally.add_totals(totals);
    tally.set_empty_inputs(empty);
    tally.set_unread_inputs(unread);
    status = status.max(written(STDOUT, error.map_or(Ok(()), Err)));
    status = status.max(written(STDOUT, log_writer.close()));
    Ok(Ended { status, is_colored })
}

/// Adds what a signal has left unread to what the reports say: the input that it has cut, with how
/// much of it was read, and those that were not opened.
fn add_missing(unread: &mut UnreadInputs, cut: Option<(&Name, Extent)>, unopened: &[Name]) {
    if let Some((name, extent)) = cut {
        unread.add(name.bytes(), extent, "a signal came before its end");
    }
    for name in unopened {
        unread.add(name.bytes(), Extent::Nothing, "a signal came before it was opened");
    }
}

/// With `--fail-on`, whose result is about all inputs, names the input that a signal may have cut
/// short and counts those that were not opened.
fn say_what_is_missing(
    settings: &Settings,
    cut: Option<(&Name, Extent)>,
    unopened: usize,
) -> Status {
    if settings.fail_on.is_none() {
        return Status::Success;
    }
    let cut = cut.map(|(name, _)| format!("{} may not have been read to its end", name.display()));
    let unopened = match unopened {
        0 => None,
        1 => Some("1 input was not read".to_owned()),
        more => Some(format!("{more} inputs were not read")),
    };
    match [cut, unopened].into_iter().flatten().collect::<Vec<_>>().join(", and ") {
        nothing if nothing.is_empty() => Status::Success,
        missing => messages::say(&format!("because of a signal, {missing}")),
    }
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

/// Writes what was asked for at the end: reports, the summary, the result of `--fail-on`.
fn write_ends(settings: &Settings, tally: &Tally<'_>, stdout: &File) -> Status {
    let outcome = Outcome::new(tally, settings.fail_on.as_ref()).in_languages(settings.languages);
    let mut status = Status::Success;
    if let MainOutput::EchoedLog(kind) | MainOutput::Report(kind) = settings.main_output {
        let result = writer(stdout).and_then(|writer| {
            let mut writer = io::BufWriter::new(writer);
            kind.write(&outcome, &mut writer)?;
            writer.flush()
        });
        status = status.max(written(STDOUT, result));
    }
    let mut written_reports = Written::default();
    for report in &settings.reports {
        if let Target::Path(path) = &report.target {
            let write = |writer: &mut dyn Write| report.kind.write(&outcome, writer);
            status = status.max(written_reports.report(path, &write));
        }
    }
    if let Some(path) = targets::step_summary(&settings.reports) {
        status = status.max(written_reports.step_summary(&path, &outcome));
    }
    if settings.summary {
        let width = screen::stderr_width();
        status = status.max(messages::write(|writer| summary::write(&outcome, width, writer)));
    }
    match outcome.failure() {
        Some(failure) => {
            status.max(messages::say(&format!("--fail-on: {failure}")).max(Status::Found))
        }
        None => status,
    }
}
