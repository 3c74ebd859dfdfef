//! Typical cases (通报曝光) and clearings of names (澄清正名): proposed with exactly the text that will
//! leave, approved by another, public for a time, withdrawn with a reason.

use domain::access::Act;
use domain::problem::{Failure, RuleViolation};
use domain::supervision::check::{Outcome as Found, State};
use domain::supervision::clue::Outcome;
use domain::supervision::publish::{self, Draft, Kind};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::{Around, Bench, actor, clues, conflict, findings};
use crate::actions::{Refusal, serial, texts, unknown, write};
use crate::db::failure;
use crate::ids::public_number;
use crate::tx::{Entry, PublicEntry, Tx};

/// Something to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCase {
    /// What it is.
    pub kind: Kind,
    /// Number of the clue behind it, or of a finding that was explained.
    pub of: Of,
    /// Title and text as they are written; names are masked here.
    pub title: String,
    /// Text.
    pub text: String,
    /// Names of the accused, or of whoever is cleared, are shown.
    pub names: bool,
    /// Whoever is cleared wishes it.
    pub wished: bool,
    /// Last day.
    pub until: Day,
}

/// What stands behind a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// A clue.
    Clue(String),
    /// A finding.
    Finding(String),
}

/// What stands behind it, as it is stored.
struct Behind {
    clue: Option<String>,
    finding: Option<String>,
    around: Around,
    is_final: bool,
    is_founded: bool,
}

/// Exactly what would leave: title and text.
///
/// # Errors
/// The rule that says no; a problem when nobody knows what it is about.
pub async fn preview(tx: &mut Tx, new: &NewCase) -> Result<[String; 2], Failure> {
    let behind = behind(tx, &new.of).await?;
    let subject = behind.around.subject("case_publicity", "", None);
    super::may(tx, &[Act::Propose, Act::Create], &subject)?;
    let known = masked_names(tx, &behind, new.names).await?;
    let shown = |text: &str| publish::shown(text, &known, false);
    Ok([shown(&new.title), shown(&new.text)])
}

/// Hands it in for approval. Returns its number.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows what it is about, or the text holds a number of
/// a person.
pub async fn propose(
    tx: &mut Tx,
    bench: Bench<'_>,
    new: &NewCase,
) -> Result<(String, Entry), Refusal> {
    let behind = behind(tx, &new.of).await?;
    let place = behind.around.place.clone();
    let subject = behind.around.subject("case_publicity", "", None);
    let me = actor(tx, &behind.around, &[Act::Propose, Act::Create], &subject).await?;
    let against = conflict(tx, bench, &behind.around, (&me.person, Some(&me.role))).await?;
    let known = masked_names(tx, &behind, new.names).await?;
    let [title, text] = [&new.title, &new.text].map(|text| publish::shown(text, &known, false));
    let draft = Draft {
        kind: new.kind,
        is_final: behind.is_final,
        is_founded: behind.is_founded,
        names: new.names,
        is_wished: new.wished,
        text: [&title, &text],
        known: &known,
        days: (tx.now.day, new.until),
    };
    publish::propose(bench.version(tx)?, &draft, &against).map_err(Refusal::Rules)?;
    texts::public("title", &title, texts::TITLE)?;
    texts::public("text", &text, texts::TEXT)?;
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("case/{place}/{year}")).await?;
    let number = format!("C{}", public_number(&place, year, number));
    let (id, day) = (tx.new_id()?, tx.now.day.to_string());
    let insert = "insert into case_notices (id, number, kind, place, clue, finding, title, text, from_day, \
                  until_day, state, proposed_by, proposed_day) \
                  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'proposed', $11, $9)";
    let (clue, finding) = (behind.clue, behind.finding);
    let (kind, until) = (new.kind.code(), new.until.to_string());
    write!(
        tx,
        insert,
        id.clone(),
        number.clone(),
        kind,
        place,
        clue,
        finding,
        title,
        text,
        day,
        until,
        me.person
    )?;
    tx.touch("case_notices", &id)?;
    Ok((number.clone(), Entry::new("case-proposed", &number, json!({ "kind": kind }))))
}

