//! Somebody who has signed in: his session, and what he holds today.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::access::{Act, Asker, Decision, Held, Subject, View, covers};
use domain::catalogue::RoleLevel;
use domain::problem::RuleViolation;
use registry::access::at;
use registry::queries::{accounts, sessions};
use registry::{By, Now, Tx};

use crate::error::Error;
use crate::office::reports::HERE;
use crate::request::SESSION;
use crate::routes::Right;
use crate::state::App;
use crate::ui::cookie;

/// Parts of the office: address, key of the title, and what somebody must be able to do there.
const MENU: [(&str, &str, &[Act], &str); 13] = [
    ("/office/board", "web-board", &[Act::Read], "order"),
    ("/office/checks", "web-checks", &[Act::Sign], "disclosure_draft"),
    (
        "/office/matters",
        "web-matters",
        &[Act::Create, Act::Update, Act::Sign, Act::Approve],
        "matter",
    ),
    ("/office/notices", "web-notices", &[Act::Read], "disclosure_draft"),
    ("/office/orders", "web-orders", &[Act::Read], "order"),
    ("/office/questions", "web-ask-title", &[Act::Read], "question"),
    ("/office/requests", "web-requests", &[Act::Read], "request"),
    ("/office/topics", "web-topics", &[Act::Update], "topic"),
    ("/office/supervision", "web-sv", &[Act::Read], "hit"),
    (
        "/office/supervision/rectifications",
        "web-sv-fixes",
        &[Act::Update, Act::Sign],
        "rectification",
    ),
    ("/office/imports", "web-imports", &[Act::Read], "import"),
    ("/office/codes", "web-codes", &[Act::Create], "own_code"),
    ("/office/admin", "web-admin", &[Act::Read], "catalogue"),
];

/// Address of the workbench of supervision, and what opens without it: address, key of the title, kind.
const WORKBENCH: &str = "/office/supervision";
const HELPERS: [(&str, &str, &str); 2] = [
    ("/office/supervision/stepped", "web-st", "stepped"),
    ("/office/supervision/campaigns", "web-cg", "campaign"),
];

/// Address of the township's board.
const BOARD: &str = "/office/board";

/// A signed-in user.
#[derive(Clone)]
pub struct Signed {
    app: Arc<App>,
    /// His session.
    pub session: sessions::Session,
    /// What he holds today.
    pub asker: Asker,
    /// The moment of the request.
    pub now: Now,
}

impl Signed {
    /// Name that pages show.
    #[must_use]
    pub fn name(&self) -> &str {
        self.session.person_name.as_deref().unwrap_or(&self.session.login)
    }

    /// Parts of the office that he may enter, each with its address and the key of its title.
    #[must_use]
    pub fn menu(&self) -> Vec<(&'static str, &'static str)> {
        let open =
            |(.., acts, object): &(_, _, &[Act], &str)| self.may_somewhere(acts, object).is_ok();
        // The board compares villages; one village has its own pages.
        let shown = |(path, ..): &&(&str, _, _, _)| *path != BOARD || self.is_above();
        let parts = MENU.iter().filter(shown).filter(|part| open(part));
        let mut menu: Vec<_> = parts.map(|(path, key, ..)| (*path, *key)).collect();
        // Reports are seen by whoever may be given one.
        if let Right::Routed(acts, objects) = HERE
            && self.may_routed(acts, objects).is_ok()
        {
            menu.insert(0, ("/office/reports", "web-reports"));
        }
        // Whoever only helps, or is in a team, has no workbench.
        if !menu.iter().any(|(path, _)| *path == WORKBENCH) {
            let open = HELPERS
                .iter()
                .filter(|(.., object)| self.may_somewhere(&[Act::Read], object).is_ok());
            menu.extend(open.map(|(path, key, _)| (*path, *key)));
        }
        menu
    }

    /// Who acts, in the first of his roles that may do this there. Where none may, the register's
    /// refusal says why.
    ///
    /// # Errors
    /// The rule that says no when he holds nothing at all.
    pub fn by(&self, acts: &[Act], object: &str, path: &str) -> Result<By, Error> {
        let fits = |held: &&Held| acts.iter().any(|act| self.allows(held, *act, object, path));
        let role = self.asker.held.iter().find(fits).or(self.asker.held.first());
        self.in_role(role.map_or("PUB", |held| held.role.as_str()))
    }

    /// Who acts, in each of his roles that may do this somewhere; in the first that he holds where none
    /// may, so that the register says why not.
    ///
    /// # Errors
    /// The rule that says no when he holds nothing at all.
    pub fn each(&self, acts: &[Act], object: &str) -> Result<Vec<By>, Error> {
        let fits =
            |held: &&Held| acts.iter().any(|act| self.allows(held, *act, object, &held.place));
        let mut roles: Vec<&str> = Vec::new();
        for held in self.asker.held.iter().filter(fits) {
            if !roles.contains(&held.role.as_str()) {
                roles.push(&held.role);
            }
        }
        match roles.is_empty() {
            true => Ok(vec![self.by(acts, object, "")?]),
            false => roles.into_iter().map(|role| self.in_role(role)).collect(),
        }
    }

    /// Who acts in a role of his choice.
    ///
    /// # Errors
    /// The rule that says no when he does not hold it.
    pub fn in_role(&self, role: &str) -> Result<By, Error> {
        let law = &self.app.setup.law;
        let asker = self.asker.clone();
        By::user(&law.access, &self.session.account, asker, role)
            .map_err(|rule| Error::Rules(vec![rule]))
    }

