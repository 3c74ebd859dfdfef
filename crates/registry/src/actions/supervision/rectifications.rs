//! Rectification: handed over, planned, approved, done, verified by another, struck off; a relapse opens it.

use std::collections::BTreeSet;

use domain::access::Act;
use domain::problem::{Failure, Fault, RuleViolation};
use domain::recusal::Part;
use domain::supervision::rectify::{self, Act as Doing, Rectification};
use serde_json::json;
use sqlx::Row;

use super::clues::json_of;
use super::dues::Of;
use super::{Around, Bench, actor, conflict, dues};
use crate::actions::{Refusal, serial, unknown, write};
use crate::db::failure;
use crate::ids::public_number;
use crate::tx::{Entry, Tx};

/// A problem to be put right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewProblem {
    /// Village or township that puts it right.
    pub place: String,
    /// Number of the clue that it comes from.
    pub clue: Option<String>,
    /// Number of the finding that it comes from.
    pub finding: Option<String>,
    /// What is wrong.
    pub problem: String,
}

/// A rectification as acts need it.
struct Known {
    id: String,
    around: Around,
    state: Rectification,
    events: i64,
}

impl Known {
    /// The thing as whoever does something about it has to look at it: nobody agrees to or verifies
    /// what his family planned or did. A supervision committee may, though the secretary leads it.
    fn judged_by(&self, doing: &Doing, me: &str) -> Around {
        let judges = matches!(doing, Doing::Approve { .. } | Doing::Verify { .. });
        let hands = self.state.hands.iter().chain(&self.state.owner).filter(|_| judges);
        // That he judges his own work is refused by a rule of its own.
        let hands: BTreeSet<&String> = hands.filter(|person| *person != me).collect();
        let persons = hands.into_iter().map(|person| (Part::Hand, person.clone()));
        Around { persons: persons.collect(), ..self.around.clone() }
    }
}

/// Hands a problem over. Returns its number.
///
/// # Errors
/// Every rule that says no; a problem when place, clue or finding is unknown.
pub async fn issue(
    tx: &mut Tx,
    bench: Bench<'_>,
    new: &NewProblem,
) -> Result<(String, Entry), Refusal> {
    let around = Around::at(tx, &new.place, Vec::new()).await?;
    let subject = around.subject("rectification", "", None);
    let me = actor(tx, &around, &[Act::Approve], &subject).await?;
    let (steps, basis) = bench.process(tx, "rectification")?;
    let may_issue = steps.iter().find(|step| step.code == "issue").map(|step| &step.actors);
    let no =
        |rule| RuleViolation::new(rule, domain::model::Basis::line(basis)).with("step", "issue");
    if may_issue.is_none_or(|roles| !roles.contains(&me.role)) {
        let missing = may_issue.map(|roles| roles.join(", ")).unwrap_or_default();
        return Err(no("step-actor").with("role", &me.role).with("missing", missing).into());
    }
    if new.problem.trim().is_empty() {
        return Err(no("rectify-words").into());
    }
    let clue = match &new.clue {
        Some(number) => Some(super::clues::load(tx, number).await?.id),
        None => None,
    };
    let finding = match &new.finding {
        Some(number) => Some(super::findings::load(tx, number).await?.id),
        None => None,
    };
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("rectification/{}/{year}", new.place)).await?;
    let number = format!("R{}", public_number(&new.place, year, number));
    let state = Rectification { issued_by: me.person.clone(), ..Rectification::default() };
    let id = tx.new_id()?;
    let text = "insert into rectifications (id, number, place, clue, finding, problem, state, issued_by, \
                issued_day, relapses, record) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)";
    let (place, problem) = (new.place.clone(), new.problem.clone());
    let (day, record) = (tx.now.day.to_string(), json_of(&state)?);
    let code = state.state.code();
    write!(
        tx,
        text,
        id.clone(),
        number.clone(),
        place,
        clue,
        finding,
        problem,
        code,
        me.person,
        day,
        record
    )?;
    tx.touch("rectifications", &id)?;
    let known = Known { id, around, state, events: 0 };
    next_due(tx, bench, &known, known.state.state).await?;
    Ok((number.clone(), Entry::new("rectification-issued", &number, json!({ "place": new.place }))))
}

