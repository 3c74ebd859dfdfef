//! Preparing a notice: one short form; what is typed survives a time-out as a draft.

use askama::Template;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalogue::{Duty, Show, Versioned};
use domain::money::{Fen, MoneyUnit};
use registry::actions::drafts;
use registry::actions::preparations::{self, NewPreparation};
use registry::queries::lists;
use registry::queries::office::{OrderLine, orders};
use registry::queries::preparations::one;
use registry::queries::public_village::PlaceHead;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::published::as_text;
use super::{DRAFT, PREPARE};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::at_field;
use crate::office::room::Room;
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, page};

/// Name of the draft of this form.
const FORM: &str = "notice";

/// What a link from a list brings along.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    place: String,
    #[serde(default)]
    duty: String,
    #[serde(default)]
    period: String,
    /// Key of a preparation that was objected to: its text comes along.
    #[serde(default)]
    from: String,
}

impl Wanted {
    /// A notice that was asked for has a draft of its own.
    fn draft(&self) -> String {
        match self.duty.is_empty() || self.place.is_empty() || self.period.is_empty() {
            true => FORM.to_owned(),
            false => format!("{FORM}/{}/{}/{}", self.place, self.duty, self.period),
        }
    }
}

#[derive(Template)]
#[template(path = "office/notices/prepare.html")]
struct Form<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    duties: Vec<&'a Duty>,
    villages: Vec<&'a PlaceHead>,
    /// The make-up order that the notice would meet.
    order: Option<OrderLine>,
    form: Filled,
}

/// The form, with the draft of an earlier try.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let mut form = Filled::new(wanted.draft(), &room.drafts().await?);
    for (name, value) in
        [("place", &wanted.place), ("duty", &wanted.duty), ("period", &wanted.period)]
    {
        form = form.preset(name, value);
    }
    if !wanted.from.is_empty() {
        form = again(&room, form, &wanted.from).await?;
    }
    draw(&room, form).await
}

/// With the text of a preparation that the supervision committee objected to.
async fn again(room: &Room, mut form: Filled, id: &str) -> Result<Filled, Error> {
    let found = one(room.db(), &room.desk.by(PREPARE, DRAFT, "")?, id).await?;
    let before = found.ok_or(Error::NotFound)?;
    let map = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
    let (body, personal) = (map(&before.body), map(&before.personal));
    let names = personal.get("name").and_then(Value::as_array).into_iter().flatten();
    let names: Vec<&str> = names.filter_map(Value::as_str).collect();
    let text = body.get("text").and_then(Value::as_str).unwrap_or_default();
    for (name, value) in [
        ("place", before.place.as_str()),
        ("duty", &before.duty),
        ("period", &before.period),
        ("title", &before.title),
        ("lines", &as_text(&body)),
        ("text", text),
        ("names", &names.join("\n")),
        ("from", id),
    ] {
        form = form.preset(name, value);
    }
    Ok(form)
}

async fn draw(room: &Room, form: Filled) -> Result<Response, Error> {
    let (places, desk) = (room.app.places().await?, &room.desk);
    let duties = room.ui.law().catalogue.duties.values();
    let duties = duties.filter(|duty| duty.on(desk.now.day).is_some()).collect();
    let county = places.county().map_or("", |county| county.path.as_str());
    let villages = places.of_level("village", county);
    let villages = villages.filter(|p| desk.may_at(PREPARE, DRAFT, &p.path)).collect();
    let order = order(room, &form).await?;
    page(&Form { ui: &room.ui, desk, token: &room.token, duties, villages, order, form })
}

/// The order that waits for this notice.
async fn order(room: &Room, form: &Filled) -> Result<Option<OrderLine>, Error> {
    let places = room.app.places().await?;
    let Some(place) = places.get(form.value("place")) else { return Ok(None) };
    let by = room.desk.by(PREPARE, DRAFT, &place.path)?;
    let fits = |order: &OrderLine| {
        order.met_day.is_none()
            && order.duty == form.value("duty")
            && order.period == form.value("period")
    };
    Ok(orders(room.db(), &by, &place.path).await?.into_iter().find(fits))
}

/// What the form sends.
#[derive(Deserialize)]
struct Sent {
    place: String,
    duty: String,
    period: String,
    title: String,
    lines: String,
    text: String,
    names: String,
    #[serde(default)]
    from: String,
}

