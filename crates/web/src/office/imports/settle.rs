//! What the register has decided about imports, carried out in the facts. Done after each decision and
//! again every few seconds, so that nothing that broke off half-way stays so.

use std::sync::Arc;

use domain::problem::Failure;
use facts::Waiting;
use registry::By;
use registry::actions::imports::record_of;
use registry::queries::imports::state;

use super::{intake, new_import};
use crate::error::Error;
use crate::state::{App, blocking};

/// How long an upload may be taken and not written down yet, in milliseconds.
const UNDER_WAY_MS: i64 = 60_000;

/// Brings register and facts together: accepted batches are put to use, rejected ones erased, and one
/// that was taken just before the site stopped is written down.
///
/// # Errors
/// `folder-busy` when somebody imports; a fault when register or facts cannot be read or written.
pub async fn settle(app: &Arc<App>) -> Result<(), Error> {
    let Ok(intake) = intake(app) else { return Ok(()) };
    let (reader, now) = (Arc::clone(&intake), app.now());
    let waiting = blocking(move || {
        reader.sweep(now.ms)?;
        reader.waiting()
    });
    for (batch, manifest) in waiting.await? {
        let decided = state(&app.setup.registry.db, &batch).await?;
        let intake = Arc::clone(&intake);
        match decided {
            Some((state, _)) if state == "accepted" => {
                blocking(move || intake.accept(&batch, now.ms)).await?;
            }
            Some((state, reason)) if state == "rejected" => {
                blocking(move || intake.reject(&batch, &reason, now.ms)).await?;
            }
            Some(_) => {}
            None if now.ms - manifest.imported_at_ms > UNDER_WAY_MS => {
                write_down(app, &batch, &manifest).await?;
            }
            None => {}
        }
    }
    Ok(())
}

async fn write_down(app: &App, batch: &str, manifest: &facts::Manifest) -> Result<(), Failure> {
    let Some(Waiting { account, place }) = manifest.waiting.clone() else { return Ok(()) };
    let new = new_import(batch, manifest, &place);
    let mut tx = app.setup.registry.begin(By::system(), app.now(), "taken up again").await?;
    let (_, entry) = record_of(&mut tx, &new, Some(account)).await?;
    tx.commit(entry).await?;
    Ok(())
}
