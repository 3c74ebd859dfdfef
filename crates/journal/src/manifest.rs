//! Daily manifests: how many live records a village has, and a root over them. An edit shows by
//! itself in an append-only log; an omission shows because the published list no longer gives the
//! count and root of the manifest.
//!
//! The live record of a subject is its latest leaf, also when that says "withdrawn": a withdrawal
//! leaves a stub. So everybody can compute every manifest from the log alone.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;

use crate::leaf::{Leaf, Matter};
use crate::tree::{Frontier, Hash};

/// Number and root of a village's live records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VillageManifest {
    /// How many.
    pub count: u64,
    /// RFC 6962 root over their digests as leaf hashes, in ascending order.
    pub root: Hash,
}

impl VillageManifest {
    /// Of record digests (the leaf hash of each live record), in any order. Sorting makes the root
    /// one of the set, and lets two neighbours prove that nothing stands between them.
    pub fn of(digests: impl IntoIterator<Item = Hash>) -> Self {
        let digests: BTreeSet<Hash> = digests.into_iter().collect();
        let mut frontier = Frontier::new();
        digests.into_iter().for_each(|digest| frontier.append(digest));
        Self { count: frontier.size(), root: frontier.root() }
    }
}

/// The live records of all villages, kept up while leaves are read in their order.
#[derive(Debug, Clone, Default)]
pub struct LiveRecords {
    villages: BTreeMap<String, BTreeMap<String, Hash>>,
}

impl LiveRecords {
    /// Takes note of the next leaf.
    ///
    /// Returns whether a manifest leaf tells what the log held before it; `None` for other leaves.
    pub fn observe(&mut self, leaf: &Leaf, hash: Hash) -> Option<bool> {
        let village = leaf.village.as_deref()?;
        match &leaf.matter {
            Matter::Manifest(told) => Some(self.manifest(village) == *told),
            Matter::Record(_) => {
                let records = self.villages.entry(village.into()).or_default();
                records.insert(leaf.subject.clone(), hash);
                None
            }
        }
    }

    /// What a manifest of a village would say now.
    #[must_use]
    pub fn manifest(&self, village: &str) -> VillageManifest {
        VillageManifest::of(
            self.villages.get(village).into_iter().flat_map(|r| r.values().copied()),
        )
    }
}
