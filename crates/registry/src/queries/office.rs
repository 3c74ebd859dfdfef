//! Lists of the office. Each shows the rows in a place, and below it, that the reader's posts cover; at
//! most 500 of them, those first that somebody waits for.

use domain::problem::Failure;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::lists::seen;
use crate::access::By;
use crate::db::{Db, failure};

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DueLine {
    /// What it is about: `request/R...`, `question/Q...`, `order/...`, or key of a matter and a step.
    pub subject: String,
    /// Village.
    pub place: String,
    /// Code of the rule or duty that it follows from.
    pub by_rule: String,
    /// From when it was counted.
    pub start_day: String,
    /// Last day.
    pub due_day: String,
    /// 1: counted over days whose calendar is not out yet.
    pub provisional: i64,
    /// Who must see to it now: `village`, `township`, `county`.
    pub level: String,
    /// Number of the matter, when it is about one.
    pub number: Option<String>,
    /// Title of that matter.
    pub title: Option<String>,
}

/// What is due and not done, the earliest first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn dues(db: &Db, by: &By, path: &str) -> Result<Vec<DueLine>, Failure> {
    let during = |error| failure("read dues", error);
    let text = "select d.subject, d.place, d.rule, d.start_day, d.due_day, d.provisional, d.level, m.number, \
                m.title, p.path from dues d join places p on p.id = d.place \
                left join matters m on m.id = substr(d.subject, 1, 26) \
                where d.met_day is null and (p.path = $1 or p.path like $1 || '/%') order by d.due_day, d.subject limit 500";
    let rows = sqlx::query(text).bind(path.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    let rows = seen(by, "matter", rows).map_err(during)?;
    let line = |row: &AnyRow| -> Result<DueLine, sqlx::Error> {
        Ok(DueLine {
            subject: row.try_get("subject")?,
            place: row.try_get("place")?,
            by_rule: row.try_get("rule")?,
            start_day: row.try_get("start_day")?,
            due_day: row.try_get("due_day")?,
            provisional: row.try_get("provisional")?,
            level: row.try_get("level")?,
            number: row.try_get("number")?,
            title: row.try_get("title")?,
        })
    };
    rows.iter().map(line).collect::<Result<_, _>>().map_err(during)
}

/// A question in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct QuestionLine {
    /// Number.
    pub number: String,
    /// Village.
    pub place: String,
    /// `villager`, `anonymous`, `committee`, `representative`.
    pub asker_kind: String,
    /// The question.
    pub text: String,
    /// When it was asked.
    pub asked_day: String,
    /// By when it must be answered.
    pub due_day: String,
    /// Number of the matter.
    pub matter: Option<String>,
    /// Number of the notice.
    pub notice: Option<String>,
    /// The answer.
    pub answer: Option<String>,
    /// When it was answered.
    pub answered_day: Option<String>,
    /// 1: the asker left a contact, to be read with `questions::contact`.
    pub contact: i64,
}

/// Questions, those without an answer before the others, the newest first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn questions(db: &Db, by: &By, path: &str) -> Result<Vec<QuestionLine>, Failure> {
    let during = |error| failure("read questions", error);
    let text = "select q.number, q.place, q.asker_kind, q.text, q.asked_day, q.due_day, m.number as matter, \
                n.number as notice, a.text as answer, a.day as answered_day, p.path, \
                case when c.id is null then 0 else 1 end as contact from questions q \
                join places p on p.id = q.place left join matters m on m.id = q.matter \
                left join notices n on n.id = q.notice left join answers a on a.question = q.id \
                left join question_contacts c on c.question = q.id \
                where (p.path = $1 or p.path like $1 || '/%') \
                order by case when a.id is null then 0 else 1 end, q.asked_day desc, q.number limit 500";
    let rows = sqlx::query(text).bind(path.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    let rows = seen(by, "question", rows).map_err(during)?;
    let line = |row: &AnyRow| -> Result<QuestionLine, sqlx::Error> {
        Ok(QuestionLine {
            number: row.try_get("number")?,
            place: row.try_get("place")?,
            asker_kind: row.try_get("asker_kind")?,
            text: row.try_get("text")?,
            asked_day: row.try_get("asked_day")?,
            due_day: row.try_get("due_day")?,
            matter: row.try_get("matter")?,
            notice: row.try_get("notice")?,
            answer: row.try_get("answer")?,
            answered_day: row.try_get("answered_day")?,
            contact: row.try_get("contact")?,
        })
    };
    rows.iter().map(line).collect::<Result<_, _>>().map_err(during)
}

