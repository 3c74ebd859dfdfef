//! Open data: the public lists in the order of the public log, in parts, each row with its leaf.

use domain::problem::Failure;
use serde::Serialize;

use crate::db::{Db, failure};
use crate::public::Public;

/// A version of a notice in the open data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoticeRow {
    /// Public number.
    pub number: String,
    /// Version, from 1.
    pub version: i64,
    /// Code of the village.
    pub village: String,
    /// Code of the disclosure duty.
    pub duty: String,
    /// Period.
    pub period: String,
    /// `published`, `corrected`, `withdrawn`.
    pub state: String,
    /// Title.
    pub title: String,
    /// When it came out.
    pub published_day: String,
    /// When it should have.
    pub due_day: Option<String>,
}

impl NoticeRow {
    from_row!(NoticeRow {
        number,
        version,
        village,
        duty,
        period,
        state,
        title,
        published_day,
        due_day
    });
}

const NOTICES: &str = "select n.number, v.version, n.place as village, n.duty, n.period, v.state, v.title, \
    v.published_day, v.due_day from notices n join notice_versions v on v.notice = n.id \
    where n.number >= $1 and (n.number > $1 or v.version > $2) and ($3 = '' or n.place = $3) \
    order by n.number, v.version limit 1000";

/// Versions of notices after a number and version, at most a thousand, in their order.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn notices(
    db: &Db,
    after: (&str, i64),
    place: &str,
) -> Result<Public<Vec<NoticeRow>>, Failure> {
    let during = |error| failure("read notices", error);
    let query = sqlx::query(NOTICES).bind(after.0.to_owned()).bind(after.1).bind(place.to_owned());
    let rows = query.fetch_all(&db.read).await.map_err(during)?;
    let list = rows.iter().map(NoticeRow::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(list))
}

/// A matter in the open data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatterRow {
    /// Public number.
    pub number: String,
    /// Code of the village.
    pub village: String,
    /// Code of the power item.
    pub power: String,
    /// Title.
    pub title: String,
    /// `open`, `archived`, `stopped`.
    pub state: String,
    /// When it was opened.
    pub opened_day: String,
    /// When it was closed.
    pub closed_day: Option<String>,
    /// Amount in fen.
    pub amount_fen: Option<i64>,
}

impl MatterRow {
    from_row!(MatterRow {
        number,
        village,
        power,
        title,
        state,
        opened_day,
        closed_day,
        amount_fen
    });
}

const MATTERS: &str = "select m.number, m.place as village, m.power, m.title, m.state, m.opened_day, \
    m.closed_day, m.amount_fen from matters m where m.number > $1 and ($2 = '' or m.place = $2) \
    order by m.number limit 1000";

/// Matters after a number, at most a thousand, in their order.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn matters(db: &Db, after: &str, place: &str) -> Result<Public<Vec<MatterRow>>, Failure> {
    let during = |error| failure("read matters", error);
    let query = sqlx::query(MATTERS).bind(after.to_owned()).bind(place.to_owned());
    let rows = query.fetch_all(&db.read).await.map_err(during)?;
    let list = rows.iter().map(MatterRow::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(list))
}
