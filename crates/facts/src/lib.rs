//! The pseudonymous lake: keys, identity vault, batches in Parquet, look-up of one person.
//!
//! One imported file is one immutable batch: sorted Parquet files without any name or number of a
//! person, a sealed vault with those, and a manifest. Keys lie in a folder apart from the data.
//!
//! What is deliberately absent: a database, mutable tables, and any way to change a row. A wrong
//! batch is withdrawn and its file imported again.

mod access;
mod arranged;
mod batch;
mod build;
mod collect;
mod columns;
mod dictionary;
mod disk;
mod encode;
mod folder;
mod import;
pub mod insight;
pub mod intake;
mod kept;
mod keys;
mod load;
mod manifest;
mod ordered;
pub mod own;
mod person;
mod plans;
mod problems;
mod quick;
mod runs;
mod schema;
mod seen;
mod settings;
mod vault;

pub use access::AccessEntry;
pub use dictionary::Dictionaries;
pub use folder::Folder;
pub use import::{ImportOptions, Imported, NamedProgramme};
pub use load::{Loaded, RANGES};
pub use manifest::{Manifest, SheetManifest, TableManifest, TallyManifest, Waiting, Withdrawn};
pub use person::{PersonRows, PersonTable};
pub use plans::Plans;
pub use problems::BatchProblem;
pub use schema::schema;
pub use seen::{AccessLog, Asked, Seen};
pub use vault::{Identity, Vault};
