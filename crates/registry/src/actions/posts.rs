//! Posts: who holds which role in which place, from when to when. A post that ends stays known.

use domain::access::Act;
use domain::catalogue::Role;
use domain::problem::Failure;
use domain::separation::roles_exclude;
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::{Refusal, unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// Gives a person a post. Roles that exclude each other are refused (separation of duties).
///
/// # Errors
/// Rules that say no; a problem when place, person or role is unknown.
pub async fn give(
    tx: &mut Tx,
    roles: &[Role],
    place: &str,
    role: &str,
    person: &str,
    from: Day,
) -> Result<(String, Entry), Refusal> {
    tx.may(Act::Create, "post", place).await?;
    if !roles.iter().any(|known| known.code == role) {
        return Err(unknown("role", role).into());
    }
    let mut held = held_in(tx, place, person, from).await?;
    held.push(role.to_owned());
    let refusals = roles_exclude(roles, &held);
    if !refusals.is_empty() {
        return Err(Refusal::Rules(refusals));
    }
    let id = tx.new_id()?;
    let text = "insert into posts (id, place, role, person, from_day) values ($1, $2, $3, $4, $5)";
    let (at, code, who) = (place.to_owned(), role.to_owned(), person.to_owned());
    write!(tx, text, id.clone(), at, code, who, from.to_string())?;
    tx.touch("posts", &id)?;
    let payload = json!({ "place": place, "role": role, "from": from.to_string() });
    Ok((id.clone(), Entry::new("post-given", &id, payload)))
}

/// Ends a post on a day.
///
/// # Errors
/// The rule that says no; a problem when nobody knows the post.
pub async fn end(tx: &mut Tx, post: &str, until: Day) -> Result<Entry, Failure> {
    let during = |error| failure("read post", error);
    let row = sqlx::query("select place from posts where id = $1").bind(post.to_owned());
    let row = row.fetch_optional(tx.connection()).await.map_err(during)?;
    let place: String =
        row.ok_or_else(|| unknown("post", post))?.try_get("place").map_err(during)?;
    tx.may(Act::Update, "post", &place).await?;
    let text = "update posts set until_day = $2 where id = $1";
    write!(tx, text, post.to_owned(), until.to_string())?;
    tx.touch("posts", post)?;
    Ok(Entry::new("post-ended", post, json!({ "until": until.to_string() })))
}

/// Role codes that a person holds in a place on a day.
async fn held_in(tx: &mut Tx, place: &str, person: &str, day: Day) -> Result<Vec<String>, Failure> {
    let during = |error| failure("read posts", error);
    let text = "select role from posts where place = $1 and person = $2 and from_day <= $3 \
                and (until_day is null or until_day >= $3)";
    let rows = sqlx::query(text).bind(place.to_owned()).bind(person.to_owned());
    let rows = rows.bind(day.to_string()).fetch_all(tx.connection()).await.map_err(during)?;
    rows.iter().map(|row| row.try_get("role")).collect::<Result<_, _>>().map_err(during)
}
