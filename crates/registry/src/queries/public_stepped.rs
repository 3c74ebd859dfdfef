//! Villages under stepped-up supervision, as the public reads them.

use domain::problem::Failure;
use serde::Serialize;

use crate::db::{Db, failure};
use crate::public::Public;

/// A village under supervision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SteppedNotice {
    /// Number.
    pub number: String,
    /// Code of the village.
    pub place: String,
    /// Its name.
    pub place_name: String,
    /// Name of its township.
    pub township: String,
    /// State; what waits inside is nobody's business outside: `active`, `ended`.
    pub state: String,
    /// First day.
    pub from_day: String,
    /// Last day.
    pub until_day: String,
    /// When it ended.
    pub ended_day: Option<String>,
    /// Name of the leader in charge.
    pub leader_name: String,
    /// What the notice says of each way to report, as JSON.
    pub contacts: String,
}

impl SteppedNotice {
    from_row!(SteppedNotice {
        number,
        place,
        place_name,
        township,
        state,
        from_day,
        until_day,
        ended_day,
        leader_name,
        contacts,
    });

    fn outside(mut self) -> Self {
        if self.state != "ended" {
            "active".clone_into(&mut self.state);
        }
        self
    }
}

const LIST: &str = "select v.number, v.place, p.name as place_name, t.name as township, v.state, v.from_day, \
    v.until_day, v.ended_day, e.name as leader_name, v.contacts from stepped_villages v \
    join places p on p.id = v.place join places t on t.id = p.parent join people e on e.id = v.leader \
    where v.state in ('active', 'end_proposed', 'longer_proposed', 'ended') and v.from_day <= $1 \
    order by v.from_day desc, v.number limit 300";

const ONE: &str = "select v.number, v.place, p.name as place_name, t.name as township, v.state, v.from_day, \
    v.until_day, v.ended_day, e.name as leader_name, v.contacts from stepped_villages v \
    join places p on p.id = v.place join places t on t.id = p.parent join people e on e.id = v.leader \
    where v.number = $1 and v.state in ('active', 'end_proposed', 'longer_proposed', 'ended') \
    and v.from_day <= $2";

const OF_VILLAGE: &str = "select v.number, v.place, p.name as place_name, t.name as township, v.state, v.from_day, \
    v.until_day, v.ended_day, e.name as leader_name, v.contacts from stepped_villages v \
    join places p on p.id = v.place join places t on t.id = p.parent join people e on e.id = v.leader \
    where v.place = $1 and v.state in ('active', 'end_proposed', 'longer_proposed') and v.from_day <= $2";

async fn read(
    db: &Db,
    text: &'static str,
    with: &[&str],
) -> Result<Public<Vec<SteppedNotice>>, Failure> {
    let during = |error| failure("read stepped villages", error);
    let mut query = sqlx::query(text);
    for value in with {
        query = query.bind((*value).to_owned());
    }
    let rows = query.fetch_all(&db.read).await.map_err(during)?;
    let notice = |row| SteppedNotice::from_row(row).map(SteppedNotice::outside);
    let list = rows.iter().map(notice).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(list))
}

/// Villages that are or were under supervision by a day, the last first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn list(db: &Db, day: &str) -> Result<Public<Vec<SteppedNotice>>, Failure> {
    read(db, LIST, &[day]).await
}

/// One of them; none as long as it is not decided or has not begun.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn one(
    db: &Db,
    number: &str,
    day: &str,
) -> Result<Option<Public<SteppedNotice>>, Failure> {
    let found = read(db, ONE, &[number, day]).await?;
    Ok(found.first().cloned().map(Public::new))
}

/// That of a village, while it lasts.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn of_village(
    db: &Db,
    place: &str,
    day: &str,
) -> Result<Option<Public<SteppedNotice>>, Failure> {
    let found = read(db, OF_VILLAGE, &[place, day]).await?;
    Ok(found.first().cloned().map(Public::new))
}

/// From when to when a village is or was under supervision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Code of the village.
    pub place: String,
    /// First day.
    pub from_day: String,
    /// Last day.
    pub until_day: String,
    /// When it ended before that.
    pub ended_day: Option<String>,
}

impl Span {
    from_row!(Span { place, from_day, until_day, ended_day });
}

const SPANS: &str = "select v.place, v.from_day, v.until_day, v.ended_day from stepped_villages v \
    where v.state in ('active', 'end_proposed', 'longer_proposed', 'ended')";

/// Those of all villages.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn spans(db: &Db) -> Result<Public<Vec<Span>>, Failure> {
    let during = |error| failure("read stepped villages", error);
    let rows = sqlx::query(SPANS).fetch_all(&db.read).await.map_err(during)?;
    let list = rows.iter().map(Span::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(list))
}
