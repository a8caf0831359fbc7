//! Which processes have logged lines of the SDK shortly before a line: what such a process logs is
//! its app's.
//!
//! Owns the search, which looks at no byte twice and only at those before a line that asks. The
//! answer depends on the text alone: not on how it was cut into blocks, and not on who asked
//! before. Knows nothing about rules.

use std::cell::{Cell, OnceCell};

use super::Line;
use super::header::Header;
use super::history::History;
use super::lexicon::{self, Role};
use crate::block::Start;

/// The SDK's lines that were found last.
#[derive(Debug, Default)]
pub(super) struct SdkLines {
    /// The input was searched up to here, in bytes from its start, where our explanations do not
    /// count.
    searched: u64,
    /// The processes, each with where its last line is, in the same bytes.
    processes: Vec<(u32, u64)>,
    /// The answer for the other pieces of the current line.
    carried: bool,
}

/// How far before a line a line of the SDK may begin, in bytes without our explanations: about
/// forty lines.
const REACH_BYTES: usize = 4096;

/// Whether a line's process has logged lines of the SDK shortly before.
pub(super) trait FollowsSdk {
    /// The answer, which is found when it is first asked for: most numbers are judged without it.
    fn get(&self) -> bool;
    /// The answer, if it was asked for.
    fn known(&self) -> Option<bool>;
}

/// The answer for a line whose process is not known.
pub(super) struct Nobody;

impl FollowsSdk for Nobody {
    fn get(&self) -> bool {
        false
    }

    fn known(&self) -> Option<bool> {
        Some(false)
    }
}

/// The answer that a function gives.
pub(super) struct Asked<F> {
    answer: OnceCell<bool>,
    ask: Cell<Option<F>>,
}

impl<F: FnOnce() -> bool> Asked<F> {
    pub(super) fn new(ask: F) -> Self {
        Asked { answer: OnceCell::new(), ask: Cell::new(Some(ask)) }
    }
}

impl<F: FnOnce() -> bool> FollowsSdk for Asked<F> {
    fn get(&self) -> bool {
        *self.answer.get_or_init(|| self.ask.take().is_some_and(|ask| ask()))
    }

    fn known(&self) -> Option<bool> {
        self.answer.get().copied()
    }
}

impl SdkLines {
    /// Whether a line's process has logged a line of the SDK shortly before. Lines must come in
    /// order; a line in pieces is asked about with its first one, before it is carried on.
    pub(super) fn precede(
        &mut self,
        line: &Line<'_>,
        header: &Header<'_>,
        history: &History,
    ) -> bool {
        let Some(pid) = header.app() else { return false };
        if line.start() == Start::Piece {
            return self.carried;
        }
        let at = history.position(line.range.start);
        let first = at.saturating_sub(REACH_BYTES as u64);
        let from = self.searched.max(first);
        if from < at {
            let wanted = (at - from) as usize;
            let above = history.above(line, wanted + 1);
            let (before, text) = above.split_at(above.len().saturating_sub(wanted));
            let begins_line = before.is_empty() || before.ends_with(b"\n");
            self.search(text, from, begins_line);
            self.searched = at;
        }
        self.processes.retain(|(_, at)| *at >= first);
        self.processes.iter().any(|(other, _)| *other == pid)
    }

    /// Keeps the answer for the other pieces of a line that is cut.
    pub(super) fn carry(&mut self, line: &Line<'_>, header: &Header<'_>, history: &History) {
        self.carried = self.precede(line, header, history);
    }

