//! Notices: what is made public, frozen in the version in which it left. A correction is a new
//! version with its reason; a withdrawal leaves a stub that stays visible.

use domain::access::Act;
use domain::catalogue::{ProfileVersion, Show, Versioned};
use domain::deadline::span;
use domain::name::surname_only;
use domain::problem::{Failure, Fault, Place, Problem};
use domain::time::Day;
use journal::{Hash, canonical_json};
use serde_json::{Map, Value, json};
use sqlx::Row;

use super::matters::{Loaded, Office};
use super::{Refusal, orders, serial, texts, unknown, write};
use crate::db::failure;
use crate::ids::public_number;
use crate::tx::{Entry, PublicEntry, Tx, refused};

/// Fields that hold names: they can be masked. Other fields that a profile masks are left out.
const NAMES: [&str; 2] = ["name", "minor_name"];

/// A notice to be made public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotice {
    /// Village.
    pub place: String,
    /// Code of the disclosure duty that it fulfils.
    pub duty: String,
    /// Key of the matter and code of the step that it comes from.
    pub from: Option<(String, String)>,
    /// `2026-03`, `2026Q1`, `2026`, or the day of the event.
    pub period: String,
    /// Title; names no person.
    pub title: String,
    /// Content without personal fields, as pages print it; every key may be missing:
    /// - `text`: paragraphs, parted by line breaks;
    /// - `opening_fen`, `closing_fen`: what accounts begin and end with: opening + income - expense;
    /// - `lines`: a list of objects, a row each: fields by the codes of the field profile, as texts;
    ///   `amount_fen` and `standard_fen` in place of `amount` and `standard`; in accounts `part` says
    ///   `income` or `expense`;
    /// - `total_fen`: the sum of the lines (not in accounts).
    ///
    /// The notice of a matter's step has `matter`, `power`, `step`, `amount_fen`, `decision`, `text`.
    pub body: Map<String, Value>,
    /// Personal fields that the field profile allows, each erasable alone: by its code one text, or
    /// a list with one for each of the `lines`.
    pub personal: Vec<(String, Value)>,
    /// Who prepared it and who checked it.
    pub prepared_by: Option<String>,
    /// Who checked it for the supervision committee.
    pub checked_by: Option<String>,
    /// When it should have been published, if the period says so.
    pub due: Option<Day>,
}

/// Makes a notice public. Only fields that the duty's field profile shows leave the office.
///
/// # Errors
/// A problem when the duty is unknown or a field may not be public; rules that say no.
pub async fn publish(
    tx: &mut Tx,
    office: Office<'_>,
    new: &NewNotice,
) -> Result<(String, PublicEntry), Refusal> {
    tx.may(Act::Update, "disclosure_draft", &new.place).await?;
    if let Some(person) = &new.prepared_by {
        tx.by.is_himself(person)?;
    }
    texts::unnamed(tx, &new.place, "title", &new.title).await?;
    texts::unnamed_value(tx, &new.place, "text", &Value::Object(new.body.clone())).await?;
    first(tx, office, new).await
}

/// The first version of a notice that may be published.
pub(crate) async fn first(
    tx: &mut Tx,
    office: Office<'_>,
    new: &NewNotice,
) -> Result<(String, PublicEntry), Refusal> {
    texts::public("title", &new.title, texts::TITLE)?;
    texts::public_value("text", &Value::Object(new.body.clone()))?;
    texts::public_value("names", &Value::Object(personal(new)))?;
    let duty = office.catalogue.duties.get(&new.duty).and_then(|duty| duty.on(tx.now.day));
    let duty = duty.ok_or_else(|| unknown("duty", &new.duty))?;
    if duty.needs_check && new.checked_by.is_none() {
        let basis = office.catalogue.basis_on(&duty.basis, tx.now.day);
        let basis = domain::model::Basis::line(&basis);
        let rule = domain::problem::RuleViolation::new("notice-not-checked", basis);
        return Err(Refusal::Rules(vec![rule.with("duty", &new.duty)]));
    }
    let profile = office.catalogue.profiles.get(&duty.profile).and_then(|p| p.on(tx.now.day));
    let profile = profile.ok_or_else(|| unknown("profile", &duty.profile))?;
    let personal = new.personal.iter().map(|one| leaves(profile, &duty.profile, one));
    let new = &NewNotice { personal: personal.collect::<Result<_, _>>()?, ..new.clone() };
    stop_hidden(profile, &duty.profile, &Value::Object(new.body.clone()))?;
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("notice/{}/{year}", new.place)).await?;
    let number = public_number(&new.place, year, number);
    let id = tx.new_id()?;
    let text = "insert into notices (id, number, place, duty, matter, step, period) \
                values ($1, $2, $3, $4, $5, $6, $7)";
    let (matter, step) = new.from.clone().unzip();
    let (place, period) = (new.place.clone(), new.period.clone());
    write!(tx, text, id.clone(), number.clone(), place, new.duty.clone(), matter, step, period)?;
    tx.touch("notices", &id)?;
    orders::meet(tx, (&new.place, &new.duty, &new.period), &id).await?;
    let until = span(tx.now.day, duty.min_public, office.calendar).unwrap_or(tx.now.day);
    let version =
        Version { notice: &id, number: &number, version: 1, state: "published", reason: None };
    let public = put(tx, &version, new, (&duty.profile, &duty.channels), until).await?;
    Ok((number, public))
}

