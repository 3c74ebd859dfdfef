//! Findings: the list of a place, and one with its checks.

use std::collections::BTreeSet;

use domain::access::{Subject, View};
use domain::finding::Evidence;
use domain::model::Bilingual;
use domain::problem::{Failure, Fault};
use domain::supervision::rules::Version;
use serde::Serialize;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Reader, named, rates};
use crate::db::{Db, failure};

/// A finding in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingLine {
    /// Key.
    #[serde(skip)]
    pub id: String,
    /// Number.
    pub number: String,
    /// Id of the model.
    pub model: String,
    /// Title of the model in Chinese.
    pub title_zh: String,
    /// Title of the model in English.
    pub title_en: String,
    /// Code of the severity.
    pub severity: String,
    /// Code of the place.
    pub place: String,
    /// Name of the place.
    pub place_name: String,
    /// Path of the place.
    #[serde(skip)]
    pub path: String,
    /// Time concerned.
    pub period: i64,
    /// Money concerned.
    pub amount_fen: Option<i64>,
    /// Score as the model gave it.
    pub score: i64,
    /// State.
    pub state: String,
    /// Result.
    pub outcome: Option<String>,
    /// Last day of the check.
    pub due_day: Option<String>,
    /// Key of the first checker.
    #[serde(skip)]
    pub first: Option<String>,
    /// Key of the second checker.
    #[serde(skip)]
    pub second: Option<String>,
    /// Key of who recorded the result.
    #[serde(skip)]
    pub recorded_by: Option<String>,
    /// Names of the checkers.
    pub first_name: Option<String>,
    /// The other one.
    pub second_name: Option<String>,
}

impl FindingLine {
    from_row!(FindingLine {
        id,
        number,
        model,
        title_zh,
        title_en,
        severity,
        place,
        place_name,
        path,
        period,
        amount_fen,
        score,
        state,
        outcome,
        due_day,
        first,
        second,
        recorded_by,
        first_name,
        second_name,
    });

    /// Whether somebody checks it.
    #[must_use]
    pub fn is_checked_by(&self, person: Option<&str>) -> bool {
        person.is_some() && (self.first.as_deref() == person || self.second.as_deref() == person)
    }
}

const LIST: &str = "select f.id, f.number, f.model, m.title_zh, m.title_en, f.severity, f.place, \
    p.name as place_name, p.path, f.period, f.amount_fen, f.score, f.state, f.outcome, c.due_day, \
    c.first, c.second, c.recorded_by, a.name as first_name, b.name as second_name \
    from findings f join finding_models m on m.id = f.model join places p on p.id = f.place \
    left join finding_checks c on c.finding = f.id and c.round = \
    (select max(r.round) from finding_checks r where r.finding = f.id) \
    left join people a on a.id = c.first left join people b on b.id = c.second \
    where f.id in (select g.id from findings g join places q on q.id = g.place \
    where (q.path = $1 or q.path like $1 || '/%') and ($2 = '' or g.state = $2) \
    and ($3 = '' or g.model = $3) order by g.score desc, g.number limit 300) order by f.score desc, f.number";

const MINE: &str = "select f.id, f.number, f.model, m.title_zh, m.title_en, f.severity, f.place, \
    p.name as place_name, p.path, f.period, f.amount_fen, f.score, f.state, f.outcome, c.due_day, \
    c.first, c.second, c.recorded_by, a.name as first_name, b.name as second_name \
    from finding_checks c join findings f on f.id = c.finding \
    join finding_models m on m.id = f.model join places p on p.id = f.place \
    left join people a on a.id = c.first left join people b on b.id = c.second \
    where (c.first = $1 or c.second = $1) and c.confirmed_day is null and f.state in ('assigned', 'recorded') \
    order by c.due_day, f.number limit 300";

const ONE: &str = "select f.id, f.number, f.model, m.title_zh, m.title_en, f.severity, f.place, \
    p.name as place_name, p.path, f.period, f.amount_fen, f.score, f.state, f.outcome, c.due_day, \
    c.first, c.second, c.recorded_by, a.name as first_name, b.name as second_name, \
    f.reason_zh, f.reason_en, f.evidence, f.evidence_rows, m.questions \
    from findings f join finding_models m on m.id = f.model join places p on p.id = f.place \
    left join finding_checks c on c.finding = f.id and c.round = \
    (select max(r.round) from finding_checks r where r.finding = f.id) \
    left join people a on a.id = c.first left join people b on b.id = c.second where f.number = $1";

const NAMED: &str = "select f.finding as thing, q.id as person from people q \
    cross join finding_people f cross join findings g cross join places p \
    where f.person_key = q.person_key and g.id = f.finding and p.id = g.place \
    and (p.path = $1 or p.path like $1 || '/%')";

const NAMED_IN: &str = "select f.finding as thing, q.id as person from finding_people f \
    join people q on q.person_key = f.person_key where f.finding = $1";

