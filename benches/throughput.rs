//! How many bytes a second each step takes on, each on a quiet, a typical and a dense log. Every
//! benchmark asserts first that it finds what is there: a fast scan that finds nothing is no scan.

use std::hint::black_box;
use std::io;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jm_annotate::annotate::{Annotator, Block};
use jm_annotate::catalog::{Catalog, Selection};
use jm_annotate::context::Strictness;
use jm_annotate::render::{Languages, Palette, Place, Renderer};
use jm_annotate::scan::{Prefix, Runs, Scanner};
use jm_annotate::stream::filter;
use memchr::memmem::Finder;

mod logs;

use logs::Random;

/// How long a log is, in bytes: more than the processor's second cache holds.
const LOG_BYTES: usize = 8 * 1024 * 1024;
/// How long a log of one shape is, in bytes: such a log takes far longer.
const SHAPE_BYTES: usize = 1024 * 1024;
/// How long a block of a stream is, in bytes: what one read asks for.
const BLOCK_BYTES: usize = 128 * 1024;

/// A log by name, with how many codes it holds.
struct Log {
    name: &'static str,
    text: String,
    codes: usize,
}

/// `length`, or a sixteenth of it to run each benchmark once (`--test`): enough to see that it
/// finds what is there, also without optimization.
fn log_length(length: usize) -> usize {
    if std::env::args().any(|argument| argument == "--test") { length / 16 } else { length }
}

fn all_logs() -> [Log; 3] {
    [("quiet", 0), ("typical", 1000), ("dense", 1)].map(|(name, lines_per_code)| {
        let (text, codes) = logs::log(log_length(LOG_BYTES), lines_per_code);
        Log { name, text, codes }
    })
}

fn catalogs() -> [(&'static str, Catalog<'static>); 2] {
    let android = Selection::Only(vec!["android".to_owned()]);
    [("android", Catalog::new(android)), ("all", Catalog::new(Selection::All))]
}

/// The blocks of whole lines that a stream would make.
fn blocks(text: &str) -> Vec<&[u8]> {
    let (mut rest, mut blocks) = (text.as_bytes(), Vec::new());
    while !rest.is_empty() {
        let reach = rest.len().min(BLOCK_BYTES);
        let end = memchr::memrchr(b'\n', &rest[..reach]).map_or(reach, |at| at + 1);
        let (block, after) = rest.split_at(end);
        blocks.push(block);
        rest = after;
    }
    blocks
}

fn scan(criterion: &mut Criterion) {
    let scanners = [
        ("prefix", Scanner::Prefix(Box::<Prefix>::default())),
        ("runs", Scanner::Runs(Runs::default())),
    ];
    let memmem = Finder::new("871");
    for log in all_logs() {
        let mut group = criterion.benchmark_group(format!("scan/{}", log.name));
        group.throughput(Throughput::Bytes(log.text.len() as u64));
        let blocks = blocks(&log.text);
        for (name, scanner) in &scanners {
            let count = |blocks: &[&[u8]]| {
                blocks.iter().map(|block| scanner.numbers(block).len()).sum::<usize>()
            };
            assert!(count(&blocks) >= log.codes, "{name} finds every code");
            group.bench_function(*name, |bencher| bencher.iter(|| count(black_box(&blocks))));
        }
        let count = |blocks: &[&[u8]]| {
            blocks.iter().map(|block| memmem.find_iter(block).count()).sum::<usize>()
        };
        assert!(count(&blocks) >= log.codes);
        group.bench_function("memmem", |bencher| bencher.iter(|| count(black_box(&blocks))));
        group.finish();
    }
}

fn annotate(criterion: &mut Criterion) {
    for log in all_logs() {
        let mut group = criterion.benchmark_group(format!("annotate/{}", log.name));
        group.throughput(Throughput::Bytes(log.text.len() as u64));
        let blocks = blocks(&log.text);
        for (name, catalog) in &catalogs() {
            assert_eq!(annotations(catalog, &blocks), log.codes);
            group.bench_function(*name, |bencher| {
                bencher.iter(|| annotations(catalog, black_box(&blocks)))
            });
        }
        group.finish();
    }
}

fn annotations(catalog: &Catalog<'_>, blocks: &[&[u8]]) -> usize {
    let (mut annotator, mut found, mut count) =
        (Annotator::new(catalog, Strictness::Weighed), Vec::new(), 0);
    for bytes in blocks {
        let mut rest = *bytes;
        while !rest.is_empty() {
            let done = annotator.annotate(Block::lines(rest), &mut found);
            annotator.end_block(Block::lines(&rest[..done]));
            rest = &rest[done..];
            count += found.len();
            found.clear();
        }
    }
    count
}

fn stream(criterion: &mut Criterion) {
    for log in all_logs() {
        let mut group = criterion.benchmark_group(format!("stream/{}", log.name));
        group.throughput(Throughput::Bytes(log.text.len() as u64));
        for (name, catalog) in &catalogs() {
            let mut output = Vec::new();
            pass(catalog, Place::Inline, &log.text, &mut output);
            assert_eq!(memchr::memmem::find_iter(&output, " | ").count(), log.codes);
            group.bench_function(*name, |bencher| {
                bencher.iter(|| pass(catalog, Place::Inline, black_box(&log.text), io::sink()))
            });
        }
        group.finish();
    }
}

