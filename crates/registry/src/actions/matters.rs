//! Village matters: opened with a power item, taken through its steps, archived. The rules are
//! `domain::procedure`; here their state is loaded, kept, and what follows is done.

use std::collections::BTreeMap;

use domain::access::{Act, View};
use domain::calendar::WorkCalendar;
use domain::catalogue::{BodyVersion, Catalogue, DeadlineVersion, Step, TierSet, Versioned, on};
use domain::model::Basis;
use domain::problem::{Failure, Fault, RuleViolation};
use domain::procedure::{self, Actor, DueOf, Effect, Event, Matter, OpenStep, Rules};
use domain::recusal::Policy;
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::{Refusal, dues, inquiries, notices, places, serial, texts, unknown, write};
use crate::db::failure;
use crate::ids::public_number;
use crate::queries::standing;
use crate::tx::{Entry, PublicEntry, Tx};

/// The rules that an office works by.
#[derive(Clone, Copy)]
pub struct Office<'a> {
    /// The catalogues.
    pub catalogue: &'a Catalogue,
    /// SHA-256 of the catalogues, in hex: every decision keeps under which it was taken.
    pub digest: &'a str,
    /// Working days.
    pub calendar: &'a WorkCalendar,
    /// Who must stay out.
    pub recusal: &'a [Policy],
}

/// A matter to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMatter {
    /// Code of the power item.
    pub power: String,
    /// Village.
    pub place: String,
    /// What it is about; names no person.
    pub title: String,
    /// Person whom it concerns.
    pub subject: Option<String>,
    /// Amount in fen.
    pub amount_fen: Option<i64>,
}

/// A matter as it is stored.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Key.
    pub id: String,
    /// Public number.
    pub number: String,
    /// Code of the power item.
    pub power: String,
    /// Village.
    pub place: String,
    /// Path of the village.
    pub path: String,
    /// What it is about.
    pub title: String,
    /// Person whom it concerns.
    pub subject: Option<String>,
    /// When it was opened: its steps are those of that day.
    pub opened: Day,
    /// When it was loaded: its basis is printed as it stands on that day.
    pub seen: Day,
    /// `open`, `archived`, `stopped`.
    pub state: String,
    /// What the rules know of it.
    pub matter: Matter,
    /// How many events it has had.
    pub events: i64,
}

/// What came of an event.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// What was due by it, with the last day.
    pub dues: Vec<(DueOf, Day)>,
    /// Number of the notice that was made public.
    pub notice: Option<String>,
    /// Entry for the journal.
    pub entry: Entry,
}

/// Opens a matter.
///
/// # Errors
/// The rule that says no; a problem when power item, village or person is unknown.
pub async fn open(
    tx: &mut Tx,
    office: Office<'_>,
    new: &NewMatter,
) -> Result<(String, Entry), Refusal> {
    tx.may(Act::Create, "matter", &new.place).await?;
    texts::public("title", &new.title, texts::TITLE)?;
    texts::unnamed(tx, &new.place, "title", &new.title).await?;
    let steps = steps(office, &new.power, tx.now.day)?;
    let path = places::path(tx, &new.place).await?;
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("matter/{}/{year}", new.place)).await?;
    let number = public_number(&new.place, year, number);
    let matter = Matter { amount_fen: new.amount_fen, ..Matter::default() };
    let id = tx.new_id()?;
    let text = "insert into matters (id, number, power, place, title, subject, amount_fen, opened_day, \
                catalogue, state, record) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10)";
    let (power, place, title) = (new.power.clone(), new.place.clone(), new.title.clone());
    let (subject, day) = (new.subject.clone(), tx.now.day.to_string());
    let record = json(&matter)?;
    let digest = office.digest.to_owned();
    write!(
        tx,
        text,
        id.clone(),
        number.clone(),
        power,
        place,
        title,
        subject,
        new.amount_fen,
        day,
        digest,
        record,
    )?;
    tx.touch("matters", &id)?;
    if let Some(due) = steps.first().and_then(|step| step.due.as_deref()) {
        let step = DueOf::Step(steps.first().map_or(String::new(), |step| step.code.clone()));
        let rules = (office.catalogue, office.calendar, office.digest);
        dues::set(tx, rules, &due_subject(&id, &step), &new.place, due, tx.now.day).await?;
    }
    let public = PublicEntry {
        subject: number.clone(),
        village: Some(new.place.clone()),
        payload: json!({ "power": new.power, "title": new.title, "amount_fen": new.amount_fen, "path": path }),
        ..PublicEntry::default()
    };
    Ok((
        number.clone(),
        Entry::new("matter-opened", &number, json!({ "matter": id })).public(public),
    ))
}

