//! Reports for the office. Every read takes who asks: what names him, his kin or whoever leads him is
//! not in it (I8), and of the rest he gets as much as the matrix of rights gives him.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::View;
use domain::problem::Failure;
use domain::report::rules::Level;
use domain::routing::{Office, Organisation};
use domain::time::Day;
use serde::Serialize;
use sqlx::{AnyConnection, Row};

use super::organisation;
use crate::access::By;
use crate::db::{Db, failure};
use crate::reports::dues::DueRow;
use crate::reports::standing::view;
use crate::reports::{Counter, Known, dues, not_found};

/// A report in a list. What the view does not give is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Number.
    pub number: String,
    /// How much is seen: `register_number`, `sealed`, `meta`, `full` ...
    pub view: View,
    /// Code of the door.
    pub door: Option<String>,
    /// How it stands.
    pub state: Option<String>,
    /// Id of the office that handles it.
    pub office: Option<String>,
    /// When it was filed.
    pub filed: Option<Day>,
    /// The reporter gave his name.
    pub named: Option<bool>,
    /// Path of the place that it is about.
    pub place: Option<String>,
    /// Code of the topic.
    pub topic: Option<String>,
    /// Kinds of posts of whoever is meant.
    pub posts: Vec<String>,
    /// The next thing that is due.
    pub next: Option<DueRow>,
    /// Something is or was late.
    pub late: bool,
    /// Marks.
    pub tags: Vec<String>,
}

/// What a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only what this office handles.
    pub office: Option<String>,
    /// Only what stands so.
    pub state: Option<String>,
    /// Only what is or was late.
    pub late: bool,
}

/// Reports that somebody may see, the newest first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn list(
    db: &Db,
    counter: &Counter<'_>,
    by: &By,
    day: Day,
    filter: &Filter,
) -> Result<Vec<Line>, Failure> {
    let mut connection = connect(db).await?;
    let mut lines = Vec::new();
    let (mut dues, mut tags) =
        (dues::by_report(&mut connection).await?, tags_by_report(&mut connection).await?);
    for (known, view) in seen(&mut connection, counter, by, day).await? {
        let wanted = filter.office.as_ref().is_none_or(|office| *office == known.office)
            && filter.state.as_ref().is_none_or(|state| state == known.case.state.code());
        if !wanted {
            continue;
        }
        let (dues, tags) = (dues.remove(&known.id), tags.remove(&known.id));
        let line = line(&known, view, (dues.unwrap_or_default(), tags.unwrap_or_default()), day);
        if !filter.late || line.late {
            lines.push(line);
        }
    }
    Ok(lines)
}

async fn connect(db: &Db) -> Result<sqlx::pool::PoolConnection<sqlx::Any>, Failure> {
    db.read.acquire().await.map_err(|error| failure("read reports", error))
}

/// All reports that somebody may see, each with how much of it.
async fn seen(
    connection: &mut AnyConnection,
    counter: &Counter<'_>,
    by: &By,
    day: Day,
) -> Result<Vec<(Known, View)>, Failure> {
    let rows = sqlx::query(crate::reports::ALL).fetch_all(&mut *connection).await;
    let rows = rows.map_err(|error| failure("read reports", error))?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        all.push(Known::from_row(counter, row)?);
    }
    let named: BTreeSet<String> = all
        .iter()
        .filter_map(|known| known.facts.as_ref())
        .flat_map(|facts| facts.named.iter().cloned())
        .collect();
    let organisation = organisation::load(connection, day, &named).await?;
    let mut places = BTreeMap::new();
    let mut kept = Vec::new();
    for known in all {
        let place = place(connection, &mut places, &known.office).await?;
        if let Some(view) = one(counter, by, &known, &organisation, (&place, day))? {
            kept.push((known, view));
        }
    }
    Ok(kept)
}

/// How much somebody sees of a report. The operator at the machine sees what stands in its log anyway.
fn one(
    counter: &Counter<'_>,
    by: &By,
    known: &Known,
    organisation: &Organisation,
    at: (&str, Day),
) -> Result<Option<View>, Failure> {
    let view = view(counter, by, known, organisation, at)?;
    let machine = if known.sealed_queue { View::RegisterNumber } else { View::Meta };
    Ok(if by.is_machine() { view.map(|view| view.min(machine)) } else { view })
}

async fn place(
    connection: &mut AnyConnection,
    known: &mut BTreeMap<String, String>,
    office: &str,
) -> Result<String, Failure> {
    if let Some(path) = known.get(office) {
        return Ok(path.clone());
    }
    let (path, _) = organisation::place_of(connection, office).await?;
    known.insert(office.to_owned(), path.clone());
    Ok(path)
}

