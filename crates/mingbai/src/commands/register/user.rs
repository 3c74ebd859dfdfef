//! `mingbai user`: accounts and their roles. The password is read from standard input, so that it
//! stands in no list of processes and no history of a shell.

use std::io::BufRead;

use domain::catalogue::Role;
use domain::problem::Fault;
use registry::actions::{accounts, second_factor};

use crate::cli::register::UserAct;
use crate::office::{Office, law, refused};
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Adds an account, or gives it a role.
///
/// # Errors
/// When the name is taken, the password too short, or roles exclude each other.
pub fn run(setting: &Setting, act: UserAct) -> Outcome {
    match act {
        UserAct::Add { desk, login, person } => {
            let office = Office::open(setting, &desk)?;
            setting.remark("ui-user-password", &[]);
            let mut password = String::new();
            let read = std::io::stdin().lock().read_line(&mut password);
            read.map_err(|e| Fault::new("read password", e))?;
            office.wait(async {
                let registry = &office.registry;
                let mut tx = registry.begin(office.operator(), office.now, "user").await?;
                let password = password.trim_end_matches(['\r', '\n']);
                let (_, entry) =
                    accounts::add(&mut tx, &login, person.as_deref(), password).await?;
                tx.commit(entry).await
            })?;
            setting.remark("ui-user-added", &[("login", &login)]);
        }
        UserAct::Enrol { desk, login } => {
            let office = Office::open(setting, &desk)?;
            let key = office.seal_key()?;
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
    }
    Ok(Ending::Done)
}
