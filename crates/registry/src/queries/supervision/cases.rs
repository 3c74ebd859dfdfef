//! Typical cases and clearings as the office sees them, those that wait first.

use domain::access::Act;
use domain::problem::Failure;
use serde::Serialize;

use crate::access::{By, at};
use crate::db::{Db, failure};

/// A publication in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseLine {
    /// Number.
    pub number: String,
    /// `case` or `clearing`.
    pub kind: String,
    /// Name of the place.
    pub place_name: String,
    /// Path of the place.
    #[serde(skip)]
    pub path: String,
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
    /// `proposed`, `public`, `withdrawn`.
    pub state: String,
    /// Last day.
    pub until_day: String,
    /// Key of who proposed it.
    #[serde(skip)]
    pub proposed_by: String,
    /// Name of who proposed it.
    pub proposed_name: String,
    /// Name of who approved it.
    pub approved_name: Option<String>,
    /// Why it was withdrawn.
    pub withdrawn_reason: Option<String>,
}

impl CaseLine {
    from_row!(CaseLine {
        number,
        kind,
        place_name,
        path,
        title,
        text,
        state,
        until_day,
        proposed_by,
        proposed_name,
        approved_name,
        withdrawn_reason,
    });
}

const LIST: &str = "select n.number, n.kind, p.name as place_name, p.path, n.title, n.text, n.state, n.until_day, \
    n.proposed_by, a.name as proposed_name, b.name as approved_name, n.withdrawn_reason from case_notices n \
    join places p on p.id = n.place join people a on a.id = n.proposed_by \
    left join people b on b.id = n.approved_by where (p.path = $1 or p.path like $1 || '/%') \
    order by case when n.state = 'proposed' then 0 else 1 end, n.proposed_day desc, n.number limit 200";

/// Publications of a place and below it that the reader may see.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn list(db: &Db, by: &By, path: &str) -> Result<Vec<CaseLine>, Failure> {
    let during = |error| failure("read cases", error);
    let rows = sqlx::query(LIST).bind(path.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    let lines: Vec<CaseLine> =
        rows.iter().map(CaseLine::from_row).collect::<Result<_, _>>().map_err(during)?;
    let acts = [Act::Propose, Act::Create, Act::Approve];
    let may = |line: &CaseLine| {
        acts.iter().any(|act| by.may(*act, &at("case_publicity", &line.path)).is_ok())
    };
    Ok(lines.into_iter().filter(may).collect())
}
