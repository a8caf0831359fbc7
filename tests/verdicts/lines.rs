//! Lines of every kind that the rules mention, in every layout of logcat: the same ones in every
//! run.

use crate::layouts::{Columns, LAYOUTS_COUNT, Layout};

/// What precedes a number.
const BEFORE: &[&str] = &[
    "",
    "",
    "",
    " ",
    "code = ",
    "code=",
    "code",
    "responseCode = ",
    "responseCode=",
    "errorCode:",
    "ErrCode-",
    "{\"code\":",
    "{\\\"code\\\":",
    "error_code: \"",
    "status=",
    "status ",
    "result: ",
    "login failed: ",
    "login failed [",
    "failed with ",
    "error ",
    "error: ",
    "error no. ",
    "err(",
    "onError(",
    "错误码：",
    "错误：",
    "设置失败",
    "登录失败，",
    "返回",
    "状态码是",
    "验证码是",
    "错误码为",
    "code是",
    "加入群聊",
    "i>>>>>",
    "i = ",
    "register: i = ",
    "p0=",
    "-----",
    "<>",
    "size ",
    "size=",
    "count: ",
    "userId=",
    "groupId:",
    "versionCode ",
    "requestCode=",
    "uid=",
    "耗时",
    "房间号：",
    "第",
    "共",
    "product code: ",
    "order no. ",
    "error code is ",
    "the error is ",
    "JMessageClient.login ",
    "JMessage: ",
    "极光IM ",
    "cn.jpush ",
    "enterChatRoom ",
    "login ",
    "expected:<0> but was:<",
    "expected [0] but found [",
    "AssertionError: expected 0 got ",
    "0.",
    "v",
    "9f",
    "#",
    "/",
    "-",
    "+",
    "$",
    "=",
    "==",
    "i == ",
    "case ",
    "case 871300 | ",
    "int NOT_LOGIN = ",
    "TCP_RESPONSE_TIMEOUT = ",
    "static final int Login = ",
    "assertEquals(",
    "Foo.java:",
    "sshd[",
    "Listener(",
    "12:",
    "10:02:03,",
    "http://a.example/",
    "http://a.example/?e=",
    "[4262,",
    "1 ",
    "871301, ",
    "12 | ",
    "\u{1b}[31mcode ",
    "\u{1b}[38;",
    "code%3D",
    "code\\u003d",
    "code&#39;",
    "Have not logged in.",
    "Have not logged in. - ",
    "api调用发起者尚未登录 ",
    "msg: ",
    "toast:",
    "js :",
    "width:",
    "jmessage_sdk_87x_",
    "img_",
    "retval ",
    "rc=",
    "exception: ",
    "reason ",
    "error_count=",
    "ERROR_NO_SUCH_USER ",
    "max-age=",
    "windowid ",
    "valid ",
    "got ",
    "throws ",
    "err.code:",
    "lastErrno=",
    "enterRoom got result ",
    "I/x: ",
    "￥",
    "(",
    "[",
    "\"",
    "'",
    "…",
    "。",
];

/// What follows a number.
const AFTER: &[&str] = &[
    "",
    "",
    "",
    "",
    "\r",
    ",",
    ", ",
    ", msg=x",
    ",\"message\":\"x\"}",
    "}",
    ")",
    "]",
    "\"",
    "'",
    ";",
    " ms",
    "ms",
    "KB",
    " entries",
    " lookups",
    " status",
    " means it",
    "条",
    "毫秒",
    "错误",
    " 错误",
    "异常",
    " error",
    ": failed",
    " errcode",
    "Have not logged in.",
    " Have not logged in",
    ", desc = Have",
    ", desc = Have not logged in.",
    ", 描述：api调用发起者尚未登录",
    " api调用发起者尚未登录",
    " not login",
    ": '尚未登录',",
    ": '北京市',",
    " 未登录",
    ".",
    ".5",
    ".jpg",
    "E-5",
    "%",
    "/",
    "/12",
    "-4f9a",
    "--x",
    "<>",
    "++",
    "||",
    "::",
    "?",
    "=x",
    ":12",
    ",3]",
    " 20",
    " | 12",
    ",000,",
    "c0",
    "_x",
    "０",
    "°",
    " went on",
    "Push register error,",
    " Push register error,please",
    "\u{1b}[0m",
    "\u{1b}[0m ms",
    "\\n",
    "\\\"}",
    " [Have not logged in. | api调用发起者尚未登录]",
    " [Have not logged in.]",
    " [api调用发起者尚未登录]",
    " x [871300 Have not logged in. | api调用发起者尚未登录]",
    " [a]",
    ", 共 3 人",
    " and code = 871301",
    " then 898002 failed",
    " size 871308",
    "&amp;",
    "%26",
    "，失败",
    "：",
    " no such user",
    " timeout",
    " {Response timeout}",
    "!",
    " (main)",
    " back",
    " again [x]",
    "群",
    "号",
    " - closed",
];