/// A personal field as it leaves the office: as it is, or masked where the profile says so.
fn leaves(
    profile: &ProfileVersion,
    code: &str,
    (field, value): &(String, Value),
) -> Result<(String, Value), Problem> {
    let show = profile.fields.get(field).filter(|_| !profile.totals_only);
    match show {
        Some(Show::Show) => Ok((field.clone(), value.clone())),
        Some(Show::Mask) if NAMES.contains(&field.as_str()) => Ok((field.clone(), masked(value))),
        _ => {
            let place = Place { column: Some(field.clone()), ..Place::default() };
            let problem = Problem::new("field-not-public", place).with("field", field);
            Err(problem.with("profile", code))
        }
    }
}

/// One name, or a list with one for each line.
fn masked(value: &Value) -> Value {
    match value {
        Value::String(name) => json!(surname_only(name)),
        Value::Array(names) => names.iter().map(masked).collect(),
        other => other.clone(),
    }
}

/// Refuses a content with a field that its profile hides, however deep it stands.
fn stop_hidden(profile: &ProfileVersion, code: &str, value: &Value) -> Result<(), Problem> {
    match value {
        Value::Array(list) => list.iter().try_for_each(|one| stop_hidden(profile, code, one)),
        Value::Object(map) => map.iter().try_for_each(|(key, inner)| {
            let field = key.strip_suffix("_fen").unwrap_or(key);
            if matches!(profile.fields.get(field), Some(Show::Hide | Show::Own)) {
                let place = Place { column: Some(field.to_owned()), ..Place::default() };
                let problem = Problem::new("field-not-public", place).with("field", field);
                return Err(problem.with("profile", code));
            }
            stop_hidden(profile, code, inner)
        }),
        _ => Ok(()),
    }
}

struct Version<'a> {
    notice: &'a str,
    number: &'a str,
    version: i64,
    state: &'static str,
    reason: Option<&'a str>,
}

async fn put(
    tx: &mut Tx,
    version: &Version<'_>,
    new: &NewNotice,
    (profile, channels): (&str, &[String]),
    until: Day,
) -> Result<PublicEntry, Failure> {
    let id = tx.new_id()?;
    let body = json!({
        "title": new.title,
        "duty": new.duty,
        "period": new.period,
        "published": tx.now.day.to_string(),
        "state": version.state,
        "reason": version.reason,
        "body": new.body,
    });
    let stored = json!({ "public": body, "personal": personal(new) });
    let frozen = canonical_json(&stored).map_err(refused)?;
    let text = "insert into notice_versions (id, notice, version, state, title, body, profile, \
                prepared_by, checked_by, published_day, due_day, until_day, channels, reason) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let (prepared, checked) = (new.prepared_by.clone(), new.checked_by.clone());
    let (day, due) = (tx.now.day.to_string(), new.due.map(|day| day.to_string()));
    let (channels, reason) = (channels.join(","), version.reason.map(str::to_owned));
    write!(
        tx,
        text,
        id.clone(),
        version.notice.to_owned(),
        version.version,
        version.state,
        new.title.clone(),
        frozen.clone(),
        profile.to_owned(),
        prepared,
        checked,
        day,
        due,
        until.to_string(),
        channels,
        reason,
    )?;
    tx.touch("notice_versions", &id)?;
    Ok(PublicEntry {
        subject: version.number.to_owned(),
        village: Some(new.place.clone()),
        payload: body,
        fields: new.personal.clone(),
        document: Some(Hash::of(frozen.as_bytes())),
        version: u64::try_from(version.version).ok(),
        supersedes: None,
        period: Some(new.period.clone()),
    })
}

fn personal(new: &NewNotice) -> Map<String, Value> {
    new.personal.iter().cloned().collect()
}

