//! What a county may change, and what not.
//!
//! A county's file holds whole items. A new code adds an item. A known code may bring other titles,
//! shorter time limits, longer minimum periods, fewer public fields, more channels, and its own
//! decision tiers; everything else must be as it was, or the county's item is refused: the rules
//! above it are not its to change. A duty may become more frequent, and a calendar may have more days off
//! and more worked days, with a basis of the county's own. Versions are compared day by day, so a county may begin a
//! stricter rule on a day of its own.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use toml::{Table, Value};

use super::check::flaw;
use super::dated::{Dated, Versioned, on};
use super::layer::{Found, Origins};
use super::tighter;
use super::{
    CalendarYear, DeadlineRule, DeadlineVersion, Duty, DutyVersion, FieldProfile, Power,
    PowerVersion, ProfileVersion, Sense, Show, TierSet,
};
use crate::problem::Problem;
use crate::time::Day;

/// A change that a county may not make.
pub(super) struct Objection {
    code: &'static str,
    /// Key path within the item.
    key: String,
    detail: String,
}

impl Objection {
    fn new(code: &'static str, key: &str, detail: impl ToString) -> Self {
        Self { code, key: key.to_owned(), detail: detail.to_string() }
    }
}

/// Brings two layers together.
pub(super) struct Merge<'a> {
    pub(super) origins: &'a mut Origins,
    pub(super) problems: &'a mut Vec<Problem>,
}

impl Merge<'_> {
    /// The items of both layers; of two with one code the county's, unless `object` says no.
    pub(super) fn items<T>(
        &mut self,
        kind: &'static str,
        base: Vec<Found<T>>,
        own: Vec<Found<T>>,
        object: impl Fn(&T, &T) -> Vec<Objection>,
    ) -> BTreeMap<String, T> {
        let mut merged = self.once(kind, base);
        for (code, found) in self.once(kind, own) {
            let objections =
                merged.get(&code).map_or_else(Vec::new, |old| object(&old.item, &found.item));
            for objection in &objections {
                let key = format!("{}{}", found.origin.key, objection.key);
                let path = &found.origin.path;
                self.problems.push(flaw(objection.code, path, &key, &objection.detail));
            }
            if objections.is_empty() {
                merged.insert(code, found);
            }
        }
        let keep = |(code, found): (String, Found<T>)| {
            self.origins.insert((kind, code.clone()), found.origin);
            (code, found.item)
        };
        merged.into_iter().map(keep).collect()
    }

    /// The items of one layer by code; the first of two with one code stays.
    fn once<T>(&mut self, kind: &str, found: Vec<Found<T>>) -> BTreeMap<String, Found<T>> {
        let mut items = BTreeMap::<String, Found<T>>::new();
        for one in found {
            if items.contains_key(&one.code) {
                let key = format!("{}code", one.origin.key);
                let detail = format!("{kind} {}", one.code);
                self.problems.push(flaw("catalogue-code-twice", &one.origin.path, &key, &detail));
            } else {
                items.insert(one.code.clone(), one);
            }
        }
        items
    }

    /// The county's tiers where it has any, else the common ones: each county sets its own, and
    /// only may not leave a day without.
    pub(super) fn tiers(
        &mut self,
        base: Vec<Found<TierSet>>,
        own: Vec<Found<TierSet>>,
    ) -> Vec<TierSet> {
        let (old, new): (Vec<&TierSet>, Vec<&TierSet>) =
            (base.iter().map(|f| &f.item).collect(), own.iter().map(|f| &f.item).collect());
        let bare = changes(&old, &new).into_iter().find(|day| {
            !new.is_empty() && on_ref(&old, *day).is_some() && on_ref(&new, *day).is_none()
        });
        if let (Some(day), Some(first)) = (bare, own.first()) {
            let path = &first.origin.path;
            self.problems.push(flaw("catalogue-overlay-gap", path, "sets", &day.to_string()));
        }
        let kept = if own.is_empty() || bare.is_some() { base } else { own };
        let keep = |(index, found): (usize, Found<TierSet>)| {
            self.origins.insert(("tiers", index.to_string()), found.origin);
            found.item
        };
        kept.into_iter().enumerate().map(keep).collect()
    }
}

fn on_ref<'a, V: Dated>(versions: &[&'a V], day: Day) -> Option<&'a V> {
    versions.iter().rev().find(|version| version.holds_on(day)).copied()
}

/// The days on which either list changes: between two of them nothing does.
fn changes<V: Dated>(old: &[&V], new: &[&V]) -> BTreeSet<Day> {
    let spans = old.iter().chain(new).filter_map(|version| version.span());
    spans
        .flat_map(|(first, last)| [Some(first), last.map(|last| Day(last.0.saturating_add(1)))])
        .flatten()
        .collect()
}

/// Nothing but titles may differ.
pub(super) fn fixed<T: Serialize>(old: &T, new: &T) -> Vec<Objection> {
    differences(old, new, &[], "")
}

