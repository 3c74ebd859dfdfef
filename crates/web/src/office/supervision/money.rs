//! Where the money went: from programmes over places to people, what the bank sent back, and what findings
//! ask about. Drawn by the server; the table below it says the same to whoever does not see it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::access::covers;
use facts::insight::Flow;

use super::Room;
use super::cut::{Filters, Wanted};
use super::sankey::{Chart, Part, Sheet};
use crate::error::Error;
use crate::places::Places;
use crate::session::Signed;
use crate::state::blocking;
use crate::ui::{Ui, page};

/// Programmes and places that are drawn one by one; the rest stand together.
const PROGRAMMES: usize = 8;
const PLACES: usize = 10;

/// Money of the latest run with the paths of its places, kept until the next run.
pub type Cache = Mutex<Option<(u32, Arc<Vec<Placed>>)>>;

/// Money of one programme in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    path: String,
    flow: Flow,
}

/// What came to a place, or through a programme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sum {
    /// Name.
    pub name: String,
    /// What was paid.
    pub amount_fen: i64,
    /// What the bank sent back.
    pub returned_fen: i64,
    /// What findings ask about.
    pub asked_fen: i64,
    /// People in each programme, added up.
    pub people: u64,
    /// Payments.
    pub payments: u64,
}

#[derive(Template)]
#[template(path = "office/supervision/money.html")]
struct Shown<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    filters: &'a Filters,
    chart: Chart,
    tables: Vec<(&'static str, Vec<Sum>)>,
    all: Sum,
}

/// The page.
///
/// # Errors
/// Not found where the reader's posts do not reach.
pub async fn show(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let filters = Filters::of(&room, wanted).await?;
    let places = room.app.places().await?;
    let flows = flows(&room, &places).await?;
    let funnel = filters.funnel(&room).await?;
    let asked: BTreeMap<String, i64> =
        funnel.places.iter().map(|(path, counts)| (path.clone(), counts.asked_fen)).collect();
    let year = i32::try_from(filters.wanted.year()).unwrap_or(0);
    let (mut by_programme, mut by_place, mut all) =
        (BTreeMap::<String, Sum>::new(), BTreeMap::<String, Sum>::new(), Sum::default());
    let mut links: BTreeMap<(String, String), i64> = BTreeMap::new();
    for one in flows.iter() {
        let flow = &one.flow;
        let cut = filters.cuts.iter().find(|cut| covers(&cut.path, &one.path));
        let fits =
            filters.wanted.programme.is_empty() || filters.wanted.programme == flow.programme;
        let Some(cut) = cut.filter(|_| fits && (year == 0 || year == flow.year)) else { continue };
        let place = below(&cut.path, &one.path);
        for sum in [
            by_programme.entry(flow.programme.clone()).or_default(),
            by_place.entry(place.clone()).or_default(),
            &mut all,
        ] {
            sum.amount_fen = sum.amount_fen.saturating_add(flow.amount_fen);
            sum.returned_fen = sum.returned_fen.saturating_add(flow.returned_fen);
            sum.people += flow.people;
            sum.payments += flow.payments;
        }
        *links.entry((flow.programme.clone(), place)).or_default() += flow.amount_fen;
    }
    for (path, sum) in &mut by_place {
        sum.name = name(&places, path);
        sum.asked_fen = asked.get(path).copied().unwrap_or_default();
    }
    for (code, sum) in &mut by_programme {
        sum.name = room.ui.benefit(code);
        let counts = funnel.programmes.get(code).copied().unwrap_or_default();
        sum.asked_fen = counts.asked_fen;
    }
    all.asked_fen = funnel.all.asked_fen;
    let chart = chart(&room.ui, (&by_programme, &by_place), &links, &all);
    let tables = vec![
        ("web-money-by-programme", sorted(by_programme)),
        ("web-money-by-place", sorted(by_place)),
    ];
    let (ui, desk) = (&room.ui, &room.desk);
    page(&Shown { ui, desk, filters: &filters, chart, tables, all })
}

fn sorted(sums: BTreeMap<String, Sum>) -> Vec<Sum> {
    let mut sums: Vec<Sum> = sums.into_values().collect();
    sums.sort_by_key(|sum| -sum.amount_fen);
    sums
}

fn name(places: &Places, path: &str) -> String {
    places.name(path.rsplit('/').next().unwrap_or_default()).to_owned()
}

/// The place just below `path` in which `place` lies.
fn below(path: &str, place: &str) -> String {
    let rest = place.strip_prefix(path).unwrap_or_default().trim_start_matches('/');
    match rest.split('/').next() {
        Some(next) if !next.is_empty() => format!("{path}/{next}"),
        _ => path.to_owned(),
    }
}

