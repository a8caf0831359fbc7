//! What holds for every input: it only adds (I1), how the input was cut is invisible (I2), and
//! running twice changes nothing.

use std::borrow::Cow;
use std::io;

use jm_annotate::annotate::{Annotator, Block};
use jm_annotate::catalog::Language;
use jm_annotate::context::Strictness;
use jm_annotate::render::{Languages, Palette, Piece, Place, Rendered};
use jm_annotate::stream::{
    LINE_BYTES_MAX, Needs, Observed, Observer, Output, Plain, Stream, Transport,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::util::{PLAIN, Steps, Style, annotated, cases, catalog};

/// Pieces that logs are made of, and pieces that are hard for a filter.
const FRAGMENTS: &[&[u8]] = &[
    b"I/Login   ( 1702): code 871300",
    b"W( 1702) login failed: 871301  (Login)",
    b"I/Login   : errorCode:871304",
    b"D( 1702: 2395) status=871303",
    b"03-18 00:13:38.871 I/Login   ( 1702): responseCode = 871300, responseMessage = Have not logged in.",
    b"03-18 00:13:38.871301 10133  1702  2395 D JIGUANG-JMessage: responseCode = 871300",
    b"[ 03-18 00:13:38.871  1702: 2395 D/JMessage ]",
    b"[ 03-18 00:13:38.871  1800: 2395 D/code=871300 ]\n",
    b"{\"header\":{\"logLevel\":\"DEBUG\",\"pid\":1,\"tid\":2,\"tag\":\"err;871508\"},\n\"message\":\"",
    b"D/Login( 1702): ",
    b"err;871508",
    b"sendText -> 871303 (main)",
    b"D/Login( 1702): relogin because of 871300",
    b"E/Login( 1702): again (898002) -> 898002, so",
    b"\x1b[38;5;75m03-18 00:13:38.871  1702  2395 D Login: code=871502\x1b[0m",
    "设置失败871300Have not logged in.".as_bytes(),
    "错误码：898002，会报871504错误".as_bytes(),
    b"{\"code\":871300,\"description\":\"Have not logged in.\"}",
    b"code 871300 [Have not logged in. | ",
    b" [Have not logged in.]",
    b" [871300 Have not logged in.]",
    b"871300",
    b"871308",
    b"898002",
    b"7130001",
    b"871999",
    b"code=871999",
    b"code ",
    b"error ",
    b"0",
    b"1",
    b".",
    b"\n",
    b"\n",
    b"\r\n",
    b"\r\r\n",
    b"\r",
    b" ",
    b"\t",
    b"[",
    b"]",
    b" | ",
    b"\0",
    b"\xff\xfe",
    b"\xb4\xed\xce\xf3",
    b"\xe9\x94",
    b"\x1b[31m",
    b"\x1b[1;38;2;1;2;3m",
    b"\x1b[0m",
    b"\x1b[",
    b"\x1b",
    b"m",
    b";",
];

pub(crate) fn log() -> impl Strategy<Value = Vec<u8>> {
    let arbitrary = vec(any::<u8>(), 0..12);
    let fragment = prop_oneof![8 => select(FRAGMENTS).prop_map(<[u8]>::to_vec), 1 => arbitrary];
    vec(fragment, 0..24).prop_map(|fragments| fragments.concat())
}

pub(crate) fn style() -> impl Strategy<Value = Style> {
    let languages = select(vec![
        Languages::Both,
        Languages::One(Language::English),
        Languages::One(Language::Chinese),
    ]);
    let palette = select(vec![Palette::Plain, Palette::Ansi256]);
    (languages, select(vec![Place::Inline, Place::End]), palette)
        .prop_map(|(languages, place, palette)| Style { languages, place, palette })
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn it_only_adds(log in log(), style in style(), step in 1..200_usize) {
        let recorded = record(Steps { bytes: &log, step }, style);
        prop_assert_eq!(&recorded.kept, &log);
        prop_assert_eq!(recorded.whole, annotated(&log[..], style));
        for insertion in &recorded.insertions {
            prop_assert!(!insertion.is_empty() && insertion.starts_with(b" "));
            prop_assert!(!insertion.iter().any(|byte| b"\"\\\r\n".contains(byte)));
        }
    }

    #[test]
    fn how_the_input_was_cut_is_invisible(log in log(), style in style()) {
        let want = annotated(&log[..], style);
        for step in 1..=7 {
            prop_assert_eq!(&annotated(Steps { bytes: &log, step }, style), &want, "{} bytes a read", step);
        }
    }

    #[test]
    fn a_second_run_changes_nothing(log in log(), style in style()) {
        let once = annotated(&log[..], style);
        let twice = annotated(&once[..], style);
        prop_assert_eq!(String::from_utf8_lossy(&twice), String::from_utf8_lossy(&once), "{:?}", String::from_utf8_lossy(&log));
    }

    #[test]
    fn the_same_codes_count_in_an_explained_log(log in log(), style in style()) {
        let once = annotated(&log[..], style);
        prop_assert_eq!(counted(&once), counted(&log), "{:?}", String::from_utf8_lossy(&log));
    }
}

/// The line and the number of each code that counts in a log.
pub(crate) fn counted(log: &[u8]) -> Vec<(usize, u64)> {
    counted_by(log, Strictness::Weighed)
}

/// Or with another strictness.
pub(crate) fn counted_by(log: &[u8], strictness: Strictness) -> Vec<(usize, u64)> {
    let (catalog, mut counted) = (catalog(), Vec::new());
    let mut annotator = Annotator::new(&catalog, strictness);
    for (line, text) in log.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let mut annotations = Vec::new();
        annotator.annotate(Block::lines(text), &mut annotations);
        annotator.end_block(Block::lines(text));
        counted.extend(annotations.iter().map(|one| (line, one.number.code.number())));
    }
    counted
}

