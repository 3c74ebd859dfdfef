//! What is asked of a village under supervision: reports, talks, discipline, problems to be put right; each
//! with its day and its record.

use domain::access::Act as May;
use domain::model::Basis;
use domain::problem::{Failure, Place, Problem, RuleViolation};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::{OBJECT, Stepped, load};
use crate::actions::supervision::{actor, conflict, dues};
use crate::actions::{Refusal, unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// Something that is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewMeasure {
    /// Code of its kind.
    pub kind: String,
    /// What it is about.
    pub words: String,
    /// Number of the rectification that it presses for.
    pub rectification: Option<String>,
}

/// Asks for something. Returns its key and its last day.
///
/// # Errors
/// Every rule that says no; a problem when village, kind or rectification is unknown.
pub async fn order(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    number: &str,
    new: &NewMeasure,
) -> Result<((String, Day), Entry), Refusal> {
    let known = load(tx, number).await?;
    let subject = known.around.subject(OBJECT, &known.id, None);
    let me = actor(tx, &known.around, &[May::Update], &subject).await?;
    let kind = stepped.rules.measures.iter().find(|kind| kind.code == new.kind);
    let kind = kind.ok_or_else(|| {
        let place = Place { column: Some("kind".to_owned()), ..Place::default() };
        Refusal::from(Problem::new("code-unknown", place).with("code", &new.kind))
    })?;
    let basis = Basis::line(&stepped.version(tx)?.basis);
    let no = |rule| RuleViolation::new(rule, basis.clone());
    let mut refusals = Vec::new();
    if !known.state.state.lasts() {
        refusals.push(no("stepped-state").with("state", known.state.state.code()));
    }
    if new.words.trim().is_empty() {
        refusals.push(no("stepped-reason"));
    }
    if !refusals.is_empty() {
        return Err(Refusal::Rules(refusals));
    }
    let rectification = match &new.rectification {
        Some(number) => Some(rectification(tx, number, &known.around.place).await?),
        None => None,
    };
    let due = dues::due(stepped.bench, &kind.rule, tx.now.day, &[])?;
    let id = tx.new_id()?;
    let text = "insert into stepped_measures (id, village, kind, words, rectification, rule, due_day, \
                provisional, catalogue, ordered_by, ordered_day) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let query = sqlx::query(text).bind(id.clone()).bind(known.id).bind(new.kind.clone());
    let query = query.bind(new.words.clone()).bind(rectification).bind(kind.rule.clone());
    let query = query.bind(due.day.to_string()).bind(i64::from(due.provisional));
    let query = query.bind(stepped.bench.office.digest.to_owned()).bind(me.person);
    let written = query.bind(tx.now.day.to_string()).execute(tx.connection()).await;
    written.map_err(|error| failure("write measure", error))?;
    tx.touch("stepped_measures", &id)?;
    let entry = Entry::new("stepped-measure-ordered", number, json!({ "kind": new.kind }));
    Ok(((id, due.day), entry))
}

/// Writes down what came of it.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it.
pub async fn record(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    id: &str,
    words: &str,
) -> Result<Entry, Refusal> {
    let during = |error| Refusal::from(failure("read measure", error));
    let text = "select v.number, m.done_day from stepped_measures m \
                join stepped_villages v on v.id = m.village where m.id = $1";
    let row = sqlx::query(text).bind(id.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("measure", id))?;
    let number: String = row.try_get("number").map_err(during)?;
    let known = load(tx, &number).await?;
    let subject = known.around.subject(OBJECT, &known.id, None);
    let me = actor(tx, &known.around, &[May::Update], &subject).await?;
    let against = conflict(tx, stepped.bench, &known.around, (&me.person, Some(&me.role))).await?;
    let basis = Basis::line(&stepped.version(tx)?.basis);
    let no = |rule| RuleViolation::new(rule, basis.clone());
    let mut refusals = Vec::new();
    if against.verdict == domain::recusal::Verdict::Block {
        refusals.push(no("supervision-recused").with("ground", grounds(&against)));
    }
    if row.try_get::<Option<String>, _>("done_day").map_err(during)?.is_some() {
        refusals.push(no("stepped-measure-done"));
    }
    if words.trim().is_empty() {
        refusals.push(no("stepped-reason"));
    }
    if !refusals.is_empty() {
        return Err(Refusal::Rules(refusals));
    }
    let text = "update stepped_measures set result = $2, done_by = $3, done_day = $4 where id = $1";
    let (id, day) = (id.to_owned(), tx.now.day.to_string());
    write!(tx, text, id.clone(), words.to_owned(), me.person, day)?;
    tx.touch("stepped_measures", &id)?;
    Ok(Entry::new("stepped-measure-recorded", &number, json!({ "measure": id })))
}

fn grounds(conflict: &domain::recusal::Conflict) -> String {
    let codes: Vec<&str> = conflict.reasons.iter().map(|reason| reason.ground.code()).collect();
    codes.join(", ")
}

/// Key of a rectification of the village.
async fn rectification(tx: &mut Tx, number: &str, place: &str) -> Result<String, Failure> {
    let during = |error| failure("read rectification", error);
    let text = "select id from rectifications where number = $1 and place = $2";
    let row = sqlx::query(text).bind(number.to_owned()).bind(place.to_owned());
    let row = row.fetch_optional(tx.connection()).await.map_err(during)?;
    row.ok_or_else(|| unknown("rectification", number))?.try_get("id").map_err(during)
}
