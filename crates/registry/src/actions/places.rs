//! Places: county, townships, villages, groups.

use domain::access::Act;
use domain::problem::{Failure, Place, Problem};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::{unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// A place to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlace {
    /// Official code; the key.
    pub code: String,
    /// Code of the place above; none for the county.
    pub parent: Option<String>,
    /// `county`, `township`, `village`, `group`.
    pub level: String,
    /// Name.
    pub name: String,
    /// Area (片区) of several townships.
    pub area: Option<String>,
}

/// Adds a place below another.
///
/// # Errors
/// The rule that says no; a problem when the place above is unknown, or the code or path is taken.
pub async fn add(tx: &mut Tx, new: &NewPlace) -> Result<Entry, Failure> {
    let path = match &new.parent {
        None => {
            tx.may_county(Act::Create, "place").await?;
            new.code.clone()
        }
        Some(parent) => {
            tx.may(Act::Create, "place", parent).await?;
            format!("{}/{}", path(tx, parent).await?, new.code)
        }
    };
    let from = tx.now.day.to_string();
    let text = "insert into places (id, parent, level, name, path, area, from_day) \
                values ($1, $2, $3, $4, $5, $6, $7)";
    let (code, parent) = (new.code.clone(), new.parent.clone());
    write!(
        tx,
        text,
        code,
        parent,
        new.level.clone(),
        new.name.clone(),
        path,
        new.area.clone(),
        from
    )?;
    tx.touch("places", &new.code)?;
    let payload = json!({ "name": new.name, "level": new.level, "parent": new.parent });
    Ok(Entry::new("place-added", &new.code, payload))
}

/// Gives a place another name. The old one stays known, with the day until which it held.
///
/// # Errors
/// The rule that says no; a problem when nobody knows the place.
pub async fn rename(tx: &mut Tx, place: &str, name: &str) -> Result<Entry, Failure> {
    let (old, _) = keep_name(tx, place).await?;
    write!(tx, "update places set name = $2 where id = $1", place.to_owned(), name.to_owned())?;
    tx.touch("places", place)?;
    Ok(Entry::new("place-renamed", place, json!({ "from": old, "to": name })))
}

/// Moves a place to another area (片区), or out of any.
///
/// # Errors
/// As [`rename`].
pub async fn move_to_area(tx: &mut Tx, place: &str, area: Option<&str>) -> Result<Entry, Failure> {
    let (_, old) = keep_name(tx, place).await?;
    let new = area.map(str::to_owned);
    write!(tx, "update places set area = $2 where id = $1", place.to_owned(), new)?;
    tx.touch("places", place)?;
    Ok(Entry::new("place-moved", place, json!({ "from": old, "to": area })))
}

/// Closes a place with a day, its last: a village that was joined to another, say. What was written down
/// about it stays. Places below it must be closed, and its posts have ended, by then.
///
/// # Errors
/// The rule that says no; a problem when nobody knows the place, something in it goes on, or it is the
/// county.
pub async fn close(tx: &mut Tx, place: &str, until: Day) -> Result<Entry, Failure> {
    tx.may(Act::Update, "place", place).await?;
    let during = |error| failure("read place", error);
    let row = sqlx::query("select parent, from_day from places where id = $1");
    let row = row.bind(place.to_owned()).fetch_optional(tx.connection()).await.map_err(during)?;
    let row = row.ok_or_else(|| unknown("place", place))?;
    let parent: Option<String> = row.try_get("parent").map_err(during)?;
    let from: String = row.try_get("from_day").map_err(during)?;
    let day = until.to_string();
    if parent.is_none() || day < from || until > tx.now.day {
        return Err(Problem::new("place-not-closed", Place::default()).into());
    }
    let text = "select (select count(*) from places where parent = $1 \
                and (until_day is null or until_day > $2)) as places, \
                (select count(*) from posts where place = $1 \
                and (until_day is null or until_day > $2)) as posts";
    let row = sqlx::query(text).bind(place.to_owned()).bind(day.clone());
    let row = row.fetch_one(tx.connection()).await.map_err(during)?;
    let (places, posts): (i64, i64) =
        (row.try_get("places").map_err(during)?, row.try_get("posts").map_err(during)?);
    if places + posts > 0 {
        let problem = Problem::new("place-in-use", Place::default());
        return Err(problem.with("places", places).with("posts", posts).into());
    }
    write!(tx, "update places set until_day = $2 where id = $1", place.to_owned(), day.clone())?;
    tx.touch("places", place)?;
    Ok(Entry::new("place-closed", place, json!({ "until": day })))
}

/// Keeps the name and area that a place has had until today.
async fn keep_name(tx: &mut Tx, place: &str) -> Result<(String, Option<String>), Failure> {
    tx.may(Act::Update, "place", place).await?;
    let during = |error| failure("read place", error);
    let text = "select name, area from places where id = $1";
    let row = sqlx::query(text).bind(place.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("place", place))?;
    let name: String = row.try_get("name").map_err(during)?;
    let area: Option<String> = row.try_get("area").map_err(during)?;
    let (id, day) = (tx.new_id()?, tx.now.day.to_string());
    let text =
        "insert into place_names (id, place, name, area, until_day) values ($1, $2, $3, $4, $5)";
    write!(tx, text, id.clone(), place.to_owned(), name.clone(), area.clone(), day)?;
    tx.touch("place_names", &id)?;
    Ok((name, area))
}

/// The path of a place: the codes from the county down, divided by slashes.
///
/// # Errors
/// A problem when nobody knows the place.
pub async fn path(tx: &mut Tx, place: &str) -> Result<String, Failure> {
    let text = "select path from places where id = $1";
    let row = sqlx::query(text).bind(place.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(|error| failure("read place", error))?;
    let row = row.ok_or_else(|| unknown("place", place))?;
    row.try_get("path").map_err(|error| failure("read place", error))
}

/// The code of the county.
pub(crate) async fn county(tx: &mut Tx) -> Result<String, Failure> {
    let during = |error| failure("read place", error);
    let text = "select id from places where parent is null order by id limit 1";
    let row = sqlx::query(text).fetch_optional(tx.connection()).await.map_err(during)?;
    row.ok_or_else(|| unknown("place", "county"))?.try_get("id").map_err(during)
}
