//! Who reported: asked for with a purpose, granted by another office for a time, read with an entry.
//! The key of the identity is wrapped to the office that grants, so that two people are needed not
//! only by the rules. A reporter with a name sees all of it.

use domain::access;
use domain::problem::{Failure, Place, Problem, RuleViolation};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::super::{unknown, write};
use super::file::SealedIdentity;
use super::tell;
use crate::Registry;
use crate::access::By;
use crate::actions::holder_keys::{self, Unlocked};
use crate::db::failure;
use crate::queries::organisation;
use crate::reports::standing::{self, handled};
use crate::reports::texts::{parts, recipient};
use crate::reports::wraps::{self, stage};
use crate::reports::{Counter, Known, by_number, not_found};
use crate::sealer::open_value;
use crate::tx::{Entry, Now, Tx};

/// Basis of the two-person rule.
const BASIS: &str = "09-roles 4 (SD10)";

/// Asks to know who reported. Returns the key of the request.
///
/// # Errors
/// The rule that says no without a purpose; a problem for a report that is none of one's own, or has
/// no identity.
pub async fn ask(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    purpose: &str,
) -> Result<(String, Entry), Failure> {
    if purpose.trim().is_empty() {
        return Err(RuleViolation::new("petition-no-purpose", BASIS).into());
    }
    let found = handled(tx, counter, number, access::Act::Read).await?;
    let known = &found.known;
    let Some(office) = known.identity_office.clone().filter(|_| known.erased.is_none()) else {
        return Err(Problem::new("identity-none", Place::default()).into());
    };
    holder_keys::required(tx.connection(), &found.actor.person).await?;
    let (id, day) = (crate::ids::random_id()?, tx.now.day.to_string());
    let text = "insert into identity_requests (id, report, person, role, purpose, asked_day) \
                values ($1, $2, $3, $4, $5, $6)";
    let (person, role) = (found.actor.person.clone(), found.actor.role.clone());
    write!(tx, text, id.clone(), known.id.clone(), person, role, purpose.to_owned(), day)?;
    tx.touch("identity_requests", &id)?;
    tell(tx, counter, &office, "identity-asked").await?;
    let payload = json!({ "request": id, "purpose": purpose });
    Ok((id, Entry::new("identity-asked", &known.id, payload)))
}

struct Asked {
    known: Known,
    person: String,
    decided: bool,
    granted: bool,
    until: Option<Day>,
    sealed: Option<Vec<u8>>,
}

async fn asked(tx: &mut Tx, counter: &Counter<'_>, request: &str) -> Result<Asked, Failure> {
    let during = |error| failure("read request", error);
    let text = "select r.number, q.person, q.granted, q.until_day, q.sealed from identity_requests q \
                join reports r on r.id = q.report where q.id = $1";
    let row = sqlx::query(text).bind(request.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("request", request))?;
    let number: String = row.try_get("number").map_err(during)?;
    let granted: Option<i64> = row.try_get("granted").map_err(during)?;
    let until: Option<String> = row.try_get("until_day").map_err(during)?;
    Ok(Asked {
        known: by_number(tx.connection(), counter, &number).await?,
        person: row.try_get("person").map_err(during)?,
        decided: granted.is_some(),
        granted: granted == Some(1),
        until: until.and_then(|day| Day::parse(&day)),
        sealed: row.try_get("sealed").map_err(during)?,
    })
}

/// Whoever decides: somebody of the office that grants looks, who did not ask himself.
async fn decider(
    tx: &mut Tx,
    counter: &Counter<'_>,
    request: &str,
) -> Result<(Asked, standing::Actor, String), Failure> {
    let asked = asked(tx, counter, request).await?;
    let hidden = || unknown("request", request);
    let office = asked.known.identity_office.clone().ok_or_else(hidden)?;
    let actor = standing::actor(tx, &office).await?.ok_or_else(hidden)?;
    let facts = asked.known.facts.clone();
    let named = facts.as_ref().map(|facts| facts.named.clone()).unwrap_or_default();
    let day = tx.now.day;
    let organisation = organisation::load(tx.connection(), day, &named).await?;
    let by = tx.by.clone();
    if !standing::may_know(counter, &by, facts.as_ref(), &organisation, day)? {
        return Err(hidden());
    }
    let (place, _) = organisation::place_of(tx.connection(), &office).await?;
    let mut thing = standing::subject("reporter", &asked.known, &place);
    thing.routed_to = [office.clone()].into();
    by.may(access::Act::Approve, &thing).map_err(|_| hidden())?;
    if asked.decided {
        return Err(Problem::new("already-decided", Place::default()).into());
    }
    if asked.person == actor.person {
        return Err(RuleViolation::new("identity-self", BASIS).into());
    }
    Ok((asked, actor, office))
}

