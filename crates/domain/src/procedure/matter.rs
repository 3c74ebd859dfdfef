//! What is known of a matter: everything that gates look at.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::time::Day;

/// Who does something, in which role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Actor {
    /// Id of the person.
    pub person: String,
    /// Role code.
    pub role: String,
}

/// A step that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Step code.
    pub step: String,
    /// When.
    pub day: Day,
    /// By whom.
    pub actor: Actor,
    /// The amount that it was about, in fen.
    pub amount_fen: Option<i64>,
}

/// A meeting as its minutes have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Code of the body that met.
    pub body: String,
    /// When it was called.
    pub called_on: Option<Day>,
    /// When it was held.
    pub held_on: Day,
    /// Members.
    pub should_attend: u32,
    /// Members who came.
    pub present: u32,
    /// Households that should be represented, where they count.
    pub households_total: Option<u32>,
    /// Households that were.
    pub households_present: Option<u32>,
    /// Votes for.
    pub votes_for: u32,
    /// Votes against.
    pub votes_against: u32,
    /// Abstentions.
    pub abstentions: u32,
    /// The head spoke last, and the minutes say so.
    pub head_spoke_last: bool,
    /// Every vote is recorded by name.
    pub ballots_recorded: bool,
    /// Ids of persons who signed the attendance list, as far as they are known here.
    pub attendees: Vec<String>,
}

/// A meeting held for a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Step code.
    pub step: String,
    /// How often the step had been done before: what was gathered for one time is not used again.
    pub round: u32,
    /// The meeting.
    pub meeting: Meeting,
}

/// A check for a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Step code.
    pub step: String,
    /// See [`Held::round`].
    pub round: u32,
    /// Who checked.
    pub by: Actor,
    /// Agreed, or objected.
    pub agreed: bool,
    /// When.
    pub day: Day,
}

/// A signature for a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Step code.
    pub step: String,
    /// See [`Held::round`].
    pub round: u32,
    /// Who signed.
    pub by: Actor,
    /// When.
    pub day: Day,
}

/// Something on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Code of the disclosing step.
    pub step: String,
    /// First day.
    pub from: Day,
    /// Last day, once it is down.
    pub until: Option<Day>,
}

/// A post and who holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Role code.
    pub role: String,
    /// Id of the person.
    pub person: String,
}

/// The state of a matter. A new one is the default, with the posts of its village.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// The amount proposed, in fen, where the matter has money.
    pub amount_fen: Option<i64>,
    /// Steps done, in order.
    pub done: Vec<Done>,
    /// Codes of documents in the file.
    pub documents: BTreeSet<String>,
    /// Meetings.
    pub meetings: Vec<Held>,
    /// Checks.
    pub checks: Vec<Check>,
    /// Signatures.
    pub signatures: Vec<Signature>,
    /// What was made public.
    pub publications: Vec<Publication>,
    /// Open questions by number, with the asker where he gave himself to be known.
    pub open_questions: BTreeMap<String, Option<String>>,
    /// Who holds which post of the village; to see that one person holds two.
    pub posts: Vec<Post>,
    /// What each step that decides or approves settled last, in fen.
    pub decided_fen: BTreeMap<String, i64>,
    /// When it was withdrawn.
    pub withdrawn: Option<Day>,
    /// The day of the last event.
    pub last_day: Option<Day>,
}

impl Matter {
    /// How often a step was done.
    #[must_use]
    pub fn times_done(&self, step: &str) -> u32 {
        let times = self.done.iter().filter(|done| done.step == step).count();
        u32::try_from(times).unwrap_or(u32::MAX)
    }

    /// The last time that a step was done.
    #[must_use]
    pub fn last_done(&self, step: &str) -> Option<&Done> {
        self.done.iter().rev().find(|done| done.step == step)
    }

    /// The last meeting held for the coming round of a step.
    #[must_use]
    pub fn meeting(&self, step: &str) -> Option<&Meeting> {
        let round = self.times_done(step);
        let held = self.meetings.iter().rev().find(|h| h.step == step && h.round == round);
        held.map(|held| &held.meeting)
    }

    /// Checks for the coming round of a step, latest first.
    pub fn checks_of(&self, step: &str) -> impl Iterator<Item = &Check> {
        let round = self.times_done(step);
        self.checks.iter().rev().filter(move |c| c.step == step && c.round == round)
    }

    /// Signatures for the coming round of a step.
    pub fn signatures_of(&self, step: &str) -> impl Iterator<Item = &Signature> {
        let round = self.times_done(step);
        self.signatures.iter().filter(move |s| s.step == step && s.round == round)
    }

    /// Whoever holds all of these posts (一肩挑).
    #[must_use]
    pub fn holder_of_all(&self, roles: &[String]) -> Option<&str> {
        let holds = |person: &str, role: &String| {
            self.posts.iter().any(|post| post.person == person && post.role == *role)
        };
        let persons = self.posts.iter().map(|post| post.person.as_str());
        persons.into_iter().find(|p| roles.len() > 1 && roles.iter().all(|r| holds(p, r)))
    }
}
