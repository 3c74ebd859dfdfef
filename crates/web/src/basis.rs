//! What something stands on, as a villager reads it: laws by their titles, with the article. Studies of our own
//! are no law; where nothing else is named, that is said.

use domain::model::Basis;

use crate::ui::Ui;

/// How bases of the catalogue are told apart that are studies: `02-power-items`.
fn is_study(basis: &Basis) -> bool {
    basis.instrument.bytes().take(2).all(|byte| byte.is_ascii_digit())
}

/// Laws and rules in words, one each; none where only studies are named.
#[must_use]
pub fn laws(ui: &Ui, list: &[Basis]) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    let current = ui.law().catalogue.basis_on(list, ui.today());
    for text in current.iter().filter(|one| !is_study(one)).map(|one| words(ui, one)) {
        if !told.contains(&text) {
            told.push(text);
        }
    }
    told
}

fn words(ui: &Ui, basis: &Basis) -> String {
    let title = |key: &str| {
        let known = ui.law().catalogue.instruments.get(key);
        known.map_or_else(|| key.to_owned(), |known| ui.title(&known.title).to_owned())
    };
    // `24 → 新法`: the article of a text that another has taken the place of.
    let (article, next) = basis.article.split_once('→').unwrap_or((&basis.article, ""));
    let (article, own) =
        (article.trim().replace(',', ui.t("ui-list-separator")), title(&basis.instrument));
    let mut text = match article.as_str() {
        "" => ui.with("web-basis-whole", &[("title", &own)]),
        article => ui.with("web-basis-article", &[("title", &own), ("article", article)]),
    };
    if !next.is_empty() {
        text += &ui.with("web-basis-now", &[("title", &title(next.trim()))]);
    }
    text
}

/// The same in one line.
#[must_use]
pub fn line(ui: &Ui, list: &[Basis]) -> String {
    match laws(ui, list) {
        laws if laws.is_empty() => ui.t("web-basis-none").to_owned(),
        laws => laws.join(ui.t("web-basis-joint")),
    }
}
