//! Accounts: who may sign in. One administrator makes them (SYS), another gives them rights (SEC); nobody
//! gives any to himself.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::problem::Fault;
use registry::actions::{accounts, starts};
use registry::queries::accounts::{AccountLine, list as all};
use registry::queries::admin::{self, Person};
use serde::Deserialize;

use super::{APPROVE, CREATE, READ, USER};
use crate::error::Error;
use crate::office::matters::acts::at_field;
use crate::places::Places;
use crate::request::{FormToken, Posted};
use crate::session::Signed;
use crate::state::{App, blocking};
use crate::ui::{Ui, page};

/// Letters of a first password: none that is taken for another.
const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// Letters of a name to sign in with.
const LOGIN_LETTERS: std::ops::RangeInclusive<usize> = 3..=40;

/// An account as the list shows it.
pub struct Line {
    /// The account.
    pub account: AccountLine,
    /// Name of the person behind it.
    pub name: String,
    /// Roles with the names of their places.
    pub roles: Vec<String>,
    /// When it was last signed in on.
    pub last_ms: Option<i64>,
    /// It is locked now.
    pub locked: bool,
}

/// All accounts with what pages show of them.
///
/// # Errors
/// The rule that says no; a fault when the register cannot be read.
pub async fn lines(app: &App, ui: &Ui, desk: &Signed) -> Result<Vec<Line>, Error> {
    let (db, by) = (&app.setup.registry.db, desk.by(READ, USER, "")?);
    let (last, names) = (admin::last_sign_ins(db, &by).await?, admin::names(db, &by).await?);
    let places = app.places().await?;
    let line = |account: AccountLine| Line {
        name: names.get(&account.account).cloned().unwrap_or_default(),
        roles: account.roles.iter().map(|held| role_at(ui, &places, held)).collect(),
        last_ms: last.get(&account.account).copied(),
        locked: account.locked_until_ms.is_some_and(|until| until > desk.now.ms),
        account,
    };
    Ok(all(db, &by, desk.now.day).await?.into_iter().map(line).collect())
}

/// `VAC 990001101201` in words.
pub fn role_at(ui: &Ui, places: &Places, held: &str) -> String {
    let (role, place) = held.split_once(' ').unwrap_or((held, ""));
    ui.with("web-users-role-at", &[("role", &ui.role(role)), ("place", places.name(place))])
}

/// Which accounts.
#[derive(Deserialize, Default)]
pub struct Which {
    #[serde(default)]
    place: String,
}

#[derive(Template)]
#[template(path = "office/admin/users.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    places: &'a Places,
    place: &'a str,
    county: &'a str,
    lines: Vec<Line>,
    may_add: bool,
    may_grant: bool,
    login: &'a str,
    found: Option<Vec<Person>>,
}

/// Accounts of a place; without one those of the county, and those that have no role.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
    Query(which): Query<Which>,
) -> Result<Response, Error> {
    shown(&app, &ui, &desk, &token, (&which.place, "", None)).await
}

async fn shown(
    app: &App,
    ui: &Ui,
    desk: &Signed,
    token: &FormToken,
    (place, login, found): (&str, &str, Option<Vec<Person>>),
) -> Result<Response, Error> {
    let places = app.places().await?;
    let county = places.county().map_or("", |county| county.id.as_str());
    let here = |line: &Line| {
        let mut at = line.account.roles.iter().filter_map(|held| held.split_once(' '));
        match place {
            "" => line.account.roles.is_empty() || at.any(|(_, at)| at == county),
            place => at.any(|(_, at)| at.starts_with(place)),
        }
    };
    let lines = lines(app, ui, desk).await?.into_iter().filter(here).collect();
    page(&List {
        ui,
        desk,
        token: &token.value,
        places: &places,
        place,
        county,
        lines,
        may_add: desk.may_somewhere(CREATE, USER).is_ok(),
        may_grant: desk.may_somewhere(APPROVE, USER).is_ok(),
        login,
        found,
    })
}

/// A name to sign in with, and a part of a person's name.
#[derive(Deserialize)]
pub struct Sought {
    login: String,
    q: String,
}

/// Seeks the person for a new account.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn seek(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
    Posted(form): Posted<Sought>,
) -> Result<Response, Error> {
    let by = desk.by(CREATE, USER, "")?;
    let found = admin::people(&app.setup.registry.db, &by, &form.q, desk.now.day).await?;
    shown(&app, &ui, &desk, &token, ("", &form.login, Some(found))).await
}

/// A new account.
#[derive(Deserialize)]
pub struct New {
    login: String,
    #[serde(default)]
    person: String,
}

#[derive(Template)]
#[template(path = "office/admin/password.html")]
struct Given<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    login: &'a str,
    password: &'a str,
}

/// Makes an account. Its first password is shown this once; its owner chooses another at the first
/// sign-in.
///
/// # Errors
/// A problem when the name is taken or does not fit.
pub async fn add(ui: Ui, desk: Signed, Posted(form): Posted<New>) -> Result<Response, Error> {
    let login = form.login.trim();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b);
    if !LOGIN_LETTERS.contains(&login.len()) || !login.bytes().all(plain) {
        return Err(at_field("login-not-fit", "login"));
    }
    if form.person.is_empty() {
        return Err(at_field("field-empty", "person"));
    }
    let (password, hash) = first_password().await?;
    let mut tx = desk.begin(CREATE, USER, "").await?;
    let (account, entry) = accounts::add_hashed(&mut tx, login, Some(&form.person), hash).await?;
    starts::give(&mut tx, &account).await?;
    tx.commit(entry).await?;
    tell(&ui, &desk, login, &password)
}

/// Shows a first password, once.
///
/// # Errors
/// A fault when the page cannot be drawn.
pub fn tell(ui: &Ui, desk: &Signed, login: &str, password: &str) -> Result<Response, Error> {
    page(&Given { ui, desk, login, password })
}

/// Three times four letters, and what is kept of them.
///
/// # Errors
/// A fault when the system has no randomness.
pub async fn first_password() -> Result<(String, accounts::Hashed), Error> {
    let work = || {
        let mut bytes = [0; 24];
        getrandom::fill(&mut bytes).map_err(|e| Fault::new("get random bytes", e))?;
        // Two bytes a letter: no letter is drawn noticeably more often.
        let letter = |pair: &[u8]| {
            let drawn = pair.iter().fold(0_usize, |sum, byte| sum * 256 + usize::from(*byte));
            LETTERS.get(drawn % LETTERS.len()).copied().map(char::from)
        };
        let groups = bytes.chunks(8).map(|eight| eight.chunks(2).filter_map(letter).collect());
        let password = groups.collect::<Vec<String>>().join("-");
        let hash = accounts::hash(&password)?;
        Ok((password, hash))
    };
    Ok(blocking(work).await?)
}
