//! Who gets a report. Whoever is meant, his kin, whoever he leads and whoever works beside one of
//! these is out, by construction: an office in which one of them works is never tried. What concerns
//! the organ's own head, cadres managed above and discipline staff goes into the sealed queue (JJ-01
//! to JJ-03). If no office is left, it goes to the next level up, which is outside this register: so
//! there is always somebody.
//!
//! Deliberately absent: keys, and what was written. Routing knows facts alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::covers;
use crate::recusal::{
    Conflict, Ground, Part, Party, Policy, Relations, Subject, Verdict, conflicts,
};
use crate::report::Facts;
use crate::report::rules::{Level, PostKind, Reach, ReportRules, Step};

/// Code of the step role that stands for the department of the topic.
const OF_TOPIC: &str = "topic";
/// The door behind which the sealed queue is.
const ACCUSATION: &str = "accusation";

/// An office: those who hold a role in a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Id: `TDI@990001101`.
    pub id: String,
    /// Role code.
    pub role: String,
    /// Path of its place.
    pub place: String,
    /// Area (片区) of its township.
    pub area: Option<String>,
    /// Keys of the persons who work in it or hold its key.
    pub members: BTreeSet<String>,
    /// It has a key, so that something can be sealed for it.
    pub keyed: bool,
    /// How many reports it has open.
    pub open: u32,
}

/// Id of the office of a role in a place, by the place's code.
#[must_use]
pub fn office_id(role: &str, place: &str) -> String {
    format!("{role}@{place}")
}

/// A post that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Key of the person.
    pub person: String,
    /// Role code.
    pub role: String,
    /// Path of its place.
    pub place: String,
}

/// Who is who on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organisation {
    /// Offices.
    pub offices: Vec<Office>,
    /// Posts.
    pub posts: Vec<Post>,
    /// Areas of townships, by their path.
    pub areas: BTreeMap<String, String>,
    /// Persons, by key; those without are known by their key alone.
    pub parties: BTreeMap<String, Party>,
    /// Who is related to whom.
    pub relations: Relations,
    /// Keys of persons who declared an interest in it, or stay out of it for another reason.
    pub interested: Vec<String>,
}

/// Where something goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum To {
    /// An office, by its id.
    Office(String),
    /// The next level up, outside this register.
    Outside,
}

/// Where a report goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Who handles it.
    pub office: To,
    /// Who grants a look at the identity; never the office that handles it, unless both are outside.
    pub identity: To,
    /// Code of the sealed queue, when it is in one.
    pub sealed: Option<String>,
    /// Deadline rule for handing it over.
    pub rule: Option<String>,
    /// Offices that were passed by, with the reason: for tests and whoever keeps the register, never for
    /// the reporter, since they tell who is related to whom.
    pub passed: Vec<(String, Passed)>,
}

/// Why an office was passed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// Somebody who must stay out works there, or beside it.
    Conflict,
    /// Nobody works there.
    Vacant,
    /// It has no key yet.
    NoKey,
}

/// Persons who must stay out of a report, each with what stands against him.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Out {
    persons: BTreeMap<String, Conflict>,
}

impl Out {
    /// Whether a person must stay out.
    #[must_use]
    pub fn has(&self, person: &str) -> bool {
        self.persons.contains_key(person)
    }

    /// All of them.
    pub fn persons(&self) -> impl Iterator<Item = &String> {
        self.persons.keys()
    }
}

/// Why a report may not be seen by a person: empty when nothing stands against it.
#[must_use]
pub fn stands_against(
    facts: &Facts,
    person: &str,
    organisation: &Organisation,
    (policy, rules): (&Policy, &ReportRules),
) -> Vec<Ground> {
    let me = organisation.party(person, policy);
    let conflict = conflicts(policy, &me, &organisation.subject(facts), &organisation.relations);
    let keeps_out = |ground: &Ground| !rules.only_told.contains(ground);
    let reasons = conflict.reasons.iter().filter(|r| r.verdict > Verdict::Allow);
    reasons.map(|reason| reason.ground).filter(keeps_out).collect()
}

