//! The office that records: what people do with a power, in a database that an entry of the
//! journal stands behind every act of.
//!
//! Reads are in [`queries`], writes in [`actions`]; both are plain functions over static SQL that
//! runs on SQLite and on PostgreSQL. Rules are not here: they are pure functions of `domain`.

pub mod access;
pub mod actions;
mod audit;
pub mod backup;
pub mod blobs;
mod constraints;
pub mod db;
mod ids;
pub mod jobs;
mod law;
pub mod log;
pub mod migrate;
pub mod public;
pub mod queries;
pub mod reports;
mod rows;
pub mod seal;
pub mod sealer;
pub mod tx;

pub use access::By;
pub use audit::{Difference, audit};
pub use db::{Db, Engine};
pub use ids::{is_public_number, public_number};
pub use law::Law;
pub use rows::TABLES;
pub use tx::{Committed, Entry, Now, PublicEntry, Tx};

use domain::problem::Failure;

/// An open register.
#[derive(Debug, Clone)]
pub struct Registry {
    /// Its database.
    pub db: Db,
}

impl Registry {
    /// Opens a register and brings its tables up to the present.
    ///
    /// # Errors
    /// As [`Db::open`] and [`migrate::migrate`].
    pub async fn open(address: &str) -> Result<Self, Failure> {
        let db = Db::open(address).await?;
        migrate::migrate(&db).await?;
        Ok(Self { db })
    }

    /// Begins an act.
    ///
    /// # Errors
    /// A fault when the database cannot be written.
    pub async fn begin(&self, by: By, now: Now, reason: &str) -> Result<Tx, Failure> {
        Tx::begin(&self.db, by, now, reason).await
    }
}
