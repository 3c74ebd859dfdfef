//! Who holds which post of a place, for whoever says whom a report is about: the name to choose by and
//! the key that routing asks for. The key is for the program alone and goes on no page.

use domain::problem::Failure;
use domain::time::Day;

use crate::db::{Db, failure};

/// A post and who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Key of the post.
    pub id: String,
    /// Key of the person.
    pub person: String,
    /// Role code.
    pub role: String,
    /// Name.
    pub name: String,
}

impl Seat {
    super::from_row!(Seat { id, person, role, name });
}

const SEATS: &str = "select s.id, s.person, s.role, e.name from posts s \
    join people e on e.id = s.person where s.place = $1 and s.from_day <= $2 \
    and (s.until_day is null or s.until_day >= $2) order by s.role, s.from_day, s.id";

/// Posts of a place on a day.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn seats(db: &Db, place: &str, day: Day) -> Result<Vec<Seat>, Failure> {
    let during = |error| failure("read posts", error);
    let rows = sqlx::query(SEATS).bind(place.to_owned()).bind(day.to_string());
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    rows.iter().map(Seat::from_row).collect::<Result<_, _>>().map_err(during)
}
