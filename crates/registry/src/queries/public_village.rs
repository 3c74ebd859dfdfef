//! A village as anybody may see it: what was published, what is under way, who holds which post.

use domain::problem::Failure;
use serde::Serialize;

use crate::db::{Db, failure};
use crate::public::Public;

/// A notice with when it came out and how it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoticeHead {
    /// Public number.
    pub number: String,
    /// Code of the village.
    pub place: String,
    /// Code of the disclosure duty.
    pub duty: String,
    /// `2026-03`, `2026Q1`, `2026`, or the day of the event.
    pub period: String,
    /// Title of the last version.
    pub title: String,
    /// `published`, `corrected`, `withdrawn`.
    pub state: String,
    /// When the first version came out.
    pub published_day: String,
    /// When the last one did.
    pub changed_day: String,
}

impl NoticeHead {
    from_row!(NoticeHead { number, place, duty, period, title, state, published_day, changed_day });
}

const NOTICES: &str = "select n.number, n.place, n.duty, n.period, l.title, l.state, \
    f.published_day, l.published_day as changed_day from notices n \
    join notice_versions f on f.notice = n.id and f.version = 1 \
    join notice_versions l on l.notice = n.id and l.version = \
    (select max(x.version) from notice_versions x where x.notice = n.id) \
    where n.place = $1 and f.published_day >= $2 order by l.published_day desc, n.number desc";

/// Notices of a village that came out since a day, the last changed first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn notices(
    db: &Db,
    place: &str,
    since: &str,
) -> Result<Public<Vec<NoticeHead>>, Failure> {
    let during = |error| failure("read notices", error);
    let rows = sqlx::query(NOTICES).bind(place.to_owned()).bind(since.to_owned());
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    let heads = rows.iter().map(NoticeHead::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(heads))
}

/// A matter in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatterHead {
    /// Public number.
    pub number: String,
    /// Code of the village.
    pub place: String,
    /// Code of the power item.
    pub power: String,
    /// Title.
    pub title: String,
    /// `open`, `archived`, `stopped`.
    pub state: String,
    /// When it was opened.
    pub opened_day: String,
    /// Amount in fen.
    pub amount_fen: Option<i64>,
}

impl MatterHead {
    from_row!(MatterHead { number, place, power, title, state, opened_day, amount_fen });
}

/// Accounts of a village in a period, as its last version says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    /// Public number of the notice.
    pub number: String,
    /// `2026-03`.
    pub period: String,
    /// Content of the version.
    pub body: String,
}

impl Accounts {
    from_row!(Accounts { number, period, body });
}

// Accounts are told from other notices by their closing balance; no other content has one.
const ACCOUNTS: &str = "select n.number, n.period, v.body from notices n \
    join notice_versions v on v.notice = n.id and v.version = \
    (select max(x.version) from notice_versions x where x.notice = n.id) \
    where n.place = $1 and n.period >= $2 and v.state <> 'withdrawn' \
    and v.body like '%\"closing_fen\"%' order by n.period, n.number";

/// The published accounts of a village since a period, the oldest first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn accounts(db: &Db, place: &str, since: &str) -> Result<Public<Vec<Accounts>>, Failure> {
    let during = |error| failure("read accounts", error);
    let rows = sqlx::query(ACCOUNTS).bind(place.to_owned()).bind(since.to_owned());
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    let list = rows.iter().map(Accounts::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(list))
}

const MATTERS: &str = "select m.number, m.place, m.power, m.title, m.state, m.opened_day, m.amount_fen \
    from matters m where m.place = $1 order by m.opened_day desc, m.number desc";

/// Matters of a village, the newest first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn matters(db: &Db, place: &str) -> Result<Public<Vec<MatterHead>>, Failure> {
    let during = |error| failure("read matters", error);
    let rows = sqlx::query(MATTERS).bind(place.to_owned()).fetch_all(&db.read).await;
    let rows = rows.map_err(during)?;
    let heads = rows.iter().map(MatterHead::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(heads))
}

const OF_POWER: &str = "select m.number, m.place, m.power, m.title, m.state, m.opened_day, m.amount_fen \
    from matters m where m.power = $1 and m.state = 'open' order by m.opened_day desc, m.number desc limit 20";

/// Open matters of a power item in the whole county, the newest twenty.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn matters_of(db: &Db, power: &str) -> Result<Public<Vec<MatterHead>>, Failure> {
    let during = |error| failure("read matters", error);
    let rows = sqlx::query(OF_POWER).bind(power.to_owned()).fetch_all(&db.read).await;
    let rows = rows.map_err(during)?;
    let heads = rows.iter().map(MatterHead::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(heads))
}

/// Who holds a post. The law makes names of village officers public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Officer {
    /// Role code.
    pub role: String,
    /// Name.
    pub name: String,
    /// Since when.
    pub from_day: String,
}

impl Officer {
    from_row!(Officer { role, name, from_day });
}

const OFFICERS: &str = "select s.role, e.name, s.from_day from posts s join people e on e.id = s.person \
    where s.place = $1 and s.from_day <= $2 and (s.until_day is null or s.until_day >= $2) \
    order by s.role, s.from_day";

/// Who holds which post of a place on a day.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn officers(db: &Db, place: &str, day: &str) -> Result<Public<Vec<Officer>>, Failure> {
    let during = |error| failure("read posts", error);
    let rows = sqlx::query(OFFICERS).bind(place.to_owned()).bind(day.to_owned());
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    let list = rows.iter().map(Officer::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(list))
}

/// When a village's disclosure first came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Published {
    /// Code of the village.
    pub place: String,
    /// Code of the disclosure duty.
    pub duty: String,
    /// Period.
    pub period: String,
    /// When it came out.
    pub day: String,
}

impl Published {
    from_row!(Published { place, duty, period, day });
}

const PUBLISHED: &str = "select n.place, n.duty, n.period, min(f.published_day) as day from notices n \
    join notice_versions f on f.notice = n.id and f.version = 1 \
    where f.published_day >= $1 group by n.place, n.duty, n.period";

/// First days of all disclosures of all villages since a day: what the scoreboard is made of. The same
/// follows from the public log alone: kind, village, period and day stand in its leaves.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn published(db: &Db, since: &str) -> Result<Public<Vec<Published>>, Failure> {
    let during = |error| failure("read notices", error);
    let rows = sqlx::query(PUBLISHED).bind(since.to_owned()).fetch_all(&db.read).await;
    let rows = rows.map_err(during)?;
    let list = rows.iter().map(Published::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(list))
}

/// A place of the county.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlaceHead {
    /// Code.
    pub id: String,
    /// `county`, `township`, `village`, `group`.
    pub level: String,
    /// Name.
    pub name: String,
    /// Codes from the county down, divided by slashes.
    pub path: String,
    /// Since when it is in the register.
    pub from_day: String,
}

impl PlaceHead {
    from_row!(PlaceHead { id, level, name, path, from_day });
}

const PLACES: &str = "select p.id, p.level, p.name, p.path, p.from_day from places p \
    where p.until_day is null order by p.path";

/// All places, each after the one that it lies in.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn places(db: &Db) -> Result<Public<Vec<PlaceHead>>, Failure> {
    let during = |error| failure("read places", error);
    let rows = sqlx::query(PLACES).fetch_all(&db.read).await.map_err(during)?;
    let list = rows.iter().map(PlaceHead::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(list))
}
