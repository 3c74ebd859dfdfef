//! When something is due: the start day is not counted, the last day counts in full
//! (01-procedures, section 2). Pauses, extensions and holidays change the day, and each of them is
//! told, so that a villager can count along.
//!
//! Deliberately absent: the choice of the version of a rule by day, which the catalogue does, and
//! today, which the caller knows. A pause that still runs is handed in with today as its end.

mod count;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::calendar::WorkCalendar;
use crate::catalogue::{DeadlineVersion, Extension, Limit, Sense, Unit};
use crate::model::Basis;
use crate::problem::RuleViolation;
use crate::time::Day;
use count::Count;

/// The Civil Code on the day on which a period begins, and on its last day.
const START_BASIS: &str = "《民法典》第二百零一条";
const MOVED_BASIS: &str = "《民法典》第二百零三条";

/// Days on which the clock stood still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Code of the ground, one of those that the rule lists.
    pub ground: String,
    /// First day that does not count.
    pub from: Day,
    /// Last day that does not count.
    pub until: Day,
}

/// An extension that somebody granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// How much it adds.
    pub limit: Limit,
    /// Role code of who granted it.
    pub approver: String,
    /// On which day.
    pub day: Day,
}

/// A line of an explanation: a code and arguments. Its sentence is `rule-<says>` in `locales/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Code.
    pub says: &'static str,
    /// Arguments of the sentence.
    pub args: Vec<(&'static str, String)>,
}

impl Line {
    /// A line without arguments.
    #[must_use]
    pub fn new(says: &'static str) -> Self {
        Self { says, args: Vec::new() }
    }

    /// The same line with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

/// The last day of a period, and why it is that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// Code of the rule.
    pub rule: String,
    /// Limit: the last day on which it may be done. Minimum: the last day that must have passed.
    pub day: Day,
    /// Which of the two.
    pub sense: Sense,
    /// Counted in a year whose holidays are not announced.
    pub provisional: bool,
    /// Version of the data of each year that was looked up.
    pub calendar_versions: BTreeMap<i32, u32>,
    /// What was counted, in order.
    pub explanation: Vec<Line>,
}

/// The last day of a period that starts with an event on `start`.
///
/// A limit in days or months whose last day is a day off ends on the next working day. A minimum
/// does not move: a board is read on holidays too. A limit of 0 is due on the start day.
///
/// # Errors
/// The first pause that the rule does not allow (`deadline-pause-ground`, `deadline-pause-span`),
/// the first extension that it does not (`deadline-extension-none`, `-times`, `-approver`,
/// `-too-long`, `-late`), or `deadline-too-far` past the year 9999.
pub fn due(
    rule: &str,
    version: &DeadlineVersion,
    start: Day,
    pauses: &[Pause],
    extensions: &[Granted],
    calendar: &WorkCalendar,
) -> Result<Due, RuleViolation> {
    let basis = Basis::line(&version.basis);
    allowed_pauses(rule, version, pauses, &basis)?;
    let too_far = || RuleViolation::new("deadline-too-far", basis.clone()).with("rule", rule);
    let mut count = Count::new(calendar, pauses);
    count.tell(limit_line("due-rule", version.limit).with("rule", rule));
    count.tell(Line::new("due-start").with("day", start).with("basis", START_BASIS));
    let mut last = count.run(start, version.limit).ok_or_else(too_far)?;
    for (index, granted) in extensions.iter().enumerate() {
        let ends = Count::new(calendar, &[]).move_from_days_off(last, MOVED_BASIS);
        let ends = if version.sense == Sense::AtMost { ends.unwrap_or(last) } else { last };
        allowed_extension(rule, version, granted, (index, ends), &basis)?;
        let line = limit_line("due-extension", granted.limit);
        count.tell(line.with("approver", &granted.approver).with("day", granted.day));
        last = count.run(last, granted.limit).ok_or_else(too_far)?;
    }
    let at_once = version.limit.count == 0 && extensions.is_empty();
    if version.sense == Sense::AtMost && !at_once {
        last = count.move_from_days_off(last, MOVED_BASIS).ok_or_else(too_far)?;
    }
    count.tell_pauses(start, last);
    count.tell(Line::new(last_line(version.sense)).with("day", last));
    count.tell(Line::new("due-basis").with("basis", &basis));
    let (provisional, calendar_versions, explanation) = count.told();
    Ok(Due {
        rule: rule.to_owned(),
        day: last,
        sense: version.sense,
        provisional,
        calendar_versions,
        explanation,
    })
}

/// The last day of a plain span: no pauses, no extension, not moved from a day off. `None` past
/// the year 9999. For the notice of a meeting, which is held that many days later at the earliest.
#[must_use]
pub fn span(start: Day, limit: Limit, calendar: &WorkCalendar) -> Option<Day> {
    Count::new(calendar, &[]).run(start, limit)
}

fn last_line(sense: Sense) -> &'static str {
    match sense {
        Sense::AtMost => "due-last-day",
        Sense::AtLeast => "due-minimum-ends",
    }
}

/// The code of a unit, as sentences select it.
fn unit_code(unit: Unit) -> &'static str {
    match unit {
        Unit::CalendarDay => "calendar_day",
        Unit::WorkingDay => "working_day",
        Unit::Month => "month",
    }
}

fn limit_line(says: &'static str, limit: Limit) -> Line {
    Line::new(says).with("count", limit.count).with("unit", unit_code(limit.unit))
}

fn allowed_pauses(
    rule: &str,
    version: &DeadlineVersion,
    pauses: &[Pause],
    basis: &str,
) -> Result<(), RuleViolation> {
    for pause in pauses {
        if !version.pauses.contains(&pause.ground) {
            return Err(RuleViolation::new("deadline-pause-ground", basis)
                .with("rule", rule)
                .with("ground", &pause.ground)
                .with("allowed", version.pauses.join(", ")));
        }
        if pause.until < pause.from {
            return Err(RuleViolation::new("deadline-pause-span", basis)
                .with("rule", rule)
                .with("from", pause.from)
                .with("until", pause.until));
        }
    }
    Ok(())
}

/// Whether an extension may be granted after `before` others to a period that ends on `ends`.
fn allowed_extension(
    rule: &str,
    version: &DeadlineVersion,
    granted: &Granted,
    (before, ends): (usize, Day),
    basis: &str,
) -> Result<(), RuleViolation> {
    let refuse = |code| Err(RuleViolation::new(code, basis).with("rule", rule));
    let Some(Extension { limit, times, approver }) = &version.extension else {
        return refuse("deadline-extension-none");
    };
    if before >= usize::try_from(*times).unwrap_or(usize::MAX) {
        return refuse("deadline-extension-times").map_err(|v| v.with("times", times));
    }
    if granted.approver != *approver {
        return refuse("deadline-extension-approver")
            .map_err(|v| v.with("approver", approver).with("granted_by", &granted.approver));
    }
    // Days of another kind cannot be compared without a start, so only the rule's unit is taken.
    if granted.limit.unit != limit.unit || granted.limit.count > limit.count {
        return refuse("deadline-extension-too-long").map_err(|v| {
            v.with("allowed", limit.count)
                .with("allowed_unit", unit_code(limit.unit))
                .with("granted", granted.limit.count)
                .with("granted_unit", unit_code(granted.limit.unit))
        });
    }
    // What has run out cannot be lengthened.
    if granted.day > ends {
        return refuse("deadline-extension-late")
            .map_err(|v| v.with("day", granted.day).with("last", ends));
    }
    Ok(())
}
