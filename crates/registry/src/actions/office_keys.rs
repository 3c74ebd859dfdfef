//! Keys of offices: sealed to the own keys of those who work there, in one version after the other, and
//! in halves to recovery holders. No machine can open one (docs/THREAT-MODEL.md, section 4).

use std::collections::BTreeSet;

use domain::access::Act;
use domain::problem::{Failure, Fault, Place, Problem, RuleViolation};
use domain::routing::office_id;
use serde_json::json;
use sqlx::{AnyConnection, Row};

use super::holder_keys::{self, Unlocked};
use super::{unknown, write};
use crate::db::failure;
use crate::queries::organisation::OUTSIDE;
use crate::sealer::{KeyPair, Sealer, Secret};
use crate::tx::{Entry, Tx};

/// Fewest people who can bring a key back.
const RECOVERY_LEAST: usize = 2;
/// The page on keys, as the basis of what this module refuses.
const BASIS: &str = "docs/THREAT-MODEL.md 4";

/// An office by role and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeName {
    /// Role code.
    pub role: String,
    /// Code of the place.
    pub place: String,
}

impl OfficeName {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> String {
        office_id(&self.role, &self.place)
    }

    /// The office of an id.
    ///
    /// # Errors
    /// A problem for a text that is no id.
    pub fn parse(id: &str) -> Result<Self, Failure> {
        let (role, place) = id.split_once('@').ok_or_else(|| unknown("office", id))?;
        Ok(Self { role: role.to_owned(), place: place.to_owned() })
    }
}

/// Makes the key of an office, the first or the next one, for its holders and its recovery holders. All
/// of them have own keys; nobody needs to be there. What was sealed to the one before stays readable.
///
/// # Errors
/// Rules that say no (fewer than two recovery holders, one who is a holder too); a problem when
/// somebody has no own key.
pub async fn make(
    tx: &mut Tx,
    sealer: &dyn Sealer,
    office: &OfficeName,
    holders: &[String],
    recovery: &[String],
) -> Result<Entry, Failure> {
    tx.may(Act::Create, "office_key", &office.place).await?;
    make_next(tx, sealer, office, holders, recovery).await
}

async fn make_next(
    tx: &mut Tx,
    sealer: &dyn Sealer,
    office: &OfficeName,
    holders: &[String],
    recovery: &[String],
) -> Result<Entry, Failure> {
    let different: BTreeSet<&String> = recovery.iter().collect();
    if different.len() < RECOVERY_LEAST || different.len() != recovery.len() {
        let few = RuleViolation::new("recovery-two", BASIS).with("least", RECOVERY_LEAST);
        return Err(few.into());
    }
    if holders.iter().any(|holder| different.contains(holder)) {
        return Err(RuleViolation::new("recovery-outside", BASIS).into());
    }
    end(tx, office).await?;
    let key = sealer.new_key()?;
    let id = keep(tx, office, &key.recipient).await?;
    for holder in holders {
        seal_to(tx, sealer, (&id, &key.secret), holder).await?;
    }
    split(tx, sealer, &id, &key, recovery).await?;
    let payload = json!({ "office": office.id(), "holders": holders, "recovery": recovery });
    Ok(Entry::new("office-key-made", &id, payload))
}

/// Notes the key of the next level up, which was made there: its secret never comes here.
///
/// # Errors
/// The rule that says no; a problem when it cannot be read.
pub async fn note_outside(
    tx: &mut Tx,
    sealer: &dyn Sealer,
    county: &str,
    recipient: &str,
) -> Result<Entry, Failure> {
    tx.may(Act::Create, "office_key", county).await?;
    sealer.seal(&[recipient], b"")?;
    let office = OfficeName { role: OUTSIDE.to_owned(), place: county.to_owned() };
    end(tx, &office).await?;
    let id = keep(tx, &office, recipient).await?;
    Ok(Entry::new("office-key-noted", &id, json!({ "office": office.id() })))
}

