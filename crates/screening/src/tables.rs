//! Tables in memory: which columns of which rows, each loaded once, put under the plans that read
//! them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::max;
use arrow::datatypes::Date32Type;
use datafusion::common::tree_node::Transformed;
use datafusion::datasource::provider_as_source;
use datafusion::error::Result;
use datafusion::logical_expr::{LogicalPlan, TableScan};
use domain::facts::{self as contract, TableSpec};
use domain::problem::{Failure, Fault};
use facts::Loaded;

use crate::engine::{Columns, columns_read};
use crate::kept::of_months;
use crate::provider::Table;
use crate::reference::{self, FACTS_UNTIL};
use crate::split::{GROWING, MONTH};
use crate::standing::Standing;

/// Which payments are read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// All.
    All,
    /// Those of some batches.
    Batches(BTreeSet<u32>),
    /// Those for some months, 0 for those without one.
    Months(BTreeSet<i32>),
}

/// Columns that have to be loaded.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Of tables other than payments.
    others: Columns,
    payments: BTreeMap<Scope, BTreeSet<String>>,
}

impl Wanted {
    /// Adds what a plan reads.
    ///
    /// # Errors
    /// Never in practice.
    pub fn add(&mut self, plan: &LogicalPlan, scope: &Scope) -> Result<()> {
        for (table, columns) in columns_read(plan)? {
            if table == GROWING {
                self.payments.entry(scope.clone()).or_default().extend(columns);
            } else {
                self.others.entry(table).or_default().extend(columns);
            }
        }
        Ok(())
    }
}

/// Loaded tables.
#[derive(Debug)]
pub struct Tables {
    others: BTreeMap<String, Table>,
    payments: BTreeMap<Scope, Table>,
}

impl Tables {
    /// Loads what is wanted.
    ///
    /// # Errors
    /// When stored facts cannot be read.
    pub fn load(standing: &Standing<'_>, mut wanted: Wanted) -> std::result::Result<Self, Failure> {
        let with_day = wanted.others.contains_key(FACTS_UNTIL);
        if with_day {
            wanted.payments.entry(Scope::All).or_default().insert("paid_day".to_owned());
        }
        let mut tables = Self { others: BTreeMap::new(), payments: BTreeMap::new() };
        let mut until = None;
        for (scope, columns) in wanted.payments {
            let Some(spec) = contract::table(GROWING) else { continue };
            let loaded = scoped(standing, spec, columns, &scope)?;
            if with_day && scope == Scope::All {
                until = last_day(&loaded.ranges);
            }
            tables.payments.insert(scope, table(spec, loaded));
        }
        for (name, columns) in wanted.others {
            if let Some(spec) = contract::table(&name) {
                let loaded = standing.source.load(spec, &names(spec, &columns), None)?;
                tables.others.insert(name, table(spec, loaded));
            }
        }
        let beside = reference::tables(standing.benefits, &standing.dictionaries.villages, until)?;
        tables.others.extend(beside);
        Ok(tables)
    }

    /// A plan that reads these tables, of payments those of a scope.
    ///
    /// # Errors
    /// What the planner says.
    pub fn under(&self, plan: &LogicalPlan, scope: &Scope) -> Result<LogicalPlan> {
        let put = |node: LogicalPlan| {
            let LogicalPlan::TableScan(scan) = node else { return Ok(Transformed::no(node)) };
            let table = match scan.table_name.table() {
                GROWING => self.payments.get(scope),
                other => self.others.get(other),
            };
            let Some(table) = table else {
                return Ok(Transformed::no(LogicalPlan::TableScan(scan)));
            };
            let source = provider_as_source(Arc::new(table.clone()));
            Ok(Transformed::yes(LogicalPlan::TableScan(TableScan { source, ..scan })))
        };
        Ok(plan.clone().transform_down_with_subqueries(put)?.data)
    }
}

/// The columns to load, the key among them.
fn names<'a>(spec: &'a TableSpec, columns: &'a BTreeSet<String>) -> Vec<&'a str> {
    let key = spec.key.unwrap_or("ref");
    let others = columns.iter().map(String::as_str).filter(|name| *name != key);
    std::iter::once(key).chain(others).collect()
}

fn table(spec: &TableSpec, loaded: Loaded) -> Table {
    Table::of(facts::schema(spec), loaded.ranges, spec.key)
}

fn scoped(
    standing: &Standing<'_>,
    spec: &TableSpec,
    mut columns: BTreeSet<String>,
    scope: &Scope,
) -> std::result::Result<Loaded, Failure> {
    let batches: Option<BTreeSet<u32>> = match scope {
        Scope::All => None,
        Scope::Batches(batches) => Some(batches.clone()),
        Scope::Months(wanted) => {
            columns.insert(MONTH.to_owned());
            let may = |batch: &u32| {
                standing.months_of(*batch).is_none_or(|months| !months.is_disjoint(wanted))
            };
            Some(standing.batches_of(GROWING).into_keys().filter(may).collect())
        }
    };
    let batches = batches.map(|batches| batches.into_iter().collect::<Vec<_>>());
    let mut loaded = standing.source.load(spec, &names(spec, &columns), batches.as_deref())?;
    if let (Scope::Months(wanted), Ok(column)) = (scope, loaded.schema.index_of(MONTH)) {
        for batch in loaded.ranges.iter_mut().flatten() {
            let filtered = of_months(batch, column, |month| wanted.contains(&month));
            *batch = filtered.map_err(|e| Fault::new("load facts", e))?;
        }
    }
    Ok(loaded)
}

fn last_day(ranges: &[Vec<RecordBatch>]) -> Option<i32> {
    let last = |batch: &RecordBatch| {
        max(batch.column_by_name("paid_day")?.as_primitive_opt::<Date32Type>()?)
    };
    ranges.iter().flatten().filter_map(last).max()
}
