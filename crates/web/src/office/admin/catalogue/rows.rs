//! An item as labelled lines, whatever its kind: keys get their words from the locales, codes theirs from
//! the catalogues.

use domain::catalogue::{Limit, is_by_tier};
use serde_json::{Map, Value};

use crate::ui::Ui;

/// Groups of `terms.toml` in which codes behind a key have their labels.
const GROUPS: [(&str, &str); 16] = [
    ("stage", "stage"),
    ("trigger", "trigger"),
    ("retention", "retention"),
    ("category", "power_category"),
    ("profiles", "power_profile"),
    ("documents", "document"),
    ("bring", "document"),
    ("codes", "document"),
    ("channels", "channel"),
    ("class", "duty_class"),
    ("pauses", "pause"),
    ("level", "role_level"),
    ("department", "department"),
    ("unit", "unit"),
    ("confidence", "confidence"),
    ("kind", "gate"),
];
/// What stands between labels of things inside each other.
const INSIDE: &str = " · ";

/// A labelled line.
pub struct Row {
    /// Where it stands: `步骤 3 · 时限`.
    pub label: String,
    /// What stands there.
    pub text: String,
}

/// Lines of an item, without some of its keys.
pub fn rows(ui: &Ui, value: &Value, without: &[&str]) -> Vec<Row> {
    let mut found = Vec::new();
    for (key, value) in value.as_object().into_iter().flatten() {
        if !without.contains(&key.as_str()) {
            add(ui, (key, &label(ui, key)), value, &mut found);
        }
    }
    found
}

fn label(ui: &Ui, key: &str) -> String {
    ui.code("web-cat-", key)
}

fn add(ui: &Ui, (key, label): (&str, &str), value: &Value, found: &mut Vec<Row>) {
    if let Some(text) = plain(ui, key, value) {
        if !text.is_empty() {
            found.push(Row { label: label.to_owned(), text });
        }
        return;
    }
    match value {
        Value::Array(list) => {
            for (at, one) in (1..).zip(list) {
                let title = one.get("title").or(one.get("text")).and_then(|t| bilingual(ui, t));
                let gate =
                    one.get("kind").and_then(Value::as_str).map(|k| ui.term("gate", k).to_owned());
                let title = title.or(gate);
                let at = title.unwrap_or_else(|| at.to_string());
                add(ui, (key, &format!("{label} {at}")), one, found);
            }
        }
        Value::Object(fields) => {
            for (inner, value) in fields.iter().filter(|(inner, _)| *inner != "title") {
                let name = match key {
                    // Names of fields are codes themselves.
                    "fields" => ui.term("field", inner).to_owned(),
                    _ => self::label(ui, inner),
                };
                add(ui, (inner_key(key, inner), &format!("{label}{INSIDE}{name}")), value, found);
            }
        }
        _ => {}
    }
}

/// The key by which a value inside another is understood.
fn inner_key<'a>(key: &'a str, inner: &'a str) -> &'a str {
    if key == "fields" { "show" } else { inner }
}

/// A value that stands in one line; none for one that holds others.
fn plain(ui: &Ui, key: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        // What does not hold need not be said.
        Value::Bool(flag) => {
            Some(if *flag { ui.t("web-cat-yes").to_owned() } else { String::new() })
        }
        Value::Number(number) if key.ends_with("_fen") => number.as_i64().map(|fen| ui.yuan(&fen)),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(word(ui, key, text)),
        Value::Array(list) if key == "basis" => Some(basis(list)),
        Value::Array(list) => {
            let words: Option<Vec<String>> = list.iter().map(|one| plain(ui, key, one)).collect();
            let joint =
                if list.iter().any(Value::is_object) { "\n" } else { ui.t("ui-list-separator") };
            words.map(|words| words.join(joint))
        }
        Value::Object(fields) => bilingual(ui, value).or_else(|| small(ui, fields)),
    }
}

fn bilingual(ui: &Ui, value: &Value) -> Option<String> {
    let (zh, en) = (value.get("zh")?.as_str()?, value.get("en")?.as_str()?);
    Some(if ui.language.is_chinese() { zh } else { en }.to_owned())
}

/// Time limits and shares.
fn small(ui: &Ui, fields: &Map<String, Value>) -> Option<String> {
    let value = Value::Object(fields.clone());
    if let Ok(limit) = serde_json::from_value::<Limit>(value) {
        return Some(ui.limit(&limit));
    }
    let number = |key: &str| fields.get(key).and_then(Value::as_u64).map(|n| n.to_string());
    let (upper, lower) = (number("numerator")?, number("denominator")?);
    let of = ui.code("web-cat-of-", fields.get("of")?.as_str()?);
    let more = fields.get("more_than").and_then(Value::as_bool) == Some(true);
    let key = if more { "web-cat-more-than" } else { "web-cat-at-least" };
    Some(ui.with(key, &[("upper", &upper), ("lower", &lower), ("of", &of)]))
}

fn basis(list: &[Value]) -> String {
    let one = |basis: &Value| {
        let text = |key: &str| basis.get(key).and_then(Value::as_str).unwrap_or_default();
        format!("{} {}", text("instrument"), text("article")).trim().to_owned()
    };
    list.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// A code in words; what is none stays as it is.
fn word(ui: &Ui, key: &str, text: &str) -> String {
    let catalogue = &ui.law().catalogue;
    let title = |found: Option<&domain::model::Bilingual>| {
        found.map_or_else(|| text.to_owned(), |title| format!("{text} {}", ui.title(title)))
    };
    match key {
        "from" | "until" => ui.day(text),
        "body" if is_by_tier(text) => ui.t("web-cat-by-amount").to_owned(),
        "owner" | "actors" | "approver" | "roles" | "role" | "excludes" | "posts" | "signers"
        | "body" => ui.role(text),
        "procedure" => title(catalogue.procedures.get(text).map(|one| &one.title)),
        "disclosure" | "part_of" => title(catalogue.duties.get(text).map(|one| &one.title)),
        "profile" => title(catalogue.profiles.get(text).map(|one| &one.title)),
        "due" | "rule" => title(catalogue.deadlines.get(text).map(|one| &one.title)),
        "negative" => title(catalogue.negative.get(text).map(|one| &one.text)),
        "show" => ui.term("show", text).to_owned(),
        "sense" => ui.code("web-cat-sense-", text),
        "frequency" => {
            let known = ui.term("frequency_duty", text);
            if known == text { ui.term("frequency", text).to_owned() } else { known.to_owned() }
        }
        _ => {
            let group = GROUPS.iter().find(|(known, _)| *known == key);
            group.map_or(text, |(_, group)| ui.term(group, text)).to_owned()
        }
    }
}
