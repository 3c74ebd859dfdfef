//! Screenings that were started on the site, the latest first, and how far the present one is.

use domain::problem::Failure;
use serde::Serialize;

use crate::db::{Db, failure};

/// How many are shown.
const SHOWN: i64 = 20;

/// A screening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScreeningLine {
    /// Key.
    #[serde(skip)]
    pub id: String,
    /// Number.
    pub number: String,
    /// Name of who started it.
    pub asked_name: Option<String>,
    /// When.
    pub asked_ms: i64,
    /// `asked`, `running`, `done`, `failed`, `stopped`.
    pub state: String,
    /// When it ended.
    pub ended_ms: Option<i64>,
    /// Number of the run.
    pub run: Option<i64>,
    /// Models that were asked.
    pub models: Option<i64>,
    /// Of those, how many did not answer.
    pub unanswered: Option<i64>,
    /// Findings of the run.
    pub found: Option<i64>,
    /// Of those, how many were new.
    pub fresh: Option<i64>,
    /// Why it failed, in Chinese.
    pub trouble_zh: Option<String>,
    /// The same in English.
    pub trouble_en: Option<String>,
    /// What is being done: `models`, `findings`.
    pub stage: Option<String>,
    /// Model that was answered last.
    pub model: Option<String>,
    /// How much is done.
    pub done: Option<i64>,
    /// Of how much.
    pub whole: Option<i64>,
    /// Findings so far.
    pub so_far: Option<i64>,
}

impl ScreeningLine {
    from_row!(ScreeningLine {
        id,
        number,
        asked_name,
        asked_ms,
        state,
        ended_ms,
        run,
        models,
        unanswered,
        found,
        fresh,
        trouble_zh,
        trouble_en,
        stage,
        model,
        done,
        whole,
        so_far,
    });

    /// Whether it waits or runs.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == "asked" || self.state == "running"
    }
}

const LIST: &str = "select s.id, s.number, p.name as asked_name, s.asked_ms, s.state, s.ended_ms, s.run, \
    s.models, s.unanswered, s.found, s.fresh, s.trouble_zh, s.trouble_en, g.stage, g.model, g.done, g.whole, \
    g.found as so_far from screenings s left join people p on p.id = s.asked_by \
    left join screening_progress g on g.id = s.id order by s.asked_ms desc, s.number desc limit $1";

/// The latest ones.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn latest(db: &Db) -> Result<Vec<ScreeningLine>, Failure> {
    let during = |error| failure("read screenings", error);
    let rows = sqlx::query(LIST).bind(SHOWN).fetch_all(&db.read).await.map_err(during)?;
    rows.iter().map(ScreeningLine::from_row).collect::<Result<_, _>>().map_err(during)
}

/// Keys of those that are under way, with their state.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn open(db: &Db) -> Result<Vec<(String, String)>, Failure> {
    let during = |error| failure("read screenings", error);
    let text = "select id, state from screenings where state in ('asked', 'running') order by id";
    let rows = sqlx::query(text).fetch_all(&db.read).await.map_err(during)?;
    let one = |row: &sqlx::any::AnyRow| {
        Ok((sqlx::Row::try_get(row, "id")?, sqlx::Row::try_get(row, "state")?))
    };
    rows.iter().map(one).collect::<Result<_, sqlx::Error>>().map_err(during)
}
