//! One campaign: team, checklist with results, findings, the end.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use registry::actions::joint::campaigns as acts;
use registry::queries::joint::campaigns::{self, CampaignPage};
use serde::Deserialize;

use super::{APPROVE, CAMPAIGN, READ, Room, SIGN, UPDATE, act, led};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::at_field;
use crate::office::supervision::{HIT, finding};
use crate::session::Signed;
use crate::ui::{Ui, page};

const FORMS: [&str; 3] = ["point", "finding", "close"];

#[derive(Template)]
#[template(path = "office/joint/campaign.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    campaign: &'a CampaignPage,
    bureaus: Vec<String>,
    /// Findings that the reader may open.
    known: Vec<String>,
    forms: BTreeMap<&'static str, Filled>,
    may_decide: bool,
    may_record: bool,
    may_link: bool,
    may_close: bool,
}

impl One<'_> {
    fn form(&self, name: &str) -> &Filled {
        static EMPTY: std::sync::LazyLock<Filled> = std::sync::LazyLock::new(Filled::default);
        self.forms.get(name).unwrap_or(&EMPTY)
    }
}

fn own(number: &str) -> String {
    format!("/office/supervision/campaigns/{number}")
}

fn draft(number: &str, form: &str) -> String {
    format!("supervision/campaign/{number}/{form}")
}

async fn one(room: &Room, number: &str) -> Result<CampaignPage, Error> {
    for by in room.desk.each(READ, CAMPAIGN)? {
        if let Some(found) = campaigns::one(room.db(), &by, number).await? {
            return Ok(found);
        }
    }
    Err(Error::NotFound)
}

/// The page.
///
/// # Errors
/// Not found where there is no such, or the reader may not see it.
pub async fn show(room: Room, Path(number): Path<String>) -> Result<Response, Error> {
    draw(&room, &number, None).await
}

async fn draw(room: &Room, number: &str, refused: Option<&Filled>) -> Result<Response, Error> {
    let campaign = one(room, number).await?;
    let (line, me) = (&campaign.line, room.desk.person());
    let at = |acts| room.desk.may_at(acts, CAMPAIGN, &line.path);
    let member = campaign.team.iter().any(|member| member.person == me);
    let open = line.state == "open";
    let kept = room.drafts().await?;
    let form = |name: &'static str| (name, Filled::new(draft(number, name), &kept).or(refused));
    let numbers: Vec<String> = campaign.findings.iter().map(|one| one.number.clone()).collect();
    let known = match room.desk.may_somewhere(READ, HIT).is_ok() {
        true => finding::known(room, &numbers).await?,
        false => Vec::new(),
    };
    page(&One {
        bureaus: serde_json::from_str(&line.bureaus).unwrap_or_default(),
        forms: FORMS.into_iter().map(form).collect(),
        may_decide: line.state == "proposed" && line.proposed_by != me && at(APPROVE),
        may_record: open && member,
        may_link: open && at(UPDATE),
        may_close: open && line.proposed_by != me && at(APPROVE),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        campaign: &campaign,
        known,
    })
}

#[derive(Deserialize)]
struct Decision {
    #[serde(default)]
    agreed: String,
}

/// Decides about the plan.
///
/// # Errors
/// Every rule that says no.
pub async fn decide(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let form: Decision = typed.read()?;
    let path = one(&room, &number).await?.line.path;
    act(&room, (APPROVE, CAMPAIGN, &path), "", async |tx, stepped| {
        Ok(((), acts::decide(tx, stepped, &number, form.agreed != "0").await?))
    })
    .await?;
    Ok(Redirect::to(&own(&number)).into_response())
}

#[derive(Deserialize)]
struct Seen {
    seq: String,
    #[serde(default)]
    problem: String,
    words: String,
}

/// Writes down what was found about a point.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn record(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let name = draft(&number, "point");
    let done = async {
        let form: Seen = typed.read()?;
        let path = one(&room, &number).await?.line.path;
        let seq = form.seq.parse().map_err(|_| at_field("field-empty", "seq"))?;
        act(&room, (SIGN, CAMPAIGN, &path), &name, async |tx, stepped| {
            let seen = (form.problem == "1", form.words.trim());
            Ok(((), acts::record(tx, stepped, (&number, seq), seen).await?))
        })
        .await?;
        Ok(own(&number))
    };
    let done = done.await;
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}

#[derive(Deserialize)]
struct Linked {
    finding: String,
}

/// Takes a finding in.
///
/// # Errors
/// As [`record`].
pub async fn link(room: Room, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let name = draft(&number, "finding");
    let done = async {
        let form: Linked = typed.read()?;
        let path = one(&room, &number).await?.line.path;
        act(&room, (UPDATE, CAMPAIGN, &path), &name, async |tx, stepped| {
            Ok(((), acts::link(tx, stepped, &number, form.finding.trim()).await?))
        })
        .await?;
        Ok(own(&number))
    };
    let done = done.await;
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}

#[derive(Deserialize)]
struct Came {
    result: String,
}

/// Closes it with its result.
///
/// # Errors
/// As [`record`].
pub async fn close(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let name = draft(&number, "close");
    let done = async {
        let form: Came = typed.read()?;
        let path = one(&room, &number).await?.line.path;
        act(&room, (APPROVE, CAMPAIGN, &path), &name, async |tx, stepped| {
            Ok(((), acts::close(tx, stepped, &number, form.result.trim()).await?))
        })
        .await?;
        Ok(own(&number))
    };
    let done = done.await;
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}
