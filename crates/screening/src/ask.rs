//! Queries over stored facts, answered from what was kept of earlier answers where that holds.
//!
//! A query is planned once, over empty tables. Its lasting parts (see `split`) are looked up among
//! what was kept: a part whose other inputs are unchanged is asked of new payments only, and the
//! rest of the plan reads its answer like a table. What has to be read is then loaded once for all
//! queries, and each is answered.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use datafusion::datasource::provider_as_source;
use datafusion::error::{DataFusionError, Result};
use datafusion::functions_aggregate::expr_fn;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, col};
use domain::problem::Failure;

use crate::engine::{Engine, columns_read};
use crate::kept::{self, About, Answer};
use crate::provider::Table;
use crate::shelf::Shelf;
use crate::split::{Class, GROWING, Merging, merging, replaced};
use crate::standing::Standing;
use crate::tables::{Scope, Tables, Wanted};

/// An answer of fewer rows is always worth keeping.
const FEW: usize = 100_000;
/// Others are when they have at most this part of the payments.
const PART: usize = 8;

/// A query with its lasting parts.
pub struct Query {
    plan: LogicalPlan,
    parts: Vec<Part>,
}

/// A part whose answer is kept.
struct Part {
    /// Under which it is.
    name: String,
    plan: LogicalPlan,
    class: Class,
    /// What its answer is made from now.
    about: About,
    known: Known,
}

/// What is known of the answer of a part.
enum Known {
    /// Nothing.
    Nothing,
    /// That it is too large to be kept.
    TooLarge,
    /// All of it.
    All(Answer),
    /// All but for some payments.
    Before(Answer, Scope),
}

/// How much of a query was answered from what was kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reuse {
    /// Parts of the query.
    pub parts: usize,
    /// Parts that were asked of new payments only, or not at all.
    pub kept: usize,
    /// Whether the rest of it had to read all payments.
    pub reads_all: bool,
    /// Whether all findings were those of the run before.
    pub whole: bool,
}

/// What came of a query.
pub struct Asked {
    /// Its rows.
    pub rows: Vec<RecordBatch>,
    /// What to keep, by name.
    pub keep: Vec<(String, Vec<u8>)>,
    /// How much was known before.
    pub reuse: Reuse,
}

impl Query {
    /// A query that keeps nothing.
    #[must_use]
    pub fn plain(plan: LogicalPlan) -> Self {
        Self { plan, parts: Vec::new() }
    }

    /// A bound plan with what is known of its parts. `text` stands for everything in the plan that
    /// its printed form may leave out.
    ///
    /// # Errors
    /// What the planner says, or when what was kept cannot be read.
    pub fn with_parts(
        name: &str,
        text: &str,
        plan: LogicalPlan,
        standing: &Standing<'_>,
        shelf: &dyn Shelf,
    ) -> std::result::Result<Self, Failed> {
        let mut found = Vec::new();
        replaced(&plan, &mut |part, class| {
            found.push((part.clone(), class));
            Ok(None)
        })?;
        let mut parts = Vec::new();
        for (number, (part, class)) in (1..).zip(found) {
            let text = format!("{text}\n{number}\n{}", part.display_indent_schema());
            let about = About {
                key: standing.key(&text, &columns_read(&part)?),
                payments: standing.batches_of(GROWING),
                ..About::default()
            };
            let name = format!("{name}-{number}");
            let known = match shelf.kept(&name).map_err(Failed::Failure)? {
                Some(bytes) => known(&bytes, &about, &part, class, standing),
                None => Known::Nothing,
            };
            parts.push(Part { name, plan: part, class, about, known });
        }
        Ok(Self { plan, parts })
    }

    /// Says what has to be loaded.
    ///
    /// # Errors
    /// What the planner says.
    pub fn wants(&self, wanted: &mut Wanted) -> Result<()> {
        for part in &self.parts {
            if let Known::Before(_, scope) = &part.known {
                wanted.add(&part.plan, scope)?;
            }
        }
        let tables = self.parts.iter().map(|part| match part.known {
            Known::Nothing | Known::TooLarge => None,
            Known::All(_) | Known::Before(..) => Some(Table::empty(kept::schema(&part.plan), None)),
        });
        wanted.add(&self.rest(tables)?, &Scope::All)
    }

    /// Answers it.
    ///
    /// # Errors
    /// What the engine says.
    pub fn answer(&self, engine: &Engine, tables: &Tables, few: usize) -> Result<Asked> {
        let mut keep = Vec::new();
        let mut answers = Vec::new();
        let mut reuse = Reuse { parts: self.parts.len(), ..Reuse::default() };
        for part in &self.parts {
            reuse.kept += usize::from(matches!(part.known, Known::All(_) | Known::Before(..)));
            let answer = part.answer(engine, tables, few)?;
            if !matches!(part.known, Known::All(_) | Known::TooLarge) {
                keep.push((part.name.clone(), part.bytes(answer.as_ref(), few)?));
            }
            answers.push(answer);
        }
        let rest = self.rest(answers.iter().map(|answer| answer.as_ref().map(Answer::table)))?;
        reuse.reads_all = columns_read(&rest)?.contains_key(GROWING);
        let (_, rows) = engine.run(&tables.under(&rest, &Scope::All)?)?;
        Ok(Asked { rows, keep, reuse })
    }

    /// The physical plan of what is left beside its parts, and of those.
    ///
    /// # Errors
    /// What the planner says.
    pub fn explain(&self, engine: &Engine, tables: &Tables) -> Result<String> {
        let tables_of = |part: &Part| Some(Table::empty(kept::schema(&part.plan), None));
        let rest = self.rest(self.parts.iter().map(tables_of))?;
        let mut text = engine.explain(&tables.under(&rest, &Scope::All)?)?;
        for part in &self.parts {
            let plan = tables.under(&part.plan, &Scope::All)?;
            text += &format!("{} {:?}\n{}", part.name, part.class, engine.explain(&plan)?);
        }
        Ok(text)
    }