async fn keep(tx: &mut Tx, office: &OfficeName, recipient: &str) -> Result<String, Failure> {
    let (id, day) = (tx.new_id()?, tx.now.day.to_string());
    let text = "insert into office_keys (id, role, place, recipient, made_day) \
                values ($1, $2, $3, $4, $5)";
    let (role, place) = (office.role.clone(), office.place.clone());
    write!(tx, text, id.clone(), role, place, recipient.to_owned(), day)?;
    tx.touch("office_keys", &id)?;
    Ok(id)
}

/// Ends the live key of an office: nothing new is sealed to it.
async fn end(tx: &mut Tx, office: &OfficeName) -> Result<(), Failure> {
    if let Some((id, _)) = live(tx.connection(), &office.id()).await? {
        let day = tx.now.day.to_string();
        write!(tx, "update office_keys set ended_day = $2 where id = $1", id.clone(), day)?;
        tx.touch("office_keys", &id)?;
    }
    Ok(())
}

/// Key and recipient of the live key of an office.
pub(crate) async fn live(
    connection: &mut AnyConnection,
    office: &str,
) -> Result<Option<(String, String)>, Failure> {
    let during = |error| failure("read office key", error);
    let Some((role, place)) = office.split_once('@') else { return Ok(None) };
    let text = "select id, recipient from office_keys where role = $1 and place = $2 \
                and ended_day is null";
    let row = sqlx::query(text).bind(role.to_owned()).bind(place.to_owned());
    let Some(row) = row.fetch_optional(connection).await.map_err(during)? else { return Ok(None) };
    let (id, recipient) = (row.try_get("id"), row.try_get("recipient"));
    Ok(Some((id.map_err(during)?, recipient.map_err(during)?)))
}

/// Seals an office's secret to the own key of a holder.
async fn seal_to(
    tx: &mut Tx,
    sealer: &dyn Sealer,
    (office_key, secret): (&str, &Secret),
    person: &str,
) -> Result<(), Failure> {
    let (holder_key, recipient) = holder_keys::required(tx.connection(), person).await?;
    let sealed = sealer.seal(&[&recipient], secret.expose())?;
    let (id, day) = (tx.new_id()?, tx.now.day.to_string());
    let text = "insert into office_key_holders (id, office_key, holder_key, person, sealed, from_day) \
                values ($1, $2, $3, $4, $5, $6)";
    let (key, who) = (office_key.to_owned(), person.to_owned());
    write!(tx, text, id.clone(), key, holder_key, who, sealed, day)?;
    Ok(tx.touch("office_key_holders", &id)?)
}

/// Splits a secret for each pair of recovery holders: one half is random, the other the difference.
async fn split(
    tx: &mut Tx,
    sealer: &dyn Sealer,
    office_key: &str,
    key: &KeyPair,
    recovery: &[String],
) -> Result<(), Failure> {
    for (at, first) in recovery.iter().enumerate() {
        for second in recovery.iter().skip(at + 1) {
            let mut noise = vec![0; key.secret.expose().len()];
            getrandom::fill(&mut noise).map_err(|e| Fault::new("get random bytes", e))?;
            let noise = Secret::new(noise);
            let rest = difference(&key.secret, &noise);
            let pair = pair(first, second);
            for (person, half) in [(first, &noise), (second, &rest)] {
                let (holder, recipient) = holder_keys::required(tx.connection(), person).await?;
                let sealed = sealer.seal(&[&recipient], half.expose())?;
                let (id, of) = (tx.new_id()?, office_key.to_owned());
                let text = "insert into office_key_halves (id, office_key, holder_key, person, pair, \
                            sealed) values ($1, $2, $3, $4, $5, $6)";
                write!(tx, text, id.clone(), of, holder, person.clone(), pair.clone(), sealed)?;
                tx.touch("office_key_halves", &id)?;
            }
        }
    }
    Ok(())
}

fn difference(one: &Secret, other: &Secret) -> Secret {
    Secret::new(one.expose().iter().zip(other.expose()).map(|(a, b)| a ^ b).collect())
}

fn pair(first: &str, second: &str) -> String {
    if first < second { format!("{first}/{second}") } else { format!("{second}/{first}") }
}

