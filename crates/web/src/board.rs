//! The scoreboard of disclosure: what each village had to publish in each month, and what it did.
//! Made of first publication days alone, which stand in the public log too, so that anybody can make it
//! again.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use domain::catalogue::Catalogue;
use domain::disclosure::{Expected, State, expected_between};
use domain::problem::Failure;
use domain::time::Day;
use registry::queries::public_village::{PlaceHead, Published, published};
use registry::{Db, Law};

use crate::kept::{Kept, Made};
use crate::places::Places;
use crate::spans::Spans;

/// Months that the board shows, this one included.
pub const MONTHS: i32 = 12;
/// How long a board is good, in milliseconds.
const KEEP_MS: i64 = 30_000;

/// How many disclosures stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    /// In time.
    pub on_time: u32,
    /// Late.
    pub late: u32,
    /// Missing.
    pub missing: u32,
}

impl Tally {
    /// How many were due.
    #[must_use]
    pub fn due(&self) -> u32 {
        self.on_time + self.late + self.missing
    }

    /// Percent that came in time; none when nothing was due.
    #[must_use]
    pub fn percent(&self) -> Option<u32> {
        (self.on_time * 100).checked_div(self.due())
    }

    /// Class of the heat map, 0 worst to 4 best.
    #[must_use]
    pub fn heat(&self) -> &'static str {
        match self.percent() {
            None => "",
            Some(0..50) => "h0",
            Some(50..70) => "h1",
            Some(70..85) => "h2",
            Some(85..95) => "h3",
            Some(_) => "h4",
        }
    }

    fn count(&mut self, state: State) {
        match state {
            State::OnTime => self.on_time += 1,
            State::Late => self.late += 1,
            State::Missing => self.missing += 1,
            State::NotDueYet => {}
        }
    }

    /// Counts another tally in.
    pub fn add(&mut self, other: Self) {
        self.on_time += other.on_time;
        self.late += other.late;
        self.missing += other.missing;
    }
}

/// A row of the board.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Line {
    /// Code of the place.
    pub place: String,
    /// Its name.
    pub name: String,
    /// Path.
    pub path: String,
    /// By month, `2026-03`.
    pub months: BTreeMap<String, Tally>,
    /// All months together.
    pub all: Tally,
}

/// The board of the county.
#[derive(Debug, Default)]
pub struct Board {
    /// Months, the first first.
    pub months: Vec<String>,
    /// Villages, in the order of their paths.
    pub villages: Vec<Line>,
}

impl Board {
    fn of(law: &Law, places: &Places, published: &[Published], spans: &Spans, today: Day) -> Self {
        let first = first_day(today);
        let expected = expected_between(&law.catalogue, first, today);
        let mut days: HashMap<(&str, &str, &str), Day> = HashMap::new();
        for one in published {
            if let Some(day) = Day::parse(&one.day) {
                days.insert((&one.place, &one.duty, &one.period), day);
            }
        }
        let mut months: Vec<String> = expected.iter().map(|one| month_of(one.due)).collect();
        months.dedup();
        let line = |village: &PlaceHead| match spans.of(&village.id) {
            [] => line(village, &expected, &days, today),
            _ => line(village, &spans.expected(law, &village.id, (first, today)), &days, today),
        };
        let county = places.county().map_or("", |county| county.path.as_str());
        Self { months, villages: places.of_level("village", county).map(line).collect() }
    }

    /// Lines of the townships: their villages together.
    #[must_use]
    pub fn townships(&self, places: &Places) -> Vec<Line> {
        let county = places.county().map_or("", |county| county.path.as_str());
        let together = |town: &PlaceHead| {
            let mut sum = empty(town);
            for line in self.villages.iter().filter(|l| domain::access::covers(&town.path, &l.path))
            {
                sum.all.add(line.all);
                for (month, tally) in &line.months {
                    sum.months.entry(month.clone()).or_default().add(*tally);
                }
            }
            sum
        };
        places.of_level("township", county).map(together).collect()
    }

    /// Lines of the villages inside a path.
    #[must_use]
    pub fn inside(&self, path: &str) -> Vec<&Line> {
        self.villages.iter().filter(|line| domain::access::covers(path, &line.path)).collect()
    }
}

fn empty(place: &PlaceHead) -> Line {
    Line {
        place: place.id.clone(),
        name: place.name.clone(),
        path: place.path.clone(),
        months: BTreeMap::new(),
        all: Tally::default(),
    }
}

/// A village owes nothing of the time before it was in the register.
fn line(
    village: &PlaceHead,
    expected: &[Expected],
    days: &HashMap<(&str, &str, &str), Day>,
    today: Day,
) -> Line {
    let mut line = empty(village);
    let since = Day::parse(&village.from_day).unwrap_or(Day(0));
    for one in expected.iter().filter(|one| one.due >= since) {
        let key = (village.id.as_str(), one.duty.as_str(), one.period.as_str());
        let state = State::of(one.due, days.get(&key).copied(), today);
        line.months.entry(month_of(one.due)).or_default().count(state);
        line.all.count(state);
    }
    line
}

/// First day of the first month that is shown.
#[must_use]
pub fn first_day(today: Day) -> Day {
    let (year, month, _) = today.ymd();
    let at = year * 12 + i32::try_from(month).unwrap_or(1) - MONTHS;
    let month = u32::try_from(at.rem_euclid(12)).unwrap_or(0) + 1;
    Day::from_ymd(at.div_euclid(12), month, 1).unwrap_or(today)
}

fn month_of(day: Day) -> String {
    let (year, month, _) = day.ymd();
    format!("{year:04}-{month:02}")
}

/// The last board.
pub type Cache = Kept<Board>;

/// The board, made anew when it is too old.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn get(
    cache: &Cache,
    db: &Db,
    law: &Law,
    places: &Places,
    now: registry::Now,
) -> Result<Arc<Board>, Failure> {
    let make = async {
        // A disclosure may come before the month in which it is due.
        let since = Day(first_day(now.day).0 - 120).to_string();
        let published = published(db, &since).await?;
        let spans = Spans::read(db, law).await?;
        Ok(Board::of(law, places, &published, &spans, now.day))
    };
    let at = Made { ms: now.ms, acts: 0 };
    cache.get(at, |made, _| now.ms - made.ms < KEEP_MS, make).await
}

/// What the calendar asks of a village in the months that are shown, the last due first; made once a
/// day.
#[derive(Debug, Default)]
pub struct Duties(Mutex<(Option<Day>, Arc<Vec<Expected>>)>);

impl Duties {
    /// The list of a day.
    #[must_use]
    pub fn on(&self, catalogue: &Catalogue, today: Day) -> Arc<Vec<Expected>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != Some(today) {
            let mut expected = expected_between(catalogue, first_day(today), today);
            expected.sort_by_key(|one| std::cmp::Reverse(one.due));
            *kept = (Some(today), Arc::new(expected));
        }
        Arc::clone(&kept.1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Tally, first_day};
    use domain::time::Day;

    #[test]
    fn a_tally_says_how_much_came_in_time() {
        let tally = Tally { on_time: 17, late: 2, missing: 1 };
        assert_eq!((tally.due(), tally.percent(), tally.heat()), (20, Some(85), "h3"));
        assert_eq!((Tally::default().percent(), Tally::default().heat()), (None, ""));
    }

    #[test]
    fn twelve_months_end_with_this_one() {
        let first = first_day(Day::parse("2026-11-24").unwrap());
        assert_eq!(first.to_string(), "2025-12-01");
    }
}