/// An explanation at the end of a line says which code it explains, and not where that is.
#[test]
fn numbers_before_explanations_at_the_end_count_as_without_them() {
    for (log, want) in [
        ("E/JMessage: code=871300, bytes=871301\n", &[871_300][..]),
        ("E/JMessage: code=871300, code=871301\n", &[871_300, 871_301]),
        ("E/JMessage: bytes=871300, code=871300, done\n", &[871_300]),
        ("E/JMessage: code=871300, code=871300, bytes=871300\n", &[871_300, 871_300]),
    ] {
        let counts = |log: &[u8]| counted(log).iter().map(|(_, code)| *code).collect::<Vec<_>>();
        assert_eq!(counts(log.as_bytes()), want, "{log}");
        for place in [Place::Inline, Place::End] {
            let explained = annotated(log.as_bytes(), Style { place, ..PLAIN });
            assert_eq!(counts(&explained), want, "{}", String::from_utf8_lossy(&explained));
        }
    }
    // A code that is not explained at the end gets its explanation, also right before that of
    // another one.
    let log = b"E/JMessage: code=871300, code=871301 [871300 Have not logged in.]\n";
    let explained = annotated(&log[..], Style { place: Place::End, ..PLAIN });
    assert!(String::from_utf8_lossy(&explained).contains(" [871301 "));
    // What the rules do not take for a code counts once if the line explains it.
    assert_eq!(counted(b"bytes=871300, size=871300 [871300 Have not logged in.]\n").len(), 1);
}

/// What fuzzing has found: brackets that are only half an explanation, resets of the log after one,
/// headers that logcat has cut, and explanations that name the SDK, or are after or in a header of
/// other lines, also with a color that goes on from line to line, or that the line sets twice.
#[test]
fn a_second_run_changes_nothing_in_odd_logs() {
    // After more bytes than anything looks back.
    let record = "a line\n".repeat(1000)
        + "{\"header\":{\"logLevel\":\"DEBUG\",\"pid\":1,\"tid\":2,\"tag\":\"err;871508\"},\n\
           \"message\":\"sendTextMessage 871301 done\"}\n";
    let odd: [&[u8]; 9] = [
        "[ 03-18 00:13:38.871  1702: 2395 D/Login`\0@code871001\u{ec31}code87100错误码\n871011".as_bytes(),
        b"err [871300 Have not logged in.] [871301 x",
        b"D/= > #\xbb\xbf8\xbf\0\0\0\x82\x85\x85@usdroierror_codeeerror_codeerror\t871000\x1b[m\x80deerror\
          \t871000\x1b[m\x80\x80\x85\x85\x85\x85\x85\x85\x85\x85\x85\x85\tor_codeerror\t871000\x1b[m\x80deerror\t871000",
        b"[ 03-18 00:13:38.871  1: 2 D/Logig ~e1e1r#187703mz+1e1rroj error ;871508\rC-UUUUUUUUUUUUUUUUUUU\
          UUUU8787~~~~~~~~\x1b[0$8['8771301508\n0;871303",
        b"D/Login( 1702): err;871508\nD/Login( 1702): sendText -> 871303 (main)\n",
        b"[ 03-18 00:13:38.811  1702: 2395 D/JMessage ]\ninit\n\n\
          [ 03-18 00:13:38.811  1800: 2395 D/code=871300 ]\nsendTextMessage 871301 done\n",
        record.as_bytes(),
        b"\x1b[6m\n[ 03-18 00:13:38.871 1:2 D/871300Have not logged in ]\n0\x9f871300",
        b"D/\xc84\x1b\x96<\xb6\xbe\xb6\r\x1b[3:m\r?\x0b#~~\xe4\xba\x1b[52\xe5\xa4\xb1\xe8\xb4\xa5mcode871305\x1b[3:m\x13\x13\x13\
          \x13\x13\x13\x13\x13\x13\x13\x13\x13#.\xdfw\xecw.a.exknown MJessage code, no,\
          \xb6\xf5&amp[\x1b120873[  (Login)871302\xf5JMessage",
    ];
    for log in odd {
        for place in [Place::Inline, Place::End] {
            for palette in [Palette::Plain, Palette::Ansi256] {
                let style = Style { languages: Languages::Both, place, palette };
                let once = annotated(log, style);
                let twice = annotated(&once[..], style);
                let [once, twice] =
                    [once, twice].map(|text| String::from_utf8_lossy(&text).into_owned());
                assert_eq!(twice, once);
            }
        }
    }
}

