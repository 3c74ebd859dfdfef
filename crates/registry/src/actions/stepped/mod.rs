//! Stepped-up supervision: the list of a quarter, villages under it, what is looked at and asked of them.
//! The rules are `domain::supervision::stepped`; here their state is loaded, kept, and written down.

pub mod checks;
pub mod figures;
pub mod lists;
pub mod measures;
pub mod villages;

use domain::problem::{Failure, Fault};
use domain::recusal::Part;
use domain::supervision::stepped::rules::{SteppedRules, Version};
use domain::supervision::stepped::village::Village;
use sqlx::Row;

use super::supervision::{Around, Bench};
use super::unknown;
use crate::db::failure;
use crate::tx::Tx;

/// What villages under stepped-up supervision are to the matrix.
pub(crate) const OBJECT: &str = "stepped";

/// The rules that stepped-up supervision and joint work go by.
#[derive(Clone, Copy)]
pub struct Stepped<'a> {
    /// Catalogue, calendar, recusal, rules of supervision.
    pub bench: Bench<'a>,
    /// `stepped-up.toml`.
    pub rules: &'a SteppedRules,
}

impl<'a> Stepped<'a> {
    /// Values in force on the day of the act.
    pub(crate) fn version(&self, tx: &Tx) -> Result<&'a Version, Failure> {
        Ok(self.rules.on(tx.now.day)?)
    }
}

/// A village under supervision as acts need it.
pub(crate) struct Known {
    pub id: String,
    pub around: Around,
    pub state: Village,
    pub steps: i64,
}

/// Loads one by its number.
pub(crate) async fn load(tx: &mut Tx, number: &str) -> Result<Known, Failure> {
    let during = |error| failure("read village", error);
    let text = "select v.id, v.place, v.record, (select count(*) from stepped_steps s \
                where s.village = v.id) as steps from stepped_villages v where v.number = $1";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("stepped-village", number))?;
    let (id, place): (String, String) =
        (row.try_get("id").map_err(during)?, row.try_get("place").map_err(during)?);
    let record: String = row.try_get("record").map_err(during)?;
    let state = serde_json::from_str(&record).map_err(|e| Fault::new("read record", e))?;
    let steps = row.try_get("steps").map_err(during)?;
    Ok(Known { id, around: around(tx, &place).await?, state, steps })
}

/// A village with whoever holds a post in it today: what is looked at is what they do.
pub(crate) async fn around(tx: &mut Tx, place: &str) -> Result<Around, Failure> {
    let during = |error| failure("read posts", error);
    let text = "select distinct person from posts where place = $1 and from_day <= $2 \
                and (until_day is null or until_day >= $2) order by person";
    let rows = sqlx::query(text).bind(place.to_owned()).bind(tx.now.day.to_string());
    let rows = rows.fetch_all(tx.connection()).await.map_err(during)?;
    let holder = |row: &sqlx::any::AnyRow| Ok((Part::Concerned, row.try_get("person")?));
    let holders = rows.iter().map(holder).collect::<Result<_, _>>().map_err(during)?;
    Around::at(tx, place, holders).await
}
