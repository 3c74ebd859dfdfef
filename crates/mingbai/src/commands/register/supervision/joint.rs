//! `mingbai areas`, `cooperate`, `campaigns`: who leads an area, who helps where for how long, what is
//! inspected together.

use domain::problem::{Failure, Place, Problem};
use registry::actions::joint::areas;
use registry::actions::joint::campaigns::{self, NewCampaign};
use registry::actions::joint::cooperations::{self, NewCooperation};
use registry::queries::joint::{
    areas as read_areas, campaigns as read_campaigns, cooperations as read_cooperations,
};

use super::Room;
use super::stepped::stepped;
use crate::cli::register::Desk;
use crate::cli::stepped::{AreaAct, Asked, CampaignAct, CampaignPlan, CooperateAct};
use crate::office::{Office, read_day};
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Says who leads an area.
///
/// # Errors
/// Every rule that says no, with its basis and what is missing.
pub fn areas(setting: &Setting, act: AreaAct) -> Outcome {
    match act {
        AreaAct::Lead { desk, who, area, office, leader } => {
            stepped(setting, (&desk, &who), async |tx, rules| {
                Ok(((), areas::lead(tx, rules, &area, (&office, &leader)).await?))
            })
        }
        AreaAct::List { desk } => {
            let office = Office::open(setting, &desk)?;
            let (db, day) = (&office.registry.db, office.now.day.to_string());
            let by = office.operator();
            let areas = office.wait(read_areas::all(db, &by, ("", &day)))?;
            if setting.common.json {
                return setting.print_json(&areas);
            }
            for area in areas {
                let names: Vec<&str> =
                    area.townships.iter().map(|(_, name)| name.as_str()).collect();
                let office = area.office.unwrap_or_default();
                let leader = area.leader_name.unwrap_or_default();
                say::result(&format!("{}  {office}  {leader}  {}", area.name, names.join(", ")));
            }
            Ok(Ending::Done)
        }
    }
}

/// Asks for help, decides about it, ends it.
///
/// # Errors
/// Every rule that says no, with its basis and what is missing.
pub fn cooperate(setting: &Setting, act: CooperateAct) -> Outcome {
    match act {
        CooperateAct::Ask { desk, who, asked } => {
            let (room, new) = (Room::open(setting, &desk, &who)?, new_cooperation(*asked)?);
            let number =
                room.step(setting, async |tx, rules| cooperations::ask(tx, rules, &new).await)?;
            say::result(&number);
            Ok(Ending::Done)
        }
        CooperateAct::Decide { desk, who, number, object } => {
            stepped(setting, (&desk, &who), async |tx, rules| {
                Ok(((), cooperations::decide(tx, rules, &number, !object).await?))
            })
        }
        CooperateAct::End { desk, who, number, result } => {
            stepped(setting, (&desk, &who), async |tx, rules| {
                Ok(((), cooperations::end(tx, rules, &number, &result).await?))
            })
        }
        CooperateAct::List { desk, place } => {
            let office = Office::open(setting, &desk)?;
            let (path, by) = (path(&office, &place)?, office.operator());
            let lines = office.wait(read_cooperations::list(&office.registry.db, &by, &path))?;
            if setting.common.json {
                return setting.print_json(&lines);
            }
            for line in lines {
                let holds = if line.holds(office.now.day) { "*" } else { "" };
                let span = format!("{} {}", line.from_day, line.until_day);
                let what = format!("{}  {}  {}", line.number, line.kind, line.place_name);
                say::result(&format!("{what}  {span}  {}{holds}  {}", line.state, line.people));
            }
            Ok(Ending::Done)
        }
    }
}

fn new_cooperation(asked: Asked) -> Result<NewCooperation, Failure> {
    let cut = |text: String| {
        let place = || Place { column: Some("--thing".to_owned()), ..Place::default() };
        let unknown = || Problem::new("code-unknown", place()).with("code", &text);
        let (kind, number) = text.split_once('=').ok_or_else(unknown)?;
        Ok::<_, Problem>((kind.to_owned(), number.to_owned()))
    };
    Ok(NewCooperation {
        thing: asked.thing.map(cut).transpose()?,
        kind: asked.kind,
        place: asked.place,
        people: asked.helpers,
        from: read_day("--from", &asked.from)?,
        until: read_day("--until", &asked.until)?,
        reason: asked.reason,
    })
}

/// Plans a campaign, decides about it, keeps what is found, closes it.
///
/// # Errors
/// Every rule that says no, with its basis and what is missing.
pub fn campaigns(setting: &Setting, act: CampaignAct) -> Outcome {
    match act {
        CampaignAct::Plan { desk, who, plan } => {
            let (room, new) = (Room::open(setting, &desk, &who)?, new_campaign(*plan)?);
            let number =
                room.step(setting, async |tx, rules| campaigns::propose(tx, rules, &new).await)?;
            say::result(&number);
            Ok(Ending::Done)
        }
        CampaignAct::Decide { desk, who, number, object } => {
            stepped(setting, (&desk, &who), async |tx, rules| {
                Ok(((), campaigns::decide(tx, rules, &number, !object).await?))
            })
        }
        CampaignAct::Record { desk, who, number, point, problem, note } => {
            stepped(setting, (&desk, &who), async |tx, rules| {
                let seen = (problem, note.as_str());
                Ok(((), campaigns::record(tx, rules, (&number, point), seen).await?))
            })
        }
        CampaignAct::Link { desk, who, number, finding } => {
            stepped(setting, (&desk, &who), async |tx, rules| {
                Ok(((), campaigns::link(tx, rules, &number, &finding).await?))
            })
        }
        CampaignAct::Close { desk, who, number, result } => {
            stepped(setting, (&desk, &who), async |tx, rules| {
                Ok(((), campaigns::close(tx, rules, &number, &result).await?))
            })
        }
        CampaignAct::List { desk, place } => list(setting, &desk, &place),
    }
}

fn list(setting: &Setting, desk: &Desk, place: &str) -> Outcome {
    let office = Office::open(setting, desk)?;
    let (path, by) = (path(&office, place)?, office.operator());
    let lines = office.wait(read_campaigns::list(&office.registry.db, &by, &path))?;
    if setting.common.json {
        return setting.print_json(&lines);
    }
    for line in lines {
        let state = setting.text.get(&format!("ui-cg-state-{}", line.state));
        let done = format!("{}/{}", line.recorded, line.points);
        say::result(&format!(
            "{}  {}  {state}  {done}  {}",
            line.number, line.title, line.problems
        ));
    }
    Ok(Ending::Done)
}

fn new_campaign(plan: CampaignPlan) -> Result<NewCampaign, Failure> {
    Ok(NewCampaign {
        kind: plan.kind,
        title: plan.title,
        place: plan.place,
        purpose: plan.purpose,
        bureaus: plan.bureaus,
        team: plan.team,
        points: plan.points,
        from: read_day("--from", &plan.from)?,
        until: read_day("--until", &plan.until)?,
    })
}

fn path(office: &Office, place: &str) -> Result<String, Failure> {
    office.wait(async {
        let mut tx = office.registry.begin(office.operator(), office.now, "list").await?;
        registry::actions::places::path(&mut tx, place).await
    })
}
