//! The words that introduce a number: which of them say "error code", and which say "something
//! else".
//!
//! Each list is from real code: the format strings of public apps that use the SDK, and the lines
//! of public logs where a number of six digits is something else.

/// What a word says about the number behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A code stands here: `code`, `errno`, `错误码`.
    Code,
    /// Something failed, and why stands here: `failed`, `失败`.
    Failure,
    /// The outcome of a call stands here, which may be a code: `status`, `result`, `返回`.
    Outcome,
    /// Something else stands here: `size`, `uid`, `versionCode`, `耗时`.
    Other,
}

/// Codes of other things, which their last word does not tell from an error code.
const OTHER_CODES: &[&str] = &[
    "hashcode", "keycode", "versioncode", "requestcode", "reqcode", "zipcode", "areacode",
    "countrycode", "qrcode", "verifycode", "verificationcode", "vercode", "smscode", "barcode",
    "opcode", "bytecode", "unicode", "encode", "decode", "transcode", "postcode", "postalcode",
    "passcode", "scancode", "charcode", "promocode", "invitecode", "invitationcode", "langcode",
    "languagecode", "geocode", "adcode", "citycode", "regioncode", "productcode", "stockcode",
    "authcode", "checkcode", "captchacode", "pincode", "colorcode", "couponcode", "accesscode",
    "devicecode", "usercode", "ordercode", "discountcode", "sourcecode", "buildcode", "appcode",
    "currencycode", "goodscode", "itemcode", "companycode", "virtualkeycode", "bankcode",
    "timecode", "mcode", "machinecode", "shortcode", "referralcode", "giftcode", "activationcode",
    "confirmationcode", "sharecode", "roomcode", "classcode", "batchcode", "codepoint", "nocode",
    "factorcode", "hscode", "otpcode", "securitycode", "storecode", "branchcode", "channelcode",
    "typecode", "projectcode", "statecode", "localecode", "zip_code", "area_code",
];

/// The last words of names that hold an error code.
const CODES: &[&str] = &[
    "code", "codes", "err", "error", "errors", "errno", "errorno", "errcode", "errornum", "errnum",
];

/// The last words of names that tell of a failure.
const FAILURES: &[&str] =
    &["fail", "fails", "failed", "failure", "failing", "exception", "unsuccessful", "rejected"];

/// The last words of names that hold the outcome of a call.
const OUTCOMES: &[&str] = &[
    "status", "ret", "retval", "result", "results", "rc", "resp", "response", "rsp", "reason",
    "expected", "was", "actual", "cause", "gotresult", "onresult", "return", "returned", "returns",
    "throws", "threw", "thrown",
];

/// The last words of names that hold something else.
const OTHERS: &[&str] = &[
    // identities
    "id", "ids", "uid", "pid", "tid", "gid", "euid", "ppid", "uuid", "guid", "ino", "inode", "key",
    "keys", "token", "hash", "handle", "cookie", "nonce", "serial", "session", "sessions",
    "process", "thread", "task", "job", "request", "transaction", "txn", "bug", "issue", "ticket",
    "order", "caller", "child", "parent", "peer", "owner", "user", "users", "username", "name",
    "nick", "nickname", "account", "group", "groups", "room", "chatroom", "member", "members",
    "target", "friend", "contact", "phone", "mobile", "tel", "qq", "number", "no", "num", "card",
    "zip", "pin", "password", "pwd", "otp", "mccmnc", "plmn", "channel", "node", "client",
    "server", "host", "device", "conversation", "conv", "msgid", "seq", "sequence",
    "ack", // quantities
    "size", "len", "length", "count", "counter", "cnt", "total", "sum", "max", "min", "limit",
    "capacity", "quota", "amount", "balance", "price", "score", "level", "bytes", "kb", "mb", "gb",
    "width", "height", "offset", "off", "pos", "position", "index", "idx", "line", "lines", "row",
    "rows", "page", "pages", "block", "blocks", "sector", "frame", "frames", "entries", "items",
    "records", "objects", "packets", "used", "free", "avail", "available", "alloc", "allocated",
    "allocating", "heap", "memory", "mem", "rss", "pss", "vss", "swap", "steps", "calories",
    "read", "write", "written", "sent", "received", "downloaded", "uploaded", "progress",
    "percent", "rate", "speed", "bitrate", "bandwidth", "quality", "age", // times
    "time", "ts", "timestamp", "elapsed", "duration", "delay", "interval", "timeout", "latency",
    "uptime", "realtime", "begin", "start", "end", "since", "when", "until", "after", "before",
    "took", "date", "day", "year", "epoch", "ms", "us", "ns", "usec", "nsec", "msec", "sec",
    "secs", "seconds", "tick", "ticks", "expire", "expires", // hardware and systems
    "freq", "frequency", "volt", "voltage", "current", "cur", "temp", "temperature", "port",
    "addr", "address", "irq", "cr", "mask", "flags", "flag", "vis", "oldval", "newval", "what",
    "generation", "gen", "version", "ver", "build", "revision", "rev", "mtu", "ino", "dev", "fd",
    "sync", "listener", "sector", "cluster", "clusters", "x", "y", "z", "w",
    "h", // places: whoever acts, and on whom
    "to", "from", "by", "at", "for", "on", "in", "of", "via", "than", "and", "or", "about",
];

