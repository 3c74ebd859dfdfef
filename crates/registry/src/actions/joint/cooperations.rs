//! Cooperations: asked for, decided by another, ended with a result. What one gives is read where rights
//! are read (`queries::accounts`, `queries::standing`), by its days: no job has to take it back.

use domain::access::Act as May;
use domain::problem::{Failure, Place, Problem};
use domain::supervision::joint::cooperation::{self, Helper, State, Wish};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::kind;
use crate::actions::stepped::Stepped;
use crate::actions::supervision::{Around, actor};
use crate::actions::{Refusal, serial, unknown, write};
use crate::db::failure;
use crate::ids::public_number;
use crate::tx::{Entry, Tx};

/// What cooperations are to the matrix.
const OBJECT: &str = "cooperation";

/// A cooperation that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCooperation {
    /// Code of its kind.
    pub kind: String,
    /// Place in which help is needed.
    pub place: String,
    /// Kind and number of the one thing that it is about: `stepped`, `hit`, `clue`.
    pub thing: Option<(String, String)>,
    /// Keys of who helps.
    pub people: Vec<String>,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// Why.
    pub reason: String,
}

/// Asks for it. Returns its number.
///
/// # Errors
/// Every rule that says no; a problem when place, thing or person is unknown.
pub async fn ask(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    new: &NewCooperation,
) -> Result<(String, Entry), Refusal> {
    let around = Around::at(tx, &new.place, Vec::new()).await?;
    let subject = around.subject(OBJECT, "", None);
    let me = actor(tx, &around, &[May::Create], &subject).await?;
    let kind = kind(&stepped.rules.cooperation, &new.kind)?;
    let mut helpers = Vec::new();
    for person in &new.people {
        helpers.push(helper(tx, person, &around.path).await?);
    }
    let wish = Wish {
        kind,
        from: new.from,
        until: new.until,
        helpers: &helpers,
        thing: new.thing.is_some(),
    };
    cooperation::ask(stepped.version(tx)?, &wish, &new.reason).map_err(Refusal::Rules)?;
    let thing = match &new.thing {
        Some((kind, number)) => Some((kind.clone(), thing(tx, kind, number, &around).await?)),
        None => None,
    };
    let (thing_kind, thing) = thing.unzip();
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("cooperation/{}/{year}", new.place)).await?;
    let number = format!("X{}", public_number(&new.place, year, number));
    let id = tx.new_id()?;
    let text = "insert into cooperations (id, number, kind, place, thing_kind, thing, reason, state, \
                from_day, until_day, asked_by, asked_role, asked_day) \
                values ($1, $2, $3, $4, $5, $6, $7, 'asked', $8, $9, $10, $11, $12)";
    let query = sqlx::query(text).bind(id.clone()).bind(number.clone()).bind(new.kind.clone());
    let query = query.bind(new.place.clone()).bind(thing_kind).bind(thing);
    let query = query.bind(new.reason.clone()).bind(new.from.to_string());
    let query = query.bind(new.until.to_string()).bind(me.person).bind(me.role);
    let written = query.bind(tx.now.day.to_string()).execute(tx.connection()).await;
    written.map_err(|error| failure("write cooperation", error))?;
    tx.touch("cooperations", &id)?;
    for person in &new.people {
        let row = tx.new_id()?;
        let text = "insert into cooperation_people (id, cooperation, person) values ($1, $2, $3)";
        write!(tx, text, row.clone(), id.clone(), person.clone())?;
        tx.touch("cooperation_people", &row)?;
    }
    let payload = json!({ "kind": new.kind, "place": new.place });
    Ok((number.clone(), Entry::new("cooperation-asked", &number, payload)))
}

/// Decides about one.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it.
pub async fn decide(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    number: &str,
    agreed: bool,
) -> Result<Entry, Refusal> {
    let known = load(tx, number).await?;
    let subject = known.around.subject(OBJECT, &known.id, None);
    let me = actor(tx, &known.around, &[May::Approve], &subject).await?;
    let of = (known.asked_by.as_str(), known.people.as_slice());
    let next = cooperation::decide(stepped.version(tx)?, known.state, of, (&me.person, agreed));
    let next = next.map_err(Refusal::Rules)?;
    let text =
        "update cooperations set state = $2, decided_by = $3, decided_day = $4 where id = $1";
    write!(tx, text, known.id.clone(), next.code(), me.person, tx.now.day.to_string())?;
    tx.touch("cooperations", &known.id)?;
    Ok(Entry::new("cooperation-decided", number, json!({ "agreed": agreed })))
}

