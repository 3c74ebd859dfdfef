//! One cell to one value, as the kind of its column asks.

use domain::facts::Kind;
use domain::money::{Fen, MoneyError, decimal};
use domain::text;
use domain::time::{Day, Month};

use crate::recognise::{AreaUnit, ColumnPlan};

/// Decimals kept of an area before it is scaled: more than any survey has.
const AREA_PLACES: usize = 10;

/// Whether a cell holds what spreadsheet programs write in place of a value that cannot be
/// computed.
pub fn is_cell_error(raw: &str) -> bool {
    raw.as_bytes().first() == Some(&b'#')
        && ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"]
            .contains(&raw.trim())
}

/// Marks that people put where they have nothing to say.
pub fn is_blank(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    match bytes.first() {
        None => true,
        Some(b'0'..=b'9') => false,
        _ => matches!(
            text::clean(raw).as_ref(),
            "" | "-" | "--" | "/" | "\\" | "—" | "——" | "无" | "空"
        ),
    }
}

/// Reads a number, day, month or flag.
///
/// # Errors
/// The code of the problem.
pub fn number(kind: Kind, raw: &str, column: &ColumnPlan, name: &str) -> Result<i64, &'static str> {
    match kind {
        Kind::Fen => match Fen::parse(raw, column.unit) {
            Ok(fen) => Ok(fen.0),
            Err(MoneyError::NotANumber) => Err("amount-not-a-number"),
            Err(MoneyError::BelowFen) => Err("amount-below-fen"),
            Err(MoneyError::TooLarge) => Err("amount-too-large"),
        },
        Kind::Day => day(raw).ok_or("day-not-readable"),
        Kind::Month => month(raw).ok_or("month-not-readable"),
        Kind::Count => count(raw, name).ok_or("number-not-readable"),
        Kind::Mu => {
            let times = match column.area {
                AreaUnit::Own => 10_000,
                AreaUnit::Hectares => 150_000,
                // 10,000 m2 are 15 mu.
                AreaUnit::SquareMetres => 15,
            };
            scaled(raw, times).ok_or("number-not-readable")
        }
        Kind::SquareMetres => scaled(raw, 100).ok_or("number-not-readable"),
        Kind::Flag => flag(raw).map(i64::from).ok_or("flag-not-readable"),
        _ => Err("number-not-readable"),
    }
}

fn day(raw: &str) -> Option<i64> {
    let found = Day::parse(raw).or_else(|| {
        // `2024年3月` where a day is asked for: its first.
        Month::parse(raw)
            .filter(|_| raw.chars().filter(char::is_ascii_digit).count() > 4)?
            .first_day()
    });
    found.map(|day| i64::from(day.0))
}

fn month(raw: &str) -> Option<i64> {
    if let [y1, y2, y3, y4, rest @ ..] = raw.as_bytes()
        && let [b'-' | b'/' | b'.', m1, m2] | [m1, m2] = rest
    {
        let digits = [y1, y2, y3, y4, m1, m2];
        if digits.iter().all(|b| b.is_ascii_digit()) {
            let packed = digits.iter().fold(0, |n, b| n * 10 + i32::from(**b - b'0'));
            return Month::from_ym(packed / 100, packed % 100).map(|m| i64::from(m.0));
        }
    }
    Month::parse(raw).map(|m| i64::from(m.0))
}

/// Words for categories (GB/T 26341-2010) and grades, and for digits.
const COUNT_WORDS: [(&str, i64); 18] = [
    ("多重", 7),
    ("视力", 1),
    ("听力", 2),
    ("言语", 3),
    ("语言", 3),
    ("肢体", 4),
    ("智力", 5),
    ("精神", 6),
    ("一级", 1),
    ("壹级", 1),
    ("二级", 2),
    ("贰级", 2),
    ("三级", 3),
    ("叁级", 3),
    ("四级", 4),
    ("肆级", 4),
    ("盲", 1),
    ("聋", 2),
];

fn count(raw: &str, name: &str) -> Option<i64> {
    let cleaned = text::clean(raw);
    let body = cleaned.trim_end_matches(['级', '人', '个', '户', '次', '类']);
    let digits: String = body.chars().filter(|c| !matches!(c, ',' | ' ')).collect();
    if let Ok(number) = decimal(&digits, 0) {
        return Some(number);
    }
    let worded = name == "category" || name == "grade";
    let words = COUNT_WORDS.iter().filter(|_| worded);
    words.into_iter().find(|(word, _)| cleaned.contains(word)).map(|(_, number)| *number)
}