/// Records an event, if the rules allow it.
///
/// # Errors
/// Every rule that says no; a problem when matter or actor is unknown.
pub async fn record(
    tx: &mut Tx,
    office: Office<'_>,
    number: &str,
    event: &Event,
    note: &str,
) -> Result<Recorded, Refusal> {
    let mut loaded = load(tx, number).await?;
    permitted(tx, office, &loaded, event).await?;
    let steps = steps(office, &loaded.power, loaded.opened)?;
    loaded.matter.posts = standing::posts(tx, &loaded.path, event.day()).await?;
    let mut refusals = Vec::new();
    if let Some(actor) = actor(event) {
        refusals.extend(standing::refusals(tx, office, &loaded, actor, event.day()).await?);
    }
    let force = Force::on(office, event.day());
    let next = procedure::advance(
        steps,
        &force.rules(office, &basis(office, &loaded)),
        &loaded.matter,
        event,
    );
    let (next, effects) = match next {
        Ok(next) if refusals.is_empty() => next,
        Ok(_) => return Err(Refusal::Rules(refusals)),
        Err(more) => {
            refusals.extend(more);
            return Err(Refusal::Rules(refusals));
        }
    };
    keep(tx, &loaded, event, &next, note).await?;
    loaded.matter = next;
    let mut entry = Entry::new(kind(event), number, json!({ "event": loaded.events }));
    let mut recorded = Recorded { dues: Vec::new(), notice: None, entry: entry.clone() };
    for effect in effects {
        match effect {
            Effect::SetDue { of, rule, from } => {
                let subject = due_subject(&loaded.id, &of);
                let rules = (office.catalogue, office.calendar, office.digest);
                let day = dues::set(tx, rules, &subject, &loaded.place, &rule, from).await?;
                recorded.dues.push((of, day));
            }
            Effect::ClearDue { of } => dues::clear(tx, &due_subject(&loaded.id, &of)).await?,
            Effect::Publish { step, .. } => {
                let (number, public) =
                    notices::publish_step(tx, office, &loaded, &step, note).await?;
                recorded.notice = Some(number);
                entry = entry.public(public);
            }
            Effect::Archived { day } => close(tx, &loaded.id, "archived", day).await?,
            Effect::CloseQuestion { .. } | Effect::Notify { .. } => {}
        }
    }
    match event {
        Event::Step { code: step, .. } | Event::Check { step, .. } => {
            inquiries::end(tx, &loaded.id, Some(step)).await?;
        }
        Event::Withdraw { .. } => {
            inquiries::end(tx, &loaded.id, None).await?;
            close(tx, &loaded.id, "stopped", event.day()).await?;
        }
        _ => {}
    }
    recorded.entry = entry;
    Ok(recorded)
}

/// What can be done next in a matter, and what is missing for it.
///
/// # Errors
/// A problem when the matter is unknown.
pub async fn next(
    tx: &mut Tx,
    office: Office<'_>,
    number: &str,
) -> Result<(Loaded, Vec<OpenStep>), Failure> {
    let mut loaded = load(tx, number).await?;
    if tx.may(Act::Read, "matter", &loaded.place).await? <= View::Public {
        return Err(no(office, &loaded, "deny-no-right").into());
    }
    let day = tx.now.day;
    loaded.matter.posts = standing::posts(tx, &loaded.path, day).await?;
    let steps = steps(office, &loaded.power, loaded.opened)?;
    let force = Force::on(office, day);
    let open = procedure::open_steps(
        steps,
        &force.rules(office, &basis(office, &loaded)),
        &loaded.matter,
        day,
    );
    Ok((loaded, open))
}

