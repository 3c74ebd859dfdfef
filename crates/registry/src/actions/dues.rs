//! What is due and when, each computed by a rule of the catalogue and kept with it.

use domain::calendar::WorkCalendar;
use domain::catalogue::{Catalogue, Versioned};
use domain::deadline;
use domain::problem::Failure;
use domain::time::Day;
use serde_json::json;

use super::{Refusal, unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Now, Tx};
use crate::{By, Registry};

/// Sets what is due by a rule, counted from a day.
///
/// # Errors
/// A problem when the rule is unknown on that day.
pub async fn set(
    tx: &mut Tx,
    rules: (&Catalogue, &WorkCalendar, &str),
    subject: &str,
    place: &str,
    rule: &str,
    from: Day,
) -> Result<Day, Refusal> {
    let (catalogue, calendar, digest) = rules;
    let version = catalogue.deadlines.get(rule).and_then(|known| known.on(from));
    let version = version.ok_or_else(|| unknown("deadline-rule", rule))?;
    let due = deadline::due(rule, version, from, &[], &[], calendar);
    let due = due.map_err(|no| Refusal::Rules(vec![no]))?;
    let dated = Dated { from, due: due.day, provisional: due.provisional };
    put(tx, subject, (place, rule), &dated, digest).await?;
    Ok(due.day)
}

/// From when to when something is due.
pub(crate) struct Dated {
    pub from: Day,
    pub due: Day,
    /// Counted over days whose calendar is not out yet.
    pub provisional: bool,
}

/// Writes down what is due, under the code of the rule or duty that it follows from.
pub(crate) async fn put(
    tx: &mut Tx,
    subject: &str,
    (place, rule): (&str, &str),
    dated: &Dated,
    digest: &str,
) -> Result<(), Failure> {
    let id = tx.new_id()?;
    let text = "insert into dues (id, subject, place, rule, start_day, due_day, provisional, \
                catalogue, level) values ($1, $2, $3, $4, $5, $6, $7, $8, 'village')";
    let query = sqlx::query(text).bind(id.clone()).bind(subject.to_owned()).bind(place.to_owned());
    let query =
        query.bind(rule.to_owned()).bind(dated.from.to_string()).bind(dated.due.to_string());
    let query = query.bind(i64::from(dated.provisional)).bind(digest.to_owned());
    query.execute(tx.connection()).await.map_err(|error| failure("write due", error))?;
    Ok(tx.touch("dues", &id)?)
}

/// Ends what was due about a subject.
///
/// # Errors
/// A fault when the database refuses.
pub async fn clear(tx: &mut Tx, subject: &str) -> Result<(), Failure> {
    use sqlx::Row;
    let during = |error| crate::db::failure("read dues", error);
    let text = "select id from dues where subject = $1 and met_day is null";
    let rows = sqlx::query(text).bind(subject.to_owned()).fetch_all(tx.connection()).await;
    for row in rows.map_err(during)? {
        let id: String = row.try_get("id").map_err(during)?;
        let day = tx.now.day.to_string();
        write!(tx, "update dues set met_day = $2 where id = $1", id.clone(), day)?;
        tx.touch("dues", &id)?;
    }
    Ok(())
}

impl Registry {
    /// Raises what is overdue to the next level up, once a level. Returns how many were raised.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn raise_overdue(&self, now: Now) -> Result<usize, Failure> {
        use sqlx::Row;
        let during = |error| crate::db::failure("read dues", error);
        let text = "select id, subject, level from dues where met_day is null and level <> 'county' \
                    and due_day < $1 and (raised_day is null or raised_day < $1) order by due_day limit 500";
        let mut tx = self.begin(By::system(), now, "overdue").await?;
        let rows = sqlx::query(text).bind(now.day.to_string()).fetch_all(tx.connection()).await;
        let rows = rows.map_err(during)?;
        if rows.is_empty() {
            return Ok(0);
        }
        for row in &rows {
            let (id, level): (String, String) =
                (row.try_get("id").map_err(during)?, row.try_get("level").map_err(during)?);
            let next = if level == "village" { "township" } else { "county" };
            let text = "update dues set level = $2, raised_day = $3 where id = $1";
            write!(tx, text, id.clone(), next, now.day.to_string())?;
            tx.touch("dues", &id)?;
        }
        let payload = json!({ "raised": rows.len() });
        tx.commit(Entry::new("overdue-raised", &now.day.to_string(), payload)).await?;
        Ok(rows.len())
    }
}
