//! What the tests of the reports share: the tally of given inputs, and hostile inputs.

use crate::annotate::Annotator;
use crate::catalog::{Catalog, Selection};
use crate::context::Strictness;
use crate::stream::{Output, Plain, Stream};

use super::{EmptyInputs, Kind, Tally};

/// An input: its name (`None` for standard input) and its bytes.
pub(super) type Input = (Option<Vec<u8>>, Vec<u8>);

/// The built-in catalog.
pub(super) fn catalog() -> Catalog<'static> {
    Catalog::new(Selection::All)
}

/// What a pass over the inputs counts.
pub(super) fn tally<'c>(catalog: &'c Catalog<'c>, inputs: &[Input]) -> Tally<'c> {
    tally_for(&[Kind::Junit], catalog, inputs)
}

/// What a pass over the inputs counts for these reports.
pub(super) fn tally_for<'c>(
    kinds: &[Kind],
    catalog: &'c Catalog<'c>,
    inputs: &[Input],
) -> Tally<'c> {
    let mut tally = Tally::for_reports(kinds.iter().copied());
    let mut totals = Vec::new();
    let annotator = Annotator::new(catalog, Strictness::Weighed);
    let mut stream = Stream::new(annotator, Output::Nothing, vec![&mut tally]);
    for (file, bytes) in inputs {
        let mut transport = Plain::new(&bytes[..], std::io::sink());
        totals.push(stream.pass(file.as_deref(), &mut transport).expect("memory does not fail"));
    }
    drop(stream);
    totals.into_iter().for_each(|of_input| tally.add_totals(of_input));
    tally
}

/// Standard input with these codes, one per line.
pub(super) fn codes(codes: &[u64]) -> Vec<Input> {
    let lines: String =
        codes.iter().map(|code| format!("JMessage: responseCode = {code}\n")).collect();
    vec![(None, lines.into_bytes())]
}

/// Twelve codes of all severities and several families, one of them unknown, one of them twice.
pub(super) fn twelve() -> Vec<Input> {
    codes(&[
        871_102, 871_300, 871_311, 871_105, 871_999, 898_001, 871_201, 871_301, 871_302, 871_303,
        871_304, 871_305, 871_300,
    ])
}

/// What a name or a line may contain that a reader of reports would obey, refuse or misread.
pub(super) const HOSTILE: [&[u8]; 7] = [
    b"\x1b]0;title\x1b\\\x1b[2J\x1b[31m\x07",
    b"::error::owned ::stop-commands::x",
    b"##[error]owned ##vso[task.complete result=Failed]",
    b"<script>alert(1)</script> ]]> &amp; <!-- -->",
    b"a|b `c` [d](e) *f* \\ 100%25 %0A ,=;: $g$ @h #1",
    b"\0\x01\xff\xfe\xc3\x28 \xef\xbf\xbe \xef\xbf\xbf \xe2\x80\xae \xc2\x9b",
    b"\r::error::after a return",
];

/// Inputs with hostile names (also with a line break) and lines: 8 annotations of two codes, one of
/// them unknown.
pub(super) fn hostile() -> Vec<Input> {
    let line =
        |text: &[u8], code: &str| [text, b" responseCode = ", code.as_bytes(), b"\n"].concat();
    let mut inputs: Vec<Input> = HOSTILE
        .iter()
        .enumerate()
        .map(|(at, text)| {
            let name = [text, &b"\n::error::from a name\n|"[..]].concat();
            (Some(name), line(text, ["871300", "871999"][at % 2]))
        })
        .collect();
    let long = [&vec![b'n'; 4000][..], &b"%%%%"[..]].concat();
    inputs.push((Some(long), [&b"code = 871300 "[..], &vec![b'%'; 100_000][..]].concat()));
    inputs
}

/// Inputs without text.
pub(super) fn empty_inputs<'n>(names: impl IntoIterator<Item = Option<&'n [u8]>>) -> EmptyInputs {
    let mut inputs = EmptyInputs::default();
    names.into_iter().for_each(|name| inputs.add(name));
    inputs
}
