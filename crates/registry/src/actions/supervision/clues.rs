//! The ledger of clues: received, numbered by case management, disposed of, reported, written off.

use std::collections::BTreeSet;

use domain::access::Act;
use domain::problem::{Failure, Fault, Place, Problem, RuleViolation};
use domain::procedure::Actor;
use domain::recusal::Part;
use domain::routing::office_id;
use domain::supervision::clue::{self, Clue, Doing, Effect, Outcome, Way};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::dues::Of;
use super::{Around, Bench, actor, conflict, dues, findings, waivers};
use crate::actions::matters::Force;
use crate::actions::{Refusal, places, serial, texts, unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// The step with which a clue arrives.
const RECEIVE: &str = "receive";

/// A clue that arrives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewClue {
    /// Code of the channel.
    pub source: String,
    /// Place that it is about.
    pub place: String,
    /// Role code of the office that handles it.
    pub office: String,
    /// What it is about.
    pub title: String,
    /// People in it: part and id.
    pub people: Vec<(String, String)>,
    /// Numbers of findings that it comes from.
    pub findings: Vec<String>,
    /// The note with which it arrives.
    pub words: String,
}

/// What somebody does, beside who and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Code of the step.
    pub code: String,
    /// What he writes.
    pub words: String,
    /// The way that he proposes.
    pub way: Option<Way>,
    /// What came of it.
    pub outcome: Option<Outcome>,
}

/// A clue as acts need it.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub id: String,
    pub office: String,
    pub merged: bool,
    pub around: Around,
    pub clue: Clue,
    pub events: i64,
}

/// Writes down a clue that arrived. Returns its central number.
///
/// # Errors
/// Every rule that says no; a problem when source, place, person or finding is unknown.
pub async fn receive(
    tx: &mut Tx,
    bench: Bench<'_>,
    new: &NewClue,
) -> Result<(String, Entry), Refusal> {
    if !bench.rules.sources.iter().any(|source| source.code == new.source) {
        return Err(unknown("source", &new.source).into());
    }
    if new.title.trim().is_empty() || new.title.chars().count() > texts::TITLE {
        let place = Place { column: Some("title".to_owned()), ..Place::default() };
        return Err(Problem::new("text-length", place).with("most", texts::TITLE).into());
    }
    let mut linked = Vec::new();
    let mut persons = Vec::new();
    for (part, person) in &new.people {
        persons.push((part_of(part)?, person.clone()));
    }
    for number in &new.findings {
        let finding = findings::load(tx, number).await?;
        confirmed(bench, tx, &finding)?;
        linked.push(finding.id);
        persons.extend(finding.around.persons);
    }
    let around = Around::at(tx, &new.place, persons).await?;
    let number = central_number(tx).await?;
    let (id, day) = (tx.new_id()?, tx.now.day);
    let office = office(tx, &new.office, &around.path).await?;
    let known =
        Known { id: id.clone(), office, merged: false, around, clue: Clue::default(), events: 0 };
    let text = "insert into clues (id, number, source, office, place, title, state, received_day, catalogue, \
                record) values ($1, $2, $3, $4, $5, $6, 'received', $7, $8, $9)";
    let digest = bench.office.digest.to_owned();
    let (source, place, title) = (new.source.clone(), new.place.clone(), new.title.clone());
    let (office, record) = (known.office.clone(), json_of(&known.clue)?);
    let day_text = day.to_string();
    write!(
        tx,
        text,
        id.clone(),
        number.clone(),
        source,
        office,
        place,
        title,
        day_text,
        digest,
        record
    )?;
    for (part, person) in &new.people {
        let row = tx.new_id()?;
        let text = "insert into clue_people (id, clue, person, part) values ($1, $2, $3, $4)";
        write!(tx, text, row.clone(), id.clone(), person.clone(), part.clone())?;
        tx.touch("clue_people", &row)?;
    }
    for finding in linked {
        let row = tx.new_id()?;
        let text = "insert into clue_findings (id, clue, finding) values ($1, $2, $3)";
        write!(tx, text, row.clone(), id.clone(), finding)?;
        tx.touch("clue_findings", &row)?;
    }
    let step = Step { code: RECEIVE.to_owned(), words: new.words.clone(), ..Step::default() };
    take(tx, bench, &known, &step).await?;
    Ok((number.clone(), Entry::new("clue-received", &number, json!({ "source": new.source }))))
}

/// Takes a step in the ledger. Returns the state in which the clue then is.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows the clue.
pub async fn step(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    step: &Step,
) -> Result<(&'static str, Entry), Refusal> {
    let known = load(tx, number).await?;
    if step.code == "close" {
        dual_checked(tx, bench, &known).await?;
    }
    let next = take(tx, bench, &known, step).await?;
    let payload = json!({ "step": step.code, "state": next.state() });
    Ok((next.state(), Entry::new("clue-step", number, payload)))
}

