//! Accounts: who may sign in, with what, and in which roles.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use domain::access::Act;
use domain::catalogue::{Role, RoleLevel};
use domain::model::Basis;
use domain::problem::{Failure, Fault, Place, Problem, RuleViolation};
use domain::separation::{administrators_apart, roles_exclude};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;
use tokio::sync::Semaphore;

use super::{Refusal, sessions, unknown, write};
use crate::Registry;
use crate::access::By;
use crate::db::{Db, failure};
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
    add_hashed(tx, login, person, hash(password)?).await
}

/// The same with a password that [`hash`] has hashed: many accounts at once may share one, where
/// they are given out together.
///
/// # Errors
/// The rule that says no; a problem when the name is taken.
pub async fn add_hashed(
    tx: &mut Tx,
    login: &str,
    person: Option<&str>,
    hash: Hashed,
) -> Result<(String, Entry), Failure> {
    tx.may_county(Act::Create, "user").await?;
    let id = tx.new_id()?;
    let text =
        "insert into users (id, login, person, password_hash, failures) values ($1, $2, $3, $4, 0)";
    let (login, person) = (login.to_owned(), person.map(str::to_owned));
    write!(tx, text, id.clone(), login, person, hash.0)?;
    tx.touch("users", &id)?;
    Ok((id.clone(), Entry::new("account-added", &id, json!({}))))
}

/// A password as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hashed(String);

/// Hashes a password; it takes long on purpose.
///
/// # Errors
/// A problem when it is too short.
pub fn hash(password: &str) -> Result<Hashed, Failure> {
    long_enough(password)?;
    Ok(Hashed(hashed(password)?))
}

fn long_enough(password: &str) -> Result<(), Problem> {
    if password.chars().count() < SHORTEST {
        return Err(Problem::new("password-short", Place::default()).with("least", SHORTEST));
    }
    Ok(())
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
    not_ones_own(tx, roles, &account).await?;
    let system =
        |code: &str| roles.iter().any(|role| role.code == code && role.level == RoleLevel::System);
    let during = |error| failure("read grants", error);
    // Of all accounts of the person: a second one must not lead past the rule.
    let text = "select g.role, g.place from grants g join users u on u.id = g.account \
                where (u.id = $1 or u.person = (select x.person from users x where x.id = $1)) \
                and g.void is null and (g.until_day is null or g.until_day >= $2)";
    let rows = sqlx::query(text).bind(account.clone()).bind(from.to_string());
    let rows = rows.fetch_all(tx.connection()).await.map_err(during)?;
    let mut held = vec![role.to_owned()];
    for row in rows {
        let (other, at): (String, String) =
            (row.try_get("role").map_err(during)?, row.try_get("place").map_err(during)?);
        if at == place || system(&other) || system(role) {
            held.push(other);
        }
    }
    let mut refusals = roles_exclude(roles, &held);
    refusals.extend(administrators_apart(roles, &held));
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

/// Nobody gives rights to himself, by another account of his either.
async fn not_ones_own(tx: &mut Tx, roles: &[Role], account: &str) -> Result<(), Refusal> {
    let during = |error| failure("read account", error);
    let row = sqlx::query("select person from users where id = $1").bind(account.to_owned());
    let row = row.fetch_one(tx.connection()).await.map_err(during)?;
    let person: Option<String> = row.try_get("person").map_err(during)?;
    let same_account = tx.by.account.as_deref() == Some(account);
    if !same_account && (person.is_none() || person != tx.by.person) {
        return Ok(());
    }
    let role = roles.iter().find(|role| role.code == tx.by.role);
    let basis = role.map_or_else(String::new, |role| Basis::line(&role.basis));
    Err(RuleViolation::new("own-rights", basis).into())
}

async fn account(tx: &mut Tx, login: &str) -> Result<String, Failure> {
    let during = |error| failure("read account", error);
    let row = sqlx::query("select id from users where login = $1").bind(login.to_owned());
    let row = row.fetch_optional(tx.connection()).await.map_err(during)?;
    row.ok_or_else(|| unknown("account", login))?.try_get("id").map_err(during)
}

/// A password that was looked at, before anything was written about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    account: Option<String>,
    right: bool,
    known_device: bool,
}

