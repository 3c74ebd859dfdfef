//! The name inside what a file writes: `清源县2024年3月农村低保资金发放表` says `农村低保`.

use crate::text;

/// Units behind a number that make it a time or a part of a series, longest first.
const TIME_UNITS: &[&str] = &[
    "年度",
    "学年度",
    "学年",
    "年份",
    "月份",
    "季度",
    "学期",
    "批次",
    "年",
    "月",
    "季",
    "批",
    "期",
    "号",
    "日",
];
/// Times without a number.
const TIME_WORDS: &[&str] = &[
    "上半年",
    "下半年",
    "全年",
    "本年",
    "当年",
    "上学期",
    "下学期",
    "春季学期",
    "秋季学期",
    "春季",
    "秋季",
    "春期",
    "秋期",
    "年度",
    "月度",
    "季度",
    "当月",
    "本月",
];
/// What stands before a name.
const HEADS: &[&str] = &[
    "关于",
    "中央财政",
    "省级财政",
    "县级财政",
    "中央",
    "省级",
    "市级",
    "县级",
    "财政",
    "惠民惠农",
    "惠农惠民",
    "惠农",
    "惠民",
    "一卡通",
    "发放",
    "兑付",
    "享受",
    "全县",
    "全市",
    "全区",
    "全乡",
    "全镇",
    "我县",
    "本县",
];
/// What stands behind a name, longest first within one ending.
const TAILS: &[&str] = &[
    "发放明细表",
    "发放花名册",
    "发放情况表",
    "发放公示表",
    "发放清册",
    "发放名单",
    "发放明细",
    "发放公示",
    "发放台账",
    "发放表",
    "花名册",
    "明细表",
    "公示表",
    "汇总表",
    "统计表",
    "登记表",
    "信息表",
    "情况表",
    "审批表",
    "明细",
    "公示",
    "名单",
    "名册",
    "汇总",
    "清册",
    "清单",
    "台账",
    "台帐",
    "数据",
    "信息",
    "导出",
    "发放",
    "兑付",
    "兑现",
    "拨付",
    "打卡",
    "一卡通",
    "社保卡",
    "补发",
    "代发",
    "项目",
    "人员",
    "对象",
    "政策",
    "待遇",
    "情况",
    "表",
    "册",
];
/// Words for a payment at the end of a name that counties use for one another, longest first.
const PAY_WORDS: &[&str] = &[
    "补贴资金",
    "补助资金",
    "奖补资金",
    "补助经费",
    "补贴金",
    "补助金",
    "补贴款",
    "补助款",
    "补助费",
    "奖补",
    "补贴",
    "补助",
    "津贴",
    "资金",
];
/// Stands for any of [`PAY_WORDS`].
const PAY: &str = "补";
/// Ends of the names of places and offices.
const PLACE_ENDS: &[&str] = &["省", "市", "县", "区", "旗", "镇", "乡", "街道", "社区", "村", "局"];
const MAX_PLACE_CHARS: usize = 12;

