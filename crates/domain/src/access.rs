//! Who may do what with what: the permission matrix as data (`catalogues/access.toml`) and one
//! function that answers by it.
//!
//! Nothing is allowed that no grant allows. Deliberately absent: conflicts of persons
//! ([`crate::recusal`]) and who may hold which roles together ([`crate::separation`]).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::catalogue::Dated;
use crate::model::{Basis, Bilingual};
use crate::problem::{Place, Problem};

/// Role code of whoever comes; everybody has it.
const PUBLIC: &str = "PUB";

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// See it.
    Read,
    /// Make one.
    Create,
    /// Change or answer one.
    Update,
    /// Decide on it.
    Approve,
    /// Check and sign it.
    Sign,
    /// Propose one for somebody else to make.
    Propose,
}

impl Act {
    /// All acts.
    pub const ALL: [Self; 6] =
        [Self::Read, Self::Create, Self::Update, Self::Approve, Self::Sign, Self::Propose];
}

/// How much is seen, from least to most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Its number in the register.
    RegisterNumber,
    /// A sealed envelope.
    Sealed,
    /// Counts and sums.
    Totals,
    /// Number, dates, state, office; no content.
    Meta,
    /// Inside the results of models only.
    ViaModels,
    /// What the public sees.
    Public,
    /// Everything, with masked fields.
    Masked,
    /// Everything but how to reach the person.
    NoContact,
    /// Everything.
    #[default]
    Full,
}

/// What must hold besides the role and the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// It is about the actor himself.
    OwnPerson,
    /// Its receipt code was shown.
    Code,
    /// A task in it was given to him.
    Task,
    /// It is of the post's programme.
    Programme,
    /// It was sent to the post's unit.
    Routed,
    /// It belongs to the post's unit.
    OwnUnit,
    /// It is of a field that the post leads.
    Field,
    /// It is about discipline staff.
    StaffCase,
    /// Somebody approved this look.
    Approval,
    /// It is public.
    Published,
    /// He is not named in it.
    Unnamed,
}

/// A right in the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Columns.
    pub to: Vec<String>,
    /// Acts.
    pub acts: Vec<Act>,
    /// What must hold, all of it.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// How much is seen.
    #[serde(default)]
    pub view: View,
    /// The place does not matter.
    #[serde(default)]
    pub anywhere: bool,
}

/// A kind of thing: a row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// Code.
    pub code: String,
    /// Title.
    pub title: Bilingual,
    /// Class of confidentiality (09-roles, section 6), 0 public to 5 identity of a reporter.
    pub class: u8,
    /// Whoever is named in it sees nothing of it, whatever his post (I8).
    #[serde(default)]
    pub closed_to_named: bool,
    /// Rights.
    pub grants: Vec<Grant>,
}

/// The permission matrix.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    /// Role codes by column.
    pub columns: BTreeMap<String, Vec<String>>,
    /// Rows.
    pub objects: Vec<Object>,
    /// From which amount on a batch needs a second person.
    #[serde(default)]
    pub second_person: Vec<SecondPerson>,
}

/// Above an amount whoever accepts imported money is another than who uploaded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondPerson {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, if it has ended.
    #[serde(default)]
    pub until: Option<String>,
    /// Sum of a batch in fen up to which its uploader may accept it.
    pub above_fen: i64,
    /// Laws and practices.
    pub basis: Vec<Basis>,
}

impl Dated for SecondPerson {
    fn from(&self) -> &str {
        &self.from
    }

    fn until(&self) -> Option<&str> {
        self.until.as_deref()
    }
}

/// A post that somebody holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// Role code.
    pub role: String,
    /// Place path that it covers: `county`, `county/township`, `county/township/village`.
    pub place: String,
    /// Id of its unit.
    pub unit: Option<String>,
    /// Codes of programmes that it works for.
    pub programmes: BTreeSet<String>,
    /// Codes of fields that it leads or works in.
    pub fields: BTreeSet<String>,
}

/// Who asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asker {
    /// Id of the person; none for an anonymous visitor.
    pub person: Option<String>,
    /// Posts held today.
    pub held: Vec<Held>,
    /// Ids of things in which he has a task today.
    pub tasks: BTreeSet<String>,
    /// Codes of their kinds: what opens the pages about them.
    pub kinds: BTreeSet<String>,
}

/// What is asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// Code of its kind.
    pub object: String,
    /// Id.
    pub id: String,
    /// Place path.
    pub place: String,
    /// Id of the person whose own it is.
    pub owner: Option<String>,
    /// Code of its programme.
    pub programme: Option<String>,
    /// Code of its field.
    pub field: Option<String>,
    /// Id of the unit that it belongs to.
    pub unit: Option<String>,
    /// Ids of units that it was sent to.
    pub routed_to: BTreeSet<String>,
    /// Ids of persons accused or otherwise named in it.
    pub named: BTreeSet<String>,
    /// Ids of persons whose look somebody else has approved.
    pub approved: BTreeSet<String>,
    /// Its receipt code was shown with the request.
    pub code_shown: bool,
    /// It is about discipline staff.
    pub staff_case: bool,
    /// It is public.
    pub published: bool,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// No, with the code of the reason that was nearest to a yes; its sentence is `rule-<code>`.
    Deny(&'static str),
    /// Yes, and how much is seen.
    Allow(View),
}

