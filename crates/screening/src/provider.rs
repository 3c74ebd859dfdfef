//! A table in memory that tells the planner how its rows lie.
//!
//! Facts come in 16 ranges of their key, each ordered by it. Every table is cut at the same
//! points, so grouping and joining by person need no exchange of rows between partitions. The cuts
//! are declared as what they are, ranges: declared as hashes, a table could meet rows that a real
//! hash has distributed, and the join would lose matches.

use std::fmt;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::SortOptions;
use arrow::datatypes::{Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{ColumnStatistics, ScalarValue, SplitPoint, Statistics, internal_err};
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::{
    EquivalenceProperties, LexOrdering, Partitioning, PhysicalExpr, PhysicalSortExpr,
    RangePartitioning,
};
use datafusion::physical_plan::execution_plan::{
    Boundedness, EmissionType, ReplaceChildrenOptions, SchedulingType,
};
use datafusion::physical_plan::memory::MemoryStream;
use datafusion::physical_plan::statistics::StatisticsArgs;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties};
use facts::RANGES;

/// Rows that one step of a plan works on; larger batches are handed out in slices.
pub const BATCH_ROWS: usize = 16_384;

/// A table of facts, or a reference table.
#[derive(Debug, Clone)]
pub struct Table {
    schema: SchemaRef,
    /// For each column of the schema its place in the batches; `None` when it was not loaded.
    places: Arc<Vec<Option<usize>>>,
    partitions: Arc<Vec<Vec<RecordBatch>>>,
    /// The column by whose ranges the partitions are cut and ordered.
    key: Option<usize>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn empty(schema: SchemaRef, key: Option<&str>) -> Self {
        let partitions = if key.is_some() { RANGES } else { 1 };
        Self::of(schema, vec![Vec::new(); partitions], key)
    }

    /// A table of rows that lie in no order.
    #[must_use]
    pub fn plain(batch: RecordBatch) -> Self {
        Self::of(batch.schema(), vec![vec![batch]], None)
    }

    /// A table of some or all columns of `schema`. With a key, `ranges` are its [`RANGES`] ranges,
    /// each ordered by it.
    #[must_use]
    pub fn of(schema: SchemaRef, ranges: Vec<Vec<RecordBatch>>, key: Option<&str>) -> Self {
        let loaded =
            ranges.iter().flatten().next().map_or_else(|| schema.clone(), RecordBatch::schema);
        let places = schema.fields().iter().map(|f| loaded.index_of(f.name()).ok()).collect();
        let partitions = match key {
            Some(_) => ranges.into_iter().map(sliced).collect(),
            None => vec![sliced(ranges.into_iter().flatten().collect())],
        };
        let key = key.and_then(|name| schema.index_of(name).ok());
        Self { schema, places: Arc::new(places), partitions: Arc::new(partitions), key }
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.partitions.iter().flatten().map(RecordBatch::num_rows).sum()
    }
}

fn sliced(batches: Vec<RecordBatch>) -> Vec<RecordBatch> {
    let slice = |batch: RecordBatch| {
        let rows = batch.num_rows();
        (0..rows)
            .step_by(BATCH_ROWS)
            .map(move |at| batch.slice(at, BATCH_ROWS.min(rows - at)))
            .collect::<Vec<_>>()
    };
    batches.into_iter().flat_map(slice).collect()
}

#[async_trait]
impl TableProvider for Table {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _session: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let all = || (0..self.schema.fields().len()).collect();
        let wanted = projection.cloned().unwrap_or_else(all);
        Ok(Arc::new(Scan::new(self, &wanted)?))
    }
}

/// Reading of a [`Table`].
#[derive(Debug)]
struct Scan {
    partitions: Arc<Vec<Vec<RecordBatch>>>,
    /// Places of the wanted columns in the batches.
    places: Vec<usize>,
    properties: Arc<PlanProperties>,
}

