//! Areas (片区): which office leads one, and which leader is in charge. Townships belong to an area by what
//! `places` says of them.

use domain::access::Act as May;
use domain::problem::{Failure, Place, Problem, RuleViolation};
use serde_json::json;
use sqlx::Row;

use crate::actions::places;
use crate::actions::stepped::Stepped;
use crate::actions::supervision::{Around, actor};
use crate::actions::{Refusal, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// What areas are to the matrix.
const OBJECT: &str = "area";

/// Puts an office and a leader over an area from today on. Whoever was over it before stays in the records.
///
/// # Errors
/// Every rule that says no; a problem when no township is in the area, or the office is no role.
pub async fn lead(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    name: &str,
    (office, leader): (&str, &str),
) -> Result<Entry, Refusal> {
    let county = places::county(tx).await?;
    let around = Around::at(tx, &county, Vec::new()).await?;
    let subject = around.subject(OBJECT, "", None);
    actor(tx, &around, &[May::Create], &subject).await?;
    let rules = stepped.version(tx)?;
    if !stepped.bench.office.catalogue.roles.contains_key(office) {
        let place = Place { column: Some("office".to_owned()), ..Place::default() };
        return Err(Problem::new("code-unknown", place).with("code", office).into());
    }
    let basis = domain::model::Basis::line(&rules.basis);
    if !leads(tx, leader, &rules.leaders).await? {
        let no = RuleViolation::new("stepped-leader", basis);
        return Err(no.with("missing", rules.leaders.join(", ")).into());
    }
    if count(tx, name).await? == 0 {
        return Err(RuleViolation::new("area-empty", basis).with("area", name).into());
    }
    end(tx, name).await?;
    let id = tx.new_id()?;
    let text = "insert into areas (id, name, office, leader, from_day) values ($1, $2, $3, $4, $5)";
    let (office, leader) = (office.to_owned(), leader.to_owned());
    let day = tx.now.day.to_string();
    write!(tx, text, id.clone(), name.to_owned(), office.clone(), leader, day)?;
    tx.touch("areas", &id)?;
    Ok(Entry::new("area-led", name, json!({ "office": office })))
}

/// Ends what held until yesterday, or until today where it began today.
async fn end(tx: &mut Tx, name: &str) -> Result<(), Failure> {
    let during = |error| failure("read area", error);
    let text = "select id from areas where name = $1 and until_day is null";
    let rows = sqlx::query(text).bind(name.to_owned()).fetch_all(tx.connection()).await;
    for row in rows.map_err(during)? {
        let id: String = row.try_get("id").map_err(during)?;
        let day = tx.now.day.to_string();
        write!(tx, "update areas set until_day = $2 where id = $1", id.clone(), day)?;
        tx.touch("areas", &id)?;
    }
    Ok(())
}

/// How many townships are in an area.
async fn count(tx: &mut Tx, name: &str) -> Result<i64, Failure> {
    let during = |error| failure("read places", error);
    let text = "select count(*) as townships from places where area = $1 and until_day is null";
    let row = sqlx::query(text).bind(name.to_owned()).fetch_one(tx.connection()).await;
    row.map_err(during)?.try_get("townships").map_err(during)
}

/// Whether somebody holds one of the roles today.
async fn leads(tx: &mut Tx, person: &str, roles: &[String]) -> Result<bool, Failure> {
    let during = |error| failure("read posts", error);
    let text = "select role from posts where person = $1 and from_day <= $2 \
                and (until_day is null or until_day >= $2)";
    let rows = sqlx::query(text).bind(person.to_owned()).bind(tx.now.day.to_string());
    let rows = rows.fetch_all(tx.connection()).await.map_err(during)?;
    let held: Vec<String> =
        rows.iter().map(|row| row.try_get("role")).collect::<Result<_, _>>().map_err(during)?;
    Ok(held.iter().any(|role| roles.contains(role)))
}
