//! stub to be replaced

use std::io;

use super::Tally;

/// Writes the summary.
///
/// # Errors
/// The writer's.
pub fn write(tally: &Tally<'_>, writer: &mut dyn io::Write) -> io::Result<()> {
    for count in tally.by_count() {
        writeln!(writer, "{}", count.code)?;
    }
    Ok(())
}
