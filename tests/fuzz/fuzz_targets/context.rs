//! Header and rules never panic, for any line with a code at any place.
#![no_main]

use std::sync::LazyLock;

use jm_annotate::annotate::{Annotator, Block};
use jm_annotate::catalog::{Catalog, Selection};
use jm_annotate::context::Strictness;
use jm_annotate::context::header::Header;
use libfuzzer_sys::fuzz_target;

static CATALOG: LazyLock<Catalog<'static>> = LazyLock::new(|| Catalog::new(Selection::All));

fuzz_target!(|input: (u16, &[u8])| {
    let (place, text) = input;
    let place = usize::from(place).min(text.len());
    let line = [&text[..place], b"871300", &text[place..]].concat();
    let header = Header::parse(&line);
    assert!(header.message <= header.message_end && header.message_end <= line.len());
    for strictness in [Strictness::Weighed, Strictness::Strict] {
        let mut annotator = Annotator::new(&CATALOG, strictness);
        for block in [
            Block::lines(&line),
            Block::piece(b"", &line, b"871"),
            Block::piece(b"code ", &line, b""),
        ] {
            let _ = annotator.explain_line(block);
            let mut found = Vec::new();
            annotator.annotate(block, &mut found);
            assert!(found.is_sorted_by(|a, b| a.number.range.end <= b.number.range.start));
            for one in &found {
                let (line, number) = (&one.line, &one.number.range);
                assert!(line.start <= number.start && number.end <= line.end);
                let header = annotator.header(block, one);
                assert!(header.message <= header.message_end);
            }
            annotator.end_block(block);
        }
        annotator.end_input();
    }
});
