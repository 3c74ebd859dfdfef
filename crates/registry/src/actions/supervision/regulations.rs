//! The register of rules of the office (制度): written by one, approved by another, evaluated every so often
//! by what findings and rectifications show.

use domain::access::Act;
use domain::problem::{Failure, Place, Problem};
use domain::supervision::regulation::{self, Review, State};
use serde_json::json;
use sqlx::Row;

use super::following::{self, Of};
use super::{Around, Bench, actor};
use crate::actions::{Refusal, serial, texts, unknown, write};
use crate::db::failure;
use crate::ids::public_number;
use crate::tx::{Entry, Tx};

/// A rule to be entered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewRegulation {
    /// Code of the place in which it holds.
    pub place: String,
    /// Role code of whose rule it is.
    pub owner: String,
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
    /// What it stands on.
    pub basis: String,
}

/// Enters a rule, with its first version. Returns its number.
///
/// # Errors
/// Every rule that says no; a problem when place or role is unknown.
pub async fn enter(
    tx: &mut Tx,
    bench: Bench<'_>,
    new: &NewRegulation,
) -> Result<(String, Entry), Refusal> {
    if !bench.office.catalogue.roles.contains_key(&new.owner) {
        return Err(unknown("role", &new.owner).into());
    }
    let around = Around::at(tx, &new.place, Vec::new()).await?;
    let me = actor(tx, &around, &[Act::Create], &subject(&around, "")).await?;
    let known = [new.title.as_str(), &new.text];
    let basis = &bench.following(tx)?.basis;
    regulation::write(None, false, known, basis).map_err(Refusal::Rules)?;
    texts::public("title", &new.title, texts::TITLE)?;
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("regulation/{}/{year}", new.place)).await?;
    let number = format!("G{}", public_number(&new.place, year, number));
    let id = tx.new_id()?;
    let text = "insert into regulations (id, number, place, owner, title, state) \
                values ($1, $2, $3, $4, $5, 'proposed')";
    let (place, owner, title) = (new.place.clone(), new.owner.clone(), new.title.clone());
    write!(tx, text, id.clone(), number.clone(), place, owner, title)?;
    tx.touch("regulations", &id)?;
    insert_version(tx, (&id, 1), [&new.text, &new.basis], &me.person).await?;
    Ok((number.clone(), Entry::new("regulation-entered", &number, json!({ "version": 1 }))))
}

/// Writes a new version of a rule.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it.
pub async fn rewrite(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    (text, stands_on): (&str, &str),
) -> Result<(i64, Entry), Refusal> {
    let known = load(tx, number).await?;
    let me = actor(tx, &known.around, &[Act::Create], &subject(&known.around, &known.id)).await?;
    let basis = &bench.following(tx)?.basis;
    let before = (Some(known.state), known.waits());
    regulation::write(before.0, before.1, [number, text], basis).map_err(Refusal::Rules)?;
    let version = known.versions + 1;
    insert_version(tx, (&known.id, version), [text, stands_on], &me.person).await?;
    let payload = json!({ "version": version });
    Ok((version, Entry::new("regulation-rewritten", number, payload)))
}

async fn insert_version(
    tx: &mut Tx,
    (regulation, version): (&str, i64),
    [body, basis]: [&str; 2],
    person: &str,
) -> Result<(), Refusal> {
    texts::public("text", body, texts::TEXT)?;
    texts::public("basis", basis, texts::TEXT)?;
    let id = tx.new_id()?;
    let text = "insert into regulation_versions (id, regulation, version, text, basis, written_by, \
                written_day) values ($1, $2, $3, $4, $5, $6, $7)";
    let (of, body, basis) = (regulation.to_owned(), body.to_owned(), basis.to_owned());
    let (person, day) = (person.to_owned(), tx.now.day.to_string());
    write!(tx, text, id.clone(), of, version, body, basis, person, day)?;
    tx.touch("regulation_versions", &id)?;
    Ok(())
}

