//! When a verdict is asked for, and when a kept one is repeated.

use std::cell::Cell;

use super::super::header::{Format, Level};
use super::super::rules::PLAIN_CODE;
use super::super::sdk_lines::Nobody;
use super::*;

const ORIGIN: Origin<'static> = Origin {
    format: Format::Brief,
    level: Some(Level::Error),
    tag: Some(b"Konto"),
    is_dated: false,
    is_known: false,
    follows_codes: false,
};

fn surroundings<'m>(origin: Origin<'m>, message: &'m str) -> Surroundings<'m> {
    let start = message.find("871").expect("a number");
    Surroundings::new(origin, message.as_bytes(), 0, &(start..start + 6)).expect("it is inside")
}

/// Its code, as if each number but those that begin with 8719 was listed.
fn code(number: &Surroundings<'_>) -> Option<Code> {
    let digits = &number.text()[number.place()];
    Code::from_digits(digits).filter(|_| !digits.starts_with(b"8719"))
}

/// Whether the verdict is asked for.
fn asks(memo: &mut Memo, origin: Origin<'_>, message: &str) -> bool {
    !memo.is_worthwhile() || is_new(memo, &surroundings(origin, message))
}

/// The same for a number that is looked up.
fn is_new(memo: &mut Memo, number: &Surroundings<'_>) -> bool {
    let asked = Cell::new(false);
    let ask = || {
        asked.set(true);
        PLAIN_CODE
    };
    memo.verdict(number, code(number), Text::Own, &Nobody, || true, ask);
    asked.get()
}

#[test]
fn a_verdict_is_asked_for_once_for_each_number_and_its_surroundings() {
    let mut memo = Memo::default();
    let mut origins = [ORIGIN; 6];
    origins[1].tag = Some(b"Login");
    origins[2].tag = None;
    origins[3].tag = Some(b"");
    origins[4].level = None;
    origins[5].is_known = true;
    let far = "a text of more than the few bytes that choose the slot ".repeat(8);
    let messages = ["x 871300", "x 871301", "y 871300", "x 871300 y", " x 871300"];
    let mut messages: Vec<String> = messages.map(str::to_owned).into();
    messages.extend([format!("1{far}871300{far}1"), format!("2{far}871300{far}1")]);
    for origin in origins {
        for message in &messages {
            assert!(asks(&mut memo, origin, message), "{origin:?} {message}");
            // Others that were seen before may have the slot for a while.
            let mut again = (0..=CLAIM_MAX + 1).map(|_| asks(&mut memo, origin, message));
            assert!(again.any(|asks| !asks), "{origin:?} {message}");
        }
    }
}

#[test]
fn a_code_that_was_just_logged_has_a_verdict_of_its_own() {
    let (mut memo, mut number) = (Memo::default(), surroundings(ORIGIN, "x 871300"));
    for (is_echo, want) in [(false, true), (true, true), (true, false), (false, false)] {
        number.is_echo = is_echo;
        assert_eq!(is_new(&mut memo, &number), want);
    }
}

#[test]
fn numbers_in_the_same_surroundings_are_kept_together() {
    let mut memo = Memo::default();
    let message = |number: u32| format!("code {number}");
    let mut asked = || {
        let numbers = (871_000..871_300).map(message);
        numbers.filter(|message| asks(&mut memo, ORIGIN, message)).count()
    };
    assert_eq!(asked(), 300);
    assert_eq!(asked(), 0, "each has a place");
}

#[test]
fn unlisted_codes_are_judged_as_one() {
    let mut memo = Memo::default();
    let messages = (871_900..872_000).map(|number| format!("code {number}"));
    assert_eq!(messages.filter(|message| asks(&mut memo, ORIGIN, message)).count(), 1);
    assert!(asks(&mut memo, ORIGIN, "code 871300") && asks(&mut memo, ORIGIN, "id 871900"));
}