    /// Adds the processes of the SDK's lines in a text, whose first byte is at `from`.
    fn search(&mut self, text: &[u8], from: u64, begins_line: bool) {
        lexicon::each(text, Role::Sdk, |place| {
            let start = match memchr::memrchr(b'\n', &text[..place.start]) {
                Some(before) => before + 1,
                None if begins_line => 0,
                None => return,
            };
            let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |at| start + at);
            if let Some(pid) = Header::parse(&text[start..end]).app() {
                self.processes.retain(|(other, _)| *other != pid);
                self.processes.push((pid, from + start as u64));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::explanations::Explanations;
    use super::*;
    use crate::block::Block;

    /// The answer for each line with a number in a text that arrives in blocks of some lines. What
    /// is in brackets is an explanation.
    fn answers(text: &str, lines_per_block: usize) -> Vec<bool> {
        let (mut sdk_lines, mut history) = (SdkLines::default(), History::default());
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut answers = Vec::new();
        for lines in lines.chunks(lines_per_block) {
            let block = lines.concat();
            let mut line = Line::before(block.as_bytes());
            while line.range.end < block.len() {
                line = line.around(line.range.end);
                if line.text().contains(&b'8') {
                    let header = Header::parse(line.text());
                    answers.push(sdk_lines.precede(&line, &header, &history));
                    let [start, end] =
                        [b'[', b']'].map(|bracket| memchr::memchr(bracket, line.text()));
                    if let (Some(start), Some(end)) = (start, end) {
                        history.keep_explanations(
                            &line,
                            &Explanations::at(std::iter::once(start..end)),
                        );
                    }
                }
            }
            history.end_block(Block::lines(block.as_bytes()));
        }
        answers
    }

    #[test]
    fn a_line_of_the_sdk_counts_for_its_process_and_for_a_while() {
        let line = |pid, tag, message: &str| format!("D/{tag}({pid:5}): {message}\n");
        let number = line(1702, "Konto", "871300");
        for (before, want) in [
            (line(1702, "JMessage", "init"), true),
            (line(1702, "Konto", "JMessageClient.init"), true),
            (line(1703, "JMessage", "init"), false),
            (line(1702, "Konto", "init"), false),
            ("JMessage init\n".to_owned(), false),
        ] {
            for gap in [0, 100, REACH_BYTES - before.len(), REACH_BYTES] {
                let text = [&before, &"x".repeat(gap.saturating_sub(1)), "\n", &number].concat();
                for lines_per_block in [1, 2, 9] {
                    let is_near = gap.max(1) + before.len() <= REACH_BYTES;
                    assert_eq!(answers(&text, lines_per_block), [want && is_near], "{text:.40}");
                }
            }
        }
    }

    #[test]
    fn what_an_explanation_says_does_not_count() {
        let number = "D/Konto( 1702): 871300\n";
        for (before, want) in [
            ("D/Konto( 1702): 871508 [unknown JMessage code]\n", false),
            ("D/Konto( 1702): JMessage 871508 [unknown JMessage code]\n", true),
            ("D/Konto( 1702): 871508 [unknown JMessage code] JMessage\n", true),
            ("D/Konto( 1702): no number [unknown JMessage code]\n", true),
            ("D/Konto( 1702): 8 [JMessage]\nD/Konto( 1702): 8 [JMessage] JMessage\n", true),
        ] {
            for gap in ["", "x\n", &"x\n".repeat(1500)] {
                for lines_per_block in [1, 2, 900] {
                    let text = [&"a line before\n".repeat(9), before, gap, number].concat();
                    assert_eq!(answers(&text, lines_per_block).last(), Some(&want), "{before}");
                }
            }
        }
    }

    #[test]
    fn an_answer_is_known_once_it_was_asked_for() {
        for answer in [false, true] {
            let asked = Asked::new(|| answer);
            assert_eq!(asked.known(), None);
            assert_eq!([asked.get(), asked.get()], [answer; 2]);
            assert_eq!(asked.known(), Some(answer));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        /// How lines are cut into blocks, and which of them ask, is invisible.
        #[test]
        fn blocks_are_invisible(
            lines in proptest::collection::vec((0..5_usize, 1..4_usize, 1..900_usize), 1..60),
            lines_per_block in 1..9_usize,
        ) {
            let line = |(kind, pid, length): (usize, usize, usize)| match kind {
                0 => format!("D/JMessage({pid:5}): x\n"),
                1 | 2 => "x".repeat(length) + "\n",
                _ => format!("D/Konto({pid:5}): 8\n"),
            };
            let text = lines.into_iter().map(line).collect::<Vec<_>>().concat();
            prop_assert_eq!(answers(&text, lines_per_block), answers(&text, usize::MAX));
        }
    }
}
