//! Names of broken constraints, and what they mean to a reader.
//!
//! PostgreSQL says the name. SQLite says it for checks only; for a unique constraint it lists the
//! columns, and for a foreign key nothing at all.

use domain::problem::{Place, Problem};

use crate::migrate;

/// What is told when a constraint of a kind is broken: the code of a problem.
fn code(name: &str) -> &'static str {
    match name {
        "users_login_once" => "login-taken",
        "places_path_once" => "place-taken",
        "kinships_two_people" => "kinship-with-oneself",
        "posts_span" | "grants_span" | "orders_span" => "span-backwards",
        name if name.ends_with("_once") || name.ends_with("_pk") => "already-there",
        name if name.ends_with("_fk") => "row-unknown",
        _ => "value-not-allowed",
    }
}

/// The problem behind a message of the database, if a constraint is behind it.
pub fn broken(constraint: Option<&str>, message: &str) -> Option<Problem> {
    let name = match constraint {
        Some(name) => name.to_owned(),
        None => name_in(message)?,
    };
    Some(Problem::new(code(&name), Place::default()).with("constraint", name))
}

fn name_in(message: &str) -> Option<String> {
    if message.contains("FOREIGN KEY constraint failed") {
        return Some("any_fk".to_owned());
    }
    if let Some((_, name)) = message.split_once("CHECK constraint failed: ") {
        return Some(name.trim().to_owned());
    }
    let (_, columns) = message.split_once("UNIQUE constraint failed: ")?;
    let mut wanted: Vec<&str> = columns.split(',').map(str::trim).collect();
    wanted.sort_unstable();
    let named = migrate::constraints().into_iter().find(|known| {
        let mut columns: Vec<String> =
            known.columns.iter().map(|column| format!("{}.{column}", known.table)).collect();
        columns.sort();
        columns == wanted
    });
    named.map(|known| known.name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn both_engines_lead_to_the_same_problem() {
        for (constraint, message, code) in [
            (Some("users_login_once"), "duplicate key value", "login-taken"),
            (None, "UNIQUE constraint failed: users.login", "login-taken"),
            (None, "UNIQUE constraint failed: events.matter, events.seq", "already-there"),
            (None, "CHECK constraint failed: posts_span", "span-backwards"),
            (None, "FOREIGN KEY constraint failed", "row-unknown"),
            (Some("posts_place_fk"), "violates foreign key", "row-unknown"),
        ] {
            let problem = broken(constraint, message);
            assert_eq!(problem.map(|p| p.code), Some(code), "{message}");
        }
        assert!(broken(None, "disk I/O error").is_none());
    }
}
