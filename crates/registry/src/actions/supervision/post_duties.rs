//! Responsibility lists (两个责任、一岗双责): opened for a year, shown by whoever holds the post with files and
//! entries of the register, looked at by the level above.

use domain::access::Act;
use domain::problem::{Failure, RuleViolation};
use domain::supervision::duty::{self, Act as Doing, Actor, Duty, State};
use serde_json::json;
use sqlx::Row;

use super::following::{self, Of};
use super::{Around, Bench, actor};
use crate::actions::{Refusal, serial, texts, unknown, write};
use crate::db::failure;
use crate::ids::public_number;
use crate::tx::{Entry, Tx};

/// What shows that a duty was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// A file: its name, and the SHA-256 of its content.
    File(String, String),
    /// The number of a matter, notice, rectification or recommendation.
    Entry(String),
}

/// Opens the lists of a place for a year: one duty for each post that somebody holds there. Returns how
/// many are new.
///
/// # Errors
/// The rule that says no, also where nothing is new.
pub async fn open(
    tx: &mut Tx,
    bench: Bench<'_>,
    (place, year): (&str, i32),
) -> Result<(usize, Entry), Refusal> {
    let around = Around::at(tx, place, Vec::new()).await?;
    let subject = around.subject("duty_list", "", None);
    actor(tx, &around, &[Act::Create], &subject).await?;
    let version = bench.following(tx)?;
    let held = held(tx, place).await?;
    let mut new = 0;
    for duty in &bench.following.duties {
        for role in duty.roles.iter().filter(|role| held.contains(role)) {
            if exists(tx, (&duty.code, place, role), year).await? {
                continue;
            }
            let number = serial(tx, &format!("duty/{place}/{year}")).await?;
            let number = format!("D{}", public_number(place, year, number));
            let id = tx.new_id()?;
            let text = "insert into post_duties (id, number, code, list, year, place, role, state, \
                        opened_by, opened_day) values ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9)";
            write!(
                tx,
                text,
                id.clone(),
                number,
                duty.code.clone(),
                duty.list.clone(),
                i64::from(year),
                place.to_owned(),
                role.clone(),
                tx.by.person.clone(),
                tx.now.day.to_string(),
            )?;
            tx.touch("post_duties", &id)?;
            let level = following::level_word(following::level(bench, role));
            let of = Of { kind: "duty", subject: &id, place, level };
            let today = tx.now.day;
            following::set(tx, bench, of, ("show", &version.duty_rule, today)).await?;
            new += 1;
        }
    }
    if new == 0 {
        let basis = domain::model::Basis::line(&version.basis);
        return Err(RuleViolation::new("duty-opened", basis).with("year", year).into());
    }
    let payload = json!({ "year": year, "new": new });
    Ok((new, Entry::new("duties-opened", place, payload)))
}

/// Roles of posts that somebody holds in a place today.
async fn held(tx: &mut Tx, place: &str) -> Result<Vec<String>, Failure> {
    let during = |error| failure("read posts", error);
    let text = "select distinct role from posts where place = $1 and from_day <= $2 \
                and (until_day is null or until_day >= $2) order by role";
    let rows = sqlx::query(text).bind(place.to_owned()).bind(tx.now.day.to_string());
    let rows = rows.fetch_all(tx.connection()).await.map_err(during)?;
    rows.iter().map(|row| row.try_get("role")).collect::<Result<_, _>>().map_err(during)
}

async fn exists(
    tx: &mut Tx,
    (code, place, role): (&str, &str, &str),
    year: i32,
) -> Result<bool, Failure> {
    let during = |error| failure("read duties", error);
    let text = "select count(*) as n from post_duties where code = $1 and place = $2 and role = $3 \
                and year = $4";
    let row = sqlx::query(text).bind(code.to_owned()).bind(place.to_owned());
    let row = row.bind(role.to_owned()).bind(i64::from(year));
    let row = row.fetch_one(tx.connection()).await.map_err(during)?;
    Ok(row.try_get::<i64, _>("n").map_err(during)? > 0)
}

/// Lays a file or the number of an entry with a duty.
///
/// # Errors
/// The rule that says no to anybody but the holder; a problem when there is no such entry.
pub async fn attach(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    evidence: &Evidence,
) -> Result<Entry, Refusal> {
    let known = load(tx, bench, number).await?;
    let subject = known.around.subject("duty_list", &known.id, None);
    let me = actor(tx, &known.around, &[Act::Update], &subject).await?;
    let basis = domain::model::Basis::line(&bench.following(tx)?.basis);
    if me.role != known.duty.role {
        let no = RuleViolation::new("duty-holder", basis).with("role", &known.duty.role);
        return Err(no.into());
    }
    if known.duty.state == State::Done {
        return Err(RuleViolation::new("duty-state", basis).with("state", "done").into());
    }
    let (kind, name, target) = match evidence {
        Evidence::File(name, digest) => ("file", name, digest),
        Evidence::Entry(entry) => {
            is_there(tx, entry).await?;
            ("entry", entry, entry)
        }
    };
    let id = tx.new_id()?;
    let text = "insert into post_duty_evidence (id, duty, kind, name, target, person, day) \
                values ($1, $2, $3, $4, $5, $6, $7)";
    let (of, day) = (known.id.clone(), tx.now.day.to_string());
    write!(tx, text, id.clone(), of, kind, name.clone(), target.clone(), me.person, day)?;
    tx.touch("post_duty_evidence", &id)?;
    Ok(Entry::new("duty-evidence", number, json!({ "kind": kind })))
}

