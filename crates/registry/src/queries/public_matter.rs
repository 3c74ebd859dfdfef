//! A matter as anybody may see it: where it stands, what is due when and by which rule, what was
//! decided, asked and answered. Whose matter it is stays inside.

use domain::problem::Failure;
use serde::Serialize;

use super::public_village::MatterHead;
use crate::db::{Db, failure};
use crate::public::Public;

/// A step that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepDone {
    /// Code.
    pub step: String,
    /// When.
    pub day: String,
    /// In which role.
    pub role: String,
}

impl StepDone {
    from_row!(StepDone { step, day, role });
}

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepDue {
    /// `step/<code>` or `question/<number>`.
    pub of: String,
    /// Code of the deadline rule.
    pub rule: String,
    /// From when it was counted.
    pub start_day: String,
    /// Last day.
    pub due_day: String,
}

impl StepDue {
    from_row!(StepDue { of, rule, start_day, due_day });
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Number.
    pub number: String,
    /// The question.
    pub text: String,
    /// When it was asked.
    pub asked_day: String,
    /// By when it must be answered.
    pub due_day: String,
    /// The answer.
    pub answer: Option<String>,
    /// When it was answered.
    pub answered_day: Option<String>,
}

impl Asked {
    from_row!(Asked { number, text, asked_day, due_day, answer, answered_day });
}

/// A notice that came from a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FromMatter {
    /// Number of the notice.
    pub number: String,
    /// Step that it makes public.
    pub step: Option<String>,
    /// Content as JSON.
    pub body: String,
    /// When it came out.
    pub published_day: String,
}

impl FromMatter {
    from_row!(FromMatter { number, step, body, published_day });
}

/// A matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matter {
    /// Its line in lists.
    pub head: MatterHead,
    /// Steps done, in order.
    pub done: Vec<StepDone>,
    /// What is due and not done.
    pub due: Vec<StepDue>,
    /// Notices, the first first.
    pub notices: Vec<FromMatter>,
    /// Questions, the first first.
    pub questions: Vec<Asked>,
}

const HEAD: &str = "select m.number, m.place, m.power, m.title, m.state, m.opened_day, m.amount_fen \
    from matters m where m.number = $1";
const DONE: &str = "select v.step, v.day, v.role from events v join matters m on m.id = v.matter \
    where m.number = $1 and v.kind = 'step-done' order by v.seq";
const DUE: &str = "select substr(d.subject, 28) as of, d.rule, d.start_day, d.due_day from dues d \
    join matters m on substr(d.subject, 1, 26) = m.id \
    where m.number = $1 and d.place = m.place and d.met_day is null order by d.due_day";
const NOTICES: &str = "select n.number, n.step, l.body, l.published_day from notices n \
    join matters m on m.id = n.matter join notice_versions l on l.notice = n.id and l.version = \
    (select max(x.version) from notice_versions x where x.notice = n.id) \
    where m.number = $1 order by l.published_day, n.number";
const QUESTIONS: &str = "select q.number, q.text, q.asked_day, q.due_day, a.text as answer, \
    a.day as answered_day from questions q join matters m on m.id = q.matter \
    left join answers a on a.question = q.id where m.number = $1 order by q.asked_day, q.number";

/// Whether there is a matter of this number.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn exists(db: &Db, number: &str) -> Result<bool, Failure> {
    let head = sqlx::query(HEAD).bind(number.to_owned()).fetch_optional(&db.read).await;
    Ok(head.map_err(|error| failure("read matter", error))?.is_some())
}

/// A matter by its number.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn matter(db: &Db, number: &str) -> Result<Option<Public<Matter>>, Failure> {
    let during = |error| failure("read matter", error);
    let head = sqlx::query(HEAD).bind(number.to_owned()).fetch_optional(&db.read).await;
    let Some(head) = head.map_err(during)? else { return Ok(None) };
    let read = async |text: &'static str| {
        let rows = sqlx::query(text).bind(number.to_owned()).fetch_all(&db.read).await;
        rows.map_err(during)
    };
    let done = read(DONE).await?.iter().map(StepDone::from_row).collect::<Result<_, _>>();
    let due = read(DUE).await?.iter().map(StepDue::from_row).collect::<Result<_, _>>();
    let notices = read(NOTICES).await?.iter().map(FromMatter::from_row).collect::<Result<_, _>>();
    let questions = read(QUESTIONS).await?.iter().map(Asked::from_row).collect::<Result<_, _>>();
    Ok(Some(Public::new(Matter {
        head: MatterHead::from_row(&head).map_err(during)?,
        done: done.map_err(during)?,
        due: due.map_err(during)?,
        notices: notices.map_err(during)?,
        questions: questions.map_err(during)?,
    })))
}
