//! Preparing a notice: one short form; what is typed survives a time-out as a draft.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalogue::{Duty, Show, Versioned};
use domain::money::{Fen, MoneyUnit};
use registry::actions::drafts::{self, Fields};
use registry::actions::preparations::{self, NewPreparation};
use registry::queries::lists;
use registry::queries::public_village::PlaceHead;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{DRAFT, PREPARE};
use crate::error::Error;
use crate::office::matters::acts::at_field;
use crate::request::{FormToken, Posted};
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, page};

/// Name of the draft of this form.
const FORM: &str = "notice";

/// What a link from the list brings along.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    place: String,
    #[serde(default)]
    duty: String,
    #[serde(default)]
    period: String,
}

#[derive(Template)]
#[template(path = "office/notices/prepare.html")]
struct Form<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    duties: Vec<&'a Duty>,
    villages: Vec<&'a PlaceHead>,
    fields: Fields,
    restored: bool,
}

impl Form<'_> {
    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// The form, with the draft of an earlier try.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let places = app.places().await?;
    let by = desk.by(PREPARE, DRAFT, "")?;
    let kept = drafts::load(&app.setup.registry.db, &by, FORM).await?;
    let restored = kept.is_some();
    let mut fields = kept.map(|(fields, _)| fields).unwrap_or_default();
    for (name, value) in [("place", wanted.place), ("duty", wanted.duty), ("period", wanted.period)]
    {
        if !value.is_empty() {
            fields.insert(name.to_owned(), value);
        }
    }
    let duties = ui.law().catalogue.duties.values();
    let duties = duties.filter(|duty| duty.on(desk.now.day).is_some()).collect();
    let county = places.county().map_or("", |county| county.path.as_str());
    let villages = places.of_level("village", county).filter(|p| desk.reaches(&p.path)).collect();
    page(&Form { ui: &ui, desk: &desk, token: &token.value, duties, villages, fields, restored })
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Sent {
    place: String,
    duty: String,
    period: String,
    title: String,
    lines: String,
    text: String,
    names: String,
    #[serde(default)]
    names_confirmed: String,
}

/// Keeps what was typed as a draft, then prepares the notice; only when it is taken, the draft goes.
///
/// # Errors
/// Rules that say no; a problem at a field.
pub async fn send(
    State(app): State<Arc<App>>,
    desk: Signed,
    Posted(form): Posted<Sent>,
) -> Result<Response, Error> {
    let mut tx = desk.begin(PREPARE, DRAFT, "").await?;
    let entry = drafts::save(&mut tx, FORM, &fields(&form)).await?;
    tx.commit(entry).await?;
    let new = preparation(&app, &desk, &form)?;
    let path = lists::path(&app.setup.registry.db, &new.place).await?;
    let mut tx = desk.begin(PREPARE, DRAFT, &path).await?;
    tx.names_confirmed = form.names_confirmed == "1";
    let (id, entry) = preparations::prepare(&mut tx, &new).await?;
    tx.record(entry).await?;
    let entry = drafts::discard(&mut tx, FORM).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to(&format!("/office/notices/prepared/{id}")).into_response())
}

fn fields(form: &Sent) -> Fields {
    let named = [
        ("place", &form.place),
        ("duty", &form.duty),
        ("period", &form.period),
        ("title", &form.title),
        ("lines", &form.lines),
        ("text", &form.text),
        ("names", &form.names),
    ];
    named.into_iter().map(|(n, v)| (n.to_owned(), v.clone())).collect::<BTreeMap<_, _>>()
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
    if body.is_empty() {
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