/// What a pass wrote, and the part of it that came from the input.
#[derive(Default)]
struct Recorded {
    whole: Vec<u8>,
    kept: Vec<u8>,
    insertions: Vec<Vec<u8>>,
}

struct Recorder<R> {
    reader: R,
    recorded: Recorded,
}

impl<R: io::Read> Transport for Recorder<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        self.reader.read(space)
    }

    fn write(&mut self, block: Block<'_>, rendered: &Rendered) -> io::Result<()> {
        let recorded = &mut self.recorded;
        rendered.slices(block.bytes).for_each(|part| recorded.whole.extend_from_slice(part));
        if rendered.pieces.is_empty() {
            recorded.kept.extend_from_slice(block.bytes);
        }
        for piece in &rendered.pieces {
            match piece {
                Piece::Untouched(range) => {
                    recorded.kept.extend_from_slice(&block.bytes[range.clone()])
                }
                Piece::Inserted(range) => {
                    recorded.insertions.push(rendered.text[range.clone()].to_vec())
                }
            }
        }
        Ok(())
    }
}

fn record(reader: impl io::Read, style: Style) -> Recorded {
    let catalog = catalog();
    let annotator = Annotator::new(&catalog, Strictness::Weighed);
    let mut recorder = Recorder { reader, recorded: Recorded::default() };
    let mut stream = Stream::new(annotator, Output::Log(style.renderer()), Vec::new());
    stream.pass(None, &mut recorder).expect("memory does not fail");
    recorder.recorded
}

#[test]
fn where_a_line_beyond_the_limit_is_cut_does_not_depend_on_the_reads() {
    let limit = LINE_BYTES_MAX;
    for (before, middle) in [
        (limit - 3, &b" code=871300 x"[..]),
        (limit - 9, b" code=871300 x"),
        (limit - 15, b" code=871300 x"),
        (limit - 4, b"\x1b[31mcode=871300\x1b[0m"),
        (limit - 2, "错误码871300".as_bytes()),
        (limit - 2, b"12345678901234567890871300"),
        (limit - 80, &[b'8'; 200]),
    ] {
        let filler = b"some words, ".repeat(limit / 12 + 1);
        let log =
            [&filler[..before], middle, &filler[..limit], b" code=871301\ncode=871302"].concat();
        let want = record(&log[..], PLAIN);
        assert_eq!(want.kept, log);
        for step in [999, 4096, limit / 2 + 1, limit, 3 * limit] {
            let got = record(Steps { bytes: &log, step }, PLAIN);
            assert!(got.whole == want.whole, "{step} bytes a read, {before} bytes before");
        }
    }
}

/// Where the codes of a pass are, in bytes of the input.
#[derive(Default)]
struct Offsets(Vec<(u64, Option<String>)>);

impl<'c> Observer<'c> for Offsets {
    fn needs(&self) -> Needs {
        Needs::Lines
    }

