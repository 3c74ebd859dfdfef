//! Rows as canonical text, whatever their table: what digests are made of.
//!
//! Every act keeps a digest of each row that it wrote, as the row stood afterwards. The audit reads
//! all rows again; one that differs was changed behind the register's back.

use domain::problem::Failure;
use sha2::{Digest, Sha256};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{Any, Column, Executor, Row, ValueRef};

use crate::db::failure;

/// A table whose rows are written by acts.
pub struct Table {
    /// Name.
    pub name: &'static str,
    /// Reads one row by its key.
    pub one: &'static str,
    /// Reads all rows behind a key, in order, at most `$2`.
    pub page: &'static str,
}

macro_rules! tables {
    ($($name:literal),* $(,)?) => {
        /// All tables whose rows are written by acts. Sessions and drafts are not among them: they
        /// are short-lived, and say nothing about what was decided.
        pub const TABLES: &[Table] = &[$(Table {
            name: $name,
            one: concat!("select * from ", $name, " where id = $1"),
            page: concat!("select * from ", $name, " where id > $1 order by id limit $2"),
        }),*];
    };
}

tables![
    "places",
    "place_names",
    "households",
    "people",
    "kinships",
    "interests",
    "posts",
    "users",
    "grants",
    "matters",
    "events",
    "documents",
    "overrides",
    "notices",
    "notice_versions",
    "questions",
    "answers",
    "dues",
    "manifests",
    "question_contacts",
    "notice_photos",
    "requests",
    "request_replies",
    "imports",
    "orders",
    "preparations",
    "own_codes",
    "inquiries",
    "holder_keys",
    "office_keys",
    "office_key_holders",
    "office_key_halves",
    "reports",
    "report_keys",
    "report_wraps",
    "report_parts",
    "report_acts",
    "report_dues",
    "identity_requests",
    "identity_looks",
    "report_tags",
    "leader_charges",
    "charge_steps",
    "leader_visits",
    "topics",
    "topic_supports",
    "report_totals",
    "account_starts",
    "finding_models",
    "findings",
    "finding_people",
    "finding_checks",
    "finding_exclusions",
    "recoveries",
    "finding_looks",
    "clues",
    "clue_people",
    "clue_events",
    "clue_findings",
    "supervision_dues",
    "dual_checks",
    "rectifications",
    "rectification_events",
    "case_notices",
    "stepped_figures",
    "stepped_lists",
    "stepped_scores",
    "stepped_villages",
    "stepped_steps",
    "stepped_checks",
    "stepped_measures",
    "areas",
    "cooperations",
    "cooperation_people",
    "campaigns",
    "campaign_team",
    "campaign_points",
    "campaign_findings",
    "follow_dues",
    "handovers",
    "letters",
    "letter_events",
    "dual_waivers",
    "clue_links",
    "post_duties",
    "post_duty_evidence",
    "regulations",
    "regulation_versions",
    "regulation_reviews",
    "regulation_links",
    "screenings",
    "subject_looks",
];

/// The digest of a row of a table, or none when it is gone.
pub async fn digest<'e, E>(executor: E, table: &Table, id: &str) -> Result<Option<String>, Failure>
where
    E: Executor<'e, Database = Any>,
{
    let row = sqlx::query(table.one).bind(id.to_owned()).fetch_optional(executor).await;
    let row = row.map_err(|error| failure("read row", error))?;
    row.map(|row| digest_of(&row)).transpose()
}

/// SHA-256 of a row: each column as name, kind and value, in the order of their names. An empty cell is
/// left out, so that a column which a later migration adds, empty, leaves the digests of all older rows
/// as they are.
pub fn digest_of(row: &AnyRow) -> Result<String, Failure> {
    let mut cells = Vec::with_capacity(row.columns().len());
    for column in row.columns() {
        let value = cell(row, column.ordinal())?;
        cells.extend(value.map(|value| (column.name(), value)));
    }
    cells.sort_unstable();
    let mut digest = Sha256::new();
    for (name, value) in cells {
        for part in [name.as_bytes(), value.as_slice()] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
    }
    Ok(hex(&digest.finalize()))
}

/// A cell as bytes that are the same on both engines: numbers in decimal, none for null.
fn cell(row: &AnyRow, at: usize) -> Result<Option<Vec<u8>>, Failure> {
    let fault = |error| failure("read cell", error);
    let raw = row.try_get_raw(at).map_err(fault)?;
    if raw.is_null() {
        return Ok(None);
    }
    let kind = raw.type_info().kind();
    Ok(Some(match kind {
        AnyTypeInfoKind::Text => {
            [b"t", row.try_get::<&str, _>(at).map_err(fault)?.as_bytes()].concat()
        }
        AnyTypeInfoKind::Blob => [b"b", row.try_get::<&[u8], _>(at).map_err(fault)?].concat(),
        _ => format!("n{}", row.try_get::<i64, _>(at).map_err(fault)?).into_bytes(),
    }))
}

/// Lower-case hex digits of bytes.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _infallible = write!(out, "{b:02x}");
        out
    })
}