/// Whether whoever acts may bring the event: by his right in the place, and in his own name. What a
/// body did is written down by whoever keeps its minutes.
async fn permitted(
    tx: &mut Tx,
    office: Office<'_>,
    loaded: &Loaded,
    event: &Event,
) -> Result<(), Failure> {
    let body =
        |actor: &Actor| office.catalogue.roles.get(&actor.role).is_some_and(|role| role.body);
    let (acts, object): (&[Act], _) = match event {
        Event::Step { actor, .. } if body(actor) => (&[Act::Update], "matter"),
        // Whose step it is, the step itself says.
        Event::Step { .. } | Event::Document { .. } => {
            (&[Act::Update, Act::Sign, Act::Approve], "matter")
        }
        // The secretary signs jointly with the head, the township approves; the step says who.
        Event::Sign { .. } => (&[Act::Sign, Act::Approve, Act::Update], "matter"),
        Event::Check { .. } => (&[Act::Sign], "matter"),
        Event::Meeting { .. } | Event::TakenDown { .. } | Event::Withdraw { .. } => {
            (&[Act::Update], "matter")
        }
        Event::Question { .. } => (&[Act::Create], "question"),
        Event::Answer { .. } => (&[Act::Update], "question"),
    };
    tx.may_any(acts, object, &loaded.place).await?;
    if let Some(actor) = actor(event).filter(|actor| !body(actor)) {
        tx.by.is_himself(&actor.person)?;
    }
    Ok(())
}

/// Loads a matter by its public number.
///
/// # Errors
/// A problem when nobody knows it.
pub(crate) async fn load(tx: &mut Tx, number: &str) -> Result<Loaded, Failure> {
    let during = |error| failure("read matter", error);
    let seen = tx.now.day;
    let text = "select m.id, m.number, m.power, m.place, p.path, m.title, m.subject, m.opened_day, \
                m.state, m.record, (select count(*) from events e where e.matter = m.id) as events \
                from matters m join places p on p.id = m.place where m.number = $1";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("matter", number))?;
    let (record, opened): (String, String) =
        (row.try_get("record").map_err(during)?, row.try_get("opened_day").map_err(during)?);
    let read = || -> Result<Loaded, sqlx::Error> {
        Ok(Loaded {
            id: row.try_get("id")?,
            number: row.try_get("number")?,
            power: row.try_get("power")?,
            place: row.try_get("place")?,
            path: row.try_get("path")?,
            title: row.try_get("title")?,
            subject: row.try_get("subject")?,
            opened: Day::parse(&opened).unwrap_or(Day(0)),
            seen,
            state: row.try_get("state")?,
            matter: Matter::default(),
            events: row.try_get("events")?,
        })
    };
    let loaded = read().map_err(during)?;
    let matter = serde_json::from_str(&record).map_err(|e| Fault::new("read matter", e))?;
    Ok(Loaded { matter, ..loaded })
}

async fn keep(
    tx: &mut Tx,
    loaded: &Loaded,
    event: &Event,
    next: &Matter,
    note: &str,
) -> Result<(), Failure> {
    let id = tx.new_id()?;
    let text = "insert into events (id, matter, seq, kind, step, day, person, role, data, note) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let who = actor(event);
    let (person, role) = (who.map(|a| a.person.clone()), who.map(|a| a.role.clone()));
    let (step, day, data) = (step(event).map(str::to_owned), event.day().to_string(), json(event)?);
    let (matter, seq) = (loaded.id.clone(), loaded.events + 1);
    write!(
        tx,
        text,
        id.clone(),
        matter,
        seq,
        kind(event),
        step,
        day,
        person,
        role,
        data,
        note.to_owned(),
    )?;
    tx.touch("events", &id)?;
    let text = "update matters set record = $2, amount_fen = $3 where id = $1";
    write!(tx, text, loaded.id.clone(), json(next)?, next.amount_fen)?;
    Ok(tx.touch("matters", &loaded.id)?)
}