/// Approves it: from now on it is public.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it.
pub async fn approve(tx: &mut Tx, bench: Bench<'_>, number: &str) -> Result<Entry, Refusal> {
    let during = |error| Refusal::from(failure("read case", error));
    let text = "select n.id, n.kind, n.place, n.title, n.text, n.until_day, n.proposed_by, c.number as clue, \
                f.number as finding from case_notices n left join clues c on c.id = n.clue \
                left join findings f on f.id = n.finding where n.number = $1 and n.state = 'proposed'";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("case", number))?;
    let must = |column: &str| row.try_get::<String, _>(column).map_err(during);
    let (clue, finding): (Option<String>, Option<String>) =
        (row.try_get("clue").map_err(during)?, row.try_get("finding").map_err(during)?);
    let of = clue.map(Of::Clue).or(finding.map(Of::Finding));
    let of = of.ok_or_else(|| unknown("case", number))?;
    let behind = behind(tx, &of).await?;
    let subject = behind.around.subject("case_publicity", "", None);
    let me = actor(tx, &behind.around, &[Act::Approve], &subject).await?;
    let against = conflict(tx, bench, &behind.around, (&me.person, Some(&me.role))).await?;
    let proposer = must("proposed_by")?;
    publish::approve(bench.version(tx)?, (&proposer, &me.person), &against)
        .map_err(Refusal::Rules)?;
    let id = must("id")?;
    let text = "update case_notices set state = 'public', approved_by = $2, approved_day = $3, from_day = $3 \
                where id = $1";
    write!(tx, text, id.clone(), me.person, tx.now.day.to_string())?;
    tx.touch("case_notices", &id)?;
    let payload = json!({
        "kind": must("kind")?, "title": must("title")?, "text": must("text")?, "until": must("until_day")?,
    });
    let public = PublicEntry {
        subject: number.to_owned(),
        village: Some(must("place")?),
        payload,
        ..PublicEntry::default()
    };
    Ok(Entry::new("case-published", number, json!({})).public(public))
}

/// Takes it back. That it was there, and why it is gone, stays.
///
/// # Errors
/// The rule that says no; a problem when nobody knows it, or there is no reason.
pub async fn withdraw(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    reason: &str,
) -> Result<Entry, Refusal> {
    let during = |error| Refusal::from(failure("read case", error));
    let text = "select id, place from case_notices where number = $1 and state = 'public'";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("case", number))?;
    let (id, place): (String, String) =
        (row.try_get("id").map_err(during)?, row.try_get("place").map_err(during)?);
    let around = Around::at(tx, &place, Vec::new()).await?;
    actor(tx, &around, &[Act::Approve], &around.subject("case_publicity", &id, None)).await?;
    if reason.trim().is_empty() {
        let basis = domain::model::Basis::line(&bench.version(tx)?.basis);
        return Err(RuleViolation::new("publish-text", basis).into());
    }
    let text = "update case_notices set state = 'withdrawn', withdrawn_day = $2, withdrawn_reason = $3 \
                where id = $1";
    write!(tx, text, id.clone(), tx.now.day.to_string(), reason.to_owned())?;
    tx.touch("case_notices", &id)?;
    let public =
        PublicEntry { subject: number.to_owned(), village: Some(place), ..PublicEntry::default() };
    Ok(Entry::new("case-withdrawn", number, json!({ "reason": reason })).public(public))
}

async fn behind(tx: &mut Tx, of: &Of) -> Result<Behind, Failure> {
    match of {
        Of::Clue(number) => {
            let known = clues::load(tx, number).await?;
            let done = known.clue.record.last_done("approve_result").is_some();
            let outcome = known.clue.outcome;
            Ok(Behind {
                clue: Some(known.id),
                finding: None,
                around: known.around,
                is_final: done,
                is_founded: outcome.is_some_and(|outcome| outcome != Outcome::Unfounded),
            })
        }
        Of::Finding(number) => {
            let known = findings::load(tx, number).await?;
            let outcome = known.case.outcome;
            Ok(Behind {
                clue: None,
                finding: Some(known.id),
                is_final: known.case.state == State::Checked,
                is_founded: outcome.is_some_and(Found::confirms),
                around: known.around,
            })
        }
    }
}

/// Names that may not leave: of everybody in the village and in the thing, but of those alone who are
/// named on purpose.
async fn masked_names(tx: &mut Tx, behind: &Behind, names: bool) -> Result<Vec<String>, Failure> {
    let during = |error| failure("read people", error);
    let text = "select distinct q.id, q.name from people q left join places v on v.id = q.village \
                where v.path = $1 or v.path like $1 || '/%' or q.id in \
                (select person from clue_people where clue = $2) or q.person_key in \
                (select person_key from finding_people where finding = $3)";
    let rows = sqlx::query(text).bind(behind.around.path.clone());
    let rows = rows.bind(behind.clue.clone()).bind(behind.finding.clone());
    let mut masked = Vec::new();
    for row in rows.fetch_all(tx.connection()).await.map_err(during)? {
        let (id, name): (String, String) =
            (row.try_get("id").map_err(during)?, row.try_get("name").map_err(during)?);
        if !(names && shows(behind, &id)) {
            masked.push(name);
        }
    }
    Ok(masked)
}

/// With names, the accused of a clue is named, and whom an explained finding concerned.
fn shows(behind: &Behind, person: &str) -> bool {
    use domain::recusal::Part;
    let part = if behind.clue.is_some() { Part::Accused } else { Part::Concerned };
    behind.around.persons.iter().any(|(of, one)| *of == part && one == person)
}