    /// Begins an act of his.
    ///
    /// # Errors
    /// As [`Signed::by`]; a fault when the database cannot be written.
    pub async fn begin(&self, acts: &[Act], object: &str, path: &str) -> Result<Tx, Error> {
        let by = self.by(acts, object, path)?;
        Ok(self.app.setup.registry.begin(by, self.now, "").await?)
    }

    /// Paths of the places that his posts are in.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        let paths = self.asker.held.iter().map(|held| held.place.as_str());
        let mut paths: Vec<&str> = paths.collect();
        paths.sort_unstable();
        paths.dedup();
        paths.into_iter()
    }

    /// Roles that he holds and that reach a place.
    pub fn roles_at<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a str> {
        self.asker.held.iter().filter(|h| covers(&h.place, path)).map(|held| held.role.as_str())
    }

    /// Whether he may do one of the acts with this kind of thing in a place.
    #[must_use]
    pub fn may_at(&self, acts: &[Act], object: &str, path: &str) -> bool {
        let held = &self.asker.held;
        held.iter().any(|held| acts.iter().any(|act| self.allows(held, *act, object, path)))
    }

    /// Whether a post of his is above the villages.
    #[must_use]
    pub fn is_above(&self) -> bool {
        let roles = &self.app.setup.law.catalogue.roles;
        let level = |role: &str| roles.get(role).map(|role| role.level);
        let mut held = self.asker.held.iter();
        held.any(|held| level(&held.role).is_some_and(|level| level >= RoleLevel::Township))
    }

    /// The key of the person behind the account; empty where there is none.
    #[must_use]
    pub fn person(&self) -> &str {
        self.asker.person.as_deref().unwrap_or_default()
    }

    /// Whether he may do one of the acts with this kind of thing in any place of his.
    ///
    /// # Errors
    /// The rule that says no.
    pub fn may_somewhere(&self, acts: &[Act], object: &str) -> Result<(), Error> {
        let held = &self.asker.held;
        let may = held
            .iter()
            .any(|held| acts.iter().any(|act| self.allows(held, *act, object, &held.place)));
        if may {
            return Ok(());
        }
        let rule = RuleViolation::new("deny-no-right", format!("access.toml: {object}"));
        Err(Error::Rules(vec![rule]))
    }

    /// Whether he may do one of the acts with one of these kinds of things where it is routed to an office
    /// of his.
    ///
    /// # Errors
    /// The rule that says no.
    pub fn may_routed(&self, acts: &[Act], objects: &[&str]) -> Result<(), Error> {
        let access = &self.app.setup.law.access;
        let may = |held: &Held, act: Act, object: &str| {
            let alone = Asker { held: vec![held.clone()], ..self.asker.clone() };
            let routed_to = held.unit.iter().cloned().collect();
            let thing = at(object, &held.place);
            let thing = Subject { unit: held.unit.clone(), routed_to, ..thing };
            let decision = access.decide(&alone, act, &thing);
            matches!(decision, Decision::Allow(view) if view != View::Public)
        };
        let any = |held: &Held| {
            acts.iter().any(|act| objects.iter().any(|object| may(held, *act, object)))
        };
        if self.asker.held.iter().any(any) {
            return Ok(());
        }
        let object = objects.first().copied().unwrap_or_default();
        let rule = RuleViolation::new("deny-no-right", format!("access.toml: {object}"));
        Err(Error::Rules(vec![rule]))
    }

    /// Whoever acts for an office, in its role where he holds that; else in the first role of his that may.
    ///
    /// # Errors
    /// As [`Signed::by`].
    pub fn for_office(&self, office: &str) -> Result<By, Error> {
        let role = office.split_once('@').map_or("", |(role, _)| role);
        let works = self.asker.held.iter().any(|held| held.unit.as_deref() == Some(office));
        if works { self.in_role(role) } else { self.by(&[], "", "") }
    }

    /// Whether a post of his works in an office.
    #[must_use]
    pub fn works_in(&self, office: &str) -> bool {
        self.asker.held.iter().any(|held| held.unit.as_deref() == Some(office))
    }

    /// Whether a role of his allows more than the public may.
    fn allows(&self, held: &Held, act: Act, object: &str, path: &str) -> bool {
        let alone = Asker { held: vec![held.clone()], ..self.asker.clone() };
        let access = &self.app.setup.law.access;
        let may = |subject: &Subject| {
            let decision = access.decide(&alone, act, subject);
            matches!(decision, Decision::Allow(view) if view != View::Public)
        };
        // A task opens the pages of its kind; about which thing, the register asks again.
        let task = self.asker.tasks.iter().next().filter(|_| self.asker.kinds.contains(object));
        may(&at(object, path))
            || task.is_some_and(|id| may(&Subject { id: id.clone(), ..at(object, path) }))
    }
}

impl FromRequestParts<Arc<App>> for Signed {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        if let Some(signed) = parts.extensions.get::<Self>() {
            return Ok(signed.clone());
        }
        let token = cookie(parts, SESSION).ok_or(Error::SignIn)?;
        let (db, now) = (&app.setup.registry.db, app.now());
        let session = sessions::session(db, token, now).await?.filter(|s| s.confirmed);
        let session = session.ok_or(Error::SignIn)?;
        let asker = accounts::asker(db, &session.account, now.day).await?;
        Ok(Self { app: Arc::clone(app), session, asker, now })
    }
}