/// Where each stands in its column: the largest first, all others together at the end.
fn largest(sums: &BTreeMap<String, Sum>, most: usize) -> HashMap<&str, usize> {
    let mut order: Vec<(&String, &Sum)> = sums.iter().collect();
    order.sort_by_key(|(_, sum)| -sum.amount_fen);
    order.into_iter().enumerate().map(|(at, (key, _))| (key.as_str(), at.min(most))).collect()
}

/// Three columns: programmes, places, and what became of the money.
fn chart(
    ui: &Ui,
    (programmes, places): (&BTreeMap<String, Sum>, &BTreeMap<String, Sum>),
    links: &BTreeMap<(String, String), i64>,
    all: &Sum,
) -> Chart {
    let (by_programme, by_place) = (largest(programmes, PROGRAMMES), largest(places, PLACES));
    let column = |sums: &BTreeMap<String, Sum>, at: &HashMap<&str, usize>, most: usize| {
        let mut parts: Vec<Part> = Vec::new();
        for (key, sum) in sums {
            let index = at.get(key.as_str()).copied().unwrap_or(most);
            if parts.len() <= index {
                parts.resize_with(index + 1, Part::default);
            }
            if let Some(part) = parts.get_mut(index) {
                let rest = index == most;
                part.label =
                    if rest { ui.t("web-money-others").to_owned() } else { sum.name.clone() };
                part.fen = part.fen.saturating_add(sum.amount_fen);
            }
        }
        parts
    };
    let mut sheet = Sheet::default();
    sheet.columns.push(column(programmes, &by_programme, PROGRAMMES));
    sheet.columns.push(column(places, &by_place, PLACES));
    for ((programme, place), fen) in links {
        let from = by_programme.get(programme.as_str()).copied().unwrap_or(PROGRAMMES);
        let to = by_place.get(place.as_str()).copied().unwrap_or(PLACES);
        sheet.link(0, (from, to), *fen);
    }
    let people = ui.count(&all.people);
    let labels = [
        ui.with("web-money-people", &[("count", people.as_str())]),
        ui.t("web-money-asked").to_owned(),
        ui.t("web-money-returned").to_owned(),
    ];
    let mut ends = labels.map(|label| Part { label, ..Part::default() });
    for (key, sum) in places {
        let from = by_place.get(key.as_str()).copied().unwrap_or(PLACES);
        let returned = sum.returned_fen.clamp(0, sum.amount_fen.max(0));
        let asked = sum.asked_fen.clamp(0, (sum.amount_fen - returned).max(0));
        let paid = (sum.amount_fen - returned - asked).max(0);
        for (at, fen) in [paid, asked, returned].into_iter().enumerate() {
            sheet.link(1, (from, at), fen);
            if let Some(end) = ends.get_mut(at) {
                end.fen = end.fen.saturating_add(fen);
            }
        }
    }
    sheet.columns.push(ends.into());
    sheet.drawn(|fen| ui.yuan(&fen))
}

/// Money of the latest run, read once a run.
async fn flows(room: &Room, places: &Places) -> Result<Arc<Vec<Placed>>, Error> {
    let Some(insight) = room.app.setup.insight.clone() else { return Ok(Arc::default()) };
    let kept = room.app.flows.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let known = kept.as_ref().map(|(run, _)| *run);
    let read = blocking(move || match insight.latest_run()? {
        run if run.is_some() && run == known => Ok(None),
        _ => Ok(Some(insight.flows()?)),
    });
    let Some(read) = read.await? else {
        return Ok(kept.map(|(_, flows)| flows).unwrap_or_default());
    };
    let Some((run, flows)) = read else { return Ok(Arc::default()) };
    let placed = Arc::new(placed(flows, places));
    *room.app.flows.lock().unwrap_or_else(PoisonError::into_inner) =
        Some((run, Arc::clone(&placed)));
    Ok(placed)
}

/// Money with the paths of its places; what names no place of the register lies with the county.
fn placed(flows: Vec<Flow>, places: &Places) -> Vec<Placed> {
    let mut known: HashMap<String, &str> = HashMap::new();
    for village in places.iter_villages() {
        let above = places.above(village).map_or("", |above| above.name.as_str());
        known.insert(format!("{above}{}", village.name), &village.path);
        known.insert(village.id.clone(), &village.path);
    }
    let county = places.county().map_or("", |county| county.path.as_str());
    let path = |flow: &Flow| {
        let found = known.get(&flow.code).or_else(|| known.get(&flow.village));
        found.copied().unwrap_or(county).to_owned()
    };
    flows.into_iter().map(|flow| Placed { path: path(&flow), flow }).collect()
}
