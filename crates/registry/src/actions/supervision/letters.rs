//! Written recommendations (监督建议): proposed on what was found, sent by another, answered by whom they are
//! for, accepted or sent back, looked at once more.

use domain::access::Act;
use domain::problem::Failure;
use domain::recusal::Part;
use domain::supervision::letter::{self, Act as Doing, Due, Letter, State};
use serde_json::json;
use sqlx::Row;

use super::following::{self, Of};
use super::{Around, Bench, actor, clues, conflict, findings};
use crate::actions::{Refusal, serial, texts, unknown, write};
use crate::db::failure;
use crate::ids::public_number;
use crate::tx::{Entry, Tx};

/// A recommendation to be proposed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewLetter {
    /// Code of the place of whom it is for.
    pub place: String,
    /// Role code of whom it is for.
    pub addressee: String,
    /// Number of the rectification that it stands on.
    pub rectification: Option<String>,
    /// Number of the finding that it stands on.
    pub finding: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What is asked.
    pub demand: String,
}

/// Proposes a recommendation. Returns its number.
///
/// # Errors
/// Every rule that says no; a problem when place, role, rectification or finding is unknown, or the text
/// holds a number of a person.
pub async fn propose(
    tx: &mut Tx,
    bench: Bench<'_>,
    new: &NewLetter,
) -> Result<(String, Entry), Refusal> {
    if !bench.office.catalogue.roles.contains_key(&new.addressee) {
        return Err(unknown("role", &new.addressee).into());
    }
    let (ground, persons) = ground(tx, new).await?;
    let around = Around::at(tx, &new.place, persons).await?;
    let subject = around.subject("recommendation", "", None);
    let me = actor(tx, &around, &[Act::Propose], &subject).await?;
    let against = conflict(tx, bench, &around, (&me.person, Some(&me.role))).await?;
    let stands = ground.iter().any(Option::is_some);
    let said = (new.problem.as_str(), new.demand.as_str(), stands);
    let basis = &bench.following(tx)?.basis;
    letter::propose(said, (&against, basis)).map_err(Refusal::Rules)?;
    texts::public("problem", &new.problem, texts::TEXT)?;
    texts::public("demand", &new.demand, texts::TEXT)?;
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("letter/{}/{year}", new.place)).await?;
    let number = format!("J{}", public_number(&new.place, year, number));
    let id = tx.new_id()?;
    let [rectification, finding] = ground;
    let text = "insert into letters (id, number, place, addressee, rectification, finding, problem, demand, \
                state, proposed_by, proposed_day, returned) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, 'proposed', $9, $10, 0)";
    write!(
        tx,
        text,
        id.clone(),
        number.clone(),
        new.place.clone(),
        new.addressee.clone(),
        rectification,
        finding,
        new.problem.clone(),
        new.demand.clone(),
        me.person,
        tx.now.day.to_string(),
    )?;
    tx.touch("letters", &id)?;
    let payload = json!({ "place": new.place, "to": new.addressee });
    Ok((number.clone(), Entry::new("letter-proposed", &number, payload)))
}

type Persons = Vec<(Part, String)>;

/// Keys of what it stands on, and the people in that.
async fn ground(tx: &mut Tx, new: &NewLetter) -> Result<([Option<String>; 2], Persons), Failure> {
    let mut persons = Vec::new();
    let finding = match &new.finding {
        Some(number) => {
            let known = findings::load(tx, number).await?;
            persons.extend(known.around.persons);
            Some(known.id)
        }
        None => None,
    };
    let rectification = match &new.rectification {
        Some(number) => {
            let (id, people) = rectification(tx, number).await?;
            persons.extend(people);
            Some(id)
        }
        None => None,
    };
    Ok(([rectification, finding], persons))
}

/// A rectification, with the people in the clue and the finding behind it.
async fn rectification(tx: &mut Tx, number: &str) -> Result<(String, Persons), Failure> {
    let during = |error| failure("read rectification", error);
    let text = "select r.id, c.number as clue, f.number as finding from rectifications r \
                left join clues c on c.id = r.clue left join findings f on f.id = r.finding \
                where r.number = $1";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("rectification", number))?;
    let (clue, finding): (Option<String>, Option<String>) =
        (row.try_get("clue").map_err(during)?, row.try_get("finding").map_err(during)?);
    let mut persons = Vec::new();
    if let Some(clue) = clue {
        persons.extend(clues::load(tx, &clue).await?.around.persons);
    }
    if let Some(finding) = finding {
        persons.extend(findings::load(tx, &finding).await?.around.persons);
    }
    Ok((row.try_get("id").map_err(during)?, persons))
}

