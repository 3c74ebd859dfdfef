//! One layer of catalogue files: the common ones, or a county's. Items with where they stand.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::check::{flaw, read};
use super::{
    Body, CalendarYear, DeadlineRule, Duty, FieldProfile, NegativeEntry, Power, Procedure, Role,
    TierSet,
};
use crate::benefit::Instrument;
use crate::model::Bilingual;
use crate::problem::Problem;

/// Where an item stands: its file, and the key path before its own keys (empty, or `duties[3].`).
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    pub(super) path: String,
    pub(super) key: String,
}

/// Origins by kind (`power`, `duty` ...) and code.
pub(super) type Origins = BTreeMap<(&'static str, String), Origin>;

/// An item as it stands in a file.
pub(super) struct Found<T> {
    pub(super) code: String,
    pub(super) origin: Origin,
    pub(super) item: T,
}

/// The items of one layer, in the order of paths.
#[derive(Default)]
pub(super) struct Layer {
    pub(super) powers: Vec<Found<Power>>,
    pub(super) procedures: Vec<Found<Procedure>>,
    pub(super) bodies: Vec<Found<Body>>,
    pub(super) tiers: Vec<Found<TierSet>>,
    pub(super) duties: Vec<Found<Duty>>,
    pub(super) profiles: Vec<Found<FieldProfile>>,
    pub(super) roles: Vec<Found<Role>>,
    pub(super) negative: Vec<Found<NegativeEntry>>,
    pub(super) deadlines: Vec<Found<DeadlineRule>>,
    pub(super) calendars: Vec<Found<CalendarYear>>,
    pub(super) instruments: Vec<Found<Instrument>>,
    pub(super) terms: BTreeMap<String, BTreeMap<String, Bilingual>>,
}

macro_rules! lists {
    ($($file:ident { $list:ident: $item:ty }),* $(,)?) => { $(
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $file {
            $list: Vec<$item>,
        }
    )* };
}
lists! {
    Bodies { bodies: Body },
    Tiers { sets: TierSet },
    Duties { duties: Duty },
    Roles { roles: Role },
    Negative { entries: NegativeEntry },
    Deadlines { rules: DeadlineRule },
}

impl Layer {
    /// Reads one file, whose place in the layer is `name`. False where the layer has no such file.
    pub(super) fn read(
        &mut self,
        name: &str,
        path: &str,
        text: &str,
        problems: &mut Vec<Problem>,
    ) -> bool {
        let Some(stem) = name.strip_suffix(".toml") else { return false };
        let (folder, stem) = stem.split_once('/').unwrap_or(("", stem));
        match folder {
            "" => return self.read_list(stem, path, text, problems),
            "power" => {
                let item = read::<Power>(path, text, problems);
                let fits = |code: &str| stem.starts_with(&format!("{code}-"));
                self.powers.extend(whole(path, item, |item| item.code.clone(), fits, problems));
            }
            "procedures" => {
                let item = read::<Procedure>(path, text, problems);
                let fits = |code: &str| stem == code;
                self.procedures.extend(whole(path, item, |item| item.code.clone(), fits, problems));
            }
            "profiles" => {
                let item = read::<FieldProfile>(path, text, problems);
                let fits = |code: &str| stem == code;
                self.profiles.extend(whole(path, item, |item| item.code.clone(), fits, problems));
            }
            "calendars" => {
                let item = read::<CalendarYear>(path, text, problems);
                let fits = |code: &str| stem == code;
                self.calendars.extend(whole(
                    path,
                    item,
                    |item| item.year.to_string(),
                    fits,
                    problems,
                ));
            }
            "disclosure" => {
                let list = read::<Duties>(path, text, problems).map(|file| file.duties);
                self.duties.extend(each(path, "duties", list, |item| item.code.clone()));
            }
            "deadlines" => {
                let list = read::<Deadlines>(path, text, problems).map(|file| file.rules);
                self.deadlines.extend(each(path, "rules", list, |item| item.code.clone()));
            }
            _ => return false,
        }
        true
    }

    /// Reads one of the files that hold everything of a kind.
    fn read_list(
        &mut self,
        stem: &str,
        path: &str,
        text: &str,
        problems: &mut Vec<Problem>,
    ) -> bool {
        match stem {
            "bodies" => {
                let list = read::<Bodies>(path, text, problems).map(|file| file.bodies);
                self.bodies = each(path, "bodies", list, |item| item.code.clone());
            }
            "tiers" => {
                let list = read::<Tiers>(path, text, problems).map(|file| file.sets);
                self.tiers = each(path, "sets", list, |item| item.from.clone());
            }
            "roles" => {
                let list = read::<Roles>(path, text, problems).map(|file| file.roles);
                self.roles = each(path, "roles", list, |item| item.code.clone());
            }
            "negative" => {
                let list = read::<Negative>(path, text, problems).map(|file| file.entries);
                self.negative = each(path, "entries", list, |item| item.code.clone());
            }
            "instruments" => {
                let list = read::<BTreeMap<String, Instrument>>(path, text, problems);
                let origin = |code: &str| Origin { path: path.to_owned(), key: format!("{code}.") };
                let found = |(code, item): (String, _)| Found { origin: origin(&code), code, item };
                self.instruments = list.into_iter().flatten().map(found).collect();
            }
            "terms" => self.terms = read(path, text, problems).unwrap_or_default(),
            _ => return false,
        }
        true
    }
}

/// The item that a file holds, whose name must fit the item's code.
fn whole<T>(
    path: &str,
    item: Option<T>,
    code: impl Fn(&T) -> String,
    fits: impl Fn(&str) -> bool,
    problems: &mut Vec<Problem>,
) -> Option<Found<T>> {
    let item = item?;
    let code = code(&item);
    if !fits(&code) {
        problems.push(flaw("catalogue-file-name", path, "code", &code));
    }
    let origin = Origin { path: path.to_owned(), key: String::new() };
    Some(Found { code, origin, item })
}

/// The items of a list in a file.
fn each<T>(
    path: &str,
    list: &str,
    items: Option<Vec<T>>,
    code: impl Fn(&T) -> String,
) -> Vec<Found<T>> {
    let found = |(index, item): (usize, T)| {
        let origin = Origin { path: path.to_owned(), key: format!("{list}[{index}].") };
        Found { code: code(&item), origin, item }
    };
    items.into_iter().flatten().enumerate().map(found).collect()
}
