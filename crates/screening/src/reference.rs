//! Tables beside the facts that models may read: the benefit catalogue, which benefits exclude
//! each other, the county's villages, and the last day of the data.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Int32Array, Int64Array, RecordBatch, StringViewArray,
};
use arrow::error::ArrowError;
use domain::benefit::{Benefit, Benefits, Pair, Relation};
use domain::place::Village;
use domain::problem::Fault;

use crate::engine::Engine;
use crate::provider::Table;

/// Names of the reference tables.
pub const NAMES: [&str; 4] = ["benefits", "incompatible", "villages", FACTS_UNTIL];
/// The table of the last day of the data.
pub const FACTS_UNTIL: &str = "facts_until";

/// Registers the reference tables. `until` is the last day on which anything was paid.
///
/// # Errors
/// A fault when the session refuses one.
pub fn register(
    engine: &Engine,
    catalogue: &Benefits,
    places: &BTreeMap<i32, Village>,
    until: Option<i32>,
) -> Result<(), Fault> {
    let tables = tables(catalogue, places, until)?;
    tables.into_iter().try_for_each(|(name, table)| engine.register(&name, table))
}

/// The reference tables by name.
///
/// # Errors
/// Never in practice.
pub fn tables(
    catalogue: &Benefits,
    places: &BTreeMap<i32, Village>,
    until: Option<i32>,
) -> Result<Vec<(String, Table)>, Fault> {
    let tables = [benefits(catalogue), incompatible(catalogue), villages(places), day(until)];
    let named = NAMES.iter().zip(tables).map(|(name, batch)| {
        let batch = batch.map_err(|error| Fault::new("make reference table", error))?;
        Ok(((*name).to_owned(), Table::plain(batch)))
    });
    named.collect()
}

type Batch = Result<RecordBatch, ArrowError>;

fn benefits(catalogue: &Benefits) -> Batch {
    let items = &catalogue.items;
    // The rules in force last: bands of plausibility, not law, so that one row will do.
    let last = |of: fn(&domain::benefit::BenefitVersion) -> Option<i32>| -> ArrayRef {
        Arc::new(items.iter().map(|b| b.versions.last().and_then(of)).collect::<Int32Array>())
    };
    let money = |of: fn(&domain::benefit::BenefitVersion) -> Option<i64>| -> ArrayRef {
        Arc::new(items.iter().map(|b| b.versions.last().and_then(of)).collect::<Int64Array>())
    };
    let text = |of: fn(&Benefit) -> &str| texts(items.iter().map(of));
    RecordBatch::try_from_iter([
        ("programme", numbers(items.iter().map(Benefit::number))),
        ("code", text(|b| &b.code)),
        ("frequency", text(|b| &b.frequency)),
        ("unit", text(|b| &b.unit)),
        (
            "closed_list",
            Arc::new(items.iter().map(|b| Some(b.closed_list)).collect::<BooleanArray>()),
        ),
        ("min_age_years", last(|v| v.min_age_years)),
        ("max_age_years", last(|v| v.max_age_years)),
        ("typical_min_fen", money(|v| v.typical_min_fen)),
        ("typical_max_fen", money(|v| v.typical_max_fen)),
    ])
}

/// Each pair in force once, the lower number first; pairs that go together are left out.
fn incompatible(catalogue: &Benefits) -> Batch {
    let number = |code: &str| {
        catalogue.items.iter().find(|item| item.code == code).map_or(0, Benefit::number)
    };
    let mut pairs: Vec<(i32, i32, &Pair)> = catalogue
        .pairs
        .iter()
        .filter(|pair| pair.relation != Relation::Both && pair.until.is_none())
        .map(|pair| {
            let (a, b) = (number(&pair.a), number(&pair.b));
            (a.min(b), a.max(b), pair)
        })
        .collect();
    pairs.sort_by_key(|(a, b, _)| (*a, *b));
    let relation = |pair: &Pair| match pair.relation {
        Relation::Excluded => "excluded",
        Relation::Choose => "choose",
        Relation::Both => "both",
        Relation::CheckLocally => "check_locally",
    };
    let confidence =
        |pair: &'_ Pair| pair.basis.first().map_or_else(String::new, |b| b.confidence.clone());
    RecordBatch::try_from_iter([
        ("a", numbers(pairs.iter().map(|(a, ..)| *a))),
        ("b", numbers(pairs.iter().map(|(_, b, _)| *b))),
        ("relation", texts(pairs.iter().map(|(.., pair)| relation(pair)))),
        ("scope", texts(pairs.iter().map(|(.., pair)| &pair.scope))),
        ("confidence", texts(pairs.iter().map(|(.., pair)| confidence(pair)))),
    ])
}

fn villages(places: &BTreeMap<i32, Village>) -> Batch {
    RecordBatch::try_from_iter([
        ("village", numbers(places.keys().copied())),
        ("township", texts(places.values().map(|place| &place.township))),
        ("name", texts(places.values().map(|place| &place.name))),
    ])
}

fn day(until: Option<i32>) -> Batch {
    let day: ArrayRef = Arc::new(Date32Array::from(vec![until]));
    RecordBatch::try_from_iter_with_nullable([("day", day, true)])
}

fn numbers(values: impl Iterator<Item = i32>) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(values))
}

fn texts(values: impl Iterator<Item = impl AsRef<str>>) -> ArrayRef {
    Arc::new(StringViewArray::from_iter_values(values))
}