/// One act further. Returns the state.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it, or the text holds a number of a person.
pub async fn act(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    (doing, words): (Doing, &str),
) -> Result<(&'static str, Entry), Refusal> {
    let known = load(tx, number).await?;
    let subject = known.around.subject("recommendation", &known.id, None);
    let right = match doing {
        Doing::Approve { .. } => Act::Approve,
        Doing::Reply => Act::Update,
        Doing::Judge { .. } | Doing::Follow { .. } => Act::Sign,
    };
    let me = actor(tx, &known.around, &[right], &subject).await?;
    let against = conflict(tx, bench, &known.around, (&me.person, Some(&me.role))).await?;
    let version = bench.following(tx)?;
    let done = (me.person.as_str(), me.role.as_str(), words);
    let next = letter::advance(&known.letter, doing, done, (&against, &version.basis));
    let (state, due) = next.map_err(Refusal::Rules)?;
    texts::public("words", words, texts::TEXT)?;
    event(tx, &known, doing, (&me.person, &me.role, words)).await?;
    keep(tx, &known, doing, (state, &me.person)).await?;
    let level = following::level(bench, &known.letter.addressee);
    let level = following::level_word(level);
    let of = Of { kind: "letter", subject: &known.id, place: &known.around.place, level };
    let today = tx.now.day;
    match due {
        Some(Due::Reply) => {
            following::set(tx, bench, of, ("reply", &version.reply_rule, today)).await?;
        }
        Some(Due::Again) => {
            following::set(tx, bench, of, ("again", &version.again_rule, today)).await?;
        }
        Some(Due::Effect) => {
            following::set(tx, bench, of, ("effect", &version.effect_rule, today)).await?;
        }
        None => following::clear(tx, &known.id).await?,
    }
    let payload = json!({ "act": doing.code(), "state": state.code() });
    Ok((state.code(), Entry::new("letter-step", number, payload)))
}

async fn event(
    tx: &mut Tx,
    known: &Known,
    doing: Doing,
    (person, role, words): (&str, &str, &str),
) -> Result<(), Failure> {
    let agreed = !matches!(
        doing,
        Doing::Approve { agreed: false }
            | Doing::Judge { accepted: false }
            | Doing::Follow { works: false }
    );
    let id = tx.new_id()?;
    let text = "insert into letter_events (id, letter, seq, act, day, person, role, agreed, words) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let (day, seq) = (tx.now.day.to_string(), known.events + 1);
    let (person, role, words) = (person.to_owned(), role.to_owned(), words.to_owned());
    let (of, agreed) = (known.id.clone(), i64::from(agreed));
    write!(tx, text, id.clone(), of, seq, doing.code(), day, person, role, agreed, words)?;
    Ok(tx.touch("letter_events", &id)?)
}

async fn keep(
    tx: &mut Tx,
    known: &Known,
    doing: Doing,
    (state, person): (State, &str),
) -> Result<(), Failure> {
    let (id, person, today) = (known.id.clone(), person.to_owned(), tx.now.day.to_string());
    match doing {
        Doing::Approve { .. } => {
            let text =
                "update letters set state = $2, approved_by = $3, approved_day = $4 where id = $1";
            write!(tx, text, id, state.code(), person, today)?;
        }
        Doing::Reply => {
            let text = "update letters set state = $2, replied_by = $3 where id = $1";
            write!(tx, text, id, state.code(), person)?;
        }
        Doing::Judge { .. } | Doing::Follow { .. } => {
            let back = i64::from(state == State::Returned);
            let closed = (state == State::Closed).then_some(today);
            let text = "update letters set state = $2, returned = returned + $3, closed_day = $4 \
                        where id = $1";
            write!(tx, text, id, state.code(), back, closed)?;
        }
    }
    Ok(tx.touch("letters", &known.id)?)
}

/// A recommendation as acts need it.
struct Known {
    id: String,
    around: Around,
    letter: Letter,
    events: i64,
}

async fn load(tx: &mut Tx, number: &str) -> Result<Known, Failure> {
    let during = |error| failure("read letter", error);
    let text = "select l.id, l.place, l.addressee, l.state, l.proposed_by, l.replied_by, \
                r.number as rectification, f.number as finding, \
                (select count(*) from letter_events e where e.letter = l.id) as events from letters l \
                left join rectifications r on r.id = l.rectification \
                left join findings f on f.id = l.finding where l.number = $1";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("letter", number))?;
    let must = |column: &str| row.try_get::<String, _>(column).map_err(during);
    let maybe = |column: &str| row.try_get::<Option<String>, _>(column).map_err(during);
    let on = NewLetter {
        rectification: maybe("rectification")?,
        finding: maybe("finding")?,
        ..NewLetter::default()
    };
    let (_, persons) = ground(tx, &on).await?;
    Ok(Known {
        id: must("id")?,
        around: Around::at(tx, &must("place")?, persons).await?,
        letter: Letter {
            state: State::named(&must("state")?).unwrap_or_default(),
            proposed_by: must("proposed_by")?,
            replied_by: maybe("replied_by")?,
            addressee: must("addressee")?,
        },
        events: row.try_get("events").map_err(during)?,
    })
}
