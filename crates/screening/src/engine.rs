//! Planning and running of read-only SQL over tables in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::common::ScalarValue;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::{SQLOptions, SessionConfig, SessionContext};
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::{collect, displayable, execute_stream_partitioned};
use domain::facts::TABLES;
use domain::problem::{Fault, Place, Problem};
use facts::RANGES;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use crate::grouped::regroup;
use crate::kept::Answer;
use crate::provider::{BATCH_ROWS, Table, keyed};

/// Threads that work on a plan.
const WORKERS: usize = 2;

/// Values by name, without the `$`.
pub type Bindings = BTreeMap<String, ScalarValue>;

/// Columns by table.
pub type Columns = BTreeMap<String, BTreeSet<String>>;

/// A session that can read the tables registered with it, and nothing else.
pub struct Engine {
    context: SessionContext,
    runtime: Runtime,
}

impl Engine {
    /// A session over empty fact tables, for planning; tables with rows replace them.
    ///
    /// # Errors
    /// A fault when no threads can be had.
    pub fn new() -> std::result::Result<Self, Fault> {
        let runtime = Builder::new_multi_thread().worker_threads(WORKERS).build();
        let mut config = SessionConfig::new()
            .with_target_partitions(RANGES)
            .with_batch_size(BATCH_ROWS)
            .with_information_schema(false);
        let options = config.options_mut();
        options.sql_parser.enable_ident_normalization = true;
        // Scans cannot use filters, so deriving them while joining would only cost time.
        options.optimizer.enable_dynamic_filter_pushdown = false;
        let engine = Self {
            context: SessionContext::new_with_config(config),
            runtime: runtime.map_err(|error| Fault::new("start threads", error))?,
        };
        for table in TABLES {
            engine.register(table.name, Table::empty(facts::schema(table), table.key))?;
        }
        Ok(engine)
    }

    /// Puts a table in the place of the one of its name.
    ///
    /// # Errors
    /// A fault when the session refuses it.
    pub fn register(&self, name: &str, table: Table) -> std::result::Result<(), Fault> {
        let fault = |error: DataFusionError| Fault::new("register table", error);
        self.context.deregister_table(name).map_err(fault)?;
        let provider: Arc<dyn TableProvider> = Arc::new(table);
        self.context.register_table(name, provider).map_err(fault)?;
        Ok(())
    }

    /// Plans one query; statements that define, change or set anything are refused.
    ///
    /// # Errors
    /// What the planner says.
    pub fn plan(&self, sql: &str) -> Result<LogicalPlan> {
        let options = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        let plan = self.runtime.block_on(self.context.state().create_logical_plan(sql))?;
        options.verify_plan(&plan)?;
        match plan {
            LogicalPlan::Explain(_) | LogicalPlan::Analyze(_) | LogicalPlan::DescribeTable(_) => {
                Err(DataFusionError::Plan("only a SELECT can be planned".to_owned()))
            }
            plan => Ok(plan),
        }
    }

    /// Binds values to the parameters of a plan, by name.
    ///
    /// # Errors
    /// What the planner says.
    pub fn bind(&self, plan: LogicalPlan, bindings: &Bindings) -> Result<LogicalPlan> {
        let values: Vec<(String, ScalarValue)> =
            bindings.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        self.context.state().optimize(&plan.with_param_values(values)?)
    }

    /// Runs a plan.
    ///
    /// # Errors
    /// What the engine says.
    pub fn run(&self, plan: &LogicalPlan) -> Result<(SchemaRef, Vec<RecordBatch>)> {
        let state = self.context.state();
        self.runtime.block_on(async {
            let plan = regroup(state.query_planner().create_physical_plan(plan, &state).await?)?;
            let batches = collect(plan.clone(), self.context.task_ctx()).await?;
            Ok((plan.schema(), batches))
        })
    }

    /// Runs a plan and leaves its rows in the ranges in which they come, with columns named as in
    /// `schema`. Gives nothing when there are more than `most`.
    ///
    /// # Errors
    /// What the engine says.
    pub fn ranges(
        &self,
        plan: &LogicalPlan,
        schema: &SchemaRef,
        most: usize,
    ) -> Result<Option<Answer>> {
        let state = self.context.state();
        self.runtime.block_on(async {
            let plan = regroup(state.query_planner().create_physical_plan(plan, &state).await?)?;
            let keyed = keyed(&plan);
            let left = Arc::new(AtomicUsize::new(most));
            let mut running = JoinSet::new();
            let streams = execute_stream_partitioned(plan, self.context.task_ctx())?;
            let mut ranges = vec![Vec::new(); streams.len()];
            for (at, stream) in streams.into_iter().enumerate() {
                running.spawn(drained(at, stream, Arc::clone(schema), Arc::clone(&left)));
            }
            while let Some(done) = running.join_next().await {
                let done = done.map_err(|e| DataFusionError::External(Box::new(e)))?;
                // The others are stopped when one has met too much.
                let Some((at, rows)) = done? else { return Ok(None) };
                if let Some(range) = ranges.get_mut(at) {
                    *range = rows;
                }
            }
            if keyed.is_none() {
                ranges = vec![ranges.into_iter().flatten().collect()];
            }
            Ok(Some(Answer { schema: Arc::clone(schema), keyed, ranges }))
        })
    }

    /// The physical plan of a bound plan, for people.
    ///
    /// # Errors
    /// What the planner says.
    pub fn explain(&self, plan: &LogicalPlan) -> Result<String> {
        let state = self.context.state();
        let plan =
            self.runtime.block_on(state.query_planner().create_physical_plan(plan, &state))?;
        Ok(displayable(regroup(plan)?.as_ref()).indent(false).to_string())
    }
}

/// All rows of one range, with its number; nothing when more rows come than are left to be taken.
async fn drained(
    range: usize,
    mut stream: SendableRecordBatchStream,
    schema: SchemaRef,
    left: Arc<AtomicUsize>,
) -> Result<Option<(usize, Vec<RecordBatch>)>> {
    let mut rows = Vec::new();
    while let Some(batch) = poll_fn(|context| stream.as_mut().poll_next(context)).await {
        let batch = batch?;
        let count = batch.num_rows();
        let take = |left: usize| left.checked_sub(count);
        if left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_err() {
            return Ok(None);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        let columns = batch.columns().to_vec();
        rows.push(RecordBatch::try_new_with_options(Arc::clone(&schema), columns, &options)?);
    }
    Ok(Some((range, rows)))
}

/// Columns of tables that an optimised plan reads.
///
/// # Errors
/// Never in practice: the walk itself cannot fail.
pub fn columns_read(plan: &LogicalPlan) -> Result<Columns> {
    let mut columns = Columns::new();
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            let read = columns.entry(scan.table_name.table().to_owned()).or_default();
            let names = scan.projected_schema.fields().iter().map(|field| field.name().clone());
            read.extend(names);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(columns)
}

/// A problem with the first line of what the engine says.
pub fn complaint(code: &'static str, place: Place, error: &DataFusionError) -> Problem {
    let text = error.strip_backtrace();
    Problem::new(code, place).with("detail", text.lines().next().unwrap_or_default())
}
