//! The catalogues: everything that the register stands on, with its versions and what they stand on. Where
//! the county has laid something of its own over the common text, both stand side by side.

pub mod list;
pub mod one;
mod rows;

use domain::catalogue::Catalogue;
use domain::model::Bilingual;
use serde_json::Value;

use crate::ui::Ui;

/// Kinds of things in it, as addresses name them.
const KINDS: [&str; 8] =
    ["power", "procedure", "duty", "profile", "deadline", "role", "body", "benefit"];

/// An item as any kind has it.
struct Item {
    code: String,
    title: Bilingual,
    value: Value,
}

fn item(code: &str, title: &Bilingual, value: &impl serde::Serialize) -> Item {
    let value = serde_json::to_value(value).unwrap_or_default();
    Item { code: code.to_owned(), title: title.clone(), value }
}

/// All items of a kind in a catalogue; none for a kind that is none.
fn items(ui: &Ui, catalogue: &Catalogue, kind: &str) -> Vec<Item> {
    macro_rules! all {
        ($list:expr) => {
            $list.map(|one| item(&one.code, &one.title, one)).collect()
        };
    }
    match kind {
        "power" => all!(catalogue.powers.values()),
        "procedure" => all!(catalogue.procedures.values()),
        "duty" => all!(catalogue.duties.values()),
        "profile" => all!(catalogue.profiles.values()),
        "deadline" => all!(catalogue.deadlines.values()),
        "role" => all!(catalogue.roles.values()),
        "body" => all!(catalogue.bodies.values()),
        "benefit" => all!(ui.benefits().items.iter()),
        _ => Vec::new(),
    }
}

/// How the county's text of an item stands to the common one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The county has changed nothing.
    Common,
    /// The county has its own text.
    Changed,
    /// The common catalogue has no such item.
    Own,
}

fn standing(ui: &Ui, kind: &str, item: &Item) -> (Standing, Option<Item>) {
    let Some(common) = ui.law().common.as_ref().filter(|_| kind != "benefit") else {
        return (Standing::Common, None);
    };
    match items(ui, common, kind).into_iter().find(|one| one.code == item.code) {
        None => (Standing::Own, None),
        Some(one) if one.value == item.value => (Standing::Common, None),
        Some(one) => (Standing::Changed, Some(one)),
    }
}
