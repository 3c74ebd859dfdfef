//! How often each model was right.

use std::collections::BTreeMap;

use domain::problem::Failure;
use domain::supervision::rate::{Checks, Share};
use serde::Serialize;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::db::{Db, failure};

/// A model with what its checks say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModelRate {
    /// Id.
    pub model: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// Findings in the register.
    pub hits: i64,
    /// Those kept out by an explanation that still holds.
    pub excluded: i64,
    /// Checks.
    #[serde(flatten)]
    pub checks: Checks,
    /// Confirmed share with its interval.
    pub share: Option<Share>,
    /// When it was retired.
    pub retired: Option<String>,
}

pub(super) const COUNT: &str = "select m.id, m.title_zh, m.title_en, m.retired_day, count(f.model) as hits, \
    count(case when f.state = 'excluded' then 1 end) as excluded, \
    count(case when f.state = 'checked' then 1 end) as checked, \
    count(case when f.outcome in ('rectified', 'clue') then 1 end) as confirmed \
    from finding_models m left join findings f on f.model = m.id \
    group by m.id, m.title_zh, m.title_en, m.retired_day order by m.id";

/// All models.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn all(db: &Db) -> Result<Vec<ModelRate>, Failure> {
    let during = |error| failure("read models", error);
    let rows = sqlx::query(COUNT).fetch_all(&db.read).await.map_err(during)?;
    let rate = |row: &AnyRow| -> Result<ModelRate, sqlx::Error> {
        let checks = checks(row)?;
        Ok(ModelRate {
            model: row.try_get("id")?,
            title_zh: row.try_get("title_zh")?,
            title_en: row.try_get("title_en")?,
            hits: row.try_get("hits")?,
            excluded: row.try_get("excluded")?,
            checks,
            share: checks.share(),
            retired: row.try_get("retired_day")?,
        })
    };
    rows.iter().map(rate).collect::<Result<_, _>>().map_err(during)
}

/// All models with their titles, and nothing counted.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn titles(db: &Db) -> Result<Vec<ModelRate>, Failure> {
    let during = |error| failure("read models", error);
    let text = "select id, title_zh, title_en, retired_day from finding_models order by id";
    let rows = sqlx::query(text).fetch_all(&db.read).await.map_err(during)?;
    let title = |row: &AnyRow| -> Result<ModelRate, sqlx::Error> {
        Ok(ModelRate {
            model: row.try_get("id")?,
            title_zh: row.try_get("title_zh")?,
            title_en: row.try_get("title_en")?,
            hits: 0,
            excluded: 0,
            checks: Checks::default(),
            share: None,
            retired: row.try_get("retired_day")?,
        })
    };
    rows.iter().map(title).collect::<Result<_, _>>().map_err(during)
}

/// Checks of all models, by id.
pub(crate) async fn by_model(db: &Db) -> Result<BTreeMap<String, Checks>, Failure> {
    Ok(all(db).await?.into_iter().map(|rate| (rate.model, rate.checks)).collect())
}

/// Checks of one model.
pub(crate) async fn of_model(
    connection: &mut AnyConnection,
    model: &str,
) -> Result<Checks, Failure> {
    let during = |error| failure("read model", error);
    let text = "select count(*) as checked, count(case when outcome in ('rectified', 'clue') then 1 end) \
                as confirmed from findings where model = $1 and state = 'checked'";
    let row = sqlx::query(text).bind(model.to_owned()).fetch_one(connection).await;
    checks(&row.map_err(during)?).map_err(during)
}

fn checks(row: &AnyRow) -> Result<Checks, sqlx::Error> {
    let count =
        |column: &str| row.try_get::<i64, _>(column).map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    Ok(Checks { checked: count("checked")?, confirmed: count("confirmed")? })
}
