//! What is written on a flow chart. The sentences stand in `terms.toml`.

use crate::catalogue::{
    Body, BodyVersion, Catalogue, Counted, Gate, Limit, Share, Step, Tier, Unit, Versioned,
    is_by_tier,
};
use crate::model::Bilingual;
use crate::terms::FLOWCHART;
use crate::time::Day;

/// The sentences that the group `flowchart` of `terms.toml` must hold.
pub const FLOWCHART_WORDS: &[&str] = &[
    "heading",
    "in_force",
    "lanes",
    "or",
    "comma",
    "semicolon",
    "mark",
    "optional",
    "repeats",
    "due",
    "due_at_once",
    "extension",
    "calendar_day",
    "working_day",
    "month",
    "documents",
    "meeting",
    "by_tier",
    "by_collective_tier",
    "tier_below",
    "tier_rest",
    "tier_countersign",
    "quorum",
    "majority",
    "notice",
    "share_least",
    "share_more",
    "present",
    "members",
    "households",
    "check",
    "countersign",
    "published",
    "elapsed",
    "no_open_questions",
    "head_speaks_last",
    "recorded_ballots",
    "extra_signature",
    "other_person",
    "within_decided",
    "within_decided_over",
    "legend",
    "legend_all",
    "legend_any",
    "legend_optional",
    "legend_lane",
];

/// Says what the catalogue holds, in one language, as it was on a day.
pub(super) struct Words<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) day: Day,
    pub(super) zh: bool,
}

