//! Work to be done later. Any number of processes may take jobs from one database: each is claimed
//! for a while, and comes back when whoever claimed it died. So a job must be repeatable.

use domain::problem::{Failure, Fault};
use sqlx::Row;

use crate::Registry;
use crate::db::{Engine, failure};
use crate::tx::{Now, Tx};

/// How long a claim holds.
const CLAIM_MS: i64 = 300_000;
/// Between two attempts, times the number of attempts.
const RETRY_MS: i64 = 60_000;

/// A claimed job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Key.
    pub id: String,
    /// What is to be done, a verb such as `RaiseOverdue`.
    pub name: String,
    /// With what, JSON.
    pub payload: String,
    /// Which attempt this is, from 1.
    pub attempt: i64,
}

/// How far a screening is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress<'a> {
    /// `models`: they are asked; `findings`: they enter the register.
    pub stage: &'a str,
    /// Model that was answered last.
    pub model: &'a str,
    /// How much is done.
    pub done: usize,
    /// Of how much.
    pub whole: usize,
    /// Findings so far.
    pub found: usize,
}

impl Tx {
    /// Puts a job into the queue, in the same transaction as the act that asks for it. A job with a
    /// `dedupe` that is waiting already is not put twice.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn enqueue(
        &mut self,
        name: &str,
        payload: &str,
        due_ms: i64,
        dedupe: Option<&str>,
    ) -> Result<(), Failure> {
        let id = self.new_id()?;
        let put = "insert into jobs (id, name, payload, dedupe, due_ms, attempts) \
                   values ($1, $2, $3, $4, $5, 0) on conflict do nothing";
        let put = sqlx::query(put).bind(id).bind(name.to_owned()).bind(payload.to_owned());
        let put = put.bind(dedupe.map(str::to_owned)).bind(due_ms);
        put.execute(self.connection()).await.map_err(|error| failure("enqueue", error))?;
        Ok(())
    }
}

impl Registry {
    /// Makes a lasting duty due now: one row for all processes, however many ask for it. Whoever has
    /// claimed it keeps it.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn schedule(&self, name: &str, due_ms: i64) -> Result<(), Failure> {
        let text = "insert into jobs (id, name, payload, dedupe, due_ms, attempts) \
                    values ($1, $2, '{}', $2, $3, 0) on conflict (dedupe) do update set due_ms = $3 \
                    where jobs.due_ms > $3";
        let query = sqlx::query(text).bind(crate::ids::new_id(due_ms)?).bind(name.to_owned());
        let done = query.bind(due_ms).execute(&self.db.write).await;
        done.map_err(|error| failure("schedule", error))?;
        Ok(())
    }

    /// Ends a round of a lasting duty: it comes again when it is due.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn again(&self, job: &Job, due_ms: i64) -> Result<(), Failure> {
        let text = "update jobs set due_ms = $2, attempts = 0, failed = null, claimed_by = null, \
                    claimed_until_ms = null where id = $1";
        let query = sqlx::query(text).bind(job.id.clone()).bind(due_ms);
        query.execute(&self.db.write).await.map_err(|error| failure("end round", error))?;
        Ok(())
    }

    /// Holds a claim on: the work goes on.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn hold(&self, job: &Job, now: Now) -> Result<(), Failure> {
        let text = "update jobs set claimed_until_ms = $2 where id = $1 and done_ms is null";
        let query = sqlx::query(text).bind(job.id.clone()).bind(now.ms + CLAIM_MS);
        query.execute(&self.db.write).await.map_err(|error| failure("hold job", error))?;
        Ok(())
    }

    /// Writes down how far a screening is. It is no act: nothing follows from it.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn screening_at(&self, id: &str, at: &Progress<'_>, now: Now) -> Result<(), Failure> {
        let text = "insert into screening_progress (id, stage, model, done, whole, found, at_ms) \
                    values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do update set stage = $2, \
                    model = $3, done = $4, whole = $5, found = $6, at_ms = $7";
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let query = sqlx::query(text).bind(id.to_owned()).bind(at.stage.to_owned());
        let query = query.bind(at.model.to_owned()).bind(count(at.done)).bind(count(at.whole));
        let query = query.bind(count(at.found)).bind(now.ms);
        query.execute(&self.db.write).await.map_err(|error| failure("write progress", error))?;
        Ok(())
    }

    /// Claims the next job that is due, if there is one. Two workers never get the same.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn claim(&self, worker: &str, now: Now) -> Result<Option<Job>, Failure> {
        let during = |error| failure("claim job", error);
        let text = match self.db.engine {
            Engine::Sqlite => {
                "update jobs set claimed_by = $1, claimed_until_ms = $2, attempts = attempts + 1 \
                 where id = (select id from jobs where done_ms is null and due_ms <= $3 and \
                 (claimed_until_ms is null or claimed_until_ms < $3) order by due_ms, id limit 1) \
                 returning id, name, payload, attempts"
            }
            Engine::Postgres => {
                "update jobs set claimed_by = $1, claimed_until_ms = $2, attempts = attempts + 1 \
                 where id = (select id from jobs where done_ms is null and due_ms <= $3 and \
                 (claimed_until_ms is null or claimed_until_ms < $3) order by due_ms, id limit 1 \
                 for update skip locked) returning id, name, payload, attempts"
            }
        };
        let query = sqlx::query(text).bind(worker.to_owned()).bind(now.ms + CLAIM_MS).bind(now.ms);
        let row = query.fetch_optional(&self.db.write).await.map_err(during)?;
        let read = |row: sqlx::any::AnyRow| -> Result<Job, sqlx::Error> {
            Ok(Job {
                id: row.try_get("id")?,
                name: row.try_get("name")?,
                payload: row.try_get("payload")?,
                attempt: row.try_get("attempts")?,
            })
        };
        row.map(read).transpose().map_err(during)
    }

    /// Ends a job: done, or to be tried again later with what went wrong.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn finish(
        &self,
        job: &Job,
        result: Result<(), Fault>,
        now: Now,
    ) -> Result<(), Failure> {
        let text = "update jobs set done_ms = $2, failed = $3, due_ms = $4, claimed_until_ms = null, \
                    dedupe = case when $2 is null then dedupe else null end where id = $1";
        let (done, failed) = match &result {
            Ok(()) => (Some(now.ms), None),
            Err(fault) => (None, Some(fault.to_string())),
        };
        let query = sqlx::query(text).bind(job.id.clone()).bind(done).bind(failed);
        let query = query.bind(now.ms + RETRY_MS * job.attempt);
        query.execute(&self.db.write).await.map_err(|error| failure("finish job", error))?;
        Ok(())
    }
}
