//! Rows that are no data: blank ones, totals, signatures and notes below or between.

use std::borrow::Cow;

use domain::text;

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// Nothing in it.
    Blank,
    /// A sum of other rows.
    Total,
    /// A signature, a remark, a header repeated.
    Note,
    /// A row of data.
    Data,
}

const TOTALS: [&str; 7] = ["合计", "总计", "小计", "共计", "总合计", "累计", "本页合计"];
const SIGNATURES: [&str; 20] = [
    "制表",
    "审核",
    "填表",
    "经办",
    "负责人",
    "单位负责人",
    "主管",
    "分管",
    "复核",
    "联系电话",
    "打印",
    "填报",
    "制单",
    "出纳",
    "会计",
    "村主任",
    "报送",
    "审批",
    "领导签字",
    "签字",
];
const REMARKS: [&str; 5] = ["备注", "说明", "注", "注意", "填表说明"];
/// In how many cells from the left a total announces itself.
const LOOK: usize = 5;

/// Judges a row whose main person cell does not start like an ID number.
pub fn judge(
    fields: &[Cow<'_, str>],
    key: &str,
    has_key: bool,
    is_header: impl Fn() -> bool,
) -> Passed {
    let mut filled = fields.iter().filter(|f| !f.trim().is_empty()).peekable();
    let Some(first) = filled.peek() else { return Passed::Blank };
    let digits = text::clean(key).chars().filter(char::is_ascii_digit).count();
    if has_key && digits >= 15 {
        return Passed::Data;
    }
    let first = text::folded(first);
    if is_signature(&first) {
        return Passed::Note;
    }
    let looks = |field: &Cow<'_, str>| {
        let word = text::folded(field);
        let word = word.trim_end_matches([':', '(', ')', '元', '人', '户']);
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
        TOTALS.contains(&word)
    };
    // Subtotals name their village first: 青石村小计.
    let named = ["小计", "合计", "总计"].iter().any(|w| first.ends_with(w));
    if named || filled.take(LOOK).any(looks) {
        return Passed::Total;
    }
    if is_header() { Passed::Note } else { Passed::Data }
}

fn is_signature(first: &str) -> bool {
    let signed = SIGNATURES.iter().any(|w| first.starts_with(w));
    let remark = REMARKS.iter().any(|w| first.starts_with(w));
    (signed || remark) && first.contains(':')
        || matches!(first, "制表人" | "审核人" | "填表人" | "经办人" | "复核人")
}

#[cfg(test)]
mod tests {
    use super::{Passed, judge};
    use std::borrow::Cow;

    #[test]
    fn tells_data_from_what_surrounds_it() {
        for (row, key, expect) in [
            (vec!["", " ", ""], "", Passed::Blank),
            (vec!["合 计", "", "12300"], "", Passed::Total),
            (vec!["", "青石村小计", "", "5"], "", Passed::Total),
            (vec!["总计：", "", "5"], "", Passed::Total),
            (vec!["制表人：张三", "审核人：李四"], "", Passed::Note),
            (vec!["注：以上金额单位为元"], "", Passed::Note),
            (vec!["1", "张三", "", "100"], "", Passed::Data),
            (vec!["合计", "990001199001010031"], "990001199001010031", Passed::Data),
            (vec!["会计", "张三"], "无", Passed::Data),
        ] {
            let fields: Vec<Cow<'_, str>> = row.iter().copied().map(Cow::Borrowed).collect();
            assert_eq!(judge(&fields, key, true, || false), expect, "{row:?}");
        }
    }
}