/// Decides about what waits: a version, or an evaluation. Returns the state of the rule.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it.
pub async fn decide(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    agreed: bool,
) -> Result<(&'static str, Entry), Refusal> {
    let known = load(tx, number).await?;
    let right = subject(&known.around, &known.id);
    let me = actor(tx, &known.around, &[Act::Approve], &right).await?;
    let version = bench.following(tx)?;
    let waiting = known.version.as_ref().or(known.review.as_ref().map(|(one, _)| one));
    let author = waiting.map(|one| one.author.as_str());
    regulation::approve(author, &me.person, &version.basis).map_err(Refusal::Rules)?;
    let (day, done) = (tx.now.day.to_string(), i64::from(agreed));
    let state = match (&known.version, &known.review) {
        (Some(one), _) => {
            let text = "update regulation_versions set approved_by = $2, approved_day = $3, agreed = $4 \
                        where id = $1";
            write!(tx, text, one.id.clone(), me.person, day, done)?;
            tx.touch("regulation_versions", &one.id)?;
            let refused =
                if known.state == State::Proposed { State::Repealed } else { known.state };
            if agreed { State::InForce } else { refused }
        }
        (None, Some((one, outcome))) => {
            let text = "update regulation_reviews set approved_by = $2, approved_day = $3, agreed = $4 \
                        where id = $1";
            write!(tx, text, one.id.clone(), me.person, day, done)?;
            tx.touch("regulation_reviews", &one.id)?;
            if agreed { outcome.state() } else { known.state }
        }
        (None, None) => known.state,
    };
    keep(tx, bench, &known, (state, agreed)).await?;
    let payload = json!({ "agreed": agreed, "state": state.code() });
    Ok((state.code(), Entry::new("regulation-decided", number, payload)))
}

/// The state, and when the next evaluation is due.
async fn keep(
    tx: &mut Tx,
    bench: Bench<'_>,
    known: &Known,
    (state, agreed): (State, bool),
) -> Result<(), Refusal> {
    let today = tx.now.day;
    let first = (known.version.is_some() && agreed).then(|| today.to_string());
    let closed = (state == State::Repealed).then(|| today.to_string());
    let text = "update regulations set state = $2, from_day = coalesce(from_day, $3), closed_day = $4 \
                where id = $1";
    write!(tx, text, known.id.clone(), state.code(), first, closed)?;
    tx.touch("regulations", &known.id)?;
    if state == State::Repealed {
        return Ok(following::clear(tx, &known.id).await?);
    }
    if agreed {
        let level = following::level_word(following::level(bench, &known.owner));
        let of = Of { kind: "regulation", subject: &known.id, place: &known.around.place, level };
        let rule = &bench.following(tx)?.review_rule;
        following::set(tx, bench, of, ("review", rule, today)).await?;
    }
    Ok(())
}

/// Evaluates a rule.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it.
pub async fn review(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    review: &Review<'_>,
) -> Result<Entry, Refusal> {
    let known = load(tx, number).await?;
    let me = actor(tx, &known.around, &[Act::Create], &subject(&known.around, &known.id)).await?;
    let basis = &bench.following(tx)?.basis;
    let with_links = Review { shown_by: known.links, ..review.clone() };
    regulation::review(known.state, known.waits(), &with_links, basis).map_err(Refusal::Rules)?;
    texts::public("words", review.words, texts::TEXT)?;
    let id = tx.new_id()?;
    let text = "insert into regulation_reviews (id, regulation, used, works, outcome, words, written_by, \
                written_day) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let (of, words, day) = (known.id.clone(), review.words.to_owned(), tx.now.day.to_string());
    let codes = (review.used.code(), review.works.code(), review.outcome.code());
    write!(tx, text, id.clone(), of, codes.0, codes.1, codes.2, words, me.person, day)?;
    tx.touch("regulation_reviews", &id)?;
    let payload = json!({ "works": codes.1, "outcome": codes.2 });
    Ok(Entry::new("regulation-reviewed", number, payload))
}

