//! A family: the part of the vendor's lists that an entry is from, with the page and the date of
//! that list.

use std::borrow::Cow;

/// The name of a list: one of the vendor's, or a user catalog's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family<'t>(Cow<'t, str>);

/// One of the vendor's lists as it is built in.
#[derive(Debug)]
pub struct Source {
    /// The family's name: `android`, `rtc`, `ios`, `server`, `web`.
    pub name: &'static str,
    /// What the list is about, in a few words.
    pub about: &'static str,
    /// The vendor's page that the codes and messages are from.
    pub page: &'static str,
    /// The date (`YYYY-MM-DD`) on which the vendor last changed that page, as far as its public
    /// repository tells.
    pub date: &'static str,
    /// The rows, in the format of [`parse`](super::parse).
    pub(super) table: &'static str,
}

/// The vendor's lists, in the order in which they are shown.
///
/// Pages and dates are those of the vendor's documentation repository (`jpush/jpush-docs`, folder
/// `zh/jmessage/client`). The rtc list is spread over two of them: 872xxx with Android,
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
    /// The Android SDK's own list, 871101 … 871506.
    pub const ANDROID: Family<'static> = Family(Cow::Borrowed("android"));
    /// The longest name that a table may give a family, in bytes: it stands in columns of reports.
    pub const NAME_BYTES_MAX: usize = 32;

    /// The family with this name: lower-case letters, digits and `-`, at most
    /// [`Family::NAME_BYTES_MAX`] bytes, not `all`.
    #[must_use]
    pub fn new(name: &'t str) -> Option<Self> {
        let shape = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let starts = name.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
        let good = starts
            && name.len() <= Family::NAME_BYTES_MAX
            && name.bytes().all(shape)
            && name != "all";
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
        for bad in
            ["", "all", "Android", "2x", "-x", "a b", "组", "abcdefghijklmnopqrstuvwxyzabcdefg"]
        {
            assert!(Family::new(bad).is_none(), "{bad}");
        }
    }
}
