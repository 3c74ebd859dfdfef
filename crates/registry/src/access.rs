//! Who acts, and what he may do. A [`By`] brings his rights along, so that an action asks them of
//! its transaction and nobody who calls it can forget to.
//!
//! The operator at the machine may do everything: whoever has the machine has the database.

use std::sync::Arc;

use domain::access::{Act, Asker, Decision, Matrix, Subject, View};
use domain::problem::{Failure, RuleViolation};

use crate::actions::places;
use crate::tx::Tx;

/// Role code of whoever comes.
const PUBLIC: &str = "PUB";

/// Who acts.
#[derive(Debug, Clone)]
pub struct By {
    /// Account, when it is a user.
    pub account: Option<String>,
    /// Person behind it.
    pub person: Option<String>,
    /// Role code in which he acts.
    pub role: String,
    rights: Rights,
}

/// What somebody may do.
#[derive(Debug, Clone)]
enum Rights {
    /// Everything.
    Machine,
    /// What the matrix gives to the posts that he holds.
    Matrix(Arc<Matrix>, Asker),
}

impl By {
    /// The program itself: a job, or the operator on the machine.
    #[must_use]
    pub fn system() -> Self {
        Self::operator(None, "SYS")
    }

    /// The operator at the machine, who writes down what a person did in a role.
    #[must_use]
    pub fn operator(person: Option<&str>, role: &str) -> Self {
        let person = person.map(str::to_owned);
        Self { account: None, person, role: role.to_owned(), rights: Rights::Machine }
    }

    /// A visitor who has not signed in.
    #[must_use]
    pub fn public(matrix: &Arc<Matrix>) -> Self {
        let rights = Rights::Matrix(Arc::clone(matrix), Asker::default());
        Self { account: None, person: None, role: PUBLIC.to_owned(), rights }
    }

    /// A signed-in user with what he holds that day, in one of his roles.
    ///
    /// # Errors
    /// The rule that says no when he does not hold the role.
    pub fn user(
        matrix: &Arc<Matrix>,
        account: &str,
        asker: Asker,
        role: &str,
    ) -> Result<Self, RuleViolation> {
        if role != PUBLIC && !asker.held.iter().any(|held| held.role == role) {
            return Err(RuleViolation::new("deny-no-right", "roles.toml"));
        }
        Ok(Self {
            account: Some(account.to_owned()),
            person: asker.person.clone(),
            role: role.to_owned(),
            rights: Rights::Matrix(Arc::clone(matrix), asker),
        })
    }

    /// Whether he may do something with a thing, and how much of it he sees.
    ///
    /// # Errors
    /// The rule that says no.
    pub fn may(&self, act: Act, subject: &Subject) -> Result<View, RuleViolation> {
        let Rights::Matrix(matrix, asker) = &self.rights else { return Ok(View::Full) };
        match matrix.decide(asker, act, subject) {
            Decision::Allow(view) => Ok(view),
            Decision::Deny(rule) => {
                Err(RuleViolation::new(rule, format!("access.toml: {}", subject.object)))
            }
        }
    }

    /// Whether he sees more of a kind of thing in a place than the public does.
    #[must_use]
    pub fn sees(&self, object: &str, path: &str) -> bool {
        self.may(Act::Read, &at(object, path)).is_ok_and(|view| view > View::Public)
    }

    /// Somebody of the office without an account, for whom the operator at the machine vouches: he may
    /// do what his posts give him, and no more.
    ///
    /// # Errors
    /// The rule that says no when he does not hold the role.
    pub fn holder(matrix: &Arc<Matrix>, asker: Asker, role: &str) -> Result<Self, RuleViolation> {
        Ok(Self { account: None, ..Self::user(matrix, "", asker, role)? })
    }

    /// The same without account, person and post: whoever came. An anonymous report is filed so, also by
    /// a signed-in user, and nothing of him gets into its entries.
    #[must_use]
    pub fn faceless(&self) -> Self {
        let rights = match &self.rights {
            Rights::Machine => Rights::Machine,
            Rights::Matrix(matrix, _) => Rights::Matrix(Arc::clone(matrix), Asker::default()),
        };
        Self { account: None, person: None, role: PUBLIC.to_owned(), rights }
    }

    /// Ids of the offices that he works in.
    #[must_use]
    pub fn offices(&self) -> Vec<String> {
        let Rights::Matrix(_, asker) = &self.rights else { return Vec::new() };
        asker.held.iter().filter_map(|held| held.unit.clone()).collect()
    }

    /// Whether he is a person; the operator may write down what anybody did.
    ///
    /// # Errors
    /// The rule that says no.
    pub fn is_himself(&self, person: &str) -> Result<(), RuleViolation> {
        if self.is_machine() || self.person.as_deref() == Some(person) {
            return Ok(());
        }
        Err(RuleViolation::new("deny-another", "roles.toml"))
    }

    /// The account that acts.
    ///
    /// # Errors
    /// The rule that says no when nobody has signed in.
    pub fn signed_in(&self) -> Result<&str, RuleViolation> {
        self.account.as_deref().ok_or_else(|| RuleViolation::new("deny-own-person", "roles.toml"))
    }

    pub(crate) fn is_machine(&self) -> bool {
        matches!(self.rights, Rights::Machine)
    }
}

/// A kind of thing in a place.
#[must_use]
pub fn at(object: &str, path: &str) -> Subject {
    Subject { object: object.to_owned(), place: path.to_owned(), ..Subject::default() }
}

impl Tx {
    /// Asks whether whoever acts may do something in a place.
    pub(crate) async fn may(
        &mut self,
        act: Act,
        object: &str,
        place: &str,
    ) -> Result<View, Failure> {
        self.may_any(&[act], object, place).await
    }

    /// Asks whether one of several acts is his.
    pub(crate) async fn may_any(
        &mut self,
        acts: &[Act],
        object: &str,
        place: &str,
    ) -> Result<View, Failure> {
        if self.by.is_machine() {
            return Ok(View::Full);
        }
        let subject = at(object, &places::path(self, place).await?);
        let mut answer = Err(RuleViolation::new("deny-no-right", object));
        for act in acts {
            answer = self.by.may(*act, &subject);
            if answer.is_ok() {
                break;
            }
        }
        Ok(answer?)
    }

    /// The same for what belongs to the whole county.
    pub(crate) async fn may_county(&mut self, act: Act, object: &str) -> Result<View, Failure> {
        if self.by.is_machine() {
            return Ok(View::Full);
        }
        let county = places::county(self).await?;
        self.may(act, object, &county).await
    }
}
