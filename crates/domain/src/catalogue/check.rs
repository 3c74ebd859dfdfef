//! What every catalogue must keep to, whatever it lists: readable TOML, sane days, a basis.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::dated::Dated;
use crate::benefit::Instrument;
use crate::model::Basis;
use crate::problem::{Place, Problem};
use crate::time::Day;

/// Keys that may not be empty.
const VERSIONS: &str = "versions";
const BASIS: &str = "basis";

/// Tags of how sure a statement is.
const CONFIDENCE: &[&str] = &["F", "K-h", "K-m", "K-l", "D"];

/// Reads a catalogue file; a problem with its row where it is not of the form.
pub(crate) fn read<T: DeserializeOwned>(
    path: &str,
    text: &str,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    let failed = |error: toml::de::Error| {
        let before = error.span().map(|span| text.bytes().take(span.start));
        let row = before.map(|bytes| 1 + bytes.filter(|b| *b == b'\n').count() as u64);
        let place = Place { row, ..Place::file(path) };
        problems.push(Problem::new("catalogue-toml", place).with("detail", error.message()));
    };
    toml::from_str(text).map_err(failed).ok()
}

/// Something wrong with a key of a catalogue file.
pub(crate) fn flaw(code: &'static str, path: &str, key: &str, detail: &str) -> Problem {
    let place = Place { column: Some(key.to_owned()), ..Place::file(path) };
    Problem::new(code, place).with("detail", detail)
}

/// Collects problems. Instruments are looked up only where the catalogue has any.
pub(crate) struct Lint<'a> {
    pub(crate) instruments: &'a BTreeMap<String, Instrument>,
    pub(crate) problems: &'a mut Vec<Problem>,
}

impl Lint<'_> {
    pub(crate) fn complain(&mut self, code: &'static str, path: &str, key: &str, detail: &str) {
        self.problems.push(flaw(code, path, key, detail));
    }

    pub(crate) fn instrument(&mut self, path: &str, name: &str, instrument: &Instrument) {
        self.confidence(path, name, &instrument.confidence);
        let until = instrument.until.as_deref();
        if let Some(from) = instrument.from.as_deref().or(until) {
            self.span(path, name, from, until);
        }
        let next = instrument.superseded_by.as_ref();
        if let Some(next) = next.filter(|next| !self.instruments.contains_key(*next)) {
            self.complain("catalogue-instrument", path, name, next);
        }
    }

    /// There is a version, and each begins after the one before it has ended. `key` is the path
    /// of the list.
    pub(crate) fn versions<V: Dated>(&mut self, path: &str, key: &str, versions: &[V]) {
        if versions.is_empty() {
            self.complain("catalogue-empty", path, key, VERSIONS);
        }
        let mut before: Option<Option<Day>> = None;
        for (index, version) in versions.iter().enumerate() {
            let key = format!("{key}[{index}]");
            let span = self.span(path, &key, version.from(), version.until());
            // Only what could be read is compared, so that one slip is one problem.
            if let (Some(end), Some((from, _))) = (before, span)
                && end.is_none_or(|end| from <= end)
            {
                self.complain("catalogue-version-order", path, &key, version.from());
            }
            before = span.map(|(_, until)| until);
        }
    }

    /// First and last day, if they can be read and stand in order.
    pub(crate) fn span(
        &mut self,
        path: &str,
        key: &str,
        from: &str,
        until: Option<&str>,
    ) -> Option<(Day, Option<Day>)> {
        let mut read = |text: &str| {
            let day = Day::parse(text);
            if day.is_none() {
                self.complain("catalogue-day", path, key, text);
            }
            day
        };
        let (first, last) = (read(from), until.map(&mut read));
        let (first, last) = (first?, last.map_or(Some(None), |day| day.map(Some))?);
        if last.is_some_and(|last| last < first) {
            self.complain("catalogue-span", path, key, from);
        }
        Some((first, last))
    }

    pub(crate) fn basis(&mut self, path: &str, key: &str, basis: &[Basis]) {
        if basis.is_empty() {
            self.complain("catalogue-empty", path, key, BASIS);
        }
        for one in basis {
            self.confidence(path, key, &one.confidence);
            if !self.instruments.is_empty() && !self.instruments.contains_key(&one.instrument) {
                self.complain("catalogue-instrument", path, key, &one.instrument);
            }
        }
    }

    /// The basis of a version, of which one at least is in force on its first day.
    pub(crate) fn dated_basis(&mut self, path: &str, key: &str, basis: &[Basis], from: &str) {
        self.basis(path, key, basis);
        let Some(day) = Day::parse(from) else { return };
        let instrument = |one: &Basis| self.instruments.get(&one.instrument);
        let bears = |one: &Basis| instrument(one).is_none_or(|known| known.bears_on(day));
        if !basis.is_empty() && !basis.iter().any(bears) {
            self.complain("catalogue-basis-later", path, key, from);
        }
    }

    pub(crate) fn confidence(&mut self, path: &str, key: &str, tag: &str) {
        if !CONFIDENCE.contains(&tag) {
            self.complain("catalogue-confidence", path, key, tag);
        }
    }
}
