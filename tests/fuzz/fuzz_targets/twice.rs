//! An explanation that was written is found again: a second pass adds nothing, in any language, at
//! any place, with and without color, and counts the same codes. Without what the first pass has
//! inserted, the input is back.
#![no_main]

use std::io::{self, Read};
use std::sync::LazyLock;

use jm_annotate::annotate::{Annotator, Block};
use jm_annotate::catalog::{Catalog, Language, Selection};
use jm_annotate::context::Strictness;
use jm_annotate::render::{Languages, Palette, Piece, Place, Rendered, Renderer};
use jm_annotate::stream::{Needs, Observed, Observer, Output, Stream, Transport};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

static CATALOG: LazyLock<Catalog<'static>> = LazyLock::new(|| Catalog::new(Selection::All));

#[derive(Debug, Arbitrary)]
struct Input<'i> {
    language: Option<bool>,
    is_at_end: bool,
    is_colored: bool,
    is_strict: bool,
    log: &'i [u8],
}

/// What a pass wrote, what it wrote of its input, and the line and number of each code.
#[derive(Default)]
struct Written {
    all: Vec<u8>,
    untouched: Vec<u8>,
    codes: Vec<(u64, u64)>,
}

#[derive(Default)]
struct Codes(Vec<(u64, u64)>);

impl Observer<'static> for Codes {
    fn needs(&self) -> Needs {
        Needs::Lines
    }

    fn observe(&mut self, observed: &Observed<'_, 'static>) -> io::Result<()> {
        let found = observed.positions.iter().zip(observed.annotations);
        self.0.extend(found.map(|(at, one)| (at.line, one.number.code.number())));
        Ok(())
    }
}

struct Recorder<'i> {
    input: &'i [u8],
    written: Written,
}

impl Transport for Recorder<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        self.input.read(space)
    }

    fn write(&mut self, block: Block<'_>, rendered: &Rendered) -> io::Result<()> {
        let Written { all, untouched, .. } = &mut self.written;
        rendered.slices(block.bytes).for_each(|slice| all.extend_from_slice(slice));
        if rendered.pieces.is_empty() {
            untouched.extend_from_slice(block.bytes);
        }
        for piece in &rendered.pieces {
            if let Piece::Untouched(range) = piece {
                untouched.extend_from_slice(&block.bytes[range.clone()]);
            }
        }
        Ok(())
    }
}

fn pass(log: &[u8], input: &Input<'_>) -> Written {
    let languages = match input.language {
        None => Languages::Both,
        Some(true) => Languages::One(Language::English),
        Some(false) => Languages::One(Language::Chinese),
    };
    let place = if input.is_at_end { Place::End } else { Place::Inline };
    let palette = if input.is_colored { Palette::Ansi256 } else { Palette::Plain };
    let strictness = if input.is_strict { Strictness::Strict } else { Strictness::Weighed };
    let annotator = Annotator::new(&CATALOG, strictness);
    let renderer = Renderer::new(languages, place, palette);
    let mut recorder = Recorder { input: log, written: Written::default() };
    let mut codes = Codes::default();
    Stream::new(annotator, Output::Log(renderer), vec![&mut codes])
        .pass(None, &mut recorder)
        .expect("memory does not fail");
    Written { codes: codes.0, ..recorder.written }
}

fuzz_target!(|input: Input<'_>| {
    if input.is_colored && input.log.contains(&b'\x1b') {
        return; // which of the log's own colors were restored is not always known: docs/limits.md
    }
    let once = pass(input.log, &input);
    assert_eq!(once.untouched, input.log, "it only adds");
    let twice = pass(&once.all, &input);
    assert_eq!(twice.untouched, once.all, "it only adds");
    assert_eq!(
        String::from_utf8_lossy(&twice.all),
        String::from_utf8_lossy(&once.all),
        "a second pass adds nothing"
    );
    assert_eq!(twice.codes, once.codes, "the same codes count");
});
