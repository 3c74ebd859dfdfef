//! Public figures of reports, counted by the worker: by level, quarter and door, small ones left out
//! before they are written. Reports of the sealed queue are not in them (JJ-03).

use std::collections::BTreeMap;

use domain::problem::Failure;
use domain::report::rules::Level;
use domain::report::totals::{Shown, Totals};
use domain::time::Day;
use serde_json::json;
use sqlx::{AnyConnection, Row};

use super::write;
use crate::Registry;
use crate::access::By;
use crate::db::failure;
use crate::reports::{Counter, dues};
use crate::tx::{Entry, Now, Tx};

/// Level, quarter and door.
type Cell = (String, String, String);

impl Registry {
    /// Counts all reports again. Returns how many figures changed.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn count_reports(&self, counter: &Counter<'_>, now: Now) -> Result<usize, Failure> {
        let least = counter.rules(now.day)?.1.hide_below;
        let mut tx = self.begin(By::system(), now, "figures").await?;
        let mut changed = 0;
        for (cell, totals) in counted(tx.connection(), now.day).await? {
            changed += usize::from(keep(&mut tx, &cell, totals.shown(least)).await?);
        }
        if changed == 0 {
            return Ok(0);
        }
        let payload = json!({ "changed": changed });
        tx.commit(Entry::new("figures-counted", &now.day.to_string(), payload)).await?;
        Ok(changed)
    }
}

async fn counted(
    connection: &mut AnyConnection,
    today: Day,
) -> Result<BTreeMap<Cell, Totals>, Failure> {
    let during = |error| failure("count reports", error);
    let text = "select r.id, r.door, r.filed_day, p.path, (select a.outcome from report_acts a \
                where a.report = r.id and a.kind = 'rated' order by a.seq desc limit 1) as rated \
                from reports r left join places p on r.office like '%@' || p.id \
                where r.in_sealed_queue = 0 order by r.id";
    let rows = sqlx::query(text).fetch_all(&mut *connection).await.map_err(during)?;
    let dues = dues::by_report(connection).await?;
    let mut cells: BTreeMap<Cell, Totals> = BTreeMap::new();
    for row in rows {
        let id: String = row.try_get("id").map_err(during)?;
        let path: Option<String> = row.try_get("path").map_err(during)?;
        let level = path.map_or(Level::County, |path| Level::of_path(&path));
        let filed: String = row.try_get("filed_day").map_err(during)?;
        let cell = (level.code().to_owned(), quarter(&filed), row.try_get("door").map_err(during)?);
        let rated: Option<String> = row.try_get("rated").map_err(during)?;
        let late = dues.get(&id).is_some_and(|dues| dues.iter().any(|due| due.is_late(today)));
        let totals = cells.entry(cell).or_default();
        totals.received += 1;
        *(if late { &mut totals.overdue } else { &mut totals.in_time }) += 1;
        match rated.as_deref() {
            Some("solved") => totals.satisfied += 1,
            Some(_) => totals.unsatisfied += 1,
            None => {}
        }
    }
    Ok(cells)
}

/// `2026Q2`
fn quarter(day: &str) -> String {
    let (year, month, _) = Day::parse(day).unwrap_or(Day(0)).ymd();
    format!("{year}Q{}", month.div_ceil(3))
}

/// Writes figures that changed.
async fn keep(tx: &mut Tx, cell: &Cell, shown: Shown) -> Result<bool, Failure> {
    let during = |error| failure("read figures", error);
    let (level, quarter, door) = cell.clone();
    let text = "select id, received, in_time, overdue, satisfied, unsatisfied from report_totals \
                where level = $1 and quarter = $2 and door = $3";
    let row = sqlx::query(text).bind(level.clone()).bind(quarter.clone()).bind(door.clone());
    let row = row.fetch_optional(tx.connection()).await.map_err(during)?;
    let figures =
        [shown.received, shown.in_time, shown.overdue, shown.satisfied, shown.unsatisfied]
            .map(|figure| figure.map(i64::from));
    let id = match row {
        Some(row) => {
            let names = ["received", "in_time", "overdue", "satisfied", "unsatisfied"];
            let mut known: Vec<Option<i64>> = Vec::with_capacity(names.len());
            for name in names {
                known.push(row.try_get(name).map_err(during)?);
            }
            if known == figures {
                return Ok(false);
            }
            let id: String = row.try_get("id").map_err(during)?;
            let text = "update report_totals set received = $2, in_time = $3, overdue = $4, \
                        satisfied = $5, unsatisfied = $6 where id = $1";
            let [a, b, c, d, e] = figures;
            write!(tx, text, id.clone(), a, b, c, d, e)?;
            id
        }
        None => {
            let id = tx.new_id()?;
            let text = "insert into report_totals (id, level, quarter, door, received, in_time, overdue, \
                        satisfied, unsatisfied) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
            let [a, b, c, d, e] = figures;
            write!(tx, text, id.clone(), level, quarter, door, a, b, c, d, e)?;
            id
        }
    };
    tx.touch("report_totals", &id)?;
    Ok(true)
}
