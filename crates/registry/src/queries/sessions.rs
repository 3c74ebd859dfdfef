//! Sessions as the web reads them with every page.

use domain::problem::Failure;
use journal::Hash;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::access::By;
use crate::actions::sessions::id_of;
use crate::db::{Db, failure};
use crate::tx::Now;

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Key; not the token.
    pub id: String,
    /// Account.
    pub account: String,
    /// Name to sign in with.
    pub login: String,
    /// Person behind the account.
    pub person: Option<String>,
    /// Name of the person.
    pub person_name: Option<String>,
    /// Words about the device.
    pub agent: String,
    /// The second factor was given, or the account has none.
    pub has_factor: bool,
    /// Nothing is missing: the second factor is not, and the account was started by its owner. One that
    /// is not confirmed opens nothing but the pages that ask for what is missing.
    pub confirmed: bool,
    /// When it began, in milliseconds since 1970.
    pub created_ms: i64,
    /// When it ends by itself, in milliseconds since 1970.
    pub until_ms: i64,
}

const READ: &str = "select s.id, s.account, u.login, u.person, p.name, s.agent, s.created_ms, s.until_ms, \
    case when s.second_factor = 1 or u.totp_sealed is null then 1 else 0 end as has_factor, \
    case when t.id is null then 1 else 0 end as started \
    from sessions s join users u on u.id = s.account left join people p on p.id = u.person \
    left join account_starts t on t.id = u.id and t.done_ms is null \
    where s.id = $1 and s.ended_ms is null and s.until_ms > $2 and u.closed_day is null";

const OWN: &str = "select s.id, s.account, u.login, u.person, p.name, s.agent, s.created_ms, s.until_ms, \
    case when s.second_factor = 1 or u.totp_sealed is null then 1 else 0 end as has_factor, \
    case when t.id is null then 1 else 0 end as started \
    from sessions s join users u on u.id = s.account left join people p on p.id = u.person \
    left join account_starts t on t.id = u.id and t.done_ms is null \
    where s.account = $1 and s.ended_ms is null and s.until_ms > $2 order by s.created_ms desc, s.id";

/// The live session of a token; none when it has ended, has run out or never was.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn session(db: &Db, token: &str, now: Now) -> Result<Option<Session>, Failure> {
    let during = |error| failure("read session", error);
    let row = sqlx::query(READ).bind(id_of(token)).bind(now.ms).fetch_optional(&db.read).await;
    row.map_err(during)?.as_ref().map(read).transpose().map_err(during)
}

/// Live sessions of the account that acts, the newest first.
///
/// # Errors
/// The rule that says no when nobody has signed in; a fault when the database cannot be read.
pub async fn own_sessions(db: &Db, by: &By, now: Now) -> Result<Vec<Session>, Failure> {
    let during = |error| failure("read sessions", error);
    let rows = sqlx::query(OWN).bind(by.signed_in()?.to_owned()).bind(now.ms);
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    rows.iter().map(read).collect::<Result<_, _>>().map_err(during)
}

/// The secret that forms of a session carry. It follows from the token, which the database does not
/// know.
#[must_use]
pub fn csrf(token: &str) -> String {
    Hash::of(format!("csrf {token}").as_bytes()).to_hex()
}

fn read(row: &AnyRow) -> Result<Session, sqlx::Error> {
    let is = |column: &str| row.try_get::<i64, _>(column).map(|flag| flag == 1);
    let (has_factor, started) = (is("has_factor")?, is("started")?);
    Ok(Session {
        id: row.try_get("id")?,
        account: row.try_get("account")?,
        login: row.try_get("login")?,
        person: row.try_get("person")?,
        person_name: row.try_get("name")?,
        agent: row.try_get("agent")?,
        has_factor,
        confirmed: has_factor && started,
        created_ms: row.try_get("created_ms")?,
        until_ms: row.try_get("until_ms")?,
    })
}
