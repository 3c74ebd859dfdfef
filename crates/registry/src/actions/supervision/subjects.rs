//! A look at everything known about one person, household, account, firm, village or post. It begins with a
//! task that concerns the subject and a purpose, lasts some days, and every page of it is an entry. Nobody
//! looks who is in the thing himself, or close to somebody who is (I8).

use domain::access::{Act, Subject, View};
use domain::catalogue::on;
use domain::model::Basis;
use domain::problem::{Failure, RuleViolation};
use domain::recusal::{self, Part, Verdict};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::checks::himself;
use super::{Around, Bench, clues, findings};
use crate::actions::{Refusal, unknown, write};
use crate::db::failure;
use crate::queries::standing;
use crate::tx::{Entry, Tx};

/// The thing that a task is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing<'a> {
    /// A finding, by its number.
    Finding(&'a str),
    /// A clue, by its number.
    Clue(&'a str),
}

/// A look that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// `check`, `clue`, `supervision`.
    pub task: String,
    /// Number of the finding or clue.
    pub thing: String,
    /// What for.
    pub purpose: String,
    /// Last day.
    pub until_day: String,
}

/// Begins a look. Returns its key.
///
/// # Errors
/// The rule that says no: without a task, without a purpose, in a conflict.
pub async fn begin(
    tx: &mut Tx,
    bench: Bench<'_>,
    thing: Thing<'_>,
    purpose: &str,
) -> Result<(String, Entry), Refusal> {
    let me = himself(tx)?;
    let (task, number, around) = match thing {
        Thing::Finding(number) => of_finding(tx, number, &me).await?,
        Thing::Clue(number) => of_clue(tx, number).await?,
    };
    let named: Vec<&str> = around.persons.iter().map(|(_, person)| person.as_str()).collect();
    unconcerned(tx, bench, &me, &named).await?;
    if purpose.trim().is_empty() {
        return Err(RuleViolation::new("purpose-needed", "《个人信息保护法》第六条").into());
    }
    let version = bench.version(tx)?;
    let until = Day(tx.now.day.0 + i32::try_from(version.look_days).unwrap_or(0));
    let id = tx.new_id()?;
    let text = "insert into subject_looks (id, asked_by, task, thing, purpose, asked_day, until_day) \
                values ($1, $2, $3, $4, $5, $6, $7)";
    let (day, until) = (tx.now.day.to_string(), until.to_string());
    let words = purpose.to_owned();
    write!(tx, text, id.clone(), me, task.to_owned(), number.clone(), words, day, until)?;
    tx.touch("subject_looks", &id)?;
    let payload = json!({ "look": id, "task": task, "purpose": purpose });
    Ok((id, Entry::new("subject-look-begun", &number, payload)))
}

/// A page of a look: to be committed before anything of it is shown. `people` are keys of the facts and
/// `known` ids of the register of whoever the page is about.
///
/// # Errors
/// The rule that says no when the look is not his, has run out, or he is close to one of them.
pub async fn see(
    tx: &mut Tx,
    bench: Bench<'_>,
    look: &str,
    (kind, people, known): (&str, &[u64], &[String]),
) -> Result<(Look, Entry), Refusal> {
    let during = |error| Refusal::from(failure("read look", error));
    let text = "select asked_by, task, thing, purpose, until_day from subject_looks where id = $1";
    let row = sqlx::query(text).bind(look.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("look", look))?;
    let get = |column: &str| row.try_get::<String, _>(column).map_err(during);
    let held = Look {
        task: get("task")?,
        thing: get("thing")?,
        purpose: get("purpose")?,
        until_day: get("until_day")?,
    };
    let me = himself(tx)?;
    if get("asked_by")? != me || tx.now.day.to_string() > held.until_day {
        return Err(RuleViolation::new("deny-approval", "access.toml: hit").into());
    }
    let mut named = known.to_vec();
    for key in people {
        named.extend(person_of(tx, *key).await?);
    }
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    unconcerned(tx, bench, &me, &named).await?;
    let payload = json!({ "look": look, "kind": kind, "people": people.len().max(known.len()),
                          "purpose": held.purpose });
    let entry = Entry::new("subject-seen", &held.thing, payload);
    Ok((held, entry))
}

