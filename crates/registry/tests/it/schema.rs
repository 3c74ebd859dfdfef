//! The schema: equal on both engines, every constraint named, every column classified.

use std::collections::{BTreeMap, BTreeSet};

use registry::migrate::MIGRATIONS;

fn columns() -> BTreeMap<String, BTreeSet<String>> {
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut table = String::new();
    for line in MIGRATIONS.iter().flat_map(|m| m.sqlite.lines()) {
        if let Some(rest) = line.strip_prefix("create table ") {
            table = rest.trim_end_matches(" (").to_owned();
        } else if let Some((to, rest)) = added(line) {
            tables.entry(to.to_owned()).or_default().insert(rest.to_owned());
        } else if let Some(rest) = line.strip_prefix("  ")
            && !rest.starts_with("constraint ")
        {
            let name = rest.split(' ').next().unwrap_or_default();
            tables.entry(table.clone()).or_default().insert(name.to_owned());
        }
    }
    tables
}

/// Table and column of `alter table grants add column void bigint;`.
fn added(line: &str) -> Option<(&str, &str)> {
    let (table, column) = line.strip_prefix("alter table ")?.split_once(" add column ")?;
    Some((table, column.split(' ').next()?))
}

#[test]
fn both_engines_have_the_same_tables() {
    for migration in MIGRATIONS {
        let same = migration.postgres.replace(" bytea", " blob");
        assert_eq!(migration.sqlite, same, "{}", migration.name);
    }
}

#[test]
fn only_the_closed_set_of_column_types_is_used() {
    for line in MIGRATIONS.iter().flat_map(|m| m.sqlite.lines()) {
        let of_table = line.strip_prefix("  ").filter(|r| !r.starts_with("constraint "));
        let of_change = line.split_once(" add column ").map(|(_, rest)| rest);
        let Some(rest) = of_table.or(of_change) else { continue };
        let kind = rest.trim_end_matches([',', ';']).split(' ').nth(1).unwrap_or_default();
        assert!(["text", "bigint", "blob"].contains(&kind), "{line}");
    }
}

#[test]
fn every_constraint_is_named_and_said_once() {
    let all = registry::migrate::constraints();
    let names: BTreeSet<&str> = all.iter().map(|c| c.name).collect();
    assert_eq!(names.len(), all.len());
    for line in MIGRATIONS.iter().flat_map(|m| m.sqlite.lines()) {
        let unnamed = ["primary key", "references ", "unique ", "check ("];
        let said = unnamed.iter().any(|word| line.contains(word));
        assert!(!said || line.trim_start().starts_with("constraint "), "{line}");
    }
    for (table, _) in columns() {
        assert!(all.iter().any(|c| c.table == table && c.name.ends_with("_pk")), "{table}");
    }
}

#[test]
fn every_column_is_classified() {
    let text = include_str!("../../visibility.toml");
    let classes: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(text).unwrap();
    let classified: BTreeMap<String, BTreeSet<String>> =
        classes.iter().map(|(t, c)| (t.clone(), c.keys().cloned().collect())).collect();
    assert_eq!(classified, columns());
    let known = ["public", "profile", "internal", "sealed"];
    for (table, columns) in classes {
        for (column, class) in columns {
            assert!(known.contains(&class.as_str()), "{table}.{column} = {class}");
        }
    }
}
