//! A list that a bureau has just handed in over the site, and looks at people that were written down.

use domain::time::Day;

use super::people::{People, card};
use super::{DemoOptions, places};

/// People on the list; at a thousand yuan each its sum asks for a second person.
const PEOPLE: u32 = 42;
/// Every so many people one is on it.
const EVERY: u32 = 11;

/// Days before today on which they were paid.
const PAID_BEFORE: i32 = 20;

/// A list of payments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Name of the file.
    pub name: String,
    /// GB18030, as office programs write it.
    pub bytes: Vec<u8>,
    /// ID numbers on it.
    pub ids: Vec<String>,
}

/// The list, of people of the county that [`super::make`] makes.
#[must_use]
pub fn list(options: &DemoOptions, today: Day) -> List {
    let paid = Day(today.0 - PAID_BEFORE);
    let (year, month, _) = paid.ymd();
    let places = places(options);
    let people = People::settle(&places, options.people, options.seed);
    let mut text =
        "序号,姓名,身份证号,乡镇,村,补贴项目,发放月份,发放日期,发放金额,银行账号\n".to_owned();
    let mut ids = Vec::new();
    for serial in 1..=PEOPLE {
        let at = serial * EVERY;
        let Some(person) = people.get(at).filter(|person| person.flaw.is_none()) else { continue };
        let Some(place) = places.get(usize::from(person.village)) else { continue };
        let (township, village) = (&place.village.township, &place.village.name);
        // A slip of the pen, so that there is a row to be asked about.
        let amount = if serial % 20 == 7 { "壹仟元" } else { "1000.00" };
        text += &format!(
            "{serial},{},{},{township},{village},临时救助,{year}-{month:02},{paid},{amount},{}\n",
            person.name.text(),
            people.id(at),
            card(at, options.seed)
        );
        ids.push(people.id(at));
    }
    let bytes = encoding_rs::GB18030.encode(&text).0.into_owned();
    List { name: format!("民政局{year}年{month}月临时救助发放表.csv"), bytes, ids }
}

#[cfg(test)]
mod tests {
    use super::list;
    use crate::demo::DemoOptions;
    use domain::time::Day;

    #[test]
    fn it_is_the_same_for_the_same_seed_and_asks_for_a_second_person() {
        let options =
            DemoOptions { people: 3_000, payments: 10, seed: 7, villages: 24, townships: 3 };
        let today = Day::from_ymd(2026, 11, 24).unwrap();
        let made = list(&options, today);
        assert_eq!(made, list(&options, today));
        assert!(made.ids.len() > 30, "{}", made.ids.len());
    }
}