/// Grants a look for some days: opens the key of the identity and seals it to who asked.
///
/// # Errors
/// Rules that say no (one's own request, too many days); a problem for a request that is not for one's
/// office, or was decided.
pub async fn grant(
    tx: &mut Tx,
    counter: &Counter<'_>,
    request: &str,
    days: u32,
    unlocked: &Unlocked,
) -> Result<(Day, Entry), Failure> {
    let (asked, actor, office) = decider(tx, counter, request).await?;
    let most = counter.rules(tx.now.day)?.1.identity_days;
    if days > most {
        return Err(RuleViolation::new("identity-long", BASIS).with("most", most).into());
    }
    let hidden = || unknown("request", request);
    let (key, _) =
        recipient(tx.connection(), &asked.known.id, "identity").await?.ok_or_else(hidden)?;
    let of = (key.as_str(), office.as_str());
    let secret = wraps::open(tx.connection(), counter, unlocked, of, &[stage::IDENTITY]).await?;
    let (_, to) = holder_keys::required(tx.connection(), &asked.person).await?;
    let sealed = counter.sealer.seal(&[&to], secret.expose())?;
    let until = Day(tx.now.day.0.saturating_add(i32::try_from(days).unwrap_or(i32::MAX)));
    decide(tx, request, &actor, Some((until, sealed))).await?;
    let payload = json!({ "request": request, "until": until.to_string() });
    Ok((until, Entry::new("identity-granted", &asked.known.id, payload)))
}

/// Refuses a look.
///
/// # Errors
/// As [`grant`].
pub async fn refuse(tx: &mut Tx, counter: &Counter<'_>, request: &str) -> Result<Entry, Failure> {
    let (asked, actor, _) = decider(tx, counter, request).await?;
    decide(tx, request, &actor, None).await?;
    Ok(Entry::new("identity-refused", &asked.known.id, json!({ "request": request })))
}

async fn decide(
    tx: &mut Tx,
    request: &str,
    actor: &standing::Actor,
    granted: Option<(Day, Vec<u8>)>,
) -> Result<(), Failure> {
    let text = "update identity_requests set decided_by = $2, decided_role = $3, decided_day = $4, \
                granted = $5, until_day = $6, sealed = $7 where id = $1";
    let day = tx.now.day.to_string();
    let yes = i64::from(granted.is_some());
    let (until, sealed) = granted.map(|(day, sealed)| (day.to_string(), sealed)).unzip();
    let (person, role) = (actor.person.clone(), actor.role.clone());
    write!(tx, text, request.to_owned(), person, role, day, yes, until, sealed)?;
    Ok(tx.touch("identity_requests", request)?)
}

/// Reads who reported, as long as the grant holds. Each time is an entry, and is shown to the reporter.
///
/// # Errors
/// The rule that says no when it was not granted, or its time is over; a problem for a request that is
/// not one's own.
pub async fn read(
    tx: &mut Tx,
    counter: &Counter<'_>,
    request: &str,
    unlocked: &Unlocked,
) -> Result<(SealedIdentity, Entry), Failure> {
    let asked = asked(tx, counter, request).await?;
    let own = tx.by.person.as_deref() == Some(&asked.person) && unlocked.person == asked.person;
    if !own {
        return Err(unknown("request", request));
    }
    // Whoever may not see the report any more does not see who sent it.
    let found = handled(tx, counter, &asked.known.number, access::Act::Read).await?;
    let day = tx.now.day;
    if !asked.granted || asked.until.is_none_or(|until| day > until) {
        return Err(RuleViolation::new("identity-not-granted", BASIS).into());
    }
    let sealed = asked.sealed.ok_or_else(|| RuleViolation::new("identity-not-granted", BASIS))?;
    let secret = counter.sealer.open(&unlocked.secret, &sealed)?;
    let list = parts(tx.connection(), &found.known.id).await?;
    let part = list.iter().find(|part| part.kind == "identity");
    let sealed = part.and_then(|part| part.sealed.as_ref());
    let sealed = sealed.ok_or_else(|| not_found(&found.known.number))?;
    let identity = open_value(counter.sealer, &secret, sealed)?;
    let id = crate::ids::random_id()?;
    let text = "insert into identity_looks (id, request, day) values ($1, $2, $3)";
    write!(tx, text, id.clone(), request.to_owned(), day.to_string())?;
    tx.touch("identity_looks", &id)?;
    let entry = Entry::new("identity-read", &found.known.id, json!({ "request": request }));
    Ok((identity, entry))
}

impl Registry {
    /// Takes back what was granted for a time that is over. Returns how many looks ended.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn end_looks(&self, now: Now) -> Result<usize, Failure> {
        let during = |error| failure("end looks", error);
        let mut tx = self.begin(By::system(), now, "looks end").await?;
        let text = "select id from identity_requests where sealed is not null and until_day < $1";
        let rows = sqlx::query(text).bind(now.day.to_string()).fetch_all(tx.connection()).await;
        let rows = rows.map_err(during)?;
        if rows.is_empty() {
            return Ok(0);
        }
        for row in &rows {
            let id: String = row.try_get("id").map_err(during)?;
            write!(tx, "update identity_requests set sealed = null where id = $1", id.clone())?;
            tx.touch("identity_requests", &id)?;
        }
        let payload = json!({ "ended": rows.len() });
        tx.commit(Entry::new("looks-ended", &now.day.to_string(), payload)).await?;
        Ok(rows.len())
    }
}
