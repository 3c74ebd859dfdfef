//! The catalogue of the register, read from its files with every problem at once.

use std::collections::BTreeMap;

use super::dated::{Versioned, on};
use super::layer::{Layer, Origins};
use super::overlay::{self, Merge};
use super::{
    Body, CalendarYear, DeadlineRule, Duty, FieldProfile, NegativeEntry, Power, Procedure, Role,
    Step, TierSet, lint,
};
use crate::benefit::Instrument;
use crate::problem::{Place, Problem};
use crate::terms::Terms;
use crate::time::Day;

/// Everything that the register stands on, by code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// Power items.
    pub powers: BTreeMap<String, Power>,
    /// Running processes.
    pub procedures: BTreeMap<String, Procedure>,
    /// Bodies that decide.
    pub bodies: BTreeMap<String, Body>,
    /// Decision tiers, oldest first.
    pub tiers: Vec<TierSet>,
    /// Disclosure duties.
    pub duties: BTreeMap<String, Duty>,
    /// Field profiles.
    pub profiles: BTreeMap<String, FieldProfile>,
    /// Roles; `excludes` holds both ways.
    pub roles: BTreeMap<String, Role>,
    /// What no village cadre may do.
    pub negative: BTreeMap<String, NegativeEntry>,
    /// Rules of time.
    pub deadlines: BTreeMap<String, DeadlineRule>,
    /// Working days by year.
    pub calendars: BTreeMap<i32, CalendarYear>,
    /// Laws, rules and sources by the name that a basis gives.
    pub instruments: BTreeMap<String, Instrument>,
    /// Labels of codes.
    pub terms: Terms,
    files: BTreeMap<String, String>,
}

impl Catalogue {
    /// Reads catalogue files given as (path, text); paths that name no file of this catalogue are
    /// ignored, those of counties among them. Returns what could be read with every problem at
    /// once.
    #[must_use]
    pub fn load(files: &[(String, String)]) -> (Self, Vec<Problem>) {
        build(files, None)
    }

    /// Like [`Catalogue::load`], with the files below `counties/<county>/` laid over the others.
    /// What a county may not change stays as it is, and a problem says why.
    #[must_use]
    pub fn load_for(files: &[(String, String)], county: &str) -> (Self, Vec<Problem>) {
        build(files, Some(county))
    }

    /// Stable bytes of all loaded files, for the caller to hash: path and text of each, in the
    /// order of the paths, each behind its length in bytes (64 bits, big end first).
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in self.files.iter().flat_map(|(path, text)| [path, text]) {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend(part.as_bytes());
        }
        bytes
    }

    /// The decision tiers in force on the day of the event.
    #[must_use]
    pub fn tiers_on(&self, day: Day) -> Option<&TierSet> {
        on(&self.tiers, day)
    }

    /// The steps of a power on the day of the event: its own, or those of its procedure.
    ///
    /// # Errors
    /// `catalogue-unknown-power`, `catalogue-unknown-procedure`, or `catalogue-not-in-force` when
    /// the power or its procedure has no text for the day.
    pub fn steps_of(&self, power: &str, day: Day) -> Result<&[Step], Problem> {
        let problem = |code, detail: &str| {
            let place = Place { column: Some(power.to_owned()), ..Place::default() };
            Problem::new(code, place).with("detail", detail)
        };
        let not_in_force = |code: &str| problem("catalogue-not-in-force", code).with("day", day);
        let item =
            self.powers.get(power).ok_or_else(|| problem("catalogue-unknown-power", power))?;
        let version = item.on(day).ok_or_else(|| not_in_force(power))?;
        let Some(code) = &version.procedure else {
            return Ok(&version.steps);
        };
        let procedure = self.procedures.get(code);
        let procedure = procedure.ok_or_else(|| problem("catalogue-unknown-procedure", code))?;
        let version = procedure.on(day).ok_or_else(|| not_in_force(code))?;
        Ok(&version.steps)
    }
}

fn build(files: &[(String, String)], county: Option<&str>) -> (Catalogue, Vec<Problem>) {
    let mut problems = Vec::new();
    let below = county.map(|code| format!("counties/{code}/"));
    let files: BTreeMap<&str, &str> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let (mut base, mut own) = (Layer::default(), Layer::default());
    let mut loaded = BTreeMap::new();
    for (path, text) in files {
        let county = below.as_deref().and_then(|below| path.strip_prefix(below));
        let layer = if county.is_some() { &mut own } else { &mut base };
        if layer.read(county.unwrap_or(path), path, text, &mut problems) {
            loaded.insert(path.to_owned(), text.to_owned());
        }
    }
    let mut origins = Origins::new();
    let mut catalogue = merge(base, own, &mut origins, &mut problems);
    catalogue.files = loaded;
    mirror(&mut catalogue.roles);
    lint::lint(&catalogue, &origins, &mut problems);
    (catalogue, problems)
}

/// Lays the county's items over the others, kind by kind.
fn merge(base: Layer, own: Layer, origins: &mut Origins, problems: &mut Vec<Problem>) -> Catalogue {
    let mut merge = Merge { origins, problems };
    let calendars = merge.items("calendar", base.calendars, own.calendars, overlay::calendar);
    let mut terms = base.terms;
    for (group, codes) in own.terms {
        terms.entry(group).or_default().extend(codes);
    }
    Catalogue {
        powers: merge.items("power", base.powers, own.powers, overlay::power),
        procedures: merge.items("procedure", base.procedures, own.procedures, overlay::only_titles),
        bodies: merge.items("body", base.bodies, own.bodies, overlay::only_titles),
        tiers: merge.tiers(base.tiers, own.tiers),
        duties: merge.items("duty", base.duties, own.duties, overlay::duty),
        profiles: merge.items("profile", base.profiles, own.profiles, overlay::profile),
        roles: merge.items("role", base.roles, own.roles, overlay::fixed),
        negative: merge.items("negative", base.negative, own.negative, overlay::fixed),
        deadlines: merge.items("deadline", base.deadlines, own.deadlines, overlay::deadline),
        calendars: calendars.into_values().map(|calendar| (calendar.year, calendar)).collect(),
        instruments: merge.items("instrument", base.instruments, own.instruments, overlay::fixed),
        terms: Terms { groups: terms },
        files: BTreeMap::new(),
    }
}

/// Makes exclusions hold both ways, so that each need be written once only.
fn mirror(roles: &mut BTreeMap<String, Role>) {
    let pairs: Vec<(String, String)> = roles
        .values()
        .flat_map(|role| role.excludes.iter().map(|other| (other.clone(), role.code.clone())))
        .collect();
    for (code, other) in pairs {
        if let Some(role) = roles.get_mut(&code)
            && !role.excludes.contains(&other)
        {
            role.excludes.push(other);
        }
    }
}
