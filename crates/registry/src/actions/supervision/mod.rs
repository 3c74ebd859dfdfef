//! From a finding to what is published. The rules are `domain::supervision`; here their state is loaded,
//! kept, and what follows is written down. Nothing here reads or writes anything about a benefit: the
//! tables that these acts may write are those of migrations 11, 15 and 16 (a test holds them to it).

pub mod cases;
pub mod checks;
pub mod clues;
pub mod dual;
pub mod dues;
pub mod exports;
pub mod findings;
pub mod following;
pub mod handovers;
pub mod letters;
pub mod looks;
pub mod models;
pub mod post_duties;
pub mod rectifications;
pub mod regulations;
pub mod screenings;
pub mod subjects;
pub mod waivers;

use domain::access::{Act, Subject, View};
use domain::catalogue::{RoleLevel, Step, Versioned, on};
use domain::model::Basis;
use domain::problem::{Failure, RuleViolation};
use domain::procedure::Actor;
use domain::recusal::{self, Conflict, Part, Relations};
use domain::supervision::following::{FollowingRules, Version as Following};
use domain::supervision::rules::{SupervisionRules, Version};

use super::matters::Office;
use super::places;
use crate::queries::standing;
use crate::tx::Tx;

/// The rules that supervision works by.
#[derive(Clone, Copy)]
pub struct Bench<'a> {
    /// Catalogue, calendar, recusal.
    pub office: Office<'a>,
    /// `supervision.toml`.
    pub rules: &'a SupervisionRules,
    /// `following.toml`.
    pub following: &'a FollowingRules,
}

impl<'a> Bench<'a> {
    /// Values in force on the day of the act.
    pub(crate) fn version(&self, tx: &Tx) -> Result<&'a Version, Failure> {
        Ok(self.rules.on(tx.now.day)?)
    }

    /// Values of what follows, in force on the day of the act.
    pub(crate) fn following(&self, tx: &Tx) -> Result<&'a Following, Failure> {
        Ok(self.following.on(tx.now.day)?)
    }

    /// Steps and basis of a process on the day of the act.
    pub(crate) fn process(
        &self,
        tx: &Tx,
        code: &str,
    ) -> Result<(&'a [Step], &'a [Basis]), Failure> {
        let version = self.office.catalogue.procedures.get(code).and_then(|p| p.on(tx.now.day));
        let version = version.ok_or_else(|| super::unknown("step", code))?;
        Ok((&version.steps, &version.basis))
    }
}

/// Who is in a thing, and where it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Around {
    /// People of the register in it.
    pub persons: Vec<(Part, String)>,
    /// Code of its place.
    pub place: String,
    /// Path of its place.
    pub path: String,
}

impl Around {
    pub(crate) async fn at(
        tx: &mut Tx,
        place: &str,
        persons: Vec<(Part, String)>,
    ) -> Result<Self, Failure> {
        let path = places::path(tx, place).await?;
        Ok(Self { persons, place: place.to_owned(), path })
    }

    /// The thing as a subject of the matrix.
    pub(crate) fn subject(&self, object: &str, id: &str, office: Option<&str>) -> Subject {
        Subject {
            object: object.to_owned(),
            id: id.to_owned(),
            place: self.path.clone(),
            unit: office.map(str::to_owned),
            named: self.persons.iter().map(|(_, person)| person.clone()).collect(),
            ..Subject::default()
        }
    }
}

/// Whoever acts, in the role in which he does, if he may, and holds the post on that day.
pub(crate) async fn actor(
    tx: &mut Tx,
    around: &Around,
    acts: &[Act],
    subject: &Subject,
) -> Result<Actor, Failure> {
    may(tx, acts, subject)?;
    let none = || RuleViolation::new("deny-own-person", "roles.toml");
    let person = tx.by.person.clone().ok_or_else(none)?;
    let role = tx.by.role.clone();
    let posts = standing::posts(tx, &around.path, tx.now.day).await?;
    if !posts.iter().any(|post| post.person == person && post.role == role) {
        let no = RuleViolation::new("post-not-held", "roles.toml");
        return Err(no.with("role", &role).into());
    }
    Ok(Actor { person, role })
}

/// Asks the matrix for one of several acts.
pub(crate) fn may(tx: &Tx, acts: &[Act], subject: &Subject) -> Result<View, RuleViolation> {
    let mut answer = Err(RuleViolation::new("deny-no-right", "access.toml"));
    for act in acts {
        answer = tx.by.may(*act, subject);
        if answer.is_ok() {
            break;
        }
    }
    answer
}

/// What stands against somebody in a thing. His role says whether he comes from above: whoever does must
/// not be at home there.
pub(crate) async fn conflict(
    tx: &mut Tx,
    bench: Bench<'_>,
    around: &Around,
    (person, role): (&str, Option<&str>),
) -> Result<Conflict, Failure> {
    let Some(policy) = on(bench.office.recusal, tx.now.day) else {
        return Ok(recusal::conflicts(
            &no_policy(),
            &<_>::default(),
            &<_>::default(),
            &<_>::default(),
        ));
    };
    let mut subject = recusal::Subject::default();
    let me = standing::actor(tx, policy, person).await?;
    for (part, person) in &around.persons {
        // Whom a finding asks about is as good as accused to those whom he leads.
        let led = *part != Part::Hand && me.superiors.contains(person);
        let part = if led { Part::Accused } else { *part };
        subject.persons.push((part, standing::party(tx, person).await?));
    }
    let level = role.and_then(|role| bench.office.catalogue.roles.get(role)).map(|r| r.level);
    if level.is_some_and(|level| level >= RoleLevel::Township) {
        subject.village = Some(around.place.clone());
    }
    let relations = match subject.persons.is_empty() {
        true => Relations::default(),
        false => standing::relations(tx.connection()).await?,
    };
    Ok(recusal::conflicts(policy, &me, &subject, &relations))
}

/// A policy that weighs everything as a block: for a day without one.
fn no_policy() -> recusal::Policy {
    recusal::Policy {
        from: String::new(),
        until: None,
        kin_degree: 0,
        in_law_degree: 0,
        grounds: <_>::default(),
        never_overridden: Vec::new(),
        heads: Vec::new(),
        basis: Vec::new(),
    }
}
