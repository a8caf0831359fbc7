//! Standard output while the log goes there.
//!
//! Owns what the system that reads it needs around the log: a runner obeys commands in it. Knows
//! nothing about inputs.

use std::fs::File;
use std::io::{self, Write};

use jm_annotate::report::{Kind, azure, github};

use crate::output::{Writer, writer};
use crate::settings::MainOutput;

/// Standard output while the log goes there.
pub(crate) enum LogWriter {
    Bare(File),
    /// For GitHub's runner, which would obey what the log holds.
    Fenced(github::Fence<Writer>),
    /// For Azure's agent, which would too.
    Disarmed(azure::Disarmed<Writer>),
    /// Nowhere: it failed before the first byte.
    Failed(Failed),
}

/// A writer that has failed: the first write returns why. Later ones fail as if to a closed pipe,
/// because that is not reported again.
pub(crate) struct Failed(Option<io::Error>);

impl LogWriter {
    /// If it cannot be opened, its first write fails, as if that came later.
    pub(crate) fn open(main_output: MainOutput, stdout: &File) -> Self {
        let opened = Self::try_open(main_output, stdout);
        opened.unwrap_or_else(|error| LogWriter::Failed(Failed(Some(final_error(error)))))
    }

    fn try_open(main_output: MainOutput, stdout: &File) -> io::Result<Self> {
        Ok(match main_output {
            MainOutput::EchoedLog(Kind::Github) => {
                let mut writer = writer(stdout)?;
                if std::env::var_os("GITHUB_ACTIONS").is_some() {
                    // The step may have printed half a line, in which nothing is a command.
                    writer.write_all(b"\n")?;
                }
                LogWriter::Fenced(github::Fence::open(writer)?)
            }
            MainOutput::EchoedLog(_) => LogWriter::Disarmed(azure::Disarmed::new(writer(stdout)?)),
            _ => LogWriter::Bare(stdout.try_clone()?),
        })
    }

    pub(crate) fn writer(&mut self) -> io::Result<Box<dyn Write + '_>> {
        Ok(match self {
            LogWriter::Bare(file) => Box::new(writer(file)?),
            LogWriter::Fenced(fence) => Box::new(fence),
            LogWriter::Disarmed(disarmed) => Box::new(disarmed),
            LogWriter::Failed(failed) => Box::new(failed),
        })
    }

    pub(crate) fn close(self) -> io::Result<()> {
        match self {
            LogWriter::Bare(_) => Ok(()),
            LogWriter::Fenced(fence) => fence.close().map(drop),
            LogWriter::Disarmed(disarmed) => disarmed.close().map(drop),
            LogWriter::Failed(mut failed) => failed.flush(),
        }
    }
}

/// An error after which no one tries again: the log cannot be written.
fn final_error(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::Interrupted => io::Error::other(error),
        _ => error,
    }
}

impl Write for Failed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.take().unwrap_or(io::ErrorKind::BrokenPipe.into()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.take().map_or(Ok(()), Err)
    }
}