impl Matrix {
    /// Reads `access.toml`.
    ///
    /// # Errors
    /// One problem when the text is not of that form, names a column that is none, or has a kind
    /// of thing twice.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problem> {
        let wrong =
            |detail: &str| Problem::new("catalogue-toml", Place::file(file)).with("detail", detail);
        let matrix: Self = toml::from_str(text).map_err(|error| wrong(error.message()))?;
        let mut seen = BTreeSet::new();
        for object in &matrix.objects {
            if !seen.insert(&object.code) {
                return Err(wrong(&object.code));
            }
            let columns = object.grants.iter().flat_map(|grant| &grant.to);
            if let Some(unknown) = columns.into_iter().find(|c| !matrix.columns.contains_key(*c)) {
                return Err(wrong(unknown));
            }
        }
        Ok(matrix)
    }

    /// Whether somebody may do something with a thing, and how much of it he sees.
    #[must_use]
    pub fn decide(&self, asker: &Asker, act: Act, subject: &Subject) -> Decision {
        let Some(object) = self.objects.iter().find(|o| o.code == subject.object) else {
            return Decision::Deny("deny-no-right");
        };
        let named = asker.person.as_ref().is_some_and(|person| subject.named.contains(person));
        if named && object.closed_to_named {
            return Decision::Deny("deny-named");
        }
        let visitor = Held { role: PUBLIC.to_owned(), ..Held::default() };
        let mut nearest = (0, Decision::Deny("deny-no-right"));
        for held in asker.held.iter().chain([&visitor]) {
            let grants = object.grants.iter().filter(|g| g.acts.contains(&act));
            for grant in grants.filter(|g| self.is_for(g, &held.role)) {
                let answer = answer(grant, asker, held, subject);
                nearest = nearest.max(answer);
            }
        }
        nearest.1
    }

    fn is_for(&self, grant: &Grant, role: &str) -> bool {
        let columns = grant.to.iter().filter_map(|column| self.columns.get(column));
        columns.into_iter().any(|roles| roles.iter().any(|r| r == role))
    }
}

/// What a grant says, and how near it comes to a yes.
fn answer(grant: &Grant, asker: &Asker, held: &Held, subject: &Subject) -> (usize, Decision) {
    if !grant.anywhere && !covers(&held.place, &subject.place) {
        return (1, Decision::Deny("deny-place"));
    }
    let unmet = grant.needs.iter().position(|need| !is_met(*need, asker, held, subject));
    match unmet.and_then(|at| grant.needs.get(at).map(|need| (at, need))) {
        Some((at, need)) => (2 + at, Decision::Deny(refusal(*need))),
        None => (usize::MAX, Decision::Allow(grant.view)),
    }
}

/// Whether a place path lies in the place of a post. A post without a place covers nothing.
#[must_use]
pub fn covers(post: &str, place: &str) -> bool {
    let inside = place.strip_prefix(post);
    !post.is_empty() && inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn is_met(need: Need, asker: &Asker, held: &Held, subject: &Subject) -> bool {
    let person = asker.person.as_ref();
    let in_list = |list: &BTreeSet<String>, code: Option<&String>| {
        code.is_some_and(|code| list.contains(code))
    };
    match need {
        Need::OwnPerson => person.is_some() && person == subject.owner.as_ref(),
        Need::Code => subject.code_shown,
        Need::Task => asker.tasks.contains(&subject.id),
        Need::Programme => in_list(&held.programmes, subject.programme.as_ref()),
        Need::Routed => in_list(&subject.routed_to, held.unit.as_ref()),
        Need::OwnUnit => held.unit.is_some() && held.unit == subject.unit,
        Need::Field => in_list(&held.fields, subject.field.as_ref()),
        Need::StaffCase => subject.staff_case,
        Need::Approval => in_list(&subject.approved, person),
        Need::Published => subject.published,
        Need::Unnamed => person.is_some_and(|person| !subject.named.contains(person)),
    }
}

fn refusal(need: Need) -> &'static str {
    match need {
        Need::OwnPerson => "deny-own-person",
        Need::Code => "deny-code",
        Need::Task => "deny-task",
        Need::Programme => "deny-programme",
        Need::Routed => "deny-routed",
        Need::OwnUnit => "deny-own-unit",
        Need::Field => "deny-field",
        Need::StaffCase => "deny-staff-case",
        Need::Approval => "deny-approval",
        Need::Published => "deny-published",
        Need::Unnamed => "deny-named",
    }
}
