//! Who could look at a village, with what stands against each: the rules say who is preferred.

use std::collections::BTreeMap;

use domain::catalogue::on;
use domain::problem::Failure;
use domain::recusal::{self, Conflict, Part, Party, Policy, Verdict};
use domain::supervision::joint::checkers::{Candidate, From, Proposed, proposed};
use domain::time::Day;
use serde::Serialize;

use crate::db::Db;
use crate::queries::standing;
use crate::queries::stepped::rows;

/// Somebody who could look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckerLine {
    /// How he is proposed, and why.
    #[serde(flatten)]
    pub proposed: Proposed,
    /// Name.
    pub name: String,
    /// Name of the place that he works for.
    pub works_in: String,
    /// He needs a cooperation before he may look.
    pub needs_cooperation: bool,
}

struct Row {
    person: String,
    name: String,
    path: String,
    level: String,
    area: Option<String>,
    place_name: String,
    household: Option<String>,
    unit: Option<String>,
    native_village: Option<String>,
    helping: i64,
}

impl Row {
    from_row!(Row {
        person,
        name,
        path,
        level,
        area,
        place_name,
        household,
        unit,
        native_village,
        helping,
    });

    fn party(&self) -> Party {
        Party {
            person: self.person.clone(),
            household: self.household.clone(),
            unit: self.unit.clone(),
            native_village: self.native_village.clone(),
            superiors: Vec::new(),
        }
    }
}

const STAFF: &str = "select distinct s.person, e.name, p.path, p.level, p.area, p.name as place_name, \
    e.household, e.unit, e.native_village, (select count(*) from cooperation_people h \
    join cooperations c on c.id = h.cooperation join places q on q.id = c.place where h.person = s.person \
    and c.state = 'approved' and c.from_day <= $1 and c.until_day >= $1 \
    and ($2 = q.path or $2 like q.path || '/%')) as helping \
    from posts s join places p on p.id = s.place join people e on e.id = s.person \
    where s.role in ('TDI', 'CJ') and s.from_day <= $1 and (s.until_day is null or s.until_day >= $1) \
    order by s.person";

struct Holder {
    id: String,
    household: Option<String>,
    unit: Option<String>,
    native_village: Option<String>,
}

impl Holder {
    from_row!(Holder { id, household, unit, native_village });
}

const HOLDERS: &str = "select distinct e.id, e.household, e.unit, e.native_village from posts s \
    join people e on e.id = s.person where s.place = $1 and s.from_day <= $2 \
    and (s.until_day is null or s.until_day >= $2)";

struct Township {
    area: Option<String>,
}

impl Township {
    from_row!(Township { area });
}

/// Who could look at a village, the preferred ones first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn of(
    db: &Db,
    policies: &[Policy],
    (place, path): (&str, &str),
    day: Day,
) -> Result<Vec<CheckerLine>, Failure> {
    let today = day.to_string();
    let township: String = path.split('/').take(2).collect::<Vec<_>>().join("/");
    let staff = rows(db, STAFF, &[&today, path], Row::from_row).await?;
    let text = "select p.area from places p where p.path = $1";
    let area = rows(db, text, &[&township], Township::from_row).await?;
    let area = area.into_iter().next().and_then(|township| township.area);
    let subject = subject(db, (place, &today)).await?;
    let relations = standing::relations(&db.read).await?;
    let policy = on(policies, day);
    let from = |row: &Row| match row.level.as_str() {
        "county" => From::County,
        _ if row.path == township => From::Township,
        _ if area.is_some() && row.area == area => From::Area,
        _ => From::Elsewhere,
    };
    let against = |row: &Row| match policy {
        Some(policy) => recusal::conflicts(policy, &row.party(), &subject, &relations),
        None => Conflict { verdict: Verdict::Allow, reasons: Vec::new() },
    };
    let candidates = staff.iter().map(|row| Candidate {
        person: row.person.clone(),
        from: from(row),
        conflict: against(row),
    });
    let ranked = proposed(candidates.collect());
    let by_person: BTreeMap<&str, &Row> =
        staff.iter().map(|row| (row.person.as_str(), row)).collect();
    let told = |one: Proposed| {
        let row = by_person.get(one.person.as_str());
        let local = matches!(one.from, From::Township | From::County);
        CheckerLine {
            name: row.map(|row| row.name.clone()).unwrap_or_default(),
            works_in: row.map(|row| row.place_name.clone()).unwrap_or_default(),
            needs_cooperation: !local && row.is_none_or(|row| row.helping == 0),
            proposed: one,
        }
    };
    Ok(ranked.into_iter().map(told).collect())
}

/// Whoever holds a post in the village, as persons in what is looked at.
async fn subject(db: &Db, (place, day): (&str, &str)) -> Result<recusal::Subject, Failure> {
    let holders = rows(db, HOLDERS, &[place, day], Holder::from_row).await?;
    let party = |holder: Holder| Party {
        person: holder.id,
        household: holder.household,
        unit: holder.unit,
        native_village: holder.native_village,
        superiors: Vec::new(),
    };
    Ok(recusal::Subject {
        persons: holders.into_iter().map(|holder| (Part::Concerned, party(holder))).collect(),
        village: Some(place.to_owned()),
        ..recusal::Subject::default()
    })
}
