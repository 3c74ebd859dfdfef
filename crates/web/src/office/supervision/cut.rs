//! What the counts of the workbench are cut by: place, model, programme, year. All of it stands in the
//! address, and none of it says anything about anybody.

use domain::access::{Act, View, covers};
use registry::access::at;
use registry::queries::public_village::PlaceHead;
use registry::queries::supervision::funnel::{Cut, Funnel, funnel};
use registry::queries::supervision::months;
use registry::queries::supervision::rates::{self, ModelRate};
use serde::Deserialize;

use super::{HIT, READ, Room};
use crate::error::Error;
use crate::places::Places;
use crate::routes::encoded;
use crate::ui::Ui;

/// What is wanted.
#[derive(Deserialize, Default, Debug, Clone, PartialEq, Eq)]
#[serde(default)]
pub struct Wanted {
    /// Code of the place.
    pub place: String,
    /// Id of the model.
    pub model: String,
    /// Programme.
    pub programme: String,
    /// Year.
    pub year: String,
}

impl Wanted {
    /// The year as a number; 0 for all.
    pub fn year(&self) -> i64 {
        self.year.parse().ok().filter(|year| (1900..=9999).contains(year)).unwrap_or(0)
    }

    /// The same as the end of an address.
    pub fn query(&self) -> String {
        let parts = [
            ("place", &self.place),
            ("model", &self.model),
            ("programme", &self.programme),
            ("year", &self.year),
        ];
        let parts = parts.into_iter().filter(|(_, value)| !value.is_empty());
        let parts: Vec<String> =
            parts.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }

    /// The same for another place.
    pub fn at(&self, place: &str) -> Self {
        Self { place: place.to_owned(), ..self.clone() }
    }

    fn cut(&self, path: &str) -> Cut {
        Cut {
            path: path.to_owned(),
            model: self.model.clone(),
            programme: self.programme.clone(),
            year: self.year(),
        }
    }
}

/// A cut that the reader may see, with what its form offers.
pub struct Filters {
    /// What is wanted.
    pub wanted: Wanted,
    /// The chosen place, where one was chosen.
    pub place: Option<PlaceHead>,
    /// The cut of each of the highest places.
    pub cuts: Vec<Cut>,
    /// Places to choose from: code, name, whether it is a village.
    pub places: Vec<(String, String, bool)>,
    /// Models.
    pub models: Vec<ModelRate>,
    /// Programmes.
    pub programmes: Vec<String>,
    /// Years.
    pub years: Vec<i64>,
}

impl Filters {
    /// Of what is wanted.
    ///
    /// # Errors
    /// Not found where the reader's posts do not reach; a fault when the register cannot be read.
    pub async fn of(room: &Room, wanted: Wanted) -> Result<Self, Error> {
        let known = room.app.places().await?;
        let tops = top(room);
        let place = known.get(&wanted.place).filter(|_| !wanted.place.is_empty()).cloned();
        if place.is_none() && !wanted.place.is_empty() {
            return Err(Error::NotFound);
        }
        let paths = match &place {
            None => tops.clone(),
            Some(place) if tops.iter().any(|top| covers(top, &place.path)) => {
                vec![place.path.clone()]
            }
            Some(_) => return Err(Error::NotFound),
        };
        let (mut years, mut programmes) = (Vec::new(), Vec::new());
        for top in &tops {
            years.extend(months::years(room.db(), top).await?.into_iter().map(|(year, _)| year));
            programmes.extend(months::programmes(room.db(), top).await?);
        }
        years.sort_unstable();
        years.dedup();
        programmes.sort_unstable();
        programmes.dedup();
        Ok(Self {
            cuts: paths.iter().map(|path| wanted.cut(path)).collect(),
            places: choices(&known, &tops, place.as_ref()),
            models: rates::titles(room.db()).await?,
            wanted,
            place,
            programmes,
            years,
        })
    }

    /// The funnel of the cut.
    ///
    /// # Errors
    /// A fault when the register cannot be read.
    pub async fn funnel(&self, room: &Room) -> Result<Funnel, Error> {
        let mut all = Funnel::default();
        for cut in &self.cuts {
            all = all.and(funnel(room.db(), cut).await?);
        }
        Ok(all)
    }

    /// Title of a model.
    pub fn model<'a>(&'a self, ui: &Ui, id: &'a str) -> &'a str {
        let known = self.models.iter().find(|model| model.model == id);
        known
            .map_or(id, |model| if ui.tag() == "zh-CN" { &model.title_zh } else { &model.title_en })
    }

    /// Whether anything was chosen.
    pub fn is_narrow(&self) -> bool {
        self.wanted != Wanted::default()
    }

    /// What was chosen, in words.
    pub fn words(&self, ui: &Ui) -> Vec<String> {
        let mut words: Vec<String> = self.place.iter().map(|place| place.name.clone()).collect();
        if !self.wanted.model.is_empty() {
            words.push(self.model(ui, &self.wanted.model).to_owned());
        }
        if !self.wanted.programme.is_empty() {
            words.push(ui.benefit(&self.wanted.programme));
        }
        if self.wanted.year() > 0 {
            words.push(ui.period(&self.wanted.year));
        }
        words
    }
}

/// The highest places in which the reader may see counts.
pub fn top(room: &Room) -> Vec<String> {
    let may = |path: &&str| {
        let views = room.desk.each(READ, HIT).into_iter().flatten();
        let mut views = views.filter_map(|by| by.may(Act::Read, &at(HIT, path)).ok());
        views.any(|view| view >= View::Totals)
    };
    let paths: Vec<&str> = room.desk.places().filter(may).collect();
    let inside = |path: &&&str| paths.iter().any(|other| other != *path && covers(other, path));
    paths.iter().filter(|path| !inside(path)).map(|path| (*path).to_owned()).collect()
}

/// Townships below the highest places, and the villages of the one that was chosen.
fn choices(
    known: &Places,
    tops: &[String],
    place: Option<&PlaceHead>,
) -> Vec<(String, String, bool)> {
    let mut all = Vec::new();
    for top in tops {
        for town in known.of_level("township", top) {
            all.push((town.id.clone(), town.name.clone(), false));
            let here = place.is_some_and(|place| covers(&town.path, &place.path));
            if here || *top == town.path {
                let villages = known.of_level("village", &town.path);
                all.extend(villages.map(|one| (one.id.clone(), one.name.clone(), true)));
            }
        }
        if known.of_level("township", top).next().is_none() {
            let villages = known.of_level("village", top);
            all.extend(villages.map(|one| (one.id.clone(), one.name.clone(), true)));
        }
    }
    all
}
