//! Joint work: areas with the office that leads them, cooperations that give rights for a time, campaigns.

pub mod areas;
pub mod campaigns;
pub mod cooperations;

use domain::problem::{Place, Problem};
use domain::supervision::stepped::rules::Kind;

/// A kind by its code.
fn kind<'a>(kinds: &'a [Kind], code: &str) -> Result<&'a Kind, Problem> {
    let place = || Place { column: Some("kind".to_owned()), ..Place::default() };
    let unknown = || Problem::new("code-unknown", place()).with("code", code);
    kinds.iter().find(|kind| kind.code == code).ok_or_else(unknown)
}