impl Scan {
    fn new(table: &Table, wanted: &[usize]) -> Result<Self> {
        let schema = Arc::new(table.schema.project(wanted)?);
        let empty = table.partitions.iter().all(Vec::is_empty);
        let mut places = Vec::with_capacity(wanted.len());
        for (column, field) in wanted.iter().zip(schema.fields()) {
            match table.places.get(*column).copied().flatten() {
                Some(place) => places.push(place),
                None if empty => {}
                None => return internal_err!("column {} was not loaded", field.name()),
            }
        }
        let key = table.key.and_then(|key| wanted.iter().position(|column| *column == key));
        let properties = properties(&schema, key, table.partitions.len())?;
        Ok(Self { partitions: table.partitions.clone(), places, properties })
    }
}

fn properties(
    schema: &Arc<Schema>,
    key: Option<usize>,
    partitions: usize,
) -> Result<Arc<PlanProperties>> {
    let ordering = key.and_then(|key| {
        let column = Column::new(schema.field(key).name(), key);
        LexOrdering::new([PhysicalSortExpr::new(Arc::new(column), SortOptions::new(false, false))])
    });
    let (equivalences, partitioning) = match ordering {
        Some(ordering) => (
            EquivalenceProperties::new_with_orderings(schema.clone(), [ordering.clone()]),
            Partitioning::Range(RangePartitioning::try_new(ordering, cuts())?),
        ),
        None => (
            EquivalenceProperties::new(schema.clone()),
            Partitioning::UnknownPartitioning(partitions),
        ),
    };
    let properties = PlanProperties::new(
        equivalences,
        partitioning,
        EmissionType::Incremental,
        Boundedness::Bounded,
    );
    Ok(Arc::new(properties.with_scheduling_type(SchedulingType::Cooperative)))
}

/// The column by whose ranges the rows of a plan are cut, as those of a [`Table`] are, and in whose
/// order they lie.
#[must_use]
pub fn keyed(plan: &Arc<dyn ExecutionPlan>) -> Option<usize> {
    let properties = plan.properties();
    let Partitioning::Range(ranges) = properties.output_partitioning() else { return None };
    let by = ranges.ordering();
    let column = by.first().expr.downcast_ref::<Column>().filter(|_| by.len() == 1)?;
    let ordered = properties.equivalence_properties().ordering_satisfy(by.clone());
    (ranges.split_points() == cuts() && ordered.ok()?).then(|| column.index())
}

/// The keys at which every table is cut: multiples of 2^60.
fn cuts() -> Vec<SplitPoint> {
    (1..RANGES as u64).map(|n| SplitPoint::new(vec![ScalarValue::UInt64(Some(n << 60))])).collect()
}

impl DisplayAs for Scan {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schema = self.properties.eq_properties.schema();
        let columns: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        write!(
            f,
            "FactsExec: partitions={}, columns=[{}]",
            self.partitions.len(),
            columns.join(", ")
        )
    }
}

impl ExecutionPlan for Scan {
    fn name(&self) -> &'static str {
        "FactsExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn with_new_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(&self, partition: usize, _: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let Some(batches) = self.partitions.get(partition) else {
            return internal_err!("no partition {partition}");
        };
        let projection = Some(self.places.clone());
        Ok(Box::pin(MemoryStream::try_new(batches.clone(), self.schema(), projection)?))
    }

    fn statistics_from_inputs(
        &self,
        _: &[Arc<Statistics>],
        args: &StatisticsArgs,
    ) -> Result<Arc<Statistics>> {
        let rows = |batches: &Vec<RecordBatch>| batches.iter().map(RecordBatch::num_rows).sum();
        let rows: usize = match args.partition() {
            Some(partition) => self.partitions.get(partition).map_or(0, rows),
            None => self.partitions.iter().map(rows).sum(),
        };
        let schema = self.schema();
        let width: usize =
            schema.fields().iter().map(|f| f.data_type().primitive_width().unwrap_or(16)).sum();
        Ok(Arc::new(Statistics {
            num_rows: Precision::Exact(rows),
            total_byte_size: Precision::Inexact(rows * width),
            column_statistics: vec![ColumnStatistics::new_unknown(); schema.fields().len()],
        }))
    }
}
