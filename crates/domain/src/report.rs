//! Reports: what somebody says is wrong (求助, 投诉, 检举控告). What he hands in is checked and split
//! into what is sealed apart: content, identity, attachments; and the few facts that routing needs.
//!
//! Deliberately absent: sealing, storing, and everything about the device or network that a report
//! came from. There is no field for it.

pub mod attachment;
pub mod bare;
pub mod handling;
pub mod rules;
pub mod totals;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::problem::{Place, Problem};
use attachment::Kind;
use rules::ReportRules;

/// How a report came in (01-procedures, section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The page.
    Web,
    /// A screen in the village or township.
    Kiosk,
    /// Letter, entered by staff.
    Letter,
    /// Visit, entered by staff.
    Visit,
    /// Telephone, entered by staff.
    Phone,
    /// Handed over by audit, inspection or a department.
    HandedOver,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Web, Self::Kiosk, Self::Letter, Self::Visit, Self::Phone, Self::HandedOver];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Kiosk => "kiosk",
            Self::Letter => "letter",
            Self::Visit => "visit",
            Self::Phone => "phone",
            Self::HandedOver => "handed_over",
        }
    }

    /// The channel of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }

    /// Whether staff writes down what somebody else says; otherwise nobody's account has a part in it.
    #[must_use]
    pub const fn by_staff(self) -> bool {
        matches!(self, Self::Letter | Self::Visit | Self::Phone | Self::HandedOver)
    }
}

/// Who reports, where he wants to be known (JJ-13: true name and a way to reach him).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Name of the person or unit.
    pub name: String,
    /// Telephone or another way to reach him.
    pub contact: String,
    /// Address, if he likes.
    #[serde(default)]
    pub address: String,
}

/// What is sealed as content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// In his words; may be empty where he speaks.
    pub text: String,
    /// Who is meant, where the register does not know him.
    #[serde(default)]
    pub about: String,
    /// Attachments in order, with the names that their files had.
    #[serde(default)]
    pub attachments: Vec<Named>,
}

/// Name and kind of an attachment, as they are sealed with the content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Name of the file.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
}

/// What routing needs: kept apart from the content, and from the database by a key of the machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Code of the door.
    pub door: String,
    /// Path of the place that it is about.
    pub place: String,
    /// Code of the topic.
    pub topic: String,
    /// Codes of the kinds of posts of whoever is meant.
    pub posts: BTreeSet<String>,
    /// Keys of the persons who are meant.
    pub named: BTreeSet<String>,
}

/// What somebody hands in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Facts for routing.
    pub facts: Facts,
    /// In his words.
    pub text: String,
    /// Who is meant, in words.
    pub about: String,
    /// Files: name and bytes.
    pub attachments: Vec<(String, Vec<u8>)>,
    /// Who he is, if he wants to be known.
    pub identity: Option<Identity>,
    /// How many came together, for a joint visit.
    pub visitors: u32,
}

/// A form that was checked, in parts that are sealed apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// For routing.
    pub facts: Facts,
    /// Sealed to the office that handles it.
    pub content: Content,
    /// Sealed to the office that grants looks at identities.
    pub identity: Option<Identity>,
    /// Sealed each for itself, in the order of the content's list.
    pub attachments: Vec<Vec<u8>>,
}

/// Checks a form and splits it.
///
/// # Errors
/// Every problem at once; none of them holds anything that was written.
pub fn intake(form: Form, rules: &ReportRules) -> Result<Intake, Vec<Problem>> {
    let problems = problems(&form, rules);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut content = Content { text: form.text, about: form.about, attachments: Vec::new() };
    let mut attachments = Vec::with_capacity(form.attachments.len());
    for (name, bytes) in form.attachments {
        let Some(kind) = attachment::recognise(&bytes) else { continue };
        content.attachments.push(Named { name: plain_name(&name), kind });
        attachments.push(bytes);
    }
    Ok(Intake { facts: form.facts, content, identity: form.identity, attachments })
}

fn at(column: &str) -> Place {
    Place { column: Some(column.to_owned()), ..Place::default() }
}

fn problems(form: &Form, rules: &ReportRules) -> Vec<Problem> {
    let mut problems = facts_problems(&form.facts, rules);
    let nothing = form.text.trim().is_empty() && form.attachments.is_empty();
    if nothing {
        problems.push(Problem::new("petition-empty", at("text")));
    }
    if form.text.chars().count() > rules.text_most {
        let most = rules.text_most;
        problems.push(Problem::new("petition-text-long", at("text")).with("most", most));
    }
    if form.attachments.len() > rules.attachments_most {
        let most = rules.attachments_most;
        problems.push(Problem::new("petition-attachments-many", at("files")).with("most", most));
    }
    for (at_file, (_, bytes)) in form.attachments.iter().enumerate() {
        let place = || Place { row: u64::try_from(at_file + 1).ok(), ..at("files") };
        if bytes.len() > rules.attachment_bytes_most {
            let most = rules.attachment_bytes_most >> 20;
            problems.push(Problem::new("petition-attachment-large", place()).with("most", most));
        }
        if attachment::recognise(bytes).is_none() {
            problems.push(Problem::new("petition-attachment-kind", place()));
        }
    }
    let unnamed = |who: &Identity| who.name.trim().is_empty() || who.contact.trim().is_empty();
    if form.identity.as_ref().is_some_and(unnamed) {
        problems.push(Problem::new("petition-identity-partial", at("name")));
    }
    if form.visitors > rules.visitors_most {
        let most = rules.visitors_most;
        problems.push(Problem::new("petition-visitors-many", at("visitors")).with("most", most));
    }
    problems
}

/// What is wrong with facts, before anything is written: so that a page can find out where a report
/// would go.
#[must_use]
pub fn facts_problems(facts: &Facts, rules: &ReportRules) -> Vec<Problem> {
    let mut problems = Vec::new();
    if rules.door(&facts.door).is_none() {
        problems.push(Problem::new("petition-door-unknown", at("door")));
    }
    if !rules.topics.iter().any(|topic| topic.code == facts.topic) {
        problems.push(Problem::new("petition-topic-unknown", at("topic")));
    }
    let known = |post: &String| rules.posts.iter().any(|kind| kind.code == *post);
    if !facts.posts.iter().all(known) {
        problems.push(Problem::new("petition-post-unknown", at("posts")));
    }
    problems
}

/// The last part of a file's name, without what could be a path.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(120).collect()
}