/// Ends one with what came of it.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it.
pub async fn end(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    number: &str,
    result: &str,
) -> Result<Entry, Refusal> {
    let known = load(tx, number).await?;
    let subject = known.around.subject(OBJECT, &known.id, None);
    actor(tx, &known.around, &[May::Update, May::Approve], &subject).await?;
    let next = cooperation::end(stepped.version(tx)?, known.state, result);
    let next = next.map_err(Refusal::Rules)?;
    let text = "update cooperations set state = $2, result = $3, ended_day = $4 where id = $1";
    let day = tx.now.day.to_string();
    write!(tx, text, known.id.clone(), next.code(), result.to_owned(), day)?;
    tx.touch("cooperations", &known.id)?;
    Ok(Entry::new("cooperation-ended", number, json!({})))
}

struct Known {
    id: String,
    around: Around,
    state: State,
    asked_by: String,
    people: Vec<String>,
}

async fn load(tx: &mut Tx, number: &str) -> Result<Known, Failure> {
    let during = |error| failure("read cooperation", error);
    let text = "select id, place, state, asked_by from cooperations where number = $1";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("cooperation", number))?;
    let text = |column: &str| row.try_get::<String, _>(column).map_err(during);
    let (id, place) = (text("id")?, text("place")?);
    let people = "select person from cooperation_people where cooperation = $1 order by person";
    let people = sqlx::query(people).bind(id.clone()).fetch_all(tx.connection()).await;
    let people = people.map_err(during)?;
    let people = people.iter().map(|row| row.try_get("person")).collect::<Result<_, _>>();
    Ok(Known {
        around: Around::at(tx, &place, Vec::new()).await?,
        state: State::named(&text("state")?).unwrap_or_default(),
        asked_by: text("asked_by")?,
        people: people.map_err(during)?,
        id,
    })
}

/// Where somebody holds his posts, seen from a place.
async fn helper(tx: &mut Tx, person: &str, path: &str) -> Result<Helper, Failure> {
    let during = |error| failure("read posts", error);
    let text = "select p.path, p.level from posts s join places p on p.id = s.place \
                where s.person = $1 and s.from_day <= $2 and (s.until_day is null or s.until_day >= $2)";
    let rows = sqlx::query(text).bind(person.to_owned()).bind(tx.now.day.to_string());
    let rows = rows.fetch_all(tx.connection()).await.map_err(during)?;
    let township: String = path.split('/').take(2).collect::<Vec<_>>().join("/");
    let mut helper = Helper { person: person.to_owned(), ..Helper::default() };
    for row in &rows {
        let (at, level): (String, String) =
            (row.try_get("path").map_err(during)?, row.try_get("level").map_err(during)?);
        helper.county |= level == "county";
        helper.local |= level != "county" && domain::access::covers(&township, &at);
    }
    Ok(helper)
}

/// Key of the one thing, which must lie in the place.
async fn thing(tx: &mut Tx, kind: &str, number: &str, around: &Around) -> Result<String, Failure> {
    let during = |error| failure("read thing", error);
    let text = match kind {
        "stepped" => {
            "select t.id from stepped_villages t join places p on p.id = t.place \
             where t.number = $1 and (p.path = $2 or p.path like $2 || '/%')"
        }
        "hit" => {
            "select t.id from findings t join places p on p.id = t.place \
             where t.number = $1 and (p.path = $2 or p.path like $2 || '/%')"
        }
        "clue" => {
            "select t.id from clues t join places p on p.id = t.place \
             where t.number = $1 and (p.path = $2 or p.path like $2 || '/%')"
        }
        _ => {
            let place = Place { column: Some("thing".to_owned()), ..Place::default() };
            return Err(Problem::new("code-unknown", place).with("code", kind).into());
        }
    };
    let row = sqlx::query(text).bind(number.to_owned()).bind(around.path.clone());
    let row = row.fetch_optional(tx.connection()).await.map_err(during)?;
    row.ok_or_else(|| unknown("thing", number))?.try_get("id").map_err(during)
}