impl Organisation {
    fn subject(&self, facts: &Facts) -> Subject {
        let party = |person: &String| match self.parties.get(person) {
            Some(party) => party.clone(),
            None => Party { person: person.clone(), ..Party::default() },
        };
        let persons = facts.named.iter().map(|person| (Part::Accused, party(person)));
        Subject {
            persons: persons.collect(),
            interested: self.interested.clone(),
            ..Subject::default()
        }
    }

    /// A person with his superiors: whoever holds a post over one of his.
    fn party(&self, person: &str, policy: &Policy) -> Party {
        let mut party = self.parties.get(person).cloned().unwrap_or_default();
        person.clone_into(&mut party.person);
        for post in self.posts.iter().filter(|post| post.person == person) {
            for head in policy.heads.iter().filter(|head| head.over.contains(&post.role)) {
                let over = self.posts.iter().filter(|other| {
                    other.role == head.role
                        && other.person != person
                        && covers(&other.place, &post.place)
                });
                party.superiors.extend(over.map(|other| other.person.clone()));
            }
        }
        party
    }

    /// Everybody known who must stay out of a report.
    #[must_use]
    pub fn out(&self, facts: &Facts, law: (&Policy, &ReportRules)) -> Out {
        let (policy, rules) = law;
        let members = self.offices.iter().flat_map(|office| &office.members);
        let known = self.parties.keys().chain(self.posts.iter().map(|post| &post.person));
        let known: BTreeSet<&String> = known.chain(members).chain(&facts.named).collect();
        let subject = self.subject(facts);
        let mut out = Out::default();
        for person in known {
            let me = self.party(person, policy);
            let conflict = conflicts(policy, &me, &subject, &self.relations);
            let holds = |ground: &Ground| !rules.only_told.contains(ground);
            if conflict.reasons.iter().any(|r| r.verdict > Verdict::Allow && holds(&r.ground)) {
                out.persons.insert(person.clone(), conflict);
            }
        }
        out
    }

    /// Whether an office is free of everybody who must stay out: nobody in it is one of them, and none of
    /// them has a post beside it. Beside means in the same township or village; in the county, in the
    /// same office.
    fn is_free(&self, office: &Office, out: &Out) -> bool {
        let same_house = Level::of_path(&office.place) < Level::County;
        let beside =
            |post: &&Post| post.place == office.place && (same_house || post.role == office.role);
        let posts = self.posts.iter().filter(beside).map(|post| &post.person);
        !office.members.iter().chain(posts).any(|person| out.has(person))
    }

    /// Kinds of the posts meant: those that the reporter picked, and those that the named hold.
    fn posts_meant<'r>(&self, facts: &Facts, rules: &'r ReportRules) -> Vec<&'r PostKind> {
        let held = self.posts.iter().filter(|post| facts.named.contains(&post.person));
        let mut kinds: Vec<&PostKind> =
            held.filter_map(|post| rules.post_of_role(&post.role)).collect();
        let picked = |code: &String| rules.posts.iter().find(|kind| kind.code == *code);
        kinds.extend(facts.posts.iter().filter_map(picked));
        kinds
    }
}

/// One search for an office.
struct Search<'a> {
    facts: &'a Facts,
    organisation: &'a Organisation,
    rules: &'a ReportRules,
    out: Out,
    /// Offices that may not have it again.
    not: BTreeSet<String>,
    passed: Vec<(String, Passed)>,
}

