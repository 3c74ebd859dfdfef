//! Findings of a screening run enter the register, by command. A key that is known is seen again, not
//! written twice; a question that was answered for good is not asked again before its answer runs out.

use std::collections::BTreeMap;

use domain::access::Act;
use domain::finding::Finding;
use domain::problem::{Failure, Fault};
use domain::recusal::Part;
use domain::supervision::check::{Case, Outcome, State};
use domain::time::Day;
use serde::Serialize;
use serde_json::json;
use sqlx::Row;

use super::Around;
use super::models::{self, NewModel};
use crate::Registry;
use crate::access::By;
use crate::actions::{places, serial, unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Now, Tx};

/// What came of taking a run in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Not known before.
    pub new: usize,
    /// Known, and there again.
    pub again: usize,
    /// New, and answered by an explanation that still holds.
    pub excluded: usize,
    /// Of a place that the register does not know: they lie with the county.
    pub unplaced: usize,
}

impl Taken {
    fn and(self, other: Self) -> Self {
        Self {
            new: self.new + other.new,
            again: self.again + other.again,
            excluded: self.excluded + other.excluded,
            unplaced: self.unplaced + other.unplaced,
        }
    }
}

/// What a run found.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// Number of the run.
    pub run: u32,
    /// Models with their questions.
    pub models: &'a [NewModel],
    /// Findings.
    pub findings: &'a [Finding],
    /// Programme that a finding is about and last month of its payments as `yyyymm`, by its key, where its
    /// rows say so.
    pub programmes: &'a BTreeMap<String, (String, i64)>,
}

/// How many findings are taken in at once: whoever else writes waits no longer than that takes.
const AT_ONCE: usize = 250;

/// Takes all findings of a run in, some at a time, and says how far it is. When it breaks off, what was
/// taken in stays, and taking the run in again does the rest.
///
/// # Errors
/// As [`take_in`].
pub async fn take_in_all(
    registry: &Registry,
    (by, now): (&By, Now),
    found: &Found<'_>,
    mut told: impl AsyncFnMut(usize) -> Result<(), Failure>,
) -> Result<Taken, Failure> {
    let mut all = Taken::default();
    let mut done = 0;
    loop {
        let part = found.findings.get(done..).unwrap_or_default();
        let part = part.get(..AT_ONCE).unwrap_or(part);
        let models = if done == 0 { found.models } else { &[] };
        let mut tx = registry.begin(by.clone(), now, "take in").await?;
        let (taken, entry) = take_in(&mut tx, &Found { models, findings: part, ..*found }).await?;
        tx.commit(entry).await?;
        all = all.and(taken);
        done += part.len();
        told(done).await?;
        if done >= found.findings.len() {
            return Ok(all);
        }
    }
}

/// Takes the findings of a run in.
///
/// # Errors
/// The rule that says no; a fault when the database refuses.
pub async fn take_in(tx: &mut Tx, found: &Found<'_>) -> Result<(Taken, Entry), Failure> {
    let Found { run, models, findings, programmes } = *found;
    tx.may_county(Act::Create, "hit").await?;
    for model in models {
        models::keep(tx, model).await?;
    }
    let villages = villages(tx).await?;
    let county = places::county(tx).await?;
    let (year, _, _) = tx.now.day.ymd();
    let mut taken = Taken::default();
    for finding in findings {
        let programme = programmes.get(&finding.key).map(|(code, month)| (code.as_str(), *month));
        if seen_again(tx, (finding, programme), run).await? {
            taken.again += 1;
            continue;
        }
        let place = villages.get(&finding.village);
        taken.unplaced += usize::from(place.is_none());
        let place = place.unwrap_or(&county);
        let number = serial(tx, &format!("finding/{year}")).await?;
        let number = format!("F{year}-{number:06}");
        let state = match excluded(tx, &finding.model, &finding.subject).await? {
            true => State::Excluded,
            false => State::New,
        };
        taken.excluded += usize::from(state == State::Excluded);
        taken.new += 1;
        insert(tx, (finding, programme), (&number, place), (run, state)).await?;
    }
    let entry = Entry::new("findings-taken-in", &run.to_string(), json!(taken));
    Ok((taken, entry))
}

