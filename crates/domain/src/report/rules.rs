//! Rule data of reports (`catalogues/reports.toml`): doors, where each leads, kinds of posts, topics,
//! and what each act is due by.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::catalogue::{Catalogue, Dated};
use crate::model::{Basis, Bilingual};
use crate::problem::{Place, Problem};
use crate::recusal::Ground;

/// At which level a post or an office works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Village.
    Village,
    /// Township.
    Township,
    /// County.
    County,
}

impl Level {
    /// The level of a path of codes from the county down.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        match path.matches('/').count() {
            0 => Self::County,
            1 => Self::Township,
            _ => Self::Village,
        }
    }

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Village => "village",
            Self::Township => "township",
            Self::County => "county",
        }
    }
}

/// Where an office is, seen from the place of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Its township.
    Township,
    /// Townships of other areas (片区).
    OtherArea,
    /// Other townships of its area.
    SameArea,
    /// The county.
    County,
}

/// An office to try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Role code of the office; `topic` for the department of the topic.
    pub role: String,
    /// Where.
    pub reach: Reach,
    /// Only where nobody meant holds a post at another level.
    #[serde(default)]
    pub about: Vec<Level>,
}

/// Codes of the deadline rules of a door's acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueRules {
    /// Tell whether it is accepted, counted from its receipt.
    pub accept: String,
    /// The same for a real name, where it differs.
    #[serde(default)]
    pub accept_named: Option<String>,
    /// The same after a transfer.
    pub transferred: String,
    /// Until when the next office may object to a transfer.
    #[serde(default)]
    pub object: Option<String>,
    /// Until when the reporter may object to a transfer.
    #[serde(default)]
    pub object_transfer: Option<String>,
    /// Decide on his objection.
    #[serde(default)]
    pub decide_transfer: Option<String>,
    /// Settle it, counted from its acceptance.
    pub settle: String,
    /// Tell a real name the result, counted from the end of the work.
    #[serde(default)]
    pub tell: Option<String>,
    /// Until when the reporter may ask for a review, counted from the reply.
    pub ask_review: String,
    /// Answer the review.
    pub review: String,
    /// Until when he may ask for a second review.
    pub ask_second: String,
    /// Answer the second review.
    pub second: String,
}

impl DueRules {
    fn all(&self) -> Vec<&String> {
        let optional = [
            &self.accept_named,
            &self.object,
            &self.object_transfer,
            &self.decide_transfer,
            &self.tell,
        ];
        let named = [
            &self.accept,
            &self.transferred,
            &self.settle,
            &self.ask_review,
            &self.review,
            &self.ask_second,
            &self.second,
        ];
        named.into_iter().chain(optional.into_iter().flatten()).collect()
    }
}

/// A door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Door {
    /// `request`, `complaint`, `accusation`.
    pub code: String,
    /// Title.
    pub title: Bilingual,
    /// Its kind of thing in the matrix of rights.
    pub object: String,
    /// Offices that handle it, in the order in which they are tried.
    pub steps: Vec<Step>,
    /// Offices that review it.
    pub review: Vec<Step>,
    /// Offices that grant a look at the identity.
    pub identity: Vec<Step>,
    /// Deadlines.
    pub rules: DueRules,
}

/// Accusations that go into the sealed queue (JJ-01 to JJ-03).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedQueue {
    /// Code.
    pub code: String,
    /// Offices that get it; the next level up where none is left.
    pub steps: Vec<Step>,
    /// Deadline rule for handing it over.
    #[serde(default)]
    pub rule: Option<String>,
}

/// A kind of post that a reporter picks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostKind {
    /// Code.
    pub code: String,
    /// Title.
    pub title: Bilingual,
    /// Level.
    pub level: Level,
    /// Code of the sealed queue that an accusation of it goes into.
    #[serde(default)]
    pub sealed: Option<String>,
    /// Role codes of registered posts of this kind.
    #[serde(default)]
    pub roles: BTreeSet<String>,
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

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Code.
    pub code: String,
    /// Title.
    pub title: Bilingual,
    /// Role code of the department in charge.
    pub department: String,
}

