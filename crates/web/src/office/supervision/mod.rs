//! Supervision: what a model asked, who checks it, what became of it. Counts for those who look over a
//! county, lists and forms for those who do the work.

mod board;
mod cases;
mod clue;
mod clues;
mod cut;
mod dual;
mod duties;
mod exports;
mod finding;
mod findings;
mod fix;
mod fixes;
mod followed;
mod graph;
mod handovers;
mod joined;
mod joint;
mod letters;
pub mod money;
mod months;
mod overdue;
mod regulations;
mod report;
mod sankey;
mod screening;
mod stepped;
mod subject;

use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use domain::supervision::Alarm;
use domain::supervision::rules::Version;
use domain::time::Day;
use registry::actions::Refusal;
use registry::actions::stepped::Stepped;
use registry::queries::supervision::Reader;
use registry::queries::supervision::funnel::{Counts, Funnel};
use registry::queries::supervision::rates::ModelRate;
use registry::{By, Entry};

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
const HANDOVER: &str = "handover";
const LETTER: &str = "recommendation";
const DUTIES: &str = "duty_list";
const REGULATION: &str = "regulation";
const MODEL: &str = "model";

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
const ONLY_PROPOSE: &[Act] = &[Act::Propose];
/// Whoever has to do with clues that are handed over.
const HANDOVERS: &[Act] = &[Act::Read, Act::Propose, Act::Create, Act::Update, Act::Approve];
const HANDOVER_STEP: &[Act] = &[Act::Update, Act::Approve];
const LETTER_STEP: &[Act] = &[Act::Update, Act::Approve, Act::Sign];
const DUTY_STEP: &[Act] = &[Act::Update, Act::Approve];
const PUBLICITY: &[Act] = &[Act::Propose, Act::Create, Act::Approve];

/// Routes of supervision.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    let routes = follow_routes(ledger_routes(finding_routes(routes)));
    let routes = joint::routes(stepped::routes(bench_routes(routes)));
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
        .post(
            "/office/supervision/models/{id}/retirement",
            Right::May(APPROVE, MODEL),
            board::retire,
        )
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

/// What follows in other hands.
fn follow_routes(routes: Routes) -> Routes {
    let letter = Right::May(LETTER_STEP, LETTER);
    let (duty, rule) = (Right::May(READ, DUTIES), Right::May(READ, REGULATION));
    routes
        .get("/office/supervision/handovers", Right::May(HANDOVERS, HANDOVER), handovers::list)
        .post(
            "/office/supervision/handovers",
            Right::May(ONLY_PROPOSE, HANDOVER),
            handovers::propose,
        )
        .post(
            "/office/supervision/handovers/received",
            Right::May(CREATE, HANDOVER),
            handovers::receive,
        )
        .post(
            "/office/supervision/handovers/{number}/steps",
            Right::May(HANDOVER_STEP, HANDOVER),
            handovers::step,
        )
        .get("/office/supervision/letters", Right::May(READ, LETTER), letters::list)
        .post("/office/supervision/letters", Right::May(ONLY_PROPOSE, LETTER), letters::propose)
        .get("/office/supervision/letters/{number}", Right::May(READ, LETTER), letters::show)
        .post("/office/supervision/letters/{number}/steps", letter, letters::step)
        .get("/office/supervision/duties", duty, duties::list)
        .post("/office/supervision/duties", Right::May(CREATE, DUTIES), duties::open)
        .get("/office/supervision/duties/{number}", duty, duties::show)
        .post(
            "/office/supervision/duties/{number}/steps",
            Right::May(DUTY_STEP, DUTIES),
            duties::step,
        )
        .post(
            "/office/supervision/duties/{number}/documents",
            Right::May(UPDATE, DUTIES),
            duties::file,
        )
        .get("/office/supervision/duties/{number}/documents/{id}", duty, duties::look)
        .get("/office/supervision/regulations", rule, regulations::list)
        .post("/office/supervision/regulations", Right::May(CREATE, REGULATION), regulations::enter)
        .get("/office/supervision/regulations/{number}", rule, regulations::show)
        .post(
            "/office/supervision/regulations/{number}/texts",
            Right::May(CREATE, REGULATION),
            regulations::write,
        )
        .post(
            "/office/supervision/regulations/{number}/decision",
            Right::May(APPROVE, REGULATION),
            regulations::decide,
        )
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
        .post(
            "/office/supervision/clues/{number}/relations",
            Right::May(UPDATE, CLUE),
            joined::relate,
        )
        .post("/office/supervision/clues/{number}/questions", Right::May(CREATE, DUAL), clue::ask)
        .post(
            "/office/supervision/clues/{number}/successors",
            Right::May(CREATE, DUAL),
            joined::trace,
        )
        .post("/office/supervision/clues/{number}/waiver", Right::May(CREATE, DUAL), joined::waive)
        .post(
            "/office/supervision/clues/{number}/waiver/decision",
            Right::May(APPROVE, DUAL),
            joined::decide_waiver,
        )
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

/// Does one act of stepped-up supervision or joint work in a place, and forgets the draft of its form.
async fn act<T>(
    room: &Room,
    (acts, object, path): (&[Act], &str, &str),
    draft: &str,
    doing: impl AsyncFnOnce(&mut registry::Tx, Stepped<'_>) -> Result<(T, Entry), Refusal>,
) -> Result<T, Error> {
    let mut tx = room.desk.begin(acts, object, path).await?;
    let (out, entry) = doing(&mut tx, room.ui.law().stepped()).await?;
    registry::actions::drafts::settle(&mut tx, draft).await?;
    tx.commit(entry).await?;
    Ok(out)
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
