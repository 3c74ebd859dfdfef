//! Numbered migrations, forward only. Each is applied once, in its own transaction, and its digest
//! is kept: a migration that was changed after it had been applied is refused.

use domain::problem::{Failure, Fault};
use sha2::{Digest, Sha256};
use sqlx::{Executor, Row};

use crate::db::{Db, Engine, failure};

/// A migration as both engines have it.
pub struct Migration {
    /// Number, from 1.
    pub number: i64,
    /// What it does.
    pub name: &'static str,
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

macro_rules! migration {
    ($number:literal, $name:literal) => {
        Migration {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }
    };
}

/// All of them, in order.
pub const MIGRATIONS: &[Migration] = &[
    migration!(1, "0001_base"),
    migration!(2, "0002_matters"),
    migration!(3, "0003_web"),
    migration!(4, "0004_preparations"),
    migration!(5, "0005_place_names"),
    migration!(6, "0006_own_codes"),
    migration!(7, "0007_inquiries"),
    migration!(8, "0008_public_lookups"),
    migration!(9, "0009_reports"),
    migration!(10, "0010_account_starts"),
    migration!(11, "0011_supervision"),
    migration!(12, "0012_report_lookups"),
    migration!(13, "0013_transfers_and_bots"),
];

const TABLE: &str = "create table if not exists migrations (
  number bigint not null,
  name text not null,
  sha256 text not null,
  constraint migrations_pk primary key (number)
)";

/// Brings a database up to the present. Returns how many migrations were applied.
///
/// # Errors
/// A fault when a migration was changed, is newer than this program, or does not run.
pub async fn migrate(db: &Db) -> Result<usize, Failure> {
    migrate_to(db, i64::MAX).await
}

/// Brings a database up to the migration of a number, as a program of that time did.
///
/// # Errors
/// As [`migrate`].
pub async fn migrate_to(db: &Db, last: i64) -> Result<usize, Failure> {
    let during = |error| failure("migrate", error);
    db.write.execute(TABLE).await.map_err(during)?;
    let rows = sqlx::query("select number, sha256 from migrations order by number");
    let rows = rows.fetch_all(&db.write).await.map_err(during)?;
    let mut applied = Vec::new();
    for row in rows {
        let number: i64 = row.try_get("number").map_err(during)?;
        let known = MIGRATIONS.iter().find(|m| m.number == number);
        let known = known
            .ok_or_else(|| Fault::new("migrate", "the database is newer than this program"))?;
        let digest: String = row.try_get("sha256").map_err(during)?;
        if digest != sha256(text(known, db.engine)) {
            return Err(Fault::new("migrate", format!("{} was changed", known.name)).into());
        }
        applied.push(number);
    }
    let mut count = 0;
    for migration in MIGRATIONS.iter().filter(|m| m.number <= last && !applied.contains(&m.number))
    {
        let text = text(migration, db.engine);
        let mut tx = db.begin().await?;
        tx.execute(text).await.map_err(during)?;
        let keep = "insert into migrations (number, name, sha256) values ($1, $2, $3)";
        let keep = sqlx::query(keep).bind(migration.number).bind(migration.name).bind(sha256(text));
        keep.execute(&mut *tx).await.map_err(during)?;
        tx.commit().await.map_err(during)?;
        count += 1;
    }
    Ok(count)
}

fn text(migration: &Migration, engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => migration.sqlite,
        Engine::Postgres => migration.postgres,
    }
}

fn sha256(text: &str) -> String {
    crate::rows::hex(&Sha256::digest(text))
}

impl Migration {
    /// SHA-256 of its text for SQLite and for PostgreSQL, in hex.
    #[must_use]
    pub fn digests(&self) -> [String; 2] {
        [sha256(self.sqlite), sha256(self.postgres)]
    }
}

/// A named constraint of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// Its table.
    pub table: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Columns of a unique constraint or primary key.
    pub columns: Vec<&'static str>,
}

/// All named constraints, read from the migrations.
#[must_use]
pub fn constraints() -> Vec<Constraint> {
    let mut table = "";
    let mut found = Vec::new();
    for line in MIGRATIONS.iter().flat_map(|m| m.sqlite.lines()).map(str::trim) {
        if let Some(rest) = line.strip_prefix("create table ") {
            table = rest.split([' ', '(']).next().unwrap_or_default();
        } else if let Some(rest) = line.strip_prefix("constraint ") {
            let (name, kind) = rest.split_once(' ').unwrap_or((rest, ""));
            let listed = kind.starts_with("unique") || kind.starts_with("primary key");
            let inner = kind.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
            let columns = inner.filter(|_| listed).map(|(inner, _)| inner.split(','));
            let columns = columns.into_iter().flatten().map(str::trim).collect();
            found.push(Constraint { table, name, columns });
        }
    }
    found
}
