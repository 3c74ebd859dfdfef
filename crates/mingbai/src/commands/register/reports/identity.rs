//! Who reported: asked for, granted by another office, read.

use registry::actions::reports::identity;

use super::Window;
use crate::cli::reports::IdentityAct;
use crate::commands::register::office_key::unlock;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Asks, grants, refuses and reads.
pub(super) fn run(setting: &Setting, act: IdentityAct) -> Outcome {
    match act {
        IdentityAct::Ask { desk, number, who, purpose } => {
            let window = Window::open(setting, &desk)?;
            let (by, counter) = (window.by(&who)?, window.counter());
            let request = window.act(setting, by, async |tx| {
                Ok(identity::ask(tx, &counter, &number, &purpose).await?)
            })?;
            say::result(&request);
        }
        IdentityAct::Grant { desk, request, who, days } => {
            let window = Window::open(setting, &desk)?;
            let (by, counter) = (window.by(&who)?, window.counter());
            let unlocked = unlock(setting, &window.office, &who.person)?;
            let until = window.act(setting, by, async |tx| {
                Ok(identity::grant(tx, &counter, &request, days, &unlocked).await?)
            })?;
            setting.remark("ui-reports-granted", &[("day", &until.to_string())]);
        }
        IdentityAct::Refuse { desk, request, who } => {
            let window = Window::open(setting, &desk)?;
            let (by, counter) = (window.by(&who)?, window.counter());
            window.act(setting, by, async |tx| {
                Ok(((), identity::refuse(tx, &counter, &request).await?))
            })?;
            setting.remark("ui-matter-recorded", &[]);
        }
        IdentityAct::Read { desk, request, who } => {
            let window = Window::open(setting, &desk)?;
            let (by, counter) = (window.by(&who)?, window.counter());
            let unlocked = unlock(setting, &window.office, &who.person)?;
            let identity = window.act(setting, by, async |tx| {
                Ok(identity::read(tx, &counter, &request, &unlocked).await?)
            })?;
            say::result(&format!("{}  {}", identity.name, identity.contact));
        }
    }
    Ok(Ending::Done)
}
