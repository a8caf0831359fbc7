//! What the library says about a number in a line, for the tests of its judgment.

use std::sync::LazyLock;

use jm_annotate::annotate::{Annotation, Annotator, Block};
use jm_annotate::catalog::{Catalog, Selection};
use jm_annotate::context::Strictness;

/// The built-in lists, all families.
pub static CATALOG: LazyLock<Catalog<'static>> = LazyLock::new(|| Catalog::new(Selection::All));

/// The annotator that the program uses without options.
pub fn annotator() -> Annotator<'static> {
    Annotator::new(&CATALOG, Strictness::Weighed)
}

/// The verdict on the listed number that begins at `offset`, and its rule; `None` if there is none.
pub fn verdict(
    annotator: &mut Annotator<'_>,
    line: &[u8],
    offset: usize,
) -> Option<(bool, &'static str)> {
    let line = [line, b"\n"].concat();
    let explained = annotator.explain_line(Block::lines(&line)).into_iter();
    let mut listed = explained.filter(|explained| explained.lookup.is_some());
    let found = listed.find(|explained| explained.number.range.start == offset)?;
    Some((found.verdict.is_code(), found.verdict.rule().name))
}

/// The annotations of some whole lines.
pub fn annotations(annotator: &mut Annotator<'static>, lines: &[u8]) -> Vec<Annotation<'static>> {
    let (mut rest, mut all) = (lines, Vec::new());
    while !rest.is_empty() {
        let (from, mut annotations) = (lines.len() - rest.len(), Vec::new());
        let done = annotator.annotate(Block::lines(rest), &mut annotations);
        annotator.end_block(Block::lines(&rest[..done]));
        for annotation in &mut annotations {
            let number = &mut annotation.number.range;
            *number = from + number.start..from + number.end;
            annotation.line = from + annotation.line.start..from + annotation.line.end;
        }
        all.append(&mut annotations);
        rest = &rest[done..];
    }
    all
}