/// Nothing but titles may differ, on any day.
pub(super) fn only_titles<T>(old: &T, new: &T) -> Vec<Objection>
where
    T: Versioned + Serialize,
    T::Version: Serialize,
{
    item(old, new, &[], |_, _, _| Vec::new())
}

/// Shorter promises of service.
pub(super) fn power(old: &Power, new: &Power) -> Vec<Objection> {
    let promise = |old: &PowerVersion, new: &PowerVersion, key: &str| {
        let (given, own) = (old.service.promise, new.service.promise);
        let kept = match (given, own) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(given), Some(own)) => tighter::limit(given, own, Sense::AtMost),
        };
        refuse(kept, "catalogue-overlay-looser", &format!("{key}.service.promise"), "promise")
    };
    item(old, new, &["promise", "promise_confidence"], promise)
}

/// Tighter values of rules that are marked `local`.
pub(super) fn deadline(old: &DeadlineRule, new: &DeadlineRule) -> Vec<Objection> {
    let values = |old: &DeadlineVersion, new: &DeadlineVersion, key: &str| {
        let same = (old.limit, &old.extension) == (new.limit, &new.extension)
            && new.pauses.iter().all(|ground| old.pauses.contains(ground))
            && old.pauses.iter().all(|ground| new.pauses.contains(ground));
        if !same && !old.local {
            return refuse(false, "catalogue-overlay-fixed", &format!("{key}.limit"), "limit");
        }
        let limit = tighter::limit(old.limit, new.limit, old.sense);
        let extension = tighter::extension(old.extension.as_ref(), new.extension.as_ref());
        let pauses = new.pauses.iter().all(|ground| old.pauses.contains(ground));
        [("limit", limit), ("extension", extension), ("pauses", pauses)]
            .into_iter()
            .flat_map(|(name, kept)| {
                refuse(kept, "catalogue-overlay-looser", &format!("{key}.{name}"), name)
            })
            .collect()
    };
    item(old, new, &["limit", "extension", "pauses", "local"], values)
}

/// Days off and worked days of its own, on a basis of its own; what is announced stays.
pub(super) fn calendar(old: &CalendarYear, new: &CalendarYear) -> Vec<Objection> {
    let mut objections = differences(old, new, &["off", "make_up", "basis", "version"], "");
    objections.extend(lost_basis(old, new, "").map(|mut lost| {
        lost.key = "basis".to_owned();
        lost
    }));
    let own: Vec<&String> = new.off.iter().map(|(day, _)| day).collect();
    let kept = [
        ("off", old.off.iter().all(|day| new.off.contains(day))),
        ("make_up", old.make_up.iter().all(|day| new.make_up.contains(day))),
        // A day that all others work may not become free: only the State moves it.
        ("off", !old.make_up.iter().any(|day| own.contains(&day))),
        ("version", new.version >= old.version),
    ];
    let fixed = "catalogue-overlay-fixed";
    let lost = kept.into_iter().find(|(_, kept)| !kept);
    objections.extend(lost.map(|(key, _)| Objection::new(fixed, key, key)));
    let more = (new.off.len(), new.make_up.len()) != (old.off.len(), old.make_up.len());
    if objections.is_empty() && more && new.basis.len() <= old.basis.len() {
        objections.push(Objection::new("catalogue-overlay-basis", "basis", old.year));
    }
    objections
}

/// Calendar frequencies, the more frequent first.
const OFTEN: [&str; 3] = ["month", "quarter", "year"];

/// What happened at an event or stands for good goes on doing so; what comes by the calendar comes
/// at least as often.
fn as_often(old: &[String], new: &[String]) -> bool {
    let rank = |code: &String| OFTEN.iter().position(|often| often == code);
    old.iter().all(|code| match rank(code) {
        None => new.contains(code),
        Some(given) => new.iter().filter_map(rank).any(|own| own <= given),
    })
}

/// More often, earlier publication, longer publicity, more channels, a check before.
pub(super) fn duty(old: &Duty, new: &Duty) -> Vec<Objection> {
    let values = |old: &DutyVersion, new: &DutyVersion, key: &str| {
        let due_after = match (old.due_after, new.due_after) {
            (Some(given), Some(own)) => tighter::limit(given, own, Sense::AtMost),
            (given, _) => given.is_none(),
        };
        let due_day = old.due_day.is_none_or(|day| new.due_day.is_some_and(|own| own <= day));
        let checks = [
            ("frequency", as_often(&old.frequency, &new.frequency)),
            ("min_public", tighter::limit(old.min_public, new.min_public, Sense::AtLeast)),
            ("due_after", due_after),
            ("due_day", due_day),
            ("channels", old.channels.iter().all(|channel| new.channels.contains(channel))),
            ("needs_check", new.needs_check || !old.needs_check),
        ];
        let refused = checks.into_iter().flat_map(|(name, kept)| {
            refuse(kept, "catalogue-overlay-looser", &format!("{key}.{name}"), name)
        });
        refused.collect()
    };
    let free = ["frequency", "min_public", "due_after", "due_day", "channels", "needs_check"];
    item(old, new, &free, values)
}

