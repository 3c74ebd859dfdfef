//! Titles of the codes that rules speak of, so that a reader gets words: steps, roles, bodies,
//! documents, grounds.

use std::collections::BTreeMap;

use domain::catalogue::{Catalogue, Step};
use domain::model::Bilingual;
use domain::problem::RuleViolation;

/// Groups of `terms.toml` whose codes rules speak of.
const GROUPS: [&str; 3] = ["document", "recusal", "pause"];
/// How rules join several codes.
const JOINTS: [&str; 2] = [", ", " / "];

/// Title by code.
pub struct Titles(BTreeMap<String, Bilingual>);

impl Titles {
    /// Of everything in a catalogue. Where two items name a step alike, the first title serves.
    #[must_use]
    pub fn of(catalogue: &Catalogue) -> Self {
        let mut titles = BTreeMap::new();
        let powers = catalogue.powers.values().flat_map(|p| &p.versions).flat_map(|v| &v.steps);
        let own = catalogue.procedures.values().flat_map(|p| &p.versions).flat_map(|v| &v.steps);
        for Step { code, title, .. } in own.chain(powers) {
            titles.entry(code.clone()).or_insert_with(|| title.clone());
        }
        let terms = GROUPS.iter().filter_map(|group| catalogue.terms.groups.get(*group)).flatten();
        titles.extend(terms.map(|(code, title)| (code.clone(), title.clone())));
        titles.extend(catalogue.bodies.values().map(|b| (b.code.clone(), b.title.clone())));
        titles.extend(catalogue.roles.values().map(|r| (r.code.clone(), r.title.clone())));
        Self(titles)
    }

    /// A rule with titles in the place of codes.
    #[must_use]
    pub fn put_into(&self, rule: &RuleViolation, zh: bool) -> RuleViolation {
        let mut told = rule.clone();
        for (_, value) in &mut told.args {
            *value = self.words(value, zh);
        }
        told
    }

    fn words(&self, value: &str, zh: bool) -> String {
        for joint in JOINTS {
            if value.contains(joint) {
                let parts: Vec<String> = value.split(joint).map(|v| self.words(v, zh)).collect();
                return parts.join(if zh { "、" } else { ", " });
            }
        }
        let title = self.0.get(value);
        title.map_or(value, |title| if zh { &title.zh } else { &title.en }).to_owned()
    }
}
