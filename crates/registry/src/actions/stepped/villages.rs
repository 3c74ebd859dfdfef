//! A village comes under stepped-up supervision and leaves it, each by a proposal and somebody else's
//! decision. The decision is public: it is the notice.

use std::collections::BTreeMap;

use domain::access::Act as May;
use domain::model::Basis;
use domain::problem::{Failure, Place, Problem};
use domain::supervision::stepped::rules::Way;
use domain::supervision::stepped::village::{self, Act, Open, State, Village, Wish};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::lists::{approved, not_listed};
use super::{Known, OBJECT, Stepped, around, load};
use crate::actions::supervision::clues::json_of;
use crate::actions::supervision::{actor, conflict};
use crate::actions::{Refusal, serial, texts, write};
use crate::db::failure;
use crate::ids::public_number;
use crate::tx::{Entry, PublicEntry, Tx};

/// A village that is to come under supervision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVillage {
    /// Its code.
    pub place: String,
    /// Key of the leader in charge.
    pub leader: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// What the notice says of each way to report, by code.
    pub contacts: BTreeMap<String, String>,
    /// Why.
    pub reason: String,
}

/// Proposes it. Returns its number.
///
/// # Errors
/// Every rule that says no; a problem when place or leader is unknown, or a text holds a number of a person.
pub async fn propose(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    new: &NewVillage,
) -> Result<(String, Entry), Refusal> {
    let around = around(tx, &new.place).await?;
    let subject = around.subject(OBJECT, "", None);
    let me = actor(tx, &around, &[May::Create], &subject).await?;
    let against = conflict(tx, stepped.bench, &around, (&me.person, Some(&me.role))).await?;
    let rules = stepped.version(tx)?;
    let (list, leader) = (approved(tx, &new.place).await?, roles(tx, &new.leader).await?);
    let silent = silent(&stepped.rules.ways, &new.contacts)?;
    let wish = Wish {
        from: new.from,
        until: new.until,
        leader: &leader,
        listed: list.is_some(),
        twice: lasts(tx, &new.place).await?,
        silent: &silent,
    };
    let state = village::propose(rules, &wish, (&me.person, &new.reason), &against);
    let state = state.map_err(Refusal::Rules)?;
    let list = list.ok_or_else(|| not_listed(Basis::line(&rules.basis)))?;
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("stepped/{}/{year}", new.place)).await?;
    let number = format!("T{}", public_number(&new.place, year, number));
    let id = tx.new_id()?;
    let text = "insert into stepped_villages (id, number, place, list, leader, state, from_day, until_day, \
                contacts, proposed_by, proposed_day, catalogue, record) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let (place, leader, contacts) =
        (new.place.clone(), new.leader.clone(), json_of(&new.contacts)?);
    let query = sqlx::query(text).bind(id.clone()).bind(number.clone()).bind(place).bind(list);
    let query = query.bind(leader).bind(state.state.code()).bind(new.from.to_string());
    let query = query.bind(new.until.to_string()).bind(contacts).bind(me.person.clone());
    let query = query.bind(tx.now.day.to_string()).bind(stepped.bench.office.digest.to_owned());
    let written = query.bind(json_of(&state)?).execute(tx.connection()).await;
    written.map_err(|error| failure("write village", error))?;
    tx.touch("stepped_villages", &id)?;
    let known = Known { id, around, state, steps: 0 };
    step(tx, &known, "propose", (&me.person, &me.role), (true, &new.reason)).await?;
    let payload = json!({ "place": new.place });
    Ok((number.clone(), Entry::new("stepped-up-proposed", &number, payload)))
}

/// One act further. Returns the state.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it.
pub async fn act(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    number: &str,
    (act, words): (&Act, &str),
) -> Result<(&'static str, Entry), Refusal> {
    let known = load(tx, number).await?;
    let subject = known.around.subject(OBJECT, &known.id, None);
    let may = if matches!(act, Act::Decide { .. }) { May::Approve } else { May::Propose };
    let me = actor(tx, &known.around, &[may], &subject).await?;
    let against = conflict(tx, stepped.bench, &known.around, (&me.person, Some(&me.role))).await?;
    let open = open(tx, stepped, &known).await?;
    let rules = stepped.version(tx)?;
    let next = village::advance(rules, &known.state, act, (&me.person, words), (&against, &open));
    let next = next.map_err(Refusal::Rules)?;
    let (code, agreed) = match act {
        Act::Decide { agreed } => ("decide", *agreed),
        Act::End => ("end", true),
        Act::Longer { .. } => ("longer", true),
    };
    step(tx, &known, code, (&me.person, &me.role), (agreed, words)).await?;
    keep(tx, &known, &next, (&me.person, number)).await
}

