//! Supervision: what a model asked, who checks it, what became of it. Counts for those who look over a
//! county, lists and forms for those who do the work.

mod board;
mod cases;
mod clue;
mod clues;
mod cut;
mod dual;
mod exports;
mod finding;
mod findings;
mod fix;
mod fixes;
mod graph;
pub mod money;
mod months;
mod overdue;
mod report;
mod sankey;
mod screening;
mod subject;

use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use domain::supervision::Alarm;
use domain::supervision::rules::Version;
use domain::time::Day;
use registry::By;
use registry::queries::supervision::Reader;
use registry::queries::supervision::funnel::{Counts, Funnel};
use registry::queries::supervision::rates::ModelRate;

use super::drafts::{Filled, Typed};
use super::room::Room;
use crate::error::Error;
use crate::routes::{Right, Routes};
use crate::ui::Ui;

const HIT: &str = "hit";
const CLUE: &str = "clue";
const DUAL: &str = "dual_check";
const FIX: &str = "rectification";
const CASE: &str = "case_publicity";

const READ: &[Act] = &[Act::Read];
/// Whoever keeps the ledger, or hands something in to it.
const LEDGER: &[Act] = &[Act::Read, Act::Create, Act::Update, Act::Approve];
const UPDATE: &[Act] = &[Act::Update];
const CREATE: &[Act] = &[Act::Create];
const APPROVE: &[Act] = &[Act::Approve];
const SIGN: &[Act] = &[Act::Sign];
const STEP: &[Act] = &[Act::Update, Act::Approve];
const FIX_STEP: &[Act] = &[Act::Update, Act::Approve, Act::Sign];
const MONEY: &[Act] = &[Act::Update, Act::Approve];
const PROPOSE: &[Act] = &[Act::Propose, Act::Create];
const PUBLICITY: &[Act] = &[Act::Propose, Act::Create, Act::Approve];

/// Routes of supervision.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    let routes = bench_routes(ledger_routes(finding_routes(routes)));
    routes
        .get("/office/supervision/rectifications", Right::May(READ, FIX), fixes::list)
        .post("/office/supervision/rectifications", Right::May(APPROVE, FIX), fixes::issue)
        .get("/office/supervision/rectifications/{number}", Right::May(READ, FIX), fix::show)
        .post(
            "/office/supervision/rectifications/{number}/steps",
            Right::May(FIX_STEP, FIX),
            fix::step,
        )
        .get("/office/supervision/cases", Right::May(PUBLICITY, CASE), cases::list)
        .post("/office/supervision/cases", Right::May(PROPOSE, CASE), cases::propose)
        .post(
            "/office/supervision/cases/{number}/approval",
            Right::May(APPROVE, CASE),
            cases::approve,
        )
        .post(
            "/office/supervision/cases/{number}/withdrawal",
            Right::May(APPROVE, CASE),
            cases::withdraw,
        )
}

fn finding_routes(routes: Routes) -> Routes {
    routes
        .get("/office/supervision", Right::May(READ, HIT), board::show)
        .get("/office/supervision/findings", Right::May(READ, HIT), findings::list)
        .get("/office/supervision/findings/{number}", Right::May(READ, HIT), finding::show)
        .post(
            "/office/supervision/findings/{number}/assignment",
            Right::May(UPDATE, HIT),
            finding::assign,
        )
        .post(
            "/office/supervision/findings/{number}/result",
            Right::May(READ, HIT),
            finding::record,
        )
        .post(
            "/office/supervision/findings/{number}/agreement",
            Right::May(READ, HIT),
            finding::confirm,
        )
        .post("/office/supervision/findings/{number}/money", Right::May(MONEY, HIT), finding::money)
        .post(
            "/office/supervision/findings/{number}/looks",
            Right::May(READ, HIT),
            finding::ask_look,
        )
        .post(
            "/office/supervision/findings/{number}/grants",
            Right::May(SIGN, HIT),
            finding::grant_look,
        )
        .post("/office/supervision/findings/{number}/names", Right::May(READ, HIT), finding::names)
}

