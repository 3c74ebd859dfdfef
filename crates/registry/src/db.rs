//! Connections: one SQL text on two engines. What differs between them stands in this file and in
//! `migrations/`, nowhere else.
//!
//! SQLite: one writer, several readers, WAL, every commit on disk before it is confirmed.
//! PostgreSQL 15 or later: a pool for each; one transaction writes at a time there too.

use std::path::Path;
use std::time::Duration;

use domain::problem::{Failure, Fault, Place, Problem};
use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::{Any, AnyPool, Executor, Transaction};

use crate::constraints;

/// Readers of a SQLite file.
const READERS: u32 = 4;
/// Connections of a pool to PostgreSQL.
const CONNECTIONS: u32 = 8;
/// Takes the one writing place of a database until the transaction ends.
const WRITING_PLACE: &str = "select pg_advisory_xact_lock(7311402)";
/// How long a writer waits for another.
const WAIT: Duration = Duration::from_secs(20);

/// The database engine behind a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// An open database.
#[derive(Debug, Clone)]
pub struct Db {
    /// Which engine.
    pub engine: Engine,
    pub(crate) write: AnyPool,
    pub(crate) read: AnyPool,
}

impl Db {
    /// Opens a database by its address: a path for SQLite, `postgres://...` for a server.
    ///
    /// # Errors
    /// A problem when the address is not understood, or nobody answers there; a fault when a file
    /// cannot be opened.
    pub async fn open(address: &str) -> Result<Self, Failure> {
        install_default_drivers();
        let fault = |error| failure("open database", error);
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            // Writers who wait for each other must not keep those from reading who are writing.
            let pool = || AnyPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(WAIT);
            let unreachable = |error: sqlx::Error| {
                let problem = Problem::new("database-unreachable", Place::default());
                problem.with("detail", error)
            };
            let write = pool().connect(address).await.map_err(unreachable)?;
            let read = pool().connect(address).await.map_err(unreachable)?;
            return Ok(Self { engine: Engine::Postgres, write, read });
        }
        if address.contains("://") {
            let place = Place { column: Some("database".to_owned()), ..Place::default() };
            return Err(Problem::new("database-address", place).into());
        }
        let url = sqlite_url(Path::new(address));
        let write = sqlite(1).connect(&format!("{url}?mode=rwc")).await.map_err(fault)?;
        let read = sqlite(READERS).connect(&format!("{url}?mode=rw")).await.map_err(fault)?;
        Ok(Self { engine: Engine::Sqlite, write, read })
    }

    /// Begins a write transaction. It holds the one writing place from its first moment, so that what
    /// it reads is still true when it writes: two people who act on the same matter act one after the
    /// other. Entries of the log are numbered without gaps and would make them wait anyhow.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Any>, Failure> {
        let during = |error| failure("begin", error);
        if self.engine == Engine::Sqlite {
            return self.write.begin_with("begin immediate").await.map_err(during);
        }
        let mut begun = self.write.begin().await.map_err(during)?;
        begun.execute(WRITING_PLACE).await.map_err(during)?;
        Ok(begun)
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.write.close().await;
        self.read.close().await;
    }
}

fn sqlite_url(path: &Path) -> String {
    let mut url = String::from("sqlite://");
    for c in path.display().to_string().chars() {
        match c {
            '?' | '#' | '%' => url.push_str(&format!("%{:02X}", c as u32)),
            c => url.push(c),
        }
    }
    url
}

fn sqlite(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new().max_connections(connections).acquire_timeout(WAIT).after_connect(
        |connection, _| {
            Box::pin(async move {
                // Full: a confirmed act outlasts a loss of power.
                let settings = "pragma busy_timeout = 20000; pragma journal_mode = wal; \
                                pragma synchronous = full; pragma foreign_keys = on;";
                connection.execute(settings).await?;
                Ok(())
            })
        },
    )
}

/// The failure that an error of the database means: a broken constraint is for the user to mend.
pub(crate) fn failure(during: &'static str, error: sqlx::Error) -> Failure {
    if let sqlx::Error::Database(inner) = &error
        && let Some(broken) = constraints::broken(inner.constraint(), inner.message())
    {
        return broken.into();
    }
    Fault::new(during, error).into()
}