/// Versions of an office's key, the newest first.
pub(crate) async fn versions(
    connection: &mut AnyConnection,
    office: &OfficeName,
) -> Result<Vec<String>, Failure> {
    let during = |error| failure("read office keys", error);
    let text = "select id from office_keys where role = $1 and place = $2 \
                order by made_day desc, id desc";
    let rows = sqlx::query(text).bind(office.role.clone()).bind(office.place.clone());
    let rows = rows.fetch_all(connection).await.map_err(during)?;
    rows.iter().map(|row| row.try_get("id")).collect::<Result<_, _>>().map_err(during)
}

/// Persons who have a sealed copy, or halves, of a version.
async fn having(
    connection: &mut AnyConnection,
    text: &'static str,
    office_key: &str,
) -> Result<Vec<String>, Failure> {
    let during = |error| failure("read holders", error);
    let rows = sqlx::query(text).bind(office_key.to_owned()).fetch_all(connection).await;
    let rows = rows.map_err(during)?;
    rows.iter().map(|row| row.try_get("person")).collect::<Result<_, _>>().map_err(during)
}

const HOLDERS: &str = "select distinct person from office_key_holders \
                       where office_key = $1 and sealed is not null order by person";
const RECOVERY: &str =
    "select distinct person from office_key_halves where office_key = $1 order by person";

/// Adds a holder. With somebody who opens the office's keys he gets those of before too, and reads what
/// is there; without, the office gets a next key, and he reads what comes.
///
/// # Errors
/// The rule that says no; a problem when somebody has no own key, or the opener does not hold it.
pub async fn add(
    tx: &mut Tx,
    sealer: &dyn Sealer,
    office: &OfficeName,
    person: &str,
    opener: Option<&Unlocked>,
) -> Result<Entry, Failure> {
    may_add(tx, office, opener).await?;
    let all = versions(tx.connection(), office).await?;
    let newest = all.first().ok_or_else(|| unknown("office key", &office.id()))?.clone();
    let Some(opener) = opener else {
        let mut holders = having(tx.connection(), HOLDERS, &newest).await?;
        holders.push(person.to_owned());
        let recovery = having(tx.connection(), RECOVERY, &newest).await?;
        return make_next(tx, sealer, office, &holders, &recovery).await;
    };
    let mut opened = 0;
    for version in &all {
        let held = having(tx.connection(), HOLDERS, version).await?;
        if !held.contains(&opener.person) {
            continue;
        }
        if held.iter().any(|holder| holder == person) {
            take_away(tx, version, person).await?;
        }
        let secret = secret(tx.connection(), sealer, opener, version).await?;
        seal_to(tx, sealer, (version, &secret), person).await?;
        opened += 1;
    }
    if opened == 0 {
        return Err(Problem::new("sealed-for-others", Place::default()).into());
    }
    let payload = json!({ "office": office.id(), "person": person, "versions": opened });
    Ok(Entry::new("office-key-shared", &newest, payload))
}

/// Who may let somebody in: the security administrator, or a holder of the office himself.
async fn may_add(
    tx: &mut Tx,
    office: &OfficeName,
    opener: Option<&Unlocked>,
) -> Result<(), Failure> {
    let own = tx.by.offices().contains(&office.id()) && opener.is_some();
    if !own {
        tx.may(Act::Update, "office_key", &office.place).await?;
    }
    Ok(())
}

/// Revokes a holder: his sealed copies are erased, and the office gets a next key for those who stay.
/// History stays with them.
///
/// # Errors
/// The rule that says no; a problem when he is no holder.
pub async fn revoke(
    tx: &mut Tx,
    sealer: &dyn Sealer,
    office: &OfficeName,
    person: &str,
) -> Result<Entry, Failure> {
    tx.may(Act::Update, "office_key", &office.place).await?;
    let all = versions(tx.connection(), office).await?;
    let mut revoked = 0;
    for version in &all {
        revoked += take_away(tx, version, person).await?;
    }
    if revoked == 0 {
        return Err(unknown("holder", person));
    }
    let newest = all.first().cloned().unwrap_or_default();
    let holders = having(tx.connection(), HOLDERS, &newest).await?;
    let recovery = having(tx.connection(), RECOVERY, &newest).await?;
    if holders.is_empty() {
        end(tx, office).await?;
    } else {
        let entry = make_next(tx, sealer, office, &holders, &recovery).await?;
        tx.record(entry).await?;
    }
    let payload = json!({ "office": office.id(), "person": person });
    Ok(Entry::new("office-key-revoked", &newest, payload))
}

