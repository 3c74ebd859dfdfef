//! A look at the names in a finding: asked with a purpose by a checker, granted by another, for a few
//! days. The names themselves stay in the vault; whoever opens it writes the access log.

use domain::access::Act;
use domain::model::Basis;
use domain::problem::{Failure, RuleViolation};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::checks::himself;
use super::{Bench, actor, findings, may};
use crate::actions::{Refusal, unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// Asks for a look. Returns its key.
///
/// # Errors
/// The rule that says no when he has no task in it; a problem without a purpose.
pub async fn ask(tx: &mut Tx, number: &str, purpose: &str) -> Result<(String, Entry), Refusal> {
    let known = findings::load(tx, number).await?;
    may(tx, &[Act::Read], &known.around.subject("hit", &known.id, None))?;
    let me = himself(tx)?;
    if !known.case.checkers.contains(&me) {
        return Err(RuleViolation::new("finding-not-checker", "access.toml: hit").into());
    }
    if purpose.trim().is_empty() {
        return Err(RuleViolation::new("purpose-missing", "《个人信息保护法》第六条").into());
    }
    let id = tx.new_id()?;
    let text = "insert into finding_looks (id, finding, asked_by, purpose, asked_day) \
                values ($1, $2, $3, $4, $5)";
    let day = tx.now.day.to_string();
    write!(tx, text, id.clone(), known.id, me, purpose.to_owned(), day)?;
    tx.touch("finding_looks", &id)?;
    Ok((id.clone(), Entry::new("look-asked", number, json!({ "look": id, "purpose": purpose }))))
}

/// Grants a look for the time of the catalogue: another than who asked (SD10).
///
/// # Errors
/// The rule that says no; a problem when nobody knows the request.
pub async fn grant(tx: &mut Tx, bench: Bench<'_>, look: &str) -> Result<(Day, Entry), Refusal> {
    let during = |error| Refusal::from(failure("read look", error));
    let text = "select f.number, l.asked_by from finding_looks l join findings f on f.id = l.finding \
                where l.id = $1 and l.granted_day is null";
    let row = sqlx::query(text).bind(look.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("look", look))?;
    let (number, asked): (String, String) =
        (row.try_get("number").map_err(during)?, row.try_get("asked_by").map_err(during)?);
    let known = findings::load(tx, &number).await?;
    let subject = known.around.subject("hit", &known.id, None);
    let me = actor(tx, &known.around, &[Act::Sign], &subject).await?;
    let version = bench.version(tx)?;
    let against = super::conflict(tx, bench, &known.around, (&me.person, Some(&me.role))).await?;
    if me.person == asked || against.verdict == domain::recusal::Verdict::Block {
        let no = RuleViolation::new("look-another", Basis::line(&version.basis));
        return Err(no.into());
    }
    let until = Day(tx.now.day.0 + i32::try_from(version.look_days).unwrap_or(0));
    let text =
        "update finding_looks set granted_by = $2, granted_day = $3, until_day = $4 where id = $1";
    let day = tx.now.day.to_string();
    write!(tx, text, look.to_owned(), me.person, day, until.to_string())?;
    tx.touch("finding_looks", look)?;
    Ok((until, Entry::new("look-granted", &number, json!({ "look": look }))))
}

/// Takes a granted look: returns the keys of the people in the finding, for the vault to open.
///
/// # Errors
/// The rule that says no when it was not granted to him, or has run out.
pub async fn take(tx: &mut Tx, look: &str) -> Result<(Look, Entry), Failure> {
    let during = |error| failure("read look", error);
    let text = "select f.number, f.id, l.purpose, l.asked_by, l.until_day from finding_looks l \
                join findings f on f.id = l.finding where l.id = $1";
    let row = sqlx::query(text).bind(look.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("look", look))?;
    let (number, finding): (String, String) =
        (row.try_get("number").map_err(during)?, row.try_get("id").map_err(during)?);
    let asked: String = row.try_get("asked_by").map_err(during)?;
    let until: Option<String> = row.try_get("until_day").map_err(during)?;
    let holds = until.is_some_and(|until| tx.now.day.to_string() <= until);
    if tx.by.person.as_ref() != Some(&asked) || !holds {
        return Err(RuleViolation::new("deny-approval", "access.toml: hit").into());
    }
    let keys = "select person_key from finding_people where finding = $1 order by person_key";
    let keys = sqlx::query(keys).bind(finding).fetch_all(tx.connection()).await.map_err(during)?;
    let key = |row: &sqlx::any::AnyRow| -> Result<u64, sqlx::Error> {
        Ok(u64::from_ne_bytes(row.try_get::<i64, _>("person_key")?.to_ne_bytes()))
    };
    let keys = keys.iter().map(key).collect::<Result<_, _>>().map_err(during)?;
    let purpose = row.try_get("purpose").map_err(during)?;
    let day = tx.now.day.to_string();
    write!(tx, "update finding_looks set looked_day = $2 where id = $1", look.to_owned(), day)?;
    tx.touch("finding_looks", look)?;
    let taken = Look { number: number.clone(), purpose, people: keys };
    Ok((taken, Entry::new("look-taken", &number, json!({ "look": look }))))
}

/// A look that was granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Number of the finding.
    pub number: String,
    /// What it was asked for.
    pub purpose: String,
    /// Keys of the people in it.
    pub people: Vec<u64>,
}
