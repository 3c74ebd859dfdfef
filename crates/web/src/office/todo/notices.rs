//! Notices that wait for the reader: to check, to publish, to mend; what the village still owes, and what
//! the township has ordered.

use domain::time::Day;
use registry::queries::office::{OrderLine, orders};
use registry::queries::preparations::{Prepared, prepared};
use registry::queries::public_village::notices;

use super::{Task, Waiting};
use crate::board::first_day;
use crate::error::Error;
use crate::office::notices::list::{Owed, owed_by};
use crate::office::notices::{CHECK, DRAFT, PREPARE, PUBLISH, READ};
use crate::office::orders::{self as ordered, ORDER};
use crate::spans::Spans;

/// By when the supervision committee says what it thinks of a draft.
const CHECK_RULE: &str = "DC-04";
/// What is due within so many days is shown.
const AHEAD: i32 = 10;

impl Waiting<'_> {
    fn named(&self, code: &str) -> String {
        self.places.name(code).to_owned()
    }

    fn path_of(&self, code: &str) -> &str {
        self.places.get(code).map_or("", |place| place.path.as_str())
    }

    /// Notices that somebody has prepared.
    pub(super) async fn prepared(&self) -> Result<Vec<Task>, Error> {
        let by = self.room.desk.by(READ, DRAFT, self.path)?;
        let all = prepared(self.room.db(), &by, self.path).await?;
        Ok(all.iter().filter_map(|one| self.prepared_task(one)).collect())
    }

    fn prepared_task(&self, one: &Prepared) -> Option<Task> {
        let (ui, desk) = (&self.room.ui, &self.room.desk);
        let (mine, path) = (desk.person() == one.prepared_by, self.path_of(&one.place));
        let checked = one.checked_by.as_deref() == Some(desk.person());
        let may = |acts| desk.may_at(acts, DRAFT, path);
        let (kind, address) = match one.state.as_str() {
            "waiting" if !mine && may(CHECK) => {
                ("check_notice", format!("/office/notices/prepared/{}", one.id))
            }
            "agreed" if !mine && !checked && may(PUBLISH) => {
                ("publish", format!("/office/notices/prepared/{}", one.id))
            }
            "objected" if mine && may(PREPARE) => {
                ("mend", format!("/office/notices/prepared/{}", one.id))
            }
            _ => return None,
        };
        let counted = Day::parse(&one.prepared_day).filter(|_| kind == "check_notice");
        let due = counted.and_then(|day| ui.due(CHECK_RULE, day));
        let why =
            due.as_ref().map(|due| due.explanation.iter().map(|line| ui.line(line)).collect());
        Some(Task {
            kind,
            stage: "disclose".to_owned(),
            title: one.title.clone(),
            place: one.village.clone(),
            address,
            matter: None,
            due: due.map(|due| due.day.to_string()),
            why: why.unwrap_or_default(),
        })
    }

    /// What the village must publish: what was ordered, what is due soon, and how much is missing.
    pub(super) async fn owed(&self) -> Result<Vec<Task>, Error> {
        let desk = &self.room.desk;
        let village = self.places.iter_villages().find(|place| place.path == self.path);
        let Some(village) = village.filter(|v| desk.may_at(PREPARE, DRAFT, &v.path)) else {
            return Ok(Vec::new());
        };
        let by = desk.by(ordered::READ, ORDER, self.path)?;
        let open = orders(self.room.db(), &by, self.path).await?.into_iter();
        let open: Vec<OrderLine> = open.filter(|order| order.met_day.is_none()).collect();
        let under_way = prepared(self.room.db(), &by, self.path).await?;
        let prepared = |duty: &str, period: &str| {
            under_way.iter().any(|one| one.duty == duty && one.period == period)
        };
        let is_ordered = |owed: &Owed| {
            open.iter().any(|order| order.duty == owed.duty && order.period == owed.period)
        };
        let since = Day(first_day(desk.now.day).0 - 120).to_string();
        let done = notices(self.room.db(), &village.id, &since).await?;
        let spans = Spans::read(self.room.db(), self.room.ui.law()).await?;
        let mut owed = owed_by(&self.room.ui, &spans, village, &done);
        owed.retain(|owed| !is_ordered(owed) && !prepared(&owed.duty, &owed.period));
        let until = Day(desk.now.day.0 + AHEAD);
        let (missing, ahead): (Vec<Owed>, Vec<Owed>) =
            owed.into_iter().filter(|owed| owed.due <= until).partition(|owed| owed.missing);
        let open = open.iter().filter(|order| !prepared(&order.duty, &order.period));
        let mut tasks: Vec<Task> = open.map(|order| self.order_task(order)).collect();
        tasks.extend(ahead.iter().map(|owed| self.owed_task(owed)));
        tasks.extend(self.missing_task(&missing));
        Ok(tasks)
    }

    fn order_task(&self, order: &OrderLine) -> Task {
        let ui = &self.room.ui;
        let words =
            [("duty", ui.duty(&order.duty).to_owned()), ("period", ui.period(&order.period))];
        let words = words.each_ref().map(|(key, value)| (*key, value.as_str()));
        Task {
            kind: "order",
            stage: "disclose".to_owned(),
            title: ui.with("web-task-of-period", &words),
            place: self.named(&order.place),
            address: prepare(&order.place, &order.duty, &order.period),
            matter: None,
            due: Some(order.due_day.clone()),
            why: ordered::why(ui, order),
        }
    }

    fn owed_task(&self, owed: &Owed) -> Task {
        let ui = &self.room.ui;
        let (period, due) = (ui.period(&owed.period), owed.due.to_string());
        let words = [("duty", owed.title.as_str()), ("period", &period)];
        Task {
            kind: "prepare",
            stage: "disclose".to_owned(),
            title: ui.with("web-task-of-period", &words),
            place: owed.village.clone(),
            address: prepare(&owed.place, &owed.duty, &owed.period),
            matter: None,
            why: vec![ui.with("web-why-owed", &[("day", &ui.day(&due))])],
            due: Some(due),
        }
    }

    /// All that is missing is one line: the list says the rest.
    fn missing_task(&self, missing: &[Owed]) -> Option<Task> {
        let (ui, first) = (&self.room.ui, missing.first()?);
        let due = first.due.to_string();
        Some(Task {
            kind: "prepare",
            stage: "disclose".to_owned(),
            title: ui.with("web-task-missing", &[("count", &missing.len().to_string())]),
            place: first.village.clone(),
            address: "/office/notices#owed".to_owned(),
            matter: None,
            why: vec![
                ui.with("web-why-missing", &[("duty", &first.title), ("day", &ui.day(&due))]),
            ],
            due: Some(due),
        })
    }
}

/// The form for a notice that is wanted.
fn prepare(place: &str, duty: &str, period: &str) -> String {
    format!("/office/notices/new?place={place}&duty={duty}&period={period}")
}
