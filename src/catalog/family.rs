//! A family: the list that an entry is from, with the page and the date of each of the vendor's
//! lists. Does not know what the rows mean.

use std::borrow::Cow;

/// The name of a list: one of the vendor's, or a user's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family<'t>(Cow<'t, str>);

/// One of the vendor's lists, built in.
#[derive(Debug)]
pub struct Source {
    /// The family's name: `android`, `rtc`, `ios`, `server`, `web`.
    pub name: &'static str,
    /// What the list is about, in a few words.
    pub about: &'static str,
    /// The vendor's page with the codes and messages.
    pub page: &'static str,
    /// The date (`YYYY-MM-DD`) of the vendor's last change to that page in its public repository.
    pub date: &'static str,
    /// The rows, in the format of [`parse`](super::parse).
    pub(super) table: &'static str,
}

/// The vendor's lists, in the order of display.
///
/// Pages and dates are those of the vendor's documentation repository (`jpush/jpush-docs`, folder
/// `zh/jmessage/client`). The rtc list is on two of them: 872xxx with Android,
/// 871001–871008 with iOS.
pub static FAMILIES: &[Source] = &[
    Source {
        name: "android",
        about: "Android SDK",
        page: "https://docs.jiguang.cn/jmessage/client/im_errorcode_android/",
        date: "2019-03-27",
        table: include_str!("data/android.tsv"),
    },
    Source {
        name: "rtc",
        about: "audio and video calls (Android and iOS)",
        page: "https://docs.jiguang.cn/jmessage/client/im_errorcode_android/",
        date: "2019-03-27",
        table: include_str!("data/rtc.tsv"),
    },
    Source {
        name: "ios",
        about: "iOS SDK",
        page: "https://docs.jiguang.cn/jmessage/client/im_errorcode_ios/",
        date: "2019-06-05",
        table: include_str!("data/ios.tsv"),
    },
    Source {
        name: "server",
        about: "REST API and message server",
        page: "https://docs.jiguang.cn/jmessage/client/im_errorcode_server/",
        date: "2019-04-10",
        table: include_str!("data/server.tsv"),
    },
    Source {
        name: "web",
        about: "JavaScript SDK",
        page: "https://docs.jiguang.cn/jmessage/client/im_errorcode_js/",
        date: "2018-01-26",
        table: include_str!("data/web.tsv"),
    },
];

impl<'t> Family<'t> {
    /// The Android SDK's own list, from 871101 on.
    pub(super) const ANDROID: Family<'static> = Family(Cow::Borrowed("android"));
    /// The longest name of a family, in bytes: it has to fit into a column of a report.
    pub(super) const NAME_BYTES_MAX: usize = 32;

    /// Words that mean something else where a family's name is expected, in `--codes` and
    /// `--fail-on`.
    pub(super) const RESERVED: [&'static str; 7] =
        ["all", "any", "empty", "error", "info", "unknown", "warning"];

    /// The family with this name: a lower-case letter, then letters, digits, or `-`, at most 32
    /// bytes, and none of the words `all`, `any`, `empty`, `error`, `info`, `unknown`, and
    /// `warning`.
    #[must_use]
    pub fn new(name: &'t str) -> Option<Self> {
        let shape = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let starts = name.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
        let good = starts
            && name.len() <= Family::NAME_BYTES_MAX
            && name.bytes().all(shape)
            && !Family::RESERVED.contains(&name);
        good.then_some(Family(Cow::Borrowed(name)))
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_lower_case_and_short() {
        for good in ["android", "team", "a", "my-app2"] {
            assert!(Family::new(good).is_some(), "{good}");
        }
        for bad in ["", "Android", "2x", "-x", "a b", "组", "abcdefghijklmnopqrstuvwxyzabcdefg"]
            .iter()
            .chain(&Family::RESERVED)
        {
            assert!(Family::new(bad).is_none(), "{bad}");
        }
    }
}