/// Prepares the notice; only when it is taken, the draft goes.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn send(room: Room, typed: Typed) -> Result<Response, Error> {
    let name = typed.name().unwrap_or(FORM).to_owned();
    match sent(&room, &name, &typed).await {
        Ok(id) => Ok(Redirect::to(&format!("/office/notices/prepared/{id}")).into_response()),
        Err(error) => {
            let refused = room.keep(&name, &typed, error, &[]).await?;
            Ok(refused.on(draw(&room, refused.form.clone()).await?))
        }
    }
}

async fn sent(room: &Room, name: &str, typed: &Typed) -> Result<String, Error> {
    let form: Sent = typed.read()?;
    let new = preparation(&room.app, &room.desk, &form)?;
    let path = lists::path(room.db(), &new.place).await?;
    let mut tx = room.desk.begin(PREPARE, DRAFT, &path).await?;
    tx.names_confirmed = typed.confirms_names();
    if !form.from.is_empty() {
        let dropped = preparations::discard(&mut tx, &form.from).await?;
        tx.record(dropped).await?;
    }
    let (id, entry) = preparations::prepare(&mut tx, &new).await?;
    drafts::settle(&mut tx, name).await?;
    tx.commit(entry).await?;
    Ok(id)
}

fn preparation(app: &App, desk: &Signed, form: &Sent) -> Result<NewPreparation, Error> {
    let title = form.title.trim();
    if title.is_empty() {
        return Err(at_field("field-empty", "title"));
    }
    if form.period.trim().is_empty() {
        return Err(at_field("field-empty", "period"));
    }
    let (lines, names) = (lines(&form.lines), names(&form.names));
    if !names.is_empty() && !shows_names(app, desk, &form.duty) {
        return Err(at_field("names-not-public", "names"));
    }
    if !names.is_empty() && !lines.is_empty() && names.len() != lines.len() {
        return Err(at_field("names-not-as-many", "names"));
    }
    let mut body = Map::new();
    if !lines.is_empty() {
        let sum: i64 = lines.iter().filter_map(|line| line.get("amount_fen")?.as_i64()).sum();
        body.insert("total_fen".to_owned(), json!(sum));
        body.insert("lines".to_owned(), Value::Array(lines));
    }
    if !form.text.trim().is_empty() {
        body.insert("text".to_owned(), json!(form.text.trim()));
    }
    if body.is_empty() && names.is_empty() {
        return Err(at_field("field-empty", "text"));
    }
    let mut personal = Map::new();
    if !names.is_empty() {
        personal.insert("name".to_owned(), json!(names));
    }
    Ok(NewPreparation {
        place: form.place.clone(),
        duty: form.duty.clone(),
        period: form.period.trim().to_owned(),
        title: title.to_owned(),
        body,
        personal,
    })
}

/// Whether the field profile of a duty lets names be public.
fn shows_names(app: &App, desk: &Signed, duty: &str) -> bool {
    let catalogue = &app.setup.law.catalogue;
    let version = catalogue.duties.get(duty).and_then(|duty| duty.on(desk.now.day));
    let profile = version.and_then(|version| catalogue.profiles.get(&version.profile));
    let profile = profile.and_then(|profile| profile.on(desk.now.day));
    profile.is_some_and(|p| !p.totals_only && p.fields.get("name") == Some(&Show::Show))
}

/// Rows of the table: a line each, the amount in yuan behind the last blank.
#[must_use]
pub fn lines(text: &str) -> Vec<Value> {
    let row = |line: &str| {
        let cut = line.rsplit_once(char::is_whitespace);
        let amount = cut.and_then(|(_, end)| Fen::parse(end, MoneyUnit::Yuan).ok());
        match (cut, amount) {
            (Some((item, _)), Some(fen)) => json!({ "item": item.trim(), "amount_fen": fen.0 }),
            _ => json!({ "item": line }),
        }
    };
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(row).collect()
}

fn names(text: &str) -> Vec<String> {
    let cuts = |c: char| c == '\n' || c == '、' || c == '，' || c == ',';
    text.split(cuts).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{lines, names};
    use serde_json::json;

    #[test]
    fn a_line_is_an_item_and_an_amount() {
        let rows = lines("办公用品 320.50\n\n慰问困难户　1,200\n说明一下\n");
        assert_eq!(
            rows,
            [
                json!({ "item": "办公用品", "amount_fen": 32_050 }),
                json!({ "item": "慰问困难户", "amount_fen": 120_000 }),
                json!({ "item": "说明一下" }),
            ]
        );
        assert_eq!(names("张三、李四\n王五"), ["张三", "李四", "王五"]);
    }
}
