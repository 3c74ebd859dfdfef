//! Models as findings bring them along, with the questions that a checker answers, and their retirement.

use domain::access::Act;
use domain::model::Bilingual;
use domain::problem::{Failure, Fault, RuleViolation};
use serde_json::json;
use sqlx::Row;

use super::{Around, Bench, actor};
use crate::actions::{Refusal, places, unknown, write};
use crate::db::failure;
use crate::queries::supervision::rates;
use crate::tx::{Entry, Tx};

/// What a model asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewModel {
    /// Id.
    pub id: String,
    /// Version.
    pub version: u32,
    /// Code of the violation.
    pub violation: String,
    /// Code of the severity.
    pub severity: String,
    /// Title.
    pub title: Bilingual,
    /// What to check next, one question each.
    pub questions: Vec<Bilingual>,
}

/// Keeps a model as it is now.
pub(crate) async fn keep(tx: &mut Tx, model: &NewModel) -> Result<(), Failure> {
    let questions = serde_json::to_string(&model.questions);
    let questions = questions.map_err(|e| Fault::new("write model", e))?;
    let text = "insert into finding_models (id, version, violation, severity, title_zh, title_en, questions) \
                values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do update set version = $2, \
                violation = $3, severity = $4, title_zh = $5, title_en = $6, questions = $7";
    write!(
        tx,
        text,
        model.id.clone(),
        i64::from(model.version),
        model.violation.clone(),
        model.severity.clone(),
        model.title.zh.clone(),
        model.title.en.clone(),
        questions,
    )?;
    Ok(tx.touch("finding_models", &model.id)?)
}

/// How many questions a model asks.
pub(crate) async fn questions(tx: &mut Tx, model: &str) -> Result<usize, Failure> {
    let during = |error| failure("read model", error);
    let row = sqlx::query("select questions from finding_models where id = $1");
    let row = row.bind(model.to_owned()).fetch_optional(tx.connection()).await.map_err(during)?;
    let text: String =
        row.ok_or_else(|| unknown("model", model))?.try_get("questions").map_err(during)?;
    let list: Vec<Bilingual> =
        serde_json::from_str(&text).map_err(|e| Fault::new("read model", e))?;
    Ok(list.len())
}

/// Retires a model that has had its chance: its open findings stay, no new ones are shown first.
///
/// # Errors
/// The rule that says no when it is not below the floor.
pub async fn retire(
    tx: &mut Tx,
    bench: Bench<'_>,
    model: &str,
    reason: &str,
) -> Result<Entry, Refusal> {
    let county = places::county(tx).await?;
    let around = Around::at(tx, &county, Vec::new()).await?;
    let subject = around.subject("model", model, None);
    let me = actor(tx, &around, &[Act::Approve], &subject).await?;
    let version = bench.version(tx)?;
    let checks = rates::of_model(tx.connection(), model).await?;
    let basis = domain::model::Basis::line(&version.basis);
    if !checks.is_to_retire(version) {
        let no = RuleViolation::new("model-has-its-chance", basis);
        return Err(no.with("checked", checks.checked).into());
    }
    let text = "update finding_models set retired_day = $2, retired_reason = $3, retired_by = $4 \
                where id = $1";
    let day = tx.now.day.to_string();
    write!(tx, text, model.to_owned(), day, reason.to_owned(), me.person)?;
    tx.touch("finding_models", model)?;
    Ok(Entry::new("model-retired", model, json!({ "checked": checks.checked })))
}
