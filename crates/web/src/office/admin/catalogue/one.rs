//! One item: what holds of it, version by version, and on what it stands.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::model::Basis;
use domain::time::Day;
use serde_json::Value;

use super::rows::{Row, rows};
use super::{KINDS, Standing, items, standing};
use crate::error::Error;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// A law, rule or source that something stands on.
struct Source {
    title: String,
    article: String,
    confidence: String,
    /// What has taken its place, or since when it does not hold.
    superseded: Option<String>,
}

/// What holds in a span of time.
struct Version {
    from: String,
    until: Option<String>,
    now: bool,
    rows: Vec<Row>,
    sources: Vec<Source>,
}

#[derive(Template)]
#[template(path = "office/admin/item.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    kind: &'a str,
    code: &'a str,
    title: String,
    own: bool,
    /// Label, common text and the county's, where they differ.
    differences: Vec<(String, String, String)>,
    rows: Vec<Row>,
    sources: Vec<Source>,
    versions: Vec<Version>,
}

/// The page.
///
/// # Errors
/// Not found.
pub async fn show(
    ui: Ui,
    desk: Signed,
    Path((kind, code)): Path<(String, String)>,
) -> Result<Response, Error> {
    let kind = KINDS.iter().find(|known| **known == kind).ok_or(Error::NotFound)?;
    let all = items(&ui, &ui.law().catalogue, kind);
    let item = all.into_iter().find(|item| item.code == code).ok_or(Error::NotFound)?;
    let (standing, common) = standing(&ui, kind, &item);
    let differences =
        common.map_or_else(Vec::new, |common| differ(&ui, &common.value, &item.value));
    let list = item.value.get("versions").and_then(Value::as_array);
    let versions: Vec<Version> =
        list.into_iter().flatten().rev().map(|value| version(&ui, value)).collect();
    page(&One {
        ui: &ui,
        desk: &desk,
        kind,
        code: &code,
        title: ui.title(&item.title).to_owned(),
        own: standing == Standing::Own,
        differences,
        rows: rows(&ui, &item.value, &["code", "title", "versions", "basis"]),
        sources: sources(&ui, &item.value),
        versions,
    })
}

fn version(ui: &Ui, value: &Value) -> Version {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let (from, until) = (text("from").unwrap_or_default(), text("until"));
    let today = ui.today();
    let begun = Day::parse(&from).is_some_and(|from| from <= today);
    let over = until.as_deref().and_then(Day::parse).is_some_and(|until| until < today);
    Version {
        now: begun && !over,
        rows: rows(ui, value, &["from", "until", "basis"]),
        sources: sources(ui, value),
        from,
        until,
    }
}

fn sources(ui: &Ui, value: &Value) -> Vec<Source> {
    let list = value.get("basis").cloned().unwrap_or_default();
    let list: Vec<Basis> = serde_json::from_value(list).unwrap_or_default();
    list.into_iter().map(|basis| source(ui, basis)).collect()
}

fn source(ui: &Ui, basis: Basis) -> Source {
    let instruments = &ui.law().catalogue.instruments;
    let known = instruments.get(&basis.instrument);
    let successor = known.and_then(|known| known.superseded_by.as_ref());
    let successor = successor.and_then(|key| instruments.get(key));
    let superseded = match (known.and_then(|known| known.until.as_ref()), successor) {
        (_, Some(by)) => Some(ui.with("web-cat-superseded", &[("by", ui.title(&by.title))])),
        (Some(until), None) => Some(ui.with("web-cat-ended", &[("day", &ui.day(until))])),
        (None, None) => None,
    };
    Source {
        title: known.map_or(basis.instrument, |known| ui.title(&known.title).to_owned()),
        article: basis.article,
        confidence: ui.term("confidence", &basis.confidence).to_owned(),
        superseded,
    }
}

/// Where two texts of an item differ, label by label.
fn differ(ui: &Ui, common: &Value, county: &Value) -> Vec<(String, String, String)> {
    let (common, county) = (rows(ui, common, &["code"]), rows(ui, county, &["code"]));
    let text = |rows: &[Row], label: &str| {
        let found = rows.iter().filter(|row| row.label == label).map(|row| row.text.as_str());
        found.collect::<Vec<_>>().join("\n")
    };
    let mut labels: Vec<&str> = Vec::new();
    for row in county.iter().chain(&common) {
        if !labels.contains(&row.label.as_str()) {
            labels.push(&row.label);
        }
    }
    let both = labels.into_iter().map(|l| (l.to_owned(), text(&common, l), text(&county, l)));
    both.filter(|(_, common, county)| common != county).collect()
}
