//! `mingbai place`: county, townships, villages, groups; their names and areas through time.

use registry::actions::places::{self, NewPlace};
use registry::queries::lists;

use crate::cli::register::{Desk, PlaceAct};
use crate::office::Office;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Adds, renames, moves or lists places.
///
/// # Errors
/// When a place is unknown, or the code is taken.
pub fn run(setting: &Setting, act: PlaceAct) -> Outcome {
    match act {
        PlaceAct::Add { desk, code, name, level, parent, area } => {
            let office = Office::open(setting, &desk)?;
            let new = NewPlace { code, parent, level, name, area };
            office.act("place", async |tx| places::add(tx, &new).await)?;
            setting.remark("ui-place-added", &[("code", &new.code), ("name", &new.name)]);
        }
        PlaceAct::Rename { desk, place, name } => {
            let office = Office::open(setting, &desk)?;
            office.act("place", async |tx| places::rename(tx, &place, &name).await)?;
            setting.remark("ui-place-renamed", &[("code", &place), ("name", &name)]);
        }
        PlaceAct::Area { desk, place, area } => {
            let office = Office::open(setting, &desk)?;
            let to = area.as_deref();
            office.act("place", async |tx| places::move_to_area(tx, &place, to).await)?;
            match area {
                Some(area) => {
                    setting.remark("ui-place-moved", &[("code", &place), ("area", &area)]);
                }
                None => setting.remark("ui-place-no-area", &[("code", &place)]),
            }
        }
        PlaceAct::History { desk, place } => return history(setting, &desk, &place),
        PlaceAct::List { desk } => return list(setting, &desk),
    }
    Ok(Ending::Done)
}

fn list(setting: &Setting, desk: &Desk) -> Outcome {
    let office = Office::open(setting, desk)?;
    let places = office.wait(lists::places(&office.registry.db))?;
    if setting.common.json {
        return setting.print_json(&places);
    }
    for place in places {
        let indent = "  ".repeat(place.path.matches('/').count());
        let area = place.area.map_or_else(String::new, |area| format!("  {area}"));
        say::result(&format!("{indent}{}  {}{area}", place.place, place.name));
    }
    Ok(Ending::Done)
}

/// Earlier names and areas, the oldest first.
fn history(setting: &Setting, desk: &Desk, place: &str) -> Outcome {
    let office = Office::open(setting, desk)?;
    let db = &office.registry.db;
    office.wait(lists::path(db, place))?;
    let names = office.wait(lists::old_names(db, place))?;
    if setting.common.json {
        return setting.print_json(&names);
    }
    let row = |old: lists::OldName| vec![old.until, old.name, old.area.unwrap_or_default()];
    let rows: Vec<Vec<String>> = names.into_iter().map(row).collect();
    let header = ["until", "called", "area"].map(|h| setting.text.get(&format!("ui-column-{h}")));
    say::result(&say::table(&header, &rows, &[]));
    Ok(Ending::Done)
}
