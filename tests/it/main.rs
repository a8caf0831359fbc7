//! Everything that is tested from the outside, in one binary: the library as its users see it, and
//! the program.

#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a test says why it was skipped and what it found"
)]

#[cfg(unix)] // modes and owners
mod access;
#[cfg(unix)] // the adb client is a package of Debian
mod adb;
mod annotated;
mod apps;
mod archives;
mod catalog;
#[cfg(target_os = "linux")] // splice
mod changes;
#[cfg(unix)] // bash
mod ci;
mod cli;
mod colors;
mod completion;
mod containers;
#[cfg(unix)] // descriptors, and a shell
mod descriptors;
#[cfg(unix)] // FIFOs, modes, and a shell
mod early;
mod encodings;
mod environment;
mod explain_line;
mod fast_path;
mod faults;
#[cfg(unix)] // a shell
mod file_to_file;
#[cfg(unix)] // signals
mod first_signal;
mod generated;
mod headers;
mod help;
mod hostile;
mod html;
#[cfg(target_os = "linux")] // strace
mod injected;
mod invariants;
mod judged;
mod labelled;
mod layouts;
#[cfg(unix)] // signals
mod left_unread;
mod live;
mod lookup;
#[cfg(unix)] // descriptors, and a shell
mod lost;
mod markdown;
mod memo;
#[cfg(target_os = "linux")] // mounts
mod mounts;
mod naive;
mod only;
#[cfg(unix)] // descriptors, FIFOs, and a shell
mod opened;
#[cfg(unix)] // GNU tools
mod oracles;
mod pack;
#[cfg(unix)] // a shell
mod pages;
#[cfg(target_os = "linux")] // a pseudo-terminal
mod picture;
mod pieces;
mod pipes;
#[cfg(unix)] // a shell
mod place;
mod policy;
#[cfg(target_os = "linux")] // pseudo-terminals
mod progress;
#[cfg(unix)] // bash
mod recipes;
mod reports;
mod rules;
mod runners;
mod samples;
mod scanners;
#[cfg(unix)] // signals
mod signals;
#[cfg(target_os = "linux")] // splice
mod splice;
#[cfg(unix)] // signals
mod stopped;
#[cfg(unix)] // descriptors in non-blocking mode, terminals
mod streams;
#[cfg(unix)] // links, FIFOs, modes, and a shell: `windows` has what is left
mod targets;
#[cfg(target_os = "linux")] // pseudo-terminals
mod terminal;
mod tidy;
mod unread;
mod util;
#[cfg(windows)]
mod windows;
#[cfg(unix)] // saphyr, modes
mod workflows;
