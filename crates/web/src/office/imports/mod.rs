//! Files of agencies: handed in, looked at, taken, and accepted by whoever answers for them. Reading
//! them is the work of `facts`; what is shown of a file is masked.

mod list;
mod look;
mod one;
mod settle;
mod upload;

use std::sync::Arc;

use domain::access::Act;
use facts::intake::Intake;
use registry::actions::imports::NewImport;

use crate::error::Error;
use crate::routes::{Right, Routes};
use crate::session::Signed;
use crate::state::App;

pub use settle::settle;

/// The kind of thing.
const IMPORT: &str = "import";
const READ: &[Act] = &[Act::Read];
const CREATE: &[Act] = &[Act::Create];
/// Whether it is his to decide, the register says of each.
const DECIDE: &[Act] = &[Act::Create, Act::Approve];

/// Routes of imports.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/office/imports", Right::May(READ, IMPORT), list::show)
        .upload("/office/imports", Right::May(CREATE, IMPORT), upload::receive)
        .get("/office/imports/uploads/{id}", Right::May(CREATE, IMPORT), look::show)
        .get(
            "/office/imports/uploads/{id}/problems.csv",
            Right::May(CREATE, IMPORT),
            look::problems,
        )
        .post("/office/imports/uploads/{id}/batch", Right::May(CREATE, IMPORT), look::take)
        .post("/office/imports/uploads/{id}/discard", Right::May(CREATE, IMPORT), look::discard)
        .get("/office/imports/{id}", Right::May(READ, IMPORT), one::show)
        .get("/office/imports/{id}/problems.csv", Right::May(READ, IMPORT), one::problems)
        .post("/office/imports/{id}/acceptance", Right::May(DECIDE, IMPORT), one::accept)
        .post("/office/imports/{id}/rejection", Right::May(DECIDE, IMPORT), one::reject)
}

/// What takes files in; a site without facts has none.
fn intake(app: &App) -> Result<Arc<Intake>, Error> {
    app.setup.intake.clone().ok_or(Error::NotFound)
}

/// Codes of the places whose data somebody may hand in: those of his posts.
fn places(desk: &Signed) -> Vec<String> {
    let fits = |path: &&str| desk.by(CREATE, IMPORT, path).is_ok_and(|by| allows(&by, path));
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    desk.places().filter(fits).map(last).collect()
}

fn allows(by: &registry::By, path: &str) -> bool {
    by.may(Act::Create, &registry::access::at(IMPORT, path)).is_ok()
}

/// A batch as the register writes it down.
#[must_use]
pub fn new_import(batch: &str, manifest: &facts::Manifest, place: &str) -> NewImport {
    let sum = |of: fn(&facts::TableManifest) -> u64| {
        i64::try_from(manifest.tables.iter().map(of).sum::<u64>()).unwrap_or(i64::MAX)
    };
    let tables: Vec<&str> = manifest.tables.iter().map(|table| table.table.as_str()).collect();
    NewImport {
        place: place.to_owned(),
        batch: batch.to_owned(),
        file_name: manifest.source_name.clone(),
        source_sha256: manifest.source_sha256.clone(),
        dataset: tables.join(","),
        rows_read: sum(|table| table.tally.read),
        rows_written: sum(|table| table.rows),
        rows_refused: sum(|table| table.tally.refused),
        sum_fen: manifest.tables.iter().map(|table| table.sum_fen).sum(),
    }
}
