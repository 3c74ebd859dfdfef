//! Accounts: what a signed-in user holds.

use domain::access::{Act, Asker, Held};
use domain::problem::Failure;
use domain::supervision::joint::cooperation::HELPER;
use domain::time::Day;
use sqlx::Row;

use crate::access::{By, at};
use crate::db::{Db, failure};

/// The person behind an account and the roles that it has on a day, each with the path of its place.
/// A closed account has none.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn asker(db: &Db, account: &str, day: Day) -> Result<Asker, Failure> {
    let during = |error| failure("read account", error);
    let text = "select u.person, g.role, p.path from users u \
                left join grants g on g.account = u.id and g.void is null and g.from_day <= $2 \
                and (g.until_day is null or g.until_day >= $2) \
                left join places p on p.id = g.place \
                where u.id = $1 and u.closed_day is null order by p.path, g.role";
    let rows = sqlx::query(text).bind(account.to_owned()).bind(day.to_string());
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    let mut asker = Asker::default();
    for row in &rows {
        asker.person = row.try_get("person").map_err(during)?;
        let role: Option<String> = row.try_get("role").map_err(during)?;
        let place: Option<String> = row.try_get("path").map_err(during)?;
        if let (Some(role), Some(place)) = (role, place) {
            asker.held.push(held(role, place));
        }
    }
    if let Some(person) = asker.person.clone() {
        busy(db, &mut asker, &person, day).await?;
    }
    Ok(asker)
}

const TASKS: &str = "select 'hit' as kind, finding as id from finding_checks \
    where first = $1 and confirmed_day is null \
    union select 'hit', finding from finding_checks where second = $1 and confirmed_day is null \
    union select 'campaign', t.campaign from campaign_team t join campaigns c on c.id = t.campaign \
    where t.person = $1 and c.state = 'open' and c.from_day <= $2 and c.until_day >= $2 \
    union select c.thing_kind, c.thing from cooperation_people h join cooperations c on c.id = h.cooperation \
    where h.person = $1 and c.thing is not null and c.state = 'approved' and c.from_day <= $2 \
    and c.until_day >= $2 \
    union select 'stepped', v.id from cooperation_people h join cooperations c on c.id = h.cooperation \
    join places p on p.id = c.place join places q on (q.path = p.path or q.path like p.path || '/%') \
    join stepped_villages v on v.place = q.id where h.person = $1 and c.thing is null \
    and c.state = 'approved' and c.from_day <= $2 and c.until_day >= $2";

const HELPS: &str = "select p.path from cooperation_people h join cooperations c on c.id = h.cooperation \
    join places p on p.id = c.place where h.person = $1 and c.state = 'approved' and c.from_day <= $2 \
    and c.until_day >= $2 order by p.path";

/// Things in which somebody has a task on a day: findings that he checks, until the check is over; open
/// campaigns in whose team he is; what a cooperation is about. And the places in which he helps: there he
/// has the role of the area, from the first day of the cooperation to its last.
async fn busy(db: &Db, asker: &mut Asker, person: &str, day: Day) -> Result<(), Failure> {
    let during = |error| failure("read tasks", error);
    let day = day.to_string();
    let rows = sqlx::query(TASKS).bind(person.to_owned()).bind(day.clone());
    for row in rows.fetch_all(&db.read).await.map_err(during)? {
        asker.tasks.insert(row.try_get("id").map_err(during)?);
        asker.kinds.insert(row.try_get("kind").map_err(during)?);
    }
    let rows = sqlx::query(HELPS).bind(person.to_owned()).bind(day);
    for row in rows.fetch_all(&db.read).await.map_err(during)? {
        let place: String = row.try_get("path").map_err(during)?;
        asker.held.push(held(HELPER.to_owned(), place));
    }
    Ok(())
}

/// A person with the posts that he holds on a day, for whom no account speaks.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn holder(db: &Db, person: &str, day: Day) -> Result<Asker, Failure> {
    let during = |error| failure("read posts", error);
    let text = "select s.role, p.path from posts s join places p on p.id = s.place \
                where s.person = $1 and s.from_day <= $2 \
                and (s.until_day is null or s.until_day >= $2) order by p.path, s.role";
    let rows = sqlx::query(text).bind(person.to_owned()).bind(day.to_string());
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    let mut asker = Asker { person: Some(person.to_owned()), ..Asker::default() };
    for row in &rows {
        let (role, place): (String, String) =
            (row.try_get("role").map_err(during)?, row.try_get("path").map_err(during)?);
        asker.held.push(held(role, place));
    }
    busy(db, &mut asker, person, day).await?;
    Ok(asker)
}

/// A post with the office that it is in.
fn held(role: String, place: String) -> Held {
    let code = place.rsplit('/').next().unwrap_or_default();
    let unit = Some(domain::routing::office_id(&role, code));
    Held { role, place, unit, ..Held::default() }
}

/// An account in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AccountLine {
    /// Key.
    pub account: String,
    /// Name to sign in with.
    pub login: String,
    /// Key of the person.
    pub person: Option<String>,
    /// Whether it has a second factor.
    pub second_factor: bool,
    /// Until when it is locked, in milliseconds since 1970.
    pub locked_until_ms: Option<i64>,
    /// When it was closed.
    pub closed: Option<String>,
    /// Roles that have not ended, as `VAC 990001101201`.
    pub roles: Vec<String>,
}

/// All accounts by name, for who administers them.
///
/// # Errors
/// The rule that says no; a fault when the database cannot be read.
pub async fn list(db: &Db, by: &By, day: Day) -> Result<Vec<AccountLine>, Failure> {
    let during = |error| failure("read accounts", error);
    let county = sqlx::query("select path from places where parent is null order by path limit 1");
    let county = county.fetch_optional(&db.read).await.map_err(during)?;
    let county: Option<String> =
        county.map(|row| row.try_get("path")).transpose().map_err(during)?;
    by.may(Act::Read, &at("user", &county.unwrap_or_default()))?;
    let text = "select u.id, u.login, u.person, u.locked_until_ms, u.closed_day, \
                case when u.totp_sealed is null then 0 else 1 end as factor, g.role, g.place \
                from users u left join grants g on g.account = u.id and g.void is null and g.from_day <= $1 \
                and (g.until_day is null or g.until_day >= $1) order by u.login, g.place, g.role";
    let rows = sqlx::query(text).bind(day.to_string()).fetch_all(&db.read).await.map_err(during)?;
    let mut lines: Vec<AccountLine> = Vec::new();
    for row in &rows {
        let account: String = row.try_get("id").map_err(during)?;
        if lines.last().is_none_or(|line| line.account != account) {
            lines.push(line(row).map_err(during)?);
        }
        let role: Option<String> = row.try_get("role").map_err(during)?;
        let place: Option<String> = row.try_get("place").map_err(during)?;
        if let (Some(role), Some(place), Some(line)) = (role, place, lines.last_mut()) {
            line.roles.push(format!("{role} {place}"));
        }
    }
    Ok(lines)
}

fn line(row: &sqlx::any::AnyRow) -> Result<AccountLine, sqlx::Error> {
    Ok(AccountLine {
        account: row.try_get("id")?,
        login: row.try_get("login")?,
        person: row.try_get("person")?,
        second_factor: row.try_get::<i64, _>("factor")? == 1,
        locked_until_ms: row.try_get("locked_until_ms")?,
        closed: row.try_get("closed_day")?,
        roles: Vec::new(),
    })
}
