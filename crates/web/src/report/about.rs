//! The second page: what it is about and who is meant. Only what routing needs, which goes on to the next
//! page in the form itself: nothing is kept here, and no words of the reporter's own are asked for.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::report::Facts;
use domain::report::rules::{PostKind, ReportRules, Topic};
use registry::queries::public_village::PlaceHead;
use registry::queries::seats::{Seat, seats};
use sha2::{Digest, Sha256};

use super::mode::{KIOSK, at};
use super::sheet::Sheet;
use super::start;
use super::window::Window;
use crate::error::Error;
use crate::request::{FormToken, hex};
use crate::state::App;
use crate::ui::{Ui, page};

/// Somebody with posts, as the form names him.
pub struct Choice {
    /// Stands for his first post; says nothing of the person.
    pub key: String,
    /// Name.
    pub name: String,
    /// Role codes of his posts.
    pub roles: Vec<String>,
    /// His key, for routing alone.
    person: String,
}

/// People with posts in a place that somebody can choose from.
pub struct Bench {
    /// Name of the place.
    pub place: String,
    /// Who holds them.
    pub choices: Vec<Choice>,
}

/// What was chosen so far.
pub struct Chosen<'a> {
    /// Code of the door.
    pub door: &'a str,
    /// Where.
    pub place: PlaceHead,
    /// Posts that can be chosen there.
    pub benches: Vec<Bench>,
    /// Keys of the posts that were.
    pub seats: BTreeSet<&'a str>,
    /// Codes of the kinds of posts that were.
    pub posts: BTreeSet<&'a str>,
    /// Code of the topic.
    pub topic: &'a str,
}

impl<'a> Chosen<'a> {
    /// From a form; none when it names no place.
    ///
    /// # Errors
    /// A stale form when it names no door.
    pub async fn of(
        app: &Arc<App>,
        ui: &Ui,
        rules: &ReportRules,
        sheet: &'a Sheet,
    ) -> Result<Option<Chosen<'a>>, Error> {
        let door = sheet.value("door");
        rules.door(door).ok_or(Error::StaleForm)?;
        let places = app.places().await?;
        let known = places.get(sheet.value("place")).filter(|place| place.level != "group");
        let Some(place) = known.cloned() else { return Ok(None) };
        let mut benches = vec![bench(app, ui, &place).await?];
        if place.level == "village"
            && let Some(township) = places.above(&place)
        {
            benches.push(bench(app, ui, township).await?);
        }
        benches.retain(|bench| !bench.choices.is_empty());
        Ok(Some(Self {
            door,
            place,
            benches,
            seats: sheet.values("seat").collect(),
            posts: sheet.values("post").collect(),
            topic: sheet.value("topic"),
        }))
    }

    /// Those who were chosen from the register.
    pub fn named(&self) -> impl Iterator<Item = &Choice> {
        let all = self.benches.iter().flat_map(|bench| &bench.choices);
        all.filter(|choice| self.seats.contains(choice.key.as_str()))
    }

    /// What routing needs. The kinds of his posts go along with a person.
    #[must_use]
    pub fn facts(&self, rules: &ReportRules) -> Facts {
        let holds = |kind: &PostKind| {
            self.named().any(|choice| choice.roles.iter().any(|role| kind.roles.contains(role)))
        };
        let ticked = |kind: &PostKind| self.posts.contains(kind.code.as_str());
        let kinds = rules.posts.iter().filter(|kind| ticked(kind) || holds(kind));
        Facts {
            door: self.door.to_owned(),
            place: self.place.path.clone(),
            topic: self.topic.to_owned(),
            posts: kinds.map(|kind| kind.code.clone()).collect(),
            named: self.named().map(|choice| choice.person.clone()).collect(),
        }
    }
}

/// Who can be chosen. Nobody is meant as one of a body that decides together; and the people of the
/// county are not listed: of an office there, the kind is enough.
async fn bench(app: &Arc<App>, ui: &Ui, place: &PlaceHead) -> Result<Bench, Error> {
    let held = seats(&app.setup.registry.db, &place.id, app.now().day).await?;
    let held = held.into_iter().filter(|seat| place.level != "county" && !ui.is_body(&seat.role));
    let mut choices: Vec<Choice> = Vec::new();
    for seat in held {
        match choices.iter_mut().find(|choice| choice.person == seat.person) {
            Some(known) => known.roles.push(seat.role),
            None => choices.push(Choice {
                key: key(&seat),
                name: seat.name,
                roles: vec![seat.role],
                person: seat.person,
            }),
        }
    }
    Ok(Bench { place: place.name.clone(), choices })
}

fn key(seat: &Seat) -> String {
    hex(Sha256::digest(format!("post {}", seat.id)).get(..8).unwrap_or_default())
}

#[derive(Template)]
#[template(path = "report/about.html")]
struct About<'a> {
    ui: &'a Ui,
    token: &'a str,
    kiosk: bool,
    chosen: &'a Chosen<'a>,
    kinds: &'a [PostKind],
    topics: &'a [Topic],
}

/// The page.
///
/// # Errors
/// A stale form; a fault when the register cannot be read.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    sheet: Sheet,
) -> Result<Response, Error> {
    let kiosk = sheet.has(KIOSK);
    let ui = at(ui, "/report", kiosk);
    let window = Window::open(&app)?;
    let rules = window.rules()?;
    let Some(chosen) = Chosen::of(&app, &ui, rules, &sheet).await? else {
        return start::draw(&app, ui, &token, None, (kiosk, true)).await;
    };
    page(&About {
        ui: &ui,
        token: &token.value,
        kiosk,
        chosen: &chosen,
        kinds: &rules.posts,
        topics: &rules.topics,
    })
}
