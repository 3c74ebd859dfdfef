//! Sessions: signed in with a password and, where the account has one, a second factor.
//!
//! Hashing a password takes long on purpose; it is done before the transaction begins, so that
//! nobody waits for the one writing place meanwhile. The cookie's token is kept nowhere.

use domain::access::Act;
use domain::problem::{Failure, Fault};
use journal::Hash;
use serde_json::json;
use sqlx::Row;

use super::{accounts, second_factor, starts, unknown, write};
use crate::access::By;
use crate::db::failure;
use crate::rows::hex;
use crate::seal::SealKey;
use crate::tx::{Entry, Now, Tx};
use crate::{Registry, queries::sessions};

/// How long a session lasts, and how long one waits for its second factor.
const LASTS_MS: i64 = 12 * 3_600_000;
const WAITS_MS: i64 = 10 * 60_000;
/// Bytes of a token, and letters that are kept of a device's name.
const TOKEN_BYTES: usize = 32;
const AGENT_LETTERS: usize = 60;

/// The device that somebody signs in on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Device<'a> {
    /// Words about it, for the list of one's own sessions.
    pub agent: &'a str,
    /// The owner of the account has signed in on it before. Wrong passwords that strangers give lock the
    /// account for strangers; whoever calls counts the tries of a known device.
    pub known: bool,
}

impl<'a> From<&'a str> for Device<'a> {
    fn from(agent: &'a str) -> Self {
        Self { agent, known: false }
    }
}

/// What came of a password that was right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// For the cookie.
    pub token: String,
    /// The session opens nothing before [`Registry::confirm`].
    pub needs_second_factor: bool,
    /// Its owner has not started the account: the session opens nothing before
    /// [`Registry::finish_start`].
    pub needs_start: bool,
}

impl Registry {
    /// Signs in with a password; none when name or password are wrong. The session of an account
    /// with a second factor still waits for its code.
    ///
    /// # Errors
    /// A problem when the account is locked; a fault when the database refuses.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        device: impl Into<Device<'_>>,
        now: Now,
    ) -> Result<Option<SignedIn>, Failure> {
        let Device { agent, known } = device.into();
        let checked = accounts::verify(&self.db, login, password, now, known).await?;
        let mut tx = self.begin(By::operator(None, "PUB"), now, "").await?;
        let (account, entry) = accounts::settle(&mut tx, &checked).await?;
        let mut signed_in = None;
        if let Some(account) = account {
            let needs_second_factor = has_second_factor(&mut tx, &account).await?;
            let lasts = if needs_second_factor { WAITS_MS } else { LASTS_MS };
            let token = begin(&mut tx, &account, agent, false, lasts).await?;
            let needs_start = starts::is_open(&mut tx, &account).await?;
            signed_in = Some(SignedIn { token, needs_second_factor, needs_start });
        }
        tx.commit(entry).await?;
        Ok(signed_in)
    }

    /// Gives the second factor of a session that waits for it. A right code ends that session and
    /// begins another under a new token, so that a token known before opens nothing; a wrong one
    /// counts as a wrong password.
    ///
    /// # Errors
    /// A problem when the account is locked; a fault when its secret was altered.
    pub async fn confirm(
        &self,
        token: &str,
        code: &str,
        key: &SealKey,
        now: Now,
    ) -> Result<Option<String>, Failure> {
        self.confirm_on(token, code, key, now, false).await
    }

    /// The same on a device that may be known: see [`Device`].
    ///
    /// # Errors
    /// As [`Registry::confirm`].
    pub async fn confirm_on(
        &self,
        token: &str,
        code: &str,
        key: &SealKey,
        now: Now,
        known_device: bool,
    ) -> Result<Option<String>, Failure> {
        let Some(waiting) = sessions::session(&self.db, token, now).await? else { return Ok(None) };
        if waiting.has_factor {
            return Ok(None);
        }
        let mut tx = self.begin(By::operator(None, "PUB"), now, "").await?;
        if !known_device {
            accounts::stop_locked(&mut tx, &waiting.account).await?;
        }
        let (right, entry) = second_factor::check(&mut tx, &waiting.account, code, key).await?;
        if !known_device {
            accounts::count(&mut tx, &waiting.account, right).await?;
        }
        let mut renewed = None;
        if right && ended(&mut tx, &waiting.id, &waiting.account).await? {
            renewed = Some(begin(&mut tx, &waiting.account, &waiting.agent, true, LASTS_MS).await?);
        }
        tx.commit(entry).await?;
        Ok(renewed)
    }
}

