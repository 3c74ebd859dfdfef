//! Why something was refused. This crate knows nothing of ours, so it has a type of its own; the
//! layers above turn it into their kinds by [`Refused::code`], and sentences live in `locales/`.

use alloc::string::String;

use crate::tree::Hash;

/// Something does not fit. The texts are for logs; they never hold a payload.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not JSON that has one canonical spelling: what is wrong.
    #[error("not canonical JSON: {0}")]
    Json(&'static str),
    /// Not a leaf: which part, or what about it.
    #[error("not a leaf: {0}")]
    Leaf(&'static str),
    /// More than 65,535 bytes: how many.
    #[error("an entry of {0} bytes, more than 65,535")]
    EntryTooLong(usize),
    /// Not a signed note: what is wrong.
    #[error("not a signed note: {0}")]
    Note(&'static str),
    /// Not a checkpoint: what is wrong.
    #[error("not a checkpoint: {0}")]
    Checkpoint(&'static str),
    /// Not a key, or not in its text form: what is wrong.
    #[error("not a key: {0}")]
    Key(&'static str),
    /// Not a proof or a proof bundle: what is wrong.
    #[error("not a proof: {0}")]
    Proof(&'static str),
    /// Not the path of a tile or an entry bundle.
    #[error("not the path of a tile: {0}")]
    Path(String),
    /// No signature by a key that we know and that holds for this size.
    #[error("checkpoint of size {size} is not signed by a known key")]
    NotSigned {
        /// Number of leaves that the checkpoint claims.
        size: u64,
    },
    /// A signature in the name of a known key that the key did not make.
    #[error("false signature in the name of {0}")]
    FalseSignature(String),
    /// A checkpoint of another log.
    #[error("checkpoint of the log {found}, not of {expected}")]
    OtherLog {
        /// Origin that was asked for.
        expected: String,
        /// Origin in the checkpoint.
        found: String,
    },
    /// A leaf number at or behind the end of the tree.
    #[error("leaf {index} is not among the {size} leaves")]
    OutsideTree {
        /// Number of the leaf, from 0.
        index: u64,
        /// Number of leaves.
        size: u64,
    },
    /// The path of hashes does not lead from the leaf to the root of the checkpoint.
    #[error("leaf {index} is not in the tree of size {size}")]
    NotInTree {
        /// Number of the leaf, from 0.
        index: u64,
        /// Number of leaves.
        size: u64,
    },
    /// Two trees of which the later does not continue the earlier: history was altered.
    #[error("the tree of size {later} does not continue the tree of size {earlier}")]
    NotConsistent {
        /// Number of leaves of the earlier tree.
        earlier: u64,
        /// Number of leaves of the later tree.
        later: u64,
    },
    /// The payload is not the one that the leaf commits to.
    #[error("the payload does not fit the commitment of the leaf")]
    PayloadMismatch,
    /// A field is not the one that the leaf commits to, or the leaf knows no such field.
    #[error("the field {0} does not fit the commitment of the leaf")]
    FieldMismatch(String),
    /// A tile or bundle that the tree needs is not there.
    #[error("{0} is missing")]
    Missing(String),
    /// A tile or bundle whose bytes are not what its path says, or do not fit the tree.
    #[error("{0} is damaged")]
    Damaged(String),
    /// The root that the tiles give is another one.
    #[error("the tiles give another root than {0}")]
    OtherRoot(Hash),
    /// The caller's storage failed: its words.
    #[error("storage: {0}")]
    Store(String),
}

impl Refused {
    /// Stable code, for sentences in two languages.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Json(_) => "journal-json",
            Self::Leaf(_) => "journal-leaf",
            Self::EntryTooLong(_) => "journal-entry-too-long",
            Self::Note(_) => "journal-note",
            Self::Checkpoint(_) => "journal-checkpoint",
            Self::Key(_) => "journal-key",
            Self::Proof(_) => "journal-proof",
            Self::Path(_) => "journal-path",
            Self::NotSigned { .. } => "journal-not-signed",
            Self::FalseSignature(_) => "journal-false-signature",
            Self::OtherLog { .. } => "journal-other-log",
            Self::OutsideTree { .. } => "journal-outside-tree",
            Self::NotInTree { .. } => "journal-not-in-tree",
            Self::NotConsistent { .. } => "journal-not-consistent",
            Self::PayloadMismatch => "journal-payload-mismatch",
            Self::FieldMismatch(_) => "journal-field-mismatch",
            Self::Missing(_) => "journal-missing",
            Self::Damaged(_) => "journal-damaged",
            Self::OtherRoot(_) => "journal-other-root",
            Self::Store(_) => "journal-store",
        }
    }
}