fn line(known: &Known, view: View, (dues, tags): (Vec<DueRow>, Vec<String>), day: Day) -> Line {
    let mut line = Line {
        number: known.number.clone(),
        view,
        door: None,
        state: None,
        office: None,
        filed: None,
        named: None,
        place: None,
        topic: None,
        posts: Vec::new(),
        next: None,
        late: false,
        tags: Vec::new(),
    };
    if view < View::Sealed {
        return line;
    }
    line.late = dues.iter().any(|due| due.is_late(day));
    // A duty first: what somebody may do besides hides nothing that has to be done.
    let open = dues.into_iter().filter(DueRow::is_open);
    line.next = open.min_by_key(|due| (due.is_right(), due.day));
    line.state = Some(known.case.state.code().to_owned());
    line.filed = Some(known.filed);
    if view < View::Meta {
        return line;
    }
    line.door = Some(known.case.door.clone());
    line.office = Some(known.office.clone());
    line.named = Some(known.case.named);
    line.tags = tags;
    if let Some(facts) = known.facts.as_ref().filter(|_| view > View::Public) {
        line.place = Some(facts.place.clone());
        line.topic = Some(facts.topic.clone());
        line.posts = facts.posts.iter().cloned().collect();
    }
    line
}

/// Marks that hold, by the keys of reports.
async fn tags_by_report(
    connection: &mut AnyConnection,
) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let during = |error| failure("read tags", error);
    let text = "select report, tag from report_tags where until_day is null order by report, tag";
    let rows = sqlx::query(text).fetch_all(connection).await.map_err(during)?;
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in &rows {
        let report: String = row.try_get("report").map_err(during)?;
        found.entry(report).or_default().push(row.try_get("tag").map_err(during)?);
    }
    Ok(found)
}

/// An act in the history of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActLine {
    /// `filed`, `accepted`, `opened` ...
    pub kind: String,
    /// When.
    pub day: String,
    /// Key of the person; none for the reporter.
    pub person: Option<String>,
    /// Role code.
    pub role: String,
    /// Id of the office.
    pub office: Option<String>,
    /// Outcome of a reply or rating.
    pub outcome: Option<String>,
}

impl ActLine {
    super::from_row!(ActLine { kind, day, person, role, office, outcome });
}

/// A report of a number with what was done and what is due, for whoever sees at least its dates.
///
/// # Errors
/// A problem for a report that there is not, or not for him.
pub async fn history(
    db: &Db,
    counter: &Counter<'_>,
    by: &By,
    day: Day,
    number: &str,
) -> Result<(Line, Vec<ActLine>, Vec<DueRow>), Failure> {
    let during = |error| failure("read acts", error);
    let mut connection = connect(db).await?;
    let known = crate::reports::by_number(&mut connection, counter, number).await?;
    let named = known.facts.as_ref().map(|facts| facts.named.clone()).unwrap_or_default();
    let organisation = organisation::load(&mut connection, day, &named).await?;
    let (path, _) = organisation::place_of(&mut connection, &known.office).await?;
    let view = one(counter, by, &known, &organisation, (&path, day))?;
    let view = view.filter(|view| *view >= View::Sealed).ok_or_else(|| not_found(number))?;
    let dues = dues::all(&mut connection, &known.id).await?;
    let tags = tags_by_report(&mut connection).await?.remove(&known.id).unwrap_or_default();
    let line = line(&known, view, (dues.clone(), tags), day);
    let text = "select kind, day, person, role, office, outcome from report_acts where report = $1 \
                order by seq";
    let rows = sqlx::query(text).bind(known.id.clone()).fetch_all(&mut *connection).await;
    let acts = rows.map_err(during)?;
    let acts = acts.iter().map(ActLine::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok((line, acts, dues))
}

/// Several reports about the same village and kind of post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cluster {
    /// Path of the place.
    pub place: String,
    /// Code of the kind of post.
    pub post: String,
    /// Topics with their counts.
    pub topics: BTreeMap<String, u32>,
    /// How many reports.
    pub reports: u32,
    /// How many of them are open.
    pub open: u32,
}

/// Where several reports point, for whoever sees the dates of all reports of the county. Those that he
/// may not see are not counted; the sealed queue is in none.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn clusters(
    db: &Db,
    counter: &Counter<'_>,
    by: &By,
    day: Day,
) -> Result<Vec<Cluster>, Failure> {
    let mut connection = connect(db).await?;
    let mut found: BTreeMap<(String, String), Cluster> = BTreeMap::new();
    for (known, view) in seen(&mut connection, counter, by, day).await? {
        let Some(facts) = known.facts.as_ref().filter(|_| view >= View::Meta) else { continue };
        if Level::of_path(&facts.place) == Level::County {
            continue;
        }
        for post in &facts.posts {
            let key = (facts.place.clone(), post.clone());
            let cluster = found.entry(key).or_insert_with_key(|(place, post)| Cluster {
                place: place.clone(),
                post: post.clone(),
                topics: BTreeMap::new(),
                reports: 0,
                open: 0,
            });
            cluster.reports += 1;
            let over = ["closed", "merged", "refused"].contains(&known.case.state.code());
            cluster.open += u32::from(!over);
            *cluster.topics.entry(facts.topic.clone()).or_default() += 1;
        }
    }
    let mut list: Vec<Cluster> = found.into_values().filter(|c| c.reports > 1).collect();
    list.sort_by_key(|cluster| std::cmp::Reverse(cluster.reports));
    Ok(list)
}

