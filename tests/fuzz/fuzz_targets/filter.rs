//! I1, it only adds: the output without its insertions is the input. I2: how the input was cut into
//! reads is invisible.
#![no_main]

use std::io::{self, Read};
use std::sync::LazyLock;

use jm_annotate::annotate::{Annotator, Block};
use jm_annotate::catalog::{Catalog, Selection};
use jm_annotate::context::Strictness;
use jm_annotate::render::{Languages, Palette, Piece, Place, Rendered, Renderer};
use jm_annotate::stream::{Output, Stream, Transport};
use libfuzzer_sys::fuzz_target;

static CATALOG: LazyLock<Catalog<'static>> = LazyLock::new(|| Catalog::new(Selection::All));

/// Reads a few bytes at a time; keeps the output, and the output without its insertions.
struct Pieces<'i> {
    input: &'i [u8],
    read_bytes: usize,
    written: Vec<u8>,
    untouched: Vec<u8>,
}

impl Transport for Pieces<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let count = self.read_bytes.min(space.len());
        self.input.read(&mut space[..count])
    }

    fn write(&mut self, block: Block<'_>, rendered: &Rendered) -> io::Result<()> {
        rendered.slices(block.bytes).for_each(|slice| self.written.extend_from_slice(slice));
        if rendered.pieces.is_empty() {
            self.untouched.extend_from_slice(block.bytes);
        }
        for piece in &rendered.pieces {
            if let Piece::Untouched(range) = piece {
                self.untouched.extend_from_slice(&block.bytes[range.clone()]);
            }
        }
        Ok(())
    }
}

fn pass(input: &[u8], read_bytes: usize, place: Place, palette: Palette) -> Pieces<'_> {
    let annotator = Annotator::new(&CATALOG, Strictness::Weighed);
    let renderer = Renderer::new(Languages::Both, place, palette);
    let mut pieces = Pieces { input, read_bytes, written: Vec::new(), untouched: Vec::new() };
    Stream::new(annotator, Output::Log(renderer), Vec::new())
        .pass(None, &mut pieces)
        .expect("memory does not fail");
    pieces
}

fuzz_target!(|input: (u8, bool, bool, &[u8])| {
    let (read_bytes, at_end, colored, bytes) = input;
    let place = if at_end { Place::End } else { Place::Inline };
    let palette = if colored { Palette::Ansi256 } else { Palette::Plain };
    let whole = pass(bytes, usize::MAX, place, palette);
    assert_eq!(whole.untouched, bytes, "it only adds");
    let cut = pass(bytes, usize::from(read_bytes) + 1, place, palette);
    assert_eq!(cut.untouched, bytes, "it only adds");
    let [cut, whole] = [cut, whole].map(|pieces| pieces.written);
    assert_eq!(
        String::from_utf8_lossy(&cut),
        String::from_utf8_lossy(&whole),
        "reads are invisible"
    );
});
