//! Reports that were not handled in time go up one level by themselves: whoever looks after the level
//! above is told, and sees number, office and days, nothing else.

use domain::problem::Failure;
use domain::report::handling::DueFor;
use domain::routing::office_id;
use serde_json::json;
use sqlx::Row;

use super::outbox::{self, Way};
use super::{places, write};
use crate::Registry;
use crate::access::By;
use crate::db::failure;
use crate::tx::{Entry, Now};

/// Role of the office that watches the clocks of the county, and of the head above it.
const WATCH: &str = "CA";
const HEAD: &str = "CL1";

impl Registry {
    /// Raises what is overdue in reports, once. Returns how many were raised.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn raise_reports(&self, channels: &[Way], now: Now) -> Result<usize, Failure> {
        let during = |error| failure("read dues", error);
        let text = "select d.id, d.what, d.level, d.office, r.in_sealed_queue from report_dues d \
                    join reports r on r.id = d.report where d.met_day is null \
                    and d.dropped_day is null and d.raised_day is null and d.due_day < $1 \
                    and d.what not in ('contest', 'ask_review') order by d.due_day limit 500";
        let mut tx = self.begin(By::system(), now, "overdue").await?;
        let rows = sqlx::query(text).bind(now.day.to_string()).fetch_all(tx.connection()).await;
        let rows = rows.map_err(during)?;
        if rows.is_empty() {
            return Ok(0);
        }
        let county = places::county(&mut tx).await?;
        let mut raised = 0;
        for row in &rows {
            let (what, level): (String, String) =
                (row.try_get("what").map_err(during)?, row.try_get("level").map_err(during)?);
            if DueFor::ALL.iter().any(|known| known.code() == what && known.is_right()) {
                continue;
            }
            let next = match level.as_str() {
                "village" => "township",
                "township" => "county",
                _ => "above",
            };
            let id: String = row.try_get("id").map_err(during)?;
            let text = "update report_dues set level = $2, raised_day = $3 where id = $1";
            write!(tx, text, id.clone(), next, now.day.to_string())?;
            tx.touch("report_dues", &id)?;
            // The sealed queue is told of to nobody who does not know of it (JJ-03).
            let office: String = row.try_get("office").map_err(during)?;
            let sealed = row.try_get::<i64, _>("in_sealed_queue").map_err(during)? == 1;
            let to = match next {
                _ if sealed => office,
                "above" => office_id(HEAD, &county),
                _ => office_id(WATCH, &county),
            };
            outbox::put(&mut tx, channels, &to, "petition-overdue").await?;
            raised += 1;
        }
        let payload = json!({ "raised": raised });
        tx.commit(Entry::new("reports-raised", &now.day.to_string(), payload)).await?;
        Ok(raised)
    }
}
