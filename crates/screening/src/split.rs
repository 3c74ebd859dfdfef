//! How the answer of a plan follows from payments, read off the plan itself.
//!
//! Most of what a model asks can be asked of each payment, or of each month, by itself: which
//! payments went to somebody who was dead, who was paid twice in a month. Such parts of a plan are
//! found here. Their answers over old payments stay true when new payments arrive, so they can be
//! kept, and only the new rows need to be asked (see `kept`). Nothing is taken on trust from the
//! author of a model: a part qualifies by the operators it is made of.

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{JoinType, Result};
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::{Aggregate, Expr, Join, LogicalPlan, Projection, TableScan, Window};

use crate::reference::FACTS_UNTIL;

/// The table that grows.
pub const GROWING: &str = "payments";
/// Its column of months.
pub const MONTH: &str = "period";
/// Its column that tells each row from all others.
const ORIGIN: &str = "ref";

/// How an answer follows from payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Not at all.
    Free,
    /// Row by row: the answer over two sets of payments is both answers, one after the other.
    Row(Tracked),
    /// Month by month: the answer about a month needs the payments of that month only. The month
    /// stands in this column.
    Month(usize),
    /// As sums and the like: the answer over two sets of payments is found by grouping both
    /// answers once more.
    Merge,
    /// In some other way: all payments are needed.
    Whole,
}

/// Where columns of payments stand in an answer, if they came through unchanged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tracked {
    month: Option<usize>,
    origin: Option<usize>,
}

impl Class {
    /// Whether an answer can be kept.
    fn lasts(self) -> bool {
        matches!(self, Self::Row(_) | Self::Month(_) | Self::Merge)
    }

    fn reads(self) -> bool {
        self != Self::Free
    }

    fn month(self) -> Option<usize> {
        match self {
            Self::Row(tracked) => tracked.month,
            Self::Month(at) => Some(at),
            _ => None,
        }
    }

    /// The class after columns were moved; `to` says where a column went.
    fn moved(self, to: impl Fn(usize) -> Option<usize>) -> Self {
        match self {
            Self::Row(Tracked { month, origin }) => {
                Self::Row(Tracked { month: month.and_then(&to), origin: origin.and_then(&to) })
            }
            Self::Month(at) => to(at).map_or(Self::Whole, Self::Month),
            other => other,
        }
    }
}

/// The class of a whole plan.
///
/// # Errors
/// What the planner says.
pub fn class(plan: &LogicalPlan) -> Result<Class> {
    Ok(walk(plan, &mut |_, _| Ok(None))?.class)
}

/// Goes through a plan and shows each largest part whose answer can be kept, with its class, always
/// in the same order. Where something is given back for it, that stands in its place.
///
/// # Errors
/// What the planner says, or what comes from `instead`.
pub fn replaced(plan: &LogicalPlan, instead: Instead<'_>) -> Result<LogicalPlan> {
    let mut walked = walk(plan, instead)?;
    walked.offer(instead)?;
    Ok(walked.plan)
}

/// What stands in the place of a part.
pub type Instead<'a> = &'a mut dyn FnMut(&LogicalPlan, Class) -> Result<Option<LogicalPlan>>;

struct Walked {
    plan: LogicalPlan,
    class: Class,
    changed: bool,
}

impl Walked {
    fn offer(&mut self, instead: Instead<'_>) -> Result<()> {
        if self.class.lasts()
            && does_something(&self.plan)
            && let Some(plan) = instead(&self.plan, self.class)?
        {
            self.plan = plan;
            self.changed = true;
        }
        Ok(())
    }
}