/// What is counted or measured about errors: `error_count` is no code, while `ERROR_NO_SUCH_USER`
/// is one.
const MEASURES: &[&str] =
    &["count", "id", "size", "time", "line", "rate", "total", "num", "number", "offset", "index"];

/// Endings of Chinese texts that introduce an error code.
const CODES_ZH: &[&str] = &[
    "错误码", "错误代码", "错误编码", "错误号", "返回码", "状态码", "响应码", "结果码", "异常码",
    "代码", "错误", "code",
];

/// Endings of Chinese texts that tell of a failure.
const FAILURES_ZH: &[&str] =
    &["失败", "异常", "报错", "出错", "失败了", "出错了", "报错了", "失败原因", "错误原因"];

/// Endings of Chinese texts that introduce an outcome.
const OUTCOMES_ZH: &[&str] = &[
    "状态", "返回", "返回值", "结果", "报", "提示", "为", "是", "显示", "回调", "原因", "响应",
    "收到", "抛出",
];

/// Endings of Chinese texts that introduce something else.
const OTHERS_ZH: &[&str] = &[
    "验证码", "邀请码", "校验码", "激活码", "二维码", "条形码", "邮政编码", "编码", "密码", "号码",
    "房间号", "账号", "帐号", "群号", "单号", "编号", "序号", "号", "耗时", "用时", "时长", "时间",
    "间隔", "大小", "长度", "数量", "总数", "个数", "人数", "次数", "条数", "共", "约", "第",
    "用户", "群组", "群", "成员", "好友", "手机", "电话", "名称", "昵称", "版本", "版本号", "邮编",
    "工号", "学号", "车牌", "证号", "行", "金额", "价格", "余额", "进度", "温度", "频率", "步数",
    "积分", "分数", "宽", "高", "房间", "给", "向",
];

/// What an English name says about the number that it introduces; `None` where the word is neutral.
///
/// The name is an identifier, whose words are told apart by case (`responseCode`) or underscores
/// (`error_code`).
#[must_use]
pub fn role(name: &[u8]) -> Option<Role> {
    let name = &name[name.len().saturating_sub(NAME_BYTES_MAX)..];
    let mut lower = [0; NAME_BYTES_MAX];
    let lower = &mut lower[..name.len()];
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    if COMMON.contains(&&*lower) {
        return Some(Role::Code);
    }
    let last = last_word(name, lower);
    let any = |list: &[&str], word: &[u8]| list.iter().any(|entry| entry.as_bytes() == word);
    let plain: Vec<u8> =
        lower.iter().copied().filter(|byte| !matches!(byte, b'_' | b'-' | b'.')).collect();
    if names_other_code(&plain) {
        return Some(Role::Other);
    }
    if any(CODES, last) || [&b"code"[..], b"errno", b"error"].iter().any(|end| lower.ends_with(end))
    {
        return Some(Role::Code);
    }
    let listed = |list: &[&str]| any(list, last) || any(list, &plain);
    let is_error = |part: &[u8]| matches!(part, b"error" | b"err");
    let parts = || lower.split(|byte| matches!(byte, b'_' | b'.' | b'-'));
    match () {
        () if listed(FAILURES) => Some(Role::Failure),
        () if listed(OUTCOMES) => Some(Role::Outcome),
        () if parts().next().is_some_and(is_error) && !any(MEASURES, last) => Some(Role::Code),
        () if listed(OTHERS) || is_id(&plain) => Some(Role::Other),
        () if parts().any(is_error) => Some(Role::Code),
        () => None,
    }
}

/// `windowid`, `msgid`; not `valid`.
fn is_id(plain: &[u8]) -> bool {
    const WORDS: [&[u8]; 6] = [b"valid", b"void", b"android", b"paid", b"did", b"grid"];
    plain.ends_with(b"id") && plain.len() > 3 && !WORDS.iter().any(|word| plain.ends_with(word))
}

/// The names that nearly every app uses; they need no further look.
const COMMON: &[&[u8]] =
    &[b"code", b"responsecode", b"errorcode", b"errcode", b"error_code", b"resultcode"];

/// Whether a name, in lower case and without its underscores, is a code of something else.
#[must_use]
pub fn names_other_code(plain: &[u8]) -> bool {
    plain.len() > 4 && OTHER_CODES.iter().any(|entry| plain.ends_with(entry.as_bytes()))
}

/// How many bytes of a name are looked at, from its end.
const NAME_BYTES_MAX: usize = 48;

/// The last word of a name in camel case or with underscores, in lower case.
fn last_word<'n>(name: &[u8], lower: &'n [u8]) -> &'n [u8] {
    let begins = |at: usize| {
        let (before, byte) = (name[at - 1], name[at]);
        matches!(before, b'_' | b'-' | b'.' | b'$')
            || (byte.is_ascii_uppercase() && before.is_ascii_lowercase())
            || (byte.is_ascii_alphabetic() && before.is_ascii_digit())
    };
    let start = (1..name.len()).rev().find(|at| begins(*at)).unwrap_or(0);
    let word = &lower[start..];
    let digits = word.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    &word[..word.len() - digits]
}