fn pass(catalog: &Catalog<'_>, place: Place, log: &str, output: impl io::Write) {
    let annotator = Annotator::new(catalog, Strictness::Weighed);
    let renderer = Renderer::new(Languages::Both, place, Palette::Plain);
    filter(log.as_bytes(), output, annotator, renderer)
        .expect("reading and writing memory does not fail");
}

/// Logs that are slow to judge: many candidates with little text around them. `#` is a number that
/// is the same everywhere, or another one each time; `?` is another word each time, `^` one that a
/// hundredth of the lines have there, and `~` another byte. `$` ends the log.
fn shapes(criterion: &mut Criterion) {
    const RECORD: &str =
        r#"{"header":{"logLevel":"E","pid":1,"tid":2,"tag":"?"},"message":"? code is #"}"#;
    const SHAPES: [(&str, &str, bool); 21] = [
        ("short lines", "#\n", true),
        ("short lines with a key", "code=#\n", true),
        ("blank lines between", "\n\n\n#\n", true),
        ("near misses", "size #\n", false),
        ("a line of codes", "code=# ", true),
        ("a line of candidates", "# $]\n", false),
        ("candidates in brackets", "# ]", false),
        ("a list", "#,", false),
        ("word parts", "x# ", false),
        ("quoted", "\\\"#\\\",", false),
        ("names of the SDK", "极光IM登录: #; ", true),
        ("a line among other words", "? code: #, ?\n", true),
        ("other words in one line", "? code: #, ? ", true),
        ("other keys in one line", "?=# ", false),
        ("other quoted words", "\\\"?\\\"%3D#]", false),
        ("records of an export", RECORD, true),
        ("times in one line", "07:31:08.871 $871300\n", false),
        ("short texts in brackets", "code=# [x] ", true),
        ("values of tests", "? expected <#> but was <#> ", true),
        ("values of tests in lines", "E/?: #, expected <#> but was <#>, #\n", true),
        ("lines that come again", "E/App: ^=#, ^: #, ^ error #, ^ #\n", true),
    ];
    let explained = format!("code=#{} x]\n", " [# Have not logged in.]".repeat(600));
    let explained = ("explanations before something else", explained.as_str(), true);
    let sequences = format!("code=# {}\n", "\x1b[[".repeat(6000));
    let sequences = ("brackets in sequences", sequences.as_str(), true);
    let colors = format!("code=# {}", "\x1b[38;5;123m".repeat(300));
    let colors = ("colors in one line", colors.as_str(), true);
    let colored = format!("{}code=#\n", "\x1b[31m".repeat(200));
    let colored = ("a code among colors in each line", colored.as_str(), true);
    let random_colors = format!("{}code=#\n", "\x1b[38;5;~m".repeat(20));
    let random_colors = ("a code after random colors in each line", random_colors.as_str(), true);
    let (_, catalog) = &catalogs()[0];
    for (name, shape, has_codes) in
        SHAPES.into_iter().chain([explained, sequences, colors, colored, random_colors])
    {
        let mut group = criterion.benchmark_group(format!("shapes/{name}"));
        let (shape, end) = shape.split_once('$').unwrap_or((shape, ""));
        for (numbers, step, place) in [
            ("one number", 0, Place::Inline),
            ("many numbers", 7, Place::Inline),
            ("many numbers, explained at the end", 7, Place::End),
        ] {
            let number = |at: usize| (871_300 + at * step % 700).to_string();
            let mut random = Random(1);
            let part = |at| filled(shape, &number(at), &mut random);
            let log =
                (0..log_length(SHAPE_BYTES) / shape.len()).map(part).collect::<String>() + end;
            let mut output = Vec::new();
            pass(catalog, place, &log, &mut output);
            let is_found = memchr::memmem::find(&output, b" | ").is_some();
            assert_eq!(is_found, has_codes, "{name}, {numbers}");
            group.throughput(Throughput::Bytes(log.len() as u64));
            group.bench_function(numbers, |bencher| {
                bencher.iter(|| pass(catalog, place, black_box(&log), io::sink()))
            });
        }
        group.finish();
    }
}

/// A shape with its places filled.
fn filled(shape: &str, number: &str, random: &mut Random) -> String {
    let mut part = String::new();
    let mut again = Random(random.below(100));
    for place in shape.chars() {
        match place {
            '#' => part.push_str(number),
            '?' => part.push_str(&word(random)),
            '^' => part.push_str(&word(&mut again)),
            '~' => part.push_str(&random.below(256).to_string()),
            other => part.push(other),
        }
    }
    part
}

/// A word of six letters.
fn word(random: &mut Random) -> String {
    (0..6).map(|_| char::from(b'a' + random.below(26) as u8)).collect()
}

criterion_group!(benches, scan, annotate, stream, shapes);
criterion_main!(benches);
