//! Explains JMessage (Jiguang IM) error codes inside a log.
//!
//! Every byte of the input comes back, and right after each error code comes what it means, in
//! English and Chinese:
//!
//! ```text
//! responseCode = 871300 [Have not logged in. | api调用发起者尚未登录], responseMessage = …
//! ```
//!
//! The shortest way is one call, [`annotate_str`]; [`Filter`] has the settings, and reads and
//! writes streams:
//!
//! ```
//! use jm_annotate::Filter;
//!
//! let log = "E/Login: code = 871300\nI/cpufreq: freq = 871300\n";
//! let mut output = Vec::new();
//! let totals = Filter::new().run(log.as_bytes(), &mut output)?;
//!
//! let wanted = "E/Login: code = 871300 [Have not logged in. | api调用发起者尚未登录]\nI/cpufreq: freq = 871300\n";
//! assert_eq!(String::from_utf8_lossy(&output), wanted);
//! assert_eq!(totals.bytes, log.len() as u64);
//! # Ok::<(), jm_annotate::stream::StreamError>(())
//! ```
//!
//! # Promises
//!
//! 1. It only adds. Remove the explanations and the input is back, byte for byte.
//! 2. It is right or silent, and can say why. A number that only looks like a code stays as it is.
//! 3. It never lets a build pass by accident: what was not read is an error.
//! 4. It costs what `cat` costs. A line leaves before the next one arrives, and memory does not
//!    grow with the input.
//!
//! The library opens no file, queries no terminal, reads no environment variable, and never prints.
//! The program in `src/bin/jm-annotate` does that. The default feature `cli` adds the program,
//! `report`, `layout`, and their dependencies.
//!
//! # The modules, in reading order
//!
//! | module | owns | does not know |
//! |---|---|---|
//! | [`catalog`] | what a code means: the vendor's lists as data | logs, files, colors |
//! | [`scan`] | where in a block a number has the shape of a code | what it means |
//! | [`context`] | whether the number is a code here: the line's header, the words around it, the rules | blocks, output |
//! | [`annotate`] | these three together: from a block to its annotations | what is written about them |
//! | `explanation` | the form of an explanation: written, and found again | lines, verdicts |
//! | [`render`] | the place and color of an explanation | why a number is a code |
//! | `report` | what else a pass writes: JSON lines, a summary, GitHub commands, JUnit, Markdown, HTML | files, terminals |
//! | [`stream`] | reader → blocks of whole lines → writer; the order of things | paths, options |
//!
//! Small modules serve several of them: `ansi` recognizes escape sequences, `cache` keeps values by
//! code, `block` and `annotation` hold what is handed from step to step, and [`visible`] makes
//! foreign text safe to show.
//!
//! # The path of a byte
//!
//! 1. [`stream`] does one read and takes everything up to the last line end as a block. The rest
//!    waits for the next read.
//! 2. [`scan`] finds the candidates: runs of digits with the shape of a code. Most blocks have
//!    none, and are written unchanged.
//! 3. [`catalog`] looks each candidate up. One that is in no list is not a code, except an unlisted
//!    871xxx.
//! 4. [`context`] judges the rest, line by line. It asks its rules in order, and the first that
//!    decides wins.
//! 5. [`render`] turns the block and its annotations into untouched spans and insertions.
//! 6. [`stream`] shows the annotations to its observers (the reports), writes the spans and
//!    insertions, and reads again.
//!
//! Nothing flows back: a later step never changes what an earlier one decided. [`stream::Stream`]
//! is the pass with all its parts; [`Filter`] is the shortcut.
//!
//! # Where do I change …?
//!
//! | what | where |
//! |---|---|
//! | a code | its row in `catalog/data/*.tsv`, then `JM_ANNOTATE_REWRITE=1 cargo test prefixes` |
//! | how much evidence a code needs, or its severity | the columns `evidence` and `severity` of its row |
//! | a family, its page, or its date | [`catalog::FAMILIES`], and a table next to the others |
//! | the columns of a catalog | [`catalog::COLUMNS`] and the parser, both in `catalog/table.rs` |
//! | the shape of the numbers to look for | [`scan`], both of its scanners |
//! | a rule | one item with its examples in the file of its phase, `context/rules/` |
//! | a word | its row in `context/lexicon.tsv` |
//! | what a name says | `context/names.rs` |
//! | the format of a line's header | one file in `context/header/`, and an arm in its `mod.rs` |
//! | what is remembered of earlier lines | `context/history.rs` |
//! | the form of an explanation | `explanation.rs` |
//! | which escape sequences are recognized | `ansi.rs` |
//! | which characters count as invisible | `visible.rs` |
//! | colors | [`render::Palette`]; the log's own: `render/sgr.rs` |
//! | which lines `--only` writes | [`stream::Only`] |
//! | how blocks are cut, and how long a line stays whole | `stream/blocks.rs` |
//! | how `explain --line -` reads | `stream/lines.rs` |
//! | the fast path on Linux | `stream/splice.rs` |
//! | a report | one file in `report/`, and an arm of `report::Kind` |
//! | a field of the JSON lines | `report/json.rs`; the table in `docs/json.md` is the contract |
//! | what `--fail-on` understands | `report/fail_on.rs`; what it means for reports: `report/outcome.rs` |
//! | an option | `bin/jm-annotate/args.rs` for what is typed, `settings.rs` for what follows from it |
//! | what `explain` and `list` print | `bin/jm-annotate/lookup.rs`; `explain --line`: `explain_line.rs` |
//! | where a report may go, and how it gets there | `bin/jm-annotate/targets.rs`, `reports.rs` |
//! | what a message on standard error looks like | `bin/jm-annotate/messages.rs` |
//! | which formats are recognized | `bin/jm-annotate/container.rs` |
//! | encodings, and the order of decoders | `bin/jm-annotate/decode.rs` |
//! | a format that packs one stream of bytes | one file in `bin/jm-annotate/unpack/` |
//! | zip | `bin/jm-annotate/zip/`; what its files become: `pass.rs` |
//! | Ctrl-C | `bin/jm-annotate/interrupt/`; the console of Windows: `console.rs` |
//! | what fits a terminal | `layout.rs`; how wide a terminal is: `bin/jm-annotate/screen.rs` |
//! | the command to paste, the progress | `bin/jm-annotate/hint.rs`, `progress.rs` |
//! | the exit status | `bin/jm-annotate/main.rs` |

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod annotate;
mod annotation;
mod ansi;
mod block;
mod cache;
pub mod catalog;
pub mod context;
mod explanation;
mod filter;
#[cfg(feature = "cli")]
pub mod layout;
pub mod render;
#[cfg(feature = "cli")]
pub mod report;
pub mod scan;
pub mod stream;
pub mod visible;

pub use filter::{Filter, annotate_str};

/// The example of the page about the library, as a test.
#[cfg(doctest)]
#[doc = include_str!("../docs/library.md")]
struct Library;