impl Search<'_> {
    fn try_steps(&mut self, steps: &[Step]) -> To {
        let meant = self.organisation.posts_meant(self.facts, self.rules);
        let levels: BTreeSet<Level> = meant.iter().map(|kind| kind.level).collect();
        for step in steps {
            let fits = |level: &Level| step.about.contains(level);
            if !step.about.is_empty() && !levels.iter().all(fits) {
                continue;
            }
            if let Some(office) = self.best(step) {
                return To::Office(office);
            }
        }
        To::Outside
    }

    /// The office of a step that has least to do, of those that may have it.
    fn best(&mut self, step: &Step) -> Option<String> {
        let department = self.rules.topics.iter().find(|topic| topic.code == self.facts.topic);
        let role = match step.role.as_str() {
            OF_TOPIC => department.map(|topic| topic.department.as_str())?,
            role => role,
        };
        let organisation = self.organisation;
        let there = |office: &&Office| office.role == role && self.reaches(step.reach, office);
        let offices: Vec<&Office> = organisation.offices.iter().filter(there).collect();
        let mut free: Vec<&Office> = Vec::new();
        for office in offices.into_iter().filter(|office| !self.not.contains(&office.id)) {
            match self.why_not(office) {
                None => free.push(office),
                Some(why) => self.passed.push((office.id.clone(), why)),
            }
        }
        free.sort_by_key(|office| (office.open, &office.id));
        free.first().map(|office| office.id.clone())
    }

    fn why_not(&self, office: &Office) -> Option<Passed> {
        if !self.organisation.is_free(office, &self.out) {
            return Some(Passed::Conflict);
        }
        if office.members.is_empty() {
            return Some(Passed::Vacant);
        }
        (!office.keyed).then_some(Passed::NoKey)
    }

    fn reaches(&self, reach: Reach, office: &Office) -> bool {
        let place = &self.facts.place;
        let own = place.split('/').take(2).collect::<Vec<_>>().join("/");
        let level = Level::of_path(&office.place);
        let area = self.organisation.areas.get(&own);
        match reach {
            Reach::Township => level == Level::Township && office.place == own,
            Reach::County => level == Level::County && covers(&office.place, place),
            // Where no areas were made, every other township is another area.
            Reach::OtherArea => {
                let other = area.is_none() || office.area.as_ref() != area;
                level == Level::Township && office.place != own && other
            }
            Reach::SameArea => {
                let same = area.is_some() && office.area.as_ref() == area;
                level == Level::Township && office.place != own && same
            }
        }
    }
}

/// Where a report goes.
#[must_use]
pub fn route(facts: &Facts, organisation: &Organisation, law: (&Policy, &ReportRules)) -> Route {
    let rules = law.1;
    let meant = organisation.posts_meant(facts, rules);
    let sealed = rules.sealed.iter().find(|queue| {
        let of = |kind: &&PostKind| kind.sealed.as_ref() == Some(&queue.code);
        facts.door == ACCUSATION && meant.iter().any(of)
    });
    let door = rules.door(&facts.door);
    let steps = match sealed {
        Some(queue) => queue.steps.as_slice(),
        None => door.map_or(&[][..], |door| &door.steps),
    };
    let out = organisation.out(facts, law);
    let not = BTreeSet::new();
    let mut search = Search { facts, organisation, rules, out, not, passed: Vec::new() };
    let office = search.try_steps(steps);
    let identity = match &office {
        To::Outside => To::Outside,
        To::Office(id) => {
            search.not.insert(id.clone());
            search.try_steps(door.map_or(&[][..], |door| &door.identity))
        }
    };
    let passed = search.passed;
    let rule = sealed.and_then(|queue| queue.rule.clone());
    Route { office, identity, sealed: sealed.map(|queue| queue.code.clone()), rule, passed }
}

/// Who reviews it: an office above the one that decided, and none that has decided in it before.
#[must_use]
pub fn review(
    facts: &Facts,
    organisation: &Organisation,
    law: (&Policy, &ReportRules),
    decided: &BTreeSet<String>,
) -> To {
    let rules = law.1;
    let out = organisation.out(facts, law);
    let not = decided.clone();
    let mut search = Search { facts, organisation, rules, out, not, passed: Vec::new() };
    // Offices of the county do not review one another.
    let at_county = |office: &&Office| {
        decided.contains(&office.id) && Level::of_path(&office.place) == Level::County
    };
    if organisation.offices.iter().any(|office| at_county(&office)) {
        return To::Outside;
    }
    search.try_steps(rules.door(&facts.door).map_or(&[][..], |door| &door.review))
}

/// Whether a report may be handed to an office.
#[must_use]
pub fn may_have(
    facts: &Facts,
    organisation: &Organisation,
    law: (&Policy, &ReportRules),
    office: &str,
) -> bool {
    let out = organisation.out(facts, law);
    let known = organisation.offices.iter().find(|known| known.id == office);
    known.is_some_and(|office| {
        organisation.is_free(office, &out) && !office.members.is_empty() && office.keyed
    })
}
