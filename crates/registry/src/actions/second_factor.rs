//! The second factor: codes of an authenticator app (RFC 6238). Office roles need it to sign in.
//!
//! The secret is sealed with a key that lies outside the database, so that a stolen database signs
//! nobody in; a code is good once.

use domain::access::Act;
use domain::catalogue::Role;
use domain::problem::{Failure, Fault, Place, Problem};
use serde_json::json;
use sqlx::Row;
use totp_rs::{Algorithm, TOTP};

use super::{unknown, write};
use crate::db::failure;
use crate::seal::{SealKey, open, seal};
use crate::tx::{Entry, Now, Tx};

/// Digits of a code, seconds that it holds, and how many of those spans a clock may be off.
const DIGITS: usize = 6;
const SPAN_SECONDS: u64 = 30;
const SPANS_OFF: u8 = 1;
const SECRET_BYTES: usize = 20;

/// Gives an account a new secret and returns it in base 32, to be typed or scanned once.
///
/// # Errors
/// The rule that says no to another's account; a problem when nobody knows it.
pub async fn enrol(tx: &mut Tx, login: &str, key: &SealKey) -> Result<(String, Entry), Failure> {
    let during = |error| failure("read account", error);
    let row = sqlx::query("select id from users where login = $1").bind(login.to_owned());
    let row = row.fetch_optional(tx.connection()).await.map_err(during)?;
    let id: String = row.ok_or_else(|| unknown("account", login))?.try_get("id").map_err(during)?;
    if tx.by.account.as_ref() != Some(&id) {
        tx.may_county(Act::Create, "user").await?;
    }
    let secret = draw()?;
    let text = "update users set totp_sealed = $2, totp_step = null where id = $1";
    write!(tx, text, id.clone(), seal(key, &id, &secret)?)?;
    tx.touch("users", &id)?;
    let shown = in_base_32(secret.to_vec())?;
    Ok((shown, Entry::new("second-factor-set", &id, json!({}))))
}

/// Whether a code is right for an account now. A right one is used up.
///
/// # Errors
/// A problem when the account has no second factor; a fault when its secret was altered.
pub async fn check(
    tx: &mut Tx,
    account: &str,
    code: &str,
    key: &SealKey,
) -> Result<(bool, Entry), Failure> {
    let during = |error| failure("read account", error);
    let row = sqlx::query("select totp_sealed, totp_step from users where id = $1");
    let row = row.bind(account.to_owned()).fetch_optional(tx.connection()).await.map_err(during)?;
    let row = row.ok_or_else(|| unknown("account", account))?;
    let sealed: Option<Vec<u8>> = row.try_get("totp_sealed").map_err(during)?;
    let used: Option<i64> = row.try_get("totp_step").map_err(during)?;
    let none = || Problem::new("second-factor-none", Place::default());
    let right = span_of(open(key, account, &sealed.ok_or_else(none)?)?, code, tx.now)?;
    let fresh = right.filter(|span| used.is_none_or(|used| *span > used));
    if let Some(span) = fresh {
        let text = "update users set totp_step = $2 where id = $1";
        write!(tx, text, account.to_owned(), span)?;
        tx.touch("users", account)?;
    }
    let kind = if fresh.is_some() { "second-factor-right" } else { "second-factor-wrong" };
    Ok((fresh.is_some(), Entry::new(kind, account, json!({}))))
}

/// The span of time to which a code belongs, if it is near enough.
fn span_of(secret: Vec<u8>, code: &str, now: Now) -> Result<Option<i64>, Fault> {
    let totp = totp(secret)?;
    let spans = u64::try_from(now.ms / 1000).unwrap_or_default() / SPAN_SECONDS;
    let near = spans.saturating_sub(SPANS_OFF.into())..=spans + u64::from(SPANS_OFF);
    let fits = |span: &u64| same(&totp.generate(span * SPAN_SECONDS), code);
    Ok(near.into_iter().find(fits).and_then(|span| i64::try_from(span).ok()))
}

/// A new secret.
pub(crate) fn draw() -> Result<[u8; SECRET_BYTES], Fault> {
    let mut secret = [0; SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(|e| Fault::new("get random bytes", e))?;
    Ok(secret)
}

/// A secret as it is typed or scanned.
pub(crate) fn in_base_32(secret: Vec<u8>) -> Result<String, Fault> {
    Ok(totp(secret)?.get_secret_base32())
}

/// Takes up a secret, when the code shows that its owner has it. The code is used up.
pub(crate) async fn take_up(
    tx: &mut Tx,
    account: &str,
    secret: Vec<u8>,
    code: &str,
    key: &SealKey,
) -> Result<bool, Failure> {
    let sealed = seal(key, account, &secret)?;
    let Some(span) = span_of(secret, code, tx.now)? else { return Ok(false) };
    let text = "update users set totp_sealed = $2, totp_step = $3 where id = $1";
    write!(tx, text, account.to_owned(), sealed, span)?;
    tx.touch("users", account)?;
    Ok(true)
}

/// Whether an account has a role that asks for a second factor.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn is_needed(tx: &mut Tx, account: &str, roles: &[Role]) -> Result<bool, Failure> {
    let during = |error| failure("read grants", error);
    let text = "select role from grants where account = $1 and void is null and (until_day is null or until_day >= $2)";
    let rows = sqlx::query(text).bind(account.to_owned()).bind(tx.now.day.to_string());
    for row in rows.fetch_all(tx.connection()).await.map_err(during)? {
        let held: String = row.try_get("role").map_err(during)?;
        if roles.iter().any(|role| role.code == held && role.second_factor) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn totp(secret: Vec<u8>) -> Result<TOTP, Fault> {
    let made = TOTP::new(Algorithm::SHA1, DIGITS, SPANS_OFF, SPAN_SECONDS, secret);
    made.map_err(|e| Fault::new("make second factor", format!("{e:?}")))
}

/// Compares without telling by time where two codes differ.
fn same(a: &str, b: &str) -> bool {
    let different = a.bytes().zip(b.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    a.len() == b.len() && different == 0
}
