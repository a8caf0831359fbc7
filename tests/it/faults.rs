//! The library on readers and writers that block, fail or are interrupted: nothing is late (I4),
//! faults are honest (I5), memory is bounded (I8).

use std::cell::RefCell;
use std::io::{self, ErrorKind, Read, Write};
use std::rc::Rc;

use jm_annotate::annotate::{Annotator, Block};
use jm_annotate::context::Strictness;
use jm_annotate::render::{Place, Rendered};
use jm_annotate::stream::{
    LINE_BYTES_MAX, OnWriteError, Output, Stream, StreamError, Transport, filter,
};

use crate::util::{CODE, EXPLAINED, Narrow, PLAIN, Steps, Style, annotated, catalog};
#[cfg(target_os = "linux")]
use crate::util::{hear, is_emulated, listen, peak_kilobytes, program, start};

/// A writer whose bytes others can see.
#[derive(Default, Clone)]
struct Seen(Rc<RefCell<Vec<u8>>>);

impl Write for Seen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A reader that, when asked for more, first checks that all whole lines that it returned are
/// written.
struct Live<'b> {
    inner: Steps<'b>,
    given: Vec<u8>,
    seen: Seen,
}

impl Read for Live<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let lines = self.given.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let want = annotated(&self.given[..lines], PLAIN);
        assert_eq!(String::from_utf8_lossy(&self.seen.0.borrow()), String::from_utf8_lossy(&want));
        let count = self.inner.read(space)?;
        self.given.extend_from_slice(&space[..count]);
        Ok(count)
    }
}

#[test]
fn a_line_is_written_before_the_next_read() {
    let log = format!("x\n{CODE}\r\n\n{CODE}, y\n{CODE}").repeat(3);
    for step in 1..=log.len() {
        let seen = Seen::default();
        let inner = Steps { bytes: log.as_bytes(), step };
        let live = Live { inner, given: Vec::new(), seen: seen.clone() };
        let catalog = catalog();
        let annotator = Annotator::new(&catalog, Strictness::Weighed);
        filter(live, seen.clone(), annotator, PLAIN.renderer()).expect("memory does not fail");
        assert_eq!(*seen.0.borrow(), annotated(log.as_bytes(), PLAIN));
    }
}

#[test]
fn a_writer_that_fails_anywhere_leaves_a_prefix_and_an_error() {
    let sparse = format!("{CODE}\n{}\n{CODE}", "no code in here\n".repeat(200));
    for style in [PLAIN, Style { place: Place::End, ..PLAIN }] {
        for log in [sparse.as_str(), &format!("{CODE}, {CODE}\r\n").repeat(3)] {
            let want = annotated(log.as_bytes(), style);
            for room in 0..=want.len() {
                let mut writer = Narrow { room, ..Narrow::default() };
                let catalog = catalog();
                let annotator = Annotator::new(&catalog, Strictness::Weighed);
                let reader = Steps { bytes: log.as_bytes(), step: 700 };
                let result = filter(reader, &mut writer, annotator, style.renderer());
                assert!(want.starts_with(&writer.written), "room for {room}");
                match result {
                    Ok(_) => assert_eq!(room, want.len()),
                    Err(StreamError::Write(error)) => {
                        assert_eq!(
                            (error.kind(), writer.written.len()),
                            (ErrorKind::StorageFull, room)
                        );
                        assert!(room < want.len());
                    }
                    Err(other) => panic!("room for {room}: {other:?}"),
                }
            }
        }
    }
}

/// A reader or writer of a few bytes per call, of which one call fails: number `fails_at`.
struct Failing<I> {
    inner: I,
    calls: usize,
    fails_at: usize,
    kind: ErrorKind,
}

impl<I> Failing<I> {
    fn new(inner: I, fails_at: usize, kind: ErrorKind) -> Self {
        Failing { inner, calls: 0, fails_at, kind }
    }

    fn call(&mut self) -> io::Result<()> {
        self.calls += 1;
        if self.calls == self.fails_at { Err(self.kind.into()) } else { Ok(()) }
    }
}

impl<R: Read> Read for Failing<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        self.call()?;
        self.inner.read(space)
    }
}

impl<W: Write> Write for Failing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.call()?;
        self.inner.write(&bytes[..bytes.len().min(50)])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Passes a log with a fault at one call on each side; `false` if there were fewer calls.
fn pass_with_fault(
    log: &[u8],
    read: usize,
    write: usize,
    kind: ErrorKind,
) -> (Result<bool, StreamError>, Vec<u8>) {
    let catalog = catalog();
    let annotator = Annotator::new(&catalog, Strictness::Weighed);
    let mut reader = Failing::new(Steps { bytes: log, step: 40 }, read, kind);
    let mut output = Vec::new();
    let mut writer = Failing::new(&mut output, write, kind);
    let result = filter(&mut reader, &mut writer, annotator, PLAIN.renderer());
    let came = reader.calls >= read || writer.calls >= write;
    (result.map(|_| came), output)
}

