//! How people appear in results: under a pseudonym, or by name where a purpose was given and
//! logged.

use std::collections::HashMap;

use locale::Text;

/// Frame of a person mark in a finding's reason, see [`domain::finding::Finding::reason`].
const MARK: (&str, &str) = ("⟦person:", "⟧");

/// Identity of a person as the vault holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// ID number.
    pub id_number: String,
    /// Name; the first one where files disagree.
    pub name: String,
}

/// Identities by person key; empty when nothing is revealed.
#[derive(Debug, Default)]
pub struct Names {
    /// What was revealed.
    pub revealed: HashMap<u64, Identity>,
}

impl Names {
    /// What stands for a person in a list: the name, or a short pseudonym that is the same
    /// everywhere.
    #[must_use]
    pub fn person(&self, key: u64, text: &Text) -> String {
        match self.revealed.get(&key) {
            Some(identity) if !identity.name.is_empty() => identity.name.clone(),
            _ => text.with("ui-pseudonym", &[("code", &pseudonym(key))]),
        }
    }

    /// A reason with its person marks replaced.
    #[must_use]
    pub fn reason(&self, reason: &str, text: &Text) -> String {
        let mut out = String::with_capacity(reason.len());
        let mut rest = reason;
        while let Some((before, after)) = rest.split_once(MARK.0) {
            out.push_str(before);
            let Some((hex, tail)) = after.split_once(MARK.1) else {
                out.push_str(MARK.0);
                rest = after;
                continue;
            };
            match u64::from_str_radix(hex, 16) {
                Ok(key) => out.push_str(&self.person(key, text)),
                Err(_) => out.push_str(hex),
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }
}

/// Six letters and digits from the upper 30 bits of a key, without the ones that are easily
/// confused.
#[must_use]
pub fn pseudonym(key: u64) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    (0..6)
        .filter_map(|at| LETTERS.get(usize::try_from((key >> (59 - 5 * at)) & 31).ok()?))
        .map(|b| char::from(*b))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Identity, Names, pseudonym};
    use locale::{Language, Text};

    #[test]
    fn marks_become_pseudonyms_or_names() {
        let text = Text::load(Language::English);
        let reason = "paid ⟦person:00000000000000ff⟧ and ⟦person:zz⟧ and ⟦person:1";
        let mut names = Names::default();
        let hidden = names.reason(reason, &text);
        assert!(
            hidden.contains(&pseudonym(255))
                && hidden.contains("zz")
                && hidden.ends_with("⟦person:1"),
            "{hidden}"
        );
        names.revealed.insert(255, Identity { id_number: String::new(), name: "甲某".into() });
        assert!(names.reason(reason, &text).starts_with("paid 甲某 and "));
    }

    #[test]
    fn pseudonyms_are_short_and_differ() {
        assert_eq!(pseudonym(u64::MAX), "ZZZZZZ");
        assert_ne!(pseudonym(1 << 63), pseudonym(1 << 62));
    }
}
