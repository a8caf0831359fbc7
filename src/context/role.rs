//! The roles of terms in the lexicon: what a term says about a number near it. Knows no terms.

/// What a term says about a number near it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Before the number: it is a code. `code`, `errno`, `错误码`.
    Code,
    /// Before the number: something failed, and the number says why. `failed`, `失败`.
    Failure,
    /// Before the number: it is the outcome of a call, which may be a code. `status`, `返回`.
    Outcome,
    /// Before the number: it is something else. `size`, `uid`, `versionCode`, `耗时`.
    Other,
    /// Ends like another key, but says nothing: `valid` is not an id.
    Neutral,
    /// Says nothing between a key and its number: `error code is 871300`.
    Filler,
    /// Part of the key before it: `error no. 871300`, but not `order no. 871300`.
    Ordinal,
    /// Joins a Chinese or English key and its value: `验证码是`, `错误码为`.
    Copula,
    /// Part of a compound name that makes it the name of a code: `ERROR_NO_SUCH_USER`.
    Compound,
    /// Ends a compound name that counts or measures errors: `error_count`.
    Measure,
    /// The name of a call, after which a callback's value may come.
    Call,
    /// Begins the name of a call, and is no name of one: `getUserInfo`.
    Method,
    /// An outcome that also things have: `order status`, `查询结果`.
    State,
    /// What decompiled or hasty code calls a callback's value: `i`, `p0`.
    Parameter,
    /// Names a text that an app shows, which may be anything, including a code: `toast`.
    TextName,
    /// Names the message that comes with a code: `desc`, `描述`.
    MessageName,
    /// Declares a constant in source code.
    Declaration,
    /// Anywhere in a line: a test expected a value.
    Expectation,
    /// In the name of a call: it compares a test's values.
    Assertion,
    /// In a name that is glued to the number: the name is an error's.
    Glued,
    /// Precedes the value that a failed test got.
    Got,
    /// After the number: it is the number of an error. `871300 error`.
    ErrorWord,
    /// Glued to the number's end: `871504错误`.
    ErrorSuffix,
    /// Begins the text of an error: `not`, `未`.
    ErrorText,
    /// After the number: a unit of measurement.
    Unit,
    /// After the number: what is counted, or a word that may also begin a text. `line`, `of`, `条`.
    Counted,
    /// Looks like a plural after the number, but counts nothing: `means`.
    Verb,
    /// Ends the name of a source or text file.
    FileEnding,
    /// Names the SDK, anywhere in a text.
    Sdk,
    /// Names another vendor, before the number: the code is one of theirs.
    Vendor,
    /// Near the number: has a code of its own, which the word `code` then means. `phone`, `股票`.
    Coded,
    /// Before the number: an outcome, but also what comes before anything else. `收到`, `was`.
    Vague,
}

impl Role {
    pub(super) const ALL: [(&'static str, Role); 32] = [
        ("code", Role::Code),
        ("failure", Role::Failure),
        ("outcome", Role::Outcome),
        ("other", Role::Other),
        ("neutral", Role::Neutral),
        ("filler", Role::Filler),
        ("ordinal", Role::Ordinal),
        ("copula", Role::Copula),
        ("compound", Role::Compound),
        ("measure", Role::Measure),
        ("call", Role::Call),
        ("method", Role::Method),
        ("state", Role::State),
        ("parameter", Role::Parameter),
        ("text-name", Role::TextName),
        ("message-name", Role::MessageName),
        ("declaration", Role::Declaration),
        ("expectation", Role::Expectation),
        ("assertion", Role::Assertion),
        ("glued", Role::Glued),
        ("got", Role::Got),
        ("error-word", Role::ErrorWord),
        ("error-suffix", Role::ErrorSuffix),
        ("error-text", Role::ErrorText),
        ("unit", Role::Unit),
        ("counted", Role::Counted),
        ("verb", Role::Verb),
        ("file-ending", Role::FileEnding),
        ("sdk", Role::Sdk),
        ("vendor", Role::Vendor),
        ("coded", Role::Coded),
        ("vague", Role::Vague),
    ];
}

/// A set of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Roles(u32);

impl Roles {
    pub(super) fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u32) != 0
    }

    pub(super) fn or(self, other: Roles) -> Roles {
        Roles(self.0 | other.0)
    }

    pub(super) fn add(&mut self, role: Role) {
        self.0 |= 1 << role as u32;
    }

    /// What a key with these roles says; `None` if it is neutral.
    pub(super) fn key(self) -> Option<Role> {
        [Role::Code, Role::Failure, Role::Outcome, Role::Other]
            .into_iter()
            .find(|role| self.has(*role))
    }
}