/// Words that only join a name and its value: what the name says counts (`验证码是`, `错误码为`).
const COPULAS_ZH: &[&str] = &["是", "为"];

/// What a Chinese text says about the number that it introduces.
#[must_use]
pub fn role_zh(text: &[u8]) -> Option<Role> {
    let named = COPULAS_ZH.iter().find_map(|copula| text.strip_suffix(copula.as_bytes()));
    named.and_then(ending_zh).or_else(|| ending_zh(text))
}

/// What the end of a Chinese text says.
fn ending_zh(text: &[u8]) -> Option<Role> {
    let ends = |list: &[&str]| {
        list.iter().filter(|entry| text.ends_with(entry.as_bytes())).map(|entry| entry.len()).max()
    };
    let lists = [
        (CODES_ZH, Role::Code),
        (FAILURES_ZH, Role::Failure),
        (OUTCOMES_ZH, Role::Outcome),
        (OTHERS_ZH, Role::Other),
    ];
    let found = lists.map(|(list, role)| (ends(list), role));
    found
        .into_iter()
        .filter(|(length, _)| length.is_some())
        .max_by_key(|(length, _)| *length)
        .map(|(_, role)| role)
}

/// Words with which the text of an error begins.
const ERROR_TEXTS: &[&str] = &[
    "not", "no", "fail", "failed", "failure", "error", "invalid", "illegal", "timeout", "denied",
    "unknown", "unsupported", "exceed", "exceeds", "missing", "cannot", "bad", "wrong", "refused",
    "rejected", "forbidden", "expired", "unauthorized",
];
const ERROR_TEXTS_ZH: &[&str] =
    &["未", "失败", "错误", "无效", "不", "异常", "超时", "非法", "没有", "已过期", "过期"];
/// Within so many bytes a Chinese text of an error says so: five characters.
const ERROR_TEXT_ZH_BYTES: usize = 15;

/// Whether a text begins as the text of an error does: `not login`, `尚未登录`, `登录失败`.
#[must_use]
pub fn is_error_text(text: &[u8]) -> bool {
    let length = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let english =
        ERROR_TEXTS.iter().any(|word| text[..length].eq_ignore_ascii_case(word.as_bytes()));
    let start = &text[..text.len().min(ERROR_TEXT_ZH_BYTES)];
    let is_chinese = start.first().is_some_and(|byte| *byte >= 0xe3);
    english
        || (is_chinese
            && ERROR_TEXTS_ZH
                .iter()
                .any(|word| memchr::memmem::find(start, word.as_bytes()).is_some()))
}

/// Whether a text, in any case, speaks of the SDK.
#[must_use]
pub fn names_sdk(text: &[u8]) -> bool {
    ["jmessage", "jmrtc", "jchat", "jiguang-im", "jim_", "极光im", "极光 im"]
        .iter()
        .any(|name| contains(text, name.as_bytes()))
}

/// Whether `text` holds `word` (lower case), in any case.
#[must_use]
pub fn contains(text: &[u8], word: &[u8]) -> bool {
    let Some(&first) = word.first() else { return true };
    let upper = first.to_ascii_uppercase();
    memchr::memchr2_iter(first, upper, text).any(|at| starts_with(&text[at..], word))
}

/// Whether `text` begins with `word`, in any case.
#[must_use]
pub fn starts_with(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_stands_behind_them() {
        let cases = [
            ("responseCode", Some(Role::Code)),
            ("error_code", Some(Role::Code)),
            ("ERRCODE", Some(Role::Code)),
            ("lastErrno", Some(Role::Code)),
            ("onError", Some(Role::Code)),
            ("status", Some(Role::Outcome)),
            ("gotResult", Some(Role::Outcome)),
            ("versionCode", Some(Role::Other)),
            ("request_code", Some(Role::Other)),
            ("HASHCODE", Some(Role::Other)),
            ("loginFailed", Some(Role::Failure)),
            ("ERROR_NO_SUCH_USER", Some(Role::Code)),
            ("error_count", Some(Role::Other)),
            ("groupId", Some(Role::Other)),
            ("total_size", Some(Role::Other)),
            ("uid2", Some(Role::Other)),
            ("enterChatRoomNow", None),
            ("register", None),
            ("", None),
        ];
        for (name, want) in cases {
            assert_eq!(role(name.as_bytes()), want, "{name}");
        }
    }

    #[test]
    fn chinese_texts_say_what_stands_behind_them() {
        let cases = [
            ("登录错误码", Some(Role::Code)),
            ("设置失败", Some(Role::Failure)),
            ("会报", Some(Role::Outcome)),
            ("短信验证码", Some(Role::Other)),
            ("短信验证码是", Some(Role::Other)),
            ("错误码为", Some(Role::Code)),
            ("得到的是", Some(Role::Outcome)),
            ("耗时", Some(Role::Other)),
            ("你好", None),
        ];
        for (text, want) in cases {
            assert_eq!(role_zh(text.as_bytes()), want, "{text}");
        }
    }
}
