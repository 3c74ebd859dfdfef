//! Who must stay out of an item (回避). Pure: the caller hands in who is who.
//!
//! What weighs how much is data with a basis (`catalogues/recusal.toml`). A ground that the data do
//! not name blocks. An override never turns a conflict into nothing: it stays a warning with the
//! name of whoever took it upon himself.

mod kinship;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::catalogue::{Catalogue, Dated};
use crate::model::Basis;
use crate::problem::{Place, Problem, RuleViolation};
use crate::time::Day;

pub use kinship::{Relation, Relations, Tie};

/// How much a ground weighs; a verdict is the heaviest of its grounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing stands against it.
    Allow,
    /// May act after declaring it; shown to whoever approves.
    Warn,
    /// Somebody else must act.
    Block,
}

/// Why somebody must stay out. Labels: group `recusal` of `terms.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The item is about him.
    SamePerson,
    /// He is accused in it.
    Accused,
    /// He brought it.
    Complainant,
    /// He is a witness in it.
    Witness,
    /// He lives in the household of a person in it.
    SameHousehold,
    /// Spouse or blood relation up to the degree of the rule.
    Kin,
    /// Related by marriage up to the degree of the rule.
    InLaw,
    /// An accused is his superior.
    Superior,
    /// He works where a person in it works.
    SameUnit,
    /// It is about the village that he comes from.
    NativeVillage,
    /// He declared an interest in it.
    DeclaredInterest,
    /// He acted in it before, at a step that another must review.
    EarlierRole,
    /// A report by or against him concerns a person in it.
    Dispute,
}

impl Ground {
    /// Stable code, as the catalogue has it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SamePerson => "same_person",
            Self::Accused => "accused",
            Self::Complainant => "complainant",
            Self::Witness => "witness",
            Self::SameHousehold => "same_household",
            Self::Kin => "kin",
            Self::InLaw => "in_law",
            Self::Superior => "superior",
            Self::SameUnit => "same_unit",
            Self::NativeVillage => "native_village",
            Self::DeclaredInterest => "declared_interest",
            Self::EarlierRole => "earlier_role",
            Self::Dispute => "dispute",
        }
    }
}

/// Who leads whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Role code of the head.
    pub role: String,
    /// Role codes of those led, in the head's place and below it.
    pub over: BTreeSet<String>,
}

/// Weights of grounds in a span of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, if it has ended.
    #[serde(default)]
    pub until: Option<String>,
    /// Blood relations of up to so many edges count as kin.
    pub kin_degree: u32,
    /// Relations by marriage of up to so many edges count as in-laws.
    pub in_law_degree: u32,
    /// What each ground weighs.
    pub grounds: BTreeMap<Ground, Verdict>,
    /// Grounds that nobody may override.
    pub never_overridden: Vec<Ground>,
    /// Who leads whom.
    #[serde(default)]
    pub heads: Vec<Head>,
    /// Laws and practices.
    pub basis: Vec<Basis>,
}

impl Dated for Policy {
    fn from(&self) -> &str {
        &self.from
    }

    fn until(&self) -> Option<&str> {
        self.until.as_deref()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Policies {
    versions: Vec<Policy>,
}

impl Policy {
    /// Whether whoever holds the one post leads whoever holds the other, both in places of one line.
    #[must_use]
    pub fn leads(&self, head: &str, led: &str) -> bool {
        self.heads.iter().any(|rule| rule.role == head && rule.over.contains(led))
    }

    /// Codes of roles that the catalogue does not know.
    #[must_use]
    pub fn unknown(&self, catalogue: &Catalogue) -> Vec<String> {
        let roles = self.heads.iter().flat_map(|head| head.over.iter().chain([&head.role]));
        roles.filter(|code| !catalogue.roles.contains_key(*code)).cloned().collect()
    }

    /// Reads the versions of `recusal.toml`, oldest first.
    ///
    /// # Errors
    /// One problem when the text is not of that form.
    pub fn parse(file: &str, text: &str) -> Result<Vec<Self>, Problem> {
        let read = toml::from_str::<Policies>(text).map(|policies| policies.versions);
        read.map_err(|error| {
            Problem::new("catalogue-toml", Place::file(file)).with("detail", error.message())
        })
    }
}

/// A person as far as conflicts go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// Id of the person.
    pub person: String,
    /// Id of the household.
    pub household: Option<String>,
    /// Id of the employing unit.
    pub unit: Option<String>,
    /// Place path of the village that he comes from or has long lived in.
    pub native_village: Option<String>,
    /// Ids of superiors, up to the top.
    pub superiors: Vec<String>,
}

/// The part that a person has in an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It is about him: beneficiary, party to a contract, applicant.
    Concerned,
    /// Accused.
    Accused,
    /// Brought it.
    Complainant,
    /// Witness.
    Witness,
    /// Did what is to be judged: his family stays out, those beside and below him may judge it.
    Hand,
}

/// What somebody is about to handle, sign, approve or read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// Persons in it.
    pub persons: Vec<(Part, Party)>,
    /// Place path of its village.
    pub village: Option<String>,
    /// Ids of persons who declared an interest in it.
    pub interested: Vec<String>,
    /// Ids of persons who acted in it before.
    pub acted: Vec<String>,
    /// Ids of persons by or against whom there is a report that concerns a person in it.
    pub disputes: Vec<String>,
}

