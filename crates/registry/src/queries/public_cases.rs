//! Typical cases and clearings, as the public reads them.

use domain::problem::Failure;
use serde::Serialize;

use crate::db::{Db, failure};
use crate::public::Public;

/// A typical case or a clearing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseNotice {
    /// Number.
    pub number: String,
    /// `case` or `clearing`.
    pub kind: String,
    /// Name of the place.
    pub place_name: String,
    /// Title.
    pub title: String,
    /// Text, names as they are shown.
    pub text: String,
    /// First day.
    pub from_day: String,
    /// Last day.
    pub until_day: String,
    /// `public` or `withdrawn`.
    pub state: String,
    /// When it was withdrawn.
    pub withdrawn_day: Option<String>,
}

impl CaseNotice {
    from_row!(CaseNotice {
        number,
        kind,
        place_name,
        title,
        text,
        from_day,
        until_day,
        state,
        withdrawn_day,
    });
}

/// What is public on a day, the newest first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn list(db: &Db, day: &str) -> Result<Public<Vec<CaseNotice>>, Failure> {
    let during = |error| failure("read cases", error);
    let text = "select n.number, n.kind, p.name as place_name, n.title, n.text, n.from_day, n.until_day, \
                n.state, n.withdrawn_day from case_notices n join places p on p.id = n.place \
                where n.state = 'public' and n.from_day <= $1 and n.until_day >= $1 \
                order by n.from_day desc, n.number limit 200";
    let rows = sqlx::query(text).bind(day.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    let list = rows.iter().map(CaseNotice::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(list))
}

/// One of them: while it is public, and its stub once it was withdrawn.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn one(db: &Db, number: &str, day: &str) -> Result<Option<Public<CaseNotice>>, Failure> {
    let during = |error| failure("read case", error);
    let text = "select n.number, n.kind, p.name as place_name, n.title, n.text, n.from_day, n.until_day, \
                n.state, n.withdrawn_day from case_notices n join places p on p.id = n.place \
                where n.number = $1 and n.state <> 'proposed' and (n.until_day >= $2 or n.state = 'withdrawn')";
    let row = sqlx::query(text).bind(number.to_owned()).bind(day.to_owned());
    let row = row.fetch_optional(&db.read).await.map_err(during)?;
    let Some(mut notice) = row.as_ref().map(CaseNotice::from_row).transpose().map_err(during)?
    else {
        return Ok(None);
    };
    if notice.state == "withdrawn" {
        notice.title.clear();
        notice.text.clear();
    }
    Ok(Some(Public::new(notice)))
}