    fn observe(&mut self, observed: &Observed<'_, 'c>) -> io::Result<()> {
        for (annotation, position) in observed.annotations.iter().zip(observed.positions) {
            let tag = observed.header(annotation).tag.map(String::from_utf8_lossy);
            self.0.push((position.offset, tag.map(Cow::into_owned)));
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(cases(64))]

    /// A number next to a cut is judged like one in a line that is not cut: by the text around it,
    /// the header, and the explanations around it. Only an explanation at the end of the line is
    /// not known to earlier pieces.
    #[test]
    fn where_a_long_line_is_cut_is_invisible(
        before in 0..80_usize,
        parts in vec(select(FRAGMENTS), 0..40),
        header in select(&["03-17 16:13:38.811  1702  2395 D JMessageDemo: ", "E/x ( 1702): ", ""][..]),
        cuts in 1..4_usize,
    ) {
        let mut line = header.as_bytes().to_vec();
        for cut in 1..=cuts {
            let filler = b"a word. ".repeat((cut * LINE_BYTES_MAX - line.len() - 600) / 8);
            line.extend_from_slice(&filler);
            line.extend_from_slice(&b"some 871301 words, ".repeat(30)[..before * 7]);
            let is_local =
                |part: &&&[u8]| !part.contains(&b'\n') && !part.starts_with(b" [871300");
            parts.iter().filter(is_local).for_each(|part| line.extend(*part));
        }
        line.push(b'\n');
        let catalog = catalog();
        let annotator = Annotator::new(&catalog, Strictness::Weighed);
        let mut offsets = Offsets::default();
        Stream::new(annotator, Output::Nothing, vec![&mut offsets])
            .pass(None, &mut Plain::new(&line[..], io::sink()))
            .expect("memory does not fail");
        let mut annotator = Annotator::new(&catalog, Strictness::Weighed);
        let (block, mut uncut) = (Block::lines(&line), Vec::new());
        annotator.annotate(block, &mut uncut);
        let tag = |found| annotator.header(block, found).tag.map(String::from_utf8_lossy);
        let want: Vec<_> = uncut
            .iter()
            .map(|found| (found.number.range.start as u64, tag(found).map(Cow::into_owned)))
            .collect();
        let differs = |(at, tag): &(u64, Option<String>)| {
            let start = *at as usize;
            let text = &line[start.saturating_sub(40)..line.len().min(start + 60)];
            format!("{at} {tag:?} {}", String::from_utf8_lossy(text))
        };
        let show = |offsets: &[_]| offsets.iter().map(differs).collect::<Vec<_>>();
        prop_assert_eq!(show(&offsets.0), show(&want));
    }
}

#[test]
fn a_code_across_the_limit_is_explained_and_a_part_of_a_number_is_not() {
    let line = |middle: &[u8]| [vec![b'x'; LINE_BYTES_MAX - 10], middle.to_vec()].concat();
    let text = |middle: &[u8]| {
        String::from_utf8(annotated(&line(middle)[..], PLAIN)[LINE_BYTES_MAX - 10..].to_vec())
    };
    assert!(text(b" code=871300 ").expect("text").starts_with(" code=871300 [Have not"));
    let digits = [&[b'1'; 100][..], b"871300"].concat();
    assert_eq!(text(&digits).expect("text").as_bytes(), digits);
}

/// Lines that a second run once judged differently.
#[test]
fn a_second_run_judges_like_the_first_one() {
    let ends = |palette| Style { place: Place::End, palette, ..PLAIN };
    for (line, style) in [
        ("W( 1702) login failed: 871301  (code 871300)\n", ends(Palette::Ansi256)),
        ("\x1b[31mW( 1702) login failed: 871301  (code 871300)\n", ends(Palette::Ansi256)),
        (
            "code 871308W( 1702) login failed: 871301  (Login) [871300 Have not logged in.]\r",
            ends(Palette::Plain),
        ),
    ] {
        let once = annotated(line.as_bytes(), style);
        assert!(once.len() > line.len());
        assert_eq!(
            String::from_utf8_lossy(&annotated(&once[..], style)),
            String::from_utf8_lossy(&once)
        );
    }
}

/// An explanation in a broken header of `-v long` once made it a header, and so the next line one
/// of an app's log.
#[test]
fn an_explanation_makes_no_header() {
    let log = b"[ 05-09 07:31:13.020  8:  902 D/Paaaaaaaaaa$aaaaa=aaaaaaaaa\xef871303\n\xe9\x94\x99\xe8\xaf\xaf871303\n5- 871300";
    for palette in [Palette::Plain, Palette::Ansi256] {
        let style = Style { palette, ..PLAIN };
        let once = annotated(&log[..], style);
        assert_eq!(annotated(&once[..], style), once, "{palette:?}");
    }
}