/// Keeps the new state. What the public must know gets an entry in the public log.
async fn keep(
    tx: &mut Tx,
    known: &Known,
    next: &Village,
    (person, number): (&str, &str),
) -> Result<(&'static str, Entry), Refusal> {
    let before = known.state.state;
    let day = tx.now.day.to_string();
    if before == State::Proposed {
        let text = "update stepped_villages set decided_by = $2, decided_day = $3 where id = $1";
        write!(tx, text, known.id.clone(), person.to_owned(), day.clone())?;
    }
    let ended = (next.state == State::Ended).then(|| day.clone());
    let text = "update stepped_villages set state = $2, until_day = $3, ended_day = $4, record = $5 \
                where id = $1";
    let (code, until) = (next.state.code(), next.until.to_string());
    write!(tx, text, known.id.clone(), code, until.clone(), ended, json_of(next)?)?;
    tx.touch("stepped_villages", &known.id)?;
    let entry = Entry::new("stepped-up-step", number, json!({ "state": code }));
    let begins = before == State::Proposed && next.state == State::Active;
    let longer = next.until != known.state.until;
    if !begins && !longer && next.state != State::Ended {
        return Ok((code, entry));
    }
    let public = PublicEntry {
        subject: number.to_owned(),
        village: Some(known.around.place.clone()),
        payload: json!({ "state": code, "from": next.from.to_string(), "until": until }),
        ..PublicEntry::default()
    };
    let kind = if begins { "stepped-up-begun" } else { "stepped-up-changed" };
    Ok((code, Entry::new(kind, number, json!({ "state": code })).public(public)))
}

async fn step(
    tx: &mut Tx,
    known: &Known,
    step: &'static str,
    (person, role): (&str, &str),
    (agreed, words): (bool, &str),
) -> Result<(), Failure> {
    let id = tx.new_id()?;
    let text = "insert into stepped_steps (id, village, seq, step, day, person, role, agreed, words) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let (of, day, words) = (known.id.clone(), tx.now.day.to_string(), words.to_owned());
    let (person, role) = (person.to_owned(), role.to_owned());
    let (seq, agreed) = (known.steps + 1, i64::from(agreed));
    write!(tx, text, id.clone(), of, seq, step, day, person, role, agreed, words)?;
    Ok(tx.touch("stepped_steps", &id)?)
}

/// Ways of which the notice says nothing.
fn silent(ways: &[Way], contacts: &BTreeMap<String, String>) -> Result<Vec<String>, Problem> {
    for (code, text) in contacts {
        if !ways.iter().any(|way| way.code == *code) {
            let place = Place { column: Some("way".to_owned()), ..Place::default() };
            return Err(Problem::new("code-unknown", place).with("code", code));
        }
        texts::public("contacts", text, texts::TITLE)?;
    }
    let said = |code: &String| contacts.get(code).is_some_and(|text| !text.trim().is_empty());
    let asked = ways.iter().filter(|way| way.asks.is_some() && !said(&way.code));
    Ok(asked.map(|way| way.code.clone()).collect())
}

/// Roles that somebody holds today.
async fn roles(tx: &mut Tx, person: &str) -> Result<Vec<String>, Refusal> {
    let text = "select role as code from posts where person = $1 and from_day <= $2 \
                and (until_day is null or until_day >= $2) order by role";
    codes(tx, text, [person, &tx.now.day.to_string()]).await
}

/// Whether a village is under supervision already, or waits for it.
async fn lasts(tx: &mut Tx, place: &str) -> Result<bool, Refusal> {
    let text = "select number as code from stepped_villages where place = $1 \
                and state not in ($2, 'ended')";
    Ok(!codes(tx, text, [place, State::Refused.code()]).await?.is_empty())
}

/// What is not finished.
async fn open(tx: &mut Tx, stepped: Stepped<'_>, known: &Known) -> Result<Open, Refusal> {
    let text = "select c.item as code from stepped_checks c where c.village = $1 and c.state = $2 \
                and c.problem = 0 and c.round = (select max(r.round) from stepped_checks r \
                where r.village = c.village and r.item = c.item)";
    let fine = codes(tx, text, [&known.id, "confirmed"]).await?;
    let items = stepped.rules.items.iter().map(|item| item.code.clone());
    let text = "select m.kind as code from stepped_measures m where m.village = $1 \
                and m.done_day is null and m.ordered_day <= $2 order by m.due_day, m.id";
    let today = tx.now.day.to_string();
    let measures = codes(tx, text, [&known.id, &today]).await?;
    let text = "select number as code from rectifications where place = $1 and issued_day <= $2 \
                and closed_day is null order by number";
    let rectifications = codes(tx, text, [&known.around.place, &today]).await?;
    Ok(Open {
        items: items.filter(|item| !fine.contains(item)).collect(),
        measures,
        rectifications,
    })
}

/// One column of texts, called `code`.
async fn codes(tx: &mut Tx, text: &'static str, with: [&str; 2]) -> Result<Vec<String>, Refusal> {
    let during = |error| Refusal::from(failure("read village", error));
    let [first, second] = with.map(str::to_owned);
    let rows = sqlx::query(text).bind(first).bind(second).fetch_all(tx.connection()).await;
    let rows = rows.map_err(during)?;
    rows.iter().map(|row| row.try_get("code")).collect::<Result<_, _>>().map_err(during)
}
