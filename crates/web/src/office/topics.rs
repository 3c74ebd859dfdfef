//! Topics of villagers in the office: chosen or declined, and answered in public, in time.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use domain::procedure::Actor;
use registry::actions::topics;
use registry::queries::public_reports::{TopicRow, topics_below};
use serde::Deserialize;

use super::matters::acts::at_field;
use super::reports::unseen;
use super::room::Room;
use crate::error::{Error, lines};
use crate::places::Places;
use crate::request::Posted;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// To decide on them and answer.
pub const UPDATE: &[Act] = &[Act::Update];
/// The kind of thing.
pub const TOPIC: &str = "topic";
/// By when a chosen one is answered.
pub const ANSWER_RULE: &str = "DC-05b";
/// How many are shown that are over.
const OVER: usize = 30;

#[derive(Template)]
#[template(path = "office/topics.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    places: &'a Places,
    today: String,
    open: Vec<TopicRow>,
    over: Vec<TopicRow>,
    /// Number, text and sentences of a refused form.
    wrong: Option<(&'a str, &'a str, &'a [String])>,
}

impl List<'_> {
    fn typed(&self, number: &str) -> &str {
        self.wrong.filter(|(of, ..)| *of == number).map_or("", |(_, text, _)| text)
    }

    fn why(&self, topic: &TopicRow) -> Vec<String> {
        topic.chosen_day.as_ref().map(|day| self.ui.why(ANSWER_RULE, day)).unwrap_or_default()
    }
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room) -> Result<Response, Error> {
    draw(&room, None).await
}

/// Topics of the places that the reader may decide in, open ones and others.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn own(room: &Room) -> Result<(Vec<TopicRow>, Vec<TopicRow>), Error> {
    let (mut open, mut over): (Vec<TopicRow>, Vec<TopicRow>) = (Vec::new(), Vec::new());
    for path in room.desk.places() {
        if !room.desk.may_at(UPDATE, TOPIC, path) {
            continue;
        }
        for topic in topics_below(room.db(), path).await?.iter().cloned() {
            let list = if ["proposed", "chosen"].contains(&topic.state.as_str()) {
                &mut open
            } else {
                &mut over
            };
            if !list.iter().any(|known| known.number == topic.number) {
                list.push(topic);
            }
        }
    }
    open.sort_by(|a, b| {
        (a.due_day.is_none(), &a.due_day, -a.supports).cmp(&(
            b.due_day.is_none(),
            &b.due_day,
            -b.supports,
        ))
    });
    over.truncate(OVER);
    Ok((open, over))
}

async fn draw(room: &Room, wrong: Option<(&str, &str, &[String])>) -> Result<Response, Error> {
    let places = room.app.places().await?;
    let (open, over) = own(room).await?;
    page(&List {
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        today: room.today(),
        places: &places,
        open,
        over,
        wrong,
    })
}

/// What is said.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Said {
    text: String,
}

/// Chooses a topic, declines it with the reason, or answers it.
///
/// # Errors
/// Not found; what typing mends comes back with the form.
pub async fn decide(
    room: Room,
    Path((number, act)): Path<(String, String)>,
    Posted(form): Posted<Said>,
) -> Result<Response, Error> {
    match decided(&room, &number, &act, form.text.trim()).await {
        Ok(()) => Ok(Redirect::to("/office/topics").into_response()),
        Err(error) => {
            let error = unseen(error);
            let status = error.status();
            if !matches!(status.as_u16(), 409 | 422) {
                return Err(error);
            }
            let lines = lines(&room.ui, &error, &[]);
            let mut page = draw(&room, Some((&number, &form.text, &lines))).await?;
            *page.status_mut() = status;
            Ok(page)
        }
    }
}

async fn decided(room: &Room, number: &str, act: &str, text: &str) -> Result<(), Error> {
    let (open, _) = own(room).await?;
    let topic = open.iter().find(|topic| topic.number == number).ok_or(Error::NotFound)?;
    let places = room.app.places().await?;
    let path = places.get(&topic.place).map_or("", |place| place.path.as_str());
    let by = room.desk.by(UPDATE, TOPIC, path)?;
    let actor = Actor { person: by.person.clone().unwrap_or_default(), role: by.role.clone() };
    if text.is_empty() && act != "choice" {
        return Err(at_field("field-empty", "text"));
    }
    let window = room.app.window()?;
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, "").await?;
    let entry = match act {
        "choice" => topics::choose(&mut tx, &window.counter(), number).await?.1,
        "refusal" => topics::decline(&mut tx, number, text).await?,
        "answer" => topics::answer(&mut tx, number, &actor, text).await?,
        _ => return Err(Error::NotFound),
    };
    tx.commit(entry).await?;
    Ok(())
}