/// Ends a session and begins another in its place, which opens everything.
pub(crate) async fn renew(
    tx: &mut Tx,
    old: &sessions::Session,
    second_factor: bool,
) -> Result<Option<String>, Failure> {
    if !ended(tx, &old.id, &old.account).await? {
        return Ok(None);
    }
    begin(tx, &old.account, &old.agent, second_factor, LASTS_MS).await.map(Some)
}

/// The name under which a session is kept: nothing in the database opens one.
pub(crate) fn id_of(token: &str) -> String {
    Hash::of(token.as_bytes()).to_hex()
}

pub(crate) async fn has_second_factor(tx: &mut Tx, account: &str) -> Result<bool, Failure> {
    let during = |error| failure("read account", error);
    let text =
        "select case when totp_sealed is null then 0 else 1 end as factor from users where id = $1";
    let row = sqlx::query(text).bind(account.to_owned()).fetch_one(tx.connection()).await;
    Ok(row.map_err(during)?.try_get::<i64, _>("factor").map_err(during)? == 1)
}

async fn begin(
    tx: &mut Tx,
    account: &str,
    agent: &str,
    confirmed: bool,
    lasts_ms: i64,
) -> Result<String, Failure> {
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(|e| Fault::new("get random bytes", e))?;
    let token = hex(&bytes);
    let text = "insert into sessions (id, account, agent, second_factor, created_ms, until_ms) \
                values ($1, $2, $3, $4, $5, $6)";
    let agent: String = agent.chars().filter(|c| !c.is_control()).take(AGENT_LETTERS).collect();
    let (now, until) = (tx.now.ms, tx.now.ms + lasts_ms);
    let (id, account) = (id_of(&token), account.to_owned());
    write!(tx, text, id, account, agent, i64::from(confirmed), now, until)?;
    Ok(token)
}

async fn ended(tx: &mut Tx, id: &str, account: &str) -> Result<bool, Failure> {
    let text =
        "update sessions set ended_ms = $3 where id = $1 and account = $2 and ended_ms is null";
    let now = tx.now.ms;
    Ok(write!(tx, text, id.to_owned(), account.to_owned(), now)?.rows_affected() == 1)
}

/// Ends the session of a token.
///
/// # Errors
/// The rule that says no when nobody has signed in; a problem when it is not his.
pub async fn sign_out(tx: &mut Tx, token: &str) -> Result<Entry, Failure> {
    end(tx, &id_of(token)).await
}

/// Ends a session of one's own by its key.
///
/// # Errors
/// The rule that says no when nobody has signed in; a problem when it is not his.
pub async fn end(tx: &mut Tx, id: &str) -> Result<Entry, Failure> {
    let account = tx.by.signed_in()?.to_owned();
    if !ended(tx, id, &account).await? {
        return Err(unknown("session", "-"));
    }
    Ok(Entry::new("signed-out", &account, json!({})))
}

/// Ends all sessions of an account: of one's own, or of another's by who administers accounts.
///
/// # Errors
/// The rule that says no.
pub async fn end_all(tx: &mut Tx, account: &str) -> Result<Entry, Failure> {
    if tx.by.account.as_deref() != Some(account) {
        tx.may_county(Act::Create, "user").await?;
    }
    end_others(tx, account, "").await?;
    Ok(Entry::new("sessions-ended", account, json!({})))
}

/// Ends the sessions of an account but one.
pub(crate) async fn end_others(tx: &mut Tx, account: &str, kept: &str) -> Result<(), Failure> {
    let text =
        "update sessions set ended_ms = $2 where account = $1 and id <> $3 and ended_ms is null";
    let now = tx.now.ms;
    write!(tx, text, account.to_owned(), now, kept.to_owned())?;
    Ok(())
}
