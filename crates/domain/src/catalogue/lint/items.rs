//! Roles, the negative list, rules of time, bodies, tiers, calendars.

use std::collections::BTreeSet;

use super::{At, Register};
use crate::catalogue::{
    Body, CalendarYear, DeadlineRule, NegativeEntry, Role, Share, Tier, TierSet,
};
use crate::time::Day;

impl Register<'_> {
    pub(super) fn role(&mut self, role: &Role) {
        let at = self.at("role", &role.code);
        self.role_codes(&at.to("excludes"), &role.excludes);
        let itself = role.excludes.contains(&role.code);
        self.need(!itself, "catalogue-role-excludes", &at.to("excludes"), &role.code);
        self.filled(&at, "duties", &role.duties);
        self.lint.basis(&at.path, &at.to("basis").key, &role.basis);
    }

    pub(super) fn negative(&mut self, entry: &NegativeEntry) {
        let at = self.at("negative", &entry.code);
        self.lint.basis(&at.path, &at.to("basis").key, &entry.basis);
    }

    pub(super) fn deadline(&mut self, rule: &DeadlineRule) {
        let at = self.at("deadline", &rule.code);
        self.role_codes(&at.to("owner"), &rule.owner);
        self.lint.versions(&at.path, &at.to("versions").key, &rule.versions);
        for (index, version) in rule.versions.iter().enumerate() {
            let at = at.version(index);
            if let Some(extension) = &version.extension {
                self.role_codes(&at.to("extension.approver"), [&extension.approver]);
            }
            self.terms(&at.to("pauses"), "pause", &version.pauses);
            let key = at.to("basis").key;
            self.lint.dated_basis(&at.path, &key, &version.basis, &version.from);
        }
    }

    pub(super) fn body(&mut self, body: &Body) {
        let at = self.at("body", &body.code);
        self.role_codes(&at.to("code"), [&body.code]);
        self.lint.versions(&at.path, &at.to("versions").key, &body.versions);
        for (index, version) in body.versions.iter().enumerate() {
            let at = at.version(index);
            self.filled(&at, "quorum", &version.quorum);
            version.quorum.iter().for_each(|share| self.share(&at.to("quorum"), share));
            self.share(&at.to("majority"), &version.majority);
            let key = at.to("basis").key;
            self.lint.dated_basis(&at.path, &key, &version.basis, &version.from);
        }
    }

    /// A part of a whole; all of it only where nothing more is asked.
    fn share(&mut self, at: &At, share: &Share) {
        let (part, whole) = (share.numerator, share.denominator);
        let proper = 0 < part && (part < whole || (part == whole && !share.more_than));
        self.need(proper, "catalogue-share", at, &format!("{part}/{whole}"));
    }

    pub(super) fn tiers(&mut self) {
        let sets = &self.catalogue.tiers;
        if sets.is_empty() {
            return;
        }
        let path = self.at("tiers", "0").path;
        self.lint.versions(&path, "sets", sets);
        for (index, set) in sets.iter().enumerate() {
            self.tier_set(&self.at("tiers", &index.to_string()), set);
        }
    }

    fn tier_set(&mut self, at: &At, set: &TierSet) {
        self.filled(at, "tiers", &set.tiers);
        let (mut codes, mut below) = (BTreeSet::new(), 0);
        for (index, tier) in set.tiers.iter().enumerate() {
            let Tier { code, below_fen, body, countersign, .. } = tier;
            let at = at.to(&format!("tiers[{index}]."));
            let detail = format!("tier {code}");
            self.need(codes.insert(code), "catalogue-code-twice", &at.to("code"), &detail);
            let last = index + 1 == set.tiers.len();
            // Only the last is open, and each reaches further than the one before it.
            let fits = below_fen.map_or(last, |fen| fen > below && !last);
            self.need(fits, "catalogue-tiers", &at.to("below_fen"), code);
            below = below_fen.unwrap_or(below);
            let bodies = [("body", Some(body)), ("collective_body", tier.collective_body.as_ref())];
            for (key, body) in bodies.into_iter().filter_map(|(key, body)| Some((key, body?))) {
                let known = self.catalogue.bodies.contains_key(body);
                self.need(known, "catalogue-unknown-body", &at.to(key), body);
            }
            self.role_codes(&at.to("countersign"), countersign);
        }
        let key = at.to("basis").key;
        self.lint.dated_basis(&at.path, &key, &set.basis, &set.from);
    }

    pub(super) fn calendar(&mut self, calendar: &CalendarYear) {
        let at = self.at("calendar", &calendar.year.to_string());
        let mut off = BTreeSet::new();
        for (index, (day, festival)) in calendar.off.iter().enumerate() {
            let at = at.to(&format!("off[{index}]"));
            off.extend(self.day_of(calendar.year, &at, day));
            self.term(&at, "festival", festival);
        }
        for (index, text) in calendar.make_up.iter().enumerate() {
            let at = at.to(&format!("make_up[{index}]"));
            let Some(day) = self.day_of(calendar.year, &at, text) else { continue };
            self.need(!off.contains(&day), "catalogue-calendar-both", &at, text);
            self.need(is_weekend(day), "catalogue-calendar-weekday", &at, text);
        }
        self.lint.basis(&at.path, &at.to("basis").key, &calendar.basis);
    }

    /// A day of the year, or of the December before and the January after it: festivals reach over
    /// the turn of the year.
    fn day_of(&mut self, year: i32, at: &At, text: &str) -> Option<Day> {
        let Some(day) = Day::parse(text) else {
            self.complain("catalogue-day", at, text);
            return None;
        };
        let (given, month, _) = day.ymd();
        let fits = given == year
            || (given == year - 1 && month == 12)
            || (given == year + 1 && month == 1);
        self.need(fits, "catalogue-calendar-day", at, text);
        Some(day)
    }
}

/// 1970-01-01 was a Thursday.
fn is_weekend(day: Day) -> bool {
    (day.0 + 3).rem_euclid(7) >= 5
}
