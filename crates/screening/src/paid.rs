//! What was paid in each village in a year, for whoever compares villages: sums, and nobody in them.

use std::collections::BTreeMap;

use arrow::array::AsArray;
use arrow::datatypes::{Int32Type, Int64Type};
use domain::benefit::Benefits;
use domain::place::Village;
use domain::problem::Failure;

use crate::run::Source;
use crate::session::Session;

/// Name of the query.
const NAME: &str = "paid-by-village";

/// The money of a village.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// As files name it.
    pub village: Village,
    /// In fen.
    pub fen: i64,
}

/// What was paid in a year, by village; one whose name nobody wrote is left out.
///
/// # Errors
/// When stored facts cannot be read.
pub fn by_village(source: &dyn Source, year: i32) -> Result<Vec<Paid>, Failure> {
    let benefits = Benefits::default();
    let mut session = Session::new(source, &benefits, None)?;
    let sql = format!(
        "select village, cast(sum(amount_fen) as bigint) as fen from payments \
         where paid_day >= date '{year:04}-01-01' and paid_day <= date '{year:04}-12-31' \
         group by village order by village"
    );
    session.add_sql(NAME, &sql)?;
    session.load()?;
    let (batches, _) = session.rows(NAME)?;
    let mut sums: BTreeMap<i32, i64> = BTreeMap::new();
    for batch in &batches {
        let villages = batch.column(0).as_primitive::<Int32Type>().iter();
        let fen = batch.column(1).as_primitive::<Int64Type>().iter();
        for (village, fen) in villages.zip(fen) {
            if let (Some(village), Some(fen)) = (village, fen) {
                *sums.entry(village).or_default() += fen;
            }
        }
    }
    let known = &session.standing.dictionaries.villages;
    let paid = sums.into_iter().filter_map(|(number, fen)| {
        known.get(&number).map(|village| Paid { village: village.clone(), fen })
    });
    Ok(paid.collect())
}
