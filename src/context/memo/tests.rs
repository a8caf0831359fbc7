//! When a verdict is asked for, and when a kept one is repeated.

use std::cell::Cell;

use super::super::header::{Format, Level};
use super::super::origin::Origin;
use super::super::rules::PLAIN_CODE;
use super::super::sdk_lines::Nobody;
use super::seen::{CLAIM_MAX, LONG_SLOTS, SHORT_BYTES_MAX, SHORT_SLOTS};
use super::*;
use crate::catalog::Evidence;

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

fn wanted<'w, 'l>(number: &'w Surroundings<'l>, text: Text<'w>) -> Wanted<'w, 'l> {
    let code = code(number);
    let kind = code.map_or(Kind::Unlisted, |code| {
        let range = code.number() / 1000;
        Kind::Listed { evidence: Evidence::Weighed, range }
    });
    Wanted { number, text, code, kind, follows_sdk: &Nobody }
}

/// Whether the verdict on its kind is known when the rules are asked; `None` if they are not.
fn knows_kind(memo: &mut Memo, wanted: &Wanted<'_, '_>, is_of_kind: bool) -> Option<bool> {
    let told = Cell::new(None);
    let ask = |of_kind: Option<Verdict>| {
        told.set(Some(of_kind.is_some()));
        Answer { verdict: PLAIN_CODE, is_of_kind }
    };
    memo.verdict(wanted, true, ask);
    told.get()
}

/// Whether the verdict is asked for.
fn asks(memo: &mut Memo, origin: Origin<'_>, message: &str) -> bool {
    !memo.is_worthwhile() || is_new(memo, &surroundings(origin, message))
}

/// The same for a number that is looked up.
fn is_new(memo: &mut Memo, number: &Surroundings<'_>) -> bool {
    knows_kind(memo, &wanted(number, Text::Own), false).is_some()
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
        let ask = |_| {
            asked.set(true);
            Answer { verdict: PLAIN_CODE, is_of_kind: false }
        };
        let wanted = Wanted { follows_sdk: &process, ..wanted(&number, text) };
        memo.verdict(&wanted, may_keep, ask);
        asked.get()
    };
    let (own, other) = (Text::Own, Text::Part(number.text()));
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
        let before = memo.surroundings.count;
        new.by_ref().take(count).for_each(|message| assert!(asks(memo, ORIGIN, &message)));
        memo.surroundings.count - before
    };
    assert_eq!(looked_up(&mut memo, PATIENCE_MAX as usize), u64::from(PATIENCE_MAX));
    let (skipped, again) = (SKIPPED_MAX as usize, u64::from(PATIENCE_AGAIN));
    assert_eq!(looked_up(&mut memo, skipped), 0);
    assert_eq!(looked_up(&mut memo, PATIENCE_AGAIN as usize), again);
    assert_eq!(looked_up(&mut memo, skipped + 10), 10);
    let same = (0..80).filter(|_| !asks(&mut memo, ORIGIN, "x 871300")).count();
    assert!(same > 60, "{same}");
    assert_eq!(looked_up(&mut memo, 100), 100);
    for number in 871_300..871_350 {
        let message = format!("code {number}");
        knows_kind(&mut memo, &wanted(&surroundings(ORIGIN, &message), Text::Own), true);
    }
    assert_eq!(looked_up(&mut memo, 100), 100);
}

#[test]
fn a_verdict_on_a_kind_is_told_for_its_other_codes() {
    let mut memo = Memo::default();
    let (unknown, known) = (Some(false), Some(true));
    for (message, is_echo, is_of_kind, want) in [
        ("code 871300", false, false, unknown),
        ("code 871301", false, true, unknown),
        ("code 871302", false, false, known),
        ("code 871301", false, true, None),
        ("code 871303", true, true, unknown),
        ("code 871304", true, true, known),
        ("code 871900", false, true, unknown),
        ("code 871901", false, true, None),
        ("id 871302", false, true, unknown),
    ] {
        let mut number = surroundings(ORIGIN, message);
        number.is_echo = is_echo;
        let told = knows_kind(&mut memo, &wanted(&number, Text::Own), is_of_kind);
        assert_eq!(told, want, "{message}");
    }
    let number = surroundings(ORIGIN, "code 871305");
    let server = Kind::Listed { evidence: Evidence::Needed, range: 871 };
    let of_server = Wanted { kind: server, ..wanted(&number, Text::Own) };
    assert_eq!(knows_kind(&mut memo, &of_server, true), unknown);
}

/// The numbers of a message that all see all of it are told apart by their places.
#[test]
fn each_number_of_a_message_has_its_own_verdict() {
    let mut memo = Memo::default();
    let message = b"code 871000 871000";
    for (start, want) in [(5, true), (12, true), (5, false), (12, false)] {
        let number = Surroundings::new(ORIGIN, message, 0, &(start..start + 6)).expect("inside");
        let told = knows_kind(&mut memo, &wanted(&number, Text::Message(message, 1)), false);
        assert_eq!(told.is_some(), want, "{start}");
    }
    assert_eq!(memo.surroundings.count, 1);
}