/// One ground that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Which.
    pub ground: Ground,
    /// What it weighs, after an override.
    pub verdict: Verdict,
    /// Degree, for kin and in-laws.
    pub degree: Option<u32>,
    /// Id of whoever overrode it.
    pub overridden_by: Option<String>,
}

/// What stands against somebody, and how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The heaviest weight.
    pub verdict: Verdict,
    /// All grounds that hold, each once.
    pub reasons: Vec<Reason>,
}

/// A decision that somebody may act in spite of a ground.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Which.
    pub ground: Ground,
    /// Id of who takes it upon himself.
    pub approver: String,
    /// Why there is nobody else.
    pub reason: String,
    /// When.
    pub day: Day,
}

/// Everything that stands against a person's acting in an item.
#[must_use]
pub fn conflicts(
    policy: &Policy,
    actor: &Party,
    subject: &Subject,
    relations: &Relations,
) -> Conflict {
    let mut found: BTreeMap<Ground, Option<u32>> = BTreeMap::new();
    let mut holds = |ground, degree: Option<u32>| {
        let known = found.entry(ground).or_insert(degree);
        *known = (*known).min(degree);
    };
    for (part, party) in &subject.persons {
        for ground in personal(*part, actor, party) {
            holds(ground, None);
        }
        let (me, other) = (&actor.person, &party.person);
        let within = |degree: Option<u32>, most: u32| degree.filter(|n| *n <= most);
        if relations.married(me, other) {
            holds(Ground::Kin, Some(1));
        } else if let Some(n) = within(relations.blood(me, other), policy.kin_degree) {
            holds(Ground::Kin, Some(n));
        } else if let Some(n) = within(relations.related(me, other), policy.in_law_degree) {
            holds(Ground::InLaw, Some(n));
        }
    }
    if subject.village.is_some() && subject.village == actor.native_village {
        holds(Ground::NativeVillage, None);
    }
    for (list, ground) in [
        (&subject.interested, Ground::DeclaredInterest),
        (&subject.acted, Ground::EarlierRole),
        (&subject.disputes, Ground::Dispute),
    ] {
        if list.contains(&actor.person) {
            holds(ground, None);
        }
    }
    let weight = |ground| policy.grounds.get(&ground).copied().unwrap_or(Verdict::Block);
    let reason = |(ground, degree): (Ground, Option<u32>)| Reason {
        ground,
        // A ground that holds is never nothing, whatever the data say.
        verdict: weight(ground).max(Verdict::Warn),
        degree,
        overridden_by: None,
    };
    Conflict::of(found.into_iter().map(reason).collect())
}

/// Grounds between an actor and a person of an item.
fn personal(part: Part, actor: &Party, party: &Party) -> Vec<Ground> {
    let mut grounds = Vec::new();
    let same = actor.person == party.person;
    if same {
        grounds.push(match part {
            Part::Concerned | Part::Hand => Ground::SamePerson,
            Part::Accused => Ground::Accused,
            Part::Complainant => Ground::Complainant,
            Part::Witness => Ground::Witness,
        });
    }
    let shared = |a: &Option<String>, b: &Option<String>| !same && a.is_some() && a == b;
    if shared(&actor.household, &party.household) {
        grounds.push(Ground::SameHousehold);
    }
    if part != Part::Hand && shared(&actor.unit, &party.unit) {
        grounds.push(Ground::SameUnit);
    }
    if part == Part::Accused && actor.superiors.contains(&party.person) {
        grounds.push(Ground::Superior);
    }
    grounds
}

impl Conflict {
    fn of(reasons: Vec<Reason>) -> Self {
        let verdict = reasons.iter().map(|r| r.verdict).max().unwrap_or(Verdict::Allow);
        Self { verdict, reasons }
    }

    /// The conflict after an override: the ground weighs as a warning and bears the approver's id.
    /// `of_approver` is what stands against the approver himself.
    ///
    /// # Errors
    /// `override-never` for a ground that nobody may override, `override-none` when it does not
    /// hold, `override-self` when the approver is the actor, `override-conflicted` when the
    /// approver is blocked himself, `override-reason` without a reason.
    pub fn overridden(
        &self,
        policy: &Policy,
        actor: &Party,
        given: &Override,
        of_approver: &Self,
    ) -> Result<Self, RuleViolation> {
        let basis = Basis::line(&policy.basis);
        let no = |rule| Err(RuleViolation::new(rule, basis.clone()));
        let always = [Ground::SamePerson, Ground::Accused];
        if always.contains(&given.ground) || policy.never_overridden.contains(&given.ground) {
            return no("override-never");
        }
        if given.approver == actor.person {
            return no("override-self");
        }
        if of_approver.verdict == Verdict::Block {
            return no("override-conflicted");
        }
        if given.reason.trim().is_empty() {
            return no("override-reason");
        }
        let mut reasons = self.reasons.clone();
        let Some(reason) = reasons.iter_mut().find(|r| r.ground == given.ground) else {
            return no("override-none");
        };
        reason.verdict = Verdict::Warn;
        reason.overridden_by = Some(given.approver.clone());
        Ok(Self::of(reasons))
    }
}