const NEVER: usize = usize::MAX;

#[test]
fn an_interrupted_call_is_repeated_wherever_it_comes() {
    let long = "words of a long line without a code, ".repeat(60);
    let log = format!("{CODE}\n{long}{CODE}\n{long}\n{CODE}");
    let want = annotated(log.as_bytes(), PLAIN);
    for (is_read, at) in
        [true, false].into_iter().flat_map(|is_read| (1..200).map(move |at| (is_read, at)))
    {
        let (read, write) = if is_read { (at, NEVER) } else { (NEVER, at) };
        let (result, output) = pass_with_fault(log.as_bytes(), read, write, ErrorKind::Interrupted);
        result.expect("it is no failure");
        assert!(output == want, "interrupted at call {at}, reading: {is_read}");
    }
    assert!(
        pass_with_fault(log.as_bytes(), 100, NEVER, ErrorKind::Interrupted).0.expect("no failure")
    );
    assert!(
        pass_with_fault(log.as_bytes(), NEVER, 60, ErrorKind::Interrupted).0.expect("no failure")
    );
}

/// It is written and explained, except for a number at its very end, which may be only the first
/// half.
#[test]
fn what_came_before_a_failing_read_is_written() {
    let log = format!("{CODE}\nline {CODE}\nthe last one {CODE}");
    for at in 1.. {
        let (result, output) = pass_with_fault(log.as_bytes(), at, NEVER, ErrorKind::TimedOut);
        let read = log.len().min((at - 1) * 40);
        // A letter after the cut replaces the digits that may have been there.
        let mut cut = annotated([&log.as_bytes()[..read], b"x"].concat().as_slice(), PLAIN);
        cut.pop();
        let want = if matches!(result, Ok(false)) { annotated(log.as_bytes(), PLAIN) } else { cut };
        assert_eq!(String::from_utf8_lossy(&output), String::from_utf8_lossy(&want), "read {at}");
        match result {
            Err(StreamError::Read(error)) => assert_eq!(error.kind(), ErrorKind::TimedOut),
            Ok(false) => return assert!(at > 3),
            other => panic!("read {at}: {other:?}"),
        }
    }
}

/// A pass continues with the next input, at the start of a line.
#[test]
fn an_input_after_a_failed_one_is_passed() {
    struct Then<'b>(Vec<io::Result<&'b [u8]>>, Vec<u8>);
    impl Transport for Then<'_> {
        fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
            let bytes = if self.0.is_empty() { b"" } else { self.0.remove(0)? };
            space[..bytes.len()].copy_from_slice(bytes);
            Ok(bytes.len())
        }
        fn write(&mut self, block: Block<'_>, rendered: &Rendered) -> io::Result<()> {
            rendered.slices(block.bytes).for_each(|part| self.1.extend_from_slice(part));
            Ok(())
        }
    }
    let catalog = catalog();
    let annotator = Annotator::new(&catalog, Strictness::Weighed);
    let mut stream = Stream::new(annotator, Output::Log(PLAIN.renderer()), Vec::new());
    let mut inputs = Then(
        vec![Ok(CODE.as_bytes()), Err(ErrorKind::TimedOut.into()), Ok(b" "), Ok(CODE.as_bytes())],
        Vec::new(),
    );
    assert!(matches!(stream.pass(Some(b"a"), &mut inputs), Err(StreamError::Read(_))));
    assert_eq!(
        stream.pass(Some(b"b"), &mut inputs).expect("it can be read").bytes,
        CODE.len() as u64 + 1
    );
    assert_eq!(String::from_utf8_lossy(&inputs.1), format!("{CODE} {EXPLAINED}"));
    assert_eq!(stream.totals().bytes, 2 * CODE.len() as u64 + 1);
}

/// What is held back is written after a failed read too, and if it cannot be, that is the error:
/// no input that comes next may be written after the gap.
#[test]
fn a_failed_flush_counts_more_than_a_failed_read() {
    /// One block, then a read that fails.
    struct Held(Option<&'static [u8]>);
    impl Transport for Held {
        fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
            let bytes = self.0.take().ok_or(ErrorKind::TimedOut)?;
            space[..bytes.len()].copy_from_slice(bytes);
            Ok(bytes.len())
        }
        fn write(&mut self, _: Block<'_>, _: &Rendered) -> io::Result<()> {
            Ok(())
        }
        fn flush(&mut self) -> io::Result<()> {
            Err(ErrorKind::StorageFull.into())
        }
    }
    let catalog = catalog();
    for reaction in [OnWriteError::End, OnWriteError::ReadOn] {
        let annotator = Annotator::new(&catalog, Strictness::Weighed);
        let mut stream = Stream::new(annotator, Output::Log(PLAIN.renderer()), Vec::new())
            .on_write_error(reaction);
        let error = stream.pass(None, &mut Held(Some(b"x\n"))).expect_err("both fail");
        match (reaction, error) {
            (OnWriteError::End, StreamError::Write(error)) => {
                assert_eq!(error.kind(), ErrorKind::StorageFull);
            }
            (OnWriteError::ReadOn, StreamError::Read(_)) => {
                let error = stream.write_error().expect("it was kept");
                assert_eq!(error.kind(), ErrorKind::StorageFull);
            }
            (_, other) => panic!("{reaction:?}: {other:?}"),
        }
    }
}

