//! Notices before they are public, as the office sees them.

use domain::problem::Failure;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::lists::seen;
use crate::access::By;
use crate::db::{Db, failure};

/// A prepared notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// Key.
    pub id: String,
    /// Village.
    pub place: String,
    /// Name of the village.
    pub village: String,
    /// Code of the disclosure duty.
    pub duty: String,
    /// Period, or the day of the event.
    pub period: String,
    /// Title.
    pub title: String,
    /// Content as JSON.
    pub body: String,
    /// Personal fields as JSON.
    pub personal: String,
    /// Who prepared it.
    pub prepared_by: String,
    /// His name.
    pub prepared_name: String,
    /// When.
    pub prepared_day: String,
    /// `waiting`, `agreed`, `objected`, `published`, `dropped`.
    pub state: String,
    /// Who checked it.
    pub checked_by: Option<String>,
    /// What the supervision committee said.
    pub opinion: Option<String>,
}

const LIST: &str = "select v.id, v.place, p.name as village, v.duty, v.period, v.title, v.body, v.personal, \
    v.prepared_by, e.name as prepared_name, v.prepared_day, v.state, v.checked_by, v.opinion, p.path from preparations v \
    join places p on p.id = v.place join people e on e.id = v.prepared_by \
    where (p.path = $1 or p.path like $1 || '/%') and v.state in ('waiting', 'agreed', 'objected') \
    order by v.prepared_day, v.id limit 500";

const ONE: &str = "select v.id, v.place, p.name as village, v.duty, v.period, v.title, v.body, v.personal, \
    v.prepared_by, e.name as prepared_name, v.prepared_day, v.state, v.checked_by, v.opinion, p.path from preparations v \
    join places p on p.id = v.place join people e on e.id = v.prepared_by where v.id = $1";

/// What is under way in a place and below it, as far as the reader's posts cover it.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn prepared(db: &Db, by: &By, path: &str) -> Result<Vec<Prepared>, Failure> {
    let during = |error| failure("read preparations", error);
    let rows = sqlx::query(LIST).bind(path.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    let rows = seen(by, "disclosure_draft", rows).map_err(during)?;
    rows.iter().map(line).collect::<Result<_, _>>().map_err(during)
}

/// One of them; none when the reader may not see it.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn one(db: &Db, by: &By, id: &str) -> Result<Option<Prepared>, Failure> {
    let during = |error| failure("read preparation", error);
    let rows = sqlx::query(ONE).bind(id.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    let rows = seen(by, "disclosure_draft", rows).map_err(during)?;
    rows.first().map(line).transpose().map_err(during)
}

fn line(row: &AnyRow) -> Result<Prepared, sqlx::Error> {
    Ok(Prepared {
        id: row.try_get("id")?,
        place: row.try_get("place")?,
        village: row.try_get("village")?,
        duty: row.try_get("duty")?,
        period: row.try_get("period")?,
        title: row.try_get("title")?,
        body: row.try_get("body")?,
        personal: row.try_get("personal")?,
        prepared_by: row.try_get("prepared_by")?,
        prepared_name: row.try_get("prepared_name")?,
        prepared_day: row.try_get("prepared_day")?,
        state: row.try_get("state")?,
        checked_by: row.try_get("checked_by")?,
        opinion: row.try_get("opinion")?,
    })
}