/// Fewer fields, or less of them.
pub(super) fn profile(old: &FieldProfile, new: &FieldProfile) -> Vec<Objection> {
    let values = |old: &ProfileVersion, new: &ProfileVersion, key: &str| {
        let wider = "catalogue-overlay-wider";
        let rows = new.totals_only || !old.totals_only;
        let mut objections = refuse(rows, wider, &format!("{key}.totals_only"), "totals_only");
        for (field, show) in &new.fields {
            // A field that is not named is hidden.
            let before = old.fields.get(field).copied().unwrap_or(Show::Hide);
            objections.extend(refuse(
                *show <= before,
                wider,
                &format!("{key}.fields.{field}"),
                field,
            ));
        }
        objections
    };
    item(old, new, &["totals_only", "fields"], values)
}

fn refuse(kept: bool, code: &'static str, key: &str, detail: &str) -> Vec<Objection> {
    if kept { Vec::new() } else { vec![Objection::new(code, key, detail)] }
}

/// Compares an item beside its versions, then its versions on every day on which one changes.
/// `free` are keys of versions that `values` looks after.
fn item<T>(
    old: &T,
    new: &T,
    free: &[&str],
    values: impl Fn(&T::Version, &T::Version, &str) -> Vec<Objection>,
) -> Vec<Objection>
where
    T: Versioned + Serialize,
    T::Version: Serialize,
{
    let mut objections = differences(old, new, &["versions"], "");
    let free: Vec<&str> = ["from", "until", "basis"].iter().chain(free).copied().collect();
    let (was, is): (Vec<_>, Vec<_>) =
        (old.versions().iter().collect(), new.versions().iter().collect());
    let mut seen = BTreeSet::new();
    for day in changes(&was, &is) {
        let Some(before) = on(old.versions(), day) else { continue };
        let Some((index, after)) =
            is.iter().enumerate().rev().find(|(_, version)| version.holds_on(day))
        else {
            objections.push(Objection::new("catalogue-overlay-gap", "versions", day));
            continue;
        };
        let key = format!("versions[{index}]");
        let mut found = differences(before, *after, &free, &format!("{key}."));
        found.extend(lost_basis(before, *after, &key));
        found.extend(values(before, after, &key));
        // One slip that holds for years is one problem.
        found.retain(|one| seen.insert((one.code, one.key.clone())));
        objections.append(&mut found);
    }
    objections
}

/// A county adds its own basis; what stood there stays.
fn lost_basis<V: Serialize>(old: &V, new: &V, key: &str) -> Option<Objection> {
    let list = |version: &V| match Table::try_from(version).ok()?.remove("basis")? {
        Value::Array(list) => Some(list),
        _ => None,
    };
    let (old, new) = (list(old).unwrap_or_default(), list(new).unwrap_or_default());
    let key = format!("{key}.basis");
    old.iter()
        .any(|basis| !new.contains(basis))
        .then(|| Objection::new("catalogue-overlay-fixed", &key, "basis"))
}

/// Where two values differ, beside titles and the keys in `free`.
fn differences<T: Serialize>(old: &T, new: &T, free: &[&str], prefix: &str) -> Vec<Objection> {
    let plain = |item: &T| {
        let mut value = Value::try_from(item).unwrap_or(Value::Boolean(false));
        strip(&mut value, free);
        value
    };
    let mut keys = Vec::new();
    differ(&plain(old), &plain(new), prefix, &mut keys);
    let objection = |key: String| {
        let key = key.trim_end_matches('.').to_owned();
        Objection { code: "catalogue-overlay-fixed", detail: key.clone(), key }
    };
    keys.into_iter().map(objection).collect()
}

fn strip(value: &mut Value, free: &[&str]) {
    match value {
        Value::Table(table) => {
            table.retain(|key, _| key != "title" && !free.contains(&key));
            table.iter_mut().for_each(|(_, value)| strip(value, free));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| strip(value, free)),
        _ => {}
    }
}

fn differ(old: &Value, new: &Value, key: &str, keys: &mut Vec<String>) {
    match (old, new) {
        (Value::Table(old), Value::Table(new)) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                let key = format!("{key}{name}");
                match (old.get(name), new.get(name)) {
                    (Some(old), Some(new)) => differ(old, new, &format!("{key}."), keys),
                    _ => keys.push(key),
                }
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            let stem = key.trim_end_matches('.');
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                differ(old, new, &format!("{stem}[{index}]."), keys);
            }
        }
        _ if old == new => {}
        _ => keys.push(key.to_owned()),
    }
}