/// The notice of a disclosing step: what is decided or done, with what the matter's list may show.
pub(crate) async fn publish_step(
    tx: &mut Tx,
    office: Office<'_>,
    loaded: &Loaded,
    step: &str,
    note: &str,
) -> Result<(String, PublicEntry), Refusal> {
    texts::unnamed(tx, &loaded.place, "note", note).await?;
    let power = office.catalogue.powers.get(&loaded.power).and_then(|p| p.on(loaded.opened));
    let duty = power.and_then(|power| power.disclosure.first());
    let duty = duty.ok_or_else(|| unknown("duty-of-power", &loaded.power))?;
    let version = office.catalogue.duties.get(duty).and_then(|duty| duty.on(tx.now.day));
    let profile = version.and_then(|v| office.catalogue.profiles.get(&v.profile)?.on(tx.now.day));
    let shown = |field: &str| {
        let show = profile.filter(|p| !p.totals_only).and_then(|p| p.fields.get(field));
        matches!(show, Some(Show::Show | Show::Mask))
    };
    let mut named = Vec::new();
    if let Some(person) = loaded.subject.as_ref().filter(|_| shown("name")) {
        named.push(("name".to_owned(), json!(name(tx, person).await?)));
    }
    let done = loaded.matter.done.iter().rev();
    let decision = loaded.matter.meetings.last().map(|held| {
        let m = &held.meeting;
        json!({
            "body": m.body, "held": m.held_on.to_string(), "members": m.should_attend,
            "present": m.present, "for": m.votes_for, "against": m.votes_against,
            "abstained": m.abstentions,
        })
    });
    let mut body = Map::new();
    body.insert("matter".to_owned(), json!(loaded.number));
    body.insert("power".to_owned(), json!(loaded.power));
    body.insert("step".to_owned(), json!(step));
    body.insert("amount_fen".to_owned(), json!(loaded.matter.amount_fen));
    body.insert("decision".to_owned(), json!(decision));
    body.insert("text".to_owned(), json!(note));
    let checker = loaded.matter.checks.iter().rev().find(|check| check.agreed);
    let checker = checker.map(|check| check.by.person.clone());
    let reviewer =
        done.clone().find(|done| done.actor.role == "VSC").map(|d| d.actor.person.clone());
    let new = NewNotice {
        place: loaded.place.clone(),
        duty: duty.clone(),
        from: Some((loaded.id.clone(), step.to_owned())),
        period: tx.now.day.to_string(),
        title: loaded.title.clone(),
        body,
        personal: named,
        prepared_by: done.map(|done| done.actor.person.clone()).next(),
        checked_by: checker.or(reviewer),
        due: None,
    };
    first(tx, office, &new).await
}

async fn name(tx: &mut Tx, person: &str) -> Result<String, Failure> {
    let row = sqlx::query("select name from people where id = $1").bind(person.to_owned());
    let row = row.fetch_one(tx.connection()).await.map_err(|e| failure("read person", e))?;
    row.try_get("name").map_err(|e| failure("read person", e))
}

/// A correction of the text alone, for [`replace`].
#[must_use]
pub fn new_text(text: &str) -> Map<String, Value> {
    [("text".to_owned(), json!(text))].into_iter().collect()
}

/// Replaces fields of a notice's content, or withdraws it where no change is given: the old version
/// stays, the new one says why.
///
/// # Errors
/// The rule that says no; a problem when nobody knows the notice.
pub async fn replace(
    tx: &mut Tx,
    number: &str,
    reason: &str,
    change: Option<&Map<String, Value>>,
) -> Result<Entry, Failure> {
    let during = |error| failure("read notice", error);
    let query = "select n.id, n.place, n.duty, n.period, v.version, v.title, v.body, v.profile, \
                 v.channels, v.prepared_by, v.checked_by, v.until_day from notices n \
                 join notice_versions v on v.notice = n.id where n.number = $1 \
                 order by v.version desc limit 1";
    let row = sqlx::query(query).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("notice", number))?;
    let get = |column: &str| row.try_get::<String, _>(column).map_err(during);
    tx.may(Act::Update, "disclosure_draft", &get("place")?).await?;
    texts::public("reason", reason, texts::TEXT)?;
    let changed = Value::Object(change.cloned().unwrap_or_default());
    texts::public_value("text", &changed)?;
    texts::unnamed(tx, &get("place")?, "reason", reason).await?;
    texts::unnamed_value(tx, &get("place")?, "text", &changed).await?;
    let frozen: Value =
        serde_json::from_str(&get("body")?).map_err(|e| Fault::new("read notice", e))?;
    let mut body =
        frozen.pointer("/public/body").and_then(Value::as_object).cloned().unwrap_or_default();
    let state = if change.is_some() { "corrected" } else { "withdrawn" };
    match change {
        Some(change) => body.extend(change.clone()),
        None => body.clear(),
    }
    let kept = frozen.get("personal").and_then(Value::as_object).filter(|_| change.is_some());
    let new = NewNotice {
        place: get("place")?,
        duty: get("duty")?,
        from: None,
        period: get("period")?,
        title: get("title")?,
        body,
        personal: kept.into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())).collect(),
        prepared_by: row.try_get("prepared_by").map_err(during)?,
        checked_by: row.try_get("checked_by").map_err(during)?,
        due: None,
    };
    let version: i64 = row.try_get("version").map_err(during)?;
    let (id, channels) = (get("id")?, get("channels")?);
    let channels: Vec<String> = channels.split(',').map(str::to_owned).collect();
    let until = Day::parse(&get("until_day")?).unwrap_or(tx.now.day);
    let version =
        Version { notice: &id, number, version: version + 1, state, reason: Some(reason) };
    let public = put(tx, &version, &new, (&get("profile")?, &channels), until).await?;
    let kind = if change.is_some() { "notice-corrected" } else { "notice-withdrawn" };
    Ok(Entry::new(kind, number, json!({ "version": version.version, "reason": reason }))
        .public(public))
}