async fn close(tx: &mut Tx, id: &str, state: &'static str, day: Day) -> Result<(), Failure> {
    let text = "update matters set state = $2, closed_day = $3 where id = $1";
    write!(tx, text, id.to_owned(), state, day.to_string())?;
    Ok(tx.touch("matters", id)?)
}

/// Rule data in force on a day.
pub(crate) struct Force<'a> {
    bodies: BTreeMap<String, BodyVersion>,
    deadlines: BTreeMap<String, DeadlineVersion>,
    tiers: Option<&'a TierSet>,
}

impl<'a> Force<'a> {
    pub(crate) fn on(office: Office<'a>, day: Day) -> Self {
        let catalogue = office.catalogue;
        let bodies = catalogue.bodies.iter().filter_map(|(code, body)| {
            let version = body.on(day)?;
            let basis = catalogue.basis_on(&version.basis, day);
            Some((code.clone(), BodyVersion { basis, ..version.clone() }))
        });
        let deadlines = catalogue.deadlines.iter().filter_map(|(code, rule)| {
            let version = rule.on(day)?;
            let basis = catalogue.basis_on(&version.basis, day);
            Some((code.clone(), DeadlineVersion { basis, ..version.clone() }))
        });
        let tiers = on(&catalogue.tiers, day);
        Self { bodies: bodies.collect(), deadlines: deadlines.collect(), tiers }
    }

    pub(crate) fn rules<'b>(&'b self, office: Office<'b>, basis: &'b str) -> Rules<'b> {
        Rules {
            bodies: &self.bodies,
            tiers: self.tiers,
            deadlines: &self.deadlines,
            calendar: office.calendar,
            basis,
        }
    }
}

/// The steps of a power item on a day.
fn steps<'a>(office: Office<'a>, power: &str, day: Day) -> Result<&'a [Step], Failure> {
    office.catalogue.steps_of(power, day).map_err(Into::into)
}

/// Laws and practices of a matter's power item.
pub(crate) fn basis(office: Office<'_>, loaded: &Loaded) -> String {
    let version = office.catalogue.powers.get(&loaded.power).and_then(|p| p.on(loaded.opened));
    let basis = version.map(|version| office.catalogue.basis_on(&version.basis, loaded.seen));
    basis.map_or(String::new(), |basis| Basis::line(&basis))
}

/// What a due row is about.
fn due_subject(matter: &str, of: &DueOf) -> String {
    match of {
        DueOf::Step(step) => format!("{matter}/step/{step}"),
        DueOf::Question(number) => format!("{matter}/question/{number}"),
    }
}

fn actor(event: &Event) -> Option<&Actor> {
    match event {
        Event::Step { actor, .. }
        | Event::Check { actor, .. }
        | Event::Sign { actor, .. }
        | Event::Answer { actor, .. }
        | Event::Withdraw { actor, .. } => Some(actor),
        _ => None,
    }
}

fn step(event: &Event) -> Option<&str> {
    match event {
        Event::Step { code: step, .. }
        | Event::Meeting { step, .. }
        | Event::Check { step, .. }
        | Event::Sign { step, .. }
        | Event::TakenDown { step, .. } => Some(step),
        _ => None,
    }
}

fn kind(event: &Event) -> &'static str {
    match event {
        Event::Step { .. } => "step-done",
        Event::Meeting { .. } => "meeting-held",
        Event::Check { .. } => "step-checked",
        Event::Sign { .. } => "step-signed",
        Event::Document { .. } => "document-filed",
        Event::Question { .. } => "question-asked",
        Event::Answer { .. } => "question-answered",
        Event::TakenDown { .. } => "notice-taken-down",
        Event::Withdraw { .. } => "matter-withdrawn",
    }
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|e| Fault::new("write matter", e))
}

/// A refusal of the office itself, with the basis of the matter.
pub(crate) fn no(office: Office<'_>, loaded: &Loaded, rule: &'static str) -> RuleViolation {
    RuleViolation::new(rule, basis(office, loaded))
}
