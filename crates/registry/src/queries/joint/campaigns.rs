//! Campaigns of a place, and one with its team, checklist and findings.

use domain::access::{Act, Subject, View};
use domain::problem::Failure;
use serde::Serialize;

use crate::access::{By, at};
use crate::db::Db;
use crate::queries::stepped::rows;

/// A campaign in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignLine {
    /// Key.
    #[serde(skip)]
    pub id: String,
    /// Number.
    pub number: String,
    /// Code of its kind.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Name of the place.
    pub place_name: String,
    /// Path of the place.
    #[serde(skip)]
    pub path: String,
    /// What it is for.
    pub purpose: String,
    /// Role codes of bureaus, as JSON.
    #[serde(skip)]
    pub bureaus: String,
    /// State.
    pub state: String,
    /// First day.
    pub from_day: String,
    /// Last day.
    pub until_day: String,
    /// Key of who planned it.
    #[serde(skip)]
    pub proposed_by: String,
    /// Name of who planned it.
    pub proposed_name: String,
    /// What came of it.
    pub result: Option<String>,
    /// When it was closed.
    pub closed_day: Option<String>,
    /// Points of the checklist.
    pub points: i64,
    /// Those with a result.
    pub recorded: i64,
    /// Those at which something is wrong.
    pub problems: i64,
}

impl CampaignLine {
    from_row!(CampaignLine {
        id,
        number,
        kind,
        title,
        place_name,
        path,
        purpose,
        bureaus,
        state,
        from_day,
        until_day,
        proposed_by,
        proposed_name,
        result,
        closed_day,
        points,
        recorded,
        problems,
    });
}

macro_rules! campaign {
    ($rest:literal) => {
        concat!(
            "select c.id, c.number, c.kind, c.title, p.name as place_name, p.path, c.purpose, c.bureaus, ",
            "c.state, c.from_day, c.until_day, c.proposed_by, e.name as proposed_name, c.result, ",
            "c.closed_day, (select count(*) from campaign_points x where x.campaign = c.id) as points, ",
            "(select count(*) from campaign_points x where x.campaign = c.id ",
            "and x.recorded_day is not null) as recorded, (select count(*) from campaign_points x ",
            "where x.campaign = c.id and x.problem = 1) as problems from campaigns c ",
            "join places p on p.id = c.place join people e on e.id = c.proposed_by ",
            $rest
        )
    };
}

const LIST: &str = campaign!(
    "where (p.path = $1 or p.path like $1 || '/%') order by case c.state when 'proposed' then 0 \
     when 'open' then 1 else 2 end, c.until_day desc, c.number limit 200"
);
const ONE: &str = campaign!("where c.number = $1");

/// A point of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PointLine {
    /// Its number in the checklist.
    pub seq: i64,
    /// What to look at.
    pub text: String,
    /// 1: something is wrong.
    pub problem: Option<i64>,
    /// What was found.
    pub words: Option<String>,
    /// Name of who wrote it down.
    pub recorded_name: Option<String>,
    /// When.
    pub recorded_day: Option<String>,
}

impl PointLine {
    from_row!(PointLine { seq, text, problem, words, recorded_name, recorded_day });
}

const POINTS: &str = "select x.seq, x.text, x.problem, x.words, e.name as recorded_name, x.recorded_day \
    from campaign_points x left join people e on e.id = x.recorded_by where x.campaign = $1 order by x.seq";

/// Somebody of the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemberLine {
    /// Key.
    #[serde(skip)]
    pub person: String,
    /// Name.
    pub name: String,
}

impl MemberLine {
    from_row!(MemberLine { person, name });
}

const TEAM: &str = "select t.person, e.name from campaign_team t join people e on e.id = t.person \
    where t.campaign = $1 order by e.name, t.person";

/// A finding that was taken in, without anybody in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkedLine {
    /// Number.
    pub number: String,
    /// Title of its model in Chinese.
    pub title_zh: String,
    /// Title of its model in English.
    pub title_en: String,
    /// Name of its place.
    pub place_name: String,
    /// State.
    pub state: String,
}

impl LinkedLine {
    from_row!(LinkedLine { number, title_zh, title_en, place_name, state });
}

const LINKED: &str = "select f.number, m.title_zh, m.title_en, p.name as place_name, f.state \
    from campaign_findings l join findings f on f.id = l.finding join finding_models m on m.id = f.model \
    join places p on p.id = f.place where l.campaign = $1 order by f.number";

/// A campaign with everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignPage {
    /// The campaign.
    #[serde(flatten)]
    pub line: CampaignLine,
    /// The team.
    pub team: Vec<MemberLine>,
    /// The checklist.
    pub checklist: Vec<PointLine>,
    /// Findings.
    pub findings: Vec<LinkedLine>,
}

fn sees(by: &By, line: &CampaignLine) -> bool {
    let subject = Subject { id: line.id.clone(), ..at("campaign", &line.path) };
    by.may(Act::Read, &subject).is_ok_and(|view| view > View::Public)
}

/// Campaigns of a place and below it that the reader may see.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn list(db: &Db, by: &By, path: &str) -> Result<Vec<CampaignLine>, Failure> {
    let lines = rows(db, LIST, &[path], CampaignLine::from_row).await?;
    Ok(lines.into_iter().filter(|line| sees(by, line)).collect())
}

/// One of them; none where the reader may not see it.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn one(db: &Db, by: &By, number: &str) -> Result<Option<CampaignPage>, Failure> {
    let line = rows(db, ONE, &[number], CampaignLine::from_row).await?.into_iter().next();
    let Some(line) = line.filter(|line| sees(by, line)) else { return Ok(None) };
    Ok(Some(CampaignPage {
        team: rows(db, TEAM, &[&line.id], MemberLine::from_row).await?,
        checklist: rows(db, POINTS, &[&line.id], PointLine::from_row).await?,
        findings: rows(db, LINKED, &[&line.id], LinkedLine::from_row).await?,
        line,
    }))
}
