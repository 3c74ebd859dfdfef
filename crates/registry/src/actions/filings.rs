//! The log of filings, once a day: the commitments of a day in random order, filled up with some that
//! stand for nothing, so that its size tells only that a day passed (docs/THREAT-MODEL.md, section 6).

use domain::problem::{Failure, Fault};
use domain::report::rules::ReportRules;
use domain::time::Day;
use journal::Hash;
use serde_json::json;
use sqlx::Row;

use super::write;
use crate::Registry;
use crate::access::By;
use crate::db::failure;
use crate::reports::receipts;
use crate::tx::{Entry, Now, Tx, index};

impl Registry {
    /// Writes the filings of all days that are over. Returns the number of leaves.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn write_filings(&self, rules: &ReportRules, now: Now) -> Result<usize, Failure> {
        let mut tx = self.begin(By::system(), now, "filings of a day").await?;
        let Some(first) = first_day(&mut tx).await? else { return Ok(0) };
        let days: Vec<Day> = (first.0..now.day.0).map(Day).collect();
        let mut leaves = 0;
        for day in &days {
            leaves += write_day(&mut tx, rules, *day).await?;
        }
        if leaves == 0 {
            return Ok(0);
        }
        let payload = json!({ "days": days.len() });
        tx.commit(Entry::new("filings-written", &now.day.to_string(), payload)).await?;
        Ok(leaves)
    }
}

/// The day behind the last one that was written, or the first on which something was filed.
async fn first_day(tx: &mut Tx) -> Result<Option<Day>, Failure> {
    let during = |error| failure("read filings", error);
    let text = "select (select max(day) from filings where leaf is not null) as written, \
                (select min(day) from filings where leaf is null) as waiting";
    let row = sqlx::query(text).fetch_one(tx.connection()).await.map_err(during)?;
    let read = |name: &str| -> Result<Option<Day>, Failure> {
        let day: Option<String> = row.try_get(name).map_err(during)?;
        Ok(day.and_then(|day| Day::parse(&day)))
    };
    let written = read("written")?.map(|day| Day(day.0 + 1));
    Ok(written.or(read("waiting")?))
}

async fn write_day(tx: &mut Tx, rules: &ReportRules, day: Day) -> Result<usize, Failure> {
    let during = |error| failure("read filings", error);
    let text = "select commitment from filings where day = $1 and leaf is null";
    let rows = sqlx::query(text).bind(day.to_string()).fetch_all(tx.connection()).await;
    let mut commitments: Vec<String> = Vec::new();
    for row in rows.map_err(during)? {
        commitments.push(row.try_get("commitment").map_err(during)?);
    }
    let together = usize::try_from(rules.pad_to.max(1)).unwrap_or(1);
    let full = commitments.len().div_ceil(together).max(1) * together;
    while commitments.len() < full {
        commitments.push(fill(tx, day).await?);
    }
    // Digests sort at random: neither the order of filing nor the filling shows.
    commitments.sort_unstable();
    for commitment in &commitments {
        let hash = Hash::from_hex(commitment);
        let hash = hash.ok_or_else(|| Fault::new("write filing", "no digest"))?;
        let leaf = index(tx.record_filing(receipts::leaf(hash, day)).await?)?;
        let text = "update filings set leaf = $2 where commitment = $1";
        write!(tx, text, commitment.clone(), leaf)?;
    }
    Ok(commitments.len())
}

/// A commitment that stands for nothing.
async fn fill(tx: &mut Tx, day: Day) -> Result<String, Failure> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).map_err(|e| Fault::new("get random bytes", e))?;
    let commitment = Hash::of(&random).to_hex();
    let id = crate::ids::random_id()?;
    let text = "insert into filings (id, commitment, day) values ($1, $2, $3)";
    write!(tx, text, id, commitment.clone(), day.to_string())?;
    Ok(commitment)
}
