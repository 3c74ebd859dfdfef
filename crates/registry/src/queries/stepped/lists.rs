//! Lists of quarters, and every village's score with its parts.

use domain::access::Act;
use domain::problem::{Failure, Fault};
use domain::supervision::stepped::score::Part;
use serde::Serialize;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::rows;
use crate::access::{By, at};
use crate::db::Db;

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListLine {
    /// Quarter: `2026Q1`.
    pub quarter: String,
    /// When it was proposed.
    pub proposed_day: String,
    /// Key of who proposed it.
    #[serde(skip)]
    pub proposed_by: String,
    /// Name of who proposed it.
    pub proposed_name: String,
    /// When it was approved.
    pub approved_day: Option<String>,
    /// Name of who approved it.
    pub approved_name: Option<String>,
    /// Villages that are on it.
    pub villages: i64,
}

impl ListLine {
    from_row!(ListLine {
        quarter,
        proposed_day,
        proposed_by,
        proposed_name,
        approved_day,
        approved_name,
        villages,
    });
}

const LISTS: &str = "select l.quarter, l.proposed_day, l.proposed_by, a.name as proposed_name, \
    l.approved_day, b.name as approved_name, (select count(*) from stepped_scores s where s.list = l.id \
    and s.listed = 1) as villages from stepped_lists l join people a on a.id = l.proposed_by \
    left join people b on b.id = l.approved_by order by l.quarter desc limit 40";

/// A village in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScoreLine {
    /// Code of the village.
    pub place: String,
    /// Name of the village.
    pub place_name: String,
    /// Name of its township.
    pub township: String,
    /// Score, in hundredths of a point.
    pub score: i64,
    /// Place in the order of scores.
    pub rank: i64,
    /// Parts of the score.
    pub parts: Vec<Part>,
    /// It is on the list.
    pub listed: bool,
    /// Why somebody put it on or took it off.
    pub reason: Option<String>,
    /// Name of who did.
    pub changed_name: Option<String>,
    /// How a decision about it stands, with its number.
    pub decision: Option<(String, String)>,
}

const SCORES: &str = "select s.place, p.name as place_name, t.name as township, s.score, s.rank, s.parts, \
    s.listed, s.reason, c.name as changed_name, v.number, v.state from stepped_scores s \
    join stepped_lists l on l.id = s.list join places p on p.id = s.place \
    join places t on t.id = p.parent left join people c on c.id = s.changed_by \
    left join stepped_villages v on v.place = s.place and v.state not in ('refused', 'ended') \
    where l.quarter = $1 order by s.rank";

fn score(row: &AnyRow) -> Result<ScoreLine, sqlx::Error> {
    let parts: String = row.try_get("parts")?;
    let number: Option<String> = row.try_get("number")?;
    let state: Option<String> = row.try_get("state")?;
    Ok(ScoreLine {
        place: row.try_get("place")?,
        place_name: row.try_get("place_name")?,
        township: row.try_get("township")?,
        score: row.try_get("score")?,
        rank: row.try_get("rank")?,
        parts: serde_json::from_str(&parts).unwrap_or_default(),
        listed: row.try_get::<i64, _>("listed")? == 1,
        reason: row.try_get("reason")?,
        changed_name: row.try_get("changed_name")?,
        decision: number.zip(state),
    })
}

/// Whether somebody works with lists of the county: scores are about all villages.
fn may(by: &By, county: &str) -> bool {
    let acts = [Act::Create, Act::Approve, Act::Propose];
    acts.iter().any(|act| by.may(*act, &at("stepped", county)).is_ok())
}

/// Lists of all quarters, the last first; none for whoever does not work with them.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn all(db: &Db, by: &By, county: &str) -> Result<Vec<ListLine>, Failure> {
    if !may(by, county) {
        return Ok(Vec::new());
    }
    rows(db, LISTS, &[], ListLine::from_row).await
}

/// A list with every village, the highest score first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn one(
    db: &Db,
    by: &By,
    (county, quarter): (&str, &str),
) -> Result<Option<(ListLine, Vec<ScoreLine>)>, Failure> {
    let list = all(db, by, county).await?.into_iter().find(|list| list.quarter == quarter);
    let Some(list) = list else { return Ok(None) };
    let scores = rows(db, SCORES, &[quarter], score).await?;
    if scores.iter().any(|line| line.parts.is_empty()) {
        return Err(Fault::new("read scores", "no parts").into());
    }
    Ok(Some((list, scores)))
}
