//! `mingbai place`: county, townships, villages, groups.

use registry::actions::places::{self, NewPlace};
use registry::queries::lists;

use crate::cli::register::PlaceAct;
use crate::office::Office;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Adds or lists places.
///
/// # Errors
/// When the place above is unknown, or the code is taken.
pub fn run(setting: &Setting, act: PlaceAct) -> Outcome {
    match act {
        PlaceAct::Add { desk, code, name, level, parent } => {
            let office = Office::open(setting, &desk)?;
            let new = NewPlace { code, parent, level, name, area: None };
            office.wait(async {
                let registry = &office.registry;
                let mut tx = registry.begin(office.operator(), office.now, "place").await?;
                let entry = places::add(&mut tx, &new).await?;
                tx.commit(entry).await
            })?;
            setting.remark("ui-place-added", &[("code", &new.code), ("name", &new.name)]);
        }
        PlaceAct::List { desk } => {
            let office = Office::open(setting, &desk)?;
            let places = office.wait(lists::places(&office.registry.db))?;
            if setting.common.json {
                return setting.print_json(&places);
            }
            for place in places {
                let indent = "  ".repeat(place.path.matches('/').count());
                say::result(&format!("{indent}{}  {}", place.place, place.name));
            }
        }
    }
    Ok(Ending::Done)
}
