//! The many ways in which people write the same number, name, day and amount.

use domain::time::Day;

use super::people::Person;
use super::rng::Rng;

/// How a file writes days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// `2024-01-05`
    Dashes,
    /// `2024/1/5`
    Slashes,
    /// `2024.1.5`
    Points,
    /// `20240105`
    Packed,
    /// `2024年1月5日`
    Words,
    /// 45296, as spreadsheet programs store days
    Serial,
}

/// The text of a day.
pub fn day(day: Day, days: Days) -> String {
    let (y, m, d) = day.ymd();
    match days {
        Days::Dashes => format!("{y:04}-{m:02}-{d:02}"),
        Days::Slashes => format!("{y}/{m}/{d}"),
        Days::Points => format!("{y}.{m}.{d}"),
        Days::Packed => format!("{y:04}{m:02}{d:02}"),
        Days::Words => format!("{y}年{m}月{d}日"),
        Days::Serial => (day.0 + 25_569).to_string(),
    }
}

/// Yuan with two decimals, with thousands separators if wished; 万元 with six.
pub fn money(fen: i64, thousands: bool, wan: bool) -> String {
    let (sign, fen) = if fen < 0 { ("-", -fen) } else { ("", fen) };
    if wan {
        return format!("{sign}{}.{:06}", fen / 1_000_000, fen % 1_000_000);
    }
    let (yuan, rest) = (fen / 100, fen % 100);
    if thousands && yuan >= 1000 {
        return format!("{sign}{},{:03}.{rest:02}", yuan / 1000, yuan % 1000);
    }
    format!("{sign}{yuan}.{rest:02}")
}

/// Mu with up to four decimals.
pub fn mu(area_e4: i64) -> String {
    let text = format!("{}.{:04}", area_e4 / 10_000, area_e4 % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// ASCII digits and letters in their full-width forms.
pub fn wide(text: &str) -> String {
    let widen = |c: char| char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_graphic());
    text.chars().map(|c| widen(c).unwrap_or(c)).collect()
}

/// An ID number now and then with a small x, blanks, full-width digits or only 15 digits.
/// `untidy` makes it so in every row: 1 lower-case or blanks, 2 of 15 digits.
pub fn id(person: &Person, untidy: u8, rng: &mut Rng) -> String {
    let id = person.id();
    if person.flaw.is_some() {
        return id;
    }
    match (untidy, rng.below(2_000)) {
        (2, _) | (0, 0..4) => fifteen(&id),
        (1, _) | (0, 4..14) if id.ends_with('X') => id.to_lowercase(),
        (1, _) | (0, 4..10) => spaced(&id),
        (0, 14..17) => wide(&id),
        _ => id,
    }
}

/// The number of before 1999, where there was one.
fn fifteen(id: &str) -> String {
    match (id.get(..6), id.get(6..8), id.get(8..17)) {
        (Some(division), Some("19"), Some(rest)) => format!("{division}{rest}"),
        _ => id.to_owned(),
    }
}

fn spaced(id: &str) -> String {
    match (id.get(..6), id.get(6..14), id.get(14..)) {
        (Some(a), Some(b), Some(c)) => format!("{a} {b} {c}"),
        _ => id.to_owned(),
    }
}

/// A name now and then with a blank inside or another kind of middle dot.
pub fn name(person: &Person, rng: &mut Rng) -> String {
    let name = person.name.text();
    if name.contains('·') {
        let dots = ["·", "•", "・", "．", ".", "‧"];
        return name.replace('·', rng.pick(&dots).copied().unwrap_or("·"));
    }
    let mut letters = name.chars();
    match (letters.next(), letters.next(), letters.next()) {
        (Some(a), Some(b), None) if rng.per_mille(60) => format!("{a} {b}"),
        (Some(a), Some(b), None) if rng.per_mille(20) => format!("{a}\u{3000}{b}"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::{Days, day, fifteen, money, mu, spaced, wide};
    use domain::ids::IdNumber;
    use domain::money::{Fen, MoneyUnit};
    use domain::time::Day;

    #[test]
    fn everything_reads_back_as_what_it_was() {
        let date = Day::from_ymd(2024, 1, 5).expect("a day");
        for days in
            [Days::Dashes, Days::Slashes, Days::Points, Days::Packed, Days::Words, Days::Serial]
        {
            assert_eq!(Day::parse(&day(date, days)), Some(date), "{days:?}");
        }
        for fen in [7, 12_345, -50, 1_234_567, 90_000_000] {
            let read = |text: String, unit| Fen::parse(&text, unit).map(|f| f.0);
            assert_eq!(read(money(fen, true, false), MoneyUnit::Yuan), Ok(fen));
            assert_eq!(read(wide(&money(fen, false, false)), MoneyUnit::Yuan), Ok(fen));
            assert_eq!(read(money(fen, false, true), MoneyUnit::WanYuan), Ok(fen));
        }
        assert_eq!((mu(31_000).as_str(), mu(50_000).as_str()), ("3.1", "5"));
        let id = "990001194910010042";
        for text in [fifteen(id), spaced(id), wide(id)] {
            assert_eq!(IdNumber::read(&text).text, id, "{text}");
        }
    }
}
