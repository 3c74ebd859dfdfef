//! What title rows, sheet names and file names say about all rows: month, place, programme.

use domain::text;
use domain::time::Month;

/// What a title says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Month; of a year or quarter its first.
    pub month: Option<Month>,
    /// Only a year or quarter was named.
    pub coarse: bool,
    /// Township.
    pub township: Option<String>,
    /// Village.
    pub village: Option<String>,
    /// Programme.
    pub programme: Option<String>,
}

/// Words at which a programme name in a title ends.
const TABLE_WORDS: [&str; 16] = [
    "发放",
    "花名册",
    "明细",
    "名单",
    "汇总",
    "公示",
    "登记",
    "统计",
    "一览",
    "台账",
    "清册",
    "打卡",
    "信息",
    "银行",
    "人员",
    "表",
];

/// Reads a title such as `2024年3月柳溪镇农村低保金发放表`.
pub fn read(title: &str) -> Said {
    let folded = text::folded(title);
    // When a form was filled in is not the month it is about.
    let dated_form = ["制表", "打印", "填报", "填表", "制单"].iter().any(|w| folded.contains(w));
    if dated_form {
        return Said::default();
    }
    let (date, rest) = cut_date(&folded);
    let (month, coarse) = date.map_or((None, false), |(month, coarse)| (Some(month), coarse));
    let (township, rest) = place(&rest, &["街道", "镇", "乡"]);
    let (village, rest) = place(&rest, &["村", "社区"]);
    Said { month, coarse, township, village, programme: programme(&rest) }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// The date in a text, and the text without it.
fn cut_date(text: &str) -> (Option<(Month, bool)>, String) {
    let starts = text.char_indices().filter(|(_, c)| is_digit(*c)).map(|(at, _)| at);
    for start in starts {
        let (before, from) = text.split_at(start);
        if before.ends_with(is_digit) {
            continue;
        }
        if let Some((month, coarse, length)) = date_at(from) {
            let rest = from.get(length..).unwrap_or_default();
            return (Some((month, coarse)), format!("{before}{rest}"));
        }
    }
    (None, text.to_owned())
}

/// A date at the start of a text: month, whether only a year or quarter, bytes.
fn date_at(text: &str) -> Option<(Month, bool, usize)> {
    let digits = text.find(|c| !is_digit(c)).unwrap_or(text.len());
    let number = |s: &str| s.parse::<i32>().ok();
    let (head, rest) = text.split_at(digits);
    if digits == 6 || digits == 8 {
        let month = Month::parse(head)?;
        return plausible(month).then_some((month, false, digits));
    }
    let year = (digits == 4).then(|| number(head)).flatten()?;
    let tail = rest.strip_prefix(['年', '-', '.', '/'])?;
    let after = text.len() - tail.len();
    let january = Month::from_ym(year, 1).filter(|m| plausible(*m))?;
    let more = tail.find(|c| !is_digit(c)).unwrap_or(tail.len());
    if (1..=2).contains(&more)
        && let Some(month) = number(tail.split_at(more).0).and_then(|m| Month::from_ym(year, m))
    {
        let rest = tail.get(more..).unwrap_or_default();
        let sign = if rest.starts_with('月') { '月'.len_utf8() } else { 0 };
        let is_quarter = rest.starts_with("季度");
        if !is_quarter {
            return Some((month, false, after + more + sign));
        }
    }
    for (quarter, first) in
        [("一", 1), ("1", 1), ("二", 4), ("2", 4), ("三", 7), ("3", 7), ("四", 10), ("4", 10)]
    {
        for form in [format!("第{quarter}季度"), format!("{quarter}季度")] {
            if tail.starts_with(&form) {
                return Some((Month::from_ym(year, first)?, true, after + form.len()));
            }
        }
    }
    let yearly = rest.starts_with('年').then_some(january)?;
    let degree = if tail.starts_with('度') { '度'.len_utf8() } else { 0 };
    Some((yearly, true, after + degree))
}

fn plausible(month: Month) -> bool {
    (199_001..=209_912).contains(&month.0)
}

/// A place name at the start of a text, and what follows it.
fn place(text: &str, ends: &[&str]) -> (Option<String>, String) {
    let start = text.find(['县', '市', '区']).filter(|at| *at <= 18 && !text.contains("社区"));
    let after = start.and_then(|at| text.get(at + 3..)).unwrap_or(text);
    for text in [after, text] {
        for end in ends {
            let Some(at) = text.find(end) else { continue };
            let (name, rest) = text.split_at(at + end.len());
            let length = name.chars().count() - end.chars().count();
            let general = ["各", "全", "本", "农", "乡镇", "城", "居民", "(", "_", "-"];
            if (2..=5).contains(&length) && !general.iter().any(|g| name.contains(g)) {
                return (Some(name.to_owned()), rest.to_owned());
            }
        }
    }
    (None, text.to_owned())
}

/// The programme name in what is left of a title.
fn programme(rest: &str) -> Option<String> {
    let start = rest.trim_start_matches(|c: char| !is_han(c));
    let start = start.strip_prefix("年度").or_else(|| start.strip_prefix('度')).unwrap_or(start);
    let end = TABLE_WORDS.iter().filter_map(|w| start.find(w)).min()?;
    let name = start.get(..end)?.trim_matches(|c: char| !is_han(c) && !matches!(c, '(' | ')'));
    (name.chars().filter(|c| is_han(*c)).count() >= 2).then(|| name.to_owned())
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn reads_titles_as_agencies_write_them() {
        for (title, month, township, village, programme) in [
            (
                "2024年3月柳溪镇农村低保金发放表",
                Some(202_403),
                Some("柳溪镇"),
                None,
                Some("农村低保金"),
            ),
            (
                "柳溪镇青石村2024年耕地地力保护补贴发放清册",
                Some(202_401),
                Some("柳溪镇"),
                Some("青石村"),
                Some("耕地地力保护补贴"),
            ),
            (
                "２０２４年第二季度残疾人两项补贴公示",
                Some(202_404),
                None,
                None,
                Some("残疾人两项补贴"),
            ),
            (
                "城乡居民养老保险待遇发放花名册_202405",
                Some(202_405),
                None,
                None,
                Some("城乡居民养老保险待遇"),
            ),
            (
                "明远县柳溪镇2024.11高龄津贴明细",
                Some(202_411),
                Some("柳溪镇"),
                None,
                Some("高龄津贴"),
            ),
            ("制表日期:2024年4月2日", None, None, None, None),
            ("Sheet1", None, None, None, None),
            ("单位:万元", None, None, None, None),
        ] {
            let said = read(title);
            assert_eq!(said.month.map(|m| m.0), month, "{title}");
            assert_eq!(said.township.as_deref(), township, "{title}");
            assert_eq!(said.village.as_deref(), village, "{title}");
            assert_eq!(said.programme.as_deref(), programme, "{title}");
        }
    }
}