/// Statements of pages; those of the list are in `pages`.
pub(super) const STATEMENTS: [&str; 8] =
    [MINE, ONE, NAMED_IN, ROUNDS, RECOVERIES, LOOKS, CLUES, GRANTED];

/// What to look for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Code of the state; empty: all.
    pub state: String,
    /// Id of the model; empty: all.
    pub model: String,
    /// Programme; empty: all.
    pub programme: String,
    /// Year that findings are about; 0: all.
    pub year: i64,
}

/// Findings of a place and below it that the reader may know of, those first that are most worth a
/// check: by their score, and by how often their model was right.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn list(
    db: &Db,
    reader: &Reader<'_>,
    path: &str,
    filter: &Filter,
    version: &Version,
) -> Result<Vec<FindingLine>, Failure> {
    let during = |error| failure("read findings", error);
    let rows = sqlx::query(LIST).bind(path.to_owned()).bind(filter.state.clone());
    let rows = rows.bind(filter.model.clone()).fetch_all(&db.read).await.map_err(during)?;
    let rates = rates::by_model(db).await?;
    let named = named(db, NAMED, path).await?;
    let mut lines = Vec::new();
    for row in &rows {
        let line = FindingLine::from_row(row).map_err(during)?;
        let people = named.get(&line.id).cloned().unwrap_or_default();
        if reader.sees(&subject(&line, people)).is_some_and(|view| view >= View::Meta) {
            let checks = rates.get(&line.model).copied().unwrap_or_default();
            let score = u8::try_from(line.score).unwrap_or(0);
            lines.push((checks.order(score, version), line));
        }
    }
    lines.sort_by(|(a, first), (b, second)| b.cmp(a).then(first.number.cmp(&second.number)));
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

/// How many findings of a place are in a state.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn count(db: &Db, path: &str, state: &str) -> Result<i64, Failure> {
    let during = |error| failure("count findings", error);
    let row = sqlx::query(COUNT).bind(path.to_owned()).bind(state.to_owned());
    row.fetch_one(&db.read).await.and_then(|row| row.try_get("count")).map_err(during)
}

const COUNT: &str = "select count(*) as count from places p cross join findings f \
    where f.place = p.id and (p.path = $1 or p.path like $1 || '/%') and f.state = $2";

/// Findings that wait for the reader's own check.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn mine(db: &Db, person: &str) -> Result<Vec<FindingLine>, Failure> {
    let during = |error| failure("read findings", error);
    let rows = sqlx::query(MINE).bind(person.to_owned()).fetch_all(&db.read).await;
    let rows = rows.map_err(during)?;
    rows.iter().map(FindingLine::from_row).collect::<Result<_, _>>().map_err(during)
}

/// Findings whose names somebody was granted a look at that still holds, with the keys of their people and
/// what the look is for: number of the finding, key, purpose.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn granted(
    db: &Db,
    person: &str,
    today: &str,
) -> Result<Vec<(String, u64, String)>, Failure> {
    let during = |error| failure("read looks", error);
    let rows = sqlx::query(GRANTED).bind(person.to_owned()).bind(today.to_owned());
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    let one = |row: &AnyRow| -> Result<(String, u64, String), sqlx::Error> {
        let key: i64 = row.try_get("person_key")?;
        Ok((row.try_get("number")?, key.cast_unsigned(), row.try_get("purpose")?))
    };
    rows.iter().map(one).collect::<Result<_, _>>().map_err(during)
}

const GRANTED: &str = "select f.number, x.person_key, l.purpose from finding_looks l \
    join findings f on f.id = l.finding join finding_people x on x.finding = f.id \
    where l.asked_by = $1 and l.until_day >= $2 order by f.number, x.person_key";

/// A finding as the matrix sees it.
pub(super) fn subject(line: &FindingLine, people: BTreeSet<String>) -> Subject {
    Subject {
        object: "hit".to_owned(),
        id: line.id.clone(),
        place: line.path.clone(),
        named: people,
        ..Subject::default()
    }
}

/// A round of checking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Round {
    /// Number, from 1.
    pub round: i64,
    /// Name of one checker.
    pub first_name: String,
    /// Name of the other.
    pub second_name: String,
    /// When it was given to them.
    pub assigned_day: String,
    /// Last day.
    pub due_day: String,
    /// Rule of the day.
    pub rule: String,
    /// Result.
    pub outcome: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Code of the cause.
    pub cause: Option<String>,
    /// Answers to the questions, as a JSON list.
    #[serde(skip)]
    pub answers: Option<String>,
    /// Until when an explanation holds.
    pub holds_until: Option<String>,
    /// Name of who recorded it.
    pub recorded_name: Option<String>,
    /// When.
    pub recorded_day: Option<String>,
    /// When the other one said his word.
    pub confirmed_day: Option<String>,
    /// 1: he agreed.
    pub agreed: Option<i64>,
}

