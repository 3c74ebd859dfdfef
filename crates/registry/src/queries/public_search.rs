//! Finding notices and matters by words of their titles.

use domain::problem::Failure;
use serde::Serialize;

use crate::db::{Db, failure};
use crate::public::Public;

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// `notice` or `matter`.
    pub kind: String,
    /// Public number.
    pub number: String,
    /// Code of the village.
    pub place: String,
    /// Title.
    pub title: String,
    /// When it was published or opened.
    pub day: String,
}

impl Found {
    from_row!(Found { kind, number, place, title, day });
}

const FIND: &str = "select 'notice' as kind, n.number, n.place, v.title, v.published_day as day from notices n \
    join notice_versions v on v.notice = n.id and v.version = \
    (select max(x.version) from notice_versions x where x.notice = n.id) \
    where (v.title like $1 escape '!' or n.number = $2) and ($3 = '' or n.place = $3) \
    and v.published_day || n.number < $4 \
    union all select 'matter' as kind, m.number, m.place, m.title, m.opened_day as day from matters m \
    where (m.title like $1 escape '!' or m.number = $2) and ($3 = '' or m.place = $3) \
    and m.opened_day || m.number < $4 order by day desc, number desc limit 30";

/// Notices and matters whose title holds a text, or that have it as their number; the newest thirty
/// before a mark, which is day and number of the last one shown.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn find(
    db: &Db,
    text: &str,
    place: &str,
    before: Option<&str>,
) -> Result<Public<Vec<Found>>, Failure> {
    let during = |error| failure("search", error);
    let like = format!("%{}%", escaped(text));
    let query = sqlx::query(FIND).bind(like).bind(text.to_owned()).bind(place.to_owned());
    let rows = query.bind(before.unwrap_or("9999").to_owned()).fetch_all(&db.read).await;
    let rows = rows.map_err(during)?;
    let found = rows.iter().map(Found::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(found))
}

/// A text in which the signs that `like` reads are only signs.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            escaped.push('!');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn signs_of_the_pattern_are_only_signs() {
        assert_eq!(escaped("50%_!a"), "50!%!_!!a");
    }
}