/// Erases the personal fields of a notice in all its versions: rows, salts and values. Commitments
/// and proofs stay; the entries then say when and on which ground (invariant I10).
///
/// # Errors
/// The rule that says no; a problem when nobody knows the notice.
pub async fn erase(tx: &mut Tx, number: &str, ground: &str) -> Result<Entry, Failure> {
    let during = |error| failure("read notice", error);
    let query = "select v.id, v.body, n.place from notices n join notice_versions v on v.notice = n.id \
                 where n.number = $1 order by v.version";
    let rows = sqlx::query(query).bind(number.to_owned()).fetch_all(tx.connection()).await;
    let rows = rows.map_err(during)?;
    let first = rows.first().ok_or_else(|| unknown("notice", number))?;
    let place: String = first.try_get("place").map_err(during)?;
    tx.may(Act::Approve, "disclosure", &place).await?;
    for row in rows {
        let (id, body): (String, String) =
            (row.try_get("id").map_err(during)?, row.try_get("body").map_err(during)?);
        let mut stored: Value =
            serde_json::from_str(&body).map_err(|e| Fault::new("read notice", e))?;
        if let Some(personal) = stored.get_mut("personal") {
            *personal = json!({});
        }
        let body = canonical_json(&stored).map_err(refused)?;
        write!(tx, "update notice_versions set body = $2 where id = $1", id.clone(), body)?;
        tx.touch("notice_versions", &id)?;
    }
    let text = "update entry_fields set salt = null, value = null where log = 'public' and idx in \
                (select idx from entries where log = 'public' and subject = $1)";
    write!(tx, text, number.to_owned())?;
    let text = "update entries set erased_day = $2, erased_ground = $3 \
                where log = 'public' and subject = $1";
    write!(tx, text, number.to_owned(), tx.now.day.to_string(), ground.to_owned())?;
    Ok(Entry::new("personal-fields-erased", number, json!({ "ground": ground })))
}

/// A notice as other acts need it.
pub(crate) struct Known {
    /// Key.
    pub id: String,
    /// Village.
    pub place: String,
}

/// Finds a notice by its public number.
pub(crate) async fn find(tx: &mut Tx, number: &str) -> Result<Known, Failure> {
    let during = |error| failure("read notice", error);
    let row = sqlx::query("select id, place from notices where number = $1");
    let row = row.bind(number.to_owned()).fetch_optional(tx.connection()).await.map_err(during)?;
    let row = row.ok_or_else(|| unknown("notice", number))?;
    let (id, place) = (row.try_get("id").map_err(during)?, row.try_get("place").map_err(during)?);
    Ok(Known { id, place })
}

#[cfg(test)]
mod tests {
    use super::leaves;
    use domain::catalogue::ProfileVersion;
    use serde_json::{Value, json};

    fn profile(more: &str) -> ProfileVersion {
        let text = format!(
            "from = \"2021-11-01\"\nbasis = []\n{more}\n[fields]\ngroup = \"show\"\nname = \"mask\"\n\
             age = \"mask\"\nphone = \"hide\""
        );
        toml::from_str(&text).unwrap()
    }

    #[test]
    fn a_field_leaves_as_its_profile_says() {
        let (rows, totals) = (profile(""), profile("totals_only = true"));
        for (profile, field, value, expect) in [
            (&rows, "group", json!("三组"), Some(json!("三组"))),
            (&rows, "name", json!("欧阳修"), Some(json!("欧阳*"))),
            (&rows, "name", json!(["张三", "李四"]), Some(json!(["张*", "李*"]))),
            (&rows, "age", json!("71"), None),
            (&rows, "phone", json!("1"), None),
            (&rows, "illness", json!("?"), None),
            (&totals, "name", json!("张三"), None),
        ] {
            let left: Result<(String, Value), _> =
                leaves(profile, "list", &(field.to_owned(), value));
            assert_eq!(left.ok().map(|(_, value)| value), expect, "{field}");
        }
    }
}
