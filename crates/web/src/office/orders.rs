//! Make-up orders (补公开): given by the township for what is missing, met by the notice that the village
//! publishes.

use askama::Template;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use registry::actions::drafts;
use registry::actions::orders::{self as orders, NewOrder};
use registry::queries::office::{self, OrderLine};
use registry::queries::public_village::PlaceHead;
use serde::Deserialize;

use super::drafts::{Filled, Typed};
use super::matters::acts::{at_field, day};
use super::notices::{DRAFT, PREPARE};
use super::room::Room;
use crate::board::first_day;
use crate::error::Error;
use crate::places::Places;
use crate::session::Signed;
use crate::spans::Spans;
use crate::ui::{Ui, page};

/// To see them.
pub const READ: &[Act] = &[Act::Read];
/// To give one.
pub const GIVE: &[Act] = &[Act::Create];
/// The kind of thing.
pub const ORDER: &str = "order";
/// By when an order is met where nobody says otherwise.
const DUE_RULE: &str = "MB-42";
/// How many are shown that are met.
const MET: usize = 50;

#[derive(Template)]
#[template(path = "office/orders/list.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    places: &'a Places,
    today: String,
    open: Vec<OrderLine>,
    met: Vec<OrderLine>,
    may_give: bool,
}

impl List<'_> {
    /// Whether the reader may prepare the notice that an order asks for.
    fn may_prepare(&self, order: &OrderLine) -> bool {
        let path = self.places.get(&order.place).map_or("", |place| place.path.as_str());
        self.desk.may_at(PREPARE, DRAFT, path)
    }
}

/// The list: what waits first.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room) -> Result<Response, Error> {
    let (desk, places) = (&room.desk, room.app.places().await?);
    let by = desk.by(READ, ORDER, "")?;
    let (mut open, mut met) = (Vec::new(), Vec::new());
    for path in desk.places() {
        let all = office::orders(room.db(), &by, path).await?;
        let (done, waiting): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|order| order.met_day.is_some());
        open.extend(waiting);
        met.extend(done);
    }
    open.sort_by(|a, b| a.due_day.cmp(&b.due_day));
    met.sort_by(|a, b| b.met_day.cmp(&a.met_day));
    met.truncate(MET);
    page(&List {
        may_give: desk.may_somewhere(GIVE, ORDER).is_ok() && desk.is_above(),
        today: room.today(),
        ui: &room.ui,
        desk,
        places: &places,
        open,
        met,
    })
}

/// Why an order is due on its day.
#[must_use]
pub fn why(ui: &Ui, order: &OrderLine) -> Vec<String> {
    let (given, due) = (ui.day(&order.ordered_day), ui.day(&order.due_day));
    let args = [("number", order.number.as_str()), ("day", &given), ("due", &due)];
    vec![
        ui.with("web-order-why", &args),
        ui.with("web-order-reason-was", &[("reason", &order.reason)]),
    ]
}

/// What an order is about.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    place: String,
    duty: String,
    period: String,
}

#[derive(Template)]
#[template(path = "office/orders/new.html")]
struct New<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    village: &'a PlaceHead,
    wanted: &'a Wanted,
    /// When it should have been public; none where no calendar says so.
    was_due: Option<String>,
    form: Filled,
    why: Vec<String>,
}

/// The form.
///
/// # Errors
/// Not found where village or duty is none.
pub async fn new(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let form = Filled::new(draft(&wanted), &room.drafts().await?);
    draw(&room, &wanted, form).await
}

fn draft(wanted: &Wanted) -> String {
    format!("order/{}/{}/{}", wanted.place, wanted.duty, wanted.period)
}

async fn draw(room: &Room, wanted: &Wanted, form: Filled) -> Result<Response, Error> {
    let (ui, places, today) = (&room.ui, room.app.places().await?, room.desk.now.day);
    let village = places.get(&wanted.place).filter(|place| place.level == "village");
    let village = village.filter(|place| room.desk.may_at(GIVE, ORDER, &place.path));
    let village = village.ok_or(Error::NotFound)?;
    if !ui.law().catalogue.duties.contains_key(&wanted.duty) {
        return Err(Error::NotFound);
    }
    let spans = Spans::read(room.db(), ui.law()).await?;
    let expected = spans.expected(ui.law(), &village.id, (first_day(today), today));
    let was_due =
        expected.into_iter().find(|one| one.duty == wanted.duty && one.period == wanted.period);
    let due = ui.due(DUE_RULE, today);
    let proposed = due.as_ref().map_or_else(String::new, |due| due.day.to_string());
    let why = due.map(|due| due.explanation.iter().map(|line| ui.line(line)).collect());
    page(&New {
        was_due: was_due.map(|one| one.due.to_string()),
        form: form.preset("due", &proposed).preset("reason", ui.t("web-order-reason-text")),
        why: why.unwrap_or_default(),
        ui,
        desk: &room.desk,
        token: &room.token,
        village,
        wanted,
    })
}

/// What the form sends.
#[derive(Deserialize)]
struct Sent {
    reason: String,
    due: String,
}

/// Gives the order.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn give(room: Room, typed: Typed) -> Result<Response, Error> {
    let wanted: Wanted = typed.read_for_draft()?;
    if wanted.place.is_empty() {
        return Err(Error::StaleForm);
    }
    match given(&room, &wanted, &typed).await {
        Ok(()) => Ok(Redirect::to("/office/orders").into_response()),
        Err(error) => {
            let refused = room.keep(&draft(&wanted), &typed, error, &[]).await?;
            Ok(refused.on(draw(&room, &wanted, refused.form.clone()).await?))
        }
    }
}

async fn given(room: &Room, wanted: &Wanted, typed: &Typed) -> Result<(), Error> {
    let form: Sent = typed.read()?;
    let (reason, due) = (form.reason.trim(), day("due", &form.due)?);
    if reason.is_empty() {
        return Err(at_field("field-empty", "reason"));
    }
    if due < room.desk.now.day {
        return Err(at_field("day-has-passed", "due"));
    }
    let new = NewOrder {
        place: wanted.place.clone(),
        duty: wanted.duty.clone(),
        period: wanted.period.clone(),
        reason: reason.to_owned(),
        due,
    };
    let places = room.app.places().await?;
    let path = places.get(&new.place).map_or("", |place| place.path.as_str());
    let mut tx = room.desk.begin(GIVE, ORDER, path).await?;
    let (_, entry) = orders::give(&mut tx, room.ui.law().rules(), &new).await?;
    drafts::settle(&mut tx, &draft(wanted)).await?;
    tx.commit(entry).await?;
    Ok(())
}
