//! Figures of a village's year that the register cannot count itself: income as the yearly report has it,
//! what was paid to its people, how many live there.

use domain::access::Act;
use domain::problem::{Failure, Place, Problem};
use serde_json::json;
use sqlx::Row;

use super::OBJECT;
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// Figures to be entered; what is none stays as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewFigures {
    /// Village.
    pub place: String,
    /// Year.
    pub year: i64,
    /// Income of the collective, in fen.
    pub income_fen: Option<i64>,
    /// Benefits and subsidies paid, in fen.
    pub funds_fen: Option<i64>,
    /// Residents.
    pub residents: Option<i64>,
    /// Where they come from.
    pub source: String,
}

/// Enters figures of villages.
///
/// # Errors
/// The rule that says no; a problem when a village is unknown, or a figure cannot be.
pub async fn enter(tx: &mut Tx, all: &[NewFigures]) -> Result<Entry, Failure> {
    tx.may_county(Act::Create, OBJECT).await?;
    for new in all {
        let figures = [new.income_fen, new.funds_fen, new.residents];
        let negative = figures.iter().flatten().any(|figure| *figure < 0);
        if negative || new.source.trim().is_empty() {
            return Err(Problem::new("figures-wrong", Place::default()).into());
        }
        keep(tx, new).await?;
    }
    Ok(Entry::new("stepped-figures", &all.len().to_string(), json!({ "villages": all.len() })))
}

async fn keep(tx: &mut Tx, new: &NewFigures) -> Result<(), Failure> {
    let during = |error| failure("write figures", error);
    let id = tx.new_id()?;
    let text = "insert into stepped_figures (id, place, year, income_fen, funds_fen, residents, source, \
                entered_by, entered_day) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                on conflict (place, year) do update set \
                income_fen = coalesce(excluded.income_fen, stepped_figures.income_fen), \
                funds_fen = coalesce(excluded.funds_fen, stepped_figures.funds_fen), \
                residents = coalesce(excluded.residents, stepped_figures.residents), \
                source = excluded.source, entered_by = excluded.entered_by, \
                entered_day = excluded.entered_day returning id";
    let query = sqlx::query(text).bind(id).bind(new.place.clone()).bind(new.year);
    let query = query.bind(new.income_fen).bind(new.funds_fen).bind(new.residents);
    let query = query.bind(new.source.clone()).bind(tx.by.person.clone());
    let row = query.bind(tx.now.day.to_string()).fetch_one(tx.connection()).await;
    let id: String = row.map_err(during)?.try_get("id").map_err(during)?;
    Ok(tx.touch("stepped_figures", &id)?)
}