/// Codes of the steps that could be taken next, whoever takes them.
///
/// # Errors
/// A problem when nobody knows the clue.
pub async fn next(tx: &mut Tx, bench: Bench<'_>, number: &str) -> Result<Vec<String>, Failure> {
    let known = load(tx, number).await?;
    if known.merged {
        return Ok(Vec::new());
    }
    let (steps, basis) = bench.process(tx, "clue")?;
    let force = Force::on(bench.office, tx.now.day);
    let line = domain::model::Basis::line(basis);
    Ok(clue::open_steps(steps, &force.rules(bench.office, &line), &known.clue, tx.now.day))
}

/// Lengthens what is due by the extension that the rule allows.
///
/// # Errors
/// The rule that says no; a problem when nothing of that step is due.
pub async fn extend(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    step: &str,
) -> Result<(Day, Entry), Refusal> {
    let known = load(tx, number).await?;
    let me = acting(tx, &known, &[Act::Approve]).await?;
    out_of_it(tx, bench, &known, &me).await?;
    let day = dues::extend(tx, bench, &known.id, step).await?;
    let payload = json!({ "step": step, "until": day.to_string() });
    Ok((day, Entry::new("clue-extended", number, payload)))
}

/// Joins a clue to another about the same: it goes on under that number.
///
/// # Errors
/// The rule that says no; a problem when nobody knows one of them.
pub async fn merge(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    into: &str,
) -> Result<Entry, Refusal> {
    let (known, other) = (load(tx, number).await?, load(tx, into).await?);
    let me = acting(tx, &known, &[Act::Update]).await?;
    out_of_it(tx, bench, &known, &me).await?;
    let (_, basis) = bench.process(tx, "clue")?;
    if me.role != "CA" || known.id == other.id || known.merged || other.merged {
        let no = RuleViolation::new("clue-merge", domain::model::Basis::line(basis));
        return Err(no.into());
    }
    let text = "update clues set merged_into = $2, state = 'merged', closed_day = $3 where id = $1";
    write!(tx, text, known.id.clone(), other.id.clone(), tx.now.day.to_string())?;
    tx.touch("clues", &known.id)?;
    // People and findings of the one are people and findings of the other.
    for (table, copy) in [
        (
            "clue_people",
            "select person as k, part as p from clue_people where clue = $1 and person not in \
                         (select person from clue_people where clue = $2)",
        ),
        (
            "clue_findings",
            "select finding as k, '' as p from clue_findings where clue = $1 and finding not in \
                           (select finding from clue_findings where clue = $2)",
        ),
    ] {
        join(tx, table, copy, (&known.id, &other.id)).await?;
    }
    dues::clear(tx, &known.id, None).await?;
    Ok(Entry::new("clue-merged", number, json!({ "into": into })))
}

/// Says that two clues belong together; each is handled on its own.
///
/// # Errors
/// The rule that says no; a problem when nobody knows one of them.
pub async fn link(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    (other, reason): (&str, &str),
) -> Result<Entry, Refusal> {
    let (known, with) = (load(tx, number).await?, load(tx, other).await?);
    let me = acting(tx, &known, &[Act::Update]).await?;
    out_of_it(tx, bench, &known, &me).await?;
    out_of_it(tx, bench, &with, &me).await?;
    let (_, basis) = bench.process(tx, "clue")?;
    if known.id == with.id || reason.trim().is_empty() {
        let no = RuleViolation::new("clue-link", domain::model::Basis::line(basis));
        return Err(no.into());
    }
    let id = tx.new_id()?;
    // The pair in one order, so that it stands once.
    let (one, two) = if known.id < with.id { (known, with) } else { (with, known) };
    let text = "insert into clue_links (id, clue, other, reason, person, day) \
                values ($1, $2, $3, $4, $5, $6)";
    let (reason, day) = (reason.to_owned(), tx.now.day.to_string());
    write!(tx, text, id.clone(), one.id, two.id, reason, me.person, day)?;
    tx.touch("clue_links", &id)?;
    Ok(Entry::new("clue-linked", number, json!({ "with": other })))
}

async fn join(
    tx: &mut Tx,
    table: &'static str,
    copy: &'static str,
    (from, to): (&str, &str),
) -> Result<(), Failure> {
    let during = |error| failure("merge clues", error);
    let rows = sqlx::query(copy).bind(from.to_owned()).bind(to.to_owned());
    for row in rows.fetch_all(tx.connection()).await.map_err(during)? {
        let (key, part): (String, String) =
            (row.try_get("k").map_err(during)?, row.try_get("p").map_err(during)?);
        let id = tx.new_id()?;
        match table {
            "clue_people" => {
                let text =
                    "insert into clue_people (id, clue, person, part) values ($1, $2, $3, $4)";
                write!(tx, text, id.clone(), to.to_owned(), key, part)?;
            }
            _ => {
                let text = "insert into clue_findings (id, clue, finding) values ($1, $2, $3)";
                write!(tx, text, id.clone(), to.to_owned(), key)?;
            }
        }
        tx.touch(table, &id)?;
    }
    Ok(())
}

