//! Files of a new model, to start from: it passes its own check and test.

const SQL: &str = include_str!("scaffold/model.sql");
const README: &str = include_str!("scaffold/README.md");
const PAYMENTS: &str = include_str!("scaffold/payments.csv");
const EXPECTED: &str = include_str!("scaffold/expected.csv");

/// Files of a new model as (path relative to the models folder, text).
#[must_use]
pub fn scaffold(id: &str) -> Vec<(String, String)> {
    [
        ("model.sql", SQL.replacen("new-model", id, 1)),
        ("README.md", README.to_owned()),
        ("facts/payments.csv", PAYMENTS.to_owned()),
        ("expected.csv", EXPECTED.to_owned()),
    ]
    .map(|(file, text)| (format!("{id}/{file}"), text))
    .to_vec()
}