/// Tags and levels of an app, of the SDK and of the system.
const TAGS: &[&str] = &[
    "Login", "Konto", "JMessage", "JIGUANG-JMessage", "jMainActivity", "cpufreq", "Sensors",
    "OkHttp", "chatty", "A", "", "Some: tag", "kernel", "LoginActivity",
];

/// Prefixes that CI systems and servers add before a line.
const STAMPS: &[&str] = &[
    "2023-11-05T07:42:19.8713007Z ",
    "2023-11-05T07:42:19.871300Z 01O ",
    "[2023-11-05T07:42:19.871300Z] ",
    "07:42:19  ",
    "device-1  | ",
    "[ +871 ms] ",
    "<7>[ 1498.871705] ",
    "Jul  1 09:19:13 host proc[871301]: ",
    "I0717 07:50:46.871050  1234 x.cc:234] ",
    "[0717/075046.871050:INFO:x.cc(234)] ",
    "06-07 14:34:38.638 598-739/com.app W/Tag: ",
    "2017-07-30 09:09:07.733883+0800 App[4175:2783036] ",
    "2024-01-15 14:22:01.500  4242-5678  Tag  com.app  E  ",
];

/// Numbers of every family, unlisted ones, and one of no family.
const NUMBERS: &[&str] = &[
    "871300", "871300", "871300", "871301", "871201", "871504", "871308", "871999", "871000",
    "871316", "871003", "872001", "872105", "860015", "863004", "898001", "898002", "801003",
    "801004", "805002", "851003", "880001", "881502", "7130001", "7100003", "123456", "871303",
];

/// About `count` lines: one in `long` format counts once.
pub(crate) fn lines(count: usize) -> String {
    let (mut random, mut text) = (Random(9), String::new());
    for _ in 0..count {
        let message = message(&mut random);
        let columns = Columns {
            fraction: format!("87{:04}", random.below(10_000)),
            pid: [871_301, 1702, 4021, 898_001][random.below(4)],
            tid: [871_302, 2395][random.below(2)],
            uid: [10_133, 871_001][random.below(2)],
            tag: random.pick(TAGS).to_owned(),
            level: random.pick(&['V', 'D', 'I', 'W', 'E', 'F']),
        };
        match random.below(5) {
            0 => text.push_str(&format!("{}{message}\n", random.pick(STAMPS))),
            1 => text.push_str(&format!("{message}\n")),
            _ => text.push_str(&Layout::nth(random.below(LAYOUTS_COUNT)).print(&columns, &message)),
        }
    }
    text
}

fn message(random: &mut Random) -> String {
    let mut message = String::new();
    if random.below(4) == 0 {
        message.push_str(random.pick(BEFORE));
        message.push_str(random.pick(&["x ", ", ", " - ", "；", " "]));
    }
    message.push_str(random.pick(BEFORE));
    message.push_str(random.pick(NUMBERS));
    message.push_str(random.pick(AFTER));
    if random.below(8) == 0 {
        message.push_str(random.pick(BEFORE));
        message.push_str(random.pick(NUMBERS));
        message.push_str(random.pick(AFTER));
    }
    message
}

/// A small generator of pseudo-random numbers (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }
}