/// Looks at a password, outside of any transaction. An unknown name and a locked account take as long
/// as a known one. The lock that strangers caused does not hold on a device that its owner knows.
///
/// # Errors
/// A problem when the account is locked; a fault when the database refuses.
pub async fn verify(
    db: &Db,
    login: &str,
    password: &str,
    now: Now,
    known_device: bool,
) -> Result<Checked, Failure> {
    let during = |error| failure("read account", error);
    let text = "select id, password_hash, locked_until_ms from users where login = $1 and closed_day is null";
    let row = sqlx::query(text).bind(login.to_owned()).fetch_optional(&db.read).await;
    let (mut account, mut hash, mut locked) = (None, None, None);
    if let Some(row) = row.map_err(during)? {
        locked = row.try_get("locked_until_ms").map_err(during)?;
        account = Some(row.try_get("id").map_err(during)?);
        hash = Some(row.try_get("password_hash").map_err(during)?);
    }
    let right = fits(hash, password.to_owned()).await?;
    if !known_device {
        stop(locked, now)?;
    }
    Ok(Checked { account, right, known_device })
}

/// Passwords that are hashed at one time: each takes 19 MiB, and a flood of sign-ins must not take all
/// memory of the machine.
static HASHING: Semaphore = Semaphore::const_new(4);

/// Whether a password fits a hash; where there is none, time passes all the same.
async fn fits(hash: Option<String>, password: String) -> Result<bool, Fault> {
    let _turn = HASHING.acquire().await;
    let work = move || -> Result<bool, Fault> {
        let Some(hash) = hash else { return hashed(&password).map(|_| false) };
        let parsed = PasswordHash::new(&hash).map_err(|e| Fault::new("read password", e))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    };
    tokio::task::spawn_blocking(work).await.map_err(|e| Fault::new("check password", e))?
}

fn stop(locked_until_ms: Option<i64>, now: Now) -> Result<(), Problem> {
    match locked_until_ms {
        Some(until) if until > now.ms => Err(Problem::new("account-locked", Place::default())),
        _ => Ok(()),
    }
}

/// Refuses an account that is locked. Its row is held until the transaction ends, so that tries of
/// the same moment come one after the other.
pub(crate) async fn stop_locked(tx: &mut Tx, account: &str) -> Result<(), Failure> {
    let during = |error| failure("read account", error);
    let text = "update users set failures = failures where id = $1 returning locked_until_ms";
    let row = sqlx::query(text).bind(account.to_owned()).fetch_one(tx.connection()).await;
    let locked = row.map_err(during)?.try_get("locked_until_ms").map_err(during)?;
    Ok(stop(locked, tx.now)?)
}

/// Counts a try. After [`TRIES`] wrong ones in a row the account is locked for a while.
pub(crate) async fn count(tx: &mut Tx, account: &str, right: bool) -> Result<(), Failure> {
    let during = |error| failure("read account", error);
    let row = sqlx::query("select failures from users where id = $1").bind(account.to_owned());
    let row = row.fetch_one(tx.connection()).await.map_err(during)?;
    let failures: i64 = row.try_get("failures").map_err(during)?;
    let failures = if right { 0 } else { failures + 1 };
    let locked = (failures >= TRIES).then_some(tx.now.ms + LOCKED_MS);
    let failures = if locked.is_some() { 0 } else { failures };
    let text = "update users set failures = $2, locked_until_ms = $3 where id = $1";
    write!(tx, text, account.to_owned(), failures, locked)?;
    Ok(tx.touch("users", account)?)
}

/// Writes down what came of a password: the account when it was right. Tries that were made at the
/// same moment are counted one after the other, and a right one does not open what was locked.
///
/// # Errors
/// A problem when the account is locked; a fault when the database refuses.
pub async fn settle(tx: &mut Tx, checked: &Checked) -> Result<(Option<String>, Entry), Failure> {
    let Some(account) = &checked.account else {
        return Ok((None, Entry::new("sign-in-refused", "-", json!({}))));
    };
    if !checked.known_device {
        stop_locked(tx, account).await?;
        // With a second factor only its code clears the count: else who knows the password could try
        // codes without end.
        if !checked.right || !sessions::has_second_factor(tx, account).await? {
            count(tx, account, checked.right).await?;
        }
    }
    let kind = if checked.right { "signed-in" } else { "sign-in-refused" };
    Ok((checked.right.then(|| account.clone()), Entry::new(kind, account, json!({}))))
}

/// Closes an account for good, with all its sessions.
///
/// # Errors
/// The rule that says no; a problem when nobody knows it.
pub async fn close(tx: &mut Tx, login: &str) -> Result<Entry, Failure> {
    tx.may_county(Act::Create, "user").await?;
    let (id, day) = (account(tx, login).await?, tx.now.day.to_string());
    write!(tx, "update users set closed_day = $2 where id = $1", id.clone(), day)?;
    tx.touch("users", &id)?;
    sessions::end_others(tx, &id, "").await?;
    Ok(Entry::new("account-closed", &id, json!({})))
}

