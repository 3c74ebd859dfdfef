//! Screenings that somebody starts on the site: one at a time, done by the worker, ended by whoever did
//! the work or found that it had broken off. What they find enters the register as [`super::findings`]
//! takes it in; a screening itself decides nothing.

use domain::access::Act;
use domain::model::Bilingual;
use domain::problem::{Failure, RuleViolation};
use serde_json::json;
use sqlx::Row;

use super::findings::Taken;
use crate::actions::{serial, unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// Name of the job.
pub const JOB: &str = "RunScreening";

/// How a screening ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The run was stored and taken in.
    Done {
        /// Number of the run.
        run: u32,
        /// Models that were asked.
        models: usize,
        /// Of those, how many did not answer.
        unanswered: usize,
        /// Findings of the run.
        found: usize,
        /// What the register made of them.
        taken: Taken,
    },
    /// It could not be done: one sentence that says why.
    Failed(Bilingual),
    /// It was killed on its way. It may be started again.
    Stopped,
}

/// Starts a screening: writes it down and puts the job into the queue. Returns its number.
///
/// # Errors
/// The rule that says no; another one that is under way.
pub async fn ask(tx: &mut Tx) -> Result<(String, Entry), Failure> {
    tx.may_county(Act::Create, "hit").await?;
    let during = |error| failure("read screenings", error);
    let text = "select number from screenings where state in ('asked', 'running')";
    let open = sqlx::query(text).fetch_optional(tx.connection()).await.map_err(during)?;
    if let Some(row) = open {
        let number: String = row.try_get("number").map_err(during)?;
        let no = RuleViolation::new("screening-under-way", "");
        return Err(no.with("number", number).into());
    }
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("screening/{year}")).await?;
    let number = format!("S{year}-{number:04}");
    let id = tx.new_id()?;
    let text = "insert into screenings (id, number, asked_by, asked_day, asked_ms, state) \
                values ($1, $2, $3, $4, $5, 'asked')";
    let (person, day, ms) = (tx.by.person.clone(), tx.now.day.to_string(), tx.now.ms);
    write!(tx, text, id.clone(), number.clone(), person, day, ms)?;
    tx.touch("screenings", &id)?;
    // Due at once, whatever day the site is shown on.
    tx.enqueue(JOB, &id, 0, Some(&format!("screening/{id}"))).await?;
    Ok((number.clone(), Entry::new("screening-asked", &number, json!({}))))
}

/// The work begins.
///
/// # Errors
/// A problem when nobody asked for it, or it was begun before.
pub async fn begin(tx: &mut Tx, id: &str) -> Result<Entry, Failure> {
    let number = number_in(tx, id, &["asked"]).await?;
    write!(tx, "update screenings set state = 'running' where id = $1", id.to_owned())?;
    tx.touch("screenings", id)?;
    Ok(Entry::new("screening-begun", &number, json!({})))
}

/// The work ended, in one way or another.
///
/// # Errors
/// A problem when it is not under way.
pub async fn end(tx: &mut Tx, id: &str, end: &End) -> Result<Entry, Failure> {
    let number = number_in(tx, id, &["asked", "running"]).await?;
    let (id, ms) = (id.to_owned(), tx.now.ms);
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let entry = match end {
        End::Done { run, models, unanswered, found, taken } => {
            let text = "update screenings set state = 'done', ended_ms = $2, run = $3, models = $4, \
                        unanswered = $5, found = $6, fresh = $7, again = $8 where id = $1";
            let (models, unanswered) = (count(*models), count(*unanswered));
            let (fresh, again) = (count(taken.new), count(taken.again));
            let run = i64::from(*run);
            write!(tx, text, id.clone(), ms, run, models, unanswered, count(*found), fresh, again)?;
            Entry::new("screening-done", &number, json!({ "run": run, "taken": taken }))
        }
        End::Failed(why) => {
            let text = "update screenings set state = 'failed', ended_ms = $2, trouble_zh = $3, \
                        trouble_en = $4 where id = $1";
            write!(tx, text, id.clone(), ms, why.zh.clone(), why.en.clone())?;
            Entry::new("screening-failed", &number, json!({ "why": why.en }))
        }
        End::Stopped => {
            let text = "update screenings set state = 'stopped', ended_ms = $2 where id = $1";
            write!(tx, text, id.clone(), ms)?;
            Entry::new("screening-stopped", &number, json!({}))
        }
    };
    tx.touch("screenings", &id)?;
    Ok(entry)
}

async fn number_in(tx: &mut Tx, id: &str, states: &[&str]) -> Result<String, Failure> {
    let during = |error| failure("read screening", error);
    let row = sqlx::query("select number, state from screenings where id = $1");
    let row = row.bind(id.to_owned()).fetch_optional(tx.connection()).await.map_err(during)?;
    let row = row.ok_or_else(|| unknown("screening", id))?;
    let state: String = row.try_get("state").map_err(during)?;
    if !states.contains(&state.as_str()) {
        return Err(unknown("screening", id));
    }
    row.try_get("number").map_err(during)
}
