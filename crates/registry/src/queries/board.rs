//! Figures of the township's board: one question for each kind of thing, however many villages.

use domain::problem::Failure;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::access::By;
use crate::db::{Db, failure};

/// How many things of a kind are open or overdue in a village.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Village.
    pub place: String,
    /// `matter`, `question`, `request`, `inquiry`, `order`.
    pub kind: String,
    /// How many.
    pub count: i64,
    /// The first day on which one is or was due.
    pub first_day: String,
}

const OVERDUE: &str = "select p.path, d.place, case when d.subject like 'order/%' then 'order' \
    when d.subject like 'request/%' then 'request' when d.subject like 'inquiry/%' then 'inquiry' \
    when d.subject like 'question/%' or d.subject like '%/question/%' then 'question' \
    else 'matter' end as kind, count(*) as count, min(d.due_day) as first_day \
    from dues d join places p on p.id = d.place where d.met_day is null and d.due_day < $2 \
    and (p.path = $1 or p.path like $1 || '/%') group by 1, 2, 3 order by 1, 3";

const ORDERS: &str = "select p.path, o.place, 'order' as kind, count(*) as count, \
    min(o.due_day) as first_day from orders o join places p on p.id = o.place \
    where o.met_day is null and (p.path = $1 or p.path like $1 || '/%') group by 1, 2, 3 order by 1";

/// What is overdue, by village and kind, as far as the reader's posts cover it.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn overdue(db: &Db, by: &By, path: &str, today: &str) -> Result<Vec<Count>, Failure> {
    let during = |error| failure("count dues", error);
    let rows = sqlx::query(OVERDUE).bind(path.to_owned()).bind(today.to_owned());
    counts(by, rows.fetch_all(&db.read).await.map_err(during)?).map_err(during)
}

/// Make-up orders that are not met, by village.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn open_orders(db: &Db, by: &By, path: &str) -> Result<Vec<Count>, Failure> {
    let during = |error| failure("count orders", error);
    let rows = sqlx::query(ORDERS).bind(path.to_owned()).fetch_all(&db.read).await;
    counts(by, rows.map_err(during)?).map_err(during)
}

fn counts(by: &By, rows: Vec<AnyRow>) -> Result<Vec<Count>, sqlx::Error> {
    let mut seen = Vec::with_capacity(rows.len());
    for row in rows {
        let (path, kind): (String, String) = (row.try_get("path")?, row.try_get("kind")?);
        let object = if kind == "inquiry" { "disclosure_draft" } else { &kind };
        if by.sees(object, &path) {
            let (place, count) = (row.try_get("place")?, row.try_get("count")?);
            seen.push(Count { place, count, first_day: row.try_get("first_day")?, kind });
        }
    }
    Ok(seen)
}
