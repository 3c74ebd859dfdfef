//! What was understood of a file, before anything is taken.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::facts::{ColumnSpec, TABLES, TableSpec, table};
use domain::problem::{Failure, Problem};
use facts::BatchProblem;
use facts::intake::{Intake, Look, Upload};
use registry::actions::imports;
use serde::Deserialize;

use super::one::csv;
use super::{CREATE, IMPORT, intake, new_import};
use crate::error::Error;
use crate::places::Places;
use crate::request::{FormToken, Posted};
use crate::session::Signed;
use crate::state::{App, blocking};
use crate::ui::{Ui, page};
use registry::queries::lists;

/// Problems that are shown on the page; the file has them all.
const PROBLEMS: usize = 20;
/// What choosing the data set by hand may mend.
const RECOGNITION: [&str; 4] =
    ["no-header", "header-only", "dataset-not-recognised", "required-column-missing"];

#[derive(Template)]
#[template(path = "office/imports/look.html")]
struct Shown<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    places: &'a Places,
    id: &'a str,
    upload: &'a Upload,
    dataset: &'a str,
    tables: &'static [TableSpec],
    look: Option<&'a Look>,
    problems: Vec<BatchProblem>,
    refused: Option<&'a Problem>,
    /// Choosing the data set may help.
    choosable: bool,
    /// The same again may do, later.
    busy: bool,
}

impl Shown<'_> {
    /// A column in words: its official header, or its name.
    fn column(&self, column: &ColumnSpec) -> String {
        let official = column.synonyms.first().filter(|_| self.ui.language.is_chinese());
        official.map_or_else(|| column.name.replace('_', " "), |word| (*word).to_owned())
    }

    /// Title of a programme of the catalogue.
    fn programme(&self, code: &str) -> String {
        self.ui.benefit(code)
    }

    /// What title or file name say for all rows.
    fn defaults(&self, defaults: &exchange::recognise::Defaults) -> String {
        let month = defaults.period.map(|month| self.ui.period(&month.to_string()));
        let all = [
            defaults.programme.clone(),
            month,
            defaults.township.clone(),
            defaults.village.clone(),
        ];
        let said: Vec<String> = all.into_iter().flatten().collect();
        said.join(self.ui.t("ui-list-separator"))
    }

    /// Why the file was not understood. What the command line would do about it is left out.
    fn refusal(&self, problem: &Problem) -> String {
        let key = match problem.code {
            "required-column-missing" => "web-imports-missing",
            "dataset-not-recognised" => "web-imports-unrecognised",
            _ => return self.ui.problem(problem),
        };
        let args: Vec<(&str, &str)> = problem.args.iter().map(|(n, v)| (*n, v.as_str())).collect();
        self.ui.with(key, &args)
    }

    /// Whether totals rows of the file state another sum.
    fn totals_differ(&self, tally: &facts::TallyManifest) -> bool {
        let rows = tally.kept_fen.saturating_add(tally.refused_fen);
        tally.totals_fen != 0 && tally.totals_fen != rows
    }
}

/// The data set that was chosen by hand, if any.
#[derive(Deserialize, Default)]
pub struct Chosen {
    #[serde(default)]
    dataset: String,
}

impl Chosen {
    fn table(&self) -> Option<&'static TableSpec> {
        table(&self.dataset)
    }
}

/// The page. Nothing is kept but the list of problems.
///
/// # Errors
/// Not found when it is another's; a fault when the disk refuses.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let (intake, upload) = upload(&app, &desk, &id).await?;
    let (this, file, now) = (Arc::clone(&app), upload.clone(), app.now().ms);
    let (wanted, reader) = (chosen.table(), Arc::clone(&intake));
    let looked = blocking(move || {
        let look = match reader.look(&file, wanted, &this.setup.benefits, now) {
            Err(Failure::Problem(problem)) => return Ok((Err(*problem), Vec::new())),
            other => other?,
        };
        let mut problems = reader.upload_problems(&file)?;
        problems.sort_by_key(|problem| !problem.refused);
        problems.truncate(PROBLEMS);
        Ok((Ok(look), problems))
    });
    let (look, problems) = looked.await?;
    let refused = look.as_ref().err();
    let code = refused.map_or("", |problem| problem.code);
    let (choosable, busy) = (RECOGNITION.contains(&code), code == "folder-busy");
    if refused.is_some() && !choosable && !busy {
        let gone = upload.clone();
        blocking(move || intake.discard(&gone)).await?;
    }
    let places = app.places().await?;
    page(&Shown {
        ui: &ui,
        desk: &desk,
        token: &token.value,
        places: &places,
        id: &id,
        upload: &upload,
        dataset: &chosen.dataset,
        tables: TABLES,
        look: look.as_ref().ok(),
        problems,
        refused,
        choosable,
        busy,
    })
}

async fn upload(app: &App, desk: &Signed, id: &str) -> Result<(Arc<Intake>, Upload), Error> {
    let intake = intake(app)?;
    let (reader, id, account) = (Arc::clone(&intake), id.to_owned(), desk.session.account.clone());
    let found = blocking(move || reader.upload(&id, &account)).await?;
    Ok((intake, found.ok_or(Error::NotFound)?))
}

/// All problems that the last look met, as a file.
///
/// # Errors
/// As [`show`].
pub async fn problems(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let (intake, upload) = upload(&app, &desk, &id).await?;
    let list = blocking(move || intake.upload_problems(&upload)).await?;
    csv(&ui, &list)
}

/// Takes the file in. It waits from here on until somebody accepts it.
///
/// # Errors
/// As [`show`]; problems of the file; rules that say no.
pub async fn take(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(id): Path<String>,
    Posted(chosen): Posted<Chosen>,
) -> Result<Response, Error> {
    let (intake, upload) = upload(&app, &desk, &id).await?;
    let place = upload.place().to_owned();
    let path = lists::path(&app.setup.registry.db, &place).await?;
    let (this, file, now) = (Arc::clone(&app), upload.clone(), app.now().ms);
    let (wanted, reader) = (chosen.table(), Arc::clone(&intake));
    let read = move || reader.take(&file, wanted, &this.setup.benefits, now);
    let taken = blocking(read).await?;
    let new = new_import(&taken.name, &taken.manifest, &place);
    let mut tx = desk.begin(CREATE, IMPORT, &path).await?;
    let (import, entry) = imports::record(&mut tx, &new).await?;
    tx.commit(entry).await?;
    blocking(move || intake.discard(&upload)).await?;
    Ok(Redirect::to(&format!("/office/imports/{import}")).into_response())
}

/// Removes the file.
///
/// # Errors
/// As [`show`].
pub async fn discard(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(id): Path<String>,
    Posted(_form): Posted<Chosen>,
) -> Result<Response, Error> {
    let (intake, upload) = upload(&app, &desk, &id).await?;
    blocking(move || intake.discard(&upload)).await?;
    Ok(Redirect::to("/office/imports").into_response())
}
