//! Areas with the office that leads each, the leader and the townships.

use std::collections::BTreeMap;

use domain::access::Act;
use domain::problem::Failure;
use serde::Serialize;

use crate::access::{By, at};
use crate::db::Db;
use crate::queries::stepped::rows;

/// An area.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Area {
    /// Name.
    pub name: String,
    /// Role code of the office that leads it.
    pub office: Option<String>,
    /// Name of the leader.
    pub leader_name: Option<String>,
    /// Since when.
    pub from_day: Option<String>,
    /// Townships: code and name.
    pub townships: Vec<(String, String)>,
    /// People of the townships' discipline committees who can be drawn.
    pub pool: i64,
}

struct Row {
    area: String,
    id: String,
    name: String,
    office: Option<String>,
    leader_name: Option<String>,
    from_day: Option<String>,
    pool: i64,
}

impl Row {
    from_row!(Row { area, id, name, office, leader_name, from_day, pool });
}

const AREAS: &str = "select p.area, p.id, p.name, a.office, e.name as leader_name, a.from_day, \
    (select count(distinct s.person) from posts s where s.place = p.id and s.role = 'TDI' \
    and s.from_day <= $1 and (s.until_day is null or s.until_day >= $1)) as pool \
    from places p left join areas a on a.name = p.area and a.until_day is null \
    left join people e on e.id = a.leader where p.level = 'township' and p.area is not null \
    and p.until_day is null order by p.area, p.id";

/// All areas, by name.
///
/// # Errors
/// The rule that says no; a fault when the database cannot be read.
pub async fn all(db: &Db, by: &By, (county, day): (&str, &str)) -> Result<Vec<Area>, Failure> {
    let places = rows(db, AREAS, &[day], Row::from_row).await?;
    let may = |path: &str| by.may(Act::Read, &at("area", path)).is_ok();
    let mut areas: BTreeMap<String, Area> = BTreeMap::new();
    for row in places {
        // Which office leads whom is no secret inside; whoever has a right in one township sees them all.
        let area = areas.entry(row.area.clone()).or_default();
        area.name = row.area;
        area.office = row.office;
        area.leader_name = row.leader_name;
        area.from_day = row.from_day;
        area.pool += row.pool;
        area.townships.push((row.id, row.name));
    }
    let paths = areas.values().flat_map(|area| &area.townships);
    let inside = paths.clone().any(|(id, _)| may(&format!("{county}/{id}")));
    Ok(if may(county) || inside { areas.into_values().collect() } else { Vec::new() })
}