/// One step further by the rules, kept with what follows.
async fn take(tx: &mut Tx, bench: Bench<'_>, known: &Known, step: &Step) -> Result<Clue, Refusal> {
    let day = tx.now.day;
    let (steps, basis) = bench.process(tx, "clue")?;
    if known.merged {
        let no = RuleViolation::new("clue-merged", domain::model::Basis::line(basis));
        return Err(no.into());
    }
    let acts: &[Act] =
        if step.code == RECEIVE { &[Act::Create] } else { &[Act::Update, Act::Approve] };
    let me = acting(tx, known, acts).await?;
    let against = conflict(tx, bench, &known.around, (&me.person, Some(&me.role))).await?;
    let doing = Doing {
        step: step.code.clone(),
        actor: me.clone(),
        day,
        words: step.words.clone(),
        way: step.way,
        outcome: step.outcome,
    };
    let force = Force::on(bench.office, day);
    let line = domain::model::Basis::line(basis);
    let rules = force.rules(bench.office, &line);
    let advanced = clue::advance(steps, &rules, &known.clue, &doing, (&against, basis));
    let (next, effects) = advanced.map_err(Refusal::Rules)?;
    event(tx, known, (step, &me)).await?;
    let of = Of { kind: "clue", subject: &known.id, place: &known.around.place };
    for effect in effects {
        match effect {
            Effect::SetDue { step, rule, from } => {
                dues::set(tx, bench, of, (&step, &rule), from).await?;
            }
            Effect::ClearDue { step } => dues::clear(tx, &known.id, Some(&step)).await?,
            Effect::Over => dues::clear(tx, &known.id, None).await?,
        }
    }
    let closed = (next.state() == "closed").then(|| day.to_string());
    let text = "update clues set state = $2, record = $3, closed_day = coalesce(closed_day, $4) where id = $1";
    write!(tx, text, known.id.clone(), next.state(), json_of(&next)?, closed)?;
    tx.touch("clues", &known.id)?;
    Ok(next)
}

async fn event(tx: &mut Tx, known: &Known, (step, me): (&Step, &Actor)) -> Result<(), Failure> {
    let id = tx.new_id()?;
    let text = "insert into clue_events (id, clue, seq, step, day, person, role, way, outcome, words) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    write!(
        tx,
        text,
        id.clone(),
        known.id.clone(),
        known.events + 1,
        step.code.clone(),
        tx.now.day.to_string(),
        me.person.clone(),
        me.role.clone(),
        step.way.map(Way::code),
        step.outcome.map(Outcome::code),
        step.words.clone(),
    )?;
    Ok(tx.touch("clue_events", &id)?)
}

/// Whoever acts in a clue, with a post that covers it.
pub(crate) async fn acting(tx: &mut Tx, known: &Known, acts: &[Act]) -> Result<Actor, Failure> {
    let subject = known.around.subject("clue", &known.id, Some(&known.office));
    actor(tx, &known.around, acts, &subject).await
}

/// Refuses somebody who must stay out.
pub(crate) async fn out_of_it(
    tx: &mut Tx,
    bench: Bench<'_>,
    known: &Known,
    me: &Actor,
) -> Result<(), Refusal> {
    let against = conflict(tx, bench, &known.around, (&me.person, Some(&me.role))).await?;
    if against.verdict < domain::recusal::Verdict::Block {
        return Ok(());
    }
    let (_, basis) = bench.process(tx, "clue")?;
    let grounds = against.reasons.iter().map(|reason| reason.ground.code());
    let no = RuleViolation::new("supervision-recused", domain::model::Basis::line(basis));
    Err(no.with("ground", grounds.collect::<Vec<_>>().join(", ")).into())
}

/// A finding becomes a clue only after two have said so.
fn confirmed(bench: Bench<'_>, tx: &Tx, finding: &findings::Known) -> Result<(), Failure> {
    use domain::supervision::check::{Outcome, State};
    let case = &finding.case;
    if case.state == State::Checked && case.outcome == Some(Outcome::Clue) {
        return Ok(());
    }
    let basis = domain::model::Basis::line(&bench.version(tx)?.basis);
    let no = RuleViolation::new("clue-finding-open", basis);
    Err(no.with("number", &finding.number).into())
}