/// A request in a list; who made it is not in it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RequestLine {
    /// Number.
    pub number: String,
    /// `not_received`, `not_mine`, `wrong_amount`, `help`.
    pub kind: String,
    /// Village.
    pub place: String,
    /// Code of the programme.
    pub programme: Option<String>,
    /// Period.
    pub period: Option<String>,
    /// Amount in fen that it is about.
    pub amount_fen: Option<i64>,
    /// In the person's words.
    pub text: String,
    /// When it was opened.
    pub opened_day: String,
    /// By when it must be replied to.
    pub due_day: String,
    /// `open`, `answered`, `closed`.
    pub state: String,
}

/// Requests by state, those due first before the others.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn requests(db: &Db, by: &By, path: &str) -> Result<Vec<RequestLine>, Failure> {
    let during = |error| failure("read requests", error);
    let text = "select r.number, r.kind, r.place, r.programme, r.period, r.amount_fen, r.text, r.opened_day, \
                r.due_day, r.state, p.path from requests r join places p on p.id = r.place \
                where (p.path = $1 or p.path like $1 || '/%') \
                order by case r.state when 'open' then 0 when 'answered' then 1 else 2 end, r.due_day, \
                r.number limit 500";
    let rows = sqlx::query(text).bind(path.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    let rows = seen(by, "request", rows).map_err(during)?;
    let line = |row: &AnyRow| -> Result<RequestLine, sqlx::Error> {
        Ok(RequestLine {
            number: row.try_get("number")?,
            kind: row.try_get("kind")?,
            place: row.try_get("place")?,
            programme: row.try_get("programme")?,
            period: row.try_get("period")?,
            amount_fen: row.try_get("amount_fen")?,
            text: row.try_get("text")?,
            opened_day: row.try_get("opened_day")?,
            due_day: row.try_get("due_day")?,
            state: row.try_get("state")?,
        })
    };
    rows.iter().map(line).collect::<Result<_, _>>().map_err(during)
}

/// An uploaded batch in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ImportLine {
    /// Key.
    pub id: String,
    /// Place whose data it is.
    pub place: String,
    /// Name of the batch in the facts.
    pub batch: String,
    /// Name of the file.
    pub file_name: String,
    /// Code of the table.
    pub dataset: String,
    /// Rows read.
    pub rows_read: i64,
    /// Rows written.
    pub rows_written: i64,
    /// Rows refused.
    pub rows_refused: i64,
    /// Sum in fen.
    pub sum_fen: i64,
    /// Account that uploaded it.
    pub uploaded_by: Option<String>,
    /// When.
    pub uploaded_day: String,
    /// When it was accepted or rejected.
    pub decided_day: Option<String>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// `waiting`, `accepted`, `rejected`.
    pub state: String,
}

/// Uploaded batches, the newest first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn imports(db: &Db, by: &By, path: &str) -> Result<Vec<ImportLine>, Failure> {
    let during = |error| failure("read imports", error);
    let text = "select i.id, i.place, i.batch, i.file_name, i.dataset, i.rows_read, i.rows_written, \
                i.rows_refused, i.sum_fen, i.uploaded_by, i.uploaded_day, i.decided_day, i.reason, \
                i.state, p.path from imports i join places p on p.id = i.place \
                where (p.path = $1 or p.path like $1 || '/%') order by i.uploaded_day desc, i.id desc limit 500";
    let rows = sqlx::query(text).bind(path.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    let rows = seen(by, "import", rows).map_err(during)?;
    let line = |row: &AnyRow| -> Result<ImportLine, sqlx::Error> {
        Ok(ImportLine {
            id: row.try_get("id")?,
            place: row.try_get("place")?,
            batch: row.try_get("batch")?,
            file_name: row.try_get("file_name")?,
            dataset: row.try_get("dataset")?,
            rows_read: row.try_get("rows_read")?,
            rows_written: row.try_get("rows_written")?,
            rows_refused: row.try_get("rows_refused")?,
            sum_fen: row.try_get("sum_fen")?,
            uploaded_by: row.try_get("uploaded_by")?,
            uploaded_day: row.try_get("uploaded_day")?,
            decided_day: row.try_get("decided_day")?,
            reason: row.try_get("reason")?,
            state: row.try_get("state")?,
        })
    };
    rows.iter().map(line).collect::<Result<_, _>>().map_err(during)
}

/// A make-up order in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct OrderLine {
    /// Number.
    pub number: String,
    /// Village.
    pub place: String,
    /// Code of the disclosure duty.
    pub duty: String,
    /// Period.
    pub period: String,
    /// Why.
    pub reason: String,
    /// When it was given.
    pub ordered_day: String,
    /// By when it must be met.
    pub due_day: String,
    /// When it was met.
    pub met_day: Option<String>,
    /// Number of the notice that met it.
    pub met_notice: Option<String>,
}

