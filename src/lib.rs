//! Explains JMessage (Jiguang IM) error codes where they stand in a log.
//!
//! Every byte of the input comes back, and right behind each error code stands what it means, in
//! English and Chinese:
//!
//! ```text
//! responseCode = 871300 [Have not logged in. | api调用发起者尚未登录], responseMessage = …
//! ```
//!
//! The whole filter is one function from a reader to a writer:
//!
//! ```
//! use jm_annotate::annotate::Annotator;
//! use jm_annotate::catalog::{Catalog, Selection};
//! use jm_annotate::context::Strictness;
//! use jm_annotate::render::{Languages, Palette, Place, Renderer};
//! use jm_annotate::stream::filter;
//!
//! let catalog = Catalog::new(Selection::All);
//! let annotator = Annotator::new(&catalog, Strictness::Weighed);
//! let renderer = Renderer::new(Languages::Both, Place::Inline, Palette::Plain);
//!
//! let log = "E/Login: code = 871300\nI/cpufreq: freq = 871300\n";
//! let mut output = Vec::new();
//! let totals = filter(log.as_bytes(), &mut output, annotator, renderer).expect("memory does not fail");
//!
//! let wanted = "E/Login: code = 871300 [Have not logged in. | api调用发起者尚未登录]\nI/cpufreq: freq = 871300\n";
//! assert_eq!(String::from_utf8_lossy(&output), wanted);
//! assert_eq!(totals.bytes, log.len() as u64);
//! ```
//!
//! # Three promises
//!
//! 1. It only adds. Take the explanations out and the input is back, byte for byte.
//! 2. It is right or silent. A number that merely looks like a code stays as it is.
//! 3. It stays out of the way. A line leaves before the next one is waited for, and memory does not
//!    grow with the input.
//!
//! The library opens no file, asks no terminal, reads no environment and never prints. All of that
//! is in the program, `src/bin/jm-annotate`. The feature `cli`, which is on by default, brings the
//! program, `report` and their dependencies.
//!
//! # The modules, in reading order
//!
//! | module | owns | does not know |
//! |---|---|---|
//! | [`catalog`] | what a code means: the vendor's lists as data | logs, files, colors |
//! | [`scan`] | where in a block a number with the shape of a code stands | what it means |
//! | [`context`] | whether the number stands for a code here: the line's header, the words around, the rules | blocks, output |
//! | [`annotate`] | the three above together: from a block to its annotations | what is written about them |
//! | [`render`] | the form, place and color of an explanation | why a number is a code |
//! | `report` | what else one pass writes: JSON lines, a summary, GitHub commands, JUnit, Markdown | files, terminals |
//! | [`stream`] | reader → blocks of whole lines → writer; the order of things | paths, options |
//!
//! # The way of a byte
//!
//! 1. [`stream`] does one read and takes everything up to the last line end as a block. The rest
//!    waits for the next read.
//! 2. [`scan`] finds the runs of digits that are long enough. Most blocks hold none, and go out as
//!    they came.
//! 3. [`catalog`] is asked. A number in no list is no code, but for an unknown 871ddd.
//! 4. For what is left [`context`] looks at the line and asks its rules in order; the first that
//!    decides wins.
//! 5. [`render`] turns the block and its annotations into untouched spans and insertions.
//! 6. [`stream`] shows the annotations to its observers (the reports), writes the spans and
//!    insertions, and reads on.
//!
//! Nothing flows back: a later step never changes what an earlier one said. [`stream::Stream`] is
//! the pass with all its parts; [`stream::filter`] is the short way to it.
//!
//! # Where do I change …?
//!
//! | what | where |
//! |---|---|
//! | a message, a meaning or an advice | its row in `src/catalog/data/*.tsv` |
//! | how much evidence a code needs, or its severity | the columns `evidence` and `severity` of its row |
//! | a family, its page or its date | [`catalog::FAMILIES`], and a table beside the others |
//! | the columns of a catalog | [`catalog::COLUMNS`] and the parser beside it, `catalog/table.rs` |
//! | the shape of a number that is looked for | [`scan`], both of its scanners |
//! | a rule: what speaks for a code or against it | [`context::RULES`], one item each, with a line for and a line against it in the tests |
//! | a word that introduces a code, or something else | the lists in `context/words.rs` |
//! | a unit behind a number | the lists beside the rule `unit` in `context/rules/shape.rs` |
//! | the format of a line's header | [`context::header`] |
//! | what a line remembers of the lines before | [`context::State`] |
//! | how our own earlier explanations are told | `context/own.rs` |
//! | the form of an explanation | [`render::Renderer`] |
//! | colors | [`render::Palette`]; the log's own: `render/sgr.rs` |
//! | which lines `--only` writes | [`stream::Only`] |
//! | how blocks are cut, and how long a line may be | `stream/blocks.rs` |
//! | the fast way on Linux | `stream/splice.rs` |
//! | a report, or a new kind | one file in `report/`, and an arm of `report::Kind` |
//! | a field of the JSON lines | `report/json.rs`; the README's table is the contract |
//! | what `--fail-on` understands | `report/fail_on.rs` |
//! | an option | `bin/jm-annotate/args.rs` for what is typed, `settings.rs` for what it leads to |
//! | what `explain` and `list` print | `bin/jm-annotate/lookup.rs` |
//! | compression and encodings | `bin/jm-annotate/decode.rs` |
//! | Ctrl-C | `bin/jm-annotate/interrupt.rs` |
//! | the exit status | `bin/jm-annotate/main.rs` |

pub mod annotate;
#[allow(dead_code)]
mod ansi;
mod cache;
pub mod catalog;
mod code_range;
pub mod context;
mod explanation;
pub mod render;
#[cfg(feature = "cli")]
pub mod report;
pub mod scan;
pub mod stream;

pub use code_range::{CodeRange, CodeRangeError};

/// The README's example of the library, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
