//! A model's SELECT, planned and bound.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::logical_expr::LogicalPlan;
use domain::benefit::Benefits;
use domain::problem::{Place, Problem};

use crate::engine::{Columns, Engine, columns_read, complaint};
use crate::model::Model;

/// What the planner makes of a model.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Plan with values in the place of parameters, optimised.
    pub plan: LogicalPlan,
    /// What it reads.
    pub columns: Columns,
}

/// Plans a model with the values of its parameters.
///
/// # Errors
/// A problem with what the planner says, or when the SQL names a parameter that nobody declares.
pub fn plan(
    engine: &Engine,
    model: &Model,
    params: &BTreeMap<String, i64>,
    benefits: &Benefits,
) -> Result<Planned, Problem> {
    let refused = |error| complaint("model-plan", model.place("model.sql"), &error);
    let plan = engine.plan(&model.sql).map_err(refused)?;
    let names = parameters(&plan).map_err(refused)?;
    let bindings = model.bindings(params, &names, benefits);
    if let Some(name) = names.iter().find(|name| !bindings.contains_key(*name)) {
        return Err(undeclared(model, name));
    }
    let plan = engine.bind(plan, &bindings).map_err(refused)?;
    let columns = columns_read(&plan).map_err(refused)?;
    Ok(Planned { plan, columns })
}

/// Names of the parameters of a plan, without the `$`.
///
/// # Errors
/// What the planner says.
pub fn parameters(plan: &LogicalPlan) -> datafusion::error::Result<BTreeSet<String>> {
    let names = plan.get_parameter_names()?;
    Ok(names.iter().map(|name| name.trim_start_matches('$').to_owned()).collect())
}

/// A parameter of the SQL that the header does not declare and no benefit has as its code.
pub fn undeclared(model: &Model, name: &str) -> Problem {
    let place = Place { column: Some(name.to_owned()), ..model.place("model.sql") };
    Problem::new("model-param-undeclared", place).with("param", name)
}
