//! Verdicts that no evidence gives: what holds where no rule of the phases decides.

use super::{Evidence, Grade, LIKELY, NOT_CODE, Rule, SURE};
use crate::context::Verdict;

pub(in crate::context) static NOTHING_FOR: Rule = Rule {
    name: "nothing-for",
    why: "nothing around it says that it is an error code",
    ruling: NOT_CODE,
    evidence: Evidence::Nothing,
    decides: &["we counted ‹871300› in all"],
    passes: &["we got error ‹871300› in all"],
};

/// The only rule that needs a catalog of a team, whose codes may need no evidence.
pub(in crate::context) static NOTHING_AGAINST: Rule = Rule {
    name: "nothing-against",
    why: "the catalog calls it sure, and there is no evidence against it",
    ruling: LIKELY,
    evidence: Evidence::Nothing,
    decides: &["we counted ‹77777› in all"],
    passes: &["we counted ‹77777› ms in all"],
};

/// An earlier run has decided, perhaps with other options, or by what the lines before showed.
pub(in crate::context) static EXPLAINED: Rule = Rule {
    name: "explained",
    why: "the line has its explanation already, so it counts",
    ruling: SURE,
    evidence: Evidence::Nothing,
    decides: &["we counted ‹871300› [Have not logged in.] in all"],
    passes: &["we counted ‹871300› [nobody is there] in all"],
};

/// The verdict of [`EXPLAINED`].
pub(in crate::context) const EXPLAINED_CODE: Verdict =
    Verdict::Code { rule: &EXPLAINED, grade: Grade::Sure };

/// The verdict of [`NOTHING_AGAINST`].
pub(in crate::context) const ASSUMED_CODE: Verdict =
    Verdict::Code { rule: &NOTHING_AGAINST, grade: Grade::Likely };

pub(in crate::context) static NOT_LISTED: Rule = Rule {
    name: "not-listed",
    why: "it is not in the lists of the selected families",
    ruling: NOT_CODE,
    evidence: Evidence::Nothing,
    decides: &["we got error ‹899999› in all"],
    passes: &["we got error ‹898001› in all"],
};
