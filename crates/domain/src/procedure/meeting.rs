//! Whether a body has met and decided by its rules: whole numbers only.

use super::matter::Meeting;
use crate::catalogue::{BodyVersion, Counted, Share};
use crate::deadline::span;
use crate::model::Basis;
use crate::problem::RuleViolation;
use crate::time::Day;

use super::Rules;

/// Everything that is wrong with a meeting held by its own body.
pub(super) fn wrongs(
    meeting: &Meeting,
    body: &BodyVersion,
    not_before: Option<Day>,
    rules: &Rules<'_>,
) -> Vec<RuleViolation> {
    let basis = Basis::line(&body.basis);
    let refuse = |rule| RuleViolation::new(rule, basis.clone()).with("body", &meeting.body);
    let mut wrongs = Vec::new();
    if !is_consistent(meeting) {
        wrongs.push(refuse("gate-meeting-figures"));
    }
    if let Some(before) = not_before.filter(|before| meeting.held_on < *before) {
        wrongs.push(
            refuse("gate-meeting-early").with("held", meeting.held_on).with("before", before),
        );
    }
    if let Some(limit) = body.notice {
        let called = meeting.called_on;
        let earliest = called.and_then(|called| span(called, limit, rules.calendar));
        if earliest.is_none_or(|earliest| meeting.held_on < earliest) {
            let day = |day: Option<Day>| day.map_or_else(String::new, |day| day.to_string());
            wrongs.push(
                refuse("gate-meeting-notice")
                    .with("called", day(called))
                    .with("held", meeting.held_on)
                    .with("earliest", day(earliest)),
            );
        }
    }
    if !body.quorum.iter().any(|share| reached(meeting, share, present(meeting, share.of))) {
        let needed: Vec<String> = body.quorum.iter().map(|s| needed_text(meeting, s)).collect();
        wrongs.push(
            refuse("gate-meeting-quorum")
                .with("present", meeting.present)
                .with("should_attend", meeting.should_attend)
                .with("households", meeting.households_present.unwrap_or(0))
                .with("needed", needed.join(" / ")),
        );
    }
    if !reached(meeting, &body.majority, Some(meeting.votes_for)) {
        wrongs.push(
            refuse("gate-meeting-majority")
                .with("for", meeting.votes_for)
                .with("needed", needed_text(meeting, &body.majority)),
        );
    }
    wrongs
}

/// Counts that contradict one another are no record of a meeting.
fn is_consistent(meeting: &Meeting) -> bool {
    let votes = u64::from(meeting.votes_for)
        + u64::from(meeting.votes_against)
        + u64::from(meeting.abstentions);
    let households = meeting.households_present <= meeting.households_total
        || meeting.households_present.is_none();
    let mut names = meeting.attendees.clone();
    names.sort_unstable();
    names.dedup();
    let named = names.len() == meeting.attendees.len()
        && u32::try_from(names.len()).is_ok_and(|n| n <= meeting.present);
    meeting.present <= meeting.should_attend
        && votes <= u64::from(meeting.present)
        && households
        && named
        && meeting.called_on.is_none_or(|called| called <= meeting.held_on)
}

fn present(meeting: &Meeting, of: Counted) -> Option<u32> {
    match of {
        Counted::Present | Counted::Members => Some(meeting.present),
        Counted::Households => meeting.households_present,
    }
}

fn total(meeting: &Meeting, of: Counted) -> Option<u32> {
    match of {
        Counted::Present => Some(meeting.present),
        Counted::Members => Some(meeting.should_attend),
        Counted::Households => meeting.households_total,
    }
}

/// The least number that makes a share; `None` of nothing.
fn needed(meeting: &Meeting, share: &Share) -> Option<u64> {
    let all = total(meeting, share.of).filter(|all| *all > 0)?;
    let (top, bottom) = (u64::from(share.numerator), u64::from(share.denominator));
    let exact = u64::from(all).checked_mul(top)?;
    if bottom == 0 {
        return None;
    }
    Some(if share.more_than { exact / bottom + 1 } else { exact.div_ceil(bottom) })
}

fn reached(meeting: &Meeting, share: &Share, part: Option<u32>) -> bool {
    let part = part.map(u64::from);
    needed(meeting, share).is_some_and(|needed| part.is_some_and(|part| part >= needed))
}

fn needed_text(meeting: &Meeting, share: &Share) -> String {
    needed(meeting, share).map_or_else(|| "-".to_owned(), |n| n.to_string())
}
