//! Everything that is tested from the outside, in one binary: the library as its users see it, and
//! the program.

#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a test says why it was skipped and what it found"
)]

#[cfg(unix)]
mod adb;
mod apps;
mod archives;
mod catalog;
#[cfg(target_os = "linux")]
mod changes;
#[cfg(unix)]
mod ci;
mod cli;
mod containers;
#[cfg(unix)]
mod early;
mod encodings;
mod environment;
mod explain_line;
mod fast_path;
mod faults;
mod generated;
mod headers;
mod hostile;
mod invariants;
mod judged;
mod labelled;
mod layouts;
#[cfg(unix)]
mod live;
mod lookup;
mod markdown;
mod naive;
mod only;
#[cfg(unix)]
mod oracles;
mod pack;
mod pieces;
#[cfg(unix)]
mod pipes;
#[cfg(unix)]
mod place;
mod policy;
#[cfg(unix)]
mod recipes;
mod reports;
mod rules;
mod runners;
mod samples;
mod scanners;
#[cfg(unix)]
mod signals;
#[cfg(target_os = "linux")]
mod splice;
#[cfg(unix)]
mod streams;
#[cfg(unix)]
mod targets;
mod tidy;
mod util;