/// The task of somebody in a finding: he checks it, he handles a clue with it, or he supervises there.
async fn of_finding(
    tx: &mut Tx,
    number: &str,
    me: &str,
) -> Result<(&'static str, String, Around), Failure> {
    let known = findings::load(tx, number).await?;
    let subject = known.around.subject("hit", &known.id, None);
    tx.by.may(Act::Read, &subject)?;
    let task = if known.case.checkers.iter().any(|checker| checker == me) {
        "check"
    } else if handles(tx, &known.id, &known.around).await? {
        "clue"
    } else {
        tx.by.may(Act::Sign, &subject).map_err(|_| no_task())?;
        "supervision"
    };
    Ok((task, number.to_owned(), known.around))
}

/// Whether a clue with the finding is handled by an office of his.
async fn handles(tx: &mut Tx, finding: &str, around: &Around) -> Result<bool, Failure> {
    let during = |error| failure("read clues", error);
    let text = "select c.id, c.office from clue_findings l join clues c on c.id = l.clue \
                where l.finding = $1 and c.closed_day is null";
    let rows = sqlx::query(text).bind(finding.to_owned()).fetch_all(tx.connection()).await;
    for row in rows.map_err(during)? {
        let office: String = row.try_get("office").map_err(during)?;
        let id: String = row.try_get("id").map_err(during)?;
        if handler(tx, &clue(around, &id, &office)) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn of_clue(tx: &mut Tx, number: &str) -> Result<(&'static str, String, Around), Failure> {
    let known = clues::load(tx, number).await?;
    let subject = clue(&known.around, &known.id, &known.office);
    tx.by.may(Act::Read, &subject)?;
    let task = if handler(tx, &subject) { "clue" } else { "supervision" };
    if task == "supervision" {
        tx.by.may(Act::Approve, &subject).map_err(|_| no_task())?;
    }
    Ok((task, number.to_owned(), known.around))
}

/// Whether he handles a clue: whoever keeps the ledger alone sees its outline, and has no task in it.
fn handler(tx: &Tx, subject: &Subject) -> bool {
    let full = tx.by.may(Act::Read, subject).is_ok_and(|view| view == View::Full);
    full && tx.by.may(Act::Update, subject).is_ok()
}

fn clue(around: &Around, id: &str, office: &str) -> Subject {
    around.subject("clue", id, Some(office))
}

fn no_task() -> RuleViolation {
    RuleViolation::new("deny-subject-task", "access.toml: hit")
}

/// Whether nothing stands between somebody and these people.
async fn unconcerned(
    tx: &mut Tx,
    bench: Bench<'_>,
    me: &str,
    named: &[&str],
) -> Result<(), Refusal> {
    let Some(policy) = on(bench.office.recusal, tx.now.day) else { return Ok(()) };
    let mut subject = recusal::Subject::default();
    for person in named {
        subject.persons.push((Part::Concerned, standing::party(tx, person).await?));
    }
    if subject.persons.is_empty() {
        return Ok(());
    }
    let relations = standing::relations(tx.connection()).await?;
    let who = standing::party(tx, me).await?;
    let conflict = recusal::conflicts(policy, &who, &subject, &relations);
    match conflict.verdict {
        Verdict::Block => {
            Err(RuleViolation::new("deny-subject-conflict", Basis::line(&policy.basis)).into())
        }
        _ => Ok(()),
    }
}

async fn person_of(tx: &mut Tx, key: u64) -> Result<Option<String>, Failure> {
    let during = |error| failure("read person", error);
    let text = "select id from people where person_key = $1";
    let row = sqlx::query(text).bind(findings::signed(key)).fetch_optional(tx.connection()).await;
    row.map_err(during)?.map(|row| row.try_get("id")).transpose().map_err(during)
}
