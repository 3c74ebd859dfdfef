//! People as far as the register needs them: to know who may not decide about whom.

use domain::access::{Act, Subject};
use domain::problem::Failure;
use domain::recusal::{Relation, Tie};
use serde_json::json;
use sqlx::Row;

use super::{unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// A person to be added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewPerson {
    /// Name.
    pub name: String,
    /// Person key of the facts, when it is known: findings then meet the register.
    pub person_key: Option<i64>,
    /// Village in which he lives, and the number of his household there.
    pub household: Option<(String, String)>,
    /// Village that he comes from, for officers.
    pub native_village: Option<String>,
    /// Employing unit.
    pub unit: Option<String>,
}

/// Adds a person, and his household when it is new. The entry holds no name.
///
/// # Errors
/// The rule that says no; a problem when a village is unknown.
pub async fn add(tx: &mut Tx, new: &NewPerson) -> Result<(String, Entry), Failure> {
    match new.household.as_ref().map(|(village, _)| village).or(new.native_village.as_ref()) {
        Some(village) => tx.may(Act::Create, "person", village).await?,
        None => tx.may_county(Act::Create, "person").await?,
    };
    let household = match &new.household {
        Some((village, number)) => Some(household(tx, village, number).await?),
        None => None,
    };
    let id = tx.new_id()?;
    let village = new.household.as_ref().map(|(village, _)| village.clone());
    let text = "insert into people (id, name, person_key, household, village, native_village, unit) \
                values ($1, $2, $3, $4, $5, $6, $7)";
    let (native, unit) = (new.native_village.clone(), new.unit.clone());
    write!(
        tx,
        text,
        id.clone(),
        new.name.clone(),
        new.person_key,
        household,
        village,
        native,
        unit
    )?;
    tx.touch("people", &id)?;
    let entry = Entry::new("person-added", &id, json!({ "person": id }));
    Ok((id, entry))
}

async fn household(tx: &mut Tx, village: &str, number: &str) -> Result<String, Failure> {
    let during = |error| failure("read household", error);
    let text = "select id from households where village = $1 and number = $2";
    let known = sqlx::query(text).bind(village.to_owned()).bind(number.to_owned());
    if let Some(row) = known.fetch_optional(tx.connection()).await.map_err(during)? {
        return row.try_get("id").map_err(during);
    }
    let id = tx.new_id()?;
    let text = "insert into households (id, village, number) values ($1, $2, $3)";
    write!(tx, text, id.clone(), village.to_owned(), number.to_owned())?;
    tx.touch("households", &id)?;
    Ok(id)
}

/// Registers that two people are related.
///
/// # Errors
/// The rule that says no; a problem when one of them is unknown, or the relation is there already.
pub async fn relate(tx: &mut Tx, relation: &Relation) -> Result<Entry, Failure> {
    own(tx, "kin_graph", &relation.first).await?;
    let id = tx.new_id()?;
    let tie = tie_code(relation.tie);
    let text = "insert into kinships (id, person, other, relation) values ($1, $2, $3, $4)";
    write!(tx, text, id.clone(), relation.first.clone(), relation.second.clone(), tie)?;
    tx.touch("kinships", &id)?;
    Ok(Entry::new("kinship-added", &id, json!({ "relation": tie })))
}

/// The code of a tie, as the database has it.
#[must_use]
pub fn tie_code(tie: Tie) -> &'static str {
    match tie {
        Tie::Parent => "parent",
        Tie::Spouse => "spouse",
        Tie::Sibling => "sibling",
    }
}

/// The tie of a code.
///
/// # Errors
/// A problem for a code that is none.
pub fn tie(code: &str) -> Result<Tie, Failure> {
    let all = [Tie::Parent, Tie::Spouse, Tie::Sibling];
    all.into_iter().find(|tie| tie_code(*tie) == code).ok_or_else(|| unknown("relation", code))
}

/// Keeps a person's declaration that he has an interest in something.
///
/// # Errors
/// The rule that says no; a problem when the person is unknown.
pub async fn declare(
    tx: &mut Tx,
    person: &str,
    subject: &str,
    statement: &str,
) -> Result<Entry, Failure> {
    own(tx, "interest", person).await?;
    let (id, day) = (tx.new_id()?, tx.now.day.to_string());
    let text = "insert into interests (id, person, subject, statement, declared_day) \
                values ($1, $2, $3, $4, $5)";
    let (person, subject) = (person.to_owned(), subject.to_owned());
    write!(tx, text, id.clone(), person, subject.clone(), statement.to_owned(), day)?;
    tx.touch("interests", &id)?;
    Ok(Entry::new("interest-declared", &subject, json!({ "interest": id })))
}

/// Asks whether whoever acts may declare something of a person: mostly of himself alone.
async fn own(tx: &mut Tx, object: &str, person: &str) -> Result<(), Failure> {
    if tx.by.is_machine() {
        return Ok(());
    }
    let during = |error| failure("read person", error);
    let text = "select l.path from people p join places l on l.id = p.village where p.id = $1";
    let row = sqlx::query(text).bind(person.to_owned()).fetch_optional(tx.connection()).await;
    let path = row.map_err(during)?.map(|row| row.try_get("path")).transpose().map_err(during)?;
    let (object, owner) = (object.to_owned(), Some(person.to_owned()));
    let place = path.unwrap_or_default();
    tx.by.may(Act::Create, &Subject { object, place, owner, ..Subject::default() })?;
    Ok(())
}
