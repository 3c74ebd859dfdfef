//! Grouping of rows that lie in the order of a person, in the place of the engine's hash tables.
//!
//! It answers what the engine's own operator answers, with the same functions: only how rows find
//! their groups differs. SQL knows nothing of it, so models still run anywhere.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, UInt32Array};
use arrow::compute::{concat, take};
use arrow::datatypes::{DataType, SchemaRef, UInt64Type};
use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::execution::{RecordBatchStream, SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use datafusion::physical_plan::execution_plan::{ChildrenPropertiesMode, ReplaceChildrenOptions};
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, InputOrderMode, PlanProperties,
};
use futures_core::Stream;

use crate::groups::{Groups, fit, packed};

/// Puts [`Grouped`] in the place of every grouping that it can do.
///
/// # Errors
/// What the planner says.
pub fn regroup(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    plan.transform_up(|node| {
        Ok(match Grouped::instead_of(&node) {
            Some(grouped) => Transformed::yes(Arc::new(grouped) as Arc<dyn ExecutionPlan>),
            None => Transformed::no(node),
        })
    })
    .data()
}

/// A grouping whose input lies in the order of one of its keys.
#[derive(Debug, Clone)]
struct Grouped {
    /// The engine's operator that would do the same: says what goes in and what comes out.
    aggregate: Arc<dyn ExecutionPlan>,
    input: Arc<dyn ExecutionPlan>,
    work: Work,
}

/// Arguments of a function, and which rows count.
type Arguments = (Vec<Arc<dyn PhysicalExpr>>, Option<Arc<dyn PhysicalExpr>>);

/// What is computed.
#[derive(Debug, Clone)]
struct Work {
    /// Keys of the groups.
    keys: Vec<Arc<dyn PhysicalExpr>>,
    /// The key in whose order the rows lie.
    sorted: usize,
    /// The functions.
    functions: Vec<Arguments>,
}

impl Grouped {
    fn instead_of(plan: &Arc<dyn ExecutionPlan>) -> Option<Self> {
        let aggregate = plan.downcast_ref::<AggregateExec>()?;
        let whole =
            matches!(aggregate.mode(), AggregateMode::Single | AggregateMode::SinglePartitioned);
        let by = aggregate.group_expr();
        if !whole || !by.is_single() || aggregate.limit_options().is_some() {
            return None;
        }
        let keys: Vec<_> = by.expr().iter().map(|(key, _)| Arc::clone(key)).collect();
        let sorted = match aggregate.input_order_mode() {
            InputOrderMode::Sorted => 0,
            InputOrderMode::PartiallySorted(sorted) => *sorted.first()?,
            InputOrderMode::Linear => return None,
        };
        let schema = aggregate.input().schema();
        let kinds: Vec<DataType> =
            keys.iter().map(|key| key.data_type(&schema)).collect::<Result<_>>().ok()?;
        let others = kinds.iter().enumerate().filter(|(at, _)| *at != sorted);
        let key = keys.get(sorted)?;
        // A person key: never missing, and always this type.
        let by_person =
            kinds.get(sorted) == Some(&DataType::UInt64) && !key.nullable(&schema).ok()?;
        if !by_person || !fit(others.map(|(_, kind)| kind)) {
            return None;
        }
        let functions = aggregate.aggr_expr().iter();
        let unordered = |f: &_| plain(f);
        if !functions.clone().all(unordered) {
            return None;
        }
        let filters = aggregate.filter_expr().iter().cloned();
        let functions = functions.map(|f| f.expressions()).zip(filters).collect();
        Some(Self {
            aggregate: Arc::clone(plan),
            input: Arc::clone(aggregate.input()),
            work: Work { keys, sorted, functions },
        })
    }
}

fn plain(function: &Arc<datafusion::physical_expr::aggregate::AggregateFunctionExpr>) -> bool {
    function.order_bys().is_empty() && function.groups_accumulator_supported()
}

impl DisplayAs for Grouped {
    fn fmt_as(&self, kind: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GroupedExec instead of ")?;
        match self.aggregate.downcast_ref::<AggregateExec>() {
            Some(aggregate) => aggregate.fmt_as(kind, f),
            None => Ok(()),
        }
    }
}

impl ExecutionPlan for Grouped {
    fn name(&self) -> &'static str {
        "GroupedExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.aggregate.properties()
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        self.aggregate.apply_expressions(f)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let aggregate = Arc::clone(&self.aggregate).replace_children(children, options)?;
        Ok(match Self::instead_of(&aggregate) {
            Some(grouped) => Arc::new(grouped),
            None => aggregate,
        })
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.replace_children(
            children,
            ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute),
        )
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let Some(aggregate) = self.aggregate.downcast_ref::<AggregateExec>() else {
            return self.aggregate.execute(partition, context);
        };
        let functions = aggregate.aggr_expr().iter();
        Ok(Box::pin(Grouping {
            schema: self.schema(),
            input: Some(self.input.execute(partition, context)?),
            work: self.work.clone(),
            functions: functions.map(|f| f.create_groups_accumulator()).collect::<Result<_>>()?,
            open: Vec::new(),
            ready: Vec::new(),
        }))
    }
}

