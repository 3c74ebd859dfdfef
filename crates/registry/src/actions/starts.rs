//! The first sign-in of an account: whoever made it gave a password, and its owner puts one of his own in its
//! place and takes up a second factor where his roles ask for one. Until then the session opens nothing
//! else, and who made the account can do nothing with it.

use domain::catalogue::Role;
use domain::problem::{Failure, Fault};
use serde_json::json;
use sqlx::Row;

use super::accounts::{self, Hashed};
use super::{second_factor, sessions, write};
use crate::Registry;
use crate::access::By;
use crate::db::failure;
use crate::queries::sessions as live;
use crate::seal::{SealKey, open, seal};
use crate::tx::{Entry, Now, Tx};

/// What the owner of an account still has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Name to sign in with.
    pub login: String,
    /// Secret of the second factor in base 32, where his roles ask for one.
    pub secret: Option<String>,
}

/// Notes that the password of an account was given by somebody else.
///
/// # Errors
/// A fault when the database refuses.
pub async fn give(tx: &mut Tx, account: &str) -> Result<(), Failure> {
    let text = "insert into account_starts (id, given_ms) values ($1, $2) \
                on conflict (id) do update set given_ms = $2, secret = null, done_ms = null";
    let now = tx.now.ms;
    write!(tx, text, account.to_owned(), now)?;
    Ok(tx.touch("account_starts", account)?)
}

/// Whether an account has not been started by its owner.
pub(crate) async fn is_open(tx: &mut Tx, account: &str) -> Result<bool, Failure> {
    let during = |error| failure("read account", error);
    let text = "select count(*) as open from account_starts where id = $1 and done_ms is null";
    let row = sqlx::query(text).bind(account.to_owned()).fetch_one(tx.connection()).await;
    Ok(row.map_err(during)?.try_get::<i64, _>("open").map_err(during)? == 1)
}

impl Registry {
    /// What the session of a token has to do first; none when it has nothing to. Draws the secret of
    /// the second factor when that is needed and not drawn yet.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn start(
        &self,
        token: &str,
        roles: &[Role],
        key: &SealKey,
        now: Now,
    ) -> Result<Option<Start>, Failure> {
        let Some(session) = waiting(self, token, now).await? else { return Ok(None) };
        let account = &session.account;
        let mut tx = self.begin(By::operator(None, "PUB"), now, "").await?;
        if !is_open(&mut tx, account).await? {
            return Ok(None);
        }
        if !lacks_factor(&mut tx, account, roles).await? {
            return Ok(Some(Start { login: session.login, secret: None }));
        }
        if let Some(secret) = secret(&mut tx, account, key).await? {
            let secret = Some(second_factor::in_base_32(secret)?);
            return Ok(Some(Start { login: session.login, secret }));
        }
        let drawn = second_factor::draw()?;
        let text = "update account_starts set secret = $2 where id = $1";
        write!(tx, text, account.clone(), seal(key, account, &drawn)?)?;
        tx.touch("account_starts", account)?;
        tx.commit(Entry::new("second-factor-drawn", account, json!({}))).await?;
        let secret = Some(second_factor::in_base_32(drawn.to_vec())?);
        Ok(Some(Start { login: session.login, secret }))
    }

    /// Ends the first sign-in: the owner's password, and a code of his second factor. Returns the token
    /// of a session that opens everything; none when the code is wrong, which counts as a wrong password.
    ///
    /// # Errors
    /// A problem when the password is too short or the account is locked; a fault when the database
    /// refuses.
    pub async fn finish_start(
        &self,
        token: &str,
        (password, code): (&str, &str),
        roles: &[Role],
        key: &SealKey,
        now: Now,
    ) -> Result<Option<String>, Failure> {
        let owned = password.to_owned();
        let hash = tokio::task::spawn_blocking(move || accounts::hash(&owned)).await;
        let hash: Hashed = hash.map_err(|e| Fault::new("hash password", e))??;
        let Some(session) = waiting(self, token, now).await? else { return Ok(None) };
        let account = session.account.clone();
        let mut tx = self.begin(By::operator(None, "PUB"), now, "").await?;
        if !is_open(&mut tx, &account).await? {
            return Ok(None);
        }
        accounts::stop_locked(&mut tx, &account).await?;
        if lacks_factor(&mut tx, &account, roles).await? {
            let right = match secret(&mut tx, &account, key).await? {
                Some(drawn) => second_factor::take_up(&mut tx, &account, drawn, code, key).await?,
                None => false,
            };
            accounts::count(&mut tx, &account, right).await?;
            if !right {
                tx.commit(Entry::new("second-factor-wrong", &account, json!({}))).await?;
                return Ok(None);
            }
        }
        let second = sessions::has_second_factor(&mut tx, &account).await?;
        accounts::set_password(&mut tx, &account, hash).await?;
        let text = "update account_starts set secret = null, done_ms = $2 where id = $1";
        write!(tx, text, account.clone(), now.ms)?;
        tx.touch("account_starts", &account)?;
        let renewed = sessions::renew(&mut tx, &session, second).await?;
        tx.commit(Entry::new("account-started", &account, json!({}))).await?;
        Ok(renewed)
    }
}

/// Whether a role of an account asks for a second factor that it has not.
async fn lacks_factor(tx: &mut Tx, account: &str, roles: &[Role]) -> Result<bool, Failure> {
    Ok(second_factor::is_needed(tx, account, roles).await?
        && !sessions::has_second_factor(tx, account).await?)
}

/// The session of a token, if nothing but the start is missing.
async fn waiting(
    registry: &Registry,
    token: &str,
    now: Now,
) -> Result<Option<live::Session>, Failure> {
    let session = live::session(&registry.db, token, now).await?;
    Ok(session.filter(|session| session.has_factor && !session.confirmed))
}

/// The secret that waits for its owner.
async fn secret(tx: &mut Tx, account: &str, key: &SealKey) -> Result<Option<Vec<u8>>, Failure> {
    let during = |error| failure("read account", error);
    let text = "select secret from account_starts where id = $1 and secret is not null";
    let row = sqlx::query(text).bind(account.to_owned()).fetch_optional(tx.connection()).await;
    let Some(row) = row.map_err(during)? else { return Ok(None) };
    let sealed: Vec<u8> = row.try_get("secret").map_err(during)?;
    Ok(Some(open(key, account, &sealed)?))
}
