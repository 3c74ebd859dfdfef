//! The township's board: where something is overdue, missing or waits for the township, the worst first.
//! Figures of all villages come from one question for each kind of thing; what the calendar asks for, from
//! the scoreboard that anybody can see.

mod one;
mod table;

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::Response;
use domain::access::{Act, covers};
use domain::catalogue::RoleLevel;
use domain::procedure::OpenStep;
use registry::queries::board::{open_orders, overdue};
use registry::queries::office::{DueLine, dues};
use registry::queries::public_village::PlaceHead;
use registry::queries::work::{Work, work};

use super::room::Room;
use super::todo::{ANOTHERS, due_subject, waits};
use crate::error::Error;
use crate::ui::Ui;

/// To see it.
pub const READ: &[Act] = &[Act::Read];
/// The kind of thing.
pub const ORDER: &str = "order";

/// How a place stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Code.
    pub place: String,
    /// Name.
    pub name: String,
    /// Path.
    pub path: String,
    /// Overdue steps of matters.
    pub matters: i64,
    /// Overdue answers.
    pub answers: i64,
    /// Disclosures that are missing, of the last twelve months.
    pub missing: i64,
    /// Disclosures that came late.
    pub late: i64,
    /// Steps that wait for the township.
    pub waiting: i64,
    /// Make-up orders that are not met, and those of them that are overdue.
    pub orders: i64,
    overdue_orders: i64,
}

impl Row {
    fn of(place: &PlaceHead) -> Self {
        let (code, name, path) = (place.id.clone(), place.name.clone(), place.path.clone());
        Self { place: code, name, path, ..Self::default() }
    }

    /// Worst first: what is over its day, then what waits for us, then what came late.
    fn rank(&self) -> (i64, i64, i64, i64) {
        let over = self.matters + self.answers + self.missing + self.overdue_orders;
        (-over, -self.waiting, -self.orders, -self.late)
    }

    fn add(&mut self, other: &Self) {
        self.matters += other.matters;
        self.answers += other.answers;
        self.missing += other.missing;
        self.late += other.late;
        self.waiting += other.waiting;
        self.orders += other.orders;
        self.overdue_orders += other.overdue_orders;
    }

    /// Figures in the order of the columns: part of the address, and the figure.
    #[must_use]
    pub fn cells(&self) -> [(&'static str, i64); 6] {
        [
            ("matters", self.matters),
            ("answers", self.answers),
            ("missing", self.missing),
            ("late", self.late),
            ("waiting", self.waiting),
            ("orders", self.orders),
        ]
    }
}

/// The board of the reader's own place.
///
/// # Errors
/// Not found where he has none.
pub async fn own(room: Room) -> Result<Response, Error> {
    let path = room.desk.places().find(|path| room.desk.may_at(READ, ORDER, path));
    let code = path.and_then(|path| path.rsplit('/').next()).unwrap_or_default().to_owned();
    show(&room, &code).await
}

/// The board of a place.
///
/// # Errors
/// Not found where the reader's posts do not reach.
pub async fn of_place(room: Room, Path(code): Path<String>) -> Result<Response, Error> {
    show(&room, &code).await
}

async fn show(room: &Room, code: &str) -> Result<Response, Error> {
    let places = room.app.places().await?;
    let may = |place: &&PlaceHead| room.desk.may_at(READ, ORDER, &place.path);
    let place = places.get(code).filter(may).ok_or(Error::NotFound)?;
    match place.level.as_str() {
        "village" => one::show(room, &places, place).await,
        _ => table::show(room, &places, place).await,
    }
}

/// How every village inside a path stands, in the order of their paths.
async fn rows(room: &Room, path: &str) -> Result<Vec<Row>, Error> {
    let (db, by) = (room.db(), room.desk.by(READ, ORDER, path)?);
    let places = room.app.places().await?;
    let inside = places.iter_villages().filter(|village| covers(path, &village.path));
    let mut rows: Vec<Row> = inside.map(Row::of).collect();
    let at: HashMap<String, usize> =
        rows.iter().enumerate().map(|(at, row)| (row.place.clone(), at)).collect();
    let mut add = |place: &str, count: &dyn Fn(&mut Row)| {
        if let Some(row) = at.get(place).and_then(|at| rows.get_mut(*at)) {
            count(row);
        }
    };
    for one in overdue(db, &by, path, &room.today()).await? {
        add(&one.place, &|row| match one.kind.as_str() {
            "matter" => row.matters += one.count,
            "order" => row.overdue_orders += one.count,
            _ => row.answers += one.count,
        });
    }
    for one in open_orders(db, &by, path).await? {
        add(&one.place, &|row| row.orders += one.count);
    }
    for line in room.app.board().await?.inside(path) {
        add(&line.place, &|row| {
            row.missing += i64::from(line.all.missing);
            row.late += i64::from(line.all.late);
        });
    }
    for (work, _, _) in waiting(room, path).await? {
        add(&work.place, &|row| row.waiting += 1);
    }
    Ok(rows)
}

/// Steps that wait for the township: to be done, checked or signed by nobody below it. With the roles
/// that are waited for.
async fn waiting(room: &Room, path: &str) -> Result<Vec<(Work, String, Vec<String>)>, Error> {
    let (db, law, by) = (room.db(), room.ui.law(), room.desk.by(READ, "matter", path)?);
    let dues = dues(db, &by, path).await?;
    let dues: HashMap<&str, &DueLine> =
        dues.iter().map(|due| (due.subject.as_str(), due)).collect();
    let mut found = Vec::new();
    for work in work(db, &by, law.rules(), path, room.desk.now.day).await? {
        let steps = law.catalogue.steps_of(&work.power, work.opened).unwrap_or_default();
        for open in &work.next {
            let roles = above(&room.ui, open);
            let Some(step) = steps.iter().find(|step| step.code == open.code) else { continue };
            let due = dues.get(due_subject(&work.id, &open.code).as_str()).copied();
            if !roles.is_empty() && waits(step, &work, due) {
                found.push((work.clone(), room.ui.title(&step.title).to_owned(), roles));
            }
        }
    }
    Ok(found)
}

/// Roles of the township that a step waits for now.
fn above(ui: &Ui, open: &OpenStep) -> Vec<String> {
    let known = &ui.law().catalogue.roles;
    let township = |role: &String| {
        known.get(role).is_some_and(|role| role.level == RoleLevel::Township && !role.body)
    };
    let mut roles: Vec<String> =
        open.checkers.iter().chain(&open.signers).filter(|role| township(role)).cloned().collect();
    let stopped = open.missing.iter().any(|rule| ANOTHERS.contains(&rule.rule));
    if open.actors.iter().all(township) && !stopped {
        roles.extend(open.actors.iter().cloned());
    }
    roles.sort_unstable();
    roles.dedup();
    roles
}

#[cfg(test)]
mod tests {
    use super::Row;

    #[test]
    fn the_worst_stands_first() {
        let row = |name: &str, matters, waiting, late| Row {
            name: name.to_owned(),
            matters,
            waiting,
            late,
            ..Row::default()
        };
        let mut rows = [
            row("late", 0, 0, 90),
            row("good", 0, 0, 0),
            row("waits", 0, 1, 0),
            row("bad", 2, 0, 0),
        ];
        rows.sort_by_key(Row::rank);
        let names = rows.each_ref().map(|row| row.name.as_str());
        assert_eq!(names, ["bad", "waits", "late", "good"]);
    }
}