/// Names something that shows how a rule works: a finding, a rectification, a cause.
///
/// # Errors
/// The rule that says no; a problem when there is no such thing.
pub async fn link(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    (kind, target): (&str, &str),
) -> Result<Entry, Refusal> {
    let known = load(tx, number).await?;
    let me = actor(tx, &known.around, &[Act::Create], &subject(&known.around, &known.id)).await?;
    let during = |error| Refusal::from(failure("read link", error));
    let text = match kind {
        "finding" => "select number from findings where number = $1",
        "rectification" => "select number from rectifications where number = $1",
        "cause" if bench.rules.causes.iter().any(|cause| cause.code == target) => "",
        _ => {
            let place = Place { column: Some("target".to_owned()), ..Place::default() };
            return Err(Problem::new("code-unknown", place).with("code", target).into());
        }
    };
    if !text.is_empty() {
        let row = sqlx::query(text).bind(target.to_owned()).fetch_optional(tx.connection()).await;
        row.map_err(during)?.ok_or_else(|| unknown("entry", target))?;
    }
    let id = tx.new_id()?;
    let text = "insert into regulation_links (id, regulation, kind, target, person, day) \
                values ($1, $2, $3, $4, $5, $6)";
    let (of, day) = (known.id.clone(), tx.now.day.to_string());
    let (kind, target) = (kind.to_owned(), target.to_owned());
    write!(tx, text, id.clone(), of, kind.clone(), target.clone(), me.person, day)?;
    tx.touch("regulation_links", &id)?;
    Ok(Entry::new("regulation-linked", number, json!({ "kind": kind, "to": target })))
}

fn subject(around: &Around, id: &str) -> domain::access::Subject {
    around.subject("regulation", id, None)
}

/// What waits for somebody else.
struct Waiting {
    id: String,
    author: String,
}

/// A rule as acts need it.
struct Known {
    id: String,
    owner: String,
    around: Around,
    state: State,
    versions: i64,
    links: usize,
    version: Option<Waiting>,
    review: Option<(Waiting, regulation::Outcome)>,
}

impl Known {
    fn waits(&self) -> bool {
        self.version.is_some() || self.review.is_some()
    }
}

async fn load(tx: &mut Tx, number: &str) -> Result<Known, Failure> {
    let during = |error| failure("read regulation", error);
    let text = "select r.id, r.place, r.owner, r.state, \
                (select count(*) from regulation_versions v where v.regulation = r.id) as versions, \
                (select count(*) from regulation_links l where l.regulation = r.id) as links, \
                v.id as version, v.written_by as author, w.id as review, w.written_by as reviewer, \
                w.outcome from regulations r left join regulation_versions v \
                on v.regulation = r.id and v.approved_day is null left join regulation_reviews w \
                on w.regulation = r.id and w.approved_day is null where r.number = $1";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("regulation", number))?;
    let must = |column: &str| row.try_get::<String, _>(column).map_err(during);
    let maybe = |column: &str| row.try_get::<Option<String>, _>(column).map_err(during);
    let waiting = |id: Option<String>, author: Option<String>| {
        id.zip(author).map(|(id, author)| Waiting { id, author })
    };
    let outcome = maybe("outcome")?.as_deref().and_then(regulation::Outcome::named);
    let links: i64 = row.try_get("links").map_err(during)?;
    Ok(Known {
        id: must("id")?,
        owner: must("owner")?,
        around: Around::at(tx, &must("place")?, Vec::new()).await?,
        state: State::named(&must("state")?).unwrap_or_default(),
        versions: row.try_get("versions").map_err(during)?,
        links: usize::try_from(links).unwrap_or(0),
        version: waiting(maybe("version")?, maybe("author")?),
        review: waiting(maybe("review")?, maybe("reviewer")?).zip(outcome),
    })
}
