//! Looks at everything known about somebody, as long as they hold.

use domain::problem::Failure;
use sqlx::Row;

use crate::db::{Db, failure};

/// What a look of somebody is for; none where it is not his, or has run out.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn held(
    db: &Db,
    look: &str,
    person: &str,
    today: &str,
) -> Result<Option<String>, Failure> {
    let during = |error| failure("read look", error);
    let text =
        "select purpose from subject_looks where id = $1 and asked_by = $2 and until_day >= $3";
    let row = sqlx::query(text).bind(look.to_owned()).bind(person.to_owned());
    let row = row.bind(today.to_owned()).fetch_optional(&db.read).await.map_err(during)?;
    row.map(|row| row.try_get("purpose")).transpose().map_err(during)
}