/// Pages that look over all of it, and what somebody may look up about one subject.
fn bench_routes(routes: Routes) -> Routes {
    routes
        .get("/office/supervision/screening", Right::May(CREATE, HIT), screening::show)
        .post("/office/supervision/screening", Right::May(CREATE, HIT), screening::start)
        .get("/office/supervision/months", Right::May(READ, HIT), months::show)
        .get("/office/supervision/money", Right::May(READ, HIT), money::show)
        .get("/office/supervision/overdue", Right::May(READ, HIT), overdue::show)
        .get("/office/supervision/report", Right::May(READ, HIT), report::show)
        .post("/office/supervision/exports", Right::May(READ, HIT), exports::file)
        .post("/office/subjects", Right::May(READ, HIT), subject::begin)
        .get("/office/subjects/{subject}", Right::May(READ, HIT), subject::show)
}

fn ledger_routes(routes: Routes) -> Routes {
    routes
        .get("/office/supervision/clues", Right::May(LEDGER, CLUE), clues::list)
        .post("/office/supervision/clues", Right::May(CREATE, CLUE), clues::receive)
        .get("/office/supervision/clues/{number}", Right::May(LEDGER, CLUE), clue::show)
        .post("/office/supervision/clues/{number}/steps", Right::May(LEDGER, CLUE), clue::step)
        .post(
            "/office/supervision/clues/{number}/extension",
            Right::May(APPROVE, CLUE),
            clue::extend,
        )
        .post("/office/supervision/clues/{number}/questions", Right::May(CREATE, DUAL), clue::ask)
        .post("/office/supervision/duals/{id}/decision", Right::May(APPROVE, DUAL), dual::decide)
        .get("/office/asked", Right::SignedIn, dual::asked)
        .post("/office/asked/{id}", Right::SignedIn, dual::answer)
}

/// What a list of supervision is read with.
struct Desk {
    by: By,
    day: Day,
}

impl Desk {
    fn of(room: &Room, acts: &[Act], object: &str) -> Result<Self, Error> {
        Ok(Self { by: room.desk.by(acts, object, "")?, day: room.desk.now.day })
    }

    async fn reader<'a>(&'a self, room: &'a Room) -> Result<Reader<'a>, Error> {
        let law = room.ui.law();
        Ok(Reader::new(room.db(), &self.by, &law.recusal, self.day).await?)
    }
}

/// Values of the county in force today.
fn version(room: &Room) -> Result<&Version, Error> {
    room.ui.law().supervision.on(room.desk.now.day).map_err(|problem| Error::Failed(problem.into()))
}

impl Room {
    /// How near a day is, as the class of its mark.
    fn alarm(&self, due: Option<&str>) -> &'static str {
        let (today, law) = (self.desk.now.day, self.ui.law());
        let ahead = law.supervision.on(today).map_or(0, |version| version.alarm_days);
        match due.and_then(Day::parse).map(|due| Alarm::of(due, today, ahead, &law.calendar)) {
            Some(Alarm::Overdue) => "bad",
            Some(Alarm::Soon) => "warn",
            _ => "info",
        }
    }
}

/// Title of a programme; findings whose rows name none have a word of their own.
fn programme(ui: &Ui, code: &str) -> String {
    match code {
        "" => ui.t("web-cut-no-programme").to_owned(),
        code => ui.benefit(code),
    }
}

/// Counts of a model.
fn counts(funnel: &Funnel, model: &ModelRate) -> Counts {
    funnel.models.get(&model.model).copied().unwrap_or_default()
}

/// Bars of a funnel: the key of what each counts, and its count.
fn bars(counts: &Counts) -> Vec<(&'static str, i64)> {
    vec![
        ("ui-column-findings", counts.hits),
        ("ui-column-checked", counts.checked),
        ("ui-column-confirmed", counts.problems),
        ("ui-column-clues", counts.clues),
        ("ui-column-disposed", counts.disposed),
    ]
}

/// What the longest bar of a funnel stands for.
fn most(counts: &Counts) -> i64 {
    counts.hits.max(1)
}

/// Begins an act in the first role of the reader that may do it somewhere; the register asks the place.
async fn begin(room: &Room, acts: &[Act], object: &str) -> Result<registry::Tx, Error> {
    let by = room.desk.each(acts, object)?.into_iter().next().ok_or(Error::NotFound)?;
    Ok(room.app.setup.registry.begin(by, room.desk.now, "").await?)
}

/// Where a form leads: on, or back to its page with what was wrong.
async fn led(
    room: &Room,
    (draft, typed): (&str, &Typed),
    done: Result<String, Error>,
    page: impl AsyncFnOnce(&Filled) -> Result<Response, Error>,
) -> Result<Response, Error> {
    match done {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(error) => {
            let refused = room.keep(draft, typed, error, &[]).await?;
            Ok(refused.on(page(&refused.form).await?))
        }
    }
}
