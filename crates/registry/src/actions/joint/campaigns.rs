//! Campaigns: a plan with team, bureaus and checklist; approved by another; what the team writes down,
//! findings that belong to it, and the end with the result.

use domain::access::Act as May;
use domain::problem::{Failure, Fault};
use domain::recusal::Verdict;
use domain::supervision::joint::campaign::{self, Plan, State};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::kind;
use crate::actions::stepped::Stepped;
use crate::actions::supervision::clues::json_of;
use crate::actions::supervision::{Around, actor, conflict};
use crate::actions::{Refusal, serial, unknown, write};
use crate::db::failure;
use crate::ids::public_number;
use crate::tx::{Entry, Tx};

/// What campaigns are to the matrix.
const OBJECT: &str = "campaign";

/// A campaign that is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCampaign {
    /// Code of its kind.
    pub kind: String,
    /// Title.
    pub title: String,
    /// County or township in which it runs.
    pub place: String,
    /// What it is for.
    pub purpose: String,
    /// Role codes of bureaus that take part.
    pub bureaus: Vec<String>,
    /// Keys of the team.
    pub team: Vec<String>,
    /// Points of the checklist.
    pub points: Vec<String>,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
}

/// Hands a plan in. Returns its number.
///
/// # Errors
/// Every rule that says no; a problem when place or person is unknown.
pub async fn propose(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    new: &NewCampaign,
) -> Result<(String, Entry), Refusal> {
    let around = Around::at(tx, &new.place, Vec::new()).await?;
    let subject = around.subject(OBJECT, "", None);
    let me = actor(tx, &around, &[May::Create], &subject).await?;
    let absent = absent(tx, new).await?;
    let plan = Plan {
        kind: kind(&stepped.rules.campaigns, &new.kind)?,
        from: new.from,
        until: new.until,
        team: &new.team,
        bureaus: &new.bureaus,
        absent: &absent,
        points: new.points.iter().filter(|point| !point.trim().is_empty()).count(),
    };
    campaign::plan(stepped.version(tx)?, &plan, &new.purpose).map_err(Refusal::Rules)?;
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("campaign/{}/{year}", new.place)).await?;
    let number = format!("Z{}", public_number(&new.place, year, number));
    let id = tx.new_id()?;
    let text = "insert into campaigns (id, number, kind, title, place, purpose, bureaus, state, from_day, \
                until_day, proposed_by, proposed_day) \
                values ($1, $2, $3, $4, $5, $6, $7, 'proposed', $8, $9, $10, $11)";
    let query = sqlx::query(text).bind(id.clone()).bind(number.clone()).bind(new.kind.clone());
    let query = query.bind(new.title.clone()).bind(new.place.clone()).bind(new.purpose.clone());
    let query = query.bind(json_of(&new.bureaus)?).bind(new.from.to_string());
    let query = query.bind(new.until.to_string()).bind(me.person);
    let written = query.bind(tx.now.day.to_string()).execute(tx.connection()).await;
    written.map_err(|error| failure("write campaign", error))?;
    tx.touch("campaigns", &id)?;
    for person in &new.team {
        let row = tx.new_id()?;
        let text = "insert into campaign_team (id, campaign, person) values ($1, $2, $3)";
        write!(tx, text, row.clone(), id.clone(), person.clone())?;
        tx.touch("campaign_team", &row)?;
    }
    let points = new.points.iter().filter(|point| !point.trim().is_empty());
    for (seq, point) in (1_i64..).zip(points) {
        let row = tx.new_id()?;
        let text = "insert into campaign_points (id, campaign, seq, text) values ($1, $2, $3, $4)";
        write!(tx, text, row.clone(), id.clone(), seq, point.trim().to_owned())?;
        tx.touch("campaign_points", &row)?;
    }
    let payload = json!({ "kind": new.kind, "place": new.place });
    Ok((number.clone(), Entry::new("campaign-proposed", &number, payload)))
}

/// Decides about a plan.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it.
pub async fn decide(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    number: &str,
    agreed: bool,
) -> Result<Entry, Refusal> {
    let known = load(tx, number).await?;
    let me = known.actor(tx, May::Approve).await?;
    let rules = stepped.version(tx)?;
    let next = campaign::decide(rules, known.state, &known.proposed_by, (&me, agreed));
    let next = next.map_err(Refusal::Rules)?;
    let text = "update campaigns set state = $2, decided_by = $3, decided_day = $4 where id = $1";
    write!(tx, text, known.id.clone(), next.code(), me, tx.now.day.to_string())?;
    tx.touch("campaigns", &known.id)?;
    Ok(Entry::new("campaign-decided", number, json!({ "agreed": agreed })))
}

/// Writes down what was found about a point of the checklist.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows campaign or point.
pub async fn record(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    (number, seq): (&str, i64),
    (problem, words): (bool, &str),
) -> Result<Entry, Refusal> {
    let known = load(tx, number).await?;
    let me = known.actor(tx, May::Sign).await?;
    let against = conflict(tx, stepped.bench, &known.around, (&me, None)).await?;
    let team = known.team.as_slice();
    let rules = stepped.version(tx)?;
    let done = campaign::record(rules, known.state, (team, &me), words, &against);
    done.map_err(Refusal::Rules)?;
    let during = |error| Refusal::from(failure("read point", error));
    let text = "select id from campaign_points where campaign = $1 and seq = $2";
    let row = sqlx::query(text).bind(known.id.clone()).bind(seq);
    let row = row.fetch_optional(tx.connection()).await.map_err(during)?;
    let row = row.ok_or_else(|| unknown("point", &seq.to_string()))?;
    let id: String = row.try_get("id").map_err(during)?;
    let text = "update campaign_points set problem = $2, words = $3, recorded_by = $4, recorded_day = $5 \
                where id = $1";
    let (words, day) = (words.to_owned(), tx.now.day.to_string());
    write!(tx, text, id.clone(), i64::from(problem), words, me, day)?;
    tx.touch("campaign_points", &id)?;
    Ok(Entry::new("campaign-recorded", number, json!({ "point": seq, "problem": problem })))
}

