//! Words for what reports speak of by codes: offices, doors, topics, marks.

use domain::report::rules::ReportRules;

use crate::places::Places;
use crate::ui::Ui;

/// Role of the office that stands for the next level up.
const OUTSIDE: &str = "OUTSIDE";

/// Names for a page.
pub struct Names<'a> {
    pub ui: &'a Ui,
    pub places: &'a Places,
    pub rules: &'a ReportRules,
}

impl Names<'_> {
    /// An office by its id.
    #[must_use]
    pub fn office(&self, id: &str) -> String {
        office(self.ui, self.places, id)
    }

    /// Title of a door.
    #[must_use]
    pub fn door(&self, code: &str) -> String {
        let door = self.rules.door(code).map(|door| self.ui.title(&door.title).to_owned());
        door.unwrap_or_else(|| code.to_owned())
    }

    /// Title of a topic.
    #[must_use]
    pub fn topic(&self, code: &str) -> String {
        let topic = self.rules.topics.iter().find(|topic| topic.code == code);
        topic.map_or_else(|| code.to_owned(), |topic| self.ui.title(&topic.title).to_owned())
    }

    /// Title of a kind of post.
    #[must_use]
    pub fn post(&self, code: &str) -> String {
        let post = self.rules.posts.iter().find(|post| post.code == code);
        post.map_or_else(|| code.to_owned(), |post| self.ui.title(&post.title).to_owned())
    }

    /// Title of a mark.
    #[must_use]
    pub fn tag(&self, code: &str) -> String {
        let known = self.rules.tags.iter().find(|known| known.code == code);
        known.map_or_else(|| code.to_owned(), |known| self.ui.title(&known.title).to_owned())
    }

    /// Name of the place at the end of a path.
    #[must_use]
    pub fn place(&self, path: &str) -> String {
        let code = path.rsplit('/').next().unwrap_or_default();
        self.places.name(code).to_owned()
    }
}

/// An office by its id: role and place.
#[must_use]
pub fn office(ui: &Ui, places: &Places, id: &str) -> String {
    let (role, place) = id.split_once('@').unwrap_or((id, ""));
    if role == OUTSIDE {
        return ui.t("web-reports-outside").to_owned();
    }
    ui.with("web-users-role-at", &[("role", &ui.role(role)), ("place", places.name(place))])
}