    /// The plan with tables in the place of parts.
    fn rest(&self, tables: impl Iterator<Item = Option<Table>>) -> Result<LogicalPlan> {
        if self.parts.is_empty() {
            return Ok(self.plan.clone());
        }
        let mut tables = (1..).zip(tables);
        replaced(&self.plan, &mut |part, _| match tables.next() {
            Some((number, Some(table))) => read(part, table, number).map(Some),
            _ => Ok(None),
        })
    }
}

/// How many rows an answer may have to be kept.
#[must_use]
pub fn few(standing: &Standing<'_>) -> usize {
    FEW.max(standing.payments() / PART)
}

/// Why a query could not be made ready.
#[derive(Debug)]
pub enum Failed {
    /// What the planner says.
    Planner(DataFusionError),
    /// Why something could not be read.
    Failure(Failure),
}

impl From<DataFusionError> for Failed {
    fn from(error: DataFusionError) -> Self {
        Self::Planner(error)
    }
}

fn known(
    bytes: &[u8],
    now: &About,
    part: &LogicalPlan,
    class: Class,
    standing: &Standing<'_>,
) -> Known {
    let Some(then) = About::read(bytes).filter(|then| then.key == now.key) else {
        return Known::Nothing;
    };
    let there = |(batch, digest): (&u32, &String)| now.payments.get(batch) == Some(digest);
    if !then.payments.iter().all(there) {
        return Known::Nothing;
    }
    if then.too_large {
        return Known::TooLarge;
    }
    let Some(answer) = Answer::read(bytes, &then, &kept::schema(part)) else {
        return Known::Nothing;
    };
    let new = now.payments.keys().filter(|batch| !then.payments.contains_key(batch));
    let new: BTreeSet<u32> = new.copied().collect();
    if new.is_empty() {
        return Known::All(answer);
    }
    if matches!(class, Class::Month(_)) {
        let months: Option<Vec<_>> = new.iter().map(|batch| standing.months_of(*batch)).collect();
        return match months {
            Some(months) => {
                Known::Before(answer, Scope::Months(months.into_iter().flatten().collect()))
            }
            None => Known::Nothing,
        };
    }
    Known::Before(answer, Scope::Batches(new))
}

impl Part {
    /// Its answer over all payments; `None` when that is too large.
    fn answer(&self, engine: &Engine, tables: &Tables, few: usize) -> Result<Option<Answer>> {
        match &self.known {
            Known::All(answer) => Ok(Some(answer.clone())),
            Known::TooLarge => Ok(None),
            Known::Nothing => self.asked(engine, tables, &Scope::All, few),
            Known::Before(answer, scope) => {
                let Some(new) = self.asked(engine, tables, scope, usize::MAX)? else {
                    return Ok(None);
                };
                let both = match (self.class, scope) {
                    (Class::Month(column), Scope::Months(months)) => {
                        let months: Vec<i32> = months.iter().copied().collect();
                        answer.clone().without_months(column, &months)?.with(new)?
                    }
                    _ => answer.clone().with(new)?,
                };
                match (self.class, &self.plan) {
                    (Class::Merge, LogicalPlan::Aggregate(_)) => self.merged(engine, &both),
                    _ => Ok(Some(both)),
                }
            }
        }
    }

    fn asked(
        &self,
        engine: &Engine,
        tables: &Tables,
        scope: &Scope,
        most: usize,
    ) -> Result<Option<Answer>> {
        let plan = tables.under(&self.plan, scope)?;
        engine.ranges(&plan, &kept::schema(&self.plan), most)
    }

    /// Groups once more what was grouped in two steps.
    fn merged(&self, engine: &Engine, both: &Answer) -> Result<Option<Answer>> {
        let LogicalPlan::Aggregate(aggregate) = &self.plan else { return Ok(None) };
        let groups = aggregate.group_expr.len();
        let source = provider_as_source(Arc::new(both.table()));
        let group = (0..groups).map(|at| col(format!("kept.c{at}")));
        let values = aggregate.aggr_expr.iter().zip(groups..).map(|(function, at)| {
            let value = col(format!("kept.c{at}"));
            match merging(function) {
                Some(Merging::Min) => expr_fn::min(value),
                Some(Merging::Max) => expr_fn::max(value),
                _ => expr_fn::sum(value),
            }
        });
        let plan = LogicalPlanBuilder::scan("kept", source, None)?
            .aggregate(group.collect::<Vec<_>>(), values.collect::<Vec<Expr>>())?
            .build()?;
        engine.ranges(&plan, &kept::schema(&self.plan), usize::MAX)
    }

    /// What to keep: the answer, or that it is too large.
    fn bytes(
        &self,
        answer: Option<&Answer>,
        few: usize,
    ) -> std::result::Result<Vec<u8>, ArrowError> {
        match answer.filter(|answer| answer.rows() <= few) {
            Some(answer) => answer.bytes(&self.about),
            None => About { too_large: true, ..self.about.clone() }.bytes(),
        }
    }
}

/// A plan that reads a table and gives its columns the names that they had in a part.
fn read(part: &LogicalPlan, table: Table, number: usize) -> Result<LogicalPlan> {
    let name = format!("kept{number}");
    let columns = part.schema().iter().enumerate().map(|(at, (of, field))| {
        col(format!("{name}.c{at}")).alias_qualified(of.cloned(), field.name())
    });
    let columns: Vec<Expr> = columns.collect();
    LogicalPlanBuilder::scan(&name, provider_as_source(Arc::new(table)), None)?
        .project(columns)?
        .build()
}
