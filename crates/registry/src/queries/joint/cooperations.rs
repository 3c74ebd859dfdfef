//! Cooperations of a place, with who helps and how long.

use domain::access::{Act, View};
use domain::problem::Failure;
use domain::supervision::joint::cooperation::{State, holds};
use domain::time::Day;
use serde::Serialize;

use crate::access::{By, at};
use crate::db::Db;
use crate::queries::stepped::rows;

/// A cooperation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CooperationLine {
    /// Number.
    pub number: String,
    /// Code of its kind.
    pub kind: String,
    /// Name of the place.
    pub place_name: String,
    /// Path of the place.
    #[serde(skip)]
    pub path: String,
    /// Kind of the one thing that it is about.
    pub thing_kind: Option<String>,
    /// Why.
    pub reason: String,
    /// State.
    pub state: String,
    /// First day.
    pub from_day: String,
    /// Last day.
    pub until_day: String,
    /// Key of who asked.
    #[serde(skip)]
    pub asked_by: String,
    /// Name of who asked.
    pub asked_name: String,
    /// Name of who decided.
    pub decided_name: Option<String>,
    /// What came of it.
    pub result: Option<String>,
    /// Names of who helps.
    pub people: String,
}

impl CooperationLine {
    from_row!(CooperationLine {
        number,
        kind,
        place_name,
        path,
        thing_kind,
        reason,
        state,
        from_day,
        until_day,
        asked_by,
        asked_name,
        decided_name,
        result,
        people,
    });

    /// Whether it gives rights on a day.
    #[must_use]
    pub fn holds(&self, day: Day) -> bool {
        let span = Day::parse(&self.from_day).zip(Day::parse(&self.until_day));
        let state = State::named(&self.state).unwrap_or_default();
        span.is_some_and(|span| holds(state, span, day))
    }
}

const LIST: &str = "select c.number, c.kind, p.name as place_name, p.path, c.thing_kind, c.reason, c.state, \
    c.from_day, c.until_day, c.asked_by, a.name as asked_name, b.name as decided_name, c.result, \
    '' as people from cooperations c join places p on p.id = c.place join people a on a.id = c.asked_by \
    left join people b on b.id = c.decided_by where (p.path = $1 or p.path like $1 || '/%') \
    order by case c.state when 'asked' then 0 when 'approved' then 1 else 2 end, c.until_day desc, \
    c.number limit 200";

struct Helper {
    number: String,
    name: String,
}

impl Helper {
    from_row!(Helper { number, name });
}

const PEOPLE: &str = "select c.number, e.name from cooperation_people h \
    join cooperations c on c.id = h.cooperation join places p on p.id = c.place \
    join people e on e.id = h.person where (p.path = $1 or p.path like $1 || '/%') \
    order by c.number, e.name";

/// Cooperations of a place and below it that the reader may see.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn list(db: &Db, by: &By, path: &str) -> Result<Vec<CooperationLine>, Failure> {
    let lines = rows(db, LIST, &[path], CooperationLine::from_row).await?;
    let helpers = rows(db, PEOPLE, &[path], Helper::from_row).await?;
    let may = |line: &CooperationLine| {
        let view = by.may(Act::Read, &at("cooperation", &line.path));
        view.is_ok_and(|view| view > View::Public)
    };
    let named = |mut line: CooperationLine| {
        let of = helpers.iter().filter(|helper| helper.number == line.number);
        line.people = of.map(|helper| helper.name.as_str()).collect::<Vec<_>>().join(", ");
        line
    };
    Ok(lines.into_iter().filter(may).map(named).collect())
}