/// Takes a finding into a campaign.
///
/// # Errors
/// The rule that says no: whoever is in the finding, or close to somebody who is, stays out; a problem when
/// nobody knows it.
pub async fn link(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    number: &str,
    finding: &str,
) -> Result<Entry, Refusal> {
    let known = load(tx, number).await?;
    let me = known.actor(tx, May::Update).await?;
    let found = crate::actions::supervision::findings::load(tx, finding).await?;
    let against = conflict(tx, stepped.bench, &found.around, (&me, None)).await?;
    let outside = !domain::access::covers(&known.around.path, &found.around.path);
    if against.verdict == Verdict::Block || outside || known.state != State::Open {
        let basis = domain::model::Basis::line(&stepped.version(tx)?.basis);
        let no = domain::problem::RuleViolation::new("campaign-finding", basis);
        return Err(no.with("number", finding).into());
    }
    let id = tx.new_id()?;
    let text = "insert into campaign_findings (id, campaign, finding, linked_by, linked_day) \
                values ($1, $2, $3, $4, $5)";
    write!(tx, text, id.clone(), known.id, found.id, me, tx.now.day.to_string())?;
    tx.touch("campaign_findings", &id)?;
    Ok(Entry::new("campaign-finding", number, json!({ "finding": finding })))
}

/// Closes a campaign with its result.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it.
pub async fn close(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    number: &str,
    result: &str,
) -> Result<Entry, Refusal> {
    let known = load(tx, number).await?;
    let me = known.actor(tx, May::Approve).await?;
    let during = |error| Refusal::from(failure("read points", error));
    let text = "select text from campaign_points where campaign = $1 and recorded_day is null order by seq";
    let rows = sqlx::query(text).bind(known.id.clone()).fetch_all(tx.connection()).await;
    let rows = rows.map_err(during)?;
    let open: Vec<String> =
        rows.iter().map(|row| row.try_get("text")).collect::<Result<_, _>>().map_err(during)?;
    let who = (known.proposed_by.as_str(), me.as_str());
    let next = campaign::close(stepped.version(tx)?, known.state, who, (&open, result));
    let next = next.map_err(Refusal::Rules)?;
    let text = "update campaigns set state = $2, result = $3, closed_by = $4, closed_day = $5 where id = $1";
    let day = tx.now.day.to_string();
    write!(tx, text, known.id.clone(), next.code(), result.to_owned(), me, day)?;
    tx.touch("campaigns", &known.id)?;
    Ok(Entry::new("campaign-closed", number, json!({})))
}

struct Known {
    id: String,
    around: Around,
    state: State,
    proposed_by: String,
    team: Vec<String>,
}

impl Known {
    async fn actor(&self, tx: &mut Tx, act: May) -> Result<String, Failure> {
        let subject = self.around.subject(OBJECT, &self.id, None);
        Ok(actor(tx, &self.around, &[act], &subject).await?.person)
    }
}

async fn load(tx: &mut Tx, number: &str) -> Result<Known, Failure> {
    let during = |error| failure("read campaign", error);
    let text = "select id, place, state, proposed_by from campaigns where number = $1";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("campaign", number))?;
    let text = |column: &str| row.try_get::<String, _>(column).map_err(during);
    let (id, place) = (text("id")?, text("place")?);
    let team = "select person from campaign_team where campaign = $1 order by person";
    let team = sqlx::query(team).bind(id.clone()).fetch_all(tx.connection()).await;
    let team = team.map_err(during)?;
    let team = team.iter().map(|row| row.try_get("person")).collect::<Result<_, _>>();
    Ok(Known {
        around: Around::at(tx, &place, Vec::new()).await?,
        state: State::named(&text("state")?).unwrap_or_default(),
        proposed_by: text("proposed_by")?,
        team: team.map_err(during)?,
        id,
    })
}

/// Bureaus of which nobody is in the team.
async fn absent(tx: &mut Tx, new: &NewCampaign) -> Result<Vec<String>, Failure> {
    let during = |error| failure("read posts", error);
    let text = "select distinct person from posts where role = $1 and from_day <= $2 \
                and (until_day is null or until_day >= $2)";
    let mut absent = Vec::new();
    for bureau in &new.bureaus {
        let rows = sqlx::query(text).bind(bureau.clone()).bind(tx.now.day.to_string());
        let rows = rows.fetch_all(tx.connection()).await.map_err(during)?;
        let held: Result<Vec<String>, sqlx::Error> =
            rows.iter().map(|row| row.try_get("person")).collect();
        let held = held.map_err(|e| Fault::new("read posts", e))?;
        if !held.iter().any(|person| new.team.contains(person)) {
            absent.push(bureau.clone());
        }
    }
    Ok(absent)
}
