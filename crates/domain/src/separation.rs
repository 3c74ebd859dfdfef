//! Separation of duties (09-roles, section 4): rules as data from `catalogues/separation.toml`,
//! held against who does what in one place or one item.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::catalogue::{Role, RoleLevel};
use crate::model::{Basis, Bilingual};
use crate::problem::{Place, Problem, RuleViolation};
use crate::recusal::Relations;

/// A rule: `SD01`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duties {
    /// Code.
    pub code: String,
    /// In one sentence.
    pub text: Bilingual,
    /// A breach refuses; else it warns.
    pub must: bool,
    /// All of these hold.
    pub checks: Vec<Apart>,
    /// Laws and practices.
    pub basis: Vec<Basis>,
}

/// One thing that a rule asks. Parts are role codes and codes of tasks (group `task` of
/// `terms.toml`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Apart {
    /// Nobody has a part of `first` and one of `second`.
    Persons {
        /// Parts.
        first: Vec<String>,
        /// Parts.
        second: Vec<String>,
    },
    /// Nobody with a part of `first` is spouse or kin, up to a degree, of one with a part of
    /// `second`.
    Kin {
        /// Parts.
        first: Vec<String>,
        /// Parts.
        second: Vec<String>,
        /// Edges of blood relation.
        degree: u32,
    },
    /// Once every one of `parts` is taken, so many different persons have them.
    Distinct {
        /// Parts.
        parts: Vec<String>,
        /// At least.
        least: usize,
    },
    /// Where one person has all of `both`, every one of `needed` is had by another.
    Besides {
        /// Parts.
        both: Vec<String>,
        /// Parts.
        needed: Vec<String>,
    },
    /// So many persons at least, and at most, have the part, once anybody has.
    Number {
        /// Part.
        part: String,
        /// At least.
        least: usize,
        /// At most.
        most: usize,
    },
}

/// Who has which part, in one place or one item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    /// Role or task code.
    pub part: String,
    /// Id of the person.
    pub person: String,
}

/// A breach of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Breach {
    /// It refuses; else it warns.
    pub must: bool,
    /// What and why.
    pub violation: RuleViolation,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rules: Vec<Duties>,
}

impl Duties {
    /// Reads `separation.toml`.
    ///
    /// # Errors
    /// One problem when the text is not of that form.
    pub fn parse(file: &str, text: &str) -> Result<Vec<Self>, Problem> {
        toml::from_str::<File>(text).map(|file| file.rules).map_err(|error| {
            Problem::new("catalogue-toml", Place::file(file)).with("detail", error.message())
        })
    }

    /// Every breach of the rule.
    #[must_use]
    pub fn breaches(&self, taken: &[Taken], relations: &Relations) -> Vec<Breach> {
        let broken = self.checks.iter().flat_map(|check| check.broken(taken, relations));
        let breach = |no: (&'static str, String)| {
            let violation = RuleViolation::new(no.0, Basis::line(&self.basis))
                .with("duty", &self.code)
                .with("parts", no.1);
            Breach { must: self.must, violation }
        };
        broken.map(breach).collect()
    }
}

impl Apart {
    /// The sentence and the parts of each breach.
    fn broken(&self, taken: &[Taken], relations: &Relations) -> Vec<(&'static str, String)> {
        match self {
            Self::Persons { first, second } => {
                let same = pairs(taken, first, second).filter(|(a, b)| a.person == b.person);
                told("duties-persons", same)
            }
            Self::Kin { first, second, degree } => {
                let close =
                    |(a, b): &(&Taken, &Taken)| relations.close(&a.person, &b.person, *degree);
                told("duties-kin", pairs(taken, first, second).filter(close))
            }
            Self::Distinct { parts, least } => {
                let all = parts.iter().all(|part| taken.iter().any(|t| t.part == *part));
                if all && persons(taken, parts).len() < *least {
                    return vec![("duties-distinct", parts.join(", "))];
                }
                Vec::new()
            }
            Self::Besides { both, needed } => besides(taken, both, needed),
            Self::Number { part, least, most } => {
                let number = persons(taken, std::slice::from_ref(part)).len();
                if number > 0 && !(*least..=*most).contains(&number) {
                    return vec![("duties-number", part.clone())];
                }
                Vec::new()
            }
        }
    }
}