/// Refuses the number of an entry that is not there.
async fn is_there(tx: &mut Tx, number: &str) -> Result<(), Failure> {
    let during = |error| failure("read entries", error);
    let text = "select number from matters where number = $1 union all \
                select number from notices where number = $1 union all \
                select number from rectifications where number = $1 union all \
                select number from letters where number = $1";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    row.map_err(during)?.map(|_| ()).ok_or_else(|| unknown("entry", number))
}

/// A file that lies with a duty, for somebody who looks at it.
///
/// # Errors
/// The rule that says no; a problem when nobody knows it.
pub async fn look(
    tx: &mut Tx,
    bench: Bench<'_>,
    (number, id): (&str, &str),
) -> Result<((String, String), Entry), Failure> {
    let during = |error| failure("read evidence", error);
    let known = load(tx, bench, number).await?;
    super::may(tx, &[Act::Read], &known.around.subject("duty_list", &known.id, None))?;
    let text =
        "select name, target from post_duty_evidence where id = $1 and duty = $2 and kind = 'file'";
    let row = sqlx::query(text).bind(id.to_owned()).bind(known.id);
    let row = row.fetch_optional(tx.connection()).await.map_err(during)?;
    let row = row.ok_or_else(|| unknown("document", id))?;
    let file = (row.try_get("name").map_err(during)?, row.try_get("target").map_err(during)?);
    Ok((file, Entry::new("duty-file-read", number, json!({ "evidence": id }))))
}

/// One act further: shown by the holder, or looked at by the level above. Returns the state.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it.
pub async fn act(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    (doing, words): (Doing, &str),
) -> Result<(&'static str, Entry), Refusal> {
    let known = load(tx, bench, number).await?;
    let subject = known.around.subject("duty_list", &known.id, None);
    let right = if doing == Doing::Show { Act::Update } else { Act::Approve };
    let me = actor(tx, &known.around, &[right], &subject).await?;
    let level = following::level(bench, &me.role);
    let by = Actor { person: &me.person, role: &me.role, level };
    let basis = &bench.following(tx)?.basis;
    let state = duty::advance(&known.duty, doing, (by, words), basis).map_err(Refusal::Rules)?;
    texts::public("words", words, texts::TEXT)?;
    let (id, day, words) = (known.id.clone(), tx.now.day.to_string(), words.to_owned());
    let text = match doing {
        Doing::Show => {
            "update post_duties set state = $2, shown_by = $3, shown_day = $4, words = $5, \
             judged_by = null where id = $1"
        }
        Doing::Judge { .. } => {
            "update post_duties set state = $2, judged_by = $3, judged_day = $4, judgement = $5 \
             where id = $1"
        }
    };
    write!(tx, text, id, state.code(), me.person, day, words)?;
    tx.touch("post_duties", &known.id)?;
    if state == State::Done {
        following::clear(tx, &known.id).await?;
    }
    let payload = json!({ "act": doing.code(), "state": state.code() });
    Ok((state.code(), Entry::new("duty-step", number, payload)))
}

/// A duty as acts need it.
struct Known {
    id: String,
    around: Around,
    duty: Duty,
}

async fn load(tx: &mut Tx, bench: Bench<'_>, number: &str) -> Result<Known, Failure> {
    let during = |error| failure("read duty", error);
    let text = "select d.id, d.place, d.role, d.state, d.shown_by, (select count(*) from \
                post_duty_evidence e where e.duty = d.id) as evidence from post_duties d \
                where d.number = $1";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("post-duty", number))?;
    let must = |column: &str| row.try_get::<String, _>(column).map_err(during);
    let role = must("role")?;
    let evidence: i64 = row.try_get("evidence").map_err(during)?;
    Ok(Known {
        id: must("id")?,
        around: Around::at(tx, &must("place")?, Vec::new()).await?,
        duty: Duty {
            state: State::named(&must("state")?).unwrap_or_default(),
            level: following::level(bench, &role),
            role,
            shown_by: row.try_get("shown_by").map_err(during)?,
            evidence: usize::try_from(evidence).unwrap_or(0),
        },
    })
}
