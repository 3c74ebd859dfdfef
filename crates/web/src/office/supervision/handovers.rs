//! Clues that go to other organs and come from them: proposed, let out, received, answered.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::report::rules::Titled;
use domain::supervision::following::Partner;
use domain::supervision::handover::Act;
use registry::actions::supervision::clues::NewClue;
use registry::actions::supervision::handovers::{self as acts, Incoming, NewHandover};
use registry::queries::supervision::handovers::{self, HandoverLine};
use serde::Deserialize;

use super::{APPROVE, CREATE, Desk, HANDOVER, HANDOVERS, ONLY_PROPOSE, Room, UPDATE, begin, led};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::day;
use crate::session::Signed;
use crate::ui::{Ui, page};

const HERE: &str = "/office/supervision/handovers";
const DRAFT: &str = "supervision/handover";
const CAME: &str = "supervision/handover-in";

/// What is handed over.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    clue: String,
}

#[derive(Template)]
#[template(path = "office/supervision/handovers.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    places: Vec<(String, String)>,
    partners: &'a [Partner],
    papers: &'a [Titled],
    lines: Vec<HandoverLine>,
    forms: BTreeMap<String, Filled>,
    form: Filled,
    came: Filled,
    may_propose: bool,
    may_receive: bool,
}

impl List<'_> {
    fn partner<'b>(&'b self, code: &'b str) -> &'b str {
        let partner = self.partners.iter().find(|partner| partner.code == code);
        partner.map_or(code, |partner| self.ui.title(&partner.title))
    }

    fn papers_of(&self, line: &HandoverLine) -> String {
        let title = |code: String| {
            let paper = self.papers.iter().find(|paper| paper.code == code);
            paper.map_or(code, |paper| self.ui.title(&paper.title).to_owned())
        };
        line.papers().into_iter().map(title).collect::<Vec<_>>().join(" · ")
    }

    fn form_of(&self, number: &str) -> &Filled {
        self.forms.get(number).unwrap_or(&self.form)
    }

    fn may_approve(&self, line: &HandoverLine) -> bool {
        let another = line.proposed_by.as_deref() != Some(self.desk.person());
        line.state == "proposed" && another && self.desk.may_at(APPROVE, HANDOVER, &line.path)
    }

    fn may_enter(&self, line: &HandoverLine) -> bool {
        self.desk.may_at(UPDATE, HANDOVER, &line.path)
    }
}

/// The list.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    draw(&room, &wanted, None).await
}

/// Those that the reader may know of.
pub(super) async fn lines(room: &Room) -> Result<Vec<HandoverLine>, Error> {
    let desk = Desk::of(room, HANDOVERS, HANDOVER)?;
    let reader = desk.reader(room).await?;
    let mut lines: Vec<HandoverLine> = Vec::new();
    for path in room.desk.places() {
        let found = handovers::list(room.db(), &reader, path, "").await?;
        let known: Vec<String> = lines.iter().map(|line| line.number.clone()).collect();
        lines.extend(found.into_iter().filter(|line| !known.contains(&line.number)));
    }
    Ok(lines)
}

async fn draw(room: &Room, wanted: &Wanted, refused: Option<&Filled>) -> Result<Response, Error> {
    let lines = lines(room).await?;
    let kept = room.drafts().await?;
    let form = |name: String| Filled::new(name, &kept).or(refused);
    let forms = lines.iter().map(|line| (line.number.clone(), form(draft(&line.number))));
    let following = &room.ui.law().following;
    page(&List {
        forms: forms.collect(),
        form: form(DRAFT.to_owned()).preset("clue", &wanted.clue),
        came: form(CAME.to_owned()).preset("office", "CJ"),
        may_propose: room.desk.may_somewhere(ONLY_PROPOSE, HANDOVER).is_ok(),
        may_receive: room.desk.may_somewhere(CREATE, HANDOVER).is_ok(),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        room,
        places: room.choices(&["village"]).await?,
        partners: &following.partners,
        papers: &following.papers,
        lines,
    })
}

fn draft(number: &str) -> String {
    format!("{DRAFT}/{number}")
}

