//! Texts that become public: of a sensible length, without the number of a person, and with the name of
//! one of the village only where whoever writes says that he means it. Asked where they are written down,
//! so that no way into the register leads past it.
//!
//! Names are looked for in what offices write. A question of a villager is not searched: the answer
//! would tell anybody whom the register knows.

use domain::name::{named_in, surname_only};
use domain::problem::{Failure, Place, Problem};
use domain::text::personal_number;
use serde_json::Value;
use sqlx::Row;

use crate::db::failure;
use crate::tx::Tx;

/// Longest title, in letters.
pub(crate) const TITLE: usize = 200;
/// Longest plain text, in letters.
pub(crate) const TEXT: usize = 20_000;

/// Refuses a text that is too long or holds an ID number, a telephone or a card number.
pub(crate) fn public(field: &str, text: &str, most: usize) -> Result<(), Problem> {
    if text.chars().count() > most {
        return Err(Problem::new("text-length", at(field)).with("most", most));
    }
    without_numbers(field, text)
}

/// The same for every text inside a content; amounts and counts are no texts.
pub(crate) fn public_value(field: &str, value: &Value) -> Result<(), Problem> {
    match value {
        Value::String(text) => public(field, text, TEXT),
        Value::Array(list) => list.iter().try_for_each(|one| public_value(field, one)),
        Value::Object(map) => map.values().try_for_each(|one| public_value(field, one)),
        _ => Ok(()),
    }
}

fn without_numbers(field: &str, text: &str) -> Result<(), Problem> {
    match personal_number(text) {
        Some(kind) => Err(Problem::new("text-has-number", at(field)).with("kind", kind.code())),
        None => Ok(()),
    }
}

/// Asks back when a text names somebody of the village, as far as the register knows its people. The
/// problem shows the surname alone.
pub(crate) async fn unnamed(
    tx: &mut Tx,
    place: &str,
    field: &str,
    text: &str,
) -> Result<(), Failure> {
    if text.trim().is_empty() {
        return Ok(());
    }
    let during = |error| failure("read people", error);
    let query = sqlx::query("select name from people where village = $1").bind(place.to_owned());
    let rows = query.fetch_all(tx.connection()).await.map_err(during)?;
    let names: Vec<String> =
        rows.iter().map(|row| row.try_get("name")).collect::<Result<_, _>>().map_err(during)?;
    let Some(name) = named_in(text, names.iter().map(String::as_str)) else { return Ok(()) };
    if tx.names_confirmed {
        tx.let_a_name_through();
        return Ok(());
    }
    Err(Problem::new("text-names-person", at(field)).with("name", surname_only(name)).into())
}

/// The same for every text inside a content.
pub(crate) async fn unnamed_value(
    tx: &mut Tx,
    place: &str,
    field: &str,
    value: &Value,
) -> Result<(), Failure> {
    let mut texts = Vec::new();
    gather(value, &mut texts);
    unnamed(tx, place, field, &texts.join("\n")).await
}

fn gather<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(list) => list.iter().for_each(|one| gather(one, texts)),
        Value::Object(map) => map.values().for_each(|one| gather(one, texts)),
        _ => {}
    }
}

fn at(field: &str) -> Place {
    Place { column: Some(field.to_owned()), ..Place::default() }
}

#[cfg(test)]
mod tests {
    use super::{public, public_value};
    use serde_json::json;

    #[test]
    fn a_number_of_a_person_is_found_wherever_it_stands() {
        let telephone = "电话 138 0013 8000";
        assert_eq!(public("title", telephone, 200).unwrap_err().code, "text-has-number");
        assert_eq!(public("title", "修路修路", 3).unwrap_err().code, "text-length");
        let deep = json!({ "lines": [{ "item": "路", "note": [telephone] }] });
        assert_eq!(public_value("body", &deep).unwrap_err().code, "text-has-number");
        // Eleven digits of money are no telephone.
        assert!(public_value("body", &json!({ "total_fen": 13_800_138_000_i64 })).is_ok());
    }
}
