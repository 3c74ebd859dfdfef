//! What is due in other hands, each by a rule of the catalogue, with the level that looks at it. What is
//! overdue goes up one level by itself, as reports do.

use domain::catalogue::RoleLevel;
use domain::problem::Failure;
use domain::routing::office_id;
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::{Bench, dues};
use crate::Registry;
use crate::access::By;
use crate::actions::outbox::Way;
use crate::actions::{Refusal, outbox, places, write};
use crate::db::failure;
use crate::tx::{Entry, Now, Tx};

/// What is due: kind (`handover`, `letter`, `duty`, `regulation`), key, place, and who looks at it first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Of<'a> {
    pub kind: &'static str,
    pub subject: &'a str,
    pub place: &'a str,
    pub level: &'static str,
}

/// The level of a post.
pub(crate) fn level(bench: Bench<'_>, role: &str) -> RoleLevel {
    bench.office.catalogue.roles.get(role).map_or(RoleLevel::County, |role| role.level)
}

/// The same as the word of a due day.
pub(crate) fn level_word(level: RoleLevel) -> &'static str {
    match level {
        RoleLevel::Public | RoleLevel::Group | RoleLevel::Village => "village",
        RoleLevel::Township => "township",
        RoleLevel::Area | RoleLevel::County | RoleLevel::System => "county",
    }
}

/// Sets a step due by a rule; what was due before of the same thing is not any more.
pub(crate) async fn set(
    tx: &mut Tx,
    bench: Bench<'_>,
    of: Of<'_>,
    (step, rule, from): (&str, &str, Day),
) -> Result<Day, Refusal> {
    clear(tx, of.subject).await?;
    let due = dues::due(bench, rule, from, &[])?;
    let id = tx.new_id()?;
    let text = "insert into follow_dues (id, kind, subject, place, step, rule, start_day, due_day, \
                provisional, catalogue, level) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    write!(
        tx,
        text,
        id.clone(),
        of.kind,
        of.subject.to_owned(),
        of.place.to_owned(),
        step.to_owned(),
        rule.to_owned(),
        from.to_string(),
        due.day.to_string(),
        i64::from(due.provisional),
        bench.office.digest.to_owned(),
        of.level,
    )?;
    tx.touch("follow_dues", &id)?;
    Ok(due.day)
}

/// Ends what is due of a thing.
pub(crate) async fn clear(tx: &mut Tx, subject: &str) -> Result<(), Failure> {
    let during = |error| failure("read dues", error);
    let text = "select id from follow_dues where subject = $1 and met_day is null";
    let rows = sqlx::query(text).bind(subject.to_owned()).fetch_all(tx.connection()).await;
    for row in rows.map_err(during)? {
        let id: String = row.try_get("id").map_err(during)?;
        let day = tx.now.day.to_string();
        write!(tx, "update follow_dues set met_day = $2 where id = $1", id.clone(), day)?;
        tx.touch("follow_dues", &id)?;
    }
    Ok(())
}

/// The level above, and the role of the office there that is told.
fn above(level: &str) -> (&'static str, &'static str) {
    match level {
        "village" => ("township", "TDI"),
        "township" => ("county", "CA"),
        _ => ("above", "CL1"),
    }
}

impl Registry {
    /// Raises what is overdue in other hands by one level, once. Returns how many were raised.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn raise_following(&self, channels: &[Way], now: Now) -> Result<usize, Failure> {
        let during = |error| failure("read dues", error);
        let text = "select d.id, d.level, p.path from follow_dues d join places p on p.id = d.place \
                    where d.met_day is null and d.raised_day is null and d.due_day < $1 \
                    order by d.due_day, d.id limit 500";
        let mut tx = self.begin(By::system(), now, "overdue").await?;
        let rows = sqlx::query(text).bind(now.day.to_string()).fetch_all(tx.connection()).await;
        let rows = rows.map_err(during)?;
        if rows.is_empty() {
            return Ok(0);
        }
        let county = places::county(&mut tx).await?;
        for row in &rows {
            let get = |column: &str| row.try_get::<String, _>(column).map_err(during);
            let (id, level, path) = (get("id")?, get("level")?, get("path")?);
            let (next, role) = above(&level);
            let text = "update follow_dues set level = $2, raised_day = $3 where id = $1";
            write!(tx, text, id.clone(), next, now.day.to_string())?;
            tx.touch("follow_dues", &id)?;
            let place = match next {
                "township" => path.split('/').nth(1).unwrap_or(&county),
                _ => &county,
            };
            outbox::put(&mut tx, channels, &office_id(role, place), "following-overdue").await?;
        }
        let payload = json!({ "raised": rows.len() });
        tx.commit(Entry::new("following-raised", &now.day.to_string(), payload)).await?;
        Ok(rows.len())
    }
}