/// One act further.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it.
pub async fn act(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    (doing, words): (&Doing, &str),
) -> Result<(&'static str, Entry), Refusal> {
    let known = load(tx, number).await?;
    let subject = known.around.subject("rectification", &known.id, None);
    let acts: &[Act] = match doing {
        Doing::Plan { .. } | Doing::Finish => &[Act::Update],
        Doing::Approve { .. } | Doing::Verify { .. } | Doing::Reopen => {
            &[Act::Approve, Act::Sign, Act::Update]
        }
    };
    let me = actor(tx, &known.around, acts, &subject).await?;
    let judged = known.judged_by(doing, &me.person);
    let against = conflict(tx, bench, &judged, (&me.person, Some(&me.role))).await?;
    let (steps, basis) = bench.process(tx, "rectification")?;
    let next = rectify::advance(steps, &known.state, doing, (&me, words), (&against, basis));
    let next = next.map_err(Refusal::Rules)?;
    let agreed =
        !matches!(doing, Doing::Approve { agreed: false } | Doing::Verify { agreed: false });
    let id = tx.new_id()?;
    let text = "insert into rectification_events (id, rectification, seq, step, day, person, role, agreed, \
                words) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let (day, events) = (tx.now.day.to_string(), known.events + 1);
    let (of, said) = (known.id.clone(), words.to_owned());
    let (person, role) = (me.person.clone(), me.role.clone());
    write!(
        tx,
        text,
        id.clone(),
        of,
        events,
        doing.step(),
        day,
        person,
        role,
        i64::from(agreed),
        said
    )?;
    tx.touch("rectification_events", &id)?;
    keep(tx, &known, doing, &next).await?;
    dues::clear(tx, &known.id, None).await?;
    next_due(tx, bench, &known, next.state).await?;
    let payload = json!({ "step": doing.step(), "state": next.state.code() });
    Ok((next.state.code(), Entry::new("rectification-step", number, payload)))
}

async fn keep(
    tx: &mut Tx,
    known: &Known,
    doing: &Doing,
    next: &Rectification,
) -> Result<(), Failure> {
    if let Doing::Plan { cause, measure, owner } = doing {
        let text = "update rectifications set cause = $2, measure = $3, owner = $4 where id = $1";
        write!(tx, text, known.id.clone(), cause.clone(), measure.clone(), owner.clone())?;
    }
    let closed = (next.state == rectify::State::Closed).then(|| tx.now.day.to_string());
    let text = "update rectifications set state = $2, closed_day = $3, relapses = $4, record = $5 \
                where id = $1";
    let (code, relapses) = (next.state.code(), i64::from(next.relapses));
    write!(tx, text, known.id.clone(), code, closed, relapses, json_of(next)?)?;
    Ok(tx.touch("rectifications", &known.id)?)
}

/// The day of the next step, by the rule that its process names.
async fn next_due(
    tx: &mut Tx,
    bench: Bench<'_>,
    known: &Known,
    state: rectify::State,
) -> Result<(), Refusal> {
    let Some(code) = rectify::next_step(state) else { return Ok(()) };
    let (steps, _) = bench.process(tx, "rectification")?;
    let rule = steps.iter().find(|step| step.code == code).and_then(|step| step.due.clone());
    let Some(rule) = rule else { return Ok(()) };
    let of = Of { kind: "rectification", subject: &known.id, place: &known.around.place };
    let day = tx.now.day;
    dues::set(tx, bench, of, (code, &rule), day).await.map(|_| ())
}

async fn load(tx: &mut Tx, number: &str) -> Result<Known, Failure> {
    let during = |error| failure("read rectification", error);
    let text = "select r.id, r.place, r.record, (select count(*) from rectification_events e \
                where e.rectification = r.id) as events from rectifications r where r.number = $1";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("rectification", number))?;
    let (id, place): (String, String) =
        (row.try_get("id").map_err(during)?, row.try_get("place").map_err(during)?);
    let record: String = row.try_get("record").map_err(during)?;
    let state = serde_json::from_str(&record).map_err(|e| Fault::new("read record", e))?;
    let events = row.try_get("events").map_err(during)?;
    Ok(Known { id, around: Around::at(tx, &place, Vec::new()).await?, state, events })
}
