//! What a person takes home: one record with everything that proves it, as one JSON file; and the
//! C2SP `tlog-proof` text for tools of others.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::checkpoint::{Checkpoint, decimal};
use crate::commitment::Salt;
use crate::error::Refused;
use crate::note::Note;
use crate::proof::Tree;
use crate::tree::Hash;

/// What the member `format` of a bundle says.
pub const BUNDLE_FORMAT: &str = "mingbai-proof/1";
const TLOG_PROOF: &str = "c2sp.org/tlog-proof@v1";
/// No tree below 2^64 leaves has a longer path.
const LONGEST_PATH: usize = 64;

/// A record and its proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// [`BUNDLE_FORMAT`].
    pub format: String,
    /// The leaf, exactly as it stands in the log.
    pub leaf: String,
    /// Number of the leaf, from 0.
    pub index: u64,
    /// Hashes from the leaf's sibling up to the child of the root.
    pub proof: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The payload without personal fields; none once it was erased.
    #[serde(default)]
    pub payload: Option<Opened>,
    /// Personal fields that are shown. Others that the leaf names read as erased.
    #[serde(default)]
    pub fields: BTreeMap<String, Opened>,
    /// What the office says about an erasure. Nothing proves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Erasure>,
}

/// A value and the salt that opens its commitment. Both go together or not at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The salt, 32 hexadecimal digits.
    pub salt: Salt,
    /// The value.
    pub value: Value,
}

/// When and why something was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    /// Day, `YYYY-MM-DD`.
    pub on: String,
    /// Ground, as a code or an article.
    pub ground: String,
}

impl Bundle {
    /// The proof of one leaf under a checkpoint of the tree's size, still without its payload.
    ///
    /// # Errors
    /// [`Refused::Checkpoint`] for a checkpoint of another tree, and as
    /// [`Tree::prove_inclusion`].
    pub fn prove(tree: &mut Tree<'_>, index: u64, checkpoint: &str) -> Result<Self, Refused> {
        let claimed = Checkpoint::parse(&Note::parse(checkpoint)?.text)?;
        if claimed.size != tree.size() || claimed.root != tree.root()? {
            return Err(Refused::Checkpoint("it is of another tree"));
        }
        let leaf = String::from_utf8(tree.entry(index)?);
        Ok(Self {
            format: BUNDLE_FORMAT.to_owned(),
            leaf: leaf.map_err(|_| Refused::Leaf("not text"))?,
            index,
            proof: tree.prove_inclusion(index)?,
            checkpoint: checkpoint.to_owned(),
            payload: None,
            fields: BTreeMap::new(),
            erased: None,
        })
    }

    /// The same bundle with its payload.
    #[must_use]
    pub fn with_payload(mut self, salt: Salt, value: Value) -> Self {
        self.payload = Some(Opened { salt, value });
        self
    }

    /// The same bundle with one more personal field.
    #[must_use]
    pub fn with_field(mut self, name: &str, salt: Salt, value: Value) -> Self {
        self.fields.insert(name.to_owned(), Opened { salt, value });
        self
    }

    /// Reads a bundle file. Nothing is proved yet: [`crate::verify`].
    ///
    /// # Errors
    /// [`Refused::Proof`].
    pub fn parse(json: &str) -> Result<Self, Refused> {
        let bundle: Self =
            serde_json::from_str(json).map_err(|_| Refused::Proof("not a bundle in JSON"))?;
        if bundle.format != BUNDLE_FORMAT {
            return Err(Refused::Proof("a format that is not known"));
        }
        if bundle.proof.len() > LONGEST_PATH {
            return Err(Refused::Proof("more hashes than any tree is high"));
        }
        Ok(bundle)
    }

    /// The file: indented JSON with a line break at its end.
    ///
    /// # Errors
    /// [`Refused::Proof`] when it cannot be written as JSON.
    pub fn to_json(&self) -> Result<String, Refused> {
        let text = serde_json::to_string_pretty(self).map_err(|_| Refused::Proof("as JSON"))?;
        Ok(text + "\n")
    }

    /// The same proof for C2SP tools, with the leaf as extra data. Holds no payload.
    #[must_use]
    pub fn tlog_proof(&self) -> TlogProof {
        TlogProof {
            extra: Some(self.leaf.as_bytes().to_vec()),
            index: self.index,
            proof: self.proof.clone(),
            checkpoint: self.checkpoint.clone(),
        }
    }
}

/// A C2SP `tlog-proof`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Opaque bytes; nothing proves them.
    pub extra: Option<Vec<u8>>,
    /// Number of the leaf, from 0.
    pub index: u64,
    /// Hashes from the leaf's sibling up to the child of the root.
    pub proof: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: String,
}

impl TlogProof {
    /// Reads the text form.
    ///
    /// # Errors
    /// [`Refused::Proof`].
    pub fn parse(text: &str) -> Result<Self, Refused> {
        Self::parts(text).ok_or(Refused::Proof("a tlog-proof"))
    }

    fn parts(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(TLOG_PROOF)?.strip_prefix('\n')?;
        let (head, checkpoint) = rest.split_once("\n\n")?;
        let mut lines = head.split('\n').peekable();
        let extra = match lines.next_if(|line| line.starts_with("extra ")) {
            Some(line) => Some(STANDARD.decode(line.strip_prefix("extra ")?).ok()?),
            None => None,
        };
        let index = decimal(lines.next()?.strip_prefix("index ")?)?;
        let proof: Vec<Hash> = lines.map(Hash::from_base64).collect::<Option<_>>()?;
        let checkpoint = checkpoint.to_string();
        (proof.len() <= LONGEST_PATH).then_some(Self { extra, index, proof, checkpoint })
    }
}

/// The text form.
impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{TLOG_PROOF}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}
