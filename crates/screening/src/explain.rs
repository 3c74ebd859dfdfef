//! What a model would do, for people who want to know.

use std::collections::BTreeMap;

use domain::benefit::Benefits;
use domain::problem::Failure;

use crate::engine::{Engine, complaint};
use crate::model::Model;
use crate::planned::{self, parameters};
use crate::reference;

/// The values bound to a model's parameters, one a line, and its physical plan over empty tables.
///
/// # Errors
/// A problem when the model does not plan.
pub fn explain(model: &Model, benefits: &Benefits) -> Result<String, Failure> {
    let engine = Engine::new()?;
    reference::register(&engine, benefits, &BTreeMap::new(), None)?;
    let refused = |error| complaint("model-plan", model.place("model.sql"), &error);
    let params = model.params(&BTreeMap::new());
    let names = parameters(&engine.plan(&model.sql).map_err(refused)?).map_err(refused)?;
    let planned = planned::plan(&engine, model, &params, benefits)?;
    let bound: String = model
        .bindings(&params, &names, benefits)
        .iter()
        .map(|(name, value)| format!("${name} = {value}\n"))
        .collect();
    Ok(format!("{bound}\n{}", engine.explain(&planned.plan).map_err(refused)?))
}
