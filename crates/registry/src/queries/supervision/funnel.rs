//! The funnel: hits, checked, problems, clues, disposed of, money that came back; by township and model.

use std::collections::BTreeMap;

use domain::problem::Failure;
use serde::Serialize;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::db::{Db, failure};

/// Counts of one cut.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Findings.
    pub hits: i64,
    /// Checked.
    pub checked: i64,
    /// Confirmed: put right, or a clue.
    pub problems: i64,
    /// Findings that are in a clue.
    pub clues: i64,
    /// Of those, in a clue whose disposition was approved.
    pub disposed: i64,
    /// Money to recover.
    pub due_fen: i64,
    /// Money that came back.
    pub recovered_fen: i64,
}

impl Counts {
    /// Both together.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self {
            hits: self.hits + other.hits,
            checked: self.checked + other.checked,
            problems: self.problems + other.problems,
            clues: self.clues + other.clues,
            disposed: self.disposed + other.disposed,
            due_fen: self.due_fen + other.due_fen,
            recovered_fen: self.recovered_fen + other.recovered_fen,
        }
    }
}

/// The funnel of a place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Funnel {
    /// Everything.
    pub all: Counts,
    /// By path of the place just below, or of the place itself.
    pub places: BTreeMap<String, Counts>,
    /// By id of the model.
    pub models: BTreeMap<String, Counts>,
}

const HITS: &str = "select p.path, f.model, count(*) as hits, \
    count(case when f.state = 'checked' then 1 end) as checked, \
    count(case when f.outcome in ('rectified', 'clue') then 1 end) as problems \
    from findings f join places p on p.id = f.place where (p.path = $1 or p.path like $1 || '/%') \
    group by p.path, f.model";

const CLUES: &str = "select p.path, f.model, count(distinct f.id) as clues, count(distinct case when c.state \
    not in ('received', 'registered', 'proposed') then f.id end) as disposed from clue_findings l \
    join findings f on f.id = l.finding join clues c on c.id = l.clue join places p on p.id = f.place \
    where (p.path = $1 or p.path like $1 || '/%') group by p.path, f.model";

// A sum of numbers is no number of ours on one of the engines.
const MONEY: &str = "select p.path, f.model, \
    cast(sum(case when r.kind = 'due' then r.amount_fen else 0 end) as bigint) as due_fen, \
    cast(sum(case when r.kind = 'recovered' then r.amount_fen else 0 end) as bigint) as recovered_fen \
    from recoveries r join findings f on f.id = r.finding join places p on p.id = f.place \
    where (p.path = $1 or p.path like $1 || '/%') group by p.path, f.model";

/// The funnel of a place. Counts only, so that whoever sees sums may see it.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn funnel(db: &Db, path: &str) -> Result<Funnel, Failure> {
    let mut funnel = Funnel::default();
    let count = |row: &AnyRow, column: &str| row.try_get::<i64, _>(column);
    part(db, HITS, path, &mut funnel, |row| {
        let (hits, checked) = (count(row, "hits")?, count(row, "checked")?);
        Ok(Counts { hits, checked, problems: count(row, "problems")?, ..Counts::default() })
    })
    .await?;
    part(db, CLUES, path, &mut funnel, |row| {
        let (clues, disposed) = (count(row, "clues")?, count(row, "disposed")?);
        Ok(Counts { clues, disposed, ..Counts::default() })
    })
    .await?;
    part(db, MONEY, path, &mut funnel, |row| {
        let (due_fen, recovered_fen) = (count(row, "due_fen")?, count(row, "recovered_fen")?);
        Ok(Counts { due_fen, recovered_fen, ..Counts::default() })
    })
    .await?;
    Ok(funnel)
}

async fn part(
    db: &Db,
    text: &'static str,
    path: &str,
    funnel: &mut Funnel,
    counts: impl Fn(&AnyRow) -> Result<Counts, sqlx::Error>,
) -> Result<(), Failure> {
    let during = |error| failure("read funnel", error);
    let rows = sqlx::query(text).bind(path.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    for row in &rows {
        let (place, model): (String, String) =
            (row.try_get("path").map_err(during)?, row.try_get("model").map_err(during)?);
        let counts = counts(row).map_err(during)?;
        funnel.all = funnel.all.and(&counts);
        for part in [
            funnel.places.entry(below(path, &place)).or_default(),
            funnel.models.entry(model).or_default(),
        ] {
            *part = part.and(&counts);
        }
    }
    Ok(())
}

/// The place just below `path` in which `place` lies.
fn below(path: &str, place: &str) -> String {
    let rest = place.strip_prefix(path).unwrap_or_default().trim_start_matches('/');
    match rest.split('/').next() {
        Some(next) if !next.is_empty() => format!("{path}/{next}"),
        _ => path.to_owned(),
    }
}