/// A code with a title: tags, commitments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Titled {
    /// Code.
    pub code: String,
    /// Title.
    pub title: Bilingual,
}

/// Rule data of reports in a span of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportRules {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, if it has ended.
    #[serde(default)]
    pub until: Option<String>,
    /// Leaves of the log of filings come in multiples of this.
    pub pad_to: u32,
    /// Public figures below this are not shown.
    pub hide_below: u32,
    /// Longest time of a granted look at an identity, in calendar days.
    pub identity_days: u32,
    /// Representatives of a joint visit.
    pub visitors_most: u32,
    /// How often "not solved" brings it back to the same office.
    pub reopen_times: u32,
    /// Characters of the text.
    pub text_most: usize,
    /// Number of attachments.
    pub attachments_most: usize,
    /// Bytes of one attachment.
    pub attachment_bytes_most: usize,
    /// Grounds of recusal that are told and keep nobody out of a report.
    pub only_told: BTreeSet<Ground>,
    /// Laws and practices.
    pub basis: Vec<Basis>,
    /// Doors.
    pub doors: Vec<Door>,
    /// Sealed queues, the gravest first.
    pub sealed: Vec<SealedQueue>,
    /// Kinds of posts.
    pub posts: Vec<PostKind>,
    /// Who leads whom.
    pub heads: Vec<Head>,
    /// Topics.
    pub topics: Vec<Topic>,
    /// Marks.
    pub tags: Vec<Titled>,
    /// What a leader who takes charge of a case promises.
    pub commitments: Vec<Titled>,
}

impl Dated for ReportRules {
    fn from(&self) -> &str {
        &self.from
    }

    fn until(&self) -> Option<&str> {
        self.until.as_deref()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Versions {
    versions: Vec<ReportRules>,
}

impl ReportRules {
    /// Reads the versions of `reports.toml`, oldest first.
    ///
    /// # Errors
    /// One problem when the text is not of that form.
    pub fn parse(file: &str, text: &str) -> Result<Vec<Self>, Problem> {
        let read = toml::from_str::<Versions>(text).map(|file| file.versions);
        read.map_err(|error| {
            Problem::new("catalogue-toml", Place::file(file)).with("detail", error.message())
        })
    }

    /// The door of a code.
    #[must_use]
    pub fn door(&self, code: &str) -> Option<&Door> {
        self.doors.iter().find(|door| door.code == code)
    }

    /// The kind of post that a registered role is of.
    #[must_use]
    pub fn post_of_role(&self, role: &str) -> Option<&PostKind> {
        self.posts.iter().find(|kind| kind.roles.contains(role))
    }

    /// Codes of rules and roles that the catalogue does not know.
    #[must_use]
    pub fn unknown(&self, catalogue: &Catalogue) -> Vec<String> {
        let rules = self.doors.iter().flat_map(|door| door.rules.all());
        let rules = rules.chain(self.sealed.iter().filter_map(|queue| queue.rule.as_ref()));
        let rules = rules.filter(|code| !catalogue.deadlines.contains_key(*code));
        let doors = self.doors.iter().flat_map(|d| [&d.steps, &d.review, &d.identity]);
        let steps = doors.chain(self.sealed.iter().map(|queue| &queue.steps)).flatten();
        let roles = steps.map(|step| &step.role).filter(|role| *role != "topic");
        let roles = roles.chain(self.posts.iter().flat_map(|kind| &kind.roles));
        let roles = roles.chain(self.heads.iter().flat_map(|h| h.over.iter().chain([&h.role])));
        let roles = roles.chain(self.topics.iter().map(|topic| &topic.department));
        let roles = roles.filter(|code| !catalogue.roles.contains_key(*code));
        let queues = self.posts.iter().filter_map(|kind| kind.sealed.as_ref());
        let queues = queues.filter(|code| !self.sealed.iter().any(|queue| queue.code == **code));
        rules.chain(roles).chain(queues).cloned().collect()
    }
}
