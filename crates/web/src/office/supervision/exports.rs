//! Lists as Excel files: what stands on the pages, with a purpose and an entry before the file leaves. People
//! are left out; where the reader was granted a look that still holds, and asks for it, their names stand
//! beside the finding, and the access log says so.

use std::collections::BTreeMap;
use std::io::Cursor;

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::finding::Period;
use exchange::write::{Cell, xlsx_table};
use registry::actions::supervision::exports::{NewExport, export};
use registry::queries::supervision::findings::{Filter, FindingLine, granted};
use registry::queries::supervision::funnel::Counts;
use registry::queries::supervision::pages;
use serde::Deserialize;

use super::cut::{Filters, Wanted};
use super::{Desk, HIT, READ, Room, overdue, version};
use crate::error::Error;
use crate::office::drafts::Typed;
use crate::state::blocking;

/// What a workbook is.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Most findings that leave at once: pages of the list.
const PAGES: i64 = 100;

#[derive(Deserialize)]
struct Form {
    list: String,
    purpose: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    model: String,
    #[serde(default)]
    programme: String,
    #[serde(default)]
    year: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    names: String,
}

/// A table on its way out.
struct Table {
    headers: Vec<String>,
    rows: Vec<Vec<Cell>>,
    named: usize,
}

/// The file.
///
/// # Errors
/// Not found where the reader's posts do not reach, or there is no such list; without a purpose.
pub async fn file(room: Room, typed: Typed) -> Result<Response, Error> {
    let form: Form = typed.read()?;
    let wanted = Wanted {
        place: form.place.clone(),
        model: form.model.clone(),
        programme: form.programme.clone(),
        year: form.year.clone(),
    };
    let filters = Filters::of(&room, wanted).await?;
    let table = match form.list.as_str() {
        "funnel" => funnel(&room, &filters).await?,
        "findings" => findings(&room, &filters, &form).await?,
        "overdue" => late(&room, &filters).await?,
        _ => return Err(Error::NotFound),
    };
    let path = filters.cuts.first().map_or("", |cut| cut.path.as_str());
    let new = NewExport {
        list: form.list.clone(),
        cut: format!("{}&state={}", filters.wanted.query(), form.state),
        rows: table.rows.len(),
        named: table.named,
        purpose: form.purpose.trim().to_owned(),
    };
    let mut tx = room.desk.begin(READ, HIT, path).await?;
    let entry = export(&mut tx, path, &new).await?;
    tx.commit(entry).await?;
    let sheet = room.ui.code("web-export-sheet-", &form.list);
    let bytes = blocking(move || {
        let headers: Vec<&str> = table.headers.iter().map(String::as_str).collect();
        let mut bytes = Cursor::new(Vec::new());
        xlsx_table(&mut bytes, &sheet, &headers, table.rows.into_iter())?;
        Ok(bytes.into_inner())
    });
    let name = format!("attachment; filename=\"{}-{}.xlsx\"", form.list, room.today());
    Ok(([(CONTENT_TYPE, XLSX.to_owned()), (CONTENT_DISPOSITION, name)], bytes.await?)
        .into_response())
}

fn headers(room: &Room, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| room.ui.t(key).to_owned()).collect()
}

/// All cuts of the funnel, one below the other.
async fn funnel(room: &Room, filters: &Filters) -> Result<Table, Error> {
    let (funnel, places) = (filters.funnel(room).await?, room.app.places().await?);
    let ui = &room.ui;
    let mut rows = Vec::new();
    let mut add = |cut: &str, name: String, counts: &Counts| {
        let mut row = vec![Cell::Text(cut.to_owned()), Cell::Text(name)];
        let numbers = [counts.hits, counts.checked, counts.problems, counts.clues, counts.disposed];
        row.extend(numbers.map(Cell::Count));
        row.extend([counts.asked_fen, counts.due_fen, counts.recovered_fen].map(Cell::Fen));
        rows.push(row);
    };
    add(ui.t("ui-all"), String::new(), &funnel.all);
    for (path, counts) in &funnel.places {
        let code = path.rsplit('/').next().unwrap_or_default();
        add(ui.t("web-sv-place"), places.name(code).to_owned(), counts);
    }
    for (model, counts) in &funnel.models {
        add(ui.t("ui-column-model"), filters.model(ui, model).to_owned(), counts);
    }
    for (programme, counts) in &funnel.programmes {
        add(ui.t("web-cut-programme"), super::programme(ui, programme), counts);
    }
    let keys = [
        "web-export-cut",
        "web-money-name",
        "ui-column-findings",
        "ui-column-checked",
        "ui-column-confirmed",
        "ui-column-clues",
        "ui-column-disposed",
        "web-money-asked",
        "web-money-due",
        "ui-column-recovered",
    ];
    Ok(Table { headers: headers(room, &keys), rows, named: 0 })
}

