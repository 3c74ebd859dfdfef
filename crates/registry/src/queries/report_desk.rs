//! What somebody who works with reports needs besides the reports themselves: transfers that came back to
//! him, looks at identities that he asked for, offices that may have a report next, holders of posts
//! whom a reporter may mean. Every query takes the asker.

use std::collections::BTreeSet;

use domain::problem::Failure;
use domain::report::handling::DueFor;
use domain::time::Day;
use serde::Serialize;
use sqlx::{AnyConnection, Row};

use super::organisation;
use crate::access::By;
use crate::db::{Db, failure};
use crate::reports::dues::DueRow;
use crate::reports::standing::{is_outside, may_know};
use crate::reports::{Counter, Known, dues, not_found};

const DECIDE: DueFor = DueFor::DecideTransfer;

async fn connect(db: &Db) -> Result<sqlx::pool::PoolConnection<sqlx::Any>, Failure> {
    db.read.acquire().await.map_err(|error| failure("read reports", error))
}

/// Whether nothing stands between somebody and a report.
async fn free(
    connection: &mut AnyConnection,
    counter: &Counter<'_>,
    by: &By,
    day: Day,
    known: &Known,
) -> Result<bool, Failure> {
    let named = known.facts.as_ref().map(|facts| facts.named.clone()).unwrap_or_default();
    let organisation = organisation::load(connection, day, &named).await?;
    may_know(counter, by, known.facts.as_ref(), &organisation, day)
}

/// A transfer that somebody objects to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contested {
    /// Number of the report.
    pub number: String,
    /// Id of the office that has it.
    pub office: String,
    /// Id of the office that decides: the sender, where it may still have it.
    pub decides: String,
    /// The reporter objects, not the office that has it.
    pub by_reporter: bool,
    /// Until when it is to be decided, where the rules say so.
    pub due: Option<DueRow>,
    /// When the report was filed.
    pub filed: Day,
}

/// Transfers that one of the asker's offices has to decide on.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn contested(
    db: &Db,
    counter: &Counter<'_>,
    by: &By,
    day: Day,
) -> Result<Vec<Contested>, Failure> {
    let during = |error| failure("read transfers", error);
    let mut connection = connect(db).await?;
    let text = "select number from reports where state = 'contested' order by filed_day, number";
    let rows = sqlx::query(text).fetch_all(&mut *connection).await.map_err(during)?;
    let offices = by.offices();
    let mut lines = Vec::new();
    for row in rows {
        let number: String = row.try_get("number").map_err(during)?;
        let known = crate::reports::by_number(&mut connection, counter, &number).await?;
        let own = |office: &&String| offices.contains(office);
        let Some(decides) = known.case.decides().filter(own).cloned() else { continue };
        if free(&mut connection, counter, by, day, &known).await? {
            let all = dues::all(&mut connection, &known.id).await?;
            let due = all.into_iter().find(|due| due.is_open() && due.what == DECIDE.code());
            let by_reporter = known.case.objection.is_some();
            let (office, filed) = (known.office, known.filed);
            lines.push(Contested { number, office, decides, by_reporter, due, filed });
        }
    }
    Ok(lines)
}

/// A look at an identity that the asker asked for himself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnRequest {
    /// Key of the request.
    pub request: String,
    /// Number of the report.
    pub number: String,
    /// What for.
    pub purpose: String,
    /// When he asked.
    pub asked_day: String,
    /// When that was decided.
    pub decided_day: Option<String>,
    /// Until when he may look, where it was granted.
    pub until_day: Option<String>,
}

impl OwnRequest {
    super::from_row!(OwnRequest { request, number, purpose, asked_day, decided_day, until_day });
}

/// Looks that the asker asked for, the newest first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn own_requests(db: &Db, by: &By) -> Result<Vec<OwnRequest>, Failure> {
    let during = |error| failure("read requests", error);
    let text = "select q.id as request, r.number, q.purpose, q.asked_day, q.decided_day, q.until_day \
                from identity_requests q join reports r on r.id = q.report \
                where q.person = $1 order by q.asked_day desc, q.id limit 100";
    let rows = sqlx::query(text).bind(by.person.clone().unwrap_or_default());
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    rows.iter().map(OwnRequest::from_row).collect::<Result<_, _>>().map_err(during)
}

/// Offices that a report may be handed to, for somebody of the office that has it.
///
/// # Errors
/// A problem for a report that there is not, or not for him.
pub async fn next_offices(
    db: &Db,
    counter: &Counter<'_>,
    by: &By,
    day: Day,
    number: &str,
) -> Result<Vec<String>, Failure> {
    let mut connection = connect(db).await?;
    let known = crate::reports::by_number(&mut connection, counter, number).await?;
    let own = by.offices().contains(&known.office);
    if !own || is_outside(&known.office) || !free(&mut connection, counter, by, day, &known).await?
    {
        return Err(not_found(number));
    }
    let facts = known.facts.clone().unwrap_or_default();
    let organisation = organisation::load(&mut connection, day, &facts.named).await?;
    let law = counter.rules(day)?;
    let roles: BTreeSet<&String> = handling_roles(law.1);
    let fits = |office: &&domain::routing::Office| {
        roles.contains(&office.role)
            && office.id != known.office
            && domain::routing::may_have(&facts, &organisation, law, &office.id)
    };
    Ok(organisation.offices.iter().filter(fits).map(|office| office.id.clone()).collect())
}

