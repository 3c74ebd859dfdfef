//! Items of a kind, and a search through all of them.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

use super::{Item, KINDS, Standing, items, standing};
use crate::error::Error;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// Which kind, and what is sought.
#[derive(Deserialize, Default)]
pub struct Sought {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    q: String,
}

/// An item in a list.
struct Line {
    kind: &'static str,
    code: String,
    title: String,
    changed: bool,
    own: bool,
}

#[derive(Template)]
#[template(path = "office/admin/catalogue.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    /// Kinds with how many items each has.
    kinds: Vec<(&'static str, usize)>,
    kind: &'static str,
    q: &'a str,
    lines: Vec<Line>,
}

/// The page.
///
/// # Errors
/// A fault when the page cannot be drawn.
pub async fn show(ui: Ui, desk: Signed, Query(sought): Query<Sought>) -> Result<Response, Error> {
    let catalogue = &ui.law().catalogue;
    let kind = KINDS.iter().find(|kind| **kind == sought.kind).copied().unwrap_or("power");
    let q = sought.q.trim().to_lowercase();
    let (mut kinds, mut lines) = (Vec::new(), Vec::new());
    for one in KINDS {
        let all = items(&ui, catalogue, one);
        kinds.push((one, all.len()));
        let wanted = |item: &&Item| match q.as_str() {
            "" => one == kind,
            q => fits(item, q),
        };
        lines.extend(all.iter().filter(wanted).map(|item| line(&ui, one, item)));
    }
    page(&List { ui: &ui, desk: &desk, kinds, kind, q: sought.q.trim(), lines })
}

fn fits(item: &Item, q: &str) -> bool {
    let texts = [&item.code, &item.title.zh, &item.title.en];
    texts.iter().any(|text| text.to_lowercase().contains(q))
}

fn line(ui: &Ui, kind: &'static str, item: &Item) -> Line {
    let (standing, _) = standing(ui, kind, item);
    Line {
        kind,
        code: item.code.clone(),
        title: ui.title(&item.title).to_owned(),
        changed: standing == Standing::Changed,
        own: standing == Standing::Own,
    }
}
