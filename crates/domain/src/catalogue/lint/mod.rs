//! What the register's catalogue must keep to beyond its form: every reference leads somewhere,
//! and every value is one that can be kept to. All problems come at once.

mod items;
mod public;
mod steps;
#[cfg(test)]
mod tests;

use super::check::Lint;
use super::layer::Origins;
use super::{Catalogue, Sense};
use crate::problem::Problem;

/// A place in the catalogue: file and key path.
#[derive(Clone)]
struct At {
    path: String,
    key: String,
}

impl At {
    /// A key within this place.
    fn to(&self, tail: &str) -> Self {
        Self { path: self.path.clone(), key: format!("{}{tail}", self.key) }
    }

    /// The place of version `index`, before its keys.
    fn version(&self, index: usize) -> Self {
        self.to(&format!("versions[{index}]."))
    }
}

struct Register<'a> {
    catalogue: &'a Catalogue,
    origins: &'a Origins,
    lint: Lint<'a>,
}

/// Adds what is wrong with the catalogue to `problems`.
pub(super) fn lint(catalogue: &Catalogue, origins: &Origins, problems: &mut Vec<Problem>) {
    let lint = Lint { instruments: &catalogue.instruments, problems };
    let mut register = Register { catalogue, origins, lint };
    for (name, instrument) in &catalogue.instruments {
        let at = register.at("instrument", name);
        register.lint.instrument(&at.path, name, instrument);
    }
    catalogue.roles.values().for_each(|role| register.role(role));
    catalogue.negative.values().for_each(|entry| register.negative(entry));
    catalogue.deadlines.values().for_each(|rule| register.deadline(rule));
    catalogue.bodies.values().for_each(|body| register.body(body));
    register.tiers();
    catalogue.procedures.values().for_each(|procedure| register.procedure(procedure));
    catalogue.profiles.values().for_each(|profile| register.profile(profile));
    catalogue.duties.values().for_each(|duty| register.duty(duty));
    catalogue.powers.values().for_each(|power| register.power(power));
    catalogue.calendars.values().for_each(|calendar| register.calendar(calendar));
}

impl Register<'_> {
    fn at(&self, kind: &'static str, code: &str) -> At {
        let origin = self.origins.get(&(kind, code.to_owned())).cloned().unwrap_or_default();
        At { path: origin.path, key: origin.key }
    }

    fn complain(&mut self, code: &'static str, at: &At, detail: &str) {
        self.lint.complain(code, &at.path, at.key.trim_end_matches('.'), detail);
    }

    fn need(&mut self, holds: bool, code: &'static str, at: &At, detail: &str) {
        if !holds {
            self.complain(code, at, detail);
        }
    }

    /// A list that may not be empty.
    fn filled<T>(&mut self, at: &At, name: &str, list: &[T]) {
        self.need(!list.is_empty(), "catalogue-empty", &at.to(name), name);
    }

    fn role_codes<'c>(&mut self, at: &At, codes: impl IntoIterator<Item = &'c String>) {
        for code in codes {
            let known = self.catalogue.roles.contains_key(code);
            self.need(known, "catalogue-unknown-role", at, code);
        }
    }

    /// A code that stands in `terms.toml`. Looked up only where the catalogue has any terms.
    fn term(&mut self, at: &At, group: &str, code: &str) {
        let groups = &self.catalogue.terms.groups;
        let known = groups.get(group).is_some_and(|codes| codes.contains_key(code));
        let known = known || groups.is_empty();
        self.need(known, "catalogue-unknown-term", at, &format!("{group}.{code}"));
    }

    fn terms<'c>(&mut self, at: &At, group: &str, codes: impl IntoIterator<Item = &'c String>) {
        codes.into_iter().for_each(|code| self.term(at, group, code));
    }

    /// A rule of time that exists and is counted the way in which it is used.
    fn rule(&mut self, at: &At, code: &str, sense: Sense) {
        let Some(rule) = self.catalogue.deadlines.get(code) else {
            return self.complain("catalogue-unknown-deadline", at, code);
        };
        let fits = rule.versions.iter().all(|version| version.sense == sense);
        self.need(fits, "catalogue-deadline-sense", at, code);
    }
}