/// Codes of villages by code, and by township and name as files have them.
async fn villages(tx: &mut Tx) -> Result<BTreeMap<String, String>, Failure> {
    let during = |error| failure("read places", error);
    let text = "select v.id, v.name, t.name as township from places v join places t on t.id = v.parent \
                where v.level = 'village'";
    let rows = sqlx::query(text).fetch_all(tx.connection()).await.map_err(during)?;
    let mut known = BTreeMap::new();
    for row in rows {
        let (id, name): (String, String) =
            (row.try_get("id").map_err(during)?, row.try_get("name").map_err(during)?);
        let township: String = row.try_get("township").map_err(during)?;
        known.insert(format!("{township}{name}"), id.clone());
        known.insert(id.clone(), id);
    }
    Ok(known)
}

async fn seen_again(
    tx: &mut Tx,
    (finding, programme): (&Finding, Option<(&str, i64)>),
    run: u32,
) -> Result<bool, Failure> {
    let during = |error| failure("read finding", error);
    let row = sqlx::query("select id, state from findings where finding_key = $1");
    let row =
        row.bind(finding.key.clone()).fetch_optional(tx.connection()).await.map_err(during)?;
    let Some(row) = row else { return Ok(false) };
    let (id, state): (String, String) =
        (row.try_get("id").map_err(during)?, row.try_get("state").map_err(during)?);
    // An explanation that has run out is asked for anew.
    let held = State::named(&state) != Some(State::Excluded)
        || excluded(tx, &finding.model, &finding.subject).await?;
    let state = if held { state } else { State::New.code().to_owned() };
    let text = "update findings set last_day = $2, last_run = $3, state = $4, amount_fen = $5, \
                score = $6, programme = coalesce($7, programme), month = coalesce($8, month) where id = $1";
    let (day, amount) = (tx.now.day.to_string(), finding.amount.map(|fen| fen.0));
    let score = i64::from(finding.score);
    let (code, month) = (programme.map(|(code, _)| code.to_owned()), month(finding, programme));
    write!(tx, text, id.clone(), day, i64::from(run), state, amount, score, code, month)?;
    tx.touch("findings", &id)?;
    Ok(true)
}

/// The month that a finding belongs to: that of its last payment, or the one that it is about.
fn month(finding: &Finding, programme: Option<(&str, i64)>) -> Option<i64> {
    let of_rows = programme.map(|(_, month)| month).filter(|month| *month > 0);
    of_rows.or(Some(i64::from(finding.period.0)).filter(|period| *period > 9_999))
}

/// Fills in the programmes of findings that were taken in without: key of the finding, programme, month.
///
/// # Errors
/// The rule that says no; a fault when the database refuses.
pub async fn fill_programmes(
    tx: &mut Tx,
    known: &[(String, (String, i64))],
) -> Result<Entry, Failure> {
    tx.may_county(Act::Create, "hit").await?;
    let text = "update findings set programme = $2, month = case when $3 > 0 then $3 else month end \
                where id = $1 and programme is null";
    for (id, (programme, month)) in known {
        write!(tx, text, id.clone(), programme.clone(), *month)?;
        tx.touch("findings", id)?;
    }
    let county = places::county(tx).await?;
    let count = json!({ "count": known.len() });
    Ok(Entry::new("finding-programmes", &county, count))
}

async fn excluded(tx: &mut Tx, model: &str, subject: &str) -> Result<bool, Failure> {
    let during = |error| failure("read exclusions", error);
    let text = "select count(*) as held from finding_exclusions where model = $1 and subject = $2 \
                and from_day <= $3 and until_day >= $3";
    let row = sqlx::query(text).bind(model.to_owned()).bind(subject.to_owned());
    let row = row.bind(tx.now.day.to_string()).fetch_one(tx.connection()).await.map_err(during)?;
    Ok(row.try_get::<i64, _>("held").map_err(during)? > 0)
}

