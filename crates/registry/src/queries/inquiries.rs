//! What the supervision committee has asked, as the office sees it.

use domain::problem::Failure;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::access::By;
use crate::db::{Db, failure};

/// An inquiry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// Key.
    pub id: String,
    /// Village.
    pub place: String,
    /// Key of the prepared notice.
    pub preparation: Option<String>,
    /// Number of the matter.
    pub matter: Option<String>,
    /// Code of the step.
    pub step: Option<String>,
    /// Title of what it is about.
    pub title: String,
    /// What was asked.
    pub text: String,
    /// Name of who asked.
    pub asked_name: String,
    /// In which role.
    pub asked_role: String,
    /// When.
    pub asked_day: String,
    /// Whom; none: whoever may change what it is about.
    pub asked_of: Option<String>,
    /// The answer.
    pub answer: Option<String>,
    /// Name of who answered.
    pub answered_name: Option<String>,
    /// When.
    pub answered_day: Option<String>,
}

impl Inquiry {
    from_row!(Inquiry {
        id,
        place,
        preparation,
        matter,
        step,
        title,
        text,
        asked_name,
        asked_role,
        asked_day,
        asked_of,
        answer,
        answered_name,
        answered_day,
    });
}

const OPEN: &str = "select i.id, i.place, i.preparation, m.number as matter, i.step, \
    coalesce(v.title, m.title) as title, i.text, a.name as asked_name, i.asked_role, i.asked_day, \
    i.asked_of, i.answer, b.name as answered_name, i.answered_day, p.path from inquiries i \
    join places p on p.id = i.place join people a on a.id = i.asked_by \
    left join people b on b.id = i.answered_by left join preparations v on v.id = i.preparation \
    left join matters m on m.id = i.matter \
    join dues d on d.subject = 'inquiry/' || i.id and d.met_day is null \
    where (p.path = $1 or p.path like $1 || '/%') order by i.asked_day, i.id";

const OF: &str = "select i.id, i.place, i.preparation, m.number as matter, i.step, \
    coalesce(v.title, m.title) as title, i.text, a.name as asked_name, i.asked_role, i.asked_day, \
    i.asked_of, i.answer, b.name as answered_name, i.answered_day, p.path from inquiries i \
    join places p on p.id = i.place join people a on a.id = i.asked_by \
    left join people b on b.id = i.answered_by left join preparations v on v.id = i.preparation \
    left join matters m on m.id = i.matter where i.preparation = $1 or m.number = $1 \
    order by i.asked_day, i.id";

/// Inquiries that wait for an answer, in a place and below it, as far as the reader's posts cover it.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn open(db: &Db, by: &By, path: &str) -> Result<Vec<Inquiry>, Failure> {
    read(db, by, OPEN, path).await
}

/// All inquiries about a prepared notice, by its key, or about a matter, by its number.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn of(db: &Db, by: &By, subject: &str) -> Result<Vec<Inquiry>, Failure> {
    read(db, by, OF, subject).await
}

async fn read(db: &Db, by: &By, text: &'static str, bound: &str) -> Result<Vec<Inquiry>, Failure> {
    let during = |error| failure("read inquiries", error);
    let rows = sqlx::query(text).bind(bound.to_owned()).fetch_all(&db.read).await;
    let seen = |row: &AnyRow| -> Result<Option<Inquiry>, sqlx::Error> {
        let inquiry = Inquiry::from_row(row)?;
        let object = if inquiry.matter.is_some() { "matter" } else { "disclosure_draft" };
        let path: String = row.try_get("path")?;
        Ok(by.sees(object, &path).then_some(inquiry))
    };
    let rows = rows.map_err(during)?;
    rows.iter().filter_map(|row| seen(row).transpose()).collect::<Result<_, _>>().map_err(during)
}