/// The form in which names are compared first: letters and digits only, half-width, lower-case.
pub(super) fn normal(name: &str) -> String {
    text::folded(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The name without what stands in brackets: `高龄津贴(80-89岁)`.
pub(super) fn without_brackets(name: &str) -> String {
    let mut depth = 0_u32;
    let outside = |c: &char| {
        depth += u32::from("([【〔".contains(*c));
        let keep = depth == 0;
        depth = depth.saturating_sub(u32::from(")]】〕".contains(*c)));
        keep
    };
    text::folded(name).chars().filter(outside).collect()
}

/// The name without times, headings and list words, and with one word for all kinds of payment.
/// May be empty.
pub(super) fn core(name: &str) -> String {
    let timeless = without_times(&normal(name));
    let mut rest = timeless.as_str();
    while let Some(shorter) = cut(rest) {
        rest = shorter;
    }
    match PAY_WORDS.iter().find_map(|word| rest.strip_suffix(word)) {
        Some(stem) if !stem.is_empty() => format!("{stem}{PAY}"),
        _ => rest.to_owned(),
    }
}

/// A core without its payment word, if enough is left to say what it is.
pub(super) fn stem(core: &str) -> Option<&str> {
    core.strip_suffix(PAY).filter(|stem| stem.chars().count() >= 4)
}

/// What follows each place or office that a core may begin with, longest rest first.
pub(super) fn behind_places(core: &str) -> impl Iterator<Item = &str> {
    core.char_indices().enumerate().take(MAX_PLACE_CHARS).filter_map(|(count, (at, _))| {
        // 城乡 and 农村 are no places: a name has at least two characters before its end word.
        let tail = core.get(at..).filter(|_| count >= 2)?;
        PLACE_ENDS.iter().find_map(|end| tail.strip_prefix(end)).filter(|rest| !rest.is_empty())
    })
}

fn cut(name: &str) -> Option<&str> {
    let head = HEADS.iter().find_map(|word| name.strip_prefix(word));
    head.or_else(|| TAILS.iter().find_map(|word| name.strip_suffix(word)))
        .filter(|rest| !rest.is_empty())
}

/// Leaves out `2024年3月`, `第一季度`, `202403`, `上半年`.
fn without_times(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        if let Some(behind) = behind_time(rest) {
            rest = behind;
            continue;
        }
        // A number that is no time stays whole: the 0 of 80岁 begins nothing.
        let run = rest.find(|c: char| !is_numeral(c)).unwrap_or(rest.len()).max(first.len_utf8());
        let (kept, behind) = rest.split_at_checked(run).unwrap_or((rest, ""));
        out.push_str(kept);
        rest = behind;
    }
    out
}

/// The text behind a time that it begins with.
fn behind_time(text: &str) -> Option<&str> {
    if let Some(rest) = TIME_WORDS.iter().find_map(|word| text.strip_prefix(word)) {
        return Some(rest);
    }
    let digits = text.strip_prefix('第').unwrap_or(text);
    let behind = digits.trim_start_matches(is_numeral);
    let numerals = digits.strip_suffix(behind).unwrap_or("");
    if numerals.is_empty() {
        return None;
    }
    // 60年代 is part of a name.
    if let Some(rest) = TIME_UNITS.iter().find_map(|unit| behind.strip_prefix(unit)) {
        return (!rest.starts_with('代')).then_some(rest);
    }
    let bare = numerals.len() >= 4 && numerals.bytes().all(|b| b.is_ascii_digit());
    bare.then_some(behind)
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "〇零一二三四五六七八九十".contains(c)
}

#[cfg(test)]
mod tests {
    use super::{behind_places, core, normal, stem, without_brackets};

    #[test]
    fn the_core_is_what_is_paid() {
        for (name, expect) in [
            ("2024年3月农村低保", "农村低保"),
            ("农村低保(2024年第一季度)", "农村低保"),
            ("202403高龄津贴发放表", "高龄补"),
            ("高龄补贴资金发放花名册", "高龄补"),
            ("第三批临时救助金", "临时救助金"),
            ("80岁以上高龄老人津贴", "80岁以上高龄老人补"),
            ("60年代精减退职职工救济", "60年代精减退职职工救济"),
            ("种粮一次性补贴", "种粮一次性补"),
            ("二〇二四年度退耕还林补助", "退耕还林补"),
            ("补贴", "补贴"),
            ("发放表", "表"),
            ("2024年", ""),
        ] {
            assert_eq!(core(name), expect, "{name}");
        }
    }

    #[test]
    fn brackets_go_with_what_they_hold() {
        for (name, expect) in [
            ("高龄津贴（80-89岁）", "高龄津贴"),
            ("【民政】低保[2024](一)", "低保"),
            ("低保(农村", "低保"),
            ("a)b", "ab"),
        ] {
            assert_eq!(normal(&without_brackets(name)), expect, "{name}");
        }
    }

    #[test]
    fn places_are_cut_off_but_not_town_and_country() {
        let rests = |name: &str| behind_places(name).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(rests("清源县柳溪镇农村低保"), ["柳溪镇农村低保", "农村低保", "低保"]);
        assert!(rests("城乡居民养老").is_empty());
        assert_eq!(stem("农村低保补"), Some("农村低保"));
        assert_eq!(stem("高龄补"), None);
        assert_eq!(normal(" S01-《农村低保》 "), "s01农村低保");
    }
}