/// A request to know who reported, for the office that decides on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskedLine {
    /// Key of the request.
    pub request: String,
    /// Number of the report.
    pub number: String,
    /// Key of who asks.
    pub person: String,
    /// His role.
    pub role: String,
    /// What for.
    pub purpose: String,
    /// When.
    pub asked_day: String,
}

impl AskedLine {
    super::from_row!(AskedLine { request, number, person, role, purpose, asked_day });
}

/// Requests that wait for one of the offices that somebody works in, without those about reports that
/// name him or his.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn asked(
    db: &Db,
    counter: &Counter<'_>,
    by: &By,
    day: Day,
) -> Result<Vec<AskedLine>, Failure> {
    let during = |error| failure("read requests", error);
    let mut connection = connect(db).await?;
    let text = "select q.id as request, r.number, q.person, q.role, q.purpose, q.asked_day, \
                r.identity_office from identity_requests q join reports r on r.id = q.report \
                where q.granted is null order by q.asked_day, q.id";
    let rows = sqlx::query(text).fetch_all(&mut *connection).await.map_err(during)?;
    let offices = by.offices();
    let mut lines = Vec::new();
    for row in rows {
        let office: Option<String> = row.try_get("identity_office").map_err(during)?;
        if !office.is_some_and(|office| offices.contains(&office)) {
            continue;
        }
        let line = AskedLine::from_row(&row).map_err(during)?;
        let known = crate::reports::by_number(&mut connection, counter, &line.number).await?;
        let named = known.facts.as_ref().map(|facts| facts.named.clone()).unwrap_or_default();
        let organisation = organisation::load(&mut connection, day, &named).await?;
        let facts = known.facts.as_ref();
        if crate::reports::standing::may_know(counter, by, facts, &organisation, day)? {
            lines.push(line);
        }
    }
    Ok(lines)
}

/// An office with its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfficeLine {
    /// Id of the office.
    pub office: String,
    /// People who work in it.
    pub members: Vec<String>,
    /// It has a live key.
    pub keyed: bool,
    /// People who hold its live key.
    pub holders: Vec<String>,
    /// People who can bring it back, two together.
    pub recovery: Vec<String>,
    /// Reports that it has open.
    pub open: u32,
}

/// Offices with people or keys: where a key is missing, routing passes by.
///
/// # Errors
/// The rule that says no; a fault when the database cannot be read.
pub async fn offices(db: &Db, by: &By, day: Day) -> Result<Vec<OfficeLine>, Failure> {
    use domain::access::Act;
    let read = |office: &Office| {
        by.may(Act::Read, &crate::access::at("office_key", &office.place))?;
        Ok(true)
    };
    office_lines(db, day, read).await
}

/// The offices that a question lets through.
pub(crate) async fn office_lines(
    db: &Db,
    day: Day,
    wanted: impl Fn(&Office) -> Result<bool, Failure>,
) -> Result<Vec<OfficeLine>, Failure> {
    let mut connection = connect(db).await?;
    let organisation = organisation::load(&mut connection, day, &BTreeSet::new()).await?;
    let mut lines = Vec::new();
    for office in organisation.offices {
        if !wanted(&office)? {
            continue;
        }
        let live = crate::actions::office_keys::live(&mut connection, &office.id).await?;
        let key = live.map(|(key, _)| key).unwrap_or_default();
        lines.push(OfficeLine {
            holders: persons(&mut connection, HOLDERS, &key).await?,
            recovery: persons(&mut connection, RECOVERY, &key).await?,
            office: office.id,
            members: office.members.into_iter().collect(),
            keyed: office.keyed,
            open: office.open,
        });
    }
    Ok(lines)
}

const HOLDERS: &str = "select distinct person from office_key_holders \
                       where office_key = $1 and sealed is not null order by person";
const RECOVERY: &str =
    "select distinct person from office_key_halves where office_key = $1 order by person";

async fn persons(
    connection: &mut AnyConnection,
    text: &'static str,
    key: &str,
) -> Result<Vec<String>, Failure> {
    let during = |error| failure("read holders", error);
    let rows = sqlx::query(text).bind(key.to_owned()).fetch_all(connection).await;
    let rows = rows.map_err(during)?;
    rows.iter().map(|row| row.try_get("person")).collect::<Result<_, _>>().map_err(during)
}
