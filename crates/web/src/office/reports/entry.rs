//! Letter, visit and telephone: whoever of the office hears or reads it writes it down, by the same rules
//! as on the public page. It goes where routing sends it, perhaps away from the writer; the visitor gets
//! the receipt, printed once.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequest, Multipart, Query, Request};
use axum::response::Response;
use domain::report::rules::ReportRules;
use domain::report::{Channel, Facts, Form, Identity, intake};
use registry::actions::reports::file::{self as filing, Filed, Handed};
use registry::queries::public_village::PlaceHead;
use registry::queries::report_desk::{self, PostHolder};
use registry::reports::Counter;
use serde::Deserialize;

use super::names::office;
use crate::error::{Error, lines};
use crate::office::matters::acts::at_field;
use crate::office::room::Room;
use crate::request::{Guard, TOKEN};
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, page};

/// Most fields of the form, and longest text of one, in bytes.
const FIELDS: usize = 60;
const LONGEST: usize = 128 * 1024;
/// Channels by which staff writes down what somebody else says.
const CHANNELS: [Channel; 4] =
    [Channel::Letter, Channel::Visit, Channel::Phone, Channel::HandedOver];

/// The place that it is about.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct About {
    place: String,
}

#[derive(Template)]
#[template(path = "office/reports/new.html")]
struct New<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    rules: &'a ReportRules,
    channels: [Channel; 4],
    place: Option<&'a PlaceHead>,
    places: Vec<(&'a PlaceHead, &'a str)>,
    holders: Vec<PostHolder>,
    typed: &'a [(String, String)],
    wrong: &'a [String],
}

impl New<'_> {
    fn value(&self, name: &str) -> &str {
        self.typed.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.typed.iter().any(|(key, typed)| key == name && typed == value)
    }
}

/// The form: first the place, then whoever holds a post there can be marked as meant.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: Room, Query(about): Query<About>) -> Result<Response, Error> {
    draw(&room, &about.place, &[], &[]).await
}

async fn draw(
    room: &Room,
    place: &str,
    typed: &[(String, String)],
    wrong: &[String],
) -> Result<Response, Error> {
    let window = room.app.window()?;
    let counter = window.counter();
    let all = room.app.places().await?;
    let by = room.desk.by(&[], "", "")?;
    let place = all.get(place);
    let holders = match place {
        Some(place) => {
            report_desk::post_holders(room.db(), &by, &place.path, room.desk.now.day).await?
        }
        None => Vec::new(),
    };
    let county = all.county().map_or("", |county| county.path.as_str());
    let own = room.desk.places().next().unwrap_or(county);
    let levels = ["county", "township", "village"].into_iter();
    let places = levels.flat_map(|level| all.of_level(level, own));
    let named = |place| (place, all.above(place).map_or("", |above| above.name.as_str()));
    page(&New {
        places: places.map(named).collect(),
        rules: super::rules(room, &counter)?,
        channels: CHANNELS,
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        place,
        holders,
        typed,
        wrong,
    })
}

/// A form with any number of files.
pub struct Told {
    fields: Vec<(String, String)>,
    files: Vec<(String, Vec<u8>)>,
}

impl Told {
    fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    fn all(&self, name: &str) -> BTreeSet<String> {
        let fields = self.fields.iter().filter(|(key, _)| key == name);
        fields.map(|(_, value)| value.clone()).collect()
    }
}

impl FromRequest<Arc<App>> for Told {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let guard = Guard::of(&parts)?;
        let form = Multipart::from_request(Request::from_parts(parts, body), app).await;
        let mut form = form.map_err(|_| Error::StaleForm)?;
        let mut told = Self { fields: Vec::new(), files: Vec::new() };
        let broken = |_| at_field("upload-broken", "file");
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                let file = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(broken)?.to_vec();
                if !bytes.is_empty() {
                    told.files.push((file, bytes));
                }
            } else {
                let text = field.text().await.map_err(broken)?.replace('\0', "");
                if text.len() > LONGEST || told.fields.len() >= FIELDS {
                    return Err(Error::TooLarge);
                }
                told.fields.push((name, text));
            }
        }
        guard.check(told.fields.iter().find(|(n, _)| n == TOKEN).map(|(_, v)| v.as_str()))?;
        Ok(told)
    }
}

