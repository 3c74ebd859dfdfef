//! The three disclosures of a village by the month in which each was due, and how each stands.

use std::collections::HashMap;

use domain::catalogue::DutyClass;
use domain::disclosure::{Expected, State, class_code};
use domain::time::Day;
use registry::queries::public_village::{NoticeHead, PlaceHead};

use crate::ui::Ui;

/// How many stand how.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    /// In time.
    pub on_time: usize,
    /// Late.
    pub late: usize,
    /// Missing.
    pub missing: usize,
}

impl Counts {
    fn count(&mut self, state: State) {
        match state {
            State::OnTime => self.on_time += 1,
            State::Late => self.late += 1,
            State::Missing => self.missing += 1,
            State::NotDueYet => {}
        }
    }

    /// Percent that came in time; none when nothing was due.
    #[must_use]
    pub fn percent(&self) -> Option<usize> {
        (self.on_time * 100).checked_div(self.on_time + self.late + self.missing)
    }
}

/// One of the three disclosures.
pub struct Class {
    /// `party`, `village`, `finance`.
    pub code: &'static str,
    /// Of all months.
    pub counts: Counts,
    /// The last month first.
    pub months: Vec<Month>,
}

/// What was due in a month.
pub struct Month {
    /// `2026年3月`.
    pub title: String,
    /// How it stands.
    pub counts: Counts,
    /// Each disclosure.
    pub lines: Vec<Line>,
}

impl Month {
    fn add(&mut self, state: State, line: Line) {
        self.counts.count(state);
        self.lines.push(line);
    }
}

/// A disclosure that was due.
pub struct Line {
    /// What it is about.
    pub title: String,
    /// Its period.
    pub period: String,
    /// Its last day.
    pub due: String,
    /// Code of its state.
    pub state: &'static str,
    /// Number of its first notice.
    pub notice: Option<String>,
}

/// The three disclosures of what is expected, the last due first. A village owes nothing of the time
/// before it was in the register.
#[must_use]
pub fn classes(
    ui: &Ui,
    place: &PlaceHead,
    expected: &[Expected],
    published: &[NoticeHead],
) -> Vec<Class> {
    let since = Day::parse(&place.from_day).unwrap_or(Day(0));
    let firsts = firsts(published);
    let mut classes = [DutyClass::Party, DutyClass::Village, DutyClass::Finance].map(|class| {
        (class, Class { code: class_code(class), counts: Counts::default(), months: Vec::new() })
    });
    for one in expected.iter().filter(|one| one.due >= since) {
        let Some(duty) = ui.law().catalogue.duties.get(&one.duty) else { continue };
        let Some((_, class)) = classes.iter_mut().find(|(class, _)| *class == duty.class) else {
            continue;
        };
        let first = firsts.get(&(one.duty.as_str(), one.period.as_str()));
        let day = first.and_then(|notice| Day::parse(&notice.published_day));
        let state = State::of(one.due, day, ui.today());
        class.counts.count(state);
        let due = one.due.to_string();
        let title = ui.period(due.get(..7).unwrap_or(&due));
        let line = Line {
            title: ui.title(&duty.title).to_owned(),
            period: ui.period(&one.period),
            due: ui.day(&due),
            state: state.code(),
            notice: first.map(|notice| notice.number.clone()),
        };
        match class.months.last_mut().filter(|month| month.title == title) {
            Some(month) => month.add(state, line),
            None => {
                let mut month = Month { title, counts: Counts::default(), lines: Vec::new() };
                month.add(state, line);
                class.months.push(month);
            }
        }
    }
    classes.into_iter().map(|(_, class)| class).collect()
}

/// The notice of each duty and period that came first.
fn firsts(published: &[NoticeHead]) -> HashMap<(&str, &str), &NoticeHead> {
    let mut firsts: HashMap<(&str, &str), &NoticeHead> = HashMap::new();
    for notice in published {
        let first = firsts.entry((&notice.duty, &notice.period)).or_insert(notice);
        if notice.published_day < first.published_day {
            *first = notice;
        }
    }
    firsts
}