/// Make-up orders, the newest first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn orders(db: &Db, by: &By, path: &str) -> Result<Vec<OrderLine>, Failure> {
    let during = |error| failure("read orders", error);
    let text = "select o.number, o.place, o.duty, o.period, o.reason, o.ordered_day, o.due_day, o.met_day, \
                n.number as met_notice, p.path from orders o join places p on p.id = o.place \
                left join notices n on n.id = o.met_notice \
                where (p.path = $1 or p.path like $1 || '/%') order by o.ordered_day desc, o.number limit 500";
    let rows = sqlx::query(text).bind(path.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    let rows = seen(by, "order", rows).map_err(during)?;
    let line = |row: &AnyRow| -> Result<OrderLine, sqlx::Error> {
        Ok(OrderLine {
            number: row.try_get("number")?,
            place: row.try_get("place")?,
            duty: row.try_get("duty")?,
            period: row.try_get("period")?,
            reason: row.try_get("reason")?,
            ordered_day: row.try_get("ordered_day")?,
            due_day: row.try_get("due_day")?,
            met_day: row.try_get("met_day")?,
            met_notice: row.try_get("met_notice")?,
        })
    };
    rows.iter().map(line).collect::<Result<_, _>>().map_err(during)
}

/// How a request stands, for who knows its number.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RequestState {
    /// `not_received`, `not_mine`, `wrong_amount`, `help`.
    pub kind: String,
    /// When it was opened.
    pub opened_day: String,
    /// By when it must be replied to.
    pub due_day: String,
    /// `open`, `answered`, `closed`.
    pub state: String,
    /// Replies in their order: day and text.
    pub replies: Vec<(String, String)>,
}

/// A request by its number, which only its person and the office know.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn request(db: &Db, number: &str) -> Result<Option<RequestState>, Failure> {
    let during = |error| failure("read request", error);
    let text = "select kind, opened_day, due_day, state from requests where number = $1";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(&db.read).await;
    let Some(row) = row.map_err(during)? else { return Ok(None) };
    let text = "select y.day, y.text from request_replies y join requests r on r.id = y.request \
                where r.number = $1 order by y.id";
    let rows = sqlx::query(text).bind(number.to_owned()).fetch_all(&db.read).await;
    let reply = |row: &AnyRow| Ok((row.try_get("day")?, row.try_get("text")?));
    let replies = rows.map_err(during)?.iter().map(reply).collect::<Result<_, _>>();
    let replies = replies.map_err(during)?;
    let read = || -> Result<RequestState, sqlx::Error> {
        let (kind, opened_day) = (row.try_get("kind")?, row.try_get("opened_day")?);
        let (due_day, state) = (row.try_get("due_day")?, row.try_get("state")?);
        Ok(RequestState { kind, opened_day, due_day, state, replies })
    };
    read().map(Some).map_err(during)
}

/// Numbers of the requests of a person, the newest first, by the person key of the facts.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn own_requests(db: &Db, person_key: i64) -> Result<Vec<String>, Failure> {
    let during = |error| failure("read requests", error);
    let text =
        "select number from requests where person_key = $1 order by opened_day desc, id desc";
    let rows = sqlx::query(text).bind(person_key).fetch_all(&db.read).await.map_err(during)?;
    rows.iter().map(|row| row.try_get("number")).collect::<Result<_, _>>().map_err(during)
}

/// A photo of a notice.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PhotoLine {
    /// SHA-256 of the public copy among the blobs, in hex.
    pub public_sha256: String,
    /// When it was taken.
    pub taken_day: String,
    /// What it shows.
    pub caption: String,
}

/// Photos of a notice, which anybody may see.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn photos(db: &Db, notice: &str) -> Result<Vec<PhotoLine>, Failure> {
    let during = |error| failure("read photos", error);
    let text = "select f.public_sha256, f.taken_day, f.caption from notice_photos f \
                join notices n on n.id = f.notice where n.number = $1 order by f.id";
    let rows = sqlx::query(text).bind(notice.to_owned()).fetch_all(&db.read).await;
    let line = |row: &AnyRow| -> Result<PhotoLine, sqlx::Error> {
        let (taken_day, caption) = (row.try_get("taken_day")?, row.try_get("caption")?);
        Ok(PhotoLine { public_sha256: row.try_get("public_sha256")?, taken_day, caption })
    };
    rows.map_err(during)?.iter().map(line).collect::<Result<_, _>>().map_err(during)
}
