//! `--only` in the library: which lines are written does not depend on how the input was cut, and
//! the memory for lines that may become context is bounded.

use std::cell::RefCell;
use std::io::{self, BufWriter, Read, Write};
use std::ops::Range;

use jm_annotate::annotate::Annotator;
use jm_annotate::context::Strictness;
use jm_annotate::render::Place;
use jm_annotate::stream::{Around, Only, Output, Plain, Stream};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::util::{CODE, EXPLAINED, PLAIN, Steps, Style, annotated, cases, catalog};

/// What a pass over some inputs writes.
fn only<R: Read>(readers: impl IntoIterator<Item = R>, around: Around, style: Style) -> Vec<u8> {
    let (catalog, mut output) = (catalog(), Vec::new());
    let annotator = Annotator::new(&catalog, Strictness::Weighed);
    let chosen = Output::Only(Only::new(style.renderer(), around));
    let mut stream = Stream::new(annotator, chosen, Vec::new());
    for reader in readers {
        stream.pass(None, &mut Plain::new(reader, &mut output)).expect("memory does not fail");
    }
    output
}

/// A hit is written before the read after next, even if the writer buffers and no hit follows.
#[test]
fn a_hit_is_not_held_back_while_nothing_else_is_found() {
    /// Blocks without a hit after one with a hit, which is then written.
    struct Quiet<'o> {
        reads: usize,
        output: &'o RefCell<Vec<u8>>,
    }
    impl Read for Quiet<'_> {
        fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
            self.reads += 1;
            let line = if self.reads == 1 { format!("{CODE}\n") } else { "nothing\n".to_owned() };
            if self.reads > 2 {
                assert_eq!(*self.output.borrow(), format!("{EXPLAINED}\n").as_bytes());
            }
            let count = if self.reads < 6 { line.len() } else { 0 };
            space[..count].copy_from_slice(&line.as_bytes()[..count]);
            Ok(count)
        }
    }
    struct Shared<'o>(&'o RefCell<Vec<u8>>);
    impl Write for Shared<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (catalog, output) = (catalog(), RefCell::default());
    let annotator = Annotator::new(&catalog, Strictness::Weighed);
    let chosen = Output::Only(Only::new(PLAIN.renderer(), Around::Nothing));
    let writer = BufWriter::new(Shared(&output));
    let reader = Quiet { reads: 0, output: &output };
    let mut stream = Stream::new(annotator, chosen, Vec::new());
    stream.pass(None, &mut Plain::buffered(reader, writer)).expect("memory does not fail");
}

/// What `--only` should write, without regard to speed or memory: the oracle.
fn naive(inputs: &[Vec<u8>], around: Around, style: Style) -> Vec<u8> {
    let (mut output, mut is_first) = (Vec::new(), true);
    for input in inputs {
        let lines: Vec<&[u8]> = input.split_inclusive(|byte| *byte == b'\n').collect();
        for group in groups(&lines, around) {
            if !is_first {
                output.extend_from_slice(if output.ends_with(b"\n") { b"" } else { b"\n" });
                let separator = if around == Around::Nothing { "" } else { "--\n" };
                output.extend_from_slice(separator.as_bytes());
            }
            is_first = false;
            lines[group].iter().for_each(|line| output.extend(annotated(*line, style)));
        }
    }
    output
}

/// The ranges of lines that are written together.
fn groups(lines: &[&[u8]], around: Around) -> Vec<Range<usize>> {
    let (before, after) = match around {
        Around::Nothing => (0, 0),
        Around::Lines { before, after } => (before, after),
    };
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if memchr::memmem::find(line, CODE.as_bytes()).is_none() {
            continue;
        }
        let group = at.saturating_sub(before)..lines.len().min(at.saturating_add(after + 1));
        match groups.last_mut() {
            Some(last) if group.start <= last.end => last.end = group.end,
            _ => groups.push(group),
        }
    }
    groups
}

fn around() -> impl Strategy<Value = Around> {
    let lines =
        (0..5_usize, 0..5_usize).prop_map(|(before, after)| Around::Lines { before, after });
    prop_oneof![1 => Just(Around::Nothing), 6 => lines]
}

fn input() -> impl Strategy<Value = Vec<u8>> {
    const LINES: &[&str] =
        &["\n", "x\n", "x\n", "y\r\n", "--\n", "code=871300\n", "code=871300\r\n"];
    let unended = select(&["", "", "x", "code=871300"][..]);
    (vec(select(LINES), 0..20), unended)
        .prop_map(|(lines, last)| [&*lines.concat(), last].concat().into())
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn the_lines_do_not_depend_on_how_the_input_was_cut(
        inputs in vec(input(), 1..4),
        around in around(),
        place in select(vec![Place::Inline, Place::End]),
    ) {
        let style = Style { place, ..PLAIN };
        let want = naive(&inputs, around, style);
        for step in [1, 2, 3, 5, 8, 13, usize::MAX] {
            let got = only(inputs.iter().map(|bytes| Steps { bytes, step }), around, style);
            prop_assert_eq!(
                String::from_utf8_lossy(&got), String::from_utf8_lossy(&want), "{} bytes a read", step
            );
        }
    }
}

/// How many bytes of lines are kept for `-B`, as `docs/options.md` says.
const HELD_BYTES_MAX: usize = 256 * 1024;
/// How many bytes more may come out: those of the read with the code.
const READ_BYTES_MAX: usize = 128 * 1024;

#[test]
fn lines_before_a_code_are_kept_whole_and_up_to_a_limit() {
    let around = Around::Lines { before: usize::MAX, after: 0 };
    let line = |number: usize| format!("line {number:0>999}\n");
    let line_bytes = line(0).len();
    for (bytes, step) in [(1 << 12, 100), (1 << 20, 5000), (3 << 20, 5000), (3 << 20, 70_000)] {
        let log: String = (0..bytes / line_bytes).map(line).chain([CODE.to_owned()]).collect();
        let output = only([Steps { bytes: log.as_bytes(), step }], around, PLAIN);
        let output = String::from_utf8(output).expect("it is UTF-8");
        let held = output.strip_suffix(EXPLAINED).expect("the line with the code");
        assert!(
            log.strip_suffix(CODE).is_some_and(|lines| lines.ends_with(held)),
            "the last lines"
        );
        assert!(held.starts_with("line "), "whole lines");
        assert!(held.len() + line_bytes > bytes.min(HELD_BYTES_MAX), "{} bytes", held.len());
        assert!(held.len() <= HELD_BYTES_MAX + READ_BYTES_MAX, "{} bytes", held.len());
    }
}
