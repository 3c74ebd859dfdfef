//! All rows of a database as text, and back.

use std::collections::BTreeMap;

use registry::migrate::MIGRATIONS;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyTypeInfoKind;
use sqlx::{AnyPool, Column, Executor, Row as _, ValueRef};

/// A value of the closed set of column types.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// None.
    Null,
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A row by its columns.
pub type Row = BTreeMap<String, Cell>;
/// Rows by table, in the order in which migrations made the tables: none refers to a later one.
pub type Tables = Vec<(String, Vec<Row>)>;

/// Tables that the migrations up to a number make.
pub fn tables(number: i64) -> Vec<&'static str> {
    let texts = MIGRATIONS.iter().filter(|m| m.number <= number).map(|m| m.sqlite);
    let named = texts.flat_map(str::lines).filter_map(|line| line.strip_prefix("create table "));
    named.map(|rest| rest.trim_end_matches(" (")).collect()
}

/// A line for each row, so that a file can be read by people.
pub fn to_text(tables: &Tables) -> String {
    let mut lines = Vec::new();
    for (table, rows) in tables {
        lines.extend(rows.iter().map(|row| serde_json::to_string(&(table, row)).expect("plain")));
    }
    format!("[\n{}\n]\n", lines.join(",\n"))
}

/// The rows of a text.
pub fn from_text(text: &str) -> Tables {
    let lines: Vec<(String, Row)> = serde_json::from_str(text).expect("rows");
    let mut tables = Tables::new();
    for (table, row) in lines {
        match tables.last_mut().filter(|(last, _)| *last == table) {
            Some((_, rows)) => rows.push(row),
            None => tables.push((table, vec![row])),
        }
    }
    tables
}

/// A statement made while the test runs; there are few of them.
fn sql(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// A connection behind the register's back.
async fn pool(address: &str) -> AnyPool {
    let url = match address.contains("://") {
        true => address.to_owned(),
        false => format!("sqlite://{address}"),
    };
    AnyPool::connect(&url).await.expect("a connection")
}

/// All rows, in an order of their own.
pub async fn read(address: &str, number: i64) -> Tables {
    let (pool, mut found) = (pool(address).await, Tables::new());
    for table in tables(number) {
        let rows = sqlx::query(sql(format!("select * from {table}")));
        let rows = rows.fetch_all(&pool).await.expect("rows");
        let mut rows: Vec<Row> = rows.iter().map(row).collect();
        // Places stand below one another: a longer path comes later.
        rows.sort_by_key(|row| (row.get("path").cloned(), row.get("idx").cloned(), row.clone()));
        found.push((table.to_owned(), rows));
    }
    pool.close().await;
    found
}

fn row(row: &sqlx::any::AnyRow) -> Row {
    let cell = |at: usize| {
        let raw = row.try_get_raw(at).expect("a cell");
        if raw.is_null() {
            return Cell::Null;
        }
        match raw.type_info().kind() {
            AnyTypeInfoKind::Text => Cell::Text(row.get(at)),
            AnyTypeInfoKind::Blob => Cell::Bytes(row.get(at)),
            _ => Cell::Number(row.get(at)),
        }
    };
    row.columns().iter().map(|c| (c.name().to_owned(), cell(c.ordinal()))).collect()
}

/// Puts rows into empty tables; what migrations put there goes first.
pub async fn write(address: &str, tables: &Tables) {
    let pool = pool(address).await;
    for (table, rows) in tables {
        pool.execute(sql(format!("delete from {table}"))).await.expect("empty");
        for row in rows {
            // What is empty is left out: it has no type to bind.
            let filled: Vec<_> = row.iter().filter(|(_, cell)| **cell != Cell::Null).collect();
            let names: Vec<&str> = filled.iter().map(|(column, _)| column.as_str()).collect();
            let marks: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
            let (names, marks) = (names.join(", "), marks.join(", "));
            let text = format!("insert into {table} ({names}) values ({marks})");
            let mut query = sqlx::query(sql(text));
            for (_, cell) in filled {
                query = match cell.clone() {
                    Cell::Number(number) => query.bind(number),
                    Cell::Text(text) => query.bind(text),
                    Cell::Bytes(bytes) => query.bind(bytes),
                    Cell::Null => query,
                };
            }
            query.execute(&pool).await.unwrap_or_else(|e| panic!("{table} {row:?}: {e}"));
        }
    }
    pool.close().await;
}
