//! A step that comes next, as one reader sees it: what is missing, and the forms for exactly what he may
//! do with it. The register asks again when a form comes in.

use domain::access::Act;
use domain::catalogue::{Gate, Step};
use domain::problem::RuleViolation;
use domain::procedure::{Actor, OpenStep};
use registry::Tx;
use registry::actions::Refusal;
use registry::actions::matters::{Loaded, Office};
use registry::queries::lists::PostLine;
use registry::queries::office::DueLine;
use registry::queries::standing;

use super::{CHECK, MATTER, MOVE, WRITE};
use crate::error::Error;
use crate::office::drafts::Filled;
use crate::session::Signed;
use crate::ui::Ui;

/// Stages in which an amount is settled.
const MONEY: [&str; 4] = ["decide", "approve", "accept", "pay"];
/// Missing until the form itself brings it.
const BROUGHT: &str = "gate-amount-missing";

/// Roles by the value that a form sends, with their titles.
pub type Roles = Vec<(String, String)>;
/// To do a step: roles, whether an amount is asked, the form.
type Doing = (Roles, bool, Filled);
/// To check one: roles, the form, and the form for a question.
type Checking = (Roles, Filled, Filled);

/// A step that comes next, with the forms that it needs.
pub struct Next {
    /// Code.
    pub code: String,
    /// Title.
    pub title: String,
    /// Who does it, in words.
    pub actors: String,
    /// What is missing for it.
    pub missing: Vec<String>,
    /// What that rests on.
    pub basis: Vec<String>,
    /// Why the reader may not act in it himself.
    pub not_me: Vec<String>,
    /// By when, whether that has passed, and how the day was counted.
    pub due: Option<(String, bool, Vec<String>)>,
    /// To do it.
    pub step: Option<Doing>,
    /// To write a meeting down: code of the body that is proposed, the form.
    pub meeting: Option<(String, Filled)>,
    /// To check it.
    pub check: Option<Checking>,
    /// To sign: roles by code and title.
    pub signers: Roles,
}

/// Who looks at a matter, and what stands between him and it.
pub struct Reader<'a> {
    /// His side.
    pub ui: &'a Ui,
    /// Who he is.
    pub desk: &'a Signed,
    /// Steps of the process.
    pub steps: &'a [Step],
    /// The matter.
    pub loaded: &'a Loaded,
    /// Posts of the village, with names.
    pub people: &'a [PostLine],
    /// Roles in which he must stay out, with the sentences.
    pub recused: &'a [(String, Vec<String>)],
}

