//! Accounts: who may sign in, with what, and in which roles.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use domain::access::Act;
use domain::catalogue::Role;
use domain::problem::{Failure, Fault, Place, Problem};
use domain::separation::roles_exclude;
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::{Refusal, unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Now, Tx};

/// Shortest password.
const SHORTEST: usize = 10;
/// Wrong passwords in a row that lock an account.
const TRIES: i64 = 5;
/// How long it stays locked.
const LOCKED_MS: i64 = 15 * 60 * 1000;

/// Makes an account.
///
/// # Errors
/// The rule that says no; a problem when the name is taken, or the password too short.
pub async fn add(
    tx: &mut Tx,
    login: &str,
    person: Option<&str>,
    password: &str,
) -> Result<(String, Entry), Failure> {
    tx.may_county(Act::Create, "user").await?;
    if password.chars().count() < SHORTEST {
        let problem = Problem::new("password-short", Place::default()).with("least", SHORTEST);
        return Err(problem.into());
    }
    let id = tx.new_id()?;
    let text =
        "insert into users (id, login, person, password_hash, failures) values ($1, $2, $3, $4, 0)";
    let (login, person) = (login.to_owned(), person.map(str::to_owned));
    write!(tx, text, id.clone(), login, person, hashed(password)?)?;
    tx.touch("users", &id)?;
    Ok((id.clone(), Entry::new("account-added", &id, json!({}))))
}

fn hashed(password: &str) -> Result<String, Fault> {
    let fault = |e: argon2::password_hash::Error| Fault::new("hash password", e);
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|e| Fault::new("get random bytes", e))?;
    let salt = SaltString::encode_b64(&bytes).map_err(fault)?;
    Ok(Argon2::default().hash_password(password.as_bytes(), &salt).map_err(fault)?.to_string())
}

/// Gives an account a role in a place; who makes accounts does not give roles. Roles that exclude
/// each other are refused, and the three administrators exclude each other in the whole county
/// (三员分立).
///
/// # Errors
/// Rules that say no; a problem when account, role or place is unknown.
pub async fn grant(
    tx: &mut Tx,
    roles: &[Role],
    login: &str,
    role: &str,
    place: &str,
    from: Day,
) -> Result<Entry, Refusal> {
    tx.may(Act::Approve, "user", place).await?;
    if !roles.iter().any(|known| known.code == role) {
        return Err(unknown("role", role).into());
    }
    let account = account(tx, login).await?;
    let during = |error| failure("read grants", error);
    let text = "select role, place from grants where account = $1 and (until_day is null or until_day >= $2)";
    let rows = sqlx::query(text).bind(account.clone()).bind(from.to_string());
    let rows = rows.fetch_all(tx.connection()).await.map_err(during)?;
    let mut held = vec![role.to_owned()];
    for row in rows {
        let (other, at): (String, String) =
            (row.try_get("role").map_err(during)?, row.try_get("place").map_err(during)?);
        let administers = ["SYS", "SEC", "AUD"].contains(&other.as_str());
        if at == place || administers {
            held.push(other);
        }
    }
    let refusals = roles_exclude(roles, &held);
    if !refusals.is_empty() {
        return Err(Refusal::Rules(refusals));
    }
    let id = tx.new_id()?;
    let text =
        "insert into grants (id, account, role, place, from_day) values ($1, $2, $3, $4, $5)";
    write!(tx, text, id.clone(), account, role.to_owned(), place.to_owned(), from.to_string())?;
    tx.touch("grants", &id)?;
    Ok(Entry::new("role-granted", &id, json!({ "role": role, "place": place })))
}

async fn account(tx: &mut Tx, login: &str) -> Result<String, Failure> {
    let during = |error| failure("read account", error);
    let row = sqlx::query("select id from users where login = $1").bind(login.to_owned());
    let row = row.fetch_optional(tx.connection()).await.map_err(during)?;
    row.ok_or_else(|| unknown("account", login))?.try_get("id").map_err(during)
}

/// Checks a password. After [`TRIES`] wrong ones the account is locked for a while; the answer is
/// the same for a wrong name and a wrong password.
///
/// # Errors
/// A problem when the account is locked; a fault when the database refuses.
pub async fn check(
    tx: &mut Tx,
    login: &str,
    password: &str,
) -> Result<(Option<String>, Entry), Failure> {
    let during = |error| failure("read account", error);
    let text = "select id, password_hash, failures, locked_until_ms from users where login = $1 and closed_day is null";
    let row = sqlx::query(text).bind(login.to_owned()).fetch_optional(tx.connection()).await;
    let Some(row) = row.map_err(during)? else {
        // As long as for a known name, so that time does not tell which names there are.
        let _same_time = hashed(password)?;
        return Ok((None, Entry::new("sign-in-refused", "-", json!({}))));
    };
    let (id, hash): (String, String) =
        (row.try_get("id").map_err(during)?, row.try_get("password_hash").map_err(during)?);
    let (failures, locked): (i64, Option<i64>) =
        (row.try_get("failures").map_err(during)?, row.try_get("locked_until_ms").map_err(during)?);
    let Now { ms, .. } = tx.now;
    if locked.is_some_and(|until| until > ms) {
        return Err(Problem::new("account-locked", Place::default()).into());
    }
    let parsed = PasswordHash::new(&hash).map_err(|e| Fault::new("read password", e))?;
    let right = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    let failures = if right { 0 } else { failures + 1 };
    let locked = (failures >= TRIES).then_some(ms + LOCKED_MS);
    let text = "update users set failures = $2, locked_until_ms = $3 where id = $1";
    write!(tx, text, id.clone(), if locked.is_some() { 0 } else { failures }, locked)?;
    tx.touch("users", &id)?;
    let kind = if right { "signed-in" } else { "sign-in-refused" };
    Ok((right.then(|| id.clone()), Entry::new(kind, &id, json!({}))))
}