#[test]
fn different_surroundings_are_kept_side_by_side() {
    for (count, filler) in [(SHORT_SLOTS / 4, 0), (LONG_SLOTS / 4, SHORT_BYTES_MAX)] {
        let mut memo = Memo::default();
        let messages = (0..count).map(|at| format!("{}w{at} 871300", "x".repeat(filler)));
        let messages: Vec<String> = messages.collect();
        let mut asked = || {
            let new = |text: &&String| is_new(&mut memo, &surroundings(ORIGIN, text));
            messages.iter().filter(new).count()
        };
        assert_eq!(asked(), count);
        assert!(asked() < count / 10, "few sets have too many: {filler}");
    }
}

#[test]
fn a_verdict_that_depends_on_the_process_is_kept_with_what_is_known_of_it() {
    struct Process(bool, Option<bool>);
    impl FollowsSdk for Process {
        fn get(&self) -> bool {
            self.0
        }
        fn known(&self) -> Option<bool> {
            self.1
        }
    }
    let number = surroundings(ORIGIN, "code 871300");
    let mut memo = Memo::default();
    let mut asks = |process: Process, text: Text<'_>, may_keep: bool| {
        let asked = Cell::new(false);
        let ask = || {
            asked.set(true);
            PLAIN_CODE
        };
        memo.verdict(&number, code(&number), text, &process, || may_keep, ask);
        asked.get()
    };
    let (own, other) = (Text::Own, Text::Other(number.text()));
    for (process, text, may_keep, want) in [
        (Process(true, Some(true)), other, false, true),
        (Process(true, Some(true)), other, true, true),
        (Process(true, None), other, true, false),
        (Process(false, Some(false)), other, true, true),
        (Process(false, None), other, true, false),
        (Process(true, None), other, true, false),
        (Process(true, None), own, false, true),
        (Process(true, None), own, false, false),
        (Process(false, None), own, false, false),
    ] {
        let state = format!("{} {:?} {text:?}", process.0, process.1);
        assert_eq!(asks(process, text, may_keep), want, "{state}");
    }
}

/// In a log in which nothing comes again, few numbers are looked up.
#[test]
fn patience_ends_and_comes_back() {
    let mut memo = Memo::default();
    let mut new = (0..).map(|at| format!("text {at} 871300"));
    let mut looked_up = |memo: &mut Memo, count: usize| {
        let before = memo.count;
        new.by_ref().take(count).for_each(|message| assert!(asks(memo, ORIGIN, &message)));
        memo.count - before
    };
    assert_eq!(looked_up(&mut memo, PATIENCE_MAX as usize), u64::from(PATIENCE_MAX));
    let (skipped, again) = (SKIPPED_MAX as usize, u64::from(PATIENCE_AGAIN));
    assert_eq!(looked_up(&mut memo, skipped), 0);
    assert_eq!(looked_up(&mut memo, PATIENCE_AGAIN as usize), again);
    assert_eq!(looked_up(&mut memo, skipped + 10), 10);
    let same = (0..80).filter(|_| !asks(&mut memo, ORIGIN, "x 871300")).count();
    assert!(same > 60, "{same}");
    assert_eq!(looked_up(&mut memo, 100), 100);
}

#[test]
fn surroundings_that_are_seen_again_keep_their_slot_for_a_while() {
    let of = |message: &str| {
        let number = surroundings(ORIGIN, message);
        first_way(number.text(), &number.place())
    };
    let messages = (0..).map(|at| format!("text {at} 871300"));
    let mut same = messages.filter(|message| of(message) == of("x 871300"));
    let most = usize::from(CLAIM_MAX);
    for (times, others, keeps) in [
        (1, 1, false),
        (11, 10, true),
        (11, 11, false),
        (1000, most, true),
        (1000, most + 1, false),
    ] {
        let (mut memo, first) = (Memo::default(), surroundings(ORIGIN, "x 871300"));
        is_new(&mut memo, &first);
        for other in same.by_ref().take(WAYS - 1) {
            let other = surroundings(ORIGIN, &other);
            (0..=CLAIM_MAX).for_each(|_| _ = is_new(&mut memo, &other));
        }
        (1..times).for_each(|_| _ = is_new(&mut memo, &first));
        for _ in 0..others {
            let other = same.next().expect("it has no end");
            assert!(is_new(&mut memo, &surroundings(ORIGIN, &other)));
        }
        assert_eq!(!is_new(&mut memo, &first), keeps, "{times} {others}");
    }
}