/// A decimal times a factor, rounded half to even. Areas come out of spreadsheet divisions with
/// any number of decimals; what lies beyond [`AREA_PLACES`] is far below a leaf.
fn scaled(raw: &str, times: i128) -> Option<i64> {
    let cleaned = text::clean(raw);
    let body = ["亩", "平方米", "㎡", "公顷", "m2"].iter().find_map(|u| cleaned.strip_suffix(u));
    let body: String =
        body.unwrap_or(&cleaned).chars().filter(|c| !matches!(c, ',' | ' ')).collect();
    let cut = match body.split_once('.') {
        Some((whole, fraction))
            if fraction.len() > AREA_PLACES && !fraction.contains(['e', 'E']) =>
        {
            format!("{whole}.{}", fraction.get(..AREA_PLACES)?)
        }
        _ => body,
    };
    let fine = i128::from(decimal(&cut, AREA_PLACES).ok()?);
    let unit = 10_i128.pow(10);
    let product = fine.checked_mul(times)?;
    let (quotient, rest) = (product.div_euclid(unit), product.rem_euclid(unit) * 2);
    let up = rest > unit || (rest == unit && quotient % 2 != 0);
    i64::try_from(quotient + i128::from(up)).ok()
}

/// Words of yes, and of a returned payment.
const YES: [&str; 13] = [
    "是",
    "有",
    "true",
    "1",
    "y",
    "yes",
    "√",
    "退回",
    "失败",
    "退票",
    "未成功",
    "已退回",
    "发放失败",
];
/// Words of no, and of a payment that arrived.
const NO: [&str; 17] = [
    "否",
    "无",
    "没有",
    "false",
    "0",
    "n",
    "no",
    "×",
    "成功",
    "正常",
    "已发放",
    "到账",
    "已到账",
    "发放成功",
    "已支付",
    "支付成功",
    "交易成功",
];

fn flag(raw: &str) -> Option<bool> {
    let word = text::folded(raw);
    if YES.contains(&word.as_str()) {
        Some(true)
    } else if NO.contains(&word.as_str()) {
        Some(false)
    } else if ["退回", "退票", "失败", "未成功"].iter().any(|w| word.contains(w)) {
        Some(true)
    } else {
        (word.contains("成功") || word.contains("到账")).then_some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::number;
    use crate::recognise::{AreaUnit, ColumnPlan};
    use domain::facts::Kind;
    use proptest::prelude::*;

    #[test]
    fn reads_cells_of_each_kind() {
        use AreaUnit::{Hectares, Own, SquareMetres};
        for (kind, raw, area, name, expect) in [
            (Kind::Month, "2024-03", Own, "", Ok(202_403)),
            (Kind::Month, "202403", Own, "", Ok(202_403)),
            (Kind::Month, "2024年3月", Own, "", Ok(202_403)),
            (Kind::Month, "三月", Own, "", Err("month-not-readable")),
            (Kind::Day, "1970年1月", Own, "", Ok(0)),
            (Kind::Count, "3.0", Own, "", Ok(3)),
            (Kind::Count, "肢体残疾", Own, "category", Ok(4)),
            (Kind::Count, "二级", Own, "grade", Ok(2)),
            (Kind::Count, "肢体", Own, "size", Err("number-not-readable")),
            (Kind::Mu, "3.3333333333333335", Own, "", Ok(33_333)),
            (Kind::Mu, "1", Hectares, "", Ok(150_000)),
            (Kind::Mu, "666.67平方米", SquareMetres, "", Ok(10_000)),
            (Kind::SquareMetres, "1,120.5", Own, "", Ok(112_050)),
            (Kind::SquareMetres, "很大", Own, "", Err("number-not-readable")),
            (Kind::Flag, "银行退回", Own, "", Ok(1)),
            (Kind::Flag, "发放成功", Own, "", Ok(0)),
            (Kind::Flag, "未成功", Own, "", Ok(1)),
            (Kind::Flag, "TRUE", Own, "", Ok(1)),
            (Kind::Flag, "也许", Own, "", Err("flag-not-readable")),
        ] {
            let column = ColumnPlan { area, ..ColumnPlan::default() };
            assert_eq!(number(kind, raw, &column, name), expect, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_number_or_a_problem(raw in "\\PC{0,24}") {
            for kind in [Kind::Month, Kind::Day, Kind::Count, Kind::Mu, Kind::Flag, Kind::Fen] {
                let _either = number(kind, &raw, &ColumnPlan::default(), "grade");
            }
        }
    }
}