/// A confirmed problem is not written off before those were asked who answer for it (一案双查).
async fn dual_checked(tx: &mut Tx, bench: Bench<'_>, known: &Known) -> Result<(), Refusal> {
    let during = |error| Refusal::from(failure("read dual checks", error));
    if known.clue.outcome.is_none_or(|outcome| outcome == Outcome::Unfounded) {
        return Ok(());
    }
    let text =
        "select count(*) as asked, count(decided_day) as decided from dual_checks where clue = $1";
    let row = sqlx::query(text).bind(known.id.clone()).fetch_one(tx.connection()).await;
    let row = row.map_err(during)?;
    let (asked, decided): (i64, i64) =
        (row.try_get("asked").map_err(during)?, row.try_get("decided").map_err(during)?);
    if asked > 0 && asked == decided {
        return Ok(());
    }
    if asked == 0 && waivers::holds(tx, &known.id).await? {
        return Ok(());
    }
    let (_, basis) = bench.process(tx, "clue")?;
    let no = RuleViolation::new("clue-dual-missing", domain::model::Basis::line(basis));
    Err(no.with("asked", asked).with("decided", decided).into())
}

/// `TDI@990001101`: the office of a role that covers a place.
async fn office(tx: &mut Tx, role: &str, path: &str) -> Result<String, Failure> {
    let during = |error| failure("read offices", error);
    let text = "select p.id, p.path from places p where ($1 = p.path or $1 like p.path || '/%') \
                and exists (select 1 from posts s where s.place = p.id and s.role = $2) \
                order by p.path desc limit 1";
    let row = sqlx::query(text).bind(path.to_owned()).bind(role.to_owned());
    let row = row.fetch_optional(tx.connection()).await.map_err(during)?;
    let row = row.ok_or_else(|| unknown("office", role))?;
    let place: String = row.try_get("id").map_err(during)?;
    Ok(office_id(role, &place))
}

/// The next central number of the year (ZJ-03).
async fn central_number(tx: &mut Tx) -> Result<String, Failure> {
    let county = places::county(tx).await?;
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("clue/{year}")).await?;
    Ok(format!("XS{county}-{year}-{number:04}"))
}

fn part_of(code: &str) -> Result<Part, Failure> {
    match code {
        "accused" => Ok(Part::Accused),
        "witness" => Ok(Part::Witness),
        "complainant" => Ok(Part::Complainant),
        "concerned" => Ok(Part::Concerned),
        other => Err(unknown("part", other)),
    }
}

/// Loads a clue by its number, with everybody who is in it.
pub(crate) async fn load(tx: &mut Tx, number: &str) -> Result<Known, Failure> {
    let during = |error| failure("read clue", error);
    let text = "select c.id, c.office, c.place, c.merged_into, c.record, \
                (select count(*) from clue_events e where e.clue = c.id) as events \
                from clues c where c.number = $1";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("clue", number))?;
    let must = |column: &str| row.try_get::<String, _>(column).map_err(during);
    let (id, place, record) = (must("id")?, must("place")?, must("record")?);
    let merged: Option<String> = row.try_get("merged_into").map_err(during)?;
    let clue = serde_json::from_str(&record).map_err(|e| Fault::new("read clue", e))?;
    let persons = persons(tx, &id).await?;
    Ok(Known {
        office: must("office")?,
        merged: merged.is_some(),
        around: Around::at(tx, &place, persons).await?,
        clue,
        events: row.try_get("events").map_err(during)?,
        id,
    })
}

/// Everybody in a clue: those named in it, and those whom its findings concern.
async fn persons(tx: &mut Tx, clue: &str) -> Result<Vec<(Part, String)>, Failure> {
    let during = |error| failure("read people", error);
    let text = "select person, part from clue_people where clue = $1 union \
                select p.id as person, 'concerned' as part from clue_findings l \
                join finding_people f on f.finding = l.finding join people p on p.person_key = f.person_key \
                where l.clue = $1 order by 1, 2";
    let rows = sqlx::query(text).bind(clue.to_owned()).fetch_all(tx.connection()).await;
    let mut seen = BTreeSet::new();
    let mut persons = Vec::new();
    for row in rows.map_err(during)? {
        let (person, part): (String, String) =
            (row.try_get("person").map_err(during)?, row.try_get("part").map_err(during)?);
        if seen.insert(person.clone()) {
            persons.push((part_of(&part)?, person));
        }
    }
    Ok(persons)
}

/// Ids of the accused.
pub(crate) fn accused(known: &Known) -> Vec<String> {
    let accused = known.around.persons.iter().filter(|(part, _)| *part == Part::Accused);
    accused.map(|(_, person)| person.clone()).collect()
}

pub(crate) fn json_of<T: serde::Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|e| Fault::new("write record", e))
}
