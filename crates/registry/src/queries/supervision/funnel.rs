//! The funnel: hits, checked, problems, clues, disposed of, money that came back; by place, model and
//! programme. Each cut is counted by the database over an index; nothing is kept beside the rows.

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
    /// Money that findings are about.
    pub asked_fen: i64,
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
            asked_fen: self.asked_fen.saturating_add(other.asked_fen),
            due_fen: self.due_fen.saturating_add(other.due_fen),
            recovered_fen: self.recovered_fen.saturating_add(other.recovered_fen),
        }
    }
}

/// Which findings are counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cut {
    /// Path of the place.
    pub path: String,
    /// Id of the model; empty: all.
    pub model: String,
    /// Programme; empty: all.
    pub programme: String,
    /// Year that findings are about; 0: all.
    pub year: i64,
}

impl Cut {
    /// Everything in a place.
    #[must_use]
    pub fn of(path: &str) -> Self {
        Self { path: path.to_owned(), ..Self::default() }
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
    /// By programme; empty where the rows of a finding name none.
    pub programmes: BTreeMap<String, Counts>,
}

impl Funnel {
    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.all = self.all.and(&other.all);
        for (all, part) in [
            (&mut self.places, other.places),
            (&mut self.models, other.models),
            (&mut self.programmes, other.programmes),
        ] {
            for (name, counts) in part {
                add(all, name, &counts);
            }
        }
        self
    }
}

/// The condition of a cut: path, model, programme, year.
macro_rules! within {
    () => {
        "where (p.path = $1 or p.path like $1 || '/%') and ($2 = '' or f.model = $2) \
         and ($3 = '' or f.programme = $3) \
         and ($4 = 0 or coalesce(f.month, f.period) = $4 \
         or coalesce(f.month, f.period) between $4 * 100 and $4 * 100 + 99)"
    };
}
pub(super) use within;

// A sum of numbers is no number of ours on one of the engines. A cross join says which table is read first:
// places are few, and their findings stand together in an index.
macro_rules! hits {
    ($names:literal, $columns:literal) => {
        concat!(
            "select ",
            $names,
            ", count(*) as hits, \
             count(case when f.state = 'checked' then 1 end) as checked, \
             count(case when f.outcome in ('rectified', 'clue') then 1 end) as problems, \
             cast(coalesce(sum(f.amount_fen), 0) as bigint) as asked_fen \
             from places p cross join findings f ",
            within!(),
            " and f.place = p.id group by ",
            $columns
        )
    };
}

const BY_PLACE: &str = hits!("p.path", "p.path");
// Few programmes come with each model, so that one pass over the findings counts both.
const BY_KIND: &str =
    hits!("f.model, coalesce(f.programme, '') as programme", "f.model, coalesce(f.programme, '')");

// What few findings have is read once for all cuts.
const CLUES: &str = concat!(
    "select p.path, f.model, coalesce(f.programme, '') as programme, count(distinct f.id) as clues, \
     count(distinct case when c.state not in ('received', 'registered', 'proposed') then f.id end) as disposed \
     from clue_findings l cross join findings f cross join clues c cross join places p ",
    within!(),
    " and f.id = l.finding and c.id = l.clue and p.id = f.place \
     group by p.path, f.model, coalesce(f.programme, '')"
);
const MONEY: &str = concat!(
    "select p.path, f.model, coalesce(f.programme, '') as programme, \
     cast(sum(case when r.kind = 'due' then r.amount_fen else 0 end) as bigint) as due_fen, \
     cast(sum(case when r.kind = 'recovered' then r.amount_fen else 0 end) as bigint) as recovered_fen \
     from recoveries r cross join findings f cross join places p ",
    within!(),
    " and f.id = r.finding and p.id = f.place group by p.path, f.model, coalesce(f.programme, '')"
);

/// All statements.
pub(super) const STATEMENTS: [&str; 4] = [BY_PLACE, BY_KIND, CLUES, MONEY];

/// The funnel of a cut. Counts only, so that whoever sees sums may see it.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn funnel(db: &Db, cut: &Cut) -> Result<Funnel, Failure> {
    let count = |row: &AnyRow, column: &str| row.try_get::<i64, _>(column);
    let during = |error| failure("read funnel", error);
    let name = |row: &AnyRow, column: &str| row.try_get::<String, _>(column).map_err(during);
    let mut funnel = Funnel::default();
    for row in &rows(db, BY_PLACE, cut).await? {
        let place = below(&cut.path, &name(row, "path")?);
        add(&mut funnel.places, place, &hits(row).map_err(during)?);
    }
    for row in &rows(db, BY_KIND, cut).await? {
        let counts = hits(row).map_err(during)?;
        add(&mut funnel.models, name(row, "model")?, &counts);
        add(&mut funnel.programmes, name(row, "programme")?, &counts);
    }
    part(db, CLUES, cut, &mut funnel, |row| {
        let (clues, disposed) = (count(row, "clues")?, count(row, "disposed")?);
        Ok(Counts { clues, disposed, ..Counts::default() })
    })
    .await?;
    part(db, MONEY, cut, &mut funnel, |row| {
        let (due_fen, recovered_fen) = (count(row, "due_fen")?, count(row, "recovered_fen")?);
        Ok(Counts { due_fen, recovered_fen, ..Counts::default() })
    })
    .await?;
    funnel.all = funnel.models.values().fold(Counts::default(), |all, part| all.and(part));
    Ok(funnel)
}

/// Findings of one row.
fn hits(row: &AnyRow) -> Result<Counts, sqlx::Error> {
    Ok(Counts {
        hits: row.try_get("hits")?,
        checked: row.try_get("checked")?,
        problems: row.try_get("problems")?,
        asked_fen: row.try_get("asked_fen")?,
        ..Counts::default()
    })
}

fn add(to: &mut BTreeMap<String, Counts>, name: String, counts: &Counts) {
    let entry = to.entry(name).or_default();
    *entry = entry.and(counts);
}

/// Counts of few findings, added to all cuts.
async fn part(
    db: &Db,
    text: &'static str,
    cut: &Cut,
    funnel: &mut Funnel,
    counts: impl Fn(&AnyRow) -> Result<Counts, sqlx::Error>,
) -> Result<(), Failure> {
    let during = |error| failure("read funnel", error);
    for row in &rows(db, text, cut).await? {
        let name = |column: &str| row.try_get::<String, _>(column).map_err(during);
        let counts = counts(row).map_err(during)?;
        add(&mut funnel.places, below(&cut.path, &name("path")?), &counts);
        add(&mut funnel.models, name("model")?, &counts);
        add(&mut funnel.programmes, name("programme")?, &counts);
    }
    Ok(())
}

/// Rows of a statement about a cut.
pub(super) async fn rows(db: &Db, text: &'static str, cut: &Cut) -> Result<Vec<AnyRow>, Failure> {
    let query = sqlx::query(text).bind(cut.path.clone()).bind(cut.model.clone());
    let query = query.bind(cut.programme.clone()).bind(cut.year);
    query.fetch_all(&db.read).await.map_err(|error| failure("read funnel", error))
}

/// The place just below `path` in which `place` lies.
fn below(path: &str, place: &str) -> String {
    let rest = place.strip_prefix(path).unwrap_or_default().trim_start_matches('/');
    match rest.split('/').next() {
        Some(next) if !next.is_empty() => format!("{path}/{next}"),
        _ => path.to_owned(),
    }
}