impl Reader<'_> {
    /// Roles of his that the open steps speak of.
    #[must_use]
    pub fn roles(ui: &Ui, desk: &Signed, loaded: &Loaded, open: &[OpenStep]) -> Vec<String> {
        let held: Vec<&str> = desk.roles_at(&loaded.path).collect();
        let named =
            open.iter().flat_map(|one| one.actors.iter().chain(&one.checkers).chain(&one.signers));
        let mut roles: Vec<String> = named
            .filter(|role| held.contains(&role.as_str()) && !ui.is_body(role))
            .cloned()
            .collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// Roles in which he must stay out of the matter, or holds no post today.
    ///
    /// # Errors
    /// A fault when the register cannot be read.
    pub async fn recused(
        tx: &mut Tx,
        office: Office<'_>,
        loaded: &Loaded,
        desk: &Signed,
        roles: &[String],
    ) -> Result<Vec<(String, Vec<RuleViolation>)>, Error> {
        let mut recused = Vec::new();
        for role in roles.iter().filter(|_| !desk.person().is_empty()) {
            let actor = Actor { person: desk.person().to_owned(), role: role.clone() };
            let read = standing::refusals(tx, office, loaded, &actor, desk.now.day).await;
            let rules = read.map_err(|failure| Error::from(Refusal::from(failure)))?;
            if !rules.is_empty() {
                recused.push((role.clone(), rules));
            }
        }
        Ok(recused)
    }

    /// Title of a step.
    #[must_use]
    pub fn title(&self, code: &str) -> String {
        let step = self.steps.iter().find(|step| step.code == code);
        step.map_or_else(|| code.to_owned(), |step| self.ui.title(&step.title).to_owned())
    }

    fn may(&self, acts: &[Act]) -> bool {
        self.desk.may_at(acts, MATTER, &self.loaded.path)
    }

    fn holds(&self, role: &str) -> bool {
        self.desk.roles_at(&self.loaded.path).any(|held| held == role)
    }

    /// Roles among these that he holds and may act in.
    fn own(&self, roles: &[String]) -> Roles {
        let free = |role: &&String| {
            self.holds(role) && !self.recused.iter().any(|(recused, _)| recused == *role)
        };
        let own = roles.iter().filter(free).filter(|role| !self.ui.is_body(role));
        own.map(|role| (role.clone(), self.ui.role(role))).collect()
    }

    /// Bodies among these, each by who presides, for whoever writes down what they did.
    fn bodies(&self, roles: &[String]) -> Roles {
        if !self.may(WRITE) {
            return Vec::new();
        }
        let today = self.desk.now.day.to_string();
        let holds = |post: &&PostLine, role: &str| {
            post.role == role && post.until.as_ref().is_none_or(|until| *until >= today)
        };
        let mut bodies = Vec::new();
        for role in roles.iter().filter(|role| self.ui.is_body(role)) {
            for post in self.people.iter().filter(|post| holds(post, role)) {
                let words = [("body", self.ui.role(role)), ("name", post.name.clone())];
                let words = words.each_ref().map(|(key, value)| (*key, value.as_str()));
                let title = self.ui.with("web-step-body", &words);
                bodies.push((format!("{role} {}", post.person), title));
            }
        }
        bodies
    }

    /// The step with what this reader may do with it.
    #[must_use]
    pub fn next(
        &self,
        open: &OpenStep,
        due: Option<&DueLine>,
        form: &impl Fn(&str, &str) -> Filled,
    ) -> Option<Next> {
        let (ui, code) = (self.ui, open.code.as_str());
        let step = self.steps.iter().find(|step| step.code == code)?;
        let actors: Vec<String> = step.actors.iter().map(|role| ui.role(role)).collect();
        let barred = open.barred.contains(self.desk.person());
        let mut roles = if barred || !self.may(MOVE) { Vec::new() } else { self.own(&step.actors) };
        roles.extend(self.bodies(&step.actors));
        let missing = open.missing.iter().filter(|rule| rule.rule != BROUGHT);
        let (missing, basis): (Vec<String>, Vec<Option<String>>) =
            missing.map(|rule| ui.said(rule, self.steps)).unzip();
        let mut basis: Vec<String> = basis.into_iter().flatten().collect();
        basis.dedup();
        let asks_amount = MONEY.contains(&step.stage.as_str());
        let checkers = if self.may(CHECK) { self.own(&open.checkers) } else { Vec::new() };
        let signers = if self.may(MOVE) { self.own(&open.signers) } else { Vec::new() };
        let begun = form("step", code);
        let ready = missing.is_empty() || begun.is_begun();
        Some(Next {
            title: ui.title(&step.title).to_owned(),
            actors: actors.join(ui.t("web-or")),
            not_me: self.not_me(open, barred),
            due: due.map(|due| {
                let late = due.due_day < self.desk.now.day.to_string();
                (ui.day(&due.due_day), late, ui.why(&due.by_rule, &due.start_day))
            }),
            step: (!roles.is_empty() && ready).then_some((roles, asks_amount, begun)),
            meeting: self.meeting(step).map(|body| (body, form("meeting", code))),
            check: (!checkers.is_empty())
                .then(|| (checkers, form("check", code), form("ask", code))),
            signers,
            missing,
            basis,
            code: code.to_owned(),
        })
    }

    /// The body whose meeting the step waits for, for whoever writes down what it did.
    fn meeting(&self, step: &Step) -> Option<String> {
        let body = step.gates.iter().find_map(|gate| match gate {
            Gate::Meeting { body } => Some(body.clone()),
            _ => None,
        });
        body.filter(|_| self.may(WRITE))
    }

    /// Why he may not act, as far as the step speaks of roles of his.
    fn not_me(&self, open: &OpenStep, barred: bool) -> Vec<String> {
        let wanted = |role: &String| {
            open.actors.contains(role)
                || open.checkers.contains(role)
                || open.signers.contains(role)
        };
        let recused = self.recused.iter().filter(|(role, _)| wanted(role));
        let mut lines: Vec<String> = recused.flat_map(|(_, lines)| lines.clone()).collect();
        if barred && open.actors.iter().any(|role| self.holds(role)) {
            lines.push(self.ui.t("web-step-other-person").to_owned());
        }
        lines
    }
}