async fn take_away(tx: &mut Tx, office_key: &str, person: &str) -> Result<usize, Failure> {
    let during = |error| failure("read holders", error);
    let text = "select id from office_key_holders where office_key = $1 and person = $2 \
                and sealed is not null";
    let rows = sqlx::query(text).bind(office_key.to_owned()).bind(person.to_owned());
    let rows = rows.fetch_all(tx.connection()).await.map_err(during)?;
    for row in &rows {
        let (id, day): (String, String) =
            (row.try_get("id").map_err(during)?, tx.now.day.to_string());
        let text = "update office_key_holders set sealed = null, until_day = $2 where id = $1";
        write!(tx, text, id.clone(), day)?;
        tx.touch("office_key_holders", &id)?;
    }
    Ok(rows.len())
}

/// Two recovery holders open an office's keys for a new holder.
///
/// # Errors
/// The rule that says no; a problem when the two have no halves that fit.
pub async fn recover(
    tx: &mut Tx,
    sealer: &dyn Sealer,
    office: &OfficeName,
    (one, other): (&Unlocked, &Unlocked),
    person: &str,
) -> Result<Entry, Failure> {
    tx.may(Act::Update, "office_key", &office.place).await?;
    let wanted = pair(&one.person, &other.person);
    let mut opened = 0;
    let all = versions(tx.connection(), office).await?;
    for version in &all {
        let halves = [
            half(tx.connection(), sealer, one, version, &wanted).await?,
            half(tx.connection(), sealer, other, version, &wanted).await?,
        ];
        let [Some(one), Some(other)] = halves else { continue };
        seal_to(tx, sealer, (version, &difference(&one, &other)), person).await?;
        opened += 1;
    }
    if opened == 0 {
        return Err(Problem::new("halves-none", Place::default()).into());
    }
    let newest = all.first().cloned().unwrap_or_default();
    let payload =
        json!({ "office": office.id(), "person": person, "by": [one.person, other.person] });
    Ok(Entry::new("office-key-recovered", &newest, payload))
}

async fn half(
    connection: &mut AnyConnection,
    sealer: &dyn Sealer,
    unlocked: &Unlocked,
    office_key: &str,
    pair: &str,
) -> Result<Option<Secret>, Failure> {
    let during = |error| failure("read halves", error);
    let text = "select sealed from office_key_halves where office_key = $1 and pair = $2 \
                and person = $3 and holder_key = $4";
    let query = sqlx::query(text).bind(office_key.to_owned()).bind(pair.to_owned());
    let query = query.bind(unlocked.person.clone()).bind(unlocked.holder_key.clone());
    let Some(row) = query.fetch_optional(connection).await.map_err(during)? else {
        return Ok(None);
    };
    let sealed: Vec<u8> = row.try_get("sealed").map_err(during)?;
    sealer.open(&unlocked.secret, &sealed).map(Some)
}

/// The secret of a version of an office's key, opened by a holder.
pub(crate) async fn secret(
    connection: &mut AnyConnection,
    sealer: &dyn Sealer,
    unlocked: &Unlocked,
    office_key: &str,
) -> Result<Secret, Failure> {
    let during = |error| failure("read office key", error);
    let text = "select sealed from office_key_holders where office_key = $1 and person = $2 \
                and holder_key = $3 and sealed is not null";
    let query = sqlx::query(text).bind(office_key.to_owned()).bind(unlocked.person.clone());
    let row = query.bind(unlocked.holder_key.clone()).fetch_optional(connection).await;
    let others = || Problem::new("sealed-for-others", Place::default());
    let row = row.map_err(during)?.ok_or_else(others)?;
    let sealed: Vec<u8> = row.try_get("sealed").map_err(during)?;
    sealer.open(&unlocked.secret, &sealed)
}
