//! Papers of a matter, as the office sees them.

use domain::problem::Failure;

use super::lists::seen;
use crate::access::By;
use crate::db::{Db, failure};

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLine {
    /// Key.
    pub id: String,
    /// Code of its kind.
    pub code: String,
    /// Name of the file.
    pub name: String,
    /// Length.
    pub bytes: i64,
    /// When it came in.
    pub day: String,
}

impl DocumentLine {
    from_row!(DocumentLine { id, code, name, bytes, day });
}

/// Papers of a matter in the order in which they came in; none for who may not see it.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn documents(db: &Db, by: &By, matter: &str) -> Result<Vec<DocumentLine>, Failure> {
    let during = |error| failure("read documents", error);
    let text = "select d.id, d.code, d.name, d.bytes, d.day, p.path from documents d \
                join matters m on m.id = d.matter join places p on p.id = m.place \
                where m.number = $1 order by d.day, d.id";
    let rows = sqlx::query(text).bind(matter.to_owned()).fetch_all(&db.read).await;
    let rows = seen(by, "matter", rows.map_err(during)?).map_err(during)?;
    rows.iter().map(DocumentLine::from_row).collect::<Result<_, _>>().map_err(during)
}