/// A transport that repeats a pattern and records how large the blocks become.
struct Endless<'b> {
    pattern: &'b [u8],
    left: usize,
    block_max: usize,
    text_max: usize,
}

impl Transport for Endless<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let count = self.left.min(space.len());
        let cycle = self.pattern.iter().cycle();
        space[..count].iter_mut().zip(cycle).for_each(|(to, from)| *to = *from);
        self.left -= count;
        Ok(count)
    }

    fn write(&mut self, block: Block<'_>, rendered: &Rendered) -> io::Result<()> {
        self.block_max = self.block_max.max(block.bytes.len());
        self.text_max = self.text_max.max(rendered.text.capacity());
        Ok(())
    }
}

#[test]
fn memory_is_bounded_on_lines_of_every_length() {
    let patterns: [(&[u8], usize); 7] = [
        (b"871300\n", 1),
        (b"code=871300 \n", 1),
        (b"x", 4),
        (b"8", 4),
        (b"871300", 4),
        (b"some words, then code=871300 and more of them, ", 4),
        (b"871300 and some words ", 1),
    ];
    for (pattern, megabytes) in patterns {
        let mut endless =
            Endless { pattern, left: megabytes * 1_200_000, block_max: 0, text_max: 0 };
        let catalog = catalog();
        let annotator = Annotator::new(&catalog, Strictness::Weighed);
        Stream::new(annotator, Output::Log(PLAIN.renderer()), Vec::new())
            .pass(None, &mut endless)
            .expect("no fault");
        let shown = String::from_utf8_lossy(pattern);
        let Endless { block_max, text_max, .. } = endless;
        assert!(block_max <= LINE_BYTES_MAX + 64, "{shown}: a block of {block_max}");
        // Thousands of insertions are the same few texts.
        assert!(text_max <= 1024, "{shown}: a text of {text_max}");
    }
}

/// How much memory the program may take besides its own file, in kB. A release takes about 3 MiB
/// with its file, and 6 MiB are the limit.
#[cfg(target_os = "linux")]
const KILOBYTES_MAX: u64 = 4 * 1024;

/// The same for the whole program: a line full of codes once took ten times as much.
#[cfg(target_os = "linux")] // /proc
#[test]
fn the_program_takes_little_memory_whatever_is_in_a_log() {
    let long = format!("{} code=871300 {}\n", "x".repeat(500_000), "code=871301 ".repeat(2000));
    let many_short = format!("{}code=871300\n", "\n".repeat(262_100));
    for shape in ["code=871300 ", "871300 ", "code=871300\n", "words and more words "] {
        for options in [&[][..], &["--only", "-C9"], &["--place=end"], &["--format=json"]] {
            check_memory(&shape.repeat(200_000), options);
        }
    }
    check_memory(&long.repeat(9), &["--only"]);
    check_memory(&many_short.repeat(5), &["--only", "-C1000000", "--place=end"]);
}

/// How much more a report may take, in kB: a page keeps a kilobyte of lines for each of a thousand
/// codes.
#[cfg(target_os = "linux")]
const REPORT_KILOBYTES_MAX: u64 = 1024;

/// Reports keep what they need of each code.
#[cfg(target_os = "linux")] // /proc
#[test]
fn reports_take_little_memory_however_many_codes_there_are() {
    let log: String = (0..5000)
        .map(|number| format!("code={} {}\n", 871_000 + number % 1000, "\x01".repeat(600)))
        .collect();
    for kind in ["junit", "github", "azure", "markdown", "html"] {
        check_memory(&log, &[&format!("--report={kind}=-")]);
    }
}

#[cfg(target_os = "linux")]
fn check_memory(log: &str, options: &[&str]) {
    let mut child = start(program().args(options));
    let mut input = child.stdin.take().expect("it is piped");
    let output = listen(child.stdout.take().expect("it is piped"));
    input.write_all(log.as_bytes()).expect("it reads");
    let mut kilobytes = peak_kilobytes(&child).expect("it waits for more");
    drop(input);
    let mut limit = KILOBYTES_MAX;
    // A report has begun, so it was made. If it was short, the program has ended.
    if options.iter().any(|option| option.starts_with("--report")) {
        hear(&output, 1);
        kilobytes = kilobytes.max(peak_kilobytes(&child).unwrap_or(0));
        limit += REPORT_KILOBYTES_MAX;
    }
    output.iter().for_each(drop);
    assert!(child.wait().expect("it ends").success());
    assert!(kilobytes < limit || is_emulated(), "{options:?}: {kilobytes} kB");
}
