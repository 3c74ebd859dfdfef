//! The content of a notice as people read it: figures, one table, one text; and what changed between two
//! versions, in words.

use std::collections::BTreeMap;

use registry::queries::public_notice::Version;
use serde_json::{Map, Value};

use crate::ui::Ui;

/// Columns of a table in the order in which people read them; others follow.
const ORDER: [&str; 14] = [
    "part",
    "name",
    "item",
    "group",
    "household_size",
    "category",
    "crop",
    "place",
    "area",
    "payee",
    "date",
    "standard_fen",
    "quantity",
    "amount_fen",
];
/// Fields that the page shows in places of their own.
const ELSEWHERE: [&str; 7] = ["lines", "text", "decision", "matter", "power", "step", "duty"];

/// The content of a version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// Label and value of each figure.
    pub figures: Vec<(String, String)>,
    /// Titles of columns, and whether each holds money.
    pub columns: Vec<(String, bool)>,
    /// Rows of the table.
    pub rows: Vec<Vec<String>>,
    /// The text.
    pub text: String,
}

impl Content {
    /// Of a version of a notice.
    #[must_use]
    pub fn of(ui: &Ui, version: &Version) -> Self {
        let lines = lines(version);
        let mut keys: Vec<&str> = Vec::new();
        for key in lines.iter().flat_map(|line| line.keys()) {
            if !keys.contains(&key.as_str()) {
                keys.push(key);
            }
        }
        let place = |key: &str| ORDER.iter().position(|known| *known == key).unwrap_or(ORDER.len());
        keys.sort_by_key(|key| place(key));
        let cell = |line: &Map<String, Value>, key: &str| {
            line.get(key).map_or(String::new(), |value| shown(ui, key, value))
        };
        let figures = version
            .body
            .iter()
            .filter(|(key, value)| !ELSEWHERE.contains(&key.as_str()) && !value.is_null());
        Self {
            figures: figures.map(|(key, value)| (label(ui, key), shown(ui, key, value))).collect(),
            rows: lines.iter().map(|l| keys.iter().map(|key| cell(l, key)).collect()).collect(),
            columns: keys.iter().map(|key| (label(ui, key), key.ends_with("_fen"))).collect(),
            text: version.body.get("text").and_then(Value::as_str).unwrap_or_default().to_owned(),
        }
    }
}

/// Lines of the table; names that may be shown stand in their line.
fn lines(version: &Version) -> Vec<Map<String, Value>> {
    let empty = Vec::new();
    let lines = version.body.get("lines").and_then(Value::as_array).unwrap_or(&empty);
    let mut lines: Vec<Map<String, Value>> =
        lines.iter().filter_map(|line| line.as_object().cloned()).collect();
    match version.personal.get("name") {
        Some(Value::Array(names)) if lines.is_empty() => {
            lines = names
                .iter()
                .map(|name| Map::from_iter([("name".to_owned(), name.clone())]))
                .collect();
        }
        Some(Value::Array(names)) if names.len() == lines.len() => {
            for (line, name) in lines.iter_mut().zip(names) {
                line.insert("name".to_owned(), name.clone());
            }
        }
        Some(name @ Value::String(_)) if lines.is_empty() => {
            lines.push(Map::from_iter([("name".to_owned(), name.clone())]));
        }
        _ => {}
    }
    lines
}

fn label(ui: &Ui, key: &str) -> String {
    let code = key.strip_suffix("_fen").unwrap_or(key);
    let own = ["part", "opening", "closing", "total", "spent", "vouchers"];
    let title = match own.contains(&code) {
        true => ui.code("web-field-", code),
        false => ui.term("field", code).to_owned(),
    };
    if key.ends_with("_fen") { ui.with("web-field-yuan", &[("title", &title)]) } else { title }
}

fn shown(ui: &Ui, key: &str, value: &Value) -> String {
    match value {
        Value::Number(number) if key.ends_with("_fen") => {
            number.as_i64().map_or_else(|| number.to_string(), |fen| ui.yuan(&fen))
        }
        Value::String(text) if key == "part" => ui.code("web-part-", text),
        Value::String(text) if key == "date" => ui.day(text),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("、"),
        other => other.to_string(),
    }
}

/// A thing that another version has otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is.
    pub field: String,
    /// As it was; empty where it was not there.
    pub before: String,
    /// As it is; empty where it is gone.
    pub after: String,
}

/// What changed from one content to the next, in the order of the page.
#[must_use]
pub fn changes(ui: &Ui, before: &Content, after: &Content) -> Vec<Change> {
    let (old, new) = (flat(ui, before), flat(ui, after));
    let keys: std::collections::BTreeSet<&(usize, String)> = old.keys().chain(new.keys()).collect();
    let value =
        |map: &BTreeMap<(usize, String), String>, key| map.get(key).cloned().unwrap_or_default();
    keys.into_iter()
        .map(|key| Change {
            field: key.1.clone(),
            before: value(&old, key),
            after: value(&new, key),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

/// Every cell by the line that it stands in and its name.
fn flat(ui: &Ui, content: &Content) -> BTreeMap<(usize, String), String> {
    let mut cells = BTreeMap::new();
    for (label, value) in &content.figures {
        cells.insert((0, label.clone()), value.clone());
    }
    for (at, row) in content.rows.iter().enumerate() {
        let number = (at + 1).to_string();
        for ((column, _), value) in content.columns.iter().zip(row) {
            let name = ui.with("web-change-cell", &[("row", &number), ("column", column)]);
            cells.insert((at + 1, name), value.clone());
        }
    }
    if !content.text.is_empty() {
        cells.insert((usize::MAX, ui.t("web-change-text").to_owned()), content.text.clone());
    }
    cells
}
