//! Names and ID numbers for people in findings: only with a purpose, and never without an entry in
//! the access log.

use domain::finding::Finding;
use domain::problem::Failure;
use facts::{AccessEntry, Folder};

use crate::cli::Reveal;
use crate::commands::purpose::require_purpose;
use crate::names::{Identity, Names};
use crate::system;

/// Reveals the people of findings. The log entry is on disk before a name is read.
///
/// # Errors
/// When the purpose is missing, or log or vault cannot be used.
pub fn names(
    folder: &Folder,
    reveal: &Reveal,
    act: &str,
    findings: &[Finding],
) -> Result<Names, Failure> {
    if !reveal.reveal {
        return Ok(Names::default());
    }
    require_purpose(&reveal.purpose)?;
    let mut keys: Vec<u64> =
        findings.iter().flat_map(|f| f.people.iter().copied().chain(mentioned(f))).collect();
    keys.sort_unstable();
    keys.dedup();
    folder.log_access(&AccessEntry {
        at_ms: system::now_ms(),
        user: system::user(),
        act: act.to_owned(),
        purpose: reveal.purpose.clone(),
        people: keys.len() as u64,
        subjects: keys.clone(),
        ..AccessEntry::default()
    })?;
    let vault = folder.vault()?;
    let mut names = Names::default();
    for (key, identity) in vault.identities(&keys)? {
        names.revealed.insert(key, Identity { id_number: identity.id_number, name: identity.name });
    }
    Ok(names)
}

/// People whom only the reason names, such as the cadre of a relative.
fn mentioned(finding: &Finding) -> Vec<u64> {
    finding
        .reason
        .zh
        .split("⟦person:")
        .skip(1)
        .filter_map(|tail| u64::from_str_radix(tail.get(..16)?, 16).ok())
        .collect()
}
