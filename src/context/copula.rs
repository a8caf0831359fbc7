//! What a text says about the number after it through a Chinese copula at its end: `错误码为`,
//! `库存是`.
//!
//! Owns what comes before a copula and names nothing. What a name says is in `names.rs`.

use super::lexicon::{self, Role};
use super::names;

const PARTICLE: &[u8] = "的".as_bytes();
/// Joins a thing and its value. The other copula, `是`, also comes after adverbs.
const IS: &[u8] = "为".as_bytes();

/// What comes before `是` and names nothing: adverbs, pronouns, places, times, and who says it.
const NO_NAMES: [&str; 59] = [
    "上", "上次", "不", "不过", "也", "仅", "今天", "仍", "他", "们", "但", "依旧", "全", "写",
    "又", "只", "可能", "后", "回", "因为", "大概", "好像", "如", "它", "安卓", "官方", "实",
    "对方", "就", "应该", "总", "我", "或", "所以", "才", "报错", "时", "时候", "昨天", "每次",
    "然", "现在", "直", "看", "示", "端", "算", "老", "而", "苹果", "要", "说", "边", "还", "这",
    "这次", "那", "都", "里",
];

/// What a text says whose end is a copula; `role` is what a copula says alone.
pub(super) fn role((named, copula): (&[u8], &[u8]), role: Option<Role>) -> Option<Role> {
    let word = named.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let role_of_name = match word {
        0 => lexicon::ending(named).and_then(|(_, roles)| roles.key()),
        word => names::key_role(&named[named.len() - word..]),
    };
    role_of_name.or_else(|| match names_thing(named) {
        false => role,
        true if copula == IS => Some(Role::Other),
        true => role.filter(|_| NO_NAMES.iter().any(|end| named.ends_with(end.as_bytes()))),
    })
}

/// `时间戳`: not if only a particle is named, as in `报的`.
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

    #[test]
    fn what_names_nothing_is_sorted() {
        assert!(NO_NAMES.is_sorted_by(|one, two| one < two));
    }
}
