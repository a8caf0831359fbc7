//! x
pub mod annotate;
pub mod catalog;
pub mod context;
pub mod render;
#[cfg(feature = "cli")]
pub mod report;
pub mod scan;
pub mod stream;