#[derive(Template)]
#[template(path = "office/reports/receipt.html")]
struct Receipt<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    filed: &'a Filed,
    symbols: String,
    words: Vec<&'static str>,
    office: String,
    today: String,
}

/// Takes it in, and shows the receipt this once.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn file(room: Room, told: Told) -> Result<Response, Error> {
    let place = told.value("place").to_owned();
    let typed = told.fields.clone();
    match filed(&room, told).await {
        Ok(filed) => receipt(&room, &filed).await,
        Err((error, wrong)) => {
            let status = error.status();
            if !matches!(status.as_u16(), 409 | 422) {
                return Err(error);
            }
            let mut page = draw(&room, &place, &typed, &wrong).await?;
            *page.status_mut() = status;
            Ok(page)
        }
    }
}

async fn receipt(room: &Room, filed: &Filed) -> Result<Response, Error> {
    let places = room.app.places().await?;
    page(&Receipt {
        symbols: filed.receipt.symbols(),
        words: filed.receipt.words(),
        office: office(&room.ui, &places, &filed.office),
        today: room.today(),
        ui: &room.ui,
        desk: &room.desk,
        filed,
    })
}

/// An error with everything that is wrong with the form.
type Wrong = (Error, Vec<String>);

async fn filed(room: &Room, told: Told) -> Result<Filed, Wrong> {
    let plain = |error: Error| {
        let said = lines(&room.ui, &error, &[]);
        (error, said)
    };
    let window = room.app.window().map_err(|failure| plain(failure.into()))?;
    let counter = window.counter();
    let rules = super::rules(room, &counter).map_err(plain)?;
    let channel = Channel::named(told.value("channel")).filter(|channel| channel.by_staff());
    let channel = channel.ok_or_else(|| plain(at_field("field-empty", "channel")))?;
    let form = form(room, told).await.map_err(plain)?;
    if let Err(problems) = intake(form.clone(), rules) {
        let said = problems.iter().map(|problem| room.ui.problem(problem)).collect();
        let first = problems.into_iter().next();
        let first = first.map_or(Error::StaleForm, |problem| Error::Failed(problem.into()));
        return Err((first, said));
    }
    written(room, &counter, channel, form).await.map_err(plain)
}

async fn written(
    room: &Room,
    counter: &Counter<'_>,
    channel: Channel,
    form: Form,
) -> Result<Filed, Error> {
    let by = room.desk.by(&[], "", "")?;
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, "").await?;
    let handed = Handed::Clear(form);
    let (filed, entry) = filing::file(&mut tx, counter, channel, handed).await?;
    tx.commit(entry).await?;
    Ok(filed)
}

async fn form(room: &Room, told: Told) -> Result<Form, Error> {
    let places = room.app.places().await?;
    let place = places.get(told.value("place")).ok_or_else(|| at_field("field-empty", "place"))?;
    let facts = Facts {
        door: told.value("door").to_owned(),
        place: place.path.clone(),
        topic: told.value("topic").to_owned(),
        posts: told.all("post"),
        named: told.all("named"),
    };
    let (name, contact) = (told.value("name").trim(), told.value("contact").trim());
    let known = !name.is_empty() || !contact.is_empty();
    let (name, contact) = (name.to_owned(), contact.to_owned());
    let identity = known.then(|| Identity { name, contact, ..Identity::default() });
    Ok(Form {
        facts,
        text: told.value("text").to_owned(),
        about: told.value("about").trim().to_owned(),
        identity,
        visitors: told.value("visitors").trim().parse().unwrap_or_default(),
        attachments: told.files,
    })
}
