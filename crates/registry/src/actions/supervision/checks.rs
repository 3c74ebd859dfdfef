//! Checks of findings: given to two, recorded by one, agreed to by the other.

use std::collections::BTreeMap;

use domain::access::Act;
use domain::model::Basis;
use domain::problem::{Failure, Fault, RuleViolation};
use domain::supervision::check::{self, Case, Effect, Report};
use serde_json::json;
use sqlx::Row;

use super::findings::{self, Known};
use super::{Bench, actor, conflict, dues, models};
use crate::actions::{Refusal, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// Gives a finding to two checkers. Returns the last day.
///
/// # Errors
/// Every rule that says no; a problem when finding or person is unknown.
pub async fn assign(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    (first, second): (&str, &str),
) -> Result<(domain::time::Day, Entry), Refusal> {
    let known = findings::load(tx, number).await?;
    let subject = known.around.subject("hit", &known.id, None);
    let me = actor(tx, &known.around, &[Act::Update], &subject).await?;
    let act = check::Act::Assign { first: first.to_owned(), second: second.to_owned() };
    let (next, _) = advanced(tx, bench, &known, &act).await?;
    let version = bench.version(tx)?;
    let due = dues::due(bench, &version.check_rule, tx.now.day, &[])?;
    let id = tx.new_id()?;
    let text = "insert into finding_checks (id, finding, round, first, second, assigned_by, assigned_day, \
                rule, due_day, provisional, catalogue) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let round = known.round.as_ref().map_or(1, |(round, _)| round + 1);
    let (first, second) = (first.to_owned(), second.to_owned());
    write!(
        tx,
        text,
        id.clone(),
        known.id.clone(),
        round,
        first,
        second,
        me.person,
        tx.now.day.to_string(),
        version.check_rule.clone(),
        due.day.to_string(),
        i64::from(due.provisional),
        bench.office.digest.to_owned(),
    )?;
    tx.touch("finding_checks", &id)?;
    state(tx, &known.id, &next, false).await?;
    Ok((due.day, Entry::new("finding-assigned", number, json!({ "round": round }))))
}

/// Writes down what a check found, in the name of whoever acts.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows the finding.
pub async fn record(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    report: &Report,
) -> Result<Entry, Refusal> {
    let known = findings::load(tx, number).await?;
    let subject = known.around.subject("hit", &known.id, None);
    may_check(tx, &subject)?;
    if let Some(cause) = &report.cause
        && !bench.rules.causes.iter().any(|known| known.code == *cause)
    {
        return Err(crate::actions::unknown("cause", cause).into());
    }
    let by = himself(tx)?;
    let questions = models::questions(tx, &known.model).await?;
    let act = check::Act::Record { by: by.clone(), result: Box::new(report.clone()), questions };
    let (next, _) = advanced(tx, bench, &known, &act).await?;
    let Some((_, round)) = &known.round else {
        return Err(Fault::new("record", "no round").into());
    };
    let text = "update finding_checks set outcome = $2, reason = $3, cause = $4, answers = $5, \
                recover_fen = $6, holds_until = $7, recorded_by = $8, recorded_day = $9 where id = $1";
    let answers = serde_json::to_string(&report.answers);
    let answers = answers.map_err(|e| Fault::new("write answers", e))?;
    write!(
        tx,
        text,
        round.clone(),
        report.outcome.code(),
        report.reason.clone(),
        report.cause.clone(),
        answers,
        report.recover_fen,
        report.holds_until.map(|day| day.to_string()),
        by,
        tx.now.day.to_string(),
    )?;
    tx.touch("finding_checks", round)?;
    state(tx, &known.id, &next, false).await?;
    Ok(Entry::new("finding-recorded", number, json!({ "outcome": report.outcome.code() })))
}

/// The other checker agrees, or does not.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows the finding.
pub async fn confirm(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    agreed: bool,
) -> Result<Entry, Refusal> {
    let known = findings::load(tx, number).await?;
    let subject = known.around.subject("hit", &known.id, None);
    may_check(tx, &subject)?;
    let by = himself(tx)?;
    let (next, effects) =
        advanced(tx, bench, &known, &check::Act::Confirm { by: by.clone(), agreed }).await?;
    let Some((_, round)) = known.round.clone() else {
        return Err(Fault::new("confirm", "no round").into());
    };
    let text = "update finding_checks set confirmed_by = $2, confirmed_day = $3, agreed = $4 where id = $1";
    let day = tx.now.day.to_string();
    write!(tx, text, round.clone(), by, day, i64::from(agreed))?;
    tx.touch("finding_checks", &round)?;
    if !agreed {
        again(tx, &round).await?;
    }
    state(tx, &known.id, &next, agreed).await?;
    for effect in effects {
        match effect {
            Effect::Exclude { until } => exclude(tx, &known, &round, until).await?,
            Effect::Recover { fen } => ledger(tx, &known.id, ("due", fen), "").await?,
            // When it is due stands in its round; whether it becomes a clue, people decide.
            Effect::SetDue | Effect::ClearDue | Effect::OfferClue => {}
        }
    }
    Ok(Entry::new("finding-confirmed", number, json!({ "agreed": agreed })))
}

/// A round that was not agreed to is taken again by the same two, in the time that is left.
async fn again(tx: &mut Tx, round: &str) -> Result<(), Failure> {
    let id = tx.new_id()?;
    let text = "insert into finding_checks (id, finding, round, first, second, assigned_by, assigned_day, \
                rule, due_day, provisional, catalogue) select $2, finding, round + 1, first, second, \
                assigned_by, assigned_day, rule, due_day, provisional, catalogue from finding_checks \
                where id = $1";
    write!(tx, text, round.to_owned(), id.clone())?;
    Ok(tx.touch("finding_checks", &id)?)
}

/// Writes down that money came back, or was given up by a decision.
///
/// # Errors
/// The rule that says no when it is more than is left to recover.
pub async fn recover(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    (kind, fen): (&'static str, i64),
    note: &str,
) -> Result<Entry, Refusal> {
    let known = findings::load(tx, number).await?;
    let subject = known.around.subject("hit", &known.id, None);
    let act = if kind == "waived" { Act::Approve } else { Act::Update };
    actor(tx, &known.around, &[act], &subject).await?;
    let during = |error| Refusal::from(failure("read recoveries", error));
    let text = "select kind, amount_fen from recoveries where finding = $1";
    let rows = sqlx::query(text).bind(known.id.clone()).fetch_all(tx.connection()).await;
    let mut left = 0_i64;
    for row in rows.map_err(during)? {
        let (kind, fen): (String, i64) =
            (row.try_get("kind").map_err(during)?, row.try_get("amount_fen").map_err(during)?);
        left += if kind == "due" { fen } else { -fen };
    }
    if fen <= 0 || fen > left || (kind == "waived" && note.trim().is_empty()) {
        let basis = Basis::line(&bench.version(tx)?.basis);
        let no = RuleViolation::new("recovery-left", basis);
        return Err(no.with("left", domain::money::Fen(left)).into());
    }
    ledger(tx, &known.id, (kind, fen), note).await?;
    Ok(Entry::new("money-recovered", number, json!({ "kind": kind, "fen": fen })))
}

async fn ledger(
    tx: &mut Tx,
    finding: &str,
    (kind, fen): (&'static str, i64),
    note: &str,
) -> Result<(), Failure> {
    let id = tx.new_id()?;
    let text = "insert into recoveries (id, finding, kind, amount_fen, day, note, entered_by) \
                values ($1, $2, $3, $4, $5, $6, $7)";
    let (day, by) = (tx.now.day.to_string(), tx.by.person.clone());
    write!(tx, text, id.clone(), finding.to_owned(), kind, fen, day, note.to_owned(), by)?;
    Ok(tx.touch("recoveries", &id)?)
}

async fn exclude(
    tx: &mut Tx,
    known: &Known,
    round: &str,
    until: domain::time::Day,
) -> Result<(), Failure> {
    let id = tx.new_id()?;
    let text = "insert into finding_exclusions (id, finding, model, subject, reason, from_day, until_day) \
                select $1, $2, $3, $4, reason, $5, $6 from finding_checks where id = $7";
    let (finding, model) = (known.id.clone(), known.model.clone());
    let (day, until) = (tx.now.day.to_string(), until.to_string());
    let subject = known.subject.clone();
    write!(tx, text, id.clone(), finding, model, subject, day, until, round.to_owned())?;
    Ok(tx.touch("finding_exclusions", &id)?)
}

/// The finding after an act, by the rules.
async fn advanced(
    tx: &mut Tx,
    bench: Bench<'_>,
    known: &Known,
    act: &check::Act,
) -> Result<(Case, Vec<Effect>), Refusal> {
    let people: Vec<&String> = match act {
        check::Act::Assign { first, second } => vec![first, second],
        check::Act::Record { by, .. } | check::Act::Confirm { by, .. } => vec![by],
    };
    let mut conflicts = BTreeMap::new();
    for person in people {
        // Whoever checks comes from the township or above.
        let against = conflict(tx, bench, &known.around, (person, Some("TDI"))).await?;
        conflicts.insert(person.clone(), against);
    }
    let version = bench.version(tx)?;
    check::advance(version, &known.case, act, &conflicts, tx.now.day).map_err(Refusal::Rules)
}

async fn state(tx: &mut Tx, id: &str, case: &Case, over: bool) -> Result<(), Failure> {
    let outcome = case.outcome.filter(|_| over).map(|outcome| outcome.code());
    let recover = if over { case.recover_fen } else { 0 };
    let text = "update findings set state = $2, outcome = $3, recover_fen = $4 where id = $1";
    write!(tx, text, id.to_owned(), case.state.code(), outcome, recover)?;
    Ok(tx.touch("findings", id)?)
}

/// A checker has a task in it; whether he is one, the rules ask.
fn may_check(tx: &Tx, subject: &domain::access::Subject) -> Result<(), RuleViolation> {
    super::may(tx, &[Act::Read], subject).map(|_| ())
}

pub(crate) fn himself(tx: &Tx) -> Result<String, RuleViolation> {
    tx.by.person.clone().ok_or_else(|| RuleViolation::new("deny-own-person", "roles.toml"))
}
