//! Titles of the codes that rules speak of, so that a reader gets words: steps, roles, bodies,
//! documents, duties, grounds.

use std::collections::BTreeMap;

use super::{Catalogue, Step};
use crate::model::Bilingual;
use crate::problem::RuleViolation;

/// Groups of `terms.toml` whose codes rules speak of.
const GROUPS: [&str; 3] = ["document", "recusal", "pause"];
/// How rules join several codes.
const JOINTS: [&str; 2] = [", ", " / "];

/// In which words a rule is told.
struct Wanted<'a> {
    steps: &'a [Step],
    zh: bool,
    form: &'a dyn Fn(&str, &str) -> String,
}

/// Title by code.
#[derive(Debug, Clone, Default)]
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
        titles.extend(catalogue.duties.values().map(|d| (d.code.clone(), d.title.clone())));
        titles.extend(catalogue.bodies.values().map(|b| (b.code.clone(), b.title.clone())));
        titles.extend(catalogue.roles.values().map(|r| (r.code.clone(), r.title.clone())));
        Self(titles)
    }

    /// The same with titles that stand in another catalogue; those that are there already stay.
    #[must_use]
    pub fn and(mut self, titles: impl Iterator<Item = (String, Bilingual)>) -> Self {
        for (code, title) in titles {
            self.0.entry(code).or_insert(title);
        }
        self
    }

    /// A rule with titles in the place of codes. Steps that the process at hand names come first.
    #[must_use]
    pub fn put_into(&self, rule: &RuleViolation, steps: &[Step], zh: bool) -> RuleViolation {
        let plain = |title: &str, _: &str| title.to_owned();
        self.told(rule, &Wanted { steps, zh, form: &plain })
    }

    /// A rule with titles beside the codes, for somebody who types codes.
    #[must_use]
    pub fn put_beside(&self, rule: &RuleViolation, steps: &[Step], zh: bool) -> RuleViolation {
        let both = |title: &str, code: &str| format!("{title} ({code})");
        self.told(rule, &Wanted { steps, zh, form: &both })
    }

    fn told(&self, rule: &RuleViolation, wanted: &Wanted<'_>) -> RuleViolation {
        let mut told = rule.clone();
        for (_, value) in &mut told.args {
            *value = self.words(value, wanted);
        }
        told
    }

    fn words(&self, value: &str, wanted: &Wanted<'_>) -> String {
        for joint in JOINTS {
            if value.contains(joint) {
                let parts = value.split(joint).map(|part| self.words(part, wanted));
                let joint = if wanted.zh { "、" } else { ", " };
                return parts.collect::<Vec<_>>().join(joint);
            }
        }
        let own = wanted.steps.iter().find(|step| step.code == value).map(|step| &step.title);
        let title = own.or_else(|| self.0.get(value));
        let title = title.map(|title| if wanted.zh { &title.zh } else { &title.en });
        title.map_or_else(|| value.to_owned(), |title| (wanted.form)(title, value))
    }
}

#[cfg(test)]
mod tests {
    use super::Titles;
    use crate::catalogue::sample::catalogue;
    use crate::problem::RuleViolation;

    #[test]
    fn a_reader_gets_titles_for_codes() {
        let catalogue = catalogue();
        let titles = Titles::of(&catalogue);
        let rule = RuleViolation::new("step-actor", "law")
            .with("step", "decide")
            .with("missing", "VRM, nothing")
            .with("day", "2026-03-05");
        let told = |zh| titles.put_into(&rule, &[], zh).args;
        let texts = |zh: bool| -> Vec<String> { told(zh).into_iter().map(|(_, v)| v).collect() };
        assert_eq!(texts(true), ["会议表决", "村民代表会议、nothing", "2026-03-05"]);
        assert_eq!(texts(false), ["Vote in the meeting", "Representatives, nothing", "2026-03-05"]);
        let mut steps = catalogue.procedures["six-step"].versions[0].steps.clone();
        steps.retain(|step| step.code == "decide");
        steps[0].title.zh = "投票".to_owned();
        assert_eq!(titles.put_into(&rule, &steps, true).args[0].1, "投票");
        assert_eq!(titles.put_beside(&rule, &steps, true).args[0].1, "投票 (decide)");
    }
}