async fn insert(
    tx: &mut Tx,
    (finding, programme): (&Finding, Option<(&str, i64)>),
    (number, place): (&str, &str),
    (run, state): (u32, State),
) -> Result<(), Failure> {
    let id = tx.new_id()?;
    let text = "insert into findings (id, number, finding_key, model, version, violation, severity, grain, \
                subject, place, period, amount_fen, score, reason_zh, reason_en, evidence, evidence_rows, \
                first_day, last_day, last_run, state, recover_fen, programme, month) values ($1, $2, $3, $4, $5, \
                $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18, $19, $20, 0, $21, $22)";
    let evidence = serde_json::to_string(&finding.evidence);
    let evidence = evidence.map_err(|e| Fault::new("write finding", e))?;
    let rows = finding.evidence_rows.max(finding.evidence.len());
    let query = sqlx::query(text).bind(id.clone()).bind(number.to_owned());
    let query = query.bind(finding.key.clone()).bind(finding.model.clone());
    let query = query.bind(i64::from(finding.version)).bind(code(&finding.violation)?);
    let query = query.bind(code(&finding.severity)?).bind(code(&finding.grain)?);
    let query = query.bind(finding.subject.clone()).bind(place.to_owned());
    let query = query.bind(i64::from(finding.period.0)).bind(finding.amount.map(|fen| fen.0));
    let query = query.bind(i64::from(finding.score)).bind(finding.reason.zh.clone());
    let query = query.bind(finding.reason.en.clone()).bind(evidence);
    let query = query.bind(i64::try_from(rows).unwrap_or(i64::MAX)).bind(tx.now.day.to_string());
    let query = query.bind(i64::from(run)).bind(state.code());
    let query = query.bind(programme.map(|(code, _)| code.to_owned()));
    let query = query.bind(month(finding, programme));
    query.execute(tx.connection()).await.map_err(|error| failure("write finding", error))?;
    tx.touch("findings", &id)?;
    for person in &finding.people {
        let row = tx.new_id()?;
        let text = "insert into finding_people (id, finding, person_key) values ($1, $2, $3)";
        write!(tx, text, row.clone(), id.clone(), signed(*person))?;
        tx.touch("finding_people", &row)?;
    }
    Ok(())
}

/// A person key as the database has it.
pub(crate) fn signed(key: u64) -> i64 {
    i64::from_ne_bytes(key.to_ne_bytes())
}

/// The code under which a word is stored.
pub(crate) fn code<T: Serialize>(word: &T) -> Result<String, Fault> {
    let value = serde_json::to_value(word).map_err(|e| Fault::new("write code", e))?;
    value.as_str().map(str::to_owned).ok_or_else(|| Fault::new("write code", "no text"))
}

/// A finding as acts need it.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub id: String,
    pub number: String,
    pub model: String,
    pub subject: String,
    pub around: Around,
    pub case: Case,
    /// Number of the present round of checking; none before the first.
    pub round: Option<(i64, String)>,
}

/// Loads a finding by its number.
pub(crate) async fn load(tx: &mut Tx, number: &str) -> Result<Known, Failure> {
    let during = |error| failure("read finding", error);
    let text = "select f.id, f.model, f.subject, f.place, f.state, f.outcome, f.recover_fen, \
                c.id as round_id, c.round, c.first, c.second, c.recorded_by, c.holds_until, \
                c.outcome as found, c.recover_fen as wanted from findings f \
                left join finding_checks c on c.finding = f.id and c.round = \
                (select max(r.round) from finding_checks r where r.finding = f.id) where f.number = $1";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("finding", number))?;
    let text = |column: &str| row.try_get::<Option<String>, _>(column).map_err(during);
    let must = |column: &str| row.try_get::<String, _>(column).map_err(during);
    let round: Option<i64> = row.try_get("round").map_err(during)?;
    let wanted: Option<i64> = row.try_get("wanted").map_err(during)?;
    let (id, place) = (must("id")?, must("place")?);
    let persons = persons(tx, &id).await?;
    let case = Case {
        state: State::named(&must("state")?).unwrap_or_default(),
        checkers: [text("first")?, text("second")?].into_iter().flatten().collect(),
        recorded_by: text("recorded_by")?,
        outcome: text("found")?.as_deref().and_then(Outcome::named),
        holds_until: text("holds_until")?.as_deref().and_then(Day::parse),
        recover_fen: wanted.unwrap_or(0),
    };
    Ok(Known {
        id,
        number: number.to_owned(),
        model: must("model")?,
        subject: must("subject")?,
        around: Around::at(tx, &place, persons).await?,
        case,
        round: round.zip(text("round_id")?),
    })
}

/// People of the register whom a finding concerns.
async fn persons(tx: &mut Tx, finding: &str) -> Result<Vec<(Part, String)>, Failure> {
    let during = |error| failure("read people", error);
    let text = "select p.id from finding_people f join people p on p.person_key = f.person_key \
                where f.finding = $1 order by p.id";
    let rows = sqlx::query(text).bind(finding.to_owned()).fetch_all(tx.connection()).await;
    let rows = rows.map_err(during)?;
    let person = |row: &sqlx::any::AnyRow| Ok((Part::Concerned, row.try_get("id")?));
    rows.iter().map(person).collect::<Result<_, _>>().map_err(during)
}