fn pairs<'a>(
    taken: &'a [Taken],
    first: &'a [String],
    second: &'a [String],
) -> impl Iterator<Item = (&'a Taken, &'a Taken)> {
    let with = |parts: &'a [String]| taken.iter().filter(move |t| parts.contains(&t.part));
    with(first).flat_map(move |a| with(second).map(move |b| (a, b)))
}

/// Each pair of parts once.
fn told<'a>(
    says: &'static str,
    pairs: impl Iterator<Item = (&'a Taken, &'a Taken)>,
) -> Vec<(&'static str, String)> {
    let sorted = |(a, b): (&'a Taken, &'a Taken)| {
        let (a, b) = (a.part.as_str(), b.part.as_str());
        (a.min(b), a.max(b))
    };
    let parts: BTreeSet<(&str, &str)> = pairs.map(sorted).collect();
    parts.into_iter().map(|(a, b)| (says, format!("{a}, {b}"))).collect()
}

fn persons<'a>(taken: &'a [Taken], parts: &[String]) -> BTreeSet<&'a str> {
    taken.iter().filter(|t| parts.contains(&t.part)).map(|t| t.person.as_str()).collect()
}

fn besides(taken: &[Taken], both: &[String], needed: &[String]) -> Vec<(&'static str, String)> {
    let has =
        |part: &String, person: &str| taken.iter().any(|t| t.part == *part && t.person == person);
    let everyone: BTreeSet<&str> = taken.iter().map(|t| t.person.as_str()).collect();
    let Some(one) = everyone.into_iter().find(|p| both.iter().all(|part| has(part, p))) else {
        return Vec::new();
    };
    let by_another = |part: &String| taken.iter().any(|t| t.part == *part && t.person != one);
    let missing: Vec<&str> =
        needed.iter().filter(|part| !by_another(part)).map(String::as_str).collect();
    if missing.is_empty() { Vec::new() } else { vec![("duties-besides", missing.join(", "))] }
}

/// Roles of one person in one place that exclude each other, by the role catalogue.
#[must_use]
pub fn roles_exclude(roles: &[Role], held: &[String]) -> Vec<RuleViolation> {
    let mut violations = Vec::new();
    for role in roles.iter().filter(|role| held.contains(&role.code)) {
        for other in role.excludes.iter().filter(|o| held.contains(o) && **o != role.code) {
            // Where both name each other, it is told once.
            let mutual = roles.iter().any(|r| r.code == *other && r.excludes.contains(&role.code));
            if mutual && *other < role.code {
                continue;
            }
            let no = RuleViolation::new("roles-exclude", Basis::line(&role.basis));
            violations.push(no.with("role", &role.code).with("other", other));
        }
    }
    violations
}

/// Roles that somebody holds besides being an administrator of the system: an administrator has no
/// rights on business data (SD11).
#[must_use]
pub fn administrators_apart(roles: &[Role], held: &[String]) -> Vec<RuleViolation> {
    let is_held = |role: &&Role| held.contains(&role.code);
    let administers = roles.iter().filter(is_held).filter(|role| role.level == RoleLevel::System);
    let works = |role: &&Role| !matches!(role.level, RoleLevel::System | RoleLevel::Public);
    let pairs = administers.flat_map(|first| {
        roles.iter().filter(is_held).filter(works).map(move |other| (first, other))
    });
    let no = |(first, other): (&Role, &Role)| {
        let no = RuleViolation::new("administrator-apart", Basis::line(&first.basis));
        no.with("role", &first.code).with("other", &other.code)
    };
    pairs.map(no).collect()
}

/// A person who did one of `steps` may not do the next one. `did` are pairs of step and person,
/// `duty` is the code of the rule (`SD03`).
#[must_use]
pub fn same_person_for_steps<'a>(
    duty: &str,
    basis: &str,
    did: impl Iterator<Item = (&'a str, &'a str)>,
    steps: &[String],
    person: &str,
) -> Vec<RuleViolation> {
    let named = |step: &str| steps.iter().any(|s| s == step);
    let mut same: Vec<&str> =
        did.filter(|(step, who)| *who == person && named(step)).map(|(step, _)| step).collect();
    same.dedup();
    if same.is_empty() {
        return Vec::new();
    }
    let no = RuleViolation::new("gate-other-person", basis);
    vec![no.with("duty", duty).with("steps", same.join(", "))]
}
