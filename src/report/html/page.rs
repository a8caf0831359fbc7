//! The page as it is written: part by part, so that memory holds none of it, and how much room is
//! left in it.
//!
//! Owns the limit of its size. Knows nothing of what is in it.

use std::io;

use maud::Markup;

use super::codes::ROW_BYTES;

/// The most bytes of a page without its rows.
const PAGE_BYTES: usize = 100 * 1024;

/// A page that is being written.
pub(super) struct Page<'w> {
    writer: &'w mut dyn io::Write,
    written: usize,
    /// How many bytes come after the rows.
    end: usize,
    rows: usize,
}

impl<'w> Page<'w> {
    /// A page whose last part, after the rows, has `end` bytes.
    pub(super) fn new(writer: &'w mut dyn io::Write, end: usize) -> Self {
        Page { writer, written: 0, end, rows: 0 }
    }

    pub(super) fn write(&mut self, part: Markup) -> io::Result<()> {
        self.written += part.0.len();
        self.writer.write_all(part.0.as_bytes())
    }

    /// How many bytes the next row may have: what the rows before it have left, and what the rest
    /// of the page has.
    pub(super) fn room_for_row(&mut self) -> usize {
        self.rows += 1;
        let room = PAGE_BYTES + self.rows * ROW_BYTES;
        room.saturating_sub(self.written + self.end + AFTER_ROWS)
    }
}

/// How many bytes the tags take that end the table, with some to spare.
const AFTER_ROWS: usize = 100;
