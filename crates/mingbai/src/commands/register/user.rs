//! `mingbai user`: accounts and their roles. The password is read from standard input, so that it
//! stands in no list of processes and no history of a shell.

use std::io::BufRead;

use domain::catalogue::Role;
use domain::problem::Fault;
use registry::actions::{accounts, second_factor};
use registry::queries::accounts::{self as held, AccountLine};

use crate::cli::register::{Desk, UserAct};
use crate::office::{Office, law, refused};
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Adds, lists, closes and unlocks accounts, gives them roles, passwords and second factors, and takes
/// roles back.
///
/// # Errors
/// When the name is taken or unknown, the password too short, or roles exclude each other.
pub fn run(setting: &Setting, act: UserAct) -> Outcome {
    match act {
        UserAct::Add { desk, login, person } => {
            let office = Office::open(setting, &desk)?;
            let hash = accounts::hash(&password(setting)?)?;
            office.act("user", async |tx| {
                Ok(accounts::add_hashed(tx, &login, person.as_deref(), hash).await?.1)
            })?;
            setting.remark("ui-user-added", &[("login", &login)]);
        }
        UserAct::Enrol { desk, login } => {
            let office = Office::open(setting, &desk)?;
            let key = office.seal_key("second-factor")?;
            let secret = office.wait(async {
                let registry = &office.registry;
                let mut tx = registry.begin(office.operator(), office.now, "user").await?;
                let (secret, entry) = second_factor::enrol(&mut tx, &login, &key).await?;
                tx.commit(entry).await?;
                Ok::<_, domain::problem::Failure>(secret)
            })?;
            setting.remark("ui-user-enrolled", &[]);
            say::result(&format!("otpauth://totp/mingbai:{login}?secret={secret}&issuer=mingbai"));
        }
        UserAct::Grant { desk, login, role, place } => {
            let (law, office) = (law(setting)?, Office::open(setting, &desk)?);
            let roles: Vec<Role> = law.catalogue.roles.values().cloned().collect();
            let granted = office.wait(async {
                let registry = &office.registry;
                let mut tx = registry.begin(office.operator(), office.now, "user").await?;
                let day = office.now.day;
                let entry = accounts::grant(&mut tx, &roles, &login, &role, &place, day).await?;
                Ok(tx.commit(entry).await?)
            });
            granted.map_err(|refusal| refused(setting, refusal))?;
            setting.remark("ui-user-granted", &[("login", &login), ("role", &role)]);
        }
        UserAct::Revoke { desk, login, role, place } => {
            let office = Office::open(setting, &desk)?;
            office.act("user", async |tx| accounts::revoke(tx, &login, &role, &place).await)?;
            setting.remark("ui-user-revoked", &[("login", &login), ("role", &role)]);
        }
        UserAct::Password { desk, login } => {
            let office = Office::open(setting, &desk)?;
            let hash = accounts::hash(&password(setting)?)?;
            office.act("user", async |tx| accounts::reset_password(tx, &login, hash).await)?;
            setting.remark("ui-user-password-reset", &[("login", &login)]);
        }
        UserAct::Close { desk, login } => {
            let office = Office::open(setting, &desk)?;
            office.act("user", async |tx| accounts::close(tx, &login).await)?;
            setting.remark("ui-user-closed", &[("login", &login)]);
        }
        UserAct::Unlock { desk, login } => {
            let office = Office::open(setting, &desk)?;
            office.act("user", async |tx| accounts::unlock(tx, &login).await)?;
            setting.remark("ui-user-unlocked", &[("login", &login)]);
        }
        UserAct::List { desk } => return list(setting, &desk),
    }
    Ok(Ending::Done)
}

/// One line from standard input.
fn password(setting: &Setting) -> Result<String, Fault> {
    setting.remark("ui-user-password", &[]);
    let mut password = String::new();
    let read = std::io::stdin().lock().read_line(&mut password);
    read.map_err(|e| Fault::new("read password", e))?;
    password.truncate(password.trim_end_matches(['\r', '\n']).len());
    Ok(password)
}

fn list(setting: &Setting, desk: &Desk) -> Outcome {
    let office = Office::open(setting, desk)?;
    let db = &office.registry.db;
    let accounts = office.wait(held::list(db, &office.operator(), office.now.day))?;
    if setting.common.json {
        return setting.print_json(&accounts);
    }
    let state = |line: &AccountLine| match (&line.closed, line.locked_until_ms) {
        (Some(_), _) => "ui-user-state-closed",
        (None, Some(until)) if until > office.now.ms => "ui-user-state-locked",
        _ => "ui-user-state-open",
    };
    let row = |line: &AccountLine| {
        vec![line.login.clone(), setting.text.get(state(line)), line.roles.join(", ")]
    };
    let rows: Vec<Vec<String>> = accounts.iter().map(row).collect();
    let header = ["login", "state", "role"].map(|h| setting.text.get(&format!("ui-column-{h}")));
    say::result(&say::table(&header, &rows, &[]));
    Ok(Ending::Done)
}