/// Grouping of one partition while it runs.
struct Grouping {
    schema: SchemaRef,
    /// None when all is read.
    input: Option<SendableRecordBatchStream>,
    work: Work,
    functions: Vec<Box<dyn GroupsAccumulator>>,
    /// Rows of the last person met, who may go on in the next batch.
    open: Vec<Columns>,
    /// Answers not handed out yet, the last one first.
    ready: Vec<RecordBatch>,
}

/// Keys, arguments and filters of some rows, side by side.
type Columns = Vec<ArrayRef>;

impl Grouping {
    /// Takes up a batch: all groups but those of its last person are done.
    fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        let columns = self.work.columns(batch)?;
        let keys = self.work.sorted_keys(&columns);
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return Ok(()) };
        let open = self.open.last().and_then(|open| self.work.sorted_keys(open).first().copied());
        let head = match open {
            Some(open) if open == *first => keys.partition_point(|key| *key == open),
            _ => 0,
        };
        let last = *last;
        let tail = keys.partition_point(|key| *key != last);
        let rows = keys.len();
        if head == rows {
            self.open.push(columns);
            return Ok(());
        }
        if head > 0 {
            self.open.push(sliced(&columns, 0, head));
        }
        let done = self.close()?;
        let middle = self.answer(&sliced(&columns, head, tail.max(head)))?;
        self.ready.extend(middle);
        self.ready.extend(done);
        self.open.push(sliced(&columns, tail.max(head), rows));
        Ok(())
    }

    /// Answers for the last person met.
    fn close(&mut self) -> Result<Option<RecordBatch>> {
        let parts = std::mem::take(&mut self.open);
        match parts.as_slice() {
            [] => Ok(None),
            [only] => self.answer(only),
            [first, ..] => {
                let joined = (0..first.len()).map(|at| {
                    let column = parts.iter().filter_map(|part| part.get(at).map(|c| &**c));
                    Ok(concat(&column.collect::<Vec<_>>())?)
                });
                let joined: Columns = joined.collect::<Result<_>>()?;
                self.answer(&joined)
            }
        }
    }

    /// Groups of rows none of which has a part elsewhere.
    fn answer(&mut self, columns: &Columns) -> Result<Option<RecordBatch>> {
        let keys = self.work.sorted_keys(columns);
        if keys.is_empty() {
            return Ok(None);
        }
        let own = columns.iter().take(self.work.keys.len());
        let others = own.clone().enumerate().filter(|(at, _)| *at != self.work.sorted);
        let groups = Groups::find(keys, &packed(others.map(|(_, c)| c), keys.len()));
        let firsts = UInt32Array::from(groups.firsts);
        let mut answer: Columns =
            own.map(|column| take(column, &firsts, None)).collect::<Result<_, _>>()?;
        let mut rest = columns.get(self.work.keys.len()..).unwrap_or_default();
        for (function, (given, filter)) in self.functions.iter_mut().zip(&self.work.functions) {
            let (values, later) = rest.split_at(given.len().min(rest.len()));
            let (filter, later) = later.split_at(usize::from(filter.is_some()).min(later.len()));
            rest = later;
            let filter = filter.first().map(|filter| filter.as_boolean());
            function.update_batch(values, &groups.of_row, filter, firsts.len())?;
            answer.push(function.evaluate(EmitTo::All)?);
        }
        Ok(Some(RecordBatch::try_new(Arc::clone(&self.schema), answer)?))
    }
}

impl Work {
    fn columns(&self, batch: &RecordBatch) -> Result<Columns> {
        let functions =
            self.functions.iter().flat_map(|(given, filter)| given.iter().chain(filter));
        let all = self.keys.iter().chain(functions);
        all.map(|expr| expr.evaluate(batch)?.into_array(batch.num_rows())).collect()
    }

    fn sorted_keys<'a>(&self, columns: &'a Columns) -> &'a [u64] {
        let key = columns.get(self.sorted).and_then(|c| c.as_primitive_opt::<UInt64Type>());
        key.map_or(&[], |key| key.values())
    }
}

fn sliced(columns: &Columns, from: usize, until: usize) -> Columns {
    columns.iter().map(|column| column.slice(from, until - from)).collect()
}

impl Stream for Grouping {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(answer) = self.ready.pop() {
                return Poll::Ready(Some(Ok(answer)));
            }
            let Some(input) = self.input.as_mut() else { return Poll::Ready(None) };
            let done = match ready!(input.as_mut().poll_next(context)) {
                Some(Ok(batch)) => self.add(&batch),
                Some(Err(error)) => Err(error),
                None => {
                    self.input = None;
                    self.close().map(|last| self.ready.extend(last))
                }
            };
            if let Err(error) = done {
                self.input = None;
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl RecordBatchStream for Grouping {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}