impl Round {
    from_row!(Round {
        round,
        first_name,
        second_name,
        assigned_day,
        due_day,
        rule,
        outcome,
        reason,
        cause,
        answers,
        holds_until,
        recorded_name,
        recorded_day,
        confirmed_day,
        agreed,
    });
}

/// A line of the ledger of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recovery {
    /// `due`, `recovered`, `waived`.
    pub kind: String,
    /// Amount.
    pub amount_fen: i64,
    /// When.
    pub day: String,
    /// Note.
    pub note: String,
}

impl Recovery {
    from_row!(Recovery { kind, amount_fen, day, note });
}

/// A request for a look at names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LookLine {
    /// Key.
    pub id: String,
    /// Name of who asks.
    pub asked_name: String,
    /// What for.
    pub purpose: String,
    /// When.
    pub asked_day: String,
    /// Key of who asks.
    #[serde(skip)]
    pub asked_by: String,
    /// Last day, once granted.
    pub until_day: Option<String>,
}

impl LookLine {
    from_row!(LookLine { id, asked_name, purpose, asked_day, asked_by, until_day });
}

/// A finding with everything that the reader may know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingPage {
    /// As in a list.
    #[serde(flatten)]
    pub line: FindingLine,
    /// Why it is asked, with marks in the place of people; none for whoever sees its outline alone.
    pub reason: Option<Bilingual>,
    /// Rows of the sources that speak for it.
    pub evidence: Vec<Evidence>,
    /// How many rows there are.
    pub evidence_rows: i64,
    /// What a checker answers.
    pub questions: Vec<Bilingual>,
    /// Rounds of checking.
    pub rounds: Vec<Round>,
    /// Money.
    pub recoveries: Vec<Recovery>,
    /// Looks at names.
    pub looks: Vec<LookLine>,
    /// Numbers of clues that it led to.
    pub clues: Vec<String>,
}

/// One finding; none where there is no such, or the reader may not know of it.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn one(
    db: &Db,
    reader: &Reader<'_>,
    number: &str,
) -> Result<Option<FindingPage>, Failure> {
    let during = |error| failure("read finding", error);
    let row = sqlx::query(ONE).bind(number.to_owned()).fetch_optional(&db.read).await;
    let Some(row) = row.map_err(during)? else { return Ok(None) };
    let line = FindingLine::from_row(&row).map_err(during)?;
    let people = named(db, NAMED_IN, &line.id).await?.remove(&line.id).unwrap_or_default();
    let Some(view) = reader.sees(&subject(&line, people)) else { return Ok(None) };
    if view < View::Meta {
        return Ok(None);
    }
    let text = |column: &str| row.try_get::<String, _>(column).map_err(during);
    let full = view == View::Full;
    let fault = |e| Fault::new("read finding", e);
    let evidence = serde_json::from_str(&text("evidence")?).map_err(fault)?;
    let rounds = rows(db, ROUNDS, &line.id, Round::from_row).await?;
    Ok(Some(FindingPage {
        reason: match full {
            true => Some(Bilingual { zh: text("reason_zh")?, en: text("reason_en")? }),
            false => None,
        },
        evidence: if full { evidence } else { Vec::new() },
        evidence_rows: row.try_get("evidence_rows").map_err(during)?,
        questions: serde_json::from_str(&text("questions")?).map_err(fault)?,
        rounds: if full { rounds } else { Vec::new() },
        recoveries: rows(db, RECOVERIES, &line.id, Recovery::from_row).await?,
        looks: rows(db, LOOKS, &line.id, LookLine::from_row).await?,
        clues: match full {
            true => rows(db, CLUES, &line.id, |row| row.try_get("number")).await?,
            false => Vec::new(),
        },
        line,
    }))
}

const ROUNDS: &str = "select c.round, a.name as first_name, b.name as second_name, c.assigned_day, c.due_day, \
    c.rule, c.outcome, c.reason, c.cause, c.answers, c.holds_until, r.name as recorded_name, c.recorded_day, \
    c.confirmed_day, c.agreed from finding_checks c join people a on a.id = c.first \
    join people b on b.id = c.second left join people r on r.id = c.recorded_by \
    where c.finding = $1 order by c.round";
const RECOVERIES: &str =
    "select kind, amount_fen, day, note from recoveries where finding = $1 order by day, id";
const LOOKS: &str = "select l.id, p.name as asked_name, l.purpose, l.asked_day, l.asked_by, l.until_day \
    from finding_looks l join people p on p.id = l.asked_by where l.finding = $1 order by l.id";
const CLUES: &str = "select c.number from clue_findings l join clues c on c.id = l.clue \
    where l.finding = $1 order by c.number";

/// Rows of a query about one key.
pub(super) async fn rows<T>(
    db: &Db,
    text: &'static str,
    key: &str,
    read: impl Fn(&AnyRow) -> Result<T, sqlx::Error>,
) -> Result<Vec<T>, Failure> {
    let during = |error| failure("read rows", error);
    let rows = sqlx::query(text).bind(key.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    rows.iter().map(read).collect::<Result<_, _>>().map_err(during)
}
