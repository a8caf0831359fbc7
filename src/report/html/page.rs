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

#[cfg(test)]
mod tests {
    use maud::PreEscaped;

    use super::*;

    #[test]
    fn a_row_may_have_what_the_rest_of_the_page_leaves() {
        let mut bytes = Vec::new();
        let mut page = Page::new(&mut bytes, 3000);
        let text = |bytes: usize| PreEscaped("x".repeat(bytes));
        page.write(text(500)).expect("memory does not fail");
        let first = PAGE_BYTES + ROW_BYTES - 3500 - AFTER_ROWS;
        assert_eq!(page.room_for_row(), first);
        page.write(text(700)).expect("memory does not fail");
        assert_eq!(page.room_for_row(), first + ROW_BYTES - 700);
        page.write(text(first + 2 * ROW_BYTES)).expect("memory does not fail");
        assert_eq!(page.room_for_row(), 0, "more was written than there is room for");
    }
}