impl Words<'_> {
    /// A sentence with its gaps filled.
    pub(super) fn say(&self, code: &str, filled: &[(&str, &str)]) -> String {
        let sentence = self.catalogue.terms.label(FLOWCHART, code, self.zh).to_owned();
        filled
            .iter()
            .fold(sentence, |text, (gap, value)| text.replace(&format!("{{{gap}}}"), value))
    }

    pub(super) fn of<'t>(&self, text: &'t Bilingual) -> &'t str {
        if self.zh { &text.zh } else { &text.en }
    }

    pub(super) fn stage<'t>(&'t self, code: &'t str) -> &'t str {
        self.catalogue.terms.label("stage", code, self.zh)
    }

    pub(super) fn role<'t>(&'t self, code: &'t str) -> &'t str {
        self.catalogue.roles.get(code).map_or(code, |role| self.of(&role.title))
    }

    /// Roles, any one of which will do.
    pub(super) fn any_of(&self, codes: &[String]) -> String {
        self.join("or", codes.iter().map(|code| self.role(code)))
    }

    fn join<'t>(&self, between: &str, parts: impl Iterator<Item = &'t str>) -> String {
        parts.collect::<Vec<_>>().join(&self.say(between, &[]))
    }

    fn roles(&self, codes: &[String]) -> String {
        self.join("comma", codes.iter().map(|code| self.role(code)))
    }

    /// That a step may be left out, or done again.
    pub(super) fn marks(&self, step: &Step) -> String {
        let marks = [("optional", step.optional), ("repeats", step.repeats)];
        let said = marks.iter().filter(|(_, holds)| *holds);
        said.map(|(code, _)| self.say("mark", &[("text", &self.say(code, &[]))])).collect()
    }

    fn limit(&self, limit: Limit) -> String {
        let unit = match limit.unit {
            Unit::CalendarDay => "calendar_day",
            Unit::WorkingDay => "working_day",
            Unit::Month => "month",
        };
        self.say(unit, &[("count", &limit.count.to_string())])
    }

    /// Until when a step must be done, if a rule says so on the day.
    pub(super) fn due(&self, step: &Step) -> Option<String> {
        let rule = self.catalogue.deadlines.get(step.due.as_ref()?)?.on(self.day)?;
        let mut text = match rule.limit.count {
            0 => self.say("due_at_once", &[]),
            _ => self.say("due", &[("limit", &self.limit(rule.limit))]),
        };
        if let Some(more) = &rule.extension {
            let more = self.say(
                "extension",
                &[
                    ("role", self.role(&more.approver)),
                    ("limit", &self.limit(more.limit)),
                    ("times", &more.times.to_string()),
                ],
            );
            text.push_str(&self.say("mark", &[("text", &more)]));
        }
        Some(text)
    }

    /// What a gate asks for, one line for each thing.
    pub(super) fn gate(&self, gate: &Gate, steps: &[Step]) -> Vec<String> {
        let title = |code: &String| {
            let step = steps.iter().find(|step| step.code == *code);
            step.map_or(code.clone(), |step| self.of(&step.title).to_owned())
        };
        let number = |code: &String| {
            let position = steps.iter().position(|step| step.code == *code);
            position.map_or(code.clone(), |position| (position + 1).to_string())
        };
        let minimum = |code: &String| {
            let rule = self.catalogue.deadlines.get(code).and_then(|rule| rule.on(self.day));
            rule.map_or(code.clone(), |rule| self.limit(rule.limit))
        };
        let text = match gate {
            Gate::Documents { codes } => {
                let terms = &self.catalogue.terms;
                let names = codes.iter().map(|code| terms.label("document", code, self.zh));
                self.say("documents", &[("names", &self.join("comma", names))])
            }
            Gate::Meeting { body } if is_by_tier(body) => return self.tiers(body),
            Gate::Meeting { body } => return self.meeting(body),
            Gate::Check { role } => self.say("check", &[("role", self.role(role))]),
            Gate::Countersign { roles } => {
                self.say("countersign", &[("roles", &self.roles(roles))])
            }
            Gate::Published { step, rule } => {
                self.say("published", &[("step", &title(step)), ("limit", &minimum(rule))])
            }
            Gate::Elapsed { step, rule } => {
                self.say("elapsed", &[("step", &title(step)), ("limit", &minimum(rule))])
            }
            Gate::NoOpenQuestions {} => self.say("no_open_questions", &[]),
            Gate::HeadSpeaksLast {} => self.say("head_speaks_last", &[]),
            Gate::RecordedBallots {} => self.say("recorded_ballots", &[]),
            Gate::ExtraSignature { posts, signers } => {
                let (posts, signers) = (self.roles(posts), self.any_of(signers));
                self.say("extra_signature", &[("posts", &posts), ("signers", &signers)])
            }
            Gate::OtherPerson { steps: codes, .. } => {
                let numbers: Vec<String> = codes.iter().map(number).collect();
                let numbers = self.join("comma", numbers.iter().map(String::as_str));
                self.say("other_person", &[("steps", &numbers)])
            }
            Gate::WithinDecided { step, over_bp: 0 } => {
                self.say("within_decided", &[("step", &title(step))])
            }
            Gate::WithinDecided { step, over_bp } => {
                let percent = decimal(u64::from(*over_bp));
                self.say("within_decided_over", &[("step", &title(step)), ("percent", &percent)])
            }
        };
        vec![text]
    }

    /// Who meets, with the rules of the meeting.
    fn meeting(&self, code: &str) -> Vec<String> {
        let mut lines = vec![self.say("meeting", &[("body", &self.body(code))])];
        let rules = self.catalogue.bodies.get(code).and_then(|body: &Body| body.on(self.day));
        lines.extend(rules.map(|rules| self.rules(rules)));
        lines
    }

    fn body(&self, code: &str) -> String {
        let body = self.catalogue.bodies.get(code);
        body.map_or_else(|| self.role(code).to_owned(), |body| self.of(&body.title).to_owned())
    }

    fn rules(&self, rules: &BodyVersion) -> String {
        let shares: Vec<String> = rules.quorum.iter().map(|share| self.share(share)).collect();
        let shares = self.join("or", shares.iter().map(String::as_str));
        let mut parts = vec![
            self.say("quorum", &[("shares", &shares)]),
            self.say("majority", &[("share", &self.share(&rules.majority))]),
        ];
        let notice = rules.notice.map(|limit| self.say("notice", &[("limit", &self.limit(limit))]));
        parts.extend(notice);
        self.join("semicolon", parts.iter().map(String::as_str))
    }

    fn share(&self, share: &Share) -> String {
        let of = match share.of {
            Counted::Present => "present",
            Counted::Members => "members",
            Counted::Households => "households",
        };
        let code = if share.more_than { "share_more" } else { "share_least" };
        let part = format!("{}/{}", share.numerator, share.denominator);
        self.say(code, &[("part", &part), ("of", &self.say(of, &[]))])
    }

    /// Which body decides up to which amount.
    fn tiers(&self, gate: &str) -> Vec<String> {
        let mut lines = vec![self.say(gate, &[])];
        let tiers = self.catalogue.tiers_on(self.day).map(|set| set.tiers.as_slice());
        lines.extend(tiers.unwrap_or_default().iter().map(|tier| self.tier(tier, gate)));
        lines
    }

    fn tier(&self, tier: &Tier, gate: &str) -> String {
        let body = self.body(tier.decides(gate));
        let mut text = match tier.below_fen {
            Some(fen) => {
                let amount = decimal(fen.unsigned_abs());
                self.say("tier_below", &[("amount", &amount), ("body", &body)])
            }
            None => self.say("tier_rest", &[("body", &body)]),
        };
        if !tier.countersign.is_empty() {
            let roles = self.roles(&tier.countersign);
            text.push_str(&self.say("tier_countersign", &[("roles", &roles)]));
        }
        text
    }
}

/// Hundredths as a decimal number, without zeros at its end.
fn decimal(hundredths: u64) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    match (rest, rest % 10) {
        (0, _) => whole.to_string(),
        (_, 0) => format!("{whole}.{}", rest / 10),
        _ => format!("{whole}.{rest:02}"),
    }
}
