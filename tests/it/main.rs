//! The integration tests: one binary.

mod catalog;
mod headers;
mod judged;
mod labelled;
mod rules;
