//! What a text says about the number after it through a Chinese copula at its end: `错误码为`,
//! `库存是`.
//!
//! Owns the words before a copula that are no names of things. What a name says is in `names.rs`.

use super::lexicon::{self, Role};
use super::names;

const PARTICLE: &[u8] = "的".as_bytes();
/// Joins a thing and its value. The other copula, `是`, also comes after adverbs.
const AS: &[u8] = "为".as_bytes();

/// What comes before `是` and names no thing: adverbs, pronouns, places, times, and who says it.
const NO_NAMES: [&str; 139] = [
    "一个", "一定", "一次", "一直", "一般", "上", "上次", "上面", "不", "不过", "主要", "之前",
    "也", "什么", "仅", "今天", "仍", "仍旧", "他们", "以前", "估计", "似乎", "但", "你们", "依旧",
    "偶尔", "先", "全部", "其实", "再", "再次", "出来", "刚刚", "别人", "前面", "却", "原来", "又",
    "反正", "只", "只要", "可能", "同时", "后", "后台", "后来", "后面", "哪里", "回调里", "均",
    "基本", "大概", "大部分", "好像", "如果", "始终", "它", "它们", "安卓", "官方", "实际", "对方",
    "尤其", "就", "已经", "并且", "应该", "开始", "当时", "总", "我们", "或", "或者", "所以", "才",
    "抓包", "报错信息", "控制台", "断网", "新版", "日志里", "旧版", "时候", "昨天", "最终", "有个",
    "有时", "本次", "极光", "查了下", "模拟器", "此时", "每次", "永远", "消息", "然", "环境",
    "现在", "登录时", "目前", "看了下", "真机", "确定", "确实", "竟", "端", "第一次", "第二次",
    "经常", "结果值", "老", "而", "而且", "肯定", "若", "苹果", "要么", "谁", "貌似", "超时",
    "输出", "还", "还要", "这", "这个", "这次", "这边", "这里", "通常", "那", "那个", "那次",
    "那边", "那里", "都", "里面", "错", "需要", "首次",
];
/// Things that end in one of these: `汇总`, but `总是`.
const NAMES: [&str; 4] = ["汇总", "成就", "首都", "自然"];

/// What a text says whose end is a copula; `role` is what a copula says alone.
pub(super) fn role(named: &[u8], copula: &[u8], role: Option<Role>) -> Option<Role> {
    let word = named.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let role_of_name = match word {
        0 => lexicon::ending(named).and_then(|(_, roles)| roles.key()),
        word => names::key_role(&named[named.len() - word..]),
    };
    role_of_name.or_else(|| match names_thing(named) {
        false => role,
        true if copula == AS => Some(Role::Other),
        true => role.filter(|_| {
            (ends_with(named, &NO_NAMES) && !ends_with(named, &NAMES)) || names::says_error(named)
        }),
    })
}

fn ends_with(text: &[u8], ends: &[&str]) -> bool {
    ends.iter().any(|end| text.ends_with(end.as_bytes()))
}

/// Whether a text before a copula may end in the name of a thing: `时间戳`, but not `报的`.
fn names_thing(text: &[u8]) -> bool {
    text.last().is_some_and(|byte| *byte >= 0x80)
        && lexicon::ending(text).is_none()
        && !text.ends_with(PARTICLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copula_says_what_its_name_says() {
        for (text, want) in [
            ("错误码为", Some(Role::Code)),
            ("errorCode是", Some(Role::Code)),
            ("验证码是", Some(Role::Other)),
            ("报的是", Some(Role::Outcome)),
            ("一直是", Some(Role::Outcome)),
            ("最终是", Some(Role::Outcome)),
            ("总是", Some(Role::Outcome)),
            ("汇总是", None),
            ("登录失败，返回信息是", Some(Role::Outcome)),
            ("公里是", None),
            ("这次是", Some(Role::Outcome)),
            ("车次是", None),
            ("库存是", None),
            ("库存为", Some(Role::Other)),
            ("iOS是", Some(Role::Outcome)),
            ("是", Some(Role::Outcome)),
        ] {
            assert_eq!(names::text_role(text.as_bytes()), want, "{text}");
        }
    }

    /// Words that the lexicon has say what they say there.
    #[test]
    fn words_before_a_copula_are_in_no_other_table() {
        assert!(NO_NAMES.is_sorted_by(|one, two| one < two));
        for word in NO_NAMES {
            assert_eq!(lexicon::ending(word.as_bytes()), None, "{word}");
        }
    }
}