async fn findings(room: &Room, filters: &Filters, form: &Form) -> Result<Table, Error> {
    let desk = Desk::of(room, READ, HIT)?;
    let reader = desk.reader(room).await?;
    let version = version(room)?;
    let filter = Filter {
        state: form.state.clone(),
        model: filters.wanted.model.clone(),
        programme: filters.wanted.programme.clone(),
        year: filters.wanted.year(),
    };
    let mut lines: Vec<FindingLine> = Vec::new();
    for cut in &filters.cuts {
        for at in 0..PAGES {
            let part = pages::page(room.db(), &reader, &cut.path, &filter, (version, at)).await?;
            lines.extend(part.lines);
            if (at + 1) * pages::LINES >= part.count {
                break;
            }
        }
    }
    let names = if form.names == "1" { names(room, &lines).await? } else { BTreeMap::new() };
    let zh = room.ui.tag() == "zh-CN";
    let row = |line: &FindingLine| {
        let ui = &room.ui;
        let text = |text: &str| Cell::Text(text.to_owned());
        let period = Period(i32::try_from(line.period).unwrap_or(0)).to_string();
        let checkers = [line.first_name.as_deref(), line.second_name.as_deref()];
        let checkers: Vec<&str> = checkers.into_iter().flatten().collect();
        vec![
            text(&line.number),
            text(if zh { &line.title_zh } else { &line.title_en }),
            text(ui.term("severity", &line.severity)),
            text(&line.place_name),
            Cell::Text(period),
            line.amount_fen.map_or(Cell::Empty, Cell::Fen),
            Cell::Count(line.score),
            Cell::Text(ui.code("ui-finding-", &line.state)),
            Cell::Text(line.outcome.as_ref().map_or(String::new(), |o| ui.code("ui-outcome-", o))),
            text(line.due_day.as_deref().unwrap_or_default()),
            Cell::Text(checkers.join(", ")),
            text(names.get(&line.number).map_or("", String::as_str)),
        ]
    };
    let rows: Vec<Vec<Cell>> = lines.iter().map(row).collect();
    let keys = [
        "ui-column-number",
        "ui-column-model",
        "ui-column-severity",
        "web-sv-place",
        "ui-column-period",
        "web-sv-money",
        "ui-column-score",
        "ui-column-state",
        "web-sv-outcome",
        "ui-column-due",
        "web-export-checkers",
        "web-sv-names",
    ];
    Ok(Table { headers: headers(room, &keys), rows, named: names.len() })
}

/// Names in those findings whose look was granted to the reader: the access log first, then the vault.
async fn names(room: &Room, lines: &[FindingLine]) -> Result<BTreeMap<String, String>, Error> {
    let log = room.app.setup.access_log.clone().ok_or(Error::NotFound)?;
    let mut looks: BTreeMap<String, (Vec<u64>, String)> = BTreeMap::new();
    for (number, key, purpose) in granted(room.db(), room.desk.person(), &room.today()).await? {
        if lines.iter().any(|line| line.number == number) {
            looks.entry(number).or_insert_with(|| (Vec::new(), purpose)).0.push(key);
        }
    }
    let mut names = BTreeMap::new();
    for (number, (people, purpose)) in looks {
        let entry = facts::AccessEntry {
            at_ms: room.desk.now.ms,
            user: room.desk.session.login.clone(),
            act: "findings".to_owned(),
            purpose,
            people: people.len() as u64,
            subjects: people,
            ..facts::AccessEntry::default()
        };
        let log = std::sync::Arc::clone(&log);
        let known = blocking(move || log.reveal(&entry)).await?;
        let known: Vec<String> = known.into_iter().map(|(name, _)| name).collect();
        names.insert(number, known.join(", "));
    }
    Ok(names)
}

async fn late(room: &Room, filters: &Filters) -> Result<Table, Error> {
    let ui = &room.ui;
    let lines = overdue::lines(room, filters).await?;
    let rows = lines.iter().map(|line| {
        vec![
            Cell::Text(ui.code("web-overdue-", &line.kind)),
            Cell::Text(line.number.clone()),
            Cell::Text(overdue::title(ui, line).to_owned()),
            Cell::Text(line.place_name.clone()),
            Cell::Text(overdue::state(ui, line)),
            Cell::Text(line.due_day.clone()),
            Cell::Text(overdue::who(ui, line)),
        ]
    });
    let rows = rows.collect();
    let keys = [
        "web-sv-kind",
        "ui-column-number",
        "web-sv-title",
        "web-sv-place",
        "ui-column-state",
        "ui-column-due",
        "web-export-who",
    ];
    Ok(Table { headers: headers(room, &keys), rows, named: 0 })
}