/// Boxes of papers: `paper-note` and so on.
fn papers(room: &Room, typed: &Typed) -> Vec<String> {
    let all = room.ui.law().following.papers.iter().map(|paper| paper.code.clone());
    all.filter(|code| typed.value(&format!("paper-{code}")) == "1").collect()
}

#[derive(Deserialize)]
struct Sent {
    clue: String,
    partner: String,
    organ: String,
    words: String,
}

/// Proposes to hand a clue over.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn propose(room: Room, typed: Typed) -> Result<Response, Error> {
    let done = async {
        let form: Sent = typed.read()?;
        let new = NewHandover {
            clue: form.clue.trim().to_owned(),
            partner: form.partner,
            organ: form.organ.trim().to_owned(),
            papers: papers(&room, &typed),
            words: form.words.trim().to_owned(),
        };
        let mut tx = begin(&room, ONLY_PROPOSE, HANDOVER).await?;
        let (_, entry) = acts::propose(&mut tx, room.ui.law().bench(), &new).await?;
        registry::actions::drafts::settle(&mut tx, DRAFT).await?;
        tx.commit(entry).await?;
        Ok(HERE.to_owned())
    };
    back(&room, (DRAFT, &typed), done.await).await
}

#[derive(Deserialize)]
struct Came {
    partner: String,
    organ: String,
    their_number: String,
    place: String,
    office: String,
    title: String,
    words: String,
    #[serde(default)]
    accused: String,
}

/// Writes down a clue that another organ hands to us.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn receive(room: Room, typed: Typed) -> Result<Response, Error> {
    let done = received(&room, &typed).await;
    back(&room, (CAME, &typed), done).await
}

async fn received(room: &Room, typed: &Typed) -> Result<String, Error> {
    let form: Came = typed.read()?;
    let places = room.app.places().await?;
    let place = places.get(form.place.trim()).ok_or(Error::NotFound)?;
    let accused = super::clues::listed(&form.accused);
    let people = registry::queries::supervision::people_named(room.db(), &place.path, &accused);
    let people = people.await?.into_iter().map(|id| ("accused".to_owned(), id)).collect();
    let new = Incoming {
        partner: form.partner,
        organ: form.organ.trim().to_owned(),
        their_number: form.their_number.trim().to_owned(),
        papers: papers(room, typed),
        clue: NewClue {
            place: place.id.clone(),
            office: form.office,
            title: form.title.trim().to_owned(),
            people,
            words: form.words.trim().to_owned(),
            ..NewClue::default()
        },
    };
    let mut tx = room.desk.begin(CREATE, HANDOVER, &place.path).await?;
    let (_, entry) = acts::receive(&mut tx, room.ui.law().bench(), &new).await?;
    registry::actions::drafts::settle(&mut tx, CAME).await?;
    tx.commit(entry).await?;
    Ok(HERE.to_owned())
}

#[derive(Deserialize)]
struct Step {
    act: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    their_number: String,
    #[serde(default)]
    received: String,
}

/// Lets one out, enters a receipt or an answer.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn step(room: Room, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let done = stepped(&room, &number, &typed).await;
    back(&room, (&draft(&number), &typed), done).await
}

async fn stepped(room: &Room, number: &str, typed: &Typed) -> Result<String, Error> {
    let form: Step = typed.read()?;
    let their_number = form.their_number.trim();
    let doing = match form.act.as_str() {
        "agree" => Act::Approve { agreed: true },
        "refuse" => Act::Approve { agreed: false },
        "receipt" => Act::Receipt { number: their_number, day: day("received", &form.received)? },
        _ => Act::Answer,
    };
    let right = if matches!(doing, Act::Approve { .. }) { APPROVE } else { UPDATE };
    let mut tx = begin(room, right, HANDOVER).await?;
    let done = (&doing, form.words.trim());
    let (_, entry) = acts::act(&mut tx, room.ui.law().bench(), number, done).await?;
    registry::actions::drafts::settle(&mut tx, &draft(number)).await?;
    tx.commit(entry).await?;
    Ok(HERE.to_owned())
}

async fn back(
    room: &Room,
    form: (&str, &Typed),
    done: Result<String, Error>,
) -> Result<Response, Error> {
    let wanted = Wanted::default();
    led(room, form, done, async |f: &Filled| draw(room, &wanted, Some(f)).await).await
}
