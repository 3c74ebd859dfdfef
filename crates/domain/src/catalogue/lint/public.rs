//! Powers, duties of disclosure and field profiles.

use super::{At, Register};
use crate::catalogue::{
    Duty, FieldProfile, Power, PowerVersion, Procedure, Sense, Show, Step, Versioned,
};
use crate::time::Day;

/// Fields that no list ever shows (03-disclosure, section 6; PIPL 28).
const HIDDEN: &[&str] = &["id_number", "bank_card", "phone"];

/// Channels on a screen. Whoever has none must be able to read a notice too.
const ON_SCREEN: &[&str] = &["web", "miniapp", "wechat_group", "sms", "touch_screen"];

/// How often something is due, and whether that is by the day of a month.
const FREQUENCIES: &[(&str, bool)] =
    &[("month", true), ("quarter", true), ("year", true), ("event", false), ("standing", false)];

impl Register<'_> {
    pub(super) fn profile(&mut self, profile: &FieldProfile) {
        let at = self.at("profile", &profile.code);
        self.lint.versions(&at.path, &at.to("versions").key, &profile.versions);
        for (index, version) in profile.versions.iter().enumerate() {
            let at = at.version(index);
            for (field, show) in &version.fields {
                let at = at.to(&format!("fields.{field}"));
                self.term(&at, "field", field);
                let kept = *show == Show::Hide || !HIDDEN.contains(&field.as_str());
                self.need(kept, "catalogue-profile-shows", &at, field);
            }
            let key = at.to("basis").key;
            self.lint.dated_basis(&at.path, &key, &version.basis, &version.from);
        }
    }

    pub(super) fn duty(&mut self, duty: &Duty) {
        let at = self.at("duty", &duty.code);
        if let Some(class) = &duty.part_of {
            let known = self.catalogue.duties.contains_key(class) && *class != duty.code;
            self.need(known, "catalogue-unknown-duty", &at.to("part_of"), class);
        }
        self.lint.versions(&at.path, &at.to("versions").key, &duty.versions);
        for (index, version) in duty.versions.iter().enumerate() {
            let at = at.version(index);
            self.filled(&at, "frequency", &version.frequency);
            for code in &version.frequency {
                let known = FREQUENCIES.iter().find(|(name, _)| name == code);
                self.need(known.is_some(), "catalogue-frequency", &at.to("frequency"), code);
                let due = match known {
                    Some((_, true)) => version.due_day.is_some(),
                    _ => code != "event" || version.due_after.is_some(),
                };
                self.need(due, "catalogue-duty-due", &at.to("frequency"), code);
            }
            if let Some(day) = version.due_day {
                let fits = (1..=31).contains(&day);
                self.need(fits, "catalogue-range", &at.to("due_day"), &day.to_string());
            }
            let known = self.catalogue.profiles.contains_key(&version.profile);
            self.need(known, "catalogue-unknown-profile", &at.to("profile"), &version.profile);
            self.terms(&at.to("channels"), "channel", &version.channels);
            let off = version.channels.iter().any(|code| !ON_SCREEN.contains(&code.as_str()));
            self.need(off, "catalogue-channel-screen", &at.to("channels"), &duty.code);
            self.term(&at.to("retention"), "retention", &version.retention);
            let key = at.to("basis").key;
            self.lint.dated_basis(&at.path, &key, &version.basis, &version.from);
        }
    }

    pub(super) fn procedure(&mut self, procedure: &Procedure) {
        let at = self.at("procedure", &procedure.code);
        self.lint.versions(&at.path, &at.to("versions").key, &procedure.versions);
        for (index, version) in procedure.versions.iter().enumerate() {
            let at = at.version(index);
            self.filled(&at, "steps", &version.steps);
            self.steps(&at, &version.steps);
            let key = at.to("basis").key;
            self.lint.dated_basis(&at.path, &key, &version.basis, &version.from);
        }
    }

    pub(super) fn power(&mut self, power: &Power) {
        let at = self.at("power", &power.code);
        let code = power.code.strip_prefix(&format!("{:?}", power.category)).unwrap_or_default();
        let fits = code.len() == 2 && code.bytes().all(|b| b.is_ascii_digit());
        self.need(fits, "catalogue-power-code", &at.to("code"), &power.code);
        self.filled(&at, "owner", &power.owner);
        self.role_codes(&at.to("owner"), &power.owner);
        self.term(&at.to("trigger"), "trigger", &power.trigger);
        self.lint.versions(&at.path, &at.to("versions").key, &power.versions);
        for (index, version) in power.versions.iter().enumerate() {
            self.power_version(&power.code, &at.version(index), version);
        }
    }

    fn power_version(&mut self, code: &str, at: &At, version: &PowerVersion) {
        self.process(code, at, version);
        self.terms(&at.to("documents"), "document", &version.documents);
        self.terms(&at.to("service.bring"), "document", &version.service.bring);
        let fee = version.service.fee_fen;
        self.need(fee >= 0, "catalogue-range", &at.to("service.fee_fen"), &fee.to_string());
        let tag = version.service.promise_confidence.as_deref();
        if version.service.promise.is_some() || tag.is_some() {
            let key = at.to("service.promise_confidence").key;
            self.lint.confidence(&at.path, &key, tag.unwrap_or_default());
        }
        for duty in &version.disclosure {
            let known = self.catalogue.duties.contains_key(duty);
            self.need(known, "catalogue-unknown-duty", &at.to("disclosure"), duty);
        }
        for entry in &version.negative {
            let known = self.catalogue.negative.contains_key(entry);
            self.need(known, "catalogue-unknown-negative", &at.to("negative"), entry);
        }
        self.term(&at.to("retention"), "retention", &version.retention);
        let key = at.to("basis").key;
        self.lint.dated_basis(&at.path, &key, &version.basis, &version.from);
    }

    /// Its own steps or those of a procedure, and either way they are made public and put on file.
    fn process(&mut self, code: &str, at: &At, version: &PowerVersion) {
        let Some(name) = &version.procedure else {
            self.filled(at, "steps", &version.steps);
            self.steps(at, &version.steps);
            return self.stages(&at.to("steps"), code, &version.steps);
        };
        let at = at.to("procedure");
        self.need(version.steps.is_empty(), "catalogue-steps-twice", &at, name);
        let catalogue = self.catalogue;
        let Some(procedure) = catalogue.procedures.get(name) else {
            return self.complain("catalogue-unknown-procedure", &at, name);
        };
        let first = Day::parse(&version.from);
        if let Some(day) = first.filter(|day| procedure.on(*day).is_none()) {
            let problem = &mut *self.lint.problems;
            let found =
                crate::catalogue::check::flaw("catalogue-not-in-force", &at.path, &at.key, name);
            problem.push(found.with("day", day));
        }
        for text in &procedure.versions {
            self.stages(&at, code, &text.steps);
        }
    }

    fn stages(&mut self, at: &At, code: &str, steps: &[Step]) {
        let Some(last) = steps.last() else { return };
        self.need(last.stage == "archive", "catalogue-no-archive", at, code);
        let public = steps.iter().any(|step| step.stage == "disclose");
        self.need(public, "catalogue-no-disclose", at, code);
    }

    /// The gates' rules of time are minimum periods, the steps' own are limits.
    pub(super) fn due(&mut self, at: &At, step: &Step) {
        if let Some(rule) = &step.due {
            self.rule(&at.to("due"), rule, Sense::AtMost);
        }
    }
}