/// Takes a role in a place back: it held until yesterday, or ends with this day when it began with it.
/// All sessions of the account end.
///
/// # Errors
/// The rule that says no; a problem when the account has no such role.
pub async fn revoke(tx: &mut Tx, login: &str, role: &str, place: &str) -> Result<Entry, Failure> {
    tx.may(Act::Approve, "user", place).await?;
    let (account, today) = (account(tx, login).await?, tx.now.day);
    let during = |error| failure("read grants", error);
    let text = "select id, from_day from grants where account = $1 and role = $2 and place = $3 \
                and void is null and from_day <= $4 and (until_day is null or until_day >= $4)";
    let rows = sqlx::query(text).bind(account.clone()).bind(role.to_owned()).bind(place.to_owned());
    let rows = rows.bind(today.to_string()).fetch_all(tx.connection()).await.map_err(during)?;
    if rows.is_empty() {
        return Err(unknown("role", role));
    }
    for row in rows {
        let (id, from): (String, String) =
            (row.try_get("id").map_err(during)?, row.try_get("from_day").map_err(during)?);
        // Taken back is taken back at once: the last day was yesterday, or there was none.
        let (until, void) = (Day(today.0 - 1).to_string(), from >= today.to_string());
        let until = until.max(from);
        let text = "update grants set until_day = $2, void = $3 where id = $1";
        write!(tx, text, id.clone(), until, void.then_some(1_i64))?;
        tx.touch("grants", &id)?;
    }
    sessions::end_others(tx, &account, "").await?;
    Ok(Entry::new("role-revoked", &account, json!({ "role": role, "place": place })))
}

/// Gives an account another password, for somebody who has lost his. It is unlocked, and all its
/// sessions end.
///
/// # Errors
/// The rule that says no; a problem when nobody knows the account.
pub async fn reset_password(tx: &mut Tx, login: &str, hash: Hashed) -> Result<Entry, Failure> {
    tx.may_county(Act::Create, "user").await?;
    let id = account(tx, login).await?;
    let text =
        "update users set password_hash = $2, failures = 0, locked_until_ms = null where id = $1";
    write!(tx, text, id.clone(), hash.0)?;
    tx.touch("users", &id)?;
    sessions::end_others(tx, &id, "").await?;
    Ok(Entry::new("password-reset", &id, json!({})))
}

/// Puts the owner's password in the place of the one that he was given.
pub(crate) async fn set_password(tx: &mut Tx, account: &str, hash: Hashed) -> Result<(), Failure> {
    let text = "update users set password_hash = $2 where id = $1";
    write!(tx, text, account.to_owned(), hash.0)?;
    Ok(tx.touch("users", account)?)
}

/// Unlocks an account before its time.
///
/// # Errors
/// The rule that says no; a problem when nobody knows it.
pub async fn unlock(tx: &mut Tx, login: &str) -> Result<Entry, Failure> {
    tx.may_county(Act::Create, "user").await?;
    let id = account(tx, login).await?;
    let text = "update users set failures = 0, locked_until_ms = null where id = $1";
    write!(tx, text, id.clone())?;
    tx.touch("users", &id)?;
    Ok(Entry::new("account-unlocked", &id, json!({})))
}

impl Registry {
    /// Changes the password of the account that acts; the old one is asked. Its sessions end, but
    /// that of the token. Returns whether the old password was right.
    ///
    /// # Errors
    /// A problem when the new one is too short or the account is locked; the rule that says no when
    /// nobody has signed in.
    pub async fn change_password(
        &self,
        by: By,
        token: &str,
        (old, new): (&str, &str),
        now: Now,
    ) -> Result<bool, Failure> {
        long_enough(new)?;
        let during = |error| failure("read account", error);
        let text = "select login from users where id = $1";
        let row = sqlx::query(text).bind(by.signed_in()?.to_owned()).fetch_one(&self.db.read).await;
        let login: String = row.map_err(during)?.try_get("login").map_err(during)?;
        let checked = verify(&self.db, &login, old, now, false).await?;
        let new = new.to_owned();
        let hash = tokio::task::spawn_blocking(move || hashed(&new)).await;
        let hash = hash.map_err(|e| Fault::new("hash password", e))??;
        let mut tx = self.begin(by, now, "").await?;
        let (account, refused) = settle(&mut tx, &checked).await?;
        let Some(account) = account else {
            tx.commit(refused).await?;
            return Ok(false);
        };
        let text = "update users set password_hash = $2 where id = $1";
        write!(tx, text, account.clone(), hash)?;
        tx.touch("users", &account)?;
        sessions::end_others(&mut tx, &account, &sessions::id_of(token)).await?;
        tx.commit(Entry::new("password-changed", &account, json!({}))).await?;
        Ok(true)
    }
}