/// Roles of offices that handle reports by the rules.
fn handling_roles(rules: &domain::report::rules::ReportRules) -> BTreeSet<&String> {
    let doors = rules.doors.iter().flat_map(|door| door.steps.iter().chain(&door.review));
    let sealed = rules.sealed.iter().flat_map(|queue| &queue.steps);
    let steps = doors.chain(sealed).map(|step| &step.role);
    steps.chain(rules.topics.iter().map(|topic| &topic.department)).collect()
}

/// Somebody who holds posts in a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PostHolder {
    /// Key of the person.
    pub person: String,
    /// Name.
    pub name: String,
    /// Role codes.
    pub roles: Vec<String>,
    /// Code of the place.
    pub place: String,
}

/// Holders of posts of a place and of the places above it, for whoever works in an office: names of
/// post holders are public anyway. Each person is there once for a place.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn post_holders(
    db: &Db,
    by: &By,
    path: &str,
    day: Day,
) -> Result<Vec<PostHolder>, Failure> {
    if by.offices().is_empty() && !by.is_machine() {
        return Ok(Vec::new());
    }
    let during = |error| failure("read posts", error);
    let text = "select s.person, e.name, s.role, s.place from posts s \
                join people e on e.id = s.person join places p on p.id = s.place \
                where (p.path = $1 or $1 like p.path || '/%') and s.from_day <= $2 \
                and (s.until_day is null or s.until_day >= $2) \
                order by p.path desc, e.name, s.person, s.role";
    let rows = sqlx::query(text).bind(path.to_owned()).bind(day.to_string());
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    let mut list: Vec<PostHolder> = Vec::new();
    for row in &rows {
        let (person, place): (String, String) =
            (row.try_get("person").map_err(during)?, row.try_get("place").map_err(during)?);
        let role: String = row.try_get("role").map_err(during)?;
        match list.last_mut().filter(|last| last.person == person && last.place == place) {
            Some(last) => last.roles.push(role),
            None => {
                let name = row.try_get("name").map_err(during)?;
                list.push(PostHolder { person, name, roles: vec![role], place });
            }
        }
    }
    Ok(list)
}

/// Notices of a channel by how they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChannelLine {
    /// Code of the channel.
    pub channel: String,
    /// Delivered.
    pub sent: i64,
    /// Not tried yet.
    pub waiting: i64,
    /// Tried, and to be tried again or given up.
    pub failed: i64,
}

impl ChannelLine {
    super::from_row!(ChannelLine { channel, sent, waiting, failed });
}

/// How the channels of notices stand, for whoever looks after the machine.
///
/// # Errors
/// The rule that says no; a fault when the database cannot be read.
pub async fn channels(db: &Db, by: &By, county: &str) -> Result<Vec<ChannelLine>, Failure> {
    let during = |error| failure("read outbox", error);
    by.may(domain::access::Act::Read, &crate::access::at("outbox", county))?;
    let text = "select channel, sum(case when sent_ms is null then 0 else 1 end) as sent, \
                sum(case when sent_ms is null and attempts = 0 then 1 else 0 end) as waiting, \
                sum(case when sent_ms is null and attempts > 0 then 1 else 0 end) as failed \
                from outbox group by channel order by channel";
    let rows = sqlx::query(text).fetch_all(&db.read).await.map_err(during)?;
    rows.iter().map(ChannelLine::from_row).collect::<Result<_, _>>().map_err(during)
}

/// Register numbers of the sealed queue that the asker has to hand to the next level up: his office is the
/// county's intake, and no office here has them.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn to_hand_over(db: &Db, by: &By) -> Result<Vec<String>, Failure> {
    let during = |error| failure("read reports", error);
    let text = "select number, office from reports where state = 'received' \
                and in_sealed_queue = 1 order by filed_day, number";
    let rows = sqlx::query(text).fetch_all(&db.read).await.map_err(during)?;
    let offices = by.offices();
    let mut numbers = Vec::new();
    for row in &rows {
        let office: String = row.try_get("office").map_err(during)?;
        let place = office.split_once('@').map_or("", |(_, place)| place);
        let intake = domain::routing::office_id("CX", place);
        if is_outside(&office) && offices.contains(&intake) {
            numbers.push(row.try_get("number").map_err(during)?);
        }
    }
    Ok(numbers)
}