fn walk(plan: &LogicalPlan, instead: Instead<'_>) -> Result<Walked> {
    let inputs = plan.inputs();
    let mut below = inputs.iter().map(|i| walk(i, instead)).collect::<Result<Vec<_>>>()?;
    let classes: Vec<Class> = below.iter().map(|input| input.class).collect();
    let class = if asks_within(plan)? { Class::Whole } else { of(plan, &classes) };
    let mut walked = Walked { plan: plan.clone(), class, changed: false };
    // Parts are cut off where their class ends; below a node that has one, nothing was.
    if class == Class::Whole {
        below.iter_mut().try_for_each(|input| input.offer(instead))?;
        if below.iter().any(|input| input.changed) {
            let inputs = below.into_iter().map(|input| input.plan).collect();
            walked.plan = plan.with_new_exprs(plan.expressions(), inputs)?;
            walked.changed = true;
        }
    }
    Ok(walked)
}

/// Whether a plan is more than a choice of columns.
fn does_something(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::TableScan(_) => false,
        LogicalPlan::Projection(Projection { input, .. }) => does_something(input),
        LogicalPlan::SubqueryAlias(alias) => does_something(&alias.input),
        _ => true,
    }
}

/// Whether an expression of a node holds a query of its own.
fn asks_within(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_expressions(|expr| {
        found |= expr.exists(|e| {
            Ok(matches!(
                e,
                Expr::ScalarSubquery(_)
                    | Expr::InSubquery(_)
                    | Expr::Exists(_)
                    | Expr::SetComparison(_)
                    | Expr::OuterReferenceColumn(..)
            ) || e.is_volatile_node())
        })?;
        Ok(if found { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(found)
}

/// The class of a node over inputs of some classes.
fn of(plan: &LogicalPlan, inputs: &[Class]) -> Class {
    if let LogicalPlan::TableScan(scan) = plan {
        return scanned(scan);
    }
    if !inputs.iter().any(|class| class.reads()) {
        return Class::Free;
    }
    match (plan, inputs) {
        (_, [Class::Merge | Class::Whole]) => Class::Whole,
        (LogicalPlan::Filter(_) | LogicalPlan::SubqueryAlias(_), [class]) => *class,
        (LogicalPlan::Sort(sort), [class]) if sort.fetch.is_none() => *class,
        (LogicalPlan::Projection(projection), [class]) => {
            class.moved(|at| position(&projection.expr, &column(&projection.input, at)?))
        }
        (LogicalPlan::Aggregate(aggregate), [class]) => aggregated(aggregate, *class),
        (LogicalPlan::Window(window), [class]) => windowed(window, class.month()),
        (LogicalPlan::Join(join), [left, right]) => joined(join, *left, *right),
        (LogicalPlan::Union(_), [Class::Row(first), rest @ ..])
            if rest.iter().all(|class| *class == Class::Row(*first)) =>
        {
            Class::Row(*first)
        }
        _ => Class::Whole,
    }
}

fn scanned(scan: &TableScan) -> Class {
    match scan.table_name.table() {
        GROWING => {}
        // The last day of payment: all payments have a part in it.
        FACTS_UNTIL => return Class::Whole,
        _ => return Class::Free,
    }
    if scan.fetch.is_some() {
        return Class::Whole;
    }
    let at = |name: &str| scan.projected_schema.fields().iter().position(|f| f.name() == name);
    Class::Row(Tracked { month: at(MONTH), origin: at(ORIGIN) })
}

/// A column of a plan's output as an expression over it.
fn column(plan: &LogicalPlan, at: usize) -> Option<Expr> {
    let schema = plan.schema();
    (at < schema.fields().len()).then(|| Expr::Column(schema.columns().swap_remove(at)))
}

/// The place of an expression among others, whatever name it is given there.
fn position(exprs: &[Expr], wanted: &Expr) -> Option<usize> {
    exprs.iter().position(|expr| expr.clone().unalias_nested().data == *wanted)
}

fn aggregated(aggregate: &Aggregate, class: Class) -> Class {
    if aggregate.group_expr.iter().any(|e| matches!(e, Expr::GroupingSet(_))) {
        return Class::Whole;
    }
    let kept = |at: usize| position(&aggregate.group_expr, &column(&aggregate.input, at)?);
    match class.moved(kept) {
        // No two rows of payments share a group.
        Class::Row(tracked) if tracked.origin.is_some() => Class::Row(tracked),
        Class::Row(Tracked { month: Some(at), .. }) | Class::Month(at) => Class::Month(at),
        Class::Row(_) if mergeable(aggregate) => Class::Merge,
        _ => Class::Whole,
    }
}

fn mergeable(aggregate: &Aggregate) -> bool {
    // Sums of fractions depend on the order.
    let exact = aggregate.schema.fields().iter().all(|field| !field.data_type().is_floating());
    exact && aggregate.aggr_expr.iter().all(|function| merging(function).is_some())
}

/// The function that makes one value out of those that a function gave over parts of the rows.
#[must_use]
pub fn merging(function: &Expr) -> Option<Merging> {
    let Expr::AggregateFunction(AggregateFunction { func, params }) =
        function.clone().unalias_nested().data
    else {
        return None;
    };
    if params.distinct || !params.order_by.is_empty() {
        return None;
    }
    match func.name() {
        "count" | "sum" => Some(Merging::Sum),
        "min" => Some(Merging::Min),
        "max" => Some(Merging::Max),
        _ => None,
    }
}

/// How values over parts of the rows become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merging {
    /// Added.
    Sum,
    /// The least.
    Min,
    /// The greatest.
    Max,
}

fn windowed(window: &Window, month: Option<usize>) -> Class {
    let Some(at) = month else { return Class::Whole };
    let Some(month_column) = column(&window.input, at) else { return Class::Whole };
    let by_month = |expr: &Expr| match expr.clone().unalias_nested().data {
        Expr::WindowFunction(function) => function.params.partition_by.contains(&month_column),
        _ => false,
    };
    // Columns of the input come first.
    if window.window_expr.iter().all(by_month) { Class::Month(at) } else { Class::Whole }
}

fn joined(join: &Join, left: Class, right: Class) -> Class {
    use JoinType::{
        Full, Inner, Left, LeftAnti, LeftMark, LeftSemi, Right, RightAnti, RightMark, RightSemi,
    };
    let shift = join.left.schema().fields().len();
    // Where columns of either side stand in the answer.
    let (of_left, of_right) = match join.join_type {
        Inner | Full | Left | Right => (Some(0), Some(shift)),
        LeftSemi | LeftAnti | LeftMark => (Some(0), None),
        RightSemi | RightAnti | RightMark => (None, Some(0)),
    };
    let at_left = left.moved(|at| of_left.map(|by| at + by));
    let at_right = right.moved(|at| of_right.map(|by| at + by));
    let left_leads = matches!(join.join_type, Inner | Left | LeftSemi | LeftAnti | LeftMark);
    let right_leads = matches!(join.join_type, Inner | Right | RightSemi | RightAnti | RightMark);
    match (left, right) {
        (Class::Merge | Class::Whole, _) | (_, Class::Merge | Class::Whole) => Class::Whole,
        (_, Class::Free) if left_leads => at_left,
        (Class::Free, _) if right_leads => at_right,
        _ if same_month(join, left, right) => match (left_leads, right_leads) {
            (true, _) => at_left.month().map_or(Class::Whole, Class::Month),
            (_, true) => at_right.month().map_or(Class::Whole, Class::Month),
            _ => Class::Whole,
        },
        _ => Class::Whole,
    }
}

/// Whether both sides read payments and only rows of one month meet.
fn same_month(join: &Join, left: Class, right: Class) -> bool {
    let months = |plan, class: Class| class.month().and_then(|at| column(plan, at));
    match (months(&join.left, left), months(&join.right, right)) {
        (Some(left), Some(right)) => join.on.iter().any(|(l, r)| *l == left && *r == right),
        _ => false,
    }
}
