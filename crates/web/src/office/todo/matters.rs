//! Steps of matters that wait for the reader: to do, to check, to sign.

use std::collections::HashMap;

use domain::catalogue::Step;
use domain::procedure::OpenStep;
use registry::queries::office::{DueLine, dues};
use registry::queries::work::{Work, work};

use super::{Task, Waiting};
use crate::error::Error;
use crate::office::matters::{CHECK, MATTER, MOVE, READ, WRITE};
use crate::ui::Ui;

/// What somebody else, or time, must do first.
pub const ANOTHERS: [&str; 11] = [
    "gate-check",
    "gate-countersign",
    "gate-extra-signature",
    "gate-published-none",
    "gate-published-running",
    "gate-elapsed-none",
    "gate-elapsed-running",
    "gate-questions",
    "gate-tier-unknown",
    "gate-rule-unknown",
    "gate-nothing-decided",
];

/// Whether a step waits at all: one that may be left out or done again waits only when it has a day.
#[must_use]
pub fn waits(step: &Step, work: &Work, due: Option<&DueLine>) -> bool {
    let again = step.repeats && work.done.contains(&step.code);
    due.is_some() || !(step.optional || again)
}

/// What the day of a step is kept under.
#[must_use]
pub fn due_subject(matter: &str, step: &str) -> String {
    format!("{matter}/step/{step}")
}

impl Waiting<'_> {
    /// Steps that wait for the reader.
    pub(super) async fn steps(&self) -> Result<Vec<Task>, Error> {
        let (room, law) = (self.room, self.room.ui.law());
        let by = room.desk.by(READ, MATTER, self.path)?;
        if !room.desk.may_at(MOVE, MATTER, self.path) {
            return Ok(Vec::new());
        }
        let dues = dues(room.db(), &by, self.path).await?;
        let dues: HashMap<&str, &DueLine> =
            dues.iter().map(|due| (due.subject.as_str(), due)).collect();
        let works = work(room.db(), &by, law.rules(), self.path, room.desk.now.day).await?;
        let mut tasks = Vec::new();
        for work in &works {
            let steps = law.catalogue.steps_of(&work.power, work.opened).unwrap_or_default();
            for open in &work.next {
                let Some(step) = steps.iter().find(|step| step.code == open.code) else { continue };
                let due = dues.get(due_subject(&work.id, &open.code).as_str()).copied();
                if waits(step, work, due) {
                    let kinds = self.mine(work, open);
                    tasks.extend(kinds.into_iter().map(|kind| self.task(kind, work, step, due)));
                }
            }
        }
        Ok(tasks)
    }

    /// What the reader may do with an open step.
    fn mine(&self, work: &Work, open: &OpenStep) -> Vec<&'static str> {
        let (ui, desk) = (&self.room.ui, &self.room.desk);
        let held: Vec<&str> = desk.roles_at(&work.path).collect();
        let holds = |roles: &[String]| {
            roles.iter().any(|role| held.contains(&role.as_str()) && !ui.is_body(role))
        };
        let may = |acts| desk.may_at(acts, MATTER, &work.path);
        let mut kinds = Vec::new();
        if holds(&open.checkers) && may(CHECK) {
            kinds.push("check");
        }
        if holds(&open.signers) && may(MOVE) {
            kinds.push("sign");
        }
        let does = holds(&open.actors) && may(MOVE) && !open.barred.contains(desk.person());
        let writes = open.actors.iter().any(|role| ui.is_body(role)) && may(WRITE);
        let stopped = open.missing.iter().any(|rule| ANOTHERS.contains(&rule.rule));
        if (does || writes) && !stopped {
            kinds.push("step");
        }
        kinds
    }

    fn task(&self, kind: &'static str, work: &Work, step: &Step, due: Option<&DueLine>) -> Task {
        let ui: &Ui = &self.room.ui;
        let words = [("title", work.title.as_str()), ("step", ui.title(&step.title))];
        Task {
            kind,
            stage: step.stage.clone(),
            title: ui.with("web-task-of-matter", &words),
            place: self.places.name(&work.place).to_owned(),
            address: format!("/office/matters/{}#{}", work.number, step.code),
            matter: Some(work.number.clone()),
            due: due.map(|due| due.due_day.clone()),
            why: due.map(|due| ui.why(&due.by_rule, &due.start_day)).unwrap_or_default(),
        }
    }
}
